/* Closed vocabularies: small lists of terms, found by id, name or alias. */
#include "model/term.h"

#include "base/text.h"

#include <string.h>

typedef struct {
    char *key; /* folded */
    gint term;
} TermName;

struct CnVocabulary {
    GStringChunk *strings;
    GArray *terms;        /* (element-type CnTerm) */
    const char **aliases; /* pool of NULL-terminated lists */
    GArray *names; /* (element-type TermName) ids, names and aliases, in the order of terms */
};

static void
clear_name(gpointer data)
{
    g_free(((TermName *)data)->key);
}

static CnVocabulary *
new_vocabulary(void)
{
    CnVocabulary *vocabulary = g_new0(CnVocabulary, 1);
    vocabulary->strings = g_string_chunk_new(4096);
    vocabulary->terms = g_array_new(FALSE, FALSE, sizeof(CnTerm));
    vocabulary->names = g_array_new(FALSE, FALSE, sizeof(TermName));
    g_array_set_clear_func(vocabulary->names, clear_name);
    return vocabulary;
}

void
cn_vocabulary_free(CnVocabulary *vocabulary)
{
    if (vocabulary == NULL)
        return;
    g_array_unref(vocabulary->terms);
    g_array_unref(vocabulary->names);
    g_free(vocabulary->aliases);
    g_string_chunk_free(vocabulary->strings);
    g_free(vocabulary);
}

static gint
find_by_key(const CnVocabulary *vocabulary, const char *key)
{
    for (guint i = 0; i < vocabulary->names->len; i++) {
        const TermName *name = &g_array_index(vocabulary->names, TermName, i);
        if (strcmp(name->key, key) == 0)
            return name->term;
    }
    return -1;
}

/* A word that means two terms would silently mean the first one: an error in the list. */
static void
add_name(CnVocabulary *vocabulary,
         gint term,
         const char *text,
         const CnTermRow *row,
         CnIssueList *issues)
{
    g_autofree char *key = cn_text_fold(text);
    gint other = find_by_key(vocabulary, key);
    if (key[0] == '\0') {
        cn_issue_add(issues, CN_SEVERITY_ERROR, "missing-value", row->pos, NULL,
                     "term \"%s\" has a name or alias without letters", row->id);
    } else if (other < 0) {
        TermName name = {.key = g_steal_pointer(&key), .term = term};
        g_array_append_val(vocabulary->names, name);
    } else if (other != term) {
        cn_issue_add(issues, CN_SEVERITY_ERROR, "ambiguous-name", row->pos, NULL,
                     "\"%s\" names both %s and %s", text, cn_term(vocabulary, other)->id, row->id);
    }
}

static gboolean
is_known_id(const CnVocabulary *vocabulary, const char *id)
{
    for (guint i = 0; i < vocabulary->terms->len; i++)
        if (strcmp(cn_term(vocabulary, (gint)i)->id, id) == 0)
            return TRUE;
    return FALSE;
}

static gboolean
check_row(const CnVocabulary *vocabulary, const CnTermRow *row, CnIssueList *issues)
{
    if (!cn_text_is_slug(row->id))
        cn_issue_add(issues, CN_SEVERITY_ERROR, "wrong-id", row->pos,
                     "use a-z, 0-9 and single hyphens", "\"%s\" is no id of a term", row->id);
    else if (is_known_id(vocabulary, row->id))
        cn_issue_add(issues, CN_SEVERITY_ERROR, "duplicate-id", row->pos, NULL,
                     "term %s stands there already", row->id);
    else
        return TRUE;
    return FALSE;
}

static void
add_term(CnVocabulary *vocabulary, const CnTermRow *row, CnIssueList *issues)
{
    gint number = (gint)vocabulary->terms->len;
    CnTerm term = {.id = g_string_chunk_insert(vocabulary->strings, row->id),
                   .name = g_string_chunk_insert(vocabulary->strings, row->name)};
    if (row->detail != NULL)
        term.detail = g_string_chunk_insert(vocabulary->strings, row->detail);
    g_array_append_val(vocabulary->terms, term);
    add_name(vocabulary, number, row->id, row, issues);
    add_name(vocabulary, number, row->name, row, issues);
    for (guint i = 0; row->aliases != NULL && row->aliases[i] != NULL; i++)
        add_name(vocabulary, number, row->aliases[i], row, issues);
}

/* The pool moves while it grows, so terms get their lists in a second pass. */
static void
place_aliases(CnVocabulary *vocabulary, const CnTermRow *rows)
{
    GPtrArray *pool = g_ptr_array_new();
    guint starts[CN_TERMS_MOST] = {0};
    for (guint i = 0; i < vocabulary->terms->len; i++) {
        const char *const *aliases = rows[i].aliases;
        starts[i] = pool->len;
        for (guint k = 0; aliases != NULL && aliases[k] != NULL; k++)
            g_ptr_array_add(pool, g_string_chunk_insert(vocabulary->strings, aliases[k]));
        g_ptr_array_add(pool, NULL);
    }
    vocabulary->aliases = (const char **)g_ptr_array_free(pool, FALSE);
    for (guint i = 0; i < vocabulary->terms->len; i++)
        g_array_index(vocabulary->terms, CnTerm, i).aliases = vocabulary->aliases + starts[i];
}

CnVocabulary *
cn_vocabulary_new(const CnTermRow *rows, guint len, CnIssueList *issues)
{
    guint errors_before = cn_issue_list_errors(issues);
    g_autoptr(CnVocabulary) vocabulary = new_vocabulary();
    if (len > CN_TERMS_MOST)
        cn_issue_add(issues, CN_SEVERITY_ERROR, "too-many", rows[CN_TERMS_MOST].pos, NULL,
                     "a vocabulary has at most %d terms, this one %u", CN_TERMS_MOST, len);
    for (guint i = 0; i < MIN(len, CN_TERMS_MOST); i++)
        if (check_row(vocabulary, &rows[i], issues))
            add_term(vocabulary, &rows[i], issues);
    if (cn_issue_list_errors(issues) > errors_before)
        return NULL;
    place_aliases(vocabulary, rows);
    return g_steal_pointer(&vocabulary);
}

guint
cn_vocabulary_len(const CnVocabulary *vocabulary)
{
    return vocabulary->terms->len;
}

const CnTerm *
cn_term(const CnVocabulary *vocabulary, gint term)
{
    g_assert(term >= 0 && (guint)term < vocabulary->terms->len);
    return &g_array_index(vocabulary->terms, CnTerm, term);
}

char *
cn_term_ask_first(const CnTerm *term)
{
    if (term->detail == NULL)
        return g_strconcat(term->id, " first", NULL);
    const gsize len = strlen(term->detail);
    return g_strdup_printf("%s first: %.*s", term->id,
                           (int)(g_str_has_suffix(term->detail, ".") ? len - 1 : len),
                           term->detail);
}

gint
cn_term_find(const CnVocabulary *vocabulary, const char *text)
{
    for (guint i = 0; i < vocabulary->terms->len; i++)
        if (strcmp(cn_term(vocabulary, (gint)i)->id, text) == 0)
            return (gint)i;
    g_autofree char *key = cn_text_fold(text);
    return find_by_key(vocabulary, key);
}

/* A near miss may be of a name or an alias; what is suggested is the id. */
char *
cn_term_did_you_mean(const CnVocabulary *vocabulary, const char *text)
{
    const char *shown[4] = {NULL};
    guint len = 0;
    g_autofree const char **keys = g_new(const char *, vocabulary->names->len + 1);
    for (guint i = 0; i < vocabulary->names->len; i++)
        keys[i] = g_array_index(vocabulary->names, TermName, i).key;
    g_autofree const char **misses = cn_text_near_misses(text, keys, vocabulary->names->len, 8);
    for (guint i = 0; misses[i] != NULL && len < 3; i++) {
        const char *id = cn_term(vocabulary, find_by_key(vocabulary, misses[i]))->id;
        if (!g_strv_contains(shown, id))
            shown[len++] = id;
    }
    return cn_text_did_you_mean_names(shown, len);
}

char *
cn_term_set_join(const CnVocabulary *vocabulary, CnTermSet set, const char *separator)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < vocabulary->terms->len; i++) {
        if (!cn_term_set_has(set, (gint)i))
            continue;
        if (out->len > 0)
            g_string_append(out, separator);
        g_string_append(out, cn_term(vocabulary, (gint)i)->id);
    }
    return g_string_free(out, FALSE);
}

/* ---- In an image. */

static void
pack_aliases(GByteArray *out, const char *const *aliases)
{
    for (guint i = 0; aliases[i] != NULL; i++)
        cn_pack_text(out, aliases[i]);
    cn_pack_text(out, NULL);
}

void
cn_vocabulary_pack(GByteArray *out, const CnVocabulary *vocabulary)
{
    cn_pack_int(out, vocabulary->terms->len);
    for (guint i = 0; i < vocabulary->terms->len; i++) {
        const CnTerm *term = cn_term(vocabulary, (gint)i);
        cn_pack_text(out, term->id);
        cn_pack_text(out, term->name);
        cn_pack_text(out, term->detail);
        pack_aliases(out, term->aliases);
    }
    cn_pack_int(out, vocabulary->names->len);
    for (guint i = 0; i < vocabulary->names->len; i++) {
        const TermName *name = &g_array_index(vocabulary->names, TermName, i);
        cn_pack_text(out, name->key);
        cn_pack_int(out, name->term);
    }
}

/* The pool moves while it grows: positions first, pointers when it is complete. */
static void
unpack_terms(CnUnpack *in, CnVocabulary *vocabulary)
{
    guint starts[CN_TERMS_MOST] = {0};
    GPtrArray *pool = g_ptr_array_new();
    guint len = (guint)cn_unpack_int_in(in, 0, CN_TERMS_MOST);
    for (guint i = 0; i < len && !in->broken; i++) {
        CnTerm term = {.id = cn_unpack_text(in),
                       .name = cn_unpack_text(in),
                       .detail = cn_unpack_text_or_null(in)};
        g_array_append_val(vocabulary->terms, term);
        starts[i] = pool->len;
        for (const char *alias = cn_unpack_text_or_null(in); alias != NULL;
             alias = cn_unpack_text_or_null(in))
            g_ptr_array_add(pool, (gpointer)alias);
        g_ptr_array_add(pool, NULL);
    }
    vocabulary->aliases = (const char **)g_ptr_array_free(pool, FALSE);
    for (guint i = 0; i < vocabulary->terms->len; i++)
        g_array_index(vocabulary->terms, CnTerm, i).aliases = vocabulary->aliases + starts[i];
}

CnVocabulary *
cn_vocabulary_unpack(CnUnpack *in)
{
    g_autoptr(CnVocabulary) vocabulary = new_vocabulary();
    unpack_terms(in, vocabulary);
    guint len = (guint)cn_unpack_int_in(in, 0, (in->end - in->at) / 16);
    for (guint i = 0; i < len && !in->broken; i++) {
        const char *key = cn_unpack_text(in);
        gint term = (gint)cn_unpack_int_in(in, 0, (gint64)vocabulary->terms->len - 1);
        TermName name = {.key = g_strdup(key), .term = term};
        g_array_append_val(vocabulary->names, name);
    }
    return in->broken ? NULL : g_steal_pointer(&vocabulary);
}
