/* What a person should look at in the programme of a store: what was decided and never done, whose plan
 * was to be looked at again, and records that no import would take today. Cases are told by the ids of
 * their plans. */
#include "store/store-check.h"
#include "store/store-programme.h"

#include "model/network-check.h"

#include <string.h>

/* An ordinance that nobody has begun to carry out after a year waits for somebody. */
#define ORDINANCE_DAYS_MOST 365

/* Calls @is_found for each record of a kind. (transfer full) (element-type utf8) their ids, borrowed */
static GPtrArray *
collect(const CnNetwork *network,
        CnProgrammeKind kind,
        gint64 now_s,
        gboolean (*is_found)(gconstpointer record, gint64 now_s))
{
    GPtrArray *which = g_ptr_array_new();
    for (guint i = 0; i < network->programmes->len; i++) {
        const CnProgramme *programme = g_ptr_array_index(network->programmes, i);
        for (guint k = 0; k < programme->records[kind]->len; k++) {
            const CnProgrammeRecord *record = cn_programme_get(programme, kind, k);
            if (is_found(record, now_s))
                g_ptr_array_add(which, (gpointer)record->id);
        }
    }
    return which;
}

static gboolean
is_undone(gconstpointer record, gint64 now_s)
{
    const CnOrdinance *ordinance = record;
    return cn_date_is_set(ordinance->passed_on) && !cn_date_is_set(ordinance->implemented_on) &&
           cn_days_between(cn_date_last_s(ordinance->passed_on), now_s) > ORDINANCE_DAYS_MOST;
}

static gboolean
is_overdue(gconstpointer record, gint64 now_s)
{
    const CnCarePlan *plan = record;
    const gboolean ended =
        g_strcmp0(plan->status, "completed") == 0 || g_strcmp0(plan->status, "revoked") == 0;
    return !ended && cn_date_is_set(plan->review_on) && cn_date_last_s(plan->review_on) < now_s;
}

static void
check_ordinances(CnStoreCheck *check, const CnNetwork *network)
{
    g_autoptr(GPtrArray) which = collect(network, CN_PROGRAMME_ORDINANCES, check->now_s, is_undone);
    if (which->len == 0)
        cn_store_check_add(check, "ordinances", CN_CHECK_OK, NULL, NULL,
                           "no ordinance waits longer than a year to be implemented");
    else
        cn_store_check_add(check, "ordinances", CN_CHECK_LOOK, which,
                           "carenet import FILE with its implemented_on",
                           "%u ordinance%s passed more than a year ago and never implemented",
                           which->len, which->len == 1 ? "" : "s");
}

static void
check_care_plans(CnStoreCheck *check, const CnNetwork *network)
{
    g_autoptr(GPtrArray) which =
        collect(network, CN_PROGRAMME_CARE_PLANS, check->now_s, is_overdue);
    if (which->len == 0)
        cn_store_check_add(check, "care-plans", CN_CHECK_OK, NULL, NULL,
                           "no care plan waits for its review");
    else
        cn_store_check_add(check, "care-plans", CN_CHECK_LOOK, which,
                           "carenet import FILE with the next review_on, or how it ended",
                           "%u care plan%s whose review is overdue", which->len,
                           which->len == 1 ? "" : "s");
}

static void
check_rules(CnStoreCheck *check, const CnNetwork *network)
{
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    g_autoptr(GPtrArray) which = g_ptr_array_new();
    cn_network_check_programmes(network, issues);
    for (guint i = 0; i < cn_issue_list_len(issues); i++)
        if (cn_issue_list_get(issues, i)->severity == CN_SEVERITY_ERROR)
            g_ptr_array_add(which, cn_issue_list_get(issues, i)->message);
    if (which->len == 0)
        cn_store_check_add(check, "programme", CN_CHECK_OK, NULL, NULL,
                           "every member exists and every period ends after it begins");
    else
        cn_store_check_add(check, "programme", CN_CHECK_LOOK, which,
                           "carenet import FILE with the corrected records",
                           "%u found that an import would refuse today", which->len);
}

gboolean
cn_store_check_programme(CnStoreCheck *check, CnNetwork *network, GError **error)
{
    if (!cn_store_load_programmes(check->store, network, error))
        return FALSE;
    check_rules(check, network);
    check_ordinances(check, network);
    check_care_plans(check, network);
    return TRUE;
}
