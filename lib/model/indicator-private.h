/* Counting for an indicator, as the file that answers asks for it. */
#pragma once

#include "model/indicator.h"

typedef struct {
    const CnIndicator *indicator;
    const CnNetwork *network;
    const CnReference *reference;
    gint64 from_s, to_s;
    CnAreaId within;  /* -1: everywhere */
    GHashTable *seen; /* areas or references of cases that were counted */
    GString *detail;  /* nullable */
} CnCount;

/* Whether what happened on @date counts. */
gboolean cn_count_is_in_period(const CnCount *count, CnDate date);
/* What counts of the records within an area, everywhere for CN_AREA_NONE. @detail (nullable) tells them. */
gint64 cn_count_within(CnCount *count, CnAreaId within, GString *detail);
