/* See batch-quotas.h. */
#include "batch-quotas.h"

#define PROVIDERS_EVERY 10
#define PROVIDERS_MOST  500
#define OFFERINGS_EVERY 20
#define OFFERINGS_MOST  300
#define PROVINCES_EVERY 2

static gint64
places_at(const CnListing *listing, gsize provider)
{
    const CnSpan span = listing->providers[provider].offerings;
    gint64 places = 0;
    for (guint i = span.first; i < span.first + span.len; i++)
        places += listing->capacity[i].total;
    return places;
}

static void
add_quota(CnPolicy *policy, CnQuotaKind kind, const char *id, CnAreaId area, gint64 places)
{
    const CnQuota quota = {.kind = kind, .id = g_strdup(id), .area = area, .places = places};
    g_array_append_val(policy->quotas, quota);
}

/* A city may count in a province of another region, whose quotas would cross. */
static gboolean
is_within(const CnListing *listing, CnAreaId area, CnAreaId region)
{
    const CnGazetteer *gazetteer = listing->reference->gazetteer;
    for (gsize i = 0; i < listing->providers_len; i++)
        if (cn_area_contains(gazetteer, area, listing->providers[i].area) &&
            !cn_area_contains(gazetteer, region, listing->providers[i].area))
            return FALSE;
    return TRUE;
}

static void
add_areas(CnPolicy *policy, const CnListing *listing)
{
    const CnGazetteer *gazetteer = listing->reference->gazetteer;
    guint provinces = 0;
    for (CnAreaId area = 0; area < (CnAreaId)cn_gazetteer_len(gazetteer); area++) {
        const CnLevel level = cn_area(gazetteer, area)->level;
        gint64 places = 0;
        if (level != CN_LEVEL_REGION && level != CN_LEVEL_PROVINCE)
            continue;
        if (level == CN_LEVEL_PROVINCE &&
            (provinces++ % PROVINCES_EVERY != 0 ||
             !is_within(listing, area, cn_area_at_level(gazetteer, area, CN_LEVEL_REGION))))
            continue;
        for (gsize i = 0; i < listing->providers_len; i++)
            if (cn_area_contains(gazetteer, area, listing->providers[i].area))
                places += places_at(listing, i);
        if (places > 0)
            add_quota(policy, CN_QUOTA_AREA, NULL, area,
                      level == CN_LEVEL_REGION ? places * 3 / 4 : places * 2 / 3);
    }
}

void
batch_quotas_add(CnPolicy *policy, const CnDirectory *directory)
{
    const CnListing *listing = directory->listing;
    add_areas(policy, listing);
    for (gsize i = 0, len = 0; i < listing->providers_len && len < PROVIDERS_MOST;
         i += PROVIDERS_EVERY, len++)
        add_quota(policy, CN_QUOTA_PROVIDER, cn_listed_text(listing, listing->providers[i].id),
                  CN_AREA_NONE, places_at(listing, i) / 2);
    for (gsize i = 0, len = 0; i < listing->offerings_len && len < OFFERINGS_MOST;
         i += OFFERINGS_EVERY, len++)
        add_quota(policy, CN_QUOTA_OFFERING, cn_listed_text(listing, listing->offerings[i].id),
                  CN_AREA_NONE, listing->capacity[i].total / 2);
}
