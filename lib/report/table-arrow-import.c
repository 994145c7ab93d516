/* A table from an Arrow C stream. The interface tells no sizes of buffers, so the producer is trusted
 * with these; whatever else it says is checked before it is used. */
#include "report/table-arrow.h"

#include "base/error.h"
#include "base/table.h"
#include "base/text.h"

#include <string.h>

#define CHILDREN_MOST 10000 /* columns */

typedef enum {
    KIND_NULL,
    KIND_INT8,
    KIND_INT16,
    KIND_INT32,
    KIND_INT64,
    KIND_UINT8,
    KIND_UINT16,
    KIND_UINT32,
    KIND_UINT64,
    KIND_FLOAT,
    KIND_DOUBLE,
    KIND_BOOL,
    KIND_TEXT,
    KIND_TEXT64,
    KIND_VIEW,
    KIND_LIST,
    KIND_LIST64,
} Kind;

static const struct {
    const char *format;
    Kind kind;
    carenet_column_type type;
    gint64 buffers_len; /* of views at least */
} kinds[] = {
    {"n", KIND_NULL, CARENET_COLUMN_TEXT, 0},     {"c", KIND_INT8, CARENET_COLUMN_INT64, 2},
    {"s", KIND_INT16, CARENET_COLUMN_INT64, 2},   {"i", KIND_INT32, CARENET_COLUMN_INT64, 2},
    {"l", KIND_INT64, CARENET_COLUMN_INT64, 2},   {"C", KIND_UINT8, CARENET_COLUMN_INT64, 2},
    {"S", KIND_UINT16, CARENET_COLUMN_INT64, 2},  {"I", KIND_UINT32, CARENET_COLUMN_INT64, 2},
    {"L", KIND_UINT64, CARENET_COLUMN_INT64, 2},  {"f", KIND_FLOAT, CARENET_COLUMN_DOUBLE, 2},
    {"g", KIND_DOUBLE, CARENET_COLUMN_DOUBLE, 2}, {"b", KIND_BOOL, CARENET_COLUMN_BOOL, 2},
    {"u", KIND_TEXT, CARENET_COLUMN_TEXT, 3},     {"U", KIND_TEXT64, CARENET_COLUMN_TEXT, 3},
    {"vu", KIND_VIEW, CARENET_COLUMN_TEXT, 3},    {"+l", KIND_LIST, CARENET_COLUMN_LIST, 2},
    {"+L", KIND_LIST64, CARENET_COLUMN_LIST, 2},
};

/* How texts are stored: rows of `kinds`. */
typedef struct {
    guint format;
    gboolean dictionary; /* of distinct texts, with indexes into them */
    guint index;
} TextType;

/* A column as the schema declares it. */
typedef struct {
    char *name;
    carenet_column_type type;
    guint format;  /* row of `kinds`; not looked at for a dictionary */
    TextType text; /* of a column of texts, or of the members of a list */
} Field;

/* What goes on, for messages. */
typedef struct {
    CnTableBuilder *builder;
    const Field *field;
    gint64 rows_before; /* rows of the batches before this one */
    GError **error;
} Import;

static void
clear_field(gpointer field)
{
    g_free(((Field *)field)->name);
}

static void
release_stream(struct ArrowArrayStream *stream)
{
    if (stream->release != NULL)
        stream->release(stream);
}

static void
release_schema(struct ArrowSchema *schema)
{
    if (schema->release != NULL)
        schema->release(schema);
}

static void
release_array(struct ArrowArray *array)
{
    if (array->release != NULL)
        array->release(array);
}

typedef struct ArrowArrayStream Stream;
typedef struct ArrowSchema Schema;
typedef struct ArrowArray Array;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Stream, release_stream)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Schema, release_schema)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Array, release_array)

/* ---- The schema. */

static gboolean
find_kind(const char *format, guint *out)
{
    for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
        if (g_strcmp0(format, kinds[i].format) == 0) {
            *out = i;
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean
is_text(guint format)
{
    return kinds[format].type == CARENET_COLUMN_TEXT;
}

static gboolean
is_index(guint format)
{
    return kinds[format].type == CARENET_COLUMN_INT64;
}

static gboolean
read_text_type(const struct ArrowSchema *schema, TextType *out)
{
    out->dictionary = schema->dictionary != NULL;
    if (!out->dictionary)
        return find_kind(schema->format, &out->format) && is_text(out->format);
    return find_kind(schema->format, &out->index) && is_index(out->index) &&
           find_kind(schema->dictionary->format, &out->format) && is_text(out->format);
}

static gboolean
read_type(const struct ArrowSchema *schema, Field *field)
{
    if (schema->dictionary != NULL) {
        field->type = CARENET_COLUMN_TEXT;
        return read_text_type(schema, &field->text);
    }
    if (!find_kind(schema->format, &field->format))
        return FALSE;
    field->type = kinds[field->format].type;
    if (field->type == CARENET_COLUMN_TEXT)
        return read_text_type(schema, &field->text);
    if (field->type != CARENET_COLUMN_LIST)
        return TRUE;
    return schema->n_children == 1 && schema->children != NULL && schema->children[0] != NULL &&
           read_text_type(schema->children[0], &field->text);
}

static gboolean
refuse_data(GError **error, const char *what)
{
    cn_error_set(error, CARENET_ERROR_INVALID_DATA, "the Arrow stream contradicts itself: %s",
                 what);
    return FALSE;
}

static gboolean
read_field(const struct ArrowSchema *schema, Field *field, GError **error)
{
    const char *name = schema->name != NULL ? schema->name : "";
    if (!g_utf8_validate(name, -1, NULL))
        return refuse_data(error, "the name of a column is not UTF-8");
    field->name = g_strdup(name);
    if (read_type(schema, field))
        return TRUE;
    g_autofree char *quoted = cn_text_quote(name);
    g_autofree char *format = cn_text_quote(schema->format != NULL ? schema->format : "");
    cn_error_set(error, CARENET_ERROR_UNSUPPORTED,
                 "column \"%s\" has the Arrow type \"%s\", which a table cannot hold", quoted,
                 format);
    cn_error_hint(error, "leave the column out, or cast it to text, integers, floats or booleans");
    return FALSE;
}

static gboolean
read_fields(const struct ArrowSchema *schema, GArray *fields, GError **error)
{
    g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
    if (g_strcmp0(schema->format, "+s") != 0)
        return refuse_data(error, "it does not hold rows of columns");
    if (schema->n_children < 0 || schema->n_children > CHILDREN_MOST ||
        (schema->n_children > 0 && schema->children == NULL))
        return refuse_data(error, "it has more than 10000 columns, or less than none");
    g_array_set_size(fields, (guint)schema->n_children);
    for (gint64 i = 0; i < schema->n_children; i++) {
        Field *field = &g_array_index(fields, Field, i);
        if (schema->children[i] == NULL)
            return refuse_data(error, "a column is missing");
        if (!read_field(schema->children[i], field, error))
            return FALSE;
        if (g_hash_table_add(names, field->name))
            continue;
        g_autofree char *quoted = cn_text_quote(field->name);
        cn_error_set(error, CARENET_ERROR_INVALID_DATA, "two columns are called \"%s\"", quoted);
        return FALSE;
    }
    return TRUE;
}

/* ---- Cells. */

static gboolean
refuse_cell(const Import *import, carenet_error_code code, gint64 row, const char *what)
{
    g_autofree char *quoted = cn_text_quote(import->field->name);
    cn_error_set(import->error, code, "column \"%s\", row %" G_GINT64_FORMAT " (from 0): %s",
                 quoted, import->rows_before + row, what);
    return FALSE;
}

static gboolean
is_valid(const struct ArrowArray *array, gint64 i)
{
    const guint8 *valid = array->n_buffers > 0 ? array->buffers[0] : NULL;
    return valid == NULL || (valid[i / 8] >> (i % 8) & 1) != 0;
}

/* Cell @i, the offset of the array included. FALSE where it does not fit. */
static gboolean
integer_at(const struct ArrowArray *array, Kind kind, gint64 i, gint64 *out)
{
    const void *values = array->buffers[1];
    guint64 large = 0;
    gint64 small = 0;
    switch (kind) {
    case KIND_INT8:
        small = ((const guint8 *)values)[i];
        *out = small < 128 ? small : small - 256;
        return TRUE;
    case KIND_INT16:
        *out = ((const gint16 *)values)[i];
        return TRUE;
    case KIND_INT32:
        *out = ((const gint32 *)values)[i];
        return TRUE;
    case KIND_UINT8:
        *out = ((const guint8 *)values)[i];
        return TRUE;
    case KIND_UINT16:
        *out = ((const guint16 *)values)[i];
        return TRUE;
    case KIND_UINT32:
        *out = ((const guint32 *)values)[i];
        return TRUE;
    case KIND_UINT64:
        large = ((const guint64 *)values)[i];
        *out = (gint64)large;
        return large <= G_MAXINT64;
    default:
        *out = ((const gint64 *)values)[i];
        return TRUE;
    }
}

/* Where cell @i of offsets begins and ends; FALSE where that cannot be. */
static gboolean
bounds_at(const struct ArrowArray *array, gboolean wide, gint64 i, gint64 *start, gint64 *end)
{
    const void *offsets = array->buffers[1];
    *start = wide ? ((const gint64 *)offsets)[i] : ((const gint32 *)offsets)[i];
    *end = wide ? ((const gint64 *)offsets)[i + 1] : ((const gint32 *)offsets)[i + 1];
    return *start >= 0 && *start <= *end;
}

/* A view: its length, then the text itself up to 12 bytes, or a prefix, a buffer and an offset. */
static const char *
view_at(const struct ArrowArray *array, gint64 i, gsize *out_len)
{
    const char *view = (const char *)array->buffers[1] + i * 16;
    gint32 len = 0, buffer = 0, offset = 0;
    memcpy(&len, view, 4);
    memcpy(&buffer, view + 8, 4);
    memcpy(&offset, view + 12, 4);
    *out_len = (gsize)len;
    if (len < 0)
        return NULL;
    if (len <= 12)
        return view + 4;
    const gint64 *sizes = array->buffers[array->n_buffers - 1];
    if (buffer < 0 || buffer >= array->n_buffers - 3 || offset < 0 ||
        (gint64)offset + len > sizes[buffer] || array->buffers[2 + buffer] == NULL)
        return NULL;
    return (const char *)array->buffers[2 + buffer] + offset;
}

/* Text @i, not ended by NUL; NULL where it contradicts itself. */
static const char *
text_at(const struct ArrowArray *array, Kind kind, gint64 i, gsize *out_len)
{
    gint64 start = 0, end = 0;
    if (kind == KIND_VIEW)
        return view_at(array, i, out_len);
    if (!bounds_at(array, kind == KIND_TEXT64, i, &start, &end))
        return NULL;
    *out_len = (gsize)(end - start);
    if (start == end)
        return "";
    return array->buffers[2] != NULL ? (const char *)array->buffers[2] + start : NULL;
}

typedef enum {
    TEXT_BAD,
    TEXT_NULL,
    TEXT_GOOD
} Found;

static Found
refuse_text(const Import *import, gint64 row, const char *what)
{
    refuse_cell(import, CARENET_ERROR_INVALID_DATA, row, what);
    return TEXT_BAD;
}

/* Text @i of an array of texts; @row is for messages. */
static Found
find_text(const Import *import,
          const struct ArrowArray *array,
          gint64 i,
          gint64 row,
          const char **out,
          gsize *out_len)
{
    const TextType *type = &import->field->text;
    if (!is_valid(array, i))
        return TEXT_NULL;
    if (type->dictionary) {
        const struct ArrowArray *values = array->dictionary;
        gint64 at = -1;
        if (!integer_at(array, kinds[type->index].kind, i, &at) || at < 0 || at >= values->length)
            return refuse_text(import, row, "there is nothing in the dictionary at its index");
        array = values;
        i = at + values->offset;
    }
    const Kind kind = kinds[type->format].kind;
    if (kind == KIND_NULL || !is_valid(array, i))
        return TEXT_NULL;
    *out = text_at(array, kind, i, out_len);
    if (*out == NULL)
        return refuse_text(import, row, "its offsets cannot be");
    if (!g_utf8_validate_len(*out, *out_len, NULL))
        return refuse_text(import, row, "the text is not UTF-8, or has a NUL in it");
    return TEXT_GOOD;
}

/* ---- Columns of one batch: rows @first to @first + @len of an array. */

static gboolean
add_texts(const Import *import, const struct ArrowArray *array, gint64 first, gint64 len)
{
    for (gint64 row = 0; row < len; row++) {
        const char *text = NULL;
        gsize text_len = 0;
        const Found found = find_text(import, array, first + row, row, &text, &text_len);
        if (found == TEXT_BAD)
            return FALSE;
        if (found == TEXT_NULL)
            cn_table_add_null(import->builder);
        else
            cn_table_add_text_len(import->builder, text, text_len);
    }
    return TRUE;
}

static gboolean
add_members(const Import *import,
            const struct ArrowArray *members,
            gint64 start,
            gint64 end,
            gint64 row)
{
    for (gint64 i = start; i < end; i++) {
        const char *text = NULL;
        gsize text_len = 0;
        const Found found = find_text(import, members, members->offset + i, row, &text, &text_len);
        if (found == TEXT_BAD)
            return FALSE;
        if (found == TEXT_GOOD)
            cn_table_add_member(import->builder, text, text_len);
    }
    cn_table_add_members(import->builder);
    return TRUE;
}

/* A null among the members of a list is passed over. */
static gboolean
add_lists(const Import *import, const struct ArrowArray *array, gint64 first, gint64 len)
{
    const gboolean wide = kinds[import->field->format].kind == KIND_LIST64;
    const struct ArrowArray *members = array->children[0];
    for (gint64 row = 0; row < len; row++) {
        gint64 start = 0, end = 0;
        if (!is_valid(array, first + row)) {
            cn_table_add_null(import->builder);
            continue;
        }
        if (!bounds_at(array, wide, first + row, &start, &end) || end > members->length)
            return refuse_cell(import, CARENET_ERROR_INVALID_DATA, row, "its offsets cannot be");
        if (!add_members(import, members, start, end, row))
            return FALSE;
    }
    return TRUE;
}

static gboolean
add_integers(const Import *import, const struct ArrowArray *array, gint64 first, gint64 len)
{
    const Kind kind = kinds[import->field->format].kind;
    for (gint64 row = 0; row < len; row++) {
        gint64 value = 0;
        if (!is_valid(array, first + row))
            cn_table_add_null(import->builder);
        else if (integer_at(array, kind, first + row, &value))
            cn_table_add_int64(import->builder, value);
        else
            return refuse_cell(import, CARENET_ERROR_TOO_LARGE, row,
                               "the number is beyond 64 bits with a sign");
    }
    return TRUE;
}

static gboolean
add_reals(const Import *import, const struct ArrowArray *array, gint64 first, gint64 len)
{
    const gboolean wide = kinds[import->field->format].kind == KIND_DOUBLE;
    const void *values = array->buffers[1];
    for (gint64 i = first; i < first + len; i++) {
        if (!is_valid(array, i))
            cn_table_add_null(import->builder);
        else
            cn_table_add_double(import->builder, wide ? ((const double *)values)[i]
                                                      : (double)((const float *)values)[i]);
    }
    return TRUE;
}

static gboolean
add_bools(const Import *import, const struct ArrowArray *array, gint64 first, gint64 len)
{
    const guint8 *bits = array->buffers[1];
    for (gint64 i = first; i < first + len; i++) {
        if (!is_valid(array, i))
            cn_table_add_null(import->builder);
        else
            cn_table_add_bool(import->builder, (bits[i / 8] >> (i % 8) & 1) != 0);
    }
    return TRUE;
}

/* ---- Arrays. */

/* Whether an array has the buffers of its type, for all of its rows. */
static gboolean
is_whole(const struct ArrowArray *array, guint format)
{
    const Kind kind = kinds[format].kind;
    if (array == NULL || array->length < 0 || array->offset < 0 ||
        array->length > G_MAXINT64 / 16 - array->offset)
        return FALSE;
    if (kind == KIND_NULL)
        return TRUE;
    const gboolean enough = kind == KIND_VIEW ? array->n_buffers >= kinds[format].buffers_len
                                              : array->n_buffers == kinds[format].buffers_len;
    if (!enough || array->buffers == NULL)
        return FALSE;
    if (kind == KIND_VIEW && array->n_buffers > 3 && array->buffers[array->n_buffers - 1] == NULL)
        return FALSE;
    return array->length == 0 || array->buffers[1] != NULL;
}

static gboolean
is_whole_text(const struct ArrowArray *array, const TextType *type)
{
    if (!type->dictionary)
        return is_whole(array, type->format);
    return is_whole(array, type->index) && is_whole(array->dictionary, type->format);
}

static gboolean
is_sound(const struct ArrowArray *array, const Field *field)
{
    if (field->type == CARENET_COLUMN_TEXT)
        return is_whole_text(array, &field->text);
    if (!is_whole(array, field->format))
        return FALSE;
    return field->type != CARENET_COLUMN_LIST ||
           (array->n_children == 1 && array->children != NULL &&
            is_whole_text(array->children[0], &field->text));
}

static gboolean
add_column(const Import *import, const struct ArrowArray *array, gint64 first, gint64 len)
{
    if (len == 0)
        return TRUE;
    switch (import->field->type) {
    case CARENET_COLUMN_TEXT:
        return add_texts(import, array, first, len);
    case CARENET_COLUMN_LIST:
        return add_lists(import, array, first, len);
    case CARENET_COLUMN_INT64:
        return add_integers(import, array, first, len);
    case CARENET_COLUMN_DOUBLE:
        return add_reals(import, array, first, len);
    case CARENET_COLUMN_BOOL:
        return add_bools(import, array, first, len);
    case CARENET_COLUMN_NONE:
        break;
    }
    return FALSE;
}

static gboolean
has_null_row(const struct ArrowArray *batch)
{
    for (gint64 i = 0; i < batch->length; i++)
        if (!is_valid(batch, batch->offset + i))
            return TRUE;
    return FALSE;
}

static gboolean
add_batch(Import *import, const struct ArrowArray *batch, const GArray *fields)
{
    if (batch->length < 0 || batch->offset < 0 || batch->length > G_MAXINT64 / 16 - batch->offset ||
        batch->n_children != fields->len || (fields->len > 0 && batch->children == NULL) ||
        (batch->n_buffers > 0 && batch->buffers == NULL))
        return refuse_data(import->error, "a batch does not fit its schema");
    if (has_null_row(batch))
        return refuse_data(import->error, "a whole row is null");
    for (guint i = 0; i < fields->len; i++) {
        const struct ArrowArray *column = batch->children[i];
        import->field = &g_array_index(fields, Field, i);
        if (!is_sound(column, import->field) || column->length < batch->offset + batch->length)
            return refuse_data(import->error, "a column of a batch does not fit its schema");
        cn_table_fill_column(import->builder, i);
        if (!add_column(import, column, column->offset + batch->offset, batch->length))
            return FALSE;
    }
    import->rows_before += batch->length;
    return TRUE;
}

/* ---- The stream. */

static gboolean
refuse_stream(struct ArrowArrayStream *stream, gint code, GError **error)
{
    const char *reason = stream->get_last_error != NULL ? stream->get_last_error(stream) : NULL;
    g_autofree char *quoted = cn_text_quote(reason != NULL ? reason : g_strerror(code));
    cn_error_set(error, CARENET_ERROR_IO, "the Arrow stream broke off: %s", quoted);
    return FALSE;
}

static CnTableBuilder *
begin_table(const GArray *fields)
{
    g_autofree CnColumn *columns = g_new0(CnColumn, fields->len);
    for (guint i = 0; i < fields->len; i++) {
        columns[i].name = g_array_index(fields, Field, i).name;
        columns[i].type = g_array_index(fields, Field, i).type;
    }
    CnTableBuilder *builder = cn_table_builder_new(columns, fields->len);
    cn_table_own_names(builder);
    return builder;
}

static gboolean
add_batches(Import *import, struct ArrowArrayStream *stream, const GArray *fields)
{
    for (;;) {
        g_auto(Array) batch = {.release = NULL};
        const gint code = stream->get_next(stream, &batch);
        if (code != 0)
            return refuse_stream(stream, code, import->error);
        if (batch.release == NULL)
            return TRUE;
        if (!add_batch(import, &batch, fields))
            return FALSE;
    }
}

carenet_table *
cn_table_from_arrow(struct ArrowArrayStream *stream, GError **error)
{
    g_auto(Stream) owned = *stream;
    g_auto(Schema) schema = {.release = NULL};
    g_autoptr(GArray) fields = g_array_new(FALSE, TRUE, sizeof(Field));
    g_array_set_clear_func(fields, clear_field);
    stream->release = NULL;
    const gint code = owned.get_schema(&owned, &schema);
    if (code != 0) {
        refuse_stream(&owned, code, error);
        return NULL;
    }
    if (!read_fields(&schema, fields, error))
        return NULL;
    g_autoptr(CnTableBuilder) builder = begin_table(fields);
    Import import = {.builder = builder, .error = error};
    if (!add_batches(&import, &owned, fields))
        return NULL;
    return cn_table_builder_finish(g_steal_pointer(&builder));
}
