/* measure-families DATA-FOLDER CASES OFFERINGS SUPPLY [--keep require|prefer] [--percent N] [--seed N]
 *                  [--work-limit N]
 *
 * Makes an instance with siblings, places it, and prints one line of JSON: the levels of the plan, those that no plan is
 * below, and seconds of the processor. */
#include "batch-instance.h"
#include "levels-json.h"

#include "format/reference-files.h"
#include "routing/parties.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

typedef struct {
    gint seed, percent;
    gint64 work_limit;
    char *keep;
} Options;

static void
measure(const BatchInstance *instance,
        const CnPolicy *policy,
        const BatchSize *size,
        const Options *options)
{
    g_autoptr(GError) error = NULL;
    g_auto(CnPlacement) placement = {NULL};
    const CnPlanQuestion asked = {.directory = instance->directory,
                                  .policy = policy,
                                  .cases = instance->cases,
                                  .now_s = INVENTED_NOW_S,
                                  .at_s = INVENTED_NOW_S};
    CnAssignOptions how;
    cn_assign_options_init(&how);
    how.work_limit = (guint64)options->work_limit;
    const clock_t from = clock();
    g_autoptr(CnPlanNeeds) needs = cn_plan_needs_new(&asked);
    g_autoptr(CnMarket) market = batch_instance_market(instance, policy, 1, &error);
    if (market == NULL || !cn_parties_place(market, needs, &how, &placement, &error))
        g_error("%s", error->message);
    const double spent_s = (double)(clock() - from) / CLOCKS_PER_SEC;
    json_t *out = json_pack(
        "{s:i,s:i,s:f,s:s,s:i,s:i,s:o,s:o,s:I,s:b,s:b,s:f}", "cases", (int)size->cases, "offerings",
        (int)size->offerings, "supply", size->supply, "keep", options->keep, "seed", options->seed,
        "parties", (int)placement.parties, "levels", levels_json(&placement.primal), "bound",
        levels_json(&placement.bound), "work", (json_int_t)placement.work, "stopped",
        placement.stopped_by != CN_STOPPED_NOT, "searched", placement.searched, "cpu_s", spent_s);
    g_autofree char *text = json_dumps(out, JSON_SORT_KEYS | JSON_REAL_PRECISION(6));
    puts(text);
    json_decref(out);
}

int
main(int argc, char **argv)
{
    Options options = {.seed = 1, .percent = 15};
    const GOptionEntry entries[] = {
        {"seed", 0, 0, G_OPTION_ARG_INT, &options.seed, "of the instance", "N"},
        {"percent", 0, 0, G_OPTION_ARG_INT, &options.percent, "of the cases have siblings", "N"},
        {"keep", 0, 0, G_OPTION_ARG_STRING, &options.keep, "require, prefer", "HOW"},
        {"work-limit", 0, 0, G_OPTION_ARG_INT64, &options.work_limit, "of the search", "N"},
        {NULL}};
    g_autoptr(GError) error = NULL;
    g_autoptr(GOptionContext) context = g_option_context_new("DATA-FOLDER CASES OFFERINGS SUPPLY");
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error) || argc != 5) {
        g_printerr("measure-families: %s\n", error != NULL ? error->message : "four arguments");
        return 2;
    }
    if (options.keep == NULL)
        options.keep = g_strdup("require");
    CnSiblings keep;
    if (!batch_keep_read(options.keep, &keep)) {
        g_printerr("measure-families: --keep is require or prefer\n");
        g_free(options.keep);
        return 2;
    }
    const BatchSize size = {.seed = (guint32)options.seed,
                            .cases = (guint)g_ascii_strtoull(argv[2], NULL, 10),
                            .offerings = (guint)g_ascii_strtoull(argv[3], NULL, 10),
                            .supply = g_ascii_strtod(argv[4], NULL)};
    g_autoptr(carenet_reference) reference = cn_reference_read(argv[1], &error);
    g_autoptr(carenet_policy) policy =
        reference != NULL ? carenet_policy_load(reference, NULL, NULL, &error) : NULL;
    if (policy == NULL) {
        g_printerr("measure-families: %s\n", error->message);
        return EXIT_FAILURE;
    }
    BatchInstance instance;
    batch_instance_make(&instance, &size, reference);
    batch_instance_join(&instance, (guint32)options.seed, (guint)options.percent, keep);
    measure(&instance, policy, &size, &options);
    batch_instance_clear(&instance);
    g_free(options.keep);
    return EXIT_SUCCESS;
}
