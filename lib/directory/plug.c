/* From cases to the question for plug-ins: which places, which offerings. */
#include "directory/plug.h"

static void
note_offering(guint offering, gpointer data)
{
    g_array_append_val((GArray *)data, offering);
}

/* Each place once: cases come by the million. */
static GArray *
places_of(const CnDirectory *directory, const struct carenet_cases *cases)
{
    GArray *areas = g_array_new(FALSE, FALSE, sizeof(CnAreaId));
    const guint len = cn_gazetteer_len(directory->listing->reference->gazetteer);
    g_autofree guint8 *met = g_new0(guint8, (gsize)len + 1);
    for (guint i = 0; i < cases->cases->len; i++) {
        const CnAreaId area = ((const CnCase *)g_ptr_array_index(cases->cases, i))->area;
        if (met[area + 1])
            continue;
        met[area + 1] = TRUE;
        g_array_append_val(areas, area);
    }
    return areas;
}

static GArray *
offerings_of(const CnDirectory *directory, const struct carenet_cases *cases)
{
    GArray *offerings = g_array_new(FALSE, FALSE, sizeof(guint));
    const guint len = cn_taxonomy_len(directory->listing->reference->taxonomy);
    g_autofree guint8 *met = g_new0(guint8, MAX(len, 1));
    for (guint i = 0; i < cases->cases->len; i++) {
        const CnCase *person = g_ptr_array_index(cases->cases, i);
        for (guint k = 0; k < person->needs->len; k++) {
            const CnServiceId service = g_array_index(person->needs, CnNeed, k).service;
            if (!met[service])
                cn_index_visit_meeting(&directory->index, service, note_offering, offerings);
            met[service] = TRUE;
        }
    }
    return offerings;
}

gboolean
cn_plug_cases(const CnDirectory *directory,
              const CnPolicy *policy,
              const struct carenet_cases *cases,
              CnPlugged **out,
              GError **error)
{
    *out = NULL;
    if (policy->plugins == NULL)
        return TRUE;
    g_autoptr(GArray) areas = places_of(directory, cases);
    g_autoptr(GArray) offerings = offerings_of(directory, cases);
    return cn_plugged_new(policy->plugins, directory->listing, &policy->speeds, areas, offerings,
                          out, error);
}

gboolean
cn_plug_all(const CnDirectory *directory,
            const CnPolicy *policy,
            CnAreaId area,
            CnPlugged **out,
            GError **error)
{
    *out = NULL;
    if (policy == NULL || policy->plugins == NULL)
        return TRUE;
    g_autoptr(GArray) areas = g_array_new(FALSE, FALSE, sizeof(CnAreaId));
    g_autoptr(GArray) offerings = g_array_new(FALSE, FALSE, sizeof(guint));
    g_array_append_val(areas, area);
    for (guint i = 0; i < directory->listing->offerings_len; i++)
        g_array_append_val(offerings, i);
    return cn_plugged_new(policy->plugins, directory->listing, &policy->speeds, areas, offerings,
                          out, error);
}
