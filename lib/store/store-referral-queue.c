/* What time does to referrals: who got no answer, and who waits for a place. */
#include "store/ledger.h"
#include "store/referrals.h"
#include "store/store-private.h"

/* (transfer full) (element-type gint64) */
static GArray *
list_numbers(CnStatement *select, GError **error)
{
    g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(gint64));
    gboolean row = TRUE;
    while (row) {
        if (!cn_statement_step(select, &row, error))
            return NULL;
        const gint64 number = row ? sqlite3_column_int64(select->stmt, 0) : 0;
        if (row)
            g_array_append_val(numbers, number);
    }
    return g_steal_pointer(&numbers);
}

/* ---- Expiry. */

static const CnSql select_overdue = {
    "overdue-referrals",
    "SELECT number FROM referral WHERE network_id = :network_id AND offering_id = :id"
    " AND state IN ('sent', 'received') AND hold_until_s <= :now_s ORDER BY hold_until_s, number",
    NULL,
};

static GArray *
list_overdue(CnWork *work, const char *offering, GError **error)
{
    CnStatement *select = cn_statement(work->store, &select_overdue, error);
    if (select == NULL)
        return NULL;
    cn_bind_text(select, ":id", offering);
    cn_bind_int(select, ":now_s", work->now_s);
    return list_numbers(select, error);
}

static gboolean
expire(CnWork *work, gint64 number, GError **error)
{
    g_auto(CnReferral) referral = {0};
    g_autofree char *id = cn_referral_id(number);
    gint64 record = 0;
    if (!cn_referral_load(work, number, &referral, error))
        return FALSE;
    const CnState from = referral.state;
    g_autofree char *detail = g_strdup_printf("%s -> expired", cn_state_name(from));
    referral.state = CN_EXPIRED;
    referral.hold_until_s = G_MININT64;
    return cn_audit_append_by(work, "clock", "expire", id, detail, &record, error) &&
           cn_ledger_end_hold(work, referral.offering, id, record, error) &&
           cn_referral_update(work, &referral, error) &&
           cn_referral_event(work, &referral, (gint)from, record, FALSE, error);
}

gboolean
cn_referrals_expire(CnWork *work, const char *offering, GError **error)
{
    g_autoptr(GArray) numbers = list_overdue(work, offering, error);
    if (numbers == NULL)
        return FALSE;
    for (guint i = 0; i < numbers->len; i++)
        if (!expire(work, g_array_index(numbers, gint64, i), error))
            return FALSE;
    return TRUE;
}

/* ---- Who waits. */

#define URGENCY_RANK(column) \
    "CASE " column " WHEN 'emergency' THEN 0 WHEN 'urgent' THEN 1 ELSE 2 END"

static const CnSql select_waiting = {
    "waiting",
    "SELECT number FROM referral WHERE network_id = :network_id AND offering_id = :id"
    " AND state = 'waitlisted' AND " URGENCY_RANK("urgency") " <= :least ORDER BY " URGENCY_RANK(
        "urgency") ", waiting_s, number",
    NULL,
};

GArray *
cn_referrals_waiting(CnWork *work, const char *offering, CnUrgency least, GError **error)
{
    CnStatement *select = cn_statement(work->store, &select_waiting, error);
    if (select == NULL)
        return NULL;
    cn_bind_text(select, ":id", offering);
    cn_bind_int(select, ":least", (gint64)least);
    return list_numbers(select, error);
}

static const CnSql select_waited_for = {
    "waited-for",
    "SELECT DISTINCT offering_id FROM referral WHERE network_id = :network_id"
    " AND state = 'waitlisted' ORDER BY offering_id",
    NULL,
};

GPtrArray *
cn_offerings_waited_for(CnWork *work, GError **error)
{
    return cn_statement_texts(cn_statement(work->store, &select_waited_for, error), error);
}

static const CnSql select_position = {
    "waiting-position",
    "SELECT count(*) FROM referral WHERE network_id = :network_id AND offering_id = :id"
    " AND state = 'waitlisted' AND (" URGENCY_RANK("urgency") ", waiting_s, number)"
                                                              " <= (:rank, :waiting_s, :number)",
    NULL,
};

gboolean
cn_referral_position(CnWork *work, const CnReferral *referral, gint64 *out_position, GError **error)
{
    gboolean row = FALSE;
    *out_position = 0;
    if (referral->state != CN_WAITLISTED)
        return TRUE;
    CnStatement *select = cn_statement(work->store, &select_position, error);
    if (select == NULL)
        return FALSE;
    cn_bind_text(select, ":id", referral->offering);
    cn_bind_int(select, ":rank", (gint64)referral->urgency);
    cn_bind_int(select, ":waiting_s", referral->waiting_s);
    cn_bind_int(select, ":number", referral->number);
    if (!cn_statement_step(select, &row, error))
        return FALSE;
    *out_position = sqlite3_column_int64(select->stmt, 0);
    sqlite3_reset(select->stmt);
    return TRUE;
}
