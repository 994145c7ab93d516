/* include/carenet/table.h: tables as text. The rest of the header is base/table.c. */
#include "base/error.h"
#include "report/table-text.h"

char *
carenet_table_to_string(const carenet_table *table, carenet_format format, carenet_error **error)
{
    CN_REQUIRE(table != NULL, error, NULL);
    switch (format) {
    case CARENET_FORMAT_JSON:
        return cn_table_to_json(table);
    case CARENET_FORMAT_NDJSON:
        return cn_table_to_ndjson(table);
    case CARENET_FORMAT_CSV:
        return cn_table_to_csv(table);
    case CARENET_FORMAT_MARKDOWN:
        return cn_table_to_markdown(table);
    }
    cn_error_argument(error, G_STRFUNC, "format is one of carenet_format");
    return NULL;
}
