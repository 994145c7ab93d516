/* A program that calls the functions of stores, referrals, the ledger, keys, disclosure, the audit chain,
 * programmes and reports wrongly, one mistake at a time. Each call ends with the error that its header
 * names, with an error to fill in and without one, prints nothing and changes nothing. */
#include "../support/random-network.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <carenet/carenet.h>
#include <glib.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SITE   "sec-shelter/emergency-shelter/girls"
#define OFFICE "ex-sec-office/case-management"
#define BYTES  "\xff\xfe\xc0" /* no UTF-8 */

typedef struct {
    carenet_reference *reference, *foreign; /* foreign: one more service than the other */
    char *folder, *path, *region;
    carenet_store *store, *other, *reader; /* other: a store with a key of its own */
    carenet_key *key, *other_key;
    carenet_signing_key *signer;
    carenet_directory *directory;
    carenet_policy *policy, *foreign_policy;
    carenet_cases *cases, *foreign_cases;
    carenet_programme *programme;
    carenet_plan *plan;
    carenet_acting acting;
    gint64 records;
    char *long_word;
} Calls;

static guint mistakes;

/* ---- Trying one call. */

static void
look(gboolean done, const carenet_error *error, carenet_error_code code, const char *call)
{
    const char *message = carenet_error_get_message(error);
    if (!done && error != NULL && carenet_error_get_code(error) == code &&
        g_utf8_validate(message, -1, NULL) && *message != '\0' && strchr(message, '\n') == NULL)
        return;
    print_error("%s: %s: %s\n", call,
                done ? "done" : carenet_error_code_name(carenet_error_get_code(error)), message);
    mistakes++;
}

/* @call fills in E, which is an error to be filled in, then none. */
#define FAILS(code, call)                                  \
    do {                                                   \
        carenet_error *error = NULL, **E = &error;         \
        const gboolean done = (call) ? TRUE : FALSE;       \
        look(done, error, CARENET_ERROR_##code, #call);    \
        carenet_error_clear(&error);                       \
        E = NULL;                                          \
        if (call)                                          \
            look(TRUE, NULL, CARENET_ERROR_##code, #call); \
    } while (0)

#define WRONG(call) FAILS(INVALID_ARGUMENT, call)

static gint64
count_records(const Calls *c)
{
    carenet_chain chain;
    carenet_chain_init(&chain);
    assert_true(carenet_audit_verify(c->store, NULL, &chain, NULL));
    assert_int_equal(chain.broken_at, 0);
    return chain.records;
}

/* Not even a record says that there was something. */
static void
check_all(const Calls *c)
{
    assert_int_equal(count_records(c), c->records);
    assert_int_equal(mistakes, 0);
}

/* ---- What is called. */

static char *
in_folder(const Calls *c, const char *name)
{
    return g_build_filename(c->folder, name, NULL);
}

/* The shipped reference data with one service more, so that numbers of one are none of the other. */
static carenet_reference *
open_foreign(const Calls *c)
{
    static const char *const files[] = {"gazetteer.csv", "sea-links.csv", "services.yaml",
                                        "terms.yaml", "policy.yaml"};
    for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *from = g_build_filename(g_getenv("CARENET_TEST_DATA"), files[i], NULL);
        g_autofree char *to = in_folder(c, files[i]);
        g_autofree char *text = NULL;
        assert_true(g_file_get_contents(from, &text, NULL, NULL));
        g_autofree char *more =
            g_strconcat(text,
                        strcmp(files[i], "services.yaml") == 0
                            ? "  - {id: zz-more, name: More, unit: slot, sensitive: false}\n"
                            : "",
                        NULL);
        assert_true(g_file_set_contents(to, more, -1, NULL));
    }
    carenet_error *error = NULL;
    carenet_reference *foreign = carenet_reference_open(c->folder, &error);
    if (foreign == NULL)
        fail_msg("%s", carenet_error_get_message(error));
    return foreign;
}

static carenet_cases *
read_cases(carenet_reference *reference, const char *text)
{
    carenet_error *error = NULL;
    carenet_cases *cases = carenet_cases_parse(reference, text, strlen(text), "cases.yaml",
                                               CARENET_CASES_STRICT, NULL, &error);
    if (cases == NULL)
        fail_msg("%s", carenet_error_get_message(error));
    return cases;
}

static carenet_store *
make_store(Calls *c, const char *name, const char *key_name, carenet_key **out_key)
{
    carenet_store_options options;
    carenet_error *error = NULL;
    g_autofree char *path = in_folder(c, name);
    g_autofree char *key_path = in_folder(c, key_name);
    carenet_store_options_init(&options);
    options.reference = c->reference;
    carenet_store *store = carenet_store_init(path, CARENET_STORE_DEMONSTRATION, &options, &error);
    *out_key = carenet_key_create(key_path, &error);
    carenet_table *row = carenet_store_seal(store, *out_key, &c->acting, &error);
    if (row == NULL ||
        !carenet_store_import(store, (const char *const[]){c->region}, 1, NULL, NULL, NULL, &error))
        fail_msg("%s", carenet_error_get_message(error));
    carenet_table_unref(row);
    return store;
}

/* R-1 has started, R-2 is a draft. */
static void
refer(Calls *c)
{
    carenet_error *error = NULL;
    carenet_capacity_report places;
    carenet_capacity_report_init(&places);
    places.total = 20;
    carenet_table_unref(carenet_capacity_set(c->store, SITE, &places, &c->acting, &error));
    carenet_referral_options to;
    carenet_referral_options_init(&to);
    to.offering = SITE;
    carenet_table *sent = carenet_referral_send(c->store, c->cases, 0, &to, &c->acting, &error);
    carenet_table *accepted = carenet_referral_accept(c->store, "R-1", &c->acting, &error);
    to.draft = true, to.service = "emergency-shelter";
    carenet_table *started = carenet_referral_start(c->store, "R-1", &c->acting, &error);
    carenet_table *draft = carenet_referral_send(c->store, c->cases, 1, &to, &c->acting, &error);
    if (sent == NULL || accepted == NULL || started == NULL || draft == NULL)
        fail_msg("%s", carenet_error_get_message(error));
    carenet_table_unref(sent);
    carenet_table_unref(accepted);
    carenet_table_unref(started);
    carenet_table_unref(draft);
}

static void
open_reader(Calls *c)
{
    carenet_store_options options;
    carenet_error *error = NULL;
    carenet_store_options_init(&options);
    options.reference = c->reference, options.read_only = true;
    c->reader = carenet_store_open(c->path, &options, &error);
    if (c->reader == NULL)
        fail_msg("%s", carenet_error_get_message(error));
}

static int
set_up(void **state)
{
    Calls *c = g_new0(Calls, 1);
    g_autofree char *signing = NULL;
    c->folder = test_folder();
    c->path = in_folder(c, "store.db");
    c->region =
        g_build_filename(g_getenv("CARENET_TEST_SRC"), "fixtures", "store-secrets.yaml", NULL);
    c->reference = test_reference();
    c->foreign = open_foreign(c);
    carenet_acting_init(&c->acting);
    c->acting.actor = "tester";
    c->store = make_store(c, "store.db", "network.key", &c->key);
    c->other = make_store(c, "other.db", "other.key", &c->other_key);
    c->cases = read_cases(
        c->reference,
        "- {ref: C-1, area: \"1030500000\", age: 12, sex: female, groups: [deaf], languages: [ceb],"
        " needs: [emergency-shelter], consent: full, offender: {areas: [\"1030500000\"]}}\n"
        "- {ref: C-2, area: \"1030500000\", age: 12, sex: female, groups: [deaf], languages: [ceb],"
        " needs: [emergency-shelter, case-management], consent: full}\n"
        "- {ref: C-3, area: \"1030500000\", age: 12, needs: [emergency-shelter], consent: full}\n");
    c->foreign_cases = read_cases(c->foreign, "- {ref: C-1, area: \"1030500000\", age: 12,"
                                              " needs: [zz-more], consent: full}\n");
    c->policy = carenet_policy_load(c->reference, NULL, NULL, NULL);
    c->foreign_policy = carenet_policy_load(c->foreign, NULL, NULL, NULL);
    signing = in_folder(c, "audit.key");
    c->signer = carenet_signing_key_create(signing, NULL);
    c->long_word = g_strnfill(100000, 'x');
    refer(c);
    open_reader(c);
    c->directory = carenet_directory_load(c->store, NULL);
    c->programme = carenet_programme_demonstration(c->reference, NULL);
    carenet_batch(c->directory, c->policy, c->cases, NULL, &c->plan, NULL);
    c->records = count_records(c);
    mistakes = 0;
    *state = c;
    return c->policy == NULL || c->foreign_policy == NULL || c->signer == NULL ||
           c->directory == NULL || c->programme == NULL || c->plan == NULL;
}

static int
tear_down(void **state)
{
    Calls *c = *state;
    carenet_plan_unref(c->plan);
    carenet_programme_unref(c->programme);
    carenet_directory_unref(c->directory);
    carenet_cases_unref(c->cases);
    carenet_cases_unref(c->foreign_cases);
    carenet_policy_unref(c->policy);
    carenet_policy_unref(c->foreign_policy);
    carenet_signing_key_free(c->signer);
    carenet_key_free(c->key);
    carenet_key_free(c->other_key);
    carenet_store_close(c->reader);
    carenet_store_close(c->other);
    carenet_store_close(c->store);
    carenet_reference_unref(c->reference);
    carenet_reference_unref(c->foreign);
    test_folder_remove(c->folder);
    g_free(c->path);
    g_free(c->region);
    g_free(c->long_word);
    g_free(c);
    return 0;
}

/* ---- Stores. */

/* A number that is none of the enumeration, however it is cast. */
static const gint none_of[] = {-1, 99, G_MAXINT, G_MININT};

static void
opening_stores(void **state)
{
    Calls *c = *state;
    g_autofree char *path = in_folder(c, "new.db");
    g_autofree char *missing = in_folder(c, "no/such/folder.db");
    g_autofree char *endless = g_strconcat(c->folder, "/", c->long_word, NULL);
    g_autofree char *text_file = in_folder(c, "terms.yaml");
    carenet_store_options options;
    carenet_store_options_init(&options);
    options.reference = c->reference;
    WRONG(carenet_store_init(NULL, CARENET_STORE_LIVE, &options, E));
    WRONG(carenet_store_init("", CARENET_STORE_LIVE, &options, E));
    for (gsize i = 0; i < G_N_ELEMENTS(none_of); i++)
        WRONG(carenet_store_init(path, (carenet_store_kind)none_of[i], &options, E));
    WRONG(carenet_store_init(path, (carenet_store_kind)0, &options, E));
    FAILS(CONFLICT, carenet_store_init(c->path, CARENET_STORE_LIVE, &options, E));
    FAILS(CONFLICT, carenet_store_init(c->folder, CARENET_STORE_LIVE, &options, E));
    FAILS(IO, carenet_store_init(missing, CARENET_STORE_LIVE, &options, E));
    FAILS(IO, carenet_store_init(endless, CARENET_STORE_LIVE, &options, E));
    WRONG(carenet_store_open(NULL, &options, E));
    WRONG(carenet_store_open("", &options, E));
    FAILS(NOT_FOUND, carenet_store_open(path, &options, E));
    FAILS(NOT_FOUND, carenet_store_open(missing, &options, E));
    FAILS(STORAGE, carenet_store_open(endless, &options, E));
    FAILS(NOT_FOUND, carenet_store_open(BYTES, &options, E));
    FAILS(CORRUPT, carenet_store_open(text_file, &options, E));
    FAILS(CORRUPT, carenet_store_open(c->folder, &options, E));
    WRONG(carenet_store_migrate(NULL, true, &options, E));
    WRONG(carenet_store_migrate("", false, &options, E));
    FAILS(NOT_FOUND, carenet_store_migrate(path, false, &options, E));
    FAILS(CORRUPT, carenet_store_migrate(text_file, true, &options, E));
    options.busy_ms = -1;
    WRONG(carenet_store_init(path, CARENET_STORE_LIVE, &options, E));
    WRONG(carenet_store_open(c->path, &options, E));
    WRONG(carenet_store_migrate(c->path, true, &options, E));
    options.busy_ms = 0, options.read_only = true;
    WRONG(carenet_store_init(path, CARENET_STORE_LIVE, &options, E));
    WRONG(carenet_store_migrate(c->path, true, &options, E));
    options.read_only = false, options.reference = NULL, options.data_dir = "/there/is/no/such";
    FAILS(IO, carenet_store_open(c->path, &options, E));
    options.keep_image = true;
    FAILS(IO, carenet_store_open(c->path, &options, E));
    options.data_dir = "";
    FAILS(IO, carenet_store_open(c->path, &options, E));
    assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
    check_all(c);
}

static void
stores_that_are_none(void **state)
{
    Calls *c = *state;
    const carenet_acting *acting = &c->acting;
    carenet_chain chain;
    carenet_chain_init(&chain);
    carenet_referral_options to;
    carenet_referral_options_init(&to);
    to.offering = SITE;
    carenet_capacity_report report;
    carenet_capacity_report_init(&report);
    report.total = 3;
    carenet_store_close(NULL);
    assert_null(carenet_store_reference(NULL));
    assert_int_equal(carenet_store_get_kind(NULL), CARENET_STORE_LIVE);
    carenet_store_options_init(NULL);
    carenet_import_options_init(NULL);
    carenet_copy_options_init(NULL);
    carenet_acting_init(NULL);
    carenet_capacity_report_init(NULL);
    carenet_referral_options_init(NULL);
    carenet_referral_query_init(NULL);
    carenet_apply_options_init(NULL);
    carenet_chain_init(NULL);
    carenet_report_query_init(NULL);
    carenet_indicator_query_init(NULL);
    WRONG(carenet_store_import(NULL, (const char *const *)&c->region, 1, NULL, NULL, NULL, E));
    WRONG(carenet_store_export(NULL, NULL, E));
    WRONG(carenet_store_export_all(NULL, E));
    WRONG(carenet_store_export_csv(NULL, NULL, E));
    WRONG(carenet_store_policy(NULL, E));
    WRONG(carenet_store_regions(NULL, E));
    WRONG(carenet_store_backup(NULL, "x", NULL, E));
    WRONG(carenet_store_check(NULL, 0, E));
    WRONG(carenet_directory_load(NULL, E));
    WRONG(carenet_directory_open(NULL, E));
    WRONG(carenet_directory_to_apply(NULL, E));
    WRONG(carenet_programme_from_store(NULL, E));
    WRONG(carenet_capacity(NULL, NULL, INT64_MIN, E));
    WRONG(carenet_capacity_set(NULL, SITE, &report, acting, E));
    WRONG(carenet_capacity_hold(NULL, SITE, 1, 0, acting, E));
    WRONG(carenet_capacity_release(NULL, "H-1", acting, E));
    WRONG(carenet_verify(NULL, "sec-shelter", "phone", acting, E));
    WRONG(carenet_due(NULL, 7, INT64_MIN, E));
    WRONG(carenet_referral_send(NULL, c->cases, 0, &to, acting, E));
    WRONG(carenet_referral_send_draft(NULL, "R-2", 0, NULL, acting, E));
    WRONG(carenet_referral_receive(NULL, "R-1", acting, E));
    WRONG(carenet_referral_accept(NULL, "R-1", acting, E));
    WRONG(carenet_referral_start(NULL, "R-1", acting, E));
    WRONG(carenet_referral_decline(NULL, "R-1", "full", acting, E));
    WRONG(carenet_referral_redirect(NULL, "R-1", SITE, NULL, acting, E));
    WRONG(carenet_referral_waitlist(NULL, "R-1", acting, E));
    WRONG(carenet_referral_complete(NULL, "R-1", NULL, NULL, acting, E));
    WRONG(carenet_referral_cancel(NULL, "R-1", "no-longer-needed", acting, E));
    WRONG(carenet_referral_get(NULL, "R-1", INT64_MIN, NULL, E));
    WRONG(carenet_referral_list(NULL, NULL, E));
    WRONG(carenet_store_unlock(NULL, c->key, E));
    WRONG(carenet_store_seal(NULL, c->key, acting, E));
    WRONG(carenet_store_change_key(NULL, c->key, c->other_key, acting, E));
    WRONG(carenet_store_lose_key(NULL, c->key, acting, E));
    WRONG(carenet_store_check_key(NULL, c->key, E));
    WRONG(carenet_site_disclose(NULL, "R-1", "worker-7", c->key, acting, E));
    WRONG(carenet_site_check_safety(NULL, c->cases, 0, SITE, c->key, acting, E));
    WRONG(carenet_referral_facts(NULL, "R-1", c->key, acting, E));
    WRONG(carenet_case_erase(NULL, "C-1", acting, E));
    WRONG(carenet_store_purge(NULL, 0, acting, E));
    WRONG(carenet_audit_verify(NULL, NULL, &chain, E));
    WRONG(carenet_audit_list(NULL, NULL, 0, E));
    WRONG(carenet_checkpoint_make(NULL, NULL, E));
    WRONG(carenet_plan_apply(c->plan, NULL, NULL, c->cases, NULL, acting, E));
    check_all(c);
}

static void
files_and_regions(void **state)
{
    Calls *c = *state;
    g_autofree char *missing = in_folder(c, "none.yaml");
    const char *const no_file[] = {missing}, *const hole[] = {c->region, NULL};
    const char *const file[] = {c->region}, *const folder[] = {c->folder};
    carenet_import_options options;
    carenet_import_options_init(&options);
    WRONG(carenet_store_import(c->store, NULL, 0, NULL, NULL, NULL, E));
    WRONG(carenet_store_import(c->store, NULL, 1, NULL, NULL, NULL, E));
    WRONG(carenet_store_import(c->store, hole, 0, NULL, NULL, NULL, E));
    WRONG(carenet_store_import(c->store, hole, 2, NULL, NULL, NULL, E));
    FAILS(IO, carenet_store_import(c->store, no_file, 1, NULL, NULL, NULL, E));
    FAILS(IO, carenet_store_import(c->store, folder, 1, NULL, NULL, NULL, E));
    for (gsize i = 0; i < G_N_ELEMENTS(none_of); i++) {
        options.format = (carenet_file_format)none_of[i];
        WRONG(carenet_store_import(c->store, file, 1, &options, NULL, NULL, E));
    }
    carenet_import_options_init(&options);
    const char *const actors[] = {"", "two words", BYTES, "a\nb", c->long_word};
    for (gsize i = 0; i < G_N_ELEMENTS(actors); i++) {
        options.actor = actors[i];
        WRONG(carenet_store_import(c->store, file, 1, &options, NULL, NULL, E));
    }
    FAILS(STORAGE, carenet_store_import(c->reader, file, 1, NULL, NULL, NULL, E));
    const char *const regions[] = {"", "nowhere", BYTES, "secret-region\n", c->long_word};
    for (gsize i = 0; i < G_N_ELEMENTS(regions); i++) {
        FAILS(NOT_FOUND, carenet_store_export(c->store, regions[i], E));
        FAILS(NOT_FOUND, carenet_store_export_csv(c->store, regions[i], E));
    }
    check_all(c);
}

static void
copies(void **state)
{
    Calls *c = *state;
    g_autofree char *copy = in_folder(c, "copy.db");
    g_autofree char *text_file = in_folder(c, "terms.yaml");
    g_autofree char *missing = in_folder(c, "no/such/folder.db");
    char *kept = NULL;
    carenet_copy_options options;
    carenet_copy_options_init(&options);
    WRONG(carenet_store_backup(c->store, NULL, NULL, E));
    WRONG(carenet_store_backup(c->store, "", NULL, E));
    FAILS(CONFLICT, carenet_store_backup(c->store, c->path, NULL, E));
    FAILS(CONFLICT, carenet_store_backup(c->store, text_file, NULL, E));
    FAILS(CONFLICT, carenet_store_backup(c->store, c->folder, NULL, E));
    FAILS(IO, carenet_store_backup(c->store, missing, NULL, E));
    WRONG(carenet_store_restore(NULL, copy, NULL, &kept, E));
    WRONG(carenet_store_restore("", copy, NULL, &kept, E));
    WRONG(carenet_store_restore(c->path, NULL, NULL, &kept, E));
    WRONG(carenet_store_restore(c->path, "", NULL, &kept, E));
    FAILS(NOT_FOUND, carenet_store_restore(missing, copy, NULL, &kept, E));
    FAILS(CORRUPT, carenet_store_restore(text_file, copy, NULL, &kept, E));
    FAILS(CORRUPT, carenet_store_restore(c->folder, copy, NULL, &kept, E));
    FAILS(CONFLICT, carenet_store_restore(c->path, text_file, NULL, &kept, E));
    options.replace = true;
    FAILS(CONFLICT, carenet_store_backup(c->store, c->path, &options, E));
    FAILS(CONFLICT, carenet_store_restore(c->path, c->path, &options, &kept, E));
    options.busy_ms = -1;
    WRONG(carenet_store_backup(c->store, copy, &options, E));
    WRONG(carenet_store_restore(c->path, copy, &options, &kept, E));
    assert_null(kept);
    assert_false(g_file_test(copy, G_FILE_TEST_EXISTS));
    check_all(c);
}

/* ---- Who acts, and when. */

static void
try_acting(Calls *c, const carenet_acting *acting)
{
    carenet_capacity_report report;
    carenet_capacity_report_init(&report);
    report.total = 3;
    carenet_referral_options to;
    carenet_referral_options_init(&to);
    to.offering = SITE;
    WRONG(carenet_capacity_set(c->store, SITE, &report, acting, E));
    WRONG(carenet_capacity_hold(c->store, SITE, 1, 0, acting, E));
    WRONG(carenet_capacity_release(c->store, "H-1", acting, E));
    WRONG(carenet_verify(c->store, "sec-shelter", "phone", acting, E));
    WRONG(carenet_referral_send(c->store, c->cases, 2, &to, acting, E));
    WRONG(carenet_referral_send_draft(c->store, "R-2", 0, NULL, acting, E));
    WRONG(carenet_referral_receive(c->store, "R-1", acting, E));
    WRONG(carenet_referral_accept(c->store, "R-1", acting, E));
    WRONG(carenet_referral_start(c->store, "R-1", acting, E));
    WRONG(carenet_referral_decline(c->store, "R-1", "full", acting, E));
    WRONG(carenet_referral_redirect(c->store, "R-1", OFFICE, NULL, acting, E));
    WRONG(carenet_referral_waitlist(c->store, "R-1", acting, E));
    WRONG(carenet_referral_complete(c->store, "R-1", NULL, NULL, acting, E));
    WRONG(carenet_referral_cancel(c->store, "R-1", "no-longer-needed", acting, E));
    WRONG(carenet_store_seal(c->store, c->key, acting, E));
    WRONG(carenet_store_change_key(c->store, c->key, c->other_key, acting, E));
    WRONG(carenet_store_lose_key(c->store, c->other_key, acting, E));
    WRONG(carenet_site_disclose(c->store, "R-1", "worker-7", c->key, acting, E));
    WRONG(carenet_site_check_safety(c->store, c->cases, 0, SITE, c->key, acting, E));
    WRONG(carenet_referral_facts(c->store, "R-1", c->key, acting, E));
    WRONG(carenet_case_erase(c->store, "C-9", acting, E));
    WRONG(carenet_store_purge(c->store, 0, acting, E));
    WRONG(carenet_plan_apply(c->plan, c->store, NULL, c->cases, NULL, acting, E));
}

static void
who_acts(void **state)
{
    Calls *c = *state;
    const char *const actors[] = {NULL, "", "two words", BYTES, "a\nb", c->long_word};
    carenet_acting acting = c->acting;
    try_acting(c, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(actors); i++) {
        acting.actor = actors[i];
        try_acting(c, &acting);
    }
    acting = c->acting, acting.size = 0;
    try_acting(c, &acting);
    acting.size = sizeof acting + 1;
    try_acting(c, &acting);
    const char *const keys[] = {"", BYTES, "a\nb", c->long_word};
    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
        acting = c->acting, acting.key = keys[i];
        try_acting(c, &acting);
    }
    acting = c->acting, acting.key = "a-key";
    WRONG(carenet_plan_apply(c->plan, c->store, NULL, c->cases, NULL, &acting, E));
    check_all(c);
}

/* No clock shows these, and what is added to them has no number. */
static const gint64 no_time[] = {INT64_MIN + 1, INT64_MAX, INT64_MAX - 1, (gint64)1 << 60,
                                 -((gint64)1 << 60)};

static void
when_it_is(void **state)
{
    Calls *c = *state;
    carenet_referral_query query;
    carenet_referral_query_init(&query);
    for (gsize i = 0; i < G_N_ELEMENTS(no_time); i++) {
        carenet_acting acting = c->acting;
        acting.now_s = no_time[i];
        try_acting(c, &acting);
        query.now_s = no_time[i];
        WRONG(carenet_capacity(c->store, NULL, no_time[i], E));
        WRONG(carenet_due(c->store, 7, no_time[i], E));
        WRONG(carenet_referral_get(c->store, "R-1", no_time[i], NULL, E));
        WRONG(carenet_referral_list(c->store, &query, E));
        WRONG(carenet_store_check(c->store, no_time[i], E));
        WRONG(carenet_store_purge(c->store, no_time[i], &c->acting, E));
    }
    WRONG(carenet_store_check(c->store, INT64_MIN, E));
    WRONG(carenet_store_purge(c->store, INT64_MIN, &c->acting, E));
    WRONG(carenet_store_purge(c->store, g_get_real_time() / G_USEC_PER_SEC + 86400, &c->acting, E));
    check_all(c);
}

/* ---- The ledger. */

static const char *const no_ids[] = {"",   "nobody", "nobody/nothing",         BYTES, "a\nb",
                                     "R-", "R--1",   "R-99999999999999999999", "H-0"};

static void
places(void **state)
{
    Calls *c = *state;
    const carenet_acting *acting = &c->acting;
    carenet_capacity_report report, spoilt;
    carenet_capacity_report_init(&report);
    WRONG(carenet_capacity_set(c->store, SITE, &report, acting, E));
    report.total = 3;
    WRONG(carenet_capacity_set(c->store, NULL, &report, acting, E));
    WRONG(carenet_capacity_set(c->store, SITE, NULL, acting, E));
    const gint64 numbers[] = {-2, 1000001, INT64_MAX, INT64_MIN};
    for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++) {
        spoilt = report, spoilt.total = numbers[i];
        WRONG(carenet_capacity_set(c->store, SITE, &spoilt, acting, E));
        spoilt = report, spoilt.occupied = numbers[i];
        WRONG(carenet_capacity_set(c->store, SITE, &spoilt, acting, E));
        spoilt = report, spoilt.wait_days = numbers[i];
        WRONG(carenet_capacity_set(c->store, SITE, &spoilt, acting, E));
        WRONG(carenet_capacity_hold(c->store, SITE, numbers[i], 0, acting, E));
        if (numbers[i] != 1000001)
            WRONG(carenet_capacity_hold(c->store, SITE, 1, numbers[i], acting, E));
    }
    WRONG(carenet_capacity_hold(c->store, SITE, 0, 0, acting, E));
    const char *const sources[] = {NULL, "", "rumour", BYTES};
    for (gsize i = 0; i < G_N_ELEMENTS(sources); i++) {
        spoilt = report, spoilt.source = sources[i];
        WRONG(carenet_capacity_set(c->store, SITE, &spoilt, acting, E));
        WRONG(carenet_verify(c->store, "sec-shelter", sources[i], acting, E));
    }
    WRONG(carenet_capacity_hold(c->store, NULL, 1, 0, acting, E));
    WRONG(carenet_capacity_release(c->store, NULL, acting, E));
    WRONG(carenet_verify(c->store, NULL, "phone", acting, E));
    for (gsize i = 0; i < G_N_ELEMENTS(no_ids); i++) {
        FAILS(NOT_FOUND, carenet_capacity(c->store, no_ids[i], INT64_MIN, E));
        FAILS(NOT_FOUND, carenet_capacity_set(c->store, no_ids[i], &report, acting, E));
        FAILS(NOT_FOUND, carenet_capacity_hold(c->store, no_ids[i], 1, 0, acting, E));
        FAILS(NOT_FOUND, carenet_capacity_release(c->store, no_ids[i], acting, E));
        FAILS(NOT_FOUND, carenet_verify(c->store, no_ids[i], "phone", acting, E));
    }
    FAILS(NOT_FOUND, carenet_capacity_set(c->store, c->long_word, &report, acting, E));
    FAILS(NOT_FOUND, carenet_capacity_release(c->store, c->long_word, acting, E));
    FAILS(STORAGE, carenet_capacity_set(c->reader, SITE, &report, acting, E));
    FAILS(STORAGE, carenet_capacity_hold(c->reader, SITE, 1, 0, acting, E));
    FAILS(STORAGE, carenet_verify(c->reader, "sec-shelter", "phone", acting, E));
    const gint32 days[] = {0, -1, 367, G_MAXINT32, G_MININT32};
    for (gsize i = 0; i < G_N_ELEMENTS(days); i++)
        WRONG(carenet_due(c->store, days[i], INT64_MIN, E));
    check_all(c);
}

/* ---- Referrals. */

static void
sending(void **state)
{
    Calls *c = *state;
    const carenet_acting *acting = &c->acting;
    carenet_referral_options to, spoilt;
    carenet_referral_options_init(&to);
    WRONG(carenet_referral_send(c->store, c->cases, 2, &to, acting, E));
    to.offering = SITE;
    WRONG(carenet_referral_send(c->store, NULL, 0, &to, acting, E));
    WRONG(carenet_referral_send(c->store, c->cases, 2, NULL, acting, E));
    WRONG(carenet_referral_send(c->store, c->cases, 3, &to, acting, E));
    WRONG(carenet_referral_send(c->store, c->cases, SIZE_MAX, &to, acting, E));
    WRONG(carenet_referral_send(c->store, c->cases, 1, &to, acting, E)); /* which need? */
    WRONG(carenet_referral_send(c->store, c->foreign_cases, 0, &to, acting, E));
    const gint64 holds[] = {-1, INT64_MIN, INT64_MAX, 367 * 86400};
    for (gsize i = 0; i < G_N_ELEMENTS(holds); i++) {
        spoilt = to, spoilt.hold_s = holds[i];
        WRONG(carenet_referral_send(c->store, c->cases, 2, &spoilt, acting, E));
        WRONG(carenet_referral_send_draft(c->store, "R-2", holds[i], NULL, acting, E));
    }
    const char *const words[] = {"", "because", BYTES, c->long_word};
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        spoilt = to, spoilt.ground = words[i];
        WRONG(carenet_referral_send(c->store, c->cases, 2, &spoilt, acting, E));
        WRONG(carenet_referral_send_draft(c->store, "R-2", 0, words[i], acting, E));
        spoilt = to, spoilt.service = words[i];
        FAILS(NOT_FOUND, carenet_referral_send(c->store, c->cases, 2, &spoilt, acting, E));
        spoilt = to, spoilt.offering = words[i];
        FAILS(NOT_FOUND, carenet_referral_send(c->store, c->cases, 2, &spoilt, acting, E));
    }
    spoilt = to, spoilt.offering = OFFICE; /* which gives something else */
    WRONG(carenet_referral_send(c->store, c->cases, 2, &spoilt, acting, E));
    FAILS(STORAGE, carenet_referral_send(c->reader, c->cases, 2, &to, acting, E));
    FAILS(CONFLICT, carenet_referral_send(c->store, c->cases, 0, &to, acting, E));
    check_all(c);
}

static void
referrals_that_are_none(void **state)
{
    Calls *c = *state;
    const carenet_acting *acting = &c->acting;
    const char *const ids[] = {NULL,   "",     "nobody",    BYTES,  "R-",
                               "R--1", "R-0",  "R-1x",      " R-1", "R-99999999999999999999",
                               "H-1",  "R-99", c->long_word};
    for (gsize i = 0; i < G_N_ELEMENTS(ids); i++) {
        const char *id = ids[i];
#define NONE(call)                  \
    do {                            \
        if (id == NULL)             \
            WRONG(call);            \
        else                        \
            FAILS(NOT_FOUND, call); \
    } while (0)
        NONE(carenet_referral_send_draft(c->store, id, 0, NULL, acting, E));
        NONE(carenet_referral_receive(c->store, id, acting, E));
        NONE(carenet_referral_accept(c->store, id, acting, E));
        NONE(carenet_referral_start(c->store, id, acting, E));
        NONE(carenet_referral_decline(c->store, id, "full", acting, E));
        NONE(carenet_referral_redirect(c->store, id, OFFICE, NULL, acting, E));
        NONE(carenet_referral_waitlist(c->store, id, acting, E));
        NONE(carenet_referral_complete(c->store, id, NULL, NULL, acting, E));
        NONE(carenet_referral_cancel(c->store, id, "no-longer-needed", acting, E));
        NONE(carenet_referral_get(c->store, id, INT64_MIN, NULL, E));
        NONE(carenet_site_disclose(c->store, id, "worker-7", c->key, acting, E));
        NONE(carenet_referral_facts(c->store, id, c->key, acting, E));
    }
    check_all(c);
}

/* R-1 has started, R-2 is a draft. */
static void
verbs(void **state)
{
    Calls *c = *state;
    const carenet_acting *acting = &c->acting;
    FAILS(STATE, carenet_referral_send_draft(c->store, "R-1", 0, NULL, acting, E));
    FAILS(STATE, carenet_referral_receive(c->store, "R-1", acting, E));
    FAILS(STATE, carenet_referral_accept(c->store, "R-1", acting, E));
    FAILS(STATE, carenet_referral_receive(c->store, "R-2", acting, E));
    FAILS(STATE, carenet_referral_accept(c->store, "R-2", acting, E));
    FAILS(STATE, carenet_referral_start(c->store, "R-1", acting, E));
    FAILS(STATE, carenet_referral_start(c->store, "R-2", acting, E));
    FAILS(STATE, carenet_referral_decline(c->store, "R-1", "full", acting, E));
    FAILS(STATE, carenet_referral_redirect(c->store, "R-1", OFFICE, NULL, acting, E));
    FAILS(STATE, carenet_referral_waitlist(c->store, "R-1", acting, E));
    FAILS(STATE, carenet_referral_complete(c->store, "R-2", NULL, NULL, acting, E));
    const char *const words[] = {"", "because", BYTES, c->long_word};
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        WRONG(carenet_referral_cancel(c->store, "R-1", words[i], acting, E));
        WRONG(carenet_referral_complete(c->store, "R-1", NULL, words[i], acting, E));
        WRONG(carenet_referral_complete(c->store, "R-1", words[i], NULL, acting, E));
    }
    WRONG(carenet_referral_cancel(c->store, "R-1", NULL, acting, E));
    WRONG(carenet_referral_complete(c->store, "R-1", "met", "no-longer-needed", acting, E));
    FAILS(STORAGE, carenet_referral_complete(c->reader, "R-1", NULL, NULL, acting, E));
    assert_null(carenet_referral_reason(SIZE_MAX));
    check_all(c);
}

static void
lists_of_referrals(void **state)
{
    Calls *c = *state;
    carenet_referral_query query;
    carenet_referral_query_init(&query);
    const char *const words[] = {"", "asleep", BYTES, c->long_word};
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        query.state = words[i];
        WRONG(carenet_referral_list(c->store, &query, E));
    }
    carenet_referral_query_init(&query);
    query.size = 0;
    WRONG(carenet_referral_list(c->store, &query, E));
    carenet_referral_query_init(&query);
    query.case_ref = BYTES, query.provider = c->long_word, query.offering = "";
    query.limit = SIZE_MAX;
    carenet_table *nobody = carenet_referral_list(c->store, &query, NULL);
    assert_int_equal(carenet_table_rows_len(nobody), 0);
    carenet_table_unref(nobody);
    check_all(c);
}

/* ---- Keys, disclosure and erasure. */

static void
keys(void **state)
{
    Calls *c = *state;
    const carenet_acting *acting = &c->acting;
    g_autofree char *text_file = in_folder(c, "terms.yaml");
    g_autofree char *missing = in_folder(c, "no/such/file.key");
    g_autofree char *network = in_folder(c, "network.key");
    g_autofree char *signing = in_folder(c, "audit.key");
    const int closed = dup(0);
    close(closed);
    WRONG(carenet_key_read(NULL, E));
    WRONG(carenet_key_read("", E));
    FAILS(NOT_FOUND, carenet_key_read(missing, E));
    FAILS(INVALID_DATA, carenet_key_read(signing, E));
    FAILS(IO, carenet_key_read(c->folder, E));
    WRONG(carenet_key_read_fd(-1, E));
    WRONG(carenet_key_read_fd(G_MININT, E));
    FAILS(IO, carenet_key_read_fd(closed, E));
    WRONG(carenet_key_create(NULL, E));
    WRONG(carenet_key_create("", E));
    FAILS(CONFLICT, carenet_key_create(text_file, E));
    FAILS(CONFLICT, carenet_key_create(c->folder, E));
    FAILS(NOT_FOUND, carenet_key_create(missing, E));
    WRONG(carenet_signing_key_read(NULL, E));
    WRONG(carenet_signing_key_read("", E));
    FAILS(NOT_FOUND, carenet_signing_key_read(missing, E));
    FAILS(INVALID_DATA, carenet_signing_key_read(network, E));
    WRONG(carenet_signing_key_read_fd(-1, E));
    FAILS(IO, carenet_signing_key_read_fd(closed, E));
    WRONG(carenet_signing_key_create(NULL, E));
    WRONG(carenet_signing_key_create("", E));
    FAILS(CONFLICT, carenet_signing_key_create(network, E));
    assert_null(carenet_signing_key_public(NULL));
    carenet_key_free(NULL);
    carenet_signing_key_free(NULL);
    WRONG(carenet_store_unlock(c->store, NULL, E));
    FAILS(REFUSED, carenet_store_unlock(c->store, c->other_key, E));
    WRONG(carenet_store_seal(c->store, NULL, acting, E));
    FAILS(CONFLICT, carenet_store_seal(c->store, c->other_key, acting, E));
    WRONG(carenet_store_change_key(c->store, NULL, c->other_key, acting, E));
    WRONG(carenet_store_change_key(c->store, c->key, NULL, acting, E));
    FAILS(REFUSED, carenet_store_change_key(c->store, c->other_key, c->key, acting, E));
    WRONG(carenet_store_lose_key(c->store, NULL, acting, E));
    WRONG(carenet_store_check_key(c->store, NULL, E));
    FAILS(REFUSED, carenet_store_check_key(c->store, c->other_key, E));
    FAILS(STORAGE, carenet_store_seal(c->reader, c->key, acting, E));
    FAILS(STORAGE, carenet_store_change_key(c->reader, c->key, c->other_key, acting, E));
    check_all(c);
}

static void
stores_without_a_key(void **state)
{
    Calls *c = *state;
    carenet_store_options options;
    carenet_store_options_init(&options);
    options.reference = c->reference;
    g_autofree char *path = in_folder(c, "plain.db");
    carenet_store *plain = carenet_store_init(path, CARENET_STORE_LIVE, &options, NULL);
    assert_non_null(plain);
    FAILS(STATE, carenet_store_unlock(plain, c->key, E));
    FAILS(STATE, carenet_store_check_key(plain, c->key, E));
    FAILS(STATE, carenet_store_change_key(plain, c->key, c->other_key, &c->acting, E));
    FAILS(REFUSED,
          carenet_store_import(plain, (const char *const *)&c->region, 1, NULL, NULL, NULL, E));
    carenet_acting acting = c->acting;
    acting.now_s = g_get_real_time() / G_USEC_PER_SEC + 2 * 86400;
    WRONG(carenet_store_seal(plain, c->key, &acting, E));
    FAILS(REFUSED, carenet_plan_apply(c->plan, plain, NULL, c->cases, NULL, &c->acting, E));
    carenet_store_close(plain);
    check_all(c);
}

static void
disclosure(void **state)
{
    Calls *c = *state;
    const carenet_acting *acting = &c->acting;
    WRONG(carenet_site_disclose(c->store, "R-1", NULL, c->key, acting, E));
    WRONG(carenet_site_disclose(c->store, "R-1", "worker-7", NULL, acting, E));
    const char *const workers[] = {"", "two words", BYTES, c->long_word};
    for (gsize i = 0; i < G_N_ELEMENTS(workers); i++)
        WRONG(carenet_site_disclose(c->store, "R-1", workers[i], c->key, acting, E));
    FAILS(REFUSED, carenet_site_disclose(c->store, "R-1", "worker-7", c->other_key, acting, E));
    FAILS(STATE, carenet_site_disclose(c->store, "R-2", "worker-7", c->key, acting, E));
    FAILS(STORAGE, carenet_site_disclose(c->reader, "R-1", "worker-7", c->key, acting, E));
    WRONG(carenet_site_check_safety(c->store, NULL, 0, SITE, c->key, acting, E));
    WRONG(carenet_site_check_safety(c->store, c->cases, 3, SITE, c->key, acting, E));
    WRONG(carenet_site_check_safety(c->store, c->cases, SIZE_MAX, SITE, c->key, acting, E));
    WRONG(carenet_site_check_safety(c->store, c->cases, 0, NULL, c->key, acting, E));
    WRONG(carenet_site_check_safety(c->store, c->cases, 0, SITE, NULL, acting, E));
    WRONG(carenet_site_check_safety(c->store, c->cases, 0, OFFICE, c->key, acting, E));
    WRONG(carenet_site_check_safety(c->store, c->foreign_cases, 0, SITE, c->key, acting, E));
    FAILS(REFUSED, carenet_site_check_safety(c->store, c->cases, 0, SITE, c->other_key, acting, E));
    for (gsize i = 0; i < G_N_ELEMENTS(no_ids); i++)
        FAILS(NOT_FOUND,
              carenet_site_check_safety(c->store, c->cases, 0, no_ids[i], c->key, acting, E));
    WRONG(carenet_referral_facts(c->store, "R-1", NULL, acting, E));
    FAILS(REFUSED, carenet_referral_facts(c->store, "R-1", c->other_key, acting, E));
    WRONG(carenet_case_erase(c->store, NULL, acting, E));
    FAILS(STATE, carenet_case_erase(c->store, "C-1", acting, E));
    FAILS(STORAGE, carenet_case_erase(c->reader, "C-1", acting, E));
    FAILS(STORAGE, carenet_store_purge(c->reader, 0, acting, E));
    check_all(c);
}

/* ---- The audit chain. */

static void
chains(void **state)
{
    Calls *c = *state;
    carenet_chain chain;
    carenet_chain_init(&chain);
    WRONG(carenet_audit_verify(c->store, NULL, NULL, E));
    const char *const marks[] = {
        "",
        ":",
        "1:",
        "1:00",
        "-1:00",
        BYTES,
        c->long_word,
        "x:y",
        "99999999999999999999:"
        "0000000000000000000000000000000000000000000000000000000000000000"};
    for (gsize i = 0; i < G_N_ELEMENTS(marks); i++)
        WRONG(carenet_audit_verify(c->store, marks[i], &chain, E));
    FAILS(INVALID_DATA,
          carenet_audit_verify(c->store, "carenet-checkpoint-1\nrecords x\n", &chain, E));
    chain.size = 0;
    WRONG(carenet_audit_verify(c->store, NULL, &chain, E));
    chain.size = sizeof chain + 1;
    WRONG(carenet_audit_verify(c->store, NULL, &chain, E));
    WRONG(carenet_checkpoint_signer(NULL, E));
    for (gsize i = 0; i < G_N_ELEMENTS(marks); i++)
        FAILS(INVALID_DATA, carenet_checkpoint_signer(marks[i], E));
    const char *const subjects[] = {"", BYTES, c->long_word};
    for (gsize i = 0; i < G_N_ELEMENTS(subjects); i++) {
        carenet_table *nothing = carenet_audit_list(c->store, subjects[i], SIZE_MAX, NULL);
        assert_non_null(nothing);
        assert_int_equal(carenet_table_rows_len(nothing), 0);
        carenet_table_unref(nothing);
    }
    check_all(c);
}

/* ---- Programmes and reports. */

static void
programmes(void **state)
{
    Calls *c = *state;
    g_autofree char *missing = in_folder(c, "none.yaml");
    g_autofree char *terms = in_folder(c, "terms.yaml");
    carenet_indicator_query query, spoilt;
    carenet_indicator_query_init(&query);
    WRONG(carenet_programme_from_files(NULL, (const char *const *)&c->region, 1, NULL, E));
    WRONG(carenet_programme_from_files(c->reference, NULL, 0, NULL, E));
    FAILS(IO,
          carenet_programme_from_files(c->reference, (const char *const *)&missing, 1, NULL, E));
    WRONG(carenet_programme_demonstration(NULL, E));
    assert_null(carenet_programme_ref(NULL));
    carenet_programme_unref(NULL);
    assert_false(carenet_programme_is_demonstration(NULL));
    WRONG(carenet_programme_list(NULL, CARENET_PROGRAMME_ACTORS, E));
    for (gsize i = 0; i < G_N_ELEMENTS(none_of); i++)
        WRONG(carenet_programme_list(c->programme, (carenet_programme_kind)none_of[i], E));
    WRONG(carenet_programme_overview(NULL, E));
    WRONG(carenet_programme_show(NULL, "x", E));
    WRONG(carenet_programme_show(c->programme, NULL, E));
    const char *const ids[] = {"", "nothing", BYTES, c->long_word};
    for (gsize i = 0; i < G_N_ELEMENTS(ids); i++)
        FAILS(NOT_FOUND, carenet_programme_show(c->programme, ids[i], E));
    WRONG(carenet_report_indicators(NULL, &query, NULL, E));
    for (gsize i = 0; i < G_N_ELEMENTS(none_of); i++) {
        spoilt = query, spoilt.profile = (carenet_profile)none_of[i];
        WRONG(carenet_report_indicators(c->programme, &spoilt, NULL, E));
    }
    const char *const days[] = {"", "yesterday", "2023-02-30", "2023-13", BYTES, c->long_word};
    for (gsize i = 0; i < G_N_ELEMENTS(days); i++) {
        spoilt = query, spoilt.from = days[i];
        WRONG(carenet_report_indicators(c->programme, &spoilt, NULL, E));
        spoilt = query, spoilt.to = days[i];
        WRONG(carenet_report_indicators(c->programme, &spoilt, NULL, E));
    }
    spoilt = query, spoilt.from = "2023-01-01", spoilt.to = "2022-12-31";
    WRONG(carenet_report_indicators(c->programme, &spoilt, NULL, E));
    spoilt = query, spoilt.indicators = missing;
    FAILS(IO, carenet_report_indicators(c->programme, &spoilt, NULL, E));
    spoilt.indicators = "";
    FAILS(IO, carenet_report_indicators(c->programme, &spoilt, NULL, E));
    spoilt.indicators = terms;
    FAILS(INVALID_DATA, carenet_report_indicators(c->programme, &spoilt, NULL, E));
    check_all(c);
}

static gboolean
report(const Calls *c,
       const carenet_policy *policy,
       carenet_report_kind kind,
       const carenet_report_query *query,
       carenet_error **error)
{
    carenet_table *rows = carenet_report_table(c->directory, policy, kind, query, error);
    carenet_table_unref(rows);
    return rows != NULL;
}

static gboolean
print(const Calls *c,
      const carenet_policy *policy,
      carenet_report_kind kind,
      const carenet_report_query *query,
      carenet_error **error)
{
    char *page = carenet_report_html(c->directory, policy, kind, query, error);
    carenet_free(page);
    return page != NULL;
}

static void
try_query(const Calls *c, carenet_report_kind kind, const carenet_report_query *query)
{
    WRONG(report(c, c->policy, kind, query, E));
    WRONG(print(c, c->policy, kind, query, E));
}

static void
reports(void **state)
{
    Calls *c = *state;
    carenet_report_query query, spoilt;
    carenet_report_query_init(&query);
    WRONG(carenet_report_table(NULL, c->policy, CARENET_REPORT_GAPS, &query, E));
    WRONG(carenet_report_table(c->directory, NULL, CARENET_REPORT_GAPS, &query, E));
    WRONG(carenet_report_html(NULL, c->policy, CARENET_REPORT_GAPS, &query, E));
    WRONG(carenet_report_html(c->directory, NULL, CARENET_REPORT_GAPS, &query, E));
    WRONG(carenet_report_unmet_cases(NULL, &query, E));
    WRONG(carenet_report_unmet_cases(c->directory, NULL, E));
    WRONG(carenet_report_unmet_cases(c->directory, &query, E));
    WRONG(report(c, c->policy, CARENET_REPORT_FULL, &query, E));
    WRONG(report(c, c->policy, (carenet_report_kind)0, &query, E));
    WRONG(print(c, c->policy, (carenet_report_kind)0, &query, E));
    for (gsize i = 0; i < G_N_ELEMENTS(none_of); i++) {
        try_query(c, (carenet_report_kind)none_of[i], &query);
        spoilt = query, spoilt.profile = (carenet_profile)none_of[i];
        try_query(c, CARENET_REPORT_CAPACITY, &spoilt);
    }
    const char *const days[] = {"", "yesterday", "2023-02-30", BYTES, c->long_word};
    for (gsize i = 0; i < G_N_ELEMENTS(days); i++) {
        spoilt = query, spoilt.from = days[i];
        try_query(c, CARENET_REPORT_FLOW, &spoilt);
    }
    spoilt = query, spoilt.from = "2023-01-01", spoilt.to = "2022-12-31";
    try_query(c, CARENET_REPORT_FLOW, &spoilt);
    WRONG(report(c, c->policy, CARENET_REPORT_UNMET, &query, E));
    WRONG(report(c, c->policy, CARENET_REPORT_FUNNEL, &query, E));
    WRONG(report(c, c->policy, CARENET_REPORT_INDICATORS, &query, E));
    spoilt = query, spoilt.plan = c->plan;
    try_query(c, CARENET_REPORT_UNMET, &spoilt);
    spoilt.cases = c->foreign_cases;
    try_query(c, CARENET_REPORT_UNMET, &spoilt);
    try_query(c, CARENET_REPORT_FLOW, &spoilt);
    for (gint kind = CARENET_REPORT_GAPS; kind < CARENET_REPORT_UNMET; kind++) {
        WRONG(report(c, c->foreign_policy, (carenet_report_kind)kind, &query, E));
        WRONG(print(c, c->foreign_policy, (carenet_report_kind)kind, &query, E));
    }
    const char *const names[] = {"", "nowhere", BYTES, c->long_word};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        spoilt = query, spoilt.regions = &names[i], spoilt.regions_len = 1;
        FAILS(NOT_FOUND, report(c, c->policy, CARENET_REPORT_GAPS, &spoilt, E));
        spoilt = query, spoilt.services = &names[i], spoilt.services_len = 1;
        FAILS(NOT_FOUND, report(c, c->policy, CARENET_REPORT_GAPS, &spoilt, E));
    }
    check_all(c);
}

/* ---- Plans. */

static void
applying(void **state)
{
    Calls *c = *state;
    const carenet_acting *acting = &c->acting;
    carenet_table *regions = carenet_store_regions(c->store, NULL);
    carenet_apply_options options, spoilt;
    carenet_apply_options_init(&options);
    WRONG(carenet_plan_apply(NULL, c->store, NULL, c->cases, NULL, acting, E));
    WRONG(carenet_plan_apply(c->plan, c->store, NULL, NULL, NULL, acting, E));
    WRONG(carenet_plan_apply(c->plan, c->store, NULL, c->foreign_cases, NULL, acting, E));
    WRONG(carenet_plan_apply(c->plan, c->store, c->foreign_policy, c->cases, NULL, acting, E));
    WRONG(carenet_plan_gaps(c->plan, c->directory, c->foreign_policy, c->cases, NULL, E));
    WRONG(carenet_plan_gaps(c->plan, c->directory, c->policy, c->foreign_cases, NULL, E));
    WRONG(carenet_plan_explain(c->plan, c->directory, c->foreign_policy, c->cases, "C-1", NULL, E));
    WRONG(carenet_plan_explain_text(c->plan, c->directory, c->policy, c->foreign_cases, "C-1", E));
    spoilt = options, spoilt.hold_s = -1;
    WRONG(carenet_plan_apply(c->plan, c->store, NULL, c->cases, &spoilt, acting, E));
    spoilt.hold_s = INT64_MAX;
    WRONG(carenet_plan_apply(c->plan, c->store, NULL, c->cases, &spoilt, acting, E));
    spoilt = options, spoilt.size = 1;
    WRONG(carenet_plan_apply(c->plan, c->store, NULL, c->cases, &spoilt, acting, E));
    FAILS(STORAGE, carenet_plan_apply(c->plan, c->reader, NULL, c->cases, NULL, acting, E));
    WRONG(carenet_plan_lost(NULL, regions, E));
    WRONG(carenet_plan_lost(c->cases, NULL, E));
    WRONG(carenet_plan_lost(c->cases, regions, E));
    carenet_table_unref(regions);
    check_all(c);
}

/* ---- What outlives what. */

/* Whoever gave something away may let go of it; the rest goes on living. */
static void
what_was_given_may_be_freed(void **state)
{
    Calls *c = *state;
    carenet_store_options options;
    carenet_error *error = NULL;
    carenet_store_options_init(&options);
    options.reference = open_foreign(c), options.keep_image = true;
    g_autofree char *path = in_folder(c, "brief.db");
    carenet_store *store = carenet_store_init(path, CARENET_STORE_DEMONSTRATION, &options, &error);
    carenet_reference_unref(options.reference);
    assert_true(
        carenet_store_import(store, (const char *const *)&c->region, 1, NULL, NULL, NULL, &error));
    carenet_directory *whole = carenet_directory_load(store, &error);
    carenet_directory *parts = carenet_directory_open(store, &error);
    carenet_programme *programme = carenet_programme_from_store(store, &error);
    carenet_policy *policy = carenet_store_policy(store, &error);
    carenet_reference *reference = carenet_store_reference(store);
    carenet_store_close(store);
    carenet_find_query query;
    carenet_find_query_init(&query);
    for (guint i = 0; i < 2; i++) {
        carenet_directory *directory = i == 0 ? whole : parts;
        carenet_table *rows = carenet_find(directory, &query, &error);
        carenet_table *gaps =
            carenet_report_table(directory, policy, CARENET_REPORT_GAPS, NULL, &error);
        if (rows == NULL || gaps == NULL)
            fail_msg("%s", carenet_error_get_message(error));
        carenet_directory_unref(directory);
        assert_true(carenet_table_rows_len(rows) > 0);
        char *text = carenet_table_to_string(gaps, CARENET_FORMAT_JSON, &error);
        assert_non_null(text);
        carenet_free(text);
        carenet_table_unref(rows);
        carenet_table_unref(gaps);
    }
    carenet_policy_unref(policy);
    carenet_reference_unref(reference);
    carenet_table *overview = carenet_programme_overview(programme, &error);
    assert_non_null(overview);
    carenet_programme_unref(programme);
    carenet_table_unref(overview);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(opening_stores, set_up, tear_down),
        cmocka_unit_test_setup_teardown(stores_that_are_none, set_up, tear_down),
        cmocka_unit_test_setup_teardown(files_and_regions, set_up, tear_down),
        cmocka_unit_test_setup_teardown(copies, set_up, tear_down),
        cmocka_unit_test_setup_teardown(who_acts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(when_it_is, set_up, tear_down),
        cmocka_unit_test_setup_teardown(places, set_up, tear_down),
        cmocka_unit_test_setup_teardown(sending, set_up, tear_down),
        cmocka_unit_test_setup_teardown(referrals_that_are_none, set_up, tear_down),
        cmocka_unit_test_setup_teardown(verbs, set_up, tear_down),
        cmocka_unit_test_setup_teardown(lists_of_referrals, set_up, tear_down),
        cmocka_unit_test_setup_teardown(keys, set_up, tear_down),
        cmocka_unit_test_setup_teardown(stores_without_a_key, set_up, tear_down),
        cmocka_unit_test_setup_teardown(disclosure, set_up, tear_down),
        cmocka_unit_test_setup_teardown(chains, set_up, tear_down),
        cmocka_unit_test_setup_teardown(programmes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(reports, set_up, tear_down),
        cmocka_unit_test_setup_teardown(applying, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_was_given_may_be_freed, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
