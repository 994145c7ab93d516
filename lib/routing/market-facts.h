/* Facts of a person and a need as words: see market-facts.c. */
#pragma once

#include "model/rules.h"

#include <string.h>

/* A facet: some hard rules, and the facts that they look at. */
#define CN_FACETS 11

/* Facts of one kind that belong to no rule. */
typedef enum {
    CN_FACTS_LANGUAGES = CN_FACETS,
    CN_FACTS_NAMES, /* whom the case knows and whom the need prefers */
    CN_FACTS_LEN
} CnFactsKind;

/* Those of one need, one kind after the other. Begins as zeros; see cn_fact_words_clear(). */
typedef struct {
    guint64 *words;
    gsize len, room;
} CnFactWords;

/* Room for @len words more, to be filled by the caller. */
static inline guint64 *
cn_fact_words_take(CnFactWords *facts, gsize len)
{
    if (G_UNLIKELY(facts->len + len > facts->room)) {
        facts->room = MAX(2 * facts->room, facts->len + len);
        facts->words = g_renew(guint64, facts->words, facts->room);
    }
    facts->len += len;
    return facts->words + facts->len - len;
}

static inline void
cn_fact_words_put(CnFactWords *facts, guint64 word)
{
    *cn_fact_words_take(facts, 1) = word;
}

CnRuleMask cn_facet_rules(gsize facet);
/* Whether the facts of a kind are seen to be those of another person and need, which is quicker than writing
 * them down. Equal lists may be missed. */
gboolean cn_facts_are_same(gsize kind,
                           const CnCase *person,
                           const CnNeed *need,
                           const CnCase *other,
                           const CnNeed *other_need);
/* Those of one kind in the place of what was written before. */
void cn_fact_words_write_kind(CnFactWords *facts,
                              gsize kind,
                              const CnCase *person,
                              const CnNeed *need);
/* In the place of what was written before. */
void cn_fact_words_write(CnFactWords *facts, const CnCase *person, const CnNeed *need);
void cn_fact_words_clear(CnFactWords *facts);
