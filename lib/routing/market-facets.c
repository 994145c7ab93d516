/* What decides between columns, facet by facet.
 *
 * Each hard rule looks at few facts of a person. A facet is a set of rules with the facts they look
 * at; its answer for all columns of an ask is one bitmap, made by putting one person with these facts
 * to those very rules, and remembered under the facts. A profile is the meeting of its facets'
 * bitmaps. Persons whose facts differ but whose bitmaps agree share a profile. */
#include "routing/market-facets.h"

#include "routing/market-facts.h"

#include <string.h>

#define RULE(name) CN_RULE_BIT(CN_RULE_##name)

/* Rules about the offering alone. */
#define STANDING_RULES                                                                    \
    (RULE(SERVICE) | RULE(NOT_ROUTABLE) | RULE(SUSPENDED) | RULE(CLOSED) | RULE(PAUSED) | \
     RULE(UNCONFIRMED) | RULE(ACCREDITATION) | RULE(CAPABILITY) | RULE(UNKNOWN_CAPACITY))

/* What facts are numbered by: the ask, and the facts of each kind. */
typedef struct {
    guint ask;
    guint facts[CN_FACTS_LEN];
} Vector;

struct CnFacets {
    CnMarket *market;
    CnNumbers *facts[CN_FACTS_LEN];
    CnNumbers *vectors;
    GArray *profiles; /* (element-type guint) by vector */
    GPtrArray *
        *words;      /* (element-type guint64) by ask and facet, then by number of the facts: owned,
                        * or what stands where the facts exclude nothing */
    CnNumbers *made; /* what a profile is made of, by profile */
    GByteArray *bytes;
    guint64 *scratch; /* of one component */
    gsize scratch_len;
};

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

void
cn_facets_stand(CnMarket *market, CnAsk *ask)
{
    const CnComponent *component = cn_market_component(market, (guint)ask->component);
    g_autoptr(CnCase) nobody = cn_case_new();
    CnNeed need = {.service = ask->service, .urgency = CN_ROUTINE, .units = 1};
    CnQuestion question = question_without_way(market, nobody, &need);
    gint64 lines[CN_COSTS_LEN];
    for (guint i = ask->first * CN_WORD; i < MIN(ask->end * CN_WORD, component->len); i++) {
        CnCandidate candidate;
        cn_candidate_init(&candidate, &question, component->offering[i]);
        ask->fixed[i] = cn_cost_lines(&question, &candidate, TRUE, lines) + component->extra[i];
        if (cn_rules_first_broken(&question, &candidate, STANDING_RULES) == CN_RULE_NONE)
            ask->standing[i / CN_WORD] |= G_GUINT64_CONSTANT(1) << (i % CN_WORD);
    }
}

/* The words of one facet, made by asking its rules about every column that stands. */
static guint64 *
ask_rules(const CnMarket *market, const CnAsk *ask, gsize facet, const CnQuestion *question)
{
    const CnComponent *component = cn_market_component(market, (guint)ask->component);
    guint64 *words = g_new0(guint64, component->words);
    for (guint i = ask->first * CN_WORD; i < MIN(ask->end * CN_WORD, component->len); i++) {
        CnCandidate candidate;
        if (!cn_bit(ask->standing, i))
            continue;
        cn_candidate_init(&candidate, question, component->offering[i]);
        gboolean set = facet == CN_FACTS_LANGUAGES
                           ? !cn_shares_language(question, &candidate)
                           : cn_rules_first_broken(question, &candidate, cn_facet_rules(facet)) ==
                                 CN_RULE_NONE;
        words[i / CN_WORD] |= (guint64)set << (i % CN_WORD);
    }
    return words;
}

static const guint64 *
facet_words(CnFacets *facets, const Vector *vector, gsize facet, const CnQuestion *question)
{
    const CnAsk *ask = cn_market_ask(facets->market, vector->ask);
    GPtrArray **known = &facets->words[(gsize)vector->ask * CN_FACTS_LEN + facet];
    guint number = vector->facts[facet];
    if (*known == NULL)
        *known = g_ptr_array_new();
    if (number >= (*known)->len)
        g_ptr_array_set_size(*known, (gint)number + 1);
    if (g_ptr_array_index(*known, number) == NULL) {
        guint64 *words = ask_rules(facets->market, ask, facet, question);
        const CnComponent *component = cn_market_component(facets->market, (guint)ask->component);
        if (facet != CN_FACTS_LANGUAGES &&
            memcmp(words, ask->standing, component->words * sizeof *words) == 0) {
            g_free(words);
            words = ask->standing;
        }
        g_ptr_array_index(*known, number) = words;
    }
    return g_ptr_array_index(*known, number);
}

/* The position of the words in the market's pool, the same for the same words. */
static guint
keep_bitmap(CnMarket *market, const CnComponent *component, const guint64 *words)
{
    return cn_numbers_of(market->bitmaps, words, component->words * (guint)sizeof *words);
}

/* ---- Patches: providers that are known or preferred. */

static void
add_offering_columns(const CnMarket *market, GArray *columns, const CnAsk *ask, guint offering)
{
    const CnComponent *component = cn_market_component(market, (guint)ask->component);
    for (guint i = ask->first * CN_WORD; i < MIN(ask->end * CN_WORD, component->len); i++)
        if (component->offering[i] == offering)
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
    GByteArray *bytes = facets->bytes;
    g_byte_array_set_size(bytes, 0);
    CN_WRITE(bytes, profile->ask);
    CN_WRITE(bytes, profile->bits);
    CN_WRITE(bytes, profile->foreign);
    CN_WRITE(bytes, profile->add);
    for (guint i = 0; i < profile->patches_len; i++) {
        const CnPatch *one = &g_array_index(market->patches, CnPatch, profile->patches + i);
        CN_WRITE(bytes, one->column);
        CN_WRITE(bytes, one->add);
    }
    guint found = cn_numbers_of(facets->made, bytes->data, bytes->len);
    if (found < market->profiles->len)
        g_array_set_size(market->patches, profile->patches);
    else
        g_array_append_val(market->profiles, *profile);
    return found;
}

static void
take_words(CnFacets *facets, const CnComponent *component)
{
    if (facets->scratch_len < component->words) {
        g_free(facets->scratch);
        facets->scratch = g_new(guint64, component->words);
        facets->scratch_len = component->words;
    }
}

/* Those who do not share a language; -1 where none of them may take the person. */
static gint
foreign_bitmap(CnFacets *facets,
               const Vector *vector,
               const CnQuestion *question,
               const guint64 *fits)
{
    CnMarket *market = facets->market;
    const CnAsk *ask = cn_market_ask(market, vector->ask);
    const CnComponent *component = cn_market_component(market, (guint)ask->component);
    if (cn_term_set_is_empty(question->person->languages) ||
        market->policy->language_none_shared == 0)
        return -1;
    const guint64 *words = facet_words(facets, vector, CN_FACTS_LANGUAGES, question);
    guint64 any = 0;
    for (guint i = ask->first; i < ask->end; i++)
        any |= words[i] & fits[i];
    return any != 0 ? (gint)keep_bitmap(market, component, words) : -1;
}

static guint
make_profile(CnFacets *facets, const Vector *vector, const CnQuestion *question)
{
    CnMarket *market = facets->market;
    const CnAsk *ask = cn_market_ask(market, vector->ask);
    const CnComponent *component = cn_market_component(market, (guint)ask->component);
    CnProfile profile = {.ask = vector->ask};
    take_words(facets, component);
    memcpy(facets->scratch, ask->standing, component->words * sizeof *facets->scratch);
    for (gsize facet = 0; facet < CN_FACETS; facet++) {
        const guint64 *words = facet_words(facets, vector, facet, question);
        for (guint i = ask->first; words != ask->standing && i < ask->end; i++)
            facets->scratch[i] &= words[i];
    }
    patch(market, ask, question, facets->scratch, &profile);
    profile.foreign = foreign_bitmap(facets, vector, question, facets->scratch);
    profile.bits = keep_bitmap(market, component, facets->scratch);
    return keep_profile(facets, &profile);
}

guint
cn_facets_profile(CnFacets *facets, guint need)
{
    CnMarket *market = facets->market;
    guint at = market->person[need];
    const CnCase *person = g_ptr_array_index(market->cases->cases, at);
    const CnNeed *asked = &g_array_index(person->needs, CnNeed, need - market->first_need[at]);
    Vector vector = {.ask = (guint)market->ask_of_service[asked->service]};
    for (guint kind = 0; kind < CN_FACTS_LEN; kind++) {
        g_byte_array_set_size(facets->bytes, 0);
        cn_facet_write(kind, facets->bytes, person, asked);
        vector.facts[kind] =
            cn_numbers_of(facets->facts[kind], facets->bytes->data, facets->bytes->len);
    }
    guint number = cn_numbers_of(facets->vectors, &vector, sizeof vector);
    if (number < facets->profiles->len)
        return g_array_index(facets->profiles, guint, number);
    CnQuestion question = question_without_way(market, person, asked);
    guint profile = make_profile(facets, &vector, &question);
    g_array_append_val(facets->profiles, profile);
    return profile;
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
    take_words(facets, component);
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

CnFacets *
cn_facets_new(CnMarket *market)
{
    CnFacets *facets = g_new0(CnFacets, 1);
    facets->market = market;
    for (guint kind = 0; kind < CN_FACTS_LEN; kind++)
        facets->facts[kind] = cn_numbers_new();
    facets->vectors = cn_numbers_new();
    facets->profiles = g_array_new(FALSE, FALSE, sizeof(guint));
    facets->words = g_new0(GPtrArray *, (gsize)market->asks->len * CN_FACTS_LEN + 1);
    facets->made = cn_numbers_new();
    facets->bytes = g_byte_array_sized_new(CN_FACTS_ROOM);
    return facets;
}

static void
free_words(CnFacets *facets, guint at)
{
    GPtrArray *words = facets->words[at];
    for (guint i = 0; words != NULL && i < words->len; i++)
        if (g_ptr_array_index(words, i) !=
            cn_market_ask(facets->market, at / CN_FACTS_LEN)->standing)
            g_free(g_ptr_array_index(words, i));
    if (words != NULL)
        g_ptr_array_unref(words);
}

void
cn_facets_free(CnFacets *facets)
{
    for (guint i = 0; i < facets->market->asks->len * CN_FACTS_LEN; i++)
        free_words(facets, i);
    for (guint kind = 0; kind < CN_FACTS_LEN; kind++)
        cn_numbers_free(facets->facts[kind]);
    cn_numbers_free(facets->vectors);
    cn_numbers_free(facets->made);
    g_array_unref(facets->profiles);
    g_byte_array_unref(facets->bytes);
    g_free(facets->words);
    g_free(facets->scratch);
    g_free(facets);
}
