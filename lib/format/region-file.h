/* Region files and the network file: text to network and back. data/regions/README.md is the manual
 * of the format. Files may also be CSV (region-csv.h). */
#pragma once

#include "model/network.h"

/* Reads one file into @network, by its name as CSV or YAML. Findings become issues (also from cn_network_check(), which the
 * caller runs once after the last file). FALSE only when the file cannot be read at all (io). */
gboolean cn_region_file_read(const char *path,
                             CnNetwork *network,
                             const CnReference *reference,
                             CnIssueList *issues,
                             GError **error);
/* The same where the name does not tell. */
gboolean cn_region_file_read_as(const char *path,
                                carenet_file_format format,
                                CnNetwork *network,
                                const CnReference *reference,
                                CnIssueList *issues,
                                GError **error);
/* The same from the text of a region file; @name stands for the file. */
void cn_region_text_read(const char *text,
                         gsize len,
                         const char *name,
                         CnNetwork *network,
                         const CnReference *reference,
                         CnIssueList *issues);

/* Reads several files, checks the whole and sorts it. NULL with invalid-data where an error stands,
 * or io. Days are not held against a clock. (transfer full) */
CnNetwork *cn_region_files_read(const char *const *paths,
                                gsize paths_len,
                                const CnReference *reference,
                                CnIssueList *issues,
                                GError **error);

/* The same; what is said to have been told after the clock, @now_s unless the files name their own, is an error.
 * (transfer full) */
CnNetwork *cn_region_files_read_at(const char *const *paths,
                                   gsize paths_len,
                                   const CnReference *reference,
                                   gint64 now_s,
                                   CnIssueList *issues,
                                   GError **error);

/* The records of region @region (NULL: the network's own) as the text of a region file. Restricted
 * fields are left out and listed under `withheld`. (transfer full) */
char *cn_region_write(const CnNetwork *network, const CnReference *reference, const char *region);
