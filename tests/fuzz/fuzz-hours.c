/* Opening hours: what is accepted gives disjoint ascending intervals that say, minute by minute, the
 * same as the search in them. */
#include "fuzz.h"

#include "model/hours.h"

#include <string.h>

static void
check_intervals(const CnHours *hours)
{
    guint minute = 0;
    for (guint i = 0; i < hours->len; i++) {
        const CnOpenInterval *interval = &hours->intervals[i];
        g_assert_cmpuint(interval->open_min, <, interval->close_min);
        g_assert_cmpuint(interval->close_min, <=, CN_WEEK_MIN);
        /* Intervals that touch are one. */
        if (i > 0)
            g_assert_cmpuint(hours->intervals[i - 1].close_min, <, interval->open_min);
        for (; minute < interval->open_min; minute++)
            g_assert_false(cn_hours_is_open(hours, minute));
        for (; minute < interval->close_min; minute++)
            g_assert_true(cn_hours_is_open(hours, minute));
    }
    for (; minute < CN_WEEK_MIN; minute++)
        g_assert_false(cn_hours_is_open(hours, minute));
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
