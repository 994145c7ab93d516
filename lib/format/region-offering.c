/* Offerings of a region file: one service with its capacity, eligibility and hours. */
#include "format/region-private.h"

#include <string.h>

#define READER(decode) ((CnRegionReader *)(decode)->data)
#define WAIT_DAYS_MOST 3650
#define AGE_MOST       120
#define SIBLINGS_MOST  50
#define HOURS_MOST     256

/* ---- Capacity. */

static void
read_unit(CnDecode *decode, const CnNode *value, gpointer target)
{
    const CnOffering *offering = target;
    const char *word = NULL;
    CnUnit unit = CN_UNIT_NONE;
    if (!cn_decode_text(decode, value, "unit", CN_WORD_MOST, &word))
        return;
    if (!cn_unit_parse(word, &unit)) {
        cn_region_refuse_word(decode, value, "unit",
                              "bed, place, caseload, slot, kit, grant or team");
        return;
    }
    if (offering->service == CN_SERVICE_NONE)
        return;
    const CnService *service = cn_service(READER(decode)->reference->taxonomy, offering->service);
    if (unit == service->unit)
        return;
    g_autofree char *suggestion =
        g_strdup_printf("write \"unit: %s\"", cn_unit_name(service->unit));
    cn_decode_issue(decode, CN_SEVERITY_ERROR, "unit-mismatch", value, suggestion,
                    "%s is counted in the unit %s, not %s", service->id,
                    cn_unit_name(service->unit), cn_unit_name(unit));
}

static void
read_total(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_decode_int(decode, value, "total", 0, CN_PLACES_MOST,
                  &((CnOffering *)target)->capacity.total);
}

static void
read_occupied(CnDecode *decode, const CnNode *value, gpointer target)
{
    CnOffering *offering = target;
    cn_decode_int(decode, value, "occupied", 0, CN_PLACES_MOST, &offering->capacity.occupied);
}

static void
read_as_of(CnDecode *decode, const CnNode *value, gpointer target)
{
    ((CnOffering *)target)->as_of_pos = value->pos;
    cn_region_instant(decode, value, "as_of", &((CnOffering *)target)->capacity.as_of);
}

static void
read_capacity_source(CnDecode *decode, const CnNode *value, gpointer target)
{
    static const char *const known[] = {"phone", "visit", "email", "document", "report", NULL};
    const char *word = NULL;
    if (!cn_region_text(decode, value, "source", CN_WORD_MOST, &word))
        return;
    if (g_strv_contains(known, word))
        ((CnOffering *)target)->capacity.source = word;
    else
        cn_region_refuse_word(decode, value, "source", "phone, visit, email, document or report");
}

static void
read_wait_days(CnDecode *decode, const CnNode *value, gpointer target)
{
    gint64 days = 0;
    if (cn_decode_int(decode, value, "wait_days", 0, WAIT_DAYS_MOST, &days))
        ((CnOffering *)target)->capacity.wait_days = (gint32)days;
}

static gboolean
is_counted(CnDecode *decode, const CnNode *value, const CnOffering *offering)
{
    if (offering->service == CN_SERVICE_NONE)
        return TRUE;
    const CnService *service = cn_service(READER(decode)->reference->taxonomy, offering->service);
    if (service->unit != CN_UNIT_NONE)
        return TRUE;
    cn_decode_issue(decode, CN_SEVERITY_WARNING, "not-counted", value, "remove \"capacity\"",
                    "%s is not counted and never full; its capacity is not kept", service->id);
    return FALSE;
}

static void
read_capacity(CnDecode *decode, const CnNode *value, gpointer target)
{
    static const CnField fields[] = {
        {"unit", FALSE, read_unit},
        {"total", TRUE, read_total},
        {"occupied", TRUE, read_occupied},
        {"as_of", TRUE, read_as_of},
        {"source", FALSE, read_capacity_source},
        {"wait_days", FALSE, read_wait_days},
    };
    CnOffering *offering = target;
    CnCapacity *capacity = &offering->capacity;
    offering->capacity_pos = value->pos;
    if (!is_counted(decode, value, offering))
        return;
    capacity->total = capacity->occupied = -1;
    decode->hide_values = READER(decode)->guarded;
    cn_decode_mapping(decode, value, "capacity", fields, G_N_ELEMENTS(fields), target);
    decode->hide_values = FALSE;
    /* What is there is checked although the rest is wrong, so that one run tells all of it. */
    capacity->known = capacity->total >= 0 && capacity->occupied >= 0 && capacity->as_of.is_set;
}

/* ---- Eligibility. */

static gboolean
read_age_limit(CnDecode *decode, const CnNode *node, const char *what, gint16 *out)
{
    gint64 years = -1;
    if (!cn_node_is_null(node) && !cn_decode_int(decode, node, what, 0, AGE_MOST, &years))
        return FALSE;
    *out = (gint16)years;
    return TRUE;
}

static void
read_age(CnDecode *decode, const CnNode *value, gpointer target)
{
    CnEligibility *eligibility = target;
    gint16 least = -1, most = -1;
    if (value->kind != CN_NODE_SEQUENCE || value->len != 2) {
        cn_decode_issue(decode, CN_SEVERITY_ERROR, "wrong-type", value,
                        "write [youngest, oldest], such as [7, 17]",
                        "age must be a list of two whole numbers");
        return;
    }
    if (!read_age_limit(decode, value->items[0], "the youngest age", &least) ||
        !read_age_limit(decode, value->items[1], "the oldest age", &most))
        return;
    if (most >= 0 && least > most) {
        g_autofree char *suggestion = g_strdup_printf("write [%d, %d]", most, least);
        cn_decode_issue(decode, CN_SEVERITY_ERROR, "impossible-value", value, suggestion,
                        "age begins above its end, so nobody can be taken");
        return;
    }
    eligibility->age_min = least;
    eligibility->age_max = most;
}

static void
read_sex(CnDecode *decode, const CnNode *value, gpointer target)
{
    CnEligibility *eligibility = target;
    const char *word = NULL;
    if (!cn_decode_text(decode, value, "sex", CN_WORD_MOST, &word))
        return;
    if (strcmp(word, "any") == 0)
        eligibility->sex = CN_SEX_UNSTATED;
    else if (strcmp(word, "female") == 0)
        eligibility->sex = CN_SEX_FEMALE;
    else if (strcmp(word, "male") == 0)
        eligibility->sex = CN_SEX_MALE;
    else
        cn_region_refuse_word(decode, value, "sex", "any, female or male");
}

static void
read_groups(CnDecode *decode, const CnNode *value, gpointer target)
{
    CnEligibility *eligibility = target;
    cn_region_terms(decode, value, "groups", CARENET_TERMS_GROUPS, &eligibility->groups);
}

static void
read_documents(CnDecode *decode, const CnNode *value, gpointer target)
{
    CnEligibility *eligibility = target;
    cn_region_terms(decode, value, "documents", CARENET_TERMS_DOCUMENTS, &eligibility->documents);
}

static void
read_siblings(CnDecode *decode, const CnNode *value, gpointer target)
{
    gint64 siblings = 0;
    if (cn_decode_int(decode, value, "siblings_up_to", 0, SIBLINGS_MOST, &siblings))
        ((CnEligibility *)target)->siblings_up_to = (gint32)siblings;
}

static void
read_not_for(CnDecode *decode, const CnNode *value, gpointer target)
{
    CnEligibility *eligibility = target;
    cn_region_terms(decode, value, "not_for", CARENET_TERMS_GROUPS, &eligibility->not_for);
}

static void
read_eligibility(CnDecode *decode, const CnNode *value, gpointer target)
{
    static const CnField fields[] = {
        {"age", FALSE, read_age},
        {"sex", FALSE, read_sex},
        {"groups", FALSE, read_groups},
        {"documents", FALSE, read_documents},
        {"siblings_up_to", FALSE, read_siblings},
        {"not_for", FALSE, read_not_for},
    };
    CnEligibility *eligibility = &((CnOffering *)target)->eligibility;
    if (!cn_decode_mapping(decode, value, "eligibility", fields, G_N_ELEMENTS(fields),
                           eligibility) ||
        !cn_term_set_intersects(eligibility->groups, eligibility->not_for))
        return;
    cn_decode_issue(decode, CN_SEVERITY_ERROR, "impossible-value", value, "name a group once",
                    "a group stands in groups and in not_for");
}

/* ---- Hours. */

static void
read_opening(CnDecode *decode, const CnNode *value, const char **out)
{
    const char *text = NULL, *reason = NULL;
    CnHours hours = {NULL, 0};
    guint offset = 0;
    if (!cn_region_text(decode, value, "hours", HOURS_MOST, &text))
        return;
    if (cn_hours_parse(text, &hours, &offset, &reason)) {
        cn_hours_clear(&hours);
        *out = text;
        return;
    }
    cn_decode_issue(decode, CN_SEVERITY_ERROR, "bad-hours", value,
                    "write them as \"Mo-Fr 08:00-17:00; Sa 08:00-12:00\" or \"24/7\"",
                    "hours are not understood at character %u: %s", offset + 1, reason);
}

static void
read_hours(CnDecode *decode, const CnNode *value, gpointer target)
{
    read_opening(decode, value, &((CnOffering *)target)->hours);
}

static void
read_intake_hours(CnDecode *decode, const CnNode *value, gpointer target)
{
    read_opening(decode, value, &((CnOffering *)target)->intake_hours);
}

static void
read_on_call(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_decode_bool(decode, value, "on_call", &((CnOffering *)target)->intake_on_call);
}

static void
read_intake(CnDecode *decode, const CnNode *value, gpointer target)
{
    static const CnField fields[] = {{"hours", FALSE, read_intake_hours},
                                     {"on_call", FALSE, read_on_call}};
    cn_decode_mapping(decode, value, "intake", fields, G_N_ELEMENTS(fields), target);
}

/* ---- The offering. */

static void
read_all_below(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_decode_bool(decode, value, "all_below", &((CnOffering *)target)->all_below);
}

static const CnField offering_fields[] = {
    {"service", TRUE, NULL}, /* read before all others, as is the variant */
    {"variant", FALSE, NULL},
    {"all_below", FALSE, read_all_below},
    {"capacity", FALSE, read_capacity},
    {"eligibility", FALSE, read_eligibility},
    {"hours", FALSE, read_hours},
    {"intake", FALSE, read_intake},
};

/* provider/service or provider/service/variant */
static const char *
name_offering(CnRegionReader *reader, const CnProvider *provider, const CnOffering *offering)
{
    const CnService *service = cn_service(reader->reference->taxonomy, offering->service);
    g_autofree char *id = g_strjoin("/", provider->id != NULL ? provider->id : "?", service->id,
                                    offering->variant, /* may end the list */
                                    NULL);
    return cn_network_intern(reader->network, id);
}

void
cn_region_offering(CnDecode *decode, const CnNode *node, gpointer target)
{
    CnProvider *provider = target;
    CnOffering offering = cn_offering_blank();
    const CnNode *service = cn_node_get(node, "service");
    const CnNode *variant = cn_node_get(node, "variant");
    offering.pos = offering.capacity_pos = node->pos;
    if (!cn_node_is_null(service))
        cn_region_service(decode, service, "service", &offering.service);
    if (!cn_node_is_null(variant))
        cn_region_id(decode, variant, "variant", &offering.variant);
    decode->hide_values = READER(decode)->guarded && node->kind != CN_NODE_MAPPING;
    cn_decode_mapping(decode, node, "offering", offering_fields, G_N_ELEMENTS(offering_fields),
                      &offering);
    decode->hide_values = FALSE;
    if (offering.service == CN_SERVICE_NONE)
        return;
    offering.id = name_offering(READER(decode), provider, &offering);
    g_array_append_val(provider->offerings, offering);
}
