/* Looking at all places of needs that may go together, and remembering the best of them.
 *
 * What they cost is read off the market, which knows it of all places at once. Of a pinned need it knows nothing: where
 * there is one, rules and cost lines are asked place by place. */
#include "routing/parties-private.h"

/* ---- What places are worth. */

void
cn_search_take_prices(CnSearch *search, const gint64 *price)
{
    const gsize offerings = search->needs->asked.directory->listing->offerings_len;
    for (gsize i = 0; i < offerings; i++) {
        search->price[i] = price != NULL ? price[i] : 0;
        search->worth[i] = cn_levels_of_price(search->market, search->price[i]);
    }
}

/* ---- All places. */

static guint
member(const GArray *needs, guint i)
{
    return g_array_index(needs, guint, i);
}

static gboolean
has_pins(const CnSearch *search, const GArray *needs)
{
    for (guint i = 0; i < needs->len; i++)
        if (cn_market_pinned(search->market, member(needs, i)) >= 0)
            return TRUE;
    return FALSE;
}

/* One place for all of them: costs[i] of need i, row by row. */
static void
visit_rows(CnSearch *search, const GArray *needs, CnSearchVisit visit, gpointer data)
{
    const guint len = cn_market_row_len(search->market, member(needs, 0));
    const guint *offerings = cn_market_row_offerings(search->market, member(needs, 0));
    g_array_set_size(search->row, (guint)(needs->len * (len + 1)));
    gint64 *rows = (gint64 *)(gpointer)search->row->data, *costs = rows + (gsize)needs->len * len;
    for (guint i = 0; len > 0 && i < needs->len; i++)
        if (!cn_market_row(search->rows, member(needs, i), rows + (gsize)i * len))
            g_assert_not_reached();
    for (guint column = 0; column < len; column++) {
        gboolean any = FALSE;
        for (guint i = 0; i < needs->len; i++) {
            costs[i] = rows[(gsize)i * len + column];
            any = any || costs[i] != CN_ROW_NEVER;
        }
        if (any)
            visit(offerings[column], costs, data);
    }
}

/* The rules asked one place after the other. */
typedef struct {
    CnSearch *search;
    const GArray *needs;
    CnQuestion *questions; /* by need */
    gint64 *costs;         /* the same */
    CnSearchVisit visit;
    gpointer data;
} Ask;

static gint64
ask_one(const Ask *ask, guint i, guint offering)
{
    const gint pinned = cn_market_pinned(ask->search->market, member(ask->needs, i));
    gint64 lines[CN_COSTS_LEN];
    CnCandidate candidate;
    if (pinned >= 0 && (guint)pinned != offering)
        return CN_ROW_NEVER;
    cn_candidate_init(&candidate, &ask->questions[i], offering);
    if (cn_rules_first_broken(&ask->questions[i], &candidate, CN_PARTY_RULES & ~CN_APART_RULES) !=
        CN_RULE_NONE)
        return CN_ROW_NEVER;
    return pinned >= 0 ? 0 : cn_cost_lines(&ask->questions[i], &candidate, TRUE, lines);
}

static void
ask_all(guint offering, gpointer data)
{
    Ask *ask = data;
    gboolean any = FALSE;
    for (guint i = 0; i < ask->needs->len; i++) {
        ask->costs[i] = ask_one(ask, i, offering);
        any = any || ask->costs[i] != CN_ROW_NEVER;
    }
    if (any)
        ask->visit(offering, ask->costs, ask->data);
}

static void
visit_one_by_one(CnSearch *search,
                 const GArray *needs,
                 gboolean together,
                 CnSearchVisit visit,
                 gpointer data)
{
    g_autofree CnQuestion *questions = g_new(CnQuestion, needs->len);
    g_autofree CnOrigin *origins = g_new(CnOrigin, needs->len);
    g_autofree gint64 *costs = g_new(gint64, needs->len);
    Ask ask = {search, needs, questions, costs, visit, data};
    CnCompanions companions;
    for (guint i = 0; i < needs->len; i++) {
        cn_plan_need_origin(search->needs, member(needs, i), &origins[i]);
        questions[i] = cn_plan_need_question(search->needs, member(needs, i), &origins[i]);
    }
    cn_plan_companions_find(search->needs, member(needs, 0), NULL, &companions);
    questions[0].companions = together ? &companions : NULL;
    cn_index_visit_meeting(&search->needs->asked.directory->index, questions[0].need->service,
                           ask_all, &ask);
    cn_plan_companions_clear(&companions);
}

void
cn_search_visit(CnSearch *search,
                const GArray *needs,
                gboolean together,
                CnSearchVisit visit,
                gpointer data)
{
    if (has_pins(search, needs))
        visit_one_by_one(search, needs, together, visit, data);
    else
        visit_rows(search, needs, visit, data);
}

/* ---- The best of them. */

GArray *
cn_search_found(CnSearch *search, guint i)
{
    while (search->found->len <= i)
        g_ptr_array_add(search->found, g_array_new(FALSE, FALSE, sizeof(CnFound)));
    return g_ptr_array_index(search->found, i);
}

void
cn_found_add(GArray *found, const CnChoice *choice, const CnLevels *value)
{
    const CnFound one = {*value, *choice};
    g_array_append_val(found, one);
}

static gboolean
is_before(const CnFound *a, const CnFound *b)
{
    const gint order = cn_levels_compare(&a->value, &b->value);
    return order != 0 ? order < 0 : a->choice.offering < b->choice.offering;
}

static void
swap(CnFound *a, CnFound *b)
{
    const CnFound kept = *a;
    *a = *b;
    *b = kept;
}

/* Moves those that are before the one in the middle to the front; where that one comes to stand. */
static guint
divide(CnFound *found, guint first, guint end)
{
    guint next = first;
    swap(&found[first + (end - first) / 2], &found[end - 1]);
    for (guint i = first; i + 1 < end; i++)
        if (is_before(&found[i], &found[end - 1]))
            swap(&found[i], &found[next++]);
    swap(&found[next], &found[end - 1]);
    return next;
}

void
cn_found_keep(GArray *found, guint most, GArray *choices)
{
    CnFound *list = (CnFound *)(gpointer)found->data;
    for (guint first = 0, end = found->len; most < found->len && first < end;) {
        const guint at = divide(list, first, end);
        first = at < most ? at + 1 : first;
        end = at < most ? end : at;
    }
    g_array_set_size(choices, 0);
    for (guint i = 0; i < MIN(most, found->len); i++)
        g_array_append_val(choices, list[i].choice);
    g_array_set_size(found, 0);
}
