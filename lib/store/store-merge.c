/* What a store holds after an import: the rules of the upsert, on records alone.
 *
 * - A record that is given takes the place of the stored one with the same id.
 * - Fields that it withholds keep what is stored; an export leaves out what must not be shown.
 * - A capacity is taken over only where its as_of is newer, and then as a whole; what is held is
 *   the store's own. A file that reports none changes none.
 * - Records that are not given stay; with @replace, providers of the given regions become closed
 *   and offerings of the given providers are left out.
 *
 * What is given may still be wrong (an id may be missing, or come twice): the merged network is
 * what the check looks at. */
#include "store/store-private.h"

#include <string.h>

/* ---- Lookups. */

static GHashTable *
collect_provider_ids(const CnNetwork *network)
{
    GHashTable *ids = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < network->providers->len; i++) {
        const CnProvider *provider = g_ptr_array_index(network->providers, i);
        if (provider->id != NULL)
            g_hash_table_add(ids, (gpointer)provider->id);
    }
    return ids;
}

static const CnOffering *
find_offering(const CnProvider *provider, const char *id)
{
    for (guint i = 0; provider != NULL && i < provider->offerings->len; i++) {
        const CnOffering *offering = &g_array_index(provider->offerings, CnOffering, i);
        if (g_strcmp0(offering->id, id) == 0)
            return offering;
    }
    return NULL;
}

static gboolean
withholds(const CnProvider *provider, const char *field)
{
    for (guint i = 0; i < provider->withheld->len; i++)
        if (strcmp(g_ptr_array_index(provider->withheld, i), field) == 0)
            return TRUE;
    return FALSE;
}

/* ---- One provider. */

static CnProvider *
add_copy(CnNetwork *network, const CnProvider *provider)
{
    CnProvider *copy = cn_network_add_provider(network);
    CnProvider own = *copy;
    *copy = *provider;
    copy->serves = own.serves;
    copy->capabilities = own.capabilities;
    copy->offerings = own.offerings;
    copy->withheld = own.withheld;
    g_array_append_vals(copy->serves, provider->serves->data, provider->serves->len);
    g_array_append_vals(copy->capabilities, provider->capabilities->data,
                        provider->capabilities->len);
    g_array_append_vals(copy->offerings, provider->offerings->data, provider->offerings->len);
    for (guint i = 0; i < provider->withheld->len; i++)
        g_ptr_array_add(copy->withheld, g_ptr_array_index(provider->withheld, i));
    return copy;
}

static void
keep_withheld(CnProvider *provider, const CnProvider *stored)
{
    if (withholds(provider, "name"))
        provider->name = stored->name;
    if (withholds(provider, "area"))
        provider->site.area = stored->site.area;
    if (withholds(provider, "address"))
        provider->site.address = stored->site.address;
    if (withholds(provider, "phone"))
        provider->site.phone = stored->site.phone;
    if (withholds(provider, "email"))
        provider->site.email = stored->site.email;
    if (withholds(provider, "point")) {
        provider->site.has_point = stored->site.has_point;
        provider->site.lat_deg = stored->site.lat_deg;
        provider->site.lon_deg = stored->site.lon_deg;
    }
}

/* A report without a time is older than any that has one. */
static gboolean
is_newer(const CnInstant *given, const CnInstant *stored)
{
    return given->is_set && (!stored->is_set || given->s > stored->s);
}

static CnCapacity
merge_capacity(const CnCapacity *given, const CnCapacity *stored)
{
    CnCapacity merged = *given;
    if (!stored->known) {
        merged.held = 0;
        return merged;
    }
    if (!given->known || !is_newer(&given->as_of, &stored->as_of))
        return *stored;
    merged.held = stored->held;
    return merged;
}

static void
merge_offerings(CnProvider *provider,
                const CnProvider *stored,
                GHashTable *closed,
                gboolean replace)
{
    gboolean keep_all = withholds(provider, "capacity");
    guint given_len = provider->offerings->len;
    for (guint i = 0; i < given_len; i++) {
        CnOffering *offering = &g_array_index(provider->offerings, CnOffering, i);
        const CnOffering *old = find_offering(stored, offering->id);
        static const CnCapacity unknown = {.known = FALSE, .wait_days = -1};
        const CnCapacity *old_capacity = old != NULL ? &old->capacity : &unknown;
        if (keep_all && old != NULL)
            offering->capacity = *old_capacity;
        else
            offering->capacity = merge_capacity(&offering->capacity, old_capacity);
    }
    for (guint i = 0; stored != NULL && !replace && i < stored->offerings->len; i++) {
        const CnOffering *old = &g_array_index(stored->offerings, CnOffering, i);
        if (find_offering(provider, old->id) == NULL && !g_hash_table_contains(closed, old->id))
            g_array_append_vals(provider->offerings, old, 1);
    }
}

static void
drop_closed(CnProvider *provider, GHashTable *closed)
{
    for (guint i = provider->offerings->len; i > 0; i--) {
        const CnOffering *offering = &g_array_index(provider->offerings, CnOffering, i - 1);
        if (g_hash_table_contains(closed, offering->id))
            g_array_remove_index(provider->offerings, i - 1);
    }
}

/* ---- The whole. */

static gboolean
holds_region(const CnNetwork *given, const char *region)
{
    if (region == NULL)
        return given->id != NULL; /* the network's own file is among them */
    for (guint i = 0; i < given->regions->len; i++)
        if (g_strcmp0(g_array_index(given->regions, CnRegion, i).id, region) == 0)
            return TRUE;
    return FALSE;
}

static void
merge_providers(CnNetwork *merged,
                const CnNetwork *stored,
                GHashTable *closed,
                const CnNetwork *given,
                gboolean replace)
{
    g_autoptr(GHashTable) given_ids = collect_provider_ids(given);
    for (guint i = 0; i < given->providers->len; i++) {
        CnProvider *provider = add_copy(merged, g_ptr_array_index(given->providers, i));
        const CnProvider *old = cn_network_provider(stored, provider->id);
        if (old != NULL)
            keep_withheld(provider, old);
        merge_offerings(provider, old, closed, replace);
    }
    for (guint i = 0; i < stored->providers->len; i++) {
        const CnProvider *old = g_ptr_array_index(stored->providers, i);
        if (g_hash_table_contains(given_ids, old->id))
            continue;
        CnProvider *provider = add_copy(merged, old);
        drop_closed(provider, closed);
        if (replace && holds_region(given, provider->region))
            provider->status = CN_CLOSED;
    }
}

static void
merge_regions(CnNetwork *merged, const CnNetwork *stored, const CnNetwork *given)
{
    g_array_append_vals(merged->regions, given->regions->data, given->regions->len);
    for (guint i = 0; i < stored->regions->len; i++) {
        const CnRegion *old = &g_array_index(stored->regions, CnRegion, i);
        if (!holds_region(given, old->id))
            g_array_append_vals(merged->regions, old, 1);
    }
}

static void
merge_organizations(CnNetwork *merged, const CnNetwork *stored, const CnNetwork *given)
{
    g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < given->organizations->len; i++) {
        const char *id = g_array_index(given->organizations, CnOrganization, i).id;
        if (id != NULL)
            g_hash_table_add(ids, (gpointer)id);
    }
    g_array_append_vals(merged->organizations, given->organizations->data,
                        given->organizations->len);
    for (guint i = 0; i < stored->organizations->len; i++) {
        const CnOrganization *old = &g_array_index(stored->organizations, CnOrganization, i);
        if (!g_hash_table_contains(ids, old->id))
            g_array_append_vals(merged->organizations, old, 1);
    }
}

CnNetwork *
cn_store_merge(const CnNetwork *stored,
               GHashTable *closed,
               const CnNetwork *given,
               gboolean replace)
{
    const CnNetwork *head = given->id != NULL ? given : stored;
    CnNetwork *merged = cn_network_new();
    merged->id = head->id;
    merged->name = head->name;
    merged->demonstration_now = head->demonstration_now;
    merge_regions(merged, stored, given);
    merge_organizations(merged, stored, given);
    merge_providers(merged, stored, closed, given, replace);
    cn_network_sort(merged);
    return merged;
}
