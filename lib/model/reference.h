/* Everything that a network refers to and does not change: places, services, vocabularies. */
#pragma once

#include "model/place.h"
#include "model/service.h"
#include "model/term.h"

/* The public carenet_reference. Immutable once made; reference-counted. */
struct carenet_reference {
    gatomicrefcount refs;
    gpointer owner; /* of the bytes that the texts stand in, where it was unpacked */
    GDestroyNotify release_owner;
    char *data_dir; /* the folder it was read from */
    char *digest;   /* SHA-256 over the files it was read from */
    CnGazetteer *gazetteer;
    CnTaxonomy *taxonomy;
    CnVocabulary *terms[CN_VOCABULARIES];
};
typedef struct carenet_reference CnReference;

/* For an image: everything but the folder. */
void cn_reference_pack(GByteArray *out, const CnReference *reference);
/* Reads it back in place; NULL, and the owner untouched, where the bytes are damaged. Else the
 * reference gives @owner back at its end. (transfer full) */
CnReference *cn_reference_unpack(gconstpointer bytes,
                                 gsize len,
                                 const char *data_dir,
                                 gpointer owner,
                                 GDestroyNotify release_owner);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(carenet_reference, carenet_reference_unref)
