/* Writes the difference between two states of the programmes. What is equal is not touched. */
#include "store/referrals.h"
#include "store/store-programme.h"

#include <string.h>

typedef struct {
    CnWork *work;
    carenet_store *store;
    GHashTable *given; /* the ids that were given */
    CnDifference *difference;
} Write;

typedef struct {
    const CnProgramme *programme;
    gconstpointer record;
} Stored;

static CnChanges *
changes_of(const Write *write, CnProgrammeKind kind)
{
    return &write->difference->changes[CN_KIND_PROGRAMME_RECORDS + kind];
}

static const char *
id_of(const CnProgramme *programme)
{
    return programme->region != NULL ? programme->region : "";
}

static gboolean
run_for_id(const Write *write, const CnSql *sql, const char *id, GError **error)
{
    CnStatement *statement = cn_statement(write->store, sql, error);
    if (statement == NULL)
        return FALSE;
    cn_bind_text(statement, ":id", id);
    return cn_statement_run(statement, error);
}

/* ---- Programmes. */

static const CnSql put_programme = {
    "put-programme",
    "INSERT INTO programme (network_id, id, region_id, example, from_on, until_on,"
    " network_formed_on, network_members) VALUES (:network_id, coalesce(:region_id, ''), :region_id,"
    " :example, :from_on, :until_on, :network_formed_on, :network_members)"
    " ON CONFLICT (network_id, id) DO UPDATE SET example = excluded.example,"
    " from_on = excluded.from_on, until_on = excluded.until_on,"
    " network_formed_on = excluded.network_formed_on, network_members = excluded.network_members",
    &cn_map_programme,
};

static const CnProgramme *
find_programme(const CnNetwork *network, const char *region)
{
    for (guint i = 0; i < network->programmes->len; i++) {
        const CnProgramme *programme = g_ptr_array_index(network->programmes, i);
        if (g_strcmp0(programme->region, region) == 0)
            return programme;
    }
    return NULL;
}

static gboolean
write_programme(const Write *write,
                const CnProgramme *old,
                const CnProgramme *programme,
                GError **error)
{
    const gboolean equal = old != NULL && cn_record_equal(&cn_map_programme, old, programme);
    CnChanges *changes = &write->difference->changes[CN_KIND_PROGRAMME];
    changes->added += old == NULL;
    changes->changed += old != NULL && !equal;
    changes->unchanged += equal && programme->lists != 0;
    if (equal)
        return TRUE;
    if (old == NULL ? cn_date_is_set(programme->network_formed_on)
                    : cn_date_compare(old->network_formed_on, programme->network_formed_on) != 0)
        write->difference->directory = TRUE;
    CnStatement *put = cn_statement(write->store, &put_programme, error);
    if (put == NULL)
        return FALSE;
    cn_bind_record(put, programme);
    return cn_statement_run(put, error);
}

/* ---- Records. */

static gboolean
insert_list(const Write *write,
            const CnProgrammeList *list,
            const char *id,
            const char *lines,
            GError **error)
{
    g_auto(GStrv) texts = g_strsplit(lines, "\n", -1);
    for (guint i = 0; texts[i] != NULL; i++) {
        CnStatement *insert = cn_statement(write->store, &list->insert, error);
        if (insert == NULL)
            return FALSE;
        cn_bind_text(insert, ":id", id);
        cn_bind_int(insert, ":position", i);
        cn_bind_text(insert, ":text", texts[i]);
        if (!cn_statement_run(insert, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
write_lists(const Write *write,
            CnProgrammeKind kind,
            const char *record,
            gboolean is_new,
            GError **error)
{
    const char *id = ((const CnProgrammeRecord *)record)->id;
    for (guint i = 0; i < CN_PROGRAMME_LISTS; i++) {
        const CnProgrammeList *list = &cn_programme_lists[i];
        if (list->kind != kind)
            continue;
        const char *lines = *(const char *const *)(record + list->offset);
        if (!is_new && !run_for_id(write, &list->clear, id, error))
            return FALSE;
        if (lines != NULL && !insert_list(write, list, id, lines, error))
            return FALSE;
    }
    return TRUE;
}

static const char *
case_of(CnProgrammeKind kind, gconstpointer record)
{
    if (kind == CN_PROGRAMME_STARTS)
        return ((const CnStart *)record)->ref;
    return kind == CN_PROGRAMME_CARE_PLANS ? ((const CnCarePlan *)record)->ref : NULL;
}

static gboolean
put_record(const Write *write,
           CnProgrammeKind kind,
           const CnProgramme *programme,
           gconstpointer record,
           gboolean is_new,
           GError **error)
{
    const char *ref = case_of(kind, record);
    if (ref != NULL && !cn_case_name(write->work, ref, error))
        return FALSE;
    CnStatement *put = cn_statement(write->store, &cn_programme_puts[kind], error);
    if (put == NULL)
        return FALSE;
    cn_bind_record(put, record);
    cn_bind_text(put, ":programme_id", id_of(programme));
    return cn_statement_run(put, error) && write_lists(write, kind, record, is_new, error);
}

/* A directory shows where ordinances hold. */
static void
note_directory(const Write *write, CnProgrammeKind kind)
{
    if (kind == CN_PROGRAMME_ORDINANCES)
        write->difference->directory = TRUE;
}

static gboolean
write_record(const Write *write,
             CnProgrammeKind kind,
             const Stored *old,
             const CnProgramme *programme,
             gconstpointer record,
             GError **error)
{
    const gboolean equal = old != NULL && cn_programme_compare(kind, old->record, record) == 0 &&
                           g_strcmp0(old->programme->region, programme->region) == 0;
    CnChanges *changes = changes_of(write, kind);
    changes->added += old == NULL;
    changes->changed += old != NULL && !equal;
    changes->unchanged +=
        equal && g_hash_table_contains(write->given, ((const CnProgrammeRecord *)record)->id);
    if (equal)
        return TRUE;
    note_directory(write, kind);
    return put_record(write, kind, programme, record, old == NULL, error);
}

/* By id over all programmes: a body may have moved. (transfer full) (element-type utf8 Stored) */
static GHashTable *
collect(const CnNetwork *network, CnProgrammeKind kind)
{
    GHashTable *records = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
    for (guint i = 0; i < network->programmes->len; i++) {
        const CnProgramme *programme = g_ptr_array_index(network->programmes, i);
        for (guint k = 0; k < programme->records[kind]->len; k++) {
            const Stored one = {programme, cn_programme_get(programme, kind, k)};
            g_hash_table_insert(records, (gpointer)((const CnProgrammeRecord *)one.record)->id,
                                g_memdup2(&one, sizeof one));
        }
    }
    return records;
}

static gboolean
write_kind(const Write *write,
           CnProgrammeKind kind,
           const CnNetwork *stored,
           const CnNetwork *merged,
           GError **error)
{
    g_autoptr(GHashTable) old = collect(stored, kind);
    for (guint i = 0; i < merged->programmes->len; i++) {
        const CnProgramme *programme = g_ptr_array_index(merged->programmes, i);
        for (guint k = 0; k < programme->records[kind]->len; k++) {
            const CnProgrammeRecord *record = cn_programme_get(programme, kind, k);
            if (!write_record(write, kind, g_hash_table_lookup(old, record->id), programme, record,
                              error))
                return FALSE;
        }
    }
    return TRUE;
}

/* ---- What is no longer there. */

static gboolean
delete_record(const Write *write, CnProgrammeKind kind, const char *id, GError **error)
{
    changes_of(write, kind)->closed++;
    note_directory(write, kind);
    for (guint i = 0; i < CN_PROGRAMME_LISTS; i++)
        if (cn_programme_lists[i].kind == kind &&
            !run_for_id(write, &cn_programme_lists[i].clear, id, error))
            return FALSE;
    return run_for_id(write, &cn_programme_deletes[kind], id, error);
}

static gboolean
delete_kind(const Write *write,
            CnProgrammeKind kind,
            const CnNetwork *stored,
            const CnNetwork *merged,
            GError **error)
{
    g_autoptr(GHashTable) now = collect(merged, kind);
    for (guint i = 0; i < stored->programmes->len; i++) {
        const CnProgramme *programme = g_ptr_array_index(stored->programmes, i);
        for (guint k = 0; k < programme->records[kind]->len; k++) {
            const char *id = ((const CnProgrammeRecord *)cn_programme_get(programme, kind, k))->id;
            if (!g_hash_table_contains(now, id) && !delete_record(write, kind, id, error))
                return FALSE;
        }
    }
    return TRUE;
}

gboolean
cn_store_write_programmes(CnWork *work,
                          const CnNetwork *stored,
                          const CnNetwork *merged,
                          GHashTable *given,
                          CnDifference *out,
                          GError **error)
{
    const Write write = {work, work->store, given, out};
    for (guint i = 0; i < merged->programmes->len; i++) {
        const CnProgramme *programme = g_ptr_array_index(merged->programmes, i);
        if (!write_programme(&write, find_programme(stored, programme->region), programme, error))
            return FALSE;
    }
    /* Meetings point at bodies: bodies come first, and go last. */
    for (guint kind = 0; kind < CN_PROGRAMME_KINDS; kind++)
        if (!write_kind(&write, (CnProgrammeKind)kind, stored, merged, error))
            return FALSE;
    for (guint kind = CN_PROGRAMME_KINDS; kind-- > 0;)
        if (!delete_kind(&write, (CnProgrammeKind)kind, stored, merged, error))
            return FALSE;
    return TRUE;
}
