/* See quota.h. */
#include "routing/quota.h"

#include "base/error.h"
#include "base/text.h"

/* ---- Whose quota. */

static gboolean
refuse(const CnQuota *quota, const char *what, GError **error)
{
    g_autofree char *quoted = cn_text_quote(quota->id);
    cn_error_set(error, CARENET_ERROR_NOT_FOUND,
                 "%s:%u:%u: a quota is of the %s \"%s\", which the directory does not have",
                 quota->pos.file != NULL ? quota->pos.file : "policy", quota->pos.line,
                 quota->pos.column, what, quoted);
    cn_error_hint(error, "correct the id, or take the quota out of the policy");
    return FALSE;
}

static void
add_offerings(const CnListing *listing, gsize provider, GArray *offerings)
{
    const CnSpan span = listing->providers[provider].offerings;
    for (guint i = span.first; i < span.first + span.len; i++)
        g_array_append_val(offerings, i);
}

static gboolean
fill(CnQuotaGroup *group, const CnListing *listing, GError **error)
{
    const CnQuota *quota = group->quota;
    const CnGazetteer *gazetteer = listing->reference->gazetteer;
    if (quota->kind == CN_QUOTA_OFFERING) {
        const gint offering = cn_listing_offering(listing, quota->id);
        if (offering < 0)
            return refuse(quota, "offering", error);
        const guint one = (guint)offering;
        g_array_append_val(group->offerings, one);
        return TRUE;
    }
    if (quota->kind == CN_QUOTA_PROVIDER) {
        const gint provider = cn_listing_provider(listing, quota->id);
        if (provider < 0)
            return refuse(quota, "provider", error);
        add_offerings(listing, (gsize)provider, group->offerings);
        return TRUE;
    }
    for (gsize i = 0; i < listing->providers_len; i++)
        if (cn_area_contains(gazetteer, quota->area, listing->providers[i].area))
            add_offerings(listing, i, group->offerings);
    return TRUE;
}

/* ---- Which holds which. */

/* Offerings, providers, then areas, those first that lie in others. */
static gint
compare_groups(gconstpointer x, gconstpointer y, gpointer data)
{
    const CnGazetteer *gazetteer = data;
    const CnQuota *a = ((const CnQuotaGroup *)x)->quota, *b = ((const CnQuotaGroup *)y)->quota;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    if (a->kind != CN_QUOTA_AREA)
        return g_strcmp0(a->id, b->id);
    const gint one = (gint)cn_area(gazetteer, a->area)->level,
               other = (gint)cn_area(gazetteer, b->area)->level;
    if (one != other)
        return one > other ? -1 : 1;
    return (a->area > b->area) - (a->area < b->area);
}

static gboolean
refuse_crossing(const CnQuotas *quotas,
                gint a,
                gint b,
                const CnReference *reference,
                GError **error)
{
    g_autofree char *one = cn_quota_name(quotas, (guint)a, reference);
    g_autofree char *other = cn_quota_name(quotas, (guint)b, reference);
    cn_error_set(error, CARENET_ERROR_CONFLICT,
                 "the quotas of %s and %s share some offerings, and neither holds all of the other",
                 one, other);
    cn_error_hint(error, "give one of them another area");
    return FALSE;
}

/* Each offering climbs from the smallest of its groups to the largest, and all of a group climb on to the
 * same. A city that its geographic province does not share a region with can break that. */
static gboolean
link_groups(CnQuotas *quotas, gsize offerings, const CnReference *reference, GError **error)
{
    g_autofree gint *top = g_new(gint, offerings + 1);
    for (gsize i = 0; i < offerings; i++)
        top[i] = quotas->of_offering[i] = -1;
    for (guint g = 0; g < quotas->len; g++) {
        const GArray *held = quotas->groups[g].offerings;
        for (guint i = 0; i < held->len; i++) {
            gint *at = &top[g_array_index(held, guint, i)];
            if (*at < 0)
                quotas->of_offering[g_array_index(held, guint, i)] = (gint)g;
            else if (quotas->groups[*at].parent < 0)
                quotas->groups[*at].parent = (gint)g;
            else if (quotas->groups[*at].parent != (gint)g)
                return refuse_crossing(quotas, *at, (gint)g, reference, error);
            *at = (gint)g;
        }
    }
    for (gsize i = 0; i < offerings; i++)
        if (top[i] >= 0 && quotas->groups[top[i]].parent >= 0)
            return refuse_crossing(quotas, top[i], quotas->groups[top[i]].parent, reference, error);
    return TRUE;
}

gboolean
cn_quotas_init(CnQuotas *quotas,
               const CnDirectory *directory,
               const CnPolicy *policy,
               GError **error)
{
    const CnListing *listing = directory->listing;
    *quotas = (CnQuotas){.len = policy->quotas->len};
    if (quotas->len == 0)
        return TRUE;
    quotas->groups = g_new0(CnQuotaGroup, quotas->len);
    quotas->of_offering = g_new(gint, listing->offerings_len + 1);
    for (guint i = 0; i < quotas->len; i++)
        quotas->groups[i] = (CnQuotaGroup){.quota = &g_array_index(policy->quotas, CnQuota, i),
                                           .parent = -1,
                                           .offerings = g_array_new(FALSE, FALSE, sizeof(guint))};
    g_qsort_with_data(quotas->groups, (gint)quotas->len, sizeof *quotas->groups, compare_groups,
                      listing->reference->gazetteer);
    for (guint i = 0; i < quotas->len; i++)
        if (!fill(&quotas->groups[i], listing, error)) {
            cn_quotas_clear(quotas);
            return FALSE;
        }
    if (link_groups(quotas, listing->offerings_len, listing->reference, error))
        return TRUE;
    cn_quotas_clear(quotas);
    return FALSE;
}

void
cn_quotas_clear(CnQuotas *quotas)
{
    for (guint i = 0; i < quotas->len; i++)
        g_array_unref(quotas->groups[i].offerings);
    g_clear_pointer(&quotas->groups, g_free);
    g_clear_pointer(&quotas->of_offering, g_free);
    quotas->len = 0;
}

/* ---- Counting. */

gint64
cn_quotas_most(const CnQuotas *quotas, guint offering)
{
    gint64 most = G_MAXINT64;
    for (gint g = cn_quota_of(quotas, offering); g >= 0; g = quotas->groups[g].parent)
        most = MIN(most, quotas->groups[g].quota->places);
    return most;
}

void
cn_quotas_take(const CnQuotas *quotas, gint64 *used, guint offering, gint64 units)
{
    for (gint g = cn_quota_of(quotas, offering); g >= 0; g = quotas->groups[g].parent)
        used[g] += units;
}

gint64
cn_quotas_left(const CnQuotas *quotas, const gint64 *used, guint offering)
{
    gint64 left = G_MAXINT64;
    for (gint g = cn_quota_of(quotas, offering); g >= 0; g = quotas->groups[g].parent)
        left = MIN(left, quotas->groups[g].quota->places - used[g]);
    return left;
}

gint
cn_quotas_full(const CnQuotas *quotas, const gint64 *used, guint offering, gint64 units)
{
    for (gint g = cn_quota_of(quotas, offering); g >= 0; g = quotas->groups[g].parent)
        if (quotas->groups[g].quota->places - used[g] < units)
            return g;
    return -1;
}

const char *
cn_quota_kind(const CnQuotas *quotas, guint group)
{
    static const char *const kinds[] = {[CN_QUOTA_OFFERING] = "offering",
                                        [CN_QUOTA_PROVIDER] = "provider",
                                        [CN_QUOTA_AREA] = "area"};
    return kinds[quotas->groups[group].quota->kind];
}

const char *
cn_quota_id(const CnQuotas *quotas, guint group, const CnReference *reference)
{
    const CnQuota *quota = quotas->groups[group].quota;
    return quota->kind == CN_QUOTA_AREA ? cn_area(reference->gazetteer, quota->area)->code
                                        : quota->id;
}

char *
cn_quota_name(const CnQuotas *quotas, guint group, const CnReference *reference)
{
    const CnQuota *quota = quotas->groups[group].quota;
    g_autofree char *quoted = quota->kind == CN_QUOTA_AREA
                                  ? g_strdup(cn_area_short_name(reference->gazetteer, quota->area))
                                  : cn_text_quote(quota->id);
    return g_strdup_printf("%s %s (at most %" G_GINT64_FORMAT " of a list)",
                           cn_quota_kind(quotas, group), quoted, quota->places);
}
