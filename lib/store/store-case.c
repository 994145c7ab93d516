/* Cases as records, each with the key that its facts are sealed with, and with its consents. */
#include "store/referrals.h"
#include "store/store-private.h"

#include <string.h>

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
    cn_bind_day(insert, ":given_on", consent->on);
    cn_bind_day(insert, ":expires", consent->expires);
    cn_bind_day(insert, ":withdrawn", consent->withdrawn);
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
