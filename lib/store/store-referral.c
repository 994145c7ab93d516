/* Referrals as records: read and written. */
#include "store/referrals.h"
#include "store/store-private.h"

#include "base/error.h"
#include "base/text.h"

#include <string.h>

/* ---- Words. */

static const char *const states[CN_STATES] = {[CN_DRAFT] = "draft",
                                              [CN_SENT] = "sent",
                                              [CN_RECEIVED] = "received",
                                              [CN_ACCEPTED] = "accepted",
                                              [CN_STARTED] = "started",
                                              [CN_COMPLETED] = "completed",
                                              [CN_NOT_COMPLETED] = "not-completed",
                                              [CN_DECLINED] = "declined",
                                              [CN_REDIRECTED] = "redirected",
                                              [CN_WAITLISTED] = "waitlisted",
                                              [CN_EXPIRED] = "expired",
                                              [CN_CANCELLED] = "cancelled"};

const char *
cn_state_name(CnState state)
{
    return states[state];
}

gboolean
cn_state_parse(const char *text, CnState *out)
{
    for (guint i = 0; text != NULL && i < CN_STATES; i++)
        if (strcmp(states[i], text) == 0) {
            *out = (CnState)i;
            return TRUE;
        }
    return FALSE;
}

char *
cn_referral_id(gint64 number)
{
    return g_strdup_printf("R-%" G_GINT64_FORMAT, number);
}

gboolean
cn_referral_id_parse(const char *id, gint64 *out_number)
{
    if (id == NULL || (id[0] != 'R' && id[0] != 'r') || id[1] != '-' || id[2] == '0' ||
        !g_ascii_isdigit(id[2]))
        return FALSE;
    return g_ascii_string_to_signed(id + 2, 10, 1, G_MAXINT64, out_number, NULL);
}

gboolean
cn_referral_id_read(const char *id, gint64 *out_number, GError **error)
{
    if (cn_referral_id_parse(id, out_number))
        return TRUE;
    g_autofree char *quoted = cn_text_quote(id);
    cn_error_set(error, CARENET_ERROR_NOT_FOUND, "\"%s\" is no referral", quoted);
    cn_error_hint(error, "referrals look like R-12; carenet status lists them");
    return FALSE;
}

void
cn_referral_clear(CnReferral *referral)
{
    g_free(referral->ref);
    g_free(referral->need);
    g_free(referral->offering);
    g_free(referral->provider);
    g_free(referral->service);
    g_free(referral->reason);
    g_free(referral->basis);
    g_free(referral->basis_reason);
    g_free(referral->home);
    *referral = (CnReferral){0};
}

/* ---- Reading one. */

static const CnSql select_referral = {
    "referral",
    "SELECT c.ref, r.need, r.offering_id, o.provider_id, o.service_id, r.state, r.urgency, r.reason,"
    " r.basis, r.basis_reason, r.number, r.case_id, r.units, r.counted, r.hold_until_s, r.waiting_s,"
    " r.from_number, r.created_s, r.changed_s, r.ages_out, r.home"
    " FROM referral AS r JOIN case_record AS c ON c.network_id = r.network_id AND c.id = r.case_id"
    " JOIN offering AS o ON o.network_id = r.network_id AND o.id = r.offering_id"
    " WHERE r.network_id = :network_id AND r.number = :number",
    NULL,
};

static gint64
read_instant(sqlite3_stmt *stmt, int column)
{
    return sqlite3_column_type(stmt, column) != SQLITE_NULL ? sqlite3_column_int64(stmt, column)
                                                            : G_MININT64;
}

static gboolean
read_referral(CnStatement *row, CnReferral *out, GError **error)
{
    const char *texts[10], *ages_out, *home;
    CnDate out_of_age = CN_DATE_NONE;
    CnState state;
    CnUrgency urgency;
    for (int i = 0; i < 10; i++)
        if (!cn_read_text(row, i, &texts[i], error))
            return FALSE;
    if (!cn_read_text(row, 19, &ages_out, error) || !cn_read_text(row, 20, &home, error))
        return FALSE;
    /* The table has no row without these, unless its file was damaged. */
    for (int i = 1; i < 9; i++)
        if (i != 7 && texts[i] == NULL)
            return cn_store_damaged(row->store, "referral", error);
    if (!cn_state_parse(texts[5], &state) || !cn_urgency_parse(texts[6], &urgency) ||
        (ages_out != NULL && !cn_date_parse(ages_out, &out_of_age)))
        return cn_store_damaged(row->store, "referral", error);
    *out = (CnReferral){.ref = g_strdup(texts[0]),
                        .need = g_strdup(texts[1]),
                        .offering = g_strdup(texts[2]),
                        .provider = g_strdup(texts[3]),
                        .service = g_strdup(texts[4]),
                        .state = state,
                        .urgency = urgency,
                        .reason = g_strdup(texts[7]),
                        .basis = g_strdup(texts[8]),
                        .basis_reason = g_strdup(texts[9]),
                        .number = sqlite3_column_int64(row->stmt, 10),
                        .case_id = sqlite3_column_int64(row->stmt, 11),
                        .units = (gint32)sqlite3_column_int64(row->stmt, 12),
                        .counted = sqlite3_column_int(row->stmt, 13) != 0,
                        .hold_until_s = read_instant(row->stmt, 14),
                        .waiting_s = read_instant(row->stmt, 15),
                        .from_number = sqlite3_column_int64(row->stmt, 16),
                        .created_s = sqlite3_column_int64(row->stmt, 17),
                        .changed_s = sqlite3_column_int64(row->stmt, 18),
                        .ages_out = out_of_age,
                        .home = g_strdup(home)};
    return TRUE;
}

gboolean
cn_referral_load(CnWork *work, gint64 number, CnReferral *out, GError **error)
{
    gboolean row = FALSE;
    CnStatement *select = cn_statement(work->store, &select_referral, error);
    if (select == NULL)
        return FALSE;
    cn_bind_int(select, ":number", number);
    if (!cn_statement_step(select, &row, error))
        return FALSE;
    if (!row) {
        cn_error_set(error, CARENET_ERROR_NOT_FOUND, "there is no referral R-%" G_GINT64_FORMAT,
                     number);
        cn_error_hint(error, "carenet status lists them");
        return FALSE;
    }
    gboolean done = read_referral(select, out, error);
    sqlite3_reset(select->stmt);
    return done;
}

/* ---- Writing. */

static const CnSql insert_referral = {
    "insert-referral",
    "INSERT INTO referral (network_id, number, case_id, need, offering_id, urgency, units, counted,"
    " state, hold_until_s, waiting_s, reason, basis, basis_reason, from_number, created_s, changed_s,"
    " facts, ages_out, home) VALUES (:network_id, :number, :case_id, :need, :offering_id, :urgency, :units, :counted,"
    " :state, :hold_until_s, :waiting_s, :reason, :basis, :basis_reason, nullif(:from_number, 0),"
    " :now_s, :now_s, :facts, :ages_out, :home)",
    NULL,
};

static const CnSql update_referral = {
    "update-referral",
    "UPDATE referral SET state = :state, hold_until_s = :hold_until_s, waiting_s = :waiting_s,"
    " reason = :reason, basis = :basis, basis_reason = :basis_reason, changed_s = :now_s,"
    /* What is no longer needed of a survivor's age goes with the end of the referral. */
    " ages_out = CASE WHEN :state IN ('draft', 'sent', 'received', 'accepted', 'started', 'waitlisted')"
    "  THEN ages_out END"
    " WHERE network_id = :network_id AND number = :number",
    NULL,
};

static void
bind_instant(CnStatement *statement, const char *parameter, gint64 instant_s)
{
    if (instant_s != G_MININT64)
        cn_bind_int(statement, parameter, instant_s);
}

static void
bind_state(CnWork *work, CnStatement *statement, const CnReferral *referral)
{
    cn_bind_int(statement, ":number", referral->number);
    cn_bind_text(statement, ":state", states[referral->state]);
    bind_instant(statement, ":hold_until_s", referral->hold_until_s);
    bind_instant(statement, ":waiting_s", referral->waiting_s);
    cn_bind_text(statement, ":reason", referral->reason);
    cn_bind_text(statement, ":basis", referral->basis);
    cn_bind_text(statement, ":basis_reason", referral->basis_reason);
    cn_bind_int(statement, ":now_s", work->now_s);
}

gboolean
cn_referral_insert(CnWork *work, CnReferral *referral, GBytes *facts, GError **error)
{
    gsize len = 0;
    gconstpointer bytes = facts != NULL ? g_bytes_get_data(facts, &len) : NULL;
    CnStatement *insert = cn_statement(work->store, &insert_referral, error);
    if (insert == NULL)
        return FALSE;
    referral->number = ++work->referrals;
    referral->created_s = referral->changed_s = work->now_s;
    bind_state(work, insert, referral);
    cn_bind_int(insert, ":case_id", referral->case_id);
    cn_bind_text(insert, ":need", referral->need);
    cn_bind_text(insert, ":offering_id", referral->offering);
    cn_bind_text(insert, ":urgency", cn_urgency_name(referral->urgency));
    cn_bind_int(insert, ":units", referral->units);
    cn_bind_int(insert, ":counted", referral->counted);
    cn_bind_int(insert, ":from_number", referral->from_number);
    if (bytes != NULL)
        cn_bind_blob(insert, ":facts", bytes, len);
    cn_bind_day(insert, ":ages_out", referral->ages_out);
    cn_bind_text(insert, ":home", referral->home);
    return cn_statement_run(insert, error);
}

gboolean
cn_referral_update(CnWork *work, const CnReferral *referral, GError **error)
{
    CnStatement *update = cn_statement(work->store, &update_referral, error);
    if (update == NULL)
        return FALSE;
    bind_state(work, update, referral);
    return cn_statement_run(update, error);
}

static const CnSql select_open_same = {
    "open-same-referral",
    "SELECT number FROM referral WHERE network_id = :network_id AND case_id = :case_id"
    " AND need = :need AND offering_id = :offering_id AND (state IN ('draft', 'accepted', 'started',"
    " 'waitlisted') OR hold_until_s > :now_s) LIMIT 1",
    NULL,
};

gboolean
cn_referral_open_same(CnWork *work, const CnReferral *referral, gint64 *out_number, GError **error)
{
    gboolean row = FALSE;
    *out_number = 0;
    CnStatement *select = cn_statement(work->store, &select_open_same, error);
    if (select == NULL)
        return FALSE;
    cn_bind_int(select, ":case_id", referral->case_id);
    cn_bind_text(select, ":need", referral->need);
    cn_bind_text(select, ":offering_id", referral->offering);
    cn_bind_int(select, ":now_s", work->now_s);
    if (!cn_statement_step(select, &row, error))
        return FALSE;
    if (row)
        *out_number = sqlite3_column_int64(select->stmt, 0);
    sqlite3_reset(select->stmt);
    return TRUE;
}

static const CnSql copy_facts = {
    "copy-facts",
    "UPDATE referral SET facts = (SELECT facts FROM referral AS f WHERE f.network_id = :network_id"
    " AND f.number = :from) WHERE network_id = :network_id AND number = :to",
    NULL,
};

gboolean
cn_referral_copy_facts(CnWork *work, gint64 from, gint64 to, GError **error)
{
    CnStatement *copy = cn_statement(work->store, &copy_facts, error);
    if (copy == NULL)
        return FALSE;
    cn_bind_int(copy, ":from", from);
    cn_bind_int(copy, ":to", to);
    return cn_statement_run(copy, error);
}

static const CnSql insert_event = {
    "insert-referral-event",
    "INSERT INTO referral_event (network_id, referral, record, from_state, to_state, reason,"
    " hold_until_s, by_phone) VALUES (:network_id, :number, :record, :from, :to, :reason,"
    " :hold_until_s, :by_phone)",
    NULL,
};

gboolean
cn_referral_event(CnWork *work,
                  const CnReferral *referral,
                  gint from_state,
                  gint64 record,
                  gboolean by_phone,
                  GError **error)
{
    CnStatement *insert = cn_statement(work->store, &insert_event, error);
    if (insert == NULL)
        return FALSE;
    cn_bind_int(insert, ":number", referral->number);
    cn_bind_int(insert, ":record", record);
    cn_bind_text(insert, ":from", from_state >= 0 ? states[from_state] : NULL);
    cn_bind_text(insert, ":to", states[referral->state]);
    cn_bind_text(insert, ":reason", referral->reason);
    bind_instant(insert, ":hold_until_s", referral->hold_until_s);
    cn_bind_int(insert, ":by_phone", by_phone);
    return cn_statement_run(insert, error);
}

static const CnSql select_at_record = {
    "referral-at-record",
    "SELECT to_state, reason, hold_until_s FROM referral_event"
    " WHERE network_id = :network_id AND record = :record AND referral = :number",
    NULL,
};

gboolean
cn_referral_at_record(CnWork *work, gint64 record, CnReferral *referral, GError **error)
{
    gboolean row = FALSE;
    const char *to, *reason;
    CnStatement *select = cn_statement(work->store, &select_at_record, error);
    if (select == NULL)
        return FALSE;
    cn_bind_int(select, ":record", record);
    cn_bind_int(select, ":number", referral->number);
    if (!cn_statement_step(select, &row, error))
        return FALSE;
    if (!row)
        return cn_store_damaged(work->store, "request", error);
    gboolean done = cn_read_text(select, 0, &to, error) && cn_read_text(select, 1, &reason, error);
    if (done) {
        g_free(referral->reason);
        referral->reason = g_strdup(reason);
        done = cn_state_parse(to, &referral->state) ||
               cn_store_damaged(work->store, "referral_event", error);
        referral->hold_until_s = read_instant(select->stmt, 2);
    }
    sqlite3_reset(select->stmt);
    return done;
}

/* ---- Where it may go. */

static const CnSql select_is_below = {
    "service-is-below",
    "SELECT 1 FROM service AS s JOIN service AS n ON n.network_id = s.network_id"
    " WHERE s.network_id = :network_id AND s.id = :service AND n.id = :need"
    " AND s.first_below >= n.first_below AND s.first_below < n.end_below",
    NULL,
};

gboolean
cn_service_is_below(CnWork *work,
                    const char *service,
                    const char *need,
                    gboolean *out,
                    GError **error)
{
    CnStatement *select = cn_statement(work->store, &select_is_below, error);
    if (select == NULL)
        return FALSE;
    cn_bind_text(select, ":service", service);
    cn_bind_text(select, ":need", need);
    if (!cn_statement_step(select, out, error))
        return FALSE;
    sqlite3_reset(select->stmt);
    return TRUE;
}
