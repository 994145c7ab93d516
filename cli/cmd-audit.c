/* carenet audit: who did what, and whether the chain of records is whole. */
#include "acting.h"
#include "commands.h"
#include "file.h"
#include "message.h"
#include "output.h"
#include "screen.h"

#include <string.h>

#define CHECKPOINT_MOST 1024

static char *
format_at(const carenet_table *rows, gsize row, gint64 now_s)
{
    (void)now_s;
    return cli_instant_say(cli_cell_text(rows, row, "at"));
}

static char *
format_number(const carenet_table *rows, gsize row, gint64 now_s)
{
    (void)now_s;
    return g_strdup_printf("%" G_GINT64_FORMAT, cli_cell_int(rows, row, "number"));
}

static int
list(Cli *cli, const char *subject, GError **error)
{
    static const CliColumn columns[] = {
        {{N_("RECORD"), CLI_RIGHT}, NULL, format_number},
        {{N_("AT"), 0}, NULL, format_at},
        {{N_("ACTOR"), 0}, "actor", NULL},
        {{N_("ACTION"), 0}, "action", NULL},
        {{N_("SUBJECT"), 0}, "subject", NULL},
        {{N_("DETAIL"), CLI_WRAP}, "detail", NULL},
    };
    gboolean done = TRUE;
    carenet_table *rows = carenet_audit_list(cli->store, subject, (gsize)cli->limit, error);
    if (rows == NULL)
        return 2;
    if (cli->format == CLI_TABLE)
        cli_screen_table(cli, rows, columns, G_N_ELEMENTS(columns), 0);
    else
        done =
            cli_answer_print(cli, &(CliAnswer){.schema = "carenet.audit/1", .rows = rows}, error);
    carenet_table_unref(rows);
    return done ? 0 : 2;
}

static gboolean
print_chain(const Cli *cli, const carenet_chain *chain, GError **error)
{
    g_autofree char *checkpoint =
        g_strdup_printf("%" G_GINT64_FORMAT ":%s", (gint64)chain->records, chain->head);
    g_autofree char *records = g_strdup_printf("%" G_GINT64_FORMAT, (gint64)chain->records);
    g_autofree char *broken_at = g_strdup_printf("%" G_GINT64_FORMAT, (gint64)chain->broken_at);
    if (cli_speaks_json(cli)) {
        json_t *object =
            json_pack("{s: s, s: b, s: I, s: s, s: s, s: I, s: s?}", "schema",
                      "carenet.audit-verify/1", "whole", chain->broken_at == 0, "records",
                      (json_int_t)chain->records, "head", chain->head, "checkpoint", checkpoint,
                      "broken_at", (json_int_t)chain->broken_at, "what", chain->what);
        return cli_json_print(cli, object, error);
    }
    if (chain->broken_at != 0) {
        cli_print("The chain is broken at record %s: %s\n", broken_at, chain->what);
        cli_say("  Next: keep a copy of the store, and compare it with a backup");
        return TRUE;
    }
    cli_print("%s\n", checkpoint);
    cli_say(
        "%s records, each fits; keep this line elsewhere: carenet audit verify --checkpoint LINE",
        records);
    return TRUE;
}

/* ---- Checkpoints. */

typedef struct {
    char *subject;
    char *checkpoint;
    char *signer;
    char *sign_file;
    char *sign_fd;
    char *output;
    gboolean force;
} Options;

static void
clear_options(Options *options)
{
    g_free(options->subject);
    g_free(options->checkpoint);
    g_free(options->signer);
    g_free(options->sign_file);
    g_free(options->sign_fd);
    g_free(options->output);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, clear_options)

static gboolean
is_line(const char *text)
{
    const gsize digits = strspn(text, "0123456789");
    return digits > 0 && (text[digits] == ':' || text[digits] == '\0');
}

/* The line itself, or what stands in the file. (transfer full) */
static char *
read_checkpoint(const char *given, GError **error)
{
    gsize len = 0;
    char *text = NULL;
    if (is_line(given))
        return g_strdup(given);
    if (strcmp(given, "-") == 0)
        return cli_stdin_read_most(CHECKPOINT_MOST,
                                   N_("give the checkpoint alone, as carenet audit printed it"),
                                   &len, error);
    if (!g_file_get_contents(given, &text, &len, NULL)) {
        cli_fail(error, CARENET_ERROR_IO,
                 "a line such as 12:5f0c..., a file, or - for standard input",
                 "the checkpoint %s cannot be read", given);
        return NULL;
    }
    if (len <= CHECKPOINT_MOST && strlen(text) == len)
        return text;
    g_free(text);
    cli_fail(error, CARENET_ERROR_INVALID_DATA, "carenet audit verify prints a line for one",
             "%s is no checkpoint", given);
    return NULL;
}

/* Who signed is told; where somebody is named, it must be that one. */
static gboolean
check_signer(const char *text, const char *wanted, GError **error)
{
    char *signer = is_line(text) ? NULL : carenet_checkpoint_signer(text, error);
    gboolean fits = is_line(text) || signer != NULL;
    if (fits && wanted != NULL && (signer == NULL || g_ascii_strcasecmp(signer, wanted) != 0)) {
        fits = FALSE;
        cli_fail(error, CARENET_ERROR_REFUSED, "trust no store and no checkpoint of this place",
                 signer == NULL || *signer == '\0' ? "the checkpoint is not signed"
                                                   : "the checkpoint is signed by somebody else");
    } else if (fits && signer != NULL && *signer != '\0') {
        cli_say("checkpoint signed by %s%s", signer,
                wanted != NULL ? "" : "; compare it with the key that you know: --signer KEY");
    }
    carenet_free(signer);
    return fits;
}

static int
verify(Cli *cli, const Options *o, GError **error)
{
    carenet_chain chain;
    g_autofree char *text = o->checkpoint != NULL ? read_checkpoint(o->checkpoint, error) : NULL;
    carenet_chain_init(&chain);
    if (o->checkpoint != NULL && (text == NULL || !check_signer(text, o->signer, error)))
        return 2;
    if (!carenet_audit_verify(cli->store, text, &chain, error) || !print_chain(cli, &chain, error))
        return 2;
    return chain.broken_at == 0 ? 0 : 1;
}

/* *out_key NULL: it is not to be signed. */
static gboolean
read_key(const Options *o, carenet_signing_key **out_key, GError **error)
{
    int fd = -1;
    *out_key = NULL;
    if (o->sign_file == NULL && o->sign_fd == NULL)
        return TRUE;
    if (o->sign_file != NULL) {
        *out_key = carenet_signing_key_read(o->sign_file, error);
        return *out_key != NULL;
    }
    if (!cli_fd_parse("--sign-fd", o->sign_fd, "audit.key", &fd, error))
        return FALSE;
    *out_key = carenet_signing_key_read_fd(fd, error);
    return *out_key != NULL;
}

static int
make_checkpoint(Cli *cli, const Options *o, GError **error)
{
    carenet_signing_key *key = NULL;
    gboolean done = read_key(o, &key, error);
    char *text = done ? carenet_checkpoint_make(cli->store, key, error) : NULL;
    if (text == NULL) {
        done = FALSE;
    } else if (o->output == NULL) {
        cli_print_text(text);
    } else {
        done = cli_file_write(cli, "--output", o->output, text, o->force, error);
        if (done)
            cli_say("written to %s: keep it where nobody of this machine can change it", o->output);
    }
    carenet_free(text);
    carenet_signing_key_free(key);
    return done ? 0 : 2;
}

static int
make_key(const Cli *cli, const Options *o, GError **error)
{
    if (o->output == NULL) {
        cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT, "carenet audit new-key -o FILE",
                 "a new key is written into a new file: name it");
        return 2;
    }
    carenet_signing_key *key = cli_file_may_write(cli, "--output", o->output, error)
                                   ? carenet_signing_key_create(o->output, error)
                                   : NULL;
    if (key == NULL)
        return 2;
    cli_print("%s\n", carenet_signing_key_public(key));
    cli_say("made the key %s, readable by you only; the line above is its public part: whoever "
            "verifies needs it",
            o->output);
    carenet_signing_key_free(key);
    return 0;
}

/* ---- The command. */

static gboolean
parse_options(Cli *cli, Options *o, char **words, GError **error)
{
    const GOptionEntry entries[] = {
        {"subject", 0, 0, G_OPTION_ARG_STRING, &o->subject,
         N_("list: only about this referral, offering or provider"), "ID"},
        {"checkpoint", 0, 0, G_OPTION_ARG_FILENAME, &o->checkpoint,
         N_("verify: the line that an earlier look printed, or the file of a checkpoint"),
         "LINE|FILE"},
        {"signer", 0, 0, G_OPTION_ARG_STRING, &o->signer,
         N_("verify: the checkpoint must be signed by this public key"), "KEY"},
        {"sign", 0, 0, G_OPTION_ARG_FILENAME, &o->sign_file,
         N_("checkpoint: sign it with the key in this file"), "FILE"},
        {"sign-fd", 0, 0, G_OPTION_ARG_STRING, &o->sign_fd,
         N_("checkpoint: sign it with the key that this file descriptor gives"), "N"},
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &o->output,
         N_("checkpoint, new-key: write it there"), "FILE"},
        {"force", 0, 0, G_OPTION_ARG_NONE, &o->force,
         N_("checkpoint: replace a file that is there"), NULL},
        {0},
    };
    return cli_parse(cli, entries, words, error);
}

static gboolean
check_options(const Options *o, GError **error)
{
    const char *wrong = NULL;
    if (o->sign_file != NULL && o->sign_fd != NULL)
        wrong = "give --sign or --sign-fd, not both";
    else if (o->signer != NULL && o->checkpoint == NULL)
        wrong = "--signer goes with --checkpoint";
    if (wrong != NULL)
        cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT, NULL, "%s", wrong);
    return wrong == NULL;
}

/* Only a list has rows; a checkpoint is a file of its own form, and a key is a line. */
static gboolean
check_format(const Cli *cli, gint verb, GError **error)
{
    const gboolean verifies = verb == 1;
    if (verb < 1 || cli->format == CLI_TABLE || (verifies && cli_speaks_json(cli)))
        return TRUE;
    const char *hint = verifies ? N_("leave --format out, or give --format json or ndjson")
                                : N_("leave --format out");
    cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT, hint, "--format cannot be \"%s\" here",
             cli->format_text);
    return FALSE;
}

int
cli_audit(Cli *cli, char **words, GError **error)
{
    static const char *const verbs[] = {"list", "verify", "checkpoint", "new-key", NULL};
    g_auto(Options) options = {0};
    if (!parse_options(cli, &options, words, error))
        return 0;
    if (!cli_operands_check(cli, words, 1, 1, error) || !check_options(&options, error))
        return 2;
    const gint verb = cli_choice_parse("what to do", words[0], verbs, error);
    if (!check_format(cli, verb, error))
        return 2;
    if (verb == 3)
        return make_key(cli, &options, error);
    if (verb < 0 || !cli_store_open_and_tell(cli, TRUE, error))
        return 2;
    return verb == 0   ? list(cli, options.subject, error)
           : verb == 1 ? verify(cli, &options, error)
                       : make_checkpoint(cli, &options, error);
}
