/* The reference data of a folder: two CSV tables, two YAML files.
 *
 * A maintainer changes these files, so all findings are collected first; but reference data is
 * needed whole, so any error refuses the folder, naming the first finding and how many more. */
#include "format/reference-files.h"

#include "base/text.h"
#include "format/csv.h"
#include "format/issue-error.h"
#include "format/yaml.h"

#include <string.h>

#define ID_CHARS     64
#define NAME_CHARS   200
#define DETAIL_CHARS 500
#define LINK_KM_MOST 2000.0

typedef struct {
    const char *path; /* interned: positions name it */
    char *text;       /* NULL where it is too large: an issue */
    gsize len;
} File;

/* In the order of the digest. */
enum {
    GAZETTEER,
    SEA_LINKS,
    SERVICES,
    TERMS,
    FILES
};
static const char *const file_names[FILES] = {"gazetteer.csv", "sea-links.csv", "services.yaml",
                                              "terms.yaml"};

typedef struct {
    File files[FILES];
    CnIssueList *issues;
} Folder;

static void
clear_folder(Folder *folder)
{
    for (guint i = 0; i < FILES; i++)
        g_free(folder->files[i].text);
    cn_issue_list_free(folder->issues);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Folder, clear_folder)

static gboolean
read_files(Folder *folder, const char *data_dir, GError **error)
{
    for (guint i = 0; i < FILES; i++) {
        File *file = &folder->files[i];
        g_autofree char *path = g_build_filename(data_dir, file_names[i], NULL);
        file->path = g_intern_string(path);
        if (!cn_yaml_read_file(file->path, &cn_yaml_limits, &file->text, &file->len, folder->issues,
                               error))
            return FALSE;
    }
    return TRUE;
}

/* Names and lengths go in as well, so that no byte can move from one file to the next unseen. */
static char *
digest_files(const Folder *folder)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    for (guint i = 0; i < FILES; i++) {
        const File *file = &folder->files[i];
        g_autofree char *head =
            g_strdup_printf("%s %" G_GSIZE_FORMAT "\n", file_names[i], file->len);
        g_checksum_update(sum, (const guchar *)head, (gssize)strlen(head));
        g_checksum_update(sum, (const guchar *)file->text, (gssize)file->len);
    }
    return g_strdup(g_checksum_get_string(sum));
}

/* ---- Places. */

enum {
    CODE,
    NAME,
    LEVEL,
    PARENT,
    LAT,
    LON,
    POPULATION,
    ALIASES,
    PROVINCE,
    ISLAND,
    AREA_COLUMNS
};
static const char *const area_columns[AREA_COLUMNS] = {
    "code", "name",       "level",   "parent_code",         "lat",
    "lon",  "population", "aliases", "geographic_province", "island"};

/* A row with a bad cell is added all the same, so that nothing else seems to lack its parent. */
static void
read_area(const CnCsv *csv, guint row, CnGazetteerBuilder *builder, CnIssueList *issues)
{
    CnAreaRow area = {.code = cn_csv_cell(csv, row, CODE),
                      .name = cn_csv_cell(csv, row, NAME),
                      .parent_code = cn_csv_cell(csv, row, PARENT),
                      .aliases = cn_csv_cell(csv, row, ALIASES),
                      .geographic_province = cn_csv_cell(csv, row, PROVINCE),
                      .island = cn_csv_cell(csv, row, ISLAND),
                      .level = CN_LEVEL_MUNICIPALITY,
                      .pos = cn_csv_pos(csv, row, CODE)};
    if (!cn_level_parse(cn_csv_cell(csv, row, LEVEL), &area.level)) {
        g_autofree char *found = cn_text_quote(cn_csv_cell(csv, row, LEVEL));
        cn_issue_add(issues, CN_SEVERITY_ERROR, "unknown-word", cn_csv_pos(csv, row, LEVEL),
                     "use country, island-group, region, province, city or municipality",
                     "\"%s\" is no level of an area", found);
    }
    cn_csv_real(csv, row, LAT, -90.0, 90.0, issues, &area.lat_deg);
    cn_csv_real(csv, row, LON, -180.0, 180.0, issues, &area.lon_deg);
    cn_csv_whole(csv, row, POPULATION, 0, G_MAXINT32, issues, &area.population);
    cn_gazetteer_builder_area(builder, &area);
}

enum {
    KIND,
    FROM,
    FROM_ISLAND,
    TO,
    TO_ISLAND,
    KM,
    VERIFIED,
    LINK_COLUMNS
};
static const char *const link_columns[LINK_COLUMNS] = {
    "kind", "from_code", "from_island", "to_code", "to_island", "straight_km", "verified"};

static gboolean
parse_link_kind(const char *text, CnLinkKind *out_kind)
{
    static const struct {
        const char *word;
        CnLinkKind kind;
    } kinds[] = {{"bridge", CN_LINK_BRIDGE},
                 {"ferry", CN_LINK_FERRY},
                 {"roro", CN_LINK_FERRY},
                 {"roro-missionary", CN_LINK_FERRY}};
    for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
        if (strcmp(text, kinds[i].word) == 0) {
            *out_kind = kinds[i].kind;
            return TRUE;
        }
    }
    return FALSE;
}

static void
refuse_word(const CnCsv *csv, guint row, guint column, const char *choices, CnIssueList *issues)
{
    g_autofree char *found = cn_text_quote(cn_csv_cell(csv, row, column));
    g_autofree char *suggestion = g_strdup_printf("use %s", choices);
    cn_issue_add(issues, CN_SEVERITY_ERROR, "unknown-word", cn_csv_pos(csv, row, column),
                 suggestion, "%s cannot be \"%s\"", link_columns[column], found);
}

/* A link that nobody has found to exist is no fact to travel by. */
static void
read_link(const CnCsv *csv, guint row, CnGazetteerBuilder *builder, CnIssueList *issues)
{
    static const char *const verified[] = {"yes", "partly", "declared", "no", NULL};
    CnLinkKind kind = CN_LINK_FERRY;
    double km = 1.0;
    if (!parse_link_kind(cn_csv_cell(csv, row, KIND), &kind))
        refuse_word(csv, row, KIND, "bridge, ferry, roro or roro-missionary", issues);
    if (!g_strv_contains(verified, cn_csv_cell(csv, row, VERIFIED)))
        refuse_word(csv, row, VERIFIED, "yes, partly, declared or no", issues);
    cn_csv_real(csv, row, KM, 0.1, LINK_KM_MOST, issues, &km);
    if (strcmp(cn_csv_cell(csv, row, VERIFIED), "no") != 0)
        cn_gazetteer_builder_link(builder, kind, cn_csv_cell(csv, row, FROM),
                                  cn_csv_cell(csv, row, TO), km, cn_csv_pos(csv, row, KIND));
}

/* The islands that the links name for the reader's sake must be those of their towns. */
static void
check_link_island(const CnCsv *csv,
                  guint row,
                  guint code,
                  guint island,
                  const CnGazetteer *gazetteer,
                  CnIssueList *issues)
{
    CnAreaId area = cn_area_by_code(gazetteer, cn_csv_cell(csv, row, code));
    if (area < 0)
        return;
    const char *known = cn_island_name(gazetteer, cn_area(gazetteer, area)->island);
    if (g_strcmp0(known, cn_csv_cell(csv, row, island)) == 0)
        return;
    g_autofree char *found = cn_text_quote(cn_csv_cell(csv, row, island));
    cn_issue_add(issues, CN_SEVERITY_ERROR, "unknown-island", cn_csv_pos(csv, row, island), NULL,
                 "%s of this link is \"%s\", but the gazetteer puts area %s on %s",
                 link_columns[island], found, cn_csv_cell(csv, row, code),
                 known != NULL ? known : "no island");
}

static CnCsv *
parse_csv(const File *file, const char *const *columns, guint len, CnIssueList *issues)
{
    return file->text != NULL
               ? cn_csv_parse(file->text, file->len, file->path, columns, len, issues)
               : NULL;
}

static CnGazetteer *
read_gazetteer(const Folder *folder)
{
    CnIssueList *issues = folder->issues;
    g_autoptr(CnCsv) areas =
        parse_csv(&folder->files[GAZETTEER], area_columns, AREA_COLUMNS, issues);
    g_autoptr(CnCsv) links =
        parse_csv(&folder->files[SEA_LINKS], link_columns, LINK_COLUMNS, issues);
    if (areas == NULL || links == NULL)
        return NULL;
    CnGazetteerBuilder *builder = cn_gazetteer_builder_new();
    for (guint i = 0; i < cn_csv_rows_len(areas); i++)
        read_area(areas, i, builder, issues);
    for (guint i = 0; i < cn_csv_rows_len(links); i++)
        read_link(links, i, builder, issues);
    CnGazetteer *gazetteer = cn_gazetteer_builder_finish(builder, issues);
    for (guint i = 0; gazetteer != NULL && i < cn_csv_rows_len(links); i++) {
        check_link_island(links, i, FROM, FROM_ISLAND, gazetteer, issues);
        check_link_island(links, i, TO, TO_ISLAND, gazetteer, issues);
    }
    return gazetteer;
}

/* ---- Vocabularies. */

/* Lists of aliases while their document is decoded: pointers into it. */
static void
take_alias(CnDecode *decode, const CnNode *item, gpointer target)
{
    const char *alias;
    if (cn_decode_text(decode, item, "an alias", NAME_CHARS, &alias))
        g_ptr_array_add(target, (gpointer)alias);
}

/* (transfer full) NULL-terminated list of borrowed texts */
static const char **
take_aliases(CnDecode *decode, const CnNode *value)
{
    GPtrArray *aliases = g_ptr_array_new();
    cn_decode_sequence(decode, value, "aliases", take_alias, aliases);
    g_ptr_array_add(aliases, NULL);
    return (const char **)g_ptr_array_free(aliases, FALSE);
}

static void
term_id(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_decode_text(decode, value, "id", ID_CHARS, &((CnTermRow *)target)->id);
}

static void
term_name(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_decode_text(decode, value, "name", NAME_CHARS, &((CnTermRow *)target)->name);
}

static void
term_aliases(CnDecode *decode, const CnNode *value, gpointer target)
{
    ((CnTermRow *)target)->aliases = take_aliases(decode, value);
}

static void
term_ask(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_decode_text(decode, value, "ask", DETAIL_CHARS, &((CnTermRow *)target)->detail);
}

static const CnField term_fields[] = {{"id", TRUE, term_id},
                                      {"name", TRUE, term_name},
                                      {"aliases", FALSE, term_aliases},
                                      {"ask", FALSE, term_ask}};

static void
clear_term_row(gpointer data)
{
    g_free((gpointer)((CnTermRow *)data)->aliases);
}

/* A record whose id or name is missing or wrong was reported; it is left out. */
static void
term_row(CnDecode *decode, const CnNode *item, gpointer target)
{
    CnTermRow row = {.pos = item->pos};
    cn_decode_mapping(decode, item, "a term", term_fields, G_N_ELEMENTS(term_fields), &row);
    if (row.id != NULL && row.name != NULL)
        g_array_append_val((GArray *)target, row);
    else
        clear_term_row(&row);
}

static CnVocabulary *
read_vocabulary(CnDecode *decode, const CnNode *value)
{
    g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(CnTermRow));
    g_array_set_clear_func(rows, clear_term_row);
    cn_decode_sequence(decode, value, "a vocabulary", term_row, rows);
    return cn_vocabulary_new((const CnTermRow *)(gpointer)rows->data, rows->len, decode->issues);
}

/* The root of a YAML file; NULL where there is none, and an issue says so. */
static const CnNode *
parse_yaml(const File *file, CnIssueList *issues, CnYaml **out_yaml)
{
    guint errors_before = cn_issue_list_errors(issues);
    *out_yaml = cn_yaml_parse(file->text, file->len, file->path, NULL, FALSE, issues);
    const CnNode *root = *out_yaml != NULL ? cn_yaml_root(*out_yaml) : NULL;
    if (root == NULL && cn_issue_list_errors(issues) == errors_before)
        cn_issue_add(issues, CN_SEVERITY_ERROR, "missing-key", (CnPos){file->path, 1, 1}, NULL,
                     "the file is empty");
    return root;
}

static void
read_terms(const Folder *folder, CnReference *reference)
{
    /* In the order of carenet_terms_kind. */
    static const CnField fields[CN_VOCABULARIES] = {
        {"groups", TRUE, NULL},      {"access", TRUE, NULL},  {"documents", TRUE, NULL},
        {"assessments", TRUE, NULL}, {"courses", TRUE, NULL}, {"languages", TRUE, NULL}};
    g_autoptr(CnYaml) yaml = NULL;
    CnDecode decode = {.issues = folder->issues};
    const CnNode *root = parse_yaml(&folder->files[TERMS], folder->issues, &yaml);
    if (root == NULL ||
        !cn_decode_mapping(&decode, root, "the file", fields, CN_VOCABULARIES, NULL))
        return;
    for (guint i = 0; i < CN_VOCABULARIES; i++) {
        const CnNode *value = cn_node_get(root, fields[i].key);
        if (!cn_node_is_null(value))
            reference->terms[i] = read_vocabulary(&decode, value);
    }
}

/* ---- Services. */

static void
service_id(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_decode_text(decode, value, "id", ID_CHARS, &((CnServiceRow *)target)->id);
}

static void
service_name(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_decode_text(decode, value, "name", NAME_CHARS, &((CnServiceRow *)target)->name);
}

static void
service_parent(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_decode_text(decode, value, "parent", ID_CHARS, &((CnServiceRow *)target)->parent);
}

static void
service_aliases(CnDecode *decode, const CnNode *value, gpointer target)
{
    ((CnServiceRow *)target)->aliases = take_aliases(decode, value);
}

static void
service_unit(CnDecode *decode, const CnNode *value, gpointer target)
{
    const char *text;
    if (cn_decode_text(decode, value, "unit", ID_CHARS, &text) &&
        !cn_unit_parse(text, &((CnServiceRow *)target)->unit))
        cn_decode_issue(decode, CN_SEVERITY_ERROR, "unknown-word", value,
                        "use bed, place, caseload, slot, kit, grant, team or none",
                        "\"%s\" is no unit of capacity", text);
}

static void
service_sensitive(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_decode_bool(decode, value, "sensitive", &((CnServiceRow *)target)->sensitive);
}

static void
service_routable(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_decode_bool(decode, value, "routable", &((CnServiceRow *)target)->routable);
}

static void
service_restrictiveness(CnDecode *decode, const CnNode *value, gpointer target)
{
    gint64 level;
    if (cn_decode_int(decode, value, "restrictiveness", 1, 6, &level))
        ((CnServiceRow *)target)->restrictiveness = (gint)level;
}

/* The vocabularies are read before the services. */
static void
service_gate(CnDecode *decode, const CnNode *value, gpointer target)
{
    const CnReference *reference = decode->data;
    const CnVocabulary *assessments = reference->terms[CARENET_TERMS_ASSESSMENTS];
    CnServiceRow *row = target;
    const char *text;
    if (!cn_decode_text(decode, value, "gate", ID_CHARS, &text) || assessments == NULL)
        return;
    row->gate = cn_term_find(assessments, text);
    if (row->gate >= 0)
        return;
    g_autofree char *suggestion = cn_term_did_you_mean(assessments, text);
    cn_decode_issue(decode, CN_SEVERITY_ERROR, "unknown-term", value, suggestion,
                    "there is no assessment \"%s\"", text);
}

static void
service_primero(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_decode_text(decode, value, "primero", NAME_CHARS, &((CnServiceRow *)target)->primero);
}

/* `basis` is for readers of the file. */
static const CnField service_fields[] = {{"id", TRUE, service_id},
                                         {"name", TRUE, service_name},
                                         {"parent", FALSE, service_parent},
                                         {"aliases", FALSE, service_aliases},
                                         {"unit", TRUE, service_unit},
                                         {"sensitive", TRUE, service_sensitive},
                                         {"restrictiveness", FALSE, service_restrictiveness},
                                         {"gate", FALSE, service_gate},
                                         {"routable", FALSE, service_routable},
                                         {"primero", FALSE, service_primero},
                                         {"basis", FALSE, NULL}};

static void
clear_service_row(gpointer data)
{
    g_free((gpointer)((CnServiceRow *)data)->aliases);
}

static void
service_row(CnDecode *decode, const CnNode *item, gpointer target)
{
    CnServiceRow row = {.unit = CN_UNIT_NONE, .routable = TRUE, .gate = -1, .pos = item->pos};
    cn_decode_mapping(decode, item, "a service", service_fields, G_N_ELEMENTS(service_fields),
                      &row);
    if (row.id != NULL && row.name != NULL)
        g_array_append_val((GArray *)target, row);
    else
        clear_service_row(&row);
}

static void
services_list(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_decode_sequence(decode, value, "services", service_row, target);
}

static CnTaxonomy *
read_services(const Folder *folder, CnReference *reference)
{
    static const CnField fields[] = {{"services", TRUE, services_list}};
    g_autoptr(CnYaml) yaml = NULL;
    CnDecode decode = {.issues = folder->issues, .data = reference};
    const CnNode *root = parse_yaml(&folder->files[SERVICES], folder->issues, &yaml);
    if (root == NULL)
        return NULL;
    g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(CnServiceRow));
    g_array_set_clear_func(rows, clear_service_row);
    cn_decode_mapping(&decode, root, "the file", fields, G_N_ELEMENTS(fields), rows);
    return cn_taxonomy_new((const CnServiceRow *)(gpointer)rows->data, rows->len, folder->issues);
}

/* ---- The whole. */

CnReference *
cn_reference_read(const char *data_dir, GError **error)
{
    g_auto(Folder) folder = {.issues = cn_issue_list_new()};
    if (!read_files(&folder, data_dir, error))
        return NULL;
    g_autoptr(carenet_reference) reference = g_new0(CnReference, 1);
    g_atomic_ref_count_init(&reference->refs);
    reference->gazetteer = read_gazetteer(&folder);
    read_terms(&folder, reference);
    reference->taxonomy = read_services(&folder, reference);
    if (cn_issue_list_errors(folder.issues) > 0) {
        cn_error_from_issues(error, folder.issues, "the reference data");
        return NULL;
    }
    reference->data_dir = g_strdup(data_dir);
    reference->digest = digest_files(&folder);
    return g_steal_pointer(&reference);
}
