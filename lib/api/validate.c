/* Checking region files without storing anything. */
#include "base/error.h"
#include "format/region-file.h"

carenet_table *
carenet_validate_files(carenet_reference *reference,
                       const char *const *paths,
                       size_t paths_len,
                       carenet_error **error)
{
    CN_REQUIRE_GIVEN(reference, error, NULL);
    CN_REQUIRE(paths_len > 0 && cn_texts_are_given(paths, paths_len),
               "paths is empty, or one of them is NULL", error, NULL);
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    g_autoptr(GError) failure = NULL;
    g_autoptr(CnNetwork) network = cn_region_files_read_at(
        paths, paths_len, reference, g_get_real_time() / G_USEC_PER_SEC, issues, &failure);
    /* Files with errors are an answer here; files that cannot be read are not. */
    if (network == NULL && carenet_error_get_code(failure) == CARENET_ERROR_IO) {
        cn_error_pass(error, g_steal_pointer(&failure));
        return NULL;
    }
    return cn_issue_list_to_table(issues);
}
