#include "format/sheet-date.h"

#include "base/date.h"

#include <string.h>

/* Excel's day 0 is 1899-12-30 for every day that we can meet. */
#define EXCEL_EPOCH_DAYS (-25569)
#define EXCEL_FIRST      10000 /* 1927; smaller numbers are years, or anything */
#define EXCEL_LAST       99999

#define PARTS_MOST 3
#define MONTH_ONLY (-1)

typedef struct {
    gint month; /* by its name; else 0 */
    gint value;
    guint digits;
} Part;

typedef struct {
    Part parts[PARTS_MOST];
    guint len;
    gint hour, minute; /* -1: no time */
} Written;

/* ---- Taking the text apart. */

static gint
month_of(const char *word, gsize len)
{
    static const char *const names[2][12] = {
        {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"},
        {"ene", "peb", "mar", "abr", "may", "hun", "hul", "ago", "set", "okt", "nob", "dis"}};
    for (guint i = 0; i < 24 && len >= 3; i++)
        if (g_ascii_strncasecmp(word, names[i / 12][i % 12], 3) == 0)
            return (gint)(i % 12) + 1;
    return 0;
}

/* Days of the week say nothing, nor does the T before a time. */
static gboolean
is_passed_over(const char *word, gsize len)
{
    static const char *const days[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    if (len == 1 && *word == 'T')
        return TRUE;
    for (guint i = 0; i < G_N_ELEMENTS(days) && len >= 3; i++)
        if (g_ascii_strncasecmp(word, days[i], 3) == 0)
            return TRUE;
    return FALSE;
}

static gboolean
add_part(Written *written, Part part)
{
    if (written->len == PARTS_MOST)
        return FALSE;
    written->parts[written->len++] = part;
    return TRUE;
}

static gboolean
take_word(const char **at, Written *written)
{
    const char *word = *at;
    while (g_ascii_isalpha(**at))
        (*at)++;
    const gsize len = (gsize)(*at - word);
    if (len == 2 && written->hour >= 0 && g_ascii_tolower(word[1]) == 'm') {
        written->hour = written->hour % 12 + (g_ascii_tolower(word[0]) == 'p' ? 12 : 0);
        return TRUE;
    }
    gint month = month_of(word, len);
    if (month > 0)
        return add_part(written, (Part){month, 0, 0});
    return is_passed_over(word, len);
}

static gint
take_digits(const char **at, guint *out_digits)
{
    gint value = 0;
    const char *start = *at;
    for (; g_ascii_isdigit(**at); (*at)++)
        value = value < 100000000 ? value * 10 + (**at - '0') : value;
    *out_digits = (guint)(*at - start);
    return value;
}

/* Behind an hour: ":30" or ":30:00". */
static gboolean
take_time(const char **at, gint hour, Written *written)
{
    guint digits = 0;
    (*at)++;
    written->hour = hour;
    written->minute = take_digits(at, &digits);
    if (**at == ':') {
        (*at)++;
        take_digits(at, &digits);
    }
    return hour < 24 && written->minute < 60;
}

static gboolean
take_number(const char **at, Written *written)
{
    Part part = {0, 0, 0};
    part.value = take_digits(at, &part.digits);
    return **at == ':' ? take_time(at, part.value, written) : add_part(written, part);
}

static gboolean
take_apart(const char *text, Written *written)
{
    while (*text != '\0') {
        if (g_ascii_isalpha(*text) ? !take_word(&text, written)
                                   : g_ascii_isdigit(*text) && !take_number(&text, written))
            return FALSE;
        if (g_ascii_isalnum(*text))
            continue;
        if (*text != '\0' && strchr(" ,./-", *text) == NULL)
            return FALSE;
        text += *text != '\0';
    }
    return written->len > 0;
}

/* ---- What it may mean. */

/* As Excel reads them: 00 to 29 are this century. */
static gint
whole_year(const Part *part)
{
    if (part->digits > 2)
        return part->value;
    return part->value + (part->value < 30 ? 2000 : 1900);
}

/* Adds a day or, for MONTH_ONLY, a month, unless it does not exist or stands there already. */
static void
propose(GString *out, const Written *written, gint year, gint month, gint day)
{
    CnDate date;
    g_autofree char *text = day != MONTH_ONLY ? g_strdup_printf("%04d-%02d-%02d", year, month, day)
                                              : g_strdup_printf("%04d-%02d", year, month);
    if (!cn_date_parse(text, &date) || strstr(out->str, text) != NULL)
        return;
    g_string_append_printf(out, "%s%s", out->len > 0 ? " or " : "", text);
    if (written->hour >= 0)
        g_string_append_printf(out, "T%02d:%02d", written->hour, written->minute);
}

static void
propose_serial(GString *out, const Written *written)
{
    const gint64 days = written->parts[0].value + EXCEL_EPOCH_DAYS;
    CnDate date = cn_date_of(days * CN_DAY_S);
    propose(out, written, date.year, date.month, date.day);
}

/* 20261103, or 45964 with or without the part of the day behind it. */
static void
propose_number(GString *out, const Written *written)
{
    const Part *number = &written->parts[0];
    if (number->digits == 8)
        propose(out, written, number->value / 10000, number->value / 100 % 100,
                number->value % 100);
    else if (number->value >= EXCEL_FIRST && number->value <= EXCEL_LAST)
        propose_serial(out, written);
}

/* The numbers beside a named month: a day and a year in the order that fits; or a year, unless it may
 * be a day ("3-Nov"). */
static void
propose_named(GString *out, const Written *written, gint month, const Part *first, const Part *last)
{
    if (last == NULL && (first->digits == 4 || written->parts[0].month > 0))
        propose(out, written, whole_year(first), month, MONTH_ONLY);
    else if (last == NULL)
        return;
    else if (first->digits == 4)
        propose(out, written, first->value, month, last->value);
    else
        propose(out, written, whole_year(last), month, first->value);
}

static void
propose_numbers(GString *out, const Written *written)
{
    const Part *a = &written->parts[0], *b = &written->parts[1], *c = &written->parts[2];
    if (written->len == 2 && b->digits == 4) {
        propose(out, written, b->value, a->value, MONTH_ONLY);
    } else if (written->len == 3 && a->digits == 4) {
        propose(out, written, a->value, b->value, c->value);
    } else if (written->len == 3) {
        propose(out, written, whole_year(c), a->value, b->value);
        propose(out, written, whole_year(c), b->value, a->value);
    }
}

static void
propose_all(GString *out, const Written *written)
{
    const Part *numbers[PARTS_MOST] = {NULL, NULL, NULL};
    gint month = 0;
    guint len = 0;
    for (guint i = 0; i < written->len; i++) {
        if (written->parts[i].month > 0)
            month = written->parts[i].month;
        else
            numbers[len++] = &written->parts[i];
    }
    if (month > 0 && len > 0 && len + 1 == written->len)
        propose_named(out, written, month, numbers[0], numbers[1]);
    else if (month == 0 && (len == 1 || (len == 2 && numbers[0]->digits == 5)))
        propose_number(out, written);
    else if (month == 0)
        propose_numbers(out, written);
}

char *
cn_sheet_date_guess(const char *text)
{
    Written written = {.hour = -1, .minute = -1};
    g_autoptr(GString) out = g_string_new(NULL);
    if (take_apart(text, &written))
        propose_all(out, &written);
    return out->len > 0 ? g_strdup(out->str) : NULL;
}
