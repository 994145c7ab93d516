/* include/carenet/plugin.h: policies with plug-ins. */
#include "model/plugin.h"

#include "base/error.h"
#include "routing/cost.h"

void
carenet_plugin_init(carenet_plugin *plugin)
{
    if (plugin != NULL)
        *plugin = (carenet_plugin){.size = sizeof *plugin};
}

carenet_policy *
carenet_policy_with_plugins(carenet_policy *policy,
                            const carenet_plugin *plugins,
                            size_t plugins_len,
                            carenet_error **error)
{
    CN_REQUIRE_GIVEN(policy, error, NULL);
    CN_REQUIRE_GIVEN(plugins, error, NULL);
    CN_REQUIRE(plugins_len >= 1 && plugins_len <= CARENET_PLUGINS_MOST,
               "plugins_len must be 1 to " G_STRINGIFY(CARENET_PLUGINS_MOST), error, NULL);
    if (policy->plugins != NULL) {
        cn_error_set(error, CARENET_ERROR_INVALID_ARGUMENT, "policy %s has plug-ins already",
                     policy->id);
        cn_error_hint(error, "give all plug-ins at once to the policy without any");
        return NULL;
    }
    CnPlugins *own = cn_plugins_new(plugins, plugins_len, cn_cost_names(), error);
    return own != NULL ? cn_policy_with(carenet_policy_ref(policy), own) : NULL;
}

size_t
carenet_policy_plugins_len(const carenet_policy *policy)
{
    return policy != NULL && policy->plugins != NULL ? policy->plugins->len : 0;
}

const char *
carenet_policy_plugin_name(const carenet_policy *policy, size_t i)
{
    return i < carenet_policy_plugins_len(policy) ? policy->plugins->list[i].name : NULL;
}
