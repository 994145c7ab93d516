/* Imports of reports whose day has not come yet, or is before that of what is stored. */
#include "../support/import-store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

static const CnIssue *
find_issue(const CnIssueList *issues, const char *tag)
{
    for (guint i = 0; i < cn_issue_list_len(issues); i++)
        if (strcmp(cn_issue_list_get(issues, i)->tag, tag) == 0)
            return cn_issue_list_get(issues, i);
    return NULL;
}

/* (transfer full) */
static CnIssueList *
import_and_tell(ImportStore *fixture, const CnNetwork *network, gboolean sound)
{
    g_autoptr(GError) error = NULL;
    CnIssueList *issues = cn_issue_list_new();
    carenet_import_options options;
    carenet_import_options_init(&options);
    const gboolean done = cn_store_import(fixture->store, network, &options, issues, NULL, &error);
    if (done != sound)
        fail_msg("%s", done ? "imported" : error->message);
    return issues;
}

static void
what_nobody_can_have_told_yet_is_refused(void **state)
{
    ImportStore *fixture = *state;
    SmallNetwork small = small_network(fixture->reference);
    /* The clock of the store is that of the machine, which goes on meanwhile. */
    const gint64 now_s = g_get_real_time() / G_USEC_PER_SEC;
    small.offering->capacity.as_of.s = now_s + CN_CLOCKS_DIFFER_S;
    small.offering->as_of_pos = (CnPos){"f.yaml", 7, 3};
    g_autoptr(CnIssueList) near = import_and_tell(fixture, small.network, TRUE);
    assert_null(find_issue(near, "in-the-future"));
    small.offering->capacity.as_of.s = now_s + CN_CLOCKS_DIFFER_S + 600;
    g_autoptr(CnIssueList) ahead = import_and_tell(fixture, small.network, FALSE);
    assert_non_null(find_issue(ahead, "in-the-future"));
    assert_int_equal(find_issue(ahead, "in-the-future")->pos.line, 7);
    small.offering->capacity.as_of.s = now_s;
    small.shelter->verified_on = (CnDate){2199, 1, 1};
    g_autoptr(CnIssueList) verified = import_and_tell(fixture, small.network, FALSE);
    assert_non_null(find_issue(verified, "in-the-future"));
    cn_network_free(small.network);
}

/* A store of an older version may hold such a report: an honest one takes its place. */
static void
a_stored_report_of_the_future_gives_way(void **state)
{
    ImportStore *fixture = *state;
    SmallNetwork small = small_network(fixture->reference);
    import_store_import_ok(fixture, small.network, FALSE);
    assert_int_equal(sqlite3_exec(fixture->store->db, "UPDATE capacity SET as_of_s = 7000000000",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    small.offering->capacity.occupied = 7;
    small.offering->capacity.as_of.s = 1000000;
    g_autoptr(CnIssueList) issues = import_and_tell(fixture, small.network, TRUE);
    assert_null(find_issue(issues, "older-report"));
    g_autoptr(CnNetwork) stored = cn_store_network(fixture->store, NULL, NULL);
    const CnProvider *shelter = cn_network_provider(stored, "shelter");
    const CnCapacity *capacity = &g_array_index(shelter->offerings, CnOffering, 0).capacity;
    assert_int_equal(capacity->occupied, 7);
    assert_int_equal(capacity->as_of.s, 1000000);
    cn_network_free(small.network);
}

/* Of a restricted provider nothing is told by whether the numbers are those of the store. */
static void
a_report_that_is_passed_over_is_told(void **state)
{
    ImportStore *fixture = *state;
    static const struct {
        gint occupied;
        gint later_s;
        gboolean told;
    } cases[] = {{5, 0, FALSE}, {1, -60, TRUE}, {1, 0, FALSE}, {6, 60, FALSE}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        SmallNetwork first = small_network(fixture->reference);
        SmallNetwork small = small_network(fixture->reference);
        import_store_import_ok(fixture, first.network, FALSE);
        small.offering->capacity.occupied = cases[i].occupied;
        small.offering->capacity.as_of.s += cases[i].later_s;
        small.offering->as_of_pos = (CnPos){"f.yaml", 9, 1};
        g_autoptr(CnIssueList) issues = import_and_tell(fixture, small.network, TRUE);
        const CnIssue *told = find_issue(issues, "older-report");
        assert_true((told != NULL) == cases[i].told);
        if (told != NULL) {
            assert_int_equal(told->severity, CN_SEVERITY_WARNING);
            assert_int_equal(told->pos.line, 9);
            assert_null(strstr(told->message, "shelter"));
        }
        cn_network_free(first.network);
        cn_network_free(small.network);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_nobody_can_have_told_yet_is_refused,
                                        import_store_set_up, import_store_tear_down),
        cmocka_unit_test_setup_teardown(a_stored_report_of_the_future_gives_way,
                                        import_store_set_up, import_store_tear_down),
        cmocka_unit_test_setup_teardown(a_report_that_is_passed_over_is_told, import_store_set_up,
                                        import_store_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
