/* carenet help, and the first page. */
#include "commands.h"
#include "output.h"

/* The commands of the first day. */
static const char *const first_day[] = {"find", "route", "show", "import", "help"};

static void
print_command(const CliCommand *command)
{
    cli_print("  %-10s %s\n", command->name, command->summary);
}

void
cli_first_page_print(void)
{
    cli_print("carenet finds who can help a survivor of online sexual exploitation of children,\n"
              "and routes a case to those who can really take it, with the reasons.\n\n");
    for (gsize i = 0; i < G_N_ELEMENTS(first_day); i++)
        print_command(cli_command_find(first_day[i]));
    cli_print("\nExamples:\n"
              "  carenet find --region mindanao --service mental-health\n"
              "  carenet route --needs trauma-therapy --from \"Cagayan de Oro\" --age 15 --sex "
              "female\n"
              "  carenet show ex-nmn-003\n");
}

static void
print_all(void)
{
    cli_print("Usage: carenet COMMAND [OPTION...]\n\nCommands:\n");
    for (const CliCommand *command = cli_commands; command->name != NULL; command++)
        print_command(command);
    cli_print(
        "\ncarenet help COMMAND tells the options of one of them.\n\n"
        "Exit status: 0 done; 1 the answer is no (nothing found, errors in files, needs unmet with\n"
        "--strict); 2 wrong use or input; 3 conflict; 4 refused; 5 store or output; 70 internal.\n");
}

int
cli_help(Cli *cli, char **words, GError **error)
{
    const GOptionEntry entries[] = {{0}};
    if (!cli_parse(cli, entries, words, error))
        return 0;
    if (!cli_operands_check(words, 0, 1, error))
        return 2;
    if (words[0] == NULL) {
        print_all();
        return 0;
    }
    const CliCommand *command = cli_command_find(words[0]);
    if (command == NULL) {
        g_autofree char *meant = cli_command_suggest(words[0]);
        cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT,
                 meant != NULL ? meant : "carenet help lists the commands",
                 "there is no command \"%s\"", words[0]);
        return 2;
    }
    char *ask[] = {(char *)"--help", NULL};
    cli->command = command;
    return command->run(cli, ask, error);
}
