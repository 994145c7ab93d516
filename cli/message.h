/* The messages of the command in other languages: catalogues of gettext in the folder of carenet's data,
 * locale/<language>/LC_MESSAGES/carenet.mo. The library speaks English.
 *
 * cli_print(), cli_note(), cli_say() and cli_fail() translate what they are given as a literal; other
 * texts are marked by N_() where they stand and translated by cli_translate() where they are used.
 * scripts/messages collects both. */
#pragma once

#include <glib.h>

#define N_(text) text

/* Chooses the language that stands behind --lang in @words. Where there is no translation it says so
 * once, and the messages stay English. */
void cli_language_choose(char **words);
/* The text in the chosen language, or as it is. */
const char *cli_translate(const char *text) G_GNUC_FORMAT(1);
