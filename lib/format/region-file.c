/* Region files and the network file: the file as a whole, the region, the network and its
 * organizations. data/regions/README.md is the manual of the format. */
#include "format/region-file.h"

#include "format/issue-error.h"
#include "format/outline.h"
#include "format/region-csv.h"
#include "format/region-private.h"

#include <string.h>

#define READER(decode) ((CnRegionReader *)(decode)->data)

/* ---- The region, and the network. */

static void
read_region_name(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_region_text(decode, value, "name", CN_NAME_MOST, &((CnRegion *)target)->name);
}

static void
read_region_area(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_region_area(decode, value, "area", &((CnRegion *)target)->area);
}

static void
read_region_languages(CnDecode *decode, const CnNode *value, gpointer target)
{
    CnRegion *region = target;
    cn_region_terms(decode, value, "languages", CARENET_TERMS_LANGUAGES, &region->languages);
}

static void
read_region_id(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_region_id(decode, value, "id", &((CnRegion *)target)->id);
}

void
cn_region_region(CnDecode *decode, const CnNode *node)
{
    static const CnField fields[] = {
        {"id", TRUE, read_region_id},
        {"name", TRUE, read_region_name},
        {"area", TRUE, read_region_area},
        {"languages", FALSE, read_region_languages},
    };
    CnRegion region = {.area = CN_AREA_NONE, .pos = node->pos};
    cn_decode_mapping(decode, node, "region", fields, G_N_ELEMENTS(fields), &region);
    if (region.id == NULL)
        return;
    READER(decode)->region = region.id;
    g_array_append_val(READER(decode)->network->regions, region);
}

static void
read_network_id(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_region_id(decode, value, "id", &((CnNetwork *)target)->id);
}

static void
read_network_name(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_region_text(decode, value, "name", CN_NAME_MOST, &((CnNetwork *)target)->name);
}

static void
read_network_now(CnDecode *decode, const CnNode *value, gpointer target)
{
    CnNetwork *network = target;
    cn_region_instant(decode, value, "demonstration_now", &network->demonstration_now);
}

static void
read_network(CnDecode *decode, const CnNode *node)
{
    static const CnField fields[] = {
        {"id", TRUE, read_network_id},
        {"name", TRUE, read_network_name},
        {"demonstration_now", FALSE, read_network_now},
    };
    CnNetwork *network = READER(decode)->network;
    if (network->id != NULL)
        cn_decode_issue(decode, CN_SEVERITY_ERROR, "duplicate-id", node,
                        "keep one \"network\" in all files",
                        "the network is described twice (it is \"%s\" already)", network->id);
    cn_decode_mapping(decode, node, "network", fields, G_N_ELEMENTS(fields), network);
}

/* ---- Organizations. */

static void
read_organization_id(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_region_id(decode, value, "id", &((CnOrganization *)target)->id);
}

static void
read_organization_example(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_decode_bool(decode, value, "example", &((CnOrganization *)target)->example);
}

static void
read_organization_name(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_region_text(decode, value, "name", CN_NAME_MOST, &((CnOrganization *)target)->name);
}

static void
read_organization_kind(CnDecode *decode, const CnNode *value, gpointer target)
{
    const char *word = NULL;
    if (cn_decode_text(decode, value, "kind", CN_WORD_MOST, &word) &&
        !cn_org_kind_parse(word, &((CnOrganization *)target)->kind))
        cn_region_refuse_word(decode, value, "kind", "government, ngo, hospital or community");
}

static void
read_organization_website(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_region_url(decode, value, "website", &((CnOrganization *)target)->website);
}

static void
read_organization_agreement(CnDecode *decode, const CnNode *value, gpointer target)
{
    CnOrganization *organization = target;
    cn_region_date(decode, value, "data_sharing_agreement", &organization->data_sharing_agreement);
}

void
cn_region_organization(CnDecode *decode, const CnNode *node, gpointer target)
{
    static const CnField fields[] = {
        {"id", TRUE, read_organization_id},
        {"example", FALSE, read_organization_example},
        {"name", TRUE, read_organization_name},
        {"kind", TRUE, read_organization_kind},
        {"website", FALSE, read_organization_website},
        {"data_sharing_agreement", FALSE, read_organization_agreement},
    };
    (void)target;
    CnOrganization organization = {.region = READER(decode)->region, .pos = node->pos};
    cn_decode_mapping(decode, node, "organization", fields, G_N_ELEMENTS(fields), &organization);
    if (organization.id != NULL)
        g_array_append_val(READER(decode)->network->organizations, organization);
}

/* ---- The file. */

static void
read_organizations(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_decode_sequence(decode, value, "organizations", cn_region_organization, target);
}

static void
read_providers(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_decode_sequence(decode, value, "providers", cn_region_provider, target);
}

static void
read_programme(CnDecode *decode, const CnNode *value, gpointer target)
{
    (void)target;
    cn_region_programme(decode, value);
}

/* Whose records these are must be known before the first of them is read. */
static void
read_owner(CnDecode *decode, const CnNode *root)
{
    const CnNode *region = cn_node_get(root, "region");
    const CnNode *network = cn_node_get(root, "network");
    if (!cn_node_is_null(region) && !cn_node_is_null(network))
        cn_decode_issue(decode, CN_SEVERITY_ERROR, "region-or-network", network,
                        "put what spans the regions into a file of its own",
                        "a file describes a region or the network, not both");
    if (!cn_node_is_null(region))
        cn_region_region(decode, region);
    if (!cn_node_is_null(network))
        read_network(decode, network);
}

static void
read_root(CnDecode *decode, const CnNode *root)
{
    static const CnField fields[] = {
        {"region", FALSE, NULL},
        {"network", FALSE, NULL},
        {"organizations", FALSE, read_organizations},
        {"providers", FALSE, read_providers},
        {"programme", FALSE, read_programme},
    };
    read_owner(decode, root);
    cn_decode_mapping(decode, root, "a region file", fields, G_N_ELEMENTS(fields), NULL);
}

void
cn_region_text_read(const char *text,
                    gsize len,
                    const char *name,
                    CnNetwork *network,
                    const CnReference *reference,
                    CnIssueList *issues)
{
    const char *file = g_intern_string(name);
    g_autoptr(CnYaml) yaml = cn_yaml_parse(text, len, file, NULL, FALSE, issues);
    CnRegionReader reader = {.network = network, .reference = reference};
    CnDecode decode = {.issues = issues, .data = &reader};
    if (yaml == NULL)
        return;
    if (cn_node_is_null(cn_yaml_root(yaml)))
        cn_issue_add(issues, CN_SEVERITY_ERROR, "empty-file", (CnPos){file, 1, 1},
                     "\"carenet template region\" prints a start", "the file holds no records");
    else
        read_root(&decode, cn_yaml_root(yaml));
}

/* Whatever the case of its letters: Windows does not care. */
static gboolean
is_csv_name(const char *path)
{
    const gsize len = strlen(path), end = strlen(".csv");
    return len > end && g_ascii_strcasecmp(path + len - end, ".csv") == 0;
}

gboolean
cn_region_file_read_as(const char *path,
                       carenet_file_format format,
                       CnNetwork *network,
                       const CnReference *reference,
                       CnIssueList *issues,
                       GError **error)
{
    static const CnYamlLimits csv_limits = {.bytes = CN_REGION_CSV_BYTES};
    g_autofree char *text = NULL;
    gsize len = 0;
    gboolean csv =
        format == CARENET_FILE_CSV || (format == CARENET_FILE_BY_NAME && is_csv_name(path));
    if (!cn_yaml_read_file(path, csv ? &csv_limits : NULL, &text, &len, issues, error))
        return FALSE;
    if (text != NULL && csv)
        cn_region_csv_read(text, len, path, network, reference, issues);
    else if (text != NULL)
        cn_region_text_read(text, len, path, network, reference, issues);
    return TRUE;
}

gboolean
cn_region_file_read(const char *path,
                    CnNetwork *network,
                    const CnReference *reference,
                    CnIssueList *issues,
                    GError **error)
{
    return cn_region_file_read_as(path, CARENET_FILE_BY_NAME, network, reference, issues, error);
}

CnNetwork *
cn_region_files_read_at(const char *const *paths,
                        gsize paths_len,
                        const CnReference *reference,
                        gint64 now_s,
                        CnIssueList *issues,
                        GError **error)
{
    g_autoptr(CnNetwork) network = cn_network_new();
    for (gsize i = 0; i < paths_len; i++)
        if (!cn_region_file_read(paths[i], network, reference, issues, error))
            return NULL;
    cn_network_sort(network);
    cn_network_check(network, reference, issues);
    cn_outlines_check(network, reference, issues);
    const CnInstant own = network->demonstration_now;
    cn_network_check_times(network, own.is_set && now_s != G_MAXINT64 ? own.s : now_s, issues);
    if (cn_issue_list_errors(issues) == 0)
        return g_steal_pointer(&network);
    cn_error_from_issues(error, issues, paths_len == 1 ? "the region file" : "the network");
    return NULL;
}

CnNetwork *
cn_region_files_read(const char *const *paths,
                     gsize paths_len,
                     const CnReference *reference,
                     CnIssueList *issues,
                     GError **error)
{
    return cn_region_files_read_at(paths, paths_len, reference, G_MAXINT64, issues, error);
}
