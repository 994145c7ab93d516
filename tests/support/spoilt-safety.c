/* Spoilt by what is given to whom, by whom nobody may meet, and by consent. See spoilt-world.h. */
#include "spoilt-world.h"

/* ---- The service and the provider. */

static void
nothing(SmallWorld *world)
{
    (void)world;
}

static void
therapy_not_routable(SmallWorld *world)
{
    world->therapy->service = small_world_service(world, "witness-protection");
    world->needs_therapy->service = world->therapy->service;
}

/* A cover-all does not get around what the service asked for demands. */
static void
cover_adoption(SmallWorld *world)
{
    world->therapy->service = small_world_service(world, "alternative-care");
    world->therapy->all_below = TRUE;
    world->needs_therapy->service = small_world_service(world, "adoption");
}

static void
parent_without_cover(SmallWorld *world)
{
    world->therapy->service = small_world_service(world, "mental-health");
    world->options.why_not = THERAPY;
}

static void
parent_with_cover(SmallWorld *world)
{
    world->therapy->service = small_world_service(world, "mental-health");
    world->therapy->all_below = TRUE;
}

static void
need_of_parent(SmallWorld *world)
{
    world->needs_therapy->service = small_world_service(world, "mental-health");
}

static void
suspend(SmallWorld *world)
{
    world->open->status = CN_SUSPENDED;
}

static void
close_down(SmallWorld *world)
{
    world->open->status = CN_CLOSED;
}

static void
pause_it(SmallWorld *world)
{
    world->open->status = CN_PAUSED;
}

static void
nobody_confirmed(SmallWorld *world)
{
    world->open->verified_on = CN_DATE_NONE;
}

static void
nobody_confirmed_but_asked(SmallWorld *world)
{
    nobody_confirmed(world);
    world->options.include_unconfirmed = TRUE;
}

/* ---- Safety. */

static void
offender_there(SmallWorld *world)
{
    g_ptr_array_add(world->person->offender.providers, g_strdup("ex-open"));
}

static void
offender_in_organization(SmallWorld *world)
{
    g_ptr_array_add(world->person->offender.organizations, g_strdup("ex-org"));
}

static void
offender_in_town(SmallWorld *world)
{
    add_area(world->person->offender.areas, small_world_area(world, "Cagayan de Oro"));
}

static void
own_household(SmallWorld *world)
{
    CnAssessment assessment = {.kind = small_world_term(world, CARENET_TERMS_ASSESSMENTS,
                                                        "parenting-capability-assessment"),
                               .on = small_world_day(0)};
    g_array_append_val(world->person->assessments, assessment);
    world->therapy->service = small_world_service(world, "supported-family-care");
    world->needs_therapy->service = world->therapy->service;
}

static void
own_household_with_offender(SmallWorld *world)
{
    own_household(world);
    world->person->offender_in_household = TRUE;
}

static void
own_household_under_cover(SmallWorld *world)
{
    own_household_with_offender(world);
    world->therapy->service = small_world_service(world, "alternative-care");
    world->therapy->all_below = TRUE;
}

static void
offender_at_home(SmallWorld *world)
{
    world->person->offender_in_household = TRUE;
}

static void
avoid_it(SmallWorld *world)
{
    g_ptr_array_add(world->person->avoid.providers, g_strdup("ex-open"));
}

static void
avoid_its_region(SmallWorld *world)
{
    add_area(world->person->avoid.areas, small_world_area(world, "Northern Mindanao"));
}

static void
avoid_other_town(SmallWorld *world)
{
    add_area(world->person->avoid.areas, small_world_area(world, "Iligan"));
}

static void
avoid_town_but_remote(SmallWorld *world)
{
    offender_in_town(world);
    world->open->remote = TRUE;
    world->person->remote_safe = TRUE;
}

/* The restricted shelter is in Iligan; the answer must be the same for the other town. */
static void
avoid_town_of_shelter(SmallWorld *world)
{
    avoid_other_town(world);
}

static void
avoid_another_town_of_its_region(SmallWorld *world)
{
    add_area(world->person->avoid.areas, small_world_area(world, "Malaybalay"));
}

static void
avoid_other_region(SmallWorld *world)
{
    add_area(world->person->avoid.areas, small_world_area(world, "Caraga"));
}

/* Isabela City lies in Region IX by the code and in Basilan by what people look under. */
static void
avoid_basilan_near_shared_city(SmallWorld *world)
{
    world->shelter->show_area = cn_area_by_code(world->reference->gazetteer, "0900000000");
    world->shelter->site.area = world->shelter->show_area;
    add_area(world->person->avoid.areas,
             cn_area_by_code(world->reference->gazetteer, "1900700000"));
}

static void
avoid_region_of_shared_city(SmallWorld *world)
{
    world->shelter->show_area = cn_area_by_code(world->reference->gazetteer, "1900700000");
    world->shelter->site.area = world->shelter->show_area;
    add_area(world->person->avoid.areas,
             cn_area_by_code(world->reference->gazetteer, "0900000000"));
}

/* ---- Consent. */

static CnConsent *
add_consent(SmallWorld *world)
{
    CnConsent consent = {.by = CN_BY_GUARDIAN, .on = small_world_day(0)};
    g_array_append_val(world->person->consents, consent);
    return &g_array_index(world->person->consents, CnConsent, world->person->consents->len - 1);
}

static void
consent_none(SmallWorld *world)
{
    world->person->consent = CN_CONSENT_NONE;
}

static void
consent_none_in_emergency(SmallWorld *world)
{
    consent_none(world);
    world->needs_therapy->urgency = CN_EMERGENCY;
}

static void
consent_unstated(SmallWorld *world)
{
    world->person->consent = CN_CONSENT_UNSTATED;
}

static void
consent_not_needed(SmallWorld *world)
{
    consent_none(world);
    world->therapy->service = small_world_service(world, "crisis-line");
    world->needs_therapy->service = world->therapy->service;
}

static void
consent_tomorrow(SmallWorld *world)
{
    add_consent(world)->on = small_world_day(1);
}

static void
consent_until_yesterday(SmallWorld *world)
{
    add_consent(world)->expires = small_world_day(-1);
}

static void
consent_until_today(SmallWorld *world)
{
    add_consent(world)->expires = small_world_day(0);
}

static void
consent_withdrawn(SmallWorld *world)
{
    add_consent(world)->withdrawn = small_world_day(0);
}

static void
consent_of_offender(SmallWorld *world)
{
    add_consent(world)->offending_guardian = TRUE;
}

static void
consent_of_offender_and_office(SmallWorld *world)
{
    consent_of_offender(world);
    add_consent(world)->by = CN_BY_LSWDO;
}

static void
consent_to(SmallWorld *world, const char *provider)
{
    CnConsent *consent = add_consent(world);
    consent->to = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(consent->to, g_strdup(provider));
}

static void
consent_to_it(SmallWorld *world)
{
    consent_to(world, "ex-open");
}

static void
consent_to_another(SmallWorld *world)
{
    consent_to(world, "ex-shelter");
}

/* ---- All of them. */

static const SpoiltWorld worlds[] = {
    {THERAPY, nothing, NULL, NULL},
    {BED, nothing, NULL, NULL},
    {THERAPY, parent_without_cover, "not-offered",
     "gives mental-health, the need is trauma-therapy"},
    {THERAPY, parent_with_cover, NULL, NULL},
    {THERAPY, need_of_parent, NULL, NULL},
    {THERAPY, therapy_not_routable, "not-routable", NULL},
    {THERAPY, cover_adoption, "not-routable", NULL},
    {THERAPY, suspend, "suspended", NULL},
    {THERAPY, close_down, "closed", NULL},
    {THERAPY, pause_it, "paused", NULL},
    {THERAPY, nobody_confirmed, "unconfirmed", NULL},
    {THERAPY, nobody_confirmed_but_asked, NULL, NULL},
    {THERAPY, offender_there, "offender", NULL},
    {THERAPY, offender_in_organization, "offender", NULL},
    {THERAPY, offender_in_town, "offender", NULL},
    {THERAPY, own_household, NULL, NULL},
    {THERAPY, own_household_with_offender, "offender", NULL},
    {THERAPY, own_household_under_cover, "offender", NULL},
    {THERAPY, offender_at_home, NULL, NULL},
    {THERAPY, avoid_it, "avoided", NULL},
    {THERAPY, avoid_its_region, "avoided", NULL},
    {THERAPY, avoid_other_town, NULL, NULL},
    {THERAPY, avoid_town_but_remote, NULL, NULL},
    {BED, avoid_its_region, "avoided", NULL},
    {BED, avoid_town_of_shelter, "safety-check", NULL},
    {BED, avoid_another_town_of_its_region, "safety-check", NULL},
    {BED, avoid_other_region, NULL, NULL},
    {BED, avoid_basilan_near_shared_city, "safety-check", NULL},
    {BED, avoid_region_of_shared_city, "safety-check", NULL},
    {THERAPY, consent_none, "consent", NULL},
    {THERAPY, consent_none_in_emergency, NULL, NULL},
    {THERAPY, consent_unstated, NULL, NULL},
    {THERAPY, consent_not_needed, NULL, NULL},
    {THERAPY, consent_tomorrow, "consent", NULL},
    {THERAPY, consent_until_yesterday, "consent", NULL},
    {THERAPY, consent_until_today, NULL, NULL},
    {THERAPY, consent_withdrawn, "consent", NULL},
    {THERAPY, consent_of_offender, "consent", NULL},
    {THERAPY, consent_of_offender_and_office, NULL, NULL},
    {THERAPY, consent_to_it, NULL, NULL},
    {THERAPY, consent_to_another, "consent", NULL},
};

const SpoiltWorlds spoilt_safety = {worlds, G_N_ELEMENTS(worlds)};
