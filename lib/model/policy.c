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

static void
clear_quota(gpointer quota)
{
    g_free(((CnQuota *)quota)->id);
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
    policy->minimum_package = g_array_new(FALSE, FALSE, sizeof(CnPackageItem));
    policy->quotas = g_array_new(FALSE, FALSE, sizeof(CnQuota));
    g_array_set_clear_func(policy->quotas, clear_quota);
    policy->fairness = g_array_new(FALSE, FALSE, sizeof(CnFairStep));
    return policy;
}

/* Names and what each does; text of the digest. */
static void
name_plugins(const CnPlugins *plugins, GString *id, GString *named)
{
    for (guint i = 0; i < plugins->len; i++) {
        const carenet_plugin *plugin = &plugins->list[i];
        g_string_append_printf(id, "+%s", plugin->name);
        g_string_append_printf(
            named, "\n%s%s%s%s", plugin->name, plugin->travel != NULL ? " travel" : "",
            plugin->score != NULL ? " score" : "", plugin->filter != NULL ? " filter" : "");
    }
}

CnPolicy *
cn_policy_with(CnPolicy *policy, CnPlugins *plugins)
{
    CnPolicy *with = g_memdup2(policy, sizeof *policy);
    g_autoptr(GString) id = g_string_new(policy->id);
    g_autoptr(GString) named = g_string_new("carenet.plugins/1\n");
    g_atomic_ref_count_init(&with->refs);
    g_string_append(named, cn_policy_digest(policy));
    name_plugins(plugins, id, named);
    with->id = g_strdup(id->str);
    with->digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, named->str, -1);
    with->plugins = plugins;
    with->base = policy;
    return with;
}

static void
free_base(CnPolicy *policy)
{
    g_free(policy->name);
    g_array_unref(policy->capabilities);
    g_array_unref(policy->accreditation);
    g_array_unref(policy->without_consent);
    g_array_unref(policy->documents_never_block);
    g_array_unref(policy->minimum_package);
    g_array_unref(policy->quotas);
    g_array_unref(policy->fairness);
    carenet_reference_unref(policy->reference);
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
    if (policy->base == NULL)
        free_base(policy);
    carenet_policy_unref(policy->base);
    cn_plugins_unref(policy->plugins);
    g_free(policy->id);
    g_free(policy->digest);
    g_free(policy);
}

gboolean
cn_report_is_stale(CnInstant as_of, gint64 now_s, gint32 after_days)
{
    return !as_of.is_set || cn_days_between(as_of.s, now_s) > after_days ||
           cn_instant_is_ahead(as_of.s, now_s);
}
