/* Imports into a store: what comes back, what an upsert may change and what it must not. */
#include "../support/import-store.h"
#include "../support/network-dump.h"
#include "../support/random-network.h"
#include "base/error.h"
#include "store/store-private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>
#include <time.h>

static char *
stored_dump(ImportStore *fixture)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CnNetwork) network = cn_store_network(fixture->store, NULL, &error);
    if (network == NULL)
        fail_msg("%s", error->message);
    return network_dump(network, fixture->reference);
}

/* Every cell of every table but the two revisions, as one text. */
static char *
table_contents(ImportStore *fixture)
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
revisions(ImportStore *fixture, gint64 *out_directory, gint64 *out_capacity)
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
    ImportStore *fixture = *state;
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
        fixture->store = import_store_make(fixture, CARENET_STORE_DEMONSTRATION);
        import_store_import_ok(fixture, network, FALSE);
        g_autofree char *expected = network_dump(network, fixture->reference);
        g_autofree char *found = stored_dump(fixture);
        assert_string_equal(found, expected);
        /* Again: nothing may be written, and the file of the store must not change. */
        g_autofree char *before = table_contents(fixture);
        gint64 directory, capacity, later_directory, later_capacity;
        revisions(fixture, &directory, &capacity);
        g_autoptr(carenet_table) changes = NULL;
        assert_true(import_store_import(fixture, network, TRUE, FALSE, &changes, NULL));
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
    ImportStore *fixture = *state;
    guint32 seed = (guint32)time(NULL);
    print_message("seed %u\n", seed);
    g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
    for (guint i = 0; i < 20; i++) {
        gboolean replace = g_rand_boolean(rand);
        g_autoptr(CnNetwork) network =
            random_network(rand, (guint)g_rand_int_range(rand, 0, 15), fixture->reference);
        import_store_import_ok(fixture, network, replace);
        g_autofree char *before = stored_dump(fixture);
        import_store_import_ok(fixture, network, replace);
        g_autofree char *after = stored_dump(fixture);
        assert_string_equal(before, after);
        g_autoptr(CnNetwork) stored = cn_store_network(fixture->store, NULL, NULL);
        for (guint k = 0; k < network->providers->len; k++) {
            const CnProvider *given = g_ptr_array_index(network->providers, k);
            const CnProvider *found = cn_network_provider(stored, given->id);
            assert_non_null(found);
            CnProvider wanted = *given;
            if (cn_date_is_set(given->verified_on) &&
                cn_date_last_s(found->verified_on) > cn_date_last_s(given->verified_on)) {
                wanted.verified_on = found->verified_on;
                wanted.verified_by = found->verified_by;
            }
            assert_true(cn_record_equal(&cn_map_provider, &wanted, found));
            assert_true(cn_record_equal(&cn_map_site, given, found));
            assert_true(!replace || given->offerings->len == found->offerings->len);
        }
    }
}

/* ---- The upsert, field by field. */

static void
change_nothing(SmallNetwork *small)
{
    (void)small;
}

static void
report_newer(SmallNetwork *small)
{
    small->offering->capacity.occupied = 6;
    small->offering->capacity.as_of.s += 60;
}

static void
report_older(SmallNetwork *small)
{
    small->offering->capacity.occupied = 1;
    small->offering->capacity.as_of.s -= 60;
}

static void
report_same_time(SmallNetwork *small)
{
    small->offering->capacity.occupied = 1;
    small->offering->capacity.total = 80;
}

static void
report_without_time(SmallNetwork *small)
{
    small->offering->capacity.occupied = 1;
    small->offering->capacity.as_of.is_set = FALSE;
}

static void
report_nothing(SmallNetwork *small)
{
    small->offering->capacity = (CnCapacity){.wait_days = -1};
}

static void
report_newer_total(SmallNetwork *small)
{
    small->offering->capacity.total = 3;
    small->offering->capacity.wait_days = -1;
    small->offering->capacity.as_of.s += 1;
}

static void
withhold_capacity(SmallNetwork *small)
{
    report_newer(small);
    g_ptr_array_add(small->shelter->withheld, (gpointer) "capacity");
}

static void
move_restricted_site(SmallNetwork *small)
{
    small->shelter->site.lat_deg = 8.5;
    small->shelter->site.phone = "0918 CANARY";
    small->shelter->site.area = 3;
}

static void
move_public_site(SmallNetwork *small)
{
    CnProvider *office = g_ptr_array_index(small->network->providers, 0);
    office->site.address = "2 Main Street";
}

static void
withhold_site(SmallNetwork *small)
{
    static const char *const fields[] = {"name", "area", "point", "address", "phone", "email"};
    CnProvider *shelter = small->shelter;
    shelter->name = NULL;
    shelter->site = (CnSite){.area = CN_AREA_NONE};
    for (gsize i = 0; i < G_N_ELEMENTS(fields); i++)
        g_ptr_array_add(shelter->withheld, (gpointer)fields[i]);
}

static void
erase_site(SmallNetwork *small)
{
    small->shelter->name = NULL;
    small->shelter->site = (CnSite){.area = CN_AREA_NONE};
}

static void
pause_shelter(SmallNetwork *small)
{
    small->shelter->status = CN_PAUSED;
}

static void
add_language(SmallNetwork *small)
{
    cn_term_set_add(&small->shelter->languages, 1);
}

static void
limit_ages(SmallNetwork *small)
{
    small->offering->eligibility.age_min = 7;
}

static void
exclude_group(SmallNetwork *small)
{
    cn_term_set_add(&small->offering->eligibility.not_for, 0);
}

static void
serve_more(SmallNetwork *small)
{
    CnAreaId area = 2;
    g_array_append_val(small->shelter->serves, area);
}

static void
train_staff(SmallNetwork *small)
{
    CnCapability capability = {.course = 0, .staff = 4, .on = {2022, 5, 1}};
    g_array_append_val(small->shelter->capabilities, capability);
}

static void
rename_body(SmallNetwork *small)
{
    g_array_index(small->network->organizations, CnOrganization, 0).name = "Other";
}

static void
rename_region(SmallNetwork *small)
{
    g_array_index(small->network->regions, CnRegion, 0).name = "Far North";
}

static void
name_network(SmallNetwork *small)
{
    small->network->id = "net";
    small->network->demonstration_now = (CnInstant){.s = 1000000, .is_set = TRUE};
}

static void
drop_offering(SmallNetwork *small)
{
    g_array_set_size(small->shelter->offerings, 0);
}

static void
drop_shelter(SmallNetwork *small)
{
    g_ptr_array_remove_index(small->network->providers, 1);
}

static void
drop_body(SmallNetwork *small)
{
    g_array_set_size(small->network->organizations, 0);
}

/* What the second import of a small network with one change does; rows "added changed unchanged
 * closed". Afterwards: occupied/total of the offering ("-" where it is not listed), the shelter's
 * status, and whether the two revisions moved. */
typedef struct {
    const char *name;
    void (*change)(SmallNetwork *small);
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
hold_places(ImportStore *fixture, gint64 held)
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
check_upsert(ImportStore *fixture, const UpsertCase *expected)
{
    gint64 directory, capacity, later_directory, later_capacity;
    SmallNetwork first = small_network(fixture->reference);
    g_autoptr(CnNetwork) first_network = first.network;
    import_store_import_ok(fixture, first_network, FALSE);
    hold_places(fixture, 2);
    revisions(fixture, &directory, &capacity);
    SmallNetwork second = small_network(fixture->reference);
    g_autoptr(CnNetwork) second_network = second.network;
    expected->change(&second);
    g_autoptr(carenet_table) changes = NULL;
    assert_true(
        import_store_import(fixture, second_network, expected->replace, FALSE, &changes, NULL));
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
    ImportStore *fixture = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(upsert_cases); i++) {
        print_message("%s\n", upsert_cases[i].name);
        cn_store_close(fixture->store);
        g_free(fixture->path);
        fixture->path = g_strdup_printf("%s/upsert-%zu.db", fixture->folder, i);
        fixture->store = import_store_make(fixture, CARENET_STORE_DEMONSTRATION);
        check_upsert(fixture, &upsert_cases[i]);
    }
}

static void
test_withheld_site_keeps_what_is_stored(void **state)
{
    ImportStore *fixture = *state;
    SmallNetwork small = small_network(fixture->reference);
    g_autoptr(CnNetwork) network = small.network;
    import_store_import_ok(fixture, network, FALSE);
    g_autofree char *before = stored_dump(fixture);
    assert_non_null(strstr(before, "0917 CANARY"));
    withhold_site(&small);
    pause_shelter(&small);
    import_store_import_ok(fixture, network, FALSE);
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
count_overfull(ImportStore *fixture, SmallNetwork *small)
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
    ImportStore *fixture = *state;
    SmallNetwork lost = small_network(fixture->reference),
                 older = small_network(fixture->reference);
    SmallNetwork withheld = small_network(fixture->reference);
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
    ImportStore *fixture = *state;
    SmallNetwork whole = small_network(fixture->reference);
    g_autoptr(CnNetwork) whole_network = whole.network;
    import_store_import_ok(fixture, whole_network, FALSE);
    g_autofree char *before = stored_dump(fixture);
    SmallNetwork less = small_network(fixture->reference);
    g_autoptr(CnNetwork) less_network = less.network;
    drop_offering(&less);
    import_store_import_ok(fixture, less_network, TRUE);
    /* A file that still does not name it leaves it closed. */
    g_autoptr(carenet_table) again = NULL;
    assert_true(import_store_import(fixture, less_network, TRUE, FALSE, &again, NULL));
    assert_row(again, "offering", "0 0 0 0");
    g_autoptr(carenet_table) changes = NULL;
    assert_true(import_store_import(fixture, whole_network, TRUE, FALSE, &changes, NULL));
    assert_row(changes, "offering", "0 1 0 0");
    assert_row(changes, "capacity", "0 0 1 0");
    g_autofree char *after = stored_dump(fixture);
    assert_string_equal(before, after);
}

static void
test_replace_keeps_other_regions(void **state)
{
    ImportStore *fixture = *state;
    SmallNetwork small = small_network(fixture->reference);
    g_autoptr(CnNetwork) network = small.network;
    import_store_import_ok(fixture, network, FALSE);
    g_autoptr(CnNetwork) other = cn_network_new();
    CnRegion south = {.id = "south", .name = "South", .area = 2};
    g_array_append_val(other->regions, south);
    CnProvider *spanning = cn_network_add_provider(other);
    spanning->id = "line";
    spanning->organization = "body";
    spanning->site.area = 0;
    /* The network's own provider, from a file without a network part. */
    import_store_import_ok(fixture, other, TRUE);
    g_autoptr(CnNetwork) found = cn_store_network(fixture->store, NULL, NULL);
    assert_int_equal(cn_network_provider(found, "shelter")->status, CN_ACTIVE);
    /* Only the network's own file closes what spans the regions. */
    g_autoptr(CnNetwork) head = cn_network_new();
    head->id = "net";
    g_autoptr(carenet_table) changes = NULL;
    assert_true(import_store_import(fixture, head, TRUE, FALSE, &changes, NULL));
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
    ImportStore *fixture = *state;
    SmallNetwork small = small_network(fixture->reference);
    g_autoptr(CnNetwork) network = small.network;
    import_store_import_ok(fixture, network, FALSE);
    CnRegion south = {.id = "south", .name = "South", .area = 2};
    g_array_append_val(network->regions, south);
    small.shelter->region = "south";
    g_autoptr(carenet_table) changes = NULL;
    assert_true(import_store_import(fixture, network, FALSE, FALSE, &changes, NULL));
    assert_row(changes, "region", "1 0 1 0");
    assert_row(changes, "provider", "0 1 1 0");
    g_autoptr(CnNetwork) found = cn_store_network(fixture->store, NULL, NULL);
    assert_string_equal(cn_network_provider(found, "shelter")->region, "south");
}

/* ---- What is refused. */

static void
test_dry_run_changes_nothing(void **state)
{
    ImportStore *fixture = *state;
    SmallNetwork small = small_network(fixture->reference);
    g_autoptr(CnNetwork) network = small.network;
    g_autofree char *before = table_contents(fixture);
    g_autoptr(carenet_table) changes = NULL;
    assert_true(import_store_import(fixture, network, FALSE, TRUE, &changes, NULL));
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
spoil_organization(SmallNetwork *small)
{
    small->shelter->organization = "nobody";
}

static void
spoil_gateway(SmallNetwork *small)
{
    small->shelter->contact_gateway = "nobody";
}

static void
spoil_ages(SmallNetwork *small)
{
    small->offering->eligibility.age_min = 17;
    small->offering->eligibility.age_max = 7;
}

static void
spoil_offering_id(SmallNetwork *small)
{
    small->offering->id = "shelter/mental-health";
}

static void
spoil_id(SmallNetwork *small)
{
    small->shelter->id = "Not A Slug";
}

static void
spoil_places(SmallNetwork *small)
{
    small->offering->capacity.total = -1;
}

static void
spoil_shown_place(SmallNetwork *small)
{
    small->shelter->show_area = CN_AREA_NONE;
}

static void
spoil_public_place(SmallNetwork *small)
{
    small->shelter->disclosure = CN_DISCLOSE_PUBLIC;
    small->shelter->site.area = CN_AREA_NONE;
}

/* A network that no reader lets through: the store's own rules are the last line, dry run or not. */
static void
test_broken_networks_are_refused(void **state)
{
    ImportStore *fixture = *state;
    void (*const spoils[])(SmallNetwork *) = {spoil_organization, spoil_gateway,     spoil_ages,
                                              spoil_offering_id,  spoil_id,          spoil_places,
                                              spoil_shown_place,  spoil_public_place};
    g_autofree char *before = table_contents(fixture);
    for (gsize i = 0; i < G_N_ELEMENTS(spoils) * 2; i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(carenet_table) changes = NULL;
        SmallNetwork small = small_network(fixture->reference);
        g_autoptr(CnNetwork) network = small.network;
        spoils[i / 2](&small);
        if (import_store_import(fixture, network, FALSE, i % 2 == 1, &changes, &error))
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
    ImportStore *fixture = *state;
    static const KindCase cases[] = {{"real", FALSE, FALSE, FALSE, FALSE},
                                     {"example organization", TRUE, FALSE, FALSE, TRUE},
                                     {"example provider", FALSE, TRUE, FALSE, TRUE},
                                     {"demonstration clock", FALSE, FALSE, TRUE, TRUE}};
    cn_store_close(fixture->store);
    g_free(fixture->path);
    fixture->path = g_build_filename(fixture->folder, "live.db", NULL);
    fixture->store = import_store_make(fixture, CARENET_STORE_LIVE);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        SmallNetwork small = small_network(fixture->reference);
        g_autoptr(CnNetwork) network = small.network;
        g_array_index(network->organizations, CnOrganization, 0).example = cases[i].organization;
        small.shelter->example = cases[i].provider;
        network->id = "net";
        network->demonstration_now.is_set = cases[i].now;
        gboolean done = import_store_import(fixture, network, FALSE, FALSE, NULL, &error);
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
    ImportStore *fixture = *state;
    SmallNetwork small = small_network(fixture->reference);
    g_autoptr(CnNetwork) network = small.network;
    small.shelter->example = TRUE;
    import_store_import_ok(fixture, network, FALSE);
}

static void
test_files_may_refer_to_what_is_stored(void **state)
{
    ImportStore *fixture = *state;
    SmallNetwork small = small_network(fixture->reference);
    g_autoptr(CnNetwork) network = small.network;
    import_store_import_ok(fixture, network, FALSE);
    g_autoptr(CnNetwork) later = cn_network_new();
    CnProvider *provider = cn_network_add_provider(later);
    provider->id = "second";
    provider->organization = "body";
    provider->site.area = 4;
    provider->contact_gateway = "office";
    import_store_import_ok(fixture, later, FALSE);
    g_autoptr(CnNetwork) found = cn_store_network(fixture->store, NULL, NULL);
    assert_int_equal(found->providers->len, 3);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_random_round_trip, import_store_set_up,
                                        import_store_tear_down),
        cmocka_unit_test_setup_teardown(test_random_over_random, import_store_set_up,
                                        import_store_tear_down),
        cmocka_unit_test_setup_teardown(test_upsert, import_store_set_up, import_store_tear_down),
        cmocka_unit_test_setup_teardown(test_withheld_site_keeps_what_is_stored,
                                        import_store_set_up, import_store_tear_down),
        cmocka_unit_test_setup_teardown(test_overfull_is_said_of_the_file, import_store_set_up,
                                        import_store_tear_down),
        cmocka_unit_test_setup_teardown(test_closed_come_back, import_store_set_up,
                                        import_store_tear_down),
        cmocka_unit_test_setup_teardown(test_replace_keeps_other_regions, import_store_set_up,
                                        import_store_tear_down),
        cmocka_unit_test_setup_teardown(test_provider_moves_to_another_region, import_store_set_up,
                                        import_store_tear_down),
        cmocka_unit_test_setup_teardown(test_dry_run_changes_nothing, import_store_set_up,
                                        import_store_tear_down),
        cmocka_unit_test_setup_teardown(test_broken_networks_are_refused, import_store_set_up,
                                        import_store_tear_down),
        cmocka_unit_test_setup_teardown(test_live_store_refuses_examples, import_store_set_up,
                                        import_store_tear_down),
        cmocka_unit_test_setup_teardown(test_demonstration_takes_real_and_invented,
                                        import_store_set_up, import_store_tear_down),
        cmocka_unit_test_setup_teardown(test_files_may_refer_to_what_is_stored, import_store_set_up,
                                        import_store_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
