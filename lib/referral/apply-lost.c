/* Whom a plan could not be applied to, as a list of cases that can be routed again. */
#include "referral/apply.h"

#include "base/error.h"
#include "base/table.h"
#include "base/text.h"
#include "format/case-write.h"

#include <string.h>

typedef struct {
    const struct carenet_cases *cases;
    const carenet_table *applied;
    GHashTable
        *positions;     /* (element-type utf8 gint+1) of a case, by ref; borrowed keys here too: */
    GHashTable *groups; /* (element-type utf8 GArray) positions of the siblings of a group */
    GHashTable *kept_from; /* (element-type utf8 GArray) of those who name a ref in keep_apart */
    GPtrArray **places;    /* of each case: providers where its needs go; NULL: nowhere */
    guint8 **lost;         /* of each case: a byte a need; NULL: none */
} Lost;

static const char *
cell(const carenet_table *applied, gsize row, const char *column)
{
    const gint64 at = carenet_table_column_index(applied, column);
    return at >= 0 ? carenet_table_get_text(applied, row, (gsize)at) : NULL;
}

static gint64
need_at(const carenet_table *applied, gsize row)
{
    const gint64 at = carenet_table_column_index(applied, "need");
    return at >= 0 ? carenet_table_get_int64(applied, row, (gsize)at) : 0;
}

/* The position of the case of a row, where it has that need. */
static gint
person_of(const Lost *lost, gsize row)
{
    const char *ref = cell(lost->applied, row, "case");
    const gint i =
        ref != NULL ? GPOINTER_TO_INT(g_hash_table_lookup(lost->positions, ref)) - 1 : -1;
    const gint64 need = need_at(lost->applied, row);
    if (i < 0)
        return -1;
    const CnCase *c = g_ptr_array_index(lost->cases->cases, (guint)i);
    return need >= 1 && need <= (gint64)c->needs->len ? i : -1;
}

static void
note_row(Lost *lost, gsize row)
{
    const gint i = person_of(lost, row);
    const char *state = cell(lost->applied, row, "state");
    const char *provider = cell(lost->applied, row, "provider");
    if (i < 0 || state == NULL || provider == NULL)
        return;
    const CnCase *c = g_ptr_array_index(lost->cases->cases, (guint)i);
    if (strcmp(state, "lost") == 0) {
        if (lost->lost[i] == NULL)
            lost->lost[i] = g_new0(guint8, c->needs->len);
        lost->lost[i][need_at(lost->applied, row) - 1] = TRUE;
    } else if (strcmp(state, "left") != 0) {
        if (lost->places[i] == NULL)
            lost->places[i] = g_ptr_array_new();
        g_ptr_array_add(lost->places[i], (gpointer)provider);
    }
}

/* ---- Those who must be apart from somebody who is not in the new list. */

static void
add_position(GHashTable *lists, const char *name, guint position)
{
    GArray *list = g_hash_table_lookup(lists, name);
    if (list == NULL) {
        list = g_array_new(FALSE, FALSE, sizeof(guint));
        g_hash_table_insert(lists, (gpointer)name, list);
    }
    g_array_append_val(list, position);
}

static void
index_cases(Lost *lost)
{
    for (guint i = 0; i < lost->cases->cases->len; i++) {
        const CnCase *c = g_ptr_array_index(lost->cases->cases, i);
        g_hash_table_insert(lost->positions, c->ref, GINT_TO_POINTER((gint)i + 1));
        if (c->siblings_group != NULL)
            add_position(lost->groups, c->siblings_group, i);
        for (guint k = 0; k < c->keep_apart->len; k++)
            add_position(lost->kept_from, g_ptr_array_index(c->keep_apart, k), i);
    }
}

static void
add_all(GPtrArray *avoid, const CnCase *c, const GPtrArray *providers)
{
    for (guint i = 0; providers != NULL && i < providers->len; i++) {
        gpointer provider = g_ptr_array_index(providers, i);
        if (!cn_text_is_among(avoid, provider) && !cn_text_is_among(c->avoid.providers, provider))
            g_ptr_array_add(avoid, provider);
    }
}

/* Where the other one goes, and who knows it: as routing counts them. */
static void
avoid_other(const Lost *lost, const CnCase *c, guint position, GPtrArray *avoid)
{
    const CnCase *other = g_ptr_array_index(lost->cases->cases, position);
    if (other == c)
        return;
    add_all(avoid, c, lost->places[position]);
    add_all(avoid, c, other->known_to);
}

static GPtrArray *
find_avoided(const Lost *lost, const CnCase *c)
{
    GPtrArray *avoid = g_ptr_array_new();
    const GArray *namers = g_hash_table_lookup(lost->kept_from, c->ref);
    const GArray *group =
        c->siblings_group != NULL ? g_hash_table_lookup(lost->groups, c->siblings_group) : NULL;
    for (guint k = 0; namers != NULL && k < namers->len; k++)
        avoid_other(lost, c, g_array_index(namers, guint, k), avoid);
    for (guint k = 0; k < c->keep_apart->len; k++) {
        const gint at = GPOINTER_TO_INT(
            g_hash_table_lookup(lost->positions, g_ptr_array_index(c->keep_apart, k)));
        if (at > 0)
            avoid_other(lost, c, (guint)at - 1, avoid);
    }
    for (guint k = 0; group != NULL && k < group->len; k++) {
        const guint at = g_array_index(group, guint, k);
        const CnCase *sibling = g_ptr_array_index(lost->cases->cases, at);
        if (c->siblings == CN_SIBLINGS_APART || sibling->siblings == CN_SIBLINGS_APART)
            avoid_other(lost, c, at, avoid);
    }
    return avoid;
}

/* ---- The list. */

static gboolean
check_table(const carenet_table *applied, GError **error)
{
    static const char *const columns[] = {"case", "state", "provider"};
    const gint64 need = carenet_table_column_index(applied, "need");
    gboolean same =
        need >= 0 && carenet_table_column_type(applied, (gsize)need) == CARENET_COLUMN_INT64;
    for (gsize i = 0; same && i < G_N_ELEMENTS(columns); i++) {
        const gint64 at = carenet_table_column_index(applied, columns[i]);
        same = at >= 0 && carenet_table_column_type(applied, (gsize)at) == CARENET_COLUMN_TEXT;
    }
    if (!same)
        cn_error_set(error, CARENET_ERROR_INVALID_ARGUMENT,
                     "the table does not tell what became of a plan");
    return same;
}

char *
cn_apply_lost(const struct carenet_cases *cases, const carenet_table *applied, GError **error)
{
    const guint len = cases->cases->len;
    if (!check_table(applied, error))
        return NULL;
    g_autoptr(GHashTable) positions = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) groups =
        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_array_unref);
    g_autoptr(GHashTable) kept_from =
        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_array_unref);
    g_autofree GPtrArray **places = g_new0(GPtrArray *, MAX(len, 1));
    g_autofree guint8 **bytes = g_new0(guint8 *, MAX(len, 1));
    Lost lost = {cases, applied, positions, groups, kept_from, places, bytes};
    GString *out = g_string_new(NULL);
    index_cases(&lost);
    for (gsize row = 0; row < carenet_table_rows_len(applied); row++)
        note_row(&lost, row);
    for (guint i = 0; i < len; i++) {
        const CnCase *c = g_ptr_array_index(cases->cases, i);
        g_autoptr(GPtrArray) avoid = bytes[i] != NULL ? find_avoided(&lost, c) : NULL;
        if (bytes[i] != NULL)
            cn_case_write(out, cases->reference, c, bytes[i], avoid);
    }
    for (guint i = 0; i < len; i++) {
        g_clear_pointer(&places[i], g_ptr_array_unref);
        g_free(bytes[i]);
    }
    return g_string_free(out, FALSE);
}
