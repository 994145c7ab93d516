/* Folding, distances, near misses, slugs and quoting. */
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

static void
folds(void **state)
{
    static const struct {
        const char *text, *folded;
    } cases[] = {
        {"", ""},
        {"   ", ""},
        {"Cebu", "cebu"},
        {"  City  of--Cebu ", "city of cebu"},
        {"northern-mindanao", "northern mindanao"},
        {"Parañaque", "paranaque"},
        {"PARAN\xCC\x83"
         "AQUE",
         "paranaque"},
        {"Brooke's Point", "brookes point"},
        {"M\xE2\x80\x99lang", "mlang"},
        {"T`Boli", "tboli"},
        {"Region IV-A (CALABARZON)", "region iv a calabarzon"},
        {"Sto. Niño", "sto nino"},
        {"stra\xC3\x9F"
         "e",
         "strasse"},
        {"\xE2\x84\xA1 7", "tel 7"},
        {"\xEF\xBC\xA1\xEF\xBC\xA2", "ab"},
        {"a\xE3\x80\x80"
         "b",
         "a b"},
        {"broken \xFF text", ""},
        {"\xC3", ""},
        /* Cut off inside a character. */
        {"Para\xC3", ""},
        {"tel \xE2\x84", ""},
        {"\xF0\x9D\x94", ""},
        {"\xFC\x84\x80\x80\x80", ""},
    };
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *folded = cn_text_fold(cases[i].text);
        assert_string_equal(folded, cases[i].folded);
    }
}

static GString *
random_text(GRand *random, guint most)
{
    static const gunichar alphabet[] = {
        'a',    'b',    'A',    'B', ' ',   '-',    '\'',    0xF1, 0x303,  0x130, 0xDF, 0x2121,
        0xFF21, 0x2019, 0x1E9E, '7', 0x660, 0x4E2D, 0x1F600, '.',  0xFB01, 0x345, 0x3A3};
    GString *text = g_string_new(NULL);
    gint len = g_rand_int_range(random, 0, (gint)most + 1);
    for (gint i = 0; i < len; i++)
        g_string_append_unichar(text,
                                alphabet[g_rand_int_range(random, 0, G_N_ELEMENTS(alphabet))]);
    return text;
}

static void
folding_twice_changes_nothing(void **state)
{
    guint32 seed = g_random_int();
    g_autoptr(GRand) random = g_rand_new_with_seed(seed);
    (void)state;
    print_message("seed %u\n", seed);
    for (guint i = 0; i < 20000; i++) {
        GString *text = random_text(random, 12);
        g_autofree char *once = cn_text_fold(text->str);
        g_autofree char *twice = cn_text_fold(once);
        assert_true(g_utf8_validate(once, -1, NULL));
        if (strcmp(once, twice) != 0)
            fail_msg("\"%s\" folds to \"%s\", then to \"%s\"", text->str, once, twice);
        gsize len = strlen(once);
        assert_false(len > 0 && (once[0] == ' ' || once[len - 1] == ' '));
        assert_null(strstr(once, "  "));
        g_string_free(text, TRUE);
    }
}

static void
measures_distance(void **state)
{
    static const struct {
        const char *a, *b;
        guint most, distance;
    } cases[] = {
        {"", "", 0, 0},
        {"", "abc", 3, 3},
        {"cebu", "cebu", 0, 0},
        {"cebu", "cebú", 2, 1},
        {"cagayn", "cagayan", 2, 1},
        {"ab", "ba", 2, 1},
        {"ca", "abc", 5, 3}, /* alignment: the swapped pair is not edited again */
        {"caraga", "cagara", 4, 2},
        {"kitten", "sitting", 9, 3},
        {"kitten", "sitting", 2, 3},
        {"kitten", "sitting", 0, 1},
        {"abcdefgh", "hgfedcba", 3, 4},
        {"short", "very much longer", 4, 5},
        {"日本", "日本語", 4, 1},
    };
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        assert_int_equal(cn_text_distance(cases[i].a, cases[i].b, cases[i].most),
                         cases[i].distance);
        assert_int_equal(cn_text_distance(cases[i].b, cases[i].a, cases[i].most),
                         cases[i].distance);
    }
}

/* The definition, without memory: exponential, for short texts only. */
static guint
distance_by_definition(const char *a, gint i, const char *b, gint j)
{
    if (i == 0 || j == 0)
        return (guint)(i + j);
    guint best = distance_by_definition(a, i - 1, b, j) + 1;
    best = MIN(best, distance_by_definition(a, i, b, j - 1) + 1);
    best = MIN(best, distance_by_definition(a, i - 1, b, j - 1) + (a[i - 1] != b[j - 1]));
    if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        best = MIN(best, distance_by_definition(a, i - 2, b, j - 2) + 1);
    return best;
}

static void
distance_agrees_with_its_definition(void **state)
{
    guint32 seed = g_random_int();
    g_autoptr(GRand) random = g_rand_new_with_seed(seed);
    (void)state;
    print_message("seed %u\n", seed);
    for (guint round = 0; round < 3000; round++) {
        char texts[2][7] = {{0}};
        gint len[2];
        for (guint k = 0; k < 2; k++) {
            len[k] = g_rand_int_range(random, 0, 7);
            for (gint i = 0; i < len[k]; i++)
                texts[k][i] = (char)('a' + g_rand_int_range(random, 0, 3));
        }
        guint exact = distance_by_definition(texts[0], len[0], texts[1], len[1]);
        for (guint most = 0; most < 8; most++)
            assert_int_equal(cn_text_distance(texts[0], texts[1], most), MIN(exact, most + 1));
    }
}

static void
knows_slugs(void **state)
{
    static const char *const good[] = {
        "a", "0", "mental-health", "ex-nmn-003",
        "a234567890123456789012345678901234567890123456789012345678901234"};
    static const char *const bad[] = {
        "",     "-",   "a-",  "-a",
        "a--b", "A",   "a b", "a_b",
        "ñ",    "a/b", "a\n", "a2345678901234567890123456789012345678901234567890123456789012345"};
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(good); i++)
        assert_true(cn_text_is_slug(good[i]));
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
        assert_false(cn_text_is_slug(bad[i]));
}

static void
finds_near_misses(void **state)
{
    static const char *const names[] = {"Cebu",  "Cavite", "Cavinti", "Cagayan De Oro",
                                        "Davao", "Cavite", "",        "Cebú"};
    static const struct {
        const char *text;
        guint want;
        const char *found; /* joined by "|" */
    } cases[] = {
        {"Cebo", 3, "Cebu|Cebú"},
        {"caviet", 3, "Cavite|Cavinti"},
        {"caviet", 1, "Cavite"},
        {"cavinty", 3, "Cavinti|Cavite"},
        {"cavinty", 1, "Cavinti"},
        {"caviet", 0, ""},
        {"cagayn de oro", 3, "Cagayan De Oro"},
        {"CEBÚ", 9, "Cebu|Cebú"},
        {"x", 3, ""},
        {"", 3, ""},
        {"...", 3, ""},
        {"nothing like any of them", 3, ""},
        {"\xFF", 3, ""},
    };
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree const char **found =
            cn_text_near_misses(cases[i].text, names, G_N_ELEMENTS(names), cases[i].want);
        g_autofree char *joined = g_strjoinv("|", (char **)found);
        assert_string_equal(joined, cases[i].found);
    }
}

/* A third of the text's length, at least 1, at most 4. */
static void
near_is_bounded(void **state)
{
    static const char *const names[] = {"ab", "abcdefghijklmnopqrst"};
    static const struct {
        const char *text;
        gboolean near;
    } cases[] = {{"a", TRUE},
                 {"abcd", FALSE},
                 {"abcdefghijklmnop", TRUE},
                 {"abcdefghijklmno", FALSE},
                 {"abcdefghijklmnopqrst1234", TRUE},
                 {"abcdefghijklmnopqrst12345", FALSE}};
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree const char **found =
            cn_text_near_misses(cases[i].text, names, G_N_ELEMENTS(names), 3);
        assert_int_equal(found[0] != NULL, cases[i].near);
    }
}

static void
asks_did_you_mean(void **state)
{
    static const char *const names[] = {"aab", "aac", "aad", "aae", "zzz"};
    (void)state;
    g_autofree char *none = cn_text_did_you_mean("qqq", names, G_N_ELEMENTS(names));
    g_autofree char *one = cn_text_did_you_mean("zzy", names, G_N_ELEMENTS(names));
    g_autofree char *three = cn_text_did_you_mean("aaa", names, G_N_ELEMENTS(names));
    g_autofree char *two = cn_text_did_you_mean_names(names, 2);
    assert_null(none);
    assert_string_equal(one, "did you mean zzz?");
    assert_string_equal(two, "did you mean aab or aac?");
    assert_string_equal(three, "did you mean aab, aac or aad?");
}

static void
quotes_for_one_line(void **state)
{
    (void)state;
    g_autofree char *plain = cn_text_quote("Parañaque, NCR");
    assert_string_equal(plain, "Parañaque, NCR");
    g_autofree char *controls = cn_text_quote("a\nb\x1B[2Jc\xE2\x80\xAE"
                                              "d\xE2\x80\xA8"
                                              "e\x7F");
    assert_string_equal(controls, "a b [2Jc d e ");
    g_autofree char *invalid = cn_text_quote("a\xFFz");
    assert_string_equal(invalid, "a\xEF\xBF\xBDz");
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < 60; i++)
        g_string_append(text, "ñ");
    g_autofree char *just = cn_text_quote(text->str);
    assert_string_equal(just, text->str);
    g_string_append(text, "ñ");
    g_autofree char *cut = cn_text_quote(text->str);
    assert_int_equal(g_utf8_strlen(cut, -1), 61);
    assert_true(g_str_has_suffix(cut, "ñ…"));
    g_string_free(text, TRUE);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folds),
        cmocka_unit_test(folding_twice_changes_nothing),
        cmocka_unit_test(measures_distance),
        cmocka_unit_test(distance_agrees_with_its_definition),
        cmocka_unit_test(knows_slugs),
        cmocka_unit_test(finds_near_misses),
        cmocka_unit_test(near_is_bounded),
        cmocka_unit_test(asks_did_you_mean),
        cmocka_unit_test(quotes_for_one_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
