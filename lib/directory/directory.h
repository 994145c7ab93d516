/* The directory: an immutable snapshot with its indexes, made from a listing. The disclosed view is
 * all that it has. */
#pragma once

#include "directory/grid.h"
#include "model/rules.h"

typedef struct CnPartial CnPartial;

/* The public carenet_directory. */
struct carenet_directory {
    gatomicrefcount refs;
    CnListing *listing;
    char *lazy_digest; /* NULL: nobody has asked for it yet; see cn_directory_digest() */
    gint64 revision;
    CnIndex index;
    CnGrid grid;
    CnPartial *partial; /* NULL: everything is there; see partial.h */
};
typedef struct carenet_directory CnDirectory;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(carenet_directory, carenet_directory_unref)

/* Discloses and indexes a sorted, checked network. O(n log n). (transfer full) */
CnDirectory *cn_directory_new(const CnNetwork *network, CnReference *reference, gint64 revision);
/* The same from a listing that is already disclosed. (transfer full) of @listing */
CnDirectory *cn_directory_from_listing(CnListing *listing, gint64 revision);

/* SHA-256 over what is disclosed, in hexadecimal; borrowed. Any thread may ask. O(directory) the first
 * time, unless an image told it. */
const char *cn_directory_digest(const CnDirectory *directory);

/* Frees what it holds, not the record itself. */
void cn_directory_clear(CnDirectory *directory);

/* An area by its name or code, or by the id or the name of a region of the network, which its region file gives. The
 * gazetteer comes first. Errors: as cn_area_resolve(). */
gboolean cn_directory_area_resolve(const CnListing *listing,
                                   const char *text,
                                   CnAreaId *out,
                                   GError **error);

/* Where the network's regions and an asked area do not meet: the nearest region of the network by
 * straight line between their points. NULL where they meet or the network has no regions. */
const CnListedRegion *cn_directory_nearest_region(const CnDirectory *directory,
                                                  CnAreaId area,
                                                  gint64 *out_distance_m);

/* The provider ids, offering ids and names closest to @text: "did you mean ...?", or NULL.
 * (transfer full) */
char *cn_directory_did_you_mean(const CnDirectory *directory, const char *text);

/* Sets not-found for an id that is neither, with what it may have meant; returns FALSE. */
gboolean cn_directory_fail_unknown(const CnDirectory *directory, const char *id, GError **error);

/* Whether the others were made with the reference data of the directory, since areas and services are positions in one
 * gazetteer and taxonomy. @policy and @cases are nullable. FALSE: invalid-argument, for the public function @call. */
gboolean cn_directory_share(const char *call,
                            const CnDirectory *directory,
                            const CnPolicy *policy,
                            const carenet_cases *cases,
                            GError **error);
