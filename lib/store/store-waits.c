/* How long people waited at an offering, from its referrals: what a provider says of itself is asked only
 * where too few were sent to tell. */
#include "store/store-private.h"

/* Fewer would tell of persons; more referrals than that are looked at by nobody who asks now. */
#define SELECT_WAITS(of_one)                                                                     \
    "SELECT r.offering_id, CAST(avg(a.at_s - r.created_s) AS INTEGER) FROM referral AS r"        \
    " JOIN referral_event AS e ON e.network_id = r.network_id AND e.referral = r.number"         \
    "  AND e.to_state = 'started'"                                                               \
    " JOIN audit_record AS a ON a.network_id = e.network_id AND a.number = e.record"             \
    " JOIN offering AS o ON o.network_id = r.network_id AND o.id = r.offering_id"                \
    " JOIN provider AS p ON p.network_id = o.network_id AND p.id = o.provider_id"                \
    " WHERE r.network_id = :network_id AND r.state IN ('started', 'completed', 'not-completed')" \
    "  AND r.number > (SELECT max(number) FROM referral WHERE network_id = :network_id) - 5000"  \
    "  AND a.at_s > :now_s - 31536000 AND p.disclosure = 'public'" of_one                        \
    " GROUP BY r.offering_id HAVING count(*) >= 5"

static const CnSql select_waits = {"waits", SELECT_WAITS(""), NULL};
static const CnSql select_waits_of_one = {"waits", SELECT_WAITS(" AND r.offering_id = :one"), NULL};

/* Days that have begun count. */
static gint32
days_of(gint64 wait_s)
{
    return (gint32)CLAMP((wait_s + CN_DAY_S - 1) / CN_DAY_S, 0, G_MAXINT32 - 1);
}

GHashTable *
cn_store_waits(CnWork *work, const char *offering, GError **error)
{
    g_autoptr(GHashTable) waits = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    CnStatement *select =
        cn_statement(work->store, offering != NULL ? &select_waits_of_one : &select_waits, error);
    const char *id = NULL;
    gboolean row = select != NULL;
    if (select == NULL)
        return NULL;
    cn_bind_int(select, ":now_s", work->now_s);
    if (offering != NULL)
        cn_bind_text(select, ":one", offering);
    while (row) {
        if (!cn_statement_step(select, &row, error) ||
            (row && !cn_read_text(select, 0, &id, error)))
            return NULL;
        if (row && id != NULL)
            g_hash_table_insert(waits, g_strdup(id),
                                GINT_TO_POINTER(days_of(sqlite3_column_int64(select->stmt, 1))));
    }
    return g_steal_pointer(&waits);
}

gboolean
cn_store_wait_at(GHashTable *waits, const char *offering, gint32 *out_days)
{
    gpointer days = NULL;
    if (!g_hash_table_lookup_extended(waits, offering, NULL, &days))
        return FALSE;
    *out_days = GPOINTER_TO_INT(days);
    return TRUE;
}
