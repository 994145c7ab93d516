/* The kinds of programme record and their fields. */
#include "model/programme.h"

#include <string.h>

static const char *const roles[] = {"funder", "implementer", "partner", "supporter", NULL};
static const char *const bodies[] = {"working-group", "survivor-network", "council", NULL};
static const char *const meetings[] = {"general-assembly", "regular", "special", NULL};
static const char *const audiences[] = {"social-workers", "mental-health-providers",
                                        "practitioners",  "individuals",
                                        "caregivers",     "survivors",
                                        "officials",      NULL};
static const char *const statuses[] = {"draft", "active", "on-hold", "completed", "revoked", NULL};

#define FACT(record, name, kind, field, required)                                     \
    {                                                                                 \
        name, CN_FACT_##kind, G_STRUCT_OFFSET(record, field), (required), FALSE, NULL \
    }
#define WORD(record, name, field, required, words)                                   \
    {                                                                                \
        name, CN_FACT_WORD, G_STRUCT_OFFSET(record, field), (required), FALSE, words \
    }
/* Part of what the record is. */
#define KEY(record, name, kind, field, required)                                     \
    {                                                                                \
        name, CN_FACT_##kind, G_STRUCT_OFFSET(record, field), (required), TRUE, NULL \
    }
#define KEY_WORD(record, name, field, words)                                  \
    {                                                                         \
        name, CN_FACT_WORD, G_STRUCT_OFFSET(record, field), TRUE, TRUE, words \
    }

static const CnProgrammeTable tables[CN_PROGRAMME_KINDS] = {
    [CN_PROGRAMME_ACTORS] = {"actors",
                             "actor",
                             sizeof(CnActor),
                             {KEY(CnActor, "name", TEXT, name, TRUE),
                              KEY_WORD(CnActor, "role", role, roles)},
                             2},
    [CN_PROGRAMME_BODIES] = {"bodies",
                             "body",
                             sizeof(CnBody),
                             {KEY(CnBody, "id", ID, id, TRUE),
                              WORD(CnBody, "kind", kind, TRUE, bodies),
                              FACT(CnBody, "name", TEXT, name, TRUE),
                              FACT(CnBody, "area", AREA, area, TRUE),
                              FACT(CnBody, "formed_on", DATE, formed_on, FALSE),
                              FACT(CnBody, "members", IDS, members, FALSE)},
                             6},
    [CN_PROGRAMME_MEETINGS] = {"meetings",
                               "meeting",
                               sizeof(CnMeeting),
                               {KEY(CnMeeting, "on", DATE, on, TRUE),
                                KEY_WORD(CnMeeting, "kind", kind, meetings)},
                               2},
    [CN_PROGRAMME_PLANS] = {"strategic_plans",
                            "strategic plan",
                            sizeof(CnStrategicPlan),
                            {KEY(CnStrategicPlan, "area", AREA, area, TRUE),
                             KEY(CnStrategicPlan, "conducted_on", DATE, conducted_on, TRUE),
                             FACT(CnStrategicPlan, "adopted_on", DATE, adopted_on, FALSE),
                             FACT(CnStrategicPlan, "until", DATE, until, FALSE)},
                            4},
    [CN_PROGRAMME_ORDINANCES] = {"ordinances",
                                 "ordinance",
                                 sizeof(CnOrdinance),
                                 {KEY(CnOrdinance, "area", AREA, area, TRUE),
                                  KEY(CnOrdinance, "title", TEXT, title, TRUE),
                                  FACT(CnOrdinance, "passed_on", DATE, passed_on, FALSE),
                                  FACT(CnOrdinance, "implemented_on", DATE, implemented_on, FALSE)},
                                 4},
    [CN_PROGRAMME_PROTOCOLS] = {"protocols",
                                "protocol",
                                sizeof(CnProtocol),
                                {KEY(CnProtocol, "title", TEXT, title, TRUE),
                                 KEY(CnProtocol, "area", AREA, area, TRUE),
                                 FACT(CnProtocol, "adopted_on", DATE, adopted_on, FALSE),
                                 FACT(CnProtocol, "policy", ID, policy, FALSE)},
                                4},
    [CN_PROGRAMME_TRAININGS] = {"trainings",
                                "training",
                                sizeof(CnTraining),
                                {KEY(CnTraining, "course", COURSE, course, FALSE),
                                 KEY(CnTraining, "title", TEXT, title, FALSE),
                                 KEY(CnTraining, "on", DATE, on, TRUE),
                                 KEY(CnTraining, "area", AREA, area, TRUE),
                                 KEY_WORD(CnTraining, "audience", audience, audiences),
                                 FACT(CnTraining, "participants", COUNT, participants, TRUE),
                                 KEY(CnTraining, "organization", ID, organization, FALSE)},
                                7},
    [CN_PROGRAMME_TALLIES] = {"tallies",
                              "tally",
                              sizeof(CnTally),
                              {KEY(CnTally, "indicator", ID, indicator, TRUE),
                               KEY(CnTally, "area", AREA, area, FALSE),
                               FACT(CnTally, "value", COUNT, value, TRUE),
                               KEY(CnTally, "on", DATE, on, TRUE),
                               KEY(CnTally, "source", TEXT, source, TRUE)},
                              5},
    [CN_PROGRAMME_STARTS] = {"started",
                             "start",
                             sizeof(CnStart),
                             {KEY(CnStart, "case", REF, ref, TRUE),
                              KEY(CnStart, "service", SERVICE, service, TRUE),
                              FACT(CnStart, "area", AREA, area, TRUE),
                              KEY(CnStart, "on", DATE, on, TRUE)},
                             4},
    [CN_PROGRAMME_CARE_PLANS] = {"care_plans",
                                 "care plan",
                                 sizeof(CnCarePlan),
                                 {KEY(CnCarePlan, "case", REF, ref, TRUE),
                                  FACT(CnCarePlan, "area", AREA, area, TRUE),
                                  KEY(CnCarePlan, "on", DATE, on, TRUE),
                                  FACT(CnCarePlan, "review_on", DATE, review_on, FALSE),
                                  WORD(CnCarePlan, "status", status, TRUE, statuses),
                                  FACT(CnCarePlan, "goals", TEXTS, goals, FALSE),
                                  FACT(CnCarePlan, "needs", SERVICES, needs, FALSE)},
                                 7},
};

const CnProgrammeTable *
cn_programme_table(CnProgrammeKind kind)
{
    return &tables[kind];
}

void
cn_programme_blank(CnProgrammeKind kind, gpointer record)
{
    const CnProgrammeTable *table = &tables[kind];
    memset(record, 0, table->size);
    for (guint i = 0; i < table->facts_len; i++) {
        const CnFact *fact = &table->facts[i];
        if (fact->kind == CN_FACT_AREA || fact->kind == CN_FACT_SERVICE ||
            fact->kind == CN_FACT_COURSE)
            *(gint32 *)((char *)record + fact->offset) = -1;
    }
}

const char *
cn_fact_handle_name(const CnReference *reference, const CnFact *fact, gint32 handle)
{
    if (handle < 0)
        return NULL;
    if (fact->kind == CN_FACT_AREA)
        return cn_area(reference->gazetteer, handle)->code;
    if (fact->kind == CN_FACT_SERVICE)
        return cn_service(reference->taxonomy, handle)->id;
    return cn_term(reference->terms[CARENET_TERMS_COURSES], handle)->id;
}

gconstpointer
cn_programme_get(const CnProgramme *programme, CnProgrammeKind kind, guint i)
{
    return programme->records[kind]->data + i * tables[kind].size;
}

CnProgramme *
cn_programme_new(void)
{
    CnProgramme *programme = g_new0(CnProgramme, 1);
    programme->network_members = -1;
    for (guint kind = 0; kind < CN_PROGRAMME_KINDS; kind++)
        programme->records[kind] = g_array_new(FALSE, TRUE, (guint)tables[kind].size);
    return programme;
}

void
cn_programme_free(CnProgramme *programme)
{
    if (programme == NULL)
        return;
    for (guint kind = 0; kind < CN_PROGRAMME_KINDS; kind++)
        g_array_unref(programme->records[kind]);
    g_free(programme);
}
