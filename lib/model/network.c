/* The network's records: made, interned, sorted and looked up; and the words of their choices. */
#include "model/network.h"

#include <string.h>

/* ---- Words. */

static gboolean
parse_word(const char *const *words, guint len, const char *text, guint *out)
{
    for (guint i = 0; i < len; i++) {
        if (strcmp(words[i], text) == 0) {
            *out = i;
            return TRUE;
        }
    }
    return FALSE;
}

static const char *const org_kinds[] = {"government", "ngo", "hospital", "community"};
static const char *const disclosures[] = {"public", "network", "restricted"};
static const char *const statuses[] = {"active", "paused", "closed", "suspended"};
static const char *const verified_by[] = {"phone", "visit", "email", "document"};
static const char *const sexes[] = {"unstated", "female", "male"};

gboolean
cn_org_kind_parse(const char *text, CnOrgKind *out)
{
    guint i = 0;
    if (!parse_word(org_kinds, G_N_ELEMENTS(org_kinds), text, &i))
        return FALSE;
    *out = (CnOrgKind)i;
    return TRUE;
}

const char *
cn_org_kind_name(CnOrgKind kind)
{
    return org_kinds[kind];
}

gboolean
cn_disclosure_parse(const char *text, CnDisclosure *out)
{
    guint i = 0;
    if (!parse_word(disclosures, G_N_ELEMENTS(disclosures), text, &i))
        return FALSE;
    *out = (CnDisclosure)i;
    return TRUE;
}

const char *
cn_disclosure_name(CnDisclosure disclosure)
{
    return disclosures[disclosure];
}

gboolean
cn_status_parse(const char *text, CnStatus *out)
{
    guint i = 0;
    if (!parse_word(statuses, G_N_ELEMENTS(statuses), text, &i))
        return FALSE;
    *out = (CnStatus)i;
    return TRUE;
}

const char *
cn_status_name(CnStatus status)
{
    return statuses[status];
}

gboolean
cn_verified_by_parse(const char *text, CnVerifiedBy *out)
{
    guint i = 0;
    if (!parse_word(verified_by, G_N_ELEMENTS(verified_by), text, &i))
        return FALSE;
    *out = (CnVerifiedBy)(CN_VERIFIED_PHONE + i);
    return TRUE;
}

const char *
cn_verified_by_name(CnVerifiedBy by)
{
    return by == CN_VERIFIED_NOT ? NULL : verified_by[by - CN_VERIFIED_PHONE];
}

const char *
cn_sex_name(CnSex sex)
{
    return sexes[sex];
}

/* ---- Records. */

static void
free_provider(gpointer data)
{
    CnProvider *provider = data;
    g_array_unref(provider->serves);
    g_array_unref(provider->capabilities);
    g_array_unref(provider->offerings);
    g_ptr_array_unref(provider->withheld);
    g_free(provider);
}

CnNetwork *
cn_network_new(void)
{
    CnNetwork *network = g_new0(CnNetwork, 1);
    network->strings = g_string_chunk_new(4096);
    network->regions = g_array_new(FALSE, TRUE, sizeof(CnRegion));
    network->organizations = g_array_new(FALSE, TRUE, sizeof(CnOrganization));
    network->providers = g_ptr_array_new_with_free_func(free_provider);
    network->programmes = g_ptr_array_new_with_free_func((GDestroyNotify)cn_programme_free);
    return network;
}

void
cn_network_free(CnNetwork *network)
{
    if (network == NULL)
        return;
    g_array_unref(network->regions);
    g_array_unref(network->organizations);
    g_ptr_array_unref(network->providers);
    g_ptr_array_unref(network->programmes);
    g_string_chunk_free(network->strings);
    g_free(network);
}

const char *
cn_network_intern(CnNetwork *network, const char *text)
{
    return text != NULL ? g_string_chunk_insert_const(network->strings, text) : NULL;
}

CnProvider *
cn_network_add_provider(CnNetwork *network)
{
    CnProvider *provider = g_new0(CnProvider, 1);
    provider->show_area = CN_AREA_NONE;
    provider->site.area = CN_AREA_NONE;
    provider->serves = g_array_new(FALSE, TRUE, sizeof(CnAreaId));
    provider->capabilities = g_array_new(FALSE, TRUE, sizeof(CnCapability));
    provider->offerings = g_array_new(FALSE, TRUE, sizeof(CnOffering));
    provider->withheld = g_ptr_array_new();
    g_ptr_array_add(network->providers, provider);
    return provider;
}

CnProgramme *
cn_network_add_programme(CnNetwork *network)
{
    CnProgramme *programme = cn_programme_new();
    g_ptr_array_add(network->programmes, programme);
    return programme;
}

CnOffering
cn_offering_blank(void)
{
    return (CnOffering){.service = CN_SERVICE_NONE,
                        .capacity = {.wait_days = -1},
                        .eligibility = {.age_min = -1, .age_max = -1, .siblings_up_to = -1}};
}

/* ---- Order. Every record begins with its id; equal ids keep the order in which they were read
 * (GLib's sorts are stable), so that a check can name the second of two. */

static gint
compare_region_ids(gconstpointer a, gconstpointer b)
{
    return g_strcmp0(((const CnRegion *)a)->id, ((const CnRegion *)b)->id);
}

static gint
compare_organization_ids(gconstpointer a, gconstpointer b)
{
    return g_strcmp0(((const CnOrganization *)a)->id, ((const CnOrganization *)b)->id);
}

static gint
compare_offering_ids(gconstpointer a, gconstpointer b)
{
    return g_strcmp0(((const CnOffering *)a)->id, ((const CnOffering *)b)->id);
}

static gint
compare_provider_ids(gconstpointer a, gconstpointer b)
{
    const CnProvider *x = *(CnProvider *const *)a, *y = *(CnProvider *const *)b;
    return g_strcmp0(x->id, y->id);
}

static gint
compare_programme_regions(gconstpointer a, gconstpointer b)
{
    const CnProgramme *x = *(CnProgramme *const *)a, *y = *(CnProgramme *const *)b;
    return g_strcmp0(x->region, y->region);
}

void
cn_network_sort(CnNetwork *network)
{
    g_array_sort(network->regions, compare_region_ids);
    g_array_sort(network->organizations, compare_organization_ids);
    g_ptr_array_sort(network->providers, compare_provider_ids);
    g_ptr_array_sort(network->programmes, compare_programme_regions);
    for (guint i = 0; i < network->providers->len; i++) {
        CnProvider *provider = g_ptr_array_index(network->providers, i);
        g_array_sort(provider->offerings, compare_offering_ids);
    }
}

const CnOrganization *
cn_network_organization(const CnNetwork *network, const char *id)
{
    guint at = 0;
    CnOrganization wanted = {.id = id};
    if (id == NULL ||
        !g_array_binary_search(network->organizations, &wanted, compare_organization_ids, &at))
        return NULL;
    return &g_array_index(network->organizations, CnOrganization, at);
}

const CnProvider *
cn_network_provider(const CnNetwork *network, const char *id)
{
    guint low = 0, high = network->providers->len;
    while (id != NULL && low < high) {
        guint middle = low + (high - low) / 2;
        const CnProvider *provider = g_ptr_array_index(network->providers, middle);
        gint order = g_strcmp0(provider->id, id);
        if (order == 0)
            return provider;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}
