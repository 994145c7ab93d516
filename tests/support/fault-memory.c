/* See fault-memory.h. */
#include "fault-memory.h"

#include <sqlite3.h>

static sqlite3_mem_methods real;
static guint left; /* 0: not armed */
static gboolean stays, happened;

static gboolean
fails(void)
{
    if (left == 0)
        return FALSE;
    if (left > 1) {
        left--;
        return FALSE;
    }
    happened = TRUE;
    if (!stays)
        left = 0;
    return TRUE;
}

static void *
allocate(int size)
{
    return fails() ? NULL : real.xMalloc(size);
}

static void *
reallocate(void *memory, int size)
{
    return fails() ? NULL : real.xRealloc(memory, size);
}

void
fault_memory_install(void)
{
    int rc = sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real);
    sqlite3_mem_methods failing = real;
    failing.xMalloc = allocate;
    failing.xRealloc = reallocate;
    rc |= sqlite3_config(SQLITE_CONFIG_MALLOC, &failing);
    /* Without it each connection has a store of small pieces that never fail. */
    rc |= sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0);
    g_assert(rc == SQLITE_OK);
}

void
fault_memory_arm(guint k, gboolean forever)
{
    left = k;
    stays = forever;
    happened = FALSE;
}

gboolean
fault_memory_disarm(void)
{
    left = 0;
    return happened;
}
