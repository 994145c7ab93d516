/* The question "who?": filters, order and rows of find. */
#pragma once

#include "directory/directory.h"

/* A query with its names resolved and its facts turned into a person whom the hard rules can look
 * at. */
typedef struct {
    const CnDirectory *directory;
    const carenet_find_query *query;
    GArray *regions;  /* (element-type CnAreaId) */
    GArray *services; /* (element-type CnServiceId) */
    CnAreaId serving; /* -1 none */
    CnAreaId near;    /* -1 none */
    CnTermSet languages;
    CnCase *person;
    CnNeed need;
    CnOrigin *origin;   /* NULL without near */
    CnPlugged *plugged; /* NULL: no plug-ins */
    guint32 filters;    /* one bit a CnFilter: what the query asks at all */
    CnQuestion question;
    gint64 now_s;
    gint32 stale_after_days;
    const gint32 *bands_min;
    guint bands_len;
} CnFind;

/* What find itself asks, beside the hard rules. Their order is that of why-not. */
typedef enum {
    CN_FILTER_SERVICE,
    CN_FILTER_REGION,
    CN_FILTER_LANGUAGE,
    CN_FILTER_REMOTE,
    CN_FILTER_DISTANCE,
    CN_FILTER_FREE,
    CN_FILTER_OPEN,
    CN_FILTER_VERIFIED,
    CN_FILTER_ORDINANCE,
    CN_FILTER_NETWORK,
    CN_FILTERS_LEN,
} CnFilter;

typedef enum {
    CN_VIA_NONE,
    CN_VIA_PLACE,
    CN_VIA_SERVES,
    CN_VIA_REMOTE
} CnVia;

/* Resolves names and asks plug-ins, for the public function @call; FALSE sets not-found, invalid-argument,
 * or invalid-data. Clear it either way. */
gboolean cn_find_init(CnFind *find,
                      const char *call,
                      const CnDirectory *directory,
                      const carenet_find_query *query,
                      GError **error);
void cn_find_clear(CnFind *find);

/* How an offering comes into a region's answer. */
CnVia cn_find_via(const CnFind *find, const CnListedProvider *provider);
/* Whether filter @filter lets the candidate through. */
gboolean cn_find_passes(const CnFind *find, CnFilter filter, const CnCandidate *candidate);
const char *cn_filter_reason(CnFilter filter);
/* Why it did not, in words. (transfer full) */
char *cn_filter_detail(const CnFind *find, CnFilter filter, const CnCandidate *candidate);

/* The hard rules that a find looks at: who is listed at all, and the facts that were given. Where no
 * group is named, an offering for members of a group only is listed, and its row says so. */
#define CN_FIND_RULES                                                                          \
    (CN_RULE_BIT(CN_RULE_SUSPENDED) | CN_RULE_BIT(CN_RULE_CLOSED) | CN_RULE_BIT(CN_RULE_AGE) | \
     CN_RULE_BIT(CN_RULE_SEX) | CN_RULE_BIT(CN_RULE_GROUP) | CN_RULE_BIT(CN_RULE_NOT_FOR) |    \
     CN_RULE_BIT(CN_RULE_ACCESS) | CN_RULE_BIT(CN_RULE_PAUSED) | CN_RULE_BIT(CN_RULE_PLUGIN))

CnRuleMask cn_find_rules(const CnFind *find);

/* Whether the offering is a row of the answer. */
gboolean cn_find_lists(const CnFind *find, const CnCandidate *candidate);

gboolean cn_capacity_is_stale(const CnLiveCapacity *capacity,
                              CnUnit unit,
                              gint64 now_s,
                              gint32 after_days);

/* NULL sets @error: the capacity of a partial directory could not be read. */
carenet_table *cn_find_rows(const CnFind *find, GError **error);
carenet_table *cn_find_why_not(const CnFind *find, const char *id, GError **error);
