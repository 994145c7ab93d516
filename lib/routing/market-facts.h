/* Facts of a person and a need as bytes: see market-facts.c. */
#pragma once

#include "model/rules.h"

/* A facet: some hard rules, and the facts that they look at. */
#define CN_FACETS 11

#define CN_WRITE(bytes, value) g_byte_array_append((bytes), (const guint8 *)&(value), sizeof(value))

CnRuleMask cn_facet_rules(gsize facet);
/* Appends the facts of one facet. */
void cn_facet_write(gsize facet, GByteArray *bytes, const CnCase *person, const CnNeed *need);
/* Sets @bytes to all facts but the town and what siblings say. */
void cn_facts_write(GByteArray *bytes, guint ask, const CnCase *person, const CnNeed *need);
guint64 cn_facts_hash(const GByteArray *bytes);
