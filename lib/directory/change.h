/* Changes: edits to offerings that would let a need be met, and the directory as it would be then. */
#pragma once

#include "directory/directory.h"

/* One edit, named by the rule that it mends. */
typedef struct {
    CnRule mends;
    guint offering;
    gint term;       /* CN_RULE_CAPABILITY: the course */
    CnTermSet terms; /* CN_RULE_ACCESS: what to provide; CN_RULE_DOCUMENTS: what to waive */
    gint64 number;   /* siblings, days or places, as the rule says */
    CnAreaId area;   /* CN_RULE_NOT_SERVED */
    guint after; /* CN_RULE_NOT_SERVED: how many of the edits just before it add areas as well */
    CnDate day;  /* CN_RULE_UNCONFIRMED, CN_RULE_ACCREDITATION, CN_RULE_CAPABILITY */
} CnChange;

/* The edits of one candidate that mend all of @broken, appended to @changes (element-type CnChange).
 * FALSE, and nothing appended, where one of them cannot be mended by an edit. */
gboolean cn_changes_for(const CnQuestion *question,
                        const CnCandidate *candidate,
                        CnRuleMask broken,
                        GArray *changes);

const char *cn_change_kind(const CnChange *change);  /* stable slug */
const char *cn_change_field(const CnChange *change); /* as in a region file */
/* The values before and after, or NULL where there is none or it is withheld. Edits are made one after the
 * other, and @change stands among those before it. (transfer full) */
char *cn_change_from(const CnChange *change, const CnListing *listing);
char *cn_change_to(const CnChange *change, const CnListing *listing);

/* The directory with the changes applied; @directory stays as it is. For tests. (transfer full) */
CnDirectory *cn_directory_with(CnDirectory *directory, const CnChange *changes, guint changes_len);
