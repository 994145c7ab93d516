/* A store's own policy: its stored text, read like any policy file. */
#include "base/error.h"
#include "format/policy-file.h"
#include "store/store.h"

#include <string.h>

carenet_policy *
carenet_store_policy(carenet_store *store, carenet_error **error)
{
    CN_REQUIRE_GIVEN(store, error, NULL);
    CnPolicy *kept = cn_store_kept_policy(store);
    if (kept != NULL)
        return kept;
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    const char *text = cn_store_policy_text(store, error);
    if (text == NULL)
        return NULL;
    CnPolicy *policy = cn_policy_text_read(text, strlen(text), "policy of the store",
                                           cn_store_reference(store), issues);
    if (policy == NULL) {
        cn_error_set(error, CARENET_ERROR_INVALID_DATA, "the policy in the store has %u errors",
                     cn_issue_list_errors(issues));
        cn_error_hint(error, "name a policy file instead");
    } else {
        cn_store_keep_policy(store, policy);
    }
    return policy;
}
