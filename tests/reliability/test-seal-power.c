/* The power goes while a store is sealed, takes another key, or erases a case: afterwards it is as before
 * or as it shall be, whole; and what was acknowledged is done, and gone from the platter. */
#include "../support/power-disk.h"
#include "../support/power-vfs.h"
#include "../support/random-network.h"
#include "../support/store-key.h"
#include "base/error.h"
#include "referral/erase.h"
#include "store/store-environment.h"
#include "store/store-private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>
#include <time.h>

#define SITES 6
#define CUTS  60

static const PowerDisk good = {.sector = 512}, lying = {.sector = 512, .lying = TRUE};
static const CnActing desk = {.actor = "desk-1", .now_s = G_MININT64};

typedef struct {
    CnReference *reference;
    char *folder, *path;
    CnKeyPair pair, next;
    GBytes *clear, *sealed; /* files of stores: everything in the clear; sealed, with a case */
    GRand *rand;
} World;

static void
ok(gboolean done, GError *error)
{
    if (!done)
        fail_msg("%s", error != NULL ? error->message : "?");
}

/* ---- The stores as they begin. */

static char *
region_text(void)
{
    GString *text = g_string_new(
        "region: {id: secret-region, name: Secret Region, area: \"1000000000\"}\n"
        "organizations: [{id: body, name: Body, kind: government}]\nproviders:\n"
        "  - id: office\n    organization: body\n    name: Office\n"
        "    place: {area: \"1030500000\", disclosure: public}\n    contact: {role: desk}\n"
        "    verified: {on: 2026-10-01, by: phone}\n"
        "    offerings: [{service: case-management, capacity: {total: 9, occupied: 0, as_of: "
        "2026-10-01}}]\n");
    for (guint i = 0; i < SITES; i++)
        g_string_append_printf(
            text,
            "  - id: site-%u\n    organization: body\n    name: CANARY house %u\n"
            "    display_name: Site\n    place: {area: \"1030500000\", disclosure: restricted, "
            "show_area: \"1000000000\", address: CANARY street %u, point: [8.5, 124.65]}\n"
            "    contact: {role: desk, gateway: office}\n    verified: {on: 2026-10-02, by: visit}\n"
            "    offerings: [{service: case-management}]\n",
            i, i, i);
    return g_string_free(text, FALSE);
}

static void
import_region(World *world, carenet_store *store)
{
    GError *error = NULL;
    g_autofree char *text = region_text();
    g_autofree char *file = g_build_filename(world->folder, "region.yaml", NULL);
    ok(g_file_set_contents(file, text, -1, &error), error);
    ok(carenet_store_import(store, (const char *const[]){file}, 1, NULL, NULL, NULL, &error),
       error);
}

static void
refer_and_cancel(World *world, carenet_store *store)
{
    static const char text[] = "ref: CANARY-CASE\narea: \"1030500000\"\nage: 12\nsex: female\n"
                               "needs: [case-management]\n"
                               "consents: [{by: non-offending-guardian, on: 2026-10-01}]\n";
    GError *error = NULL;
    carenet_referral_options to;
    carenet_acting acting;
    carenet_cases *cases = carenet_cases_parse(world->reference, text, strlen(text), "case.yaml",
                                               CARENET_CASES_STRICT, NULL, &error);
    ok(cases != NULL, error);
    carenet_referral_options_init(&to);
    carenet_acting_init(&acting);
    to.offering = "office/case-management";
    acting.actor = "desk-1";
    carenet_table *row = carenet_referral_send(store, cases, 0, &to, &acting, &error);
    ok(row != NULL, error);
    carenet_table_unref(row);
    row = carenet_referral_cancel(store, "R-1", "no-longer-needed", &acting, &error);
    ok(row != NULL, error);
    carenet_table_unref(row);
    carenet_cases_unref(cases);
}

static GBytes *
make_image(World *world, gboolean sealed)
{
    GError *error = NULL;
    char *bytes = NULL;
    gsize len = 0;
    g_autofree char *path =
        g_build_filename(world->folder, sealed ? "sealed.db" : "clear.db", NULL);
    carenet_store *store = cn_store_init(path, CARENET_STORE_LIVE, world->reference, 1000, &error);
    ok(store != NULL, error);
    if (sealed)
        test_key_give(store);
    import_region(world, store);
    if (sealed)
        refer_and_cancel(world, store);
    else
        ok(cn_store_exec(store,
                         "UPDATE provider_site SET name = 'CANARY house', area = '1030500000',"
                         " lat_deg = 8.5, lon_deg = 124.65, address = 'CANARY street'"
                         " WHERE provider_id LIKE 'site-%'",
                         &error),
           error);
    cn_store_close(store);
    ok(g_file_get_contents(path, &bytes, &len, &error), error);
    return g_bytes_new_take(bytes, len);
}

static int
set_up(void **state)
{
    World *world = g_new0(World, 1);
    const guint32 seed = (guint32)time(NULL);
    world->reference = test_reference();
    world->folder = test_folder();
    world->path = g_build_filename(world->folder, "store.db", NULL);
    world->rand = g_rand_new_with_seed(seed);
    test_key_pair(&world->pair, 1);
    test_key_pair(&world->next, 2);
    world->clear = make_image(world, FALSE);
    world->sealed = make_image(world, TRUE);
    /* A program may look for the file. */
    g_file_set_contents(world->path, "", 0, NULL);
    print_message("seed %u\n", seed);
    *state = world;
    return 0;
}

static int
tear_down(void **state)
{
    World *world = *state;
    test_folder_remove(world->folder);
    g_bytes_unref(world->clear);
    g_bytes_unref(world->sealed);
    g_rand_free(world->rand);
    carenet_reference_unref(world->reference);
    g_free(world->path);
    g_free(world);
    return 0;
}

/* ---- What is done, and how it is looked at. */

typedef enum {
    STATE_BEFORE,
    STATE_AFTER,
    STATE_WRONG
} State;

typedef struct {
    const char *name;
    gboolean from_sealed;
    gboolean (*run)(World *world, carenet_store *store, GError **error);
    State (*look)(World *world, carenet_store *store);
    const char *gone; /* must not be on the platter afterwards */
} Deed;

static gint64
count(carenet_store *store, const char *sql)
{
    gint64 n = -1;
    return cn_store_ask_int(store, sql, &n, NULL) ? n : -1;
}

static gboolean
opens_with(carenet_store *store, const CnKeyPair *pair)
{
    GPtrArray *broken = NULL;
    CnSealed sealed;
    if (!cn_store_try_key(store, pair, &sealed, &broken, NULL))
        return FALSE;
    const gboolean whole = broken->len == 0 && sealed.sites == SITES;
    g_ptr_array_unref(broken);
    return whole;
}

static gboolean
run_seal(World *world, carenet_store *store, GError **error)
{
    CnSealed sealed;
    return cn_store_seal(store, &world->pair, &desk, &sealed, error);
}

static State
look_sealed(World *world, carenet_store *store)
{
    const gint64 clear =
        count(store, "SELECT count(*) FROM provider_site WHERE name LIKE 'CANARY%'");
    const gint64 boxes = count(store, "SELECT count(*) FROM provider_seal");
    const gint64 keys = count(store, "SELECT count(*) FROM seal_key");
    if (clear == SITES && boxes == 0 && keys == 0)
        return STATE_BEFORE;
    return clear == 0 && keys == 1 && opens_with(store, &world->pair) ? STATE_AFTER : STATE_WRONG;
}

static gboolean
run_change(World *world, carenet_store *store, GError **error)
{
    CnSealed sealed;
    return cn_store_rekey(store, &world->pair, &world->next, &desk, &sealed, error);
}

static State
look_changed(World *world, carenet_store *store)
{
    return opens_with(store, &world->next)   ? STATE_AFTER
           : opens_with(store, &world->pair) ? STATE_BEFORE
                                             : STATE_WRONG;
}

static gboolean
run_erase(World *world, carenet_store *store, GError **error)
{
    (void)world;
    carenet_table *row = cn_erase_case(store, "CANARY-CASE", &desk, error);
    carenet_table_unref(row);
    return row != NULL;
}

static State
look_erased(World *world, carenet_store *store)
{
    (void)world;
    const gint64 here = count(store, "SELECT count(ref) + count(secret_box) + count(public)"
                                     " FROM case_record");
    const gint64 kept =
        count(store, "SELECT (SELECT count(*) FROM consent) + (SELECT count(facts) FROM referral)");
    if (here == 3 && kept == 2)
        return STATE_BEFORE;
    return here == 0 && kept == 0 ? STATE_AFTER : STATE_WRONG;
}

static const Deed deeds[] = {
    {"seal", FALSE, run_seal, look_sealed, "CANARY"},
    {"change of key", TRUE, run_change, look_changed, NULL},
    {"erasure", TRUE, run_erase, look_erased, "CANARY-CASE"},
};

/* ---- Cuts. */

static gboolean
is_on_platter(World *world, const char *text)
{
    static const char *const endings[] = {"", "-wal"};
    gboolean found = FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(endings); i++) {
        g_autofree char *name = g_strconcat(world->path, endings[i], NULL);
        PowerFile *file = power_file_exists(name) ? power_file_open(name, FALSE) : NULL;
        if (file == NULL)
            continue;
        const gsize len = (gsize)power_file_size(file);
        g_autofree char *bytes = g_malloc(len + 1);
        power_file_read(file, 0, bytes, len, NULL);
        for (gsize at = 0; at + strlen(text) <= len; at++)
            found = found || (bytes[at] == *text && memcmp(bytes + at, text, strlen(text)) == 0);
        power_file_close(file);
    }
    return found;
}

typedef struct {
    guint cuts, acknowledged, before, after, lost, wrong, left;
} Figures;

/* One life: the deed with the power going at its k-th change. Returns how many changes it made. */
static guint64
live(World *world, const Deed *deed, const PowerDisk *disk, guint64 k, Figures *figures)
{
    gsize len = 0;
    gconstpointer bytes = g_bytes_get_data(deed->from_sealed ? world->sealed : world->clear, &len);
    power_disk_reset(disk, g_rand_int(world->rand));
    power_disk_load(world->path, bytes, len);
    carenet_store *store = cn_store_open(world->path, world->reference, FALSE, 1000, NULL);
    assert_non_null(store);
    const guint64 from = power_disk_changes();
    power_disk_arm(k);
    const gboolean done = deed->run(world, store, NULL);
    const guint64 changes = power_disk_changes() - from;
    power_disk_cut();
    cn_store_close(store);
    power_disk_start();
    figures->cuts++;
    figures->acknowledged += done;
    store = cn_store_open(world->path, world->reference, FALSE, 1000, NULL);
    const State state = store != NULL ? deed->look(world, store) : STATE_WRONG;
    cn_store_close(store);
    figures->before += state == STATE_BEFORE;
    figures->after += state == STATE_AFTER;
    figures->wrong += state == STATE_WRONG;
    figures->lost += done && state != STATE_AFTER;
    if (done && deed->gone != NULL && is_on_platter(world, deed->gone))
        figures->left++;
    return changes;
}

static Figures
cut_often(World *world, const Deed *deed, const PowerDisk *disk)
{
    Figures figures = {0};
    const guint64 changes = live(world, deed, disk, 0, &figures);
    for (guint i = 0; i < CUTS; i++) {
        /* The first changes one by one, the others by luck, and now and then none: it is
         * acknowledged before the power goes. */
        const guint64 k = i % 6 == 5     ? 0
                          : i < CUTS / 4 ? i + 1
                                         : 1 + g_rand_int(world->rand) % changes;
        live(world, deed, disk, k, &figures);
    }
    print_message("%s%s: %u cuts in up to %" G_GUINT64_FORMAT
                  " changes, %u acknowledged; %u as before, %u done; %u lost, %u wrong, %u left\n",
                  deed->name, disk->lying ? ", a lying disk" : "", figures.cuts, changes,
                  figures.acknowledged, figures.before, figures.after, figures.lost, figures.wrong,
                  figures.left);
    return figures;
}

static void
test_cuts(void **state)
{
    World *world = *state;
    power_vfs_install();
    for (gsize i = 0; i < G_N_ELEMENTS(deeds); i++) {
        const Figures figures = cut_often(world, &deeds[i], &good);
        assert_int_equal(figures.lost + figures.wrong + figures.left, 0);
        assert_true(figures.before > 0 && figures.after > 0 && figures.acknowledged > 0);
    }
    power_vfs_uninstall();
}

/* It must be seen where a disk says that it has written and has not. */
static void
test_a_lying_disk_is_found(void **state)
{
    World *world = *state;
    power_vfs_install();
    const Figures figures = cut_often(world, &deeds[0], &lying);
    assert_true(figures.lost + figures.wrong + figures.left > 0);
    power_vfs_uninstall();
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cuts),
        cmocka_unit_test(test_a_lying_disk_is_found),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
