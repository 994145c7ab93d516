/* The facts of a case in the order in which case files have them; what is not known is left out. */
#include "format/case-write.h"

#include "base/json-text.h"

typedef struct {
    GString *out;
    const CnReference *reference;
    gboolean begun; /* something stands in the record already */
} Writer;

/* ---- Values. */

static void
put_key(Writer *to, const char *key)
{
    g_string_append_printf(to->out, "%s\"%s\": ", to->begun ? ", " : "", key);
    to->begun = TRUE;
}

static void
put_text(Writer *to, const char *key, const char *text)
{
    if (text == NULL)
        return;
    put_key(to, key);
    cn_json_text_append(to->out, text);
}

static void
put_number(Writer *to, const char *key, gint64 number)
{
    put_key(to, key);
    g_string_append_printf(to->out, "%" G_GINT64_FORMAT, number);
}

static void
put_true(Writer *to, const char *key, gboolean truth)
{
    if (!truth)
        return;
    put_key(to, key);
    g_string_append(to->out, "true");
}

static void
put_date(Writer *to, const char *key, CnDate date)
{
    if (cn_date_is_set(date)) {
        char text[11];
        put_text(to, key, cn_date_format(date, text));
    }
}

/* The first of a list stands alone. */
static void
put_member(Writer *to, const char *text, gboolean *first)
{
    g_string_append(to->out, *first ? "" : ", ");
    *first = FALSE;
    cn_json_text_append(to->out, text);
}

static void
put_lists(Writer *to, const char *key, const GPtrArray *texts, const GPtrArray *more)
{
    gboolean first = TRUE;
    const GPtrArray *const lists[] = {texts, more};
    if ((texts == NULL || texts->len == 0) && (more == NULL || more->len == 0))
        return;
    put_key(to, key);
    g_string_append_c(to->out, '[');
    for (gsize k = 0; k < G_N_ELEMENTS(lists); k++)
        for (guint i = 0; lists[k] != NULL && i < lists[k]->len; i++)
            put_member(to, g_ptr_array_index(lists[k], i), &first);
    g_string_append_c(to->out, ']');
}

static void
put_list(Writer *to, const char *key, const GPtrArray *texts)
{
    put_lists(to, key, texts, NULL);
}

static void
put_terms(Writer *to, const char *key, carenet_terms_kind kind, CnTermSet set)
{
    const CnVocabulary *vocabulary = to->reference->terms[kind];
    gboolean first = TRUE;
    if (cn_term_set_is_empty(set))
        return;
    put_key(to, key);
    g_string_append_c(to->out, '[');
    for (guint term = 0; term < cn_vocabulary_len(vocabulary); term++)
        if (cn_term_set_has(set, (gint)term))
            put_member(to, cn_term(vocabulary, (gint)term)->id, &first);
    g_string_append_c(to->out, ']');
}

static void
put_area(Writer *to, const char *key, CnAreaId area)
{
    if (area != CN_AREA_NONE)
        put_text(to, key, cn_area(to->reference->gazetteer, area)->code);
}

static void
put_areas(Writer *to, const char *key, const GArray *areas)
{
    gboolean first = TRUE;
    if (areas->len == 0)
        return;
    put_key(to, key);
    g_string_append_c(to->out, '[');
    for (guint i = 0; i < areas->len; i++)
        put_member(to, cn_area(to->reference->gazetteer, g_array_index(areas, CnAreaId, i))->code,
                   &first);
    g_string_append_c(to->out, ']');
}

/* ---- Records within the record. */

/* What stands in @inner is a record of its own; nothing where it is empty. */
static void
put_record(Writer *to, const char *key, Writer *inner)
{
    if (inner->begun) {
        put_key(to, key);
        g_string_append_printf(to->out, "{%s}", inner->out->str);
    }
    g_string_free(inner->out, TRUE);
}

static Writer
begin_record(const Writer *to)
{
    return (Writer){g_string_new(NULL), to->reference, FALSE};
}

static void
put_avoid(Writer *inner, const CnAvoid *avoid, const GPtrArray *more)
{
    put_areas(inner, "areas", avoid->areas);
    put_lists(inner, "providers", avoid->providers, more);
    put_list(inner, "organizations", avoid->organizations);
}

static void
put_offender(Writer *to, const CnCase *c)
{
    Writer inner = begin_record(to);
    put_true(&inner, "in_household", c->offender_in_household);
    put_avoid(&inner, &c->offender, NULL);
    put_record(to, "offender", &inner);
}

static void
put_siblings(Writer *to, const CnCase *c)
{
    static const char *const keeps[] = {[CN_SIBLINGS_NONE] = NULL,
                                        [CN_SIBLINGS_REQUIRE] = "require",
                                        [CN_SIBLINGS_PREFER] = "prefer",
                                        [CN_SIBLINGS_APART] = "apart"};
    Writer inner = begin_record(to);
    put_text(&inner, "group", c->siblings_group);
    put_text(&inner, "keep", keeps[c->siblings]);
    put_record(to, "siblings", &inner);
}

/* Records of a list, one after the other. */
static void
put_item(Writer *to, Writer *inner, gboolean *first)
{
    g_string_append_printf(to->out, "%s{%s}", *first ? "" : ", ", inner->out->str);
    *first = FALSE;
    g_string_free(inner->out, TRUE);
}

static void
put_needs(Writer *to, const CnCase *c, const guint8 *wanted)
{
    gboolean first = TRUE;
    put_key(to, "needs");
    g_string_append_c(to->out, '[');
    for (guint i = 0; i < c->needs->len; i++) {
        const CnNeed *need = &g_array_index(c->needs, CnNeed, i);
        Writer inner = begin_record(to);
        if (wanted != NULL && !wanted[i]) {
            g_string_free(inner.out, TRUE);
            continue;
        }
        put_text(&inner, "service", cn_service(to->reference->taxonomy, need->service)->id);
        put_text(&inner, "urgency", cn_urgency_name(need->urgency));
        put_number(&inner, "units", need->units);
        put_list(&inner, "prefer", need->prefer);
        put_date(&inner, "before", need->before);
        put_item(to, &inner, &first);
    }
    g_string_append_c(to->out, ']');
}

static void
put_assessments(Writer *to, const CnCase *c)
{
    gboolean first = TRUE;
    if (c->assessments->len == 0)
        return;
    put_key(to, "assessments");
    g_string_append_c(to->out, '[');
    for (guint i = 0; i < c->assessments->len; i++) {
        const CnAssessment *assessment = &g_array_index(c->assessments, CnAssessment, i);
        Writer inner = begin_record(to);
        put_text(&inner, "kind",
                 cn_term(to->reference->terms[CARENET_TERMS_ASSESSMENTS], assessment->kind)->id);
        put_date(&inner, "on", assessment->on);
        put_item(to, &inner, &first);
    }
    g_string_append_c(to->out, ']');
}

static void
put_consents(Writer *to, const CnCase *c)
{
    static const char *const givers[] = {[CN_BY_CHILD_ASSENT] = "child-assent",
                                         [CN_BY_GUARDIAN] = "non-offending-guardian",
                                         [CN_BY_LSWDO] = "lswdo",
                                         [CN_BY_ADULT_SELF] = "adult-self"};
    static const char *const levels[] = {[CN_CONSENT_UNSTATED] = NULL,
                                         [CN_CONSENT_NONE] = "none",
                                         [CN_CONSENT_MINIMUM] = "minimum",
                                         [CN_CONSENT_FULL] = "full"};
    gboolean first = TRUE;
    put_text(to, "consent", levels[c->consent]);
    if (c->consents->len == 0)
        return;
    put_key(to, "consents");
    g_string_append_c(to->out, '[');
    for (guint i = 0; i < c->consents->len; i++) {
        const CnConsent *consent = &g_array_index(c->consents, CnConsent, i);
        Writer inner = begin_record(to);
        put_text(&inner, "by",
                 consent->offending_guardian ? "offending-guardian" : givers[consent->by]);
        put_list(&inner, "to", consent->to);
        put_date(&inner, "on", consent->on);
        put_date(&inner, "expires", consent->expires);
        put_date(&inner, "withdrawn", consent->withdrawn);
        put_item(to, &inner, &first);
    }
    g_string_append_c(to->out, ']');
}

/* ---- The case. */

static void
put_person(Writer *to, const CnCase *c)
{
    static const char *const sexes[] = {
        [CN_SEX_UNSTATED] = NULL, [CN_SEX_FEMALE] = "female", [CN_SEX_MALE] = "male"};
    put_text(to, "ref", c->ref);
    put_area(to, "area", c->area);
    if (c->age_min >= 0 && c->age_min == c->age_max) {
        put_number(to, "age", c->age_min);
    } else if (c->age_min >= 0) {
        g_autofree char *band = g_strdup_printf("%d-%d", c->age_min, c->age_max);
        put_text(to, "age_band", band);
    }
    put_text(to, "sex", sexes[c->sex]);
    put_terms(to, "languages", CARENET_TERMS_LANGUAGES, c->languages);
    put_terms(to, "groups", CARENET_TERMS_GROUPS, c->groups);
    put_terms(to, "access", CARENET_TERMS_ACCESS, c->access);
    put_text(to, "urgency", cn_urgency_name(c->urgency));
}

static void
put_circumstances(Writer *to, const CnCase *c, const GPtrArray *avoid)
{
    Writer inner = begin_record(to);
    put_siblings(to, c);
    put_list(to, "keep_apart", c->keep_apart);
    put_list(to, "known_to", c->known_to);
    put_offender(to, c);
    put_avoid(&inner, &c->avoid, avoid);
    put_record(to, "avoid", &inner);
    put_assessments(to, c);
    put_terms(to, "documents", CARENET_TERMS_DOCUMENTS, c->documents);
    put_true(to, "remote_safe", c->remote_safe);
    if (c->max_travel_min > 0)
        put_number(to, "max_travel_min", c->max_travel_min);
    put_text(to, "responsible_office", c->responsible_office);
    put_area(to, "court_area", c->court_area);
    put_true(to, "custody_order", c->custody_order);
    put_consents(to, c);
}

void
cn_case_write(GString *out,
              const CnReference *reference,
              const CnCase *c,
              const guint8 *wanted,
              const GPtrArray *avoid)
{
    Writer to = {out, reference, FALSE};
    g_string_append_c(out, '{');
    put_person(&to, c);
    put_needs(&to, c, wanted);
    put_circumstances(&to, c, avoid);
    g_string_append(out, "}\n");
}
