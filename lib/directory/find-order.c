/* The order of what was found: confirmed providers first, always; then the key; then the id, so that
 * it is total. All but names are two numbers, made once a match. */
#include "directory/find-private.h"

#include "base/error.h"
#include "base/text.h"

#include <string.h>

CnMatch *
cn_matches_add(CnMatches *matches)
{
    if (matches->len == matches->room) {
        matches->room = MAX(64, 2 * matches->room);
        matches->list = g_renew(CnMatch, matches->list, matches->room);
    }
    CnMatch *match = &matches->list[matches->len++];
    *match = (CnMatch){0};
    return match;
}

void
cn_matches_clear(CnMatches *matches)
{
    g_free(matches->list);
    *matches = (CnMatches){0};
}

static const char *const sort_keys[] = {"default", "distance", "wait",    "free",
                                        "name",    "provider", "verified"};

gboolean
cn_sort_key_parse(const char *text, CnSortKey *out_key, GError **error)
{
    for (guint i = 0; i < G_N_ELEMENTS(sort_keys); i++) {
        if (text == NULL || strcmp(text, sort_keys[i]) == 0) {
            *out_key = (CnSortKey)i;
            return TRUE;
        }
    }
    g_autofree char *quoted = cn_text_quote(text);
    cn_error_set(error, CARENET_ERROR_INVALID_ARGUMENT, "there is no order \"%s\"", quoted);
    cn_error_hint(error, "orders are default, distance, wait, free, name, provider, verified");
    return FALSE;
}

gboolean
cn_sort_key_reads_capacity(CnSortKey key)
{
    return key == CN_SORT_DEFAULT || key == CN_SORT_WAIT || key == CN_SORT_FREE;
}

/* ---- Keys. */

/* Unknown (below 0) comes after every known value. */
static guint64
known(gint64 value)
{
    return value < 0 ? G_MAXINT64 : (guint64)value;
}

static guint64
availability_order(const CnMatch *match, const CnLiveCapacity *capacity)
{
    static const guint8 order[] = {
        [CN_AVAILABLE_YES] = 0, [CN_AVAILABLE_CALL] = 1, [CN_AVAILABLE_FULL] = 2};
    return order[cn_capacity_availability(capacity, (CnUnit)match->unit)];
}

/* Numbers of free places sort public providers only; a restricted one sorts as if it had one or
 * none, which is what it shows. The most come first. */
static guint64
free_order(const CnMatch *match, const CnLiveCapacity *capacity)
{
    gint64 free = cn_capacity_free(capacity, (CnUnit)match->unit);
    if (match->restricted)
        free = MIN(free, 1);
    return (guint64)G_MAXINT64 - (guint64)free;
}

/* NULL in an image that turns out to be damaged: the answer is thrown away. */
static const CnListedProvider *
provider_of(const CnListing *listing, guint offering)
{
    return cn_listing_check_offering(listing, offering) ? cn_listed_provider_of(listing, offering)
                                                        : NULL;
}

/* The latest come first; of those that begin on one day the finer. As cn_date_compare(). */
static guint64
verified_order(const CnListedProvider *provider)
{
    CnDate on = provider != NULL ? provider->verified_on : CN_DATE_NONE;
    guint64 finer = on.day != 0 ? 2 : on.month != 0 ? 1 : 0;
    guint64 first_s = (guint64)cn_date_first_s(on) + ((guint64)1 << 60);
    return cn_date_is_set(on) ? (guint64)G_MAXINT64 - (first_s << 2 | finer) : G_MAXUINT64;
}

/* Unconfirmed, availability and travel in one number, the first the most. */
#define UNCONFIRMED_BIT  63
#define AVAILABILITY_BIT 32

static void
set_order(CnMatch *match, CnSortKey key, const CnListing *listing)
{
    const CnLiveCapacity *capacity = &listing->capacity[match->offering];
    match->first = (guint64)match->unconfirmed << UNCONFIRMED_BIT;
    match->second = 0;
    switch (key) {
    case CN_SORT_DISTANCE:
        match->second = known(match->distance_m);
        break;
    case CN_SORT_WAIT:
        match->second = known(capacity->wait_days);
        break;
    case CN_SORT_FREE:
        match->second = free_order(match, capacity);
        break;
    case CN_SORT_VERIFIED:
        match->second = verified_order(provider_of(listing, match->offering));
        break;
    case CN_SORT_DEFAULT:
        match->first |= availability_order(match, capacity) << AVAILABILITY_BIT;
        match->first |= MIN(known(match->travel_min), G_MAXUINT32);
        match->second = known(capacity->wait_days);
        break;
    case CN_SORT_NAME:
    case CN_SORT_PROVIDER:
        break;
    }
}

void
cn_matches_set_order(CnMatches *matches, CnSortKey key, const CnListing *listing)
{
    for (gsize i = 0; i < matches->len; i++)
        set_order(&matches->list[i], key, listing);
}

/* ---- Sorting. */

typedef struct {
    const CnListing *listing; /* NULL: names do not matter */
} Order;

static gint
compare_names(const CnListing *listing, guint a, guint b)
{
    const CnListedProvider *x = provider_of(listing, a), *y = provider_of(listing, b);
    return x == NULL || y == NULL
               ? 0
               : g_strcmp0(cn_listed_text(listing, x->name), cn_listed_text(listing, y->name));
}

static inline gboolean
comes_before(const Order *order, const CnMatch *a, const CnMatch *b)
{
    if (a->first != b->first)
        return a->first < b->first;
    if (a->second != b->second)
        return a->second < b->second;
    gint names =
        order->listing != NULL ? compare_names(order->listing, a->offering, b->offering) : 0;
    return names != 0 ? names < 0 : a->offering < b->offering;
}

static gint
compare(gconstpointer x, gconstpointer y, gpointer order)
{
    return comes_before(order, x, y) ? -1 : 1;
}

/* Lets the match at @at of a heap whose first is the last in order sink to where it belongs. */
static void
sink(const Order *order, CnMatch *heap, gsize len, gsize at)
{
    const CnMatch match = heap[at];
    for (gsize below = 2 * at + 1; below < len; below = 2 * at + 1) {
        if (below + 1 < len && comes_before(order, &heap[below], &heap[below + 1]))
            below++;
        if (!comes_before(order, &match, &heap[below]))
            break;
        heap[at] = heap[below];
        at = below;
    }
    heap[at] = match;
}

/* The first @most are a heap, from which the last of them is thrown out for each that comes before. */
static void
select_first(const Order *order, CnMatch *list, gsize len, gsize most)
{
    for (gsize at = most / 2; at-- > 0;)
        sink(order, list, most, at);
    for (gsize i = most; i < len; i++) {
        if (!comes_before(order, &list[i], &list[0]))
            continue;
        list[0] = list[i];
        sink(order, list, most, 0);
    }
}

void
cn_matches_sort(CnMatches *matches, gsize most, CnSortKey key, const CnListing *listing)
{
    Order order = {.listing = key == CN_SORT_NAME ? listing : NULL};
    if (most > 0 && most < matches->len)
        select_first(&order, matches->list, matches->len, most);
    matches->len = MIN(matches->len, most);
    g_qsort_with_data(matches->list, (gint)matches->len, sizeof(CnMatch), compare, &order);
}
