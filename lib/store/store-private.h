/* Inside the store: the handle, named statements, the maps between records and columns. */
#pragma once

#include "store/migrations.h"
#include "store/seal.h"
#include "store/store-environment.h"
#include "store/work.h"

#include <sqlite3.h>

/* The public carenet_store. */
struct carenet_store {
    gatomicrefcount refs;
    GMutex lock; /* one call at a time */
    sqlite3 *db;
    char *path;
    CnReference *reference;
    carenet_store_kind kind;
    gboolean read_only;
    gboolean is_new; /* this handle made it */
    gboolean alone;  /* nobody else opens it meanwhile */
    gint busy_ms;
    GHashTable *statements; /* (element-type CnSql CnStatement) prepared once a handle */
    GHashTable *terms[CN_VOCABULARIES]; /* (element-type utf8 gint+1) exact ids; made when needed */
    char *policy_text;                  /* nullable */
    struct carenet_policy *policy;      /* what was read from it; nullable */
    char *image_path;                   /* nullable: no image is kept */
    char *image_stamp;                  /* nullable */
    CnStoreEnvironment environment;
    int gate_fd; /* of the side file that writers queue at; -1 none */
    gboolean gate_tried;
    CnKeyPair *key; /* nullable: what is sealed is opened when it is loaded */
};

/* ---- Files. */

/* What the names of a store's files end with behind its path, ended by NULL. */
extern const char *const cn_store_endings[];
/* Those of a store that was not finished; nobody has it open. */
void cn_store_files_remove(const char *path);

/* ---- Errors of SQLite, translated where they are met. */

/* Sets the error that @rc (an extended result code) means to the caller; returns FALSE. */
gboolean cn_store_fail(carenet_store *store, int rc, GError **error);
/* A value that no writer of ours could have stored. Returns FALSE. */
gboolean cn_store_damaged(carenet_store *store, const char *where, GError **error);

/* ---- Maps between a record and columns: one table a record, used to bind, read and compare. */

typedef enum {
    CN_BIND_TEXT,     /* const char *, NULL is null; interned when read */
    CN_BIND_OWN_TEXT, /* the same; hardly ever equal in two records, so none is looked for */
    CN_BIND_DATE,     /* CnDate, as written */
    CN_BIND_BOOL,     /* gboolean */
    CN_BIND_INT16,    /* gint16; `absent` is null */
    CN_BIND_INT32,    /* gint32; `absent` is null */
    CN_BIND_INT64,    /* gint64; `absent` is null */
    CN_BIND_AREA,     /* CnAreaId, by code */
    CN_BIND_SERVICE,  /* CnServiceId, by id */
    CN_BIND_COURSE,   /* term of the courses, by id */
    CN_BIND_WORD,     /* an enumeration, by name */
    CN_BIND_LAT,      /* the point of a CnSite: both columns null where it has none */
    CN_BIND_LON,
    CN_BIND_INSTANT,  /* CnInstant: its seconds, null where unset */
    CN_BIND_DAY_ONLY, /* CnInstant: whether it is a bare day; read after its seconds */
} CnBindingKind;

/* The words of an enumeration from 0; a value whose name is NULL is null. */
typedef struct {
    const char *(*name)(gint value);
    gint len;
} CnWords;

#define CN_NEVER_ABSENT G_MININT64

typedef struct {
    const char *column;
    CnBindingKind kind;
    gsize offset;
    gint64 absent;
    const CnWords *words;
} CnBinding;

typedef struct {
    const CnBinding *bindings;
    guint len;
} CnRecordMap;

extern const CnRecordMap cn_map_region;
extern const CnRecordMap cn_map_organization;
extern const CnRecordMap cn_map_provider;
extern const CnRecordMap cn_map_site; /* of a CnProvider: its site and real name */
extern const CnRecordMap cn_map_capability;
extern const CnRecordMap cn_map_offering;
extern const CnRecordMap cn_map_capacity; /* without what is held */

/* Whether two records are equal in every mapped column. */
gboolean cn_record_equal(const CnRecordMap *map, gconstpointer a, gconstpointer b);

/* ---- Named statements. */

/* A statement; its address is its key, so it is always a static const. With a map, each mapped
 * column is a parameter (":column") of a statement that writes or a column of one that reads. */
typedef struct {
    const char *name;
    const char *text;
    const CnRecordMap *map; /* nullable */
} CnSql;

typedef struct {
    carenet_store *store;
    const CnSql *sql;
    sqlite3_stmt *stmt;
    int *at; /* column or parameter of each binding */
    int rc;  /* the first failure of a bind */
} CnStatement;

/* The statement, prepared if need be, reset, with :network_id bound. Borrowed; NULL on error. */
CnStatement *cn_statement(carenet_store *store, const CnSql *sql, GError **error);
void cn_statement_free(CnStatement *statement);

/* Parameters by name. A failure is kept and reported by the next step. */
void cn_bind_text(CnStatement *statement, const char *parameter, const char *value);
void cn_bind_int(CnStatement *statement, const char *parameter, gint64 value);
/* A day that nobody knows stays null. */
void cn_bind_day(CnStatement *statement, const char *parameter, CnDate day);
void cn_bind_blob(CnStatement *statement, const char *parameter, gconstpointer value, gsize len);
void cn_bind_double(CnStatement *statement, const char *parameter, double value);
/* Its texts are borrowed until the statement has been stepped. */
void cn_bind_record(CnStatement *statement, gconstpointer record);

/* One row further; *out_row FALSE (and the statement reset) after the last. */
gboolean cn_statement_step(CnStatement *statement, gboolean *out_row, GError **error);
/* Runs a statement that gives no rows. */
gboolean cn_statement_run(CnStatement *statement, GError **error);

/* Calls @read for each row, until it fails. */
typedef gboolean (*CnReadRow)(CnStatement *row, gpointer data, GError **error);
gboolean cn_statement_each(carenet_store *store,
                           const CnSql *sql,
                           CnReadRow read,
                           gpointer data,
                           GError **error);

/* The one row of a statement, or none; it stays until the statement is used again. */
gboolean cn_statement_row(CnStatement *statement, gboolean *out_row, GError **error);
/* The text in the first column of every row. NULL: @statement is, or @error says why. (transfer full)
 * (element-type utf8) */
GPtrArray *cn_statement_texts(CnStatement *statement, GError **error);

/* The present row. Text is borrowed until the next step; NULL where null. Text that is no UTF-8 or
 * holds NUL is damage. */
gboolean cn_read_text(CnStatement *statement, int column, const char **out, GError **error);
/* Into a record by the map; strings are interned in @network. */
gboolean cn_read_record(CnStatement *statement,
                        CnNetwork *network,
                        gpointer record,
                        GError **error);
/* The term with exactly the id in @column, an error where the reference does not hold it. */
gboolean cn_read_term(CnStatement *statement,
                      int column,
                      carenet_terms_kind kind,
                      gint *out,
                      GError **error);

/* ---- Transactions: rolled back at the end of the scope unless committed. */

typedef struct {
    carenet_store *store; /* NULL when none is open */
    gboolean gated;       /* whether it holds the gate */
} CnTransaction;

typedef enum {
    CN_READ,
    CN_WRITE
} CnTransactionKind;

gboolean cn_transaction_begin(CnTransaction *transaction,
                              carenet_store *store,
                              CnTransactionKind kind,
                              GError **error);
gboolean cn_transaction_commit(CnTransaction *transaction, GError **error);
void cn_transaction_end(CnTransaction *transaction);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CnTransaction, cn_transaction_end)

/* ---- The gate of writers. */

/* Waits for the turn; FALSE where it has not come by then (monotonic time). */
gboolean cn_gate_enter(carenet_store *store, gint64 deadline_us);
void cn_gate_leave(carenet_store *store);
void cn_gate_close(carenet_store *store);

/* ---- Boxes (store-seal.c). */

enum {
    CN_SITE_NAME,
    CN_SITE_AREA,
    CN_SITE_POINT,
    CN_SITE_ADDRESS,
    CN_SITE_PHONE,
    CN_SITE_EMAIL,
    CN_SITE_FIELDS,
};
/* "name", "area", ... (static) */
const char *cn_site_field_name(guint field);
/* Seals the site and the name of @provider, but for the fields whose bit is set in @kept. */
gboolean cn_site_seal(carenet_store *store,
                      const guint8 public_key[CN_KEY_LEN],
                      const CnProvider *provider,
                      guint kept,
                      GError **error);
/* The same from what was opened, or of nothing. */
gboolean cn_opened_site_seal(carenet_store *store,
                             const guint8 public_key[CN_KEY_LEN],
                             const char *provider,
                             const CnOpenedSite *site,
                             GError **error);
/* Deletes its boxes: it is public now. */
gboolean cn_site_unseal_for_good(carenet_store *store, const char *provider, GError **error);
/* Opens the box of a row (provider_id, field, box) into @site. */
gboolean cn_site_open_box(CnStatement *row,
                          const CnKeyPair *key,
                          const char *provider,
                          CnOpenedSite *site,
                          GError **error);
/* The secret key of a case in its box, and out of it. (transfer full) */
GBytes *cn_case_wrap(const guint8 public_key[CN_KEY_LEN], gint64 case_id, const CnKeyPair *pair);
gboolean cn_case_unwrap(const CnKeyPair *key,
                        gint64 case_id,
                        gconstpointer box,
                        gsize box_len,
                        CnKeyPair *out,
                        GError **error);
/* Forgets the key of the handle. */
void cn_store_lock_again(carenet_store *store);

/* ---- The ledger, for the files of this floor. */

/* How many places of which offerings are held by holds that have ended and are not swept yet.
 * (transfer full) (element-type utf8 gint64) */
GHashTable *cn_ledger_ended(CnWork *work, GError **error);
gint64 cn_ledger_ended_at(GHashTable *ended, const char *offering);
/* Whole days, begun ones counted, from sending a referral to the start of help: the mean of the last year at
 * public offerings with five starts or more, among the network's latest 5,000 referrals. @offering: only at
 * that one; NULL: at all. (transfer full) (element-type utf8 gint) */
GHashTable *cn_store_waits(CnWork *work, const char *offering, GError **error);
/* FALSE, and @out_days as it was, where referrals do not tell. */
gboolean cn_store_wait_at(GHashTable *waits, const char *offering, gint32 *out_days);
/* What @id holds has ended by the clock. */
gboolean cn_ledger_end_hold(CnWork *work,
                            const char *offering,
                            const char *id,
                            gint64 record,
                            GError **error);
/* An import reported: @before is NULL where nobody had. */
gboolean cn_ledger_note_import(CnWork *work,
                               const char *offering,
                               const CnCapacity *before,
                               const CnCapacity *now,
                               gint64 record,
                               GError **error);

/* ---- The parts. */

#define CN_APPLICATION_ID 0x4361724E /* "CarN" */

/* Live or for demonstration, as the file says, into store->kind. */
gboolean cn_store_read_kind(carenet_store *store, GError **error);

/* A handle without a connection. (transfer full) */
carenet_store *cn_store_new_handle(const char *path,
                                   CnReference *reference,
                                   gboolean read_only,
                                   gint busy_ms);
/* Connects for writing and sets the connection up. */
gboolean cn_store_connect(carenet_store *store, GError **error);
/* Looks whether there is such a file and connects without ever writing. */
gboolean cn_store_connect_read_only(carenet_store *store, GError **error);
/* Whether it is a store of carenet at all. */
gboolean cn_store_check_identity(carenet_store *store, GError **error);
/* Switches to write-ahead logging. */
gboolean cn_store_use_log(carenet_store *store, GError **error);

/* Runs SQL without parameters. */
gboolean cn_store_exec(carenet_store *store, const char *sql, GError **error);
/* A whole number from a statement of one row and one column without parameters. */
gboolean cn_store_ask_int(carenet_store *store, const char *sql, gint64 *out, GError **error);

/* The columns of a capacity, beside offering_id: what every reader of it selects. */
#define CN_CAPACITY_COLUMNS \
    "held, moved_s, total, occupied, as_of_s, as_of_day_only, source, wait_days"
/* The present row as a capacity: these columns begin at @held_column. */
gboolean cn_read_capacity(CnStatement *row,
                          int held_column,
                          CnNetwork *network,
                          CnCapacity *out,
                          GError **error);

/* The key of the directory's present state (store-key.c): renewed in the transaction that moves the
 * revision; made in one of its own where there is none; read, NULL where there is none. */
gboolean cn_store_renew_key(carenet_store *store, GError **error);
gboolean cn_store_ensure_key(carenet_store *store, GError **error);
gboolean cn_store_read_key(carenet_store *store,
                           char **out_key,
                           gint64 *out_revision,
                           GError **error);

/* Brings the layout from its user_version to the last of @migrations, all or nothing. Only called
 * on a writable handle; safe when two processes do it at once. */
gboolean cn_store_migrate(carenet_store *store,
                          const CnMigration *migrations,
                          gsize migrations_len,
                          GError **error);

/* Fills area and service from the reference; the caller's transaction. */
gboolean cn_store_fill_reference(carenet_store *store, GError **error);
/* The same where the digest changed, in a transaction of its own. */
gboolean cn_store_refresh_reference(carenet_store *store, GError **error);

/* The stored records, inside the caller's transaction. @closed (nullable, element-type utf8): where
 * it is given closed offerings are among them, and their ids, borrowed from the network, in it. */
CnNetwork *cn_store_load(carenet_store *store, GHashTable *closed, GError **error);

/* What the store would hold after @given was stored over @stored; see store-merge.c for the rules.
 * @closed: the stored offerings that are closed. Strings are borrowed from both networks.
 * @stored is sorted. A warning tells of reports that are passed over. (transfer full) */
CnNetwork *cn_store_merge(const CnNetwork *stored,
                          GHashTable *closed,
                          const CnNetwork *given,
                          gboolean replace,
                          gint64 now_s,
                          CnIssueList *issues);
/* Whether the file of @provider lists @field as withheld. */
gboolean cn_provider_withholds(const CnProvider *provider, const char *field);
/* What the withheld fields of @given would do to @stored unseen: show a place that was not public, or
 * leave address and point behind. Appends issues. */
void cn_store_check_kept(const CnNetwork *stored, const CnNetwork *given, CnIssueList *issues);

/* Writes what differs between @stored and @merged, in the caller's transaction; counts it. */
typedef struct {
    gint64 added, changed, unchanged, closed;
} CnChanges;
typedef enum {
    CN_KIND_NETWORK,
    CN_KIND_REGION,
    CN_KIND_ORGANIZATION,
    CN_KIND_PROVIDER,
    CN_KIND_OFFERING,
    CN_KIND_CAPACITY,
    CN_KIND_PROGRAMME,
    CN_KIND_PROGRAMME_RECORDS, /* one kind of them after the other */
    CN_KINDS = CN_KIND_PROGRAMME_RECORDS + CN_PROGRAMME_KINDS,
} CnRecordKind;
typedef struct {
    CnChanges changes[CN_KINDS];
    gint64 sealed;      /* sites that were sealed anew: whether they changed only the key tells */
    gboolean directory; /* something of what is listed changed */
} CnDifference;
gboolean cn_store_write(CnWork *work,
                        const CnNetwork *stored,
                        GHashTable *closed,
                        const CnNetwork *given,
                        const CnNetwork *merged,
                        CnDifference *out,
                        GError **error);
