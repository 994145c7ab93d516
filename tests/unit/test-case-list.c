/* Lists of cases as CSV and NDJSON: what is read, what is refused and where, what is left out and given
 * back; the same as the reader of case files says; no finding quotes a fact. */
#include "format/case-list.h"
#include "format/case-file.h"
#include "model/case-digest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define HEADER "ref,area,age,sex,needs\n"

static int
open_reference(void **state)
{
    g_autoptr(GError) error = NULL;
    *state = carenet_reference_open(g_getenv("CARENET_TEST_DATA"), &error);
    assert_null(error);
    return 0;
}

static int
close_reference(void **state)
{
    carenet_reference_unref(*state);
    return 0;
}

typedef struct {
    carenet_cases *cases;
    CnIssueList *issues;
    gboolean read;
} Answer;

static Answer
read_by(carenet_reference *reference,
        const char *name,
        const char *text,
        gboolean keep_sound,
        guint threads)
{
    Answer answer = {carenet_cases_new(reference), cn_issue_list_new(), FALSE};
    carenet_cases_options options;
    carenet_cases_options_init(&options);
    options.keep_sound = keep_sound;
    options.threads = threads;
    answer.read =
        cn_case_list_read(text, strlen(text), name, &options, NULL, answer.cases, answer.issues);
    carenet_table_unref(cn_issue_list_to_table(answer.issues)); /* sorts */
    return answer;
}

static Answer
read_named(carenet_reference *reference, const char *name, const char *text, gboolean keep_sound)
{
    return read_by(reference, name, text, keep_sound, 1);
}

static void
clear_answer(Answer *answer)
{
    carenet_cases_unref(answer->cases);
    cn_issue_list_free(answer->issues);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Answer, clear_answer)

/* "tag@line:column ..." */
static char *
list_issues(const CnIssueList *issues)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < cn_issue_list_len(issues); i++) {
        const CnIssue *issue = cn_issue_list_get(issues, i);
        assert_null(strchr(issue->message, '\n'));
        assert_null(strstr(issue->message, "SECRET"));
        g_string_append_printf(out, "%s%s%s@%u:%u", i > 0 ? " " : "",
                               issue->severity == CN_SEVERITY_ERROR ? "" : "~", issue->tag,
                               issue->pos.line, issue->pos.column);
    }
    return g_string_free(out, FALSE);
}

static const CnCase *
case_at(const Answer *answer, guint i)
{
    return g_ptr_array_index(answer->cases->cases, i);
}

static void
csv_says_what_yaml_says(void **state)
{
    static const char csv[] =
        "\xEF\xBB\xBFRef;Area;age;sex;languages;groups;access;siblings;urgency;needs;known_to;avoid;"
        "remote_safe;max_travel_min;consent;documents;assessments;keep_apart;#mine;bundle\r\n"
        "C-1;Cagayan de Oro;15;female;\"ceb;fil\";deaf;wheelchair;S:1:require;urgent;"
        "\"trauma-therapy; emergency-shelter@emergency\";ex-nmn-014;"
        "\"area:Iligan|provider:ex-nmn-003|organization:org-a|Butuan|ex-org-9\";TRUE;90;minimum;"
        "police-report;kinship-assessment@2026-11-05;C-9;x;"
        "\"prefer: emergency-shelter; trauma-therapy\"\r\n";
    static const char yaml[] =
        "- {ref: C-1, area: Cagayan de Oro, age: 15, sex: female, languages: [ceb, fil],\n"
        "   groups: [deaf], access: [wheelchair], siblings: {group: 'S:1', keep: require},\n"
        "   urgency: urgent, needs: [trauma-therapy, emergency-shelter@emergency],\n"
        "   known_to: [ex-nmn-014], avoid: {areas: [Iligan, Butuan],\n"
        "   providers: [ex-nmn-003, ex-org-9], organizations: [org-a, ex-org-9]},\n"
        "   remote_safe: true, max_travel_min: 90, consent: minimum, documents: [police-report],\n"
        "   bundle: {keep: prefer, needs: [emergency-shelter, trauma-therapy]},\n"
        "   assessments: [{kind: kinship-assessment, on: 2026-11-05}], keep_apart: [C-9]}\n";
    g_auto(Answer) a = read_named(*state, "x.csv", csv, FALSE);
    g_auto(Answer) b = read_named(*state, "x.yaml", yaml, FALSE);
    g_autofree char *found = list_issues(a.issues);
    assert_true(a.read);
    assert_true(b.read);
    assert_string_equal(found, "~sibling-alone@2:56 ~unknown-ref@2:261");
    const CnCase *c = case_at(&a, 0), *y = case_at(&b, 0);
    assert_string_equal(c->ref, y->ref);
    assert_int_equal(c->area, y->area);
    assert_int_equal(c->age_min, 15);
    assert_int_equal(c->age_max, 15);
    assert_int_equal(c->sex, y->sex);
    assert_memory_equal(&c->languages, &y->languages, sizeof c->languages);
    assert_memory_equal(&c->groups, &y->groups, sizeof c->groups);
    assert_memory_equal(&c->access, &y->access, sizeof c->access);
    assert_memory_equal(&c->documents, &y->documents, sizeof c->documents);
    assert_string_equal(c->siblings_group, "S:1");
    assert_int_equal(c->siblings, CN_SIBLINGS_REQUIRE);
    assert_int_equal(c->bundle, CN_BUNDLE_PREFER);
    assert_int_equal(c->bundle_services->len, 2);
    assert_memory_equal(c->bundle_services->data, y->bundle_services->data,
                        2 * sizeof(CnServiceId));
    assert_int_equal(c->needs->len, 2);
    for (guint i = 0; i < 2; i++) {
        const CnNeed *need = &g_array_index(c->needs, CnNeed, i);
        const CnNeed *same = &g_array_index(y->needs, CnNeed, i);
        assert_int_equal(need->service, same->service);
        assert_int_equal(need->urgency, same->urgency);
    }
    assert_int_equal(c->avoid.areas->len, 2);
    assert_memory_equal(c->avoid.areas->data, y->avoid.areas->data, 2 * sizeof(CnAreaId));
    assert_string_equal(c->avoid.providers->pdata[0], "ex-nmn-003");
    assert_string_equal(c->avoid.providers->pdata[1], "ex-org-9");
    assert_string_equal(c->avoid.organizations->pdata[0], "org-a");
    assert_string_equal(c->avoid.organizations->pdata[1], "ex-org-9");
    assert_string_equal(c->known_to->pdata[0], "ex-nmn-014");
    assert_string_equal(c->keep_apart->pdata[0], "C-9");
    assert_true(c->remote_safe);
    assert_int_equal(c->max_travel_min, 90);
    assert_int_equal(c->consent, CN_CONSENT_MINIMUM);
    assert_int_equal(c->assessments->len, 1);
    assert_memory_equal(c->assessments->data, y->assessments->data, sizeof(CnAssessment));
}

/* Capitals, commas and line breaks in a cell, numbers of a column that has gaps. */
static void
csv_is_read_as_people_write_it(void **state)
{
    g_auto(Answer) a = read_named(
        *state, "x.csv",
        "ref,area,age,sex,languages,urgency,needs,bundle,siblings,remote_safe,max_travel_min,consent,"
        "avoid,known_to\n"
        "C-1,\"San Isidro, Bohol\",15.0,Female,\"CEB, fil\",URGENT,\"trauma-therapy,emergency-shelter@"
        "Emergency\nlegal-assistance\",Prefer,S-1:Apart,Y,120.00,FULL,\"San Isidro, Bohol\nIligan\","
        "\"ex-nmn-014, ex-nmn-003\"\n",
        FALSE);
    g_auto(Answer) b = read_named(
        *state, "x.yaml",
        "- {ref: C-1, area: 'San Isidro, Bohol', age: 15, sex: FEMALE, languages: [ceb, fil],\n"
        "   urgency: Urgent, needs: [trauma-therapy, emergency-shelter@EMERGENCY, legal-assistance],\n"
        "   bundle: PREFER, siblings: {group: S-1, keep: APART}, remote_safe: true,\n"
        "   max_travel_min: 120, consent: Full, avoid: {areas: ['San Isidro, Bohol', Iligan]},\n"
        "   known_to: [ex-nmn-014, ex-nmn-003]}\n",
        FALSE);
    g_autofree char *found = list_issues(a.issues);
    assert_string_equal(found, "~sibling-alone@3:26");
    assert_true(a.read && b.read);
    g_autofree char *one = cn_cases_digest(a.cases), *other = cn_cases_digest(b.cases);
    assert_string_equal(one, other);
    assert_int_equal(case_at(&a, 0)->avoid.areas->len, 2);
}

/* What is wrong comes with what is right. */
static void
says_how_to_write_it(void **state)
{
    static const struct {
        const char *text, *message, *suggestion;
    } texts[] = {
        {"ref,area,needs,intake day\n", "column 4 is not one of a case list",
         "begin its name with # if it is your own; a list has the columns ref, area, age, age_band, "
         "urgency, needs, siblings, keep_apart, sex, languages, groups, access, documents, known_to, "
         "avoid, assessments, remote_safe, max_travel_min, consent, bundle"},
        {"ref,area,needs,age_bands,intake day\n", "column 4 is not one of a case list",
         "did you mean age_band?"},
        {"ref,area,needs,siblings\nC-1,Iligan,trauma-therapy,S-1\n",
         "siblings does not say whether they stay together",
         "add keep: require, prefer or apart; in a cell GROUP:require"},
        {HEADER "C-1,Iligan,nine,male,trauma-therapy\n", "age must be a whole number",
         "write digits only, such as 15"},
        {HEADER "C-1,Iligan,900,male,trauma-therapy\n", "age must be from 0 to 120",
         "check the digits"},
        {"ref,area,needs,remote_safe\nC-1,Iligan,trauma-therapy,maybe\n",
         "remote_safe must be true or false", NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_auto(Answer) answer = read_named(*state, "a.csv", texts[i].text, FALSE);
        const CnIssue *issue = cn_issue_list_get(answer.issues, 0);
        assert_string_equal(issue->message, texts[i].message);
        if (texts[i].suggestion != NULL)
            assert_string_equal(issue->suggestion, texts[i].suggestion);
    }
}

static void
ndjson_says_what_yaml_says(void **state)
{
    g_auto(Answer) a = read_named(
        *state, "standard input",
        "\xEF\xBB\xBF{\"ref\": \"C-1\", \"area\": \"Para\\u00f1aque\", \"age\": 9, \"needs\": "
        "[{\"service\": \"emergency-shelter\", \"units\": 2, \"prefer\": \"ex-nmn-014\"}]}\r\n"
        "\n"
        "{\"ref\": \"C-2\", \"area\": \"1380300000\", \"remote_safe\": true, \"sex\": null, "
        "\"needs\": [\"trauma-therapy\"]}",
        FALSE);
    g_autofree char *found = list_issues(a.issues);
    assert_string_equal(found, "");
    assert_true(a.read);
    assert_int_equal(carenet_cases_len(a.cases), 2);
    const CnNeed *need = &g_array_index(case_at(&a, 0)->needs, CnNeed, 0);
    assert_int_equal(need->units, 2);
    assert_string_equal(need->prefer->pdata[0], "ex-nmn-014");
    assert_true(case_at(&a, 1)->remote_safe);
    assert_int_equal(case_at(&a, 1)->sex, CN_SEX_UNSTATED);
}

static void
names_every_bad_cell(void **state)
{
    static const struct {
        const char *name, *text, *found;
    } texts[] = {
        {"a.csv", HEADER "C-1,SECRETville,15,female,trauma-therapy\n", "unknown-area@2:5"},
        {"a.csv", HEADER "C-1,Iligan,15,SECRET,trauma-therapy\n", "unknown-word@2:15"},
        {"a.csv", HEADER "C-1,Iligan,-1,male,trauma-therapy\n", "impossible-value@2:12"},
        {"a.csv", HEADER "C-1,Iligan,99999999999999999999999,male,trauma-therapy\n",
         "impossible-value@2:12"},
        {"a.csv", HEADER "C-1,Iligan,SECRET,male,trauma-therapy\n", "wrong-type@2:12"},
        {"a.csv", HEADER "C-1,Iligan,9.5,male,trauma-therapy\n", "wrong-type@2:12"},
        {"a.csv", HEADER "C-1,Iligan,9,male,SECRETs\n", "unknown-service@2:19"},
        {"a.csv", HEADER "C-1,Iligan,9,male,trauma-therapy@SECRET\n", "unknown-word@2:19"},
        {"a.csv", HEADER "C-1,Iligan,9,male,\n", "no-need@2:19"},
        {"a.csv", HEADER ",Iligan,9,male,trauma-therapy\n", "missing-key@2:1"},
        {"a.csv", HEADER "C-1,,9,male,trauma-therapy\n", "missing-key@2:5"},
        {"a.csv", HEADER "Maria Santos,Iligan,9,male,trauma-therapy\n", "personal-data@2:1"},
        {"a.csv", HEADER "C-1,0917-123-4567,9,male,trauma-therapy\n", "personal-data@2:5"},
        {"a.csv", HEADER "C-1,a@b.ph,2010-05-03,male,trauma-therapy\n",
         "personal-data@2:5 personal-data@2:12"},
        {"a.csv", HEADER "C-1,San Isidro,9,male,trauma-therapy\n", "ambiguous-area@2:5"},
        {"a.csv",
         HEADER "C-1,Iligan,9,male,trauma-therapy\nC-2,Iligan,9,male,trauma-therapy\n"
                "C-1,Iligan,9,male,trauma-therapy\n",
         "duplicate-ref@2:1 duplicate-ref@4:1"},
        {"a.csv", HEADER "C-1,Iligan,9,male\n", "wrong-cells@2:1"},
        {"a.csv", HEADER "C-1,\"Iligan,9,male,trauma-therapy\n", "bad-quote@2:5"},
        {"a.csv", "ref,area,needs,name\n", "personal-data@1:16"},
        {"a.csv", "ref,area,needs,SECRETcolumn\n", "unknown-key@1:16"},
        {"a.csv", "ref,area,needs,area\n", "duplicate-column@1:16"},
        {"a.csv", "ref,needs\nC-1,trauma-therapy\n", "missing-column@1:1"},
        {"a.csv", "C-1,Iligan,trauma-therapy\n",
         "missing-column@1:1 missing-column@1:1 missing-column@1:1 unknown-key@1:1 unknown-key@1:5 "
         "unknown-key@1:12"},
        {"a.csv", "", "missing-column@1:1"},
        {"a.xlsx", "PK\003\004...", "bad-encoding@1:1"},
        {"a.csv", "PK\003\004...", "bad-encoding@1:1"},
        {"a.xls", "\xD0\xCF\x11\xE0", "bad-encoding@1:1"},
        {"a.csv", HEADER, "no-case@1:1"},
        {"a.csv", "ref,area,needs,age,age_band\nC-1,Iligan,trauma-therapy,9,9-12\n",
         "contradiction@2:29"},
        {"a.csv", "ref,area,needs,siblings\nC-1,Iligan,trauma-therapy,S-1\n",
         "missing-key@2:27 ~sibling-alone@2:27"},
        {"a.csv", "ref,area,needs,avoid\nC-1,Iligan,trauma-therapy,cagayan-de-ora\n",
         "unknown-area@2:27"},
        {"a.csv", "ref,area,needs,avoid\nC-1,Iligan,trauma-therapy,Nowhere at all\n",
         "unknown-area@2:27"},
        {"a.csv", "ref,area,needs,avoid\nC-1,Iligan,trauma-therapy,ex-nmn-014/trauma-therapy\n",
         "impossible-value@2:27"},
        {"a.csv", "ref,area,needs,assessments\nC-1,Iligan,trauma-therapy,kinship-assessment\n",
         "missing-key@2:27"},
        {"a.ndjson", "", "no-case@1:1"},
        {"a.ndjson", "{\"ref\": \"C-1\", \"area\": \"SECRET\", \"needs\": [\"trauma-therapy\"]}\n",
         "unknown-area@1:24"},
        {"a.ndjson", "\n{\"ref\": \"C-1\" \"area\"}\n", "json-syntax@2:20"},
        {"a.ndjson", "{\"ref\": \"\xc3\xb1\", \"age\": 99999999999999999999}\n",
         "json-syntax@1:21"},
        {"a.ndjson", "{\"ref\": \"C-1\", \"ref\": \"C-2\"}\n", "duplicate-key@1:20"},
        {"a.ndjson", "[1, 2]\n", "wrong-type@1:1"},
        {"a.ndjson", "\"SECRET\"\n", "wrong-type@1:1"},
        {"a.ndjson",
         "{\"ref\": \"C-1\", \"area\": \"Iligan\", \"needs\": [\"trauma-therapy\"], \"phone\": "
         "\"SECRET\"}\n",
         "personal-data@1:63"},
        {"a.ndjson", "{\"ref\": \"C-1\", \"area\": \"Iligan\", \"needs\": []}\n", "no-need@1:1"},
        {"a.ndjson",
         "{\"ref\": \"C-1\", \"area\": \"Iligan\", \"age\": 1e3, \"needs\": [\"trauma-therapy\"]}\n",
         "wrong-type@1:41"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_auto(Answer) answer = read_named(*state, texts[i].name, texts[i].text, FALSE);
        g_autofree char *found = list_issues(answer.issues);
        assert_string_equal(found, texts[i].found);
        assert_false(answer.read);
        assert_int_equal(carenet_cases_len(answer.cases), 0);
    }
    print_message("%zu bad texts, each refused at its place\n", G_N_ELEMENTS(texts));
}

/* The same bad value a hundred times is told a hundred times, each at its own place. */
static void
repeats_what_it_found(void **state)
{
    g_autoptr(GString) text = g_string_new(HEADER);
    for (guint i = 0; i < 100; i++)
        g_string_append_printf(text, "C-%u,Nowhere,9,male,trauma-therapy\n", i);
    g_auto(Answer) answer = read_named(*state, "a.csv", text->str, FALSE);
    assert_int_equal(cn_issue_list_errors(answer.issues), 100);
    for (guint i = 0; i < 100; i++)
        assert_int_equal(cn_issue_list_get(answer.issues, i)->pos.line, i + 2);
}

static void
leaves_out_bad_rows(void **state)
{
    static const struct {
        const char *name, *text, *refused, *kept;
        guint refused_len;
    } texts[] = {
        {"a.csv", HEADER "C-1,Iligan,9,male,trauma-therapy\nC-2,Nowhere,9,male,trauma-therapy\n",
         HEADER "C-2,Nowhere,9,male,trauma-therapy\n", "C-1 ", 1},
        {"a.csv",
         HEADER "C-1,Iligan,9,male,trauma-therapy\n\nC-2,Iligan\nC-3,Iligan,9,male,"
                "trauma-therapy\n\"open,Iligan,9,male,trauma-therapy",
         HEADER "\nC-2,Iligan\n\"open,Iligan,9,male,trauma-therapy", "C-1 C-3 ", 2},
        {"a.csv",
         HEADER "C-1,Iligan,9,male,trauma-therapy\nC-1,Iligan,9,male,trauma-therapy\n"
                "C-2,Iligan,9,male,trauma-therapy",
         HEADER "C-1,Iligan,9,male,trauma-therapy\nC-1,Iligan,9,male,trauma-therapy\n", "C-2 ", 2},
        {"a.csv",
         "ref,area,needs,siblings\nC-1,Iligan,trauma-therapy,S:require\n"
         "C-2,Nowhere,trauma-therapy,S:require\nC-3,Iligan,trauma-therapy,T:prefer\n",
         "ref,area,needs,siblings\nC-1,Iligan,trauma-therapy,S:require\n"
         "C-2,Nowhere,trauma-therapy,S:require\n",
         "C-3 ", 2},
        {"a.ndjson",
         "{\"ref\": \"C-1\", \"area\": \"Iligan\", \"needs\": [\"trauma-therapy\"]}\nnot json\n"
         "{\"ref\": \"C-2\"}",
         "not json\n{\"ref\": \"C-2\"}\n", "C-1 ", 2},
        {"a.ndjson", "not json\n", "not json\n", "", 1},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_auto(Answer) answer = read_named(*state, texts[i].name, texts[i].text, TRUE);
        g_autoptr(GString) kept = g_string_new(NULL);
        assert_true(answer.read);
        for (guint k = 0; k < answer.cases->cases->len; k++)
            g_string_append_printf(kept, "%s ", case_at(&answer, k)->ref);
        assert_string_equal(kept->str, texts[i].kept);
        assert_string_equal(carenet_cases_refused(answer.cases), texts[i].refused);
        assert_int_equal(carenet_cases_refused_len(answer.cases), texts[i].refused_len);
    }
}

static void
sound_lists_leave_nothing_out(void **state)
{
    g_auto(Answer) answer =
        read_named(*state, "a.csv", HEADER "C-1,Iligan,9,male,trauma-therapy\n", TRUE);
    assert_true(answer.read);
    assert_null(carenet_cases_refused(answer.cases));
    assert_int_equal(carenet_cases_refused_len(answer.cases), 0);
    g_auto(Answer) yaml = read_named(*state, "a.yaml", "{ref: C-1}\n", TRUE);
    assert_false(yaml.read);
    g_auto(Answer) header = read_named(*state, "a.csv", "ref,area,needs,phone\n", TRUE);
    assert_false(header.read);
}

static void
guesses_the_kind(void **state)
{
    static const struct {
        const char *name, *text;
        carenet_cases_format format;
    } texts[] = {
        {"a.CSV", "", CARENET_CASES_CSV},
        {"a.tsv", "", CARENET_CASES_CSV},
        {"a.jsonl", "", CARENET_CASES_NDJSON},
        {"a.yml", "ref,area", CARENET_CASES_YAML},
        {"a.json", "{}\n{}", CARENET_CASES_YAML},
        {"in", "ref,area,needs\n", CARENET_CASES_CSV},
        {"in", "\xEF\xBB\xBF\"Ref\";\"area\"\r\n", CARENET_CASES_CSV},
        {"in", "sep=;\nage;ref\n", CARENET_CASES_CSV},
        {"in", "{\"ref\": 1}\n\n {\"ref\": 2}\n", CARENET_CASES_NDJSON},
        {"in", "{\"ref\": 1}\n", CARENET_CASES_YAML},
        {"in", "[{\"ref\": 1}]\n", CARENET_CASES_YAML},
        {"in", "ref: C-1, x\n", CARENET_CASES_YAML},
        {"in", "- ref: C-1\n", CARENET_CASES_YAML},
        {"in", "", CARENET_CASES_YAML},
    };
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        assert_int_equal(cn_case_list_guess(texts[i].name, texts[i].text, strlen(texts[i].text)),
                         texts[i].format);
}

/* Row for row what the reader of case files says to the same facts, whatever stands before. */
static void
agrees_with_case_files(void **state)
{
    static const char *const areas[] = {"Iligan", "Nowhere", "cebu city", "San Isidro",
                                        "0917-123-4567"};
    static const char *const ages[] = {"9", "-1", "121", "x", "0"};
    static const char *const sexes[] = {"male", "female", "Male", "unstated", "m"};
    static const char *const needs[] = {"trauma-therapy", "shelter", "trauma-therapy@urgent",
                                        "no-such", "trauma-therapy@now"};
    guint rows = 0;
    for (guint i = 0; i < 625; i++) {
        const char *area = areas[i % 5], *age = ages[i / 5 % 5], *sex = sexes[i / 25 % 5],
                   *need = needs[i / 125];
        g_autofree char *csv =
            g_strdup_printf(HEADER "C-%u,%s,%s,%s,%s\n", i, area, age, sex, need);
        g_autofree char *json =
            g_strdup_printf("{\"ref\": \"C-%u\", \"area\": \"%s\", \"age\": %s, "
                            "\"sex\": \"%s\", \"needs\": [\"%s\"]}",
                            i, area, strcmp(age, "x") == 0 ? "\"x\"" : age, sex, need);
        g_auto(Answer) a = read_named(*state, "a.csv", csv, FALSE);
        g_auto(Answer) b = read_named(*state, "a.ndjson", json, FALSE);
        g_auto(Answer) c = read_named(*state, "a.yaml", json, FALSE);
        assert_int_equal(a.read, c.read);
        assert_int_equal(b.read, c.read);
        assert_int_equal(cn_issue_list_len(a.issues), cn_issue_list_len(c.issues));
        for (guint k = 0; k < cn_issue_list_len(c.issues); k++) {
            assert_string_equal(cn_issue_list_get(a.issues, k)->tag,
                                cn_issue_list_get(c.issues, k)->tag);
            assert_int_equal(cn_issue_list_get(b.issues, k)->pos.column,
                             cn_issue_list_get(c.issues, k)->pos.column);
        }
        rows++;
    }
    print_message("%u rows read alike from CSV, NDJSON and YAML\n", rows);
}

static void
long_lists_share_what_they_say(void **state)
{
    g_autoptr(GString) text = g_string_new(HEADER);
    g_autoptr(GError) error = NULL;
    for (guint i = 0; i < 20000; i++)
        g_string_append_printf(text, "C-%u,Iligan,%u,female,trauma-therapy\n", i, i % 18);
    g_autoptr(carenet_cases) cases =
        carenet_cases_read(*state, text->str, text->len, "a.csv", NULL, NULL, &error);
    assert_non_null(cases);
    assert_int_equal(carenet_cases_len(cases), 20000);
    const CnCase *a = g_ptr_array_index(cases->cases, 0), *b = g_ptr_array_index(cases->cases, 1);
    assert_ptr_equal(a->needs, b->needs);
    assert_ptr_equal(a->known_to, b->known_to);
}

static void
refuses_missing_arguments(void **state)
{
    carenet_cases_options options = {0};
    g_autoptr(GError) error = NULL;
    assert_null(carenet_cases_read(NULL, "", 0, "a", NULL, NULL, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_INVALID_ARGUMENT);
    assert_null(carenet_cases_read(*state, NULL, 0, "a", NULL, NULL, NULL));
    assert_null(carenet_cases_read(*state, "", 0, NULL, NULL, NULL, NULL));
    assert_null(carenet_cases_read(*state, "", 0, "a", &options, NULL, NULL));
    assert_null(carenet_cases_read_file(NULL, "a", NULL, NULL, NULL));
    assert_null(carenet_cases_read_file(*state, NULL, NULL, NULL, NULL));
    assert_null(carenet_cases_read_file(*state, "a", &options, NULL, NULL));
    g_clear_error(&error);
    assert_null(carenet_cases_read_file(*state, "no/such/file.csv", NULL, NULL, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_IO);
    carenet_cases_options_init(NULL);
    assert_int_equal(carenet_cases_refused_len(NULL), 0);
    assert_null(carenet_cases_refused(NULL));
}

/* ---- Threads. */

/* A line around a number. */
typedef struct {
    const char *before, *after;
} Line;

/* Lines of a list as long as a few parts of it, of which one in @wrong_of is wrong in some way; 0 none is. */
static char *
long_list(GRand *rand, guint lines, guint wrong_of)
{
    static const Line sound = {
        "{\"ref\": \"C-", "\", \"area\": \"Butuan\", \"age\": 14, \"sex\": \"female\", "
                          "\"languages\": [\"ceb\"], \"needs\": [{\"service\": \"trauma-therapy\", "
                          "\"urgency\": \"urgent\"}], \"remote_safe\": true}\n"};
    static const Line wrong[] = {
        {"{\"ref\": \"C-", "\", \"area\": \"Ilogan\", \"needs\": [\"trauma-therapy\"]}\n"},
        {"{\"ref\": \"C-", "\", \"area\": \"Butuan\"}\n"},
        {"{\"ref\": \"C-", "\", \"area\": \n"},
        {"[", "]\n"},
        {"{\"ref\": \"C-", "\", \"ref\": \"C-2\", \"area\": \"Butuan\"}\n"},
    };
    GString *text = g_string_new(g_rand_boolean(rand) ? "\xEF\xBB\xBF" : "");
    for (guint i = 0; i < lines; i++) {
        const gboolean is_wrong = wrong_of > 0 && g_rand_int_range(rand, 0, (gint)wrong_of) == 0;
        const Line *line =
            is_wrong ? &wrong[g_rand_int_range(rand, 0, G_N_ELEMENTS(wrong))] : &sound;
        const guint number = is_wrong && g_rand_boolean(rand) ? i / 2 : i;
        g_string_append_printf(text, "%s%u%s", line->before, number, line->after);
        if (g_rand_int_range(rand, 0, 50) == 0)
            g_string_append(text, "\r\n");
    }
    return g_string_free(text, FALSE);
}

static void
compare_threads(carenet_reference *reference, const char *text, gboolean keep_sound)
{
    g_auto(Answer) one = read_by(reference, "x.ndjson", text, keep_sound, 1);
    g_autofree char *issues = list_issues(one.issues);
    g_autofree char *digest = cn_cases_digest(one.cases);
    for (guint threads = 2; threads <= 8; threads *= 2) {
        g_auto(Answer) many = read_by(reference, "x.ndjson", text, keep_sound, threads);
        g_autofree char *other_issues = list_issues(many.issues);
        g_autofree char *other_digest = cn_cases_digest(many.cases);
        assert_int_equal(many.read, one.read);
        assert_string_equal(other_issues, issues);
        assert_int_equal(cn_issue_list_errors(many.issues), cn_issue_list_errors(one.issues));
        assert_int_equal(many.cases->cases->len, one.cases->cases->len);
        assert_string_equal(other_digest, digest);
        assert_int_equal(many.cases->refused_len, one.cases->refused_len);
        assert_true(g_strcmp0(many.cases->refused, one.cases->refused) == 0);
        for (guint i = 0; i < one.cases->cases->len; i++)
            assert_int_equal(case_at(&many, i)->pos.line, case_at(&one, i)->pos.line);
    }
}

static void
reads_the_same_by_any_number_of_threads(void **state)
{
    static const guint wrong_of[] = {0, 30, 2000};
    g_autoptr(GRand) rand = g_rand_new_with_seed(7);
    for (guint i = 0; i < 4 * G_N_ELEMENTS(wrong_of); i++) {
        g_autofree char *text = long_list(rand, 2000, wrong_of[i / 4]);
        compare_threads(*state, text, i % 2 == 0);
    }
    compare_threads(*state, "", TRUE);
    compare_threads(*state, "\n\n", FALSE);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(csv_says_what_yaml_says),
        cmocka_unit_test(csv_is_read_as_people_write_it),
        cmocka_unit_test(says_how_to_write_it),
        cmocka_unit_test(ndjson_says_what_yaml_says),
        cmocka_unit_test(names_every_bad_cell),
        cmocka_unit_test(repeats_what_it_found),
        cmocka_unit_test(leaves_out_bad_rows),
        cmocka_unit_test(sound_lists_leave_nothing_out),
        cmocka_unit_test(guesses_the_kind),
        cmocka_unit_test(agrees_with_case_files),
        cmocka_unit_test(long_lists_share_what_they_say),
        cmocka_unit_test(refuses_missing_arguments),
        cmocka_unit_test(reads_the_same_by_any_number_of_threads),
    };
    return cmocka_run_group_tests(tests, open_reference, close_reference);
}
