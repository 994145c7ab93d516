/* Programme records: where they come from, and their lists. */
#include "programme.h"
#include "message.h"
#include "output.h"
#include "screen.h"

#include <string.h>

/* ---- Where the records come from. */

static carenet_programme *
read_files(const Cli *cli, char **files, GError **error)
{
    carenet_table *issues = NULL;
    carenet_programme *programme = carenet_programme_from_files(
        cli->reference, cli_strings(files), cli_strings_len(files), &issues, error);
    if (issues != NULL && programme == NULL) {
        guint errors = cli_issues_report(issues, cli_speaks_json(cli));
        cli_issues_conclude(error, errors, cli_speaks_json(cli), "nothing can be reported");
    }
    carenet_table_unref(issues);
    return programme;
}

carenet_programme *
cli_programme_read(Cli *cli, char **files, GError **error)
{
    gboolean named = FALSE;
    g_autofree char *path = cli_store_path(cli, &named);
    if (!cli_reference_open(cli, error))
        return NULL;
    if (files != NULL && files[0] != NULL)
        return read_files(cli, files, error);
    if (cli->store != NULL)
        return carenet_programme_from_store(cli->store, error);
    if (!named && (path == NULL || !g_file_test(path, G_FILE_TEST_EXISTS)))
        return carenet_programme_demonstration(cli->reference, error);
    return cli_store_open(cli, TRUE, error) ? carenet_programme_from_store(cli->store, error)
                                            : NULL;
}

carenet_programme *
cli_programme_open(Cli *cli, char **files, GError **error)
{
    carenet_programme *programme = cli_programme_read(cli, files, error);
    if (carenet_programme_is_demonstration(programme))
        cli_say("DEMONSTRATION data: invented records of a programme");
    return programme;
}

/* ---- Lists. */

/* The order of carenet_programme_kind. */
static const char *const lists[] = {"actors",     "bodies",     "meetings",  "strategic-plans",
                                    "ordinances", "protocols",  "trainings", "tallies",
                                    "started",    "care-plans", NULL};
#define OVERVIEW "programme"

gboolean
cli_is_programme_list(const char *word)
{
    return g_strv_contains(lists, word) || strcmp(word, OVERVIEW) == 0;
}

static carenet_table *
read_list(const carenet_programme *programme, const char *word, GError **error)
{
    for (guint i = 0; lists[i] != NULL; i++)
        if (strcmp(lists[i], word) == 0)
            return carenet_programme_list(programme, (carenet_programme_kind)i, error);
    return carenet_programme_overview(programme, error);
}

/* The heading of a column; NULL for what people need not see: a code stands beside the name of its
 * place. (transfer full) */
static char *
make_heading(const carenet_table *rows, const char *column)
{
    if (strcmp(column, "area") == 0 && carenet_table_column_index(rows, "place") >= 0)
        return NULL;
    char *heading = g_ascii_strup(column, -1);
    return g_strdelimit(heading, "_", ' ');
}

static void
print_screen(const Cli *cli, const carenet_table *rows)
{
    static const char *const wrapped[] = {"title", "goals", "members", "source", "name", NULL};
    g_autoptr(GArray) columns = g_array_new(FALSE, TRUE, sizeof(CliColumn));
    g_autoptr(GPtrArray) headings = g_ptr_array_new_with_free_func(g_free);
    for (gsize i = 0; i < carenet_table_columns_len(rows); i++) {
        const char *name = carenet_table_column_name(rows, i);
        char *heading = make_heading(rows, name);
        if (heading == NULL)
            continue;
        g_ptr_array_add(headings, heading);
        CliColumn column = {{heading, 0}, name, NULL};
        if (carenet_table_column_type(rows, i) == CARENET_COLUMN_INT64)
            column.heading.flags = CLI_RIGHT;
        else if (g_strv_contains(wrapped, name))
            column.heading.flags = CLI_WRAP;
        g_array_append_val(columns, column);
    }
    cli_screen_table(cli, rows, (const CliColumn *)columns->data, columns->len, 0);
}

static gboolean
print_list(const Cli *cli, const char *word, const carenet_table *rows, GError **error)
{
    if (cli->format == CLI_TABLE) {
        print_screen(cli, rows);
        return TRUE;
    }
    CliAnswer answer = {
        .schema = "carenet.programme/1", .query = json_pack("{s: s}", "list", word), .rows = rows};
    return cli_answer_print(cli, &answer, error);
}

gboolean
cli_programme_list(Cli *cli, const char *word, GError **error)
{
    carenet_programme *programme = cli_programme_open(cli, NULL, error);
    if (programme == NULL)
        return FALSE;
    carenet_table *rows = read_list(programme, word, error);
    gboolean done = rows != NULL && print_list(cli, word, rows, error);
    carenet_table_unref(rows);
    carenet_programme_unref(programme);
    return done;
}

/* ---- One record. */

carenet_table *
cli_programme_record(Cli *cli, const char *id, GError **error)
{
    carenet_programme *programme = cli_programme_read(cli, NULL, error);
    carenet_table *facts = programme != NULL ? carenet_programme_show(programme, id, error) : NULL;
    carenet_programme_unref(programme);
    return facts;
}
