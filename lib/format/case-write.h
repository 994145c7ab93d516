/* Cases as text that the reader of case lists takes: NDJSON, one record a line. */
#pragma once

#include "model/case.h"

/* Appends a line for @c with the needs that @wanted (nullable: all) has a non-zero byte for, and with
 * @avoid (element-type utf8, nullable) among the providers that it avoids. Every fact is written, so
 * that reading it gives the same case. */
void cn_case_write(GString *out,
                   const CnReference *reference,
                   const CnCase *c,
                   const guint8 *wanted,
                   const GPtrArray *avoid);
