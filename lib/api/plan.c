/* include/carenet/plan.h: plans from files and to files, and what they say. */
#include "base/error.h"
#include "base/fd.h"
#include "base/writing.h"
#include "format/issue-error.h"
#include "format/pin-file.h"
#include "format/plan-file.h"
#include "format/yaml.h"
#include "routing/plan-why.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* ---- Files. */

carenet_plan *
carenet_plan_parse(const char *text, size_t len, const char *name, carenet_error **error)
{
    CN_REQUIRE_GIVEN(text, error, NULL);
    CN_REQUIRE_GIVEN(name, error, NULL);
    return cn_plan_parse(text, len, name, error);
}

carenet_plan *
carenet_plan_load(const char *path, carenet_error **error)
{
    static const CnYamlLimits limits = {.bytes = CN_PLAN_BYTES};
    CN_REQUIRE_GIVEN(path, error, NULL);
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    g_autofree char *text = NULL;
    gsize len = 0;
    if (!cn_yaml_read_file(path, &limits, &text, &len, issues, error))
        return NULL;
    if (text == NULL) {
        cn_error_from_issues(error, issues, "the plan");
        return NULL;
    }
    return cn_plan_parse(text, len, path, error);
}

static gboolean
fail(GError **error, const char *path, int cause)
{
    cn_error_set(error, cn_write_error_code(cause), "%s cannot be written: %s", path,
                 g_strerror(cause));
    cn_error_hint(error, "check the path, its permissions and the room on the disk");
    return FALSE;
}

/* The draft takes the name by link(), which never overwrites, or by rename(). */
static gboolean
publish(const char *draft, const char *path, gboolean replace, GError **error)
{
    if (replace && !cn_may_replace(path, error))
        return FALSE;
    if ((replace ? g_rename(draft, path) : link(draft, path)) == 0)
        return TRUE;
    if (errno != EEXIST)
        return fail(error, path, errno);
    cn_error_set(error, CARENET_ERROR_CONFLICT, "%s exists already", path);
    cn_error_hint(error, "choose another name, or say that it is to be replaced");
    return FALSE;
}

bool
carenet_plan_save(const carenet_plan *plan, const char *path, bool replace, carenet_error **error)
{
    CN_REQUIRE_GIVEN(plan, error, false);
    CN_REQUIRE_GIVEN(path, error, false);
    g_autofree char *draft = g_strconcat(path, ".XXXXXX", NULL);
    g_autofree char *text = cn_plan_write(plan);
    const int fd = g_mkstemp_full(draft, O_WRONLY | O_CLOEXEC, 0600);
    if (fd < 0)
        return fail(error, path, errno);
    int cause = cn_fd_write_all(fd, text, strlen(text));
    if (cause == 0 && fsync(fd) != 0)
        cause = errno;
    if (close(fd) != 0 && cause == 0)
        cause = errno;
    const gboolean done =
        cause == 0 ? publish(draft, path, replace, error) : fail(error, path, cause);
    g_unlink(draft); /* its second name, where it was linked */
    return done;
}

char *
carenet_plan_to_json(const carenet_plan *plan)
{
    return plan != NULL ? cn_plan_write(plan) : NULL;
}

/* ---- Pins. */

carenet_pins *
carenet_pins_load(const char *path, carenet_table **out_issues, carenet_error **error)
{
    static const CnYamlLimits limits = {.bytes = CN_PLAN_BYTES};
    CN_REQUIRE_GIVEN(path, error, NULL);
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    g_autofree char *text = NULL;
    gsize len = 0;
    if (!cn_yaml_read_file(path, &limits, &text, &len, issues, error))
        return NULL;
    g_autoptr(carenet_pins) pins = text != NULL ? cn_pins_read(text, len, path, issues) : NULL;
    const gboolean sound = cn_issue_list_errors(issues) == 0;
    if (!sound)
        cn_error_from_issues(error, issues, "the file of pins");
    if (out_issues != NULL)
        *out_issues = cn_issue_list_to_table(issues);
    return sound ? g_steal_pointer(&pins) : NULL;
}

/* ---- What it says. */

static carenet_plan_value
value_of(const CnPlanValue *value)
{
    return (carenet_plan_value){.emergency = value->unmet[CN_EMERGENCY],
                                .urgent = value->unmet[CN_URGENT],
                                .routine = value->unmet[CN_ROUTINE],
                                .cost = value->cost};
}

carenet_plan_status
carenet_plan_get_status(const carenet_plan *plan)
{
    return plan != NULL && plan->optimal ? CARENET_PLAN_OPTIMAL : CARENET_PLAN_FEASIBLE;
}

carenet_stopped
carenet_plan_get_stopped(const carenet_plan *plan)
{
    return plan != NULL ? (carenet_stopped)plan->stopped_by : CARENET_STOPPED_NOT;
}

carenet_plan_value
carenet_plan_objective(const carenet_plan *plan)
{
    const CnPlanValue nothing = {{0}, 0};
    return value_of(plan != NULL ? &plan->objective : &nothing);
}

carenet_plan_value
carenet_plan_bound(const carenet_plan *plan)
{
    const CnPlanValue nothing = {{0}, 0};
    return value_of(plan != NULL ? &plan->bound : &nothing);
}

double
carenet_plan_gap(const carenet_plan *plan)
{
    return plan != NULL ? cn_plan_gap(plan, NULL) : 0;
}

const char *
carenet_plan_gap_level(const carenet_plan *plan)
{
    const char *level = NULL;
    if (plan != NULL)
        cn_plan_gap(plan, &level);
    return level;
}

bool
carenet_plan_is_searched(const carenet_plan *plan)
{
    return plan != NULL && plan->searched;
}

size_t
carenet_plan_assignments_len(const carenet_plan *plan)
{
    return plan != NULL ? plan->assignments->len : 0;
}

size_t
carenet_plan_unmet_len(const carenet_plan *plan)
{
    return plan != NULL ? plan->unmet->len : 0;
}

size_t
carenet_plan_unexplained_len(const carenet_plan *plan)
{
    size_t count = 0;
    for (guint i = 0; plan != NULL && i < plan->unmet->len; i++)
        count += cn_plan_unmet_is_unexplained(cn_plan_unmet_at(plan, i)) ? 1 : 0;
    return count;
}

const char *
carenet_plan_policy_id(const carenet_plan *plan)
{
    return plan != NULL ? plan->policy_id : NULL;
}

const char *
carenet_plan_directory_digest(const carenet_plan *plan)
{
    return plan != NULL ? plan->directory : NULL;
}

int64_t
carenet_plan_now(const carenet_plan *plan)
{
    return plan != NULL ? plan->now_s : INT64_MIN;
}
