#include "report/page.h"

#include "report/page-style.h"
#include "report/table-cell.h"

#include <string.h>

/* ---- Cells. */

static gsize
column_of(const carenet_table *table, const char *name)
{
    const ptrdiff_t column = carenet_table_column_index(table, name);
    return column >= 0 ? (gsize)column : G_MAXSIZE;
}

gint64
cn_page_int(const carenet_table *table, gsize row, const char *column)
{
    return carenet_table_get_int64(table, row, column_of(table, column));
}

const char *
cn_page_text(const carenet_table *table, gsize row, const char *column)
{
    return carenet_table_get_text(table, row, column_of(table, column));
}

gboolean
cn_page_bool(const carenet_table *table, gsize row, const char *column)
{
    return carenet_table_get_bool(table, row, column_of(table, column));
}

gboolean
cn_page_is_null(const carenet_table *table, gsize row, const char *column)
{
    return carenet_table_is_null(table, row, column_of(table, column));
}

char *
cn_page_number(gint64 number)
{
    g_autofree char *digits = g_strdup_printf("%" G_GUINT64_FORMAT, (guint64)ABS(number));
    GString *text = g_string_new(number < 0 ? "-" : NULL);
    const gsize len = strlen(digits);
    for (gsize i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0)
            g_string_append_c(text, ',');
        g_string_append_c(text, digits[i]);
    }
    return g_string_free(text, FALSE);
}

/* ---- The page. */

/* Patterns that pictures fill with: what is stale, and what must not be seen. */
static void
write_patterns(CnHtml *html)
{
    static const char *const ids[] = {"grey", "hatch"}, *const lines[] = {"g1", "g2"};
    cn_html_open(html, "svg", "class", "defs", "aria-hidden", "true", "focusable", "false", NULL);
    cn_html_open(html, "defs", NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(ids); i++) {
        cn_html_open(html, "pattern", "id", ids[i], "width", "6", "height", "6", "patternUnits",
                     "userSpaceOnUse", "patternTransform", i == 0 ? "rotate(45)" : "rotate(-45)",
                     NULL);
        cn_svg_rect(html, i == 0 ? "gs" : "g0", 0, 0, 6, 6);
        cn_svg_line(html, lines[i], 0, 0, 0, 6);
        cn_html_close(html, "pattern");
    }
    cn_html_close(html, "defs");
    cn_html_close(html, "svg");
}

void
cn_page_begin(CnHtml *html, const char *title, const char *lead, gboolean demonstration)
{
    cn_html_raw(html, "<!DOCTYPE html>\n");
    cn_html_open(html, "html", "lang", "en", NULL);
    cn_html_open(html, "head", NULL);
    cn_html_void(html, "meta", "charset", "utf-8", NULL);
    cn_html_void(html, "meta", "name", "viewport", "content", "width=device-width, initial-scale=1",
                 NULL);
    /* The file asks nobody for anything, and nothing that somebody wrote into it can. */
    cn_html_void(html, "meta", "http-equiv", "Content-Security-Policy", "content",
                 "default-src 'none'; style-src 'unsafe-inline'", NULL);
    cn_html_element(html, "title", NULL, title);
    cn_html_open(html, "style", NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(page_style); i++)
        cn_html_raw(html, page_style[i]);
    cn_html_close(html, "style");
    cn_html_close(html, "head");
    cn_html_open(html, "body", NULL);
    write_patterns(html);
    cn_html_open(html, "header", NULL);
    cn_html_element(html, "h1", NULL, title);
    cn_html_element(html, "p", "lead", lead);
    if (demonstration)
        cn_html_element(html, "p", "demo",
                        "DEMONSTRATION: providers whose names begin with EXAMPLE, cases and "
                        "programme records are invented.");
    cn_html_close(html, "header");
    cn_html_open(html, "main", NULL);
}

void
cn_page_end(CnHtml *html)
{
    cn_html_close(html, "body");
    cn_html_close(html, "html");
}

void
cn_page_section_begin(CnHtml *html, const char *id, const char *heading, const char *text)
{
    g_autofree char *heading_id = g_strdup_printf("%s-heading", id);
    cn_html_open(html, "section", "id", id, "aria-labelledby", heading_id, NULL);
    cn_html_open(html, "h2", "id", heading_id, NULL);
    cn_html_text(html, heading);
    cn_html_close(html, "h2");
    if (text != NULL)
        cn_html_element(html, "p", NULL, text);
}

void
cn_page_section_end(CnHtml *html)
{
    cn_html_close(html, "section");
}

void
cn_page_note(CnHtml *html, const char *text)
{
    cn_html_element(html, "p", "none", text);
}

/* ---- Data tables. */

static gboolean
is_number(const carenet_table *table, const char *column)
{
    const carenet_column_type type = carenet_table_column_type(table, column_of(table, column));
    return type == CARENET_COLUMN_INT64 || type == CARENET_COLUMN_DOUBLE;
}

/* Short texts stay on one line; what is long gets the room. */
#define LONG_TEXT 32

static const char *
class_of(const carenet_table *table, const char *column)
{
    const gsize i = column_of(table, column);
    if (is_number(table, column))
        return "n";
    for (gsize row = 0; row < carenet_table_rows_len(table); row++) {
        g_autoptr(GString) text = g_string_new(NULL);
        if (!carenet_table_is_null(table, row, i))
            cn_cell_append_plain(text, table, row, i, ", ");
        if (g_utf8_strlen(text->str, -1) > LONG_TEXT)
            return "w";
    }
    return "k";
}

static void
write_empty(CnHtml *html, const carenet_table *table, gsize row, const CnPageColumn *column)
{
    if (is_number(table, column->column) && cn_page_bool(table, row, "suppressed"))
        cn_html_element(html, "span", "hid", "suppressed");
    else
        cn_html_text(html, column->null_text != NULL ? column->null_text : "–");
}

static void
write_cell(CnHtml *html, const carenet_table *table, gsize row, const CnPageColumn *column)
{
    const gsize i = column_of(table, column->column);
    g_autoptr(GString) text = g_string_new(NULL);
    if (carenet_table_is_null(table, row, i)) {
        write_empty(html, table, row, column);
        return;
    }
    if (carenet_table_column_type(table, i) == CARENET_COLUMN_INT64) {
        g_autofree char *number = cn_page_number(carenet_table_get_int64(table, row, i));
        g_string_append(text, number);
    } else if (carenet_table_column_type(table, i) == CARENET_COLUMN_BOOL) {
        g_string_append(text, carenet_table_get_bool(table, row, i) ? "yes" : "no");
    } else {
        cn_cell_append_plain(text, table, row, i, ", ");
    }
    cn_html_text(html, text->len > 0 ? text->str : "–");
}

static void
write_head(CnHtml *html, const CnPageColumn *columns, const char *const *classes, gsize columns_len)
{
    cn_html_open(html, "thead", NULL);
    cn_html_open(html, "tr", NULL);
    for (gsize i = 0; i < columns_len; i++) {
        cn_html_open(html, "th", "scope", "col", "class", classes[i], NULL);
        cn_html_text(html, columns[i].heading);
        cn_html_close(html, "th");
    }
    cn_html_close(html, "tr");
    cn_html_close(html, "thead");
}

static void
write_row(CnHtml *html,
          const carenet_table *table,
          gsize row,
          const CnPageColumn *columns,
          const char *const *classes,
          gsize columns_len)
{
    cn_html_open(html, "tr", NULL);
    for (gsize i = 0; i < columns_len; i++) {
        const char *name = i == 0 ? "th" : "td";
        cn_html_open(html, name, "class", classes[i], "scope", i == 0 ? "row" : NULL, NULL);
        write_cell(html, table, row, &columns[i]);
        cn_html_close(html, name);
    }
    cn_html_close(html, "tr");
}

void
cn_page_table(CnHtml *html,
              const carenet_table *table,
              const char *caption,
              const CnPageColumn *columns,
              gsize columns_len)
{
    g_autofree const char **classes = g_new(const char *, columns_len + 1);
    for (gsize i = 0; i < columns_len; i++)
        classes[i] = class_of(table, columns[i].column);
    /* Who has no mouse must be able to scroll it, too. */
    cn_html_open(html, "div", "class", "scroll", "role", "region", "tabindex", "0", "aria-label",
                 caption, NULL);
    cn_html_open(html, "table", NULL);
    cn_html_element(html, "caption", NULL, caption);
    write_head(html, columns, classes, columns_len);
    cn_html_open(html, "tbody", NULL);
    for (gsize row = 0; row < carenet_table_rows_len(table); row++)
        write_row(html, table, row, columns, classes, columns_len);
    cn_html_close(html, "tbody");
    cn_html_close(html, "table");
    cn_html_close(html, "div");
}

/* ---- Facts. */

static void
clear_fact(gpointer data)
{
    CnPageFact *fact = data;
    g_free(fact->name);
    g_free(fact->value);
}

GArray *
cn_page_facts_new(void)
{
    GArray *facts = g_array_new(FALSE, FALSE, sizeof(CnPageFact));
    g_array_set_clear_func(facts, clear_fact);
    return facts;
}

void
cn_page_fact_add(GArray *facts, const char *name, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const CnPageFact fact = {.name = g_strdup(name), .value = g_strdup_vprintf(format, args)};
    va_end(args);
    g_array_append_val(facts, fact);
}

void
cn_page_facts(CnHtml *html, const char *class_name, const GArray *facts)
{
    cn_html_open(html, "dl", "class", class_name, NULL);
    for (guint i = 0; i < facts->len; i++) {
        const CnPageFact *fact = &g_array_index(facts, CnPageFact, i);
        cn_html_open(html, "div", NULL);
        cn_html_element(html, "dt", NULL, fact->name);
        cn_html_element(html, "dd", NULL, fact->value);
        cn_html_close(html, "div");
    }
    cn_html_close(html, "dl");
}

void
cn_page_footer(CnHtml *html, const GArray *facts)
{
    cn_html_close(html, "main");
    cn_html_open(html, "footer", NULL);
    cn_page_facts(html, "facts", facts);
    cn_html_close(html, "footer");
}
