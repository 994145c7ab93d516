/* The layout of a gazetteer, for the files that build it and read it. */
#pragma once

#include "base/text-index.h"
#include "model/place.h"

/* One name or alias of an area. Names with the same text, and names with the same key, are chained
 * in the order of their areas. */
typedef struct {
    const char *text;
    const char *key; /* folded, see cn_place_key() */
    CnAreaId area;
    gint32 next_text; /* position in `names`; -1 ends */
    gint32 next_key;
} CnPlaceName;

/* A town at the end of a link. Ports are sorted by island, then area. */
typedef struct {
    CnAreaId area;
    gint16 island;
    guint first_way; /* its ways are [first_way, first_way of the next port) */
} CnPort;

typedef enum {
    CN_WAY_LAND,
    CN_WAY_BRIDGE,
    CN_WAY_FERRY
} CnWayKind;

/* One direction from a port to another. */
typedef struct {
    guint to;
    CnWayKind kind;
    double km;
} CnWay;

typedef struct {
    CnLinkKind kind;
    CnAreaId from, to;
    double km;
} CnLink;

struct CnGazetteer {
    GStringChunk *strings;
    CnArea *areas;
    guint len;
    const char **aliases; /* pool of NULL-terminated lists */
    const char **short_names;
    GPtrArray *islands;  /* (element-type utf8) */
    CnTextIndex by_code; /* of areas */
    GArray *names;       /* (element-type CnPlaceName) */
    CnTextIndex by_text; /* of names: the head of a chain */
    CnTextIndex by_key;
    CnPort *ports; /* one more than ports_len, whose first_way ends the last list */
    guint ports_len;
    CnWay *ways;
    guint *island_ports; /* of each island the first port; one more than islands */
};

/* The folded form under which names are compared: as cn_text_fold(), with the abbreviations of place
 * names written out ("Sto. Tomas" is "santo tomas"). (transfer full) */
char *cn_place_key(const char *text);
/* What people call an area: "City of X" is X, "Region X (Northern Mindanao)" is what stands in the
 * brackets. (transfer full) */
char *cn_area_plain_name(const CnArea *area);
/* Fills names, by_text and by_key from the areas. */
void cn_gazetteer_index_names(CnGazetteer *gazetteer);
/* Fills short_names; needs the names. */
void cn_gazetteer_make_short_names(CnGazetteer *gazetteer);
/* What the indexes are of. */
const char *cn_gazetteer_code_of(gconstpointer gazetteer, guint32 area);
/* Heads of the chains, -1 none. */
gint32 cn_gazetteer_first_text(const CnGazetteer *gazetteer, const char *text);
gint32 cn_gazetteer_first_key(const CnGazetteer *gazetteer, const char *key);
static inline const CnPlaceName *
cn_gazetteer_name(const CnGazetteer *gazetteer, gint32 i)
{
    return &g_array_index(gazetteer->names, CnPlaceName, i);
}

/* Fills ports, ways and island_ports from @links (element-type CnLink). FALSE where there are more
 * than CN_PORTS_MOST ports. */
gboolean cn_gazetteer_lay_ways(CnGazetteer *gazetteer, const GArray *links);
