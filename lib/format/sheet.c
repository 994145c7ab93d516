/* CSV as spreadsheets save it. Not through libcsv: what a person has to mend needs the place of each
 * cell, and an end where a quote is never closed. */
#include "format/sheet.h"

#include "base/text.h"

#include <string.h>

#define BYTE_ORDER_MARK "\xEF\xBB\xBF"

typedef struct {
    guint32 start; /* offset of its first byte in the text */
    guint32 end;   /* behind its line end */
    guint line;
    guint number; /* as the spreadsheet counts */
} Row;

/* Cells are unquoted into a copy of the text. A cell is never longer there, and what divided it from
 * the next one makes room for its end, so that one offset finds it in both. */
struct CnSheet {
    const char *text;
    gsize len;
    const char *name;
    char *cells_text;
    char separator;
    guint columns_len;
    GArray *rows;  /* (element-type Row), the header first */
    GArray *cells; /* (element-type guint32) row by row, offsets of the cells */
};

typedef struct {
    CnSheet *sheet;
    const CnSheetLimits *limits;
    CnIssueList *issues;
    gboolean is_utf8; /* the whole text: no row has to be looked at again */
    gsize at;
    Row row;         /* the one that is being read */
    guint cells;     /* of that row */
    const char *tag; /* of what is wrong with it; NULL: nothing */
    const char *problem;
    gsize problem_at;
} Reader;

void
cn_sheet_free(CnSheet *sheet)
{
    if (sheet == NULL)
        return;
    g_free(sheet->cells_text);
    g_array_unref(sheet->rows);
    g_array_unref(sheet->cells);
    g_free(sheet);
}

/* ---- Places. */

static gboolean
ends_line(char c)
{
    return c == '\n' || c == '\r';
}

/* Behind the line end at @at: LF, CR or both. */
static gsize
pass_line_end(const char *text, gsize at)
{
    return at + (text[at] == '\r' && text[at + 1] == '\n' ? 2 : 1);
}

/* Moves a place on from the byte @from to the byte @to; columns count characters. */
static void
move_place(const CnSheet *sheet, CnPos *pos, gsize from, gsize to)
{
    while (from < to) {
        if (ends_line(sheet->text[from])) {
            from = pass_line_end(sheet->text, from);
            pos->line++;
            pos->column = 1;
        } else {
            /* The bytes that go on a character are 10xxxxxx. */
            pos->column += ((guchar)sheet->text[from] & 0xC0) != 0x80;
            from++;
        }
    }
}

static CnPos
place_of(const CnSheet *sheet, const Row *row, gsize byte)
{
    CnPos pos = {sheet->name, row->line, 1};
    move_place(sheet, &pos, row->start, byte);
    return pos;
}

/* ---- Cells. */

static gboolean
ends_cell(const CnSheet *sheet, gsize at)
{
    return at == sheet->len || sheet->text[at] == sheet->separator || ends_line(sheet->text[at]);
}

static gboolean
fail(Reader *reader, gsize at, const char *tag, const char *problem)
{
    reader->tag = tag;
    reader->problem = problem;
    reader->problem_at = at;
    return FALSE;
}

static gsize
pass_spaces(const CnSheet *sheet, gsize at)
{
    while (at < sheet->len && sheet->text[at] == ' ')
        at++;
    return at;
}

static gboolean
take_plain(Reader *reader)
{
    CnSheet *sheet = reader->sheet;
    const gsize start = reader->at;
    gsize end = start;
    for (; !ends_cell(sheet, reader->at); reader->at++) {
        if (sheet->text[reader->at] == '"')
            return fail(reader, reader->at, "bad-quote", "a quote stands where none may stand");
        if (sheet->text[reader->at] != ' ')
            end = reader->at + 1;
    }
    memcpy(sheet->cells_text + start, sheet->text + start, end - start);
    sheet->cells_text[end] = '\0';
    return end - start <= reader->limits->cell_bytes ||
           fail(reader, start, "too-long", "the cell is too long");
}

static gboolean
take_quoted(Reader *reader)
{
    CnSheet *sheet = reader->sheet;
    const gsize start = reader->at;
    gsize end = start;
    for (gsize at = start + 1; at < sheet->len; at++) {
        if (sheet->text[at] == '"' && sheet->text[++at] != '"') {
            sheet->cells_text[end] = '\0';
            reader->at = pass_spaces(sheet, at);
            return ends_cell(sheet, reader->at) ||
                   fail(reader, reader->at, "bad-quote",
                        "text stands behind the quote that ends a cell");
        }
        if (end - start == reader->limits->cell_bytes)
            return fail(reader, start, "bad-quote",
                        "a cell is too long, or its quote is never closed");
        sheet->cells_text[end++] = sheet->text[at];
    }
    return fail(reader, start, "bad-quote", "a quote is never closed");
}

static gboolean
take_cell(Reader *reader)
{
    CnSheet *sheet = reader->sheet;
    reader->at = pass_spaces(sheet, reader->at);
    const guint32 start = (guint32)reader->at;
    if (reader->cells == reader->limits->columns)
        return fail(reader, start, "too-many-cells", "the row has too many cells");
    g_array_append_val(sheet->cells, start);
    reader->cells++;
    return reader->at < sheet->len && sheet->text[start] == '"' ? take_quoted(reader)
                                                                : take_plain(reader);
}

/* Ends at a line end, at the end of the text or at a problem. */
static gboolean
take_cells(Reader *reader)
{
    const CnSheet *sheet = reader->sheet;
    for (;;) {
        if (!take_cell(reader))
            return FALSE;
        if (reader->at == sheet->len || ends_line(sheet->text[reader->at]))
            return TRUE;
        reader->at++;
    }
}

/* ---- Rows. */

/* " in the column "phone"" for a cell of the row that is being read, once the header is known.
 * (transfer full) */
static char *
name_column(const Reader *reader, guint cell)
{
    if (reader->limits->hide_values || reader->sheet->rows->len == 0 ||
        cell >= reader->sheet->columns_len)
        return g_strdup("");
    g_autofree char *name = cn_text_quote(cn_sheet_header(reader->sheet, cell));
    return *name != '\0' ? g_strdup_printf(" in the column \"%s\"", name) : g_strdup("");
}

static void
report_problem(Reader *reader)
{
    g_autofree char *column = name_column(reader, reader->cells > 0 ? reader->cells - 1 : 0);
    gboolean is_quote = strcmp(reader->tag, "bad-quote") == 0;
    cn_issue_add(reader->issues, CN_SEVERITY_ERROR, reader->tag,
                 place_of(reader->sheet, &reader->row, reader->problem_at),
                 is_quote ? "put a cell with a quote into quotes and double the quote inside"
                          : "shorten it",
                 "%s%s (row %u)", reader->problem, column, reader->row.number);
}

/* The cell of the row that holds the byte @at. */
static guint
cell_at(const Reader *reader, gsize at)
{
    const GArray *cells = reader->sheet->cells;
    guint first = cells->len - reader->cells, cell = 0;
    while (cell + 1 < reader->cells && g_array_index(cells, guint32, first + cell + 1) <= at)
        cell++;
    return cell;
}

static gboolean
check_encoding(Reader *reader)
{
    const CnSheet *sheet = reader->sheet;
    const char *bad = NULL;
    if (reader->is_utf8 ||
        g_utf8_validate_len(sheet->text + reader->row.start, reader->at - reader->row.start, &bad))
        return TRUE;
    const gsize byte = (gsize)(bad - sheet->text);
    g_autofree char *column = name_column(reader, cell_at(reader, byte));
    reader->tag = "bad-encoding";
    cn_issue_add(reader->issues, CN_SEVERITY_ERROR, reader->tag,
                 place_of(sheet, &reader->row, byte),
                 "save the spreadsheet as \"CSV UTF-8\", then look at names with accents",
                 "there are bytes that are not UTF-8%s (row %u)", column, reader->row.number);
    return FALSE;
}

static const char *
cell_text(const CnSheet *sheet, guint cell)
{
    return sheet->cells_text + g_array_index(sheet->cells, guint32, cell);
}

static gboolean
are_blank(const CnSheet *sheet, guint first, guint end)
{
    for (guint cell = first; cell < end; cell++)
        if (*cell_text(sheet, cell) != '\0')
            return FALSE;
    return TRUE;
}

/* A row has as many cells as the header; more are cut off where nothing stands in them. A shorter row
 * may be a file that was cut off. */
static gboolean
check_cells(Reader *reader)
{
    CnSheet *sheet = reader->sheet;
    const guint expected = sheet->columns_len, first = sheet->cells->len - reader->cells;
    if (reader->cells > expected && are_blank(sheet, first + expected, sheet->cells->len)) {
        g_array_set_size(sheet->cells, first + expected);
        return TRUE;
    }
    if (reader->cells == expected)
        return TRUE;
    cn_issue_add(reader->issues, CN_SEVERITY_ERROR, "wrong-cells",
                 place_of(sheet, &reader->row, reader->row.start),
                 reader->cells < expected
                     ? "see whether the file was cut off, or a separator is missing"
                     : "put cells that hold the separator into quotes",
                 "row %u has %u cells, the header %u", reader->row.number, reader->cells, expected);
    return FALSE;
}

/* Moves behind the end of the line that holds reader->at, and counts lines up to there. */
static void
pass_rest_of_line(Reader *reader, gsize from)
{
    const CnSheet *sheet = reader->sheet;
    while (reader->at < sheet->len && !ends_line(sheet->text[reader->at]))
        reader->at++;
    if (reader->at < sheet->len)
        reader->at = pass_line_end(sheet->text, reader->at);
    CnPos pos = {NULL, reader->row.line, 1};
    move_place(sheet, &pos, from, reader->at);
    reader->row.line = pos.line;
}

/* Whether the cells that were taken are a row. */
static gboolean
keep_row(Reader *reader)
{
    CnSheet *sheet = reader->sheet;
    if (are_blank(sheet, sheet->cells->len - reader->cells, sheet->cells->len) ||
        !check_encoding(reader))
        return FALSE;
    if (sheet->rows->len == 0)
        sheet->columns_len = reader->cells;
    else if (!check_cells(reader))
        return FALSE;
    g_array_append_val(sheet->rows, reader->row);
    return TRUE;
}

static void
take_row(Reader *reader)
{
    const gsize start = reader->at;
    const guint cells_before = reader->sheet->cells->len;
    reader->row.start = (guint32)start;
    reader->row.number++;
    reader->cells = 0;
    gboolean sound = take_cells(reader);
    if (!sound) {
        report_problem(reader);
        reader->at = reader->problem_at;
    }
    const gboolean kept = sound && keep_row(reader);
    if (!kept)
        g_array_set_size(reader->sheet->cells, cells_before);
    pass_rest_of_line(reader, start);
    GArray *rows = reader->sheet->rows;
    if (kept)
        g_array_index(rows, Row, rows->len - 1).end = (guint32)reader->at;
}

/* Nothing can be told of the rows below a header that cannot be read. */
static void
take_rows(Reader *reader)
{
    const CnSheet *sheet = reader->sheet;
    while (reader->at < sheet->len && (sheet->rows->len > 0 || reader->tag == NULL)) {
        if (sheet->rows->len > reader->limits->rows) {
            cn_issue_add(reader->issues, CN_SEVERITY_ERROR, "too-many-rows",
                         (CnPos){sheet->name, reader->row.line, 1}, "split it up",
                         "there are more than %u rows", reader->limits->rows);
            return;
        }
        take_row(reader);
    }
}

/* ---- The start of the text. */

static gboolean
is_utf16(const char *text, gsize len)
{
    return len >= 2 && (memcmp(text, "\xFF\xFE", 2) == 0 || memcmp(text, "\xFE\xFF", 2) == 0);
}

/* "sep=;" as a first line is a hint that Excel writes and does not show. */
static gboolean
take_hint(Reader *reader)
{
    CnSheet *sheet = reader->sheet;
    const char *text = sheet->text + reader->at;
    if (g_ascii_strncasecmp(text, "sep=", 4) != 0 || text[4] == '\0' ||
        strchr(",;\t|", text[4]) == NULL || !(text[5] == '\0' || ends_line(text[5])))
        return FALSE;
    sheet->separator = text[4];
    pass_rest_of_line(reader, reader->at);
    return TRUE;
}

static void
find_separator(Reader *reader)
{
    static const char separators[] = ",;\t";
    const CnSheet *sheet = reader->sheet;
    guint counts[3] = {0, 0, 0}, best = 0;
    gboolean quoted = FALSE, begun = FALSE;
    for (gsize at = reader->at; at < sheet->len; at++) {
        const char c = sheet->text[at];
        if (ends_line(c) && !quoted && begun)
            break;
        const char *found = c != '\0' && !quoted ? strchr(separators, c) : NULL;
        if (found != NULL)
            counts[found - separators]++;
        quoted ^= c == '"';
        begun = begun || !ends_line(c);
    }
    for (guint i = 1; i < G_N_ELEMENTS(counts); i++)
        if (counts[i] > counts[best])
            best = i;
    reader->sheet->separator = separators[best];
}

CnSheet *
cn_sheet_read(const char *text,
              gsize len,
              const char *name,
              const CnSheetLimits *limits,
              CnIssueList *issues)
{
    g_autoptr(CnSheet) sheet = g_new0(CnSheet, 1);
    *sheet = (CnSheet){.text = text,
                       .len = len,
                       .name = name,
                       .cells_text = g_try_malloc(len + 1),
                       .rows = g_array_new(FALSE, FALSE, sizeof(Row)),
                       .cells = g_array_new(FALSE, FALSE, sizeof(guint32))};
    Reader reader = {.sheet = sheet, .limits = limits, .issues = issues, .row = {.line = 1}};
    if (sheet->cells_text == NULL) { /* it is as large as the text */
        cn_issue_add(issues, CN_SEVERITY_ERROR, "too-large", (CnPos){name, 0, 0}, "split it up",
                     "there is no memory for the text");
        return NULL;
    }
    if (is_utf16(text, len)) {
        cn_issue_add(issues, CN_SEVERITY_ERROR, "bad-encoding", (CnPos){name, 1, 1},
                     "save the spreadsheet as \"CSV UTF-8\"", "the text is UTF-16, not UTF-8");
        return NULL;
    }
    reader.at = g_str_has_prefix(text, BYTE_ORDER_MARK) ? strlen(BYTE_ORDER_MARK) : 0;
    reader.is_utf8 = g_utf8_validate_len(text, len, NULL);
    if (!take_hint(&reader))
        find_separator(&reader);
    take_rows(&reader);
    if (sheet->rows->len > 0)
        return g_steal_pointer(&sheet);
    if (reader.tag == NULL)
        cn_issue_add(issues, CN_SEVERITY_ERROR, "missing-column", (CnPos){name, 1, 1},
                     "begin the file with a row of column names", "there is no header");
    return NULL;
}

/* ---- What was read. Row 0 of the file is the header. */

guint
cn_sheet_columns_len(const CnSheet *sheet)
{
    return sheet->columns_len;
}

guint
cn_sheet_rows_len(const CnSheet *sheet)
{
    return sheet->rows->len - 1;
}

const char *
cn_sheet_header(const CnSheet *sheet, guint column)
{
    return cell_text(sheet, column);
}

const char *
cn_sheet_cell(const CnSheet *sheet, guint row, guint column)
{
    return cell_text(sheet, (row + 1) * sheet->columns_len + column);
}

guint
cn_sheet_row_number(const CnSheet *sheet, guint row)
{
    return g_array_index(sheet->rows, Row, row + 1).number;
}

void
cn_sheet_header_bytes(const CnSheet *sheet, gsize *out_start, gsize *out_end)
{
    const Row *at = &g_array_index(sheet->rows, Row, 0);
    *out_start = at->start;
    *out_end = at->end;
}

void
cn_sheet_row_bytes(const CnSheet *sheet, guint row, gsize *out_start, gsize *out_end)
{
    const Row *at = &g_array_index(sheet->rows, Row, row + 1);
    *out_start = at->start;
    *out_end = at->end;
}

static CnPos
place_of_cell(const CnSheet *sheet, guint row, guint column)
{
    return place_of(sheet, &g_array_index(sheet->rows, Row, row),
                    g_array_index(sheet->cells, guint32, row * sheet->columns_len + column));
}

CnPos
cn_sheet_header_pos(const CnSheet *sheet, guint column)
{
    return place_of_cell(sheet, 0, column);
}

void
cn_sheet_places(const CnSheet *sheet, guint row, CnPos *out)
{
    const Row *at = &g_array_index(sheet->rows, Row, row + 1);
    CnPos pos = {sheet->name, at->line, 1};
    gsize byte = at->start;
    for (guint column = 0; column < sheet->columns_len; column++) {
        gsize next = g_array_index(sheet->cells, guint32, (row + 1) * sheet->columns_len + column);
        move_place(sheet, &pos, byte, next);
        out[column] = pos;
        byte = next;
    }
}
