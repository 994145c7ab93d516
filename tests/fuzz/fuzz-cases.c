/* Case files, YAML and JSON, read strictly and with personal data let through; and the same bytes as a
 * list, NDJSON and CSV, all or nothing and with bad rows left out. Facts that are
 * accepted lie within their bounds; no message repeats a value of the text, for which values that
 * hold the word CANARY stand. */
#include "fuzz.h"

#include "format/case-file.h"
#include "format/case-list.h"

#include <string.h>

static void
check_range(const CnCase *c, carenet_cases_flags flags)
{
    const CnReference *reference = fuzz_reference();
    g_assert_true(fuzz_is_line(c->ref) && g_utf8_strlen(c->ref, -1) <= CN_REF_MOST);
    g_assert_true(cn_ref_is_valid(c->ref) || flags == CARENET_CASES_ALLOW_PERSONAL_DATA);
    g_assert_true(c->area >= 0 && (guint)c->area < cn_gazetteer_len(reference->gazetteer));
    g_assert_true(c->age_min >= -1 && c->age_min <= c->age_max && c->age_max <= CN_AGE_MOST);
    g_assert_true(c->max_travel_min >= 0 && c->max_travel_min <= CN_TRAVEL_LIMIT_MOST);
    for (guint i = 0; i < c->needs->len; i++) {
        const CnNeed *need = &g_array_index(c->needs, CnNeed, i);
        g_assert_true(need->service >= 0 &&
                      (guint)need->service < cn_taxonomy_len(reference->taxonomy));
        g_assert_true(need->units >= 1 && need->units <= CN_UNITS_MOST);
        g_assert_true(need->urgency >= CN_EMERGENCY && need->urgency <= CN_ROUTINE);
    }
    for (guint i = 0; i < c->assessments->len; i++) {
        const CnAssessment *assessment = &g_array_index(c->assessments, CnAssessment, i);
        g_assert_true(assessment->kind >= 0 && (guint)assessment->kind < CN_TERMS_MOST);
    }
}

/* What looks like a key is the writer's own word and may be named; what stands behind it never. */
static void
check_quotes_nothing(const CnIssueList *issues)
{
    for (guint i = 0; i < cn_issue_list_len(issues); i++) {
        const CnIssue *issue = cn_issue_list_get(issues, i);
        g_assert_null(strstr(issue->message, "CANARY"));
        g_assert_true(issue->suggestion == NULL || strstr(issue->suggestion, "CANARY") == NULL);
    }
}

/* Gives the number of errors; *out_cases is how many cases were read. */
static guint
read_cases(const char *text, size_t len, carenet_cases_flags flags, guint *out_cases)
{
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    g_autoptr(GPtrArray) cases = g_ptr_array_new_with_free_func((GDestroyNotify)cn_case_free);
    cn_cases_text_read(text, len, "case.yaml", fuzz_reference(), flags, cases, issues);
    guint errors = cn_issue_list_errors(issues);
    for (guint i = 0; errors == 0 && i < cases->len; i++)
        check_range(g_ptr_array_index(cases, i), flags);
    g_assert_true(errors > 0 || cases->len > 0);
    cn_cases_check(cases, issues);
    fuzz_check_issues(issues);
    check_quotes_nothing(issues);
    *out_cases = cases->len;
    return cn_issue_list_errors(issues);
}

static carenet_cases *
read_list(const char *text, size_t len, carenet_cases_format format, gboolean keep_sound)
{
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    carenet_cases *cases = carenet_cases_new(fuzz_reference());
    carenet_cases_options options;
    carenet_cases_options_init(&options);
    options.format = format;
    options.keep_sound = keep_sound != FALSE;
    const gboolean read = cn_case_list_read(text, len, "list", &options, NULL, cases, issues);
    g_assert_true(keep_sound || read == (cn_issue_list_errors(issues) == 0));
    for (guint i = 0; read && i < cases->cases->len; i++)
        check_range(g_ptr_array_index(cases->cases, i), CARENET_CASES_STRICT);
    fuzz_check_issues(issues);
    check_quotes_nothing(issues);
    return cases;
}

/* What is read whole is read whole where bad rows may be left out, and then nothing is. */
static void
check_list(const char *text, size_t len, carenet_cases_format format)
{
    g_autoptr(carenet_cases) all = read_list(text, len, format, FALSE);
    g_autoptr(carenet_cases) sound = read_list(text, len, format, TRUE);
    if (all->cases->len > 0)
        g_assert_true(sound->cases->len == all->cases->len && sound->refused == NULL);
    g_assert_true((sound->refused != NULL) == (sound->refused_len > 0));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = fuzz_text(data, size);
    guint strict_cases = 0, lax_cases = 0;
    guint strict_errors = read_cases(text, size, CARENET_CASES_STRICT, &strict_cases);
    guint lax_errors = read_cases(text, size, CARENET_CASES_ALLOW_PERSONAL_DATA, &lax_cases);
    /* Letting more through refuses nothing. */
    if (strict_errors == 0)
        g_assert_true(lax_errors == 0 && lax_cases == strict_cases);
    check_list(text, size, CARENET_CASES_NDJSON);
    check_list(text, size, CARENET_CASES_CSV);
    return 0;
}
