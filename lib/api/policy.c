/* include/carenet/policy.h: policies from files. */
#include "base/error.h"
#include "format/issue-error.h"
#include "format/policy-file.h"
#include "format/yaml.h"

carenet_policy *
carenet_policy_load(carenet_reference *reference,
                    const char *path,
                    carenet_table **out_issues,
                    carenet_error **error)
{
    CN_REQUIRE_GIVEN(reference, error, NULL);
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    g_autofree char *text = NULL;
    g_autofree char *shipped =
        path == NULL ? g_build_filename(reference->data_dir, "policy.yaml", NULL) : NULL;
    gsize len = 0;
    const char *name = path != NULL ? path : shipped;
    if (!cn_yaml_read_file(name, &cn_yaml_limits, &text, &len, issues, error))
        return NULL;
    CnPolicy *policy = cn_policy_text_read(text, len, name, reference, issues);
    if (policy == NULL)
        cn_error_from_issues(error, issues, "the policy file");
    if (out_issues != NULL)
        *out_issues = cn_issue_list_to_table(issues);
    return policy;
}

const char *
carenet_policy_id(const carenet_policy *policy)
{
    return policy != NULL ? policy->id : NULL;
}
