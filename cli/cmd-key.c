/* carenet key: the key of the network, and the boxes that it opens. */
#include "acting.h"
#include "commands.h"
#include "file.h"
#include "key.h"
#include "message.h"
#include "output.h"

#include <glib/gstdio.h>

typedef struct {
    CliKey key;
    char *next_file;
    gboolean lost;
    char *actor;
} Options;

static void
clear_options(Options *options)
{
    cli_key_clear(&options->key);
    g_free(options->next_file);
    g_free(options->actor);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, clear_options)

/* ---- What was done. */

static void
print_seal(const carenet_table *row)
{
    const gint64 sites = cli_cell_int(row, 0, "sites");
    if (sites == 0)
        cli_print("Nothing stood in the clear\n");
    else
        cli_print("Restricted sites sealed: %d\n", (int)sites);
}

static void
print_change(const carenet_table *row)
{
    cli_print("Sealed with the new key: restricted sites %d, cases %d\n",
              (int)cli_cell_int(row, 0, "sites"), (int)cli_cell_int(row, 0, "cases"));
}

static gboolean
print_row(const Cli *cli,
          const carenet_table *row,
          void (*print)(const carenet_table *),
          GError **error)
{
    if (cli->format == CLI_TABLE) {
        print(row);
        return TRUE;
    }
    return cli_answer_print(cli, &(CliAnswer){.schema = "carenet.key/1", .rows = row}, error);
}

/* ---- create */

static void
tell_about_key(const char *file)
{
    cli_say("made the key %s, readable by you only (mode 0600); there is no other copy", file);
    cli_say(
        "  keep it off this machine, and a copy in a safe: without it nobody reads what is sealed");
}

/* A key that the store did not take opens nothing, and would only be in the way. One that it did take, or
 * that it may have taken where nobody can look, is the only one there is. */
static void
settle_key(Cli *cli, const carenet_key *key, const char *file)
{
    carenet_error *error = NULL;
    if (carenet_store_unlock(cli->store, key, &error)) {
        tell_about_key(file);
    } else if (carenet_error_get_code(error) == CARENET_ERROR_REFUSED ||
               carenet_error_get_code(error) == CARENET_ERROR_STATE) {
        g_unlink(file);
    } else {
        cli_say("keep the key %s: whether the store has taken it could not be read", file);
        cli_say("  Next: carenet key check --key-file %s, once the store can be read again", file);
    }
    carenet_error_free(error);
}

static carenet_table *
take_key(Cli *cli,
         const Options *options,
         const carenet_key *key,
         const carenet_acting *acting,
         GError **error)
{
    return options->lost ? carenet_store_lose_key(cli->store, key, acting, error)
                         : carenet_store_seal(cli->store, key, acting, error);
}

static void
print_lost(const carenet_table *row)
{
    cli_print("Thrown away with the former key: restricted sites %d, cases %d\n",
              (int)cli_cell_int(row, 0, "lost"), (int)cli_cell_int(row, 0, "cases"));
}

static gboolean
create(Cli *cli, const Options *options, const carenet_acting *acting, GError **error)
{
    if (options->key.fd != NULL || options->key.file == NULL) {
        cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT, "carenet key create --key-file FILE",
                 "a new key is written into a new file: name it");
        return FALSE;
    }
    if (!cli_file_may_write(cli, "--key-file", options->key.file, error))
        return FALSE;
    carenet_key *key = carenet_key_create(options->key.file, error);
    if (key == NULL)
        return FALSE;
    carenet_table *row = take_key(cli, options, key, acting, error);
    const gboolean done =
        row != NULL && print_row(cli, row, options->lost ? print_lost : print_seal, error);
    if (row == NULL)
        settle_key(cli, key, options->key.file);
    carenet_key_free(key);
    carenet_table_unref(row);
    if (!done)
        return FALSE;
    tell_about_key(options->key.file);
    cli_say(
        "  Next: carenet import the region files %s: what they say of restricted sites is kept now",
        options->lost ? "again" : "once more");
    return TRUE;
}

/* ---- seal */

static gboolean
seal(Cli *cli, const Options *options, const carenet_acting *acting, GError **error)
{
    carenet_key *key = cli_key_read(&options->key, error);
    carenet_table *row = key != NULL ? carenet_store_seal(cli->store, key, acting, error) : NULL;
    const gboolean done = row != NULL && print_row(cli, row, print_seal, error);
    carenet_key_free(key);
    carenet_table_unref(row);
    return done;
}

/* ---- change */

static gboolean
change(Cli *cli, const Options *options, const carenet_acting *acting, GError **error)
{
    if (options->next_file == NULL) {
        cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT,
                 "carenet key change --key-file FILE --new-key-file FILE",
                 "a new key is written into a new file: name it");
        return FALSE;
    }
    if (!cli_file_may_write(cli, "--new-key-file", options->next_file, error))
        return FALSE;
    carenet_key *key = cli_key_read(&options->key, error);
    carenet_key *next = key != NULL ? carenet_key_create(options->next_file, error) : NULL;
    carenet_table *row =
        next != NULL ? carenet_store_change_key(cli->store, key, next, acting, error) : NULL;
    gboolean done = row != NULL && print_row(cli, row, print_change, error);
    if (next != NULL && row == NULL)
        settle_key(cli, next, options->next_file);
    if (done) {
        tell_about_key(options->next_file);
        cli_say("  the former key still opens copies that were made before: keep it with them, or "
                "remove both");
    }
    carenet_key_free(key);
    carenet_key_free(next);
    carenet_table_unref(row);
    return done;
}

/* ---- check */

static void
print_check(const carenet_table *row)
{
    g_autofree char *broken = cli_cell_join(row, 0, "broken", ", ");
    cli_print("It is the key of the store, and opens: restricted sites %d, cases %d\n",
              (int)cli_cell_int(row, 0, "sites"), (int)cli_cell_int(row, 0, "cases"));
    if (cli_cell_int(row, 0, "lost") > 0)
        cli_print("Does not open: %s\n", broken);
}

static int
check(Cli *cli, const Options *options, GError **error)
{
    carenet_key *key = cli_key_read(&options->key, error);
    carenet_table *row = key != NULL ? carenet_store_check_key(cli->store, key, error) : NULL;
    const gboolean done = row != NULL && print_row(cli, row, print_check, error);
    const gint64 lost = done ? cli_cell_int(row, 0, "lost") : 0;
    if (lost > 0)
        cli_say("  Next: carenet import the region files again, or carenet restore a backup");
    carenet_key_free(key);
    carenet_table_unref(row);
    return !done ? 2 : lost > 0 ? 1 : 0;
}

/* ---- All of them. */

static int
act(Cli *cli, gint verb, const Options *options, GError **error)
{
    static gboolean (*const verbs[])(Cli *, const Options *, const carenet_acting *,
                                     GError **) = {create, seal, change};
    const CliActing who = {.actor = options->actor};
    carenet_acting acting;
    if (!cli_acting_fill(cli, &who, &acting, error))
        return 2;
    return verbs[verb](cli, options, &acting, error) ? 0 : 2;
}

int
cli_key(Cli *cli, char **words, GError **error)
{
    static const char *const verbs[] = {"create", "seal", "change", "check", NULL};
    g_auto(Options) options = {0};
    const GOptionEntry entries[] = {
        CLI_KEY_FILE_ENTRIES(&options.key),
        {"new-key-file", 0, 0, G_OPTION_ARG_FILENAME, &options.next_file,
         N_("change: write the new key into FILE"), "FILE"},
        {"lost", 0, 0, G_OPTION_ARG_NONE, &options.lost,
         N_("create: the key is lost; throw away what only it could open"), NULL},
        {"actor", 0, 0, G_OPTION_ARG_STRING, &options.actor,
         N_("who acts, for the audit record; else CARENET_ACTOR, else the login"), "WHO"},
        {0},
    };
    if (!cli_parse(cli, entries, words, error))
        return 0;
    if (!cli_operands_check(cli, words, 1, 1, error))
        return 2;
    const gint verb = cli_choice_parse("what to do", words[0], verbs, error);
    if (verb < 0 || !cli_store_open_to_act(cli, verb == 3, error))
        return 2;
    return verb == 3 ? check(cli, &options, error) : act(cli, verb, &options, error);
}
