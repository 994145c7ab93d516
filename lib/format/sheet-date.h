/* Days as spreadsheets show them. They are never taken for what they may mean, since 11/3/2026 is a
 * day in March or in November; but whoever mends them is told. */
#pragma once

#include <glib.h>

/* The ISO forms of what @text may mean: "2026-11-03", or "2026-11-03 or 2026-03-11"; NULL where it
 * does not look like a day. Knows numbers in any order, names of months in English and Filipino,
 * times of day, and the day numbers of Excel (45964). (transfer full) */
char *cn_sheet_date_guess(const char *text);
