/* Circles of connected cases, by union and find: whoever looks for companions looks at its circle and not at all of a list. */
#include "routing/circles.h"

/* Which cases are connected, and by what: groups of siblings, references. */
typedef struct {
    const GPtrArray *cases;
    guint *parent;       /* of each case: one before it that it is connected with, or itself */
    GHashTable *by_name; /* (element-type utf8 guint) position + 1 of a case; borrowed keys */
} Joining;

static const CnCase *
case_at(const GPtrArray *cases, guint i)
{
    return g_ptr_array_index(cases, i);
}

static gboolean
is_anybody_connected(const GPtrArray *cases)
{
    for (guint i = 0; i < cases->len; i++)
        if (case_at(cases, i)->siblings_group != NULL || case_at(cases, i)->keep_apart->len > 0)
            return TRUE;
    return FALSE;
}

static guint
first_of(Joining *joining, guint i)
{
    while (joining->parent[i] != i) {
        joining->parent[i] = joining->parent[joining->parent[i]];
        i = joining->parent[i];
    }
    return i;
}

static void
join(Joining *joining, guint a, guint b)
{
    const guint x = first_of(joining, a), y = first_of(joining, b);
    joining->parent[MAX(x, y)] = MIN(x, y);
}

/* Joins @i with the first that has this name; it is the first otherwise. */
static void
join_by_name(Joining *joining, char *name, guint i)
{
    const guint first = GPOINTER_TO_UINT(g_hash_table_lookup(joining->by_name, name));
    if (first > 0)
        join(joining, first - 1, i);
    else
        g_hash_table_insert(joining->by_name, name, GUINT_TO_POINTER(i + 1));
}

static void
join_groups(Joining *joining)
{
    for (guint i = 0; i < joining->cases->len; i++)
        if (case_at(joining->cases, i)->siblings_group != NULL)
            join_by_name(joining, case_at(joining->cases, i)->siblings_group, i);
    g_hash_table_remove_all(joining->by_name);
}

static void
join_kept_apart(Joining *joining)
{
    for (guint i = 0; i < joining->cases->len; i++)
        if (case_at(joining->cases, i)->ref != NULL)
            join_by_name(joining, case_at(joining->cases, i)->ref, i);
    for (guint i = 0; i < joining->cases->len; i++) {
        const GPtrArray *refs = case_at(joining->cases, i)->keep_apart;
        for (guint k = 0; k < refs->len; k++) {
            const guint other =
                GPOINTER_TO_UINT(g_hash_table_lookup(joining->by_name, g_ptr_array_index(refs, k)));
            if (other > 0)
                join(joining, other - 1, i);
        }
    }
}

/* A circle begins with the first of its cases. Who is alone has none. */
static void
gather(CnCircles *circles, Joining *joining)
{
    for (guint i = 0; i < joining->cases->len; i++) {
        const guint first = first_of(joining, i);
        if (first == i)
            continue;
        if (circles->of[first] == NULL) {
            circles->of[first] = g_ptr_array_new();
            g_ptr_array_add(circles->of[first], g_ptr_array_index(joining->cases, first));
            g_ptr_array_add(circles->all, circles->of[first]);
        }
        circles->of[i] = circles->of[first];
        g_ptr_array_add(circles->of[i], g_ptr_array_index(joining->cases, i));
    }
}

void
cn_circles_init(CnCircles *circles, const GPtrArray *cases)
{
    *circles = (CnCircles){NULL, NULL};
    if (!is_anybody_connected(cases))
        return;
    circles->of = g_new0(GPtrArray *, MAX(cases->len, 1));
    circles->all = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    Joining joining = {.cases = cases,
                       .parent = g_new(guint, MAX(cases->len, 1)),
                       .by_name = g_hash_table_new(g_str_hash, g_str_equal)};
    for (guint i = 0; i < cases->len; i++)
        joining.parent[i] = i;
    join_groups(&joining);
    join_kept_apart(&joining);
    gather(circles, &joining);
    g_hash_table_unref(joining.by_name);
    g_free(joining.parent);
}

void
cn_circles_clear(CnCircles *circles)
{
    g_clear_pointer(&circles->all, g_ptr_array_unref);
    g_clear_pointer(&circles->of, g_free);
}
