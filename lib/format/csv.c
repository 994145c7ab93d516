/* Strict CSV. libcsv gets one line at a time, so that every finding has its place and reading goes
 * on behind a broken line. */
#include "format/csv.h"

#include "base/text.h"

#include <csv.h>
#include <string.h>

#define CELLS_MOST  64
#define DIGITS_MOST 32

typedef struct {
    gsize start; /* offset of its line in the text */
    guint line;
} Row;

struct CnCsv {
    const char *text;
    gsize len;
    const char *name;
    const char *const *columns;
    guint columns_len;
    guint cells_len; /* cells of the header, hence of each row */
    guint *place;    /* of each wanted column its cell in the file */
    GArray *rows;    /* (element-type Row) */
    GArray *cells;   /* (element-type gsize) row by row, offsets into the pool */
    GString *pool;   /* NUL-terminated cells */
};

/* One line while libcsv calls back. */
typedef struct {
    CnCsv *csv;
    guint cells;
    gboolean ended;
    CnIssueList *issues;
} Line;

void
cn_csv_free(CnCsv *csv)
{
    if (csv == NULL)
        return;
    g_free(csv->place);
    g_array_unref(csv->rows);
    g_array_unref(csv->cells);
    g_string_free(csv->pool, TRUE);
    g_free(csv);
}

/* The place of a byte of the text in a line that begins at @start; columns count characters. */
static CnPos
pos_of_byte(const CnCsv *csv, guint line, gsize start, gsize byte)
{
    glong chars = g_utf8_strlen(csv->text + start, (gssize)(byte - start));
    return (CnPos){csv->name, line, (guint)chars + 1};
}

/* ---- Plain UTF-8 without control characters. */

static void
refuse_byte(const CnCsv *csv, gsize byte, CnIssueList *issues, const char *what)
{
    guint line = 1;
    gsize start = 0;
    for (gsize i = 0; i < byte; i++) {
        if (csv->text[i] == '\n') {
            line++;
            start = i + 1;
        }
    }
    cn_issue_add(issues, CN_SEVERITY_ERROR, "bad-encoding", pos_of_byte(csv, line, start, byte),
                 "save the file as plain UTF-8 text", "the text holds %s", what);
}

static gboolean
is_allowed_control(const CnCsv *csv, gsize i)
{
    if (csv->text[i] == '\r')
        return i + 1 < csv->len && csv->text[i + 1] == '\n';
    return csv->text[i] == '\n';
}

static gboolean
check_text(const CnCsv *csv, CnIssueList *issues)
{
    const char *bad;
    if (!g_utf8_validate_len(csv->text, csv->len, &bad)) {
        refuse_byte(csv, (gsize)(bad - csv->text), issues, "bytes that are not UTF-8");
        return FALSE;
    }
    for (gsize i = 0; i < csv->len; i++) {
        if (g_ascii_iscntrl(csv->text[i]) && !is_allowed_control(csv, i)) {
            refuse_byte(csv, i, issues, "a control character");
            return FALSE;
        }
    }
    return TRUE;
}

/* ---- Lines. */

static void
end_cell(void *bytes, size_t len, void *data)
{
    Line *line = data;
    CnCsv *csv = line->csv;
    gsize offset = csv->pool->len;
    line->cells++;
    if (line->cells > CELLS_MOST)
        return;
    g_string_append_len(csv->pool, bytes != NULL ? bytes : "", (gssize)len);
    g_string_append_c(csv->pool, '\0');
    g_array_append_val(csv->cells, offset);
}

static void
end_row(int terminator, void *data)
{
    (void)terminator;
    ((Line *)data)->ended = TRUE;
}

static gboolean
is_blank(const char *start, gsize len)
{
    for (gsize i = 0; i < len; i++)
        if (start[i] != ' ' && start[i] != '\r' && start[i] != '\n')
            return FALSE;
    return TRUE;
}

/* Lets libcsv take the line apart. FALSE where it is no row: an issue says why. */
static gboolean
split_line(struct csv_parser *parser, Line *line, const Row *row, gsize len)
{
    const CnCsv *csv = line->csv;
    const char *start = csv->text + row->start;
    gsize taken = csv_parse(parser, start, len, end_cell, end_row, line);
    if (taken == len && !line->ended && memchr(start, '\n', len) == NULL)
        csv_fini(parser, end_cell, end_row, line); /* ends the row unless a quote is open */
    if (taken == len && line->ended)
        return TRUE;
    const gboolean starved = taken < len && csv_error(parser) == CSV_ENOMEM;
    /* The parser is amid a cell: the next line must find it fresh. An unclosed quote is known at
     * the end only, so it is reported at the start of the line. */
    csv_free(parser);
    csv_init(parser, CSV_STRICT | CSV_STRICT_FINI);
    if (starved) {
        cn_issue_add(line->issues, CN_SEVERITY_ERROR, "too-large", (CnPos){csv->name, row->line, 1},
                     NULL, "there is no memory for the line");
        return FALSE;
    }
    cn_issue_add(line->issues, CN_SEVERITY_ERROR, "bad-quote",
                 pos_of_byte(csv, row->line, row->start, row->start + taken % len),
                 "put a cell with a quote into quotes and double the quote inside",
                 taken < len ? "a quote stands where none may stand" : "a quote is never closed");
    return FALSE;
}

static gboolean
check_cells(const Line *line, const Row *row)
{
    const CnCsv *csv = line->csv;
    if (csv->cells_len == 0 ? line->cells <= CELLS_MOST : line->cells == csv->cells_len)
        return TRUE;
    cn_issue_add(line->issues, CN_SEVERITY_ERROR, "wrong-cells", (CnPos){csv->name, row->line, 1},
                 NULL, "the row has %u cells, expected %s%u", line->cells,
                 csv->cells_len == 0 ? "at most " : "",
                 csv->cells_len == 0 ? (guint)CELLS_MOST : csv->cells_len);
    return FALSE;
}

/* Adds the line as a row, unless it is blank or unsound. Returns whether it became one. */
static gboolean
take_line(CnCsv *csv, struct csv_parser *parser, Row row, gsize len, CnIssueList *issues)
{
    Line line = {.csv = csv, .issues = issues};
    const guint cells_before = csv->cells->len;
    const gsize pool_before = csv->pool->len;
    if (is_blank(csv->text + row.start, len))
        return FALSE;
    if (split_line(parser, &line, &row, len) && check_cells(&line, &row)) {
        g_array_append_val(csv->rows, row);
        return TRUE;
    }
    g_array_set_size(csv->cells, cells_before);
    g_string_truncate(csv->pool, pool_before);
    return FALSE;
}

static const char *
cell_text(const CnCsv *csv, guint row, guint cell)
{
    return csv->pool->str + g_array_index(csv->cells, gsize, row * csv->cells_len + cell);
}

/* The first row is the header: finds the wanted columns in it. */
static gboolean
read_header(CnCsv *csv, CnIssueList *issues)
{
    gboolean all = TRUE;
    csv->cells_len = csv->cells->len;
    for (guint i = 0; i < csv->columns_len; i++) {
        guint found = 0;
        for (guint cell = 0; cell < csv->cells_len; cell++) {
            if (strcmp(cell_text(csv, 0, cell), csv->columns[i]) == 0) {
                csv->place[i] = cell;
                found++;
            }
        }
        all = all && found == 1;
        if (found != 1)
            cn_issue_add(issues, CN_SEVERITY_ERROR,
                         found == 0 ? "missing-column" : "duplicate-column",
                         (CnPos){csv->name, g_array_index(csv->rows, Row, 0).line, 1}, NULL,
                         found == 0 ? "the header has no column \"%s\""
                                    : "the header has the column \"%s\" twice",
                         csv->columns[i]);
    }
    return all;
}

/* FALSE where the header cannot be used. */
static gboolean
take_lines(CnCsv *csv, struct csv_parser *parser, CnIssueList *issues)
{
    static const char byte_order_mark[] = "\xEF\xBB\xBF";
    guint line = 1;
    gsize mark = strlen(byte_order_mark);
    gsize start = csv->len >= mark && memcmp(csv->text, byte_order_mark, mark) == 0 ? mark : 0;
    while (start < csv->len) {
        const char *end = memchr(csv->text + start, '\n', csv->len - start);
        gsize len = end != NULL ? (gsize)(end - csv->text) - start + 1 : csv->len - start;
        gboolean is_row = take_line(csv, parser, (Row){start, line}, len, issues);
        if (is_row && csv->rows->len == 1 && !read_header(csv, issues))
            return FALSE;
        start += len;
        line++;
    }
    if (csv->rows->len > 0)
        return TRUE;
    cn_issue_add(issues, CN_SEVERITY_ERROR, "missing-column", (CnPos){csv->name, 1, 1}, NULL,
                 "there is no header");
    return FALSE;
}

CnCsv *
cn_csv_parse(const char *text,
             gsize len,
             const char *name,
             const char *const *columns,
             guint columns_len,
             CnIssueList *issues)
{
    g_autoptr(CnCsv) csv = g_new0(CnCsv, 1);
    *csv = (CnCsv){.text = text,
                   .len = len,
                   .name = name,
                   .columns = columns,
                   .columns_len = columns_len,
                   .place = g_new0(guint, columns_len + 1),
                   .rows = g_array_new(FALSE, FALSE, sizeof(Row)),
                   .cells = g_array_new(FALSE, FALSE, sizeof(gsize)),
                   .pool = g_string_sized_new(len)};
    if (!check_text(csv, issues))
        return NULL;
    struct csv_parser parser;
    csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI);
    gboolean ok = take_lines(csv, &parser, issues);
    csv_free(&parser);
    return ok ? g_steal_pointer(&csv) : NULL;
}

/* ---- Cells. Row 0 of the file is the header. */

guint
cn_csv_rows_len(const CnCsv *csv)
{
    return csv->rows->len - 1;
}

const char *
cn_csv_cell(const CnCsv *csv, guint row, guint column)
{
    return cell_text(csv, row + 1, csv->place[column]);
}

CnPos
cn_csv_pos(const CnCsv *csv, guint row, guint column)
{
    const Row *at = &g_array_index(csv->rows, Row, row + 1);
    gboolean quoted = FALSE;
    gsize byte = at->start;
    for (guint cell = 0; cell < csv->place[column]; byte++) {
        if (csv->text[byte] == '"')
            quoted = !quoted;
        else if (csv->text[byte] == ',' && !quoted)
            cell++;
    }
    return pos_of_byte(csv, at->line, at->start, byte);
}

static gboolean
refuse_number(const CnCsv *csv,
              guint row,
              guint column,
              CnIssueList *issues,
              const char *tag,
              const char *expected)
{
    g_autofree char *found = cn_text_quote(cn_csv_cell(csv, row, column));
    cn_issue_add(issues, CN_SEVERITY_ERROR, tag, cn_csv_pos(csv, row, column), NULL,
                 "%s must be %s, not \"%s\"", csv->columns[column], expected, found);
    return FALSE;
}

gboolean
cn_csv_whole(const CnCsv *csv,
             guint row,
             guint column,
             gint64 least,
             gint64 most,
             CnIssueList *issues,
             gint64 *out)
{
    gint64 value;
    const char *cell = cn_csv_cell(csv, row, column);
    g_autoptr(GError) cause = NULL;
    if (g_ascii_string_to_signed(cell, 10, least, most, &value, &cause)) {
        *out = value;
        return TRUE;
    }
    if (g_error_matches(cause, G_NUMBER_PARSER_ERROR, G_NUMBER_PARSER_ERROR_INVALID))
        return refuse_number(csv, row, column, issues, "wrong-type", "a whole number");
    g_autofree char *range =
        g_strdup_printf("from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, least, most);
    return refuse_number(csv, row, column, issues, "impossible-value", range);
}

gboolean
cn_csv_real(const CnCsv *csv,
            guint row,
            guint column,
            double least,
            double most,
            CnIssueList *issues,
            double *out)
{
    char *end;
    const char *cell = cn_csv_cell(csv, row, column);
    gsize len = strlen(cell);
    /* strtod() would also take nan, infinity and hexadecimal. */
    if (len == 0 || len > DIGITS_MOST || strspn(cell, "+-.0123456789eE") != len)
        return refuse_number(csv, row, column, issues, "wrong-type", "a number");
    double value = g_ascii_strtod(cell, &end);
    if (*end != '\0')
        return refuse_number(csv, row, column, issues, "wrong-type", "a number");
    if (!(value >= least && value <= most)) {
        g_autofree char *range = g_strdup_printf("from %g to %g", least, most);
        return refuse_number(csv, row, column, issues, "impossible-value", range);
    }
    *out = value;
    return TRUE;
}
