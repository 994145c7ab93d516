/* carenet whatif: what would change with more places, or with somebody closed. */
#include "commands.h"
#include "message.h"
#include "output.h"
#include "planning.h"

#include <stdlib.h>
#include <string.h>

#define PLACES_MOST 1000000

typedef struct {
    CliPlanning planning;
    char **add;
    char **close;
} WhatIfOptions;

static void
clear_options(WhatIfOptions *options)
{
    cli_planning_clear(&options->planning);
    g_strfreev(options->add);
    g_strfreev(options->close);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(WhatIfOptions, clear_options)

/* "+5", "-2", and "+-2", which is what "-2" is let through as. */
static gboolean
parse_places(const char *word, gint64 *out)
{
    char *end = NULL;
    if (word == NULL || (*word != '+' && *word != '-'))
        return FALSE;
    word += g_str_has_prefix(word, "+-") ? 1 : 0;
    if (!g_ascii_isdigit(word[1]))
        return FALSE;
    *out = g_ascii_strtoll(word, &end, 10);
    return *end == '\0';
}

/* GOption would take the "-2" of "--add ID -2" for an option. */
static void
let_minus_through(char **words)
{
    gint64 places = 0;
    for (gsize i = 0; words[i] != NULL && strcmp(words[i], "--") != 0; i++) {
        const gsize number = g_str_has_prefix(words[i], "--add=")                     ? i + 1
                             : strcmp(words[i], "--add") == 0 && words[i + 1] != NULL ? i + 2
                                                                                      : 0;
        if (number == 0 || words[number] == NULL || *words[number] != '-' ||
            !parse_places(words[number], &places))
            continue;
        g_autofree char *with_plus = g_strconcat("+", words[number], NULL);
        words[number] = (char *)g_intern_string(with_plus);
    }
}

static gboolean
parse_options(Cli *cli, WhatIfOptions *o, char **words, GError **error)
{
    CliPlanning *p = &o->planning;
    const GOptionEntry entries[] = {
        {"cases", 0, 0, G_OPTION_ARG_FILENAME, &p->cases_file,
         N_("the list: YAML, JSON, NDJSON or CSV; - is standard input"), "FILE"},
        {"add", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o->add,
         N_("suppose places: the id, then +N or -N as the next word; --add ID +5"), "ID"},
        {"close", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o->close,
         N_("suppose that this provider or offering takes nobody"), "ID"},
        {"policy", 0, 0, G_OPTION_ARG_FILENAME, &p->policy_file,
         N_("rules and weights of your own"), "FILE"},
        CLI_THREADS_ENTRY(p),
        {"include-unconfirmed", 0, 0, G_OPTION_ARG_NONE, &p->include_unconfirmed,
         N_("also providers that nobody has confirmed"), NULL},
        {"include-unknown-capacity", 0, 0, G_OPTION_ARG_NONE, &p->include_unknown,
         N_("also those whose free places nobody knows"), NULL},
        CLI_SOUND_ONLY_ENTRY(p),
        {"allow-personal-data", 0, 0, G_OPTION_ARG_NONE, &p->allow_personal_data,
         N_("read a file although it seems to hold names, birth dates, phone numbers or emails"),
         NULL},
        {0},
    };
    let_minus_through(words);
    return cli_parse(cli, entries, words, error) && cli_planning_check(cli, p, error);
}

/* One change an option; the numbers of --add are the operands, in their order. (element-type
 * carenet_change) (transfer full) */
static GArray *
find_changes(const WhatIfOptions *o, char **words, GError **error)
{
    g_autoptr(GArray) changes = g_array_new(FALSE, FALSE, sizeof(carenet_change));
    gsize word = 0;
    for (gsize i = 0; o->add != NULL && o->add[i] != NULL; i++) {
        gint64 places = 0;
        if (!parse_places(words[word], &places)) {
            cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT,
                     "such as --add ex-nmn-014/trauma-therapy +5",
                     "--add takes an id and then +N or -N");
            return NULL;
        }
        if (places < -PLACES_MOST || places > PLACES_MOST) {
            cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT,
                     "such as --add ex-nmn-014/trauma-therapy +5",
                     "--add takes up to %d places more or less", PLACES_MOST);
            return NULL;
        }
        const carenet_change change = {.id = o->add[i], .places = places};
        g_array_append_val(changes, change);
        word++;
    }
    for (gsize i = 0; o->close != NULL && o->close[i] != NULL; i++) {
        const carenet_change change = {.id = o->close[i], .close = true};
        g_array_append_val(changes, change);
    }
    if (words[word] != NULL || changes->len == 0) {
        cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT,
                 "such as --add ex-nmn-014/trauma-therapy +5 --close ex-nmn-022",
                 "say what is to be supposed: --add ID +N, --close ID");
        return NULL;
    }
    return g_steal_pointer(&changes);
}

/* Where one of both is not the best there is, what is different says nothing of what was supposed. */
static int
tell_stopped(void)
{
    cli_say("stopped by Ctrl-C: there is nothing to compare");
    return 6;
}

static int
run_both(Cli *cli, const WhatIfOptions *o, carenet_directory *with, GError **error)
{
    int status = 2;
    carenet_batch_options run;
    carenet_batch_options_init(&run);
    run.skip_reasons = true; /* what is different has none */
    carenet_policy *policy = cli_planning_policy(cli, &o->planning, error);
    carenet_cases *cases = policy != NULL ? cli_planning_cases(cli, &o->planning, error) : NULL;
    carenet_plan *now = cases != NULL ? cli_planning_run(cli, &o->planning, cli->directory, policy,
                                                         cases, &run, error)
                                      : NULL;
    run.former = now;
    carenet_plan *then = now != NULL && carenet_plan_get_stopped(now) == CARENET_STOPPED_NOT
                             ? cli_planning_run(cli, &o->planning, with, policy, cases, &run, error)
                             : NULL;
    if (then != NULL && carenet_plan_get_stopped(then) == CARENET_STOPPED_NOT &&
        cli_plans_print(cli, now, then, TRUE, error))
        status = 0;
    else if (now != NULL && (error == NULL || *error == NULL))
        status = tell_stopped();
    carenet_plan_unref(then);
    carenet_plan_unref(now);
    carenet_cases_unref(cases);
    carenet_policy_unref(policy);
    return status;
}

int
cli_whatif(Cli *cli, char **words, GError **error)
{
    g_auto(WhatIfOptions) options = {.planning = {.threads = cli_threads(), .at_s = G_MININT64}};
    if (!parse_options(cli, &options, words, error))
        return 0;
    g_autoptr(GArray) changes = find_changes(&options, words, error);
    if (changes == NULL || !cli_directory_open(cli, error))
        return 2;
    carenet_directory *with = carenet_directory_with(
        cli->directory, (const carenet_change *)(gconstpointer)changes->data, changes->len, error);
    if (with == NULL)
        return 2;
    const int status = run_both(cli, &options, with, error);
    carenet_directory_unref(with);
    return status;
}
