/* The reference data of a data folder: gazetteer.csv, sea-links.csv, services.yaml, terms.yaml. */
#pragma once

#include "model/reference.h"

/* NULL sets io, parse or invalid-data naming the first finding's place. (transfer full) */
CnReference *cn_reference_read(const char *data_dir, GError **error);
