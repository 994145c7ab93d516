/* Personal data told by shape. Only what is looked for is named here; no text is ever quoted. */
#include "format/case-privacy.h"

#include "base/text.h"

#include <string.h>

/* ---- Keys. */

typedef struct {
    const char *text;
    CnPersonal kind;
} KeyRow;

/* Parts of a key, folded and without spaces, English and Filipino. No key of a case file holds one
 * (a test says so). Earlier rows win: "birthplace" is about birth, "school_name" about a place. */
static const KeyRow key_parts[] = {
    {"birth", CN_PERSONAL_BIRTH},      {"kapanganakan", CN_PERSONAL_BIRTH},
    {"kaarawan", CN_PERSONAL_BIRTH},   {"phone", CN_PERSONAL_PHONE},
    {"mobile", CN_PERSONAL_PHONE},     {"cellular", CN_PERSONAL_PHONE},
    {"telepono", CN_PERSONAL_PHONE},   {"selpon", CN_PERSONAL_PHONE},
    {"contactn", CN_PERSONAL_PHONE},   {"email", CN_PERSONAL_EMAIL},
    {"address", CN_PERSONAL_ADDRESS},  {"tirahan", CN_PERSONAL_ADDRESS},
    {"barangay", CN_PERSONAL_ADDRESS}, {"brgy", CN_PERSONAL_ADDRESS},
    {"street", CN_PERSONAL_ADDRESS},   {"purok", CN_PERSONAL_ADDRESS},
    {"school", CN_PERSONAL_ADDRESS},   {"paaralan", CN_PERSONAL_ADDRESS},
    {"postal", CN_PERSONAL_ADDRESS},   {"coordinates", CN_PERSONAL_ADDRESS},
    {"latitude", CN_PERSONAL_ADDRESS}, {"longitude", CN_PERSONAL_ADDRESS},
    {"name", CN_PERSONAL_NAME},        {"pangalan", CN_PERSONAL_NAME},
    {"apelyido", CN_PERSONAL_NAME},    {"palayaw", CN_PERSONAL_NAME},
    {"mother", CN_PERSONAL_NAME},      {"father", CN_PERSONAL_NAME},
    {"nanay", CN_PERSONAL_NAME},       {"tatay", CN_PERSONAL_NAME},
    {"facebook", CN_PERSONAL_OTHER},   {"messenger", CN_PERSONAL_OTHER},
    {"instagram", CN_PERSONAL_OTHER},  {"tiktok", CN_PERSONAL_OTHER},
    {"whatsapp", CN_PERSONAL_OTHER},   {"viber", CN_PERSONAL_OTHER},
    {"telegram", CN_PERSONAL_OTHER},   {"passport", CN_PERSONAL_OTHER},
    {"philsys", CN_PERSONAL_OTHER},    {"philhealth", CN_PERSONAL_OTHER},
    {"photo", CN_PERSONAL_OTHER},      {"picture", CN_PERSONAL_OTHER},
    {"nationalid", CN_PERSONAL_OTHER},
};

/* Whole words of a folded key: too short to be looked for inside others. */
static const KeyRow key_words[] = {
    {"dob", CN_PERSONAL_BIRTH},     {"bday", CN_PERSONAL_BIRTH},    {"born", CN_PERSONAL_BIRTH},
    {"tel", CN_PERSONAL_PHONE},     {"cell", CN_PERSONAL_PHONE},    {"cp", CN_PERSONAL_PHONE},
    {"contact", CN_PERSONAL_PHONE}, {"mail", CN_PERSONAL_EMAIL},    {"home", CN_PERSONAL_ADDRESS},
    {"house", CN_PERSONAL_ADDRESS}, {"sitio", CN_PERSONAL_ADDRESS}, {"zip", CN_PERSONAL_ADDRESS},
    {"gps", CN_PERSONAL_ADDRESS},   {"lat", CN_PERSONAL_ADDRESS},   {"lon", CN_PERSONAL_ADDRESS},
    {"lng", CN_PERSONAL_ADDRESS},   {"ina", CN_PERSONAL_NAME},      {"ama", CN_PERSONAL_NAME},
    {"alias", CN_PERSONAL_NAME},    {"parent", CN_PERSONAL_NAME},   {"parents", CN_PERSONAL_NAME},
    {"guardian", CN_PERSONAL_NAME}, {"fb", CN_PERSONAL_OTHER},      {"sss", CN_PERSONAL_OTHER},
    {"lrn", CN_PERSONAL_OTHER},     {"tin", CN_PERSONAL_OTHER},
};

static CnPersonal
find_part(const char *compact)
{
    for (gsize i = 0; i < G_N_ELEMENTS(key_parts); i++)
        if (strstr(compact, key_parts[i].text) != NULL)
            return key_parts[i].kind;
    return CN_PERSONAL_NONE;
}

static CnPersonal
find_word(char **words)
{
    for (gsize i = 0; i < G_N_ELEMENTS(key_words); i++)
        if (g_strv_contains((const char *const *)words, key_words[i].text))
            return key_words[i].kind;
    return CN_PERSONAL_NONE;
}

CnPersonal
cn_personal_key(const char *key)
{
    g_autofree char *folded = cn_text_fold(key);
    g_auto(GStrv) words = g_strsplit(folded, " ", -1);
    g_autofree char *compact = g_strjoinv("", words);
    CnPersonal kind = find_part(compact);
    return kind != CN_PERSONAL_NONE ? kind : find_word(words);
}

/* ---- Email addresses: something@something.something */

static gboolean
is_mail_char(char c)
{
    return g_ascii_isalnum(c) || (c != '\0' && strchr("._%+-", c) != NULL);
}

static gboolean
has_email(const char *text)
{
    for (const char *at = strchr(text, '@'); at != NULL; at = strchr(at + 1, '@')) {
        if (at == text || !is_mail_char(at[-1]))
            continue;
        gsize domain = strspn(at + 1, "abcdefghijklmnopqrstuvwxyz"
                                      "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");
        if (domain > 0 && at[1 + domain] == '.' && g_ascii_isalpha(at[2 + domain]))
            return TRUE;
    }
    return FALSE;
}

/* ---- Phone numbers: digits in groups, told by how they begin and how many they are. */

#define DIGITS_MOST 15 /* ITU-T E.164 */

typedef struct {
    char digits[DIGITS_MOST + 1];
    gsize len;
    gsize groups;
    gboolean plus;
    gboolean bracket;
} Number;

/* PSGC codes are ten digits, so eleven that begin with 09 are none of them; a landline is only told
 * by its grouping, since a bare run of digits may be a reference. */
static gboolean
is_phone(const Number *number)
{
    if (number->plus)
        return number->len >= 8;
    if (number->len == 11 && g_str_has_prefix(number->digits, "09"))
        return TRUE;
    if (number->len == 12 && g_str_has_prefix(number->digits, "639"))
        return TRUE;
    if (number->len == 14 && g_str_has_prefix(number->digits, "00639"))
        return TRUE;
    gboolean area_code =
        number->digits[0] == '0' && number->digits[1] >= '2' && number->digits[1] <= '8';
    return area_code && number->len >= 9 && number->len <= 11 &&
           (number->groups >= 3 || (number->groups == 2 && number->bracket));
}

/* Reads the number that begins at @text; TRUE as soon as what was read, up to the end of a group,
 * is a phone number. */
static gboolean
begins_phone(const char *text)
{
    Number number = {.plus = *text == '+', .bracket = *text == '('};
    const char *p = text + (number.plus || number.bracket);
    while (g_ascii_isdigit(*p)) {
        number.groups++;
        while (g_ascii_isdigit(*p)) {
            if (number.len == DIGITS_MOST)
                return FALSE;
            number.digits[number.len++] = *p++;
        }
        if (is_phone(&number))
            return TRUE;
        gsize gap = strspn(p, " .()-/");
        if (gap == 0 || gap > 2)
            return FALSE;
        p += gap;
    }
    return FALSE;
}

static gboolean
has_phone(const char *text)
{
    for (const char *p = text; *p != '\0'; p++) {
        gboolean begins = *p == '+' || *p == '(' || g_ascii_isdigit(*p);
        gboolean inside = p > text && g_ascii_isdigit(p[-1]);
        if (begins && !inside && begins_phone(p))
            return TRUE;
    }
    return FALSE;
}

/* ---- Full dates: "2010-05-03", "3/5/2010", "May 3, 2010", "20100503". */

typedef struct {
    guint years, months, days, names;
} DateParts;

static gboolean
is_month_name(const char *word)
{
    static const char *const names[] = {"january",   "february", "march",    "april",
                                        "may",       "june",     "july",     "august",
                                        "september", "october",  "november", "december"};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        if (strlen(word) >= 3 && g_str_has_prefix(names[i], word))
            return TRUE;
    return FALSE;
}

static void
count_date_part(const char *word, DateParts *parts)
{
    gsize digits = strspn(word, "0123456789");
    guint64 number = digits <= 4 ? g_ascii_strtoull(word, NULL, 10) : 0;
    gboolean ordinal = g_str_has_suffix(word, "st") || g_str_has_suffix(word, "nd") ||
                       g_str_has_suffix(word, "rd") || g_str_has_suffix(word, "th");
    /* "03T00:00:00Z" of a time stamp goes on after the day. */
    gboolean whole = word[digits] == '\0' || word[digits] == 't' || ordinal;
    if (digits == 4 && whole && number >= 1900 && number <= 2199)
        parts->years++;
    else if (digits >= 1 && digits <= 2 && whole && number >= 1 && number <= 12)
        parts->months++;
    else if (digits >= 1 && digits <= 2 && whole && number >= 13 && number <= 31)
        parts->days++;
    else if (is_month_name(word))
        parts->names++;
}

/* A number up to twelve may be a month or a day. */
static gboolean
is_date_of_three(char **words)
{
    DateParts parts = {0, 0, 0, 0};
    gboolean year_outside = FALSE;
    for (guint i = 0; i < 3; i++) {
        guint before = parts.years;
        count_date_part(words[i], &parts);
        year_outside = year_outside || (parts.years > before && i != 1);
    }
    if (parts.years != 1 || !year_outside)
        return FALSE;
    return parts.names == 1 ? parts.months + parts.days == 1
                            : parts.months == 2 || (parts.months == 1 && parts.days == 1);
}

static gboolean
is_date_of_eight(const char *word)
{
    if (strlen(word) != 8 || strspn(word, "0123456789") != 8)
        return FALSE;
    guint64 number = g_ascii_strtoull(word, NULL, 10);
    guint64 year = number / 10000, month = number / 100 % 100, day = number % 100;
    return year >= 1900 && year <= 2199 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

/* Folding is dear, and hardly any text holds a year: four digits or more in a row. Digits of other
 * scripts fold to these, and apostrophes vanish, so only plain text is told apart here. */
static gboolean
may_hold_year(const char *text)
{
    guint digits = 0;
    for (; *text != '\0'; text++) {
        if (!g_ascii_isprint(*text) || *text == '\'' || *text == '`')
            return TRUE;
        digits = g_ascii_isdigit(*text) ? digits + 1 : 0;
        if (digits == 4)
            return TRUE;
    }
    return FALSE;
}

static gboolean
is_full_date(const char *text)
{
    if (!may_hold_year(text))
        return FALSE;
    g_autofree char *folded = cn_text_fold(text);
    g_auto(GStrv) words = g_strsplit(folded, " ", -1);
    guint len = g_strv_length(words);
    if (len == 1)
        return is_date_of_eight(words[0]);
    /* More than three only for the time of a time stamp. */
    gboolean clock = strchr(text, ':') != NULL && len >= 5;
    gboolean stamped = len > 3 && len <= 7 && (clock || strchr(words[2], 't') != NULL);
    return (len == 3 || stamped) && is_date_of_three(words);
}

CnPersonal
cn_personal_value(const char *text)
{
    if (has_email(text))
        return CN_PERSONAL_EMAIL;
    if (has_phone(text))
        return CN_PERSONAL_PHONE;
    return is_full_date(text) ? CN_PERSONAL_BIRTH : CN_PERSONAL_NONE;
}

/* ---- Names in references. */

/* The bytes of a capitalised word ("Maria") that begins at @text; 0 where none does. */
static gsize
capitalised_word(const char *text)
{
    gsize len = 1;
    if (!g_ascii_isupper(text[0]))
        return 0;
    while (g_ascii_islower(text[len]))
        len++;
    return len >= 2 ? len : 0;
}

static gboolean
has_two_capitalised_words(const char *text)
{
    for (const char *p = text; *p != '\0';) {
        gboolean inside = p > text && g_ascii_isalpha(p[-1]);
        gsize first = inside ? 0 : capitalised_word(p);
        if (first > 0 && capitalised_word(p + first + strspn(p + first, " .,_:-")) > 0)
            return TRUE;
        p += MAX(first, 1);
    }
    return FALSE;
}

CnPersonal
cn_personal_ref(const char *text)
{
    CnPersonal kind = cn_personal_value(text);
    if (kind != CN_PERSONAL_NONE)
        return kind;
    if (strpbrk(text, " \t\r\n") != NULL || !g_str_is_ascii(text))
        return CN_PERSONAL_NAME;
    return has_two_capitalised_words(text) ? CN_PERSONAL_NAME : CN_PERSONAL_NONE;
}

gboolean
cn_personal_is_name_like(const char *text)
{
    gsize len = capitalised_word(text);
    return len >= 3 && text[len] == '\0';
}

/* ---- Words. */

static const struct {
    const char *noun;
    const char *advice;
} kinds[] = {
    [CN_PERSONAL_NONE] = {"", ""},
    [CN_PERSONAL_NAME] =
        {"a name", "use an opaque reference such as C-2041 and keep names in the case system"},
    [CN_PERSONAL_BIRTH] = {"a birth date", "give age in years, or age_band such as 13-17"},
    [CN_PERSONAL_PHONE] = {"a phone number", "leave it out: nobody is called from a case file"},
    [CN_PERSONAL_EMAIL] = {"an email address",
                           "leave it out: nobody is written to from a case file"},
    [CN_PERSONAL_ADDRESS] = {"an address or a school",
                             "give area, the city or municipality, and nothing finer"},
    [CN_PERSONAL_OTHER] = {"something that identifies a person",
                           "leave it out: routing never needs it"},
};

const char *
cn_personal_noun(CnPersonal kind)
{
    return kinds[kind].noun;
}

const char *
cn_personal_advice(CnPersonal kind)
{
    return kinds[kind].advice;
}
