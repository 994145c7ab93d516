/* Providers of a region file. Messages about the place and the contact of a provider that must not
 * be found quote nothing of what was written. */
#include "base/text.h"
#include "format/region-private.h"

#include <string.h>

#define READER(decode) ((CnRegionReader *)(decode)->data)
#define ADDRESS_MOST   300
#define ROLE_MOST      120

/* ---- Small records. */

static void
read_verified_on(CnDecode *decode, const CnNode *value, gpointer target)
{
    ((CnProvider *)target)->verified_pos = value->pos;
    cn_region_date(decode, value, "verified.on", &((CnProvider *)target)->verified_on);
}

static void
read_verified_by(CnDecode *decode, const CnNode *value, gpointer target)
{
    const char *word = NULL;
    if (cn_decode_text(decode, value, "verified.by", CN_WORD_MOST, &word) &&
        !cn_verified_by_parse(word, &((CnProvider *)target)->verified_by))
        cn_region_refuse_word(decode, value, "verified.by", "phone, visit, email or document");
}

static void
read_verified(CnDecode *decode, const CnNode *value, gpointer target)
{
    static const CnField fields[] = {{"on", TRUE, read_verified_on},
                                     {"by", TRUE, read_verified_by}};
    cn_decode_mapping(decode, value, "verified", fields, G_N_ELEMENTS(fields), target);
}

static void
read_source_url(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_region_url(decode, value, "source.url", &((CnProvider *)target)->source_url);
}

static void
read_source_title(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_region_text(decode, value, "source.title", ADDRESS_MOST,
                   &((CnProvider *)target)->source_title);
}

static void
read_source_on(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_region_date(decode, value, "source.on", &((CnProvider *)target)->source_on);
}

static void
read_source(CnDecode *decode, const CnNode *value, gpointer target)
{
    static const CnField fields[] = {{"url", FALSE, read_source_url},
                                     {"title", FALSE, read_source_title},
                                     {"on", FALSE, read_source_on}};
    cn_decode_mapping(decode, value, "source", fields, G_N_ELEMENTS(fields), target);
}

static void
read_accreditation_body(CnDecode *decode, const CnNode *value, gpointer target)
{
    CnProvider *provider = target;
    cn_region_text(decode, value, "body", CN_NAME_MOST, &provider->accreditation_body);
}

static void
read_accreditation_level(CnDecode *decode, const CnNode *value, gpointer target)
{
    gint64 level = 0;
    if (cn_decode_int(decode, value, "level", 1, 9, &level))
        ((CnProvider *)target)->accreditation_level = (gint32)level;
}

static void
read_accreditation_expires(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_region_date(decode, value, "expires", &((CnProvider *)target)->accreditation_expires);
}

static void
read_accreditation(CnDecode *decode, const CnNode *value, gpointer target)
{
    static const CnField fields[] = {{"body", TRUE, read_accreditation_body},
                                     {"level", FALSE, read_accreditation_level},
                                     {"expires", FALSE, read_accreditation_expires}};
    ((CnProvider *)target)->accreditation_pos = value->pos;
    cn_decode_mapping(decode, value, "accreditation", fields, G_N_ELEMENTS(fields), target);
}

/* ---- Capabilities. */

static void
read_course(CnDecode *decode, const CnNode *value, gpointer target)
{
    CnCapability *capability = target;
    cn_region_term(decode, value, "course", CARENET_TERMS_COURSES, &capability->course);
}

static void
read_staff(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_decode_int(decode, value, "staff", 0, 100000, &((CnCapability *)target)->staff);
}

static void
read_capability_on(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_region_date(decode, value, "on", &((CnCapability *)target)->on);
}

static void
read_capability_expires(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_region_date(decode, value, "expires", &((CnCapability *)target)->expires);
}

static void
read_capability(CnDecode *decode, const CnNode *item, gpointer target)
{
    static const CnField fields[] = {{"course", TRUE, read_course},
                                     {"staff", FALSE, read_staff},
                                     {"on", FALSE, read_capability_on},
                                     {"expires", FALSE, read_capability_expires}};
    CnCapability capability = {.course = -1, .staff = -1};
    cn_decode_mapping(decode, item, "capability", fields, G_N_ELEMENTS(fields), &capability);
    if (cn_date_is_set(capability.on) && cn_date_is_set(capability.expires) &&
        cn_date_last_s(capability.expires) < cn_date_first_s(capability.on))
        cn_decode_issue(decode, CN_SEVERITY_ERROR, "impossible-value", item, "check both days",
                        "the capability expires before its course was held");
    if (capability.course >= 0)
        g_array_append_val(((CnProvider *)target)->capabilities, capability);
}

/* ---- The place. */

static void
read_area(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_region_area(decode, value, "area", &((CnProvider *)target)->site.area);
}

/* What it says was read before everything else; here it only has to be one of the words. */
static void
read_disclosure(CnDecode *decode, const CnNode *value, gpointer target)
{
    const char *word = NULL;
    CnDisclosure disclosure = CN_DISCLOSE_RESTRICTED;
    (void)target;
    if (cn_decode_text(decode, value, "disclosure", CN_WORD_MOST, &word) &&
        !cn_disclosure_parse(word, &disclosure))
        cn_region_refuse_word(decode, value, "disclosure", "public, network or restricted");
}

static void
read_show_area(CnDecode *decode, const CnNode *value, gpointer target)
{
    CnProvider *provider = target;
    provider->show_area_pos = value->pos;
    cn_region_area(decode, value, "show_area", &provider->show_area);
}

static void
read_address(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_region_text(decode, value, "address", ADDRESS_MOST, &((CnProvider *)target)->site.address);
}

static void
read_point(CnDecode *decode, const CnNode *value, gpointer target)
{
    CnSite *site = &((CnProvider *)target)->site;
    double lat_deg = 0, lon_deg = 0;
    if (value->kind != CN_NODE_SEQUENCE || value->len != 2) {
        cn_decode_issue(decode, CN_SEVERITY_ERROR, "wrong-type", value,
                        "write [latitude, longitude] in degrees",
                        "point must be a list of two numbers");
        return;
    }
    if (cn_decode_double(decode, value->items[0], "latitude", -180, 180, &lat_deg) &&
        cn_decode_double(decode, value->items[1], "longitude", -180, 180, &lon_deg))
        *site = (CnSite){.area = site->area,
                         .has_point = TRUE,
                         .lat_deg = lat_deg,
                         .lon_deg = lon_deg,
                         .address = site->address,
                         .phone = site->phone,
                         .email = site->email};
}

static const CnField place_fields[] = {
    {"area", TRUE, read_area},
    {"disclosure", FALSE, read_disclosure},
    {"show_area", FALSE, read_show_area},
    {"address", FALSE, read_address},
    {"point", FALSE, read_point},
};

static void
read_place(CnDecode *decode, const CnNode *value, gpointer target)
{
    CnProvider *provider = target;
    provider->site_pos = value->pos;
    decode->hide_values = READER(decode)->guarded;
    cn_decode_mapping(decode, value, "place", place_fields, G_N_ELEMENTS(place_fields), target);
    decode->hide_values = FALSE;
}

/* ---- The contact. */

static void
read_role(CnDecode *decode, const CnNode *value, gpointer target)
{
    CnProvider *provider = target;
    if (!cn_region_text(decode, value, "role", ROLE_MOST, &provider->contact_role))
        return;
    if (strpbrk(provider->contact_role, "@0123456789") != NULL)
        cn_decode_issue(decode, CN_SEVERITY_ERROR, "contact-role", value,
                        "write a desk or an office, such as \"intake desk\"; never a person",
                        "role holds a number or an address");
}

static void
read_phone(CnDecode *decode, const CnNode *value, gpointer target)
{
    CnProvider *provider = target;
    const char *text = NULL;
    if (!cn_region_text(decode, value, "phone", ROLE_MOST, &text))
        return;
    if (strpbrk(text, "0123456789") != NULL)
        provider->site.phone = text;
    else
        cn_decode_issue(decode, CN_SEVERITY_ERROR, "impossible-value", value,
                        "write the number of the office, in quotes", "phone holds no number");
}

static void
read_email(CnDecode *decode, const CnNode *value, gpointer target)
{
    CnProvider *provider = target;
    const char *text = NULL;
    if (!cn_region_text(decode, value, "email", ROLE_MOST, &text))
        return;
    const char *at = strchr(text, '@');
    if (at != NULL && at != text && at[1] != '\0' && strpbrk(text, " <>,;") == NULL)
        provider->site.email = text;
    else
        cn_decode_issue(decode, CN_SEVERITY_ERROR, "impossible-value", value,
                        "write one address, such as desk@example.org", "email is not an address");
}

static void
read_gateway(CnDecode *decode, const CnNode *value, gpointer target)
{
    CnProvider *provider = target;
    provider->gateway_pos = value->pos;
    cn_region_id(decode, value, "gateway", &provider->contact_gateway);
}

static void
read_contact(CnDecode *decode, const CnNode *value, gpointer target)
{
    static const CnField fields[] = {
        {"role", FALSE, read_role},
        {"phone", FALSE, read_phone},
        {"email", FALSE, read_email},
        {"gateway", FALSE, read_gateway},
    };
    CnProvider *provider = target;
    provider->gateway_pos = value->pos;
    decode->hide_values = READER(decode)->guarded;
    cn_decode_mapping(decode, value, "contact", fields, G_N_ELEMENTS(fields), target);
    decode->hide_values = FALSE;
}

/* ---- The provider. */

static void
read_example(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_decode_bool(decode, value, "example", &((CnProvider *)target)->example);
}

static void
read_organization(CnDecode *decode, const CnNode *value, gpointer target)
{
    CnProvider *provider = target;
    provider->organization_pos = value->pos;
    cn_region_id(decode, value, "organization", &provider->organization);
}

static void
read_name(CnDecode *decode, const CnNode *value, gpointer target)
{
    decode->hide_values = READER(decode)->guarded;
    cn_region_text(decode, value, "name", CN_NAME_MOST, &((CnProvider *)target)->name);
    decode->hide_values = FALSE;
}

static void
read_display_name(CnDecode *decode, const CnNode *value, gpointer target)
{
    CnProvider *provider = target;
    cn_region_text(decode, value, "display_name", CN_NAME_MOST, &provider->display_name);
}

static void
read_remote(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_decode_bool(decode, value, "remote", &((CnProvider *)target)->remote);
}

static void
add_served_area(CnDecode *decode, const CnNode *item, gpointer target)
{
    CnAreaId area = CN_AREA_NONE;
    if (cn_region_area(decode, item, "serves", &area))
        g_array_append_val(((CnProvider *)target)->serves, area);
}

static void
read_serves(CnDecode *decode, const CnNode *value, gpointer target)
{
    ((CnProvider *)target)->serves_pos = value->pos;
    cn_decode_sequence(decode, value, "serves", add_served_area, target);
}

static void
read_languages(CnDecode *decode, const CnNode *value, gpointer target)
{
    CnProvider *provider = target;
    cn_region_terms(decode, value, "languages", CARENET_TERMS_LANGUAGES, &provider->languages);
}

static void
read_access(CnDecode *decode, const CnNode *value, gpointer target)
{
    CnProvider *provider = target;
    cn_region_terms(decode, value, "access", CARENET_TERMS_ACCESS, &provider->access);
}

static void
read_status(CnDecode *decode, const CnNode *value, gpointer target)
{
    const char *word = NULL;
    if (cn_decode_text(decode, value, "status", CN_WORD_MOST, &word) &&
        !cn_status_parse(word, &((CnProvider *)target)->status))
        cn_region_refuse_word(decode, value, "status", "active, paused, closed or suspended");
}

static void
read_listing_consent(CnDecode *decode, const CnNode *value, gpointer target)
{
    CnProvider *provider = target;
    cn_region_date(decode, value, "listing_consent", &provider->listing_consent);
}

static void
read_capabilities(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_decode_sequence(decode, value, "capabilities", read_capability, target);
}

static void
add_withheld(CnDecode *decode, const CnNode *item, gpointer target)
{
    static const char *const known[] = {"area",  "point", "address",  "phone",
                                        "email", "name",  "capacity", NULL};
    const char *word = NULL;
    if (!cn_region_text(decode, item, "withheld", CN_WORD_MOST, &word))
        return;
    if (g_strv_contains(known, word))
        g_ptr_array_add(((CnProvider *)target)->withheld, (gpointer)word);
    else
        cn_region_refuse_word(decode, item, "withheld",
                              "area, point, address, phone, email, name or capacity");
}

static void
read_withheld(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_decode_sequence(decode, value, "withheld", add_withheld, target);
}

static void
read_offerings(CnDecode *decode, const CnNode *value, gpointer target)
{
    /* What stands there instead of a list may be anything. */
    decode->hide_values = READER(decode)->guarded && value->kind != CN_NODE_SEQUENCE;
    cn_decode_sequence(decode, value, "offerings", cn_region_offering, target);
    decode->hide_values = FALSE;
}

static const CnField provider_fields[] = {
    {"id", TRUE, NULL}, /* read before all others: offerings are named after it */
    {"example", FALSE, read_example},
    {"organization", TRUE, read_organization},
    {"name", FALSE, read_name}, /* may be withheld */
    {"display_name", FALSE, read_display_name},
    {"place", TRUE, read_place},
    {"remote", FALSE, read_remote},
    {"serves", FALSE, read_serves},
    {"contact", FALSE, read_contact},
    {"languages", FALSE, read_languages},
    {"access", FALSE, read_access},
    {"status", FALSE, read_status}, /* active where nobody says otherwise */
    {"listing_consent", FALSE, read_listing_consent},
    {"verified", FALSE, read_verified},
    {"source", FALSE, read_source},
    {"accreditation", FALSE, read_accreditation},
    {"capabilities", FALSE, read_capabilities},
    {"withheld", FALSE, read_withheld},
    {"offerings", FALSE, read_offerings},
};

/* Where survivors live is restricted unless the entry says otherwise; so is what is misspelt. It
 * must be known before any other value is read, since messages may not quote such a place. */
static CnDisclosure
disclosure_of(const CnRegionReader *reader, const CnNode *node)
{
    const CnNode *stated = cn_node_get(cn_node_get(node, "place"), "disclosure");
    CnDisclosure disclosure = CN_DISCLOSE_RESTRICTED;
    if (!cn_node_is_null(stated)) {
        if (stated->kind == CN_NODE_SCALAR)
            cn_disclosure_parse(stated->text, &disclosure);
        return disclosure;
    }
    const CnNode *offerings = cn_node_get(node, "offerings");
    for (guint i = 0;
         offerings != NULL && offerings->kind == CN_NODE_SEQUENCE && i < offerings->len; i++) {
        const CnNode *name = cn_node_get(offerings->items[i], "service");
        CnServiceId service = CN_SERVICE_NONE;
        if (name != NULL && name->kind == CN_NODE_SCALAR &&
            cn_service_resolve(reader->reference->taxonomy, name->text, &service, NULL) &&
            cn_service_is_home(cn_service(reader->reference->taxonomy, service)))
            return CN_DISCLOSE_RESTRICTED;
    }
    return CN_DISCLOSE_PUBLIC;
}

static gboolean
is_place_key(const char *key)
{
    for (gsize i = 0; i < G_N_ELEMENTS(place_fields); i++)
        if (strcmp(place_fields[i].key, key) == 0)
            return TRUE;
    return FALSE;
}

/* Whether anybody may know where it is, and nothing in its place may have been meant to say otherwise: where a key is
 * misspelt, or the place is no record, messages quote nothing of it. */
static gboolean
is_plainly_public(const CnNode *node, CnDisclosure disclosure)
{
    const CnNode *place = cn_node_get(node, "place");
    if (disclosure != CN_DISCLOSE_PUBLIC || place == NULL || place->kind != CN_NODE_MAPPING)
        return FALSE;
    for (gsize i = 0; i < place->len; i++)
        if (!is_place_key(place->items[2 * i]->text))
            return FALSE;
    return TRUE;
}

static gboolean
is_withheld(const CnProvider *provider, const char *field)
{
    for (guint i = 0; i < provider->withheld->len; i++)
        if (strcmp(g_ptr_array_index(provider->withheld, i), field) == 0)
            return TRUE;
    return FALSE;
}

/* An export withholds the name of a place that must not be found; everybody else has one. */
static void
check_name(CnDecode *decode, const CnNode *node, const CnProvider *provider)
{
    gboolean may_lack = provider->disclosure != CN_DISCLOSE_PUBLIC && is_withheld(provider, "name");
    const CnNode *name = cn_node_get(node, "name");
    if (cn_node_is_null(name) && !may_lack)
        cn_decode_issue(decode, CN_SEVERITY_ERROR, "missing-key", name != NULL ? name : node,
                        "add \"name: ...\"", "provider needs the key \"name\"");
}

void
cn_region_provider(CnDecode *decode, const CnNode *node, gpointer target)
{
    CnRegionReader *reader = READER(decode);
    CnProvider *provider = cn_network_add_provider(reader->network);
    const CnNode *id = cn_node_get(node, "id");
    (void)target;
    provider->pos = provider->site_pos = provider->organization_pos = node->pos;
    provider->accreditation_pos = provider->gateway_pos = node->pos;
    provider->region = reader->region;
    provider->disclosure = disclosure_of(reader, node);
    reader->guarded = !is_plainly_public(node, provider->disclosure);
    if (!cn_node_is_null(id))
        cn_region_id(decode, id, "id", &provider->id);
    if (cn_decode_mapping(decode, node, "provider", provider_fields, G_N_ELEMENTS(provider_fields),
                          provider))
        check_name(decode, node, provider);
    /* Nothing can refer to a record without an id, and nothing can look it up. */
    if (provider->id == NULL)
        g_ptr_array_set_size(reader->network->providers, (gint)reader->network->providers->len - 1);
}
