/* A case list as CSV. Each cell becomes the node that the readers of case files take, so that CSV is
 * refused for what YAML is refused for. Columns other than ref hold few different texts: what each of
 * them says is worked out once, and shared. */
#include "format/case-list-private.h"

#include "base/csv-text.h"
#include "base/text.h"
#include "format/case-privacy.h"
#include "format/sheet.h"

#include <string.h>

#define COLUMNS_MOST    64
#define CELL_BYTES      4096
#define MEMO_MOST       65536u /* different texts of a column that are remembered */
#define LIST_SEPARATORS ";|"

typedef enum {
    WORD,
    NUMBER,
    TRUTH,
    WORDS,
    GROUP_AND_KEEP,
    TO_AVOID,
    KINDS_AND_DAYS,
} CellKind;

static void
copy_area(CnCase *c, const CnCase *from)
{
    c->area = from->area;
}

static void
copy_age(CnCase *c, const CnCase *from)
{
    c->age_min = from->age_min;
    c->age_max = from->age_max;
}

static void
copy_sex(CnCase *c, const CnCase *from)
{
    c->sex = from->sex;
}

static void
copy_languages(CnCase *c, const CnCase *from)
{
    c->languages = from->languages;
}

static void
copy_groups(CnCase *c, const CnCase *from)
{
    c->groups = from->groups;
}

static void
copy_access(CnCase *c, const CnCase *from)
{
    c->access = from->access;
}

static void
copy_documents(CnCase *c, const CnCase *from)
{
    c->documents = from->documents;
}

static void
copy_urgency(CnCase *c, const CnCase *from)
{
    c->urgency = from->urgency;
}

static void
share_texts(GPtrArray **to, GPtrArray *from)
{
    g_ptr_array_unref(*to);
    *to = g_ptr_array_ref(from);
}

static void
share_array(GArray **to, GArray *from)
{
    g_array_unref(*to);
    *to = g_array_ref(from);
}

static void
copy_needs(CnCase *c, const CnCase *from)
{
    share_array(&c->needs, from->needs);
}

static void
copy_siblings(CnCase *c, const CnCase *from)
{
    c->siblings_group = g_strdup(from->siblings_group);
    c->siblings = from->siblings;
}

static void
copy_keep_apart(CnCase *c, const CnCase *from)
{
    share_texts(&c->keep_apart, from->keep_apart);
}

static void
copy_known_to(CnCase *c, const CnCase *from)
{
    share_texts(&c->known_to, from->known_to);
}

static void
copy_avoid(CnCase *c, const CnCase *from)
{
    share_array(&c->avoid.areas, from->avoid.areas);
    share_texts(&c->avoid.providers, from->avoid.providers);
    share_texts(&c->avoid.organizations, from->avoid.organizations);
}

static void
copy_assessments(CnCase *c, const CnCase *from)
{
    share_array(&c->assessments, from->assessments);
}

static void
copy_remote_safe(CnCase *c, const CnCase *from)
{
    c->remote_safe = from->remote_safe;
}

static void
copy_max_travel(CnCase *c, const CnCase *from)
{
    c->max_travel_min = from->max_travel_min;
}

static void
copy_consent(CnCase *c, const CnCase *from)
{
    c->consent = from->consent;
}

typedef enum {
    REF,
    AREA,
    AGE,
    AGE_BAND,
    URGENCY,
    NEEDS,
    SIBLINGS,
    KEEP_APART,
} ColumnIndex;

/* Names are the keys of a case file. The urgency stands before the needs, which take it over. */
static const struct {
    const char *name;
    CellKind kind;
    gboolean required;
    void (*copy)(CnCase *c, const CnCase *from); /* NULL: every cell is read by itself */
} columns[] = {
    [REF] = {"ref", WORD, TRUE, NULL},
    [AREA] = {"area", WORD, TRUE, copy_area},
    [AGE] = {"age", NUMBER, FALSE, copy_age},
    [AGE_BAND] = {"age_band", WORD, FALSE, copy_age},
    [URGENCY] = {"urgency", WORD, FALSE, copy_urgency},
    [NEEDS] = {"needs", WORDS, TRUE, copy_needs},
    [SIBLINGS] = {"siblings", GROUP_AND_KEEP, FALSE, copy_siblings},
    [KEEP_APART] = {"keep_apart", WORDS, FALSE, copy_keep_apart},
    {"sex", WORD, FALSE, copy_sex},
    {"languages", WORDS, FALSE, copy_languages},
    {"groups", WORDS, FALSE, copy_groups},
    {"access", WORDS, FALSE, copy_access},
    {"documents", WORDS, FALSE, copy_documents},
    {"known_to", WORDS, FALSE, copy_known_to},
    {"avoid", TO_AVOID, FALSE, copy_avoid},
    {"assessments", KINDS_AND_DAYS, FALSE, copy_assessments},
    {"remote_safe", TRUTH, FALSE, copy_remote_safe},
    {"max_travel_min", NUMBER, FALSE, copy_max_travel},
    {"consent", WORD, FALSE, copy_consent},
};
#define COLUMNS G_N_ELEMENTS(columns)

/* What a text of a column says: the facts, or what is wrong with it. */
typedef struct {
    CnCase *facts;
    CnIssueList *issues; /* NULL: nothing */
} Meaning;

typedef struct {
    CnCaseList *list;
    CnSheet *sheet;
    CnCaseReader reader;
    gint place[COLUMNS];       /* the column of the sheet; -1: missing */
    GHashTable *memo[COLUMNS]; /* (element-type utf8 Meaning), owned */
    CnPos where[COLUMNS_MOST]; /* of the cells of the row */
    GString *key;
} CsvReader;

static void
free_meaning(gpointer data)
{
    Meaning *meaning = data;
    cn_case_free(meaning->facts);
    cn_issue_list_free(meaning->issues);
    g_free(meaning);
}

/* ---- Cells to nodes. */

/* The nodes of one cell; all of them stand where the cell stands. */
typedef struct {
    GPtrArray *made; /* (element-type gpointer) */
    CnPos pos;
} Nodes;

static gpointer
keep(Nodes *nodes, gpointer made)
{
    g_ptr_array_add(nodes->made, made);
    return made;
}

static CnNode *
make_node(Nodes *nodes, CnNodeKind kind, const char *text, gboolean plain)
{
    CnNode *node = keep(nodes, g_new0(CnNode, 1));
    node->kind = kind;
    node->plain = plain;
    node->pos = nodes->pos;
    node->text = text;
    return node;
}

static void
append(Nodes *nodes, CnNode *list, CnNode *item)
{
    const gsize len = list->kind == CN_NODE_MAPPING ? (gsize)2 * list->len : list->len;
    CnNode **items = keep(nodes, g_new(CnNode *, len + 2));
    if (len > 0)
        memcpy(items, list->items, len * sizeof(CnNode *));
    items[len] = item;
    list->items = items;
    list->len++;
}

static void
append_pair(Nodes *nodes, CnNode *mapping, const char *key, CnNode *value)
{
    append(nodes, mapping, make_node(nodes, CN_NODE_SCALAR, key, TRUE));
    mapping->items[2 * (gsize)mapping->len - 1] = value;
}

static CnNode *
make_word(Nodes *nodes, const char *text)
{
    return make_node(nodes, CN_NODE_SCALAR, text, FALSE);
}

/* The parts of a list that hold something. */
static CnNode *
make_words(Nodes *nodes, const char *text)
{
    CnNode *list = make_node(nodes, CN_NODE_SEQUENCE, NULL, FALSE);
    g_autofree char **parts = g_strsplit_set(text, LIST_SEPARATORS, -1);
    for (guint i = 0; parts[i] != NULL; i++) {
        const char *part = g_strstrip(keep(nodes, parts[i]));
        if (*part != '\0')
            append(nodes, list, make_word(nodes, part));
    }
    return list;
}

/* "S-1:require": what stands behind the last colon is keep. */
static CnNode *
make_siblings(Nodes *nodes, const char *text)
{
    CnNode *siblings = make_node(nodes, CN_NODE_MAPPING, NULL, FALSE);
    const char *colon = strrchr(text, ':');
    const gsize len = colon != NULL ? (gsize)(colon - text) : strlen(text);
    append_pair(nodes, siblings, "group",
                make_word(nodes, g_strstrip(keep(nodes, g_strndup(text, len)))));
    if (colon != NULL)
        append_pair(nodes, siblings, "keep",
                    make_word(nodes, g_strstrip(keep(nodes, g_strdup(colon + 1)))));
    return siblings;
}

/* "kinship-assessment@2026-11-05;case-conference@2026-11-12". */
static CnNode *
make_assessments(Nodes *nodes, const char *text)
{
    CnNode *words = make_words(nodes, text);
    for (guint i = 0; i < words->len; i++) {
        CnNode *record = make_node(nodes, CN_NODE_MAPPING, NULL, FALSE);
        g_auto(GStrv) parts = g_strsplit(words->items[i]->text, "@", 2);
        append_pair(nodes, record, "kind", make_word(nodes, keep(nodes, g_strdup(parts[0]))));
        if (parts[0] != NULL && parts[1] != NULL)
            append_pair(nodes, record, "on", make_word(nodes, keep(nodes, g_strdup(parts[1]))));
        words->items[i] = record;
    }
    return words;
}

static CnNode *
list_of(Nodes *nodes, CnNode *mapping, const char *key)
{
    CnNode *list = (CnNode *)cn_node_get(mapping, key);
    if (list == NULL) {
        list = make_node(nodes, CN_NODE_SEQUENCE, NULL, FALSE);
        append_pair(nodes, mapping, key, list);
    }
    return list;
}

/* A word without a prefix is an area where it names one. Else it is an id, which may be a provider's or
 * an organization's: both are avoided, which is the safe side. What is near the name of an area, or no
 * id, stays an area, and the reader says what is wrong with it. */
static gboolean
is_area(const CsvReader *csv, const char *word)
{
    g_autoptr(GError) error = NULL;
    CnAreaId area = CN_AREA_NONE;
    if (cn_area_resolve(csv->reader.reference->gazetteer, word, &area, &error) ||
        carenet_error_get_code(error) == CARENET_ERROR_INVALID_ARGUMENT)
        return TRUE;
    const char *hint = carenet_error_get_hint(error);
    g_autofree char *head = g_strndup(word, strcspn(word, "/"));
    return (hint != NULL && g_str_has_prefix(hint, "did you mean")) || !cn_text_is_slug(head) ||
           strpbrk(head, "0123456789-") == NULL;
}

static CnNode *
make_avoid(CsvReader *csv, Nodes *nodes, const char *text)
{
    static const struct {
        const char *prefix, *key;
    } kinds[] = {
        {"area:", "areas"}, {"provider:", "providers"}, {"organization:", "organizations"}};
    CnNode *avoid = make_node(nodes, CN_NODE_MAPPING, NULL, FALSE);
    const CnNode *words = make_words(nodes, text);
    for (guint i = 0; i < words->len; i++) {
        const char *word = words->items[i]->text, *key = NULL;
        for (gsize k = 0; k < G_N_ELEMENTS(kinds) && key == NULL; k++) {
            if (!g_str_has_prefix(word, kinds[k].prefix))
                continue;
            key = kinds[k].key;
            word = g_strchug(keep(nodes, g_strdup(word + strlen(kinds[k].prefix))));
        }
        if (key == NULL && !is_area(csv, word)) {
            append(nodes, list_of(nodes, avoid, "organizations"), make_word(nodes, word));
            key = "providers";
        }
        append(nodes, list_of(nodes, avoid, key != NULL ? key : "areas"), make_word(nodes, word));
    }
    return avoid;
}

/* As a spreadsheet shows truth values, and as people write them. */
static const char *
truth_of(const char *text)
{
    if (g_ascii_strcasecmp(text, "yes") == 0 || strcmp(text, "1") == 0)
        return "true";
    if (g_ascii_strcasecmp(text, "no") == 0 || strcmp(text, "0") == 0)
        return "false";
    return text;
}

static CnNode *
make_cell(CsvReader *csv, Nodes *nodes, CellKind kind, const char *text)
{
    switch (kind) {
    case NUMBER:
        return make_node(nodes, CN_NODE_SCALAR, text, TRUE);
    case TRUTH:
        return make_node(nodes, CN_NODE_SCALAR, truth_of(text), TRUE);
    case WORDS:
        return make_words(nodes, text);
    case GROUP_AND_KEEP:
        return make_siblings(nodes, text);
    case TO_AVOID:
        return make_avoid(csv, nodes, text);
    case KINDS_AND_DAYS:
        return make_assessments(nodes, text);
    default:
        return make_word(nodes, text);
    }
}

/* ---- What a cell says. */

static void
decode_cell(CsvReader *csv, guint column, const char *text, CnPos pos, CnCase *c, CnIssueList *out)
{
    CnDecode decode = {.issues = out, .hide_values = TRUE, .data = &csv->reader};
    g_autoptr(GPtrArray) made = g_ptr_array_new_with_free_func(g_free);
    Nodes nodes = {made, pos};
    const CnField *field = cn_case_field(columns[column].name);
    const CnNode *node = make_cell(csv, &nodes, columns[column].kind, text);
    field->handle(&decode, node, c);
}

static Meaning *
new_meaning(CsvReader *csv, guint column, const char *text, CnUrgency urgency)
{
    Meaning *meaning = g_new0(Meaning, 1);
    meaning->facts = cn_case_new();
    meaning->facts->urgency = urgency;
    meaning->issues = cn_issue_list_new();
    decode_cell(csv, column, text, (CnPos){csv->list->name, 0, 0}, meaning->facts, meaning->issues);
    if (cn_issue_list_len(meaning->issues) == 0)
        g_clear_pointer(&meaning->issues, cn_issue_list_free);
    return meaning;
}

static void
use_meaning(CsvReader *csv, guint column, const Meaning *meaning, CnCase *c)
{
    columns[column].copy(c, meaning->facts);
    for (guint i = 0; meaning->issues != NULL && i < cn_issue_list_len(meaning->issues); i++) {
        const CnIssue *issue = cn_issue_list_get(meaning->issues, i);
        cn_issue_add(csv->list->issues, issue->severity, issue->tag, csv->where[csv->place[column]],
                     issue->suggestion, "%s", issue->message);
    }
}

/* What the same text was found to say before, or finds it. The needs depend on the urgency of the case,
 * too. */
static void
read_cell(CsvReader *csv, guint column, const char *text, CnCase *c)
{
    if (column == REF) {
        decode_cell(csv, column, text, csv->where[csv->place[column]], c, csv->list->issues);
        return;
    }
    g_string_assign(csv->key, text);
    g_string_append_c(csv->key, (char)('0' + c->urgency));
    Meaning *meaning = g_hash_table_lookup(csv->memo[column], csv->key->str);
    if (meaning != NULL) {
        use_meaning(csv, column, meaning, c);
        return;
    }
    meaning = new_meaning(csv, column, text, c->urgency);
    use_meaning(csv, column, meaning, c);
    if (g_hash_table_size(csv->memo[column]) < MEMO_MOST)
        g_hash_table_insert(csv->memo[column], g_strdup(csv->key->str), meaning);
    else
        free_meaning(meaning);
}

static const char *
cell_of(const CsvReader *csv, guint row, guint column)
{
    if (csv->place[column] < 0)
        return "";
    return cn_csv_text_bare(cn_sheet_cell(csv->sheet, row, (guint)csv->place[column]));
}

static CnPos
place_of(const CsvReader *csv, guint column)
{
    return csv->place[column] >= 0 ? csv->where[csv->place[column]] : csv->where[0];
}

static void
check_row(CsvReader *csv, guint row)
{
    for (guint column = 0; column < COLUMNS; column++)
        if (columns[column].required && column != NEEDS && *cell_of(csv, row, column) == '\0')
            cn_issue_add(csv->list->issues, CN_SEVERITY_ERROR, "missing-key",
                         csv->where[csv->place[column]], "fill it in", "the cell %s is empty",
                         columns[column].name);
    if (*cell_of(csv, row, AGE) != '\0' && *cell_of(csv, row, AGE_BAND) != '\0')
        cn_issue_add(csv->list->issues, CN_SEVERITY_ERROR, "contradiction",
                     csv->where[csv->place[AGE_BAND]],
                     "keep age, or age_band where the age is not known",
                     "age and age_band stand side by side");
}

static CnCase *
read_row(CsvReader *csv, guint row)
{
    CnCase *c = cn_case_new();
    cn_sheet_places(csv->sheet, row, csv->where);
    cn_case_share_empty(c, csv->list->empty);
    c->pos = csv->where[0];
    c->ref_pos = place_of(csv, REF);
    c->needs_pos = place_of(csv, NEEDS);
    c->siblings_pos = place_of(csv, SIBLINGS);
    c->keep_apart_pos = place_of(csv, KEEP_APART);
    check_row(csv, row);
    for (guint column = 0; column < COLUMNS; column++) {
        const char *text = cell_of(csv, row, column);
        if (*text != '\0')
            read_cell(csv, column, text, c);
    }
    return c;
}

/* ---- The header. */

/* Names may be written as people write them: "Max travel min". */
static guint
find_column(const char *name)
{
    g_autofree char *key = g_strdelimit(g_strdup(name), " -", '_');
    for (guint column = 0; column < COLUMNS; column++)
        if (g_ascii_strcasecmp(columns[column].name, key) == 0)
            return column;
    return COLUMNS;
}

static void
report_column(const CsvReader *csv, guint at, const char *name)
{
    const CnPos pos = cn_sheet_header_pos(csv->sheet, at);
    const CnPersonal kind = cn_personal_key(name);
    const char *names[COLUMNS];
    if (kind != CN_PERSONAL_NONE) {
        const gboolean allowed = csv->reader.allow_personal;
        cn_issue_add(csv->list->issues, allowed ? CN_SEVERITY_WARNING : CN_SEVERITY_ERROR,
                     "personal-data", pos, cn_personal_advice(kind),
                     allowed ? "this column asks for %s; it is not read"
                             : "this column asks for %s, which a case never holds",
                     cn_personal_noun(kind));
        return;
    }
    for (guint i = 0; i < COLUMNS; i++)
        names[i] = columns[i].name;
    g_autofree char *near_miss = cn_text_did_you_mean(name, names, COLUMNS);
    cn_issue_add(csv->list->issues, CN_SEVERITY_ERROR, "unknown-key", pos,
                 near_miss != NULL ? near_miss
                                   : "begin the file with a row of column names: ref,area,...",
                 "column %u is not one of a case list", at + 1);
}

static void
report_missing(const CsvReader *csv)
{
    for (guint column = 0; column < COLUMNS; column++)
        if (columns[column].required && csv->place[column] < 0)
            cn_issue_add(csv->list->issues, CN_SEVERITY_ERROR, "missing-column",
                         cn_sheet_header_pos(csv->sheet, 0), "add it to the first row",
                         "the column %s is missing", columns[column].name);
}

/* FALSE where rows cannot be understood by it. A column without a name may stand at the end; one whose
 * name begins with # is the writer's own. */
static gboolean
read_header(CsvReader *csv)
{
    const guint errors = cn_issue_list_errors(csv->list->issues);
    for (guint at = 0; at < cn_sheet_columns_len(csv->sheet); at++) {
        const char *name = cn_sheet_header(csv->sheet, at);
        const guint column = find_column(name);
        if (*name == '\0' || *name == '#')
            continue;
        if (column == COLUMNS)
            report_column(csv, at, name);
        else if (csv->place[column] >= 0)
            cn_issue_add(csv->list->issues, CN_SEVERITY_ERROR, "duplicate-column",
                         cn_sheet_header_pos(csv->sheet, at), "keep one of them",
                         "the column %s stands twice", columns[column].name);
        else
            csv->place[column] = (gint)at;
    }
    report_missing(csv);
    return cn_issue_list_errors(csv->list->issues) == errors;
}

/* ---- The list. */

static void
read_rows(CsvReader *csv)
{
    CnCaseList *list = csv->list;
    guint refused = list->lost;
    for (guint row = 0; row < cn_sheet_rows_len(csv->sheet) && cn_case_list_goes_on(list, refused);
         row++) {
        const guint errors = cn_issue_list_errors(list->issues);
        CnCaseRow at = {0};
        CnCase *c = read_row(csv, row);
        cn_sheet_row_bytes(csv->sheet, row, &at.start, &at.end);
        at.refused = cn_issue_list_errors(list->issues) > errors;
        refused += at.refused ? 1 : 0;
        cn_case_list_add(list, c, at);
    }
}

gboolean
cn_case_csv_read(CnCaseList *list)
{
    static const CnSheetLimits limits = {.rows = CN_CASES_MOST,
                                         .columns = COLUMNS_MOST,
                                         .cell_bytes = CELL_BYTES,
                                         .hide_values = TRUE};
    const guint errors = cn_issue_list_errors(list->issues);
    g_autoptr(CnSheet) sheet =
        cn_sheet_read(list->text, list->len, list->name, &limits, list->issues);
    if (sheet == NULL)
        return FALSE;
    CsvReader csv = {.list = list,
                     .sheet = sheet,
                     .reader = {list->reference,
                                (list->options->flags & CARENET_CASES_ALLOW_PERSONAL_DATA) != 0},
                     .key = g_string_new(NULL)};
    gsize start = 0;
    list->lost = cn_issue_list_errors(list->issues) - errors;
    cn_sheet_header_bytes(sheet, &start, &list->head_end);
    for (guint column = 0; column < COLUMNS; column++) {
        csv.place[column] = -1;
        csv.memo[column] = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_meaning);
    }
    const gboolean usable = read_header(&csv);
    if (usable)
        read_rows(&csv);
    for (guint column = 0; column < COLUMNS; column++)
        g_hash_table_unref(csv.memo[column]);
    g_string_free(csv.key, TRUE);
    return usable;
}
