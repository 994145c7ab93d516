/* Memory that SQLite asks for and does not get. For tests only. */
#pragma once

#include <glib.h>

/* Takes the place of SQLite's memory; before anything of SQLite is used. */
void fault_memory_install(void);
/* The k-th allocation from now on fails (k from 1), and with @forever all after it. */
void fault_memory_arm(guint k, gboolean forever);
/* No more failures. Returns whether one happened. */
gboolean fault_memory_disarm(void);
