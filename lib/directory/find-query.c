/* Resolving a query: names to areas, services and terms; facts to a person. */
#include "directory/find.h"

#include "base/error.h"
#include "base/text.h"
#include "directory/plug.h"

#include <string.h>

static const gint32 default_bands_min[] = {30, 60, 120, 240, 480};

static gboolean
resolve_areas(CnFind *find, GError **error)
{
    const CnListing *listing = find->directory->listing;
    for (gsize i = 0; i < find->query->regions_len; i++) {
        CnAreaId area = CN_AREA_NONE;
        if (!cn_directory_area_resolve(listing, find->query->regions[i], &area, error))
            return FALSE;
        g_array_append_val(find->regions, area);
    }
    if (find->query->serving != NULL &&
        !cn_directory_area_resolve(listing, find->query->serving, &find->serving, error))
        return FALSE;
    return find->query->near == NULL ||
           cn_directory_area_resolve(listing, find->query->near, &find->near, error);
}

static gboolean
resolve_services(CnFind *find, GError **error)
{
    const CnTaxonomy *taxonomy = find->directory->listing->reference->taxonomy;
    for (gsize i = 0; i < find->query->services_len; i++) {
        CnServiceId service = CN_SERVICE_NONE;
        if (!cn_service_resolve(taxonomy, find->query->services[i], &service, error))
            return FALSE;
        g_array_append_val(find->services, service);
    }
    return TRUE;
}

static gboolean
resolve_terms(const CnFind *find,
              carenet_terms_kind kind,
              const char *what,
              const char *const *words,
              gsize words_len,
              CnTermSet *out_set,
              GError **error)
{
    const CnVocabulary *vocabulary = find->directory->listing->reference->terms[kind];
    for (gsize i = 0; i < words_len; i++) {
        gint term = words[i] != NULL ? cn_term_find(vocabulary, words[i]) : -1;
        if (term < 0) {
            const char *word = words[i] != NULL ? words[i] : "";
            g_autofree char *near_miss = cn_term_did_you_mean(vocabulary, word);
            g_autofree char *quoted = cn_text_quote(word);
            cn_error_set(error, CARENET_ERROR_NOT_FOUND, "there is no %s \"%s\"", what, quoted);
            cn_error_hint(error, "%s%scarenet terms %s lists them",
                          near_miss != NULL ? near_miss : "", near_miss != NULL ? " " : "",
                          kind == CARENET_TERMS_LANGUAGES ? "languages"
                          : kind == CARENET_TERMS_GROUPS  ? "groups"
                                                          : "access");
            return FALSE;
        }
        cn_term_set_add(out_set, term);
    }
    return TRUE;
}

static gboolean
resolve_person(CnFind *find, GError **error)
{
    const carenet_find_query *query = find->query;
    CnCase *person = find->person;
    if (query->age < -1 || query->age > 120) {
        cn_error_set(error, CARENET_ERROR_INVALID_ARGUMENT, "age %d is not between 0 and 120",
                     query->age);
        return FALSE;
    }
    person->age_min = person->age_max = (gint16)query->age;
    if (query->sex != NULL && !cn_sex_parse(query->sex, &person->sex)) {
        g_autofree char *quoted = cn_text_quote(query->sex);
        cn_error_set(error, CARENET_ERROR_INVALID_ARGUMENT,
                     "sex is female, male or unstated, not \"%s\"", quoted);
        return FALSE;
    }
    return resolve_terms(find, CARENET_TERMS_LANGUAGES, "language", query->languages,
                         query->languages_len, &find->languages, error) &&
           resolve_terms(find, CARENET_TERMS_GROUPS, "group", query->groups, query->groups_len,
                         &person->groups, error) &&
           resolve_terms(find, CARENET_TERMS_ACCESS, "access", query->access, query->access_len,
                         &person->access, error);
}

static gboolean
check_lists(const char *call, const carenet_find_query *query, GError **error)
{
    CN_REQUIRE_FOR(call, cn_texts_are_given(query->regions, query->regions_len),
                   "one of the regions is NULL", error, FALSE);
    CN_REQUIRE_FOR(call, cn_texts_are_given(query->services, query->services_len),
                   "one of the services is NULL", error, FALSE);
    CN_REQUIRE_FOR(call, query->languages != NULL || query->languages_len == 0,
                   "languages is NULL, and languages_len is not 0", error, FALSE);
    CN_REQUIRE_FOR(call, query->groups != NULL || query->groups_len == 0,
                   "groups is NULL, and groups_len is not 0", error, FALSE);
    CN_REQUIRE_FOR(call, query->access != NULL || query->access_len == 0,
                   "access is NULL, and access_len is not 0", error, FALSE);
    return TRUE;
}

static gboolean
check_numbers(const char *call, const carenet_find_query *query, GError **error)
{
    CN_REQUIRE_FOR(call, (guint)query->remote <= CARENET_REMOTE_NO,
                   "remote is none of carenet_remote", error, FALSE);
    CN_REQUIRE_FOR(call, (guint)query->ordinance <= CARENET_COVERED_NO,
                   "ordinance is none of carenet_covered", error, FALSE);
    CN_REQUIRE_FOR(call, (guint)query->network <= CARENET_COVERED_NO,
                   "network is none of carenet_covered", error, FALSE);
    CN_REQUIRE_FOR(call, cn_instant_is_usable(query->now_s), CN_INSTANT_WRONG("now_s"), error,
                   FALSE);
    CN_REQUIRE_FOR(call, !query->open_at_set || cn_instant_is_readable(query->open_at_s),
                   "open_at_s must be an instant of the years 1900 to 2199", error, FALSE);
    if (query->within_min < 0 || query->within_m < 0 || query->free < 0 ||
        query->verified_within_days < 0) {
        cn_error_set(error, CARENET_ERROR_INVALID_ARGUMENT, "a limit cannot be negative");
        return FALSE;
    }
    if ((query->within_min > 0 || query->within_m > 0) && query->near == NULL) {
        cn_error_set(error, CARENET_ERROR_INVALID_ARGUMENT,
                     "a distance needs a place to start from");
        cn_error_hint(error, "say near which place");
        return FALSE;
    }
    if (g_strcmp0(query->sort, "distance") == 0 && query->near == NULL) {
        cn_error_set(error, CARENET_ERROR_INVALID_ARGUMENT,
                     "to sort by distance needs a place to start from");
        cn_error_hint(error, "say near which place");
        return FALSE;
    }
    return TRUE;
}

static void
weigh(CnFind *find)
{
    const CnPolicy *policy = find->query->policy;
    CnTravelSpeeds speeds = policy != NULL ? policy->speeds : CN_SPEEDS_DEFAULT;
    find->stale_after_days =
        policy != NULL ? policy->stale_after_days : CN_STALE_AFTER_DAYS_DEFAULT;
    find->bands_min = policy != NULL ? policy->bands_min : default_bands_min;
    find->bands_len = policy != NULL ? policy->bands_len : G_N_ELEMENTS(default_bands_min);
    if (find->near == CN_AREA_NONE)
        return;
    find->origin = g_new0(CnOrigin, 1);
    cn_origin_init(find->origin, find->directory->listing->reference->gazetteer, &speeds,
                   find->near);
}

static void
ask(CnFind *find)
{
    find->now_s =
        find->query->now_s != G_MININT64 ? find->query->now_s : g_get_real_time() / G_USEC_PER_SEC;
    find->need = (CnNeed){.service = 0, .urgency = CN_ROUTINE, .units = 1};
    find->question = (CnQuestion){.listing = find->directory->listing,
                                  .person = find->person,
                                  .need = &find->need,
                                  .origin = find->origin,
                                  .plug = cn_plugged_from(find->plugged, find->near),
                                  .now_s = find->now_s,
                                  .today = cn_date_of(find->now_s),
                                  .include_unconfirmed = TRUE,
                                  .include_unknown_capacity = TRUE};
}

static guint32
filters_of(const CnFind *find)
{
    const carenet_find_query *query = find->query;
    const gboolean asked[CN_FILTERS_LEN] = {
        [CN_FILTER_SERVICE] = find->services->len > 0,
        [CN_FILTER_REGION] = find->regions->len > 0 || find->serving != CN_AREA_NONE,
        [CN_FILTER_LANGUAGE] = !cn_term_set_is_empty(find->languages),
        [CN_FILTER_REMOTE] = query->remote != CARENET_REMOTE_ANY,
        [CN_FILTER_DISTANCE] = query->within_min > 0 || query->within_m > 0,
        [CN_FILTER_FREE] = query->free > 0,
        [CN_FILTER_OPEN] = query->open_at_set,
        [CN_FILTER_VERIFIED] = query->confirmed_only || query->verified_within_days > 0,
        [CN_FILTER_ORDINANCE] = query->ordinance != CARENET_COVERED_ANY,
        [CN_FILTER_NETWORK] = query->network != CARENET_COVERED_ANY};
    guint32 filters = 0;
    for (guint filter = 0; filter < CN_FILTERS_LEN; filter++)
        if (asked[filter])
            filters |= (guint32)1 << filter;
    return filters;
}

gboolean
cn_find_init(CnFind *find,
             const char *call,
             const CnDirectory *directory,
             const carenet_find_query *query,
             GError **error)
{
    *find = (CnFind){.directory = directory,
                     .query = query,
                     .serving = CN_AREA_NONE,
                     .near = CN_AREA_NONE,
                     .regions = g_array_new(FALSE, FALSE, sizeof(CnAreaId)),
                     .services = g_array_new(FALSE, FALSE, sizeof(CnServiceId)),
                     .person = cn_case_new()};
    if (!check_lists(call, query, error) || !check_numbers(call, query, error) ||
        !resolve_areas(find, error) || !resolve_services(find, error) ||
        !resolve_person(find, error) ||
        !cn_plug_all(directory, query->policy, find->near, &find->plugged, error))
        return FALSE;
    weigh(find);
    ask(find);
    find->filters = filters_of(find);
    return TRUE;
}

void
cn_find_clear(CnFind *find)
{
    g_clear_pointer(&find->regions, g_array_unref);
    g_clear_pointer(&find->services, g_array_unref);
    g_clear_pointer(&find->person, cn_case_free);
    g_clear_pointer(&find->origin, g_free);
    g_clear_pointer(&find->plugged, cn_plugged_unref);
}
