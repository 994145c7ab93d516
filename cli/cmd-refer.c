/* carenet refer: sends a need of a case to an offering. What routing would refuse is refused here too. */
#include "acting.h"
#include "case-file.h"
#include "commands.h"
#include "key.h"
#include "message.h"
#include "output.h"

#include <string.h>

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
        {"override-consent", 0, 0, G_OPTION_ARG_STRING, &o->ground,
         N_("do not wait for consent, on a lawful ground: imminent-danger, mandatory-report, "
            "court-order or best-interest"),
         "GROUND"},
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

/* ---- What routing says to it. */

/* Places and consent are looked at when it is sent; who is unconfirmed has just been called. */
static gboolean
is_for_the_store(const char *reason)
{
    static const char *const reasons[] = {"full", "capacity-unknown", "consent", "unconfirmed",
                                          NULL};
    return g_strv_contains(reasons, reason);
}

static gboolean
is_about_safety(const char *reason)
{
    static const char *const reasons[] = {"suspended", "offender",      "avoided", "safety-check",
                                          "co-victim", "sibling-apart", NULL};
    return g_strv_contains(reasons, reason);
}

static gboolean
judge(const ReferOptions *o,
      const char *reason,
      const char *detail,
      gboolean *out_needs_key,
      GError **error)
{
    if (is_for_the_store(reason))
        return TRUE;
    *out_needs_key = strcmp(reason, "safety-check") == 0 && cli_key_is_given(&o->site_key);
    if (*out_needs_key)
        return TRUE;
    if (is_about_safety(reason)) {
        cli_fail(
            error, CARENET_ERROR_REFUSED,
            strcmp(reason, "safety-check") == 0
                ? "who has the key of the network: --key-file FILE; else ask carenet route for "
                  "another"
                : "ask carenet route for another",
            "%s is refused: %s [%s]", o->to, detail, reason);
        return FALSE;
    }
    if (o->despite) {
        cli_say("warning: %s: %s [%s]", o->to, detail, reason);
        return TRUE;
    }
    cli_fail(error, CARENET_ERROR_STATE, "ask carenet route for another, or add --despite",
             "%s does not fit: %s [%s]", o->to, detail, reason);
    return FALSE;
}

static gboolean
check_refused(const ReferOptions *o,
              const carenet_routes *routes,
              const char *ref,
              gboolean *out_needs_key,
              GError **error)
{
    gboolean fits = TRUE;
    carenet_table *needs = carenet_routes_table(routes, CARENET_ROUTES_NEEDS);
    carenet_table *refused = carenet_routes_table(routes, CARENET_ROUTES_REFUSED);
    for (gsize n = 0; fits && n < carenet_table_rows_len(needs); n++) {
        if (g_strcmp0(cli_cell_text(needs, n, "case"), ref) != 0 ||
            (o->need != NULL && g_strcmp0(cli_cell_text(needs, n, "service"), o->need) != 0))
            continue;
        for (gsize i = 0; fits && i < carenet_table_rows_len(refused); i++)
            if (g_strcmp0(cli_cell_text(refused, i, "case"), ref) == 0 &&
                cli_cell_int(refused, i, "need") == cli_cell_int(needs, n, "need") &&
                g_strcmp0(cli_cell_text(refused, i, "offering"), o->to) == 0)
                fits = judge(o, cli_cell_text(refused, i, "reason"),
                             cli_cell_text(refused, i, "detail"), out_needs_key, error);
    }
    carenet_table_unref(refused);
    carenet_table_unref(needs);
    return fits;
}

/* *out_needs_key: the one thing against it is that somebody with the key must look where it is. */
static gboolean
check_rules(Cli *cli,
            const ReferOptions *o,
            const carenet_cases *cases,
            gsize i,
            const char *checked,
            gboolean *out_needs_key,
            GError **error)
{
    carenet_route_options options;
    gboolean fits = FALSE;
    carenet_route_options_init(&options);
    if (cli->directory == NULL)
        cli->directory = carenet_directory_load(cli->store, error);
    carenet_policy *policy = cli->directory != NULL ? cli_policy_load(cli, error) : NULL;
    options.now_s = cli_now(cli);
    options.include_unconfirmed = options.include_unknown_capacity = true;
    options.why_not = o->to;
    options.checked = checked;
    carenet_routes *routes =
        policy != NULL ? carenet_route(cli->directory, policy, cases, &options, error) : NULL;
    if (routes != NULL)
        fits = check_refused(o, routes, carenet_cases_ref_at(cases, i), out_needs_key, error);
    carenet_routes_unref(routes);
    carenet_policy_unref(policy);
    return fits;
}

/* With the key the site itself is looked at, and what else routing says to it. */
static gboolean
check_site(Cli *cli,
           const ReferOptions *o,
           const carenet_cases *cases,
           gsize i,
           const carenet_acting *acting,
           GError **error)
{
    gboolean fits = FALSE, needs_key = FALSE;
    carenet_key *key = cli_key_read(&o->site_key, error);
    carenet_table *row =
        key != NULL ? carenet_site_check_safety(cli->store, cases, i, o->to, key, acting, error)
                    : NULL;
    if (row != NULL && cli_cell_bool(row, 0, "safe"))
        fits = check_rules(cli, o, cases, i, cli_cell_text(row, 0, "provider"), &needs_key, error);
    else if (row != NULL)
        cli_fail(error, CARENET_ERROR_REFUSED, "ask carenet route for another", "%s is refused: %s",
                 o->to,
                 cli_cell_is_null(row, 0, "safe") ? "in a dry run nobody looks where it is"
                                                  : "not for this case [safety]");
    carenet_table_unref(row);
    carenet_key_free(key);
    return fits;
}

static gboolean
check_all(Cli *cli,
          const ReferOptions *o,
          const carenet_cases *cases,
          gsize i,
          const carenet_acting *acting,
          GError **error)
{
    gboolean needs_key = FALSE;
    return check_rules(cli, o, cases, i, NULL, &needs_key, error) &&
           (!needs_key || check_site(cli, o, cases, i, acting, error));
}

/* ---- Sending. */

static carenet_table *
send_case(Cli *cli, const ReferOptions *o, const carenet_acting *acting, GError **error)
{
    carenet_referral_options options;
    carenet_table *row = NULL;
    gsize i = 0;
    carenet_referral_options_init(&options);
    options.service = o->need;
    options.offering = o->to;
    options.hold_s = o->hold_s;
    options.ground = o->ground;
    options.waitlist = o->waitlist;
    options.draft = o->draft;
    carenet_cases *cases = cli_cases_read(cli, o->case_file, error);
    if (cases != NULL && cli_case_choose(cases, o->ref, &i, error) &&
        check_all(cli, o, cases, i, acting, error))
        row = carenet_referral_send(cli->store, cases, i, &options, acting, error);
    carenet_cases_unref(cases);
    return row;
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
    gboolean done = row != NULL && cli_referral_print(cli, row, error);
    carenet_table_unref(row);
    return done ? 0 : 2;
}
