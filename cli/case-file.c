#include "case-file.h"

#include "file.h"
#include "message.h"
#include "output.h"

#include <string.h>

carenet_cases *
cli_cases_read(const Cli *cli, const char *file, GError **error)
{
    carenet_cases_options options;
    carenet_table *issues = NULL;
    carenet_cases *cases = NULL;
    carenet_cases_options_init(&options);
    if (strcmp(file, "-") == 0) {
        gsize len = 0;
        g_autofree char *text = cli_stdin_read(&len, error);
        if (text == NULL)
            return NULL;
        cases = carenet_cases_read(cli->reference, text, len, "standard input", &options, &issues,
                                   error);
    } else {
        cases = carenet_cases_read_file(cli->reference, file, &options, &issues, error);
    }
    if (issues != NULL) {
        guint errors = cli_issues_report(issues, cli_speaks_json(cli));
        cli_issues_conclude(error, errors, cli_speaks_json(cli), "nothing has been changed");
    }
    carenet_table_unref(issues);
    return cases;
}

gboolean
cli_case_choose(const carenet_cases *cases, const char *ref, gsize *out_i, GError **error)
{
    const gsize len = carenet_cases_len(cases);
    for (gsize i = 0; i < len; i++)
        if (ref == NULL ? len == 1 : g_strcmp0(carenet_cases_ref_at(cases, i), ref) == 0) {
            *out_i = i;
            return TRUE;
        }
    if (ref != NULL)
        cli_fail(error, CARENET_ERROR_NOT_FOUND, "check --ref and the file",
                 "the file has no case with that reference");
    else
        cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT, "name one: --ref REF",
                 "the file has %zu cases", len);
    return FALSE;
}
