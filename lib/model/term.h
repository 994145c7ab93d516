/* Closed vocabularies: groups, access, documents, assessments, courses, languages. A set of terms is
 * a value of 128 bits. */
#pragma once

#include "base/issue.h"
#include "base/pack.h"

#include <carenet/carenet.h>
#include <glib.h>

#define CN_TERMS_MOST   128
#define CN_VOCABULARIES 6 /* carenet_terms_kind without reasons */

typedef struct {
    guint64 bits[2];
} CnTermSet;

static inline void
cn_term_set_add(CnTermSet *set, gint term)
{
    set->bits[term >> 6] |= G_GUINT64_CONSTANT(1) << (term & 63);
}

static inline gboolean
cn_term_set_has(CnTermSet set, gint term)
{
    return ((set.bits[term >> 6] >> (term & 63)) & 1) != 0;
}

/* The first term of the set at or behind @from, or -1. A set of an image may hold terms that nobody
 * has. */
static inline gint
cn_term_set_next(CnTermSet set, gint from)
{
    for (gint word = from >> 6; word < (gint)G_N_ELEMENTS(set.bits); word++, from = word << 6) {
        guint64 left = set.bits[word] >> (from & 63);
        if (left != 0)
            return from + __builtin_ctzll(left);
    }
    return -1;
}

static inline gboolean
cn_term_set_is_empty(CnTermSet set)
{
    return (set.bits[0] | set.bits[1]) == 0;
}

static inline gboolean
cn_term_set_intersects(CnTermSet a, CnTermSet b)
{
    return ((a.bits[0] & b.bits[0]) | (a.bits[1] & b.bits[1])) != 0;
}

static inline CnTermSet
cn_term_set_minus(CnTermSet a, CnTermSet b)
{
    return (CnTermSet){{a.bits[0] & ~b.bits[0], a.bits[1] & ~b.bits[1]}};
}

typedef struct {
    const char *id;
    const char *name;
    const char *detail;         /* nullable; for assessments: whom to ask */
    const char *const *aliases; /* NULL-terminated, never NULL */
} CnTerm;

typedef struct CnVocabulary CnVocabulary;

typedef struct {
    const char *id, *name, *detail;
    const char *const *aliases;
    CnPos pos;
} CnTermRow;

/* Keeps the order of @rows (it is the order of output). Strings are copied. */
CnVocabulary *cn_vocabulary_new(const CnTermRow *rows, guint len, CnIssueList *issues);
void cn_vocabulary_free(CnVocabulary *vocabulary);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CnVocabulary, cn_vocabulary_free)
/* As cn_gazetteer_pack(). */
void cn_vocabulary_pack(GByteArray *out, const CnVocabulary *vocabulary);
CnVocabulary *cn_vocabulary_unpack(CnUnpack *in);
guint cn_vocabulary_len(const CnVocabulary *vocabulary);
const CnTerm *cn_term(const CnVocabulary *vocabulary, gint term);
/* "X first: Ask the office to ...", to stand within a sentence: without a full stop. (transfer full) */
char *cn_term_ask_first(const CnTerm *term);
/* By id, or by name or alias without case and accents; -1 none. */
gint cn_term_find(const CnVocabulary *vocabulary, const char *text);
/* "did you mean ...?" for a word that is not in it, or NULL. (transfer full) */
char *cn_term_did_you_mean(const CnVocabulary *vocabulary, const char *text);
/* The ids of a set in the order of the vocabulary, joined by @separator; "" when empty.
 * (transfer full) */
char *cn_term_set_join(const CnVocabulary *vocabulary, CnTermSet set, const char *separator);
