/* Routing and finding without text: every byte of the input chooses among what exists, so that
 * nearly every input is a sound question. Cases of one list may be siblings, co-victims, close to
 * an offender; the clock, the options and the filters vary. */
#include "fuzz.h"

#include "directory/directory.h"
#include "model/case.h"
#include "routes.h"

#include <string.h>

#define CASES_MOST 5
#define NEEDS_MOST 4

static CnAreaId
choose_area(FuzzChoices *choices)
{
    return (CnAreaId)fuzz_pick(choices, cn_gazetteer_len(fuzz_reference()->gazetteer));
}

static CnServiceId
choose_service(FuzzChoices *choices)
{
    return (CnServiceId)fuzz_pick(choices, cn_taxonomy_len(fuzz_reference()->taxonomy));
}

static CnTermSet
choose_terms(FuzzChoices *choices, carenet_terms_kind kind)
{
    CnTermSet set = {{0, 0}};
    for (guint i = fuzz_pick(choices, 4); i > 0; i--)
        cn_term_set_add(&set,
                        (gint)fuzz_pick(choices, cn_vocabulary_len(fuzz_reference()->terms[kind])));
    return set;
}

static const char *
choose_provider(FuzzChoices *choices)
{
    const CnListing *listing = fuzz_directory()->listing;
    guint at = fuzz_pick(choices, (guint)listing->providers_len);
    return cn_listed_text(listing, listing->providers[at].id);
}

static const char *
choose_offering(FuzzChoices *choices)
{
    const CnListing *listing = fuzz_directory()->listing;
    guint at = fuzz_pick(choices, (guint)listing->offerings_len);
    return cn_listed_text(listing, listing->offerings[at].id);
}

/* A day within three years around the demonstration. */
static CnDate
choose_date(FuzzChoices *choices)
{
    gint64 now_s = carenet_directory_demonstration_now(fuzz_directory());
    gint64 days = (gint64)fuzz_pick(choices, 1000) - 500;
    return fuzz_byte(choices) % 4 == 0 ? CN_DATE_NONE : cn_date_of(now_s + days * CN_DAY_S);
}

static void
choose_avoid(FuzzChoices *choices, CnAvoid *avoid)
{
    for (guint i = fuzz_pick(choices, 3); i > 0; i--) {
        CnAreaId area = choose_area(choices);
        g_array_append_val(avoid->areas, area);
        g_ptr_array_add(avoid->providers, g_strdup(choose_provider(choices)));
    }
}

static CnNeed
choose_need(FuzzChoices *choices)
{
    CnNeed need = {.service = choose_service(choices),
                   .urgency = (CnUrgency)fuzz_pick(choices, 3),
                   .units =
                       1 + (gint32)(fuzz_byte(choices) % 8 == 7 ? fuzz_pick(choices, 1000) : 0),
                   .before = choose_date(choices)};
    if (fuzz_byte(choices) % 4 == 3) {
        need.prefer = g_ptr_array_new_with_free_func(g_free);
        g_ptr_array_add(need.prefer, g_strdup(choose_offering(choices)));
    }
    return need;
}

static void
choose_consent(FuzzChoices *choices, CnCase *c)
{
    CnConsent consent = {.by = (CnConsentBy)fuzz_pick(choices, 4),
                         .offending_guardian = fuzz_byte(choices) % 8 == 7,
                         .on = choose_date(choices),
                         .expires = choose_date(choices),
                         .withdrawn = choose_date(choices)};
    if (fuzz_byte(choices) % 4 == 3) {
        consent.to = g_ptr_array_new_with_free_func(g_free);
        g_ptr_array_add(consent.to, g_strdup(choose_provider(choices)));
    }
    g_array_append_val(c->consents, consent);
}

static void
choose_person(FuzzChoices *choices, CnCase *c)
{
    c->area = choose_area(choices);
    c->age_min = fuzz_byte(choices) % 8 == 7 ? -1 : (gint16)fuzz_pick(choices, 25);
    c->age_max = c->age_min < 0 ? -1 : (gint16)(c->age_min + (gint)fuzz_pick(choices, 3));
    c->sex = (CnSex)fuzz_pick(choices, 3);
    c->languages = choose_terms(choices, CARENET_TERMS_LANGUAGES);
    c->groups = choose_terms(choices, CARENET_TERMS_GROUPS);
    c->access = choose_terms(choices, CARENET_TERMS_ACCESS);
    c->documents = choose_terms(choices, CARENET_TERMS_DOCUMENTS);
    c->remote_safe = fuzz_byte(choices) % 2;
    c->max_travel_min = fuzz_byte(choices) % 2 ? (gint32)fuzz_pick(choices, 1000) : 0;
    c->consent = (CnConsentLevel)fuzz_pick(choices, 4);
}

static void
choose_danger(FuzzChoices *choices, CnCase *c)
{
    guint kinds = cn_vocabulary_len(fuzz_reference()->terms[CARENET_TERMS_ASSESSMENTS]);
    c->offender_in_household = fuzz_byte(choices) % 2;
    choose_avoid(choices, &c->offender);
    choose_avoid(choices, &c->avoid);
    for (guint i = fuzz_pick(choices, 3); i > 0; i--) {
        CnAssessment assessment = {(gint)fuzz_pick(choices, kinds), choose_date(choices)};
        g_array_append_val(c->assessments, assessment);
    }
    for (guint i = fuzz_pick(choices, 3); i > 0; i--)
        choose_consent(choices, c);
    for (guint i = fuzz_pick(choices, 3); i > 0; i--)
        g_ptr_array_add(c->known_to, g_strdup(choose_provider(choices)));
    if (fuzz_byte(choices) % 2)
        c->responsible_office = g_strdup(choose_provider(choices));
    c->court_area = fuzz_byte(choices) % 2 ? choose_area(choices) : CN_AREA_NONE;
    c->custody_order = fuzz_byte(choices) % 2;
}

static CnCase *
choose_case(FuzzChoices *choices, guint number)
{
    CnCase *c = cn_case_new();
    c->ref = g_strdup_printf("C-%u", number);
    choose_person(choices, c);
    choose_danger(choices, c);
    c->siblings = (CnSiblings)fuzz_pick(choices, 4);
    if (c->siblings != CN_SIBLINGS_NONE)
        c->siblings_group = g_strdup_printf("S-%u", fuzz_pick(choices, 2));
    if (fuzz_byte(choices) % 4 == 3)
        g_ptr_array_add(c->keep_apart, g_strdup_printf("C-%u", fuzz_pick(choices, CASES_MOST)));
    for (guint i = 1 + fuzz_pick(choices, NEEDS_MOST); i > 0; i--) {
        CnNeed need = choose_need(choices);
        g_array_append_val(c->needs, need);
    }
    return c;
}

static void
route(FuzzChoices *choices)
{
    g_autoptr(carenet_cases) cases = carenet_cases_new(fuzz_reference());
    guint cases_len = 1 + fuzz_pick(choices, CASES_MOST);
    carenet_route_options options;
    carenet_route_options_init(&options);
    options.top = fuzz_pick(choices, 5);
    options.include_unconfirmed = fuzz_byte(choices) % 2;
    options.include_unknown_capacity = fuzz_byte(choices) % 2;
    options.now_s = carenet_directory_demonstration_now(fuzz_directory());
    switch (fuzz_byte(choices) % 4) {
    case 0:
        options.at_s = options.now_s + (gint64)fuzz_pick(choices, CN_WEEK_MIN) * 60;
        break;
    case 1:
        options.now_s += ((gint64)fuzz_pick(choices, 2000) - 1000) * CN_DAY_S;
        break;
    case 2:
        options.now_s = fuzz_int64(choices);
        break;
    default:
        break;
    }
    for (guint i = 0; i < cases_len; i++)
        cn_cases_append(cases, choose_case(choices, i));
    fuzz_check_routes(fuzz_directory(), fuzz_policy(), cases, &options);
}

/* One name out of those that exist. */
static const char *
choose_area_name(FuzzChoices *choices)
{
    const CnArea *area = cn_area(fuzz_reference()->gazetteer, choose_area(choices));
    return fuzz_byte(choices) % 2 ? area->code : area->name;
}

static void
find(FuzzChoices *choices)
{
    static const char *const sorts[] = {"default", "distance", "wait",     "free",
                                        "name",    "provider", "verified", "nothing"};
    carenet_find_query query;
    carenet_find_query_init(&query);
    const char *regions[] = {choose_area_name(choices), choose_area_name(choices)};
    const char *services[] = {cn_service(fuzz_reference()->taxonomy, choose_service(choices))->id};
    const char *languages[] = {
        cn_term(fuzz_reference()->terms[CARENET_TERMS_LANGUAGES],
                (gint)fuzz_pick(
                    choices, cn_vocabulary_len(fuzz_reference()->terms[CARENET_TERMS_LANGUAGES])))
            ->id};
    query.regions = regions, query.regions_len = fuzz_pick(choices, 3);
    query.services = services, query.services_len = fuzz_pick(choices, 2);
    query.languages = languages, query.languages_len = fuzz_pick(choices, 2);
    query.serving = fuzz_byte(choices) % 2 ? choose_area_name(choices) : NULL;
    query.near = fuzz_byte(choices) % 2 ? choose_area_name(choices) : NULL;
    query.within_min = query.near != NULL ? (gint32)fuzz_pick(choices, 1000) : 0;
    query.within_m = query.near != NULL ? (gint64)fuzz_pick(choices, 1000) * 1000 : 0;
    query.age = (gint32)fuzz_pick(choices, 100) - 1;
    query.sex = fuzz_byte(choices) % 2 ? "male" : NULL;
    query.free = fuzz_byte(choices) % 2 ? (gint64)fuzz_pick(choices, 10) : 0;
    query.remote = (carenet_remote)fuzz_pick(choices, 3);
    query.open_at_set = fuzz_byte(choices) % 2;
    query.open_at_s = fuzz_int64(choices);
    query.verified_within_days = (gint32)fuzz_pick(choices, 400);
    query.confirmed_only = fuzz_byte(choices) % 2;
    query.sort = sorts[fuzz_pick(choices, G_N_ELEMENTS(sorts))];
    query.limit = fuzz_pick(choices, 10);
    query.now_s = fuzz_byte(choices) % 2 ? carenet_directory_demonstration_now(fuzz_directory())
                                         : fuzz_int64(choices);
    g_autoptr(GError) error = NULL;
    g_autoptr(carenet_table) rows = carenet_find(fuzz_directory(), &query, &error);
    fuzz_check_error(rows != NULL, error);
    if (rows != NULL) {
        g_assert_true(query.limit == 0 || carenet_table_rows_len(rows) <= query.limit);
        fuzz_check_table(rows);
    }
    g_autoptr(GError) why_error = NULL;
    g_autoptr(carenet_table) why =
        carenet_find_why_not(fuzz_directory(), &query, choose_provider(choices), &why_error);
    fuzz_check_error(why != NULL, why_error);
    if (why != NULL)
        fuzz_check_table(why);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    FuzzChoices choices = {data, size};
    if (fuzz_byte(&choices) % 2)
        find(&choices);
    else
        route(&choices);
    return 0;
}
