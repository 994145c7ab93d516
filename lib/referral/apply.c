#include "referral/apply-private.h"

#include "base/error.h"
#include "base/table.h"
#include "format/plan-file.h"
#include "model/case-digest.h"
#include "referral/referral-private.h"

#include <string.h>

/* Assignments in one transaction: so few that whoever waits at the gate hardly notices, so many that the
 * disk is not asked for each. A party is never divided. */
#define ROWS_AT_ONCE 64

/* ---- Making. */

/* By what the store is, not by who is in it, which may be nobody: a plan of invented providers never becomes
 * referrals among real ones, nor the other way round. */
static gboolean
check_kind(const carenet_store *store, const CnPlan *plan, GError **error)
{
    const gboolean demonstration = cn_store_kind(store) == CARENET_STORE_DEMONSTRATION;
    if (plan->demonstration == demonstration)
        return TRUE;
    cn_error_set(error, CARENET_ERROR_REFUSED,
                 plan->demonstration
                     ? "the plan is of a demonstration, and this is a live store"
                     : "the plan is of a live network, and this is a demonstration");
    cn_error_hint(error, "make the plan from the store that it is applied to");
    return FALSE;
}

static gboolean
check_options(const CnApplyOptions *options, const CnActing *acting, GError **error)
{
    const char *wrong = NULL;
    if (acting->key != NULL)
        wrong = "a plan is its own key: it takes no other";
    else if (acting->by_phone)
        wrong = "nobody says a plan on the phone";
    else if (options->hold_s < 0 || options->hold_s > CN_HOLD_S_MOST)
        wrong = "a place is held for more than nothing and at most 366 days";
    if (wrong != NULL)
        cn_error_set(error, CARENET_ERROR_INVALID_ARGUMENT, "%s", wrong);
    return wrong == NULL;
}

/* All that the plan says, so that another plan is another request. */
static void
digest_plan(CnApply *apply)
{
    guint8 hash[CN_HASH_LEN];
    g_autofree char *text = cn_plan_write(apply->options.plan);
    cn_hash(text, strlen(text), hash);
    for (gsize i = 0; i < sizeof hash; i++)
        g_snprintf(apply->digest + 2 * i, 3, "%02x", hash[i]);
}

CnApply *
cn_apply_new(carenet_store *store,
             const CnApplyOptions *options,
             const CnActing *acting,
             GError **error)
{
    if (!cn_acting_check(acting, error) || !check_options(options, acting, error))
        return NULL;
    CnApply *apply = g_new0(CnApply, 1);
    apply->store = store;
    apply->options = *options;
    apply->acting = *acting;
    apply->len = options->plan->assignments->len;
    apply->rows = g_new0(CnApplyRow, MAX(apply->len, 1));
    if (acting->dry_run)
        apply->tried = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
    digest_plan(apply);
    return apply;
}

void
cn_apply_free(CnApply *apply)
{
    if (apply == NULL)
        return;
    for (guint i = 0; i < apply->len; i++)
        cn_apply_row_clear(&apply->rows[i]);
    g_clear_pointer(&apply->tried, g_hash_table_unref);
    g_free(apply->rows);
    g_free(apply->order);
    g_free(apply);
}

/* ---- One assignment. */

/* The request of a row: what it asks for, as a draft or sent. The case stands in the plan. */
static void
digest_row(const CnApply *apply, const CnPlanned *planned, guint8 out[CN_HASH_LEN])
{
    g_autofree char *text = g_strdup_printf("apply %s %u %s %s", apply->digest, planned->need,
                                            planned->service, planned->offering);
    cn_hash(text, strlen(text), out);
}

/* Stored by this plan before, or somebody has referred the need since. */
static gboolean
find_former(CnWork *work,
            const CnPlanned *planned,
            const guint8 digest[CN_HASH_LEN],
            CnApplyRow *row,
            GError **error)
{
    g_autofree char *subject = NULL;
    CnCaseRecord record;
    gint64 at = 0;
    if (!cn_request_find(work, digest, &subject, &at, error) ||
        !cn_case_find(work, planned->ref, &record, error))
        return FALSE;
    if (at != 0 && !cn_referral_id_parse(subject, &row->referral)) {
        cn_error_set(error, CARENET_ERROR_CORRUPT, "a request of the store has no referral");
        return FALSE;
    }
    if (at == 0 && record.id != 0 &&
        !cn_referral_open_for(work, record.id, planned->service, &row->referral, error))
        return FALSE;
    if (row->referral != 0)
        row->state = CN_APPLIED_ALREADY;
    return TRUE;
}

static gint64
tried_at(const CnApply *apply, const char *offering)
{
    const gint64 *units = apply->tried != NULL ? g_hash_table_lookup(apply->tried, offering) : NULL;
    return units != NULL ? *units : 0;
}

/* What a dry run has taken in a transaction that is rolled back: the next one does not see it. */
static void
note_tries(CnApply *apply, guint end)
{
    for (guint k = apply->at; apply->tried != NULL && k < end; k++) {
        const CnPlanned *planned = cn_apply_planned(apply, apply->order[k]);
        const CnApplied state = apply->rows[apply->order[k]].state;
        if (state != CN_APPLIED_DRAFTED && state != CN_APPLIED_SENT)
            continue;
        gint64 *units = g_new(gint64, 1);
        *units = tried_at(apply, planned->offering) + planned->units;
        g_hash_table_replace(apply->tried, (gpointer)planned->offering, units);
    }
}

/* A draft holds nothing, so that drafts count against each other here: together they never ask for more
 * than there is. Those who wait and are as urgent come first. */
static gboolean
check_places(CnApply *apply,
             CnWork *work,
             const CnPlanned *planned,
             CnApplyRow *row,
             GError **error)
{
    g_auto(CnPlaces) places = {0};
    gint64 drafted = 0;
    if (!cn_ledger_sweep(work, planned->offering, error) ||
        !cn_offer_places(work, planned->offering, row->urgency, row->offered, error) ||
        !cn_ledger_look(work, planned->offering, &places, error) ||
        !cn_referral_drafted(work, planned->offering, &drafted, error))
        return FALSE;
    if (!places.counted)
        return TRUE;
    if (!places.known) {
        if (apply->options.send || !apply->options.plan->include_unknown_capacity)
            cn_apply_row_lose(row, cn_rule_reason(CN_RULE_UNKNOWN_CAPACITY),
                              g_strdup("nobody knows whether it has a free place"));
        return TRUE;
    }
    if (apply->options.send)
        drafted = 0;
    if (places.free - drafted - tried_at(apply, planned->offering) < planned->units)
        cn_apply_row_lose(row, cn_rule_reason(CN_RULE_FULL),
                          g_strdup(drafted > 0 ? "what is free is drafted for others"
                                               : "its free places have gone to others"));
    return TRUE;
}

/* What speaks against one referral, and not against going on. */
static gboolean
is_loss(const GError *error)
{
    const carenet_error_code code = carenet_error_get_code(error);
    return code == CARENET_ERROR_CAPACITY || code == CARENET_ERROR_REFUSED ||
           code == CARENET_ERROR_STATE || code == CARENET_ERROR_CONFLICT ||
           code == CARENET_ERROR_NOT_FOUND || code == CARENET_ERROR_INVALID_ARGUMENT;
}

static void
lose_by_error(CnApplyRow *row, const GError *cause)
{
    const carenet_error_code code = carenet_error_get_code(cause);
    cn_apply_row_lose(row,
                      code == CARENET_ERROR_CAPACITY  ? cn_rule_reason(CN_RULE_FULL)
                      : code == CARENET_ERROR_REFUSED ? cn_rule_reason(CN_RULE_CONSENT)
                                                      : carenet_error_code_name(code),
                      g_strdup(carenet_error_get_message(cause)));
}

/* Refers it; row->state stays LEFT only where it was taken. */
static gboolean
refer(CnApply *apply,
      CnWork *work,
      const CnPlanned *planned,
      const guint8 digest[CN_HASH_LEN],
      CnApplyRow *row,
      GError **error)
{
    const CnSend send = {.need = planned->service,
                         .offering = planned->offering,
                         .hold_s = apply->options.hold_s,
                         .draft = !apply->options.send};
    g_auto(CnOutcome) outcome = {.from = -1, .offered = g_ptr_array_ref(row->offered)};
    g_autoptr(GError) cause = NULL;
    gint64 record = 0;
    if (!cn_referral_send_within(work, row->person, row->wanted, apply->options.policy, &send,
                                 &outcome, &record, &cause)) {
        if (!is_loss(cause)) {
            cn_error_pass(error, g_steal_pointer(&cause));
            return FALSE;
        }
        lose_by_error(row, cause);
        return TRUE;
    }
    row->referral = outcome.referral.number;
    row->state = apply->options.send ? CN_APPLIED_SENT : CN_APPLIED_DRAFTED;
    g_autofree char *id = cn_referral_id(row->referral);
    return cn_request_store(work, digest, id, record, error);
}

static gboolean
apply_row(CnApply *apply, CnWork *work, guint i, GError **error)
{
    const CnPlanned *planned = cn_apply_planned(apply, i);
    CnApplyRow *row = &apply->rows[i];
    guint8 digest[CN_HASH_LEN];
    g_autofree char *key = g_strdup_printf("plan-%s-%u", apply->digest, i + 1);
    CnActing acting = apply->acting;
    acting.key = key;
    digest_row(apply, planned, digest);
    cn_apply_row_clear(row);
    row->offered = g_ptr_array_new_with_free_func(g_free);
    work->acting = &acting;
    gboolean done =
        find_former(work, planned, digest, row, error) &&
        (row->state != CN_APPLIED_LEFT || check_places(apply, work, planned, row, error)) &&
        (row->state != CN_APPLIED_LEFT || refer(apply, work, planned, digest, row, error));
    work->acting = &apply->acting;
    return done;
}

/* ---- Those who go together, all or nobody. */

static gboolean
does_any_go(const CnApply *apply, guint first, guint end)
{
    for (guint k = first; k < end; k++)
        if (apply->rows[apply->order[k]].state != CN_APPLIED_ALREADY)
            return TRUE;
    return FALSE;
}

/* A sibling who was referred elsewhere before would be parted from those who go now. */
static gboolean
lose_who_is_elsewhere(CnApply *apply, CnWork *work, guint first, guint end, GError **error)
{
    if (!does_any_go(apply, first, end))
        return TRUE;
    for (guint k = first; end - first > 1 && k < end; k++) {
        CnApplyRow *row = &apply->rows[apply->order[k]];
        g_auto(CnReferral) referral = {0};
        if (row->state != CN_APPLIED_ALREADY)
            continue;
        if (!cn_referral_load(work, row->referral, &referral, error))
            return FALSE;
        if (strcmp(referral.offering, cn_apply_planned(apply, apply->order[k])->offering) != 0)
            cn_apply_row_lose(row, cn_rule_reason(CN_RULE_SIBLINGS_FIT),
                              g_strdup("it has been referred elsewhere"));
    }
    return TRUE;
}

static gboolean
apply_party(CnApply *apply, CnWork *work, guint first, guint end, GError **error)
{
    CnWork before;
    gboolean lost = FALSE;
    if (cn_apply_lose_party(apply, first, end))
        return TRUE;
    if (!cn_work_part_begin(work, &before, error))
        return FALSE;
    for (guint k = first; k < end && !lost; k++) {
        if (!apply_row(apply, work, apply->order[k], error))
            return FALSE;
        lost = apply->rows[apply->order[k]].state == CN_APPLIED_LOST;
    }
    if (!lost && !lose_who_is_elsewhere(apply, work, first, end, error))
        return FALSE;
    if (cn_apply_lose_party(apply, first, end))
        return cn_work_part_undo(work, &before, error);
    return cn_work_part_keep(work, error);
}

/* ---- Transactions. */

/* Until the party at which it is full; nothing of it counts before the commit. */
static gboolean
apply_some(CnApply *apply, CnWork *work, guint *at, GError **error)
{
    const guint first = *at;
    while (*at < apply->len && *at - first < ROWS_AT_ONCE) {
        const guint end = cn_apply_party_end(apply, *at);
        if (!apply_party(apply, work, *at, end, error))
            return FALSE;
        *at = end;
    }
    return TRUE;
}

/* What was done in a transaction that was not committed was not done. */
static void
forget(CnApply *apply, guint end)
{
    for (guint k = apply->at; k < end; k++)
        cn_apply_row_clear(&apply->rows[apply->order[k]]);
}

static gboolean
run_transaction(CnApply *apply, gint64 revision, gboolean *out_stale, GError **error)
{
    g_auto(CnWork) work = {0};
    guint at = apply->at;
    gint64 now = 0;
    if (!cn_work_begin(&work, apply->store, &apply->acting, error) ||
        !cn_work_revision(&work, &now, error))
        return FALSE;
    *out_stale = now != revision;
    if (*out_stale)
        return TRUE;
    if (!apply_some(apply, &work, &at, error) || !cn_work_commit(&work, error)) {
        forget(apply, apply->len);
        return FALSE;
    }
    note_tries(apply, at);
    apply->at = at;
    return TRUE;
}

static gboolean
goes_on(const CnApply *apply)
{
    const CnApplyOptions *o = &apply->options;
    const carenet_progress progress = {.size = sizeof progress,
                                       .stage = "apply",
                                       .done = apply->len > 0 ? (double)apply->at / apply->len : 1,
                                       .needs_len = apply->len};
    return !carenet_cancel_is_requested(o->cancel) &&
           (o->progress == NULL || o->progress(&progress, o->progress_user));
}

static gboolean
read_now(CnApply *apply, gint64 *out_now_s, GError **error)
{
    g_auto(CnWork) work = {0};
    if (!cn_work_begin_reading(&work, apply->store, apply->acting.now_s, error))
        return FALSE;
    *out_now_s = work.now_s;
    return TRUE;
}

guint
cn_apply_done(const CnApply *apply)
{
    return apply->at;
}

static void
tell_how_far(const CnApply *apply, GError **error)
{
    if (error == NULL || apply->at == 0 || apply->acting.dry_run)
        return;
    const char *hint = carenet_error_get_hint(*error);
    g_autofree char *before = hint != NULL ? g_strconcat(hint, "; ", NULL) : g_strdup("");
    cn_error_hint(error, "%s%u of %u needs are done and stay so: apply the same plan again", before,
                  apply->at, apply->len);
}

gboolean
cn_apply_run(CnApply *apply, const CnDirectory *directory, gboolean *out_stale, GError **error)
{
    gint64 now_s = 0;
    *out_stale = FALSE;
    if (!check_kind(apply->store, apply->options.plan, error) || !read_now(apply, &now_s, error))
        return FALSE;
    cn_apply_look(apply, directory, now_s);
    while (apply->at < apply->len && !*out_stale && goes_on(apply))
        if (!run_transaction(apply, directory->revision, out_stale, error)) {
            tell_how_far(apply, error);
            return FALSE;
        }
    return TRUE;
}

/* ---- The answer. */

static const char *const state_names[CN_APPLIED_LEN] = {[CN_APPLIED_LEFT] = "left",
                                                        [CN_APPLIED_DRAFTED] = "drafted",
                                                        [CN_APPLIED_SENT] = "sent",
                                                        [CN_APPLIED_ALREADY] = "already",
                                                        [CN_APPLIED_LOST] = "lost"};

static void
add_row(const CnApply *apply, CnTableBuilder *table, guint i)
{
    const CnPlanned *planned = cn_apply_planned(apply, i);
    const CnApplyRow *row = &apply->rows[i];
    /* The number that a dry run gave out is somebody else's tomorrow. */
    const gboolean named =
        row->referral != 0 && (!apply->acting.dry_run || row->state == CN_APPLIED_ALREADY);
    g_autofree char *id = named ? cn_referral_id(row->referral) : NULL;
    const GPtrArray *offered = row->offered;
    cn_table_add_text(table, planned->ref);
    cn_table_add_int64(table, planned->need);
    cn_table_add_text(table, planned->service);
    cn_table_add_text(table, planned->provider);
    cn_table_add_text(table, planned->offering);
    cn_table_add_int64(table, planned->units);
    cn_table_add_text(table, state_names[row->state]);
    cn_table_add_text(table, id);
    cn_table_add_text(table, row->reason);
    cn_table_add_text(table, row->detail);
    cn_table_add_list(
        table, offered != NULL && offered->len > 0 ? (const char *const *)offered->pdata : NULL,
        offered != NULL ? offered->len : 0);
    cn_table_add_bool(table, apply->acting.dry_run);
}

static void
warn_of_other_sources(const CnApply *apply, CnTableBuilder *table)
{
    const CnApplyOptions *o = &apply->options;
    g_autofree char *cases = cn_cases_digest(o->cases);
    if (strcmp(cases, o->plan->cases) != 0)
        cn_table_warn(table,
                      "the plan was made for another list of cases; what is the same in both "
                      "was looked at anew");
    if (strcmp(cn_policy_digest(o->policy), o->plan->policy) != 0)
        cn_table_warn(table, "the plan was made by another policy");
}

carenet_table *
cn_apply_table(const CnApply *apply)
{
    static const CnColumn columns[] = {
        {"case", CARENET_COLUMN_TEXT},     {"need", CARENET_COLUMN_INT64},
        {"service", CARENET_COLUMN_TEXT},  {"provider", CARENET_COLUMN_TEXT},
        {"offering", CARENET_COLUMN_TEXT}, {"units", CARENET_COLUMN_INT64},
        {"state", CARENET_COLUMN_TEXT},    {"referral", CARENET_COLUMN_TEXT},
        {"reason", CARENET_COLUMN_TEXT},   {"detail", CARENET_COLUMN_TEXT},
        {"offered", CARENET_COLUMN_LIST},  {"dry_run", CARENET_COLUMN_BOOL}};
    CnTableBuilder *table = cn_table_builder_new(columns, G_N_ELEMENTS(columns));
    for (guint i = 0; i < apply->len; i++)
        add_row(apply, table, i);
    warn_of_other_sources(apply, table);
    return cn_table_builder_finish(table);
}
