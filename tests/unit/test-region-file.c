/* Region files: every fixture of tests/fixtures/region says at its end what is to be found in it,
 *
 *     # expect: LINE:COLUMN SEVERITY TAG [part of the message or the suggestion]
 *
 * in the order of the table of issues. CARENET_TEST_SHOW=1 prints what was found in that form. */
#include "../support/random-network.h"
#include "format/region-file.h"

#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

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

/* (transfer full) */
static char *
fixture_path(const char *name)
{
    const char *tests = g_getenv("CARENET_TEST_SRC");
    return g_build_filename(tests != NULL ? tests : "tests", "fixtures", "region", name, NULL);
}

/* The table of issues of a fixture that is read after the base. (transfer full) */
static carenet_table *
check_fixture(const char *path)
{
    g_autofree char *base = fixture_path("base.yaml");
    const char *paths[] = {base, path};
    gsize first = g_str_has_suffix(path, "/base.yaml") ? 1 : 0;
    carenet_table *table = carenet_validate_files(reference, paths + first, 2 - first, NULL);
    assert_non_null(table);
    return table;
}

static const char *
cell(const carenet_table *table, size_t row, const char *column)
{
    ptrdiff_t at = carenet_table_column_index(table, column);
    assert_true(at >= 0);
    const char *text = carenet_table_get_text(table, row, (size_t)at);
    return text != NULL ? text : "";
}

/* "LINE:COLUMN SEVERITY TAG" (transfer full) */
static char *
describe_row(const carenet_table *table, size_t row)
{
    ptrdiff_t line = carenet_table_column_index(table, "line");
    ptrdiff_t column = carenet_table_column_index(table, "column");
    return g_strdup_printf("%d:%d %s %s", (int)carenet_table_get_int64(table, row, (size_t)line),
                           (int)carenet_table_get_int64(table, row, (size_t)column),
                           cell(table, row, "severity"), cell(table, row, "tag"));
}

/* The expectations of a fixture. (transfer full) */
static GPtrArray *
read_expectations(const char *path)
{
    static const char mark[] = "# expect: ";
    g_autofree char *text = NULL;
    assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    GPtrArray *expected = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; lines[i] != NULL; i++)
        if (g_str_has_prefix(lines[i], mark))
            g_ptr_array_add(expected, g_strdup(lines[i] + strlen(mark)));
    return expected;
}

static gboolean
meets(const carenet_table *table, size_t row, const char *expected)
{
    g_autofree char *found = describe_row(table, row);
    if (!g_str_has_prefix(expected, found))
        return FALSE;
    const char *part = expected + strlen(found);
    part += strspn(part, " ");
    return strstr(cell(table, row, "message"), part) != NULL ||
           strstr(cell(table, row, "suggestion"), part) != NULL;
}

static guint
compare_fixture(const char *name)
{
    g_autofree char *path = fixture_path(name);
    g_autoptr(GPtrArray) expected = read_expectations(path);
    carenet_table *table = check_fixture(path);
    size_t rows = carenet_table_rows_len(table);
    gboolean same = rows == expected->len;
    for (size_t i = 0; same && i < rows; i++)
        same = meets(table, i, g_ptr_array_index(expected, i));
    if (!same || g_getenv("CARENET_TEST_SHOW") != NULL) {
        print_message("%s%s\n", name, same ? "" : " differs; found:");
        for (size_t i = 0; i < rows; i++) {
            g_autofree char *found = describe_row(table, i);
            print_message("# expect: %s %s\n", found, cell(table, i, "message"));
            print_message("#     %s\n", cell(table, i, "suggestion"));
        }
    }
    carenet_table_unref(table);
    return same ? 0 : 1;
}

static void
fixtures_give_their_issues(void **state)
{
    (void)state;
    g_autofree char *folder = fixture_path("");
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    guint seen = 0, failed = 0;
    assert_non_null(dir);
    for (const char *name = g_dir_read_name(dir); name != NULL; name = g_dir_read_name(dir)) {
        if (!g_str_has_suffix(name, ".yaml"))
            continue;
        failed += compare_fixture(name);
        seen++;
    }
    assert_true(seen >= 40);
    assert_int_equal(failed, 0);
}

/* What is wrong with a place that must not be found is said without saying the place. */
static void
issues_do_not_quote_the_place(void **state)
{
    (void)state;
    static const char *const names[] = {"restricted-in-clear.yaml", "restricted-in-file.yaml",
                                        "disclosure-word.yaml", "restricted-values.yaml"};
    static const char *const secrets[] = {"Clara",    "Sampaguita", "Barangay", "555",
                                          "Mambajao", "Camiguin",   "Xyzzy",    "8.48"};
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = fixture_path(names[i]);
        carenet_table *table = check_fixture(path);
        assert_true(carenet_table_rows_len(table) > 0);
        for (size_t row = 0; row < carenet_table_rows_len(table); row++) {
            for (guint k = 0; k < G_N_ELEMENTS(secrets); k++) {
                assert_null(strstr(cell(table, row, "message"), secrets[k]));
                assert_null(strstr(cell(table, row, "suggestion"), secrets[k]));
            }
        }
        carenet_table_unref(table);
    }
}

static const CnProvider *
read_provider(const char *fixture, const char *id, CnNetwork *network, CnIssueList *issues)
{
    g_autofree char *path = fixture_path(fixture);
    assert_true(cn_region_file_read(path, network, reference, issues, NULL));
    cn_network_sort(network);
    const CnProvider *provider = cn_network_provider(network, id);
    assert_non_null(provider);
    return provider;
}

static gboolean
has_terms(CnTermSet set, carenet_terms_kind kind, const char *ids)
{
    g_autofree char *joined = cn_term_set_join(reference->terms[kind], set, ",");
    return strcmp(joined, ids) == 0;
}

static void
every_key_is_kept(void **state)
{
    (void)state;
    char day[11];
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    g_autoptr(CnNetwork) network = cn_network_new();
    const CnProvider *p = read_provider("complete.yaml", "pub-desk", network, issues);
    const CnOrganization *organization = cn_network_organization(network, "pub-org");
    const CnRegion *region = &g_array_index(network->regions, CnRegion, 0);
    assert_string_equal(region->id, "caraga");
    assert_string_equal(cn_area(reference->gazetteer, region->area)->code, "1600000000");
    assert_true(has_terms(region->languages, CARENET_TERMS_LANGUAGES, "ceb"));
    assert_string_equal(organization->region, "caraga");
    assert_int_equal(organization->kind, CN_ORG_GOVERNMENT);
    assert_string_equal(organization->website, "https://example.org/a?b=c#d");
    assert_string_equal(cn_date_format(organization->data_sharing_agreement, day), "2026-01");
    assert_string_equal(p->region, "caraga");
    assert_string_equal(p->organization, "pub-org");
    assert_string_equal(p->name, "City Desk");
    assert_string_equal(p->display_name, "Desk");
    assert_int_equal(p->disclosure, CN_DISCLOSE_PUBLIC);
    assert_string_equal(p->site.address, "City Hall, Butuan");
    assert_true(p->site.has_point && p->site.lat_deg > 8.95 && p->site.lon_deg > 125.5);
    assert_string_equal(p->site.phone, "085 000 0000");
    assert_string_equal(p->site.email, "desk@example.org");
    assert_string_equal(p->contact_role, "intake desk");
    assert_string_equal(p->contact_gateway, "ex-office");
    assert_int_equal(p->serves->len, 2);
    assert_int_equal(g_array_index(p->serves, CnAreaId, 0), p->show_area);
    assert_int_equal(g_array_index(p->serves, CnAreaId, 1), p->show_area);
    assert_true(has_terms(p->languages, CARENET_TERMS_LANGUAGES, "ceb"));
    assert_true(has_terms(p->access, CARENET_TERMS_ACCESS, "wheelchair"));
    assert_int_equal(p->status, CN_PAUSED);
    assert_string_equal(cn_date_format(p->listing_consent, day), "2026");
    assert_string_equal(cn_date_format(p->verified_on, day), "2026-10-01");
    assert_int_equal(p->verified_by, CN_VERIFIED_DOCUMENT);
    assert_string_equal(p->source_url, "http://example.org");
    assert_string_equal(p->source_title, "A page");
    assert_string_equal(cn_date_format(p->source_on, day), "2023-04");
    assert_string_equal(p->accreditation_body, "DSWD");
    assert_int_equal(p->accreditation_level, 2);
    assert_string_equal(cn_date_format(p->accreditation_expires, day), "2028-03-31");
    assert_int_equal(p->capabilities->len, 1);
    assert_int_equal(g_array_index(p->capabilities, CnCapability, 0).staff, 12);
    assert_int_equal(p->withheld->len, 1);
    assert_string_equal(g_ptr_array_index(p->withheld, 0), "address");
}

static void
offerings_are_kept(void **state)
{
    (void)state;
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    g_autoptr(CnNetwork) network = cn_network_new();
    const CnProvider *p = read_provider("complete.yaml", "pub-desk", network, issues);
    assert_int_equal(p->offerings->len, 2);
    const CnOffering *bare = &g_array_index(p->offerings, CnOffering, 0);
    const CnOffering *full = &g_array_index(p->offerings, CnOffering, 1);
    assert_string_equal(bare->id, "pub-desk/counseling");
    assert_false(bare->capacity.known);
    assert_int_equal(bare->capacity.wait_days, -1);
    assert_int_equal(bare->eligibility.age_min, 18);
    assert_int_equal(bare->eligibility.age_max, -1);
    assert_int_equal(bare->eligibility.sex, CN_SEX_MALE);
    assert_int_equal(bare->eligibility.siblings_up_to, -1);
    assert_null(bare->hours);
    assert_string_equal(full->id, "pub-desk/mental-health/girls");
    assert_string_equal(full->variant, "girls");
    assert_true(full->all_below);
    assert_true(full->capacity.known);
    assert_int_equal(full->capacity.total, 12);
    assert_int_equal(full->capacity.occupied, 7);
    assert_int_equal(full->capacity.wait_days, 4);
    assert_int_equal(full->capacity.as_of.s, 1790836200);
    assert_false(full->capacity.as_of.day_only);
    assert_string_equal(full->capacity.source, "report");
    assert_int_equal(full->eligibility.age_min, 7);
    assert_int_equal(full->eligibility.age_max, 17);
    assert_int_equal(full->eligibility.sex, CN_SEX_UNSTATED);
    assert_int_equal(full->eligibility.siblings_up_to, 3);
    assert_true(has_terms(full->eligibility.groups, CARENET_TERMS_GROUPS, "deaf"));
    assert_true(has_terms(full->eligibility.not_for, CARENET_TERMS_GROUPS, "muslim"));
    assert_string_equal(full->hours, "Mo-Fr 08:00-17:00; Sa off");
    assert_string_equal(full->intake_hours, "24/7");
    assert_true(full->intake_on_call);
}

static void
homes_are_restricted_by_default(void **state)
{
    (void)state;
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    g_autoptr(CnNetwork) network = cn_network_new();
    const CnProvider *home = read_provider("restricted-by-default.yaml", "ex-1", network, issues);
    assert_int_equal(home->disclosure, CN_DISCLOSE_RESTRICTED);
    const CnProvider *misspelt = read_provider("disclosure-word.yaml", "ex-1", network, issues);
    assert_int_equal(misspelt->disclosure, CN_DISCLOSE_RESTRICTED);
    g_autoptr(CnNetwork) other = cn_network_new();
    const CnProvider *desk = read_provider("overfull.yaml", "ex-1", other, issues);
    assert_int_equal(desk->disclosure, CN_DISCLOSE_PUBLIC);
}

/* ---- Several files, and files that cannot be read. */

static void
shipped_files_have_no_errors(void **state)
{
    (void)state;
    g_autoptr(GError) error = NULL;
    carenet_directory *directory = carenet_directory_demonstration(reference, &error);
    assert_null(error);
    assert_true(carenet_directory_providers_len(directory) > 100);
    carenet_directory_unref(directory);
}

/* Reads one fixture alone: the code and the place of the error, or "read". (transfer full) */
static char *
read_alone(const char *path)
{
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(CnNetwork) network = cn_region_files_read(&path, 1, reference, issues, &error);
    assert_int_equal(network == NULL, error != NULL);
    if (network != NULL)
        return g_strdup("read");
    return g_strdup_printf("%s %u:%u", carenet_error_code_name(carenet_error_get_code(error)),
                           carenet_error_get_line(error), carenet_error_get_column(error));
}

static void
the_first_error_becomes_the_error(void **state)
{
    (void)state;
    static const struct {
        const char *fixture, *expected;
    } cases[] = {
        {"base.yaml", "read"},
        {"overfull.yaml", "invalid-data 5:19"}, /* its organization stands in the base */
        {"yaml-syntax.yaml", "parse 4:4"},
        {"empty.yaml", "invalid-data 1:1"},
        {"none.yaml", "io 0:0"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = fixture_path(cases[i].fixture);
        g_autofree char *got = read_alone(path);
        assert_string_equal(got, cases[i].expected);
    }
}

static void
a_huge_file_is_refused_by_its_size(void **state)
{
    (void)state;
    char *folder = test_folder();
    g_autofree char *path = g_build_filename(folder, "huge.yaml", NULL);
    assert_true(g_file_set_contents(path, "", 0, NULL));
    assert_int_equal(truncate(path, (off_t)1 << 30), 0);
    g_autofree char *got = read_alone(path);
    assert_string_equal(got, "too-large 0:0");
    test_folder_remove(folder);
}

static void
validate_tells_answers_from_failures(void **state)
{
    (void)state;
    g_autoptr(GError) error = NULL;
    g_autofree char *bad = fixture_path("unknown-key.yaml");
    g_autofree char *none = fixture_path("none.yaml");
    const char *paths[] = {bad, none};
    carenet_table *table = carenet_validate_files(reference, paths, 1, &error);
    assert_non_null(table);
    assert_null(error);
    carenet_table_unref(table);
    assert_null(carenet_validate_files(reference, paths, 2, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_IO);
    g_clear_error(&error);
    assert_null(carenet_validate_files(reference, paths, 0, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_INVALID_ARGUMENT);
    g_clear_error(&error);
    assert_null(carenet_validate_files(NULL, paths, 1, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_INVALID_ARGUMENT);
}

static void
the_network_is_described_once(void **state)
{
    (void)state;
    static const char text[] =
        "network: {id: net, name: Net, demonstration_now: \"2026-11-16T09:00:00+08:00\"}\n";
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    g_autoptr(CnNetwork) network = cn_network_new();
    cn_region_text_read(text, strlen(text), "a", network, reference, issues);
    assert_int_equal(cn_issue_list_len(issues), 0);
    assert_string_equal(network->id, "net");
    assert_string_equal(network->name, "Net");
    assert_int_equal(network->demonstration_now.s, 1794790800);
    cn_region_text_read(text, strlen(text), "b", network, reference, issues);
    assert_int_equal(cn_issue_list_len(issues), 1);
    assert_string_equal(cn_issue_list_get(issues, 0)->tag, "duplicate-id");
    assert_string_equal(cn_issue_list_get(issues, 0)->pos.file, "b");
}

/* Random damage to a whole region: never a crash, and every error has a place. */
static void
damaged_regions_are_survived(void **state)
{
    (void)state;
    static const char alphabet[] = "[]{}:,-?&*!|>'\"#\n x19\xC3";
    g_autofree char *path = g_build_filename(reference->data_dir, "regions", "caraga.yaml", NULL);
    g_autofree char *text = NULL;
    gsize len = 0;
    assert_true(g_file_get_contents(path, &text, &len, NULL));
    guint32 seed = g_random_int();
    print_message("seed %u\n", seed);
    g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
    for (guint round = 0; round < 150; round++) {
        gsize part = (gsize)g_rand_int_range(rand, 1, (gint32)len);
        g_autofree char *damaged = g_memdup2(text, part);
        for (guint i = 0; i < 3; i++)
            damaged[g_rand_int_range(rand, 0, (gint32)part)] =
                alphabet[g_rand_int_range(rand, 0, sizeof alphabet - 1)];
        g_autoptr(CnIssueList) issues = cn_issue_list_new();
        g_autoptr(CnNetwork) network = cn_network_new();
        cn_region_text_read(damaged, part, "damaged", network, reference, issues);
        cn_network_sort(network);
        cn_network_check(network, reference, issues);
        for (guint i = 0; i < cn_issue_list_len(issues); i++)
            assert_true(cn_issue_list_get(issues, i)->pos.line > 0);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fixtures_give_their_issues),
        cmocka_unit_test(issues_do_not_quote_the_place),
        cmocka_unit_test(every_key_is_kept),
        cmocka_unit_test(offerings_are_kept),
        cmocka_unit_test(homes_are_restricted_by_default),
        cmocka_unit_test(shipped_files_have_no_errors),
        cmocka_unit_test(the_first_error_becomes_the_error),
        cmocka_unit_test(a_huge_file_is_refused_by_its_size),
        cmocka_unit_test(validate_tells_answers_from_failures),
        cmocka_unit_test(the_network_is_described_once),
        cmocka_unit_test(damaged_regions_are_survived),
    };
    return cmocka_run_group_tests(tests, open_reference, close_reference);
}
