/* The scans of the solver by word, in every form that this processor has, against looking at each
 * column: bounds that hold, the same best, the same lists, the same words looked at. */
#define CN_WAY_BITS 16
#include "routing/assign-ways.h"

#include "routing/market-private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define WORDS_MOST   40
#define COLUMNS_MOST (WORDS_MOST * CN_WORD)
#define ROW_MOST     (COLUMNS_MOST + WORDS_MOST + CN_WORDS_BEHIND)
#define ROUNDS       2000

typedef struct {
    guint words, len;
    gint32 raw[COLUMNS_MOST];
    guint16 minutes[ROW_MOST];
    gint32 base[ROW_MOST], price[COLUMNS_MOST], word_price[WORDS_MOST + CN_WORDS_BEHIND];
    guint64 fits[WORDS_MOST], foreign[WORDS_MOST];
    CnView view;
} Scene;

static guint64
draw_word(GRand *random)
{
    guint64 word = (guint64)g_rand_int(random) << 32 | g_rand_int(random);
    switch (g_rand_int_range(random, 0, 4)) {
    case 0:
        return 0;
    case 1:
        return word & ((guint64)g_rand_int(random) << 32 | g_rand_int(random)) & word >> 7;
    default:
        return word;
    }
}

static gint32
draw_minutes(GRand *random, gint32 near, gint32 spread)
{
    switch (g_rand_int_range(random, 0, 12)) {
    case 0:
        return CN_MIN_NEVER;
    case 1:
        return CN_MIN_NO_LINK;
    default:
        return near + g_rand_int_range(random, 0, spread);
    }
}

/* Few different numbers, so that many are equal. */
static void
draw_columns(GRand *random, Scene *scene)
{
    for (guint word = 0; word < scene->words; word++) {
        const gint32 near = g_rand_int_range(random, 0, 300), dear = g_rand_int_range(random, 0, 9);
        const gint32 spread = g_rand_boolean(random) ? 3 : 200;
        scene->fits[word] = draw_word(random);
        scene->foreign[word] = draw_word(random);
        scene->word_price[word] = scene->base[scene->len + word] = G_MAXINT32;
        for (guint i = word * CN_WORD; i < (word + 1) * CN_WORD; i++) {
            scene->raw[i] = draw_minutes(random, near, spread);
            scene->base[i] = dear + g_rand_int_range(random, 0, 5);
            scene->price[i] = g_rand_boolean(random) ? 0 : g_rand_int_range(random, 0, 50);
            scene->base[scene->len + word] = MIN(scene->base[scene->len + word], scene->base[i]);
            scene->word_price[word] = MIN(scene->word_price[word], scene->price[i]);
        }
    }
}

static void
draw_scene(GRand *random, Scene *scene)
{
    memset(scene, 0, sizeof *scene);
    scene->words = (guint)g_rand_int_range(random, 1, WORDS_MOST + 1);
    scene->len = scene->words * CN_WORD;
    draw_columns(random, scene);
    const guint first = (guint)g_rand_int_range(random, 0, (gint32)scene->words);
    scene->view = (CnView){
        .minutes = scene->minutes,
        .base = scene->base,
        .fits = scene->fits,
        .foreign = scene->foreign,
        .foreign_cost = g_rand_int_range(random, 0, 30),
        .no_link = g_rand_int_range(random, 0, 700),
        .per_min = g_rand_int_range(random, 0, 4),
        .add = g_rand_int_range(random, 0, 10),
        .limit =
            g_rand_boolean(random) ? CN_MINUTES_NO_LINK : (guint)g_rand_int_range(random, 0, 400),
        .first = first,
        .end = first + 1 + (guint)g_rand_int_range(random, 0, (gint32)(scene->words - first))};
}

/* ---- Each column by itself. */

static gint32
sum_of(const Scene *scene, guint column)
{
    const CnView *view = &scene->view;
    if (column / CN_WORD < view->first || column / CN_WORD >= view->end ||
        !cn_bit(scene->fits, column) || scene->raw[column] == CN_MIN_NEVER)
        return CN_FAR;
    const gboolean linked = scene->raw[column] != CN_MIN_NO_LINK;
    if (view->limit < CN_MINUTES_NO_LINK && (!linked || scene->raw[column] > (gint32)view->limit))
        return CN_FAR;
    const gint32 way = linked ? scene->raw[column] * view->per_min : view->no_link;
    return scene->base[column] + view->add + way + scene->price[column] +
           (cn_bit(scene->foreign, column) ? view->foreign_cost : 0);
}

static gint
compare_sums(gconstpointer a, gconstpointer b)
{
    const gint32 x = *(const gint32 *)a, y = *(const gint32 *)b;
    return (x > y) - (x < y);
}

static void
check_bounds(const Scene *scene, const gint32 *bounds)
{
    for (guint i = scene->view.first * CN_WORD; i < scene->view.end * CN_WORD; i++)
        assert_true(bounds[i / CN_WORD] <= sum_of(scene, i));
    for (guint word = scene->view.first; word < scene->view.end; word++)
        if (scene->fits[word] == 0)
            assert_int_equal(bounds[word], CN_FAR);
}

static void
check_best(const Scene *scene, gint32 value, guint column)
{
    gint32 least = CN_FAR;
    guint first = 0;
    for (guint i = 0; i < scene->len; i++)
        if (sum_of(scene, i) < least) {
            least = sum_of(scene, i);
            first = i;
        }
    assert_int_equal(value, least);
    assert_int_equal(column, first);
}

static void
check_list(const Scene *scene, const CnNear *list)
{
    gint32 sums[COLUMNS_MOST];
    guint open = 0;
    for (guint i = 0; i < scene->len; i++)
        if (sum_of(scene, i) < CN_FAR)
            sums[open++] = sum_of(scene, i);
    qsort(sums, open, sizeof *sums, compare_sums);
    assert_int_equal(list->len, MIN(open, CN_NEAR_MOST));
    for (guint i = 0; i < list->len; i++) {
        assert_int_equal(list->cost[i], sums[i]);
        assert_int_equal(list->cost[i], sum_of(scene, list->column[i]));
        for (guint k = 0; k < i; k++)
            assert_true(list->column[k] != list->column[i]);
    }
    assert_int_equal(list->bound, list->len < CN_NEAR_MOST ? CN_FAR : sums[CN_NEAR_MOST - 1]);
}

/* ---- Every form. */

typedef struct {
    guint column, best_words, near_words;
    CnNear list;
} Answer;

static Answer
ask_path(Scene *scene, CnCpuPath cpu)
{
    const CnScanTable *table = cn_scan_table(cpu);
    const CnView *view = &scene->view;
    gint32 bounds[WORDS_MOST + CN_WORDS_BEHIND];
    Answer answer = {0};
    const gint32 no_link = view->per_min > 0 ? view->no_link / view->per_min : 0;
    table->narrow(scene->raw, scene->minutes, scene->len);
    table->least_minutes(scene->minutes, scene->len, (guint16)no_link, scene->minutes + scene->len);
    table->bounds(view, scene->len, scene->word_price, bounds);
    check_bounds(scene, bounds);
    const gint32 value =
        table->best(view, scene->price, bounds, &answer.column, &answer.best_words);
    check_best(scene, value, answer.column);
    table->bounds(view, scene->len, scene->word_price, bounds);
    answer.near_words = table->near(view, scene->price, bounds, &answer.list);
    check_list(scene, &answer.list);
    return answer;
}

static void
looks_at_words_as_at_columns(void **state)
{
    (void)state;
    g_autoptr(GRand) random = g_rand_new_with_seed(20261126);
    g_autofree Scene *scene = g_new(Scene, 1);
    guint64 all = 0, looked = 0;
    for (guint round = 0; round < ROUNDS; round++) {
        draw_scene(random, scene);
        const Answer plain = ask_path(scene, CN_CPU_SCALAR);
        for (CnCpuPath cpu = CN_CPU_AVX2; cpu <= CN_CPU_AVX512; cpu++) {
            const Answer other = ask_path(scene, cpu);
            assert_int_equal(plain.best_words, other.best_words);
            assert_int_equal(plain.near_words, other.near_words);
            assert_memory_equal(&plain.list, &other.list, sizeof plain.list);
        }
        all += scene->view.end - scene->view.first;
        looked += plain.near_words;
    }
    print_message("%d scenes, %" G_GUINT64_FORMAT " words, %" G_GUINT64_FORMAT
                  " looked at for lists\n",
                  ROUNDS, all, looked);
    assert_true(looked < all / 2);
}

/* ---- Ways: kept by word, once more in a mirror, and relaxed. */

#define MIRROR_SLOT 5

typedef struct {
    CnRow row;
    CnWay mirror[CN_WORD * CN_MIRROR_SLOTS];
    gint32 reach[COLUMNS_MOST], from[COLUMNS_MOST], key[WORDS_MOST];
} Ways;

static void
draw_ways(GRand *random, const Scene *scene, Ways *ways)
{
    for (guint i = 0; i < CN_WORD; i++) {
        ways->row.sum[i] = g_rand_int_range(random, 0, 5) == 0
                               ? CN_WAY_FAR
                               : (CnWay)g_rand_int_range(random, -40, 400);
        ways->row.who[i] = ways->row.sum[i] == CN_WAY_FAR || g_rand_int_range(random, 0, 5) == 0
                               ? CN_NAME_NONE
                               : (CnName)g_rand_int_range(random, 0, CN_NAME_NONE);
    }
    memset(ways->mirror, 0, sizeof ways->mirror);
    for (gsize i = 0; i < CN_WORD; i++)
        ways->mirror[i * CN_MIRROR_SLOTS + MIRROR_SLOT] = ways->row.sum[i];
    for (guint i = 0; i < scene->len; i++) {
        ways->reach[i] =
            g_rand_int_range(random, 0, 4) == 0 ? CN_FAR : g_rand_int_range(random, -40, 500);
        ways->from[i] = -1;
    }
    for (guint i = 0; i < scene->words; i++)
        ways->key[i] = g_rand_int_range(random, 0, 600);
}

/* Whoever pays less is named, or came later and pays as much; a name that is not known counts as the last. */
static void
lower_by_column(const Scene *scene, guint word, gint32 own, CnName name, Ways *ways)
{
    for (guint i = 0; i < CN_WORD; i++) {
        const guint column = word * CN_WORD + i;
        const gint32 sum = sum_of(scene, column);
        const gint32 extra = sum - scene->price[column] - own;
        if (sum == CN_FAR || extra > ways->row.sum[i] ||
            (extra == ways->row.sum[i] && name <= ways->row.who[i]))
            continue;
        if (extra < ways->row.sum[i])
            ways->mirror[(gsize)i * CN_MIRROR_SLOTS + MIRROR_SLOT] = (CnWay)extra;
        ways->row.sum[i] = (CnWay)extra;
        ways->row.who[i] = name;
    }
}

static void
relax_by_column(const Scene *scene, guint word, gint32 start, gint32 node, Ways *ways)
{
    for (guint i = 0; i < CN_WORD; i++) {
        const guint column = word * CN_WORD + i;
        if (ways->row.sum[i] == CN_WAY_FAR || start + ways->row.sum[i] >= ways->reach[column])
            continue;
        ways->reach[column] = start + ways->row.sum[i];
        ways->from[column] = node;
        ways->key[word] = MIN(ways->key[word], ways->reach[column] + scene->price[column]);
    }
}

static void
check_ways(const Scene *scene,
           CnCpuPath cpu,
           guint word,
           gint32 own,
           CnName name,
           const Ways *before)
{
    const CnWayTable *table = way_table(cpu);
    g_autofree Ways *ways = g_memdup2(before, sizeof *before);
    g_autofree Ways *expected = g_memdup2(before, sizeof *before);
    const CnPiece piece = {.word = word, .row = &ways->row};
    lower_by_column(scene, word, own, name, expected);
    table->lower(&scene->view, word, own, &ways->row, ways->mirror + MIRROR_SLOT, name);
    assert_memory_equal(ways, expected, sizeof *ways);
    relax_by_column(scene, word, 17, 3, expected);
    table->relax_pieces(&piece, 1, 17, ways->reach, scene->price, ways->from, 3, ways->key);
    assert_memory_equal(ways, expected, sizeof *ways);
    gint32 least = CN_FAR;
    guint slot = 0, first = 0;
    for (guint i = 0; i < CN_WORD; i++)
        if (ways->row.sum[i] != CN_WAY_FAR && ways->row.sum[i] + ways->reach[i] < least) {
            least = ways->row.sum[i] + ways->reach[i];
            first = i;
        }
    const gint32 found = table->least_way(ways->row.sum, ways->reach, CN_WORD, &slot);
    assert_true(least < CN_FAR ? found == least && slot == first : found >= CN_FAR);
}

static void
keeps_ways_as_by_column(void **state)
{
    (void)state;
    g_autoptr(GRand) random = g_rand_new_with_seed(20261126);
    g_autofree Scene *scene = g_new(Scene, 1);
    g_autofree Ways *ways = g_new(Ways, 1);
    for (guint round = 0; round < ROUNDS; round++) {
        draw_scene(random, scene);
        draw_ways(random, scene, ways);
        cn_scan_table(CN_CPU_SCALAR)->narrow(scene->raw, scene->minutes, scene->len);
        const guint word =
            (guint)g_rand_int_range(random, (gint32)scene->view.first, (gint32)scene->view.end);
        const gint32 own = g_rand_int_range(random, 0, 300);
        const CnName name = g_rand_int_range(random, 0, 9) == 0
                                ? CN_NAME_NONE
                                : (CnName)g_rand_int_range(random, 0, CN_NAME_NONE);
        for (CnCpuPath cpu = CN_CPU_SCALAR; cpu <= CN_CPU_AVX512; cpu++)
            check_ways(scene, cpu, word, own, name, ways);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(looks_at_words_as_at_columns),
                                       cmocka_unit_test(keeps_ways_as_by_column)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
