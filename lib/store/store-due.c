/* Whom to call: answers that are overdue or expected, drafts that nobody sends, accreditations that end, survivors
 * who grow too old for where they are, places that nobody has reported for long. */
#include "store/referrals.h"
#include "store/store-private.h"

#include "base/table.h"

/* An unanswered referral is somebody who waits; after two weeks it is history. */
#define OVERDUE_DAYS "1209600"

/* A draft of more than two days is somebody who waits and is not known to. */
#define DRAFT_DAYS "172800"
/* Another place is not found in a week: survivors who may grow too old are told of so much earlier. */
#define AGEING_OUT_DAYS "7776000"

static const CnSql select_due = {
    "due",
    "SELECT * FROM ("
    "SELECT CASE WHEN r.state = 'expired' OR r.hold_until_s <= :now_s THEN 'overdue'"
    "  ELSE 'unanswered' END AS kind, 'R-' || r.number AS subject, o.provider_id AS provider,"
    "  coalesce(r.hold_until_s, r.changed_s) AS due_s, r.urgency AS detail"
    "  FROM referral AS r JOIN offering AS o ON o.network_id = r.network_id AND o.id = r.offering_id"
    "  WHERE r.network_id = :network_id AND (r.hold_until_s <= :until_s"
    "   OR (r.state = 'expired' AND r.changed_s > :now_s - " OVERDUE_DAYS "))"
    " UNION ALL "
    "SELECT 'draft', 'R-' || r.number, o.provider_id, r.created_s, r.urgency"
    "  FROM referral AS r JOIN offering AS o ON o.network_id = r.network_id AND o.id = r.offering_id"
    "  WHERE r.network_id = :network_id AND r.state = 'draft'"
    "   AND r.created_s <= :now_s - " DRAFT_DAYS " UNION ALL "
    "SELECT 'ageing-out', 'R-' || r.number, o.provider_id,"
    "  unixepoch(r.ages_out || '-01', '-8 hours'), 'takes up to ' || o.age_max"
    "  FROM referral AS r JOIN offering AS o ON o.network_id = r.network_id AND o.id = r.offering_id"
    "  WHERE r.network_id = :network_id AND r.ages_out IS NOT NULL AND o.age_max IS NOT NULL"
    "   AND unixepoch(r.ages_out || '-01', '-8 hours') <= :until_s + " AGEING_OUT_DAYS " UNION ALL "
    "SELECT 'stale', o.id, o.provider_id, c.as_of_s, s.unit"
    "  FROM offering AS o JOIN provider AS p ON p.network_id = o.network_id AND p.id = o.provider_id"
    "  JOIN service AS s ON s.network_id = o.network_id AND s.id = o.service_id"
    "  LEFT JOIN capacity AS c ON c.network_id = o.network_id AND c.offering_id = o.id"
    "  WHERE o.network_id = :network_id AND o.closed = 0 AND p.status = 'active' AND s.unit <> 'none'"
    "   AND (c.as_of_s IS NULL OR c.as_of_s < :stale_before_s OR c.as_of_s > :not_yet_s)"
    " UNION ALL "
    "SELECT 'accreditation', p.id, p.id, unixepoch(p.accreditation_expires || CASE"
    "   length(p.accreditation_expires) WHEN 4 THEN '-12-31' WHEN 7 THEN '-28' ELSE '' END,"
    "   '-8 hours'),"
    "   p.accreditation_body"
    "  FROM provider AS p WHERE p.network_id = :network_id AND p.status = 'active'"
    "   AND p.accreditation_expires IS NOT NULL) AS d"
    " WHERE kind <> 'accreditation' OR due_s <= :until_s"
    " ORDER BY CASE kind WHEN 'overdue' THEN 0 WHEN 'unanswered' THEN 1 WHEN 'draft' THEN 2"
    "  WHEN 'accreditation' THEN 3 WHEN 'ageing-out' THEN 4 ELSE 5 END,"
    "  due_s NULLS FIRST, subject",
    NULL,
};

static gboolean
add_due_row(CnTableBuilder *table, CnStatement *row, GError **error)
{
    const char *kind, *subject, *provider, *detail;
    if (!cn_read_text(row, 0, &kind, error) || !cn_read_text(row, 1, &subject, error) ||
        !cn_read_text(row, 2, &provider, error) || !cn_read_text(row, 4, &detail, error))
        return FALSE;
    g_autofree char *due = sqlite3_column_type(row->stmt, 3) != SQLITE_NULL
                               ? cn_instant_format_s(sqlite3_column_int64(row->stmt, 3))
                               : NULL;
    cn_table_add_text(table, kind);
    cn_table_add_text(table, subject);
    cn_table_add_text(table, provider);
    cn_table_add_text(table, due);
    cn_table_add_text(table, detail);
    return TRUE;
}

carenet_table *
cn_due_table(CnWork *work, gint64 until_s, gint32 stale_after_days, GError **error)
{
    static const CnColumn columns[] = {{"kind", CARENET_COLUMN_TEXT},
                                       {"subject", CARENET_COLUMN_TEXT},
                                       {"provider", CARENET_COLUMN_TEXT},
                                       {"due", CARENET_COLUMN_TEXT},
                                       {"detail", CARENET_COLUMN_TEXT}};
    gboolean row = TRUE, done = TRUE;
    CnStatement *select = cn_statement(work->store, &select_due, error);
    if (select == NULL)
        return NULL;
    cn_bind_int(select, ":until_s", until_s);
    cn_bind_int(select, ":now_s", work->now_s);
    /* As cn_report_is_stale() says. */
    cn_bind_int(select, ":stale_before_s",
                work->now_s - ((gint64)stale_after_days + 1) * CN_DAY_S + 1);
    cn_bind_int(select, ":not_yet_s", work->now_s + CN_CLOCKS_DIFFER_S);
    CnTableBuilder *table = cn_table_builder_new(columns, G_N_ELEMENTS(columns));
    while (done && row) {
        done = cn_statement_step(select, &row, error);
        if (done && row)
            done = add_due_row(table, select, error);
    }
    sqlite3_reset(select->stmt);
    carenet_table *rows = cn_table_builder_finish(table);
    if (!done)
        g_clear_pointer(&rows, carenet_table_unref);
    return rows;
}
