/* Opening hours: a documented subset of OpenStreetMap opening_hours.
 *
 *   hours   = "24/7" | rule *( ";" rule )
 *   rule    = days [ times ] ; later rules replace earlier ones for their days
 *   days    = day [ "-" day ] *( "," day [ "-" day ] ) ; Mo Tu We Th Fr Sa Su
 *   times   = "off" | time "-" time *( "," time "-" time ) ; 24-hour HH:MM; an end at or before the
 *             start runs past midnight into the next day; 24:00 is allowed as an end
 *
 * A rule without days holds every day ("08:00-17:00"); days without times are open all day
 * ("Mo-Fr"). A span past midnight belongs to the day on which it begins. Weeks begin on Monday 00:00
 * local time. */
#pragma once

#include <glib.h>

#define CN_WEEK_MIN 10080

/* Open minutes of the week: disjoint ascending intervals [open_min, close_min). */
typedef struct {
    guint16 open_min;
    guint16 close_min;
} CnOpenInterval;

typedef struct {
    CnOpenInterval *intervals; /* owned; NULL when there are none */
    guint len;
} CnHours;

/* FALSE for text outside the subset: *out_offset (bytes) and *out_reason (static) say where and why.
 * At most 256 bytes of text are looked at. */
gboolean cn_hours_parse(const char *text,
                        CnHours *out_hours,
                        guint *out_offset,
                        const char **out_reason);
void cn_hours_clear(CnHours *hours);
gboolean cn_hours_is_open(const CnHours *hours, guint minute_of_week);
