/* Policies: the record of rules and weights; lib/format/policy-file.c reads one. */
#include "model/policy.h"

gboolean
cn_policy_covers(const CnPolicy *policy, const GArray *services, CnServiceId service)
{
    for (guint i = 0; i < services->len; i++)
        if (cn_service_contains(policy->reference->taxonomy,
                                g_array_index(services, CnServiceId, i), service))
            return TRUE;
    return FALSE;
}

CnPolicy *
cn_policy_new(CnReference *reference)
{
    CnPolicy *policy = g_new0(CnPolicy, 1);
    g_atomic_ref_count_init(&policy->refs);
    policy->reference = carenet_reference_ref(reference);
    policy->capabilities = g_array_new(FALSE, FALSE, sizeof(CnCapabilityRule));
    policy->accreditation = g_array_new(FALSE, FALSE, sizeof(CnServiceId));
    policy->without_consent = g_array_new(FALSE, FALSE, sizeof(CnServiceId));
    policy->documents_never_block = g_array_new(FALSE, FALSE, sizeof(CnServiceId));
    return policy;
}

carenet_policy *
carenet_policy_ref(carenet_policy *policy)
{
    if (policy != NULL)
        g_atomic_ref_count_inc(&policy->refs);
    return policy;
}

void
carenet_policy_unref(carenet_policy *policy)
{
    if (policy == NULL || !g_atomic_ref_count_dec(&policy->refs))
        return;
    g_free(policy->id);
    g_free(policy->name);
    g_free(policy->digest);
    g_array_unref(policy->capabilities);
    g_array_unref(policy->accreditation);
    g_array_unref(policy->without_consent);
    g_array_unref(policy->documents_never_block);
    carenet_reference_unref(policy->reference);
    g_free(policy);
}
