/* The network's records, and the check of networks that no file wrote. What a file can get wrong is
 * held by the fixtures of test-region-file. */
#include "../support/random-network.h"
#include "../support/random-world.h"
#include "model/network.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static CnReference *reference;

static int
open_reference(void **state)
{
    (void)state;
    reference = test_reference();
    return 0;
}

static int
close_reference(void **state)
{
    (void)state;
    carenet_reference_unref(reference);
    return 0;
}

/* ---- Records. */

static void
words_are_read_and_named(void **state)
{
    (void)state;
    CnOrgKind kind = CN_ORG_NGO;
    for (guint i = CN_ORG_GOVERNMENT; i <= CN_ORG_COMMUNITY; i++) {
        assert_true(cn_org_kind_parse(cn_org_kind_name((CnOrgKind)i), &kind));
        assert_int_equal(kind, i);
    }
    CnDisclosure disclosure = CN_DISCLOSE_PUBLIC;
    for (guint i = CN_DISCLOSE_PUBLIC; i <= CN_DISCLOSE_RESTRICTED; i++) {
        assert_true(cn_disclosure_parse(cn_disclosure_name((CnDisclosure)i), &disclosure));
        assert_int_equal(disclosure, i);
    }
    CnStatus status = CN_ACTIVE;
    for (guint i = CN_ACTIVE; i <= CN_SUSPENDED; i++) {
        assert_true(cn_status_parse(cn_status_name((CnStatus)i), &status));
        assert_int_equal(status, i);
    }
    CnVerifiedBy by = CN_VERIFIED_NOT;
    for (guint i = CN_VERIFIED_PHONE; i <= CN_VERIFIED_DOCUMENT; i++) {
        assert_true(cn_verified_by_parse(cn_verified_by_name((CnVerifiedBy)i), &by));
        assert_int_equal(by, i);
    }
    assert_null(cn_verified_by_name(CN_VERIFIED_NOT));
    assert_string_equal(cn_sex_name(CN_SEX_UNSTATED), "unstated");
    assert_string_equal(cn_sex_name(CN_SEX_MALE), "male");
    assert_false(cn_org_kind_parse("company", &kind));
    assert_false(cn_disclosure_parse("Public", &disclosure));
    assert_false(cn_status_parse("", &status));
    assert_false(cn_verified_by_parse("rumour", &by));
}

static CnProvider *
add_provider(CnNetwork *network, const char *id)
{
    CnProvider *provider = cn_network_add_provider(network);
    provider->id = id;
    return provider;
}

static void
add_offering(CnProvider *provider, const char *id, const char *service)
{
    CnOffering offering = cn_offering_blank();
    offering.id = id;
    offering.service = cn_service_by_id(reference->taxonomy, service);
    assert_true(offering.service >= 0);
    g_array_append_val(provider->offerings, offering);
}

static void
sorted_records_are_found(void **state)
{
    (void)state;
    static const char *const ids[] = {"d", "b", "e", "a", "c", "b"};
    g_autoptr(CnNetwork) network = cn_network_new();
    assert_null(cn_network_provider(network, "a"));
    assert_null(cn_network_organization(network, "a"));
    for (guint i = 0; i < G_N_ELEMENTS(ids); i++) {
        CnOrganization organization = {.id = ids[i], .pos.line = i};
        CnRegion region = {.id = ids[i], .pos.line = i};
        g_array_append_val(network->organizations, organization);
        g_array_append_val(network->regions, region);
        add_provider(network, ids[i])->pos.line = i;
    }
    cn_network_sort(network);
    for (guint i = 0; i < G_N_ELEMENTS(ids); i++) {
        assert_string_equal(cn_network_provider(network, ids[i])->id, ids[i]);
        assert_string_equal(cn_network_organization(network, ids[i])->id, ids[i]);
    }
    /* Equal ids keep their order, so that the second of two is reported. */
    assert_int_equal(g_array_index(network->regions, CnRegion, 1).pos.line, 1);
    assert_int_equal(g_array_index(network->regions, CnRegion, 2).pos.line, 5);
    assert_int_equal(((CnProvider *)g_ptr_array_index(network->providers, 2))->pos.line, 5);
    assert_null(cn_network_provider(network, "bb"));
    assert_null(cn_network_provider(network, NULL));
    assert_null(cn_network_organization(network, NULL));
    assert_null(cn_network_intern(network, NULL));
    cn_network_free(NULL);
}

static void
the_first_of_two_is_told(void **state)
{
    (void)state;
    static const struct {
        CnPos first;
        const char *message;
    } cases[] = {
        {{"a.yaml", 3, 1}, "the region \"north\" is there twice (first in a.yaml:3)"},
        {{NULL, 0, 0}, "the region \"north\" is there twice (first in the store)"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(CnNetwork) network = cn_network_new();
        g_autoptr(CnIssueList) issues = cn_issue_list_new();
        const CnRegion regions[] = {{.id = "north", .pos = cases[i].first},
                                    {.id = "north", .pos = {"b.yaml", 7, 1}}};
        g_array_append_vals(network->regions, regions, 2);
        cn_network_sort(network);
        cn_network_check(network, reference, issues);
        assert_int_equal(cn_issue_list_len(issues), 1);
        assert_int_equal(cn_issue_list_get(issues, 0)->pos.line, 7);
        assert_string_equal(cn_issue_list_get(issues, 0)->message, cases[i].message);
    }
}

/* ---- What gives a place away. */

/* The tags of all issues of a network, joined. (transfer full) */
static char *
check(CnNetwork *network)
{
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    g_autoptr(GString) tags = g_string_new(NULL);
    cn_network_sort(network);
    cn_network_check(network, reference, issues);
    for (guint i = 0; i < cn_issue_list_len(issues); i++) {
        const CnIssue *issue = cn_issue_list_get(issues, i);
        g_string_append_printf(tags, "%s%s", i > 0 ? " " : "", issue->tag);
        if (strcmp(issue->tag, "restricted-in-clear") == 0 && issue->severity == CN_SEVERITY_ERROR)
            g_string_append_printf(tags, ":%s", strrchr(issue->message, ' ') + 1);
    }
    return g_strdup(tags->str);
}

/* A shelter in Iligan that shows Northern Mindanao, and its gateway; nothing to say of them. */
static CnProvider *
make_network(CnNetwork *network)
{
    CnOrganization organization = {.id = "org", .name = "Foundation"};
    g_array_append_val(network->organizations, organization);
    CnProvider *gateway = add_provider(network, "office");
    CnProvider *shelter = add_provider(network, "shelter-1");
    gateway->organization = shelter->organization = "org";
    gateway->name = "Office";
    gateway->source_title = shelter->source_title = "A page";
    gateway->site.area = shelter->site.area = cn_area_by_code(reference->gazetteer, "1030900000");
    add_offering(gateway, "office/case-management", "case-management");
    add_offering(shelter, "shelter-1/emergency-shelter", "emergency-shelter");
    shelter->disclosure = CN_DISCLOSE_RESTRICTED;
    shelter->show_area = cn_area_by_code(reference->gazetteer, "1000000000");
    shelter->name = "Bethany";
    shelter->display_name = "Restricted Shelter N-1";
    shelter->contact_role = "house manager";
    shelter->contact_gateway = "office";
    return shelter;
}

static void
a_quiet_network_is_quiet(void **state)
{
    (void)state;
    g_autoptr(CnNetwork) empty = cn_network_new();
    g_autofree char *nothing = check(empty);
    assert_string_equal(nothing, "");
    g_autoptr(CnNetwork) network = cn_network_new();
    make_network(network);
    g_autofree char *tags = check(network);
    assert_string_equal(tags, "");
}

/* Each row: one secret of the shelter, one text that is shown, and what it gives away. */
static void
texts_give_places_away(void **state)
{
    (void)state;
    static const struct {
        const char *address, *phone, *email, *shown, *tags;
    } cases[] = {
        {NULL, NULL, NULL, "A quiet house", ""},
        {NULL, NULL, NULL, "BETHANY's house", ""}, /* another word */
        {NULL, NULL, NULL, "the Bethany", "restricted-in-clear:name"},
        {NULL, NULL, NULL, "b\u00e9thany", "restricted-in-clear:name"},
        {NULL, NULL, NULL, "in ILIGAN city", "restricted-in-clear:town"},
        {NULL, NULL, NULL, "in Northern Mindanao", ""},
        {"3 Mabini Street, Northern Mindanao", NULL, NULL, "near Mabini",
         "restricted-in-clear:address restricted-in-clear"},
        {"3 Mabini Street, Northern Mindanao", NULL, NULL, "Northern Mindanao, 3rd street",
         "restricted-in-clear"},
        {"Purok 7; Tibanga", NULL, NULL, "Tibanga",
         "restricted-in-clear:address restricted-in-clear"},
        {"Purok 7; Tibanga", NULL, NULL, "purok 7",
         "restricted-in-clear:address restricted-in-clear"},
        {"Region X (Northern Mindanao)", NULL, NULL, "Region X Northern Mindanao",
         "restricted-in-clear"},
        {NULL, "0917 555 1234", NULL, "call +63-917-5551234",
         "restricted-in-clear:phone restricted-in-clear"},
        {NULL, "063 221 4455, 123", NULL, "221-4455 and 123", "restricted-in-clear"},
        {NULL, "(063) 221 4455 / 09175551234", NULL, "0917.555.1234",
         "restricted-in-clear:phone restricted-in-clear"},
        {NULL, NULL, "desk@beth.org", "write to Desk@Beth.org",
         "restricted-in-clear:email restricted-in-clear"},
        {NULL, NULL, "desk@beth.org", "beth.org", "restricted-in-clear"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(CnNetwork) network = cn_network_new();
        CnProvider *shelter = make_network(network);
        shelter->site.address = cases[i].address;
        shelter->site.phone = cases[i].phone;
        shelter->site.email = cases[i].email;
        shelter->source_title = cases[i].shown;
        g_autofree char *tags = check(network);
        assert_string_equal(tags, cases[i].tags);
    }
}

/* Every text that anybody may see is looked at. */
static void
every_shown_text_is_checked(void **state)
{
    (void)state;
    for (guint i = 0; i < 10; i++) {
        g_autoptr(CnNetwork) network = cn_network_new();
        CnProvider *shelter = make_network(network);
        CnOffering *offering = &g_array_index(shelter->offerings, CnOffering, 0);
        CnOrganization *organization = &g_array_index(network->organizations, CnOrganization, 0);
        const char **const texts[] = {&shelter->id,           &shelter->display_name,
                                      &shelter->contact_role, &shelter->source_title,
                                      &shelter->source_url,   &shelter->accreditation_body,
                                      &organization->name,    &offering->variant,
                                      &offering->hours,       &offering->intake_hours};
        *texts[i] = "x-bethany-x";
        g_autofree char *tags = check(network);
        assert_string_equal(tags, "restricted-in-clear:name");
    }
}

static void
names_of_every_shelter_are_no_secret(void **state)
{
    (void)state;
    static const struct {
        const char *name, *shown, *tags;
    } cases[] = {
        {"Shelter", "Restricted Shelter", ""},
        {"EXAMPLE Home for Girls", "Home for Girls", ""},
        {"Safe House Bethany", "Safe House", ""},
        {"Safe House Bethany", "Safe House Bethany", "restricted-in-clear:name"},
        {"abc", "abc", ""},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(CnNetwork) network = cn_network_new();
        CnProvider *shelter = make_network(network);
        shelter->name =
            g_str_has_prefix(cases[i].name, "EXAMPLE") ? cases[i].name + 8 : cases[i].name;
        shelter->display_name = cases[i].shown;
        g_autofree char *tags = check(network);
        assert_string_equal(tags, cases[i].tags);
    }
}

/* The areas between the one that is shown and the site, but not beyond. */
static void
show_area_decides_which_towns_are_secret(void **state)
{
    (void)state;
    static const struct {
        const char *area, *show_area, *shown, *tags;
    } cases[] = {
        {"1001804000", "1000000000", "Mambajao", "restricted-in-clear:town"},
        {"1001804000", "1000000000", "Camiguin", "restricted-in-clear:town"},
        {"1001804000", "1001800000", "Camiguin", ""},
        {"1001804000", "1001800000", "Mambajao", "restricted-in-clear:town"},
        {"1000000000", "1000000000", "Northern Mindanao", ""},
        {"1001804000", "1001804000", "Mambajao", "restricted-narrow"},
        {"1630400000", "1000000000", "Butuan", "restricted-incomplete"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(CnNetwork) network = cn_network_new();
        CnProvider *shelter = make_network(network);
        shelter->site.area = cn_area_by_code(reference->gazetteer, cases[i].area);
        shelter->show_area = cn_area_by_code(reference->gazetteer, cases[i].show_area);
        shelter->display_name = cases[i].shown;
        g_autofree char *tags = check(network);
        assert_string_equal(tags, cases[i].tags);
    }
}

/* Records that a damaged store or a careless program could make. */
static void
bare_records_are_survived(void **state)
{
    (void)state;
    g_autoptr(CnNetwork) network = cn_network_new();
    CnRegion region = {.id = "r", .area = CN_AREA_NONE};
    CnOrganization organization = {.id = "o"};
    g_array_append_val(network->regions, region);
    g_array_append_val(network->organizations, organization);
    for (guint i = CN_DISCLOSE_PUBLIC; i <= CN_DISCLOSE_RESTRICTED; i++) {
        CnProvider *provider = add_provider(network, "p");
        provider->disclosure = (CnDisclosure)i;
        provider->region = i == 1 ? "r" : "none";
        provider->site.has_point = TRUE;
        provider->site.lat_deg = 8.5;
        provider->site.lon_deg = 124.6;
    }
    g_autofree char *tags = check(network);
    assert_non_null(strstr(tags, "duplicate-id"));
}

static void
ends_of_accreditations_are_exact(void **state)
{
    (void)state;
    static const struct {
        CnDate expires;
        const char *as_of, *tags;
    } cases[] = {
        {{2026, 9, 30}, "2026-09-30", ""},
        {{2026, 9, 30}, "2026-09-30T23:59:59+08:00", ""},
        {{2026, 9, 30}, "2026-10-01", "lapsed-accreditation"},
        {{2026, 9, 0}, "2026-09-30", ""},
        {{0, 0, 0}, "2026-10-01", ""},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(CnNetwork) network = cn_network_new();
        CnProvider *shelter = make_network(network);
        CnCapacity *capacity = &g_array_index(shelter->offerings, CnOffering, 0).capacity;
        shelter->accreditation_expires = cases[i].expires;
        *capacity = (CnCapacity){.known = TRUE, .total = 1};
        assert_true(cn_instant_parse(cases[i].as_of, &capacity->as_of));
        g_autofree char *tags = check(network);
        assert_string_equal(tags, cases[i].tags);
    }
}

/* Whatever is wrong, no message tells a secret. */
static void
check_silence(GRand *rand, gpointer data)
{
    guint *found = data;
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    g_autoptr(CnNetwork) network = world_network(rand, reference, 12);
    g_autoptr(GPtrArray) secrets = world_secrets(network);
    for (guint i = 0; i < network->providers->len; i++) {
        CnProvider *provider = g_ptr_array_index(network->providers, i);
        if (world_chance(rand, 50) && provider->disclosure != CN_DISCLOSE_PUBLIC)
            provider->display_name = provider->contact_role = provider->name;
        if (world_chance(rand, 20))
            provider->organization = "nobody";
    }
    cn_network_check(network, reference, issues);
    *found += cn_issue_list_len(issues);
    for (guint i = 0; i < cn_issue_list_len(issues); i++) {
        const CnIssue *issue = cn_issue_list_get(issues, i);
        assert_null(strstr(issue->message, "CANARY"));
        assert_true(issue->suggestion == NULL || strstr(issue->suggestion, "CANARY") == NULL);
        for (guint k = 0; k < secrets->len; k++)
            assert_null(strstr(issue->message, g_ptr_array_index(secrets, k)));
    }
}

static void
no_message_tells_a_secret(void **state)
{
    (void)state;
    guint found = 0;
    world_rounds(150, check_silence, &found);
    assert_true(found > 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_read_and_named),
        cmocka_unit_test(sorted_records_are_found),
        cmocka_unit_test(the_first_of_two_is_told),
        cmocka_unit_test(a_quiet_network_is_quiet),
        cmocka_unit_test(texts_give_places_away),
        cmocka_unit_test(every_shown_text_is_checked),
        cmocka_unit_test(names_of_every_shelter_are_no_secret),
        cmocka_unit_test(show_area_decides_which_towns_are_secret),
        cmocka_unit_test(bare_records_are_survived),
        cmocka_unit_test(ends_of_accreditations_are_exact),
        cmocka_unit_test_teardown(no_message_tells_a_secret, world_print_seed),
    };
    return cmocka_run_group_tests(tests, open_reference, close_reference);
}
