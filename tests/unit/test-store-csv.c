/* CSV into a store and out of it, by the public functions: an export changes nothing, columns that are
 * missing keep what is stored, and nothing that must not be shown comes into the open. */
#include "../support/network-dump.h"
#include "../support/random-network.h"
#include "../support/random-world.h"
#include "../support/store-key.h"
#include "../support/tame-network.h"
#include "base/error.h"
#include "format/region-csv.h"
#include "format/region-file.h"
#include "store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <glib/gstdio.h>
#include <string.h>

typedef struct {
    CnReference *reference;
    char *folder;
    char *path;
    char *csv;
    carenet_store *store;
} Fixture;

static int
set_up(void **state)
{
    Fixture *fixture = g_new0(Fixture, 1);
    fixture->reference = test_reference();
    fixture->folder = test_folder();
    fixture->path = g_build_filename(fixture->folder, "store.db", NULL);
    fixture->csv = g_build_filename(fixture->folder, "providers.csv", NULL);
    fixture->store =
        cn_store_init(fixture->path, CARENET_STORE_DEMONSTRATION, fixture->reference, 1000, NULL);
    assert_non_null(fixture->store);
    test_key_give(fixture->store);
    *state = fixture;
    return 0;
}

static int
tear_down(void **state)
{
    Fixture *fixture = *state;
    carenet_store_close(fixture->store);
    test_folder_remove(fixture->folder);
    carenet_reference_unref(fixture->reference);
    g_free(fixture->path);
    g_free(fixture->csv);
    g_free(fixture);
    return 0;
}

static void
write_file(const char *path, const char *text)
{
    assert_true(g_file_set_contents(path, text, -1, NULL));
}

/* Imports one file; the changes as "kind added changed unchanged closed" lines of what is not zero,
 * or the error, and the tags of the issues. (transfer full) */
static char *
import_file(Fixture *fixture, const char *path, const carenet_import_options *options)
{
    g_autoptr(GError) error = NULL;
    carenet_table *issues = NULL, *changes = NULL;
    GString *out = g_string_new(NULL);
    if (!carenet_store_import(fixture->store, &path, 1, options, &issues, &changes, &error))
        g_string_append_printf(out, "%s\n", carenet_error_code_name(carenet_error_get_code(error)));
    for (size_t i = 0; i < carenet_table_rows_len(issues); i++)
        if (strcmp(carenet_table_get_text(issues, i, 3), "info") != 0)
            g_string_append_printf(out, "%s\n", carenet_table_get_text(issues, i, 4));
    for (size_t i = 0; i < carenet_table_rows_len(changes); i++) {
        const int64_t added = carenet_table_get_int64(changes, i, 1);
        const int64_t changed = carenet_table_get_int64(changes, i, 2);
        const int64_t closed = carenet_table_get_int64(changes, i, 4);
        if (added + changed + closed > 0)
            g_string_append_printf(out, "%s +%d ~%d -%d\n", carenet_table_get_text(changes, i, 0),
                                   (int)added, (int)changed, (int)closed);
    }
    carenet_table_unref(issues);
    carenet_table_unref(changes);
    return g_string_free(out, FALSE);
}

static char *
import_text(Fixture *fixture, const char *text)
{
    write_file(fixture->csv, text);
    return import_file(fixture, fixture->csv, NULL);
}

static char *
dump(carenet_store *store)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CnNetwork) network = cn_store_network(store, NULL, &error);
    if (network == NULL)
        fail_msg("%s", error->message);
    return network_dump(network, cn_store_reference(store));
}

static char *export(Fixture *fixture, const char *region)
{
    g_autoptr(GError) error = NULL;
    char *text = carenet_store_export_csv(fixture->store, region, &error);
    if (text == NULL)
        fail_msg("%s", error->message);
    return text;
}

/* An office with an address and a point, a shelter with every secret, both in Caraga. */
#define HEAD                                                                           \
    "region: {id: caraga, name: Caraga, area: \"1600000000\"}\n"                       \
    "organizations:\n"                                                                 \
    "  - {id: org, name: Organization, kind: ngo, website: \"https://example.org\"}\n" \
    "providers:\n"
#define OFFICE                                                                                     \
    "  - id: office\n"                                                                             \
    "    organization: org\n"                                                                      \
    "    name: Office\n"                                                                           \
    "    place: {area: \"1630400000\", disclosure: public, address: 1 Main Street,\n"              \
    "            point: [8.95, 125.53]}\n"                                                         \
    "    serves: [\"1600000000\"]\n"                                                               \
    "    contact: {role: desk, phone: \"1383\", email: desk@example.org}\n"                        \
    "    languages: [fil]\n"                                                                       \
    "    access: [wheelchair]\n"                                                                   \
    "    status: paused\n"                                                                         \
    "    listing_consent: 2026-01-02\n"                                                            \
    "    verified: {on: 2026-11-03, by: phone}\n"                                                  \
    "    source: {title: page, on: 2026-01}\n"                                                     \
    "    accreditation: {body: DSWD, level: 2, expires: 2028-03-31}\n"                             \
    "    capabilities: [{course: trauma-informed-care, staff: 2}]\n"                               \
    "    offerings:\n"                                                                             \
    "      - service: counseling\n"                                                                \
    "        all_below: true\n"                                                                    \
    "        capacity: {unit: slot, total: 12, occupied: 7, as_of: 2026-11-05}\n"                  \
    "        eligibility: {age: [7, 17], sex: female, groups: [deaf], documents: [court-order],\n" \
    "                      siblings_up_to: 3, not_for: [muslim]}\n"                                \
    "        hours: \"Mo-Fr 08:00-17:00\"\n"                                                       \
    "        intake: {hours: \"24/7\", on_call: true}\n"                                           \
    "      - {service: case-management}\n"
#define SHELTER                                                                               \
    "  - id: house\n"                                                                         \
    "    organization: org\n"                                                                 \
    "    name: Santa Clara\n"                                                                 \
    "    display_name: House 1\n"                                                             \
    "    place: {area: \"1630400000\", disclosure: restricted, show_area: \"1600000000\",\n"  \
    "            address: 12 Rizal Street, point: [8.95, 125.53]}\n"                          \
    "    contact: {role: desk, phone: \"0917\", email: house@example.org, gateway: office}\n" \
    "    verified: {on: 2026-11-03, by: phone}\n"                                             \
    "    offerings: [{service: emergency-shelter, capacity: {total: 10, occupied: 4, as_of: " \
    "2026-11-05}}]\n"

static void
fill(Fixture *fixture)
{
    g_autofree char *path = g_build_filename(fixture->folder, "caraga.yaml", NULL);
    write_file(path, HEAD OFFICE SHELTER);
    g_autofree char *changes = import_file(fixture, path, NULL);
    assert_string_equal(changes, "restricted-in-clear\nregion +1 ~0 -0\norganization +1 ~0 -0\n"
                                 "provider +2 ~0 -0\noffering +3 ~0 -0\ncapacity +2 ~0 -0\n");
}

/* ---- Out and in again. */

static void
an_export_changes_nothing(void **state)
{
    Fixture *fixture = *state;
    fill(fixture);
    g_autofree char *before = dump(fixture->store);
    g_autofree char *text = export(fixture, NULL);
    assert_null(strstr(text, "Rizal"));
    assert_null(strstr(text, "Clara"));
    assert_null(strstr(text, "0917"));
    assert_null(strstr(text, "125.53"));
    g_autofree char *changes = import_text(fixture, text);
    assert_string_equal(changes, "");
    g_autofree char *region = export(fixture, "caraga");
    assert_string_equal(region, text);
    g_autofree char *after = dump(fixture->store);
    assert_string_equal(after, before);
}

static void
the_shipped_directory_changes_nothing(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *regions = g_build_filename(fixture->reference->data_dir, "regions", NULL);
    g_autoptr(GDir) dir = g_dir_open(regions, 0, NULL);
    g_autofree char *own = g_build_filename(fixture->reference->data_dir, "network.yaml", NULL);
    g_free(import_file(fixture, own, NULL));
    for (const char *name = g_dir_read_name(dir); name != NULL; name = g_dir_read_name(dir)) {
        g_autofree char *path = g_build_filename(regions, name, NULL);
        if (g_str_has_suffix(name, ".yaml"))
            g_free(import_file(fixture, path, NULL));
    }
    g_autofree char *before = dump(fixture->store);
    g_autofree char *text = export(fixture, NULL);
    g_autofree char *changes = import_text(fixture, text);
    assert_null(strpbrk(changes, "+~")); /* warnings only */
    g_autofree char *after = dump(fixture->store);
    assert_string_equal(after, before);
    carenet_import_options options;
    carenet_import_options_init(&options);
    options.replace = true;
    g_autofree char *replaced = import_file(fixture, fixture->csv, &options);
    assert_null(strpbrk(replaced, "+~"));
    g_autofree char *network = export(fixture, "network");
    assert_true(g_str_has_prefix(strchr(network, '\n') + 1, "network,"));
}

/* Records that a program made, not a file, are not checked: a random network would not pass. */
static void
forget_files(CnNetwork *network)
{
    for (guint i = 0; i < network->regions->len; i++)
        g_array_index(network->regions, CnRegion, i).pos.file = NULL;
    for (guint i = 0; i < network->organizations->len; i++)
        g_array_index(network->organizations, CnOrganization, i).pos.file = NULL;
    for (guint i = 0; i < network->providers->len; i++) {
        CnProvider *provider = g_ptr_array_index(network->providers, i);
        provider->pos.file = provider->organization_pos.file = provider->show_area_pos.file = NULL;
        provider->gateway_pos.file = provider->serves_pos.file = provider->site_pos.file = NULL;
        provider->accreditation_pos.file = NULL;
        for (guint k = 0; k < provider->offerings->len; k++) {
            CnOffering *offering = &g_array_index(provider->offerings, CnOffering, k);
            offering->pos.file = offering->capacity_pos.file = NULL;
        }
    }
}

static void
store_network(carenet_store *store, const CnNetwork *network, carenet_table **out_changes)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    carenet_import_options options;
    carenet_import_options_init(&options);
    if (!cn_store_import(store, network, &options, issues, out_changes, &error))
        fail_msg("%s", error->message);
}

/* One sheet has one mark for a provider and its organization. */
static void
mark_all(CnNetwork *network)
{
    for (guint i = 0; i < network->organizations->len; i++)
        g_array_index(network->organizations, CnOrganization, i).example = TRUE;
    for (guint i = 0; i < network->providers->len; i++)
        ((CnProvider *)g_ptr_array_index(network->providers, i))->example = TRUE;
}

static void
random_export_changes_nothing(GRand *rand, gpointer data)
{
    Fixture *fixture = data;
    g_autofree char *path = g_strdup_printf("%s/%u.db", fixture->folder, (guint)g_rand_int(rand));
    g_autoptr(carenet_store) store =
        cn_store_init(path, CARENET_STORE_DEMONSTRATION, fixture->reference, 1000, NULL);
    test_key_give(store);
    g_autoptr(CnNetwork) network = random_network(rand, 12, fixture->reference);
    tame_network(network, fixture->reference, TRUE);
    mark_all(network);
    store_network(store, network, NULL);
    g_autofree char *before = dump(store);
    g_autofree char *text = carenet_store_export_csv(store, NULL, NULL);
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    g_autoptr(CnNetwork) given = cn_network_new();
    cn_region_csv_read(text, strlen(text), "s.csv", given, fixture->reference, issues);
    assert_int_equal(cn_issue_list_errors(issues), 0);
    forget_files(given);
    g_autoptr(carenet_table) changes = NULL;
    store_network(store, given, &changes);
    for (size_t i = 0; i < carenet_table_rows_len(changes); i++)
        for (size_t column = 1; column <= 4; column++)
            assert_true(column == 3 || carenet_table_get_int64(changes, i, column) == 0);
    g_autofree char *after = dump(store);
    assert_string_equal(after, before);
}

static void
random_exports_change_nothing(void **state)
{
    world_rounds(25, random_export_changes_nothing, *state);
}

/* ---- Columns that are missing. */

#define LEAST "region,provider,organization,name,area,disclosure,service"

static void
missing_columns_keep_what_is_stored(void **state)
{
    Fixture *fixture = *state;
    fill(fixture);
    g_autofree char *before = dump(fixture->store);
    g_autofree char *changes =
        import_text(fixture, LEAST ",show_area\n"
                                   "caraga,office,org,Office,1630400000,public,counseling,\n"
                                   "caraga,office,org,Office,1630400000,public,case-management,\n"
                                   "caraga,house,org,,,restricted,emergency-shelter,1600000000\n");
    assert_string_equal(changes, "");
    g_autofree char *after = dump(fixture->store);
    assert_string_equal(after, before);
}

static void
empty_cells_say_that_nothing_is_known(void **state)
{
    Fixture *fixture = *state;
    fill(fixture);
    g_autofree char *changes =
        import_text(fixture, LEAST ",phone,languages,hours\n"
                                   "caraga,office,org,Office,1630400000,public,counseling,,,\n");
    assert_string_equal(changes, "provider +0 ~1 -0\noffering +0 ~1 -0\n");
    g_autofree char *after = dump(fixture->store);
    assert_null(strstr(after, "1383"));
    assert_null(strstr(after, "Mo-Fr 08:00-17:00"));
    assert_non_null(strstr(after, "desk@example.org"));
}

/* What a coordinator does most: call, count, import. */
static void
places_are_reported(void **state)
{
    Fixture *fixture = *state;
    fill(fixture);
    g_autofree char *changes = import_text(
        fixture, LEAST ",total,occupied,as_of,show_area\n"
                       "caraga,office,org,Office,1630400000,public,counseling,12,9,2026-11-10,\n"
                       "caraga,house,org,,,restricted,emergency-shelter,10,10,2026-11-10,"
                       "1600000000\n");
    assert_string_equal(changes, "capacity +0 ~2 -0\n");
    g_autofree char *older = import_text(
        fixture, LEAST ",total,occupied,as_of\n"
                       "caraga,office,org,Office,1630400000,public,counseling,12,0,2026-11-09\n");
    assert_string_equal(older, "older-report\n");
}

static void
replace_closes_what_a_region_no_longer_has(void **state)
{
    Fixture *fixture = *state;
    carenet_import_options options;
    carenet_import_options_init(&options);
    options.replace = true;
    fill(fixture);
    write_file(fixture->csv, LEAST "\ncaraga,office,org,Office,1630400000,public,counseling\n");
    g_autofree char *changes = import_file(fixture, fixture->csv, &options);
    assert_string_equal(changes, "provider +0 ~0 -1\noffering +0 ~0 -1\n");
    g_autoptr(CnNetwork) network = cn_store_network(fixture->store, NULL, NULL);
    assert_int_equal(cn_network_provider(network, "house")->status, CN_CLOSED);
    assert_string_equal(cn_network_provider(network, "house")->site.address, "12 Rizal Street");
}

/* ---- What must not come into the open. */

static void
a_shelter_is_not_opened_by_a_sheet(void **state)
{
    Fixture *fixture = *state;
    static const char *const sheets[] = {
        LEAST "\ncaraga,house,org,House,1630400000,public,emergency-shelter\n",
        LEAST ",phone,email\ncaraga,house,org,House,1630400000,public,emergency-shelter,,\n",
    };
    fill(fixture);
    g_autofree char *before = dump(fixture->store);
    for (guint i = 0; i < G_N_ELEMENTS(sheets); i++) {
        g_autofree char *changes = import_text(fixture, sheets[i]);
        assert_true(g_str_has_prefix(changes, "invalid-data\nrestricted-opened\n"));
    }
    g_autofree char *after = dump(fixture->store);
    assert_string_equal(after, before);
    /* Nothing is hidden in a region file that states everything. */
    g_autofree char *path = g_build_filename(fixture->folder, "open.yaml", NULL);
    write_file(path, HEAD "  - {id: house, organization: org, name: House, place: {area: "
                          "\"1630400000\", disclosure: public}, verified: {on: 2026-11-03, by: "
                          "phone}, offerings: [{service: counseling}]}\n");
    g_autofree char *opened = import_file(fixture, path, NULL);
    assert_string_equal(opened, "provider +0 ~1 -0\noffering +1 ~0 -0\n");
}

static void
address_and_point_stay_behind(void **state)
{
    Fixture *fixture = *state;
    fill(fixture);
    g_autofree char *changes =
        import_text(fixture, LEAST "\ncaraga,office,org,Office,1606724000,public,counseling\n");
    assert_true(g_str_has_prefix(changes, "moved\n"));
    g_autoptr(CnNetwork) network = cn_store_network(fixture->store, NULL, NULL);
    const CnSite *site = &cn_network_provider(network, "office")->site;
    assert_null(site->address);
    assert_false(site->has_point);
    assert_string_equal(site->phone, "1383");
}

/* ---- Formats and mistakes. */

static void
the_format_is_known_by_name(void **state)
{
    Fixture *fixture = *state;
    static const char row[] = LEAST "\ncaraga,office,org,Office,1630400000,public,counseling\n";
    carenet_import_options options;
    carenet_import_options_init(&options);
    fill(fixture);
    g_autofree char *other = g_build_filename(fixture->folder, "sheet.txt", NULL);
    g_autofree char *upper = g_build_filename(fixture->folder, "SHEET.CSV", NULL);
    write_file(other, row);
    write_file(upper, row);
    g_autofree char *by_name = import_file(fixture, upper, NULL);
    assert_string_equal(by_name, "");
    g_autofree char *as_yaml = import_file(fixture, other, &options);
    assert_true(g_str_has_prefix(as_yaml, "invalid-data\n"));
    options.format = CARENET_FILE_CSV;
    g_autofree char *as_csv = import_file(fixture, other, &options);
    assert_string_equal(as_csv, "");
    options.format = CARENET_FILE_YAML;
    g_autofree char *csv_as_yaml = import_file(fixture, upper, &options);
    assert_true(g_str_has_prefix(csv_as_yaml, "invalid-data\n"));
    options.format = (carenet_file_format)7;
    g_autofree char *wrong = import_file(fixture, upper, &options);
    assert_string_equal(wrong, "invalid-argument\n");
}

static void
a_region_must_be_described_by_somebody(void **state)
{
    Fixture *fixture = *state;
    fill(fixture);
    g_autofree char *changes =
        import_text(fixture, LEAST "\nnowhere,office,org,Office,1630400000,public,counseling\n");
    assert_string_equal(changes, "invalid-data\ndangling-reference\n");
}

static void
mistakes_of_callers_are_told(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(GError) error = NULL;
    assert_null(carenet_store_export_csv(NULL, NULL, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_INVALID_ARGUMENT);
    g_clear_error(&error);
    assert_null(carenet_store_export_csv(fixture->store, "nowhere", &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_NOT_FOUND);
    g_autofree char *empty = export(fixture, NULL);
    g_autofree char *changes = import_text(fixture, empty);
    assert_string_equal(changes, "invalid-data\nempty-file\n");
}

static void
a_sheet_that_is_too_large_is_not_read(void **state)
{
    Fixture *fixture = *state;
    FILE *file = g_fopen(fixture->csv, "w");
    assert_int_equal(fseek(file, (long)CN_REGION_CSV_BYTES, SEEK_SET), 0);
    assert_int_equal(fputc('x', file), 'x');
    assert_int_equal(fclose(file), 0);
    g_autofree char *changes = import_file(fixture, fixture->csv, NULL);
    assert_string_equal(changes, "too-large\ntoo-large\n");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_export_changes_nothing),
        TEST(the_shipped_directory_changes_nothing),
        TEST(random_exports_change_nothing),
        TEST(missing_columns_keep_what_is_stored),
        TEST(empty_cells_say_that_nothing_is_known),
        TEST(places_are_reported),
        TEST(replace_closes_what_a_region_no_longer_has),
        TEST(a_shelter_is_not_opened_by_a_sheet),
        TEST(address_and_point_stay_behind),
        TEST(the_format_is_known_by_name),
        TEST(a_region_must_be_described_by_somebody),
        TEST(mistakes_of_callers_are_told),
        TEST(a_sheet_that_is_too_large_is_not_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
