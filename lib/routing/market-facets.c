/* A profile is the meeting of the bitmaps that the rules answer (market-answers.c); persons whose bitmaps
 * differ but meet in the same share a profile, too. Each component has profiles of its own, which are
 * numbered as they come, and given to the market in the order of what they hold: so nothing depends on
 * the order of cases, and components can be asked about at the same time. */
#include "routing/market-facets.h"

#include "routing/market-answers.h"
#include "routing/market-needs.h"
#include "routing/market-sort.h"

#include <string.h>

/* What a profile is made of: ask and number of the names, then number by kind, two a word. Of whoever
 * names no provider these are the answers, which are fewer than the facts; for the others the facts
 * decide. */
#define VECTOR_LEN (1 + (CN_FACTS_NAMES + 1) / 2)

struct CnFacets {
    CnMarket *market;
    CnComponent *component;
    CnAnswers answers;
    CnNumbers *vectors;
    GArray *profile_of;  /* (element-type guint) by vector */
    CnNumbers *made;     /* what a profile is made of, by profile */
    CnFactWords made_of; /* one of them */
    GArray *profiles;    /* (element-type CnProfile) */
    GArray *patches;     /* (element-type CnPatch) */
    CnNumbers *bitmaps;  /* of the component */
    guint64 *scratch;    /* words of the component */
};

static CnProfile *
profile_at(const CnFacets *facets, guint i)
{
    return &g_array_index(facets->profiles, CnProfile, i);
}

static const CnPatch *
patch_at(const CnFacets *facets, guint i)
{
    return &g_array_index(facets->patches, CnPatch, i);
}

static const guint64 *
bitmap_at(const CnFacets *facets, guint i)
{
    gsize len;
    return cn_numbers_words(facets->bitmaps, i, &len);
}

/* The position of the words among the bitmaps, the same for the same words. */
static guint
keep_bitmap(CnFacets *facets, const guint64 *words)
{
    return cn_numbers_of(facets->bitmaps, words, facets->component->words);
}

/* ---- Patches: providers that are known or preferred. */

static void
add_offering_column(const CnMarket *market, GArray *columns, const CnAsk *ask, guint offering)
{
    const CnComponent *component = cn_market_component(market, (guint)ask->component);
    const gint column = cn_market_column(market, component, offering);
    const guint at = (guint)MAX(column, 0);
    if (column >= 0 && at / CN_WORD >= ask->first && at / CN_WORD < ask->end)
        g_array_append_val(columns, at);
}

static void
add_named(const CnMarket *market, GArray *columns, const CnAsk *ask, const GPtrArray *names)
{
    const CnListing *listing = market->directory->listing;
    for (guint i = 0; names != NULL && i < names->len; i++) {
        const char *id = g_ptr_array_index(names, i);
        gint provider = cn_listing_provider(listing, id), one = cn_listing_offering(listing, id);
        if (one >= 0)
            add_offering_column(market, columns, ask, (guint)one);
        if (provider < 0)
            continue;
        CnSpan offerings =
            cn_span_within(listing->providers[provider].offerings, listing->offerings_len);
        for (guint k = 0; k < offerings.len; k++)
            add_offering_column(market, columns, ask, offerings.first + k);
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
patch(CnFacets *facets, const CnQuestion *question, guint64 *fits, CnProfile *profile)
{
    const CnMarket *market = facets->market;
    const CnAsk *ask = cn_market_ask(market, profile->ask);
    g_autoptr(GArray) columns = g_array_new(FALSE, FALSE, sizeof(guint));
    add_named(market, columns, ask, question->person->known_to);
    add_named(market, columns, ask, question->need->prefer);
    g_array_sort(columns, compare_columns);
    for (guint i = 0; i < columns->len; i++) {
        const guint column = g_array_index(columns, guint, i);
        if (!cn_bit(fits, column))
            continue;
        fits[column / CN_WORD] &= ~(G_GUINT64_CONSTANT(1) << (column % CN_WORD));
        const CnPatch one = {.column = column, .add = personal_add(market, ask, question, column)};
        g_array_append_val(facets->patches, one);
    }
    profile->patches_len = facets->patches->len - profile->patches;
    if (question->need->prefer != NULL && question->need->prefer->len > 0)
        profile->add = market->policy->not_preferred;
}

/* ---- Profiles. */

/* The profile, or the one that was made of the same before. */
static guint
keep_profile(CnFacets *facets, const CnProfile *profile)
{
    CnFactWords *of = &facets->made_of;
    of->len = 0;
    cn_fact_words_put(of, (guint64)profile->ask << 32 | profile->bits);
    cn_fact_words_put(of, (guint64)profile->foreign);
    cn_fact_words_put(of, (guint64)profile->add);
    for (guint i = 0; i < profile->patches_len; i++) {
        const CnPatch *one = patch_at(facets, profile->patches + i);
        cn_fact_words_put(of, one->column);
        cn_fact_words_put(of, (guint64)one->add);
    }
    const guint found = cn_numbers_of(facets->made, of->words, of->len);
    if (found < facets->profiles->len)
        g_array_set_size(facets->patches, profile->patches);
    else
        g_array_append_val(facets->profiles, *profile);
    return found;
}

/* Those who do not share a language; -1 where none of them may take the person. */
static gint
foreign_bitmap(CnFacets *facets, const CnAsk *ask, guint answer, const guint64 *fits)
{
    if (answer == CN_NO_ANSWER)
        return -1;
    const guint64 *words = cn_answers_words(&facets->answers, answer);
    guint64 any = 0;
    for (guint i = ask->first; i < ask->end; i++)
        any |= words[i] & fits[i];
    return any != 0 ? (gint)keep_bitmap(facets, words) : -1;
}

/* A need whose profile is looked for. */
typedef struct {
    guint need, ask, names;
    guint32 hash;
    guint answers[CN_FACTS_NAMES];
    guint64 vector[VECTOR_LEN];
} Asked;

static guint
make_profile(CnFacets *facets, const Asked *asked)
{
    const CnAsk *ask = cn_market_ask(facets->market, asked->ask);
    const guint all = cn_answers_standing(&facets->answers, asked->ask)->all;
    CnProfile profile = {.ask = asked->ask, .patches = facets->patches->len};
    memcpy(facets->scratch, ask->standing, facets->component->words * sizeof *facets->scratch);
    for (gsize facet = 0; facet < CN_FACETS; facet++) {
        if (asked->answers[facet] == all)
            continue;
        const guint64 *words = cn_answers_words(&facets->answers, asked->answers[facet]);
        for (guint i = ask->first; i < ask->end; i++)
            facets->scratch[i] &= words[i];
    }
    if (asked->names != CN_NO_NAMES) {
        const CnQuestion question = cn_answers_question(&facets->answers, asked->need);
        patch(facets, &question, facets->scratch, &profile);
    }
    profile.foreign =
        foreign_bitmap(facets, ask, asked->answers[CN_FACTS_LANGUAGES], facets->scratch);
    profile.bits = keep_bitmap(facets, facets->scratch);
    return keep_profile(facets, &profile);
}

/* ---- Needs. */

/* As many are looked up together, so that the memory is waited for once and not for each. */
#define TOGETHER 16

/* What is looked at of a need. */
static void
fetch_ahead(const CnMarket *market, guint need)
{
    const guint32 *facts = market->facts + (gsize)need * CN_FACTS_LEN;
    __builtin_prefetch(facts);
    __builtin_prefetch(facts + CN_FACTS_LEN - 1);
    __builtin_prefetch(&market->rows[need]);
}

static void
ask_for(CnFacets *facets, guint need, Asked *asked)
{
    CnAnswers *answers = &facets->answers;
    cn_answers_ask(answers, need);
    asked->need = need;
    asked->ask = answers->ask;
    asked->names = answers->facts[CN_FACTS_NAMES];
    memcpy(asked->answers, answers->answers, sizeof asked->answers);
    const guint *numbers = asked->names == CN_NO_NAMES ? answers->answers : answers->facts;
    memset(asked->vector, 0, sizeof asked->vector);
    asked->vector[0] = (guint64)asked->ask << 32 | asked->names;
    for (gsize kind = 0; kind < CN_FACTS_NAMES; kind++)
        asked->vector[1 + kind / 2] |= (guint64)numbers[kind] << (kind % 2 * 32);
    asked->hash = cn_numbers_hash(facets->vectors, asked->vector, VECTOR_LEN);
}

static guint
profile_of(CnFacets *facets, const Asked *asked)
{
    const guint number =
        cn_numbers_of_hash(facets->vectors, asked->vector, VECTOR_LEN, asked->hash);
    if (number < facets->profile_of->len)
        return g_array_index(facets->profile_of, guint, number);
    const guint profile = make_profile(facets, asked);
    g_array_append_val(facets->profile_of, profile);
    return profile;
}

void
cn_facets_profiles(CnFacets *facets, const guint *needs, guint len, guint *profile_of_need)
{
    Asked asked[TOGETHER];
    for (guint at = 0; at < len;) {
        guint here = 0;
        for (; at < len && here < TOGETHER; at++) {
            if (len - at > TOGETHER)
                fetch_ahead(facets->market, needs[at + TOGETHER]);
            ask_for(facets, needs[at], &asked[here++]);
        }
        for (guint i = 0; i < here; i++)
            cn_numbers_look_ahead(facets->vectors, asked[i].hash);
        for (guint i = 0; i < here; i++)
            profile_of_need[asked[i].need] = profile_of(facets, &asked[i]);
    }
}

/* ---- Siblings. */

/* Whether as many siblings may come to the column. */
static gboolean
takes_siblings(const CnFacets *facets, guint column, guint persons)
{
    const CnListing *listing = facets->market->directory->listing;
    const gint32 most =
        listing->offerings[facets->component->offering[column]].eligibility.siblings_up_to;
    return most < 0 || (guint)most >= persons;
}

guint
cn_facets_narrow(CnFacets *facets, guint profile, const guint64 *bits, guint persons)
{
    const CnComponent *component = facets->component;
    CnProfile narrow = *profile_at(facets, profile);
    const CnAsk *ask = cn_market_ask(facets->market, narrow.ask);
    const guint64 *open = bitmap_at(facets, narrow.bits);
    memset(facets->scratch, 0, component->words * sizeof *facets->scratch);
    for (guint i = ask->first * CN_WORD; i < MIN(ask->end * CN_WORD, component->len); i++)
        if (cn_bit(open, i) && cn_bit(bits, i) && takes_siblings(facets, i, persons))
            facets->scratch[i / CN_WORD] |= G_GUINT64_CONSTANT(1) << (i % CN_WORD);
    const guint first = narrow.patches, len = narrow.patches_len;
    narrow.patches = facets->patches->len;
    for (guint i = first; i < first + len; i++) {
        const CnPatch one = *patch_at(facets, i);
        if (cn_bit(bits, one.column) && takes_siblings(facets, one.column, persons))
            g_array_append_val(facets->patches, one);
    }
    narrow.patches_len = facets->patches->len - narrow.patches;
    narrow.bits = keep_bitmap(facets, facets->scratch);
    return keep_profile(facets, &narrow);
}

void
cn_facets_meet(const CnFacets *facets, guint profile, guint64 *bits)
{
    const CnProfile *one = profile_at(facets, profile);
    memcpy(facets->scratch, bitmap_at(facets, one->bits),
           facets->component->words * sizeof *facets->scratch);
    for (guint i = 0; i < one->patches_len; i++) {
        const guint column = patch_at(facets, one->patches + i)->column;
        facets->scratch[column / CN_WORD] |= G_GUINT64_CONSTANT(1) << (column % CN_WORD);
    }
    for (guint i = 0; i < facets->component->words; i++)
        bits[i] &= facets->scratch[i];
}

/* ---- The order of profiles. */

static gint
compare_bitmaps(gconstpointer a, gconstpointer b, gpointer data)
{
    const CnFacets *facets = data;
    const guint64 *p = bitmap_at(facets, *(const guint *)a);
    const guint64 *q = bitmap_at(facets, *(const guint *)b);
    for (guint i = 0; i < facets->component->words; i++)
        if (p[i] != q[i])
            return p[i] < q[i] ? -1 : 1;
    return 0;
}

static gint
compare_patches(gconstpointer a, gconstpointer b, gpointer data)
{
    const CnFacets *facets = data;
    const CnProfile *p = profile_at(facets, *(const guint *)a);
    const CnProfile *q = profile_at(facets, *(const guint *)b);
    if (p->patches_len != q->patches_len)
        return p->patches_len < q->patches_len ? -1 : 1;
    for (guint i = 0; i < p->patches_len; i++) {
        const CnPatch *x = patch_at(facets, p->patches + i), *y = patch_at(facets, q->patches + i);
        if (x->column != y->column)
            return x->column < y->column ? -1 : 1;
        if (x->add != y->add)
            return x->add < y->add ? -1 : 1;
    }
    return 0;
}

/* The place of each in the order. */
static guint *
rank_bitmaps(CnFacets *facets)
{
    const guint len = cn_numbers_len(facets->bitmaps);
    g_autofree guint *numbers = g_new(guint, (gsize)len + 1);
    guint *rank = g_new(guint, (gsize)len + 1);
    for (guint i = 0; i < len; i++)
        numbers[i] = i;
    g_qsort_with_data(numbers, (gint)len, sizeof *numbers, compare_bitmaps, facets);
    for (guint i = 0; i < len; i++)
        rank[numbers[i]] = i;
    return rank;
}

/* Profiles without patches first, then the few others by these. */
static guint *
sort_by_patches(CnFacets *facets)
{
    const guint len = facets->profiles->len;
    guint *numbers = g_new(guint, (gsize)len + 1), plain = 0, patched = len;
    for (guint i = 0; i < len; i++)
        numbers[profile_at(facets, i)->patches_len == 0 ? plain++ : --patched] = i;
    g_qsort_with_data(numbers + plain, (gint)(len - plain), sizeof *numbers, compare_patches,
                      facets);
    return numbers;
}

/* By ask, bitmaps, what is added and patches: the last of these first. */
static guint *
sort_profiles(CnFacets *facets)
{
    const guint len = facets->profiles->len;
    g_autofree guint *bitmap_rank = rank_bitmaps(facets);
    g_autofree guint64 *keys = g_new(guint64, (gsize)len + 1);
    guint *numbers = sort_by_patches(facets);
    for (guint i = 0; i < len; i++)
        keys[i] = cn_key_of(profile_at(facets, i)->add);
    cn_sort_by_keys(numbers, len, keys);
    for (guint i = 0; i < len; i++) {
        const CnProfile *profile = profile_at(facets, i);
        keys[i] = (guint64)bitmap_rank[profile->bits] << 32 |
                  (profile->foreign < 0 ? 0 : bitmap_rank[profile->foreign] + 1);
    }
    cn_sort_by_keys(numbers, len, keys);
    for (guint i = 0; i < len; i++)
        keys[i] = profile_at(facets, i)->ask;
    cn_sort_by_keys(numbers, len, keys);
    return numbers;
}

/* ---- Giving. */

CnFacetsLen
cn_facets_len(const CnFacets *facets)
{
    return (CnFacetsLen){.profiles = facets->profiles->len,
                         .patches = facets->patches->len,
                         .bitmaps = cn_numbers_len(facets->bitmaps)};
}

guint *
cn_facets_give(CnFacets *facets, const CnFacetsLen *first, const CnFacetsLen *end)
{
    const CnMarket *market = facets->market;
    g_autofree guint *order = sort_profiles(facets);
    guint *number = g_new(guint, (gsize)facets->profiles->len + 1);
    for (guint i = 0; i < facets->profiles->len; i++) {
        CnProfile profile = *profile_at(facets, order[i]);
        profile.bits += first->bitmaps;
        profile.foreign += profile.foreign >= 0 ? (gint)first->bitmaps : 0;
        profile.patches += first->patches;
        g_array_index(market->profiles, CnProfile, first->profiles + i) = profile;
        number[order[i]] = first->profiles + i;
    }
    for (guint i = 0; i < facets->patches->len; i++)
        g_array_index(market->patches, CnPatch, first->patches + i) = *patch_at(facets, i);
    /* Blockers may have added some since. */
    for (guint i = first->bitmaps; i < end->bitmaps; i++)
        g_array_index(market->bitmaps, const guint64 *, i) = bitmap_at(facets, i - first->bitmaps);
    return number;
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
    const CnListing *listing = market->directory->listing;
    return cn_lies_outside(listing, town,
                           cn_listed_provider_of(listing, component->offering[column]));
}

/* ---- All of it. */

CnFacets *
cn_facets_new(CnMarket *market, guint component)
{
    CnFacets *facets = g_new0(CnFacets, 1);
    facets->market = market;
    facets->component = cn_market_component(market, component);
    facets->vectors = cn_numbers_new();
    facets->profile_of = g_array_new(FALSE, FALSE, sizeof(guint));
    facets->made = cn_numbers_new();
    facets->profiles = g_array_new(FALSE, FALSE, sizeof(CnProfile));
    facets->patches = g_array_new(FALSE, FALSE, sizeof(CnPatch));
    facets->bitmaps = facets->component->bitmaps = cn_numbers_new();
    facets->scratch = g_new(guint64, (gsize)facets->component->words + 1);
    cn_answers_init(&facets->answers, market, facets->component);
    return facets;
}

void
cn_facets_free(CnFacets *facets)
{
    cn_answers_clear(&facets->answers);
    cn_fact_words_clear(&facets->made_of);
    cn_numbers_free(facets->vectors);
    cn_numbers_free(facets->made);
    g_array_unref(facets->profile_of);
    g_array_unref(facets->profiles);
    g_array_unref(facets->patches);
    g_free(facets->scratch);
    g_free(facets);
}
