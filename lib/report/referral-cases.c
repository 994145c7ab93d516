/* The needs that referrals could not meet, as cases: so that they can be solved anew. */
#include "report/figures.h"
#include "report/page.h"

#include <string.h>

/* Everything that is known of one need of one case. */
typedef struct {
    gsize row;      /* of its last referral that was turned down or waits */
    gboolean unmet; /* there is one */
    gboolean met;   /* another one is underway, or help has begun */
} Sent;

typedef struct {
    const CnFigureQuestion *asked;
    const CnReference *reference;
    GHashTable *by_ref; /* (element-type utf8 CnCase) */
    carenet_cases *cases;
} Making;

static gboolean
is_one_of(const char *state, const char *const *states, gsize len)
{
    for (gsize i = 0; i < len; i++)
        if (strcmp(states[i], state) == 0)
            return TRUE;
    return FALSE;
}

static void
note(Sent *sent, const carenet_table *rows, gsize row)
{
    static const char *const unmet[] = {"declined", "expired", "waitlisted"};
    static const char *const met[] = {"sent", "received", "accepted", "started", "completed"};
    const char *state = cn_page_text(rows, row, "state");
    if (state == NULL)
        return;
    if (is_one_of(state, met, G_N_ELEMENTS(met)) || cn_page_text(rows, row, "started") != NULL)
        sent->met = TRUE;
    /* The list begins with the newest. */
    if (is_one_of(state, unmet, G_N_ELEMENTS(unmet)) && !sent->unmet) {
        sent->unmet = TRUE;
        sent->row = row;
    }
}

/* An erased case is known by its referral only. */
static char *
key_of(const carenet_table *rows, gsize row)
{
    const char *ref = cn_page_text(rows, row, "case");
    return g_strdup_printf("%s %s", ref != NULL ? ref : cn_page_text(rows, row, "id"),
                           cn_page_text(rows, row, "need"));
}

/* ---- A case of one need. */

static void
copy_facts(CnCase *to, const CnCase *from)
{
    to->area = from->area;
    to->age_min = from->age_min, to->age_max = from->age_max;
    to->sex = from->sex;
    to->languages = from->languages, to->groups = from->groups;
    to->access = from->access, to->documents = from->documents;
    to->offender_in_household = from->offender_in_household;
    to->remote_safe = from->remote_safe;
    to->max_travel_min = from->max_travel_min;
    to->court_area = from->court_area;
    to->custody_order = from->custody_order;
    to->consent = from->consent;
}

/* Of somebody of whom only the referral is known: what it took to be sent must have been there, and they
 * are somewhere near the provider that was asked. */
static CnCase *
suppose_person(const Making *making, gsize row, CnDate day)
{
    const CnListing *listing = making->asked->directory->listing;
    const char *provider = cn_page_text(making->asked->referrals, row, "provider");
    const gint i = provider != NULL ? cn_listing_provider(listing, provider) : -1;
    CnCase *person = cn_case_new();
    person->area = i >= 0 ? listing->providers[i].area : CN_AREA_NONE;
    person->consent = CN_CONSENT_FULL;
    person->documents = (CnTermSet){{G_MAXUINT64, G_MAXUINT64}};
    for (guint kind = 0;
         kind < cn_vocabulary_len(making->reference->terms[CARENET_TERMS_ASSESSMENTS]); kind++) {
        const CnAssessment assessment = {(gint)kind, day};
        g_array_append_val(person->assessments, assessment);
    }
    return person;
}

static void
add_case(Making *making, gsize row)
{
    const carenet_table *rows = making->asked->referrals;
    const char *ref = cn_page_text(rows, row, "case");
    const CnCase *known = ref != NULL ? g_hash_table_lookup(making->by_ref, ref) : NULL;
    const char *created = cn_page_text(rows, row, "created");
    CnInstant at = {0};
    CnNeed need = {
        .service = cn_service_by_id(making->reference->taxonomy, cn_page_text(rows, row, "need")),
        .units = (gint32)CLAMP(cn_page_int(rows, row, "units"), 1, CN_UNITS_MOST)};
    if (need.service == CN_SERVICE_NONE ||
        !cn_urgency_parse(cn_page_text(rows, row, "urgency"), &need.urgency))
        return;
    if (created == NULL || !cn_instant_parse(created, &at))
        at.s = making->asked->now_s;
    CnCase *person =
        known != NULL ? cn_case_new_like(known) : suppose_person(making, row, cn_date_of(at.s));
    if (known != NULL)
        copy_facts(person, known);
    g_array_unref(person->needs);
    person->needs = g_array_new(FALSE, FALSE, sizeof(CnNeed));
    g_array_set_clear_func(person->needs, cn_need_clear);
    g_array_append_val(person->needs, need);
    person->urgency = need.urgency;
    person->ref = g_strdup(cn_page_text(rows, row, "id"));
    if (!cn_cases_append(making->cases, person))
        cn_case_free(person);
}

/* ---- The call. */

static gboolean
is_in_period(const CnFigureQuestion *asked, gsize row)
{
    const char *created = cn_page_text(asked->referrals, row, "created");
    CnInstant at = {0};
    return created != NULL && cn_instant_parse(created, &at) &&
           (!cn_date_is_set(asked->from) || at.s >= cn_date_first_s(asked->from)) &&
           (!cn_date_is_set(asked->to) || at.s <= cn_date_last_s(asked->to));
}

carenet_cases *
cn_figure_unmet_cases(const CnFigureQuestion *asked)
{
    CnReference *reference = asked->directory->listing->reference;
    const carenet_table *rows = asked->referrals;
    g_autoptr(GHashTable) sent_of = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_autoptr(GHashTable) by_ref = cn_figure_cases(asked);
    Making making = {asked, reference, by_ref, carenet_cases_new(reference)};
    for (gsize row = 0; row < carenet_table_rows_len(rows); row++) {
        g_autofree char *key = key_of(rows, row);
        Sent *sent = g_hash_table_lookup(sent_of, key);
        if (!is_in_period(asked, row))
            continue;
        if (sent == NULL) {
            sent = g_new0(Sent, 1);
            g_hash_table_insert(sent_of, g_steal_pointer(&key), sent);
        }
        note(sent, rows, row);
    }
    /* In the order of the list, whatever the order of the hashes. */
    for (gsize row = 0; row < carenet_table_rows_len(rows); row++) {
        g_autofree char *key = key_of(rows, row);
        const Sent *sent = g_hash_table_lookup(sent_of, key);
        if (sent != NULL && sent->unmet && !sent->met && sent->row == row)
            add_case(&making, row);
    }
    return making.cases;
}
