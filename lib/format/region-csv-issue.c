/* Cells of CSV of a network: what spreadsheets do to them, and findings in the words of whoever keeps
 * the spreadsheet. */
#include "base/csv-text.h"
#include "base/text.h"
#include "format/region-csv-private.h"
#include "format/sheet-date.h"

#include <string.h>

#define NO_BREAK_SPACE "\xC2\xA0"

/* ---- Cells. */

void
cn_region_csv_turn_to(CnRegionCsv *csv, guint row)
{
    csv->row = row;
    g_array_set_size(csv->where, 0);
    g_ptr_array_set_size(csv->texts, 0);
}

/* As it was written. */
static const char *
raw_cell(const CnRegionCsv *csv, CnCsvColumn column)
{
    return csv->place[column] >= 0 ? cn_sheet_cell(csv->sheet, csv->row, (guint)csv->place[column])
                                   : "";
}

static gsize
space_at_start(const char *text)
{
    if (*text == ' ' || *text == '\t')
        return 1;
    return g_str_has_prefix(text, NO_BREAK_SPACE) ? strlen(NO_BREAK_SPACE) : 0;
}

static gsize
space_at_end(const char *text, gsize len)
{
    if (len > 0 && (text[len - 1] == ' ' || text[len - 1] == '\t'))
        return 1;
    const gsize wide = strlen(NO_BREAK_SPACE);
    return len >= wide && memcmp(text + len - wide, NO_BREAK_SPACE, wide) == 0 ? wide : 0;
}

const char *
cn_region_csv_cell(CnRegionCsv *csv, CnCsvColumn column)
{
    const char *text = cn_csv_text_bare(raw_cell(csv, column)), *start = text;
    for (gsize space = space_at_start(start); space > 0; space = space_at_start(start))
        start += space;
    gsize len = strlen(start);
    for (gsize space = space_at_end(start, len); space > 0; space = space_at_end(start, len))
        len -= space;
    if (len == 0)
        return "";
    if (cn_csv_columns[column].kind == CN_CSV_TEXT)
        return text;
    if (start[len] == '\0')
        return start;
    char *trimmed = g_strndup(start, len);
    g_ptr_array_add(csv->texts, trimmed);
    return trimmed;
}

/* Places are asked for cell by cell, and found for a row at once. */
static const CnPos *
places_of_row(CnRegionCsv *csv)
{
    if (csv->where->len == 0) {
        g_array_set_size(csv->where, cn_sheet_columns_len(csv->sheet));
        cn_sheet_places(csv->sheet, csv->row, (CnPos *)csv->where->data);
    }
    return (const CnPos *)csv->where->data;
}

CnPos
cn_region_csv_pos(CnRegionCsv *csv, CnCsvColumn column)
{
    return places_of_row(csv)[MAX(csv->place[column], 0)];
}

/* ---- What spreadsheets do. */

/* Text in UTF-8 that was opened as Windows-1252 and saved again: "ParaÃ±aque". */
static gboolean
is_garbled(const char *text)
{
    for (const char *at = strstr(text, "Ã"); at != NULL; at = strstr(at, "Ã")) {
        at += strlen("Ã");
        gunichar next = g_utf8_get_char(at);
        if ((next >= 0x80 && next <= 0xBF) || (next >= 0x2018 && next <= 0x2022))
            return TRUE;
    }
    return strstr(text, "â€") != NULL;
}

/* 1.03E+09 */
static gboolean
is_rounded(const char *text)
{
    const char *at = text + strspn(text, "0123456789.");
    if (at == text || (*at != 'E' && *at != 'e'))
        return FALSE;
    at += 1 + (at[1] == '+' || at[1] == '-');
    return *at != '\0' && at[strspn(at, "0123456789")] == '\0';
}

gboolean
cn_region_csv_is_refused(CnRegionCsv *csv, CnCsvColumn column)
{
    const char *raw = raw_cell(csv, column);
    return *raw == '=' || is_garbled(raw);
}

static void
check_phone(CnRegionCsv *csv)
{
    const char *phone = cn_region_csv_cell(csv, CN_CSV_PHONE);
    if (is_rounded(phone))
        cn_region_csv_report(csv, CN_SEVERITY_ERROR, "rounded-number", CN_CSV_PHONE,
                             "format the column as text, and write the whole number again",
                             "a spreadsheet has rounded the phone number");
    else if (strlen(phone) == 10 && *phone == '9' && phone[strspn(phone, "0123456789")] == '\0')
        cn_region_csv_report(csv, CN_SEVERITY_WARNING, "lost-zero", CN_CSV_PHONE,
                             "format the column as text, and write the 0 before it",
                             "the phone number seems to have lost its first 0");
}

static void
check_unnamed(CnRegionCsv *csv)
{
    for (guint at = 0; at < cn_sheet_columns_len(csv->sheet); at++)
        if (*cn_sheet_header(csv->sheet, at) == '\0' &&
            *cn_sheet_cell(csv->sheet, csv->row, at) != '\0')
            cn_issue_add(csv->issues, CN_SEVERITY_ERROR, "unknown-column", places_of_row(csv)[at],
                         "name the column; names that begin with # are for your own notes",
                         "a cell stands in a column without a name (row %u)",
                         cn_sheet_row_number(csv->sheet, csv->row));
}

void
cn_region_csv_check_cells(CnRegionCsv *csv)
{
    for (guint i = 0; i < CN_CSV_COLUMNS; i++) {
        const char *raw = raw_cell(csv, (CnCsvColumn)i);
        if (*raw == '=')
            cn_region_csv_report(csv, CN_SEVERITY_ERROR, "formula", (CnCsvColumn)i,
                                 "write the value itself; an apostrophe before = makes it text",
                                 "a cell begins with = and would be run as a formula");
        else if (is_garbled(raw))
            cn_region_csv_report(csv, CN_SEVERITY_ERROR, "bad-encoding", (CnCsvColumn)i,
                                 "open the file as UTF-8, and save it as \"CSV UTF-8\"",
                                 "letters were lost when the file was opened");
    }
    check_phone(csv);
    check_unnamed(csv);
}

/* ---- Findings. */

static gboolean
is_secret(const CnRegionCsv *csv, CnCsvColumn column)
{
    return csv->guarded && cn_csv_columns[column].secret;
}

/* (transfer full) */
static char *
describe_cell(CnRegionCsv *csv, CnCsvColumn column)
{
    const char *name = cn_csv_columns[column].name;
    const guint row = cn_sheet_row_number(csv->sheet, csv->row);
    g_autofree char *value = cn_text_quote(cn_csv_text_bare(raw_cell(csv, column)));
    if (*value == '\0')
        return g_strdup_printf("(row %u, column \"%s\", empty)", row, name);
    if (is_secret(csv, column))
        return g_strdup_printf("(row %u, column \"%s\")", row, name);
    return g_strdup_printf("(row %u, column \"%s\": \"%s\")", row, name, value);
}

void
cn_region_csv_report(CnRegionCsv *csv,
                     CnSeverity severity,
                     const char *tag,
                     CnCsvColumn column,
                     const char *suggestion,
                     const char *format,
                     ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *message = g_strdup_vprintf(format, args);
    va_end(args);
    g_autofree char *cell = describe_cell(csv, column);
    cn_issue_add(csv->issues, severity, tag, cn_region_csv_pos(csv, column), suggestion, "%s %s",
                 message, cell);
}

/* The days in a cell that are written as a spreadsheet shows them. (transfer full) (nullable) */
static char *
guess_day(CnRegionCsv *csv, CnCsvColumn column)
{
    const char *text = cn_region_csv_cell(csv, column);
    if (cn_csv_columns[column].kind == CN_CSV_DATE)
        return cn_sheet_date_guess(text);
    g_auto(GStrv) parts = g_strsplit_set(text, CN_CSV_LIST_SEPARATORS ":", -1);
    for (guint i = 0; parts[i] != NULL; i++) {
        CnDate date;
        g_autofree char *guess = cn_sheet_date_guess(parts[i]);
        if (guess != NULL && !cn_date_parse(parts[i], &date))
            return g_steal_pointer(&guess);
    }
    return NULL;
}

static gboolean
hand_on_day(CnRegionCsv *csv, CnCsvColumn column)
{
    g_autofree char *guess = guess_day(csv, column);
    if (guess == NULL)
        return FALSE;
    gboolean several = strstr(guess, " or ") != NULL;
    g_autofree char *suggestion =
        g_strdup_printf(several ? "write %s, whichever is meant" : "write %s", guess);
    cn_region_csv_report(csv, CN_SEVERITY_ERROR, "ambiguous-date", column, suggestion,
                         "a day is written as a spreadsheet shows it, not as 2026-11-03");
    return TRUE;
}

/* The code that a cell without its first zero means. (transfer full) (nullable) */
static char *
restore_zero(CnRegionCsv *csv, CnCsvColumn column)
{
    g_auto(GStrv) parts =
        g_strsplit_set(cn_region_csv_cell(csv, column), CN_CSV_LIST_SEPARATORS, -1);
    for (guint i = 0; parts[i] != NULL; i++) {
        g_autofree char *code = g_strconcat("0", g_strstrip(parts[i]), NULL);
        if (strlen(code) == 10 && cn_area_by_code(csv->reference->gazetteer, code) != CN_AREA_NONE)
            return g_steal_pointer(&code);
    }
    return NULL;
}

/* The code of the place that stands beside a code. (transfer full) (nullable) */
static char *
code_of_name(CnRegionCsv *csv, CnCsvColumn column)
{
    CnAreaId area = CN_AREA_NONE;
    const CnGazetteer *gazetteer = csv->reference->gazetteer;
    const char *name = cn_region_csv_cell(csv, CN_CSV_AREA_NAME);
    if (column != CN_CSV_AREA || *name == '\0' || !cn_area_resolve(gazetteer, name, &area, NULL))
        return NULL;
    return g_strdup(cn_area(gazetteer, area)->code);
}

static gboolean
hand_on_code(CnRegionCsv *csv, CnCsvColumn column, const CnIssue *issue)
{
    gboolean lost_zero = strcmp(issue->tag, "area-code") == 0;
    if (!lost_zero && !is_rounded(cn_region_csv_cell(csv, column)))
        return FALSE;
    g_autofree char *code = lost_zero ? restore_zero(csv, column) : code_of_name(csv, column);
    g_autofree char *suggestion =
        g_strdup_printf("format the column as text, and write %s",
                        code != NULL && !is_secret(csv, column) ? code : "all ten digits");
    cn_region_csv_report(csv, CN_SEVERITY_ERROR, "area-code", column, suggestion,
                         lost_zero ? "an area code has lost its first 0"
                                   : "a spreadsheet has rounded an area code");
    return TRUE;
}

/* "24/7" is the 24th of July to a spreadsheet. */
static const char *
suggest_hours(CnRegionCsv *csv, CnCsvColumn column, const CnIssue *issue)
{
    const char *text = cn_region_csv_cell(csv, column);
    gboolean always = g_ascii_strncasecmp(text, "24-jul", 6) == 0 ||
                      g_str_has_prefix(text, "24/7/") || g_str_has_prefix(text, "24/07/") ||
                      g_str_has_prefix(text, "7/24/");
    return always ? "format the column as text, and write 24/7" : issue->suggestion;
}

static const char *
suggest(CnRegionCsv *csv, CnCsvColumn column, const CnIssue *issue)
{
    if (strcmp(issue->tag, "bad-hours") == 0)
        return suggest_hours(csv, column, issue);
    if (strcmp(issue->tag, "wrong-type") != 0)
        return issue->suggestion;
    if (cn_csv_columns[column].kind == CN_CSV_BOOL)
        return "write true, or leave the cell empty";
    return "write digits only";
}

/* Findings for which a spreadsheet has other words. */
static gboolean
hand_on_reworded(CnRegionCsv *csv, CnCsvColumn column, const CnIssue *issue)
{
    switch (cn_csv_columns[column].kind) {
    case CN_CSV_DATE:
    case CN_CSV_COURSES:
        return strcmp(issue->tag, "impossible-value") == 0 && hand_on_day(csv, column);
    case CN_CSV_AREA_CODE:
    case CN_CSV_AREA_CODES:
        return hand_on_code(csv, column, issue);
    default:
        return FALSE;
    }
}

static void
hand_on_one(CnRegionCsv *csv, CnCsvColumn column, const CnIssue *issue)
{
    if (strcmp(issue->tag, "missing-key") == 0 && *cn_region_csv_cell(csv, column) == '\0') {
        /* The area of a place that must not be found is withheld. */
        if (column != CN_CSV_AREA || !csv->guarded)
            cn_region_csv_report(csv, issue->severity, issue->tag, column, "fill it in",
                                 "the cell must not be empty");
    } else if (!hand_on_reworded(csv, column, issue)) {
        cn_region_csv_report(csv, issue->severity, issue->tag, column, suggest(csv, column, issue),
                             "%s", issue->message);
    }
}

/* The cell at which something was found. */
static CnCsvColumn
column_at(CnRegionCsv *csv, CnPos pos)
{
    for (guint i = 0; i < CN_CSV_COLUMNS; i++) {
        const CnPos at = cn_region_csv_pos(csv, (CnCsvColumn)i);
        if (csv->place[i] >= 0 && at.line == pos.line && at.column == pos.column)
            return (CnCsvColumn)i;
    }
    return CN_CSV_PROVIDER;
}

void
cn_region_csv_hand_on(CnRegionCsv *csv, const CnIssueList *found)
{
    for (guint i = 0; i < cn_issue_list_len(found); i++) {
        const CnIssue *issue = cn_issue_list_get(found, i);
        const CnCsvColumn column = column_at(csv, issue->pos);
        /* A refused cell has been reported, and was read as if it were empty. */
        if (!cn_region_csv_is_refused(csv, column))
            hand_on_one(csv, column, issue);
    }
}
