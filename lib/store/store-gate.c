/* The gate of writers: a lock on a side file before BEGIN IMMEDIATE. SQLite's own back-off lets whoever
 * wrote last write again, while others sleep ever longer; behind the gate each waits for his turn.
 *
 * Bytes of the side file are locked: byte 0 is the gate, the others are a row of seats before it. Who
 * comes while somebody is seated sits down at the end and moves up seat by seat, so that nobody
 * overtakes; whoever leaves sits down behind those who wait. More writers than seats wait in no order
 * before the last seat. The locks die with the process. They only order writers: SQLite's lock stands
 * behind them, so where there can be no side file nothing but the order is lost. */
#define _GNU_SOURCE /* locks of the open file */
#include "store/store-private.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define GATE  0
#define SEATS 24

#define PAUSE_US      40  /* how often the one who is next asks; one farther back less often, */
#define PAUSE_US_MOST 400 /* but no less than that */

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
wait_for(int fd, off_t byte, gint64 deadline_us)
{
    const gulong pause_us = MIN((gulong)PAUSE_US * (gulong)(byte + 1), PAUSE_US_MOST);
    while (!lock_byte(fd, byte, F_WRLCK)) {
        if (errno != EAGAIN && errno != EACCES)
            return TRUE;
        if (g_get_monotonic_time() >= deadline_us)
            return FALSE;
        g_usleep(pause_us);
    }
    return TRUE;
}

static gboolean
is_anybody_seated(int fd)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 1, .l_len = SEATS};
    return fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

gboolean
cn_gate_enter(carenet_store *store, gint64 deadline_us)
{
    if (!store->gate_tried)
        open_side_file(store);
    const int fd = store->gate_fd;
    if (fd < 0 || (!is_anybody_seated(fd) && lock_byte(fd, GATE, F_WRLCK)))
        return TRUE;
    if (!wait_for(fd, SEATS, deadline_us))
        return FALSE;
    for (off_t seat = SEATS; seat > GATE; seat--) {
        const gboolean moved = wait_for(fd, seat - 1, deadline_us);
        unlock_byte(fd, seat);
        if (!moved)
            return FALSE;
    }
    return TRUE;
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
