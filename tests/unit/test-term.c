/* Closed vocabularies and sets of their terms. */
#include "model/term.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

static const char *const filipino[] = {"tgl", "Tagalog", "FIL", NULL};
static const char *const chavacano[] = {"Zamboangueño", NULL};

static const CnTermRow rows[] = {
    {.id = "en", .name = "English"},
    {.id = "fil", .name = "Filipino", .aliases = filipino, .detail = "the national language"},
    {.id = "cbk", .name = "Chavacano", .aliases = chavacano},
};

static CnVocabulary *
build(void)
{
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    CnVocabulary *vocabulary = cn_vocabulary_new(rows, G_N_ELEMENTS(rows), issues);
    assert_int_equal(cn_issue_list_len(issues), 0);
    return vocabulary;
}

static void
keeps_terms_in_order(void **state)
{
    g_autoptr(CnVocabulary) vocabulary = build();
    (void)state;
    assert_int_equal(cn_vocabulary_len(vocabulary), 3);
    assert_string_equal(cn_term(vocabulary, 1)->id, "fil");
    assert_string_equal(cn_term(vocabulary, 1)->name, "Filipino");
    assert_string_equal(cn_term(vocabulary, 1)->detail, "the national language");
    assert_string_equal(cn_term(vocabulary, 1)->aliases[1], "Tagalog");
    assert_null(cn_term(vocabulary, 1)->aliases[3]);
    assert_null(cn_term(vocabulary, 0)->detail);
    assert_null(cn_term(vocabulary, 0)->aliases[0]);
    cn_vocabulary_free(NULL);
}

static void
asks_within_a_sentence(void **state)
{
    static const CnTerm sentence = {.id = "a", .detail = "Ask the office."};
    static const CnTerm words = {.id = "a", .detail = "Ask the office"};
    static const CnTerm none = {.id = "a"};
    g_autofree char *first = cn_term_ask_first(&sentence);
    g_autofree char *second = cn_term_ask_first(&words);
    g_autofree char *third = cn_term_ask_first(&none);
    (void)state;
    assert_string_equal(first, "a first: Ask the office");
    assert_string_equal(second, "a first: Ask the office");
    assert_string_equal(third, "a first");
}

static void
finds_terms(void **state)
{
    static const struct {
        const char *text;
        gint term;
    } cases[] = {{"en", 0},  {"EN", 0},           {"english", 0},   {"tagalog", 1},
                 {"tgl", 1}, {"zamboangueno", 2}, {"CHAVACANO", 2}, {"ceb", -1},
                 {"", -1},   {"-", -1},           {"\xFF", -1},     {"fil en", -1}};
    g_autoptr(CnVocabulary) vocabulary = build();
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        assert_int_equal(cn_term_find(vocabulary, cases[i].text), cases[i].term);
}

static void
suggests_ids(void **state)
{
    g_autoptr(CnVocabulary) vocabulary = build();
    (void)state;
    g_autofree char *by_alias = cn_term_did_you_mean(vocabulary, "tagalok");
    g_autofree char *by_name = cn_term_did_you_mean(vocabulary, "chavacno");
    g_autofree char *none = cn_term_did_you_mean(vocabulary, "something else");
    assert_string_equal(by_alias, "did you mean fil?");
    assert_string_equal(by_name, "did you mean cbk?");
    assert_null(none);
}

static void
joins_sets(void **state)
{
    g_autoptr(CnVocabulary) vocabulary = build();
    CnTermSet set = {{0, 0}};
    (void)state;
    g_autofree char *empty = cn_term_set_join(vocabulary, set, ",");
    cn_term_set_add(&set, 2);
    cn_term_set_add(&set, 0);
    g_autofree char *two = cn_term_set_join(vocabulary, set, ", ");
    assert_string_equal(empty, "");
    assert_string_equal(two, "en, cbk");
}

static void
sets_are_sets(void **state)
{
    (void)state;
    for (gint a = 0; a < CN_TERMS_MOST; a++) {
        for (gint b = 0; b < CN_TERMS_MOST; b++) {
            CnTermSet x = {{0, 0}}, y = {{0, 0}};
            cn_term_set_add(&x, a);
            cn_term_set_add(&y, b);
            assert_int_equal(cn_term_set_has(x, b), a == b);
            assert_int_equal(cn_term_set_intersects(x, y), a == b);
            assert_int_equal(cn_term_set_is_empty(cn_term_set_minus(x, y)), a == b);
            assert_false(cn_term_set_is_empty(x));
        }
    }
}

static void
finds_what_is_wrong(void **state)
{
    static const char *const blank[] = {"...", NULL};
    static const char *const taken[] = {"Ä", NULL};
    static const struct {
        CnTermRow rows[3];
        guint len;
        const char *findings;
    } cases[] = {
        {{{.id = "a b", .name = "x"}}, 1, "wrong-id@1"},
        {{{.id = "a", .name = "x"}, {.id = "a", .name = "y"}}, 2, "duplicate-id@2"},
        {{{.id = "a", .name = ""}}, 1, "missing-value@1"},
        {{{.id = "a", .name = "x", .aliases = blank}}, 1, "missing-value@1"},
        {{{.id = "a", .name = "x"}, {.id = "b", .name = "X"}}, 2, "ambiguous-name@2"},
        {{{.id = "a", .name = "x"}, {.id = "b", .name = "y", .aliases = taken}},
         2,
         "ambiguous-name@2"},
        {{{.id = "a", .name = "A", .aliases = taken}, {.id = "?", .name = "y"}}, 2, "wrong-id@2"},
    };
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(CnIssueList) issues = cn_issue_list_new();
        CnTermRow placed[3];
        GString *findings = g_string_new(NULL);
        for (guint k = 0; k < cases[i].len; k++) {
            placed[k] = cases[i].rows[k];
            placed[k].pos = (CnPos){"t", k + 1, 1};
        }
        assert_null(cn_vocabulary_new(placed, cases[i].len, issues));
        for (guint k = 0; k < cn_issue_list_len(issues); k++) {
            const CnIssue *issue = cn_issue_list_get(issues, k);
            g_string_append_printf(findings, "%s%s@%u", k > 0 ? " " : "", issue->tag,
                                   issue->pos.line);
        }
        assert_string_equal(findings->str, cases[i].findings);
        g_string_free(findings, TRUE);
    }
}

static void
bounds_the_terms(void **state)
{
    static char ids[CN_TERMS_MOST + 1][8];
    CnTermRow many[CN_TERMS_MOST + 1];
    (void)state;
    for (guint i = 0; i <= CN_TERMS_MOST; i++) {
        g_snprintf(ids[i], sizeof(ids[i]), "t%u", i);
        many[i] = (CnTermRow){.id = ids[i], .name = ids[i], .pos = {"t", i + 1, 1}};
    }
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    g_autoptr(CnVocabulary) full = cn_vocabulary_new(many, CN_TERMS_MOST, issues);
    assert_int_equal(cn_vocabulary_len(full), CN_TERMS_MOST);
    assert_int_equal(cn_term_find(full, "t127"), 127);
    assert_null(cn_vocabulary_new(many, CN_TERMS_MOST + 1, issues));
    assert_string_equal(cn_issue_list_get(issues, 0)->tag, "too-many");
    assert_int_equal(cn_issue_list_get(issues, 0)->pos.line, CN_TERMS_MOST + 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_terms_in_order),
        cmocka_unit_test(finds_terms),
        cmocka_unit_test(asks_within_a_sentence),
        cmocka_unit_test(suggests_ids),
        cmocka_unit_test(joins_sets),
        cmocka_unit_test(sets_are_sets),
        cmocka_unit_test(finds_what_is_wrong),
        cmocka_unit_test(bounds_the_terms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
