/* Fairness: a place costs more the more its offering is used already. What that means is settled here, once
 * for route, for the solver and for the check of its plans; who goes where because of it is worked out by
 * each of them by itself.
 *
 * Places of an offering that are newly taken are numbered from 1. The n-th takes its use to
 * occupied + held + n of its total, and costs what the last step of the policy says that this is above. Steps
 * ascend, so no place costs less than the one before it. Where use is not counted, not known or not told
 * (a restricted provider's), no place costs anything. */
#pragma once

#include "model/listing.h"
#include "model/policy.h"

/* Places of an offering, one after the other, at an extra cost (>= 0) each. */
typedef struct {
    guint offering;
    gint64 places; /* G_MAXINT64 without end */
    gint64 extra;
} CnSlot;

/* Whether any place there costs anything. */
gboolean cn_fair_counts(const CnPolicy *policy, const CnListing *listing, guint offering);

/* What the @place-th costs: 0 is the last one that is taken already. */
gint64 cn_fair_extra(const CnPolicy *policy,
                     const CnListing *listing,
                     guint offering,
                     gint64 place);

/* What the next @places after @before of them cost together, each as far as it costs more than @above. */
gint64 cn_fair_cost(const CnPolicy *policy,
                    const CnListing *listing,
                    guint offering,
                    gint64 before,
                    gint64 places,
                    gint64 above);

/* Appends to @slots (element-type CnSlot) the next @places after @before, those of one cost together; one
 * slot where there are none. */
void cn_fair_slots(const CnPolicy *policy,
                   const CnListing *listing,
                   guint offering,
                   gint64 before,
                   gint64 places,
                   GArray *slots);

/* After which place the next @places begin where @used are newly taken; where not so many are left it is the
 * last ones that are meant, and of an offering that is full those that are taken already. */
gint64 cn_fair_next(const CnListing *listing, guint offering, gint64 used, gint64 places);

/* What the next place (or the last one, where there is no next) is worth to others besides its use, @price
 * being asked for one with its use and @used newly taken. */
gint64 cn_fair_worth(const CnPolicy *policy,
                     const CnListing *listing,
                     guint offering,
                     gint64 price,
                     gint64 used);
