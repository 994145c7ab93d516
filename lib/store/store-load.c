/* From tables to records, complete and sorted, in one pass over each table.
 *
 * Every table is clustered by network and id, so children come in the order of their parents: the
 * search for a parent begins at the last one found. A child without a parent is damage. */
#include "store/referrals.h"
#include "store/store-load-private.h"
#include "store/store-programme.h"

#include <string.h>

static gboolean
read_rows(CnLoad *load, CnStatement *statement, CnReadLoad read, GError **error)
{
    gboolean row = statement != NULL;
    while (row) {
        if (!cn_statement_step(statement, &row, error))
            return FALSE;
        if (row && !read(load, statement, error)) {
            sqlite3_reset(statement->stmt);
            return FALSE;
        }
    }
    return statement != NULL;
}

gboolean
cn_load_rows(CnLoad *load, const CnSql *sql, CnReadLoad read, GError **error)
{
    return read_rows(load, cn_statement(load->store, sql, error), read, error);
}

gboolean
cn_load_table(CnLoad *load,
              const CnLoadTable *table,
              const char *one,
              CnReadLoad read,
              GError **error)
{
    CnStatement *statement =
        cn_statement(load->store, one != NULL ? &table->of_one : &table->all, error);
    if (statement != NULL && one != NULL)
        cn_bind_text(statement, ":one", one);
    return read_rows(load, statement, read, error);
}

gboolean
cn_load_damaged(CnLoad *load, const CnStatement *row, GError **error)
{
    return cn_store_damaged(load->store, row->sql->name, error);
}

/* Whether @id comes after that of the last record; every record begins with its id. The tables are
 * clustered by id, so nothing has to be sorted, and everything that looks up ids stands on it. */
static gboolean
ascends(const GArray *records, gsize size, const char *id)
{
    if (id == NULL || records->len == 0)
        return id != NULL;
    const char *const *last = (const char *const *)(records->data + (records->len - 1) * size);
    return strcmp(*last, id) < 0;
}

/* How far a parent without children is skipped before the search begins anew. */
#define SEEK_AHEAD 8

gboolean
cn_load_seek(gconstpointer list,
             guint len,
             const char *(*id_at)(gconstpointer list, guint i),
             const char *id,
             guint *cursor)
{
    for (guint i = *cursor; id != NULL && i < len && i < *cursor + SEEK_AHEAD; i++)
        if (strcmp(id_at(list, i), id) == 0) {
            *cursor = i;
            return TRUE;
        }
    guint low = 0, high = id != NULL ? len : 0;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        int order = strcmp(id_at(list, middle), id);
        if (order == 0) {
            *cursor = middle;
            return TRUE;
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return FALSE;
}

static const char *
provider_id(gconstpointer list, guint i)
{
    return ((const CnProvider *)g_ptr_array_index((const GPtrArray *)list, i))->id;
}

/* ---- The network's own row, regions, organizations. */

static const CnSql select_network = {
    "network",
    "SELECT slug, name, demonstration_now_s, demonstration_now_day_only FROM network"
    " WHERE id = :network_id",
    NULL,
};

static gboolean
read_network(CnLoad *load, CnStatement *row, GError **error)
{
    const char *slug, *name;
    if (!cn_read_text(row, 0, &slug, error) || !cn_read_text(row, 1, &name, error))
        return FALSE;
    load->network->id = cn_network_intern(load->network, slug);
    load->network->name = cn_network_intern(load->network, name);
    load->network->is_demonstration = load->store->kind == CARENET_STORE_DEMONSTRATION;
    CnInstant *now = &load->network->demonstration_now;
    now->is_set = sqlite3_column_type(row->stmt, 2) != SQLITE_NULL;
    now->s = sqlite3_column_int64(row->stmt, 2);
    now->day_only = sqlite3_column_int(row->stmt, 3) != 0;
    return TRUE;
}

static const CnSql select_regions = {
    "region",
    "SELECT id, name, area FROM region WHERE network_id = :network_id ORDER BY id",
    &cn_map_region,
};

static gboolean
read_region(CnLoad *load, CnStatement *row, GError **error)
{
    CnRegion region = {0};
    if (!cn_read_record(row, load->network, &region, error))
        return FALSE;
    if (!ascends(load->network->regions, sizeof region, region.id) || region.area == CN_AREA_NONE)
        return cn_load_damaged(load, row, error);
    g_array_append_val(load->network->regions, region);
    return TRUE;
}

static const CnSql select_region_languages = {
    "region_language",
    "SELECT region_id, term FROM region_language WHERE network_id = :network_id",
    NULL,
};

static gboolean
read_region_language(CnLoad *load, CnStatement *row, GError **error)
{
    const char *id;
    gint term;
    if (!cn_read_text(row, 0, &id, error) ||
        !cn_read_term(row, 1, CARENET_TERMS_LANGUAGES, &term, error))
        return FALSE;
    for (guint i = 0; i < load->network->regions->len; i++) {
        CnRegion *region = &g_array_index(load->network->regions, CnRegion, i);
        if (g_strcmp0(region->id, id) == 0) {
            cn_term_set_add(&region->languages, term);
            return TRUE;
        }
    }
    return cn_load_damaged(load, row, error);
}

static const CnSql select_organizations = {
    "organization",
    "SELECT id, region_id, name, website, kind, data_sharing_agreement, example FROM organization"
    " WHERE network_id = :network_id ORDER BY id",
    &cn_map_organization,
};

static gboolean
read_organization(CnLoad *load, CnStatement *row, GError **error)
{
    CnOrganization organization = {0};
    if (!cn_read_record(row, load->network, &organization, error))
        return FALSE;
    if (!ascends(load->network->organizations, sizeof organization, organization.id))
        return cn_load_damaged(load, row, error);
    g_array_append_val(load->network->organizations, organization);
    return TRUE;
}

/* ---- Providers and what hangs on them. */

static const CnLoadTable select_providers = CN_LOAD_TABLE(
    "provider",
    "SELECT id, region_id, organization_id, display_name, example, disclosure, show_area,"
    " remote, contact_role, contact_gateway, status, listing_consent, verified_on,"
    " verified_by, source_url, source_title, source_on, accreditation_body,"
    " accreditation_level, accreditation_expires FROM provider",
    "id",
    "ORDER BY id",
    &cn_map_provider);

static gboolean
read_provider(CnLoad *load, CnStatement *row, GError **error)
{
    const GPtrArray *providers = load->network->providers;
    const CnProvider *last =
        providers->len > 0 ? g_ptr_array_index(providers, providers->len - 1) : NULL;
    CnProvider *provider = cn_network_add_provider(load->network);
    if (!cn_read_record(row, load->network, provider, error))
        return FALSE;
    if (provider->id == NULL || (last != NULL && strcmp(last->id, provider->id) >= 0))
        return cn_load_damaged(load, row, error);
    return TRUE;
}

CnProvider *
cn_load_owner(CnLoad *load, CnStatement *row, GError **error)
{
    const char *id;
    if (!cn_read_text(row, 0, &id, error))
        return NULL;
    if (cn_load_seek(load->network->providers, load->network->providers->len, provider_id, id,
                     &load->provider_at))
        return g_ptr_array_index(load->network->providers, load->provider_at);
    cn_load_damaged(load, row, error);
    return NULL;
}

static const CnLoadTable select_sites =
    CN_LOAD_TABLE("provider_site",
                  "SELECT provider_id, name, area, lat_deg, lon_deg, address, phone, email FROM"
                  " provider_site",
                  "provider_id",
                  "ORDER BY provider_id",
                  &cn_map_site);

static gboolean
read_site(CnLoad *load, CnStatement *row, GError **error)
{
    CnProvider *provider = cn_load_owner(load, row, error);
    load->sites++;
    return provider != NULL && cn_read_record(row, load->network, provider, error);
}

static const CnSql select_boxes = {
    "provider_seal",
    "SELECT provider_id, field, box FROM provider_seal WHERE network_id = :network_id"
    " ORDER BY provider_id, field",
    NULL,
};

static void
open_site(CnLoad *load, CnProvider *provider, const CnOpenedSite *site)
{
    CnNetwork *network = load->network;
    provider->name = cn_network_intern(network, site->name);
    provider->site = (CnSite){.area = CN_AREA_NONE,
                              .has_point = site->has_point,
                              .lat_deg = site->lat_deg,
                              .lon_deg = site->lon_deg,
                              .address = cn_network_intern(network, site->address),
                              .phone = cn_network_intern(network, site->phone),
                              .email = cn_network_intern(network, site->email)};
    if (site->area != NULL)
        provider->site.area = cn_area_by_code(load->store->reference->gazetteer, site->area);
}

/* The first box of a provider: all of them are opened at once, or none where there is no key. */
static gboolean
read_box(CnLoad *load, CnStatement *row, GError **error)
{
    g_auto(CnOpenedSite) site = {0};
    gboolean known = FALSE;
    CnProvider *provider = cn_load_owner(load, row, error);
    if (provider == NULL)
        return FALSE;
    if (provider->disclosure == CN_DISCLOSE_PUBLIC)
        return cn_load_damaged(load, row, error);
    if (provider->sealing != CN_NOT_SEALED)
        return TRUE;
    provider->sealing = load->store->key != NULL ? CN_OPENED : CN_SEALED;
    if (load->store->key == NULL)
        return TRUE;
    CnWork within = {.store = load->store};
    if (!cn_site_open(&within, load->store->key, provider->id, &site, &known, error))
        return FALSE;
    open_site(load, provider, &site);
    return TRUE;
}

static const CnLoadTable select_serves =
    CN_LOAD_TABLE("provider_serves",
                  "SELECT provider_id, area FROM provider_serves",
                  "provider_id",
                  "ORDER BY provider_id, position",
                  NULL);

static gboolean
read_serves(CnLoad *load, CnStatement *row, GError **error)
{
    const char *code;
    CnProvider *provider = cn_load_owner(load, row, error);
    if (provider == NULL || !cn_read_text(row, 1, &code, error))
        return FALSE;
    CnAreaId area =
        code != NULL ? cn_area_by_code(load->store->reference->gazetteer, code) : CN_AREA_NONE;
    if (area == CN_AREA_NONE)
        return cn_load_damaged(load, row, error);
    g_array_append_val(provider->serves, area);
    return TRUE;
}

static const CnLoadTable select_provider_terms =
    CN_LOAD_TABLE("provider_term",
                  "SELECT provider_id, term, kind FROM provider_term",
                  "provider_id",
                  "",
                  NULL);

static gboolean
read_provider_term(CnLoad *load, CnStatement *row, GError **error)
{
    const char *kind;
    gint term;
    CnProvider *provider = cn_load_owner(load, row, error);
    if (provider == NULL || !cn_read_text(row, 2, &kind, error))
        return FALSE;
    gboolean language = g_strcmp0(kind, "language") == 0;
    if (!language && g_strcmp0(kind, "access") != 0)
        return cn_load_damaged(load, row, error);
    if (!cn_read_term(row, 1, language ? CARENET_TERMS_LANGUAGES : CARENET_TERMS_ACCESS, &term,
                      error))
        return FALSE;
    cn_term_set_add(language ? &provider->languages : &provider->access, term);
    return TRUE;
}

static const CnLoadTable select_capabilities =
    CN_LOAD_TABLE("capability",
                  "SELECT provider_id, course, staff, since, expires FROM capability",
                  "provider_id",
                  "ORDER BY provider_id, position",
                  &cn_map_capability);

static gboolean
read_capability(CnLoad *load, CnStatement *row, GError **error)
{
    CnCapability capability = {0};
    CnProvider *provider = cn_load_owner(load, row, error);
    if (provider == NULL || !cn_read_record(row, load->network, &capability, error))
        return FALSE;
    g_array_append_val(provider->capabilities, capability);
    return TRUE;
}

/* ---- All of it. */

/* What the floors above take for granted: a site, and a place that may be shown. */
static gboolean
check_providers(CnLoad *load, GError **error)
{
    if (load->sites != load->network->providers->len)
        return cn_store_damaged(load->store, "provider_site", error);
    for (guint i = 0; i < load->network->providers->len; i++) {
        const CnProvider *provider = g_ptr_array_index(load->network->providers, i);
        CnAreaId shown =
            provider->disclosure == CN_DISCLOSE_PUBLIC ? provider->site.area : provider->show_area;
        if (shown == CN_AREA_NONE)
            return cn_store_damaged(load->store, "provider (area)", error);
    }
    return TRUE;
}

/* All, or the one. */
static gboolean
read_providers(CnLoad *load, GError **error)
{
    static const struct {
        const CnLoadTable *table;
        CnReadLoad read;
    } tables[] = {
        {&select_providers, read_provider},      {&select_sites, read_site},
        {&select_serves, read_serves},           {&select_provider_terms, read_provider_term},
        {&select_capabilities, read_capability},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(tables); i++)
        if (!cn_load_table(load, tables[i].table, load->provider, tables[i].read, error))
            return FALSE;
    return TRUE;
}

static gboolean
read_all(CnLoad *load, GError **error)
{
    static const struct {
        const CnSql *sql;
        CnReadLoad read;
    } tables[] = {
        {&select_network, read_network},
        {&select_regions, read_region},
        {&select_region_languages, read_region_language},
        {&select_organizations, read_organization},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(tables); i++)
        if (!cn_load_rows(load, tables[i].sql, tables[i].read, error))
            return FALSE;
    return read_providers(load, error) && cn_load_rows(load, &select_boxes, read_box, error) &&
           cn_load_offerings(load, error);
}

CnNetwork *
cn_store_load(carenet_store *store, GHashTable *closed, GError **error)
{
    g_autoptr(CnNetwork) network = cn_network_new();
    g_autoptr(GArray) offerings = g_array_new(FALSE, FALSE, sizeof(CnLoadPlace));
    CnLoad load = {.store = store, .network = network, .closed = closed, .offerings = offerings};
    return read_all(&load, error) && check_providers(&load, error) ? g_steal_pointer(&network)
                                                                   : NULL;
}

static void
take_waits(CnCapacity *capacity, GHashTable *waits, const char *offering)
{
    capacity->waited = capacity->known && cn_store_wait_at(waits, offering, &capacity->waited_days);
}

/* A hold that has ended frees its place, though nobody has written that down yet; and how long people
 * wait, referrals tell. */
static gboolean
bring_up_to_date(CnWork *work, CnNetwork *network, GError **error)
{
    g_autoptr(GHashTable) ended = cn_ledger_ended(work, error);
    g_autoptr(GHashTable) waits = ended != NULL ? cn_store_waits(work, NULL, error) : NULL;
    if (waits == NULL || g_hash_table_size(ended) + g_hash_table_size(waits) == 0)
        return waits != NULL;
    for (guint i = 0; i < network->providers->len; i++) {
        const CnProvider *provider = g_ptr_array_index(network->providers, i);
        for (guint k = 0; k < provider->offerings->len; k++) {
            CnOffering *offering = &g_array_index(provider->offerings, CnOffering, k);
            offering->capacity.held -= cn_ledger_ended_at(ended, offering->id);
            take_waits(&offering->capacity, waits, offering->id);
        }
    }
    return TRUE;
}

/* ---- One offering. */

static gboolean
read_waits(CnWork *work, const CnNetwork *network, GError **error)
{
    const CnProvider *provider = g_ptr_array_index(network->providers, 0);
    for (guint i = 0; i < provider->offerings->len; i++) {
        CnOffering *offering = &g_array_index(provider->offerings, CnOffering, i);
        g_autoptr(GHashTable) waits = cn_store_waits(work, offering->id, error);
        if (waits == NULL)
            return FALSE;
        take_waits(&offering->capacity, waits, offering->id);
    }
    return TRUE;
}

CnNetwork *
cn_store_offering(CnWork *work,
                  const char *provider,
                  const char *offering,
                  gboolean waits,
                  GError **error)
{
    g_autoptr(CnNetwork) network = cn_network_new();
    g_autoptr(GArray) offerings = g_array_new(FALSE, FALSE, sizeof(CnLoadPlace));
    CnLoad load = {.store = work->store,
                   .network = network,
                   .provider = provider,
                   .offering = offering,
                   .offerings = offerings};
    if (!read_providers(&load, error) || !cn_load_offerings(&load, error) ||
        !check_providers(&load, error))
        return NULL;
    if (network->providers->len == 0) {
        cn_store_damaged(work->store, "provider", error);
        return NULL;
    }
    return !waits || read_waits(work, network, error) ? g_steal_pointer(&network) : NULL;
}

static CnNetwork *
load_network(carenet_store *store, gboolean programmes, gint64 *out_revision, GError **error)
{
    g_auto(CnWork) work = {0};
    gint64 revision = 0;
    if (!cn_work_begin_reading(&work, store, G_MININT64, error))
        return NULL;
    g_autoptr(CnNetwork) network = cn_store_load(store, NULL, error);
    if (network == NULL || !bring_up_to_date(&work, network, error) ||
        !(programmes ? cn_store_load_programmes : cn_store_load_coverage)(store, network, error) ||
        !cn_store_ask_int(store, "SELECT revision FROM network WHERE id = 1", &revision, error) ||
        !cn_work_commit(&work, error))
        return NULL;
    if (out_revision != NULL)
        *out_revision = revision;
    return g_steal_pointer(&network);
}

CnNetwork *
cn_store_network(carenet_store *store, gint64 *out_revision, GError **error)
{
    return load_network(store, FALSE, out_revision, error);
}

CnNetwork *
cn_store_records(carenet_store *store, GError **error)
{
    return load_network(store, TRUE, NULL, error);
}

CnNetwork *
cn_store_programmes(carenet_store *store, GError **error)
{
    g_auto(CnWork) work = {0};
    g_autoptr(CnNetwork) network = cn_network_new();
    CnLoad load = {.store = store, .network = network};
    if (!cn_work_begin_reading(&work, store, G_MININT64, error) ||
        !cn_load_rows(&load, &select_network, read_network, error) ||
        !cn_load_rows(&load, &select_regions, read_region, error) ||
        !cn_store_load_programmes(store, network, error) ||
        !cn_store_load_referral_starts(store, network, error) || !cn_work_commit(&work, error))
        return NULL;
    return g_steal_pointer(&network);
}
