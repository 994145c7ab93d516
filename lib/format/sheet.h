/* CSV as spreadsheets save it: with or without a byte order mark; divided by commas, semicolons or
 * tabs; lines ended by LF, CRLF or CR; line breaks within quotes. What cannot be read is an issue with
 * its place, and reading goes on behind it. Cells are text; what they mean is the caller's. */
#pragma once

#include "base/issue.h"

#include <glib.h>

typedef struct {
    guint rows;           /* without the header; more are an issue */
    guint columns;        /* at most 65535 */
    gsize cell_bytes;     /* of one cell */
    gboolean hide_values; /* issues name no column: what should be a header may be none */
} CnSheetLimits;

typedef struct CnSheet CnSheet;
void cn_sheet_free(CnSheet *sheet);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CnSheet, cn_sheet_free)

/* Reads @text (NUL-terminated, at most 4 GiB), which must outlive the result. The separator is that of
 * , ; and tab which divides the header most, or what a first line "sep=;" names. Spaces around
 * unquoted cells are dropped; rows without a cell are passed over; unsound ones are left out. NULL
 * where there is no header, or no memory for a copy of the text. @name stands for the file and must outlive the issues. */
CnSheet *cn_sheet_read(const char *text,
                       gsize len,
                       const char *name,
                       const CnSheetLimits *limits,
                       CnIssueList *issues);

guint cn_sheet_columns_len(const CnSheet *sheet);
guint cn_sheet_rows_len(const CnSheet *sheet); /* without the header */
const char *cn_sheet_header(const CnSheet *sheet, guint column);
CnPos cn_sheet_header_pos(const CnSheet *sheet, guint column);
const char *cn_sheet_cell(const CnSheet *sheet, guint row, guint column); /* "" where empty */
/* The number of a row as the spreadsheet shows it: the header is 1. */
guint cn_sheet_row_number(const CnSheet *sheet, guint row);
/* The bytes of the text that the header or a row is, its line end included. What stands between two
 * rows was left out. */
void cn_sheet_header_bytes(const CnSheet *sheet, gsize *out_start, gsize *out_end);
void cn_sheet_row_bytes(const CnSheet *sheet, guint row, gsize *out_start, gsize *out_end);
/* Where each cell of a row begins; @out holds one place a column. Cost: O(bytes of the row). */
void cn_sheet_places(const CnSheet *sheet, guint row, CnPos *out);
