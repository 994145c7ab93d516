/* Facts of a person and a need as words, kind by kind. Equal words are equal facts. */
#include "routing/market-facts.h"

#include <string.h>

#define RULE(name) CN_RULE_BIT(CN_RULE_##name)

typedef void (*WriteFacts)(CnFactWords *facts, const CnCase *person, const CnNeed *need);

static void
write_set(CnFactWords *facts, const CnTermSet *set)
{
    G_STATIC_ASSERT(sizeof *set % sizeof *facts->words == 0);
    memcpy(cn_fact_words_take(facts, sizeof *set / sizeof *facts->words), set, sizeof *set);
}

static guint64
date_word(CnDate date)
{
    return (guint64)(guint16)date.year << 16 | (guint64)(guint8)date.month << 8 |
           (guint64)(guint8)date.day;
}

/* With its end, filled up with zeros. */
static void
write_text(CnFactWords *facts, const char *text)
{
    const gsize len = strlen(text), words = len / sizeof *facts->words + 1;
    guint64 *to = cn_fact_words_take(facts, words);
    to[words - 1] = 0;
    memcpy(to, text, len);
}

static void
write_texts(CnFactWords *facts, const GPtrArray *texts)
{
    guint len = texts != NULL ? texts->len : 0;
    cn_fact_words_put(facts, len);
    for (guint i = 0; i < len; i++)
        write_text(facts, g_ptr_array_index(texts, i));
}

static void
write_avoid(CnFactWords *facts, const CnAvoid *avoid)
{
    cn_fact_words_put(facts, avoid->areas->len);
    for (guint i = 0; i < avoid->areas->len; i++)
        cn_fact_words_put(facts, (guint64)g_array_index(avoid->areas, CnAreaId, i));
    write_texts(facts, avoid->providers);
    write_texts(facts, avoid->organizations);
}

static guint64
emergency_word(const CnNeed *need)
{
    return need->urgency == CN_EMERGENCY;
}

static void
write_age(CnFactWords *facts, const CnCase *person, const CnNeed *need)
{
    (void)need;
    cn_fact_words_put(facts, (guint64)(guint16)person->age_min << 16 | (guint16)person->age_max);
}

static void
write_sex(CnFactWords *facts, const CnCase *person, const CnNeed *need)
{
    (void)need;
    cn_fact_words_put(facts, person->sex);
}

static void
write_groups(CnFactWords *facts, const CnCase *person, const CnNeed *need)
{
    (void)need;
    write_set(facts, &person->groups);
}

static void
write_access(CnFactWords *facts, const CnCase *person, const CnNeed *need)
{
    (void)need;
    write_set(facts, &person->access);
}

static void
write_documents(CnFactWords *facts, const CnCase *person, const CnNeed *need)
{
    cn_fact_words_put(facts, emergency_word(need));
    write_set(facts, &person->documents);
}

static void
write_intake(CnFactWords *facts, const CnCase *person, const CnNeed *need)
{
    (void)person;
    cn_fact_words_put(facts, emergency_word(need));
}

static void
write_remote(CnFactWords *facts, const CnCase *person, const CnNeed *need)
{
    (void)need;
    cn_fact_words_put(facts, person->remote_safe != FALSE);
}

static void
write_before(CnFactWords *facts, const CnCase *person, const CnNeed *need)
{
    (void)person;
    cn_fact_words_put(facts, date_word(need->before));
}

static void
write_assessments(CnFactWords *facts, const CnCase *person, const CnNeed *need)
{
    (void)need;
    cn_fact_words_put(facts, person->assessments->len);
    for (guint i = 0; i < person->assessments->len; i++) {
        const CnAssessment *made = &g_array_index(person->assessments, CnAssessment, i);
        cn_fact_words_put(facts, (guint64)made->kind);
        cn_fact_words_put(facts, date_word(made->on));
    }
}

static void
write_consent(CnFactWords *facts, const CnCase *person, const CnNeed *need)
{
    cn_fact_words_put(facts, emergency_word(need) << 32 | (guint64)person->consent);
    cn_fact_words_put(facts, person->consents->len);
    for (guint i = 0; i < person->consents->len; i++) {
        const CnConsent *consent = &g_array_index(person->consents, CnConsent, i);
        cn_fact_words_put(facts,
                          (guint64)consent->by << 1 | (consent->offending_guardian != FALSE));
        write_texts(facts, consent->to);
        cn_fact_words_put(facts, date_word(consent->on));
        cn_fact_words_put(facts, date_word(consent->expires));
        cn_fact_words_put(facts, date_word(consent->withdrawn));
    }
}

static void
write_safety(CnFactWords *facts, const CnCase *person, const CnNeed *need)
{
    (void)need;
    cn_fact_words_put(facts, person->offender_in_household != FALSE);
    write_avoid(facts, &person->offender);
    write_avoid(facts, &person->avoid);
}

static void
write_languages(CnFactWords *facts, const CnCase *person, const CnNeed *need)
{
    (void)need;
    write_set(facts, &person->languages);
}

static void
write_names(CnFactWords *facts, const CnCase *person, const CnNeed *need)
{
    write_texts(facts, person->known_to);
    write_texts(facts, need->prefer);
}

static const struct {
    CnRuleMask rules;
    WriteFacts write;
} facets_table[] = {
    {RULE(AGE), write_age},
    {RULE(SEX), write_sex},
    {RULE(GROUP) | RULE(NOT_FOR), write_groups},
    {RULE(ACCESS), write_access},
    {RULE(DOCUMENTS), write_documents},
    {RULE(INTAKE), write_intake},
    {RULE(REMOTE), write_remote},
    {RULE(TOO_LATE), write_before},
    {RULE(ASSESSMENT), write_assessments},
    {RULE(CONSENT), write_consent},
    {RULE(OFFENDER) | RULE(AVOIDED) | RULE(SAFETY_CHECK), write_safety},
    [CN_FACTS_LANGUAGES] = {0, write_languages},
    [CN_FACTS_NAMES] = {0, write_names},
};
G_STATIC_ASSERT(G_N_ELEMENTS(facets_table) == CN_FACTS_LEN);

CnRuleMask
cn_facet_rules(gsize facet)
{
    return facets_table[facet].rules;
}

void
cn_fact_words_write(CnFactWords *facts, const CnCase *person, const CnNeed *need)
{
    facts->len = 0;
    for (gsize kind = 0; kind < CN_FACTS_LEN; kind++) {
        facets_table[kind].write(facts, person, need);
        facts->ends[kind] = facts->len;
    }
}

void
cn_fact_words_clear(CnFactWords *facts)
{
    g_free(facts->words);
    *facts = (CnFactWords){0};
}
