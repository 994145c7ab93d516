/* Holds that have ended: whose they are, and that they are written down as such. */
#include "store/ledger.h"
#include "store/store-private.h"

#include "base/error.h"
#include "base/text.h"
#include "store/referrals.h"

static const CnSql select_all_ended = {
    "all-ended-holds",
    "SELECT offering_id, sum(units) FROM hold WHERE network_id = :network_id AND until_s <= :now_s"
    " GROUP BY offering_id",
    NULL,
};

GHashTable *
cn_ledger_ended(CnWork *work, GError **error)
{
    g_autoptr(GHashTable) ended = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    gboolean row = TRUE;
    const char *id;
    CnStatement *select = cn_statement(work->store, &select_all_ended, error);
    if (select == NULL)
        return NULL;
    cn_bind_int(select, ":now_s", work->now_s);
    while (row) {
        if (!cn_statement_step(select, &row, error) ||
            (row && !cn_read_text(select, 0, &id, error)))
            return NULL;
        if (!row || id == NULL)
            continue;
        gint64 *units = g_new(gint64, 1);
        *units = sqlite3_column_int64(select->stmt, 1);
        g_hash_table_insert(ended, g_strdup(id), units);
    }
    return g_steal_pointer(&ended);
}

gint64
cn_ledger_ended_at(GHashTable *ended, const char *offering)
{
    const gint64 *units = g_hash_table_lookup(ended, offering);
    return units != NULL ? *units : 0;
}

static const CnSql select_ended = {
    "ended-holds",
    "SELECT id FROM hold WHERE network_id = :network_id AND offering_id = :id"
    " AND referral IS NULL AND until_s <= :now_s ORDER BY until_s, id",
    NULL,
};

/* (transfer full) (element-type utf8) */
static GPtrArray *
list_ended(CnWork *work, const char *offering, GError **error)
{
    CnStatement *select = cn_statement(work->store, &select_ended, error);
    if (select == NULL)
        return NULL;
    cn_bind_text(select, ":id", offering);
    cn_bind_int(select, ":now_s", work->now_s);
    return cn_statement_texts(select, error);
}

gboolean
cn_ledger_sweep(CnWork *work, const char *offering, GError **error)
{
    if (!cn_referrals_expire(work, offering, error))
        return FALSE;
    g_autoptr(GPtrArray) ids = list_ended(work, offering, error);
    if (ids == NULL)
        return FALSE;
    for (guint i = 0; i < ids->len; i++) {
        const char *id = g_ptr_array_index(ids, i);
        gint64 record = 0;
        if (!cn_audit_append_by(work, "clock", "hold-expire", id, offering, &record, error) ||
            !cn_ledger_end_hold(work, offering, id, record, error))
            return FALSE;
    }
    return TRUE;
}

static const CnSql select_hold = {
    "hold",
    "SELECT offering_id, coalesce(referral, 0) FROM hold"
    " WHERE network_id = :network_id AND id = :id",
    NULL,
};

static const CnSql select_end_of_hold = {
    "end-of-hold",
    "SELECT action = 'capacity-release' FROM audit_record WHERE network_id = :network_id"
    " AND subject = :id AND action IN ('capacity-release', 'hold-expire')"
    " ORDER BY number DESC LIMIT 1",
    NULL,
};

/* What became of a hold that is not there; always sets @error. */
static void
tell_end_of_hold(CnWork *work, const char *id, GError **error)
{
    gboolean row = FALSE;
    CnStatement *select = cn_statement(work->store, &select_end_of_hold, error);
    if (select == NULL)
        return;
    cn_bind_text(select, ":id", id);
    if (!cn_statement_step(select, &row, error))
        return;
    const gboolean released = row && sqlite3_column_int(select->stmt, 0) != 0;
    sqlite3_reset(select->stmt);
    g_autofree char *quoted = cn_text_quote(id);
    if (!row) {
        cn_error_set(error, CARENET_ERROR_NOT_FOUND, "there is no hold \"%s\"", quoted);
        cn_error_hint(error, "carenet audit list tells which there were");
        return;
    }
    cn_error_set(error, CARENET_ERROR_STATE,
                 released ? "the hold %s was released before" : "the hold %s has ended by itself",
                 quoted);
    cn_error_hint(error, "its place is free again; carenet audit list --subject %s tells when",
                  quoted);
}

char *
cn_ledger_hold_offering(CnWork *work, const char *id, gint64 *out_referral, GError **error)
{
    gboolean row = FALSE;
    const char *offering = NULL;
    CnStatement *select = cn_statement(work->store, &select_hold, error);
    if (select == NULL)
        return NULL;
    cn_bind_text(select, ":id", id);
    if (!cn_statement_step(select, &row, error))
        return NULL;
    if (!row) {
        tell_end_of_hold(work, id, error);
        return NULL;
    }
    char *copy = cn_read_text(select, 0, &offering, error) ? g_strdup(offering) : NULL;
    *out_referral = sqlite3_column_int64(select->stmt, 1);
    sqlite3_reset(select->stmt);
    return copy;
}
