/* People within reach of help, against a count that goes every way from every town; how a service
 * stands in an area, whom nobody takes, and the public call used rightly and wrongly. */
#include "../support/random-network.h"
#include "../support/random-world.h"

#include "routing/reach.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define ROUNDS 60

static CnReference *reference;

/* ---- The oracle: field by field, without the rules, the index or a bound. */

static gboolean
can_take(const CnReachQuestion *asked, CnServiceId given, const CnListedProvider *provider)
{
    const CnPolicy *policy = asked->policy;
    const CnDate today = cn_date_of(asked->now_s);
    if (provider->status != CN_ACTIVE || (provider->unconfirmed && !asked->include_unconfirmed))
        return FALSE;
    for (guint i = 0; i < policy->accreditation->len; i++)
        if (cn_service_contains(reference->taxonomy,
                                g_array_index(policy->accreditation, CnServiceId, i), given) &&
            !cn_listed_is_accredited(provider, today))
            return FALSE;
    for (guint i = 0; i < policy->capabilities->len; i++) {
        const CnCapabilityRule *rule = &g_array_index(policy->capabilities, CnCapabilityRule, i);
        if (rule->required && cn_service_contains(reference->taxonomy, rule->service, given) &&
            !cn_listed_has_course(asked->directory->listing, provider, rule->course, today))
            return FALSE;
    }
    return TRUE;
}

/* Of the service, or of one above it that covers all below; *out_given is what one would get. */
static gboolean
meets(const CnListedOffering *offered, CnServiceId wanted, CnServiceId *out_given)
{
    const CnTaxonomy *taxonomy = reference->taxonomy;
    const gboolean below = cn_service_contains(taxonomy, wanted, offered->service);
    *out_given = below ? offered->service : wanted;
    return below || (offered->all_below && cn_service_contains(taxonomy, offered->service, wanted));
}

static gint32
least_min(const CnReachQuestion *asked, CnServiceId wanted, CnAreaId town)
{
    const CnListing *listing = asked->directory->listing;
    CnOrigin origin;
    gint32 least = -1;
    cn_origin_init(&origin, reference->gazetteer, &asked->policy->speeds, town);
    for (guint i = 0; i < listing->offerings_len; i++) {
        const CnListedProvider *provider = cn_listed_provider_of(listing, i);
        CnServiceId given = CN_SERVICE_NONE;
        if (!meets(&listing->offerings[i], wanted, &given) || !can_take(asked, given, provider) ||
            provider->remote ||
            (provider->serves.len > 0 && !cn_listed_serves(listing, provider, town)))
            continue;
        const CnTravel travel =
            cn_origin_travel(&origin, provider->lat_deg, provider->lon_deg, provider->island);
        if (travel.travel_min >= 0 && (least < 0 || travel.travel_min < least))
            least = travel.travel_min;
    }
    return least;
}

static void
check_people(const CnReach *reach, guint service, guint area)
{
    const CnReachQuestion *asked = &reach->asked;
    const CnPolicy *policy = asked->policy;
    const CnReachCell *cell = cn_reach_cell(reach, service, area);
    gint64 people = 0, in_band[CN_BANDS_MOST + 1] = {0};
    for (CnAreaId town = 0; town < (CnAreaId)cn_gazetteer_len(reference->gazetteer); town++) {
        const CnArea *of = cn_area(reference->gazetteer, town);
        if (of->level < CN_LEVEL_CITY ||
            !cn_area_contains(reference->gazetteer, g_array_index(asked->areas, CnAreaId, area),
                              town))
            continue;
        const gint32 min =
            least_min(asked, g_array_index(asked->services, CnPackageItem, service).service, town);
        guint band = 0;
        while (band < policy->bands_len && (min < 0 || min > policy->bands_min[band]))
            band++;
        in_band[band] += of->population;
        people += of->population;
    }
    assert_int_equal(cell->population, people);
    for (guint band = 0; band <= policy->bands_len; band++)
        assert_int_equal(cell->in_band[band], in_band[band]);
}

static void
check_offerings(const CnReach *reach, guint service, guint area)
{
    const CnReachQuestion *asked = &reach->asked;
    const CnListing *listing = asked->directory->listing;
    const CnReachCell *cell = cn_reach_cell(reach, service, area);
    const CnAreaId in = g_array_index(asked->areas, CnAreaId, area);
    guint offerings = 0, remote = 0;
    guint32 girls = 0;
    for (guint i = 0; i < listing->offerings_len; i++) {
        const CnListedProvider *provider = cn_listed_provider_of(listing, i);
        const CnEligibility *eligibility = &listing->offerings[i].eligibility;
        const gboolean seated =
            !provider->remote && cn_area_contains(reference->gazetteer, in, provider->area);
        CnServiceId given = CN_SERVICE_NONE;
        if (!meets(&listing->offerings[i],
                   g_array_index(asked->services, CnPackageItem, service).service, &given) ||
            !can_take(asked, given, provider) ||
            !(seated || cn_listed_serves(listing, provider, in) ||
              (provider->remote && provider->serves.len == 0)))
            continue;
        offerings++;
        remote += provider->remote;
        for (gint age = 0; age < CN_CHILD_AGES; age++)
            if (eligibility->sex != CN_SEX_MALE && cn_term_set_is_empty(eligibility->groups) &&
                (eligibility->age_min < 0 || age >= eligibility->age_min) &&
                (eligibility->age_max < 0 || age <= eligibility->age_max))
                girls |= (guint32)1 << age;
    }
    assert_int_equal(cell->offerings, offerings);
    assert_int_equal(cell->remote, remote);
    assert_int_equal(cell->available + cell->full + cell->call + cell->remote, offerings);
    assert_int_equal(cell->taken.ages[0], girls);
}

static guint cells_compared;

static void
compare_with_oracle(GRand *rand, gpointer data)
{
    (void)data;
    g_autoptr(CnNetwork) network = world_network(rand, reference, 12);
    g_autoptr(carenet_directory) directory = cn_directory_new(network, reference, 0);
    g_autoptr(carenet_policy) policy = world_policy(rand, reference);
    g_autoptr(GArray) services = g_array_new(FALSE, FALSE, sizeof(CnPackageItem));
    g_autoptr(GArray) areas = g_array_new(FALSE, FALSE, sizeof(CnAreaId));
    g_auto(CnReach) reach = {.cells = NULL};
    for (guint i = 0; i < 3; i++) {
        const CnPackageItem item = {.service = world_service(rand, reference->taxonomy)};
        g_array_append_val(services, item);
    }
    for (guint i = 0; i < 1 + world_pick(rand, 2); i++) {
        const CnAreaId area = cn_area_at_level(
            reference->gazetteer, world_area(rand, reference->gazetteer), CN_LEVEL_REGION);
        if (area != CN_AREA_NONE)
            g_array_append_val(areas, area);
    }
    const CnReachQuestion asked = {directory,  policy, services, areas, world_chance(rand, 30),
                                   WORLD_NOW_S};
    cn_reach_init(&reach, &asked);
    for (guint service = 0; service < services->len; service++)
        for (guint area = 0; area < areas->len; area++) {
            check_people(&reach, service, area);
            check_offerings(&reach, service, area);
            cells_compared++;
        }
}

static void
test_oracle(void **state)
{
    (void)state;
    world_rounds(ROUNDS, compare_with_oracle, NULL);
    print_message("%u cells compared\n", cells_compared);
}

/* ---- States and names. */

static void
test_states(void **state)
{
    (void)state;
    const struct {
        CnReachCell cell;
        const char *name;
    } rows[] = {
        {{.offerings = 3, .available = 1, .full = 1, .call = 1}, "covered"},
        {{.offerings = 2, .full = 1, .call = 1}, "call"},
        {{.offerings = 2, .full = 1, .remote = 1, .unconfirmed = 4}, "full"},
        {{.offerings = 1, .remote = 1, .unconfirmed = 4}, "remote"},
        {{.unconfirmed = 1, .paused = 1}, "unconfirmed"},
        {{.paused = 1, .unqualified = 1}, "paused"},
        {{.unqualified = 1}, "unqualified"},
        {{.population = 7}, "missing"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        assert_string_equal(cn_reach_state_name(cn_reach_state(&rows[i].cell)), rows[i].name);
}

static guint32
ages(gint first, gint last)
{
    guint32 bits = 0;
    for (gint age = first; age <= last; age++)
        bits |= (guint32)1 << age;
    return bits;
}

static void
test_nobody(void **state)
{
    (void)state;
    const CnVocabulary *groups = reference->terms[CARENET_TERMS_GROUPS];
    CnTermSet all = {{0, 0}}, none = {{0, 0}}, one = {{0, 0}};
    for (guint group = 0; group < cn_vocabulary_len(groups); group++)
        cn_term_set_add(&all, (gint)group);
    cn_term_set_add(&one, cn_term_find(groups, "deaf"));
    const struct {
        guint offerings;
        CnTaken taken;
        const char *names;
    } rows[] = {
        {0, {{0, 0}, none}, "anybody"},
        {1, {{ages(0, 17), ages(0, 17)}, all}, ""},
        {1, {{ages(0, 17), ages(0, 12)}, all}, "boys over 12"},
        {1, {{ages(7, 17), ages(7, 17)}, all}, "children under 7"},
        {1, {{ages(6, 17), ages(8, 16)}, all}, "girls under 6|boys under 8|boys over 16"},
        {1, {{ages(0, 17), 0}, all}, "boys"},
        {1, {{0, ages(0, 17)}, all}, "girls"},
        {2,
         {{ages(0, 8) | ages(10, 17), ages(0, 8) | ages(12, 17)}, all},
         "girls of 9|boys of 9 to 11"},
        {1, {{0, 0}, none}, "children"},
        {1, {{0, 0}, one}, "children who are not \"Deaf or hard of hearing\""},
        {1, {{ages(0, 17), ages(0, 17)}, cn_term_set_minus(all, one)}, "Deaf or hard of hearing"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        const CnReachCell cell = {.offerings = rows[i].offerings, .taken = rows[i].taken};
        g_autoptr(GPtrArray) names = cn_reach_nobody(&cell, groups);
        g_autoptr(GString) joined = g_string_new(NULL);
        for (guint k = 0; k < names->len; k++)
            g_string_append_printf(joined, "%s%s", k > 0 ? "|" : "",
                                   (const char *)g_ptr_array_index(names, k));
        assert_string_equal(joined->str, rows[i].names);
    }
}

/* ---- The public call. */

typedef struct {
    carenet_directory *directory;
    carenet_policy *policy;
} Shipped;

static int
open_shipped(void **state)
{
    static Shipped shipped;
    shipped.directory = carenet_directory_demonstration(reference, NULL);
    shipped.policy = carenet_policy_load(reference, NULL, NULL, NULL);
    *state = &shipped;
    return shipped.directory == NULL || shipped.policy == NULL;
}

static int
close_shipped(void **state)
{
    Shipped *shipped = *state;
    carenet_directory_unref(shipped->directory);
    carenet_policy_unref(shipped->policy);
    return 0;
}

static void
test_shipped(void **state)
{
    const Shipped *shipped = *state;
    g_autoptr(carenet_table) rows = carenet_report_table(shipped->directory, shipped->policy,
                                                         CARENET_REPORT_COVERAGE, NULL, NULL);
    assert_non_null(rows);
    const gsize area = (gsize)carenet_table_column_index(rows, "area");
    const gsize service = (gsize)carenet_table_column_index(rows, "service");
    const gsize detail = (gsize)carenet_table_column_index(rows, "detail");
    guint named = 0;
    assert_int_equal(carenet_table_rows_len(rows), 5 * shipped->policy->minimum_package->len);
    for (gsize row = 0; row < carenet_table_rows_len(rows); row++)
        if (strcmp(carenet_table_get_text(rows, row, area), "Caraga") == 0 &&
            strcmp(carenet_table_get_text(rows, row, service), "psychiatric-care") == 0) {
            named++;
            assert_non_null(strstr(carenet_table_get_text(rows, row, detail), "nobody offers it"));
        }
    assert_int_equal(named, 1);
}

static void
refuse(const Shipped *shipped,
       const carenet_policy *policy,
       carenet_report_kind kind,
       const carenet_report_query *query,
       carenet_error_code code)
{
    g_autoptr(GError) error = NULL;
    assert_null(carenet_report_table(shipped->directory, policy, kind, query, &error));
    assert_int_equal(carenet_error_get_code(error), code);
}

static void
test_wrong_use(void **state)
{
    const Shipped *shipped = *state;
    g_autoptr(carenet_policy) bare = cn_policy_new(reference);
    static const char *const nowhere[] = {"Atlantis"}, *const nothing[] = {"alchemy"};
    carenet_report_query query;
    refuse(shipped, NULL, CARENET_REPORT_GAPS, NULL, CARENET_ERROR_INVALID_ARGUMENT);
    refuse(shipped, shipped->policy, (carenet_report_kind)0, NULL, CARENET_ERROR_INVALID_ARGUMENT);
    refuse(shipped, bare, CARENET_REPORT_COVERAGE, NULL, CARENET_ERROR_NOT_FOUND);
    carenet_report_query_init(&query);
    query.regions = nowhere, query.regions_len = 1;
    refuse(shipped, shipped->policy, CARENET_REPORT_GAPS, &query, CARENET_ERROR_NOT_FOUND);
    carenet_report_query_init(&query);
    query.services = nothing, query.services_len = 1;
    refuse(shipped, shipped->policy, CARENET_REPORT_GAPS, &query, CARENET_ERROR_NOT_FOUND);
    query.services = NULL;
    refuse(shipped, shipped->policy, CARENET_REPORT_GAPS, &query, CARENET_ERROR_INVALID_ARGUMENT);
    carenet_report_query_init(&query);
    query.size = sizeof query + 1;
    refuse(shipped, shipped->policy, CARENET_REPORT_GAPS, &query, CARENET_ERROR_INVALID_ARGUMENT);
    carenet_report_query_init(NULL);
}

/* Without a minimum package gaps looks at everything that somebody can be sent to. */
static void
test_all_services(void **state)
{
    const Shipped *shipped = *state;
    g_autoptr(carenet_policy) bare = cn_policy_new(reference);
    g_autoptr(carenet_table) rows =
        carenet_report_table(shipped->directory, bare, CARENET_REPORT_GAPS, NULL, NULL);
    guint routable = 0;
    for (CnServiceId service = 0; service < (CnServiceId)cn_taxonomy_len(reference->taxonomy);
         service++)
        routable += cn_service(reference->taxonomy, service)->routable;
    assert_non_null(rows);
    assert_int_equal(carenet_table_rows_len(rows), 5 * routable);
    assert_int_equal(carenet_table_column_index(rows, "within_30min"), -1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_oracle, world_print_seed),
        cmocka_unit_test(test_states),
        cmocka_unit_test(test_nobody),
        cmocka_unit_test_setup_teardown(test_shipped, open_shipped, close_shipped),
        cmocka_unit_test_setup_teardown(test_wrong_use, open_shipped, close_shipped),
        cmocka_unit_test_setup_teardown(test_all_services, open_shipped, close_shipped),
    };
    reference = test_reference();
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    carenet_reference_unref(reference);
    return failed;
}
