/* Opening hours to intervals of the week. The grammar stands in hours.h.
 *
 * Rules are applied day by day (a later rule replaces a day), then all days are laid on one line of
 * minutes and joined. A span that runs past midnight belongs to the day on which it begins, so
 * "Mo-Su 22:00-02:00; Sa off" leaves Saturday's first two hours, which are Friday's, open. */
#include "model/hours.h"

#include <string.h>

#define DAYS       7
#define DAY_MIN    1440
#define TEXT_BYTES 256
/* A span takes at least 12 bytes of text ("00:00-00:00,"). */
#define SPANS_MOST (TEXT_BYTES / 12 + 1)

/* Minutes from the start of a day; `to` may lie in the next day. */
typedef struct {
    gint from, to;
} Span;

typedef struct {
    Span spans[SPANS_MOST];
    guint len;
} DaySpans;

typedef struct {
    const char *text;
    const char *at;
    const char *reason; /* NULL as long as all is well */
    DaySpans days[DAYS];
} Parser;

static gboolean
fail(Parser *parser, const char *reason)
{
    parser->reason = reason;
    return FALSE;
}

static void
skip_spaces(Parser *parser)
{
    while (*parser->at == ' ')
        parser->at++;
}

static gboolean
take_char(Parser *parser, char c)
{
    skip_spaces(parser);
    if (*parser->at != c)
        return FALSE;
    parser->at++;
    return TRUE;
}

static gboolean
take_word(Parser *parser, const char *word)
{
    skip_spaces(parser);
    if (!g_str_has_prefix(parser->at, word) || g_ascii_isalnum(parser->at[strlen(word)]))
        return FALSE;
    parser->at += strlen(word);
    return TRUE;
}

static gboolean
take_day(Parser *parser, guint *out_day)
{
    static const char *const names[DAYS] = {"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"};
    for (guint i = 0; i < DAYS; i++) {
        if (take_word(parser, names[i])) {
            *out_day = i;
            return TRUE;
        }
    }
    return FALSE;
}

/* day [ "-" day ]; a range may run over the end of the week ("Sa-Mo"). */
static gboolean
take_day_range(Parser *parser, gboolean chosen[DAYS])
{
    guint first, last;
    if (!take_day(parser, &first))
        return fail(parser, "expected a day: Mo Tu We Th Fr Sa Su");
    last = first;
    if (take_char(parser, '-') && !take_day(parser, &last))
        return fail(parser, "expected the last day of the range: Mo Tu We Th Fr Sa Su");
    for (guint day = first;; day = (day + 1) % DAYS) {
        chosen[day] = TRUE;
        if (day == last)
            return TRUE;
    }
}

/* Days, or every day where the rule names none. */
static gboolean
take_days(Parser *parser, gboolean chosen[DAYS], gboolean *out_named)
{
    skip_spaces(parser);
    *out_named = g_ascii_isupper(*parser->at);
    if (!*out_named) {
        for (guint i = 0; i < DAYS; i++)
            chosen[i] = TRUE;
        return TRUE;
    }
    do {
        if (!take_day_range(parser, chosen))
            return FALSE;
    } while (take_char(parser, ','));
    return TRUE;
}

static gboolean
take_two_digits(Parser *parser, gint *out_value)
{
    const char *at = parser->at;
    if (!g_ascii_isdigit(at[0]) || !g_ascii_isdigit(at[1]))
        return FALSE;
    *out_value = (at[0] - '0') * 10 + (at[1] - '0');
    parser->at += 2;
    return TRUE;
}

static gboolean
take_time(Parser *parser, gint *out_min)
{
    gint hour, minute;
    skip_spaces(parser);
    const char *start = parser->at;
    if (!take_two_digits(parser, &hour) || *parser->at != ':')
        return fail(parser, "expected a time: HH:MM, 24-hour");
    parser->at++;
    if (!take_two_digits(parser, &minute))
        return fail(parser, "expected a time: HH:MM, 24-hour");
    if (minute > 59 || hour > 24 || (hour == 24 && minute != 0)) {
        parser->at = start;
        return fail(parser, "there is no such time: 00:00 to 24:00");
    }
    *out_min = hour * 60 + minute;
    return TRUE;
}

static gboolean
take_span(Parser *parser, DaySpans *spans)
{
    Span span;
    skip_spaces(parser);
    const char *start = parser->at;
    if (!take_time(parser, &span.from))
        return FALSE;
    if (span.from == DAY_MIN) {
        parser->at = start;
        return fail(parser, "24:00 is only allowed as an end");
    }
    if (!take_char(parser, '-'))
        return fail(parser, "expected \"-\" and the time of closing");
    if (!take_time(parser, &span.to))
        return FALSE;
    if (span.to <= span.from)
        span.to += DAY_MIN;
    g_assert(spans->len < SPANS_MOST);
    spans->spans[spans->len++] = span;
    return TRUE;
}

/* "off", spans, or nothing behind days, which is all day. */
static gboolean
take_times(Parser *parser, gboolean named_days, DaySpans *spans)
{
    skip_spaces(parser);
    if (take_word(parser, "off"))
        return TRUE;
    if (named_days && (*parser->at == ';' || *parser->at == '\0')) {
        spans->spans[spans->len++] = (Span){0, DAY_MIN};
        return TRUE;
    }
    do {
        if (!take_span(parser, spans))
            return FALSE;
    } while (take_char(parser, ','));
    return TRUE;
}

static gboolean
take_rule(Parser *parser)
{
    gboolean chosen[DAYS] = {FALSE}, named_days;
    DaySpans spans = {.len = 0};
    if (!take_days(parser, chosen, &named_days) || !take_times(parser, named_days, &spans))
        return FALSE;
    for (guint i = 0; i < DAYS; i++)
        if (chosen[i])
            parser->days[i] = spans;
    return TRUE;
}

/* "24/7" or rules. */
static gboolean
take_hours(Parser *parser)
{
    if (take_word(parser, "24/7")) {
        for (guint i = 0; i < DAYS; i++)
            parser->days[i] = (DaySpans){.spans = {{0, DAY_MIN}}, .len = 1};
        skip_spaces(parser);
        return *parser->at == '\0' || fail(parser, "\"24/7\" stands alone");
    }
    do {
        if (!take_rule(parser))
            return FALSE;
    } while (take_char(parser, ';'));
    skip_spaces(parser);
    if (*parser->at != '\0')
        return fail(parser, "expected \";\" and another rule, or the end");
    return TRUE;
}

static gint
compare_spans(gconstpointer a, gconstpointer b)
{
    const Span *x = a, *y = b;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return (x->to > y->to) - (x->to < y->to);
}

/* All days on the line of the week; what runs over its end begins it. */
static GArray *
lay_week(const DaySpans days[DAYS])
{
    GArray *week = g_array_new(FALSE, FALSE, sizeof(Span));
    for (gint day = 0; day < DAYS; day++) {
        for (guint i = 0; i < days[day].len; i++) {
            Span span = {day * DAY_MIN + days[day].spans[i].from,
                         day * DAY_MIN + days[day].spans[i].to};
            if (span.to > CN_WEEK_MIN) {
                Span rest = {0, span.to - CN_WEEK_MIN};
                g_array_append_val(week, rest);
                span.to = CN_WEEK_MIN;
            }
            g_array_append_val(week, span);
        }
    }
    g_array_sort(week, compare_spans);
    return week;
}

static void
join_spans(const GArray *week, CnHours *out_hours)
{
    CnHours hours = {.intervals = NULL, .len = 0};
    if (week->len > 0)
        hours.intervals = g_new(CnOpenInterval, week->len);
    for (guint i = 0; i < week->len; i++) {
        const Span *span = &g_array_index(week, Span, i);
        CnOpenInterval *last = hours.len > 0 ? &hours.intervals[hours.len - 1] : NULL;
        if (last != NULL && span->from <= last->close_min)
            last->close_min = (guint16)MAX(last->close_min, span->to);
        else
            hours.intervals[hours.len++] = (CnOpenInterval){(guint16)span->from, (guint16)span->to};
    }
    *out_hours = hours;
}

gboolean
cn_hours_parse(const char *text, CnHours *out_hours, guint *out_offset, const char **out_reason)
{
    if (strnlen(text, TEXT_BYTES + 1) > TEXT_BYTES) {
        *out_offset = TEXT_BYTES;
        *out_reason = "longer than 256 bytes";
        return FALSE;
    }
    Parser parser = {.text = text, .at = text};
    if (!take_hours(&parser)) {
        *out_offset = (guint)(parser.at - parser.text);
        *out_reason = parser.reason;
        return FALSE;
    }
    g_autoptr(GArray) week = lay_week(parser.days);
    join_spans(week, out_hours);
    return TRUE;
}

void
cn_hours_clear(CnHours *hours)
{
    g_clear_pointer(&hours->intervals, g_free);
    hours->len = 0;
}

gboolean
cn_hours_is_open(const CnHours *hours, guint minute_of_week)
{
    guint low = 0, high = hours->len;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (hours->intervals[middle].close_min <= minute_of_week)
            low = middle + 1;
        else
            high = middle;
    }
    return low < hours->len && hours->intervals[low].open_min <= minute_of_week;
}
