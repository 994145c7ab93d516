/* Capacity as it is now, laid over a listing that was not read from the store. */
#include "store/store-private.h"

gboolean
cn_read_capacity(CnStatement *row,
                 int held_column,
                 CnNetwork *network,
                 CnCapacity *out,
                 GError **error)
{
    if (!cn_read_record(row, network, out, error))
        return FALSE;
    out->held = sqlite3_column_int64(row->stmt, held_column);
    out->moved_s = sqlite3_column_int64(row->stmt, held_column + 1);
    out->known = TRUE;
    if (out->held < 0 || out->held > CN_PLACES_MOST || out->total > CN_PLACES_MOST ||
        out->occupied > CN_PLACES_MOST || !cn_instant_is_readable(out->moved_s))
        return cn_store_damaged(row->store, row->sql->name, error);
    return TRUE;
}

/* ---- Reading. */

static const CnSql select_one = {
    "capacity",
    "SELECT " CN_CAPACITY_COLUMNS
    " FROM capacity WHERE network_id = :network_id AND offering_id = :offering_id",
    &cn_map_capacity,
};

static const CnSql select_all = {
    "capacity",
    "SELECT " CN_CAPACITY_COLUMNS ", offering_id FROM capacity WHERE network_id = :network_id",
    &cn_map_capacity,
};

#define OFFERING_ID_COLUMN 8

typedef struct {
    carenet_store *store;
    CnListing *listing;
    CnNetwork *network; /* only to keep the texts of a row */
    GHashTable *ended;  /* holds whose places are free again */
    GHashTable *waits;  /* days by offering, where referrals tell */
} Overlay;

static gboolean
take_row(Overlay *overlay, CnStatement *row, guint offering, GError **error)
{
    CnCapacity capacity = cn_offering_blank().capacity;
    if (!cn_read_capacity(row, 0, overlay->network, &capacity, error))
        return FALSE;
    const char *id = cn_listed_text(overlay->listing, overlay->listing->offerings[offering].id);
    capacity.held -= cn_ledger_ended_at(overlay->ended, id);
    const gboolean waited = cn_store_wait_at(overlay->waits, id, &capacity.wait_days);
    overlay->listing->capacity[offering] = (CnLiveCapacity){.known = TRUE,
                                                            .total = capacity.total,
                                                            .occupied = capacity.occupied,
                                                            .held = capacity.held,
                                                            .as_of = capacity.as_of,
                                                            .wait_days = capacity.wait_days,
                                                            .waited = waited};
    return TRUE;
}

static gboolean
read_one(Overlay *overlay, guint offering, GError **error)
{
    CnStatement *select = cn_statement(overlay->store, &select_one, error);
    gboolean row;
    if (select == NULL)
        return FALSE;
    overlay->listing->capacity[offering] = (CnLiveCapacity){.wait_days = -1};
    cn_bind_text(select, ":offering_id",
                 cn_listed_text(overlay->listing, overlay->listing->offerings[offering].id));
    if (!cn_statement_step(select, &row, error))
        return FALSE;
    gboolean taken = !row || take_row(overlay, select, offering, error);
    sqlite3_reset(select->stmt);
    return taken;
}

/* Rows come by offering id. Offerings are held by provider, then id, which is nearly the same order:
 * one id may be the beginning of another one. The search begins behind the last one found. */
static gint
seek(const CnListing *listing, const char *id, guint from)
{
    for (guint i = from; i < listing->offerings_len && i < from + 4; i++)
        if (g_strcmp0(cn_listed_text(listing, listing->offerings[i].id), id) == 0)
            return (gint)i;
    return cn_listing_offering(listing, id);
}

/* A capacity of an offering that is closed belongs to nobody. */
static gboolean
read_all(Overlay *overlay, GError **error)
{
    CnStatement *select = cn_statement(overlay->store, &select_all, error);
    guint next = 0;
    gboolean row = select != NULL;
    for (gsize i = 0; i < overlay->listing->offerings_len; i++)
        overlay->listing->capacity[i] = (CnLiveCapacity){.wait_days = -1};
    while (row) {
        const char *id = NULL;
        if (!cn_statement_step(select, &row, error))
            return FALSE;
        if (!row)
            return TRUE;
        gboolean read = cn_read_text(select, OFFERING_ID_COLUMN, &id, error);
        gint offering = read && id != NULL ? seek(overlay->listing, id, next) : -1;
        if (offering >= 0) {
            next = (guint)offering + 1;
            read = take_row(overlay, select, (guint)offering, error);
        }
        if (!read) {
            sqlite3_reset(select->stmt);
            return FALSE;
        }
    }
    return FALSE;
}

static gboolean
read_some(Overlay *overlay, const guint *offerings, guint len, GError **error)
{
    for (guint i = 0; i < len; i++)
        if (!read_one(overlay, offerings[i], error))
            return FALSE;
    return TRUE;
}

gboolean
cn_store_read_capacity(carenet_store *store,
                       const char *key,
                       CnListing *listing,
                       const guint *offerings,
                       guint len,
                       gboolean *out_stale,
                       GError **error)
{
    g_auto(CnWork) work = {0};
    g_autoptr(CnNetwork) network = cn_network_new();
    gint64 revision = 0;
    *out_stale = FALSE;
    if (!cn_work_begin_reading(&work, store, G_MININT64, error))
        return FALSE;
    g_autoptr(GHashTable) ended = cn_ledger_ended(&work, error);
    g_autoptr(GHashTable) waits = ended != NULL ? cn_store_waits(&work, NULL, error) : NULL;
    if (waits == NULL)
        return FALSE;
    Overlay overlay = {
        .store = store, .listing = listing, .network = network, .ended = ended, .waits = waits};
    if (key != NULL) {
        g_autofree char *now = NULL;
        if (!cn_store_read_key(store, &now, &revision, error))
            return FALSE;
        *out_stale = g_strcmp0(now, key) != 0;
    }
    if (!*out_stale && !(offerings != NULL ? read_some(&overlay, offerings, len, error)
                                           : read_all(&overlay, error)))
        return FALSE;
    return cn_work_commit(&work, error);
}
