/* What the programme of a network built: bodies, plans, ordinances, trainings, and the pseudonymous
 * facts about cases that its indicators count.
 *
 * Each kind of record is told by one table of fields, by which it is read, written, compared and
 * stored. Some of them make up what a record is (a training: course, day, place, audience); the others
 * may be corrected. */
#pragma once

#include "base/date.h"
#include "base/issue.h"
#include "model/reference.h"

typedef enum {
    CN_PROGRAMME_ACTORS,
    CN_PROGRAMME_BODIES,
    CN_PROGRAMME_MEETINGS, /* of bodies; in a file they stand inside their body */
    CN_PROGRAMME_PLANS,
    CN_PROGRAMME_ORDINANCES,
    CN_PROGRAMME_PROTOCOLS,
    CN_PROGRAMME_TRAININGS,
    CN_PROGRAMME_TALLIES,
    CN_PROGRAMME_STARTS,
    CN_PROGRAMME_CARE_PLANS,
    CN_PROGRAMME_KINDS,
} CnProgrammeKind;

/* Every record begins with its place and its id, which follows from what it is but for bodies, whose id
 * is given: NULL until cn_programme_identify(). Texts are interned in the network. A list of texts is
 * one text with a line for each; NULL where it is empty. */

typedef struct {
    CnPos pos;
    const char *id;
} CnProgrammeRecord;

typedef struct {
    CnPos pos;
    const char *id;
    const char *name;
    const char *role;
} CnActor;

typedef struct {
    CnPos pos;
    const char *id;
    const char *kind;
    const char *name;
    CnAreaId area;
    CnDate formed_on;
    const char *members; /* list: ids of organizations and providers, never persons */
} CnBody;

typedef struct {
    CnPos pos;
    const char *id;
    const char *body; /* its id */
    CnDate on;
    const char *kind;
} CnMeeting;

typedef struct {
    CnPos pos;
    const char *id;
    CnAreaId area;
    CnDate conducted_on, adopted_on, until;
} CnStrategicPlan;

typedef struct {
    CnPos pos;
    const char *id;
    CnAreaId area;
    const char *title;
    CnDate passed_on, implemented_on;
} CnOrdinance;

typedef struct {
    CnPos pos;
    const char *id;
    const char *title;
    CnAreaId area;
    CnDate adopted_on;
    const char *policy; /* id of a policy */
} CnProtocol;

typedef struct {
    CnPos pos;
    const char *id;
    gint course; /* term of the courses; -1: another one, told by its title */
    const char *title;
    CnDate on;
    CnAreaId area;
    const char *audience;
    gint64 participants;
    const char *organization;
} CnTraining;

typedef struct {
    CnPos pos;
    const char *id;
    const char *indicator;
    CnAreaId area;
    gint64 value;
    CnDate on;
    const char *source;
} CnTally;

/* A service that started for a case: a referral that was not made with carenet. */
typedef struct {
    CnPos pos;
    const char *id;
    const char *ref; /* of the case, opaque */
    CnServiceId service;
    CnAreaId area; /* where the case lives */
    CnDate on;
} CnStart;

/* A reintegration plan. */
typedef struct {
    CnPos pos;
    const char *id;
    const char *ref;
    CnAreaId area;
    CnDate on, review_on;
    const char *status;
    const char *goals; /* list */
    const char *needs; /* list: services by id */
} CnCarePlan;

typedef struct {
    const char *region; /* id of the region file that it stands in; NULL: the network's */
    gboolean example;
    CnDate from, until;
    CnDate network_formed_on;
    gint64 network_members;              /* -1 not stated */
    GArray *records[CN_PROGRAMME_KINDS]; /* (element-type of the kind) */
    guint
        lists; /* bit 1 << kind: the file has a list of them; what it has none of it says nothing of */
    CnPos pos;
} CnProgramme;

CnProgramme *cn_programme_new(void);
void cn_programme_free(CnProgramme *programme);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CnProgramme, cn_programme_free)

/* ---- Kinds and their fields. */

typedef enum {
    CN_FACT_TEXT,
    CN_FACT_ID,
    CN_FACT_REF,  /* of a case: opaque, and never something personal */
    CN_FACT_WORD, /* one of `words` */
    CN_FACT_DATE,
    CN_FACT_COUNT, /* gint64, not negative */
    CN_FACT_AREA,
    CN_FACT_SERVICE,
    CN_FACT_COURSE,
    CN_FACT_TEXTS, /* list */
    CN_FACT_IDS,   /* list */
    CN_FACT_SERVICES,
} CnFactKind;

typedef struct {
    const char *key;
    CnFactKind kind;
    gsize offset;
    gboolean required;
    gboolean identifies;      /* part of what the record is */
    const char *const *words; /* NULL-terminated */
} CnFact;

#define CN_FACTS_MOST 8

typedef struct {
    const char *key;  /* of the list in a file */
    const char *noun; /* of one record in messages */
    gsize size;
    CnFact facts[CN_FACTS_MOST];
    guint facts_len;
} CnProgrammeTable;

const CnProgrammeTable *cn_programme_table(CnProgrammeKind kind);
/* Code, id or slug of what a handle of @fact (a place, service or course) stands for, which stays where its number
 * changes with the reference data; NULL where it is not known. Ids of records are made of it. */
const char *cn_fact_handle_name(const CnReference *reference, const CnFact *fact, gint32 handle);
/* A record of which nothing is known. */
void cn_programme_blank(CnProgrammeKind kind, gpointer record);
/* Record @i of a kind. */
gconstpointer cn_programme_get(const CnProgramme *programme, CnProgrammeKind kind, guint i);

/* ---- What a record is. */

/* Order by what the records are, then by the rest: 0 for equal records only. */
gint cn_programme_compare(CnProgrammeKind kind, gconstpointer a, gconstpointer b);
/* Puts every list in this order, so that any source gives one. */
void cn_programme_sort(CnProgramme *programme);
/* The same, and gives every record that has none the id of what it is, in the file that it stands in:
 * "training-4f0c2a9d1b7e3856". Equal ones are told apart by their number. @strings keeps the ids. */
void cn_programme_identify(CnProgramme *programme,
                           const CnReference *reference,
                           GStringChunk *strings);
