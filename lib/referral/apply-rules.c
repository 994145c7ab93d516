/* Applying a plan: who goes together, who comes first, and what the rules say at this moment. */
#include "referral/apply-private.h"
#include "referral/look.h"

#include <string.h>

void
cn_apply_row_clear(CnApplyRow *row)
{
    g_clear_pointer(&row->reason, g_free);
    g_clear_pointer(&row->detail, g_free);
    g_clear_pointer(&row->offered, g_ptr_array_unref);
    row->referral = 0;
    row->state = CN_APPLIED_LEFT;
}

void
cn_apply_row_lose(CnApplyRow *row, const char *reason, char *detail)
{
    cn_apply_row_clear(row);
    row->state = CN_APPLIED_LOST;
    row->reason = g_strdup(reason);
    row->detail = detail;
}

/* ---- Parties and their order: a matter of the plan and the cases alone. */

static gint
find_need(const CnPlanNeeds *needs, const CnPlanned *planned)
{
    const CnTaxonomy *taxonomy = needs->asked.directory->listing->reference->taxonomy;
    const gint need = cn_plan_needs_find(needs, planned->ref, planned->need);
    const CnNeed *of = need >= 0 ? cn_plan_need_of(needs, (guint)need) : NULL;
    return of != NULL && of->units == planned->units &&
                   strcmp(cn_service(taxonomy, of->service)->id, planned->service) == 0
               ? need
               : -1;
}

/* The row of a sibling's need that goes to the same offering; -1: the plan parts them. */
static gint
row_of_sibling(const CnApply *apply,
               const CnPlanNeeds *needs,
               const gint *row_of,
               guint row,
               const CnCase *sibling)
{
    const CnServiceId service = cn_plan_need_of(needs, (guint)apply->rows[row].need)->service;
    const gint need = cn_plan_need_of_sibling(needs, sibling, service);
    const gint other = need >= 0 ? row_of[need] : -1;
    return other >= 0 && strcmp(cn_apply_planned(apply, (guint)other)->offering,
                                cn_apply_planned(apply, row)->offering) == 0
               ? other
               : -1;
}

static void
find_leader(CnApply *apply, const CnPlanNeeds *needs, const gint *row_of, guint i)
{
    CnApplyRow *row = &apply->rows[i];
    CnCompanions companions;
    if (row->need < 0 || !cn_plan_need_has_company(needs, (guint)row->need))
        return;
    cn_plan_companions_find(needs, (guint)row->need, NULL, &companions);
    for (guint k = 0; k < companions.together->len; k++) {
        const gint other =
            row_of_sibling(apply, needs, row_of, i, g_ptr_array_index(companions.together, k));
        if (other >= 0)
            row->leader = MIN(row->leader, (guint)other);
    }
    cn_plan_companions_clear(&companions);
}

/* The most urgent first, then as the plan has them; who goes together follows each other. */
static gint
compare_rows(gconstpointer x, gconstpointer y, gpointer data)
{
    const CnApply *apply = data;
    const guint a = *(const guint *)x, b = *(const guint *)y;
    const guint a_leader = apply->rows[a].leader, b_leader = apply->rows[b].leader;
    const CnUrgency a_urgency = apply->rows[a_leader].urgency;
    const CnUrgency b_urgency = apply->rows[b_leader].urgency;
    if (a_urgency != b_urgency)
        return a_urgency < b_urgency ? -1 : 1;
    if (a_leader != b_leader)
        return a_leader < b_leader ? -1 : 1;
    return (a > b) - (a < b);
}

static void
find_order(CnApply *apply, const CnPlanNeeds *needs, const gint *row_of)
{
    apply->order = g_new(guint, MAX(apply->len, 1));
    for (guint i = 0; i < apply->len; i++) {
        CnApplyRow *row = &apply->rows[i];
        row->urgency =
            row->need >= 0 ? cn_plan_need_of(needs, (guint)row->need)->urgency : CN_ROUTINE;
        row->leader = apply->order[i] = i;
        find_leader(apply, needs, row_of, i);
    }
    for (guint i = 0; i < apply->len; i++) {
        CnApplyRow *leader = &apply->rows[apply->rows[i].leader];
        leader->urgency = MIN(leader->urgency, apply->rows[i].urgency);
    }
    g_qsort_with_data(apply->order, (gint)apply->len, sizeof *apply->order, compare_rows, apply);
}

guint
cn_apply_party_end(const CnApply *apply, guint first)
{
    guint end = first + 1;
    const guint leader = apply->rows[apply->order[first]].leader;
    while (end < apply->len && apply->rows[apply->order[end]].leader == leader)
        end++;
    return end;
}

gboolean
cn_apply_lose_party(CnApply *apply, guint first, guint end)
{
    const CnApplyRow *lost = NULL;
    for (guint k = first; k < end && lost == NULL; k++)
        if (apply->rows[apply->order[k]].state == CN_APPLIED_LOST)
            lost = &apply->rows[apply->order[k]];
    for (guint k = first; lost != NULL && k < end; k++) {
        CnApplyRow *row = &apply->rows[apply->order[k]];
        if (row->state != CN_APPLIED_LOST)
            cn_apply_row_lose(
                row, cn_rule_reason(CN_RULE_SIBLINGS_FIT),
                g_strdup_printf("a sibling who must stay along cannot go [%s]", lost->reason));
    }
    return lost != NULL;
}

/* ---- What the rules say. */

/* The plan itself parts siblings who must stay together. */
static gboolean
is_parted(const CnApply *apply,
          const CnPlanNeeds *needs,
          const gint *row_of,
          guint i,
          const CnCompanions *companions)
{
    for (guint k = 0; k < companions->together->len; k++)
        if (row_of_sibling(apply, needs, row_of, i, g_ptr_array_index(companions->together, k)) < 0)
            return TRUE;
    return FALSE;
}

static void
look_at_pair(CnApply *apply,
             const CnPlanNeeds *needs,
             const gint *row_of,
             const gint *offering_of,
             guint i,
             CnPlanWay *way)
{
    g_auto(CnLook) look = {.has_company = FALSE};
    CnApplyRow *row = &apply->rows[i];
    cn_look_init(&look, needs, (guint)row->need, offering_of, way);
    const CnRule rule = cn_rules_first_broken(&look.question, &look.candidate, CN_LOOK_RULES);
    if (rule != CN_RULE_NONE)
        cn_apply_row_lose(row, cn_rule_reason(rule),
                          cn_rule_detail(&look.question, &look.candidate, rule));
    else if (look.has_company && is_parted(apply, needs, row_of, i, &look.companions))
        cn_apply_row_lose(row, cn_rule_reason(CN_RULE_SIBLINGS_FIT),
                          g_strdup("the plan parts siblings who must stay together"));
}

static void
look_at_row(CnApply *apply,
            const CnPlanNeeds *needs,
            const gint *row_of,
            const gint *offering_of,
            guint i,
            CnPlanWay *way)
{
    CnApplyRow *row = &apply->rows[i];
    cn_apply_row_clear(row);
    if (row->need < 0)
        cn_apply_row_lose(row, "case-changed",
                          g_strdup("the list of cases does not ask for it like that"));
    else if (offering_of[row->need] < 0)
        cn_apply_row_lose(row, cn_rule_reason(CN_RULE_CLOSED),
                          g_strdup("it is not in the directory any more"));
    else
        look_at_pair(apply, needs, row_of, offering_of, i, way);
}

/* Open at the instant that the plan was made for, where that was not the one at which it was made. */
static CnPlanQuestion
question_now(const CnApply *apply, const CnDirectory *directory, gint64 now_s)
{
    CnPlanQuestion asked = cn_plan_question(apply->options.plan, directory, apply->options.policy,
                                            apply->options.cases);
    if (asked.at_s == asked.now_s)
        asked.at_s = now_s;
    asked.now_s = now_s;
    return asked;
}

void
cn_apply_look(CnApply *apply, const CnDirectory *directory, gint64 now_s)
{
    const CnPlanQuestion asked = question_now(apply, directory, now_s);
    g_autoptr(CnPlanNeeds) needs = cn_plan_needs_new(&asked);
    const gsize len = MAX(needs->needs->len, 1);
    g_autofree gint *offering_of = g_new(gint, len), *row_of = g_new(gint, len);
    CnPlanWay way = {.made = FALSE};
    for (gsize i = 0; i < len; i++)
        offering_of[i] = row_of[i] = -1;
    for (guint i = 0; i < apply->len; i++) {
        const CnPlanned *planned = cn_apply_planned(apply, i);
        const gint need = apply->rows[i].need = find_need(needs, planned);
        if (need < 0)
            continue;
        apply->rows[i].person = cn_plan_person(needs, (guint)need);
        apply->rows[i].wanted = cn_plan_need_of(needs, (guint)need);
        row_of[need] = (gint)i;
        offering_of[need] = cn_listing_offering(directory->listing, planned->offering);
    }
    if (apply->order == NULL)
        find_order(apply, needs, row_of);
    for (guint k = apply->at; k < apply->len; k++)
        look_at_row(apply, needs, row_of, offering_of, apply->order[k], &way);
    for (guint first = apply->at, end; first < apply->len; first = end) {
        end = cn_apply_party_end(apply, first);
        cn_apply_lose_party(apply, first, end);
    }
}
