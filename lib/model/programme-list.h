/* Programme records as tables: one kind of them, what there is of each, one of them for people. */
#pragma once

#include "base/table.h"
#include "model/network.h"

/* One row a record, in the order of cn_programme_compare(): id, region, the keys of the file, and for an
 * area the name of the place after its code. (transfer full) */
carenet_table *cn_programmes_list(const CnNetwork *network,
                                  const CnReference *reference,
                                  CnProgrammeKind kind);

/* One row a programme: region, example, from, until, network_formed_on, network_members, and how many
 * records of each kind there are. (transfer full) */
carenet_table *cn_programmes_overview(const CnNetwork *network);

/* Fields and values of the record with @id; NULL where there is none. A body comes with its meetings.
 * (transfer full) */
carenet_table *cn_programmes_show(const CnNetwork *network,
                                  const CnReference *reference,
                                  const char *id);
