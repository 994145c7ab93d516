/* Who gives mental-health care in Mindanao? Prints one line an offering.
 *
 *     cc find.c $(pkg-config --cflags --libs carenet) -o find
 *     ./find [DATA-FOLDER]
 */
#include <carenet/carenet.h>

#include <stdio.h>

static int
fail(carenet_error *error)
{
    const char *hint = carenet_error_get_hint(error);
    fprintf(stderr, "find: %s\n", carenet_error_get_message(error));
    if (hint != NULL)
        fprintf(stderr, "  %s\n", hint);
    carenet_error_free(error);
    return 1;
}

/* A text cell by the name of its column; columns may move, names stay. */
static const char *
text(const carenet_table *rows, size_t row, const char *column)
{
    const char *value =
        carenet_table_get_text(rows, row, (size_t)carenet_table_column_index(rows, column));
    return value != NULL ? value : "-";
}

int
main(int argc, char **argv)
{
    const char *regions[] = {"mindanao"};
    const char *services[] = {"mental-health"};
    carenet_error *error = NULL;
    carenet_directory *directory = NULL;
    carenet_table *rows = NULL;
    carenet_find_query query;
    size_t i;

    carenet_reference *reference = carenet_reference_open(argc > 1 ? argv[1] : NULL, &error);
    if (reference != NULL)
        directory = carenet_directory_demonstration(reference, &error);
    if (directory != NULL) {
        carenet_find_query_init(&query);
        query.regions = regions, query.regions_len = 1;
        query.services = services, query.services_len = 1;
        query.sort = "provider";
        query.now_s = carenet_directory_demonstration_now(directory);
        rows = carenet_find(directory, &query, &error);
    }
    for (i = 0; i < carenet_table_rows_len(rows); i++)
        printf("%s: %s, %s: %s\n", text(rows, i, "provider"), text(rows, i, "service"),
               text(rows, i, "place"), text(rows, i, "availability"));

    carenet_table_unref(rows);
    carenet_directory_unref(directory);
    carenet_reference_unref(reference);
    return error != NULL ? fail(error) : 0;
}
