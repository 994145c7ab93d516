/* The text of a checkpoint of the audit chain; include/carenet/checkpoint.h shows it. */
#pragma once

#include "base/sign.h"

typedef struct {
    gint64 records;
    guint8 head[CN_HASH_LEN];
    gint64 at_s;
    gboolean is_signed;
    guint8 signer[CN_KEY_LEN]; /* where it is signed; the signature fits */
} CnCheckpointText;

/* Whether @text begins like one. */
gboolean cn_checkpoint_text_looks_like(const char *text);
/* With the signature of @signer (nullable). (transfer full) */
char *cn_checkpoint_text_write(gint64 records,
                               const guint8 head[CN_HASH_LEN],
                               gint64 at_s,
                               const CnSigner *signer);
/* Errors: invalid-data (another shape, or a signature that does not fit). */
gboolean cn_checkpoint_text_read(const char *text, CnCheckpointText *out, GError **error);
