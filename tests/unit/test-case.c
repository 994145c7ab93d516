/* Cases through the public functions: facts, texts, files, and the check of a list. */
#include "base/error.h"
#include "format/yaml.h"
#include "model/case.h"

#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

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

static const char *const one_need[] = {"trauma-therapy"};

static carenet_case_facts
good_facts(const char *ref)
{
    carenet_case_facts facts;
    carenet_case_facts_init(&facts);
    facts.ref = ref;
    facts.area = "Cagayan de Oro";
    facts.needs = one_need;
    facts.needs_len = 1;
    return facts;
}

static const CnCase *
case_at(const carenet_cases *cases, guint i)
{
    return g_ptr_array_index(cases->cases, i);
}

/* ---- Facts. */

static void
takes_facts(void **state)
{
    static const char *const needs[] = {"trauma-therapy", "Shelter"};
    static const char *const languages[] = {"ceb", "Tagalog"};
    static const char *const groups[] = {"deaf"};
    static const char *const access[] = {"sign-language"};
    g_autoptr(GError) error = NULL;
    carenet_reference *reference = *state;
    g_autoptr(carenet_cases) cases = carenet_cases_new(reference);
    carenet_case_facts facts = good_facts(NULL);
    facts.age = 15;
    facts.sex = "female";
    facts.urgency = "emergency";
    facts.needs = needs;
    facts.needs_len = 2;
    facts.languages = languages;
    facts.languages_len = 2;
    facts.groups = groups;
    facts.groups_len = 1;
    facts.access = access;
    facts.access_len = 1;
    facts.remote_safe = 1;
    facts.max_travel_min = 90;
    assert_true(carenet_cases_add(cases, &facts, &error));
    facts = good_facts("C-2");
    assert_true(carenet_cases_add(cases, &facts, NULL));
    assert_int_equal(carenet_cases_len(cases), 2);
    assert_string_equal(carenet_cases_ref_at(cases, 0), "case");
    assert_string_equal(carenet_cases_ref_at(cases, 1), "C-2");

    const CnCase *full = case_at(cases, 0), *blank = case_at(cases, 1);
    assert_string_equal(cn_area(reference->gazetteer, full->area)->code, "1030500000");
    assert_int_equal(full->age_min, 15);
    assert_int_equal(full->age_max, 15);
    assert_int_equal(full->sex, CN_SEX_FEMALE);
    assert_int_equal(full->needs->len, 2);
    const CnNeed *need = &g_array_index(full->needs, CnNeed, 1);
    assert_string_equal(cn_service(reference->taxonomy, need->service)->id, "emergency-shelter");
    assert_int_equal(need->urgency, CN_EMERGENCY);
    assert_int_equal(need->units, 1);
    g_autofree char *spoken =
        cn_term_set_join(reference->terms[CARENET_TERMS_LANGUAGES], full->languages, ",");
    assert_string_equal(spoken, "fil,ceb");
    assert_false(cn_term_set_is_empty(full->groups));
    assert_false(cn_term_set_is_empty(full->access));
    assert_true(full->remote_safe);
    assert_int_equal(full->max_travel_min, 90);
    assert_int_equal(blank->age_min, -1);
    assert_int_equal(blank->sex, CN_SEX_UNSTATED);
    assert_int_equal(blank->urgency, CN_ROUTINE);
    assert_false(blank->remote_safe);
}

/* Each row breaks one fact of a good case; the canary must not come back. */
typedef struct {
    carenet_error_code code;
    const char *hint; /* a part of it */
    carenet_case_facts facts;
} BadFacts;

static void
refuses_facts(void **state)
{
    static const char *const bird[] = {"canary"}, *const hole[] = {NULL};
    static const char *const near[] = {"trauma-terapy"}, *const near_term[] = {"cebb"};
    const carenet_case_facts good = good_facts("C-1");
    BadFacts rows[32];
    gsize len = 0;
#define BAD(error_code, hint_part, field, ...)               \
    do {                                                     \
        rows[len] = (BadFacts){error_code, hint_part, good}; \
        rows[len++].facts.field = __VA_ARGS__;               \
    } while (0)
    const carenet_error_code argument = CARENET_ERROR_INVALID_ARGUMENT;
    const carenet_error_code missing = CARENET_ERROR_NOT_FOUND;
    BAD(argument, NULL, size, 0);
    BAD(argument, NULL, size, sizeof(carenet_case_facts) / 2);
    BAD(argument, "opaque", ref, "Canary Canary");
    BAD(argument, "opaque", ref, "canary@example.org");
    BAD(argument, "opaque", ref, "canary 1");
    BAD(argument, NULL, ref, "canary/1");
    BAD(argument, NULL, ref, "");
    BAD(argument, NULL, area, NULL);
    BAD(missing, NULL, area, "canary");
    BAD(missing, "Cagayan de Oro", area, "Cagayan de Orro");
    BAD(CARENET_ERROR_INVALID_ARGUMENT, "San Isidro, Bohol", area, "San Isidro");
    BAD(argument, NULL, age, -2);
    BAD(argument, NULL, age, 121);
    BAD(argument, NULL, sex, "canary");
    BAD(argument, NULL, urgency, "canary");
    BAD(argument, NULL, needs, NULL);
    BAD(argument, NULL, needs_len, 0);
    BAD(argument, NULL, needs, hole);
    BAD(missing, NULL, needs, bird);
    BAD(missing, "trauma-therapy", needs, near);
    BAD(argument, NULL, languages_len, 1);
    BAD(argument, NULL, remote_safe, 2);
    BAD(argument, NULL, remote_safe, -2);
    BAD(argument, NULL, max_travel_min, -1);
    BAD(argument, NULL, max_travel_min, 100001);
#undef BAD
    rows[len] = (BadFacts){missing, "ceb", good};
    rows[len].facts.languages = near_term;
    rows[len++].facts.languages_len = 1;
    rows[len] = (BadFacts){missing, NULL, good};
    rows[len].facts.groups = bird;
    rows[len++].facts.groups_len = 1;
    rows[len] = (BadFacts){argument, NULL, good};
    rows[len].facts.access = hole;
    rows[len++].facts.access_len = 1;
    for (gsize i = 0; i < len; i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(carenet_cases) cases = carenet_cases_new(*state);
        assert_false(carenet_cases_add(cases, &rows[i].facts, &error));
        assert_int_equal(carenet_cases_len(cases), 0);
        const char *hint = carenet_error_get_hint(error);
        if (carenet_error_get_code(error) != rows[i].code)
            fail_msg("row %zu: %s", i, error->message);
        if (rows[i].hint != NULL && (hint == NULL || strstr(hint, rows[i].hint) == NULL))
            fail_msg("row %zu: the hint is %s", i, hint);
        g_autofree char *said = g_strconcat(error->message, hint, NULL);
        g_autofree char *lower = g_ascii_strdown(said, -1);
        assert_null(strstr(lower, "canary"));
        assert_false(carenet_cases_add(cases, &rows[i].facts, NULL));
    }
}

/* A newer program's struct is larger; what this version does not know is not looked at. */
static void
takes_larger_facts(void **state)
{
    struct {
        carenet_case_facts facts;
        char later[64];
    } newer;
    memset(&newer, 0x7F, sizeof newer);
    newer.facts = good_facts("C-1");
    newer.facts.size = sizeof newer;
    g_autoptr(carenet_cases) cases = carenet_cases_new(*state);
    assert_true(carenet_cases_add(cases, &newer.facts, NULL));
}

static void
keeps_references_apart(void **state)
{
    g_autoptr(GError) error = NULL;
    const char *text = "ref: C-1\narea: Iligan\nneeds: [legal]\n";
    g_autoptr(carenet_cases) cases =
        carenet_cases_parse(*state, text, strlen(text), "t", CARENET_CASES_STRICT, NULL, &error);
    assert_non_null(cases);
    carenet_case_facts facts = good_facts("C-1");
    assert_false(carenet_cases_add(cases, &facts, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_CONFLICT);
    assert_null(strstr(error->message, "C-1"));
    facts.ref = "C-2";
    assert_true(carenet_cases_add(cases, &facts, NULL));
    assert_false(carenet_cases_add(cases, &facts, NULL));
    assert_int_equal(carenet_cases_len(cases), 2);
}

static void
bounds_a_list(void **state)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(carenet_cases) cases = carenet_cases_new(*state);
    /* As many as a list holds; nobody looks at them. */
    g_ptr_array_set_size(cases->cases, CN_CASES_MOST);
    carenet_case_facts facts = good_facts("X-1");
    assert_false(carenet_cases_add(cases, &facts, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_TOO_LARGE);
}

/* ---- Texts and files. */

static void
names_the_first_error(void **state)
{
    static const struct {
        const char *text;
        carenet_error_code code;
        guint line, column;
        gsize rows;
        const char *part;
    } rows[] = {
        {"ref: C-1\narea: Atlantis\nneeds: [moon]\n", CARENET_ERROR_INVALID_DATA, 2, 7, 2,
         "2 errors"},
        {"ref: C-1\narea: Iligan\nneeds: []\n", CARENET_ERROR_INVALID_DATA, 3, 8, 1, "1 error "},
        {"ref: C-1\narea: Iligan\nneeds: [legal]\nconsents: [{by: guardian}]\nage: x\n",
         CARENET_ERROR_INVALID_DATA, 5, 6, 2, "1 error "},
        {"ref: [\n", CARENET_ERROR_PARSE, 2, 1, 1, "1 error "},
        {"\xFF", CARENET_ERROR_PARSE, 1, 1, 1, "UTF-8"},
        {"a: b: c", CARENET_ERROR_PARSE, 1, 5, 1, "mapping values"},
        {"", CARENET_ERROR_INVALID_DATA, 1, 1, 1, "no case"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(carenet_table) issues = NULL;
        assert_null(carenet_cases_parse(*state, rows[i].text, strlen(rows[i].text), "intake.yaml",
                                        CARENET_CASES_STRICT, &issues, &error));
        if (carenet_error_get_code(error) != rows[i].code ||
            carenet_error_get_line(error) != rows[i].line ||
            carenet_error_get_column(error) != rows[i].column ||
            strstr(error->message, rows[i].part) == NULL)
            fail_msg("%s\n  %u:%u: %s", rows[i].text, carenet_error_get_line(error),
                     carenet_error_get_column(error), error->message);
        assert_string_equal(carenet_error_get_file(error), "intake.yaml");
        assert_int_equal(carenet_table_rows_len(issues), rows[i].rows);
        assert_null(carenet_cases_parse(*state, rows[i].text, strlen(rows[i].text), "intake.yaml",
                                        CARENET_CASES_STRICT, NULL, NULL));
    }
}

static void
lists_warnings_of_good_text(void **state)
{
    const char *text = "ref: Ana\nname: x\narea: Iligan\nneeds: [legal]\n";
    g_autoptr(GError) error = NULL;
    g_autoptr(carenet_table) issues = NULL;
    g_autoptr(carenet_cases) cases = carenet_cases_parse(
        *state, text, strlen(text), "t", CARENET_CASES_ALLOW_PERSONAL_DATA, &issues, &error);
    assert_non_null(cases);
    assert_null(error);
    assert_int_equal(carenet_table_rows_len(issues), 2);
    ptrdiff_t severity = carenet_table_column_index(issues, "severity");
    assert_string_equal(carenet_table_get_text(issues, 1, (size_t)severity), "warning");
}

static void
reads_files(void **state)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = g_dir_make_tmp("carenet-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "case.yaml", NULL);
    g_autofree char *large = g_strnfill(cn_yaml_limits.bytes + 1, '#');
    assert_null(carenet_cases_load(*state, path, CARENET_CASES_STRICT, NULL, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_IO);
    g_clear_error(&error);

    const char *text = "ref: C-1\narea: Iligan\nneeds: [legal]\n";
    assert_true(g_file_set_contents(path, text, -1, NULL));
    g_autoptr(carenet_cases) cases =
        carenet_cases_load(*state, path, CARENET_CASES_STRICT, NULL, &error);
    assert_non_null(cases);
    assert_int_equal(carenet_cases_len(cases), 1);

    assert_true(g_file_set_contents(path, large, -1, NULL));
    g_autoptr(carenet_table) issues = NULL;
    assert_null(carenet_cases_load(*state, path, CARENET_CASES_STRICT, &issues, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_TOO_LARGE);
    assert_int_equal(carenet_table_rows_len(issues), 1);
    g_remove(path);
    g_rmdir(folder);
}

static void
refuses_missing_arguments(void **state)
{
    g_autoptr(carenet_cases) cases = carenet_cases_new(*state);
    carenet_case_facts facts = good_facts("C-1");
    carenet_error *error = NULL;
    assert_false(carenet_cases_add(NULL, &facts, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_INVALID_ARGUMENT);
    carenet_error_clear(&error);
    assert_false(carenet_cases_add(cases, NULL, NULL));
    assert_null(carenet_cases_new(NULL));
    assert_null(carenet_cases_parse(NULL, "", 0, "t", CARENET_CASES_STRICT, NULL, NULL));
    assert_null(carenet_cases_parse(*state, NULL, 0, "t", CARENET_CASES_STRICT, NULL, NULL));
    assert_null(carenet_cases_parse(*state, "", 0, NULL, CARENET_CASES_STRICT, NULL, NULL));
    assert_null(carenet_cases_load(NULL, "t", CARENET_CASES_STRICT, NULL, NULL));
    assert_null(carenet_cases_load(*state, NULL, CARENET_CASES_STRICT, NULL, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_INVALID_ARGUMENT);
    carenet_error_clear(&error);
    carenet_case_facts_init(NULL);
    assert_null(carenet_cases_ref(NULL));
    carenet_cases_unref(NULL);
    assert_int_equal(carenet_cases_len(NULL), 0);
    assert_null(carenet_cases_ref_at(NULL, 0));
    assert_null(carenet_cases_ref_at(cases, 0));
    carenet_cases_unref(carenet_cases_ref(cases));
    cn_case_free(NULL);
}

/* ---- Words. */

static void
parses_words(void **state)
{
    (void)state;
    CnUrgency urgency = CN_URGENT;
    CnSex sex = CN_SEX_MALE;
    for (int i = CN_EMERGENCY; i <= CN_ROUTINE; i++) {
        assert_true(cn_urgency_parse(cn_urgency_name((CnUrgency)i), &urgency));
        assert_int_equal(urgency, i);
    }
    assert_false(cn_urgency_parse("soon", &urgency));
    assert_true(cn_sex_parse("unstated", &sex));
    assert_int_equal(sex, CN_SEX_UNSTATED);
    assert_true(cn_sex_parse("male", &sex));
    assert_int_equal(sex, CN_SEX_MALE);
    assert_false(cn_sex_parse("any", &sex));
    g_autofree char *longest = g_strnfill(CN_REF_MOST, 'a');
    g_autofree char *longer = g_strnfill(CN_REF_MOST + 1, 'a');
    assert_true(cn_ref_is_valid(longest));
    assert_false(cn_ref_is_valid(longer));
    assert_true(cn_ref_is_valid("A.b_c:d-9"));
    assert_false(cn_ref_is_valid(""));
    assert_false(cn_ref_is_valid("a b"));
    assert_false(cn_ref_is_valid("ñ"));
}

/* ---- The list as a whole. */

static CnCase *
make_case(const char *ref, const char *group, CnSiblings keep, const char *apart)
{
    CnCase *c = cn_case_new();
    CnNeed need = {.units = 1};
    c->ref = g_strdup(ref);
    c->siblings_group = g_strdup(group);
    c->siblings = keep;
    if (apart != NULL)
        g_ptr_array_add(c->keep_apart, g_strdup(apart));
    g_array_append_val(c->needs, need);
    return c;
}

/* Tags in the order of their kind, one each time. */
static char *
check_list(GPtrArray *cases)
{
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    GString *out = g_string_new(NULL);
    cn_cases_check(cases, issues);
    for (guint i = 0; i < cn_issue_list_len(issues); i++) {
        const CnIssue *issue = cn_issue_list_get(issues, i);
        g_string_append_printf(out, "%s%s%s", i > 0 ? " " : "",
                               issue->severity == CN_SEVERITY_ERROR ? "" : "~", issue->tag);
    }
    return g_string_free(out, FALSE);
}

static void
checks_lists(void **state)
{
    (void)state;
    static const struct {
        struct {
            const char *ref, *group;
            CnSiblings keep;
            const char *apart;
        } cases[3];
        const char *expected;
    } rows[] = {
        {{{"a", NULL, CN_SIBLINGS_NONE, NULL}}, ""},
        {{{"a", "s", CN_SIBLINGS_REQUIRE, NULL}, {"b", "s", CN_SIBLINGS_REQUIRE, NULL}}, ""},
        {{{"a", "s", CN_SIBLINGS_REQUIRE, NULL}, {"b", "t", CN_SIBLINGS_REQUIRE, NULL}},
         "~sibling-alone ~sibling-alone"},
        {{{"a", "s", CN_SIBLINGS_REQUIRE, NULL}, {"b", "s", CN_SIBLINGS_APART, NULL}},
         "~siblings-differ"},
        {{{"a", NULL, CN_SIBLINGS_NONE, "b"}, {"b", NULL, CN_SIBLINGS_NONE, "a"}}, ""},
        {{{"a", NULL, CN_SIBLINGS_NONE, "x"}}, "~unknown-ref"},
        {{{"a", NULL, CN_SIBLINGS_NONE, "a"}}, "contradiction"},
        {{{"a", "s", CN_SIBLINGS_REQUIRE, "b"}, {"b", "s", CN_SIBLINGS_REQUIRE, NULL}},
         "contradiction"},
        {{{"a", "s", CN_SIBLINGS_APART, "b"}, {"b", "s", CN_SIBLINGS_APART, NULL}}, ""},
        {{{"a", NULL, CN_SIBLINGS_NONE, NULL},
          {"a", NULL, CN_SIBLINGS_NONE, NULL},
          {"a", NULL, CN_SIBLINGS_NONE, NULL}},
         "duplicate-ref duplicate-ref duplicate-ref"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GPtrArray) cases = g_ptr_array_new_with_free_func((GDestroyNotify)cn_case_free);
        for (gsize k = 0; k < 3 && rows[i].cases[k].ref != NULL; k++)
            g_ptr_array_add(cases, make_case(rows[i].cases[k].ref, rows[i].cases[k].group,
                                             rows[i].cases[k].keep, rows[i].cases[k].apart));
        g_autofree char *found = check_list(cases);
        if (strcmp(found, rows[i].expected) != 0)
            fail_msg("row %zu: %s, not %s", i, found, rows[i].expected);
    }
}

static void
checks_empty_cases(void **state)
{
    (void)state;
    g_autoptr(GPtrArray) cases = g_ptr_array_new_with_free_func((GDestroyNotify)cn_case_free);
    g_autofree char *nothing = check_list(cases);
    assert_string_equal(nothing, "");
    g_ptr_array_add(cases, cn_case_new());
    g_ptr_array_add(cases, cn_case_new());
    g_autofree char *found = check_list(cases);
    assert_string_equal(found, "no-need no-need");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_facts),
        cmocka_unit_test(refuses_facts),
        cmocka_unit_test(takes_larger_facts),
        cmocka_unit_test(keeps_references_apart),
        cmocka_unit_test(bounds_a_list),
        cmocka_unit_test(names_the_first_error),
        cmocka_unit_test(lists_warnings_of_good_text),
        cmocka_unit_test(reads_files),
        cmocka_unit_test(refuses_missing_arguments),
        cmocka_unit_test(parses_words),
        cmocka_unit_test(checks_lists),
        cmocka_unit_test(checks_empty_cases),
    };
    return cmocka_run_group_tests(tests, open_reference, close_reference);
}
