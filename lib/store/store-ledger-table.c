/* The places of one offering or of all, as a table. */
#include "store/ledger-private.h"
#include "store/store-private.h"

#include "base/table.h"
#include "model/policy.h"

#include <string.h>

static const CnSql list_places = {
    "list-places",
    "SELECT p.id, o.id, o.service_id, s.unit, c.total, c.occupied, c.held - " CN_ENDED_HOLDS ","
    " c.as_of_s, c.as_of_day_only, c.source,"
    " (SELECT count(*) FROM referral AS r WHERE r.network_id = o.network_id AND r.offering_id = o.id"
    "  AND r.state = 'waitlisted'), p.disclosure,"
    " (SELECT avg(a.at_s - r.created_s) / 86400.0 FROM referral AS r"
    "  JOIN referral_event AS e ON e.network_id = r.network_id AND e.referral = r.number"
    "   AND e.to_state = 'started'"
    "  JOIN audit_record AS a ON a.network_id = e.network_id AND a.number = e.record"
    "  WHERE r.network_id = o.network_id AND r.offering_id = o.id AND a.at_s > :now_s - 31536000),"
    " p.status"
    " FROM offering AS o JOIN provider AS p ON p.network_id = o.network_id AND p.id = o.provider_id"
    " JOIN service AS s ON s.network_id = o.network_id AND s.id = o.service_id"
    " LEFT JOIN capacity AS c ON c.network_id = o.network_id AND c.offering_id = o.id"
    " WHERE o.network_id = :network_id AND (:id IS NULL OR o.id = :id) AND o.closed = 0"
    " AND (s.unit <> 'none' OR :id IS NOT NULL) AND (p.status <> 'closed' OR :id IS NOT NULL)"
    " ORDER BY o.id",
    NULL,
};

static void
add_number(CnTableBuilder *table, gboolean shown, gint64 value)
{
    if (shown)
        cn_table_add_int64(table, value);
    else
        cn_table_add_null(table);
}

static gboolean
add_places_row(CnWork *work,
               CnTableBuilder *table,
               CnStatement *row,
               gint32 stale_after_days,
               gboolean all_numbers,
               GError **error)
{
    sqlite3_stmt *stmt = row->stmt;
    const char *texts[4], *source, *disclosure, *status;
    for (int i = 0; i < 4; i++)
        if (!cn_read_text(row, i, &texts[i], error))
            return FALSE;
    if (!cn_read_text(row, 9, &source, error) || !cn_read_text(row, 11, &disclosure, error) ||
        !cn_read_text(row, 13, &status, error))
        return FALSE;
    const gboolean known = sqlite3_column_type(stmt, 4) != SQLITE_NULL;
    const gboolean shown = known && (all_numbers || g_strcmp0(disclosure, "public") == 0);
    const gint64 total = sqlite3_column_int64(stmt, 4), occupied = sqlite3_column_int64(stmt, 5);
    const gint64 held = sqlite3_column_int64(stmt, 6);
    const gboolean active = g_strcmp0(status, "active") == 0;
    const gint64 free = active ? MAX(total - occupied - held, 0) : 0;
    const CnInstant as_of = {.s = sqlite3_column_int64(stmt, 7),
                             .day_only = sqlite3_column_int(stmt, 8) != 0,
                             .is_set = sqlite3_column_type(stmt, 7) != SQLITE_NULL};
    g_autofree char *at = as_of.is_set ? cn_instant_format(as_of) : NULL;
    for (int i = 0; i < 4; i++)
        cn_table_add_text(table, texts[i]);
    add_number(table, shown, total);
    add_number(table, shown, occupied);
    add_number(table, shown, held);
    add_number(table, shown, free);
    cn_table_add_text(table, !active || (known && free == 0) ? "full" : known ? "yes" : "call");
    cn_table_add_text(table, at);
    cn_table_add_text(table, source);
    cn_table_add_int64(table, sqlite3_column_int64(stmt, 10));
    cn_table_add_bool(table, strcmp(texts[3], "none") != 0 &&
                                 cn_report_is_stale(as_of, work->now_s, stale_after_days));
    cn_table_add_text(table, disclosure);
    if (sqlite3_column_type(stmt, 12) != SQLITE_NULL)
        cn_table_add_double(table, sqlite3_column_double(stmt, 12));
    else
        cn_table_add_null(table);
    cn_table_add_text(table, status);
    return TRUE;
}

static gboolean
add_places_rows(CnWork *work,
                CnTableBuilder *table,
                CnStatement *select,
                gint32 stale_after_days,
                gboolean all_numbers,
                GError **error)
{
    gboolean row = TRUE;
    while (row) {
        if (!cn_statement_step(select, &row, error))
            return FALSE;
        if (row && !add_places_row(work, table, select, stale_after_days, all_numbers, error)) {
            sqlite3_reset(select->stmt);
            return FALSE;
        }
    }
    return TRUE;
}

carenet_table *
cn_ledger_table(CnWork *work,
                const char *offering,
                gint32 stale_after_days,
                gboolean all_numbers,
                GError **error)
{
    static const CnColumn columns[] = {
        {"provider", CARENET_COLUMN_TEXT},      {"offering", CARENET_COLUMN_TEXT},
        {"service", CARENET_COLUMN_TEXT},       {"unit", CARENET_COLUMN_TEXT},
        {"total", CARENET_COLUMN_INT64},        {"occupied", CARENET_COLUMN_INT64},
        {"held", CARENET_COLUMN_INT64},         {"free", CARENET_COLUMN_INT64},
        {"availability", CARENET_COLUMN_TEXT},  {"as_of", CARENET_COLUMN_TEXT},
        {"source", CARENET_COLUMN_TEXT},        {"waiting", CARENET_COLUMN_INT64},
        {"stale", CARENET_COLUMN_BOOL},         {"disclosure", CARENET_COLUMN_TEXT},
        {"waited_days", CARENET_COLUMN_DOUBLE}, {"status", CARENET_COLUMN_TEXT}};
    CnStatement *select = cn_statement(work->store, &list_places, error);
    if (select == NULL)
        return NULL;
    cn_bind_text(select, ":id", offering);
    cn_bind_int(select, ":now_s", work->now_s);
    CnTableBuilder *table = cn_table_builder_new(columns, G_N_ELEMENTS(columns));
    gboolean done = add_places_rows(work, table, select, stale_after_days, all_numbers, error);
    carenet_table *rows = cn_table_builder_finish(table);
    if (done && offering != NULL && carenet_table_rows_len(rows) == 0)
        done = cn_ledger_fail_unknown(offering, error);
    if (!done)
        g_clear_pointer(&rows, carenet_table_unref);
    return rows;
}
