/* Providers and offerings as CSV, for a spreadsheet: one row an offering. docs/csv.md is the manual of
 * the columns. The rules of the records are those of region files: cells are turned into the nodes
 * that the readers of region-private.h take. */
#pragma once

#include "model/network.h"

/* Limits of a file. */
#define CN_REGION_CSV_BYTES ((gsize)64 * 1024 * 1024)
#define CN_REGION_CSV_ROWS  200000u

/* What stands in the column `region` for records of the network itself. */
#define CN_REGION_CSV_NETWORK "network"

/* Reads a text into @network, as cn_region_text_read() does. What CSV cannot tell (address and point),
 * and every column that is not there, is withheld by the providers: an import keeps what is stored.
 * An empty cell says that nothing is known, but of a provider that is not public an empty name, area,
 * phone or email is withheld, too. */
void cn_region_csv_read(const char *text,
                        gsize len,
                        const char *name,
                        CnNetwork *network,
                        const CnReference *reference,
                        CnIssueList *issues);

/* The providers of region @region (CN_REGION_CSV_NETWORK: of the network itself; NULL: all) with a
 * byte order mark, commas and CRLF. Of a provider that is not public it has neither name nor area nor
 * phone, email or capacity. (transfer full) */
char *cn_region_csv_write(const CnNetwork *network,
                          const CnReference *reference,
                          const char *region);
