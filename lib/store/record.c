/* Records to parameters, rows to records, record against record: by the maps of record-maps.c.
 *
 * A file may be damaged in ways that SQLite cannot see, so every value that is read is checked
 * against its type and range before it becomes part of a record. */
#include "store/store-private.h"

#include "base/error.h"
#include "base/text.h"

#include <string.h>

static gconstpointer
field_of(const CnBinding *binding, gconstpointer record)
{
    return (const char *)record + binding->offset;
}

static gint64
number_of(const CnBinding *binding, gconstpointer field)
{
    switch (binding->kind) {
    case CN_BIND_INT16:
        return *(const gint16 *)field;
    case CN_BIND_INT32:
        return *(const gint32 *)field;
    default:
        return *(const gint64 *)field;
    }
}

/* ---- Binding. */

static const char *
id_of_reference(const CnReference *reference, const CnBinding *binding, gconstpointer field)
{
    gint32 handle = *(const gint32 *)field;
    if (handle < 0)
        return NULL;
    if (binding->kind == CN_BIND_AREA)
        return cn_area(reference->gazetteer, handle)->code;
    if (binding->kind == CN_BIND_SERVICE)
        return cn_service(reference->taxonomy, handle)->id;
    return cn_term(reference->terms[CARENET_TERMS_COURSES], handle)->id;
}

static int
bind_site(sqlite3_stmt *stmt, int at, const CnSite *site, gboolean lat)
{
    if (!site->has_point)
        return sqlite3_bind_null(stmt, at);
    return sqlite3_bind_double(stmt, at, lat ? site->lat_deg : site->lon_deg);
}

/* A record outlives the step that writes it, so SQLite need not copy what it holds. */
static int
bind_text(sqlite3_stmt *stmt, int at, const char *text)
{
    return sqlite3_bind_text(stmt, at, text, -1, SQLITE_STATIC);
}

static int
bind_date(sqlite3_stmt *stmt, int at, CnDate date)
{
    char buffer[11];
    const char *text = cn_date_is_set(date) ? cn_date_format(date, buffer) : NULL;
    return sqlite3_bind_text(stmt, at, text, -1, SQLITE_TRANSIENT);
}

static int
bind_number(sqlite3_stmt *stmt, int at, gint64 number, gint64 absent)
{
    if (number == absent)
        return sqlite3_bind_null(stmt, at);
    return sqlite3_bind_int64(stmt, at, number);
}

static int
bind_field(CnStatement *statement, int at, const CnBinding *binding, gconstpointer field)
{
    sqlite3_stmt *stmt = statement->stmt;
    const CnInstant *instant = field;
    switch (binding->kind) {
    case CN_BIND_TEXT:
    case CN_BIND_OWN_TEXT:
        return bind_text(stmt, at, *(const char *const *)field);
    case CN_BIND_DATE:
        return bind_date(stmt, at, *(const CnDate *)field);
    case CN_BIND_BOOL:
        return sqlite3_bind_int(stmt, at, *(const gboolean *)field != FALSE);
    case CN_BIND_INT16:
    case CN_BIND_INT32:
    case CN_BIND_INT64:
        return bind_number(stmt, at, number_of(binding, field), binding->absent);
    case CN_BIND_AREA:
    case CN_BIND_SERVICE:
    case CN_BIND_COURSE:
        return bind_text(stmt, at, id_of_reference(statement->store->reference, binding, field));
    case CN_BIND_WORD:
        return bind_text(stmt, at, binding->words->name(*(const gint *)field));
    case CN_BIND_LAT:
    case CN_BIND_LON:
        return bind_site(stmt, at, field, binding->kind == CN_BIND_LAT);
    case CN_BIND_INSTANT:
        return instant->is_set ? sqlite3_bind_int64(stmt, at, instant->s)
                               : sqlite3_bind_null(stmt, at);
    case CN_BIND_DAY_ONLY:
        return sqlite3_bind_int(stmt, at, instant->is_set && instant->day_only);
    }
    return SQLITE_MISUSE;
}

void
cn_bind_record(CnStatement *statement, gconstpointer record)
{
    const CnRecordMap *map = statement->sql->map;
    for (guint i = 0; i < map->len; i++) {
        const CnBinding *binding = &map->bindings[i];
        int rc = bind_field(statement, statement->at[i] + 1, binding, field_of(binding, record));
        if (statement->rc == SQLITE_OK)
            statement->rc = rc;
    }
}

/* ---- Reading. */

static gboolean
damaged(CnStatement *statement, int column, GError **error)
{
    g_autofree char *where = g_strdup_printf("%s (%s)", statement->sql->name,
                                             sqlite3_column_name(statement->stmt, column));
    return cn_store_damaged(statement->store, where, error);
}

/* Whether all bytes are of ASCII and none is NUL, eight at a time: nearly all text is. */
static gboolean
is_ascii(const char *text, gsize len)
{
    const guint64 ones = G_GUINT64_CONSTANT(0x0101010101010101), tops = ones << 7;
    guint64 word = 0, found = 0;
    for (; len >= sizeof word; len -= sizeof word, text += sizeof word) {
        memcpy(&word, text, sizeof word);
        found |= word | (word - ones);
    }
    word = ones;
    memcpy(&word, text, len);
    return ((found | word | (word - ones)) & tops) == 0;
}

gboolean
cn_read_text(CnStatement *statement, int column, const char **out, GError **error)
{
    const char *text = (const char *)sqlite3_column_text(statement->stmt, column);
    *out = NULL;
    if (text == NULL && sqlite3_column_type(statement->stmt, column) != SQLITE_NULL)
        return cn_store_fail(statement->store, SQLITE_NOMEM, error);
    if (text == NULL)
        return TRUE;
    /* With a length given, NUL inside is not valid either. */
    const int len = sqlite3_column_bytes(statement->stmt, column);
    if (!is_ascii(text, (gsize)len) && !g_utf8_validate(text, len, NULL))
        return damaged(statement, column, error);
    *out = text;
    return TRUE;
}

/* The store is right and the reference is too old or another one: nothing is guessed. The area of a
 * site is not named, since it may be what must not be shown. */
static gboolean
unknown_id(CnStatement *statement, const char *what, const char *id, GError **error)
{
    g_autofree char *quoted = id != NULL ? cn_text_quote(id) : g_strdup("");
    cn_error_set(error, CARENET_ERROR_VERSION,
                 "%s holds %s that the reference data does not know%s%s", statement->store->path,
                 what, id != NULL ? ": " : "", quoted);
    cn_error_hint(error, "open it with the data folder that it was made with, or a newer one");
    return FALSE;
}

static GHashTable *
terms_by_id(carenet_store *store, carenet_terms_kind kind)
{
    if (store->terms[kind] != NULL)
        return store->terms[kind];
    const CnVocabulary *vocabulary = store->reference->terms[kind];
    GHashTable *ids = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < cn_vocabulary_len(vocabulary); i++)
        g_hash_table_insert(ids, (gpointer)cn_term(vocabulary, (gint)i)->id,
                            GINT_TO_POINTER((gint)i + 1));
    store->terms[kind] = ids;
    return ids;
}

gboolean
cn_read_term(CnStatement *statement, int column, carenet_terms_kind kind, gint *out, GError **error)
{
    const char *id;
    if (!cn_read_text(statement, column, &id, error))
        return FALSE;
    if (id == NULL)
        return damaged(statement, column, error);
    gint found = GPOINTER_TO_INT(g_hash_table_lookup(terms_by_id(statement->store, kind), id));
    if (found == 0)
        return unknown_id(statement, "a term", id, error);
    *out = found - 1;
    return TRUE;
}

static gboolean
read_handle(CnStatement *statement,
            int column,
            const CnBinding *binding,
            gint32 *out,
            GError **error)
{
    const CnReference *reference = statement->store->reference;
    const char *id;
    if (binding->absent != CN_NEVER_ABSENT &&
        sqlite3_column_type(statement->stmt, column) == SQLITE_NULL) {
        *out = (gint32)binding->absent;
        return TRUE;
    }
    if (binding->kind == CN_BIND_COURSE)
        return cn_read_term(statement, column, CARENET_TERMS_COURSES, out, error);
    if (!cn_read_text(statement, column, &id, error))
        return FALSE;
    if (binding->kind == CN_BIND_AREA) {
        *out = id != NULL ? cn_area_by_code(reference->gazetteer, id) : CN_AREA_NONE;
        return id == NULL || *out >= 0 || unknown_id(statement, "an area", NULL, error);
    }
    if (id == NULL)
        return damaged(statement, column, error);
    *out = cn_service_by_id(reference->taxonomy, id);
    return *out >= 0 || unknown_id(statement, "a service", id, error);
}

static gboolean
read_date(CnStatement *statement, int column, CnDate *out, GError **error)
{
    const char *text;
    if (!cn_read_text(statement, column, &text, error))
        return FALSE;
    *out = CN_DATE_NONE;
    return text == NULL || cn_date_parse(text, out) || damaged(statement, column, error);
}

static gboolean
read_word(CnStatement *statement, int column, const CnWords *words, gint *out, GError **error)
{
    const char *text;
    if (!cn_read_text(statement, column, &text, error))
        return FALSE;
    for (gint i = 0; i < words->len; i++)
        if (g_strcmp0(words->name(i), text) == 0) {
            *out = i;
            return TRUE;
        }
    return damaged(statement, column, error);
}

static gboolean
read_number(CnStatement *statement,
            int column,
            const CnBinding *binding,
            gpointer out,
            GError **error)
{
    gboolean absent = sqlite3_column_type(statement->stmt, column) == SQLITE_NULL;
    gint64 number = absent ? binding->absent : sqlite3_column_int64(statement->stmt, column);
    if (absent && binding->absent == CN_NEVER_ABSENT)
        return damaged(statement, column, error);
    /* Nothing that is counted is negative. */
    if (!absent && number < 0)
        return damaged(statement, column, error);
    switch (binding->kind) {
    case CN_BIND_INT16:
        if (number > G_MAXINT16)
            return damaged(statement, column, error);
        *(gint16 *)out = (gint16)number;
        return TRUE;
    case CN_BIND_INT32:
        if (number > G_MAXINT32)
            return damaged(statement, column, error);
        *(gint32 *)out = (gint32)number;
        return TRUE;
    default:
        *(gint64 *)out = number;
        return TRUE;
    }
}

static gboolean
read_bool(CnStatement *statement, int column, gboolean *out, GError **error)
{
    gint64 value = sqlite3_column_int64(statement->stmt, column);
    if (sqlite3_column_type(statement->stmt, column) == SQLITE_NULL || (value != 0 && value != 1))
        return damaged(statement, column, error);
    *out = value == 1;
    return TRUE;
}

static gboolean
read_degrees(CnStatement *statement,
             int column,
             double most,
             gboolean *out_known,
             double *out,
             GError **error)
{
    *out = sqlite3_column_double(statement->stmt, column);
    *out_known = sqlite3_column_type(statement->stmt, column) != SQLITE_NULL;
    return (*out >= -most && *out <= most) || damaged(statement, column, error);
}

static gboolean
read_point(CnStatement *statement,
           int column,
           const CnBinding *binding,
           CnSite *site,
           GError **error)
{
    if (binding->kind == CN_BIND_LAT)
        return read_degrees(statement, column, 90, &site->has_point, &site->lat_deg, error);
    gboolean known;
    if (!read_degrees(statement, column, 180, &known, &site->lon_deg, error))
        return FALSE;
    return known == site->has_point || damaged(statement, column, error);
}

static gboolean
read_instant(CnStatement *statement, int column, CnInstant *out)
{
    out->is_set = sqlite3_column_type(statement->stmt, column) != SQLITE_NULL;
    out->s = sqlite3_column_int64(statement->stmt, column);
    return TRUE;
}

static gboolean
read_field(CnStatement *statement,
           int column,
           const CnBinding *binding,
           CnNetwork *network,
           gpointer out,
           GError **error)
{
    const char *text;
    switch (binding->kind) {
    case CN_BIND_TEXT:
        if (!cn_read_text(statement, column, &text, error))
            return FALSE;
        *(const char **)out = cn_network_intern(network, text);
        return TRUE;
    case CN_BIND_OWN_TEXT:
        if (!cn_read_text(statement, column, &text, error))
            return FALSE;
        *(const char **)out = text != NULL ? g_string_chunk_insert(network->strings, text) : NULL;
        return TRUE;
    case CN_BIND_DATE:
        return read_date(statement, column, out, error);
    case CN_BIND_BOOL:
        return read_bool(statement, column, out, error);
    case CN_BIND_INT16:
    case CN_BIND_INT32:
    case CN_BIND_INT64:
        return read_number(statement, column, binding, out, error);
    case CN_BIND_AREA:
    case CN_BIND_SERVICE:
    case CN_BIND_COURSE:
        return read_handle(statement, column, binding, out, error);
    case CN_BIND_WORD:
        return read_word(statement, column, binding->words, out, error);
    case CN_BIND_LAT:
    case CN_BIND_LON:
        return read_point(statement, column, binding, out, error);
    case CN_BIND_INSTANT:
        return read_instant(statement, column, out);
    case CN_BIND_DAY_ONLY:
        return read_bool(statement, column, &((CnInstant *)out)->day_only, error);
    }
    return damaged(statement, column, error);
}

gboolean
cn_read_record(CnStatement *statement, CnNetwork *network, gpointer record, GError **error)
{
    const CnRecordMap *map = statement->sql->map;
    for (guint i = 0; i < map->len; i++) {
        const CnBinding *binding = &map->bindings[i];
        gpointer out = (char *)record + binding->offset;
        if (!read_field(statement, statement->at[i], binding, network, out, error))
            return FALSE;
    }
    return TRUE;
}

/* ---- Comparing. */

static gboolean
same_date(CnDate a, CnDate b)
{
    return a.year == b.year && a.month == b.month && a.day == b.day;
}

static gboolean
same_point(const CnSite *a, const CnSite *b, gboolean lat)
{
    if (a->has_point != b->has_point)
        return FALSE;
    if (!a->has_point)
        return TRUE;
    return lat ? a->lat_deg == b->lat_deg : a->lon_deg == b->lon_deg;
}

static gboolean
same_instant(const CnInstant *a, const CnInstant *b)
{
    if (a->is_set != b->is_set)
        return FALSE;
    return !a->is_set || (a->s == b->s && a->day_only == b->day_only);
}

static gboolean
same_field(const CnBinding *binding, gconstpointer a, gconstpointer b)
{
    switch (binding->kind) {
    case CN_BIND_TEXT:
    case CN_BIND_OWN_TEXT:
        return g_strcmp0(*(const char *const *)a, *(const char *const *)b) == 0;
    case CN_BIND_DATE:
        return same_date(*(const CnDate *)a, *(const CnDate *)b);
    case CN_BIND_BOOL:
        return !*(const gboolean *)a == !*(const gboolean *)b;
    case CN_BIND_INT16:
    case CN_BIND_INT32:
    case CN_BIND_INT64:
        return number_of(binding, a) == number_of(binding, b);
    case CN_BIND_AREA:
    case CN_BIND_SERVICE:
    case CN_BIND_COURSE:
    case CN_BIND_WORD:
        return *(const gint32 *)a == *(const gint32 *)b;
    case CN_BIND_LAT:
    case CN_BIND_LON:
        return same_point(a, b, binding->kind == CN_BIND_LAT);
    case CN_BIND_INSTANT:
    case CN_BIND_DAY_ONLY:
        return same_instant(a, b);
    }
    return FALSE;
}

gboolean
cn_record_equal(const CnRecordMap *map, gconstpointer a, gconstpointer b)
{
    for (guint i = 0; i < map->len; i++) {
        const CnBinding *binding = &map->bindings[i];
        if (!same_field(binding, field_of(binding, a), field_of(binding, b)))
            return FALSE;
    }
    return TRUE;
}
