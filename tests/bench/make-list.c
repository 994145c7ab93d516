/* make-list DATA-FOLDER CASES OFFERINGS SUPPLY STORE LIST [--keep require|prefer] [--percent N] [--seed N]
 *
 * Writes the instance of batch-instance.h as people have it: a demonstration store, and a list of cases in NDJSON.
 * With --keep some have siblings, as in measure-families.c. */
#include "batch-instance.h"

#include "format/case-write.h"
#include "format/reference-files.h"
#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct {
    gint seed, percent;
    char *keep;
    CnSiblings siblings; /* what it says */
} Options;

static gboolean
write_store(const BatchSize *size, carenet_reference *reference, const char *path, GError **error)
{
    carenet_import_options options;
    carenet_import_options_init(&options);
    g_autoptr(CnNetwork) network = batch_instance_network(size, reference);
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    g_autoptr(carenet_store) store =
        cn_store_init(path, CARENET_STORE_DEMONSTRATION, reference, 5000, error);
    return store != NULL && cn_store_import(store, network, &options, issues, NULL, error);
}

static gboolean
write_list(const BatchSize *size,
           const Options *options,
           carenet_reference *reference,
           const char *path,
           GError **error)
{
    BatchInstance instance;
    batch_instance_make(&instance, size, reference);
    if (options->keep != NULL)
        batch_instance_join(&instance, size->seed, (guint)options->percent, options->siblings);
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < instance.cases->cases->len; i++)
        cn_case_write(text, reference, g_ptr_array_index(instance.cases->cases, i), NULL, NULL);
    batch_instance_clear(&instance);
    return g_file_set_contents(path, text->str, (gssize)text->len, error);
}

int
main(int argc, char **argv)
{
    Options options = {.seed = 1, .percent = 15};
    const GOptionEntry entries[] = {
        {"seed", 0, 0, G_OPTION_ARG_INT, &options.seed, "of the instance", "N"},
        {"percent", 0, 0, G_OPTION_ARG_INT, &options.percent, "of the cases have siblings", "N"},
        {"keep", 0, 0, G_OPTION_ARG_STRING, &options.keep, "require, prefer", "HOW"},
        {NULL}};
    g_autoptr(GError) error = NULL;
    g_autoptr(GOptionContext) context =
        g_option_context_new("DATA-FOLDER CASES OFFERINGS SUPPLY STORE LIST");
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error) || argc != 7) {
        g_printerr("make-list: %s\n", error != NULL ? error->message : "six arguments");
        return 2;
    }
    if (options.keep != NULL && !batch_keep_read(options.keep, &options.siblings)) {
        g_printerr("make-list: --keep is require or prefer\n");
        g_free(options.keep);
        return 2;
    }
    const BatchSize size = {.seed = (guint32)options.seed,
                            .cases = (guint)g_ascii_strtoull(argv[2], NULL, 10),
                            .offerings = (guint)g_ascii_strtoull(argv[3], NULL, 10),
                            .supply = g_ascii_strtod(argv[4], NULL)};
    g_autoptr(carenet_reference) reference = cn_reference_read(argv[1], &error);
    const gboolean done = reference != NULL && write_store(&size, reference, argv[5], &error) &&
                          write_list(&size, &options, reference, argv[6], &error);
    g_free(options.keep);
    if (done)
        return EXIT_SUCCESS;
    g_printerr("make-list: %s\n", error->message);
    return EXIT_FAILURE;
}
