/* The ledger's statements. Each change of a place is one statement that checks and changes at once, and
 * an event with the differences and with what they led to. */
#include "store/ledger-private.h"
#include "store/store-private.h"

#include "base/error.h"
#include "base/text.h"

#include <string.h>

/* ---- Looking. */

void
cn_places_clear(CnPlaces *places)
{
    g_free(places->provider);
    g_free(places->service);
    g_free(places->unit);
    g_free(places->status);
    *places = (CnPlaces){0};
}

static const CnSql select_places = {
    "places",
    "SELECT p.id, o.service_id, s.unit, p.status, p.disclosure = 'public', p.example, o.closed,"
    " c.total, c.occupied, c.held - " CN_ENDED_HOLDS ","
    " (SELECT count(*) FROM referral AS r WHERE r.network_id = o.network_id AND r.offering_id = o.id"
    "  AND r.state = 'waitlisted'), o.all_below, coalesce(o.age_max, -1),"
    " max(coalesce(c.as_of_s, c.moved_s), coalesce(c.moved_s, c.as_of_s)),"
    " c.as_of_day_only AND c.as_of_s >= coalesce(c.moved_s, c.as_of_s)"
    " FROM offering AS o JOIN provider AS p ON p.network_id = o.network_id AND p.id = o.provider_id"
    " JOIN service AS s ON s.network_id = o.network_id AND s.id = o.service_id"
    " LEFT JOIN capacity AS c ON c.network_id = o.network_id AND c.offering_id = o.id"
    " WHERE o.network_id = :network_id AND o.id = :id",
    NULL,
};

gboolean
cn_ledger_fail_unknown(const char *offering, GError **error)
{
    g_autofree char *quoted = cn_text_quote(offering);
    cn_error_set(error, CARENET_ERROR_NOT_FOUND, "there is no offering \"%s\"", quoted);
    cn_error_hint(error, "an offering is provider/service; carenet find lists them");
    return FALSE;
}

static gboolean
read_places(CnStatement *row, CnPlaces *out, GError **error)
{
    const char *texts[4];
    for (int i = 0; i < 4; i++) {
        if (!cn_read_text(row, i, &texts[i], error))
            return FALSE;
        /* The table has no row without them, unless its file was damaged. */
        if (texts[i] == NULL)
            return cn_store_damaged(row->store, "provider", error);
    }
    *out = (CnPlaces){.provider = g_strdup(texts[0]),
                      .service = g_strdup(texts[1]),
                      .unit = g_strdup(texts[2]),
                      .status = g_strdup(texts[3]),
                      .counted = g_strcmp0(texts[2], "none") != 0,
                      .is_public = sqlite3_column_int(row->stmt, 4) != 0,
                      .example = sqlite3_column_int(row->stmt, 5) != 0,
                      .open = sqlite3_column_int(row->stmt, 6) == 0,
                      .known = sqlite3_column_type(row->stmt, 7) != SQLITE_NULL,
                      .total = sqlite3_column_int64(row->stmt, 7),
                      .occupied = sqlite3_column_int64(row->stmt, 8),
                      .held = sqlite3_column_int64(row->stmt, 9),
                      .waiting = sqlite3_column_int64(row->stmt, 10),
                      .all_below = sqlite3_column_int(row->stmt, 11) != 0,
                      .age_max = sqlite3_column_int(row->stmt, 12),
                      .as_of = {.s = sqlite3_column_int64(row->stmt, 13),
                                .day_only = sqlite3_column_int(row->stmt, 14) != 0,
                                .is_set = sqlite3_column_type(row->stmt, 13) != SQLITE_NULL}};
    out->free = MAX(out->total - out->occupied - out->held, 0);
    return TRUE;
}

gboolean
cn_ledger_look(CnWork *work, const char *offering, CnPlaces *out, GError **error)
{
    gboolean row = FALSE;
    CnStatement *select = cn_statement(work->store, &select_places, error);
    if (select == NULL)
        return FALSE;
    cn_bind_text(select, ":id", offering);
    cn_bind_int(select, ":now_s", work->now_s);
    if (!cn_statement_step(select, &row, error))
        return FALSE;
    gboolean done = row ? read_places(select, out, error) : cn_ledger_fail_unknown(offering, error);
    sqlite3_reset(select->stmt);
    return done;
}

/* ---- Events. */

static const CnSql insert_event = {
    "insert-capacity-event",
    "INSERT INTO capacity_event (network_id, offering_id, record, kind, total_by, occupied_by,"
    " held_by, total, occupied, held) VALUES (:network_id, :id, :record, :kind, :total_by,"
    " :occupied_by, :held_by, :total, :occupied, :held)",
    NULL,
};

typedef struct {
    gint64 total, occupied, held;
} Counts;

static gboolean
append_event(CnWork *work,
             const char *offering,
             const char *kind,
             Counts by,
             Counts now,
             gint64 record,
             GError **error)
{
    CnStatement *insert = cn_statement(work->store, &insert_event, error);
    if (insert == NULL)
        return FALSE;
    cn_bind_text(insert, ":id", offering);
    cn_bind_int(insert, ":record", record);
    cn_bind_text(insert, ":kind", kind);
    cn_bind_int(insert, ":total_by", by.total);
    cn_bind_int(insert, ":occupied_by", by.occupied);
    cn_bind_int(insert, ":held_by", by.held);
    cn_bind_int(insert, ":total", now.total);
    cn_bind_int(insert, ":occupied", now.occupied);
    cn_bind_int(insert, ":held", now.held);
    work->capacity_changed = TRUE;
    return cn_statement_run(insert, error);
}

/* Runs a statement on one row of capacity that returns the counts; *out_row FALSE: it did not apply. */
static gboolean
change_counts(CnStatement *change, Counts *out, gboolean *out_row, GError **error)
{
    if (!cn_statement_step(change, out_row, error))
        return FALSE;
    if (!*out_row)
        return TRUE;
    *out = (Counts){sqlite3_column_int64(change->stmt, 0), sqlite3_column_int64(change->stmt, 1),
                    sqlite3_column_int64(change->stmt, 2)};
    gboolean more = FALSE;
    return cn_statement_step(change, &more, error);
}

/* ---- Taking a place. */

static const CnSql take_held = {
    "take-held",
    "UPDATE capacity SET held = held + :units WHERE network_id = :network_id AND offering_id = :id"
    " AND occupied + held + :units <= total RETURNING total, occupied, held",
    NULL,
};

static const CnSql insert_hold = {
    "insert-hold",
    "INSERT INTO hold (network_id, offering_id, id, units, until_s, referral)"
    " VALUES (:network_id, :offering_id, :id, :units, :until_s, nullif(:referral, 0))",
    NULL,
};

static gboolean
fail_full(CnWork *work, const char *offering, gint64 units, GError **error)
{
    g_auto(CnPlaces) places = {0};
    if (!cn_ledger_look(work, offering, &places, error))
        return FALSE;
    if (!places.known) {
        cn_error_set(error, CARENET_ERROR_CAPACITY, "nobody knows whether %s has a free place",
                     offering);
        cn_error_hint(error, "call it, then: carenet capacity set %s --total N --occupied N",
                      offering);
    } else if (!places.is_public) {
        cn_error_set(error, CARENET_ERROR_CAPACITY, "%s has not enough free places", offering);
        cn_error_hint(error,
                      "carenet refer --waitlist waits for one, and carenet route finds another");
    } else {
        cn_error_set(error, CARENET_ERROR_CAPACITY,
                     "%s has %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT
                     " places free, not %" G_GINT64_FORMAT,
                     offering, places.free, places.total, units);
        cn_error_hint(error,
                      "carenet refer --waitlist waits for one, and carenet route finds another");
    }
    return FALSE;
}

static gboolean
store_hold(CnWork *work,
           const char *offering,
           const char *id,
           gint64 units,
           gint64 until_s,
           gint64 referral,
           GError **error)
{
    CnStatement *insert = cn_statement(work->store, &insert_hold, error);
    if (insert == NULL)
        return FALSE;
    cn_bind_text(insert, ":offering_id", offering);
    cn_bind_text(insert, ":id", id);
    cn_bind_int(insert, ":units", units);
    cn_bind_int(insert, ":until_s", until_s);
    cn_bind_int(insert, ":referral", referral);
    return cn_statement_run(insert, error);
}

gboolean
cn_ledger_hold(CnWork *work,
               const char *offering,
               const char *id,
               gint64 units,
               gint64 until_s,
               gint64 referral,
               gint64 record,
               GError **error)
{
    Counts now = {0};
    gboolean taken = FALSE;
    CnStatement *take = cn_statement(work->store, &take_held, error);
    if (take == NULL)
        return FALSE;
    cn_bind_text(take, ":id", offering);
    cn_bind_int(take, ":units", units);
    if (!change_counts(take, &now, &taken, error))
        return FALSE;
    if (!taken)
        return fail_full(work, offering, units, error);
    return store_hold(work, offering, id, units, until_s, referral, error) &&
           append_event(work, offering, "hold", (Counts){0, 0, units}, now, record, error);
}

/* ---- Giving a hold back, or making it a stay. */

static const CnSql delete_hold = {
    "delete-hold",
    "DELETE FROM hold WHERE network_id = :network_id AND offering_id = :offering_id AND id = :id"
    " RETURNING units",
    NULL,
};

static const CnSql move_held = {
    "move-held",
    "UPDATE capacity SET held = held - :units, occupied = occupied + :occupied,"
    " moved_s = CASE WHEN :occupied > 0 THEN max(coalesce(moved_s, :now_s), :now_s) ELSE moved_s END"
    " WHERE network_id = :network_id AND offering_id = :id RETURNING total, occupied, held",
    NULL,
};

static gboolean
take_hold_away(CnWork *work,
               const char *offering,
               const char *id,
               gint64 *out_units,
               GError **error)
{
    gboolean row = FALSE, more = FALSE;
    *out_units = 0;
    CnStatement *delete_it = cn_statement(work->store, &delete_hold, error);
    if (delete_it == NULL)
        return FALSE;
    cn_bind_text(delete_it, ":offering_id", offering);
    cn_bind_text(delete_it, ":id", id);
    if (!cn_statement_step(delete_it, &row, error))
        return FALSE;
    if (!row)
        return TRUE;
    *out_units = sqlite3_column_int64(delete_it->stmt, 0);
    return cn_statement_step(delete_it, &more, error);
}

static gboolean
end_hold(CnWork *work,
         const char *offering,
         const char *id,
         const char *kind,
         gint64 record,
         gint64 *out_units,
         GError **error)
{
    const gboolean occupies = strcmp(kind, "occupy") == 0;
    gint64 units = 0;
    Counts now = {0};
    gboolean row = FALSE;
    if (!take_hold_away(work, offering, id, &units, error))
        return FALSE;
    if (out_units != NULL)
        *out_units = units;
    if (units == 0)
        return TRUE;
    CnStatement *move = cn_statement(work->store, &move_held, error);
    if (move == NULL)
        return FALSE;
    cn_bind_text(move, ":id", offering);
    cn_bind_int(move, ":units", units);
    cn_bind_int(move, ":occupied", occupies ? units : 0);
    cn_bind_int(move, ":now_s", work->now_s);
    if (!change_counts(move, &now, &row, error))
        return FALSE;
    return row ? append_event(work, offering, kind, (Counts){0, occupies ? units : 0, -units}, now,
                              record, error)
               : cn_store_damaged(work->store, "hold", error);
}

gboolean
cn_ledger_release(CnWork *work,
                  const char *offering,
                  const char *id,
                  gint64 record,
                  gint64 *out_units,
                  GError **error)
{
    return end_hold(work, offering, id, "release", record, out_units, error);
}

gboolean
cn_ledger_occupy(CnWork *work, const char *offering, const char *id, gint64 record, GError **error)
{
    return end_hold(work, offering, id, "occupy", record, NULL, error);
}

gboolean
cn_ledger_end_hold(CnWork *work,
                   const char *offering,
                   const char *id,
                   gint64 record,
                   GError **error)
{
    return end_hold(work, offering, id, "expire", record, NULL, error);
}

/* ---- Freeing an occupied place. */

/* Whoever reported before did not know of it yet; and nobody was asked now, so as_of stays. */
static const CnSql free_occupied = {
    "free-occupied",
    "UPDATE capacity SET occupied = occupied - min(:units, occupied),"
    " moved_s = max(coalesce(moved_s, :now_s), :now_s)"
    " WHERE network_id = :network_id AND offering_id = :id RETURNING total, occupied, held",
    NULL,
};

static const CnSql select_counts = {
    "counts",
    "SELECT total, occupied, held FROM capacity"
    " WHERE network_id = :network_id AND offering_id = :id",
    NULL,
};

static gboolean
read_counts(CnWork *work, const char *offering, Counts *out, gboolean *out_row, GError **error)
{
    CnStatement *select = cn_statement(work->store, &select_counts, error);
    *out = (Counts){0};
    if (select == NULL)
        return FALSE;
    cn_bind_text(select, ":id", offering);
    return change_counts(select, out, out_row, error);
}

gboolean
cn_ledger_free(CnWork *work, const char *offering, gint64 units, gint64 record, GError **error)
{
    Counts before = {0}, now = {0};
    gboolean row = FALSE;
    if (!read_counts(work, offering, &before, &row, error))
        return FALSE;
    CnStatement *free_it = cn_statement(work->store, &free_occupied, error);
    if (free_it == NULL)
        return FALSE;
    cn_bind_text(free_it, ":id", offering);
    cn_bind_int(free_it, ":units", units);
    cn_bind_int(free_it, ":now_s", work->now_s);
    if (!row)
        return TRUE;
    return change_counts(free_it, &now, &row, error) &&
           append_event(work, offering, "free", (Counts){0, now.occupied - before.occupied, 0}, now,
                        record, error);
}

/* ---- Reports. */

static const CnSql put_report = {
    "put-report",
    "INSERT INTO capacity (network_id, offering_id, total, occupied, as_of_s, source, wait_days)"
    " VALUES (:network_id, :id, :total, :occupied, :as_of_s, :source, nullif(:wait_days, -1))"
    " ON CONFLICT (network_id, offering_id) DO UPDATE SET total = excluded.total,"
    " occupied = excluded.occupied, wait_days = coalesce(excluded.wait_days, wait_days),"
    /* Who tells the waiting time or the total alone was not asked who is there: the count stays as old as it is. */
    " as_of_s = iif(:counted, excluded.as_of_s, as_of_s),"
    " as_of_day_only = iif(:counted, 0, as_of_day_only),"
    " source = iif(:counted, excluded.source, source),"
    " moved_s = iif(:counted, moved_s, max(coalesce(moved_s, excluded.as_of_s), excluded.as_of_s))"
    " RETURNING total, occupied, held",
    NULL,
};

gboolean
cn_ledger_report(CnWork *work,
                 const char *offering,
                 gint64 total,
                 gint64 occupied,
                 gint64 wait_days,
                 const char *source,
                 gint64 as_of_s,
                 gint64 record,
                 GError **error)
{
    Counts before = {0}, now = {0};
    gboolean row = FALSE;
    if (!read_counts(work, offering, &before, &row, error))
        return FALSE;
    if (!row && (total < 0 || occupied < 0)) {
        cn_error_set(error, CARENET_ERROR_INVALID_ARGUMENT,
                     "nobody has reported the places of %s yet", offering);
        cn_error_hint(error, "give both --total and --occupied");
        return FALSE;
    }
    CnStatement *put = cn_statement(work->store, &put_report, error);
    if (put == NULL)
        return FALSE;
    cn_bind_text(put, ":id", offering);
    cn_bind_int(put, ":total", total >= 0 ? total : before.total);
    cn_bind_int(put, ":occupied", occupied >= 0 ? occupied : before.occupied);
    cn_bind_int(put, ":as_of_s", as_of_s);
    cn_bind_text(put, ":source", source);
    cn_bind_int(put, ":wait_days", wait_days);
    cn_bind_int(put, ":counted", occupied >= 0);
    return change_counts(put, &now, &row, error) &&
           append_event(work, offering, "report",
                        (Counts){now.total - before.total, now.occupied - before.occupied, 0}, now,
                        record, error);
}

gboolean
cn_ledger_note_import(CnWork *work,
                      const char *offering,
                      const CnCapacity *before,
                      const CnCapacity *now,
                      gint64 record,
                      GError **error)
{
    const gint64 total = before != NULL ? before->total : 0;
    const gint64 occupied = before != NULL ? before->occupied : 0;
    return append_event(
        work, offering, "report", (Counts){now->total - total, now->occupied - occupied, 0},
        (Counts){now->total, now->occupied, before != NULL ? before->held : 0}, record, error);
}

/* ---- Verification of a provider. */

static const CnSql update_verified = {
    "update-verified",
    "UPDATE provider SET verified_on = :on, verified_by = :by"
    " WHERE network_id = :network_id AND id = :id RETURNING 1, 1, 1",
    NULL,
};

static const CnSql select_verified_later = {
    "verified-later",
    "SELECT count(*), 0, 0 FROM provider"
    " WHERE network_id = :network_id AND id = :id AND verified_on > :on",
    NULL,
};

static gboolean
check_verified_on(CnWork *work, const char *provider, const char *on, GError **error)
{
    Counts later = {0};
    gboolean row = FALSE;
    CnStatement *select = cn_statement(work->store, &select_verified_later, error);
    if (select == NULL)
        return FALSE;
    cn_bind_text(select, ":id", provider);
    cn_bind_text(select, ":on", on);
    if (!change_counts(select, &later, &row, error))
        return FALSE;
    if (later.total == 0)
        return TRUE;
    cn_error_set(error, CARENET_ERROR_CONFLICT, "%s was verified after %s", provider, on);
    cn_error_hint(error, "carenet show %s tells when", provider);
    return FALSE;
}

gboolean
cn_provider_set_verified(CnWork *work,
                         const char *provider,
                         const char *on,
                         const char *by,
                         gboolean only_newer,
                         GError **error)
{
    Counts ignored = {0};
    gboolean row = FALSE;
    if (only_newer && !check_verified_on(work, provider, on, error))
        return FALSE;
    CnStatement *update = cn_statement(work->store, &update_verified, error);
    if (update == NULL)
        return FALSE;
    cn_bind_text(update, ":id", provider);
    cn_bind_text(update, ":on", on);
    cn_bind_text(update, ":by", by);
    if (!change_counts(update, &ignored, &row, error))
        return FALSE;
    if (!row) {
        g_autofree char *quoted = cn_text_quote(provider);
        cn_error_set(error, CARENET_ERROR_NOT_FOUND, "there is no provider \"%s\"", quoted);
        cn_error_hint(error, "carenet find lists them");
    }
    work->directory_changed = TRUE;
    return row;
}
