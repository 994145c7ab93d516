/* How far help is from where people live: offerings of the directory seen from every town, without
 * any case. Travel, accreditation and training are those of the policy; who counts as an offering is
 * decided by the hard rules that need no person. */
#pragma once

#include "directory/directory.h"
#include "model/policy.h"

#define CN_CHILD_AGES 18 /* years 0 to 17 */

/* What is asked. Arrays may be empty, never NULL. */
typedef struct {
    const CnDirectory *directory;
    const CnPolicy *policy;
    GArray *services; /* (element-type CnPackageItem) */
    GArray *areas;    /* (element-type CnAreaId) */
    gboolean include_unconfirmed;
    gint64 now_s;
} CnReachQuestion;

/* How a service stands in an area; the first that holds. */
typedef enum {
    CN_REACH_COVERED,     /* somebody there, or who declares to serve it, has a place */
    CN_REACH_FULL,        /* they are there, and full */
    CN_REACH_CALL,        /* they are there, and nobody knows their places */
    CN_REACH_REMOTE,      /* only by phone or online */
    CN_REACH_UNCONFIRMED, /* only providers that nobody has confirmed */
    CN_REACH_PAUSED,
    CN_REACH_UNQUALIFIED, /* only providers without an accreditation or a course of the policy */
    CN_REACH_MISSING,
} CnReachState;
const char *cn_reach_state_name(CnReachState state);

/* Of whom somebody takes one: girls and boys by age, members of groups. */
typedef struct {
    guint32 ages[2]; /* bit a: of age a; [0] girls, [1] boys */
    CnTermSet groups;
} CnTaken;

/* One service in one area. */
typedef struct {
    /* Offerings seated in the area, or elsewhere and serving it, or remote. */
    guint offerings; /* that can take somebody, remote ones among them */
    guint available, full, call;
    guint remote;
    guint unconfirmed, paused, unqualified; /* that cannot */
    CnTaken taken;
    /* People of the area by how far the nearest offering is, wherever it is. */
    gint64 population;
    gint64 in_band[CN_BANDS_MOST + 1]; /* [bands_len]: beyond the last bound, or nowhere */
    gint64 within;                     /* the package's within_min, else the last bound */
    CnAreaId nearest;                  /* where the nearest one outside the area is; -1 none */
} CnReachCell;

typedef struct {
    CnReachQuestion asked;
    CnReachCell *cells; /* by service, then area */
} CnReach;

/* O(offerings * (services + areas) + towns of the areas * offerings of the services). */
void cn_reach_init(CnReach *reach, const CnReachQuestion *asked);
void cn_reach_clear(CnReach *reach);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CnReach, cn_reach_clear)

static inline const CnReachCell *
cn_reach_cell(const CnReach *reach, guint service, guint area)
{
    return &reach->cells[service * reach->asked.areas->len + area];
}

CnReachState cn_reach_state(const CnReachCell *cell);

/* Whom the candidate takes. */
CnTaken cn_taken_by(const CnQuestion *question, const CnCandidate *candidate);
/* Whom nobody takes: "boys over 12", "children under 7", "Deaf or hard of hearing"; "anybody" where
 * there is no offering. (element-type utf8) (transfer full) */
GPtrArray *cn_reach_nobody(const CnReachCell *cell, const CnVocabulary *groups);

/* Columns service, area, population, offerings, available, remote, within_<N>min (for each bound of
 * the policy), beyond, nobody (list). (transfer full) */
carenet_table *cn_reach_gaps_table(const CnReach *reach);
/* Columns area, service, state, offerings, available, remote, unconfirmed, paused, unqualified,
 * within_min, population, within, within_percent, nobody (list), detail; by area, then in the order
 * of the package. (transfer full) */
carenet_table *cn_reach_coverage_table(const CnReach *reach);
