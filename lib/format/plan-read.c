/* Reading a plan file, strictly: any damage is an error that names its place and no value. Keys that a
 * later carenet adds are passed over. */
#include "format/plan-file.h"

#include "base/error.h"
#include "format/json-read.h"

#include <math.h>
#include <string.h>

#define TEXT_MOST   4096
#define NUMBER_MOST (G_MAXINT64 / 4)
#define NEEDS_MOST  1000000
#define DIGEST_LEN  64

/* Where reading is: the document, then "assignments[3]". */
typedef struct {
    CnPlan *plan;
    const char *file;
    const char *list; /* nullable */
    gsize row;
    GError **error;
} Reader;

static gboolean
refuse(const Reader *reader, const char *key, const char *what)
{
    g_autoptr(GString) place = g_string_new(NULL);
    if (reader->list != NULL)
        g_string_append_printf(place, "%s[%" G_GSIZE_FORMAT "]", reader->list, reader->row);
    if (key != NULL)
        g_string_append_printf(place, "%s%s", place->len > 0 ? "." : "", key);
    cn_error_set_at(reader->error, CARENET_ERROR_INVALID_DATA, reader->file, 0, 0,
                    "the plan is damaged: %s %s", place->str, what);
    cn_error_hint(reader->error, "make it anew with carenet batch");
    return FALSE;
}

/* ---- Values of an object. */

static gboolean
read_text(const Reader *reader, json_t *object, const char *key, const char **out)
{
    const json_t *value = json_object_get(object, key);
    if (!json_is_string(value) || json_string_length(value) == 0)
        return refuse(reader, key, "must be a text");
    if (json_string_length(value) > TEXT_MOST)
        return refuse(reader, key, "is too long");
    *out = cn_plan_text(reader->plan, json_string_value(value));
    return TRUE;
}

static gboolean
read_text_or_null(const Reader *reader, json_t *object, const char *key, const char **out)
{
    const json_t *value = json_object_get(object, key);
    if (json_is_null(value))
        return TRUE;
    if (!json_is_string(value) || json_string_length(value) > TEXT_MOST)
        return refuse(reader, key, "must be a text or null");
    *out = cn_plan_text(reader->plan, json_string_value(value));
    return TRUE;
}

static gboolean
read_number(const Reader *reader,
            json_t *object,
            const char *key,
            gint64 least,
            gint64 most,
            gint64 *out)
{
    const json_t *value = json_object_get(object, key);
    if (!json_is_integer(value))
        return refuse(reader, key, "must be a whole number");
    *out = json_integer_value(value);
    return (*out >= least && *out <= most) || refuse(reader, key, "is out of range");
}

static gboolean
read_truth(const Reader *reader, json_t *object, const char *key, gboolean *out)
{
    const json_t *value = json_object_get(object, key);
    if (!json_is_boolean(value))
        return refuse(reader, key, "must be true or false");
    *out = json_is_true(value);
    return TRUE;
}

static gboolean
read_digest(const Reader *reader, json_t *object, const char *key, const char **out)
{
    if (!read_text(reader, object, key, out))
        return FALSE;
    const char *text = *out;
    return (strlen(text) == DIGEST_LEN && strspn(text, "0123456789abcdef") == DIGEST_LEN) ||
           refuse(reader, key, "is no digest");
}

static gboolean
read_instant(const Reader *reader, json_t *object, const char *key, gint64 *out)
{
    CnInstant instant = {0};
    const char *text = NULL;
    if (!read_text(reader, object, key, &text))
        return FALSE;
    if (!cn_instant_parse(text, &instant) || instant.day_only)
        return refuse(reader, key, "is no instant");
    *out = instant.s;
    return TRUE;
}

static gboolean
read_object(const Reader *reader, json_t *object, const char *key, json_t **out)
{
    *out = json_object_get(object, key);
    return json_is_object(*out) || refuse(reader, key, "must be a record");
}

/* ---- The head. */

static gboolean
read_tiers(const Reader *reader, json_t *object, const char *key, gint64 out[CN_TIERS])
{
    json_t *tiers = NULL;
    if (!read_object(reader, object, key, &tiers))
        return FALSE;
    for (guint tier = 0; tier < CN_TIERS; tier++)
        if (!read_number(reader, tiers, cn_urgency_name((CnUrgency)tier), 0, NUMBER_MOST,
                         &out[tier]))
            return FALSE;
    return TRUE;
}

static gboolean
read_value(const Reader *reader, json_t *root, const char *key, CnPlanValue *out)
{
    json_t *value = NULL;
    return read_object(reader, root, key, &value) &&
           read_tiers(reader, value, "unmet", out->unmet) &&
           read_number(reader, value, "cost", 0, NUMBER_MOST, &out->cost);
}

static gboolean
read_schema(const Reader *reader, json_t *root)
{
    const char *schema = json_string_value(json_object_get(root, "schema"));
    if (g_strcmp0(schema, "carenet.plan/1") == 0)
        return TRUE;
    const gboolean newer = schema != NULL && g_str_has_prefix(schema, "carenet.plan/");
    cn_error_set_at(reader->error, newer ? CARENET_ERROR_VERSION : CARENET_ERROR_INVALID_DATA,
                    reader->file, 0, 0,
                    newer ? "the plan was written by another version of carenet"
                          : "this is no plan of carenet");
    cn_error_hint(reader->error, newer ? "read it with the carenet that wrote it"
                                       : "carenet batch -o FILE writes one");
    return FALSE;
}

static gboolean
read_stopped(const Reader *reader, json_t *root, CnPlanStopped *out)
{
    const json_t *value = json_object_get(root, "stopped_by");
    *out = CN_PLAN_STOPPED_NOT;
    if (json_is_null(value))
        return TRUE;
    for (guint stopped = CN_PLAN_STOPPED_NOT + 1; stopped < CN_PLAN_STOPPED_LEN; stopped++) {
        if (g_strcmp0(json_string_value(value), cn_plan_stopped_name((CnPlanStopped)stopped)) ==
            0) {
            *out = (CnPlanStopped)stopped;
            return TRUE;
        }
    }
    return refuse(reader, "stopped_by", "must be time, work, user or null");
}

/* Not in plans of before it stood there. */
static gboolean
read_searched(const Reader *reader, json_t *root)
{
    CnPlan *plan = reader->plan;
    if (json_object_get(root, "searched") == NULL)
        return TRUE;
    if (!read_truth(reader, root, "searched", &plan->searched))
        return FALSE;
    if (plan->searched && (plan->optimal || plan->stopped_by != CN_PLAN_STOPPED_NOT))
        return refuse(reader, "searched", "is true of a plan that is proven, or was stopped");
    return TRUE;
}

static gboolean
read_status(const Reader *reader, json_t *root)
{
    const char *status = json_string_value(json_object_get(root, "status"));
    reader->plan->optimal = g_strcmp0(status, "optimal") == 0;
    if (!reader->plan->optimal && g_strcmp0(status, "feasible") != 0)
        return refuse(reader, "status", "must be optimal or feasible");
    return read_stopped(reader, root, &reader->plan->stopped_by) && read_searched(reader, root);
}

static gboolean
read_gap(const Reader *reader, json_t *root)
{
    const CnPlan *plan = reader->plan;
    const json_t *value = json_object_get(root, "gap");
    const char *level = NULL;
    const double gap = cn_plan_gap(plan, &level);
    if (cn_plan_value_compare(&plan->bound, &plan->objective) > 0)
        return refuse(reader, "bound", "is above the objective");
    if (!json_is_number(value) || fabs(json_number_value(value) - gap) > 1e-6)
        return refuse(reader, "gap", "is not what objective and bound leave open");
    const json_t *says = json_object_get(root, "gap_level");
    if (level == NULL ? !json_is_null(says) : g_strcmp0(json_string_value(says), level) != 0)
        return refuse(reader, "gap_level", "is not the first level in which the two differ");
    if (plan->optimal != (cn_plan_value_compare(&plan->bound, &plan->objective) == 0))
        return refuse(reader, "status",
                      plan->optimal ? "is optimal although the gap is not 0"
                                    : "is feasible although the gap is 0");
    return TRUE;
}

static gboolean
read_plugins(const Reader *reader, json_t *policy)
{
    const json_t *names = json_object_get(policy, "plugins");
    if (names != NULL && (!json_is_array(names) || json_array_size(names) > CARENET_PLUGINS_MOST))
        return refuse(reader, "policy.plugins", "must be a list of few names");
    for (gsize i = 0; i < json_array_size(names); i++) {
        const json_t *name = json_array_get(names, i);
        if (!json_is_string(name) || json_string_length(name) == 0 ||
            json_string_length(name) > TEXT_MOST)
            return refuse(reader, "policy.plugins", "must be a list of names");
        g_ptr_array_add(reader->plan->plugins,
                        (gpointer)cn_plan_text(reader->plan, json_string_value(name)));
    }
    return TRUE;
}

static gboolean
read_sources(const Reader *reader, json_t *root)
{
    CnPlan *plan = reader->plan;
    json_t *directory = NULL, *policy = NULL;
    return read_object(reader, root, "directory", &directory) &&
           read_number(reader, directory, "revision", 0, NUMBER_MOST, &plan->revision) &&
           read_digest(reader, directory, "digest", &plan->directory) &&
           read_truth(reader, directory, "demonstration", &plan->demonstration) &&
           read_object(reader, root, "policy", &policy) &&
           read_text(reader, policy, "id", &plan->policy_id) &&
           read_digest(reader, policy, "digest", &plan->policy) && read_plugins(reader, policy) &&
           read_digest(reader, root, "cases", &plan->cases) &&
           read_number(reader, root, "cases_len", 0, CN_CASES_MOST, &plan->cases_len);
}

static gboolean
read_head(const Reader *reader, json_t *root)
{
    CnPlan *plan = reader->plan;
    return read_schema(reader, root) && read_status(reader, root) &&
           read_value(reader, root, "objective", &plan->objective) &&
           read_value(reader, root, "bound", &plan->bound) && read_gap(reader, root) &&
           read_instant(reader, root, "as_of", &plan->now_s) &&
           read_instant(reader, root, "at", &plan->at_s) &&
           read_truth(reader, root, "include_unconfirmed", &plan->include_unconfirmed) &&
           read_truth(reader, root, "include_unknown_capacity", &plan->include_unknown_capacity) &&
           read_sources(reader, root) && read_tiers(reader, root, "penalties", plan->penalties);
}

/* ---- Rows. */

static gboolean
read_need(const Reader *reader, json_t *row, const char **ref, guint *need, const char **service)
{
    gint64 number = 0;
    if (!read_text(reader, row, "case", ref) ||
        !read_number(reader, row, "need", 1, NEEDS_MOST, &number) ||
        !read_text(reader, row, "service", service))
        return FALSE;
    *need = (guint)number;
    return TRUE;
}

static gboolean
follows(const char *former_ref, guint former_need, const char *ref, guint need)
{
    const gint order = strcmp(former_ref, ref);
    return order < 0 || (order == 0 && former_need < need);
}

static gboolean
read_assignment(const Reader *reader, json_t *row)
{
    GArray *list = reader->plan->assignments;
    CnPlanned planned = {0};
    gint64 units = 0;
    if (!read_need(reader, row, &planned.ref, &planned.need, &planned.service) ||
        !read_text(reader, row, "provider", &planned.provider) ||
        !read_text(reader, row, "offering", &planned.offering) ||
        !read_number(reader, row, "units", 1, CN_UNITS_MOST, &units) ||
        !read_number(reader, row, "cost", 0, NUMBER_MOST, &planned.cost) ||
        !read_truth(reader, row, "pinned", &planned.pinned))
        return FALSE;
    planned.units = (gint32)units;
    if (list->len > 0) {
        const CnPlanned *former = &g_array_index(list, CnPlanned, list->len - 1);
        if (!follows(former->ref, former->need, planned.ref, planned.need))
            return refuse(reader, NULL, "stands twice or is out of order");
    }
    g_array_append_val(list, planned);
    return TRUE;
}

static gboolean
read_change(const Reader *reader, json_t *row, CnPlanUnmet *unmet)
{
    CnPlanChange change = {0};
    if (!json_is_object(row))
        return refuse(reader, "change", "must hold records");
    if (!read_text(reader, row, "kind", &change.kind) ||
        !read_text(reader, row, "offering", &change.offering) ||
        !read_text(reader, row, "field", &change.field) ||
        !read_text_or_null(reader, row, "from", &change.from) ||
        !read_text_or_null(reader, row, "to", &change.to))
        return FALSE;
    g_array_append_val(reader->plan->changes, change);
    unmet->changes_len++;
    return TRUE;
}

static gboolean
read_changes(const Reader *reader, json_t *row, CnPlanUnmet *unmet)
{
    json_t *changes = json_object_get(row, "change");
    unmet->changes_first = reader->plan->changes->len;
    if (!json_is_array(changes))
        return refuse(reader, "change", "must be a list");
    for (gsize i = 0; i < json_array_size(changes); i++)
        if (!read_change(reader, json_array_get(changes, i), unmet))
            return FALSE;
    return TRUE;
}

static gboolean
read_unmet(const Reader *reader, json_t *row)
{
    GArray *list = reader->plan->unmet;
    CnPlanUnmet unmet = {0};
    const char *urgency = NULL;
    gint64 units = 0;
    if (!read_need(reader, row, &unmet.ref, &unmet.need, &unmet.service) ||
        !read_text(reader, row, "urgency", &urgency) ||
        !read_number(reader, row, "units", 1, CN_UNITS_MOST, &units) ||
        !read_text(reader, row, "reason", &unmet.reason) ||
        !read_text_or_null(reader, row, "detail", &unmet.detail) ||
        !read_changes(reader, row, &unmet))
        return FALSE;
    if (!cn_urgency_parse(urgency, &unmet.urgency))
        return refuse(reader, "urgency", "must be emergency, urgent or routine");
    unmet.units = (gint32)units;
    if (list->len > 0) {
        const CnPlanUnmet *former = &g_array_index(list, CnPlanUnmet, list->len - 1);
        if (!follows(former->ref, former->need, unmet.ref, unmet.need))
            return refuse(reader, NULL, "stands twice or is out of order");
    }
    g_array_append_val(list, unmet);
    return TRUE;
}

static gboolean
read_funnel(const Reader *reader, json_t *row)
{
    GArray *list = reader->plan->funnel;
    CnPlanFunnel funnel = {0};
    const struct {
        const char *key;
        gint64 *out;
    } stages[] = {{"needed", &funnel.needed},     {"offered", &funnel.offered},
                  {"eligible", &funnel.eligible}, {"reachable", &funnel.reachable},
                  {"free", &funnel.free},         {"placed", &funnel.placed}};
    gint64 most = NUMBER_MOST;
    if (!read_text(reader, row, "service", &funnel.service))
        return FALSE;
    for (guint i = 0; i < G_N_ELEMENTS(stages); i++) {
        if (!read_number(reader, row, stages[i].key, 0, most, stages[i].out))
            return FALSE;
        most = *stages[i].out;
    }
    if (list->len > 0 &&
        g_strcmp0(g_array_index(list, CnPlanFunnel, list->len - 1).service, funnel.service) >= 0)
        return refuse(reader, NULL, "stands twice or is out of order");
    g_array_append_val(list, funnel);
    return TRUE;
}

static gboolean
read_price(const Reader *reader, json_t *row)
{
    GArray *list = reader->plan->prices;
    CnPlanPrice price = {0};
    if (!read_text(reader, row, "offering", &price.offering) ||
        !read_number(reader, row, "price", 0, NUMBER_MOST, &price.price))
        return FALSE;
    if (list->len > 0 &&
        g_strcmp0(g_array_index(list, CnPlanPrice, list->len - 1).offering, price.offering) >= 0)
        return refuse(reader, NULL, "stands twice or is out of order");
    g_array_append_val(list, price);
    return TRUE;
}

/* What is saved in one level may be lost in those after it. */
static gboolean
read_saving(const Reader *reader, json_t *row, CnPlanQuota *quota)
{
    const CnPlanValue nothing = {{0}, 0};
    json_t *value = NULL, *tiers = NULL;
    quota->told = !json_is_null(json_object_get(row, "saves"));
    if (!quota->told)
        return TRUE;
    if (!read_object(reader, row, "saves", &value) || !read_object(reader, value, "unmet", &tiers))
        return FALSE;
    for (guint tier = 0; tier < CN_TIERS; tier++)
        if (!read_number(reader, tiers, cn_urgency_name((CnUrgency)tier), -NUMBER_MOST, NUMBER_MOST,
                         &quota->saves.unmet[tier]))
            return FALSE;
    return read_number(reader, value, "cost", -NUMBER_MOST, NUMBER_MOST, &quota->saves.cost) &&
           (cn_plan_value_compare(&quota->saves, &nothing) >= 0 ||
            refuse(reader, "saves", "is less than nothing"));
}

static gboolean
read_quota(const Reader *reader, json_t *row)
{
    GArray *list = reader->plan->quotas;
    static const char *const kinds[] = {"offering", "provider", "area", NULL};
    CnPlanQuota quota = {.kind = "", .id = "", .name = ""};
    if (!read_text(reader, row, "kind", &quota.kind) || !read_text(reader, row, "id", &quota.id) ||
        !read_text(reader, row, "name", &quota.name) ||
        !read_number(reader, row, "places", 0, NUMBER_MOST, &quota.places) ||
        !read_number(reader, row, "used", 0, NUMBER_MOST, &quota.used) ||
        !read_saving(reader, row, &quota))
        return FALSE;
    if (!g_strv_contains(kinds, quota.kind))
        return refuse(reader, "kind", "must be offering, provider or area");
    if (list->len > 0) {
        const CnPlanQuota *former = &g_array_index(list, CnPlanQuota, list->len - 1);
        const gint order = strcmp(former->kind, quota.kind);
        if (order > 0 || (order == 0 && strcmp(former->id, quota.id) >= 0))
            return refuse(reader, NULL, "stands twice or is out of order");
    }
    g_array_append_val(list, quota);
    return TRUE;
}

static gboolean
read_kept(const Reader *reader, json_t *row)
{
    GArray *list = reader->plan->kept;
    CnPlanKept kept = {.state = CN_KEPT_LEN};
    const char *state = NULL;
    if (!read_need(reader, row, &kept.ref, &kept.need, &kept.service) ||
        !read_text(reader, row, "offering", &kept.offering) ||
        !read_text(reader, row, "state", &state) ||
        !read_text_or_null(reader, row, "reason", &kept.reason))
        return FALSE;
    for (guint i = 0; i < CN_KEPT_LEN; i++)
        if (strcmp(state, cn_kept_state_name((CnKeptState)i)) == 0)
            kept.state = (CnKeptState)i;
    if (kept.state == CN_KEPT_LEN)
        return refuse(reader, "state", "must be stays, moved or released");
    if ((kept.state == CN_KEPT_RELEASED) != (kept.reason != NULL))
        return refuse(reader, "reason", "must be there for whoever is released, and nobody else");
    if (list->len > 0) {
        const CnPlanKept *former = &g_array_index(list, CnPlanKept, list->len - 1);
        if (!follows(former->ref, former->need, kept.ref, kept.need))
            return refuse(reader, NULL, "stands twice or is out of order");
    }
    g_array_append_val(list, kept);
    return TRUE;
}

static gboolean
read_rows(Reader *reader,
          json_t *root,
          const char *key,
          gboolean (*read_row)(const Reader *reader, json_t *row))
{
    json_t *rows = json_object_get(root, key);
    reader->list = NULL;
    if (!json_is_array(rows))
        return refuse(reader, key, "must be a list");
    reader->list = key;
    for (reader->row = 0; reader->row < json_array_size(rows); reader->row++) {
        json_t *row = json_array_get(rows, reader->row);
        if (!json_is_object(row))
            return refuse(reader, NULL, "must be a record");
        if (!read_row(reader, row))
            return FALSE;
    }
    return TRUE;
}

/* Plans for which nobody was to be kept do not speak of it. */
static gboolean
read_keep(Reader *reader, json_t *root)
{
    CnPlan *plan = reader->plan;
    json_t *keep = NULL;
    if (json_object_get(root, "keep") == NULL)
        return json_object_get(root, "kept") == NULL ||
               refuse(reader, "keep", "is missing beside kept");
    return read_object(reader, root, "keep", &keep) &&
           read_digest(reader, keep, "plan", &plan->keep) &&
           read_number(reader, keep, "max_moves", 0, NUMBER_MOST, &plan->max_moves) &&
           read_rows(reader, root, "kept", read_kept);
}

static gboolean
read_document(Reader *reader, json_t *root)
{
    return read_head(reader, root) && read_keep(reader, root) &&
           read_rows(reader, root, "assignments", read_assignment) &&
           read_rows(reader, root, "unmet", read_unmet) &&
           read_rows(reader, root, "funnel", read_funnel) &&
           read_rows(reader, root, "prices", read_price) &&
           (json_object_get(root, "quotas") == NULL ||
            read_rows(reader, root, "quotas", read_quota));
}

/* A number that is too large is named at its first digit, anything else where reading stopped. */
static void
fail_json(const json_error_t *cause, const char *text, gsize len, const char *name, GError **error)
{
    gsize number_len = 0;
    const gboolean twice = json_error_code(cause) == json_error_duplicate_key;
    const gboolean large = cn_json_is_too_large(cause, text, len, &number_len);
    const int column = cause->column - (large ? (int)number_len - 1 : 0);
    cn_error_set_at(error, CARENET_ERROR_PARSE, name, (guint)MAX(cause->line, 1),
                    (guint)MAX(column, 1), "%s",
                    twice   ? "a key stands twice"
                    : large ? "the number is too large: none has more than 64 bits"
                            : "this is not JSON");
    cn_error_hint(error, "carenet batch -o FILE writes a plan");
}

CnPlan *
cn_plan_parse(const char *text, gsize len, const char *name, GError **error)
{
    json_error_t cause;
    g_autoptr(carenet_plan) plan = cn_plan_new();
    Reader reader = {.plan = plan, .file = name, .error = error};
    gboolean starved = FALSE;
    json_t *root = cn_json_read(text, len, JSON_REJECT_DUPLICATES, &cause, &starved);
    if (starved) {
        cn_error_set_at(error, CARENET_ERROR_TOO_LARGE, name, 0, 0,
                        "there is no memory for the plan %s", name);
        return NULL;
    }
    if (root == NULL) {
        fail_json(&cause, text, len, name, error);
        return NULL;
    }
    gboolean read = json_is_object(root) ? read_document(&reader, root)
                                         : refuse(&reader, NULL, "it must be a record");
    json_decref(root);
    return read ? g_steal_pointer(&plan) : NULL;
}
