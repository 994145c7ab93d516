/* What the parts of the case reader share: values free of personal data, words of our own. */
#pragma once

#include "format/yaml.h"
#include "model/case.h"

#define CN_CASE_NAME_MOST 120 /* characters of a name of an area or a service */
#define CN_CASE_ID_MOST   200 /* bytes of a provider or offering id */

/* CnDecode.data of the reader. */
typedef struct {
    const CnReference *reference;
    gboolean allow_personal;
} CnCaseReader;

typedef struct {
    const char *word;
    gint value;
} CnChoice;

/* The key of a case and its handler, whose target is the CnCase; NULL where there is no such key. */
const CnField *cn_case_field(const char *key);
/* One record. NULL where it is none; an issue says so. (transfer full) */
CnCase *cn_case_read(CnDecode *decode, const CnNode *node);

/* As cn_decode_mapping(), but keys that ask for personal data are refused, or, where the caller
 * insists, passed over with a warning. */
gboolean cn_case_mapping(CnDecode *decode,
                         const CnNode *node,
                         const char *what,
                         const CnField *fields,
                         guint fields_len,
                         gpointer target);

/* Each reads a scalar, appends issues and returns whether it can be used. */
gboolean cn_case_text(CnDecode *decode,
                      const CnNode *node,
                      const char *what,
                      guint most,
                      const char **out);
gboolean cn_case_ref(CnDecode *decode, const CnNode *node, const char *what, const char **out);
gboolean cn_case_id(CnDecode *decode, const CnNode *node, const char *what, const char **out);
/* The id of a provider or an organization, never of an offering. */
gboolean cn_case_record_id(CnDecode *decode,
                           const CnNode *node,
                           const char *what,
                           const char **out);
gboolean cn_case_int(CnDecode *decode,
                     const CnNode *node,
                     const char *what,
                     gint64 least,
                     gint64 most,
                     gint32 *out);
gboolean cn_case_choice(CnDecode *decode,
                        const CnNode *node,
                        const char *what,
                        const CnChoice *choices,
                        guint choices_len,
                        gint *out);
gboolean cn_case_urgency(CnDecode *decode, const CnNode *node, CnUrgency *out);
gboolean cn_case_date(CnDecode *decode, const CnNode *node, const char *what, CnDate *out);
gboolean cn_case_area(CnDecode *decode, const CnNode *node, const char *what, CnAreaId *out);
gboolean cn_case_term(CnDecode *decode,
                      const CnNode *node,
                      const char *what,
                      carenet_terms_kind kind,
                      gint *out);
/* @text is the service, a part of the text of @node perhaps. */
gboolean cn_case_service(CnDecode *decode, const CnNode *node, const char *text, CnServiceId *out);

/* Lists. */
void cn_case_terms(CnDecode *decode,
                   const CnNode *node,
                   const char *what,
                   carenet_terms_kind kind,
                   CnTermSet *out);
void cn_case_areas(CnDecode *decode, const CnNode *node, const char *what, GArray *out);
void cn_case_refs(CnDecode *decode, const CnNode *node, const char *what, GPtrArray *out);
void cn_case_ids(CnDecode *decode, const CnNode *node, const char *what, GPtrArray *out);
/* Ids of providers or organizations, never of offerings. */
void cn_case_record_ids(CnDecode *decode, const CnNode *node, const char *what, GPtrArray *out);

/* Parts of a case, one handler a key; the target is the CnCase. */
void cn_case_read_needs(CnDecode *decode, const CnNode *value, gpointer target);
void cn_case_read_bundle(CnDecode *decode, const CnNode *value, gpointer target);
void cn_case_read_siblings(CnDecode *decode, const CnNode *value, gpointer target);
void cn_case_read_keep_apart(CnDecode *decode, const CnNode *value, gpointer target);
void cn_case_read_offender(CnDecode *decode, const CnNode *value, gpointer target);
void cn_case_read_avoid(CnDecode *decode, const CnNode *value, gpointer target);
void cn_case_read_assessments(CnDecode *decode, const CnNode *value, gpointer target);
void cn_case_read_consent(CnDecode *decode, const CnNode *value, gpointer target);
void cn_case_read_consents(CnDecode *decode, const CnNode *value, gpointer target);
