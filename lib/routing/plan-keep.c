/* Former places: found again, and who cannot stay there. */
#include "routing/plan-keep.h"

#include <string.h>

/* ---- Finding. */

static gboolean
has_service(const CnPlanNeeds *needs, guint need, const char *service)
{
    const CnTaxonomy *taxonomy = needs->asked.directory->listing->reference->taxonomy;
    return strcmp(cn_service(taxonomy, cn_plan_need_of(needs, need)->service)->id, service) == 0;
}

static gint
compare_needs(gconstpointer x, gconstpointer y)
{
    const CnKept *a = x, *b = y;
    return (a->need > b->need) - (a->need < b->need);
}

GArray *
cn_plan_kept_find(const CnPlanNeeds *needs, const CnPlan *former, const gint *pinned_at)
{
    GArray *found = g_array_new(FALSE, FALSE, sizeof(CnKept));
    for (guint i = 0; i < former->assignments->len; i++) {
        const CnPlanned *planned = cn_plan_assignment_at(former, i);
        const gint need = cn_plan_needs_find(needs, planned->ref, planned->need);
        if (need < 0 || pinned_at[need] >= 0 || !has_service(needs, (guint)need, planned->service))
            continue;
        const CnKept kept = {
            (guint)need, cn_listing_offering(needs->asked.directory->listing, planned->offering),
            CN_RULE_NONE};
        g_array_append_val(found, kept);
    }
    g_array_sort(found, compare_needs);
    return found;
}

/* ---- Who cannot stay. */

typedef struct {
    const CnPlanNeeds *needs;
    const gint *pinned_at;
    GArray *kept;
    gint *at;    /* of each need: a pin, or the former place of one who is not released yet; -1 */
    gint *index; /* of each need: in @kept; -1 */
} Release;

static void
settle(Release *release)
{
    for (guint i = 0; i < release->needs->needs->len; i++) {
        release->at[i] = release->pinned_at[i];
        release->index[i] = -1;
    }
    for (guint i = 0; i < release->kept->len; i++) {
        CnKept *kept = cn_kept(release->kept, i);
        kept->released = kept->offering < 0 ? CN_RULE_SERVICE : CN_RULE_NONE;
        release->index[kept->need] = (gint)i;
        release->at[kept->need] = kept->offering;
    }
}

/* Everybody is judged before anybody leaves. */
static void
leave(Release *release)
{
    for (guint i = 0; i < release->kept->len; i++)
        if (cn_kept(release->kept, i)->released != CN_RULE_NONE)
            release->at[cn_kept(release->kept, i)->need] = -1;
}

static void
judge_rules(Release *release)
{
    CnPlanWay way = {.made = FALSE};
    for (guint i = 0; i < release->kept->len; i++) {
        CnKept *kept = cn_kept(release->kept, i);
        CnCompanions companions;
        CnCandidate candidate;
        if (kept->released != CN_RULE_NONE)
            continue;
        CnQuestion question = cn_plan_way_question(release->needs, kept->need, &way);
        cn_plan_companions_find(release->needs, kept->need, release->at, &companions);
        question.companions = &companions;
        cn_candidate_init(&candidate, &question, (guint)kept->offering);
        kept->released = cn_rules_first_broken(&question, &candidate, CN_RULES_ALL);
        cn_plan_companions_clear(&companions);
    }
    leave(release);
}

/* The need, and those who must stay with it. (element-type guint) (transfer full) */
static GArray *
group_of(const Release *release, guint need)
{
    GArray *group = g_array_new(FALSE, FALSE, sizeof(guint));
    CnCompanions companions;
    g_array_append_val(group, need);
    if (!cn_plan_need_has_company(release->needs, need))
        return group;
    cn_plan_companions_find(release->needs, need, NULL, &companions);
    for (guint i = 0; i < companions.together->len; i++) {
        const gint other =
            cn_plan_need_of_sibling(release->needs, g_ptr_array_index(companions.together, i),
                                    cn_plan_need_of(release->needs, need)->service);
        const guint one = (guint)MAX(other, 0);
        if (other >= 0)
            g_array_append_val(group, one);
    }
    cn_plan_companions_clear(&companions);
    return group;
}

static void
judge_together(Release *release)
{
    for (guint i = 0; i < release->kept->len; i++) {
        CnKept *kept = cn_kept(release->kept, i);
        if (kept->released != CN_RULE_NONE)
            continue;
        g_autoptr(GArray) group = group_of(release, kept->need);
        for (guint k = 1; k < group->len; k++) {
            const gint other = release->at[g_array_index(group, guint, k)];
            if (other >= 0 && other != kept->offering)
                kept->released = CN_RULE_SIBLINGS_FIT;
        }
    }
    leave(release);
}

/* ---- Bundles. */

/* Where the need goes if all stay: where it was, or where one was with whom it must stay; -1 wherever it can. */
static gint
goes_to(const Release *release, guint need)
{
    g_autoptr(GArray) group = group_of(release, need);
    gint at = -1;
    for (guint i = 0; at < 0 && i < group->len; i++)
        at = release->at[g_array_index(group, guint, i)];
    return at;
}

/* Whether the case asks for one provider and another need of its bundle goes to another one than that of @offering. */
static gboolean
is_parted(const Release *release, guint need, guint offering)
{
    const CnPlanNeeds *needs = release->needs;
    const CnListing *listing = needs->asked.directory->listing;
    const CnCase *c = cn_plan_person(needs, need);
    if (!cn_plan_need_is_bundled(needs, need))
        return FALSE;
    for (guint i = 0; i < c->needs->len; i++) {
        const guint other = need - cn_plan_need(needs, need)->need + i;
        const gint at =
            cn_case_bundles(c, &g_array_index(c->needs, CnNeed, i)) ? goes_to(release, other) : -1;
        if (at >= 0 &&
            cn_listed_provider_of(listing, (guint)at) != cn_listed_provider_of(listing, offering))
            return TRUE;
    }
    return FALSE;
}

/* One who stays brings siblings along, whose bundles may be elsewhere. */
static void
judge_bundles(Release *release)
{
    for (guint i = 0; i < release->kept->len; i++) {
        CnKept *kept = cn_kept(release->kept, i);
        if (kept->released != CN_RULE_NONE || !cn_plan_need_has_company(release->needs, kept->need))
            continue;
        g_autoptr(GArray) group = group_of(release, kept->need);
        for (guint k = 0; k < group->len; k++)
            if (is_parted(release, g_array_index(group, guint, k), (guint)kept->offering))
                kept->released = CN_RULE_BUNDLE;
        /* Who is judged later may stay for that. */
        if (kept->released != CN_RULE_NONE)
            release->at[kept->need] = -1;
    }
}

/* ---- Places. */

static gint
compare_claims(gconstpointer x, gconstpointer y, gpointer data)
{
    const CnPlanNeeds *needs = data;
    const guint a = *(const guint *)x, b = *(const guint *)y;
    const CnUrgency one = cn_plan_need_of(needs, a)->urgency,
                    other = cn_plan_need_of(needs, b)->urgency;
    if (one != other)
        return one < other ? -1 : 1;
    const gint order = strcmp(cn_plan_person(needs, a)->ref, cn_plan_person(needs, b)->ref);
    return order != 0 ? order : (a > b) - (a < b);
}

static gint64
places_of(const CnListing *listing, guint offering)
{
    const CnService *service =
        cn_service(listing->reference->taxonomy, listing->offerings[offering].service);
    const gint64 free = cn_capacity_free(&listing->capacity[offering], service->unit);
    return free < 0 ? G_MAXINT64 : free;
}

/* One who stays brings those along who must stay with it, whether they were there or not. */
static void
claim(Release *release, guint need, gint64 *used, gint64 *under, guint8 *met)
{
    const CnListing *listing = release->needs->asked.directory->listing;
    const guint offering = (guint)release->at[need];
    g_autoptr(GArray) group = group_of(release, need);
    gint64 units = 0;
    for (guint i = 0; i < group->len; i++) {
        const guint one = g_array_index(group, guint, i);
        if (release->pinned_at[one] < 0)
            units += cn_plan_need_of(release->needs, one)->units;
        met[one] = TRUE;
    }
    const CnQuotas *quotas = &release->needs->quotas;
    if (used[offering] <= places_of(listing, offering) - units &&
        cn_quotas_left(quotas, under, offering) >= units) {
        used[offering] += units;
        cn_quotas_take(quotas, under, offering, units);
        return;
    }
    for (guint i = 0; i < group->len; i++) {
        const gint index = release->index[g_array_index(group, guint, i)];
        if (index >= 0 && cn_kept(release->kept, (guint)index)->released == CN_RULE_NONE)
            cn_kept(release->kept, (guint)index)->released = CN_RULE_FULL;
    }
}

static void
judge_places(Release *release)
{
    const CnPlanNeeds *needs = release->needs;
    const guint len = needs->needs->len;
    g_autofree gint64 *used =
        g_new0(gint64, MAX(needs->asked.directory->listing->offerings_len, 1));
    g_autofree gint64 *under = g_new0(gint64, needs->quotas.len + 1);
    g_autofree guint8 *met = g_new0(guint8, (gsize)len + 1);
    g_autoptr(GArray) claims = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 0; i < len; i++)
        if (release->pinned_at[i] >= 0) {
            const gint32 units = cn_plan_need_of(needs, i)->units;
            used[release->pinned_at[i]] += units;
            cn_quotas_take(&needs->quotas, under, (guint)release->pinned_at[i], units);
        } else if (release->at[i] >= 0)
            g_array_append_val(claims, i);
    g_array_sort_with_data(claims, compare_claims, (gpointer)needs);
    for (guint i = 0; i < claims->len; i++)
        if (!met[g_array_index(claims, guint, i)])
            claim(release, g_array_index(claims, guint, i), used, under, met);
}

void
cn_plan_kept_release(const CnPlanNeeds *needs, const gint *pinned_at, GArray *kept)
{
    g_autofree gint *at = g_new(gint, (gsize)needs->needs->len + 1);
    g_autofree gint *index = g_new(gint, (gsize)needs->needs->len + 1);
    Release release = {needs, pinned_at, kept, at, index};
    settle(&release);
    judge_rules(&release);
    judge_together(&release);
    judge_bundles(&release);
    judge_places(&release);
}
