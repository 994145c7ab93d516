/* What the hard rules answer about the columns of one component, facet by facet: see market-answers.c. */
#pragma once

#include "routing/market-facts.h"
#include "routing/market-private.h"

/* The answer about languages for those of whom it is not asked. */
#define CN_NO_ANSWER (G_MAXUINT - 1)

/* The offerings of an ask that may take anybody at all, as rules look at them. */
typedef struct {
    guint len;
    guint *columns;
    CnCandidate *candidates;
    guint all; /* the answer that leaves all of them */
} CnStanding;

/* Of one component, for one thread. */
typedef struct {
    CnMarket *market;
    const CnComponent *component;
    CnQuestion nobody;
    CnStanding *standing; /* by ask of the component */
    CnNumbers *bitmaps;   /* words of the component */
    GArray **of_facts;    /* (element-type guint) by ask and kind, then by number of the
                                     * facts: an answer + 1; 0 not asked yet; NULL none */
    guint64 *scratch;     /* words of the component */
    /* The need that was asked about last. */
    guint ask;            /* in CnMarket.asks; G_MAXUINT none yet */
    const guint32 *facts; /* its row of CnMarket.facts */
    guint answers
        [CN_FACTS_NAMES]; /* numbers of @bitmaps by kind; of languages: columns that share none */
} CnAnswers;

/* Also fills the fixed costs and the standing columns of the component's asks. */
void cn_answers_init(CnAnswers *answers, CnMarket *market, const CnComponent *component);
void cn_answers_clear(CnAnswers *answers);

/* The need as the rules are asked about it, but for its way. */
CnQuestion cn_answers_question(const CnAnswers *answers, guint need);
/* Fills @facts and @answers for a need of the component. */
void cn_answers_ask(CnAnswers *answers, guint need);

static inline const guint64 *
cn_answers_words(const CnAnswers *answers, guint answer)
{
    gsize len;
    return cn_numbers_words(answers->bitmaps, answer, &len);
}

static inline const CnStanding *
cn_answers_standing(const CnAnswers *answers, guint ask)
{
    return &answers->standing[cn_market_ask(answers->market, ask)->place];
}
