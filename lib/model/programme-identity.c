/* What a programme record is: the order of records, and the ids that follow from what they are. */
#include "model/programme.h"

#include <string.h>

/* ---- Order. */

static gint
compare_dates(CnDate a, CnDate b)
{
    const gint x = (a.year * 16 + a.month) * 32 + a.day, y = (b.year * 16 + b.month) * 32 + b.day;
    return (x > y) - (x < y);
}

static gint
compare_fact(const CnFact *fact, gconstpointer a, gconstpointer b)
{
    switch (fact->kind) {
    case CN_FACT_DATE:
        return compare_dates(*(const CnDate *)a, *(const CnDate *)b);
    case CN_FACT_COUNT: {
        const gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;
        return (x > y) - (x < y);
    }
    case CN_FACT_AREA:
    case CN_FACT_SERVICE:
    case CN_FACT_COURSE: {
        const gint32 x = *(const gint32 *)a, y = *(const gint32 *)b;
        return (x > y) - (x < y);
    }
    default:
        return g_strcmp0(*(const char *const *)a, *(const char *const *)b);
    }
}

static gint
compare_facts(const CnProgrammeTable *table, gboolean identifying, gconstpointer a, gconstpointer b)
{
    gint order = 0;
    for (guint i = 0; order == 0 && i < table->facts_len; i++) {
        const CnFact *fact = &table->facts[i];
        if (!fact->identifies == !identifying)
            order =
                compare_fact(fact, (const char *)a + fact->offset, (const char *)b + fact->offset);
    }
    return order;
}

/* The body that a meeting is of belongs to it, and is no field of its own. */
static gint
compare_what(CnProgrammeKind kind, gconstpointer a, gconstpointer b)
{
    gint order = 0;
    if (kind == CN_PROGRAMME_MEETINGS)
        order = g_strcmp0(((const CnMeeting *)a)->body, ((const CnMeeting *)b)->body);
    return order != 0 ? order : compare_facts(cn_programme_table(kind), TRUE, a, b);
}

gint
cn_programme_compare(CnProgrammeKind kind, gconstpointer a, gconstpointer b)
{
    const gint order = compare_what(kind, a, b);
    return order != 0 ? order : compare_facts(cn_programme_table(kind), FALSE, a, b);
}

static gint
compare_records(gconstpointer a, gconstpointer b, gpointer kind)
{
    return cn_programme_compare((CnProgrammeKind)GPOINTER_TO_UINT(kind), a, b);
}

void
cn_programme_sort(CnProgramme *programme)
{
    for (guint kind = 0; kind < CN_PROGRAMME_KINDS; kind++)
        g_array_sort_with_data(programme->records[kind], compare_records, GUINT_TO_POINTER(kind));
}

/* ---- Ids. */

#define ID_DIGITS 16

/* Each part with its length before it, so that no two lists of parts read alike. */
static void
add_part(GChecksum *checksum, const char *text)
{
    const gint64 len = text != NULL ? (gint64)strlen(text) : -1;
    g_autofree char *head = g_strdup_printf("%" G_GINT64_FORMAT ":", len);
    g_checksum_update(checksum, (const guchar *)head, -1);
    if (text != NULL)
        g_checksum_update(checksum, (const guchar *)text, -1);
}

static void
add_fact(GChecksum *checksum, const CnReference *reference, const CnFact *fact, gconstpointer field)
{
    if (fact->kind == CN_FACT_DATE) {
        char day[11];
        add_part(checksum, cn_date_format(*(const CnDate *)field, day));
    } else if (fact->kind == CN_FACT_AREA || fact->kind == CN_FACT_SERVICE ||
               fact->kind == CN_FACT_COURSE) {
        add_part(checksum, cn_fact_handle_name(reference, fact, *(const gint32 *)field));
    } else {
        add_part(checksum, *(const char *const *)field);
    }
}

/* (transfer full) */
static char *
make_id(const CnProgramme *programme,
        const CnReference *reference,
        CnProgrammeKind kind,
        gconstpointer record,
        guint number)
{
    const CnProgrammeTable *table = cn_programme_table(kind);
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
    g_autofree char *repeated = number > 0 ? g_strdup_printf("%u", number) : NULL;
    g_autofree char *noun = g_strdelimit(g_strdup(table->noun), " ", '-');
    /* A meeting is told by its body, wherever that stands. */
    add_part(checksum,
             kind == CN_PROGRAMME_MEETINGS ? ((const CnMeeting *)record)->body : programme->region);
    for (guint i = 0; i < table->facts_len; i++)
        if (table->facts[i].identifies)
            add_fact(checksum, reference, &table->facts[i],
                     (const char *)record + table->facts[i].offset);
    add_part(checksum, repeated);
    return g_strdup_printf("%s-%.*s", noun, ID_DIGITS, g_checksum_get_string(checksum));
}

static void
identify(CnProgramme *programme,
         const CnReference *reference,
         GStringChunk *strings,
         CnProgrammeKind kind)
{
    const guint len = programme->records[kind]->len;
    guint number = 0;
    for (guint i = 0; i < len; i++) {
        char *record = programme->records[kind]->data + i * cn_programme_table(kind)->size;
        number = i > 0 && compare_what(kind, cn_programme_get(programme, kind, i - 1), record) == 0
                     ? number + 1
                     : 0;
        const char **id = (const char **)(record + G_STRUCT_OFFSET(CnProgrammeRecord, id));
        if (*id != NULL)
            continue;
        g_autofree char *made = make_id(programme, reference, kind, record, number);
        *id = g_string_chunk_insert(strings, made);
    }
}

void
cn_programme_identify(CnProgramme *programme, const CnReference *reference, GStringChunk *strings)
{
    cn_programme_sort(programme);
    for (guint kind = 0; kind < CN_PROGRAMME_KINDS; kind++)
        if (kind != CN_PROGRAMME_BODIES)
            identify(programme, reference, strings, (CnProgrammeKind)kind);
}
