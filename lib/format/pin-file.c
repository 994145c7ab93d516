/* Reading pins. */
#include "format/pin-file.h"

#include "format/sheet.h"

#include <string.h>

#define COLUMNS_MOST 16
#define CELL_BYTES   256
#define NEED_MOST    1000000

enum {
    REF,
    NEED,
    OFFERING,
    COLUMNS
};

typedef struct {
    struct carenet_pins *pins;
    const CnSheet *sheet;
    CnIssueList *issues;
    gint place[COLUMNS];
    CnPos where[COLUMNS_MOST];
} PinReader;

static const char *
cell(const PinReader *reader, guint row, guint column)
{
    return cn_sheet_cell(reader->sheet, row, (guint)reader->place[column]);
}

static void
refuse(const PinReader *reader, guint column, const char *message)
{
    cn_issue_add(
        reader->issues, CN_SEVERITY_ERROR, "impossible-value", reader->where[reader->place[column]],
        "a row is a reference of the list, the number of its need and an offering", "%s", message);
}

static void
read_row(PinReader *reader, guint row)
{
    gint64 need = 0;
    carenet_pin pin = {NULL, 0, NULL};
    cn_sheet_places(reader->sheet, row, reader->where);
    if (*cell(reader, row, REF) == '\0')
        refuse(reader, REF, "ref is empty");
    else if (!g_ascii_string_to_signed(cell(reader, row, NEED), 10, 1, NEED_MOST, &need, NULL))
        refuse(reader, NEED, "need must be a number from 1");
    else if (*cell(reader, row, OFFERING) == '\0')
        refuse(reader, OFFERING, "offering is empty");
    else {
        pin.ref = g_string_chunk_insert(reader->pins->text, cell(reader, row, REF));
        pin.need = (size_t)need;
        pin.offering = g_string_chunk_insert_const(reader->pins->text, cell(reader, row, OFFERING));
        g_array_append_val(reader->pins->pins, pin);
    }
}

/* FALSE where a column is missing. */
static gboolean
read_header(PinReader *reader)
{
    static const char *const names[COLUMNS] = {"ref", "need", "offering"};
    gboolean all = TRUE;
    for (guint column = 0; column < COLUMNS; column++) {
        reader->place[column] = -1;
        for (guint at = 0; at < cn_sheet_columns_len(reader->sheet); at++)
            if (g_ascii_strcasecmp(cn_sheet_header(reader->sheet, at), names[column]) == 0)
                reader->place[column] = (gint)at;
        if (reader->place[column] >= 0)
            continue;
        all = FALSE;
        cn_issue_add(reader->issues, CN_SEVERITY_ERROR, "missing-column",
                     cn_sheet_header_pos(reader->sheet, 0), "begin the file with ref,need,offering",
                     "the column %s is missing", names[column]);
    }
    return all;
}

struct carenet_pins *
cn_pins_read(const char *text, gsize len, const char *name, CnIssueList *issues)
{
    static const CnSheetLimits limits = {.rows = CN_PINS_MOST,
                                         .columns = COLUMNS_MOST,
                                         .cell_bytes = CELL_BYTES,
                                         .hide_values = TRUE};
    struct carenet_pins *pins = g_new0(struct carenet_pins, 1);
    pins->text = g_string_chunk_new(4096);
    pins->pins = g_array_new(FALSE, FALSE, sizeof(carenet_pin));
    g_autoptr(CnSheet) sheet = cn_sheet_read(text, len, g_intern_string(name), &limits, issues);
    PinReader reader = {.pins = pins, .sheet = sheet, .issues = issues};
    if (sheet != NULL && read_header(&reader))
        for (guint row = 0; row < cn_sheet_rows_len(sheet); row++)
            read_row(&reader, row);
    return pins;
}

const carenet_pin *
carenet_pins_get(const carenet_pins *pins, size_t *out_len)
{
    if (out_len != NULL)
        *out_len = pins != NULL ? pins->pins->len : 0;
    return pins != NULL ? (const carenet_pin *)(gconstpointer)pins->pins->data : NULL;
}

void
carenet_pins_free(carenet_pins *pins)
{
    if (pins == NULL)
        return;
    g_string_chunk_free(pins->text);
    g_array_unref(pins->pins);
    g_free(pins);
}
