/* Where the data comes from: folders, the store, the directory; and the clock. */
#include "common.h"

#include "message.h"
#include "output.h"

#include <string.h>

G_DEFINE_QUARK(carenet - cli - error, cli_error)

void
cli_fail(GError **error, carenet_error_code code, const char *hint, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *message = g_strdup_vprintf(cli_translate(format), args);
    va_end(args);
    /* The next step stands after the first line of the message; see output.c. */
    if (hint != NULL)
        g_set_error(error, CLI_ERROR, (gint)code, "%s\n%s", message, cli_translate(hint));
    else
        g_set_error_literal(error, CLI_ERROR, (gint)code, message);
}

const char *
cli_variable(const char *name)
{
    const char *value = g_getenv(name);
    return value != NULL && *value != '\0' ? value : NULL;
}

/* bin/../share/carenet, so that a moved or unpacked tree works. (transfer full), nullable */
static char *
find_data_beside_program(void)
{
    g_autofree char *program = g_file_read_link("/proc/self/exe", NULL);
    if (program == NULL)
        return NULL;
    g_autofree char *bin = g_path_get_dirname(program);
    g_autofree char *prefix = g_path_get_dirname(bin);
    g_autofree char *folder = g_build_filename(prefix, "share", "carenet", NULL);
    g_autofree char *witness = g_build_filename(folder, "gazetteer.csv", NULL);
    return g_file_test(witness, G_FILE_TEST_EXISTS) ? g_steal_pointer(&folder) : NULL;
}

const char *
cli_data_dir(Cli *cli)
{
    if (cli->data_dir == NULL && cli->data != NULL)
        cli->data_dir = g_strdup(cli->data);
    if (cli->data_dir == NULL)
        cli->data_dir = g_strdup(cli_variable("CARENET_DATA"));
    if (cli->data_dir == NULL)
        cli->data_dir = find_data_beside_program();
    if (cli->data_dir == NULL)
        cli->data_dir = g_strdup(carenet_default_data_dir());
    return cli->data_dir;
}

char *
cli_store_path(const Cli *cli, gboolean *out_named)
{
    const char *variable = cli_variable("CARENET_DB");
    const char *data_home = cli_variable("XDG_DATA_HOME"), *home = cli_variable("HOME");
    *out_named = cli->db != NULL || variable != NULL;
    if (*out_named)
        return g_strdup(cli->db != NULL ? cli->db : variable);
    if (data_home != NULL && g_path_is_absolute(data_home))
        return g_build_filename(data_home, "carenet", "network.db", NULL);
    if (home != NULL && g_path_is_absolute(home))
        return g_build_filename(home, ".local", "share", "carenet", "network.db", NULL);
    return NULL;
}

gboolean
cli_reference_open(Cli *cli, GError **error)
{
    if (cli->reference == NULL)
        cli->reference = carenet_reference_open(cli_data_dir(cli), error);
    return cli->reference != NULL;
}

/* CARENET_IMAGE=no keeps no file beside the store. */
static gboolean
wants_image(void)
{
    return g_strcmp0(cli_variable("CARENET_IMAGE"), "no") != 0;
}

static gboolean
open_store_at(Cli *cli, const char *path, gboolean read_only, GError **error)
{
    carenet_store_options options;
    if (g_str_has_prefix(path, "postgresql:") || g_str_has_prefix(path, "postgres:")) {
        cli_fail(error, CARENET_ERROR_UNSUPPORTED, "give the path of a file",
                 "this carenet keeps its store in a file, not in PostgreSQL");
        return FALSE;
    }
    carenet_store_options_init(&options);
    options.read_only = read_only;
    options.reference = cli->reference;
    options.data_dir = cli_data_dir(cli);
    options.keep_image = wants_image();
    cli->store = carenet_store_open(path, &options, error);
    if (cli->store != NULL && cli->reference == NULL)
        cli->reference = carenet_store_reference(cli->store);
    return cli->store != NULL;
}

gboolean
cli_store_open(Cli *cli, gboolean read_only, GError **error)
{
    gboolean named = FALSE;
    g_autofree char *path = cli_store_path(cli, &named);
    if (path == NULL) {
        cli_fail(error, CARENET_ERROR_NOT_FOUND, "give --db PATH",
                 "HOME is not set, so there is no default place for a store");
        return FALSE;
    }
    if (!g_file_test(path, G_FILE_TEST_EXISTS) && !g_str_has_prefix(path, "postgres")) {
        g_autofree char *quoted = g_shell_quote(path);
        g_autofree char *hint =
            g_strdup_printf("make one: carenet init%s%s; add --demo to try things out",
                            named ? " --db " : "", named ? quoted : "");
        cli_fail(error, CARENET_ERROR_NOT_FOUND, hint, "there is no store at %s", path);
        return FALSE;
    }
    return open_store_at(cli, path, read_only, error);
}

static void
announce_demonstration(const Cli *cli, gboolean shipped)
{
    gint64 now_s = cli_now(cli);
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(CLI_LOCAL_OFFSET);
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(now_s);
    g_autoptr(GDateTime) local = g_date_time_to_timezone(utc, zone);
    g_autofree char *day = g_date_time_format(local, "%Y-%m-%d");
    cli_say("DEMONSTRATION data as of %s: invented providers%s", day,
            shipped ? " (there is no store yet; carenet init makes one)" : "");
}

void
cli_store_tell(Cli *cli)
{
    if (carenet_store_get_kind(cli->store) != CARENET_STORE_DEMONSTRATION)
        return;
    /* Only for its clock: an answer with a directory says that it was made of one. */
    cli->directory = carenet_directory_open(cli->store, NULL);
    if (cli->directory != NULL)
        announce_demonstration(cli, FALSE);
    else
        cli_say("DEMONSTRATION data: invented providers");
    g_clear_pointer(&cli->directory, carenet_directory_unref);
}

gboolean
cli_store_open_and_tell(Cli *cli, gboolean read_only, GError **error)
{
    if (!cli_store_open(cli, read_only, error))
        return FALSE;
    cli_store_tell(cli);
    return TRUE;
}

typedef carenet_directory *(*TakeDirectory)(carenet_store *store, GError **error);

static gboolean
open_directory(Cli *cli, TakeDirectory take, GError **error)
{
    gboolean named = FALSE;
    g_autofree char *path = cli_store_path(cli, &named);
    gboolean shipped = !named && (path == NULL || !g_file_test(path, G_FILE_TEST_EXISTS));
    if (shipped && cli_reference_open(cli, error))
        cli->directory = carenet_directory_demonstration(cli->reference, error);
    else if (!shipped && cli_store_open(cli, TRUE, error))
        cli->directory = take(cli->store, error);
    if (cli->directory == NULL)
        return FALSE;
    if (carenet_directory_is_demonstration(cli->directory))
        announce_demonstration(cli, shipped);
    return TRUE;
}

gboolean
cli_directory_open(Cli *cli, GError **error)
{
    return open_directory(cli, carenet_directory_load, error);
}

gboolean
cli_directory_open_for_find(Cli *cli, GError **error)
{
    return open_directory(cli, carenet_directory_open, error);
}

carenet_policy *
cli_policy_load(const Cli *cli, GError **error)
{
    return cli->store != NULL ? carenet_store_policy(cli->store, error)
                              : carenet_policy_load(cli->reference, NULL, NULL, error);
}

gint64
cli_now(const Cli *cli)
{
    if (cli->as_of_s != G_MININT64)
        return cli->as_of_s;
    if (cli->directory != NULL && carenet_directory_is_demonstration(cli->directory)) {
        gint64 now_s = carenet_directory_demonstration_now(cli->directory);
        if (now_s != G_MININT64)
            return now_s;
    }
    return g_get_real_time() / G_USEC_PER_SEC;
}

void
cli_clear(Cli *cli)
{
    carenet_directory_unref(cli->directory);
    carenet_store_close(cli->store);
    carenet_reference_unref(cli->reference);
    g_clear_pointer(&cli->named_files, g_ptr_array_unref);
    g_free(cli->data_dir);
    g_free(cli->db);
    g_free(cli->data);
    g_free(cli->format_text);
    g_free(cli->layout_text);
    g_free(cli->lang);
    g_free(cli->as_of_text);
}
