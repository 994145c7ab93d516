/* carenet completion: what makes a shell complete commands, options and names. The scripts are made
 * from the table of commands and their options; names they ask of `carenet names`. */
#include "commands.h"
#include "describe.h"
#include "output.h"

#include <string.h>

/* An option of a command, copied from its entries, which live on the command's stack. */
typedef struct {
    const CliCommand *command;
    char *name;
    char *description;
    char short_name;
    gboolean takes_value;
    CliValues values;
} Option;

static void
free_option(gpointer data)
{
    Option *option = data;
    g_free(option->name);
    g_free(option->description);
    g_free(option);
}

static void
collect_entries(GPtrArray *options, const CliCommand *command, const GOptionEntry *entries)
{
    for (; entries->long_name != NULL; entries++) {
        Option *option = g_new0(Option, 1);
        option->command = command;
        option->name = g_strdup(entries->long_name);
        option->description = g_strdup(entries->description);
        option->short_name = entries->short_name;
        option->takes_value = entries->arg != G_OPTION_ARG_NONE;
        option->values = cli_option_values(command->name, entries->long_name);
        g_ptr_array_add(options, option);
    }
}

static void
collect(Cli *cli, const GOptionEntry *own, const GOptionEntry *shared)
{
    collect_entries(cli->describe_data, cli->command, own);
    collect_entries(cli->describe_data, cli->command, shared);
}

/* The options of every command that is not hidden. (transfer full) */
static GPtrArray *
list_options(void)
{
    GPtrArray *options = g_ptr_array_new_with_free_func(free_option);
    for (const CliCommand *command = cli_commands; command->name != NULL; command++) {
        Cli cli = {.command = command, .describe = collect, .describe_data = options};
        if ((command->shared & CLI_IS_HIDDEN) == 0)
            command->run(&cli, (char *[]){NULL}, NULL);
    }
    return options;
}

static gboolean
is_first_of_name(const GPtrArray *options, guint at)
{
    const Option *option = g_ptr_array_index(options, at);
    for (guint i = 0; i < at; i++)
        if (strcmp(((const Option *)g_ptr_array_index(options, i))->name, option->name) == 0)
            return FALSE;
    return TRUE;
}

/* ---- What bash and zsh share: shell functions that branch on the command and the word before. */

static void
print_values(const char *indent, CliValues values)
{
    if (values.words != NULL)
        cli_print("%swords='%s' ;;\n", indent, values.words);
    else
        cli_print("%skind=%s ;;\n", indent, values.kind != NULL ? values.kind : "nothing");
}

/* Where a command offers something else behind an option than others do. */
static void
print_own_values(const GPtrArray *options)
{
    for (guint i = 0; i < options->len; i++) {
        const Option *option = g_ptr_array_index(options, i);
        const CliValues others = cli_option_values(NULL, option->name);
        if (!option->takes_value || (g_strcmp0(option->values.kind, others.kind) == 0 &&
                                     g_strcmp0(option->values.words, others.words) == 0))
            continue;
        cli_print("    '%s --%s')", option->command->name, option->name);
        print_values(" ", option->values);
    }
}

static void
print_value_cases(const GPtrArray *options)
{
    cli_print("    case \"$command $previous\" in\n");
    print_own_values(options);
    for (guint i = 0; i < options->len; i++) {
        const Option *option = g_ptr_array_index(options, i);
        if (!option->takes_value || !is_first_of_name(options, i))
            continue;
        if (option->short_name != '\0')
            cli_print("    *' -%c' | *' --%s')", option->short_name, option->name);
        else
            cli_print("    *' --%s')", option->name);
        print_values(" ", cli_option_values(NULL, option->name));
    }
    cli_print("    esac\n");
}

static void
print_operand_cases(void)
{
    cli_print("        case $command in\n");
    for (const CliCommand *command = cli_commands; command->name != NULL; command++) {
        CliValues values = cli_operand_values(command->name);
        if (values.kind == NULL && values.words == NULL)
            continue;
        cli_print("        %s)", command->name);
        print_values(" ", values);
    }
    cli_print("        esac\n");
}

/* ---- bash */

static void
print_bash_options(const GPtrArray *options)
{
    const CliCommand *last = NULL;
    cli_print("    case $command in\n");
    for (guint i = 0; i < options->len; i++) {
        const Option *option = g_ptr_array_index(options, i);
        if (option->command != last)
            cli_print("%s    %s) options='--help", last != NULL ? "' ;;\n" : "",
                      option->command->name);
        cli_print(" --%s", option->name);
        last = option->command;
    }
    cli_print("' ;;\n    esac\n");
}

static void
print_bash(const GPtrArray *options)
{
    cli_print("# bash completion for carenet(1): source <(carenet completion bash)\n\n"
              "_carenet() {\n"
              "    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}\n"
              "    local command=${COMP_WORDS[1]-} options= words= kind=\n"
              "    COMPREPLY=()\n"
              "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
              "        mapfile -t COMPREPLY < <(compgen -W '");
    for (const CliCommand *command = cli_commands; command->name != NULL; command++)
        if ((command->shared & CLI_IS_HIDDEN) == 0)
            cli_print("%s%s", command != cli_commands ? " " : "", command->name);
    cli_print("' -- \"$current\")\n        return\n    fi\n");
    print_bash_options(options);
    print_value_cases(options);
    cli_print("    if [ -z \"$words$kind\" ]; then\n"
              "        if [[ $current == -* ]]; then\n"
              "            words=$options\n"
              "        else\n");
    print_operand_cases();
    cli_print(
        "        fi\n"
        "    fi\n"
        "    case $kind in\n"
        "    '' | nothing) mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\") ;;\n"
        "    files)\n"
        "        compopt -o filenames 2>/dev/null\n"
        "        mapfile -t COMPREPLY < <(compgen -f -- \"$current\")\n"
        "        ;;\n"
        "    *) mapfile -t COMPREPLY < <(carenet names \"$kind\" \"$current\" 2>/dev/null |\n"
        "        cut -f 1) ;;\n"
        "    esac\n"
        "}\n"
        "complete -F _carenet carenet\n");
}

/* ---- zsh */

/* 'name:what it is' for _describe. */
static void
print_pair(const char *name, const char *description)
{
    g_autofree char *pair = g_strconcat(name, ":", description, NULL);
    g_autofree char *quoted = g_shell_quote(pair);
    cli_print(" %s", quoted);
}

static void
print_zsh_options(const GPtrArray *options)
{
    const CliCommand *last = NULL;
    cli_print("    case $command in\n");
    for (guint i = 0; i < options->len; i++) {
        const Option *option = g_ptr_array_index(options, i);
        g_autofree char *name = g_strconcat("--", option->name, NULL);
        if (option->command != last)
            cli_print("%s    %s) options=(--help", last != NULL ? ") ;;\n" : "",
                      option->command->name);
        print_pair(name, option->description);
        last = option->command;
    }
    cli_print(") ;;\n    esac\n");
}

static void
print_zsh(const GPtrArray *options)
{
    cli_print(
        "#compdef carenet\n"
        "# zsh completion for carenet(1): carenet completion zsh > a folder of fpath/_carenet\n\n"
        "_carenet() {\n"
        "    local command=${words[2]} previous=${words[CURRENT - 1]}\n"
        "    local current=${words[CURRENT]} kind=\n"
        "    local -a commands options found\n"
        "    if ((CURRENT == 2)); then\n"
        "        commands=(");
    for (const CliCommand *command = cli_commands; command->name != NULL; command++)
        if ((command->shared & CLI_IS_HIDDEN) == 0)
            print_pair(command->name, command->summary);
    cli_print(")\n        _describe command commands\n        return\n    fi\n");
    cli_print("    local words=\n");
    print_zsh_options(options);
    print_value_cases(options);
    cli_print("    if [[ -z $words$kind ]]; then\n"
              "        if [[ $current == -* ]]; then\n"
              "            _describe option options\n"
              "            return\n"
              "        fi\n");
    print_operand_cases();
    cli_print("    fi\n"
              "    case $kind in\n"
              "    '' | nothing) compadd -- ${=words} ;;\n"
              "    files) _files ;;\n"
              "    *)\n"
              "        found=(${(f)\"$(carenet names $kind $current 2>/dev/null |\n"
              "            sed -e 's/:/\\\\:/g' -e $'s/\\t/:/')\"})\n"
              "        _describe value found\n"
              "        ;;\n"
              "    esac\n"
              "}\n"
              "_carenet \"$@\"\n");
}

/* ---- fish */

static void
print_fish_values(CliValues values)
{
    if (values.words != NULL)
        cli_print(" -a '%s'", values.words);
    else if (values.kind != NULL && strcmp(values.kind, "files") != 0)
        cli_print(" -a '(carenet names %s (commandline -ct) 2>/dev/null)'", values.kind);
}

static void
print_fish_option(const Option *option)
{
    g_autofree char *quoted = g_shell_quote(option->description);
    cli_print("complete -c carenet -n '__fish_seen_subcommand_from %s' -l %s",
              option->command->name, option->name);
    if (option->short_name != '\0')
        cli_print(" -s %c", option->short_name);
    if (option->takes_value)
        cli_print(g_strcmp0(option->values.kind, "files") == 0 ? " -r -F" : " -x");
    print_fish_values(option->values);
    cli_print(" -d %s\n", quoted);
}

static void
print_fish(const GPtrArray *options)
{
    cli_print("# fish completion for carenet(1): carenet completion fish | source\n\n"
              "complete -c carenet -f\n");
    for (const CliCommand *command = cli_commands; command->name != NULL; command++) {
        CliValues values = cli_operand_values(command->name);
        g_autofree char *quoted = command->summary != NULL ? g_shell_quote(command->summary) : NULL;
        if ((command->shared & CLI_IS_HIDDEN) != 0)
            continue;
        cli_print("complete -c carenet -n __fish_use_subcommand -a %s -d %s\n", command->name,
                  quoted);
        if (values.kind == NULL && values.words == NULL)
            continue;
        cli_print("complete -c carenet -n '__fish_seen_subcommand_from %s'", command->name);
        if (g_strcmp0(values.kind, "files") == 0)
            cli_print(" -F");
        print_fish_values(values);
        cli_print("\n");
    }
    for (guint i = 0; i < options->len; i++)
        print_fish_option(g_ptr_array_index(options, i));
}

int
cli_completion(Cli *cli, char **words, GError **error)
{
    static const char *const shells[] = {"bash", "zsh", "fish", NULL};
    static void (*const print[])(const GPtrArray *) = {print_bash, print_zsh, print_fish};
    const GOptionEntry entries[] = {{0}};
    if (!cli_parse(cli, entries, words, error))
        return 0;
    if (!cli_operands_check(cli, words, 1, 1, error))
        return 2;
    gint shell = cli_choice_parse("the shell", words[0], shells, error);
    if (shell < 0)
        return 2;
    g_autoptr(GPtrArray) options = list_options();
    print[shell](options);
    return 0;
}
