#include "near.h"

#include <string.h>

#define WORD_MOST 40

/* Edits (insert, delete, replace, swap of neighbours) from @a to @b; the three rows of the optimal
 * string alignment. */
static guint
count_edits(const char *a, const char *b)
{
    const gsize n = strlen(a), m = strlen(b);
    guint rows[3][WORD_MOST + 1] = {{0}};
    if (n > WORD_MOST || m > WORD_MOST)
        return G_MAXUINT;
    for (gsize j = 0; j <= m; j++)
        rows[0][j] = (guint)j;
    for (gsize i = 1; i <= n; i++) {
        guint *now = rows[i % 3], *last = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];
        now[0] = (guint)i;
        for (gsize j = 1; j <= m; j++) {
            const gboolean same = g_ascii_tolower(a[i - 1]) == g_ascii_tolower(b[j - 1]);
            guint least = MIN(MIN(last[j] + 1, now[j - 1] + 1), last[j - 1] + (same ? 0 : 1));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                least = MIN(least, before[j - 2] + 1);
            now[j] = least;
        }
    }
    return rows[n % 3][m];
}

static guint
score(const char *word, const char *name)
{
    const gsize len = strlen(word);
    guint edits = count_edits(word, name);
    if (len >= 2 && g_ascii_strncasecmp(word, name, len) == 0)
        return MIN(edits, 1); /* the beginning of a name is a near miss, however long the name */
    return edits <= MAX(1, len / 3) ? edits : G_MAXUINT;
}

char *
cli_near_suggest(const char *word, const char *const *names)
{
    const char *best[2] = {NULL, NULL};
    guint scores[2] = {G_MAXUINT, G_MAXUINT};
    for (gsize i = 0; names[i] != NULL; i++) {
        const guint edits = score(word, names[i]);
        if (edits < scores[0]) {
            scores[1] = scores[0], best[1] = best[0];
            scores[0] = edits, best[0] = names[i];
        } else if (edits < scores[1]) {
            scores[1] = edits, best[1] = names[i];
        }
    }
    if (best[0] == NULL)
        return NULL;
    if (best[1] == NULL || scores[1] > scores[0])
        return g_strdup_printf("did you mean %s?", best[0]);
    return g_strdup_printf("did you mean %s or %s?", best[0], best[1]);
}
