#include "output.h"

#include "message.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Data may be written by anybody: a terminal shall not take any of it for a command. */
static void
write_clean(FILE *stream, const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    for (const char *p = valid; *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if ((c < 0x20 && c != '\n') || (c >= 0x7f && c < 0xa0))
            fputc('?', stream);
        else
            fwrite(p, 1, (gsize)(g_utf8_next_char(p) - p), stream);
    }
}

void
cli_say(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(cli_translate(format), args);
    va_end(args);
    fflush(stdout); /* where both go to one place, what was printed before stands before */
    write_clean(stderr, text);
    fputc('\n', stderr);
}

void
cli_print(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(cli_translate(format), args);
    va_end(args);
    write_clean(stdout, text);
}

void
cli_note(const Cli *cli, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(cli_translate(format), args);
    va_end(args);
    if (cli->layout == CLI_LAYOUT_TABLE)
        fputs("· ", stdout);
    write_clean(stdout, text);
}

void
cli_print_raw(const char *text)
{
    fputs(text, stdout);
}

void
cli_print_text(const char *text)
{
    write_clean(stdout, text);
    if (*text != '\0' && !g_str_has_suffix(text, "\n"))
        fputc('\n', stdout);
}

/* ---- Errors */

/* An error taken apart, whoever made it. */
typedef struct {
    carenet_error_code code;
    char *message;
    const char *hint;
    const char *file;
    guint line;
    guint column;
} Fault;

static Fault
read_fault(const GError *error)
{
    Fault fault = {.code = CARENET_ERROR_INTERNAL, .message = g_strdup(error->message)};
    if (error->domain != CLI_ERROR) {
        fault.code = carenet_error_get_code(error);
        fault.hint = carenet_error_get_hint(error);
        fault.file = carenet_error_get_file(error);
        fault.line = carenet_error_get_line(error);
        fault.column = carenet_error_get_column(error);
        return fault;
    }
    fault.code = (carenet_error_code)error->code;
    char *newline = strchr(fault.message, '\n');
    if (newline != NULL) {
        *newline = '\0';
        fault.hint = newline + 1;
    }
    return fault;
}

static json_t *
number_or_null(guint number)
{
    return number > 0 ? json_integer((json_int_t)number) : json_null();
}

json_t *
cli_text_to_json(const char *text)
{
    g_autofree char *valid = text != NULL ? g_utf8_make_valid(text, -1) : NULL;
    return valid != NULL ? json_string(valid) : json_null();
}

static void
report_json(const Fault *fault)
{
    json_t *object = json_pack(
        "{s: {s: i, s: s, s: o, s: o, s: o, s: o, s: o}}", "error", "code", (int)fault->code,
        "name", carenet_error_code_name(fault->code), "message", cli_text_to_json(fault->message),
        "hint", cli_text_to_json(fault->hint), "file", cli_text_to_json(fault->file), "line",
        number_or_null(fault->line), "column", number_or_null(fault->column));
    char *text = json_dumps(object, JSON_COMPACT);
    fprintf(stderr, "%s\n", text != NULL ? text : "{\"error\": {}}");
    free(text);
    json_decref(object);
}

static void
report_text(const Fault *fault)
{
    if (fault->file != NULL && fault->line > 0)
        cli_say("carenet: %s:%u:%u: %s", fault->file, fault->line, fault->column, fault->message);
    else if (fault->file != NULL && strstr(fault->message, fault->file) == NULL)
        cli_say("carenet: %s: %s", fault->file, fault->message);
    else
        cli_say("carenet: %s", fault->message);
    if (fault->hint != NULL)
        cli_say("  %s", fault->hint);
}

int
cli_error_report(const GError *error, gboolean as_json)
{
    Fault fault = read_fault(error);
    if (as_json)
        report_json(&fault);
    else
        report_text(&fault);
    g_free(fault.message);
    return carenet_error_code_exit_status(fault.code);
}

static void
report_issue(const carenet_table *issues, gsize row)
{
    const char *file = cli_cell_text(issues, row, "file");
    const char *suggestion = cli_cell_text(issues, row, "suggestion");
    g_autoptr(GString) place = g_string_new(file != NULL ? file : "input");
    if (!cli_cell_is_null(issues, row, "line"))
        g_string_append_printf(place, ":%" G_GINT64_FORMAT ":%" G_GINT64_FORMAT,
                               cli_cell_int(issues, row, "line"),
                               cli_cell_int(issues, row, "column"));
    cli_say("%s: %s: %s [%s]", place->str, cli_cell_text(issues, row, "severity"),
            cli_cell_text(issues, row, "message"), cli_cell_text(issues, row, "tag"));
    if (suggestion != NULL)
        cli_say("    %s", suggestion);
}

guint
cli_issues_report(const carenet_table *issues, gboolean as_json)
{
    guint errors = 0;
    const gsize len = carenet_table_rows_len(issues);
    for (gsize row = 0; row < len; row++) {
        errors += g_strcmp0(cli_cell_text(issues, row, "severity"), "error") == 0;
        if (!as_json)
            report_issue(issues, row);
    }
    if (as_json && len > 0) {
        char *text = carenet_table_to_string(issues, CARENET_FORMAT_NDJSON, NULL);
        fputs(text, stderr);
        carenet_free(text);
    } else {
        cli_warnings_report(issues);
    }
    return errors;
}

void
cli_issues_conclude(GError **error, guint errors, gboolean as_json, const char *outcome)
{
    if (errors == 0 || as_json || error == NULL || *error == NULL)
        return;
    const carenet_error_code code = carenet_error_get_code(*error);
    if (code != CARENET_ERROR_INVALID_DATA && code != CARENET_ERROR_PARSE)
        return;
    g_clear_error(error);
    cli_fail(error, code, outcome, "%u error%s", errors, errors == 1 ? "" : "s");
}

void
cli_warnings_report(const carenet_table *table)
{
    const gsize len = carenet_table_warnings_len(table);
    for (gsize i = 0; i < len; i++)
        cli_say("warning: %s", carenet_table_warning(table, i));
}

/* ---- Answers */

char *
cli_instant_format(gint64 instant_s)
{
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(CLI_LOCAL_OFFSET);
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(instant_s);
    g_autoptr(GDateTime) local = utc != NULL ? g_date_time_to_timezone(utc, zone) : NULL;
    return local != NULL ? g_date_time_format(local, "%Y-%m-%dT%H:%M:%S" CLI_LOCAL_OFFSET) : NULL;
}

char *
cli_instant_say(const char *instant)
{
    return g_strdup_printf("%.10s %.5s", instant, instant + 11);
}

json_t *
cli_directory_to_json(const Cli *cli)
{
    g_autofree char *as_of = cli_instant_format(cli_now(cli));
    return json_pack("{s: I, s: s, s: b, s: s}", "revision",
                     (json_int_t)carenet_directory_revision(cli->directory), "digest",
                     carenet_directory_digest(cli->directory), "demonstration",
                     (int)carenet_directory_is_demonstration(cli->directory), "as_of", as_of);
}

static gboolean json_starved;

static void *
allocate(size_t len)
{
    void *memory = malloc(len);
    json_starved = json_starved || memory == NULL;
    return memory;
}

void
cli_json_begin(void)
{
    json_set_alloc_funcs(allocate, free);
}

void
cli_json_fail(GError **error, const char *what)
{
    g_clear_error(error);
    if (json_starved)
        cli_fail(error, CARENET_ERROR_TOO_LARGE, "ask for less of it, or for a table or CSV",
                 "there is no memory for the answer");
    else
        cli_fail(error, CARENET_ERROR_INTERNAL, NULL, "%s", what);
}

json_t *
cli_rows_to_json(const carenet_table *rows, GError **error)
{
    json_error_t cause;
    char *text = carenet_table_to_string(rows, CARENET_FORMAT_JSON, error);
    if (text == NULL)
        return NULL;
    json_t *array = json_loads(text, 0, &cause);
    carenet_free(text);
    if (array == NULL)
        cli_json_fail(error, "a table is not JSON");
    return array;
}

json_t *
cli_warnings_to_json(const carenet_table *rows)
{
    json_t *array = json_array();
    const gsize len = carenet_table_warnings_len(rows);
    for (gsize i = 0; i < len; i++)
        json_array_append_new(array, json_string(carenet_table_warning(rows, i)));
    return array;
}

gboolean
cli_json_print(const Cli *cli, json_t *object, GError **error)
{
    /* 15 digits keep what people wrote ("8.4771") as they wrote it. */
    const size_t layout = cli->format == CLI_NDJSON ? JSON_COMPACT : JSON_INDENT(2);
    char *text = json_dumps(object, layout | JSON_REAL_PRECISION(15));
    json_decref(object);
    if (text == NULL || json_starved) {
        cli_json_fail(error, "an answer cannot be written as JSON");
        free(text);
        return FALSE;
    }
    puts(text);
    free(text);
    return TRUE;
}

/* Where there is such a table. */
static gboolean
set_rows(json_t *object, const char *key, const carenet_table *table, GError **error)
{
    if (table == NULL)
        return TRUE;
    json_t *rows = cli_rows_to_json(table, error);
    if (rows == NULL)
        return FALSE;
    json_object_set_new(object, key, rows);
    return TRUE;
}

static gboolean
print_envelope(const Cli *cli, CliAnswer *answer, GError **error)
{
    json_t *rows = cli_rows_to_json(answer->rows, error);
    if (rows == NULL)
        return FALSE;
    json_t *object = json_pack("{s: s}", "schema", answer->schema);
    if (cli->directory != NULL)
        json_object_set_new(object, "directory", cli_directory_to_json(cli));
    if (answer->query != NULL)
        json_object_set(object, "query", answer->query);
    json_object_set_new(object, "rows", rows);
    json_object_set_new(object, "warnings", cli_warnings_to_json(answer->rows));
    if (!set_rows(object, "reporting_lines", answer->lines, error) ||
        !set_rows(object, "quotas", answer->quotas, error)) {
        json_decref(object);
        return FALSE;
    }
    return cli_json_print(cli, object, error);
}

gboolean
cli_answer_print(const Cli *cli, CliAnswer *answer, GError **error)
{
    static const carenet_format formats[] = {[CLI_NDJSON] = CARENET_FORMAT_NDJSON,
                                             [CLI_CSV] = CARENET_FORMAT_CSV,
                                             [CLI_MARKDOWN] = CARENET_FORMAT_MARKDOWN};
    gboolean done = FALSE;
    if (cli->format == CLI_JSON) {
        done = print_envelope(cli, answer, error);
    } else {
        char *text = carenet_table_to_string(answer->rows, formats[cli->format], error);
        done = text != NULL;
        if (done)
            fputs(text, stdout);
        carenet_free(text);
        cli_warnings_report(answer->rows);
    }
    json_decref(answer->query);
    answer->query = NULL;
    return done;
}

static gboolean
reader_is_gone(void)
{
    struct pollfd out = {.fd = STDOUT_FILENO};
    return poll(&out, 1, 0) == 1 && (out.revents & POLLERR) != 0;
}

gboolean
cli_output_finish(GError **error)
{
    errno = 0;
    gboolean flushed = fflush(stdout) == 0 && !ferror(stdout);
    if (flushed || errno == EPIPE || (errno == 0 && reader_is_gone()))
        return TRUE;
    cli_fail(error, CARENET_ERROR_STORAGE, "the answer is not complete",
             "the output cannot be written: %s",
             errno != 0 ? g_strerror(errno) : "a write has failed");
    return FALSE;
}

/* ---- Cells */

/* G_MAXSIZE, which no table has, where there is no such column: the getters know what to do. */
static gsize
find_column(const carenet_table *table, const char *column)
{
    ptrdiff_t at = carenet_table_column_index(table, column);
    return at >= 0 ? (gsize)at : G_MAXSIZE;
}

const char *
cli_cell_text(const carenet_table *table, gsize row, const char *column)
{
    return carenet_table_get_text(table, row, find_column(table, column));
}

gint64
cli_cell_int(const carenet_table *table, gsize row, const char *column)
{
    return carenet_table_get_int64(table, row, find_column(table, column));
}

gboolean
cli_cell_bool(const carenet_table *table, gsize row, const char *column)
{
    return carenet_table_get_bool(table, row, find_column(table, column));
}

gboolean
cli_cell_is_null(const carenet_table *table, gsize row, const char *column)
{
    return carenet_table_is_null(table, row, find_column(table, column));
}

char *
cli_cell_join(const carenet_table *table, gsize row, const char *column, const char *separator)
{
    GString *text = g_string_new(NULL);
    const gsize at = find_column(table, column), len = carenet_table_list_len(table, row, at);
    for (gsize i = 0; i < len; i++)
        g_string_append_printf(text, "%s%s", i > 0 ? separator : "",
                               carenet_table_list_get(table, row, at, i));
    return g_string_free(text, FALSE);
}
