/* Questions to a gazetteer: areas, levels, what lies below what, short names. */
#include "model/place-private.h"

#include <string.h>

static const char *const level_names[] = {"country",  "island-group", "region",
                                          "province", "city",         "municipality"};

gboolean
cn_level_parse(const char *text, CnLevel *out_level)
{
    for (guint i = 0; i < G_N_ELEMENTS(level_names); i++) {
        if (strcmp(text, level_names[i]) == 0) {
            *out_level = (CnLevel)i;
            return TRUE;
        }
    }
    return FALSE;
}

const char *
cn_level_name(CnLevel level)
{
    return level_names[level];
}

guint
cn_gazetteer_len(const CnGazetteer *gazetteer)
{
    return gazetteer->len;
}

const CnArea *
cn_area(const CnGazetteer *gazetteer, CnAreaId area)
{
    g_assert(area >= 0 && (guint)area < gazetteer->len);
    return &gazetteer->areas[area];
}

const char *
cn_gazetteer_code_of(gconstpointer gazetteer, guint32 area)
{
    return ((const CnGazetteer *)gazetteer)->areas[area].code;
}

CnAreaId
cn_area_by_code(const CnGazetteer *gazetteer, const char *code)
{
    return cn_text_index_find(&gazetteer->by_code, cn_gazetteer_code_of, gazetteer, code);
}

const char *
cn_island_name(const CnGazetteer *gazetteer, gint16 island)
{
    if (island < 0 || (guint)island >= gazetteer->islands->len)
        return NULL;
    return g_ptr_array_index(gazetteer->islands, (guint)island);
}

gboolean
cn_area_contains(const CnGazetteer *gazetteer, CnAreaId outer, CnAreaId inner)
{
    if (outer < 0 || inner < 0)
        return FALSE;
    return (inner >= outer && inner < cn_area(gazetteer, outer)->end) ||
           cn_area(gazetteer, inner)->geographic_province == outer;
}

CnAreaId
cn_area_at_level(const CnGazetteer *gazetteer, CnAreaId area, CnLevel level)
{
    while (area >= 0 && cn_area(gazetteer, area)->level > level)
        area = cn_area(gazetteer, area)->parent;
    return area >= 0 && cn_area(gazetteer, area)->level == level ? area : CN_AREA_NONE;
}

const char *
cn_area_short_name(const CnGazetteer *gazetteer, CnAreaId area)
{
    g_assert(area >= 0 && (guint)area < gazetteer->len);
    return gazetteer->short_names[area];
}

/* PSGC writes "Cagayan De Oro" and "San Jose Del Monte"; people write the particles small. */
static void
lower_particles(char *name)
{
    static const char *const particles[] = {"De", "Del", "La", "Las", "Los", "Of", "Sa", "Ng", "Y"};
    for (char *word = strchr(name, ' '); word != NULL; word = strchr(word + 1, ' ')) {
        gsize len = strcspn(word + 1, " ");
        for (guint i = 0; i < G_N_ELEMENTS(particles); i++)
            if (strlen(particles[i]) == len && strncmp(word + 1, particles[i], len) == 0)
                word[1] = g_ascii_tolower(word[1]);
    }
}

char *
cn_area_plain_name(const CnArea *area)
{
    const char *name = area->name;
    char *plain;
    const char *open = strchr(name, '(');
    if (area->level == CN_LEVEL_CITY && g_str_has_prefix(name, "City of "))
        plain = g_strdup(name + strlen("City of "));
    else if (area->level == CN_LEVEL_REGION && open != NULL && g_str_has_suffix(open, ")"))
        plain = g_strndup(open + 1, strlen(open) - 2);
    else
        plain = g_strdup(name);
    lower_particles(plain);
    return plain;
}

/* Whether another area than @self, of a level up to @lowest, goes by @name as well. */
static gboolean
is_shared(const CnGazetteer *gazetteer, const char *name, CnAreaId self, CnLevel lowest)
{
    g_autofree char *key = cn_place_key(name);
    gint32 i = cn_gazetteer_first_key(gazetteer, key);
    for (; i >= 0; i = cn_gazetteer_name(gazetteer, i)->next_key) {
        CnAreaId other = cn_gazetteer_name(gazetteer, i)->area;
        if (other != self && gazetteer->areas[other].level <= lowest)
            return TRUE;
    }
    return FALSE;
}

/* The area whose name tells towns of one name apart. */
static CnAreaId
province_of(const CnGazetteer *gazetteer, CnAreaId id)
{
    const CnArea *area = &gazetteer->areas[id];
    return area->geographic_province >= 0 ? area->geographic_province : area->parent;
}

/* A short name is one that resolves to its area again: "Cagayan de Oro"; "Cebu City", since Cebu is
 * the province; "San Isidro, Bohol". */
static char *
make_short_name(const CnGazetteer *gazetteer, CnAreaId id)
{
    const CnArea *area = &gazetteer->areas[id];
    g_autofree char *name = cn_area_plain_name(area);
    if (area->level == CN_LEVEL_CITY && is_shared(gazetteer, name, id, CN_LEVEL_PROVINCE)) {
        char *city = g_strconcat(name, " City", NULL);
        g_free(name);
        name = city;
    }
    CnAreaId province = province_of(gazetteer, id);
    if (area->level < CN_LEVEL_CITY || province < 0 ||
        !is_shared(gazetteer, name, id, CN_LEVEL_MUNICIPALITY))
        return g_steal_pointer(&name);
    return g_strconcat(name, ", ", gazetteer->short_names[province], NULL);
}

void
cn_gazetteer_make_short_names(CnGazetteer *gazetteer)
{
    gazetteer->short_names = g_new0(const char *, gazetteer->len + 1);
    /* Level by level, so that the name of a province is there before its towns ask for it. */
    for (gint level = CN_LEVEL_COUNTRY; level <= CN_LEVEL_MUNICIPALITY; level++) {
        for (guint i = 0; i < gazetteer->len; i++) {
            if ((gint)gazetteer->areas[i].level != level)
                continue;
            g_autofree char *name = make_short_name(gazetteer, (CnAreaId)i);
            gazetteer->short_names[i] = g_string_chunk_insert(gazetteer->strings, name);
        }
    }
}

void
cn_gazetteer_free(CnGazetteer *gazetteer)
{
    if (gazetteer == NULL)
        return;
    g_free(gazetteer->areas);
    g_free(gazetteer->aliases);
    g_free(gazetteer->short_names);
    g_ptr_array_unref(gazetteer->islands);
    cn_text_index_clear(&gazetteer->by_code);
    cn_text_index_clear(&gazetteer->by_text);
    cn_text_index_clear(&gazetteer->by_key);
    g_clear_pointer(&gazetteer->names, g_array_unref);
    g_free(gazetteer->ports);
    g_free(gazetteer->ways);
    g_free(gazetteer->island_ports);
    g_string_chunk_free(gazetteer->strings);
    g_free(gazetteer);
}
