#include "sheet.h"

#include "message.h"
#include "output.h"

#include <string.h>

/* An A4 page in a plain typeface. */
#define COLUMNS_MOST 78
#define LABEL        26

static const char style[] =
    "@page{size:A4;margin:12mm}*{box-sizing:border-box}"
    "body{margin:0 auto;max-width:52rem;padding:1.5rem;color:#111;background:#fff;"
    "font:15px/1.4 system-ui,-apple-system,\"Segoe UI\",Roboto,\"Noto Sans\",\"Liberation Sans\","
    "Arial,sans-serif}"
    "h1{font-size:1.5rem;line-height:1.2;margin:0 0 .5rem}"
    "h2{font-size:1rem;margin:.8rem 0 .2rem;padding-top:.35rem;border-top:2px solid #111;"
    "break-after:avoid}"
    "p{margin:.2rem 0}section{break-inside:avoid}"
    ".entry{margin:.15rem 0 .35rem}.name{font-weight:600}.how{display:block}"
    ".field{display:flex;gap:.75rem;align-items:baseline;margin:.4rem 0}"
    ".label{flex:0 0 13rem}.line{flex:1;border-bottom:1px solid #444;min-height:1.15em}"
    ".choices{flex:1;display:flex;flex-wrap:wrap;gap:.15rem 1.1rem}"
    "@media(min-width:48rem){.dense main{column-count:2;column-gap:2rem}}"
    "@media print{.dense main{column-count:2;column-gap:8mm}}"
    ".dense h1,.dense main>p{column-span:all}.dense h2{margin-top:0}"
    ".dense section{margin-bottom:.6rem}.dense .label{flex-basis:7.5rem}"
    "@media print{body{max-width:none;padding:0;font-size:9.5pt;line-height:1.3}"
    "h1{font-size:15pt}h2{font-size:10pt;margin-top:.5rem}"
    ".entry{margin:.05rem 0 .2rem}}";

/* ---- HTML. */

static void
print_escaped(const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    /* The text is well-formed, so that what escapes it knows all that is to be escaped. */
    g_autofree char *escaped = g_markup_escape_text(valid, -1);
    cli_print_raw(escaped);
}

static void
print_element(const char *open, const char *text, const char *close)
{
    cli_print_raw(open);
    print_escaped(text);
    cli_print_raw(close);
}

static void
close_group(CliSheet *sheet)
{
    if (sheet->open_group)
        cli_print_raw("</section>\n");
    sheet->open_group = FALSE;
}

/* ---- Both. */

void
cli_sheet_begin(CliSheet *sheet, gboolean html, const char *title, gboolean dense)
{
    *sheet = (CliSheet){.html = html};
    if (!html) {
        cli_print_text(title);
        return;
    }
    cli_print_raw("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>"
                  "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>"
                  "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                  "style-src 'unsafe-inline'\"/>");
    print_element("<title>", title, "</title><style>");
    cli_print_raw(style);
    cli_print_raw("</style></head>\n");
    print_element(dense ? "<body class=\"dense\"><main><h1>" : "<body><main><h1>", title,
                  "</h1>\n");
}

void
cli_sheet_end(CliSheet *sheet)
{
    close_group(sheet);
    if (sheet->html)
        cli_print_raw("</main></body></html>\n");
}

void
cli_sheet_note(CliSheet *sheet, const char *text)
{
    if (sheet->html)
        print_element("<p>", text, "</p>\n");
    else
        cli_print_text(text);
}

void
cli_sheet_group(CliSheet *sheet, const char *heading, gboolean apart)
{
    close_group(sheet);
    if (!sheet->html) {
        if (apart)
            cli_print("\n");
        cli_print_text(heading);
        return;
    }
    print_element("<section><h2>", heading, "</h2>\n");
    sheet->open_group = TRUE;
}

/* Names may be long, and the page is not wide. */
static void
print_cut(const char *text)
{
    g_autofree char *line = g_strdup_printf("  %s", text);
    g_autofree char *begin =
        g_utf8_strlen(line, -1) > COLUMNS_MOST ? g_utf8_substring(line, 0, COLUMNS_MOST - 3) : NULL;
    g_autofree char *cut = begin != NULL ? g_strconcat(begin, "...", NULL) : NULL;
    cli_print_text(cut != NULL ? cut : line);
}

void
cli_sheet_entry(CliSheet *sheet, const char *name, const char *how)
{
    if (sheet->html) {
        print_element("<div class=\"entry\"><span class=\"name\">", name, "</span>");
        print_element("<span class=\"how\">", how, "</span></div>\n");
        return;
    }
    g_autofree char *line = g_strdup_printf("    %s", how);
    print_cut(name);
    cli_print_text(line);
}

/* ---- To fill in. */

static void
print_choices(const char *const *choices)
{
    glong column = LABEL;
    for (gsize i = 0; choices[i] != NULL; i++) {
        g_autofree char *box = g_strdup_printf("[ ] %s", cli_translate(choices[i]));
        const glong width = g_utf8_strlen(box, -1);
        if (i > 0 && column + 3 + width > COLUMNS_MOST) {
            cli_print("\n%*s", LABEL, "");
            column = LABEL;
        } else if (i > 0) {
            cli_print("   ");
            column += 3;
        }
        cli_print("%s", box);
        column += width;
    }
    cli_print("\n");
}

static void
write_choices(const char *const *choices)
{
    cli_print_raw("<span class=\"choices\">");
    for (gsize i = 0; choices[i] != NULL; i++)
        print_element("<span>☐ ", cli_translate(choices[i]), "</span>");
    cli_print_raw("</span></div>\n");
}

void
cli_sheet_field(CliSheet *sheet, const char *label, const char *const *choices)
{
    const char *text = cli_translate(label);
    if (sheet->html) {
        print_element("<div class=\"field\"><span class=\"label\">", text, "</span>");
        if (choices != NULL)
            write_choices(choices);
        else
            cli_print_raw("<span class=\"line\"></span></div>\n");
        return;
    }
    const glong width = g_utf8_strlen(text, -1);
    cli_print("%s%*s", text, (int)MAX(LABEL - width, 1), "");
    if (choices != NULL) {
        print_choices(choices);
        return;
    }
    for (glong column = MAX(LABEL, width + 1); column < COLUMNS_MOST; column++)
        cli_print_raw("_");
    cli_print("\n");
}
