/* Each hard rule looks at few facts of a person. A facet is a set of rules with the facts they look
 * at; its answer for all columns of an ask is one bitmap, made by putting one person with these facts
 * to those very rules, and remembered under the facts. Facts that are answered alike are not told
 * apart any more. */
#include "routing/market-answers.h"

#include <string.h>

#define RULE(name) CN_RULE_BIT(CN_RULE_##name)

/* Rules about the offering alone. */
#define STANDING_RULES                                                                    \
    (RULE(SERVICE) | RULE(NOT_ROUTABLE) | RULE(SUSPENDED) | RULE(CLOSED) | RULE(PAUSED) | \
     RULE(UNCONFIRMED) | RULE(ACCREDITATION) | RULE(CAPABILITY) | RULE(UNKNOWN_CAPACITY))

/* Rules about the way, which town and limit decide: NOT_SERVED, PLUGIN, NO_LINK, TOO_FAR. Rules that only
 * companions can break: CO_VICTIM, SIBLING_APART, SIBLINGS_FIT, SIBLINGS_SIZE,
 * BUNDLE. And FULL. */
G_STATIC_ASSERT(CN_RULES_LEN == 33);

static CnQuestion
question_of_nobody(const CnMarket *market)
{
    return (CnQuestion){.listing = market->directory->listing,
                        .policy = market->policy,
                        .now_s = market->now_s,
                        .today = cn_date_of(market->now_s),
                        .at_min = cn_minute_of_week(market->at_s),
                        .include_unconfirmed = market->options.include_unconfirmed,
                        .include_unknown_capacity = market->options.include_unknown_capacity};
}

CnQuestion
cn_answers_question(const CnAnswers *answers, guint need)
{
    const CnMarket *market = answers->market;
    const guint at = cn_market_person(market, need);
    CnQuestion question = answers->nobody;
    question.person = g_ptr_array_index(market->cases->cases, at);
    question.need =
        &g_array_index(question.person->needs, CnNeed, need - cn_market_first_need(market, at));
    return question;
}

/* ---- Columns. */

/* Fills the fixed costs and the standing columns of an ask. */
static void
stand(CnAnswers *answers, CnAsk *ask, CnStanding *standing)
{
    const CnComponent *component = answers->component;
    const guint first = ask->first * CN_WORD, end = MIN(ask->end * CN_WORD, component->len);
    g_autoptr(CnCase) nobody = cn_case_new();
    const CnNeed need = {.service = ask->service, .urgency = CN_ROUTINE, .units = 1};
    CnQuestion question = answers->nobody;
    gint64 lines[CN_COSTS_LEN];
    question.person = nobody;
    question.need = &need;
    standing->columns = g_new(guint, MAX(end, first) - first + 1);
    standing->candidates = g_new(CnCandidate, MAX(end, first) - first + 1);
    for (guint i = first; i < end; i++) {
        CnCandidate *candidate = &standing->candidates[standing->len];
        cn_candidate_init(candidate, &question, component->offering[i]);
        ask->fixed[i] = cn_cost_lines(&question, candidate, TRUE, lines) + component->extra[i];
        if (cn_rules_first_broken(&question, candidate, STANDING_RULES) != CN_RULE_NONE)
            continue;
        ask->standing[i / CN_WORD] |= G_GUINT64_CONSTANT(1) << (i % CN_WORD);
        standing->columns[standing->len++] = i;
    }
    standing->all = cn_numbers_of(answers->bitmaps, ask->standing, component->words);
}

/* The columns that one kind of facts leaves, made by asking its rules about every column that stands;
 * of languages: those that share none. */
static guint
ask_rules(CnAnswers *answers, gsize kind, const CnQuestion *question)
{
    const CnStanding *standing = cn_answers_standing(answers, answers->ask);
    const CnRuleMask rules = cn_facet_rules(kind);
    const guint words = answers->component->words;
    memset(answers->scratch, 0, words * sizeof *answers->scratch);
    for (guint i = 0; i < standing->len; i++) {
        const guint column = standing->columns[i];
        const CnCandidate *candidate = &standing->candidates[i];
        const gboolean set =
            kind == CN_FACTS_LANGUAGES
                ? !cn_shares_language(question, candidate)
                : cn_rules_first_broken(question, candidate, rules) == CN_RULE_NONE;
        answers->scratch[column / CN_WORD] |= (guint64)set << (column % CN_WORD);
    }
    return cn_numbers_of(answers->bitmaps, answers->scratch, words);
}

/* Whether a language that is not shared costs anything. */
static gboolean
minds_languages(const CnQuestion *question)
{
    return !cn_term_set_is_empty(question->person->languages) &&
           question->policy->language_none_shared != 0;
}

/* Somebody who has the facts, who asks for the service. */
static guint
ask_example(CnAnswers *answers, gsize kind, guint number)
{
    const CnMarket *market = answers->market;
    const guint example = g_array_index(market->fact_numbers.example[kind], guint, number);
    CnQuestion question = cn_answers_question(answers, example);
    CnNeed need = *question.need;
    need.service = cn_market_ask(market, answers->ask)->service;
    question.need = &need;
    return kind == CN_FACTS_LANGUAGES && !minds_languages(&question)
               ? CN_NO_ANSWER
               : ask_rules(answers, kind, &question);
}

static guint
answer_of(CnAnswers *answers, gsize kind, guint number)
{
    const guint place = cn_market_ask(answers->market, answers->ask)->place;
    GArray **known = &answers->of_facts[(gsize)place * CN_FACTS_NAMES + kind];
    if (*known == NULL)
        *known = g_array_new(FALSE, TRUE, sizeof(guint));
    if (number >= (*known)->len)
        g_array_set_size(*known, number + 1);
    guint *answer = &g_array_index(*known, guint, number);
    if (*answer == 0)
        *answer = 1 + ask_example(answers, kind, number);
    return *answer - 1;
}

/* ---- Needs. */

void
cn_answers_ask(CnAnswers *answers, guint need)
{
    const CnMarket *market = answers->market;
    const guint ask = (guint)market->ask_of_service[market->rows[need].service];
    const guint32 *facts = market->facts + (gsize)need * CN_FACTS_LEN;
    const guint32 *before = ask == answers->ask ? answers->facts : NULL;
    answers->ask = ask;
    answers->facts = facts;
    for (gsize kind = 0; kind < CN_FACTS_NAMES; kind++)
        if (before == NULL || facts[kind] != before[kind])
            answers->answers[kind] = answer_of(answers, kind, facts[kind]);
}

void
cn_answers_init(CnAnswers *answers, CnMarket *market, const CnComponent *component)
{
    *answers = (CnAnswers){.market = market,
                           .component = component,
                           .nobody = question_of_nobody(market),
                           .ask = G_MAXUINT,
                           .bitmaps = cn_numbers_new()};
    answers->standing = g_new0(CnStanding, (gsize)component->asks_len + 1);
    answers->of_facts = g_new0(GArray *, (gsize)component->asks_len * CN_FACTS_NAMES + 1);
    answers->scratch = g_new(guint64, (gsize)component->words + 1);
    for (guint i = 0; i < component->asks_len; i++)
        stand(answers, cn_market_ask(market, component->asks[i]), &answers->standing[i]);
}

void
cn_answers_clear(CnAnswers *answers)
{
    for (guint i = 0; i < answers->component->asks_len; i++) {
        g_free(answers->standing[i].columns);
        g_free(answers->standing[i].candidates);
    }
    for (guint i = 0; i < answers->component->asks_len * CN_FACTS_NAMES; i++)
        g_clear_pointer(&answers->of_facts[i], g_array_unref);
    g_clear_pointer(&answers->bitmaps, cn_numbers_free);
    g_free(answers->standing);
    g_free(answers->of_facts);
    g_free(answers->scratch);
}
