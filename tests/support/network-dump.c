/* See network-dump.h. Every field of every record stands here by name: a field that a store forgets
 * makes two dumps differ. */
#include "network-dump.h"

static void
add_text(GString *out, const char *key, const char *value)
{
    g_autofree char *escaped = value != NULL ? g_strescape(value, NULL) : NULL;
    g_string_append_printf(out, "  %s: %s%s%s\n", key, value != NULL ? "\"" : "",
                           value != NULL ? escaped : "null", value != NULL ? "\"" : "");
}

static void
add_int(GString *out, const char *key, gint64 value)
{
    g_string_append_printf(out, "  %s: %" G_GINT64_FORMAT "\n", key, value);
}

static void
add_date(GString *out, const char *key, CnDate date)
{
    char buffer[11];
    g_string_append_printf(out, "  %s: %s\n", key, cn_date_format(date, buffer));
}

static void
add_instant(GString *out, const char *key, CnInstant instant)
{
    if (instant.is_set)
        g_string_append_printf(out, "  %s: %" G_GINT64_FORMAT "%s\n", key, instant.s,
                               instant.day_only ? " (day)" : "");
}

static void
add_area(GString *out, const char *key, CnAreaId area, const CnReference *reference)
{
    add_text(out, key, area >= 0 ? cn_area(reference->gazetteer, area)->code : NULL);
}

static void
add_terms(GString *out,
          const char *key,
          CnTermSet set,
          const CnReference *reference,
          carenet_terms_kind kind)
{
    g_autofree char *ids = cn_term_set_join(reference->terms[kind], set, ",");
    add_text(out, key, ids);
}

static void
add_region(GString *out, const CnRegion *region, const CnReference *reference)
{
    g_string_append_printf(out, "region %s\n", region->id);
    add_text(out, "name", region->name);
    add_area(out, "area", region->area, reference);
    add_terms(out, "languages", region->languages, reference, CARENET_TERMS_LANGUAGES);
}

static void
add_organization(GString *out, const CnOrganization *organization)
{
    g_string_append_printf(out, "organization %s\n", organization->id);
    add_text(out, "region", organization->region);
    add_text(out, "name", organization->name);
    add_text(out, "website", organization->website);
    add_text(out, "kind", cn_org_kind_name(organization->kind));
    add_date(out, "data_sharing_agreement", organization->data_sharing_agreement);
    add_int(out, "example", organization->example != FALSE);
}

static void
add_site(GString *out, const CnSite *site, const CnReference *reference)
{
    char buffer[G_ASCII_DTOSTR_BUF_SIZE];
    add_area(out, "site.area", site->area, reference);
    if (site->has_point) {
        add_text(out, "site.lat_deg", g_ascii_dtostr(buffer, sizeof buffer, site->lat_deg));
        add_text(out, "site.lon_deg", g_ascii_dtostr(buffer, sizeof buffer, site->lon_deg));
    }
    add_text(out, "site.address", site->address);
    add_text(out, "site.phone", site->phone);
    add_text(out, "site.email", site->email);
}

static void
add_capacity(GString *out, const CnCapacity *capacity)
{
    add_int(out, "capacity.known", capacity->known != FALSE);
    if (!capacity->known)
        return;
    add_int(out, "capacity.total", capacity->total);
    add_int(out, "capacity.occupied", capacity->occupied);
    add_int(out, "capacity.held", capacity->held);
    add_instant(out, "capacity.as_of", capacity->as_of);
    add_text(out, "capacity.source", capacity->source);
    add_int(out, "capacity.wait_days", capacity->wait_days);
}

static void
add_offering(GString *out, const CnOffering *offering, const CnReference *reference)
{
    const CnEligibility *eligibility = &offering->eligibility;
    g_string_append_printf(out, "offering %s\n", offering->id);
    add_text(out, "service", cn_service(reference->taxonomy, offering->service)->id);
    add_text(out, "variant", offering->variant);
    add_int(out, "all_below", offering->all_below != FALSE);
    add_int(out, "age_min", eligibility->age_min);
    add_int(out, "age_max", eligibility->age_max);
    add_text(out, "sex", cn_sex_name(eligibility->sex));
    add_terms(out, "groups", eligibility->groups, reference, CARENET_TERMS_GROUPS);
    add_terms(out, "not_for", eligibility->not_for, reference, CARENET_TERMS_GROUPS);
    add_terms(out, "documents", eligibility->documents, reference, CARENET_TERMS_DOCUMENTS);
    add_int(out, "siblings_up_to", eligibility->siblings_up_to);
    add_text(out, "hours", offering->hours);
    add_text(out, "intake_hours", offering->intake_hours);
    add_int(out, "intake_on_call", offering->intake_on_call != FALSE);
    add_capacity(out, &offering->capacity);
}

static void
add_lists(GString *out, const CnProvider *provider, const CnReference *reference)
{
    add_terms(out, "languages", provider->languages, reference, CARENET_TERMS_LANGUAGES);
    add_terms(out, "access", provider->access, reference, CARENET_TERMS_ACCESS);
    for (guint i = 0; i < provider->serves->len; i++)
        add_area(out, "serves", g_array_index(provider->serves, CnAreaId, i), reference);
    for (guint i = 0; i < provider->capabilities->len; i++) {
        const CnCapability *capability = &g_array_index(provider->capabilities, CnCapability, i);
        add_text(out, "course",
                 cn_term(reference->terms[CARENET_TERMS_COURSES], capability->course)->id);
        add_int(out, "staff", capability->staff);
        add_date(out, "on", capability->on);
        add_date(out, "expires", capability->expires);
    }
}

static void
add_provider(GString *out, const CnProvider *provider, const CnReference *reference)
{
    g_string_append_printf(out, "provider %s\n", provider->id);
    add_text(out, "region", provider->region);
    add_text(out, "organization", provider->organization);
    add_text(out, "name", provider->name);
    add_text(out, "display_name", provider->display_name);
    add_int(out, "example", provider->example != FALSE);
    add_text(out, "disclosure", cn_disclosure_name(provider->disclosure));
    add_area(out, "show_area", provider->show_area, reference);
    add_site(out, &provider->site, reference);
    add_int(out, "remote", provider->remote != FALSE);
    add_text(out, "contact_role", provider->contact_role);
    add_text(out, "contact_gateway", provider->contact_gateway);
    add_text(out, "status", cn_status_name(provider->status));
    add_date(out, "listing_consent", provider->listing_consent);
    add_date(out, "verified_on", provider->verified_on);
    add_text(out, "verified_by", cn_verified_by_name(provider->verified_by));
    add_text(out, "source_url", provider->source_url);
    add_text(out, "source_title", provider->source_title);
    add_date(out, "source_on", provider->source_on);
    add_text(out, "accreditation_body", provider->accreditation_body);
    add_int(out, "accreditation_level", provider->accreditation_level);
    add_date(out, "accreditation_expires", provider->accreditation_expires);
    add_lists(out, provider, reference);
    for (guint i = 0; i < provider->offerings->len; i++)
        add_offering(out, &g_array_index(provider->offerings, CnOffering, i), reference);
}

char *
network_dump(CnNetwork *network, const CnReference *reference)
{
    GString *out = g_string_new("network\n");
    cn_network_sort(network);
    add_text(out, "id", network->id);
    add_text(out, "name", network->name);
    add_instant(out, "demonstration_now", network->demonstration_now);
    for (guint i = 0; i < network->regions->len; i++)
        add_region(out, &g_array_index(network->regions, CnRegion, i), reference);
    for (guint i = 0; i < network->organizations->len; i++)
        add_organization(out, &g_array_index(network->organizations, CnOrganization, i));
    for (guint i = 0; i < network->providers->len; i++)
        add_provider(out, g_ptr_array_index(network->providers, i), reference);
    return g_string_free(out, FALSE);
}
