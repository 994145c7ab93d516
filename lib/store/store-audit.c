/* The chain of audit records: each holds the hash of the one before it, so that an edit, a deletion or
 * a record put in between shows. A chain that was cut off at the end fits in itself; the journal, and
 * a checkpoint that is kept elsewhere, tell where it ended. */
#include "store/store-private.h"

#include "base/error.h"
#include "base/seal.h"
#include "base/table.h"

#include <string.h>

/* Longer than the longest record: fields of bounded length, each after four bytes of its length. */
#define RECORD_BYTES_MOST 4096

typedef struct {
    guint8 bytes[RECORD_BYTES_MOST];
    gsize len;
} Buffer;

static void
put_field(Buffer *buffer, const void *field, gsize len)
{
    const guint32 be_len = GUINT32_TO_BE((guint32)len);
    g_assert(buffer->len + sizeof be_len + len <= sizeof buffer->bytes);
    memcpy(buffer->bytes + buffer->len, &be_len, sizeof be_len);
    memcpy(buffer->bytes + buffer->len + sizeof be_len, field, len);
    buffer->len += sizeof be_len + len;
}

static void
put_number(Buffer *buffer, gint64 number)
{
    const gint64 be = GINT64_TO_BE(number);
    put_field(buffer, &be, sizeof be);
}

typedef struct {
    gint64 number, at_s;
    const char *texts[4]; /* actor, action, subject, detail */
    gsize lens[4];
} Record;

/* @head becomes the hash of the record after it. */
static void
chain(guint8 head[32], const Record *record)
{
    Buffer buffer;
    buffer.len = 32;
    memcpy(buffer.bytes, head, 32);
    put_number(&buffer, record->number);
    put_number(&buffer, record->at_s);
    for (gsize i = 0; i < G_N_ELEMENTS(record->texts); i++)
        put_field(&buffer, record->texts[i], record->lens[i]);
    cn_hash(buffer.bytes, buffer.len, head);
}

/* ---- Appending. */

static const CnSql insert_record = {
    "insert-audit-record",
    "INSERT INTO audit_record (network_id, number, at_s, actor, action, subject, detail, hash)"
    " VALUES (:network_id, :number, :at_s, :actor, :action, :subject, :detail, :hash)",
    NULL,
};

static gboolean
store_record(CnWork *work, const Record *record, GError **error)
{
    CnStatement *insert = cn_statement(work->store, &insert_record, error);
    if (insert == NULL)
        return FALSE;
    cn_bind_int(insert, ":number", record->number);
    cn_bind_int(insert, ":at_s", record->at_s);
    cn_bind_text(insert, ":actor", record->texts[0]);
    cn_bind_text(insert, ":action", record->texts[1]);
    cn_bind_text(insert, ":subject", record->texts[2]);
    cn_bind_text(insert, ":detail", record->texts[3]);
    cn_bind_blob(insert, ":hash", work->head, sizeof work->head);
    return cn_statement_run(insert, error);
}

gboolean
cn_audit_append_by(CnWork *work,
                   const char *actor,
                   const char *action,
                   const char *subject,
                   const char *detail,
                   gint64 *out_record,
                   GError **error)
{
    Record record = {.number = work->records + 1,
                     .at_s = work->now_s,
                     .texts = {actor, action, subject, detail}};
    static const gsize most[] = {CN_ACTOR_MOST, CN_ACTION_MOST, CN_SUBJECT_MOST, CN_DETAIL_MOST};
    for (gsize i = 0; i < G_N_ELEMENTS(record.texts); i++) {
        record.lens[i] = strlen(record.texts[i]);
        if (record.lens[i] > most[i]) {
            cn_error_set(error, CARENET_ERROR_TOO_LARGE, "a text is too long for the audit record");
            return FALSE;
        }
    }
    chain(work->head, &record);
    work->records = record.number;
    if (out_record != NULL)
        *out_record = record.number;
    return store_record(work, &record, error);
}

gboolean
cn_audit_append(CnWork *work,
                const char *action,
                const char *subject,
                const char *detail,
                gint64 *out_record,
                GError **error)
{
    return cn_audit_append_by(work, work->acting->actor, action, subject, detail, out_record,
                              error);
}

/* ---- Reading. */

static const CnSql select_records = {
    "list-audit-records",
    "SELECT * FROM (SELECT number, at_s, actor, action, subject, detail, lower(hex(hash))"
    " FROM audit_record WHERE network_id = :network_id AND (:subject IS NULL OR subject = :subject)"
    " ORDER BY number DESC LIMIT :limit) ORDER BY 1",
    NULL,
};

static gboolean
add_record_row(CnTableBuilder *table, CnStatement *row, GError **error)
{
    const char *texts[5];
    for (int i = 0; i < 5; i++)
        if (!cn_read_text(row, 2 + i, &texts[i], error))
            return FALSE;
    g_autofree char *at = cn_instant_format_s(sqlite3_column_int64(row->stmt, 1));
    cn_table_add_int64(table, sqlite3_column_int64(row->stmt, 0));
    cn_table_add_text(table, at);
    for (int i = 0; i < 5; i++)
        cn_table_add_text(table, texts[i]);
    return TRUE;
}

carenet_table *
cn_audit_list(carenet_store *store, const char *subject, gsize limit, GError **error)
{
    static const CnColumn columns[] = {
        {"number", CARENET_COLUMN_INT64}, {"at", CARENET_COLUMN_TEXT},
        {"actor", CARENET_COLUMN_TEXT},   {"action", CARENET_COLUMN_TEXT},
        {"subject", CARENET_COLUMN_TEXT}, {"detail", CARENET_COLUMN_TEXT},
        {"hash", CARENET_COLUMN_TEXT}};
    G_GNUC_UNUSED g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&store->lock);
    CnStatement *select = cn_statement(store, &select_records, error);
    if (select == NULL)
        return NULL;
    cn_bind_text(select, ":subject", subject);
    cn_bind_int(select, ":limit", limit > 0 ? (gint64)MIN(limit, G_MAXINT64) : -1);
    CnTableBuilder *table = cn_table_builder_new(columns, G_N_ELEMENTS(columns));
    gboolean row = TRUE, done = TRUE;
    while (done && row) {
        done = cn_statement_step(select, &row, error);
        if (done && row)
            done = add_record_row(table, select, error);
    }
    sqlite3_reset(select->stmt);
    carenet_table *rows = cn_table_builder_finish(table);
    if (!done)
        g_clear_pointer(&rows, carenet_table_unref);
    return rows;
}

static const CnSql scan_records = {
    "scan-audit-records",
    "SELECT number, at_s, actor, action, subject, detail, hash FROM audit_record"
    " WHERE network_id = :network_id ORDER BY number",
    NULL,
};

static void
note_break(CnChainState *state, gint64 at, const char *what)
{
    if (state->what != NULL)
        return;
    state->broken_at = at;
    state->what = what;
}

/* Borrowed from the row; damage where it is no text that a record may hold. */
static gboolean
read_record(CnStatement *row, Record *record)
{
    gsize len = 0;
    record->number = sqlite3_column_int64(row->stmt, 0);
    record->at_s = sqlite3_column_int64(row->stmt, 1);
    for (int i = 0; i < 4; i++) {
        record->texts[i] = (const char *)sqlite3_column_text(row->stmt, 2 + i);
        record->lens[i] = (gsize)sqlite3_column_bytes(row->stmt, 2 + i);
        len += record->lens[i];
        if (record->texts[i] == NULL)
            return FALSE;
    }
    return len < RECORD_BYTES_MOST - 256 && sqlite3_column_bytes(row->stmt, 6) == 32;
}

static void
check_record(CnChainState *state, CnStatement *row, const CnCheckpoint *checkpoint)
{
    Record record;
    const gint64 wanted = state->records + 1;
    if (!read_record(row, &record)) {
        note_break(state, wanted, "a record that nobody could have written");
        return;
    }
    if (record.number != wanted)
        note_break(state, wanted, "records are missing");
    chain(state->end.head, &record);
    if (memcmp(state->end.head, sqlite3_column_blob(row->stmt, 6), 32) != 0) {
        note_break(state, record.number, "a record was changed, taken out or put in");
        /* From here on what follows is judged by itself. */
        memcpy(state->end.head, sqlite3_column_blob(row->stmt, 6), 32);
    }
    state->records = record.number;
    if (checkpoint != NULL && checkpoint->records == record.number &&
        memcmp(checkpoint->head, state->end.head, 32) != 0)
        note_break(state, record.number, "the chain is another one than that of the checkpoint");
}

/* What the journal says was appended last, and what the checkpoint saw. */
static void
check_end(CnChainState *state, const CnWork *work, const CnCheckpoint *checkpoint)
{
    state->end.records = state->records;
    if (state->records != work->records || memcmp(state->end.head, work->head, 32) != 0)
        note_break(state, state->records + 1, "records at the end are missing, or were put there");
    if (checkpoint != NULL && checkpoint->records > state->records)
        note_break(state, state->records + 1, "the chain is shorter than at the checkpoint");
}

gboolean
cn_audit_scan(const CnWork *work, const CnCheckpoint *checkpoint, CnChainState *out, GError **error)
{
    CnChainState state = {0};
    gboolean row = TRUE;
    CnStatement *scan = cn_statement(work->store, &scan_records, error);
    if (scan == NULL)
        return FALSE;
    while (row) {
        if (!cn_statement_step(scan, &row, error))
            return FALSE;
        if (row)
            check_record(&state, scan, checkpoint);
    }
    check_end(&state, work, checkpoint);
    *out = state;
    return TRUE;
}

gboolean
cn_audit_verify(carenet_store *store,
                const CnCheckpoint *checkpoint,
                CnChainState *out,
                GError **error)
{
    g_auto(CnWork) work = {0};
    return cn_work_begin_reading(&work, store, G_MININT64, error) &&
           cn_audit_scan(&work, checkpoint, out, error);
}

/* ---- Requests. */

static const CnSql select_request = {
    "request",
    "SELECT digest, subject, record FROM request WHERE network_id = :network_id AND key = :key",
    NULL,
};

gboolean
cn_request_find(CnWork *work,
                const guint8 digest[32],
                char **out_subject,
                gint64 *out_record,
                GError **error)
{
    gboolean row = FALSE;
    const char *subject = NULL;
    *out_record = 0;
    if (work->acting->key == NULL)
        return TRUE;
    CnStatement *select = cn_statement(work->store, &select_request, error);
    if (select == NULL)
        return FALSE;
    cn_bind_text(select, ":key", work->acting->key);
    if (!cn_statement_step(select, &row, error))
        return FALSE;
    if (!row)
        return TRUE;
    const gboolean same = sqlite3_column_bytes(select->stmt, 0) == 32 &&
                          memcmp(sqlite3_column_blob(select->stmt, 0), digest, 32) == 0;
    if (same && cn_read_text(select, 1, &subject, error) && subject != NULL) {
        *out_subject = g_strdup(subject);
        *out_record = sqlite3_column_int64(select->stmt, 2);
    }
    sqlite3_reset(select->stmt);
    if (!same) {
        cn_error_set(error, CARENET_ERROR_CONFLICT, "this key was used before for another request");
        cn_error_hint(error, "a key names one request: use a new one for a new request");
    }
    return *out_record != 0;
}

static const CnSql insert_request = {
    "insert-request",
    "INSERT INTO request (network_id, key, digest, subject, record)"
    " VALUES (:network_id, :key, :digest, :subject, :record)",
    NULL,
};

gboolean
cn_request_store(CnWork *work,
                 const guint8 digest[32],
                 const char *subject,
                 gint64 record,
                 GError **error)
{
    if (work->acting->key == NULL)
        return TRUE;
    CnStatement *insert = cn_statement(work->store, &insert_request, error);
    if (insert == NULL)
        return FALSE;
    cn_bind_text(insert, ":key", work->acting->key);
    cn_bind_blob(insert, ":digest", digest, 32);
    cn_bind_text(insert, ":subject", subject);
    cn_bind_int(insert, ":record", record);
    return cn_statement_run(insert, error);
}
