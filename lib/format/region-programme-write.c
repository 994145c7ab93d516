/* The programme of a region back to the text of a region file, by the tables of its records. What is
 * known of cases (care plans, services that started) is left out unless it is asked for: an export
 * is handed around. */
#include "format/region-private.h"

static void
put_word(CnYamlWriter *yaml, const char *key, const char *word)
{
    cn_yaml_put_key(yaml, key);
    cn_yaml_put_word(yaml, word);
}

static void
put_date(CnYamlWriter *yaml, const char *key, CnDate date)
{
    if (cn_date_is_set(date)) {
        char buffer[11];
        put_word(yaml, key, cn_date_format(date, buffer));
    }
}

static void
put_number(CnYamlWriter *yaml, const char *key, gint64 number)
{
    g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, number);
    put_word(yaml, key, text);
}

static void
put_text(CnYamlWriter *yaml, const char *key, const char *text)
{
    if (text == NULL)
        return;
    cn_yaml_put_key(yaml, key);
    cn_yaml_put_text(yaml, text);
}

static void
put_list(CnYamlWriter *yaml, const char *key, const char *lines)
{
    if (lines == NULL)
        return;
    g_auto(GStrv) items = g_strsplit(lines, "\n", -1);
    cn_yaml_put_key(yaml, key);
    cn_yaml_begin_sequence(yaml, TRUE);
    for (guint i = 0; items[i] != NULL; i++)
        cn_yaml_put_text(yaml, items[i]);
    cn_yaml_end_sequence(yaml);
}

/* A place, a service or a course; -1 is unknown. */
static void
put_handle(CnYamlWriter *yaml, const CnReference *reference, const CnFact *fact, gint32 handle)
{
    if (handle < 0)
        return;
    cn_yaml_put_key(yaml, fact->key);
    if (fact->kind == CN_FACT_AREA)
        cn_yaml_put_quoted(yaml, cn_area(reference->gazetteer, handle)->code);
    else if (fact->kind == CN_FACT_SERVICE)
        cn_yaml_put_word(yaml, cn_service(reference->taxonomy, handle)->id);
    else
        cn_yaml_put_word(yaml, cn_term(reference->terms[CARENET_TERMS_COURSES], handle)->id);
}

static void
put_fact(CnYamlWriter *yaml, const CnReference *reference, const CnFact *fact, gconstpointer field)
{
    switch (fact->kind) {
    case CN_FACT_TEXT:
    case CN_FACT_ID:
    case CN_FACT_REF:
    case CN_FACT_WORD:
        put_text(yaml, fact->key, *(const char *const *)field);
        return;
    case CN_FACT_DATE:
        put_date(yaml, fact->key, *(const CnDate *)field);
        return;
    case CN_FACT_COUNT:
        put_number(yaml, fact->key, *(const gint64 *)field);
        return;
    case CN_FACT_AREA:
    case CN_FACT_SERVICE:
    case CN_FACT_COURSE:
        put_handle(yaml, reference, fact, *(const gint32 *)field);
        return;
    case CN_FACT_TEXTS:
    case CN_FACT_IDS:
    case CN_FACT_SERVICES:
        put_list(yaml, fact->key, *(const char *const *)field);
        return;
    }
}

static void
put_facts(CnYamlWriter *yaml,
          const CnReference *reference,
          CnProgrammeKind kind,
          gconstpointer record)
{
    const CnProgrammeTable *table = cn_programme_table(kind);
    for (guint i = 0; i < table->facts_len; i++)
        put_fact(yaml, reference, &table->facts[i], (const char *)record + table->facts[i].offset);
}

static void
write_meetings(CnYamlWriter *yaml,
               const CnReference *reference,
               const CnProgramme *programme,
               const char *body)
{
    gboolean begun = FALSE;
    for (guint i = 0; i < programme->records[CN_PROGRAMME_MEETINGS]->len; i++) {
        const CnMeeting *meeting = cn_programme_get(programme, CN_PROGRAMME_MEETINGS, i);
        if (g_strcmp0(meeting->body, body) != 0)
            continue;
        if (!begun) {
            cn_yaml_put_key(yaml, "meetings");
            cn_yaml_begin_sequence(yaml, TRUE);
        }
        begun = TRUE;
        cn_yaml_begin_mapping(yaml, TRUE);
        put_facts(yaml, reference, CN_PROGRAMME_MEETINGS, meeting);
        cn_yaml_end_mapping(yaml);
    }
    if (begun)
        cn_yaml_end_sequence(yaml);
}

static void
write_records(CnYamlWriter *yaml,
              const CnReference *reference,
              const CnProgramme *programme,
              CnProgrammeKind kind)
{
    const GArray *records = programme->records[kind];
    if (records->len == 0 || kind == CN_PROGRAMME_MEETINGS)
        return;
    cn_yaml_put_key(yaml, cn_programme_table(kind)->key);
    cn_yaml_begin_sequence(yaml, FALSE);
    for (guint i = 0; i < records->len; i++) {
        gconstpointer record = cn_programme_get(programme, kind, i);
        cn_yaml_begin_mapping(yaml, TRUE);
        put_facts(yaml, reference, kind, record);
        if (kind == CN_PROGRAMME_BODIES)
            write_meetings(yaml, reference, programme, ((const CnBody *)record)->id);
        cn_yaml_end_mapping(yaml);
    }
    cn_yaml_end_sequence(yaml);
}

static void
write_head(CnYamlWriter *yaml, const CnProgramme *programme)
{
    if (programme->example)
        put_word(yaml, "example", "true");
    put_date(yaml, "from", programme->from);
    put_date(yaml, "until", programme->until);
    if (!cn_date_is_set(programme->network_formed_on))
        return;
    cn_yaml_put_key(yaml, "network");
    cn_yaml_begin_mapping(yaml, TRUE);
    put_date(yaml, "formed_on", programme->network_formed_on);
    if (programme->network_members >= 0)
        put_number(yaml, "members", programme->network_members);
    cn_yaml_end_mapping(yaml);
}

void
cn_region_programme_write(CnYamlWriter *yaml,
                          const CnReference *reference,
                          const CnProgramme *programme,
                          gboolean with_cases)
{
    cn_yaml_put_key(yaml, "programme");
    cn_yaml_begin_mapping(yaml, FALSE);
    write_head(yaml, programme);
    for (guint kind = 0; kind < CN_PROGRAMME_KINDS; kind++)
        if (with_cases || (kind != CN_PROGRAMME_STARTS && kind != CN_PROGRAMME_CARE_PLANS))
            write_records(yaml, reference, programme, kind);
    cn_yaml_end_mapping(yaml);
}
