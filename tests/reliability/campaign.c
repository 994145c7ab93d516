/* The long forms: campaign power-cuts|kills|races COUNT [PROCESSES [SEED]]
 *
 * Each runs the product's own verbs and prints one line: what was done, what was found (0 is what a
 * ledger that keeps its word gives), how long it took, and how often this machine syncs in a second.
 * The store lies in TMPDIR. The exit status is 1 where something was found. */
#include "../support/random-network.h"
#include "../support/referral-ledger.h"
#include "fsync-rate.h"
#include "kill-writers.h"
#include "power-cut.h"
#include "race.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define N G_GUINT64_FORMAT

typedef struct {
    const char *folder;
    guint64 count;
    guint processes;
    guint32 seed;
} Order;

/* Half of the cuts on a disk of small sectors, half on one of large ones. */
static guint64
cut_power(const Order *order)
{
    g_autofree char *path = g_build_filename(order->folder, "cut.db", NULL), *bytes = NULL;
    gsize len = 0;
    referral_ledger.make(path, 4);
    g_assert(g_file_get_contents(path, &bytes, &len, NULL));
    g_autoptr(GBytes) image = g_bytes_new_take(g_steal_pointer(&bytes), len);
    guint64 found = 0;
    for (guint i = 0; i < 2; i++) {
        const PowerDisk disk = {.sector = i == 0 ? 512 : 4096};
        PowerFigures figures;
        power_cut_run(&referral_ledger, &disk, path, image, (order->count + 1 - i) / 2,
                      order->seed + i, &figures);
        printf("power cuts (sectors of %u): %" N " cuts, %" N " acknowledged, %" N " cut short: %" N
               " made, %" N " not; %" N " lost, %" N " doubled, %" N " damaged, %" N " wrong",
               disk.sector, figures.cuts, figures.acknowledged, figures.made + figures.undone,
               figures.made + figures.revived, figures.undone, figures.lost, figures.doubled,
               figures.damaged, figures.wrong);
        printf("%s", i == 0 ? "\n" : "");
        found += power_cut_findings(&figures);
    }
    return found;
}

static guint64
kill_all(const Order *order)
{
    KillFigures figures;
    kill_writers_run(&referral_ledger, order->folder, order->count, order->seed, &figures);
    printf("kills: %" N " kills, %" N " acknowledged, %" N " made and not told; %" N " lost, %" N
           " doubled, %" N " damaged, %" N " wrong",
           figures.kills, figures.acknowledged, figures.unheard, figures.lost, figures.doubled,
           figures.damaged, figures.wrong);
    return kill_writers_findings(&figures);
}

static guint64
race(const Order *order)
{
    RaceFigures figures;
    race_run(&referral_ledger, order->folder, order->processes, order->count, order->seed,
             &figures);
    printf("races of %u: %" N " attempts, %" N " taken, %" N " full, %" N " snapshots; %" N
           " overbooked, %" N " lost, %" N " doubled, %" N
           " wrong; %.0f attempts/s, p99 %.1f ms, most %.1f ms",
           order->processes, figures.attempts, figures.taken, figures.refused, figures.looks,
           figures.overbooked, figures.lost, figures.doubled, figures.wrong,
           (double)figures.attempts / figures.seconds, figures.p99_ms, figures.most_ms);
    return race_findings(&figures);
}

static const struct {
    const char *name;
    guint64 (*run)(const Order *order);
} campaigns[] = {{"power-cuts", cut_power}, {"kills", kill_all}, {"races", race}};

int
main(int argc, char **argv)
{
    guint64 found = 0;
    gsize which = 0;
    while (argc > 1 && which < G_N_ELEMENTS(campaigns) &&
           strcmp(campaigns[which].name, argv[1]) != 0)
        which++;
    if (argc < 3 || argc > 5 || which == G_N_ELEMENTS(campaigns) || atoll(argv[2]) < 1) {
        fprintf(stderr, "usage: campaign power-cuts|kills|races COUNT [PROCESSES [SEED]]\n");
        return 2;
    }
    char *folder = test_folder();
    const Order order = {.folder = folder,
                         .count = (guint64)atoll(argv[2]),
                         .processes = argc > 3 ? (guint)CLAMP(atoi(argv[3]), 1, 64) : 16,
                         .seed = (guint32)(argc > 4 ? atoll(argv[4]) : time(NULL))};
    gint64 start = g_get_monotonic_time();
    found = campaigns[which].run(&order);
    double seconds = (double)(g_get_monotonic_time() - start) / G_USEC_PER_SEC;
    printf(" (%.0f s, seed %u; %.0f fsync/s)\n", seconds, order.seed, fsync_rate(folder));
    test_folder_remove(folder);
    return found > 0;
}
