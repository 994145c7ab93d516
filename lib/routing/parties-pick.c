/* Where a party may go, and which of these it picks. */
#include "routing/parties-private.h"

/* ---- What places cost. */

CnLevels
cn_search_offer(const CnSearch *search, gint64 cost, gint64 units, guint offering)
{
    const gint64 before = (gint64)search->pinned[offering] + search->taken[offering];
    CnLevels value = cn_search_value(search, cost, units, offering);
    value.cost += cn_market_use(search->market, offering, before, units, search->price[offering]);
    return value;
}

gboolean
cn_search_has_room(const CnSearch *search, gint64 units, guint offering)
{
    const gint64 places = search->places[offering];
    return (places < 0 || places - search->pinned[offering] - search->taken[offering] >= units) &&
           cn_quotas_left(cn_market_quotas(search->market), search->under, offering) >= units;
}

void
cn_search_take(CnSearch *search, guint offering, gint64 units)
{
    search->taken[offering] += (guint32)units;
    cn_quotas_take(cn_market_quotas(search->market), search->under, offering, units);
}

gint64
cn_search_cost(const CnSearch *search, guint need, guint offering, CnPlanWay *way)
{
    gint64 lines[CN_COSTS_LEN];
    CnCandidate candidate;
    const CnQuestion question = cn_plan_way_question(search->needs, need, way);
    cn_candidate_init(&candidate, &question, offering);
    return cn_cost_lines(&question, &candidate, TRUE, lines);
}

/* ---- Company. */

gboolean
cn_search_may_meet(const CnSearch *search, guint need, guint offering, const gint *offering_of)
{
    CnCompanions companions;
    CnCandidate candidate;
    if (!cn_plan_need_has_company(search->needs, need))
        return TRUE;
    CnQuestion question = cn_plan_need_question(search->needs, need, NULL);
    cn_plan_companions_find(search->needs, need, offering_of, &companions);
    question.companions = &companions;
    cn_candidate_look(&candidate, &question, offering);
    const gboolean may =
        cn_rules_first_broken(&question, &candidate, CN_APART_RULES) == CN_RULE_NONE;
    cn_plan_companions_clear(&companions);
    return may;
}

/* ---- Where a party may go. */

typedef struct {
    CnSearch *search;
    CnParty *party;
    GArray *found; /* (element-type CnFound) */
    gboolean only_least;
} Look;

static void
consider(guint offering, const gint64 *costs, gpointer data)
{
    Look *look = data;
    CnParty *party = look->party;
    CnChoice choice = {offering, 0};
    if ((party->pinned >= 0 && (guint)party->pinned != offering) ||
        !cn_search_holds(look->search, party->units, offering))
        return;
    for (guint i = 0; i < party->needs->len; i++) {
        if (costs[i] == CN_ROW_NEVER)
            return;
        choice.cost += costs[i];
    }
    const CnLevels value = cn_search_value(look->search, choice.cost, party->units, offering);
    if (cn_levels_compare(&value, &party->least) < 0 || party->pinned >= 0)
        party->least = value;
    if (!look->only_least)
        cn_found_add(look->found, &choice, &value);
}

/* Keeps the best, so many at most. */
static void
look_at_all(CnSearch *search, CnParty *party, gboolean only_least, guint most)
{
    Look look = {search, party, cn_search_found(search, 0), only_least};
    party->least = party->weight;
    cn_search_visit(search, party->needs, TRUE, consider, &look);
    if (!only_least)
        cn_found_keep(look.found, most, party->choices);
}

void
cn_party_look(CnSearch *search, CnParty *party, gboolean only_least)
{
    look_at_all(search, party, only_least, CN_SHORT_LIST);
}

/* ---- Picking. */

static void
move_to(CnSearch *search, CnParty *party, gint offering)
{
    if (party->at >= 0)
        cn_search_take(search, (guint)party->at, -party->units);
    if (offering >= 0)
        cn_search_take(search, (guint)offering, party->units);
    party->at = offering;
    for (guint i = 0; i < party->needs->len; i++) {
        const guint need = g_array_index(party->needs, guint, i);
        const gint pinned = cn_market_pinned(search->market, need);
        search->offering_of[need] = pinned >= 0 ? pinned : offering;
        search->left_out[need] = pinned < 0;
    }
}

/* The party's first need, asked together with all the others where they are. */
typedef struct {
    CnQuestion question;
    CnCompanions companions;
    CnOrigin origin;
} Company;

static void
company_init(Company *company, const CnSearch *search, const CnParty *party)
{
    const guint first = g_array_index(party->needs, guint, 0);
    cn_plan_need_origin(search->needs, first, &company->origin);
    cn_plan_companions_find(search->needs, first, search->offering_of, &company->companions);
    company->question = cn_plan_need_question(search->needs, first, &company->origin);
    company->question.companions = &company->companions;
}

static gboolean
may_go(const Company *company, guint offering)
{
    CnCandidate candidate;
    cn_candidate_init(&candidate, &company->question, offering);
    return cn_rules_first_broken(&company->question, &candidate, CN_APART_RULES) == CN_RULE_NONE;
}

/* The best of the list that has room and keeps everybody apart; NULL where leaving it is better. */
static const CnChoice *
best_choice(CnSearch *search, CnParty *party)
{
    Company company;
    const CnChoice *best = NULL;
    CnLevels least = party->weight;
    if (party->apart)
        company_init(&company, search, party);
    for (guint i = 0; i < party->choices->len; i++) {
        const CnChoice *choice = &g_array_index(party->choices, CnChoice, i);
        const CnLevels value =
            cn_search_offer(search, choice->cost, party->units, choice->offering);
        const gint order = party->pinned >= 0 ? -1 : cn_levels_compare(&value, &least);
        if (order > 0 || (order == 0 && best != NULL && best->offering < choice->offering) ||
            !cn_search_has_room(search, party->units, choice->offering) ||
            (party->apart && !may_go(&company, choice->offering)))
            continue;
        least = value;
        best = choice;
    }
    if (party->apart)
        cn_plan_companions_clear(&company.companions);
    return best;
}

void
cn_party_leave(CnSearch *search, CnParty *party)
{
    move_to(search, party, -1);
}

void
cn_party_put(CnSearch *search, CnParty *party, gint offering)
{
    move_to(search, party, offering);
}

void
cn_party_pick(CnSearch *search, CnParty *party)
{
    move_to(search, party, -1);
    const CnChoice *best = best_choice(search, party);
    if (best == NULL && party->choices->len == CN_SHORT_LIST) {
        look_at_all(search, party, FALSE, G_MAXUINT);
        best = best_choice(search, party);
    }
    move_to(search, party, best != NULL ? (gint)best->offering : -1);
}
