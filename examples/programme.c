/* What did the programme achieve? Prints a line an indicator, and the ordinances that are not carried
 * out yet.
 *
 *     cc programme.c $(pkg-config --cflags --libs carenet) -o programme
 *     ./programme [DATA-FOLDER]
 */
#include <carenet/carenet.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static int
fail(carenet_error *error)
{
    const char *hint = carenet_error_get_hint(error);
    fprintf(stderr, "programme: %s\n", carenet_error_get_message(error));
    if (hint != NULL)
        fprintf(stderr, "  %s\n", hint);
    carenet_error_free(error);
    return 1;
}

/* A text cell by the name of its column; NULL where it is null. */
static const char *
text(const carenet_table *rows, size_t row, const char *column)
{
    return carenet_table_get_text(rows, row, (size_t)carenet_table_column_index(rows, column));
}

static void
print_figures(const carenet_table *rows)
{
    const size_t value = (size_t)carenet_table_column_index(rows, "value");
    for (size_t i = 0; i < carenet_table_rows_len(rows); i++)
        if (strcmp(text(rows, i, "origin"), "computed") == 0)
            printf("%s: %" PRId64 "\n", text(rows, i, "label"),
                   carenet_table_get_int64(rows, i, value));
}

static void
print_undone(const carenet_table *ordinances)
{
    for (size_t i = 0; i < carenet_table_rows_len(ordinances); i++)
        if (text(ordinances, i, "implemented_on") == NULL)
            printf("passed on %s in %s, and not implemented\n", text(ordinances, i, "passed_on"),
                   text(ordinances, i, "place"));
}

int
main(int argc, char **argv)
{
    carenet_error *error = NULL;
    carenet_programme *programme = NULL;
    carenet_table *figures = NULL, *ordinances = NULL;
    carenet_indicator_query query;
    /* Of a store: carenet_programme_from_store(), where referrals count, too. */
    carenet_reference *reference = carenet_reference_open(argc > 1 ? argv[1] : NULL, &error);
    if (reference != NULL)
        programme = carenet_programme_demonstration(reference, &error);
    if (programme != NULL) {
        carenet_indicator_query_init(&query);
        query.from = "2021-08-01", query.to = "2023-04-30";
        figures = carenet_report_indicators(programme, &query, NULL, &error);
    }
    if (figures != NULL) {
        print_figures(figures);
        ordinances = carenet_programme_list(programme, CARENET_PROGRAMME_ORDINANCES, &error);
    }
    if (ordinances != NULL)
        print_undone(ordinances);

    carenet_table_unref(ordinances);
    carenet_table_unref(figures);
    carenet_programme_unref(programme);
    carenet_reference_unref(reference);
    return error != NULL ? fail(error) : 0;
}
