/* Facts of a person and a need as bytes: see market-facts.c. */
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

/* Arrays that facts are written to have this much room from the beginning. */
#define CN_FACTS_ROOM 1024

static inline void
cn_facts_append(GByteArray *bytes, gconstpointer data, guint len)
{
    if (bytes->len + len > CN_FACTS_ROOM) {
        g_byte_array_append(bytes, data, len);
        return;
    }
    memcpy(bytes->data + bytes->len, data, len);
    bytes->len += len;
}

#define CN_WRITE(bytes, value) cn_facts_append((bytes), &(value), sizeof(value))

CnRuleMask cn_facet_rules(gsize facet);
/* Appends the facts of one facet or CnFactsKind to an array that was made with CN_FACTS_ROOM. */
void cn_facet_write(gsize facet, GByteArray *bytes, const CnCase *person, const CnNeed *need);
guint64 cn_facts_hash(gconstpointer bytes, guint len);
