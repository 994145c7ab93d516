/* The service taxonomy: terms in pre-order, so that "at or below" is one comparison. */
#pragma once

#include "base/issue.h"
#include "base/pack.h"

#include <glib.h>

typedef gint32 CnServiceId; /* position in the taxonomy; -1 none */
#define CN_SERVICE_NONE ((CnServiceId)-1)

typedef enum {
    CN_UNIT_BED,
    CN_UNIT_PLACE,
    CN_UNIT_CASELOAD,
    CN_UNIT_SLOT,
    CN_UNIT_KIT,
    CN_UNIT_GRANT,
    CN_UNIT_TEAM,
    CN_UNIT_NONE, /* not counted: always free, no ledger */
} CnUnit;

typedef struct {
    const char *id;
    const char *name;
    CnServiceId parent;
    CnServiceId end; /* terms at or below are [this, end) */
    CnUnit unit;
    gboolean sensitive;   /* a provider's site is restricted by default */
    gint restrictiveness; /* 1 (family) to 6 (institution) for living arrangements; 0 otherwise */
    gint gate;            /* assessment (term index) that a case must carry first; -1 none */
    gboolean routable;
    const char *primero;        /* nullable */
    const char *const *aliases; /* NULL-terminated, never NULL */
} CnService;

/* Whether survivors live where it is given: such a site is restricted unless its entry says
 * otherwise. Sensitive caseloads (foster care) are those of an agency's office. */
static inline gboolean
cn_service_is_home(const CnService *service)
{
    return service->sensitive && (service->unit == CN_UNIT_BED || service->unit == CN_UNIT_PLACE);
}

typedef struct CnTaxonomy CnTaxonomy;

typedef struct {
    const char *id, *name, *parent, *primero;
    const char *const *aliases; /* NULL-terminated, nullable */
    CnUnit unit;
    gboolean sensitive, routable;
    gint restrictiveness, gate;
    CnPos pos;
} CnServiceRow;

/* Builds from @rows in any order; duplicate ids, unknown parents, more than 3 levels become issues;
 * NULL where an error stands. Strings are copied. */
CnTaxonomy *cn_taxonomy_new(const CnServiceRow *rows, guint len, CnIssueList *issues);
void cn_taxonomy_free(CnTaxonomy *taxonomy);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CnTaxonomy, cn_taxonomy_free)

/* As cn_gazetteer_pack(). Gates are below @assessments_len. */
void cn_taxonomy_pack(GByteArray *out, const CnTaxonomy *taxonomy);
CnTaxonomy *cn_taxonomy_unpack(CnUnpack *in, guint assessments_len);

guint cn_taxonomy_len(const CnTaxonomy *taxonomy);
const CnService *cn_service(const CnTaxonomy *taxonomy, CnServiceId service);
CnServiceId cn_service_by_id(const CnTaxonomy *taxonomy, const char *id); /* exact id; -1 none */
gboolean cn_service_contains(const CnTaxonomy *taxonomy, CnServiceId outer, CnServiceId inner);
/* Id, then name or alias without case, accents and punctuation. FALSE sets not-found with near
 * misses, or invalid-argument where an alias names several. */
gboolean cn_service_resolve(const CnTaxonomy *taxonomy,
                            const char *name,
                            CnServiceId *out_service,
                            GError **error);

/* The same; where @hint is FALSE without looking for what was meant. */
gboolean cn_service_resolve_hint(const CnTaxonomy *taxonomy,
                                 const char *name,
                                 gboolean hint,
                                 CnServiceId *out_service,
                                 GError **error);

gboolean cn_unit_parse(const char *text, CnUnit *out_unit);
const char *cn_unit_name(CnUnit unit);
