/* What the person who decides must know: notes on a ranked offering, and why a need is unmet. */
#include "routing/route.h"

#include <string.h>

static void
note_emergency(GPtrArray *notes, const CnQuestion *question, const CnCandidate *candidate)
{
    const CnLiveCapacity *capacity = candidate->capacity;
    if (question->need->urgency != CN_EMERGENCY || candidate->service->unit == CN_UNIT_NONE)
        return;
    if (!capacity->known || !capacity->as_of.is_set ||
        cn_instant_is_ahead(capacity->as_of.s, question->now_s)) {
        g_ptr_array_add(notes, g_strdup("CALL FIRST: nobody knows whether a place is free"));
        return;
    }
    gint64 hours = (question->now_s - capacity->as_of.s) / 3600;
    if (hours >= question->policy->emergency_hours)
        g_ptr_array_add(
            notes,
            g_strdup_printf("CALL FIRST: places as of %" G_GINT64_FORMAT " hours ago", hours));
}

static void
note_standing(GPtrArray *notes, const CnQuestion *question, const CnCandidate *candidate)
{
    const CnLiveCapacity *capacity = candidate->capacity;
    if (candidate->provider->unconfirmed)
        g_ptr_array_add(notes, g_strdup("unconfirmed: call before you count on it"));
    if (candidate->service->unit == CN_UNIT_NONE)
        return;
    if (!capacity->known)
        g_ptr_array_add(notes, g_strdup("free places unknown: call"));
    else if (capacity->as_of.is_set && cn_instant_is_ahead(capacity->as_of.s, question->now_s))
        g_ptr_array_add(notes, g_strdup("stale: places as of a day that has not come yet, call"));
    else if (!capacity->as_of.is_set)
        g_ptr_array_add(notes, g_strdup("stale: nobody knows of when its places are, call"));
    else if (cn_days_between(capacity->as_of.s, question->now_s) >
             question->policy->stale_after_days)
        g_ptr_array_add(notes,
                        g_strdup_printf("stale: places as of %" G_GINT64_FORMAT " days ago, call",
                                        cn_days_between(capacity->as_of.s, question->now_s)));
    if (capacity->wait_days < 0)
        g_ptr_array_add(notes, g_strdup("waiting time unknown"));
}

static void
note_transfer(GPtrArray *notes, const CnQuestion *question, const CnCandidate *candidate)
{
    const CnCase *person = question->person;
    const CnGazetteer *gazetteer = question->listing->reference->gazetteer;
    if (!cn_leaves_region(question, candidate))
        return;
    CnAreaId home = cn_area_at_level(gazetteer, person->area, CN_LEVEL_REGION);
    gboolean court = person->custody_order || person->court_area != CN_AREA_NONE;
    g_ptr_array_add(
        notes, g_strdup_printf("leaves %s: needs endorsement by the responsible office%s",
                               cn_area(gazetteer, home)->name, court ? " and leave of court" : ""));
}

static void
note_travel(GPtrArray *notes, const CnCandidate *candidate)
{
    if (candidate->provider->remote)
        g_ptr_array_add(notes, g_strdup("by phone or online"));
    if (!candidate->has_travel)
        return;
    if (candidate->travel.travel_min < 0)
        g_ptr_array_add(notes, g_strdup("no bridge or ferry to its island is known: ask"));
    else if (candidate->travel.crosses_sea)
        g_ptr_array_add(notes, g_strdup("crosses the sea"));
    if (candidate->provider->restricted)
        g_ptr_array_add(notes,
                        g_strdup("location withheld: travel is to the area where it is shown"));
}

/* A fact that nobody stated passes the rule about it: the reader must ask. */
static void
note_unstated(GPtrArray *notes, const CnQuestion *question, const CnCandidate *candidate)
{
    const CnEligibility *eligibility = &candidate->offered->eligibility;
    const CnCase *person = question->person;
    if (person->age_min < 0 && (eligibility->age_min >= 0 || eligibility->age_max >= 0)) {
        g_autofree char *ages = cn_rule_detail(question, candidate, CN_RULE_AGE);
        g_ptr_array_add(notes, g_strdup_printf("age not stated: %s", ages));
    }
    if (person->sex == CN_SEX_UNSTATED && eligibility->sex != CN_SEX_UNSTATED) {
        g_autofree char *sex = cn_rule_detail(question, candidate, CN_RULE_SEX);
        g_ptr_array_add(notes, g_strdup_printf("sex not stated: %s", sex));
    }
}

static void
note_person(GPtrArray *notes, const CnQuestion *question, const CnCandidate *candidate)
{
    const CnCase *person = question->person;
    if (person->consent == CN_CONSENT_UNSTATED && person->consents->len == 0)
        g_ptr_array_add(notes, g_strdup("record consent before a referral"));
    if (!cn_shares_language(question, candidate))
        g_ptr_array_add(notes, g_strdup("no shared language on record: ask for interpretation"));
    if (candidate->offered->intake_on_call)
        g_ptr_array_add(notes, g_strdup("intake on call: phone first"));
    if (!cn_term_set_is_empty(candidate->offered->eligibility.documents)) {
        CnTermSet missing =
            cn_term_set_minus(candidate->offered->eligibility.documents, person->documents);
        g_autofree char *ids = cn_term_set_join(
            question->listing->reference->terms[CARENET_TERMS_DOCUMENTS], missing, ", ");
        if (*ids != '\0')
            g_ptr_array_add(notes, g_strdup_printf("still to bring: %s", ids));
    }
}

GPtrArray *
cn_route_notes(const CnNeedRoute *route, const CnQuestion *question, const CnCandidate *candidate)
{
    GPtrArray *notes = g_ptr_array_new_with_free_func(g_free);
    note_emergency(notes, question, candidate);
    note_standing(notes, question, candidate);
    note_transfer(notes, question, candidate);
    note_travel(notes, candidate);
    note_unstated(notes, question, candidate);
    note_person(notes, question, candidate);
    if (!cn_companions_fit(route, question, candidate))
        g_ptr_array_add(notes, g_strdup("the siblings would be apart"));
    if (route->companions.together->len > 0)
        g_ptr_array_add(notes,
                        g_strdup_printf("together with %u sibling%s of the list, whose costs count",
                                        route->companions.together->len,
                                        route->companions.together->len == 1 ? "" : "s"));
    return notes;
}

const char *
cn_route_unmet_reason(const CnNeedRoute *route)
{
    return cn_rule_reason(route->offered == 0 ? CN_RULE_SERVICE : route->binding);
}

/* What the offerings that break a rule first say of it. */
typedef struct {
    guint offerings;
    char *common; /* what all of them say, until one says something else */
    gboolean varied, has_numbers;
    CnRuleNumbers numbers; /* of the common words */
} Told;

static void
hear_words(Told *told, const CnQuestion *question, const CnCandidate *candidate, CnRule rule)
{
    g_autofree char *detail = cn_rule_detail(question, candidate, rule);
    told->varied = g_strcmp0(detail, cn_rule_meaning(rule)) == 0 ||
                   (told->common != NULL && g_strcmp0(told->common, detail) != 0);
    if (told->common == NULL)
        told->common = g_steal_pointer(&detail);
}

/* Words are made only where numbers leave it open whether they would be others. */
static void
hear(Told *told, const CnQuestion *question, const CnRefusal *refusal)
{
    CnCandidate candidate;
    CnRuleNumbers numbers;
    told->offerings++;
    if (told->varied)
        return;
    cn_candidate_look(&candidate, question, refusal->offering);
    if ((CN_RULES_OF_TRAVEL & CN_RULE_BIT(refusal->rule)) != 0)
        cn_candidate_go(&candidate, question);
    const gboolean has_numbers = cn_rule_numbers(question, &candidate, refusal->rule, &numbers);
    if (has_numbers && told->has_numbers && memcmp(&numbers, &told->numbers, sizeof numbers) == 0)
        return;
    hear_words(told, question, &candidate, refusal->rule);
    told->has_numbers = has_numbers;
    if (has_numbers)
        told->numbers = numbers;
}

/* Their common words, or the meaning of the rule. */
static void
append_told(GString *text, const Told *told, CnRule rule)
{
    if (told->offerings > 0)
        g_string_append_printf(text, "; %u %s (%s)", told->offerings, cn_rule_reason(rule),
                               told->varied ? cn_rule_meaning(rule) : told->common);
}

char *
cn_route_unmet_detail(const CnRoutes *routes, const CnNeedRoute *route, CnRule by_others)
{
    CnOrigin origin;
    CnQuestion question = cn_routes_question(routes, route, &origin);
    const CnTaxonomy *taxonomy = question.listing->reference->taxonomy;
    Told told[CN_RULES_LEN] = {{0}};
    if (route->offered == 0)
        return g_strdup_printf("nobody in the directory offers %s",
                               cn_service(taxonomy, question.need->service)->id);
    for (guint i = 0; i < route->refused->len; i++) {
        const CnRefusal *refusal = &g_array_index(route->refused, CnRefusal, i);
        hear(&told[refusal->rule], &question, refusal);
    }
    g_autoptr(GString) text = g_string_new(NULL);
    g_string_append_printf(text, "%u offered", route->offered);
    for (guint rule = 0; rule < CN_RULES_LEN; rule++) {
        if (rule > CN_RULE_SERVICE)
            append_told(text, &told[rule], (CnRule)rule);
        g_free(told[rule].common);
    }
    /* In a plan somebody may be free for the need alone, and not for all. */
    if (route->free > 0)
        g_string_append_printf(text, "; %u %s (%s)", route->free, cn_rule_reason(by_others),
                               by_others != CN_RULE_FULL
                                   ? "free for the need alone, not beside others of the list"
                               : route->free == 1 ? "its places go to others of the list"
                                                  : "their places go to others of the list");
    return g_strdup(text->str);
}

static gint
gate_of(const CnQuestion *question, guint offering)
{
    CnCandidate candidate;
    cn_candidate_look(&candidate, question, offering);
    return cn_service(question->listing->reference->taxonomy, candidate.given)->gate;
}

/* The assessments that offerings wait for first, by their words in the vocabulary. */
static char *
advise_assessments(const CnRoutes *routes, const CnNeedRoute *route)
{
    CnOrigin origin;
    CnQuestion question = cn_routes_question(routes, route, &origin);
    const CnVocabulary *vocabulary = question.listing->reference->terms[CARENET_TERMS_ASSESSMENTS];
    CnTermSet gates = {{0, 0}};
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < route->refused->len; i++) {
        const CnRefusal *refusal = &g_array_index(route->refused, CnRefusal, i);
        if (refusal->rule == CN_RULE_ASSESSMENT)
            cn_term_set_add(&gates, gate_of(&question, refusal->offering));
    }
    for (guint gate = 0; gate < cn_vocabulary_len(vocabulary); gate++) {
        if (!cn_term_set_has(gates, (gint)gate))
            continue;
        g_autofree char *first = cn_term_ask_first(cn_term(vocabulary, (gint)gate));
        g_string_append_printf(text, "%sask for %s", text->len > 0 ? "; " : "", first);
    }
    return g_strdup(text->str);
}

static gboolean
refuses_for(const CnNeedRoute *route, CnRule rule)
{
    for (guint i = 0; i < route->refused->len; i++)
        if (g_array_index(route->refused, CnRefusal, i).rule == rule)
            return TRUE;
    return FALSE;
}

char *
cn_route_unmet_advice(const CnRoutes *routes, const CnNeedRoute *route)
{
    CnOrigin origin;
    const CnQuestion question = cn_routes_question(routes, route, &origin);
    if (!cn_service(question.listing->reference->taxonomy, question.need->service)->routable)
        return g_strdup("this service is decided by an authority: write to it");
    if (route->offered == 0)
        return g_strdup("look for a provider that could begin to offer it");
    if (refuses_for(route, CN_RULE_ASSESSMENT))
        return advise_assessments(routes, route);
    if (refuses_for(route, CN_RULE_SAFETY_CHECK))
        return g_strdup("ask a coordinator to check the locations with the reason safety-check");
    if (refuses_for(route, CN_RULE_UNCONFIRMED))
        return g_strdup("call the unconfirmed providers, or include them");
    if (refuses_for(route, CN_RULE_UNKNOWN_CAPACITY))
        return g_strdup("call the providers whose free places nobody knows");
    if (refuses_for(route, CN_RULE_NOT_ROUTABLE))
        return g_strdup("this service is decided by an authority: write to it");
    return NULL;
}
