/* Tables through Arrow: what goes out comes in again, numbers are not copied, what a consumer may do
 * with the pieces is allowed, and a stream that contradicts itself is refused by row and column. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/error.h"
#include "base/table.h"
#include "report/table-arrow.h"

#include <errno.h>
#include <string.h>

static const CnColumn columns[] = {
    {"id", CARENET_COLUMN_TEXT},      {"places", CARENET_COLUMN_INT64},
    {"share", CARENET_COLUMN_DOUBLE}, {"open", CARENET_COLUMN_BOOL},
    {"tags", CARENET_COLUMN_LIST},
};

/* Rows with every kind of cell, nulls among them; the same for the same @seed. */
static carenet_table *
build(guint rows, guint32 seed)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
    CnTableBuilder *builder = cn_table_builder_new(columns, G_N_ELEMENTS(columns));
    static const char *const words[] = {"", "ceb", "Parañaque", "a longer text than twelve bytes"};
    for (guint row = 0; row < rows; row++) {
        const char *picked[3];
        for (guint i = 0; i < G_N_ELEMENTS(picked); i++)
            picked[i] = words[g_rand_int_range(rand, 0, G_N_ELEMENTS(words))];
        const gint what = g_rand_int_range(rand, 0, 4);
        cn_table_add_text(builder, what == 0 ? NULL : picked[0]);
        if (what == 1)
            cn_table_add_null(builder);
        else
            cn_table_add_int64(builder, (gint64)g_rand_int(rand) * 3 - 7);
        cn_table_add_double(builder, g_rand_double(rand));
        if (what == 2)
            cn_table_add_null(builder);
        else
            cn_table_add_bool(builder, g_rand_boolean(rand));
        if (what == 3)
            cn_table_add_null(builder);
        else
            cn_table_add_list(builder, picked, (guint)g_rand_int_range(rand, 0, 4));
    }
    return cn_table_builder_finish(builder);
}

static char *
as_json(const carenet_table *table)
{
    char *text = carenet_table_to_string(table, CARENET_FORMAT_JSON, NULL);
    assert_non_null(text);
    return text;
}

static void
assert_same(const carenet_table *a, const carenet_table *b)
{
    g_autofree char *left = as_json(a), *right = as_json(b);
    assert_string_equal(left, right);
    assert_int_equal(carenet_table_columns_len(a), carenet_table_columns_len(b));
    for (gsize i = 0; i < carenet_table_columns_len(a); i++)
        assert_int_equal(carenet_table_column_type(a, i), carenet_table_column_type(b, i));
}

static void
what_goes_out_comes_in(void **state)
{
    (void)state;
    static const guint sizes[] = {0, 1, 7, 8, 9, 64, 1000};
    static const gsize most[] = {1, 100, 3000, CN_ARROW_BYTES_MOST};
    for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
        g_autoptr(carenet_table) table = build(sizes[i], 5 + i);
        for (guint k = 0; k < G_N_ELEMENTS(most); k++) {
            g_autoptr(GError) error = NULL;
            struct ArrowArrayStream stream;
            cn_table_to_arrow(table, most[k], &stream);
            g_autoptr(carenet_table) back = carenet_table_import_arrow(&stream, &error);
            assert_null(error);
            assert_non_null(back);
            assert_null(stream.release);
            assert_same(table, back);
        }
    }
}

static void
numbers_are_not_copied(void **state)
{
    (void)state;
    g_autoptr(carenet_table) table = build(100, 1);
    struct ArrowArrayStream stream;
    struct ArrowArray batch;
    assert_true(carenet_table_export_arrow(table, &stream, NULL));
    assert_int_equal(stream.get_next(&stream, &batch), 0);
    for (gsize i = 1; i <= 3; i++) {
        const CnColumnCells cells = cn_table_cells(table, i);
        assert_ptr_equal(batch.children[i]->buffers[1], cells.numbers);
        assert_ptr_equal(batch.children[i]->buffers[0], cells.valid);
        assert_int_equal(batch.children[i]->null_count, cells.nulls);
    }
    batch.release(&batch);
    stream.release(&stream);
}

static void
a_stream_outlives_its_table(void **state)
{
    (void)state;
    struct ArrowArrayStream stream;
    struct ArrowSchema schema;
    struct ArrowArray batch, end;
    carenet_table *table = build(100, 2);
    assert_true(carenet_table_export_arrow(table, &stream, NULL));
    carenet_table_unref(table);
    assert_int_equal(stream.get_schema(&stream, &schema), 0);
    assert_int_equal(stream.get_next(&stream, &batch), 0);
    assert_int_equal(stream.get_next(&stream, &end), 0);
    assert_null(end.release);
    assert_null(stream.get_last_error(&stream));
    stream.release(&stream);
    assert_null(stream.release);
    /* A child may be taken out and outlive the rest. */
    struct ArrowArray texts = *batch.children[0];
    batch.children[0]->release = NULL;
    struct ArrowSchema name = *schema.children[4];
    schema.children[4]->release = NULL;
    batch.release(&batch);
    schema.release(&schema);
    assert_int_equal(texts.length, 100);
    assert_string_equal(name.name, "tags");
    assert_string_equal(name.children[0]->format, "u");
    texts.release(&texts);
    name.release(&name);
}

static void
a_table_without_rows_has_a_schema_and_a_batch(void **state)
{
    (void)state;
    g_autoptr(carenet_table) table = build(0, 3);
    struct ArrowArrayStream stream;
    struct ArrowArray batch;
    assert_true(carenet_table_export_arrow(table, &stream, NULL));
    assert_int_equal(stream.get_next(&stream, &batch), 0);
    assert_int_equal(batch.length, 0);
    assert_int_equal(batch.n_children, 5);
    batch.release(&batch);
    stream.release(&stream);
}

static void
wrong_calls_are_refused(void **state)
{
    (void)state;
    g_autoptr(GError) error = NULL;
    struct ArrowArrayStream stream = {.release = NULL};
    assert_false(carenet_table_export_arrow(NULL, &stream, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_INVALID_ARGUMENT);
    g_clear_error(&error);
    assert_null(carenet_table_import_arrow(NULL, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_INVALID_ARGUMENT);
    g_clear_error(&error);
    assert_null(carenet_table_import_arrow(&stream, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_INVALID_ARGUMENT);
}

/* ---- A producer of one column that says what the test wants. */

typedef struct {
    struct ArrowSchema *schema;
    struct ArrowArray *column;
    gint64 rows;
    gint code;    /* of get_next() */
    gint batches; /* that are still to come */
    guint released;
} Producer;

static void
release_nothing(struct ArrowSchema *schema)
{
    schema->release = NULL;
}

static void
release_no_array(struct ArrowArray *array)
{
    array->release = NULL;
}

static int
produce_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    Producer *producer = stream->private_data;
    static struct ArrowSchema *children[1];
    children[0] = producer->schema;
    *out = (struct ArrowSchema){
        .format = "+s", .n_children = 1, .children = children, .release = release_nothing};
    return 0;
}

static int
produce_batch(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    Producer *producer = stream->private_data;
    static struct ArrowArray *children[1];
    static const void *buffers[1];
    children[0] = producer->column;
    *out = (struct ArrowArray){.length = producer->rows,
                               .n_buffers = 1,
                               .buffers = buffers,
                               .n_children = 1,
                               .children = children,
                               .release = release_no_array};
    if (producer->code == 0 && producer->batches-- == 0)
        out->release = NULL;
    return producer->code;
}

static const char *
produce_reason(struct ArrowArrayStream *stream)
{
    (void)stream;
    return "the disk\nis gone";
}

static void
release_producer(struct ArrowArrayStream *stream)
{
    ((Producer *)stream->private_data)->released++;
    stream->release = NULL;
}

static carenet_table *
import(Producer *producer, GError **error)
{
    struct ArrowArrayStream stream = {.get_schema = produce_schema,
                                      .get_next = produce_batch,
                                      .get_last_error = produce_reason,
                                      .release = release_producer,
                                      .private_data = producer};
    carenet_table *table = carenet_table_import_arrow(&stream, error);
    assert_int_equal(producer->released, 1);
    return table;
}

static char *
import_json(const char *format, gint64 rows, gint64 offset, const void *values, const void *valid)
{
    const void *buffers[] = {valid, values};
    struct ArrowSchema schema = {.format = format, .name = "x"};
    struct ArrowArray column = {
        .length = rows, .offset = offset, .n_buffers = 2, .buffers = buffers};
    Producer producer = {.schema = &schema, .column = &column, .rows = rows, .batches = 2};
    g_autoptr(GError) error = NULL;
    g_autoptr(carenet_table) table = import(&producer, &error);
    assert_null(error);
    GString *out = g_string_new(NULL);
    for (gsize i = 0; i < carenet_table_rows_len(table); i++) {
        if (carenet_table_is_null(table, i, 0))
            g_string_append(out, "null ");
        else if (carenet_table_column_type(table, 0) == CARENET_COLUMN_INT64)
            g_string_append_printf(out, "%" G_GINT64_FORMAT " ",
                                   carenet_table_get_int64(table, i, 0));
        else if (carenet_table_column_type(table, 0) == CARENET_COLUMN_BOOL)
            g_string_append_printf(out, "%s ", carenet_table_get_bool(table, i, 0) ? "yes" : "no");
        else
            g_string_append_printf(out, "%g ", carenet_table_get_double(table, i, 0));
    }
    return g_string_free(out, FALSE);
}

static void
every_number_comes_in(void **state)
{
    (void)state;
    static const guint8 valid[] = {0x0d}; /* cell 1 is null */
    static const gint8 c[] = {9, 1, -128, 5};
    static const guint8 C[] = {9, 1, 255, 5}, b[] = {0x0c};
    static const gint16 s[] = {9, 1, -32768, 5};
    static const guint16 S[] = {9, 1, 65535, 5};
    static const gint32 i[] = {9, 1, G_MININT32, 5};
    static const guint32 I[] = {9, 1, G_MAXUINT32, 5};
    static const gint64 l[] = {9, 1, G_MININT64, 5};
    static const guint64 L[] = {9, 1, G_MAXINT64, 5};
    static const float f[] = {9, 1, 0.5F, 5};
    static const double g[] = {9, 1, 0.5, 5};
    static const struct {
        const char *format;
        const void *values;
        const char *expected;
    } cases[] = {
        {"c", c, "null -128 5 "},
        {"C", C, "null 255 5 "},
        {"s", s, "null -32768 5 "},
        {"S", S, "null 65535 5 "},
        {"i", i, "null -2147483648 5 "},
        {"I", I, "null 4294967295 5 "},
        {"l", l, "null -9223372036854775808 5 "},
        {"L", L, "null 9223372036854775807 5 "},
        {"f", f, "null 0.5 5 "},
        {"g", g, "null 0.5 5 "},
        {"b", b, "null yes yes "},
    };
    for (gsize k = 0; k < G_N_ELEMENTS(cases); k++) {
        g_autofree char *text = import_json(cases[k].format, 3, 1, cases[k].values, valid);
        g_autofree char *twice = g_strconcat(cases[k].expected, cases[k].expected, NULL);
        assert_string_equal(text, twice);
    }
}

static void
texts_come_in_from_dictionaries_and_views(void **state)
{
    (void)state;
    g_autoptr(GError) error = NULL;
    char views[3][16] = {{0}};
    static const char pool[] = "xxa text of more than twelve bytes";
    static const gint32 place[] = {3, 0, 2}, lens[] = {32, 3};
    memcpy(views[0], &lens[0], 4);
    memcpy(views[0] + 8, &place[1], 4);
    memcpy(views[0] + 12, &place[2], 4);
    memcpy(views[1], &lens[1], 4);
    memcpy(views[1] + 4, "ceb", 3);
    static const gint64 sizes[] = {34};
    const void *view_buffers[] = {NULL, views, pool, sizes};
    struct ArrowArray words = {.length = 3, .n_buffers = 4, .buffers = view_buffers};
    static const guint8 indexes[] = {1, 2, 0};
    const void *index_buffers[] = {NULL, indexes};
    struct ArrowArray column = {
        .length = 3, .n_buffers = 2, .buffers = index_buffers, .dictionary = &words};
    struct ArrowSchema values = {.format = "vu"};
    struct ArrowSchema schema = {.format = "C", .name = "word", .dictionary = &values};
    Producer producer = {.schema = &schema, .column = &column, .rows = 3, .batches = 1};
    g_autoptr(carenet_table) table = import(&producer, &error);
    assert_null(error);
    assert_string_equal(carenet_table_get_text(table, 0, 0), "ceb");
    assert_string_equal(carenet_table_get_text(table, 1, 0), "");
    assert_string_equal(carenet_table_get_text(table, 2, 0), pool + 2);
    /* A view that points out of its buffer. */
    static const gint64 short_size[] = {33};
    view_buffers[3] = short_size;
    Producer again = {.schema = &schema, .column = &column, .rows = 3, .batches = 1};
    assert_null(import(&again, &error));
    assert_string_equal(carenet_error_get_message(error),
                        "column \"word\", row 2 (from 0): its offsets cannot be");
}

typedef struct {
    const char *format;
    gint64 rows, length, offset, n_buffers;
    gint code;
    carenet_error_code error;
    const char *message; /* a part of it */
} Contradiction;

static void
contradictions_are_refused(void **state)
{
    (void)state;
    static const gint32 offsets[] = {0, 3, 2, 6};
    static const char text[] = "ceb\xff\xff\xff";
    static const guint64 large[] = {1, G_MAXUINT64, 3};
    static const Contradiction cases[] = {
        {"u", 3, 3, 0, 3, 0, CARENET_ERROR_INVALID_DATA, "column \"x\", row 1"},
        {"u", 1, 1, 2, 3, 0, CARENET_ERROR_INVALID_DATA, "not UTF-8"},
        {"u", 3, 2, 0, 3, 0, CARENET_ERROR_INVALID_DATA, "does not fit its schema"},
        {"u", 3, -1, 0, 3, 0, CARENET_ERROR_INVALID_DATA, "does not fit its schema"},
        {"u", 3, 3, -1, 3, 0, CARENET_ERROR_INVALID_DATA, "does not fit its schema"},
        {"u", 3, 3, G_MAXINT64, 3, 0, CARENET_ERROR_INVALID_DATA, "does not fit its schema"},
        {"u", -3, 3, 0, 3, 0, CARENET_ERROR_INVALID_DATA, "does not fit its schema"},
        {"u", 3, 3, 0, 2, 0, CARENET_ERROR_INVALID_DATA, "does not fit its schema"},
        {"vu", 3, 3, 0, 2, 0, CARENET_ERROR_INVALID_DATA, "does not fit its schema"},
        {"L", 3, 3, 0, 2, 0, CARENET_ERROR_TOO_LARGE, "column \"x\", row 1"},
        {"+l", 3, 3, 0, 2, 0, CARENET_ERROR_UNSUPPORTED, "column \"x\""},
        {"tdD", 3, 3, 0, 2, 0, CARENET_ERROR_UNSUPPORTED, "Arrow type \"tdD\""},
        {"u", 3, 3, 0, 3, EIO, CARENET_ERROR_IO, "broke off: the disk is gone"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        const gboolean is_number = strcmp(cases[i].format, "L") == 0;
        const void *buffers[] = {NULL, is_number ? (const void *)large : offsets, text};
        struct ArrowSchema schema = {.format = cases[i].format, .name = "x"};
        struct ArrowArray column = {.length = cases[i].length,
                                    .offset = cases[i].offset,
                                    .n_buffers = cases[i].n_buffers,
                                    .buffers = buffers};
        Producer producer = {.schema = &schema,
                             .column = &column,
                             .rows = cases[i].rows,
                             .code = cases[i].code,
                             .batches = 1};
        assert_null(import(&producer, &error));
        assert_int_equal(carenet_error_get_code(error), cases[i].error);
        assert_non_null(strstr(carenet_error_get_message(error), cases[i].message));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_goes_out_comes_in),
        cmocka_unit_test(numbers_are_not_copied),
        cmocka_unit_test(a_stream_outlives_its_table),
        cmocka_unit_test(a_table_without_rows_has_a_schema_and_a_batch),
        cmocka_unit_test(wrong_calls_are_refused),
        cmocka_unit_test(every_number_comes_in),
        cmocka_unit_test(texts_come_in_from_dictionaries_and_views),
        cmocka_unit_test(contradictions_are_refused),
    };
    return cmocka_run_group_tests_name("table-arrow", tests, NULL, NULL);
}
