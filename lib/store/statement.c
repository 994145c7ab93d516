/* Named statements, prepared once a handle, and transactions. */
#include "store/store-private.h"

/* There is one network in a file; its number is bound wherever a statement asks for it. */
#define NETWORK_ID 1

/* Where each mapped column stands in a statement. A name that is missing is our mistake: the layout was
 * checked by preparing, for which a damaged file may spell it with other capitals. */
static int *
find_bindings(const CnSql *sql, sqlite3_stmt *stmt)
{
    if (sql->map == NULL)
        return NULL;
    int *at = g_new0(int, sql->map->len);
    int columns = sqlite3_column_count(stmt);
    for (guint i = 0; i < sql->map->len; i++) {
        const char *column = sql->map->bindings[i].column;
        at[i] = -1;
        for (int k = 0; k < columns; k++)
            if (sqlite3_stricmp(sqlite3_column_name(stmt, k), column) == 0)
                at[i] = k;
        if (columns == 0) {
            g_autofree char *parameter = g_strconcat(":", column, NULL);
            at[i] = sqlite3_bind_parameter_index(stmt, parameter) - 1;
        }
        g_assert(at[i] >= 0);
    }
    return at;
}

static CnStatement *
prepare(carenet_store *store, const CnSql *sql, GError **error)
{
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v3(store->db, sql->text, -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL);
    if (rc != SQLITE_OK) {
        cn_store_fail(store, rc, error);
        return NULL;
    }
    CnStatement *statement = g_new0(CnStatement, 1);
    statement->store = store;
    statement->sql = sql;
    statement->stmt = stmt;
    statement->at = find_bindings(sql, stmt);
    g_hash_table_insert(store->statements, (gpointer)sql, statement);
    return statement;
}

CnStatement *
cn_statement(carenet_store *store, const CnSql *sql, GError **error)
{
    CnStatement *statement = g_hash_table_lookup(store->statements, sql);
    if (statement == NULL)
        statement = prepare(store, sql, error);
    if (statement == NULL)
        return NULL;
    sqlite3_reset(statement->stmt);
    sqlite3_clear_bindings(statement->stmt);
    statement->rc = SQLITE_OK;
    int network = sqlite3_bind_parameter_index(statement->stmt, ":network_id");
    if (network > 0)
        statement->rc = sqlite3_bind_int64(statement->stmt, network, NETWORK_ID);
    return statement;
}

void
cn_statement_free(CnStatement *statement)
{
    sqlite3_finalize(statement->stmt);
    g_free(statement->at);
    g_free(statement);
}

static int
parameter_of(CnStatement *statement, const char *parameter)
{
    int index = sqlite3_bind_parameter_index(statement->stmt, parameter);
    g_assert(index > 0);
    return index;
}

static void
keep_failure(CnStatement *statement, int rc)
{
    if (statement->rc == SQLITE_OK)
        statement->rc = rc;
}

void
cn_bind_text(CnStatement *statement, const char *parameter, const char *value)
{
    keep_failure(statement, sqlite3_bind_text(statement->stmt, parameter_of(statement, parameter),
                                              value, -1, SQLITE_TRANSIENT));
}

void
cn_bind_int(CnStatement *statement, const char *parameter, gint64 value)
{
    keep_failure(statement,
                 sqlite3_bind_int64(statement->stmt, parameter_of(statement, parameter), value));
}

void
cn_bind_double(CnStatement *statement, const char *parameter, double value)
{
    keep_failure(statement,
                 sqlite3_bind_double(statement->stmt, parameter_of(statement, parameter), value));
}

void
cn_bind_day(CnStatement *statement, const char *parameter, CnDate day)
{
    if (cn_date_is_set(day)) {
        char text[11];
        cn_bind_text(statement, parameter, cn_date_format(day, text));
    }
}

void
cn_bind_blob(CnStatement *statement, const char *parameter, gconstpointer value, gsize len)
{
    keep_failure(statement, sqlite3_bind_blob64(statement->stmt, parameter_of(statement, parameter),
                                                value, len, SQLITE_TRANSIENT));
}

gboolean
cn_statement_step(CnStatement *statement, gboolean *out_row, GError **error)
{
    int rc = statement->rc;
    if (rc == SQLITE_OK)
        rc = sqlite3_step(statement->stmt);
    if (rc == SQLITE_ROW) {
        *out_row = TRUE;
        return TRUE;
    }
    *out_row = FALSE;
    if (rc != SQLITE_DONE)
        cn_store_fail(statement->store, rc, error);
    sqlite3_reset(statement->stmt);
    return rc == SQLITE_DONE;
}

gboolean
cn_statement_each(carenet_store *store,
                  const CnSql *sql,
                  CnReadRow read,
                  gpointer data,
                  GError **error)
{
    CnStatement *statement = cn_statement(store, sql, error);
    gboolean row = statement != NULL;
    while (row) {
        if (!cn_statement_step(statement, &row, error))
            return FALSE;
        if (row && !read(statement, data, error)) {
            sqlite3_reset(statement->stmt);
            return FALSE;
        }
    }
    return statement != NULL;
}

gboolean
cn_statement_run(CnStatement *statement, GError **error)
{
    gboolean row;
    return cn_statement_step(statement, &row, error);
}

gboolean
cn_statement_row(CnStatement *statement, gboolean *out_row, GError **error)
{
    return statement != NULL && cn_statement_step(statement, out_row, error);
}

GPtrArray *
cn_statement_texts(CnStatement *statement, GError **error)
{
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    const char *text = NULL;
    gboolean row = statement != NULL;
    while (row) {
        if (!cn_statement_step(statement, &row, error))
            return NULL;
        if (row && !cn_read_text(statement, 0, &text, error)) {
            sqlite3_reset(statement->stmt);
            return NULL;
        }
        if (row)
            g_ptr_array_add(texts, g_strdup(text));
    }
    return statement != NULL ? g_steal_pointer(&texts) : NULL;
}

gboolean
cn_store_exec(carenet_store *store, const char *sql, GError **error)
{
    int rc = sqlite3_exec(store->db, sql, NULL, NULL, NULL);
    return rc == SQLITE_OK || cn_store_fail(store, rc, error);
}

gboolean
cn_store_ask_int(carenet_store *store, const char *sql, gint64 *out, GError **error)
{
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(store->db, sql, -1, &stmt, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(stmt);
    if (rc == SQLITE_ROW)
        *out = sqlite3_column_int64(stmt, 0);
    else
        cn_store_fail(store, rc == SQLITE_DONE ? SQLITE_CORRUPT : rc, error);
    sqlite3_finalize(stmt);
    return rc == SQLITE_ROW;
}

/* A write begins IMMEDIATE: a reader that became a writer could not wait for its turn. Waiting at the
 * gate and for SQLite's lock behind it share one deadline. */
static gboolean
begin_write(CnTransaction *transaction, carenet_store *store, GError **error)
{
    const gint64 deadline_us =
        g_get_monotonic_time() + (gint64)store->busy_ms * G_TIME_SPAN_MILLISECOND;
    if (!cn_gate_enter(store, deadline_us))
        return cn_store_fail(store, SQLITE_BUSY, error);
    /* In whole milliseconds, and not before the deadline. */
    const gint64 left_us = MAX(deadline_us - g_get_monotonic_time(), 0);
    const gint64 left_ms = (left_us + G_TIME_SPAN_MILLISECOND - 1) / G_TIME_SPAN_MILLISECOND;
    sqlite3_busy_timeout(store->db, (int)left_ms);
    gboolean begun = cn_store_exec(store, "BEGIN IMMEDIATE", error);
    sqlite3_busy_timeout(store->db, store->busy_ms);
    transaction->gated = begun;
    if (!begun)
        cn_gate_leave(store);
    return begun;
}

gboolean
cn_transaction_begin(CnTransaction *transaction,
                     carenet_store *store,
                     CnTransactionKind kind,
                     GError **error)
{
    if (kind == CN_WRITE ? !begin_write(transaction, store, error)
                         : !cn_store_exec(store, "BEGIN", error))
        return FALSE;
    transaction->store = store;
    return TRUE;
}

static void
leave(CnTransaction *transaction)
{
    if (transaction->gated)
        cn_gate_leave(transaction->store);
    *transaction = (CnTransaction){0};
}

gboolean
cn_transaction_commit(CnTransaction *transaction, GError **error)
{
    if (!cn_store_exec(transaction->store, "COMMIT", error))
        return FALSE;
    leave(transaction);
    return TRUE;
}

void
cn_transaction_end(CnTransaction *transaction)
{
    carenet_store *store = transaction->store;
    if (store == NULL)
        return;
    for (sqlite3_stmt *stmt = sqlite3_next_stmt(store->db, NULL); stmt != NULL;
         stmt = sqlite3_next_stmt(store->db, stmt))
        sqlite3_reset(stmt);
    /* SQLite has rolled back by itself after some failures (disk full, I/O error). */
    if (!sqlite3_get_autocommit(store->db))
        sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    leave(transaction);
}
