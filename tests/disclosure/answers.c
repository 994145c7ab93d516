/* Everything that the library says about a network: see answers.h. */
#include "answers.h"

#include "../support/random-world.h"

#include "format/region-file.h"
#include "routing/route.h"

#include <string.h>

typedef struct {
    GString *text;
    CnReference *reference;
    const CnDirectory *directory;
    const CnNetwork *probes;
    GRand *rand;
} Answers;

static void
begin(Answers *answers, const char *what)
{
    g_string_append_printf(answers->text, "\n## %s\n", what);
}

static void
add_error(Answers *answers, const carenet_error *error)
{
    const char *hint = carenet_error_get_hint(error);
    g_string_append_printf(answers->text, "error %s: %s (%s)\n",
                           carenet_error_code_name(carenet_error_get_code(error)),
                           carenet_error_get_message(error), hint != NULL ? hint : "");
}

/* Takes the table and the error, one of which is NULL. */
static void
add_table(Answers *answers, carenet_table *table, carenet_error *error)
{
    if (table == NULL) {
        add_error(answers, error);
        carenet_error_free(error);
        return;
    }
    for (int format = CARENET_FORMAT_JSON; format <= CARENET_FORMAT_MARKDOWN; format++) {
        char *rows = carenet_table_to_string(table, (carenet_format)format, NULL);
        g_string_append(answers->text, rows);
        g_string_append_c(answers->text, '\n');
        carenet_free(rows);
    }
    for (size_t i = 0; i < carenet_table_warnings_len(table); i++)
        g_string_append_printf(answers->text, "warning: %s\n", carenet_table_warning(table, i));
    carenet_table_unref(table);
}

/* ---- Find. */

static const char *
area_code(const Answers *answers, CnAreaId area)
{
    return cn_area(answers->reference->gazetteer, area)->code;
}

static const CnProvider *
pick_provider(const Answers *answers)
{
    return g_ptr_array_index(answers->probes->providers,
                             world_pick(answers->rand, answers->probes->providers->len));
}

/* Some area, or the very area of some site. */
static const char *
pick_area(const Answers *answers)
{
    const CnProvider *provider = pick_provider(answers);
    return area_code(answers, world_chance(answers->rand, 50)
                                  ? provider->site.area
                                  : world_area(answers->rand, answers->reference->gazetteer));
}

static const char *
pick_service(const Answers *answers)
{
    const CnTaxonomy *taxonomy = answers->reference->taxonomy;
    return cn_service(taxonomy, world_service(answers->rand, taxonomy))->id;
}

/* The arrays that a query borrows. */
typedef struct {
    carenet_find_query query;
    const char *regions[2], *services[2], *languages[1], *access[1];
} Query;

static void
draw_query(const Answers *answers, Query *drawn)
{
    static const char *const sorts[] = {NULL,   "default", "distance", "wait",
                                        "free", "name",    "provider", "verified"};
    GRand *rand = answers->rand;
    carenet_find_query *query = &drawn->query;
    carenet_find_query_init(query);
    query->now_s = WORLD_NOW_S;
    query->regions = drawn->regions;
    query->services = drawn->services;
    while (query->regions_len < 2 && world_chance(rand, 40))
        drawn->regions[query->regions_len++] = pick_area(answers);
    while (query->services_len < 2 && world_chance(rand, 40))
        drawn->services[query->services_len++] = pick_service(answers);
    query->serving = world_chance(rand, 30) ? pick_area(answers) : NULL;
    query->near = world_chance(rand, 60) ? pick_area(answers) : NULL;
    if (query->near != NULL && world_chance(rand, 40))
        query->within_min = g_rand_int_range(rand, 1, 600);
    if (query->near != NULL && world_chance(rand, 40))
        query->within_m = g_rand_int_range(rand, 1, 200000);
    if (world_chance(rand, 30))
        query->free = g_rand_int_range(rand, 0, 4);
    query->age = world_chance(rand, 30) ? g_rand_int_range(rand, 10, 20) : -1;
    query->remote = (carenet_remote)world_pick(rand, 3);
    query->ordinance =
        world_chance(rand, 20) ? (carenet_covered)world_pick(rand, 3) : CARENET_COVERED_ANY;
    query->network =
        world_chance(rand, 20) ? (carenet_covered)world_pick(rand, 3) : CARENET_COVERED_ANY;
    query->open_at_set = world_chance(rand, 20);
    query->open_at_s = WORLD_NOW_S;
    query->confirmed_only = world_chance(rand, 20);
    query->wider = world_chance(rand, 20);
    query->verified_within_days = world_chance(rand, 20) ? 30 : 0;
    query->limit = world_chance(rand, 20) ? 3 : 0;
    query->sort = sorts[world_pick(rand, G_N_ELEMENTS(sorts))];
    if (query->near == NULL && g_strcmp0(query->sort, "distance") == 0)
        query->sort = NULL;
}

static void
add_finds(Answers *answers)
{
    for (guint i = 0; i < 25; i++) {
        Query drawn;
        carenet_error *error = NULL;
        draw_query(answers, &drawn);
        begin(answers, "find");
        carenet_table *rows = carenet_find(answers->directory, &drawn.query, &error);
        add_table(answers, rows, error);
        error = NULL;
        begin(answers, "why not");
        rows = carenet_find_why_not(answers->directory, &drawn.query, pick_provider(answers)->id,
                                    &error);
        add_table(answers, rows, error);
    }
}

/* ---- Show, and what is asked for by name. */

static void
add_show(Answers *answers, const char *id)
{
    carenet_error *error = NULL;
    if (id == NULL)
        return;
    begin(answers, "show");
    carenet_table *rows = carenet_directory_show(answers->directory, id, &error);
    add_table(answers, rows, error);
}

/* A restricted site's own words find nothing, and nothing near them is suggested. */
static void
ask_for(Answers *answers, const char *word)
{
    carenet_error *error = NULL;
    Query drawn;
    if (word == NULL)
        return;
    add_show(answers, word);
    draw_query(answers, &drawn);
    begin(answers, "why not, by a secret");
    carenet_table *rows = carenet_find_why_not(answers->directory, &drawn.query, word, &error);
    add_table(answers, rows, error);
    error = NULL;
    drawn.regions[0] = word;
    drawn.query.regions_len = 1;
    begin(answers, "find, by a secret");
    rows = carenet_find(answers->directory, &drawn.query, &error);
    add_table(answers, rows, error);
}

static void
add_shows(Answers *answers)
{
    for (guint i = 0; i < answers->probes->providers->len; i++) {
        const CnProvider *provider = g_ptr_array_index(answers->probes->providers, i);
        add_show(answers, provider->id);
        add_show(answers, provider->organization);
        add_show(answers, area_code(answers, provider->site.area));
        if (provider->show_area >= 0)
            add_show(answers, area_code(answers, provider->show_area));
        for (guint k = 0; k < provider->offerings->len; k++)
            add_show(answers, g_array_index(provider->offerings, CnOffering, k).id);
        ask_for(answers, provider->name);
        ask_for(answers, provider->site.address);
        ask_for(answers, provider->site.phone);
        ask_for(answers, provider->site.email);
    }
}

static void
add_facts(Answers *answers)
{
    begin(answers, "facts");
    g_string_append_printf(answers->text, "%s %zu %zu\n",
                           carenet_directory_digest(answers->directory),
                           carenet_directory_providers_len(answers->directory),
                           carenet_directory_offerings_len(answers->directory));
    add_table(answers, carenet_directory_regions(answers->directory), NULL);
    add_table(answers, carenet_directory_reporting_lines(answers->directory, NULL, NULL), NULL);
    for (guint i = 0; i < 10; i++)
        add_table(answers,
                  carenet_directory_reporting_lines(answers->directory, pick_area(answers), NULL),
                  NULL);
}

static void
add_exports(Answers *answers, const CnNetwork *network)
{
    static const char *const regions[] = {"region-a", NULL};
    for (guint i = 0; i < G_N_ELEMENTS(regions); i++) {
        g_autofree char *text = cn_region_write(network, answers->reference, regions[i]);
        begin(answers, "export");
        g_string_append(answers->text, text);
    }
}

/* ---- Routes. */

/* Half of the survivors avoid the very areas where sites are. */
static void
avoid_sites(Answers *answers, const carenet_cases *cases)
{
    for (guint i = 0; i < cases->cases->len; i++) {
        CnCase *person = g_ptr_array_index(cases->cases, i);
        CnAreaId area = pick_provider(answers)->site.area;
        if (world_chance(answers->rand, 30))
            g_array_append_val(person->avoid.areas, area);
        if (world_chance(answers->rand, 30))
            g_array_append_val(person->offender.areas, area);
        if (world_chance(answers->rand, 30))
            person->area = area;
    }
}

static void
add_route(Answers *answers, const carenet_cases *cases, const carenet_policy *policy)
{
    carenet_route_options options;
    carenet_route_options_init(&options);
    options.now_s = WORLD_NOW_S;
    options.top = world_pick(answers->rand, 3);
    options.include_unconfirmed = world_chance(answers->rand, 50);
    options.include_unknown_capacity = world_chance(answers->rand, 50);
    options.why_not = world_chance(answers->rand, 50) ? pick_provider(answers)->id : NULL;
    g_autoptr(carenet_routes) routes =
        carenet_route(answers->directory, policy, cases, &options, NULL);
    g_autofree char *json = carenet_routes_to_json(routes);
    g_autofree char *sentences = carenet_routes_explain(routes);
    begin(answers, "route");
    g_string_append_printf(answers->text, "%s\n%s\n", json, sentences);
    for (int part = CARENET_ROUTES_NEEDS; part <= CARENET_ROUTES_CHANGES; part++)
        add_table(answers, carenet_routes_table(routes, (carenet_routes_part)part), NULL);
}

static void
add_routes(Answers *answers)
{
    for (guint i = 0; i < 8; i++) {
        g_autoptr(carenet_policy) policy = world_policy(answers->rand, answers->reference);
        g_autoptr(carenet_cases) cases =
            world_cases(answers->rand, answers->reference, answers->probes, 4);
        avoid_sites(answers, cases);
        add_route(answers, cases, policy);
    }
}

void
answers_append(GString *text,
               const CnNetwork *network,
               CnReference *reference,
               guint32 seed,
               const CnNetwork *probes)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
    g_autoptr(carenet_directory) directory = cn_directory_new(network, reference, 0);
    Answers answers = {.text = text,
                       .reference = reference,
                       .directory = directory,
                       .probes = probes,
                       .rand = rand};
    add_facts(&answers);
    add_finds(&answers);
    add_shows(&answers);
    add_routes(&answers);
    add_exports(&answers, network);
}
