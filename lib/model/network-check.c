/* What one record of a network alone cannot show: ids given twice, references to nothing, invented
 * records that look real, values that contradict each other. */
#include "model/network-check.h"

#include "base/geo.h"
#include "base/text.h"

#include <string.h>

/* Farther from the town that it names, a point or an area is likely to be wrong. */
#define POINT_MOST_KM 60.0

/* A box around the Philippines, in degrees. */
#define BOX_SOUTH 4.0
#define BOX_NORTH 21.5
#define BOX_WEST  116.0
#define BOX_EAST  127.5

typedef struct {
    const CnNetwork *network;
    const CnReference *reference;
    CnIssueList *issues;
} Check;

const char *
cn_network_check_step(CnPos pos, const char *keys, const char *columns)
{
    static const char ending[] = ".csv";
    const gsize len = pos.file != NULL ? strlen(pos.file) : 0, end = strlen(ending);
    return len > end && g_ascii_strcasecmp(pos.file + len - end, ending) == 0 ? columns : keys;
}

/* ---- Ids. */

/* What is in the store already has no line. */
static void
report_twice(const Check *check, const char *kind, const char *id, CnPos again, CnPos first)
{
    g_autofree char *place = first.file != NULL ? g_strdup_printf("%s:%u", first.file, first.line)
                                                : g_strdup("the store");
    cn_issue_add(check->issues, CN_SEVERITY_ERROR, "duplicate-id", again,
                 "keep one of them, or give one another id",
                 "the %s \"%s\" is there twice (first in %s)", kind, id, place);
}

/* In a sorted network equal ids are neighbours. */
static void
check_record_ids(const Check *check)
{
    const GArray *regions = check->network->regions;
    for (guint i = 1; i < regions->len; i++) {
        const CnRegion *last = &g_array_index(regions, CnRegion, i - 1);
        const CnRegion *region = &g_array_index(regions, CnRegion, i);
        if (strcmp(region->id, last->id) == 0)
            report_twice(check, "region", region->id, region->pos, last->pos);
    }
    const GArray *organizations = check->network->organizations;
    for (guint i = 1; i < organizations->len; i++) {
        const CnOrganization *last = &g_array_index(organizations, CnOrganization, i - 1);
        const CnOrganization *organization = &g_array_index(organizations, CnOrganization, i);
        if (strcmp(organization->id, last->id) == 0)
            report_twice(check, "organization", last->id, organization->pos, last->pos);
    }
    const GPtrArray *providers = check->network->providers;
    for (guint i = 1; i < providers->len; i++) {
        const CnProvider *last = g_ptr_array_index(providers, i - 1);
        const CnProvider *provider = g_ptr_array_index(providers, i);
        if (strcmp(provider->id, last->id) == 0)
            report_twice(check, "provider", provider->id, provider->pos, last->pos);
    }
}

static void
check_offering_ids(const Check *check, const CnProvider *provider)
{
    for (guint i = 1; i < provider->offerings->len; i++) {
        const CnOffering *last = &g_array_index(provider->offerings, CnOffering, i - 1);
        const CnOffering *offering = &g_array_index(provider->offerings, CnOffering, i);
        if (strcmp(offering->id, last->id) != 0)
            continue;
        cn_issue_add(
            check->issues, CN_SEVERITY_ERROR, "duplicate-id", offering->pos,
            cn_network_check_step(offering->pos,
                                  "give each a variant of its own, such as \"variant: girls\"",
                                  "give each row a variant of its own, such as girls"),
            "the offering \"%s\" is there twice (first in line %u)", offering->id, last->pos.line);
    }
}

/* ---- Invented records: recognised at sight, and with nobody to call. */

static void
report_mark(const Check *check,
            CnSeverity severity,
            CnPos pos,
            const char *id,
            const char *suggestion,
            const char *why)
{
    cn_issue_add(check->issues, severity, "example-mark", pos, suggestion, "\"%s\" %s", id, why);
}

/* @unmarked: how grave it is that something invented is not marked. An unmarked provider could reach
 * a live store as if it were real; an organization only stands behind providers. */
static void
check_mark(const Check *check,
           CnSeverity unmarked,
           gboolean example,
           const char *id,
           const char *name,
           CnPos pos)
{
    gboolean marked_id = g_str_has_prefix(id, "ex-");
    gboolean marked_name = name != NULL && g_str_has_prefix(name, "EXAMPLE");
    if (example && !marked_id)
        report_mark(check, CN_SEVERITY_WARNING, pos, id, "begin its id with \"ex-\"",
                    "is invented, its id looks real");
    if (example && name != NULL && !marked_name)
        report_mark(check, CN_SEVERITY_WARNING, pos, id, "begin its name with EXAMPLE",
                    "is invented, its name looks real");
    if (!example && (marked_id || marked_name))
        report_mark(check, unmarked, pos, id,
                    cn_network_check_step(pos, "add \"example: true\"", "write true under example"),
                    "looks invented and is not marked so");
}

static const CnRegion *
find_region(const CnNetwork *network, const char *id)
{
    for (guint i = 0; id != NULL && i < network->regions->len; i++)
        if (strcmp(g_array_index(network->regions, CnRegion, i).id, id) == 0)
            return &g_array_index(network->regions, CnRegion, i);
    return NULL;
}

static void
check_region(const Check *check, const char *what, const char *id, const char *region, CnPos pos)
{
    if (region == NULL || find_region(check->network, region) != NULL)
        return;
    g_autofree char *quote = cn_text_quote(region);
    cn_issue_add(check->issues, CN_SEVERITY_ERROR, "dangling-reference", pos,
                 "describe the region, too, or correct its id",
                 "the %s \"%s\" is in a region that nobody describes: \"%s\"", what, id, quote);
}

static void
check_organization(const Check *check, const CnOrganization *organization)
{
    check_mark(check, CN_SEVERITY_WARNING, organization->example, organization->id,
               organization->name, organization->pos);
    check_region(check, "organization", organization->id, organization->region, organization->pos);
    if (organization->example && organization->website != NULL)
        report_mark(check, CN_SEVERITY_WARNING, organization->pos, organization->id,
                    "remove the website", "is invented and has a website");
}

static void
check_provider_mark(const Check *check, const CnProvider *provider)
{
    check_mark(check, CN_SEVERITY_ERROR, provider->example, provider->id, provider->name,
               provider->pos);
    if (provider->display_name != NULL &&
        provider->example != g_str_has_prefix(provider->display_name, "EXAMPLE"))
        report_mark(check, CN_SEVERITY_WARNING, provider->pos, provider->id,
                    "begin the display_name of an invented provider, and of no other, with EXAMPLE",
                    "has a display_name that does not tell whether it is invented");
    if (provider->example && (provider->site.phone != NULL || provider->site.email != NULL))
        report_mark(check, CN_SEVERITY_WARNING, provider->pos, provider->id,
                    "remove its phone and email: they may be somebody's",
                    "is invented and has a phone or an email");
}

/* ---- References. */

static char *
suggest_organization(const CnNetwork *network, const char *id)
{
    g_autofree const char **ids = g_new0(const char *, network->organizations->len + 1);
    for (guint i = 0; i < network->organizations->len; i++)
        ids[i] = g_array_index(network->organizations, CnOrganization, i).id;
    return cn_text_did_you_mean(id, ids, network->organizations->len);
}

static void
check_provider_organization(const Check *check, const CnProvider *provider)
{
    if (provider->organization == NULL)
        return;
    const CnOrganization *organization =
        cn_network_organization(check->network, provider->organization);
    if (organization == NULL) {
        g_autofree char *suggestion =
            cn_issue_list_wants_hint(check->issues)
                ? suggest_organization(check->network, provider->organization)
                : NULL;
        cn_issue_add(
            check->issues, CN_SEVERITY_ERROR, "dangling-reference", provider->organization_pos,
            suggestion != NULL ? suggestion
                               : cn_network_check_step(
                                     provider->organization_pos, "add it under \"organizations\"",
                                     "fill in organization_name, organization_kind and "
                                     "organization_region; or, where a store has it already, "
                                     "check with carenet import --dry-run"),
            "no organization has the id \"%s\"", provider->organization);
    } else if (organization->example != provider->example) {
        report_mark(check, CN_SEVERITY_WARNING, provider->organization_pos, provider->id,
                    "mark both as examples, or neither",
                    provider->example ? "is invented, its organization is not"
                                      : "is not marked as invented, its organization is");
    }
}

static void
check_area(const Check *check, const CnProvider *provider)
{
    const CnRegion *region = find_region(check->network, provider->region);
    CnAreaId area = provider->site.area;
    if (region == NULL || region->area == CN_AREA_NONE || area == CN_AREA_NONE ||
        cn_area_contains(check->reference->gazetteer, region->area, area))
        return;
    cn_issue_add(check->issues, CN_SEVERITY_WARNING, "area-outside-region", provider->site_pos,
                 "check the code, or move the provider to the file of its region",
                 "the area of \"%s\" does not lie in %s", provider->id,
                 region->name != NULL ? region->name : region->id);
}

/* ---- Points. Messages give no coordinates: the site may be one that must not be found. */

gboolean
cn_point_is_in_country(double lat_deg, double lon_deg)
{
    return lat_deg >= BOX_SOUTH && lat_deg <= BOX_NORTH && lon_deg >= BOX_WEST &&
           lon_deg <= BOX_EAST;
}

static void
check_point(const Check *check, const CnProvider *provider)
{
    const CnSite *site = &provider->site;
    if (!site->has_point)
        return;
    if (!cn_point_is_in_country(site->lat_deg, site->lon_deg)) {
        gboolean swapped = cn_point_is_in_country(site->lon_deg, site->lat_deg);
        cn_issue_add(check->issues, CN_SEVERITY_ERROR, "point-outside", provider->site_pos,
                     swapped ? "write the latitude first: [lat, lon]"
                             : "write degrees, such as [8.4822, 124.6472]",
                     "the point of \"%s\" is not in the Philippines", provider->id);
        return;
    }
    if (site->area == CN_AREA_NONE)
        return;
    /* The point of a province or a region is its middle, which may well be far away. */
    const CnArea *area = cn_area(check->reference->gazetteer, site->area);
    if (area->level < CN_LEVEL_CITY || cn_distance_m(site->lat_deg, site->lon_deg, area->lat_deg,
                                                     area->lon_deg) <= POINT_MOST_KM * 1000)
        return;
    cn_issue_add(check->issues, CN_SEVERITY_WARNING, "point-far", provider->site_pos,
                 "check the point and the area's code",
                 "the point of \"%s\" is more than %.0f km from the town that it names",
                 provider->id, POINT_MOST_KM);
}

/* ---- Offerings. */

/* How full a guarded provider is nobody learns from us; who has its file finds it by the line. */
static void
check_capacity(const Check *check, const CnProvider *provider, const CnOffering *offering)
{
    const CnCapacity *capacity = &offering->capacity;
    if (capacity->total < 0 || capacity->occupied <= capacity->total)
        return;
    if (provider->disclosure == CN_DISCLOSE_PUBLIC)
        cn_issue_add(check->issues, CN_SEVERITY_INFO, "overfull", offering->capacity_pos, NULL,
                     "\"%s\" has more occupied than total: nothing can be taken", offering->id);
    else
        cn_issue_add(check->issues, CN_SEVERITY_INFO, "overfull", offering->capacity_pos, NULL,
                     "more occupied than total: nothing can be taken; restricted ones are not "
                     "named");
}

/* There is no clock here: an accreditation that had lapsed when the places were counted. */
static void
check_accreditation(const Check *check, const CnProvider *provider)
{
    if (!cn_date_is_set(provider->accreditation_expires))
        return;
    gint64 last_s = cn_date_last_s(provider->accreditation_expires);
    for (guint i = 0; i < provider->offerings->len; i++) {
        const CnOffering *offering = &g_array_index(provider->offerings, CnOffering, i);
        if (!offering->capacity.known || offering->capacity.as_of.s <= last_s)
            continue;
        cn_issue_add(check->issues, CN_SEVERITY_WARNING, "lapsed-accreditation",
                     provider->accreditation_pos,
                     "ask whether it was renewed; until then routing may leave it out",
                     "the accreditation of \"%s\" had expired when its places were last reported",
                     provider->id);
        return;
    }
}

static void
check_offerings(const Check *check, const CnProvider *provider)
{
    if (provider->offerings->len == 0)
        cn_issue_add(check->issues, CN_SEVERITY_WARNING, "no-offerings", provider->pos,
                     cn_network_check_step(provider->pos, "list its services under \"offerings\"",
                                           "write what it offers under service, one row each"),
                     "\"%s\" offers no service, so nobody can find it", provider->id);
    check_offering_ids(check, provider);
    check_accreditation(check, provider);
    for (guint i = 0; i < provider->offerings->len; i++)
        check_capacity(check, provider, &g_array_index(provider->offerings, CnOffering, i));
}

/* Nobody has confirmed a real provider, and nobody can read up on it. */
static void
check_origin(const Check *check, const CnProvider *provider)
{
    if (provider->example || cn_date_is_set(provider->verified_on) ||
        provider->source_url != NULL || provider->source_title != NULL)
        return;
    cn_issue_add(check->issues, CN_SEVERITY_WARNING, "no-source", provider->pos,

                 cn_network_check_step(
                     provider->pos, "add \"source\", or \"verified\" once somebody has called",
                     "fill in source_url, source_title and source_on, or verified_on "
                     "and verified_by once somebody has called"),
                 "\"%s\" is unconfirmed, and nothing says where it was read", provider->id);
}

void
cn_network_check(const CnNetwork *network, const CnReference *reference, CnIssueList *issues)
{
    const Check check = {network, reference, issues};
    check_record_ids(&check);
    for (guint i = 0; i < network->organizations->len; i++)
        check_organization(&check, &g_array_index(network->organizations, CnOrganization, i));
    for (guint i = 0; i < network->providers->len; i++) {
        const CnProvider *provider = g_ptr_array_index(network->providers, i);
        check_provider_mark(&check, provider);
        check_origin(&check, provider);
        check_provider_organization(&check, provider);
        check_region(&check, "provider", provider->id, provider->region, provider->pos);
        check_area(&check, provider);
        check_point(&check, provider);
        check_offerings(&check, provider);
        cn_network_check_disclosure(network, reference, provider, issues);
    }
    cn_network_check_programmes(network, issues);
}
