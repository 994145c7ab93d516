/* carenet receive, accept, start, decline, redirect, waitlist, complete and cancel: what a provider
 * answers, and what becomes of a referral. */
#include "acting.h"
#include "commands.h"
#include "message.h"
#include "output.h"

#include <string.h>

typedef struct {
    char *reason;
    char *to;
    char *outcome;
    char *ground;
    CliActing acting;
} Options;

static void
clear_options(Options *options)
{
    g_free(options->reason);
    g_free(options->to);
    g_free(options->outcome);
    g_free(options->ground);
    cli_acting_clear(&options->acting);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, clear_options)

enum {
    TAKES_REASON = 1 << 0,
    TAKES_TO = 1 << 1,
    TAKES_OUTCOME = 1 << 2,
    TAKES_GROUND = 1 << 3, /* it asks for consent once more */
};

static carenet_table *
receive(carenet_store *store,
        const char *id,
        const Options *o,
        const carenet_acting *acting,
        GError **error)
{
    (void)o;
    return carenet_referral_receive(store, id, acting, error);
}

static carenet_table *
accept_it(carenet_store *store,
          const char *id,
          const Options *o,
          const carenet_acting *acting,
          GError **error)
{
    (void)o;
    return carenet_referral_accept(store, id, acting, error);
}

static carenet_table *
start(carenet_store *store,
      const char *id,
      const Options *o,
      const carenet_acting *acting,
      GError **error)
{
    (void)o;
    return carenet_referral_start(store, id, acting, error);
}

static carenet_table *
decline(carenet_store *store,
        const char *id,
        const Options *o,
        const carenet_acting *acting,
        GError **error)
{
    return carenet_referral_decline(store, id, o->reason, acting, error);
}

static carenet_table *
redirect(carenet_store *store,
         const char *id,
         const Options *o,
         const carenet_acting *acting,
         GError **error)
{
    return carenet_referral_redirect(store, id, o->to, o->reason, acting, error);
}

static carenet_table *
waitlist(carenet_store *store,
         const char *id,
         const Options *o,
         const carenet_acting *acting,
         GError **error)
{
    (void)o;
    return carenet_referral_waitlist(store, id, acting, error);
}

static carenet_table *
complete(carenet_store *store,
         const char *id,
         const Options *o,
         const carenet_acting *acting,
         GError **error)
{
    return carenet_referral_complete(store, id, o->outcome, o->reason, acting, error);
}

static carenet_table *
cancel(carenet_store *store,
       const char *id,
       const Options *o,
       const carenet_acting *acting,
       GError **error)
{
    return carenet_referral_cancel(store, id, o->reason, acting, error);
}

static const struct {
    const char *name;
    guint takes;
    carenet_table *(*run)(carenet_store *store,
                          const char *id,
                          const Options *o,
                          const carenet_acting *acting,
                          GError **error);
} verbs[] = {
    {"receive", TAKES_GROUND, receive},
    {"accept", TAKES_GROUND, accept_it},
    {"start", 0, start},
    {"decline", TAKES_REASON, decline},
    {"redirect", TAKES_REASON | TAKES_TO | TAKES_GROUND, redirect},
    {"waitlist", TAKES_GROUND, waitlist},
    {"complete", TAKES_REASON | TAKES_OUTCOME, complete},
    {"cancel", TAKES_REASON, cancel},
};

static gsize
find_verb(const Cli *cli)
{
    gsize i = 0;
    while (strcmp(verbs[i].name, cli->command->name) != 0)
        i++;
    return i;
}

/* Only the options that the verb takes. */
static gboolean
parse_options(Cli *cli, Options *o, guint takes, char **words, GError **error)
{
    const struct {
        guint flag;
        GOptionEntry entry;
    } all[] = {
        {TAKES_REASON,
         {"reason", 0, 0, G_OPTION_ARG_STRING, &o->reason,
          N_("why: client-refused, lack-of-capacity, not-eligible, unable-to-contact-client, "
             "unable-to-contact-provider, safety, no-longer-needed or other"),
          "REASON"}},
        {TAKES_TO,
         {"to", 0, 0, G_OPTION_ARG_STRING, &o->to, N_("the other offering: provider/service"),
          "OFFERING"}},
        {TAKES_OUTCOME,
         {"outcome", 0, 0, G_OPTION_ARG_STRING, &o->outcome,
          N_("what came of it: met, partly-met or ended"), "OUTCOME"}},
        {TAKES_GROUND, CLI_GROUND_ENTRY(&o->ground)},
        {0, CLI_KEY_ENTRY(&o->acting)},
        {0, CLI_BY_PHONE_ENTRY(&o->acting)},
    };
    const GOptionEntry acting[] = {CLI_ACTING_ENTRIES(&o->acting), {0}};
    g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(GOptionEntry));
    for (gsize i = 0; i < G_N_ELEMENTS(all); i++)
        if (all[i].flag == 0 || (takes & all[i].flag) != 0)
            g_array_append_val(entries, all[i].entry);
    g_array_append_vals(entries, acting, G_N_ELEMENTS(acting));
    return cli_parse(cli, &g_array_index(entries, GOptionEntry, 0), words, error);
}

static gboolean
check_options(const Cli *cli, const Options *o, guint takes, char **words, GError **error)
{
    if (!cli_operands_check(cli, words, 1, 1, error))
        return FALSE;
    if ((takes & TAKES_TO) != 0 && o->to == NULL) {
        cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT, "carenet route proposes one",
                 "a redirection needs --to OFFERING");
        return FALSE;
    }
    if (o->outcome != NULL && o->reason != NULL) {
        cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT, NULL,
                 "it was completed (--outcome) or could not be (--reason), not both");
        return FALSE;
    }
    return TRUE;
}

int
cli_transition(Cli *cli, char **words, GError **error)
{
    g_auto(Options) options = {0};
    const gsize verb = find_verb(cli);
    carenet_acting acting;
    if (!parse_options(cli, &options, verbs[verb].takes, words, error))
        return 0;
    if (!check_options(cli, &options, verbs[verb].takes, words, error) ||
        !cli_acting_fill(cli, &options.acting, &acting, error) ||
        !cli_store_open_to_act(cli, FALSE, error))
        return 2;
    acting.ground = options.ground;
    carenet_table *row = verbs[verb].run(cli->store, words[0], &options, &acting, error);
    gboolean done = row != NULL && cli_referral_print(cli, row, error);
    carenet_table_unref(row);
    return done ? 0 : 2;
}
