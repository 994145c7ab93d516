/* The answer of find: which offerings, and what the reader must know beside them. Capacity may have to be
 * read from the store, so that what needs none comes first, for each offering; then what does, for those
 * that are left. */
#include "directory/find-private.h"

#include "base/error.h"
#include "directory/partial.h"

#include <math.h>

typedef struct {
    const CnFind *find;
    guint32 filters;  /* of @find, but for those that the index answers by itself */
    CnRuleMask rules; /* that hold an offering back */
    CnMatches matches;
    CnMatches held_back;          /* let through by every filter, but not by the rule in `first` */
    guint32 *seen;                /* one bit an offering: asked for twice, listed once */
    guint unlisted[CN_RULES_LEN]; /* of those held back that have the free places asked for */
    guint32 *wider;               /* the same for those shown for a wider area */
    CnMatches shown_wider;        /* would match, but are shown for a wider area only */
} Search;

/* Whether the parallel alone is farther away than asked: most of what the cells of the grid hold. */
static gboolean
is_out_of_box(const CnFind *find, const CnCandidate *candidate)
{
    if (find->query->within_m <= 0 || !candidate->has_travel)
        return FALSE;
    return fabs(candidate->provider->lat_deg - find->origin->lat_deg) * CN_GRID_M_PER_DEG >
           (double)find->query->within_m + 1.0;
}

static gboolean
is_first_time(guint32 *seen, guint offering)
{
    guint32 bit = (guint32)1 << offering % 32;
    if ((seen[offering / 32] & bit) != 0)
        return FALSE;
    seen[offering / 32] |= bit;
    return TRUE;
}

#define BIT(filter) ((guint32)1 << (filter))

/* Whether each of @filters lets it through, before and after it has gone the way. Free places are asked
 * for at the end, when capacity has been read. */
static gboolean
passes(const CnFind *find, CnCandidate *candidate, guint32 filters)
{
    const guint32 last = BIT(CN_FILTER_FREE) | BIT(CN_FILTER_DISTANCE);
    for (guint32 left = filters & ~last; left != 0; left &= left - 1)
        if (!cn_find_passes(find, (CnFilter)__builtin_ctz(left), candidate))
            return FALSE;
    if (is_out_of_box(find, candidate))
        return FALSE;
    cn_candidate_go(candidate, &find->question);
    return (filters & BIT(CN_FILTER_DISTANCE)) == 0 ||
           cn_find_passes(find, CN_FILTER_DISTANCE, candidate);
}

static void
keep(CnMatches *matches, const CnCandidate *candidate)
{
    CnMatch *match = cn_matches_add(matches);
    match->offering = candidate->offering;
    match->unit = (guint8)candidate->service->unit;
    match->unconfirmed = candidate->provider->unconfirmed;
    match->restricted = candidate->provider->restricted;
    match->travel_min = candidate->has_travel ? candidate->travel.travel_min : -1;
    match->distance_m = candidate->has_travel ? candidate->travel.distance_m : -1;
}

static void
look_at(guint offering, gpointer data)
{
    Search *search = data;
    const CnFind *find = search->find;
    CnCandidate candidate;
    if (!is_first_time(search->seen, offering))
        return;
    cn_candidate_look(&candidate, &find->question, offering);
    if (!passes(find, &candidate, search->filters))
        return;
    CnRule rule = cn_rules_first_broken(&find->question, &candidate, search->rules);
    keep(rule == CN_RULE_NONE ? &search->matches : &search->held_back, &candidate);
    if (rule != CN_RULE_NONE)
        search->held_back.list[search->held_back.len - 1].first = rule;
}

/* No trip is faster than the straight line at the fastest speed; links are declared to 100 m, hence
 * the margin. 0: there is no limit. */
static double
radius_m(const CnFind *find)
{
    const CnTravelSpeeds *speeds = &find->origin->speeds;
    double fastest_m_per_min = MAX(speeds->land_km_per_h * 100.0 / MIN(100, speeds->detour_percent),
                                   speeds->sea_km_per_h) *
                               1000.0 / 60.0;
    double by_time = find->query->within_min * fastest_m_per_min * 1.05 + 5000.0;
    if (find->query->within_min <= 0 || cn_plugged_travels(find->plugged))
        return (double)find->query->within_m;
    return find->query->within_m > 0 ? MIN((double)find->query->within_m, by_time) : by_time;
}

/* How many offerings there are of the services asked for. */
static gsize
count_by_service(const CnFind *find)
{
    gsize count = 0;
    if (find->services->len == 0)
        return find->directory->listing->offerings_len;
    for (guint i = 0; i < find->services->len; i++)
        count +=
            cn_index_count(&find->directory->index, g_array_index(find->services, CnServiceId, i));
    return count;
}

/* The terms at or below service @i of those asked for; all terms where none is. */
static void
terms_of(const CnFind *find, guint i, CnServiceId *out_from, CnServiceId *out_to)
{
    const CnTaxonomy *taxonomy = find->directory->listing->reference->taxonomy;
    *out_from = 0;
    *out_to = (CnServiceId)cn_taxonomy_len(taxonomy);
    if (find->services->len == 0)
        return;
    *out_from = g_array_index(find->services, CnServiceId, i);
    *out_to = cn_service(taxonomy, *out_from)->end;
}

/* Looks around a place where that is fewer offerings than the services asked for. */
static gboolean
search_around(Search *search)
{
    const CnFind *find = search->find;
    const CnGrid *grid = &find->directory->grid;
    CnServiceId from, to;
    gsize around = 0;
    if (find->origin == NULL || (find->query->within_min <= 0 && find->query->within_m <= 0))
        return FALSE;
    /* A plug-in may be quicker than any straight line. */
    if (find->query->within_m <= 0 && cn_plugged_travels(find->plugged))
        return FALSE;
    CnCells cells =
        cn_grid_cells(grid, find->origin->lat_deg, find->origin->lon_deg, radius_m(find));
    const gsize by_service = count_by_service(find);
    /* Nor is a circle worth it that touches more cells than there is to be found. */
    if (cn_cells_len(cells) * MAX(1, find->services->len) > by_service)
        return FALSE;
    for (guint i = 0; i < MAX(1, find->services->len); i++) {
        terms_of(find, i, &from, &to);
        around += cn_grid_count(grid, cells, from, to);
    }
    if (around > by_service)
        return FALSE;
    for (guint i = 0; i < MAX(1, find->services->len); i++) {
        terms_of(find, i, &from, &to);
        cn_grid_visit(grid, cells, from, to, look_at, search);
    }
    return TRUE;
}

/* Looks at the terms [from, to) in every region asked for. What serves an area from elsewhere can be
 * seated anywhere. */
static void
search_terms(Search *search, CnServiceId from, CnServiceId to)
{
    const CnFind *find = search->find;
    if (find->regions->len == 0 || find->serving != CN_AREA_NONE) {
        cn_index_visit(&find->directory->index, from, to, CN_AREA_NONE, look_at, search);
        return;
    }
    search->filters &= ~BIT(CN_FILTER_REGION);
    for (guint i = 0; i < find->regions->len; i++)
        cn_index_visit(&find->directory->index, from, to, g_array_index(find->regions, CnAreaId, i),
                       look_at, search);
}

static void
search_all(Search *search)
{
    const CnFind *find = search->find;
    CnServiceId from, to;
    search->filters &= ~BIT(CN_FILTER_SERVICE);
    if (search_around(search))
        return;
    for (guint i = 0; i < MAX(1, find->services->len); i++) {
        terms_of(find, i, &from, &to);
        search_terms(search, from, to);
    }
}

/* A restricted provider, or one whose town nobody wrote down, is shown for a wider area only: it may
 * or may not be where the reader looks, and the answer is the same either way. */
static void
look_at_wider(guint offering, gpointer data)
{
    Search *search = data;
    const CnFind *find = search->find;
    CnCandidate candidate;
    if (!is_first_time(search->wider, offering))
        return;
    cn_candidate_look(&candidate, &find->question, offering);
    /* Another region that was asked for may list it already. */
    if (candidate.provider->remote || cn_find_passes(find, CN_FILTER_REGION, &candidate) ||
        !passes(find, &candidate, search->filters & ~BIT(CN_FILTER_REGION)) ||
        cn_rules_first_broken(&find->question, &candidate, search->rules) != CN_RULE_NONE)
        return;
    keep(&search->shown_wider, &candidate);
}

/* Where the query asks for them they are rows like others, and no warning tells how many there are. */
static void
list_wider(Search *search)
{
    for (gsize i = 0; i < search->shown_wider.len; i++)
        *cn_matches_add(&search->matches) = search->shown_wider.list[i];
    search->shown_wider.len = 0;
}

static void
look_wider(Search *search)
{
    const CnFind *find = search->find;
    CnServiceId from, to;
    for (guint i = 0; i < find->regions->len; i++) {
        for (guint k = 0; k < MAX(1, find->services->len); k++) {
            terms_of(find, k, &from, &to);
            cn_index_visit_above(&find->directory->index, from, to,
                                 g_array_index(find->regions, CnAreaId, i), look_at_wider, search);
        }
    }
}

/* ---- What the reader must know beside the rows. */

static void
warn_outside(CnTableBuilder *table, const CnFind *find, CnAreaId area)
{
    const CnGazetteer *gazetteer = find->directory->listing->reference->gazetteer;
    gint64 distance_m = 0;
    const CnListedRegion *nearest = cn_directory_nearest_region(find->directory, area, &distance_m);
    if (nearest != NULL)
        cn_table_warn(
            table,
            "%s is outside the network; the nearest region of the network is %s (%s), "
            "about %" G_GINT64_FORMAT " km away",
            cn_area(gazetteer, area)->name, cn_listed_text(find->directory->listing, nearest->name),
            cn_listed_text(find->directory->listing, nearest->id), (distance_m + 500) / 1000);
}

static void
warn(CnTableBuilder *table, const Search *search, gsize rows)
{
    const CnFind *find = search->find;
    for (guint i = 0; i < find->regions->len; i++)
        warn_outside(table, find, g_array_index(find->regions, CnAreaId, i));
    if (find->serving != CN_AREA_NONE)
        warn_outside(table, find, find->serving);
    if (search->shown_wider.len > 0)
        cn_table_warn(table,
                      "%" G_GSIZE_FORMAT
                      " more may be there but are shown for a wider area only (restricted, or no "
                      "town on record): ask for the whole region",
                      search->shown_wider.len);
    if (rows > 0)
        return;
    for (guint rule = 0; rule < CN_RULES_LEN; rule++)
        if (search->unlisted[rule] > 0)
            cn_table_warn(table, "%u not listed: %s", search->unlisted[rule],
                          cn_rule_meaning(rule));
}

/* ---- From what was found to what is shown. */

static gboolean
need_capacity(const CnFind *find, const CnMatches *matches, GError **error)
{
    if (find->directory->partial == NULL)
        return TRUE;
    g_autofree guint *offerings = g_new(guint, matches->len + 1);
    for (gsize i = 0; i < matches->len; i++)
        offerings[i] = matches->list[i].offering;
    return cn_partial_need_capacity(find->directory, offerings, (guint)matches->len, error);
}

/* The last filter. */
static gboolean
keep_free(const CnFind *find, CnMatches *matches, GError **error)
{
    gsize kept = 0;
    if (find->query->free <= 0)
        return TRUE;
    if (!need_capacity(find, matches, error))
        return FALSE;
    for (gsize i = 0; i < matches->len; i++) {
        CnCandidate candidate;
        cn_candidate_look(&candidate, &find->question, matches->list[i].offering);
        if (cn_find_passes(find, CN_FILTER_FREE, &candidate))
            matches->list[kept++] = matches->list[i];
    }
    matches->len = kept;
    return TRUE;
}

static gboolean
keep_listed(Search *search, GError **error)
{
    const CnFind *find = search->find;
    if (!keep_free(find, &search->matches, error) || !keep_free(find, &search->held_back, error) ||
        !keep_free(find, &search->shown_wider, error))
        return FALSE;
    for (gsize i = 0; i < search->held_back.len; i++)
        search->unlisted[search->held_back.list[i].first]++;
    return TRUE;
}

/* The first rows of the order come to the front, in order, and the others are forgotten. */
static gboolean
sort(Search *search, gsize rows, CnSortKey key, GError **error)
{
    const CnFind *find = search->find;
    CnMatches *matches = &search->matches;
    if (cn_sort_key_reads_capacity(key) && !need_capacity(find, matches, error))
        return FALSE;
    cn_matches_set_order(matches, key, find->directory->listing);
    cn_matches_sort(matches, rows, key, find->directory->listing);
    return need_capacity(find, matches, error);
}

static carenet_table *
show_rows(Search *search, CnSortKey key, GError **error)
{
    const CnFind *find = search->find;
    if (!keep_listed(search, error))
        return NULL;
    gsize found = search->matches.len;
    gsize rows = find->query->limit > 0 ? MIN(find->query->limit, found) : found;
    if (!sort(search, rows, key, error))
        return NULL;
    CnTableBuilder *table = cn_find_table();
    cn_find_add_rows(table, find, &search->matches);
    if (found > rows)
        cn_table_warn(table, "%u more rows match", (guint)(found - rows));
    warn(table, search, found);
    return cn_table_builder_finish(table);
}

static void
clear_search(Search *search)
{
    cn_matches_clear(&search->matches);
    cn_matches_clear(&search->held_back);
    cn_matches_clear(&search->shown_wider);
    g_free(search->seen);
    g_free(search->wider);
}

carenet_table *
cn_find_rows(const CnFind *find, GError **error)
{
    CnSortKey key = CN_SORT_DEFAULT;
    (void)cn_sort_key_parse(find->query->sort, &key, NULL);
    gsize words = find->directory->listing->offerings_len / 32 + 1;
    Search search = {.find = find,
                     .filters = find->filters,
                     .rules = cn_find_rules(find) & cn_rules_of_question(&find->question),
                     .seen = g_new0(guint32, words),
                     .wider = g_new0(guint32, words)};
    search_all(&search);
    look_wider(&search);
    if (find->query->wider)
        list_wider(&search);
    carenet_table *rows = show_rows(&search, key, error);
    clear_search(&search);
    return rows;
}

static carenet_table *
find_once(const CnDirectory *directory, const carenet_find_query *query, GError **error)
{
    CnFind find;
    carenet_table *rows = cn_find_init(&find, "carenet_find", directory, query, error)
                              ? cn_find_rows(&find, error)
                              : NULL;
    cn_find_clear(&find);
    return rows;
}

carenet_table *
carenet_find(const carenet_directory *directory,
             const carenet_find_query *query,
             carenet_error **error)
{
    carenet_find_query own;
    CN_REQUIRE_GIVEN(directory, error, NULL);
    CN_REQUIRE_GIVEN(query, error, NULL);
    carenet_find_query_init(&own);
    CN_ADOPT(query, &own, error, NULL);
    CnSortKey key = CN_SORT_DEFAULT;
    if (!cn_sort_key_parse(own.sort, &key, error))
        return NULL;
    /* Plug-ins are asked about every offering. */
    if (carenet_policy_plugins_len(own.policy) > 0 && !cn_directory_complete(directory, error))
        return NULL;
    cn_partial_lock(directory);
    gboolean again = FALSE;
    carenet_table *rows = find_once(directory, &own, error);
    if (rows != NULL && !cn_partial_mend(directory, &again, error))
        g_clear_pointer(&rows, carenet_table_unref);
    if (again && rows != NULL) {
        /* A second time it stands on the store alone. */
        carenet_table_unref(rows);
        rows = find_once(directory, &own, error);
    }
    cn_partial_unlock(directory);
    return rows;
}

void
carenet_find_query_init(carenet_find_query *query)
{
    if (query == NULL)
        return;
    *query = (carenet_find_query){.size = sizeof *query, .age = -1, .now_s = G_MININT64};
}
