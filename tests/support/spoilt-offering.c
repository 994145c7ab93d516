/* Spoilt by what the network could mend, by the way there, and by places. See spoilt-world.h. */
#include "spoilt-world.h"

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
    world->therapy->service = small_world_service(world, "mental-health");
    world->therapy->all_below = TRUE;
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
    world->open->remote = TRUE;
    world->person->remote_safe = TRUE;
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

/* ---- All of them. */

static const SpoiltWorld worlds[] = {
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

const SpoiltWorlds spoilt_offering = {worlds, G_N_ELEMENTS(worlds)};
