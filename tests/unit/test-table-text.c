/* Tables as JSON, NDJSON, CSV and Markdown: exact text, and what JSON gives back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/table.h"
#include "report/table-text.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

/* One row of one text column "t". */
static carenet_table *
text_table(const char *text)
{
    static const CnColumn columns[] = {{"t", CARENET_COLUMN_TEXT}};
    CnTableBuilder *builder = cn_table_builder_new(columns, 1);
    cn_table_add_text(builder, text);
    return cn_table_builder_finish(builder);
}

static carenet_table *
double_table(double value)
{
    static const CnColumn columns[] = {{"d", CARENET_COLUMN_DOUBLE}};
    CnTableBuilder *builder = cn_table_builder_new(columns, 1);
    cn_table_add_double(builder, value);
    return cn_table_builder_finish(builder);
}

/* Two rows, one of them of nulls. */
static carenet_table *
mixed_table(void)
{
    static const CnColumn columns[] = {{"id", CARENET_COLUMN_TEXT},
                                       {"n", CARENET_COLUMN_INT64},
                                       {"d", CARENET_COLUMN_DOUBLE},
                                       {"ok", CARENET_COLUMN_BOOL},
                                       {"tags", CARENET_COLUMN_LIST}};
    static const char *const tags[] = {"ceb", "fil"};
    CnTableBuilder *builder = cn_table_builder_new(columns, G_N_ELEMENTS(columns));
    cn_table_add_text(builder, "Parañaque");
    cn_table_add_int64(builder, -3);
    cn_table_add_double(builder, 14.6);
    cn_table_add_bool(builder, TRUE);
    cn_table_add_list(builder, tags, 2);
    for (gsize i = 0; i < G_N_ELEMENTS(columns); i++)
        cn_table_add_null(builder);
    return cn_table_builder_finish(builder);
}

static void
check(carenet_table *table, carenet_format format, const char *expected)
{
    char *text = carenet_table_to_string(table, format, NULL);
    assert_string_equal(text, expected);
    carenet_free(text);
    carenet_table_unref(table);
}

static void
writes_every_type(void **state)
{
    (void)state;
    check(mixed_table(), CARENET_FORMAT_JSON,
          "[\n  {\"id\": \"Parañaque\", \"n\": -3, \"d\": 14.6, \"ok\": true, \"tags\": [\"ceb\", "
          "\"fil\"]},\n"
          "  {\"id\": null, \"n\": null, \"d\": null, \"ok\": null, \"tags\": null}\n]\n");
    check(mixed_table(), CARENET_FORMAT_NDJSON,
          "{\"id\": \"Parañaque\", \"n\": -3, \"d\": 14.6, \"ok\": true, \"tags\": [\"ceb\", "
          "\"fil\"]}\n"
          "{\"id\": null, \"n\": null, \"d\": null, \"ok\": null, \"tags\": null}\n");
    check(mixed_table(), CARENET_FORMAT_CSV,
          "id,n,d,ok,tags\r\nParañaque,-3,14.6,true,ceb;fil\r\n,,,,\r\n");
    check(mixed_table(), CARENET_FORMAT_MARKDOWN,
          "| id | n | d | ok | tags |\n| --- | ---: | ---: | --- | --- |\n"
          "| Parañaque | -3 | 14.6 | true | ceb, fil |\n|  |  |  |  |  |\n");
}

static void
no_rows_keep_the_header(void **state)
{
    (void)state;
    static const CnColumn columns[] = {{"t", CARENET_COLUMN_TEXT}, {"n", CARENET_COLUMN_INT64}};
    static const struct {
        carenet_format format;
        const char *expected;
    } cases[] = {{CARENET_FORMAT_JSON, "[]\n"},
                 {CARENET_FORMAT_NDJSON, ""},
                 {CARENET_FORMAT_CSV, "t,n\r\n"},
                 {CARENET_FORMAT_MARKDOWN, "| t | n |\n| --- | ---: |\n"}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        check(cn_table_builder_finish(cn_table_builder_new(columns, 2)), cases[i].format,
              cases[i].expected);
}

static void
texts_are_escaped(void **state)
{
    (void)state;
    static const struct {
        const char *text, *json, *csv, *markdown;
    } cases[] = {
        {"", "\"\"", "\"\"", ""},
        {"a,b", "\"a,b\"", "\"a,b\"", "a,b"},
        {"say \"no\"", "\"say \\\"no\\\"\"", "\"say \"\"no\"\"\"", "say \"no\""},
        {"two\nlines", "\"two\\nlines\"", "\"two\nlines\"", "two<br>lines"},
        {"two\r\nlines", "\"two\\u000d\\nlines\"", "\"two\r\nlines\"", "two<br>lines"},
        {"a\tb", "\"a\\tb\"", "a\tb", "a\tb"},
        {"C:\\x", "\"C:\\\\x\"", "C:\\x", "C:\\\\x"},
        {"a|b", "\"a|b\"", "a|b", "a\\|b"},
        {"<b>*x*", "\"<b>*x*\"", "<b>*x*", "\\<b>\\*x\\*"},
        {"\x1b[31m", "\"\\u001b[31m\"", "\x1b[31m", "\x1b\\[31m"},
        {"\x7f", "\"\\u007f\"", "\x7f", "\x7f"},
        /* What a spreadsheet would run. */
        {"=1+1", "\"=1+1\"", "\"'=1+1\"", "=1+1"},
        {"+639", "\"+639\"", "\"'+639\"", "+639"},
        {"-2", "\"-2\"", "\"'-2\"", "-2"},
        {"@x", "\"@x\"", "\"'@x\"", "@x"},
        {"\tx", "\"\\tx\"", "\"'\tx\"", "\tx"},
        {"x=1", "\"x=1\"", "x=1", "x=1"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *json = g_strdup_printf("{\"t\": %s}\n", cases[i].json);
        g_autofree char *csv = g_strdup_printf("t\r\n%s\r\n", cases[i].csv);
        g_autofree char *markdown = g_strdup_printf("| t |\n| --- |\n| %s |\n", cases[i].markdown);
        check(text_table(cases[i].text), CARENET_FORMAT_NDJSON, json);
        check(text_table(cases[i].text), CARENET_FORMAT_CSV, csv);
        check(text_table(cases[i].text), CARENET_FORMAT_MARKDOWN, markdown);
    }
}

static void
lists_are_escaped(void **state)
{
    (void)state;
    static const CnColumn columns[] = {{"l", CARENET_COLUMN_LIST}};
    static const char *const members[] = {"=a", "b|c", "d\"e"};
    static const carenet_format formats[] = {CARENET_FORMAT_NDJSON, CARENET_FORMAT_CSV,
                                             CARENET_FORMAT_MARKDOWN};
    static const char *const expected[] = {
        "{\"l\": [\"=a\", \"b|c\", \"d\\\"e\"]}\n{\"l\": []}\n",
        "l\r\n\"'=a;b|c;d\"\"e\"\r\n\r\n",
        "| l |\n| --- |\n| =a, b\\|c, d\"e |\n|  |\n",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(formats); i++) {
        CnTableBuilder *builder = cn_table_builder_new(columns, 1);
        cn_table_add_list(builder, members, G_N_ELEMENTS(members));
        cn_table_add_list(builder, NULL, 0);
        check(cn_table_builder_finish(builder), formats[i], expected[i]);
    }
}

static void
broken_utf8_becomes_valid_json(void **state)
{
    (void)state;
    json_error_t cause;
    carenet_table *table = text_table("a\xff"
                                      "b");
    char *text = carenet_table_to_string(table, CARENET_FORMAT_JSON, NULL);
    json_t *rows = json_loads(text, 0, &cause);
    assert_non_null(rows);
    assert_string_equal(json_string_value(json_object_get(json_array_get(rows, 0), "t")),
                        "a\xef\xbf\xbd"
                        "b");
    json_decref(rows);
    carenet_free(text);
    carenet_table_unref(table);
}

static void
numbers_come_back_to_the_bit(void **state)
{
    (void)state;
    static const double values[] = {0,      0.1,  14.6,     -8.4771, 1.0 / 3,           1e300,
                                    5e-324, 1e15, 123456.7, 2e-10,   124.64449999999999};
    for (gsize i = 0; i < G_N_ELEMENTS(values); i++) {
        carenet_table *table = double_table(values[i]);
        char *text = carenet_table_to_string(table, CARENET_FORMAT_NDJSON, NULL);
        double back = g_ascii_strtod(strchr(text, ':') + 1, NULL);
        assert_memory_equal(&back, &values[i], sizeof back);
        carenet_free(text);
        carenet_table_unref(table);
    }
    check(double_table(0.1), CARENET_FORMAT_NDJSON, "{\"d\": 0.1}\n");
    check(double_table(NAN), CARENET_FORMAT_NDJSON, "{\"d\": null}\n");
    check(double_table(-INFINITY), CARENET_FORMAT_CSV, "d\r\n\r\n");
}

static void
wrong_use_is_an_error(void **state)
{
    (void)state;
    carenet_error *error = NULL;
    carenet_table *table = text_table("x");
    assert_null(carenet_table_to_string(NULL, CARENET_FORMAT_JSON, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_INVALID_ARGUMENT);
    carenet_error_clear(&error);
    assert_null(carenet_table_to_string(table, (carenet_format)99, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_INVALID_ARGUMENT);
    carenet_error_clear(&error);
    assert_null(carenet_table_to_string(table, (carenet_format)0, NULL));
    carenet_table_unref(table);
}

static void
version_is_told(void **state)
{
    (void)state;
    assert_true(g_ascii_isdigit(carenet_version()[0]));
    assert_non_null(strstr(carenet_version_libraries(), "glib "));
    assert_non_null(strstr(carenet_version_libraries(), "sqlite 3."));
    assert_ptr_equal(carenet_version_libraries(), carenet_version_libraries());
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_every_type),
        cmocka_unit_test(no_rows_keep_the_header),
        cmocka_unit_test(texts_are_escaped),
        cmocka_unit_test(lists_are_escaped),
        cmocka_unit_test(broken_utf8_becomes_valid_json),
        cmocka_unit_test(numbers_come_back_to_the_bit),
        cmocka_unit_test(wrong_use_is_an_error),
        cmocka_unit_test(version_is_told),
    };
    return cmocka_run_group_tests_name("table-text", tests, NULL, NULL);
}
