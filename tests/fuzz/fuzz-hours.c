/* Opening hours: what is accepted gives disjoint ascending intervals of the week, and the search in
 * them finds their ends to the minute. */
#include "fuzz.h"

#include "model/hours.h"

#include <string.h>

/* Open from the first minute of each interval to its last, closed just before and behind. */
static void
check_intervals(const CnHours *hours)
{
    guint before = 0; /* where the last interval ended */
    for (guint i = 0; i < hours->len; i++) {
        const CnOpenInterval *interval = &hours->intervals[i];
        g_assert_cmpuint(interval->open_min, <, interval->close_min);
        g_assert_cmpuint(interval->close_min, <=, CN_WEEK_MIN);
        /* Intervals that touch are one. */
        g_assert_true(i == 0 || before < interval->open_min);
        g_assert_true(interval->open_min == 0 || !cn_hours_is_open(hours, interval->open_min - 1));
        g_assert_true(cn_hours_is_open(hours, interval->open_min));
        g_assert_true(cn_hours_is_open(hours, interval->close_min - 1));
        g_assert_false(cn_hours_is_open(hours, interval->close_min));
        before = interval->close_min;
    }
    g_assert_true(before == CN_WEEK_MIN || !cn_hours_is_open(hours, CN_WEEK_MIN - 1));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = fuzz_text(data, size);
    CnHours hours = {.intervals = NULL, .len = 0};
    guint offset = 0;
    const char *reason = NULL;
    if (cn_hours_parse(text, &hours, &offset, &reason)) {
        check_intervals(&hours);
        cn_hours_clear(&hours);
    } else {
        g_assert_true(fuzz_is_line(reason) && reason[0] != '\0');
        g_assert_cmpuint(offset, <=, strlen(text));
        g_assert_true(hours.intervals == NULL && hours.len == 0);
    }
    return 0;
}
