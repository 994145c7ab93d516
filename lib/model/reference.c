/* The life of reference data, and its way into an image and back. It is read in lib/format/reference-files.c. */
#include "model/reference.h"

carenet_reference *
carenet_reference_ref(carenet_reference *reference)
{
    if (reference != NULL)
        g_atomic_ref_count_inc(&reference->refs);
    return reference;
}

void
carenet_reference_unref(carenet_reference *reference)
{
    if (reference == NULL || !g_atomic_ref_count_dec(&reference->refs))
        return;
    g_free(reference->data_dir);
    g_free(reference->digest);
    cn_gazetteer_free(reference->gazetteer);
    cn_taxonomy_free(reference->taxonomy);
    for (guint i = 0; i < CN_VOCABULARIES; i++)
        cn_vocabulary_free(reference->terms[i]);
    if (reference->release_owner != NULL)
        reference->release_owner(reference->owner);
    g_free(reference);
}

void
cn_reference_pack(GByteArray *out, const CnReference *reference)
{
    cn_pack_text(out, reference->digest);
    for (guint i = 0; i < CN_VOCABULARIES; i++)
        cn_vocabulary_pack(out, reference->terms[i]);
    cn_taxonomy_pack(out, reference->taxonomy);
    cn_gazetteer_pack(out, reference->gazetteer);
}

CnReference *
cn_reference_unpack(gconstpointer bytes,
                    gsize len,
                    const char *data_dir,
                    gpointer owner,
                    GDestroyNotify release_owner)
{
    CnUnpack in = {.at = bytes, .end = (const guint8 *)bytes + len};
    g_autoptr(carenet_reference) reference = g_new0(CnReference, 1);
    g_atomic_ref_count_init(&reference->refs);
    reference->data_dir = g_strdup(data_dir);
    reference->digest = g_strdup(cn_unpack_text(&in));
    for (guint i = 0; i < CN_VOCABULARIES && !in.broken; i++)
        reference->terms[i] = cn_vocabulary_unpack(&in);
    if (!in.broken)
        reference->taxonomy =
            cn_taxonomy_unpack(&in, cn_vocabulary_len(reference->terms[CARENET_TERMS_ASSESSMENTS]));
    if (!in.broken)
        reference->gazetteer = cn_gazetteer_unpack(&in);
    if (in.broken || in.at != in.end)
        return NULL;
    reference->owner = owner;
    reference->release_owner = release_owner;
    return g_steal_pointer(&reference);
}
