/* Why a case got what a plan says: every offering that its needs could meet, seen as route sees them and
 * against the places that the plan fills; as a table, and in sentences. */
#include "routing/plan-explain-private.h"
#include "routing/plan-shares.h"

#include "base/error.h"
#include "base/text.h"
#include "directory/partial.h"
#include "directory/plug.h"

#include <string.h>

/* ---- What is asked. */

static gboolean
fill_places(CnExplain *explain, GError **error)
{
    const CnListing *listing = explain->needs->asked.directory->listing;
    const guint len = explain->needs->needs->len;
    explain->offering_of = g_new(gint, MAX(len, 1));
    for (guint i = 0; i < len; i++)
        explain->offering_of[i] = -1;
    for (guint i = 0; i < explain->plan->assignments->len; i++) {
        const CnPlanned *planned = cn_plan_assignment_at(explain->plan, i);
        const gint need = cn_plan_needs_find(explain->needs, planned->ref, planned->need);
        const gint offering = cn_listing_offering(listing, planned->offering);
        if (need < 0 || offering < 0) {
            cn_error_set(error, CARENET_ERROR_CONFLICT,
                         "the plan assigns what is not there (assignment %u)", i);
            cn_error_hint(error, "carenet check tells what else is wrong with it");
            return FALSE;
        }
        explain->offering_of[need] = offering;
    }
    return TRUE;
}

static gboolean
find_case(CnExplain *explain, const char *ref, GError **error)
{
    const gint first = cn_plan_needs_find(explain->needs, ref, 1);
    if (first < 0) {
        cn_error_set(error, CARENET_ERROR_NOT_FOUND, "no case of the list has that reference");
        cn_error_hint(error, "references are told apart by every letter");
        return FALSE;
    }
    explain->first = (guint)first;
    explain->end =
        explain->needs->first_need[cn_plan_need(explain->needs, (guint)first)->person + 1];
    return TRUE;
}

static void
clear_explain(CnExplain *explain)
{
    g_free(explain->shares);
    cn_plan_use_clear(&explain->use);
    cn_plan_bonds_clear(&explain->bonds);
    g_free(explain->offering_of);
    cn_plan_needs_free(explain->needs);
}

static gboolean
init_explain(CnExplain *explain,
             const CnPlan *plan,
             const CnPlanQuestion *asked,
             const char *ref,
             GError **error)
{
    *explain = (CnExplain){.plan = plan};
    if (!cn_plan_check_sources(plan, asked, error))
        return FALSE;
    explain->needs = cn_plan_needs_new(asked);
    if (!fill_places(explain, error) || !find_case(explain, ref, error))
        return FALSE;
    explain->shares = cn_plan_shares_new(explain->needs, explain->offering_of);
    cn_plan_use_init(&explain->use, explain->needs, explain->offering_of);
    cn_plan_bonds_init(&explain->bonds, explain->needs);
    return TRUE;
}

static gboolean
knows(const CnListing *listing, const char *id, GError **error)
{
    if (id == NULL || cn_listing_provider(listing, id) >= 0 ||
        cn_listing_offering(listing, id) >= 0)
        return TRUE;
    g_autofree char *quoted = cn_text_quote(id);
    cn_error_set(error, CARENET_ERROR_NOT_FOUND, "there is no provider or offering \"%s\"", quoted);
    cn_error_hint(error, "carenet find lists them");
    return FALSE;
}

/* ---- The table. */

static const CnColumn columns[] = {
    {"case", CARENET_COLUMN_TEXT},     {"need", CARENET_COLUMN_INT64},
    {"service", CARENET_COLUMN_TEXT},  {"offering", CARENET_COLUMN_TEXT},
    {"provider", CARENET_COLUMN_TEXT}, {"name", CARENET_COLUMN_TEXT},
    {"state", CARENET_COLUMN_TEXT},    {"cost", CARENET_COLUMN_INT64},
    {"price", CARENET_COLUMN_INT64},   {"lines", CARENET_COLUMN_LIST},
    {"reason", CARENET_COLUMN_TEXT},   {"detail", CARENET_COLUMN_TEXT},
};

static const char *
offering_id(const CnListing *listing, guint offering)
{
    return cn_listed_text(listing, listing->offerings[offering].id);
}

static const char *
state_of(const CnOffer *offer, CnLeft left)
{
    if (offer->chosen)
        return "chosen";
    if (offer->barred != CN_RULE_NONE)
        return "refused";
    return left == CN_LEFT_ENOUGH ? "free" : "full";
}

static void
add_lines(CnTableBuilder *table, const CnPolicy *policy, const gint64 lines[CN_COSTS_LEN])
{
    char *texts[CN_COSTS_LEN];
    guint len = 0;
    for (guint line = 0; line < CN_COSTS_LEN; line++)
        if (lines[line] != 0)
            texts[len++] =
                g_strdup_printf("%s %" G_GINT64_FORMAT, cn_cost_name(policy, line), lines[line]);
    cn_table_add_list(table, (const char *const *)texts, len);
    for (guint i = 0; i < len; i++)
        g_free(texts[i]);
}

static void
add_key(CnTableBuilder *table, const CnExplain *explain, guint need, guint offering)
{
    const CnListing *listing = explain->needs->asked.directory->listing;
    const CnListedProvider *provider = cn_listed_provider_of(listing, offering);
    cn_table_add_text(table, cn_plan_person(explain->needs, need)->ref);
    cn_table_add_int64(table, cn_plan_need(explain->needs, need)->need + 1);
    cn_table_add_text(table, cn_service(listing->reference->taxonomy,
                                        cn_plan_need_of(explain->needs, need)->service)
                                 ->id);
    cn_table_add_text(table, offering_id(listing, offering));
    cn_table_add_text(table, cn_listed_text(listing, provider->id));
    cn_table_add_text(table, cn_listed_text(listing, provider->name));
}

/* The quota that is full there, if one is, and what one more place under it saves. */
static void
append_quota(GString *text, const CnExplain *explain, guint offering)
{
    const CnQuotas *quotas = &explain->needs->quotas;
    const CnReference *reference = explain->needs->asked.policy->reference;
    const gint group = cn_quotas_full(quotas, explain->use.under, offering, 1);
    if (group < 0)
        return;
    g_autofree char *name = cn_quota_name(quotas, (guint)group, reference);
    const CnPlanQuota *row = cn_plan_quota_find(explain->plan, cn_quota_kind(quotas, (guint)group),
                                                cn_quota_id(quotas, (guint)group, reference));
    g_string_append_printf(text, "; the quota of %s is full", name);
    if (row == NULL || !row->told)
        return;
    g_autofree char *saving = cn_plan_saving_told(&row->saves);
    if (*saving != '\0')
        g_string_append_printf(text, ", and one more place under it saves at most %s", saving);
    else
        g_string_append(text, ", but one more place under it saves nothing");
}

/* Prices of a plan that is not proven split families, who cannot be. */
static const char *
as_told(const CnExplain *explain)
{
    return explain->plan->optimal ? "" : "about ";
}

/* Why it is not chosen though it could be; NULL where nothing is in the way. (transfer full) */
static char *
obstacle_told(const CnExplain *explain,
              const CnOffer *offer,
              CnLeft left,
              const CnExplainCompany *company)
{
    if (offer->chosen || (offer->barred == CN_RULE_NONE && left == CN_LEFT_ENOUGH))
        return NULL;
    if (offer->barred != CN_RULE_NONE) {
        CnCandidate candidate;
        cn_candidate_init(&candidate, &company->question, offer->offering);
        return cn_rule_detail(&company->question, &candidate, offer->barred);
    }
    if (left == CN_LEFT_TOO_FEW)
        return cn_explain_too_few(company);
    g_autofree char *price = cn_explain_worth(explain, offer);
    g_autoptr(GString) worth = g_string_new(NULL);
    g_string_append_printf(worth, "its places go to others; the last one is worth %s%s",
                           as_told(explain), price);
    append_quota(worth, explain, offer->offering);
    return g_strdup(worth->str);
}

static void
add_offer(CnTableBuilder *table,
          const CnExplain *explain,
          guint need,
          const CnOffer *offer,
          const CnExplainCompany *company)
{
    const CnLeft left = cn_explain_left(explain, offer, company);
    const char *state = state_of(offer, left);
    g_autofree char *obstacle = obstacle_told(explain, offer, left, company);
    const CnRule rule = offer->barred != CN_RULE_NONE ? offer->barred : CN_RULE_FULL;
    add_key(table, explain, need, offer->offering);
    cn_table_add_text(table, state);
    cn_table_add_int64(table, offer->cost);
    cn_table_add_int64(table, offer->price);
    add_lines(table, explain->needs->asked.policy, offer->lines);
    cn_table_add_text(table, obstacle != NULL ? cn_rule_reason(rule) : NULL);
    cn_table_add_text(table, obstacle);
}

static void
add_refusal(CnTableBuilder *table,
            const CnExplain *explain,
            guint need,
            const CnRefusal *refusal,
            const CnQuestion *question)
{
    CnCandidate candidate;
    cn_candidate_init(&candidate, question, refusal->offering);
    g_autofree char *detail = cn_rule_detail(question, &candidate, refusal->rule);
    add_key(table, explain, need, refusal->offering);
    cn_table_add_text(table, "refused");
    cn_table_add_null(table);
    cn_table_add_null(table);
    cn_table_add_list(table, NULL, 0);
    cn_table_add_text(table, cn_rule_reason(refusal->rule));
    cn_table_add_text(table, detail);
}

static void
add_need(CnTableBuilder *table, const CnExplain *explain, guint need, const char *why_not)
{
    g_auto(CnPlanWhy) why = {NULL};
    CnOrigin origin;
    g_auto(CnExplainCompany) company;
    cn_explain_company_init(&company, explain, need);
    cn_plan_why_init(&why, explain->needs, need, why_not, NULL);
    g_autoptr(GArray) offers = cn_explain_offers(explain, need, why.route, &company);
    cn_explain_count(explain, need, &company, -1);
    for (guint i = 0; i < offers->len; i++)
        add_offer(table, explain, need, &g_array_index(offers, CnOffer, i), &company);
    cn_explain_count(explain, need, &company, 1);
    const CnQuestion question = cn_routes_question(why.routes, why.route, &origin);
    for (guint i = 0; i < why.route->refused->len; i++)
        add_refusal(table, explain, need, &g_array_index(why.route->refused, CnRefusal, i),
                    &question);
}

carenet_table *
carenet_plan_explain(const carenet_plan *plan,
                     const carenet_directory *directory,
                     const carenet_policy *policy,
                     const carenet_cases *cases,
                     const char *ref,
                     const char *why_not,
                     carenet_error **error)
{
    CN_REQUIRE_GIVEN(plan, error, NULL);
    CN_REQUIRE_GIVEN(directory, error, NULL);
    CN_REQUIRE_GIVEN(policy, error, NULL);
    CN_REQUIRE_GIVEN(cases, error, NULL);
    CN_REQUIRE_GIVEN(ref, error, NULL);
    if (!cn_directory_share(G_STRFUNC, directory, policy, cases, error))
        return NULL;
    if (!cn_directory_complete(directory, error))
        return NULL;
    g_autoptr(CnPlugged) plugged = NULL;
    if (!cn_plug_cases(directory, policy, cases, &plugged, error))
        return NULL;
    CnPlanQuestion asked = cn_plan_question(plan, directory, policy, cases);
    asked.plugged = plugged;
    CnExplain explain = {NULL};
    carenet_table *table = NULL;
    if (knows(directory->listing, why_not, error) &&
        init_explain(&explain, plan, &asked, ref, error)) {
        CnTableBuilder *builder = cn_table_builder_new(columns, G_N_ELEMENTS(columns));
        for (guint need = explain.first; need < explain.end; need++)
            add_need(builder, &explain, need, why_not);
        table = cn_table_builder_finish(builder);
    }
    clear_explain(&explain);
    return table;
}

/* ---- Sentences. */

static void
say_offer(GString *text,
          const CnExplain *explain,
          const CnOffer *offer,
          const CnExplainCompany *company,
          const char *before)
{
    const CnListing *listing = explain->needs->asked.directory->listing;
    gboolean first = TRUE;
    g_string_append_printf(text, "%s%s: ", before, offering_id(listing, offer->offering));
    for (guint line = 0; line < CN_COSTS_LEN; line++) {
        if (offer->lines[line] == 0)
            continue;
        g_string_append_printf(text, "%s%s %" G_GINT64_FORMAT, first ? "" : " + ",
                               cn_cost_name(explain->needs->asked.policy, line),
                               offer->lines[line]);
        first = FALSE;
    }
    g_string_append_printf(text, "%s%" G_GINT64_FORMAT, first ? "cost " : " = ", offer->cost);
    if (offer->chosen)
        return;
    const CnLeft left = cn_explain_left(explain, offer, company);
    g_autofree char *worth = cn_explain_worth(explain, offer);
    g_autofree char *too_few = cn_explain_too_few(company);
    if (offer->barred != CN_RULE_NONE)
        g_string_append_printf(text, "; but %s", cn_rule_meaning(offer->barred));
    else if (left == CN_LEFT_NONE)
        g_string_append_printf(text, "; full: its last place is worth %s%s", as_told(explain),
                               worth);
    else
        g_string_append_printf(text, "; %s", left == CN_LEFT_ENOUGH ? "a place is left" : too_few);
}

static void
say_choice(GString *text,
           const CnExplain *explain,
           const GArray *offers,
           const CnExplainCompany *company)
{
    const CnOffer *best = &g_array_index(offers, CnOffer, 0);
    if (!best->chosen) {
        g_string_append(text,
                        "  It goes where it could not go by itself: carenet check tells more.\n");
        return;
    }
    say_offer(text, explain, best, company, "  Goes to ");
    g_string_append_printf(text, " (policy %s)\n", explain->needs->asked.policy->id);
    if (company->companions.together->len > 0)
        g_string_append_printf(text,
                               "  Siblings who must go along: %u. What counts is what all of them "
                               "cost together.\n",
                               company->companions.together->len);
    if (offers->len > 1) {
        say_offer(text, explain, &g_array_index(offers, CnOffer, 1), company, "  Next best ");
        g_string_append_c(text, '\n');
    } else {
        g_string_append(text, "  Nobody else can take it.\n");
    }
}

/* Under a quota more places may change nothing. */
static gboolean
is_unsure(const CnPlanNeeds *needs, guint need)
{
    return needs->quotas.len > 0 || cn_plan_others_decide(needs, need);
}

static void
say_unmet(GString *text,
          const CnExplain *explain,
          guint need,
          const GArray *offers,
          const CnExplainCompany *company)
{
    const CnPlan *plan = explain->plan;
    const CnPlanUnmet *unmet = cn_plan_unmet(plan, cn_plan_person(explain->needs, need)->ref,
                                             cn_plan_need(explain->needs, need)->need + 1);
    if (unmet == NULL)
        return;
    g_string_append_printf(text, "  Nobody takes it, first binding reason %s: %s.\n", unmet->reason,
                           unmet->detail != NULL ? unmet->detail : "no more is said");
    if (offers->len > 0) {
        say_offer(text, explain, &g_array_index(offers, CnOffer, 0), company, "  It could go to ");
        g_string_append_c(text, '\n');
    }
    for (guint i = 0; i < unmet->changes_len; i++) {
        const CnPlanChange *change = cn_plan_change_at(plan, unmet->changes_first + i);
        g_string_append_printf(text, "  %s %s: %s (%s from %s to %s)\n",
                               i == 0 ? "Smallest change:" : "and", change->offering, change->kind,
                               change->field, change->from != NULL ? change->from : "none",
                               change->to != NULL ? change->to : "none");
    }
    if (unmet->changes_len == 0 && !cn_plan_unmet_is_unexplained(unmet))
        g_string_append(text,
                        is_unsure(explain->needs, need)
                            ? "  Which change would place it depends on where others go: carenet "
                              "whatif tries one.\n"
                            : "  No change to an offering alone would place it.\n");
}

/* Where the plan was asked to keep places, and the need had one. */
static void
say_kept(GString *text, const CnPlan *plan, const char *ref, guint need)
{
    for (guint i = 0; i < plan->kept->len; i++) {
        const CnPlanKept *kept = cn_plan_kept_at(plan, i);
        if (kept->need != need || strcmp(kept->ref, ref) != 0)
            continue;
        if (kept->state == CN_KEPT_STAYS)
            g_string_append(text, "  It keeps the place that it had.\n");
        else if (kept->state == CN_KEPT_MOVED)
            g_string_append_printf(text, "  It left %s, where it could have stayed.\n",
                                   kept->offering);
        else
            g_string_append_printf(text, "  It could not stay at %s: %s.\n", kept->offering,
                                   kept->reason);
    }
}

static void
say_need(GString *text, const CnExplain *explain, guint need)
{
    const CnListing *listing = explain->needs->asked.directory->listing;
    const CnNeed *of = cn_plan_need_of(explain->needs, need);
    g_auto(CnPlanWhy) why = {NULL};
    g_auto(CnExplainCompany) company;
    cn_explain_company_init(&company, explain, need);
    cn_plan_why_init(&why, explain->needs, need, NULL, NULL);
    g_autoptr(GArray) offers = cn_explain_offers(explain, need, why.route, &company);
    g_string_append_printf(text, "Need %u, %s (%s)\n", cn_plan_need(explain->needs, need)->need + 1,
                           cn_service(listing->reference->taxonomy, of->service)->id,
                           cn_urgency_name(of->urgency));
    say_kept(text, explain->plan, cn_plan_person(explain->needs, need)->ref,
             cn_plan_need(explain->needs, need)->need + 1);
    cn_explain_count(explain, need, &company, -1);
    if (explain->offering_of[need] >= 0 && offers->len > 0)
        say_choice(text, explain, offers, &company);
    else
        say_unmet(text, explain, need, offers, &company);
    cn_explain_count(explain, need, &company, 1);
}

char *
carenet_plan_explain_text(const carenet_plan *plan,
                          const carenet_directory *directory,
                          const carenet_policy *policy,
                          const carenet_cases *cases,
                          const char *ref,
                          carenet_error **error)
{
    CN_REQUIRE_GIVEN(plan, error, NULL);
    CN_REQUIRE_GIVEN(directory, error, NULL);
    CN_REQUIRE_GIVEN(policy, error, NULL);
    CN_REQUIRE_GIVEN(cases, error, NULL);
    CN_REQUIRE_GIVEN(ref, error, NULL);
    if (!cn_directory_share(G_STRFUNC, directory, policy, cases, error))
        return NULL;
    if (!cn_directory_complete(directory, error))
        return NULL;
    g_autoptr(CnPlugged) plugged = NULL;
    if (!cn_plug_cases(directory, policy, cases, &plugged, error))
        return NULL;
    CnPlanQuestion asked = cn_plan_question(plan, directory, policy, cases);
    asked.plugged = plugged;
    CnExplain explain = {NULL};
    char *said = NULL;
    if (init_explain(&explain, plan, &asked, ref, error)) {
        g_autoptr(GString) text = g_string_new(NULL);
        for (guint need = explain.first; need < explain.end; need++)
            say_need(text, &explain, need);
        said = g_strdup(text->str);
    }
    clear_explain(&explain);
    return said;
}
