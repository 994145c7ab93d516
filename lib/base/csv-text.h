/* Cells of CSV text: quotes, and what keeps a spreadsheet from running a cell as a formula. */
#pragma once

#include <glib.h>

/* Appends @text as one cell, in quotes where it needs them; an empty text is "", so that it differs
 * from nothing. Text that a spreadsheet would run (it begins with = + - @, tab or carriage return)
 * gets an apostrophe before it; so does text that would look as if it had got one, so that
 * cn_csv_text_bare() gives back what was written, whatever it was. */
void cn_csv_text_append(GString *out, const char *text);

/* The text of an unquoted @cell without the apostrophe that cn_csv_text_append() puts before
 * formulas. A part of @cell. */
const char *cn_csv_text_bare(const char *cell);
