/* Indicator files, checked key by key. */
#include "format/indicators-file.h"

#include "base/text.h"
#include "format/region-private.h"

#include <string.h>

#define LABEL_MOST 200

/* Names of areas, services and courses are read as in region files. */
typedef struct {
    CnRegionReader region;
    GPtrArray *indicators;
} Reader;

static void
read_text(CnDecode *decode, const CnNode *value, const char *what, guint most, char **out)
{
    const char *text = NULL;
    if (!cn_decode_text(decode, value, what, most, &text))
        return;
    g_free(*out);
    *out = g_strdup(text);
}

static void
read_id(CnDecode *decode, const CnNode *value, gpointer target)
{
    const char *id = NULL;
    if (cn_region_id(decode, value, "id", &id))
        ((CnIndicator *)target)->id = g_strdup(id);
}

static void
read_label(CnDecode *decode, const CnNode *value, gpointer target)
{
    read_text(decode, value, "label", LABEL_MOST, &((CnIndicator *)target)->label);
}

static void
read_title(CnDecode *decode, const CnNode *value, gpointer target)
{
    read_text(decode, value, "title", LABEL_MOST, &((CnIndicator *)target)->title);
}

static void
read_measure(CnDecode *decode, const CnNode *value, gpointer target)
{
    const char *word = NULL;
    if (!cn_decode_text(decode, value, "measure", CN_WORD_MOST, &word) ||
        cn_measure_parse(word, &((CnIndicator *)target)->measure))
        return;
    g_autofree char *quote = cn_text_quote(word);
    g_autofree char *suggestion = cn_measure_suggest(word);
    cn_decode_issue(decode, CN_SEVERITY_ERROR, "unknown-measure", value, suggestion,
                    "no measure is called \"%s\"", quote);
}

static void
read_area(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_region_area(decode, value, "area", &((CnIndicator *)target)->area);
}

static void
read_course(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_region_term(decode, value, "course", CARENET_TERMS_COURSES,
                   &((CnIndicator *)target)->course);
}

static void
read_additive(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_decode_bool(decode, value, "additive", &((CnIndicator *)target)->additive);
}

/* One of the words of a fact of programme records. */
static const char *
read_word(CnDecode *decode, const CnNode *value, CnProgrammeKind kind, const char *key)
{
    const CnProgrammeTable *table = cn_programme_table(kind);
    const char *const *words = NULL;
    for (guint i = 0; i < table->facts_len; i++)
        if (strcmp(table->facts[i].key, key) == 0)
            words = table->facts[i].words;
    return words != NULL ? cn_region_word(decode, value, key, words) : NULL;
}

static void
read_kind(CnDecode *decode, const CnNode *value, gpointer target)
{
    ((CnIndicator *)target)->kind = read_word(decode, value, CN_PROGRAMME_BODIES, "kind");
}

static void
read_meeting(CnDecode *decode, const CnNode *value, gpointer target)
{
    ((CnIndicator *)target)->meeting = read_word(decode, value, CN_PROGRAMME_MEETINGS, "kind");
}

static void
add_audience(CnDecode *decode, const CnNode *item, gpointer target)
{
    const char *word = read_word(decode, item, CN_PROGRAMME_TRAININGS, "audience");
    if (word != NULL)
        g_ptr_array_add(((CnIndicator *)target)->audiences, (gpointer)word);
}

static void
read_audiences(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_decode_sequence(decode, value, "audiences", add_audience, target);
}

static void
add_service(CnDecode *decode, const CnNode *item, gpointer target)
{
    CnServiceId service = CN_SERVICE_NONE;
    if (cn_region_service(decode, item, "services", &service))
        g_array_append_val(((CnIndicator *)target)->services, service);
}

static void
read_services(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_decode_sequence(decode, value, "services", add_service, target);
}

static void
check_twice(CnDecode *decode, const CnNode *node, const GPtrArray *indicators, const char *id)
{
    for (guint i = 0; i < indicators->len; i++)
        if (g_strcmp0(((CnIndicator *)g_ptr_array_index(indicators, i))->id, id) == 0)
            cn_decode_issue(decode, CN_SEVERITY_ERROR, "duplicate-id", node,
                            "give each indicator an id of its own",
                            "the indicator \"%s\" is there twice", id);
}

static void
read_indicator(CnDecode *decode, const CnNode *node, gpointer target)
{
    static const CnField fields[] = {
        {"id", TRUE, read_id},
        {"label", TRUE, read_label},
        {"measure", TRUE, read_measure},
        {"area", FALSE, read_area},
        {"course", FALSE, read_course},
        {"title", FALSE, read_title},
        {"audiences", FALSE, read_audiences},
        {"services", FALSE, read_services},
        {"kind", FALSE, read_kind},
        {"meeting", FALSE, read_meeting},
        {"additive", FALSE, read_additive},
    };
    Reader *reader = target;
    g_autoptr(CnIndicator) indicator = cn_indicator_new();
    cn_decode_mapping(decode, node, "indicator", fields, G_N_ELEMENTS(fields), indicator);
    if (indicator->id == NULL)
        return;
    check_twice(decode, node, reader->indicators, indicator->id);
    g_ptr_array_add(reader->indicators, g_steal_pointer(&indicator));
}

static void
read_indicators(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_decode_sequence(decode, value, "indicators", read_indicator, target);
}

GPtrArray *
cn_indicators_text_read(const char *text,
                        gsize len,
                        const char *name,
                        const CnReference *reference,
                        CnIssueList *issues)
{
    static const CnField fields[] = {{"indicators", TRUE, read_indicators}};
    g_autoptr(CnYaml) yaml = cn_yaml_parse(text, len, name, NULL, FALSE, issues);
    g_autoptr(CnNetwork) strings = cn_network_new();
    g_autoptr(GPtrArray) indicators =
        g_ptr_array_new_with_free_func((GDestroyNotify)cn_indicator_free);
    Reader reader = {{.network = strings, .reference = reference}, indicators};
    CnDecode decode = {.issues = issues, .data = &reader.region};
    if (yaml != NULL && cn_node_is_null(cn_yaml_root(yaml)))
        cn_issue_add(issues, CN_SEVERITY_ERROR, "empty-file", (CnPos){name, 1, 1},
                     "begin with \"indicators:\"", "the file holds no indicators");
    else if (yaml != NULL)
        cn_decode_mapping(&decode, cn_yaml_root(yaml), "an indicator file", fields,
                          G_N_ELEMENTS(fields), &reader);
    return cn_issue_list_errors(issues) == 0 ? g_steal_pointer(&indicators) : NULL;
}
