/* measure-referral DATA-FOLDER FOLDER SECONDS PROCESSES
 *
 * Reservations with their audit records in a store made in FOLDER, by so many processes at once on a few
 * hot offerings; how fast the chain of records is verified; and, beside them, how often this machine
 * can make a page of a file durable in a second. One object of JSON. Latencies are in milliseconds. */
#include <carenet/carenet.h>

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define OFFERINGS      4
#define PAGE           4096
#define FSYNC_US       500000
#define PROCESSES_MOST 64
#define PLACES         1000000

static const char *const offerings[OFFERINGS] = {
    "ex-nmn-014/trauma-therapy", "ex-cvi-012/trauma-therapy", "ex-car-001/case-management",
    "ex-car-001/financial-assistance"};

static _Noreturn void
give_up(const carenet_error *error)
{
    g_printerr("measure-referral: %s\n", carenet_error_get_message(error));
    exit(EXIT_FAILURE);
}

static carenet_acting
someone(void)
{
    carenet_acting acting;
    carenet_acting_init(&acting);
    acting.actor = "bench";
    return acting;
}

/* ---- The machine. */

static double
measure_fsync(const char *folder)
{
    g_autofree char *path = g_build_filename(folder, "fsync", NULL);
    const char page[PAGE] = {0};
    int fd = open(path, O_CREAT | O_RDWR | O_TRUNC | O_CLOEXEC, 0600);
    gint64 count = 0;
    const gint64 begin = g_get_monotonic_time();
    gint64 now = begin;
    while (fd >= 0 && now - begin < FSYNC_US) {
        if (pwrite(fd, page, sizeof page, (off_t)(count % 256) * PAGE) != PAGE ||
            fdatasync(fd) != 0)
            break;
        count++;
        now = g_get_monotonic_time();
    }
    if (fd >= 0)
        close(fd);
    g_unlink(path);
    return now > begin ? (double)count * 1e6 / (double)(now - begin) : 0;
}

/* ---- The store. */

static carenet_store *
open_store(carenet_reference *reference, const char *path)
{
    carenet_error *error = NULL;
    carenet_store_options options;
    carenet_store_options_init(&options);
    options.reference = reference;
    options.busy_ms = 60000;
    carenet_store *store = carenet_store_open(path, &options, &error);
    if (store == NULL)
        give_up(error);
    return store;
}

static void
import_shipped(carenet_store *store, const char *data)
{
    static const char *const names[] = {"network.yaml",
                                        "regions/caraga.yaml",
                                        "regions/central-luzon.yaml",
                                        "regions/central-visayas.yaml",
                                        "regions/ncr.yaml",
                                        "regions/northern-mindanao.yaml"};
    carenet_error *error = NULL;
    char *paths[G_N_ELEMENTS(names)];
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        paths[i] = g_build_filename(data, names[i], NULL);
    if (!carenet_store_import(store, (const char *const *)paths, G_N_ELEMENTS(names), NULL, NULL,
                              NULL, &error))
        give_up(error);
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        g_free(paths[i]);
}

static void
make_store(carenet_reference *reference, const char *data, const char *path)
{
    carenet_error *error = NULL;
    carenet_store_options options;
    carenet_store_options_init(&options);
    options.reference = reference;
    carenet_store *store = carenet_store_init(path, CARENET_STORE_DEMONSTRATION, &options, &error);
    if (store == NULL)
        give_up(error);
    import_shipped(store, data);
    const carenet_acting acting = someone();
    carenet_capacity_report report;
    carenet_capacity_report_init(&report);
    report.total = PLACES, report.occupied = 0;
    for (gsize i = 0; i < OFFERINGS; i++) {
        carenet_table *row = carenet_capacity_set(store, offerings[i], &report, &acting, &error);
        if (row == NULL)
            give_up(error);
        carenet_table_unref(row);
    }
    carenet_store_close(store);
}

/* ---- Reservations. */

/* Takes places until the time is up; the time of each, in microseconds, goes to @out. */
static void
reserve(carenet_reference *reference, const char *path, gint64 until_us, unsigned number, FILE *out)
{
    carenet_error *error = NULL;
    carenet_store *store = open_store(reference, path);
    const carenet_acting acting = someone();
    for (unsigned i = number; g_get_monotonic_time() < until_us; i++) {
        const gint64 before = g_get_monotonic_time();
        carenet_table *row =
            carenet_capacity_hold(store, offerings[i % OFFERINGS], 1, 3600, &acting, &error);
        if (row == NULL)
            give_up(error);
        carenet_table_unref(row);
        const gint64 took_us = g_get_monotonic_time() - before;
        fwrite(&took_us, sizeof took_us, 1, out);
    }
    carenet_store_close(store);
}

static gint
compare_times(gconstpointer a, gconstpointer b)
{
    const gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;
    return (x > y) - (x < y);
}

static void
collect(GArray *times, const char *path)
{
    char *bytes = NULL;
    gsize len = 0;
    if (g_file_get_contents(path, &bytes, &len, NULL))
        g_array_append_vals(times, bytes, (guint)(len / sizeof(gint64)));
    g_free(bytes);
    g_unlink(path);
}

/* The processes write their times to files of their own: a pipe would let them wait. */
static GArray *
run_processes(carenet_reference *reference,
              const char *folder,
              const char *path,
              double seconds,
              unsigned processes)
{
    GArray *times = g_array_new(FALSE, FALSE, sizeof(gint64));
    const gint64 until_us = g_get_monotonic_time() + (gint64)(seconds * 1e6);
    pid_t children[PROCESSES_MOST];
    char *files[PROCESSES_MOST];
    for (unsigned i = 0; i < processes; i++) {
        files[i] = g_strdup_printf("%s/times-%u", folder, i);
        children[i] = fork();
        if (children[i] == 0) {
            FILE *out = fopen(files[i], "w");
            if (out == NULL)
                _exit(EXIT_FAILURE);
            reserve(reference, path, until_us, i, out);
            _exit(fclose(out) == 0 ? EXIT_SUCCESS : EXIT_FAILURE);
        }
    }
    for (unsigned i = 0; i < processes; i++) {
        int status = 0;
        while (waitpid(children[i], &status, 0) < 0 && errno == EINTR)
            ;
        if (!WIFEXITED(status) || WEXITSTATUS(status) != EXIT_SUCCESS)
            exit(EXIT_FAILURE);
        collect(times, files[i]);
        g_free(files[i]);
    }
    g_array_sort(times, compare_times);
    return times;
}

static double
percentile_ms(const GArray *times, double percent)
{
    if (times->len == 0)
        return 0;
    const guint at = MIN((guint)(percent / 100 * times->len), times->len - 1);
    return (double)g_array_index(times, gint64, at) / 1e3;
}

/* ---- The chain. */

static double
measure_verification(carenet_reference *reference, const char *path, gint64 *out_records)
{
    carenet_error *error = NULL;
    carenet_store *store = open_store(reference, path);
    carenet_chain chain;
    carenet_chain_init(&chain);
    const gint64 before = g_get_monotonic_time();
    if (!carenet_audit_verify(store, NULL, &chain, &error))
        give_up(error);
    const gint64 took_us = g_get_monotonic_time() - before;
    carenet_store_close(store);
    if (chain.broken_at != 0) {
        g_printerr("measure-referral: the chain is broken at %" G_GINT64_FORMAT "\n",
                   (gint64)chain.broken_at);
        exit(EXIT_FAILURE);
    }
    *out_records = chain.records;
    return (double)chain.records * 1e6 / (double)MAX(took_us, 1);
}

int
main(int argc, char **argv)
{
    carenet_error *error = NULL;
    if (argc != 5 || atof(argv[3]) <= 0 || atoi(argv[4]) < 1 || atoi(argv[4]) > PROCESSES_MOST) {
        g_printerr("usage: measure-referral DATA-FOLDER FOLDER SECONDS PROCESSES\n");
        return 2;
    }
    carenet_reference *reference = carenet_reference_open(argv[1], &error);
    if (reference == NULL)
        give_up(error);
    char *path = g_build_filename(argv[2], "store.db", NULL);
    const double seconds = atof(argv[3]);
    gint64 records = 0;
    make_store(reference, argv[1], path);
    const double fsyncs = measure_fsync(argv[2]);
    GArray *times = run_processes(reference, argv[2], path, seconds, (unsigned)atoi(argv[4]));
    const double verified = measure_verification(reference, path, &records);
    printf(
        "{\"processes\": %d, \"reservations\": %u, \"per_second\": %.0f, \"p50_ms\": %.2f,"
        " \"p99_ms\": %.2f, \"max_ms\": %.2f, \"fsyncs_per_second\": %.0f, \"records\": %" G_GINT64_FORMAT
        ", \"verified_per_second\": %.0f}\n",
        atoi(argv[4]), times->len, times->len / seconds, percentile_ms(times, 50),
        percentile_ms(times, 99), percentile_ms(times, 100), fsyncs, records, verified);
    g_array_unref(times);
    g_free(path);
    carenet_reference_unref(reference);
    return 0;
}
