/* Facts of needs as numbers: see market-fact-numbers.c. */
#pragma once

#include "routing/market-facts.h"
#include "routing/market-numbers.h"

/* Of the names of whoever names nobody. */
#define CN_NO_NAMES 0

/* Facts that are the same have the same number, kind by kind; 0 and up in the order of coming. */
typedef struct {
    CnNumbers *known[CN_FACTS_LEN];
    GArray *example
        [CN_FACTS_LEN]; /* (element-type guint) by number: a need that has them; none that has
                                    * CN_NO_NAMES */
    CnFactWords words;  /* of one kind */
    /* The need before. */
    const CnCase *person; /* NULL none */
    const CnNeed *need;
    guint32 numbers[CN_FACTS_LEN];
} CnFactNumbers;

void cn_fact_numbers_init(CnFactNumbers *facts);
void cn_fact_numbers_clear(CnFactNumbers *facts);
/* The numbers of a need, which is @at for whoever asks for examples. Valid until the next one. */
const guint32 *cn_fact_numbers_of(CnFactNumbers *facts,
                                  const CnCase *person,
                                  const CnNeed *need,
                                  guint at);
/* Takes all of a kind that is in @part, whose needs stand behind @needs others: the number here of each there.
 * (transfer full) */
guint32 *cn_fact_numbers_join(CnFactNumbers *facts,
                              const CnFactNumbers *part,
                              gsize kind,
                              guint needs);
