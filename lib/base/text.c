/* Folding of names, edit distance and the near misses made from it. */
#include "base/text.h"

#include <string.h>

#define NEAR_MISS_MOST  4
#define NEAR_MISS_NAMES 3
#define NEAR_MISS_BYTES 512 /* nobody mistypes a name of this length */
#define QUOTE_CHARS     60
#define SLUG_BYTES      64

/* Apostrophes as people type them; M'lang, Mlang and M’lang are one town. */
static gboolean
is_apostrophe(gunichar c)
{
    return c == '\'' || c == '`' || c == 0x00B4 || c == 0x02BC || c == 0x2018 || c == 0x2019;
}

/* Appends what is left of @c to @out; @gap remembers that a separator was passed. */
static void
append_folded(GString *out, gunichar c, gboolean *gap)
{
    if (g_unichar_isalnum(c)) {
        if (*gap && out->len > 0)
            g_string_append_c(out, ' ');
        *gap = FALSE;
        g_string_append_unichar(out, c);
    } else if (!is_apostrophe(c) && !g_unichar_ismark(c)) {
        *gap = TRUE;
    }
}

/* Nearly all names are ASCII, and folding them is most of the work of loading the gazetteer. */
static char *
fold_ascii(const char *text, gsize len)
{
    char *out = g_malloc(len + 1);
    gsize at = 0;
    gboolean gap = FALSE;
    for (const char *p = text; *p != '\0'; p++) {
        if (g_ascii_isalnum(*p)) {
            if (gap && at > 0)
                out[at++] = ' ';
            gap = FALSE;
            out[at++] = g_ascii_tolower(*p);
        } else if (*p != '\'' && *p != '`') {
            gap = TRUE;
        }
    }
    out[at] = '\0';
    return out;
}

/* Compatibility forms may hide capitals ("℡"), so the order is decompose, fold case, decompose. */
static char *
fold_unicode(const char *text)
{
    /* g_utf8_normalize() reads, and then writes, past the end of a text that is cut off inside a
     * character; it promises NULL and notices only some of what is wrong. */
    if (!g_utf8_validate(text, -1, NULL))
        return g_strdup("");
    g_autofree char *wide = g_utf8_normalize(text, -1, G_NORMALIZE_NFKD);
    g_autofree char *lower = g_utf8_casefold(wide, -1);
    g_autofree char *plain = g_utf8_normalize(lower, -1, G_NORMALIZE_NFKD);
    GString *out = g_string_sized_new(strlen(plain));
    gboolean gap = FALSE;
    for (const char *p = plain; *p != '\0'; p = g_utf8_next_char(p))
        append_folded(out, g_utf8_get_char(p), &gap);
    return g_string_free(out, FALSE);
}

char *
cn_text_fold(const char *text)
{
    gsize len = strlen(text);
    if (g_str_is_ascii(text))
        return fold_ascii(text, len);
    return fold_unicode(text);
}

/* The next row of the table of optimal string alignment: two rows back is needed for a swap of
 * neighbours. Returns the least value of the row. */
static guint
fill_row(const gunichar *a, const gunichar *b, glong b_len, glong i, guint *rows[3])
{
    guint least = rows[0][0] = (guint)i;
    for (glong j = 1; j <= b_len; j++) {
        guint cost = a[i - 1] != b[j - 1];
        guint best = MIN(rows[1][j] + 1, rows[0][j - 1] + 1);
        best = MIN(best, rows[1][j - 1] + cost);
        if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
            best = MIN(best, rows[2][j - 2] + 1);
        rows[0][j] = best;
        least = MIN(least, best);
    }
    return least;
}

guint
cn_text_distance(const char *a, const char *b, guint most)
{
    const guint over = most < G_MAXUINT ? most + 1 : G_MAXUINT;
    glong a_len = g_utf8_strlen(a, -1), b_len = g_utf8_strlen(b, -1);
    if ((gulong)ABS(a_len - b_len) > most)
        return over;
    g_autofree gunichar *x = g_utf8_to_ucs4_fast(a, -1, NULL);
    g_autofree gunichar *y = g_utf8_to_ucs4_fast(b, -1, NULL);
    g_autofree guint *cells = g_new(guint, 3 * ((gsize)b_len + 1));
    guint *rows[3] = {cells, cells + b_len + 1, cells + 2 * (b_len + 1)};
    for (glong j = 0; j <= b_len; j++)
        rows[0][j] = (guint)j;
    for (glong i = 1; i <= a_len; i++) {
        guint *spare = rows[2];
        rows[2] = rows[1];
        rows[1] = rows[0];
        rows[0] = spare;
        /* A swap reaches two rows back, but from there it costs 1 and so does a step to this row:
         * where this row is hopeless, so is what a swap could bring. */
        if (fill_row(x, y, b_len, i, rows) > most)
            return over;
    }
    return rows[0][b_len] <= most ? rows[0][b_len] : over;
}

gboolean
cn_text_is_slug(const char *text)
{
    gsize len = strlen(text);
    if (len == 0 || len > SLUG_BYTES || text[0] == '-' || text[len - 1] == '-')
        return FALSE;
    for (gsize i = 0; i < len; i++) {
        if (text[i] == '-' ? text[i - 1] == '-'
                           : !g_ascii_islower(text[i]) && !g_ascii_isdigit(text[i]))
            return FALSE;
    }
    return TRUE;
}

typedef struct {
    const char *name;
    guint distance;
} Miss;

/* Keeps the @want nearest so far in order; equal ones stay in the order given. */
static void
insert_miss(GArray *misses /* (element-type Miss) */, Miss miss, guint want)
{
    for (guint i = 0; i < misses->len; i++)
        if (strcmp(g_array_index(misses, Miss, i).name, miss.name) == 0)
            return;
    guint at = misses->len;
    while (at > 0 && g_array_index(misses, Miss, at - 1).distance > miss.distance)
        at--;
    if (at == want)
        return;
    g_array_insert_val(misses, at, miss);
    if (misses->len > want)
        g_array_set_size(misses, want);
}

const char **
cn_text_near_misses(const char *text, const char *const *candidates, guint len, guint want)
{
    g_autofree char *folded = cn_text_fold(text);
    glong chars = g_utf8_strlen(folded, -1);
    guint most = CLAMP((guint)(chars / 3), 1, NEAR_MISS_MOST);
    g_autoptr(GArray) misses = g_array_new(FALSE, FALSE, sizeof(Miss));
    gboolean is_name = folded[0] != '\0' && strlen(folded) <= NEAR_MISS_BYTES;
    for (guint i = 0; i < len && is_name; i++) {
        g_autofree char *candidate = cn_text_fold(candidates[i]);
        /* A text without end is not walked once more for each of thousands of names. */
        if ((gsize)chars > strlen(candidate) + most)
            continue;
        guint distance = cn_text_distance(folded, candidate, most);
        if (distance <= most && candidate[0] != '\0')
            insert_miss(misses, (Miss){candidates[i], distance}, want);
    }
    const char **names = g_new0(const char *, misses->len + 1);
    for (guint i = 0; i < misses->len; i++)
        names[i] = g_array_index(misses, Miss, i).name;
    return names;
}

char *
cn_text_did_you_mean_names(const char *const *names, guint len)
{
    if (len == 0)
        return NULL;
    GString *out = g_string_new("did you mean ");
    for (guint i = 0; i < len; i++) {
        if (i > 0)
            g_string_append(out, i + 1 == len ? " or " : ", ");
        g_string_append(out, names[i]);
    }
    g_string_append_c(out, '?');
    return g_string_free(out, FALSE);
}

char *
cn_text_did_you_mean(const char *text, const char *const *candidates, guint len)
{
    g_autofree const char **names = cn_text_near_misses(text, candidates, len, NEAR_MISS_NAMES);
    guint found = 0;
    while (names[found] != NULL)
        found++;
    return cn_text_did_you_mean_names(names, found);
}

/* Ends of lines, and marks of writing direction, which would show another text than the one that
 * was typed. */
static gboolean
is_unfit_for_line(gunichar c)
{
    return g_unichar_iscntrl(c) || c == 0x2028 || c == 0x2029 || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x2069);
}

char *
cn_text_quote(const char *text)
{
    /* No more than can be shown is looked at: a character has at most four bytes. */
    g_autofree char *start = g_strndup(text, (gsize)4 * (QUOTE_CHARS + 1));
    g_autofree char *valid = g_utf8_make_valid(start, -1);
    GString *out = g_string_new(NULL);
    guint chars = 0;
    for (const char *p = valid; *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (chars++ == QUOTE_CHARS) {
            g_string_append(out, "…");
            break;
        }
        g_string_append_unichar(out, is_unfit_for_line(c) ? ' ' : c);
    }
    return g_string_free(out, FALSE);
}
