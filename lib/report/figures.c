/* Figures of a plan and of capacity; referrals stand in figures-referrals.c. */
#include "report/figures.h"

#include "directory/find.h"
#include "model/indicator.h"

#include <string.h>

/* ---- What must be hidden. */

static gint64
sum_of(const gint64 *cells, gsize cells_len)
{
    gint64 sum = 0;
    for (gsize i = 0; i < cells_len; i++)
        sum += cells[i];
    return sum;
}

void
cn_figure_hide(const gint64 *cells, gsize cells_len, gboolean *out_hidden)
{
    const gint64 sum = sum_of(cells, cells_len);
    gboolean all = sum >= 1 && sum <= CN_SMALL_COUNT;
    if (!all)
        all = cn_suppress(cells, cells_len, out_hidden);
    /* Nobody can tell then which cells are empty: each may be anything from 0 to the total. */
    for (gsize i = 0; all && i < cells_len; i++)
        out_hidden[i] = TRUE;
}

gint64
cn_figure_total(const CnFigureQuestion *asked, gint64 total)
{
    return asked->suppress && total >= 1 && total <= CN_SMALL_COUNT ? CN_TOTAL_HIDDEN : total;
}

void
cn_figure_add(CnTableBuilder *table, gint64 value, gboolean hidden)
{
    if (hidden)
        cn_table_add_null(table);
    else
        cn_table_add_int64(table, value);
    cn_table_add_bool(table, hidden);
}

GHashTable *
cn_figure_cases(const CnFigureQuestion *asked)
{
    GHashTable *by_ref = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; asked->cases != NULL && i < asked->cases->cases->len; i++) {
        CnCase *person = g_ptr_array_index(asked->cases->cases, i);
        g_hash_table_insert(by_ref, person->ref, person);
    }
    return by_ref;
}

/* ---- Capacity. */

enum {
    STALE_NO,
    STALE_YES,
    STALE_UNKNOWN, /* no number may be shown, or nobody knows it */
    STALES,
};

typedef struct {
    guint offerings;
    gint64 total, taken;
} Places;

/* Places by service, region (the last one: elsewhere) and staleness. */
typedef struct {
    const CnFigureQuestion *asked;
    guint areas_len;
    Places *places;
} Capacity;

static Places *
places_of(const Capacity *capacity, CnServiceId service, guint area, guint stale)
{
    return &capacity->places[((gsize)service * (capacity->areas_len + 1) + area) * STALES + stale];
}

guint
cn_figure_region(const CnListing *listing, CnAreaId area)
{
    for (guint i = 0; i < listing->regions_len; i++)
        if (area != CN_AREA_NONE && listing->regions[i].area != CN_AREA_NONE &&
            cn_area_contains(listing->reference->gazetteer, listing->regions[i].area, area))
            return i;
    return (guint)listing->regions_len;
}

static void
count_places(const Capacity *capacity, guint i)
{
    const CnListing *listing = capacity->asked->directory->listing;
    const CnListedOffering *offered = &listing->offerings[i];
    const CnListedProvider *provider = cn_listed_provider_of(listing, i);
    const CnLiveCapacity *live = &listing->capacity[i];
    const CnService *service = cn_service(listing->reference->taxonomy, offered->service);
    guint stale = STALE_UNKNOWN;
    if (service->unit == CN_UNIT_NONE || provider->status != CN_ACTIVE)
        return;
    if (live->known && !provider->restricted)
        stale = cn_capacity_is_stale(live, service->unit, capacity->asked->now_s,
                                     capacity->asked->policy->stale_after_days)
                    ? STALE_YES
                    : STALE_NO;
    Places *places =
        places_of(capacity, offered->service,
                  capacity->asked->suppress ? 0 : cn_figure_region(listing, provider->area), stale);
    places->offerings++;
    if (stale == STALE_UNKNOWN)
        return;
    places->total += live->total;
    places->taken += live->total - cn_capacity_free(live, service->unit);
}

/* Those in few places are few, whatever is taken: only many places tell that somebody hides. */
static gboolean
must_hide(const Capacity *capacity, const Places *places)
{
    return capacity->asked->suppress && (places->total <= CN_SMALL_COUNT ||
                                         (places->taken >= 1 && places->taken <= CN_SMALL_COUNT));
}

static void
add_places(CnTableBuilder *table,
           const Capacity *capacity,
           CnServiceId service,
           guint area,
           guint stale)
{
    const CnListing *listing = capacity->asked->directory->listing;
    const CnService *of = cn_service(listing->reference->taxonomy, service);
    const Places *places = places_of(capacity, service, area, stale);
    const gboolean hidden = stale != STALE_UNKNOWN && must_hide(capacity, places);
    if (places->offerings == 0)
        return;
    cn_table_add_text(table, of->id);
    cn_table_add_text(
        table, !capacity->asked->suppress && area < listing->regions_len
                   ? cn_area_short_name(listing->reference->gazetteer, listing->regions[area].area)
                   : NULL);
    if (stale == STALE_UNKNOWN)
        cn_table_add_null(table);
    else
        cn_table_add_bool(table, stale == STALE_YES);
    cn_table_add_text(table, cn_unit_name(of->unit));
    cn_table_add_int64(table, places->offerings);
    if (stale == STALE_UNKNOWN) {
        for (guint i = 0; i < 3; i++)
            cn_table_add_null(table);
        cn_table_add_bool(table, FALSE);
        return;
    }
    cn_table_add_int64(table, places->total);
    if (hidden)
        cn_table_add_null(table);
    else
        cn_table_add_int64(table, places->taken);
    cn_figure_add(table, places->total - places->taken, hidden);
}

carenet_table *
cn_figure_capacity(const CnFigureQuestion *asked)
{
    static const CnColumn columns[] = {
        {"service", CARENET_COLUMN_TEXT},    {"area", CARENET_COLUMN_TEXT},
        {"stale", CARENET_COLUMN_BOOL},      {"unit", CARENET_COLUMN_TEXT},
        {"offerings", CARENET_COLUMN_INT64}, {"total", CARENET_COLUMN_INT64},
        {"taken", CARENET_COLUMN_INT64},     {"free", CARENET_COLUMN_INT64},
        {"suppressed", CARENET_COLUMN_BOOL}};
    const CnListing *listing = asked->directory->listing;
    const CnServiceId services_len = (CnServiceId)cn_taxonomy_len(listing->reference->taxonomy);
    Capacity capacity = {.asked = asked,
                         .areas_len = asked->suppress ? 0 : (guint)listing->regions_len};
    CnTableBuilder *table = cn_table_builder_new(columns, G_N_ELEMENTS(columns));
    g_autofree Places *places =
        g_new0(Places, (gsize)services_len * (capacity.areas_len + 1) * STALES + 1);
    capacity.places = places;
    for (guint i = 0; i < listing->offerings_len; i++)
        count_places(&capacity, i);
    for (CnServiceId service = 0; service < services_len; service++)
        for (guint area = 0; area <= capacity.areas_len; area++)
            for (guint stale = 0; stale < STALES; stale++)
                add_places(table, &capacity, service, area, stale);
    return cn_table_builder_finish(table);
}

/* ---- The funnel. */

enum {
    FUNNEL_OFFERED, /* nobody offers it; and so on */
    FUNNEL_ELIGIBLE,
    FUNNEL_REACHABLE,
    FUNNEL_FREE,
    FUNNEL_TAKEN, /* others of the list have the places */
    FUNNEL_PLACED,
    FUNNEL_LEN,
};

static const char *const funnel_names[] = {"not-offered",   "not-eligible", "not-reachable",
                                           "no-free-place", "places-taken", "placed"};

/* Every unit that is needed is in exactly one of the cells. */
static gint64
count_funnel(const CnPlan *plan, gint64 cells[FUNNEL_LEN])
{
    for (guint i = 0; i < plan->funnel->len; i++) {
        const CnPlanFunnel *of = &g_array_index(plan->funnel, CnPlanFunnel, i);
        cells[FUNNEL_OFFERED] += of->needed - of->offered;
        cells[FUNNEL_ELIGIBLE] += of->offered - of->eligible;
        cells[FUNNEL_REACHABLE] += of->eligible - of->reachable;
        cells[FUNNEL_FREE] += of->reachable - of->free;
        cells[FUNNEL_TAKEN] += of->free - of->placed;
        cells[FUNNEL_PLACED] += of->placed;
    }
    return sum_of(cells, FUNNEL_LEN);
}

/* What is placed and what is not are two cells of what is needed. Where one of them must be hidden,
 * nothing may tell the other one: no stage, and no unmet need. */
static gboolean
hides_unmet(const gint64 cells[FUNNEL_LEN])
{
    const gint64 halves[] = {cells[FUNNEL_PLACED], sum_of(cells, FUNNEL_PLACED)};
    gboolean hidden[G_N_ELEMENTS(halves)];
    cn_figure_hide(halves, G_N_ELEMENTS(halves), hidden);
    return hidden[0] || hidden[1];
}

static void
hide_funnel(const gint64 cells[FUNNEL_LEN], gboolean hidden[FUNNEL_LEN])
{
    const gboolean all = hides_unmet(cells);
    cn_figure_hide(cells, FUNNEL_PLACED, hidden);
    hidden[FUNNEL_PLACED] = FALSE;
    for (guint i = 0; all && i < FUNNEL_LEN; i++)
        hidden[i] = TRUE;
}

carenet_table *
cn_figure_funnel(const CnFigureQuestion *asked)
{
    static const CnColumn columns[] = {{"stage", CARENET_COLUMN_TEXT},
                                       {"units", CARENET_COLUMN_INT64},
                                       {"suppressed", CARENET_COLUMN_BOOL}};
    gint64 cells[FUNNEL_LEN] = {0};
    gboolean hidden[FUNNEL_LEN] = {FALSE};
    if (asked->plan == NULL)
        return NULL;
    const gint64 needed = count_funnel(asked->plan, cells);
    if (asked->suppress)
        hide_funnel(cells, hidden);
    CnTableBuilder *table = cn_table_builder_new(columns, G_N_ELEMENTS(columns));
    cn_table_add_text(table, "needed");
    cn_figure_add(table, needed, cn_figure_total(asked, needed) == CN_TOTAL_HIDDEN);
    for (guint i = 0; i < FUNNEL_LEN; i++) {
        cn_table_add_text(table, funnel_names[i]);
        cn_figure_add(table, cells[i], hidden[i]);
    }
    return cn_table_builder_finish(table);
}

/* ---- Needs that nobody takes. */

/* By service of the taxonomy and region; the last region: elsewhere, or not known. */
typedef struct {
    const CnFigureQuestion *asked;
    gsize areas_len;
    gint64 *needed, *unmet;
} Needs;

static gsize
cell_of(const Needs *needs, CnServiceId service, CnAreaId area)
{
    return (gsize)service * needs->areas_len +
           cn_figure_region(needs->asked->directory->listing, area);
}

static void
count_needed(const Needs *needs)
{
    for (guint i = 0; i < needs->asked->cases->cases->len; i++) {
        const CnCase *person = g_ptr_array_index(needs->asked->cases->cases, i);
        for (guint k = 0; k < person->needs->len; k++) {
            const CnNeed *need = &g_array_index(person->needs, CnNeed, k);
            needs->needed[cell_of(needs, need->service, person->area)] += need->units;
        }
    }
}

static void
count_unmet(const Needs *needs)
{
    g_autoptr(GHashTable) by_ref = cn_figure_cases(needs->asked);
    const CnTaxonomy *taxonomy = needs->asked->directory->listing->reference->taxonomy;
    for (guint i = 0; i < needs->asked->plan->unmet->len; i++) {
        const CnPlanUnmet *unmet = &g_array_index(needs->asked->plan->unmet, CnPlanUnmet, i);
        const CnCase *person = g_hash_table_lookup(by_ref, unmet->ref);
        const CnServiceId service = cn_service_by_id(taxonomy, unmet->service);
        if (service != CN_SERVICE_NONE)
            needs->unmet[cell_of(needs, service, person != NULL ? person->area : CN_AREA_NONE)] +=
                unmet->units;
    }
}

static void
add_unmet(CnTableBuilder *table, const Needs *needs, gsize cell, gboolean hidden)
{
    const CnListing *listing = needs->asked->directory->listing;
    const gsize area = cell % needs->areas_len;
    cn_table_add_text(
        table,
        cn_service(listing->reference->taxonomy, (CnServiceId)(cell / needs->areas_len))->id);
    cn_table_add_text(
        table, area < listing->regions_len
                   ? cn_area_short_name(listing->reference->gazetteer, listing->regions[area].area)
                   : NULL);
    if (needs->asked->suppress)
        cn_table_add_null(table);
    else
        cn_table_add_int64(table, needs->needed[cell]);
    cn_figure_add(table, needs->unmet[cell], hidden);
}

/* Where two region files are of one area all that is there counts for the first. */
static gboolean
is_of_former(const Needs *needs, gsize area)
{
    const CnListing *listing = needs->asked->directory->listing;
    return area < listing->regions_len && listing->regions[area].area != CN_AREA_NONE &&
           cn_figure_region(listing, listing->regions[area].area) != area;
}

/* The cells of services that somebody needs; of those that are not known only where it is one. */
static GArray *
choose_cells(const Needs *needs, gsize cells_len)
{
    GArray *chosen = g_array_new(FALSE, FALSE, sizeof(gsize));
    gint64 elsewhere = 0;
    for (gsize cell = needs->areas_len - 1; cell < cells_len; cell += needs->areas_len)
        elsewhere += needs->needed[cell];
    for (gsize cell = 0; cell < cells_len; cell++) {
        const gsize first = cell - cell % needs->areas_len;
        const gboolean is_elsewhere = cell - first + 1 == needs->areas_len;
        if (sum_of(needs->needed + first, needs->areas_len) > 0 &&
            (!is_elsewhere || elsewhere > 0) && !is_of_former(needs, cell - first))
            g_array_append_val(chosen, cell);
    }
    return chosen;
}

static void
hide_needs(const CnFigureQuestion *asked, const gint64 *values, gsize values_len, gboolean *hidden)
{
    gint64 stages[FUNNEL_LEN] = {0};
    count_funnel(asked->plan, stages);
    const gboolean all = hides_unmet(stages);
    cn_figure_hide(values, values_len, hidden);
    for (gsize i = 0; all && i < values_len; i++)
        hidden[i] = TRUE;
}

static carenet_table *
make_unmet(const Needs *needs, gsize cells_len)
{
    static const CnColumn columns[] = {{"service", CARENET_COLUMN_TEXT},
                                       {"area", CARENET_COLUMN_TEXT},
                                       {"needed", CARENET_COLUMN_INT64},
                                       {"unmet", CARENET_COLUMN_INT64},
                                       {"suppressed", CARENET_COLUMN_BOOL}};
    CnTableBuilder *table = cn_table_builder_new(columns, G_N_ELEMENTS(columns));
    g_autoptr(GArray) chosen = choose_cells(needs, cells_len);
    g_autofree gint64 *values = g_new0(gint64, chosen->len + 1);
    g_autofree gboolean *hidden = g_new0(gboolean, chosen->len + 1);
    for (guint i = 0; i < chosen->len; i++)
        values[i] = needs->unmet[g_array_index(chosen, gsize, i)];
    if (needs->asked->suppress)
        hide_needs(needs->asked, values, chosen->len, hidden);
    for (guint i = 0; i < chosen->len; i++)
        add_unmet(table, needs, g_array_index(chosen, gsize, i), hidden[i]);
    return cn_table_builder_finish(table);
}

carenet_table *
cn_figure_unmet(const CnFigureQuestion *asked)
{
    const CnListing *listing = asked->directory->listing;
    Needs needs = {.asked = asked, .areas_len = listing->regions_len + 1};
    g_assert(needs.areas_len > 0);
    const gsize cells_len = cn_taxonomy_len(listing->reference->taxonomy) * needs.areas_len;
    g_autofree gint64 *needed = g_new0(gint64, cells_len), *unmet = g_new0(gint64, cells_len);
    needs.needed = needed, needs.unmet = unmet;
    if (asked->plan == NULL || asked->cases == NULL)
        return NULL;
    count_needed(&needs);
    count_unmet(&needs);
    return make_unmet(&needs, cells_len);
}
