/* See invented.h. */
#include "invented.h"

static void
list_towns(Luck *luck, const CnGazetteer *gazetteer)
{
    gint64 sum = 0;
    for (CnAreaId area = 0; area < (CnAreaId)cn_gazetteer_len(gazetteer); area++) {
        if (cn_area(gazetteer, area)->level < CN_LEVEL_CITY)
            continue;
        sum += MAX(1, cn_area(gazetteer, area)->population);
        g_array_append_val(luck->towns, area);
        g_array_append_val(luck->population, sum);
    }
}

void
luck_begin(Luck *luck, guint32 seed, const CnGazetteer *gazetteer)
{
    *luck = (Luck){.rand = g_rand_new_with_seed(seed),
                   .towns = g_array_new(FALSE, FALSE, sizeof(CnAreaId)),
                   .population = g_array_new(FALSE, FALSE, sizeof(gint64))};
    list_towns(luck, gazetteer);
}

void
luck_end(Luck *luck)
{
    g_rand_free(luck->rand);
    g_array_unref(luck->towns);
    g_array_unref(luck->population);
}

gboolean
luck_chance(Luck *luck, gint percent)
{
    return g_rand_int_range(luck->rand, 0, 100) < percent;
}

CnAreaId
luck_town(Luck *luck)
{
    gint64 all = g_array_index(luck->population, gint64, luck->population->len - 1);
    gint64 person = (gint64)(g_rand_double(luck->rand) * (double)all);
    guint low = 0, high = luck->towns->len - 1;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (g_array_index(luck->population, gint64, middle) <= person)
            low = middle + 1;
        else
            high = middle;
    }
    return g_array_index(luck->towns, CnAreaId, low);
}
