/* Opening hours: the grammar, the week, hostile text. A slow reading of each minute is the oracle. */
#include "model/hours.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#define DAY 1440

/* "Mo 08:00-17:00, ..." of the intervals, for comparing. (transfer full) */
static char *
print_hours(const CnHours *hours)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < hours->len; i++)
        g_string_append_printf(out, "%s%d-%d", i > 0 ? " " : "", hours->intervals[i].open_min,
                               hours->intervals[i].close_min);
    return g_string_free(out, FALSE);
}

static void
reads_hours(void **state)
{
    static const struct {
        const char *text, *intervals;
    } cases[] = {
        {"24/7", "0-10080"},
        {" 24/7 ", "0-10080"},
        {"off", ""},
        {"Mo-Su off", ""},
        {"Mo 08:00-17:00", "480-1020"},
        {"  Mo   08:00 - 17:00  ", "480-1020"},
        {"Mo-We 08:00-17:00", "480-1020 1920-2460 3360-3900"},
        {"Mo,We 08:00-12:00,13:00-17:00", "480-720 780-1020 3360-3600 3660-3900"},
        {"Mo,Su 00:00-24:00", "0-1440 8640-10080"},
        {"Mo-Tu", "0-2880"},
        {"Mo", "0-1440"},
        {"08:00-17:00; Tu-Su off", "480-1020"},
        {"00:00-24:00", "0-10080"},
        {"00:00-00:00", "0-10080"},
        {"Mo 08:00-08:00", "480-1920"},
        {"Mo 22:00-02:00", "1320-1560"},
        {"Su 22:00-02:00", "0-120 9960-10080"},
        {"Fr-Su 22:00-02:00; Sa off", "0-120 7080-7320 9960-10080"},
        {"Mo 08:00-12:00,10:00-14:00", "480-840"},
        {"Mo 10:00-14:00,08:00-10:00", "480-840"},
        {"Mo 08:00-18:00,10:00-11:00", "480-1080"},
        {"Mo-Fr 08:00-17:00; Tu-Fr off; We 10:00-11:00", "480-1020 3480-3540"},
        {"Mo 08:00-17:00; Mo off", ""},
        {"Su-Mo 08:00-09:00", "480-540 9120-9180"},
        {"Sa-Tu 08:00-09:00", "480-540 1920-1980 7680-7740 9120-9180"},
        {"Mo 23:59-24:00", "1439-1440"},
        {"Mo 00:00-24:00; Tu 00:00-01:00", "0-1500"},
    };
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        CnHours hours;
        guint offset;
        const char *reason;
        if (!cn_hours_parse(cases[i].text, &hours, &offset, &reason))
            fail_msg("\"%s\" was refused: %s", cases[i].text, reason);
        g_autofree char *printed = print_hours(&hours);
        if (strcmp(printed, cases[i].intervals) != 0)
            fail_msg("\"%s\" is %s", cases[i].text, printed);
        cn_hours_clear(&hours);
        assert_null(hours.intervals);
    }
}

static void
refuses_what_it_does_not_know(void **state)
{
    static const struct {
        const char *text;
        guint offset;
        const char *reason; /* part of it */
    } cases[] = {
        {"", 0, "expected a time"},
        {"   ", 3, "expected a time"},
        {"mo 08:00-17:00", 0, "expected a time"},
        {"Mon 08:00-17:00", 0, "expected a day"},
        {"PH off", 0, "expected a day"},
        {"Mo-Xx 08:00-17:00", 3, "last day"},
        {"Mo- 08:00-17:00", 4, "last day"},
        {"Mo, 08:00-17:00", 4, "expected a day"},
        {"Mo 8:00-17:00", 3, "expected a time"},
        {"Mo 08:00", 8, "expected \"-\""},
        {"Mo 08:00-", 9, "expected a time"},
        {"Mo 08:00+", 8, "expected \"-\""},
        {"Mo 08:0-17:00", 6, "expected a time"},
        {"Mo 08:60-17:00", 3, "no such time"},
        {"Mo 25:00-17:00", 3, "no such time"},
        {"Mo 24:01-17:00", 3, "no such time"},
        {"Mo 24:00-06:00", 3, "only allowed as an end"},
        {"Mo 08:00-24:30", 9, "no such time"},
        {"Mo 08:00-17:00,", 15, "expected a time"},
        {"Mo 08:00-17:00;", 15, "expected a time"},
        {"Mo 08:00-17:00; Sa off; ", 24, "expected a time"},
        {"Mo 08:00-17:00 Tu 08:00-17:00", 15, "expected \";\""},
        {"Mo 08:00-17:00 \"on call\"", 15, "expected \";\""},
        {"24/7; Sa off", 4, "stands alone"},
        {"24/77", 2, "expected a time"},
        {"sunrise-sunset", 0, "expected a time"},
        {"offer", 0, "expected a time"},
        {"Mo 08:00-17:00\n", 14, "expected \";\""},
        {"Mo[1] 08:00-17:00", 2, "expected a time"},
        {"Mo 08\xC3\xB1", 5, "expected a time"},
    };
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        CnHours hours = {NULL, 77};
        guint offset = 999;
        const char *reason = NULL;
        if (cn_hours_parse(cases[i].text, &hours, &offset, &reason))
            fail_msg("\"%s\" was read", cases[i].text);
        if (offset != cases[i].offset || strstr(reason, cases[i].reason) == NULL)
            fail_msg("\"%s\": %u, %s", cases[i].text, offset, reason);
        assert_int_equal(hours.len, 77);
    }
}

static void
bounds_the_text(void **state)
{
    CnHours hours;
    guint offset;
    const char *reason;
    (void)state;
    /* The most spans that fit, at every length around the limit. */
    GString *text = g_string_new("Mo-Su ");
    while (text->len + 12 <= 256)
        g_string_append(text, "00:00-00:01,");
    g_string_truncate(text, text->len - 1);
    assert_true(cn_hours_parse(text->str, &hours, &offset, &reason));
    assert_int_equal(hours.len, 7);
    cn_hours_clear(&hours);
    g_autofree char *tight = g_strnfill(256, '0');
    for (gsize i = 0; i + 12 <= 256; i += 12)
        memcpy(tight + i, "00:00-00:01,", 12);
    assert_false(cn_hours_parse(tight, &hours, &offset, &reason));
    g_string_append(text, " ");
    while (text->len < 256)
        g_string_append_c(text, ' ');
    assert_true(cn_hours_parse(text->str, &hours, &offset, &reason));
    cn_hours_clear(&hours);
    g_string_append_c(text, ' ');
    assert_false(cn_hours_parse(text->str, &hours, &offset, &reason));
    assert_int_equal(offset, 256);
    assert_non_null(strstr(reason, "256 bytes"));
    g_string_free(text, TRUE);
    g_autofree char *huge = g_strnfill(10000000, 'M');
    assert_false(cn_hours_parse(huge, &hours, &offset, &reason));
    assert_int_equal(offset, 256);
}

static void
tells_open_from_closed(void **state)
{
    CnHours hours, never = {NULL, 0};
    guint offset;
    const char *reason;
    (void)state;
    assert_true(
        cn_hours_parse("Mo-Fr 08:00-12:00,13:00-17:00; Su 22:00-02:00", &hours, &offset, &reason));
    static const struct {
        guint minute;
        gboolean open;
    } cases[] = {{0, TRUE},
                 {119, TRUE},
                 {120, FALSE},
                 {479, FALSE},
                 {480, TRUE},
                 {719, TRUE},
                 {720, FALSE},
                 {780, TRUE},
                 {1020, FALSE},
                 {5 * DAY, FALSE},
                 {6 * DAY + 1319, FALSE},
                 {6 * DAY + 1320, TRUE},
                 {7 * DAY - 1, TRUE}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        assert_int_equal(cn_hours_is_open(&hours, cases[i].minute), cases[i].open);
        assert_false(cn_hours_is_open(&never, cases[i].minute));
    }
    cn_hours_clear(&hours);
}

/* A random text of the grammar, and what it means minute by minute. */
static char *
random_hours(GRand *random, gboolean open[CN_WEEK_MIN])
{
    static const char *const names[] = {"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"};
    static gboolean days[7][2 * DAY];
    GString *text = g_string_new(NULL);
    memset(days, 0, sizeof(days));
    gint rules = g_rand_int_range(random, 1, 5);
    for (gint rule = 0; rule < rules; rule++) {
        gint first = g_rand_int_range(random, 0, 7), last = g_rand_int_range(random, 0, 7);
        gint spans = g_rand_int_range(random, 0, 4);
        g_string_append_printf(text, "%s%s-%s ", rule > 0 ? "; " : "", names[first], names[last]);
        gboolean fresh[2 * DAY] = {FALSE};
        if (spans == 0)
            g_string_append(text, "off");
        for (gint span = 0; span < spans; span++) {
            gint from = g_rand_int_range(random, 0, DAY), to = g_rand_int_range(random, 0, DAY + 1);
            g_string_append_printf(text, "%s%02d:%02d-%02d:%02d", span > 0 ? "," : "", from / 60,
                                   from % 60, to / 60, to % 60);
            for (gint minute = from; minute < (to > from ? to : to + DAY); minute++)
                fresh[minute] = TRUE;
        }
        for (gint day = first;; day = (day + 1) % 7) {
            memcpy(days[day], fresh, sizeof(fresh));
            if (day == last)
                break;
        }
    }
    memset(open, 0, CN_WEEK_MIN * sizeof(gboolean));
    for (gint day = 0; day < 7; day++)
        for (gint minute = 0; minute < 2 * DAY; minute++)
            if (days[day][minute])
                open[(day * DAY + minute) % CN_WEEK_MIN] = TRUE;
    return g_string_free(text, FALSE);
}

static void
agrees_with_the_slow_reading(void **state)
{
    static gboolean open[CN_WEEK_MIN];
    guint32 seed = g_random_int();
    g_autoptr(GRand) random = g_rand_new_with_seed(seed);
    (void)state;
    print_message("seed %u\n", seed);
    for (guint round = 0; round < 300; round++) {
        CnHours hours;
        guint offset;
        const char *reason;
        g_autofree char *text = random_hours(random, open);
        if (!cn_hours_parse(text, &hours, &offset, &reason))
            fail_msg("\"%s\": %u, %s", text, offset, reason);
        for (guint minute = 0; minute < CN_WEEK_MIN; minute++)
            if (cn_hours_is_open(&hours, minute) != open[minute])
                fail_msg("\"%s\" at minute %u", text, minute);
        for (guint i = 1; i < hours.len; i++)
            assert_true(hours.intervals[i].open_min > hours.intervals[i - 1].close_min);
        cn_hours_clear(&hours);
    }
}

/* Anything made of the grammar's pieces is read or refused, within the text. */
static void
survives_any_text(void **state)
{
    static const char *const pieces[] = {"Mo",    "Su",    "-",           ",",    ";", " ",
                                         "08:00", "24:00", "off",         "24/7", ":", "9",
                                         "\n",    "ñ",     "00:00-24:00", "Fr-Mo"};
    guint32 seed = g_random_int();
    g_autoptr(GRand) random = g_rand_new_with_seed(seed);
    (void)state;
    print_message("seed %u\n", seed);
    for (guint round = 0; round < 50000; round++) {
        CnHours hours;
        guint offset = 0;
        const char *reason = NULL;
        GString *text = g_string_new(NULL);
        for (gint k = g_rand_int_range(random, 0, 12); k > 0; k--)
            g_string_append(text, pieces[g_rand_int_range(random, 0, G_N_ELEMENTS(pieces))]);
        if (cn_hours_parse(text->str, &hours, &offset, &reason))
            cn_hours_clear(&hours);
        else if (offset > text->len || reason == NULL)
            fail_msg("\"%s\": offset %u", text->str, offset);
        g_string_free(text, TRUE);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_hours),
        cmocka_unit_test(refuses_what_it_does_not_know),
        cmocka_unit_test(bounds_the_text),
        cmocka_unit_test(tells_open_from_closed),
        cmocka_unit_test(agrees_with_the_slow_reading),
        cmocka_unit_test(survives_any_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
