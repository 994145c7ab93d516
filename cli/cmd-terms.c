/* carenet terms: the words that carenet understands. */
#include "commands.h"
#include "message.h"
#include "output.h"
#include "screen.h"

#include <string.h>

/* Leading blanks show the depth. */
static char *
format_branch(const carenet_table *rows, gsize row, gint64 now_s)
{
    (void)now_s;
    GString *text = g_string_new(NULL);
    const gint64 top = cli_cell_int(rows, 0, "depth");
    for (gint64 depth = cli_cell_int(rows, row, "depth"); depth > top; depth--)
        g_string_append(text, "  ");
    g_string_append(text, cli_cell_text(rows, row, "service") != NULL
                              ? cli_cell_text(rows, row, "service")
                              : cli_cell_text(rows, row, "name"));
    return g_string_free(text, FALSE);
}

static void
print_services(const Cli *cli, const carenet_table *rows, gboolean tree)
{
    const CliColumn columns[] = {
        {{N_("SERVICE"), 0}, "service", tree ? format_branch : NULL},
        {{N_("NAME"), CLI_WRAP}, "name", NULL},
        {{tree ? NULL : N_("PARENT"), 0}, "parent", NULL},
        {{N_("UNIT"), 0}, "unit", NULL},
        {{N_("ASSESSMENT FIRST"), 0}, "gate", NULL},
        {{N_("ROUTABLE"), 0}, "routable", NULL},
        {{N_("ALIASES"), CLI_WRAP}, "aliases", NULL},
    };
    cli_screen_table(cli, rows, columns, G_N_ELEMENTS(columns), 0);
}

/* Half of the vocabularies have no aliases, most no details. */
static const char *
unless_empty(const char *heading, const carenet_table *rows, const char *column)
{
    for (gsize row = 0; row < carenet_table_rows_len(rows); row++) {
        g_autofree char *members = cli_cell_join(rows, row, column, "");
        if (*members != '\0' || cli_cell_text(rows, row, column) != NULL)
            return heading;
    }
    return NULL;
}

static void
print_vocabulary(const Cli *cli, const carenet_table *rows)
{
    const CliColumn columns[] = {
        {{N_("ID"), 0}, "id", NULL},
        {{N_("NAME"), CLI_WRAP}, "name", NULL},
        {{unless_empty("ALIASES", rows, "aliases"), CLI_WRAP}, "aliases", NULL},
        {{unless_empty("DETAIL", rows, "detail"), CLI_WRAP}, "detail", NULL},
    };
    cli_screen_table(cli, rows, columns, G_N_ELEMENTS(columns), 0);
}

static void
print_regions(const Cli *cli, const carenet_table *rows)
{
    static const CliColumn columns[] = {
        {{N_("REGION"), 0}, "region", NULL},
        {{N_("NAME"), 0}, "name", NULL},
        {{N_("AREA"), 0}, "area", NULL},
        {{N_("PROVIDERS"), CLI_RIGHT}, "providers", NULL},
        {{N_("OFFERINGS"), CLI_RIGHT}, "offerings", NULL},
    };
    cli_screen_table(cli, rows, columns, G_N_ELEMENTS(columns), 0);
}

/* Each region of the network with its provinces, cities and municipalities. */
static gboolean
print_areas(const Cli *cli, const carenet_table *regions, GError **error)
{
    static const CliColumn columns[] = {
        {{N_("AREA"), 0}, NULL, format_branch},
        {{N_("CODE"), 0}, "area", NULL},
        {{N_("LEVEL"), 0}, "level", NULL},
        {{N_("ALIASES"), CLI_WRAP}, "aliases", NULL},
    };
    for (gsize row = 0; row < carenet_table_rows_len(regions); row++) {
        const char *area = cli_cell_text(regions, row, "area");
        carenet_table *areas =
            area != NULL ? carenet_reference_areas(cli->reference, area, error) : NULL;
        if (area == NULL)
            continue;
        if (areas == NULL)
            return FALSE;
        cli_screen_table(cli, areas, columns, G_N_ELEMENTS(columns), 0);
        carenet_table_unref(areas);
    }
    return TRUE;
}

static gboolean
print_terms(const Cli *cli, gint kind, gboolean tree, const carenet_table *rows, GError **error)
{
    if (kind == 0 && tree)
        return print_areas(cli, rows, error);
    if (kind == 0)
        print_regions(cli, rows);
    else if (kind == 1)
        print_services(cli, rows, tree);
    else
        print_vocabulary(cli, rows);
    return TRUE;
}

/* Regions, services, then the vocabularies in the order of carenet_terms_kind. */
static const char *const kinds[] = {"regions",     "services", "groups",    "access",  "documents",
                                    "assessments", "courses",  "languages", "reasons", NULL};

static carenet_table *
find_terms(Cli *cli, gint kind, GError **error)
{
    if (kind == 0)
        return cli_directory_open(cli, error) ? carenet_directory_regions(cli->directory) : NULL;
    if (!cli_reference_open(cli, error))
        return NULL;
    if (kind == 1)
        return carenet_reference_services(cli->reference);
    return carenet_reference_terms(cli->reference, (carenet_terms_kind)(kind - 2), error);
}

int
cli_terms(Cli *cli, char **words, GError **error)
{
    gboolean tree = FALSE, done = FALSE;
    const GOptionEntry entries[] = {
        {"tree", 0, 0, G_OPTION_ARG_NONE, &tree, N_("regions and services with what is below them"),
         NULL},
        {0},
    };
    if (!cli_parse(cli, entries, words, error))
        return 0;
    if (!cli_operands_check(cli, words, 1, 1, error))
        return 2;
    gint kind = cli_choice_parse("a vocabulary", words[0], kinds, error);
    carenet_table *rows = kind >= 0 ? find_terms(cli, kind, error) : NULL;
    if (rows != NULL && cli->format == CLI_TABLE) {
        done = print_terms(cli, kind, tree, rows, error);
    } else if (rows != NULL) {
        CliAnswer answer = {.schema = "carenet.terms/1",
                            .query = json_pack("{s: s}", "terms", words[0]),
                            .rows = rows};
        done = cli_answer_print(cli, &answer, error);
    }
    carenet_table_unref(rows);
    return done ? 0 : 2;
}
