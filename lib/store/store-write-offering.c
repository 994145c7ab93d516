/* Offerings and their capacity. */
#include "store/store-write-private.h"

#include <string.h>

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
    return cn_record_equal(&cn_map_offering, a, b) && cn_write_same_terms(x->groups, y->groups) &&
           cn_write_same_terms(x->not_for, y->not_for) &&
           cn_write_same_terms(x->documents, y->documents);
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
           (is_new || cn_write_for_id(store, &delete_offering_terms, offering->id, error)) &&
           cn_write_terms(store, &insert_offering_term, offering->id, "group", CARENET_TERMS_GROUPS,
                          eligibility->groups, error) &&
           cn_write_terms(store, &insert_offering_term, offering->id, "not-for",
                          CARENET_TERMS_GROUPS, eligibility->not_for, error) &&
           cn_write_terms(store, &insert_offering_term, offering->id, "document",
                          CARENET_TERMS_DOCUMENTS, eligibility->documents, error);
}

static gboolean
write_capacity(CnWrite *write,
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
    if (!cn_write_count(write, CN_KIND_CAPACITY, exists, equal, given))
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
write_offering(CnWrite *write,
               const CnProvider *provider,
               const CnOffering *old,
               const CnOffering *offering,
               GError **error)
{
    gboolean given = g_hash_table_contains(write->given_ids, offering->id);
    gboolean equal = old != NULL && !g_hash_table_contains(write->closed, old->id) &&
                     same_offering(old, offering);
    if (cn_write_count(write, CN_KIND_OFFERING, old != NULL, equal, given) &&
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

gboolean
cn_write_offerings(CnWrite *write,
                   const CnProvider *old,
                   const CnProvider *provider,
                   GError **error)
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
        if (!cn_write_for_id(write->store, &close_offering, id, error))
            return FALSE;
    }
    return TRUE;
}
