/* Everything that a network refers to and does not change: places, services, vocabularies. */
#pragma once

#include "model/place.h"
#include "model/service.h"
#include "model/term.h"

/* The public carenet_reference. Immutable once made; reference-counted. */
struct carenet_reference {
    gatomicrefcount refs;
    char *data_dir; /* the folder it was read from */
    char *digest;   /* SHA-256 over the files it was read from */
    CnGazetteer *gazetteer;
    CnTaxonomy *taxonomy;
    CnVocabulary *terms[CN_VOCABULARIES];
};
typedef struct carenet_reference CnReference;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(carenet_reference, carenet_reference_unref)
