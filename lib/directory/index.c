/* Making and asking the index. */
#include "directory/index.h"

static CnAreaId
area_of(const CnListing *listing, guint offering)
{
    return listing->providers[listing->offerings[offering].provider].area;
}

static gint
compare_area(gconstpointer x, gconstpointer y, gpointer data)
{
    const CnListing *listing = data;
    const guint a = *(const guint *)x, b = *(const guint *)y;
    CnAreaId of_a = area_of(listing, a), of_b = area_of(listing, b);
    if (of_a != of_b)
        return of_a < of_b ? -1 : 1;
    return (a > b) - (a < b);
}

static void
sort_terms(CnIndex *index, guint terms)
{
    const CnListing *listing = index->listing;
    g_autofree guint *next = g_memdup2(index->first, sizeof(guint) * (terms + 1));
    for (guint i = 0; i < listing->offerings_len; i++)
        index->offerings[next[listing->offerings[i].service]++] = i;
    for (guint term = 0; term < terms; term++)
        g_qsort_with_data(index->offerings + index->first[term],
                          (gint)(index->first[term + 1] - index->first[term]), sizeof(guint),
                          compare_area, (gpointer)listing);
}

void
cn_index_init(CnIndex *index, const CnListing *listing)
{
    const CnGazetteer *gazetteer = listing->reference->gazetteer;
    guint terms = cn_taxonomy_len(listing->reference->taxonomy);
    *index = (CnIndex){.listing = listing,
                       .offerings = g_new(guint, listing->offerings_len),
                       .first = g_new0(guint, terms + 1),
                       .joined = g_array_new(FALSE, FALSE, sizeof(CnAreaId))};
    for (guint i = 0; i < listing->offerings_len; i++)
        index->first[listing->offerings[i].service + 1]++;
    for (guint term = 0; term < terms; term++)
        index->first[term + 1] += index->first[term];
    sort_terms(index, terms);
    for (CnAreaId area = 0; area < (CnAreaId)cn_gazetteer_len(gazetteer); area++)
        if (cn_area(gazetteer, area)->geographic_province != CN_AREA_NONE)
            g_array_append_val(index->joined, area);
}

void
cn_index_clear(CnIndex *index)
{
    g_clear_pointer(&index->offerings, g_free);
    g_clear_pointer(&index->first, g_free);
    g_clear_pointer(&index->joined, g_array_unref);
}

/* The first position in [low, high) whose area is @area or later. */
static guint
lower_bound(const CnIndex *index, guint low, guint high, CnAreaId area)
{
    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (area_of(index->listing, index->offerings[middle]) < area)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
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
    guint at = lower_bound(index, index->first[term], end, from);
    for (; at < end && area_of(index->listing, index->offerings[at]) < to; at++)
        visit(index->offerings[at], data);
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
    for (guint i = index->first[term]; i < index->first[term + 1]; i++)
        if (index->listing->offerings[index->offerings[i]].all_below)
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
