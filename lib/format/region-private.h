/* Reading a region file, split by record: what the readers share. */
#pragma once

#include "format/yaml-write.h"
#include "format/yaml.h"
#include "model/network.h"

/* What CnDecode.data is while a region file is read. */
typedef struct {
    CnNetwork *network;
    const CnReference *reference;
    const char *region; /* id of the file's region; NULL: its records are the network's */
    gboolean guarded;   /* the provider that is being read is not plainly public */
} CnRegionReader;

#define CN_NAME_MOST 200
#define CN_URL_MOST  500
#define CN_WORD_MOST 64

/* Values. Each appends an issue and returns FALSE (or leaves @out alone) where the node is no such
 * value; texts are interned in the network. */
gboolean cn_region_text(CnDecode *decode,
                        const CnNode *node,
                        const char *what,
                        guint most,
                        const char **out);
/* An id. A bad one is reported and given all the same, so that references to it resolve. */
gboolean cn_region_id(CnDecode *decode, const CnNode *node, const char *what, const char **out);
/* An address that begins with http:// or https://. */
void cn_region_url(CnDecode *decode, const CnNode *node, const char *what, const char **out);
void cn_region_date(CnDecode *decode, const CnNode *node, const char *what, CnDate *out);
void cn_region_instant(CnDecode *decode, const CnNode *node, const char *what, CnInstant *out);
gboolean cn_region_area(CnDecode *decode, const CnNode *node, const char *what, CnAreaId *out);
gboolean cn_region_service(CnDecode *decode,
                           const CnNode *node,
                           const char *what,
                           CnServiceId *out);
gboolean cn_region_term(CnDecode *decode,
                        const CnNode *node,
                        const char *what,
                        carenet_terms_kind kind,
                        gint *out);
/* A list of terms, added to @out. */
void cn_region_terms(CnDecode *decode,
                     const CnNode *node,
                     const char *what,
                     carenet_terms_kind kind,
                     CnTermSet *out);
/* A word that must be one of a few: @word is set where it is text; @words is for the message. */
void cn_region_refuse_word(CnDecode *decode,
                           const CnNode *node,
                           const char *what,
                           const char *words);
/* One of @words (NULL-terminated), which is given back; NULL where it is none of them. */
const char *cn_region_word(CnDecode *decode,
                           const CnNode *node,
                           const char *what,
                           const char *const *words);

/* Records. */
void cn_region_region(CnDecode *decode, const CnNode *node);
void cn_region_organization(CnDecode *decode, const CnNode *node, gpointer target);
void cn_region_provider(CnDecode *decode, const CnNode *node, gpointer target);
void cn_region_offering(CnDecode *decode, const CnNode *node, gpointer target);
void cn_region_programme(CnDecode *decode, const CnNode *node);

/* Writes the key `programme` and its records. Facts about cases stay out unless @with_cases. */
void cn_region_programme_write(CnYamlWriter *yaml,
                               const CnReference *reference,
                               const CnProgramme *programme,
                               gboolean with_cases);
