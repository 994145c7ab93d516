/* A network to CSV for a spreadsheet. Of a provider that must not be found it has what region-write.c
 * tells of it, and nothing else. */
#include "format/region-csv-private.h"

#include "base/csv-text.h"

#include <string.h>

#define BYTE_ORDER_MARK "\xEF\xBB\xBF"
#define LIST_SEPARATOR  "|"

typedef struct {
    GString *out;
    const CnNetwork *network;
    const CnReference *reference;
    char *cells[CN_CSV_COLUMNS]; /* of the row that is being written; NULL: empty */
} Writer;

/* ---- Values. NULL, or what stands for nothing, leaves the cell empty. */

static void
put_text(Writer *writer, CnCsvColumn column, const char *text)
{
    g_free(writer->cells[column]);
    /* A damaged store may hold bytes that are no text. */
    writer->cells[column] = text != NULL ? g_utf8_make_valid(text, -1) : NULL;
}

static void
put_number(Writer *writer, CnCsvColumn column, gint64 number)
{
    g_autofree char *text = number >= 0 ? g_strdup_printf("%" G_GINT64_FORMAT, number) : NULL;
    put_text(writer, column, text);
}

static void
put_true(Writer *writer, CnCsvColumn column, gboolean value)
{
    put_text(writer, column, value ? "true" : NULL);
}

static void
put_date(Writer *writer, CnCsvColumn column, CnDate date)
{
    char buffer[11];
    put_text(writer, column, cn_date_is_set(date) ? cn_date_format(date, buffer) : NULL);
}

static void
put_area(Writer *writer, CnCsvColumn column, CnAreaId area)
{
    put_text(writer, column,
             area != CN_AREA_NONE ? cn_area(writer->reference->gazetteer, area)->code : NULL);
}

static void
put_terms(Writer *writer, CnCsvColumn column, carenet_terms_kind kind, CnTermSet set)
{
    g_autofree char *ids = cn_term_set_join(writer->reference->terms[kind], set, LIST_SEPARATOR);
    put_text(writer, column, ids);
}

static void
begin_item(GString *list)
{
    if (list->len > 0)
        g_string_append(list, LIST_SEPARATOR);
}

/* ---- Regions and organizations. */

static void
put_region(Writer *writer, const char *id)
{
    const CnRegion *region = NULL;
    for (guint i = 0; id != NULL && i < writer->network->regions->len; i++)
        if (strcmp(g_array_index(writer->network->regions, CnRegion, i).id, id) == 0)
            region = &g_array_index(writer->network->regions, CnRegion, i);
    put_text(writer, CN_CSV_REGION, id != NULL ? id : CN_REGION_CSV_NETWORK);
    put_text(writer, CN_CSV_REGION_NAME, region != NULL ? region->name : NULL);
    put_area(writer, CN_CSV_REGION_AREA, region != NULL ? region->area : CN_AREA_NONE);
    put_terms(writer, CN_CSV_REGION_LANGUAGES, CARENET_TERMS_LANGUAGES,
              region != NULL ? region->languages : (CnTermSet){{0, 0}});
}

static void
put_organization(Writer *writer, const char *id)
{
    static const CnOrganization unknown = {.region = NULL};
    const CnOrganization *known = cn_network_organization(writer->network, id);
    const CnOrganization *organization = known != NULL ? known : &unknown;
    const char *region =
        organization->region != NULL ? organization->region : CN_REGION_CSV_NETWORK;
    put_text(writer, CN_CSV_ORGANIZATION, id);
    put_text(writer, CN_CSV_ORGANIZATION_REGION, known != NULL ? region : NULL);
    put_text(writer, CN_CSV_ORGANIZATION_NAME, organization->name);
    put_text(writer, CN_CSV_ORGANIZATION_KIND,
             known != NULL ? cn_org_kind_name(known->kind) : NULL);
    put_text(writer, CN_CSV_ORGANIZATION_WEBSITE, organization->website);
    put_date(writer, CN_CSV_ORGANIZATION_AGREEMENT, organization->data_sharing_agreement);
}

/* ---- Providers. */

static void
put_place(Writer *writer, const CnProvider *provider, gboolean guarded)
{
    const CnAreaId area = guarded ? CN_AREA_NONE : provider->site.area;
    const CnGazetteer *gazetteer = writer->reference->gazetteer;
    put_area(writer, CN_CSV_AREA, area);
    put_text(writer, CN_CSV_AREA_NAME,
             area != CN_AREA_NONE ? cn_area_short_name(gazetteer, area) : NULL);
    put_text(writer, CN_CSV_DISCLOSURE, cn_disclosure_name(provider->disclosure));
    put_area(writer, CN_CSV_SHOW_AREA, provider->show_area);
    put_true(writer, CN_CSV_REMOTE, provider->remote);
    g_autoptr(GString) serves = g_string_new(NULL);
    for (guint i = 0; i < provider->serves->len; i++) {
        begin_item(serves);
        g_string_append(serves,
                        cn_area(gazetteer, g_array_index(provider->serves, CnAreaId, i))->code);
    }
    put_text(writer, CN_CSV_SERVES, serves->str);
}

static void
put_contact(Writer *writer, const CnProvider *provider, gboolean guarded)
{
    put_text(writer, CN_CSV_CONTACT_ROLE, provider->contact_role);
    put_text(writer, CN_CSV_PHONE, guarded ? NULL : provider->site.phone);
    put_text(writer, CN_CSV_EMAIL, guarded ? NULL : provider->site.email);
    put_text(writer, CN_CSV_GATEWAY, provider->contact_gateway);
}

static void
put_standing(Writer *writer, const CnProvider *provider)
{
    gboolean verified = cn_date_is_set(provider->verified_on);
    gboolean accredited = provider->accreditation_body != NULL;
    put_text(writer, CN_CSV_STATUS, cn_status_name(provider->status));
    put_date(writer, CN_CSV_LISTING_CONSENT, provider->listing_consent);
    put_date(writer, CN_CSV_VERIFIED_ON, provider->verified_on);
    put_text(writer, CN_CSV_VERIFIED_BY,
             verified ? cn_verified_by_name(provider->verified_by) : NULL);
    put_text(writer, CN_CSV_SOURCE_URL, provider->source_url);
    put_text(writer, CN_CSV_SOURCE_TITLE, provider->source_title);
    put_date(writer, CN_CSV_SOURCE_ON, provider->source_on);
    put_text(writer, CN_CSV_ACCREDITATION_BODY, provider->accreditation_body);
    put_number(writer, CN_CSV_ACCREDITATION_LEVEL,
               accredited && provider->accreditation_level > 0 ? provider->accreditation_level
                                                               : -1);
    put_date(writer, CN_CSV_ACCREDITATION_EXPIRES,
             accredited ? provider->accreditation_expires : CN_DATE_NONE);
}

/* course:staff:on:expires, without colons at the end. */
static void
append_capability(GString *out, const CnVocabulary *courses, const CnCapability *capability)
{
    char on[11], expires[11], staff[24] = "";
    if (capability->staff >= 0)
        g_snprintf(staff, sizeof staff, "%" G_GINT64_FORMAT, capability->staff);
    begin_item(out);
    g_string_append_printf(out, "%s:%s:%s:%s", cn_term(courses, capability->course)->id, staff,
                           cn_date_format(capability->on, on),
                           cn_date_format(capability->expires, expires));
    while (out->str[out->len - 1] == ':')
        g_string_truncate(out, out->len - 1);
}

static void
put_capabilities(Writer *writer, const CnProvider *provider)
{
    const CnVocabulary *courses = writer->reference->terms[CARENET_TERMS_COURSES];
    g_autoptr(GString) list = g_string_new(NULL);
    for (guint i = 0; i < provider->capabilities->len; i++)
        append_capability(list, courses, &g_array_index(provider->capabilities, CnCapability, i));
    put_text(writer, CN_CSV_CAPABILITIES, list->str);
}

static void
put_provider(Writer *writer, const CnProvider *provider)
{
    /* `network` disclosure is restricted as long as nobody can tell who reads. */
    gboolean guarded = provider->disclosure != CN_DISCLOSE_PUBLIC;
    put_region(writer, provider->region);
    put_organization(writer, provider->organization);
    put_text(writer, CN_CSV_PROVIDER, provider->id);
    put_true(writer, CN_CSV_EXAMPLE, provider->example);
    put_text(writer, CN_CSV_NAME, guarded ? NULL : provider->name);
    put_text(writer, CN_CSV_DISPLAY_NAME, provider->display_name);
    put_place(writer, provider, guarded);
    put_contact(writer, provider, guarded);
    put_terms(writer, CN_CSV_LANGUAGES, CARENET_TERMS_LANGUAGES, provider->languages);
    put_terms(writer, CN_CSV_ACCESS, CARENET_TERMS_ACCESS, provider->access);
    put_standing(writer, provider);
    put_capabilities(writer, provider);
}

/* ---- Offerings. */

/* The unit stands there also where the rest is unknown, to say what should be counted. */
static void
put_capacity(Writer *writer, const CnOffering *offering, gboolean guarded)
{
    const CnCapacity unknown = cn_offering_blank().capacity;
    const CnCapacity *capacity =
        guarded || !offering->capacity.known ? &unknown : &offering->capacity;
    const CnUnit unit = cn_service(writer->reference->taxonomy, offering->service)->unit;
    g_autofree char *as_of = capacity->as_of.is_set ? cn_instant_format(capacity->as_of) : NULL;
    put_text(writer, CN_CSV_UNIT, unit != CN_UNIT_NONE ? cn_unit_name(unit) : NULL);
    put_number(writer, CN_CSV_TOTAL, capacity->known ? capacity->total : -1);
    put_number(writer, CN_CSV_OCCUPIED, capacity->known ? capacity->occupied : -1);
    put_text(writer, CN_CSV_AS_OF, as_of);
    put_text(writer, CN_CSV_SOURCE, capacity->source);
    put_number(writer, CN_CSV_WAIT_DAYS, capacity->wait_days);
}

static void
put_eligibility(Writer *writer, const CnEligibility *eligibility)
{
    put_number(writer, CN_CSV_AGE_MIN, eligibility->age_min);
    put_number(writer, CN_CSV_AGE_MAX, eligibility->age_max);
    put_text(writer, CN_CSV_SEX,
             eligibility->sex != CN_SEX_UNSTATED ? cn_sex_name(eligibility->sex) : NULL);
    put_terms(writer, CN_CSV_GROUPS, CARENET_TERMS_GROUPS, eligibility->groups);
    put_terms(writer, CN_CSV_NOT_FOR, CARENET_TERMS_GROUPS, eligibility->not_for);
    put_terms(writer, CN_CSV_DOCUMENTS, CARENET_TERMS_DOCUMENTS, eligibility->documents);
    put_number(writer, CN_CSV_SIBLINGS_UP_TO, eligibility->siblings_up_to);
}

static void
put_offering(Writer *writer, const CnOffering *offering, gboolean guarded)
{
    put_text(writer, CN_CSV_SERVICE,
             cn_service(writer->reference->taxonomy, offering->service)->id);
    put_text(writer, CN_CSV_VARIANT, offering->variant);
    put_true(writer, CN_CSV_ALL_BELOW, offering->all_below);
    put_capacity(writer, offering, guarded);
    put_eligibility(writer, &offering->eligibility);
    put_text(writer, CN_CSV_HOURS, offering->hours);
    put_text(writer, CN_CSV_INTAKE_HOURS, offering->intake_hours);
    put_true(writer, CN_CSV_INTAKE_ON_CALL, offering->intake_on_call);
}

/* ---- The file. */

static void
end_row(Writer *writer)
{
    for (guint i = 0; i < CN_CSV_COLUMNS; i++) {
        if (i > 0)
            g_string_append_c(writer->out, ',');
        if (writer->cells[i] != NULL && *writer->cells[i] != '\0')
            cn_csv_text_append(writer->out, writer->cells[i]);
    }
    g_string_append(writer->out, "\r\n");
}

static void
clear_cells(Writer *writer)
{
    for (guint i = 0; i < CN_CSV_COLUMNS; i++)
        g_clear_pointer(&writer->cells[i], g_free);
}

static void
write_header(Writer *writer)
{
    g_string_append(writer->out, BYTE_ORDER_MARK);
    for (guint i = 0; i < CN_CSV_COLUMNS; i++)
        put_text(writer, (CnCsvColumn)i, cn_csv_columns[i].name);
    end_row(writer);
    clear_cells(writer);
}

/* One row an offering; one with no offering where there is none. */
static void
write_provider(Writer *writer, const CnProvider *provider)
{
    gboolean guarded = provider->disclosure != CN_DISCLOSE_PUBLIC;
    put_provider(writer, provider);
    for (guint i = 0; i < provider->offerings->len; i++) {
        put_offering(writer, &g_array_index(provider->offerings, CnOffering, i), guarded);
        end_row(writer);
    }
    if (provider->offerings->len == 0)
        end_row(writer);
    clear_cells(writer);
}

char *
cn_region_csv_write(const CnNetwork *network, const CnReference *reference, const char *region)
{
    Writer writer = {.out = g_string_new(NULL), .network = network, .reference = reference};
    write_header(&writer);
    for (guint i = 0; i < network->providers->len; i++) {
        const CnProvider *provider = g_ptr_array_index(network->providers, i);
        const char *of = provider->region != NULL ? provider->region : CN_REGION_CSV_NETWORK;
        if (region == NULL || strcmp(region, of) == 0)
            write_provider(&writer, provider);
    }
    return g_string_free(writer.out, FALSE);
}
