/* Writes the difference between two states of a network. A record that is equal is not touched, so
 * that an import of the same files writes nothing and no revision moves. */
#include "store/store-write-private.h"

#include <string.h>

gboolean
cn_write_count(CnWrite *write, CnRecordKind kind, gboolean exists, gboolean equal, gboolean given)
{
    CnChanges *changes = &write->difference->changes[kind];
    changes->added += !exists;
    changes->changed += exists && !equal;
    changes->unchanged += exists && equal && given;
    if (exists && equal)
        return FALSE;
    if (kind != CN_KIND_CAPACITY)
        write->difference->directory = TRUE;
    return TRUE;
}

gboolean
cn_write_record(carenet_store *store, const CnSql *sql, gconstpointer record, GError **error)
{
    CnStatement *statement = cn_statement(store, sql, error);
    if (statement == NULL)
        return FALSE;
    cn_bind_record(statement, record);
    return cn_statement_run(statement, error);
}

gboolean
cn_write_for_id(carenet_store *store, const CnSql *sql, const char *id, GError **error)
{
    CnStatement *statement = cn_statement(store, sql, error);
    if (statement == NULL)
        return FALSE;
    cn_bind_text(statement, ":id", id);
    return cn_statement_run(statement, error);
}

gboolean
cn_write_terms(carenet_store *store,
               const CnSql *sql,
               const char *id,
               const char *kind,
               carenet_terms_kind vocabulary,
               CnTermSet set,
               GError **error)
{
    const CnVocabulary *terms = store->reference->terms[vocabulary];
    for (gint i = 0; i < (gint)cn_vocabulary_len(terms); i++) {
        if (!cn_term_set_has(set, i))
            continue;
        CnStatement *insert = cn_statement(store, sql, error);
        if (insert == NULL)
            return FALSE;
        cn_bind_text(insert, ":id", id);
        if (kind != NULL)
            cn_bind_text(insert, ":kind", kind);
        cn_bind_text(insert, ":term", cn_term(terms, i)->id);
        if (!cn_statement_run(insert, error))
            return FALSE;
    }
    return TRUE;
}

gboolean
cn_write_same_terms(CnTermSet a, CnTermSet b)
{
    return a.bits[0] == b.bits[0] && a.bits[1] == b.bits[1];
}

/* ---- The network's own row. */

static const CnSql update_network = {
    "update-network",
    "UPDATE network SET slug = :slug, name = :name, demonstration_now_s = :now_s,"
    " demonstration_now_day_only = :now_day_only WHERE id = :network_id",
    NULL,
};

static gboolean
same_network(const CnNetwork *a, const CnNetwork *b)
{
    const CnInstant *x = &a->demonstration_now, *y = &b->demonstration_now;
    return g_strcmp0(a->id, b->id) == 0 && g_strcmp0(a->name, b->name) == 0 &&
           x->is_set == y->is_set && (!x->is_set || (x->s == y->s && x->day_only == y->day_only));
}

static gboolean
write_network(CnWrite *write, const CnNetwork *stored, const CnNetwork *merged, GError **error)
{
    if (!cn_write_count(write, CN_KIND_NETWORK, stored->id != NULL, same_network(stored, merged),
                        TRUE))
        return TRUE;
    CnStatement *update = cn_statement(write->store, &update_network, error);
    if (update == NULL)
        return FALSE;
    const CnInstant *now = &merged->demonstration_now;
    cn_bind_text(update, ":slug", merged->id);
    cn_bind_text(update, ":name", merged->name);
    if (now->is_set)
        cn_bind_int(update, ":now_s", now->s);
    cn_bind_int(update, ":now_day_only", now->is_set && now->day_only);
    return cn_statement_run(update, error);
}

/* ---- Regions and organizations. */

static const CnSql put_region = {
    "put-region",
    "INSERT INTO region (network_id, id, name, area) VALUES (:network_id, :id, :name, :area)"
    " ON CONFLICT (network_id, id) DO UPDATE SET name = excluded.name, area = excluded.area",
    &cn_map_region,
};

static const CnSql delete_region_languages = {
    "delete-region-languages",
    "DELETE FROM region_language WHERE network_id = :network_id AND region_id = :id",
    NULL,
};

static const CnSql insert_region_language = {
    "insert-region-language",
    "INSERT INTO region_language (network_id, region_id, term) VALUES (:network_id, :id, :term)",
    NULL,
};

static const CnRegion *
find_region(const CnNetwork *network, const char *id)
{
    for (guint i = 0; i < network->regions->len; i++) {
        const CnRegion *region = &g_array_index(network->regions, CnRegion, i);
        if (strcmp(region->id, id) == 0)
            return region;
    }
    return NULL;
}

static gboolean
write_region(CnWrite *write, const CnNetwork *stored, const CnRegion *region, GError **error)
{
    const CnRegion *old = find_region(stored, region->id);
    gboolean equal = old != NULL && cn_record_equal(&cn_map_region, old, region) &&
                     cn_write_same_terms(old->languages, region->languages);
    if (!cn_write_count(write, CN_KIND_REGION, old != NULL, equal, TRUE))
        return TRUE;
    return cn_write_record(write->store, &put_region, region, error) &&
           cn_write_for_id(write->store, &delete_region_languages, region->id, error) &&
           cn_write_terms(write->store, &insert_region_language, region->id, NULL,
                          CARENET_TERMS_LANGUAGES, region->languages, error);
}

static const CnSql put_organization = {
    "put-organization",
    "INSERT INTO organization (network_id, id, region_id, name, website, kind,"
    " data_sharing_agreement, example) VALUES (:network_id, :id, :region_id, :name, :website, :kind,"
    " :data_sharing_agreement, :example)"
    " ON CONFLICT (network_id, id) DO UPDATE SET region_id = excluded.region_id,"
    " name = excluded.name, website = excluded.website, kind = excluded.kind,"
    " data_sharing_agreement = excluded.data_sharing_agreement, example = excluded.example",
    &cn_map_organization,
};

static gboolean
write_organization(CnWrite *write,
                   const CnOrganization *old,
                   const CnOrganization *organization,
                   GError **error)
{
    gboolean equal = old != NULL && cn_record_equal(&cn_map_organization, old, organization);
    return !cn_write_count(write, CN_KIND_ORGANIZATION, old != NULL, equal, TRUE) ||
           cn_write_record(write->store, &put_organization, organization, error);
}

static gboolean
write_organizations(CnWrite *write, const CnNetwork *given, GError **error)
{
    for (guint i = 0; i < given->organizations->len; i++) {
        const CnOrganization *organization =
            &g_array_index(given->organizations, CnOrganization, i);
        const CnOrganization *old = cn_network_organization(write->stored, organization->id);
        if (!write_organization(write, old, organization, error))
            return FALSE;
    }
    return TRUE;
}

/* ---- All of it. */

static GHashTable *
collect_given(const CnNetwork *given)
{
    GHashTable *ids = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < given->providers->len; i++) {
        const CnProvider *provider = g_ptr_array_index(given->providers, i);
        g_hash_table_add(ids, (gpointer)provider->id);
        for (guint k = 0; k < provider->offerings->len; k++)
            g_hash_table_add(ids, (gpointer)g_array_index(provider->offerings, CnOffering, k).id);
    }
    return ids;
}

static gboolean
write_providers(CnWrite *write, const CnNetwork *merged, GError **error)
{
    for (guint i = 0; i < merged->providers->len; i++) {
        const CnProvider *provider = g_ptr_array_index(merged->providers, i);
        const CnProvider *old = cn_network_provider(write->stored, provider->id);
        if (!cn_write_provider(write, old, provider, error) ||
            !cn_write_offerings(write, old, provider, error))
            return FALSE;
    }
    return TRUE;
}

gboolean
cn_store_write(CnWork *work,
               const CnNetwork *stored,
               GHashTable *closed,
               const CnNetwork *given,
               const CnNetwork *merged,
               CnDifference *out,
               GError **error)
{
    g_autoptr(GHashTable) given_ids = collect_given(given);
    CnWrite write = {.work = work,
                     .store = work->store,
                     .closed = closed,
                     .stored = stored,
                     .given_ids = given_ids,
                     .difference = out};
    if (!cn_seal_public_key(write.store, write.public_key, &write.seals, error))
        return FALSE;
    if (given->id != NULL && !write_network(&write, stored, merged, error))
        return FALSE;
    for (guint i = 0; i < given->regions->len; i++)
        if (!write_region(&write, stored, &g_array_index(given->regions, CnRegion, i), error))
            return FALSE;
    return write_organizations(&write, given, error) && write_providers(&write, merged, error);
}
