/* Case files: one record, a list of records, or a record with the key cases. The values are read by
 * case-reader.c, needs by case-needs.c, what keeps somebody safe by case-safety.c. */
#include "format/case-file.h"

#include "format/case-reader-private.h"

#include <stdlib.h>
#include <string.h>

static void
read_ref(CnDecode *decode, const CnNode *value, gpointer target)
{
    CnCase *c = target;
    const char *ref = NULL;
    c->ref_pos = value->pos;
    if (!cn_case_ref(decode, value, "ref", &ref))
        return;
    g_free(c->ref);
    c->ref = g_strdup(ref);
}

static void
read_area(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_case_area(decode, value, "area", &((CnCase *)target)->area);
}

static void
read_age(CnDecode *decode, const CnNode *value, gpointer target)
{
    CnCase *c = target;
    gint32 age = -1;
    if (cn_case_int(decode, value, "age", 0, CN_AGE_MOST, &age))
        c->age_min = c->age_max = (gint16)age;
}

/* One to three digits; the end of them. */
static const char *
parse_years(const char *text, gint *out)
{
    gsize len = strspn(text, "0123456789");
    if (len == 0 || len > 3)
        return NULL;
    *out = (gint)g_ascii_strtoll(text, NULL, 10);
    return text + len;
}

/* "13-17", "18+". It is not known where in the band somebody is, so an offering must take all of it;
 * an open band ends where offerings that take anybody older end, too. */
static gboolean
parse_age_band(const char *text, gint *out_min, gint *out_max)
{
    const char *rest = parse_years(text, out_min);
    if (rest == NULL)
        return FALSE;
    if (strcmp(rest, "+") == 0) {
        *out_max = MAX(*out_min, CN_AGE_OPEN);
    } else {
        rest = *rest == '-' ? parse_years(rest + 1, out_max) : NULL;
        if (rest == NULL || *rest != '\0')
            return FALSE;
    }
    return *out_min <= *out_max && *out_max <= CN_AGE_MOST;
}

static void
read_age_band(CnDecode *decode, const CnNode *value, gpointer target)
{
    CnCase *c = target;
    const char *text = NULL;
    gint min = 0, max = 0;
    if (!cn_case_text(decode, value, "age_band", CN_CASE_NAME_MOST, &text))
        return;
    if (!parse_age_band(text, &min, &max)) {
        cn_decode_issue(decode, CN_SEVERITY_ERROR, "impossible-value", value,
                        "write it as in \"13-17\" or \"18+\"", "age_band is not a band of ages");
        return;
    }
    c->age_min = (gint16)min;
    c->age_max = (gint16)max;
}

static void
read_sex(CnDecode *decode, const CnNode *value, gpointer target)
{
    static const CnChoice choices[] = {
        {"female", CN_SEX_FEMALE}, {"male", CN_SEX_MALE}, {"unstated", CN_SEX_UNSTATED}};
    gint sex = CN_SEX_UNSTATED;
    if (cn_case_choice(decode, value, "sex", choices, G_N_ELEMENTS(choices), &sex))
        ((CnCase *)target)->sex = (CnSex)sex;
}

static void
read_languages(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_case_terms(decode, value, "languages", CARENET_TERMS_LANGUAGES,
                  &((CnCase *)target)->languages);
}

static void
read_groups(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_case_terms(decode, value, "groups", CARENET_TERMS_GROUPS, &((CnCase *)target)->groups);
}

static void
read_access(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_case_terms(decode, value, "access", CARENET_TERMS_ACCESS, &((CnCase *)target)->access);
}

static void
read_documents(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_case_terms(decode, value, "documents", CARENET_TERMS_DOCUMENTS,
                  &((CnCase *)target)->documents);
}

static void
read_urgency(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_case_urgency(decode, value, &((CnCase *)target)->urgency);
}

static void
read_known_to(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_case_record_ids(decode, value, "known_to", ((CnCase *)target)->known_to);
}

static void
read_remote_safe(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_decode_bool(decode, value, "remote_safe", &((CnCase *)target)->remote_safe);
}

static void
read_max_travel(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_case_int(decode, value, "max_travel_min", 1, CN_TRAVEL_LIMIT_MOST,
                &((CnCase *)target)->max_travel_min);
}

static void
read_responsible_office(CnDecode *decode, const CnNode *value, gpointer target)
{
    CnCase *c = target;
    const char *id = NULL;
    if (!cn_case_record_id(decode, value, "responsible_office", &id))
        return;
    g_free(c->responsible_office);
    c->responsible_office = g_strdup(id);
}

static void
read_court_area(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_case_area(decode, value, "court_area", &((CnCase *)target)->court_area);
}

static void
read_custody_order(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_decode_bool(decode, value, "custody_order", &((CnCase *)target)->custody_order);
}

/* needs is not required here: cn_cases_check() tells a case without any need. */
static const CnField case_fields[] = {
    {"ref", TRUE, read_ref},
    {"area", TRUE, read_area},
    {"age", FALSE, read_age},
    {"age_band", FALSE, read_age_band},
    {"sex", FALSE, read_sex},
    {"languages", FALSE, read_languages},
    {"groups", FALSE, read_groups},
    {"access", FALSE, read_access},
    {"urgency", FALSE, read_urgency},
    {"needs", FALSE, cn_case_read_needs},
    {"bundle", FALSE, cn_case_read_bundle},
    {"siblings", FALSE, cn_case_read_siblings},
    {"keep_apart", FALSE, cn_case_read_keep_apart},
    {"known_to", FALSE, read_known_to},
    {"offender", FALSE, cn_case_read_offender},
    {"avoid", FALSE, cn_case_read_avoid},
    {"assessments", FALSE, cn_case_read_assessments},
    {"documents", FALSE, read_documents},
    {"remote_safe", FALSE, read_remote_safe},
    {"max_travel_min", FALSE, read_max_travel},
    {"responsible_office", FALSE, read_responsible_office},
    {"court_area", FALSE, read_court_area},
    {"custody_order", FALSE, read_custody_order},
    {"consent", FALSE, cn_case_read_consent},
    {"consents", FALSE, cn_case_read_consents},
};

const CnField *
cn_case_field(const char *key)
{
    for (gsize i = 0; i < G_N_ELEMENTS(case_fields); i++)
        if (strcmp(case_fields[i].key, key) == 0)
            return &case_fields[i];
    return NULL;
}

/* The urgency of a case is that of its needs, wherever it stands in the text. */
static void
prepare_urgency(const CnNode *node, CnCase *c)
{
    const CnNode *urgency = cn_node_get(node, "urgency");
    if (urgency != NULL && urgency->kind == CN_NODE_SCALAR)
        cn_urgency_parse(urgency->text, &c->urgency);
}

/* What two keys of one case say against each other. */
static void
check_case(CnDecode *decode, const CnNode *node, const CnCase *c)
{
    const CnNode *band = cn_node_get(node, "age_band"), *consent = cn_node_get(node, "consent");
    if (!cn_node_is_null(cn_node_get(node, "age")) && !cn_node_is_null(band))
        cn_decode_issue(decode, CN_SEVERITY_ERROR, "contradiction", band,
                        "keep age, or age_band where the age is not known",
                        "age and age_band stand side by side");
    if (!cn_node_is_null(consent) && c->consents->len > 0)
        cn_decode_issue(decode, CN_SEVERITY_WARNING, "contradiction", consent,
                        "keep consents, which say more",
                        "consent is not looked at where consents are listed");
    const CnNode *consents = cn_node_get(node, "consents");
    for (guint i = 0; i < c->consents->len; i++)
        if (g_array_index(c->consents, CnConsent, i).by == CN_BY_ADULT_SELF && c->age_max >= 0 &&
            c->age_min < 18)
            cn_decode_issue(decode, CN_SEVERITY_ERROR, "contradiction", consents->items[i],
                            "by: child-assent, with a consent of the guardian or the lswdo",
                            "adult-self is not for a survivor who is, or may be, under 18");
}

CnCase *
cn_case_read(CnDecode *decode, const CnNode *node)
{
    g_autoptr(CnCase) c = cn_case_new();
    c->pos = node->pos;
    prepare_urgency(node, c);
    if (!cn_case_mapping(decode, node, "a case", case_fields, G_N_ELEMENTS(case_fields), c))
        return NULL;
    check_case(decode, node, c);
    return g_steal_pointer(&c);
}

static void
add_case(CnDecode *decode, const CnNode *node, gpointer target)
{
    GPtrArray *cases = target; /* (element-type CnCase) */
    CnCase *c = cn_case_read(decode, node);
    if (c != NULL)
        g_ptr_array_add(cases, c);
}

/* As many findings as a list keeps are enough to stop: near misses are looked for in a gazetteer of
 * thousands of names, and a hostile list must not cost hours. */
static void
add_case_unless_hopeless(CnDecode *decode, const CnNode *node, gpointer target)
{
    if (cn_issue_list_len(decode->issues) < CN_ISSUES_MOST)
        add_case(decode, node, target);
}

static void
read_list(CnDecode *decode, const CnNode *node, gpointer target)
{
    if (cn_decode_sequence(decode, node, "cases", add_case_unless_hopeless, target) &&
        node->len == 0)
        cn_decode_issue(decode, CN_SEVERITY_ERROR, "no-case", node,
                        "carenet template case prints a start", "the list holds no case");
}

void
cn_cases_text_read(const char *text,
                   gsize len,
                   const char *name,
                   const CnReference *reference,
                   carenet_cases_flags flags,
                   GPtrArray *cases,
                   CnIssueList *issues)
{
    static const CnField list_fields[] = {{"cases", TRUE, read_list}};
    CnCaseReader reader = {reference, (flags & CARENET_CASES_ALLOW_PERSONAL_DATA) != 0};
    CnDecode decode = {.issues = issues, .hide_values = TRUE, .data = &reader};
    const char *file = g_intern_string(name);
    guint errors = cn_issue_list_errors(issues);
    g_autoptr(CnYaml) yaml = cn_yaml_parse(text, len, file, NULL, TRUE, issues);
    const CnNode *root = yaml != NULL ? cn_yaml_root(yaml) : NULL;
    if (root == NULL) {
        /* A file that was refused for its size has no text, and its issue already. */
        if (text != NULL && cn_issue_list_errors(issues) == errors)
            cn_issue_add(issues, CN_SEVERITY_ERROR, "no-case", (CnPos){file, 1, 1},
                         "carenet template case prints a start", "the file holds no case");
    } else if (root->kind == CN_NODE_SEQUENCE) {
        read_list(&decode, root, cases);
    } else if (cn_node_get(root, "cases") != NULL) {
        cn_case_mapping(&decode, root, "a list of cases", list_fields, G_N_ELEMENTS(list_fields),
                        cases);
    } else {
        add_case(&decode, root, cases);
    }
}
