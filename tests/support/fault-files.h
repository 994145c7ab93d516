/* File calls and allocations that fail on purpose: the definitions here stand before those of the C
 * library and of GLib. For tests only. */
#pragma once

#include <glib.h>

typedef enum {
    FAULT_FILE_WRITE,  /* the k-th write fails, the disk being full */
    FAULT_FILE_SHORT,  /* the k-th write takes half of the bytes, and the next one fails */
    FAULT_FILE_SYNC,   /* the k-th fsync fails */
    FAULT_FILE_RENAME, /* the k-th rename fails */
    FAULT_FILE_MAP,    /* the k-th mmap of a file fails */
    FAULT_MEMORY,      /* the k-th allocation that may fail does */
    FAULT_FILE_KINDS,
} FaultFileKind;

/* The k-th call of that kind from now on fails (k from 1). */
void fault_files_arm(FaultFileKind kind, guint k);
/* No more faults. Returns whether one happened. */
gboolean fault_files_disarm(void);
