/* carenet doctor: whether the store is sound, and the command that mends what is not. */
#include "commands.h"
#include "key.h"
#include "message.h"
#include "output.h"
#include "screen.h"

#include <string.h>

#define WHICH_MOST 3

/* The finding and the first of what it is about. */
static char *
format_detail(const carenet_table *rows, gsize row, gint64 now_s)
{
    (void)now_s;
    const gsize at = (gsize)carenet_table_column_index(rows, "which");
    const gsize len = carenet_table_list_len(rows, row, at);
    GString *text = g_string_new(cli_cell_text(rows, row, "detail"));
    for (gsize i = 0; i < MIN(len, WHICH_MOST); i++)
        g_string_append_printf(text, "%s%s", i == 0 ? " (" : "; ",
                               carenet_table_list_get(rows, row, at, i));
    if (len > WHICH_MOST)
        g_string_append_printf(text, "; and %zu more", len - WHICH_MOST);
    if (len > 0)
        g_string_append_c(text, ')');
    return g_string_free(text, FALSE);
}

static gsize
count_status(const carenet_table *rows, const char *status)
{
    gsize count = 0;
    for (gsize row = 0; row < carenet_table_rows_len(rows); row++)
        count += g_strcmp0(cli_cell_text(rows, row, "status"), status) == 0;
    return count;
}

static void
print_commands(const carenet_table *rows)
{
    gboolean told = FALSE;
    for (gsize row = 0; row < carenet_table_rows_len(rows); row++) {
        const char *command = cli_cell_text(rows, row, "command");
        if (command == NULL)
            continue;
        if (!told)
            cli_print("\nWhat mends it:\n");
        told = TRUE;
        cli_print("  %s: %s\n", cli_cell_text(rows, row, "check"), command);
    }
}

static gboolean
print_findings(const Cli *cli, carenet_table *rows, GError **error)
{
    static const CliColumn columns[] = {
        {{N_("CHECK"), 0}, "check", NULL},
        {{N_("STATUS"), 0}, "status", NULL},
        {{N_("DETAIL"), CLI_WRAP}, NULL, format_detail},
    };
    if (cli->format != CLI_TABLE) {
        CliAnswer answer = {.schema = "carenet.doctor/1", .rows = rows};
        return cli_answer_print(cli, &answer, error);
    }
    cli_screen_table(cli, rows, columns, G_N_ELEMENTS(columns), 0);
    print_commands(rows);
    cli_warnings_report(rows);
    return TRUE;
}

/* A damaged file stops everything; what else is to be looked at can wait for a moment. */
static int
choose_status(const carenet_table *rows)
{
    static const char *const of_the_file[] = {"file", "references", "records", NULL};
    for (gsize row = 0; row < carenet_table_rows_len(rows); row++)
        if (strcmp(cli_cell_text(rows, row, "status"), "bad") == 0 &&
            g_strv_contains(of_the_file, cli_cell_text(rows, row, "check")))
            return carenet_error_code_exit_status(CARENET_ERROR_CORRUPT);
    return count_status(rows, "ok") == carenet_table_rows_len(rows) ? 0 : 1;
}

int
cli_doctor(Cli *cli, char **words, GError **error)
{
    g_auto(CliKey) key = {0};
    const GOptionEntry entries[] = {CLI_KEY_FILE_ENTRIES(&key), {0}};
    int status = 2;
    if (!cli_parse(cli, entries, words, error))
        return 0;
    if (!cli_operands_check(cli, words, 0, 0, error) ||
        !cli_store_open_and_tell(cli, TRUE, error) || !cli_key_unlock(cli, &key, error))
        return 2;
    /* Only to know the clock of a demonstration; a store without a directory is what we are for. */
    cli->directory = carenet_directory_load(cli->store, NULL);
    carenet_table *rows = carenet_store_check(cli->store, cli_now(cli), error);
    if (rows != NULL && print_findings(cli, rows, error))
        status = choose_status(rows);
    carenet_table_unref(rows);
    return status;
}
