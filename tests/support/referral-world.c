#include "referral-world.h"

#include "random-network.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

const char *const world_offerings[WORLD_OFFERINGS] = {
    "ex-one/trauma-therapy", "ex-two/trauma-therapy", "ex-three/trauma-therapy"};

static const char region[] =
    "region: {id: small, name: Small, area: \"1000000000\", languages: [ceb]}\n"
    "organizations:\n"
    "  - {id: ex-body, example: true, name: EXAMPLE Body, kind: ngo, data_sharing_agreement: 2026-01-10}\n"
    "providers:\n";

static const char provider[] =
    "  - id: %s\n"
    "    example: true\n"
    "    organization: ex-body\n"
    "    name: EXAMPLE %s\n"
    "    place: {area: \"1030500000\", disclosure: public}\n"
    "    contact: {role: intake desk}\n"
    "    languages: [ceb]\n"
    "    status: active\n"
    "    listing_consent: 2026-01-10\n"
    "    verified: {on: 2026-10-01, by: phone}\n"
    "    capabilities: [{course: trauma-informed-care, on: 2026-01-10}]\n"
    "    offerings:\n"
    "      - service: trauma-therapy\n"
    "        hours: \"24/7\"\n"
    "%s";

static gint64
tell_wall(gpointer user)
{
    return ((World *)user)->wall_s;
}

static gint64
tell_boot(gpointer user, char out_boot[CN_BOOT_ID_SIZE])
{
    g_strlcpy(out_boot, "boot-1", CN_BOOT_ID_SIZE);
    return ((World *)user)->boot_s;
}

World *
world_new(void)
{
    World *world = g_new0(World, 1);
    world->reference = test_reference();
    world->folder = test_folder();
    world->path = g_build_filename(world->folder, "store.db", NULL);
    world->wall_s = WORLD_NOW_S;
    world->boot_s = 1000;
    world->environment =
        (CnStoreEnvironment){.wall_s = tell_wall, .boot_s = tell_boot, .user = world};
    return world;
}

void
world_free(World *world)
{
    test_folder_remove(world->folder);
    carenet_reference_unref(world->reference);
    g_free(world->path);
    g_free(world);
}

static char *
write_region(const World *world)
{
    static const char *const ids[] = {"ex-one", "ex-two", "ex-three"};
    static const char *const capacities[] = {
        "        capacity: {unit: slot, total: 3, occupied: 0, as_of: 2026-11-20, source: phone}\n",
        "        capacity: {unit: slot, total: 1, occupied: 0, as_of: 2026-11-20, source: phone}\n",
        ""};
    g_autoptr(GString) text = g_string_new(region);
    for (gsize i = 0; i < G_N_ELEMENTS(ids); i++)
        g_string_append_printf(text, provider, ids[i], ids[i], capacities[i]);
    char *path = g_build_filename(world->folder, "small.yaml", NULL);
    assert_true(g_file_set_contents(path, text->str, -1, NULL));
    return path;
}

carenet_store *
world_make(World *world)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = write_region(world);
    carenet_store *store =
        cn_store_init_in(&world->environment, world->path, CARENET_STORE_DEMONSTRATION,
                         world->reference, 200, &error);
    if (store == NULL ||
        !carenet_store_import(store, (const char *const[]){path}, 1, NULL, NULL, NULL, &error))
        fail_msg("%s", error->message);
    return store;
}

carenet_store *
world_open(World *world, gint busy_ms)
{
    g_autoptr(GError) error = NULL;
    carenet_store *store = cn_store_open_in(&world->environment, world->path, world->reference,
                                            FALSE, busy_ms, &error);
    if (store == NULL)
        fail_msg("%s", error->message);
    return store;
}

carenet_acting
world_acting(void)
{
    carenet_acting acting;
    carenet_acting_init(&acting);
    acting.actor = "tester";
    return acting;
}

carenet_table *
world_send(World *world,
           carenet_store *store,
           const char *ref,
           const char *urgency,
           const char *offering,
           gboolean waitlist,
           const carenet_acting *acting,
           GError **error)
{
    carenet_referral_options options;
    carenet_referral_options_init(&options);
    options.offering = offering;
    options.waitlist = waitlist;
    g_autofree char *text =
        g_strdup_printf("{ref: %s, area: \"1030500000\", age: 15, sex: female, consent: full,"
                        " needs: [{service: trauma-therapy, urgency: %s}]}",
                        ref, urgency);
    g_autoptr(carenet_cases) cases = carenet_cases_parse(world->reference, text, strlen(text),
                                                         "case", CARENET_CASES_STRICT, NULL, error);
    return cases != NULL ? carenet_referral_send(store, cases, 0, &options, acting, error) : NULL;
}

const char *
world_text(const carenet_table *table, const char *column)
{
    const ptrdiff_t at = carenet_table_column_index(table, column);
    assert_true(at >= 0);
    return carenet_table_get_text(table, 0, (size_t)at);
}

gint64
world_int(const carenet_table *table, const char *column)
{
    const ptrdiff_t at = carenet_table_column_index(table, column);
    assert_true(at >= 0);
    return carenet_table_get_int64(table, 0, (size_t)at);
}

gint64
world_ask(carenet_store *store, const char *sql)
{
    g_autoptr(GError) error = NULL;
    gint64 answer = 0;
    if (!cn_store_ask_int(store, sql, &answer, &error))
        fail_msg("%s: %s", sql, error->message);
    return answer;
}

void
world_check_ledger(carenet_store *store)
{
    static const char *const rules[] = {
        "SELECT count(*) FROM capacity AS c WHERE held <>"
        " (SELECT coalesce(sum(units), 0) FROM hold AS h WHERE h.offering_id = c.offering_id)",
        "SELECT count(*) FROM capacity AS c WHERE (total, occupied, held) IS NOT"
        " (SELECT total, occupied, held FROM capacity_event AS e WHERE e.offering_id = c.offering_id"
        "  ORDER BY record DESC LIMIT 1)",
        "SELECT count(*) FROM capacity AS c WHERE (total, occupied, held) IS NOT"
        " (SELECT sum(total_by), sum(occupied_by), sum(held_by) FROM capacity_event AS e"
        "  WHERE e.offering_id = c.offering_id)",
        "SELECT count(*) FROM capacity WHERE occupied + held > total",
        "SELECT count(*) FROM referral AS r WHERE counted AND (state IN ('sent', 'received')) <>"
        " EXISTS (SELECT 1 FROM hold AS h WHERE h.referral = r.number)",
        "SELECT count(*) FROM referral AS r WHERE state IS NOT (SELECT to_state FROM referral_event"
        " AS e WHERE e.referral = r.number ORDER BY record DESC LIMIT 1)",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rules); i++)
        if (world_ask(store, rules[i]) != 0)
            fail_msg("broken: %s", rules[i]);
}
