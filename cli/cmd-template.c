/* carenet template: a commented start for a file. */
#include "commands.h"
#include "output.h"

#include <stdio.h>

int
cli_template(Cli *cli, char **words, GError **error)
{
    static const char *const kinds[] = {"region", "case", "policy", NULL};
    const GOptionEntry entries[] = {{0}};
    if (!cli_parse(cli, entries, words, error))
        return 0;
    if (!cli_operands_check(cli, words, 1, 1, error) ||
        cli_choice_parse("a template", words[0], kinds, error) < 0)
        return 2;
    fputs(carenet_template(words[0]), stdout);
    return 0;
}
