/* Arrow in and out: a stream of one batch whose buffers are as large as they must be, but whose
 * lengths, offsets, indexes and texts are the input's. What is taken in goes out and comes in alike. */
#include "fuzz.h"

#include "base/error.h"
#include "model/case.h"
#include "report/table-arrow.h"

#include <string.h>

#define ROWS_MOST     24
#define BYTES         256 /* in each buffer: enough for ROWS_MOST cells of any kind */
#define COLUMNS_MOST  4
#define VIEWS_BUFFERS 4

typedef struct {
    struct ArrowSchema schema, inner_schema, *inner_schemas[1];
    struct ArrowArray array, inner, *inners[1];
    const void *buffers[VIEWS_BUFFERS], *inner_buffers[VIEWS_BUFFERS];
    guint8 valid[BYTES], inner_valid[BYTES];
    gint64 values[BYTES], inner_values[BYTES];
    char text[BYTES], inner_text[BYTES];
    gint64 sizes[1];
} Column;

typedef struct {
    FuzzChoices choices;
    Column columns[COLUMNS_MOST];
    struct ArrowSchema *schemas[COLUMNS_MOST];
    struct ArrowArray *arrays[COLUMNS_MOST];
    guint columns_len;
    gint64 rows;
    guint batches;
} Producer;

static void
fill(FuzzChoices *choices, void *bytes, gsize len)
{
    for (gsize i = 0; i < len; i++)
        ((guint8 *)bytes)[i] = fuzz_byte(choices);
}

/* Offsets stay where they may point: a consumer cannot know how long the texts are. */
static void
tame_offsets(void *values, const char *format)
{
    for (guint i = 0; i < BYTES; i++) {
        if (g_str_has_suffix(format, "U") || g_str_has_suffix(format, "L"))
            ((gint64 *)values)[i] %= BYTES;
        else
            ((gint32 *)values)[i] %= BYTES;
    }
}

static void
produce_array(FuzzChoices *choices,
              const char *format,
              gint64 rows,
              struct ArrowArray *array,
              const void **buffers,
              guint8 *valid,
              gint64 *values,
              char *text,
              gint64 *sizes)
{
    const gboolean is_text = g_str_has_suffix(format, "u") || g_str_has_suffix(format, "U");
    fill(choices, values, ROWS_MOST * 4);
    fill(choices, text, 40);
    *sizes = BYTES;
    if (strcmp(format, "vu") != 0 && (is_text || format[0] == '+'))
        tame_offsets(values, format);
    buffers[0] = fuzz_byte(choices) % 2 == 0 ? NULL : valid;
    if (buffers[0] != NULL)
        fill(choices, valid, 8);
    buffers[1] = values;
    buffers[2] = text;
    buffers[3] = sizes;
    array->length = rows + (gint8)fuzz_byte(choices) % 3;
    array->offset = fuzz_byte(choices) % 3;
    array->n_buffers = strcmp(format, "vu") == 0 ? 4 : is_text ? 3 : 2;
    array->null_count = -1;
    array->buffers = buffers;
}

static void
produce_column(Producer *producer, guint i)
{
    static const char *const formats[] = {"n", "c", "s", "i", "l", "C",  "S",  "I",  "L",
                                          "f", "g", "b", "u", "U", "vu", "+l", "+L", "tdD"};
    static const char *const texts[] = {"u", "U", "vu", "n", "c"};
    static const char *const names[] = {"ref", "area", "needs",    "age",
                                        "a",   "b",    "siblings", "avoid"};
    FuzzChoices *choices = &producer->choices;
    Column *column = &producer->columns[i];
    const char *format = formats[fuzz_pick(choices, G_N_ELEMENTS(formats))];
    const char *inner = texts[fuzz_pick(choices, G_N_ELEMENTS(texts))];
    const gboolean has_inner = format[0] == '+' || fuzz_byte(choices) % 4 == 1;
    column->schema.name = names[fuzz_pick(choices, G_N_ELEMENTS(names))];
    column->schema.format = format;
    column->inner_schema.format = inner;
    produce_array(choices, format, producer->rows, &column->array, column->buffers, column->valid,
                  column->values, column->text, column->sizes);
    produce_array(choices, inner, ROWS_MOST / 2, &column->inner, column->inner_buffers,
                  column->inner_valid, column->inner_values, column->inner_text, column->sizes);
    column->inner_schemas[0] = &column->inner_schema;
    column->inners[0] = &column->inner;
    if (has_inner && format[0] == '+') {
        column->schema.n_children = column->array.n_children = 1;
        column->schema.children = column->inner_schemas;
        column->array.children = column->inners;
    } else if (has_inner) {
        column->schema.dictionary = &column->inner_schema;
        column->array.dictionary = &column->inner;
    }
    producer->schemas[i] = &column->schema;
    producer->arrays[i] = &column->array;
}

static void
keep_schema(struct ArrowSchema *schema)
{
    schema->release = NULL;
}

static void
keep_array(struct ArrowArray *array)
{
    array->release = NULL;
}

static void
keep_stream(struct ArrowArrayStream *stream)
{
    stream->release = NULL;
}

static int
get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    Producer *producer = stream->private_data;
    *out = (struct ArrowSchema){.format = "+s",
                                .n_children = producer->columns_len,
                                .children = producer->schemas,
                                .release = keep_schema};
    return 0;
}

static int
get_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    Producer *producer = stream->private_data;
    static const void *buffers[1];
    *out = (struct ArrowArray){.length = producer->rows,
                               .n_buffers = 1,
                               .buffers = buffers,
                               .n_children = producer->columns_len,
                               .children = producer->arrays,
                               .release = keep_array};
    if (producer->batches == 0)
        out->release = NULL;
    else
        producer->batches--;
    return 0;
}

static const char *
get_last_error(struct ArrowArrayStream *stream)
{
    (void)stream;
    return NULL;
}

/* Any table may be given for a list of cases; most are refused. */
static void
check_cases(const carenet_table *table)
{
    g_autoptr(GError) error = NULL;
    carenet_table *issues = NULL;
    g_autoptr(carenet_cases) cases =
        carenet_cases_from_table(fuzz_reference(), table, "cases", 0, &issues, &error);
    fuzz_check_error(cases != NULL, error);
    g_assert_nonnull(issues);
    carenet_table_unref(issues);
}

static void
check_round_trip(carenet_table *table)
{
    struct ArrowArrayStream stream;
    g_autoptr(GError) error = NULL;
    cn_table_to_arrow(table, 64, &stream);
    g_autoptr(carenet_table) back = carenet_table_import_arrow(&stream, &error);
    fuzz_check_error(back != NULL, error);
    g_assert_nonnull(back);
    g_autofree char *first = carenet_table_to_string(table, CARENET_FORMAT_JSON, NULL);
    g_autofree char *second = carenet_table_to_string(back, CARENET_FORMAT_JSON, NULL);
    g_assert_cmpstr(first, ==, second);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree Producer *producer = g_new0(Producer, 1);
    producer->choices = (FuzzChoices){data, size};
    producer->rows = fuzz_pick(&producer->choices, ROWS_MOST / 2);
    producer->batches = fuzz_pick(&producer->choices, 3);
    producer->columns_len = 1 + fuzz_pick(&producer->choices, COLUMNS_MOST);
    for (guint i = 0; i < producer->columns_len; i++)
        produce_column(producer, i);
    struct ArrowArrayStream stream = {get_schema, get_next, get_last_error, keep_stream, producer};
    g_autoptr(GError) error = NULL;
    g_autoptr(carenet_table) table = carenet_table_import_arrow(&stream, &error);
    fuzz_check_error(table != NULL, error);
    if (table != NULL) {
        fuzz_check_table(table);
        check_round_trip(table);
        check_cases(table);
    }
    return 0;
}
