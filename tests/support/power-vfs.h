/* A file layer for SQLite over the disk of power-disk.h. For tests only; one thread, in which several
 * connections may be open. */
#pragma once

#include "power-disk.h"

/* Makes it the default layer of this process. */
void power_vfs_install(void);
/* The platform's own layer is the default again. */
void power_vfs_uninstall(void);
