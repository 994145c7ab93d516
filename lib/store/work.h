/* One transaction as the floors above see it: who acts and when, and what is appended to the chain.
 * What is done between begin and commit is stored whole or not at all. */
#pragma once

#include "store/store.h"

#define CN_ACTOR_MOST 64

/* Who acts, and how. Text is borrowed. */
typedef struct {
    const char *actor;
    gint64 now_s;       /* the one clock; G_MININT64: that of the demonstration or of the system */
    gboolean by_phone;  /* a worker writes down what the provider said */
    gboolean dry_run;   /* do everything and store nothing */
    const char *key;    /* nullable: the request may come again */
    const char *ground; /* nullable: consent of a referral is not waited for, on that ground */
} CnActing;

typedef struct {
    carenet_store *store; /* NULL: none is open */
    const CnActing *acting;
    gboolean writes, gated;
    gint64 now_s; /* what the clock of the store says: it never goes back */
    gint64 referrals, holds, cases, records; /* numbers given out */
    guint8 head[32];                         /* the end of the chain */
    gboolean capacity_changed, directory_changed;
    char boot[64];
    gint64 boot_s;
} CnWork;

/* Locks the store, waits for its turn and begins. Errors: busy after the deadline of the store. */
gboolean cn_work_begin(CnWork *work, carenet_store *store, const CnActing *acting, GError **error);
/* The same for reading: nothing is awaited and nothing can be stored. @now_s as in CnActing. */
gboolean cn_work_begin_reading(CnWork *work, carenet_store *store, gint64 now_s, GError **error);
/* The same inside a transaction that is open already and stays its owner's: nothing has to be ended. */
gboolean cn_work_join(CnWork *work, carenet_store *store, gint64 now_s, GError **error);
/* Stores everything, or nothing where it is a dry run. */
gboolean cn_work_commit(CnWork *work, GError **error);
/* Rolls back what was not committed, and unlocks. */
void cn_work_end(CnWork *work);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CnWork, cn_work_end)

/* ---- A part of it that is kept or taken back by itself. */

/* *out_before is what @work was; it goes to the call that ends the part. Parts do not nest. */
gboolean cn_work_part_begin(CnWork *work, CnWork *out_before, GError **error);
gboolean cn_work_part_keep(CnWork *work, GError **error);
/* As if nothing of the part had been done. */
gboolean cn_work_part_undo(CnWork *work, const CnWork *before, GError **error);

/* The revision of the directory, which nobody else can move while a writer is at work. */
gboolean cn_work_revision(CnWork *work, gint64 *out_revision, GError **error);

/* ---- The chain. */

#define CN_ACTION_MOST  64
#define CN_SUBJECT_MOST 256
#define CN_DETAIL_MOST  1024

/* Appends a record: @acting's actor did @action to @subject. Nothing of a case may stand in any of
 * them. @out_record (nullable) is its number. */
gboolean cn_audit_append(CnWork *work,
                         const char *action,
                         const char *subject,
                         const char *detail,
                         gint64 *out_record,
                         GError **error);
/* The same in another's name: "clock" for what happens by itself. */
gboolean cn_audit_append_by(CnWork *work,
                            const char *actor,
                            const char *action,
                            const char *subject,
                            const char *detail,
                            gint64 *out_record,
                            GError **error);

/* The newest @limit (0 all) records about @subject (NULL all), oldest first: number, at, actor,
 * action, subject, detail, hash. (transfer full) */
carenet_table *cn_audit_list(carenet_store *store,
                             const char *subject,
                             gsize limit,
                             GError **error);

/* Where the chain stood at some time, kept elsewhere. */
typedef struct {
    gint64 records;
    guint8 head[32];
} CnCheckpoint;

typedef struct {
    gint64 records;   /* how many were read */
    gint64 broken_at; /* number of the first that does not fit; 0: none */
    const char *what; /* static, NULL where all fits */
    CnCheckpoint end; /* the end of what was read */
} CnChainState;

/* Reads the whole chain within a transaction. @checkpoint is nullable. */
gboolean cn_audit_scan(const CnWork *work,
                       const CnCheckpoint *checkpoint,
                       CnChainState *out,
                       GError **error);
/* The same in one of its own. @checkpoint is nullable. */
gboolean cn_audit_verify(carenet_store *store,
                         const CnCheckpoint *checkpoint,
                         CnChainState *out,
                         GError **error);

/* ---- Requests that may come again. */

/* Whether the request @work->acting->key was answered before: *out_record is its record, and
 * *out_subject what it was about (transfer full); 0 where not. The same key with another @digest is
 * a conflict. */
gboolean cn_request_find(CnWork *work,
                         const guint8 digest[32],
                         char **out_subject,
                         gint64 *out_record,
                         GError **error);
gboolean cn_request_store(CnWork *work,
                          const guint8 digest[32],
                          const char *subject,
                          gint64 record,
                          GError **error);
