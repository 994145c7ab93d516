/* The parts of a screen (screen.c, screen-fit.c). */
#pragma once

#include "screen.h"

#include <libsmartcols.h>

#define CLI_SCREEN_SEPARATOR "  "

struct CliScreen {
    struct libscols_table *table; /* NULL in the layout of lines */
    CliHeading *headings;
    GString *lines;
    gsize len;
    gboolean on_terminal;
    GArray *below; /* (element-type gsize) columns whose texts stand below each row */
};

/* libsmartcols leaves out what it has no memory for; a table that lacks something is no answer. */
void cli_screen_check(gboolean done);
/* Of a cell. Borrowed. */
const char *cli_screen_text(const CliScreen *screen, gsize row, gsize column);

/* ---- screen-fit.c */

gsize cli_terminal_width(void);
/* Lines of so many columns, broken between words. (transfer full) */
char *cli_text_fold(const char *text, gsize width);
/* Makes the table as narrow as the terminal: hides columns, folds texts, and lists in `below` those that find no room. */
void cli_screen_fit(CliScreen *screen);
