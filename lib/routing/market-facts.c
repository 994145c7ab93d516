/* Facts of a person and a need as words, kind by kind. Equal words are equal facts. */
#include "routing/market-facts.h"

#include <string.h>

#define RULE(name) CN_RULE_BIT(CN_RULE_##name)

typedef void (*WriteFacts)(CnFactWords *facts, const CnCase *person, const CnNeed *need);
typedef gboolean (*AreSame)(const CnCase *a, const CnNeed *m, const CnCase *b, const CnNeed *n);

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

/* ---- The same, seen at once: each looks at all that its kind writes. */

static gboolean
is_same_set(const CnTermSet *set, const CnTermSet *other)
{
    return memcmp(set, other, sizeof *set) == 0;
}

static gboolean
is_same_list(const GArray *list, const GArray *other)
{
    return list == other || (list->len == 0 && other->len == 0);
}

static gboolean
are_same_texts(const GPtrArray *texts, const GPtrArray *others)
{
    return texts == others ||
           ((texts == NULL || texts->len == 0) && (others == NULL || others->len == 0));
}

static gboolean
is_same_avoid(const CnAvoid *avoid, const CnAvoid *other)
{
    return is_same_list(avoid->areas, other->areas) &&
           are_same_texts(avoid->providers, other->providers) &&
           are_same_texts(avoid->organizations, other->organizations);
}

#define DEFINE_SAME(name, condition)                                                         \
    static gboolean name(const CnCase *a, const CnNeed *m, const CnCase *b, const CnNeed *n) \
    {                                                                                        \
        (void)a, (void)b, (void)m, (void)n;                                                  \
        return condition;                                                                    \
    }

DEFINE_SAME(is_same_age, a->age_min == b->age_min && a->age_max == b->age_max)
DEFINE_SAME(is_same_sex, a->sex == b->sex)
DEFINE_SAME(are_same_groups, is_same_set(&a->groups, &b->groups))
DEFINE_SAME(is_same_access, is_same_set(&a->access, &b->access))
DEFINE_SAME(are_same_documents,
            emergency_word(m) == emergency_word(n) && is_same_set(&a->documents, &b->documents))
DEFINE_SAME(is_same_intake, emergency_word(m) == emergency_word(n))
DEFINE_SAME(is_same_remote, (a->remote_safe != FALSE) == (b->remote_safe != FALSE))
DEFINE_SAME(is_same_before, date_word(m->before) == date_word(n->before))
DEFINE_SAME(are_same_assessments, is_same_list(a->assessments, b->assessments))
DEFINE_SAME(is_same_consent,
            emergency_word(m) == emergency_word(n) && a->consent == b->consent &&
                is_same_list(a->consents, b->consents))
DEFINE_SAME(is_same_safety,
            (a->offender_in_household != FALSE) == (b->offender_in_household != FALSE) &&
                is_same_avoid(&a->offender, &b->offender) && is_same_avoid(&a->avoid, &b->avoid))
DEFINE_SAME(are_same_languages, is_same_set(&a->languages, &b->languages))
DEFINE_SAME(are_same_names,
            are_same_texts(a->known_to, b->known_to) && are_same_texts(m->prefer, n->prefer))

static const struct {
    CnRuleMask rules;
    WriteFacts write;
    AreSame are_same;
} facets_table[] = {
    {RULE(AGE), write_age, is_same_age},
    {RULE(SEX), write_sex, is_same_sex},
    {RULE(GROUP) | RULE(NOT_FOR), write_groups, are_same_groups},
    {RULE(ACCESS), write_access, is_same_access},
    {RULE(DOCUMENTS), write_documents, are_same_documents},
    {RULE(INTAKE), write_intake, is_same_intake},
    {RULE(REMOTE), write_remote, is_same_remote},
    {RULE(TOO_LATE), write_before, is_same_before},
    {RULE(ASSESSMENT), write_assessments, are_same_assessments},
    {RULE(CONSENT), write_consent, is_same_consent},
    {RULE(OFFENDER) | RULE(AVOIDED) | RULE(SAFETY_CHECK), write_safety, is_same_safety},
    [CN_FACTS_LANGUAGES] = {0, write_languages, are_same_languages},
    [CN_FACTS_NAMES] = {0, write_names, are_same_names},
};
G_STATIC_ASSERT(G_N_ELEMENTS(facets_table) == CN_FACTS_LEN);

CnRuleMask
cn_facet_rules(gsize facet)
{
    return facets_table[facet].rules;
}

gboolean
cn_facts_are_same(gsize kind,
                  const CnCase *person,
                  const CnNeed *need,
                  const CnCase *other,
                  const CnNeed *other_need)
{
    return facets_table[kind].are_same(person, need, other, other_need);
}

void
cn_fact_words_write_kind(CnFactWords *facts, gsize kind, const CnCase *person, const CnNeed *need)
{
    facts->len = 0;
    facets_table[kind].write(facts, person, need);
}

void
cn_fact_words_write(CnFactWords *facts, const CnCase *person, const CnNeed *need)
{
    facts->len = 0;
    for (gsize kind = 0; kind < CN_FACTS_LEN; kind++)
        facets_table[kind].write(facts, person, need);
}

void
cn_fact_words_clear(CnFactWords *facts)
{
    g_free(facts->words);
    *facts = (CnFactWords){0};
}
