/* The store: one network of care in one SQLite file. What the floors above may call.
 *
 * A store holds the complete records, also what must never be shown. Directories, routing and
 * outputs work on listings (model/listing.h), which withhold it. A handle is used by one thread at a
 * time and locks itself; each call is one transaction. */
#pragma once

#include "base/issue.h"
#include "model/listing.h"

/* Makes a store in a file that does not exist yet: layout, places, services, default policy. On any
 * error the file is removed again. (transfer full) */
carenet_store *cn_store_init(const char *path,
                             carenet_store_kind kind,
                             CnReference *reference,
                             gint busy_ms,
                             GError **error);

/* Opens a store. Unless @read_only it is migrated, and its places and services are brought up to
 * @reference. (transfer full) */
carenet_store *cn_store_open(const char *path,
                             CnReference *reference,
                             gboolean read_only,
                             gint busy_ms,
                             GError **error);
/* The steps by which the store at @path comes to this version's layout, none where it has it already:
 * columns layout, name, done. Unless @dry_run they are taken, all or none. (transfer full) */
carenet_table *cn_store_bring_up_to_date(const char *path,
                                         CnReference *reference,
                                         gboolean dry_run,
                                         gint busy_ms,
                                         GError **error);
void cn_store_close(carenet_store *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(carenet_store, cn_store_close)
/* The same, and takes away what cn_store_init() made; a store that was there before stays. */
void cn_store_discard(carenet_store *store);
/* Whether @file is one of the files of a store at @path, by whatever name. */
gboolean cn_store_has_file(const char *path, const char *file);

carenet_store_kind cn_store_kind(const carenet_store *store);
CnReference *cn_store_reference(const carenet_store *store); /* borrowed */

/* The complete records, sorted as cn_network_sort() does, with the capacity that is held now;
 * offerings that were closed are left out. @out_revision (nullable) belongs to the same snapshot.
 * (transfer full) */
CnNetwork *cn_store_network(carenet_store *store, gint64 *out_revision, GError **error);

/* The same with the programmes as a whole, of which the other holds what a directory shows.
 * (transfer full) */
CnNetwork *cn_store_records(carenet_store *store, GError **error);
/* What reports count: the regions and the programmes, with what started by referrals of this store. No
 * provider. (transfer full) */
CnNetwork *cn_store_programmes(carenet_store *store, GError **error);

/* What tells one state of the directory from every other one, of this store or of any that may come to
 * stand in its place: "REVISION KEY". *out_key is NULL where nothing does. (transfer full) */
gboolean cn_store_directory_key(carenet_store *store,
                                char **out_key,
                                gint64 *out_revision,
                                GError **error);

/* Fills the capacity of @len offerings of a listing of this store, of all where @offerings is NULL, in
 * one transaction. *out_stale: the directory is no longer what @key (nullable) says; nothing is
 * filled then. */
gboolean cn_store_read_capacity(carenet_store *store,
                                const char *key,
                                CnListing *listing,
                                const guint *offerings,
                                guint len,
                                gboolean *out_stale,
                                GError **error);

/* One more reference: the store is closed with the last one. (transfer full) */
carenet_store *cn_store_ref(carenet_store *store);

#define CN_STORE_IMAGE_ENDING "-image"
/* Where the image of the store stands, beside its file; NULL where none is kept. */
const char *cn_store_image_path(const carenet_store *store);
/* What told the files of its reference data from changed ones; NULL where nothing did. */
const char *cn_store_image_stamp(const carenet_store *store);
/* (transfer full) of the nullable @stamp */
void cn_store_keep_image(carenet_store *store, char *stamp);

/* The two revisions as they are now, each nullable: @out_directory moves when something of the
 * directory changed, @out_capacity when a capacity was reported. For tests. */
gboolean cn_store_revision(carenet_store *store,
                           gint64 *out_directory,
                           gint64 *out_capacity,
                           GError **error);

/* Stores @network, an upsert by id in one transaction, by the rules of carenet_store_import(). The
 * stored and the given records are checked together; findings at records with a file are appended
 * to @issues, and an error among all of @issues stops the import with invalid-data. A network
 * without files (pos.file NULL) is the caller's to check. @out_changes is nullable. */
gboolean cn_store_import(carenet_store *store,
                         const CnNetwork *network,
                         const carenet_import_options *options,
                         CnIssueList *issues,
                         carenet_table **out_changes,
                         GError **error);

/* The text of the store's default policy, borrowed until the store is closed. */
const char *cn_store_policy_text(carenet_store *store, GError **error);
/* The policy that was read from it and kept with the handle, since every referral asks for it; NULL: none
 * yet. (transfer full) */
struct carenet_policy *cn_store_kept_policy(carenet_store *store);
void cn_store_keep_policy(carenet_store *store, struct carenet_policy *policy);

/* carenet_store_backup() and carenet_store_restore(); *out_kept stays NULL where there was no store. */
gboolean cn_store_backup(carenet_store *store,
                         const char *path,
                         const carenet_copy_options *options,
                         GError **error);
gboolean cn_store_restore(const char *from_path,
                          const char *path,
                          const carenet_copy_options *options,
                          char **out_kept,
                          GError **error);

/* What is known of the image beside a store when it is checked. */
typedef enum {
    CN_IMAGE_NOT_KEPT, /* nobody asked for one: nothing is said */
    CN_IMAGE_NONE,     /* it could not be made */
    CN_IMAGE_SOUND,    /* it says what the store says */
    CN_IMAGE_WRONG,    /* it is of this state by its key, and says something else */
} CnImageState;

/* The check of carenet_store_check(). (transfer full) */
carenet_table *cn_store_check(carenet_store *store,
                              CnImageState image,
                              gint64 now_s,
                              GError **error);

/* Columns region, name, area, providers, offerings. (transfer full) */
carenet_table *cn_store_regions(carenet_store *store, GError **error);
