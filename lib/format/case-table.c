/* A case list as a table: one row a case, the columns of docs/case-list.md, cells as case-cells.c reads
 * them. A list of texts is a cell of several words; numbers and truth values are what they are. */
#include "format/case-table.h"

#include "format/case-cells-private.h"

#include <math.h>
#include <string.h>

typedef struct {
    const carenet_table *table;
    const char *name; /* interned */
    CnCaseCells *cells;
    CnIssueList *issues;
    CnCase *empty;                  /* whose arrays are shared */
    gint place[CN_CASE_COLUMNS];    /* the column of the table; -1: missing */
    guint present[CN_CASE_COLUMNS]; /* the columns that are there, in their order */
    guint present_len;
    GString *text; /* of a cell that is no text */
} TableReader;

/* ---- Cells as texts. */

static const char *
join_list(TableReader *reader, gsize row, gsize column)
{
    const gsize len = carenet_table_list_len(reader->table, row, column);
    for (gsize i = 0; i < len; i++) {
        if (i > 0)
            g_string_append_c(reader->text, ';');
        g_string_append(reader->text, carenet_table_list_get(reader->table, row, column, i));
    }
    return reader->text->str;
}

/* A column of whole numbers with gaps comes as doubles from programs that know no other gaps. */
static const char *
write_real(TableReader *reader, double value)
{
    char buffer[G_ASCII_DTOSTR_BUF_SIZE];
    if (isnan(value))
        return "";
    g_string_assign(reader->text, g_ascii_formatd(buffer, sizeof buffer, "%.17g", value));
    return reader->text->str;
}

static const char *
write_number(TableReader *reader, gint64 value)
{
    char digits[24], *p = digits + sizeof digits;
    guint64 rest = value < 0 ? 0 - (guint64)value : (guint64)value;
    *--p = '\0';
    do
        *--p = (char)('0' + rest % 10);
    while ((rest /= 10) > 0);
    if (value < 0)
        *--p = '-';
    g_string_assign(reader->text, p);
    return reader->text->str;
}

/* "" where nothing is known. */
static const char *
cell_text(TableReader *reader, gsize row, guint column)
{
    const gsize at = (gsize)reader->place[column];
    if (carenet_table_is_null(reader->table, row, at))
        return "";
    g_string_truncate(reader->text, 0);
    switch (carenet_table_column_type(reader->table, at)) {
    case CARENET_COLUMN_TEXT:
        return carenet_table_get_text(reader->table, row, at);
    case CARENET_COLUMN_LIST:
        return join_list(reader, row, at);
    case CARENET_COLUMN_INT64:
        return write_number(reader, carenet_table_get_int64(reader->table, row, at));
    case CARENET_COLUMN_DOUBLE:
        return write_real(reader, carenet_table_get_double(reader->table, row, at));
    case CARENET_COLUMN_BOOL:
        return carenet_table_get_bool(reader->table, row, at) ? "true" : "false";
    case CARENET_COLUMN_NONE:
        break;
    }
    return "";
}

/* ---- Rows, counted as a spreadsheet shows them: line 1 is the names of the columns. */

static CnPos
place_of(const TableReader *reader, gsize row, guint column)
{
    const guint line = (guint)(row + 2);
    return (CnPos){reader->name, line, (guint)(reader->place[column] + 1)};
}

/* A required cell that is empty; a case without needs is found when the list is looked at as a whole. */
static void
report_empty(TableReader *reader, gsize row, guint column)
{
    if (cn_case_column_is_required(column) && column != CN_CASE_NEEDS)
        cn_issue_add(reader->issues, CN_SEVERITY_ERROR, "missing-key",
                     place_of(reader, row, column), "fill it in", "the cell %s is empty",
                     cn_case_column_name(column));
}

static CnCase *
read_row(TableReader *reader, gsize row)
{
    CnCase *c = cn_case_new_like(reader->empty);
    gboolean has_age = FALSE;
    c->pos = place_of(reader, row, CN_CASE_REF);
    c->ref_pos = c->pos;
    c->needs_pos = place_of(reader, row, CN_CASE_NEEDS);
    c->siblings_pos = place_of(reader, row, CN_CASE_SIBLINGS);
    c->keep_apart_pos = place_of(reader, row, CN_CASE_KEEP_APART);
    for (guint i = 0; i < reader->present_len; i++) {
        const guint column = reader->present[i];
        const char *text = cell_text(reader, row, column);
        const CnPos pos = place_of(reader, row, column);
        if (*text == '\0') {
            report_empty(reader, row, column);
            continue;
        }
        if (column == CN_CASE_AGE_BAND && has_age)
            cn_issue_add(reader->issues, CN_SEVERITY_ERROR, "contradiction", pos,
                         "keep age, or age_band where the age is not known",
                         "age and age_band stand side by side");
        has_age = has_age || column == CN_CASE_AGE;
        cn_case_cells_read(reader->cells, column, text, pos, c, reader->issues);
    }
    return c;
}

/* ---- The columns. */

static void
find_columns(TableReader *reader)
{
    for (guint column = 0; column < CN_CASE_COLUMNS; column++)
        reader->place[column] = -1;
    for (gsize at = 0; at < carenet_table_columns_len(reader->table); at++) {
        const char *name = carenet_table_column_name(reader->table, at);
        const guint column = cn_case_column_find(name);
        const CnPos pos = {reader->name, 1, (guint)at + 1};
        if (*name == '#')
            continue;
        if (column == CN_CASE_COLUMNS)
            cn_case_column_report(reader->cells, name, (guint)at, pos,
                                  "leave it out, or begin its name with #", reader->issues);
        else if (reader->place[column] >= 0)
            cn_issue_add(reader->issues, CN_SEVERITY_ERROR, "duplicate-column", pos,
                         "keep one of them", "the column %s stands twice",
                         cn_case_column_name(column));
        else
            reader->place[column] = (gint)at;
    }
}

static void
list_columns(TableReader *reader)
{
    for (guint column = 0; column < CN_CASE_COLUMNS; column++)
        if (reader->place[column] >= 0)
            reader->present[reader->present_len++] = column;
        else if (cn_case_column_is_required(column))
            cn_issue_add(reader->issues, CN_SEVERITY_ERROR, "missing-column",
                         (CnPos){reader->name, 1, 0}, "add it", "the column %s is missing",
                         cn_case_column_name(column));
}

/* ---- The list. */

static void
read_rows(TableReader *reader, GPtrArray *cases)
{
    const gsize rows_len = carenet_table_rows_len(reader->table);
    if (rows_len > CN_CASES_MOST) {
        cn_issue_add(reader->issues, CN_SEVERITY_ERROR, "too-many", (CnPos){reader->name, 1, 0},
                     "split the list", "a list holds at most %d cases", CN_CASES_MOST);
        return;
    }
    if (rows_len == 0)
        cn_issue_add(reader->issues, CN_SEVERITY_ERROR, "no-case", (CnPos){reader->name, 1, 0},
                     "give at least one row", "the list holds no case");
    /* As many findings as a list keeps are enough to stop. */
    for (gsize row = 0; row < rows_len && cn_issue_list_len(reader->issues) < CN_ISSUES_MOST; row++)
        g_ptr_array_add(cases, read_row(reader, row));
}

void
cn_case_table_read(const carenet_table *table,
                   const char *name,
                   carenet_cases_flags flags,
                   carenet_cases *cases,
                   CnIssueList *issues)
{
    const gboolean allow_personal = (flags & CARENET_CASES_ALLOW_PERSONAL_DATA) != 0;
    const char *file = g_intern_string(name);
    g_autoptr(CnCaseCells) cells = cn_case_cells_new(cases->reference, allow_personal, file);
    g_autoptr(CnCase) empty = cn_case_new();
    g_autoptr(GString) text = g_string_new(NULL);
    TableReader reader = {.table = table,
                          .name = file,
                          .cells = cells,
                          .issues = issues,
                          .empty = empty,
                          .text = text};
    find_columns(&reader);
    list_columns(&reader);
    if (cn_issue_list_errors(issues) > 0)
        return;
    read_rows(&reader, cases->cases);
    cn_cases_check(cases->cases, issues);
}
