/* Random verbs on a few places, against a simple model of who has them, who waits and whose time is over. */
#include "../support/referral-steps.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

static int
set_up(void **state)
{
    *state = world_new();
    return 0;
}

static int
tear_down(void **state)
{
    world_free(*state);
    return 0;
}

#define MODEL_REFERRALS 400
#define MODEL_STEPS     1500

typedef struct {
    gint state; /* CnState */
    gint64 until_s, waiting_s;
    gint offering;
    gint urgency;
} ModelReferral;

typedef struct {
    ModelReferral referrals[MODEL_REFERRALS];
    gint len;
    gint64 total[2], occupied[2];
} Model;

static gint64
model_held(const Model *model, gint offering)
{
    gint64 held = 0;
    for (gint i = 0; i < model->len; i++)
        held += model->referrals[i].offering == offering &&
                (model->referrals[i].state == CN_SENT || model->referrals[i].state == CN_RECEIVED);
    return held;
}

static void
model_expire(Model *model, gint offering, gint64 now_s)
{
    for (gint i = 0; i < model->len; i++) {
        ModelReferral *referral = &model->referrals[i];
        if (referral->offering == offering &&
            (referral->state == CN_SENT || referral->state == CN_RECEIVED) &&
            referral->until_s <= now_s)
            referral->state = CN_EXPIRED;
    }
}

static void
model_offer(Model *model, gint offering, gint least, gint except, gint64 now_s)
{
    while (model->occupied[offering] + model_held(model, offering) < model->total[offering]) {
        ModelReferral *best = NULL;
        for (gint i = 0; i < model->len; i++) {
            ModelReferral *referral = &model->referrals[i];
            if (referral->offering != offering || referral->state != CN_WAITLISTED ||
                referral->urgency > least || i == except)
                continue;
            if (best == NULL || referral->urgency < best->urgency ||
                (referral->urgency == best->urgency && referral->waiting_s < best->waiting_s))
                best = referral;
        }
        if (best == NULL)
            return;
        best->state = CN_SENT;
        best->until_s = now_s + 2 * CN_DAY_S;
    }
}

/* What time freed goes to those who wait, whatever becomes of the request; but for the referral that is acted on. */
static void
model_settle(Model *model, gint offering, gint except, gint64 now_s)
{
    model_expire(model, offering, now_s);
    model_offer(model, offering, CN_ROUTINE, except, now_s);
}

/* What the model says a new referral becomes; -1: it is full. */
static gint
model_send(Model *model, gint offering, gint urgency, gboolean waitlist, gint64 now_s)
{
    model_settle(model, offering, -1, now_s);
    Model before = *model;
    model_offer(model, offering, urgency, -1, now_s);
    const gboolean room =
        model->occupied[offering] + model_held(model, offering) < model->total[offering];
    if (!room && !waitlist) {
        *model = before;
        return -1;
    }
    ModelReferral *referral = &model->referrals[model->len++];
    *referral = (ModelReferral){.state = room ? CN_SENT : CN_WAITLISTED,
                                .until_s = now_s + 2 * CN_DAY_S,
                                .waiting_s = now_s,
                                .offering = offering,
                                .urgency = urgency};
    return referral->state;
}

static gint
model_step(Model *model, gint at, Step step, gint64 now_s)
{
    ModelReferral *referral = &model->referrals[at];
    const gint offering = referral->offering;
    model_settle(model, offering, at, now_s);
    Model before = *model;
    const gint from = referral->state, to = step_leads_to[from][step];
    if (to < 0) {
        *model = before;
        return -1;
    }
    const gboolean took =
        from == CN_SENT || from == CN_RECEIVED || from == CN_ACCEPTED || from == CN_STARTED;
    const gboolean takes = to == CN_RECEIVED || to == CN_ACCEPTED || to == CN_STARTED;
    if (to == CN_ACCEPTED)
        model->occupied[offering]++;
    if ((from == CN_ACCEPTED || from == CN_STARTED) && !takes)
        model->occupied[offering]--;
    referral->state = to;
    referral->waiting_s = now_s;
    if (took && !takes)
        model_offer(model, offering, CN_ROUTINE, step == WAITLIST ? at : -1, now_s);
    return to;
}

static void
compare(const Model *model, carenet_store *store, gint64 now_s, guint32 seed)
{
    g_autoptr(carenet_table) rows = carenet_referral_list(store, NULL, NULL);
    assert_int_equal(carenet_table_rows_len(rows), model->len);
    const size_t at = (size_t)carenet_table_column_index(rows, "state");
    for (gint i = 0; i < model->len; i++) {
        const ModelReferral *referral = &model->referrals[model->len - 1 - i];
        const gboolean over = (referral->state == CN_SENT || referral->state == CN_RECEIVED) &&
                              referral->until_s <= now_s;
        const char *wanted = cn_state_name(over ? CN_EXPIRED : (CnState)referral->state);
        if (strcmp(carenet_table_get_text(rows, (size_t)i, at), wanted) != 0)
            fail_msg("seed %u: R-%d is %s, not %s", seed, model->len - i,
                     carenet_table_get_text(rows, (size_t)i, at), wanted);
    }
    world_check_ledger(store);
}

static void
random_step(World *world, carenet_store *store, Model *model, GRand *rand, guint32 seed)
{
    static const char *const urgencies[] = {"emergency", "urgent", "routine"};
    g_autoptr(GError) error = NULL;
    const carenet_acting acting = world_acting();
    g_autoptr(carenet_table) row = NULL;
    gint wanted;
    const gint64 pass_s = g_rand_int_range(rand, 0, 20 * 3600);
    world->boot_s += pass_s;
    world->wall_s += g_rand_boolean(rand) ? pass_s : -g_rand_int_range(rand, 0, 5000);
    /* The clock of the store, as the model needs it. */
    static const char clock[] = "SELECT clock_s - boot_s FROM journal";
    const gint64 now_s = MAX(world->wall_s, world_ask(store, clock) + world->boot_s);
    if (model->len == 0 || (model->len < MODEL_REFERRALS && g_rand_int_range(rand, 0, 4) == 0)) {
        const gint offering = g_rand_int_range(rand, 0, 2), urgency = g_rand_int_range(rand, 0, 3);
        const gboolean waitlist = g_rand_boolean(rand);
        g_autofree char *ref = g_strdup_printf("C-%d", g_rand_int_range(rand, 0, 1 << 30));
        wanted = model_send(model, offering, urgency, waitlist, now_s);
        row = world_send(world, store, ref, urgencies[urgency], world_offerings[offering], waitlist,
                         &acting, &error);
    } else {
        Step step = (Step)g_rand_int_range(rand, 0, STEPS);
        const gint at = g_rand_int_range(rand, MAX(model->len - 12, 0), model->len);
        g_autofree char *id = g_strdup_printf("R-%d", at + 1);
        if (step == REDIRECT) /* it makes another referral: test-referral has it */
            step = RECEIVE;
        wanted = model_step(model, at, step, now_s);
        row = step_take(store, id, step, &acting, &error);
    }
    if ((row == NULL) != (wanted < 0))
        fail_msg("seed %u: %s", seed, error != NULL ? error->message : "done, and should not be");
    if (row != NULL)
        assert_string_equal(world_text(row, "state"), cn_state_name((CnState)wanted));
}

static void
test_model(void **state)
{
    World *world = *state;
    g_autoptr(carenet_store) store = world_make(world);
    const char *given = g_getenv("CARENET_TEST_SEED");
    const guint32 seed =
        given != NULL ? (guint32)g_ascii_strtoull(given, NULL, 10) : g_random_int();
    g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
    g_autofree Model *model = g_new0(Model, 1);
    model->total[0] = 3, model->total[1] = 1;
    print_message("model: seed %u, %d steps\n", seed, MODEL_STEPS);
    assert_true(cn_store_exec(store, "PRAGMA synchronous = OFF", NULL));
    for (gint i = 0; i < MODEL_STEPS; i++) {
        random_step(world, store, model, rand, seed);
        if (i % 50 == 0) {
            const gint64 now_s =
                MAX(world->wall_s,
                    world_ask(store, "SELECT clock_s - boot_s FROM journal") + world->boot_s);
            compare(model, store, now_s, seed);
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_model, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
