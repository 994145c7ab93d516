/* The parts of a case that keep somebody safe: siblings and co-victims, the offender, what to avoid,
 * assessments and consents. */
#include "format/case-reader-private.h"

/* ---- Siblings and co-victims. */

static void
read_group(CnDecode *decode, const CnNode *value, gpointer target)
{
    CnCase *c = target;
    const char *group = NULL;
    if (!cn_case_ref(decode, value, "siblings: group", &group))
        return;
    g_free(c->siblings_group);
    c->siblings_group = g_strdup(group);
}

static void
read_keep(CnDecode *decode, const CnNode *value, gpointer target)
{
    static const CnChoice choices[] = {{"require", CN_SIBLINGS_REQUIRE},
                                       {"prefer", CN_SIBLINGS_PREFER},
                                       {"apart", CN_SIBLINGS_APART}};
    CnCase *c = target;
    gint keep = CN_SIBLINGS_NONE;
    if (cn_case_choice(decode, value, "siblings: keep", choices, G_N_ELEMENTS(choices), &keep))
        c->siblings = (CnSiblings)keep;
}

void
cn_case_read_siblings(CnDecode *decode, const CnNode *value, gpointer target)
{
    /* Nothing is assumed about children who may or may not stay together: keep must be said. */
    static const CnField fields[] = {{"group", TRUE, read_group}, {"keep", FALSE, read_keep}};
    ((CnCase *)target)->siblings_pos = value->pos;
    if (cn_case_mapping(decode, value, "siblings", fields, G_N_ELEMENTS(fields), target) &&
        cn_node_is_null(cn_node_get(value, "keep")))
        cn_decode_issue(decode, CN_SEVERITY_ERROR, "missing-key", value,
                        "add keep: require, prefer or apart; in a cell GROUP:require",
                        "siblings does not say whether they stay together");
}

void
cn_case_read_keep_apart(CnDecode *decode, const CnNode *value, gpointer target)
{
    CnCase *c = target;
    c->keep_apart_pos = value->pos;
    cn_case_refs(decode, value, "keep_apart", c->keep_apart);
}

/* ---- The offender, and what else is out of the question. */

static void
read_offender_areas(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_case_areas(decode, value, "offender: areas", ((CnCase *)target)->offender.areas);
}

static void
read_offender_providers(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_case_record_ids(decode, value, "offender: providers",
                       ((CnCase *)target)->offender.providers);
}

static void
read_offender_organizations(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_case_record_ids(decode, value, "offender: organizations",
                       ((CnCase *)target)->offender.organizations);
}

static void
read_in_household(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_decode_bool(decode, value, "offender: in_household",
                   &((CnCase *)target)->offender_in_household);
}

/* For the person who reads the file; no rule of routing asks for it. A closed list, so that no
 * name can hide in it. */
static void
read_relation(CnDecode *decode, const CnNode *value, gpointer target)
{
    static const CnChoice choices[] = {
        {"parent", 0},    {"step-parent", 1}, {"partner-of-parent", 2},
        {"sibling", 3},   {"relative", 4},    {"guardian", 5},
        {"neighbor", 6},  {"teacher", 7},     {"employer", 8},
        {"authority", 9}, {"peer", 10},       {"online-only", 11},
        {"stranger", 12}, {"other", 13},      {"unknown", 14}};
    gint relation = 0;
    (void)target;
    cn_case_choice(decode, value, "offender: relation", choices, G_N_ELEMENTS(choices), &relation);
}

void
cn_case_read_offender(CnDecode *decode, const CnNode *value, gpointer target)
{
    static const CnField fields[] = {{"in_household", FALSE, read_in_household},
                                     {"relation", FALSE, read_relation},
                                     {"areas", FALSE, read_offender_areas},
                                     {"providers", FALSE, read_offender_providers},
                                     {"organizations", FALSE, read_offender_organizations}};
    cn_case_mapping(decode, value, "offender", fields, G_N_ELEMENTS(fields), target);
}

static void
read_avoid_areas(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_case_areas(decode, value, "avoid: areas", ((CnCase *)target)->avoid.areas);
}

static void
read_avoid_providers(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_case_record_ids(decode, value, "avoid: providers", ((CnCase *)target)->avoid.providers);
}

static void
read_avoid_organizations(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_case_record_ids(decode, value, "avoid: organizations",
                       ((CnCase *)target)->avoid.organizations);
}

void
cn_case_read_avoid(CnDecode *decode, const CnNode *value, gpointer target)
{
    static const CnField fields[] = {{"areas", FALSE, read_avoid_areas},
                                     {"providers", FALSE, read_avoid_providers},
                                     {"organizations", FALSE, read_avoid_organizations}};
    cn_case_mapping(decode, value, "avoid", fields, G_N_ELEMENTS(fields), target);
}

/* ---- Assessments. */

static void
read_kind(CnDecode *decode, const CnNode *value, gpointer target)
{
    gint kind = -1;
    if (cn_case_term(decode, value, "assessments: kind", CARENET_TERMS_ASSESSMENTS, &kind))
        ((CnAssessment *)target)->kind = kind;
}

static void
read_assessed_on(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_case_date(decode, value, "assessments: on", &((CnAssessment *)target)->on);
}

/* An assessment without its date opens no gate, so one that could not be read is left out. */
static void
add_assessment(CnDecode *decode, const CnNode *item, gpointer target)
{
    static const CnField fields[] = {{"kind", TRUE, read_kind}, {"on", TRUE, read_assessed_on}};
    CnAssessment assessment = {.kind = -1, .on = CN_DATE_NONE};
    cn_case_mapping(decode, item, "an assessment", fields, G_N_ELEMENTS(fields), &assessment);
    if (assessment.kind >= 0 && cn_date_is_set(assessment.on))
        g_array_append_val(((CnCase *)target)->assessments, assessment);
}

void
cn_case_read_assessments(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_decode_sequence(decode, value, "assessments", add_assessment, target);
}

/* ---- Consents. */

void
cn_case_read_consent(CnDecode *decode, const CnNode *value, gpointer target)
{
    static const CnChoice choices[] = {
        {"none", CN_CONSENT_NONE}, {"minimum", CN_CONSENT_MINIMUM}, {"full", CN_CONSENT_FULL}};
    gint level = CN_CONSENT_UNSTATED;
    if (cn_case_choice(decode, value, "consent", choices, G_N_ELEMENTS(choices), &level))
        ((CnCase *)target)->consent = (CnConsentLevel)level;
}

/* Who may consent; a guardian who offends, or of whom nobody says that he does not, may not. */
enum {
    BY_VOID = 16
};

static void
read_by(CnDecode *decode, const CnNode *value, gpointer target)
{
    static const CnChoice choices[] = {{"child-assent", CN_BY_CHILD_ASSENT},
                                       {"non-offending-guardian", CN_BY_GUARDIAN},
                                       {"lswdo", CN_BY_LSWDO},
                                       {"adult-self", CN_BY_ADULT_SELF},
                                       {"offending-guardian", BY_VOID},
                                       {"guardian", BY_VOID}};
    CnConsent *consent = target;
    gint by = CN_BY_GUARDIAN;
    if (!cn_case_choice(decode, value, "consents: by", choices, G_N_ELEMENTS(choices), &by))
        return;
    consent->offending_guardian = by == BY_VOID;
    consent->by = by == BY_VOID ? CN_BY_GUARDIAN : (CnConsentBy)by;
    if (by == BY_VOID)
        cn_decode_issue(decode, CN_SEVERITY_WARNING, "consent-void", value,
                        "ask a non-offending-guardian or the lswdo",
                        "this consent does not count: only a guardian who is known not to offend "
                        "can give it");
}

static void
read_to(CnDecode *decode, const CnNode *value, gpointer target)
{
    CnConsent *consent = target;
    const char *id = NULL;
    if (value->kind == CN_NODE_SEQUENCE)
        cn_case_record_ids(decode, value, "consents: to", consent->to);
    else if (cn_case_record_id(decode, value, "consents: to", &id))
        g_ptr_array_add(consent->to, g_strdup(id));
}

/* Consents to anything else (research, publicity) let nobody be referred: a case for routing does
 * not carry them. */
static void
read_purpose(CnDecode *decode, const CnNode *value, gpointer target)
{
    static const CnChoice choices[] = {{"referral", 0}, {"service", 1}};
    gint purpose = 0;
    (void)target;
    cn_case_choice(decode, value, "consents: purpose", choices, G_N_ELEMENTS(choices), &purpose);
}

static void
read_given_on(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_case_date(decode, value, "consents: on", &((CnConsent *)target)->on);
}

static void
read_expires(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_case_date(decode, value, "consents: expires", &((CnConsent *)target)->expires);
}

static void
read_withdrawn(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_case_date(decode, value, "consents: withdrawn", &((CnConsent *)target)->withdrawn);
}

static gboolean
is_before(CnDate later, CnDate earlier)
{
    return cn_date_is_set(later) && cn_date_is_set(earlier) &&
           cn_date_last_s(later) < cn_date_first_s(earlier);
}

static void
add_consent(CnDecode *decode, const CnNode *item, gpointer target)
{
    static const CnField fields[] = {{"by", TRUE, read_by},
                                     {"to", FALSE, read_to},
                                     {"purpose", FALSE, read_purpose},
                                     {"on", FALSE, read_given_on},
                                     {"expires", FALSE, read_expires},
                                     {"withdrawn", FALSE, read_withdrawn}};
    CnConsent consent = {.by = CN_BY_GUARDIAN, .to = g_ptr_array_new_with_free_func(g_free)};
    cn_case_mapping(decode, item, "a consent", fields, G_N_ELEMENTS(fields), &consent);
    if (is_before(consent.expires, consent.on) || is_before(consent.withdrawn, consent.on))
        cn_decode_issue(decode, CN_SEVERITY_ERROR, "impossible-value", item,
                        "check the dates of this consent",
                        "this consent ends before the day on which it was given");
    g_array_append_val(((CnCase *)target)->consents, consent);
}

void
cn_case_read_consents(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_decode_sequence(decode, value, "consents", add_consent, target);
}
