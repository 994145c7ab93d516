/* Which networks and ordinances cover which area. */
#include "model/coverage.h"

struct CnCoverages {
    const CnGazetteer *gazetteer;
    CnCoverage *own; /* one an area: what was recorded for exactly this area */
};

static void
take_first(CnDate *first, CnDate date)
{
    if (cn_date_is_set(date) && (!cn_date_is_set(*first) || cn_date_compare(date, *first) < 0))
        *first = date;
}

static void
add_network(CnCoverages *coverages, const CnNetwork *network, const CnProgramme *programme)
{
    for (guint i = 0; i < network->regions->len; i++) {
        const CnRegion *region = &g_array_index(network->regions, CnRegion, i);
        if (g_strcmp0(region->id, programme->region) != 0 || region->area < 0)
            continue;
        CnCoverage *own = &coverages->own[region->area];
        own->network = region->id;
        own->network_formed_on = programme->network_formed_on;
    }
}

static void
add_ordinance(CnCoverages *coverages, const CnOrdinance *ordinance)
{
    if (ordinance->area < 0 || !cn_date_is_set(ordinance->passed_on))
        return;
    CnCoverage *own = &coverages->own[ordinance->area];
    take_first(&own->ordinance_passed_on, ordinance->passed_on);
    take_first(&own->ordinance_implemented_on, ordinance->implemented_on);
}

CnCoverages *
cn_coverages_new(const CnNetwork *network, const CnGazetteer *gazetteer)
{
    CnCoverages *coverages = g_new0(CnCoverages, 1);
    coverages->gazetteer = gazetteer;
    coverages->own = g_new0(CnCoverage, cn_gazetteer_len(gazetteer));
    for (guint i = 0; i < network->programmes->len; i++) {
        const CnProgramme *programme = g_ptr_array_index(network->programmes, i);
        if (cn_date_is_set(programme->network_formed_on))
            add_network(coverages, network, programme);
        for (guint k = 0; k < programme->records[CN_PROGRAMME_ORDINANCES]->len; k++)
            add_ordinance(coverages, cn_programme_get(programme, CN_PROGRAMME_ORDINANCES, k));
    }
    return coverages;
}

void
cn_coverages_free(CnCoverages *coverages)
{
    if (coverages == NULL)
        return;
    g_free(coverages->own);
    g_free(coverages);
}

CnCoverage
cn_coverage_of(const CnCoverages *coverages, CnAreaId area)
{
    CnCoverage found = {0};
    for (; area >= 0; area = cn_area(coverages->gazetteer, area)->parent) {
        const CnCoverage *own = &coverages->own[area];
        take_first(&found.ordinance_passed_on, own->ordinance_passed_on);
        take_first(&found.ordinance_implemented_on, own->ordinance_implemented_on);
        if (found.network == NULL && own->network != NULL) {
            found.network = own->network;
            found.network_formed_on = own->network_formed_on;
        }
    }
    return found;
}
