/* A transaction of referrals and the ledger: its clock, the numbers that it gives out, its end.
 *
 * The clock of a store never goes back. What it showed last is stored with the time since boot, so
 * that a clock of the wall that is set back neither lengthens a hold nor revives one: within one boot
 * time goes on by the boot clock, and later by no less than it was. */
#include "store/store-private.h"

#include "base/error.h"

#include <string.h>
#include <time.h>

/* ---- The machine's clocks. */

static gint64
system_wall_s(gpointer user)
{
    (void)user;
    return g_get_real_time() / G_USEC_PER_SEC;
}

static gint64
system_boot_s(gpointer user, char out_boot[CN_BOOT_ID_SIZE])
{
    (void)user;
    g_autofree char *id = NULL;
    struct timespec now = {0};
    out_boot[0] = '\0';
    if (clock_gettime(CLOCK_BOOTTIME, &now) != 0 ||
        !g_file_get_contents("/proc/sys/kernel/random/boot_id", &id, NULL, NULL))
        return 0;
    g_strlcpy(out_boot, g_strstrip(id), CN_BOOT_ID_SIZE);
    return (gint64)now.tv_sec;
}

static gint64
ask_wall(const carenet_store *store)
{
    gint64 (*wall_s)(gpointer) = store->environment.wall_s;
    return (wall_s != NULL ? wall_s : system_wall_s)(store->environment.user);
}

static gint64
ask_boot(const carenet_store *store, char out_boot[CN_BOOT_ID_SIZE])
{
    gint64 (*boot_s)(gpointer, char *) = store->environment.boot_s;
    return (boot_s != NULL ? boot_s : system_boot_s)(store->environment.user, out_boot);
}

/* ---- The journal: the clock as it was, and the numbers. */

static const CnSql select_journal = {
    "journal",
    "SELECT j.clock_s, j.boot, j.boot_s, j.referrals, j.holds, j.cases, j.records, j.head,"
    " n.demonstration_now_s FROM journal AS j JOIN network AS n ON n.id = j.network_id"
    " WHERE j.network_id = :network_id",
    NULL,
};

/* The boot clock speaks only where nobody names a time. */
static gint64
choose_now(CnWork *work, gint64 given_s, CnStatement *journal)
{
    const gint64 clock_s = sqlite3_column_int64(journal->stmt, 0);
    const char *boot = (const char *)sqlite3_column_text(journal->stmt, 1);
    gint64 now_s = given_s;
    work->boot[0] = '\0';
    if (now_s == G_MININT64 && sqlite3_column_type(journal->stmt, 8) != SQLITE_NULL) {
        now_s = sqlite3_column_int64(journal->stmt, 8);
    } else if (now_s == G_MININT64) {
        now_s = ask_wall(work->store);
        work->boot_s = ask_boot(work->store, work->boot);
        if (work->boot[0] != '\0' && g_strcmp0(boot, work->boot) == 0)
            now_s =
                MAX(now_s, clock_s + MAX(work->boot_s - sqlite3_column_int64(journal->stmt, 2), 0));
    }
    return MAX(now_s, clock_s);
}

static gboolean
read_journal(CnWork *work, gint64 given_s, GError **error)
{
    gboolean row = FALSE;
    CnStatement *select = cn_statement(work->store, &select_journal, error);
    if (!cn_statement_row(select, &row, error))
        return FALSE;
    if (!row || sqlite3_column_bytes(select->stmt, 7) != (int)sizeof work->head) {
        sqlite3_reset(select->stmt);
        return cn_store_damaged(work->store, "journal", error);
    }
    work->now_s = choose_now(work, given_s, select);
    work->referrals = sqlite3_column_int64(select->stmt, 3);
    work->holds = sqlite3_column_int64(select->stmt, 4);
    work->cases = sqlite3_column_int64(select->stmt, 5);
    work->records = sqlite3_column_int64(select->stmt, 6);
    memcpy(work->head, sqlite3_column_blob(select->stmt, 7), sizeof work->head);
    sqlite3_reset(select->stmt);
    return TRUE;
}

static const CnSql update_journal = {
    "update-journal",
    "UPDATE journal SET clock_s = :clock_s, boot = :boot, boot_s = :boot_s,"
    " referrals = :referrals, holds = :holds, cases = :cases, records = :records, head = :head"
    " WHERE network_id = :network_id",
    NULL,
};

static gboolean
write_journal(CnWork *work, GError **error)
{
    CnStatement *update = cn_statement(work->store, &update_journal, error);
    if (update == NULL)
        return FALSE;
    cn_bind_int(update, ":clock_s", work->now_s);
    if (work->boot[0] != '\0') {
        cn_bind_text(update, ":boot", work->boot);
        cn_bind_int(update, ":boot_s", work->boot_s);
    }
    cn_bind_int(update, ":referrals", work->referrals);
    cn_bind_int(update, ":holds", work->holds);
    cn_bind_int(update, ":cases", work->cases);
    cn_bind_int(update, ":records", work->records);
    cn_bind_blob(update, ":head", work->head, sizeof work->head);
    return cn_statement_run(update, error);
}

static const CnSql update_revisions = {
    "update-revisions",
    "UPDATE network SET revision = revision + :directory,"
    " capacity_revision = capacity_revision + :capacity WHERE id = :network_id",
    NULL,
};

static gboolean
write_revisions(CnWork *work, GError **error)
{
    if (!work->capacity_changed && !work->directory_changed)
        return TRUE;
    CnStatement *update = cn_statement(work->store, &update_revisions, error);
    if (update == NULL)
        return FALSE;
    cn_bind_int(update, ":directory", work->directory_changed);
    cn_bind_int(update, ":capacity", work->capacity_changed);
    return cn_statement_run(update, error) &&
           (!work->directory_changed || cn_store_renew_key(work->store, error));
}

/* ---- Begin and end. */

/* A live store does not let a typing error move its clock: holds of others would end. */
static gboolean
check_given_time(const CnWork *work, const CnActing *acting, GError **error)
{
    if (acting->now_s == G_MININT64 || work->store->kind != CARENET_STORE_LIVE ||
        acting->now_s <= ask_wall(work->store) + CN_CLOCKS_DIFFER_S)
        return TRUE;
    cn_error_set(error, CARENET_ERROR_INVALID_ARGUMENT,
                 "the time given is more than an hour ahead of the clock");
    cn_error_hint(error, "a live store goes by the clock: leave the time out");
    return FALSE;
}

static void
open_transaction(CnWork *work, CnTransaction *transaction)
{
    work->gated = transaction->gated;
    *transaction = (CnTransaction){0};
}

gboolean
cn_work_begin(CnWork *work, carenet_store *store, const CnActing *acting, GError **error)
{
    CnTransaction transaction = {0};
    *work = (CnWork){.store = store, .acting = acting, .writes = TRUE};
    g_mutex_lock(&store->lock);
    gboolean begun = store->read_only
                         ? cn_store_fail(store, SQLITE_READONLY, error)
                         : check_given_time(work, acting, error) &&
                               cn_transaction_begin(&transaction, store, CN_WRITE, error);
    open_transaction(work, &transaction);
    if (begun && read_journal(work, acting->now_s, error))
        return TRUE;
    cn_work_end(work);
    return FALSE;
}

gboolean
cn_work_begin_reading(CnWork *work, carenet_store *store, gint64 now_s, GError **error)
{
    CnTransaction transaction = {0};
    *work = (CnWork){.store = store};
    g_mutex_lock(&store->lock);
    if (cn_transaction_begin(&transaction, store, CN_READ, error) &&
        read_journal(work, now_s, error))
        return TRUE;
    cn_work_end(work);
    return FALSE;
}

gboolean
cn_work_join(CnWork *work, carenet_store *store, gint64 now_s, GError **error)
{
    *work = (CnWork){.store = store};
    return read_journal(work, now_s, error);
}

gboolean
cn_work_commit(CnWork *work, GError **error)
{
    CnTransaction transaction = {work->store, work->gated};
    if (work->writes && (!write_journal(work, error) || !write_revisions(work, error)))
        return FALSE;
    if (work->writes && work->acting->dry_run)
        cn_transaction_end(&transaction);
    else if (!cn_transaction_commit(&transaction, error))
        return FALSE;
    g_mutex_unlock(&work->store->lock);
    work->store = NULL;
    return TRUE;
}

void
cn_work_end(CnWork *work)
{
    if (work->store == NULL)
        return;
    CnTransaction transaction = {work->store, work->gated};
    carenet_store *store = work->store;
    cn_transaction_end(&transaction);
    work->store = NULL;
    g_mutex_unlock(&store->lock);
}
