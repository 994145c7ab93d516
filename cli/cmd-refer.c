/* carenet refer: sends a need of a case to an offering. What routing would refuse the library refuses. */
#include "acting.h"
#include "case-file.h"
#include "commands.h"
#include "key.h"
#include "message.h"
#include "output.h"

typedef struct {
    char *case_file;
    char *ref;
    char *need;
    char *to;
    char *hold;
    char *ground;
    char *send;
    gboolean waitlist;
    gboolean draft;
    gboolean despite;
    CliKey site_key;
    CliActing acting;
    gint64 hold_s;
} ReferOptions;

static void
clear_options(ReferOptions *options)
{
    g_free(options->case_file);
    g_free(options->ref);
    g_free(options->need);
    g_free(options->to);
    g_free(options->hold);
    g_free(options->ground);
    g_free(options->send);
    cli_key_clear(&options->site_key);
    cli_acting_clear(&options->acting);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ReferOptions, clear_options)

static gboolean
parse_options(Cli *cli, ReferOptions *o, char **words, GError **error)
{
    const GOptionEntry entries[] = {
        {"case", 0, 0, G_OPTION_ARG_FILENAME, &o->case_file,
         N_("a case file, or a list as for batch; - is standard input"), "FILE"},
        {"ref", 0, 0, G_OPTION_ARG_STRING, &o->ref, N_("which case of a list"), "REF"},
        {"need", 0, 0, G_OPTION_ARG_STRING, &o->need, N_("which need of the case"), "SERVICE"},
        {"to", 0, 0, G_OPTION_ARG_STRING, &o->to, N_("where to: provider/service"), "OFFERING"},
        {"hold", 0, 0, G_OPTION_ARG_STRING, &o->hold,
         N_("how long the provider may take to answer; else 48h"), "TIME"},
        {"waitlist", 0, 0, G_OPTION_ARG_NONE, &o->waitlist, N_("wait where nothing is free"), NULL},
        {"draft", 0, 0, G_OPTION_ARG_NONE, &o->draft, N_("write it down and send nothing yet"),
         NULL},
        {"send", 0, 0, G_OPTION_ARG_STRING, &o->send, N_("send the draft ID"), "ID"},
        CLI_GROUND_ENTRY(&o->ground),
        {"despite", 0, 0, G_OPTION_ARG_NONE, &o->despite,
         N_("send it though a rule of routing speaks against it; never one of safety"), NULL},
        CLI_KEY_FILE_ENTRIES(&o->site_key),
        CLI_KEY_ENTRY(&o->acting),
        CLI_BY_PHONE_ENTRY(&o->acting),
        CLI_ACTING_ENTRIES(&o->acting),
        {0},
    };
    return cli_parse(cli, entries, words, error);
}

static gboolean
check_options(const Cli *cli, ReferOptions *o, char **words, GError **error)
{
    if (!cli_operands_check(cli, words, 0, 0, error))
        return FALSE;
    if (o->send == NULL && (o->case_file == NULL || o->to == NULL)) {
        cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT,
                 "carenet route --case FILE proposes where to",
                 "a referral needs --case FILE and --to OFFERING");
        return FALSE;
    }
    return o->hold == NULL || cli_hold_parse("--hold", o->hold, &o->hold_s, error);
}

/* The key of the network is read only where one is named. */
static gboolean
read_key(const ReferOptions *o, carenet_key **out_key, GError **error)
{
    *out_key = cli_key_is_given(&o->site_key) ? cli_key_read(&o->site_key, error) : NULL;
    return *out_key != NULL || !cli_key_is_given(&o->site_key);
}

static carenet_table *
send_case(Cli *cli, const ReferOptions *o, const carenet_acting *acting, GError **error)
{
    carenet_referral_options options;
    carenet_table *row = NULL;
    carenet_key *key = NULL;
    gsize i = 0;
    carenet_referral_options_init(&options);
    options.service = o->need;
    options.offering = o->to;
    options.hold_s = o->hold_s;
    options.ground = o->ground;
    options.waitlist = o->waitlist;
    options.draft = o->draft;
    options.despite = o->despite;
    carenet_cases *cases = cli_cases_read(cli, o->case_file, error);
    if (cases != NULL && cli_case_choose(cases, o->ref, &i, error) && read_key(o, &key, error)) {
        options.site_key = key;
        row = carenet_referral_send(cli->store, cases, i, &options, acting, error);
    }
    carenet_key_free(key);
    carenet_cases_unref(cases);
    return row;
}

static void
warn(const ReferOptions *o, const carenet_table *row)
{
    const size_t despite = (size_t)carenet_table_column_index(row, "despite");
    for (size_t i = 0; i < carenet_table_list_len(row, 0, despite); i++)
        cli_say("warning: %s: %s", o->to, carenet_table_list_get(row, 0, despite, i));
}

int
cli_refer(Cli *cli, char **words, GError **error)
{
    g_auto(ReferOptions) options = {0};
    carenet_acting acting;
    if (!parse_options(cli, &options, words, error))
        return 0;
    if (!check_options(cli, &options, words, error) ||
        !cli_acting_fill(cli, &options.acting, &acting, error) ||
        !cli_store_open_to_act(cli, FALSE, error))
        return 2;
    carenet_table *row = options.send != NULL
                             ? carenet_referral_send_draft(cli->store, options.send, options.hold_s,
                                                           options.ground, &acting, error)
                             : send_case(cli, &options, &acting, error);
    if (row != NULL)
        warn(&options, row);
    gboolean done = row != NULL && cli_referral_print(cli, row, error);
    carenet_table_unref(row);
    return done ? 0 : 2;
}
