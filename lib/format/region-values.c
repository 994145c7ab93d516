/* The values of region files: ids, days, areas, services, terms. */
#include "base/error.h"
#include "base/text.h"
#include "format/region-private.h"

#include <string.h>

static CnRegionReader *
reader_of(const CnDecode *decode)
{
    return decode->data;
}

gboolean
cn_region_text(CnDecode *decode, const CnNode *node, const char *what, guint most, const char **out)
{
    const char *text = NULL;
    if (!cn_decode_text(decode, node, what, most, &text))
        return FALSE;
    *out = cn_network_intern(reader_of(decode)->network, text);
    return TRUE;
}

static void
report_bad_id(CnDecode *decode, const CnNode *node, const char *what, const char *text)
{
    g_autofree char *slug = cn_text_fold(text);
    g_strdelimit(slug, " ", '-');
    g_autofree char *suggestion = g_strdup_printf("write %s", slug);
    cn_decode_issue(decode, CN_SEVERITY_ERROR, "bad-id", node,
                    cn_text_is_slug(slug) && !decode->hide_values ? suggestion : NULL,
                    "%s must be lower-case letters and digits, joined by single hyphens", what);
}

gboolean
cn_region_id(CnDecode *decode, const CnNode *node, const char *what, const char **out)
{
    if (!cn_region_text(decode, node, what, CN_WORD_MOST, out))
        return FALSE;
    if (!cn_text_is_slug(*out))
        report_bad_id(decode, node, what, *out);
    return TRUE;
}

void
cn_region_url(CnDecode *decode, const CnNode *node, const char *what, const char **out)
{
    const char *text = NULL;
    if (!cn_region_text(decode, node, what, CN_URL_MOST, &text))
        return;
    if (g_str_has_prefix(text, "https://") || g_str_has_prefix(text, "http://"))
        *out = text;
    else
        cn_decode_issue(decode, CN_SEVERITY_ERROR, "impossible-value", node,
                        "begin it with https://", "%s is not the address of a page", what);
}

void
cn_region_date(CnDecode *decode, const CnNode *node, const char *what, CnDate *out)
{
    const char *text = NULL;
    if (cn_decode_text(decode, node, what, CN_WORD_MOST, &text) && !cn_date_parse(text, out))
        cn_decode_issue(decode, CN_SEVERITY_ERROR, "impossible-value", node,
                        "write a day as 2026-10-01, or a month as 2026-10",
                        "%s is not a day that exists", what);
}

void
cn_region_instant(CnDecode *decode, const CnNode *node, const char *what, CnInstant *out)
{
    const char *text = NULL;
    if (cn_decode_text(decode, node, what, CN_WORD_MOST, &text) && !cn_instant_parse(text, out))
        cn_decode_issue(decode, CN_SEVERITY_ERROR, "impossible-value", node,
                        "write 2026-10-01 or 2026-10-01T14:30:00+08:00",
                        "%s is not a day or a time that exists", what);
}

/* Nobody knows what was written; @error says so and may quote it. */
static void
report_unresolved(CnDecode *decode, const CnNode *node, const char *what, const GError *error)
{
    gboolean several = carenet_error_get_code(error) == CARENET_ERROR_INVALID_ARGUMENT;
    cn_decode_issue(
        decode, CN_SEVERITY_ERROR, several ? "ambiguous-name" : "dangling-reference", node,
        decode->hide_values ? NULL : carenet_error_get_hint(error), "%s: %s", what,
        decode->hide_values ? (several ? "several are called so" : "nothing is called so")
                            : carenet_error_get_message(error));
}

/* A code that a spreadsheet or another YAML reader took for a number: 700000000. */
static gboolean
report_lost_zero(CnDecode *decode, const CnNode *node, const char *what, const char *text)
{
    g_autofree char *code = g_strdup_printf("0%s", text);
    if (cn_area_by_code(reader_of(decode)->reference->gazetteer, code) == CN_AREA_NONE)
        return FALSE;
    g_autofree char *suggestion = g_strdup_printf("write \"%s\", with the quotes", code);
    cn_decode_issue(decode, CN_SEVERITY_ERROR, "area-code", node,
                    decode->hide_values ? "write all ten digits, in quotes" : suggestion,
                    "%s is an area code that has lost its leading zero", what);
    return TRUE;
}

gboolean
cn_region_area(CnDecode *decode, const CnNode *node, const char *what, CnAreaId *out)
{
    const CnGazetteer *gazetteer = reader_of(decode)->reference->gazetteer;
    g_autoptr(GError) error = NULL;
    const char *text = NULL;
    if (!cn_decode_text(decode, node, what, CN_NAME_MOST, &text))
        return FALSE;
    gboolean digits = text[strspn(text, "0123456789")] == '\0';
    if (digits && strlen(text) == 9 && report_lost_zero(decode, node, what, text))
        return FALSE;
    if (cn_area_resolve_hint(gazetteer, text, cn_issue_list_wants_hint(decode->issues), out,
                             &error))
        return TRUE;
    report_unresolved(decode, node, what, error);
    return FALSE;
}

gboolean
cn_region_service(CnDecode *decode, const CnNode *node, const char *what, CnServiceId *out)
{
    g_autoptr(GError) error = NULL;
    const char *text = NULL;
    if (!cn_decode_text(decode, node, what, CN_NAME_MOST, &text))
        return FALSE;
    if (cn_service_resolve_hint(reader_of(decode)->reference->taxonomy, text,
                                cn_issue_list_wants_hint(decode->issues), out, &error))
        return TRUE;
    report_unresolved(decode, node, what, error);
    return FALSE;
}

gboolean
cn_region_term(CnDecode *decode,
               const CnNode *node,
               const char *what,
               carenet_terms_kind kind,
               gint *out)
{
    static const char *const kinds[CN_VOCABULARIES] = {"groups",      "access",  "documents",
                                                       "assessments", "courses", "languages"};
    const CnVocabulary *vocabulary = reader_of(decode)->reference->terms[kind];
    const char *text = NULL;
    if (!cn_decode_text(decode, node, what, CN_NAME_MOST, &text))
        return FALSE;
    gint term = cn_term_find(vocabulary, text);
    if (term >= 0) {
        *out = term;
        return TRUE;
    }
    g_autofree char *near_miss =
        cn_issue_list_wants_hint(decode->issues) ? cn_term_did_you_mean(vocabulary, text) : NULL;
    g_autofree char *listing = g_strdup_printf("\"carenet terms %s\" lists them", kinds[kind]);
    g_autofree char *quote = cn_text_quote(text);
    cn_decode_issue(decode, CN_SEVERITY_ERROR, "dangling-reference", node,
                    near_miss != NULL ? near_miss : listing,
                    "%s: \"%s\" is not in the list of %s in terms.yaml", what, quote, kinds[kind]);
    return FALSE;
}

typedef struct {
    const char *what;
    carenet_terms_kind kind;
    CnTermSet *set;
} TermList;

static void
add_term(CnDecode *decode, const CnNode *item, gpointer target)
{
    TermList *list = target;
    gint term = 0;
    if (cn_region_term(decode, item, list->what, list->kind, &term))
        cn_term_set_add(list->set, term);
}

void
cn_region_terms(CnDecode *decode,
                const CnNode *node,
                const char *what,
                carenet_terms_kind kind,
                CnTermSet *out)
{
    TermList list = {what, kind, out};
    cn_decode_sequence(decode, node, what, add_term, &list);
}

void
cn_region_refuse_word(CnDecode *decode, const CnNode *node, const char *what, const char *words)
{
    g_autofree char *suggestion = g_strdup_printf("use %s", words);
    g_autofree char *quote = cn_text_quote(node->text);
    cn_decode_issue(decode, CN_SEVERITY_ERROR, "impossible-value", node, suggestion,
                    decode->hide_values ? "%s cannot be that" : "%s cannot be \"%s\"", what, quote);
}

const char *
cn_region_word(CnDecode *decode, const CnNode *node, const char *what, const char *const *words)
{
    const char *text = NULL;
    if (!cn_decode_text(decode, node, what, CN_WORD_MOST, &text))
        return NULL;
    GString *all = g_string_new(NULL);
    for (gsize i = 0; words[i] != NULL; i++) {
        if (strcmp(words[i], text) == 0) {
            g_string_free(all, TRUE);
            return words[i];
        }
        const char *before = i == 0 ? "" : words[i + 1] != NULL ? ", " : " or ";
        g_string_append_printf(all, "%s%s", before, words[i]);
    }
    cn_region_refuse_word(decode, node, what, all->str);
    g_string_free(all, TRUE);
    return NULL;
}
