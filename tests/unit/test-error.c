/* Errors: code, message, place, next step, name and exit status. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/error.h"

#include <string.h>

static void
carries_code_and_message(void **state)
{
    (void)state;
    g_autoptr(GError) error = NULL;
    cn_error_set(&error, CARENET_ERROR_NOT_FOUND, "there is no area \"%s\"", "Mindanoa");
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_NOT_FOUND);
    assert_string_equal(carenet_error_get_message(error), "there is no area \"Mindanoa\"");
    assert_null(carenet_error_get_hint(error));
    assert_null(carenet_error_get_file(error));
    assert_int_equal(carenet_error_get_line(error), 0);
    assert_int_equal(carenet_error_get_column(error), 0);
}

static void
carries_a_place_and_a_next_step(void **state)
{
    (void)state;
    g_autoptr(GError) error = NULL;
    cn_error_set_at(&error, CARENET_ERROR_PARSE, "a.yaml", 3, 14, "a tab in %s", "the margin");
    cn_error_hint(&error, "use %s", "tabs");
    cn_error_hint(&error, "use %d blanks", 2);
    assert_string_equal(carenet_error_get_file(error), "a.yaml");
    assert_int_equal(carenet_error_get_line(error), 3);
    assert_int_equal(carenet_error_get_column(error), 14);
    assert_string_equal(carenet_error_get_hint(error), "use 2 blanks");

    g_autoptr(GError) copy = g_error_copy(error);
    g_clear_error(&error);
    assert_string_equal(carenet_error_get_file(copy), "a.yaml");
    assert_string_equal(carenet_error_get_hint(copy), "use 2 blanks");
    assert_int_equal(carenet_error_get_column(copy), 14);
}

static void
nobody_listening_is_fine(void **state)
{
    (void)state;
    g_autoptr(GError) foreign = g_error_new_literal(G_FILE_ERROR, G_FILE_ERROR_NOENT, "x");
    cn_error_set(NULL, CARENET_ERROR_IO, "nobody listens");
    cn_error_set_at(NULL, CARENET_ERROR_IO, "f", 1, 1, "nobody listens");
    cn_error_hint(NULL, "nobody listens");
    cn_error_hint(&foreign, "not ours");
    assert_false(cn_error_argument(NULL, "f", "x"));
    assert_int_equal(carenet_error_get_code(NULL), CARENET_ERROR_INTERNAL);
    assert_string_equal(carenet_error_get_message(NULL), "");
    assert_null(carenet_error_get_hint(NULL));
    assert_null(carenet_error_get_file(NULL));
    assert_int_equal(carenet_error_get_line(NULL), 0);
    carenet_error_free(NULL);
    carenet_free(NULL);
}

/* A path may be any bytes. */
static void
what_is_said_is_text(void **state)
{
    (void)state;
    g_autoptr(GError) error = NULL;
    cn_error_set(&error, CARENET_ERROR_IO, "there is no file %s", "a\xff");
    cn_error_hint(&error, "is it \xc0%s?", "b");
    assert_string_equal(carenet_error_get_message(error), "there is no file a\xef\xbf\xbd");
    assert_string_equal(carenet_error_get_hint(error), "is it \xef\xbf\xbd"
                                                       "b?");
    cn_error_set_at(&error, CARENET_ERROR_IO, "a\xff", 1, 2, "%s", "\xff");
    assert_string_equal(carenet_error_get_message(error), "\xef\xbf\xbd");
    assert_string_equal(carenet_error_get_file(error), "a\xff");
}

static void
foreign_errors_are_internal(void **state)
{
    (void)state;
    g_autoptr(GError) foreign = g_error_new_literal(G_FILE_ERROR, G_FILE_ERROR_NOENT, "x");
    assert_int_equal(carenet_error_get_code(foreign), CARENET_ERROR_INTERNAL);
    assert_string_equal(carenet_error_get_message(foreign), "x");
    assert_null(carenet_error_get_hint(foreign));
}

static void
file_errors_are_translated(void **state)
{
    (void)state;
    static const struct {
        GFileError cause;
        const char *message;
        const char *hint;
    } cases[] = {{G_FILE_ERROR_NOENT, "there is no file /x/y", "check the path"},
                 {G_FILE_ERROR_ACCES, "no permission to read /x/y", "ask its owner for it"},
                 {G_FILE_ERROR_ISDIR, "/x/y is a folder", "name the files in it"},
                 {G_FILE_ERROR_NOSPC, "the cause", "check the path and the disk"}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) cause =
            g_error_new_literal(G_FILE_ERROR, (gint)cases[i].cause, "the cause");
        g_autoptr(GError) error = NULL;
        cn_error_from_file(&error, cause, "/x/y");
        assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_IO);
        assert_string_equal(carenet_error_get_message(error), cases[i].message);
        assert_string_equal(carenet_error_get_hint(error), cases[i].hint);
        assert_string_equal(carenet_error_get_file(error), "/x/y");
    }
}

static gboolean
need_text(const char *text, GError **error)
{
    CN_REQUIRE_GIVEN(text, error, FALSE);
    CN_REQUIRE(text[0] != '\0', "text is empty", error, FALSE);
    return TRUE;
}

static gboolean
help_to_need(const char *text, GError **error)
{
    CN_REQUIRE_GIVEN_FOR("carenet_need", text, error, FALSE);
    CN_REQUIRE_FOR("carenet_need", text[0] != '\0', "text is empty", error, FALSE);
    return TRUE;
}

static void
callers_mistakes_are_silent_errors(void **state)
{
    (void)state;
    g_autoptr(GError) error = NULL;
    assert_true(need_text("x", &error));
    assert_null(error);
    assert_false(need_text(NULL, NULL));
    assert_false(need_text(NULL, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_INVALID_ARGUMENT);
    assert_string_equal(carenet_error_get_message(error), "need_text(): text is NULL");
    /* Perhaps it is missing for the reason that stands there; what is given and wrong is news. */
    assert_false(help_to_need(NULL, &error));
    assert_string_equal(carenet_error_get_message(error), "need_text(): text is NULL");
    assert_false(need_text("", &error));
    assert_string_equal(carenet_error_get_message(error), "need_text(): text is empty");
    assert_false(help_to_need("", &error));
    assert_string_equal(carenet_error_get_message(error), "carenet_need(): text is empty");
    carenet_error_clear(&error);
    assert_false(help_to_need(NULL, &error));
    assert_string_equal(carenet_error_get_message(error), "carenet_need(): text is NULL");
    carenet_error_clear(&error);
    assert_null(error);
    carenet_error_clear(&error);
}

/* The commitment: neither names nor numbers nor exit statuses ever change. */
static void
codes_keep_their_meaning(void **state)
{
    (void)state;
    static const struct {
        int number;
        const char *name;
        int status;
    } expected[] = {
        {1, "invalid-argument", 2},
        {2, "not-found", 2},
        {3, "invalid-data", 2},
        {4, "parse", 2},
        {5, "conflict", 3},
        {6, "state", 3},
        {7, "refused", 4},
        {8, "capacity", 3},
        {9, "busy", 5},
        {10, "io", 2},
        {11, "storage", 5},
        {12, "corrupt", 5},
        {13, "version", 5},
        {14, "too-large", 2},
        {15, "unsupported", 2},
        {16, "internal", 70},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(expected); i++) {
        carenet_error_code code = (carenet_error_code)expected[i].number;
        assert_string_equal(carenet_error_code_name(code), expected[i].name);
        assert_int_equal(carenet_error_code_exit_status(code), expected[i].status);
    }
    assert_string_equal(carenet_error_code_name((carenet_error_code)0), "internal");
    assert_int_equal(carenet_error_code_exit_status((carenet_error_code)17), 70);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(carries_code_and_message),
        cmocka_unit_test(carries_a_place_and_a_next_step),
        cmocka_unit_test(nobody_listening_is_fine),
        cmocka_unit_test(what_is_said_is_text),
        cmocka_unit_test(foreign_errors_are_internal),
        cmocka_unit_test(file_errors_are_translated),
        cmocka_unit_test(callers_mistakes_are_silent_errors),
        cmocka_unit_test(codes_keep_their_meaning),
    };
    return cmocka_run_group_tests_name("error", tests, NULL, NULL);
}
