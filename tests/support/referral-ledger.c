/* See referral-ledger.h. What is stored is looked at in SQL, not through the library. */
#include "referral-ledger.h"

#include "ledger-sql.h"
#include "random-network.h"

#include "base/error.h"
#include "model/case.h"
#include "store/store-private.h"

#include <carenet/carenet.h>

#include <string.h>

#define OFFERINGS 3

static CnStoreEnvironment environment;
static gint64 hold_s;

void
referral_ledger_set_environment(const CnStoreEnvironment *given)
{
    environment = given != NULL ? *given : (CnStoreEnvironment){0};
}

void
referral_ledger_set_hold(gint64 given_s)
{
    hold_s = given_s;
}

/* ---- Making one. */

static CnReference *
reference(void)
{
    static CnReference *kept;
    if (kept == NULL)
        kept = test_reference();
    return kept;
}

static char *
offering_id(guint i)
{
    return g_strdup_printf("p%u/individual-counseling", i);
}

static CnNetwork *
hot_network(gint64 total)
{
    CnNetwork *network = cn_network_new();
    for (guint i = 0; i < OFFERINGS; i++) {
        CnProvider *provider = cn_network_add_provider(network);
        g_autofree char *id = g_strdup_printf("p%u", i), *offered = offering_id(i);
        CnOffering offering = cn_offering_blank();
        provider->id = cn_network_intern(network, id);
        provider->name = provider->id;
        provider->site.area = 0;
        offering.id = cn_network_intern(network, offered);
        offering.service = cn_service_by_id(reference()->taxonomy, "individual-counseling");
        offering.capacity = (CnCapacity){
            .known = TRUE, .total = total, .as_of = {.s = 1, .is_set = TRUE}, .wait_days = -1};
        g_array_append_val(provider->offerings, offering);
    }
    return network;
}

static void
make_store(const char *path, gint64 total)
{
    carenet_import_options options;
    g_autoptr(GError) error = NULL;
    g_autoptr(CnNetwork) network = hot_network(total);
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    g_autoptr(carenet_store) store =
        cn_store_init(path, CARENET_STORE_DEMONSTRATION, reference(), 20000, &error);
    carenet_import_options_init(&options);
    if (store == NULL || !cn_store_import(store, network, &options, issues, NULL, &error))
        g_error("%s", error->message);
}

/* Places and services take long to fill in: once for each total. */
static void
make(const char *path, gint64 total)
{
    static GHashTable *images; /* (element-type gint GBytes) */
    if (images == NULL)
        images = g_hash_table_new(NULL, NULL);
    GBytes *image = g_hash_table_lookup(images, GINT_TO_POINTER((gint)total));
    if (image == NULL) {
        char *bytes = NULL;
        gsize len = 0;
        make_store(path, total);
        g_assert(g_file_get_contents(path, &bytes, &len, NULL));
        image = g_bytes_new_take(bytes, len);
        g_hash_table_insert(images, GINT_TO_POINTER((gint)total), image);
    }
    gsize len = 0;
    const char *bytes = g_bytes_get_data(image, &len);
    ledger_remove(path);
    g_assert(
        g_file_set_contents_full(path, bytes, (gssize)len, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

/* ---- A handle. */

static gpointer
open_ledger(const char *path, GError **error)
{
    return cn_store_open_in(&environment, path, reference(), FALSE, 20000, error);
}

static void
close_ledger(gpointer store)
{
    cn_store_close(store);
}

/* ---- Steps. */

static LedgerAnswer
answer_of(carenet_table *row, GError *cause, GError **error)
{
    if (row != NULL) {
        carenet_table_unref(row);
        return LEDGER_DONE;
    }
    if (cause->domain == CN_ERROR && cause->code == CARENET_ERROR_CAPACITY) {
        g_error_free(cause);
        return LEDGER_FULL;
    }
    g_propagate_error(error, cause);
    return LEDGER_ERROR;
}

/* A case of its own for each key: one case is not sent to the same offering twice. */
static carenet_cases *
case_of(const char *key, GError **error)
{
    g_autofree char *text =
        g_strdup_printf("{ref: C-%s, area: \"1030500000\", age: 15, sex: female,"
                        " needs: [individual-counseling], consent: full}\n",
                        key);
    return carenet_cases_parse(reference(), text, strlen(text), "case", CARENET_CASES_STRICT, NULL,
                               error);
}

static LedgerAnswer
take(gpointer handle, const char *key, guint offering, GError **error)
{
    GError *cause = NULL;
    carenet_acting acting;
    carenet_referral_options options;
    g_autofree char *to = offering_id(offering);
    g_autoptr(carenet_cases) person = case_of(key, error);
    if (person == NULL)
        return LEDGER_ERROR;
    carenet_acting_init(&acting);
    carenet_referral_options_init(&options);
    acting.actor = "desk", acting.key = key;
    options.offering = to, options.hold_s = hold_s;
    carenet_table *row = carenet_referral_send(handle, person, 0, &options, &acting, &cause);
    return answer_of(row, cause, error);
}

/* The id of the referral that @key has sent. */
static gboolean
find_referral(carenet_store *store, const char *key, char **out_id, GError **error)
{
    sqlite3_stmt *stmt = NULL;
    int rc =
        sqlite3_prepare_v2(store->db, "SELECT subject FROM request WHERE key = ?", -1, &stmt, NULL);
    if (rc == SQLITE_OK) {
        sqlite3_bind_text(stmt, 1, key, -1, SQLITE_TRANSIENT);
        rc = sqlite3_step(stmt);
    }
    if (rc == SQLITE_ROW)
        *out_id = g_strdup((const char *)sqlite3_column_text(stmt, 0));
    else
        cn_store_fail(store, rc == SQLITE_DONE ? SQLITE_CORRUPT : rc, error);
    sqlite3_finalize(stmt);
    return rc == SQLITE_ROW;
}

static LedgerAnswer
accept(gpointer handle, const char *key, GError **error)
{
    GError *cause = NULL;
    carenet_acting acting;
    g_autofree char *id = NULL, *own_key = g_strconcat(key, ".accept", NULL);
    if (!find_referral(handle, key, &id, error))
        return LEDGER_ERROR;
    carenet_acting_init(&acting);
    acting.actor = "desk", acting.key = own_key;
    carenet_table *row = carenet_referral_accept(handle, id, &acting, &cause);
    return answer_of(row, cause, error);
}

static LedgerAnswer
give_back(gpointer handle, const char *key, GError **error)
{
    GError *cause = NULL;
    carenet_acting acting;
    g_autofree char *id = NULL, *own_key = g_strconcat(key, ".return", NULL);
    if (!find_referral(handle, key, &id, error))
        return LEDGER_ERROR;
    carenet_acting_init(&acting);
    acting.actor = "desk", acting.key = own_key;
    carenet_table *row = carenet_referral_cancel(handle, id, "no-longer-needed", &acting, &cause);
    return answer_of(row, cause, error);
}

/* ---- Looking. */

static const char offerings_sql[] =
    "SELECT CAST(substr(c.offering_id, 2, 1) AS INTEGER), c.total, c.occupied, c.held,"
    " (SELECT ifnull(sum(units), 0) FROM referral AS r WHERE r.offering_id = c.offering_id"
    "   AND r.state IN ('sent', 'received')),"
    " (SELECT ifnull(sum(units), 0) FROM referral AS r WHERE r.offering_id = c.offering_id"
    "   AND r.state IN ('accepted', 'started')),"
    " (SELECT ifnull(sum(held_by), 0) FROM capacity_event AS e"
    "   WHERE e.offering_id = c.offering_id),"
    " (SELECT ifnull(sum(occupied_by), 0) FROM capacity_event AS e"
    "   WHERE e.offering_id = c.offering_id)"
    " FROM capacity AS c";

/* The last request of a state change has a key of its own, with a point in it. */
static const char places_sql[] =
    "SELECT key, CASE WHEN state IN ('sent', 'received') THEN 1"
    " WHEN state IN ('accepted', 'started') THEN 2 ELSE 3 END"
    " FROM request JOIN referral ON number = CAST(substr(subject, 3) AS INTEGER)"
    " WHERE instr(key, '.') = 0";

static const char doubled_sql[] = "SELECT (SELECT count(*) FROM referral)"
                                  " - (SELECT count(*) FROM request WHERE instr(key, '.') = 0)";

/* Each hold that the ledger counts is one of a referral that waits for its answer. */
static const char holds_sql[] =
    "SELECT EXISTS (SELECT 1 FROM capacity AS c WHERE held <> (SELECT ifnull(sum(units), 0)"
    " FROM hold AS h WHERE h.offering_id = c.offering_id))";

static const char integrity_sql[] = "SELECT integrity_check <> 'ok' FROM pragma_integrity_check"
                                    " UNION ALL SELECT count(*) FROM pragma_foreign_key_check";

static void
read_doubled(sqlite3_stmt *stmt, LedgerState *state)
{
    gint64 more = sqlite3_column_int64(stmt, 0);
    state->doubled += (guint)MAX(more, 0);
    state->broken = state->broken || more < 0;
}

static gboolean
read_rows(carenet_store *store,
          const char *sql,
          LedgerReader read,
          LedgerState *state,
          GError **error)
{
    int rc = ledger_read(store->db, sql, read, state);
    return rc == SQLITE_OK || cn_store_fail(store, rc, error);
}

static gboolean
check_chain(carenet_store *store, LedgerState *state, GError **error)
{
    carenet_chain chain;
    carenet_chain_init(&chain);
    if (!carenet_audit_verify(store, NULL, &chain, error))
        return FALSE;
    state->broken = state->broken || chain.broken_at != 0;
    return TRUE;
}

static gboolean
look(gpointer handle, gboolean whole, LedgerState *out, GError **error)
{
    carenet_store *store = handle;
    gboolean done = cn_store_exec(store, "BEGIN", error) &&
                    read_rows(store, offerings_sql, ledger_read_offering, out, error) &&
                    read_rows(store, places_sql, ledger_read_place, out, error) &&
                    read_rows(store, doubled_sql, read_doubled, out, error) &&
                    read_rows(store, holds_sql, ledger_read_verdict, out, error) &&
                    (!whole || read_rows(store, integrity_sql, ledger_read_verdict, out, error));
    if (!sqlite3_get_autocommit(store->db))
        cn_store_exec(store, "ROLLBACK", NULL);
    return done && (!whole || check_chain(store, out, error));
}

const LedgerKind referral_ledger = {
    .name = "referrals",
    .offerings = OFFERINGS,
    .make = make,
    .open = open_ledger,
    .close = close_ledger,
    .take = take,
    .accept = accept,
    .give_back = give_back,
    .look = look,
};
