/* Who may take whom, and why not: the one ordered table of hard rules.
 *
 * find, route and batch share it. Its order is a commitment: it drives the funnel, the refusals and
 * the first binding reason alike. Rules about safety and the person come first, then those that the
 * network can mend, then reach, then free places. A rule is either broken or not; costs are
 * elsewhere. */
#pragma once

#include "model/case.h"
#include "model/listing.h"
#include "model/policy.h"
#include "model/trips.h"

typedef enum {
    CN_RULE_SERVICE,
    CN_RULE_NOT_ROUTABLE,
    CN_RULE_SUSPENDED,
    CN_RULE_CLOSED,
    CN_RULE_OFFENDER,
    CN_RULE_AVOIDED,
    CN_RULE_SAFETY_CHECK,
    CN_RULE_CO_VICTIM,
    CN_RULE_SIBLING_APART,
    CN_RULE_CONSENT,
    CN_RULE_AGE,
    CN_RULE_SEX,
    CN_RULE_GROUP,
    CN_RULE_NOT_FOR,
    CN_RULE_ASSESSMENT,
    CN_RULE_REMOTE,
    CN_RULE_SIBLINGS_FIT,
    CN_RULE_SIBLINGS_SIZE,
    CN_RULE_BUNDLE,
    CN_RULE_ACCESS,
    CN_RULE_PAUSED,
    CN_RULE_UNCONFIRMED,
    CN_RULE_ACCREDITATION,
    CN_RULE_CAPABILITY,
    CN_RULE_DOCUMENTS,
    CN_RULE_NOT_SERVED,
    CN_RULE_INTAKE,
    CN_RULE_PLUGIN,
    CN_RULE_NO_LINK,
    CN_RULE_TOO_FAR,
    CN_RULE_TOO_LATE,
    CN_RULE_UNKNOWN_CAPACITY,
    CN_RULE_FULL,
    CN_RULES_LEN,
} CnRule;
#define CN_RULE_NONE CN_RULES_LEN

typedef guint64 CnRuleMask;
#define CN_RULE_BIT(rule) ((CnRuleMask)1 << (rule))
#define CN_RULES_ALL      (((CnRuleMask)1 << CN_RULES_LEN) - 1)

/* What an offering has passed when no rule of that stage or an earlier one is broken. */
typedef enum {
    CN_STAGE_OFFERED,
    CN_STAGE_ELIGIBLE,
    CN_STAGE_REACHABLE,
    CN_STAGE_FREE
} CnStage;

guint cn_rules_len(void);
const char *cn_rule_reason(guint rule);  /* stable slug: "age", "full", ... */
const char *cn_rule_meaning(guint rule); /* one sentence for people */
CnStage cn_rule_stage(guint rule);
/* Whether an edit to the offering or its provider could mend it; never so for age, sex, consent and
 * safety. */
gboolean cn_rule_is_editable(guint rule);

/* Those of the same list who go along with a case for one need, or must not. */
typedef struct {
    GPtrArray *together;    /* (element-type CnCase) siblings that must be placed with it */
    gint32 units;           /* places for all of them, this case included */
    GPtrArray *victims_at;  /* (element-type utf8) providers of co-victims to keep apart from */
    GPtrArray *siblings_at; /* (element-type utf8) providers of siblings to keep apart from */
    GPtrArray
        *bundle_at; /* (element-type utf8) providers of needs that ask for the same one; nullable */
} CnCompanions;

/* One need put to a listing. */
typedef struct {
    const CnListing *listing;
    const CnPolicy *policy; /* NULL: no accreditation, capability, consent or document rules */
    const CnCase *person;
    const CnNeed *need;
    const CnOrigin *origin;         /* NULL: no travel */
    CnTrips *trips;                 /* ways from there that are known; NULL: none are kept */
    const CnPlugRow *plug;          /* NULL: what the model says, and nothing is added or removed */
    const CnCompanions *companions; /* NULL: nobody */
    gint64 now_s;
    CnDate today;
    guint at_min; /* minute of the week at which intake must be open */
    gboolean include_unconfirmed;
    gboolean include_unknown_capacity;
    const char *checked; /* nullable: the provider whose site was found safe for the person */
} CnQuestion;

/* One offering looked at for a question. */
typedef struct {
    const CnListing *listing;
    guint offering;
    const CnListedOffering *offered;
    const CnListedProvider *provider;
    const CnLiveCapacity *capacity;
    const CnService *service; /* of the offering: whose places are counted */
    /* The service that the person would get: what the need asks for, where the offering covers all
     * below; else the offering's own. A cover-all never gets around a gate or an accreditation. */
    CnServiceId given;
    CnTravel travel; /* meaningful where has_travel */
    gboolean has_travel;
} CnCandidate;

/* Fills @candidate; travel is computed for providers that are not remote where there is an origin. */
void cn_candidate_init(CnCandidate *candidate, const CnQuestion *question, guint offering);

/* The same without travel, for those who do not get that far; then the travel. */
void cn_candidate_look(CnCandidate *candidate, const CnQuestion *question, guint offering);
void cn_candidate_go(CnCandidate *candidate, const CnQuestion *question);

/* The rules that an offering which meets the need may break for this question: nobody is avoided where
 * the case avoids nobody. The others need not be looked at. O(services below the need). */
CnRuleMask cn_rules_of_question(const CnQuestion *question);
/* Whether the case carries an assessment of that kind, made by then. */
gboolean cn_case_has_assessment(const CnCase *person, gint kind, gint64 now_s);
/* Those for which the way must have been gone. */
#define CN_RULES_OF_TRAVEL (CN_RULE_BIT(CN_RULE_NO_LINK) | CN_RULE_BIT(CN_RULE_TOO_FAR))

/* The first broken rule of @among in the committed order, or CN_RULE_NONE. */
CnRule cn_rules_first_broken(const CnQuestion *question,
                             const CnCandidate *candidate,
                             CnRuleMask among);
/* All broken rules of @among. */
CnRuleMask cn_rules_broken(const CnQuestion *question,
                           const CnCandidate *candidate,
                           CnRuleMask among);
/* Why, in words, for a rule that is broken; nothing of the person is quoted but what the rule is
 * about. (transfer full) */
char *cn_rule_detail(const CnQuestion *question, const CnCandidate *candidate, CnRule rule);
/* What these words tell of the offering in numbers, without making them: of one question and rule, the same numbers are the
 * same words. FALSE: not numbers alone. */
typedef struct {
    guint64 bits[2];
} CnRuleNumbers;
gboolean cn_rule_numbers(const CnQuestion *question,
                         const CnCandidate *candidate,
                         CnRule rule,
                         CnRuleNumbers *out);

/* Whether @offered meets a need for @wanted: it is offered at or below it, or above it with
 * all_below. */
gboolean cn_offering_meets(const CnTaxonomy *taxonomy,
                           const CnListedOffering *offered,
                           CnServiceId wanted);
/* The need of a case for exactly @service, or NULL. */
const CnNeed *cn_case_need(const CnCase *person, CnServiceId service);
/* The question put for a sibling who goes along: its own need for the same service, alone. The way
 * is still that of @question. */
CnQuestion cn_question_of_sibling(const CnQuestion *question, const CnCase *sibling);
/* The documents that the case lacks for the offering. */
CnTermSet cn_missing_documents(const CnQuestion *question, const CnCandidate *candidate);
/* The required courses that the provider lacks on the day. */
CnTermSet cn_missing_courses(const CnQuestion *question, const CnCandidate *candidate);
/* The places that the need takes, with those who go along. */
gint32 cn_places_wanted(const CnQuestion *question);
