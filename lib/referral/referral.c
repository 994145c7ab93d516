#include "referral/referral-private.h"

#include "base/error.h"
#include "format/case-privacy.h"

#include <string.h>

/* ---- Who acts. */

#define KEY_MOST 128

static gboolean
is_key(const char *key)
{
    const gsize len = strlen(key);
    for (gsize i = 0; i < len; i++)
        if (g_ascii_iscntrl(key[i]))
            return FALSE;
    return len >= 1 && len <= KEY_MOST && g_utf8_validate(key, (gssize)len, NULL);
}

/* A log that nobody can erase is no place for what finds a person. */
gboolean
cn_actor_check_impersonal(const char *actor, GError **error)
{
    const CnPersonal kind = cn_personal_value(actor);
    if (kind != CN_PERSONAL_EMAIL && kind != CN_PERSONAL_PHONE)
        return TRUE;
    cn_error_set(error, CARENET_ERROR_INVALID_ARGUMENT,
                 "%s is not taken for a name: it would stay in the audit record for ever",
                 cn_personal_noun(kind));
    cn_error_hint(error, "name the desk or the login, such as intake-desk-1");
    return FALSE;
}

gboolean
cn_acting_check(const CnActing *acting, GError **error)
{
    const char *at = acting->actor;
    gsize len = at != NULL ? strlen(at) : 0;
    for (; at != NULL && *at != '\0'; at++)
        if (!g_ascii_isalnum(*at) && strchr("._@:+-", *at) == NULL)
            len = 0;
    if (len > 0 && len <= CN_ACTOR_MOST && !cn_actor_check_impersonal(acting->actor, error))
        return FALSE;
    if (len > 0 && len <= CN_ACTOR_MOST && (acting->key == NULL || is_key(acting->key)))
        return TRUE;
    if (len == 0 || len > CN_ACTOR_MOST) {
        cn_error_set(error, CARENET_ERROR_INVALID_ARGUMENT,
                     "who acts is a word of 1 to 64 letters, digits and ._@:+-");
        cn_error_hint(error, "name the desk or the login, such as intake-desk-1");
    } else {
        cn_error_set(error, CARENET_ERROR_INVALID_ARGUMENT,
                     "the key of a request has 1 to 128 bytes of UTF-8 without control characters");
    }
    return FALSE;
}

/* ---- Consent. */

static gboolean
fail_consent(const CnReferral *referral, CnConsentAnswer answer, GError **error)
{
    if (answer == CN_CONSENT_NOT_RECORDED) {
        cn_error_set(error, CARENET_ERROR_REFUSED,
                     "nobody has recorded consent to refer this case");
        cn_error_hint(error,
                      "add consent or consents to the case file; without it only on a lawful "
                      "ground: --override-consent GROUND");
    } else {
        cn_error_set(error, CARENET_ERROR_REFUSED,
                     "there is no valid consent to refer this case to %s", referral->provider);
        cn_error_hint(error,
                      "ask for it and write it into the case file; a child's assent alone is "
                      "not enough; else only on a lawful ground: --override-consent GROUND");
    }
    return FALSE;
}

static void
set_basis(CnReferral *referral, const char *basis, const char *ground)
{
    g_autofree char *kept = g_strdup(ground); /* it may be that of the referral itself */
    g_free(referral->basis);
    g_free(referral->basis_reason);
    referral->basis = g_strdup(basis);
    referral->basis_reason = g_steal_pointer(&kept);
}

gboolean
cn_referral_check_consent(CnWork *work,
                          CnReferral *referral,
                          const char *ground,
                          gboolean never_asked,
                          GError **error)
{
    CnConsentLevel level;
    if (ground != NULL && !cn_code_check("ground", cn_ground_at, ground, error))
        return FALSE;
    g_autoptr(GArray) consents = cn_case_consents(work, referral->case_id, &level, error);
    if (consents == NULL)
        return FALSE;
    const CnConsentAnswer answer = cn_consent_to(consents, level, referral->provider, work->now_s);
    if (answer == CN_CONSENT_GIVEN)
        set_basis(referral, "consent", NULL);
    else if (never_asked)
        set_basis(referral, "not-asked", NULL);
    else if (ground != NULL)
        set_basis(referral, "override", ground);
    else
        return fail_consent(referral, answer, error);
    return TRUE;
}

/* ---- Moving from state to state. */

/* What the move does to the places of the offering. */
static gboolean
move_places(CnWork *work,
            const CnReferral *referral,
            CnTakes from,
            CnTakes to,
            gint64 record,
            GError **error)
{
    g_autofree char *id = cn_referral_id(referral->number);
    if (!referral->counted || from == to)
        return TRUE;
    if (from == CN_TAKES_NOTHING)
        return cn_ledger_hold(work, referral->offering, id, referral->units, referral->hold_until_s,
                              referral->number, record, error);
    if (from == CN_TAKES_OCCUPIED)
        return cn_ledger_free(work, referral->offering, referral->units, record, error);
    return to == CN_TAKES_OCCUPIED
               ? cn_ledger_occupy(work, referral->offering, id, record, error)
               : cn_ledger_release(work, referral->offering, id, record, NULL, error);
}

/* For the chain: never anything of the case. */
static char *
describe_move(const CnWork *work, const CnReferral *referral, CnState from)
{
    GString *detail = g_string_new(NULL);
    g_string_append_printf(detail, "%s -> %s; %s", cn_state_name(from),
                           cn_state_name(referral->state), referral->offering);
    if (referral->reason != NULL)
        g_string_append_printf(detail, "; reason %s", referral->reason);
    if (referral->state == CN_SENT)
        g_string_append_printf(detail, "; basis %s%s%s", referral->basis,
                               referral->basis_reason != NULL ? " " : "",
                               referral->basis_reason != NULL ? referral->basis_reason : "");
    if (work->acting->by_phone)
        g_string_append(detail, "; by phone");
    return g_string_free(detail, FALSE);
}

gboolean
cn_referral_move(CnWork *work,
                 CnReferral *referral,
                 CnState to,
                 const char *action,
                 const char *reason,
                 gint64 *out_record,
                 gboolean *out_freed,
                 GError **error)
{
    g_autofree char *id = cn_referral_id(referral->number);
    const CnState from = referral->state;
    const CnTakes took = cn_state_takes(from), takes = cn_state_takes(to);
    gint64 record = 0;
    referral->state = to;
    referral->waiting_s = to == CN_WAITLISTED ? work->now_s : G_MININT64;
    if (to != CN_SENT && to != CN_RECEIVED)
        referral->hold_until_s = G_MININT64;
    g_free(referral->reason);
    referral->reason = g_strdup(reason);
    g_autofree char *detail = describe_move(work, referral, from);
    if (!cn_audit_append(work, action, id, detail, &record, error) ||
        !move_places(work, referral, took, takes, record, error) ||
        !cn_referral_update(work, referral, error) ||
        !cn_referral_event(work, referral, (gint)from, record, work->acting->by_phone, error))
        return FALSE;
    if (out_record != NULL)
        *out_record = record;
    if (out_freed != NULL)
        *out_freed = referral->counted && took != CN_TAKES_NOTHING && takes == CN_TAKES_NOTHING;
    return TRUE;
}

/* ---- Where a referral may go. */

gboolean
cn_referral_check_provider(const CnWork *work,
                           const char *offering,
                           const CnPlaces *places,
                           GError **error)
{
    if (places->example && cn_store_kind(work->store) == CARENET_STORE_LIVE) {
        cn_error_set(error, CARENET_ERROR_REFUSED,
                     "%s is invented (example: true), and this is a live store", offering);
        cn_error_hint(error, "take it out of the store; nobody is there to help");
    } else if (strcmp(places->status, "suspended") == 0) {
        cn_error_set(error, CARENET_ERROR_REFUSED, "%s is suspended for a safeguarding concern",
                     places->provider);
        cn_error_hint(error, "ask carenet route for another");
    } else if (!places->open || strcmp(places->status, "active") != 0) {
        cn_error_set(error, CARENET_ERROR_STATE, "%s takes nobody: it is %s", offering,
                     places->open ? places->status : "closed");
        cn_error_hint(error, "ask carenet route for another");
    } else {
        return TRUE;
    }
    return FALSE;
}

gboolean
cn_referral_check_service(CnWork *work,
                          const char *offering,
                          const CnPlaces *places,
                          const char *need,
                          GError **error)
{
    gboolean meets = FALSE;
    if (!cn_service_is_below(work, places->service, need, &meets, error))
        return FALSE;
    if (!meets && places->all_below &&
        !cn_service_is_below(work, need, places->service, &meets, error))
        return FALSE;
    if (meets)
        return TRUE;
    cn_error_set(error, CARENET_ERROR_INVALID_ARGUMENT, "%s gives %s, which does not meet %s",
                 offering, places->service, need);
    cn_error_hint(error, "carenet find --service %s lists who does", need);
    return FALSE;
}

gboolean
cn_hold_check(gint64 hold_s, GError **error)
{
    if (hold_s >= 0 && hold_s <= CN_HOLD_S_MOST)
        return TRUE;
    cn_error_set(error, CARENET_ERROR_INVALID_ARGUMENT,
                 "a place is held for more than nothing and at most 366 days");
    return FALSE;
}

gint64
cn_hold_until(const CnWork *work, gint64 hold_s)
{
    return work->now_s + (hold_s > 0 ? hold_s : CN_HOLD_S_DEFAULT);
}

/* ---- Requests that come again. */

void
cn_request_digest(const char *const *words, gsize len, gint64 number, guint8 out[CN_HASH_LEN])
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (gsize i = 0; i < len; i++) {
        const char *word = words[i] != NULL ? words[i] : "";
        g_string_append_printf(text, "%zu:%s,", strlen(word), word);
    }
    g_string_append_printf(text, "%" G_GINT64_FORMAT, number);
    cn_hash(text->str, text->len, out);
}

gboolean
cn_request_answer(CnWork *work,
                  const guint8 digest[CN_HASH_LEN],
                  CnOutcome *outcome,
                  gboolean *out_found,
                  GError **error)
{
    g_autofree char *subject = NULL;
    gint64 record = 0, number = 0;
    *out_found = FALSE;
    if (!cn_request_find(work, digest, &subject, &record, error))
        return FALSE;
    if (record == 0)
        return TRUE;
    if (!cn_referral_id_parse(subject, &number) ||
        !cn_referral_load(work, number, &outcome->referral, error) ||
        !cn_referral_at_record(work, record, &outcome->referral, error) ||
        !cn_referral_position(work, &outcome->referral, &outcome->position, error))
        return FALSE;
    outcome->replayed = TRUE;
    *out_found = TRUE;
    return TRUE;
}

/* ---- A new referral. */

gboolean
cn_referral_make(CnWork *work,
                 CnReferral *referral,
                 GBytes *facts,
                 const char *action,
                 gint64 *out_record,
                 GError **error)
{
    const char *phone = work->acting->by_phone ? "; by phone" : "";
    g_autofree char *detail = g_strdup_printf(
        "%s; %s; basis %s%s%s%s", cn_state_name(referral->state), referral->offering,
        referral->basis, referral->basis_reason != NULL ? " " : "",
        referral->basis_reason != NULL ? referral->basis_reason : "", phone);
    g_autofree char *id = cn_referral_id(work->referrals + 1);
    return cn_audit_append(work, action, id, detail, out_record, error) &&
           cn_referral_insert(work, referral, facts, error) &&
           move_places(work, referral, CN_TAKES_NOTHING, cn_state_takes(referral->state),
                       *out_record, error) &&
           cn_referral_event(work, referral, -1, *out_record, work->acting->by_phone, error);
}
