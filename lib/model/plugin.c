/* Plug-ins, checked once, and what they said. */
#include "model/plugin-private.h"

#include "base/error.h"
#include "base/text.h"

#include <string.h>

#define NAME_MOST 64

/* ---- The list. */

static gboolean
is_name(const char *name)
{
    const gsize len = name != NULL ? strlen(name) : 0;
    return len > 0 && len <= NAME_MOST && g_ascii_islower(name[0]) &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-.") == len;
}

static gboolean
is_taken(const carenet_plugin *list, gsize at, const char *const *reserved)
{
    for (gsize i = 0; i < at; i++)
        if (strcmp(list[i].name, list[at].name) == 0)
            return TRUE;
    return g_strv_contains(reserved, list[at].name);
}

static gboolean
check_plugin(const carenet_plugin *list,
             gsize at,
             const char *const *reserved,
             gboolean *travels,
             GError **error)
{
    const carenet_plugin *plugin = &list[at];
    const char *wrong = NULL;
    CN_REQUIRE_FOR("carenet_policy_with_plugins", plugin->size == sizeof *plugin,
                   "the size of a plug-in is not what carenet_plugin_init() sets", error, FALSE);
    if (!is_name(plugin->name))
        wrong = "a name is 1 to 64 of a-z, 0-9, - and ., and begins with a letter";
    else if (is_taken(list, at, reserved))
        wrong = "another plug-in, or a cost line of carenet, has that name";
    else if (plugin->travel == NULL && plugin->score == NULL && plugin->filter == NULL)
        wrong = "it has neither travel nor score nor filter";
    else if (plugin->travel != NULL && *travels)
        wrong = "another plug-in gives travel already";
    *travels = *travels || plugin->travel != NULL;
    if (wrong == NULL)
        return TRUE;
    g_autofree char *quoted = cn_text_quote(plugin->name != NULL ? plugin->name : "");
    cn_error_set(error, CARENET_ERROR_INVALID_ARGUMENT, "plug-in %" G_GSIZE_FORMAT " \"%s\": %s",
                 at + 1, quoted, wrong);
    return FALSE;
}

CnPlugins *
cn_plugins_new(const carenet_plugin *list, gsize len, const char *const *reserved, GError **error)
{
    gboolean travels = FALSE;
    for (gsize i = 0; i < len; i++)
        if (!check_plugin(list, i, reserved, &travels, error))
            return NULL;
    CnPlugins *plugins = g_new0(CnPlugins, 1);
    g_atomic_ref_count_init(&plugins->refs);
    plugins->list = g_memdup2(list, len * sizeof *list);
    plugins->len = (guint)len;
    plugins->travel = -1;
    for (guint i = 0; i < len; i++) {
        carenet_plugin *own = &plugins->list[i];
        own->name = g_strdup(own->name);
        own->reason = g_strdup(own->reason);
        if (own->travel != NULL)
            plugins->travel = (gint)i;
        if (own->score != NULL)
            plugins->scores[plugins->scores_len++] = i;
        if (own->filter != NULL)
            plugins->filters[plugins->filters_len++] = i;
    }
    return plugins;
}

CnPlugins *
cn_plugins_ref(CnPlugins *plugins)
{
    g_atomic_ref_count_inc(&plugins->refs);
    return plugins;
}

void
cn_plugins_unref(CnPlugins *plugins)
{
    if (plugins == NULL || !g_atomic_ref_count_dec(&plugins->refs))
        return;
    for (guint i = 0; i < plugins->len; i++) {
        if (plugins->list[i].destroy != NULL)
            plugins->list[i].destroy(plugins->list[i].user);
        g_free((gpointer)plugins->list[i].name);
        g_free((gpointer)plugins->list[i].reason);
    }
    g_free(plugins->list);
    g_free(plugins);
}

/* ---- What they said. */

CnPlugged *
cn_plugged_ref(CnPlugged *plugged)
{
    if (plugged != NULL)
        g_atomic_ref_count_inc(&plugged->refs);
    return plugged;
}

void
cn_plugged_unref(CnPlugged *plugged)
{
    if (plugged == NULL || !g_atomic_ref_count_dec(&plugged->refs))
        return;
    g_hash_table_unref(plugged->rows);
    g_free(plugged->offerings);
    g_free(plugged->column_of);
    cn_plugins_unref(plugged->plugins);
    g_free(plugged);
}

const CnPlugRow *
cn_plugged_from(const CnPlugged *plugged, CnAreaId area)
{
    return plugged != NULL ? g_hash_table_lookup(plugged->rows, GINT_TO_POINTER(area)) : NULL;
}

gboolean
cn_plugged_travels(const CnPlugged *plugged)
{
    return plugged != NULL && plugged->plugins->travel >= 0;
}

gboolean
cn_plugged_scores(const CnPlugged *plugged)
{
    return plugged != NULL && plugged->plugins->scores_len > 0;
}

gboolean
cn_plugged_filters(const CnPlugged *plugged)
{
    return plugged != NULL && plugged->plugins->filters_len > 0;
}

gint32
cn_plugged_minutes_most(const CnPlugged *plugged)
{
    return plugged->minutes_most;
}

gint64
cn_plugged_cost_most(const CnPlugged *plugged)
{
    return plugged != NULL ? plugged->cost_most : 0;
}

static gint
column_at(const CnPlugRow *row, guint offering)
{
    return row != NULL && offering < row->plugged->offerings_len ? row->plugged->column_of[offering]
                                                                 : -1;
}

gint32
cn_plug_minutes(const CnPlugRow *row, guint offering, gint32 model_min)
{
    const gint column = column_at(row, offering);
    return column >= 0 && row->minutes != NULL ? row->minutes[column] : model_min;
}

void
cn_plug_lines(const CnPlugRow *row, guint offering, gint64 *lines)
{
    const gint column = column_at(row, offering);
    for (guint i = 0; column >= 0 && i < row->plugged->plugins->scores_len; i++)
        lines[i] = row->costs[(gsize)i * row->plugged->columns + (guint)column];
}

gint64
cn_plug_cost(const CnPlugRow *row, guint offering)
{
    gint64 lines[CARENET_PLUGINS_MOST] = {0}, sum = 0;
    cn_plug_lines(row, offering, lines);
    for (guint i = 0; i < G_N_ELEMENTS(lines); i++)
        sum += lines[i];
    return sum;
}

const carenet_plugin *
cn_plug_removed_by(const CnPlugRow *row, guint offering)
{
    const gint column = column_at(row, offering);
    const guint8 by = column >= 0 ? row->removed[column] : 0;
    return by > 0 ? &row->plugged->plugins->list[by - 1] : NULL;
}
