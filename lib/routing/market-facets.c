/* What decides between columns, facet by facet.
 *
 * Each hard rule looks at few facts of a person. A facet is a set of rules with the facts they look
 * at; its answer for all columns of an ask is one bitmap, made by putting one person with these facts
 * to those very rules, and remembered under the facts. Facts that are answered alike are not told
 * apart any more. A profile is the meeting of its facets' bitmaps; persons whose bitmaps differ but
 * meet in the same share a profile, too. */
#include "routing/market-facets.h"

#include "routing/market-facts.h"
#include "routing/market-needs.h"

#include <string.h>

#define RULE(name) CN_RULE_BIT(CN_RULE_##name)

/* Rules about the offering alone. */
#define STANDING_RULES                                                                    \
    (RULE(SERVICE) | RULE(NOT_ROUTABLE) | RULE(SUSPENDED) | RULE(CLOSED) | RULE(PAUSED) | \
     RULE(UNCONFIRMED) | RULE(ACCREDITATION) | RULE(CAPABILITY) | RULE(UNKNOWN_CAPACITY))

/* What a profile is made of: ask and number of the names, then number by kind, two a word. Of whoever
 * names no provider these are the answers, which are fewer than the facts; for the others the facts
 * decide. */
#define VECTOR_LEN (1 + (CN_FACTS_NAMES + 1) / 2)

/* The offerings of an ask that may take anybody at all, as rules look at them. */
typedef struct {
    guint len;
    guint *columns;
    CnCandidate *candidates;
} Standing;

struct CnFacets {
    CnMarket *market;
    CnQuestion question;            /* of nobody */
    CnNumbers *facts[CN_FACTS_LEN]; /* by kind: numbers of the words */
    CnFactWords words[2];           /* of the need at hand and of the one before */
    guint at;                       /* which of @words is the need's */
    guint numbers[CN_FACTS_LEN];    /* of the need at hand */
    Standing *standing;             /* by ask */
    CnNumbers *answers;             /* words of a component */
    GArray **answer_of;             /* (element-type guint) by ask and kind, then by number of the
                                     * facts: an answer's number + 1; 0 not asked yet; NULL none */
    CnNumbers *vectors;
    GArray *profiles;    /* (element-type guint) by vector */
    CnNumbers *made;     /* what a profile is made of, by profile */
    CnFactWords made_of; /* one of them */
    guint64 *scratch;    /* of one component */
    gsize scratch_len;
};

/* The number of the facts about names of whoever names nobody. */
#define NO_NAMES 0
/* The answer about languages for those of whom it is not asked. */
#define NO_ANSWER (G_MAXUINT - 1)

/* Rules about the way, which town and limit decide: NOT_SERVED, PLUGIN, NO_LINK, TOO_FAR. Rules that only
 * companions can break: CO_VICTIM, SIBLING_APART, SIBLINGS_FIT, SIBLINGS_SIZE,
 * BUNDLE. And FULL. */
G_STATIC_ASSERT(CN_RULES_LEN == 33);

/* ---- Bitmaps. */

static CnQuestion
question_without_way(const CnMarket *market, const CnCase *person, const CnNeed *need)
{
    return (CnQuestion){.listing = market->directory->listing,
                        .policy = market->policy,
                        .person = person,
                        .need = need,
                        .now_s = market->now_s,
                        .today = cn_date_of(market->now_s),
                        .at_min = cn_minute_of_week(market->at_s),
                        .include_unconfirmed = market->options.include_unconfirmed,
                        .include_unknown_capacity = market->options.include_unknown_capacity};
}

/* Fills the fixed costs and the standing columns of an ask. */
static void
stand(CnFacets *facets, guint at)
{
    CnMarket *market = facets->market;
    CnAsk *ask = cn_market_ask(market, at);
    Standing *standing = &facets->standing[at];
    const CnComponent *component = cn_market_component(market, (guint)ask->component);
    const guint first = ask->first * CN_WORD, end = MIN(ask->end * CN_WORD, component->len);
    g_autoptr(CnCase) nobody = cn_case_new();
    CnNeed need = {.service = ask->service, .urgency = CN_ROUTINE, .units = 1};
    CnQuestion question = question_without_way(market, nobody, &need);
    gint64 lines[CN_COSTS_LEN];
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
}

static void
take_scratch(CnFacets *facets, const CnComponent *component)
{
    if (facets->scratch_len < component->words) {
        g_free(facets->scratch);
        facets->scratch = g_new(guint64, component->words);
        facets->scratch_len = component->words;
    }
}

/* The columns that one kind of facts leaves, made by asking its rules about every column that stands;
 * of languages: those that share none. */
static guint
ask_rules(CnFacets *facets, guint at, gsize kind, const CnQuestion *question)
{
    const CnAsk *ask = cn_market_ask(facets->market, at);
    const CnComponent *component = cn_market_component(facets->market, (guint)ask->component);
    const Standing *standing = &facets->standing[at];
    const CnRuleMask rules = cn_facet_rules(kind);
    take_scratch(facets, component);
    memset(facets->scratch, 0, component->words * sizeof *facets->scratch);
    for (guint i = 0; i < standing->len; i++) {
        const guint column = standing->columns[i];
        const CnCandidate *candidate = &standing->candidates[i];
        gboolean set = kind == CN_FACTS_LANGUAGES
                           ? !cn_shares_language(question, candidate)
                           : cn_rules_first_broken(question, candidate, rules) == CN_RULE_NONE;
        facets->scratch[column / CN_WORD] |= (guint64)set << (column % CN_WORD);
    }
    return cn_numbers_of(facets->answers, facets->scratch, component->words);
}

/* Whether a language that is not shared costs anything. */
static gboolean
minds_languages(const CnQuestion *question)
{
    return !cn_term_set_is_empty(question->person->languages) &&
           question->policy->language_none_shared != 0;
}

static guint
answer_of(CnFacets *facets, guint at, gsize kind, const CnQuestion *question)
{
    GArray **known = &facets->answer_of[(gsize)at * CN_FACTS_NAMES + kind];
    const guint number = facets->numbers[kind];
    if (*known == NULL)
        *known = g_array_new(FALSE, TRUE, sizeof(guint));
    if (number >= (*known)->len)
        g_array_set_size(*known, number + 1);
    guint *answer = &g_array_index(*known, guint, number);
    if (*answer == 0)
        *answer = 1 + (kind == CN_FACTS_LANGUAGES && !minds_languages(question)
                           ? NO_ANSWER
                           : ask_rules(facets, at, kind, question));
    return *answer - 1;
}

static const guint64 *
answer_words(const CnFacets *facets, guint answer)
{
    gsize len;
    return cn_numbers_words(facets->answers, answer, &len);
}

/* The position of the words in the market's pool, the same for the same words. */
static guint
keep_bitmap(CnMarket *market, const CnComponent *component, const guint64 *words)
{
    return cn_numbers_of(market->bitmaps, words, component->words);
}

/* ---- Patches: providers that are known or preferred. */

static void
add_offering_columns(const CnMarket *market, GArray *columns, const CnAsk *ask, guint offering)
{
    const CnComponent *component = cn_market_component(market, (guint)ask->component);
    const gint first = cn_market_column(market, component, offering);
    if (first < 0)
        return;
    for (guint i = (guint)first; i < component->len && component->offering[i] == offering; i++)
        if (i / CN_WORD >= ask->first && i / CN_WORD < ask->end)
            g_array_append_val(columns, i);
}

static void
add_named(const CnMarket *market, GArray *columns, const CnAsk *ask, const GPtrArray *names)
{
    const CnListing *listing = market->directory->listing;
    for (guint i = 0; names != NULL && i < names->len; i++) {
        const char *id = g_ptr_array_index(names, i);
        gint provider = cn_listing_provider(listing, id), one = cn_listing_offering(listing, id);
        if (one >= 0)
            add_offering_columns(market, columns, ask, (guint)one);
        if (provider < 0)
            continue;
        CnSpan offerings =
            cn_span_within(listing->providers[provider].offerings, listing->offerings_len);
        for (guint k = 0; k < offerings.len; k++)
            add_offering_columns(market, columns, ask, offerings.first + k);
    }
}

static gint
compare_columns(gconstpointer a, gconstpointer b)
{
    guint x = *(const guint *)a, y = *(const guint *)b;
    return (x > y) - (x < y);
}

/* The cost lines of a column without its slot's extra and without way, less the fixed cost. */
static gint64
personal_add(const CnMarket *market, const CnAsk *ask, const CnQuestion *question, guint column)
{
    const CnComponent *component = cn_market_component(market, (guint)ask->component);
    CnCandidate candidate;
    gint64 lines[CN_COSTS_LEN];
    cn_candidate_init(&candidate, question, component->offering[column]);
    gint64 sum = cn_cost_lines(question, &candidate, TRUE, lines) - lines[CN_COST_LEAVE_REGION];
    return sum + component->extra[column] - ask->fixed[column];
}

static void
patch(CnMarket *market,
      const CnAsk *ask,
      const CnQuestion *question,
      guint64 *fits,
      CnProfile *profile)
{
    g_autoptr(GArray) columns = g_array_new(FALSE, FALSE, sizeof(guint));
    add_named(market, columns, ask, question->person->known_to);
    add_named(market, columns, ask, question->need->prefer);
    g_array_sort(columns, compare_columns);
    profile->patches = market->patches->len;
    for (guint i = 0; i < columns->len; i++) {
        guint column = g_array_index(columns, guint, i);
        if (!cn_bit(fits, column))
            continue;
        fits[column / CN_WORD] &= ~(G_GUINT64_CONSTANT(1) << (column % CN_WORD));
        CnPatch one = {.column = column, .add = personal_add(market, ask, question, column)};
        g_array_append_val(market->patches, one);
    }
    profile->patches_len = market->patches->len - profile->patches;
    if (question->need->prefer != NULL && question->need->prefer->len > 0)
        profile->add = market->policy->not_preferred;
}

/* ---- Profiles. */

/* The profile, or the one that was made of the same before. */
static guint
keep_profile(CnFacets *facets, CnProfile *profile)
{
    CnMarket *market = facets->market;
    CnFactWords *of = &facets->made_of;
    of->len = 0;
    cn_fact_words_put(of, (guint64)profile->ask << 32 | profile->bits);
    cn_fact_words_put(of, (guint64)profile->foreign);
    cn_fact_words_put(of, (guint64)profile->add);
    for (guint i = 0; i < profile->patches_len; i++) {
        const CnPatch *one = &g_array_index(market->patches, CnPatch, profile->patches + i);
        cn_fact_words_put(of, one->column);
        cn_fact_words_put(of, (guint64)one->add);
    }
    guint found = cn_numbers_of(facets->made, of->words, of->len);
    if (found < market->profiles->len)
        g_array_set_size(market->patches, profile->patches);
    else
        g_array_append_val(market->profiles, *profile);
    return found;
}

/* Those who do not share a language; -1 where none of them may take the person. */
static gint
foreign_bitmap(const CnFacets *facets, guint at, guint answer, const guint64 *fits)
{
    const CnAsk *ask = cn_market_ask(facets->market, at);
    const CnComponent *component = cn_market_component(facets->market, (guint)ask->component);
    if (answer == NO_ANSWER)
        return -1;
    const guint64 *words = answer_words(facets, answer);
    guint64 any = 0;
    for (guint i = ask->first; i < ask->end; i++)
        any |= words[i] & fits[i];
    return any != 0 ? (gint)keep_bitmap(facets->market, component, words) : -1;
}

static guint
make_profile(CnFacets *facets, guint at, const guint *answers, const CnQuestion *question)
{
    CnMarket *market = facets->market;
    const CnAsk *ask = cn_market_ask(market, at);
    const CnComponent *component = cn_market_component(market, (guint)ask->component);
    CnProfile profile = {.ask = at};
    take_scratch(facets, component);
    memcpy(facets->scratch, ask->standing, component->words * sizeof *facets->scratch);
    for (gsize facet = 0; facet < CN_FACETS; facet++) {
        const guint64 *words = answer_words(facets, answers[facet]);
        for (guint i = ask->first; i < ask->end; i++)
            facets->scratch[i] &= words[i];
    }
    patch(market, ask, question, facets->scratch, &profile);
    profile.foreign = foreign_bitmap(facets, at, answers[CN_FACTS_LANGUAGES], facets->scratch);
    profile.bits = keep_bitmap(market, component, facets->scratch);
    return keep_profile(facets, &profile);
}

/* ---- Needs. */

/* Most facts are those of the need before: only what differs is looked up. */
static void
number_facts(CnFacets *facets, const CnCase *person, const CnNeed *need)
{
    const CnFactWords *before = &facets->words[facets->at];
    CnFactWords *now = &facets->words[facets->at ^= 1];
    cn_fact_words_write(now, person, need);
    for (guint kind = 0; kind < CN_FACTS_LEN; kind++) {
        gsize len, len_before;
        const guint64 *words = cn_fact_words_of(now, kind, &len);
        const guint64 *same = cn_fact_words_of(before, kind, &len_before);
        gsize i = 0;
        while (len == len_before && i < len && words[i] == same[i])
            i++;
        if (len != len_before || i < len)
            facets->numbers[kind] = cn_numbers_of(facets->facts[kind], words, len);
    }
}

/* A need whose profile is looked for. */
typedef struct {
    guint need, ask;
    guint32 hash;
    guint answers[CN_FACTS_NAMES];
    guint64 vector[VECTOR_LEN];
} Asked;

/* As many are looked up together, so that the memory is waited for once and not for each. */
#define TOGETHER 16

static CnQuestion
question_of(const CnFacets *facets, guint need)
{
    const CnMarket *market = facets->market;
    const guint at = market->person[need];
    CnQuestion question = facets->question;
    question.person = g_ptr_array_index(market->cases->cases, at);
    question.need = &g_array_index(question.person->needs, CnNeed, need - market->first_need[at]);
    return question;
}

static void
ask_for(CnFacets *facets, guint need, Asked *asked)
{
    const CnMarket *market = facets->market;
    const CnQuestion question = question_of(facets, need);
    cn_market_look_ahead(market, market->person[need]);
    number_facts(facets, question.person, question.need);
    const guint names = facets->numbers[CN_FACTS_NAMES];
    *asked = (Asked){.need = need, .ask = (guint)market->ask_of_service[question.need->service]};
    asked->vector[0] = (guint64)asked->ask << 32 | names;
    for (gsize kind = 0; kind < CN_FACTS_NAMES; kind++) {
        asked->answers[kind] = answer_of(facets, asked->ask, kind, &question);
        const guint number = names == NO_NAMES ? asked->answers[kind] : facets->numbers[kind];
        asked->vector[1 + kind / 2] |= (guint64)number << (kind % 2 * 32);
    }
    asked->hash = cn_numbers_hash(facets->vectors, asked->vector, VECTOR_LEN);
}

static guint
profile_of(CnFacets *facets, const Asked *asked)
{
    const guint number =
        cn_numbers_of_hash(facets->vectors, asked->vector, VECTOR_LEN, asked->hash);
    if (number < facets->profiles->len)
        return g_array_index(facets->profiles, guint, number);
    const CnQuestion question = question_of(facets, asked->need);
    const guint profile = make_profile(facets, asked->ask, asked->answers, &question);
    g_array_append_val(facets->profiles, profile);
    return profile;
}

void
cn_facets_profiles(CnFacets *facets, guint *profile_of_need)
{
    const guint needs = cn_market_needs_len(facets->market);
    Asked asked[TOGETHER];
    for (guint need = 0; need < needs;) {
        guint len = 0;
        for (; need < needs && len < TOGETHER; need++)
            if (profile_of_need[need] == CN_TO_BE_MADE)
                ask_for(facets, need, &asked[len++]);
        for (guint i = 0; i < len; i++)
            cn_numbers_look_ahead(facets->vectors, asked[i].hash);
        for (guint i = 0; i < len; i++)
            profile_of_need[asked[i].need] = profile_of(facets, &asked[i]);
    }
}

guint
cn_facets_narrow(CnFacets *facets, guint profile, const guint64 *bits, guint persons)
{
    CnMarket *market = facets->market;
    CnProfile narrow = *cn_market_profile(market, profile);
    const CnAsk *ask = cn_market_ask(market, narrow.ask);
    const CnComponent *component = cn_market_component(market, (guint)ask->component);
    const guint64 *open = cn_market_bitmap(market, narrow.bits);
    const CnListing *listing = market->directory->listing;
    take_scratch(facets, component);
    memset(facets->scratch, 0, component->words * sizeof *facets->scratch);
    for (guint i = ask->first * CN_WORD; i < MIN(ask->end * CN_WORD, component->len); i++) {
        gint32 most = listing->offerings[component->offering[i]].eligibility.siblings_up_to;
        if (cn_bit(open, i) && cn_bit(bits, i) && (most < 0 || (guint)most >= persons))
            facets->scratch[i / CN_WORD] |= G_GUINT64_CONSTANT(1) << (i % CN_WORD);
    }
    guint first = narrow.patches, len = narrow.patches_len;
    narrow.patches = market->patches->len;
    for (guint i = first; i < first + len; i++) {
        CnPatch one = g_array_index(market->patches, CnPatch, i);
        gint32 most =
            listing->offerings[component->offering[one.column]].eligibility.siblings_up_to;
        if (cn_bit(bits, one.column) && (most < 0 || (guint)most >= persons))
            g_array_append_val(market->patches, one);
    }
    narrow.patches_len = market->patches->len - narrow.patches;
    narrow.bits = keep_bitmap(market, component, facets->scratch);
    return keep_profile(facets, &narrow);
}

/* ---- Reading. */

static const CnPatch *
find_patch(const CnMarket *market, const CnProfile *profile, guint column)
{
    for (guint i = 0; i < profile->patches_len; i++) {
        const CnPatch *one = &g_array_index(market->patches, CnPatch, profile->patches + i);
        if (one->column == column)
            return one;
    }
    return NULL;
}

gboolean
cn_profile_fits(const CnMarket *market, const CnProfile *profile, guint column)
{
    return cn_bit(cn_market_bitmap(market, profile->bits), column) ||
           find_patch(market, profile, column) != NULL;
}

gint64
cn_profile_add(const CnMarket *market, const CnProfile *profile, guint column)
{
    const CnPatch *one = find_patch(market, profile, column);
    if (one != NULL)
        return one->add;
    gboolean foreign =
        profile->foreign >= 0 && cn_bit(cn_market_bitmap(market, (guint)profile->foreign), column);
    return profile->add + (foreign ? market->policy->language_none_shared : 0);
}

gboolean
cn_column_leaves(const CnMarket *market, const CnComponent *component, guint column, CnAreaId town)
{
    CnCase person = {.area = town};
    CnNeed need = {.units = 1};
    CnQuestion question = question_without_way(market, &person, &need);
    CnCandidate candidate;
    cn_candidate_init(&candidate, &question, component->offering[column]);
    return cn_leaves_region(&question, &candidate);
}

/* The facts of nobody, so that the first number of each kind is theirs. */
static void
number_nobody(CnFacets *facets)
{
    g_autoptr(CnCase) nobody = cn_case_new();
    CnNeed need = {.urgency = CN_ROUTINE, .units = 1};
    CnFactWords *words = &facets->words[0];
    cn_fact_words_write(words, nobody, &need);
    for (guint kind = 0; kind < CN_FACTS_LEN; kind++) {
        gsize len;
        const guint64 *of = cn_fact_words_of(words, kind, &len);
        facets->facts[kind] = cn_numbers_new();
        facets->numbers[kind] = cn_numbers_of(facets->facts[kind], of, len);
    }
}

CnFacets *
cn_facets_new(CnMarket *market)
{
    CnFacets *facets = g_new0(CnFacets, 1);
    facets->market = market;
    facets->question = question_without_way(market, NULL, NULL);
    facets->standing = g_new0(Standing, market->asks->len + 1);
    facets->answers = cn_numbers_new();
    facets->answer_of = g_new0(GArray *, (gsize)market->asks->len * CN_FACTS_NAMES + 1);
    facets->vectors = cn_numbers_new();
    facets->profiles = g_array_new(FALSE, FALSE, sizeof(guint));
    facets->made = cn_numbers_new();
    number_nobody(facets);
    for (guint i = 0; i < market->asks->len; i++)
        if (cn_market_ask(market, i)->component >= 0)
            stand(facets, i);
    return facets;
}

static void
free_ask(CnFacets *facets, guint at)
{
    g_free(facets->standing[at].columns);
    g_free(facets->standing[at].candidates);
    for (guint kind = 0; kind < CN_FACTS_NAMES; kind++)
        g_clear_pointer(&facets->answer_of[at * CN_FACTS_NAMES + kind], g_array_unref);
}

void
cn_facets_free(CnFacets *facets)
{
    for (guint i = 0; i < facets->market->asks->len; i++)
        free_ask(facets, i);
    for (guint kind = 0; kind < CN_FACTS_LEN; kind++)
        cn_numbers_free(facets->facts[kind]);
    for (guint i = 0; i < G_N_ELEMENTS(facets->words); i++)
        cn_fact_words_clear(&facets->words[i]);
    cn_fact_words_clear(&facets->made_of);
    cn_numbers_free(facets->answers);
    cn_numbers_free(facets->vectors);
    cn_numbers_free(facets->made);
    g_array_unref(facets->profiles);
    g_free(facets->standing);
    g_free(facets->answer_of);
    g_free(facets->scratch);
    g_free(facets);
}
