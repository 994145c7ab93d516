/* Bars: places by service, days of waiting, stages of the funnel. */
#include "report/picture.h"

#include <string.h>

#define LABEL_WIDTH 235.0
#define NAME_MOST   34   /* characters that fit there */
#define ROW         20.0 /* as many services as there are fit on a printed page */
#define BAR         13.0
#define TOP         30.0

/* ---- Capacity. */

/* One bar. */
typedef struct {
    const char *service;
    gint64 total, taken, free; /* of fresh reports */
    gint64 stale;              /* places of stale ones */
    gboolean hidden;
} Bar;

static GArray *
collect_bars(const carenet_table *capacity)
{
    GArray *bars = g_array_new(FALSE, FALSE, sizeof(Bar));
    for (gsize row = 0; row < carenet_table_rows_len(capacity); row++) {
        const char *service = cn_page_text(capacity, row, "service");
        Bar *bar = bars->len > 0 ? &g_array_index(bars, Bar, bars->len - 1) : NULL;
        if (cn_page_is_null(capacity, row, "total"))
            continue;
        if (bar == NULL || strcmp(bar->service, service) != 0) {
            const Bar made = {.service = service};
            g_array_append_val(bars, made);
            bar = &g_array_index(bars, Bar, bars->len - 1);
        }
        if (cn_page_bool(capacity, row, "stale")) {
            bar->stale += cn_page_int(capacity, row, "total");
            continue;
        }
        bar->total += cn_page_int(capacity, row, "total");
        bar->taken += cn_page_int(capacity, row, "taken");
        bar->free += cn_page_int(capacity, row, "free");
        bar->hidden = bar->hidden || cn_page_bool(capacity, row, "suppressed");
    }
    return bars;
}

static gint64
find_most(const GArray *bars)
{
    gint64 most = 1;
    for (guint i = 0; i < bars->len; i++) {
        const Bar *bar = &g_array_index(bars, Bar, i);
        most = MAX(most, bar->total + bar->stale);
    }
    return most;
}

/* Lines at round numbers, with the numbers above. */
static void
draw_scale(CnHtml *html, gint64 most, double left, double unit, double height)
{
    const gint64 step = cn_picture_step(most, 6);
    for (gint64 at = 0; at <= most; at += step) {
        g_autofree char *number = cn_page_number(at);
        cn_svg_line(html, "axis", left + (double)at * unit, TOP - 6, left + (double)at * unit,
                    height);
        cn_svg_text(html, "mut", "middle", left + (double)at * unit, TOP - 12, number);
    }
}

static double
draw_part(CnHtml *html, const char *class_name, double x, double y, double width)
{
    if (width > 0)
        cn_svg_rect(html, class_name, x, y, width, BAR);
    return x + width;
}

static char *
describe_bar(const Bar *bar)
{
    if (bar->total == 0)
        return g_strdup("stale");
    if (bar->hidden)
        return g_strdup("suppressed");
    return g_strdup_printf("%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " free", bar->free,
                           bar->total);
}

static void
draw_bar(CnHtml *html, const Bar *bar, double y, double unit)
{
    g_autofree char *name = cn_picture_fit(bar->service, NAME_MOST);
    g_autofree char *text = describe_bar(bar);
    double x = LABEL_WIDTH;
    cn_svg_text(html, NULL, "end", LABEL_WIDTH - 10, y + BAR - 2, name);
    if (bar->hidden) {
        x = draw_part(html, "hide", x, y, (double)bar->total * unit);
    } else {
        x = draw_part(html, "taken", x, y, (double)bar->taken * unit);
        x = draw_part(html, "free", x, y, (double)bar->free * unit);
    }
    x = draw_part(html, "stale", x, y, (double)bar->stale * unit);
    cn_svg_text(html, "num", "start", x + 6, y + BAR - 2, text);
}

void
cn_picture_capacity(CnHtml *html, const carenet_table *capacity)
{
    g_autoptr(GArray) bars = collect_bars(capacity);
    const gint64 most = find_most(bars);
    const double unit = (CN_PICTURE_WIDTH - LABEL_WIDTH - 100) / (double)most;
    const double height = TOP + ROW * bars->len;
    cn_svg_open(html, "capacity-picture", CN_PICTURE_WIDTH, height + 34, "Places by service",
                "A bar for each service: taken places, free places, and in grey places whose last "
                "report is stale. The table below has the same figures.");
    draw_scale(html, most, LABEL_WIDTH, unit, height);
    for (guint i = 0; i < bars->len; i++)
        draw_bar(html, &g_array_index(bars, Bar, i), TOP + ROW * i, unit);
    double x = cn_picture_key(html, "taken", LABEL_WIDTH, height + 24, "taken");
    x = cn_picture_key(html, "free", x, height + 24, "free");
    x = cn_picture_key(html, "stale", x, height + 24, "stale report");
    cn_picture_key(html, "hide", x, height + 24, "suppressed");
    cn_svg_close(html);
}

/* ---- Waiting: two groups of columns, side by side. */

#define WAIT_HEIGHT 200.0
#define WAIT_TOP    54.0

typedef struct {
    const carenet_table *rows;
    const char *state, *class_name, *title;
    double left, width;
    gint64 most;
} Columns;

static gsize
count_columns(const Columns *columns)
{
    gsize len = 0;
    for (gsize row = 0; row < carenet_table_rows_len(columns->rows); row++)
        len += strcmp(cn_page_text(columns->rows, row, "state"), columns->state) == 0;
    return len;
}

static char *
name_days(const carenet_table *rows, gsize row)
{
    const gint64 from = cn_page_int(rows, row, "from_days");
    if (cn_page_is_null(rows, row, "to_days"))
        return g_strdup_printf("%" G_GINT64_FORMAT "+", from);
    return g_strdup_printf("%" G_GINT64_FORMAT "–%" G_GINT64_FORMAT, from,
                           cn_page_int(rows, row, "to_days"));
}

static void
draw_column(CnHtml *html, const Columns *columns, gsize row, double x, double width)
{
    const gboolean hidden = cn_page_bool(columns->rows, row, "suppressed");
    const gint64 value = cn_page_int(columns->rows, row, "referrals");
    g_autofree char *days = name_days(columns->rows, row);
    g_autofree char *number = hidden ? g_strdup("s") : cn_page_number(value);
    /* What is hidden has the same height everywhere. */
    const double height = hidden ? 18 : (double)value / (double)MAX(columns->most, 1) * WAIT_HEIGHT;
    if (hidden || value > 0)
        cn_svg_rect(html, hidden ? "hide" : columns->class_name, x, WAIT_TOP + WAIT_HEIGHT - height,
                    width, height);
    cn_svg_text(html, "num", "middle", x + width / 2, WAIT_TOP + WAIT_HEIGHT - height - 6, number);
    cn_svg_text(html, "mut", "middle", x + width / 2, WAIT_TOP + WAIT_HEIGHT + 17, days);
}

static void
draw_columns(CnHtml *html, const Columns *columns)
{
    const double step = columns->width / (double)MAX(count_columns(columns), 1);
    double x = columns->left;
    cn_svg_text(html, "big", "start", columns->left, 20, columns->title);
    for (gsize row = 0; row < carenet_table_rows_len(columns->rows); row++) {
        if (strcmp(cn_page_text(columns->rows, row, "state"), columns->state) != 0)
            continue;
        draw_column(html, columns, row, x + step * 0.12, step * 0.76);
        x += step;
    }
    cn_svg_line(html, "axis", columns->left, WAIT_TOP + WAIT_HEIGHT, columns->left + columns->width,
                WAIT_TOP + WAIT_HEIGHT);
    cn_svg_text(html, "mut", "middle", columns->left + columns->width / 2,
                WAIT_TOP + WAIT_HEIGHT + 38, "days");
}

void
cn_picture_waiting(CnHtml *html, const carenet_table *waiting)
{
    gint64 most = 1;
    for (gsize row = 0; row < carenet_table_rows_len(waiting); row++)
        if (!cn_page_is_null(waiting, row, "from_days"))
            most = MAX(most, cn_page_int(waiting, row, "referrals"));
    const double width = CN_PICTURE_WIDTH / 2 - 20;
    const Columns started = {waiting, "started", "helped", "Until help began", 0, width, most};
    const Columns still = {
        waiting, "waiting", "waiting", "Still waiting", CN_PICTURE_WIDTH / 2 + 20, width, most};
    cn_svg_open(
        html, "waiting-picture", CN_PICTURE_WIDTH, WAIT_TOP + WAIT_HEIGHT + 48, "Days of waiting",
        "Referrals by days from sending to the start of help, and apart from them those that "
        "still wait by days until now. The table below has the same figures.");
    draw_columns(html, &started);
    draw_columns(html, &still);
    cn_svg_close(html);
}

/* ---- The funnel. */

#define STAGE     26.0
#define STAGE_BAR 16.0

typedef struct {
    const char *text, *class_name;
} Stage;

/* As the rows of the table follow each other. */
static const Stage stages[] = {
    {"Needed", "whole"},
    {"Nobody offers the service", "refused"},
    {"Nobody may take the survivor", "refused"},
    {"Nobody is within reach", "refused"},
    {"Nobody has a free place", "refused"},
    {"Others of the list have the places", "waiting"},
    {"Placed", "helped"},
};

/* Each loss begins where the one before ends; where one is hidden, all begin at the left. */
void
cn_picture_funnel(CnHtml *html, const carenet_table *funnel)
{
    gsize len = carenet_table_rows_len(funnel);
    if (len > G_N_ELEMENTS(stages))
        len = G_N_ELEMENTS(stages);
    const gint64 needed = MAX(cn_page_int(funnel, 0, "units"), 1);
    const double unit = (CN_PICTURE_WIDTH - LABEL_WIDTH - 90) / (double)needed;
    gboolean any_hidden = FALSE;
    double end = LABEL_WIDTH + (double)needed * unit;
    for (gsize row = 0; row < len; row++)
        any_hidden = any_hidden || cn_page_bool(funnel, row, "suppressed");
    cn_svg_open(html, "funnel-picture", CN_PICTURE_WIDTH, 8 + STAGE * (double)len,
                "Where needs are lost",
                "Bars: units of needs, those lost at each step, and those placed. The table below "
                "has the same figures.");
    for (gsize row = 0; row < len; row++) {
        const gboolean hidden = cn_page_bool(funnel, row, "suppressed");
        const double y = 4 + STAGE * (double)row,
                     width = hidden ? 30 : (double)cn_page_int(funnel, row, "units") * unit;
        const gboolean is_loss = row > 0 && row + 1 < len;
        const double x = is_loss && !any_hidden ? end - width : LABEL_WIDTH;
        g_autofree char *number =
            hidden ? g_strdup("suppressed") : cn_page_number(cn_page_int(funnel, row, "units"));
        if (is_loss)
            end -= width;
        cn_svg_text(html, NULL, "end", LABEL_WIDTH - 10, y + STAGE_BAR - 3, stages[row].text);
        if (width > 0)
            cn_svg_rect(html, hidden ? "hide" : stages[row].class_name, x, y, width, STAGE_BAR);
        cn_svg_text(html, "num", "start", x + width + 6, y + STAGE_BAR - 4, number);
    }
    cn_svg_close(html);
}
