/* Text for names and ids: folding, near misses, slugs. UTF-8 everywhere. */
#pragma once

#include <glib.h>
#include <string.h>

/* Whether @list (nullable, element-type utf8) holds @text (nullable: no). */
static inline gboolean
cn_text_is_among(const GPtrArray *list, const char *text)
{
    for (guint i = 0; list != NULL && text != NULL && i < list->len; i++)
        if (strcmp(g_ptr_array_index(list, i), text) == 0)
            return TRUE;
    return FALSE;
}

/* Without case, accents and punctuation: letters and digits stay, apostrophes vanish ("Brooke's" is
 * "brookes"), runs of anything else become one space; no space at the ends. "Parañaque" and
 * "paranaque" fold alike. Folding twice changes nothing. Invalid UTF-8 folds to "".
 * (transfer full) */
char *cn_text_fold(const char *text);

/* Damerau-Levenshtein distance (optimal string alignment) of two folded texts, counted in
 * characters; stops early and returns most + 1 when it exceeds @most. */
guint cn_text_distance(const char *a, const char *b, guint most);

/* Whether @text is an id: 1 to 64 of a-z, 0-9 and single inner hyphens. */
gboolean cn_text_is_slug(const char *text);

/* Near misses: the up to @want candidates closest to @text (folded comparison), nearest first, then
 * in the order given; nothing farther than a third of the text's length, at least 1, at most 4, and
 * nothing for a text of more than 512 bytes.
 * (transfer container) (element-type utf8), borrowed strings, NULL-terminated */
const char **cn_text_near_misses(const char *text,
                                 const char *const *candidates,
                                 guint len,
                                 guint want);

/* "did you mean A, B or C?" from near misses, or NULL when there are none. (transfer full) */
char *cn_text_did_you_mean(const char *text, const char *const *candidates, guint len);
/* The same question for names that are chosen already; NULL for none. (transfer full) */
char *cn_text_did_you_mean_names(const char *const *names, guint len);

/* What a person typed, fit for a one-line message: control characters, line ends and marks of
 * writing direction become spaces, invalid UTF-8 becomes U+FFFD, and after 60 characters it ends
 * with an ellipsis. (transfer full) */
char *cn_text_quote(const char *text);
