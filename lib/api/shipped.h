/* The files of the shipped network: network.yaml and regions, in one order. */
#pragma once

#include "model/reference.h"

/* (element-type utf8) paths; NULL sets io. (transfer full) */
GPtrArray *cn_shipped_files(const CnReference *reference, GError **error);
