/* Siblings who would rather stay together, as if they had to: the same search for a list of its own. */
#include "routing/parties-private.h"

/* The same cases, but whoever would like to stay together must; NULL where nobody would like to, or where
 * the list is wrong then. (transfer full) */
static carenet_cases *
make_strict(const carenet_cases *cases, GPtrArray *copies)
{
    g_autoptr(carenet_cases) strict = carenet_cases_new(cases->reference);
    g_ptr_array_set_free_func(strict->cases, NULL); /* they are borrowed */
    for (guint i = 0; i < cases->cases->len; i++) {
        CnCase *person = g_ptr_array_index(cases->cases, i);
        if (person->siblings_group != NULL && person->siblings == CN_SIBLINGS_PREFER) {
            person = g_memdup2(person, sizeof *person);
            person->siblings = CN_SIBLINGS_REQUIRE;
            g_ptr_array_add(copies, person);
        }
        g_ptr_array_add(strict->cases, person);
    }
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    if (copies->len > 0)
        cn_cases_check(strict->cases, issues);
    return copies->len > 0 && cn_issue_list_errors(issues) == 0 ? g_steal_pointer(&strict) : NULL;
}

/* (element-type CnPin) (transfer full) */
static GArray *
list_pins(const CnSearch *search)
{
    GArray *pins = g_array_new(FALSE, FALSE, sizeof(CnPin));
    for (guint need = 0; need < search->needs->needs->len; need++) {
        const CnPin pin = {need, (guint)cn_market_pinned(search->market, need)};
        if (cn_market_pinned(search->market, need) >= 0)
            g_array_append_val(pins, pin);
    }
    return pins;
}

static CnMarket *
open_market(const CnSearch *search, const CnPlanQuestion *asked, guint threads)
{
    g_autoptr(GArray) pins = list_pins(search);
    CnMarketOptions options;
    cn_market_options_init(&options);
    options.now_s = asked->now_s;
    options.at_s = asked->at_s;
    options.include_unconfirmed = asked->include_unconfirmed;
    options.include_unknown_capacity = asked->include_unknown_capacity;
    options.plugged = asked->plugged;
    options.threads = threads;
    options.pins = (const CnPin *)(gconstpointer)pins->data;
    options.pins_len = pins->len;
    return cn_market_new(asked->directory, asked->policy, asked->cases, &options, NULL);
}

gboolean
cn_search_place_strictly(const CnSearch *search,
                         const CnAssignOptions *options,
                         CnPlacement *strict)
{
    CnPlanQuestion asked = search->needs->asked;
    g_autoptr(GPtrArray) copies = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(carenet_cases) cases = make_strict(asked.cases, copies);
    if (cases == NULL)
        return FALSE;
    asked.cases = cases;
    g_autoptr(CnPlanNeeds) needs = cn_plan_needs_new(&asked);
    g_autoptr(CnMarket) market = open_market(search, &asked, options->threads);
    return market != NULL && cn_parties_place(market, needs, options, strict, NULL);
}
