/* CSV of a network to its records. The cells of a row are laid out as the nodes of a region file, and
 * the readers of region files take them. */
#include "format/region-csv-private.h"

#include "base/text.h"

#include <string.h>

#define COLUMNS_MOST 128
#define CELL_BYTES   4096
#define PAIRS_MOST   24
#define COURSE_PARTS 4

/* Rows of one provider, linked in their order. */
typedef struct {
    guint first, last;
    gboolean guarded;
} Group;

#define NO_ROW G_MAXUINT

/* The nodes of one record at a time. */
typedef struct {
    CnRegionCsv csv;
    CnRegionReader reader;
    GArray *groups;            /* (element-type Group) */
    guint *next;               /* of each row the next one of its group, or NO_ROW */
    GHashTable *regions;       /* (element-type utf8 guint) the row that described each */
    GHashTable *organizations; /* (element-type utf8 guint) */
    CnNode keys[CN_CSV_COLUMNS], values[CN_CSV_COLUMNS];
    CnNode record_keys[CN_CSV_RECORDS], records[CN_CSV_RECORDS];
    CnNode *pairs[CN_CSV_RECORDS][2 * PAIRS_MOST];
    CnNode age_key, age;
    CnNode *age_limits[2];
    GPtrArray *made; /* (element-type gpointer) the items of lists */
} Builder;

static CnNode
make_word(const char *text)
{
    return (CnNode){.kind = CN_NODE_SCALAR, .text = text};
}

/* ---- Values. */

/* Numbers and truth values are recognised in plain nodes only, and so is nothing; but in a cell a word
 * for nothing is a word. */
static gboolean
is_plain(CnCsvKind kind, const char *text)
{
    const CnNode node = {.kind = CN_NODE_SCALAR, .plain = TRUE, .text = text};
    if (*text == '\0')
        return TRUE;
    return (kind == CN_CSV_NUMBER || kind == CN_CSV_BOOL) && !cn_node_is_null(&node);
}

static gpointer
keep(Builder *builder, gpointer made)
{
    g_ptr_array_add(builder->made, made);
    return made;
}

/* The parts of a list that hold something, as words. */
static void
make_words(Builder *builder, CnNode *list, const char *text)
{
    g_autofree char **parts = g_strsplit_set(text, CN_CSV_LIST_SEPARATORS, -1);
    const guint parts_len = g_strv_length(parts);
    CnNode *nodes = keep(builder, g_new0(CnNode, parts_len));
    list->kind = CN_NODE_SEQUENCE;
    list->items = keep(builder, g_new0(CnNode *, parts_len));
    for (guint i = 0; i < parts_len; i++) {
        const char *part = g_strstrip(keep(builder, parts[i]));
        if (*part == '\0')
            continue;
        nodes[i] = make_word(part);
        nodes[i].pos = list->pos;
        list->items[list->len++] = &nodes[i];
    }
}

typedef struct {
    CnNode values[COURSE_PARTS];
    CnNode *pairs[2 * COURSE_PARTS];
} Course;

/* course:staff:on:expires; what is missing at the end is unknown. */
static void
make_course(Builder *builder, CnNode *node)
{
    static const CnNode keys[COURSE_PARTS] = {{.kind = CN_NODE_SCALAR, .text = "course"},
                                              {.kind = CN_NODE_SCALAR, .text = "staff"},
                                              {.kind = CN_NODE_SCALAR, .text = "on"},
                                              {.kind = CN_NODE_SCALAR, .text = "expires"}};
    static const CnCsvKind kinds[COURSE_PARTS] = {CN_CSV_WORD, CN_CSV_NUMBER, CN_CSV_DATE,
                                                  CN_CSV_DATE};
    g_autofree char **parts = g_strsplit(node->text, ":", -1);
    Course *course = keep(builder, g_new0(Course, 1));
    node->kind = CN_NODE_MAPPING;
    node->items = course->pairs;
    for (guint i = 0; parts[i] != NULL; i++) {
        const char *part = g_strstrip(keep(builder, parts[i]));
        if (i >= COURSE_PARTS)
            continue;
        course->values[i] = make_word(part);
        course->values[i].plain = is_plain(kinds[i], part);
        course->values[i].pos = node->pos;
        course->pairs[(gsize)2 * i] = (CnNode *)&keys[i];
        course->pairs[2 * i + 1] = &course->values[i];
        node->len = i + 1;
    }
    if (g_strv_length(parts) > COURSE_PARTS)
        cn_region_csv_report(&builder->csv, CN_SEVERITY_ERROR, "wrong-type", CN_CSV_CAPABILITIES,
                             "write course:staff:on:expires, and | between two of them",
                             "a course has more than four parts");
}

static void
make_list(Builder *builder, CnNode *list, CnCsvKind kind)
{
    make_words(builder, list, list->text);
    for (guint i = 0; kind == CN_CSV_COURSES && i < list->len; i++)
        make_course(builder, list->items[i]);
}

static CnNode *
make_value(Builder *builder, CnCsvColumn column)
{
    CnRegionCsv *csv = &builder->csv;
    const CnCsvKind kind = cn_csv_columns[column].kind;
    CnNode *node = &builder->values[column];
    *node = make_word(cn_region_csv_is_refused(csv, column) ? "" : cn_region_csv_cell(csv, column));
    node->pos = cn_region_csv_pos(csv, column);
    node->plain = is_plain(kind, node->text);
    if (*node->text != '\0' && kind >= CN_CSV_WORDS)
        make_list(builder, node, kind);
    return node;
}

/* ---- Records. */

static void
add_pair(Builder *builder, CnCsvRecord record, CnNode *key, CnNode *value)
{
    CnNode *node = &builder->records[record];
    g_assert(node->len < PAIRS_MOST);
    builder->pairs[record][(gsize)2 * node->len] = key;
    builder->pairs[record][2 * node->len + 1] = value;
    node->len++;
}

static gboolean
add_cells(Builder *builder, CnCsvRecord record)
{
    gboolean some = FALSE;
    for (guint i = 0; i < CN_CSV_COLUMNS; i++) {
        const CnCsvColumnInfo *info = &cn_csv_columns[i];
        if (info->record != record || info->key == NULL || builder->csv.place[i] < 0)
            continue;
        CnNode *value = make_value(builder, (CnCsvColumn)i);
        add_pair(builder, record, &builder->keys[i], value);
        /* The unit stands beside capacities that nobody knows, too. */
        some = some || (i != CN_CSV_UNIT && !cn_node_is_null(value));
    }
    return some;
}

/* The ages are a list of two in region files. */
static gboolean
add_age(Builder *builder)
{
    if (builder->csv.place[CN_CSV_AGE_MIN] < 0)
        return FALSE;
    CnNode *least = make_value(builder, CN_CSV_AGE_MIN);
    CnNode *most = make_value(builder, CN_CSV_AGE_MAX);
    if (cn_node_is_null(least) && cn_node_is_null(most))
        return FALSE;
    builder->age_limits[0] = least;
    builder->age_limits[1] = most;
    builder->age = (CnNode){.kind = CN_NODE_SEQUENCE,
                            .pos = least->pos,
                            .items = builder->age_limits,
                            .len = G_N_ELEMENTS(builder->age_limits)};
    add_pair(builder, CN_CSV_OF_ELIGIBILITY, &builder->age_key, &builder->age);
    return TRUE;
}

/* A record without its records. NULL where nothing stands in it. */
static CnNode *
make_record(Builder *builder, CnCsvRecord record)
{
    CnNode *node = &builder->records[record];
    *node = (CnNode){.kind = CN_NODE_MAPPING,
                     .pos = cn_region_csv_pos(&builder->csv, cn_csv_records[record].at),
                     .items = builder->pairs[record]};
    gboolean some = add_cells(builder, record) || cn_csv_records[record].always;
    if (record == CN_CSV_OF_ELIGIBILITY && add_age(builder))
        some = TRUE;
    return some ? node : NULL;
}

/* The node of a region, an organization, a provider or an offering; NULL where nothing stands in it. */
static CnNode *
make_whole(Builder *builder, CnCsvRecord owner)
{
    CnNode *whole = make_record(builder, owner);
    gboolean some = whole != NULL;
    for (guint i = 0; i < CN_CSV_RECORDS; i++) {
        if (cn_csv_records[i].parent != owner || owner == CN_CSV_NO_RECORD)
            continue;
        CnNode *part = make_record(builder, (CnCsvRecord)i);
        if (part == NULL)
            continue;
        add_pair(builder, owner, &builder->record_keys[i], part);
        some = TRUE;
    }
    return some ? &builder->records[owner] : NULL;
}

static void
forget_nodes(Builder *builder)
{
    g_ptr_array_set_size(builder->made, 0);
}

/* ---- Rows that must say the same. */

static void
report_difference(Builder *builder, CnCsvColumn column, const char *what, const char *id, guint row)
{
    CnRegionCsv *csv = &builder->csv;
    const CnCsvColumnInfo *info = &cn_csv_columns[column];
    g_autofree char *other =
        cn_text_quote(cn_sheet_cell(csv->sheet, row, (guint)csv->place[column]));
    g_autofree char *quoted = cn_text_quote(id);
    gboolean secret = csv->guarded && info->secret;
    cn_region_csv_report(csv, CN_SEVERITY_ERROR, "rows-differ", column,
                         "write the same in all its rows",
                         secret ? "the %s \"%s\" is described otherwise in row %u"
                                : "the %s \"%s\" is described otherwise in row %u, by \"%s\"",
                         what, quoted, cn_sheet_row_number(csv->sheet, row), other);
}

/* The columns of @owner in the row against those of an earlier @row; for a provider also to whom it
 * belongs. */
static void
check_same(Builder *builder, CnCsvRecord owner, const char *what, const char *id, guint row)
{
    const CnRegionCsv *csv = &builder->csv;
    for (guint i = 0; i < CN_CSV_COLUMNS; i++) {
        gboolean belongs =
            owner == CN_CSV_OF_PROVIDER && (i == CN_CSV_REGION || i == CN_CSV_ORGANIZATION);
        if (csv->place[i] < 0 || (!belongs && cn_csv_owner((CnCsvColumn)i) != owner))
            continue;
        const guint at = (guint)csv->place[i];
        if (strcmp(cn_sheet_cell(csv->sheet, row, at), cn_sheet_cell(csv->sheet, csv->row, at)) !=
            0)
            report_difference(builder, (CnCsvColumn)i, what, id, row);
    }
}

/* Whether the row is the first one with the @id, and so describes it. */
static gboolean
is_first(Builder *builder, GHashTable *rows, CnCsvRecord owner, const char *what, const char *id)
{
    gpointer row = NULL;
    if (g_hash_table_lookup_extended(rows, id, NULL, &row)) {
        check_same(builder, owner, what, id, GPOINTER_TO_UINT(row));
        return FALSE;
    }
    g_hash_table_insert(rows, (gpointer)cn_network_intern(builder->csv.network, id),
                        GUINT_TO_POINTER(builder->csv.row));
    return TRUE;
}

/* ---- Regions and organizations. */

static void
report_empty(CnRegionCsv *csv, CnCsvColumn column, const char *suggestion)
{
    cn_region_csv_report(csv, CN_SEVERITY_ERROR, "missing-key", column, suggestion,
                         "the cell must not be empty");
}

typedef void Read(CnDecode *decode, const CnNode *node, gpointer target);

static void
decode_node(Builder *builder, CnNode *node, Read *read, gpointer target)
{
    g_autoptr(CnIssueList) found = cn_issue_list_new();
    CnDecode decode = {.issues = found, .data = &builder->reader};
    read(&decode, node, target);
    cn_region_csv_hand_on(&builder->csv, found);
    forget_nodes(builder);
}

static void
read_region(CnDecode *decode, const CnNode *node, gpointer target)
{
    (void)target;
    cn_region_region(decode, node);
}

/* Any of the columns [first, last] holds something in the row. */
static gboolean
says_something(Builder *builder, CnCsvColumn first, CnCsvColumn last)
{
    for (guint i = first; i <= last; i++)
        if (*cn_region_csv_cell(&builder->csv, (CnCsvColumn)i) != '\0')
            return TRUE;
    return FALSE;
}

/* NULL stands for the network itself. */
static const char *
region_in(Builder *builder, CnCsvColumn column)
{
    const char *region = cn_region_csv_cell(&builder->csv, column);
    if (strcmp(region, CN_REGION_CSV_NETWORK) == 0)
        return NULL;
    return cn_network_intern(builder->csv.network, region);
}

static void
take_region(Builder *builder)
{
    CnRegionCsv *csv = &builder->csv;
    const char *id = region_in(builder, CN_CSV_REGION);
    gboolean described = says_something(builder, CN_CSV_REGION_NAME, CN_CSV_REGION_LANGUAGES);
    if (id != NULL && *id == '\0') {
        report_empty(csv, CN_CSV_REGION, "write the id of its region, or " CN_REGION_CSV_NETWORK);
    } else if (id == NULL && described) {
        cn_region_csv_report(csv, CN_SEVERITY_ERROR, "region-or-network", CN_CSV_REGION,
                             "leave region_name, region_area and region_languages empty",
                             "the network itself is not described by CSV");
    } else if (id != NULL && is_first(builder, builder->regions, CN_CSV_OF_REGION, "region", id) &&
               described) {
        decode_node(builder, make_whole(builder, CN_CSV_OF_REGION), read_region, NULL);
    }
    builder->reader.region = id;
}

/* An organization has a region of its own, and is invented where its provider is. */
static void
read_organization(CnDecode *decode, const CnNode *node, gpointer target)
{
    Builder *builder = target;
    const char *region = builder->reader.region;
    GArray *organizations = builder->csv.network->organizations;
    const guint len = organizations->len;
    builder->reader.region = region_in(builder, CN_CSV_ORGANIZATION_REGION);
    cn_region_organization(decode, node, NULL);
    builder->reader.region = region;
    if (organizations->len > len)
        g_array_index(organizations, CnOrganization, len).example =
            g_ascii_strcasecmp(cn_region_csv_cell(&builder->csv, CN_CSV_EXAMPLE), "true") == 0;
}

static void
take_organization(Builder *builder)
{
    CnRegionCsv *csv = &builder->csv;
    const char *id = cn_region_csv_cell(csv, CN_CSV_ORGANIZATION);
    if (*id == '\0' ||
        !is_first(builder, builder->organizations, CN_CSV_OF_ORGANIZATION, "organization", id) ||
        !says_something(builder, CN_CSV_ORGANIZATION_REGION, CN_CSV_ORGANIZATION_AGREEMENT))
        return;
    if (*cn_region_csv_cell(csv, CN_CSV_ORGANIZATION_REGION) == '\0')
        report_empty(csv, CN_CSV_ORGANIZATION_REGION,
                     "write the id of its region, or " CN_REGION_CSV_NETWORK);
    decode_node(builder, make_whole(builder, CN_CSV_OF_ORGANIZATION), read_organization, builder);
}

/* ---- Providers. */

/* What is secret in the row, and empty: an export left it out. */
static gboolean
is_withheld(CnRegionCsv *csv, CnCsvColumn column)
{
    return csv->guarded && *cn_region_csv_cell(csv, column) == '\0';
}

/* The list of what only a store knows, in the words of region files. */
static CnNode *
make_withheld(Builder *builder)
{
    static const CnCsvColumn secrets[] = {CN_CSV_NAME, CN_CSV_AREA, CN_CSV_PHONE, CN_CSV_EMAIL};
    g_autoptr(GString) words = g_string_new("address|point");
    for (guint i = 0; i < G_N_ELEMENTS(secrets); i++)
        if (is_withheld(&builder->csv, secrets[i]))
            g_string_append_printf(words, "|%s", cn_csv_columns[secrets[i]].name);
    CnNode *list = keep(builder, g_new0(CnNode, 1));
    list->pos = cn_region_csv_pos(&builder->csv, CN_CSV_PROVIDER);
    make_words(builder, list, words->str);
    return list;
}

/* Whether the row does not say that its provider is public. */
static gboolean
is_guarded(Builder *builder)
{
    const char *disclosure = cn_region_csv_cell(&builder->csv, CN_CSV_DISCLOSURE);
    return strcmp(disclosure, cn_disclosure_name(CN_DISCLOSE_PUBLIC)) != 0;
}

static CnNode *
make_provider(Builder *builder)
{
    static const CnNode organization_key = {.kind = CN_NODE_SCALAR, .text = "organization"};
    static const CnNode withheld_key = {.kind = CN_NODE_SCALAR, .text = "withheld"};
    CnNode *node = make_whole(builder, CN_CSV_OF_PROVIDER);
    CnNode *disclosure = &builder->values[CN_CSV_DISCLOSURE];
    add_pair(builder, CN_CSV_OF_PROVIDER, (CnNode *)&organization_key,
             make_value(builder, CN_CSV_ORGANIZATION));
    add_pair(builder, CN_CSV_OF_PROVIDER, (CnNode *)&withheld_key, make_withheld(builder));
    /* Nothing is shown of a place of which nobody, or not every row, says that it may be. */
    if (cn_node_is_null(disclosure) || (builder->csv.guarded && !is_guarded(builder))) {
        disclosure->text = cn_disclosure_name(CN_DISCLOSE_RESTRICTED);
        disclosure->plain = FALSE;
    }
    return node;
}

/* Warns where the name that people read is not that of the code beside it. */
static void
check_area_name(CnRegionCsv *csv, CnAreaId area)
{
    CnAreaId named = CN_AREA_NONE;
    const CnGazetteer *gazetteer = csv->reference->gazetteer;
    const char *name = cn_region_csv_cell(csv, CN_CSV_AREA_NAME);
    if (*name == '\0' || area == CN_AREA_NONE || csv->guarded)
        return;
    g_autofree char *folded = cn_text_fold(name);
    g_autofree char *full = cn_text_fold(cn_area(gazetteer, area)->name);
    g_autofree char *common = cn_text_fold(cn_area_short_name(gazetteer, area));
    if (strcmp(folded, full) == 0 || strcmp(folded, common) == 0 ||
        (cn_area_resolve(gazetteer, name, &named, NULL) && named == area))
        return;
    cn_region_csv_report(csv, CN_SEVERITY_WARNING, "area-name", CN_CSV_AREA_NAME,
                         "correct the code, or the name",
                         "the area %s is %s, which is not what stands beside it",
                         cn_area(gazetteer, area)->code, cn_area_short_name(gazetteer, area));
}

/* Columns that are not there say nothing: an import keeps what is stored. */
static void
withhold_missing(CnRegionCsv *csv, CnProvider *provider)
{
    for (guint i = 0; i < CN_CSV_COLUMNS; i++)
        if (cn_csv_columns[i].kept && csv->place[i] < 0)
            g_ptr_array_add(provider->withheld, (gpointer)cn_csv_columns[i].name);
}

/* The provider of the row; NULL where it has no usable id. */
static CnProvider *
take_provider(Builder *builder)
{
    CnRegionCsv *csv = &builder->csv;
    GPtrArray *providers = csv->network->providers;
    const guint len = providers->len;
    if (*cn_region_csv_cell(csv, CN_CSV_DISCLOSURE) == '\0')
        report_empty(csv, CN_CSV_DISCLOSURE, "write public, network or restricted");
    /* In a region file it may be left out; but a cell that was emptied must not revive a provider. */
    if (csv->place[CN_CSV_STATUS] >= 0 && *cn_region_csv_cell(csv, CN_CSV_STATUS) == '\0')
        report_empty(csv, CN_CSV_STATUS, "write active, paused, closed or suspended");
    decode_node(builder, make_provider(builder), cn_region_provider, NULL);
    if (providers->len == len)
        return NULL;
    CnProvider *provider = g_ptr_array_index(providers, len);
    withhold_missing(csv, provider);
    check_area_name(csv, provider->site.area);
    if (is_withheld(csv, CN_CSV_AREA))
        provider->site.area = provider->show_area;
    return provider;
}

/* ---- Offerings. */

static void
take_offering(Builder *builder, CnProvider *provider)
{
    CnRegionCsv *csv = &builder->csv;
    CnNode *node = make_whole(builder, CN_CSV_OF_OFFERING);
    if (node == NULL)
        return;
    if (*cn_region_csv_cell(csv, CN_CSV_SERVICE) == '\0') {
        forget_nodes(builder);
        report_empty(csv, CN_CSV_SERVICE,
                     "name the service, or leave all cells of the offering empty");
    } else {
        decode_node(builder, node, cn_region_offering, provider);
    }
}

/* ---- The file. */

static void
add_to_group(Builder *builder, GHashTable *positions, const char *id)
{
    const guint row = builder->csv.row;
    gpointer position = NULL;
    if (g_hash_table_lookup_extended(positions, id, NULL, &position)) {
        Group *group = &g_array_index(builder->groups, Group, GPOINTER_TO_UINT(position));
        builder->next[group->last] = row;
        group->last = row;
        group->guarded = group->guarded || is_guarded(builder);
        return;
    }
    const Group group = {row, row, is_guarded(builder)};
    g_hash_table_insert(positions, (gpointer)cn_network_intern(builder->csv.network, id),
                        GUINT_TO_POINTER(builder->groups->len));
    g_array_append_val(builder->groups, group);
}

/* Rows of a provider need not stand together. It is guarded where one of them does not say that it is
 * public, whatever the others say. */
static void
group_rows(Builder *builder)
{
    CnRegionCsv *csv = &builder->csv;
    g_autoptr(GHashTable) positions = g_hash_table_new(g_str_hash, g_str_equal);
    csv->guarded = TRUE;
    for (guint row = 0; row < cn_sheet_rows_len(csv->sheet); row++) {
        cn_region_csv_turn_to(csv, row);
        builder->next[row] = NO_ROW;
        const char *id = cn_region_csv_cell(csv, CN_CSV_PROVIDER);
        if (*id != '\0')
            add_to_group(builder, positions, id);
        else
            report_empty(csv, CN_CSV_PROVIDER, "write the id of the provider");
    }
}

static void
take_group(Builder *builder, const Group *group)
{
    CnRegionCsv *csv = &builder->csv;
    CnProvider *provider = NULL;
    csv->guarded = group->guarded;
    for (guint row = group->first; row != NO_ROW; row = builder->next[row]) {
        cn_region_csv_turn_to(csv, row);
        cn_region_csv_check_cells(csv);
        take_region(builder);
        take_organization(builder);
        if (row == group->first)
            provider = take_provider(builder);
        else
            check_same(builder, CN_CSV_OF_PROVIDER, "provider",
                       cn_region_csv_cell(csv, CN_CSV_PROVIDER), group->first);
        if (provider != NULL)
            take_offering(builder, provider);
    }
}

static void
begin_nodes(Builder *builder)
{
    for (guint i = 0; i < CN_CSV_COLUMNS; i++)
        builder->keys[i] = make_word(cn_csv_columns[i].key);
    for (guint i = 0; i < CN_CSV_RECORDS; i++)
        builder->record_keys[i] = make_word(cn_csv_records[i].key);
    builder->age_key = make_word("age");
}

static void
take_rows(Builder *builder)
{
    builder->groups = g_array_new(FALSE, FALSE, sizeof(Group));
    builder->next = g_new(guint, cn_sheet_rows_len(builder->csv.sheet));
    builder->regions = g_hash_table_new(g_str_hash, g_str_equal);
    builder->organizations = g_hash_table_new(g_str_hash, g_str_equal);
    builder->made = g_ptr_array_new_with_free_func(g_free);
    begin_nodes(builder);
    group_rows(builder);
    for (guint i = 0; i < builder->groups->len; i++)
        take_group(builder, &g_array_index(builder->groups, Group, i));
    g_array_unref(builder->groups);
    g_free(builder->next);
    g_hash_table_unref(builder->regions);
    g_hash_table_unref(builder->organizations);
    g_ptr_array_unref(builder->made);
}

void
cn_region_csv_read(const char *text,
                   gsize len,
                   const char *name,
                   CnNetwork *network,
                   const CnReference *reference,
                   CnIssueList *issues)
{
    static const CnSheetLimits limits = {
        .rows = CN_REGION_CSV_ROWS, .columns = COLUMNS_MOST, .cell_bytes = CELL_BYTES};
    const char *file = g_intern_string(name);
    const guint errors_before = cn_issue_list_errors(issues);
    g_autoptr(CnSheet) sheet = cn_sheet_read(text, len, file, &limits, issues);
    if (sheet == NULL)
        return;
    const gboolean refuses_rows = cn_issue_list_errors(issues) > errors_before;
    g_autofree Builder *builder = g_new0(Builder, 1);
    g_autoptr(GArray) where = g_array_new(FALSE, FALSE, sizeof(CnPos));
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    builder->reader = (CnRegionReader){.network = network, .reference = reference};
    builder->csv = (CnRegionCsv){.network = network,
                                 .reference = reference,
                                 .issues = issues,
                                 .sheet = sheet,
                                 .where = where,
                                 .texts = texts};
    if (!cn_region_csv_header(&builder->csv))
        return;
    if (cn_sheet_rows_len(sheet) == 0 && !refuses_rows)
        cn_issue_add(issues, CN_SEVERITY_ERROR, "empty-file", (CnPos){file, 1, 1},
                     "\"carenet export --format csv\" prints what a store has",
                     "the file holds no records");
    take_rows(builder);
}
