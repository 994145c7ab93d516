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

/* Facts that were seen: of them only their hash and a need that has them, since a million of them
 * would not fit as bytes. need + 1; 0 is empty. */
typedef struct {
    guint64 hash;
    guint need, profile;
} Known;
#define KNOWN_LEAST 1024

struct CnFacets {
    CnMarket *market;
    Known *known; /* all facts of a need to its profile; open addressing, by hash */
    gsize known_len, known_used;
    GHashTable *single; /* (element-type GBytes guint64) ask, facet and its facts to owned words */
    GHashTable *made;   /* (element-type GBytes guint) what a profile is made of to the profile */
    GByteArray *bytes, *other_bytes;
    guint64 *words; /* of one component */
    gsize words_len;
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
        gboolean set = facet == CN_FACETS
                           ? !cn_shares_language(question, &candidate)
                           : cn_rules_first_broken(question, &candidate, cn_facet_rules(facet)) ==
                                 CN_RULE_NONE;
        words[i / CN_WORD] |= (guint64)set << (i % CN_WORD);
    }
    return words;
}

static const guint64 *
facet_words(CnFacets *facets, guint ask_index, gsize facet, const CnQuestion *question)
{
    GByteArray *bytes = facets->bytes;
    guint32 key[] = {ask_index, (guint32)facet};
    g_byte_array_set_size(bytes, 0);
    CN_WRITE(bytes, key);
    if (facet == CN_FACETS)
        CN_WRITE(bytes, question->person->languages);
    else
        cn_facet_write(facet, bytes, question->person, question->need);
    g_autoptr(GBytes) asked = g_bytes_new(bytes->data, bytes->len);
    guint64 *words = g_hash_table_lookup(facets->single, asked);
    if (words == NULL) {
        words =
            ask_rules(facets->market, cn_market_ask(facets->market, ask_index), facet, question);
        g_hash_table_insert(facets->single, g_steal_pointer(&asked), words);
    }
    return words;
}

/* The position of the words in the market's pool, the same for the same words. */
static guint
keep_bitmap(CnMarket *market, CnComponent *component, const guint64 *words)
{
    g_autoptr(GBytes) key = g_bytes_new(words, component->words * sizeof *words);
    gpointer found;
    if (g_hash_table_lookup_extended(component->bitmaps, key, NULL, &found))
        return GPOINTER_TO_UINT(found);
    g_ptr_array_add(market->bitmaps, (gpointer)g_bytes_get_data(key, NULL));
    found = GUINT_TO_POINTER(market->bitmaps->len - 1);
    g_hash_table_insert(component->bitmaps, g_steal_pointer(&key), found);
    return GPOINTER_TO_UINT(found);
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
    gpointer found;
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
    g_autoptr(GBytes) key = g_bytes_new(bytes->data, bytes->len);
    if (g_hash_table_lookup_extended(facets->made, key, NULL, &found)) {
        g_array_set_size(market->patches, profile->patches);
        return GPOINTER_TO_UINT(found);
    }
    g_array_append_val(market->profiles, *profile);
    found = GUINT_TO_POINTER(market->profiles->len - 1);
    g_hash_table_insert(facets->made, g_steal_pointer(&key), found);
    return GPOINTER_TO_UINT(found);
}

static void
take_words(CnFacets *facets, const CnComponent *component)
{
    if (facets->words_len < component->words) {
        g_free(facets->words);
        facets->words = g_new(guint64, component->words);
        facets->words_len = component->words;
    }
}

/* Those who do not share a language, out of those who may take the person at all; -1 for none. */
static gint
foreign_bitmap(CnFacets *facets, guint ask_index, const CnQuestion *question, const guint64 *fits)
{
    CnMarket *market = facets->market;
    const CnAsk *ask = cn_market_ask(market, ask_index);
    CnComponent *component = cn_market_component(market, (guint)ask->component);
    if (cn_term_set_is_empty(question->person->languages) ||
        market->policy->language_none_shared == 0)
        return -1;
    const guint64 *words = facet_words(facets, ask_index, CN_FACETS, question);
    g_autofree guint64 *met = g_new(guint64, component->words);
    guint64 any = 0;
    for (guint i = 0; i < component->words; i++)
        any |= met[i] = words[i] & fits[i];
    return any != 0 ? (gint)keep_bitmap(market, component, met) : -1;
}

static guint
make_profile(CnFacets *facets, guint ask_index, const CnQuestion *question)
{
    CnMarket *market = facets->market;
    const CnAsk *ask = cn_market_ask(market, ask_index);
    CnComponent *component = cn_market_component(market, (guint)ask->component);
    CnProfile profile = {.ask = ask_index};
    take_words(facets, component);
    memcpy(facets->words, ask->standing, component->words * sizeof *facets->words);
    for (gsize facet = 0; facet < CN_FACETS; facet++) {
        const guint64 *words = facet_words(facets, ask_index, facet, question);
        for (guint i = ask->first; i < ask->end; i++)
            facets->words[i] &= words[i];
    }
    patch(market, ask, question, facets->words, &profile);
    profile.foreign = foreign_bitmap(facets, ask_index, question, facets->words);
    profile.bits = keep_bitmap(market, component, facets->words);
    return keep_profile(facets, &profile);
}

static const CnCase *
facts_of(const CnMarket *market, guint need, const CnNeed **out_asked, guint *out_ask)
{
    guint at = market->person[need];
    const CnCase *person = g_ptr_array_index(market->cases->cases, at);
    *out_asked = &g_array_index(person->needs, CnNeed, need - market->first_need[at]);
    *out_ask = (guint)market->ask_of_service[(*out_asked)->service];
    return person;
}

/* Whether the need has the facts that stand in facets->bytes. */
static gboolean
has_facts(CnFacets *facets, guint need)
{
    const CnNeed *asked;
    guint ask_index;
    const CnCase *person = facts_of(facets->market, need, &asked, &ask_index);
    cn_facts_write(facets->other_bytes, ask_index, person, asked);
    return facets->other_bytes->len == facets->bytes->len &&
           memcmp(facets->other_bytes->data, facets->bytes->data, facets->bytes->len) == 0;
}

/* Where facts with the hash stand, or would stand. */
static Known *
find_known(CnFacets *facets, guint64 hash)
{
    gsize at = hash & (facets->known_len - 1);
    while (facets->known[at].need != 0 &&
           (facets->known[at].hash != hash || !has_facts(facets, facets->known[at].need - 1)))
        at = (at + 1) & (facets->known_len - 1);
    return &facets->known[at];
}

static void
grow_known(CnFacets *facets)
{
    g_autofree Known *old = facets->known;
    gsize len = facets->known_len;
    facets->known_len *= 2;
    facets->known = g_new0(Known, facets->known_len);
    for (gsize i = 0; i < len; i++) {
        gsize at = old[i].hash & (facets->known_len - 1);
        if (old[i].need == 0)
            continue;
        while (facets->known[at].need != 0)
            at = (at + 1) & (facets->known_len - 1);
        facets->known[at] = old[i];
    }
}

guint
cn_facets_profile(CnFacets *facets, guint need)
{
    const CnNeed *asked;
    guint ask_index;
    const CnCase *person = facts_of(facets->market, need, &asked, &ask_index);
    cn_facts_write(facets->bytes, ask_index, person, asked);
    guint64 hash = cn_facts_hash(facets->bytes);
    Known *known = find_known(facets, hash);
    if (known->need != 0)
        return known->profile;
    CnQuestion question = question_without_way(facets->market, person, asked);
    *known = (Known){
        .hash = hash, .need = need + 1, .profile = make_profile(facets, ask_index, &question)};
    guint profile = known->profile;
    if (++facets->known_used * 2 > facets->known_len)
        grow_known(facets);
    return profile;
}

guint
cn_facets_narrow(CnFacets *facets, guint profile, const guint64 *bits, guint persons)
{
    CnMarket *market = facets->market;
    CnProfile narrow = *cn_market_profile(market, profile);
    const CnAsk *ask = cn_market_ask(market, narrow.ask);
    CnComponent *component = cn_market_component(market, (guint)ask->component);
    const guint64 *open = cn_market_bitmap(market, narrow.bits);
    const CnListing *listing = market->directory->listing;
    take_words(facets, component);
    memset(facets->words, 0, component->words * sizeof *facets->words);
    for (guint i = ask->first * CN_WORD; i < MIN(ask->end * CN_WORD, component->len); i++) {
        gint32 most = listing->offerings[component->offering[i]].eligibility.siblings_up_to;
        if (cn_bit(open, i) && cn_bit(bits, i) && (most < 0 || (guint)most >= persons))
            facets->words[i / CN_WORD] |= G_GUINT64_CONSTANT(1) << (i % CN_WORD);
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
    narrow.bits = keep_bitmap(market, component, facets->words);
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
    facets->known_len = KNOWN_LEAST;
    facets->known = g_new0(Known, KNOWN_LEAST);
    facets->single =
        g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, g_free);
    facets->made =
        g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);
    facets->bytes = g_byte_array_new();
    facets->other_bytes = g_byte_array_new();
    return facets;
}

void
cn_facets_free(CnFacets *facets)
{
    g_free(facets->known);
    g_hash_table_unref(facets->single);
    g_hash_table_unref(facets->made);
    g_byte_array_unref(facets->bytes);
    g_byte_array_unref(facets->other_bytes);
    g_free(facets->words);
    g_free(facets);
}
