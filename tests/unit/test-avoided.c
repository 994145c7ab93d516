/* Ids of avoid and offender that the directory does not know refuse the question: nobody would be kept away. */
#include "directory/avoided.h"

#include "../support/small-world.h"
#include "model/plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

static CnReference *reference;

static const struct {
    const char *facts;        /* after "ref: C-1, area: ..., needs: ..." */
    const char *says, *hints; /* NULL: it is known */
} cases[] = {
    {"", NULL, NULL},
    {", avoid: {providers: [ex-open, ex-shelter], organizations: [ex-org]}", NULL, NULL},
    {", offender: {relation: employer, providers: [ex-open]}", NULL, NULL},
    {", offender: {providers: [ex-opn]}", "case C-1: id 1 of offender: providers",
     "did you mean ex-open?"},
    {", avoid: {providers: [ex-open, ex-shelte]}", "id 2 of avoid: providers",
     "did you mean ex-shelter?"},
    {", avoid: {organizations: [ex-orgg]}", "id 1 of avoid: organizations", "did you mean ex-org?"},
    {", offender: {organizations: [ex-open]}", "offender: organizations",
     "write it under providers"},
    {", offender: {providers: [ex-org]}", "offender: providers", "write it under organizations"},
    {", offender: {organizations: [somebody-else-1]}", "offender: organizations",
     "may be left out"},
    {", avoid: {providers: [ex-op, ex-sh], organizations: [ex-or]}",
     "providers is not one that the directory knows (and 2 more)", NULL},
    /* What a bare id of a sheet becomes: one of the two is enough. */
    {", avoid: {providers: [ex-open], organizations: [ex-open]}", NULL, NULL},
    {", avoid: {providers: [ex-org], organizations: [ex-org]}", NULL, NULL},
    {", avoid: {providers: [ex-opn], organizations: [ex-opn]}",
     "id 1 of avoid: providers is not one that the directory knows", "did you mean ex-open?"},
};

static carenet_cases *
read_case(const char *facts)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text =
        g_strdup_printf("{ref: C-1, area: \"1030500000\", needs: [trauma-therapy]%s}", facts);
    carenet_cases *read = carenet_cases_parse(reference, text, strlen(text), "cases.yaml",
                                              CARENET_CASES_STRICT, NULL, &error);
    if (read == NULL)
        fail_msg("%s: %s", facts, error->message);
    return read;
}

/* @who asks, and what came of it must not quote the id. */
static void
expect(gboolean known, gsize i, const char *who, const GError *error)
{
    if (known != (cases[i].says == NULL))
        fail_msg("%s of %s: %s", who, cases[i].facts, known ? "known" : error->message);
    if (known)
        return;
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_INVALID_DATA);
    assert_string_equal(carenet_error_get_file(error), "cases.yaml");
    assert_int_equal(carenet_error_get_line(error), 1);
    if (strstr(error->message, cases[i].says) == NULL)
        fail_msg("%s", error->message);
    if (cases[i].hints != NULL && strstr(carenet_error_get_hint(error), cases[i].hints) == NULL)
        fail_msg("%s", carenet_error_get_hint(error));
    assert_null(strstr(error->message, "ex-"));
    assert_null(strstr(error->message, "somebody"));
}

static void
whoever_asks_is_told(void **state)
{
    (void)state;
    g_autoptr(SmallWorld) world = small_world_new(reference);
    g_autoptr(carenet_directory) directory = cn_directory_new(world->network, reference, 0);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(carenet_cases) list = read_case(cases[i].facts);
        g_autoptr(GError) route_error = NULL, batch_error = NULL;
        g_autoptr(carenet_routes) routes =
            carenet_route(directory, world->policy, list, NULL, &route_error);
        g_autoptr(carenet_plan) plan = NULL;
        expect(routes != NULL, i, "route", route_error);
        const gboolean planned =
            carenet_batch(directory, world->policy, list, NULL, &plan, &batch_error);
        expect(planned, i, "batch", batch_error);
    }
}

/* A provider that was closed stays known, so that the files of a case stay good. */
static void
closed_ones_are_known(void **state)
{
    (void)state;
    g_autoptr(SmallWorld) world = small_world_new(reference);
    g_autoptr(GError) error = NULL;
    world->open->status = CN_CLOSED;
    g_autoptr(carenet_directory) directory = cn_directory_new(world->network, reference, 0);
    g_autoptr(carenet_cases) list = read_case(", avoid: {providers: [ex-open]}");
    assert_true(cn_directory_knows_avoided(directory, list, &error));
}

/* Who is sent asks for himself and his siblings, not for the whole list. */
static void
one_case_of_a_list(void **state)
{
    (void)state;
    static const char text[] =
        "- {ref: C-1, area: \"1030500000\", needs: [trauma-therapy],\n"
        "   siblings: {group: S, keep: require}}\n"
        "- {ref: C-2, area: \"1030500000\", needs: [trauma-therapy], avoid: {providers: [ex-opn]},\n"
        "   siblings: {group: S, keep: require}}\n"
        "- {ref: C-3, area: \"1030500000\", needs: [trauma-therapy]}\n";
    g_autoptr(SmallWorld) world = small_world_new(reference);
    g_autoptr(carenet_directory) directory = cn_directory_new(world->network, reference, 0);
    g_autoptr(GError) error = NULL;
    g_autoptr(carenet_cases) list = carenet_cases_parse(reference, text, strlen(text), "c.yaml",
                                                        CARENET_CASES_STRICT, NULL, &error);
    assert_non_null(list);
    assert_true(cn_case_names_avoided(list, 0));
    assert_true(cn_case_names_avoided(list, 1));
    assert_false(cn_case_names_avoided(list, 2));
    assert_true(cn_directory_knows_avoided_of(directory, list, 2, &error));
    assert_false(cn_directory_knows_avoided_of(directory, list, 0, &error));
    assert_non_null(strstr(error->message, "case C-2"));
    assert_int_equal(carenet_error_get_line(error), 3);
}

/* A list that is read for a directory: such an id is an error of its row. */
static const char sheet[] = "ref,area,needs,siblings,avoid\n"
                            "C-1,1030500000,trauma-therapy,,ex-open\n"
                            "C-2,1030500000,trauma-therapy,S:require,provider:ex-opn\n"
                            "C-3,1030500000,trauma-therapy,S:require,\n"
                            "C-4,1030500000,trauma-therapy,,organization:ex-orgg;ex-shelte\n"
                            "C-5,1030500000,trauma-therapy,,organization:ex-org\n";

static carenet_cases *
read_sheet(const carenet_directory *directory,
           gboolean keep_sound,
           carenet_table **issues,
           GError **error)
{
    carenet_cases_options options;
    carenet_cases_options_init(&options);
    options.keep_sound = keep_sound;
    options.directory = directory;
    return carenet_cases_read(reference, sheet, strlen(sheet), "list.csv", &options, issues, error);
}

/* (transfer full) */
static char *
tell(const carenet_table *issues)
{
    GString *told = g_string_new(NULL);
    for (size_t i = 0; i < carenet_table_rows_len(issues); i++)
        g_string_append_printf(
            told, "%d:%d %s: %s; %s\n", (int)carenet_table_get_int64(issues, i, 1),
            (int)carenet_table_get_int64(issues, i, 2), carenet_table_get_text(issues, i, 4),
            carenet_table_get_text(issues, i, 5), carenet_table_get_text(issues, i, 6));
    return g_string_free(told, FALSE);
}

static void
rows_are_left_out(void **state)
{
    (void)state;
    g_autoptr(SmallWorld) world = small_world_new(reference);
    g_autoptr(GError) error = NULL;
    g_autoptr(carenet_table) issues = NULL;
    g_autoptr(carenet_directory) directory = cn_directory_new(world->network, reference, 0);
    g_autoptr(carenet_cases) list = read_sheet(directory, TRUE, &issues, &error);
    assert_null(error);
    assert_int_equal(carenet_cases_len(list), 2);
    assert_string_equal(carenet_cases_ref_at(list, 0), "C-1");
    assert_string_equal(carenet_cases_ref_at(list, 1), "C-5");
    assert_string_equal(carenet_cases_refused(list),
                        "ref,area,needs,siblings,avoid\n"
                        "C-2,1030500000,trauma-therapy,S:require,provider:ex-opn\n"
                        "C-3,1030500000,trauma-therapy,S:require,\n"
                        "C-4,1030500000,trauma-therapy,,organization:ex-orgg;ex-shelte\n");
    g_autofree char *told = tell(issues);
    assert_string_equal(
        told, "3:1 unknown-id: id 1 of avoid: providers is not one that the directory knows; "
              "did you mean ex-open?\n"
              "4:31 sibling-refused: the row of a sibling is refused, and siblings are looked at "
              "together; mend the row of the sibling\n"
              "5:1 unknown-id: id 1 of avoid: organizations is not one that the directory knows; "
              "did you mean ex-org?\n"
              "5:1 unknown-id: id 1 of avoid: providers is not one that the directory knows; "
              "did you mean ex-shelter?\n");
    g_autoptr(carenet_routes) routes = carenet_route(directory, world->policy, list, NULL, &error);
    assert_null(error);
}

static void
without_leave_the_list_is_refused(void **state)
{
    (void)state;
    g_autoptr(SmallWorld) world = small_world_new(reference);
    g_autoptr(GError) error = NULL, none = NULL;
    g_autoptr(carenet_table) issues = NULL;
    g_autoptr(carenet_directory) directory = cn_directory_new(world->network, reference, 0);
    assert_null(read_sheet(directory, FALSE, &issues, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_INVALID_DATA);
    assert_int_equal(carenet_table_rows_len(issues), 3);
    /* Nobody knows whom a directory knows where none is given. */
    g_autoptr(carenet_cases) list = read_sheet(NULL, FALSE, NULL, &none);
    assert_int_equal(carenet_cases_len(list), 5);
}

static int
set_up(void **state)
{
    (void)state;
    reference = carenet_reference_open(g_getenv("CARENET_TEST_DATA"), NULL);
    return reference == NULL ? -1 : 0;
}

static int
tear_down(void **state)
{
    (void)state;
    carenet_reference_unref(reference);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whoever_asks_is_told),
        cmocka_unit_test(closed_ones_are_known),
        cmocka_unit_test(one_case_of_a_list),
        cmocka_unit_test(rows_are_left_out),
        cmocka_unit_test(without_leave_the_list_is_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
