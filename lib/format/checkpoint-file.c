/* Strict both ways: exactly these lines, so that what is signed is all that is read. */
#include "format/checkpoint-file.h"

#include "base/date.h"
#include "base/error.h"

#include <string.h>

#define HEAD_LINE "carenet-checkpoint-1\n"
#define TEXT_MOST 1024

gboolean
cn_checkpoint_text_looks_like(const char *text)
{
    return g_str_has_prefix(text, HEAD_LINE);
}

char *
cn_checkpoint_text_write(gint64 records,
                         const guint8 head[CN_HASH_LEN],
                         gint64 at_s,
                         const CnSigner *signer)
{
    g_autofree char *head_hex = cn_hex(head, CN_HASH_LEN);
    g_autofree char *at = cn_instant_format_s(at_s);
    GString *text = g_string_new(HEAD_LINE);
    g_string_append_printf(text, "records %" G_GINT64_FORMAT "\nhead %s\nat %s\n", records,
                           head_hex, at);
    if (signer != NULL) {
        guint8 signature[CN_SIGNATURE_LEN];
        g_autofree char *public_hex = cn_hex(signer->public_key, CN_KEY_LEN);
        g_string_append_printf(text, "signer %s\n", public_hex);
        cn_sign(signer, text->str, text->len, signature);
        g_autofree char *signature_hex = cn_hex(signature, sizeof signature);
        g_string_append_printf(text, "signature %s\n", signature_hex);
    }
    return g_string_free(text, FALSE);
}

/* ---- Reading. */

/* The value of the line "@name VALUE" at @at, which moves behind it. (transfer full), NULL: another line */
static char *
take_line(const char **at, const char *name)
{
    const gsize len = strlen(name);
    const char *end = strchr(*at, '\n');
    if (end == NULL || strncmp(*at, name, len) != 0 || (*at)[len] != ' ')
        return NULL;
    char *value = g_strndup(*at + len + 1, (gsize)(end - *at) - len - 1);
    *at = end + 1;
    return value;
}

static gboolean
take_bytes(const char **at, const char *name, guint8 *out, gsize len)
{
    g_autofree char *value = take_line(at, name);
    return value != NULL && cn_hex_parse(value, out, len);
}

static gboolean
take_records(const char **at, gint64 *out)
{
    g_autofree char *value = take_line(at, "records");
    return value != NULL && g_ascii_string_to_signed(value, 10, 0, G_MAXINT64, out, NULL) &&
           value[0] != '+';
}

static gboolean
take_instant(const char **at, gint64 *out_s)
{
    CnInstant instant;
    g_autofree char *value = take_line(at, "at");
    if (value == NULL || !cn_instant_parse(value, &instant) || instant.day_only)
        return FALSE;
    *out_s = instant.s;
    return TRUE;
}

static gboolean
fail(const char *what, GError **error)
{
    cn_error_set(error, CARENET_ERROR_INVALID_DATA, "%s", what);
    cn_error_hint(error, "take the text as carenet audit checkpoint printed it, whole");
    return FALSE;
}

gboolean
cn_checkpoint_text_read(const char *text, CnCheckpointText *out, GError **error)
{
    CnCheckpointText read = {0};
    guint8 signature[CN_SIGNATURE_LEN];
    if (strlen(text) > TEXT_MOST || !cn_checkpoint_text_looks_like(text))
        return fail("that is no checkpoint", error);
    const char *at = text + strlen(HEAD_LINE);
    if (!take_records(&at, &read.records) || !take_bytes(&at, "head", read.head, CN_HASH_LEN) ||
        !take_instant(&at, &read.at_s))
        return fail("the checkpoint is damaged", error);
    read.is_signed = *at != '\0';
    if (read.is_signed && !take_bytes(&at, "signer", read.signer, CN_KEY_LEN))
        return fail("the checkpoint is damaged", error);
    const gsize signed_len = (gsize)(at - text);
    if (read.is_signed &&
        (!take_bytes(&at, "signature", signature, sizeof signature) || *at != '\0'))
        return fail("the checkpoint is damaged", error);
    if (read.is_signed && !cn_signature_fits(read.signer, text, signed_len, signature))
        return fail("the signature of the checkpoint is not over what it says", error);
    *out = read;
    return TRUE;
}
