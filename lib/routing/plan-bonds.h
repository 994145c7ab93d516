/* Bonds: needs that are better met together, and what it costs where they are not.
 *
 * Siblings with `keep: prefer` are one bond for every counted service that several of them ask for: each
 * of them who is placed pays `siblings-apart` unless all of them are at one offering that takes so many
 * siblings. Siblings who must stay together are no bond but a hard rule.
 *
 * The needs of a bundle are another: those that one provider is to meet. With `keep: prefer` each need
 * pays `other-provider` that is met by another provider than all needs before it in the case. */
#pragma once

#include "routing/plan-needs.h"

typedef enum {
    CN_BOND_SIBLINGS,
    CN_BOND_BUNDLE
} CnBondKind;

typedef struct {
    CnBondKind kind;
    gboolean required; /* a bundle that has one provider, or none */
    GArray *needs;     /* (element-type guint) by reference of the case; of a bundle by number */
} CnBond;

typedef struct {
    const CnPlanNeeds *needs;
    GArray *bonds;     /* (element-type CnBond) */
    gint *siblings_of; /* of each need: a bond, -1; NULL where nobody has one */
    gint *bundle_of;   /* the same */
} CnPlanBonds;

/* @needs is borrowed. O(needs). */
void cn_plan_bonds_init(CnPlanBonds *bonds, const CnPlanNeeds *needs);
void cn_plan_bonds_clear(CnPlanBonds *bonds);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CnPlanBonds, cn_plan_bonds_clear)

static inline const CnBond *
cn_plan_bond(const CnPlanBonds *bonds, guint i)
{
    return &g_array_index(bonds->bonds, CnBond, i);
}

/* The bond of a need with its siblings, or NULL. */
const CnBond *cn_plan_bond_of_siblings(const CnPlanBonds *bonds, guint need);
const CnBond *cn_plan_bond_of_bundle(const CnPlanBonds *bonds, guint need);
/* Whether it goes where its siblings go, or pays for it: then a bound looks at it with them, and not with
 * its bundle. */
gboolean cn_plan_bonds_tie(const CnPlanBonds *bonds, guint need);
/* Whether an offering takes as many siblings as there are in the bond. */
gboolean cn_bond_has_size(const CnPlanBonds *bonds, const CnBond *bond, guint offering);

/* What a need pays besides at @offering, the others being where @offering_of says; adds it to @lines,
 * which are those of cn_cost_lines(). */
gint64 cn_plan_bonds_cost(const CnPlanBonds *bonds,
                          guint need,
                          guint offering,
                          const gint *offering_of,
                          gint64 lines[CN_COSTS_LEN]);
