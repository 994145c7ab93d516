/* Facts of a person and a need as bytes, facet by facet. Equal bytes are equal facts. */
#include "routing/market-facts.h"

#include <string.h>

#define RULE(name) CN_RULE_BIT(CN_RULE_##name)

typedef void (*WriteFacts)(GByteArray *bytes, const CnCase *person, const CnNeed *need);

static void
write_date(GByteArray *bytes, CnDate date)
{
    gint32 fields[] = {date.year, date.month, date.day};
    CN_WRITE(bytes, fields);
}

static void
write_texts(GByteArray *bytes, const GPtrArray *texts)
{
    guint len = texts != NULL ? texts->len : 0;
    CN_WRITE(bytes, len);
    for (guint i = 0; i < len; i++)
        cn_facts_append(bytes, g_ptr_array_index(texts, i),
                        (guint)strlen(g_ptr_array_index(texts, i)) + 1);
}

static void
write_avoid(GByteArray *bytes, const CnAvoid *avoid)
{
    CN_WRITE(bytes, avoid->areas->len);
    if (avoid->areas->len > 0)
        cn_facts_append(bytes, avoid->areas->data, (guint)(avoid->areas->len * sizeof(CnAreaId)));
    write_texts(bytes, avoid->providers);
    write_texts(bytes, avoid->organizations);
}

static void
write_emergency(GByteArray *bytes, const CnNeed *need)
{
    guint8 emergency = need->urgency == CN_EMERGENCY;
    CN_WRITE(bytes, emergency);
}

static void
write_age(GByteArray *bytes, const CnCase *person, const CnNeed *need)
{
    (void)need;
    CN_WRITE(bytes, person->age_min);
    CN_WRITE(bytes, person->age_max);
}

static void
write_sex(GByteArray *bytes, const CnCase *person, const CnNeed *need)
{
    (void)need;
    guint8 sex = (guint8)person->sex;
    CN_WRITE(bytes, sex);
}

static void
write_groups(GByteArray *bytes, const CnCase *person, const CnNeed *need)
{
    (void)need;
    CN_WRITE(bytes, person->groups);
}

static void
write_access(GByteArray *bytes, const CnCase *person, const CnNeed *need)
{
    (void)need;
    CN_WRITE(bytes, person->access);
}

static void
write_documents(GByteArray *bytes, const CnCase *person, const CnNeed *need)
{
    write_emergency(bytes, need);
    CN_WRITE(bytes, person->documents);
}

static void
write_intake(GByteArray *bytes, const CnCase *person, const CnNeed *need)
{
    (void)person;
    write_emergency(bytes, need);
}

static void
write_remote(GByteArray *bytes, const CnCase *person, const CnNeed *need)
{
    (void)need;
    guint8 safe = person->remote_safe != FALSE;
    CN_WRITE(bytes, safe);
}

static void
write_before(GByteArray *bytes, const CnCase *person, const CnNeed *need)
{
    (void)person;
    write_date(bytes, need->before);
}

static void
write_assessments(GByteArray *bytes, const CnCase *person, const CnNeed *need)
{
    (void)need;
    CN_WRITE(bytes, person->assessments->len);
    for (guint i = 0; i < person->assessments->len; i++) {
        const CnAssessment *made = &g_array_index(person->assessments, CnAssessment, i);
        CN_WRITE(bytes, made->kind);
        write_date(bytes, made->on);
    }
}

static void
write_consent(GByteArray *bytes, const CnCase *person, const CnNeed *need)
{
    guint8 level = (guint8)person->consent;
    write_emergency(bytes, need);
    CN_WRITE(bytes, level);
    CN_WRITE(bytes, person->consents->len);
    for (guint i = 0; i < person->consents->len; i++) {
        const CnConsent *consent = &g_array_index(person->consents, CnConsent, i);
        guint8 by = (guint8)consent->by, offending = consent->offending_guardian != FALSE;
        CN_WRITE(bytes, by);
        CN_WRITE(bytes, offending);
        write_texts(bytes, consent->to);
        write_date(bytes, consent->on);
        write_date(bytes, consent->expires);
        write_date(bytes, consent->withdrawn);
    }
}

static void
write_safety(GByteArray *bytes, const CnCase *person, const CnNeed *need)
{
    (void)need;
    guint8 household = person->offender_in_household != FALSE;
    CN_WRITE(bytes, household);
    write_avoid(bytes, &person->offender);
    write_avoid(bytes, &person->avoid);
}

static void
write_languages(GByteArray *bytes, const CnCase *person, const CnNeed *need)
{
    (void)need;
    CN_WRITE(bytes, person->languages);
}

static void
write_names(GByteArray *bytes, const CnCase *person, const CnNeed *need)
{
    write_texts(bytes, person->known_to);
    write_texts(bytes, need->prefer);
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
cn_facet_write(gsize facet, GByteArray *bytes, const CnCase *person, const CnNeed *need)
{
    facets_table[facet].write(bytes, person, need);
}

guint64
cn_facts_hash(gconstpointer bytes, guint len)
{
    const guint8 *data = bytes;
    guint64 hash = len, word;
    guint i = 0;
    for (; i + sizeof word <= len; i += sizeof word) {
        memcpy(&word, data + i, sizeof word);
        hash = (hash ^ word) * G_GUINT64_CONSTANT(0x9E3779B97F4A7C15);
        hash ^= hash >> 29;
    }
    for (word = 0; i < len; i++)
        word = word << 8 | data[i];
    hash = (hash ^ word) * G_GUINT64_CONSTANT(0xC2B2AE3D27D4EB4F);
    return hash ^ (hash >> 32);
}
