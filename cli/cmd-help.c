/* carenet help, its topics, and the first page. */
#include "commands.h"
#include "describe.h"
#include "help-topics.h"
#include "message.h"
#include "near.h"
#include "output.h"

#include <string.h>

/* The commands of the first day. */
static const char *const first_day[] = {"find", "route", "refer", "status", "help"};

static void
print_command(const CliCommand *command)
{
    cli_print("  %-10s %s\n", command->name, cli_translate(command->summary));
}

void
cli_first_page_print(void)
{
    cli_print("carenet finds who can help a survivor of online sexual exploitation of children,\n"
              "and routes a case to those who can really take it, with the reasons.\n\n");
    for (gsize i = 0; i < G_N_ELEMENTS(first_day); i++)
        print_command(cli_command_find(first_day[i]));
    cli_print(
        "\nExamples:\n"
        "  carenet find --region mindanao --service mental-health\n"
        "  carenet route --needs trauma-therapy --from \"Cagayan de Oro\" --age 15 --sex "
        "female\n"
        "  carenet refer --case case.yaml --need trauma-therapy --to ex-nmn-014/trauma-therapy\n");
}

const CliTopic cli_topics[] = {
    {"regions", N_("which places are understood, and how"), cli_text_regions},
    {"services", N_("the tree of services, and what a question for one finds"), cli_text_services},
    {"formats", N_("tables, JSON, CSV, and lines for screen readers"), cli_text_formats},
    {"exit-codes", N_("what the exit status says"), cli_text_exit_codes},
    {"environment", N_("the variables that carenet reads"), cli_text_environment},
    {"privacy", N_("what is never shown, and how to keep it so"), cli_text_privacy},
    {"policy", N_("the rules and weights of routing"), cli_text_policy},
    {NULL, NULL, NULL},
};

static void
print_all(void)
{
    cli_print("Usage: carenet COMMAND [OPTION...]\n\nCommands:\n");
    for (const CliCommand *command = cli_commands; command->name != NULL; command++)
        if ((command->shared & CLI_IS_HIDDEN) == 0)
            print_command(command);
    cli_print("\ncarenet help COMMAND tells the options of one of them.\n\nTopics (carenet help "
              "TOPIC):\n");
    for (const CliTopic *topic = cli_topics; topic->name != NULL; topic++)
        cli_print("  %-12s %s\n", topic->name, cli_translate(topic->summary));
}

/* From the library's own table, which therefore cannot say anything else. */
static void
print_error_codes(void)
{
    for (gint code = CARENET_ERROR_INVALID_ARGUMENT; code <= CARENET_ERROR_INTERNAL; code++)
        cli_print("  %-18s %d\n", carenet_error_code_name((carenet_error_code)code),
                  carenet_error_code_exit_status((carenet_error_code)code));
}

static const CliTopic *
find_topic(const char *name)
{
    for (const CliTopic *topic = cli_topics; topic->name != NULL; topic++)
        if (strcmp(topic->name, name) == 0)
            return topic;
    return NULL;
}

/* (transfer full), nullable */
static char *
suggest(const char *word)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (const CliCommand *command = cli_commands; command->name != NULL; command++)
        if ((command->shared & CLI_IS_HIDDEN) == 0)
            g_ptr_array_add(names, (gpointer)command->name);
    for (const CliTopic *topic = cli_topics; topic->name != NULL; topic++)
        g_ptr_array_add(names, (gpointer)topic->name);
    g_ptr_array_add(names, NULL);
    return cli_near_suggest(word, (const char *const *)names->pdata);
}

static int
print_topic(const char *name, GError **error)
{
    const CliTopic *topic = find_topic(name);
    if (topic == NULL) {
        g_autofree char *meant = suggest(name);
        cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT,
                 meant != NULL ? meant : "carenet help lists the commands and topics",
                 "there is no command and no topic \"%s\"", name);
        return 2;
    }
    cli_print("%s", topic->text);
    if (strcmp(name, "exit-codes") == 0)
        print_error_codes();
    return 0;
}

int
cli_help(Cli *cli, char **words, GError **error)
{
    gboolean manual = FALSE;
    const GOptionEntry entries[] = {
        {"manual", 0, 0, G_OPTION_ARG_NONE, &manual,
         N_("the text from which the manual page of a command is made (scdoc)"), NULL},
        {0},
    };
    char *none[] = {NULL};
    if (!cli_parse(cli, entries, words, error))
        return 0;
    if (!cli_operands_check(cli, words, manual ? 1 : 0, 1, error))
        return 2;
    if (words[0] == NULL) {
        print_all();
        return 0;
    }
    const CliCommand *command = cli_command_find(words[0]);
    if (command == NULL)
        return print_topic(words[0], error);
    cli->command = command;
    cli->describe = manual ? cli_describe_manual : cli_describe_help;
    return command->run(cli, none, error);
}
