/* carenet names KIND [PREFIX]: the names that a shell may complete, one a line, a tab and what it
 * is behind it. Hidden: the scripts of `carenet completion` call it at every press of the key, so it
 * opens no more than the kind needs. It knows nothing of cases. */
#include "commands.h"
#include "help-topics.h"
#include "output.h"

#include <string.h>

/* Without more letters the towns would be thousands. */
#define PREFIX_LEAST 2

/* A name as one word that a shell need not quote and carenet understands: "Cagayan de Oro" is
 * cagayan-de-oro. (transfer full) */
static char *
make_word(const char *name)
{
    g_autofree char *ascii = g_str_to_ascii(name, "C");
    GString *word = g_string_new(NULL);
    for (const char *p = ascii; *p != '\0'; p++) {
        if (g_ascii_isalnum(*p))
            g_string_append_c(word, g_ascii_tolower(*p));
        else if (*p != '\'' && word->len > 0 && word->str[word->len - 1] != '-')
            g_string_append_c(word, '-');
    }
    if (word->len > 0 && word->str[word->len - 1] == '-')
        g_string_truncate(word, word->len - 1);
    return g_string_free(word, FALSE);
}

static void
print_word(const char *word, const char *what)
{
    cli_print("%s", word);
    if (what != NULL) {
        cli_print_raw("\t");
        cli_print("%s", what);
    }
    cli_print("\n");
}

/* The rows whose @column begins with @prefix. */
static void
print_column(const carenet_table *rows, const char *column, const char *prefix)
{
    const char *last = NULL;
    for (gsize row = 0; row < carenet_table_rows_len(rows); row++) {
        const char *word = cli_cell_text(rows, row, column);
        if (word == NULL || !g_str_has_prefix(word, prefix) || g_strcmp0(word, last) == 0)
            continue;
        print_word(word, cli_cell_text(rows, row, "name"));
        last = word;
    }
}

/* The word for an area that begins with @wanted, shorter ones first; NULL where none of them means
 * this area and nothing else. (transfer full) */
static char *
choose_word(const Cli *cli, const char *name, const char *area, const char *wanted)
{
    g_autofree char *whole = make_word(name);
    const char *rest = g_str_has_prefix(whole, "city-of-") ? whole + strlen("city-of-") : NULL;
    char *words[] = {rest != NULL ? g_strdup(rest) : NULL,
                     rest != NULL ? g_strconcat(rest, "-city", NULL) : NULL, g_strdup(whole)};
    char *chosen = NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        const char *code = NULL;
        if (chosen == NULL && words[i] != NULL && g_str_has_prefix(words[i], wanted) &&
            carenet_reference_find_area(cli->reference, words[i], &code, NULL) &&
            strcmp(code, area) == 0)
            chosen = g_steal_pointer(&words[i]);
        g_free(words[i]);
    }
    return chosen;
}

/* Areas of some levels whose one-word name means them and nothing else. */
static gboolean
print_areas(const Cli *cli, const char *prefix, const char *const *levels, GError **error)
{
    carenet_table *areas = carenet_reference_areas(cli->reference, NULL, error);
    g_autofree char *wanted = make_word(prefix);
    if (areas == NULL)
        return FALSE;
    for (gsize row = 0; row < carenet_table_rows_len(areas); row++) {
        const char *level = cli_cell_text(areas, row, "level");
        if (levels != NULL && !g_strv_contains(levels, level))
            continue;
        g_autofree char *word = choose_word(cli, cli_cell_text(areas, row, "name"),
                                            cli_cell_text(areas, row, "area"), wanted);
        if (word != NULL)
            print_word(word, level);
    }
    carenet_table_unref(areas);
    return TRUE;
}

static gboolean
print_places(Cli *cli, const char *prefix, GError **error)
{
    static const char *const large[] = {"island-group", "region", "province", NULL};
    return print_areas(cli, prefix, strlen(prefix) < PREFIX_LEAST ? large : NULL, error);
}

/* The regions of the network and the island groups. */
static gboolean
print_regions(Cli *cli, const char *prefix, GError **error)
{
    static const char *const groups[] = {"island-group", NULL};
    if (!cli_directory_open(cli, error))
        return FALSE;
    carenet_table *rows = carenet_directory_regions(cli->directory);
    print_column(rows, "region", prefix);
    carenet_table_unref(rows);
    return print_areas(cli, prefix, groups, error);
}

static gboolean
print_providers(Cli *cli, const char *prefix, GError **error)
{
    carenet_find_query query;
    carenet_find_query_init(&query);
    if (!cli_directory_open(cli, error))
        return FALSE;
    query.now_s = cli_now(cli);
    query.sort = "provider";
    carenet_table *rows = carenet_find(cli->directory, &query, error);
    if (rows == NULL)
        return FALSE;
    print_column(rows, "provider", prefix);
    carenet_table_unref(rows);
    return TRUE;
}

static gboolean
print_services(Cli *cli, const char *prefix, GError **error)
{
    (void)error;
    carenet_table *rows = carenet_reference_services(cli->reference);
    print_column(rows, "service", prefix);
    carenet_table_unref(rows);
    return TRUE;
}

static gboolean
print_terms(const Cli *cli, const char *prefix, carenet_terms_kind kind, GError **error)
{
    carenet_table *rows = carenet_reference_terms(cli->reference, kind, error);
    if (rows == NULL)
        return FALSE;
    print_column(rows, "id", prefix);
    carenet_table_unref(rows);
    return TRUE;
}

static gboolean
print_groups(Cli *cli, const char *prefix, GError **error)
{
    return print_terms(cli, prefix, CARENET_TERMS_GROUPS, error);
}

static gboolean
print_access(Cli *cli, const char *prefix, GError **error)
{
    return print_terms(cli, prefix, CARENET_TERMS_ACCESS, error);
}

static gboolean
print_languages(Cli *cli, const char *prefix, GError **error)
{
    return print_terms(cli, prefix, CARENET_TERMS_LANGUAGES, error);
}

static gboolean
print_topics(Cli *cli, const char *prefix, GError **error)
{
    (void)cli, (void)error;
    for (const CliCommand *command = cli_commands; command->name != NULL; command++)
        if ((command->shared & CLI_IS_HIDDEN) == 0 && g_str_has_prefix(command->name, prefix))
            print_word(command->name, command->summary);
    for (const CliTopic *topic = cli_topics; topic->name != NULL; topic++)
        if (g_str_has_prefix(topic->name, prefix))
            print_word(topic->name, topic->summary);
    return TRUE;
}

int
cli_names(Cli *cli, char **words, GError **error)
{
    static const char *const kinds[] = {"regions",   "places",    "services", "groups", "access",
                                        "languages", "providers", "topics",   NULL};
    static gboolean (*const print[])(Cli *, const char *, GError **) = {
        print_regions, print_places,    print_services,  print_groups,
        print_access,  print_languages, print_providers, print_topics};
    const GOptionEntry entries[] = {{0}};
    if (!cli_parse(cli, entries, words, error))
        return 0;
    if (!cli_operands_check(cli, words, 1, 2, error))
        return 2;
    gint kind = cli_choice_parse("a kind of names", words[0], kinds, error);
    if (kind < 0 || !cli_reference_open(cli, error))
        return 2;
    return print[kind](cli, words[1] != NULL ? words[1] : "", error) ? 0 : 2;
}
