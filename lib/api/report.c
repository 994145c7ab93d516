/* include/carenet/report.h: what is asked is resolved here; the answers are made below. */
#include "base/error.h"
#include "directory/partial.h"
#include "routing/reach.h"

#include <string.h>

void
carenet_report_query_init(carenet_report_query *query)
{
    if (query != NULL)
        *query = (carenet_report_query){.size = sizeof *query, .now_s = G_MININT64};
}

/* Programs that know less of the query than we do leave the rest as it is by default. */
static gboolean
adopt_query(const carenet_report_query *given, carenet_report_query *own, GError **error)
{
    carenet_report_query_init(own);
    if (given != NULL) {
        CN_REQUIRE(given->size > sizeof given->size && given->size <= sizeof *own, error, FALSE);
        memcpy(own, given, given->size);
    }
    CN_REQUIRE(own->regions_len == 0 || own->regions != NULL, error, FALSE);
    CN_REQUIRE(own->services_len == 0 || own->services != NULL, error, FALSE);
    if (own->now_s == G_MININT64)
        own->now_s = g_get_real_time() / G_USEC_PER_SEC;
    return TRUE;
}

/* ---- Names. */

static gboolean
resolve_areas(const CnListing *listing,
              const carenet_report_query *query,
              GArray *areas,
              GError **error)
{
    for (gsize i = 0; i < query->regions_len; i++) {
        CnAreaId area = CN_AREA_NONE;
        CN_REQUIRE(query->regions[i] != NULL, error, FALSE);
        if (!cn_area_resolve(listing->reference->gazetteer, query->regions[i], &area, error))
            return FALSE;
        g_array_append_val(areas, area);
    }
    for (gsize i = 0; query->regions_len == 0 && i < listing->regions_len; i++)
        if (listing->regions[i].area != CN_AREA_NONE)
            g_array_append_val(areas, listing->regions[i].area);
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
        CN_REQUIRE(query->services[i] != NULL, error, FALSE);
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

/* ---- The call. */

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

carenet_table *
carenet_report_table(const carenet_directory *directory,
                     const carenet_policy *policy,
                     carenet_report_kind kind,
                     const carenet_report_query *query,
                     carenet_error **error)
{
    carenet_report_query own;
    CN_REQUIRE(directory != NULL && policy != NULL, error, NULL);
    CN_REQUIRE(kind >= CARENET_REPORT_GAPS && kind <= CARENET_REPORT_COVERAGE, error, NULL);
    if (!adopt_query(query, &own, error) || !cn_directory_complete(directory, error))
        return NULL;
    return report_reach(directory, policy, kind, &own, error);
}
