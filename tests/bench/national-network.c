/* See national-network.h. */
#include "national-network.h"

/* A kind of provider: a clinic, a shelter, ... @weight is how many of 100 are of that kind. */
typedef struct {
    const char *slug;
    const char *name;
    guint weight;
    gboolean restricted;
    gboolean remote;
    CnOrgKind run_by;
    guint offerings_most;
    const char *services[12]; /* of which it offers some */
} Kind;

static const Kind kinds[] = {
    {"office",
     "Social Welfare Office",
     26,
     FALSE,
     FALSE,
     CN_ORG_GOVERNMENT,
     6,
     {"case-management", "risk-assessment", "rescue-intake", "reintegration-planning",
      "aftercare-monitoring", "parenting-capability-assessment", "financial-assistance",
      "basic-needs", "psychological-first-aid", "kinship-care", "supported-family-care"}},
    {"clinic",
     "Health Office",
     16,
     FALSE,
     FALSE,
     CN_ORG_HOSPITAL,
     4,
     {"general-medical", "medico-legal-examination", "sexual-reproductive-health",
      "disability-rehabilitation", "psychiatric-care", "psychological-first-aid"}},
    {"center",
     "Counseling Center",
     15,
     FALSE,
     FALSE,
     CN_ORG_NGO,
     5,
     {"individual-counseling", "psychosocial-processing", "trauma-therapy", "counseling",
      "psychological-assessment", "caregiver-counseling", "harmful-sexual-behavior-support",
      "substance-use-treatment", "suicide-crisis-response", "mental-health"}},
    {"legal",
     "Legal Aid Desk",
     10,
     FALSE,
     FALSE,
     CN_ORG_NGO,
     4,
     {"survivor-legal-representation", "victim-witness-assistance", "testimony-support",
      "custody-proceedings", "civil-registration", "compensation-claims", "guardian-ad-litem",
      "protection-order"}},
    {"police",
     "Women and Children Desk",
     9,
     FALSE,
     FALSE,
     CN_ORG_GOVERNMENT,
     3,
     {"police-report", "forensic-interview", "digital-evidence", "image-takedown",
      "reporting-hotline"}},
    {"school",
     "Learning Center",
     8,
     FALSE,
     FALSE,
     CN_ORG_COMMUNITY,
     4,
     {"school-reentry", "alternative-learning", "life-skills", "digital-safety",
      "vocational-training", "employment-support"}},
    {"circle",
     "Survivor Circle",
     5,
     FALSE,
     FALSE,
     CN_ORG_COMMUNITY,
     3,
     {"peer-support", "survivor-advocacy-training", "transport-escort", "interpretation",
      "caregiver-support", "basic-needs"}},
    {"house",
     "House",
     6,
     TRUE,
     FALSE,
     CN_ORG_NGO,
     3,
     {"emergency-shelter", "residential-care", "therapeutic-residential-care",
      "independent-living"}},
    {"family",
     "Foster Care Agency",
     3,
     TRUE,
     FALSE,
     CN_ORG_NGO,
     3,
     {"foster-care", "emergency-foster-care", "long-term-foster-care", "caregiver-support"}},
    {"tele",
     "Tele-Care",
     2,
     FALSE,
     TRUE,
     CN_ORG_NGO,
     3,
     {"crisis-line", "individual-counseling", "psychological-first-aid", "suicide-crisis-response",
      "interpretation"}},
};

/* What is mostly spoken, by the first two digits of the region's code, besides Filipino. */
static const char *const spoken[][2] = {{"01", "ilo"}, {"02", "ilo"}, {"03", "pam"}, {"05", "bcl"},
                                        {"06", "hil"}, {"07", "ceb"}, {"08", "war"}, {"09", "cbk"},
                                        {"10", "ceb"}, {"11", "ceb"}, {"12", "hil"}, {"14", "ilo"},
                                        {"16", "ceb"}, {"18", "hil"}, {"19", "mdh"}};

typedef struct {
    Luck luck;
    CnNetwork *network;
    const CnReference *reference;
    GHashTable *gateways; /* (element-type CnAreaId utf8) a public office of each region */
    guint organizations;
    guint left; /* offerings that are still to be made */
} Country;

static const char *intern(CnNetwork *network, const char *format, ...) G_GNUC_PRINTF(2, 3);

static const char *
intern(CnNetwork *network, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    return cn_network_intern(network, text);
}

static void
speak(Country *country, CnTermSet *languages, const char *id)
{
    gint term = cn_term_find(country->reference->terms[CARENET_TERMS_LANGUAGES], id);
    g_assert(term >= 0);
    cn_term_set_add(languages, term);
}

static CnTermSet
languages_of(Country *country, const char *region_code)
{
    CnTermSet languages = {{0, 0}};
    speak(country, &languages, "fil");
    if (luck_chance(&country->luck, 60))
        speak(country, &languages, "en");
    for (gsize i = 0; i < G_N_ELEMENTS(spoken); i++)
        if (g_str_has_prefix(region_code, spoken[i][0]) && luck_chance(&country->luck, 85))
            speak(country, &languages, spoken[i][1]);
    if (luck_chance(&country->luck, 4))
        speak(country, &languages, "psp");
    return languages;
}

/* ---- Where. */

static const char *
region_id(Country *country, CnAreaId region)
{
    return intern(country->network, "region-%s",
                  cn_area(country->reference->gazetteer, region)->code);
}

static void
add_regions(Country *country)
{
    const CnGazetteer *gazetteer = country->reference->gazetteer;
    for (CnAreaId area = 0; area < (CnAreaId)cn_gazetteer_len(gazetteer); area++) {
        const CnArea *place = cn_area(gazetteer, area);
        if (place->level != CN_LEVEL_REGION)
            continue;
        CnRegion region = {.id = region_id(country, area),
                           .name = cn_network_intern(country->network, place->name),
                           .area = area,
                           .languages = languages_of(country, place->code)};
        g_array_append_val(country->network->regions, region);
    }
}

static void
add_organizations(Country *country)
{
    for (guint i = 0; i < country->organizations; i++) {
        CnOrganization organization = {
            .id = intern(country->network, "ex-org-%05u", i),
            .name = intern(country->network, "EXAMPLE Organization %u", i),
            .kind = (CnOrgKind)(i % 4),
            .data_sharing_agreement =
                luck_chance(&country->luck, 60) ? (CnDate){2026, 1, 10} : CN_DATE_NONE,
            .example = TRUE};
        g_array_append_val(country->network->organizations, organization);
    }
}

static void
seat(Country *country, CnProvider *provider, const Kind *kind, CnAreaId town)
{
    const CnGazetteer *gazetteer = country->reference->gazetteer;
    const CnArea *place = cn_area(gazetteer, town);
    provider->site.area = town;
    if (kind->restricted) {
        provider->disclosure = CN_DISCLOSE_RESTRICTED;
        CnAreaId province = cn_area_at_level(gazetteer, town, CN_LEVEL_PROVINCE);
        provider->show_area = province != CN_AREA_NONE ? province : town;
    }
    if (!kind->restricted && !luck_chance(&country->luck, 60))
        return;
    provider->site.has_point = TRUE;
    provider->site.lat_deg = place->lat_deg + g_rand_double_range(country->luck.rand, -.03, .03);
    provider->site.lon_deg = place->lon_deg + g_rand_double_range(country->luck.rand, -.03, .03);
}

/* ---- What of a provider stays the same for months. */

/* A day in the last @most days. */
static CnDate
pick_day(Country *country, gint most)
{
    return cn_date_of(INVENTED_NOW_S -
                      (gint64)g_rand_int_range(country->luck.rand, 0, most) * CN_DAY_S);
}

static void
train(Country *country, CnProvider *provider, const char *course, gint percent)
{
    CnCapability capability = {
        .course = cn_term_find(country->reference->terms[CARENET_TERMS_COURSES], course),
        .staff = g_rand_int_range(country->luck.rand, 1, 9),
        .on = pick_day(country, 2500)};
    if (!luck_chance(&country->luck, percent))
        return;
    capability.expires = capability.on;
    capability.expires.year = (gint16)(capability.expires.year + 5);
    capability.expires.day = MIN(capability.expires.day, 28);
    g_array_append_val(provider->capabilities, capability);
}

static void
declare_serves(Country *country, CnProvider *provider, const Kind *kind, CnAreaId town)
{
    CnAreaId region = cn_area_at_level(country->reference->gazetteer, town, CN_LEVEL_REGION);
    if (kind->remote && luck_chance(&country->luck, 50))
        region = 0;
    if (kind->run_by == CN_ORG_GOVERNMENT && luck_chance(&country->luck, 70))
        g_array_append_val(provider->serves, town);
    else if (region != CN_AREA_NONE && (kind->remote || luck_chance(&country->luck, 15)))
        g_array_append_val(provider->serves, region);
}

static void
describe(Country *country, CnProvider *provider, const Kind *kind)
{
    static const char *const access[] = {"wheelchair", "ground-floor", "quiet-room",
                                         "sign-language"};
    gint luck = g_rand_int_range(country->luck.rand, 0, 100);
    provider->status = luck < 95   ? CN_ACTIVE
                       : luck < 98 ? CN_PAUSED
                       : luck < 99 ? CN_CLOSED
                                   : CN_SUSPENDED;
    provider->listing_consent = (CnDate){2026, 1, 10};
    if (luck_chance(&country->luck, 82)) {
        provider->verified_on = pick_day(country, 200);
        provider->verified_by =
            luck_chance(&country->luck, 80) ? CN_VERIFIED_PHONE : CN_VERIFIED_VISIT;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(access); i++)
        if (luck_chance(&country->luck, 30 - (gint)i * 7))
            cn_term_set_add(
                &provider->access,
                cn_term_find(country->reference->terms[CARENET_TERMS_ACCESS], access[i]));
    if (kind->restricted && luck_chance(&country->luck, 85)) {
        provider->accreditation_body = "DSWD";
        provider->accreditation_level = g_rand_int_range(country->luck.rand, 1, 4);
        provider->accreditation_expires =
            luck_chance(&country->luck, 90) ? (CnDate){2028, 6, 30} : (CnDate){2026, 3, 31};
    }
    train(country, provider, "trauma-informed-care", 65);
    train(country, provider, "case-management-oseac", 25);
    train(country, provider, "foster-care-practice", kind->restricted ? 70 : 0);
}

static void
let_in(Country *country, CnProvider *provider, const Kind *kind, CnAreaId town, guint number)
{
    CnAreaId region = cn_area_at_level(country->reference->gazetteer, town, CN_LEVEL_REGION);
    gpointer key = GINT_TO_POINTER(region);
    provider->contact_role =
        kind->run_by == CN_ORG_GOVERNMENT ? "duty social worker" : "intake desk";
    if (kind->restricted)
        provider->contact_gateway = g_hash_table_lookup(country->gateways, key);
    else if (number % 7 == 0 || !g_hash_table_contains(country->gateways, key))
        g_hash_table_insert(country->gateways, key, (gpointer)provider->id);
}

/* ---- Offerings. */

static CnEligibility
pick_eligibility(Country *country, const Kind *kind)
{
    CnEligibility eligibility = {.age_min = -1, .age_max = -1, .siblings_up_to = -1};
    static const gint16 bands[][2] = {{0, 17}, {0, 6}, {7, 12}, {13, 17}, {12, 99}, {18, 99}};
    if (luck_chance(&country->luck, kind->restricted ? 90 : 45)) {
        gint band =
            luck_chance(&country->luck, 50) ? 0 : g_rand_int_range(country->luck.rand, 1, 6);
        eligibility.age_min = bands[band][0];
        eligibility.age_max = bands[band][1];
    }
    if (luck_chance(&country->luck, kind->restricted ? 70 : 5))
        eligibility.sex = luck_chance(&country->luck, 75) ? CN_SEX_FEMALE : CN_SEX_MALE;
    if (kind->restricted && luck_chance(&country->luck, 60))
        eligibility.siblings_up_to = g_rand_int_range(country->luck.rand, 1, 6);
    if (luck_chance(&country->luck, 3))
        cn_term_set_add(&eligibility.groups, g_rand_int_range(country->luck.rand, 0, 6));
    else if (luck_chance(&country->luck, 8))
        cn_term_set_add(&eligibility.not_for, g_rand_int_range(country->luck.rand, 0, 6));
    for (gint i = 0; i < 2; i++)
        if (luck_chance(&country->luck, 20))
            cn_term_set_add(&eligibility.documents, g_rand_int_range(country->luck.rand, 0, 9));
    return eligibility;
}

static CnCapacity
pick_capacity(Country *country, const CnService *service)
{
    CnCapacity capacity = {
        .known = service->unit != CN_UNIT_NONE && luck_chance(&country->luck, 88), .wait_days = -1};
    if (!capacity.known)
        return capacity;
    capacity.total = g_rand_int_range(country->luck.rand, 1, 41);
    capacity.occupied = luck_chance(&country->luck, 25)
                            ? capacity.total
                            : g_rand_int_range(country->luck.rand, 0, (gint)capacity.total);
    capacity.as_of =
        (CnInstant){.s = cn_date_first_s(pick_day(country, 60)), .day_only = TRUE, .is_set = TRUE};
    capacity.source = "phone";
    if (luck_chance(&country->luck, 75))
        capacity.wait_days = g_rand_int_range(country->luck.rand, 0, 30);
    return capacity;
}

static void
add_offering(Country *country, CnProvider *provider, const Kind *kind, const char *service_id)
{
    static const char *const hours[] = {"24/7", "Mo-Fr 08:00-17:00",
                                        "Mo-Fr 08:00-12:00,13:00-17:00", "Mo-Sa 09:00-18:00"};
    CnOffering offering = cn_offering_blank();
    offering.service = cn_service_by_id(country->reference->taxonomy, service_id);
    g_assert(offering.service >= 0);
    const CnService *service = cn_service(country->reference->taxonomy, offering.service);
    offering.id = intern(country->network, "%s/%s", provider->id, service_id);
    offering.all_below = service->end > offering.service + 1 && luck_chance(&country->luck, 40);
    offering.eligibility = pick_eligibility(country, kind);
    offering.capacity = pick_capacity(country, service);
    if (kind->restricted)
        offering.hours = hours[0];
    else if (luck_chance(&country->luck, 85))
        offering.hours = hours[g_rand_int_range(country->luck.rand, 1, G_N_ELEMENTS(hours))];
    if (luck_chance(&country->luck, 30))
        offering.intake_hours = hours[g_rand_int_range(country->luck.rand, 0, 2)];
    offering.intake_on_call = offering.intake_hours != NULL && luck_chance(&country->luck, 50);
    g_array_append_val(provider->offerings, offering);
    country->left--;
}

static void
add_offerings(Country *country, CnProvider *provider, const Kind *kind)
{
    guint services = 0;
    while (services < G_N_ELEMENTS(kind->services) && kind->services[services] != NULL)
        services++;
    guint wanted = (guint)g_rand_int_range(country->luck.rand, 1, (gint)kind->offerings_most + 1);
    guint first = (guint)g_rand_int_range(country->luck.rand, 0, (gint)services);
    for (guint i = 0; i < wanted && i < services && country->left > 0; i++)
        add_offering(country, provider, kind, kind->services[(first + i) % services]);
}

/* ---- All of it. */

static const Kind *
pick_kind(Country *country)
{
    guint luck = (guint)g_rand_int_range(country->luck.rand, 0, 100), kind = 0;
    while (luck >= kinds[kind].weight)
        luck -= kinds[kind++].weight;
    return &kinds[kind];
}

static void
add_provider(Country *country, guint number)
{
    const CnGazetteer *gazetteer = country->reference->gazetteer;
    const Kind *kind = pick_kind(country);
    CnAreaId town = luck_town(&country->luck);
    CnAreaId region = cn_area_at_level(gazetteer, town, CN_LEVEL_REGION);
    CnProvider *provider = cn_network_add_provider(country->network);
    provider->id = intern(country->network, "ex-%s-%05u", kind->slug, number);
    provider->region = region != CN_AREA_NONE ? region_id(country, region) : NULL;
    provider->organization =
        intern(country->network, "ex-org-%05u",
               (guint)g_rand_int_range(country->luck.rand, 0, (gint)country->organizations));
    provider->example = TRUE;
    provider->remote = kind->remote;
    provider->name = intern(country->network, "EXAMPLE %s %s %u",
                            cn_area_short_name(gazetteer, town), kind->name, number);
    if (kind->restricted)
        provider->display_name = intern(country->network, "EXAMPLE %s %u", kind->name, number);
    provider->languages =
        languages_of(country, region != CN_AREA_NONE ? cn_area(gazetteer, region)->code : "");
    seat(country, provider, kind, town);
    describe(country, provider, kind);
    declare_serves(country, provider, kind, town);
    let_in(country, provider, kind, town, number);
    add_offerings(country, provider, kind);
}

CnNetwork *
national_network(guint32 seed, guint offerings, const CnReference *reference)
{
    CnNetwork *network = cn_network_new();
    g_autoptr(GHashTable) gateways = g_hash_table_new(NULL, NULL);
    Country country = {.network = network,
                       .reference = reference,
                       .gateways = gateways,
                       .organizations = offerings / 60 + 20,
                       .left = offerings};
    network->id = "ex-national";
    network->name = "EXAMPLE national network of care";
    network->demonstration_now = (CnInstant){.s = INVENTED_NOW_S, .is_set = TRUE};
    luck_begin(&country.luck, seed, reference->gazetteer);
    add_regions(&country);
    add_organizations(&country);
    for (guint number = 0; country.left > 0; number++)
        add_provider(&country, number);
    luck_end(&country.luck);
    cn_network_sort(network);
    return network;
}
