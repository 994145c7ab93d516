/* The answer of find: which offerings, in which order, and the rows that show them. */
#include "directory/find.h"

#include "base/error.h"
#include "base/text.h"
#include "directory/partial.h"

#include <math.h>
#include <string.h>

typedef struct {
    CnCandidate candidate;
} Match;

typedef struct {
    const CnFind *find;
    CnRuleMask rules;             /* that hold an offering back */
    GArray *matches;              /* (element-type Match) */
    guint32 *seen;                /* one bit an offering: asked for twice, listed once */
    guint unlisted[CN_RULES_LEN]; /* let through by every filter, held back by the rule */
    guint32 *wider;               /* the same for those shown for a wider area */
    GArray *shown_wider; /* (element-type Match) would match, but are shown for a wider area only */
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

/* Whether every filter but @without (bits) lets it through, before and after it has gone the way. Free
 * places are asked for at the end, when capacity has been read. */
static gboolean
passes(const CnFind *find, CnCandidate *candidate, guint32 without)
{
    const guint32 last = BIT(CN_FILTER_FREE) | BIT(CN_FILTER_DISTANCE);
    for (guint32 left = find->filters & ~without & ~last; left != 0; left &= left - 1)
        if (!cn_find_passes(find, (CnFilter)__builtin_ctz(left), candidate))
            return FALSE;
    if (is_out_of_box(find, candidate))
        return FALSE;
    cn_candidate_go(candidate, &find->question);
    return (find->filters & BIT(CN_FILTER_DISTANCE)) == 0 ||
           cn_find_passes(find, CN_FILTER_DISTANCE, candidate);
}

static void
look_at(guint offering, gpointer data)
{
    Search *search = data;
    Match match = {0};
    if (!is_first_time(search->seen, offering))
        return;
    cn_candidate_look(&match.candidate, &search->find->question, offering);
    if (passes(search->find, &match.candidate, 0))
        g_array_append_val(search->matches, match);
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

/* Looks around a place where that is fewer offerings than the services asked for. */
static gboolean
search_around(Search *search)
{
    const CnFind *find = search->find;
    const CnGrid *grid = &find->directory->grid;
    gsize by_service = find->services->len > 0 ? 0 : find->directory->listing->offerings_len;
    if (find->origin == NULL || (find->query->within_min <= 0 && find->query->within_m <= 0))
        return FALSE;
    /* A plug-in may be quicker than any straight line. */
    if (find->query->within_m <= 0 && cn_plugged_travels(find->plugged))
        return FALSE;
    for (guint i = 0; i < find->services->len; i++)
        by_service +=
            cn_index_count(&find->directory->index, g_array_index(find->services, CnServiceId, i));
    CnCells cells =
        cn_grid_cells(grid, find->origin->lat_deg, find->origin->lon_deg, radius_m(find));
    if (cn_grid_count(grid, cells) > by_service)
        return FALSE;
    cn_grid_visit(grid, cells, look_at, search);
    return TRUE;
}

/* Looks at one term and all below it (CN_SERVICE_NONE: every service) in every region asked for.
 * What serves an area from elsewhere can be seated anywhere. */
static void
search_service(Search *search, CnServiceId service)
{
    const CnFind *find = search->find;
    const CnTaxonomy *taxonomy = find->directory->listing->reference->taxonomy;
    CnServiceId from = MAX(0, service), to = (CnServiceId)cn_taxonomy_len(taxonomy);
    if (service != CN_SERVICE_NONE)
        to = cn_service(taxonomy, service)->end;
    if (find->regions->len == 0 || find->serving != CN_AREA_NONE) {
        cn_index_visit(&find->directory->index, from, to, CN_AREA_NONE, look_at, search);
        return;
    }
    for (guint i = 0; i < find->regions->len; i++)
        cn_index_visit(&find->directory->index, from, to, g_array_index(find->regions, CnAreaId, i),
                       look_at, search);
}

static void
search_all(Search *search)
{
    const CnFind *find = search->find;
    if (search_around(search))
        return;
    if (find->services->len == 0)
        search_service(search, CN_SERVICE_NONE);
    for (guint i = 0; i < find->services->len; i++)
        search_service(search, g_array_index(find->services, CnServiceId, i));
}

/* A restricted provider, or one whose town nobody wrote down, is shown for a wider area only: it may
 * or may not be where the reader looks, and the answer is the same either way. */
static void
look_at_wider(guint offering, gpointer data)
{
    Search *search = data;
    Match match = {0};
    if (!is_first_time(search->wider, offering))
        return;
    cn_candidate_look(&match.candidate, &search->find->question, offering);
    /* Another region that was asked for may list it already. */
    if (match.candidate.provider->remote ||
        cn_find_passes(search->find, CN_FILTER_REGION, &match.candidate) ||
        !passes(search->find, &match.candidate, BIT(CN_FILTER_REGION)) ||
        cn_rules_first_broken(&search->find->question, &match.candidate, search->rules) !=
            CN_RULE_NONE)
        return;
    g_array_append_val(search->shown_wider, match);
}

static void
look_wider(Search *search)
{
    const CnFind *find = search->find;
    const CnTaxonomy *taxonomy = find->directory->listing->reference->taxonomy;
    for (guint i = 0; i < find->regions->len; i++) {
        CnAreaId area = g_array_index(find->regions, CnAreaId, i);
        for (guint k = 0; k < MAX(1, find->services->len); k++) {
            CnServiceId from = 0, to = (CnServiceId)cn_taxonomy_len(taxonomy);
            if (find->services->len > 0) {
                from = g_array_index(find->services, CnServiceId, k);
                to = cn_service(taxonomy, from)->end;
            }
            cn_index_visit_above(&find->directory->index, from, to, area, look_at_wider, search);
        }
    }
}

/* ---- Order. Confirmed providers first, always; then the key; then the id, so that it is total. */

typedef enum {
    SORT_DEFAULT,
    SORT_DISTANCE,
    SORT_WAIT,
    SORT_FREE,
    SORT_NAME,
    SORT_PROVIDER,
    SORT_VERIFIED
} SortKey;

static const char *const sort_keys[] = {"default", "distance", "wait",    "free",
                                        "name",    "provider", "verified"};

static gint
compare_numbers(gint64 a, gint64 b)
{
    return (a > b) - (a < b);
}

/* Unknown (below 0) comes after every known value. */
static gint
compare_known(gint64 a, gint64 b)
{
    return compare_numbers(a < 0 ? G_MAXINT64 : a, b < 0 ? G_MAXINT64 : b);
}

static gint
availability_order(const CnCandidate *candidate)
{
    static const gint order[] = {
        [CN_AVAILABLE_YES] = 0, [CN_AVAILABLE_CALL] = 1, [CN_AVAILABLE_FULL] = 2};
    return order[cn_capacity_availability(candidate->capacity, candidate->service->unit)];
}

/* Numbers of free places sort public providers only; a restricted one sorts as if it had one or
 * none, which is what it shows. */
static gint64
shown_free(const CnCandidate *candidate)
{
    gint64 free = cn_capacity_free(candidate->capacity, candidate->service->unit);
    return candidate->provider->restricted ? MIN(free, 1) : free;
}

static gint64
shown_distance(const CnCandidate *candidate)
{
    return candidate->has_travel ? candidate->travel.distance_m : -1;
}

static gint64
shown_travel(const CnCandidate *candidate)
{
    return candidate->has_travel ? candidate->travel.travel_min : -1;
}

static gint
compare_by(SortKey key, const CnCandidate *a, const CnCandidate *b)
{
    gint order = 0;
    switch (key) {
    case SORT_DISTANCE:
        return compare_known(shown_distance(a), shown_distance(b));
    case SORT_WAIT:
        return compare_known(a->capacity->wait_days, b->capacity->wait_days);
    case SORT_FREE:
        return compare_numbers(shown_free(b), shown_free(a));
    case SORT_NAME:
        return g_strcmp0(cn_listed_text(a->listing, a->provider->name),
                         cn_listed_text(b->listing, b->provider->name));
    case SORT_VERIFIED:
        return cn_date_compare(b->provider->verified_on, a->provider->verified_on);
    case SORT_PROVIDER:
        return 0;
    default:
        order = compare_numbers(availability_order(a), availability_order(b));
        if (order == 0)
            order = compare_known(shown_travel(a), shown_travel(b));
        return order != 0 ? order : compare_known(a->capacity->wait_days, b->capacity->wait_days);
    }
}

static gint
compare_matches(gconstpointer x, gconstpointer y, gpointer data)
{
    const CnCandidate *a = &((const Match *)x)->candidate, *b = &((const Match *)y)->candidate;
    gint order = compare_numbers(a->provider->unconfirmed, b->provider->unconfirmed);
    if (order == 0)
        order = compare_by(*(const SortKey *)data, a, b);
    /* Offerings are held in the order of their ids. */
    return order != 0 ? order : compare_numbers(a->offering, b->offering);
}

static gboolean
parse_sort(const char *text, SortKey *out_key, GError **error)
{
    for (guint i = 0; i < G_N_ELEMENTS(sort_keys); i++) {
        if (text == NULL || strcmp(text, sort_keys[i]) == 0) {
            *out_key = (SortKey)i;
            return TRUE;
        }
    }
    g_autofree char *quoted = cn_text_quote(text);
    cn_error_set(error, CARENET_ERROR_INVALID_ARGUMENT, "there is no order \"%s\"", quoted);
    cn_error_hint(error, "orders are default, distance, wait, free, name, provider, verified");
    return FALSE;
}

/* ---- Rows. */

static const CnColumn columns[] = {
    {"provider", CARENET_COLUMN_TEXT},     {"name", CARENET_COLUMN_TEXT},
    {"organization", CARENET_COLUMN_TEXT}, {"offering", CARENET_COLUMN_TEXT},
    {"service", CARENET_COLUMN_TEXT},      {"place", CARENET_COLUMN_TEXT},
    {"area", CARENET_COLUMN_TEXT},         {"via", CARENET_COLUMN_TEXT},
    {"free", CARENET_COLUMN_INT64},        {"total", CARENET_COLUMN_INT64},
    {"unit", CARENET_COLUMN_TEXT},         {"as_of", CARENET_COLUMN_TEXT},
    {"availability", CARENET_COLUMN_TEXT}, {"wait_days", CARENET_COLUMN_INT64},
    {"languages", CARENET_COLUMN_LIST},    {"contact", CARENET_COLUMN_TEXT},
    {"phone", CARENET_COLUMN_TEXT},        {"email", CARENET_COLUMN_TEXT},
    {"verified_on", CARENET_COLUMN_TEXT},  {"unconfirmed", CARENET_COLUMN_BOOL},
    {"stale", CARENET_COLUMN_BOOL},        {"example", CARENET_COLUMN_BOOL},
    {"disclosure", CARENET_COLUMN_TEXT},   {"remote", CARENET_COLUMN_BOOL},
    {"travel_min", CARENET_COLUMN_INT64},  {"travel_band", CARENET_COLUMN_TEXT},
    {"distance_m", CARENET_COLUMN_INT64},  {"open", CARENET_COLUMN_BOOL},
    {"only_for", CARENET_COLUMN_LIST},     {"note", CARENET_COLUMN_TEXT},
};

gboolean
cn_capacity_is_stale(const CnLiveCapacity *capacity, CnUnit unit, gint64 now_s, gint32 after_days)
{
    return unit != CN_UNIT_NONE && capacity->known && capacity->as_of.is_set &&
           cn_days_between(capacity->as_of.s, now_s) > after_days;
}

static void
add_known(CnTableBuilder *table, gboolean known, gint64 value)
{
    if (known)
        cn_table_add_int64(table, value);
    else
        cn_table_add_null(table);
}

static void
add_terms(CnTableBuilder *table, const CnVocabulary *vocabulary, CnTermSet set)
{
    const char *ids[CN_TERMS_MOST];
    guint len = 0;
    for (guint term = 0; term < cn_vocabulary_len(vocabulary); term++)
        if (cn_term_set_has(set, (gint)term))
            ids[len++] = cn_term(vocabulary, (gint)term)->id;
    cn_table_add_list(table, ids, len);
}

static void
add_capacity(CnTableBuilder *table, const CnCandidate *candidate)
{
    const CnLiveCapacity *capacity = candidate->capacity;
    CnUnit unit = candidate->service->unit;
    gboolean counted = capacity->known && unit != CN_UNIT_NONE && !candidate->provider->restricted;
    add_known(table, counted, cn_capacity_free(capacity, unit));
    add_known(table, counted, capacity->total);
    cn_table_add_text(table, cn_unit_name(unit));
    g_autofree char *as_of = capacity->as_of.is_set ? cn_instant_format(capacity->as_of) : NULL;
    cn_table_add_text(table, as_of);
    cn_table_add_text(table, cn_availability_name(cn_capacity_availability(capacity, unit)));
    add_known(table, capacity->wait_days >= 0, capacity->wait_days);
}

static void
add_travel(CnTableBuilder *table, const CnFind *find, const CnCandidate *candidate)
{
    gboolean shown = candidate->has_travel && !candidate->provider->restricted;
    add_known(table, shown && candidate->travel.travel_min >= 0, candidate->travel.travel_min);
    g_autofree char *band = candidate->has_travel ? cn_travel_band(candidate->travel.travel_min,
                                                                   find->bands_min, find->bands_len)
                                                  : NULL;
    cn_table_add_text(table, band);
    add_known(table, shown, candidate->travel.distance_m);
}

static char *
note_of(const CnFind *find, const CnCandidate *candidate)
{
    g_autoptr(GPtrArray) notes = g_ptr_array_new();
    const CnListedProvider *provider = candidate->provider;
    g_autofree char *groups =
        cn_term_set_join(find->directory->listing->reference->terms[CARENET_TERMS_GROUPS],
                         candidate->offered->eligibility.groups, ", ");
    g_autofree char *only_for = g_strdup_printf("only for %s", groups);
    if (provider->unconfirmed)
        g_ptr_array_add(notes, (gpointer) "unconfirmed - call");
    if (cn_capacity_is_stale(candidate->capacity, candidate->service->unit, find->now_s,
                             find->stale_after_days))
        g_ptr_array_add(notes, (gpointer) "stale - call");
    if (candidate->service->unit != CN_UNIT_NONE && !candidate->capacity->known)
        g_ptr_array_add(notes, (gpointer) "free places unknown - call");
    if (provider->restricted)
        g_ptr_array_add(notes, (gpointer) "location withheld");
    if (!candidate->service->routable)
        g_ptr_array_add(notes, (gpointer) "decided by an authority");
    if (*groups != '\0')
        g_ptr_array_add(notes, only_for);
    g_ptr_array_add(notes, NULL);
    return notes->len > 1 ? g_strjoinv("; ", (char **)notes->pdata) : NULL;
}

static void
add_open(CnTableBuilder *table, const CnFind *find, const CnCandidate *candidate)
{
    gint64 at_s = find->query->open_at_set ? find->query->open_at_s : find->now_s;
    if (candidate->offered->hours_known)
        cn_table_add_bool(table, cn_listed_is_open(candidate->listing, candidate->offered->hours,
                                                   cn_minute_of_week(at_s)));
    else
        cn_table_add_null(table);
}

static void
add_row(CnTableBuilder *table, const CnFind *find, const Match *match)
{
    static const char *const via[] = {NULL, "place", "serves", "remote"};
    const CnReference *reference = find->directory->listing->reference;
    const CnCandidate *candidate = &match->candidate;
    const CnListedProvider *provider = candidate->provider;
    char day[11];
    cn_table_add_text(table, cn_listed_text(candidate->listing, provider->id));
    cn_table_add_text(table, cn_listed_text(candidate->listing, provider->name));
    cn_table_add_text(table, cn_listed_text(candidate->listing, provider->organization_name));
    cn_table_add_text(table, cn_listed_text(candidate->listing, candidate->offered->id));
    cn_table_add_text(table, candidate->service->id);
    cn_table_add_text(table, cn_area_short_name(reference->gazetteer, provider->area));
    cn_table_add_text(table, cn_area(reference->gazetteer, provider->area)->code);
    cn_table_add_text(table, via[cn_find_via(find, provider)]);
    add_capacity(table, candidate);
    add_terms(table, reference->terms[CARENET_TERMS_LANGUAGES], provider->languages);
    cn_table_add_text(table, cn_listed_text(candidate->listing, provider->contact));
    cn_table_add_text(table, cn_listed_text(candidate->listing, provider->phone));
    cn_table_add_text(table, cn_listed_text(candidate->listing, provider->email));
    cn_table_add_text(table,
                      provider->unconfirmed ? NULL : cn_date_format(provider->verified_on, day));
    cn_table_add_bool(table, provider->unconfirmed);
    cn_table_add_bool(table, cn_capacity_is_stale(candidate->capacity, candidate->service->unit,
                                                  find->now_s, find->stale_after_days));
    cn_table_add_bool(table, provider->example);
    cn_table_add_text(table, cn_disclosure_name((CnDisclosure)provider->disclosure));
    cn_table_add_bool(table, provider->remote);
    add_travel(table, find, candidate);
    add_open(table, find, candidate);
    add_terms(table, reference->terms[CARENET_TERMS_GROUPS],
              candidate->offered->eligibility.groups);
    g_autofree char *note = note_of(find, candidate);
    cn_table_add_text(table, note);
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
    if (search->shown_wider->len > 0)
        cn_table_warn(table,
                      "%u more may be there but are shown for a wider area only (restricted, or no "
                      "town on record): ask for the whole region",
                      search->shown_wider->len);
    if (rows > 0)
        return;
    for (guint rule = 0; rule < CN_RULES_LEN; rule++)
        if (search->unlisted[rule] > 0)
            cn_table_warn(table, "%u not listed: %s", search->unlisted[rule],
                          cn_rule_meaning(rule));
}

/* ---- From what was found to what is shown. */

static gboolean
need_capacity(const CnFind *find, const GArray *matches, gsize len, GError **error)
{
    g_autofree guint *offerings = g_new(guint, len + 1);
    if (find->directory->partial == NULL)
        return TRUE;
    for (gsize i = 0; i < len; i++)
        offerings[i] = g_array_index(matches, Match, i).candidate.offering;
    return cn_partial_need_capacity(find->directory, offerings, (guint)len, error);
}

static gboolean
sorts_by_capacity(SortKey key)
{
    return key == SORT_DEFAULT || key == SORT_WAIT || key == SORT_FREE;
}

static void
keep_free(const CnFind *find, GArray *matches)
{
    guint kept = 0;
    for (guint i = 0; i < matches->len; i++) {
        const Match match = g_array_index(matches, Match, i);
        if (cn_find_passes(find, CN_FILTER_FREE, &match.candidate))
            g_array_index(matches, Match, kept++) = match;
    }
    g_array_set_size(matches, kept);
}

/* The last filter and the rules. */
static gboolean
keep_listed(Search *search, SortKey key, GError **error)
{
    const CnFind *find = search->find;
    GArray *matches = search->matches;
    guint kept = 0;
    if (find->query->free > 0) {
        if (!need_capacity(find, matches, matches->len, error) ||
            !need_capacity(find, search->shown_wider, search->shown_wider->len, error))
            return FALSE;
        keep_free(find, matches);
        keep_free(find, search->shown_wider);
    }
    for (guint i = 0; i < matches->len; i++) {
        Match match = g_array_index(matches, Match, i);
        CnRule rule = cn_rules_first_broken(&find->question, &match.candidate, search->rules);
        if (rule != CN_RULE_NONE) {
            search->unlisted[rule]++;
            continue;
        }
        g_array_index(matches, Match, kept++) = match;
    }
    g_array_set_size(matches, kept);
    return !sorts_by_capacity(key) || need_capacity(find, matches, matches->len, error);
}

/* Brings the first @most matches of the order to the front, in order: few of many, as a rule. */
static void
sort_first(GArray *matches, gsize most, SortKey key)
{
    g_autofree Match *best = g_new(Match, most + 1);
    gsize len = 0;
    for (guint i = 0; i < matches->len; i++) {
        const Match *match = &g_array_index(matches, Match, i);
        if (len == most && compare_matches(match, &best[len - 1], &key) > 0)
            continue;
        len = MIN(len + 1, most);
        gsize at = len - 1;
        for (; at > 0 && compare_matches(match, &best[at - 1], &key) < 0; at--)
            best[at] = best[at - 1];
        best[at] = *match;
    }
    memcpy(matches->data, best, len * sizeof *best);
}

#define SORT_FEW 64

static carenet_table *
show_rows(Search *search, SortKey key, GError **error)
{
    const CnFind *find = search->find;
    GArray *matches = search->matches;
    if (!keep_listed(search, key, error))
        return NULL;
    gsize limit = find->query->limit > 0 ? MIN(find->query->limit, matches->len) : matches->len;
    if (limit > 0 && limit <= SORT_FEW && limit < matches->len)
        sort_first(matches, limit, key);
    else
        g_array_sort_with_data(matches, compare_matches, &key);
    if (!need_capacity(find, matches, limit, error))
        return NULL;
    CnTableBuilder *table = cn_table_builder_new(columns, G_N_ELEMENTS(columns));
    for (guint i = 0; i < limit; i++)
        add_row(table, find, &g_array_index(matches, Match, i));
    if (matches->len > limit)
        cn_table_warn(table, "%u more rows match", (guint)(matches->len - limit));
    warn(table, search, matches->len);
    return cn_table_builder_finish(table);
}

carenet_table *
cn_find_rows(const CnFind *find, GError **error)
{
    SortKey key = SORT_DEFAULT;
    (void)parse_sort(find->query->sort, &key, NULL);
    gsize words = find->directory->listing->offerings_len / 32 + 1;
    g_autoptr(GArray) matches = g_array_new(FALSE, FALSE, sizeof(Match));
    g_autoptr(GArray) shown_wider = g_array_new(FALSE, FALSE, sizeof(Match));
    g_autofree guint32 *seen = g_new0(guint32, words);
    g_autofree guint32 *wider = g_new0(guint32, words);
    Search search = {.find = find,
                     .rules = cn_find_rules(find) & cn_rules_of_question(&find->question),
                     .matches = matches,
                     .seen = seen,
                     .wider = wider,
                     .shown_wider = shown_wider};
    search_all(&search);
    look_wider(&search);
    return show_rows(&search, key, error);
}

static carenet_table *
find_once(const CnDirectory *directory, const carenet_find_query *query, GError **error)
{
    CnFind find;
    carenet_table *rows =
        cn_find_init(&find, directory, query, error) ? cn_find_rows(&find, error) : NULL;
    cn_find_clear(&find);
    return rows;
}

carenet_table *
carenet_find(const carenet_directory *directory,
             const carenet_find_query *query,
             carenet_error **error)
{
    CN_REQUIRE(directory != NULL, error, NULL);
    CN_REQUIRE(query != NULL && query->size == sizeof *query, error, NULL);
    SortKey key = SORT_DEFAULT;
    if (!parse_sort(query->sort, &key, error))
        return NULL;
    /* Plug-ins are asked about every offering. */
    if (carenet_policy_plugins_len(query->policy) > 0 && !cn_directory_complete(directory, error))
        return NULL;
    cn_partial_lock(directory);
    gboolean again = FALSE;
    carenet_table *rows = find_once(directory, query, error);
    if (rows != NULL && !cn_partial_mend(directory, &again, error))
        g_clear_pointer(&rows, carenet_table_unref);
    if (again && rows != NULL) {
        /* A second time it stands on the store alone. */
        carenet_table_unref(rows);
        rows = find_once(directory, query, error);
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
