/* Purging and erasing cases, sealing, changing and losing keys, giving out an address and the safety check,
 * while disk and memory fail (see fault-sweep.h): an erased case is noise whoever keeps the boxes, nothing
 * of it is left in the files once that was said, whoever goes on opens still, and nothing is given out that
 * no record tells of. */
#include "fault-sweep.h"

#include "../support/store-key.h"
#include "api/key.h"
#include "base/error.h"
#include "store/erase.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <glib/gstdio.h>
#include <string.h>

#define DAYS(n) ((gint64)(n)*CN_DAY_S)
#define SITE    "sec-shelter/emergency-shelter/girls"

/* GONE-1 and GONE-2 ended long ago, KEPT-3 goes on with a referral that did, KEPT-4 was never answered, and
 * KEPT-5 ended too lately. */
typedef struct {
    World *world;
    FaultBed bed, clear_bed; /* with a key and cases; without, and a site in the clear */
    carenet_key key, next;
    carenet_cases *cases;
    gint64 before_s; /* what ended before it is purged */
    /* (element-type GBytes) what must not be found in the files: */
    GPtrArray *of_first, *of_ended; /* after GONE-1 was erased; after all were purged */
    GPtrArray *boxes;               /* under a new key */
    GPtrArray *facts;               /* of each referral, by its number less one */
    GArray *owners;                 /* (element-type gint64) the case of each referral */
} Fixture;

/* ---- The steps. */

static carenet_table *
purge(gconstpointer user, carenet_store *store, const carenet_acting *acting, GError **error)
{
    const Fixture *fixture = user;
    return carenet_store_purge(store, fixture->before_s, acting, error);
}

static carenet_table *
erase(gconstpointer user, carenet_store *store, const carenet_acting *acting, GError **error)
{
    (void)user;
    return carenet_case_erase(store, "GONE-1", acting, error);
}

static carenet_table *
change_key(gconstpointer user, carenet_store *store, const carenet_acting *acting, GError **error)
{
    const Fixture *fixture = user;
    return carenet_store_change_key(store, &fixture->key, &fixture->next, acting, error);
}

static carenet_table *
lose_key(gconstpointer user, carenet_store *store, const carenet_acting *acting, GError **error)
{
    const Fixture *fixture = user;
    return carenet_store_lose_key(store, &fixture->next, acting, error);
}

static carenet_table *
seal(gconstpointer user, carenet_store *store, const carenet_acting *acting, GError **error)
{
    const Fixture *fixture = user;
    return carenet_store_seal(store, &fixture->key, acting, error);
}

static carenet_table *
seal_next(gconstpointer user, carenet_store *store, const carenet_acting *acting, GError **error)
{
    const Fixture *fixture = user;
    return carenet_store_seal(store, &fixture->next, acting, error);
}

static carenet_table *
disclose(gconstpointer user, carenet_store *store, const carenet_acting *acting, GError **error)
{
    const Fixture *fixture = user;
    return carenet_site_disclose(store, "R-7", "worker-7", &fixture->key, acting, error);
}

static carenet_table *
check_safety(gconstpointer user, carenet_store *store, const carenet_acting *acting, GError **error)
{
    const Fixture *fixture = user;
    return carenet_site_check_safety(store, fixture->cases, 0, SITE, &fixture->key, acting, error);
}

static const FaultStep steps[] = {
    {"purge", purge, FALSE, purge},
    {"erase", erase, FALSE, erase},
    {"key change", change_key, FALSE, seal_next},
    {"key lost", lose_key, FALSE, seal_next},
    {"disclose", disclose, FALSE, NULL},
    {"safety", check_safety, FALSE, NULL},
};

/* ---- What this test must find. */

/* Two transactions that should be one. */
static carenet_table *
purge_in_two(gconstpointer user, carenet_store *store, const carenet_acting *acting, GError **error)
{
    carenet_table *row = erase(user, store, acting, error);
    if (row == NULL)
        return NULL;
    carenet_table_unref(row);
    return purge(user, store, acting, error);
}

/* Rows are erased, and the file and its log keep what they held. */
static carenet_table *
purge_rows_only(gconstpointer user,
                carenet_store *store,
                const carenet_acting *acting,
                GError **error)
{
    const Fixture *fixture = user;
    const CnActing who = {.actor = acting->actor, .now_s = acting->now_s};
    g_auto(CnWork) work = {0};
    CnErased erased = {0};
    gint64 first = 0;
    if (!cn_work_begin(&work, store, &who, error))
        return NULL;
    g_autoptr(GArray) cases = cn_cases_ended(&work, fixture->before_s, error);
    for (guint i = 0; cases != NULL && i < cases->len; i++)
        if (!cn_case_erase(&work, g_array_index(cases, gint64, i), &erased, &first, error))
            return NULL;
    if (cases == NULL || !cn_work_commit(&work, error))
        return NULL;
    return carenet_audit_list(store, NULL, 1, error);
}

/* Gives out what is asked for, whether that was written down or not. */
static carenet_table *
disclose_hopefully(gconstpointer user,
                   carenet_store *store,
                   const carenet_acting *acting,
                   GError **error)
{
    carenet_acting dry = *acting;
    carenet_table *row = disclose(user, store, acting, NULL);
    dry.dry_run = true;
    return row != NULL ? row : disclose(user, store, &dry, error);
}

/* ---- The store before. */

static void
ok(gboolean done, const GError *error)
{
    if (!done)
        fail_msg("%s", error != NULL ? error->message : "?");
}

static void
import_file(carenet_store *store, const char *path)
{
    g_autoptr(GError) error = NULL;
    ok(carenet_store_import(store, (const char *const[]){path}, 1, NULL, NULL, NULL, &error),
       error);
}

static void
import_programme(const World *world, carenet_store *store)
{
    static const char text[] =
        "region: {id: small, name: Small, area: \"1000000000\"}\n"
        "programme:\n"
        "  care_plans: [{case: GONE-2, area: \"1000000000\", on: 2026-10-01, status: active,"
        " goals: [music], needs: [trauma-therapy]}]\n";
    g_autofree char *path = g_build_filename(world->folder, "programme.yaml", NULL);
    assert_true(g_file_set_contents(path, text, -1, NULL));
    import_file(store, path);
}

static void
send_to(const Fixture *fixture, carenet_store *store, const char *ref, const char *offering)
{
    static guint requests;
    g_autoptr(GError) error = NULL;
    carenet_referral_options to;
    carenet_acting acting = world_acting();
    g_autofree char *key = g_strdup_printf("request-of-world-%u", ++requests);
    g_autofree char *text = g_strdup_printf(
        "{ref: %s, area: \"1030500000\", age: 12, sex: female, groups: [deaf], languages: [ceb],"
        " consents: [{by: lswdo, to: [ex-one, ex-two, sec-shelter], on: 2026-10-01}], needs: [%s]}",
        ref, strcmp(offering, SITE) == 0 ? "emergency-shelter" : "trauma-therapy");
    carenet_referral_options_init(&to);
    to.offering = offering;
    acting.key = key;
    g_autoptr(carenet_cases) cases = carenet_cases_parse(
        fixture->world->reference, text, strlen(text), "case", CARENET_CASES_STRICT, NULL, &error);
    ok(cases != NULL, error);
    fault_must(carenet_referral_send(store, cases, 0, &to, &acting, &error), &error);
}

static void
send_and_cancel(const Fixture *fixture,
                carenet_store *store,
                const char *ref,
                guint offering,
                const char *id)
{
    g_autoptr(GError) error = NULL;
    const carenet_acting acting = world_acting();
    send_to(fixture, store, ref, world_offerings[offering]);
    fault_must(carenet_referral_cancel(store, id, "no-longer-needed", &acting, &error), &error);
}

static void
fill(Fixture *fixture, carenet_store *store)
{
    g_autoptr(GError) error = NULL;
    const carenet_acting acting = world_acting();
    send_and_cancel(fixture, store, "GONE-1", 0, "R-1");
    send_and_cancel(fixture, store, "GONE-1", 1, "R-2");
    send_and_cancel(fixture, store, "GONE-2", 0, "R-3");
    import_programme(fixture->world, store);
    send_and_cancel(fixture, store, "KEPT-3", 0, "R-4");
    send_to(fixture, store, "KEPT-4", world_offerings[1]); /* */
    fixture->world->wall_s += DAYS(60);
    fixture->world->boot_s += DAYS(60);
    fixture->before_s = fixture->world->wall_s - DAYS(1);
    send_and_cancel(fixture, store, "KEPT-5", 0, "R-6");
    send_to(fixture, store, "KEPT-3", SITE); /* */
    fault_must(carenet_referral_accept(store, "R-7", &acting, &error), &error);
}

/* (transfer full) (element-type GBytes) The bytes of the first column, NULL as an empty one. */
static GPtrArray *
collect(carenet_store *store, const char *sql)
{
    GPtrArray *found = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    sqlite3_stmt *select = NULL;
    assert_int_equal(sqlite3_prepare_v2(store->db, sql, -1, &select, NULL), SQLITE_OK);
    while (sqlite3_step(select) == SQLITE_ROW)
        g_ptr_array_add(found, g_bytes_new(sqlite3_column_blob(select, 0),
                                           (gsize)sqlite3_column_bytes(select, 0)));
    sqlite3_finalize(select);
    return found;
}

#define OF_CASES(refs)                                                                     \
    "SELECT secret_box FROM case_record WHERE ref " refs                                   \
    " UNION ALL SELECT ref FROM case_record WHERE ref " refs                               \
    " UNION ALL SELECT facts FROM referral AS r JOIN case_record AS c ON c.id = r.case_id" \
    " WHERE ref " refs

static void
remember(Fixture *fixture, carenet_store *store)
{
    fixture->of_first = collect(store, OF_CASES("= 'GONE-1'"));
    fixture->of_ended =
        collect(store, OF_CASES("GLOB 'GONE-*'") " UNION ALL SELECT facts FROM referral"
                                                 " WHERE number = 4");
    fixture->boxes = collect(store, "SELECT box FROM provider_seal UNION ALL"
                                    " SELECT secret_box FROM case_record");
    fixture->facts = collect(store, "SELECT facts FROM referral ORDER BY number");
    fixture->owners = g_array_new(FALSE, FALSE, sizeof(gint64));
    for (guint i = 0; i < fixture->facts->len; i++) {
        g_autofree char *sql =
            g_strdup_printf("SELECT case_id FROM referral WHERE number = %u", i + 1);
        const gint64 owner = world_ask(store, sql);
        g_array_append_val(fixture->owners, owner);
    }
    assert_int_equal(fixture->of_first->len, 4);
    assert_int_equal(fixture->of_ended->len, 8);
    assert_int_equal(fixture->facts->len, 7);
}

static void
make_store(Fixture *fixture, const char *shelter)
{
    const CnActing acting = {.actor = "tester", .now_s = G_MININT64};
    g_autoptr(GError) error = NULL;
    CnSealed sealed;
    carenet_store *store = world_make(fixture->world);
    ok(cn_store_seal(store, &fixture->key.pair, &acting, &sealed, &error), error);
    import_file(store, shelter);
    fill(fixture, store);
    remember(fixture, store);
    carenet_store_close(store);
    fault_bed_take(&fixture->bed);
}

static void
make_clear_store(Fixture *fixture, const char *shelter)
{
    g_autoptr(GError) error = NULL;
    assert_int_equal(g_remove(fixture->world->path), 0);
    carenet_store *store = world_make(fixture->world);
    import_file(store, shelter);
    ok(cn_store_exec(store,
                     "UPDATE provider_site SET area = '1030500000', address = 'CANARY street'"
                     " WHERE provider_id = 'sec-shelter'",
                     &error),
       error);
    carenet_store_close(store);
    fault_bed_take(&fixture->clear_bed);
}

/* ---- What must hold of every store. */

static const char *const dumps[] = {
    "SELECT 'sent', number, facts IS NULL, home IS NULL FROM referral ORDER BY number",
    "SELECT 'box', id, public IS NULL, secret_box IS NULL, erased_s FROM case_record ORDER BY id",
    "SELECT 'consent', case_id, (SELECT count(*) FROM consent_to AS t WHERE t.case_id = c.case_id)"
    " FROM consent AS c ORDER BY case_id",
    /* The new name of an erased plan is drawn. */
    "SELECT 'care plan', case_id, CASE WHEN id GLOB 'erased-*' THEN 'erased' ELSE id END"
    " FROM care_plan ORDER BY case_id",
    "SELECT 'goals', (SELECT count(*) FROM care_plan_goal), (SELECT count(*) FROM care_plan_need)",
    "SELECT 'key', hex(public) FROM seal_key",
    "SELECT 'seals', provider_id, count(*) FROM provider_seal GROUP BY provider_id",
    "SELECT 'site', provider_id, name, area, address, phone FROM provider_site ORDER BY 2",
    NULL,
};

/* The key of the store as it is; NULL: it has none. */
static const CnKeyPair *
key_of(const Fixture *fixture, carenet_store *store)
{
    guint8 public_key[CN_KEY_LEN];
    gboolean has = FALSE;
    assert_true(cn_store_public_key(store, public_key, &has, NULL));
    if (!has)
        return NULL;
    const carenet_key *const key = memcmp(public_key, fixture->key.pair.public_key, CN_KEY_LEN) == 0
                                       ? &fixture->key
                                       : &fixture->next;
    assert_memory_equal(public_key, key->pair.public_key, CN_KEY_LEN);
    return &key->pair;
}

/* The facts of a referral, as they were before, with the key of a case. */
static gboolean
opens(const Fixture *fixture, guint referral, const CnKeyPair *pair)
{
    g_autofree char *label =
        cn_case_label(g_array_index(fixture->owners, gint64, referral), "facts");
    gsize len = 0;
    gconstpointer box = g_bytes_get_data(g_ptr_array_index(fixture->facts, referral), &len);
    g_autoptr(GBytes) text = cn_unseal(pair, label, box, len);
    return text != NULL;
}

/* With the key of the network and all that the store holds, the facts of the cases that have a key open,
 * and those of no other, whoever kept them. */
static void
check_facts(const Fixture *fixture, carenet_store *store, const CnKeyPair *key)
{
    g_autoptr(GError) error = NULL;
    g_auto(CnWork) work = {0};
    const gint64 cases = world_ask(store, "SELECT count(*) FROM case_record");
    ok(cn_work_begin_reading(&work, store, G_MININT64, &error), error);
    for (gint64 id = 1; id <= cases; id++) {
        g_auto(CnKeyPair) pair;
        gboolean has = FALSE;
        cn_key_pair_wipe(&pair);
        ok(cn_case_open_key(&work, key, id, &pair, &has, &error), error);
        for (guint i = 0; i < fixture->facts->len; i++)
            if (opens(fixture, i, &pair) !=
                (has && g_array_index(fixture->owners, gint64, i) == id))
                fail_msg("facts of R-%u and the key of case %d", i + 1, (int)id);
    }
}

static void
check(gconstpointer user, carenet_store *store)
{
    const Fixture *fixture = user;
    const CnKeyPair *key = key_of(fixture, store);
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) broken = NULL;
    CnSealed sealed;
    assert_int_equal(world_ask(store, "SELECT count(*) FROM case_record WHERE erased_s IS NOT NULL"
                                      " AND (ref IS NOT NULL OR public IS NOT NULL"
                                      " OR secret_box IS NOT NULL)"),
                     0);
    if (key == NULL)
        return;
    ok(cn_store_try_key(store, key, &sealed, &broken, &error), error);
    assert_int_equal(broken->len, 0);
    check_facts(fixture, store, key);
}

static gboolean
holds(const char *path, const GPtrArray *secrets)
{
    g_autofree char *bytes = NULL;
    gsize len = 0;
    if (!g_file_get_contents(path, &bytes, &len, NULL))
        return FALSE;
    for (guint i = 0; i < secrets->len; i++) {
        gsize secret_len = 0;
        gconstpointer secret = g_bytes_get_data(g_ptr_array_index(secrets, i), &secret_len);
        for (const char *at = bytes; at != NULL && secret_len > 0;) {
            at = memchr(at, *(const char *)secret, len - (gsize)(at - bytes));
            if (at != NULL && (gsize)(bytes + len - at) >= secret_len &&
                memcmp(at, secret, secret_len) == 0)
                return TRUE;
            at = at != NULL ? at + 1 : NULL;
        }
    }
    return FALSE;
}

static gboolean
is_left(gconstpointer user, const char *step, carenet_store *store)
{
    const Fixture *fixture = user;
    const GPtrArray *secrets = g_str_has_prefix(step, "purge") ? fixture->of_ended
                               : strcmp(step, "erase") == 0    ? fixture->of_first
                               : g_str_has_prefix(step, "key") ? fixture->boxes
                                                               : NULL;
    g_autofree char *log = g_strconcat(store->path, "-wal", NULL);
    return secrets != NULL && (holds(store->path, secrets) || holds(log, secrets));
}

static gboolean
is_clear(gconstpointer user, const char *step, carenet_store *store)
{
    g_autoptr(GPtrArray) secrets = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    g_autofree char *log = g_strconcat(store->path, "-wal", NULL);
    (void)user, (void)step;
    g_ptr_array_add(secrets, g_bytes_new_static("CANARY street", 13));
    return holds(store->path, secrets) || holds(log, secrets);
}

/* ---- The tests. */

static int
set_up(void **state)
{
    static const char text[] = "{ref: C-9, area: \"1030500000\", age: 12, sex: female,"
                               " avoid: {areas: [\"1030900000\"]}, needs: [emergency-shelter]}";
    Fixture *fixture = g_new0(Fixture, 1);
    g_autoptr(GError) error = NULL;
    const char *src = g_getenv("CARENET_TEST_SRC");
    g_autofree char *shelter =
        g_build_filename(src != NULL ? src : "tests", "fixtures", "store-secrets.yaml", NULL);
    fixture->world = world_new();
    test_key_pair(&fixture->key.pair, 1);
    test_key_pair(&fixture->next.pair, 2);
    fixture->bed = (FaultBed){.world = fixture->world,
                              .dumps = dumps,
                              .thin = 4,
                              .check = check,
                              .is_left = is_left,
                              .user = fixture};
    fixture->clear_bed = (FaultBed){.world = fixture->world,
                                    .dumps = dumps,
                                    .thin = 4,
                                    .check = check,
                                    .is_left = is_clear,
                                    .user = fixture};
    fixture->cases = carenet_cases_parse(fixture->world->reference, text, strlen(text), "case",
                                         CARENET_CASES_STRICT, NULL, &error);
    ok(fixture->cases != NULL, error);
    make_store(fixture, shelter);
    make_clear_store(fixture, shelter);
    *state = fixture;
    return 0;
}

static int
tear_down(void **state)
{
    Fixture *fixture = *state;
    carenet_cases_unref(fixture->cases);
    g_ptr_array_unref(fixture->of_first);
    g_ptr_array_unref(fixture->of_ended);
    g_ptr_array_unref(fixture->boxes);
    g_ptr_array_unref(fixture->facts);
    g_array_unref(fixture->owners);
    world_free(fixture->world);
    g_free(fixture->bed.bytes);
    g_free(fixture->clear_bed.bytes);
    g_free(fixture);
    return 0;
}

static void
what_is_erased_is_gone_or_there(void **state)
{
    const Fixture *fixture = *state;
    const FaultStep sealing = {"seal", seal, FALSE, seal};
    FaultFigures figures = {0};
    for (gsize i = 0; i < G_N_ELEMENTS(steps); i++)
        fault_sweep(&fixture->bed, &steps[i], &figures);
    fault_sweep(&fixture->clear_bed, &sealing, &figures);
    print_message("%zu steps: %u failures, %u refused, %u of them stored all the same\n",
                  G_N_ELEMENTS(steps) + 1, figures.points, figures.refused, figures.stored_anyway);
    assert_int_equal(figures.lost + figures.half + figures.left + figures.denied, 0);
    assert_true(figures.refused > 150 && figures.stored_anyway > 0);
}

static void
half_a_purge_is_found(void **state)
{
    const Fixture *fixture = *state;
    const FaultStep step = {"purge in two", purge_in_two, FALSE, NULL};
    FaultFigures figures = {0};
    fault_sweep(&fixture->bed, &step, &figures);
    assert_true(figures.half > 0);
}

static void
a_purge_that_leaves_the_boxes_is_found(void **state)
{
    const Fixture *fixture = *state;
    const FaultStep step = {"purge of rows", purge_rows_only, FALSE, NULL};
    FaultFigures figures = {0};
    fault_sweep(&fixture->bed, &step, &figures);
    assert_true(figures.left > 0);
}

static void
an_address_without_a_record_is_found(void **state)
{
    const Fixture *fixture = *state;
    const FaultStep step = {"disclose, hopefully", disclose_hopefully, FALSE, NULL};
    FaultFigures figures = {0};
    fault_sweep(&fixture->bed, &step, &figures);
    assert_true(figures.lost > 0);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(what_is_erased_is_gone_or_there),
        T(half_a_purge_is_found),
        T(a_purge_that_leaves_the_boxes_is_found),
        T(an_address_without_a_record_is_found),
    };
    fault_sweep_install();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
