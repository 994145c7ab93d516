/* Imports: what is given is checked together with what is stored, and stored whole or not at all. */
#include "store/store-programme.h"

#include "base/error.h"
#include "format/issue-error.h"
#include "format/outline.h"

/* ---- What a store refuses. */

static gboolean
refuse_example(const char *what, const char *id, CnPos pos, GError **error)
{
    cn_error_set_at(error, CARENET_ERROR_REFUSED, pos.file, pos.line, pos.column,
                    "%s %s is invented (example: true), and this is a live store", what, id);
    cn_error_hint(error, "leave invented records out, or import into a store made with"
                         " carenet init --demo");
    return FALSE;
}

/* Invented and real help must never stand side by side where somebody looks for help. */
static gboolean
check_kind(const carenet_store *store, const CnNetwork *given, GError **error)
{
    if (store->kind != CARENET_STORE_LIVE)
        return TRUE;
    for (guint i = 0; i < given->organizations->len; i++) {
        const CnOrganization *organization =
            &g_array_index(given->organizations, CnOrganization, i);
        if (organization->example)
            return refuse_example("organization", organization->id, organization->pos, error);
    }
    for (guint i = 0; i < given->providers->len; i++) {
        const CnProvider *provider = g_ptr_array_index(given->providers, i);
        if (provider->example)
            return refuse_example("provider", provider->id, provider->pos, error);
    }
    for (guint i = 0; i < given->programmes->len; i++) {
        const CnProgramme *programme = g_ptr_array_index(given->programmes, i);
        if (programme->example)
            return refuse_example("the programme of",
                                  programme->region != NULL ? programme->region : "the network",
                                  programme->pos, error);
    }
    if (!given->demonstration_now.is_set)
        return TRUE;
    cn_error_set(error, CARENET_ERROR_REFUSED,
                 "the network names demonstration_now, and this is a live store");
    cn_error_hint(error, "leave demonstration_now out: a live store goes by the clock");
    return FALSE;
}

/* Findings at records that were given; what is wrong with stored ones was said when they came. */
static void
check_merged(const CnNetwork *merged, const CnReference *reference, CnIssueList *issues)
{
    g_autoptr(CnIssueList) all = cn_issue_list_new();
    cn_network_check(merged, reference, all);
    cn_outlines_check(merged, reference, all);
    for (guint i = 0; i < cn_issue_list_len(all); i++) {
        const CnIssue *issue = cn_issue_list_get(all, i);
        if (issue->pos.file != NULL)
            cn_issue_add(issues, issue->severity, issue->tag, issue->pos, issue->suggestion, "%s",
                         issue->message);
    }
}

/* Every floor above stands on a place that may be shown. */
static gboolean
check_shown_places(const CnNetwork *merged, GError **error)
{
    for (guint i = 0; i < merged->providers->len; i++) {
        const CnProvider *provider = g_ptr_array_index(merged->providers, i);
        gboolean is_public = provider->disclosure == CN_DISCLOSE_PUBLIC;
        if ((is_public ? provider->site.area : provider->show_area) != CN_AREA_NONE)
            continue;
        CnPos pos = provider->pos;
        cn_error_set_at(error, CARENET_ERROR_INVALID_DATA, pos.file, pos.line, pos.column,
                        "provider %s states no %s", provider->id, is_public ? "area" : "show_area");
        cn_error_hint(error, "add it to the place of the provider");
        return FALSE;
    }
    return TRUE;
}

/* Whether its file states something that only a store with a key keeps. */
static gboolean
states_secrets(const CnProvider *provider)
{
    const CnSite *site = &provider->site;
    const struct {
        const char *field;
        gboolean stated;
    } secrets[] = {
        {"name", provider->name != NULL}, {"area", site->area != CN_AREA_NONE},
        {"point", site->has_point},       {"address", site->address != NULL},
        {"phone", site->phone != NULL},   {"email", site->email != NULL},
    };
    if (provider->disclosure == CN_DISCLOSE_PUBLIC || provider->example)
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(secrets); i++)
        if (secrets[i].stated && !cn_provider_withholds(provider, secrets[i].field))
            return TRUE;
    return FALSE;
}

/* Nothing here needs them but what needs the key, too: without one they are not kept at all. */
static gboolean
warn_without_key(carenet_store *store, const CnNetwork *given, CnIssueList *issues, GError **error)
{
    guint8 public_key[CN_KEY_LEN];
    gboolean has = FALSE;
    const CnProvider *first = NULL;
    guint count = 0;
    if (!cn_seal_public_key(store, public_key, &has, error))
        return FALSE;
    for (guint i = 0; !has && i < given->providers->len; i++) {
        const CnProvider *provider = g_ptr_array_index(given->providers, i);
        if (!states_secrets(provider))
            continue;
        first = first != NULL ? first : provider;
        count++;
    }
    if (count > 0)
        cn_issue_add(issues, CN_SEVERITY_WARNING, "restricted-not-kept", first->pos,
                     "carenet key create --key-file FILE, then import the file again",
                     "the store has no key, so it keeps neither name, area, point, address, phone "
                     "nor email of %u restricted %s: nobody will be able to ask for them",
                     count, count == 1 ? "provider" : "providers");
    return TRUE;
}

/* ---- What is written down of it, and the answer. */

/* By CnRecordKind; programme records by CnProgrammeKind. */
static const char *const kinds[CN_KINDS] = {
    "network",   "region",   "organization", "provider", "offering",       "capacity",
    "programme", "actor",    "body",         "meeting",  "strategic-plan", "ordinance",
    "protocol",  "training", "tally",        "start",    "care-plan"};

static gboolean
is_changed(const CnChanges *changes)
{
    return changes->added + changes->changed + changes->closed > 0;
}

/* What an import changed, in numbers: names of what is restricted would stay in the chain for ever. */
static gboolean
record_import(CnWork *work, const CnDifference *difference, gboolean *out_changed, GError **error)
{
    g_autoptr(GString) detail = g_string_new(NULL);
    for (guint i = 0; i < CN_KINDS; i++) {
        const CnChanges *changes = &difference->changes[i];
        if (is_changed(changes))
            g_string_append_printf(
                detail, "%s%s +%" G_GINT64_FORMAT " ~%" G_GINT64_FORMAT " -%" G_GINT64_FORMAT,
                detail->len > 0 ? ", " : "", kinds[i], changes->added, changes->changed,
                changes->closed);
    }
    if (difference->sealed > 0)
        g_string_append_printf(detail, "%ssealed %" G_GINT64_FORMAT, detail->len > 0 ? ", " : "",
                               difference->sealed);
    *out_changed = detail->len > 0;
    work->directory_changed = difference->directory;
    return !*out_changed || cn_audit_append(work, "import", "network", detail->str, NULL, error);
}

static const CnSql count_open_at = {
    "count-open-at-provider",
    "SELECT count(*) FROM referral AS r JOIN offering AS o ON o.network_id = r.network_id"
    " AND o.id = r.offering_id WHERE r.network_id = :network_id AND o.provider_id = :provider"
    " AND (r.state IN ('accepted', 'started', 'waitlisted') OR r.hold_until_s > :now_s)",
    NULL,
};

/* Survivors who are there, or on their way, need somebody to look. */
static gboolean
warn_of_open(CnWork *work, const CnProvider *provider, CnIssueList *issues, GError **error)
{
    gboolean row = FALSE;
    CnStatement *count = cn_statement(work->store, &count_open_at, error);
    if (count == NULL)
        return FALSE;
    cn_bind_text(count, ":provider", provider->id);
    cn_bind_int(count, ":now_s", work->now_s);
    if (!cn_statement_step(count, &row, error))
        return FALSE;
    const gint64 open = row ? sqlite3_column_int64(count->stmt, 0) : 0;
    sqlite3_reset(count->stmt);
    if (open > 0)
        cn_issue_add(issues, CN_SEVERITY_WARNING, "open-referrals", provider->pos,
                     "carenet status --provider lists them: redirect or cancel what is not safe",
                     "\"%s\" is suspended now, and open referrals are there: %" G_GINT64_FORMAT,
                     provider->id, open);
    return TRUE;
}

/* Who suspended whom, and who lifted it, is asked later. Ids of providers stand in the chain as those of referrals do. */
static gboolean
record_suspensions(CnWork *work,
                   const CnNetwork *stored,
                   const CnNetwork *merged,
                   CnIssueList *issues,
                   GError **error)
{
    for (guint i = 0; i < merged->providers->len; i++) {
        const CnProvider *now = g_ptr_array_index(merged->providers, i);
        const CnProvider *was = cn_network_provider(stored, now->id);
        if (was == NULL || was->status == now->status ||
            (was->status != CN_SUSPENDED && now->status != CN_SUSPENDED))
            continue;
        g_autofree char *detail =
            g_strdup_printf("%s -> %s", cn_status_name(was->status), cn_status_name(now->status));
        if (!cn_audit_append(work, "status", now->id, detail, NULL, error) ||
            (now->status == CN_SUSPENDED && !warn_of_open(work, now, issues, error)))
            return FALSE;
    }
    return TRUE;
}

static carenet_table *
tabulate(const CnDifference *difference)
{
    static const CnColumn columns[] = {{"kind", CARENET_COLUMN_TEXT},
                                       {"added", CARENET_COLUMN_INT64},
                                       {"changed", CARENET_COLUMN_INT64},
                                       {"unchanged", CARENET_COLUMN_INT64},
                                       {"closed", CARENET_COLUMN_INT64}};
    CnTableBuilder *table = cn_table_builder_new(columns, G_N_ELEMENTS(columns));
    for (guint i = 0; i < CN_KINDS; i++) {
        const CnChanges *changes = &difference->changes[i];
        /* Most files hold few of the kinds of programme record. */
        if (i >= CN_KIND_PROGRAMME && !is_changed(changes) && changes->unchanged == 0)
            continue;
        cn_table_add_text(table, kinds[i]);
        cn_table_add_int64(table, changes->added);
        cn_table_add_int64(table, changes->changed);
        cn_table_add_int64(table, changes->unchanged);
        cn_table_add_int64(table, changes->closed);
    }
    return cn_table_builder_finish(table);
}

/* ---- The import. */

/* What a dry run would meet at its commit. */
static gboolean
check_deferred_keys(carenet_store *store, GError **error)
{
    int broken = 0, high = 0;
    sqlite3_db_status(store->db, SQLITE_DBSTATUS_DEFERRED_FKS, &broken, &high, 0);
    return broken == 0 || cn_store_fail(store, SQLITE_CONSTRAINT_FOREIGNKEY, error);
}

/* Files without a programme leave those in the store alone, and need not wait for them. */
static gboolean
merge_programmes(carenet_store *store,
                 CnNetwork *stored,
                 const CnNetwork *given,
                 CnNetwork *merged,
                 gboolean replace,
                 GHashTable *out_given,
                 GError **error)
{
    if (given->programmes->len == 0)
        return TRUE;
    if (!cn_store_load_programmes(store, stored, error))
        return FALSE;
    cn_store_merge_programmes(merged, stored, given, store->reference, replace, out_given);
    return TRUE;
}

static gboolean
import_inside(CnWork *work,
              const CnNetwork *given,
              gboolean replace,
              CnIssueList *issues,
              CnDifference *difference,
              gboolean *out_changed,
              GError **error)
{
    carenet_store *store = work->store;
    g_autoptr(GHashTable) closed = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(CnNetwork) stored = cn_store_load(store, closed, error);
    if (stored == NULL)
        return FALSE;
    g_autoptr(CnNetwork) merged =
        cn_store_merge(stored, closed, given, replace, work->now_s, issues);
    g_autoptr(GHashTable) programme_ids = g_hash_table_new(g_str_hash, g_str_equal);
    if (!merge_programmes(store, stored, given, merged, replace, programme_ids, error))
        return FALSE;
    cn_store_check_kept(stored, given, issues);
    cn_network_check_times(given, work->now_s, issues);
    check_merged(merged, store->reference, issues);
    if (cn_issue_list_errors(issues) > 0) {
        cn_error_from_issues(error, issues, "the import");
        return FALSE;
    }
    if (!check_kind(store, given, error))
        return FALSE;
    if (!warn_without_key(store, given, issues, error))
        return FALSE;
    return check_shown_places(merged, error) &&
           cn_store_write(work, stored, closed, given, merged, difference, error) &&
           cn_store_write_programmes(work, stored, merged, programme_ids, difference, error) &&
           record_import(work, difference, out_changed, error) &&
           record_suspensions(work, stored, merged, issues, error) &&
           check_deferred_keys(store, error);
}

/* Records come by id and go into the indexes of what they refer to all over the file: with the pages at
 * hand none is written and read again meanwhile. The cache is as large as what is touched. */
#define IMPORT_CACHE  "PRAGMA cache_size = -131072"
#define DEFAULT_CACHE "PRAGMA cache_size = -2000"

static gboolean
import_with_cache(CnWork *work,
                  const CnNetwork *network,
                  const carenet_import_options *options,
                  CnIssueList *issues,
                  CnDifference *out,
                  gboolean *out_changed,
                  GError **error)
{
    gboolean done = cn_store_exec(work->store, IMPORT_CACHE, error) &&
                    import_inside(work, network, options->replace, issues, out, out_changed, error);
    cn_store_exec(work->store, DEFAULT_CACHE, NULL);
    return done;
}

gboolean
cn_store_import(carenet_store *store,
                const CnNetwork *network,
                const carenet_import_options *options,
                CnIssueList *issues,
                carenet_table **out_changes,
                GError **error)
{
    const gboolean own_clock =
        store->kind == CARENET_STORE_DEMONSTRATION && network->demonstration_now.is_set;
    const CnActing acting = {.actor = options->actor != NULL ? options->actor : "import",
                             .now_s = own_clock ? network->demonstration_now.s : G_MININT64};
    g_auto(CnWork) work = {0};
    CnDifference difference = {0};
    gboolean changed = FALSE;
    if (!cn_work_begin(&work, store, &acting, error) ||
        !import_with_cache(&work, network, options, issues, &difference, &changed, error))
        return FALSE;
    /* An import of what is stored already writes nothing. */
    if (changed && !options->dry_run && !cn_work_commit(&work, error))
        return FALSE;
    if (out_changes != NULL)
        *out_changes = tabulate(&difference);
    return TRUE;
}
