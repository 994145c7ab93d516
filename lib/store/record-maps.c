/* Which column holds which field of which record. */
#include "store/store-private.h"

static const char *
org_kind_word(gint value)
{
    return cn_org_kind_name((CnOrgKind)value);
}

static const char *
disclosure_word(gint value)
{
    return cn_disclosure_name((CnDisclosure)value);
}

static const char *
status_word(gint value)
{
    return cn_status_name((CnStatus)value);
}

static const char *
verified_by_word(gint value)
{
    return cn_verified_by_name((CnVerifiedBy)value);
}

static const char *
sex_word(gint value)
{
    return cn_sex_name((CnSex)value);
}

static const CnWords org_kinds = {org_kind_word, CN_ORG_COMMUNITY + 1};
static const CnWords disclosures = {disclosure_word, CN_DISCLOSE_RESTRICTED + 1};
static const CnWords statuses = {status_word, CN_SUSPENDED + 1};
static const CnWords verified_bys = {verified_by_word, CN_VERIFIED_DOCUMENT + 1};
static const CnWords sexes = {sex_word, CN_SEX_MALE + 1};

/* Fields of enumerations are read and written as gint. */
G_STATIC_ASSERT(sizeof(CnOrgKind) == sizeof(gint) && sizeof(CnDisclosure) == sizeof(gint) &&
                sizeof(CnStatus) == sizeof(gint) && sizeof(CnVerifiedBy) == sizeof(gint) &&
                sizeof(CnSex) == sizeof(gint));

#define PLAIN(record, column, kind, field)                                            \
    {                                                                                 \
        column, CN_BIND_##kind, G_STRUCT_OFFSET(record, field), CN_NEVER_ABSENT, NULL \
    }
#define NUMBER(record, column, kind, field, absent)                          \
    {                                                                        \
        column, CN_BIND_##kind, G_STRUCT_OFFSET(record, field), absent, NULL \
    }
#define WORD(record, column, field, words)                                           \
    {                                                                                \
        column, CN_BIND_WORD, G_STRUCT_OFFSET(record, field), CN_NEVER_ABSENT, words \
    }
#define MAP(name, bindings) const CnRecordMap name = {bindings, G_N_ELEMENTS(bindings)}

static const CnBinding region[] = {
    PLAIN(CnRegion, "id", TEXT, id),
    PLAIN(CnRegion, "name", TEXT, name),
    PLAIN(CnRegion, "area", AREA, area),
};
MAP(cn_map_region, region);

static const CnBinding organization[] = {
    PLAIN(CnOrganization, "id", OWN_TEXT, id),
    PLAIN(CnOrganization, "region_id", TEXT, region),
    PLAIN(CnOrganization, "name", OWN_TEXT, name),
    PLAIN(CnOrganization, "website", TEXT, website),
    WORD(CnOrganization, "kind", kind, &org_kinds),
    PLAIN(CnOrganization, "data_sharing_agreement", DATE, data_sharing_agreement),
    PLAIN(CnOrganization, "example", BOOL, example),
};
MAP(cn_map_organization, organization);

static const CnBinding provider[] = {
    PLAIN(CnProvider, "id", OWN_TEXT, id),
    PLAIN(CnProvider, "region_id", TEXT, region),
    PLAIN(CnProvider, "organization_id", TEXT, organization),
    PLAIN(CnProvider, "display_name", OWN_TEXT, display_name),
    PLAIN(CnProvider, "example", BOOL, example),
    WORD(CnProvider, "disclosure", disclosure, &disclosures),
    PLAIN(CnProvider, "show_area", AREA, show_area),
    PLAIN(CnProvider, "remote", BOOL, remote),
    PLAIN(CnProvider, "contact_role", TEXT, contact_role),
    PLAIN(CnProvider, "contact_gateway", TEXT, contact_gateway),
    WORD(CnProvider, "status", status, &statuses),
    PLAIN(CnProvider, "listing_consent", DATE, listing_consent),
    PLAIN(CnProvider, "verified_on", DATE, verified_on),
    WORD(CnProvider, "verified_by", verified_by, &verified_bys),
    PLAIN(CnProvider, "source_url", OWN_TEXT, source_url),
    PLAIN(CnProvider, "source_title", TEXT, source_title),
    PLAIN(CnProvider, "source_on", DATE, source_on),
    PLAIN(CnProvider, "accreditation_body", TEXT, accreditation_body),
    NUMBER(CnProvider, "accreditation_level", INT32, accreditation_level, 0),
    PLAIN(CnProvider, "accreditation_expires", DATE, accreditation_expires),
};
MAP(cn_map_provider, provider);

static const CnBinding site[] = {
    PLAIN(CnProvider, "provider_id", OWN_TEXT, id),
    PLAIN(CnProvider, "name", OWN_TEXT, name),
    PLAIN(CnProvider, "area", AREA, site.area),
    PLAIN(CnProvider, "lat_deg", LAT, site),
    PLAIN(CnProvider, "lon_deg", LON, site),
    PLAIN(CnProvider, "address", OWN_TEXT, site.address),
    PLAIN(CnProvider, "phone", OWN_TEXT, site.phone),
    PLAIN(CnProvider, "email", OWN_TEXT, site.email),
};
MAP(cn_map_site, site);

static const CnBinding capability[] = {
    PLAIN(CnCapability, "course", COURSE, course),
    NUMBER(CnCapability, "staff", INT64, staff, -1),
    PLAIN(CnCapability, "since", DATE, on),
    PLAIN(CnCapability, "expires", DATE, expires),
};
MAP(cn_map_capability, capability);

static const CnBinding offering[] = {
    PLAIN(CnOffering, "id", OWN_TEXT, id),
    PLAIN(CnOffering, "service_id", SERVICE, service),
    PLAIN(CnOffering, "variant", TEXT, variant),
    PLAIN(CnOffering, "all_below", BOOL, all_below),
    NUMBER(CnOffering, "age_min", INT16, eligibility.age_min, -1),
    NUMBER(CnOffering, "age_max", INT16, eligibility.age_max, -1),
    WORD(CnOffering, "sex", eligibility.sex, &sexes),
    NUMBER(CnOffering, "siblings_up_to", INT32, eligibility.siblings_up_to, -1),
    PLAIN(CnOffering, "hours", TEXT, hours),
    PLAIN(CnOffering, "intake_hours", TEXT, intake_hours),
    PLAIN(CnOffering, "intake_on_call", BOOL, intake_on_call),
};
MAP(cn_map_offering, offering);

/* `held` is not here: a report never touches it. */
static const CnBinding capacity[] = {
    NUMBER(CnCapacity, "total", INT64, total, CN_NEVER_ABSENT),
    NUMBER(CnCapacity, "occupied", INT64, occupied, CN_NEVER_ABSENT),
    PLAIN(CnCapacity, "as_of_s", INSTANT, as_of),
    PLAIN(CnCapacity, "as_of_day_only", DAY_ONLY, as_of),
    PLAIN(CnCapacity, "source", TEXT, source),
    NUMBER(CnCapacity, "wait_days", INT32, wait_days, -1),
};
MAP(cn_map_capacity, capacity);
