/* Which column holds which field of which record. */
#include "store/store-programme.h"

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

/* ---- The programme. Lists of its records stand in tables of their own (programme-statements.c). */

static const CnBinding programme[] = {
    PLAIN(CnProgramme, "region_id", TEXT, region),
    PLAIN(CnProgramme, "example", BOOL, example),
    PLAIN(CnProgramme, "from_on", DATE, from),
    PLAIN(CnProgramme, "until_on", DATE, until),
    PLAIN(CnProgramme, "network_formed_on", DATE, network_formed_on),
    NUMBER(CnProgramme, "network_members", INT64, network_members, -1),
};
MAP(cn_map_programme, programme);

static const CnBinding actor[] = {
    PLAIN(CnActor, "id", OWN_TEXT, id),
    PLAIN(CnActor, "name", OWN_TEXT, name),
    PLAIN(CnActor, "role", TEXT, role),
};

static const CnBinding body[] = {
    PLAIN(CnBody, "id", TEXT, id),
    PLAIN(CnBody, "kind", TEXT, kind),
    PLAIN(CnBody, "name", OWN_TEXT, name),
    PLAIN(CnBody, "area", AREA, area),
    PLAIN(CnBody, "formed_on", DATE, formed_on),
};

static const CnBinding meeting[] = {
    PLAIN(CnMeeting, "id", OWN_TEXT, id),
    PLAIN(CnMeeting, "body_id", TEXT, body),
    PLAIN(CnMeeting, "held_on", DATE, on),
    PLAIN(CnMeeting, "kind", TEXT, kind),
};

static const CnBinding strategic_plan[] = {
    PLAIN(CnStrategicPlan, "id", OWN_TEXT, id),
    PLAIN(CnStrategicPlan, "area", AREA, area),
    PLAIN(CnStrategicPlan, "conducted_on", DATE, conducted_on),
    PLAIN(CnStrategicPlan, "adopted_on", DATE, adopted_on),
    PLAIN(CnStrategicPlan, "until_on", DATE, until),
};

static const CnBinding ordinance[] = {
    PLAIN(CnOrdinance, "id", OWN_TEXT, id),
    PLAIN(CnOrdinance, "area", AREA, area),
    PLAIN(CnOrdinance, "title", OWN_TEXT, title),
    PLAIN(CnOrdinance, "passed_on", DATE, passed_on),
    PLAIN(CnOrdinance, "implemented_on", DATE, implemented_on),
};

static const CnBinding protocol[] = {
    PLAIN(CnProtocol, "id", OWN_TEXT, id),     PLAIN(CnProtocol, "title", OWN_TEXT, title),
    PLAIN(CnProtocol, "area", AREA, area),     PLAIN(CnProtocol, "adopted_on", DATE, adopted_on),
    PLAIN(CnProtocol, "policy", TEXT, policy),
};

static const CnBinding training[] = {
    PLAIN(CnTraining, "id", OWN_TEXT, id),
    NUMBER(CnTraining, "course", COURSE, course, -1),
    PLAIN(CnTraining, "title", TEXT, title),
    PLAIN(CnTraining, "held_on", DATE, on),
    PLAIN(CnTraining, "area", AREA, area),
    PLAIN(CnTraining, "audience", TEXT, audience),
    PLAIN(CnTraining, "participants", INT64, participants),
    PLAIN(CnTraining, "organization", TEXT, organization),
};

static const CnBinding tally[] = {
    PLAIN(CnTally, "id", OWN_TEXT, id),      PLAIN(CnTally, "indicator", TEXT, indicator),
    PLAIN(CnTally, "area", AREA, area),      PLAIN(CnTally, "value", INT64, value),
    PLAIN(CnTally, "reported_on", DATE, on), PLAIN(CnTally, "source", TEXT, source),
};

static const CnBinding service_start[] = {
    PLAIN(CnStart, "id", OWN_TEXT, id),
    PLAIN(CnStart, "case_ref", TEXT, ref),
    PLAIN(CnStart, "service_id", SERVICE, service),
    PLAIN(CnStart, "area", AREA, area),
    PLAIN(CnStart, "started_on", DATE, on),
};

static const CnBinding referral_start[] = {
    PLAIN(CnStart, "id", OWN_TEXT, id),
    PLAIN(CnStart, "case_ref", TEXT, ref),
    PLAIN(CnStart, "service_id", SERVICE, service),
    PLAIN(CnStart, "area", AREA, area),
};
MAP(cn_map_referral_start, referral_start);

static const CnBinding care_plan[] = {
    PLAIN(CnCarePlan, "id", OWN_TEXT, id),           PLAIN(CnCarePlan, "case_ref", TEXT, ref),
    PLAIN(CnCarePlan, "area", AREA, area),           PLAIN(CnCarePlan, "made_on", DATE, on),
    PLAIN(CnCarePlan, "review_on", DATE, review_on), PLAIN(CnCarePlan, "status", TEXT, status),
};

#define RECORDS(bindings)                \
    {                                    \
        bindings, G_N_ELEMENTS(bindings) \
    }
const CnRecordMap cn_map_programme_records[CN_PROGRAMME_KINDS] = {
    [CN_PROGRAMME_ACTORS] = RECORDS(actor),         [CN_PROGRAMME_BODIES] = RECORDS(body),
    [CN_PROGRAMME_MEETINGS] = RECORDS(meeting),     [CN_PROGRAMME_PLANS] = RECORDS(strategic_plan),
    [CN_PROGRAMME_ORDINANCES] = RECORDS(ordinance), [CN_PROGRAMME_PROTOCOLS] = RECORDS(protocol),
    [CN_PROGRAMME_TRAININGS] = RECORDS(training),   [CN_PROGRAMME_TALLIES] = RECORDS(tally),
    [CN_PROGRAMME_STARTS] = RECORDS(service_start), [CN_PROGRAMME_CARE_PLANS] = RECORDS(care_plan),
};
