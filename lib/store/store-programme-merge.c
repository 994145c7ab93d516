/* What a store holds of programmes after an import: the rules of the upsert, on records alone.
 *
 * - A record that is given takes the place of the stored one that is the same: the same body, the same
 *   course on the same day for the same audience, the plan of the same case of the same day.
 * - Records that are not given stay. With @replace a list that a file has takes the place of the stored
 *   one. A list that it does not have keeps what is stored: an export leaves out what is about cases.
 * - Period and network of a programme, and that it is invented, are kept where they are not stated,
 *   unless @replace.
 * - A body that comes in another file than before moves there, and its meetings with it.
 *
 * What is given may still be wrong; the merged network is what the check looks at. */
#include "store/store-programme.h"

typedef struct {
    CnNetwork *merged;
    const CnNetwork *stored;
    gboolean replace;
    GHashTable *given;  /* (element-type utf8) the ids that were given */
    GHashTable *bodies; /* (element-type utf8 CnProgramme) where a body stands now */
} Merge;

static CnProgramme *
find_programme(const CnNetwork *network, const char *region)
{
    for (guint i = 0; i < network->programmes->len; i++) {
        CnProgramme *programme = g_ptr_array_index(network->programmes, i);
        if (g_strcmp0(programme->region, region) == 0)
            return programme;
    }
    return NULL;
}

static CnProgramme *
add_head(CnNetwork *network, const CnProgramme *programme)
{
    CnProgramme *copy = cn_network_add_programme(network);
    copy->region = programme->region;
    copy->example = programme->example;
    copy->from = programme->from;
    copy->until = programme->until;
    copy->network_formed_on = programme->network_formed_on;
    copy->network_members = programme->network_members;
    copy->lists = programme->lists;
    copy->pos = programme->pos;
    return copy;
}

static void
keep_head(CnProgramme *programme, const CnProgramme *stored)
{
    /* What was invented is still among its records. */
    programme->example |= stored->example;
    if (!cn_date_is_set(programme->from))
        programme->from = stored->from;
    if (!cn_date_is_set(programme->until))
        programme->until = stored->until;
    if (cn_date_is_set(programme->network_formed_on))
        return;
    programme->network_formed_on = stored->network_formed_on;
    programme->network_members = stored->network_members;
}

static void
note_given(const Merge *merge, const CnProgramme *programme)
{
    for (guint kind = 0; kind < CN_PROGRAMME_KINDS; kind++)
        for (guint i = 0; i < programme->records[kind]->len; i++) {
            const CnProgrammeRecord *record = cn_programme_get(programme, kind, i);
            if (record->id != NULL)
                g_hash_table_add(merge->given, (gpointer)record->id);
        }
}

static void
add_given(const Merge *merge, const CnProgramme *given, const CnReference *reference)
{
    const CnProgramme *first = find_programme(merge->merged, given->region);
    const CnProgramme *stored = find_programme(merge->stored, given->region);
    CnProgramme *programme = add_head(merge->merged, given);
    for (guint kind = 0; kind < CN_PROGRAMME_KINDS; kind++)
        g_array_append_vals(programme->records[kind], given->records[kind]->data,
                            given->records[kind]->len);
    cn_programme_identify(programme, reference, merge->merged->strings);
    note_given(merge, programme);
    if (first == NULL && stored != NULL && !merge->replace)
        keep_head(programme, stored);
}

/* Whether the files took the place of what is stored of @kind. Meetings stand in the list of bodies. */
static gboolean
is_replaced(const Merge *merge, const CnProgramme *programme, CnProgrammeKind kind)
{
    const CnProgrammeKind list = kind == CN_PROGRAMME_MEETINGS ? CN_PROGRAMME_BODIES : kind;
    return merge->replace && (programme->lists & 1U << list) != 0;
}

static void
keep_record(const Merge *merge, CnProgramme *home, CnProgrammeKind kind, gconstpointer record)
{
    if (home != NULL && !is_replaced(merge, home, kind) &&
        !g_hash_table_contains(merge->given, ((const CnProgrammeRecord *)record)->id))
        g_array_append_vals(home->records[kind], record, 1);
}

static void
keep_stored(const Merge *merge, const CnProgramme *stored)
{
    CnProgramme *home = find_programme(merge->merged, stored->region);
    if (home == NULL)
        home = add_head(merge->merged, stored);
    for (guint kind = 0; kind < CN_PROGRAMME_KINDS; kind++)
        for (guint i = 0; kind != CN_PROGRAMME_MEETINGS && i < stored->records[kind]->len; i++)
            keep_record(merge, home, (CnProgrammeKind)kind, cn_programme_get(stored, kind, i));
}

static void
place_bodies(const Merge *merge)
{
    for (guint i = 0; i < merge->merged->programmes->len; i++) {
        CnProgramme *programme = g_ptr_array_index(merge->merged->programmes, i);
        for (guint k = 0; k < programme->records[CN_PROGRAMME_BODIES]->len; k++) {
            const CnBody *body = cn_programme_get(programme, CN_PROGRAMME_BODIES, k);
            if (body->id != NULL)
                g_hash_table_insert(merge->bodies, (gpointer)body->id, programme);
        }
    }
}

static void
keep_meetings(const Merge *merge, const CnProgramme *stored)
{
    for (guint i = 0; i < stored->records[CN_PROGRAMME_MEETINGS]->len; i++) {
        const CnMeeting *meeting = cn_programme_get(stored, CN_PROGRAMME_MEETINGS, i);
        keep_record(merge, g_hash_table_lookup(merge->bodies, meeting->body), CN_PROGRAMME_MEETINGS,
                    meeting);
    }
}

void
cn_store_merge_programmes(CnNetwork *merged,
                          const CnNetwork *stored,
                          const CnNetwork *given,
                          const CnReference *reference,
                          gboolean replace,
                          GHashTable *out_given)
{
    g_autoptr(GHashTable) bodies = g_hash_table_new(g_str_hash, g_str_equal);
    const Merge merge = {merged, stored, replace, out_given, bodies};
    for (guint i = 0; i < given->programmes->len; i++)
        add_given(&merge, g_ptr_array_index(given->programmes, i), reference);
    for (guint i = 0; i < stored->programmes->len; i++)
        keep_stored(&merge, g_ptr_array_index(stored->programmes, i));
    place_bodies(&merge);
    for (guint i = 0; i < stored->programmes->len; i++)
        keep_meetings(&merge, g_ptr_array_index(stored->programmes, i));
    for (guint i = 0; i < merged->programmes->len; i++)
        cn_programme_sort(g_ptr_array_index(merged->programmes, i));
    cn_network_sort(merged);
}
