/* What the check of a store asks of referrals and places: whether the counts are those that the events
 * lead to, whether the chain of records is whole, who owes an answer. */
#include "store/store-check.h"

#include "base/error.h"

/* Ids that a question finds, each a text in column 0. */
static gboolean
list_found(CnStoreCheck *check, const CnSql *sql, gint64 now_s, GPtrArray *which, GError **error)
{
    gboolean row = TRUE;
    const char *id;
    CnStatement *select = cn_statement(check->store, sql, error);
    if (select == NULL)
        return FALSE;
    if (sqlite3_bind_parameter_index(select->stmt, ":now_s") > 0)
        cn_bind_int(select, ":now_s", now_s);
    while (row) {
        if (!cn_statement_step(select, &row, error) ||
            (row && !cn_read_text(select, 0, &id, error)))
            return FALSE;
        if (row)
            g_ptr_array_add(which, g_strdup(id != NULL ? id : "?"));
    }
    return TRUE;
}

/* Every event tells what it led to, and the last one tells what is now; what is held is the sum of the
 * holds. */
static const CnSql select_wrong_counts = {
    "wrong-counts",
    "SELECT c.offering_id FROM capacity AS c"
    " LEFT JOIN capacity_opening AS o ON o.network_id = c.network_id"
    "  AND o.offering_id = c.offering_id"
    " WHERE c.network_id = :network_id AND ("
    "  c.held <> (SELECT coalesce(sum(h.units), 0) FROM hold AS h"
    "   WHERE h.network_id = c.network_id AND h.offering_id = c.offering_id)"
    "   + coalesce(o.held, 0)"
    "  OR (c.total, c.occupied, c.held) IS NOT"
    "   (SELECT coalesce(o.total, 0) + coalesce(sum(e.total_by), 0),"
    "     coalesce(o.occupied, 0) + coalesce(sum(e.occupied_by), 0),"
    "     coalesce(o.held, 0) + coalesce(sum(e.held_by), 0) FROM capacity_event AS e"
    "    WHERE e.network_id = c.network_id AND e.offering_id = c.offering_id))"
    " ORDER BY 1",
    NULL,
};

static const CnSql select_wrong_states = {
    "wrong-states",
    "SELECT 'R-' || r.number FROM referral AS r WHERE r.network_id = :network_id AND (r.state IS NOT"
    " (SELECT e.to_state FROM referral_event AS e WHERE e.network_id = r.network_id"
    "  AND e.referral = r.number ORDER BY e.record DESC LIMIT 1)"
    " OR (r.counted = 1 AND (r.state IN ('sent', 'received')) <> EXISTS (SELECT 1 FROM hold AS h"
    "  WHERE h.network_id = r.network_id AND h.referral = r.number))) ORDER BY r.number",
    NULL,
};

static const CnSql select_unanswered = {
    "unanswered",
    "SELECT 'R-' || number FROM referral WHERE network_id = :network_id"
    " AND state IN ('sent', 'received') AND hold_until_s <= :now_s ORDER BY number",
    NULL,
};

static gboolean
check_ledger(CnStoreCheck *check, GError **error)
{
    g_autoptr(GPtrArray) which = g_ptr_array_new_with_free_func(g_free);
    if (!list_found(check, &select_wrong_counts, 0, which, error) ||
        !list_found(check, &select_wrong_states, 0, which, error))
        return FALSE;
    if (which->len == 0)
        cn_store_check_add(check, "ledger", CN_CHECK_OK, NULL, NULL,
                           "places and referrals are what their events lead to");
    else
        cn_store_check_add(check, "ledger", CN_CHECK_BAD, which,
                           "carenet audit list, then carenet capacity set for each",
                           "%u that are not what their events lead to", which->len);
    return TRUE;
}

static gboolean
check_chain(CnStoreCheck *check, const CnWork *work, GError **error)
{
    CnChainState state = {0};
    if (!cn_audit_scan(work, NULL, &state, error))
        return FALSE;
    if (state.what == NULL)
        cn_store_check_add(check, "audit", CN_CHECK_OK, NULL, NULL,
                           "%" G_GINT64_FORMAT " record%s, each fits the one before it",
                           state.records, state.records == 1 ? "" : "s");
    else
        cn_store_check_add(check, "audit", CN_CHECK_BAD, NULL, "carenet audit verify",
                           "the chain is broken at record %" G_GINT64_FORMAT ": %s",
                           state.broken_at, state.what);
    return TRUE;
}

static gboolean
check_answers(CnStoreCheck *check, const CnWork *work, GError **error)
{
    g_autoptr(GPtrArray) which = g_ptr_array_new_with_free_func(g_free);
    if (!list_found(check, &select_unanswered, work->now_s, which, error))
        return FALSE;
    if (which->len == 0)
        cn_store_check_add(check, "answers", CN_CHECK_OK, NULL, NULL,
                           "no referral waits longer for an answer than its hold");
    else
        cn_store_check_add(check, "answers", CN_CHECK_LOOK, which, "carenet due",
                           "%u referral%s without an answer in time: call the provider", which->len,
                           which->len == 1 ? "" : "s");
    return TRUE;
}

gboolean
cn_store_check_ledger(CnStoreCheck *check, GError **error)
{
    CnWork work = {0};
    return cn_work_join(&work, check->store, check->now_s, error) && check_ledger(check, error) &&
           check_chain(check, &work, error) && check_answers(check, &work, error);
}
