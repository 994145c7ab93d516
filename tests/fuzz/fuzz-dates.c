/* Days and instants: a text that is accepted is written back as it was, an instant keeps its second,
 * and arithmetic holds for every 64-bit instant. */
#include "fuzz.h"

#include "base/date.h"

#include <string.h>

static void
check_date(const char *text)
{
    CnDate date, again;
    char buffer[11];
    if (!cn_date_parse(text, &date))
        return;
    g_assert_cmpstr(cn_date_format(date, buffer), ==, text);
    gint64 first = cn_date_first_s(date), last = cn_date_last_s(date);
    g_assert_cmpint(first, <, last);
    again = cn_date_of(first);
    g_assert_true(again.year == date.year);
    again = cn_date_of(last);
    g_assert_true(again.year == date.year && cn_date_first_s(again) <= last);
    g_assert_true(cn_date_of(last + 1).year >= date.year);
    g_assert_cmpint(cn_date_compare(date, date), ==, 0);
    g_assert_cmpint(cn_date_compare(date, cn_date_of(last)), <=, 0);
}

static void
check_instant(const char *text)
{
    CnInstant instant, again;
    if (!cn_instant_parse(text, &instant))
        return;
    g_assert_true(instant.is_set);
    g_autofree char *written = cn_instant_format(instant);
    g_assert_true(cn_instant_parse(written, &again));
    g_assert_true(again.s == instant.s && again.day_only == instant.day_only);
    if (instant.day_only)
        g_assert_cmpstr(written, ==, text);
}

/* Any instant, and the distance of two. */
static void
check_arithmetic(gint64 a, gint64 b)
{
    g_autofree char *written = cn_instant_format_s(a);
    g_assert_true(fuzz_is_line(written));
    g_assert_cmpuint(cn_minute_of_week(a), <, 10080);
    CnDate day = cn_date_of(a);
    if (cn_date_is_set(day)) {
        g_assert_cmpint(cn_date_first_s(day), <=, a);
        g_assert_cmpint(cn_date_last_s(day), >=, a);
        g_assert_cmpint(cn_date_last_s(day) - cn_date_first_s(day), ==, CN_DAY_S - 1);
    }
    gint64 days = cn_days_between(a, b);
    g_assert_true(a <= b ? days >= 0 : days < 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    FuzzChoices choices = {data, size};
    g_autofree char *text = fuzz_text(data, size);
    check_date(text);
    check_instant(text);
    gint64 a = fuzz_int64(&choices), b = fuzz_int64(&choices);
    check_arithmetic(a, b);
    check_arithmetic(a % (G_GINT64_CONSTANT(400) * 366 * CN_DAY_S), b);
    return 0;
}
