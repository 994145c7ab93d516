/* carenet version */
#include "commands.h"
#include "output.h"

int
cli_version(Cli *cli, char **words, GError **error)
{
    const GOptionEntry entries[] = {{0}};
    if (!cli_parse(cli, entries, words, error))
        return 0;
    if (!cli_operands_check(cli, words, 0, 0, error))
        return 2;
    if (cli->format == CLI_JSON || cli->format == CLI_NDJSON) {
        cli_json_print(cli,
                       json_pack("{s: s, s: s, s: s, s: s}", "schema", "carenet.version/1",
                                 "version", carenet_version(), "libraries",
                                 carenet_version_libraries(), "data", cli_data_dir(cli)),
                       error);
        return 0;
    }
    cli_print("carenet %s\n%s\ndata in %s\n", carenet_version(), carenet_version_libraries(),
              cli_data_dir(cli));
    return 0;
}
