/* Lists of referrals, and the history of one. */
#include "store/referrals.h"
#include "store/store-private.h"

#include "base/error.h"
#include "base/table.h"

/* As it is at :now_s, whether or not somebody has written the expiry down yet. */
#define STATE_NOW                                                                           \
    "CASE WHEN r.state IN ('sent', 'received') AND r.hold_until_s <= :now_s THEN 'expired'" \
    " ELSE r.state END"
#define RANK(table) "CASE " table ".urgency WHEN 'emergency' THEN 0 WHEN 'urgent' THEN 1 ELSE 2 END"

/* When it came into one of the states for the first time. */
#define FIRST_TO(states)                                                  \
    "(SELECT min(a.at_s) FROM referral_event AS e JOIN audit_record AS a" \
    " ON a.network_id = e.network_id AND a.number = e.record"             \
    " WHERE e.network_id = r.network_id AND e.referral = r.number AND e.to_state IN (" states "))"

static const CnSql select_referrals = {
    "list-referrals",
    "SELECT 'R-' || r.number, c.ref, r.need, o.service_id, r.offering_id, o.provider_id, r.urgency,"
    " r.units, " STATE_NOW " AS state_now, r.hold_until_s,"
    " (SELECT count(*) FROM referral AS w WHERE w.network_id = r.network_id"
    "  AND w.offering_id = r.offering_id AND w.state = 'waitlisted' AND r.state = 'waitlisted'"
    "  AND (" RANK("w") ", w.waiting_s, w.number) <= (" RANK(
        "r") ", r.waiting_s, r.number)),"
             " r.reason, r.basis, 'R-' || r.from_number, r.created_s, r.changed_s,"
             " " FIRST_TO("'sent', 'waitlisted'") ", " FIRST_TO(
                 "'started'") ", r.home, CASE r.basis WHEN 'override' THEN r.basis_reason END FROM referral AS r JOIN case_record AS c ON c.network_id = r.network_id AND c.id = r.case_id"
                              " JOIN offering AS o ON o.network_id = r.network_id AND o.id = r.offering_id"
                              " WHERE r.network_id = :network_id AND (:ref IS NULL OR c.ref = :ref)"
                              " AND (:number = 0 OR r.number = :number)"
                              " AND (:provider IS NULL OR o.provider_id = :provider)"
                              " AND (:offering IS NULL OR r.offering_id = :offering)"
                              " AND (:state IS NULL OR state_now = :state)"
                              " AND (:open = 0 OR state_now IN ('draft', 'sent', 'received', 'accepted', 'started',"
                              "  'waitlisted'))"
                              " ORDER BY r.number DESC LIMIT :limit",
    NULL,
};

static void
add_instant(CnTableBuilder *table, sqlite3_stmt *stmt, int column, gboolean shown)
{
    g_autofree char *at = shown && sqlite3_column_type(stmt, column) != SQLITE_NULL
                              ? cn_instant_format_s(sqlite3_column_int64(stmt, column))
                              : NULL;
    cn_table_add_text(table, at);
}

static gboolean
add_referral_row(CnTableBuilder *table, CnStatement *row, GError **error)
{
    static const int text_columns[] = {0, 1, 2, 3, 4, 5, 6, 8, 11, 12, 13, 18, 19};
    const char *texts[20] = {NULL};
    for (gsize i = 0; i < G_N_ELEMENTS(text_columns); i++)
        if (!cn_read_text(row, text_columns[i], &texts[text_columns[i]], error))
            return FALSE;
    const gboolean held = g_strcmp0(texts[8], "sent") == 0 || g_strcmp0(texts[8], "received") == 0;
    const gint64 position = sqlite3_column_int64(row->stmt, 10);
    for (int i = 0; i < 7; i++)
        cn_table_add_text(table, texts[i]);
    cn_table_add_int64(table, sqlite3_column_int64(row->stmt, 7));
    cn_table_add_text(table, texts[8]);
    add_instant(table, row->stmt, 9, held);
    if (position > 0)
        cn_table_add_int64(table, position);
    else
        cn_table_add_null(table);
    for (int i = 11; i < 14; i++)
        cn_table_add_text(table, texts[i]);
    add_instant(table, row->stmt, 14, TRUE);
    for (int i = 15; i < 18; i++)
        add_instant(table, row->stmt, i, TRUE);
    cn_table_add_text(table, texts[18]);
    cn_table_add_text(table, texts[19]);
    return TRUE;
}

static gboolean
add_rows(CnTableBuilder *table,
         CnStatement *select,
         gboolean (*add)(CnTableBuilder *, CnStatement *, GError **),
         GError **error)
{
    gboolean row = TRUE;
    while (row) {
        if (!cn_statement_step(select, &row, error))
            return FALSE;
        if (row && !add(table, select, error)) {
            sqlite3_reset(select->stmt);
            return FALSE;
        }
    }
    return TRUE;
}

carenet_table *
cn_referral_table(CnWork *work, const CnReferralFilter *filter, GError **error)
{
    static const CnColumn columns[] = {
        {"id", CARENET_COLUMN_TEXT},        {"case", CARENET_COLUMN_TEXT},
        {"need", CARENET_COLUMN_TEXT},      {"service", CARENET_COLUMN_TEXT},
        {"offering", CARENET_COLUMN_TEXT},  {"provider", CARENET_COLUMN_TEXT},
        {"urgency", CARENET_COLUMN_TEXT},   {"units", CARENET_COLUMN_INT64},
        {"state", CARENET_COLUMN_TEXT},     {"hold_until", CARENET_COLUMN_TEXT},
        {"position", CARENET_COLUMN_INT64}, {"reason", CARENET_COLUMN_TEXT},
        {"basis", CARENET_COLUMN_TEXT},     {"redirected_from", CARENET_COLUMN_TEXT},
        {"created", CARENET_COLUMN_TEXT},   {"changed", CARENET_COLUMN_TEXT},
        {"sent", CARENET_COLUMN_TEXT},      {"started", CARENET_COLUMN_TEXT},
        {"home", CARENET_COLUMN_TEXT},      {"ground", CARENET_COLUMN_TEXT}};
    CnStatement *select = cn_statement(work->store, &select_referrals, error);
    if (select == NULL)
        return NULL;
    cn_bind_int(select, ":now_s", work->now_s);
    cn_bind_int(select, ":number", filter->number);
    cn_bind_text(select, ":ref", filter->ref);
    cn_bind_text(select, ":provider", filter->provider);
    cn_bind_text(select, ":offering", filter->offering);
    cn_bind_text(select, ":state", filter->state);
    cn_bind_int(select, ":open", filter->open);
    cn_bind_int(select, ":limit", filter->limit > 0 ? (gint64)MIN(filter->limit, G_MAXINT32) : -1);
    CnTableBuilder *table = cn_table_builder_new(columns, G_N_ELEMENTS(columns));
    gboolean done = add_rows(table, select, add_referral_row, error);
    carenet_table *rows = cn_table_builder_finish(table);
    if (!done)
        g_clear_pointer(&rows, carenet_table_unref);
    return rows;
}

/* ---- History. */

static const CnSql select_history = {
    "referral-history",
    "SELECT a.at_s, a.actor, e.from_state, e.to_state, e.reason, e.by_phone, e.record"
    " FROM referral_event AS e JOIN audit_record AS a ON a.network_id = e.network_id"
    " AND a.number = e.record WHERE e.network_id = :network_id AND e.referral = :number"
    " ORDER BY e.record",
    NULL,
};

static gboolean
add_history_row(CnTableBuilder *table, CnStatement *row, GError **error)
{
    const char *texts[5] = {NULL};
    for (int i = 1; i < 5; i++)
        if (!cn_read_text(row, i, &texts[i], error))
            return FALSE;
    add_instant(table, row->stmt, 0, TRUE);
    for (int i = 1; i < 5; i++)
        cn_table_add_text(table, texts[i]);
    cn_table_add_bool(table, sqlite3_column_int(row->stmt, 5) != 0);
    cn_table_add_int64(table, sqlite3_column_int64(row->stmt, 6));
    return TRUE;
}

carenet_table *
cn_referral_history(CnWork *work, gint64 number, GError **error)
{
    static const CnColumn columns[] = {
        {"at", CARENET_COLUMN_TEXT},     {"actor", CARENET_COLUMN_TEXT},
        {"from", CARENET_COLUMN_TEXT},   {"to", CARENET_COLUMN_TEXT},
        {"reason", CARENET_COLUMN_TEXT}, {"by_phone", CARENET_COLUMN_BOOL},
        {"record", CARENET_COLUMN_INT64}};
    CnStatement *select = cn_statement(work->store, &select_history, error);
    if (select == NULL)
        return NULL;
    cn_bind_int(select, ":number", number);
    CnTableBuilder *table = cn_table_builder_new(columns, G_N_ELEMENTS(columns));
    gboolean done = add_rows(table, select, add_history_row, error);
    carenet_table *rows = cn_table_builder_finish(table);
    if (!done)
        g_clear_pointer(&rows, carenet_table_unref);
    return rows;
}
