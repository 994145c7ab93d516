/* measure-directory DATA-FOLDER STORE answers | measure RUNS [NAME]
 *
 * Puts the questions to a directory that was loaded from a store, and one leaf need to routing.
 *   answers  one line of JSON a question and place: what was asked, and the offerings in their order
 *   measure  one object of JSON: load, memory, and the time of each sort of question, or of those
 *            whose name is given only (for a profiler) */
#include "invented.h"
#include "questions.h"

#include <glib/gstdio.h>
#include <jansson.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* At least so many answers a sort of question, so that a percentile means something. */
#define CALLS_A_RUN 400
/* A sort of question that fills the time is asked less often. */
#define SLOW_US 2000.0

typedef struct {
    carenet_reference *reference;
    carenet_store *store;
    carenet_directory *directory;
    carenet_policy *policy;
    const char *only; /* nullable: what is measured */
} Bench;

static _Noreturn void
give_up(GError *error)
{
    g_printerr("measure-directory: %s\n", error != NULL ? error->message : "no answer");
    exit(EXIT_FAILURE);
}

static double
now_us(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static gsize
allocated(void)
{
    struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

/* Not of getrusage(), which remembers the process that started this one. */
static double
peak_mb(void)
{
    g_autofree char *status = NULL;
    if (!g_file_get_contents("/proc/self/status", &status, NULL, NULL))
        return 0;
    const char *line = strstr(status, "VmHWM:");
    return line != NULL ? g_ascii_strtod(line + strlen("VmHWM:"), NULL) / 1024 : 0;
}

static gint
compare_doubles(gconstpointer a, gconstpointer b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double
percentile(GArray *times, guint percent)
{
    g_array_sort(times, compare_doubles);
    return g_array_index(times, double, (gsize)times->len *percent / 100);
}

static carenet_directory *
load(const Bench *bench)
{
    GError *error = NULL;
    carenet_directory *directory = carenet_directory_load(bench->store, &error);
    if (directory == NULL)
        give_up(error);
    return directory;
}

static carenet_table *
find(const Bench *bench, const Question *question, guint place)
{
    GError *error = NULL;
    AskedQuery asked;
    question_ask(&asked, question, &question_places[place]);
    carenet_table *rows = carenet_find(bench->directory, &asked.query, &error);
    if (rows == NULL)
        give_up(error);
    return rows;
}

/* ---- Answers, for the comparison with others. */

static void
print_answer(const Bench *bench, const Question *question, guint place)
{
    AskedQuery asked;
    question_ask(&asked, question, &question_places[place]);
    const carenet_find_query *query = &asked.query;
    carenet_table *rows = find(bench, question, place);
    size_t column = (size_t)carenet_table_column_index(rows, "offering");
    json_t *ids = json_array();
    for (size_t i = 0; i < carenet_table_rows_len(rows); i++)
        json_array_append_new(ids, json_string(carenet_table_get_text(rows, i, column)));
    json_t *answer =
        json_pack("{ss ss sb ss? ss? ss? ss? sI si ss? sI sb sb ss sI so}", "name", question->name,
                  "meaning", question->meaning, "goal", question->is_goal, "region",
                  query->regions_len > 0 ? query->regions[0] : NULL, "service",
                  query->services_len > 0 ? query->services[0] : NULL, "language",
                  query->languages_len > 0 ? query->languages[0] : NULL, "near", query->near,
                  "within_m", (json_int_t)query->within_m, "age", query->age, "sex", query->sex,
                  "free", (json_int_t)query->free, "confirmed_only", query->confirmed_only,
                  "in_person", query->remote == CARENET_REMOTE_NO, "sort", query->sort, "limit",
                  (json_int_t)query->limit, "offerings", ids);
    json_dumpf(answer, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(answer);
    carenet_table_unref(rows);
}

static void
print_answers(const Bench *bench)
{
    for (gsize i = 0; i < questions_len; i++)
        for (guint place = 0; place < QUESTION_PLACES; place++)
            print_answer(bench, &questions[i], place);
}

/* ---- Time. */

typedef void (*Ask)(const Bench *bench, gconstpointer what, guint place);

static void
ask_find(const Bench *bench, gconstpointer what, guint place)
{
    carenet_table_unref(find(bench, what, place));
}

static carenet_cases *
make_case(const Bench *bench, const char *need, const QuestionPlace *place)
{
    GError *error = NULL;
    carenet_case_facts facts;
    carenet_case_facts_init(&facts);
    facts.area = place->town;
    facts.age = 14;
    facts.sex = "female";
    facts.needs = &need;
    facts.needs_len = 1;
    facts.languages = &place->language;
    facts.languages_len = 1;
    facts.remote_safe = 1;
    carenet_cases *cases = carenet_cases_new(bench->reference);
    if (!carenet_cases_add(cases, &facts, &error))
        give_up(error);
    return cases;
}

/* One leaf need: the three best with the lines of their costs, and the funnel. */
static void
ask_route(const Bench *bench, gconstpointer what, guint place)
{
    static const carenet_routes_part parts[] = {CARENET_ROUTES_NEEDS, CARENET_ROUTES_RANKED,
                                                CARENET_ROUTES_LINES};
    GError *error = NULL;
    carenet_cases *const *cases = what;
    carenet_route_options options;
    carenet_route_options_init(&options);
    options.now_s = INVENTED_NOW_S;
    carenet_routes *routes =
        carenet_route(bench->directory, bench->policy, cases[place], &options, &error);
    if (routes == NULL)
        give_up(error);
    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++)
        carenet_table_unref(carenet_routes_table(routes, parts[i]));
    carenet_routes_unref(routes);
}

/* The median over @runs of the p50 and the p99 of a run, in microseconds. */
static json_t *
time_asking(const Bench *bench, Ask ask, gconstpointer what, guint runs)
{
    g_autoptr(GArray) p50s = g_array_new(FALSE, FALSE, sizeof(double));
    g_autoptr(GArray) p99s = g_array_new(FALSE, FALSE, sizeof(double));
    g_autoptr(GArray) times = g_array_new(FALSE, FALSE, sizeof(double));
    double start_us = now_us();
    for (guint place = 0; place < QUESTION_PLACES; place++)
        ask(bench, what, place);
    gboolean slow = now_us() - start_us > SLOW_US * QUESTION_PLACES;
    guint calls = slow ? 2 * QUESTION_PLACES : CALLS_A_RUN;
    for (guint run = 0; run < runs; run++) {
        g_array_set_size(times, 0);
        for (guint call = 0; call < calls; call++) {
            start_us = now_us();
            ask(bench, what, call % QUESTION_PLACES);
            double took_us = now_us() - start_us;
            g_array_append_val(times, took_us);
        }
        double p50 = percentile(times, 50), p99 = percentile(times, 99);
        g_array_append_val(p50s, p50);
        g_array_append_val(p99s, p99);
    }
    return json_pack("{sf sf}", "p50_us", percentile(p50s, 50), "p99_us", percentile(p99s, 50));
}

static gboolean
is_wanted(const Bench *bench, const char *name)
{
    return bench->only == NULL || strcmp(bench->only, name) == 0;
}

static json_t *
time_finds(const Bench *bench, guint runs)
{
    json_t *finds = json_object();
    for (gsize i = 0; i < questions_len; i++)
        if (is_wanted(bench, questions[i].name))
            json_object_set_new(finds, questions[i].name,
                                time_asking(bench, ask_find, &questions[i], runs));
    return finds;
}

static json_t *
time_routes(const Bench *bench, guint runs)
{
    static const char *const needs[] = {"trauma-therapy", "medico-legal-examination",
                                        "school-reentry", "emergency-shelter"};
    json_t *routes = json_object();
    for (gsize i = 0; i < G_N_ELEMENTS(needs); i++) {
        carenet_cases *cases[QUESTION_PLACES];
        if (!is_wanted(bench, needs[i]))
            continue;
        for (guint place = 0; place < QUESTION_PLACES; place++)
            cases[place] = make_case(bench, needs[i], &question_places[place]);
        json_object_set_new(routes, needs[i], time_asking(bench, ask_route, cases, runs));
        for (guint place = 0; place < QUESTION_PLACES; place++)
            carenet_cases_unref(cases[place]);
    }
    return routes;
}

typedef carenet_directory *(*Take)(carenet_store *store, carenet_error **error);

static double
time_taking(carenet_store *store, Take take, guint runs)
{
    g_autoptr(GArray) times = g_array_new(FALSE, FALSE, sizeof(double));
    for (guint run = 0; run < runs; run++) {
        GError *error = NULL;
        double start_us = now_us();
        carenet_directory *directory = take(store, &error);
        double took_us = now_us() - start_us;
        if (directory == NULL)
            give_up(error);
        carenet_directory_unref(directory);
        g_array_append_val(times, took_us);
    }
    return percentile(times, 50) / 1e6;
}

/* From the image: opened for one question, and loaded whole with every capacity. */
static json_t *
time_image(const Bench *bench, const char *path, guint runs)
{
    GError *error = NULL;
    GStatBuf info;
    carenet_store_options options;
    carenet_store_options_init(&options);
    options.reference = bench->reference;
    options.read_only = true;
    options.keep_image = true;
    g_autofree char *image = g_strconcat(path, "-image", NULL);
    carenet_store *store = carenet_store_open(path, &options, &error);
    if (store == NULL)
        give_up(error);
    /* Whoever comes first makes it. */
    g_unlink(image);
    double made_s = time_taking(store, carenet_directory_load, 1);
    double opened_s = time_taking(store, carenet_directory_open, 20 * runs);
    double loaded_s = time_taking(store, carenet_directory_load, runs);
    carenet_store_close(store);
    if (g_stat(image, &info) != 0)
        give_up(NULL);
    return json_pack("{sf sf sf sf}", "made_s", made_s, "opened_s", opened_s, "loaded_s", loaded_s,
                     "mb", (double)info.st_size / 1e6);
}

static void
measure(Bench *bench, const char *path, guint runs)
{
    /* The first load has the peak of a process that does nothing else. */
    gsize before = allocated();
    double peak_before_mb = peak_mb();
    bench->directory = load(bench);
    gsize bytes = allocated() - before;
    double peak_of_load_mb = peak_mb();
    json_t *figures = json_pack(
        "{sI sI sI sf sf so so}", "offerings",
        (json_int_t)carenet_directory_offerings_len(bench->directory), "providers",
        (json_int_t)carenet_directory_providers_len(bench->directory), "bytes", (json_int_t)bytes,
        "peak_before_load_mb", peak_before_mb, "peak_mb", peak_of_load_mb, "find",
        time_finds(bench, runs), "route", time_routes(bench, runs));
    if (bench->only == NULL) {
        json_object_set_new(figures, "load_s",
                            json_real(time_taking(bench->store, carenet_directory_load, runs)));
        json_object_set_new(figures, "image", time_image(bench, path, runs));
    }
    json_dumpf(figures, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(figures);
}

static void
open_bench(Bench *bench, const char *data, const char *path)
{
    GError *error = NULL;
    carenet_store_options options;
    carenet_store_options_init(&options);
    bench->reference = carenet_reference_open(data, &error);
    options.reference = bench->reference;
    options.read_only = true;
    if (bench->reference != NULL)
        bench->store = carenet_store_open(path, &options, &error);
    if (bench->store != NULL)
        bench->policy = carenet_policy_load(bench->reference, NULL, NULL, &error);
    if (bench->policy == NULL)
        give_up(error);
}

static void
close_bench(Bench *bench)
{
    carenet_policy_unref(bench->policy);
    carenet_directory_unref(bench->directory);
    carenet_store_close(bench->store);
    carenet_reference_unref(bench->reference);
}

int
main(int argc, char **argv)
{
    Bench bench = {.only = argc == 6 ? argv[5] : NULL};
    gboolean answers = argc == 4 && strcmp(argv[3], "answers") == 0;
    gboolean measures = (argc == 5 || argc == 6) && strcmp(argv[3], "measure") == 0;
    guint64 runs = 0;
    if ((!answers && !measures) ||
        (measures && !g_ascii_string_to_unsigned(argv[4], 10, 1, 1000, &runs, NULL))) {
        g_printerr("usage: measure-directory DATA-FOLDER STORE answers | measure RUNS\n");
        return 2;
    }
    open_bench(&bench, argv[1], argv[2]);
    if (answers) {
        bench.directory = load(&bench);
        print_answers(&bench);
    } else {
        measure(&bench, argv[2], (guint)runs);
    }
    close_bench(&bench);
    return EXIT_SUCCESS;
}
