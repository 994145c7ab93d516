/* Tables: what a builder puts in comes out, and a wrong question gives nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/table.h"

#include <string.h>

static const CnColumn columns[] = {
    {"id", CARENET_COLUMN_TEXT},      {"places", CARENET_COLUMN_INT64},
    {"share", CARENET_COLUMN_DOUBLE}, {"open", CARENET_COLUMN_BOOL},
    {"tags", CARENET_COLUMN_LIST},
};

static carenet_table *
build(void)
{
    static const char *const tags[] = {"ceb", "", "Parañaque"};
    CnTableBuilder *builder = cn_table_builder_new(columns, G_N_ELEMENTS(columns));
    cn_table_add_text(builder, "first");
    cn_table_add_int64(builder, G_MININT64);
    cn_table_add_double(builder, 0.1);
    cn_table_add_bool(builder, 7);
    cn_table_add_list(builder, tags, G_N_ELEMENTS(tags));
    cn_table_add_text(builder, NULL);
    cn_table_add_null(builder);
    cn_table_add_null(builder);
    cn_table_add_null(builder);
    cn_table_add_null(builder);
    cn_table_add_text(builder, "");
    cn_table_add_int64(builder, 0);
    cn_table_add_double(builder, 0);
    cn_table_add_bool(builder, FALSE);
    cn_table_add_list(builder, NULL, 0);
    cn_table_warn(builder, "%d left out", 3);
    return cn_table_builder_finish(builder);
}

static void
cells_come_back(void **state)
{
    (void)state;
    carenet_table *table = build();
    assert_int_equal(carenet_table_rows_len(table), 3);
    assert_int_equal(carenet_table_columns_len(table), 5);
    assert_string_equal(carenet_table_get_text(table, 0, 0), "first");
    assert_true(carenet_table_get_int64(table, 0, 1) == G_MININT64);
    assert_true(memcmp(&(double){0.1}, &(double){carenet_table_get_double(table, 0, 2)},
                       sizeof(double)) == 0);
    assert_true(carenet_table_get_bool(table, 0, 3));
    assert_int_equal(carenet_table_list_len(table, 0, 4), 3);
    assert_string_equal(carenet_table_list_get(table, 0, 4, 1), "");
    assert_string_equal(carenet_table_list_get(table, 0, 4, 2), "Parañaque");
    assert_string_equal(carenet_table_get_text(table, 2, 0), "");
    assert_false(carenet_table_get_bool(table, 2, 3));
    assert_int_equal(carenet_table_list_len(table, 2, 4), 0);
    carenet_table_unref(table);
}

static void
null_is_not_empty(void **state)
{
    (void)state;
    carenet_table *table = build();
    for (gsize column = 0; column < 5; column++) {
        assert_true(carenet_table_is_null(table, 1, column));
        assert_false(carenet_table_is_null(table, 2, column));
    }
    assert_null(carenet_table_get_text(table, 1, 0));
    assert_int_equal(carenet_table_list_len(table, 1, 4), 0);
    carenet_table_unref(table);
}

static void
columns_have_names_and_types(void **state)
{
    (void)state;
    carenet_table *table = build();
    for (gsize i = 0; i < G_N_ELEMENTS(columns); i++) {
        assert_string_equal(carenet_table_column_name(table, i), columns[i].name);
        assert_int_equal(carenet_table_column_type(table, i), columns[i].type);
        assert_int_equal(carenet_table_column_index(table, columns[i].name), i);
    }
    assert_int_equal(carenet_table_column_index(table, "ID"), -1);
    assert_int_equal(carenet_table_column_index(table, NULL), -1);
    assert_null(carenet_table_column_name(table, 5));
    assert_int_equal(carenet_table_column_type(table, 5), CARENET_COLUMN_NONE);
    carenet_table_unref(table);
}

static void
wrong_questions_give_nothing(void **state)
{
    (void)state;
    carenet_table *table = build();
    /* Out of range, below and beside. */
    assert_true(carenet_table_is_null(table, 3, 0));
    assert_true(carenet_table_is_null(table, 0, SIZE_MAX));
    assert_null(carenet_table_get_text(table, 3, 0));
    assert_null(carenet_table_get_text(table, SIZE_MAX, SIZE_MAX));
    assert_int_equal(carenet_table_get_int64(table, 0, 9), 0);
    /* Of another type. */
    assert_null(carenet_table_get_text(table, 0, 1));
    assert_int_equal(carenet_table_get_int64(table, 0, 0), 0);
    assert_false(carenet_table_get_bool(table, 0, 1));
    assert_true(carenet_table_get_double(table, 0, 1) < 1e-300);
    assert_int_equal(carenet_table_list_len(table, 0, 0), 0);
    assert_null(carenet_table_list_get(table, 0, 4, 3));
    assert_null(carenet_table_list_get(table, 0, 0, 0));
    carenet_table_unref(table);
}

static void
no_table_is_an_empty_one(void **state)
{
    (void)state;
    assert_int_equal(carenet_table_rows_len(NULL), 0);
    assert_int_equal(carenet_table_columns_len(NULL), 0);
    assert_null(carenet_table_column_name(NULL, 0));
    assert_int_equal(carenet_table_column_type(NULL, 0), CARENET_COLUMN_NONE);
    assert_int_equal(carenet_table_column_index(NULL, "id"), -1);
    assert_true(carenet_table_is_null(NULL, 0, 0));
    assert_null(carenet_table_get_text(NULL, 0, 0));
    assert_int_equal(carenet_table_warnings_len(NULL), 0);
    assert_null(carenet_table_warning(NULL, 0));
    assert_null(carenet_table_ref(NULL));
    carenet_table_unref(NULL);
}

static void
warnings_belong_to_the_table(void **state)
{
    (void)state;
    carenet_table *table = build();
    assert_int_equal(carenet_table_warnings_len(table), 1);
    assert_string_equal(carenet_table_warning(table, 0), "3 left out");
    assert_null(carenet_table_warning(table, 1));
    carenet_table_unref(table);
}

static void
references_keep_it_alive(void **state)
{
    (void)state;
    carenet_table *table = build();
    assert_ptr_equal(carenet_table_ref(table), table);
    carenet_table_unref(table);
    assert_string_equal(carenet_table_get_text(table, 0, 0), "first");
    carenet_table_unref(table);
}

static void
rows_are_selected(void **state)
{
    (void)state;
    static const size_t rows[] = {2, 0, 0, 1}, wrong[] = {0, 3};
    carenet_error *error = NULL;
    carenet_table *table = build();
    carenet_table *some = carenet_table_select(table, rows, G_N_ELEMENTS(rows), &error);
    assert_null(error);
    assert_int_equal(carenet_table_rows_len(some), 4);
    assert_string_equal(carenet_table_get_text(some, 0, 0), "");
    assert_true(carenet_table_get_bool(some, 2, 3));
    assert_string_equal(carenet_table_list_get(some, 1, 4, 2), "Parañaque");
    assert_string_equal(carenet_table_list_get(some, 2, 4, 0), "ceb");
    for (gsize column = 0; column < 5; column++)
        assert_true(carenet_table_is_null(some, 3, column));
    assert_string_equal(carenet_table_warning(some, 0), "3 left out");
    carenet_table *none = carenet_table_select(table, NULL, 0, NULL);
    assert_int_equal(carenet_table_rows_len(none), 0);
    assert_int_equal(carenet_table_columns_len(none), 5);
    assert_null(carenet_table_select(table, wrong, G_N_ELEMENTS(wrong), &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_INVALID_ARGUMENT);
    carenet_error_clear(&error);
    assert_null(carenet_table_select(NULL, rows, 1, &error));
    carenet_error_free(error);
    carenet_table_unref(table);
    carenet_table_unref(some);
    carenet_table_unref(none);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_come_back),
        cmocka_unit_test(null_is_not_empty),
        cmocka_unit_test(columns_have_names_and_types),
        cmocka_unit_test(wrong_questions_give_nothing),
        cmocka_unit_test(no_table_is_an_empty_one),
        cmocka_unit_test(warnings_belong_to_the_table),
        cmocka_unit_test(references_keep_it_alive),
        cmocka_unit_test(rows_are_selected),
    };
    return cmocka_run_group_tests_name("table", tests, NULL, NULL);
}
