/* Cases that are written as NDJSON and read again are the same cases, to the last fact. */
#include "../support/random-network.h"
#include "../support/random-world.h"
#include "base/error.h"
#include "format/case-write.h"
#include "model/case-digest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const char *
cell(const carenet_table *rows, gsize row, const char *column)
{
    return carenet_table_get_text(rows, row, (size_t)carenet_table_column_index(rows, column));
}

/* A world holds what no file could: it is made to what a file says. */
static void
make_readable(CnCase *c)
{
    for (guint i = c->assessments->len; i-- > 0;)
        if (!cn_date_is_set(g_array_index(c->assessments, CnAssessment, i).on))
            g_array_remove_index(c->assessments, i);
    for (guint i = 0; i < c->consents->len; i++) {
        CnConsent *consent = &g_array_index(c->consents, CnConsent, i);
        if (consent->by == CN_BY_ADULT_SELF && c->age_min < 18)
            consent->by = CN_BY_LSWDO;
        if (consent->offending_guardian)
            consent->by = CN_BY_GUARDIAN;
        if (cn_date_is_set(consent->expires) || cn_date_is_set(consent->withdrawn))
            consent->on = CN_DATE_NONE;
    }
    if (c->siblings_group != NULL)
        g_ptr_array_set_size(c->keep_apart, 0);
    for (guint i = c->keep_apart->len; i-- > 0;)
        if (strcmp(g_ptr_array_index(c->keep_apart, i), c->ref) == 0)
            g_ptr_array_remove_index(c->keep_apart, i);
    if (c->siblings_group != NULL && c->siblings == CN_SIBLINGS_NONE)
        c->siblings = CN_SIBLINGS_PREFER;
    if (c->area == CN_AREA_NONE)
        c->area = 0;
}

static void
write_and_read(GRand *rand, gpointer data)
{
    g_autoptr(GError) error = NULL;
    carenet_reference *reference = data;
    CnNetwork *network = world_network(rand, reference, 6);
    g_autoptr(carenet_cases) cases = world_cases(rand, reference, network, 12);
    g_autoptr(GString) text = g_string_new(NULL);
    carenet_cases_options options;
    carenet_cases_options_init(&options);
    options.format = CARENET_CASES_NDJSON;
    options.flags = CARENET_CASES_ALLOW_PERSONAL_DATA;
    for (guint i = 0; i < cases->cases->len; i++) {
        make_readable(g_ptr_array_index(cases->cases, i));
        cn_case_write(text, reference, g_ptr_array_index(cases->cases, i), NULL, NULL);
    }
    g_autoptr(carenet_table) issues = NULL;
    g_autoptr(carenet_cases) again =
        carenet_cases_read(reference, text->str, text->len, "cases", &options, &issues, &error);
    if (again == NULL) {
        for (gsize i = 0; i < carenet_table_rows_len(issues); i++)
            if (strcmp(cell(issues, i, "severity"), "error") == 0)
                fail_msg("%s\n%s", cell(issues, i, "message"), text->str);
        fail_msg("%s", error->message);
    }
    g_autofree char *before = cn_cases_digest(cases), *after = cn_cases_digest(again);
    if (strcmp(before, after) != 0) {
        g_autoptr(GString) rewritten = g_string_new(NULL);
        for (guint i = 0; i < again->cases->len; i++)
            cn_case_write(rewritten, reference, g_ptr_array_index(again->cases, i), NULL, NULL);
        fail_msg("%s\n%s", text->str, rewritten->str);
    }
    cn_network_free(network);
}

static void
cases_that_are_written_read_the_same(void **state)
{
    (void)state;
    CnReference *reference = test_reference();
    world_rounds(300, write_and_read, reference);
    carenet_reference_unref(reference);
}

/* Only the needs that are asked for, and who is avoided besides. */
static void
a_part_of_a_case_is_written(void **state)
{
    (void)state;
    static const char text[] = "{ref: C-1, area: \"1030500000\", avoid: {providers: [a]},"
                               " needs: [trauma-therapy, emergency-shelter@urgent]}";
    static const guint8 wanted[] = {0, 1};
    CnReference *reference = test_reference();
    g_autoptr(GPtrArray) avoid = g_ptr_array_new();
    g_autoptr(GString) out = g_string_new(NULL);
    g_autoptr(carenet_cases) cases = carenet_cases_parse(reference, text, strlen(text), "case",
                                                         CARENET_CASES_STRICT, NULL, NULL);
    g_ptr_array_add(avoid, (gpointer) "b");
    cn_case_write(out, reference, g_ptr_array_index(cases->cases, 0), wanted, avoid);
    assert_string_equal(out->str,
                        "{\"ref\": \"C-1\", \"area\": \"1030500000\", \"urgency\": \"routine\","
                        " \"needs\": [{\"service\": \"emergency-shelter\", \"urgency\":"
                        " \"urgent\", \"units\": 1}], \"avoid\": {\"providers\": [\"a\","
                        " \"b\"]}}\n");
    carenet_reference_unref(reference);
}

/* What one process writes another one reads, and a list without a case is no text. */
static void
a_list_goes_to_another_process(void **state)
{
    (void)state;
    static const char text[] =
        "- {ref: C-1, area: \"1030500000\", age: 9, needs: [trauma-therapy]}\n"
        "- {ref: C-2, area: \"1030500000\", needs: [legal-aid@urgent]}\n";
    CnReference *reference = test_reference();
    g_autoptr(carenet_cases) cases = carenet_cases_parse(reference, text, strlen(text), "cases",
                                                         CARENET_CASES_STRICT, NULL, NULL);
    g_autofree char *lines = carenet_cases_to_ndjson(cases);
    carenet_cases_options options;
    carenet_cases_options_init(&options);
    options.format = CARENET_CASES_NDJSON;
    g_autoptr(carenet_cases) again =
        carenet_cases_read(reference, lines, strlen(lines), "cases", &options, NULL, NULL);
    assert_int_equal(carenet_cases_len(again), 2);
    assert_string_equal(carenet_cases_ref_at(again, 1), "C-2");
    g_autofree char *same = carenet_cases_to_ndjson(again);
    assert_string_equal(same, lines);
    g_autoptr(carenet_cases) nobody = carenet_cases_new(reference);
    g_autofree char *nothing = carenet_cases_to_ndjson(nobody);
    assert_string_equal(nothing, "");
    assert_null(carenet_cases_to_ndjson(NULL));
    carenet_reference_unref(reference);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(cases_that_are_written_read_the_same, world_print_seed),
        cmocka_unit_test(a_part_of_a_case_is_written),
        cmocka_unit_test(a_list_goes_to_another_process),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
