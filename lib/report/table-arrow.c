/* Tables as an Arrow C stream. A batch points into the table where the layouts agree, and every array
 * of it holds a reference, since a consumer may take the children out and release them one by one. */
#include "report/table-arrow.h"

#include "base/error.h"
#include "base/table.h"

#include <errno.h>
#include <string.h>

/* ---- The schema. */

static const char *
arrow_format(carenet_column_type type)
{
    switch (type) {
    case CARENET_COLUMN_INT64:
        return "l";
    case CARENET_COLUMN_DOUBLE:
        return "g";
    case CARENET_COLUMN_BOOL:
        return "b";
    case CARENET_COLUMN_TEXT:
        return "u";
    case CARENET_COLUMN_LIST:
        return "+l";
    case CARENET_COLUMN_NONE:
        break;
    }
    return "n";
}

static void
release_schema(struct ArrowSchema *schema)
{
    for (gint64 i = 0; i < schema->n_children; i++) {
        if (schema->children[i]->release != NULL)
            schema->children[i]->release(schema->children[i]);
        g_free(schema->children[i]);
    }
    g_free(schema->children);
    g_free(schema->private_data);
    schema->release = NULL;
}

/* @name is copied; @format is static. */
static void
init_schema(struct ArrowSchema *schema, const char *format, const char *name, gsize children_len)
{
    char *owned = g_strdup(name);
    *schema = (struct ArrowSchema){.format = format,
                                   .name = owned,
                                   .flags = ARROW_FLAG_NULLABLE,
                                   .n_children = (gint64)children_len,
                                   .children = g_new0(struct ArrowSchema *, children_len),
                                   .release = release_schema,
                                   .private_data = owned};
    for (gsize i = 0; i < children_len; i++)
        schema->children[i] = g_new0(struct ArrowSchema, 1);
}

static void
init_table_schema(struct ArrowSchema *schema, const carenet_table *table)
{
    const gsize columns_len = carenet_table_columns_len(table);
    init_schema(schema, "+s", "", columns_len);
    schema->flags = 0;
    for (gsize i = 0; i < columns_len; i++) {
        const carenet_column_type type = carenet_table_column_type(table, i);
        struct ArrowSchema *column = schema->children[i];
        init_schema(column, arrow_format(type), carenet_table_column_name(table, i),
                    type == CARENET_COLUMN_LIST ? 1 : 0);
        if (type == CARENET_COLUMN_LIST)
            init_schema(column->children[0], "u", "item", 0);
    }
}

/* ---- Arrays. */

typedef struct {
    carenet_table *table; /* keeps the buffers that are not owned */
    const void *buffers[3];
    gpointer owned[2]; /* nullable */
} ArrayData;

static void
release_array(struct ArrowArray *array)
{
    ArrayData *data = array->private_data;
    for (gint64 i = 0; i < array->n_children; i++) {
        if (array->children[i]->release != NULL)
            array->children[i]->release(array->children[i]);
        g_free(array->children[i]);
    }
    g_free(array->children);
    g_free(data->owned[0]);
    g_free(data->owned[1]);
    carenet_table_unref(data->table);
    g_free(data);
    array->release = NULL;
}

static ArrayData *
init_array(struct ArrowArray *array, carenet_table *table, gint64 length, gsize children_len)
{
    ArrayData *data = g_new0(ArrayData, 1);
    data->table = carenet_table_ref(table);
    *array = (struct ArrowArray){.length = length,
                                 .n_buffers = 1,
                                 .n_children = (gint64)children_len,
                                 .buffers = data->buffers,
                                 .children = g_new0(struct ArrowArray *, children_len),
                                 .release = release_array,
                                 .private_data = data};
    for (gsize i = 0; i < children_len; i++)
        array->children[i] = g_new0(struct ArrowArray, 1);
    return data;
}

/* Rows of a table; the start is a multiple of eight, so that bits need not be shifted. */
typedef struct {
    carenet_table *table;
    gsize start;
    gsize len;
} Slice;

static gint64
count_nulls(const CnColumnCells *cells, const Slice *slice)
{
    if (slice->len == carenet_table_rows_len(slice->table) || cells->nulls == 0)
        return (gint64)cells->nulls;
    gint64 nulls = 0;
    for (gsize row = slice->start; row < slice->start + slice->len; row++)
        nulls += (cells->valid[row / 8] >> (row % 8) & 1) == 0;
    return nulls;
}

/* Offsets for @len texts of which text i stands at @starts[i] in a pool with a NUL behind each, and
 * the bytes without these. A text that ends where it starts is null, and has no NUL either. */
static gboolean
pack_texts(ArrayData *data, const gint64 *starts, gsize len, const char *pool)
{
    const gsize bytes_most = (gsize)(starts[len] - starts[0]);
    if (bytes_most > G_MAXINT32)
        return FALSE;
    gint32 *offsets = g_try_new(gint32, len + 1);
    char *bytes = g_try_malloc(bytes_most + 1); /* never NULL for no bytes */
    data->owned[0] = offsets;
    data->owned[1] = bytes;
    if (offsets == NULL || bytes == NULL)
        return FALSE;
    gint32 end = 0;
    offsets[0] = 0;
    for (gsize i = 0; i < len; i++) {
        const gint64 with_nul = starts[i + 1] - starts[i];
        const gint32 text_len = with_nul > 0 ? (gint32)(with_nul - 1) : 0;
        memcpy(bytes + end, pool + starts[i], (gsize)text_len);
        end += text_len;
        offsets[i + 1] = end;
    }
    data->buffers[1] = offsets;
    data->buffers[2] = bytes;
    return TRUE;
}

static gboolean
init_texts(struct ArrowArray *array,
           ArrayData *data,
           const gint64 *starts,
           gsize len,
           const char *pool)
{
    array->n_buffers = 3;
    return pack_texts(data, starts, len, pool);
}

static gboolean
init_lists(struct ArrowArray *array,
           ArrayData *data,
           const CnColumnCells *cells,
           const Slice *slice)
{
    const gint64 *starts = cells->starts + slice->start;
    const gint64 first = starts[0], members_len = starts[slice->len] - first;
    gint32 *offsets = g_try_new(gint32, slice->len + 1);
    data->owned[0] = offsets;
    array->n_buffers = 2;
    ArrayData *members = init_array(array->children[0], slice->table, members_len, 0);
    if (offsets == NULL)
        return FALSE;
    for (gsize i = 0; i <= slice->len; i++)
        offsets[i] = (gint32)(starts[i] - first);
    data->buffers[1] = offsets;
    return init_texts(array->children[0], members, cells->members + first, (gsize)members_len,
                      cells->text);
}

static gboolean
init_column(struct ArrowArray *array, const Slice *slice, gsize column)
{
    const CnColumnCells cells = cn_table_cells(slice->table, column);
    ArrayData *data = init_array(array, slice->table, (gint64)slice->len,
                                 cells.type == CARENET_COLUMN_LIST ? 1 : 0);
    array->null_count = count_nulls(&cells, slice);
    data->buffers[0] = cells.valid != NULL ? cells.valid + slice->start / 8 : NULL;
    switch (cells.type) {
    case CARENET_COLUMN_TEXT:
        return init_texts(array, data, cells.starts + slice->start, slice->len, cells.text);
    case CARENET_COLUMN_LIST:
        return init_lists(array, data, &cells, slice);
    case CARENET_COLUMN_BOOL:
        array->n_buffers = 2;
        /* A table without rows has no cells to point at. */
        data->buffers[1] = cells.bits != NULL ? cells.bits + slice->start / 8 : NULL;
        return TRUE;
    case CARENET_COLUMN_INT64:
    case CARENET_COLUMN_DOUBLE:
        array->n_buffers = 2;
        data->buffers[1] = cells.numbers != NULL ? cells.numbers + slice->start : NULL;
        return TRUE;
    case CARENET_COLUMN_NONE:
        break;
    }
    return FALSE;
}

/* FALSE where there is no memory, or eight rows have more text than 32 bits can count; then nothing is
 * kept. */
static gboolean
init_batch(struct ArrowArray *batch, const Slice *slice)
{
    const gsize columns_len = carenet_table_columns_len(slice->table);
    init_array(batch, slice->table, (gint64)slice->len, columns_len);
    for (gsize i = 0; i < columns_len; i++) {
        if (!init_column(batch->children[i], slice, i)) {
            release_array(batch);
            return FALSE;
        }
    }
    return TRUE;
}

/* ---- The stream. */

typedef struct {
    carenet_table *table;
    gsize next;       /* the row that the next batch begins with */
    gsize bytes_most; /* of the texts of one column in one batch */
    gboolean begun;
    gboolean starved;
} StreamData;

/* How many bytes, NULs counted, the texts of a column take before row @row; they only grow. */
static gint64
bytes_before(const CnColumnCells *cells, gsize row)
{
    const gint64 start = cells->starts[row];
    return cells->type == CARENET_COLUMN_LIST ? cells->members[start] : start;
}

/* The end of the longest run of rows from @start, a multiple of eight long unless it is the last, of
 * which no column has more bytes or members than @most. Eight rows always go. */
static gsize
end_of_batch(const carenet_table *table, gsize start, gsize most)
{
    const gsize rows_len = carenet_table_rows_len(table);
    gsize end = rows_len;
    for (gsize i = 0; i < carenet_table_columns_len(table); i++) {
        const CnColumnCells cells = cn_table_cells(table, i);
        if (cells.text == NULL)
            continue;
        const gint64 limit = bytes_before(&cells, start) + (gint64)most;
        gsize low = start, high = end; /* low fits; the first that does not is behind it */
        while (low < high) {
            const gsize middle = low + (high - low + 1) / 2;
            if (bytes_before(&cells, middle) <= limit)
                low = middle;
            else
                high = middle - 1;
        }
        end = low;
    }
    if (end < rows_len)
        end = MAX(end / 8 * 8, MIN(start + 8, rows_len));
    return end;
}

static int
get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    const StreamData *data = stream->private_data;
    init_table_schema(out, data->table);
    return 0;
}

static int
get_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    StreamData *data = stream->private_data;
    const gsize rows_len = carenet_table_rows_len(data->table);
    memset(out, 0, sizeof *out);
    /* A table without rows is one batch without rows. */
    if (data->begun && data->next == rows_len)
        return 0;
    const gsize end = end_of_batch(data->table, data->next, data->bytes_most);
    const Slice slice = {data->table, data->next, end - data->next};
    data->starved = !init_batch(out, &slice);
    if (data->starved)
        return ENOMEM;
    data->begun = TRUE;
    data->next = end;
    return 0;
}

static const char *
get_last_error(struct ArrowArrayStream *stream)
{
    const StreamData *data = stream->private_data;
    return data->starved ? "no memory for the texts of the table" : NULL;
}

static void
release_stream(struct ArrowArrayStream *stream)
{
    StreamData *data = stream->private_data;
    carenet_table_unref(data->table);
    g_free(data);
    stream->release = NULL;
}

void
cn_table_to_arrow(carenet_table *table, gsize bytes_most, struct ArrowArrayStream *out)
{
    StreamData *data = g_new0(StreamData, 1);
    data->table = carenet_table_ref(table);
    data->bytes_most = bytes_most;
    *out = (struct ArrowArrayStream){.get_schema = get_schema,
                                     .get_next = get_next,
                                     .get_last_error = get_last_error,
                                     .release = release_stream,
                                     .private_data = data};
}
