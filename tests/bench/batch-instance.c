/* See batch-instance.h. */
#include "batch-instance.h"

#include <math.h>
#include <string.h>

#define SERVICES 40

typedef struct {
    Luck luck;
    const CnReference *reference;
    CnServiceId services[SERVICES];
    double share[SERVICES]; /* of it and all before it in offerings and needs */
    CnNetwork *network;
} Draw;

/* Leaves that are counted, routed, and need no assessment first. */
static void
list_services(Draw *draw)
{
    const CnTaxonomy *taxonomy = draw->reference->taxonomy;
    guint len = 0;
    for (CnServiceId i = 0; i < (CnServiceId)cn_taxonomy_len(taxonomy) && len < SERVICES; i++) {
        const CnService *service = cn_service(taxonomy, i);
        if (service->end == i + 1 && service->routable && service->gate < 0 &&
            service->unit != CN_UNIT_NONE)
            draw->services[len++] = i;
    }
    for (guint i = 0; len < SERVICES; i++) /* fewer leaves: the first again */
        draw->services[len++] = draw->services[i];
}

/* Some services are asked for, and offered, much more than others: as one to its rank. */
static void
share_services(Draw *draw)
{
    double sum = 0;
    for (guint i = 0; i < SERVICES; i++)
        draw->share[i] = sum += pow(i + 1, -.85);
    for (guint i = 0; i < SERVICES; i++)
        draw->share[i] /= sum;
}

/* Of the offering or case with the number: by the shares, evenly, and three in turn never the same. */
static CnServiceId
service_of(const Draw *draw, guint number)
{
    double luck = fmod(number * ((sqrt(5.0) - 1) / 2), 1.0);
    guint i = 0;
    while (i + 1 < SERVICES && draw->share[i] <= luck)
        i++;
    return draw->services[i];
}

/* Filipino, and one of ten others by the region, so that neighbours share it. */
static CnTermSet
spoken_in(Draw *draw, CnAreaId town, gint percent)
{
    CnTermSet languages = {{0, 0}};
    const CnVocabulary *terms = draw->reference->terms[CARENET_TERMS_LANGUAGES];
    CnAreaId region = cn_area_at_level(draw->reference->gazetteer, town, CN_LEVEL_REGION);
    if (luck_chance(&draw->luck, percent))
        cn_term_set_add(&languages, cn_term_find(terms, "fil"));
    cn_term_set_add(&languages, 1 + (region >= 0 ? region : 0) % 10);
    return languages;
}

static CnTermSet
pick_terms(Draw *draw, guint of, gint percent)
{
    CnTermSet set = {{0, 0}};
    for (guint i = 0; i < of; i++)
        if (luck_chance(&draw->luck, percent))
            cn_term_set_add(&set, (gint)i);
    return set;
}

static CnEligibility
pick_eligibility(Draw *draw)
{
    static const gint16 bands[][2] = {{0, 17}, {0, 6}, {7, 12}, {13, 17}, {12, 99}, {6, 99}};
    CnEligibility eligibility = {.age_min = -1, .age_max = -1, .siblings_up_to = -1};
    if (luck_chance(&draw->luck, 50)) {
        gint band = g_rand_int_range(draw->luck.rand, 0, G_N_ELEMENTS(bands));
        eligibility.age_min = bands[band][0];
        eligibility.age_max = bands[band][1];
    }
    if (luck_chance(&draw->luck, 25))
        eligibility.sex = luck_chance(&draw->luck, 75) ? CN_SEX_FEMALE : CN_SEX_MALE;
    eligibility.not_for = pick_terms(draw, 4, 3);
    if (luck_chance(&draw->luck, 15))
        cn_term_set_add(&eligibility.documents, g_rand_int_range(draw->luck.rand, 0, 4));
    return eligibility;
}

static void
add_offering(Draw *draw, CnProvider *provider, guint number, const BatchSize *size)
{
    CnOffering offering = cn_offering_blank();
    double mean = size->supply * size->cases / size->offerings;
    gint most = MAX(1, (gint)(2.0 * mean - 1.0 + g_rand_double(draw->luck.rand)));
    g_autofree char *id = NULL;
    offering.service = service_of(draw, number);
    id = g_strdup_printf("%s/%s", provider->id,
                         cn_service(draw->reference->taxonomy, offering.service)->id);
    offering.id = cn_network_intern(draw->network, id);
    offering.eligibility = pick_eligibility(draw);
    offering.capacity = (CnCapacity){
        .known = TRUE,
        .total = g_rand_int_range(draw->luck.rand, 1, most + 1),
        .wait_days = luck_chance(&draw->luck, 80) ? g_rand_int_range(draw->luck.rand, 0, 15) : -1,
        .as_of = {.s = INVENTED_NOW_S - 86400, .is_set = TRUE}};
    offering.hours = "Mo-Fr 08:00-17:00";
    offering.intake_hours = luck_chance(&draw->luck, 80) ? "24/7" : NULL;
    g_array_append_val(provider->offerings, offering);
}

/* Three offerings of three services. */
static void
add_provider(Draw *draw, guint number, guint *offering, const BatchSize *size)
{
    CnProvider *provider = cn_network_add_provider(draw->network);
    g_autofree char *id = g_strdup_printf("ex-%06u", number);
    CnAreaId town = luck_town(&draw->luck);
    const CnArea *area = cn_area(draw->reference->gazetteer, town);
    provider->id = cn_network_intern(draw->network, id);
    provider->name = "EXAMPLE Provider";
    provider->organization = "ex-org";
    provider->example = TRUE;
    provider->site.area = town;
    if (luck_chance(&draw->luck, 50)) {
        provider->site.has_point = TRUE;
        provider->site.lat_deg = area->lat_deg + g_rand_double_range(draw->luck.rand, -.05, .05);
        provider->site.lon_deg = area->lon_deg + g_rand_double_range(draw->luck.rand, -.05, .05);
    }
    provider->languages = spoken_in(draw, town, 70);
    provider->access = pick_terms(draw, 4, 50);
    provider->remote = luck_chance(&draw->luck, 2);
    provider->verified_on = (CnDate){2026, 10, 1};
    provider->verified_by = CN_VERIFIED_PHONE;
    provider->listing_consent = (CnDate){2026, 1, 10};
    if (luck_chance(&draw->luck, 10)) {
        CnAreaId region = cn_area_at_level(draw->reference->gazetteer, town, CN_LEVEL_REGION);
        if (region != CN_AREA_NONE)
            g_array_append_val(provider->serves, region);
    }
    for (guint i = 0; i < 3 && *offering < size->offerings; i++)
        add_offering(draw, provider, (*offering)++, size);
}

static void
make_network(Draw *draw, const BatchSize *size)
{
    CnOrganization organization = {.id = "ex-org", .name = "EXAMPLE Organization", .example = TRUE};
    draw->network = cn_network_new();
    draw->network->id = "ex-batch";
    draw->network->name = "EXAMPLE network";
    g_array_append_val(draw->network->organizations, organization);
    for (guint number = 0, offering = 0; offering < size->offerings; number++)
        add_provider(draw, number, &offering, size);
    cn_network_sort(draw->network);
}

static void
draw_facts(Draw *draw, CnCase *person)
{
    person->area = luck_town(&draw->luck);
    person->age_min = person->age_max = (gint16)g_rand_int_range(draw->luck.rand, 4, 18);
    person->sex = luck_chance(&draw->luck, 75) ? CN_SEX_FEMALE : CN_SEX_MALE;
    person->languages = spoken_in(draw, person->area, 40);
    person->groups = pick_terms(draw, 4, 1);
    person->access = pick_terms(draw, 4, 1);
    person->documents = pick_terms(draw, 4, 97);
    person->remote_safe = luck_chance(&draw->luck, 90);
    person->max_travel_min =
        luck_chance(&draw->luck, 5) ? g_rand_int_range(draw->luck.rand, 2, 9) * 60 : 0;
}

/* Shares what it does not hold with @empty, as the readers of long lists do. */
static void
add_case(Draw *draw, GPtrArray *cases, guint number, guint providers, const CnCase *empty)
{
    CnCase *person = cn_case_new();
    gint luck = g_rand_int_range(draw->luck.rand, 0, 10);
    CnNeed need = {.service = service_of(draw, number),
                   .urgency = luck == 0  ? CN_EMERGENCY
                              : luck < 4 ? CN_URGENT
                                         : CN_ROUTINE,
                   .units = 1};
    person->ref = g_strdup_printf("C-%07u", number);
    draw_facts(draw, person);
    if (luck_chance(&draw->luck, 2))
        g_ptr_array_add(person->known_to,
                        g_strdup_printf("ex-%06u", (guint)g_rand_int_range(draw->luck.rand, 0,
                                                                           (gint)providers)));
    g_array_append_val(person->needs, need);
    cn_case_share_empty(person, empty);
    g_ptr_array_add(cases, person);
}

static void
draw_begin(Draw *draw, guint32 seed, const CnReference *reference)
{
    *draw = (Draw){.reference = reference};
    luck_begin(&draw->luck, seed, reference->gazetteer);
    list_services(draw);
    share_services(draw);
}

static void
draw_end(Draw *draw)
{
    luck_end(&draw->luck);
    g_clear_pointer(&draw->network, cn_network_free);
}

void
batch_instance_make(BatchInstance *instance, const BatchSize *size, CnReference *reference)
{
    Draw draw;
    g_autoptr(CnCase) empty = cn_case_new();
    draw_begin(&draw, size->seed, reference);
    make_network(&draw, size);
    instance->directory = cn_directory_new(draw.network, reference, 0);
    instance->cases = carenet_cases_new(reference);
    for (guint i = 0; i < size->cases; i++)
        add_case(&draw, instance->cases->cases, i, draw.network->providers->len, empty);
    draw_end(&draw);
}

CnNetwork *
batch_instance_network(const BatchSize *size, const CnReference *reference)
{
    Draw draw;
    draw_begin(&draw, size->seed, reference);
    make_network(&draw, size);
    CnNetwork *network = g_steal_pointer(&draw.network);
    draw_end(&draw);
    return network;
}

void
batch_instance_clear(BatchInstance *instance)
{
    carenet_directory_unref(instance->directory);
    carenet_cases_unref(instance->cases);
}

void
batch_instance_change(BatchInstance *instance, guint32 seed, guint percent, guint8 *changed)
{
    Draw draw;
    draw_begin(&draw, seed, instance->cases->reference);
    for (guint i = 0; i < instance->cases->cases->len; i++) {
        changed[i] = luck_chance(&draw.luck, (gint)percent);
        if (changed[i])
            draw_facts(&draw, g_ptr_array_index(instance->cases->cases, i));
    }
    draw_end(&draw);
}

gboolean
batch_keep_read(const char *word, CnSiblings *out_keep)
{
    const gboolean prefer = strcmp(word, "prefer") == 0;
    if (!prefer && strcmp(word, "require") != 0)
        return FALSE;
    *out_keep = prefer ? CN_SIBLINGS_PREFER : CN_SIBLINGS_REQUIRE;
    return TRUE;
}

static void
join_family(GPtrArray *cases, guint first, guint size, CnSiblings keep)
{
    const CnCase *eldest = g_ptr_array_index(cases, first);
    const CnNeed need = g_array_index(eldest->needs, CnNeed, 0);
    for (guint i = first; i < first + size; i++) {
        CnCase *person = g_ptr_array_index(cases, i);
        person->siblings_group = g_strdup_printf("G-%07u", first);
        person->siblings = keep;
        person->area = eldest->area;
        person->languages = eldest->languages;
        person->max_travel_min = eldest->max_travel_min;
        g_array_index(person->needs, CnNeed, 0) = need;
    }
}

void
batch_instance_join(BatchInstance *instance, guint32 seed, guint percent, CnSiblings keep)
{
    GPtrArray *cases = instance->cases->cases;
    g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
    for (guint i = 0; i + 4 <= cases->len;) {
        const guint size = (guint)g_rand_int_range(rand, 2, 5);
        /* As many starts as make that share of a mean of three. */
        if (g_rand_double_range(rand, 0, 100) * (300 - 2.0 * percent) >= 100.0 * percent) {
            i++;
            continue;
        }
        join_family(cases, i, size, keep);
        i += size;
    }
}

CnMarket *
batch_instance_market(const BatchInstance *instance,
                      const CnPolicy *policy,
                      guint threads,
                      GError **error)
{
    CnMarketOptions options;
    cn_market_options_init(&options);
    options.now_s = INVENTED_NOW_S;
    options.threads = threads;
    return cn_market_new(instance->directory, policy, instance->cases, &options, error);
}
