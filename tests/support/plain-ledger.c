/* See plain-ledger.h. Every reservation and every event is one of one place. */
#include "plain-ledger.h"

#include "ledger-sql.h"

#define OFFERINGS 3

static PlainFaults faults;

void
plain_ledger_set_faults(const PlainFaults *given)
{
    faults = *given;
}

static const char layout[] =
    "PRAGMA journal_mode = WAL;"
    "CREATE TABLE offering (id INTEGER PRIMARY KEY, total INTEGER NOT NULL,"
    "  occupied INTEGER NOT NULL DEFAULT 0 CHECK (occupied >= 0),"
    "  held INTEGER NOT NULL DEFAULT 0 CHECK (held >= 0)) STRICT;"
    "CREATE TABLE reservation (id INTEGER PRIMARY KEY, key TEXT NOT NULL,"
    "  offering INTEGER NOT NULL REFERENCES offering (id), state INTEGER NOT NULL) STRICT;"
    "CREATE INDEX reservation_by_key ON reservation (key);"
    "CREATE TABLE event (id INTEGER PRIMARY KEY, offering INTEGER NOT NULL,"
    "  held INTEGER NOT NULL, occupied INTEGER NOT NULL) STRICT;";

static gboolean
fail(sqlite3 *db, GError **error)
{
    g_set_error(error, g_quark_from_static_string("plain-ledger"), sqlite3_extended_errcode(db),
                "%s", sqlite3_errmsg(db));
    return FALSE;
}

static gboolean
run(sqlite3 *db, const char *sql, GError **error)
{
    return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK || fail(db, error);
}

static void
make(const char *path, gint64 total)
{
    sqlite3 *db = NULL;
    g_autoptr(GString) sql = g_string_new(layout);
    for (int i = 0; i < OFFERINGS; i++)
        g_string_append_printf(sql, "INSERT INTO offering VALUES (%d, %" G_GINT64_FORMAT ", 0, 0);",
                               i, total);
    g_assert(sqlite3_open(path, &db) == SQLITE_OK);
    g_assert(run(db, sql->str, NULL));
    sqlite3_close(db);
}

/* Short, so that many meet: SQLite's own naps grow long. */
static int
nap(void *user, int times)
{
    (void)user;
    g_usleep(300);
    return times < 100000;
}

static gpointer
open_ledger(const char *path, GError **error)
{
    sqlite3 *db = NULL;
    g_autofree char *setting =
        g_strdup_printf("PRAGMA foreign_keys = ON; PRAGMA synchronous = %s",
                        faults.synchronous != NULL ? faults.synchronous : "FULL");
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK) {
        sqlite3_busy_handler(db, nap, NULL);
        if (run(db, setting, error))
            return db;
    } else
        fail(db, error);
    sqlite3_close(db);
    return NULL;
}

static void
close_ledger(gpointer db)
{
    sqlite3_close(db);
}

/* ---- Steps. */

/* The number that a statement of one row gives; -1: none; -2: an error. */
static gint64
ask(sqlite3 *db, const char *sql, const char *key)
{
    sqlite3_stmt *stmt = NULL;
    gint64 number = -2;
    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK) {
        if (key != NULL)
            sqlite3_bind_text(stmt, 1, key, -1, SQLITE_TRANSIENT);
        int rc = sqlite3_step(stmt);
        if (rc == SQLITE_ROW)
            number = sqlite3_column_int64(stmt, 0);
        else if (rc == SQLITE_DONE)
            number = -1;
    }
    sqlite3_finalize(stmt);
    return number;
}

static gboolean
begin(sqlite3 *db, GError **error)
{
    if (!sqlite3_get_autocommit(db) && !run(db, "COMMIT", error))
        return FALSE;
    return run(db, "BEGIN IMMEDIATE", error);
}

static LedgerAnswer
end(sqlite3 *db, gboolean done, LedgerAnswer answer, GError **error)
{
    if (done && run(db, "COMMIT", error))
        return answer;
    if (!sqlite3_get_autocommit(db))
        sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    return LEDGER_ERROR;
}

static gboolean
has_place(sqlite3 *db, guint offering)
{
    g_autofree char *sql =
        g_strdup_printf("SELECT occupied + held < total FROM offering WHERE id = %u", offering);
    return ask(db, sql, NULL) == 1;
}

static gboolean
note_event(sqlite3 *db, guint offering, int held, int occupied, GError **error)
{
    g_autofree char *sql =
        g_strdup_printf("INSERT INTO event (offering, held, occupied) VALUES (%u, %d, %d)",
                        offering, held, occupied);
    return run(db, sql, error);
}

static LedgerAnswer
take(gpointer handle, const char *key, guint offering, GError **error)
{
    sqlite3 *db = handle;
    if (faults.counts_first && !has_place(db, offering))
        return LEDGER_FULL;
    if (!begin(db, error))
        return LEDGER_ERROR;
    gint64 known = ask(db, "SELECT state FROM reservation WHERE key = ?", key);
    if (known == -2)
        return end(db, fail(db, error), LEDGER_ERROR, error);
    if (known >= 0 && !faults.forgets_keys)
        return end(db, TRUE, LEDGER_DONE, error);
    g_autofree char *update =
        g_strdup_printf("UPDATE offering SET held = held + 1 WHERE id = %u%s", offering,
                        faults.counts_first ? "" : " AND occupied + held + 1 <= total");
    if (!run(db, update, error))
        return end(db, FALSE, LEDGER_ERROR, NULL);
    if (sqlite3_changes(db) == 0)
        return end(db, TRUE, LEDGER_FULL, error);
    g_autofree char *insert =
        g_strdup_printf("INSERT INTO reservation (key, offering, state) VALUES ('%s', %u, %d)", key,
                        offering, PLACE_HELD);
    return end(db, run(db, insert, error) && note_event(db, offering, 1, 0, error), LEDGER_DONE,
               error);
}

/* From the state that it has to @to. */
static LedgerAnswer
move(sqlite3 *db, const char *key, PlaceState to, GError **error)
{
    if (!begin(db, error))
        return LEDGER_ERROR;
    gint64 from = ask(db, "SELECT state FROM reservation WHERE key = ?", key);
    gint64 offering = ask(db, "SELECT offering FROM reservation WHERE key = ?", key);
    if (from < 0 || offering < 0)
        return end(db, fail(db, error), LEDGER_ERROR, error);
    if (from >= (gint64)to)
        return end(db, TRUE, LEDGER_DONE, error);
    int held = from == PLACE_HELD ? -1 : 0;
    int occupied = (to == PLACE_OCCUPIED) - (from == PLACE_OCCUPIED);
    g_autofree char *count = g_strdup_printf(
        "UPDATE offering SET held = held + %d, occupied = occupied + %d WHERE id = %d", held,
        occupied, (int)offering);
    g_autofree char *state =
        g_strdup_printf("UPDATE reservation SET state = %u WHERE key = '%s'", to, key);
    gboolean done = run(db, count, error) &&
                    note_event(db, (guint)offering, held, occupied, error) &&
                    (!faults.splits_moves || run(db, "COMMIT; BEGIN IMMEDIATE", error)) &&
                    run(db, state, error);
    if (done && faults.acknowledges_early)
        return LEDGER_DONE;
    return end(db, done, LEDGER_DONE, error);
}

static LedgerAnswer
accept(gpointer handle, const char *key, GError **error)
{
    return move(handle, key, PLACE_OCCUPIED, error);
}

static LedgerAnswer
give_back(gpointer handle, const char *key, GError **error)
{
    return move(handle, key, PLACE_RETURNED, error);
}

/* ---- Looking. */

static gboolean
read_rows(sqlite3 *db, const char *sql, LedgerReader read, LedgerState *state, GError **error)
{
    return ledger_read(db, sql, read, state) == SQLITE_OK || fail(db, error);
}

static gboolean
look(gpointer handle, gboolean whole, LedgerState *out, GError **error)
{
    sqlite3 *db = handle;
    gboolean done =
        run(db, "BEGIN", error) &&
        read_rows(db,
                  "SELECT id, total, occupied, held,"
                  " (SELECT count(*) FROM reservation WHERE offering = o.id AND state = 1),"
                  " (SELECT count(*) FROM reservation WHERE offering = o.id AND state = 2),"
                  " (SELECT ifnull(sum(held), 0) FROM event WHERE offering = o.id),"
                  " (SELECT ifnull(sum(occupied), 0) FROM event WHERE offering = o.id)"
                  " FROM offering AS o",
                  ledger_read_offering, out, error) &&
        read_rows(db, "SELECT key, state FROM reservation", ledger_read_place, out, error) &&
        (!whole || read_rows(db, "SELECT integrity_check <> 'ok' FROM pragma_integrity_check",
                             ledger_read_verdict, out, error));
    sqlite3_exec(db, done ? "COMMIT" : "ROLLBACK", NULL, NULL, NULL);
    return done;
}

const LedgerKind plain_ledger = {
    .name = "plain table",
    .offerings = OFFERINGS,
    .make = make,
    .open = open_ledger,
    .close = close_ledger,
    .take = take,
    .accept = accept,
    .give_back = give_back,
    .look = look,
};
