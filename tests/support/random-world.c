/* Random networks, policies and cases: see random-world.h. */
#include "random-world.h"

#include <string.h>

static guint32 last_seed;

void
world_rounds(guint32 rounds, WorldRound run, gpointer data)
{
    const char *asked = g_getenv("CARENET_TEST_SEED");
    if (asked != NULL) {
        last_seed = (guint32)g_ascii_strtoull(asked, NULL, 10);
        rounds = 1;
    } else {
        last_seed = 1;
    }
    for (last_seed--; rounds > 0; rounds--) {
        last_seed++;
        g_autoptr(GRand) rand = g_rand_new_with_seed(last_seed);
        run(rand, data);
    }
}

int
world_print_seed(void **state)
{
    (void)state;
    g_printerr("CARENET_TEST_SEED=%u was the last or the failed one\n", last_seed);
    return 0;
}

guint
world_pick(GRand *rand, guint len)
{
    return (guint)g_rand_int_range(rand, 0, (gint32)len);
}

gboolean
world_chance(GRand *rand, guint percent)
{
    return world_pick(rand, 100) < percent;
}

/* A whole number of [least, most]. */
static gint32
draw(GRand *rand, gint32 least, gint32 most)
{
    return g_rand_int_range(rand, least, most + 1);
}

CnAreaId
world_area_below(GRand *rand, const CnGazetteer *gazetteer, CnAreaId area)
{
    while (cn_area(gazetteer, area)->end > area + 1 && world_chance(rand, 60)) {
        CnAreaId child = draw(rand, area + 1, cn_area(gazetteer, area)->end - 1);
        while (cn_area(gazetteer, child)->parent != area)
            child = cn_area(gazetteer, child)->parent;
        area = child;
    }
    return area;
}

CnAreaId
world_area(GRand *rand, const CnGazetteer *gazetteer)
{
    /* Two neighbouring regions; Basilan, whose city lies in another region; Cebu, whose three
     * biggest cities stand beside it. */
    static const char *const hot[] = {"1000000000", "1000000000", "1600000000", "0700000000",
                                      "1900700000", "0900000000", "0702200000", "PH"};
    CnAreaId top = cn_area_by_code(gazetteer, hot[world_pick(rand, G_N_ELEMENTS(hot))]);
    g_assert(top >= 0);
    return world_area_below(rand, gazetteer, top);
}

CnServiceId
world_service(GRand *rand, const CnTaxonomy *taxonomy)
{
    static const char *const hot[] = {
        "alternative-care",  "kinship-care",  "foster-care",           "emergency-foster-care",
        "emergency-shelter", "mental-health", "supported-family-care", "trauma-therapy",
        "counseling",        "medical",       "reporting-hotline",     "residential-care",
        "protection",        "adoption"};
    if (world_chance(rand, 8))
        return (CnServiceId)world_pick(rand, cn_taxonomy_len(taxonomy));
    CnServiceId service = cn_service_by_id(taxonomy, hot[world_pick(rand, G_N_ELEMENTS(hot))]);
    g_assert(service >= 0);
    return service;
}

/* ---- Small values. */

/* A day near the present one, or its month or year. */
static CnDate
draw_date(GRand *rand)
{
    static const gint32 days[] = {-400, -40, -31, -30, -2, -1, 0, 0, 1, 2, 30, 400};
    gint64 at_s = WORLD_NOW_S + (gint64)days[world_pick(rand, G_N_ELEMENTS(days))] * CN_DAY_S;
    CnDate date = cn_date_of(at_s);
    if (world_chance(rand, 10))
        date.day = 0;
    if (world_chance(rand, 5))
        date.month = date.day = 0;
    return date;
}

static CnDate
draw_date_or_none(GRand *rand, guint percent_set)
{
    return world_chance(rand, percent_set) ? draw_date(rand) : CN_DATE_NONE;
}

static CnTermSet
draw_terms(GRand *rand, const CnVocabulary *vocabulary, guint percent, guint most)
{
    CnTermSet set = {{0, 0}};
    guint terms = MIN(cn_vocabulary_len(vocabulary), 4);
    for (guint i = 0; i < most && world_chance(rand, percent); i++)
        cn_term_set_add(&set, (gint)world_pick(rand, terms));
    return set;
}

static CnInstant
draw_instant(GRand *rand)
{
    static const gint32 hours[] = {-2000, -745, -744, -743, -721, -720, -719,
                                   -48,   -24,  -23,  -1,   0,    5};
    CnInstant instant = {.is_set = TRUE, .day_only = world_chance(rand, 50)};
    instant.s = WORLD_NOW_S + (gint64)hours[world_pick(rand, G_N_ELEMENTS(hours))] * 3600;
    if (instant.day_only)
        instant.s = cn_date_first_s(cn_date_of(instant.s));
    return instant;
}

static const char *
draw_hours(GRand *rand, guint percent_known)
{
    static const char *const hours[] = {
        "24/7",           "Mo-Fr 08:00-17:00", "Sa,Su 08:00-12:00", "Mo-Su 20:00-06:00",
        "Mo 09:31-10:00", "Mo 09:30-10:00",    "Mo 09:00-09:30"};
    return world_chance(rand, percent_known) ? hours[world_pick(rand, G_N_ELEMENTS(hours))] : NULL;
}

/* ---- Providers. */

static const char *intern_format(CnNetwork *network, const char *format, ...) G_GNUC_PRINTF(2, 3);

static const char *
intern_format(CnNetwork *network, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    return cn_network_intern(network, text);
}

static CnEligibility
draw_eligibility(GRand *rand, const CnReference *reference)
{
    CnEligibility eligibility = {.age_min = -1, .age_max = -1, .siblings_up_to = -1};
    if (world_chance(rand, 30))
        eligibility.age_min = (gint16)draw(rand, 12, 16);
    if (world_chance(rand, 30))
        eligibility.age_max = (gint16)draw(rand, 16, 19);
    if (world_chance(rand, 25))
        eligibility.sex = world_chance(rand, 70) ? CN_SEX_FEMALE : CN_SEX_MALE;
    if (world_chance(rand, 30))
        eligibility.siblings_up_to = draw(rand, 1, 3);
    eligibility.groups = draw_terms(rand, reference->terms[CARENET_TERMS_GROUPS], 8, 2);
    eligibility.not_for = draw_terms(rand, reference->terms[CARENET_TERMS_GROUPS], 10, 2);
    eligibility.documents = draw_terms(rand, reference->terms[CARENET_TERMS_DOCUMENTS], 20, 2);
    return eligibility;
}

static CnCapacity
draw_capacity(GRand *rand)
{
    CnCapacity capacity = {.known = world_chance(rand, 85), .wait_days = -1};
    if (world_chance(rand, 70))
        capacity.wait_days = world_chance(rand, 25) ? 30 : draw(rand, 0, 3);
    if (!capacity.known)
        return capacity;
    capacity.total = draw(rand, 0, 9);
    capacity.occupied = draw(rand, 0, 5); /* beds may be lost: more occupied than total */
    capacity.held = world_chance(rand, 20) ? draw(rand, 0, 2) : 0;
    if (world_chance(rand, 90))
        capacity.as_of = draw_instant(rand);
    return capacity;
}

static gboolean
has_offering(const CnProvider *provider, const char *id)
{
    for (guint i = 0; i < provider->offerings->len; i++)
        if (strcmp(g_array_index(provider->offerings, CnOffering, i).id, id) == 0)
            return TRUE;
    return FALSE;
}

static void
add_offering(GRand *rand, CnNetwork *network, CnProvider *provider, const CnReference *reference)
{
    CnOffering offering = cn_offering_blank();
    offering.service = world_service(rand, reference->taxonomy);
    const CnService *service = cn_service(reference->taxonomy, offering.service);
    offering.variant = world_chance(rand, 10) ? "girls" : NULL;
    offering.id =
        offering.variant != NULL
            ? intern_format(network, "%s/%s/%s", provider->id, service->id, offering.variant)
            : intern_format(network, "%s/%s", provider->id, service->id);
    if (has_offering(provider, offering.id))
        return;
    offering.all_below = world_chance(rand, 30);
    offering.eligibility = draw_eligibility(rand, reference);
    if (service->unit != CN_UNIT_NONE)
        offering.capacity = draw_capacity(rand);
    offering.hours = draw_hours(rand, 80);
    offering.intake_hours = draw_hours(rand, 40);
    offering.intake_on_call = offering.intake_hours != NULL && world_chance(rand, 30);
    g_array_append_val(provider->offerings, offering);
}

static void
place_public(GRand *rand, CnNetwork *network, CnProvider *provider, const CnArea *area)
{
    CnSite *site = &provider->site;
    site->has_point = world_chance(rand, 30);
    site->lat_deg = area->lat_deg + g_rand_double_range(rand, -.2, .2);
    site->lon_deg = area->lon_deg + g_rand_double_range(rand, -.2, .2);
    site->phone = intern_format(network, "(02) 8000-%04u", world_pick(rand, 10000));
}

static void
place_provider(GRand *rand, CnNetwork *network, CnProvider *provider, const CnReference *reference)
{
    CnAreaId area = world_area(rand, reference->gazetteer);
    if (world_chance(rand, 50)) {
        provider->disclosure = CN_DISCLOSE_PUBLIC;
        provider->site.area = area;
        place_public(rand, network, provider, cn_area(reference->gazetteer, area));
        return;
    }
    provider->disclosure = world_chance(rand, 75) ? CN_DISCLOSE_RESTRICTED : CN_DISCLOSE_NETWORK;
    provider->show_area = area;
    provider->display_name = intern_format(network, "EXAMPLE Restricted %s", provider->id);
    provider->site.has_point = TRUE;
    if (world_chance(rand, 70))
        provider->contact_gateway = "ex-p00";
}

static void
add_capability(GRand *rand, CnProvider *provider)
{
    CnCapability capability = {.course = draw(rand, 0, 3),
                               .staff = draw(rand, -1, 3),
                               .on = draw_date_or_none(rand, 80),
                               .expires = draw_date_or_none(rand, 50)};
    g_array_append_val(provider->capabilities, capability);
}

static void
add_standing(GRand *rand, CnProvider *provider, const CnReference *reference)
{
    static const CnStatus odd[] = {CN_PAUSED, CN_CLOSED, CN_SUSPENDED};
    provider->status =
        world_chance(rand, 92) ? CN_ACTIVE : odd[world_pick(rand, G_N_ELEMENTS(odd))];
    provider->listing_consent = draw_date(rand);
    provider->verified_on = draw_date_or_none(rand, 85);
    if (cn_date_is_set(provider->verified_on))
        provider->verified_by = CN_VERIFIED_PHONE;
    if (world_chance(rand, 70)) {
        provider->accreditation_body = "DSWD";
        provider->accreditation_level = draw(rand, 1, 3);
        provider->accreditation_expires = draw_date_or_none(rand, 90);
    }
    while (world_chance(rand, 60))
        add_capability(rand, provider);
    provider->languages = draw_terms(rand, reference->terms[CARENET_TERMS_LANGUAGES], 60, 3);
    provider->access = draw_terms(rand, reference->terms[CARENET_TERMS_ACCESS], 50, 3);
    provider->source_title = "a public page";
    provider->source_on = draw_date(rand);
}

static void
add_provider(GRand *rand, CnNetwork *network, const CnReference *reference, guint number)
{
    CnProvider *provider = cn_network_add_provider(network);
    provider->id = intern_format(network, "ex-p%02u", number);
    provider->region = world_chance(rand, 50) ? "region-a" : NULL;
    provider->organization = world_chance(rand, 50) ? "ex-org-a" : "ex-org-b";
    provider->name = intern_format(network, "EXAMPLE Public %02u", number);
    provider->example = TRUE;
    place_provider(rand, network, provider, reference);
    provider->remote = world_chance(rand, 12);
    provider->contact_role = world_chance(rand, 80) ? "intake desk" : NULL;
    while (world_chance(rand, 15)) {
        CnAreaId area = world_area(rand, reference->gazetteer);
        g_array_append_val(provider->serves, area);
    }
    add_standing(rand, provider, reference);
    for (gint32 i = draw(rand, 1, 4); i > 0; i--)
        add_offering(rand, network, provider, reference);
}

static void
add_frame(CnNetwork *network, const CnReference *reference)
{
    CnOrganization a = {.id = "ex-org-a", .name = "EXAMPLE Organization A", .example = TRUE};
    CnOrganization b = {.id = "ex-org-b", .name = "EXAMPLE Organization B", .example = TRUE};
    CnRegion region = {.id = "region-a",
                       .name = "Region A",
                       .area = cn_area_by_code(reference->gazetteer, "1000000000")};
    network->id = "ex-network";
    network->name = "EXAMPLE network";
    g_array_append_val(network->organizations, a);
    g_array_append_val(network->organizations, b);
    g_array_append_val(network->regions, region);
}

void
world_programmes(GRand *rand, CnNetwork *network, const CnReference *reference)
{
    static const CnDate days[] = {{0}, {2022, 0, 0}, {2025, 3, 0}, {2026, 11, 16}, {2027, 5, 1}};
    CnProgramme *programme = cn_network_add_programme(network);
    programme->region = world_chance(rand, 80) ? "region-a" : NULL;
    programme->network_formed_on = days[world_pick(rand, G_N_ELEMENTS(days))];
    for (guint i = world_pick(rand, 12); i > 0; i--) {
        CnOrdinance ordinance = {.area = world_area(rand, reference->gazetteer),
                                 .title = "EXAMPLE ordinance"};
        ordinance.passed_on = days[world_pick(rand, G_N_ELEMENTS(days))];
        ordinance.implemented_on = days[world_pick(rand, G_N_ELEMENTS(days))];
        g_array_append_val(programme->records[CN_PROGRAMME_ORDINANCES], ordinance);
    }
}

CnNetwork *
world_network(GRand *rand, const CnReference *reference, guint providers_most)
{
    CnNetwork *network = cn_network_new();
    guint providers = 1 + world_pick(rand, providers_most);
    add_frame(network, reference);
    for (guint i = 0; i < providers; i++)
        add_provider(rand, network, reference, i);
    cn_network_sort(network);
    world_move_secrets(rand, network, reference);
    return network;
}

/* ---- Secrets. */

static void
move_secret(GRand *rand, CnNetwork *network, CnProvider *provider, const CnReference *reference)
{
    CnSite *site = &provider->site;
    guint mark = g_rand_int(rand);
    site->area = world_area_below(rand, reference->gazetteer, provider->show_area);
    site->lat_deg = g_rand_double_range(rand, 5., 19.);
    site->lon_deg = g_rand_double_range(rand, 118., 126.);
    provider->name = intern_format(network, "EXAMPLE CANARY name %08x", mark);
    site->address = intern_format(network, "CANARY street %08x", mark);
    site->phone = intern_format(network, "0917-CANARY-%08x", mark);
    site->email = intern_format(network, "CANARY-%08x@example.org", mark);
}

void
world_move_secrets(GRand *rand, CnNetwork *network, const CnReference *reference)
{
    for (guint i = 0; i < network->providers->len; i++) {
        CnProvider *provider = g_ptr_array_index(network->providers, i);
        if (provider->disclosure != CN_DISCLOSE_PUBLIC)
            move_secret(rand, network, provider, reference);
    }
}

/* As it would be printed, cut to four decimals: a prefix of any longer form. */
static char *
format_degrees(double degrees)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    g_ascii_formatd(text, sizeof text, "%.9f", degrees);
    return g_strndup(text, strlen(text) - 5);
}

GPtrArray *
world_secrets(const CnNetwork *network)
{
    GPtrArray *secrets = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < network->providers->len; i++) {
        const CnProvider *provider = g_ptr_array_index(network->providers, i);
        const CnSite *site = &provider->site;
        if (provider->disclosure == CN_DISCLOSE_PUBLIC)
            continue;
        g_ptr_array_add(secrets, g_strdup(provider->name));
        g_ptr_array_add(secrets, g_strdup(site->address));
        g_ptr_array_add(secrets, g_strdup(site->phone));
        g_ptr_array_add(secrets, g_strdup(site->email));
        g_ptr_array_add(secrets, format_degrees(site->lat_deg));
        g_ptr_array_add(secrets, format_degrees(site->lon_deg));
    }
    return secrets;
}

/* ---- Policies. */

static void
add_services(GRand *rand, GArray *services, const CnTaxonomy *taxonomy)
{
    while (world_chance(rand, 40)) {
        CnServiceId service = world_service(rand, taxonomy);
        g_array_append_val(services, service);
    }
}

static void
add_capability_rules(GRand *rand, CnPolicy *policy)
{
    while (world_chance(rand, 60)) {
        CnCapabilityRule rule = {.service = world_service(rand, policy->reference->taxonomy),
                                 .course = draw(rand, 0, 3),
                                 .required = world_chance(rand, 20),
                                 .cost = draw(rand, 0, 30)};
        if (rule.required)
            rule.cost = 0;
        g_array_append_val(policy->capabilities, rule);
    }
}

CnPolicy *
world_policy(GRand *rand, CnReference *reference)
{
    static const gint32 bands_min[] = {30, 60, 120, 240, 480};
    CnPolicy *policy = cn_policy_new(reference);
    policy->id = g_strdup("random");
    policy->name = g_strdup("Random");
    policy->digest = g_strdup("");
    policy->speeds = CN_SPEEDS_DEFAULT;
    policy->travel_cost_per_min = draw(rand, 0, 2);
    policy->no_link_cost = draw(rand, 0, 1) * 720;
    memcpy(policy->bands_min, bands_min, sizeof bands_min);
    policy->bands_len = G_N_ELEMENTS(bands_min);
    policy->wait_cost_per_day = draw(rand, 0, 2);
    policy->wait_unknown_days = draw(rand, 0, 7);
    for (guint i = 0; i < CN_LEVELS; i++)
        policy->restrictiveness[i] = draw(rand, 0, 2) * 10;
    policy->language_none_shared = draw(rand, 0, 1) * 40;
    policy->stale_after_days = 30;
    policy->stale_cost_per_day = draw(rand, 0, 2);
    policy->stale_most = draw(rand, 0, 99);
    policy->emergency_hours = 24;
    policy->leave_region = draw(rand, 0, 2) * 30;
    policy->new_provider = draw(rand, 0, 1) * 5;
    policy->siblings_apart = draw(rand, 0, 1) * 240;
    policy->not_preferred = draw(rand, 0, 1) * 15;
    add_capability_rules(rand, policy);
    add_services(rand, policy->accreditation, reference->taxonomy);
    add_services(rand, policy->without_consent, reference->taxonomy);
    add_services(rand, policy->documents_never_block, reference->taxonomy);
    return policy;
}

/* ---- Quotas. */

static gboolean
has_quota(const CnPolicy *policy, const CnQuota *quota)
{
    for (guint i = 0; i < policy->quotas->len; i++) {
        const CnQuota *other = &g_array_index(policy->quotas, CnQuota, i);
        if (other->kind == quota->kind && other->area == quota->area &&
            g_strcmp0(other->id, quota->id) == 0)
            return TRUE;
    }
    return FALSE;
}

void
world_quotas(GRand *rand, CnPolicy *policy, const CnNetwork *network)
{
    const CnGazetteer *gazetteer = policy->reference->gazetteer;
    for (gint32 left = draw(rand, 1, 3); left > 0; left--) {
        const CnProvider *provider =
            g_ptr_array_index(network->providers, world_pick(rand, network->providers->len));
        CnQuota quota = {.kind = (CnQuotaKind)world_pick(rand, 3),
                         .area = CN_AREA_NONE,
                         .places =
                             world_chance(rand, 10) ? CN_QUOTA_PLACES_MOST : draw(rand, 0, 3)};
        if (quota.kind == CN_QUOTA_OFFERING && provider->offerings->len > 0)
            quota.id = g_strdup(g_array_index(provider->offerings, CnOffering,
                                              world_pick(rand, provider->offerings->len))
                                    .id);
        else if (quota.kind == CN_QUOTA_PROVIDER)
            quota.id = g_strdup(provider->id);
        else
            quota.kind = CN_QUOTA_AREA;
        /* Regions and island groups never cross each other. */
        if (quota.kind == CN_QUOTA_AREA)
            quota.area =
                cn_area_at_level(gazetteer, provider->site.area,
                                 world_chance(rand, 50) ? CN_LEVEL_REGION : CN_LEVEL_ISLAND_GROUP);
        if ((quota.kind == CN_QUOTA_AREA && quota.area == CN_AREA_NONE) ||
            has_quota(policy, &quota))
            g_free(quota.id);
        else
            g_array_append_val(policy->quotas, quota);
    }
}

/* ---- Fairness. */

void
world_fairness(GRand *rand, CnPolicy *policy)
{
    const gint32 scale = world_chance(rand, 10) ? 5000 : 1;
    CnFairStep step = {draw(rand, 0, 60), scale * draw(rand, 1, 40)};
    for (gint32 left = draw(rand, 1, 3); left > 0 && step.above_percent < 100; left--) {
        g_array_append_val(policy->fairness, step);
        step.above_percent += draw(rand, 1, 40);
        step.cost += scale * draw(rand, 1, 60);
    }
}

gint64
world_use(const CnPolicy *policy, const CnListing *listing, guint offering, gint64 places)
{
    const CnListedOffering *offered = &listing->offerings[offering];
    const CnLiveCapacity *capacity = &listing->capacity[offering];
    gint64 sum = 0;
    if (!capacity->known || listing->providers[offered->provider].restricted ||
        cn_service(listing->reference->taxonomy, offered->service)->unit == CN_UNIT_NONE)
        return 0;
    for (gint64 place = 1; place <= places; place++)
        for (guint i = policy->fairness->len; i > 0; i--) {
            const CnFairStep *step = &g_array_index(policy->fairness, CnFairStep, i - 1);
            if (100 * (capacity->occupied + capacity->held + place) >
                step->above_percent * capacity->total) {
                sum += step->cost;
                break;
            }
        }
    return sum;
}

/* ---- Cases. */

static const CnProvider *
pick_provider(GRand *rand, const CnNetwork *network)
{
    return g_ptr_array_index(network->providers, world_pick(rand, network->providers->len));
}

static void
add_providers(GRand *rand, GPtrArray *ids, const CnNetwork *network, guint percent)
{
    while (world_chance(rand, percent))
        g_ptr_array_add(ids, g_strdup(pick_provider(rand, network)->id));
}

/* Who is avoided must be known to the directory, and an organization is by its providers. */
static gboolean
has_provider(const CnNetwork *network, const char *organization)
{
    for (guint i = 0; i < network->providers->len; i++)
        if (g_strcmp0(((const CnProvider *)g_ptr_array_index(network->providers, i))->organization,
                      organization) == 0)
            return TRUE;
    return FALSE;
}

static void
fill_avoid(GRand *rand, CnAvoid *avoid, const CnNetwork *network, const CnReference *reference)
{
    while (world_chance(rand, 10)) {
        CnAreaId area = world_area(rand, reference->gazetteer);
        g_array_append_val(avoid->areas, area);
    }
    add_providers(rand, avoid->providers, network, 5);
    if (world_chance(rand, 2) && has_provider(network, "ex-org-a"))
        g_ptr_array_add(avoid->organizations, g_strdup("ex-org-a"));
}

/* The list of preferred providers or offerings, or NULL. */
static GPtrArray *
draw_prefer(GRand *rand, const CnNetwork *network)
{
    const CnProvider *provider = pick_provider(rand, network);
    if (world_chance(rand, 75))
        return NULL;
    GPtrArray *prefer = g_ptr_array_new_with_free_func(g_free);
    gboolean whole = world_chance(rand, 50) || provider->offerings->len == 0;
    g_ptr_array_add(prefer, g_strdup(whole ? provider->id
                                           : g_array_index(provider->offerings, CnOffering, 0).id));
    return prefer;
}

static gboolean
has_need(const CnCase *person, CnServiceId service)
{
    for (guint i = 0; i < person->needs->len; i++)
        if (g_array_index(person->needs, CnNeed, i).service == service)
            return TRUE;
    return FALSE;
}

/* A case names a service once. */
static void
add_need(GRand *rand, CnCase *person, const CnNetwork *network, CnServiceId service)
{
    CnNeed need = {.service = service,
                   .urgency = (CnUrgency)world_pick(rand, 3),
                   .units = world_chance(rand, 80) ? 1 : draw(rand, 1, 4),
                   .before = draw_date_or_none(rand, 20)};
    if (has_need(person, service))
        return;
    need.prefer = draw_prefer(rand, network);
    g_array_append_val(person->needs, need);
}

static void
add_consents(GRand *rand, CnCase *person, const CnNetwork *network)
{
    static const CnConsentLevel levels[] = {
        CN_CONSENT_UNSTATED, CN_CONSENT_MINIMUM, CN_CONSENT_FULL, CN_CONSENT_FULL,
        CN_CONSENT_FULL,     CN_CONSENT_FULL,    CN_CONSENT_NONE};
    person->consent = levels[world_pick(rand, G_N_ELEMENTS(levels))];
    while (world_chance(rand, 12)) {
        CnConsent consent = {.by = (CnConsentBy)world_pick(rand, 4),
                             .offending_guardian = world_chance(rand, 10),
                             .on = draw_date_or_none(rand, 70),
                             .expires = draw_date_or_none(rand, 30),
                             .withdrawn = draw_date_or_none(rand, 10)};
        if (world_chance(rand, 30)) {
            consent.to = g_ptr_array_new_with_free_func(g_free);
            add_providers(rand, consent.to, network, 60);
        }
        g_array_append_val(person->consents, consent);
    }
}

static void
add_person(GRand *rand, CnCase *person, const CnReference *reference)
{
    static const CnSex sexes[] = {CN_SEX_FEMALE, CN_SEX_FEMALE, CN_SEX_MALE, CN_SEX_UNSTATED};
    person->area = world_chance(rand, 97) ? world_area(rand, reference->gazetteer) : CN_AREA_NONE;
    if (world_chance(rand, 90)) {
        person->age_min = person->age_max = (gint16)draw(rand, 11, 19);
        if (world_chance(rand, 20))
            person->age_max = (gint16)(person->age_min + draw(rand, 0, 3));
    }
    person->sex = sexes[world_pick(rand, G_N_ELEMENTS(sexes))];
    person->languages = draw_terms(rand, reference->terms[CARENET_TERMS_LANGUAGES], 60, 2);
    person->groups = draw_terms(rand, reference->terms[CARENET_TERMS_GROUPS], 25, 2);
    person->access = draw_terms(rand, reference->terms[CARENET_TERMS_ACCESS], 10, 2);
    person->documents = draw_terms(rand, reference->terms[CARENET_TERMS_DOCUMENTS], 60, 4);
    person->offender_in_household = world_chance(rand, 15);
    person->remote_safe = world_chance(rand, 50);
    if (world_chance(rand, 30))
        person->max_travel_min = draw(rand, 30, 630);
    while (world_chance(rand, 85)) {
        CnAssessment assessment = {.kind = draw(rand, 0, 3), .on = draw_date_or_none(rand, 95)};
        g_array_append_val(person->assessments, assessment);
    }
}

static void
add_companions(GRand *rand, CnCase *person, guint cases)
{
    if (world_chance(rand, 70)) {
        gboolean strict = world_chance(rand, 50);
        person->siblings_group = g_strdup(strict ? "strict" : "mild");
        person->siblings = strict ? CN_SIBLINGS_REQUIRE : CN_SIBLINGS_PREFER;
        if (world_chance(rand, 15))
            person->siblings = (CnSiblings)world_pick(rand, 4);
    }
    while (world_chance(rand, 15))
        g_ptr_array_add(person->keep_apart, g_strdup_printf("C-%u", world_pick(rand, cases)));
}

carenet_cases *
world_cases(GRand *rand, CnReference *reference, const CnNetwork *network, guint cases_most)
{
    carenet_cases *cases = carenet_cases_new(reference);
    guint len = 1 + world_pick(rand, cases_most);
    CnServiceId common = world_service(rand, reference->taxonomy);
    for (guint i = 0; i < len; i++) {
        CnCase *person = cn_case_new();
        person->ref = g_strdup_printf("C-%u", i);
        add_person(rand, person, reference);
        add_consents(rand, person, network);
        add_providers(rand, person->known_to, network, 30);
        fill_avoid(rand, &person->offender, network, reference);
        fill_avoid(rand, &person->avoid, network, reference);
        if (world_chance(rand, 60)) /* siblings often need the same */
            add_need(rand, person, network, common);
        for (gint32 k = draw(rand, 1, 3); k > 0; k--)
            add_need(rand, person, network, world_service(rand, reference->taxonomy));
        if (len > 1)
            add_companions(rand, person, len);
        g_ptr_array_add(cases->cases, person);
    }
    return cases;
}

void
world_crowd(GRand *rand, CnNetwork *network)
{
    for (guint i = 0; i < network->providers->len; i++) {
        CnProvider *provider = g_ptr_array_index(network->providers, i);
        for (guint k = 0; k < provider->offerings->len; k++) {
            CnCapacity *capacity = &g_array_index(provider->offerings, CnOffering, k).capacity;
            if (capacity->known)
                capacity->total = capacity->occupied + g_rand_int_range(rand, 0, 3);
        }
    }
}
