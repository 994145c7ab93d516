/* People within reach of help, town by town; see reach.h. */
#include "routing/reach.h"

#include "base/geo.h"

/* The rules that say whether an offering can take anybody at all, whoever asks. */
#define RULES_OF_OFFERINGS                                                                        \
    (CN_RULE_BIT(CN_RULE_SUSPENDED) | CN_RULE_BIT(CN_RULE_CLOSED) | CN_RULE_BIT(CN_RULE_PAUSED) | \
     CN_RULE_BIT(CN_RULE_UNCONFIRMED) | CN_RULE_BIT(CN_RULE_ACCREDITATION) |                      \
     CN_RULE_BIT(CN_RULE_CAPABILITY))

static const char *const state_names[] = {
    [CN_REACH_COVERED] = "covered",
    [CN_REACH_FULL] = "full",
    [CN_REACH_CALL] = "call",
    [CN_REACH_REMOTE] = "remote",
    [CN_REACH_UNCONFIRMED] = "unconfirmed",
    [CN_REACH_PAUSED] = "paused",
    [CN_REACH_UNQUALIFIED] = "unqualified",
    [CN_REACH_MISSING] = "missing",
};

const char *
cn_reach_state_name(CnReachState state)
{
    return state_names[state];
}

CnReachState
cn_reach_state(const CnReachCell *cell)
{
    if (cell->available > 0)
        return CN_REACH_COVERED;
    if (cell->call > 0)
        return CN_REACH_CALL;
    if (cell->full > 0)
        return CN_REACH_FULL;
    if (cell->remote > 0)
        return CN_REACH_REMOTE;
    if (cell->unconfirmed > 0)
        return CN_REACH_UNCONFIRMED;
    if (cell->paused > 0)
        return CN_REACH_PAUSED;
    return cell->unqualified > 0 ? CN_REACH_UNQUALIFIED : CN_REACH_MISSING;
}

/* ---- The offerings of one service. */

typedef struct {
    CnReach *reach;
    guint service; /* position in the question */
    CnQuestion question;
    GArray *there;     /* (element-type guint) offerings that can take somebody and are somewhere */
    double *nearest_m; /* of each area: to the nearest outside */
} Search;

static CnReachCell *
cell_of(const Search *search, guint area)
{
    return &search->reach->cells[search->service * search->reach->asked.areas->len + area];
}

static CnAreaId
area_at(const CnReach *reach, guint i)
{
    return g_array_index(reach->asked.areas, CnAreaId, i);
}

/* Seated in the area, or declared to serve it; remote ones that name nobody serve everybody. */
static gboolean
is_for(const CnReach *reach, const CnListedProvider *provider, CnAreaId area)
{
    const CnListing *listing = reach->asked.directory->listing;
    if (!provider->remote && cn_area_contains(listing->reference->gazetteer, area, provider->area))
        return TRUE;
    return cn_listed_serves(listing, provider, area) ||
           (provider->remote && provider->serves.len == 0);
}

static void
count_unable(CnReachCell *cell, CnRule rule)
{
    switch (rule) {
    case CN_RULE_PAUSED:
        cell->paused++;
        break;
    case CN_RULE_UNCONFIRMED:
        cell->unconfirmed++;
        break;
    case CN_RULE_ACCREDITATION:
    case CN_RULE_CAPABILITY:
        cell->unqualified++;
        break;
    default: /* suspended and closed ones are not told of */
        break;
    }
}

static void
count_able(CnReachCell *cell, const CnCandidate *candidate, const CnTaken *taken)
{
    cell->offerings++;
    cell->taken.ages[0] |= taken->ages[0];
    cell->taken.ages[1] |= taken->ages[1];
    cell->taken.groups.bits[0] |= taken->groups.bits[0];
    cell->taken.groups.bits[1] |= taken->groups.bits[1];
    if (candidate->provider->remote) {
        cell->remote++;
        return;
    }
    switch (cn_capacity_availability(candidate->capacity, candidate->service->unit)) {
    case CN_AVAILABLE_YES:
        cell->available++;
        break;
    case CN_AVAILABLE_FULL:
        cell->full++;
        break;
    case CN_AVAILABLE_CALL:
        cell->call++;
        break;
    }
}

/* Areas are far apart: from point to point will do to name the nearest one. */
static void
note_nearest(const Search *search, guint i, const CnListedProvider *provider)
{
    const CnArea *area =
        cn_area(search->question.listing->reference->gazetteer, area_at(search->reach, i));
    const double distance_m =
        cn_distance_m(area->lat_deg, area->lon_deg, provider->lat_deg, provider->lon_deg);
    if (distance_m >= search->nearest_m[i])
        return;
    search->nearest_m[i] = distance_m;
    cell_of(search, i)->nearest = provider->area;
}

static void
look_at(guint offering, gpointer data)
{
    Search *search = data;
    CnCandidate candidate;
    cn_candidate_init(&candidate, &search->question, offering);
    const CnListedProvider *provider = candidate.provider;
    const CnRule rule = cn_rules_first_broken(&search->question, &candidate, RULES_OF_OFFERINGS);
    const CnTaken taken = rule == CN_RULE_NONE ? cn_taken_by(&search->question, &candidate)
                                               : (CnTaken){{0, 0}, {{0, 0}}};
    if (rule == CN_RULE_NONE && !provider->remote)
        g_array_append_val(search->there, offering);
    for (guint i = 0; i < search->reach->asked.areas->len; i++) {
        if (!is_for(search->reach, provider, area_at(search->reach, i))) {
            if (rule == CN_RULE_NONE && !provider->remote)
                note_nearest(search, i, provider);
        } else if (rule == CN_RULE_NONE) {
            count_able(cell_of(search, i), &candidate, &taken);
        } else {
            count_unable(cell_of(search, i), rule);
        }
    }
}

/* ---- Towns. */

/* The least minutes from a town to somebody who serves it; -1 nobody. */
static gint32
find_least_min(const Search *search, const CnOrigin *origin, CnAreaId town)
{
    const CnListing *listing = search->question.listing;
    gint32 least = -1;
    g_assert(search->there != NULL); /* made for every service */
    for (guint i = 0; i < search->there->len; i++) {
        const CnListedProvider *provider =
            cn_listed_provider_of(listing, g_array_index(search->there, guint, i));
        if (least >= 0 && cn_origin_least_min(origin, provider->lat_deg, provider->lon_deg,
                                              provider->island) >= least)
            continue;
        if (provider->serves.len > 0 && !cn_listed_serves(listing, provider, town))
            continue;
        const CnTravel travel =
            cn_origin_travel(origin, provider->lat_deg, provider->lon_deg, provider->island);
        if (travel.travel_min >= 0 && (least < 0 || travel.travel_min < least))
            least = travel.travel_min;
    }
    return least;
}

static void
add_people(const CnReach *reach, const Search *search, CnAreaId town, gint32 least_min)
{
    const CnGazetteer *gazetteer = search->question.listing->reference->gazetteer;
    const CnPolicy *policy = reach->asked.policy;
    const gint64 people = cn_area(gazetteer, town)->population;
    const gint32 asked_min =
        g_array_index(reach->asked.services, CnPackageItem, search->service).within_min;
    const gint32 last_min = policy->bands_len > 0 ? policy->bands_min[policy->bands_len - 1] : 0;
    const gint32 within_min = asked_min > 0 ? asked_min : last_min;
    guint band = 0;
    while (band < policy->bands_len && (least_min < 0 || least_min > policy->bands_min[band]))
        band++;
    for (guint i = 0; i < reach->asked.areas->len; i++) {
        CnReachCell *cell = cell_of(search, i);
        if (!cn_area_contains(gazetteer, area_at(reach, i), town))
            continue;
        cell->population += people;
        cell->in_band[band] += people;
        cell->within += least_min >= 0 && least_min <= within_min ? people : 0;
    }
}

static gboolean
is_in_any(const CnReach *reach, const CnGazetteer *gazetteer, CnAreaId town)
{
    for (guint i = 0; i < reach->asked.areas->len; i++)
        if (cn_area_contains(gazetteer, area_at(reach, i), town))
            return TRUE;
    return FALSE;
}

/* The way from one town is worked out once for all services. */
static void
look_from_towns(const CnReach *reach, const Search *searches)
{
    const CnGazetteer *gazetteer = reach->asked.directory->listing->reference->gazetteer;
    for (CnAreaId town = 0; town < (CnAreaId)cn_gazetteer_len(gazetteer); town++) {
        CnOrigin origin;
        if (cn_area(gazetteer, town)->level < CN_LEVEL_CITY || !is_in_any(reach, gazetteer, town))
            continue;
        cn_origin_init(&origin, gazetteer, &reach->asked.policy->speeds, town);
        for (guint i = 0; i < reach->asked.services->len; i++)
            add_people(reach, &searches[i], town, find_least_min(&searches[i], &origin, town));
    }
}

/* ---- The call. */

static void
search_service(Search *search, CnReach *reach, guint i, CnCase *nobody, CnNeed *need)
{
    const CnReachQuestion *asked = &reach->asked;
    const guint areas_len = asked->areas->len;
    *need = (CnNeed){.service = g_array_index(asked->services, CnPackageItem, i).service,
                     .urgency = CN_ROUTINE,
                     .units = 1};
    *search = (Search){.reach = reach,
                       .service = i,
                       .question = {.listing = asked->directory->listing,
                                    .policy = asked->policy,
                                    .person = nobody,
                                    .need = need,
                                    .now_s = asked->now_s,
                                    .today = cn_date_of(asked->now_s),
                                    .include_unconfirmed = asked->include_unconfirmed,
                                    .include_unknown_capacity = TRUE},
                       .there = g_array_new(FALSE, FALSE, sizeof(guint)),
                       .nearest_m = g_new(double, MAX(areas_len, 1))};
    for (guint area = 0; area < areas_len; area++) {
        search->nearest_m[area] = G_MAXDOUBLE;
        cell_of(search, area)->nearest = CN_AREA_NONE;
    }
    cn_index_visit_meeting(&asked->directory->index, need->service, look_at, search);
}

void
cn_reach_init(CnReach *reach, const CnReachQuestion *asked)
{
    const guint services_len = asked->services->len;
    g_autoptr(CnCase) nobody = cn_case_new();
    g_autofree Search *searches = g_new0(Search, MAX(services_len, 1));
    g_autofree CnNeed *needs = g_new0(CnNeed, MAX(services_len, 1));
    reach->asked = *asked;
    reach->asked.services = g_array_ref(asked->services);
    reach->asked.areas = g_array_ref(asked->areas);
    reach->cells = g_new0(CnReachCell, MAX((gsize)services_len * asked->areas->len, 1));
    for (guint i = 0; i < services_len; i++)
        search_service(&searches[i], reach, i, nobody, &needs[i]);
    look_from_towns(reach, searches);
    for (guint i = 0; i < services_len; i++) {
        g_array_unref(searches[i].there);
        g_free(searches[i].nearest_m);
    }
}

void
cn_reach_clear(CnReach *reach)
{
    g_clear_pointer(&reach->cells, g_free);
    g_clear_pointer(&reach->asked.services, g_array_unref);
    g_clear_pointer(&reach->asked.areas, g_array_unref);
}
