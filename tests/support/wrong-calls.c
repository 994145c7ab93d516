/* What wrong calls are tried with: two stores, keys, cases, a plan, and reference data with one service more. */
#include "wrong-calls.h"

#include "random-network.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

const gint wrong_numbers[WRONG_NUMBERS_LEN] = {-1, 99, G_MAXINT, G_MININT};

static guint mistakes;

/* ---- Trying one call. */

void
wrong_look(gboolean done, const carenet_error *error, carenet_error_code code, const char *call)
{
    const char *message = carenet_error_get_message(error);
    if (!done && error != NULL && carenet_error_get_code(error) == code &&
        g_utf8_validate(message, -1, NULL) && *message != '\0' && strchr(message, '\n') == NULL)
        return;
    print_error("%s: %s: %s\n", call,
                done ? "done" : carenet_error_code_name(carenet_error_get_code(error)), message);
    mistakes++;
}

gint64
wrong_count_records(const Calls *c)
{
    carenet_chain chain;
    carenet_chain_init(&chain);
    assert_true(carenet_audit_verify(c->store, NULL, &chain, NULL));
    assert_int_equal(chain.broken_at, 0);
    return chain.records;
}

void
wrong_check_all(const Calls *c)
{
    assert_int_equal(wrong_count_records(c), c->records);
    assert_int_equal(mistakes, 0);
}

/* ---- What is called. */

char *
wrong_in_folder(const Calls *c, const char *name)
{
    return g_build_filename(c->folder, name, NULL);
}

carenet_reference *
wrong_open_foreign(const Calls *c)
{
    static const char *const files[] = {"gazetteer.csv", "sea-links.csv", "services.yaml",
                                        "terms.yaml", "policy.yaml"};
    for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *from = g_build_filename(g_getenv("CARENET_TEST_DATA"), files[i], NULL);
        g_autofree char *to = wrong_in_folder(c, files[i]);
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

carenet_cases *
wrong_read_cases(carenet_reference *reference, const char *text)
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
    g_autofree char *path = wrong_in_folder(c, name);
    g_autofree char *key_path = wrong_in_folder(c, key_name);
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

int
wrong_set_up(void **state)
{
    Calls *c = g_new0(Calls, 1);
    g_autofree char *signing = NULL;
    c->folder = test_folder();
    c->path = wrong_in_folder(c, "store.db");
    c->region =
        g_build_filename(g_getenv("CARENET_TEST_SRC"), "fixtures", "store-secrets.yaml", NULL);
    c->reference = test_reference();
    c->foreign = wrong_open_foreign(c);
    carenet_acting_init(&c->acting);
    c->acting.actor = "tester";
    c->store = make_store(c, "store.db", "network.key", &c->key);
    c->other = make_store(c, "other.db", "other.key", &c->other_key);
    c->cases = wrong_read_cases(
        c->reference,
        "- {ref: C-1, area: \"1030500000\", age: 12, sex: female, groups: [deaf], languages: [ceb],"
        " needs: [emergency-shelter], consent: full, offender: {areas: [\"1300000000\"]}}\n"
        "- {ref: C-2, area: \"1030500000\", age: 12, sex: female, groups: [deaf], languages: [ceb],"
        " needs: [emergency-shelter, case-management], consent: full}\n"
        "- {ref: C-3, area: \"1030500000\", age: 12, sex: female, groups: [deaf],"
        " needs: [emergency-shelter], consent: full}\n");
    c->foreign_cases = wrong_read_cases(c->foreign, "- {ref: C-1, area: \"1030500000\", age: 12,"
                                                    " needs: [zz-more], consent: full}\n");
    c->policy = carenet_policy_load(c->reference, NULL, NULL, NULL);
    c->foreign_policy = carenet_policy_load(c->foreign, NULL, NULL, NULL);
    signing = wrong_in_folder(c, "audit.key");
    c->signer = carenet_signing_key_create(signing, NULL);
    c->long_word = g_strnfill(100000, 'x');
    refer(c);
    open_reader(c);
    c->directory = carenet_directory_load(c->store, NULL);
    c->programme = carenet_programme_demonstration(c->reference, NULL);
    carenet_batch(c->directory, c->policy, c->cases, NULL, &c->plan, NULL);
    c->records = wrong_count_records(c);
    mistakes = 0;
    *state = c;
    return c->policy == NULL || c->foreign_policy == NULL || c->signer == NULL ||
           c->directory == NULL || c->programme == NULL || c->plan == NULL;
}

int
wrong_tear_down(void **state)
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
