/* Templates: what `carenet template` prints must be a file that carenet takes. */
#include "format/region-file.h"
#include "model/case.h"

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

static void
knows_three_kinds(void **state)
{
    (void)state;
    static const char *const kinds[] = {"region", "case", "policy"};
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        const char *text = carenet_template(kinds[i]);
        assert_non_null(text);
        assert_int_equal(text[0], '#');
        assert_int_equal(text[strlen(text) - 1], '\n');
        assert_true(g_utf8_validate(text, -1, NULL));
        assert_ptr_equal(text, carenet_template(kinds[i]));
    }
    assert_null(carenet_template("provider"));
    assert_null(carenet_template(""));
    assert_null(carenet_template(NULL));
}

/* Embedding must not change a byte. */
static void
are_the_files(void **state)
{
    (void)state;
    static const char *const rows[][2] = {{"region", "templates/region.yaml"},
                                          {"case", "templates/case.yaml"},
                                          {"policy", "policy.yaml"}};
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *text = NULL;
        g_autofree char *path = g_build_filename(g_getenv("CARENET_TEST_DATA"), rows[i][1], NULL);
        assert_true(g_file_get_contents(path, &text, NULL, NULL));
        assert_string_equal(carenet_template(rows[i][0]), text);
    }
}

static void
assert_clean(const carenet_table *issues, const char *what)
{
    if (carenet_table_rows_len(issues) == 0)
        return;
    g_autofree char *text = carenet_table_to_string(issues, CARENET_FORMAT_CSV, NULL);
    fail_msg("%s: %s", what, text);
}

/* The case template with the remarks in front of its keys taken away, one key at a time: each line
 * that begins with "# word:" is a key that a person may switch on. (transfer full) */
static char *
switch_on(const char *text, const char *key)
{
    g_autofree char *from = g_strdup_printf("\n# %s:", key);
    const char *at = strstr(text, from);
    assert_non_null(at);
    GString *out = g_string_new_len(text, at + 1 - text);
    const char *line = at + 1;
    do {
        const char *end = strchr(line, '\n') + 1;
        g_string_append_len(out, line + 2, end - line - 2);
        line = end;
    } while (g_str_has_prefix(line, "#   "));
    g_string_append(out, line);
    return g_string_free(out, FALSE);
}

static void
case_is_clean(void **state)
{
    static const char *const keys[] = {"groups",      "access",
                                       "remote_safe", "max_travel_min",
                                       "siblings",    "keep_apart",
                                       "known_to",    "offender",
                                       "avoid",       "assessments",
                                       "documents",   "consent",
                                       "consents",    "responsible_office",
                                       "court_area",  "custody_order"};
    const char *text = carenet_template("case");
    g_autoptr(carenet_table) issues = NULL;
    g_autoptr(carenet_cases) cases =
        carenet_cases_parse(*state, text, strlen(text), "t", CARENET_CASES_STRICT, &issues, NULL);
    assert_clean(issues, "the case template");
    assert_int_equal(carenet_cases_len(cases), 1);
    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
        g_autofree char *more = switch_on(text, keys[i]);
        g_autoptr(carenet_table) found = NULL;
        g_autoptr(GError) error = NULL;
        g_autoptr(carenet_cases) again = carenet_cases_parse(*state, more, strlen(more), "t",
                                                             CARENET_CASES_STRICT, &found, &error);
        if (again == NULL)
            fail_msg("%s: %s", keys[i], error->message);
    }
}

static void
region_is_clean(void **state)
{
    const char *text = carenet_template("region");
    g_autoptr(CnNetwork) network = cn_network_new();
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    cn_region_text_read(text, strlen(text), "t", network, *state, issues);
    cn_network_check(network, *state, issues);
    g_autoptr(carenet_table) table = cn_issue_list_to_table(issues);
    assert_clean(table, "the region template");
    assert_int_equal(network->regions->len, 1);
    assert_int_equal(network->providers->len, 2);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_three_kinds),
        cmocka_unit_test(are_the_files),
        cmocka_unit_test(case_is_clean),
        cmocka_unit_test(region_is_clean),
    };
    return cmocka_run_group_tests(tests, open_reference, close_reference);
}
