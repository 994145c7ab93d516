/* Options and their values: GOption by one table a command, the shared options once. */
#include "common.h"
#include "describe.h"
#include "file.h"
#include "near.h"
#include "message.h"
#include "output.h"

#include <math.h>
#include <string.h>

/* The order of CliFormat. */
static const char *const format_names[] = {"table", "json", "ndjson", "csv", "md", "html", NULL};

/* What a command takes of them: the first row whose flag it has. */
static const struct {
    guint flag;
    const char *description;
    const char *names[G_N_ELEMENTS(format_names)];
} format_sets[] = {
    {CLI_TAKES_SHEETS, N_("how to print: table (the default) or html"), {"table", "html"}},
    {CLI_TAKES_RECORD,
     N_("how to print: table (the default), json or ndjson"),
     {"table", "json", "ndjson"}},
    {CLI_TAKES_HTML,
     N_("how to print: table (the default), json, ndjson, csv, md or html"),
     {"table", "json", "ndjson", "csv", "md", "html"}},
    {CLI_TAKES_FORMAT,
     N_("how to print: table (the default), json, ndjson, csv or md"),
     {"table", "json", "ndjson", "csv", "md"}},
};

static gsize
find_format_set(const CliCommand *command)
{
    gsize i = 0;
    while (i + 1 < G_N_ELEMENTS(format_sets) && (command->shared & format_sets[i].flag) == 0)
        i++;
    return i;
}

/* The shared options that the command takes, ended by an empty entry. (element-type GOptionEntry) */
static GArray *
list_shared(Cli *cli)
{
    const struct {
        guint flag;
        GOptionEntry entry;
    } all[] = {
        {CLI_TAKES_FORMAT,
         {"format", 0, 0, G_OPTION_ARG_STRING, &cli->format_text,
          format_sets[find_format_set(cli->command)].description, "FORMAT"}},
        {CLI_TAKES_FORMAT | CLI_TAKES_LAYOUT,
         {"layout", 0, 0, G_OPTION_ARG_STRING, &cli->layout_text,
          N_("table, or lines: one field a line, for screen readers; else CARENET_LAYOUT"),
          "LAYOUT"}},
        {CLI_TAKES_LIMIT,
         {"limit", 0, 0, G_OPTION_ARG_INT, &cli->limit, N_("at most N rows; 0 is all"), "N"}},
        {CLI_TAKES_AS_OF,
         {"as-of", 0, 0, G_OPTION_ARG_STRING, &cli->as_of_text,
          N_("look at it as of INSTANT, such as 2026-11-16T09:00"), "INSTANT"}},
        {CLI_TAKES_DB,
         {"db", 0, 0, G_OPTION_ARG_FILENAME, &cli->db,
          N_("the store; else CARENET_DB, else the user's data folder"), "PATH"}},
        {0,
         {"lang", 0, 0, G_OPTION_ARG_STRING, &cli->lang,
          N_("the language of messages, such as en; English where there is no translation"),
          "LANGUAGE"}},
        {0,
         {"data", 0, 0, G_OPTION_ARG_FILENAME, &cli->data,
          N_("the folder with places, services and policy; else CARENET_DATA"), "DIR"}},
    };
    const GOptionEntry end = {0};
    GArray *entries = g_array_new(FALSE, FALSE, sizeof(GOptionEntry));
    for (gsize i = 0; i < G_N_ELEMENTS(all); i++)
        if (all[i].flag == 0 || (cli->command->shared & all[i].flag) != 0)
            g_array_append_val(entries, all[i].entry);
    g_array_append_val(entries, end);
    return entries;
}

static void
collect_names(GPtrArray *names, const GOptionEntry *entries)
{
    for (; entries->long_name != NULL; entries++)
        g_ptr_array_add(names, g_strconcat("--", entries->long_name, NULL));
}

/* GOption says "Unknown option --regon"; say what was meant instead. */
static void
explain_unknown(const Cli *cli,
                const GOptionEntry *own,
                const GOptionEntry *shared,
                const char *message,
                GError **error)
{
    const char *word = strrchr(message, ' ');
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    word = word != NULL ? word + 1 : message;
    collect_names(names, own);
    collect_names(names, shared);
    g_ptr_array_add(names, g_strdup("--help"));
    g_ptr_array_add(names, NULL);
    g_autofree char *meant = cli_near_suggest(word, (const char *const *)names->pdata);
    g_autofree char *hint =
        meant != NULL ? g_strdup(meant)
                      : g_strdup_printf("carenet %s --help lists its options", cli->command->name);
    cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT, hint, "%s has no option %s", cli->command->name,
             word);
}

/* GLib says "Cannot parse integer value “x” for --free", and so of a double, and of what is out of range: what the
 * option takes. NULL for its other texts. (transfer full) */
static char *
explain_number(const char *message)
{
    const char *begin = strstr(message, "“"), *end = strstr(message, "”");
    const char *option = end != NULL ? strstr(end, " for --") : NULL;
    const gboolean whole = g_strstr_len(message, -1, "nteger value") != NULL;
    if (begin == NULL || option == NULL || (!whole && strstr(message, "ouble value") == NULL))
        return NULL;
    begin += strlen("“");
    option += strlen(" for ");
    g_autofree char *value = g_strndup(begin, (gsize)(end - begin));
    g_autofree char *name = g_strndup(option, strcspn(option, " "));
    return g_strdup_printf(strstr(option, "out of range") != NULL
                               ? "%s takes no number as large as \"%s\""
                           : whole ? "%s takes a whole number, not \"%s\""
                                   : "%s takes a number, not \"%s\"",
                           name, value);
}

static void
explain_failure(const Cli *cli,
                const GOptionEntry *own,
                const GOptionEntry *shared,
                const GError *cause,
                GError **error)
{
    if (g_error_matches(cause, G_OPTION_ERROR, G_OPTION_ERROR_UNKNOWN_OPTION)) {
        explain_unknown(cli, own, shared, cause->message, error);
        return;
    }
    if (cause->domain == G_CONVERT_ERROR) {
        cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT,
                 "write it in UTF-8, or give the PSGC code or id instead",
                 "a word of the command line is not UTF-8");
        return;
    }
    g_autoptr(GString) message = g_string_new(cause->message);
    g_autofree char *number = explain_number(cause->message);
    g_autofree char *hint =
        g_strdup_printf("carenet %s --help lists its options", cli->command->name);
    if (number != NULL)
        g_string_assign(message, number);
    g_string_replace(message, "“", "\"", 0);
    g_string_replace(message, "”", "\"", 0);
    message->str[0] = g_ascii_tolower(message->str[0]);
    cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT, hint, "%s", message->str);
}

/* TRUE: --help or -h stands before "--". */
static gboolean
asks_for_help(char **words)
{
    for (; *words != NULL && strcmp(*words, "--") != 0; words++)
        if (strcmp(*words, "--help") == 0 || strcmp(*words, "-h") == 0)
            return TRUE;
    return FALSE;
}

/* Cuts @words at "--"; what follows are operands, whatever they look like. (transfer container) */
static GPtrArray *
cut_at_separator(char **words)
{
    GPtrArray *tail = g_ptr_array_new();
    gsize i = 0;
    while (words[i] != NULL && strcmp(words[i], "--") != 0)
        i++;
    if (words[i] != NULL) {
        for (gsize k = i + 1; words[k] != NULL; k++)
            g_ptr_array_add(tail, words[k]);
        words[i] = NULL;
    }
    return tail;
}

static gboolean
understand_layout(Cli *cli, GError **error)
{
    static const char *const names[] = {"table", "lines", NULL};
    const char *variable = cli_variable("CARENET_LAYOUT");
    const char *text = cli->layout_text != NULL ? cli->layout_text : variable;
    if (text == NULL)
        return TRUE;
    gint layout = cli_choice_parse(cli->layout_text != NULL ? "--layout" : "CARENET_LAYOUT", text,
                                   names, error);
    cli->layout = layout > 0 ? (CliLayout)layout : CLI_LAYOUT_TABLE;
    return layout >= 0;
}

static gboolean
understand_format(Cli *cli, GError **error)
{
    const char *const *names = format_sets[find_format_set(cli->command)].names;
    if (cli->format_text == NULL)
        return TRUE;
    if (cli_choice_parse("--format", cli->format_text, names, error) < 0)
        return FALSE;
    cli->format = (CliFormat)cli_choice_parse("--format", cli->format_text, format_names, error);
    return TRUE;
}

static gboolean
understand_shared(Cli *cli, GError **error)
{
    if (!understand_format(cli, error))
        return FALSE;
    if (!understand_layout(cli, error))
        return FALSE;
    if (cli->limit < 0) {
        cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT, NULL, "--limit is 0 (all) or more");
        return FALSE;
    }
    return cli->as_of_text == NULL ||
           cli_instant_parse("--as-of", cli->as_of_text, &cli->as_of_s, error);
}

static void
note_files(Cli *cli, const GOptionEntry *entries)
{
    for (; entries->long_name != NULL; entries++) {
        g_autofree char *option = g_strconcat("--", entries->long_name, NULL);
        if (entries->arg == G_OPTION_ARG_FILENAME)
            cli_file_note(cli, option, *(char **)entries->arg_data);
    }
}

gboolean
cli_parse(Cli *cli, const GOptionEntry *entries, char **words, GError **error)
{
    g_autoptr(GArray) list = list_shared(cli);
    const GOptionEntry *shared = &g_array_index(list, GOptionEntry, 0);
    if (cli->describe == NULL && asks_for_help(words))
        cli->describe = cli_describe_help;
    if (cli->describe != NULL) {
        cli->describe(cli, entries, shared);
        return FALSE;
    }
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_autoptr(GPtrArray) tail = cut_at_separator(words);
    g_autoptr(GError) cause = NULL;
    /* GOption takes what it knows out of a list whose first word is the program. */
    const gsize len = g_strv_length(words);
    g_autofree char **list_of_words = g_new0(char *, len + 2);
    char **argv = list_of_words;
    gint argc = (gint)len + 1;
    argv[0] = (char *)cli->command->name;
    memcpy(argv + 1, words, len * sizeof *words);

    g_option_context_set_help_enabled(context, FALSE);
    g_option_context_add_main_entries(context, entries, NULL);
    g_option_context_add_main_entries(context, shared, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &cause)) {
        explain_failure(cli, entries, shared, cause, error);
        return FALSE;
    }
    gsize n = 0;
    for (gint i = 1; i < argc; i++)
        words[n++] = argv[i];
    for (guint i = 0; i < tail->len; i++)
        words[n++] = g_ptr_array_index(tail, i);
    words[n] = NULL;
    note_files(cli, entries);
    return understand_shared(cli, error);
}

gsize
cli_strings_len(char **list)
{
    return list != NULL ? g_strv_length(list) : 0;
}

/* A number that is not negative and its unit, one of @units; FALSE where the text is anything else. */
static gboolean
split_measure(const char *text, const char *const *units, double *out_number, gint *out_unit)
{
    char *end = NULL;
    /* g_ascii_strtod() would also read "inf", "0x10", "0X10" and blanks. */
    if (!g_ascii_isdigit(text[0]) || g_ascii_tolower(text[1]) == 'x')
        return FALSE;
    double number = g_ascii_strtod(text, &end);
    for (gint i = 0; units[i] != NULL; i++) {
        if (strcmp(end, units[i]) == 0) {
            *out_number = number;
            *out_unit = i;
            return number < 1e6;
        }
    }
    return FALSE;
}

gboolean
cli_days_parse(const char *option, const char *text, gint32 *out_days, GError **error)
{
    static const char *const units[] = {"d", "w", NULL};
    double number = 0;
    gint unit = 0;
    if (!split_measure(text, units, &number, &unit) || number < 1) {
        cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT, "such as 60d or 8w",
                 "%s takes days or weeks, not \"%s\"", option, text);
        return FALSE;
    }
    *out_days = (gint32)floor(number * (unit == 1 ? 7 : 1));
    return TRUE;
}

gboolean
cli_reach_parse(const char *option,
                const char *text,
                gint32 *out_min,
                gint64 *out_m,
                GError **error)
{
    static const char *const units[] = {"min", "h", "km", "m", NULL};
    static const double factors[] = {1, 60, 1000, 1};
    double number = 0;
    gint unit = 0;
    if (!split_measure(text, units, &number, &unit) || number * factors[unit] < 1) {
        cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT, "such as 90min, 2h, 40km or 500m",
                 "%s takes a time or a distance, not \"%s\"", option, text);
        return FALSE;
    }
    double value = floor(number * factors[unit]);
    *out_min = unit < 2 ? (gint32)value : 0;
    *out_m = unit < 2 ? 0 : (gint64)value;
    return TRUE;
}

/* GLib wants seconds; people leave them out. (transfer full) */
static char *
complete_instant(const char *text)
{
    const gsize len = strlen(text);
    if (len == 10)
        return g_strconcat(text, "T00:00:00", NULL);
    /* "2026-11-16T14:30" and then nothing, Z or an offset. */
    if (len >= 16 && text[13] == ':' && text[16] != ':')
        return g_strdup_printf("%.16s:00%s", text, text + 16);
    return g_strdup(text);
}

gboolean
cli_instant_parse(const char *option, const char *text, gint64 *out_s, GError **error)
{
    if (strcmp(text, "now") == 0) {
        *out_s = g_get_real_time() / G_USEC_PER_SEC;
        return TRUE;
    }
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(CLI_LOCAL_OFFSET);
    g_autofree char *whole = complete_instant(text);
    g_autoptr(GDateTime) instant = g_date_time_new_from_iso8601(whole, zone);
    if (instant == NULL) {
        cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT,
                 "such as 2026-11-16T14:30 (Philippine time), 2026-11-16 or now",
                 "%s takes a day or an instant, not \"%s\"", option, text);
        return FALSE;
    }
    *out_s = g_date_time_to_unix(instant);
    return TRUE;
}

gboolean
cli_fd_parse(const char *option, const char *text, const char *file, int *out_fd, GError **error)
{
    if (*text != '\0' && strlen(text) <= 5 && strspn(text, "0123456789") == strlen(text)) {
        *out_fd = (int)g_ascii_strtoll(text, NULL, 10);
        return TRUE;
    }
    g_autofree char *hint = g_strdup_printf("such as: %s 3 3< %s", option, file);
    cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT, hint,
             "%s takes the number of an open file descriptor, not \"%s\"", option, text);
    return FALSE;
}

gboolean
cli_age_parse(const char *text, gint *out_age, GError **error)
{
    gint64 age = -1;
    if (text != NULL && !g_ascii_string_to_signed(text, 10, 0, 120, &age, NULL)) {
        cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT, "leave --age out where it is unknown",
                 "--age is in years, from 0 to 120");
        return FALSE;
    }
    *out_age = (gint)age;
    return TRUE;
}

gint
cli_choice_parse(const char *option, const char *text, const char *const *names, GError **error)
{
    for (gint i = 0; names[i] != NULL; i++)
        if (strcmp(text, names[i]) == 0)
            return i;
    g_autofree char *all = g_strjoinv(", ", (char **)names);
    g_autofree char *meant = cli_near_suggest(text, names);
    g_autofree char *hint =
        meant != NULL ? g_strdup(meant) : g_strdup_printf("it is one of %s", all);
    cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT, hint, "%s cannot be \"%s\"", option, text);
    return -1;
}
