/* Tables for people: the only room with libsmartcols. On a terminal columns that may wrap do so at
 * its width, at words; a long text that would have too little room stands below its row. Into a pipe nothing is cut or wrapped. In the layout of lines each field is a line of its own,
 * "Free: 3 of 8", an empty line follows each row, and what is not known is left out. */
#pragma once

#include "common.h"

enum {
    CLI_RIGHT = 1 << 0,
    CLI_WRAP = 1 << 1,
    /* What a sign stands for, said in words where the layout is lines. */
    CLI_PLACES = 1 << 2, /* "3/8": 3 of 8 */
    CLI_BAND = 1 << 3,   /* "30-60min*": a rough band */
    /* Left out on a terminal that is too narrow: another column says it, too. */
    CLI_SPARE = 1 << 4,
};

typedef struct {
    const char *heading;
    guint flags;
} CliHeading;

typedef struct CliScreen CliScreen;

CliScreen *cli_screen_new(const Cli *cli, const CliHeading *headings, gsize len);
/* One row; NULL prints as "-". */
void cli_screen_add(CliScreen *screen, const char *const *cells);
/* Prints to stdout and frees the screen. */
void cli_screen_print(CliScreen *screen);

/* A column of the screen made from a row of a carenet_table. */
typedef struct {
    CliHeading heading;
    const char *column; /* the text of this column, where @format is NULL */
    char *(*format)(const carenet_table *table, gsize row, gint64 now_s); /* (transfer full) */
} CliColumn;

/* Prints a carenet_table to stdout; a column without a heading is left out. */
void cli_screen_table(const Cli *cli,
                      const carenet_table *table,
                      const CliColumn *columns,
                      gsize columns_len,
                      gint64 now_s);
