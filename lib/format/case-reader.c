/* The values of a case file. Every text is looked at for personal data before anything else, and no
 * issue ever quotes what was written; suggestions name areas, services and terms of ours only. */
#include "format/case-reader-private.h"

#include "base/error.h"
#include "base/text.h"
#include "format/case-privacy.h"

#include <string.h>

static const CnCaseReader *
reader_of(const CnDecode *decode)
{
    return decode->data;
}

/* Where a key asks for personal data, @value is not read at all. */
static void
report_personal_key(CnDecode *decode, const CnNode *key, CnPersonal kind)
{
    gboolean allowed = reader_of(decode)->allow_personal;
    cn_decode_issue(decode, allowed ? CN_SEVERITY_WARNING : CN_SEVERITY_ERROR, "personal-data", key,
                    cn_personal_advice(kind),
                    allowed ? "this key asks for %s; it is not read"
                            : "this key asks for %s, which a case never holds",
                    cn_personal_noun(kind));
}

/* Words of ours ask for nothing personal (a test says so), and telling that is dear in a long list. */
static CnPersonal
personal_key(const char *key, const CnField *fields, guint fields_len)
{
    for (guint i = 0; i < fields_len; i++)
        if (strcmp(fields[i].key, key) == 0)
            return CN_PERSONAL_NONE;
    return cn_personal_key(key);
}

gboolean
cn_case_mapping(CnDecode *decode,
                const CnNode *node,
                const char *what,
                const CnField *fields,
                guint fields_len,
                gpointer target)
{
    if (node->kind != CN_NODE_MAPPING)
        return cn_decode_mapping(decode, node, what, fields, fields_len, target);
    g_autofree CnNode **items = g_new(CnNode *, 2 * (gsize)node->len + 1);
    CnNode kept = *node;
    kept.items = items;
    kept.len = 0;
    for (gsize i = 0; i < node->len; i++) {
        CnPersonal kind = personal_key(node->items[2 * i]->text, fields, fields_len);
        if (kind != CN_PERSONAL_NONE) {
            report_personal_key(decode, node->items[2 * i], kind);
            continue;
        }
        CnNode **pair = &items[2 * (gsize)kept.len++];
        pair[0] = node->items[2 * i];
        pair[1] = node->items[2 * i + 1];
    }
    return cn_decode_mapping(decode, &kept, what, fields, fields_len, target);
}

/* FALSE where the value must not be read. */
static gboolean
pass_personal(CnDecode *decode, const CnNode *node, const char *what, CnPersonal kind)
{
    if (kind == CN_PERSONAL_NONE)
        return TRUE;
    gboolean allowed = reader_of(decode)->allow_personal;
    cn_decode_issue(decode, allowed ? CN_SEVERITY_WARNING : CN_SEVERITY_ERROR, "personal-data",
                    node, cn_personal_advice(kind), "%s looks like %s%s", what,
                    cn_personal_noun(kind), allowed ? "" : ", which a case never holds");
    return allowed;
}

static CnPersonal
personal_in(const CnNode *node)
{
    return node->kind == CN_NODE_SCALAR ? cn_personal_value(node->text) : CN_PERSONAL_NONE;
}

gboolean
cn_case_text(CnDecode *decode, const CnNode *node, const char *what, guint most, const char **out)
{
    return pass_personal(decode, node, what, personal_in(node)) &&
           cn_decode_text(decode, node, what, most, out);
}

gboolean
cn_case_int(CnDecode *decode,
            const CnNode *node,
            const char *what,
            gint64 least,
            gint64 most,
            gint32 *out)
{
    gint64 value = 0;
    if (!pass_personal(decode, node, what, personal_in(node)) ||
        !cn_decode_int(decode, node, what, least, most, &value))
        return FALSE;
    *out = (gint32)value;
    return TRUE;
}

gboolean
cn_case_ref(CnDecode *decode, const CnNode *node, const char *what, const char **out)
{
    CnPersonal kind = node->kind == CN_NODE_SCALAR ? cn_personal_ref(node->text) : CN_PERSONAL_NONE;
    if (!pass_personal(decode, node, what, kind) ||
        !cn_decode_text(decode, node, what, CN_REF_MOST, out))
        return FALSE;
    if (kind != CN_PERSONAL_NONE)
        return TRUE;
    if (!cn_ref_is_valid(*out)) {
        cn_decode_issue(decode, CN_SEVERITY_ERROR, "impossible-value", node,
                        "use letters, digits and . _ : - only, such as C-2041",
                        "%s is not an opaque reference", what);
        return FALSE;
    }
    if (cn_personal_is_name_like(*out))
        cn_decode_issue(decode, CN_SEVERITY_WARNING, "personal-data", node,
                        "use an opaque reference with a number, such as C-2041",
                        "%s may be a first name", what);
    return TRUE;
}

/* "provider", "provider/service" or "provider/service/variant": slugs all. */
static gboolean
is_id(const char *text)
{
    g_auto(GStrv) parts = g_strsplit(text, "/", 4);
    for (guint i = 0; parts[i] != NULL; i++)
        if (i == 3 || !cn_text_is_slug(parts[i]))
            return FALSE;
    return TRUE;
}

gboolean
cn_case_id(CnDecode *decode, const CnNode *node, const char *what, const char **out)
{
    if (!cn_case_text(decode, node, what, CN_CASE_ID_MOST, out))
        return FALSE;
    if (is_id(*out))
        return TRUE;
    cn_decode_issue(decode, CN_SEVERITY_ERROR, "impossible-value", node,
                    "give the id that carenet find prints, never a name", "%s is not an id", what);
    return FALSE;
}

/* Who is avoided is a provider with all that it offers: the id of an offering would match nobody. */
gboolean
cn_case_record_id(CnDecode *decode, const CnNode *node, const char *what, const char **out)
{
    if (!cn_case_id(decode, node, what, out))
        return FALSE;
    if (strchr(*out, '/') == NULL)
        return TRUE;
    cn_decode_issue(
        decode, CN_SEVERITY_ERROR, "impossible-value", node,
        "leave out the / and what stands behind it",
        "%s is the id of an offering, and one of a provider or an organization is needed", what);
    return FALSE;
}

gboolean
cn_case_choice(CnDecode *decode,
               const CnNode *node,
               const char *what,
               const CnChoice *choices,
               guint choices_len,
               gint *out)
{
    const char *text = NULL;
    if (!cn_case_text(decode, node, what, CN_CASE_NAME_MOST, &text))
        return FALSE;
    for (guint i = 0; i < choices_len; i++) {
        if (g_ascii_strcasecmp(text, choices[i].word) == 0) {
            *out = choices[i].value;
            return TRUE;
        }
    }
    g_autofree const char **words = g_new0(const char *, choices_len + 1);
    for (guint i = 0; i < choices_len; i++)
        words[i] = choices[i].word;
    g_autofree char *list = g_strjoinv(", ", (char **)words);
    g_autofree char *suggestion = cn_text_did_you_mean(text, words, choices_len);
    cn_decode_issue(decode, CN_SEVERITY_ERROR, "unknown-word", node, suggestion,
                    "%s must be one of %s", what, list);
    return FALSE;
}

gboolean
cn_case_urgency(CnDecode *decode, const CnNode *node, CnUrgency *out)
{
    CnChoice choices[] = {{NULL, CN_EMERGENCY}, {NULL, CN_URGENT}, {NULL, CN_ROUTINE}};
    gint value = 0;
    for (guint i = 0; i < G_N_ELEMENTS(choices); i++)
        choices[i].word = cn_urgency_name((CnUrgency)choices[i].value);
    if (!cn_case_choice(decode, node, "urgency", choices, G_N_ELEMENTS(choices), &value))
        return FALSE;
    *out = (CnUrgency)value;
    return TRUE;
}

/* The one kind of value where a full date belongs. */
gboolean
cn_case_date(CnDecode *decode, const CnNode *node, const char *what, CnDate *out)
{
    CnPersonal kind = personal_in(node);
    const char *text = NULL;
    if (!pass_personal(decode, node, what, kind == CN_PERSONAL_BIRTH ? CN_PERSONAL_NONE : kind) ||
        !cn_decode_text(decode, node, what, CN_CASE_NAME_MOST, &text))
        return FALSE;
    if (cn_date_parse(text, out))
        return TRUE;
    cn_decode_issue(decode, CN_SEVERITY_ERROR, "impossible-value", node,
                    "write YYYY-MM-DD, YYYY-MM or YYYY", "%s is not a date", what);
    return FALSE;
}

gboolean
cn_case_area(CnDecode *decode, const CnNode *node, const char *what, CnAreaId *out)
{
    g_autoptr(GError) error = NULL;
    const char *text = NULL;
    if (!cn_case_text(decode, node, what, CN_CASE_NAME_MOST, &text))
        return FALSE;
    if (cn_area_resolve_hint(reader_of(decode)->reference->gazetteer, text,
                             cn_issue_list_wants_hint(decode->issues), out, &error))
        return TRUE;
    gboolean several = carenet_error_get_code(error) == CARENET_ERROR_INVALID_ARGUMENT;
    cn_decode_issue(
        decode, CN_SEVERITY_ERROR, several ? "ambiguous-area" : "unknown-area", node,
        carenet_error_get_hint(error),
        several ? "%s is the name of several areas" : "%s is not an area of the gazetteer", what);
    return FALSE;
}

gboolean
cn_case_service(CnDecode *decode, const CnNode *node, const char *text, CnServiceId *out)
{
    g_autoptr(GError) error = NULL;
    if (cn_service_resolve_hint(reader_of(decode)->reference->taxonomy, text,
                                cn_issue_list_wants_hint(decode->issues), out, &error))
        return TRUE;
    gboolean several = carenet_error_get_code(error) == CARENET_ERROR_INVALID_ARGUMENT;
    const char *hint = carenet_error_get_hint(error);
    cn_decode_issue(decode, CN_SEVERITY_ERROR, several ? "ambiguous-service" : "unknown-service",
                    node, hint != NULL ? hint : "carenet terms services lists them",
                    several ? "service is a name of several services"
                            : "service is not a term of the taxonomy");
    return FALSE;
}

gboolean
cn_case_term(CnDecode *decode,
             const CnNode *node,
             const char *what,
             carenet_terms_kind kind,
             gint *out)
{
    const CnVocabulary *vocabulary = reader_of(decode)->reference->terms[kind];
    const char *text = NULL;
    if (!cn_case_text(decode, node, what, CN_CASE_NAME_MOST, &text))
        return FALSE;
    *out = cn_term_find(vocabulary, text);
    if (*out >= 0)
        return TRUE;
    g_autofree char *suggestion =
        cn_issue_list_wants_hint(decode->issues) ? cn_term_did_you_mean(vocabulary, text) : NULL;
    cn_decode_issue(decode, CN_SEVERITY_ERROR, "unknown-term", node,
                    suggestion != NULL ? suggestion : "carenet terms lists the words that exist",
                    "%s: not a word of the vocabulary", what);
    return FALSE;
}

/* ---- Lists. */

typedef struct {
    const char *what;
    carenet_terms_kind kind;
    CnTermSet *terms;
    GArray *areas;    /* (element-type CnAreaId) */
    GPtrArray *texts; /* (element-type utf8) */
    gboolean (*read_text)(CnDecode *decode, const CnNode *node, const char *what, const char **out);
} ListTarget;

static void
add_term(CnDecode *decode, const CnNode *item, gpointer target)
{
    ListTarget *list = target;
    gint term = -1;
    if (cn_case_term(decode, item, list->what, list->kind, &term))
        cn_term_set_add(list->terms, term);
}

static void
add_area(CnDecode *decode, const CnNode *item, gpointer target)
{
    ListTarget *list = target;
    CnAreaId area = CN_AREA_NONE;
    if (cn_case_area(decode, item, list->what, &area))
        g_array_append_val(list->areas, area);
}

static void
add_text(CnDecode *decode, const CnNode *item, gpointer target)
{
    ListTarget *list = target;
    const char *text = NULL;
    if (list->read_text(decode, item, list->what, &text))
        g_ptr_array_add(list->texts, g_strdup(text));
}

void
cn_case_terms(CnDecode *decode,
              const CnNode *node,
              const char *what,
              carenet_terms_kind kind,
              CnTermSet *out)
{
    ListTarget list = {.what = what, .kind = kind, .terms = out};
    cn_decode_sequence(decode, node, what, add_term, &list);
}

void
cn_case_areas(CnDecode *decode, const CnNode *node, const char *what, GArray *out)
{
    ListTarget list = {.what = what, .areas = out};
    cn_decode_sequence(decode, node, what, add_area, &list);
}

void
cn_case_refs(CnDecode *decode, const CnNode *node, const char *what, GPtrArray *out)
{
    ListTarget list = {.what = what, .read_text = cn_case_ref, .texts = out};
    cn_decode_sequence(decode, node, what, add_text, &list);
}

void
cn_case_ids(CnDecode *decode, const CnNode *node, const char *what, GPtrArray *out)
{
    ListTarget list = {.what = what, .read_text = cn_case_id, .texts = out};
    cn_decode_sequence(decode, node, what, add_text, &list);
}

void
cn_case_record_ids(CnDecode *decode, const CnNode *node, const char *what, GPtrArray *out)
{
    ListTarget list = {.what = what, .read_text = cn_case_record_id, .texts = out};
    cn_decode_sequence(decode, node, what, add_text, &list);
}
