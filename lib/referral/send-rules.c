/* What the hard rules say to a need that is to be sent: what routing would refuse is refused here, too. The
 * offering is read within the transaction that sends, so nobody changes it in between. */
#include "referral/look.h"
#include "referral/referral-private.h"

#include "base/error.h"
#include "base/text.h"

#include <string.h>

/* These are refused, whoever asks. */
#define RULES_OF_SAFETY                                                 \
    (CN_RULE_BIT(CN_RULE_SUSPENDED) | CN_RULE_BIT(CN_RULE_OFFENDER) |   \
     CN_RULE_BIT(CN_RULE_AVOIDED) | CN_RULE_BIT(CN_RULE_SAFETY_CHECK) | \
     CN_RULE_BIT(CN_RULE_CO_VICTIM) | CN_RULE_BIT(CN_RULE_SIBLING_APART))
/* Without them nobody is there to take the survivor in: the store looks at them itself, too. */
#define RULES_OF_STORE \
    (CN_RULE_BIT(CN_RULE_SERVICE) | CN_RULE_BIT(CN_RULE_CLOSED) | CN_RULE_BIT(CN_RULE_PAUSED))
/* Consent is looked at when it is sent; who is unconfirmed has just been called. */
#define RULES_OF_FIT \
    (CN_LOOK_RULES & \
     ~(RULES_OF_SAFETY | CN_RULE_BIT(CN_RULE_CONSENT) | CN_RULE_BIT(CN_RULE_UNCONFIRMED)))

/* ---- Who has a say in where a case goes. */

/* The case, first, and those of its list who go along with it or must not meet it. Where the others are, the
 * store knows best: the providers of their referrals count as known to them. */
typedef struct {
    struct carenet_cases list; /* cases: borrowed from the caller's list and from @told */
    GPtrArray *told;           /* (element-type CnCase) copies with a known_to of their own */
    CnCase *nobody; /* what is known of those who are not in the list; made when needed */
} Company;

static void
free_told(gpointer told)
{
    g_ptr_array_unref(((CnCase *)told)->known_to);
    g_free(told);
}

static void
company_init(Company *company, CnReference *reference, CnCase *person)
{
    *company = (Company){.list = {.reference = reference, .cases = g_ptr_array_new()},
                         .told = g_ptr_array_new_with_free_func(free_told)};
    g_ptr_array_add(company->list.cases, person);
}

static void
company_clear(Company *company)
{
    g_clear_pointer(&company->list.cases, g_ptr_array_unref);
    g_clear_pointer(&company->told, g_ptr_array_unref);
    g_clear_pointer(&company->nobody, cn_case_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Company, company_clear)

static gpointer
copy_text(gconstpointer text, gpointer data)
{
    (void)data;
    return g_strdup(text);
}

static gboolean
add_told(Company *company, CnWork *work, const CnCase *of, char *ref, GError **error)
{
    GPtrArray *known_to = cn_referral_providers_of(work, ref, error);
    if (known_to == NULL)
        return FALSE;
    g_ptr_array_extend(known_to, of->known_to, copy_text, NULL);
    CnCase *told = g_memdup2(of, sizeof *of);
    told->ref = ref;
    told->known_to = known_to;
    g_ptr_array_add(company->told, told);
    g_ptr_array_add(company->list.cases, told);
    return TRUE;
}

static gboolean
are_siblings(const CnCase *a, const CnCase *b)
{
    return a->siblings_group != NULL && g_strcmp0(a->siblings_group, b->siblings_group) == 0;
}

/* Whether @c must not meet one of @family. */
static gboolean
keeps_apart(const GPtrArray *family, const CnCase *c)
{
    for (guint i = 0; i < family->len; i++) {
        const CnCase *of = g_ptr_array_index(family, i);
        if (cn_text_is_among(of->keep_apart, c->ref) || cn_text_is_among(c->keep_apart, of->ref))
            return TRUE;
    }
    return FALSE;
}

/* The case and its siblings. (transfer full) (element-type CnCase) */
static GPtrArray *
find_family(const GPtrArray *cases, CnCase *person)
{
    GPtrArray *family = g_ptr_array_new();
    g_ptr_array_add(family, person);
    for (guint i = 0; person->siblings_group != NULL && i < cases->len; i++) {
        CnCase *other = g_ptr_array_index(cases, i);
        if (other != person && are_siblings(person, other))
            g_ptr_array_add(family, other);
    }
    return family;
}

static gboolean
has_ref(const Company *company, const char *ref)
{
    for (guint i = 0; i < company->list.cases->len; i++)
        if (strcmp(((const CnCase *)g_ptr_array_index(company->list.cases, i))->ref, ref) == 0)
            return TRUE;
    return FALSE;
}

/* Whom one of the family must not meet, and who is not in the list: it may have been referred before. */
static gboolean
add_strangers(Company *company, CnWork *work, const CnCase *of, GError **error)
{
    for (guint i = 0; i < of->keep_apart->len; i++) {
        char *ref = g_ptr_array_index(of->keep_apart, i);
        if (company->nobody == NULL)
            company->nobody = cn_case_new();
        if (!has_ref(company, ref) && !add_told(company, work, company->nobody, ref, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
find_company(Company *company, CnWork *work, const GPtrArray *cases, GError **error)
{
    CnCase *person = g_ptr_array_index(company->list.cases, 0);
    g_autoptr(GPtrArray) family = find_family(cases, person);
    for (guint i = 0; i < cases->len; i++) {
        CnCase *other = g_ptr_array_index(cases, i);
        if (other != person && (are_siblings(person, other) || keeps_apart(family, other)) &&
            !add_told(company, work, other, other->ref, error))
            return FALSE;
    }
    for (guint i = 0; i < family->len; i++)
        if (!add_strangers(company, work, g_ptr_array_index(family, i), error))
            return FALSE;
    return TRUE;
}

/* ---- What the rules say. */

static gboolean
refuse(const CnLook *look, const char *offering, CnRule rule, GError **error)
{
    g_autofree char *detail = cn_rule_detail(&look->question, &look->candidate, rule);
    cn_error_set(error, CARENET_ERROR_REFUSED, "%s is refused: %s [%s]", offering, detail,
                 cn_rule_reason(rule));
    cn_error_hint(error, rule == CN_RULE_SAFETY_CHECK
                             ? "who has the key of the network: --key-file FILE; else ask carenet "
                               "route for another"
                             : "ask carenet route for another");
    return FALSE;
}

static gboolean
does_not_fit(const CnLook *look, const char *offering, CnRule rule, GError **error)
{
    g_autofree char *detail = cn_rule_detail(&look->question, &look->candidate, rule);
    cn_error_set(error, CARENET_ERROR_STATE, "%s does not fit: %s [%s]", offering, detail,
                 cn_rule_reason(rule));
    cn_error_hint(error, (CN_RULE_BIT(rule) & RULES_OF_STORE) != 0
                             ? "ask carenet route for another"
                             : "ask carenet route for another, or add --despite");
    return FALSE;
}

/* "takes ages 7 to 21 [age]" of each rule that is passed over. */
static void
note_despite(const CnLook *look, GPtrArray *despite)
{
    const CnRuleMask broken =
        cn_rules_broken(&look->question, &look->candidate, RULES_OF_FIT & ~RULES_OF_STORE);
    for (guint rule = 0; rule < CN_RULES_LEN; rule++) {
        if ((broken & CN_RULE_BIT(rule)) == 0)
            continue;
        g_autofree char *detail = cn_rule_detail(&look->question, &look->candidate, (CnRule)rule);
        g_ptr_array_add(despite, g_strdup_printf("%s [%s]", detail, cn_rule_reason(rule)));
    }
}

static gboolean
judge(CnLook *look, const CnSend *send, gboolean *out_site, GPtrArray *despite, GError **error)
{
    *out_site = send->site_key != NULL && cn_rules_broken(&look->question, &look->candidate,
                                                          CN_RULE_BIT(CN_RULE_SAFETY_CHECK)) != 0;
    if (*out_site)
        look->question.checked =
            cn_listed_text(look->candidate.listing, look->candidate.provider->id);
    CnRule rule = cn_rules_first_broken(&look->question, &look->candidate, RULES_OF_SAFETY);
    if (rule != CN_RULE_NONE)
        return refuse(look, send->offering, rule, error);
    if (send->despite) {
        note_despite(look, despite);
        return TRUE;
    }
    rule = cn_rules_first_broken(&look->question, &look->candidate, RULES_OF_FIT);
    return rule == CN_RULE_NONE || does_not_fit(look, send->offering, rule, error);
}

static gboolean
look_at(const CnPlanNeeds *needs,
        guint need,
        const CnSend *send,
        gboolean *out_site,
        GPtrArray *despite,
        GError **error)
{
    g_auto(CnLook) look = {.has_company = FALSE};
    CnPlanWay way = {.made = FALSE};
    g_autofree gint *offering_of = g_new(gint, needs->needs->len);
    for (guint i = 0; i < needs->needs->len; i++)
        offering_of[i] = -1;
    offering_of[need] = 0;
    cn_look_init(&look, needs, need, offering_of, &way);
    return judge(&look, send, out_site, despite, error);
}

gboolean
cn_send_check_rules(CnWork *work,
                    const CnSendCase *of,
                    const CnSend *send,
                    const CnPlaces *places,
                    gboolean *out_site,
                    GPtrArray *despite,
                    GError **error)
{
    CnReference *reference = cn_store_reference(work->store);
    CnCase *person = g_ptr_array_index(of->cases->cases, of->person);
    const guint need = (guint)(of->need - &g_array_index(person->needs, CnNeed, 0));
    g_auto(Company) company;
    company_init(&company, reference, person);
    *out_site = FALSE;
    /* As in routing: only where places are counted anybody meets there. */
    if (cn_service(reference->taxonomy, of->need->service)->unit != CN_UNIT_NONE &&
        !find_company(&company, work, of->cases->cases, error))
        return FALSE;
    const gboolean waits = cn_date_is_set(of->need->before) || company.list.cases->len > 1;
    g_autoptr(CnNetwork) network =
        cn_store_offering(work, places->provider, send->offering, waits, error);
    if (network == NULL)
        return FALSE;
    g_autoptr(carenet_directory) directory = cn_directory_new(network, reference, 0);
    if (directory->listing->offerings_len == 0) /* it was closed: cn_referral_check_provider() */
        return TRUE;
    const CnPlanQuestion asked = {.directory = directory,
                                  .policy = of->policy,
                                  .cases = &company.list,
                                  .now_s = work->now_s,
                                  .at_s = work->now_s,
                                  .include_unconfirmed = TRUE,
                                  .include_unknown_capacity = TRUE};
    g_autoptr(CnPlanNeeds) needs = cn_plan_needs_new(&asked);
    return look_at(needs, need, send, out_site, despite, error);
}
