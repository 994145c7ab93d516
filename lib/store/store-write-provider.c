/* Providers and their sites, which are sealed where they are not public. */
#include "store/store-write-private.h"

#include <string.h>

static const CnSql put_provider = {
    "put-provider",
    "INSERT INTO provider (network_id, id, region_id, organization_id, display_name, example,"
    " disclosure, show_area, remote, contact_role, contact_gateway, status, listing_consent,"
    " verified_on, verified_by, source_url, source_title, source_on, accreditation_body,"
    " accreditation_level, accreditation_expires) VALUES (:network_id, :id, :region_id,"
    " :organization_id, :display_name, :example, :disclosure, :show_area, :remote, :contact_role,"
    " :contact_gateway, :status, :listing_consent, :verified_on, :verified_by, :source_url,"
    " :source_title, :source_on, :accreditation_body, :accreditation_level, :accreditation_expires)"
    " ON CONFLICT (network_id, id) DO UPDATE SET region_id = excluded.region_id,"
    " organization_id = excluded.organization_id, display_name = excluded.display_name,"
    " example = excluded.example, disclosure = excluded.disclosure,"
    " show_area = excluded.show_area, remote = excluded.remote,"
    " contact_role = excluded.contact_role, contact_gateway = excluded.contact_gateway,"
    " status = excluded.status, listing_consent = excluded.listing_consent,"
    " verified_on = excluded.verified_on, verified_by = excluded.verified_by,"
    " source_url = excluded.source_url, source_title = excluded.source_title,"
    " source_on = excluded.source_on, accreditation_body = excluded.accreditation_body,"
    " accreditation_level = excluded.accreditation_level,"
    " accreditation_expires = excluded.accreditation_expires",
    &cn_map_provider,
};

static const CnSql put_site = {
    "put-site",
    "INSERT INTO provider_site (network_id, provider_id, name, area, lat_deg, lon_deg, address,"
    " phone, email) VALUES (:network_id, :provider_id, :name, :area, :lat_deg, :lon_deg, :address,"
    " :phone, :email)"
    " ON CONFLICT (network_id, provider_id) DO UPDATE SET name = excluded.name,"
    " area = excluded.area, lat_deg = excluded.lat_deg, lon_deg = excluded.lon_deg,"
    " address = excluded.address, phone = excluded.phone, email = excluded.email",
    &cn_map_site,
};

static const CnSql delete_serves = {
    "delete-serves",
    "DELETE FROM provider_serves WHERE network_id = :network_id AND provider_id = :id",
    NULL,
};

static const CnSql insert_serves = {
    "insert-serves",
    "INSERT INTO provider_serves (network_id, provider_id, position, area)"
    " VALUES (:network_id, :id, :position, :area)",
    NULL,
};

static const CnSql delete_provider_terms = {
    "delete-provider-terms",
    "DELETE FROM provider_term WHERE network_id = :network_id AND provider_id = :id",
    NULL,
};

static const CnSql insert_provider_term = {
    "insert-provider-term",
    "INSERT INTO provider_term (network_id, provider_id, kind, term)"
    " VALUES (:network_id, :id, :kind, :term)",
    NULL,
};

static const CnSql delete_capabilities = {
    "delete-capabilities",
    "DELETE FROM capability WHERE network_id = :network_id AND provider_id = :id",
    NULL,
};

static const CnSql insert_capability = {
    "insert-capability",
    "INSERT INTO capability (network_id, provider_id, position, course, staff, since, expires)"
    " VALUES (:network_id, :id, :position, :course, :staff, :since, :expires)",
    &cn_map_capability,
};

static gboolean
write_serves(carenet_store *store, const CnProvider *provider, gboolean is_new, GError **error)
{
    if (!is_new && !cn_write_for_id(store, &delete_serves, provider->id, error))
        return FALSE;
    for (guint i = 0; i < provider->serves->len; i++) {
        CnAreaId area = g_array_index(provider->serves, CnAreaId, i);
        CnStatement *insert = cn_statement(store, &insert_serves, error);
        if (insert == NULL)
            return FALSE;
        cn_bind_text(insert, ":id", provider->id);
        cn_bind_int(insert, ":position", i);
        cn_bind_text(insert, ":area", cn_area(store->reference->gazetteer, area)->code);
        if (!cn_statement_run(insert, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
write_provider_terms(carenet_store *store,
                     const CnProvider *provider,
                     gboolean is_new,
                     GError **error)
{
    return (is_new || cn_write_for_id(store, &delete_provider_terms, provider->id, error)) &&
           cn_write_terms(store, &insert_provider_term, provider->id, "language",
                          CARENET_TERMS_LANGUAGES, provider->languages, error) &&
           cn_write_terms(store, &insert_provider_term, provider->id, "access",
                          CARENET_TERMS_ACCESS, provider->access, error);
}

static gboolean
write_capabilities(carenet_store *store,
                   const CnProvider *provider,
                   gboolean is_new,
                   GError **error)
{
    if (!is_new && !cn_write_for_id(store, &delete_capabilities, provider->id, error))
        return FALSE;
    for (guint i = 0; i < provider->capabilities->len; i++) {
        CnStatement *insert = cn_statement(store, &insert_capability, error);
        if (insert == NULL)
            return FALSE;
        cn_bind_record(insert, &g_array_index(provider->capabilities, CnCapability, i));
        cn_bind_text(insert, ":id", provider->id);
        cn_bind_int(insert, ":position", i);
        if (!cn_statement_run(insert, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
same_serves(const CnProvider *a, const CnProvider *b)
{
    return a->serves->len == b->serves->len &&
           (a->serves->len == 0 ||
            memcmp(a->serves->data, b->serves->data, a->serves->len * sizeof(CnAreaId)) == 0);
}

static gboolean
same_capabilities(const CnProvider *a, const CnProvider *b)
{
    if (a->capabilities->len != b->capabilities->len)
        return FALSE;
    for (guint i = 0; i < a->capabilities->len; i++)
        if (!cn_record_equal(&cn_map_capability, &g_array_index(a->capabilities, CnCapability, i),
                             &g_array_index(b->capabilities, CnCapability, i)))
            return FALSE;
    return TRUE;
}

static gboolean
same_listed(const CnProvider *a, const CnProvider *b)
{
    return cn_record_equal(&cn_map_provider, a, b) && same_serves(a, b) &&
           same_capabilities(a, b) && cn_write_same_terms(a->languages, b->languages) &&
           cn_write_same_terms(a->access, b->access);
}

/* The site of a restricted provider is no part of the directory: moving it must not move the
 * revision, which every output prints. */
static gboolean
is_listed_change(const CnProvider *old, const CnProvider *provider)
{
    return old == NULL || provider->disclosure == CN_DISCLOSE_PUBLIC || !same_listed(old, provider);
}

/* ---- Their sites. */

static gboolean
is_guarded(const CnProvider *provider)
{
    return provider->disclosure != CN_DISCLOSE_PUBLIC;
}

/* What stands in the clear. Of a guarded site that is nothing: with a key it is sealed, without one it
 * is not kept. What stood there before this rule stays until there is a key. */
static CnProvider
clear_form(const CnWrite *write, const CnProvider *old, const CnProvider *provider)
{
    CnProvider form = *provider;
    const gboolean kept = !write->seals && old != NULL && is_guarded(old);
    if (!is_guarded(provider))
        return form;
    form.name = kept ? old->name : NULL;
    form.site = kept ? old->site : (CnSite){.area = CN_AREA_NONE};
    return form;
}

/* Bits of the fields that stay in their boxes: those that the file does not state. */
static guint
kept_boxes(const CnProvider *old, const CnProvider *provider)
{
    guint kept = 0;
    if (old == NULL || old->sealing != CN_SEALED)
        return 0;
    for (guint i = 0; i < CN_SITE_FIELDS; i++)
        if (cn_provider_withholds(provider, cn_site_field_name(i)))
            kept |= 1u << i;
    return kept;
}

typedef enum {
    SITE_SAME,
    SITE_RESTATED, /* sealed anew; whether anything changed nobody can tell */
    SITE_CHANGED,
} SiteChange;

static SiteChange
compare_site(const CnWrite *write,
             const CnProvider *old,
             const CnProvider *provider,
             const CnProvider *form,
             gboolean given)
{
    if (old == NULL)
        return SITE_CHANGED;
    if (!is_guarded(provider) || !write->seals)
        return cn_record_equal(&cn_map_site, old, form) ? SITE_SAME : SITE_CHANGED;
    if (old->sealing == CN_SEALED) {
        const gboolean all_kept = kept_boxes(old, provider) == (1u << CN_SITE_FIELDS) - 1;
        return given && !all_kept ? SITE_RESTATED : SITE_SAME;
    }
    return old->sealing == CN_OPENED && cn_record_equal(&cn_map_site, old, provider) ? SITE_SAME
                                                                                     : SITE_CHANGED;
}

static gboolean
write_site(CnWrite *write,
           const CnProvider *old,
           const CnProvider *provider,
           const CnProvider *form,
           SiteChange change,
           GError **error)
{
    if (!cn_write_record(write->store, &put_site, form, error))
        return FALSE;
    if (!is_guarded(provider))
        return old == NULL || !is_guarded(old) ||
               cn_site_unseal_for_good(write->store, provider->id, error);
    if (!write->seals || change == SITE_SAME)
        return TRUE;
    write->difference->sealed++;
    return cn_site_seal(write->store, write->public_key, provider, kept_boxes(old, provider),
                        error);
}

/* What hangs on a record is deleted and written anew; of a new one there is nothing to delete. */
static gboolean
put_provider_whole(carenet_store *store,
                   const CnProvider *provider,
                   gboolean is_new,
                   GError **error)
{
    return cn_write_record(store, &put_provider, provider, error) &&
           write_serves(store, provider, is_new, error) &&
           write_provider_terms(store, provider, is_new, error) &&
           write_capabilities(store, provider, is_new, error);
}

gboolean
cn_write_provider(CnWrite *write, const CnProvider *old, const CnProvider *provider, GError **error)
{
    gboolean given = g_hash_table_contains(write->given_ids, provider->id);
    const CnProvider form = clear_form(write, old, provider);
    const SiteChange site = compare_site(write, old, provider, &form, given);
    gboolean equal = old != NULL && same_listed(old, provider) && site != SITE_CHANGED;
    CnChanges *changes = &write->difference->changes[CN_KIND_PROVIDER];
    changes->added += old == NULL;
    changes->unchanged += equal && given;
    if (equal)
        return site == SITE_SAME || write_site(write, old, provider, &form, site, error);
    /* A stored provider that was not given differs only because it was closed. */
    changes->closed += old != NULL && !given;
    changes->changed += old != NULL && given;
    if (is_listed_change(old, provider))
        write->difference->directory = TRUE;
    return put_provider_whole(write->store, provider, old == NULL, error) &&
           write_site(write, old, provider, &form, site, error);
}
