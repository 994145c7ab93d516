/* Plan files: what is written is read back to the same bytes; every damage is refused at its place; what
 * plans say as tables, and what is different between two. */
#include "format/plan-file.h"

#include "base/error.h"

#include <glib/gstdio.h>
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#define DIGEST "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/* Two needs placed, one not. */
static CnPlan *
make_plan(void)
{
    CnPlan *plan = cn_plan_new();
    const CnPlanned planned[] = {
        {"C-1", "trauma-therapy", "ex-a", "ex-a/trauma-therapy", 65, 1, 1, FALSE},
        {"C-2", "emergency-shelter", "ex-b", "ex-b/emergency-shelter", 12, 2, 2, TRUE}};
    const CnPlanChange change = {"add-places", "ex-a/trauma-therapy", "capacity.total", "3", "4"};
    const CnPlanChange restricted = {"add-places", "ex-b/emergency-shelter", "capacity.total", NULL,
                                     "+1"};
    const CnPlanUnmet unmet = {
        "C-2", "trauma-therapy", "full", "2 offered; \"both\" full\n\x01", 1, 1, CN_URGENT, 0, 2};
    const CnPlanPrice price = {"ex-a/trauma-therapy", 40};
    const CnPlanFunnel funnel = {"trauma-therapy", 2, 2, 2, 2, 2, 1};
    plan->objective = plan->bound = (CnPlanValue){{0, 1, 0}, 77};
    plan->optimal = TRUE;
    plan->penalties[CN_ROUTINE] = 1000;
    plan->penalties[CN_URGENT] = 2000;
    plan->penalties[CN_EMERGENCY] = 3000;
    plan->now_s = 1794792600;
    plan->at_s = 1794796200;
    plan->include_unconfirmed = TRUE;
    plan->directory = plan->policy = plan->cases = DIGEST;
    plan->policy_id = "ph-default";
    plan->cases_len = 2;
    plan->revision = 7;
    g_array_append_vals(plan->assignments, planned, 2);
    g_array_append_val(plan->unmet, unmet);
    g_array_append_val(plan->changes, change);
    g_array_append_val(plan->changes, restricted);
    g_array_append_val(plan->prices, price);
    g_array_append_val(plan->funnel, funnel);
    return plan;
}

static void
goes_to_a_file_and_back(void **state)
{
    g_autoptr(carenet_plan) plan = make_plan();
    g_autofree char *text = cn_plan_write(plan);
    g_autoptr(GError) error = NULL;
    g_autoptr(carenet_plan) again = cn_plan_parse(text, strlen(text), "plan.json", &error);
    (void)state;
    assert_null(error);
    g_autofree char *text_again = cn_plan_write(again);
    assert_string_equal(text, text_again);
    assert_true(again->optimal);
    assert_int_equal(again->now_s, plan->now_s);
    assert_int_equal(again->at_s, plan->at_s);
    assert_true(cn_plan_assignment(again, "C-2", 2)->pinned);
    assert_null(cn_plan_assignment(again, "C-2", 1));
    assert_string_equal(cn_plan_unmet(again, "C-2", 1)->detail, "2 offered; \"both\" full\n\x01");
    assert_null(cn_plan_change_at(again, 1)->from);
    assert_int_equal(cn_plan_price(again, "ex-a/trauma-therapy"), 40);
    assert_int_equal(cn_plan_price(again, "ex-b/emergency-shelter"), 0);
}

static void
an_empty_plan_is_a_plan(void **state)
{
    g_autoptr(carenet_plan) plan = cn_plan_new();
    plan->directory = plan->policy = plan->cases = DIGEST;
    plan->policy_id = "p";
    plan->stopped_by = CN_PLAN_STOPPED_WORK;
    plan->optimal = TRUE;
    g_autofree char *text = cn_plan_write(plan);
    g_autoptr(carenet_plan) again = cn_plan_parse(text, strlen(text), "p", NULL);
    (void)state;
    assert_non_null(again);
    assert_int_equal(again->stopped_by, CN_PLAN_STOPPED_WORK);
}

/* The text with one thing in it written otherwise. (transfer full) */
static char *
spoil(const char *text, const char *from, const char *to)
{
    const char *at = strstr(text, from);
    assert_non_null(at);
    g_autofree char *head = g_strndup(text, (gsize)(at - text));
    return g_strconcat(head, to, at + strlen(from), NULL);
}

static void
every_damage_has_its_place(void **state)
{
    static const struct {
        const char *from, *to, *message;
    } damages[] = {
        {"carenet.plan/1", "carenet.plan/2", "another version"},
        {"carenet.plan/1", "carenet.find/1", "no plan"},
        {"\"optimal\"", "\"best\"", "status must be"},
        {"\"optimal\"", "\"feasible\"", "feasible although the gap is 0"},
        {"\"searched\": false", "\"searched\": true", "is true of a plan that is proven"},
        {"\"stopped_by\": null", "\"stopped_by\": \"rain\"", "stopped_by must be"},
        {"\"stopped_by\": null,\n", "", "stopped_by must be"},
        {"\"urgent\": 1, \"routine\": 0}, \"cost\": 77},\n\"bound\"",
         "\"urgent\": 1, \"routine\": 0}, \"cost\": 78},\n\"bound\"", "gap is not"},
        {"\"urgent\": 1", "\"urgent\": -1", "urgent is out of range"},
        {"\"urgent\": 1", "\"urgent\": 1.0", "urgent must be a whole number"},
        {"\"urgent\": 1", "\"urgent\": 99999999999999999999", "the number is too large"},
        {"\"gap\": 0", "\"gap\": 1e999", "the number is too large"},
        {"\"gap\": 0", "\"gap\": 0.5", "gap is not"},
        {"\"gap\": 0", "\"gap\": null", "gap is not"},
        {"\"gap_level\": null", "\"gap_level\": \"cost\"", "gap_level is not"},
        {"2026", "20x6", "as_of is no instant"},
        {"\"include_unconfirmed\": true", "\"include_unconfirmed\": 1",
         "include_unconfirmed must be true or false"},
        {"\"digest\": \"0", "\"digest\": \"G", "digest is no digest"},
        {"\"cases\": \"0", "\"cases\": \"", "cases is no digest"},
        {"\"cases_len\": 2", "\"cases_len\": 99999999", "cases_len is out of range"},
        {"\"penalties\": {", "\"penalties\": [", "not JSON"},
        {"\"case\": \"C-1\"", "\"case\": 1", "assignments[0].case must be a text"},
        {"\"case\": \"C-1\"", "\"case\": \"C-9\"",
         "assignments[1] stands twice or is out of order"},
        {"\"case\": \"C-1\", \"need\": 1", "\"case\": \"C-2\", \"need\": 2",
         "assignments[1] stands twice"},
        {"\"need\": 1", "\"need\": 0", "assignments[0].need is out of range"},
        {"\"units\": 2", "\"units\": 1001", "assignments[1].units is out of range"},
        {"\"cost\": 65", "\"cost\": \"65\"", "assignments[0].cost must be a whole number"},
        {"\"pinned\": true", "\"pinned\": null", "assignments[1].pinned must be true or false"},
        {"\"urgency\": \"urgent\"", "\"urgency\": \"soon\"", "unmet[0].urgency must be"},
        {"\"change\": [{", "\"change\": [1, {", "unmet[0].change must hold records"},
        {"\"kind\": \"add-places\"", "\"kind\": null", "unmet[0].kind must be a text"},
        {"\"placed\": 1", "\"placed\": 3", "funnel[0].placed is out of range"},
        {"\"price\": 40", "\"price\": -40", "prices[0].price is out of range"},
        {"\"prices\": [", "\"prices\": [5, ", "prices[0] must be a record"},
        {"\"prices\": [", "\"price\": [", "prices must be a list"},
        {"\"need\": 1, ", "\"need\": 1, \"need\": 1, ", "a key stands twice"},
        {"{\n\"schema\"", "[{\n\"schema\"", "not JSON"},
    };
    g_autoptr(carenet_plan) plan = make_plan();
    g_autofree char *text = cn_plan_write(plan);
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(damages); i++) {
        g_autofree char *damaged = spoil(text, damages[i].from, damages[i].to);
        g_autoptr(GError) error = NULL;
        assert_null(cn_plan_parse(damaged, strlen(damaged), "plan.json", &error));
        if (strstr(error->message, damages[i].message) == NULL)
            fail_msg("\"%s\" is not \"%s\"", error->message, damages[i].message);
        assert_string_equal(carenet_error_get_file(error), "plan.json");
        assert_non_null(carenet_error_get_hint(error));
    }
    g_autofree char *more = spoil(text, "\"schema\"", "\"later\": {\"x\": [1]},\n\"schema\"");
    g_autoptr(carenet_plan) read = cn_plan_parse(more, strlen(more), "plan.json", NULL);
    assert_non_null(read);
    print_message("%zu damages, each refused at its place\n", G_N_ELEMENTS(damages));
}

/* Of a number that nothing can hold the first digit is named, of what is no JSON where it ends. */
static void
numbers_too_large_have_their_place(void **state)
{
    static const struct {
        const char *text;
        guint line, column;
    } cases[] = {
        {"{\"schema\": \"carenet.plan/1\",\n \"n\": 9223372036854775808}", 2, 7},
        {"{\"n\": -99999999999999999999999}", 1, 7},
        {"{\n\n\"\xc3\xb1\":[1,1e999]}", 3, 8},
        {"99999999999999999999", 1, 1},
    };
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        const char *text = cases[i].text;
        assert_null(cn_plan_parse(text, strlen(text), "plan.json", &error));
        assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_PARSE);
        assert_int_equal(carenet_error_get_line(error), cases[i].line);
        assert_int_equal(carenet_error_get_column(error), cases[i].column);
        assert_non_null(strstr(error->message, "number is too large"));
    }
}

/* A plan for which places were to be kept. */
static void
kept_places_are_read_strictly(void **state)
{
    static const struct {
        const char *from, *to, *message;
    } damages[] = {
        {"\"max_moves\": 4", "\"max_moves\": -4", "max_moves is out of range"},
        {"\"keep\": {\"plan\": \"", "\"keep\": {\"plan\": \"x", "plan is no digest"},
        {"\"keep\": ", "\"keeps\": ", "keep is missing beside kept"},
        {"\"state\": \"stays\"", "\"state\": \"sleeps\"", "kept[0].state must be"},
        {"\"state\": \"stays\", \"reason\": null", "\"state\": \"stays\", \"reason\": \"age\"",
         "kept[0].reason must be there for"},
        {"\"state\": \"released\", \"reason\": \"age\"",
         "\"state\": \"released\", \"reason\": null", "kept[1].reason must be there for"},
    };
    g_autoptr(carenet_plan) plan = make_plan();
    const CnPlanKept kept[] = {
        {"C-1", "trauma-therapy", "ex-a/trauma-therapy", NULL, 1, CN_KEPT_STAYS},
        {"C-2", "emergency-shelter", "ex-c/emergency-shelter", "age", 2, CN_KEPT_RELEASED}};
    plan->keep = DIGEST;
    plan->max_moves = 4;
    g_array_append_vals(plan->kept, kept, 2);
    g_autofree char *text = cn_plan_write(plan);
    g_autoptr(carenet_plan) again = cn_plan_parse(text, strlen(text), "p", NULL);
    g_autofree char *text_again = cn_plan_write(again);
    (void)state;
    assert_string_equal(text, text_again);
    for (gsize i = 0; i < G_N_ELEMENTS(damages); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *spoilt = spoil(text, damages[i].from, damages[i].to);
        assert_null(cn_plan_parse(spoilt, strlen(spoilt), "p", &error));
        assert_non_null(strstr(error->message, damages[i].message));
    }
}

/* A plan by a policy with quotas. */
static void
quotas_are_read_strictly(void **state)
{
    static const struct {
        const char *from, *to, *message;
    } damages[] = {
        {"\"kind\": \"offering\"", "\"kind\": \"person\"", "quotas[0].kind must be"},
        {"\"kind\": \"offering\"", "\"kind\": \"provider\"", "quotas[1] stands twice"},
        {"\"places\": 2", "\"places\": -2", "quotas[0].places is out of range"},
        {"\"used\": 2", "\"used\": \"2\"", "quotas[0].used must be a whole number"},
        {"\"saves\": null", "\"saves\": 5", "quotas[1].saves must be a record"},
        {"\"saves\": null", "\"saved\": null", "quotas[1].saves must be a record"},
        {"\"urgent\": 1, \"routine\": -1", "\"urgent\": 0, \"routine\": -1",
         "quotas[0].saves is less than nothing"},
        {"\"cost\": -65", "\"cost\": null", "quotas[0].cost must be a whole number"},
        {"\"quotas\": [", "\"quotas\": [5, ", "quotas[0] must be a record"},
    };
    g_autoptr(carenet_plan) plan = make_plan();
    const CnPlanQuota quotas[] = {
        {"offering", "ex-a", "offering ex-a (at most 2 of a list)", 2, 2, TRUE, {{0, 1, -1}, -65}},
        {"provider", "ex-a", "provider ex-a (at most 4 of a list)", 4, 2, FALSE, {{0}, 0}}};
    g_array_append_vals(plan->quotas, quotas, 2);
    g_autofree char *text = cn_plan_write(plan);
    g_autoptr(carenet_plan) again = cn_plan_parse(text, strlen(text), "p", NULL);
    g_autofree char *text_again = cn_plan_write(again);
    (void)state;
    assert_string_equal(text, text_again);
    g_autoptr(carenet_table) rows = carenet_plan_table(again, CARENET_PLAN_QUOTAS);
    const gsize worth = carenet_table_columns_len(rows) - 1;
    assert_string_equal(carenet_table_get_text(rows, 0, worth),
                        "1 urgent unit, for 1 routine unit and cost 65");
    assert_true(carenet_table_is_null(rows, 1, worth) && carenet_table_is_null(rows, 1, worth - 1));
    for (gsize i = 0; i < G_N_ELEMENTS(damages); i++) {
        const char *at = strstr(text, "\"quotas\"");
        g_autoptr(GError) error = NULL;
        g_autofree char *rest = spoil(at, damages[i].from, damages[i].to);
        g_autofree char *head = g_strndup(text, (gsize)(at - text));
        g_autofree char *spoilt = g_strconcat(head, rest, NULL);
        assert_null(cn_plan_parse(spoilt, strlen(spoilt), "p", &error));
        if (strstr(error->message, damages[i].message) == NULL)
            fail_msg("\"%s\" is not \"%s\"", error->message, damages[i].message);
    }
}

/* ---- Every value of a plan, one after the other, taken away or made something else. */

typedef struct {
    json_t *root;
    guint refused, read;
} Spoiling;

/* What may be null, may be left out, or holds whatever was written there. */
static gboolean
may_be_otherwise(const char *key, const json_t *value)
{
    static const char *const free_texts[] = {"detail", "from", "to", "reason", NULL};
    if (g_str_equal(key, "plugins"))
        return value == NULL;
    if (g_str_equal(key, "searched"))
        return value == NULL || json_is_boolean(value);
    if (g_str_equal(key, "stopped_by"))
        return json_is_null(value);
    return g_strv_contains(free_texts, key) &&
           (json_is_null(value) || (json_is_string(value) && json_string_length(value) < 4096));
}

/* Either it is refused, with the place named, or what is read is written as it was. */
static void
read_spoilt(Spoiling *spoiling, const char *key, const json_t *value)
{
    g_autoptr(GError) error = NULL;
    char *text = json_dumps(spoiling->root, 0);
    g_autoptr(carenet_plan) plan = cn_plan_parse(text, strlen(text), "p", &error);
    if (plan == NULL) {
        spoiling->refused++;
        assert_string_equal(carenet_error_get_file(error), "p");
        assert_non_null(carenet_error_get_hint(error));
    } else {
        spoiling->read++;
        if (!may_be_otherwise(key, value))
            fail_msg("%s is %s, and the plan is read", key, value == NULL ? "missing" : "another");
    }
    free(text);
}

static void
spoil_member(Spoiling *spoiling, json_t *object, const char *key)
{
    g_autofree char *endless = g_strnfill(5000, 'x');
    json_t *others[] = {NULL,
                        json_null(),
                        json_true(),
                        json_integer(-1),
                        json_integer(G_MAXINT64),
                        json_real(0.5),
                        json_string(""),
                        json_string(endless),
                        json_array(),
                        json_object()};
    json_t *value = json_incref(json_object_get(object, key));
    for (guint i = 0; i < G_N_ELEMENTS(others); i++) {
        /* An empty list is a shorter plan, and what is as good as what stood there is no damage. */
        if ((json_is_array(value) && json_is_array(others[i])) ||
            (json_is_null(value) && json_is_null(others[i])) ||
            (json_is_boolean(value) && json_is_boolean(others[i])))
            continue;
        if (others[i] == NULL)
            json_object_del(object, key);
        else
            json_object_set(object, key, others[i]);
        read_spoilt(spoiling, key, others[i]);
        json_object_set(object, key, value);
    }
    for (guint i = 0; i < G_N_ELEMENTS(others); i++)
        json_decref(others[i]);
    json_decref(value);
}

/* A member that was taken away comes back as the last one, so the names are settled first. */
static void
spoil_all(Spoiling *spoiling, json_t *value)
{
    g_autoptr(GPtrArray) keys = g_ptr_array_new_with_free_func(g_free);
    const char *key;
    json_t *member;
    gsize i;
    json_array_foreach(value, i, member) spoil_all(spoiling, member);
    json_object_foreach(value, key, member) g_ptr_array_add(keys, g_strdup(key));
    for (guint k = 0; k < keys->len; k++) {
        key = g_ptr_array_index(keys, k);
        spoil_all(spoiling, json_object_get(value, key));
        spoil_member(spoiling, value, key);
    }
}

static void
whatever_is_wrong_is_refused(void **state)
{
    g_autoptr(carenet_plan) plan = make_plan();
    const CnPlanKept kept = {"C-1", "trauma-therapy", "ex-a/trauma-therapy", "age",
                             1,     CN_KEPT_RELEASED};
    (void)state;
    plan->keep = DIGEST;
    plan->max_moves = 4;
    g_array_append_val(plan->kept, kept);
    g_autofree char *text = cn_plan_write(plan);
    Spoiling spoiling = {.root = json_loads(text, 0, NULL)};
    assert_non_null(spoiling.root);
    spoil_all(&spoiling, spoiling.root);
    json_decref(spoiling.root);
    assert_true(spoiling.refused > 500);
    print_message("%u spoilt plans refused, %u read that mean something else\n", spoiling.refused,
                  spoiling.read);
}

static void
a_part_of_a_plan_is_none(void **state)
{
    g_autoptr(carenet_plan) plan = make_plan();
    g_autofree char *text = cn_plan_write(plan);
    const gsize len = strlen(text);
    (void)state;
    for (gsize cut = 0; cut < len - 2; cut++) {
        g_autoptr(GError) error = NULL;
        assert_null(cn_plan_parse(text, cut, "p", &error));
        assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_PARSE);
        assert_true(carenet_error_get_line(error) >= 1);
    }
}

static void
is_saved_whole_and_for_its_owner(void **state)
{
    g_autoptr(carenet_plan) plan = make_plan();
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = g_dir_make_tmp("carenet-plan-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "plan.json", NULL);
    struct stat status;
    (void)state;
    assert_true(carenet_plan_save(plan, path, false, &error));
    assert_int_equal(g_stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_false(carenet_plan_save(plan, path, false, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_CONFLICT);
    g_clear_error(&error);
    assert_true(carenet_plan_save(plan, path, true, &error));
    g_autoptr(carenet_plan) again = carenet_plan_load(path, &error);
    assert_non_null(again);
    g_autoptr(GDir) listed = g_dir_open(folder, 0, NULL);
    assert_string_equal(g_dir_read_name(listed), "plan.json");
    assert_null(g_dir_read_name(listed)); /* no draft is left */
    g_unlink(path);
    g_rmdir(folder);
    assert_false(carenet_plan_save(plan, path, true, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_IO);
    g_clear_error(&error);
    assert_null(carenet_plan_load(path, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_IO);
}

static void
tells_how_far_it_is(void **state)
{
    static const struct {
        CnPlanValue objective, bound;
        double gap;
        const char *level;
    } plans[] = {
        {{{0, 0, 0}, 100}, {{0, 0, 0}, 100}, 0, NULL},
        {{{0, 0, 0}, 100}, {{0, 0, 0}, 98}, 0.02, "cost"},
        {{{0, 0, 4}, 100}, {{0, 0, 3}, 400}, 0.25, "routine"},
        {{{2, 0, 4}, 100}, {{1, 9, 9}, 400}, 0.5, "emergency"},
        {{{0, 1, 0}, 0}, {{0, 0, 5}, 0}, 1, "urgent"},
        {{{0, 0, 0}, 0}, {{0, 0, 0}, 0}, 0, NULL},
    };
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(plans); i++) {
        g_autoptr(carenet_plan) plan = cn_plan_new();
        plan->objective = plans[i].objective;
        plan->bound = plans[i].bound;
        assert_true(ABS(carenet_plan_gap(plan) - plans[i].gap) < 1e-12);
        if (plans[i].level == NULL)
            assert_null(carenet_plan_gap_level(plan));
        else
            assert_string_equal(carenet_plan_gap_level(plan), plans[i].level);
    }
}

static void
speaks_in_tables(void **state)
{
    static const struct {
        carenet_plan_part part;
        gsize rows;
        const char *column;
    } parts[] = {{CARENET_PLAN_ASSIGNMENTS, 2, "offering"},
                 {CARENET_PLAN_UNMET, 1, "reason"},
                 {CARENET_PLAN_CHANGES, 2, "kind"},
                 {CARENET_PLAN_FUNNEL, 1, "placed"},
                 {CARENET_PLAN_PRICES, 1, "price"}};
    g_autoptr(carenet_plan) plan = make_plan();
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
        g_autoptr(carenet_table) table = carenet_plan_table(plan, parts[i].part);
        assert_int_equal(carenet_table_rows_len(table), parts[i].rows);
        assert_true(carenet_table_column_index(table, parts[i].column) >= 0);
    }
    assert_null(carenet_plan_table(plan, (carenet_plan_part)99));
    assert_null(carenet_plan_table(NULL, CARENET_PLAN_UNMET));
    assert_int_equal(carenet_plan_assignments_len(plan), 2);
    assert_int_equal(carenet_plan_unmet_len(plan), 1);
    assert_int_equal(carenet_plan_objective(plan).urgent, 1);
    assert_int_equal(carenet_plan_bound(plan).cost, 77);
    assert_int_equal(carenet_plan_get_status(plan), CARENET_PLAN_OPTIMAL);
    assert_int_equal(carenet_plan_get_stopped(plan), CARENET_STOPPED_NOT);
    assert_string_equal(carenet_plan_policy_id(plan), "ph-default");
    assert_string_equal(carenet_plan_directory_digest(plan), DIGEST);
    assert_int_equal(carenet_plan_now(plan), 1794792600);
}

static char *
compare(const CnPlan *a, const CnPlan *b)
{
    g_autoptr(carenet_table) table = carenet_plans_compare(a, b, NULL);
    GString *out = g_string_new(NULL);
    for (gsize i = 0; i < carenet_table_rows_len(table); i++)
        g_string_append_printf(
            out, "%s%s/%d %s", i > 0 ? ", " : "", carenet_table_get_text(table, i, 0),
            (int)carenet_table_get_int64(table, i, 1), carenet_table_get_text(table, i, 3));
    g_string_append_printf(out, " ! %zu", carenet_table_warnings_len(table));
    return g_string_free(out, FALSE);
}

static void
tells_what_is_different(void **state)
{
    g_autoptr(carenet_plan) a = make_plan();
    g_autoptr(carenet_plan) b = make_plan();
    (void)state;
    g_autofree char *same = compare(a, b);
    assert_string_equal(same, " ! 0");
    g_array_index(b->assignments, CnPlanned, 0).offering = "ex-c/trauma-therapy";
    g_array_index(b->assignments, CnPlanned, 1).cost = 13;
    g_autofree char *moved = compare(a, b);
    assert_string_equal(moved, "C-1/1 moved, C-2/2 cost ! 0");
    g_array_remove_index(b->assignments, 0);
    g_array_index(b->assignments, CnPlanned, 0).cost = 12;
    g_autofree char *removed = compare(a, b);
    assert_string_equal(removed, "C-1/1 removed ! 0");
    g_autofree char *added = compare(b, a);
    assert_string_equal(added, "C-1/1 added ! 0");
    const CnPlanUnmet unmet = {.ref = "C-1", .service = "trauma-therapy", .need = 1};
    g_array_prepend_val(b->unmet, unmet);
    b->policy = "other";
    g_autofree char *lost = compare(a, b);
    assert_string_equal(lost, "C-1/1 lost ! 1");
    g_autofree char *placed = compare(b, a);
    assert_string_equal(placed, "C-1/1 placed ! 1");
}

static void
refuses_missing_arguments(void **state)
{
    g_autoptr(carenet_plan) plan = make_plan();
    (void)state;
    assert_null(carenet_plan_parse(NULL, 0, "p", NULL));
    assert_null(carenet_plan_parse("", 0, NULL, NULL));
    assert_null(carenet_plan_load(NULL, NULL));
    assert_false(carenet_plan_save(NULL, "p", false, NULL));
    assert_false(carenet_plan_save(plan, NULL, false, NULL));
    assert_null(carenet_plan_to_json(NULL));
    assert_null(carenet_plans_compare(plan, NULL, NULL));
    assert_int_equal(carenet_plan_get_status(NULL), CARENET_PLAN_FEASIBLE);
    assert_int_equal(carenet_plan_objective(NULL).cost, 0);
    assert_null(carenet_plan_gap_level(NULL));
    carenet_plan_unref(NULL);
    assert_null(carenet_plan_ref(NULL));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(goes_to_a_file_and_back),
        cmocka_unit_test(an_empty_plan_is_a_plan),
        cmocka_unit_test(every_damage_has_its_place),
        cmocka_unit_test(numbers_too_large_have_their_place),
        cmocka_unit_test(kept_places_are_read_strictly),
        cmocka_unit_test(quotas_are_read_strictly),
        cmocka_unit_test(whatever_is_wrong_is_refused),
        cmocka_unit_test(a_part_of_a_plan_is_none),
        cmocka_unit_test(is_saved_whole_and_for_its_owner),
        cmocka_unit_test(tells_how_far_it_is),
        cmocka_unit_test(speaks_in_tables),
        cmocka_unit_test(tells_what_is_different),
        cmocka_unit_test(refuses_missing_arguments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
