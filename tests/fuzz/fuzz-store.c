/* Database images: a store that was damaged on purpose is refused with an error that says so, or
 * what is read from it can be listed, routed and written like any other. The check of the store does
 * not find sound what cannot be read, and what was restored can be opened. Byte 0 of the input chooses
 * how it is damaged:
 *   0  the rest is the file
 *   1  the file of a sound store with bytes changed, and perhaps cut off
 *   2  a sound store with cells set to values that no writer of ours would store
 * A sound store is made once, in a folder of its own. */
#include "fuzz.h"

#include "routes.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#define EDITS_MOST 8
#define NOW_S      G_GINT64_CONSTANT(1794792600) /* 2026-11-16 09:30 local time */

typedef struct {
    char *folder;
    char *region; /* a region file */
    char *path;   /* the store that is opened */
    char *copy;   /* where it is restored to */
    char *image;  /* a sound store */
    gsize image_len;
    carenet_cases *cases;
} Place;

static Place place;

/* ---- A sound store, and its folder. */

static void
remove_store(const char *name)
{
    static const char *const endings[] = {"", "-wal", "-shm", "-journal"};
    for (guint i = 0; i < G_N_ELEMENTS(endings); i++) {
        g_autofree char *path = g_strconcat(name, endings[i], NULL);
        g_unlink(path);
    }
}

static void
remove_place(void)
{
    remove_store(place.path);
    remove_store(place.copy);
    g_unlink(place.region);
    g_rmdir(place.folder);
    g_free(place.folder);
    g_free(place.region);
    g_free(place.path);
    g_free(place.copy);
    g_free(place.image);
    carenet_cases_unref(place.cases);
}

static carenet_store_options
get_options(gboolean read_only)
{
    carenet_store_options options;
    carenet_store_options_init(&options);
    options.reference = fuzz_reference();
    options.read_only = read_only;
    options.busy_ms = 0;
    return options;
}

static void
make_image(void)
{
    const char *const files[] = {place.region};
    carenet_store_options options = get_options(FALSE);
    g_autoptr(GError) error = NULL;
    carenet_store *store =
        carenet_store_init(place.path, CARENET_STORE_DEMONSTRATION, &options, &error);
    g_assert_no_error(error);
    carenet_store_import(store, files, 1, NULL, NULL, NULL, &error);
    g_assert_no_error(error);
    carenet_store_close(store);
    g_file_get_contents(place.path, &place.image, &place.image_len, &error);
    g_assert_no_error(error);
}

static void
make_place(void)
{
    static const char asked[] = "{ref: A-1, area: Cagayan de Oro, age: 15, sex: female,\n"
                                " consent: full, needs: [case-management, emergency-shelter]}";
    if (place.folder != NULL)
        return;
    g_autoptr(GError) error = NULL;
    /* Nothing is gained by writing to a disk. */
    const char *top = g_file_test("/dev/shm", G_FILE_TEST_IS_DIR) ? "/dev/shm" : g_get_tmp_dir();
    place.folder = g_build_filename(top, "carenet-fuzz-XXXXXX", NULL);
    g_assert_nonnull(g_mkdtemp(place.folder));
    place.region = g_build_filename(place.folder, "region.yaml", NULL);
    place.path = g_build_filename(place.folder, "store.db", NULL);
    place.copy = g_build_filename(place.folder, "copy.db", NULL);
    atexit(remove_place);
    g_file_set_contents(place.region, carenet_template("region"), -1, &error);
    g_assert_no_error(error);
    place.cases = carenet_cases_parse(fuzz_reference(), asked, strlen(asked), "case.yaml",
                                      CARENET_CASES_STRICT, NULL, &error);
    g_assert_no_error(error);
    make_image();
}

/* ---- Damage. */

static void
write_file(const char *bytes, gsize len)
{
    FILE *file = fopen(place.path, "wb");
    g_assert_nonnull(file);
    g_assert_cmpuint(fwrite(bytes, 1, len, file), ==, len);
    g_assert_cmpint(fclose(file), ==, 0);
}

static void
write_patched(FuzzChoices *choices)
{
    g_autofree char *image = g_memdup2(place.image, place.image_len);
    gsize len = place.image_len;
    if (fuzz_byte(choices) % 8 == 7)
        len = (gsize)((guint64)fuzz_int64(choices) % (place.image_len + 1));
    while (choices->left >= 4) {
        guint page = fuzz_pick(choices, 1 + (guint)(place.image_len / 4096));
        gsize offset = (gsize)page * 4096 + fuzz_pick(choices, 4096);
        for (guint i = 1 + fuzz_pick(choices, 8); i > 0; i--, offset++)
            if (offset < place.image_len)
                image[offset] = (char)fuzz_byte(choices);
    }
    write_file(image, len);
}

/* Every column that is read. */
static const char *const cells[][2] = {
    {"network", "slug"},
    {"network", "name"},
    {"network", "kind"},
    {"network", "demonstration_now_s"},
    {"network", "demonstration_now_day_only"},
    {"network", "reference_digest"},
    {"region", "id"},
    {"region", "name"},
    {"region", "area"},
    {"region_language", "term"},
    {"organization", "id"},
    {"organization", "region_id"},
    {"organization", "name"},
    {"organization", "website"},
    {"organization", "kind"},
    {"organization", "data_sharing_agreement"},
    {"organization", "example"},
    {"provider", "id"},
    {"provider", "region_id"},
    {"provider", "organization_id"},
    {"provider", "display_name"},
    {"provider", "disclosure"},
    {"provider", "show_area"},
    {"provider", "remote"},
    {"provider", "contact_role"},
    {"provider", "contact_gateway"},
    {"provider", "status"},
    {"provider", "listing_consent"},
    {"provider", "verified_on"},
    {"provider", "verified_by"},
    {"provider", "source_on"},
    {"provider", "accreditation_body"},
    {"provider", "accreditation_level"},
    {"provider", "accreditation_expires"},
    {"provider_site", "name"},
    {"provider_site", "area"},
    {"provider_site", "lat_deg"},
    {"provider_site", "lon_deg"},
    {"provider_site", "phone"},
    {"provider_serves", "area"},
    {"provider_term", "kind"},
    {"provider_term", "term"},
    {"capability", "course"},
    {"capability", "staff"},
    {"capability", "since"},
    {"offering", "id"},
    {"offering", "provider_id"},
    {"offering", "service_id"},
    {"offering", "variant"},
    {"offering", "age_min"},
    {"offering", "age_max"},
    {"offering", "sex"},
    {"offering", "siblings_up_to"},
    {"offering", "hours"},
    {"offering", "intake_hours"},
    {"offering", "closed"},
    {"offering_term", "kind"},
    {"offering_term", "term"},
    {"capacity", "offering_id"},
    {"capacity", "total"},
    {"capacity", "occupied"},
    {"capacity", "held"},
    {"capacity", "as_of_s"},
    {"capacity", "as_of_day_only"},
    {"capacity", "source"},
    {"capacity", "wait_days"},
    {"policy", "text"},
    {"policy", "is_default"},
    {"area", "code"},
    {"service", "id"},
};

static void
bind_value(sqlite3_stmt *statement, FuzzChoices *choices)
{
    gint64 number;
    double real;
    switch (fuzz_byte(choices) % 6) {
    case 0:
        sqlite3_bind_null(statement, 1);
        break;
    case 1:
        sqlite3_bind_int64(statement, 1, fuzz_int64(choices));
        break;
    case 2:
        sqlite3_bind_int64(statement, 1, (gint64)fuzz_byte(choices) - 4);
        break;
    case 3:
        number = fuzz_int64(choices);
        memcpy(&real, &number, sizeof real);
        sqlite3_bind_double(statement, 1, real);
        break;
    default: {
        /* With NUL inside, and without a care for UTF-8. */
        size_t want = fuzz_pick(choices, 64), len = MIN(want, choices->left);
        sqlite3_bind_text(statement, 1, (const char *)choices->at, (int)len, SQLITE_TRANSIENT);
        choices->at += len;
        choices->left -= len;
    }
    }
}

static void
edit_cell(sqlite3 *db, FuzzChoices *choices)
{
    const char *const *cell = cells[fuzz_pick(choices, G_N_ELEMENTS(cells))];
    /* The value is bound in either statement, so that the choices stay aligned. */
    g_autofree char *where = g_strdup_printf("%s IS (SELECT %s FROM %s LIMIT 1 OFFSET %u)", cell[1],
                                             cell[1], cell[0], fuzz_pick(choices, 8));
    g_autofree char *sql =
        fuzz_byte(choices) % 16 == 15
            ? g_strdup_printf("DELETE FROM %s WHERE ?1 IS ?1 AND %s", cell[0], where)
            : g_strdup_printf("UPDATE OR IGNORE %s SET %s = ?1 WHERE %s", cell[0], cell[1], where);
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
        g_error("%s: %s", sql, sqlite3_errmsg(db));
    bind_value(statement, choices);
    sqlite3_step(statement);
    sqlite3_finalize(statement);
}

static void
write_edited(FuzzChoices *choices)
{
    sqlite3 *db = NULL;
    write_file(place.image, place.image_len);
    g_assert_cmpint(sqlite3_open(place.path, &db), ==, SQLITE_OK);
    sqlite3_exec(db,
                 "PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF;"
                 "PRAGMA synchronous = OFF; BEGIN",
                 NULL, NULL, NULL);
    for (guint i = 0; i < EDITS_MOST && choices->left > 0; i++)
        edit_cell(db, choices);
    sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
    g_assert_cmpint(sqlite3_close(db), ==, SQLITE_OK);
}

/* ---- What must hold of what comes out. */

static void
check_code(const GError *error)
{
    carenet_error_code code = carenet_error_get_code(error);
    g_assert_true(code == CARENET_ERROR_CORRUPT || code == CARENET_ERROR_VERSION ||
                  code == CARENET_ERROR_STORAGE || code == CARENET_ERROR_INVALID_DATA ||
                  code == CARENET_ERROR_TOO_LARGE || code == CARENET_ERROR_NOT_FOUND);
    fuzz_check_error(FALSE, error);
}

static gboolean
is_found_sound(carenet_store *store)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(carenet_table) rows = carenet_store_check(store, NOW_S, &error);
    if (rows == NULL) {
        check_code(error);
        return FALSE;
    }
    fuzz_check_table(rows);
    size_t status = (size_t)carenet_table_column_index(rows, "status");
    for (size_t i = 0; i < carenet_table_rows_len(rows); i++)
        if (strcmp(carenet_table_get_text(rows, i, status), "bad") == 0)
            return FALSE;
    return TRUE;
}

static void
check_directory(carenet_store *store)
{
    g_autoptr(GError) error = NULL;
    carenet_directory *directory = carenet_directory_load(store, &error);
    carenet_find_query query;
    carenet_route_options options;
    gboolean sound = is_found_sound(store);
    if (directory == NULL) {
        check_code(error);
        g_assert_false(sound);
        return;
    }
    carenet_find_query_init(&query);
    query.now_s = NOW_S;
    query.near = "Cagayan de Oro";
    g_autoptr(carenet_table) rows = carenet_find(directory, &query, &error);
    g_assert_no_error(error);
    fuzz_check_table(rows);
    carenet_route_options_init(&options);
    options.now_s = query.now_s;
    options.top = 0;
    options.include_unconfirmed = options.include_unknown_capacity = true;
    fuzz_check_routes(directory, fuzz_policy(), place.cases, &options);
    carenet_directory_unref(directory);
}

static void
check_answers(carenet_store *store)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(carenet_table) regions = carenet_store_regions(store, &error);
    if (regions != NULL)
        fuzz_check_table(regions);
    else
        check_code(error);
    g_clear_error(&error);
    carenet_policy *policy = carenet_store_policy(store, &error);
    if (policy == NULL)
        check_code(error);
    carenet_policy_unref(policy);
    g_clear_error(&error);
    char *text = carenet_store_export(store, "my-region", &error);
    if (text == NULL)
        check_code(error);
    carenet_free(text);
    check_directory(store);
}

static void
check_import(carenet_store *store)
{
    const char *const files[] = {place.region};
    g_autoptr(GError) error = NULL;
    g_autoptr(carenet_table) issues = NULL;
    g_autoptr(carenet_table) changes = NULL;
    bool done = carenet_store_import(store, files, 1, NULL, &issues, &changes, &error);
    if (done)
        fuzz_check_table(changes);
    else if (carenet_error_get_code(error) != CARENET_ERROR_REFUSED)
        check_code(error);
}

static void
check_restore(void)
{
    g_autoptr(GError) error = NULL;
    if (!carenet_store_restore(place.path, place.copy, NULL, NULL, &error)) {
        if (carenet_error_get_code(error) != CARENET_ERROR_IO)
            check_code(error);
        return;
    }
    carenet_store_options options = get_options(TRUE);
    carenet_store *store = carenet_store_open(place.copy, &options, &error);
    g_assert_no_error(error);
    carenet_store_close(store);
    remove_store(place.copy);
}

static void
open_store(gboolean read_only, void (*check)(carenet_store *store))
{
    g_autoptr(GError) error = NULL;
    carenet_store_options options = get_options(read_only);
    carenet_store *store = carenet_store_open(place.path, &options, &error);
    if (store != NULL)
        check(store);
    else
        check_code(error);
    carenet_store_close(store);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    FuzzChoices choices = {data, size};
    make_place();
    remove_store(place.path);
    switch (fuzz_byte(&choices) % 3) {
    case 0:
        write_file((const char *)choices.at, choices.left);
        break;
    case 1:
        write_patched(&choices);
        break;
    default:
        write_edited(&choices);
        break;
    }
    open_store(TRUE, check_answers);
    check_restore();
    open_store(FALSE, check_import);
    return 0;
}
