/* The figures of the reports: every count against one by hand, and an auditor who tries to find what is
 * suppressed. */
#include "../support/random-network.h"

#include "model/indicator.h"
#include "report/figures.h"
#include "report/html.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static CnReference *reference;

/* ---- Hiding: every way to fill small tables. */

#define CELLS_MOST 4
#define VALUE_MOST 9

/* What somebody knows who sees the table and its total, and knows the rule: a hidden cell is at least 1,
 * unless every cell is hidden. The bounds of a sum are exact. */
static void
audit(const gint64 *cells, gsize len, const gboolean *hidden)
{
    gint64 sum = 0, shown = 0;
    gsize hidden_len = 0;
    for (gsize i = 0; i < len; i++) {
        sum += cells[i];
        shown += hidden[i] ? 0 : cells[i];
        hidden_len += hidden[i];
        if (cells[i] >= 1 && cells[i] <= CN_SMALL_COUNT)
            assert_true(hidden[i]);
    }
    if (hidden_len == 0)
        return;
    const gint64 left = sum - shown;
    const gint64 least = hidden_len == len ? 0 : 1;
    const gint64 most = left - least * (gint64)(hidden_len - 1);
    /* A total that is itself small is not shown: then nothing is known but that. */
    if (sum > CN_SMALL_COUNT)
        assert_true(most > CN_SMALL_COUNT);
    else
        assert_int_equal(hidden_len, len);
    if (hidden_len == 1)
        assert_true(len == 1);
}

static void
test_hide(void **state)
{
    (void)state;
    guint tables = 0;
    for (gsize len = 2; len <= CELLS_MOST; len++) {
        gint64 cells[CELLS_MOST] = {0};
        for (;;) {
            gboolean hidden[CELLS_MOST] = {FALSE};
            gsize i = 0;
            cn_figure_hide(cells, len, hidden);
            audit(cells, len, hidden);
            tables++;
            while (i < len && cells[i] == VALUE_MOST)
                cells[i++] = 0;
            if (i == len)
                break;
            cells[i]++;
        }
    }
    print_message("%u tables audited\n", tables);
}

/* ---- Referrals. */

typedef struct {
    const char *id, *ref, *provider, *state, *from, *created, *sent, *started, *home;
} Row;

static carenet_table *
make_list(const Row *rows, gsize len)
{
    static const CnColumn columns[] = {{"id", CARENET_COLUMN_TEXT},
                                       {"case", CARENET_COLUMN_TEXT},
                                       {"provider", CARENET_COLUMN_TEXT},
                                       {"state", CARENET_COLUMN_TEXT},
                                       {"redirected_from", CARENET_COLUMN_TEXT},
                                       {"created", CARENET_COLUMN_TEXT},
                                       {"sent", CARENET_COLUMN_TEXT},
                                       {"started", CARENET_COLUMN_TEXT},
                                       {"home", CARENET_COLUMN_TEXT}};
    CnTableBuilder *table = cn_table_builder_new(columns, G_N_ELEMENTS(columns));
    for (gsize i = 0; i < len; i++) {
        const char *const cells[] = {rows[i].id,    rows[i].ref,     rows[i].provider,
                                     rows[i].state, rows[i].from,    rows[i].created,
                                     rows[i].sent,  rows[i].started, rows[i].home};
        for (gsize k = 0; k < G_N_ELEMENTS(cells); k++)
            cn_table_add_text(table, cells[k]);
    }
    return cn_table_builder_finish(table);
}

static const Row list[] = {
    {"R-1", "C-1", "ex-nmn-014", "started", NULL, "2026-11-01", "2026-11-01", "2026-11-04", NULL},
    {"R-2", "C-2", "ex-nmn-014", "redirected", NULL, "2026-11-01", "2026-11-01", NULL, NULL},
    {"R-3", "C-2", "ex-car-016", "completed", "R-2", "2026-11-03", "2026-11-03", "2026-11-11",
     NULL},
    {"R-4", "C-1", "ex-car-016", "waitlisted", NULL, "2026-11-02", "2026-11-02", NULL, NULL},
    {"R-5", "C-9", "ex-nmn-014", "declined", NULL, "2026-11-02", "2026-11-02", NULL, NULL},
    {"R-6", NULL, "nobody-knows", "sent", NULL, "2026-11-09", "2026-11-09", NULL, NULL},
    {"R-7", "C-1", "ex-nmn-014", "draft", NULL, "2026-11-09", NULL, NULL, NULL},
    {"R-8", "C-1", "ex-nmn-014", "started", NULL, "2025-01-01", "2025-01-01", "2025-01-02", NULL},
    {"R-9", "C-1", "ex-nmn-014", "not-completed", NULL, "2026-11-09", "2026-11-09", "2026-11-10",
     NULL},
};

typedef struct {
    carenet_directory *directory;
    carenet_policy *policy;
    carenet_cases *cases;
    carenet_plan *plan;
    carenet_table *referrals;
    CnFigureQuestion asked;
} Shipped;

static const char case_text[] =
    "- {ref: C-1, area: Butuan, age: 15, sex: female, needs: [trauma-therapy], consent: full}\n"
    "- {ref: C-2, area: Cebu City, age: 12, sex: male, needs: [psychiatric-care], consent: full}\n"
    "- {ref: C-3, area: Butuan, age: 4, sex: male, needs: [trauma-therapy], consent: full}\n"
    "- {ref: C-4, area: Zamboanga City, age: 9, sex: male, needs: [peer-support], consent: full}\n";

static int
open_shipped(void **state)
{
    static Shipped s;
    carenet_batch_options run;
    carenet_batch_options_init(&run);
    s.directory = carenet_directory_demonstration(reference, NULL);
    run.now_s = carenet_directory_demonstration_now(s.directory);
    s.policy = carenet_policy_load(reference, NULL, NULL, NULL);
    s.cases =
        carenet_cases_read(reference, case_text, strlen(case_text), "cases.yaml", NULL, NULL, NULL);
    s.referrals = make_list(list, G_N_ELEMENTS(list));
    *state = &s;
    if (s.cases == NULL || !carenet_batch(s.directory, s.policy, s.cases, &run, &s.plan, NULL))
        return 1;
    s.asked = (CnFigureQuestion){.directory = s.directory,
                                 .policy = s.policy,
                                 .referrals = s.referrals,
                                 .cases = s.cases,
                                 .plan = s.plan,
                                 .from = {2026, 1, 0},
                                 .to = {2026, 12, 31},
                                 .now_s = run.now_s};
    return 0;
}

static int
close_shipped(void **state)
{
    Shipped *s = *state;
    carenet_plan_unref(s->plan);
    carenet_cases_unref(s->cases);
    carenet_table_unref(s->referrals);
    carenet_policy_unref(s->policy);
    carenet_directory_unref(s->directory);
    return 0;
}

/* The rows as lines of CSV, to be read. */
static void
expect(const carenet_table *table, const char *text)
{
    char *csv = carenet_table_to_string(table, CARENET_FORMAT_CSV, NULL);
    g_autoptr(GString) lines = g_string_new(csv);
    carenet_free(csv);
    g_string_replace(lines, "\r\n", "\n", 0);
    assert_string_equal(lines->str, text);
}

static void
test_flow(void **state)
{
    const Shipped *s = *state;
    gint64 total = 0;
    g_autoptr(carenet_table) flow = cn_figure_flow(&s->asked, &total);
    assert_int_equal(total, 6);
    expect(flow, "home,serving,outcome,referrals,suppressed\n"
                 "Caraga,Caraga,waiting,1,false\n"
                 "Caraga,Northern Mindanao,helped,2,false\n"
                 "Central Visayas,Caraga,helped,1,false\n"
                 ",Northern Mindanao,refused,1,false\n"
                 ",,underway,1,false\n");
}

/* What the referral keeps goes before the list of cases, and does without it; where that lies outside of
 * the network or is none of its areas, the list is asked. */
static void
test_homes(void **state)
{
    static const Row rows[] = {
        {"R-1", "C-1", "ex-nmn-014", "sent", NULL, "2026-11-01", "2026-11-01", NULL, "0700000000"},
        {"R-2", "C-9", "ex-nmn-014", "sent", NULL, "2026-11-01", "2026-11-01", NULL, "1600000000"},
        {"R-3", NULL, "ex-nmn-014", "sent", NULL, "2026-11-01", "2026-11-01", NULL, "1600000000"},
        {"R-4", "C-1", "ex-nmn-014", "sent", NULL, "2026-11-01", "2026-11-01", NULL, NULL},
        {"R-5", "C-1", "ex-nmn-014", "sent", NULL, "2026-11-01", "2026-11-01", NULL, "nowhere"},
        {"R-6", "C-9", "ex-nmn-014", "sent", NULL, "2026-11-01", "2026-11-01", NULL, NULL},
        {"R-7", "C-9", "ex-nmn-014", "sent", NULL, "2026-11-01", "2026-11-01", NULL, "0900000000"},
    };
    const Shipped *s = *state;
    CnFigureQuestion asked = s->asked;
    g_autoptr(carenet_table) list_of_homes = make_list(rows, G_N_ELEMENTS(rows));
    asked.referrals = list_of_homes;
    g_autoptr(carenet_table) both = cn_figure_flow(&asked, NULL);
    expect(both, "home,serving,outcome,referrals,suppressed\n"
                 "Caraga,Northern Mindanao,underway,4,false\n"
                 "Central Visayas,Northern Mindanao,underway,1,false\n"
                 ",Northern Mindanao,underway,2,false\n");
    asked.cases = NULL;
    g_autoptr(carenet_table) kept = cn_figure_flow(&asked, NULL);
    expect(kept, "home,serving,outcome,referrals,suppressed\n"
                 "Caraga,Northern Mindanao,underway,2,false\n"
                 "Central Visayas,Northern Mindanao,underway,1,false\n"
                 ",Northern Mindanao,underway,4,false\n");
}

/* R-3 waited from the day on which R-2 was sent. */
static void
test_waiting(void **state)
{
    const Shipped *s = *state;
    g_autoptr(carenet_table) waiting = cn_figure_waiting(&s->asked);
    expect(waiting, "state,from_days,to_days,referrals,suppressed\n"
                    "started,0,3,2,false\n"
                    "started,4,7,0,false\n"
                    "started,8,14,1,false\n"
                    "started,15,30,0,false\n"
                    "started,31,60,0,false\n"
                    "started,61,90,0,false\n"
                    "started,91,,0,false\n"
                    "waiting,0,3,0,false\n"
                    "waiting,4,7,1,false\n"
                    "waiting,8,14,1,false\n"
                    "waiting,15,30,0,false\n"
                    "waiting,31,60,0,false\n"
                    "waiting,61,90,0,false\n"
                    "waiting,91,,0,false\n"
                    "ended,,,1,false\n");
}

static void
test_needs(void **state)
{
    const Shipped *s = *state;
    g_autoptr(carenet_table) unmet = cn_figure_unmet(&s->asked);
    g_autoptr(carenet_table) funnel = cn_figure_funnel(&s->asked);
    gint64 sum = 0, lost = 0;
    for (gsize row = 0; row < carenet_table_rows_len(unmet); row++)
        sum += carenet_table_get_int64(unmet, row, 3);
    for (gsize row = 1; row + 1 < carenet_table_rows_len(funnel); row++)
        lost += carenet_table_get_int64(funnel, row, 1);
    assert_int_equal(sum, (gint64)carenet_plan_unmet_len(s->plan));
    assert_int_equal(lost, sum);
    assert_int_equal(carenet_table_get_int64(funnel, 0, 1), 4);
    assert_true(sum >= 1); /* nobody takes a boy of four into trauma therapy */
}

/* So few persons that an outsider sees none of them. */
static void
test_few(void **state)
{
    const Shipped *s = *state;
    CnFigureQuestion asked = s->asked;
    asked.suppress = TRUE;
    gint64 total = 0;
    g_autoptr(carenet_table) flow = cn_figure_flow(&asked, &total);
    g_autoptr(carenet_table) unmet = cn_figure_unmet(&asked);
    g_autoptr(carenet_table) funnel = cn_figure_funnel(&asked);
    assert_int_equal(total, 6);
    for (gsize row = 0; row < carenet_table_rows_len(flow); row++)
        assert_true(carenet_table_is_null(flow, row, 3));
    for (gsize row = 0; row < carenet_table_rows_len(unmet); row++)
        assert_true(carenet_table_is_null(unmet, row, 3));
    for (gsize row = 0; row < carenet_table_rows_len(funnel); row++)
        assert_true(carenet_table_is_null(funnel, row, 1));
}

/* Places add up to those of the directory, and outsiders see no few of them. */
static void
test_capacity(void **state)
{
    const Shipped *s = *state;
    CnFigureQuestion asked = s->asked;
    const CnListing *listing = s->directory->listing;
    gint64 total = 0, known = 0;
    g_autoptr(carenet_table) all = cn_figure_capacity(&asked);
    for (gsize row = 0; row < carenet_table_rows_len(all); row++)
        total += carenet_table_get_int64(all, row, 5);
    for (gsize i = 0; i < listing->offerings_len; i++) {
        const CnListedProvider *provider = cn_listed_provider_of(listing, (guint)i);
        const CnService *service = cn_service(reference->taxonomy, listing->offerings[i].service);
        if (!provider->restricted && provider->status == CN_ACTIVE && listing->capacity[i].known &&
            service->unit != CN_UNIT_NONE)
            known += listing->capacity[i].total;
    }
    assert_int_equal(total, known);
    asked.suppress = TRUE;
    g_autoptr(carenet_table) few = cn_figure_capacity(&asked);
    for (gsize row = 0; row < carenet_table_rows_len(few); row++) {
        const gint64 taken = carenet_table_get_int64(few, row, 6);
        assert_true(taken == 0 || taken > CN_SMALL_COUNT);
        assert_true(carenet_table_is_null(few, row, 6) == carenet_table_is_null(few, row, 7));
    }
}

/* ---- Needs that referrals did not meet. */

static void
test_unmet_cases(void **state)
{
    static const struct {
        const char *id, *ref, *need, *state, *created;
    } rows[] = {
        {"R-9", "C-5", "counseling", "declined", "2025-01-01"}, /* before the period */
        {"R-8", "C-4", "trauma-therapy", "accepted", "2026-11-03"},
        {"R-7", "C-4", "trauma-therapy", "declined", "2026-11-02"}, /* met after all */
        {"R-6", "C-1", "trauma-therapy", "waitlisted", "2026-11-02"},
        {"R-5", "C-1", "trauma-therapy", "declined", "2026-11-01"}, /* the same need */
        {"R-4", "C-1", "counseling", "expired", "2026-11-01"},
        {"R-3", NULL, "counseling", "declined", "2026-11-01"}, /* erased */
        {"R-2", "C-2", "counseling", "cancelled", "2026-11-01"},
        {"R-1", "C-3", "alchemy", "declined", "2026-11-01"},
    };
    static const CnColumn columns[] = {
        {"id", CARENET_COLUMN_TEXT},      {"case", CARENET_COLUMN_TEXT},
        {"need", CARENET_COLUMN_TEXT},    {"provider", CARENET_COLUMN_TEXT},
        {"urgency", CARENET_COLUMN_TEXT}, {"units", CARENET_COLUMN_INT64},
        {"state", CARENET_COLUMN_TEXT},   {"created", CARENET_COLUMN_TEXT}};
    const Shipped *s = *state;
    CnTableBuilder *table = cn_table_builder_new(columns, G_N_ELEMENTS(columns));
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        cn_table_add_text(table, rows[i].id);
        cn_table_add_text(table, rows[i].ref);
        cn_table_add_text(table, rows[i].need);
        cn_table_add_text(table, "ex-nmn-014");
        cn_table_add_text(table, "urgent");
        cn_table_add_int64(table, 1);
        cn_table_add_text(table, rows[i].state);
        cn_table_add_text(table, rows[i].created);
    }
    g_autoptr(carenet_table) list_of = cn_table_builder_finish(table);
    CnFigureQuestion asked = s->asked;
    asked.referrals = list_of;
    g_autoptr(carenet_cases) cases = cn_figure_unmet_cases(&asked);
    static const char *const expected[] = {"R-6", "R-4", "R-3"};
    assert_int_equal(cases->cases->len, G_N_ELEMENTS(expected));
    for (guint i = 0; i < cases->cases->len; i++)
        assert_string_equal(((CnCase *)g_ptr_array_index(cases->cases, i))->ref, expected[i]);
    /* C-1 is known; of the erased one only the provider that was asked. */
    const CnCase *known = g_ptr_array_index(cases->cases, 0);
    const CnCase *erased = g_ptr_array_index(cases->cases, 2);
    assert_int_equal(known->age_min, 15);
    assert_int_equal(erased->age_min, -1);
    assert_int_equal(
        cn_figure_region(s->directory->listing, erased->area),
        cn_figure_region(s->directory->listing,
                         s->directory->listing
                             ->providers[cn_listing_provider(s->directory->listing, "ex-nmn-014")]
                             .area));
}

/* ---- Text that would be markup. */

static void
test_html(void **state)
{
    (void)state;
    CnHtml *html = cn_html_new();
    cn_html_open(html, "p", "title", "\"'<&>", "lang", NULL, NULL);
    cn_html_text(html, "<script>\x01&\xff");
    cn_html_close(html, "p");
    cn_svg_line(html, NULL, -0.01, 0.06, 1e6, 12.34);
    g_autofree char *text = cn_html_finish(html);
    assert_string_equal(text,
                        "<p title=\"&quot;&#39;&lt;&amp;&gt;\">&lt;script&gt; &amp;\xef\xbf\xbd"
                        "</p>\n<line x1=\"0.0\" y1=\"0.1\" x2=\"1000000.0\" y2=\"12.3\"/>");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hide),
        cmocka_unit_test_setup_teardown(test_flow, open_shipped, close_shipped),
        cmocka_unit_test_setup_teardown(test_homes, open_shipped, close_shipped),
        cmocka_unit_test_setup_teardown(test_waiting, open_shipped, close_shipped),
        cmocka_unit_test_setup_teardown(test_needs, open_shipped, close_shipped),
        cmocka_unit_test_setup_teardown(test_few, open_shipped, close_shipped),
        cmocka_unit_test_setup_teardown(test_capacity, open_shipped, close_shipped),
        cmocka_unit_test_setup_teardown(test_unmet_cases, open_shipped, close_shipped),
        cmocka_unit_test(test_html),
    };
    reference = test_reference();
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    carenet_reference_unref(reference);
    return failed;
}
