/* Every hard rule, broken and just not broken, and what it says. A world in which everything fits
 * is spoilt by one change at a time. Siblings and co-victims stand in test-companions.c. */
#include "../support/small-world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define THERAPY "ex-open/trauma-therapy"
#define BED     "ex-shelter/emergency-shelter"

static CnReference *reference;

typedef void (*Spoil)(SmallWorld *world);

static void
add_area(GArray *areas, CnAreaId area)
{
    g_array_append_val(areas, area);
}

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
    world->shelter->show_area = cn_area_by_code(reference->gazetteer, "0900000000");
    world->shelter->site.area = world->shelter->show_area;
    add_area(world->person->avoid.areas, cn_area_by_code(reference->gazetteer, "1900700000"));
}

static void
avoid_region_of_shared_city(SmallWorld *world)
{
    world->shelter->show_area = cn_area_by_code(reference->gazetteer, "1900700000");
    world->shelter->site.area = world->shelter->show_area;
    add_area(world->person->avoid.areas, cn_area_by_code(reference->gazetteer, "0900000000"));
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

/* ---- The person. */

static void
from_15(SmallWorld *world)
{
    world->therapy->eligibility.age_min = 15;
}

static void
from_16(SmallWorld *world)
{
    world->therapy->eligibility.age_min = 16;
}

static void
to_15(SmallWorld *world)
{
    world->therapy->eligibility.age_max = 15;
}

static void
to_14(SmallWorld *world)
{
    world->therapy->eligibility.age_max = 14;
}

static void
from_7_to_14(SmallWorld *world)
{
    to_14(world);
    world->therapy->eligibility.age_min = 7;
}

static void
band_over_the_end(SmallWorld *world)
{
    from_7_to_14(world);
    world->person->age_min = 14;
}

static void
age_unknown(SmallWorld *world)
{
    from_7_to_14(world);
    world->person->age_min = world->person->age_max = -1;
}

static void
boys_only(SmallWorld *world)
{
    world->therapy->eligibility.sex = CN_SEX_MALE;
}

static void
girls_only(SmallWorld *world)
{
    world->therapy->eligibility.sex = CN_SEX_FEMALE;
}

static void
boys_only_sex_unstated(SmallWorld *world)
{
    boys_only(world);
    world->person->sex = CN_SEX_UNSTATED;
}

static void
only_deaf_or_muslim(SmallWorld *world)
{
    cn_term_set_add(&world->therapy->eligibility.groups,
                    small_world_term(world, CARENET_TERMS_GROUPS, "deaf"));
    cn_term_set_add(&world->therapy->eligibility.groups,
                    small_world_term(world, CARENET_TERMS_GROUPS, "muslim"));
}

static void
only_deaf_or_muslim_and_is(SmallWorld *world)
{
    only_deaf_or_muslim(world);
    cn_term_set_add(&world->person->groups,
                    small_world_term(world, CARENET_TERMS_GROUPS, "muslim"));
}

static void
not_for_pregnant(SmallWorld *world)
{
    cn_term_set_add(&world->therapy->eligibility.not_for,
                    small_world_term(world, CARENET_TERMS_GROUPS, "pregnant-or-parenting"));
}

static void
not_for_pregnant_and_is(SmallWorld *world)
{
    not_for_pregnant(world);
    cn_term_set_add(&world->person->groups,
                    small_world_term(world, CARENET_TERMS_GROUPS, "pregnant-or-parenting"));
}

static void
residential(SmallWorld *world)
{
    world->therapy->service = small_world_service(world, "residential-care");
    world->needs_therapy->service = world->therapy->service;
}

static void
residential_under_cover(SmallWorld *world)
{
    world->therapy->service = small_world_service(world, "alternative-care");
    world->therapy->all_below = TRUE;
    world->needs_therapy->service = small_world_service(world, "residential-care");
}

static void
assess(SmallWorld *world, CnDate on)
{
    CnAssessment assessment = {
        .kind = small_world_term(world, CARENET_TERMS_ASSESSMENTS, "case-conference"), .on = on};
    residential(world);
    g_array_append_val(world->person->assessments, assessment);
}

static void
assessed_today(SmallWorld *world)
{
    assess(world, small_world_day(0));
}

static void
assessed_tomorrow(SmallWorld *world)
{
    assess(world, small_world_day(1));
}

static void
assessed_at_no_date(SmallWorld *world)
{
    assess(world, CN_DATE_NONE);
}

static void
by_phone(SmallWorld *world)
{
    world->open->remote = TRUE;
}

static void
by_phone_and_safe(SmallWorld *world)
{
    by_phone(world);
    world->person->remote_safe = TRUE;
}

static void
needs_wheelchair(SmallWorld *world)
{
    cn_term_set_add(&world->person->access,
                    small_world_term(world, CARENET_TERMS_ACCESS, "wheelchair"));
    cn_term_set_add(&world->person->access,
                    small_world_term(world, CARENET_TERMS_ACCESS, "sign-language"));
}

static void
needs_wheelchair_half_there(SmallWorld *world)
{
    needs_wheelchair(world);
    cn_term_set_add(&world->open->access,
                    small_world_term(world, CARENET_TERMS_ACCESS, "wheelchair"));
}

static void
needs_wheelchair_and_there(SmallWorld *world)
{
    needs_wheelchair(world);
    world->open->access = world->person->access;
}

/* ---- What the network can mend. */

static void
accredited_until(SmallWorld *world, int days)
{
    world->shelter->accreditation_expires = small_world_day(days);
}

static void
accredited_until_today(SmallWorld *world)
{
    accredited_until(world, 0);
}

static void
accredited_until_yesterday(SmallWorld *world)
{
    accredited_until(world, -1);
}

static void
accredited_this_month(SmallWorld *world)
{
    accredited_until(world, -15);
    world->shelter->accreditation_expires.day = 0;
}

static void
never_accredited(SmallWorld *world)
{
    world->shelter->accreditation_expires = CN_DATE_NONE;
}

static void
therapy_needs_no_accreditation(SmallWorld *world)
{
    world->open->accreditation_expires = CN_DATE_NONE;
}

static CnCapability *
course_of(SmallWorld *world)
{
    return &g_array_index(world->open->capabilities, CnCapability, 0);
}

static void
course_until_today(SmallWorld *world)
{
    course_of(world)->expires = small_world_day(0);
}

static void
course_until_yesterday(SmallWorld *world)
{
    course_of(world)->expires = small_world_day(-1);
}

static void
course_tomorrow(SmallWorld *world)
{
    course_of(world)->on = small_world_day(1);
}

static void
course_without_staff(SmallWorld *world)
{
    course_of(world)->staff = 0;
}

static void
course_of_unknown_staff(SmallWorld *world)
{
    course_of(world)->staff = -1;
    course_of(world)->on = course_of(world)->expires = CN_DATE_NONE;
}

static void
course_missing_under_cover(SmallWorld *world)
{
    parent_with_cover(world);
    g_array_set_size(world->open->capabilities, 0);
}

static void
asks_for_documents(SmallWorld *world)
{
    cn_term_set_add(&world->therapy->eligibility.documents,
                    small_world_term(world, CARENET_TERMS_DOCUMENTS, "police-report"));
    cn_term_set_add(&world->therapy->eligibility.documents,
                    small_world_term(world, CARENET_TERMS_DOCUMENTS, "court-order"));
}

static void
has_one_document(SmallWorld *world)
{
    asks_for_documents(world);
    cn_term_set_add(&world->person->documents,
                    small_world_term(world, CARENET_TERMS_DOCUMENTS, "court-order"));
}

static void
has_all_documents(SmallWorld *world)
{
    asks_for_documents(world);
    world->person->documents = world->therapy->eligibility.documents;
}

static void
documents_in_emergency(SmallWorld *world)
{
    asks_for_documents(world);
    world->needs_therapy->urgency = CN_EMERGENCY;
}

static void
documents_of_a_doctor(SmallWorld *world)
{
    asks_for_documents(world);
    world->therapy->service = small_world_service(world, "general-medical");
    world->needs_therapy->service = world->therapy->service;
}

static void
serves_iligan(SmallWorld *world)
{
    add_area(world->open->serves, small_world_area(world, "Iligan"));
}

static void
serves_her_region(SmallWorld *world)
{
    serves_iligan(world);
    add_area(world->open->serves, small_world_area(world, "Northern Mindanao"));
}

static void
serves_her_province_by_custom(SmallWorld *world)
{
    /* Cagayan de Oro stands beside Misamis Oriental in the code. */
    add_area(world->open->serves, small_world_area(world, "Misamis Oriental"));
}

static void
emergency(SmallWorld *world)
{
    world->needs_therapy->urgency = CN_EMERGENCY;
}

static void
emergency_open_at(SmallWorld *world, const char *hours, const char *intake)
{
    emergency(world);
    world->therapy->hours = hours;
    world->therapy->intake_hours = intake;
}

static void
emergency_intake_closed(SmallWorld *world)
{
    emergency_open_at(world, "24/7", "Mo-Fr 13:00-17:00");
}

static void
emergency_intake_open(SmallWorld *world)
{
    emergency_open_at(world, "Sa 08:00-12:00", "Mo-Fr 09:30-17:00");
}

static void
emergency_intake_just_closed(SmallWorld *world)
{
    emergency_open_at(world, NULL, "Mo-Fr 08:00-09:30");
}

static void
emergency_hours_closed(SmallWorld *world)
{
    emergency_open_at(world, "Sa 08:00-12:00", NULL);
}

static void
emergency_hours_unknown(SmallWorld *world)
{
    emergency_open_at(world, NULL, NULL);
}

static void
emergency_intake_later(SmallWorld *world)
{
    emergency_intake_closed(world);
    world->options.at_s = SMALL_NOW_S + 4 * 3600;
}

static void
hours_unknown_but_routine(SmallWorld *world)
{
    world->therapy->hours = NULL;
}

/* ---- Reach. */

static void
no_limit_from_afar(SmallWorld *world)
{
    world->person->area = small_world_area(world, "Itbayat");
}

static void
no_link_from_afar(SmallWorld *world)
{
    no_limit_from_afar(world);
    world->person->max_travel_min = 100000;
}

static void
limit_from_iligan(SmallWorld *world, gint32 max_travel_min)
{
    world->person->area = small_world_area(world, "Iligan");
    world->person->max_travel_min = max_travel_min;
}

static void
limit_of_60(SmallWorld *world)
{
    limit_from_iligan(world, 60);
}

static void
limit_of_1000(SmallWorld *world)
{
    limit_from_iligan(world, 1000);
}

static void
limit_but_by_phone(SmallWorld *world)
{
    limit_of_60(world);
    by_phone_and_safe(world);
}

static void
limit_of_nobody_knows_where(SmallWorld *world)
{
    world->person->max_travel_min = 60;
    world->person->area = CN_AREA_NONE;
}

static void
needed_in_2_days(SmallWorld *world)
{
    world->needs_therapy->before = small_world_day(2);
}

static void
needed_in_1_day(SmallWorld *world)
{
    world->needs_therapy->before = small_world_day(1);
}

static void
needed_this_month(SmallWorld *world)
{
    needed_in_1_day(world);
    world->needs_therapy->before.day = 0;
}

static void
wait_unknown(SmallWorld *world)
{
    needed_in_1_day(world);
    world->therapy->capacity.wait_days = -1;
}

/* ---- Places. */

static void
capacity_unknown(SmallWorld *world)
{
    world->therapy->capacity = cn_offering_blank().capacity;
}

static void
capacity_unknown_but_asked(SmallWorld *world)
{
    capacity_unknown(world);
    world->options.include_unknown_capacity = TRUE;
}

static void
capacity_not_counted(SmallWorld *world)
{
    capacity_unknown(world);
    world->therapy->service = small_world_service(world, "crisis-line");
    world->needs_therapy->service = world->therapy->service;
}

static void
occupied(SmallWorld *world, gint64 taken, gint64 held)
{
    world->therapy->capacity.occupied = taken;
    world->therapy->capacity.held = held;
}

static void
last_place(SmallWorld *world)
{
    occupied(world, 2, 0);
}

static void
last_place_held(SmallWorld *world)
{
    occupied(world, 2, 1);
}

static void
more_than_total(SmallWorld *world)
{
    occupied(world, 7, 0);
}

static void
two_of_two(SmallWorld *world)
{
    world->needs_therapy->units = 2;
}

static void
three_of_two(SmallWorld *world)
{
    world->needs_therapy->units = 3;
}

static void
shelter_full(SmallWorld *world)
{
    world->bed->capacity.occupied = 5;
}

static void
shelter_too_small(SmallWorld *world)
{
    world->needs_bed->units = 3;
}

static void
shelter_too_far(SmallWorld *world)
{
    limit_of_60(world);
    world->person->area = small_world_area(world, "Butuan");
}

/* ---- The table: what is spoilt, where, the reason (NULL: it stays ranked) and the words. */

static const struct {
    const char *offering;
    Spoil spoil;
    const char *reason;
    const char *detail; /* NULL: the meaning of the rule */
} table[] = {
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
    {THERAPY, from_15, NULL, NULL},
    {THERAPY, from_16, "age", "takes ages from 16"},
    {THERAPY, to_15, NULL, NULL},
    {THERAPY, to_14, "age", "takes ages up to 14"},
    {THERAPY, from_7_to_14, "age", "takes ages 7 to 14"},
    {THERAPY, band_over_the_end, "age", "takes ages 7 to 14"},
    {THERAPY, age_unknown, NULL, NULL},
    {THERAPY, boys_only, "sex", "takes male only"},
    {THERAPY, girls_only, NULL, NULL},
    {THERAPY, boys_only_sex_unstated, NULL, NULL},
    {THERAPY, only_deaf_or_muslim, "group", "takes only deaf, muslim"},
    {THERAPY, only_deaf_or_muslim_and_is, NULL, NULL},
    {THERAPY, not_for_pregnant, NULL, NULL},
    {THERAPY, not_for_pregnant_and_is, "not-for", "not for pregnant-or-parenting"},
    {THERAPY, residential, "assessment",
     "needs case-conference first: Ask the local social welfare and development office to call a "
     "case conference."},
    {THERAPY, residential_under_cover, "assessment",
     "needs case-conference first: Ask the local social welfare and development office to call a "
     "case conference."},
    {THERAPY, assessed_today, NULL, NULL},
    {THERAPY, assessed_tomorrow, "assessment",
     "needs case-conference first: Ask the local social welfare and development office to call a "
     "case conference."},
    {THERAPY, assessed_at_no_date, "assessment",
     "needs case-conference first: Ask the local social welfare and development office to call a "
     "case conference."},
    {THERAPY, by_phone, "remote-unsafe", NULL},
    {THERAPY, by_phone_and_safe, NULL, NULL},
    {THERAPY, needs_wheelchair, "access", "lacks wheelchair, sign-language"},
    {THERAPY, needs_wheelchair_half_there, "access", "lacks sign-language"},
    {THERAPY, needs_wheelchair_and_there, NULL, NULL},
    {BED, accredited_until_today, NULL, NULL},
    {BED, accredited_until_yesterday, "accreditation", "accreditation lapsed on 2026-11-15"},
    {BED, accredited_this_month, NULL, NULL},
    {BED, never_accredited, "accreditation", "no accreditation is on record"},
    {THERAPY, therapy_needs_no_accreditation, NULL, NULL},
    {THERAPY, course_until_today, NULL, NULL},
    {THERAPY, course_until_yesterday, "capability",
     "no staff with a valid course in trauma-informed-care"},
    {THERAPY, course_tomorrow, "capability",
     "no staff with a valid course in trauma-informed-care"},
    {THERAPY, course_without_staff, "capability",
     "no staff with a valid course in trauma-informed-care"},
    {THERAPY, course_of_unknown_staff, NULL, NULL},
    {THERAPY, course_missing_under_cover, "capability",
     "no staff with a valid course in trauma-informed-care"},
    {THERAPY, asks_for_documents, "documents", "asks for police-report, court-order"},
    {THERAPY, has_one_document, "documents", "asks for police-report"},
    {THERAPY, has_all_documents, NULL, NULL},
    {THERAPY, documents_in_emergency, NULL, NULL},
    {THERAPY, documents_of_a_doctor, NULL, NULL},
    {THERAPY, serves_iligan, "not-served", NULL},
    {THERAPY, serves_her_region, NULL, NULL},
    {THERAPY, serves_her_province_by_custom, NULL, NULL},
    {THERAPY, emergency, NULL, NULL},
    {THERAPY, emergency_intake_closed, "intake-closed", "intake is open Mo-Fr 13:00-17:00"},
    {THERAPY, emergency_intake_open, NULL, NULL},
    {THERAPY, emergency_intake_just_closed, "intake-closed", "intake is open Mo-Fr 08:00-09:30"},
    {THERAPY, emergency_hours_closed, "intake-closed", "open Sa 08:00-12:00"},
    {THERAPY, emergency_hours_unknown, "intake-closed", "nobody knows its intake hours"},
    {THERAPY, emergency_intake_later, NULL, NULL},
    {THERAPY, hours_unknown_but_routine, NULL, NULL},
    {THERAPY, no_limit_from_afar, NULL, NULL},
    {THERAPY, no_link_from_afar, "no-known-link", NULL},
    {THERAPY, limit_of_60, "too-far", "* minutes away, the limit is 60"},
    {THERAPY, limit_of_1000, NULL, NULL},
    {THERAPY, limit_but_by_phone, NULL, NULL},
    {THERAPY, limit_of_nobody_knows_where, NULL, NULL},
    {THERAPY, needed_in_2_days, NULL, NULL},
    {THERAPY, needed_in_1_day, "too-late", "waiting time is 2 days"},
    {THERAPY, needed_this_month, NULL, NULL},
    {THERAPY, wait_unknown, NULL, NULL},
    {THERAPY, capacity_unknown, "capacity-unknown", NULL},
    {THERAPY, capacity_unknown_but_asked, NULL, NULL},
    {THERAPY, capacity_not_counted, NULL, NULL},
    {THERAPY, last_place, NULL, NULL},
    {THERAPY, last_place_held, "full", "all 3 places are taken or held"},
    {THERAPY, more_than_total, "full", "all 3 places are taken or held"},
    {THERAPY, two_of_two, NULL, NULL},
    {THERAPY, three_of_two, "full", "2 of 3 places free, 3 wanted"},
    {BED, shelter_full, "full", "full"},
    {BED, shelter_too_small, "full", "not enough free places for all"},
    {BED, shelter_too_far, "too-far",
     "beyond the limit of 60 minutes, measured to the area where it is shown"},
};

static const char *
meaning_of(const char *reason)
{
    for (guint rule = 0; rule < cn_rules_len(); rule++)
        if (strcmp(cn_rule_reason(rule), reason) == 0)
            return cn_rule_meaning(rule);
    return NULL;
}

static void
check_row(gsize row)
{
    g_autoptr(SmallWorld) world = small_world_new(reference);
    g_autofree char *detail = NULL;
    table[row].spoil(world);
    const char *offering = table[row].offering;
    const char *reason = small_world_refusal(world, strcmp(offering, BED) == 0, offering, &detail);
    if (g_strcmp0(reason, table[row].reason) != 0)
        print_error("row %zu: %s, not %s\n", row, reason, table[row].reason);
    assert_true(g_strcmp0(reason, table[row].reason) == 0);
    if (reason == NULL)
        return;
    const char *expected = table[row].detail != NULL ? table[row].detail : meaning_of(reason);
    if (*expected == '*')
        assert_true(g_str_has_suffix(detail, expected + 1));
    else
        assert_string_equal(detail, expected);
}

static void
rules_are_broken_and_not_broken(void **state)
{
    (void)state;
    for (gsize row = 0; row < G_N_ELEMENTS(table); row++)
        check_row(row);
}

/* Those of siblings and co-victims are in test-companions.c, plug-ins in test-plugin.c, bundles in
 * test-batch.c. */
static void
every_rule_is_in_the_table(void **state)
{
    (void)state;
    static const char *const elsewhere[] = {"co-victim",     "sibling-apart", "siblings-fit",
                                            "siblings-size", "plug-in",       "one-provider"};
    for (guint rule = 0; rule < cn_rules_len(); rule++) {
        gboolean there = FALSE;
        for (gsize row = 0; row < G_N_ELEMENTS(table); row++)
            there |= g_strcmp0(table[row].reason, cn_rule_reason(rule)) == 0;
        for (gsize i = 0; i < G_N_ELEMENTS(elsewhere); i++)
            there |= strcmp(elsewhere[i], cn_rule_reason(rule)) == 0;
        if (!there)
            print_error("no row breaks %s\n", cn_rule_reason(rule));
        assert_true(there);
        assert_true(strlen(cn_rule_meaning(rule)) > 10);
    }
}

/* Stages never go back, or the funnel would count wrongly. */
static void
stages_follow_the_order(void **state)
{
    (void)state;
    for (guint rule = 1; rule < cn_rules_len(); rule++)
        assert_true(cn_rule_stage(rule) >= cn_rule_stage(rule - 1));
}

/* The first broken rule is the one that is told, whatever else is broken. */
static void
the_first_rule_is_told(void **state)
{
    (void)state;
    g_autoptr(SmallWorld) world = small_world_new(reference);
    more_than_total(world);
    pause_it(world);
    assert_string_equal(small_world_refusal(world, 0, THERAPY, NULL), "paused");
    boys_only(world);
    small_world_route(world);
    assert_string_equal(small_world_refusal(world, 0, THERAPY, NULL), "sex");
    avoid_it(world);
    small_world_route(world);
    assert_string_equal(small_world_refusal(world, 0, THERAPY, NULL), "avoided");
}

/* Without a policy there is nothing that a policy would ask for. */
static void
no_policy_asks_for_nothing(void **state)
{
    (void)state;
    g_autoptr(SmallWorld) world = small_world_new(reference);
    consent_none(world);
    asks_for_documents(world);
    g_array_set_size(world->open->capabilities, 0);
    world->open->accreditation_expires = CN_DATE_NONE;
    small_world_route(world);
    CnOrigin origin;
    CnCandidate candidate;
    CnQuestion question =
        cn_routes_question(world->routes, cn_routes_need(world->routes, 0), &origin);
    cn_candidate_init(&candidate, &question, 0);
    assert_int_equal(cn_rules_first_broken(&question, &candidate, CN_RULES_ALL), CN_RULE_CONSENT);
    question.policy = NULL;
    assert_int_equal(cn_rules_first_broken(&question, &candidate, CN_RULES_ALL), CN_RULE_NONE);
    assert_int_equal(cn_rules_broken(&question, &candidate, CN_RULES_ALL), 0);
}

static int
open_reference(void **state)
{
    (void)state;
    reference = carenet_reference_open(g_getenv("CARENET_TEST_DATA"), NULL);
    return reference == NULL;
}

static int
close_reference(void **state)
{
    (void)state;
    g_clear_pointer(&reference, carenet_reference_unref);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_are_broken_and_not_broken),
        cmocka_unit_test(every_rule_is_in_the_table),
        cmocka_unit_test(stages_follow_the_order),
        cmocka_unit_test(the_first_rule_is_told),
        cmocka_unit_test(no_policy_asks_for_nothing),
    };
    return cmocka_run_group_tests(tests, open_reference, close_reference);
}
