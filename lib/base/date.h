/* Days and instants. Days are partial on purpose ("2023-03"): people often know no more. The local
 * time of the network is Asia/Manila, UTC+8 without daylight saving time since 1990, so no time zone
 * database is needed. Instants are seconds since 1970-01-01 UTC. */
#pragma once

#include <glib.h>

#define CN_LOCAL_OFFSET_S 28800 /* 8 hours */
#define CN_DAY_S          86400

#define CN_YEAR_FIRST 1900
#define CN_YEAR_LAST  2199

/* A day, a month (day 0), a year (month 0), or nothing (year 0). */
typedef struct {
    gint16 year;
    gint8 month;
    gint8 day;
} CnDate;

#define CN_DATE_NONE ((CnDate){0, 0, 0})
static inline gboolean
cn_date_is_set(CnDate date)
{
    return date.year != 0;
}

/* An instant as people report it: "2026-10-01" or "2026-10-01T14:30:00+08:00". */
typedef struct {
    gint64 s;          /* for a bare day: its start in local time */
    gboolean day_only; /* written as a bare day */
    gboolean is_set;
} CnInstant;

/* "2026", "2026-03", "2026-03-01"; FALSE for anything else or a day that does not exist; years
 * CN_YEAR_FIRST to CN_YEAR_LAST. */
gboolean cn_date_parse(const char *text, CnDate *out_date);
/* The same for an argument called @name: NULL leaves @out_date as it is, what is no date is an error: invalid-argument. */
gboolean cn_date_read(const char *name, const char *text, CnDate *out_date, GError **error);
/* As it was written. @buffer holds at least 11 bytes and is returned; "" when unset. */
const char *cn_date_format(CnDate date, char buffer[11]);
/* First and last second of the period in local time: a partial date covers all of it. */
gint64 cn_date_first_s(CnDate date);
gint64 cn_date_last_s(CnDate date);
/* Whether @day lies at or behind the first day of @since and at or before the last of @until; what is not
 * set bounds nothing. The same as with the seconds above, for those who ask often. */
static inline gboolean
cn_date_is_within(CnDate day, CnDate since, CnDate until)
{
    const gint32 day_first = day.year * 10000 + MAX(day.month, 1) * 100 + MAX(day.day, 1);
    const gint32 day_last =
        day.year * 10000 + (day.month != 0 ? day.month : 12) * 100 + (day.day != 0 ? day.day : 31);
    const gint32 first = since.year * 10000 + MAX(since.month, 1) * 100 + MAX(since.day, 1);
    const gint32 last = until.year * 10000 + (until.month != 0 ? until.month : 12) * 100 +
                        (until.day != 0 ? until.day : 31);
    return (!cn_date_is_set(day) || !cn_date_is_set(since) || first <= day_last) &&
           (!cn_date_is_set(day) || !cn_date_is_set(until) || last >= day_first);
}
/* The local day of an instant. */
CnDate cn_date_of(gint64 instant_s);
gint cn_date_compare(CnDate a, CnDate b); /* by first second, then by precision */

/* A bare day, or ISO 8601 with T or a space, seconds and offset optional (Z, +08:00; none = local). */
gboolean cn_instant_parse(const char *text, CnInstant *out_instant);
/* Whether the year is one that can be read again, 1900 to 2199. */
gboolean cn_instant_is_readable(gint64 instant_s);
/* Whether a caller may give that instant: such a one, or G_MININT64 where there is a default. Any other
 * moves a store to where nothing can be added, and sums of days with it may overflow. */
gboolean cn_instant_is_usable(gint64 instant_s);
#define CN_INSTANT_WRONG(name) name " must be an instant of the years 1900 to 2199, or INT64_MIN"
/* As it was written: a bare day, or local time with +08:00. (transfer full) */
char *cn_instant_format(CnInstant instant);
/* Local ISO 8601 with +08:00 for any instant. (transfer full) */
char *cn_instant_format_s(gint64 instant_s);

/* Minute of the week in local time, Monday 00:00 = 0, 0 to 10079. */
guint cn_minute_of_week(gint64 instant_s);
/* How far a clock may be ahead of another one. */
#define CN_CLOCKS_DIFFER_S ((gint64)3600)
/* Whether a report of that instant cannot have been made yet by the clock @now_s, though it may differ from another one. */
static inline gboolean
cn_instant_is_ahead(gint64 instant_s, gint64 now_s)
{
    return instant_s - CN_CLOCKS_DIFFER_S > now_s;
}
/* Whole days from @earlier to @later (floor, by seconds). */
gint64 cn_days_between(gint64 earlier_s, gint64 later_s);
