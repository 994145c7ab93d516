/* Prices under which the bound says more.
 *
 * The solver's prices are the best ones for units that go each by itself. Families have fewer choices, so
 * at these prices more may want a place than there are, or fewer. The bound of parties-bound.c is a concave
 * function of the prices, and how many more want an offering than it has places is a slope of it: prices go
 * up where too many want to go, and down where too few do. A step is as long as what the bound is short of
 * the plan allows (Polyak 1969; Held, Wolfe and Crowder 1974), in the direction of the slopes of the last
 * steps together, since there are many slopes where many places cost the same (Barahona and Anbil 2000).
 * What the prices prove is worked out level by level in the end, and kept only where it is more.
 *
 * What each need would pay everywhere is kept while the steps last, so long lists are left as they are.
 * Bundles only take part in the end. */
#include "routing/parties-private.h"

#include <math.h>
#include <string.h>

#define STEPS_MOST 120
/* So many steps that were no better, and they become half as long; if they are as short as this, it was in vain. */
#define STEPS_IN_VAIN  5
#define LEAST_SHARE    (1.0 / 256)
#define SHARE_OF_SLOPE 0.1 /* of the last slope in the direction */
/* Prices of a search are so much finer than whole ones: slopes are told apart that whole ones confuse. */
#define FINE       ((gint64)256)
#define COSTS_MOST 2000000
/* Where somebody may not go; still far above what anything costs when made finer. */
#define NEVER (G_MAXINT64 / (4 * FINE))
/* All penalties together: prices are below a few of them, so that sums fit. */
#define SUM_MOST ((double)NEVER / 16)

/* Units that want places, all at one: what they pay there, and what it costs if they get none. Behind
 * siblings who may also go each by itself are lines of as many members. */
typedef struct {
    gsize first; /* of the costs */
    guint len;
    const guint *offerings;
    gint64 penalty, units;
    guint members;
    gint at; /* where it costs least at the prices of the last look; -1 nowhere */
} Line;

typedef struct {
    CnSearch *search;
    gsize offerings;
    GArray *lines; /* (element-type Line) */
    GArray *costs; /* (element-type gint64) */
    /* By offering. */
    gint64 *price;     /* in 1/FINE */
    gint64 *wanted;    /* places, at these prices */
    double *exact;     /* the prices before they were rounded */
    double *best;      /* those with the best value */
    double *direction; /* in which they go */
} Ascent;

/* ---- Laying out. */

static gint64
penalty_of(const CnSearch *search, guint need)
{
    const CnNeed *wanted = cn_plan_need_of(search->needs, need);
    return cn_market_penalty(search->market, wanted->urgency) * wanted->units;
}

/* A line of all of @needs at one place, each of which pays @extra besides. */
static void
add_line(Ascent *ascent, const GArray *needs, gint64 units, gint64 extra)
{
    CnSearch *search = ascent->search;
    const guint one = g_array_index(needs, guint, 0);
    Line line = {.first = ascent->costs->len,
                 .len = cn_market_row_len(search->market, one),
                 .offerings = cn_market_row_offerings(search->market, one),
                 .units = units};
    g_array_set_size(ascent->costs, (guint)(line.first + line.len));
    gint64 *costs = &g_array_index(ascent->costs, gint64, line.first);
    g_array_set_size(search->row, line.len);
    gint64 *row = (gint64 *)(gpointer)search->row->data;
    for (guint i = 0; i < line.len; i++)
        costs[i] = cn_search_holds(search, units, line.offerings[i]) ? 0 : NEVER;
    for (guint k = 0; k < needs->len; k++) {
        const guint need = g_array_index(needs, guint, k);
        line.penalty += penalty_of(search, need);
        if (line.len == 0 || !cn_market_row(search->rows, need, row))
            continue;
        for (guint i = 0; i < line.len; i++)
            costs[i] =
                row[i] == CN_ROW_NEVER || costs[i] >= NEVER ? NEVER : costs[i] + row[i] + extra;
    }
    g_array_append_val(ascent->lines, line);
}

static void
list_parties(Ascent *ascent)
{
    CnSearch *search = ascent->search;
    for (guint i = 0; i < search->parties->len; i++) {
        const CnParty *party = cn_search_party(search, i);
        const guint first = g_array_index(party->needs, guint, 0);
        if (party->pinned < 0 && cn_plan_bond_of_siblings(&search->bonds, first) == NULL)
            add_line(ascent, party->needs, party->units, 0);
    }
}

static void
add_one(Ascent *ascent, guint need, gint64 extra)
{
    g_autoptr(GArray) one = g_array_new(FALSE, FALSE, sizeof(guint));
    g_array_append_val(one, need);
    add_line(ascent, one, cn_plan_need_of(ascent->search->needs, need)->units, extra);
}

static void
add_flock(Ascent *ascent, const CnFlock *flock)
{
    const CnSearch *search = ascent->search;
    const GArray *needs = flock->bond->needs;
    add_line(ascent, needs, flock->units, 0);
    Line *line = &g_array_index(ascent->lines, Line, ascent->lines->len - 1);
    line->members = needs->len;
    for (guint i = 0; i < line->len; i++)
        if (!cn_bond_has_size(&search->bonds, flock->bond, line->offerings[i]))
            g_array_index(ascent->costs, gint64, line->first + i) = NEVER;
    for (guint i = 0; i < needs->len; i++)
        add_one(ascent, g_array_index(needs, guint, i),
                search->needs->asked.policy->siblings_apart);
}

/* Pinned families have no choice. By area, for the sake of the ways. */
static void
list_all(Ascent *ascent)
{
    const CnSearch *search = ascent->search;
    list_parties(ascent);
    for (guint i = 0; i < search->flocks->len; i++)
        if (cn_search_flock(search, i)->pinned < 0)
            add_flock(ascent, cn_search_flock(search, i));
    for (guint i = 0; i < search->needs->needs->len; i++) {
        const guint need = search->needs->order[i];
        if (search->party_of[need] < 0 && cn_market_pinned(search->market, need) < 0 &&
            cn_plan_bond_of_siblings(&search->bonds, need) == NULL)
            add_one(ascent, need, 0);
    }
}

/* ---- The value at some prices. */

static gint64
look_at(Ascent *ascent, guint i)
{
    Line *line = &g_array_index(ascent->lines, Line, i);
    const gint64 *costs = &g_array_index(ascent->costs, gint64, line->first);
    gint64 least = FINE * line->penalty;
    line->at = -1;
    for (guint k = 0; k < line->len; k++) {
        const gint64 value = FINE * costs[k] + line->units * ascent->price[line->offerings[k]];
        if (value < least) {
            least = value;
            line->at = (gint)line->offerings[k];
        }
    }
    return least;
}

static void
want(Ascent *ascent, guint i)
{
    const Line *line = &g_array_index(ascent->lines, Line, i);
    if (line->at >= 0)
        ascent->wanted[line->at] += line->units;
}

/* A flock is together or each by itself, whichever is less. */
static gint64
look_at_flock(Ascent *ascent, guint i)
{
    const guint members = g_array_index(ascent->lines, Line, i).members;
    const gint64 together = look_at(ascent, i);
    gint64 apart = 0;
    for (guint k = 1; k <= members; k++)
        apart += look_at(ascent, i + k);
    if (together < apart) {
        want(ascent, i);
        return together;
    }
    for (guint k = 1; k <= members; k++)
        want(ascent, i + k);
    return apart;
}

static gint64
places_of(const CnSearch *search, gsize offering)
{
    return search->places[offering] - search->pinned[offering];
}

/* In 1/FINE, without what does not depend on the prices. */
static gint64
look_at_all(Ascent *ascent)
{
    gint64 value = 0;
    memset(ascent->wanted, 0, ascent->offerings * sizeof *ascent->wanted);
    for (guint i = 0; i < ascent->lines->len; i++) {
        const guint members = g_array_index(ascent->lines, Line, i).members;
        if (members > 0) {
            value += look_at_flock(ascent, i);
        } else {
            value += look_at(ascent, i);
            want(ascent, i);
        }
        i += members;
    }
    for (gsize i = 0; i < ascent->offerings; i++)
        value -= ascent->price[i] > 0 ? ascent->price[i] * places_of(ascent->search, i) : 0;
    return value;
}

/* ---- Steps. */

/* How many more want the offering than there are places: nothing where they are without end, or where
 * nobody pays and too few come. */
static gint64
slope_at(const Ascent *ascent, gsize offering)
{
    const gint64 slope = ascent->wanted[offering] - places_of(ascent->search, offering);
    if (ascent->search->places[offering] < 0 || (slope < 0 && ascent->exact[offering] <= 0))
        return 0;
    return slope;
}

static void
round_prices(Ascent *ascent)
{
    for (gsize i = 0; i < ascent->offerings; i++)
        ascent->price[i] = (gint64)rint(ascent->exact[i] * FINE);
}

/* Turns the direction towards the last slope; the square of its length. */
static double
turn(Ascent *ascent, double share)
{
    double norm = 0;
    for (gsize i = 0; i < ascent->offerings; i++) {
        double *way = &ascent->direction[i];
        *way = (1 - share) * *way + share * (double)slope_at(ascent, i);
        *way = ascent->exact[i] <= 0 ? MAX(0, *way) : *way;
        norm += *way * *way;
    }
    return norm;
}

static void
take_step(Ascent *ascent, double length)
{
    for (gsize i = 0; i < ascent->offerings; i++)
        ascent->exact[i] = MAX(0, ascent->exact[i] + length * ascent->direction[i]);
    round_prices(ascent);
}

static void
copy(const Ascent *ascent, double *to, const double *from)
{
    memcpy(to, from, ascent->offerings * sizeof *to);
}

/* Steps towards a value that is @short_by more than that at the first prices, in 1/FINE, until a stop. */
static void
climb(Ascent *ascent, double short_by, CnPlacement *out)
{
    double share = 1, gained = 0;
    const gint64 first = look_at_all(ascent);
    guint vain = 0;
    turn(ascent, 1);
    copy(ascent, ascent->best, ascent->exact);
    for (guint steps = 0; steps < STEPS_MOST && share >= LEAST_SHARE; steps++) {
        if (cn_search_is_stopped(ascent->search, out))
            break;
        const double norm = turn(ascent, SHARE_OF_SLOPE);
        if (norm == 0)
            break;
        take_step(ascent, share * (short_by - gained) / norm / FINE);
        const double value = (double)(look_at_all(ascent) - first);
        if (value > gained) {
            gained = value;
            vain = 0;
            copy(ascent, ascent->best, ascent->exact);
        } else if (++vain == STEPS_IN_VAIN) {
            share /= 2;
            vain = 0;
            copy(ascent, ascent->exact, ascent->best);
            round_prices(ascent);
            look_at_all(ascent);
        }
    }
    copy(ascent, ascent->exact, ascent->best);
}

/* ---- The frame. */

/* Whether all costs can be kept, and all sums fit. */
static gboolean
is_small(const CnSearch *search)
{
    gsize costs = 0;
    double penalties = 0;
    for (guint need = 0; need < search->needs->needs->len; need++) {
        costs += cn_market_row_len(search->market, need);
        penalties += (double)penalty_of(search, need);
    }
    return costs <= COSTS_MOST && penalties <= SUM_MOST;
}

static void
ascent_init(Ascent *ascent, CnSearch *search, const gint64 *price)
{
    const gsize offerings = search->needs->asked.directory->listing->offerings_len;
    *ascent = (Ascent){.search = search, .offerings = offerings};
    ascent->lines = g_array_new(FALSE, TRUE, sizeof(Line));
    ascent->costs = g_array_new(FALSE, FALSE, sizeof(gint64));
    ascent->price = g_new(gint64, offerings + 1);
    ascent->wanted = g_new(gint64, offerings + 1);
    ascent->exact = g_new(double, offerings + 1);
    ascent->best = g_new(double, offerings + 1);
    ascent->direction = g_new0(double, offerings + 1);
    for (gsize i = 0; i < offerings; i++)
        ascent->exact[i] = (double)price[i];
    round_prices(ascent);
    list_all(ascent);
}

static void
ascent_clear(Ascent *ascent)
{
    g_array_unref(ascent->lines);
    g_array_unref(ascent->costs);
    g_free(ascent->price);
    g_free(ascent->wanted);
    g_free(ascent->exact);
    g_free(ascent->best);
    g_free(ascent->direction);
}

gint64 *
cn_search_ascend(CnSearch *search, CnPlacement *out)
{
    Ascent ascent;
    const gint64 short_by = out->primal.cost - out->dual.cost;
    if (short_by <= 0 || !is_small(search))
        return NULL;
    ascent_init(&ascent, search, out->price);
    climb(&ascent, (double)(short_by * FINE), out);
    gint64 *better = g_new0(gint64, ascent.offerings + 1);
    for (gsize i = 0; i < ascent.offerings; i++)
        better[i] = (gint64)rint(ascent.exact[i]);
    ascent_clear(&ascent);
    return better;
}
