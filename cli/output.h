/* What leaves the program: answers on stdout, everything else on stderr.
 *
 * Nothing is said by colour. Control characters in data never reach a terminal. */
#pragma once

#include "common.h"

#include <jansson.h>

/* ---- stderr */

/* One line. */
void cli_say(const char *format, ...) G_GNUC_PRINTF(1, 2);
/* An error as a line and its next step, or as JSON; and the exit status for it. */
int cli_error_report(const GError *error, gboolean as_json);
/* What is wrong with input: "file:line:column: severity: message [tag]", the suggestion below; or
 * one JSON object a line. How many of them are errors. */
guint cli_issues_report(const carenet_table *issues, gboolean as_json);
/* Where the issues have been reported as text, the library's summary, which repeats the first one, is
 * replaced by how many errors there are and @outcome. */
void cli_issues_conclude(GError **error, guint errors, gboolean as_json, const char *outcome);
/* "warning: ..." for each warning of the table. */
void cli_warnings_report(const carenet_table *table);

/* ---- stdout */

/* From now on it is noted where jansson gets no memory: it leaves out what it has none for, and an answer
 * that lacks something is not printed. */
void cli_json_begin(void);
/* What an answer is that is not the JSON that it should be: too large for the memory, or else @what. */
void cli_json_fail(GError **error, const char *what);

/* Printed as it is, but for control characters. */
void cli_print(const char *format, ...) G_GNUC_PRINTF(1, 2);
/* A line below a table: "· " and the text; the text alone where the layout is lines. */
void cli_note(const Cli *cli, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* Text of our own in which control characters mean something. */
void cli_print_raw(const char *text);
/* Several lines of text from the library. */
void cli_print_text(const char *text);

/* An answer that is a table. */
typedef struct {
    const char *schema; /* "carenet.find/1" */
    json_t *query;      /* what was asked; nullable (transfer full) */
    const carenet_table *rows;
    const carenet_table *lines;  /* reporting lines; nullable */
    const carenet_table *quotas; /* of JSON; nullable: the answer knows none */
} CliAnswer;

/* Prints it in a format other than CLI_TABLE. */
gboolean cli_answer_print(const Cli *cli, CliAnswer *answer, GError **error);
/* {"revision", "digest", "demonstration", "as_of"} (transfer full) */
json_t *cli_directory_to_json(const Cli *cli);
/* The rows as an array of objects. (transfer full), NULL sets @error */
json_t *cli_rows_to_json(const carenet_table *rows, GError **error);
/* (transfer full) */
json_t *cli_warnings_to_json(const carenet_table *rows);
/* JSON is UTF-8; @text, such as a path, need not be. null for NULL. (transfer full) */
json_t *cli_text_to_json(const char *text);
/* Prints @object, indented or, for ndjson, in one line, and gives it back. */
gboolean cli_json_print(const Cli *cli, json_t *object, GError **error);
/* Local ISO 8601 with +08:00. (transfer full) */
char *cli_instant_format(gint64 instant_s);
/* Such a text as people say it: "2026-11-18 09:00". (transfer full) */
char *cli_instant_say(const char *instant);

/* Sees that everything has been written. A reader that went away is no error. */
gboolean cli_output_finish(GError **error);

/* ---- Cells by name; NULL, 0 or FALSE where there is no such cell. */

const char *cli_cell_text(const carenet_table *table, gsize row, const char *column);
gint64 cli_cell_int(const carenet_table *table, gsize row, const char *column);
gboolean cli_cell_bool(const carenet_table *table, gsize row, const char *column);
gboolean cli_cell_is_null(const carenet_table *table, gsize row, const char *column);
/* The texts of a list cell joined by @separator. (transfer full) */
char *cli_cell_join(const carenet_table *table,
                    gsize row,
                    const char *column,
                    const char *separator);
