/* carenet backup and carenet restore: a store as a whole, restricted sites included. */
#include "commands.h"
#include "file.h"
#include "message.h"
#include "output.h"
#include "stopping.h"

#include <glib/gstdio.h>

/* ---- backup */

/* Beside the store, where only its owner looks. (transfer full) */
static char *
name_backup(const char *store_path)
{
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(CLI_LOCAL_OFFSET);
    g_autoptr(GDateTime) now = g_date_time_new_now(zone);
    g_autofree char *day = g_date_time_format(now, "%Y-%m-%dT%H%M%S");
    return g_strdup_printf("%s.backup-%s", store_path, day);
}

static int
print_backup(const Cli *cli, const char *path, const char *file, GError **error)
{
    GStatBuf info = {0};
    const gint64 bytes = g_stat(file, &info) == 0 ? (gint64)info.st_size : 0;
    if (cli_speaks_json(cli)) {
        json_t *object = json_pack("{s: s, s: o, s: o, s: I, s: b}", "schema", "carenet.backup/1",
                                   "db", cli_text_to_json(path), "file", cli_text_to_json(file),
                                   "bytes", (json_int_t)bytes, "complete", 1);
        return cli_json_print(cli, object, error) ? 0 : 2;
    }
    cli_print("%s\n", file);
    cli_say("a complete backup: what is sealed in the store is sealed in it");
    cli_say("  Back: carenet restore FILE");
    return 0;
}

int
cli_backup(Cli *cli, char **words, GError **error)
{
    g_autofree char *output = NULL;
    gboolean force = FALSE, named = FALSE;
    const GOptionEntry entries[] = {
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &output,
         N_("write it to FILE; else beside the store, with the day in its name"), "FILE"},
        {"force", 0, 0, G_OPTION_ARG_NONE, &force, N_("overwrite FILE"), NULL},
        {0},
    };
    if (!cli_parse(cli, entries, words, error))
        return 0;
    if (!cli_operands_check(cli, words, 0, 0, error) || !cli_store_open_and_tell(cli, TRUE, error))
        return 2;
    g_autofree char *path = cli_store_path(cli, &named);
    g_autofree char *file = output != NULL ? g_strdup(output) : name_backup(path);
    carenet_copy_options options;
    carenet_copy_options_init(&options);
    options.replace = force;
    cli_stopping_begin(&options);
    const gboolean done = carenet_store_backup(cli->store, file, &options, error);
    cli_stopping_end();
    return done ? print_backup(cli, path, file, error) : 2;
}

/* ---- restore */

/* *out_kept as of carenet_store_restore(). */
static gboolean
restore(const char *backup, const char *path, gboolean force, char **out_kept, GError **error)
{
    carenet_copy_options options;
    carenet_copy_options_init(&options);
    options.replace = force;
    cli_stopping_begin(&options);
    const gboolean done = carenet_store_restore(backup, path, &options, out_kept, error);
    cli_stopping_end();
    return done;
}

static int
print_restore(const Cli *cli,
              const char *path,
              const char *backup,
              const char *kept,
              GError **error)
{
    if (cli_speaks_json(cli)) {
        json_t *object = json_pack("{s: s, s: o, s: o, s: o}", "schema", "carenet.restore/1", "db",
                                   cli_text_to_json(path), "backup", cli_text_to_json(backup),
                                   "kept", cli_text_to_json(kept));
        return cli_json_print(cli, object, error) ? 0 : 2;
    }
    cli_print("%s\n", path);
    if (kept != NULL)
        cli_say("the former store is kept as %s; remove it when all is well", kept);
    cli_say("  Next: carenet doctor");
    return 0;
}

int
cli_restore(Cli *cli, char **words, GError **error)
{
    gboolean force = FALSE, named = FALSE;
    const GOptionEntry entries[] = {
        {"force", 0, 0, G_OPTION_ARG_NONE, &force,
         N_("take the place of a store that is there; it is kept as .before-restore"), NULL},
        {0},
    };
    if (!cli_parse(cli, entries, words, error))
        return 0;
    g_autofree char *path = cli_store_path(cli, &named);
    char *kept = NULL;
    if (!cli_operands_check(cli, words, 1, 1, error))
        return 2;
    if (path == NULL) {
        cli_fail(error, CARENET_ERROR_NOT_FOUND, "give --db PATH",
                 "HOME is not set, so there is no default place for a store");
        return 2;
    }
    if (!cli_folder_make(path, error) || !restore(words[0], path, force, &kept, error))
        return 2;
    if (cli_store_open(cli, TRUE, NULL))
        cli_store_tell(cli);
    int status = print_restore(cli, path, words[0], kept, error);
    carenet_free(kept);
    return status;
}
