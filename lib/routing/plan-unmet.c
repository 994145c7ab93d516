/* Why a need of a plan is unmet, and what would place it.
 *
 * A need that route can place nowhere has route's reason and route's edits. One that others of the list
 * leave nothing for is "full", and the edit is more places: as many as compete for them (-rivals). */
#include "routing/plan-rivals.h"

#include <string.h>

/* Pairs of somebody unmet and an offering that are looked at for prices. */
#define PRICED_PAIRS_MOST 500000

typedef struct {
    CnPlan *plan;
    const CnPlanUse *use;
    const CnPlanReasons *how;
    gint over;           /* atomic */
    guint wanted, found; /* classes whose reason is looked for, and those that are done */
    GMutex lock;         /* of found, and of the caller's progress */
    CnRivals rivals;
    const gint64 *price;    /* by offering: who would come is told by them; NULL */
    guint *stand_in;        /* of each class an unmet need without company, plus 1; 0 none */
    struct Reason *reasons; /* of each class */
} Unmet;

/* What is told of every unmet need of a class. */
typedef struct Reason {
    CnRule rule;
    char *detail;
    GArray *changes;                             /* (element-type CnChange) */
    gboolean offered, eligible, reachable, free; /* by anybody */
    gboolean priced;                             /* what follows is known */
    guint offering;                              /* where it is short by the least */
    gint64 short_by;
    /* As the plan keeps them, once for all needs of the class. */
    gboolean kept;
    const char *kept_detail;
    guint changes_first;
} Reason;

/* ---- What would place it. */

static gboolean
mends_places(const CnChange *change)
{
    return change->mends == CN_RULE_FULL || change->mends == CN_RULE_UNKNOWN_CAPACITY;
}

/* Sees that the edits leave room for the rivals, too. What is left at a restricted provider is nobody's
 * business, so there it is always said. */
static void
make_room(const Unmet *unmet, GArray *changes, gint64 rivals)
{
    const CnListing *listing = unmet->use->needs->asked.directory->listing;
    const guint offering = g_array_index(changes, CnChange, 0).offering;
    const CnService *service =
        cn_service(listing->reference->taxonomy, listing->offerings[offering].service);
    for (guint i = 0; i < changes->len; i++) {
        CnChange *change = &g_array_index(changes, CnChange, i);
        if (mends_places(change)) {
            change->number = MAX(change->number, rivals);
            return;
        }
    }
    if (service->unit == CN_UNIT_NONE || (!cn_listed_provider_of(listing, offering)->restricted &&
                                          cn_plan_use_left(unmet->use, offering) >= rivals))
        return;
    CnChange change = {.mends = CN_RULE_FULL, .offering = offering, .number = rivals};
    g_array_append_val(changes, change);
}

/* The cheapest offering that only lacks places. Where there is a quota, more places may change nothing.
 * FALSE where all have one. */
static gboolean
ask_for_places(const Unmet *unmet, const CnNeedRoute *route, GArray *changes, gint64 rivals)
{
    for (guint i = 0; i < route->ranked->len; i++) {
        const guint offering = g_array_index(route->ranked, CnRanked, i).offering;
        if (cn_quota_of(&unmet->use->needs->quotas, offering) >= 0)
            continue;
        const CnChange change = {.mends = CN_RULE_FULL, .offering = offering, .number = rivals};
        g_array_append_val(changes, change);
        return TRUE;
    }
    return FALSE;
}

/* Where it is short by the least, by prices. */
static void
note_price(const Unmet *unmet, guint need, const CnNeedRoute *route, Reason *reason)
{
    const CnPlanNeeds *needs = unmet->use->needs;
    const gint64 penalty = unmet->how->penalties[cn_plan_need_of(needs, need)->urgency];
    if (!cn_rivals_are_single(&unmet->rivals, needs, need))
        return;
    for (guint i = 0; i < route->ranked->len; i++) {
        const CnRanked *ranked = &g_array_index(route->ranked, CnRanked, i);
        const gint64 short_by = ranked->cost + unmet->price[ranked->offering] - penalty;
        if (reason->priced && short_by >= reason->short_by)
            continue;
        reason->priced = TRUE;
        reason->offering = ranked->offering;
        reason->short_by = short_by;
    }
}

/* Says which quota leaves nothing at the best offering, if one does. */
static void
name_quota(const Unmet *unmet, guint need, const CnNeedRoute *route, Reason *reason)
{
    const CnPlanNeeds *needs = unmet->use->needs;
    const gint group = cn_quotas_full(&needs->quotas, unmet->use->under,
                                      g_array_index(route->ranked, CnRanked, 0).offering,
                                      cn_plan_need_of(needs, need)->units);
    if (group < 0)
        return;
    g_autofree char *name =
        cn_quota_name(&needs->quotas, (guint)group, needs->asked.policy->reference);
    g_free(reason->detail);
    reason->detail = g_strdup_printf("the quota of %s leaves nothing", name);
}

/* Where the places that are left are those of somebody whom the case must not meet. */
static CnRule
rule_of_company(const Unmet *unmet, guint need, const CnNeedRoute *route)
{
    const CnPlanNeeds *needs = unmet->use->needs;
    CnCompanions companions;
    CnRule binding = CN_RULE_FULL;
    CnOrigin origin;
    if (!cn_plan_need_has_company(needs, need))
        return binding;
    cn_plan_need_origin(needs, need, &origin);
    CnQuestion question = cn_plan_need_question(needs, need, &origin);
    cn_plan_companions_find(needs, need, unmet->use->offering_of, &companions);
    question.companions = &companions;
    for (guint i = 0; i < route->ranked->len; i++) {
        const guint offering = g_array_index(route->ranked, CnRanked, i).offering;
        CnCandidate candidate;
        if (cn_plan_use_left(unmet->use, offering) < companions.units)
            continue;
        cn_candidate_init(&candidate, &question, offering);
        binding = cn_rules_first_broken(&question, &candidate,
                                        CN_RULE_BIT(CN_RULE_CO_VICTIM) |
                                            CN_RULE_BIT(CN_RULE_SIBLING_APART) |
                                            CN_RULE_BIT(CN_RULE_BUNDLE));
        break;
    }
    cn_plan_companions_clear(&companions);
    return binding != CN_RULE_NONE ? binding : CN_RULE_FULL;
}

/* Whether nobody asks for reasons, or nobody waits for them any more. Once over is over. */
static gboolean
is_over(Unmet *unmet)
{
    const CnPlanReasons *how = unmet->how;
    if (how->skip || g_atomic_int_get(&unmet->over) != 0)
        return TRUE;
    if ((how->cancel == NULL || g_atomic_int_get(how->cancel) == 0) &&
        (how->deadline_us <= 0 || g_get_monotonic_time() < how->deadline_us))
        return FALSE;
    g_atomic_int_set(&unmet->over, 1);
    return TRUE;
}

/* Some hundred times, however many there are. */
static void
tell_progress(Unmet *unmet)
{
    if (unmet->how->progress == NULL)
        return;
    g_mutex_lock(&unmet->lock);
    if (++unmet->found % (unmet->wanted / 200 + 1) == 0)
        unmet->how->progress((double)unmet->found / (double)unmet->wanted,
                             unmet->how->progress_data);
    g_mutex_unlock(&unmet->lock);
}

gboolean
cn_plan_unmet_is_unexplained(const CnPlanUnmet *unmet)
{
    return g_strcmp0(unmet->detail, CN_PLAN_NOT_LOOKED_FOR) == 0;
}

/* @from: nullable, the ways from where the case is. */
static void
find_reason(Unmet *unmet, guint need, const CnOrigin *from, Reason *reason)
{
    g_auto(CnPlanWhy) why = {NULL};
    reason->changes = g_array_new(FALSE, FALSE, sizeof(CnChange));
    reason->rule = CN_RULE_FULL;
    if (is_over(unmet)) {
        if (!unmet->how->skip)
            reason->detail = g_strdup(CN_PLAN_NOT_LOOKED_FOR);
        return;
    }
    /* Who has company may find another's place among all that are ranked; and a quota may end before
     * an offering's places do. */
    if (cn_plan_need_has_company(unmet->use->needs, need) || unmet->use->needs->quotas.len > 0 ||
        unmet->price != NULL)
        cn_plan_why_init(&why, unmet->use->needs, need, NULL, from);
    else
        cn_plan_why_best(&why, unmet->use->needs, need, from);
    const CnNeedRoute *route = why.route;
    const gint64 rivals = cn_rivals_of(&unmet->rivals, unmet->use->needs, need);
    reason->offered = route->offered > 0;
    reason->eligible = route->eligible > 0;
    reason->reachable = route->reachable > 0;
    reason->free = route->free > 0;
    reason->rule = route->free > 0 ? rule_of_company(unmet, need, route) : CN_RULE_FULL;
    reason->detail = cn_route_unmet_detail(why.routes, route, reason->rule);
    const gboolean sure = !cn_plan_others_decide(unmet->use->needs, need);
    if (route->free > 0) {
        if (reason->rule == CN_RULE_FULL &&
            !(sure && ask_for_places(unmet, route, reason->changes, rivals)))
            name_quota(unmet, need, route, reason);
        if (unmet->price != NULL && reason->changes->len > 0)
            note_price(unmet, need, route, reason);
        return;
    }
    reason->rule = route->offered == 0 ? CN_RULE_SERVICE : route->binding;
    if (sure)
        g_array_append_vals(reason->changes, route->changes->data, route->changes->len);
    if (reason->changes->len > 0 &&
        cn_quota_of(&unmet->use->needs->quotas,
                    g_array_index(reason->changes, CnChange, 0).offering) >= 0)
        g_array_set_size(reason->changes, 0);
    if (reason->changes->len > 0)
        make_room(unmet, reason->changes, rivals);
}

static void
clear_reason(Reason *reason)
{
    g_clear_pointer(&reason->changes, g_array_unref);
    g_clear_pointer(&reason->detail, g_free);
}

/* ---- Rows. */

static void
keep_change(CnPlan *plan, const CnChange *change, const CnListing *listing)
{
    g_autofree char *from = cn_change_from(change, listing);
    g_autofree char *to = cn_change_to(change, listing);
    const CnPlanChange edit = {
        .kind = cn_plan_text(plan, cn_change_kind(change)),
        .offering =
            cn_plan_text(plan, cn_listed_text(listing, listing->offerings[change->offering].id)),
        .field = cn_plan_text(plan, cn_change_field(change)),
        .from = cn_plan_text(plan, from),
        .to = cn_plan_text(plan, to)};
    g_array_append_val(plan->changes, edit);
}

/* What many needs share stands once in the plan. */
static void
keep_reason(CnPlan *plan, Reason *reason, const CnListing *listing)
{
    if (reason->kept)
        return;
    reason->kept = TRUE;
    reason->kept_detail = cn_plan_text(plan, reason->detail);
    reason->changes_first = plan->changes->len;
    for (guint i = 0; i < reason->changes->len; i++)
        keep_change(plan, &g_array_index(reason->changes, CnChange, i), listing);
}

static void
add_row(Unmet *unmet, guint need, Reason *reason)
{
    const CnPlanNeeds *needs = unmet->use->needs;
    const CnListing *listing = needs->asked.directory->listing;
    const CnNeed *of = cn_plan_need_of(needs, need);
    CnPlan *plan = unmet->plan;
    keep_reason(plan, reason, listing);
    const CnPlanUnmet row = {
        .ref = g_string_chunk_insert(plan->text, cn_plan_person(needs, need)->ref),
        .service = cn_plan_text(plan, cn_service(listing->reference->taxonomy, of->service)->id),
        .reason = cn_plan_text(plan, cn_rule_reason(reason->rule)),
        .detail = reason->kept_detail,
        .need = cn_plan_need(needs, need)->need + 1,
        .units = of->units,
        .urgency = of->urgency,
        .changes_first = reason->changes_first,
        .changes_len = reason->changes->len};
    g_array_append_val(plan->unmet, row);
}

/* ---- The funnel: a need that is placed has passed every stage. */

static CnPlanFunnel *
funnel_of(GHashTable *funnels, const CnService *service)
{
    CnPlanFunnel *funnel = g_hash_table_lookup(funnels, service->id);
    if (funnel == NULL) {
        funnel = g_new0(CnPlanFunnel, 1);
        funnel->service = service->id;
        g_hash_table_insert(funnels, (gpointer)service->id, funnel);
    }
    return funnel;
}

static void
count_stages(GHashTable *funnels, const CnPlanUse *use, guint need, const Reason *reason)
{
    const CnTaxonomy *taxonomy = use->needs->asked.directory->listing->reference->taxonomy;
    const CnNeed *of = cn_plan_need_of(use->needs, need);
    CnPlanFunnel *funnel = funnel_of(funnels, cn_service(taxonomy, of->service));
    const gboolean placed = use->offering_of[need] >= 0;
    funnel->needed += of->units;
    funnel->offered += placed || reason->offered ? of->units : 0;
    funnel->eligible += placed || reason->eligible ? of->units : 0;
    funnel->reachable += placed || reason->reachable ? of->units : 0;
    funnel->free += placed || reason->free ? of->units : 0;
    funnel->placed += placed ? of->units : 0;
}

static void
take_funnels(CnPlan *plan, GHashTable *funnels)
{
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, funnels);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        CnPlanFunnel funnel = *(const CnPlanFunnel *)value;
        funnel.service = cn_plan_text(plan, funnel.service);
        g_array_append_val(plan->funnel, funnel);
    }
}

/* ---- All of them. */

static void
visit_class(const CnPlanNeeds *needs, guint class, const CnQuestion *question, gpointer local)
{
    Unmet *unmet = *(Unmet **)local;
    (void)needs;
    if (unmet->stand_in[class] == 0)
        return;
    find_reason(unmet, unmet->stand_in[class] - 1, question->origin, &unmet->reasons[class]);
    tell_progress(unmet);
}

static void
find_reasons(Unmet *unmet, guint threads)
{
    g_autofree Unmet **locals = g_new(Unmet *, threads);
    for (guint i = 0; i < threads; i++)
        locals[i] = unmet;
    cn_plan_visit_classes(unmet->use->needs, threads, visit_class, locals, sizeof(Unmet *));
}

/* Needs of a class ask the same, but siblings and co-victims are each case's own. */
static void
add_all(Unmet *unmet)
{
    const CnPlanNeeds *needs = unmet->use->needs;
    g_autoptr(GHashTable) funnels = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
    for (guint i = 0; i < needs->needs->len; i++) {
        const gboolean placed = unmet->use->offering_of[i] >= 0;
        const gboolean own = !placed && cn_plan_need_has_company(needs, i);
        Reason company = {.rule = CN_RULE_NONE};
        if (own)
            find_reason(unmet, i, NULL, &company);
        Reason *reason = own ? &company : &unmet->reasons[cn_plan_need(needs, i)->class];
        count_stages(funnels, unmet->use, i, reason);
        if (!placed)
            add_row(unmet, i, reason);
        clear_reason(&company);
    }
    take_funnels(unmet->plan, funnels);
}

/* Once all who compete are known: fewer places, at the offering where they are fewest. */
static void
number_by_prices(Unmet *unmet)
{
    const CnPlanNeeds *needs = unmet->use->needs;
    g_autoptr(GArray) rivals = g_array_new(FALSE, FALSE, sizeof(CnRival));
    for (guint i = 0; i < needs->needs->len; i++) {
        const Reason *reason = &unmet->reasons[cn_plan_need(needs, i)->class];
        const CnRival rival = {i, reason->short_by, 0};
        if (unmet->use->offering_of[i] < 0 && reason->priced)
            g_array_append_val(rivals, rival);
    }
    cn_rivals_number(&unmet->rivals, needs, rivals);
    for (guint i = 0; i < rivals->len; i++) {
        const CnRival *rival = &g_array_index(rivals, CnRival, i);
        Reason *reason = &unmet->reasons[cn_plan_need(needs, rival->need)->class];
        CnChange *change = &g_array_index(reason->changes, CnChange, 0);
        change->offering = reason->offering;
        change->number = rival->number;
    }
}

void
cn_plan_explain_unmet(CnPlan *plan, const CnPlanUse *use, const CnPlanReasons *how)
{
    const guint classes = use->needs->classes->len;
    Unmet unmet = {.plan = plan,
                   .use = use,
                   .how = how,
                   .stand_in = g_new0(guint, MAX(classes, 1)),
                   .reasons = g_new0(Reason, MAX(classes, 1))};
    cn_rivals_init(&unmet.rivals, use);
    for (guint i = 0; i < use->needs->needs->len; i++)
        if (use->offering_of[i] < 0 && !cn_plan_need_has_company(use->needs, i))
            unmet.stand_in[cn_plan_need(use->needs, i)->class] = i + 1;
    for (guint i = 0; i < classes; i++)
        unmet.wanted += unmet.stand_in[i] > 0;
    if (unmet.wanted * (guint64)use->needs->asked.directory->listing->offerings_len <=
        PRICED_PAIRS_MOST)
        unmet.price = how->price;
    g_mutex_init(&unmet.lock);
    find_reasons(&unmet, MAX(how->threads, 1));
    /* Not what the clock says now: what was looked for decides, and check can see that. */
    if (unmet.price != NULL && g_atomic_int_get(&unmet.over) == 0)
        number_by_prices(&unmet);
    add_all(&unmet);
    g_mutex_clear(&unmet.lock);
    for (guint i = 0; i < classes; i++)
        clear_reason(&unmet.reasons[i]);
    g_free(unmet.reasons);
    g_free(unmet.stand_in);
    cn_rivals_clear(&unmet.rivals);
}
