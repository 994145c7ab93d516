/* Makes a store, imports the network file of the shipped data, and asks the store.
 *
 *     cc store.c $(pkg-config --cflags --libs carenet) -o store
 *     ./store [DATA-FOLDER]
 */
#include <carenet/carenet.h>

#include <stdio.h>
#include <stdlib.h>

/* What is wrong with the files, line by line. */
static void
print_issues(const carenet_table *issues)
{
    char *text = carenet_table_to_string(issues, CARENET_FORMAT_NDJSON, NULL);
    if (text != NULL)
        fputs(text, stderr);
    carenet_free(text);
}

static int
fill_and_ask(carenet_store *store, const char *file, carenet_error **error)
{
    carenet_table *issues = NULL, *changes = NULL, *lines = NULL;
    carenet_directory *directory = NULL;
    int status = 1;
    size_t i;

    if (carenet_store_import(store, &file, 1, NULL, &issues, &changes, error))
        directory = carenet_directory_load(store, error);
    if (directory != NULL)
        lines = carenet_directory_reporting_lines(directory, "Cagayan de Oro", error);
    if (lines != NULL) {
        printf("%zu providers in revision %lld\n", carenet_directory_providers_len(directory),
               (long long)carenet_directory_revision(directory));
        for (i = 0; i < carenet_table_rows_len(lines); i++) {
            ptrdiff_t phone = carenet_table_column_index(lines, "phone");
            const char *number = carenet_table_get_text(lines, i, (size_t)phone);
            printf("report abuse: %s\n", number != NULL ? number : "-");
        }
        status = 0;
    } else {
        print_issues(issues);
    }
    carenet_table_unref(lines);
    carenet_directory_unref(directory);
    carenet_table_unref(changes);
    carenet_table_unref(issues);
    return status;
}

int
main(int argc, char **argv)
{
    const char *data = argc > 1 ? argv[1] : carenet_default_data_dir();
    const char *folder = getenv("TMPDIR");
    char file[4096], path[4096];
    carenet_error *error = NULL;
    carenet_store_options options;
    int status = 1;

    snprintf(file, sizeof file, "%s/network.yaml", data);
    snprintf(path, sizeof path, "%s/carenet-example.db", folder != NULL ? folder : "/tmp");
    remove(path);
    carenet_store_options_init(&options);
    options.reference = carenet_reference_open(data, &error);
    if (options.reference != NULL) {
        carenet_store *store =
            carenet_store_init(path, CARENET_STORE_DEMONSTRATION, &options, &error);
        if (store != NULL)
            status = fill_and_ask(store, file, &error);
        carenet_store_close(store);
    }
    if (error != NULL)
        fprintf(stderr, "store: %s\n", carenet_error_get_message(error));
    carenet_error_clear(&error);
    carenet_reference_unref(options.reference);
    remove(path);
    return status;
}
