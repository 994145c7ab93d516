/* Policy files: the shipped one as it is, and every way to break it, one edit at a time. */
#include "base/error.h"
#include "format/policy-file.h"

#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static char *shipped; /* the text of data/policy.yaml */

static int
open_reference(void **state)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(g_getenv("CARENET_TEST_DATA"), "policy.yaml", NULL);
    assert_true(g_file_get_contents(path, &shipped, NULL, NULL));
    *state = carenet_reference_open(g_getenv("CARENET_TEST_DATA"), &error);
    assert_null(error);
    return 0;
}

static int
close_reference(void **state)
{
    carenet_reference_unref(*state);
    g_clear_pointer(&shipped, g_free);
    return 0;
}

static guint
count_parts(const char *text, const char *part)
{
    g_auto(GStrv) parts = g_strsplit(text, part, -1);
    return g_strv_length(parts) - 1;
}

/* The shipped text with its only @from turned to @to. (transfer full) */
static char *
edit(const char *from, const char *to)
{
    if (count_parts(shipped, from) != 1)
        fail_msg("\"%s\" stands %u times in the policy", from, count_parts(shipped, from));
    g_auto(GStrv) parts = g_strsplit(shipped, from, 2);
    return g_strjoinv(to, parts);
}

/* "tag line-text-up-to-the-column" is too long to read: tags only, a warning begins with "~". */
static char *
findings(carenet_reference *reference, const char *text, gboolean *out_read)
{
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    g_autoptr(carenet_policy) policy =
        cn_policy_text_read(text, strlen(text), "p", reference, issues);
    GString *out = g_string_new(NULL);
    carenet_table_unref(cn_issue_list_to_table(issues)); /* sorts */
    for (guint i = 0; i < cn_issue_list_len(issues); i++) {
        const CnIssue *issue = cn_issue_list_get(issues, i);
        assert_true(issue->pos.line > 0 && issue->pos.column > 0);
        g_string_append_printf(out, "%s%s%s", i > 0 ? " " : "",
                               issue->severity == CN_SEVERITY_ERROR ? "" : "~", issue->tag);
    }
    *out_read = policy != NULL;
    assert_int_equal(policy == NULL, cn_issue_list_errors(issues) > 0);
    return g_string_free(out, FALSE);
}

static void
reads_the_shipped_policy(void **state)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(carenet_table) issues = NULL;
    carenet_reference *reference = *state;
    g_autoptr(carenet_policy) policy = carenet_policy_load(reference, NULL, &issues, &error);
    assert_non_null(policy);
    assert_int_equal(carenet_table_rows_len(issues), 0);
    assert_string_equal(carenet_policy_id(policy), "ph-default");
    assert_string_equal(policy->name, "Philippine network of care, default");
    g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, shipped, -1);
    assert_string_equal(policy->digest, digest);

    /* What find uses where nobody names a policy must be the same. */
    const CnTravelSpeeds speeds = CN_SPEEDS_DEFAULT;
    assert_int_equal(policy->speeds.land_km_per_h, speeds.land_km_per_h);
    assert_int_equal(policy->speeds.detour_percent, speeds.detour_percent);
    assert_int_equal(policy->speeds.sea_km_per_h, speeds.sea_km_per_h);
    assert_int_equal(policy->speeds.boarding_min, speeds.boarding_min);
    assert_int_equal(policy->stale_after_days, CN_STALE_AFTER_DAYS_DEFAULT);

    assert_int_equal(policy->travel_cost_per_min, 1);
    assert_int_equal(policy->no_link_cost, 720);
    assert_int_equal(policy->bands_len, 5);
    assert_int_equal(policy->bands_min[0], 30);
    assert_int_equal(policy->bands_min[4], 480);
    assert_int_equal(policy->wait_cost_per_day, 12);
    assert_int_equal(policy->wait_unknown_days, 7);
    assert_int_equal(policy->restrictiveness[0], 0);
    assert_int_equal(policy->restrictiveness[5], 480);
    assert_int_equal(policy->language_none_shared, 40);
    assert_int_equal(policy->stale_cost_per_day, 2);
    assert_int_equal(policy->stale_most, 60);
    assert_int_equal(policy->emergency_hours, 24);
    assert_int_equal(policy->leave_region, 90);
    assert_int_equal(policy->new_provider, 5);
    assert_int_equal(policy->siblings_apart, 240);
    assert_int_equal(policy->not_preferred, 15);
    assert_int_equal(policy->capabilities->len, 4);
    const CnCapabilityRule *rules = (const CnCapabilityRule *)(void *)policy->capabilities->data;
    assert_true(rules[0].required);
    assert_false(rules[2].required);
    assert_int_equal(rules[2].cost, 20);
    assert_string_equal(cn_term(reference->terms[CARENET_TERMS_COURSES], rules[2].course)->id,
                        "trauma-informed-care");
    assert_int_equal(policy->accreditation->len, 3);
    assert_int_equal(policy->without_consent->len, 5);
    assert_int_equal(policy->documents_never_block->len, 1);
    assert_int_equal(policy->minimum_package->len, 15);
    const CnPackageItem *items = (const CnPackageItem *)(void *)policy->minimum_package->data;
    assert_int_equal(items[0].within_min, 0);
    assert_int_equal(items[1].within_min, 120);
    assert_string_equal(cn_service(reference->taxonomy, items[1].service)->id, "case-management");
}

static void
covers_services_below(void **state)
{
    carenet_reference *reference = *state;
    const CnTaxonomy *taxonomy = reference->taxonomy;
    g_autoptr(carenet_policy) policy = carenet_policy_load(reference, NULL, NULL, NULL);
    const GArray *medical = policy->documents_never_block;
    assert_true(cn_policy_covers(policy, medical, cn_service_by_id(taxonomy, "medical")));
    assert_true(cn_policy_covers(policy, medical, cn_service_by_id(taxonomy, "general-medical")));
    assert_false(cn_policy_covers(policy, medical, cn_service_by_id(taxonomy, "legal")));
}

static void
refuses_edits(void **state)
{
    static const struct {
        const char *from, *to, *expected;
    } rows[] = {
        {"id: ph-default", "id: PH Default", "impossible-value"},
        {"id: ph-default", "id: [a]", "wrong-type"},
        {"  name: Philippine", "  title: Philippine", "missing-key unknown-key"},
        {"name: Philippine network of care, default", "name: [a]", "wrong-type"},
        {"land_km_per_h: 30", "land_km_per_h: 0", "impossible-value"},
        {"land_km_per_h: 30", "land_km_per_h: 1001", "impossible-value"},
        {"land_km_per_h: 30", "land_km_per_h: 30.5", "wrong-type"},
        {"detour_percent: 135", "detour_percent: 99", "impossible-value"},
        {"sea_km_per_h: 18", "sea_km_per_h: -18", "impossible-value"},
        {"boarding_min: 120", "boarding_min: two hours", "wrong-type"},
        {"cost_per_min: 1 ", "cost_per_min: 1000001 ", "impossible-value"},
        {"  no_link_cost: 720", "  # none", "missing-key"},
        {"[30, 60, 120, 240, 480]", "[]", "impossible-value"},
        {"[30, 60, 120, 240, 480]", "[30, 30, 20]", "not-ascending not-ascending"},
        {"[30, 60, 120, 240, 480]", "[x]", "wrong-type"},
        {"[30, 60, 120, 240, 480]", "60", "wrong-type"},
        {"[30, 60, 120, 240, 480]", "[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17]",
         "impossible-value"},
        {"cost_per_day: 12", "cost_per_day: -1", "impossible-value"},
        {"unknown_days: 7", "unknown_days: 5000", "impossible-value"},
        {"[0, 60, 120, 180, 300, 480]", "[0, 60]", "impossible-value"},
        {"[0, 60, 120, 180, 300, 480]", "0", "wrong-type"},
        {"[0, 60, 120, 180, 300, 480]", "[0, 60, 120, 180, 300, x]", "wrong-type"},
        {"[0, 60, 120, 180, 300, 480]", "[0, 60, 50, 180, 300, 480]", "~not-ascending"},
        {"none_shared: 40", "none_shared: ~", "missing-key"},
        {"emergency_hours: 24", "emergency_hours: 0", "impossible-value"},
        {"leave_region: 90", "leave_region: [90]", "wrong-type"},
        {"new_provider: 5", "new_provider: 1000000", ""},
        {"siblings_apart: 240", "siblings_aprt: 240", "missing-key unknown-key"},
        {"not_preferred: 15", "not_preferred: 0", ""},
        {"{service: trauma-therapy, course", "{service: trauma-terapy, course", "unknown-service"},
        {"course: foster-care-practice", "course: fostering", "unknown-term"},
        {"course: foster-care-practice", "course: [x]", "wrong-type"},
        {"required: false, cost: 20", "required: false", "missing-key"},
        {"required: false, cost: 20", "required: true, cost: 20", "~contradiction"},
        {"required: false, cost: 20", "required: no, cost: 20", "wrong-type"},
        {"required: false, cost: 20", "cost: -3", "missing-key impossible-value"},
        {"  - {service: residential-care}", "  - residential-care", "wrong-type"},
        {"  - {service: residential-care}", "  - {service: ~}", "missing-key"},
        {"never_block: [medical]", "never_block: medical", "wrong-type"},
        {"never_block: [medical]", "never_block: [medical, magic, 7]",
         "unknown-service unknown-service"},
        {"never_block: [medical]", "never_block: []", ""},
        {"{service: peer-support}", "{service: peer-suport}", "unknown-service"},
        {"{service: peer-support}", "{service: counseling}", "impossible-value"},
        {"{service: peer-support}", "{within_min: 60}", "missing-key"},
        {"{service: peer-support}", "{service: peer-support, within_min: 0}", "impossible-value"},
        {"{service: peer-support}", "{service: peer-support, hours: 2}", "unknown-key"},
        {"{service: peer-support}", "peer-support", "wrong-type"},
        {"minimum_package:", "minimum_package: []\nmin:", "unknown-key"},
        {"minimum_package:", "quotas: [{provider: ex-1, places: 3}]\nminimum_package:", ""},
        {"minimum_package:", "quotas: [{area: Region X, places: 0}]\nminimum_package:", ""},
        {"minimum_package:", "quotas: []\nminimum_package:", ""},
        {"minimum_package:", "quotas: 3\nminimum_package:", "wrong-type"},
        {"minimum_package:", "quotas: [3]\nminimum_package:", "wrong-type"},
        {"minimum_package:", "quotas: [{places: 3}]\nminimum_package:", "contradiction"},
        {"minimum_package:", "quotas: [{provider: a, offering: a/b, places: 3}]\nminimum_package:",
         "contradiction"},
        {"minimum_package:", "quotas: [{provider: a, places: -1}]\nminimum_package:",
         "impossible-value"},
        {"minimum_package:", "quotas: [{provider: a, places: many}]\nminimum_package:",
         "wrong-type"},
        {"minimum_package:", "quotas: [{provider: a}]\nminimum_package:", "missing-key"},
        {"minimum_package:", "quotas: [{area: Atlantis, places: 1}]\nminimum_package:",
         "unknown-area"},
        {"minimum_package:",
         "quotas: [{provider: a, places: 1}, {provider: a, places: 2}]\nminimum_package:",
         "impossible-value"},
        {"minimum_package:", "fairness: [{above_percent: 0, cost: 1}]\nminimum_package:", ""},
        {"minimum_package:",
         "fairness: [{above_percent: 50, cost: 1000}, {above_percent: 99, cost: 1000000}]\n"
         "minimum_package:",
         ""},
        {"minimum_package:", "fairness: []\nminimum_package:", "impossible-value"},
        {"minimum_package:", "fairness: 3\nminimum_package:", "wrong-type"},
        {"minimum_package:", "fairness: [3]\nminimum_package:", "wrong-type"},
        {"minimum_package:", "fairness: [{above_percent: 50}]\nminimum_package:", "missing-key"},
        {"minimum_package:", "fairness: [{cost: 5}]\nminimum_package:", "missing-key"},
        {"minimum_package:", "fairness: [{above_percent: 100, cost: 5}]\nminimum_package:",
         "impossible-value"},
        {"minimum_package:", "fairness: [{above_percent: -1, cost: 5}]\nminimum_package:",
         "impossible-value"},
        {"minimum_package:", "fairness: [{above_percent: 50 %, cost: 5}]\nminimum_package:",
         "wrong-type"},
        {"minimum_package:", "fairness: [{above_percent: 50, cost: 0}]\nminimum_package:",
         "impossible-value"},
        {"minimum_package:", "fairness: [{above_percent: 50, cost: 1000001}]\nminimum_package:",
         "impossible-value"},
        {"minimum_package:", "fairness: [{above_percent: 50, cost: 5, per: 1}]\nminimum_package:",
         "unknown-key"},
        {"minimum_package:",
         "fairness: [{above_percent: 50, cost: 5}, {above_percent: 50, cost: 9}]\n"
         "minimum_package:",
         "not-ascending"},
        {"minimum_package:",
         "fairness: [{above_percent: 50, cost: 5}, {above_percent: 75, cost: 5}]\n"
         "minimum_package:",
         "not-ascending"},
        {"without: [reporting-hotline,", "without: [[x],", "wrong-type"},
        {"policy:\n", "- policy:\n", "yaml-syntax"},
        {"wait:\n", "wait: &a\n", "yaml-alias"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        gboolean read = FALSE;
        g_autofree char *text = edit(rows[i].from, rows[i].to);
        g_autofree char *found = findings(*state, text, &read);
        if (strcmp(found, rows[i].expected) != 0)
            fail_msg("%s -> %s\n  found:    %s\n  expected: %s", rows[i].from, rows[i].to, found,
                     rows[i].expected);
    }
}

static void
refuses_other_texts(void **state)
{
    static const struct {
        const char *text, *expected;
    } rows[] = {
        {"", "no-policy"},
        {"# nothing\n", "no-policy"},
        {"[]", "wrong-type"},
        {"policy: {id: a, name: b}",
         "missing-key missing-key missing-key missing-key missing-key missing-key missing-key "
         "missing-key missing-key missing-key missing-key missing-key missing-key"},
        {"a: [", "yaml-syntax"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        gboolean read = TRUE;
        g_autofree char *found = findings(*state, rows[i].text, &read);
        assert_string_equal(found, rows[i].expected);
        assert_false(read);
    }
}

static void
tells_the_first_error(void **state)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(carenet_table) issues = NULL;
    g_autofree char *folder = g_dir_make_tmp("carenet-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "policy.yaml", NULL);
    assert_null(carenet_policy_load(*state, path, NULL, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_IO);
    g_clear_error(&error);

    assert_true(g_file_set_contents(path, "policy: {id: A, name: b}\n", -1, NULL));
    assert_null(carenet_policy_load(*state, path, &issues, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_INVALID_DATA);
    assert_string_equal(carenet_error_get_file(error), path);
    assert_int_equal(carenet_error_get_line(error), 1);
    assert_non_null(strstr(error->message, "14 errors"));
    assert_int_equal(carenet_table_rows_len(issues), 14);
    assert_int_equal(g_unlink(path), 0);
    assert_int_equal(g_rmdir(folder), 0);
}

static void
counts_references(void **state)
{
    carenet_error *error = NULL;
    assert_null(carenet_policy_load(NULL, NULL, NULL, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_INVALID_ARGUMENT);
    carenet_error_clear(&error);
    assert_null(carenet_policy_ref(NULL));
    carenet_policy_unref(NULL);
    assert_null(carenet_policy_id(NULL));
    carenet_policy *policy = carenet_policy_load(*state, NULL, NULL, NULL);
    assert_ptr_equal(carenet_policy_ref(policy), policy);
    carenet_policy_unref(policy);
    assert_string_equal(carenet_policy_id(policy), "ph-default");
    carenet_policy_unref(policy);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_shipped_policy),
        cmocka_unit_test(covers_services_below),
        cmocka_unit_test(refuses_edits),
        cmocka_unit_test(refuses_other_texts),
        cmocka_unit_test(tells_the_first_error),
        cmocka_unit_test(counts_references),
    };
    return cmocka_run_group_tests(tests, open_reference, close_reference);
}
