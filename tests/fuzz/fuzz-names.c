/* Names of places and services as people type them, and the text functions below: folding,
 * distance, near misses, quoting. One name a line; the second is compared with the first. */
#include "fuzz.h"

#include "base/text.h"

#include <string.h>

static void
check_fold(const char *text)
{
    g_autofree char *once = cn_text_fold(text);
    g_autofree char *twice = cn_text_fold(once);
    g_assert_cmpstr(once, ==, twice);
    g_assert_true(fuzz_is_line(once));
    g_assert_true(once[0] != ' ' && (once[0] == '\0' || once[strlen(once) - 1] != ' '));
    g_assert_null(strstr(once, "  "));
}

static void
check_quote(const char *text)
{
    g_autofree char *quoted = cn_text_quote(text);
    g_assert_true(fuzz_is_line(quoted));
    g_assert_cmpint(g_utf8_strlen(quoted, -1), <=, 61);
    if (cn_text_is_slug(text)) {
        g_autofree char *folded = cn_text_fold(text);
        g_assert_cmpuint(strlen(folded), ==, strlen(text));
    }
}

/* The distance is symmetric, 0 for equal texts only, and stops at what was asked. */
static void
check_distance(const char *a, const char *b)
{
    g_autofree char *x = cn_text_fold(a);
    g_autofree char *y = cn_text_fold(b);
    if (strlen(x) > 200 || strlen(y) > 200)
        return;
    guint distance = cn_text_distance(x, y, 1000);
    g_assert_cmpuint(distance, ==, cn_text_distance(y, x, 1000));
    g_assert_true((distance == 0) == (strcmp(x, y) == 0));
    g_assert_cmpuint(cn_text_distance(x, y, 2), ==, MIN(distance, 3));
    const char *const candidates[] = {b, a, y};
    g_autofree char *hint = cn_text_did_you_mean(a, candidates, G_N_ELEMENTS(candidates));
    g_assert_true(x[0] == '\0' ? hint == NULL : hint != NULL);
}

static void
check_area(const char *name)
{
    const CnGazetteer *gazetteer = fuzz_reference()->gazetteer;
    CnAreaId area = CN_AREA_NONE, again = CN_AREA_NONE;
    g_autoptr(GError) error = NULL;
    gboolean done = cn_area_resolve(gazetteer, name, &area, &error);
    fuzz_check_error(done, error);
    if (!done) {
        g_assert_cmpint(area, ==, CN_AREA_NONE);
        return;
    }
    g_assert_true(area >= 0 && (guint)area < cn_gazetteer_len(gazetteer));
    g_assert_true(cn_area_resolve(gazetteer, cn_area(gazetteer, area)->code, &again, NULL));
    g_assert_cmpint(again, ==, area);
    const char *short_name = cn_area_short_name(gazetteer, area);
    g_assert_true(fuzz_is_line(short_name));
}

static void
check_service(const char *name)
{
    const CnTaxonomy *taxonomy = fuzz_reference()->taxonomy;
    CnServiceId service = CN_SERVICE_NONE;
    g_autoptr(GError) error = NULL;
    gboolean done = cn_service_resolve(taxonomy, name, &service, &error);
    fuzz_check_error(done, error);
    g_assert_true(done == (service != CN_SERVICE_NONE));
    g_assert_true(!done || (service >= 0 && (guint)service < cn_taxonomy_len(taxonomy)));
}

static void
check_term(const char *name)
{
    for (guint i = 0; i < CN_VOCABULARIES; i++) {
        const CnVocabulary *vocabulary = fuzz_reference()->terms[i];
        gint term = cn_term_find(vocabulary, name);
        g_assert_true(term >= -1 && term < (gint)cn_vocabulary_len(vocabulary));
        g_autofree char *hint = cn_term_did_you_mean(vocabulary, name);
        g_assert_true(hint == NULL || fuzz_is_line(hint));
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    FuzzChoices choices = {data, size};
    g_autofree char *name = fuzz_line(&choices);
    g_autofree char *other = fuzz_line(&choices);
    check_fold(name);
    check_quote(name);
    check_distance(name, other);
    check_area(name);
    check_service(name);
    check_term(name);
    return 0;
}
