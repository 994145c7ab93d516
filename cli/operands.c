/* Operands: whether there are as many as a command takes, and what the missing one is called. The usage
 * line in the table of commands is the only place that names them. */
#include "common.h"
#include "message.h"

#include <string.h>

/* ---- Reading a usage line: "list | get OFFERING | hold OFFERING [--for TIME]". */

static const char *
skip_brackets(const char *at)
{
    gint depth = 0;
    do {
        depth += (*at == '[') - (*at == ']');
        at++;
    } while (depth > 0 && *at != '\0');
    return at;
}

/* The next word, without the dots of what repeats; NULL at the end. What may be left out is passed over.
 * (transfer full) */
static char *
take_word(const char **at)
{
    *at += strspn(*at, " ");
    while (**at == '[') {
        *at = skip_brackets(*at);
        *at += strspn(*at, " .");
    }
    if (**at == '\0')
        return NULL;
    const gsize len = strcspn(*at, " ");
    char *word = g_strndup(*at, len);
    *at += len;
    if (g_str_has_suffix(word, "..."))
        word[len - 3] = '\0';
    return word;
}

/* The names of the operands of each way to use the command; options and their values are left out.
 * (element-type GPtrArray(utf8)) (transfer full) */
static GPtrArray *
read_usage(const char *usage)
{
    GPtrArray *ways = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    GPtrArray *way = g_ptr_array_new_with_free_func(g_free);
    gboolean in_option = FALSE;
    g_ptr_array_add(ways, way);
    for (char *word; (word = take_word(&usage)) != NULL;) {
        const gboolean is_option = word[0] == '-', is_value = in_option;
        in_option = is_option && !is_value;
        if (word[0] == '|')
            g_ptr_array_add(ways, way = g_ptr_array_new_with_free_func(g_free));
        if (is_option || is_value || word[0] == '|')
            g_free(word);
        else
            g_ptr_array_add(way, word);
    }
    return ways;
}

/* ---- What is missing. */

/* The way whose first word was given, else the first. */
static const GPtrArray *
choose_way(const GPtrArray *ways, const char *word)
{
    for (guint i = 0; i < ways->len && word != NULL; i++) {
        const GPtrArray *way = g_ptr_array_index(ways, i);
        if (way->len > 0 && strcmp(g_ptr_array_index(way, 0), word) == 0)
            return way;
    }
    return g_ptr_array_index(ways, 0);
}

/* "list, get, set" (transfer full) */
static char *
join_first_words(const GPtrArray *ways)
{
    GString *all = g_string_new(NULL);
    for (guint i = 0; i < ways->len; i++) {
        const GPtrArray *way = g_ptr_array_index(ways, i);
        if (way->len > 0)
            g_string_append_printf(all, "%s%s", all->len > 0 ? ", " : "",
                                   (const char *)g_ptr_array_index(way, 0));
    }
    return g_string_free(all, FALSE);
}

static gboolean
fail_missing(const Cli *cli, char **words, guint len, GError **error)
{
    const CliCommand *command = cli->command;
    g_autoptr(GPtrArray) ways = read_usage(command->operands);
    const GPtrArray *way = choose_way(ways, words[0]);
    g_autofree char *hint =
        g_strdup_printf(cli_translate(N_("write carenet %s %s; add --help to see more")),
                        command->name, command->operands);
    g_autofree char *choices = join_first_words(ways);
    g_autoptr(GString) given = g_string_new(command->name);
    for (guint i = 0; i < len && i < way->len; i++)
        g_string_append_printf(given, " %s", (const char *)g_ptr_array_index(way, i));
    if (len == 0 && ways->len > 1)
        cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT, "add --help to see how it is used",
                 "one of %s is missing after \"carenet %s\"", choices, given->str);
    else
        cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT, hint, "%s is missing after \"carenet %s\"",
                 len < way->len ? (const char *)g_ptr_array_index(way, len)
                                : cli_translate(N_("a word")),
                 given->str);
    return FALSE;
}

gboolean
cli_operands_check(const Cli *cli, char **words, guint least, guint most, GError **error)
{
    const guint len = g_strv_length(words);
    if (len > most) {
        cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT, "add --help to see how it is used",
                 "do not know what to do with \"%s\"", words[most]);
        return FALSE;
    }
    return len >= least || fail_missing(cli, words, len, error);
}
