/* The power cut harness finds what a careless ledger loses, and nothing in one that keeps its word. */
#include "../support/plain-ledger.h"
#include "../support/random-network.h"
#include "../support/referral-ledger.h"
#include "power-cut.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <time.h>

#include <cmocka.h>

static const PowerDisk good = {.sector = 512}, large = {.sector = 4096},
                       careless = {.sector = 512, .careless = TRUE},
                       lying = {.sector = 512, .lying = TRUE};

static PowerFigures
cut(const LedgerKind *ledger, const PowerDisk *disk, guint64 cuts)
{
    PowerFigures figures;
    guint32 seed = (guint32)time(NULL);
    char *folder = test_folder();
    g_autofree char *path = g_build_filename(folder, "ledger.db", NULL), *bytes = NULL;
    gsize len = 0;
    ledger->make(path, 4);
    assert_true(g_file_get_contents(path, &bytes, &len, NULL));
    g_autoptr(GBytes) image = g_bytes_new_take(g_steal_pointer(&bytes), len);
    power_cut_run(ledger, disk, path, image, cuts, seed, &figures);
    print_message("%s, seed %u: %" G_GUINT64_FORMAT " cuts, %" G_GUINT64_FORMAT
                  " acknowledged, %" G_GUINT64_FORMAT " made and %" G_GUINT64_FORMAT
                  " not in the cut; %" G_GUINT64_FORMAT " lost, %" G_GUINT64_FORMAT
                  " doubled, %" G_GUINT64_FORMAT " damaged, %" G_GUINT64_FORMAT " wrong\n",
                  ledger->name, seed, figures.cuts, figures.acknowledged, figures.made,
                  figures.undone, figures.lost, figures.doubled, figures.damaged, figures.wrong);
    test_folder_remove(folder);
    return figures;
}

static PowerFigures
cut_plain(PlainFaults faults, const PowerDisk *disk, guint64 cuts)
{
    plain_ledger_set_faults(&faults);
    return cut(&plain_ledger, disk, cuts);
}

static void
nothing_is_lost(void **state)
{
    (void)state;
    PowerFigures figures = cut_plain((PlainFaults){0}, &good, 600);
    assert_int_equal(power_cut_findings(&figures), 0);
    assert_true(figures.acknowledged > 600 && figures.undone > 0);
    figures = cut_plain((PlainFaults){0}, &large, 600);
    assert_int_equal(power_cut_findings(&figures), 0);
    assert_true(figures.acknowledged > 600);
}

static void
no_referral_is_lost(void **state)
{
    (void)state;
    PowerFigures figures = cut(&referral_ledger, &good, 80);
    assert_int_equal(power_cut_findings(&figures), 0);
    assert_true(figures.acknowledged > 0 && figures.undone > 0);
    figures = cut(&referral_ledger, &large, 80);
    assert_int_equal(power_cut_findings(&figures), 0);
}

/* The same verbs on a store that syncs less. */
static void
referrals_are_lost_with_normal(void **state)
{
    const CnStoreEnvironment hasty = {.synchronous = "NORMAL"};
    (void)state;
    referral_ledger_set_environment(&hasty);
    PowerFigures figures = cut(&referral_ledger, &good, 80);
    referral_ledger_set_environment(NULL);
    assert_true(figures.lost > 0);
    assert_int_equal(figures.damaged, 0);
}

/* The log is synced only before it is merged: whole, but not all that was promised. */
static void
normal_loses(void **state)
{
    (void)state;
    PowerFigures figures = cut_plain((PlainFaults){.synchronous = "NORMAL"}, &good, 400);
    assert_true(figures.lost > 10);
    assert_int_equal(figures.damaged, 0);
}

static void
off_damages(void **state)
{
    (void)state;
    PowerFigures figures = cut_plain((PlainFaults){.synchronous = "OFF"}, &good, 400);
    assert_true(figures.lost > 10);
    assert_true(figures.damaged > 0);
}

static void
a_lying_disk_loses(void **state)
{
    (void)state;
    PowerFigures figures = cut_plain((PlainFaults){0}, &lying, 400);
    assert_true(figures.lost > 10);
}

/* SQLite writes behind what it has promised, in the same sector. */
static void
a_careless_disk_loses(void **state)
{
    (void)state;
    PowerFigures figures = cut_plain((PlainFaults){0}, &careless, 600);
    assert_true(figures.lost > 0);
}

static void
half_a_step_is_found(void **state)
{
    (void)state;
    PowerFigures figures = cut_plain((PlainFaults){.splits_moves = TRUE}, &good, 400);
    assert_true(figures.wrong > 2);
}

static void
a_forgotten_key_is_found(void **state)
{
    (void)state;
    PowerFigures figures = cut_plain((PlainFaults){.forgets_keys = TRUE}, &good, 300);
    assert_true(figures.doubled > 2);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_lost),
        cmocka_unit_test(no_referral_is_lost),
        cmocka_unit_test(referrals_are_lost_with_normal),
        cmocka_unit_test(normal_loses),
        cmocka_unit_test(off_damages),
        cmocka_unit_test(a_lying_disk_loses),
        cmocka_unit_test(a_careless_disk_loses),
        cmocka_unit_test(half_a_step_is_found),
        cmocka_unit_test(a_forgotten_key_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
