/**
 * Stores: a network of care in a database file (SQLite).
 *
 *     carenet_store *store = carenet_store_init("network.db", CARENET_STORE_LIVE, &options, &error);
 *     const char *files[] = {"northern-mindanao.yaml"};
 *     carenet_table *issues = NULL;
 *     carenet_store_import(store, files, 1, NULL, &issues, NULL, &error);
 *     carenet_table_unref(issues);
 *     carenet_store_close(store);
 *
 * A store is a unique handle: one thread at a time. Several processes may open the same file; a
 * writer waits for another one for `busy_ms`. Files are created readable by their owner only.
 */
#ifndef CARENET_STORE_H
#define CARENET_STORE_H

#ifndef CARENET_H_INSIDE
#error "include <carenet/carenet.h> instead"
#endif

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <carenet/error.h>
#include <carenet/policy.h>
#include <carenet/reference.h>
#include <carenet/table.h>

#ifdef __cplusplus
extern "C" {
#endif

/** An open store; a unique handle. Since: 0.1 */
typedef struct carenet_store carenet_store;

/** The kind of a store: invented and real providers never mix. Since: 0.1 */
typedef enum {
    CARENET_STORE_LIVE = 1,         /**< refuses invented providers (`example: true`) */
    CARENET_STORE_DEMONSTRATION = 2 /**< every output says DEMONSTRATION */
} carenet_store_kind;

/** How a store is opened. Since: 0.1 */
typedef struct {
    size_t size;                  /**< set by carenet_store_options_init() */
    carenet_reference *reference; /**< places and services; NULL: carenet_reference_open(NULL) */
    bool read_only;               /**< never write; the default is false */
    int32_t busy_ms;              /**< how long to wait for another writer; default 5000 */
    const char *data_dir; /**< where `reference` is NULL: its folder; NULL: the default one */
    bool keep_image; /**< keep a file beside the store, "<path>-image", from which places and the
                          directory are used in place; it holds what may be listed and nothing else,
                          is made anew when it is stale or damaged, and is written by readers, too;
                          the default is false. Where it cannot be written, nothing is said */
} carenet_store_options;

/** What a file of providers is written in. Since: 0.1 */
typedef enum {
    CARENET_FILE_BY_NAME = 0, /**< CSV where the name ends in .csv, else YAML */
    CARENET_FILE_YAML = 1,    /**< a region file */
    CARENET_FILE_CSV = 2      /**< one row an offering; docs/csv.md lists the columns */
} carenet_file_format;

/** How files are imported. Since: 0.1 */
typedef struct {
    size_t size;  /**< set by carenet_import_options_init() */
    bool replace; /**< close the providers and offerings that the files no longer name, within the
                       regions that the files hold, and take out the programme records that a list
                       of theirs no longer names */
    bool dry_run; /**< check everything and change nothing */
    bool skip_examples; /**< leave out invented providers and organizations (`example: true`) and
                             the programme, so that the shipped files fill a live store */
    carenet_file_format format; /**< of all files; the default is by name */
    const char *actor;          /**< who imports, for the audit record, a word as in
                                     carenet_acting; NULL: "import" */
} carenet_import_options;

/** How a store is copied. Since: 0.1 */
typedef struct {
    size_t size;     /**< set by carenet_copy_options_init() */
    bool replace;    /**< overwrite what has the name already; the default is false */
    int32_t busy_ms; /**< how long a restore waits for others to close the store; default 5000 */
    /** Nullable. Asked again and again with `proceed_user`, from the thread that copies; false stops: the
     *  copy is taken away, nothing has changed, and the call fails (state). A restore asks no more once it
     *  writes into the store. It must not use the store. */
    bool (*proceed)(void *user);
    void *proceed_user;
} carenet_copy_options;

/** Fills `options` with the defaults. Since: 0.1 */
CARENET_API void carenet_copy_options_init(carenet_copy_options *options);

/** Fills `options` with the defaults. Since: 0.1 */
CARENET_API void carenet_store_options_init(carenet_store_options *options);

/** Fills `options` with the defaults. Since: 0.1 */
CARENET_API void carenet_import_options_init(carenet_import_options *options);

/** Makes a new, empty store in a file that does not exist yet, with places, services and the
 *  default policy; mode 0600. Errors: conflict (the file exists), io, storage.
 *  `options` is nullable. (transfer full) Since: 0.1 */
CARENET_API carenet_store *carenet_store_init(const char *path,
                                              carenet_store_kind kind,
                                              const carenet_store_options *options,
                                              carenet_error **error);

/** Opens a store and migrates it to this version's layout unless it is read-only. Errors: not-found
 *  (no file), corrupt, version (newer layout), busy, storage. `options` is nullable.
 *  (transfer full) Since: 0.1 */
CARENET_API carenet_store *carenet_store_open(const char *path,
                                              const carenet_store_options *options,
                                              carenet_error **error);

/** Brings the store at `path` to this version's layout, in one transaction; so does opening it for
 *  writing, which tells nothing. With `dry_run` nothing is changed. Columns: layout (the number that
 *  the step leads to), name, done; no row where the layout is this version's already. A newer
 *  carenet is needed for a newer layout (version), and the older one cannot use the store any more:
 *  copy the file first. Errors: not-found, corrupt, version, busy, storage. `options` is nullable.
 *  (transfer full) Since: 0.1 */
CARENET_API carenet_table *carenet_store_migrate(const char *path,
                                                 bool dry_run,
                                                 const carenet_store_options *options,
                                                 carenet_error **error);

/** Closes a store; NULL is ignored. Since: 0.1 */
CARENET_API void carenet_store_close(carenet_store *store);

/** Takes carenet_store_init() back: closes the store and removes its files, such as where it could not
 *  be filled. A store that this handle did not make is closed and stays. NULL is ignored. (transfer
 *  full) of `store`. Since: 0.1 */
CARENET_API void carenet_store_discard(carenet_store *store);

/** Whether `file` is the file of the store at `path` or one that stands beside it ("-wal", "-gate",
 *  "-image" and others behind its name), by whatever name and whether or not it is there yet: what
 *  nothing else may be written to. False where one of them is NULL or empty. Thread-safe. Since: 0.1 */
CARENET_API bool carenet_store_has_file(const char *path, const char *file);

/** The places and services that a store was opened with. (transfer full) Since: 0.1 */
CARENET_API carenet_reference *carenet_store_reference(const carenet_store *store);

/** The kind of an open store. Since: 0.1 */
CARENET_API carenet_store_kind carenet_store_get_kind(const carenet_store *store);

/** Imports region files or CSV, all of them or nothing, in one transaction: an upsert by id. `occupied`
 *  changes only where `as_of` is newer; fields listed under `withheld`, and columns that a CSV file
 *  does not have, keep what is stored; so does a confirmation that is later than the given one. Afterwards
 *  places that are free are offered to those who wait for them (issue `place-offered`).
 *  `*out_issues` (nullable) lists all findings, `*out_changes` (nullable) one row a record kind with
 *  columns kind, added, changed, unchanged, closed. Errors: io, parse, invalid-data, refused
 *  (example providers into a live store), busy, storage. Since: 0.1 */
CARENET_API bool carenet_store_import(carenet_store *store,
                                      const char *const *paths,
                                      size_t paths_len,
                                      const carenet_import_options *options,
                                      carenet_table **out_issues,
                                      carenet_table **out_changes,
                                      carenet_error **error);

/** The region with id `region`, or what spans the regions where it is NULL, as the text of a region
 *  file without any restricted field (each provider lists them under `withheld`). Importing it
 *  again changes nothing. Errors: not-found, storage. (transfer full, carenet_free) Since: 0.1 */
CARENET_API char *carenet_store_export(carenet_store *store,
                                       const char *region,
                                       carenet_error **error);

/** All of it as region files, from one reading of the store, so that they belong together: one row a
 *  region with columns region and text, by id; then a row with region null and the text of what spans
 *  the regions. Each text is that of carenet_store_export(). Errors: storage. (transfer full)
 *  Since: 0.1 */
CARENET_API carenet_table *carenet_store_export_all(carenet_store *store, carenet_error **error);

/** The providers and offerings of the region with id `region`, of the network itself where it is
 *  "network", or of all where it is NULL, as CSV for a spreadsheet: UTF-8 with a byte order mark,
 *  CRLF, one row an offering. It has neither addresses nor points, and of providers that are not
 *  public neither name, area, phone, email nor capacity. Importing it again changes nothing. Errors:
 *  not-found, storage. (transfer full, carenet_free) Since: 0.1 */
CARENET_API char *carenet_store_export_csv(carenet_store *store,
                                           const char *region,
                                           carenet_error **error);

/** The store's own routing policy: the one that it was made with. Errors: storage, invalid-data.
 *  (transfer full) Since: 0.1 */
CARENET_API carenet_policy *carenet_store_policy(carenet_store *store, carenet_error **error);

/** The regions in the store. Columns: region, name, area, providers, offerings. Errors: storage.
 *  (transfer full) Since: 0.1 */
CARENET_API carenet_table *carenet_store_regions(carenet_store *store, carenet_error **error);

/** Copies the whole store into the new file `path` (mode 0600) while others may go on writing, checks
 *  the copy, and only then gives it the name. A backup is complete: unlike an export it holds the
 *  restricted sites, so keep it as safe as the store. Errors: conflict (the file exists, or is one
 *  of the store's own), state (`proceed` said no), io, busy, storage, corrupt. `options` is nullable.
 *  Since: 0.1 */
CARENET_API bool carenet_store_backup(carenet_store *store,
                                      const char *path,
                                      const carenet_copy_options *options,
                                      carenet_error **error);

/** Puts the backup in the file `backup` in place of the store in the file `path`, after it was found
 *  to be a whole carenet store that this version can read. A store that is there is kept in a file
 *  beside it, whose name `*out_kept` (nullable) takes (transfer full, carenet_free; NULL where there
 *  was none). Errors: not-found, conflict (there is a store and `replace` is not set, or both are
 *  the same file), state (`proceed` said no), corrupt, version, busy (somebody has the store open),
 *  io, storage. Where it fails the former store stands. `options` is nullable. Since: 0.1 */
CARENET_API bool carenet_store_restore(const char *backup,
                                       const char *path,
                                       const carenet_copy_options *options,
                                       char **out_kept,
                                       carenet_error **error);

/** Whether a store is sound as of `now_s` (seconds since 1970 UTC; the years 1900 to 2199), what a person should look at, and
 *  the command of carenet(1) that mends it: the file, the rights on it, the disk, the records, the
 *  age of what is known, privacy, places and referrals against their events, the chain of audit records. One row a check with columns check, status (ok, look, bad),
 *  detail, command, which (ids or findings). Nothing of a restricted site is quoted. Damage is a row
 *  with the status bad. Errors: busy, storage. Cost: reads the whole file. (transfer full)
 *  Since: 0.1 */
CARENET_API carenet_table *carenet_store_check(carenet_store *store,
                                               int64_t now_s,
                                               carenet_error **error);

#ifdef __cplusplus
}
#endif

#endif
