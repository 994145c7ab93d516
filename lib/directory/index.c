/* Making and asking the index. */
#include "directory/index.h"

#include "model/listing-image.h"

static CnAreaId
area_of(const CnListing *listing, guint offering)
{
    return listing->providers[listing->offerings[offering].provider].area;
}

/* Where the run of each of @len keys begins, from how many there are of each. */
static void
sum_up(guint *counts, guint len)
{
    for (guint i = 0, sum = 0; i < len; i++) {
        guint count = counts[i];
        counts[i] = sum;
        sum += count;
    }
}

/* The offerings by area, then by id. (transfer full) */
static guint *
sort_by_area(const CnListing *listing)
{
    guint areas = cn_gazetteer_len(listing->reference->gazetteer);
    g_autofree guint *next = g_new0(guint, areas);
    guint *sorted = g_new0(guint, listing->offerings_len);
    for (guint i = 0; i < listing->offerings_len; i++)
        next[area_of(listing, i)]++;
    sum_up(next, areas);
    for (guint i = 0; i < listing->offerings_len; i++)
        sorted[next[area_of(listing, i)]++] = i;
    return sorted;
}

/* Dealing them out to the terms keeps their order. (transfer full) */
static guint *
sort_terms(const CnListing *listing, const guint *first, guint terms)
{
    guint *offerings = g_new0(guint, listing->offerings_len);
    g_autofree guint *next = g_memdup2(first, sizeof(guint) * (terms + 1));
    g_autofree guint *by_area = sort_by_area(listing);
    for (guint i = 0; i < listing->offerings_len; i++)
        offerings[next[listing->offerings[by_area[i]].service]++] = by_area[i];
    return offerings;
}

/* (transfer full) */
static guint *
count_terms(const CnListing *listing, guint terms)
{
    guint *first = g_new0(guint, terms + 1);
    for (guint i = 0; i < listing->offerings_len; i++)
        first[listing->offerings[i].service + 1]++;
    for (guint term = 0; term < terms; term++)
        first[term + 1] += first[term];
    return first;
}

static void
find_joined(CnIndex *index)
{
    const CnGazetteer *gazetteer = index->listing->reference->gazetteer;
    index->joined = g_array_new(FALSE, FALSE, sizeof(CnAreaId));
    for (CnAreaId area = 0; area < (CnAreaId)cn_gazetteer_len(gazetteer); area++)
        if (cn_area(gazetteer, area)->geographic_province != CN_AREA_NONE)
            g_array_append_val(index->joined, area);
}

void
cn_index_init(CnIndex *index, const CnListing *listing)
{
    guint terms = cn_taxonomy_len(listing->reference->taxonomy);
    guint *first = count_terms(listing, terms);
    guint *offerings = sort_terms(listing, first, terms);
    CnAreaId *areas = g_new(CnAreaId, listing->offerings_len);
    for (guint i = 0; i < listing->offerings_len; i++)
        areas[i] = area_of(listing, offerings[i]);
    *index = (CnIndex){.listing = listing, .first = first, .offerings = offerings, .areas = areas};
    find_joined(index);
}

void
cn_index_clear(CnIndex *index)
{
    if (!index->is_mapped) {
        g_free((gpointer)index->offerings);
        g_free((gpointer)index->areas);
        g_free((gpointer)index->first);
    }
    g_clear_pointer(&index->joined, g_array_unref);
    *index = (CnIndex){0};
}

/* ---- In an image. */

void
cn_index_sections(const CnIndex *index, GArray *sections)
{
    gsize len = index->listing->offerings_len;
    const CnImageSection own[] = {
        {CN_SECTION_INDEX_FIRST, sizeof(guint), index->first,
         cn_taxonomy_len(index->listing->reference->taxonomy) + 1},
        {CN_SECTION_INDEX_OFFERINGS, sizeof(guint), index->offerings, len},
        {CN_SECTION_INDEX_AREAS, sizeof(CnAreaId), index->areas, len}};
    g_array_append_vals(sections, own, G_N_ELEMENTS(own));
}

/* Positions that ascend from 0 to the number of offerings. */
static gboolean
are_bounds(const guint *first, gsize len, gsize offerings)
{
    if (first[0] != 0 || first[len - 1] != offerings)
        return FALSE;
    for (gsize i = 1; i < len; i++)
        if (first[i] < first[i - 1])
            return FALSE;
    return TRUE;
}

gboolean
cn_index_map(CnIndex *index, const CnImage *image, const CnListing *listing)
{
    gsize terms = 0, offerings = 0, areas = 0;
    *index = (CnIndex){.listing = listing, .is_mapped = TRUE};
    index->first = cn_image_section(image, CN_SECTION_INDEX_FIRST, sizeof(guint), &terms);
    index->offerings =
        cn_image_section(image, CN_SECTION_INDEX_OFFERINGS, sizeof(guint), &offerings);
    index->areas = cn_image_section(image, CN_SECTION_INDEX_AREAS, sizeof(CnAreaId), &areas);
    find_joined(index);
    return index->first != NULL && index->offerings != NULL && index->areas != NULL &&
           terms == (gsize)cn_taxonomy_len(listing->reference->taxonomy) + 1 &&
           offerings == listing->offerings_len && areas == offerings &&
           cn_image_check(listing->unchecked, index->first, terms * sizeof(guint)) &&
           are_bounds(index->first, terms, offerings);
}

gboolean
cn_index_check_all(const CnIndex *index)
{
    for (gsize i = 0; i < index->listing->offerings_len; i++)
        if (index->offerings[i] >= index->listing->offerings_len)
            return FALSE;
    return TRUE;
}

/* Whether positions [from, to) of the index may be used. */
static gboolean
check_range(const CnIndex *index, guint from, guint to)
{
    CnImage *image = index->listing->unchecked;
    if (G_LIKELY(image == NULL))
        return TRUE;
    if (!cn_image_check(image, index->offerings + from, (to - from) * sizeof(guint)) ||
        !cn_image_check(image, index->areas + from, (to - from) * sizeof(CnAreaId)))
        return FALSE;
    for (guint i = from; i < to; i++)
        if (index->offerings[i] >= index->listing->offerings_len) {
            cn_image_set_damaged(image);
            return FALSE;
        }
    return TRUE;
}

/* The first position in [low, high) whose area is @area or later. */
static guint
lower_bound(const CnIndex *index, guint low, guint high, CnAreaId area)
{
    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (index->areas[middle] < area)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* How many offerings ahead a record is asked for, and then that of its provider, which it names: they
 * lie all over memory, and a processor that waits for each in turn does little else. */
enum {
    OFFERING_AHEAD = 6,
    PROVIDER_AHEAD = 3
};

/* Inlined by force: GCC takes a function that only fetches ahead for one without effect, and drops its
 * calls. */
static inline __attribute__((always_inline)) void
fetch_ahead(const CnIndex *index, guint at, guint end)
{
    const CnListing *listing = index->listing;
    if (end - at > OFFERING_AHEAD) {
        const CnListedOffering *offered =
            &listing->offerings[index->offerings[at + OFFERING_AHEAD]];
        __builtin_prefetch(offered);
        __builtin_prefetch((const char *)offered + 64);
    }
    if (end - at > PROVIDER_AHEAD) {
        guint provider = listing->offerings[index->offerings[at + PROVIDER_AHEAD]].provider;
        __builtin_prefetch(&listing->providers[provider].languages);
    }
}

static void
visit_areas(const CnIndex *index,
            CnServiceId term,
            CnAreaId from,
            CnAreaId to,
            CnVisitOffering visit,
            gpointer data)
{
    guint end = index->first[term + 1];
    if (!check_range(index, index->first[term], end))
        return;
    guint at = lower_bound(index, index->first[term], end, from);
    for (; at < end && index->areas[at] < to; at++) {
        /* Of an image that is not checked yet, nothing is read before it is needed. */
        if (index->listing->unchecked == NULL)
            fetch_ahead(index, at, end);
        visit(index->offerings[at], data);
    }
}

void
cn_index_visit(const CnIndex *index,
               CnServiceId from,
               CnServiceId to,
               CnAreaId area,
               CnVisitOffering visit,
               gpointer data)
{
    const CnGazetteer *gazetteer = index->listing->reference->gazetteer;
    for (CnServiceId term = from; term < to; term++) {
        if (area == CN_AREA_NONE) {
            visit_areas(index, term, 0, (CnAreaId)cn_gazetteer_len(gazetteer), visit, data);
            continue;
        }
        visit_areas(index, term, area, cn_area(gazetteer, area)->end, visit, data);
        for (guint i = 0; i < index->joined->len; i++) {
            CnAreaId city = g_array_index(index->joined, CnAreaId, i);
            if (cn_area(gazetteer, city)->geographic_province == area)
                visit_areas(index, term, city, cn_area(gazetteer, city)->end, visit, data);
        }
    }
}

void
cn_index_visit_above(const CnIndex *index,
                     CnServiceId from,
                     CnServiceId to,
                     CnAreaId area,
                     CnVisitOffering visit,
                     gpointer data)
{
    const CnGazetteer *gazetteer = index->listing->reference->gazetteer;
    CnAreaId province = cn_area(gazetteer, area)->geographic_province;
    for (CnServiceId term = from; province != CN_AREA_NONE && term < to; term++)
        visit_areas(index, term, province, province + 1, visit, data);
    for (CnAreaId above = cn_area(gazetteer, area)->parent; above != CN_AREA_NONE;
         above = cn_area(gazetteer, above)->parent)
        for (CnServiceId term = from; term < to; term++)
            visit_areas(index, term, above, above + 1, visit, data);
}

static void
visit_all_below(const CnIndex *index, CnServiceId term, CnVisitOffering visit, gpointer data)
{
    if (!check_range(index, index->first[term], index->first[term + 1]))
        return;
    for (guint i = index->first[term]; i < index->first[term + 1]; i++)
        if (cn_listing_check_offering(index->listing, index->offerings[i]) &&
            index->listing->offerings[index->offerings[i]].all_below)
            visit(index->offerings[i], data);
}

void
cn_index_visit_meeting(const CnIndex *index,
                       CnServiceId service,
                       CnVisitOffering visit,
                       gpointer data)
{
    const CnTaxonomy *taxonomy = index->listing->reference->taxonomy;
    cn_index_visit(index, service, cn_service(taxonomy, service)->end, CN_AREA_NONE, visit, data);
    for (CnServiceId above = cn_service(taxonomy, service)->parent; above != CN_SERVICE_NONE;
         above = cn_service(taxonomy, above)->parent)
        visit_all_below(index, above, visit, data);
}

guint
cn_index_count(const CnIndex *index, CnServiceId service)
{
    const CnService *term = cn_service(index->listing->reference->taxonomy, service);
    return index->first[term->end] - index->first[service];
}
