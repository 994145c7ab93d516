/* What is said to have been told on a day that has not come yet. */
#include "model/network.h"

static void
report_ahead(CnIssueList *issues, CnPos pos, const char *key, const char *what, gint64 now_s)
{
    char today[11];
    g_autofree char *suggestion =
        g_strdup_printf("write the day on which it was %s, and check the year: it is %s", what,
                        cn_date_format(cn_date_of(now_s), today));
    cn_issue_add(issues, CN_SEVERITY_ERROR, "in-the-future", pos, suggestion,
                 "%s is a day that has not come yet", key);
}

static void
check_offering(const CnOffering *offering, gint64 now_s, CnIssueList *issues)
{
    const CnCapacity *capacity = &offering->capacity;
    if (capacity->as_of.is_set && cn_instant_is_ahead(capacity->as_of.s, now_s))
        report_ahead(issues, offering->as_of_pos, "as_of", "told", now_s);
}

void
cn_network_check_times(const CnNetwork *network, gint64 now_s, CnIssueList *issues)
{
    for (guint i = 0; i < network->providers->len; i++) {
        const CnProvider *provider = g_ptr_array_index(network->providers, i);
        if (cn_date_is_set(provider->verified_on) &&
            cn_instant_is_ahead(cn_date_first_s(provider->verified_on), now_s))
            report_ahead(issues, provider->verified_pos, "verified.on", "verified", now_s);
        for (guint k = 0; k < provider->offerings->len; k++)
            check_offering(&g_array_index(provider->offerings, CnOffering, k), now_s, issues);
    }
}
