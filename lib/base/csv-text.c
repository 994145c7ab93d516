#include "base/csv-text.h"

#include <string.h>

/* Whether a spreadsheet would run it, with quotes around it or without; apostrophes before it do not
 * count, since the first of them may be ours. */
static gboolean
is_formula_behind(const char *text)
{
    text += strspn(text, "'");
    return *text != '\0' && strchr("=+-@\t\r", *text) != NULL;
}

static gboolean
needs_quotes(const char *text)
{
    return *text == '\0' || *text == ' ' || text[strlen(text) - 1] == ' ' ||
           strpbrk(text, ",\"\r\n") != NULL;
}

void
cn_csv_text_append(GString *out, const char *text)
{
    gboolean guarded = is_formula_behind(text);
    if (!guarded && !needs_quotes(text)) {
        g_string_append(out, text);
        return;
    }
    g_string_append(out, guarded ? "\"'" : "\"");
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == '"')
            g_string_append_c(out, '"');
        g_string_append_c(out, *p);
    }
    g_string_append_c(out, '"');
}

const char *
cn_csv_text_bare(const char *cell)
{
    return *cell == '\'' && is_formula_behind(cell) ? cell + 1 : cell;
}
