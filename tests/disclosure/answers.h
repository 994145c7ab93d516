/* Everything that the library says about a network, as one text. */
#pragma once

#include "model/network.h"

/* Appends every output: find in all formats, why-not, show, reporting lines, regions, digest,
 * routes and their tables, exported region files, and errors. The questions are drawn from @seed, and ask
 * for the ids, areas and texts of @probes too, so that the same seed and probes ask the same of
 * any network. */
void answers_append(GString *text,
                    const CnNetwork *network,
                    CnReference *reference,
                    guint32 seed,
                    const CnNetwork *probes);
