/* A network back to the text of a region file, in one order of keys.
 *
 * Of a provider that must not be found the text has what everybody may see and a fixed list of what
 * was left out, the same for every such provider: which of these fields are known is nobody's
 * business either. */
#include "format/region-file.h"

#include <math.h>
#include <string.h>
#include <yaml.h>

static const char *const withheld[] = {"area",  "point", "address", "phone",
                                       "email", "name",  "capacity"};

typedef struct {
    yaml_emitter_t emitter;
    GString *out;
    const CnNetwork *network;
    const CnReference *reference;
} Writer;

/* ---- Events. libyaml fails on memory or on our mistakes only, and GLib ends on the former. */

static void
emit(Writer *writer, yaml_event_t *event, int made)
{
    gboolean done = made != 0 && yaml_emitter_emit(&writer->emitter, event) != 0;
    if (!done)
        g_error("%s: %s", G_STRFUNC,
                writer->emitter.problem != NULL ? writer->emitter.problem : "out of memory");
}

static int
append(void *data, unsigned char *bytes, size_t len)
{
    g_string_append_len(data, (const char *)bytes, (gssize)len);
    return 1;
}

/* A damaged store may hold bytes that are no text; libyaml would refuse them. */
static void
put_scalar(Writer *writer, const char *text, yaml_scalar_style_t style)
{
    yaml_event_t event;
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    int made = yaml_scalar_event_initialize(&event, NULL, NULL, (const yaml_char_t *)valid,
                                            (int)strlen(valid), 1, 1, style);
    emit(writer, &event, made);
}

static void
begin_mapping(Writer *writer, yaml_mapping_style_t style)
{
    yaml_event_t event;
    int made = yaml_mapping_start_event_initialize(&event, NULL, NULL, 1, style);
    emit(writer, &event, made);
}

static void
end_mapping(Writer *writer)
{
    yaml_event_t event;
    int made = yaml_mapping_end_event_initialize(&event);
    emit(writer, &event, made);
}

static void
begin_sequence(Writer *writer, yaml_sequence_style_t style)
{
    yaml_event_t event;
    int made = yaml_sequence_start_event_initialize(&event, NULL, NULL, 1, style);
    emit(writer, &event, made);
}

static void
end_sequence(Writer *writer)
{
    yaml_event_t event;
    int made = yaml_sequence_end_event_initialize(&event);
    emit(writer, &event, made);
}

/* ---- Values. */

static void
put_key(Writer *writer, const char *key)
{
    put_scalar(writer, key, YAML_PLAIN_SCALAR_STYLE);
}

static void
begin_record(Writer *writer, const char *key, gboolean in_line)
{
    put_key(writer, key);
    begin_mapping(writer, in_line ? YAML_FLOW_MAPPING_STYLE : YAML_BLOCK_MAPPING_STYLE);
}

/* Text that another YAML reader would take for a number, a day, a truth value or nothing. */
static gboolean
looks_typed(const char *text)
{
    static const char *const words[] = {"true", "false", "yes", "no", "on",
                                        "off",  "null",  "y",   "n",  NULL};
    g_autofree char *lower = g_ascii_strdown(text, -1);
    return strchr("0123456789+-.~", text[0]) != NULL || g_strv_contains(words, lower);
}

static void
put_text(Writer *writer, const char *key, const char *text)
{
    if (text == NULL)
        return;
    put_key(writer, key);
    put_scalar(writer, text,
               looks_typed(text) ? YAML_DOUBLE_QUOTED_SCALAR_STYLE : YAML_ANY_SCALAR_STYLE);
}

static void
put_quoted(Writer *writer, const char *key, const char *text)
{
    if (text == NULL)
        return;
    put_key(writer, key);
    put_scalar(writer, text, YAML_DOUBLE_QUOTED_SCALAR_STYLE);
}

/* A word of the format. */
static void
put_word(Writer *writer, const char *key, const char *word)
{
    put_key(writer, key);
    put_scalar(writer, word, YAML_PLAIN_SCALAR_STYLE);
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
    char buffer[11];
    if (cn_date_is_set(date))
        put_word(writer, key, cn_date_format(date, buffer));
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

/* The fewest digits that are read back as the same number. */
static void
put_degrees(Writer *writer, double degrees)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    for (int digits = 6; digits <= 17; digits++) {
        char format[8];
        g_snprintf(format, sizeof format, "%%.%dg", digits);
        g_ascii_formatd(text, sizeof text, format, degrees);
        if (fabs(g_ascii_strtod(text, NULL) - degrees) <= 0)
            break;
    }
    put_scalar(writer, text, YAML_PLAIN_SCALAR_STYLE);
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
    put_key(writer, key);
    begin_sequence(writer, YAML_FLOW_SEQUENCE_STYLE);
    for (guint i = 0; i < cn_vocabulary_len(vocabulary); i++)
        if (cn_term_set_has(set, (gint)i))
            put_scalar(writer, cn_term(vocabulary, (gint)i)->id, YAML_PLAIN_SCALAR_STYLE);
    end_sequence(writer);
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
    end_mapping(writer);
}

static void
put_age_limit(Writer *writer, gint16 years)
{
    char text[24] = "null";
    if (years >= 0)
        g_snprintf(text, sizeof text, "%d", years);
    put_scalar(writer, text, YAML_PLAIN_SCALAR_STYLE);
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
        put_key(writer, "age");
        begin_sequence(writer, YAML_FLOW_SEQUENCE_STYLE);
        put_age_limit(writer, eligibility->age_min);
        put_age_limit(writer, eligibility->age_max);
        end_sequence(writer);
    }
    if (eligibility->sex != CN_SEX_UNSTATED)
        put_word(writer, "sex", cn_sex_name(eligibility->sex));
    put_terms(writer, "groups", CARENET_TERMS_GROUPS, eligibility->groups);
    put_terms(writer, "documents", CARENET_TERMS_DOCUMENTS, eligibility->documents);
    if (eligibility->siblings_up_to >= 0)
        put_number(writer, "siblings_up_to", eligibility->siblings_up_to);
    put_terms(writer, "not_for", CARENET_TERMS_GROUPS, eligibility->not_for);
    end_mapping(writer);
}

static void
write_offering(Writer *writer, const CnOffering *offering, gboolean guarded)
{
    begin_mapping(writer, YAML_BLOCK_MAPPING_STYLE);
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
        end_mapping(writer);
    }
    end_mapping(writer);
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
        put_key(writer, "point");
        begin_sequence(writer, YAML_FLOW_SEQUENCE_STYLE);
        put_degrees(writer, provider->site.lat_deg);
        put_degrees(writer, provider->site.lon_deg);
        end_sequence(writer);
    }
    end_mapping(writer);
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
    end_mapping(writer);
}

static void
write_serves(Writer *writer, const CnProvider *provider)
{
    if (provider->serves->len == 0)
        return;
    put_key(writer, "serves");
    begin_sequence(writer, YAML_FLOW_SEQUENCE_STYLE);
    for (guint i = 0; i < provider->serves->len; i++) {
        CnAreaId area = g_array_index(provider->serves, CnAreaId, i);
        put_scalar(writer, cn_area(writer->reference->gazetteer, area)->code,
                   YAML_DOUBLE_QUOTED_SCALAR_STYLE);
    }
    end_sequence(writer);
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
        end_mapping(writer);
    }
    if (provider->source_url != NULL || provider->source_title != NULL ||
        cn_date_is_set(provider->source_on)) {
        begin_record(writer, "source", FALSE);
        put_text(writer, "url", provider->source_url);
        put_text(writer, "title", provider->source_title);
        put_date(writer, "on", provider->source_on);
        end_mapping(writer);
    }
    if (provider->accreditation_body != NULL) {
        begin_record(writer, "accreditation", TRUE);
        put_text(writer, "body", provider->accreditation_body);
        if (provider->accreditation_level > 0)
            put_number(writer, "level", provider->accreditation_level);
        put_date(writer, "expires", provider->accreditation_expires);
        end_mapping(writer);
    }
}

static void
write_capabilities(Writer *writer, const CnProvider *provider)
{
    if (provider->capabilities->len == 0)
        return;
    put_key(writer, "capabilities");
    begin_sequence(writer, YAML_BLOCK_SEQUENCE_STYLE);
    for (guint i = 0; i < provider->capabilities->len; i++) {
        const CnCapability *capability = &g_array_index(provider->capabilities, CnCapability, i);
        const CnVocabulary *courses = writer->reference->terms[CARENET_TERMS_COURSES];
        begin_mapping(writer, YAML_FLOW_MAPPING_STYLE);
        put_word(writer, "course", cn_term(courses, capability->course)->id);
        if (capability->staff >= 0)
            put_number(writer, "staff", capability->staff);
        put_date(writer, "on", capability->on);
        put_date(writer, "expires", capability->expires);
        end_mapping(writer);
    }
    end_sequence(writer);
}

static void
write_withheld(Writer *writer)
{
    put_key(writer, "withheld");
    begin_sequence(writer, YAML_FLOW_SEQUENCE_STYLE);
    for (guint i = 0; i < G_N_ELEMENTS(withheld); i++)
        put_scalar(writer, withheld[i], YAML_PLAIN_SCALAR_STYLE);
    end_sequence(writer);
}

static void
write_provider(Writer *writer, const CnProvider *provider)
{
    /* `network` disclosure is restricted as long as nobody can tell who reads. */
    gboolean guarded = provider->disclosure != CN_DISCLOSE_PUBLIC;
    begin_mapping(writer, YAML_BLOCK_MAPPING_STYLE);
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
    put_key(writer, "offerings");
    begin_sequence(writer, YAML_BLOCK_SEQUENCE_STYLE);
    for (guint i = 0; i < provider->offerings->len; i++)
        write_offering(writer, &g_array_index(provider->offerings, CnOffering, i), guarded);
    end_sequence(writer);
    end_mapping(writer);
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
        end_mapping(writer);
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
        end_mapping(writer);
    }
}

static void
write_organizations(Writer *writer, const char *region)
{
    put_key(writer, "organizations");
    begin_sequence(writer, YAML_BLOCK_SEQUENCE_STYLE);
    for (guint i = 0; i < writer->network->organizations->len; i++) {
        const CnOrganization *organization =
            &g_array_index(writer->network->organizations, CnOrganization, i);
        if (g_strcmp0(organization->region, region) != 0)
            continue;
        begin_mapping(writer, YAML_BLOCK_MAPPING_STYLE);
        put_text(writer, "id", organization->id);
        put_true(writer, "example", organization->example);
        put_text(writer, "name", organization->name);
        put_word(writer, "kind", cn_org_kind_name(organization->kind));
        put_text(writer, "website", organization->website);
        put_date(writer, "data_sharing_agreement", organization->data_sharing_agreement);
        end_mapping(writer);
    }
    end_sequence(writer);
}

static void
write_providers(Writer *writer, const char *region)
{
    put_key(writer, "providers");
    begin_sequence(writer, YAML_BLOCK_SEQUENCE_STYLE);
    for (guint i = 0; i < writer->network->providers->len; i++) {
        const CnProvider *provider = g_ptr_array_index(writer->network->providers, i);
        if (g_strcmp0(provider->region, region) == 0)
            write_provider(writer, provider);
    }
    end_sequence(writer);
}

static void
begin_document(Writer *writer)
{
    yaml_event_t event;
    if (yaml_emitter_initialize(&writer->emitter) == 0)
        g_error("%s: out of memory", G_STRFUNC);
    yaml_emitter_set_output(&writer->emitter, append, writer->out);
    yaml_emitter_set_unicode(&writer->emitter, 1);
    yaml_emitter_set_width(&writer->emitter, -1); /* one value, one line */
    emit(writer, &event, yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING));
    emit(writer, &event, yaml_document_start_event_initialize(&event, NULL, NULL, NULL, 1));
    begin_mapping(writer, YAML_BLOCK_MAPPING_STYLE);
}

static void
end_document(Writer *writer)
{
    yaml_event_t event;
    end_mapping(writer);
    emit(writer, &event, yaml_document_end_event_initialize(&event, 1));
    emit(writer, &event, yaml_stream_end_event_initialize(&event));
    yaml_emitter_delete(&writer->emitter);
}

char *
cn_region_write(const CnNetwork *network, const CnReference *reference, const char *region)
{
    Writer writer = {.out = g_string_new(NULL), .network = network, .reference = reference};
    begin_document(&writer);
    write_owner(&writer, region);
    write_organizations(&writer, region);
    write_providers(&writer, region);
    end_document(&writer);
    return g_string_free(writer.out, FALSE);
}
