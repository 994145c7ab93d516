/* A case list as CSV: rows and places of a sheet, cells as case-cells.c reads them. */
#include "format/case-list-private.h"

#include "base/csv-text.h"
#include "format/case-cells-private.h"
#include "format/sheet.h"

#include <string.h>

#define COLUMNS_MOST 64
#define CELL_BYTES   4096

typedef struct {
    CnCaseList *list;
    CnSheet *sheet;
    CnCaseCells *cells;
    gint place[CN_CASE_COLUMNS]; /* the column of the sheet; -1: missing */
    CnPos where[COLUMNS_MOST];   /* of the cells of the row */
} CsvReader;

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
    for (guint column = 0; column < CN_CASE_COLUMNS; column++)
        if (cn_case_column_is_required(column) && column != CN_CASE_NEEDS &&
            *cell_of(csv, row, column) == '\0')
            cn_issue_add(csv->list->issues, CN_SEVERITY_ERROR, "missing-key",
                         csv->where[csv->place[column]], "fill it in", "the cell %s is empty",
                         cn_case_column_name(column));
    if (*cell_of(csv, row, CN_CASE_AGE) != '\0' && *cell_of(csv, row, CN_CASE_AGE_BAND) != '\0')
        cn_issue_add(csv->list->issues, CN_SEVERITY_ERROR, "contradiction",
                     csv->where[csv->place[CN_CASE_AGE_BAND]],
                     "keep age, or age_band where the age is not known",
                     "age and age_band stand side by side");
}

static CnCase *
read_row(CsvReader *csv, guint row)
{
    CnCase *c = cn_case_new_like(csv->list->empty);
    cn_sheet_places(csv->sheet, row, csv->where);
    c->pos = csv->where[0];
    c->ref_pos = place_of(csv, CN_CASE_REF);
    c->needs_pos = place_of(csv, CN_CASE_NEEDS);
    c->siblings_pos = place_of(csv, CN_CASE_SIBLINGS);
    c->keep_apart_pos = place_of(csv, CN_CASE_KEEP_APART);
    check_row(csv, row);
    for (guint column = 0; column < CN_CASE_COLUMNS; column++) {
        const char *text = cell_of(csv, row, column);
        if (*text != '\0')
            cn_case_cells_read(csv->cells, column, text, csv->where[csv->place[column]], c,
                               csv->list->issues);
    }
    return c;
}

/* ---- The header. */

static void
report_missing(const CsvReader *csv)
{
    for (guint column = 0; column < CN_CASE_COLUMNS; column++)
        if (cn_case_column_is_required(column) && csv->place[column] < 0)
            cn_issue_add(csv->list->issues, CN_SEVERITY_ERROR, "missing-column",
                         cn_sheet_header_pos(csv->sheet, 0), "add it to the first row",
                         "the column %s is missing", cn_case_column_name(column));
}

/* FALSE where rows cannot be understood by it. A column without a name may stand at the end; one whose
 * name begins with # is the writer's own. */
static gboolean
read_header(CsvReader *csv)
{
    const guint errors = cn_issue_list_errors(csv->list->issues);
    for (guint at = 0; at < cn_sheet_columns_len(csv->sheet); at++) {
        const char *name = cn_sheet_header(csv->sheet, at);
        const guint column = cn_case_column_find(name);
        if (*name == '\0' || *name == '#')
            continue;
        if (column == CN_CASE_COLUMNS)
            cn_case_column_report(csv->cells, name, at, cn_sheet_header_pos(csv->sheet, at),
                                  "begin its name with # if it is your own", csv->list->issues);
        else if (csv->place[column] >= 0)
            cn_issue_add(csv->list->issues, CN_SEVERITY_ERROR, "duplicate-column",
                         cn_sheet_header_pos(csv->sheet, at), "keep one of them",
                         "the column %s stands twice", cn_case_column_name(column));
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
    list->refused = list->lost;
    for (guint row = 0; row < cn_sheet_rows_len(csv->sheet) && cn_case_list_goes_on(list); row++) {
        const guint errors = cn_issue_list_errors(list->issues);
        CnCaseRow at = {0};
        CnCase *c = read_row(csv, row);
        cn_sheet_row_bytes(csv->sheet, row, &at.start, &at.end);
        at.refused = cn_issue_list_errors(list->issues) > errors;
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
    const gboolean allow_personal = (list->options->flags & CARENET_CASES_ALLOW_PERSONAL_DATA) != 0;
    g_autoptr(CnCaseCells) cells = cn_case_cells_new(list->reference, allow_personal, list->name);
    CsvReader csv = {.list = list, .sheet = sheet, .cells = cells};
    gsize start = 0;
    list->lost = cn_issue_list_errors(list->issues) - errors;
    cn_sheet_header_bytes(sheet, &start, &list->head_end);
    for (guint column = 0; column < CN_CASE_COLUMNS; column++)
        csv.place[column] = -1;
    const gboolean usable = read_header(&csv);
    if (usable)
        read_rows(&csv);
    return usable;
}
