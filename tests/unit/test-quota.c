/* Quotas: whom each counts, which lies in which, and what is refused. What they do to plans is compared
 * with brute force in test-assign, test-parties and test-batch. */
#include "base/error.h"
#include "routing/quota.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static CnReference *reference;

static void
add_provider(CnNetwork *network, const char *id, const char *area, CnDisclosure disclosure)
{
    g_autoptr(GError) error = NULL;
    CnProvider *provider = cn_network_add_provider(network);
    CnOffering offering = cn_offering_blank();
    g_autofree char *name = g_strdup_printf("%s/counseling", id);
    provider->id = cn_network_intern(network, id);
    provider->name = "EXAMPLE Provider";
    provider->organization = "ex-org";
    provider->example = TRUE;
    provider->disclosure = disclosure;
    assert_true(cn_area_resolve(reference->gazetteer, area, &provider->site.area, &error));
    if (disclosure != CN_DISCLOSE_PUBLIC)
        provider->show_area =
            cn_area_at_level(reference->gazetteer, provider->site.area, CN_LEVEL_REGION);
    offering.id = cn_network_intern(network, name);
    assert_true(cn_service_resolve(reference->taxonomy, "counseling", &offering.service, &error));
    g_array_append_val(provider->offerings, offering);
}

static CnDirectory *
make_directory(void)
{
    CnOrganization organization = {.id = "ex-org", .name = "EXAMPLE Organization", .example = TRUE};
    CnNetwork *network = cn_network_new();
    network->id = "ex-net";
    network->name = "EXAMPLE network";
    g_array_append_val(network->organizations, organization);
    add_provider(network, "ex-a", "Cagayan de Oro", CN_DISCLOSE_PUBLIC);
    add_provider(network, "ex-b", "Iligan", CN_DISCLOSE_PUBLIC);
    add_provider(network, "ex-c", "Cagayan de Oro", CN_DISCLOSE_RESTRICTED);
    add_provider(network, "ex-d", "City of Isabela", CN_DISCLOSE_PUBLIC);
    add_provider(network, "ex-e", "City of Lamitan", CN_DISCLOSE_PUBLIC);
    add_provider(network, "ex-f", "Zamboanga City", CN_DISCLOSE_PUBLIC);
    cn_network_sort(network);
    CnDirectory *directory = cn_directory_new(network, reference, 0);
    cn_network_free(network);
    return directory;
}

static CnAreaId
area(const char *name)
{
    CnAreaId found = CN_AREA_NONE;
    g_autoptr(GError) error = NULL;
    if (!cn_area_resolve(reference->gazetteer, name, &found, &error))
        fail_msg("%s", error->message);
    return found;
}

static void
add_quota(CnPolicy *policy, CnQuotaKind kind, const char *id, const char *where, gint64 places)
{
    const CnQuota quota = {.kind = kind,
                           .id = g_strdup(id),
                           .area = where != NULL ? area(where) : CN_AREA_NONE,
                           .places = places,
                           .pos = {"p.yaml", 7, 5}};
    g_array_append_val(policy->quotas, quota);
}

static guint
offering_of(const CnDirectory *directory, const char *id)
{
    const gint offering = cn_listing_offering(directory->listing, id);
    assert_true(offering >= 0);
    return (guint)offering;
}

static void
counts_by_what_holds_what(void **state)
{
    (void)state;
    g_autoptr(GError) error = NULL;
    g_autoptr(carenet_directory) directory = make_directory();
    g_autoptr(carenet_policy) policy = cn_policy_new(reference);
    add_quota(policy, CN_QUOTA_AREA, NULL, "Region X", 5);
    add_quota(policy, CN_QUOTA_AREA, NULL, "Cagayan de Oro", 3);
    add_quota(policy, CN_QUOTA_PROVIDER, "ex-a", NULL, 2);
    g_auto(CnQuotas) quotas = {NULL, 0, NULL};
    assert_true(cn_quotas_init(&quotas, directory, policy, &error));
    g_autofree gint64 *used = g_new0(gint64, quotas.len);
    const guint a = offering_of(directory, "ex-a/counseling"),
                b = offering_of(directory, "ex-b/counseling"),
                c = offering_of(directory, "ex-c/counseling"),
                d = offering_of(directory, "ex-d/counseling");
    assert_int_equal(cn_quotas_most(&quotas, a), 2);
    assert_int_equal(cn_quotas_most(&quotas, b), 5);
    /* It shows its region, so the quota of the town neither counts it nor tells where it is. */
    assert_int_equal(cn_quotas_most(&quotas, c), 5);
    assert_true(cn_quotas_most(&quotas, d) == G_MAXINT64);
    cn_quotas_take(&quotas, used, a, 2);
    assert_int_equal(cn_quotas_left(&quotas, used, a), 0);
    assert_int_equal(cn_quotas_left(&quotas, used, c), 3);
    cn_quotas_take(&quotas, used, c, 3);
    assert_int_equal(cn_quotas_left(&quotas, used, b), 0);
    const gint full = cn_quotas_full(&quotas, used, b, 1);
    assert_true(full >= 0);
    g_autofree char *name = cn_quota_name(&quotas, (guint)full, reference);
    assert_non_null(strstr(name, "at most 5"));
    assert_int_equal(cn_quotas_full(&quotas, used, d, 1), -1);
}

static void
refuse(CnPolicy *policy, carenet_error_code code, const char *part)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(carenet_directory) directory = make_directory();
    g_auto(CnQuotas) quotas = {NULL, 0, NULL};
    assert_false(cn_quotas_init(&quotas, directory, policy, &error));
    assert_int_equal(carenet_error_get_code(error), code);
    if (strstr(error->message, part) == NULL)
        fail_msg("%s", error->message);
    assert_int_equal(quotas.len, 0);
}

static void
refuses_what_is_not_there(void **state)
{
    (void)state;
    g_autoptr(carenet_policy) provider = cn_policy_new(reference);
    add_quota(provider, CN_QUOTA_PROVIDER, "ex-z", NULL, 2);
    refuse(provider, CARENET_ERROR_NOT_FOUND, "p.yaml:7:5: a quota is of the provider");
    g_autoptr(carenet_policy) offering = cn_policy_new(reference);
    add_quota(offering, CN_QUOTA_OFFERING, "ex-a/legal", NULL, 2);
    refuse(offering, CARENET_ERROR_NOT_FOUND, "offering");
}

/* Isabela lies on Basilan, and its region is Zamboanga Peninsula. */
static void
refuses_quotas_that_cross(void **state)
{
    (void)state;
    g_autoptr(carenet_policy) policy = cn_policy_new(reference);
    add_quota(policy, CN_QUOTA_AREA, NULL, "Basilan", 2);
    add_quota(policy, CN_QUOTA_AREA, NULL, "Region IX", 3);
    refuse(policy, CARENET_ERROR_CONFLICT, "neither holds all of the other");
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
        cmocka_unit_test(counts_by_what_holds_what),
        cmocka_unit_test(refuses_what_is_not_there),
        cmocka_unit_test(refuses_quotas_that_cross),
    };
    return cmocka_run_group_tests(tests, open_reference, close_reference);
}
