/* Plug-ins are asked once an origin; every answer is checked before anybody uses it. */
#include "model/plugin-private.h"

#include "base/error.h"
#include "base/text.h"
#include "model/policy.h"

#include <math.h>

#define MINUTES_MOST 1000000

/* ---- The question. */

/* The offerings as plug-ins see them: all of them, or those to which one travels. */
typedef struct {
    carenet_destinations public;
    guint *columns; /* of each entry */
    const char **texts[4];
    double *lat_deg, *lon_deg;
    guint8 *remote;
    gint32 *travel_min;
} Destinations;

static void
add_destination(Destinations *to, const CnListing *listing, guint offering, guint column)
{
    const CnReference *reference = listing->reference;
    const CnListedOffering *offered = &listing->offerings[offering];
    const CnListedProvider *provider = cn_listed_provider_of(listing, offering);
    const gsize at = to->public.len++;
    to->columns[at] = column;
    to->texts[0][at] = cn_listed_text(listing, offered->id);
    to->texts[1][at] = cn_listed_text(listing, provider->id);
    to->texts[2][at] = cn_service(reference->taxonomy, offered->service)->id;
    to->texts[3][at] =
        provider->area != CN_AREA_NONE ? cn_area(reference->gazetteer, provider->area)->code : NULL;
    to->lat_deg[at] = provider->lat_deg;
    to->lon_deg[at] = provider->lon_deg;
    to->remote[at] = provider->remote != 0;
}

static void
make_destinations(Destinations *to,
                  const CnPlugged *plugged,
                  const CnListing *listing,
                  gboolean travelled)
{
    const gsize len = (gsize)plugged->columns + 1;
    *to = (Destinations){.columns = g_new0(guint, len),
                         .lat_deg = g_new0(double, len),
                         .lon_deg = g_new0(double, len),
                         .remote = g_new0(guint8, len),
                         .travel_min = g_new0(gint32, len)};
    for (guint i = 0; i < G_N_ELEMENTS(to->texts); i++)
        to->texts[i] = g_new0(const char *, len);
    for (guint i = 0; i < plugged->columns; i++)
        if (!travelled || !cn_listed_provider_of(listing, plugged->offerings[i])->remote)
            add_destination(to, listing, plugged->offerings[i], i);
    to->public = (carenet_destinations){.size = sizeof to->public,
                                        .len = to->public.len,
                                        .offering = to->texts[0],
                                        .provider = to->texts[1],
                                        .service = to->texts[2],
                                        .area = to->texts[3],
                                        .lat_deg = to->lat_deg,
                                        .lon_deg = to->lon_deg,
                                        .remote = to->remote,
                                        .travel_min = travelled ? NULL : to->travel_min};
}

static void
clear_destinations(Destinations *to)
{
    for (guint i = 0; i < G_N_ELEMENTS(to->texts); i++)
        g_free(to->texts[i]);
    g_free(to->columns);
    g_free(to->lat_deg);
    g_free(to->lon_deg);
    g_free(to->remote);
    g_free(to->travel_min);
}

/* ---- Asking from one place. */

typedef struct {
    CnPlugged *plugged;
    const CnListing *listing;
    const CnTravelSpeeds *speeds;
    Destinations all, travelled;
    carenet_origin origin;
    CnAreaId area;
    CnPlugRow *row;
    GError **error;
} Asking;

static const char *
name_of_origin(const Asking *asking)
{
    return asking->origin.name != NULL ? asking->origin.name : "nowhere";
}

static gboolean
refuse_silence(const Asking *asking, const carenet_plugin *plugin, const char *what)
{
    cn_error_set(asking->error, CARENET_ERROR_INVALID_DATA, "plug-in %s has no %s from %s",
                 plugin->name, what, name_of_origin(asking));
    cn_error_hint(asking->error, "mend the plug-in, or take it out of the policy");
    return FALSE;
}

static gboolean
refuse_answer(const Asking *asking,
              const carenet_plugin *plugin,
              const char *offering,
              const char *what)
{
    cn_error_set(asking->error, CARENET_ERROR_INVALID_DATA, "plug-in %s, from %s to %s: %s",
                 plugin->name, name_of_origin(asking), offering, what);
    cn_error_hint(asking->error, "mend the plug-in, or take it out of the policy");
    return FALSE;
}

static const char *
wrong_minutes(double minutes)
{
    if (isnan(minutes))
        return "the minutes of travel are missing or not a number";
    if (minutes < 0)
        return "the minutes of travel are below 0";
    return !isinf(minutes) && minutes > MINUTES_MOST ? "the minutes of travel are above 1000000"
                                                     : NULL;
}

static gboolean
ask_travel(Asking *asking)
{
    CnPlugged *plugged = asking->plugged;
    const carenet_plugin *plugin = &plugged->plugins->list[plugged->plugins->travel];
    const carenet_destinations *to = &asking->travelled.public;
    g_autofree double *minutes = g_new(double, to->len + 1);
    for (gsize i = 0; i < to->len; i++)
        minutes[i] = NAN;
    asking->row->minutes = g_new0(gint32, plugged->columns + 1);
    if (!plugin->travel(&asking->origin, to, minutes, plugin->user))
        return refuse_silence(asking, plugin, "travel");
    for (gsize i = 0; i < to->len; i++) {
        const char *wrong = wrong_minutes(minutes[i]);
        if (wrong != NULL)
            return refuse_answer(asking, plugin, to->offering[i], wrong);
        const gint32 whole = isinf(minutes[i]) ? CN_PLUG_NO_WAY : (gint32)ceil(minutes[i]);
        asking->row->minutes[asking->travelled.columns[i]] = whole;
        plugged->minutes_most = MAX(plugged->minutes_most, whole);
    }
    return TRUE;
}

/* The way that scores and filters are told of. */
static void
fill_travel(Asking *asking)
{
    const CnPlugged *plugged = asking->plugged;
    gint32 *travel_min = asking->all.travel_min;
    CnOrigin origin;
    if (asking->row->minutes == NULL)
        cn_origin_init(&origin, asking->listing->reference->gazetteer, asking->speeds,
                       asking->area);
    for (guint i = 0; i < plugged->columns; i++) {
        const CnListedProvider *provider =
            cn_listed_provider_of(asking->listing, plugged->offerings[i]);
        if (provider->remote)
            travel_min[i] = 0;
        else if (asking->area == CN_AREA_NONE)
            travel_min[i] = -1;
        else if (asking->row->minutes != NULL)
            travel_min[i] = asking->row->minutes[i];
        else
            travel_min[i] =
                cn_origin_travel(&origin, provider->lat_deg, provider->lon_deg, provider->island)
                    .travel_min;
    }
}

static gboolean
ask_score(Asking *asking, guint score)
{
    const CnPlugged *plugged = asking->plugged;
    const carenet_plugin *plugin = &plugged->plugins->list[plugged->plugins->scores[score]];
    const carenet_destinations *to = &asking->all.public;
    gint32 *costs = asking->row->costs + (gsize)score * plugged->columns;
    g_autofree gint64 *answers = g_new(gint64, to->len + 1);
    for (gsize i = 0; i < to->len; i++)
        answers[i] = -1;
    if (!plugin->score(&asking->origin, to, answers, plugin->user))
        return refuse_silence(asking, plugin, "score");
    for (gsize i = 0; i < to->len; i++) {
        if (answers[i] < 0 || answers[i] > CN_COST_MOST)
            return refuse_answer(asking, plugin, to->offering[i],
                                 answers[i] < 0 ? "the cost is missing or below 0"
                                                : "the cost is above 1000000");
        costs[i] = (gint32)answers[i];
    }
    return TRUE;
}

static gboolean
ask_filter(Asking *asking, guint filter)
{
    const CnPlugged *plugged = asking->plugged;
    const guint which = plugged->plugins->filters[filter];
    const carenet_plugin *plugin = &plugged->plugins->list[which];
    const carenet_destinations *to = &asking->all.public;
    guint8 *removed = asking->row->removed;
    g_autofree guint8 *answers = g_new(guint8, to->len + 1);
    for (gsize i = 0; i < to->len; i++)
        answers[i] = removed[i] != 0;
    if (!plugin->filter(&asking->origin, to, answers, plugin->user))
        return refuse_silence(asking, plugin, "filter");
    for (gsize i = 0; i < to->len; i++) {
        if (answers[i] > 1 || (removed[i] != 0 && answers[i] == 0))
            return refuse_answer(asking, plugin, to->offering[i],
                                 answers[i] > 1 ? "what is removed is neither 0 nor 1"
                                                : "a filter takes back what another has removed");
        if (answers[i] == 1 && removed[i] == 0)
            removed[i] = (guint8)(which + 1);
    }
    return TRUE;
}

static void
add_most(CnPlugged *plugged, const CnPlugRow *row)
{
    for (guint column = 0; column < plugged->columns; column++) {
        gint64 sum = 0;
        for (guint i = 0; i < plugged->plugins->scores_len; i++)
            sum += row->costs[(gsize)i * plugged->columns + column];
        plugged->cost_most = MAX(plugged->cost_most, sum);
    }
}

static gboolean
ask_all(Asking *asking)
{
    const CnPlugins *plugins = asking->plugged->plugins;
    if (plugins->travel >= 0 && asking->area != CN_AREA_NONE && asking->travelled.public.len > 0 &&
        !ask_travel(asking))
        return FALSE;
    if (plugins->scores_len + plugins->filters_len > 0)
        fill_travel(asking);
    for (guint i = 0; i < plugins->scores_len; i++)
        if (!ask_score(asking, i))
            return FALSE;
    for (guint i = 0; i < plugins->filters_len; i++)
        if (!ask_filter(asking, i))
            return FALSE;
    add_most(asking->plugged, asking->row);
    return TRUE;
}

static gboolean
ask_from(Asking *asking, CnAreaId area)
{
    CnPlugged *plugged = asking->plugged;
    const CnArea *place =
        area != CN_AREA_NONE ? cn_area(asking->listing->reference->gazetteer, area) : NULL;
    if (g_hash_table_contains(plugged->rows, GINT_TO_POINTER(area)))
        return TRUE;
    asking->area = area;
    asking->origin = (carenet_origin){.size = sizeof asking->origin,
                                      .area = place != NULL ? place->code : NULL,
                                      .name = place != NULL ? place->name : NULL,
                                      .lat_deg = place != NULL ? place->lat_deg : NAN,
                                      .lon_deg = place != NULL ? place->lon_deg : NAN};
    asking->row = g_new0(CnPlugRow, 1);
    asking->row->plugged = plugged;
    asking->row->costs = g_new0(gint32, (gsize)plugged->columns * plugged->plugins->scores_len + 1);
    asking->row->removed = g_new0(guint8, (gsize)plugged->columns + 1);
    g_hash_table_insert(plugged->rows, GINT_TO_POINTER(area), asking->row);
    return ask_all(asking);
}

/* ---- All of it. */

static gint
compare_areas(gconstpointer a, gconstpointer b)
{
    const CnAreaId x = *(const CnAreaId *)a, y = *(const CnAreaId *)b;
    return (x > y) - (x < y);
}

static gint
compare_offerings(gconstpointer a, gconstpointer b)
{
    const guint x = *(const guint *)a, y = *(const guint *)b;
    return (x > y) - (x < y);
}

/* Columns in the order of the offerings, each once. */
static void
lay_columns(CnPlugged *plugged, const CnListing *listing, const GArray *offerings)
{
    g_autoptr(GArray) sorted = g_array_copy((GArray *)offerings);
    g_array_sort(sorted, compare_offerings);
    plugged->offerings_len = listing->offerings_len;
    plugged->offerings = g_new(guint, (gsize)sorted->len + 1);
    plugged->column_of = g_new(gint, listing->offerings_len + 1);
    for (gsize i = 0; i < listing->offerings_len; i++)
        plugged->column_of[i] = -1;
    for (guint i = 0; i < sorted->len; i++) {
        const guint offering = g_array_index(sorted, guint, i);
        if (plugged->column_of[offering] >= 0)
            continue;
        plugged->column_of[offering] = (gint)plugged->columns;
        plugged->offerings[plugged->columns++] = offering;
    }
}

static void
free_row(gpointer data)
{
    CnPlugRow *row = data;
    g_free(row->minutes);
    g_free(row->costs);
    g_free(row->removed);
    g_free(row);
}

gboolean
cn_plugged_new(CnPlugins *plugins,
               const CnListing *listing,
               const CnTravelSpeeds *speeds,
               const GArray *areas,
               const GArray *offerings,
               CnPlugged **out,
               GError **error)
{
    g_autoptr(GArray) sorted = g_array_copy((GArray *)areas);
    gboolean done = TRUE;
    CnPlugged *plugged = g_new0(CnPlugged, 1);
    g_atomic_ref_count_init(&plugged->refs);
    plugged->plugins = cn_plugins_ref(plugins);
    plugged->rows = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, free_row);
    lay_columns(plugged, listing, offerings);
    Asking asking = {.plugged = plugged, .listing = listing, .speeds = speeds, .error = error};
    make_destinations(&asking.all, plugged, listing, FALSE);
    make_destinations(&asking.travelled, plugged, listing, TRUE);
    g_array_sort(sorted, compare_areas);
    for (guint i = 0; i < sorted->len && plugged->columns > 0 && done; i++)
        done = ask_from(&asking, g_array_index(sorted, CnAreaId, i));
    clear_destinations(&asking.all);
    clear_destinations(&asking.travelled);
    if (done)
        *out = plugged;
    else
        cn_plugged_unref(plugged);
    return done;
}
