/* The life of reference data. It is read in lib/format/reference-files.c. */
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
    g_free(reference);
}
