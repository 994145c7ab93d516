/* carenet validate: what is wrong with region files. */
#include "commands.h"
#include "message.h"
#include "output.h"
#include "screen.h"

#include <string.h>

static char *
format_place(const carenet_table *issues, gsize row, gint64 now_s)
{
    (void)now_s;
    if (cli_cell_is_null(issues, row, "line"))
        return NULL;
    return g_strdup_printf("%" G_GINT64_FORMAT ":%" G_GINT64_FORMAT,
                           cli_cell_int(issues, row, "line"), cli_cell_int(issues, row, "column"));
}

static gsize
count_severity(const carenet_table *issues, const char *severity)
{
    gsize count = 0;
    for (gsize row = 0; row < carenet_table_rows_len(issues); row++)
        count += g_strcmp0(cli_cell_text(issues, row, "severity"), severity) == 0;
    return count;
}

static void
print_issues(const Cli *cli, const carenet_table *issues, guint files)
{
    static const CliColumn columns[] = {
        {{N_("FILE"), 0}, "file", NULL},
        {{N_("LINE"), CLI_RIGHT}, NULL, format_place},
        {{N_("SEVERITY"), 0}, "severity", NULL},
        {{N_("TAG"), 0}, "tag", NULL},
        {{N_("MESSAGE"), CLI_WRAP}, "message", NULL},
        {{N_("SUGGESTION"), CLI_WRAP}, "suggestion", NULL},
    };
    if (carenet_table_rows_len(issues) == 0) {
        cli_print("%u file%s, no issues\n", files, files == 1 ? "" : "s");
        return;
    }
    cli_screen_table(cli, issues, columns, G_N_ELEMENTS(columns), 0);
    const gsize errors = count_severity(issues, "error");
    const gsize warnings = count_severity(issues, "warning");
    cli_note(cli, "%u file%s: %zu error%s, %zu warning%s\n", files, files == 1 ? "" : "s", errors,
             errors == 1 ? "" : "s", warnings, warnings == 1 ? "" : "s");
    cli_warnings_report(issues);
}

int
cli_validate(Cli *cli, char **words, GError **error)
{
    const GOptionEntry entries[] = {{0}};
    if (!cli_parse(cli, entries, words, error))
        return 0;
    if (!cli_operands_check(cli, words, 1, G_MAXUINT, error) || !cli_reference_open(cli, error))
        return 2;
    const guint files = g_strv_length(words);
    gboolean done = TRUE;
    carenet_table *issues =
        carenet_validate_files(cli->reference, cli_strings(words), files, error);
    if (issues == NULL)
        return 2;
    if (cli->format == CLI_TABLE) {
        print_issues(cli, issues, files);
    } else {
        CliAnswer answer = {.schema = "carenet.validate/1",
                            .query = json_pack("{s: i}", "files", (int)files),
                            .rows = issues};
        done = cli_answer_print(cli, &answer, error);
    }
    gsize errors = count_severity(issues, "error");
    carenet_table_unref(issues);
    if (!done)
        return 2;
    return errors > 0 ? 1 : 0;
}
