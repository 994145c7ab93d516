/* See random-network.h. */
#include "random-network.h"

#include "format/reference-files.h"

#include <glib/gstdio.h>
#include <stdlib.h>

CnReference *
test_reference(void)
{
    g_autoptr(GError) error = NULL;
    const char *data = g_getenv("CARENET_TEST_DATA");
    /* Absolute: tests change the folder that they work in. */
    g_autofree char *folder = g_canonicalize_filename(data != NULL ? data : "data", NULL);
    CnReference *reference = cn_reference_read(folder, &error);
    if (reference == NULL)
        g_error("%s", error->message);
    return reference;
}

char *
test_folder(void)
{
    g_autoptr(GError) error = NULL;
    char *folder = g_dir_make_tmp("carenet-test-XXXXXX", &error);
    if (folder == NULL)
        g_error("%s", error->message);
    return folder;
}

void
test_folder_remove(char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    for (const char *name = dir != NULL ? g_dir_read_name(dir) : NULL; name != NULL;
         name = g_dir_read_name(dir)) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_unlink(path);
    }
    g_rmdir(folder);
    g_free(folder);
}

static gboolean
chance(GRand *rand, gint percent)
{
    return g_rand_int_range(rand, 0, 100) < percent;
}

static CnDate
pick_date(GRand *rand)
{
    CnDate date = CN_DATE_NONE;
    if (chance(rand, 25))
        return date;
    date.year = (gint16)g_rand_int_range(rand, 1995, 2100);
    if (chance(rand, 80))
        date.month = (gint8)g_rand_int_range(rand, 1, 13);
    if (date.month != 0 && chance(rand, 80))
        date.day = (gint8)g_rand_int_range(rand, 1, 29);
    return date;
}

/* What has been verified was verified before the clock of any store. */
static CnDate
pick_past_date(GRand *rand)
{
    CnDate date = pick_date(rand);
    if (cn_date_is_set(date))
        date.year = (gint16)(1995 + date.year % 30);
    return date;
}

static CnAreaId
pick_area(GRand *rand, const CnReference *reference)
{
    return g_rand_int_range(rand, 0, (gint)cn_gazetteer_len(reference->gazetteer));
}

static CnTermSet
pick_terms(GRand *rand, const CnReference *reference, carenet_terms_kind kind)
{
    CnTermSet set = {{0, 0}};
    guint len = cn_vocabulary_len(reference->terms[kind]);
    for (guint i = 0; i < len; i++)
        if (chance(rand, 20))
            cn_term_set_add(&set, (gint)i);
    return set;
}

/* Text with what databases and dumps stumble over, or none. */
static const char *
pick_text(GRand *rand, CnNetwork *network, const char *what)
{
    static const char *const oddities[] = {"",
                                           "'; DROP TABLE provider; --",
                                           "Parañaque \u2603",
                                           "\"quoted\"\n\ttext",
                                           "%s%n",
                                           ":name ?1 @x"};
    if (chance(rand, 25))
        return NULL;
    if (chance(rand, 15))
        return cn_network_intern(network,
                                 oddities[g_rand_int_range(rand, 0, G_N_ELEMENTS(oddities))]);
    g_autofree char *text = g_strdup_printf("%s %u", what, g_rand_int(rand) % 100000);
    return cn_network_intern(network, text);
}

static const char *
format_id(CnNetwork *network, const char *format, guint i)
{
    char id[64];
    g_snprintf(id, sizeof id, "%s%u", format, i);
    return cn_network_intern(network, id);
}

static CnCapacity
pick_capacity(GRand *rand, CnNetwork *network)
{
    CnCapacity capacity = {.known = chance(rand, 75), .wait_days = -1};
    if (!capacity.known)
        return capacity;
    capacity.total = g_rand_int_range(rand, 0, 50);
    capacity.occupied = g_rand_int_range(rand, 0, 60);
    capacity.as_of = (CnInstant){.s = 1700000000 + g_rand_int_range(rand, 0, 90000000),
                                 .day_only = chance(rand, 50),
                                 .is_set = chance(rand, 90)};
    capacity.source = pick_text(rand, network, "phone");
    if (chance(rand, 60))
        capacity.wait_days = g_rand_int_range(rand, 0, 90);
    return capacity;
}

static CnEligibility
pick_eligibility(GRand *rand, const CnReference *reference)
{
    CnEligibility eligibility = {.age_min = -1, .age_max = -1, .siblings_up_to = -1};
    if (chance(rand, 50))
        eligibility.age_min = (gint16)g_rand_int_range(rand, 0, 12);
    if (chance(rand, 50))
        eligibility.age_max = (gint16)g_rand_int_range(rand, 12, 100);
    if (chance(rand, 50))
        eligibility.siblings_up_to = g_rand_int_range(rand, 0, 6);
    eligibility.sex = (CnSex)g_rand_int_range(rand, CN_SEX_UNSTATED, CN_SEX_MALE + 1);
    eligibility.groups = pick_terms(rand, reference, CARENET_TERMS_GROUPS);
    eligibility.not_for = pick_terms(rand, reference, CARENET_TERMS_GROUPS);
    eligibility.documents = pick_terms(rand, reference, CARENET_TERMS_DOCUMENTS);
    return eligibility;
}

static void
add_offering(GRand *rand,
             CnNetwork *network,
             CnProvider *provider,
             guint i,
             const CnReference *reference)
{
    CnOffering offering = cn_offering_blank();
    offering.service = g_rand_int_range(rand, 0, (gint)cn_taxonomy_len(reference->taxonomy));
    /* The number makes ids differ, also where a service comes twice. */
    offering.variant = format_id(network, "v", i);
    const char *service = cn_service(reference->taxonomy, offering.service)->id;
    g_autofree char *id = g_strjoin("/", provider->id, service, offering.variant, NULL);
    offering.id = cn_network_intern(network, id);
    offering.all_below = chance(rand, 30);
    offering.capacity = pick_capacity(rand, network);
    offering.eligibility = pick_eligibility(rand, reference);
    offering.hours = pick_text(rand, network, "Mo-Fr 08:00-17:00;");
    offering.intake_hours = pick_text(rand, network, "24/7");
    offering.intake_on_call = chance(rand, 30);
    g_array_append_val(provider->offerings, offering);
}

static void
pick_site(GRand *rand, CnNetwork *network, CnProvider *provider, const CnReference *reference)
{
    gboolean open = provider->disclosure == CN_DISCLOSE_PUBLIC;
    provider->name = pick_text(rand, network, open ? "Office" : "CANARY house");
    provider->show_area = open && chance(rand, 60) ? CN_AREA_NONE : pick_area(rand, reference);
    provider->site.area = pick_area(rand, reference);
    provider->site.has_point = chance(rand, 50);
    if (provider->site.has_point) {
        provider->site.lat_deg = g_rand_double_range(rand, 4, 21);
        provider->site.lon_deg = g_rand_double_range(rand, 116, 127);
    }
    provider->site.address = pick_text(rand, network, open ? "Main Street" : "CANARY Street");
    provider->site.phone = pick_text(rand, network, open ? "0917" : "CANARY 0917");
    provider->site.email = pick_text(rand, network, open ? "desk@x" : "CANARY@x");
}

static void
pick_standing(GRand *rand, CnNetwork *network, CnProvider *provider)
{
    provider->status = (CnStatus)g_rand_int_range(rand, CN_ACTIVE, CN_SUSPENDED + 1);
    provider->listing_consent = pick_date(rand);
    provider->verified_on = pick_past_date(rand);
    provider->verified_by =
        (CnVerifiedBy)g_rand_int_range(rand, CN_VERIFIED_NOT, CN_VERIFIED_DOCUMENT + 1);
    provider->source_url = pick_text(rand, network, "https://example.org/");
    provider->source_title = pick_text(rand, network, "Page");
    provider->source_on = pick_date(rand);
    provider->accreditation_body = pick_text(rand, network, "DSWD");
    provider->accreditation_level = g_rand_int_range(rand, 0, 4);
    provider->accreditation_expires = pick_date(rand);
}

static void
add_lists(GRand *rand, CnProvider *provider, const CnReference *reference)
{
    provider->languages = pick_terms(rand, reference, CARENET_TERMS_LANGUAGES);
    provider->access = pick_terms(rand, reference, CARENET_TERMS_ACCESS);
    for (gint n = g_rand_int_range(rand, 0, 4); n > 0; n--) {
        CnAreaId area = pick_area(rand, reference);
        g_array_append_val(provider->serves, area);
    }
    gint courses = (gint)cn_vocabulary_len(reference->terms[CARENET_TERMS_COURSES]);
    for (gint n = g_rand_int_range(rand, 0, 4); n > 0; n--) {
        CnCapability capability = {.course = g_rand_int_range(rand, 0, courses),
                                   .staff = chance(rand, 70) ? g_rand_int_range(rand, 0, 9) : -1,
                                   .on = pick_date(rand),
                                   .expires = pick_date(rand)};
        g_array_append_val(provider->capabilities, capability);
    }
}

static void
add_provider(GRand *rand, CnNetwork *network, guint i, const CnReference *reference)
{
    CnProvider *provider = cn_network_add_provider(network);
    guint regions = network->regions->len, organizations = network->organizations->len;
    provider->id = format_id(network, i % 3 == 0 ? "p-" : "p", i);
    if (regions > 0 && chance(rand, 80))
        provider->region =
            g_array_index(network->regions, CnRegion, (guint)g_rand_int(rand) % regions).id;
    provider->organization = g_array_index(network->organizations, CnOrganization,
                                           (guint)g_rand_int(rand) % organizations)
                                 .id;
    provider->disclosure = (CnDisclosure)g_rand_int_range(rand, 0, CN_DISCLOSE_RESTRICTED + 1);
    provider->display_name = pick_text(rand, network, "Shelter");
    provider->example = chance(rand, 50);
    provider->remote = chance(rand, 20);
    provider->contact_role = pick_text(rand, network, "intake desk");
    /* Also one that comes later: the gateway may stand behind the provider in the file. */
    if (chance(rand, 30))
        provider->contact_gateway = provider->id;
    pick_site(rand, network, provider, reference);
    pick_standing(rand, network, provider);
    add_lists(rand, provider, reference);
    for (gint n = g_rand_int_range(rand, 0, 5); n > 0; n--)
        add_offering(rand, network, provider, (guint)n, reference);
}

/* Some gateways are another provider, before or behind. */
static void
cross_gateways(GRand *rand, CnNetwork *network)
{
    for (guint i = 0; i < network->providers->len; i++) {
        CnProvider *provider = g_ptr_array_index(network->providers, i);
        if (!chance(rand, 20))
            continue;
        const CnProvider *other = g_ptr_array_index(
            network->providers, (guint)g_rand_int(rand) % network->providers->len);
        provider->contact_gateway = other->id;
    }
}

CnNetwork *
random_network(GRand *rand, guint providers, const CnReference *reference)
{
    CnNetwork *network = cn_network_new();
    if (chance(rand, 70)) {
        network->id = cn_network_intern(network, "random-network");
        network->name = pick_text(rand, network, "Network");
        network->demonstration_now =
            (CnInstant){.s = 1794790800, .day_only = chance(rand, 50), .is_set = chance(rand, 50)};
    }
    for (gint n = g_rand_int_range(rand, 0, 5); n > 0; n--) {
        CnRegion region = {.id = format_id(network, "region-", (guint)n),
                           .name = pick_text(rand, network, "Region"),
                           .area = pick_area(rand, reference),
                           .languages = pick_terms(rand, reference, CARENET_TERMS_LANGUAGES)};
        g_array_append_val(network->regions, region);
    }
    for (gint n = g_rand_int_range(rand, 1, 6); n > 0; n--) {
        CnOrganization organization = {
            .id = format_id(network, "org-", (guint)n),
            .region = network->regions->len > 0 && chance(rand, 70)
                          ? g_array_index(network->regions, CnRegion, 0).id
                          : NULL,
            .name = pick_text(rand, network, "Organization"),
            .website = pick_text(rand, network, "https://example.org"),
            .kind = (CnOrgKind)g_rand_int_range(rand, 0, CN_ORG_COMMUNITY + 1),
            .data_sharing_agreement = pick_date(rand),
            .example = chance(rand, 50)};
        g_array_append_val(network->organizations, organization);
    }
    for (guint i = 0; i < providers; i++)
        add_provider(rand, network, i, reference);
    if (providers > 0)
        cross_gateways(rand, network);
    cn_network_sort(network);
    return network;
}
