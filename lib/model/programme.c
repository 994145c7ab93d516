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

#define FACT(record, key, kind, field, required)                              \
    {                                                                         \
        key, CN_FACT_##kind, G_STRUCT_OFFSET(record, field), (required), NULL \
    }
#define WORD(record, key, field, required, words)                            \
    {                                                                        \
        key, CN_FACT_WORD, G_STRUCT_OFFSET(record, field), (required), words \
    }

static const CnProgrammeTable tables[CN_PROGRAMME_KINDS] = {
    [CN_PROGRAMME_ACTORS] = {"actors",
                             "actor",
                             sizeof(CnActor),
                             {FACT(CnActor, "name", TEXT, name, TRUE),
                              WORD(CnActor, "role", role, TRUE, roles)},
                             2},
    [CN_PROGRAMME_BODIES] = {"bodies",
                             "body",
                             sizeof(CnBody),
                             {FACT(CnBody, "id", ID, id, TRUE),
                              WORD(CnBody, "kind", kind, TRUE, bodies),
                              FACT(CnBody, "name", TEXT, name, TRUE),
                              FACT(CnBody, "area", AREA, area, TRUE),
                              FACT(CnBody, "formed_on", DATE, formed_on, FALSE),
                              FACT(CnBody, "members", IDS, members, FALSE)},
                             6},
    [CN_PROGRAMME_MEETINGS] = {"meetings",
                               "meeting",
                               sizeof(CnMeeting),
                               {FACT(CnMeeting, "on", DATE, on, TRUE),
                                WORD(CnMeeting, "kind", kind, TRUE, meetings)},
                               2},
    [CN_PROGRAMME_PLANS] = {"strategic_plans",
                            "strategic plan",
                            sizeof(CnStrategicPlan),
                            {FACT(CnStrategicPlan, "area", AREA, area, TRUE),
                             FACT(CnStrategicPlan, "conducted_on", DATE, conducted_on, TRUE),
                             FACT(CnStrategicPlan, "adopted_on", DATE, adopted_on, FALSE),
                             FACT(CnStrategicPlan, "until", DATE, until, FALSE)},
                            4},
    [CN_PROGRAMME_ORDINANCES] = {"ordinances",
                                 "ordinance",
                                 sizeof(CnOrdinance),
                                 {FACT(CnOrdinance, "area", AREA, area, TRUE),
                                  FACT(CnOrdinance, "title", TEXT, title, TRUE),
                                  FACT(CnOrdinance, "passed_on", DATE, passed_on, FALSE),
                                  FACT(CnOrdinance, "implemented_on", DATE, implemented_on, FALSE)},
                                 4},
    [CN_PROGRAMME_PROTOCOLS] = {"protocols",
                                "protocol",
                                sizeof(CnProtocol),
                                {FACT(CnProtocol, "title", TEXT, title, TRUE),
                                 FACT(CnProtocol, "area", AREA, area, TRUE),
                                 FACT(CnProtocol, "adopted_on", DATE, adopted_on, FALSE),
                                 FACT(CnProtocol, "policy", ID, policy, FALSE)},
                                4},
    [CN_PROGRAMME_TRAININGS] = {"trainings",
                                "training",
                                sizeof(CnTraining),
                                {FACT(CnTraining, "course", COURSE, course, FALSE),
                                 FACT(CnTraining, "title", TEXT, title, FALSE),
                                 FACT(CnTraining, "on", DATE, on, TRUE),
                                 FACT(CnTraining, "area", AREA, area, TRUE),
                                 WORD(CnTraining, "audience", audience, TRUE, audiences),
                                 FACT(CnTraining, "participants", COUNT, participants, TRUE),
                                 FACT(CnTraining, "organization", ID, organization, FALSE)},
                                7},
    [CN_PROGRAMME_TALLIES] = {"tallies",
                              "tally",
                              sizeof(CnTally),
                              {FACT(CnTally, "indicator", ID, indicator, TRUE),
                               FACT(CnTally, "area", AREA, area, FALSE),
                               FACT(CnTally, "value", COUNT, value, TRUE),
                               FACT(CnTally, "on", DATE, on, TRUE),
                               FACT(CnTally, "source", TEXT, source, TRUE)},
                              5},
    [CN_PROGRAMME_STARTS] = {"started",
                             "start",
                             sizeof(CnStart),
                             {FACT(CnStart, "case", REF, ref, TRUE),
                              FACT(CnStart, "service", SERVICE, service, TRUE),
                              FACT(CnStart, "area", AREA, area, TRUE),
                              FACT(CnStart, "on", DATE, on, TRUE)},
                             4},
    [CN_PROGRAMME_CARE_PLANS] = {"care_plans",
                                 "care plan",
                                 sizeof(CnCarePlan),
                                 {FACT(CnCarePlan, "case", REF, ref, TRUE),
                                  FACT(CnCarePlan, "area", AREA, area, TRUE),
                                  FACT(CnCarePlan, "on", DATE, on, TRUE),
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
