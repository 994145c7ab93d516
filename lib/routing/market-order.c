/* The canonical order of classes: by what they are, never by the order in which cases came. Profiles and
 * bitmaps are numbered as they come; what is compared here is the order of what they hold. */
#include "routing/market-order.h"

#include "routing/market-sort.h"

static gint
compare_bitmaps(gconstpointer a, gconstpointer b, gpointer data)
{
    const CnMarket *market = data;
    gsize len, other_len;
    const guint64 *p = cn_numbers_words(market->bitmaps, *(const guint *)a, &len);
    const guint64 *q = cn_numbers_words(market->bitmaps, *(const guint *)b, &other_len);
    if (len != other_len)
        return len < other_len ? -1 : 1;
    for (gsize i = 0; i < len; i++)
        if (p[i] != q[i])
            return p[i] < q[i] ? -1 : 1;
    return 0;
}

static gint
compare_patches(gconstpointer a, gconstpointer b, gpointer data)
{
    const CnMarket *market = data;
    const CnProfile *p = cn_market_profile(market, *(const guint *)a);
    const CnProfile *q = cn_market_profile(market, *(const guint *)b);
    if (p->patches_len != q->patches_len)
        return p->patches_len < q->patches_len ? -1 : 1;
    for (guint i = 0; i < p->patches_len; i++) {
        const CnPatch *x = &g_array_index(market->patches, CnPatch, p->patches + i);
        const CnPatch *y = &g_array_index(market->patches, CnPatch, q->patches + i);
        if (x->column != y->column)
            return x->column < y->column ? -1 : 1;
        if (x->add != y->add)
            return x->add < y->add ? -1 : 1;
    }
    return 0;
}

static guint *
count_up(guint len)
{
    guint *numbers = g_new(guint, (gsize)len + 1);
    for (guint i = 0; i < len; i++)
        numbers[i] = i;
    return numbers;
}

/* The place of each in the order. */
static guint *
ranks_of(const guint *numbers, guint len)
{
    guint *rank = g_new(guint, (gsize)len + 1);
    for (guint i = 0; i < len; i++)
        rank[numbers[i]] = i;
    return rank;
}

static guint *
rank_bitmaps(CnMarket *market)
{
    const guint len = cn_numbers_len(market->bitmaps);
    g_autofree guint *numbers = count_up(len);
    g_qsort_with_data(numbers, (gint)len, sizeof *numbers, compare_bitmaps, market);
    return ranks_of(numbers, len);
}

/* Profiles without patches first, then the few others by these. */
static guint *
sort_by_patches(CnMarket *market)
{
    const guint len = market->profiles->len;
    guint *numbers = g_new(guint, (gsize)len + 1), plain = 0, patched = len;
    for (guint i = 0; i < len; i++)
        numbers[cn_market_profile(market, i)->patches_len == 0 ? plain++ : --patched] = i;
    g_qsort_with_data(numbers + plain, (gint)(len - plain), sizeof *numbers, compare_patches,
                      market);
    return numbers;
}

/* By ask, bitmaps, what is added and patches: the last of these first. */
static guint *
rank_profiles(CnMarket *market)
{
    const guint len = market->profiles->len;
    g_autofree guint *bitmap_rank = rank_bitmaps(market);
    g_autofree guint *numbers = sort_by_patches(market);
    g_autofree guint64 *keys = g_new(guint64, (gsize)len + 1);
    for (guint i = 0; i < len; i++)
        keys[i] = cn_key_of(cn_market_profile(market, i)->add);
    cn_sort_by_keys(numbers, len, keys);
    for (guint i = 0; i < len; i++) {
        const CnProfile *profile = cn_market_profile(market, i);
        keys[i] = (guint64)bitmap_rank[profile->bits] << 32 |
                  (profile->foreign < 0 ? 0 : bitmap_rank[profile->foreign] + 1);
    }
    cn_sort_by_keys(numbers, len, keys);
    for (guint i = 0; i < len; i++)
        keys[i] = cn_market_profile(market, i)->ask;
    cn_sort_by_keys(numbers, len, keys);
    return ranks_of(numbers, len);
}

/* By component, town, profile, limit and tier. No two classes are the same in all of these. */
static guint *
sort_classes(CnMarket *market, const CnClass *classes, guint len)
{
    g_autofree guint *profile_rank = rank_profiles(market);
    g_autofree guint64 *keys = g_new(guint64, (gsize)len + 1);
    guint *numbers = count_up(len);
    for (guint i = 0; i < len; i++)
        keys[i] = (guint64)(guint32)classes[i].limit_min << 3 |
                  (guint64)(classes[i].urgency << 1 | classes[i].free);
    cn_sort_by_keys(numbers, len, keys);
    for (guint i = 0; i < len; i++)
        keys[i] = profile_rank[classes[i].profile];
    cn_sort_by_keys(numbers, len, keys);
    for (guint i = 0; i < len; i++)
        keys[i] = (guint64)cn_market_component_of(market, &classes[i]) << 32 |
                  (guint32)(classes[i].town - CN_AREA_NONE);
    cn_sort_by_keys(numbers, len, keys);
    return numbers;
}

void
cn_market_order_classes(CnMarket *market, const GArray *classes)
{
    const CnClass *found = (const CnClass *)(gpointer)classes->data;
    g_autofree guint *order = sort_classes(market, found, classes->len);
    g_autofree guint *place = ranks_of(order, classes->len);
    market->classes_len = classes->len;
    market->classes = g_new(CnClass, classes->len + 1);
    for (guint i = 0; i < classes->len; i++)
        market->classes[i] = found[order[i]];
    for (guint i = 0; i < cn_market_needs_len(market); i++) {
        if (market->class_of_need[i] != CN_NO_CLASS)
            market->class_of_need[i] = place[market->class_of_need[i]];
        if (market->class_of_more != NULL && market->class_of_more[i] != CN_NO_CLASS)
            market->class_of_more[i] = place[market->class_of_more[i]];
    }
}
