/* What plug-ins said, as the files that ask and that look it up know it. */
#pragma once

#include "model/plugin.h"

struct CnPlugged {
    gatomicrefcount refs;
    CnPlugins *plugins;
    guint columns;    /* offerings that are asked about */
    guint *offerings; /* of each column */
    gint *column_of;  /* of each offering of the listing; -1 not asked about */
    gsize offerings_len;
    GHashTable *rows; /* (element-type gint CnPlugRow) by area */
    gint32 minutes_most;
    gint64 cost_most;
};
