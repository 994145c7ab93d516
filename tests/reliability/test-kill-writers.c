/* Killed writers leave what they acknowledged, and the harness sees it where one does not. */
#include "../support/plain-ledger.h"
#include "../support/random-network.h"
#include "../support/referral-ledger.h"
#include "kill-writers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <time.h>

#include <cmocka.h>

static KillFigures
kill_some(const LedgerKind *ledger, guint64 kills)
{
    KillFigures figures;
    guint32 seed = (guint32)time(NULL);
    char *folder = test_folder();
    kill_writers_run(ledger, folder, kills, seed, &figures);
    print_message("%s, seed %u: %" G_GUINT64_FORMAT " kills, %" G_GUINT64_FORMAT
                  " acknowledged, %" G_GUINT64_FORMAT " unheard; %" G_GUINT64_FORMAT
                  " lost, %" G_GUINT64_FORMAT " doubled, %" G_GUINT64_FORMAT
                  " damaged, %" G_GUINT64_FORMAT " wrong\n",
                  ledger->name, seed, figures.kills, figures.acknowledged, figures.unheard,
                  figures.lost, figures.doubled, figures.damaged, figures.wrong);
    test_folder_remove(folder);
    return figures;
}

static KillFigures
kill_plain(PlainFaults faults, guint64 kills)
{
    plain_ledger_set_faults(&faults);
    return kill_some(&plain_ledger, kills);
}

static void
nothing_is_lost(void **state)
{
    (void)state;
    KillFigures figures = kill_plain((PlainFaults){0}, 40);
    assert_int_equal(kill_writers_findings(&figures), 0);
    assert_true(figures.acknowledged > 0);
}

static void
no_referral_is_lost(void **state)
{
    (void)state;
    KillFigures figures = kill_some(&referral_ledger, 40);
    assert_int_equal(kill_writers_findings(&figures), 0);
    assert_true(figures.acknowledged > 0);
}

/* A kill hits by luck: some tries. */
#define TRIES 8

static void
what_is_told_early_is_lost(void **state)
{
    (void)state;
    guint64 lost = 0;
    for (guint i = 0; i < TRIES && lost == 0; i++)
        lost = kill_plain((PlainFaults){.acknowledges_early = TRUE}, 40).lost;
    assert_true(lost > 0);
}

static void
half_a_step_is_found(void **state)
{
    (void)state;
    guint64 wrong = 0;
    for (guint i = 0; i < TRIES && wrong == 0; i++)
        wrong = kill_plain((PlainFaults){.splits_moves = TRUE}, 40).wrong;
    assert_true(wrong > 0);
}

static void
a_forgotten_key_is_found(void **state)
{
    (void)state;
    guint64 doubled = 0;
    for (guint i = 0; i < TRIES && doubled == 0; i++)
        doubled = kill_plain((PlainFaults){.forgets_keys = TRUE}, 40).doubled;
    assert_true(doubled > 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_lost),
        cmocka_unit_test(no_referral_is_lost),
        cmocka_unit_test(what_is_told_early_is_lost),
        cmocka_unit_test(half_a_step_is_found),
        cmocka_unit_test(a_forgotten_key_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
