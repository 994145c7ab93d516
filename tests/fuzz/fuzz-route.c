/* From a case file to the printed answer, over the shipped directory: as a social worker asks, and
 * with everything included. */
#include "fuzz.h"

#include "routes.h"

#define CASES_MOST 20 /* more only take time */

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = fuzz_text(data, size);
    g_autoptr(carenet_table) issues = NULL;
    g_autoptr(GError) error = NULL;
    carenet_cases *cases = carenet_cases_parse(fuzz_reference(), text, size, "case.yaml",
                                               CARENET_CASES_ALLOW_PERSONAL_DATA, &issues, &error);
    fuzz_check_error(cases != NULL, error);
    g_assert_nonnull(issues);
    if (cases != NULL && carenet_cases_len(cases) <= CASES_MOST) {
        carenet_route_options options;
        carenet_route_options_init(&options);
        options.now_s = carenet_directory_demonstration_now(fuzz_directory());
        fuzz_check_routes(fuzz_directory(), fuzz_policy(), cases, &options);
        options.top = 0;
        options.include_unconfirmed = options.include_unknown_capacity = true;
        options.at_s = options.now_s + 14 * 3600;
        fuzz_check_routes(fuzz_directory(), fuzz_policy(), cases, &options);
    }
    carenet_cases_unref(cases);
    return 0;
}
