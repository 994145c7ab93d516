/* The public functions of the ledger. */
#include "api/acting.h"

#include "base/error.h"
#include "model/policy.h"
#include "referral/capacity.h"
#include "store/referrals.h"

#define DAYS_MOST 366

void
carenet_acting_init(carenet_acting *acting)
{
    if (acting != NULL)
        *acting = (carenet_acting){.size = sizeof *acting, .now_s = INT64_MIN};
}

void
carenet_capacity_report_init(carenet_capacity_report *report)
{
    if (report != NULL)
        *report = (carenet_capacity_report){.size = sizeof *report,
                                            .total = -1,
                                            .occupied = -1,
                                            .wait_days = -1,
                                            .source = "phone"};
}

gboolean
cn_acting_adopt(const char *call, const carenet_acting *acting, CnActing *out, GError **error)
{
    carenet_acting own;
    carenet_acting_init(&own);
    CN_REQUIRE_GIVEN_FOR(call, acting, error, FALSE);
    CN_ADOPT_FOR(call, acting, &own, error, FALSE);
    CN_REQUIRE_FOR(call, own.actor != NULL, "acting has no actor", error, FALSE);
    CN_REQUIRE_FOR(call, cn_instant_is_usable(own.now_s), CN_INSTANT_WRONG("now_s"), error, FALSE);
    *out = (CnActing){.actor = own.actor,
                      .now_s = own.now_s,
                      .by_phone = own.by_phone,
                      .dry_run = own.dry_run,
                      .key = own.key,
                      .ground = own.ground};
    return TRUE;
}

gint32
cn_stale_after_days(carenet_store *store)
{
    g_autoptr(carenet_policy) policy = carenet_store_policy(store, NULL);
    return policy != NULL ? policy->stale_after_days : CN_STALE_AFTER_DAYS_DEFAULT;
}

carenet_table *
carenet_capacity(carenet_store *store, const char *offering, int64_t now_s, carenet_error **error)
{
    g_auto(CnWork) work = {0};
    CN_REQUIRE_GIVEN(store, error, NULL);
    CN_REQUIRE(cn_instant_is_usable(now_s), CN_INSTANT_WRONG("now_s"), error, NULL);
    const gint32 stale_after_days = cn_stale_after_days(store);
    if (!cn_work_begin_reading(&work, store, now_s, error))
        return NULL;
    return cn_ledger_table(&work, offering, stale_after_days, FALSE, error);
}

carenet_table *
carenet_capacity_set(carenet_store *store,
                     const char *offering,
                     const carenet_capacity_report *report,
                     const carenet_acting *acting,
                     carenet_error **error)
{
    CnActing who;
    carenet_capacity_report own;
    carenet_capacity_report_init(&own);
    CN_REQUIRE_GIVEN(store, error, NULL);
    CN_REQUIRE_GIVEN(offering, error, NULL);
    CN_REQUIRE_GIVEN(report, error, NULL);
    CN_ADOPT(report, &own, error, NULL);
    if (!cn_acting_adopt(G_STRFUNC, acting, &who, error))
        return NULL;
    const CnReport told = {own.total, own.occupied, own.wait_days, own.source};
    return cn_capacity_report(store, offering, &told, &who, error);
}

carenet_table *
carenet_capacity_hold(carenet_store *store,
                      const char *offering,
                      int64_t units,
                      int64_t hold_s,
                      const carenet_acting *acting,
                      carenet_error **error)
{
    CnActing who;
    CN_REQUIRE_GIVEN(store, error, NULL);
    CN_REQUIRE_GIVEN(offering, error, NULL);
    return cn_acting_adopt(G_STRFUNC, acting, &who, error)
               ? cn_capacity_hold(store, offering, units, hold_s, &who, error)
               : NULL;
}

carenet_table *
carenet_capacity_release(carenet_store *store,
                         const char *id,
                         const carenet_acting *acting,
                         carenet_error **error)
{
    CnActing who;
    CN_REQUIRE_GIVEN(store, error, NULL);
    CN_REQUIRE_GIVEN(id, error, NULL);
    return cn_acting_adopt(G_STRFUNC, acting, &who, error)
               ? cn_capacity_release(store, id, &who, error)
               : NULL;
}

carenet_table *
carenet_verify(carenet_store *store,
               const char *id,
               const char *by,
               const carenet_acting *acting,
               carenet_error **error)
{
    CnActing who;
    CN_REQUIRE_GIVEN(store, error, NULL);
    CN_REQUIRE_GIVEN(id, error, NULL);
    CN_REQUIRE_GIVEN(by, error, NULL);
    return cn_acting_adopt(G_STRFUNC, acting, &who, error)
               ? cn_capacity_verify(store, id, by, &who, error)
               : NULL;
}

carenet_table *
carenet_due(carenet_store *store, int32_t days, int64_t now_s, carenet_error **error)
{
    g_auto(CnWork) work = {0};
    CN_REQUIRE_GIVEN(store, error, NULL);
    CN_REQUIRE(days >= 1 && days <= DAYS_MOST, "days must be 1 to " G_STRINGIFY(DAYS_MOST), error,
               NULL);
    CN_REQUIRE(cn_instant_is_usable(now_s), CN_INSTANT_WRONG("now_s"), error, NULL);
    const gint32 stale_after_days = cn_stale_after_days(store);
    if (!cn_work_begin_reading(&work, store, now_s, error))
        return NULL;
    return cn_due_table(&work, work.now_s + (gint64)days * CN_DAY_S, stale_after_days, error);
}
