/* Offerings. They are found by their own order, which is by id. */
#include "store/store-load-private.h"

#include <string.h>

static const char *
offering_id(gconstpointer list, guint i)
{
    const CnLoadPlace *place = &g_array_index((const GArray *)list, CnLoadPlace, i);
    return g_array_index(place->provider->offerings, CnOffering, place->at).id;
}

static const CnLoadTable select_offerings =
    CN_LOAD_TABLE("offering",
                  "SELECT provider_id, id, service_id, variant, all_below, age_min, age_max, sex,"
                  " siblings_up_to, hours, intake_hours, intake_on_call, closed FROM offering",
                  "id",
                  "ORDER BY id",
                  &cn_map_offering);

/* An id says what it is an id of; one that does not was damaged. */
static gboolean
has_own_id(const CnLoad *load, const CnProvider *provider, const CnOffering *offering)
{
    const char *service = cn_service(load->store->reference->taxonomy, offering->service)->id;
    const char *const parts[] = {provider->id, service, offering->variant};
    const char *at = offering->id;
    for (gsize i = 0; i < G_N_ELEMENTS(parts) && parts[i] != NULL; i++) {
        if (i > 0 && *at++ != '/')
            return FALSE;
        if (!g_str_has_prefix(at, parts[i]))
            return FALSE;
        at += strlen(parts[i]);
    }
    return *at == '\0';
}

static gboolean
read_offering(CnLoad *load, CnStatement *row, GError **error)
{
    CnOffering offering = cn_offering_blank();
    CnProvider *provider = cn_load_owner(load, row, error);
    gint64 closed = sqlite3_column_int64(row->stmt, 12);
    if (provider == NULL || !cn_read_record(row, load->network, &offering, error))
        return FALSE;
    if (offering.id == NULL ||
        (load->offerings->len > 0 &&
         strcmp(offering_id(load->offerings, load->offerings->len - 1), offering.id) >= 0))
        return cn_load_damaged(load, row, error);
    if ((closed != 0 && closed != 1) || !has_own_id(load, provider, &offering))
        return cn_load_damaged(load, row, error);
    const CnLoadPlace place = {
        .provider = provider, .at = provider->offerings->len, .open = closed == 0};
    g_array_append_val(provider->offerings, offering);
    g_array_append_val(load->offerings, place);
    load->closed_len += !place.open;
    return TRUE;
}

/* The offering that column 0 names. */
static CnOffering *
offering_of(CnLoad *load, CnStatement *row, GError **error)
{
    const char *id;
    if (!cn_read_text(row, 0, &id, error))
        return NULL;
    if (cn_load_seek(load->offerings, load->offerings->len, offering_id, id, &load->offering_at)) {
        const CnLoadPlace *place = &g_array_index(load->offerings, CnLoadPlace, load->offering_at);
        return &g_array_index(place->provider->offerings, CnOffering, place->at);
    }
    cn_load_damaged(load, row, error);
    return NULL;
}

static const CnLoadTable select_offering_terms =
    CN_LOAD_TABLE("offering_term",
                  "SELECT offering_id, term, kind FROM offering_term",
                  "offering_id",
                  "",
                  NULL);

static gboolean
read_offering_term(CnLoad *load, CnStatement *row, GError **error)
{
    const char *kind;
    gint term;
    CnOffering *offering = offering_of(load, row, error);
    if (offering == NULL || !cn_read_text(row, 2, &kind, error))
        return FALSE;
    CnTermSet *set;
    carenet_terms_kind vocabulary = CARENET_TERMS_GROUPS;
    if (g_strcmp0(kind, "group") == 0)
        set = &offering->eligibility.groups;
    else if (g_strcmp0(kind, "not-for") == 0)
        set = &offering->eligibility.not_for;
    else if (g_strcmp0(kind, "document") == 0)
        set = &offering->eligibility.documents, vocabulary = CARENET_TERMS_DOCUMENTS;
    else
        return cn_load_damaged(load, row, error);
    if (!cn_read_term(row, 1, vocabulary, &term, error))
        return FALSE;
    cn_term_set_add(set, term);
    return TRUE;
}

static const CnLoadTable select_capacities =
    CN_LOAD_TABLE("capacity",
                  "SELECT offering_id, " CN_CAPACITY_COLUMNS " FROM capacity",
                  "offering_id",
                  "",
                  &cn_map_capacity);

static gboolean
read_capacity(CnLoad *load, CnStatement *row, GError **error)
{
    CnOffering *offering = offering_of(load, row, error);
    return offering != NULL && cn_read_capacity(row, 1, load->network, &offering->capacity, error);
}

/* Closed ones are told, or taken out from behind: what comes before keeps its place. */
static void
settle_closed(CnLoad *load)
{
    for (guint i = load->offerings->len; load->closed_len > 0 && i-- > 0;) {
        const CnLoadPlace *place = &g_array_index(load->offerings, CnLoadPlace, i);
        if (place->open)
            continue;
        if (load->closed != NULL)
            g_hash_table_add(load->closed, (gpointer)offering_id(load->offerings, i));
        else
            g_array_remove_index(place->provider->offerings, place->at);
    }
}

gboolean
cn_load_offerings(CnLoad *load, GError **error)
{
    const char *one = load->offering;
    if (!cn_load_table(load, &select_offerings, one, read_offering, error) ||
        !cn_load_table(load, &select_offering_terms, one, read_offering_term, error) ||
        !cn_load_table(load, &select_capacities, one, read_capacity, error))
        return FALSE;
    settle_closed(load);
    return TRUE;
}
