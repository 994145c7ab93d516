/* Writes the difference between two states of a network. A record that is equal is not touched, so
 * that an import of the same files writes nothing and no revision moves. */
#include "store/store-private.h"

#include <string.h>

typedef struct {
    CnWork *work;
    carenet_store *store;
    GHashTable *closed; /* stored offerings that are closed */
    const CnNetwork *stored;
    GHashTable *given_ids; /* providers and offerings that were given */
    gboolean seals;        /* whether the store has a key */
    guint8 public_key[CN_KEY_LEN];
    CnDifference *difference;
} Write;

/* Counts one record that was given; returns whether it must be written. */
static gboolean
count(Write *write, CnRecordKind kind, gboolean exists, gboolean equal, gboolean given)
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

static gboolean
put_record(carenet_store *store, const CnSql *sql, gconstpointer record, GError **error)
{
    CnStatement *statement = cn_statement(store, sql, error);
    if (statement == NULL)
        return FALSE;
    cn_bind_record(statement, record);
    return cn_statement_run(statement, error);
}

/* A statement with one parameter, the id of a record. */
static gboolean
run_for_id(carenet_store *store, const CnSql *sql, const char *id, GError **error)
{
    CnStatement *statement = cn_statement(store, sql, error);
    if (statement == NULL)
        return FALSE;
    cn_bind_text(statement, ":id", id);
    return cn_statement_run(statement, error);
}

/* Terms of a set as rows; @kind NULL where the table has one kind only. */
static gboolean
put_terms(carenet_store *store,
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

static gboolean
same_terms(CnTermSet a, CnTermSet b)
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
write_network(Write *write, const CnNetwork *stored, const CnNetwork *merged, GError **error)
{
    if (!count(write, CN_KIND_NETWORK, stored->id != NULL, same_network(stored, merged), TRUE))
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
write_region(Write *write, const CnNetwork *stored, const CnRegion *region, GError **error)
{
    const CnRegion *old = find_region(stored, region->id);
    gboolean equal = old != NULL && cn_record_equal(&cn_map_region, old, region) &&
                     same_terms(old->languages, region->languages);
    if (!count(write, CN_KIND_REGION, old != NULL, equal, TRUE))
        return TRUE;
    return put_record(write->store, &put_region, region, error) &&
           run_for_id(write->store, &delete_region_languages, region->id, error) &&
           put_terms(write->store, &insert_region_language, region->id, NULL,
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
write_organization(Write *write,
                   const CnOrganization *old,
                   const CnOrganization *organization,
                   GError **error)
{
    gboolean equal = old != NULL && cn_record_equal(&cn_map_organization, old, organization);
    return !count(write, CN_KIND_ORGANIZATION, old != NULL, equal, TRUE) ||
           put_record(write->store, &put_organization, organization, error);
}

static gboolean
write_organizations(Write *write, const CnNetwork *given, GError **error)
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

/* ---- Providers. */

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
    if (!is_new && !run_for_id(store, &delete_serves, provider->id, error))
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
    return (is_new || run_for_id(store, &delete_provider_terms, provider->id, error)) &&
           put_terms(store, &insert_provider_term, provider->id, "language",
                     CARENET_TERMS_LANGUAGES, provider->languages, error) &&
           put_terms(store, &insert_provider_term, provider->id, "access", CARENET_TERMS_ACCESS,
                     provider->access, error);
}

static gboolean
write_capabilities(carenet_store *store,
                   const CnProvider *provider,
                   gboolean is_new,
                   GError **error)
{
    if (!is_new && !run_for_id(store, &delete_capabilities, provider->id, error))
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
           same_capabilities(a, b) && same_terms(a->languages, b->languages) &&
           same_terms(a->access, b->access);
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
clear_form(const Write *write, const CnProvider *old, const CnProvider *provider)
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
compare_site(const Write *write,
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
write_site(Write *write,
           const CnProvider *old,
           const CnProvider *provider,
           const CnProvider *form,
           SiteChange change,
           GError **error)
{
    if (!put_record(write->store, &put_site, form, error))
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
    return put_record(store, &put_provider, provider, error) &&
           write_serves(store, provider, is_new, error) &&
           write_provider_terms(store, provider, is_new, error) &&
           write_capabilities(store, provider, is_new, error);
}

static gboolean
write_provider(Write *write, const CnProvider *old, const CnProvider *provider, GError **error)
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

/* ---- Offerings and their capacity. */

static const CnSql put_offering = {
    "put-offering",
    "INSERT INTO offering (network_id, id, provider_id, service_id, variant, all_below, age_min,"
    " age_max, sex, siblings_up_to, hours, intake_hours, intake_on_call, closed)"
    " VALUES (:network_id, :id, :provider_id, :service_id, :variant, :all_below, :age_min, :age_max,"
    " :sex, :siblings_up_to, :hours, :intake_hours, :intake_on_call, 0)"
    " ON CONFLICT (network_id, id) DO UPDATE SET service_id = excluded.service_id,"
    " variant = excluded.variant, all_below = excluded.all_below, age_min = excluded.age_min,"
    " age_max = excluded.age_max, sex = excluded.sex, siblings_up_to = excluded.siblings_up_to,"
    " hours = excluded.hours, intake_hours = excluded.intake_hours,"
    " intake_on_call = excluded.intake_on_call, closed = 0",
    &cn_map_offering,
};

static const CnSql close_offering = {
    "close-offering",
    "UPDATE offering SET closed = 1 WHERE network_id = :network_id AND id = :id",
    NULL,
};

static const CnSql delete_offering_terms = {
    "delete-offering-terms",
    "DELETE FROM offering_term WHERE network_id = :network_id AND offering_id = :id",
    NULL,
};

static const CnSql insert_offering_term = {
    "insert-offering-term",
    "INSERT INTO offering_term (network_id, offering_id, kind, term)"
    " VALUES (:network_id, :id, :kind, :term)",
    NULL,
};

/* `held` is left alone: it belongs to referrals on their way. */
static const CnSql put_capacity = {
    "put-capacity",
    "INSERT INTO capacity (network_id, offering_id, total, occupied, as_of_s, as_of_day_only,"
    " source, wait_days) VALUES (:network_id, :id, :total, :occupied, :as_of_s, :as_of_day_only,"
    " :source, :wait_days)"
    " ON CONFLICT (network_id, offering_id) DO UPDATE SET total = excluded.total,"
    " occupied = excluded.occupied, as_of_s = excluded.as_of_s,"
    " as_of_day_only = excluded.as_of_day_only, source = excluded.source,"
    " wait_days = excluded.wait_days",
    &cn_map_capacity,
};

static gboolean
same_offering(const CnOffering *a, const CnOffering *b)
{
    const CnEligibility *x = &a->eligibility, *y = &b->eligibility;
    return cn_record_equal(&cn_map_offering, a, b) && same_terms(x->groups, y->groups) &&
           same_terms(x->not_for, y->not_for) && same_terms(x->documents, y->documents);
}

static gboolean
put_offering_whole(carenet_store *store,
                   const CnProvider *provider,
                   const CnOffering *offering,
                   gboolean is_new,
                   GError **error)
{
    const CnEligibility *eligibility = &offering->eligibility;
    CnStatement *put = cn_statement(store, &put_offering, error);
    if (put == NULL)
        return FALSE;
    cn_bind_record(put, offering);
    cn_bind_text(put, ":provider_id", provider->id);
    return cn_statement_run(put, error) &&
           (is_new || run_for_id(store, &delete_offering_terms, offering->id, error)) &&
           put_terms(store, &insert_offering_term, offering->id, "group", CARENET_TERMS_GROUPS,
                     eligibility->groups, error) &&
           put_terms(store, &insert_offering_term, offering->id, "not-for", CARENET_TERMS_GROUPS,
                     eligibility->not_for, error) &&
           put_terms(store, &insert_offering_term, offering->id, "document",
                     CARENET_TERMS_DOCUMENTS, eligibility->documents, error);
}

static gboolean
write_capacity(Write *write,
               const CnOffering *old,
               const CnOffering *offering,
               gboolean given,
               GError **error)
{
    if (!offering->capacity.known)
        return TRUE;
    gboolean exists = old != NULL && old->capacity.known;
    gboolean equal =
        exists && cn_record_equal(&cn_map_capacity, &old->capacity, &offering->capacity);
    if (!count(write, CN_KIND_CAPACITY, exists, equal, given))
        return TRUE;
    CnStatement *put = cn_statement(write->store, &put_capacity, error);
    if (put == NULL)
        return FALSE;
    cn_bind_record(put, &offering->capacity);
    cn_bind_text(put, ":id", offering->id);
    /* The record of the import is appended last. */
    return cn_statement_run(put, error) &&
           cn_ledger_note_import(write->work, offering->id, exists ? &old->capacity : NULL,
                                 &offering->capacity, write->work->records + 1, error);
}

static gboolean
write_offering(Write *write,
               const CnProvider *provider,
               const CnOffering *old,
               const CnOffering *offering,
               GError **error)
{
    gboolean given = g_hash_table_contains(write->given_ids, offering->id);
    gboolean equal = old != NULL && !g_hash_table_contains(write->closed, old->id) &&
                     same_offering(old, offering);
    if (count(write, CN_KIND_OFFERING, old != NULL, equal, given) &&
        !put_offering_whole(write->store, provider, offering, old == NULL, error))
        return FALSE;
    return write_capacity(write, old, offering, given, error);
}

static const CnOffering *
find_offering(const CnProvider *provider, const char *id)
{
    for (guint i = 0; provider != NULL && i < provider->offerings->len; i++) {
        const CnOffering *offering = &g_array_index(provider->offerings, CnOffering, i);
        if (strcmp(offering->id, id) == 0)
            return offering;
    }
    return NULL;
}

static gboolean
write_offerings(Write *write, const CnProvider *old, const CnProvider *provider, GError **error)
{
    for (guint i = 0; i < provider->offerings->len; i++) {
        const CnOffering *offering = &g_array_index(provider->offerings, CnOffering, i);
        if (!write_offering(write, provider, find_offering(old, offering->id), offering, error))
            return FALSE;
    }
    for (guint i = 0; old != NULL && i < old->offerings->len; i++) {
        const char *id = g_array_index(old->offerings, CnOffering, i).id;
        if (g_hash_table_contains(write->closed, id) || find_offering(provider, id) != NULL)
            continue;
        write->difference->changes[CN_KIND_OFFERING].closed++;
        write->difference->directory = TRUE;
        if (!run_for_id(write->store, &close_offering, id, error))
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
write_providers(Write *write, const CnNetwork *merged, GError **error)
{
    for (guint i = 0; i < merged->providers->len; i++) {
        const CnProvider *provider = g_ptr_array_index(merged->providers, i);
        const CnProvider *old = cn_network_provider(write->stored, provider->id);
        if (!write_provider(write, old, provider, error) ||
            !write_offerings(write, old, provider, error))
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
    Write write = {.work = work,
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
