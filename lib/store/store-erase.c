/* Erasing a case: what names it, who consented, and the key without which its facts are noise. The
 * chain names referrals, never cases, and stays whole. */
#include "store/erase.h"
#include "store/store-private.h"

#include "base/error.h"

#define OPEN_STATES "('draft', 'sent', 'received', 'accepted', 'started', 'waitlisted')"

static const CnSql select_open = {
    "open-referral-of-case",
    "SELECT min(number) FROM referral WHERE network_id = :network_id AND case_id = :case_id"
    " AND state IN " OPEN_STATES,
    NULL,
};

gboolean
cn_case_open_referral(CnWork *work, gint64 case_id, gint64 *out_number, GError **error)
{
    gboolean row = FALSE;
    CnStatement *select = cn_statement(work->store, &select_open, error);
    *out_number = 0;
    if (select == NULL)
        return FALSE;
    cn_bind_int(select, ":case_id", case_id);
    if (!cn_statement_step(select, &row, error))
        return FALSE;
    *out_number = sqlite3_column_int64(select->stmt, 0);
    sqlite3_reset(select->stmt);
    return TRUE;
}

static const CnSql select_ended = {
    "ended-cases",
    "SELECT c.id FROM case_record AS c WHERE c.network_id = :network_id AND c.erased_s IS NULL"
    " AND (SELECT max(r.changed_s) < :before_s AND max(r.state IN " OPEN_STATES ") = 0"
    " FROM referral AS r WHERE r.network_id = c.network_id AND r.case_id = c.id) ORDER BY c.id",
    NULL,
};

GArray *
cn_cases_ended(CnWork *work, gint64 before_s, GError **error)
{
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
    gboolean row = TRUE;
    CnStatement *select = cn_statement(work->store, &select_ended, error);
    if (select == NULL)
        return NULL;
    cn_bind_int(select, ":before_s", before_s);
    while (row) {
        if (!cn_statement_step(select, &row, error))
            return NULL;
        const gint64 id = row ? sqlite3_column_int64(select->stmt, 0) : 0;
        if (row)
            g_array_append_val(ids, id);
    }
    return g_steal_pointer(&ids);
}

static const CnSql select_overdue = {
    "overdue-offerings",
    "SELECT DISTINCT offering_id FROM referral WHERE network_id = :network_id"
    " AND state IN ('sent', 'received') AND hold_until_s <= :now_s ORDER BY offering_id",
    NULL,
};

GPtrArray *
cn_offerings_overdue(CnWork *work, GError **error)
{
    CnStatement *select = cn_statement(work->store, &select_overdue, error);
    if (select == NULL)
        return NULL;
    cn_bind_int(select, ":now_s", work->now_s);
    return cn_statement_texts(select, error);
}

/* ---- Erasing. */

static const CnSql select_size = {
    "size-of-case",
    "SELECT count(*), count(facts), min(number) FROM referral"
    " WHERE network_id = :network_id AND case_id = :case_id",
    NULL,
};

/* A digest of a request covers the reference: it could be guessed at. */
static const CnSql delete_requests = {
    "delete-requests-of-case",
    "DELETE FROM request WHERE network_id = :network_id AND subject IN"
    " (SELECT 'R-' || number FROM referral WHERE network_id = :network_id AND case_id = :case_id)",
    NULL,
};
static const CnSql clear_facts = {
    "clear-facts-of-case",
    "UPDATE referral SET facts = NULL WHERE network_id = :network_id AND case_id = :case_id"
    " AND facts IS NOT NULL",
    NULL,
};
static const CnSql clear_homes = {
    "clear-homes-of-case",
    "UPDATE referral SET home = NULL WHERE network_id = :network_id AND case_id = :case_id"
    " AND home IS NOT NULL",
    NULL,
};
static const CnSql delete_consent_to = {
    "erase-consent-to",
    "DELETE FROM consent_to WHERE network_id = :network_id AND case_id = :case_id",
    NULL,
};
static const CnSql delete_consents = {
    "erase-consents",
    "DELETE FROM consent WHERE network_id = :network_id AND case_id = :case_id",
    NULL,
};
/* Programme records stay for the figures. Their ids are digests of what they are, the reference
 * included: it could be guessed at. */
static const CnSql delete_goals = {
    "delete-goals-of-case",
    "DELETE FROM care_plan_goal WHERE network_id = :network_id AND care_plan_id IN"
    " (SELECT id FROM care_plan WHERE network_id = :network_id AND case_id = :case_id)",
    NULL,
};
static const CnSql delete_plan_needs = {
    "delete-plan-needs-of-case",
    "DELETE FROM care_plan_need WHERE network_id = :network_id AND care_plan_id IN"
    " (SELECT id FROM care_plan WHERE network_id = :network_id AND case_id = :case_id)",
    NULL,
};
/* The town that a case lives in finds it again; figures are by region. */
#define REGION_OF(record)                                                                          \
    " area = coalesce((SELECT r.code FROM area AS t JOIN area AS r ON r.network_id = t.network_id" \
    " AND r.first_below <= t.first_below AND t.first_below < r.end_below AND r.level = 'region'"   \
    " WHERE t.network_id = " record ".network_id AND t.code = " record ".area), area)"
static const CnSql rename_plans = {
    "rename-care-plans-of-case",
    "UPDATE care_plan SET id = 'erased-' || lower(hex(randomblob(8)))," REGION_OF(
        "care_plan") " WHERE network_id = :network_id AND case_id = :case_id",
    NULL,
};
static const CnSql rename_starts = {
    "rename-starts-of-case",
    "UPDATE service_start SET id = 'erased-' || lower(hex(randomblob(8)))," REGION_OF(
        "service_start") " WHERE network_id = :network_id AND case_id = :case_id",
    NULL,
};

static const CnSql erase_record = {
    "erase-case-record",
    "UPDATE case_record SET ref = NULL, public = NULL, secret_box = NULL, consent = 'unstated',"
    " erased_s = :now_s WHERE network_id = :network_id AND id = :case_id",
    NULL,
};

static gboolean
measure(CnWork *work, gint64 case_id, CnErased *out, gint64 *out_first, GError **error)
{
    gboolean row = FALSE;
    CnStatement *select = cn_statement(work->store, &select_size, error);
    if (select == NULL)
        return FALSE;
    cn_bind_int(select, ":case_id", case_id);
    if (!cn_statement_step(select, &row, error))
        return FALSE;
    out->cases++;
    out->referrals += sqlite3_column_int64(select->stmt, 0);
    out->facts += sqlite3_column_int64(select->stmt, 1);
    *out_first = sqlite3_column_int64(select->stmt, 2);
    sqlite3_reset(select->stmt);
    return TRUE;
}

gboolean
cn_case_erase(CnWork *work, gint64 case_id, CnErased *out, gint64 *out_first, GError **error)
{
    static const CnSql *const steps[] = {
        &delete_requests, &clear_facts,       &clear_homes,  &delete_consent_to, &delete_consents,
        &delete_goals,    &delete_plan_needs, &rename_plans, &rename_starts,     &erase_record};
    if (!measure(work, case_id, out, out_first, error))
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
        CnStatement *step = cn_statement(work->store, steps[i], error);
        if (step == NULL)
            return FALSE;
        cn_bind_int(step, ":case_id", case_id);
        if (steps[i] == &erase_record)
            cn_bind_int(step, ":now_s", work->now_s);
        if (!cn_statement_run(step, error))
            return FALSE;
    }
    return TRUE;
}

static const CnSql drop_facts = {
    "drop-old-facts",
    "UPDATE referral SET facts = NULL WHERE network_id = :network_id AND facts IS NOT NULL"
    " AND changed_s < :before_s AND state NOT IN " OPEN_STATES,
    NULL,
};

gboolean
cn_facts_drop(CnWork *work, gint64 before_s, CnErased *out, GError **error)
{
    CnStatement *drop = cn_statement(work->store, &drop_facts, error);
    if (drop == NULL)
        return FALSE;
    cn_bind_int(drop, ":before_s", before_s);
    if (!cn_statement_run(drop, error))
        return FALSE;
    out->facts += sqlite3_changes(work->store->db);
    return TRUE;
}

/* ---- Reading. */

static const CnSql select_facts = {
    "facts-of-referral",
    "SELECT facts FROM referral WHERE network_id = :network_id AND number = :number",
    NULL,
};

GBytes *
cn_referral_facts(CnWork *work, gint64 number, GError **error)
{
    gboolean row = FALSE;
    GBytes *facts = NULL;
    CnStatement *select = cn_statement(work->store, &select_facts, error);
    if (select == NULL)
        return NULL;
    cn_bind_int(select, ":number", number);
    if (!cn_statement_step(select, &row, error))
        return NULL;
    if (row && sqlite3_column_type(select->stmt, 0) != SQLITE_NULL)
        facts = g_bytes_new(sqlite3_column_blob(select->stmt, 0),
                            (gsize)sqlite3_column_bytes(select->stmt, 0));
    sqlite3_reset(select->stmt);
    return facts;
}
