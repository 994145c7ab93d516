/* Where a party may go, and which of these it picks. */
#include "routing/parties-private.h"

/* ---- What places cost. */

CnLevels
cn_search_value(const CnSearch *search, gint64 cost, gint64 units, guint offering)
{
    CnLevels value = {{0}, cost};
    if (search->price[offering] > 0) {
        const CnLevels price = cn_levels_of_price(search->market, search->price[offering]);
        cn_levels_add(&value, &price, units);
    }
    return value;
}

CnLevels
cn_search_offer(const CnSearch *search, gint64 cost, gint64 units, guint offering)
{
    const gint64 before = (gint64)search->pinned[offering] + search->taken[offering];
    CnLevels value = cn_search_value(search, cost, units, offering);
    value.cost += cn_market_use(search->market, offering, before, units, search->price[offering]);
    return value;
}

gboolean
cn_search_holds(const CnSearch *search, gint64 units, guint offering)
{
    const gint64 places = cn_market_places(search->market, offering);
    return places < 0 || places >= units;
}

gboolean
cn_search_has_room(const CnSearch *search, gint64 units, guint offering)
{
    const gint64 places = cn_market_places(search->market, offering);
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
cn_search_cost(const CnSearch *search, guint need, const CnOrigin *origin, guint offering)
{
    gint64 lines[CN_COSTS_LEN];
    CnCandidate candidate;
    const CnQuestion question = cn_plan_need_question(search->needs, need, origin);
    cn_candidate_init(&candidate, &question, offering);
    return cn_cost_lines(&question, &candidate, TRUE, lines);
}

/* ---- Lists. */

typedef struct {
    const CnSearch *search;
    gint64 units;
} Compared;

static gint
compare_choices(gconstpointer x, gconstpointer y, gpointer data)
{
    const CnChoice *a = x, *b = y;
    const Compared *by = data;
    const CnLevels one = cn_search_value(by->search, a->cost, by->units, a->offering);
    const CnLevels other = cn_search_value(by->search, b->cost, by->units, b->offering);
    const gint order = cn_levels_compare(&one, &other);
    return order != 0 ? order : (a->offering > b->offering) - (a->offering < b->offering);
}

void
cn_search_shorten(const CnSearch *search, GArray *choices, gint64 units)
{
    Compared by = {search, units};
    g_array_sort_with_data(choices, compare_choices, &by);
    if (choices->len > CN_SHORT_LIST)
        g_array_set_size(choices, CN_SHORT_LIST);
}

/* ---- Where a party may go. */

/* The party's first need, asked together with all the others. */
typedef struct {
    CnSearch *search;
    CnParty *party;
    CnQuestion question;
    CnCompanions companions;
    CnOrigin *origins; /* by need of the party */
    gboolean only_least;
} Ask;

static void
ask_init(Ask *ask, CnSearch *search, CnParty *party)
{
    const guint first = g_array_index(party->needs, guint, 0);
    *ask = (Ask){.search = search, .party = party, .origins = g_new(CnOrigin, party->needs->len)};
    for (guint i = 0; i < party->needs->len; i++)
        cn_plan_need_origin(search->needs, g_array_index(party->needs, guint, i), &ask->origins[i]);
    cn_plan_companions_find(search->needs, first, search->offering_of, &ask->companions);
    ask->question = cn_plan_need_question(search->needs, first, &ask->origins[0]);
    ask->question.companions = &ask->companions;
}

static void
ask_clear(Ask *ask)
{
    cn_plan_companions_clear(&ask->companions);
    g_free(ask->origins);
}

static gboolean
may_go(const Ask *ask, guint offering, CnRuleMask rules)
{
    CnCandidate candidate;
    cn_candidate_init(&candidate, &ask->question, offering);
    return cn_rules_first_broken(&ask->question, &candidate, rules) == CN_RULE_NONE;
}

static gint64
cost_of_all(const Ask *ask, guint offering)
{
    gint64 sum = 0;
    for (guint i = 0; i < ask->party->needs->len; i++) {
        const guint need = g_array_index(ask->party->needs, guint, i);
        if (cn_market_pinned(ask->search->market, need) < 0)
            sum += cn_search_cost(ask->search, need, &ask->origins[i], offering);
    }
    return sum;
}

static void
consider(guint offering, gpointer data)
{
    Ask *ask = data;
    CnParty *party = ask->party;
    if ((party->pinned >= 0 && (guint)party->pinned != offering) ||
        !cn_search_holds(ask->search, party->units, offering) ||
        !may_go(ask, offering, CN_PARTY_RULES & ~CN_APART_RULES))
        return;
    const CnChoice choice = {offering, cost_of_all(ask, offering)};
    const CnLevels value = cn_search_value(ask->search, choice.cost, party->units, offering);
    if (cn_levels_compare(&value, &party->least) < 0 || party->pinned >= 0)
        party->least = value;
    if (!ask->only_least)
        g_array_append_val(party->choices, choice);
}

/* All of its choices, with the longest list where asked for. */
static void
look(CnSearch *search, CnParty *party, gboolean only_least, gboolean shorten)
{
    Ask ask;
    ask_init(&ask, search, party);
    ask.only_least = only_least;
    party->least = party->weight;
    if (!only_least)
        g_array_set_size(party->choices, 0);
    cn_index_visit_meeting(&search->needs->asked.directory->index, ask.question.need->service,
                           consider, &ask);
    if (!only_least && shorten)
        cn_search_shorten(search, party->choices, party->units);
    ask_clear(&ask);
}

void
cn_party_look(CnSearch *search, CnParty *party, gboolean only_least)
{
    look(search, party, only_least, TRUE);
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

/* The best of the list that has room and keeps everybody apart; NULL where leaving it is better. */
static const CnChoice *
best_choice(CnSearch *search, CnParty *party)
{
    Ask ask;
    const CnChoice *best = NULL;
    CnLevels least = party->weight;
    ask_init(&ask, search, party);
    for (guint i = 0; i < party->choices->len; i++) {
        const CnChoice *choice = &g_array_index(party->choices, CnChoice, i);
        const CnLevels value =
            cn_search_offer(search, choice->cost, party->units, choice->offering);
        const gint order = party->pinned >= 0 ? -1 : cn_levels_compare(&value, &least);
        if (order > 0 || (order == 0 && best != NULL && best->offering < choice->offering) ||
            !cn_search_has_room(search, party->units, choice->offering) ||
            !may_go(&ask, choice->offering, CN_APART_RULES))
            continue;
        least = value;
        best = choice;
    }
    ask_clear(&ask);
    return best;
}

void
cn_party_leave(CnSearch *search, CnParty *party)
{
    move_to(search, party, -1);
}

void
cn_party_pick(CnSearch *search, CnParty *party)
{
    move_to(search, party, -1);
    const CnChoice *best = best_choice(search, party);
    if (best == NULL && party->choices->len == CN_SHORT_LIST) {
        look(search, party, FALSE, FALSE);
        best = best_choice(search, party);
    }
    move_to(search, party, best != NULL ? (gint)best->offering : -1);
}
