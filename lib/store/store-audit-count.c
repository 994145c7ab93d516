/* How often something was done lately, as the chain says. */
#include "store/store-private.h"

#include <string.h>

static const CnSql select_newest = {
    "newest-audit-records",
    "SELECT at_s, action, subject FROM audit_record WHERE network_id = :network_id"
    " ORDER BY number DESC",
    NULL,
};

/* The clock never goes back, so that the first record that is too old ends the search. */
gboolean
cn_audit_count(CnWork *work,
               const char *action,
               const char *subject,
               gint64 after_s,
               gint64 *out,
               GError **error)
{
    CnStatement *select = cn_statement(work->store, &select_newest, error);
    gboolean row = select != NULL, done = row;
    *out = 0;
    while (row) {
        const char *texts[2] = {NULL};
        done = cn_statement_step(select, &row, error);
        if (!done || !row || sqlite3_column_int64(select->stmt, 0) <= after_s)
            break;
        done =
            cn_read_text(select, 1, &texts[0], error) && cn_read_text(select, 2, &texts[1], error);
        if (!done)
            break;
        if (g_strcmp0(texts[0], action) == 0 && g_strcmp0(texts[1], subject) == 0)
            *out += 1;
    }
    if (select != NULL)
        sqlite3_reset(select->stmt);
    return done;
}
