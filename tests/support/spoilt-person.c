/* Spoilt by who the person is and what it needs. See spoilt-world.h. */
#include "spoilt-world.h"

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

/* ---- All of them. */

static const SpoiltWorld worlds[] = {
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
     "case conference"},
    {THERAPY, residential_under_cover, "assessment",
     "needs case-conference first: Ask the local social welfare and development office to call a "
     "case conference"},
    {THERAPY, assessed_today, NULL, NULL},
    {THERAPY, assessed_tomorrow, "assessment",
     "needs case-conference first: Ask the local social welfare and development office to call a "
     "case conference"},
    {THERAPY, assessed_at_no_date, "assessment",
     "needs case-conference first: Ask the local social welfare and development office to call a "
     "case conference"},
    {THERAPY, by_phone, "remote-unsafe", NULL},
    {THERAPY, by_phone_and_safe, NULL, NULL},
    {THERAPY, needs_wheelchair, "access", "lacks wheelchair, sign-language"},
    {THERAPY, needs_wheelchair_half_there, "access", "lacks sign-language"},
    {THERAPY, needs_wheelchair_and_there, NULL, NULL},
};

const SpoiltWorlds spoilt_person = {worlds, G_N_ELEMENTS(worlds)};
