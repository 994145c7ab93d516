/* A file layer for SQLite that fails on purpose. For tests only. */
#pragma once

#include <glib.h>

typedef enum {
    FAULT_WRITE, /* the k-th write fails with an I/O error */
    FAULT_FULL,  /* the k-th write finds the disk full */
    FAULT_SYNC,  /* the k-th sync fails */
    FAULT_READ,  /* the k-th read fails */
    FAULT_KINDS,
} FaultKind;

/* Makes the failing layer the default one of this process; it passes everything on until armed. */
void fault_vfs_install(void);
/* The k-th operation of that kind from now on fails (k from 1), and with @forever all after it. */
void fault_vfs_arm(FaultKind kind, guint k, gboolean forever);
/* No more faults. Returns whether one happened. */
gboolean fault_vfs_disarm(void);
