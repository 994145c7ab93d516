/* Plug-ins that answer by a hash of origin and offering, and count who asks: so tests can say what they must have
 * answered without asking. */
#pragma once

#include "model/policy.h"

#include <carenet/plugin.h>

typedef struct {
    guint salt;
    GThread *thread;    /* that may ask */
    GHashTable *asked;  /* (element-type utf8 guint) times that each origin was asked */
    guint calls, freed; /* of all callbacks */
    const char *bad;    /* what is wrong with it; NULL: nothing */
} HashPlugin;

void hash_plugin_init(HashPlugin *said, guint salt);
/* The policy with up to two plug-ins, "roads-2026" and "night". (transfer full) */
carenet_policy *hash_plugin_add(carenet_policy *policy,
                                HashPlugin *said,
                                gboolean travel,
                                gboolean score,
                                gboolean filter);

/* ---- What they answer. Without a way: infinite. */

double hash_plugin_minutes(const HashPlugin *said, const char *area, const char *offering);
gint64 hash_plugin_cost(const HashPlugin *said, const char *area, const char *offering);
gboolean hash_plugin_removes(const HashPlugin *said, const char *area, const char *offering);

/* ---- The callbacks; what is wrong with them is in `bad`. */

bool hash_plugin_travel(const carenet_origin *from,
                        const carenet_destinations *to,
                        double *minutes,
                        void *user);
bool hash_plugin_score(const carenet_origin *from,
                       const carenet_destinations *to,
                       int64_t *costs,
                       void *user);
bool hash_plugin_filter(const carenet_origin *from,
                        const carenet_destinations *to,
                        uint8_t *removed,
                        void *user);
void hash_plugin_ended(void *user);
