#include "referral/capacity.h"

#include "base/error.h"
#include "base/table.h"
#include "base/text.h"
#include "referral/referral-private.h"

#include <string.h>

static const char *const sources[] = {"phone", "visit", "email", "document", "report"};
static const char *const ways[] = {"phone", "visit", "email", "document"};

static const char *
source_at(guint i)
{
    return i < G_N_ELEMENTS(sources) ? sources[i] : NULL;
}

static const char *
way_at(guint i)
{
    return i < G_N_ELEMENTS(ways) ? ways[i] : NULL;
}

/* ---- The answer. */

static void
add_number(CnTableBuilder *table, gboolean shown, gint64 value)
{
    if (shown)
        cn_table_add_int64(table, value);
    else
        cn_table_add_null(table);
}

static carenet_table *
tabulate(const CnWork *work,
         const char *action,
         const char *offering,
         const char *hold,
         const CnPlaces *places,
         const GPtrArray *offered)
{
    static const CnColumn columns[] = {
        {"action", CARENET_COLUMN_TEXT},       {"provider", CARENET_COLUMN_TEXT},
        {"offering", CARENET_COLUMN_TEXT},     {"hold", CARENET_COLUMN_TEXT},
        {"total", CARENET_COLUMN_INT64},       {"occupied", CARENET_COLUMN_INT64},
        {"held", CARENET_COLUMN_INT64},        {"free", CARENET_COLUMN_INT64},
        {"availability", CARENET_COLUMN_TEXT}, {"offered", CARENET_COLUMN_LIST},
        {"dry_run", CARENET_COLUMN_BOOL},      {"status", CARENET_COLUMN_TEXT}};
    const gboolean shown = places->known && places->is_public;
    const gboolean active = g_strcmp0(places->status, "active") == 0;
    const gint64 free = active ? places->free : 0;
    CnTableBuilder *table = cn_table_builder_new(columns, G_N_ELEMENTS(columns));
    cn_table_add_text(table, action);
    cn_table_add_text(table, places->provider);
    cn_table_add_text(table, offering);
    cn_table_add_text(table, hold);
    add_number(table, shown, places->total);
    add_number(table, shown, places->occupied);
    add_number(table, shown, places->held);
    add_number(table, shown, free);
    cn_table_add_text(table, offering == NULL                          ? NULL
                             : !active || (places->known && free == 0) ? "full"
                             : places->known                           ? "yes"
                                                                       : "call");
    cn_table_add_list(table, offered->len > 0 ? (const char *const *)offered->pdata : NULL,
                      offered->len);
    cn_table_add_bool(table, work->acting->dry_run);
    cn_table_add_text(table, places->status);
    return cn_table_builder_finish(table);
}

/* Offers what came free, looks once more, and ends the transaction. @before (nullable) has who was offered a place before. */
static carenet_table *
conclude(CnWork *work,
         const char *action,
         const char *offering,
         const char *hold,
         GPtrArray *before,
         GError **error)
{
    g_autoptr(GPtrArray) offered =
        before != NULL ? g_ptr_array_ref(before) : g_ptr_array_new_with_free_func(g_free);
    g_auto(CnPlaces) places = {0};
    if (!cn_offer_places(work, offering, CN_ROUTINE, offered, error) ||
        !cn_ledger_look(work, offering, &places, error))
        return NULL;
    g_autoptr(carenet_table) rows = tabulate(work, action, offering, hold, &places, offered);
    return cn_work_commit(work, error) ? g_steal_pointer(&rows) : NULL;
}

/* ---- Reports. */

static gboolean
look_counted(CnWork *work, const char *offering, CnPlaces *out, GError **error)
{
    if (!cn_ledger_look(work, offering, out, error))
        return FALSE;
    if (out->counted)
        return TRUE;
    cn_error_set(error, CARENET_ERROR_INVALID_ARGUMENT, "places of %s are not counted", offering);
    cn_error_hint(error, "it is always free: there is nothing to hold or to report");
    return FALSE;
}

static gboolean
check_report(const CnReport *report, GError **error)
{
    const gint64 numbers[] = {report->total, report->occupied, report->wait_days};
    for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++)
        if (numbers[i] < -1 || numbers[i] > CN_PLACES_MOST) {
            cn_error_set(error, CARENET_ERROR_INVALID_ARGUMENT, "places and days are from 0 to %d",
                         CN_PLACES_MOST);
            return FALSE;
        }
    if (report->total < 0 && report->occupied < 0 && report->wait_days < 0) {
        cn_error_set(error, CARENET_ERROR_INVALID_ARGUMENT, "the report says nothing");
        cn_error_hint(error, "give --total, --occupied or --wait");
        return FALSE;
    }
    return cn_code_check("source", source_at, report->source, error);
}

/* When it was so. The clock of the store, by which the chain goes on, may be past it: something else was
 * told meanwhile. It must not make what is told look newer than it is. */
static gint64
told_s(const CnWork *work)
{
    return work->acting->now_s != G_MININT64 ? work->acting->now_s : work->now_s;
}

static void
describe_time(GString *detail, const CnWork *work)
{
    if (told_s(work) == work->now_s)
        return;
    g_autofree char *then = cn_instant_format_s(told_s(work));
    g_string_append_printf(detail, "; as of %s", then);
}

/* Numbers of a site that is not shown stay out of the chain: who lists it need not know them. */
static char *
describe_report(const CnWork *work, const CnReport *report)
{
    GString *detail = g_string_new("source ");
    g_string_append(detail, report->source);
    if (report->total >= 0)
        g_string_append(detail, "; total");
    if (report->occupied >= 0)
        g_string_append(detail, "; occupied");
    if (report->wait_days >= 0)
        g_string_append(detail, "; wait");
    describe_time(detail, work);
    return g_string_free(detail, FALSE);
}

/* What was told of this offering last stands against what was so earlier, as in an import; others do not
 * matter. The present instant is never too early: two reports may come within one second. */
static gboolean
check_time(const CnWork *work, const char *offering, const CnPlaces *places, GError **error)
{
    const gint64 given_s = work->acting->now_s;
    if (given_s == G_MININT64 || !places->as_of.is_set || given_s > places->as_of.s ||
        cn_instant_is_ahead(places->as_of.s, work->now_s) ||
        (given_s == places->as_of.s && given_s >= work->now_s))
        return TRUE;
    g_autofree char *then = cn_instant_format_s(given_s);
    g_autofree char *told = cn_instant_format(places->as_of);
    cn_error_set(error, CARENET_ERROR_CONFLICT,
                 "a report on %s of %s is not newer than what is known of it, as of %s", offering,
                 then, told);
    cn_error_hint(error,
                  "report how it is now, without a time; carenet capacity get %s shows what "
                  "is known",
                  offering);
    return FALSE;
}

carenet_table *
cn_capacity_report(carenet_store *store,
                   const char *offering,
                   const CnReport *report,
                   const CnActing *acting,
                   GError **error)
{
    g_auto(CnWork) work = {0};
    g_auto(CnPlaces) places = {0};
    gint64 record = 0;
    if (!cn_acting_check(acting, error) || !check_report(report, error) ||
        !cn_work_begin(&work, store, acting, error) ||
        !look_counted(&work, offering, &places, error) ||
        !check_time(&work, offering, &places, error))
        return NULL;
    g_autofree char *detail = describe_report(&work, report);
    if (!cn_ledger_sweep(&work, offering, error) ||
        !cn_audit_append(&work, "capacity-report", offering, detail, &record, error) ||
        !cn_ledger_report(&work, offering, report->total, report->occupied, report->wait_days,
                          report->source, told_s(&work), record, error))
        return NULL;
    return conclude(&work, "report", offering, NULL, NULL, error);
}

/* ---- Holds without a referral. */

/* Whether one place is free is shown of everybody. How many are at a restricted site would be known after a few trials:
 * whoever wants several holds them, which stands in the chain. */
static gboolean
check_may_hold(CnWork *work, const char *offering, gint64 units, GError **error)
{
    g_auto(CnPlaces) places = {0};
    if (!look_counted(work, offering, &places, error) ||
        !cn_referral_check_provider(work, offering, &places, error))
        return FALSE;
    if (!work->acting->dry_run || places.is_public || units == 1)
        return TRUE;
    cn_error_set(error, CARENET_ERROR_REFUSED,
                 "how many places of %s are free is not shown, nor tried", offering);
    cn_error_hint(error, "without --dry-run they are held, and released if they are not wanted");
    return FALSE;
}

/* Whoever waits comes first. */
static carenet_table *
hold_inside(CnWork *work,
            const char *offering,
            gint64 units,
            gint64 hold_s,
            GPtrArray *offered,
            GError **error)
{
    gint64 record = 0;
    if (!check_may_hold(work, offering, units, error) || !cn_ledger_sweep(work, offering, error) ||
        !cn_offer_places(work, offering, CN_ROUTINE, offered, error))
        return NULL;
    const gint64 until_s = work->now_s + (hold_s > 0 ? hold_s : CN_HOLD_S_DEFAULT);
    g_autofree char *id = g_strdup_printf("H-%" G_GINT64_FORMAT, ++work->holds);
    g_autofree char *until = cn_instant_format_s(until_s);
    g_autofree char *detail =
        g_strdup_printf("%s; %" G_GINT64_FORMAT " until %s", offering, units, until);
    if (!cn_audit_append(work, "capacity-hold", id, detail, &record, error) ||
        !cn_ledger_hold(work, offering, id, units, until_s, 0, record, error))
        return NULL;
    return conclude(work, "hold", offering, id, offered, error);
}

carenet_table *
cn_capacity_hold(carenet_store *store,
                 const char *offering,
                 gint64 units,
                 gint64 hold_s,
                 const CnActing *acting,
                 GError **error)
{
    g_auto(CnWork) work = {0};
    g_autoptr(GPtrArray) offered = g_ptr_array_new_with_free_func(g_free);
    if (units < 1 || units > CN_UNITS_MOST || hold_s < 0 || hold_s > CN_HOLD_S_MOST) {
        cn_error_set(error, CARENET_ERROR_INVALID_ARGUMENT,
                     "1 to %d places are held for at most 366 days", CN_UNITS_MOST);
        return NULL;
    }
    if (!cn_acting_check(acting, error) ||
        !cn_offer_overdue(store, offering, 0, acting, offered, error) ||
        !cn_work_begin(&work, store, acting, error))
        return NULL;
    const guint before = offered->len;
    carenet_table *rows = hold_inside(&work, offering, units, hold_s, offered, error);
    if (rows != NULL)
        return rows;
    g_ptr_array_set_size(offered, (gint)before);
    cn_offered_tell(offered, error);
    return NULL;
}

static gboolean
check_own(const char *id, gint64 referral, GError **error)
{
    if (referral == 0)
        return TRUE;
    cn_error_set(error, CARENET_ERROR_STATE, "the place is held for the referral %s", id);
    cn_error_hint(error, "carenet decline or carenet cancel gives it back");
    return FALSE;
}

/* The hold as the clock leaves it. Where it has ended that is stored, though the release is refused: the
 * answer was given, and a clock that is set back must not take it back. */
static gboolean
sweep_for(CnWork *work, const char *offering, const char *id, GError **error)
{
    gint64 referral = 0;
    if (!cn_ledger_sweep(work, offering, error))
        return FALSE;
    g_autofree char *still = cn_ledger_hold_offering(work, id, &referral, NULL);
    if (still != NULL)
        return TRUE;
    g_autoptr(GPtrArray) offered = g_ptr_array_new_with_free_func(g_free);
    const gboolean stored =
        cn_offer_places(work, offering, CN_ROUTINE, offered, NULL) && cn_work_commit(work, NULL);
    cn_error_set(error, CARENET_ERROR_STATE, "the hold %s has ended by itself", id);
    cn_error_hint(error, "its place is free again");
    if (stored && !work->acting->dry_run)
        cn_offered_tell(offered, error);
    return FALSE;
}

carenet_table *
cn_capacity_release(carenet_store *store, const char *id, const CnActing *acting, GError **error)
{
    g_auto(CnWork) work = {0};
    gint64 record = 0, referral = 0;
    if (!cn_acting_check(acting, error) || !cn_work_begin(&work, store, acting, error))
        return NULL;
    g_autofree char *offering = cn_ledger_hold_offering(&work, id, &referral, error);
    if (offering == NULL || !check_own(id, referral, error) ||
        !sweep_for(&work, offering, id, error) ||
        !cn_audit_append(&work, "capacity-release", id, offering, &record, error) ||
        !cn_ledger_release(&work, offering, id, record, NULL, error))
        return NULL;
    return conclude(&work, "release", offering, id, NULL, error);
}

/* ---- Verification. */

static carenet_table *
verify_offering(CnWork *work, const char *offering, const char *by, GError **error)
{
    g_auto(CnPlaces) places = {0};
    gint64 record = 0;
    if (!look_counted(work, offering, &places, error) ||
        !check_time(work, offering, &places, error) || !cn_ledger_sweep(work, offering, error))
        return NULL;
    g_autoptr(GString) detail = g_string_new("by ");
    g_string_append_printf(detail, "%s; as it was", by);
    describe_time(detail, work);
    if (!cn_audit_append(work, "verify", offering, detail->str, &record, error) ||
        !cn_ledger_report(work, offering, places.known ? places.total : -1,
                          places.known ? places.occupied : -1, -1, by, told_s(work), record, error))
        return NULL;
    return conclude(work, "verify", offering, NULL, NULL, error);
}

static carenet_table *
verify_provider(CnWork *work, const char *provider, const char *by, GError **error)
{
    g_autoptr(GPtrArray) nobody = g_ptr_array_new();
    char day[11];
    cn_date_format(cn_date_of(told_s(work)), day);
    g_autofree char *detail = g_strdup_printf("by %s on %s", by, day);
    if (!cn_provider_set_verified(work, provider, day, by, told_s(work) < work->now_s, error) ||
        !cn_audit_append(work, "verify", provider, detail, NULL, error))
        return NULL;
    const CnPlaces places = {.provider = (char *)provider};
    g_autoptr(carenet_table) rows = tabulate(work, "verify", NULL, NULL, &places, nobody);
    return cn_work_commit(work, error) ? g_steal_pointer(&rows) : NULL;
}

carenet_table *
cn_capacity_verify(carenet_store *store,
                   const char *id,
                   const char *by,
                   const CnActing *acting,
                   GError **error)
{
    g_auto(CnWork) work = {0};
    if (!cn_acting_check(acting, error) ||
        !cn_code_check("way of verification", way_at, by, error) ||
        !cn_work_begin(&work, store, acting, error))
        return NULL;
    return strchr(id, '/') != NULL ? verify_offering(&work, id, by, error)
                                   : verify_provider(&work, id, by, error);
}
