/* Sheets of one page, as text for a plain printer or as HTML: the same parts in the same order. What is
 * said is translated here. */
#pragma once

#include "common.h"

typedef struct {
    gboolean html;
    gboolean open_group; /* HTML: the group has not been closed */
} CliSheet;

/* @dense: so much stands on it that HTML needs two columns. */
void cli_sheet_begin(CliSheet *sheet, gboolean html, const char *title, gboolean dense);
void cli_sheet_end(CliSheet *sheet);

/* A sentence below the title or between groups. */
void cli_sheet_note(CliSheet *sheet, const char *text);
/* What follows belongs under that heading, until the next one. @apart: with an empty line above, where
 * the page has room for it. */
void cli_sheet_group(CliSheet *sheet, const char *heading, gboolean apart);
/* Whom to ask: what is needed to call is never cut, the rest is to fit on the page. */
void cli_sheet_entry(CliSheet *sheet, const char *name, const char *how);
/* Something to fill in: @choices (NULL-terminated, at most 8) are boxes to tick; none of them is a line
 * to write on. */
void cli_sheet_field(CliSheet *sheet, const char *label, const char *const *choices);
