/* The cells of a case list, whether of CSV or of a table. Each becomes the node that the readers of case
 * files take, so that a list is refused for what YAML is refused for. Columns other than ref hold few
 * different texts: what each of them says is worked out once, and shared. */
#include "format/case-cells-private.h"

#include "base/text.h"
#include "format/case-privacy.h"

#include <string.h>

#define MEMO_MOST 65536u /* different texts of a column that are remembered */
/* No word of ours has a comma or a line break; names of areas have commas. */
#define LIST_SEPARATORS ";|,\n"
#define AREA_SEPARATORS ";|\n"
#define URGENCIES       3
#define DIGITS_MOST     32

typedef enum {
    WORD,
    NUMBER,
    TRUTH,
    WORDS,
    GROUP_AND_KEEP,
    KEEP_AND_WORDS,
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
copy_bundle(CnCase *c, const CnCase *from)
{
    c->bundle = from->bundle;
    g_clear_pointer(&c->bundle_services, g_array_unref);
    if (from->bundle_services != NULL)
        c->bundle_services = g_array_ref(from->bundle_services);
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

/* Names are the keys of a case file. The urgency stands before the needs, which take it over. */
static const struct {
    const char *name;
    CellKind kind;
    gboolean required;
    void (*copy)(CnCase *c, const CnCase *from); /* NULL: every cell is read by itself */
} columns[] = {
    [CN_CASE_REF] = {"ref", WORD, TRUE, NULL},
    [CN_CASE_AREA] = {"area", WORD, TRUE, copy_area},
    [CN_CASE_AGE] = {"age", NUMBER, FALSE, copy_age},
    [CN_CASE_AGE_BAND] = {"age_band", WORD, FALSE, copy_age},
    [CN_CASE_URGENCY] = {"urgency", WORD, FALSE, copy_urgency},
    [CN_CASE_NEEDS] = {"needs", WORDS, TRUE, copy_needs},
    [CN_CASE_SIBLINGS] = {"siblings", GROUP_AND_KEEP, FALSE, copy_siblings},
    [CN_CASE_KEEP_APART] = {"keep_apart", WORDS, FALSE, copy_keep_apart},
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
    {"bundle", KEEP_AND_WORDS, FALSE, copy_bundle},
};
G_STATIC_ASSERT(G_N_ELEMENTS(columns) == CN_CASE_COLUMNS);

/* What a text of a column says: the facts, or what is wrong with it. */
typedef struct {
    CnCase *facts;
    CnIssueList *issues; /* NULL: nothing */
} Meaning;

struct CnCaseCells {
    CnCaseReader reader;
    const char *name;
    const CnField *fields[CN_CASE_COLUMNS];
    GHashTable *memo[CN_CASE_COLUMNS]; /* (element-type utf8 Meaning), owned */
    GHashTable *needs[URGENCIES]; /* the same; the needs depend on the urgency of the case, too */
};

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
make_words(Nodes *nodes, const char *text, const char *separators)
{
    CnNode *list = make_node(nodes, CN_NODE_SEQUENCE, NULL, FALSE);
    g_autofree char **parts = g_strsplit_set(text, separators, -1);
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

/* "require", or "require:trauma-therapy;individual-counseling". */
static CnNode *
make_bundle(Nodes *nodes, const char *text)
{
    CnNode *bundle = make_node(nodes, CN_NODE_MAPPING, NULL, FALSE);
    const char *colon = strchr(text, ':');
    const gsize len = colon != NULL ? (gsize)(colon - text) : strlen(text);
    append_pair(nodes, bundle, "keep",
                make_word(nodes, g_strstrip(keep(nodes, g_strndup(text, len)))));
    if (colon != NULL)
        append_pair(nodes, bundle, "needs", make_words(nodes, colon + 1, LIST_SEPARATORS));
    return bundle;
}

/* "kinship-assessment@2026-11-05;case-conference@2026-11-12". */
static CnNode *
make_assessments(Nodes *nodes, const char *text)
{
    CnNode *words = make_words(nodes, text, LIST_SEPARATORS);
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
is_area(const CnCaseCells *cells, const char *word)
{
    g_autoptr(GError) error = NULL;
    CnAreaId area = CN_AREA_NONE;
    if (cn_area_resolve(cells->reader.reference->gazetteer, word, &area, &error) ||
        carenet_error_get_code(error) == CARENET_ERROR_INVALID_ARGUMENT)
        return TRUE;
    const char *hint = carenet_error_get_hint(error);
    g_autofree char *head = g_strndup(word, strcspn(word, "/"));
    return (hint != NULL && g_str_has_prefix(hint, "did you mean")) || !cn_text_is_slug(head) ||
           strpbrk(head, "0123456789-") == NULL;
}

static CnNode *
make_avoid(CnCaseCells *cells, Nodes *nodes, const char *text)
{
    static const struct {
        const char *prefix, *key;
    } kinds[] = {
        {"area:", "areas"}, {"provider:", "providers"}, {"organization:", "organizations"}};
    CnNode *avoid = make_node(nodes, CN_NODE_MAPPING, NULL, FALSE);
    const CnNode *words = make_words(nodes, text, AREA_SEPARATORS);
    for (guint i = 0; i < words->len; i++) {
        const char *word = words->items[i]->text, *key = NULL;
        for (gsize k = 0; k < G_N_ELEMENTS(kinds) && key == NULL; k++) {
            if (!g_str_has_prefix(word, kinds[k].prefix))
                continue;
            key = kinds[k].key;
            word = g_strchug(keep(nodes, g_strdup(word + strlen(kinds[k].prefix))));
        }
        if (key == NULL && !is_area(cells, word)) {
            /* An offering's id is wrong in either list: that is said once. */
            if (strchr(word, '/') == NULL)
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
    if (g_ascii_strcasecmp(text, "yes") == 0 || g_ascii_strcasecmp(text, "y") == 0 ||
        strcmp(text, "1") == 0)
        return "true";
    if (g_ascii_strcasecmp(text, "no") == 0 || g_ascii_strcasecmp(text, "n") == 0 ||
        strcmp(text, "0") == 0)
        return "false";
    return text;
}

/* "15.0" is how programs write a whole number of a column that has gaps. @room is for what is told. */
static const char *
number_of(const char *text, char *room, gsize room_len)
{
    const gsize len = strcspn(text, ".");
    const char *zeros = text[len] == '.' ? text + len + 1 : NULL;
    if (zeros == NULL || *zeros == '\0' || zeros[strspn(zeros, "0")] != '\0' || len >= room_len)
        return text;
    g_strlcpy(room, text, len + 1);
    return room;
}

static CnNode *
make_cell(CnCaseCells *cells, Nodes *nodes, CellKind kind, const char *text)
{
    switch (kind) {
    case WORDS:
        return make_words(nodes, text, LIST_SEPARATORS);
    case GROUP_AND_KEEP:
        return make_siblings(nodes, text);
    case KEEP_AND_WORDS:
        return make_bundle(nodes, text);
    case TO_AVOID:
        return make_avoid(cells, nodes, text);
    case KINDS_AND_DAYS:
        return make_assessments(nodes, text);
    default:
        return make_word(nodes, text);
    }
}

/* ---- What a cell says. */

/* One scalar needs no memory of its own. */
static gboolean
decode_scalar(CnCaseCells *cells,
              guint column,
              const char *text,
              CnPos pos,
              CnCase *c,
              CnDecode *decode)
{
    const CellKind kind = columns[column].kind;
    if (kind != WORD && kind != NUMBER && kind != TRUTH)
        return FALSE;
    char room[DIGITS_MOST];
    const CnNode node = {.kind = CN_NODE_SCALAR,
                         .plain = kind != WORD,
                         .pos = pos,
                         .text = kind == TRUTH    ? truth_of(text)
                                 : kind == NUMBER ? number_of(text, room, sizeof room)
                                                  : text};
    cells->fields[column]->handle(decode, &node, c);
    return TRUE;
}

static void
decode_cell(CnCaseCells *cells,
            guint column,
            const char *text,
            CnPos pos,
            CnCase *c,
            CnIssueList *out)
{
    CnDecode decode = {.issues = out, .hide_values = TRUE, .data = &cells->reader};
    if (decode_scalar(cells, column, text, pos, c, &decode))
        return;
    g_autoptr(GPtrArray) made = g_ptr_array_new_with_free_func(g_free);
    Nodes nodes = {made, pos};
    const CnNode *node = make_cell(cells, &nodes, columns[column].kind, text);
    cells->fields[column]->handle(&decode, node, c);
}

static Meaning *
new_meaning(CnCaseCells *cells, guint column, const char *text, CnUrgency urgency)
{
    Meaning *meaning = g_new0(Meaning, 1);
    meaning->facts = cn_case_new();
    meaning->facts->urgency = urgency;
    meaning->issues = cn_issue_list_new();
    decode_cell(cells, column, text, (CnPos){cells->name, 0, 0}, meaning->facts, meaning->issues);
    if (cn_issue_list_len(meaning->issues) == 0)
        g_clear_pointer(&meaning->issues, cn_issue_list_free);
    return meaning;
}

static void
use_meaning(guint column, const Meaning *meaning, CnPos pos, CnCase *c, CnIssueList *issues)
{
    columns[column].copy(c, meaning->facts);
    for (guint i = 0; meaning->issues != NULL && i < cn_issue_list_len(meaning->issues); i++) {
        const CnIssue *issue = cn_issue_list_get(meaning->issues, i);
        cn_issue_add(issues, issue->severity, issue->tag, pos, issue->suggestion, "%s",
                     issue->message);
    }
}

/* What the same text was found to say before, or finds it. */
void
cn_case_cells_read(CnCaseCells *cells,
                   guint column,
                   const char *text,
                   CnPos pos,
                   CnCase *c,
                   CnIssueList *issues)
{
    GHashTable *memo = column == CN_CASE_NEEDS ? cells->needs[c->urgency] : cells->memo[column];
    if (columns[column].copy == NULL) {
        decode_cell(cells, column, text, pos, c, issues);
        return;
    }
    Meaning *meaning = g_hash_table_lookup(memo, text);
    if (meaning != NULL) {
        use_meaning(column, meaning, pos, c, issues);
        return;
    }
    meaning = new_meaning(cells, column, text, c->urgency);
    use_meaning(column, meaning, pos, c, issues);
    if (g_hash_table_size(memo) < MEMO_MOST)
        g_hash_table_insert(memo, g_strdup(text), meaning);
    else
        free_meaning(meaning);
}

/* ---- Columns. */

guint
cn_case_column_find(const char *name)
{
    g_autofree char *key = g_strdelimit(g_strdup(name), " -", '_');
    for (guint column = 0; column < CN_CASE_COLUMNS; column++)
        if (g_ascii_strcasecmp(columns[column].name, key) == 0)
            return column;
    return CN_CASE_COLUMNS;
}

const char *
cn_case_column_name(guint column)
{
    return columns[column].name;
}

gboolean
cn_case_column_is_required(guint column)
{
    return columns[column].required;
}

/* What columns there are is said once. */
static gboolean
is_told(const CnIssueList *issues)
{
    for (guint i = 0; i < cn_issue_list_len(issues); i++)
        if (strcmp(cn_issue_list_get(issues, i)->tag, "unknown-key") == 0)
            return TRUE;
    return FALSE;
}

void
cn_case_column_report(const CnCaseCells *cells,
                      const char *name,
                      guint at,
                      CnPos pos,
                      const char *advice,
                      CnIssueList *issues)
{
    const CnPersonal kind = cn_personal_key(name);
    const char *names[CN_CASE_COLUMNS + 1] = {NULL};
    if (kind != CN_PERSONAL_NONE) {
        const gboolean allowed = cells->reader.allow_personal;
        cn_issue_add(issues, allowed ? CN_SEVERITY_WARNING : CN_SEVERITY_ERROR, "personal-data",
                     pos, cn_personal_advice(kind),
                     allowed ? "this column asks for %s; it is not read"
                             : "this column asks for %s, which a case never holds",
                     cn_personal_noun(kind));
        return;
    }
    for (guint i = 0; i < CN_CASE_COLUMNS; i++)
        names[i] = columns[i].name;
    g_autofree char *near_miss = cn_text_did_you_mean(name, names, CN_CASE_COLUMNS);
    g_autofree char *all = g_strjoinv(", ", (char **)names);
    g_autofree char *suggestion =
        is_told(issues) ? g_strdup(advice)
                        : g_strdup_printf("%s; a list has the columns %s", advice, all);
    cn_issue_add(issues, CN_SEVERITY_ERROR, "unknown-key", pos,
                 near_miss != NULL ? near_miss : suggestion, "column %u is not one of a case list",
                 at + 1);
}

/* ---- The reader. */

static GHashTable *
new_memo(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_meaning);
}

CnCaseCells *
cn_case_cells_new(const CnReference *reference, gboolean allow_personal, const char *name)
{
    G_STATIC_ASSERT(CN_ROUTINE + 1 == URGENCIES);
    CnCaseCells *cells = g_new0(CnCaseCells, 1);
    cells->reader = (CnCaseReader){reference, allow_personal};
    cells->name = name;
    for (guint column = 0; column < CN_CASE_COLUMNS; column++) {
        cells->fields[column] = cn_case_field(columns[column].name);
        cells->memo[column] = new_memo();
    }
    for (guint i = 0; i < URGENCIES; i++)
        cells->needs[i] = new_memo();
    return cells;
}

void
cn_case_cells_free(CnCaseCells *cells)
{
    if (cells == NULL)
        return;
    for (guint column = 0; column < CN_CASE_COLUMNS; column++)
        g_hash_table_unref(cells->memo[column]);
    for (guint i = 0; i < URGENCIES; i++)
        g_hash_table_unref(cells->needs[i]);
    g_free(cells);
}
