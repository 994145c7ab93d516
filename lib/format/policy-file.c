/* Policy files: every key that routing reads is required, every number is bounded, and all findings
 * come in one run. The order is that of data/policy.yaml. */
#include "format/policy-file.h"

#include "base/error.h"
#include "base/text.h"
#include "format/yaml.h"

#define NAME_MOST    120
#define SPEED_MOST   1000 /* km/h */
#define DETOUR_MOST  1000 /* percent */
#define DAYS_MOST    3650
#define HOURS_MOST   8760
#define MINUTES_MOST 100000
#define ID_MOST      200

static const CnReference *
reference_of(const CnDecode *decode)
{
    return decode->data;
}

/* ---- Whole numbers: one handler each, told by what it is called and how large it may be. */

static void
read_number(CnDecode *decode,
            const CnNode *value,
            const char *what,
            gint64 least,
            gint64 most,
            gint32 *out)
{
    gint64 number = 0;
    if (cn_decode_int(decode, value, what, least, most, &number))
        *out = (gint32)number;
}

#define DEFINE_NUMBER(handler, what, least, most, field)                             \
    static void handler(CnDecode *decode, const CnNode *value, gpointer target)      \
    {                                                                                \
        read_number(decode, value, what, least, most, &((CnPolicy *)target)->field); \
    }

DEFINE_NUMBER(read_land, "land_km_per_h", 1, SPEED_MOST, speeds.land_km_per_h)
DEFINE_NUMBER(read_detour, "detour_percent", 100, DETOUR_MOST, speeds.detour_percent)
DEFINE_NUMBER(read_sea, "sea_km_per_h", 1, SPEED_MOST, speeds.sea_km_per_h)
DEFINE_NUMBER(read_boarding, "boarding_min", 0, MINUTES_MOST, speeds.boarding_min)
DEFINE_NUMBER(read_per_min, "cost_per_min", 0, CN_COST_MOST, travel_cost_per_min)
DEFINE_NUMBER(read_no_link, "no_link_cost", 0, CN_COST_MOST, no_link_cost)
DEFINE_NUMBER(read_wait_per_day, "wait: cost_per_day", 0, CN_COST_MOST, wait_cost_per_day)
DEFINE_NUMBER(read_unknown_days, "unknown_days", 0, DAYS_MOST, wait_unknown_days)
DEFINE_NUMBER(read_none_shared, "none_shared", 0, CN_COST_MOST, language_none_shared)
DEFINE_NUMBER(read_after_days, "after_days", 0, DAYS_MOST, stale_after_days)
DEFINE_NUMBER(read_stale_per_day, "stale: cost_per_day", 0, CN_COST_MOST, stale_cost_per_day)
DEFINE_NUMBER(read_stale_most, "most", 0, CN_COST_MOST, stale_most)
DEFINE_NUMBER(read_hours, "emergency_hours", 1, HOURS_MOST, emergency_hours)
DEFINE_NUMBER(read_leave_region, "leave_region", 0, CN_COST_MOST, leave_region)
DEFINE_NUMBER(read_new_provider, "new_provider", 0, CN_COST_MOST, new_provider)
DEFINE_NUMBER(read_siblings_apart, "siblings_apart", 0, CN_COST_MOST, siblings_apart)
DEFINE_NUMBER(read_other_provider, "other_provider", 0, CN_COST_MOST, other_provider)
DEFINE_NUMBER(read_not_preferred, "not_preferred", 0, CN_COST_MOST, not_preferred)

/* ---- Who the policy is. */

static void
read_id(CnDecode *decode, const CnNode *value, gpointer target)
{
    CnPolicy *policy = target;
    const char *id = NULL;
    if (!cn_decode_text(decode, value, "policy: id", NAME_MOST, &id))
        return;
    if (!cn_text_is_slug(id)) {
        cn_decode_issue(decode, CN_SEVERITY_ERROR, "impossible-value", value,
                        "use a-z, 0-9 and single hyphens, such as my-region-2027",
                        "policy: id is not an id");
        return;
    }
    g_free(policy->id);
    policy->id = g_strdup(id);
}

static void
read_name(CnDecode *decode, const CnNode *value, gpointer target)
{
    CnPolicy *policy = target;
    const char *name = NULL;
    if (!cn_decode_text(decode, value, "policy: name", NAME_MOST, &name))
        return;
    g_free(policy->name);
    policy->name = g_strdup(name);
}

static void
read_policy(CnDecode *decode, const CnNode *value, gpointer target)
{
    static const CnField fields[] = {{"id", TRUE, read_id}, {"name", TRUE, read_name}};
    cn_decode_mapping(decode, value, "policy", fields, G_N_ELEMENTS(fields), target);
}

/* ---- Travel, waiting, staleness, languages. */

static void
add_band(CnDecode *decode, const CnNode *item, gpointer target)
{
    CnPolicy *policy = target;
    gint64 bound = 0;
    if (!cn_decode_int(decode, item, "bands_min", 1, MINUTES_MOST, &bound))
        return;
    if (policy->bands_len > 0 && bound <= policy->bands_min[policy->bands_len - 1])
        cn_decode_issue(decode, CN_SEVERITY_ERROR, "not-ascending", item,
                        "write the bounds from the smallest to the largest",
                        "bands_min must ascend");
    else if (policy->bands_len < CN_BANDS_MOST)
        policy->bands_min[policy->bands_len++] = (gint32)bound;
}

static void
read_bands(CnDecode *decode, const CnNode *value, gpointer target)
{
    if (!cn_decode_sequence(decode, value, "bands_min", add_band, target))
        return;
    if (value->len < 1 || value->len > CN_BANDS_MOST)
        cn_decode_issue(decode, CN_SEVERITY_ERROR, "impossible-value", value, NULL,
                        "bands_min must hold 1 to %d bounds", CN_BANDS_MOST);
}

static void
read_travel(CnDecode *decode, const CnNode *value, gpointer target)
{
    static const CnField fields[] = {
        {"land_km_per_h", TRUE, read_land},   {"detour_percent", TRUE, read_detour},
        {"sea_km_per_h", TRUE, read_sea},     {"boarding_min", TRUE, read_boarding},
        {"cost_per_min", TRUE, read_per_min}, {"no_link_cost", TRUE, read_no_link},
        {"bands_min", TRUE, read_bands}};
    cn_decode_mapping(decode, value, "travel", fields, G_N_ELEMENTS(fields), target);
}

static void
read_wait(CnDecode *decode, const CnNode *value, gpointer target)
{
    static const CnField fields[] = {{"cost_per_day", TRUE, read_wait_per_day},
                                     {"unknown_days", TRUE, read_unknown_days}};
    cn_decode_mapping(decode, value, "wait", fields, G_N_ELEMENTS(fields), target);
}

static void
read_stale(CnDecode *decode, const CnNode *value, gpointer target)
{
    static const CnField fields[] = {{"after_days", TRUE, read_after_days},
                                     {"cost_per_day", TRUE, read_stale_per_day},
                                     {"most", TRUE, read_stale_most},
                                     {"emergency_hours", TRUE, read_hours}};
    cn_decode_mapping(decode, value, "stale", fields, G_N_ELEMENTS(fields), target);
}

static void
read_languages(CnDecode *decode, const CnNode *value, gpointer target)
{
    static const CnField fields[] = {{"none_shared", TRUE, read_none_shared}};
    cn_decode_mapping(decode, value, "languages", fields, G_N_ELEMENTS(fields), target);
}

/* ---- Restrictiveness. */

static void
read_levels(CnDecode *decode, const CnNode *value, gpointer target)
{
    CnPolicy *policy = target;
    gint64 before = 0;
    if (value->kind != CN_NODE_SEQUENCE || value->len != CN_LEVELS) {
        cn_decode_issue(decode, CN_SEVERITY_ERROR,
                        value->kind == CN_NODE_SEQUENCE ? "impossible-value" : "wrong-type", value,
                        "one weight for each of: parent, kin, foster care, independent living, "
                        "emergency shelter, residential care",
                        "levels must be a list of %d weights", CN_LEVELS);
        return;
    }
    for (guint i = 0; i < CN_LEVELS; i++) {
        gint64 level = 0;
        if (!cn_decode_int(decode, value->items[i], "levels", 0, CN_COST_MOST, &level))
            continue;
        if (level < before)
            cn_decode_issue(decode, CN_SEVERITY_WARNING, "not-ascending", value->items[i],
                            "let the weights ascend",
                            "a more restrictive arrangement costs less than the one before it");
        before = level;
        policy->restrictiveness[i] = (gint32)level;
    }
}

static void
read_restrictiveness(CnDecode *decode, const CnNode *value, gpointer target)
{
    static const CnField fields[] = {{"levels", TRUE, read_levels}};
    cn_decode_mapping(decode, value, "restrictiveness", fields, G_N_ELEMENTS(fields), target);
}

/* ---- Rules about services. */

static gboolean
decode_service(CnDecode *decode, const CnNode *value, CnServiceId *out)
{
    g_autoptr(GError) error = NULL;
    const char *text = NULL;
    if (!cn_decode_text(decode, value, "service", NAME_MOST, &text))
        return FALSE;
    if (cn_service_resolve(reference_of(decode)->taxonomy, text, out, &error))
        return TRUE;
    gboolean several = carenet_error_get_code(error) == CARENET_ERROR_INVALID_ARGUMENT;
    cn_decode_issue(decode, CN_SEVERITY_ERROR, several ? "ambiguous-service" : "unknown-service",
                    value, carenet_error_get_hint(error), "%s", error->message);
    return FALSE;
}

/* A rule of capabilities while it is read. */
typedef struct {
    CnCapabilityRule rule;
    gboolean has_cost;
} RuleTarget;

static void
read_rule_service(CnDecode *decode, const CnNode *value, gpointer target)
{
    decode_service(decode, value, &((RuleTarget *)target)->rule.service);
}

static void
read_rule_course(CnDecode *decode, const CnNode *value, gpointer target)
{
    const CnVocabulary *courses = reference_of(decode)->terms[CARENET_TERMS_COURSES];
    RuleTarget *rule = target;
    const char *text = NULL;
    if (!cn_decode_text(decode, value, "course", NAME_MOST, &text))
        return;
    gint course = cn_term_find(courses, text);
    if (course >= 0) {
        rule->rule.course = course;
        return;
    }
    g_autofree char *suggestion = cn_term_did_you_mean(courses, text);
    cn_decode_issue(decode, CN_SEVERITY_ERROR, "unknown-term", value, suggestion,
                    "no course is called \"%s\"", text);
}

static void
read_rule_required(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_decode_bool(decode, value, "required", &((RuleTarget *)target)->rule.required);
}

static void
read_rule_cost(CnDecode *decode, const CnNode *value, gpointer target)
{
    RuleTarget *rule = target;
    rule->has_cost = TRUE;
    read_number(decode, value, "cost", 0, CN_COST_MOST, &rule->rule.cost);
}

static void
add_capability(CnDecode *decode, const CnNode *item, gpointer target)
{
    static const CnField fields[] = {{"service", TRUE, read_rule_service},
                                     {"course", TRUE, read_rule_course},
                                     {"required", TRUE, read_rule_required},
                                     {"cost", FALSE, read_rule_cost}};
    RuleTarget rule = {.rule = {.service = CN_SERVICE_NONE, .course = -1}};
    if (!cn_decode_mapping(decode, item, "a rule of capabilities", fields, G_N_ELEMENTS(fields),
                           &rule))
        return;
    if (rule.rule.required && rule.has_cost)
        cn_decode_issue(decode, CN_SEVERITY_WARNING, "contradiction", item, "remove cost",
                        "a required capability has no cost: nobody without it is chosen");
    else if (!rule.rule.required && !rule.has_cost)
        cn_decode_issue(decode, CN_SEVERITY_ERROR, "missing-key", item, "add \"cost: ...\"",
                        "a capability that is only preferred needs the key \"cost\"");
    if (rule.rule.service >= 0 && rule.rule.course >= 0)
        g_array_append_val(((CnPolicy *)target)->capabilities, rule.rule);
}

static void
read_capabilities(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_decode_sequence(decode, value, "capabilities", add_capability, target);
}

/* The target of these two is a list of services. */
static void
add_service(CnDecode *decode, const CnNode *item, gpointer target)
{
    CnServiceId service = CN_SERVICE_NONE;
    if (decode_service(decode, item, &service))
        g_array_append_val((GArray *)target, service);
}

static void
add_accredited(CnDecode *decode, const CnNode *item, gpointer target)
{
    static const CnField fields[] = {{"service", TRUE, add_service}};
    cn_decode_mapping(decode, item, "a rule of accreditation", fields, G_N_ELEMENTS(fields),
                      target);
}

static void
read_accreditation(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_decode_sequence(decode, value, "accreditation", add_accredited,
                       ((CnPolicy *)target)->accreditation);
}

static void
read_without(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_decode_sequence(decode, value, "without", add_service,
                       ((CnPolicy *)target)->without_consent);
}

static void
read_consent(CnDecode *decode, const CnNode *value, gpointer target)
{
    static const CnField fields[] = {{"without", TRUE, read_without}};
    cn_decode_mapping(decode, value, "consent", fields, G_N_ELEMENTS(fields), target);
}

static void
read_never_block(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_decode_sequence(decode, value, "never_block", add_service,
                       ((CnPolicy *)target)->documents_never_block);
}

static void
read_documents(CnDecode *decode, const CnNode *value, gpointer target)
{
    static const CnField fields[] = {{"never_block", TRUE, read_never_block}};
    cn_decode_mapping(decode, value, "documents", fields, G_N_ELEMENTS(fields), target);
}

/* ---- The minimum package. */

static void
read_item_service(CnDecode *decode, const CnNode *value, gpointer target)
{
    decode_service(decode, value, &((CnPackageItem *)target)->service);
}

static void
read_item_within(CnDecode *decode, const CnNode *value, gpointer target)
{
    read_number(decode, value, "within_min", 1, MINUTES_MOST,
                &((CnPackageItem *)target)->within_min);
}

static gboolean
is_in_package(const GArray *package, CnServiceId service)
{
    for (guint i = 0; i < package->len; i++)
        if (g_array_index(package, CnPackageItem, i).service == service)
            return TRUE;
    return FALSE;
}

static void
add_item(CnDecode *decode, const CnNode *item, gpointer target)
{
    static const CnField fields[] = {{"service", TRUE, read_item_service},
                                     {"within_min", FALSE, read_item_within}};
    GArray *package = ((CnPolicy *)target)->minimum_package;
    CnPackageItem read = {.service = CN_SERVICE_NONE};
    if (!cn_decode_mapping(decode, item, "a service of minimum_package", fields,
                           G_N_ELEMENTS(fields), &read) ||
        read.service == CN_SERVICE_NONE)
        return;
    if (is_in_package(package, read.service))
        cn_decode_issue(decode, CN_SEVERITY_ERROR, "impossible-value", item,
                        "keep one of the entries", "minimum_package names \"%s\" twice",
                        cn_service(reference_of(decode)->taxonomy, read.service)->id);
    else
        g_array_append_val(package, read);
}

static void
read_package(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_decode_sequence(decode, value, "minimum_package", add_item, target);
}

/* ---- Quotas. */

static void
read_quota_id(CnDecode *decode,
              const CnNode *value,
              CnQuotaKind kind,
              const char *what,
              CnQuota *quota)
{
    const char *id = NULL;
    if (!cn_decode_text(decode, value, what, ID_MOST, &id))
        return;
    g_free(quota->id);
    quota->kind = kind;
    quota->id = g_strdup(id);
}

static void
read_quota_offering(CnDecode *decode, const CnNode *value, gpointer target)
{
    read_quota_id(decode, value, CN_QUOTA_OFFERING, "offering", target);
}

static void
read_quota_provider(CnDecode *decode, const CnNode *value, gpointer target)
{
    read_quota_id(decode, value, CN_QUOTA_PROVIDER, "provider", target);
}

static void
read_quota_area(CnDecode *decode, const CnNode *value, gpointer target)
{
    g_autoptr(GError) error = NULL;
    CnQuota *quota = target;
    const char *text = NULL;
    if (!cn_decode_text(decode, value, "area", NAME_MOST, &text))
        return;
    quota->kind = CN_QUOTA_AREA;
    if (cn_area_resolve_hint(reference_of(decode)->gazetteer, text,
                             cn_issue_list_wants_hint(decode->issues), &quota->area, &error))
        return;
    gboolean several = carenet_error_get_code(error) == CARENET_ERROR_INVALID_ARGUMENT;
    cn_decode_issue(decode, CN_SEVERITY_ERROR, several ? "ambiguous-area" : "unknown-area", value,
                    carenet_error_get_hint(error), "%s", error->message);
}

static void
read_quota_places(CnDecode *decode, const CnNode *value, gpointer target)
{
    gint64 places = 0;
    if (cn_decode_int(decode, value, "places", 0, CN_QUOTA_PLACES_MOST, &places))
        ((CnQuota *)target)->places = places;
}

static gboolean
is_same_quota(const CnQuota *a, const CnQuota *b)
{
    return a->kind == b->kind && a->area == b->area && g_strcmp0(a->id, b->id) == 0;
}

static guint
count_keys(const CnNode *item, const char *const *keys)
{
    guint found = 0;
    for (guint i = 0; i < item->len; i++)
        found += g_strv_contains(keys, item->items[2 * (gsize)i]->text) ? 1 : 0;
    return found;
}

static void
add_quota(CnDecode *decode, const CnNode *item, gpointer target)
{
    static const CnField fields[] = {{"offering", FALSE, read_quota_offering},
                                     {"provider", FALSE, read_quota_provider},
                                     {"area", FALSE, read_quota_area},
                                     {"places", TRUE, read_quota_places}};
    static const char *const whose[] = {"offering", "provider", "area", NULL};
    GArray *quotas = ((CnPolicy *)target)->quotas;
    CnQuota quota = {.area = CN_AREA_NONE, .places = -1, .pos = item->pos};
    gboolean read =
        cn_decode_mapping(decode, item, "a quota", fields, G_N_ELEMENTS(fields), &quota);
    if (read && count_keys(item, whose) != 1) {
        cn_decode_issue(decode, CN_SEVERITY_ERROR, "contradiction", item,
                        "name one of them: offering, provider or area",
                        "a quota is of one offering, one provider or one area");
        read = FALSE;
    }
    for (guint i = 0; read && i < quotas->len; i++)
        if (is_same_quota(&g_array_index(quotas, CnQuota, i), &quota)) {
            cn_decode_issue(decode, CN_SEVERITY_ERROR, "impossible-value", item,
                            "keep one of the entries", "quotas name the same twice");
            read = FALSE;
        }
    if (read && quota.places >= 0 && (quota.id != NULL || quota.area != CN_AREA_NONE))
        g_array_append_val(quotas, quota);
    else
        g_free(quota.id);
}

static void
read_quotas(CnDecode *decode, const CnNode *value, gpointer target)
{
    if (!cn_decode_sequence(decode, value, "quotas", add_quota, target))
        return;
    if (value->len > CN_QUOTAS_MOST)
        cn_decode_issue(decode, CN_SEVERITY_ERROR, "impossible-value", value, NULL,
                        "a policy has at most %d quotas", CN_QUOTAS_MOST);
}

/* ---- Fairness. */

static void
read_above(CnDecode *decode, const CnNode *value, gpointer target)
{
    read_number(decode, value, "above_percent", 0, 99, &((CnFairStep *)target)->above_percent);
}

static void
read_step_cost(CnDecode *decode, const CnNode *value, gpointer target)
{
    read_number(decode, value, "fairness: cost", 1, CN_COST_MOST, &((CnFairStep *)target)->cost);
}

/* Costs that fall would send people to where most are, and be no flow. */
static void
add_step(CnDecode *decode, const CnNode *item, gpointer target)
{
    static const CnField fields[] = {{"above_percent", TRUE, read_above},
                                     {"cost", TRUE, read_step_cost}};
    GArray *steps = ((CnPolicy *)target)->fairness;
    CnFairStep step = {.above_percent = -1};
    if (!cn_decode_mapping(decode, item, "a step of fairness", fields, G_N_ELEMENTS(fields),
                           &step) ||
        step.above_percent < 0 || step.cost < 1)
        return;
    const CnFairStep *before =
        steps->len > 0 ? &g_array_index(steps, CnFairStep, steps->len - 1) : NULL;
    if (before != NULL &&
        (step.above_percent <= before->above_percent || step.cost <= before->cost))
        cn_decode_issue(decode, CN_SEVERITY_ERROR, "not-ascending", item,
                        "write the steps from the least used to the fullest, each dearer than the "
                        "one before it",
                        "the steps of fairness must ascend, above_percent and cost alike");
    else
        g_array_append_val(steps, step);
}

static void
read_fairness(CnDecode *decode, const CnNode *value, gpointer target)
{
    if (!cn_decode_sequence(decode, value, "fairness", add_step, target))
        return;
    if (value->len < 1 || value->len > CN_FAIR_STEPS_MOST)
        cn_decode_issue(decode, CN_SEVERITY_ERROR, "impossible-value", value,
                        "leave fairness out where use costs nothing",
                        "fairness must hold 1 to %d steps", CN_FAIR_STEPS_MOST);
}

static const CnField policy_fields[] = {
    {"policy", TRUE, read_policy},
    {"travel", TRUE, read_travel},
    {"wait", TRUE, read_wait},
    {"restrictiveness", TRUE, read_restrictiveness},
    {"languages", TRUE, read_languages},
    {"stale", TRUE, read_stale},
    {"leave_region", TRUE, read_leave_region},
    {"new_provider", TRUE, read_new_provider},
    {"siblings_apart", TRUE, read_siblings_apart},
    {"other_provider", FALSE, read_other_provider}, /* policies of 0.1 did not know it */
    {"not_preferred", TRUE, read_not_preferred},
    {"capabilities", TRUE, read_capabilities},
    {"accreditation", TRUE, read_accreditation},
    {"consent", TRUE, read_consent},
    {"documents", TRUE, read_documents},
    {"minimum_package", FALSE, read_package},
    {"quotas", FALSE, read_quotas},
    {"fairness", FALSE, read_fairness},
};

CnPolicy *
cn_policy_text_read(const char *text,
                    gsize len,
                    const char *name,
                    CnReference *reference,
                    CnIssueList *issues)
{
    const char *file = g_intern_string(name);
    guint errors = cn_issue_list_errors(issues);
    g_autoptr(CnYaml) yaml = cn_yaml_parse(text, len, file, NULL, FALSE, issues);
    if (text == NULL || cn_issue_list_errors(issues) > errors)
        return NULL;
    if (yaml == NULL || cn_yaml_root(yaml) == NULL) {
        cn_issue_add(issues, CN_SEVERITY_ERROR, "no-policy", (CnPos){file, 1, 1},
                     "carenet template policy prints the default", "the file holds no policy");
        return NULL;
    }
    CnDecode decode = {.issues = issues, .data = reference};
    g_autoptr(carenet_policy) policy = cn_policy_new(reference);
    policy->other_provider = CN_OTHER_PROVIDER_DEFAULT;
    cn_decode_mapping(&decode, cn_yaml_root(yaml), "a policy", policy_fields,
                      G_N_ELEMENTS(policy_fields), policy);
    if (cn_issue_list_errors(issues) > errors)
        return NULL;
    policy->digest = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)text, len);
    return g_steal_pointer(&policy);
}
