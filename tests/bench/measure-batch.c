/* measure-batch DATA-FOLDER CASES OFFERINGS SUPPLY [--seed N] [--threads N] [--cpu PATH] [--runs N]
 *               [--warm] [--fair] [--quota] [--write FILE]
 *
 * Makes an instance, compiles and solves it, and prints one line of JSON: seconds by the clock and of the
 * processor, the least of all runs, memory beyond the instance itself, the objective. --warm changes one case in a hundred and solves again from the
 * prices. --fair lets places cost more the more their offering is used; --quota adds quotas, see
 * batch-quotas.h. --write gives the same problem to
 * other solvers, see batch-peers.cpp. */
#include "batch-instance.h"
#include "batch-quotas.h"
#include "levels-json.h"

#include "format/reference-files.h"
#include "routing/assign.h"
#include "routing/market-private.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct {
    gint seed, threads, runs;
    char *cpu, *write;
    gboolean warm, fair, quota;
} Options;

/* The peak of resident memory, in KiB; @reset begins to count anew. */
static gint64
peak_kib(gboolean reset)
{
    g_autofree char *status = NULL;
    if (reset) {
        FILE *file = fopen("/proc/self/clear_refs", "w");
        if (file != NULL) {
            fputs("5", file);
            fclose(file);
        }
    }
    if (!g_file_get_contents("/proc/self/status", &status, NULL, NULL))
        return 0;
    const char *line = strstr(status, "VmHWM:");
    return line != NULL ? g_ascii_strtoll(line + 6, NULL, 10) : 0;
}

/* Processor seconds of all threads, which others on the machine disturb less. */
static double
cpu_s(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

static double
seconds_since(gint64 from_us)
{
    return (double)(g_get_monotonic_time() - from_us) / 1e6;
}

static CnCpuPath
cpu_of(const char *name)
{
    return g_strcmp0(name, "scalar") == 0   ? CN_CPU_SCALAR
           : g_strcmp0(name, "avx2") == 0   ? CN_CPU_AVX2
           : g_strcmp0(name, "avx512") == 0 ? CN_CPU_AVX512
                                            : CN_CPU_AUTO;
}

/* ---- The problem for others: little-endian 32-bit numbers but the step.
 * slots, quotas, classes, step (64 bits); places by slot, and the smallest quota that holds it (-1 none); places by
 * quota, and the next larger one (-1 none), which comes later; then a class: units, tier (1 to 3 steps), arcs, and
 * for each arc slot and cost. A slot is the places of an offering that cost the same for their use. */

static void
put32(FILE *file, gint64 value)
{
    gint32 number = (gint32)value;
    fwrite(&number, sizeof number, 1, file);
}

/* The number of the first slot of a component. */
static guint
first_slot(const CnMarket *market, guint component)
{
    guint first = 0;
    for (guint i = 0; i < component; i++) {
        const CnComponent *before = cn_market_component(market, i);
        first += before->first_slot[before->len];
    }
    return first;
}

static guint64
write_class(FILE *file, const CnMarket *market, const CnClass *one, guint need)
{
    CnOrigin origin;
    gint64 lines[CN_COSTS_LEN];
    cn_origin_init(&origin, market->policy->reference->gazetteer, &market->policy->speeds,
                   one->town);
    CnQuestion question = cn_market_question(market, need, &origin);
    const CnProfile *profile = cn_market_profile(market, one->profile);
    const CnAsk *ask = cn_market_ask(market, profile->ask);
    const CnComponent *component = cn_market_component(market, (guint)ask->component);
    const guint first = first_slot(market, (guint)ask->component);
    g_autoptr(GArray) arcs = g_array_new(FALSE, FALSE, sizeof(gint32));
    for (guint i = 0; i < component->len; i++) {
        CnCandidate candidate;
        cn_candidate_init(&candidate, &question, component->offering[i]);
        if (cn_rules_first_broken(&question, &candidate,
                                  CN_RULES_ALL & ~CN_RULE_BIT(CN_RULE_FULL)) != CN_RULE_NONE)
            continue;
        const gint64 cost = cn_cost_lines(&question, &candidate, TRUE, lines);
        for (guint slot = component->first_slot[i]; slot < component->first_slot[i + 1]; slot++) {
            gint32 arc[] = {(gint32)(first + slot), (gint32)(cost + component->slots[slot].extra)};
            g_array_append_vals(arcs, arc, 2);
        }
    }
    put32(file, one->units);
    put32(file, CN_ROUTINE + 1 - one->urgency);
    put32(file, arcs->len / 2);
    if (arcs->len > 0)
        fwrite(arcs->data, sizeof(gint32), arcs->len, file);
    return (guint64)(arcs->len / 2) * one->units;
}

/* Needs of which nobody offers the service are in no class, but count. */
static guint
write_not_offered(FILE *file, const CnMarket *market)
{
    guint found = 0;
    for (guint need = 0; need < cn_market_needs_len(market); need++) {
        if (market->class_of_need[need] != CN_NO_CLASS)
            continue;
        const CnCase *person =
            g_ptr_array_index(market->cases->cases, cn_market_person(market, need));
        const CnNeed *asked =
            &g_array_index(person->needs, CnNeed, cn_market_need_in_case(market, need));
        found++;
        if (file == NULL)
            continue;
        put32(file, asked->units);
        put32(file, CN_ROUTINE + 1 - asked->urgency);
        put32(file, 0);
    }
    return found;
}

static void
write_slots(FILE *file, const CnMarket *market)
{
    const CnQuotas *quotas = cn_market_quotas(market);
    for (guint i = 0; i < market->components->len; i++) {
        const CnComponent *component = cn_market_component(market, i);
        for (guint slot = 0; slot < component->first_slot[component->len]; slot++) {
            const gint64 places = component->slots[slot].places;
            put32(file, places == G_MAXINT64 ? -1 : places);
            put32(file, cn_quota_of(quotas, component->slots[slot].offering));
        }
    }
    for (guint i = 0; i < quotas->len; i++) {
        put32(file, cn_quota_places(quotas, i));
        put32(file, quotas->groups[i].parent);
    }
}

/* Whether it is people; others are given the quotas themselves. */
static gboolean
is_people(const CnClass *one)
{
    return one->urgency != CN_BLOCKER;
}

static guint64
write_problem(const char *path, const CnMarket *market)
{
    FILE *file = fopen(path, "wb");
    gint64 step = cn_market_step(market);
    guint64 arcs = 0;
    guint classes = write_not_offered(NULL, market);
    if (file == NULL)
        g_error("cannot write %s", path);
    for (guint i = 0; i < market->classes_len; i++)
        classes += is_people(&market->classes[i]) ? 1 : 0;
    put32(file, first_slot(market, market->components->len));
    put32(file, cn_market_quotas(market)->len);
    put32(file, classes);
    fwrite(&step, sizeof step, 1, file);
    write_slots(file, market);
    for (guint i = 0; i < market->classes_len; i++) {
        const CnClass *one = &market->classes[i];
        if (!is_people(one))
            continue;
        guint unit = market->members[one->first_unit];
        arcs += write_class(file, market, one, cn_market_need_of_unit(market, unit));
    }
    write_not_offered(file, market);
    fclose(file);
    return arcs;
}

/* ---- Measuring. */

static CnMarket *
compile(const BatchInstance *instance, const CnPolicy *policy, const Options *options)
{
    g_autoptr(GError) error = NULL;
    CnMarket *market = batch_instance_market(instance, policy, (guint)options->threads, &error);
    if (market == NULL)
        g_error("%s", error->message);
    return market;
}

static double
solve(const CnMarket *market,
      const Options *options,
      const gint64 *prices,
      const gint32 *former,
      CnAssignment *answer)
{
    CnAssignOptions how;
    cn_assign_options_init(&how);
    how.threads = (guint)options->threads;
    how.cpu = cpu_of(options->cpu);
    how.prices = prices;
    how.former = former;
    gint64 from = g_get_monotonic_time();
    if (!cn_assign(market, &how, answer, NULL))
        g_error("not solved");
    return seconds_since(from);
}

/* Seconds of the processor that solving again takes, the best of all runs. */
static double
solve_again(const CnMarket *market,
            const Options *options,
            const gint64 *prices,
            const gint32 *former,
            CnAssignment *answer)
{
    double least_s = G_MAXDOUBLE;
    for (gint run = 0; run < options->runs; run++) {
        const double cpu = cpu_s();
        cn_assignment_clear(answer);
        solve(market, options, prices, former, answer);
        const double took_s = cpu_s() - cpu;
        least_s = MIN(least_s, took_s);
    }
    return least_s;
}

/* Where everybody was; of a case that is another one now nothing is known. */
static gint32 *
former_places(const CnMarket *market, const guint8 *changed, const CnAssignment *former)
{
    gint32 *at = g_memdup2(former->offering, sizeof *at * (former->units_len + 1));
    for (guint unit = 0; unit < former->units_len; unit++)
        if (changed[cn_market_person(market, cn_market_need_of_unit(market, unit))])
            at[unit] = CN_FORMER_UNKNOWN;
    return at;
}

/* One case in a hundred is another one; then warm from prices and places, from prices alone, and cold. */
static void
measure_warm(json_t *out,
             BatchInstance *instance,
             const CnPolicy *policy,
             const Options *options,
             const CnAssignment *former)
{
    g_autofree guint8 *changed = g_new0(guint8, instance->cases->cases->len + 1);
    batch_instance_change(instance, 77, 1, changed);
    g_autoptr(CnMarket) market = compile(instance, policy, options);
    g_auto(CnAssignment) warm = {0}, priced = {0}, cold = {0};
    g_autofree gint32 *places = former_places(market, changed, former);
    const double warm_s = solve_again(market, options, former->price, places, &warm);
    const double priced_s = solve_again(market, options, former->price, NULL, &priced);
    const double cold_s = solve_again(market, options, NULL, NULL, &cold);
    if (cn_levels_compare(&warm.primal, &cold.primal) != 0 ||
        cn_levels_compare(&priced.primal, &cold.primal) != 0)
        g_error("the warm start found another optimum");
    if (memcmp(warm.price, cold.price, sizeof *cold.price * cold.offerings_len) != 0 ||
        memcmp(priced.price, cold.price, sizeof *cold.price * cold.offerings_len) != 0)
        g_error("the warm start found other prices");
    json_object_set_new(out, "warm_cpu_s", json_real(warm_s));
    json_object_set_new(out, "warm_by_prices_cpu_s", json_real(priced_s));
    json_object_set_new(out, "cold_cpu_s", json_real(cold_s));
}

static void
measure(CnPolicy *policy, CnReference *reference, const BatchSize *size, const Options *options)
{
    BatchInstance instance;
    gint64 from = g_get_monotonic_time();
    batch_instance_make(&instance, size, reference);
    if (options->quota)
        batch_quotas_add(policy, instance.directory);
    json_t *out = json_pack("{s:i,s:i,s:f,s:i,s:f}", "cases", (int)size->cases, "offerings",
                            (int)size->offerings, "supply", size->supply, "threads",
                            options->threads, "make_s", seconds_since(from));
    gint64 before = peak_kib(TRUE);
    double compile_s = G_MAXDOUBLE, solve_s = G_MAXDOUBLE;
    double compile_cpu_s = G_MAXDOUBLE, solve_cpu_s = G_MAXDOUBLE, both_s = G_MAXDOUBLE;
    for (gint run = 0; run < options->runs; run++) {
        from = g_get_monotonic_time();
        double cpu = cpu_s();
        g_autoptr(CnMarket) market = compile(&instance, policy, options);
        const double compiled_s = seconds_since(from); /* MIN would look twice */
        const double compiled_cpu_s = cpu_s() - cpu;
        compile_s = MIN(compile_s, compiled_s);
        compile_cpu_s = MIN(compile_cpu_s, compiled_cpu_s);
        g_auto(CnAssignment) answer = {0};
        cpu = cpu_s();
        const double solved_s = solve(market, options, NULL, NULL, &answer);
        const double solved_cpu_s = cpu_s() - cpu;
        solve_s = MIN(solve_s, solved_s);
        solve_cpu_s = MIN(solve_cpu_s, solved_cpu_s);
        both_s = MIN(both_s, compiled_s + solved_s);
        if (run > 0)
            continue;
        json_object_set_new(out, "peak_mb", json_real((double)(peak_kib(FALSE) - before) / 1024));
        json_object_set_new(out, "classes", json_integer(cn_market_classes_len(market)));
        json_object_set_new(out, "levels", levels_json(&answer.primal));
        json_object_set_new(out, "gap",
                            json_integer(cn_market_scalar(market, &answer.primal) -
                                         cn_market_scalar(market, &answer.bound)));
        json_object_set_new(out, "objective",
                            json_integer(cn_market_scalar(market, &answer.primal)));
        json_object_set_new(out, "work", json_integer((json_int_t)answer.work));
        if (options->write != NULL)
            json_object_set_new(out, "arcs",
                                json_integer((json_int_t)write_problem(options->write, market)));
        if (options->warm)
            measure_warm(out, &instance, policy, options, &answer);
    }
    json_object_set_new(out, "compile_s", json_real(compile_s));
    json_object_set_new(out, "solve_s", json_real(solve_s));
    json_object_set_new(out, "both_s", json_real(both_s));
    json_object_set_new(out, "compile_cpu_s", json_real(compile_cpu_s));
    json_object_set_new(out, "solve_cpu_s", json_real(solve_cpu_s));
    g_autofree char *text = json_dumps(out, JSON_SORT_KEYS | JSON_REAL_PRECISION(6));
    puts(text);
    json_decref(out);
    batch_instance_clear(&instance);
}

static void
make_fair(CnPolicy *policy)
{
    static const CnFairStep steps[] = {{50, 5}, {75, 15}, {90, 60}};
    g_array_append_vals(policy->fairness, steps, G_N_ELEMENTS(steps));
}

int
main(int argc, char **argv)
{
    Options options = {.seed = 1, .threads = 1, .runs = 1};
    const GOptionEntry entries[] = {
        {"seed", 0, 0, G_OPTION_ARG_INT, &options.seed, "of the instance", "N"},
        {"threads", 0, 0, G_OPTION_ARG_INT, &options.threads, "threads", "N"},
        {"runs", 0, 0, G_OPTION_ARG_INT, &options.runs, "the best of so many", "N"},
        {"cpu", 0, 0, G_OPTION_ARG_STRING, &options.cpu, "scalar, avx2, avx512", "PATH"},
        {"warm", 0, 0, G_OPTION_ARG_NONE, &options.warm, "also from former prices", NULL},
        {"fair", 0, 0, G_OPTION_ARG_NONE, &options.fair, "use costs something", NULL},
        {"quota", 0, 0, G_OPTION_ARG_NONE, &options.quota, "quotas of areas, providers, offerings",
         NULL},
        {"write", 0, 0, G_OPTION_ARG_FILENAME, &options.write, "for other solvers", "FILE"},
        {NULL}};
    g_autoptr(GError) error = NULL;
    g_autoptr(GOptionContext) context = g_option_context_new("DATA-FOLDER CASES OFFERINGS SUPPLY");
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error) || argc != 5) {
        g_printerr("measure-batch: %s\n", error != NULL ? error->message : "four arguments");
        return 2;
    }
    BatchSize size = {.seed = (guint32)options.seed,
                      .cases = (guint)g_ascii_strtoull(argv[2], NULL, 10),
                      .offerings = (guint)g_ascii_strtoull(argv[3], NULL, 10),
                      .supply = g_ascii_strtod(argv[4], NULL)};
    g_autoptr(carenet_reference) reference = cn_reference_read(argv[1], &error);
    g_autoptr(carenet_policy) policy =
        reference != NULL ? carenet_policy_load(reference, NULL, NULL, &error) : NULL;
    if (policy == NULL) {
        g_printerr("measure-batch: %s\n", error->message);
        return EXIT_FAILURE;
    }
    if (options.fair)
        make_fair(policy);
    measure(policy, reference, &size, &options);
    g_free(options.cpu);
    g_free(options.write);
    return EXIT_SUCCESS;
}
