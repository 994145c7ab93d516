/**
 * Tables: every list that leaves the library is one table of typed columns.
 *
 *     ptrdiff_t name = carenet_table_column_index(rows, "name");
 *     for (size_t i = 0; i < carenet_table_rows_len(rows); i++)
 *         puts(carenet_table_get_text(rows, i, (size_t)name));
 *     carenet_table_unref(rows);
 *
 * A table is immutable: any number of threads may read it. A getter that is asked for a cell that
 * is null, out of range or of another type returns 0, false or NULL. New columns may be added in
 * any release; look columns up by name.
 */
#ifndef CARENET_TABLE_H
#define CARENET_TABLE_H

#ifndef CARENET_H_INSIDE
#error "include <carenet/carenet.h> instead"
#endif

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <carenet/error.h>

#ifdef __cplusplus
extern "C" {
#endif

/** An immutable table of typed columns, reference-counted. Since: 0.1 */
typedef struct carenet_table carenet_table;

/** The type of a column. Since: 0.1 */
typedef enum {
    CARENET_COLUMN_NONE = 0, /**< no such column */
    CARENET_COLUMN_INT64 = 1,
    CARENET_COLUMN_DOUBLE = 2,
    CARENET_COLUMN_BOOL = 3,
    CARENET_COLUMN_TEXT = 4,
    CARENET_COLUMN_LIST = 5 /**< a list of texts */
} carenet_column_type;

/** How a table is written as text. Since: 0.1 */
typedef enum {
    CARENET_FORMAT_JSON = 1,    /**< an array of objects */
    CARENET_FORMAT_NDJSON = 2,  /**< one object a line */
    CARENET_FORMAT_CSV = 3,     /**< RFC 4180, header first, lists joined by ";" */
    CARENET_FORMAT_MARKDOWN = 4 /**< a pipe table */
} carenet_format;

/** One more reference to the table. (transfer full) Since: 0.1 */
CARENET_API carenet_table *carenet_table_ref(carenet_table *table);

/** Gives a reference back; NULL is ignored. Since: 0.1 */
CARENET_API void carenet_table_unref(carenet_table *table);

/** The number of rows. Since: 0.1 */
CARENET_API size_t carenet_table_rows_len(const carenet_table *table);

/** The number of columns. Since: 0.1 */
CARENET_API size_t carenet_table_columns_len(const carenet_table *table);

/** The name of column `column` (from 0), or NULL. Since: 0.1 */
CARENET_API const char *carenet_table_column_name(const carenet_table *table, size_t column);

/** The type of column `column` (from 0). Since: 0.1 */
CARENET_API carenet_column_type carenet_table_column_type(const carenet_table *table,
                                                          size_t column);

/** The position of the column called `name`, or -1. Cost: O(columns). Since: 0.1 */
CARENET_API ptrdiff_t carenet_table_column_index(const carenet_table *table, const char *name);

/** Whether a cell is null (or out of range). Since: 0.1 */
CARENET_API bool carenet_table_is_null(const carenet_table *table, size_t row, size_t column);

/** A whole number. Since: 0.1 */
CARENET_API int64_t carenet_table_get_int64(const carenet_table *table, size_t row, size_t column);

/** A real number. Since: 0.1 */
CARENET_API double carenet_table_get_double(const carenet_table *table, size_t row, size_t column);

/** A truth value. Since: 0.1 */
CARENET_API bool carenet_table_get_bool(const carenet_table *table, size_t row, size_t column);

/** A text, borrowed from the table. Since: 0.1 */
CARENET_API const char *carenet_table_get_text(const carenet_table *table,
                                               size_t row,
                                               size_t column);

/** The number of texts in a list cell. Since: 0.1 */
CARENET_API size_t carenet_table_list_len(const carenet_table *table, size_t row, size_t column);

/** Text `i` of a list cell, borrowed from the table. Since: 0.1 */
CARENET_API const char *carenet_table_list_get(const carenet_table *table,
                                               size_t row,
                                               size_t column,
                                               size_t i);

/** A table of the rows at those positions (from 0), in the order given; one may stand there twice.
 *  Warnings go with it. Errors: invalid-argument (no such row). (transfer full) Cost: O(rows_len *
 *  columns). Since: 0.1 */
CARENET_API carenet_table *carenet_table_select(const carenet_table *table,
                                                const size_t *rows,
                                                size_t rows_len,
                                                carenet_error **error);

/** How many warnings belong to the whole table. Since: 0.1 */
CARENET_API size_t carenet_table_warnings_len(const carenet_table *table);

/** Warning `i` (from 0), one sentence, borrowed from the table; or NULL. Since: 0.1 */
CARENET_API const char *carenet_table_warning(const carenet_table *table, size_t i);

/** The rows as text in `format`. CSV cells that a spreadsheet would run as a formula are quoted by
 *  a leading apostrophe. Errors: invalid-argument. (transfer full, carenet_free) Since: 0.1 */
CARENET_API char *carenet_table_to_string(const carenet_table *table,
                                          carenet_format format,
                                          carenet_error **error);

#ifdef __cplusplus
}
#endif

#endif
