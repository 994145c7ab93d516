/* What a person should look at in the records of a store: places, knowledge that has grown old,
 * privacy. Each finding names the command that mends it. */
#include "store/store-check.h"

#include "base/error.h"
#include "format/policy-file.h"
#include "model/policy.h"

#include <string.h>

/* After a year nobody answers for what was confirmed. */
#define VERIFIED_DAYS_MOST 365

typedef struct {
    CnStoreCheck *check;
    const CnNetwork *network;
    CnReference *reference;
    gint32 stale_after_days;
} Records;

/* A question about one record, put to all of them. */
typedef struct {
    const char *name;
    gboolean (*is_found)(const Records *, const CnProvider *, const CnOffering *);
    gboolean per_offering;
    const char *fine;    /* the detail where nothing is found */
    const char *found;   /* what follows the number of them */
    const char *command; /* nullable: the file of the region is corrected */
} Question;

/* ---- Commands. */

static void
note_region(GPtrArray *regions, const CnProvider *provider)
{
    const char *region = provider->region != NULL ? provider->region : "network";
    for (guint i = 0; i < regions->len; i++)
        if (strcmp(g_ptr_array_index(regions, i), region) == 0)
            return;
    g_ptr_array_add(regions, (gpointer)region);
}

/* The way of every correction that needs a phone call: the regions' files, out and in again. */
static char *
correct_command(const GPtrArray *regions)
{
    const char *region = g_ptr_array_index(regions, 0);
    g_autoptr(GString) command = g_string_new(NULL);
    g_string_printf(command,
                    "carenet export --region %s -o %s.yaml, correct it, carenet import %s.yaml",
                    region, region, region);
    for (guint i = 1; i < regions->len; i++)
        g_string_append_printf(command, "%s%s", i == 1 ? "; the same for " : ", ",
                               (const char *)g_ptr_array_index(regions, i));
    return g_string_free(g_steal_pointer(&command), FALSE);
}

/* ---- Questions about providers and offerings. */

static gboolean
is_overfull(const Records *records, const CnProvider *provider, const CnOffering *offering)
{
    (void)records, (void)provider;
    const CnCapacity *capacity = &offering->capacity;
    return capacity->known && capacity->occupied + capacity->held > capacity->total;
}

static gboolean
is_stale(const Records *records, const CnProvider *provider, const CnOffering *offering)
{
    const CnCapacity *capacity = &offering->capacity;
    const CnUnit unit = cn_service(records->reference->taxonomy, offering->service)->unit;
    return provider->status == CN_ACTIVE && unit != CN_UNIT_NONE &&
           (!capacity->known ||
            cn_report_is_stale(capacity->as_of, records->check->now_s, records->stale_after_days));
}

static gboolean
is_unconfirmed(const Records *records, const CnProvider *provider, const CnOffering *offering)
{
    (void)records, (void)offering;
    return provider->status == CN_ACTIVE && !cn_date_is_set(provider->verified_on);
}

static gboolean
is_verified_badly(const Records *records, const CnProvider *provider, const CnOffering *offering)
{
    (void)offering;
    return provider->status == CN_ACTIVE && cn_date_is_set(provider->verified_on) &&
           (cn_days_between(cn_date_last_s(provider->verified_on), records->check->now_s) >
                VERIFIED_DAYS_MOST ||
            cn_instant_is_ahead(cn_date_first_s(provider->verified_on), records->check->now_s));
}

static gboolean
is_lapsed(const Records *records, const CnProvider *provider, const CnOffering *offering)
{
    (void)offering;
    return provider->status == CN_ACTIVE && cn_date_is_set(provider->accreditation_expires) &&
           cn_date_last_s(provider->accreditation_expires) < records->check->now_s;
}

static gboolean
has_expired(const Records *records, const CnProvider *provider, const CnOffering *offering)
{
    (void)offering;
    for (guint i = 0; provider->status == CN_ACTIVE && i < provider->capabilities->len; i++) {
        const CnDate expires = g_array_index(provider->capabilities, CnCapability, i).expires;
        if (cn_date_is_set(expires) && cn_date_last_s(expires) < records->check->now_s)
            return TRUE;
    }
    return FALSE;
}

static gboolean
is_out_of_place(const Records *records, const CnProvider *provider, const CnOffering *offering)
{
    (void)offering;
    return provider->example && records->check->store->kind == CARENET_STORE_LIVE;
}

static const Question questions[] = {
    {"places", is_overfull, TRUE, "no offering has more people than places",
     "with more people and held places than places: call them", NULL},
    {"stale", is_stale, TRUE, "every capacity is young enough for the policy",
     "whose capacity is older than the policy takes for fresh, or that nobody has reported: call them",
     "carenet capacity set OFFERING --total N --occupied N, for each that was called"},
    {"unconfirmed", is_unconfirmed, FALSE, "every active provider has been confirmed",
     "that nobody has confirmed: call them, then write that down",
     "carenet verify ID --by phone, for each that was called"},
    {"verified", is_verified_badly, FALSE, "no confirmation is older than a year",
     "whose confirmation is older than a year, or of a day that has not come: call them again",
     NULL},
    {"accreditation", is_lapsed, FALSE, "no accreditation has lapsed",
     "whose accreditation has lapsed: ask for the new one, or write \"status: paused\"", NULL},
    {"capabilities", has_expired, FALSE, "no training of a provider's staff has expired",
     "with a training that has expired: ask when it was renewed; routing no longer counts it",
     NULL},
    {"examples", is_out_of_place, FALSE, "no invented provider is among real ones",
     "marked as invented in a live store: close them", NULL},
};

typedef struct {
    guint count;
    GPtrArray *which;   /* (element-type utf8) */
    GPtrArray *regions; /* (element-type utf8) where they are */
    gboolean withheld;  /* not all of them are named */
} Answer;

static void
ask_offerings(const Records *records,
              const Question *question,
              const CnProvider *provider,
              Answer *answer)
{
    for (guint i = 0; i < provider->offerings->len; i++) {
        const CnOffering *offering = &g_array_index(provider->offerings, CnOffering, i);
        if (!question->is_found(records, provider, offering))
            continue;
        answer->count++;
        /* How full a guarded provider is nobody learns from us. */
        if (provider->disclosure != CN_DISCLOSE_PUBLIC && question->is_found == is_overfull)
            answer->withheld = TRUE;
        else
            g_ptr_array_add(answer->which, (gpointer)offering->id);
    }
}

static void
ask_provider(const Records *records,
             const Question *question,
             const CnProvider *provider,
             Answer *answer)
{
    const guint before = answer->count;
    if (question->per_offering) {
        ask_offerings(records, question, provider, answer);
    } else if (question->is_found(records, provider, NULL)) {
        answer->count++;
        g_ptr_array_add(answer->which, (gpointer)provider->id);
    }
    if (answer->count > before)
        note_region(answer->regions, provider);
}

static void
ask(const Records *records, const Question *question)
{
    g_autoptr(GPtrArray) which = g_ptr_array_new(), regions = g_ptr_array_new();
    g_autofree char *command = NULL;
    Answer answer = {.which = which, .regions = regions};
    for (guint i = 0; i < records->network->providers->len; i++)
        ask_provider(records, question, g_ptr_array_index(records->network->providers, i), &answer);
    if (answer.count > 0)
        command =
            question->command != NULL ? g_strdup(question->command) : correct_command(regions);
    if (answer.count == 0)
        cn_store_check_add(records->check, question->name, CN_CHECK_OK, NULL, NULL, "%s",
                           question->fine);
    else
        cn_store_check_add(records->check, question->name, CN_CHECK_LOOK, which,
                           answer.withheld ? NULL : command, "%u %s%s %s%s", answer.count,
                           question->per_offering ? "offering" : "provider",
                           answer.count == 1 ? "" : "s", question->found,
                           answer.withheld ? "; restricted ones are not named" : "");
}

/* ---- What the check of files finds, asked again: rules may have come after the record. */

typedef enum {
    FINDING_OTHER,
    FINDING_CLEAR,   /* tells where a restricted site is */
    FINDING_REACH,   /* a restricted provider that cannot be reached or named */
    FINDING_NOTHING, /* is no matter of the store */
} Finding;

static Finding
sort_issue(const CnIssue *issue)
{
    gboolean is_error = issue->severity == CN_SEVERITY_ERROR;
    if (strcmp(issue->tag, "restricted-in-clear") == 0)
        return is_error ? FINDING_CLEAR : FINDING_NOTHING; /* the warning is about files */
    if (strcmp(issue->tag, "restricted-serves") == 0 ||
        strcmp(issue->tag, "restricted-narrow") == 0 || strcmp(issue->tag, "sensitive-public") == 0)
        return FINDING_CLEAR;
    if (g_str_has_prefix(issue->tag, "restricted-"))
        return FINDING_REACH;
    return is_error ? FINDING_OTHER : FINDING_NOTHING;
}

static void
add_findings(const Records *records,
             const CnIssueList *issues,
             Finding wanted,
             const char *name,
             const char *fine,
             const char *found)
{
    g_autoptr(GPtrArray) which = g_ptr_array_new();
    CnCheckStatus status = CN_CHECK_LOOK;
    for (guint i = 0; i < cn_issue_list_len(issues); i++) {
        const CnIssue *issue = cn_issue_list_get(issues, i);
        if (sort_issue(issue) != wanted)
            continue;
        g_ptr_array_add(which, issue->message);
        if (wanted == FINDING_CLEAR && issue->severity == CN_SEVERITY_ERROR)
            status = CN_CHECK_BAD;
    }
    if (which->len == 0)
        cn_store_check_add(records->check, name, CN_CHECK_OK, NULL, NULL, "%s", fine);
    else
        cn_store_check_add(records->check, name, status, which,
                           "carenet import FILE with the corrected records", "%u %s", which->len,
                           found);
}

static void
check_findings(const Records *records)
{
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    cn_network_check(records->network, records->reference, issues);
    add_findings(records, issues, FINDING_OTHER, "records", "no record breaks a rule",
                 "found that an import would refuse today");
    add_findings(records, issues, FINDING_CLEAR, "restricted",
                 "nothing that is shown tells where a restricted site is",
                 "found that may tell where survivors live");
    add_findings(records, issues, FINDING_REACH, "gateways",
                 "every restricted provider has a name to show and somebody to call",
                 "found without a name to show or somebody to call");
}

/* What the policy of the store takes for fresh; the default where it cannot be read. */
static gboolean
read_stale_days(Records *records, GError **error)
{
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    const char *text = cn_store_policy_text_locked(records->check->store, error);
    if (text == NULL)
        return FALSE;
    g_autoptr(carenet_policy) policy =
        cn_policy_text_read(text, strlen(text), "policy of the store", records->reference, issues);
    records->stale_after_days =
        policy != NULL ? policy->stale_after_days : CN_STALE_AFTER_DAYS_DEFAULT;
    if (policy == NULL)
        cn_store_check_add(records->check, "policy", CN_CHECK_LOOK, NULL,
                           "carenet route --policy FILE",
                           "the policy in the store has %u errors: route by a file of your own",
                           cn_issue_list_errors(issues));
    else
        cn_store_check_add(records->check, "policy", CN_CHECK_OK, NULL, NULL,
                           "the policy %s can be read", policy->id);
    return TRUE;
}

static gboolean
read_records(CnStoreCheck *check, Records *records, CnNetwork **out_network, GError **error)
{
    g_autoptr(CnNetwork) network = cn_store_load(check->store, NULL, error);
    if (network == NULL || !read_stale_days(records, error))
        return FALSE;
    *out_network = g_steal_pointer(&network);
    return TRUE;
}

/* Damage is a finding, anything else an error. (transfer full) @cause */
static gboolean
tell_damage(CnStoreCheck *check, GError *cause, GError **error)
{
    if (carenet_error_get_code(cause) != CARENET_ERROR_CORRUPT) {
        cn_error_pass(error, cause);
        return FALSE;
    }
    cn_store_check_add(check, "records", CN_CHECK_BAD, NULL, "carenet restore BACKUP --force", "%s",
                       carenet_error_get_message(cause));
    g_error_free(cause);
    return TRUE;
}

gboolean
cn_store_check_records(CnStoreCheck *check, GError **error)
{
    g_autoptr(CnNetwork) network = NULL;
    GError *cause = NULL;
    Records records = {.check = check, .reference = check->store->reference};
    if (!read_records(check, &records, &network, &cause))
        return tell_damage(check, cause, error);
    records.network = network;
    for (gsize i = 0; i < G_N_ELEMENTS(questions); i++)
        ask(&records, &questions[i]);
    check_findings(&records);
    return cn_store_check_programme(check, network, &cause) || tell_damage(check, cause, error);
}
