/* The needs of a case: a list of services, as plain words or as records; and which of them one provider is
 * to meet. */
#include "format/case-reader-private.h"

#include <string.h>

static void
read_service(CnDecode *decode, const CnNode *value, gpointer target)
{
    const char *text = NULL;
    if (cn_case_text(decode, value, "service", CN_CASE_NAME_MOST, &text))
        cn_case_service(decode, value, text, &((CnNeed *)target)->service);
}

static void
read_urgency(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_case_urgency(decode, value, &((CnNeed *)target)->urgency);
}

static void
read_units(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_case_int(decode, value, "units", 1, CN_UNITS_MOST, &((CnNeed *)target)->units);
}

static void
read_prefer(CnDecode *decode, const CnNode *value, gpointer target)
{
    CnNeed *need = target;
    const char *id = NULL;
    if (value->kind == CN_NODE_SEQUENCE)
        cn_case_ids(decode, value, "prefer", need->prefer);
    else if (cn_case_id(decode, value, "prefer", &id))
        g_ptr_array_add(need->prefer, g_strdup(id));
}

static void
read_before(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_case_date(decode, value, "before", &((CnNeed *)target)->before);
}

/* "trauma-therapy" or "trauma-therapy@urgent". */
static void
read_short_need(CnDecode *decode, const CnNode *item, CnNeed *need)
{
    const char *text = NULL;
    if (!cn_case_text(decode, item, "a need", CN_CASE_NAME_MOST, &text))
        return;
    const char *at = strrchr(text, '@');
    g_autofree char *service = at != NULL ? g_strndup(text, (gsize)(at - text)) : g_strdup(text);
    g_autofree char *urgency = at != NULL ? g_ascii_strdown(at + 1, -1) : NULL;
    cn_case_service(decode, item, service, &need->service);
    if (at != NULL && !cn_urgency_parse(urgency, &need->urgency))
        cn_decode_issue(decode, CN_SEVERITY_ERROR, "unknown-word", item,
                        "write service@emergency, service@urgent or service@routine",
                        "what stands after @ must be an urgency");
}

/* A need that could not be read stays in the list without a service, so that the case does not also
 * count as one without needs; its issue keeps the list from being used. */
static void
add_need(CnDecode *decode, const CnNode *item, gpointer target)
{
    static const CnField fields[] = {{"service", TRUE, read_service},
                                     {"urgency", FALSE, read_urgency},
                                     {"units", FALSE, read_units},
                                     {"prefer", FALSE, read_prefer},
                                     {"before", FALSE, read_before}};
    CnCase *c = target;
    CnNeed need = {.service = CN_SERVICE_NONE,
                   .urgency = c->urgency,
                   .units = 1,
                   .prefer = g_ptr_array_new_with_free_func(g_free),
                   .pos = item->pos};
    if (item->kind == CN_NODE_MAPPING)
        cn_case_mapping(decode, item, "a need", fields, G_N_ELEMENTS(fields), &need);
    else
        read_short_need(decode, item, &need);
    g_array_append_val(c->needs, need);
}

void
cn_case_read_needs(CnDecode *decode, const CnNode *value, gpointer target)
{
    CnCase *c = target;
    c->needs_pos = value->pos;
    cn_decode_sequence(decode, value, "needs", add_need, target);
}

/* ---- Bundles. */

static void
read_bundle_keep(CnDecode *decode, const CnNode *value, gpointer target)
{
    static const CnChoice choices[] = {{"require", CN_BUNDLE_REQUIRE},
                                       {"prefer", CN_BUNDLE_PREFER}};
    gint keep = CN_BUNDLE_NONE;
    if (cn_case_choice(decode, value, "bundle: keep", choices, G_N_ELEMENTS(choices), &keep))
        ((CnCase *)target)->bundle = (CnBundle)keep;
}

static void
add_bundled(CnDecode *decode, const CnNode *item, gpointer target)
{
    const char *text = NULL;
    CnServiceId service = CN_SERVICE_NONE;
    if (cn_case_text(decode, item, "bundle: needs", CN_CASE_NAME_MOST, &text) &&
        cn_case_service(decode, item, text, &service))
        g_array_append_val(((CnCase *)target)->bundle_services, service);
}

static void
read_bundle_needs(CnDecode *decode, const CnNode *value, gpointer target)
{
    CnCase *c = target;
    g_clear_pointer(&c->bundle_services, g_array_unref);
    c->bundle_services = g_array_new(FALSE, FALSE, sizeof(CnServiceId));
    cn_decode_sequence(decode, value, "bundle: needs", add_bundled, target);
}

/* "require", or a record that also names the needs; all of them where it names none. */
void
cn_case_read_bundle(CnDecode *decode, const CnNode *value, gpointer target)
{
    static const CnField fields[] = {{"keep", TRUE, read_bundle_keep},
                                     {"needs", FALSE, read_bundle_needs}};
    ((CnCase *)target)->bundle_pos = value->pos;
    if (value->kind == CN_NODE_SCALAR)
        read_bundle_keep(decode, value, target);
    else
        cn_case_mapping(decode, value, "bundle", fields, G_N_ELEMENTS(fields), target);
}
