/* Packing: records as a run of numbers and texts that is read back in the same order, in place. What
 * is read may be damaged: a reader that runs out of bytes, or meets what cannot be, is broken from
 * then on and gives zeros. Numbers stand as this machine writes them. */
#pragma once

#include <glib.h>
#include <string.h>

typedef struct {
    const guint8 *at, *end;
    gboolean broken;
} CnUnpack;

static inline void
cn_pack_bytes(GByteArray *out, gconstpointer bytes, gsize len)
{
    if (len > 0)
        g_byte_array_append(out, bytes, (guint)len);
}

static inline void
cn_pack_int(GByteArray *out, gint64 value)
{
    cn_pack_bytes(out, &value, sizeof value);
}

static inline void
cn_pack_real(GByteArray *out, double value)
{
    cn_pack_bytes(out, &value, sizeof value);
}

/* With its length and its NUL; NULL stays NULL. */
void cn_pack_text(GByteArray *out, const char *text);
/* Records of 8 bytes or less; they are aligned where the run begins at 8 bytes. */
void cn_pack_records(GByteArray *out, gconstpointer records, gsize record, gsize len);

static inline gconstpointer
cn_unpack_bytes(CnUnpack *in, gsize len)
{
    const guint8 *at = in->at;
    if (in->broken || (gsize)(in->end - at) < len) {
        in->broken = TRUE;
        return NULL;
    }
    in->at += len;
    return at;
}

static inline gint64
cn_unpack_int(CnUnpack *in)
{
    gint64 value = 0;
    gconstpointer bytes = cn_unpack_bytes(in, sizeof value);
    if (bytes != NULL)
        memcpy(&value, bytes, sizeof value);
    return value;
}

/* A whole number from @least to @most; anything else breaks the reader, and @least is given. */
static inline gint64
cn_unpack_int_in(CnUnpack *in, gint64 least, gint64 most)
{
    gint64 value = cn_unpack_int(in);
    if (value >= least && value <= most)
        return value;
    in->broken = TRUE;
    return least;
}

double cn_unpack_real_in(CnUnpack *in, double least, double most);
/* Borrowed from the bytes; NULL where NULL was packed. */
const char *cn_unpack_text_or_null(CnUnpack *in);
/* NULL breaks the reader; then "". */
const char *cn_unpack_text(CnUnpack *in);
/* Borrowed from the bytes; NULL where broken. */
gconstpointer cn_unpack_records(CnUnpack *in, gsize record, gsize len);
