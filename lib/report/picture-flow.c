/* Referrals as ribbons: home region to serving region, and on to the outcome where that is told. */
#include "report/picture.h"

#include <string.h>

#define TOP     40.0
#define HEIGHT  300.0 /* of all ribbons, without the gaps */
#define GAP     16.0
#define NODE    10.0 /* width */
#define HIDDEN  10.0 /* of a ribbon whose number is suppressed, whatever it is */
#define COLUMNS 3

static const char no_home[] = "not stated", no_serving[] = "not known";

/* A region or an outcome: a bar, and how much of it ribbons have taken on either side. */
typedef struct {
    const char *name;
    gint64 value;
    gboolean hidden; /* some of its ribbons are */
    double height, y, out_y, in_y;
} Node;

typedef struct {
    GPtrArray *names;
    Node *nodes;
    double x;
} Column;

/* Between two columns. */
typedef struct {
    guint from, to;
    gint64 value;
    gboolean hidden;
} Ribbon;

typedef struct {
    CnHtml *html;
    Column columns[COLUMNS];
    guint columns_len;
    GArray *ribbons[COLUMNS - 1]; /* (element-type Ribbon) */
    double unit;                  /* of one referral */
} Flow;

static const char *
name_of(const carenet_table *table, gsize row, const char *column, const char *null_text)
{
    const char *text = cn_page_text(table, row, column);
    return text != NULL ? text : null_text;
}

static void
add_ribbon(GArray *ribbons, guint from, guint to, gint64 value, gboolean hidden)
{
    for (guint i = 0; i < ribbons->len; i++) {
        Ribbon *ribbon = &g_array_index(ribbons, Ribbon, i);
        if (ribbon->from == from && ribbon->to == to) {
            ribbon->value += value;
            ribbon->hidden = ribbon->hidden || hidden;
            return;
        }
    }
    const Ribbon made = {from, to, value, hidden};
    g_array_append_val(ribbons, made);
}

static void
collect(Flow *flow, const carenet_table *table)
{
    for (gsize row = 0; row < carenet_table_rows_len(table); row++) {
        const guint home =
            cn_picture_find(flow->columns[0].names, name_of(table, row, "home", no_home));
        const guint serving =
            cn_picture_find(flow->columns[1].names, name_of(table, row, "serving", no_serving));
        const gint64 value = cn_page_int(table, row, "referrals");
        const gboolean hidden = cn_page_bool(table, row, "suppressed");
        add_ribbon(flow->ribbons[0], home, serving, value, hidden);
        if (flow->columns_len == COLUMNS)
            add_ribbon(flow->ribbons[1], serving,
                       cn_picture_find(flow->columns[2].names, cn_page_text(table, row, "outcome")),
                       value, hidden);
    }
}

static double
height_of(const Flow *flow, const Ribbon *ribbon)
{
    return ribbon->hidden ? HIDDEN : (double)ribbon->value * flow->unit;
}

static gint
compare_ribbons(gconstpointer x, gconstpointer y)
{
    const Ribbon *a = x, *b = y;
    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    return (a->to > b->to) - (a->to < b->to);
}

/* A node is as high as its ribbons, on the side where they are more. */
static void
measure(Flow *flow)
{
    for (guint i = 0; i + 1 < flow->columns_len; i++) {
        /* Fewest cross where they leave and arrive in the order of the nodes. */
        g_array_sort(flow->ribbons[i], compare_ribbons);
        for (guint k = 0; k < flow->ribbons[i]->len; k++) {
            const Ribbon *ribbon = &g_array_index(flow->ribbons[i], Ribbon, k);
            Node *from = &flow->columns[i].nodes[ribbon->from];
            Node *to = &flow->columns[i + 1].nodes[ribbon->to];
            const double height = height_of(flow, ribbon);
            if (i == 0) {
                from->height += height;
                from->value += ribbon->value;
                from->hidden = from->hidden || ribbon->hidden;
            }
            to->height += height;
            to->value += ribbon->value;
            to->hidden = to->hidden || ribbon->hidden;
        }
    }
}

/* From top to bottom. Returns where the last one ends. */
static double
stack(Column *column)
{
    double y = TOP;
    for (guint i = 0; i < column->names->len; i++) {
        Node *node = &column->nodes[i];
        node->y = node->out_y = node->in_y = y;
        /* Labels of two lines must not touch. */
        y += MAX(node->height, 20) + GAP;
    }
    return y;
}

/* ---- Drawing. */

static void
append_point(GString *path, const char *command, double x, double y)
{
    g_string_append(path, command);
    cn_svg_append(path, x);
    g_string_append_c(path, ' ');
    cn_svg_append(path, y);
    g_string_append_c(path, ' ');
}

static void
draw_ribbon(const Flow *flow, guint i, const Ribbon *ribbon)
{
    Node *from = &flow->columns[i].nodes[ribbon->from];
    Node *to = &flow->columns[i + 1].nodes[ribbon->to];
    const double left = flow->columns[i].x + NODE, right = flow->columns[i + 1].x;
    const double middle = (left + right) / 2, height = height_of(flow, ribbon);
    const char *class_name = i == 0 ? "flow-any" : NULL;
    g_autofree char *of_outcome = g_strdup_printf("flow %s", to->name);
    g_autoptr(GString) path = g_string_new(NULL);
    append_point(path, "M", left, from->out_y);
    append_point(path, "C", middle, from->out_y);
    append_point(path, "", middle, to->in_y);
    append_point(path, "", right, to->in_y);
    append_point(path, "L", right, to->in_y + height);
    append_point(path, "C", middle, to->in_y + height);
    append_point(path, "", middle, from->out_y + height);
    append_point(path, "", left, from->out_y + height);
    g_string_append_c(path, 'Z');
    cn_svg_path(flow->html,
                ribbon->hidden       ? "hide"
                : class_name != NULL ? class_name
                                     : of_outcome,
                path->str);
    from->out_y += height;
    to->in_y += height;
}

static void
draw_node(const Flow *flow, guint i, const Node *node)
{
    const Column *column = &flow->columns[i];
    const gboolean is_first = i == 0;
    const double x = is_first ? column->x - 8 : column->x + NODE + 8;
    const double y = node->y + MAX(node->height, 20) / 2;
    g_autofree char *number = cn_page_number(node->value);
    if (node->height > 0)
        cn_svg_rect(flow->html, i == COLUMNS - 1 ? node->name : "node", column->x, node->y, NODE,
                    node->height);
    cn_svg_text(flow->html, "halo", is_first ? "end" : "start", x, y - 1, node->name);
    cn_svg_text(flow->html, "mut halo", is_first ? "end" : "start", x, y + 14,
                node->hidden ? "partly suppressed" : number);
}

static void
draw(const Flow *flow)
{
    static const char *const titles[COLUMNS] = {"Home region", "Serving region", "Outcome"};
    for (guint i = 0; i < flow->columns_len; i++)
        cn_svg_text(flow->html, "big", i == 0 ? "end" : "start",
                    flow->columns[i].x + (i == 0 ? NODE : 0), 18, titles[i]);
    for (guint i = 0; i + 1 < flow->columns_len; i++)
        for (guint k = 0; k < flow->ribbons[i]->len; k++)
            draw_ribbon(flow, i, &g_array_index(flow->ribbons[i], Ribbon, k));
    for (guint i = 0; i < flow->columns_len; i++)
        for (guint k = 0; k < flow->columns[i].names->len; k++)
            draw_node(flow, i, &flow->columns[i].nodes[k]);
}

/* ---- The call. */

static gint
compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* From the best outcome to the worst. */
static GPtrArray *
list_outcomes(const carenet_table *table)
{
    static const char *const names[] = {"helped", "underway", "waiting", "refused"};
    g_autoptr(GPtrArray) found = cn_picture_values(table, "outcome", NULL);
    GPtrArray *list = g_ptr_array_new();
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        if (cn_picture_find(found, names[i]) < found->len)
            g_ptr_array_add(list, (gpointer)names[i]);
    return list;
}

static gint64
sum_shown(const carenet_table *table)
{
    gint64 sum = 0;
    for (gsize row = 0; row < carenet_table_rows_len(table); row++)
        sum += cn_page_int(table, row, "referrals");
    return sum;
}

static void
begin(Flow *flow, const carenet_table *table)
{
    static const char *const names[COLUMNS] = {"home", "serving", "outcome"};
    static const char *const nulls[COLUMNS] = {no_home, no_serving, NULL};
    flow->columns[2].names = list_outcomes(table);
    flow->columns_len = flow->columns[2].names->len > 0 ? COLUMNS : COLUMNS - 1;
    flow->unit = HEIGHT / (double)MAX(sum_shown(table), 1);
    for (guint i = 0; i < COLUMNS; i++) {
        Column *column = &flow->columns[i];
        if (i + 1 < COLUMNS) {
            column->names = cn_picture_values(table, names[i], nulls[i]);
            g_ptr_array_sort(column->names, compare_names);
        }
        column->nodes = g_new0(Node, column->names->len + 1);
        for (guint k = 0; k < column->names->len; k++)
            column->nodes[k].name = g_ptr_array_index(column->names, k);
        column->x = 170 + i * (flow->columns_len == COLUMNS ? 220.0 : 380.0);
    }
    for (guint i = 0; i + 1 < COLUMNS; i++)
        flow->ribbons[i] = g_array_new(FALSE, FALSE, sizeof(Ribbon));
}

static void
finish(Flow *flow)
{
    for (guint i = 0; i < COLUMNS; i++) {
        g_ptr_array_unref(flow->columns[i].names);
        g_free(flow->columns[i].nodes);
    }
    for (guint i = 0; i + 1 < COLUMNS; i++)
        g_array_unref(flow->ribbons[i]);
}

void
cn_picture_flow(CnHtml *html, const carenet_table *flow)
{
    Flow drawn = {.html = html};
    double height = TOP;
    begin(&drawn, flow);
    collect(&drawn, flow);
    measure(&drawn);
    for (guint i = 0; i < drawn.columns_len; i++) {
        const double end = stack(&drawn.columns[i]);
        height = MAX(height, end);
    }
    cn_svg_open(
        html, "flow-picture", CN_PICTURE_WIDTH, height + 4, "Flow of referrals",
        "Ribbons from the home region of survivors to the region that serves them, and on to "
        "what became of the referral where that is told. The table below has the same "
        "figures.");
    draw(&drawn);
    cn_svg_close(html);
    finish(&drawn);
}
