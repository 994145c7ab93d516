/* A case as routing sees it: a pseudonymous reference and facts. Its text never enters a message. */
#pragma once

#include "base/date.h"
#include "model/network.h"

#define CN_REF_MOST          64  /* characters of a reference */
#define CN_AGE_MOST          120 /* years */
#define CN_AGE_OPEN          99  /* the end of an open age band ("18+"): offerings write [18, 99] */
#define CN_UNITS_MOST        1000    /* places that one need may ask for */
#define CN_TRAVEL_LIMIT_MOST 100000  /* minutes */
#define CN_CASES_MOST        4000000 /* cases of one list */

typedef enum {
    CN_EMERGENCY,
    CN_URGENT,
    CN_ROUTINE
} CnUrgency;
typedef enum {
    CN_SIBLINGS_NONE,
    CN_SIBLINGS_REQUIRE,
    CN_SIBLINGS_PREFER,
    CN_SIBLINGS_APART
} CnSiblings;
/* Whether several needs of a case are to be met by one provider. */
typedef enum {
    CN_BUNDLE_NONE,
    CN_BUNDLE_PREFER,  /* each provider more costs */
    CN_BUNDLE_REQUIRE, /* whoever takes one of them takes all that anybody takes */
} CnBundle;
typedef enum {
    CN_CONSENT_UNSTATED,
    CN_CONSENT_NONE,
    CN_CONSENT_MINIMUM,
    CN_CONSENT_FULL
} CnConsentLevel;
typedef enum {
    CN_BY_CHILD_ASSENT,
    CN_BY_GUARDIAN,
    CN_BY_LSWDO,
    CN_BY_ADULT_SELF
} CnConsentBy;

gboolean cn_urgency_parse(const char *text, CnUrgency *out);
const char *cn_urgency_name(CnUrgency urgency);
gboolean cn_sex_parse(const char *text, CnSex *out); /* female, male, unstated */
/* Whether @text has the shape of an opaque reference: 1 to 64 of A-Z, a-z, 0-9 and "._:-". */
gboolean cn_ref_is_valid(const char *text);

typedef struct {
    CnServiceId service;
    CnUrgency urgency;
    gint32 units;      /* 1 to 1000 */
    GPtrArray *prefer; /* (element-type utf8) provider or offering ids; nullable */
    CnDate before;     /* needed by the end of this day */
    CnPos pos;
} CnNeed;

typedef struct {
    gint kind; /* term of the assessments */
    CnDate on;
} CnAssessment;

typedef struct {
    CnConsentBy by;
    gboolean offending_guardian; /* given by a guardian who is the offender: void */
    GPtrArray *to;               /* (element-type utf8) provider ids; empty or NULL: anybody */
    CnDate on;
    CnDate expires;
    CnDate withdrawn;
} CnConsent;

typedef enum {
    CN_CONSENT_GIVEN,
    CN_CONSENT_NOT_RECORDED, /* nobody wrote down whether there is one */
    CN_CONSENT_REFUSED,
} CnConsentAnswer;

/* Whether anything of the case may go to @provider at that time. Structured consents (element-type
 * CnConsent) decide where there are any: one must be in scope and come from somebody who may consent
 * alone; a child's assent never does. Else the shorthand @level says it. */
CnConsentAnswer cn_consent_to(const GArray *consents,
                              CnConsentLevel level,
                              const char *provider,
                              gint64 now_s);

/* Areas, providers and organizations that are out of the question. */
typedef struct {
    GArray *areas;            /* (element-type CnAreaId) */
    GPtrArray *providers;     /* (element-type utf8) */
    GPtrArray *organizations; /* (element-type utf8) */
} CnAvoid;

typedef struct {
    char *ref;
    CnAreaId area;
    gint16 age_min, age_max; /* equal for a known age; -1 unknown */
    CnSex sex;
    CnTermSet languages, groups, access, documents;
    CnUrgency urgency;
    GArray *needs;        /* (element-type CnNeed) */
    char *siblings_group; /* nullable */
    CnSiblings siblings;
    CnBundle bundle;
    GArray *bundle_services; /* (element-type CnServiceId) of the needs of the bundle; NULL: all */
    GPtrArray *keep_apart;   /* (element-type utf8) references */
    GPtrArray *known_to;     /* (element-type utf8) provider ids */
    gboolean offender_in_household;
    CnAvoid offender, avoid;
    GArray *assessments; /* (element-type CnAssessment) */
    gboolean remote_safe;
    gint32 max_travel_min; /* 0 no limit */
    char *responsible_office;
    CnAreaId court_area; /* -1 none */
    gboolean custody_order;
    CnConsentLevel consent;
    GArray *consents; /* (element-type CnConsent) */
    CnPos pos;
    CnPos ref_pos, needs_pos, siblings_pos, bundle_pos,
        keep_apart_pos; /* for cn_cases_check(); unset: no file */
} CnCase;

/* Whether a need of @c belongs to its bundle. */
gboolean cn_case_bundles(const CnCase *c, const CnNeed *need);
/* The first need whose service another one before it names, which no list may hold: siblings and bundles go by service.
 * -1: none. */
gint cn_case_repeated_need(const CnCase *c);

/* The public carenet_cases. */
struct carenet_cases {
    gatomicrefcount refs;
    CnReference *reference;
    GPtrArray *cases;   /* (element-type CnCase), owned */
    GHashTable *by_ref; /* (element-type utf8) borrowed from the cases; see cn_cases_append() */
    char *refused;      /* the rows of a list that were left out, as they stood; nullable */
    guint refused_len;
};
G_DEFINE_AUTOPTR_CLEANUP_FUNC(carenet_cases, carenet_cases_unref)

/* A case with nothing known; arrays made and empty. (transfer full) */
CnCase *cn_case_new(void);
void cn_case_free(CnCase *c);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CnCase, cn_case_free)
void cn_need_clear(gpointer need);
/* Lets @c use the arrays of @empty, a case with nothing known, wherever its own hold nothing. What is
 * shared is never written again: for the last step of a reader of long lists. */
void cn_case_share_empty(CnCase *c, const CnCase *empty);
/* cn_case_new() and cn_case_share_empty() in one, without making anything. (transfer full) */
CnCase *cn_case_new_like(const CnCase *empty);
/* Takes @c unless another case of the list has its reference; then FALSE. Cost: O(1). */
gboolean cn_cases_append(carenet_cases *cases, CnCase *c);

/* Checks one list as a whole. Errors: duplicate references, cases without a need, keep_apart that
 * names the case itself or a sibling who must stay, a bundle of a service that the case does not need.
 * Warnings: a sibling group of one, siblings who differ about staying together, keep_apart that names
 * nobody in the list, a bundle of one. Messages quote no fact. */
void cn_cases_check(const GPtrArray *cases, CnIssueList *issues);
/* The same; sets @unsound, one a case, to TRUE for those that have an error. */
void cn_cases_check_each(const GPtrArray *cases, CnIssueList *issues, gboolean *unsound);
