/* The programme of a region file: each list of records is read by its table (model/programme.h). */
#include "format/case-privacy.h"
#include "format/region-private.h"

#define READER(decode) ((CnRegionReader *)(decode)->data)
#define TITLE_MOST     300
#define COUNT_MOST     10000000

/* ---- Values. */

/* A case is told by an opaque reference. What looks like somebody's name is not repeated. */
static void
read_ref(CnDecode *decode, const CnNode *node, const char *what, const char **out)
{
    if (!cn_region_text(decode, node, what, CN_WORD_MOST, out))
        return;
    CnPersonal personal = cn_personal_ref(*out);
    if (personal != CN_PERSONAL_NONE)
        cn_decode_issue(decode, CN_SEVERITY_ERROR, "personal-data", node,
                        cn_personal_advice(personal), "%s looks like %s", what,
                        cn_personal_noun(personal));
}

typedef struct {
    const CnFact *fact;
    const char *what;
    GString *lines;
} List;

static void
add_to_list(CnDecode *decode, const CnNode *item, gpointer target)
{
    List *list = target;
    const char *text = NULL;
    CnServiceId service = CN_SERVICE_NONE;
    if (list->fact->kind == CN_FACT_IDS)
        cn_region_id(decode, item, list->what, &text);
    else if (list->fact->kind == CN_FACT_TEXTS)
        cn_region_text(decode, item, list->what, TITLE_MOST, &text);
    else if (cn_region_service(decode, item, list->what, &service))
        text = cn_service(READER(decode)->reference->taxonomy, service)->id;
    if (text == NULL)
        return;
    if (list->lines->len > 0)
        g_string_append_c(list->lines, '\n');
    g_string_append(list->lines, text);
}

static void
read_list(CnDecode *decode,
          const CnNode *node,
          const CnFact *fact,
          const char *what,
          const char **out)
{
    List list = {fact, what, g_string_new(NULL)};
    if (cn_decode_sequence(decode, node, what, add_to_list, &list) && list.lines->len > 0)
        *out = cn_network_intern(READER(decode)->network, list.lines->str);
    g_string_free(list.lines, TRUE);
}

static void
read_fact(CnDecode *decode, const CnNode *node, const CnFact *fact, const char *what, gpointer out)
{
    switch (fact->kind) {
    case CN_FACT_TEXT:
        cn_region_text(decode, node, what, TITLE_MOST, out);
        return;
    case CN_FACT_ID:
        cn_region_id(decode, node, what, out);
        return;
    case CN_FACT_REF:
        read_ref(decode, node, what, out);
        return;
    case CN_FACT_WORD:
        *(const char **)out = cn_region_word(decode, node, what, fact->words);
        return;
    case CN_FACT_DATE:
        cn_region_date(decode, node, what, out);
        return;
    case CN_FACT_COUNT:
        cn_decode_int(decode, node, what, 0, COUNT_MOST, out);
        return;
    case CN_FACT_AREA:
        cn_region_area(decode, node, what, out);
        return;
    case CN_FACT_SERVICE:
        cn_region_service(decode, node, what, out);
        return;
    case CN_FACT_COURSE:
        cn_region_term(decode, node, what, CARENET_TERMS_COURSES, out);
        return;
    case CN_FACT_TEXTS:
    case CN_FACT_IDS:
    case CN_FACT_SERVICES:
        read_list(decode, node, fact, what, out);
        return;
    }
}

/* ---- Records. */

typedef struct {
    CnProgramme *programme;
    CnProgrammeKind kind;
    const char *body; /* of the meetings that are read; nullable */
} Records;

static void read_records(CnDecode *decode, const CnNode *list, Records records);

/* Checks the keys; FALSE where the node is no record. */
static gboolean
check_keys(CnDecode *decode, const CnNode *node, const CnProgrammeTable *table, gboolean meetings)
{
    CnField fields[CN_FACTS_MOST + 1];
    guint len = 0;
    for (guint i = 0; i < table->facts_len; i++)
        fields[len++] = (CnField){table->facts[i].key, table->facts[i].required, NULL};
    if (meetings)
        fields[len++] = (CnField){"meetings", FALSE, NULL};
    return cn_decode_mapping(decode, node, table->noun, fields, len, NULL);
}

static void
read_facts(CnDecode *decode, const CnNode *node, const CnProgrammeTable *table, gpointer record)
{
    for (guint i = 0; i < table->facts_len; i++) {
        const CnFact *fact = &table->facts[i];
        const CnNode *value = cn_node_get(node, fact->key);
        g_autofree char *what = g_strdup_printf("%s: %s", table->noun, fact->key);
        if (!cn_node_is_null(value))
            read_fact(decode, value, fact, what, (char *)record + fact->offset);
    }
}

static void
check_training(CnDecode *decode, const CnNode *node)
{
    if (cn_node_is_null(cn_node_get(node, "course")) && cn_node_is_null(cn_node_get(node, "title")))
        cn_decode_issue(decode, CN_SEVERITY_ERROR, "missing-key", node,
                        "\"carenet terms courses\" lists the courses",
                        "training needs the key \"course\" or \"title\"");
}

static void
read_record(CnDecode *decode, const CnNode *node, gpointer target)
{
    const Records *records = target;
    const CnProgrammeTable *table = cn_programme_table(records->kind);
    const gboolean is_body = records->kind == CN_PROGRAMME_BODIES;
    if (!check_keys(decode, node, table, is_body))
        return;
    g_autofree gpointer record = g_malloc0(table->size);
    cn_programme_blank(records->kind, record);
    *(CnPos *)record = node->pos;
    read_facts(decode, node, table, record);
    if (records->kind == CN_PROGRAMME_TRAININGS)
        check_training(decode, node);
    if (records->kind == CN_PROGRAMME_MEETINGS)
        ((CnMeeting *)record)->body = records->body;
    g_array_append_vals(records->programme->records[records->kind], record, 1);
    const CnNode *meetings = is_body ? cn_node_get(node, "meetings") : NULL;
    if (!cn_node_is_null(meetings))
        read_records(decode, meetings,
                     (Records){records->programme, CN_PROGRAMME_MEETINGS, ((CnBody *)record)->id});
}

static void
read_records(CnDecode *decode, const CnNode *list, Records records)
{
    cn_decode_sequence(decode, list, cn_programme_table(records.kind)->key, read_record, &records);
}

/* ---- The programme. */

static void
read_example(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_decode_bool(decode, value, "programme: example", &((CnProgramme *)target)->example);
}

static void
read_from(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_region_date(decode, value, "programme: from", &((CnProgramme *)target)->from);
}

static void
read_until(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_region_date(decode, value, "programme: until", &((CnProgramme *)target)->until);
}

static void
read_formed_on(CnDecode *decode, const CnNode *value, gpointer target)
{
    CnProgramme *programme = target;
    cn_region_date(decode, value, "network: formed_on", &programme->network_formed_on);
}

static void
read_members(CnDecode *decode, const CnNode *value, gpointer target)
{
    CnProgramme *programme = target;
    cn_decode_int(decode, value, "network: members", 0, COUNT_MOST, &programme->network_members);
}

static void
read_network(CnDecode *decode, const CnNode *value, gpointer target)
{
    static const CnField fields[] = {{"formed_on", TRUE, read_formed_on},
                                     {"members", FALSE, read_members}};
    cn_decode_mapping(decode, value, "network", fields, G_N_ELEMENTS(fields), target);
}

void
cn_region_programme(CnDecode *decode, const CnNode *node)
{
    CnField fields[CN_PROGRAMME_KINDS + 4] = {{"example", FALSE, read_example},
                                              {"from", FALSE, read_from},
                                              {"until", FALSE, read_until},
                                              {"network", FALSE, read_network}};
    guint len = 4;
    for (guint kind = 0; kind < CN_PROGRAMME_KINDS; kind++)
        if (kind != CN_PROGRAMME_MEETINGS)
            fields[len++] = (CnField){cn_programme_table(kind)->key, FALSE, NULL};
    CnProgramme *programme = cn_network_add_programme(READER(decode)->network);
    programme->region = READER(decode)->region;
    programme->pos = node->pos;
    if (!cn_decode_mapping(decode, node, "programme", fields, len, programme))
        return;
    for (guint kind = 0; kind < CN_PROGRAMME_KINDS; kind++) {
        const CnNode *list = cn_node_get(node, cn_programme_table(kind)->key);
        if (kind == CN_PROGRAMME_MEETINGS || cn_node_is_null(list))
            continue;
        programme->lists |= 1U << kind;
        read_records(decode, list, (Records){programme, kind, NULL});
    }
}
