/* What people type to find, show and route --why-not, one parameter a line, over the shipped
 * directory: an answer, or an error whose message fits one line of a terminal. */
#include "fuzz.h"

#include <string.h>

static void
take_answer(carenet_table *answer, GError *error)
{
    fuzz_check_error(answer != NULL, error);
    if (answer != NULL)
        fuzz_check_table(answer);
    carenet_table_unref(answer);
    g_clear_error(&error);
}

static void
ask_by_id(const char *id)
{
    GError *error = NULL;
    carenet_table *answer = carenet_directory_show(fuzz_directory(), id, &error);
    take_answer(answer, error);

    error = NULL;
    answer = carenet_directory_reporting_lines(fuzz_directory(), id, &error);
    take_answer(answer, error);

    carenet_find_query query;
    carenet_find_query_init(&query);
    error = NULL;
    answer = carenet_find_why_not(fuzz_directory(), &query, id, &error);
    take_answer(answer, error);

    carenet_cases *nobody = carenet_cases_new(fuzz_reference());
    carenet_route_options options;
    carenet_route_options_init(&options);
    options.why_not = id;
    error = NULL;
    carenet_routes *routes =
        carenet_route(fuzz_directory(), fuzz_policy(), nobody, &options, &error);
    fuzz_check_error(routes != NULL, error);
    carenet_routes_unref(routes);
    carenet_cases_unref(nobody);
    g_clear_error(&error);
}

/* A list of one, or none where the line is empty. */
static size_t
list_len(const char *const *list)
{
    return list[0][0] != '\0';
}

static const char *
unless_empty(const char *text)
{
    return text[0] != '\0' ? text : NULL;
}

static void
find(FuzzChoices *choices)
{
    enum {
        REGION,
        SERVICE,
        SERVING,
        NEAR,
        SEX,
        LANGUAGE,
        GROUP,
        ACCESS,
        SORT,
        LINES
    };
    char *lines[LINES];
    for (guint i = 0; i < LINES; i++)
        lines[i] = fuzz_line(choices);
    const char *const *line = (const char *const *)lines;
    carenet_find_query query;
    carenet_find_query_init(&query);
    query.regions = &line[REGION], query.regions_len = list_len(&line[REGION]);
    query.services = &line[SERVICE], query.services_len = list_len(&line[SERVICE]);
    query.languages = &line[LANGUAGE], query.languages_len = list_len(&line[LANGUAGE]);
    query.groups = &line[GROUP], query.groups_len = list_len(&line[GROUP]);
    query.access = &line[ACCESS], query.access_len = list_len(&line[ACCESS]);
    query.serving = unless_empty(line[SERVING]);
    query.near = unless_empty(line[NEAR]);
    query.sex = unless_empty(line[SEX]);
    query.sort = unless_empty(line[SORT]);
    query.limit = 20;
    query.now_s = carenet_directory_demonstration_now(fuzz_directory());
    GError *error = NULL;
    carenet_table *answer = carenet_find(fuzz_directory(), &query, &error);
    take_answer(answer, error);
    for (guint i = 0; i < LINES; i++)
        g_free(lines[i]);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    FuzzChoices choices = {data, size};
    g_autofree char *id = fuzz_line(&choices);
    ask_by_id(id);
    find(&choices);
    return 0;
}
