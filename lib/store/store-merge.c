/* What a store holds after an import: the rules of the upsert, on records alone.
 *
 * - A record that is given takes the place of the stored one with the same id.
 * - Fields that it withholds keep what is stored; an export leaves out what must not be shown, and a
 *   spreadsheet what it has no column for. A provider that has moved keeps neither address nor point:
 *   they are those of the old place. What is sealed is kept in its box, see store-write-provider.c.
 * - A capacity is taken over only where its as_of is newer than the stored one and than what referrals
 *   have done since, and then as a whole but for what is withheld; what is held is the store's own. A
 *   file that reports none changes none. Those that are passed over are counted.
 * - So is a confirmation of a provider: an earlier day than the stored one is passed over.
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

gboolean
cn_provider_withholds(const CnProvider *provider, const char *field)
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

/* Whether another area is given than the stored one. Of a sealed site only the key tells. */
static gboolean
has_moved(const CnProvider *provider, const CnProvider *stored)
{
    return provider->site.area != CN_AREA_NONE && stored->site.area != CN_AREA_NONE &&
           provider->site.area != stored->site.area && !cn_provider_withholds(provider, "area");
}

/* What may be withheld, and where it stands in a record. */
typedef struct {
    const char *word;
    gsize offset, size;
} Field;

#define FIELD(word, record, field)                                               \
    {                                                                            \
        word, G_STRUCT_OFFSET(record, field), sizeof(((const record *)0)->field) \
    }

static const Field provider_fields[] = {
    FIELD("name", CnProvider, name),
    FIELD("display_name", CnProvider, display_name),
    FIELD("example", CnProvider, example),
    FIELD("area", CnProvider, site.area),
    FIELD("show_area", CnProvider, show_area),
    FIELD("remote", CnProvider, remote),
    FIELD("contact_role", CnProvider, contact_role),
    FIELD("phone", CnProvider, site.phone),
    FIELD("email", CnProvider, site.email),
    FIELD("gateway", CnProvider, contact_gateway),
    FIELD("languages", CnProvider, languages),
    FIELD("access", CnProvider, access),
    FIELD("status", CnProvider, status),
    FIELD("listing_consent", CnProvider, listing_consent),
    FIELD("verified_on", CnProvider, verified_on),
    FIELD("verified_by", CnProvider, verified_by),
    FIELD("source_url", CnProvider, source_url),
    FIELD("source_title", CnProvider, source_title),
    FIELD("source_on", CnProvider, source_on),
    FIELD("accreditation_body", CnProvider, accreditation_body),
    FIELD("accreditation_level", CnProvider, accreditation_level),
    FIELD("accreditation_expires", CnProvider, accreditation_expires),
};

/* Those of the place where the provider was. */
static const Field place_fields[] = {
    FIELD("address", CnProvider, site.address),
    FIELD("point", CnProvider, site.has_point),
    FIELD("point", CnProvider, site.lat_deg),
    FIELD("point", CnProvider, site.lon_deg),
};

static const Field offering_fields[] = {
    FIELD("all_below", CnOffering, all_below),
    FIELD("age_min", CnOffering, eligibility.age_min),
    FIELD("age_max", CnOffering, eligibility.age_max),
    FIELD("sex", CnOffering, eligibility.sex),
    FIELD("groups", CnOffering, eligibility.groups),
    FIELD("not_for", CnOffering, eligibility.not_for),
    FIELD("documents", CnOffering, eligibility.documents),
    FIELD("siblings_up_to", CnOffering, eligibility.siblings_up_to),
    FIELD("hours", CnOffering, hours),
    FIELD("intake_hours", CnOffering, intake_hours),
    FIELD("intake_on_call", CnOffering, intake_on_call),
};

static void
keep_fields(const CnProvider *provider,
            const Field *fields,
            gsize fields_len,
            gpointer record,
            gconstpointer stored)
{
    for (gsize i = 0; i < fields_len; i++)
        if (cn_provider_withholds(provider, fields[i].word))
            memcpy((char *)record + fields[i].offset, (const char *)stored + fields[i].offset,
                   fields[i].size);
}

static void
keep_list(GArray *list, const GArray *stored)
{
    g_array_set_size(list, 0);
    g_array_append_vals(list, stored->data, stored->len);
}

static void
keep_withheld(CnProvider *provider, const CnProvider *stored)
{
    gboolean moved = has_moved(provider, stored);
    if (provider->withheld->len == 0)
        return;
    keep_fields(provider, provider_fields, G_N_ELEMENTS(provider_fields), provider, stored);
    if (!moved)
        keep_fields(provider, place_fields, G_N_ELEMENTS(place_fields), provider, stored);
    if (cn_provider_withholds(provider, "serves"))
        keep_list(provider->serves, stored->serves);
    if (cn_provider_withholds(provider, "capabilities"))
        keep_list(provider->capabilities, stored->capabilities);
}

/* When the stored numbers were so for the last time that anybody knows of; 0: nobody does. A report of a day that
 * has not come yet, as stores of older versions may hold, is as old as one without a time. */
static gint64
last_known_s(const CnCapacity *stored, gint64 now_s)
{
    if (!stored->as_of.is_set || cn_instant_is_ahead(stored->as_of.s, now_s))
        return stored->moved_s;
    return MAX(stored->as_of.s, stored->moved_s);
}

static const Field capacity_fields[] = {
    FIELD("source", CnCapacity, source),
    FIELD("wait_days", CnCapacity, wait_days),
};

static CnCapacity
merge_capacity(const CnProvider *provider,
               const CnCapacity *given,
               const CnCapacity *stored,
               gint64 now_s)
{
    CnCapacity merged = *given;
    merged.held = stored->known ? stored->held : 0;
    merged.moved_s = stored->known ? stored->moved_s : 0;
    if (!stored->known)
        return merged;
    if (!given->known || !given->as_of.is_set || given->as_of.s <= last_known_s(stored, now_s))
        return *stored;
    keep_fields(provider, capacity_fields, G_N_ELEMENTS(capacity_fields), &merged, stored);
    return merged;
}

/* Where the stored numbers stand, the file does not say them: nothing of them is reported at its line. */
static void
set_capacity(CnOffering *offering, CnCapacity capacity)
{
    if (capacity.total != offering->capacity.total ||
        capacity.occupied != offering->capacity.occupied)
        offering->capacity_pos = (CnPos){0};
    offering->capacity = capacity;
}

/* Reports of a file that the store knows better. */
typedef struct {
    gint64 now_s;
    guint passed_over;
    CnPos first;
} Reports;

/* Whether a report is passed over that says something else. Of a restricted provider nobody may find out by such a
 * report how full it is, so there any older one counts, and none as late as the stored one: most often it is the same. */
static gboolean
is_passed_over(const CnProvider *provider,
               const CnCapacity *given,
               const CnCapacity *stored,
               gint64 now_s)
{
    const gint64 last_s = last_known_s(stored, now_s);
    if (!given->known || !given->as_of.is_set || !stored->known || given->as_of.s > last_s)
        return FALSE;
    if (provider->disclosure != CN_DISCLOSE_PUBLIC)
        return given->as_of.s < last_s;
    return given->total != stored->total || given->occupied != stored->occupied;
}

static CnCapacity
merge_report(const CnProvider *provider,
             const CnOffering *given,
             const CnCapacity *stored,
             Reports *reports)
{
    if (is_passed_over(provider, &given->capacity, stored, reports->now_s) &&
        reports->passed_over++ == 0)
        reports->first = given->as_of_pos;
    return merge_capacity(provider, &given->capacity, stored, reports->now_s);
}

static void
warn_passed_over(const Reports *reports, CnIssueList *issues)
{
    if (reports->passed_over == 0)
        return;
    cn_issue_add(
        issues, CN_SEVERITY_WARNING, "older-report", reports->first,
        "write the day of the report in as_of, or its instant where there is one of that day; carenet "
        "capacity get OFFERING shows what the store knows",
        reports->passed_over == 1
            ? "the places of %u offering are not taken over: what the store has is as late or later"
            : "the places of %u offerings are not taken over: what the store has is as late or later",
        reports->passed_over);
}

/* An old file must not make somebody look as if nobody had called since. A day that has not come, as stores of older
 * versions may hold, gives way. */
static void
merge_verification(CnProvider *provider,
                   const CnProvider *stored,
                   gint64 now_s,
                   CnIssueList *issues)
{
    if (!cn_date_is_set(stored->verified_on) || !cn_date_is_set(provider->verified_on) ||
        cn_instant_is_ahead(cn_date_first_s(stored->verified_on), now_s) ||
        cn_date_last_s(provider->verified_on) >= cn_date_last_s(stored->verified_on))
        return;
    provider->verified_on = stored->verified_on;
    provider->verified_by = stored->verified_by;
    cn_issue_add(issues, CN_SEVERITY_WARNING, "older-verification", provider->verified_pos,
                 "carenet show tells it; write a later day where it was confirmed once more",
                 "\"%s\" was confirmed later than that, which stays", provider->id);
}

static void
merge_offerings(CnProvider *provider,
                const CnProvider *stored,
                GHashTable *closed,
                gboolean replace,
                Reports *reports)
{
    gboolean keep_all = cn_provider_withholds(provider, "capacity");
    guint given_len = provider->offerings->len;
    for (guint i = 0; i < given_len; i++) {
        CnOffering *offering = &g_array_index(provider->offerings, CnOffering, i);
        const CnOffering *old = find_offering(stored, offering->id);
        static const CnCapacity unknown = {.known = FALSE, .wait_days = -1};
        const CnCapacity *old_capacity = old != NULL ? &old->capacity : &unknown;
        if (old != NULL)
            keep_fields(provider, offering_fields, G_N_ELEMENTS(offering_fields), offering, old);
        if (keep_all && old != NULL)
            set_capacity(offering, *old_capacity);
        else
            set_capacity(offering, merge_report(provider, offering, old_capacity, reports));
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
    for (guint i = 0; i < given->regions->len; i++)
        if (g_strcmp0(g_array_index(given->regions, CnRegion, i).id, region) == 0)
            return TRUE;
    return FALSE;
}

/* The regions that are given as a whole: those that are described, and those of the providers of a
 * spreadsheet, which need not describe them. What spans the regions is given by the network's own
 * file only. (element-type utf8) */
static GHashTable *
collect_regions(const CnNetwork *given)
{
    GHashTable *regions = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < given->regions->len; i++)
        g_hash_table_add(regions, (gpointer)g_array_index(given->regions, CnRegion, i).id);
    for (guint i = 0; i < given->providers->len; i++) {
        const CnProvider *provider = g_ptr_array_index(given->providers, i);
        if (provider->region != NULL)
            g_hash_table_add(regions, (gpointer)provider->region);
    }
    return regions;
}

static void
merge_providers(CnNetwork *merged,
                const CnNetwork *stored,
                GHashTable *closed,
                const CnNetwork *given,
                gboolean replace,
                Reports *reports,
                CnIssueList *issues)
{
    g_autoptr(GHashTable) given_ids = collect_provider_ids(given);
    g_autoptr(GHashTable) regions = collect_regions(given);
    for (guint i = 0; i < given->providers->len; i++) {
        CnProvider *provider = add_copy(merged, g_ptr_array_index(given->providers, i));
        const CnProvider *old = cn_network_provider(stored, provider->id);
        if (old != NULL) {
            keep_withheld(provider, old);
            merge_verification(provider, old, reports->now_s, issues);
        }
        merge_offerings(provider, old, closed, replace, reports);
    }
    for (guint i = 0; i < stored->providers->len; i++) {
        const CnProvider *old = g_ptr_array_index(stored->providers, i);
        if (g_hash_table_contains(given_ids, old->id))
            continue;
        CnProvider *provider = add_copy(merged, old);
        drop_closed(provider, closed);
        gboolean whole = provider->region != NULL ? g_hash_table_contains(regions, provider->region)
                                                  : given->id != NULL;
        if (replace && whole)
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
               gboolean replace,
               gint64 now_s,
               CnIssueList *issues)
{
    Reports reports = {.now_s = now_s};
    const CnNetwork *head = given->id != NULL ? given : stored;
    CnNetwork *merged = cn_network_new();
    merged->id = head->id;
    merged->name = head->name;
    merged->demonstration_now = head->demonstration_now;
    merge_regions(merged, stored, given);
    merge_organizations(merged, stored, given);
    merge_providers(merged, stored, closed, given, replace, &reports, issues);
    warn_passed_over(&reports, issues);
    cn_network_sort(merged);
    return merged;
}

/* ---- What is kept unseen. */

/* Whether a place that is not public in the store would be shown with what @provider does not state.
 * What the store really knows does not count: whether it is refused would tell. */
static gboolean
opens_unseen(const CnProvider *provider, const CnProvider *stored)
{
    static const char *const secrets[] = {"name", "area", "address", "point", "phone", "email"};
    if (stored->disclosure == CN_DISCLOSE_PUBLIC || provider->disclosure != CN_DISCLOSE_PUBLIC)
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(secrets); i++)
        if (cn_provider_withholds(provider, secrets[i]))
            return TRUE;
    return FALSE;
}

static gboolean
loses_place(const CnProvider *provider, const CnProvider *stored)
{
    gboolean has_place = stored->site.address != NULL || stored->site.has_point ||
                         stored->disclosure != CN_DISCLOSE_PUBLIC;
    return has_place && has_moved(provider, stored) &&
           (cn_provider_withholds(provider, "address") || cn_provider_withholds(provider, "point"));
}

/* Whether its sealed address and point are those of the area that is stated now nobody can tell. */
static gboolean
hides_move(const CnProvider *provider, const CnProvider *stored)
{
    return stored->sealing == CN_SEALED && provider->disclosure != CN_DISCLOSE_PUBLIC &&
           provider->site.area != CN_AREA_NONE && !cn_provider_withholds(provider, "area") &&
           (cn_provider_withholds(provider, "address") || cn_provider_withholds(provider, "point"));
}

/* A concern for safety must not end because somebody brings an old file. */
static void
warn_of_lifting(const CnProvider *provider, const CnProvider *stored, CnIssueList *issues)
{
    if (stored->status != CN_SUSPENDED || provider->status == CN_SUSPENDED ||
        cn_provider_withholds(provider, "status"))
        return;
    cn_issue_add(issues, CN_SEVERITY_WARNING, "suspension-lifted", provider->pos,
                 "where that is not meant write status: suspended and import it again",
                 "\"%s\" was suspended for a safeguarding concern, and is %s by this file",
                 provider->id, cn_status_name(provider->status));
}

void
cn_store_check_kept(const CnNetwork *stored, const CnNetwork *given, CnIssueList *issues)
{
    for (guint i = 0; i < given->providers->len; i++) {
        const CnProvider *provider = g_ptr_array_index(given->providers, i);
        const CnProvider *old = cn_network_provider(stored, provider->id);
        if (old == NULL)
            continue;
        warn_of_lifting(provider, old, issues);
        if (opens_unseen(provider, old))
            cn_issue_add(issues, CN_SEVERITY_ERROR, "restricted-opened", provider->site_pos,
                         "open it by a region file that states all that may be shown of its place",
                         "\"%s\" is not public in the store, and this file does not state all "
                         "that would be shown of its place",
                         provider->id);
        else if (hides_move(provider, old))
            cn_issue_add(issues, CN_SEVERITY_ERROR, "sealed-place", provider->site_pos,
                         "import with --key-file, or by a region file that states its address and "
                         "point",
                         "\"%s\" is sealed, and this file states its area without its address and "
                         "point: whether it has moved only the key tells",
                         provider->id);
        else if (loses_place(provider, old))
            cn_issue_add(issues, CN_SEVERITY_WARNING, "moved", provider->site_pos,
                         "add the new ones by a region file",
                         "\"%s\" has moved to another area; its stored address and point are not "
                         "kept",
                         provider->id);
    }
}
