/* What many referrals in one transaction need: parts that are taken back by themselves, the revision
 * by which the rules were looked at, and what is on its way already. */
#include "store/referrals.h"
#include "store/store-private.h"

/* ---- Parts. */

/* Numbers given out and the end of the chain stand in @work, so they go back with the rows. */
gboolean
cn_work_part_begin(CnWork *work, CnWork *out_before, GError **error)
{
    *out_before = *work;
    return cn_store_exec(work->store, "SAVEPOINT part", error);
}

gboolean
cn_work_part_keep(CnWork *work, GError **error)
{
    return cn_store_exec(work->store, "RELEASE part", error);
}

/* SQLite has given up the whole transaction after some failures of the disk: then there is no part, and
 * this fails. */
gboolean
cn_work_part_undo(CnWork *work, const CnWork *before, GError **error)
{
    if (!cn_store_exec(work->store, "ROLLBACK TO part; RELEASE part", error))
        return FALSE;
    *work = *before;
    return TRUE;
}

/* ---- Looking. */

/* One number of a statement; 0 where it gives no row. */
static gboolean
ask_number(CnStatement *select, gint64 *out, GError **error)
{
    gboolean row = FALSE;
    *out = 0;
    if (!cn_statement_step(select, &row, error))
        return FALSE;
    if (row)
        *out = sqlite3_column_int64(select->stmt, 0);
    sqlite3_reset(select->stmt);
    return TRUE;
}

static const CnSql select_revision = {
    "revision-at-work",
    "SELECT revision FROM network WHERE id = :network_id",
    NULL,
};

gboolean
cn_work_revision(CnWork *work, gint64 *out_revision, GError **error)
{
    CnStatement *select = cn_statement(work->store, &select_revision, error);
    return select != NULL && ask_number(select, out_revision, error);
}

static const CnSql select_open_for = {
    "open-referral-for-need",
    "SELECT number FROM referral WHERE network_id = :network_id AND case_id = :case_id"
    " AND need = :need AND (state IN ('draft', 'accepted', 'started', 'waitlisted')"
    " OR hold_until_s > :now_s) ORDER BY number LIMIT 1",
    NULL,
};

gboolean
cn_referral_open_for(CnWork *work,
                     gint64 case_id,
                     const char *need,
                     gint64 *out_number,
                     GError **error)
{
    CnStatement *select = cn_statement(work->store, &select_open_for, error);
    if (select == NULL)
        return FALSE;
    cn_bind_int(select, ":case_id", case_id);
    cn_bind_text(select, ":need", need);
    cn_bind_int(select, ":now_s", work->now_s);
    return ask_number(select, out_number, error);
}

static const CnSql select_providers_of = {
    "providers-of-case",
    "SELECT DISTINCT o.provider_id FROM case_record AS c JOIN referral AS r"
    " ON r.network_id = c.network_id AND r.case_id = c.id JOIN offering AS o"
    " ON o.network_id = r.network_id AND o.id = r.offering_id"
    " WHERE c.network_id = :network_id AND c.ref = :ref AND r.counted"
    " AND (r.state IN ('draft', 'accepted', 'started', 'waitlisted') OR r.hold_until_s > :now_s)",
    NULL,
};

GPtrArray *
cn_referral_providers_of(CnWork *work, const char *ref, GError **error)
{
    g_autoptr(GPtrArray) providers = g_ptr_array_new_with_free_func(g_free);
    CnStatement *select = cn_statement(work->store, &select_providers_of, error);
    gboolean row = TRUE;
    if (select == NULL)
        return NULL;
    cn_bind_text(select, ":ref", ref);
    cn_bind_int(select, ":now_s", work->now_s);
    while (row) {
        const char *provider = NULL;
        if (!cn_statement_step(select, &row, error) ||
            (row && !cn_read_text(select, 0, &provider, error)))
            return NULL;
        if (row)
            g_ptr_array_add(providers, g_strdup(provider));
    }
    return g_steal_pointer(&providers);
}

static const CnSql select_drafted = {
    "drafted-units",
    "SELECT coalesce(sum(units), 0) FROM referral WHERE network_id = :network_id"
    " AND offering_id = :id AND state = 'draft'",
    NULL,
};

gboolean
cn_referral_drafted(CnWork *work, const char *offering, gint64 *out_units, GError **error)
{
    CnStatement *select = cn_statement(work->store, &select_drafted, error);
    if (select == NULL)
        return FALSE;
    cn_bind_text(select, ":id", offering);
    return ask_number(select, out_units, error);
}

static const CnSql select_drafts = {
    "drafts",
    "SELECT offering_id, sum(units) FROM referral WHERE network_id = :network_id"
    " AND state = 'draft' AND counted GROUP BY offering_id",
    NULL,
};

GHashTable *
cn_referral_drafts(CnWork *work, GError **error)
{
    g_autoptr(GHashTable) drafts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    gboolean row = TRUE;
    CnStatement *select = cn_statement(work->store, &select_drafts, error);
    while (select != NULL && row) {
        const char *offering = NULL;
        if (!cn_statement_step(select, &row, error) ||
            (row && !cn_read_text(select, 0, &offering, error)))
            return NULL;
        if (row) {
            const gint64 units = sqlite3_column_int64(select->stmt, 1);
            g_hash_table_insert(drafts, g_strdup(offering), g_memdup2(&units, sizeof units));
        }
    }
    return select != NULL ? g_steal_pointer(&drafts) : NULL;
}
