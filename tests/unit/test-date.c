/* Dates and instants, checked against GDateTime. */
#include "base/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

static gint64
local_s(gint year, gint month, gint day, gint hour, gint minute, gint second)
{
    g_autoptr(GTimeZone) manila = g_time_zone_new_offset(CN_LOCAL_OFFSET_S);
    g_autoptr(GDateTime) time =
        g_date_time_new(manila, year, month, day, hour, minute, (double)second);
    assert_non_null(time);
    return g_date_time_to_unix(time);
}

static void
reads_and_writes_dates(void **state)
{
    static const char *const good[] = {"2026",       "1900",       "2199-12-31", "2023-03",
                                       "2023-02-28", "2024-02-29", "2000-02-29", "2026-12-31"};
    static const char *const bad[] = {
        "",           " 2026",      "2026 ",       "26",         "02026",      "1899",
        "2200",       "2026-",      "2026-3",      "2026-13",    "2026-00",    "2026-03-",
        "2026-03-1",  "2026-03-00", "2026-03-32",  "2023-02-29", "1900-02-29", "2100-02-29",
        "2026-04-31", "2026/03/01", "2026-03-011", "٢٠٢٦",       "-026",       "2026-03-01T00:00"};
    char buffer[11];
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(good); i++) {
        CnDate date;
        assert_true(cn_date_parse(good[i], &date));
        assert_true(cn_date_is_set(date));
        assert_string_equal(cn_date_format(date, buffer), good[i]);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        CnDate date = {2001, 2, 3};
        if (cn_date_parse(bad[i], &date))
            fail_msg("\"%s\" was read as a date", bad[i]);
        assert_int_equal(date.year, 2001);
    }
    assert_string_equal(cn_date_format(CN_DATE_NONE, buffer), "");
}

static void
partial_dates_cover_their_period(void **state)
{
    static const struct {
        const char *text;
        gint first[3], last[3];
    } cases[] = {
        {"2023", {2023, 1, 1}, {2023, 12, 31}},
        {"2023-03", {2023, 3, 1}, {2023, 3, 31}},
        {"2024-02", {2024, 2, 1}, {2024, 2, 29}},
        {"2100-02", {2100, 2, 1}, {2100, 2, 28}},
        {"2023-12", {2023, 12, 1}, {2023, 12, 31}},
        {"2026-10-01", {2026, 10, 1}, {2026, 10, 1}},
        {"1969-12-31", {1969, 12, 31}, {1969, 12, 31}},
    };
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        CnDate date;
        const gint *first = cases[i].first, *last = cases[i].last;
        assert_true(cn_date_parse(cases[i].text, &date));
        assert_true(cn_date_first_s(date) == local_s(first[0], first[1], first[2], 0, 0, 0));
        assert_true(cn_date_last_s(date) == local_s(last[0], last[1], last[2], 23, 59, 59));
    }
    assert_true(cn_date_first_s(CN_DATE_NONE) == G_MININT64);
    assert_true(cn_date_last_s(CN_DATE_NONE) == G_MAXINT64);
}

/* The short way says what the seconds say. */
static void
days_lie_within_periods(void **state)
{
    static const char *const texts[] = {"",           "2022",       "2022-12",    "2022-12-31",
                                        "2023",       "2023-02",    "2023-02-28", "2023-03",
                                        "2023-03-01", "2024-02-29", "2024-02",    "2024"};
    CnDate dates[G_N_ELEMENTS(texts)];
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        dates[i] = CN_DATE_NONE;
        assert_true(*texts[i] == '\0' || cn_date_parse(texts[i], &dates[i]));
    }
    for (gsize day = 0; day < G_N_ELEMENTS(texts); day++)
        for (gsize since = 0; since < G_N_ELEMENTS(texts); since++)
            for (gsize until = 0; until < G_N_ELEMENTS(texts); until++) {
                gboolean by_seconds = cn_date_first_s(dates[since]) <= cn_date_last_s(dates[day]) &&
                                      cn_date_last_s(dates[until]) >= cn_date_first_s(dates[day]);
                assert_int_equal(cn_date_is_within(dates[day], dates[since], dates[until]),
                                 by_seconds);
            }
}

static void
dates_are_ordered(void **state)
{
    static const char *const ascending[] = {"2022-12-31", "2023",    "2023-01", "2023-01-01",
                                            "2023-01-02", "2023-02", "2024"};
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(ascending); i++) {
        for (gsize k = 0; k < G_N_ELEMENTS(ascending); k++) {
            CnDate a, b;
            assert_true(cn_date_parse(ascending[i], &a));
            assert_true(cn_date_parse(ascending[k], &b));
            assert_int_equal(cn_date_compare(a, b), (i > k) - (i < k));
        }
    }
    assert_int_equal(cn_date_compare(CN_DATE_NONE, (CnDate){1900, 0, 0}), -1);
    assert_int_equal(cn_date_compare(CN_DATE_NONE, CN_DATE_NONE), 0);
}

/* Every day of 300 years, and random instants of 10,000. */
static void
agrees_with_gdatetime(void **state)
{
    guint32 seed = g_random_int();
    g_autoptr(GRand) random = g_rand_new_with_seed(seed);
    g_autoptr(GTimeZone) manila = g_time_zone_new_offset(CN_LOCAL_OFFSET_S);
    (void)state;
    print_message("seed %u\n", seed);
    GDate day;
    g_date_clear(&day, 1);
    g_date_set_dmy(&day, 1, G_DATE_JANUARY, 1900);
    gint64 expected_s = local_s(1900, 1, 1, 0, 0, 0);
    for (; g_date_get_year(&day) < 2200; g_date_add_days(&day, 1), expected_s += CN_DAY_S) {
        CnDate date = {(gint16)g_date_get_year(&day), (gint8)g_date_get_month(&day),
                       (gint8)g_date_get_day(&day)};
        assert_true(cn_date_first_s(date) == expected_s);
        assert_int_equal(cn_date_compare(cn_date_of(expected_s), date), 0);
        assert_int_equal(cn_date_compare(cn_date_of(expected_s + CN_DAY_S - 1), date), 0);
    }
    for (guint i = 0; i < 20000; i++) {
        gint64 second = (gint64)(g_rand_double(random) * 3.15e11) - 62135500000;
        g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(second);
        g_autoptr(GDateTime) local = g_date_time_to_timezone(utc, manila);
        g_autofree char *expected = g_date_time_format(local, "%Y-%m-%dT%H:%M:%S+08:00");
        g_autofree char *formatted = cn_instant_format_s(second);
        if (g_date_time_get_year(local) >= 1000)
            assert_string_equal(formatted, expected);
        assert_int_equal(cn_minute_of_week(second),
                         (g_date_time_get_day_of_week(local) - 1) * 1440 +
                             g_date_time_get_hour(local) * 60 + g_date_time_get_minute(local));
        CnDate date = cn_date_of(second);
        assert_int_equal(date.year, g_date_time_get_year(local));
        assert_int_equal(date.month, g_date_time_get_month(local));
        assert_int_equal(date.day, g_date_time_get_day_of_month(local));
    }
}

static void
reads_instants(void **state)
{
    static const struct {
        const char *text;
        const char *utc; /* NULL: refused */
        gboolean day_only;
        const char *written;
    } cases[] = {
        {"2026-10-01", "2026-09-30T16:00:00Z", TRUE, "2026-10-01"},
        {"2026-10-01T14:30:00+08:00", "2026-10-01T06:30:00Z", FALSE, "2026-10-01T14:30:00+08:00"},
        {"2026-10-01T14:30", "2026-10-01T06:30:00Z", FALSE, "2026-10-01T14:30:00+08:00"},
        {"2026-10-01 14:30:59", "2026-10-01T06:30:59Z", FALSE, "2026-10-01T14:30:59+08:00"},
        {"2026-10-01T23:00Z", "2026-10-01T23:00:00Z", FALSE, "2026-10-02T07:00:00+08:00"},
        {"2026-10-01T00:00:00-05:30", "2026-10-01T05:30:00Z", FALSE, "2026-10-01T13:30:00+08:00"},
        {"2026-10-01T00:00:00+00:00", "2026-10-01T00:00:00Z", FALSE, "2026-10-01T08:00:00+08:00"},
        {"", NULL, 0, NULL},
        {"2026", NULL, 0, NULL},
        {"2026-10", NULL, 0, NULL},
        {"2026-10-32", NULL, 0, NULL},
        {"2026-10-01T", NULL, 0, NULL},
        {"2026-10-01X10:00", NULL, 0, NULL},
        {"2026-10-01T10", NULL, 0, NULL},
        {"2026-10-01T10:0", NULL, 0, NULL},
        {"2026-10-01T24:00", NULL, 0, NULL},
        {"2026-10-01T10:60", NULL, 0, NULL},
        {"2026-10-01T10:00:60", NULL, 0, NULL},
        {"2026-10-01T10:00:", NULL, 0, NULL},
        {"2026-10-01T10:00:00.5", NULL, 0, NULL},
        {"2026-10-01T10:00+8", NULL, 0, NULL},
        {"2026-10-01T10:00+0800", NULL, 0, NULL},
        {"2026-10-01T10:00+15:00", NULL, 0, NULL},
        {"2026-10-01T10:00+08:60", NULL, 0, NULL},
        {"2026-10-01T10:00Zx", NULL, 0, NULL},
        {"2026-10-01T10:00 ", NULL, 0, NULL},
        /* The local day is another year's, which would not be read again. */
        {"2199-12-31T23:59:59Z", NULL, 0, NULL},
        {"1900-01-01T00:00+14:00", NULL, 0, NULL},
        {"now", NULL, 0, NULL},
    };
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        CnInstant instant = {42, TRUE, FALSE};
        gboolean ok = cn_instant_parse(cases[i].text, &instant);
        if (ok != (cases[i].utc != NULL))
            fail_msg("\"%s\" was %s", cases[i].text, ok ? "read" : "refused");
        if (!ok) {
            assert_true(instant.s == 42);
            continue;
        }
        g_autoptr(GDateTime) expected = g_date_time_new_from_iso8601(cases[i].utc, NULL);
        g_autofree char *written = cn_instant_format(instant);
        assert_true(instant.s == g_date_time_to_unix(expected));
        assert_int_equal(instant.day_only, cases[i].day_only);
        assert_true(instant.is_set);
        assert_string_equal(written, cases[i].written);
    }
    g_autofree char *unset = cn_instant_format((CnInstant){0});
    assert_string_equal(unset, "");
}

static void
bears_any_instant(void **state)
{
    static const gint64 ends[] = {G_MININT64, G_MININT64 + 1, -1, 0, G_MAXINT64 - 1, G_MAXINT64};
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(ends); i++) {
        g_autofree char *text = cn_instant_format_s(ends[i]);
        assert_true(g_str_has_suffix(text, "+08:00"));
        assert_true(cn_minute_of_week(ends[i]) < 10080);
        CnDate date = cn_date_of(ends[i]);
        assert_int_equal(cn_date_is_set(date), ABS(i - 2.5) < 1);
    }
    assert_true(cn_days_between(G_MININT64, G_MAXINT64) == G_MAXINT64 / CN_DAY_S);
    assert_true(cn_days_between(G_MAXINT64, G_MININT64) < 0);
}

static void
counts_whole_days(void **state)
{
    (void)state;
    assert_true(cn_days_between(0, 0) == 0);
    assert_true(cn_days_between(0, CN_DAY_S - 1) == 0);
    assert_true(cn_days_between(0, CN_DAY_S) == 1);
    assert_true(cn_days_between(5, 12 * CN_DAY_S + 4) == 11);
    assert_true(cn_days_between(1, 0) == -1);
    assert_true(cn_days_between(CN_DAY_S, 0) == -1);
    assert_true(cn_days_between(CN_DAY_S + 1, 0) == -2);
}

static void
weeks_begin_on_monday(void **state)
{
    (void)state;
    assert_int_equal(cn_minute_of_week(local_s(2026, 11, 23, 0, 0, 0)), 0); /* a Monday */
    assert_int_equal(cn_minute_of_week(local_s(2026, 11, 22, 23, 59, 59)), 10079);
    assert_int_equal(cn_minute_of_week(local_s(2026, 11, 25, 8, 30, 0)), 2 * 1440 + 510);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_and_writes_dates),
        cmocka_unit_test(partial_dates_cover_their_period),
        cmocka_unit_test(days_lie_within_periods),
        cmocka_unit_test(dates_are_ordered),
        cmocka_unit_test(agrees_with_gdatetime),
        cmocka_unit_test(reads_instants),
        cmocka_unit_test(bears_any_instant),
        cmocka_unit_test(counts_whole_days),
        cmocka_unit_test(weeks_begin_on_monday),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
