/* include/carenet/report.h: what is asked is resolved here; the answers are made below. */
#include "base/error.h"
#include "directory/partial.h"
#include "report/report-page.h"
#include "routing/plan-why.h"
#include "routing/reach.h"

void
carenet_report_query_init(carenet_report_query *query)
{
    if (query != NULL)
        *query = (carenet_report_query){
            .size = sizeof *query, .now_s = G_MININT64, .profile = CARENET_PROFILE_INTERNAL};
}

static gboolean
needs(GError **error, const char *what)
{
    cn_error_set(error, CARENET_ERROR_INVALID_ARGUMENT, "%s", what);
    return FALSE;
}

/* A table of something else would make a report of nothing, which looks like an answer. */
static gboolean
are_referrals(const carenet_table *rows)
{
    static const char *const read[] = {"id", "case", "provider", "state", "created"};
    for (gsize i = 0; rows != NULL && i < G_N_ELEMENTS(read); i++) {
        const ptrdiff_t column = carenet_table_column_index(rows, read[i]);
        if (column < 0 || carenet_table_column_type(rows, (size_t)column) != CARENET_COLUMN_TEXT)
            return FALSE;
    }
    return TRUE;
}

/* Programs that know less of the query than we do leave the rest as it is by default. */
static gboolean
adopt_query(const char *call,
            const carenet_report_query *given,
            carenet_report_query *own,
            GError **error)
{
    carenet_report_query_init(own);
    CN_ADOPT_FOR(call, given, own, error, FALSE);
    CN_REQUIRE_FOR(call, cn_texts_are_given(own->regions, own->regions_len),
                   "one of the regions is NULL", error, FALSE);
    CN_REQUIRE_FOR(call, cn_texts_are_given(own->services, own->services_len),
                   "one of the services is NULL", error, FALSE);
    CN_REQUIRE_FOR(call, (guint)own->profile <= CARENET_PROFILE_FUNDER,
                   "profile is none of carenet_profile", error, FALSE);
    CN_REQUIRE_FOR(call, cn_instant_is_usable(own->now_s), CN_INSTANT_WRONG("now_s"), error, FALSE);
    if (own->plan != NULL && own->cases == NULL)
        return needs(error, "a plan needs the cases that it was made for");
    if (!are_referrals(own->referrals)) {
        cn_error_set(error, CARENET_ERROR_INVALID_ARGUMENT,
                     "the table of referrals is not one of carenet_referral_list()");
        cn_error_hint(error, "it has the columns id, case, provider, state, created");
        return FALSE;
    }
    if (own->now_s == G_MININT64)
        own->now_s = g_get_real_time() / G_USEC_PER_SEC;
    return TRUE;
}

/* ---- Names. */

/* Two region files may be of one area, and one may be asked for twice: each has one row. */
static void
add_area(GArray *areas, CnAreaId area)
{
    for (guint i = 0; i < areas->len; i++)
        if (g_array_index(areas, CnAreaId, i) == area)
            return;
    g_array_append_val(areas, area);
}

static gboolean
resolve_areas(const CnListing *listing,
              const carenet_report_query *query,
              GArray *areas,
              GError **error)
{
    for (gsize i = 0; i < query->regions_len; i++) {
        CnAreaId area = CN_AREA_NONE;
        if (!cn_directory_area_resolve(listing, query->regions[i], &area, error))
            return FALSE;
        add_area(areas, area);
    }
    for (gsize i = 0; query->regions_len == 0 && i < listing->regions_len; i++)
        if (listing->regions[i].area != CN_AREA_NONE)
            add_area(areas, listing->regions[i].area);
    return TRUE;
}

/* What the package says of the service, or of one above it. */
static CnPackageItem
item_of(const CnPolicy *policy, const CnTaxonomy *taxonomy, CnServiceId service)
{
    CnPackageItem item = {.service = service};
    for (guint i = 0; i < policy->minimum_package->len; i++) {
        const CnPackageItem *of = &g_array_index(policy->minimum_package, CnPackageItem, i);
        if (cn_service_contains(taxonomy, of->service, service))
            item.within_min = of->within_min;
    }
    return item;
}

static gboolean
resolve_services(const CnListing *listing,
                 const CnPolicy *policy,
                 const carenet_report_query *query,
                 GArray *services,
                 GError **error)
{
    const CnTaxonomy *taxonomy = listing->reference->taxonomy;
    for (gsize i = 0; i < query->services_len; i++) {
        CnServiceId service = CN_SERVICE_NONE;
        if (!cn_service_resolve(taxonomy, query->services[i], &service, error))
            return FALSE;
        CnPackageItem item = item_of(policy, taxonomy, service);
        g_array_append_val(services, item);
    }
    if (query->services_len == 0)
        g_array_append_vals(services, policy->minimum_package->data, policy->minimum_package->len);
    return TRUE;
}

/* Every service that somebody could be sent to. */
static void
add_all_services(const CnTaxonomy *taxonomy, GArray *services)
{
    for (CnServiceId service = 0; service < (CnServiceId)cn_taxonomy_len(taxonomy); service++) {
        const CnPackageItem item = {.service = service};
        if (cn_service(taxonomy, service)->routable)
            g_array_append_val(services, item);
    }
}

static gboolean
choose_services(const CnListing *listing,
                const CnPolicy *policy,
                carenet_report_kind kind,
                const carenet_report_query *query,
                GArray *services,
                GError **error)
{
    if (!resolve_services(listing, policy, query, services, error))
        return FALSE;
    if (services->len > 0)
        return TRUE;
    if (kind == CARENET_REPORT_GAPS) {
        add_all_services(listing->reference->taxonomy, services);
        return TRUE;
    }
    cn_error_set(error, CARENET_ERROR_NOT_FOUND, "the policy %s has no minimum_package",
                 policy->id != NULL ? policy->id : "");
    cn_error_hint(error, "add one to the policy file (carenet template policy), or name services");
    return FALSE;
}

/* ---- What the directory itself answers. */

static carenet_table *
report_reach(const CnDirectory *directory,
             const CnPolicy *policy,
             carenet_report_kind kind,
             const carenet_report_query *query,
             GError **error)
{
    g_autoptr(GArray) areas = g_array_new(FALSE, FALSE, sizeof(CnAreaId));
    g_autoptr(GArray) services = g_array_new(FALSE, FALSE, sizeof(CnPackageItem));
    g_auto(CnReach) reach = {.cells = NULL};
    if (!resolve_areas(directory->listing, query, areas, error) ||
        !choose_services(directory->listing, policy, kind, query, services, error))
        return NULL;
    const CnReachQuestion asked = {.directory = directory,
                                   .policy = policy,
                                   .services = services,
                                   .areas = areas,
                                   .include_unconfirmed = query->include_unconfirmed,
                                   .now_s = query->now_s};
    cn_reach_init(&reach, &asked);
    return kind == CARENET_REPORT_GAPS ? cn_reach_gaps_table(&reach)
                                       : cn_reach_coverage_table(&reach);
}

/* ---- What referrals, plans and programmes answer. */

static gboolean
read_period(const carenet_report_query *query, CnFigureQuestion *out, GError **error)
{
    if (!cn_date_read("from", query->from, &out->from, error) ||
        !cn_date_read("to", query->to, &out->to, error))
        return FALSE;
    if (!cn_date_is_set(out->from) || !cn_date_is_set(out->to) ||
        cn_date_first_s(out->from) <= cn_date_last_s(out->to))
        return TRUE;
    cn_error_set(error, CARENET_ERROR_INVALID_ARGUMENT,
                 "the period ends (%s) before it begins (%s)", query->to, query->from);
    cn_error_hint(error, "exchange from and to");
    return FALSE;
}

static gboolean
ask_figures(const CnDirectory *directory,
            const CnPolicy *policy,
            const carenet_report_query *query,
            CnFigureQuestion *out,
            GError **error)
{
    *out = (CnFigureQuestion){.directory = directory,
                              .policy = policy,
                              .referrals = query->referrals,
                              .cases = query->cases,
                              .plan = query->plan,
                              .from = CN_DATE_NONE,
                              .to = CN_DATE_NONE,
                              .now_s = query->now_s,
                              .suppress = query->profile != CARENET_PROFILE_INTERNAL};
    if (!read_period(query, out, error))
        return FALSE;
    if (query->plan == NULL)
        return TRUE;
    const CnPlanQuestion of_plan = cn_plan_question(query->plan, directory, policy, query->cases);
    return cn_plan_check_sources(query->plan, &of_plan, error);
}

static carenet_table *
report_indicators(const carenet_report_query *query, GError **error)
{
    carenet_indicator_query of;
    if (query->programme == NULL) {
        (void)needs(error, "this report needs the records of a programme");
        return NULL;
    }
    carenet_indicator_query_init(&of);
    of.from = query->from, of.to = query->to;
    of.by_region = true;
    of.profile = query->profile;
    of.indicators = query->indicators;
    return carenet_report_indicators(query->programme, &of, NULL, error);
}

static carenet_table *
report_figures(const CnFigureQuestion *asked, carenet_report_kind kind, GError **error)
{
    switch (kind) {
    case CARENET_REPORT_CAPACITY:
        return cn_figure_capacity(asked);
    case CARENET_REPORT_FLOW:
        return cn_figure_flow(asked, NULL);
    case CARENET_REPORT_WAITING:
        return cn_figure_waiting(asked);
    default:
        if (asked->plan == NULL) {
            (void)needs(error, "this report needs a plan, and its cases");
            return NULL;
        }
        return kind == CARENET_REPORT_UNMET ? cn_figure_unmet(asked) : cn_figure_funnel(asked);
    }
}

static carenet_table *
report_table(const CnDirectory *directory,
             const CnPolicy *policy,
             carenet_report_kind kind,
             const carenet_report_query *query,
             GError **error)
{
    CnFigureQuestion asked;
    if (!ask_figures(directory, policy, query, &asked, error))
        return NULL;
    if (kind == CARENET_REPORT_GAPS || kind == CARENET_REPORT_COVERAGE)
        return report_reach(directory, policy, kind, query, error);
    if (kind == CARENET_REPORT_INDICATORS)
        return report_indicators(query, error);
    return report_figures(&asked, kind, error);
}

carenet_table *
carenet_report_table(const carenet_directory *directory,
                     const carenet_policy *policy,
                     carenet_report_kind kind,
                     const carenet_report_query *query,
                     carenet_error **error)
{
    carenet_report_query own;
    CN_REQUIRE_GIVEN(directory, error, NULL);
    CN_REQUIRE_GIVEN(policy, error, NULL);
    CN_REQUIRE(kind != CARENET_REPORT_FULL, "kind FULL is a page only: carenet_report_html()",
               error, NULL);
    CN_REQUIRE(kind >= CARENET_REPORT_GAPS && kind < CARENET_REPORT_FULL,
               "kind is none of carenet_report_kind", error, NULL);
    if (!adopt_query(G_STRFUNC, query, &own, error) ||
        !cn_directory_share(G_STRFUNC, directory, policy, own.cases, error) ||
        !cn_directory_complete(directory, error))
        return NULL;
    return report_table(directory, policy, kind, &own, error);
}

carenet_cases *
carenet_report_unmet_cases(const carenet_directory *directory,
                           const carenet_report_query *query,
                           carenet_error **error)
{
    carenet_report_query own;
    CN_REQUIRE_GIVEN(directory, error, NULL);
    CN_REQUIRE_GIVEN(query, error, NULL);
    if (!adopt_query(G_STRFUNC, query, &own, error) ||
        !cn_directory_share(G_STRFUNC, directory, NULL, own.cases, error) ||
        !cn_directory_complete(directory, error))
        return NULL;
    const carenet_table *referrals = own.referrals;
    CN_REQUIRE_GIVEN(referrals, error, NULL);
    CnFigureQuestion asked = {.directory = directory,
                              .referrals = referrals,
                              .cases = own.cases,
                              .from = CN_DATE_NONE,
                              .to = CN_DATE_NONE,
                              .now_s = own.now_s};
    return read_period(&own, &asked, error) ? cn_figure_unmet_cases(&asked) : NULL;
}

/* ---- Pages. */

static const guint sections_of[] = {
    [CARENET_REPORT_GAPS] = CN_SECTION_GAPS,
    [CARENET_REPORT_COVERAGE] = CN_SECTION_COVERAGE,
    [CARENET_REPORT_CAPACITY] = CN_SECTION_CAPACITY,
    [CARENET_REPORT_FLOW] = CN_SECTION_FLOW | CN_SECTION_WAITING,
    [CARENET_REPORT_WAITING] = CN_SECTION_WAITING,
    [CARENET_REPORT_UNMET] = CN_SECTION_UNMET,
    [CARENET_REPORT_FUNNEL] = CN_SECTION_FUNNEL,
    [CARENET_REPORT_INDICATORS] = CN_SECTION_INDICATORS,
    [CARENET_REPORT_FULL] = CN_SECTIONS_ALL,
};

/* A table that the sections need; *out stays NULL where they do not. */
static gboolean
make_table(const CnDirectory *directory,
           const CnPolicy *policy,
           carenet_report_kind kind,
           const carenet_report_query *query,
           guint sections,
           carenet_table **out,
           GError **error)
{
    if ((sections & sections_of[kind]) == 0)
        return TRUE;
    *out = kind == CARENET_REPORT_INDICATORS ? report_indicators(query, error)
                                             : report_reach(directory, policy, kind, query, error);
    return *out != NULL;
}

static char *
make_page(const CnFigureQuestion *asked,
          const carenet_report_query *query,
          guint sections,
          GError **error)
{
    static const char *const profiles[] = {"internal", "partner", "funder"};
    const CnDirectory *directory = asked->directory;
    const CnPolicy *policy = asked->policy;
    g_autoptr(carenet_table) coverage = NULL, gaps = NULL, indicators = NULL;
    /* A page of everything has no indicators where nobody gives a programme. */
    const guint without =
        sections == CN_SECTIONS_ALL && query->programme == NULL ? CN_SECTION_INDICATORS : 0;
    if (!make_table(directory, policy, CARENET_REPORT_COVERAGE, query, sections, &coverage,
                    error) ||
        !make_table(directory, policy, CARENET_REPORT_GAPS, query, sections, &gaps, error) ||
        !make_table(directory, policy, CARENET_REPORT_INDICATORS, query, sections & ~without,
                    &indicators, error))
        return NULL;
    const CnReportPage page = {.figures = *asked,
                               .coverage = coverage,
                               .gaps = gaps,
                               .indicators = indicators,
                               .profile = profiles[query->profile],
                               .from = query->from,
                               .to = query->to};
    return cn_report_page(&page, sections);
}

char *
carenet_report_html(const carenet_directory *directory,
                    const carenet_policy *policy,
                    carenet_report_kind kind,
                    const carenet_report_query *query,
                    carenet_error **error)
{
    carenet_report_query own;
    CnFigureQuestion asked;
    CN_REQUIRE_GIVEN(directory, error, NULL);
    CN_REQUIRE_GIVEN(policy, error, NULL);
    CN_REQUIRE(kind >= CARENET_REPORT_GAPS && kind <= CARENET_REPORT_FULL,
               "kind is none of carenet_report_kind", error, NULL);
    if (!adopt_query(G_STRFUNC, query, &own, error) ||
        !cn_directory_share(G_STRFUNC, directory, policy, own.cases, error) ||
        !cn_directory_complete(directory, error) ||
        !ask_figures(directory, policy, &own, &asked, error))
        return NULL;
    return make_page(&asked, &own, sections_of[kind], error);
}
