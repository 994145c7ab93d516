/* Cases are large and lie anywhere in memory, and what they say is mostly what others say, too. So their facts
 * are numbered once, while the list is read, and nothing after that looks at a case again but for an example of
 * each number and for the few that name a provider. */
#include "routing/market-fact-numbers.h"

static guint32
number_of(CnFactNumbers *facts, gsize kind, const guint64 *words, gsize len, guint need)
{
    const guint number = cn_numbers_of(facts->known[kind], words, len);
    if (number == facts->example[kind]->len)
        g_array_append_val(facts->example[kind], need);
    return number;
}

static void
number_nobody(CnFactNumbers *facts)
{
    g_autoptr(CnCase) nobody = cn_case_new();
    const CnNeed need = {.urgency = CN_ROUTINE, .units = 1};
    CnFactWords *words = &facts->words;
    cn_fact_words_write_kind(words, CN_FACTS_NAMES, nobody, &need);
    number_of(facts, CN_FACTS_NAMES, words->words, words->len, G_MAXUINT);
}

void
cn_fact_numbers_init(CnFactNumbers *facts)
{
    *facts = (CnFactNumbers){.person = NULL};
    for (gsize kind = 0; kind < CN_FACTS_LEN; kind++) {
        facts->known[kind] = cn_numbers_new();
        facts->example[kind] = g_array_new(FALSE, FALSE, sizeof(guint));
    }
    number_nobody(facts);
}

void
cn_fact_numbers_clear(CnFactNumbers *facts)
{
    for (gsize kind = 0; kind < CN_FACTS_LEN; kind++) {
        g_clear_pointer(&facts->known[kind], cn_numbers_free);
        g_clear_pointer(&facts->example[kind], g_array_unref);
    }
    cn_fact_words_clear(&facts->words);
}

/* Most facts are those of the need before: only what differs is looked up. */
const guint32 *
cn_fact_numbers_of(CnFactNumbers *facts, const CnCase *person, const CnNeed *need, guint at)
{
    CnFactWords *words = &facts->words;
    for (gsize kind = 0; kind < CN_FACTS_LEN; kind++) {
        if (facts->person != NULL &&
            cn_facts_are_same(kind, person, need, facts->person, facts->need))
            continue;
        cn_fact_words_write_kind(words, kind, person, need);
        facts->numbers[kind] = number_of(facts, kind, words->words, words->len, at);
    }
    facts->person = person;
    facts->need = need;
    return facts->numbers;
}

guint32 *
cn_fact_numbers_join(CnFactNumbers *facts, const CnFactNumbers *part, gsize kind, guint needs)
{
    const guint len = cn_numbers_len(part->known[kind]);
    guint32 *numbers = g_new(guint32, (gsize)len + 1);
    for (guint i = 0; i < len; i++) {
        gsize words_len;
        const guint64 *words = cn_numbers_words(part->known[kind], i, &words_len);
        numbers[i] = number_of(facts, kind, words, words_len,
                               needs + g_array_index(part->example[kind], guint, i));
    }
    return numbers;
}
