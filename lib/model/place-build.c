/* Rows of a gazetteer and of its links to a gazetteer: checks, the order of areas, islands. */
#include "model/place-private.h"

#include <math.h>
#include <string.h>

#define LINK_KM_MOST 2000.0
#define CYCLE_STEPS  32

/* A row as given; strings live in the builder's chunk, which becomes the gazetteer's. */
typedef struct {
    CnAreaRow row;
    guint parent;      /* row number + 1; 0 none */
    guint first_child; /* row number + 1 */
    guint last_child;
    guint next_sibling;
    CnAreaId id;
} BuildArea;

typedef struct {
    CnLinkKind kind;
    const char *from_code, *to_code;
    double km;
    CnPos pos;
} BuildLink;

struct CnGazetteerBuilder {
    GStringChunk *strings;
    GArray *areas;       /* (element-type BuildArea) */
    GArray *links;       /* (element-type BuildLink) */
    GHashTable *by_code; /* (element-type utf8 guint), row number + 1 */
};

CnGazetteerBuilder *
cn_gazetteer_builder_new(void)
{
    CnGazetteerBuilder *builder = g_new0(CnGazetteerBuilder, 1);
    builder->strings = g_string_chunk_new(65536);
    builder->areas = g_array_new(FALSE, FALSE, sizeof(BuildArea));
    builder->links = g_array_new(FALSE, FALSE, sizeof(BuildLink));
    builder->by_code = g_hash_table_new(g_str_hash, g_str_equal);
    return builder;
}

static void
free_builder(CnGazetteerBuilder *builder)
{
    g_clear_pointer(&builder->strings, g_string_chunk_free);
    g_array_unref(builder->areas);
    g_array_unref(builder->links);
    g_hash_table_unref(builder->by_code);
    g_free(builder);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CnGazetteerBuilder, free_builder)

/* Absent text is "". */
static const char *
keep_text(CnGazetteerBuilder *builder, const char *text)
{
    return text != NULL && text[0] != '\0' ? g_string_chunk_insert(builder->strings, text) : "";
}

void
cn_gazetteer_builder_area(CnGazetteerBuilder *builder, const CnAreaRow *row)
{
    BuildArea area = {.row = *row};
    area.row.code = keep_text(builder, row->code);
    area.row.name = keep_text(builder, row->name);
    area.row.parent_code = keep_text(builder, row->parent_code);
    area.row.aliases = keep_text(builder, row->aliases);
    area.row.geographic_province = keep_text(builder, row->geographic_province);
    area.row.island = keep_text(builder, row->island);
    g_array_append_val(builder->areas, area);
}

void
cn_gazetteer_builder_link(CnGazetteerBuilder *builder,
                          CnLinkKind kind,
                          const char *from_code,
                          const char *to_code,
                          double straight_km,
                          CnPos pos)
{
    BuildLink link = {.kind = kind,
                      .from_code = keep_text(builder, from_code),
                      .to_code = keep_text(builder, to_code),
                      .km = straight_km,
                      .pos = pos};
    g_array_append_val(builder->links, link);
}

static BuildArea *
area_at(const CnGazetteerBuilder *builder, guint i)
{
    return &g_array_index(builder->areas, BuildArea, i);
}

static BuildArea *
area_by_code(const CnGazetteerBuilder *builder, const char *code)
{
    guint found = GPOINTER_TO_UINT(g_hash_table_lookup(builder->by_code, code));
    return found != 0 ? area_at(builder, found - 1) : NULL;
}

static gboolean
is_place_on_earth(double lat_deg, double lon_deg)
{
    return isfinite(lat_deg) && isfinite(lon_deg) && fabs(lat_deg) <= 90.0 &&
           fabs(lon_deg) <= 180.0;
}

/* What one row shows without the others. */
static void
check_row(const CnAreaRow *row, CnIssueList *issues)
{
    if (row->code[0] == '\0')
        cn_issue_add(issues, CN_SEVERITY_ERROR, "missing-value", row->pos, NULL,
                     "an area has no code");
    if (row->name[0] == '\0')
        cn_issue_add(issues, CN_SEVERITY_ERROR, "missing-value", row->pos, NULL,
                     "area %s has no name", row->code);
    if (!is_place_on_earth(row->lat_deg, row->lon_deg))
        cn_issue_add(issues, CN_SEVERITY_ERROR, "impossible-value", row->pos,
                     "latitude is -90 to 90 degrees, longitude -180 to 180",
                     "the point of area %s is not on the earth", row->code);
    if (row->population < 0)
        cn_issue_add(issues, CN_SEVERITY_ERROR, "impossible-value", row->pos, NULL,
                     "the population of area %s is negative", row->code);
}

/* Checks each row and makes its code known. */
static void
register_areas(CnGazetteerBuilder *builder, CnIssueList *issues)
{
    for (guint i = 0; i < builder->areas->len; i++) {
        const CnAreaRow *row = &area_at(builder, i)->row;
        check_row(row, issues);
        if (row->code[0] == '\0')
            continue;
        const BuildArea *before = area_by_code(builder, row->code);
        if (before == NULL)
            g_hash_table_insert(builder->by_code, (gpointer)row->code, GUINT_TO_POINTER(i + 1));
        else
            cn_issue_add(issues, CN_SEVERITY_ERROR, "duplicate-id", row->pos, NULL,
                         "area code %s stands in line %u already", row->code, before->row.pos.line);
    }
}

/* Levels bound an honest chain; a longer cycle is still found, as a wrong parent. */
static gboolean
is_in_cycle(const CnGazetteerBuilder *builder, guint number)
{
    guint at = area_at(builder, number - 1)->parent;
    for (guint steps = 0; at != 0 && steps < CYCLE_STEPS; steps++) {
        if (at == number)
            return TRUE;
        at = area_at(builder, at - 1)->parent;
    }
    return FALSE;
}

static void
check_parent(const CnGazetteerBuilder *builder, guint i, CnIssueList *issues)
{
    const BuildArea *area = area_at(builder, i);
    if (area->parent == 0)
        return;
    const CnAreaRow *row = &area->row, *parent = &area_at(builder, area->parent - 1)->row;
    if (is_in_cycle(builder, i + 1))
        cn_issue_add(issues, CN_SEVERITY_ERROR, "parent-cycle", row->pos, NULL,
                     "area %s is its own ancestor", row->code);
    else if (parent->level >= row->level)
        cn_issue_add(issues, CN_SEVERITY_ERROR, "wrong-parent", row->pos, NULL,
                     "area %s (%s) cannot lie in %s (%s)", row->code, cn_level_name(row->level),
                     parent->code, cn_level_name(parent->level));
}

static void
check_geographic_province(const CnGazetteerBuilder *builder,
                          const CnAreaRow *row,
                          CnIssueList *issues)
{
    if (row->geographic_province[0] == '\0')
        return;
    const BuildArea *province = area_by_code(builder, row->geographic_province);
    if (province == NULL || province->row.level != CN_LEVEL_PROVINCE)
        cn_issue_add(issues, CN_SEVERITY_ERROR, "unknown-area", row->pos,
                     "give the code of a province",
                     "the geographic province %s of area %s is no province",
                     row->geographic_province, row->code);
}

static void
find_parents(CnGazetteerBuilder *builder, CnIssueList *issues)
{
    for (guint i = 0; i < builder->areas->len; i++) {
        BuildArea *area = area_at(builder, i);
        const char *code = area->row.parent_code;
        if (code[0] == '\0')
            continue;
        area->parent = GPOINTER_TO_UINT(g_hash_table_lookup(builder->by_code, code));
        if (area->parent == 0)
            cn_issue_add(issues, CN_SEVERITY_ERROR, "unknown-area", area->row.pos, NULL,
                         "the parent %s of area %s is unknown", code, area->row.code);
    }
    for (guint i = 0; i < builder->areas->len; i++) {
        check_parent(builder, i, issues);
        check_geographic_province(builder, &area_at(builder, i)->row, issues);
    }
}

/* One end of a link: a known area on a known island. */
static const BuildArea *
check_link_end(const CnGazetteerBuilder *builder,
               const char *code,
               const BuildLink *link,
               CnIssueList *issues)
{
    const BuildArea *area = area_by_code(builder, code);
    if (area == NULL) {
        cn_issue_add(issues, CN_SEVERITY_ERROR, "unknown-area", link->pos, NULL,
                     "a link ends at area %s, which is unknown", code);
    } else if (area->row.island[0] == '\0') {
        cn_issue_add(issues, CN_SEVERITY_ERROR, "unknown-island", link->pos,
                     "name the island of the area in the gazetteer",
                     "a link ends at area %s, whose island is unknown", code);
        area = NULL;
    }
    return area;
}

static void
check_links(const CnGazetteerBuilder *builder, CnIssueList *issues)
{
    for (guint i = 0; i < builder->links->len; i++) {
        const BuildLink *link = &g_array_index(builder->links, BuildLink, i);
        const BuildArea *from = check_link_end(builder, link->from_code, link, issues);
        const BuildArea *to = check_link_end(builder, link->to_code, link, issues);
        if (from != NULL && to != NULL && strcmp(from->row.island, to->row.island) == 0)
            cn_issue_add(issues, CN_SEVERITY_ERROR, "same-island", link->pos, NULL,
                         "a link joins %s and %s, which are both on %s", link->from_code,
                         link->to_code, from->row.island);
        if (!isfinite(link->km) || link->km <= 0.0 || link->km > LINK_KM_MOST)
            cn_issue_add(issues, CN_SEVERITY_ERROR, "impossible-value", link->pos,
                         "give the straight line in kilometres, more than 0 and at most 2000",
                         "the length of the link from %s to %s is impossible", link->from_code,
                         link->to_code);
    }
}

static gint
compare_codes(gconstpointer a, gconstpointer b, gpointer data)
{
    const CnGazetteerBuilder *builder = data;
    return strcmp(area_at(builder, *(const guint *)a)->row.code,
                  area_at(builder, *(const guint *)b)->row.code);
}

/* Row numbers in the order of codes. */
static GArray *
sort_rows(CnGazetteerBuilder *builder)
{
    GArray *order = g_array_sized_new(FALSE, FALSE, sizeof(guint), builder->areas->len);
    for (guint i = 0; i < builder->areas->len; i++)
        g_array_append_val(order, i);
    g_array_sort_with_data(order, compare_codes, builder);
    return order;
}

/* Gives the area and all below it their positions; levels bound the depth. */
static void
number_areas(CnGazetteerBuilder *builder, guint number, CnAreaId *next)
{
    BuildArea *area = area_at(builder, number - 1);
    area->id = (*next)++;
    for (guint child = area->first_child; child != 0;
         child = area_at(builder, child - 1)->next_sibling)
        number_areas(builder, child, next);
}

/* Parents first, siblings by code. */
static void
order_areas(CnGazetteerBuilder *builder)
{
    g_autoptr(GArray) order = sort_rows(builder);
    for (guint i = 0; i < order->len; i++) {
        guint number = g_array_index(order, guint, i) + 1;
        BuildArea *area = area_at(builder, number - 1);
        if (area->parent == 0)
            continue;
        BuildArea *parent = area_at(builder, area->parent - 1);
        if (parent->last_child != 0)
            area_at(builder, parent->last_child - 1)->next_sibling = number;
        else
            parent->first_child = number;
        parent->last_child = number;
    }
    CnAreaId next = 0;
    for (guint i = 0; i < order->len; i++) {
        guint number = g_array_index(order, guint, i) + 1;
        if (area_at(builder, number - 1)->parent == 0)
            number_areas(builder, number, &next);
    }
}

static CnArea
make_area(const CnGazetteerBuilder *builder, const BuildArea *build)
{
    const CnAreaRow *row = &build->row;
    const BuildArea *province = area_by_code(builder, row->geographic_province);
    return (CnArea){.code = row->code,
                    .name = row->name,
                    .level = row->level,
                    .parent =
                        build->parent != 0 ? area_at(builder, build->parent - 1)->id : CN_AREA_NONE,
                    .end = build->id + 1,
                    .geographic_province = province != NULL ? province->id : CN_AREA_NONE,
                    .lat_deg = row->lat_deg,
                    .lon_deg = row->lon_deg,
                    .population = row->population,
                    .island = -1};
}

static void
make_areas(const CnGazetteerBuilder *builder, CnGazetteer *gazetteer)
{
    gazetteer->len = builder->areas->len;
    gazetteer->areas = g_new0(CnArea, gazetteer->len + 1);
    cn_text_index_init(&gazetteer->by_code, gazetteer->len);
    for (guint i = 0; i < gazetteer->len; i++) {
        const BuildArea *build = area_at(builder, i);
        gazetteer->areas[build->id] = make_area(builder, build);
    }
    /* Backwards every area is complete before its parent. */
    for (guint i = gazetteer->len; i-- > 0;) {
        const CnArea *area = &gazetteer->areas[i];
        cn_text_index_put(&gazetteer->by_code, cn_gazetteer_code_of, gazetteer, i);
        if (area->parent >= 0) {
            CnArea *parent = &gazetteer->areas[area->parent];
            parent->end = MAX(parent->end, area->end);
        }
    }
}

/* Appends the parts of "a;b;c" and a NULL to the pool. */
static void
split_aliases(CnGazetteer *gazetteer, const char *aliases, GPtrArray *pool)
{
    g_auto(GStrv) parts = g_strsplit(aliases, ";", -1);
    for (guint i = 0; parts[i] != NULL; i++) {
        const char *alias = g_strstrip(parts[i]);
        if (alias[0] != '\0')
            g_ptr_array_add(pool, g_string_chunk_insert(gazetteer->strings, alias));
    }
    g_ptr_array_add(pool, NULL);
}

/* The pool moves while it grows, so areas get their lists in a second pass. */
static void
make_aliases(const CnGazetteerBuilder *builder, CnGazetteer *gazetteer)
{
    GPtrArray *pool = g_ptr_array_new();
    g_autofree guint *starts = g_new(guint, gazetteer->len + 1);
    for (guint i = 0; i < gazetteer->len; i++) {
        const BuildArea *build = area_at(builder, i);
        starts[build->id] = pool->len;
        split_aliases(gazetteer, build->row.aliases, pool);
    }
    gazetteer->aliases = (const char **)g_ptr_array_free(pool, FALSE);
    for (guint i = 0; i < gazetteer->len; i++)
        gazetteer->areas[i].aliases = gazetteer->aliases + starts[i];
}

/* Islands are numbered in the order in which the areas first name them. FALSE: too many. */
static gboolean
make_islands(const CnGazetteerBuilder *builder, CnGazetteer *gazetteer)
{
    g_autoptr(GHashTable) numbers = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < gazetteer->len; i++) {
        CnArea *area = &gazetteer->areas[i];
        const char *name = area_by_code(builder, area->code)->row.island;
        if (name[0] == '\0')
            continue;
        gint number = GPOINTER_TO_INT(g_hash_table_lookup(numbers, name));
        if (number == 0) {
            if (gazetteer->islands->len == G_MAXINT16)
                return FALSE;
            g_ptr_array_add(gazetteer->islands, (gpointer)name);
            number = (gint)gazetteer->islands->len;
            g_hash_table_insert(numbers, (gpointer)name, GINT_TO_POINTER(number));
        }
        area->island = (gint16)(number - 1);
    }
    return TRUE;
}

static gboolean
make_links(const CnGazetteerBuilder *builder, CnGazetteer *gazetteer)
{
    g_autoptr(GArray) links = g_array_new(FALSE, FALSE, sizeof(CnLink));
    for (guint i = 0; i < builder->links->len; i++) {
        const BuildLink *build = &g_array_index(builder->links, BuildLink, i);
        CnLink link = {.kind = build->kind,
                       .from = cn_area_by_code(gazetteer, build->from_code),
                       .to = cn_area_by_code(gazetteer, build->to_code),
                       .km = build->km};
        g_array_append_val(links, link);
    }
    return cn_gazetteer_lay_ways(gazetteer, links);
}

CnGazetteer *
cn_gazetteer_builder_finish(CnGazetteerBuilder *consumed, CnIssueList *issues)
{
    g_autoptr(CnGazetteerBuilder) builder = consumed;
    guint errors_before = cn_issue_list_errors(issues);
    register_areas(builder, issues);
    find_parents(builder, issues);
    check_links(builder, issues);
    if (cn_issue_list_errors(issues) > errors_before)
        return NULL;

    order_areas(builder);
    g_autoptr(CnGazetteer) gazetteer = g_new0(CnGazetteer, 1);
    gazetteer->strings = g_steal_pointer(&builder->strings);
    gazetteer->islands = g_ptr_array_new();
    make_areas(builder, gazetteer);
    make_aliases(builder, gazetteer);
    cn_gazetteer_index_names(gazetteer);
    cn_gazetteer_make_short_names(gazetteer);
    if (!make_islands(builder, gazetteer) || !make_links(builder, gazetteer)) {
        cn_issue_add(issues, CN_SEVERITY_ERROR, "too-many", (CnPos){0}, NULL,
                     "more than %d islands or %d ports", G_MAXINT16, CN_PORTS_MOST);
        return NULL;
    }
    return g_steal_pointer(&gazetteer);
}
