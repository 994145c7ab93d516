/* See quota-let-in.h. */
#include "routing/quota-let-in.h"

/* Of an offering: the quota that alone keeps away those who want one place more. */
typedef struct {
    gint group; /* -1: there is none, or places are missing besides */
    gint64 size;
} Gate;

typedef struct {
    const CnPlanNeeds *needs;
    Gate *gates;       /* by offering */
    GHashTable *sizes; /* (element-type guint) of all gates */
    guint8 *let_in;    /* by group */
    CnQuestion question;
    gint64 size; /* what is wanted together */
} Doors;

/* ---- Offerings. */

static Gate
gate_of(const CnPlanNeeds *needs, guint offering)
{
    const CnListing *listing = needs->asked.directory->listing;
    const CnUnit unit =
        cn_service(listing->reference->taxonomy, listing->offerings[offering].service)->unit;
    const gint64 free = cn_capacity_free(&listing->capacity[offering], unit),
                 most = cn_quotas_most(&needs->quotas, offering);
    Gate gate = {-1, most == G_MAXINT64 ? most : most + 1};
    guint least = 0;
    for (gint g = cn_quota_of(&needs->quotas, offering); g >= 0; g = needs->quotas.groups[g].parent)
        if (cn_quota_places(&needs->quotas, (guint)g) == most) {
            gate.group = g;
            least++;
        }
    if (least != 1 || (free >= 0 && free < gate.size))
        gate.group = -1;
    return gate;
}

static void
doors_init(Doors *doors, const CnPlanNeeds *needs)
{
    const gsize len = needs->asked.directory->listing->offerings_len;
    *doors = (Doors){.needs = needs,
                     .gates = g_new(Gate, len + 1),
                     .sizes = g_hash_table_new(NULL, NULL),
                     .let_in = g_new0(guint8, (gsize)needs->quotas.len + 1)};
    for (guint i = 0; i < len; i++) {
        doors->gates[i] = gate_of(needs, i);
        if (doors->gates[i].group >= 0 && doors->gates[i].size <= G_MAXINT32)
            g_hash_table_add(doors->sizes, GINT_TO_POINTER((gint)doors->gates[i].size));
    }
}

/* ---- Who comes. */

static void
look_at_door(guint offering, gpointer data)
{
    Doors *doors = data;
    const Gate *gate = &doors->gates[offering];
    CnCandidate candidate;
    if (gate->group < 0 || gate->size != doors->size || doors->let_in[gate->group])
        return;
    cn_candidate_init(&candidate, &doors->question, offering);
    doors->let_in[gate->group] =
        cn_rules_first_broken(&doors->question, &candidate, CN_RULES_ALL) == CN_RULE_NONE;
}

static void
look_at(Doors *doors, guint need, gint64 size, CnPlanWay *way)
{
    if (size > G_MAXINT32 || !g_hash_table_contains(doors->sizes, GINT_TO_POINTER((gint)size)))
        return;
    doors->question = cn_plan_way_question(doors->needs, need, way);
    doors->size = size;
    cn_index_visit_meeting(&doors->needs->asked.directory->index,
                           cn_plan_need_of(doors->needs, need)->service, look_at_door, doors);
}

/* Places for all siblings who would like to be together, or must; 0 where it has none. */
static gint64
size_with_siblings(const CnPlanBonds *bonds, guint need)
{
    const CnBond *bond = cn_plan_bond_of_siblings(bonds, need);
    gint64 size = 0;
    for (guint i = 0; bond != NULL && i < bond->needs->len; i++)
        size += cn_plan_need_of(bonds->needs, g_array_index(bond->needs, guint, i))->units;
    if (bond != NULL || !cn_plan_need_has_company(bonds->needs, need))
        return size;
    CnCompanions companions;
    cn_plan_companions_find(bonds->needs, need, NULL, &companions);
    size = companions.units;
    cn_plan_companions_clear(&companions);
    return size;
}

guint8 *
cn_quotas_let_in_new(const CnPlanNeeds *needs, const CnPlanBonds *bonds)
{
    Doors doors;
    CnPlanWay way = {.made = FALSE};
    if (needs->quotas.len == 0)
        return g_new0(guint8, 1);
    doors_init(&doors, needs);
    for (guint i = 0; i < needs->classes->len; i++) {
        const guint need = g_array_index(needs->classes, guint, i);
        look_at(&doors, need, cn_plan_need_of(needs, need)->units, &way);
    }
    for (guint i = 0; i < needs->needs->len; i++) {
        const gint64 size = size_with_siblings(bonds, needs->order[i]);
        if (size > 0)
            look_at(&doors, needs->order[i], size, &way);
    }
    g_free(doors.gates);
    g_hash_table_unref(doors.sizes);
    return doors.let_in;
}

/* ---- What is used, and saved. */

gint64 *
cn_quotas_used_new(const CnPlanNeeds *needs, const gint *offering_of)
{
    gint64 *used = g_new0(gint64, (gsize)needs->quotas.len + 1);
    for (guint i = 0; i < needs->needs->len; i++)
        if (offering_of[i] >= 0)
            cn_quotas_take(&needs->quotas, used, (guint)offering_of[i],
                           cn_plan_need_of(needs, i)->units);
    return used;
}

/* A bound that was below nothing in some level is nothing there and in those after it, so that one that is lower
 * by less than nothing there would be told too high. */
CnPlanValue
cn_quota_saving(const CnPlanValue *bound, const CnPlanValue *price)
{
    CnPlanValue saving = *price;
    if (bound->cost > 0)
        return saving;
    for (guint tier = 0; tier < CN_TIERS; tier++)
        saving.unmet[tier] = MAX(0, saving.unmet[tier]);
    saving.cost = MAX(0, saving.cost);
    return saving;
}
