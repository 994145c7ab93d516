/* Policy files. What is accepted routes a fixed list of cases over the shipped directory: whatever
 * the weights, the lines add up. */
#include "fuzz.h"

#include "format/policy-file.h"
#include "routes.h"

#include <string.h>

static const char asked[] =
    "- {ref: A-1, area: Cagayan de Oro, age: 15, sex: female, languages: [ceb], consent: full,\n"
    "   needs: [trauma-therapy, emergency-shelter@emergency, foster-care],\n"
    "   siblings: {group: S-1, keep: prefer}, responsible_office: ex-nmn-001}\n"
    "- {ref: A-2, area: Dapa, age: 9, sex: male, needs: [mental-health, police-report],\n"
    "   siblings: {group: S-1, keep: prefer}, remote_safe: true, consent: minimum}\n";

static carenet_cases *
get_cases(void)
{
    static carenet_cases *cases;
    g_autoptr(GError) error = NULL;
    if (cases == NULL)
        cases = carenet_cases_parse(fuzz_reference(), asked, strlen(asked), "cases.yaml",
                                    CARENET_CASES_STRICT, NULL, &error);
    g_assert_no_error(error);
    return cases;
}

static void
check_bounds(const CnPolicy *policy)
{
    g_assert_true(policy->speeds.land_km_per_h > 0 && policy->speeds.sea_km_per_h > 0);
    g_assert_true(policy->speeds.detour_percent > 0 && policy->speeds.boarding_min >= 0);
    g_assert_true(policy->bands_len <= CN_BANDS_MOST);
    for (guint i = 1; i < policy->bands_len; i++)
        g_assert_cmpint(policy->bands_min[i - 1], <, policy->bands_min[i]);
    for (guint i = 0; i < CN_LEVELS; i++)
        g_assert_true(policy->restrictiveness[i] >= 0 &&
                      policy->restrictiveness[i] <= CN_COST_MOST);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = fuzz_text(data, size);
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    g_autoptr(carenet_policy) policy =
        cn_policy_text_read(text, size, "policy.yaml", fuzz_reference(), issues);
    fuzz_check_issues(issues);
    g_assert_true((policy != NULL) == (cn_issue_list_errors(issues) == 0));
    if (policy == NULL)
        return 0;
    carenet_route_options options;
    carenet_route_options_init(&options);
    options.top = 0;
    options.include_unconfirmed = options.include_unknown_capacity = true;
    options.now_s = carenet_directory_demonstration_now(fuzz_directory());
    check_bounds(policy);
    fuzz_check_routes(fuzz_directory(), policy, get_cases(), &options);
    return 0;
}
