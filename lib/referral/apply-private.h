/* What the files of applying a plan share. */
#pragma once

#include "base/seal.h"
#include "referral/apply.h"

typedef struct {
    CnApplied state;
    gint64 referral; /* 0: none */
    char *reason;    /* of a lost one: slug of a rule, or the name of an error */
    char *detail;
    GPtrArray *offered;   /* (element-type utf8) who got a place that came free; nullable */
    gint need;            /* of the list of cases; -1: it is not there, or is another one */
    const CnCase *person; /* whose it is, and what it asks for; set where need is */
    const CnNeed *wanted;
    guint leader;      /* the first row of those who go together */
    CnUrgency urgency; /* of a leader: of the most urgent of them */
} CnApplyRow;

struct CnApply {
    carenet_store *store;
    CnApplyOptions options;
    CnActing acting;
    char digest[2 * CN_HASH_LEN + 1]; /* of the plan */
    CnApplyRow *rows;                 /* of each assignment */
    guint *order;      /* rows by party, the most urgent first; NULL: not known yet */
    guint len, at;     /* how many, and how many of the order are done */
    GHashTable *tried; /* (element-type utf8 gint64) a dry run's own takes; else NULL */
};

static inline const CnPlanned *
cn_apply_planned(const CnApply *apply, guint row)
{
    return cn_plan_assignment_at(apply->options.plan, row);
}

void cn_apply_row_clear(CnApplyRow *row);
/* Takes @detail. */
void cn_apply_row_lose(CnApplyRow *row, const char *reason, char *detail);

/* Who goes together, and in which order (the first time); then which rows from apply->at on a rule speaks
 * against by @directory at @now_s: they are lost, with those who must stay with them. */
void cn_apply_look(CnApply *apply, const CnDirectory *directory, gint64 now_s);
/* Where the party ends that begins at position @first of the order. */
guint cn_apply_party_end(const CnApply *apply, guint first);
/* Where one of a party is lost, nobody of it goes. Returns whether it is lost. */
gboolean cn_apply_lose_party(CnApply *apply, guint first, guint end);
