#include "report/html.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

struct CnHtml {
    GString *text;
    GPtrArray *open; /* (element-type utf8) static names of what is to be closed */
};

CnHtml *
cn_html_new(void)
{
    CnHtml *html = g_new0(CnHtml, 1);
    html->text = g_string_new(NULL);
    html->open = g_ptr_array_new();
    return html;
}

void
cn_html_free(CnHtml *html)
{
    if (html == NULL)
        return;
    g_string_free(html->text, TRUE);
    g_ptr_array_unref(html->open);
    g_free(html);
}

char *
cn_html_finish(CnHtml *html)
{
    g_assert(html->open->len == 0);
    char *text = g_string_free(html->text, FALSE);
    g_ptr_array_unref(html->open);
    g_free(html);
    return text;
}

/* ---- Text. */

/* Control characters have no place in HTML, even escaped; invalid UTF-8 becomes U+FFFD. */
static void
append_escaped(GString *out, const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    for (const char *p = valid; *p != '\0'; p++) {
        switch (*p) {
        case '&':
            g_string_append(out, "&amp;");
            break;
        case '<':
            g_string_append(out, "&lt;");
            break;
        case '>':
            g_string_append(out, "&gt;");
            break;
        case '"':
            g_string_append(out, "&quot;");
            break;
        case '\'':
            g_string_append(out, "&#39;");
            break;
        default:
            g_string_append_c(out, (guchar)*p < 0x20 || *p == 0x7f ? ' ' : *p);
        }
    }
}

void
cn_html_text(CnHtml *html, const char *text)
{
    append_escaped(html->text, text);
}

void
cn_html_raw(CnHtml *html, const char *text)
{
    g_string_append(html->text, text);
}

/* ---- Elements. */

static void
append_tag(CnHtml *html, const char *name, const char *end, va_list attributes)
{
    const char *attribute = NULL;
    g_string_append_printf(html->text, "<%s", name);
    while ((attribute = va_arg(attributes, const char *)) != NULL) {
        const char *value = va_arg(attributes, const char *);
        if (value == NULL)
            continue;
        g_string_append_printf(html->text, " %s=\"", attribute);
        append_escaped(html->text, value);
        g_string_append_c(html->text, '"');
    }
    g_string_append(html->text, end);
}

void
cn_html_open(CnHtml *html, const char *name, ...)
{
    va_list attributes;
    va_start(attributes, name);
    append_tag(html, name, ">", attributes);
    va_end(attributes);
    g_ptr_array_add(html->open, (gpointer)name);
}

void
cn_html_close(CnHtml *html, const char *name)
{
    g_assert(html->open->len > 0);
    g_assert(strcmp(g_ptr_array_index(html->open, html->open->len - 1), name) == 0);
    g_ptr_array_set_size(html->open, (gint)html->open->len - 1);
    g_string_append_printf(html->text, "</%s>", name);
    /* A line a block, for whoever reads the source; between words it would be a blank. */
    if (strcmp(name, "span") != 0 && strcmp(name, "strong") != 0)
        g_string_append_c(html->text, '\n');
}

void
cn_html_void(CnHtml *html, const char *name, ...)
{
    va_list attributes;
    va_start(attributes, name);
    append_tag(html, name, "/>", attributes);
    va_end(attributes);
}

void
cn_html_element(CnHtml *html, const char *name, const char *class_name, const char *text)
{
    cn_html_open(html, name, "class", class_name, NULL);
    cn_html_text(html, text);
    cn_html_close(html, name);
}

/* ---- SVG. */

/* Of one length; the locale has no say. */
typedef struct {
    char text[G_ASCII_DTOSTR_BUF_SIZE];
} Length;

static Length
length(double value)
{
    Length of;
    /* Never "-0.0". */
    g_ascii_formatd(of.text, sizeof of.text, "%.1f", round(value * 10) / 10 + 0.0);
    return of;
}

void
cn_svg_append(GString *path, double value)
{
    g_string_append(path, length(value).text);
}

void
cn_svg_open(CnHtml *html,
            const char *id,
            double width,
            double height,
            const char *title,
            const char *text)
{
    g_autofree char *box = g_strdup_printf("0 0 %.0f %.0f", width, height);
    g_autofree char *title_id = g_strdup_printf("%s-title", id);
    g_autofree char *text_id = g_strdup_printf("%s-text", id);
    g_autofree char *both = g_strdup_printf("%s %s", title_id, text_id);
    cn_html_open(html, "svg", "viewBox", box, "role", "img", "aria-labelledby", both, NULL);
    cn_html_open(html, "title", "id", title_id, NULL);
    cn_html_text(html, title);
    cn_html_close(html, "title");
    cn_html_open(html, "desc", "id", text_id, NULL);
    cn_html_text(html, text);
    cn_html_close(html, "desc");
}

void
cn_svg_close(CnHtml *html)
{
    cn_html_close(html, "svg");
}

void
cn_svg_rect(CnHtml *html, const char *class_name, double x, double y, double width, double height)
{
    cn_html_void(html, "rect", "class", class_name, "x", length(x).text, "y", length(y).text,
                 "width", length(width).text, "height", length(height).text, NULL);
}

void
cn_svg_line(CnHtml *html, const char *class_name, double x1, double y1, double x2, double y2)
{
    cn_html_void(html, "line", "class", class_name, "x1", length(x1).text, "y1", length(y1).text,
                 "x2", length(x2).text, "y2", length(y2).text, NULL);
}

void
cn_svg_text(CnHtml *html,
            const char *class_name,
            const char *anchor,
            double x,
            double y,
            const char *text)
{
    cn_html_open(html, "text", "class", class_name, "text-anchor",
                 strcmp(anchor, "start") != 0 ? anchor : NULL, "x", length(x).text, "y",
                 length(y).text, NULL);
    cn_html_text(html, text);
    cn_html_close(html, "text");
}

void
cn_svg_path(CnHtml *html, const char *class_name, const char *path)
{
    cn_html_void(html, "path", "class", class_name, "d", path, NULL);
}
