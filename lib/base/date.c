/* Civil days by arithmetic on day numbers (H. Hinnant, "chrono-compatible low-level date
 * algorithms"): no time zone data, no libc, exact for every year. */
#include "base/date.h"

#include "base/error.h"
#include "base/text.h"

#include <string.h>

static gint64
floor_div(gint64 a, gint64 b)
{
    return a / b - (a % b < 0);
}

static gint64
floor_mod(gint64 a, gint64 b)
{
    gint64 rest = a % b;
    return rest < 0 ? rest + b : rest;
}

/* Days since 1970-01-01. Years are counted from March, so that the leap day comes last. */
static gint64
days_from_civil(gint64 year, gint month, gint day)
{
    year -= month <= 2;
    gint64 era = floor_div(year, 400);
    gint64 year_of_era = floor_mod(year, 400);
    gint64 day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    gint64 day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

static void
civil_from_days(gint64 days, gint64 *out_year, gint *out_month, gint *out_day)
{
    days += 719468;
    gint64 era = floor_div(days, 146097);
    gint64 day_of_era = floor_mod(days, 146097);
    gint64 year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    gint64 day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    gint64 month_from_march = (5 * day_of_year + 2) / 153;
    *out_day = (gint)(day_of_year - (153 * month_from_march + 2) / 5 + 1);
    *out_month = (gint)(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
    *out_year = year_of_era + era * 400 + (*out_month <= 2);
}

static gint
days_in_month(gint year, gint month)
{
    static const gint8 days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    gboolean leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return days[month - 1] + (month == 2 && leap);
}

/* Exactly @digits digits at **@at, which moves behind them. */
static gboolean
take_number(const char **at, guint digits, gint least, gint most, gint *out)
{
    gint value = 0;
    for (guint i = 0; i < digits; i++) {
        if (!g_ascii_isdigit((*at)[i]))
            return FALSE;
        value = value * 10 + ((*at)[i] - '0');
    }
    if (value < least || value > most)
        return FALSE;
    *at += digits;
    *out = value;
    return TRUE;
}

static gboolean
take_char(const char **at, char c)
{
    if (**at != c)
        return FALSE;
    (*at)++;
    return TRUE;
}

/* A date of any precision at **@at; what follows is the caller's. */
static gboolean
take_date(const char **at, CnDate *out_date)
{
    gint year, month = 0, day = 0;
    if (!take_number(at, 4, CN_YEAR_FIRST, CN_YEAR_LAST, &year))
        return FALSE;
    if (take_char(at, '-')) {
        if (!take_number(at, 2, 1, 12, &month))
            return FALSE;
        if (take_char(at, '-') && !take_number(at, 2, 1, days_in_month(year, month), &day))
            return FALSE;
    }
    *out_date = (CnDate){(gint16)year, (gint8)month, (gint8)day};
    return TRUE;
}

gboolean
cn_date_parse(const char *text, CnDate *out_date)
{
    CnDate date;
    if (!take_date(&text, &date) || *text != '\0')
        return FALSE;
    *out_date = date;
    return TRUE;
}

gboolean
cn_date_read(const char *name, const char *text, CnDate *out_date, GError **error)
{
    if (text == NULL || cn_date_parse(text, out_date))
        return TRUE;
    g_autofree char *quote = cn_text_quote(text);
    cn_error_set(error, CARENET_ERROR_INVALID_ARGUMENT, "%s: \"%s\" is not a day that exists", name,
                 quote);
    cn_error_hint(error, "write a day as 2021-08-01, or a month as 2021-08");
    return FALSE;
}

/* The lowest two digits; written by hand because printf is the slow part of long tables. */
static void
put_two(char *at, gint value)
{
    at[0] = (char)('0' + value / 10 % 10);
    at[1] = (char)('0' + value % 10);
}

const char *
cn_date_format(CnDate date, char buffer[11])
{
    gsize len = 0;
    if (cn_date_is_set(date)) {
        put_two(buffer, date.year / 100);
        put_two(buffer + 2, date.year);
        len = 4;
        if (date.month != 0) {
            buffer[4] = '-';
            put_two(buffer + 5, date.month);
            len = 7;
        }
        if (date.day != 0) {
            buffer[7] = '-';
            put_two(buffer + 8, date.day);
            len = 10;
        }
    }
    buffer[len] = '\0';
    return buffer;
}

static gint64
local_day_start_s(gint64 days)
{
    return days * CN_DAY_S - CN_LOCAL_OFFSET_S;
}

/* A date that nobody knows may be any day. */
gint64
cn_date_first_s(CnDate date)
{
    if (!cn_date_is_set(date))
        return G_MININT64;
    return local_day_start_s(days_from_civil(date.year, MAX(date.month, 1), MAX(date.day, 1)));
}

gint64
cn_date_last_s(CnDate date)
{
    if (!cn_date_is_set(date))
        return G_MAXINT64;
    gint month = date.month != 0 ? date.month : 12;
    gint day = date.day != 0 ? date.day : days_in_month(date.year, month);
    return local_day_start_s(days_from_civil(date.year, month, day) + 1) - 1;
}

/* Local day number and second of that day, without overflow for any instant. */
static gint64
split_instant(gint64 instant_s, gint *out_second)
{
    gint64 day = floor_div(instant_s, CN_DAY_S);
    gint64 second = floor_mod(instant_s, CN_DAY_S) + CN_LOCAL_OFFSET_S;
    *out_second = (gint)(second % CN_DAY_S);
    return day + second / CN_DAY_S;
}

CnDate
cn_date_of(gint64 instant_s)
{
    gint second, month, day;
    gint64 year;
    civil_from_days(split_instant(instant_s, &second), &year, &month, &day);
    if (year < 1 || year > 9999)
        return CN_DATE_NONE;
    return (CnDate){(gint16)year, (gint8)month, (gint8)day};
}

gint
cn_date_compare(CnDate a, CnDate b)
{
    gint64 x = cn_date_first_s(a), y = cn_date_first_s(b);
    if (x != y)
        return x < y ? -1 : 1;
    /* The same start: the longer period first (2026, 2026-01, 2026-01-01). */
    gint finer_a = (a.month != 0) + (a.day != 0), finer_b = (b.month != 0) + (b.day != 0);
    return (finer_a > finer_b) - (finer_a < finer_b);
}

/* HH:MM[:SS] as seconds of the day. */
static gboolean
take_time(const char **at, gint64 *out_s)
{
    gint hour, minute, second = 0;
    if (!take_number(at, 2, 0, 23, &hour) || !take_char(at, ':') ||
        !take_number(at, 2, 0, 59, &minute))
        return FALSE;
    if (take_char(at, ':') && !take_number(at, 2, 0, 59, &second))
        return FALSE;
    *out_s = hour * G_GINT64_CONSTANT(3600) + minute * G_GINT64_CONSTANT(60) + second;
    return TRUE;
}

/* Z, +HH:MM, -HH:MM or nothing, which is local time. */
static gboolean
take_offset(const char **at, gint64 *out_s)
{
    gint hour, minute;
    *out_s = CN_LOCAL_OFFSET_S;
    if (**at == '\0')
        return TRUE;
    if (take_char(at, 'Z')) {
        *out_s = 0;
        return TRUE;
    }
    gint64 sign = **at == '-' ? -1 : 1;
    if (!take_char(at, '+') && !take_char(at, '-'))
        return FALSE;
    if (!take_number(at, 2, 0, 14, &hour) || !take_char(at, ':') ||
        !take_number(at, 2, 0, 59, &minute))
        return FALSE;
    *out_s = sign * (hour * G_GINT64_CONSTANT(3600) + minute * G_GINT64_CONSTANT(60));
    return TRUE;
}

gboolean
cn_instant_is_readable(gint64 instant_s)
{
    const gint year = cn_date_of(instant_s).year;
    return year >= CN_YEAR_FIRST && year <= CN_YEAR_LAST;
}

gboolean
cn_instant_is_usable(gint64 instant_s)
{
    return instant_s == G_MININT64 || cn_instant_is_readable(instant_s);
}

gboolean
cn_instant_parse(const char *text, CnInstant *out_instant)
{
    CnDate date;
    gint64 time_s, offset_s;
    if (!take_date(&text, &date) || date.day == 0)
        return FALSE;
    if (*text == '\0') {
        *out_instant = (CnInstant){cn_date_first_s(date), TRUE, TRUE};
        return TRUE;
    }
    if (!take_char(&text, 'T') && !take_char(&text, ' '))
        return FALSE;
    if (!take_time(&text, &time_s) || !take_offset(&text, &offset_s) || *text != '\0')
        return FALSE;
    gint64 s = days_from_civil(date.year, date.month, date.day) * CN_DAY_S + time_s - offset_s;
    /* It is written in local time, where it must be a day that is read again. */
    if (!cn_instant_is_readable(s))
        return FALSE;
    *out_instant = (CnInstant){s, FALSE, TRUE};
    return TRUE;
}

char *
cn_instant_format_s(gint64 instant_s)
{
    gint second, month, day;
    gint64 year;
    civil_from_days(split_instant(instant_s, &second), &year, &month, &day);
    return g_strdup_printf("%04" G_GINT64_FORMAT "-%02d-%02dT%02d:%02d:%02d+08:00", year, month,
                           day, second / 3600, second / 60 % 60, second % 60);
}

char *
cn_instant_format(CnInstant instant)
{
    if (!instant.is_set)
        return g_strdup("");
    if (instant.day_only) {
        char buffer[11];
        return g_strdup(cn_date_format(cn_date_of(instant.s), buffer));
    }
    return cn_instant_format_s(instant.s);
}

guint
cn_minute_of_week(gint64 instant_s)
{
    gint second;
    gint64 day = split_instant(instant_s, &second);
    /* 1970-01-01 was a Thursday. */
    return (guint)(floor_mod(day + 3, 7) * 1440 + second / 60);
}

gint64
cn_days_between(gint64 earlier_s, gint64 later_s)
{
    gint64 seconds;
    if (__builtin_sub_overflow(later_s, earlier_s, &seconds))
        seconds = later_s > earlier_s ? G_MAXINT64 : G_MININT64;
    return floor_div(seconds, CN_DAY_S);
}
