/* Programme records as tables, by the fields of their kind. */
#include "model/programme-list.h"

/* ---- One field. */

static carenet_column_type
type_of(const CnFact *fact)
{
    if (fact->kind == CN_FACT_COUNT)
        return CARENET_COLUMN_INT64;
    return fact->kind == CN_FACT_TEXTS || fact->kind == CN_FACT_IDS ||
                   fact->kind == CN_FACT_SERVICES
               ? CARENET_COLUMN_LIST
               : CARENET_COLUMN_TEXT;
}

static void
add_list(CnTableBuilder *table, const char *lines)
{
    g_auto(GStrv) items = lines != NULL ? g_strsplit(lines, "\n", -1) : NULL;
    cn_table_add_list(table, (const char *const *)items, items != NULL ? g_strv_length(items) : 0);
}

static void
add_date(CnTableBuilder *table, CnDate date)
{
    char text[11];
    cn_table_add_text(table, cn_date_is_set(date) ? cn_date_format(date, text) : NULL);
}

static void
add_fact(CnTableBuilder *table,
         const CnReference *reference,
         const CnFact *fact,
         gconstpointer field)
{
    switch (fact->kind) {
    case CN_FACT_TEXT:
    case CN_FACT_ID:
    case CN_FACT_REF:
    case CN_FACT_WORD:
        cn_table_add_text(table, *(const char *const *)field);
        return;
    case CN_FACT_DATE:
        add_date(table, *(const CnDate *)field);
        return;
    case CN_FACT_COUNT:
        cn_table_add_int64(table, *(const gint64 *)field);
        return;
    case CN_FACT_AREA: {
        const CnAreaId area = *(const CnAreaId *)field;
        cn_table_add_text(table, cn_fact_handle_name(reference, fact, area));
        cn_table_add_text(table, area >= 0 ? cn_area_short_name(reference->gazetteer, area) : NULL);
        return;
    }
    case CN_FACT_SERVICE:
    case CN_FACT_COURSE:
        cn_table_add_text(table, cn_fact_handle_name(reference, fact, *(const gint32 *)field));
        return;
    case CN_FACT_TEXTS:
    case CN_FACT_IDS:
    case CN_FACT_SERVICES:
        add_list(table, *(const char *const *)field);
        return;
    }
}

/* ---- Lists. */

static CnTableBuilder *
begin_list(CnProgrammeKind kind)
{
    const CnProgrammeTable *table = cn_programme_table(kind);
    CnColumn columns[2 * CN_FACTS_MOST + 3] = {{"id", CARENET_COLUMN_TEXT},
                                               {"region", CARENET_COLUMN_TEXT}};
    guint len = 2;
    if (kind == CN_PROGRAMME_MEETINGS)
        columns[len++] = (CnColumn){"body", CARENET_COLUMN_TEXT};
    for (guint i = 0; i < table->facts_len; i++) {
        const CnFact *fact = &table->facts[i];
        /* The id of a body is a field of it, and stands first already. */
        if (fact->offset == G_STRUCT_OFFSET(CnProgrammeRecord, id))
            continue;
        columns[len++] = (CnColumn){fact->key, type_of(fact)};
        if (fact->kind == CN_FACT_AREA)
            columns[len++] = (CnColumn){"place", CARENET_COLUMN_TEXT};
    }
    return cn_table_builder_new(columns, len);
}

static void
add_record(CnTableBuilder *table,
           const CnReference *reference,
           const CnProgramme *programme,
           CnProgrammeKind kind,
           const char *record)
{
    const CnProgrammeTable *fields = cn_programme_table(kind);
    cn_table_add_text(table, ((const CnProgrammeRecord *)record)->id);
    cn_table_add_text(table, programme->region);
    if (kind == CN_PROGRAMME_MEETINGS)
        cn_table_add_text(table, ((const CnMeeting *)record)->body);
    for (guint i = 0; i < fields->facts_len; i++) {
        const CnFact *fact = &fields->facts[i];
        if (fact->offset != G_STRUCT_OFFSET(CnProgrammeRecord, id))
            add_fact(table, reference, fact, record + fact->offset);
    }
}

carenet_table *
cn_programmes_list(const CnNetwork *network, const CnReference *reference, CnProgrammeKind kind)
{
    CnTableBuilder *table = begin_list(kind);
    for (guint i = 0; i < network->programmes->len; i++) {
        const CnProgramme *programme = g_ptr_array_index(network->programmes, i);
        for (guint k = 0; k < programme->records[kind]->len; k++)
            add_record(table, reference, programme, kind, cn_programme_get(programme, kind, k));
    }
    return cn_table_builder_finish(table);
}

/* ---- What there is. */

static void
add_programme(CnTableBuilder *table, const CnProgramme *programme)
{
    cn_table_add_text(table, programme->region);
    cn_table_add_bool(table, programme->example);
    add_date(table, programme->from);
    add_date(table, programme->until);
    add_date(table, programme->network_formed_on);
    if (programme->network_members >= 0)
        cn_table_add_int64(table, programme->network_members);
    else
        cn_table_add_null(table);
    for (guint kind = 0; kind < CN_PROGRAMME_KINDS; kind++)
        cn_table_add_int64(table, programme->records[kind]->len);
}

carenet_table *
cn_programmes_overview(const CnNetwork *network)
{
    CnColumn columns[6 + CN_PROGRAMME_KINDS] = {{"region", CARENET_COLUMN_TEXT},
                                                {"example", CARENET_COLUMN_BOOL},
                                                {"from", CARENET_COLUMN_TEXT},
                                                {"until", CARENET_COLUMN_TEXT},
                                                {"network_formed_on", CARENET_COLUMN_TEXT},
                                                {"network_members", CARENET_COLUMN_INT64}};
    for (guint kind = 0; kind < CN_PROGRAMME_KINDS; kind++)
        columns[6 + kind] = (CnColumn){cn_programme_table(kind)->key, CARENET_COLUMN_INT64};
    CnTableBuilder *table = cn_table_builder_new(columns, G_N_ELEMENTS(columns));
    for (guint i = 0; i < network->programmes->len; i++)
        add_programme(table, g_ptr_array_index(network->programmes, i));
    return cn_table_builder_finish(table);
}

/* ---- One record. */

static void
say(CnTableBuilder *table, const char *field, const char *value)
{
    if (value == NULL || *value == '\0')
        return;
    cn_table_add_text(table, field);
    cn_table_add_text(table, value);
}

static void
say_fact(CnTableBuilder *table,
         const CnReference *reference,
         const CnFact *fact,
         gconstpointer field)
{
    g_autofree char *text = NULL;
    if (fact->kind == CN_FACT_DATE) {
        char day[11];
        say(table, fact->key, cn_date_format(*(const CnDate *)field, day));
    } else if (fact->kind == CN_FACT_COUNT) {
        text = g_strdup_printf("%" G_GINT64_FORMAT, *(const gint64 *)field);
        say(table, fact->key, text);
    } else if (fact->kind == CN_FACT_AREA && *(const CnAreaId *)field >= 0) {
        const CnArea *area = cn_area(reference->gazetteer, *(const CnAreaId *)field);
        text = g_strdup_printf("%s (%s)", area->name, area->code);
        say(table, fact->key, text);
    } else if (fact->kind == CN_FACT_SERVICE || fact->kind == CN_FACT_COURSE) {
        say(table, fact->key, cn_fact_handle_name(reference, fact, *(const gint32 *)field));
    } else if (type_of(fact) == CARENET_COLUMN_LIST) {
        const char *lines = *(const char *const *)field;
        g_auto(GStrv) items = lines != NULL ? g_strsplit(lines, "\n", -1) : NULL;
        for (guint i = 0; items != NULL && items[i] != NULL; i++)
            say(table, fact->key, items[i]);
    } else if (fact->kind != CN_FACT_AREA) {
        say(table, fact->key, *(const char *const *)field);
    }
}

static void
say_meetings(CnTableBuilder *table, const CnProgramme *programme, const char *body)
{
    char day[11];
    for (guint i = 0; i < programme->records[CN_PROGRAMME_MEETINGS]->len; i++) {
        const CnMeeting *meeting = cn_programme_get(programme, CN_PROGRAMME_MEETINGS, i);
        if (g_strcmp0(meeting->body, body) != 0)
            continue;
        g_autofree char *text =
            g_strdup_printf("%s, %s", cn_date_format(meeting->on, day), meeting->kind);
        say(table, "meeting", text);
    }
}

static carenet_table *
show_record(const CnReference *reference,
            const CnProgramme *programme,
            CnProgrammeKind kind,
            const char *record)
{
    static const CnColumn columns[] = {{"field", CARENET_COLUMN_TEXT},
                                       {"value", CARENET_COLUMN_TEXT}};
    const CnProgrammeTable *fields = cn_programme_table(kind);
    const char *id = ((const CnProgrammeRecord *)record)->id;
    CnTableBuilder *table = cn_table_builder_new(columns, G_N_ELEMENTS(columns));
    say(table, fields->noun, id);
    say(table, "region", programme->region);
    if (programme->example)
        say(table, "example", "invented for demonstration");
    if (kind == CN_PROGRAMME_MEETINGS)
        say(table, "body", ((const CnMeeting *)record)->body);
    for (guint i = 0; i < fields->facts_len; i++)
        if (fields->facts[i].offset != G_STRUCT_OFFSET(CnProgrammeRecord, id))
            say_fact(table, reference, &fields->facts[i], record + fields->facts[i].offset);
    if (kind == CN_PROGRAMME_BODIES)
        say_meetings(table, programme, id);
    return cn_table_builder_finish(table);
}

carenet_table *
cn_programmes_show(const CnNetwork *network, const CnReference *reference, const char *id)
{
    for (guint i = 0; i < network->programmes->len; i++) {
        const CnProgramme *programme = g_ptr_array_index(network->programmes, i);
        for (guint kind = 0; kind < CN_PROGRAMME_KINDS; kind++)
            for (guint k = 0; k < programme->records[kind]->len; k++) {
                const CnProgrammeRecord *record = cn_programme_get(programme, kind, k);
                if (g_strcmp0(record->id, id) == 0)
                    return show_record(reference, programme, (CnProgrammeKind)kind,
                                       (const char *)record);
            }
    }
    return NULL;
}
