/* Providers and offerings as CSV: every cell is read by the rules of region files, every finding names
 * row, column and value, what must not be shown is neither quoted nor written, and an export that is
 * imported changes nothing. */
#include "../support/network-dump.h"
#include "../support/random-network.h"
#include "../support/random-world.h"
#include "../support/tame-network.h"
#include "format/region-csv-private.h"
#include "format/region-file.h"
#include "model/listing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static CnReference *reference;

static int
open_reference(void **state)
{
    (void)state;
    reference = test_reference();
    return 0;
}

static int
close_reference(void **state)
{
    (void)state;
    carenet_reference_unref(reference);
    return 0;
}

/* ---- Sheets of one's own. */

/* A cell of a row: "column=value". */
typedef const char *Cells[12];

static const Cells office = {"region=caraga",
                             "region_name=Caraga",
                             "region_area=1600000000",
                             "organization=org",
                             "organization_region=caraga",
                             "organization_name=Organization",
                             "organization_kind=ngo",
                             "provider=desk",
                             "name=Desk",
                             "area=1630400000",
                             "disclosure=public",
                             "status=active"};
static const Cells offering = {"source_title=a page", "service=counseling"};

/* The last value that one of @lists gives to the column, or "". */
static const char *
value_of(CnCsvColumn column, const char *const *const *lists, guint lists_len)
{
    const char *value = "";
    const char *name = cn_csv_columns[column].name;
    const gsize len = strlen(name);
    for (guint i = 0; i < lists_len; i++)
        for (guint k = 0; k < G_N_ELEMENTS(office) && lists[i][k] != NULL; k++)
            if (strncmp(lists[i][k], name, len) == 0 && lists[i][k][len] == '=')
                value = lists[i][k] + len + 1;
    return value;
}

static GString *
begin_sheet(void)
{
    GString *sheet = g_string_new(NULL);
    for (guint i = 0; i < CN_CSV_COLUMNS; i++)
        g_string_append_printf(sheet, "%s%s", i > 0 ? "," : "", cn_csv_columns[i].name);
    g_string_append_c(sheet, '\n');
    return sheet;
}

/* The office with an offering, but for what @cells say. */
static void
add_row(GString *sheet, const char *const *cells)
{
    const char *const *const lists[] = {office, offering, cells};
    for (guint i = 0; i < CN_CSV_COLUMNS; i++) {
        g_autofree char *quoted =
            g_strescape(value_of((CnCsvColumn)i, lists, G_N_ELEMENTS(lists)), NULL);
        g_autofree char *value = g_strcompress(quoted);
        g_string_append_printf(sheet, strchr(value, ',') != NULL ? "%s\"%s\"" : "%s%s",
                               i > 0 ? "," : "", value);
    }
    g_string_append_c(sheet, '\n');
}

static CnNetwork *
read_sheet(const char *text, CnIssueList *issues)
{
    CnNetwork *network = cn_network_new();
    cn_region_csv_read(text, strlen(text), "s.csv", network, reference, issues);
    cn_network_sort(network);
    cn_network_check(network, reference, issues);
    return network;
}

/* The text from a place on: the place of a finding must be where its value begins. */
static const char *
text_at(const char *text, CnPos pos)
{
    for (guint line = 1; line < pos.line; line++)
        text = strchr(text, '\n') + 1;
    return g_utf8_offset_to_pointer(text, (glong)pos.column - 1);
}

/* All findings as "severity tag: message (suggestion)" lines. (transfer full) */
static char *
list_issues(const CnIssueList *issues)
{
    static const char *const severities[] = {"error", "warning", "info"};
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < cn_issue_list_len(issues); i++) {
        const CnIssue *issue = cn_issue_list_get(issues, i);
        assert_string_equal(issue->pos.file, "s.csv");
        assert_true(issue->pos.line > 0);
        g_string_append_printf(out, "%s%s %s: %s [%s]", i > 0 ? "\n" : "",
                               severities[issue->severity], issue->tag, issue->message,
                               issue->suggestion != NULL ? issue->suggestion : "");
    }
    return g_string_free(out, FALSE);
}

static char *
read_row(const char *const *cells)
{
    g_autoptr(GString) sheet = begin_sheet();
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    add_row(sheet, cells);
    g_autoptr(CnNetwork) network = read_sheet(sheet->str, issues);
    return list_issues(issues);
}

/* ---- Cells. */

typedef struct {
    Cells cells;
    const char *expected;
} Case;

static void
check_cases(const Case *cases, guint len)
{
    for (guint i = 0; i < len; i++) {
        g_autofree char *got = read_row(cases[i].cells);
        if (strcmp(got, cases[i].expected) != 0)
            print_message("case %u: %s\n", i, cases[i].cells[0]);
        assert_string_equal(got, cases[i].expected);
    }
}

static void
sound_cells_are_silent(void **state)
{
    (void)state;
    static const Case cases[] = {
        {{NULL}, ""},
        {{"area=Butuan"}, ""},
        {{"area_name=BUTUAN"}, ""},
        {{"area_name=City of Butuan"}, ""},
        {{"status= active\xC2\xA0\t"}, ""},
        {{"languages=fil|ceb"}, ""},
        {{"languages=fil; ceb;"}, ""},
        {{"serves=1600000000 | 1630400000"}, ""},
        {{"capabilities=trauma-informed-care"}, ""},
        {{"capabilities=trauma-informed-care::2022-05|foster-care-practice:0:2022-05-01:2027-05-01"},
         ""},
        {{"age_min=7"}, ""},
        {{"age_min=7", "age_max=17"}, ""},
        {{"remote=TRUE", "intake_on_call=False"}, ""},
        {{"unit=slot"}, ""}, /* says what to count, and counts nothing */
        {{"total=5", "occupied=2", "as_of=2026-11-05 14:30"}, ""},
        {{"variant=null"}, ""},
        {{"contact_role='=desk"}, ""},
        {{"phone=+63 2 8532 5001"}, ""},
        {{"region=network", "region_name=", "region_area=", "organization_region=network"}, ""},
    };
    check_cases(cases, G_N_ELEMENTS(cases));
}

static void
bad_cells_are_named(void **state)
{
    (void)state;
    static const Case cases[] = {
        /* The rules of region files. */
        {{"status=actve"},
         "error impossible-value: status cannot be \"actve\" (row 2, column \"status\": \"actve\") "
         "[use active, paused, closed or suspended]"},
        {{"languages=fil|klingon"},
         "error dangling-reference: languages: \"klingon\" is not in the list of languages in "
         "terms.yaml (row 2, column \"languages\": \"fil|klingon\") [\"carenet terms languages\" "
         "lists them]"},
        {{"age_min=17", "age_max=7"},
         "error impossible-value: age begins above its end, so nobody can be taken (row 2, column "
         "\"age_min\": \"17\") [write [7, 17]]"},
        {{"total=5", "occupied=2"},
         "error missing-key: the cell must not be empty (row 2, column \"as_of\", empty) [fill it "
         "in]"},
        {{"wait_days=5"},
         "error missing-key: the cell must not be empty (row 2, column \"total\", empty) [fill it "
         "in]\n"
         "error missing-key: the cell must not be empty (row 2, column \"occupied\", empty) [fill "
         "it in]\n"
         "error missing-key: the cell must not be empty (row 2, column \"as_of\", empty) [fill it "
         "in]"},
        {{"verified_on=2026-11-03"},
         "error missing-key: the cell must not be empty (row 2, column \"verified_by\", empty) "
         "[fill it in]"},
        {{"organization="},
         "error missing-key: the cell must not be empty (row 2, column \"organization\", empty) "
         "[fill it in]"},
        {{"name=\xC2\xA0"},
         "error missing-key: the cell must not be empty (row 2, column \"name\": \"\xC2\xA0\") "
         "[fill it in]"},
        {{"total=1,000", "occupied=null", "as_of=2026-11-05"},
         "error wrong-type: total must be a whole number, not \"1,000\" (row 2, column \"total\": "
         "\"1,000\") [write digits only]\n"
         "error wrong-type: occupied must be a whole number, not \"null\" (row 2, column "
         "\"occupied\": \"null\") [write digits only]"},
        {{"remote=yes"},
         "error wrong-type: remote must be true or false, not \"yes\" (row 2, column \"remote\": "
         "\"yes\") [write true, or leave the cell empty]"},
        {{"capabilities=:4"},
         "error missing-key: capability needs the key \"course\" (row 2, column \"capabilities\": "
         "\":4\") [add \"course: ...\"]"},
        {{"capabilities=trauma-informed-care:4:2022:2023:2024"},
         "error wrong-type: a course has more than four parts (row 2, column \"capabilities\": "
         "\"trauma-informed-care:4:2022:2023:2024\") [write course:staff:on:expires, and | between "
         "two of them]"},
        {{"capabilities=trauma-informed-care:4:2022-02-30"},
         "error impossible-value: on is not a day that exists (row 2, column \"capabilities\": "
         "\"trauma-informed-care:4:2022-02-30\") [write a day as 2026-10-01, or a month as 2026-10]"},
        {{"capabilities=trauma-informed-care:-1"},
         "error impossible-value: staff must be from 0 to 100000, not \"-1\" (row 2, column "
         "\"capabilities\": \"trauma-informed-care:-1\") [nothing is counted below 0: check the sign]"},
        {{"capabilities=trauma-informed-care:4:2024-05-01:2023-05-01"},
         "error impossible-value: the capability expires before its course was held (row 2, column "
         "\"capabilities\": \"trauma-informed-care:4:2024-05-01:2023-05-01\") [check both days]"},
        {{"capabilities=trauma-informed-car:4"},
         "error dangling-reference: course: \"trauma-informed-car\" is not in the list of courses in "
         "terms.yaml (row 2, column \"capabilities\": \"trauma-informed-car:4\") [did you mean "
         "trauma-informed-care?]"},
        {{"hours=8 to 5"},
         "error bad-hours: hours are not understood at character 1: expected a time: HH:MM, 24-hour "
         "(row 2, column \"hours\": \"8 to 5\") [write them as \"Mo-Fr 08:00-17:00; Sa "
         "08:00-12:00\" or \"24/7\"]"},
        /* The rules of a sheet. */
        {{"provider="},
         "error missing-key: the cell must not be empty (row 2, column \"provider\", empty) [write "
         "the id of the provider]"},
        {{"status="},
         "error missing-key: the cell must not be empty (row 2, column \"status\", empty) [write "
         "active, paused, closed or suspended]"},
        {{"region="},
         "error missing-key: the cell must not be empty (row 2, column \"region\", empty) [write "
         "the id of its region, or network]\n"
         "error dangling-reference: the organization \"org\" is in a region that nobody describes: "
         "\"caraga\" [describe the region, too, or correct its id]\n"
         "error dangling-reference: the provider \"desk\" is in a region that nobody describes: "
         "\"\" [describe the region, too, or correct its id]"},
        {{"region=network", "organization_region=network"},
         "error region-or-network: the network itself is not described by CSV (row 2, column "
         "\"region\": \"network\") [leave region_name, region_area and region_languages empty]"},
        {{"organization_region="},
         "error missing-key: the cell must not be empty (row 2, column \"organization_region\", "
         "empty) [write the id of its region, or network]\n"
         "error dangling-reference: the organization \"org\" is in a region that nobody describes: "
         "\"\" [describe the region, too, or correct its id]"},
        {{"service=", "hours=24/7"},
         "error missing-key: the cell must not be empty (row 2, column \"service\", empty) [name "
         "the service, or leave all cells of the offering empty]\n"
         "warning no-offerings: \"desk\" offers no service, so nobody can find it [write what it "
         "offers under service, one row each]"},
        {{"area_name=Surigao City"},
         "warning area-name: the area 1630400000 is Butuan, which is not what stands beside it "
         "(row 2, column \"area_name\": \"Surigao City\") [correct the code, or the name]"},
        /* What spreadsheets do. */
        {{"verified_on=3-Nov-26", "verified_by=phone"},
         "error ambiguous-date: a day is written as a spreadsheet shows it, not as 2026-11-03 (row "
         "2, column \"verified_on\": \"3-Nov-26\") [write 2026-11-03]"},
        {{"listing_consent=11/3/2026"},
         "error ambiguous-date: a day is written as a spreadsheet shows it, not as 2026-11-03 (row "
         "2, column \"listing_consent\": \"11/3/2026\") [write 2026-11-03 or 2026-03-11, whichever "
         "is meant]"},
        {{"total=5", "occupied=2", "as_of=45964"},
         "error ambiguous-date: a day is written as a spreadsheet shows it, not as 2026-11-03 (row "
         "2, column \"as_of\": \"45964\") [write 2025-11-03]"},
        {{"capabilities=trauma-informed-care:4:2022-05-01:5/13/2027"},
         "error ambiguous-date: a day is written as a spreadsheet shows it, not as 2026-11-03 (row "
         "2, column \"capabilities\": \"trauma-informed-care:4:2022-05-01:5/13/2027\") [write "
         "2027-05-13]"},
        {{"listing_consent=soon"},
         "error impossible-value: listing_consent is not a day that exists (row 2, column "
         "\"listing_consent\": \"soon\") [write a day as 2026-10-01, or a month as 2026-10]"},
        {{"show_area=700000000"},
         "error area-code: an area code has lost its first 0 (row 2, column \"show_area\": "
         "\"700000000\") [format the column as text, and write 0700000000]"},
        {{"serves=1600000000|700000000"},
         "error area-code: an area code has lost its first 0 (row 2, column \"serves\": "
         "\"1600000000|700000000\") [format the column as text, and write 0700000000]"},
        {{"area=1.63E+09", "area_name=Butuan"},
         "error area-code: a spreadsheet has rounded an area code (row 2, column \"area\": "
         "\"1.63E+09\") [format the column as text, and write 1630400000]"},
        {{"area=1.63E+09"},
         "error area-code: a spreadsheet has rounded an area code (row 2, column \"area\": "
         "\"1.63E+09\") [format the column as text, and write all ten digits]"},
        {{"phone=6.39667E+11"},
         "error rounded-number: a spreadsheet has rounded the phone number (row 2, column "
         "\"phone\": \"6.39667E+11\") [format the column as text, and write the whole number "
         "again]"},
        {{"phone=9667255961"},
         "warning lost-zero: the phone number seems to have lost its first 0 (row 2, column "
         "\"phone\": \"9667255961\") [format the column as text, and write the 0 before it]"},
        {{"hours=24-Jul"},
         "error bad-hours: hours are not understood at character 3: expected a time: HH:MM, 24-hour "
         "(row 2, column \"hours\": \"24-Jul\") [format the column as text, and write "
         "24/7]"},
        {{"total==SUM(A1:A9)", "occupied=1", "as_of=2026-11-05"},
         "error formula: a cell begins with = and would be run as a formula (row 2, column "
         "\"total\": \"=SUM(A1:A9)\") [write the value itself; an apostrophe before = makes it "
         "text]"},
        {{"name=Para\u00C3\u00B1aque"},
         "error bad-encoding: letters were lost when the file was opened (row 2, column \"name\": "
         "\"Para\u00C3\u00B1aque\") [open the file as UTF-8, and save it as \"CSV UTF-8\"]"},
        {{"accreditation_body=Women\u00E2\u20AC\u2122s desk"},
         "error bad-encoding: letters were lost when the file was opened (row 2, column "
         "\"accreditation_body\": \"Women\u00E2\u20AC\u2122s desk\") [open the file as UTF-8, and save it "
         "as \"CSV UTF-8\"]"},
    };
    check_cases(cases, G_N_ELEMENTS(cases));
}

static void
places_are_those_of_cells(void **state)
{
    (void)state;
    g_autoptr(GString) sheet = begin_sheet();
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    add_row(sheet, (Cells){"name=Ñandú", "languages=nonsense|fil", "hours=never"});
    g_autoptr(CnNetwork) network = read_sheet(sheet->str, issues);
    assert_int_equal(cn_issue_list_len(issues), 2);
    assert_true(
        g_str_has_prefix(text_at(sheet->str, cn_issue_list_get(issues, 0)->pos), "nonsense|fil,"));
    assert_true(g_str_has_prefix(text_at(sheet->str, cn_issue_list_get(issues, 1)->pos), "never,"));
    const CnProvider *desk = cn_network_provider(network, "desk");
    assert_true(g_str_has_prefix(text_at(sheet->str, desk->pos), "desk,"));
    assert_true(g_str_has_prefix(text_at(sheet->str, desk->site_pos), "1630400000,"));
    assert_true(g_str_has_prefix(text_at(sheet->str, desk->organization_pos), "org,"));
    assert_true(g_str_has_prefix(
        text_at(sheet->str, g_array_index(desk->offerings, CnOffering, 0).pos), "counseling,"));
}

/* ---- Places that must not be found. */

/* Whatever is wrong with the cells of a shelter: nothing of them is said. */
static void
secrets_are_not_quoted(void **state)
{
    (void)state;
    static const Cells cases[] = {
        {"area=CANARY"},
        {"area=Butuan CANARY", "area_name=CANARY"},
        {"area=700000000"},
        {"area=7.1111E+08", "area_name=Tagbilaran"},
        {"phone=CANARY"},
        {"phone=9667255961"},
        {"phone=9.66E+09"},
        {"email=CANARY"},
        {"name==CANARY"},
        {"name=CANARY\xC3\x83\xC2\xB1"},
        {"disclosure=", "phone=CANARY", "area=CANARY"},
        {"disclosure=publc", "phone=CANARY", "area=CANARY"},
        {"disclosure=network", "email=CANARY"},
        {"disclosure==public", "email=CANARY", "area=CANARY"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) sheet = begin_sheet();
        g_autoptr(CnIssueList) issues = cn_issue_list_new();
        Cells cells = {"disclosure=restricted", "show_area=1600000000", "display_name=House 1",
                       "contact_role=desk",     "name=Santa Clara",     NULL};
        for (guint k = 0; cases[i][k] != NULL; k++)
            cells[5 + k] = cases[i][k];
        add_row(sheet, cells);
        g_autoptr(CnNetwork) network = read_sheet(sheet->str, issues);
        g_autofree char *got = list_issues(issues);
        static const char *const secrets[] = {"CANARY", "70000000",   "0711",
                                              "966",    "Tagbilaran", "Clara"};
        assert_true(cn_issue_list_len(issues) > 0);
        for (guint k = 0; k < G_N_ELEMENTS(secrets); k++)
            assert_null(strstr(got, secrets[k]));
    }
}

/* One row that says "public" does not open what another row closes. */
static void
one_closed_row_closes_all(void **state)
{
    (void)state;
    g_autoptr(GString) sheet = begin_sheet();
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    add_row(sheet, (Cells){"phone=CANARY one", "area=CANARY"});
    add_row(sheet, (Cells){"phone=CANARY two", "disclosure=restricted", "variant=b"});
    g_autoptr(CnNetwork) network = read_sheet(sheet->str, issues);
    g_autofree char *got = list_issues(issues);
    assert_non_null(strstr(got,
                           "error rows-differ: the provider \"desk\" is described otherwise in "
                           "row 2 (row 3, column \"phone\")"));
    assert_null(strstr(got, "CANARY"));
}

static void
a_guarded_provider_withholds_what_is_empty(void **state)
{
    (void)state;
    g_autoptr(GString) sheet = begin_sheet();
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    add_row(sheet, (Cells){"disclosure=restricted", "show_area=1600000000", "display_name=House 1",
                           "contact_role=desk", "name=", "area="});
    add_row(sheet, (Cells){"provider=office", "variant=b"});
    g_autoptr(CnNetwork) network = read_sheet(sheet->str, issues);
    g_autofree char *got = list_issues(issues);
    assert_string_equal(got,
                        "warning restricted-gateway: \"desk\" is restricted and has no gateway "
                        "through which it is reached [write the id of a public provider under "
                        "gateway]");
    static const char *const withheld[] = {"address", "point", "name", "area", "phone", "email"};
    const CnProvider *house = cn_network_provider(network, "desk");
    assert_int_equal(house->withheld->len, G_N_ELEMENTS(withheld));
    for (guint i = 0; i < G_N_ELEMENTS(withheld); i++)
        assert_string_equal(g_ptr_array_index(house->withheld, i), withheld[i]);
    assert_int_equal(house->site.area, house->show_area);
    const CnProvider *open = cn_network_provider(network, "office");
    assert_int_equal(open->withheld->len, 2);
}

/* ---- Rows of one provider. */

static void
rows_that_differ_are_named(void **state)
{
    (void)state;
    g_autoptr(GString) sheet = begin_sheet();
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    add_row(sheet, (Cells){NULL});
    add_row(sheet, (Cells){"provider=other", "organization_kind=hospital", "region_name=Karaga"});
    add_row(sheet, (Cells){"variant=b", "status=paused", "languages=fil"});
    g_autoptr(CnNetwork) network = read_sheet(sheet->str, issues);
    g_autofree char *got = list_issues(issues);
    assert_string_equal(
        got, "error rows-differ: the provider \"desk\" is described otherwise in row 2, by \"\" "
             "(row 4, column \"languages\": \"fil\") [write the same in all its rows]\n"
             "error rows-differ: the provider \"desk\" is described otherwise in row 2, by "
             "\"active\" (row 4, column \"status\": \"paused\") [write the same in all its rows]\n"
             "error rows-differ: the region \"caraga\" is described otherwise in row 2, by "
             "\"Caraga\" (row 3, column \"region_name\": \"Karaga\") [write the same in all its "
             "rows]\n"
             "error rows-differ: the organization \"org\" is described otherwise in row 2, by "
             "\"ngo\" (row 3, column \"organization_kind\": \"hospital\") [write the same in all "
             "its rows]");
    assert_int_equal(cn_network_provider(network, "desk")->offerings->len, 2);
    assert_int_equal(network->organizations->len, 1);
    assert_int_equal(network->regions->len, 1);
}

static void
an_offering_stands_once(void **state)
{
    (void)state;
    g_autoptr(GString) sheet = begin_sheet();
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    add_row(sheet, (Cells){NULL});
    add_row(sheet, (Cells){NULL});
    g_autoptr(CnNetwork) network = read_sheet(sheet->str, issues);
    assert_int_equal(cn_issue_list_len(issues), 1);
    assert_string_equal(cn_issue_list_get(issues, 0)->tag, "duplicate-id");
}

/* ---- The header. */

static char *
read_text(const char *text)
{
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    g_autoptr(CnNetwork) network = read_sheet(text, issues);
    return list_issues(issues);
}

#define LEAST "region,provider,organization,name,area,disclosure,service"

static void
headers_are_checked(void **state)
{
    (void)state;
    static const struct {
        const char *text, *expected;
    } cases[] = {
        {LEAST "\n", "error empty-file: the file holds no records [\"carenet export --format csv\" "
                     "prints what a store has]"},
        {LEAST "\nx,y,z,Para\xF1"
               "aque,a,public,legal\n",
         "error bad-encoding: there are bytes that are not UTF-8 in the column \"name\" (row 2) "
         "[save the spreadsheet as \"CSV UTF-8\", then look at names with accents]"},
        {"region,provider,organization,name,area,service\nx\n",
         "error wrong-cells: row 2 has 1 cells, the header 6 [see whether the file was cut off, or a "
         "separator is missing]\n"
         "error missing-column: there is no column \"disclosure\" [add a column with the name "
         "disclosure]"},
        {LEAST ",capasity,remarks\n",
         "error unknown-column: there is no column \"capasity\" [remove it, or begin its name with # "
         "to keep notes in it]\n"
         "error unknown-column: there is no column \"remarks\" [remove it, or begin its name with # "
         "to keep notes in it]"},
        {LEAST ",langages\n",
         "error unknown-column: there is no column \"langages\" [did you mean languages?]"},
        {LEAST ",Area\n",
         "error duplicate-column: the column \"area\" is there twice (first in line "
         "1 at 35) [keep one of them]"},
        {LEAST ",verified_on,age_max\n",
         "error missing-column: there is no column \"verified_by\", which verified_on needs [add a "
         "column with the name verified_by]\n"
         "error missing-column: there is no column \"age_min\", which age_max needs [add a column "
         "with the name age_min]"},
        {LEAST ",wait_days\n",
         "error missing-column: there is no column \"total\", which wait_days needs [add a column "
         "with the name total]\n"
         "error missing-column: there is no column \"occupied\", which wait_days needs [add a "
         "column with the name occupied]\n"
         "error missing-column: there is no column \"as_of\", which wait_days needs [add a column "
         "with the name as_of]"},
        {LEAST ",total,occupied,as_of,unit,source,organization_kind\n",
         "error missing-column: there is no column \"organization_region\", which organization_kind "
         "needs [add a column with the name organization_region]\n"
         "error missing-column: there is no column \"organization_name\", which organization_kind "
         "needs [add a column with the name organization_name]\n"
         "error missing-column: there is no column \"organization_website\", which "
         "organization_kind needs [add a column with the name organization_website]\n"
         "error missing-column: there is no column \"organization_agreement\", which "
         "organization_kind needs [add a column with the name organization_agreement]"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *got = read_text(cases[i].text);
        assert_string_equal(got, cases[i].expected);
    }
}

static void
headers_may_look_otherwise(void **state)
{
    (void)state;
    static const char text[] =
        "\xEF\xBB\xBF#notes;Service; DISPLAY NAME;Region;\"Provider\";organization;Name;Area;"
        "Disclosure;Source-URL;source title;SOURCE_ON;;Languages;#\r\n"
        "call back;counseling;;network;desk;org;Desk, the;1630400000;public;;a;;;fil|ceb;x\r\n"
        ";\"mental-health\";;network;desk;org;Desk, the;1630400000;public;;a;;;fil|ceb;y\r\n";
    g_autofree char *got = read_text(text);
    assert_string_equal(got,
                        "error dangling-reference: no organization has the id \"org\" [fill in "
                        "organization_name, organization_kind and organization_region; or, "
                        "where a store has it already, check with carenet import --dry-run]");
    g_autofree char *unnamed = read_text(LEAST ",,status\n"
                                               "network,desk,desk,Desk,1630400000,public,,x,\n");
    assert_non_null(strstr(unnamed,
                           "error unknown-column: a cell stands in a column without a name "
                           "(row 2) [name the column; names that begin with # are for your "
                           "own notes]"));
}

static void
missing_columns_are_withheld(void **state)
{
    (void)state;
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    g_autoptr(CnNetwork) network =
        read_sheet(LEAST "\nnetwork,desk,org,Desk,1630400000,public,counseling\n", issues);
    const CnProvider *desk = cn_network_provider(network, "desk");
    guint kept = 2; /* address and point */
    for (guint i = 0; i < CN_CSV_COLUMNS; i++)
        kept += cn_csv_columns[i].kept;
    assert_int_equal(desk->withheld->len, kept);
    assert_int_equal(g_array_index(desk->offerings, CnOffering, 0).eligibility.age_max, -1);
}

/* ---- There and back. */

/* Leaves of a network what CSV tells. */
static void
forget_site(CnProvider *provider)
{
    gboolean guarded = provider->disclosure != CN_DISCLOSE_PUBLIC;
    provider->site.address = NULL;
    provider->site.has_point = FALSE;
    if (!guarded)
        return;
    provider->name = provider->site.phone = provider->site.email = NULL;
    provider->site.area = provider->show_area;
    for (guint i = 0; i < provider->offerings->len; i++)
        g_array_index(provider->offerings, CnOffering, i).capacity = cn_offering_blank().capacity;
}

static gboolean
is_used(const CnNetwork *network, const char *region, const char *organization)
{
    for (guint i = 0; i < network->providers->len; i++) {
        const CnProvider *provider = g_ptr_array_index(network->providers, i);
        if (g_strcmp0(provider->region, region) == 0 ||
            g_strcmp0(provider->organization, organization) == 0)
            return TRUE;
    }
    return FALSE;
}

static void
leave_what_csv_tells(CnNetwork *network)
{
    network->id = network->name = NULL;
    network->demonstration_now = (CnInstant){0};
    g_ptr_array_set_size(network->programmes, 0);
    for (guint i = 0; i < network->providers->len; i++)
        forget_site(g_ptr_array_index(network->providers, i));
    for (guint i = network->organizations->len; i-- > 0;) {
        CnOrganization *organization = &g_array_index(network->organizations, CnOrganization, i);
        if (!is_used(network, "none", organization->id))
            g_array_remove_index(network->organizations, i);
    }
    for (guint i = network->regions->len; i-- > 0;)
        if (!is_used(network, g_array_index(network->regions, CnRegion, i).id, "none"))
            g_array_remove_index(network->regions, i);
}

/* An organization is invented where its provider is: a sheet has one column for both. */
static void
mark_organizations(CnNetwork *network)
{
    for (guint i = network->providers->len; i-- > 0;) {
        CnProvider *provider = g_ptr_array_index(network->providers, i);
        provider->example = FALSE;
    }
    for (guint i = 0; i < network->organizations->len; i++)
        g_array_index(network->organizations, CnOrganization, i).example = FALSE;
}

static CnNetwork *
read_without_errors(const char *text)
{
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    CnNetwork *network = cn_network_new();
    cn_region_csv_read(text, strlen(text), "s.csv", network, reference, issues);
    for (guint i = 0; i < cn_issue_list_len(issues); i++) {
        const CnIssue *issue = cn_issue_list_get(issues, i);
        if (issue->severity == CN_SEVERITY_ERROR)
            fail_msg("%u:%u %s", issue->pos.line, issue->pos.column, issue->message);
    }
    cn_network_sort(network);
    return network;
}

static char *
digest(const CnNetwork *network)
{
    g_autoptr(CnListing) listing = cn_listing_new(network, reference);
    return cn_listing_digest(listing);
}

static CnNetwork *
read_shipped(void)
{
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    g_autofree char *folder = g_build_filename(reference->data_dir, "regions", NULL);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    g_ptr_array_add(paths, g_build_filename(reference->data_dir, "network.yaml", NULL));
    for (const char *name = g_dir_read_name(dir); name != NULL; name = g_dir_read_name(dir))
        if (g_str_has_suffix(name, ".yaml"))
            g_ptr_array_add(paths, g_build_filename(folder, name, NULL));
    CnNetwork *network = cn_region_files_read((const char *const *)paths->pdata, paths->len,
                                              reference, issues, NULL);
    assert_non_null(network);
    return network;
}

static void
the_shipped_directory_comes_back(void **state)
{
    (void)state;
    g_autoptr(CnNetwork) network = read_shipped();
    g_autofree char *text = cn_region_csv_write(network, reference, NULL);
    assert_true(g_str_has_prefix(text, "\xEF\xBB\xBFregion,region_name,"));
    assert_true(g_str_has_suffix(text, "\r\n"));
    g_autoptr(CnNetwork) back = read_without_errors(text);
    leave_what_csv_tells(network);
    g_autofree char *before = network_dump(network, reference);
    g_autofree char *after = network_dump(back, reference);
    assert_string_equal(after, before);
    g_autofree char *digest_before = digest(network);
    g_autofree char *digest_after = digest(back);
    assert_string_equal(digest_after, digest_before);
    g_autofree char *again = cn_region_csv_write(back, reference, NULL);
    assert_string_equal(again, text);
}

/* Spreadsheets of other countries, and of other systems. */
static void
any_dialect_is_the_same(void **state)
{
    (void)state;
    g_autoptr(CnNetwork) network = read_shipped();
    g_autofree char *text = cn_region_csv_write(network, reference, "caraga");
    g_autoptr(CnNetwork) plain = read_without_errors(text);
    g_autofree char *expected = network_dump(plain, reference);
    static const char *const separators[] = {";", "\t", ","};
    static const char *const ends[] = {"\n", "\r", "\r\n"};
    for (guint i = 0; i < G_N_ELEMENTS(separators); i++) {
        g_autoptr(CnIssueList) issues = cn_issue_list_new();
        static const CnSheetLimits limits = {.rows = 1000, .columns = 100, .cell_bytes = 4096};
        g_autoptr(CnSheet) sheet = cn_sheet_read(text, strlen(text), "s.csv", &limits, issues);
        g_autoptr(GString) other = g_string_new(NULL);
        for (guint row = 0; row <= cn_sheet_rows_len(sheet); row++) {
            for (guint k = 0; k < cn_sheet_columns_len(sheet); k++)
                g_string_append_printf(other, "%s\"%s\"", k > 0 ? separators[i] : "",
                                       row == 0 ? cn_sheet_header(sheet, k)
                                                : cn_sheet_cell(sheet, row - 1, k));
            g_string_append(other, ends[i]);
        }
        g_autoptr(CnNetwork) same = read_without_errors(other->str);
        g_autofree char *got = network_dump(same, reference);
        assert_string_equal(got, expected);
    }
}

static void
one_region_is_written(void **state)
{
    (void)state;
    g_autoptr(CnNetwork) network = read_shipped();
    g_autofree char *all = cn_region_csv_write(network, reference, NULL);
    gsize len = strlen(strchr(all, '\n') + 1);
    for (guint i = 0; i <= network->regions->len; i++) {
        const char *region = i < network->regions->len
                                 ? g_array_index(network->regions, CnRegion, i).id
                                 : CN_REGION_CSV_NETWORK;
        g_autofree char *text = cn_region_csv_write(network, reference, region);
        g_autofree char *prefix = g_strdup_printf("%s,", region);
        assert_true(g_str_has_prefix(strchr(text, '\n') + 1, prefix));
        len -= strlen(strchr(text, '\n') + 1);
    }
    assert_int_equal(len, 0);
}

static void
random_network_comes_back(GRand *rand, gpointer data)
{
    (void)data;
    g_autoptr(CnNetwork) network =
        random_network(rand, (guint)g_rand_int_range(rand, 1, 20), reference);
    tame_network(network, reference, TRUE);
    mark_organizations(network);
    g_autofree char *text = cn_region_csv_write(network, reference, NULL);
    assert_null(strstr(text, "CANARY"));
    g_autoptr(CnNetwork) back = read_without_errors(text);
    leave_what_csv_tells(network);
    g_autofree char *before = network_dump(network, reference);
    g_autofree char *after = network_dump(back, reference);
    assert_string_equal(after, before);
}

static void
random_networks_come_back(void **state)
{
    (void)state;
    world_rounds(150, random_network_comes_back, NULL);
}

static void
move_secrets(GRand *rand, gpointer data)
{
    guint *guarded = data;
    g_autoptr(CnNetwork) network = world_network(rand, reference, 12);
    g_autofree char *before = cn_region_csv_write(network, reference, NULL);
    g_autoptr(GPtrArray) secrets = world_secrets(network);
    *guarded += secrets->len;
    assert_null(strstr(before, "CANARY"));
    for (guint i = 0; i < secrets->len; i++)
        assert_null(strstr(before, g_ptr_array_index(secrets, i)));
    world_move_secrets(rand, network, reference);
    g_autofree char *after = cn_region_csv_write(network, reference, NULL);
    assert_string_equal(after, before);
}

static void
moving_a_site_changes_no_byte(void **state)
{
    (void)state;
    guint guarded = 0;
    world_rounds(150, move_secrets, &guarded);
    assert_true(guarded > 0);
}

/* ---- Damage. */

static void
damage(GRand *rand, GString *text)
{
    static const char *const pieces[] = {"\"", ",", "\n", "\r", ";", "|", ":",    "=",   "'",
                                         "Ã±", "E", "0",  "\t", "-", " ", "\xF1", "\xC3"};
    for (guint n = 1 + world_pick(rand, 8); n > 0 && text->len > 0; n--) {
        const gsize at = world_pick(rand, (guint)text->len);
        switch (world_pick(rand, 4)) {
        case 0:
            text->str[at] = (char)world_pick(rand, 256);
            break;
        case 1:
            g_string_erase(text, (gssize)at, (gssize)MIN(world_pick(rand, 9), text->len - at));
            break;
        case 2:
            g_string_insert(text, (gssize)at, pieces[world_pick(rand, G_N_ELEMENTS(pieces))]);
            break;
        default:
            g_string_truncate(text, text->len - world_pick(rand, 3));
        }
    }
}

static void
read_damaged(GRand *rand, gpointer data)
{
    const char *whole = data;
    const gsize header = (gsize)(strchr(whole, '\n') - whole) + 1;
    /* Whole lines from anywhere, behind the header, mostly sound. */
    const char *from = whole + header + world_pick(rand, (guint)(strlen(whole) - header - 4000));
    from = strchr(from, '\n') + 1;
    g_autoptr(GString) text = g_string_new_len(whole, (gssize)header);
    g_string_append_len(text, from, 3000);
    damage(rand, text);
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    g_autoptr(CnNetwork) network = cn_network_new();
    cn_region_csv_read(text->str, text->len, "s.csv", network, reference, issues);
    cn_network_sort(network);
    cn_network_check(network, reference, issues);
    for (guint i = 0; i < cn_issue_list_len(issues); i++) {
        const CnIssue *issue = cn_issue_list_get(issues, i);
        assert_true(g_utf8_validate(issue->message, -1, NULL));
        assert_null(strpbrk(issue->message, "\r\n\t"));
        assert_true(issue->pos.line > 0 && issue->pos.column > 0);
    }
    g_autofree char *dump = network_dump(network, reference);
    assert_non_null(dump);
}

static void
damaged_files_are_read_safely(void **state)
{
    (void)state;
    g_autoptr(CnNetwork) network = read_shipped();
    g_autofree char *text = cn_region_csv_write(network, reference, NULL);
    world_rounds(600, read_damaged, text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sound_cells_are_silent),
        cmocka_unit_test(bad_cells_are_named),
        cmocka_unit_test(places_are_those_of_cells),
        cmocka_unit_test(secrets_are_not_quoted),
        cmocka_unit_test(one_closed_row_closes_all),
        cmocka_unit_test(a_guarded_provider_withholds_what_is_empty),
        cmocka_unit_test(rows_that_differ_are_named),
        cmocka_unit_test(an_offering_stands_once),
        cmocka_unit_test(headers_are_checked),
        cmocka_unit_test(headers_may_look_otherwise),
        cmocka_unit_test(missing_columns_are_withheld),
        cmocka_unit_test(the_shipped_directory_comes_back),
        cmocka_unit_test(any_dialect_is_the_same),
        cmocka_unit_test(one_region_is_written),
        cmocka_unit_test_teardown(random_networks_come_back, world_print_seed),
        cmocka_unit_test_teardown(moving_a_site_changes_no_byte, world_print_seed),
        cmocka_unit_test_teardown(damaged_files_are_read_safely, world_print_seed),
    };
    return cmocka_run_group_tests(tests, open_reference, close_reference);
}
