/* Tables as JSON, NDJSON, CSV and Markdown. */
#pragma once

#include "base/table.h"

/* (transfer full) */
char *cn_table_to_json(const carenet_table *table);
char *cn_table_to_ndjson(const carenet_table *table);
char *cn_table_to_csv(const carenet_table *table);
char *cn_table_to_markdown(const carenet_table *table);
