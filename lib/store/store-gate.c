/* The gate of writers: a lock on a side file before BEGIN IMMEDIATE. SQLite's own back-off lets whoever
 * wrote last write again, while others sleep ever longer; behind the gate each waits about his turn.
 *
 * Two bytes of the side file are locked. Who holds QUEUE is next, and asks for GATE often; everybody
 * else asks for QUEUE now and then. Whoever leaves cannot enter again before the one that is next.
 * The locks die with the process. They only order writers: SQLite's lock stands behind them, so where
 * there can be no side file nothing but the order is lost. */
#define _GNU_SOURCE /* locks of the open file */
#include "store/store-private.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define GATE  0
#define QUEUE 1

#define NEXT_US       40   /* how often the one that is next asks */
#define QUEUE_US      300  /* how often others ask at first, */
#define QUEUE_US_MOST 1500 /* and in the end */

static gboolean
lock_byte(int fd, off_t byte, short type)
{
    struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1};
    int done;
    /* Of the open file, not of the process: two handles of one process must wait too. */
    do
        done = fcntl(fd, F_OFD_SETLK, &lock);
    while (done != 0 && errno == EINTR);
    return done == 0;
}

static void
unlock_byte(int fd, off_t byte)
{
    lock_byte(fd, byte, F_UNLCK);
}

/* A file that others may have made; never followed to another one. */
static void
open_side_file(carenet_store *store)
{
    g_autofree char *path = g_strconcat(store->path, "-gate", NULL);
    store->gate_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, 0600);
    store->gate_tried = TRUE;
}

/* Asks until it gets the byte, the lock cannot be had at all, or time is up. */
static gboolean
wait_for(int fd, off_t byte, gulong pause_us, gulong pause_most_us, gint64 deadline_us)
{
    while (!lock_byte(fd, byte, F_WRLCK)) {
        if (errno != EAGAIN && errno != EACCES)
            return TRUE;
        if (g_get_monotonic_time() >= deadline_us)
            return FALSE;
        g_usleep(pause_us);
        pause_us = MIN(pause_us + pause_us / 4 + 1, pause_most_us);
    }
    return TRUE;
}

gboolean
cn_gate_enter(carenet_store *store, gint64 deadline_us)
{
    if (!store->gate_tried)
        open_side_file(store);
    if (store->gate_fd < 0)
        return TRUE;
    if (!wait_for(store->gate_fd, QUEUE, QUEUE_US, QUEUE_US_MOST, deadline_us))
        return FALSE;
    gboolean entered = wait_for(store->gate_fd, GATE, NEXT_US, NEXT_US, deadline_us);
    unlock_byte(store->gate_fd, QUEUE);
    return entered;
}

void
cn_gate_leave(carenet_store *store)
{
    if (store->gate_fd >= 0)
        unlock_byte(store->gate_fd, GATE);
}

void
cn_gate_close(carenet_store *store)
{
    if (store->gate_fd >= 0)
        close(store->gate_fd);
    store->gate_fd = -1;
}
