/* Who has one place to go to, and rounds of: pick by the prices, let the solver place the rest. */
#include "routing/parties.h"

#include "base/error.h"

/* Rounds that did not help end the search; so does this many. */
#define ROUNDS_MOST 8
/* Offerings that a party remembers: the best by the first prices. Where none of them will do it looks
 * at all again. */
#define SHORT_LIST 128

#define PARTY_RULES (CN_RULES_ALL & ~CN_RULE_BIT(CN_RULE_FULL))
#define APART_RULES (CN_RULE_BIT(CN_RULE_CO_VICTIM) | CN_RULE_BIT(CN_RULE_SIBLING_APART))

/* An offering that may take all of a party. */
typedef struct {
    guint offering;
    gint64 cost; /* of all its needs */
} Choice;

typedef struct {
    GArray *needs;   /* (element-type guint) positions */
    gint64 units;    /* that want a place: without pinned needs */
    gint64 weight;   /* what it costs to leave all of them unmet */
    gint pinned;     /* where one of them must be; -1 */
    gint at;         /* offering; -1 unmet */
    GArray *choices; /* (element-type Choice) the short list, by offering */
} Party;

typedef struct {
    const CnMarket *market;
    const CnPlanNeeds *needs;
    const CnAssignOptions *options;
    GPtrArray *parties; /* (element-type Party) the weightiest first */
    gint *offering_of;  /* of the needs of parties, while they pick */
    gint64 *price;      /* by offering: of the last solution */
    guint32 *pinned;    /* by offering: places of pinned needs */
    guint32 *taken;     /* by offering: places of parties besides */
    guint8 *in_party;   /* by need */
    guint8 *left_out;   /* by need: what the solver is not asked for */
    guint64 work;
} Search;

/* ---- Making parties. */

static void
free_party(gpointer data)
{
    Party *party = data;
    g_array_unref(party->needs);
    g_array_unref(party->choices);
    g_free(party);
}

static void
join(Search *search, Party *party, guint need)
{
    const CnNeed *wanted = cn_plan_need_of(search->needs, need);
    const gint pinned = cn_market_pinned(search->market, need);
    g_array_append_val(party->needs, need);
    search->in_party[need] = TRUE;
    if (pinned >= 0) {
        party->pinned = pinned;
        return;
    }
    party->units += wanted->units;
    party->weight += wanted->units * cn_market_penalty(search->market, wanted->urgency);
}

static void
make_party(Search *search, guint need)
{
    CnCompanions companions;
    Party *party = g_new0(Party, 1);
    party->needs = g_array_new(FALSE, FALSE, sizeof(guint));
    party->choices = g_array_new(FALSE, FALSE, sizeof(Choice));
    party->pinned = party->at = -1;
    join(search, party, need);
    cn_plan_companions_find(search->needs, need, search->offering_of, &companions);
    for (guint i = 0; i < companions.together->len; i++) {
        const gint other =
            cn_plan_need_of_sibling(search->needs, g_ptr_array_index(companions.together, i),
                                    cn_plan_need_of(search->needs, need)->service);
        if (other >= 0 && !search->in_party[other])
            join(search, party, (guint)other);
    }
    cn_plan_companions_clear(&companions);
    g_ptr_array_add(search->parties, party);
}

static const char *
ref_of(const Search *search, const Party *party)
{
    return cn_plan_person(search->needs, g_array_index(party->needs, guint, 0))->ref;
}

/* Pinned ones first, since they have no choice; then those whom it is worst to leave, the larger
 * group first; the order of the list never decides. */
static gint
compare_parties(gconstpointer x, gconstpointer y, gpointer data)
{
    const Party *a = *(Party *const *)x, *b = *(Party *const *)y;
    const Search *search = data;
    if ((a->pinned >= 0) != (b->pinned >= 0))
        return a->pinned >= 0 ? -1 : 1;
    if (a->weight != b->weight)
        return a->weight > b->weight ? -1 : 1;
    if (a->units != b->units)
        return a->units > b->units ? -1 : 1;
    const gint order = g_strcmp0(ref_of(search, a), ref_of(search, b));
    if (order != 0)
        return order;
    const guint one = g_array_index(a->needs, guint, 0), other = g_array_index(b->needs, guint, 0);
    return (one > other) - (one < other);
}

/* One party a group and service: members in the order of their references, so that the first of them
 * is the same whatever the order of the list. */
static gint
compare_refs(gconstpointer x, gconstpointer y, gpointer data)
{
    const CnPlanNeeds *needs = data;
    const guint a = *(const guint *)x, b = *(const guint *)y;
    const gint order = g_strcmp0(cn_plan_person(needs, a)->ref, cn_plan_person(needs, b)->ref);
    return order != 0 ? order : (a > b) - (a < b);
}

static void
make_parties(Search *search)
{
    const guint len = search->needs->needs->len;
    for (guint need = 0; need < len; need++)
        if (!search->in_party[need] && cn_plan_need_is_bound(search->needs, need))
            make_party(search, need);
    for (guint i = 0; i < search->parties->len; i++) {
        Party *party = g_ptr_array_index(search->parties, i);
        g_array_sort_with_data(party->needs, compare_refs, (gpointer)search->needs);
    }
    g_ptr_array_sort_with_data(search->parties, compare_parties, search);
}

/* ---- Where a party may go. */

/* The party's first need, asked together with all the others. */
typedef struct {
    Search *search;
    Party *party;
    CnQuestion question;
    CnCompanions companions;
    CnOrigin *origins; /* by need of the party */
    CnRuleMask rules;
} Ask;

static void
ask_init(Ask *ask, Search *search, Party *party, CnRuleMask rules)
{
    const guint first = g_array_index(party->needs, guint, 0);
    *ask = (Ask){.search = search,
                 .party = party,
                 .origins = g_new(CnOrigin, party->needs->len),
                 .rules = rules};
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
may_go(const Ask *ask, guint offering)
{
    CnCandidate candidate;
    cn_candidate_init(&candidate, &ask->question, offering);
    return cn_rules_first_broken(&ask->question, &candidate, ask->rules) == CN_RULE_NONE;
}

static gint64
cost_of_all(const Ask *ask, guint offering)
{
    gint64 sum = 0, lines[CN_COSTS_LEN];
    for (guint i = 0; i < ask->party->needs->len; i++) {
        const guint need = g_array_index(ask->party->needs, guint, i);
        const CnQuestion question =
            cn_plan_need_question(ask->search->needs, need, &ask->origins[i]);
        CnCandidate candidate;
        if (cn_market_pinned(ask->search->market, need) >= 0)
            continue;
        cn_candidate_init(&candidate, &question, offering);
        sum += cn_cost_lines(&question, &candidate, TRUE, lines);
    }
    return sum;
}

/* What the party pays there, with what its places are worth to others. */
static gint64
score_of(const Search *search, const Party *party, const Choice *choice)
{
    return choice->cost + party->units * search->price[choice->offering];
}

static void
consider(guint offering, gpointer data)
{
    Ask *ask = data;
    if ((ask->party->pinned >= 0 && (guint)ask->party->pinned != offering) ||
        !may_go(ask, offering))
        return;
    const Choice choice = {offering, cost_of_all(ask, offering)};
    g_array_append_val(ask->party->choices, choice);
}

typedef struct {
    const Search *search;
    const Party *party;
} Compared;

static gint
compare_scores(gconstpointer x, gconstpointer y, gpointer data)
{
    const Choice *a = x, *b = y;
    const Compared *by = data;
    const gint64 one = score_of(by->search, by->party, a),
                 other = score_of(by->search, by->party, b);
    if (one != other)
        return one < other ? -1 : 1;
    return (a->offering > b->offering) - (a->offering < b->offering);
}

/* Every offering that may take the party, the best @most of them by the present prices. */
static void
list_choices(Search *search, Party *party, guint most)
{
    Ask ask;
    Compared by = {search, party};
    /* Who is where changes while parties pick; it is asked then. */
    ask_init(&ask, search, party, PARTY_RULES & ~APART_RULES);
    g_array_set_size(party->choices, 0);
    cn_index_visit_meeting(&search->needs->asked.directory->index, ask.question.need->service,
                           consider, &ask);
    g_array_sort_with_data(party->choices, compare_scores, &by);
    if (party->choices->len > most)
        g_array_set_size(party->choices, most);
    ask_clear(&ask);
}

/* ---- Picking. */

static gboolean
has_room(const Search *search, const Party *party, guint offering)
{
    const gint64 places = cn_market_places(search->market, offering);
    return places < 0 ||
           places - search->pinned[offering] - search->taken[offering] >= party->units;
}

static void
move_to(Search *search, Party *party, gint offering)
{
    if (party->at >= 0)
        search->taken[party->at] -= (guint32)party->units;
    if (offering >= 0)
        search->taken[offering] += (guint32)party->units;
    party->at = offering;
    for (guint i = 0; i < party->needs->len; i++) {
        const guint need = g_array_index(party->needs, guint, i);
        const gint pinned = cn_market_pinned(search->market, need);
        search->offering_of[need] = pinned >= 0 ? pinned : offering;
    }
}

/* The best of the list that has room and keeps everybody apart; NULL where leaving it is better. */
static const Choice *
best_choice(Search *search, Party *party)
{
    Ask ask;
    const Choice *best = NULL;
    gint64 least = party->pinned >= 0 ? G_MAXINT64 : party->weight;
    ask_init(&ask, search, party, APART_RULES);
    for (guint i = 0; i < party->choices->len; i++) {
        const Choice *choice = &g_array_index(party->choices, Choice, i);
        const gint64 score = score_of(search, party, choice);
        if (score > least ||
            (score == least && best != NULL && best->offering < choice->offering) ||
            !has_room(search, party, choice->offering) || !may_go(&ask, choice->offering))
            continue;
        least = score;
        best = choice;
    }
    ask_clear(&ask);
    return best;
}

static void
pick(Search *search, Party *party)
{
    move_to(search, party, -1);
    const Choice *best = best_choice(search, party);
    if (best == NULL && party->choices->len == SHORT_LIST) {
        list_choices(search, party, G_MAXUINT);
        best = best_choice(search, party);
    }
    move_to(search, party, best != NULL ? (gint)best->offering : -1);
}

/* Everybody once more, each with all the others where they are. FALSE where a pin parts siblings or
 * brings two together who must be kept apart. */
static gboolean
pick_all(Search *search, GError **error)
{
    for (guint i = 0; i < search->parties->len; i++) {
        Party *party = g_ptr_array_index(search->parties, i);
        pick(search, party);
        if (party->pinned < 0 || party->at >= 0)
            continue;
        cn_error_set(
            error, CARENET_ERROR_CONFLICT,
            "a pin parts siblings who must stay together, leaves no place for all of them, or "
            "brings persons together who must be kept apart");
        cn_error_hint(error, "pin all of them to one offering that can take them, or none");
        return FALSE;
    }
    return TRUE;
}

/* ---- Rounds. */

static gint64
cost_at(Search *search, Party *party)
{
    Ask ask;
    ask_init(&ask, search, party, 0);
    const gint64 cost = cost_of_all(&ask, (guint)party->at);
    ask_clear(&ask);
    return cost;
}

static void
add_party(Search *search, Party *party, CnLevels *levels)
{
    if (party->at >= 0) {
        levels->cost += cost_at(search, party);
        return;
    }
    for (guint i = 0; i < party->needs->len; i++) {
        const CnNeed *need = cn_plan_need_of(search->needs, g_array_index(party->needs, guint, i));
        levels->unmet[need->urgency] += need->units;
    }
}

static void
take_offerings(const Search *search, const CnAssignment *rest, gint *offering_of)
{
    for (guint need = 0; need < search->needs->needs->len; need++) {
        const gint pinned = cn_market_pinned(search->market, need);
        if (search->in_party[need])
            offering_of[need] = search->offering_of[need];
        else
            offering_of[need] =
                pinned >= 0 ? pinned : rest->offering[cn_market_first_unit(search->market, need)];
    }
}

/* The caller's, less the work that is done; a solver that may do next to nothing still gives an answer. */
static CnAssignOptions
options_of_rest(const Search *search)
{
    CnAssignOptions options = *search->options;
    options.left_out = search->left_out;
    options.taken = search->taken;
    options.prices = search->price;
    if (options.work_limit > 0)
        options.work_limit =
            options.work_limit > search->work ? options.work_limit - search->work : 1;
    return options;
}

/* Asks the solver for the rest; keeps it in @out where it is the best so far. */
static gboolean
solve_rest(Search *search, CnPlacement *out, gboolean *out_better, GError **error)
{
    const CnAssignOptions options = options_of_rest(search);
    g_auto(CnAssignment) rest = {NULL};
    if (!cn_assign(search->market, &options, &rest, error))
        return FALSE;
    search->work += rest.work;
    CnLevels levels = rest.primal;
    for (guint i = 0; i < search->parties->len; i++)
        add_party(search, g_ptr_array_index(search->parties, i), &levels);
    *out_better = cn_levels_compare(&levels, &out->primal) < 0;
    if (*out_better) {
        out->primal = levels;
        take_offerings(search, &rest, out->offering_of);
    }
    for (guint i = 0; i < rest.offerings_len; i++)
        search->price[i] = rest.price[i];
    if (out->stopped_by == CN_STOPPED_NOT)
        out->stopped_by = rest.stopped_by;
    return TRUE;
}

/* The first round always gives an answer; a stop ends the rounds, whose answers are all sound. */
static gboolean
run_rounds(Search *search, CnPlacement *out, GError **error)
{
    gboolean better = TRUE;
    out->primal = (CnLevels){.unmet = {G_MAXINT64, G_MAXINT64, G_MAXINT64}, .cost = G_MAXINT64};
    for (guint i = 0; i < search->parties->len; i++)
        list_choices(search, g_ptr_array_index(search->parties, i), SHORT_LIST);
    for (guint round = 0; round < ROUNDS_MOST && better; round++) {
        if (!pick_all(search, error) || !solve_rest(search, out, &better, error))
            return FALSE;
        if (out->stopped_by != CN_STOPPED_NOT || cn_levels_compare(&out->primal, &out->bound) == 0)
            break;
    }
    return TRUE;
}

/* ---- All of it. */

static void
count_pins(Search *search)
{
    for (guint need = 0; need < search->needs->needs->len; need++) {
        const gint pinned = cn_market_pinned(search->market, need);
        search->left_out[need] = search->in_party[need] && pinned < 0;
        if (pinned >= 0) {
            search->pinned[pinned] += (guint32)cn_plan_need_of(search->needs, need)->units;
            search->offering_of[need] = pinned;
        }
    }
}

static void
search_init(Search *search)
{
    const guint needs = MAX(search->needs->needs->len, 1);
    const gsize offerings = MAX(search->needs->asked.directory->listing->offerings_len, 1);
    search->parties = g_ptr_array_new_with_free_func(free_party);
    search->offering_of = g_new(gint, needs);
    search->price = g_new0(gint64, offerings);
    search->pinned = g_new0(guint32, offerings);
    search->taken = g_new0(guint32, offerings);
    search->in_party = g_new0(guint8, needs);
    search->left_out = g_new0(guint8, needs);
    for (guint i = 0; i < needs; i++)
        search->offering_of[i] = -1;
    make_parties(search);
    count_pins(search);
}

static void
search_clear(Search *search)
{
    g_ptr_array_unref(search->parties);
    g_free(search->offering_of);
    g_free(search->price);
    g_free(search->pinned);
    g_free(search->taken);
    g_free(search->in_party);
    g_free(search->left_out);
}

static gboolean
place(Search *search, CnPlacement *out, GError **error)
{
    g_auto(CnAssignment) relaxed = {NULL};
    if (!cn_assign(search->market, search->options, &relaxed, error))
        return FALSE;
    search->work = relaxed.work;
    out->parties = search->parties->len;
    out->stopped_by = relaxed.stopped_by;
    out->bound = relaxed.bound;
    out->price = g_memdup2(relaxed.price, sizeof(gint64) * relaxed.offerings_len);
    for (guint i = 0; i < relaxed.offerings_len; i++)
        search->price[i] = relaxed.price[i];
    if (search->parties->len == 0) {
        out->primal = relaxed.primal;
        take_offerings(search, &relaxed, out->offering_of);
        return TRUE;
    }
    return run_rounds(search, out, error);
}

gboolean
cn_parties_place(const CnMarket *market,
                 const CnPlanNeeds *needs,
                 const CnAssignOptions *options,
                 CnPlacement *out,
                 GError **error)
{
    g_assert(options->taken == NULL && options->left_out == NULL);
    Search search = {.market = market, .needs = needs, .options = options};
    search_init(&search);
    g_auto(CnPlacement) placed = {.offering_of = g_new(gint, MAX(needs->needs->len, 1))};
    const gboolean ok = place(&search, &placed, error);
    placed.work = search.work;
    search_clear(&search);
    if (!ok)
        return FALSE;
    *out = placed;
    placed = (CnPlacement){NULL};
    return TRUE;
}

void
cn_placement_clear(CnPlacement *placement)
{
    g_clear_pointer(&placement->offering_of, g_free);
    g_clear_pointer(&placement->price, g_free);
}
