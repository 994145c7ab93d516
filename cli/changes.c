#include "changes.h"

#include "message.h"
#include "output.h"
#include "screen.h"

gboolean
cli_changes_print(const Cli *cli,
                  const char *schema,
                  json_t *query,
                  const carenet_table *changes,
                  GError **error)
{
    static const CliColumn columns[] = {
        {{N_("KIND"), 0}, "kind", NULL},
        {{N_("ADDED"), CLI_RIGHT}, "added", NULL},
        {{N_("CHANGED"), CLI_RIGHT}, "changed", NULL},
        {{N_("UNCHANGED"), CLI_RIGHT}, "unchanged", NULL},
        {{N_("CLOSED"), CLI_RIGHT}, "closed", NULL},
    };
    if (cli->format == CLI_TABLE) {
        json_decref(query);
        cli_screen_table(cli, changes, columns, G_N_ELEMENTS(columns), 0);
        return TRUE;
    }
    CliAnswer answer = {.schema = schema, .query = query, .rows = changes};
    return cli_answer_print(cli, &answer, error);
}

carenet_table *
cli_changes_make(const Cli *cli,
                 const char *const *files,
                 gsize files_len,
                 const carenet_import_options *options,
                 gboolean quietly,
                 GError **error)
{
    carenet_table *issues = NULL, *changes = NULL;
    gboolean done =
        carenet_store_import(cli->store, files, files_len, options, &issues, &changes, error);
    if (issues != NULL && (!done || !quietly)) {
        guint errors = cli_issues_report(issues, cli_speaks_json(cli));
        cli_issues_conclude(error, errors, cli_speaks_json(cli), "nothing has been changed");
    }
    carenet_table_unref(issues);
    if (done)
        return changes;
    carenet_table_unref(changes);
    return NULL;
}
