/* Facts of cases and their end. A record in the chain names referrals, never a case. */
#include "referral/erase.h"

#include "base/error.h"
#include "base/table.h"
#include "referral/life-cycle.h"
#include "referral/referral.h"
#include "store/ledger.h"

#include <string.h>

/* ---- What is sealed: lines "fact TAB value". */

static void
put_fact(GString *text, const char *fact, const char *value)
{
    if (value != NULL && *value != '\0')
        g_string_append_printf(text, "%s\t%s\n", fact, value);
}

static void
put_terms(GString *text, const char *fact, const CnVocabulary *terms, CnTermSet set)
{
    g_autoptr(GString) list = g_string_new(NULL);
    for (gint i = 0; i < (gint)cn_vocabulary_len(terms); i++)
        if (cn_term_set_has(set, i))
            g_string_append_printf(list, "%s%s", list->len > 0 ? "," : "", cn_term(terms, i)->id);
    put_fact(text, fact, list->str);
}

static void
put_age(GString *text, const CnCase *person)
{
    if (person->age_min < 0)
        return;
    g_autofree char *age = person->age_min == person->age_max
                               ? g_strdup_printf("%d", person->age_min)
                               : g_strdup_printf("%d-%d", person->age_min, person->age_max);
    put_fact(text, "age", age);
}

static void
put_assessments(GString *text, const CnReference *reference, const CnCase *person)
{
    const CnVocabulary *kinds = reference->terms[CARENET_TERMS_ASSESSMENTS];
    for (guint i = 0; i < person->assessments->len; i++) {
        const CnAssessment *given = &g_array_index(person->assessments, CnAssessment, i);
        char day[11] = "";
        if (cn_date_is_set(given->on))
            cn_date_format(given->on, day);
        g_autofree char *value = g_strdup_printf("%s%s%s", cn_term(kinds, given->kind)->id,
                                                 *day != '\0' ? " " : "", day);
        put_fact(text, "assessment", value);
    }
}

/* Where the offender lives and whom the case avoids is not the receiver's to know. */
static char *
describe(const CnReference *reference, const CnCase *person, const CnNeed *need)
{
    GString *text = g_string_new(NULL);
    g_autofree char *units = g_strdup_printf("%d", need->units);
    put_fact(text, "need", cn_service(reference->taxonomy, need->service)->id);
    put_fact(text, "urgency", cn_urgency_name(need->urgency));
    put_fact(text, "units", units);
    if (person->area != CN_AREA_NONE)
        put_fact(text, "area", cn_area(reference->gazetteer, person->area)->code);
    put_age(text, person);
    put_fact(text, "sex", cn_sex_name(person->sex));
    put_terms(text, "languages", reference->terms[CARENET_TERMS_LANGUAGES], person->languages);
    put_terms(text, "groups", reference->terms[CARENET_TERMS_GROUPS], person->groups);
    put_terms(text, "access", reference->terms[CARENET_TERMS_ACCESS], person->access);
    put_terms(text, "documents", reference->terms[CARENET_TERMS_DOCUMENTS], person->documents);
    put_assessments(text, reference, person);
    put_fact(text, "remote_safe", person->remote_safe ? "yes" : NULL);
    put_fact(text, "custody_order", person->custody_order ? "yes" : NULL);
    put_fact(text, "responsible_office", person->responsible_office);
    return g_string_free(text, FALSE);
}

GBytes *
cn_case_facts_seal(const CnReference *reference,
                   const CnCase *person,
                   const CnNeed *need,
                   const CnCaseRecord *record)
{
    if (!record->has_key)
        return NULL;
    g_autofree char *label = cn_case_label(record->id, "facts");
    g_autofree char *text = describe(reference, person, need);
    GBytes *box = cn_seal(record->public_key, label, text, strlen(text));
    cn_wipe(text, strlen(text));
    return box;
}

/* ---- Reading them. */

static gboolean
fail_to_find(gint64 number, GError **error)
{
    cn_error_set(error, CARENET_ERROR_NOT_FOUND,
                 "nothing is kept of the case of R-%" G_GINT64_FORMAT, number);
    cn_error_hint(error, "it was erased, or was referred while the store had no key");
    return FALSE;
}

static gboolean
open_facts(CnWork *work,
           const CnKeyPair *key,
           gint64 number,
           const CnReferral *referral,
           GBytes **out,
           GError **error)
{
    g_auto(CnKeyPair) pair;
    g_autoptr(GError) cause = NULL;
    gboolean has = FALSE;
    gsize len = 0;
    cn_key_pair_wipe(&pair);
    if (!cn_seal_check_key(work->store, key, error))
        return FALSE;
    g_autoptr(GBytes) box = cn_referral_facts(work, number, &cause);
    if (cause != NULL) {
        cn_error_pass(error, g_steal_pointer(&cause));
        return FALSE;
    }
    if (box == NULL || !cn_case_open_key(work, key, referral->case_id, &pair, &has, error))
        return box != NULL ? FALSE : fail_to_find(number, error);
    if (!has)
        return fail_to_find(number, error);
    g_autofree char *label = cn_case_label(referral->case_id, "facts");
    gconstpointer bytes = g_bytes_get_data(box, &len);
    *out = cn_unseal(&pair, label, bytes, len);
    if (*out != NULL)
        return TRUE;
    cn_error_set(error, CARENET_ERROR_CORRUPT,
                 "what is kept of the case of R-%" G_GINT64_FORMAT
                 " does not open: it was changed, or is another's",
                 number);
    cn_error_hint(error, "carenet restore a backup");
    return FALSE;
}

static carenet_table *
tabulate_facts(GBytes *facts)
{
    static const CnColumn columns[] = {{"fact", CARENET_COLUMN_TEXT},
                                       {"value", CARENET_COLUMN_TEXT}};
    CnTableBuilder *table = cn_table_builder_new(columns, G_N_ELEMENTS(columns));
    g_auto(GStrv) lines = g_strsplit(g_bytes_get_data(facts, NULL), "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        char *value = strchr(lines[i], '\t');
        if (value == NULL)
            continue;
        *value++ = '\0';
        cn_table_add_text(table, lines[i]);
        cn_table_add_text(table, value);
    }
    return cn_table_builder_finish(table);
}

carenet_table *
cn_facts_read(carenet_store *store,
              const char *id,
              const CnKeyPair *key,
              const CnActing *acting,
              GError **error)
{
    g_auto(CnWork) work = {0};
    g_auto(CnReferral) referral = {0};
    g_autoptr(GBytes) facts = NULL;
    gint64 number = 0;
    if (!cn_referral_id_read(id, &number, error) || !cn_acting_check(acting, error) ||
        !cn_work_begin(&work, store, acting, error) ||
        !cn_referral_load(&work, number, &referral, error) ||
        !open_facts(&work, key, number, &referral, &facts, error))
        return NULL;
    g_autofree char *subject = cn_referral_id(number);
    g_autoptr(carenet_table) rows = tabulate_facts(facts);
    if (!cn_audit_append(&work, "read-facts", subject, referral.provider, NULL, error) ||
        !cn_work_commit(&work, error))
        return NULL;
    return g_steal_pointer(&rows);
}

/* ---- Erasing. */

static carenet_table *
tabulate(const char *action, const CnErased *erased, gboolean dry_run)
{
    static const CnColumn columns[] = {{"action", CARENET_COLUMN_TEXT},
                                       {"cases", CARENET_COLUMN_INT64},
                                       {"referrals", CARENET_COLUMN_INT64},
                                       {"facts", CARENET_COLUMN_INT64},
                                       {"dry_run", CARENET_COLUMN_BOOL}};
    CnTableBuilder *table = cn_table_builder_new(columns, G_N_ELEMENTS(columns));
    cn_table_add_text(table, action);
    cn_table_add_int64(table, erased->cases);
    cn_table_add_int64(table, erased->referrals);
    cn_table_add_int64(table, erased->facts);
    cn_table_add_bool(table, dry_run);
    return cn_table_builder_finish(table);
}

/* Whoever still helps, or is asked to, needs the case. */
static gboolean
check_ended(CnWork *work, gint64 case_id, GError **error)
{
    g_auto(CnReferral) referral = {0};
    gint64 number = 0;
    if (!cn_case_open_referral(work, case_id, &number, error))
        return FALSE;
    if (number == 0)
        return TRUE;
    if (!cn_referral_load(work, number, &referral, error))
        return FALSE;
    cn_error_set(error, CARENET_ERROR_STATE,
                 "R-%" G_GINT64_FORMAT
                 " of the case is %s: a case is erased when all its referrals have ended",
                 number, cn_state_name(referral.state));
    cn_error_hint(error, "carenet complete R-%" G_GINT64_FORMAT ", or carenet cancel it", number);
    return FALSE;
}

static gboolean
erase_one(CnWork *work, gint64 case_id, CnErased *erased, GError **error)
{
    gint64 first = 0;
    if (!cn_case_erase(work, case_id, erased, &first, error))
        return FALSE;
    g_autofree char *subject = first > 0 ? cn_referral_id(first) : g_strdup("case");
    return cn_audit_append(work, "erase", subject, "the case of this referral", NULL, error);
}

/* Referrals whose time is over have ended, though nobody has written it down. */
static gboolean
sweep_all(CnWork *work, GError **error)
{
    g_autoptr(GPtrArray) offerings = cn_offerings_overdue(work, error);
    for (guint i = 0; offerings != NULL && i < offerings->len; i++)
        if (!cn_ledger_sweep(work, g_ptr_array_index(offerings, i), error))
            return FALSE;
    return offerings != NULL;
}

/* Stores it, and sees that nothing of it is left in the file and its log. */
static carenet_table *
conclude(CnWork *work, const char *action, const CnErased *erased, GError **error)
{
    carenet_store *store = work->store;
    const gboolean dry_run = work->acting->dry_run;
    if (!cn_work_commit(work, error))
        return NULL;
    if (!dry_run && !cn_store_scrub(store, CN_ONCE_MORE, error))
        return NULL;
    return tabulate(action, erased, dry_run);
}

carenet_table *
cn_erase_case(carenet_store *store, const char *ref, const CnActing *acting, GError **error)
{
    g_auto(CnWork) work = {0};
    CnErased erased = {0};
    CnCaseRecord found = {0};
    if (!cn_acting_check(acting, error) || !cn_work_begin(&work, store, acting, error) ||
        !sweep_all(&work, error) || !cn_case_find(&work, ref, &found, error))
        return NULL;
    if (found.id != 0 &&
        (!check_ended(&work, found.id, error) || !erase_one(&work, found.id, &erased, error)))
        return NULL;
    return conclude(&work, "erase", &erased, error);
}

static gboolean
check_past(const CnWork *work, gint64 before_s, GError **error)
{
    if (before_s <= work->now_s)
        return TRUE;
    cn_error_set(error, CARENET_ERROR_INVALID_ARGUMENT,
                 "only what ended before a day that has passed can be purged");
    cn_error_hint(error, "name the day up to which your rule lets you keep it");
    return FALSE;
}

carenet_table *
cn_purge(carenet_store *store, gint64 before_s, const CnActing *acting, GError **error)
{
    g_auto(CnWork) work = {0};
    CnErased erased = {0};
    if (!cn_acting_check(acting, error) || !cn_work_begin(&work, store, acting, error) ||
        !check_past(&work, before_s, error) || !sweep_all(&work, error))
        return NULL;
    g_autoptr(GArray) cases = cn_cases_ended(&work, before_s, error);
    if (cases == NULL)
        return NULL;
    for (guint i = 0; i < cases->len; i++)
        if (!erase_one(&work, g_array_index(cases, gint64, i), &erased, error))
            return NULL;
    const gint64 of_cases = erased.facts;
    if (!cn_facts_drop(&work, before_s, &erased, error))
        return NULL;
    g_autofree char *detail = g_strdup_printf("facts %" G_GINT64_FORMAT, erased.facts - of_cases);
    if (erased.facts > of_cases && !cn_audit_append(&work, "purge", "network", detail, NULL, error))
        return NULL;
    return conclude(&work, "purge", &erased, error);
}
