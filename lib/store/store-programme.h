/* The programme in the store: its statements, and the steps of an import and of a load. */
#pragma once

#include "store/store-private.h"

/* The columns of a programme and of its records; see record-maps.c. */
extern const CnRecordMap cn_map_programme;
extern const CnRecordMap cn_map_programme_records[CN_PROGRAMME_KINDS];
extern const CnRecordMap cn_map_referral_start; /* of a CnStart, without its day */

/* A list of texts of a record, in a table of its own. */
typedef struct {
    CnProgrammeKind kind;
    gsize offset; /* of the list in the record */
    CnSql select; /* the id of the record and one text, in order */
    CnSql insert; /* :id, :position, :text */
    CnSql clear;  /* :id */
} CnProgrammeList;

#define CN_PROGRAMME_LISTS 3
extern const CnProgrammeList cn_programme_lists[CN_PROGRAMME_LISTS];

/* The programme comes first in what is selected. */
extern const CnSql cn_programme_selects[CN_PROGRAMME_KINDS];
extern const CnSql cn_programme_puts[CN_PROGRAMME_KINDS];
extern const CnSql cn_programme_deletes[CN_PROGRAMME_KINDS];

/* Appends the stored programmes to @network, sorted, inside the caller's transaction. */
gboolean cn_store_load_programmes(carenet_store *store, CnNetwork *network, GError **error);

/* Of the programmes only what a directory shows: where networks were formed, and the ordinances. */
gboolean cn_store_load_coverage(carenet_store *store, CnNetwork *network, GError **error);

/* Adds what started by referrals of this store to the starts of the network's own programme. A case
 * lives where its last care plan or start says; where there is none, where the provider is shown. */
gboolean cn_store_load_referral_starts(carenet_store *store, CnNetwork *network, GError **error);

/* What the store would hold of programmes after @given was stored over @stored, into @merged; see
 * store-programme-merge.c for the rules. @out_given (element-type utf8) takes the ids that were given.
 * Strings are borrowed from all three. */
void cn_store_merge_programmes(CnNetwork *merged,
                               const CnNetwork *stored,
                               const CnNetwork *given,
                               const CnReference *reference,
                               gboolean replace,
                               GHashTable *out_given);

/* Writes what differs, in the caller's transaction; counts it. */
gboolean cn_store_write_programmes(CnWork *work,
                                   const CnNetwork *stored,
                                   const CnNetwork *merged,
                                   GHashTable *given,
                                   CnDifference *out,
                                   GError **error);
