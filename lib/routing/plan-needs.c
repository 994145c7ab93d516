/* Needs, flat and in classes, and walking over these. */
#include "routing/plan-needs.h"

#include "base/pieces.h"
#include "routing/market-facts.h"
#include "routing/market-numbers.h"

/* ---- Classes. */

/* Everything that a rule or a cost may look at, and nothing else. */
static guint
class_of(CnPlanNeeds *needs,
         CnNumbers *known,
         CnFactWords *key,
         const CnCase *c,
         const CnNeed *need)
{
    cn_fact_words_write(key, c, need);
    cn_fact_words_put(key, (guint64)(guint32)c->area << 32 | (guint32)need->service);
    cn_fact_words_put(key, (guint64)(guint32)c->max_travel_min << 32 | (guint32)need->units);
    cn_fact_words_put(key, need->urgency);
    const guint class = cn_numbers_of(known, key->words, key->len), at = needs->needs->len;
    if (class == needs->classes->len)
        g_array_append_val(needs->classes, at);
    return class;
}

static gint
compare_classes(gconstpointer x, gconstpointer y, gpointer data)
{
    const CnPlanNeeds *needs = data;
    const guint a = *(const guint *)x, b = *(const guint *)y;
    const CnAreaId a_area = cn_plan_person(needs, a)->area, b_area = cn_plan_person(needs, b)->area;
    if (a_area != b_area)
        return a_area < b_area ? -1 : 1;
    return (a > b) - (a < b);
}

/* Classes of one area follow each other, so that the way from there is worked out once. */
static void
sort_classes(CnPlanNeeds *needs)
{
    g_autofree guint *place = g_new0(guint, MAX(needs->needs->len, 1));
    g_array_sort_with_data(needs->classes, compare_classes, needs);
    for (guint class = 0; class < needs->classes->len; class ++)
        place[g_array_index(needs->classes, guint, class)] = class;
    /* So far class is the order in which they were met, and place is known for the first of each. */
    g_autofree guint *first = g_new0(guint, MAX(needs->classes->len, 1));
    guint met = 0;
    for (guint i = 0; i < needs->needs->len; i++) {
        CnPlanNeed *need = &g_array_index(needs->needs, CnPlanNeed, i);
        if (need->class == met)
            first[met++] = i;
        need->class = place[first[need->class]];
    }
}

static void
sort_needs(CnPlanNeeds *needs)
{
    g_autofree guint *next = g_new0(guint, (gsize)needs->classes->len + 1);
    needs->order = g_new(guint, MAX(needs->needs->len, 1));
    for (guint i = 0; i < needs->needs->len; i++)
        next[cn_plan_need(needs, i)->class + 1]++;
    for (guint class = 0; class < needs->classes->len; class ++)
        next[class + 1] += next[class];
    for (guint i = 0; i < needs->needs->len; i++)
        needs->order[next[cn_plan_need(needs, i)->class]++] = i;
}

/* ---- The list. */

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
add_person(CnPlanNeeds *needs, guint position)
{
    const CnCase *c = g_ptr_array_index(needs->asked.cases->cases, position);
    g_hash_table_insert(needs->by_ref, c->ref, GUINT_TO_POINTER(position));
    if (c->siblings_group != NULL)
        add_position(needs->groups, c->siblings_group, position);
    for (guint i = 0; i < c->keep_apart->len; i++)
        add_position(needs->kept_from, g_ptr_array_index(c->keep_apart, i), position);
}

static void
fill_needs(CnPlanNeeds *needs)
{
    const GPtrArray *cases = needs->asked.cases->cases;
    CnNumbers *known = cn_numbers_new();
    CnFactWords key = {0};
    for (guint person = 0; person < cases->len; person++) {
        const CnCase *c = g_ptr_array_index(cases, person);
        needs->first_need[person] = needs->needs->len;
        add_person(needs, person);
        for (guint i = 0; i < c->needs->len; i++) {
            CnPlanNeed need = {.person = person, .need = i};
            need.class = class_of(needs, known, &key, c, &g_array_index(c->needs, CnNeed, i));
            g_array_append_val(needs->needs, need);
        }
    }
    needs->first_need[cases->len] = needs->needs->len;
    cn_fact_words_clear(&key);
    cn_numbers_free(known);
}

CnPlanNeeds *
cn_plan_needs_new(const CnPlanQuestion *asked)
{
    CnPlanNeeds *needs = g_new0(CnPlanNeeds, 1);
    needs->asked = *asked;
    cn_quotas_init(&needs->quotas, asked->directory, asked->policy, NULL);
    needs->needs = g_array_new(FALSE, FALSE, sizeof(CnPlanNeed));
    needs->classes = g_array_new(FALSE, FALSE, sizeof(guint));
    needs->first_need = g_new(guint, (gsize)asked->cases->cases->len + 1);
    needs->by_ref = g_hash_table_new(g_str_hash, g_str_equal);
    needs->groups =
        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_array_unref);
    needs->kept_from =
        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_array_unref);
    fill_needs(needs);
    if (needs->classes->len > CN_PORTS_MOST)
        needs->crossings = cn_crossings_new(asked->directory->listing->reference->gazetteer,
                                            &asked->policy->speeds);
    cn_points_init(&needs->points, asked->directory->listing);
    sort_classes(needs);
    sort_needs(needs);
    return needs;
}

void
cn_plan_needs_free(CnPlanNeeds *needs)
{
    if (needs == NULL)
        return;
    cn_quotas_clear(&needs->quotas);
    cn_crossings_free(needs->crossings);
    cn_points_clear(&needs->points);
    g_hash_table_unref(needs->kept_from);
    g_hash_table_unref(needs->groups);
    g_hash_table_unref(needs->by_ref);
    g_free(needs->order);
    g_free(needs->first_need);
    g_array_unref(needs->classes);
    g_array_unref(needs->needs);
    g_free(needs);
}

CnPlanQuestion
cn_plan_question(const CnPlan *plan,
                 const CnDirectory *directory,
                 const CnPolicy *policy,
                 const struct carenet_cases *cases)
{
    return (CnPlanQuestion){.directory = directory,
                            .policy = policy,
                            .cases = cases,
                            .now_s = plan->now_s,
                            .at_s = plan->at_s,
                            .include_unconfirmed = plan->include_unconfirmed,
                            .include_unknown_capacity = plan->include_unknown_capacity};
}

gint
cn_plan_needs_find(const CnPlanNeeds *needs, const char *ref, guint number)
{
    gpointer found = NULL;
    if (!g_hash_table_lookup_extended(needs->by_ref, ref, NULL, &found))
        return -1;
    const guint person = GPOINTER_TO_UINT(found);
    const guint len = needs->first_need[person + 1] - needs->first_need[person];
    return number >= 1 && number <= len ? (gint)(needs->first_need[person] + number - 1) : -1;
}

void
cn_plan_need_origin(const CnPlanNeeds *needs, guint need, CnOrigin *origin)
{
    const CnAreaId area = cn_plan_person(needs, need)->area;
    if (needs->crossings != NULL)
        cn_origin_init_across(origin, needs->crossings, area);
    else
        cn_origin_init(origin, needs->asked.directory->listing->reference->gazetteer,
                       &needs->asked.policy->speeds, area);
}

CnQuestion
cn_plan_need_question(const CnPlanNeeds *needs, guint need, const CnOrigin *origin)
{
    const CnPlanQuestion *asked = &needs->asked;
    const CnCase *person = cn_plan_person(needs, need);
    return (CnQuestion){.listing = asked->directory->listing,
                        .policy = asked->policy,
                        .person = person,
                        .need = cn_plan_need_of(needs, need),
                        .origin = person->area != CN_AREA_NONE ? origin : NULL,
                        .plug = cn_plugged_from(asked->plugged, person->area),
                        .now_s = asked->now_s,
                        .today = cn_date_of(asked->now_s),
                        .at_min = cn_minute_of_week(asked->at_s),
                        .include_unconfirmed = asked->include_unconfirmed,
                        .include_unknown_capacity = asked->include_unknown_capacity};
}

CnQuestion
cn_plan_way_question(const CnPlanNeeds *needs, guint need, CnPlanWay *way)
{
    const CnAreaId area = cn_plan_person(needs, need)->area;
    if (!way->made || way->area != area)
        cn_plan_need_origin(needs, need, &way->origin);
    way->made = TRUE;
    way->area = area;
    return cn_plan_need_question(needs, need, &way->origin);
}

/* ---- Walking. */

/* Parts of all classes: so many that no thread waits long for another, so few that not many towns are cut in two. */
#define RUNS_FOR_THREAD 16

typedef struct {
    const CnPlanNeeds *needs;
    CnVisitClass visit;
    guint8 *locals;
    gsize local_size;
    guint runs;
    guint next; /* atomic: the run that nobody has begun */
} Walk;

/* The classes from @class on, up to @end. */
static void
walk_run(const Walk *walk, CnTrips *trips, guint class, guint end, gpointer local)
{
    CnOrigin origin;
    CnAreaId area = CN_AREA_NONE;
    for (const guint first = class; class < end; class ++) {
        const guint need = g_array_index(walk->needs->classes, guint, class);
        const CnAreaId here = cn_plan_person(walk->needs, need)->area;
        if (class == first || here != area) {
            cn_plan_need_origin(walk->needs, need, &origin);
            cn_trips_begin(trips);
        }
        area = here;
        CnQuestion question = cn_plan_need_question(walk->needs, need, &origin);
        question.trips = trips;
        walk->visit(walk->needs, class, &question, local);
    }
}

static void
walk_runs(guint thread, gpointer data)
{
    Walk *walk = data;
    const guint64 len = walk->needs->classes->len;
    CnTrips trips;
    cn_trips_init(&trips, &walk->needs->points);
    for (;;) {
        const guint run = (guint)g_atomic_int_add(&walk->next, 1);
        if (run >= walk->runs)
            break;
        walk_run(walk, &trips, (guint)(len * run / walk->runs),
                 (guint)(len * (run + 1) / walk->runs), walk->locals + thread * walk->local_size);
    }
    cn_trips_clear(&trips);
}

void
cn_plan_visit_classes(const CnPlanNeeds *needs,
                      guint threads,
                      CnVisitClass visit,
                      gpointer locals,
                      gsize local_size)
{
    Walk walk = {.needs = needs,
                 .visit = visit,
                 .locals = locals,
                 .local_size = local_size,
                 .runs = threads > 1 ? threads * RUNS_FOR_THREAD : 1};
    cn_pieces_do(threads, threads, walk_runs, &walk);
}
