/* Plug-ins of a policy, and what they said for one call: asked once an origin, before the rules and the
 * costs are, so that these are answered from arrays, by any number of threads, and cannot fail. */
#pragma once

#include "model/listing.h"

/* The plug-ins of a policy. Immutable, reference-counted. */
typedef struct {
    gatomicrefcount refs;
    carenet_plugin *list; /* with names and reasons of their own */
    guint len;
    gint travel; /* which one says how long the way is; -1: the model */
    guint scores[CARENET_PLUGINS_MOST], scores_len;
    guint filters[CARENET_PLUGINS_MOST], filters_len;
} CnPlugins;

/* Checks and copies. NULL sets invalid-argument, and nothing of the caller's is taken. @reserved: a
 * NULL-terminated list of names that cost lines of carenet have. (transfer full) */
CnPlugins *cn_plugins_new(const carenet_plugin *list,
                          gsize len,
                          const char *const *reserved,
                          GError **error);
CnPlugins *cn_plugins_ref(CnPlugins *plugins);
void cn_plugins_unref(CnPlugins *plugins);

/* What they said. Immutable, reference-counted. */
typedef struct CnPlugged CnPlugged;

/* What they said from one origin. */
typedef struct {
    const CnPlugged *plugged;
    gint32 *minutes; /* by column; CN_PLUG_NO_WAY; NULL: the model's */
    gint32 *costs;   /* by scorer, then column */
    guint8 *removed; /* by column: 1 + the plug-in that removed it */
} CnPlugRow;
#define CN_PLUG_NO_WAY (-1)

/* Asks about @offerings (element-type guint) from @areas (element-type CnAreaId, CN_AREA_NONE among
 * them), neither of which needs to be sorted. FALSE sets @error. O(areas * offerings) */
gboolean cn_plugged_new(CnPlugins *plugins,
                        const CnListing *listing,
                        const CnTravelSpeeds *speeds,
                        const GArray *areas,
                        const GArray *offerings,
                        CnPlugged **out,
                        GError **error);
CnPlugged *cn_plugged_ref(CnPlugged *plugged);
void cn_plugged_unref(CnPlugged *plugged);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CnPlugged, cn_plugged_unref)

/* NULL for NULL. @area was asked about. */
const CnPlugRow *cn_plugged_from(const CnPlugged *plugged, CnAreaId area);
/* Whether the way is not the model's, whether costs are added, whether anything may be removed. */
gboolean cn_plugged_travels(const CnPlugged *plugged);
gboolean cn_plugged_scores(const CnPlugged *plugged);
gboolean cn_plugged_filters(const CnPlugged *plugged);
/* The longest way in minutes, and the most that all scorers together add to anything. */
gint32 cn_plugged_minutes_most(const CnPlugged *plugged);
gint64 cn_plugged_cost_most(const CnPlugged *plugged);

/* About one offering. @row may be NULL; an offering that was not asked about is as without plug-ins. */
gint32 cn_plug_minutes(const CnPlugRow *row, guint offering, gint32 model_min);
/* Adds to @lines, one a scorer. */
void cn_plug_lines(const CnPlugRow *row, guint offering, gint64 *lines);
gint64 cn_plug_cost(const CnPlugRow *row, guint offering);
/* The plug-in that removed it, or NULL. */
const carenet_plugin *cn_plug_removed_by(const CnPlugRow *row, guint offering);
