/* What pictures share. */
#include "report/picture.h"

#include <string.h>

double
cn_picture_key(CnHtml *html, const char *class_name, double x, double y, const char *text)
{
    cn_svg_rect(html, class_name, x, y - 10, 12, 12);
    cn_svg_text(html, "num", "start", x + 18, y, text);
    /* A little wider than most typefaces are. */
    return x + 18 + 6.8 * (double)g_utf8_strlen(text, -1) + 14;
}

guint
cn_picture_find(const GPtrArray *values, const char *text)
{
    guint i = 0;
    while (i < values->len && strcmp(g_ptr_array_index(values, i), text) != 0)
        i++;
    return i;
}

GPtrArray *
cn_picture_values(const carenet_table *table, const char *column, const char *null_text)
{
    GPtrArray *values = g_ptr_array_new();
    for (gsize row = 0; row < carenet_table_rows_len(table); row++) {
        const char *text = cn_page_text(table, row, column);
        if (text == NULL)
            text = null_text;
        if (text != NULL && cn_picture_find(values, text) == values->len)
            g_ptr_array_add(values, (gpointer)text);
    }
    return values;
}

char *
cn_picture_fit(const char *text, guint most)
{
    if (g_utf8_strlen(text, -1) <= (glong)most)
        return g_strdup(text);
    g_autofree char *begin = g_utf8_substring(text, 0, (glong)most - 1);
    return g_strconcat(begin, "…", NULL);
}

gint64
cn_picture_step(gint64 value, guint most)
{
    static const gint64 steps[] = {1, 2, 5};
    for (gint64 power = 1;; power *= 10)
        for (gsize i = 0; i < G_N_ELEMENTS(steps); i++)
            if (value <= steps[i] * power * (gint64)most || power > G_MAXINT64 / 100)
                return steps[i] * power;
}
