/* Grids of services by regions: how far the package is covered, and where needs stay unmet. */
#include "report/picture.h"

#include <string.h>

#define LABEL_WIDTH 215.0
#define NAME_MOST   34
#define HEAD        44.0
#define ROW         28.0
#define HEATS       5

typedef struct {
    CnHtml *html;
    GPtrArray *services, *areas; /* (element-type utf8) */
    double width;                /* of a column */
} Grid;

static const char no_area[] = "elsewhere";

/* Where what a row says stands; FALSE: nowhere. */
static gboolean
find_cell(const Grid *grid, const carenet_table *table, gsize row, double *out_x, double *out_y)
{
    const char *area = cn_page_text(table, row, "area");
    const guint column = cn_picture_find(grid->areas, area != NULL ? area : no_area);
    const guint line = cn_picture_find(grid->services, cn_page_text(table, row, "service"));
    *out_x = LABEL_WIDTH + grid->width * column;
    *out_y = HEAD + ROW * line;
    return column < grid->areas->len && line < grid->services->len;
}

static double
height_of(const Grid *grid)
{
    return HEAD + ROW * grid->services->len;
}

/* In two lines where it is too long for one. */
static void
draw_heading(const Grid *grid, guint i)
{
    const char *name = g_ptr_array_index(grid->areas, i), *blank = strrchr(name, ' ');
    const double x = LABEL_WIDTH + grid->width * (i + 0.5);
    /* Of about so many characters. */
    const guint most = (guint)MAX(grid->width / 7.0, 6);
    if (g_utf8_strlen(name, -1) <= (glong)most || blank == NULL) {
        g_autofree char *fit = cn_picture_fit(name, most);
        cn_svg_text(grid->html, "head", "middle", x, HEAD - 10, fit);
        return;
    }
    g_autofree char *before = g_strndup(name, (gsize)(blank - name));
    g_autofree char *first = cn_picture_fit(before, most);
    g_autofree char *second = cn_picture_fit(blank + 1, most);
    cn_svg_text(grid->html, "head", "middle", x, HEAD - 24, first);
    cn_svg_text(grid->html, "head", "middle", x, HEAD - 10, second);
}

static void
draw_labels(const Grid *grid)
{
    for (guint i = 0; i < grid->areas->len; i++)
        draw_heading(grid, i);
    for (guint i = 0; i < grid->services->len; i++) {
        g_autofree char *name = cn_picture_fit(g_ptr_array_index(grid->services, i), NAME_MOST);
        cn_svg_text(grid->html, NULL, "end", LABEL_WIDTH - 10, HEAD + ROW * i + 19, name);
    }
}

static void
draw_cell(const Grid *grid,
          const char *class_name,
          const char *text_class,
          double x,
          double y,
          const char *text)
{
    cn_svg_rect(grid->html, class_name, x, y, grid->width, ROW);
    cn_svg_text(grid->html, text_class, "middle", x + grid->width / 2, y + 18, text);
}

static Grid
make_grid(CnHtml *html, const carenet_table *table)
{
    Grid grid = {.html = html,
                 .services = cn_picture_values(table, "service", NULL),
                 .areas = cn_picture_values(table, "area", no_area)};
    grid.width = (CN_PICTURE_WIDTH - LABEL_WIDTH) / MAX(grid.areas->len, 1);
    return grid;
}

static void
clear_grid(Grid *grid)
{
    g_ptr_array_unref(grid->services);
    g_ptr_array_unref(grid->areas);
}

/* ---- Coverage. */

/* How bad it is: the shade of the map's legend. */
static const char *
class_of_state(const char *state)
{
    static const struct {
        const char *state, *class_name;
    } classes[] = {{"covered", "s4"},     {"full", "s2"},   {"call", "s2"},       {"remote", "s2"},
                   {"unconfirmed", "s1"}, {"paused", "s1"}, {"unqualified", "s1"}};
    for (gsize i = 0; i < G_N_ELEMENTS(classes); i++)
        if (strcmp(classes[i].state, state) == 0)
            return classes[i].class_name;
    return "s0";
}

void
cn_picture_coverage(CnHtml *html, const carenet_table *coverage)
{
    Grid grid = make_grid(html, coverage);
    cn_svg_open(
        html, "coverage-picture", CN_PICTURE_WIDTH, height_of(&grid) + 6,
        "Services of the minimum package by region",
        "One cell for each service and region says how it stands there. The table below has "
        "the same.");
    draw_labels(&grid);
    for (gsize row = 0; row < carenet_table_rows_len(coverage); row++) {
        const char *state = cn_page_text(coverage, row, "state");
        const char *class_name = class_of_state(state);
        double x = 0, y = 0;
        if (find_cell(&grid, coverage, row, &x, &y))
            draw_cell(&grid, class_name, strcmp(class_name, "s4") == 0 ? "num on" : "num", x, y,
                      state);
    }
    cn_svg_close(html);
    clear_grid(&grid);
}

/* ---- Unmet needs. */

static gint64
find_most(const carenet_table *unmet)
{
    gint64 most = 1;
    for (gsize row = 0; row < carenet_table_rows_len(unmet); row++)
        most = MAX(most, cn_page_int(unmet, row, "unmet"));
    return most;
}

static void
draw_heat(const Grid *grid, const carenet_table *unmet, gsize row, gint64 most)
{
    static const char *const heats[HEATS] = {"h0", "h1", "h2", "h3", "h4"};
    const gint64 value = cn_page_int(unmet, row, "unmet");
    /* None is the ground; one is not. */
    const gint64 heat = value == 0 ? 0 : 1 + (value * (HEATS - 1) - 1) / most;
    const gboolean nobody_asks =
        !cn_page_is_null(unmet, row, "needed") && cn_page_int(unmet, row, "needed") == 0;
    double x = 0, y = 0;
    if (!find_cell(grid, unmet, row, &x, &y))
        return;
    if (cn_page_bool(unmet, row, "suppressed")) {
        cn_svg_rect(grid->html, "hx", x, y, grid->width, ROW);
        cn_svg_text(grid->html, "num halo", "middle", x + grid->width / 2, y + 18, "s");
        return;
    }
    g_autofree char *number = nobody_asks ? g_strdup("·") : cn_page_number(value);
    draw_cell(grid, heats[heat], heat == HEATS - 1 ? "num on" : "num", x, y, number);
}

void
cn_picture_unmet(CnHtml *html, const carenet_table *unmet)
{
    Grid grid = make_grid(html, unmet);
    const gint64 most = find_most(unmet);
    const double height = height_of(&grid);
    cn_svg_open(
        html, "unmet-picture", CN_PICTURE_WIDTH, height + 34, "Unmet needs by service and region",
        "Units of needs that nobody takes, by service and by the region where the survivors "
        "are; darker is more. The table below has the same figures.");
    draw_labels(&grid);
    for (gsize row = 0; row < carenet_table_rows_len(unmet); row++)
        draw_heat(&grid, unmet, row, most);
    double x = cn_picture_key(html, "h1", LABEL_WIDTH, height + 24, "few");
    x = cn_picture_key(html, "h4", x, height + 24, "most");
    cn_picture_key(html, "hide", x, height + 24, "s: suppressed");
    cn_svg_close(html);
    clear_grid(&grid);
}
