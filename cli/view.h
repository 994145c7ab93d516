/* How cells are shown to people: free places, ages, travel, reporting lines. Columns are those of
 * find and route. Every function gives a new text, or NULL for nothing. */
#pragma once

#include "common.h"
#include "screen.h"

char *cli_view_free(const carenet_table *rows, gsize row, gint64 now_s);
/* A remote provider is not where it sits. */
char *cli_view_place(const carenet_table *rows, gsize row, gint64 now_s);
char *cli_view_as_of(const carenet_table *rows, gsize row, gint64 now_s);
char *cli_view_wait(const carenet_table *rows, gsize row, gint64 now_s);
char *cli_view_only_for(const carenet_table *rows, gsize row, gint64 now_s);
char *cli_view_languages(const carenet_table *rows, gsize row, gint64 now_s);
char *cli_view_contact(const carenet_table *rows, gsize row, gint64 now_s);
char *cli_view_verified(const carenet_table *rows, gsize row, gint64 now_s);
/* "12min", "2h30"; "30-60min*" for a protected location; "remote". */
char *cli_view_travel(const carenet_table *rows, gsize row, gint64 now_s);
/* Whether the row has only a band of travel, since its location is protected. */
gboolean cli_view_is_band(const carenet_table *rows, gsize row);

/* "· Report abuse: ..." to stdout: the first lines with a number. */
void cli_view_lines_print(const Cli *cli, const carenet_table *lines);
