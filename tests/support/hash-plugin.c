/* See hash-plugin.h. */
#include "hash-plugin.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static guint
draw(const HashPlugin *said, const char *area, const char *offering, guint len)
{
    guint hash = g_str_hash(offering) * 31 + (area != NULL ? g_str_hash(area) : 7) + said->salt;
    hash = (hash ^ hash >> 15) * 0x2C1B3C6Du;
    hash = (hash ^ hash >> 12) * 0x297A2D39u;
    return (hash ^ hash >> 15) % len;
}

double
hash_plugin_minutes(const HashPlugin *said, const char *area, const char *offering)
{
    const guint kind = draw(said, area, offering, 10);
    if (kind == 0)
        return INFINITY;
    return kind == 1 ? 0 : draw(said, area, offering, 3000) / 4.0;
}

gint64
hash_plugin_cost(const HashPlugin *said, const char *area, const char *offering)
{
    return MAX(0, (gint)draw(said, offering, area != NULL ? area : "nowhere", 90) - 30);
}

gboolean
hash_plugin_removes(const HashPlugin *said, const char *area, const char *offering)
{
    return draw(said, offering, area != NULL ? area : "nobody", 5) == 0;
}

static gboolean
is_bad(const HashPlugin *said, const char *what)
{
    return g_strcmp0(said->bad, what) == 0;
}

static void
look_at_origin(HashPlugin *said, const carenet_origin *from, const carenet_destinations *to)
{
    assert_ptr_equal(g_thread_self(), said->thread);
    assert_int_equal(from->size, sizeof *from);
    assert_int_equal(to->size, sizeof *to);
    assert_true((from->area == NULL) == (from->name == NULL));
    assert_true(to->len > 0);
    for (gsize i = 0; i < to->len; i++) {
        assert_true(g_str_has_prefix(to->offering[i], to->provider[i]));
        assert_non_null(to->service[i]);
        assert_true(to->remote[i] <= 1);
    }
    said->calls++;
}

bool
hash_plugin_travel(const carenet_origin *from,
                   const carenet_destinations *to,
                   double *minutes,
                   void *user)
{
    HashPlugin *said = user;
    look_at_origin(said, from, to);
    assert_non_null(from->area);
    assert_null(to->travel_min);
    for (gsize i = 0; i < to->len; i++) {
        assert_false(to->remote[i]);
        assert_true(isnan(minutes[i]));
        minutes[i] = hash_plugin_minutes(said, from->area, to->offering[i]);
    }
    if (is_bad(said, "negative travel"))
        minutes[to->len - 1] = -0.5;
    if (is_bad(said, "nan travel"))
        minutes[0] = NAN;
    if (is_bad(said, "endless travel"))
        minutes[0] = 1e6 + 1;
    return !is_bad(said, "no travel");
}

bool
hash_plugin_score(const carenet_origin *from,
                  const carenet_destinations *to,
                  int64_t *costs,
                  void *user)
{
    HashPlugin *said = user;
    const char *key = from->area != NULL ? from->area : "nowhere";
    look_at_origin(said, from, to);
    g_hash_table_insert(
        said->asked, g_strdup(key),
        GUINT_TO_POINTER(GPOINTER_TO_UINT(g_hash_table_lookup(said->asked, key)) + 1));
    assert_non_null(to->travel_min);
    for (gsize i = 0; i < to->len; i++)
        costs[i] = hash_plugin_cost(said, from->area, to->offering[i]);
    if (is_bad(said, "negative score"))
        costs[0] = -1;
    if (is_bad(said, "huge score"))
        costs[0] = CN_COST_MOST + 1;
    return !is_bad(said, "no score");
}

bool
hash_plugin_filter(const carenet_origin *from,
                   const carenet_destinations *to,
                   uint8_t *removed,
                   void *user)
{
    HashPlugin *said = user;
    look_at_origin(said, from, to);
    for (gsize i = 0; i < to->len; i++)
        if (hash_plugin_removes(said, from->area, to->offering[i]))
            removed[i] = 1;
    if (is_bad(said, "odd filter"))
        removed[0] = 7;
    return !is_bad(said, "no filter");
}

void
hash_plugin_ended(void *user)
{
    ((HashPlugin *)user)->freed++;
}

void
hash_plugin_init(HashPlugin *said, guint salt)
{
    *said = (HashPlugin){.salt = salt,
                         .thread = g_thread_self(),
                         .asked = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
}

carenet_policy *
hash_plugin_add(carenet_policy *policy,
                HashPlugin *said,
                gboolean travel,
                gboolean score,
                gboolean filter)
{
    carenet_plugin plugins[2];
    GError *error = NULL;
    carenet_plugin_init(&plugins[0]);
    plugins[0].name = "roads-2026";
    plugins[0].travel = travel ? hash_plugin_travel : NULL;
    plugins[0].score = score ? hash_plugin_score : NULL;
    plugins[0].user = said;
    plugins[0].destroy = hash_plugin_ended;
    carenet_plugin_init(&plugins[1]);
    plugins[1].name = "night";
    plugins[1].reason = "the road is closed at night";
    plugins[1].filter = filter ? hash_plugin_filter : NULL;
    plugins[1].user = said;
    const gboolean first = travel || score;
    carenet_policy *own = carenet_policy_with_plugins(
        policy, first ? plugins : plugins + 1, (first ? 1u : 0u) + (filter ? 1u : 0u), &error);
    assert_null(error);
    assert_non_null(own);
    return own;
}
