/* A small world: see small-world.h. */
#include "small-world.h"

#include <string.h>

CnDate
small_world_day(int days_from_today)
{
    return cn_date_of(SMALL_NOW_S + (gint64)days_from_today * CN_DAY_S);
}

CnAreaId
small_world_area(const SmallWorld *world, const char *name)
{
    CnAreaId area = CN_AREA_NONE;
    if (!cn_area_resolve(world->reference->gazetteer, name, &area, NULL))
        g_error("no area %s", name);
    return area;
}

gint
small_world_term(const SmallWorld *world, carenet_terms_kind kind, const char *id)
{
    gint term = cn_term_find(world->reference->terms[kind], id);
    g_assert(term >= 0);
    return term;
}

CnServiceId
small_world_service(const SmallWorld *world, const char *id)
{
    CnServiceId service = cn_service_by_id(world->reference->taxonomy, id);
    g_assert(service >= 0);
    return service;
}

static CnProvider *
add_provider(SmallWorld *world, const char *id, const char *name)
{
    CnProvider *provider = cn_network_add_provider(world->network);
    provider->id = id;
    provider->organization = "ex-org";
    provider->name = name;
    provider->example = TRUE;
    provider->status = CN_ACTIVE;
    provider->site.area = small_world_area(world, "Cagayan de Oro");
    provider->contact_role = "intake desk";
    cn_term_set_add(&provider->languages, small_world_term(world, CARENET_TERMS_LANGUAGES, "ceb"));
    provider->verified_on = small_world_day(-10);
    provider->verified_by = CN_VERIFIED_PHONE;
    provider->accreditation_body = "DSWD";
    provider->accreditation_expires = small_world_day(400);
    CnCapability course = {
        .course = small_world_term(world, CARENET_TERMS_COURSES, "trauma-informed-care"),
        .staff = 3,
        .on = small_world_day(-400),
        .expires = small_world_day(400)};
    g_array_append_val(provider->capabilities, course);
    return provider;
}

static void
add_offering(SmallWorld *world, CnProvider *provider, const char *id, gint64 total, gint64 occupied)
{
    CnOffering offering = cn_offering_blank();
    offering.id = id;
    offering.service = small_world_service(world, strchr(id, '/') + 1);
    offering.hours = "24/7";
    offering.capacity.known = TRUE;
    offering.capacity.total = total;
    offering.capacity.occupied = occupied;
    offering.capacity.as_of = (CnInstant){.s = SMALL_NOW_S - 3600, .is_set = TRUE};
    offering.capacity.wait_days = 2;
    g_array_append_val(provider->offerings, offering);
}

static void
add_network(SmallWorld *world)
{
    CnOrganization organization = {.id = "ex-org", .name = "EXAMPLE Organization", .example = TRUE};
    CnRegion region = {.id = "northern-mindanao",
                       .name = "Northern Mindanao",
                       .area = small_world_area(world, "Northern Mindanao")};
    world->network = cn_network_new();
    g_array_append_val(world->network->organizations, organization);
    g_array_append_val(world->network->regions, region);
    world->open = add_provider(world, "ex-open", "EXAMPLE Open Desk");
    world->open->site.phone = "(088) 850-0000";
    add_offering(world, world->open, "ex-open/trauma-therapy", 3, 1);
    world->therapy = &g_array_index(world->open->offerings, CnOffering, 0);
    world->shelter = add_provider(world, "ex-shelter", "EXAMPLE Secret House");
    world->shelter->display_name = "EXAMPLE Restricted Shelter";
    world->shelter->disclosure = CN_DISCLOSE_RESTRICTED;
    world->shelter->show_area = region.area;
    world->shelter->site.area = small_world_area(world, "Iligan");
    world->shelter->contact_gateway = "ex-open";
    add_offering(world, world->shelter, "ex-shelter/emergency-shelter", 5, 3);
    world->bed = &g_array_index(world->shelter->offerings, CnOffering, 0);
    cn_network_sort(world->network);
}

static void
add_needs(CnCase *person, CnServiceId therapy, CnServiceId bed)
{
    CnNeed first = {.service = therapy, .urgency = CN_ROUTINE, .units = 1};
    CnNeed second = {.service = bed, .urgency = CN_ROUTINE, .units = 1};
    g_array_append_val(person->needs, first);
    g_array_append_val(person->needs, second);
}

CnCase *
small_world_add_case(SmallWorld *world, const char *ref)
{
    CnCase *person = cn_case_new();
    person->ref = g_strdup(ref);
    person->area = small_world_area(world, "Cagayan de Oro");
    person->age_min = person->age_max = 15;
    person->sex = CN_SEX_FEMALE;
    person->consent = CN_CONSENT_FULL;
    cn_term_set_add(&person->languages, small_world_term(world, CARENET_TERMS_LANGUAGES, "ceb"));
    add_needs(person, small_world_service(world, "trauma-therapy"),
              small_world_service(world, "emergency-shelter"));
    if (world->person != NULL) {
        person->siblings_group = g_strdup(world->person->siblings_group);
        person->siblings = world->person->siblings;
    }
    g_ptr_array_add(world->cases->cases, person);
    return person;
}

SmallWorld *
small_world_new(CnReference *reference)
{
    SmallWorld *world = g_new0(SmallWorld, 1);
    world->reference = carenet_reference_ref(reference);
    add_network(world);
    world->policy = carenet_policy_load(reference, NULL, NULL, NULL);
    g_assert(world->policy != NULL);
    world->cases = carenet_cases_new(reference);
    world->person = small_world_add_case(world, "C-1");
    world->needs_therapy = &g_array_index(world->person->needs, CnNeed, 0);
    world->needs_bed = &g_array_index(world->person->needs, CnNeed, 1);
    carenet_route_options_init(&world->options);
    world->options.now_s = SMALL_NOW_S;
    return world;
}

void
small_world_free(SmallWorld *world)
{
    if (world == NULL)
        return;
    carenet_routes_unref(world->routes);
    carenet_directory_unref(world->directory);
    carenet_cases_unref(world->cases);
    carenet_policy_unref(world->policy);
    cn_network_free(world->network);
    carenet_reference_unref(world->reference);
    g_free(world);
}

void
small_world_route(SmallWorld *world)
{
    g_autoptr(GError) error = NULL;
    g_clear_pointer(&world->routes, carenet_routes_unref);
    g_clear_pointer(&world->directory, carenet_directory_unref);
    world->directory = cn_directory_new(world->network, world->reference, 0);
    world->routes =
        carenet_route(world->directory, world->policy, world->cases, &world->options, &error);
    if (world->routes == NULL)
        g_error("%s", error->message);
}

const char *
small_world_refusal(SmallWorld *world, guint need, const char *offering, char **out_detail)
{
    if (world->routes == NULL)
        small_world_route(world);
    const CnNeedRoute *route = cn_routes_need(world->routes, need);
    gint at = cn_listing_offering(world->directory->listing, offering);
    for (guint i = 0; i < route->refused->len; i++) {
        const CnRefusal *refusal = &g_array_index(route->refused, CnRefusal, i);
        CnOrigin origin;
        CnQuestion question = cn_routes_question(world->routes, route, &origin);
        CnCandidate candidate;
        if ((gint)refusal->offering != at)
            continue;
        cn_candidate_init(&candidate, &question, refusal->offering);
        if (out_detail != NULL)
            *out_detail = cn_rule_detail(&question, &candidate, refusal->rule);
        return cn_rule_reason(refusal->rule);
    }
    return NULL;
}
