/* Plan files: JSON, schema "carenet.plan/1"; docs/plan-file.md is the manual. One row a line, so that
 * two plans can be compared by eye. */
#pragma once

#include "model/plan.h"

#define CN_PLAN_BYTES ((gsize)2000 * 1024 * 1024)

/* (transfer full) */
char *cn_plan_write(const CnPlan *plan);

/* Strict: duplicate keys, types, ranges, order. FALSE sets parse (with line and column), version or
 * invalid-data, which names the place in the document ("assignments[3].cost") and no value. @name
 * stands for the file. (transfer full) */
CnPlan *cn_plan_parse(const char *text, gsize len, const char *name, GError **error);
