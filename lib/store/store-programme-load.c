/* Programmes from tables to records, sorted. Lists are read before the records that they belong to. */
#include "store/store-programme.h"

#include <string.h>

typedef struct {
    carenet_store *store;
    CnNetwork *network;
    GHashTable *programmes;                /* (element-type utf8 CnProgramme) by id */
    GHashTable *lists[CN_PROGRAMME_LISTS]; /* (element-type utf8 utf8) by the id of the record */
    guint taken[CN_PROGRAMME_LISTS];       /* how many records took theirs */
} Load;

/* ---- Lists. */

static void
add_line(GHashTable *lists, const char *id, const char *text)
{
    GString *lines = g_hash_table_lookup(lists, id);
    if (lines == NULL)
        g_hash_table_insert(lists, g_strdup(id), g_string_new(text));
    else
        g_string_append_printf(lines, "\n%s", text);
}

static void
free_lines(gpointer lines)
{
    g_string_free(lines, TRUE);
}

static gboolean
read_line(CnStatement *row, gpointer lists, GError **error)
{
    const char *id, *text;
    if (!cn_read_text(row, 0, &id, error) || !cn_read_text(row, 1, &text, error))
        return FALSE;
    if (id == NULL || text == NULL)
        return cn_store_damaged(row->store, row->sql->name, error);
    add_line(lists, id, text);
    return TRUE;
}

static void
take_lists(Load *load, CnProgrammeKind kind, char *record)
{
    const char *id = ((const CnProgrammeRecord *)record)->id;
    for (guint i = 0; i < CN_PROGRAMME_LISTS; i++) {
        const GString *lines =
            cn_programme_lists[i].kind == kind && id != NULL && load->lists[i] != NULL
                ? g_hash_table_lookup(load->lists[i], id)
                : NULL;
        if (lines == NULL)
            continue;
        *(const char **)(record + cn_programme_lists[i].offset) =
            g_string_chunk_insert(load->network->strings, lines->str);
        load->taken[i]++;
    }
}

/* ---- Records. */

static gboolean
is_sound_fact(const CnFact *fact, gconstpointer field)
{
    const char *text = NULL;
    switch (fact->kind) {
    case CN_FACT_DATE:
        return !fact->required || cn_date_is_set(*(const CnDate *)field);
    case CN_FACT_AREA:
    case CN_FACT_SERVICE:
    case CN_FACT_COURSE:
        return !fact->required || *(const gint32 *)field >= 0;
    case CN_FACT_COUNT:
        return *(const gint64 *)field >= 0;
    default:
        text = *(const char *const *)field;
        if (text == NULL)
            return !fact->required;
        return fact->words == NULL || g_strv_contains(fact->words, text);
    }
}

/* What a reader of a file would have refused was damaged since. */
static gboolean
is_sound(CnProgrammeKind kind, const char *record)
{
    const CnProgrammeTable *table = cn_programme_table(kind);
    for (guint i = 0; i < table->facts_len; i++)
        if (!is_sound_fact(&table->facts[i], record + table->facts[i].offset))
            return FALSE;
    return ((const CnProgrammeRecord *)record)->id != NULL;
}

typedef struct {
    Load *load;
    CnProgrammeKind kind;
    char *record; /* room for one */
} Reading;

static gboolean
read_record(CnStatement *row, gpointer data, GError **error)
{
    const Reading *reading = data;
    Load *load = reading->load;
    const char *id;
    if (!cn_read_text(row, 0, &id, error))
        return FALSE;
    CnProgramme *programme = id != NULL ? g_hash_table_lookup(load->programmes, id) : NULL;
    cn_programme_blank(reading->kind, reading->record);
    if (programme == NULL)
        return cn_store_damaged(load->store, row->sql->name, error);
    if (!cn_read_record(row, load->network, reading->record, error))
        return FALSE;
    take_lists(load, reading->kind, reading->record);
    if (!is_sound(reading->kind, reading->record))
        return cn_store_damaged(load->store, row->sql->name, error);
    g_array_append_vals(programme->records[reading->kind], reading->record, 1);
    return TRUE;
}

static gboolean
read_kind(Load *load, CnProgrammeKind kind, GError **error)
{
    g_autofree char *record = g_malloc0(cn_programme_table(kind)->size);
    Reading reading = {load, kind, record};
    return cn_statement_each(load->store, &cn_programme_selects[kind], read_record, &reading,
                             error);
}

/* ---- Programmes. */

static const CnSql select_programmes = {
    "programme",
    "SELECT id, region_id, example, from_on, until_on, network_formed_on, network_members"
    " FROM programme WHERE network_id = :network_id ORDER BY id",
    &cn_map_programme,
};

static gboolean
read_programme(CnStatement *row, gpointer data, GError **error)
{
    Load *load = data;
    const char *id;
    CnProgramme *programme = cn_network_add_programme(load->network);
    if (!cn_read_text(row, 0, &id, error) || !cn_read_record(row, load->network, programme, error))
        return FALSE;
    if (id == NULL || strcmp(id, programme->region != NULL ? programme->region : "") != 0)
        return cn_store_damaged(load->store, row->sql->name, error);
    g_hash_table_insert(load->programmes, g_strdup(id), programme);
    return TRUE;
}

static gboolean
read_programmes(Load *load, GError **error)
{
    return cn_statement_each(load->store, &select_programmes, read_programme, load, error);
}

static gboolean
read_all(Load *load, GError **error)
{
    if (!read_programmes(load, error))
        return FALSE;
    for (guint i = 0; i < CN_PROGRAMME_LISTS; i++)
        if (!cn_statement_each(load->store, &cn_programme_lists[i].select, read_line,
                               load->lists[i], error))
            return FALSE;
    for (guint kind = 0; kind < CN_PROGRAMME_KINDS; kind++)
        if (!read_kind(load, (CnProgrammeKind)kind, error))
            return FALSE;
    for (guint i = 0; i < CN_PROGRAMME_LISTS; i++)
        if (load->taken[i] != g_hash_table_size(load->lists[i]))
            return cn_store_damaged(load->store, cn_programme_lists[i].select.name, error);
    return TRUE;
}

/* ---- Referrals. */

static const CnSql select_referral_starts = {
    "referral-starts",
    "SELECT coalesce(c.ref, 'erased case ' || c.id) AS case_ref, o.service_id AS service_id,"
    " 'R-' || r.number AS id,"
    " coalesce((SELECT k.area FROM care_plan AS k WHERE k.network_id = c.network_id"
    "   AND k.case_id = c.id ORDER BY k.made_on DESC LIMIT 1),"
    "  (SELECT s.area FROM service_start AS s WHERE s.network_id = c.network_id"
    "   AND s.case_id = c.id ORDER BY s.started_on DESC LIMIT 1),"
    "  CASE WHEN p.disclosure = 'public' THEN t.area ELSE p.show_area END) AS area, a.at_s"
    " FROM referral_event AS e"
    " LEFT JOIN referral AS r ON r.network_id = e.network_id AND r.number = e.referral"
    " LEFT JOIN case_record AS c ON c.network_id = r.network_id AND c.id = r.case_id"
    " LEFT JOIN offering AS o ON o.network_id = r.network_id AND o.id = r.offering_id"
    " LEFT JOIN provider AS p ON p.network_id = o.network_id AND p.id = o.provider_id"
    " LEFT JOIN provider_site AS t ON t.network_id = p.network_id AND t.provider_id = p.id"
    " LEFT JOIN audit_record AS a ON a.network_id = e.network_id AND a.number = e.record"
    " WHERE e.network_id = :network_id AND e.to_state = 'started'",
    &cn_map_referral_start,
};

typedef struct {
    CnNetwork *network;
    CnProgramme *programme;
} Starts;

static gboolean
read_referral_start(CnStatement *row, gpointer data, GError **error)
{
    const Starts *starts = data;
    CnStart start;
    cn_programme_blank(CN_PROGRAMME_STARTS, &start);
    if (!cn_read_record(row, starts->network, &start, error))
        return FALSE;
    if (start.ref == NULL || sqlite3_column_type(row->stmt, 4) == SQLITE_NULL)
        return cn_store_damaged(row->store, row->sql->name, error);
    start.on = cn_date_of(sqlite3_column_int64(row->stmt, 4));
    g_array_append_val(starts->programme->records[CN_PROGRAMME_STARTS], start);
    return TRUE;
}

/* That of the network itself comes first. */
static CnProgramme *
own_programme(CnNetwork *network)
{
    CnProgramme *first =
        network->programmes->len > 0 ? g_ptr_array_index(network->programmes, 0) : NULL;
    return first != NULL && first->region == NULL ? first : cn_network_add_programme(network);
}

gboolean
cn_store_load_referral_starts(carenet_store *store, CnNetwork *network, GError **error)
{
    Starts starts = {network, own_programme(network)};
    if (!cn_statement_each(store, &select_referral_starts, read_referral_start, &starts, error))
        return FALSE;
    cn_programme_sort(starts.programme);
    return TRUE;
}

/* ---- All of it. */

gboolean
cn_store_load_programmes(carenet_store *store, CnNetwork *network, GError **error)
{
    g_autoptr(GHashTable) programmes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    Load load = {.store = store, .network = network, .programmes = programmes};
    for (guint i = 0; i < CN_PROGRAMME_LISTS; i++)
        load.lists[i] = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_lines);
    gboolean done = read_all(&load, error);
    for (guint i = 0; i < CN_PROGRAMME_LISTS; i++)
        g_hash_table_unref(load.lists[i]);
    for (guint i = 0; i < network->programmes->len; i++)
        cn_programme_sort(g_ptr_array_index(network->programmes, i));
    return done;
}

gboolean
cn_store_load_coverage(carenet_store *store, CnNetwork *network, GError **error)
{
    g_autoptr(GHashTable) programmes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    Load load = {.store = store, .network = network, .programmes = programmes};
    return read_programmes(&load, error) && read_kind(&load, CN_PROGRAMME_ORDINANCES, error);
}
