/* See tame-network.h. */
#include "tame-network.h"

#include <string.h>

static const char *
tame_text(const char *text)
{
    return text == NULL || *text == '\0' || strchr(text, '\n') != NULL ? NULL : text;
}

static void
tame_offering(CnOffering *offering, const CnReference *reference)
{
    static const char *const sources[] = {NULL, "phone", "visit", "email", "document", "report"};
    CnCapacity *capacity = &offering->capacity;
    if (cn_service(reference->taxonomy, offering->service)->unit == CN_UNIT_NONE ||
        !capacity->as_of.is_set)
        *capacity = cn_offering_blank().capacity;
    if (capacity->as_of.day_only)
        capacity->as_of.s = cn_date_first_s(cn_date_of(capacity->as_of.s));
    capacity->source = capacity->known ? sources[(guint)capacity->total % 6] : NULL;
    offering->eligibility.not_for =
        cn_term_set_minus(offering->eligibility.not_for, offering->eligibility.groups);
    offering->hours = offering->hours != NULL ? "Mo-Fr 08:00-12:00,13:00-17:00; Su off" : NULL;
    offering->intake_hours = offering->intake_hours != NULL ? "24/7" : NULL;
}

static void
tame_provider(CnProvider *provider, const CnReference *reference, gboolean guarded)
{
    CnSite *site = &provider->site;
    if (!guarded)
        provider->disclosure = CN_DISCLOSE_PUBLIC;
    provider->name = tame_text(provider->name) != NULL ? provider->name : "Office";
    provider->display_name = tame_text(provider->display_name);
    provider->contact_role = provider->contact_role != NULL ? "intake desk" : NULL;
    site->address = tame_text(site->address);
    site->phone = site->phone != NULL ? "0966-725-5961 (Globe) / 1383" : NULL;
    site->email = site->email != NULL ? "desk@example.org" : NULL;
    if (!site->has_point)
        site->lat_deg = site->lon_deg = 0;
    if (!cn_date_is_set(provider->verified_on))
        provider->verified_by = CN_VERIFIED_NOT;
    else if (provider->verified_by == CN_VERIFIED_NOT)
        provider->verified_by = CN_VERIFIED_VISIT;
    provider->source_url = provider->source_url != NULL ? "https://example.org/" : NULL;
    provider->source_title = tame_text(provider->source_title);
    provider->accreditation_body = tame_text(provider->accreditation_body);
    if (provider->accreditation_body == NULL) {
        provider->accreditation_level = 0;
        provider->accreditation_expires = CN_DATE_NONE;
    }
    for (guint i = 0; i < provider->capabilities->len; i++)
        g_array_index(provider->capabilities, CnCapability, i).expires = CN_DATE_NONE;
    for (guint i = 0; i < provider->offerings->len; i++)
        tame_offering(&g_array_index(provider->offerings, CnOffering, i), reference);
}

void
tame_network(CnNetwork *network, const CnReference *reference, gboolean guarded)
{
    network->name = network->id != NULL ? "Net" : NULL;
    if (network->demonstration_now.day_only)
        network->demonstration_now.s = cn_date_first_s(cn_date_of(network->demonstration_now.s));
    for (guint i = 0; i < network->regions->len; i++)
        g_array_index(network->regions, CnRegion, i).name = "Region: one";
    for (guint i = 0; i < network->organizations->len; i++) {
        CnOrganization *organization = &g_array_index(network->organizations, CnOrganization, i);
        organization->name =
            tame_text(organization->name) != NULL ? organization->name : "Organization";
        organization->website = organization->website != NULL ? "http://example.org" : NULL;
    }
    for (guint i = 0; i < network->providers->len; i++)
        tame_provider(g_ptr_array_index(network->providers, i), reference, guarded);
}
