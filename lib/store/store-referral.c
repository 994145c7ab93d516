/* Referrals as records: read, written, expired; and who waits. */
#include "store/ledger.h"
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
bind_day(CnStatement *statement, const char *parameter, CnDate day)
{
    if (cn_date_is_set(day)) {
        char text[11];
        cn_bind_text(statement, parameter, cn_date_format(day, text));
    }
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
    bind_day(insert, ":ages_out", referral->ages_out);
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
    g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(gint64));
    gboolean row = TRUE;
    CnStatement *select = cn_statement(work->store, &select_overdue, error);
    if (select == NULL)
        return NULL;
    cn_bind_text(select, ":id", offering);
    cn_bind_int(select, ":now_s", work->now_s);
    while (row) {
        if (!cn_statement_step(select, &row, error))
            return NULL;
        const gint64 number = row ? sqlite3_column_int64(select->stmt, 0) : 0;
        if (row)
            g_array_append_val(numbers, number);
    }
    return g_steal_pointer(&numbers);
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
    g_autofree char *detail = g_strdup_printf("%s -> expired", states[from]);
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

static const CnSql select_first_waiting = {
    "first-waiting",
    "SELECT number FROM referral WHERE network_id = :network_id AND offering_id = :id"
    " AND state = 'waitlisted' AND units <= :units AND " URGENCY_RANK(
        "urgency") " <= :least"
                   " ORDER BY " URGENCY_RANK("urgency") ", waiting_s, number LIMIT 1",
    NULL,
};

gboolean
cn_referral_first_waiting(CnWork *work,
                          const char *offering,
                          CnUrgency least,
                          gint64 units,
                          gint64 *out_number,
                          GError **error)
{
    gboolean row = FALSE;
    CnStatement *select = cn_statement(work->store, &select_first_waiting, error);
    *out_number = 0;
    if (select == NULL)
        return FALSE;
    cn_bind_text(select, ":id", offering);
    cn_bind_int(select, ":units", units);
    cn_bind_int(select, ":least", (gint64)least);
    if (!cn_statement_step(select, &row, error))
        return FALSE;
    if (row)
        *out_number = sqlite3_column_int64(select->stmt, 0);
    sqlite3_reset(select->stmt);
    return TRUE;
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

/* ---- Cases. */

static const CnSql select_case = {
    "case-record",
    "SELECT id, public FROM case_record WHERE network_id = :network_id AND ref = :ref",
    NULL,
};

static const CnSql put_case_key = {
    "put-case-key",
    "UPDATE case_record SET public = :public, secret_box = :box"
    " WHERE network_id = :network_id AND id = :id",
    NULL,
};

static const CnSql insert_case = {
    "insert-case-record",
    "INSERT INTO case_record (network_id, id, ref, consent)"
    " VALUES (:network_id, :id, :ref, :consent)",
    NULL,
};

static const CnSql update_case = {
    "update-case-record",
    "UPDATE case_record SET consent = :consent WHERE network_id = :network_id AND id = :id",
    NULL,
};

static const char *const levels[] = {"unstated", "none", "minimum", "full"};
static const char *const givers[] = {"child-assent", "non-offending-guardian", "lswdo",
                                     "adult-self"};

gboolean
cn_case_find(CnWork *work, const char *ref, CnCaseRecord *out, GError **error)
{
    gboolean row = FALSE;
    CnStatement *select = cn_statement(work->store, &select_case, error);
    *out = (CnCaseRecord){0};
    if (select == NULL)
        return FALSE;
    cn_bind_text(select, ":ref", ref);
    if (!cn_statement_step(select, &row, error))
        return FALSE;
    if (!row)
        return TRUE;
    out->id = sqlite3_column_int64(select->stmt, 0);
    out->has_key = sqlite3_column_bytes(select->stmt, 1) == (int)sizeof out->public_key;
    if (out->has_key)
        memcpy(out->public_key, sqlite3_column_blob(select->stmt, 1), sizeof out->public_key);
    sqlite3_reset(select->stmt);
    return TRUE;
}

static gboolean
put_case(CnWork *work, const CnCase *person, CnCaseRecord *record, GError **error)
{
    const gboolean is_new = record->id == 0;
    if (is_new)
        record->id = ++work->cases;
    CnStatement *put = cn_statement(work->store, is_new ? &insert_case : &update_case, error);
    if (put == NULL)
        return FALSE;
    cn_bind_int(put, ":id", record->id);
    cn_bind_text(put, ":consent", levels[person->consent]);
    if (is_new)
        cn_bind_text(put, ":ref", person->ref);
    return cn_statement_run(put, error);
}

gboolean
cn_case_name(CnWork *work, const char *ref, GError **error)
{
    CnCaseRecord record = {0};
    if (!cn_case_find(work, ref, &record, error))
        return FALSE;
    if (record.id != 0)
        return TRUE;
    CnStatement *insert = cn_statement(work->store, &insert_case, error);
    if (insert == NULL)
        return FALSE;
    cn_bind_int(insert, ":id", ++work->cases);
    cn_bind_text(insert, ":ref", ref);
    cn_bind_text(insert, ":consent", levels[CN_CONSENT_UNSTATED]);
    return cn_statement_run(insert, error);
}

/* In a store with a key a case gets one of its own, sealed to it: who destroys that box destroys all
 * that was ever sealed for the case. */
static gboolean
give_key(CnWork *work, CnCaseRecord *record, GError **error)
{
    g_auto(CnKeyPair) pair;
    guint8 public_key[CN_KEY_LEN];
    gboolean has = FALSE;
    gsize len = 0;
    cn_key_pair_wipe(&pair);
    if (record->has_key)
        return TRUE;
    if (!cn_seal_public_key(work->store, public_key, &has, error))
        return FALSE;
    if (!has)
        return TRUE;
    cn_key_pair_make(&pair);
    g_autoptr(GBytes) box = cn_case_wrap(public_key, record->id, &pair);
    gconstpointer bytes = g_bytes_get_data(box, &len);
    CnStatement *put = cn_statement(work->store, &put_case_key, error);
    if (put == NULL)
        return FALSE;
    cn_bind_int(put, ":id", record->id);
    cn_bind_blob(put, ":public", pair.public_key, CN_KEY_LEN);
    cn_bind_blob(put, ":box", bytes, len);
    memcpy(record->public_key, pair.public_key, CN_KEY_LEN);
    record->has_key = TRUE;
    return cn_statement_run(put, error);
}

/* ---- Consents. */

static const CnSql delete_consent_to = {
    "delete-consent-to",
    "DELETE FROM consent_to WHERE network_id = :network_id AND case_id = :case_id",
    NULL,
};
static const CnSql delete_consents = {
    "delete-consents",
    "DELETE FROM consent WHERE network_id = :network_id AND case_id = :case_id",
    NULL,
};
static const CnSql insert_consent = {
    "insert-consent",
    "INSERT INTO consent (network_id, case_id, position, given_by, void, given_on, expires,"
    " withdrawn) VALUES (:network_id, :case_id, :position, :given_by, :void, :given_on, :expires,"
    " :withdrawn)",
    NULL,
};
static const CnSql insert_consent_to = {
    "insert-consent-to",
    "INSERT OR IGNORE INTO consent_to (network_id, case_id, position, provider_id)"
    " VALUES (:network_id, :case_id, :position, :provider_id)",
    NULL,
};

static gboolean
run_for_case(CnWork *work, const CnSql *sql, gint64 case_id, GError **error)
{
    CnStatement *statement = cn_statement(work->store, sql, error);
    if (statement == NULL)
        return FALSE;
    cn_bind_int(statement, ":case_id", case_id);
    return cn_statement_run(statement, error);
}

static gboolean
put_consent(CnWork *work, gint64 case_id, guint position, const CnConsent *consent, GError **error)
{
    CnStatement *insert = cn_statement(work->store, &insert_consent, error);
    if (insert == NULL)
        return FALSE;
    cn_bind_int(insert, ":case_id", case_id);
    cn_bind_int(insert, ":position", position);
    cn_bind_text(insert, ":given_by", givers[consent->by]);
    cn_bind_int(insert, ":void", consent->offending_guardian);
    bind_day(insert, ":given_on", consent->on);
    bind_day(insert, ":expires", consent->expires);
    bind_day(insert, ":withdrawn", consent->withdrawn);
    if (!cn_statement_run(insert, error))
        return FALSE;
    for (guint i = 0; consent->to != NULL && i < consent->to->len; i++) {
        CnStatement *to = cn_statement(work->store, &insert_consent_to, error);
        if (to == NULL)
            return FALSE;
        cn_bind_int(to, ":case_id", case_id);
        cn_bind_int(to, ":position", position);
        cn_bind_text(to, ":provider_id", g_ptr_array_index(consent->to, i));
        if (!cn_statement_run(to, error))
            return FALSE;
    }
    return TRUE;
}

gboolean
cn_case_store(CnWork *work, const CnCase *person, CnCaseRecord *out, GError **error)
{
    if (!cn_case_find(work, person->ref, out, error) || !put_case(work, person, out, error) ||
        !give_key(work, out, error) || !run_for_case(work, &delete_consent_to, out->id, error) ||
        !run_for_case(work, &delete_consents, out->id, error))
        return FALSE;
    for (guint i = 0; i < person->consents->len; i++)
        if (!put_consent(work, out->id, i, &g_array_index(person->consents, CnConsent, i), error))
            return FALSE;
    return TRUE;
}

static const CnSql select_consents = {
    "consents",
    "SELECT r.consent, c.given_by, c.given_on, c.expires, c.withdrawn, t.provider_id, c.position,"
    " c.void FROM case_record AS r"
    " LEFT JOIN consent AS c ON c.network_id = r.network_id AND c.case_id = r.id"
    " LEFT JOIN consent_to AS t ON t.network_id = c.network_id AND t.case_id = c.case_id"
    "  AND t.position = c.position"
    " WHERE r.network_id = :network_id AND r.id = :case_id ORDER BY c.position, t.provider_id",
    NULL,
};

static gint
find_word(const char *const *words, gsize len, const char *word)
{
    for (gsize i = 0; word != NULL && i < len; i++)
        if (strcmp(words[i], word) == 0)
            return (gint)i;
    return -1;
}

static void
clear_consent(gpointer consent)
{
    g_clear_pointer(&((CnConsent *)consent)->to, g_ptr_array_unref);
}

static gboolean
read_consent(CnStatement *row,
             GArray *consents,
             gint64 *last,
             CnConsentLevel *level,
             GError **error)
{
    const char *texts[6];
    for (int i = 0; i < 6; i++)
        if (!cn_read_text(row, i, &texts[i], error))
            return FALSE;
    const gint stated = find_word(levels, G_N_ELEMENTS(levels), texts[0]);
    const gint by = find_word(givers, G_N_ELEMENTS(givers), texts[1]);
    const gint64 position = sqlite3_column_int64(row->stmt, 6);
    if (stated < 0 || (texts[1] != NULL && by < 0))
        return cn_store_damaged(row->store, "consent", error);
    *level = (CnConsentLevel)stated;
    if (texts[1] == NULL)
        return TRUE;
    if (position != *last) {
        CnConsent consent = {.by = (CnConsentBy)by,
                             .offending_guardian = sqlite3_column_int(row->stmt, 7) != 0,
                             .to = g_ptr_array_new_with_free_func(g_free)};
        CnDate *const days[] = {&consent.on, &consent.expires, &consent.withdrawn};
        for (gsize i = 0; i < G_N_ELEMENTS(days); i++)
            if (texts[2 + i] != NULL && !cn_date_parse(texts[2 + i], days[i])) {
                g_ptr_array_unref(consent.to);
                return cn_store_damaged(row->store, "consent", error);
            }
        g_array_append_val(consents, consent);
        *last = position;
    }
    if (texts[5] != NULL)
        g_ptr_array_add(g_array_index(consents, CnConsent, consents->len - 1).to,
                        g_strdup(texts[5]));
    return TRUE;
}

GArray *
cn_case_consents(CnWork *work, gint64 case_id, CnConsentLevel *out_level, GError **error)
{
    g_autoptr(GArray) consents = g_array_new(FALSE, FALSE, sizeof(CnConsent));
    gint64 last = -1;
    gboolean row = TRUE;
    g_array_set_clear_func(consents, clear_consent);
    *out_level = CN_CONSENT_UNSTATED;
    CnStatement *select = cn_statement(work->store, &select_consents, error);
    if (select == NULL)
        return NULL;
    cn_bind_int(select, ":case_id", case_id);
    while (row) {
        if (!cn_statement_step(select, &row, error))
            return NULL;
        if (row && !read_consent(select, consents, &last, out_level, error)) {
            sqlite3_reset(select->stmt);
            return NULL;
        }
    }
    return g_steal_pointer(&consents);
}
