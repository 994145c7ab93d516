/* The disclosure rule on single records, and questions to a listing. */
#include "../support/small-world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static CnReference *reference;

static CnListing *
list(const SmallWorld *world)
{
    return cn_listing_new(world->network, world->reference);
}

static const CnListedProvider *
provider_of(const CnListing *listing, const char *id)
{
    gint at = cn_listing_provider(listing, id);
    assert_true(at >= 0);
    return &listing->providers[at];
}

static void
assert_text(const CnListing *listing, CnText text, const char *expected)
{
    const char *said = cn_listed_text(listing, text);
    if (g_strcmp0(said, expected) != 0)
        print_error("%s, not %s\n", said, expected);
    assert_true(g_strcmp0(said, expected) == 0);
}

static void
fill_site(CnProvider *provider)
{
    CnSite *site = &provider->site;
    site->has_point = TRUE;
    site->lat_deg = 8.111111;
    site->lon_deg = 124.222222;
    site->address = "1 Street";
    site->phone = "0917-000-0000";
    site->email = "desk@example.org";
}

static void
a_public_site_is_shown_whole(void **state)
{
    (void)state;
    g_autoptr(SmallWorld) world = small_world_new(reference);
    fill_site(world->open);
    g_autoptr(CnListing) listing = list(world);
    const CnListedProvider *open = provider_of(listing, "ex-open");
    assert_false(open->restricted);
    assert_text(listing, open->name, "EXAMPLE Open Desk");
    assert_text(listing, open->address, "1 Street");
    assert_text(listing, open->phone, "0917-000-0000");
    assert_text(listing, open->email, "desk@example.org");
    assert_text(listing, open->contact, "intake desk");
    assert_text(listing, open->organization_name, "EXAMPLE Organization");
    assert_int_equal(open->area, small_world_area(world, "Cagayan de Oro"));
    assert_true(open->lat_deg == 8.111111 && open->lon_deg == 124.222222);
}

static void
without_a_point_the_town_stands_for_it(void **state)
{
    (void)state;
    g_autoptr(SmallWorld) world = small_world_new(reference);
    g_autoptr(CnListing) listing = list(world);
    const CnListedProvider *open = provider_of(listing, "ex-open");
    const CnArea *town = cn_area(reference->gazetteer, open->area);
    assert_true(open->lat_deg == town->lat_deg && open->lon_deg == town->lon_deg);
    assert_int_equal(open->island, town->island);
}

static void
a_restricted_site_is_shown_as_its_region(void **state)
{
    (void)state;
    static const CnDisclosure guarded[] = {CN_DISCLOSE_RESTRICTED, CN_DISCLOSE_NETWORK};
    for (gsize i = 0; i < G_N_ELEMENTS(guarded); i++) {
        g_autoptr(SmallWorld) world = small_world_new(reference);
        fill_site(world->shelter);
        world->shelter->disclosure = guarded[i];
        g_autoptr(CnListing) listing = list(world);
        const CnListedProvider *shelter = provider_of(listing, "ex-shelter");
        const CnArea *region = cn_area(reference->gazetteer, world->shelter->show_area);
        assert_true(shelter->restricted);
        assert_int_equal(shelter->disclosure, guarded[i]);
        assert_text(listing, shelter->name, "EXAMPLE Restricted Shelter");
        assert_text(listing, shelter->address, NULL);
        assert_int_equal(shelter->area, world->shelter->show_area);
        assert_true(shelter->lat_deg == region->lat_deg && shelter->lon_deg == region->lon_deg);
        assert_int_equal(shelter->island, region->island);
        for (gsize at = 1; at < listing->text_len; at += strlen(listing->text + at) + 1) {
            assert_null(strstr(listing->text + at, "Street"));
            assert_null(strstr(listing->text + at, "0917"));
            assert_null(strstr(listing->text + at, "desk@"));
            assert_null(strstr(listing->text + at, "Secret"));
        }
    }
}

static void
a_restricted_site_is_reached_through_its_gateway(void **state)
{
    (void)state;
    static const struct {
        const char *gateway, *role;
        CnDisclosure of_gateway;
        const char *contact, *phone;
    } cases[] = {
        {"ex-open", "intake desk", CN_DISCLOSE_PUBLIC, "EXAMPLE Open Desk (intake desk)",
         "(088) 850-0000"},
        {"ex-open", NULL, CN_DISCLOSE_PUBLIC, "EXAMPLE Open Desk (front desk)", "(088) 850-0000"},
        {"ex-open", "intake desk", CN_DISCLOSE_RESTRICTED, "house mother", NULL},
        {"ex-nobody", "intake desk", CN_DISCLOSE_PUBLIC, "house mother", NULL},
        {NULL, "intake desk", CN_DISCLOSE_PUBLIC, "house mother", NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(SmallWorld) world = small_world_new(reference);
        world->shelter->contact_gateway = cases[i].gateway;
        world->shelter->contact_role = "house mother";
        world->open->contact_role = cases[i].role;
        world->open->disclosure = cases[i].of_gateway;
        world->open->show_area = world->shelter->show_area;
        world->open->display_name = "EXAMPLE Other";
        g_autoptr(CnListing) listing = list(world);
        const CnListedProvider *shelter = provider_of(listing, "ex-shelter");
        assert_text(listing, shelter->contact, cases[i].contact);
        assert_text(listing, shelter->phone, cases[i].phone);
        assert_text(listing, shelter->email, NULL);
    }
}

static void
an_unknown_organization_is_named_by_its_id(void **state)
{
    (void)state;
    g_autoptr(SmallWorld) world = small_world_new(reference);
    world->open->organization = "ex-elsewhere";
    g_autoptr(CnListing) listing = list(world);
    assert_text(listing, provider_of(listing, "ex-open")->organization_name, "ex-elsewhere");
}

/* ---- Places. */

static void
free_places_are_counted(void **state)
{
    (void)state;
    static const struct {
        gboolean known;
        gint64 total, occupied, held;
        CnUnit unit;
        gint64 free;
        const char *availability;
    } cases[] = {
        {TRUE, 5, 3, 0, CN_UNIT_BED, 2, "yes"},
        {TRUE, 5, 3, 1, CN_UNIT_BED, 1, "yes"},
        {TRUE, 5, 3, 2, CN_UNIT_BED, 0, "full"},
        {TRUE, 5, 7, 0, CN_UNIT_BED, 0, "full"},
        {TRUE, 5, 4, 9, CN_UNIT_SLOT, 0, "full"},
        {TRUE, 0, 0, 0, CN_UNIT_SLOT, 0, "full"},
        {FALSE, 0, 0, 0, CN_UNIT_SLOT, -1, "call"},
        {FALSE, 0, 0, 0, CN_UNIT_NONE, G_MAXINT64, "yes"},
        {TRUE, 1, 1, 0, CN_UNIT_NONE, G_MAXINT64, "yes"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        CnLiveCapacity capacity = {.known = cases[i].known,
                                   .total = cases[i].total,
                                   .occupied = cases[i].occupied,
                                   .held = cases[i].held};
        assert_int_equal(cn_capacity_free(&capacity, cases[i].unit), cases[i].free);
        assert_string_equal(
            cn_availability_name(cn_capacity_availability(&capacity, cases[i].unit)),
            cases[i].availability);
    }
}

/* ---- Looking up. */

static void
ids_are_found(void **state)
{
    (void)state;
    static const struct {
        const char *id;
        gint provider, offering;
    } cases[] = {
        {"ex-open", 0, -1},
        {"ex-shelter", 1, -1},
        {"ex-open/trauma-therapy", -1, 0},
        {"ex-shelter/emergency-shelter", -1, 1},
        {"ex-open/emergency-shelter", -1, -1},
        {"ex-ope", -1, -1},
        {"ex-open/", -1, -1},
        {"/", -1, -1},
        {"", -1, -1},
        {"zz", -1, -1},
        {"ex-nobody/trauma-therapy", -1, -1},
    };
    g_autoptr(SmallWorld) world = small_world_new(reference);
    g_autoptr(CnListing) listing = list(world);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        assert_int_equal(cn_listing_provider(listing, cases[i].id), cases[i].provider);
        assert_int_equal(cn_listing_offering(listing, cases[i].id), cases[i].offering);
    }
    assert_string_equal(cn_listed_text(listing, cn_listed_provider_of(listing, 1)->id),
                        "ex-shelter");
}

static void
served_areas_hold_what_lies_below(void **state)
{
    (void)state;
    static const struct {
        const char *serves, *asked;
        gboolean expected;
    } cases[] = {
        {NULL, "Cagayan de Oro", FALSE},
        {"Northern Mindanao", "Cagayan de Oro", TRUE},
        {"Misamis Oriental", "Cagayan de Oro", TRUE}, /* by what people look under */
        {"Cagayan de Oro", "Misamis Oriental", FALSE},
        {"Cagayan de Oro", "Northern Mindanao", FALSE},
        {"Philippines", "Butuan", TRUE},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(SmallWorld) world = small_world_new(reference);
        CnAreaId asked = small_world_area(world, cases[i].asked);
        if (cases[i].serves != NULL) {
            CnAreaId area = small_world_area(world, cases[i].serves);
            g_array_append_val(world->open->serves, area);
        }
        g_autoptr(CnListing) listing = list(world);
        assert_int_equal(cn_listed_serves(listing, provider_of(listing, "ex-open"), asked),
                         cases[i].expected);
    }
}

/* A copy may be edited; what it was made from stays. */
static void
a_copy_is_its_own(void **state)
{
    (void)state;
    g_autoptr(SmallWorld) world = small_world_new(reference);
    g_autoptr(CnListing) listing = list(world);
    g_autofree char *before = cn_listing_digest(listing);
    g_autoptr(CnListing) copy = cn_listing_copy(listing);
    g_autofree char *same = cn_listing_digest(copy);
    assert_string_equal(before, same);
    copy->providers[0].status = CN_PAUSED;
    copy->offerings[0].eligibility.age_min = 3;
    copy->capacity[0].total = 99;
    g_autofree char *edited = cn_listing_digest(copy);
    g_autofree char *after = cn_listing_digest(listing);
    assert_string_not_equal(edited, before);
    assert_string_equal(after, before);
    assert_int_equal(listing->capacity[0].total, 3);
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
        cmocka_unit_test(a_public_site_is_shown_whole),
        cmocka_unit_test(without_a_point_the_town_stands_for_it),
        cmocka_unit_test(a_restricted_site_is_shown_as_its_region),
        cmocka_unit_test(a_restricted_site_is_reached_through_its_gateway),
        cmocka_unit_test(an_unknown_organization_is_named_by_its_id),
        cmocka_unit_test(free_places_are_counted),
        cmocka_unit_test(ids_are_found),
        cmocka_unit_test(served_areas_hold_what_lies_below),
        cmocka_unit_test(a_copy_is_its_own),
    };
    return cmocka_run_group_tests(tests, open_reference, close_reference);
}
