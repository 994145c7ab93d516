/* The longer half of packing. */
#include "base/pack.h"

#include <math.h>

/* Numbers that follow a text stand at 8 bytes again. */
static gsize
padding(gsize len)
{
    return (8 - len % 8) % 8;
}

static void
pad(GByteArray *out, gsize len)
{
    static const guint8 zeros[8] = {0};
    cn_pack_bytes(out, zeros, padding(len));
}

void
cn_pack_text(GByteArray *out, const char *text)
{
    gsize len = text != NULL ? strlen(text) + 1 : 0;
    cn_pack_int(out, (gint64)len);
    cn_pack_bytes(out, text, len);
    pad(out, len);
}

void
cn_pack_records(GByteArray *out, gconstpointer records, gsize record, gsize len)
{
    cn_pack_bytes(out, records, record * len);
    pad(out, record * len);
}

double
cn_unpack_real_in(CnUnpack *in, double least, double most)
{
    double value = least;
    gconstpointer bytes = cn_unpack_bytes(in, sizeof value);
    if (bytes != NULL)
        memcpy(&value, bytes, sizeof value);
    /* Written so that NAN is outside. */
    if (value >= least && value <= most)
        return value;
    in->broken = TRUE;
    return least;
}

const char *
cn_unpack_text_or_null(CnUnpack *in)
{
    gsize len = (gsize)cn_unpack_int_in(in, 0, G_MAXINT32);
    if (len == 0)
        return NULL;
    const char *text = cn_unpack_bytes(in, len + padding(len));
    if (text == NULL || memchr(text, '\0', len) != text + len - 1) {
        in->broken = TRUE;
        return NULL;
    }
    return text;
}

const char *
cn_unpack_text(CnUnpack *in)
{
    const char *text = cn_unpack_text_or_null(in);
    if (text == NULL)
        in->broken = TRUE;
    return text != NULL ? text : "";
}

gconstpointer
cn_unpack_records(CnUnpack *in, gsize record, gsize len)
{
    if (len > G_MAXINT32)
        in->broken = TRUE;
    return in->broken ? NULL : cn_unpack_bytes(in, record * len + padding(record * len));
}
