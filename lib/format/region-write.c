/* A network back to the text of a region file, in one order of keys.
 *
 * Of a provider that must not be found the text has what everybody may see and a fixed list of what
 * was left out, the same for every such provider: which of these fields are known is nobody's
 * business either. */
#include "format/region-file.h"
#include "format/region-private.h"
#include "format/yaml-write.h"

#include <string.h>

static const char *const withheld[] = {"area",  "point", "address", "phone",
                                       "email", "name",  "capacity"};

typedef struct {
    CnYamlWriter *yaml;
    const CnNetwork *network;
    const CnReference *reference;
} Writer;

/* ---- Values. What is unknown is left out, key and all. */

static void
begin_record(Writer *writer, const char *key, gboolean in_line)
{
    cn_yaml_put_key(writer->yaml, key);
    cn_yaml_begin_mapping(writer->yaml, in_line);
}

static void
end_record(Writer *writer)
{
    cn_yaml_end_mapping(writer->yaml);
}

static void
begin_list(Writer *writer, const char *key, gboolean in_line)
{
    cn_yaml_put_key(writer->yaml, key);
    cn_yaml_begin_sequence(writer->yaml, in_line);
}

static void
end_list(Writer *writer)
{
    cn_yaml_end_sequence(writer->yaml);
}

static void
put_text(Writer *writer, const char *key, const char *text)
{
    if (text == NULL)
        return;
    cn_yaml_put_key(writer->yaml, key);
    cn_yaml_put_text(writer->yaml, text);
}

static void
put_quoted(Writer *writer, const char *key, const char *text)
{
    if (text == NULL)
        return;
    cn_yaml_put_key(writer->yaml, key);
    cn_yaml_put_quoted(writer->yaml, text);
}

static void
put_word(Writer *writer, const char *key, const char *word)
{
    cn_yaml_put_key(writer->yaml, key);
    cn_yaml_put_word(writer->yaml, word);
}

static void
put_true(Writer *writer, const char *key, gboolean value)
{
    if (value)
        put_word(writer, key, "true");
}

static void
put_number(Writer *writer, const char *key, gint64 number)
{
    char text[24];
    g_snprintf(text, sizeof text, "%" G_GINT64_FORMAT, number);
    put_word(writer, key, text);
}

static void
put_date(Writer *writer, const char *key, CnDate date)
{
    if (cn_date_is_set(date)) {
        char buffer[11];
        put_word(writer, key, cn_date_format(date, buffer));
    }
}

static void
put_instant(Writer *writer, const char *key, CnInstant instant)
{
    g_autofree char *text = instant.is_set ? cn_instant_format(instant) : NULL;
    if (instant.is_set && instant.day_only)
        put_word(writer, key, text);
    else
        put_quoted(writer, key, text);
}

static void
put_area(Writer *writer, const char *key, CnAreaId area)
{
    if (area != CN_AREA_NONE)
        put_quoted(writer, key, cn_area(writer->reference->gazetteer, area)->code);
}

static void
put_terms(Writer *writer, const char *key, carenet_terms_kind kind, CnTermSet set)
{
    const CnVocabulary *vocabulary = writer->reference->terms[kind];
    if (cn_term_set_is_empty(set))
        return;
    begin_list(writer, key, TRUE);
    for (guint i = 0; i < cn_vocabulary_len(vocabulary); i++)
        if (cn_term_set_has(set, (gint)i))
            cn_yaml_put_word(writer->yaml, cn_term(vocabulary, (gint)i)->id);
    end_list(writer);
}

/* ---- Offerings. */

static void
write_capacity(Writer *writer, const CnOffering *offering)
{
    const CnCapacity *capacity = &offering->capacity;
    const CnService *service = cn_service(writer->reference->taxonomy, offering->service);
    if (!capacity->known)
        return;
    begin_record(writer, "capacity", TRUE);
    put_word(writer, "unit", cn_unit_name(service->unit));
    put_number(writer, "total", capacity->total);
    put_number(writer, "occupied", capacity->occupied);
    put_instant(writer, "as_of", capacity->as_of);
    put_text(writer, "source", capacity->source);
    if (capacity->wait_days >= 0)
        put_number(writer, "wait_days", capacity->wait_days);
    end_record(writer);
}

static void
put_age_limit(Writer *writer, gint16 years)
{
    char text[24] = "null";
    if (years >= 0)
        g_snprintf(text, sizeof text, "%d", years);
    cn_yaml_put_word(writer->yaml, text);
}

static gboolean
is_for_anybody(const CnEligibility *eligibility)
{
    return eligibility->age_min < 0 && eligibility->age_max < 0 &&
           eligibility->sex == CN_SEX_UNSTATED && eligibility->siblings_up_to < 0 &&
           cn_term_set_is_empty(eligibility->groups) &&
           cn_term_set_is_empty(eligibility->not_for) &&
           cn_term_set_is_empty(eligibility->documents);
}

static void
write_eligibility(Writer *writer, const CnEligibility *eligibility)
{
    if (is_for_anybody(eligibility))
        return;
    begin_record(writer, "eligibility", TRUE);
    if (eligibility->age_min >= 0 || eligibility->age_max >= 0) {
        begin_list(writer, "age", TRUE);
        put_age_limit(writer, eligibility->age_min);
        put_age_limit(writer, eligibility->age_max);
        end_list(writer);
    }
    if (eligibility->sex != CN_SEX_UNSTATED)
        put_word(writer, "sex", cn_sex_name(eligibility->sex));
    put_terms(writer, "groups", CARENET_TERMS_GROUPS, eligibility->groups);
    put_terms(writer, "documents", CARENET_TERMS_DOCUMENTS, eligibility->documents);
    if (eligibility->siblings_up_to >= 0)
        put_number(writer, "siblings_up_to", eligibility->siblings_up_to);
    put_terms(writer, "not_for", CARENET_TERMS_GROUPS, eligibility->not_for);
    end_record(writer);
}

static void
write_offering(Writer *writer, const CnOffering *offering, gboolean guarded)
{
    cn_yaml_begin_mapping(writer->yaml, FALSE);
    put_word(writer, "service", cn_service(writer->reference->taxonomy, offering->service)->id);
    put_text(writer, "variant", offering->variant);
    put_true(writer, "all_below", offering->all_below);
    if (!guarded)
        write_capacity(writer, offering);
    write_eligibility(writer, &offering->eligibility);
    put_quoted(writer, "hours", offering->hours);
    if (offering->intake_hours != NULL || offering->intake_on_call) {
        begin_record(writer, "intake", TRUE);
        put_quoted(writer, "hours", offering->intake_hours);
        put_true(writer, "on_call", offering->intake_on_call);
        end_record(writer);
    }
    end_record(writer);
}

/* ---- Providers. */

static void
write_place(Writer *writer, const CnProvider *provider, gboolean guarded)
{
    begin_record(writer, "place", TRUE);
    put_area(writer, "area", guarded ? provider->show_area : provider->site.area);
    put_word(writer, "disclosure", cn_disclosure_name(provider->disclosure));
    put_area(writer, "show_area", provider->show_area);
    if (!guarded)
        put_text(writer, "address", provider->site.address);
    if (!guarded && provider->site.has_point) {
        begin_list(writer, "point", TRUE);
        cn_yaml_put_double(writer->yaml, provider->site.lat_deg);
        cn_yaml_put_double(writer->yaml, provider->site.lon_deg);
        end_list(writer);
    }
    end_record(writer);
}

static void
write_contact(Writer *writer, const CnProvider *provider, gboolean guarded)
{
    begin_record(writer, "contact", TRUE);
    put_text(writer, "role", provider->contact_role);
    if (!guarded) {
        put_quoted(writer, "phone", provider->site.phone);
        put_text(writer, "email", provider->site.email);
    }
    put_text(writer, "gateway", provider->contact_gateway);
    end_record(writer);
}

static void
write_serves(Writer *writer, const CnProvider *provider)
{
    if (provider->serves->len == 0)
        return;
    begin_list(writer, "serves", TRUE);
    for (guint i = 0; i < provider->serves->len; i++) {
        CnAreaId area = g_array_index(provider->serves, CnAreaId, i);
        cn_yaml_put_quoted(writer->yaml, cn_area(writer->reference->gazetteer, area)->code);
    }
    end_list(writer);
}

static void
write_standing(Writer *writer, const CnProvider *provider)
{
    put_word(writer, "status", cn_status_name(provider->status));
    put_date(writer, "listing_consent", provider->listing_consent);
    if (cn_date_is_set(provider->verified_on)) {
        begin_record(writer, "verified", TRUE);
        put_date(writer, "on", provider->verified_on);
        put_text(writer, "by", cn_verified_by_name(provider->verified_by));
        end_record(writer);
    }
    if (provider->source_url != NULL || provider->source_title != NULL ||
        cn_date_is_set(provider->source_on)) {
        begin_record(writer, "source", FALSE);
        put_text(writer, "url", provider->source_url);
        put_text(writer, "title", provider->source_title);
        put_date(writer, "on", provider->source_on);
        end_record(writer);
    }
    if (provider->accreditation_body != NULL) {
        begin_record(writer, "accreditation", TRUE);
        put_text(writer, "body", provider->accreditation_body);
        if (provider->accreditation_level > 0)
            put_number(writer, "level", provider->accreditation_level);
        put_date(writer, "expires", provider->accreditation_expires);
        end_record(writer);
    }
}

static void
write_capabilities(Writer *writer, const CnProvider *provider)
{
    if (provider->capabilities->len == 0)
        return;
    begin_list(writer, "capabilities", FALSE);
    for (guint i = 0; i < provider->capabilities->len; i++) {
        const CnCapability *capability = &g_array_index(provider->capabilities, CnCapability, i);
        const CnVocabulary *courses = writer->reference->terms[CARENET_TERMS_COURSES];
        cn_yaml_begin_mapping(writer->yaml, TRUE);
        put_word(writer, "course", cn_term(courses, capability->course)->id);
        if (capability->staff >= 0)
            put_number(writer, "staff", capability->staff);
        put_date(writer, "on", capability->on);
        put_date(writer, "expires", capability->expires);
        end_record(writer);
    }
    end_list(writer);
}

static void
write_withheld(Writer *writer)
{
    begin_list(writer, "withheld", TRUE);
    for (guint i = 0; i < G_N_ELEMENTS(withheld); i++)
        cn_yaml_put_word(writer->yaml, withheld[i]);
    end_list(writer);
}

static void
write_provider(Writer *writer, const CnProvider *provider)
{
    /* `network` disclosure is restricted as long as nobody can tell who reads. */
    gboolean guarded = provider->disclosure != CN_DISCLOSE_PUBLIC;
    cn_yaml_begin_mapping(writer->yaml, FALSE);
    put_text(writer, "id", provider->id);
    put_true(writer, "example", provider->example);
    put_text(writer, "organization", provider->organization);
    if (!guarded)
        put_text(writer, "name", provider->name);
    put_text(writer, "display_name", provider->display_name);
    write_place(writer, provider, guarded);
    put_true(writer, "remote", provider->remote);
    write_serves(writer, provider);
    write_contact(writer, provider, guarded);
    put_terms(writer, "languages", CARENET_TERMS_LANGUAGES, provider->languages);
    put_terms(writer, "access", CARENET_TERMS_ACCESS, provider->access);
    write_standing(writer, provider);
    write_capabilities(writer, provider);
    if (guarded)
        write_withheld(writer);
    begin_list(writer, "offerings", FALSE);
    for (guint i = 0; i < provider->offerings->len; i++)
        write_offering(writer, &g_array_index(provider->offerings, CnOffering, i), guarded);
    end_list(writer);
    end_record(writer);
}

/* ---- The file. */

static void
write_owner(Writer *writer, const char *region)
{
    const CnNetwork *network = writer->network;
    if (region == NULL) {
        if (network->id == NULL)
            return;
        begin_record(writer, "network", FALSE);
        put_text(writer, "id", network->id);
        put_text(writer, "name", network->name);
        put_instant(writer, "demonstration_now", network->demonstration_now);
        end_record(writer);
        return;
    }
    for (guint i = 0; i < network->regions->len; i++) {
        const CnRegion *record = &g_array_index(network->regions, CnRegion, i);
        if (strcmp(record->id, region) != 0)
            continue;
        begin_record(writer, "region", FALSE);
        put_text(writer, "id", record->id);
        put_text(writer, "name", record->name);
        put_area(writer, "area", record->area);
        put_terms(writer, "languages", CARENET_TERMS_LANGUAGES, record->languages);
        end_record(writer);
    }
}

static void
write_organizations(Writer *writer, const char *region)
{
    begin_list(writer, "organizations", FALSE);
    for (guint i = 0; i < writer->network->organizations->len; i++) {
        const CnOrganization *organization =
            &g_array_index(writer->network->organizations, CnOrganization, i);
        if (g_strcmp0(organization->region, region) != 0)
            continue;
        cn_yaml_begin_mapping(writer->yaml, FALSE);
        put_text(writer, "id", organization->id);
        put_true(writer, "example", organization->example);
        put_text(writer, "name", organization->name);
        put_word(writer, "kind", cn_org_kind_name(organization->kind));
        put_text(writer, "website", organization->website);
        put_date(writer, "data_sharing_agreement", organization->data_sharing_agreement);
        end_record(writer);
    }
    end_list(writer);
}

static void
write_providers(Writer *writer, const char *region)
{
    begin_list(writer, "providers", FALSE);
    for (guint i = 0; i < writer->network->providers->len; i++) {
        const CnProvider *provider = g_ptr_array_index(writer->network->providers, i);
        if (g_strcmp0(provider->region, region) == 0)
            write_provider(writer, provider);
    }
    end_list(writer);
}

static void
write_programme(Writer *writer, const char *region)
{
    for (guint i = 0; i < writer->network->programmes->len; i++) {
        const CnProgramme *programme = g_ptr_array_index(writer->network->programmes, i);
        if (g_strcmp0(programme->region, region) == 0)
            cn_region_programme_write(writer->yaml, writer->reference, programme, FALSE);
    }
}

char *
cn_region_write(const CnNetwork *network, const CnReference *reference, const char *region)
{
    Writer writer = {.yaml = cn_yaml_writer_new(), .network = network, .reference = reference};
    write_owner(&writer, region);
    write_organizations(&writer, region);
    write_providers(&writer, region);
    write_programme(&writer, region);
    return cn_yaml_writer_finish(writer.yaml);
}
