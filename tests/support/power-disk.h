/* A disk in memory whose power can be cut. For tests only; one thread.
 *
 *      write, truncate          sync
 *   program --------> page cache ----> platter          cut: the cache is gone, and of what was on
 *      read  <-------                                   its way any part may have arrived
 *
 * A file has two contents: what programs read, and what the platter holds for certain. Between them
 * lie the changes since its last sync. A cut lets some of them arrive, sector by sector, some torn,
 * in no order; then what has arrived is all there is. Names of files are on their way in the same
 * manner until something is synced. */
#pragma once

#include <glib.h>

typedef struct {
    guint sector; /* bytes that arrive together: 512, 4096 */
    gboolean
        careless;   /* a sector that the cut met is garbage whole, also beside what was written */
    gboolean lying; /* a sync does nothing and says that it did */
} PowerDisk;

typedef struct PowerFile PowerFile;

/* An empty disk; what a cut does is drawn from @seed. No file may be open. */
void power_disk_reset(const PowerDisk *disk, guint32 seed);
const PowerDisk *power_disk_kind(void);
/* A file that is there, synced. */
void power_disk_load(const char *name, gconstpointer bytes, gsize len);

/* The power goes in the midst of the k-th change from now on (k from 1); 0: it stays. */
void power_disk_arm(guint64 k);
/* Changes (writes, truncations, syncs, new and removed names) since the last reset. */
guint64 power_disk_changes(void);
gboolean power_disk_is_dead(void);
/* The power goes now, unless it has already. */
void power_disk_cut(void);
/* It is back: what has arrived is all there is. No file may be open. */
void power_disk_start(void);

/* ---- What a program does. Everything fails (FALSE, NULL) while the power is away. */

/* (transfer full): close it. @name NULL: a file without a name. */
PowerFile *power_file_open(const char *name, gboolean create);
void power_file_close(PowerFile *file);
gboolean power_file_exists(const char *name);
gboolean power_file_remove(const char *name, gboolean sync);
gboolean power_file_write(PowerFile *file, guint64 offset, gconstpointer bytes, gsize len);
gboolean power_file_truncate(PowerFile *file, guint64 size);
gboolean power_file_sync(PowerFile *file);
/* Bytes behind the end are zero; *out_read (nullable) says how many there were. */
gboolean power_file_read(PowerFile *file, guint64 offset, gpointer to, gsize len, gsize *out_read);
guint64 power_file_size(const PowerFile *file);
/* A place for what the processes that have the file open share, and their number. */
gpointer *power_file_shared(PowerFile *file);
guint power_file_openers(const PowerFile *file);
