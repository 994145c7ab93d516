/* However many want a place, nobody gets one that is not there; and the harness sees who does. */
#include "../support/plain-ledger.h"
#include "../support/random-network.h"
#include "../support/referral-ledger.h"
#include "race.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <time.h>

#include <cmocka.h>

static RaceFigures
race(const LedgerKind *ledger, guint processes, guint64 attempts)
{
    RaceFigures figures;
    guint32 seed = (guint32)time(NULL);
    char *folder = test_folder();
    race_run(ledger, folder, processes, attempts, seed, &figures);
    print_message("%s, seed %u: %u processes, %" G_GUINT64_FORMAT " attempts, %" G_GUINT64_FORMAT
                  " taken, %" G_GUINT64_FORMAT " looks; %" G_GUINT64_FORMAT
                  " overbooked, %" G_GUINT64_FORMAT " lost, %" G_GUINT64_FORMAT
                  " doubled, %" G_GUINT64_FORMAT " wrong\n",
                  ledger->name, seed, processes, figures.attempts, figures.taken, figures.looks,
                  figures.overbooked, figures.lost, figures.doubled, figures.wrong);
    test_folder_remove(folder);
    return figures;
}

static RaceFigures
race_plain(PlainFaults faults, guint processes, guint64 attempts)
{
    plain_ledger_set_faults(&faults);
    return race(&plain_ledger, processes, attempts);
}

static void
nothing_is_overbooked(void **state)
{
    (void)state;
    RaceFigures figures = race_plain((PlainFaults){0}, 8, 500);
    assert_int_equal(race_findings(&figures), 0);
    assert_true(figures.taken > 0 && figures.refused > 0 && figures.looks > 3);
}

static void
no_referral_is_overbooked(void **state)
{
    (void)state;
    RaceFigures figures = race(&referral_ledger, 8, 1000);
    assert_int_equal(race_findings(&figures), 0);
    assert_true(figures.taken > 0 && figures.refused > 0 && figures.looks > 3);
}

/* Whether two meet is luck: some tries. */
#define TRIES 8

static void
who_counts_first_overbooks(void **state)
{
    (void)state;
    guint64 overbooked = 0;
    for (guint i = 0; i < TRIES && overbooked == 0; i++)
        overbooked = race_plain((PlainFaults){.counts_first = TRUE}, 8, 500).overbooked;
    assert_true(overbooked > 0);
}

static void
half_a_step_is_found(void **state)
{
    (void)state;
    RaceFigures figures = race_plain((PlainFaults){.splits_moves = TRUE}, 4, 200);
    assert_true(figures.wrong > 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_overbooked),
        cmocka_unit_test(no_referral_is_overbooked),
        cmocka_unit_test(who_counts_first_overbooks),
        cmocka_unit_test(half_a_step_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
