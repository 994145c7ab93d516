/* Who can really take a girl of 15 in Cagayan de Oro who needs trauma therapy, and why?
 *
 *     cc route.c $(pkg-config --cflags --libs carenet) -o route
 *     ./route [DATA-FOLDER]
 */
#include <carenet/carenet.h>

#include <stdio.h>

/* Routes the cases, prints the best offering of each need, then the reasons. */
static int
route(const carenet_directory *directory,
      const carenet_policy *policy,
      const carenet_cases *cases,
      carenet_error **error)
{
    carenet_route_options options;
    carenet_routes *routes;
    carenet_table *ranked;
    char *why;
    size_t i;

    carenet_route_options_init(&options);
    options.top = 1;
    options.now_s = carenet_directory_demonstration_now(directory);
    routes = carenet_route(directory, policy, cases, &options, error);
    if (routes == NULL)
        return 1;

    ranked = carenet_routes_table(routes, CARENET_ROUTES_RANKED);
    for (i = 0; i < carenet_table_rows_len(ranked); i++) {
        ptrdiff_t name = carenet_table_column_index(ranked, "name");
        printf("%s\n", carenet_table_get_text(ranked, i, (size_t)name));
    }
    why = carenet_routes_explain(routes);
    fputs(why, stdout);

    carenet_free(why);
    carenet_table_unref(ranked);
    carenet_routes_unref(routes);
    return 0;
}

int
main(int argc, char **argv)
{
    const char *needs[] = {"trauma-therapy"};
    const char *languages[] = {"ceb"};
    carenet_error *error = NULL;
    carenet_directory *directory = NULL;
    carenet_policy *policy = NULL;
    carenet_cases *cases = NULL;
    carenet_case_facts facts;
    int status = 1;

    carenet_case_facts_init(&facts);
    facts.ref = "C-1"; /* opaque: never a name */
    facts.area = "Cagayan de Oro";
    facts.age = 15;
    facts.sex = "female";
    facts.needs = needs, facts.needs_len = 1;
    facts.languages = languages, facts.languages_len = 1;

    carenet_reference *reference = carenet_reference_open(argc > 1 ? argv[1] : NULL, &error);
    if (reference != NULL)
        directory = carenet_directory_demonstration(reference, &error);
    if (directory != NULL)
        policy = carenet_policy_load(reference, NULL, NULL, &error);
    if (policy != NULL)
        cases = carenet_cases_new(reference);
    if (cases != NULL && carenet_cases_add(cases, &facts, &error))
        status = route(directory, policy, cases, &error);

    if (error != NULL)
        fprintf(stderr, "route: %s\n", carenet_error_get_message(error));
    carenet_error_clear(&error);
    carenet_cases_unref(cases);
    carenet_policy_unref(policy);
    carenet_directory_unref(directory);
    carenet_reference_unref(reference);
    return status;
}
