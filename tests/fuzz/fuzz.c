/* See fuzz.h. */
#include "fuzz.h"

#include "base/error.h"

#include <jansson.h>
#include <string.h>

#define ROWS_FEW 8

static const char *
get_data_dir(void)
{
    const char *folder = g_getenv("CARENET_TEST_DATA");
    return folder != NULL ? folder : "data";
}

static void
need(gconstpointer thing, const GError *error)
{
    if (thing == NULL)
        g_error("CARENET_TEST_DATA must name the data folder: %s", error->message);
}

carenet_reference *
fuzz_reference(void)
{
    static carenet_reference *reference;
    g_autoptr(GError) error = NULL;
    if (reference == NULL) {
        reference = carenet_reference_open(get_data_dir(), &error);
        need(reference, error);
    }
    return reference;
}

carenet_directory *
fuzz_directory(void)
{
    static carenet_directory *directory;
    g_autoptr(GError) error = NULL;
    if (directory == NULL) {
        directory = carenet_directory_demonstration(fuzz_reference(), &error);
        need(directory, error);
    }
    return directory;
}

carenet_policy *
fuzz_policy(void)
{
    static carenet_policy *policy;
    g_autoptr(GError) error = NULL;
    if (policy == NULL) {
        policy = carenet_policy_load(fuzz_reference(), NULL, NULL, &error);
        need(policy, error);
    }
    return policy;
}

char *
fuzz_text(const uint8_t *data, size_t size)
{
    char *text = g_malloc(size + 1);
    if (size > 0)
        memcpy(text, data, size);
    text[size] = '\0';
    return text;
}

/* ---- Choices. */

guint8
fuzz_byte(FuzzChoices *choices)
{
    if (choices->left == 0)
        return 0;
    choices->left--;
    return *choices->at++;
}

gint64
fuzz_int64(FuzzChoices *choices)
{
    guint64 value = 0;
    for (guint i = 0; i < sizeof value; i++)
        value |= (guint64)fuzz_byte(choices) << (8 * i);
    return (gint64)value;
}

guint
fuzz_pick(FuzzChoices *choices, guint len)
{
    guint value = fuzz_byte(choices);
    if (len > 256)
        value |= (guint)fuzz_byte(choices) << 8;
    return value % len;
}

char *
fuzz_line(FuzzChoices *choices)
{
    const uint8_t *end = choices->left > 0 ? memchr(choices->at, '\n', choices->left) : NULL;
    size_t len = end != NULL ? (size_t)(end - choices->at) : choices->left;
    char *line = fuzz_text(choices->at, len);
    choices->at += len + (end != NULL);
    choices->left -= len + (end != NULL);
    return line;
}

/* ---- What must hold. */

gboolean
fuzz_is_line(const char *text)
{
    if (text == NULL || !g_utf8_validate(text, -1, NULL))
        return FALSE;
    for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p))
        if (g_unichar_iscntrl(g_utf8_get_char(p)))
            return FALSE;
    return TRUE;
}

/* NULL is none at all. */
static void
check_line(const char *text)
{
    if (text != NULL && (text[0] == '\0' || !fuzz_is_line(text))) {
        g_autofree char *escaped = g_strescape(text, NULL);
        g_error("not one line: \"%s\"", escaped);
    }
}

void
fuzz_check_issues(const CnIssueList *issues)
{
    guint errors = 0;
    for (guint i = 0; i < cn_issue_list_len(issues); i++) {
        const CnIssue *issue = cn_issue_list_get(issues, i);
        errors += issue->severity == CN_SEVERITY_ERROR;
        g_assert_true(issue->tag != NULL && cn_issue_list_len(issues) <= CN_ISSUES_MOST);
        check_line(issue->message);
        check_line(issue->suggestion);
        g_assert_true(issue->pos.file != NULL);
    }
    g_assert_cmpuint(errors, <=, cn_issue_list_errors(issues));
    if (cn_issue_list_len(issues) < CN_ISSUES_MOST)
        g_assert_cmpuint(errors, ==, cn_issue_list_errors(issues));
}

void
fuzz_check_error(gboolean done, const GError *error)
{
    g_assert_true(done == (error == NULL));
    if (error == NULL)
        return;
    g_assert_true(error->domain == CN_ERROR);
    g_assert_true(carenet_error_get_code(error) != CARENET_ERROR_INTERNAL);
    check_line(error->message);
    check_line(carenet_error_get_hint(error));
}

void
fuzz_check_json(const char *text)
{
    json_error_t error;
    json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, &error);
    if (json == NULL)
        g_error("line %d: %s", error.line, error.text);
    json_decref(json);
}

void
fuzz_check_table(const carenet_table *table)
{
    static const carenet_format formats[] = {CARENET_FORMAT_JSON, CARENET_FORMAT_NDJSON,
                                             CARENET_FORMAT_CSV, CARENET_FORMAT_MARKDOWN};
    /* Of a long table once is enough: writing it would be most of the work of a target. */
    guint len = carenet_table_rows_len(table) > ROWS_FEW ? 1 : G_N_ELEMENTS(formats);
    for (guint i = 0; i < len; i++) {
        g_autofree char *text = carenet_table_to_string(table, formats[i], NULL);
        g_assert_true(text != NULL && g_utf8_validate(text, -1, NULL));
        if (formats[i] == CARENET_FORMAT_JSON)
            fuzz_check_json(text);
    }
    for (size_t i = 0; i < carenet_table_warnings_len(table); i++)
        g_assert_true(fuzz_is_line(carenet_table_warning(table, i)));
}
