/* A gazetteer packed and read back in place: what a process needs of the places, without parsing. Every
 * number is checked against what it points into, so that a damaged pack is refused and never used. */
#include "model/place-private.h"

#include <math.h>

#define AREAS_MOST 1000000

/* ---- Packing. */

static void
pack_area(GByteArray *out, const CnGazetteer *gazetteer, guint i)
{
    const CnArea *area = &gazetteer->areas[i];
    cn_pack_text(out, area->code);
    cn_pack_text(out, area->name);
    cn_pack_text(out, gazetteer->short_names[i]);
    cn_pack_int(out, area->level);
    cn_pack_int(out, area->parent);
    cn_pack_int(out, area->end);
    cn_pack_int(out, area->geographic_province);
    cn_pack_real(out, area->lat_deg);
    cn_pack_real(out, area->lon_deg);
    cn_pack_int(out, area->population);
    cn_pack_int(out, area->island);
    for (guint k = 0; area->aliases[k] != NULL; k++)
        cn_pack_text(out, area->aliases[k]);
    cn_pack_text(out, NULL);
}

static void
pack_names(GByteArray *out, const CnGazetteer *gazetteer)
{
    cn_pack_int(out, gazetteer->names->len);
    for (guint i = 0; i < gazetteer->names->len; i++) {
        const CnPlaceName *name = cn_gazetteer_name(gazetteer, (gint32)i);
        cn_pack_text(out, name->text);
        cn_pack_text(out, name->key);
        cn_pack_int(out, name->area);
        cn_pack_int(out, name->next_text);
        cn_pack_int(out, name->next_key);
    }
    cn_text_index_pack(out, &gazetteer->by_text);
    cn_text_index_pack(out, &gazetteer->by_key);
}

static void
pack_ways(GByteArray *out, const CnGazetteer *gazetteer)
{
    cn_pack_int(out, gazetteer->ports_len);
    for (guint i = 0; i <= gazetteer->ports_len; i++) {
        cn_pack_int(out, gazetteer->ports[i].area);
        cn_pack_int(out, gazetteer->ports[i].island);
        cn_pack_int(out, gazetteer->ports[i].first_way);
    }
    for (guint i = 0; i < gazetteer->ports[gazetteer->ports_len].first_way; i++) {
        cn_pack_int(out, gazetteer->ways[i].to);
        cn_pack_int(out, gazetteer->ways[i].kind);
        cn_pack_real(out, gazetteer->ways[i].km);
    }
    for (guint i = 0; i <= gazetteer->islands->len; i++)
        cn_pack_int(out, gazetteer->island_ports[i]);
}

void
cn_gazetteer_pack(GByteArray *out, const CnGazetteer *gazetteer)
{
    cn_pack_int(out, gazetteer->len);
    cn_pack_int(out, gazetteer->islands->len);
    for (guint i = 0; i < gazetteer->islands->len; i++)
        cn_pack_text(out, g_ptr_array_index(gazetteer->islands, i));
    guint aliases = 0;
    for (guint i = 0; i < gazetteer->len; i++)
        aliases += g_strv_length((char **)gazetteer->areas[i].aliases) + 1;
    cn_pack_int(out, aliases);
    for (guint i = 0; i < gazetteer->len; i++)
        pack_area(out, gazetteer, i);
    cn_text_index_pack(out, &gazetteer->by_code);
    pack_names(out, gazetteer);
    pack_ways(out, gazetteer);
}

/* ---- Reading back. */

/* Parents stand before their children, so that every way up ends. */
static void
unpack_area(CnUnpack *in, CnGazetteer *gazetteer, guint i)
{
    CnArea *area = &gazetteer->areas[i];
    gint64 last = (gint64)gazetteer->len - 1;
    area->code = cn_unpack_text(in);
    area->name = cn_unpack_text(in);
    gazetteer->short_names[i] = cn_unpack_text(in);
    area->level = (CnLevel)cn_unpack_int_in(in, CN_LEVEL_COUNTRY, CN_LEVEL_MUNICIPALITY);
    area->parent = (CnAreaId)cn_unpack_int_in(in, CN_AREA_NONE, (gint64)i - 1);
    area->end = (CnAreaId)cn_unpack_int_in(in, (gint64)i + 1, gazetteer->len);
    area->geographic_province = (CnAreaId)cn_unpack_int_in(in, CN_AREA_NONE, last);
    area->lat_deg = cn_unpack_real_in(in, -90.0, 90.0);
    area->lon_deg = cn_unpack_real_in(in, -180.0, 180.0);
    area->population = cn_unpack_int_in(in, 0, G_MAXINT64);
    area->island = (gint16)cn_unpack_int_in(in, -1, (gint64)gazetteer->islands->len - 1);
}

static void
unpack_areas(CnUnpack *in, CnGazetteer *gazetteer)
{
    /* A list of aliases takes at least 8 bytes an entry. */
    gsize pool = (gsize)cn_unpack_int_in(in, gazetteer->len, (in->end - in->at) / 8), used = 0;
    gazetteer->areas = g_new0(CnArea, gazetteer->len + 1);
    gazetteer->short_names = g_new0(const char *, gazetteer->len + 1);
    gazetteer->aliases = g_new0(const char *, pool + 1);
    for (guint i = 0; i < gazetteer->len && !in->broken; i++) {
        unpack_area(in, gazetteer, i);
        gazetteer->areas[i].aliases = gazetteer->aliases + used;
        do {
            if (used == pool)
                in->broken = TRUE;
            gazetteer->aliases[used] = cn_unpack_text_or_null(in);
        } while (!in->broken && gazetteer->aliases[used++] != NULL);
    }
}

/* Chains ascend, so that each of them ends. */
static void
unpack_names(CnUnpack *in, CnGazetteer *gazetteer)
{
    guint len = (guint)cn_unpack_int_in(in, 0, (in->end - in->at) / 40);
    gazetteer->names = g_array_sized_new(FALSE, FALSE, sizeof(CnPlaceName), len);
    for (guint i = 0; i < len && !in->broken; i++) {
        CnPlaceName name = {.text = cn_unpack_text(in), .key = cn_unpack_text(in)};
        name.area = (CnAreaId)cn_unpack_int_in(in, 0, (gint64)gazetteer->len - 1);
        name.next_text = (gint32)cn_unpack_int_in(in, -1, (gint64)len - 1);
        name.next_key = (gint32)cn_unpack_int_in(in, -1, (gint64)len - 1);
        if ((name.next_text >= 0 && name.next_text <= (gint32)i) ||
            (name.next_key >= 0 && name.next_key <= (gint32)i))
            in->broken = TRUE;
        g_array_append_val(gazetteer->names, name);
    }
    cn_text_index_unpack(in, &gazetteer->by_text, len);
    cn_text_index_unpack(in, &gazetteer->by_key, len);
}

static void
unpack_ports(CnUnpack *in, CnGazetteer *gazetteer)
{
    gint64 ways_most = (in->end - in->at) / 24, first_way = 0;
    gint64 island = 0, last_area = (gint64)gazetteer->len - 1;
    gazetteer->ports = g_new0(CnPort, gazetteer->ports_len + 1);
    for (guint i = 0; i <= gazetteer->ports_len; i++) {
        CnPort *port = &gazetteer->ports[i];
        port->area = (CnAreaId)cn_unpack_int_in(in, 0, last_area);
        /* The last one is no port and ends the list of ways. */
        island = i < gazetteer->ports_len
                     ? cn_unpack_int_in(in, island, (gint64)gazetteer->islands->len - 1)
                     : cn_unpack_int(in);
        port->island = (gint16)island;
        first_way = cn_unpack_int_in(in, first_way, ways_most);
        port->first_way = (guint)first_way;
    }
    if (gazetteer->ports[0].first_way != 0)
        in->broken = TRUE;
}

static void
unpack_ways(CnUnpack *in, CnGazetteer *gazetteer)
{
    gazetteer->ports_len = (guint)cn_unpack_int_in(in, 0, CN_PORTS_MOST);
    unpack_ports(in, gazetteer);
    guint ways = gazetteer->ports[gazetteer->ports_len].first_way;
    gazetteer->ways = g_new0(CnWay, (gsize)ways + 1);
    for (guint i = 0; i < ways && !in->broken; i++) {
        gazetteer->ways[i].to = (guint)cn_unpack_int_in(in, 0, (gint64)gazetteer->ports_len - 1);
        gazetteer->ways[i].kind = (CnWayKind)cn_unpack_int_in(in, CN_WAY_LAND, CN_WAY_FERRY);
        gazetteer->ways[i].km = cn_unpack_real_in(in, 0.0, 1e6);
    }
    gint64 first = 0;
    gazetteer->island_ports = g_new0(guint, gazetteer->islands->len + 1);
    for (guint i = 0; i <= gazetteer->islands->len && !in->broken; i++) {
        first = cn_unpack_int_in(in, first, gazetteer->ports_len);
        gazetteer->island_ports[i] = (guint)first;
    }
}

CnGazetteer *
cn_gazetteer_unpack(CnUnpack *in)
{
    g_autoptr(CnGazetteer) gazetteer = g_new0(CnGazetteer, 1);
    gazetteer->strings = g_string_chunk_new(16);
    gazetteer->islands = g_ptr_array_new();
    gazetteer->len = (guint)cn_unpack_int_in(in, 1, MIN(AREAS_MOST, (in->end - in->at) / 8));
    gint64 islands = cn_unpack_int_in(in, 0, MIN(G_MAXINT16, (in->end - in->at) / 8));
    for (gint64 i = 0; i < islands && !in->broken; i++)
        g_ptr_array_add(gazetteer->islands, (gpointer)cn_unpack_text(in));
    if (in->broken)
        return NULL;
    unpack_areas(in, gazetteer);
    cn_text_index_unpack(in, &gazetteer->by_code, gazetteer->len);
    unpack_names(in, gazetteer);
    if (!in->broken)
        unpack_ways(in, gazetteer);
    return in->broken ? NULL : g_steal_pointer(&gazetteer);
}
