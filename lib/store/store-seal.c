/* The boxes of a store: the site of a provider that is not public field by field, and the key of a
 * case. Each is bound to what it is and whose, so that one in another's place does not open. */
#include "store/seal.h"
#include "store/store-private.h"

#include "base/error.h"

#include <string.h>

/* The order in which they are opened. */
static const char *const fields[CN_SITE_FIELDS] = {"name",    "area",  "point",
                                                   "address", "phone", "email"};

const char *
cn_site_field_name(guint field)
{
    return fields[field];
}

/* ---- The key. */

static const CnSql select_key = {
    "seal-key",
    "SELECT public FROM seal_key WHERE network_id = :network_id",
    NULL,
};

gboolean
cn_seal_public_key(carenet_store *store, guint8 out[CN_KEY_LEN], gboolean *out_has, GError **error)
{
    gboolean row = FALSE;
    CnStatement *select = cn_statement(store, &select_key, error);
    *out_has = FALSE;
    if (!cn_statement_row(select, &row, error))
        return FALSE;
    if (!row)
        return TRUE;
    *out_has = sqlite3_column_bytes(select->stmt, 0) == CN_KEY_LEN;
    if (*out_has)
        memcpy(out, sqlite3_column_blob(select->stmt, 0), CN_KEY_LEN);
    sqlite3_reset(select->stmt);
    return *out_has || cn_store_damaged(store, "seal_key", error);
}

gboolean
cn_store_public_key(carenet_store *store, guint8 out[CN_KEY_LEN], gboolean *out_has, GError **error)
{
    G_GNUC_UNUSED g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&store->lock);
    return cn_seal_public_key(store, out, out_has, error);
}

gboolean
cn_seal_check_key(carenet_store *store, const CnKeyPair *key, GError **error)
{
    guint8 public_key[CN_KEY_LEN];
    gboolean has = FALSE;
    if (!cn_seal_public_key(store, public_key, &has, error))
        return FALSE;
    if (has && memcmp(public_key, key->public_key, CN_KEY_LEN) == 0)
        return TRUE;
    if (has) {
        cn_error_set(error, CARENET_ERROR_REFUSED, "this is not the key of the store");
        cn_error_hint(error, "use the key file that was made for it; where it is lost: carenet key "
                             "create --lost");
    } else {
        cn_error_set(error, CARENET_ERROR_STATE, "the store has no key: nothing is sealed in it");
        cn_error_hint(error, "carenet key create --key-file FILE, then import the region files "
                             "again");
    }
    return FALSE;
}

gboolean
cn_store_unlock(carenet_store *store, const CnKeyPair *key, GError **error)
{
    G_GNUC_UNUSED g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&store->lock);
    if (!cn_seal_check_key(store, key, error))
        return FALSE;
    if (store->key == NULL)
        store->key = g_new0(CnKeyPair, 1);
    *store->key = *key;
    return TRUE;
}

void
cn_store_lock_again(carenet_store *store)
{
    if (store->key != NULL)
        cn_key_pair_wipe(store->key);
    g_clear_pointer(&store->key, g_free);
}

/* ---- Sites. */

/* (transfer full) */
static char *
label_of(const char *provider, guint field)
{
    return g_strdup_printf("provider/%s/%s", provider, fields[field]);
}

/* What a field says; NULL where it is not stated. (transfer full) */
static char *
field_text(const carenet_store *store, const CnProvider *provider, guint field)
{
    const CnSite *site = &provider->site;
    char lat[G_ASCII_DTOSTR_BUF_SIZE], lon[G_ASCII_DTOSTR_BUF_SIZE];
    const char *text = NULL;
    switch (field) {
    case CN_SITE_NAME:
        text = provider->name;
        break;
    case CN_SITE_AREA:
        if (site->area != CN_AREA_NONE)
            text = cn_area(store->reference->gazetteer, site->area)->code;
        break;
    case CN_SITE_POINT:
        return site->has_point
                   ? g_strdup_printf("%s %s", g_ascii_dtostr(lat, sizeof lat, site->lat_deg),
                                     g_ascii_dtostr(lon, sizeof lon, site->lon_deg))
                   : NULL;
    case CN_SITE_ADDRESS:
        text = site->address;
        break;
    case CN_SITE_PHONE:
        text = site->phone;
        break;
    default:
        text = site->email;
    }
    return g_strdup(text);
}

static const CnSql put_box = {
    "put-provider-seal",
    "INSERT INTO provider_seal (network_id, provider_id, field, box)"
    " VALUES (:network_id, :id, :field, :box)"
    " ON CONFLICT (network_id, provider_id, field) DO UPDATE SET box = excluded.box",
    NULL,
};

/* A text that is stated stands after a sign, so that an empty one is none that is not stated. */
#define STATED "="

/* @text is nullable. */
static gboolean
seal_text(carenet_store *store,
          const guint8 public_key[CN_KEY_LEN],
          const char *provider,
          guint field,
          const char *text,
          GError **error)
{
    g_autofree char *label = label_of(provider, field);
    char *plain = g_strconcat(text != NULL ? STATED : "", text, NULL);
    gsize len = 0;
    g_autoptr(GBytes) box = cn_seal(public_key, label, plain, strlen(plain));
    gconstpointer bytes = g_bytes_get_data(box, &len);
    cn_wipe(plain, strlen(plain));
    g_free(plain);
    CnStatement *put = cn_statement(store, &put_box, error);
    if (put == NULL)
        return FALSE;
    cn_bind_text(put, ":id", provider);
    cn_bind_text(put, ":field", fields[field]);
    cn_bind_blob(put, ":box", bytes, len);
    return cn_statement_run(put, error);
}

gboolean
cn_site_seal(carenet_store *store,
             const guint8 public_key[CN_KEY_LEN],
             const CnProvider *provider,
             guint kept,
             GError **error)
{
    for (guint i = 0; i < CN_SITE_FIELDS; i++) {
        if ((kept & (1u << i)) != 0)
            continue;
        g_autofree char *text = field_text(store, provider, i);
        if (!seal_text(store, public_key, provider->id, i, text, error))
            return FALSE;
    }
    return TRUE;
}

gboolean
cn_opened_site_seal(carenet_store *store,
                    const guint8 public_key[CN_KEY_LEN],
                    const char *provider,
                    const CnOpenedSite *site,
                    GError **error)
{
    const char *const texts[CN_SITE_FIELDS] = {site->name,    site->area,  site->point,
                                               site->address, site->phone, site->email};
    for (guint i = 0; i < CN_SITE_FIELDS; i++)
        if (!seal_text(store, public_key, provider, i, texts[i], error))
            return FALSE;
    return TRUE;
}

static const CnSql delete_boxes = {
    "delete-provider-seal",
    "DELETE FROM provider_seal WHERE network_id = :network_id AND provider_id = :id",
    NULL,
};

gboolean
cn_site_unseal_for_good(carenet_store *store, const char *provider, GError **error)
{
    CnStatement *delete = cn_statement(store, &delete_boxes, error);
    if (delete == NULL)
        return FALSE;
    cn_bind_text(delete, ":id", provider);
    return cn_statement_run(delete, error);
}

/* ---- Opening. */

static gboolean
fail_to_open(const char *whose, const char *what, GError **error)
{
    cn_error_set(error, CARENET_ERROR_CORRUPT,
                 "the sealed %s of %s does not open: it was changed, or is another's", what, whose);
    cn_error_hint(error, "carenet key check lists all that do not open; import the region file "
                         "again, or restore a backup");
    return FALSE;
}

/* (transfer full), NULL sets @error. */
static char *
open_field(const CnKeyPair *key,
           const char *provider,
           guint field,
           gconstpointer box,
           gsize len,
           GError **error)
{
    g_autofree char *label = label_of(provider, field);
    GBytes *content = cn_unseal(key, label, box, len);
    if (content == NULL) {
        fail_to_open(provider, fields[field], error);
        return NULL;
    }
    gsize content_len = 0;
    char *text = g_bytes_unref_to_data(content, &content_len);
    if (strlen(text) == content_len && (*text == '\0' || *text == STATED[0]) &&
        g_utf8_validate(text, -1, NULL))
        return text;
    g_free(text);
    fail_to_open(provider, fields[field], error);
    return NULL;
}

static gboolean
parse_point(const char *text, double *out_lat, double *out_lon)
{
    char *end = NULL, *last = NULL;
    *out_lat = g_ascii_strtod(text, &end);
    *out_lon = g_ascii_strtod(end, &last);
    return end != text && last != end && *last == '\0' && *out_lat >= -90 && *out_lat <= 90 &&
           *out_lon >= -180 && *out_lon <= 180;
}

static char **
text_of(CnOpenedSite *site, guint field)
{
    switch (field) {
    case CN_SITE_NAME:
        return &site->name;
    case CN_SITE_AREA:
        return &site->area;
    case CN_SITE_POINT:
        return &site->point;
    case CN_SITE_ADDRESS:
        return &site->address;
    case CN_SITE_PHONE:
        return &site->phone;
    default:
        return &site->email;
    }
}

void
cn_opened_site_clear(CnOpenedSite *site)
{
    for (guint i = 0; i < CN_SITE_FIELDS; i++) {
        char **text = text_of(site, i);
        if (*text != NULL)
            cn_wipe(*text, strlen(*text));
        g_clear_pointer(text, g_free);
    }
    cn_wipe(site, sizeof *site);
}

static gboolean
set_field(CnOpenedSite *site, guint field, const char *plain)
{
    char **text = text_of(site, field);
    g_free(*text);
    *text = *plain != '\0' ? g_strdup(plain + strlen(STATED)) : NULL;
    if (field != CN_SITE_POINT || *text == NULL)
        return TRUE;
    site->has_point = parse_point(*text, &site->lat_deg, &site->lon_deg);
    return site->has_point;
}

gboolean
cn_site_open_box(CnStatement *row,
                 const CnKeyPair *key,
                 const char *provider,
                 CnOpenedSite *site,
                 GError **error)
{
    const char *name = NULL;
    guint field = 0;
    if (!cn_read_text(row, 1, &name, error))
        return FALSE;
    while (field < CN_SITE_FIELDS && g_strcmp0(fields[field], name) != 0)
        field++;
    if (field == CN_SITE_FIELDS)
        return cn_store_damaged(row->store, "provider_seal", error);
    char *text = open_field(key, provider, field, sqlite3_column_blob(row->stmt, 2),
                            (gsize)sqlite3_column_bytes(row->stmt, 2), error);
    if (text == NULL)
        return FALSE;
    const gboolean done = set_field(site, field, text);
    cn_wipe(text, strlen(text));
    g_free(text);
    return done || fail_to_open(provider, fields[field], error);
}

static const CnSql select_boxes = {
    "provider-seal-of",
    "SELECT provider_id, field, box FROM provider_seal"
    " WHERE network_id = :network_id AND provider_id = :id ORDER BY field",
    NULL,
};

gboolean
cn_site_open(CnWork *work,
             const CnKeyPair *key,
             const char *provider,
             CnOpenedSite *out,
             gboolean *out_known,
             GError **error)
{
    g_auto(CnOpenedSite) site = {0};
    guint boxes = 0;
    gboolean row = TRUE;
    CnStatement *select = cn_statement(work->store, &select_boxes, error);
    if (select == NULL)
        return FALSE;
    cn_bind_text(select, ":id", provider);
    while (row) {
        if (!cn_statement_step(select, &row, error))
            return FALSE;
        if (row && !cn_site_open_box(select, key, provider, &site, error)) {
            sqlite3_reset(select->stmt);
            return FALSE;
        }
        boxes += row ? 1 : 0;
    }
    if (boxes != 0 && boxes != CN_SITE_FIELDS)
        return cn_store_damaged(work->store, "provider_seal", error);
    *out_known = boxes > 0;
    *out = site;
    site = (CnOpenedSite){0};
    return TRUE;
}

/* ---- Cases. */

char *
cn_case_label(gint64 case_id, const char *field)
{
    return g_strdup_printf("case/%" G_GINT64_FORMAT "/%s", case_id, field);
}

static const CnSql select_case_key = {
    "case-key",
    "SELECT public, secret_box FROM case_record WHERE network_id = :network_id AND id = :case_id",
    NULL,
};

gboolean
cn_case_unwrap(const CnKeyPair *key,
               gint64 case_id,
               gconstpointer box,
               gsize box_len,
               CnKeyPair *out,
               GError **error)
{
    g_autofree char *label = cn_case_label(case_id, "key");
    g_autoptr(GBytes) secret = cn_unseal(key, label, box, box_len);
    gsize len = 0;
    gpointer bytes = secret != NULL ? (gpointer)g_bytes_get_data(secret, &len) : NULL;
    if (len != CN_KEY_LEN) {
        g_autofree char *whose = g_strdup_printf("case %" G_GINT64_FORMAT, case_id);
        return fail_to_open(whose, "key", error);
    }
    cn_key_pair_from_secret(out, bytes);
    cn_wipe(bytes, len);
    return TRUE;
}

gboolean
cn_case_open_key(CnWork *work,
                 const CnKeyPair *key,
                 gint64 case_id,
                 CnKeyPair *out,
                 gboolean *out_has,
                 GError **error)
{
    gboolean row = FALSE, done = TRUE;
    CnStatement *select = cn_statement(work->store, &select_case_key, error);
    *out_has = FALSE;
    if (select == NULL)
        return FALSE;
    cn_bind_int(select, ":case_id", case_id);
    if (!cn_statement_step(select, &row, error))
        return FALSE;
    if (!row)
        return TRUE;
    *out_has = sqlite3_column_type(select->stmt, 1) != SQLITE_NULL;
    if (*out_has)
        done = cn_case_unwrap(key, case_id, sqlite3_column_blob(select->stmt, 1),
                              (gsize)sqlite3_column_bytes(select->stmt, 1), out, error);
    sqlite3_reset(select->stmt);
    return done;
}

GBytes *
cn_case_wrap(const guint8 public_key[CN_KEY_LEN], gint64 case_id, const CnKeyPair *pair)
{
    g_autofree char *label = cn_case_label(case_id, "key");
    return cn_seal(public_key, label, pair->secret_key, CN_KEY_LEN);
}
