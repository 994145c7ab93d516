/* carenet export: the store as region files or CSV, without any restricted field. */
#include "commands.h"
#include "file.h"
#include "near.h"
#include "message.h"
#include "output.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

/* What spans the regions has no id; its file is called so. */
#define NETWORK "network"

typedef struct {
    char *region;
    char *output;
    char *format;
    gboolean force;
    gboolean csv;
} ExportOptions;

static void
clear_options(ExportOptions *options)
{
    g_free(options->region);
    g_free(options->output);
    g_free(options->format);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ExportOptions, clear_options)

/* To stdout or to a file. Takes over @text, which is NULL where @error is set. */
static gboolean
put_out(const Cli *cli, char *text, const char *path, gboolean force, GError **error)
{
    gboolean done = text != NULL;
    if (done && path != NULL)
        done = cli_file_write(cli, "--output", path, text, force, error);
    else if (done)
        fputs(text, stdout);
    carenet_free(text);
    return done;
}

/* A region file. */
static gboolean
export_one(const Cli *cli, const char *region, const char *path, gboolean force, GError **error)
{
    const char *id = strcmp(region, NETWORK) == 0 ? NULL : region;
    return put_out(cli, carenet_store_export(cli->store, id, error), path, force, error);
}

/* One file a region, all of them or none. */
static gboolean
write_all(const Cli *cli, const ExportOptions *options, const carenet_table *files, GError **error)
{
    const gsize len = carenet_table_rows_len(files);
    g_autofree CliText *texts = g_new(CliText, len);
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
    gsize written = 0;
    for (gsize row = 0; row < len; row++) {
        const char *region = cli_cell_text(files, row, "region");
        g_autofree char *name = g_strconcat(region != NULL ? region : NETWORK, ".yaml", NULL);
        g_ptr_array_add(paths, g_build_filename(options->output, name, NULL));
        texts[row] = (CliText){paths->pdata[row], cli_cell_text(files, row, "text")};
    }
    const gboolean done =
        cli_files_write(cli, "--output", texts, len, options->force, &written, error);
    for (gsize row = 0; row < written; row++)
        cli_say("wrote %s", texts[row].path);
    return done;
}

static gboolean
export_all(const Cli *cli, const ExportOptions *options, GError **error)
{
    if (g_mkdir_with_parents(options->output, 0700) != 0) {
        cli_fail(error, CARENET_ERROR_IO, "without --region, -o names a folder",
                 "the folder %s cannot be made: %s", options->output, g_strerror(errno));
        return FALSE;
    }
    carenet_table *files = carenet_store_export_all(cli->store, error);
    const gboolean done = files != NULL && write_all(cli, options, files, error);
    carenet_table_unref(files);
    return done;
}

/* FALSE sets @error where the store has no such region. */
static gboolean
check_region(const Cli *cli, const char *region, GError **error)
{
    carenet_table *regions = carenet_store_regions(cli->store, error);
    if (regions == NULL)
        return FALSE;
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (gsize row = 0; row < carenet_table_rows_len(regions); row++)
        g_ptr_array_add(names, (gpointer)cli_cell_text(regions, row, "region"));
    g_ptr_array_add(names, (gpointer)NETWORK);
    g_ptr_array_add(names, NULL);
    gboolean known = g_strv_contains((const char *const *)names->pdata, region);
    if (!known) {
        g_autofree char *meant = cli_near_suggest(region, (const char *const *)names->pdata);
        cli_fail(error, CARENET_ERROR_NOT_FOUND,
                 meant != NULL ? meant : "carenet terms regions lists them",
                 "the store has no region \"%s\"", region);
    }
    carenet_table_unref(regions);
    return known;
}

static gboolean
export_store(const Cli *cli, const ExportOptions *options, GError **error)
{
    if (options->region == NULL && !options->csv)
        return export_all(cli, options, error);
    if (options->region != NULL && !check_region(cli, options->region, error))
        return FALSE;
    gboolean done = options->csv
                        ? put_out(cli, carenet_store_export_csv(cli->store, options->region, error),
                                  options->output, options->force, error)
                        : export_one(cli, options->region, options->output, options->force, error);
    if (!done)
        return FALSE;
    if (options->output != NULL)
        cli_say("wrote %s", options->output);
    return TRUE;
}

static gboolean
understand_options(ExportOptions *options, GError **error)
{
    static const char *const formats[] = {"yaml", "csv", NULL};
    const gint format =
        options->format != NULL ? cli_choice_parse("--format", options->format, formats, error) : 0;
    options->csv = format == 1;
    if (format == 0 && options->region == NULL && options->output == NULL) {
        cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT, "carenet terms regions lists them",
                 "export takes --region REGION, or -o DIR for all regions");
        return FALSE;
    }
    return format >= 0;
}

int
cli_export(Cli *cli, char **words, GError **error)
{
    g_auto(ExportOptions) options = {0};
    const GOptionEntry entries[] = {
        {"region", 0, 0, G_OPTION_ARG_STRING, &options.region,
         N_("one region, by its id; network is what spans the regions"), "REGION"},
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &options.output,
         N_("the file; region files without --region: the folder, one file a region"), "PATH"},
        {"format", 0, 0, G_OPTION_ARG_STRING, &options.format,
         N_("yaml (the default) for region files, csv for a spreadsheet"), "FORMAT"},
        {"force", 0, 0, G_OPTION_ARG_NONE, &options.force, N_("overwrite files that exist"), NULL},
        {0},
    };
    if (!cli_parse(cli, entries, words, error))
        return 0;
    gboolean done = understand_options(&options, error) &&
                    cli_operands_check(cli, words, 0, 0, error) &&
                    cli_store_open_and_tell(cli, TRUE, error) && export_store(cli, &options, error);
    return done ? 0 : 2;
}
