/* carenet init: a new store with places, services, policy and the shipped providers. */
#include "changes.h"
#include "commands.h"
#include "acting.h"
#include "file.h"
#include "message.h"
#include "output.h"

#include <glib/gstdio.h>
#include <string.h>

static gint
compare_paths(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* network.yaml and every file of regions/, in the order of their names. (transfer full) */
static GPtrArray *
list_shipped(Cli *cli, GError **error)
{
    g_autofree char *folder = g_build_filename(cli_data_dir(cli), "regions", NULL);
    g_autoptr(GError) cause = NULL;
    g_autoptr(GDir) directory = g_dir_open(folder, 0, &cause);
    const char *name = NULL;
    if (directory == NULL) {
        cli_fail(error, CARENET_ERROR_IO, "give the folder of carenet's data: --data DIR", "%s",
                 cause->message);
        return NULL;
    }
    GPtrArray *files = g_ptr_array_new_with_free_func(g_free);
    while ((name = g_dir_read_name(directory)) != NULL)
        if (g_str_has_suffix(name, ".yaml") && name[0] != '.')
            g_ptr_array_add(files, g_build_filename(folder, name, NULL));
    g_ptr_array_sort(files, compare_paths);
    g_ptr_array_insert(files, 0, g_build_filename(cli_data_dir(cli), "network.yaml", NULL));
    return files;
}

/* The new store takes a new key, and the files once more: what they say of restricted sites is kept only
 * now. The key comes second, when a demonstration has its clock. */
static gboolean
seal_store(Cli *cli,
           const char *key_file,
           const GPtrArray *files,
           const carenet_import_options *importing,
           GError **error)
{
    const CliActing who = {0};
    carenet_acting acting;
    carenet_key *key = carenet_key_create(key_file, error);
    carenet_table *row = key != NULL && cli_acting_fill(cli, &who, &acting, error)
                             ? carenet_store_seal(cli->store, key, &acting, error)
                             : NULL;
    carenet_table *changes = row != NULL ? cli_changes_make(cli, (const char *const *)files->pdata,
                                                            files->len, importing, TRUE, error)
                                         : NULL;
    const gboolean done = changes != NULL;
    if (key != NULL && !done)
        g_unlink(key_file);
    carenet_key_free(key);
    carenet_table_unref(row);
    carenet_table_unref(changes);
    return done;
}

static carenet_table *
fill_store(Cli *cli, const char *path, gboolean demo, const char *key_file, GError **error)
{
    carenet_store_options options;
    carenet_import_options importing;
    carenet_store_options_init(&options);
    carenet_import_options_init(&importing);
    options.reference = cli->reference;
    importing.skip_examples = !demo;
    g_autoptr(GPtrArray) files = list_shipped(cli, error);
    if (files == NULL || !cli_folder_make(path, error))
        return NULL;
    cli->store = carenet_store_init(path, demo ? CARENET_STORE_DEMONSTRATION : CARENET_STORE_LIVE,
                                    &options, error);
    if (cli->store == NULL)
        return NULL;
    carenet_table *changes = cli_changes_make(cli, (const char *const *)files->pdata, files->len,
                                              &importing, TRUE, error);
    if (changes != NULL && key_file != NULL && !seal_store(cli, key_file, files, &importing, error))
        g_clear_pointer(&changes, carenet_table_unref);
    /* A store that could not be filled is no store. */
    if (changes == NULL)
        g_clear_pointer(&cli->store, carenet_store_discard);
    return changes;
}

static void
tell_next_step(const char *path, gboolean demo, gboolean named, const char *key_file)
{
    g_autofree char *quoted = g_shell_quote(path);
    cli_say("made a %s store in %s, readable by you only (mode 0600)",
            demo ? "DEMONSTRATION" : "live", path);
    if (demo)
        cli_say("  its providers are invented, but for public institutions that nobody confirmed");
    else
        cli_say("  it holds public institutions, all of them unconfirmed: call before you rely on "
                "one\n"
                "  add your own providers: carenet template region, then carenet import FILE");
    if (key_file != NULL)
        cli_say(
            "  its key is %s, and there is no other copy: keep it off this machine, and a copy in "
            "a safe",
            key_file);
    cli_say("  Next: carenet find --region mindanao --service mental-health%s%s",
            named ? " --db " : "", named ? quoted : "");
}

int
cli_init(Cli *cli, char **words, GError **error)
{
    gboolean demo = FALSE, named = FALSE;
    g_autofree char *key_file = NULL;
    const GOptionEntry entries[] = {
        {"demo", 0, 0, G_OPTION_ARG_NONE, &demo,
         N_("a demonstration store: invented providers and a sample programme"), NULL},
        {"key-file", 0, 0, G_OPTION_ARG_FILENAME, &key_file,
         N_("make a key, too, and write it into FILE: restricted sites can be kept, sealed"),
         "FILE"},
        {0},
    };
    if (!cli_parse(cli, entries, words, error))
        return 0;
    g_autofree char *path = cli_store_path(cli, &named);
    if (!cli_operands_check(cli, words, 0, 0, error) || !cli_reference_open(cli, error))
        return 2;
    if (path == NULL) {
        cli_fail(error, CARENET_ERROR_NOT_FOUND, "give --db PATH",
                 "HOME is not set, so there is no default place for a store");
        return 2;
    }
    carenet_table *changes = cli_file_may_write(cli, "--key-file", key_file, error)
                                 ? fill_store(cli, path, demo, key_file, error)
                                 : NULL;
    if (changes == NULL)
        return 2;
    json_t *query =
        json_pack("{s: o, s: b}", "db", cli_text_to_json(path), "demonstration", (int)demo);
    gboolean done = cli_changes_print(cli, "carenet.init/1", query, changes, error);
    if (done)
        tell_next_step(path, demo, cli->db != NULL, key_file);
    carenet_table_unref(changes);
    return done ? 0 : 2;
}
