/* See fault-sweep.h. */
#include "fault-sweep.h"

#include "base/error.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

void
fault_sweep_install(void)
{
    fault_memory_install();
    fault_vfs_install();
}

/* ---- The store before. */

void
fault_bed_take(FaultBed *bed)
{
    assert_true(g_file_get_contents(bed->world->path, &bed->bytes, &bed->len, NULL));
}

void
fault_bed_put_back(const FaultBed *bed)
{
    static const char *const endings[] = {"-wal", "-shm", "-journal"};
    for (gsize i = 0; i < G_N_ELEMENTS(endings); i++) {
        g_autofree char *side = g_strconcat(bed->world->path, endings[i], NULL);
        remove(side);
    }
    assert_true(g_file_set_contents_full(bed->world->path, bed->bytes, (gssize)bed->len,
                                         G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

/* ---- What a store says. */

static const char *const ledger[] = {
    "SELECT 'referral', number, case_id, offering_id, state, hold_until_s FROM referral"
    " ORDER BY number",
    "SELECT 'event', referral, record, from_state, to_state FROM referral_event ORDER BY 2, 3",
    "SELECT 'hold', offering_id, id, units, until_s FROM hold ORDER BY 2, 3",
    "SELECT 'capacity', offering_id, total, occupied, held FROM capacity ORDER BY 2",
    "SELECT 'change', offering_id, record, kind, total, occupied, held FROM capacity_event"
    " ORDER BY 2, 3",
    "SELECT 'record', number, at_s, actor, action, subject, detail, hex(hash) FROM audit_record"
    " ORDER BY number",
    "SELECT 'journal', clock_s, referrals, holds, cases, records, hex(head) FROM journal",
    "SELECT 'request', key, subject, record FROM request ORDER BY key",
    "SELECT 'case', id, ref, consent FROM case_record ORDER BY id",
};

static void
dump_rows(carenet_store *store, const char *sql, GString *out)
{
    sqlite3_stmt *select = NULL;
    assert_int_equal(sqlite3_prepare_v2(store->db, sql, -1, &select, NULL), SQLITE_OK);
    while (sqlite3_step(select) == SQLITE_ROW)
        for (int column = 0; column < sqlite3_column_count(select); column++) {
            const char *text = (const char *)sqlite3_column_text(select, column);
            g_string_append_printf(out, "%s%s", text != NULL ? text : "-",
                                   column + 1 < sqlite3_column_count(select) ? " " : "\n");
        }
    sqlite3_finalize(select);
}

char *
fault_bed_dump(const FaultBed *bed, carenet_store *store)
{
    GString *out = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(ledger); i++)
        dump_rows(store, ledger[i], out);
    for (gsize i = 0; bed->dumps != NULL && bed->dumps[i] != NULL; i++)
        dump_rows(store, bed->dumps[i], out);
    return g_string_free(out, FALSE);
}

char *
fault_bed_look(const FaultBed *bed)
{
    carenet_chain chain;
    carenet_chain_init(&chain);
    g_autoptr(carenet_store) store = world_open(bed->world, 1000);
    world_check_ledger(store);
    assert_true(carenet_audit_verify(store, NULL, &chain, NULL));
    assert_int_equal(chain.broken_at, 0);
    if (bed->check != NULL)
        bed->check(bed->user, store);
    return fault_bed_dump(bed, store);
}

carenet_acting
fault_acting(const FaultBed *bed, const char *key)
{
    carenet_acting acting = world_acting();
    acting.now_s = bed->world->wall_s + 100;
    acting.key = key;
    return acting;
}

/* ---- Failing. */

void
fault_arm(gint kind, guint k, gboolean forever)
{
    if (kind == FAIL_MEMORY)
        fault_memory_arm(k, forever);
    else
        fault_vfs_arm((FaultKind)kind, k, forever);
}

gboolean
fault_disarm(gint kind)
{
    return kind == FAIL_MEMORY ? fault_memory_disarm() : fault_vfs_disarm();
}

void
fault_check_error(const GError *error, const char *name, gint kind, guint k)
{
    const carenet_error_code code = carenet_error_get_code(error);
    if (error != NULL && (code == CARENET_ERROR_STORAGE || code == CARENET_ERROR_CORRUPT ||
                          code == CARENET_ERROR_IO || code == CARENET_ERROR_BUSY))
        return;
    fail_msg("%s, failure %d at %u: %s", name, kind, k,
             error != NULL ? error->message : "no error");
}

void
fault_must(carenet_table *row, GError *const *error)
{
    if (row == NULL)
        fail_msg("%s", *error != NULL ? (*error)->message : "?");
    carenet_table_unref(row);
}

static gboolean
is_left(const FaultBed *bed, const FaultStep *step, carenet_store *store)
{
    return bed->is_left != NULL && bed->is_left(bed->user, step->name, store);
}

/* Whoever asks once more gets the same, once. */
static void
ask_again(const FaultBed *bed,
          const FaultStep *step,
          FaultVerb run,
          const carenet_acting *acting,
          const char *after)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(carenet_store) again = world_open(bed->world, 1000);
    fault_must(run(bed->user, again, acting, &error), &error);
    g_autofree char *final = fault_bed_dump(bed, again);
    assert_string_equal(final, after);
    if (is_left(bed, step, again))
        fail_msg("%s: done once more, and not all is destroyed", step->name);
}

/* A step that is stored, though not all went well, must not be taken for one that is not. */
static gboolean
admits(const GError *error)
{
    return error != NULL && g_str_has_prefix(error->message, "it is done, but ") &&
           strstr(carenet_error_get_hint(error), "nothing was stored") == NULL;
}

/* The step with a failure at the k-th operation; FALSE where there is no such operation. */
static gboolean
run_with_failure(const FaultBed *bed,
                 const FaultStep *step,
                 gint kind,
                 guint k,
                 gboolean forever,
                 const char *const before_after[2],
                 FaultFigures *figures)
{
    g_autoptr(GError) error = NULL;
    const carenet_acting acting = fault_acting(bed, step->has_key ? "request-1" : NULL);
    fault_bed_put_back(bed);
    carenet_store *store = world_open(bed->world, 1000);
    fault_arm(kind, k, forever);
    carenet_table *row = step->run(bed->user, store, &acting, &error);
    const gboolean happened = fault_disarm(kind);
    figures->left += row != NULL && is_left(bed, step, store) ? 1 : 0;
    carenet_store_close(store);
    g_autofree char *found = fault_bed_look(bed);
    const gboolean is_after = strcmp(found, before_after[1]) == 0;
    figures->points += happened ? 1 : 0;
    figures->lost += row != NULL && !is_after ? 1 : 0;
    if (row == NULL) {
        fault_check_error(error, step->name, kind, k);
        figures->refused++;
        figures->stored_anyway += is_after ? 1 : 0;
        figures->denied += is_after && !admits(error) ? 1 : 0;
        figures->half += !is_after && strcmp(found, before_after[0]) != 0 ? 1 : 0;
    }
    carenet_table_unref(row);
    if (step->has_key)
        ask_again(bed, step, step->run, &acting, before_after[1]);
    else if (step->finish != NULL)
        ask_again(bed, step, is_after ? step->finish : step->run, &acting, before_after[1]);
    return happened;
}

/* Every operation at first, then fewer and fewer: there are thousands of allocations. */
static guint
next(const FaultBed *bed, gint kind, guint k)
{
    if (bed->thin > 0)
        return k + 1 + k / bed->thin;
    return k + (kind == FAIL_MEMORY ? 1 + k / 12 : kind == FAULT_READ ? 1 + k / 10 : 1);
}

void
fault_sweep(const FaultBed *bed, const FaultStep *step, FaultFigures *figures)
{
    const carenet_acting acting = fault_acting(bed, step->has_key ? "request-1" : NULL);
    g_autoptr(GError) error = NULL;
    fault_bed_put_back(bed);
    g_autofree char *before = fault_bed_look(bed);
    carenet_store *store = world_open(bed->world, 1000);
    fault_must(step->run(bed->user, store, &acting, &error), &error);
    carenet_store_close(store);
    g_autofree char *after = fault_bed_look(bed);
    const char *const before_after[2] = {before, after};
    assert_string_not_equal(before, after);
    for (gint kind = 0; kind < FAIL_KINDS; kind++) {
        guint k = 1;
        while (run_with_failure(bed, step, kind, k, FALSE, before_after, figures))
            k = next(bed, kind, k);
    }
    run_with_failure(bed, step, FAULT_FULL, 1, TRUE, before_after, figures);
    run_with_failure(bed, step, FAIL_MEMORY, 1, TRUE, before_after, figures);
}
