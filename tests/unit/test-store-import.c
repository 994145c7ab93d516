/* Imports into a store: what comes back, what an upsert may change and what it must not. */
#include "../support/network-dump.h"
#include "../support/random-network.h"
#include "../support/store-key.h"
#include "base/error.h"
#include "store/store-private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>
#include <time.h>

typedef struct {
    CnReference *reference;
    char *folder;
    char *path;
    carenet_store *store;
} Fixture;

static carenet_store *
make_store(Fixture *fixture, carenet_store_kind kind)
{
    g_autoptr(GError) error = NULL;
    carenet_store *store = cn_store_init(fixture->path, kind, fixture->reference, 1000, &error);
    if (store == NULL)
        fail_msg("%s", error->message);
    test_key_give(store);
    return store;
}

static int
set_up(void **state)
{
    Fixture *fixture = g_new0(Fixture, 1);
    fixture->reference = test_reference();
    fixture->folder = test_folder();
    fixture->path = g_build_filename(fixture->folder, "store.db", NULL);
    fixture->store = make_store(fixture, CARENET_STORE_DEMONSTRATION);
    *state = fixture;
    return 0;
}

static int
tear_down(void **state)
{
    Fixture *fixture = *state;
    cn_store_close(fixture->store);
    test_folder_remove(fixture->folder);
    carenet_reference_unref(fixture->reference);
    g_free(fixture->path);
    g_free(fixture);
    return 0;
}

static gboolean
import(Fixture *fixture,
       const CnNetwork *network,
       gboolean replace,
       gboolean dry_run,
       carenet_table **out_changes,
       GError **error)
{
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    carenet_import_options options;
    carenet_import_options_init(&options);
    options.replace = replace;
    options.dry_run = dry_run;
    return cn_store_import(fixture->store, network, &options, issues, out_changes, error);
}

static void
import_ok(Fixture *fixture, const CnNetwork *network, gboolean replace)
{
    g_autoptr(GError) error = NULL;
    if (!import(fixture, network, replace, FALSE, NULL, &error))
        fail_msg("%s", error->message);
}

static char *
stored_dump(Fixture *fixture)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CnNetwork) network = cn_store_network(fixture->store, NULL, &error);
    if (network == NULL)
        fail_msg("%s", error->message);
    return network_dump(network, fixture->reference);
}

/* Every cell of every table but the two revisions, as one text. */
static char *
table_contents(Fixture *fixture)
{
    static const char *const tables[] = {"region",        "region_language", "organization",
                                         "provider",      "provider_site",   "provider_serves",
                                         "provider_term", "capability",      "offering",
                                         "offering_term", "capacity",        "policy"};
    GString *out = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(tables); i++) {
        g_autofree char *sql = g_strdup_printf("SELECT * FROM %s", tables[i]);
        sqlite3_stmt *stmt = NULL;
        assert_int_equal(sqlite3_prepare_v2(fixture->store->db, sql, -1, &stmt, NULL), SQLITE_OK);
        while (sqlite3_step(stmt) == SQLITE_ROW) {
            for (int k = 0; k < sqlite3_column_count(stmt); k++)
                g_string_append_printf(out, "%s|", (const char *)sqlite3_column_text(stmt, k));
            g_string_append_c(out, '\n');
        }
        assert_int_equal(sqlite3_finalize(stmt), SQLITE_OK);
    }
    return g_string_free(out, FALSE);
}

static void
revisions(Fixture *fixture, gint64 *out_directory, gint64 *out_capacity)
{
    assert_true(cn_store_revision(fixture->store, out_directory, out_capacity, NULL));
}

/* "added changed unchanged closed" of one kind. */
static char *
row_of(const carenet_table *changes, const char *kind)
{
    for (size_t i = 0; i < carenet_table_rows_len(changes); i++)
        if (strcmp(carenet_table_get_text(changes, i, 0), kind) == 0)
            return g_strdup_printf("%d %d %d %d", (int)carenet_table_get_int64(changes, i, 1),
                                   (int)carenet_table_get_int64(changes, i, 2),
                                   (int)carenet_table_get_int64(changes, i, 3),
                                   (int)carenet_table_get_int64(changes, i, 4));
    return NULL;
}

static void
assert_row(const carenet_table *changes, const char *kind, const char *expected)
{
    g_autofree char *row = row_of(changes, kind);
    if (g_strcmp0(row, expected) != 0)
        fail_msg("%s: expected \"%s\", got \"%s\"", kind, expected, row);
}

/* ---- What goes in comes out. */

static void
test_random_round_trip(void **state)
{
    Fixture *fixture = *state;
    guint32 seed = (guint32)time(NULL);
    print_message("seed %u\n", seed);
    g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
    for (guint i = 0; i < 25; i++) {
        g_autoptr(CnNetwork) network =
            random_network(rand, (guint)g_rand_int_range(rand, 0, 30), fixture->reference);
        g_autofree char *path = g_strdup_printf("%s/random-%u.db", fixture->folder, i);
        g_autofree char *own_path = fixture->path;
        fixture->path = path;
        carenet_store *first = fixture->store;
        fixture->store = make_store(fixture, CARENET_STORE_DEMONSTRATION);
        import_ok(fixture, network, FALSE);
        g_autofree char *expected = network_dump(network, fixture->reference);
        g_autofree char *found = stored_dump(fixture);
        assert_string_equal(found, expected);
        /* Again: nothing may be written, and the file of the store must not change. */
        g_autofree char *before = table_contents(fixture);
        gint64 directory, capacity, later_directory, later_capacity;
        revisions(fixture, &directory, &capacity);
        g_autoptr(carenet_table) changes = NULL;
        assert_true(import(fixture, network, TRUE, FALSE, &changes, NULL));
        revisions(fixture, &later_directory, &later_capacity);
        g_autofree char *after = table_contents(fixture);
        assert_string_equal(before, after);
        assert_int_equal(directory, later_directory);
        assert_int_equal(capacity, later_capacity);
        for (size_t k = 0; k < carenet_table_rows_len(changes); k++) {
            assert_int_equal(carenet_table_get_int64(changes, k, 1), 0);
            assert_int_equal(carenet_table_get_int64(changes, k, 2), 0);
            assert_int_equal(carenet_table_get_int64(changes, k, 4), 0);
        }
        cn_store_close(fixture->store);
        fixture->store = first;
        fixture->path = g_steal_pointer(&own_path);
    }
}

/* Any network over any other: the merged state is the one that comes out, and a second import of the
 * same changes nothing more. */
static void
test_random_over_random(void **state)
{
    Fixture *fixture = *state;
    guint32 seed = (guint32)time(NULL);
    print_message("seed %u\n", seed);
    g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
    for (guint i = 0; i < 20; i++) {
        gboolean replace = g_rand_boolean(rand);
        g_autoptr(CnNetwork) network =
            random_network(rand, (guint)g_rand_int_range(rand, 0, 15), fixture->reference);
        import_ok(fixture, network, replace);
        g_autofree char *before = stored_dump(fixture);
        import_ok(fixture, network, replace);
        g_autofree char *after = stored_dump(fixture);
        assert_string_equal(before, after);
        g_autoptr(CnNetwork) stored = cn_store_network(fixture->store, NULL, NULL);
        for (guint k = 0; k < network->providers->len; k++) {
            const CnProvider *given = g_ptr_array_index(network->providers, k);
            const CnProvider *found = cn_network_provider(stored, given->id);
            assert_non_null(found);
            assert_true(cn_record_equal(&cn_map_provider, given, found));
            assert_true(cn_record_equal(&cn_map_site, given, found));
            assert_true(!replace || given->offerings->len == found->offerings->len);
        }
    }
}

/* ---- The upsert, field by field. */

/* A provider "shelter" of region "north" with one offering, a gateway "office" and its body. */
typedef struct {
    CnNetwork *network;
    CnProvider *shelter;
    CnOffering *offering;
} Small;

static void
add_office(CnNetwork *network, const CnReference *reference)
{
    CnProvider *office = cn_network_add_provider(network);
    office->id = "office";
    office->region = "north";
    office->organization = "body";
    office->name = "Office";
    office->site.area = cn_area_by_code(reference->gazetteer, "1030500000");
}

static Small
small_network(const CnReference *reference)
{
    Small small = {.network = cn_network_new()};
    CnNetwork *network = small.network;
    CnRegion region = {.id = "north", .name = "North", .area = 1};
    CnOrganization body = {.id = "body", .region = "north", .name = "Body", .kind = CN_ORG_NGO};
    g_array_append_val(network->regions, region);
    g_array_append_val(network->organizations, body);
    add_office(network, reference);
    CnProvider *shelter = cn_network_add_provider(network);
    shelter->id = "shelter";
    shelter->region = "north";
    shelter->organization = "body";
    shelter->name = "House of CANARY";
    shelter->display_name = "Restricted Shelter N-1";
    shelter->disclosure = CN_DISCLOSE_RESTRICTED;
    shelter->show_area = cn_area_by_code(reference->gazetteer, "1000000000");
    shelter->site = (CnSite){.area = cn_area_by_code(reference->gazetteer, "1030500000"),
                             .has_point = TRUE,
                             .lat_deg = 8.4772,
                             .lon_deg = 124.6459,
                             .address = "1 CANARY Street",
                             .phone = "0917 CANARY",
                             .email = "canary@example.org"};
    shelter->contact_gateway = "office";
    CnOffering offering = cn_offering_blank();
    offering.id = "shelter/emergency-shelter";
    offering.service = cn_service_by_id(reference->taxonomy, "emergency-shelter");
    offering.capacity = (CnCapacity){.known = TRUE,
                                     .total = 8,
                                     .occupied = 5,
                                     .as_of = {.s = 1000000, .is_set = TRUE},
                                     .source = "phone",
                                     .wait_days = 2};
    g_array_append_val(shelter->offerings, offering);
    small.shelter = shelter;
    small.offering = &g_array_index(shelter->offerings, CnOffering, 0);
    return small;
}

static void
change_nothing(Small *small)
{
    (void)small;
}

static void
report_newer(Small *small)
{
    small->offering->capacity.occupied = 6;
    small->offering->capacity.as_of.s += 60;
}

static void
report_older(Small *small)
{
    small->offering->capacity.occupied = 1;
    small->offering->capacity.as_of.s -= 60;
}

static void
report_same_time(Small *small)
{
    small->offering->capacity.occupied = 1;
    small->offering->capacity.total = 80;
}

static void
report_without_time(Small *small)
{
    small->offering->capacity.occupied = 1;
    small->offering->capacity.as_of.is_set = FALSE;
}

static void
report_nothing(Small *small)
{
    small->offering->capacity = (CnCapacity){.wait_days = -1};
}

static void
report_newer_total(Small *small)
{
    small->offering->capacity.total = 3;
    small->offering->capacity.wait_days = -1;
    small->offering->capacity.as_of.s += 1;
}

static void
withhold_capacity(Small *small)
{
    report_newer(small);
    g_ptr_array_add(small->shelter->withheld, (gpointer) "capacity");
}

static void
move_restricted_site(Small *small)
{
    small->shelter->site.lat_deg = 8.5;
    small->shelter->site.phone = "0918 CANARY";
    small->shelter->site.area = 3;
}

static void
move_public_site(Small *small)
{
    CnProvider *office = g_ptr_array_index(small->network->providers, 0);
    office->site.address = "2 Main Street";
}

static void
withhold_site(Small *small)
{
    static const char *const fields[] = {"name", "area", "point", "address", "phone", "email"};
    CnProvider *shelter = small->shelter;
    shelter->name = NULL;
    shelter->site = (CnSite){.area = CN_AREA_NONE};
    for (gsize i = 0; i < G_N_ELEMENTS(fields); i++)
        g_ptr_array_add(shelter->withheld, (gpointer)fields[i]);
}

static void
erase_site(Small *small)
{
    small->shelter->name = NULL;
    small->shelter->site = (CnSite){.area = CN_AREA_NONE};
}

static void
pause_shelter(Small *small)
{
    small->shelter->status = CN_PAUSED;
}

static void
add_language(Small *small)
{
    cn_term_set_add(&small->shelter->languages, 1);
}

static void
limit_ages(Small *small)
{
    small->offering->eligibility.age_min = 7;
}

static void
exclude_group(Small *small)
{
    cn_term_set_add(&small->offering->eligibility.not_for, 0);
}

static void
serve_more(Small *small)
{
    CnAreaId area = 2;
    g_array_append_val(small->shelter->serves, area);
}

static void
train_staff(Small *small)
{
    CnCapability capability = {.course = 0, .staff = 4, .on = {2022, 5, 1}};
    g_array_append_val(small->shelter->capabilities, capability);
}

static void
rename_body(Small *small)
{
    g_array_index(small->network->organizations, CnOrganization, 0).name = "Other";
}

static void
rename_region(Small *small)
{
    g_array_index(small->network->regions, CnRegion, 0).name = "Far North";
}

static void
name_network(Small *small)
{
    small->network->id = "net";
    small->network->demonstration_now = (CnInstant){.s = 1000000, .is_set = TRUE};
}

static void
drop_offering(Small *small)
{
    g_array_set_size(small->shelter->offerings, 0);
}

static void
drop_shelter(Small *small)
{
    g_ptr_array_remove_index(small->network->providers, 1);
}

static void
drop_body(Small *small)
{
    g_array_set_size(small->network->organizations, 0);
}

/* What the second import of a small network with one change does; rows "added changed unchanged
 * closed". Afterwards: occupied/total of the offering ("-" where it is not listed), the shelter's
 * status, and whether the two revisions moved. */
typedef struct {
    const char *name;
    void (*change)(Small *small);
    gboolean replace;
    const char *provider, *offering, *capacity;
    const char *places;
    CnStatus status;
    gint directory, reports;
} UpsertCase;

static const UpsertCase upsert_cases[] = {
    {"nothing", change_nothing, FALSE, "0 0 2 0", "0 0 1 0", "0 0 1 0", "5/8", CN_ACTIVE, 0, 0},
    {"nothing, replace", change_nothing, TRUE, "0 0 2 0", "0 0 1 0", "0 0 1 0", "5/8", CN_ACTIVE, 0,
     0},
    {"newer report", report_newer, FALSE, "0 0 2 0", "0 0 1 0", "0 1 0 0", "6/8", CN_ACTIVE, 0, 1},
    {"older report", report_older, FALSE, "0 0 2 0", "0 0 1 0", "0 0 1 0", "5/8", CN_ACTIVE, 0, 0},
    {"report of the same time", report_same_time, FALSE, "0 0 2 0", "0 0 1 0", "0 0 1 0", "5/8",
     CN_ACTIVE, 0, 0},
    {"report without time", report_without_time, FALSE, "0 0 2 0", "0 0 1 0", "0 0 1 0", "5/8",
     CN_ACTIVE, 0, 0},
    {"no report", report_nothing, FALSE, "0 0 2 0", "0 0 1 0", "0 0 1 0", "5/8", CN_ACTIVE, 0, 0},
    {"beds lost", report_newer_total, FALSE, "0 0 2 0", "0 0 1 0", "0 1 0 0", "5/3", CN_ACTIVE, 0,
     1},
    {"withheld capacity", withhold_capacity, FALSE, "0 0 2 0", "0 0 1 0", "0 0 1 0", "5/8",
     CN_ACTIVE, 0, 0},
    {"restricted site moved", move_restricted_site, FALSE, "0 1 1 0", "0 0 1 0", "0 0 1 0", "5/8",
     CN_ACTIVE, 0, 0},
    {"public site moved", move_public_site, FALSE, "0 1 1 0", "0 0 1 0", "0 0 1 0", "5/8",
     CN_ACTIVE, 1, 0},
    {"withheld site", withhold_site, FALSE, "0 0 2 0", "0 0 1 0", "0 0 1 0", "5/8", CN_ACTIVE, 0,
     0},
    {"site left out", erase_site, FALSE, "0 1 1 0", "0 0 1 0", "0 0 1 0", "5/8", CN_ACTIVE, 0, 0},
    {"paused", pause_shelter, FALSE, "0 1 1 0", "0 0 1 0", "0 0 1 0", "5/8", CN_PAUSED, 1, 0},
    {"language", add_language, FALSE, "0 1 1 0", "0 0 1 0", "0 0 1 0", "5/8", CN_ACTIVE, 1, 0},
    {"serves", serve_more, FALSE, "0 1 1 0", "0 0 1 0", "0 0 1 0", "5/8", CN_ACTIVE, 1, 0},
    {"training", train_staff, FALSE, "0 1 1 0", "0 0 1 0", "0 0 1 0", "5/8", CN_ACTIVE, 1, 0},
    {"ages", limit_ages, FALSE, "0 0 2 0", "0 1 0 0", "0 0 1 0", "5/8", CN_ACTIVE, 1, 0},
    {"not for", exclude_group, FALSE, "0 0 2 0", "0 1 0 0", "0 0 1 0", "5/8", CN_ACTIVE, 1, 0},
    {"organization", rename_body, FALSE, "0 0 2 0", "0 0 1 0", "0 0 1 0", "5/8", CN_ACTIVE, 1, 0},
    {"region", rename_region, FALSE, "0 0 2 0", "0 0 1 0", "0 0 1 0", "5/8", CN_ACTIVE, 1, 0},
    {"network", name_network, FALSE, "0 0 2 0", "0 0 1 0", "0 0 1 0", "5/8", CN_ACTIVE, 1, 0},
    {"offering not named", drop_offering, FALSE, "0 0 2 0", "0 0 0 0", "0 0 0 0", "5/8", CN_ACTIVE,
     0, 0},
    {"offering not named, replace", drop_offering, TRUE, "0 0 2 0", "0 0 0 1", "0 0 0 0", "-",
     CN_ACTIVE, 1, 0},
    {"provider not named", drop_shelter, FALSE, "0 0 1 0", "0 0 0 0", "0 0 0 0", "5/8", CN_ACTIVE,
     0, 0},
    {"provider not named, replace", drop_shelter, TRUE, "0 0 1 1", "0 0 0 0", "0 0 0 0", "5/8",
     CN_CLOSED, 1, 0},
    {"organization not named, replace", drop_body, TRUE, "0 0 2 0", "0 0 1 0", "0 0 1 0", "5/8",
     CN_ACTIVE, 0, 0},
};

static char *
places_of(const CnNetwork *network)
{
    const CnProvider *shelter = cn_network_provider(network, "shelter");
    if (shelter->offerings->len == 0)
        return g_strdup("-");
    const CnCapacity *capacity = &g_array_index(shelter->offerings, CnOffering, 0).capacity;
    return g_strdup_printf("%d/%d", (int)capacity->occupied, (int)capacity->total);
}

static void
hold_places(Fixture *fixture, gint64 held)
{
    g_autofree char *sql = g_strdup_printf("UPDATE capacity SET held = %d", (int)held);
    assert_true(cn_store_exec(fixture->store, sql, NULL));
}

static void
check_held(const CnNetwork *network, gint64 held)
{
    const CnProvider *shelter = cn_network_provider(network, "shelter");
    for (guint i = 0; i < shelter->offerings->len; i++)
        assert_int_equal(g_array_index(shelter->offerings, CnOffering, i).capacity.held, held);
}

static void
check_upsert(Fixture *fixture, const UpsertCase *expected)
{
    gint64 directory, capacity, later_directory, later_capacity;
    Small first = small_network(fixture->reference);
    g_autoptr(CnNetwork) first_network = first.network;
    import_ok(fixture, first_network, FALSE);
    hold_places(fixture, 2);
    revisions(fixture, &directory, &capacity);
    Small second = small_network(fixture->reference);
    g_autoptr(CnNetwork) second_network = second.network;
    expected->change(&second);
    g_autoptr(carenet_table) changes = NULL;
    assert_true(import(fixture, second_network, expected->replace, FALSE, &changes, NULL));
    assert_row(changes, "provider", expected->provider);
    assert_row(changes, "offering", expected->offering);
    assert_row(changes, "capacity", expected->capacity);
    revisions(fixture, &later_directory, &later_capacity);
    assert_int_equal(later_directory - directory, expected->directory);
    assert_int_equal(later_capacity - capacity, expected->reports);
    g_autoptr(CnNetwork) found = cn_store_network(fixture->store, NULL, NULL);
    assert_non_null(found);
    g_autofree char *places = places_of(found);
    assert_string_equal(places, expected->places);
    assert_int_equal(cn_network_provider(found, "shelter")->status, expected->status);
    check_held(found, 2);
}

static void
test_upsert(void **state)
{
    Fixture *fixture = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(upsert_cases); i++) {
        print_message("%s\n", upsert_cases[i].name);
        cn_store_close(fixture->store);
        g_free(fixture->path);
        fixture->path = g_strdup_printf("%s/upsert-%zu.db", fixture->folder, i);
        fixture->store = make_store(fixture, CARENET_STORE_DEMONSTRATION);
        check_upsert(fixture, &upsert_cases[i]);
    }
}

static void
test_withheld_site_keeps_what_is_stored(void **state)
{
    Fixture *fixture = *state;
    Small small = small_network(fixture->reference);
    g_autoptr(CnNetwork) network = small.network;
    import_ok(fixture, network, FALSE);
    g_autofree char *before = stored_dump(fixture);
    assert_non_null(strstr(before, "0917 CANARY"));
    withhold_site(&small);
    pause_shelter(&small);
    import_ok(fixture, network, FALSE);
    pause_shelter(&small);
    g_autoptr(CnNetwork) found = cn_store_network(fixture->store, NULL, NULL);
    const CnProvider *shelter = cn_network_provider(found, "shelter");
    assert_int_equal(shelter->status, CN_PAUSED);
    assert_string_equal(shelter->name, "House of CANARY");
    assert_string_equal(shelter->site.address, "1 CANARY Street");
    assert_string_equal(shelter->site.phone, "0917 CANARY");
    assert_string_equal(shelter->site.email, "canary@example.org");
    assert_true(shelter->site.has_point);
    assert_int_equal(shelter->site.area,
                     cn_area_by_code(fixture->reference->gazetteer, "1030500000"));
}

/* How often "overfull" is said at line 7, where the file has the capacity of the shelter. */
static guint
count_overfull(Fixture *fixture, Small *small)
{
    guint count = 0;
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    carenet_import_options options;
    carenet_import_options_init(&options);
    small->offering->capacity_pos = (CnPos){"north.yaml", 7, 9};
    assert_true(cn_store_import(fixture->store, small->network, &options, issues, NULL, NULL));
    for (guint i = 0; i < cn_issue_list_len(issues); i++) {
        const CnIssue *issue = cn_issue_list_get(issues, i);
        if (strcmp(issue->tag, "overfull") != 0)
            continue;
        assert_int_equal(issue->pos.line, 7);
        assert_null(strstr(issue->message, "shelter"));
        count++;
    }
    return count;
}

/* The line of a file is named for what the file says, not for what the store knows besides; and no name
 * for a restricted site. */
static void
test_overfull_is_said_of_the_file(void **state)
{
    Fixture *fixture = *state;
    Small lost = small_network(fixture->reference), older = small_network(fixture->reference);
    Small withheld = small_network(fixture->reference);
    g_autoptr(CnNetwork) lost_network = lost.network, older_network = older.network;
    g_autoptr(CnNetwork) withheld_network = withheld.network;
    report_newer_total(&lost);
    withhold_capacity(&withheld);
    assert_int_equal(count_overfull(fixture, &lost), 1);
    assert_int_equal(count_overfull(fixture, &lost), 1);
    assert_int_equal(count_overfull(fixture, &older), 0);
    assert_int_equal(count_overfull(fixture, &withheld), 0);
}

static void
test_closed_come_back(void **state)
{
    Fixture *fixture = *state;
    Small whole = small_network(fixture->reference);
    g_autoptr(CnNetwork) whole_network = whole.network;
    import_ok(fixture, whole_network, FALSE);
    g_autofree char *before = stored_dump(fixture);
    Small less = small_network(fixture->reference);
    g_autoptr(CnNetwork) less_network = less.network;
    drop_offering(&less);
    import_ok(fixture, less_network, TRUE);
    /* A file that still does not name it leaves it closed. */
    g_autoptr(carenet_table) again = NULL;
    assert_true(import(fixture, less_network, TRUE, FALSE, &again, NULL));
    assert_row(again, "offering", "0 0 0 0");
    g_autoptr(carenet_table) changes = NULL;
    assert_true(import(fixture, whole_network, TRUE, FALSE, &changes, NULL));
    assert_row(changes, "offering", "0 1 0 0");
    assert_row(changes, "capacity", "0 0 1 0");
    g_autofree char *after = stored_dump(fixture);
    assert_string_equal(before, after);
}

static void
test_replace_keeps_other_regions(void **state)
{
    Fixture *fixture = *state;
    Small small = small_network(fixture->reference);
    g_autoptr(CnNetwork) network = small.network;
    import_ok(fixture, network, FALSE);
    g_autoptr(CnNetwork) other = cn_network_new();
    CnRegion south = {.id = "south", .name = "South", .area = 2};
    g_array_append_val(other->regions, south);
    CnProvider *spanning = cn_network_add_provider(other);
    spanning->id = "line";
    spanning->organization = "body";
    spanning->site.area = 0;
    /* The network's own provider, from a file without a network part. */
    import_ok(fixture, other, TRUE);
    g_autoptr(CnNetwork) found = cn_store_network(fixture->store, NULL, NULL);
    assert_int_equal(cn_network_provider(found, "shelter")->status, CN_ACTIVE);
    /* Only the network's own file closes what spans the regions. */
    g_autoptr(CnNetwork) head = cn_network_new();
    head->id = "net";
    g_autoptr(carenet_table) changes = NULL;
    assert_true(import(fixture, head, TRUE, FALSE, &changes, NULL));
    assert_row(changes, "network", "1 0 0 0");
    assert_row(changes, "provider", "0 0 0 1");
    g_autoptr(CnNetwork) last = cn_store_network(fixture->store, NULL, NULL);
    assert_int_equal(cn_network_provider(last, "line")->status, CN_CLOSED);
    assert_int_equal(cn_network_provider(last, "shelter")->status, CN_ACTIVE);
    assert_string_equal(last->id, "net");
}

static void
test_provider_moves_to_another_region(void **state)
{
    Fixture *fixture = *state;
    Small small = small_network(fixture->reference);
    g_autoptr(CnNetwork) network = small.network;
    import_ok(fixture, network, FALSE);
    CnRegion south = {.id = "south", .name = "South", .area = 2};
    g_array_append_val(network->regions, south);
    small.shelter->region = "south";
    g_autoptr(carenet_table) changes = NULL;
    assert_true(import(fixture, network, FALSE, FALSE, &changes, NULL));
    assert_row(changes, "region", "1 0 1 0");
    assert_row(changes, "provider", "0 1 1 0");
    g_autoptr(CnNetwork) found = cn_store_network(fixture->store, NULL, NULL);
    assert_string_equal(cn_network_provider(found, "shelter")->region, "south");
}

/* ---- What is refused. */

static void
test_dry_run_changes_nothing(void **state)
{
    Fixture *fixture = *state;
    Small small = small_network(fixture->reference);
    g_autoptr(CnNetwork) network = small.network;
    g_autofree char *before = table_contents(fixture);
    g_autoptr(carenet_table) changes = NULL;
    assert_true(import(fixture, network, FALSE, TRUE, &changes, NULL));
    assert_row(changes, "provider", "2 0 0 0");
    assert_row(changes, "capacity", "1 0 0 0");
    g_autofree char *after = table_contents(fixture);
    assert_string_equal(before, after);
    gint64 directory, capacity;
    revisions(fixture, &directory, &capacity);
    assert_int_equal(directory, 0);
    assert_int_equal(capacity, 0);
}

static void
spoil_organization(Small *small)
{
    small->shelter->organization = "nobody";
}

static void
spoil_gateway(Small *small)
{
    small->shelter->contact_gateway = "nobody";
}

static void
spoil_ages(Small *small)
{
    small->offering->eligibility.age_min = 17;
    small->offering->eligibility.age_max = 7;
}

static void
spoil_offering_id(Small *small)
{
    small->offering->id = "shelter/mental-health";
}

static void
spoil_id(Small *small)
{
    small->shelter->id = "Not A Slug";
}

static void
spoil_places(Small *small)
{
    small->offering->capacity.total = -1;
}

static void
spoil_shown_place(Small *small)
{
    small->shelter->show_area = CN_AREA_NONE;
}

static void
spoil_public_place(Small *small)
{
    small->shelter->disclosure = CN_DISCLOSE_PUBLIC;
    small->shelter->site.area = CN_AREA_NONE;
}

/* A network that no reader lets through: the store's own rules are the last line, dry run or not. */
static void
test_broken_networks_are_refused(void **state)
{
    Fixture *fixture = *state;
    void (*const spoils[])(Small *) = {spoil_organization, spoil_gateway,     spoil_ages,
                                       spoil_offering_id,  spoil_id,          spoil_places,
                                       spoil_shown_place,  spoil_public_place};
    g_autofree char *before = table_contents(fixture);
    for (gsize i = 0; i < G_N_ELEMENTS(spoils) * 2; i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(carenet_table) changes = NULL;
        Small small = small_network(fixture->reference);
        g_autoptr(CnNetwork) network = small.network;
        spoils[i / 2](&small);
        if (import(fixture, network, FALSE, i % 2 == 1, &changes, &error))
            fail_msg("spoil %zu was stored", i / 2);
        assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_INVALID_DATA);
        assert_null(changes);
        assert_null(strstr(error->message, "CANARY"));
        g_autofree char *after = table_contents(fixture);
        assert_string_equal(before, after);
    }
}

typedef struct {
    const char *name;
    gboolean organization, provider, now;
    gboolean refused;
} KindCase;

static void
test_live_store_refuses_examples(void **state)
{
    Fixture *fixture = *state;
    static const KindCase cases[] = {{"real", FALSE, FALSE, FALSE, FALSE},
                                     {"example organization", TRUE, FALSE, FALSE, TRUE},
                                     {"example provider", FALSE, TRUE, FALSE, TRUE},
                                     {"demonstration clock", FALSE, FALSE, TRUE, TRUE}};
    cn_store_close(fixture->store);
    g_free(fixture->path);
    fixture->path = g_build_filename(fixture->folder, "live.db", NULL);
    fixture->store = make_store(fixture, CARENET_STORE_LIVE);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        Small small = small_network(fixture->reference);
        g_autoptr(CnNetwork) network = small.network;
        g_array_index(network->organizations, CnOrganization, 0).example = cases[i].organization;
        small.shelter->example = cases[i].provider;
        network->id = "net";
        network->demonstration_now.is_set = cases[i].now;
        gboolean done = import(fixture, network, FALSE, FALSE, NULL, &error);
        if (done == cases[i].refused)
            fail_msg("%s", cases[i].name);
        if (cases[i].refused)
            assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_REFUSED);
    }
    /* The layout itself refuses a demonstration's clock. */
    assert_false(cn_store_exec(fixture->store, "UPDATE network SET demonstration_now_s = 1", NULL));
}

static void
test_demonstration_takes_real_and_invented(void **state)
{
    Fixture *fixture = *state;
    Small small = small_network(fixture->reference);
    g_autoptr(CnNetwork) network = small.network;
    small.shelter->example = TRUE;
    import_ok(fixture, network, FALSE);
}

static void
test_files_may_refer_to_what_is_stored(void **state)
{
    Fixture *fixture = *state;
    Small small = small_network(fixture->reference);
    g_autoptr(CnNetwork) network = small.network;
    import_ok(fixture, network, FALSE);
    g_autoptr(CnNetwork) later = cn_network_new();
    CnProvider *provider = cn_network_add_provider(later);
    provider->id = "second";
    provider->organization = "body";
    provider->site.area = 4;
    provider->contact_gateway = "office";
    import_ok(fixture, later, FALSE);
    g_autoptr(CnNetwork) found = cn_store_network(fixture->store, NULL, NULL);
    assert_int_equal(found->providers->len, 3);
}

/* ---- Reports of days that have not come yet. */

static const CnIssue *
find_issue(const CnIssueList *issues, const char *tag)
{
    for (guint i = 0; i < cn_issue_list_len(issues); i++)
        if (strcmp(cn_issue_list_get(issues, i)->tag, tag) == 0)
            return cn_issue_list_get(issues, i);
    return NULL;
}

/* (transfer full) */
static CnIssueList *
import_and_tell(Fixture *fixture, const CnNetwork *network, gboolean sound)
{
    g_autoptr(GError) error = NULL;
    CnIssueList *issues = cn_issue_list_new();
    carenet_import_options options;
    carenet_import_options_init(&options);
    const gboolean done = cn_store_import(fixture->store, network, &options, issues, NULL, &error);
    if (done != sound)
        fail_msg("%s", done ? "imported" : error->message);
    return issues;
}

static void
what_nobody_can_have_told_yet_is_refused(void **state)
{
    Fixture *fixture = *state;
    Small small = small_network(fixture->reference);
    /* The clock of the store is that of the machine, which goes on meanwhile. */
    const gint64 now_s = g_get_real_time() / G_USEC_PER_SEC;
    small.offering->capacity.as_of.s = now_s + CN_DAY_S;
    small.offering->as_of_pos = (CnPos){"f.yaml", 7, 3};
    g_autoptr(CnIssueList) near = import_and_tell(fixture, small.network, TRUE);
    assert_null(find_issue(near, "in-the-future"));
    small.offering->capacity.as_of.s = now_s + CN_DAY_S + 3600;
    g_autoptr(CnIssueList) ahead = import_and_tell(fixture, small.network, FALSE);
    assert_non_null(find_issue(ahead, "in-the-future"));
    assert_int_equal(find_issue(ahead, "in-the-future")->pos.line, 7);
    small.offering->capacity.as_of.s = now_s;
    small.shelter->verified_on = (CnDate){2199, 1, 1};
    g_autoptr(CnIssueList) verified = import_and_tell(fixture, small.network, FALSE);
    assert_non_null(find_issue(verified, "in-the-future"));
    cn_network_free(small.network);
}

/* A store of an older version may hold such a report: an honest one takes its place. */
static void
a_stored_report_of_the_future_gives_way(void **state)
{
    Fixture *fixture = *state;
    Small small = small_network(fixture->reference);
    import_ok(fixture, small.network, FALSE);
    assert_int_equal(sqlite3_exec(fixture->store->db, "UPDATE capacity SET as_of_s = 7000000000",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    small.offering->capacity.occupied = 7;
    small.offering->capacity.as_of.s = 1000000;
    g_autoptr(CnIssueList) issues = import_and_tell(fixture, small.network, TRUE);
    assert_null(find_issue(issues, "older-report"));
    g_autoptr(CnNetwork) stored = cn_store_network(fixture->store, NULL, NULL);
    const CnProvider *shelter = cn_network_provider(stored, "shelter");
    const CnCapacity *capacity = &g_array_index(shelter->offerings, CnOffering, 0).capacity;
    assert_int_equal(capacity->occupied, 7);
    assert_int_equal(capacity->as_of.s, 1000000);
    cn_network_free(small.network);
}

/* Of a restricted provider nothing is told by whether the numbers are those of the store. */
static void
a_report_that_is_passed_over_is_told(void **state)
{
    Fixture *fixture = *state;
    static const struct {
        void (*change)(Small *small);
        gboolean told;
    } cases[] = {{change_nothing, FALSE},
                 {report_older, TRUE},
                 {report_same_time, FALSE},
                 {report_nothing, FALSE},
                 {report_newer, FALSE}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        Small first = small_network(fixture->reference);
        Small small = small_network(fixture->reference);
        import_ok(fixture, first.network, FALSE);
        cases[i].change(&small);
        small.offering->as_of_pos = (CnPos){"f.yaml", 9, 1};
        g_autoptr(CnIssueList) issues = import_and_tell(fixture, small.network, TRUE);
        const CnIssue *told = find_issue(issues, "older-report");
        assert_true((told != NULL) == cases[i].told);
        if (told != NULL) {
            assert_int_equal(told->severity, CN_SEVERITY_WARNING);
            assert_int_equal(told->pos.line, 9);
            assert_null(strstr(told->message, "shelter"));
        }
        cn_network_free(first.network);
        cn_network_free(small.network);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_random_round_trip, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_random_over_random, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_upsert, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_withheld_site_keeps_what_is_stored, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_overfull_is_said_of_the_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_nobody_can_have_told_yet_is_refused, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_stored_report_of_the_future_gives_way, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_report_that_is_passed_over_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_closed_come_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_replace_keeps_other_regions, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_provider_moves_to_another_region, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_dry_run_changes_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_broken_networks_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_live_store_refuses_examples, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_demonstration_takes_real_and_invented, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_files_may_refer_to_what_is_stored, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
