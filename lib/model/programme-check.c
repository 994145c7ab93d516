/* What one record of a programme alone cannot show: periods that end before they begin, members and
 * bodies that do not exist or are there twice, trainings outside of the programme. */
#include "model/network-check.h"

#include "base/text.h"

#include <string.h>

typedef struct {
    const CnNetwork *network;
    const CnProgramme *programme;
    CnIssueList *issues;
} Check;

/* ---- Periods. A partial date covers all of its month or year, so only what cannot be in any order
 * is refused. */

static void
check_order(const Check *check,
            const char *what,
            CnPos pos,
            const char *first_name,
            CnDate first,
            const char *last_name,
            CnDate last)
{
    char first_text[11], last_text[11];
    if (!cn_date_is_set(first) || !cn_date_is_set(last) ||
        cn_date_last_s(last) >= cn_date_first_s(first))
        return;
    g_autofree char *suggestion =
        g_strdup_printf("exchange %s and %s, or correct one of them", first_name, last_name);
    cn_issue_add(check->issues, CN_SEVERITY_ERROR, "period-reversed", pos, suggestion,
                 "%s: %s %s comes before %s %s", what, last_name, cn_date_format(last, last_text),
                 first_name, cn_date_format(first, first_text));
}

static void
check_periods(const Check *check)
{
    const CnProgramme *programme = check->programme;
    check_order(check, "the programme", programme->pos, "from", programme->from, "until",
                programme->until);
    for (guint i = 0; i < programme->records[CN_PROGRAMME_PLANS]->len; i++) {
        const CnStrategicPlan *plan = cn_programme_get(programme, CN_PROGRAMME_PLANS, i);
        check_order(check, "the strategic plan", plan->pos, "conducted_on", plan->conducted_on,
                    "adopted_on", plan->adopted_on);
        check_order(check, "the strategic plan", plan->pos, "conducted_on", plan->conducted_on,
                    "until", plan->until);
    }
    for (guint i = 0; i < programme->records[CN_PROGRAMME_ORDINANCES]->len; i++) {
        const CnOrdinance *ordinance = cn_programme_get(programme, CN_PROGRAMME_ORDINANCES, i);
        check_order(check, "the ordinance", ordinance->pos, "passed_on", ordinance->passed_on,
                    "implemented_on", ordinance->implemented_on);
    }
    for (guint i = 0; i < programme->records[CN_PROGRAMME_CARE_PLANS]->len; i++) {
        const CnCarePlan *plan = cn_programme_get(programme, CN_PROGRAMME_CARE_PLANS, i);
        check_order(check, "the care plan", plan->pos, "on", plan->on, "review_on",
                    plan->review_on);
    }
}

/* ---- Trainings. */

static gboolean
is_outside(CnDate on, CnDate from, CnDate until)
{
    return (cn_date_is_set(from) && cn_date_last_s(on) < cn_date_first_s(from)) ||
           (cn_date_is_set(until) && cn_date_first_s(on) > cn_date_last_s(until));
}

static void
check_trainings(const Check *check)
{
    const CnProgramme *programme = check->programme;
    /* A period that is reversed was told already. */
    if (cn_date_is_set(programme->from) && cn_date_is_set(programme->until) &&
        cn_date_last_s(programme->until) < cn_date_first_s(programme->from))
        return;
    for (guint i = 0; i < programme->records[CN_PROGRAMME_TRAININGS]->len; i++) {
        const CnTraining *training = cn_programme_get(programme, CN_PROGRAMME_TRAININGS, i);
        if (cn_date_is_set(training->on) &&
            is_outside(training->on, programme->from, programme->until))
            cn_issue_add(check->issues, CN_SEVERITY_WARNING, "outside-programme", training->pos,
                         "correct its date, or the period of the programme",
                         "the training does not lie between from and until of the programme");
    }
}

/* ---- Bodies and their members. */

static char *
suggest_member(const CnNetwork *network, const char *id)
{
    g_autoptr(GPtrArray) ids = g_ptr_array_new();
    for (guint i = 0; i < network->organizations->len; i++)
        g_ptr_array_add(ids, (gpointer)g_array_index(network->organizations, CnOrganization, i).id);
    for (guint i = 0; i < network->providers->len; i++)
        g_ptr_array_add(
            ids, (gpointer)((const CnProvider *)g_ptr_array_index(network->providers, i))->id);
    return cn_text_did_you_mean(id, (const char *const *)ids->pdata, ids->len);
}

static gboolean
is_known(const CnNetwork *network, const char *id)
{
    return cn_network_organization(network, id) != NULL || cn_network_provider(network, id) != NULL;
}

static void
check_member(const Check *check, CnPos pos, const char *what, const char *id)
{
    if (id == NULL || is_known(check->network, id))
        return;
    g_autofree char *quote = cn_text_quote(id);
    g_autofree char *suggestion =
        cn_issue_list_wants_hint(check->issues) ? suggest_member(check->network, id) : NULL;
    cn_issue_add(check->issues, CN_SEVERITY_ERROR, "dangling-reference", pos,
                 suggestion != NULL ? suggestion : "name an organization or a provider by its id",
                 "%s: no organization or provider has the id \"%s\"", what, quote);
}

static void
check_body(const Check *check, const CnBody *body, GHashTable *ids)
{
    if (body->id != NULL && !g_hash_table_add(ids, (gpointer)body->id))
        cn_issue_add(check->issues, CN_SEVERITY_ERROR, "duplicate-id", body->pos,
                     "keep one of them, or give one another id", "the body \"%s\" is there twice",
                     body->id);
    if (body->members == NULL)
        return;
    g_auto(GStrv) members = g_strsplit(body->members, "\n", -1);
    for (guint i = 0; members[i] != NULL; i++)
        check_member(check, body->pos, "the body", members[i]);
}

static void
check_references(const Check *check, GHashTable *ids)
{
    const CnProgramme *programme = check->programme;
    for (guint i = 0; i < programme->records[CN_PROGRAMME_BODIES]->len; i++)
        check_body(check, cn_programme_get(programme, CN_PROGRAMME_BODIES, i), ids);
    for (guint i = 0; i < programme->records[CN_PROGRAMME_TRAININGS]->len; i++) {
        const CnTraining *training = cn_programme_get(programme, CN_PROGRAMME_TRAININGS, i);
        check_member(check, training->pos, "the training", training->organization);
    }
}

void
cn_network_check_programmes(const CnNetwork *network, CnIssueList *issues)
{
    g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < network->programmes->len; i++) {
        const CnProgramme *programme = g_ptr_array_index(network->programmes, i);
        const Check check = {network, programme, issues};
        const CnProgramme *last = i > 0 ? g_ptr_array_index(network->programmes, i - 1) : NULL;
        if (last != NULL && g_strcmp0(last->region, programme->region) == 0)
            cn_issue_add(issues, CN_SEVERITY_ERROR, "duplicate-id", programme->pos,
                         "keep one \"programme\" for a region, and one for the network",
                         "the programme of %s is described twice",
                         programme->region != NULL ? programme->region : "the network");
        check_periods(&check);
        check_trainings(&check);
        check_references(&check, ids);
    }
}
