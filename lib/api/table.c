/* include/carenet/table.h and arrow.h: tables as text and as Arrow. The rest is base/table.c. */
#include "base/error.h"
#include "report/table-arrow.h"
#include "report/table-text.h"

char *
carenet_table_to_string(const carenet_table *table, carenet_format format, carenet_error **error)
{
    CN_REQUIRE_GIVEN(table, error, NULL);
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
    cn_error_argument(error, G_STRFUNC, "format is none of carenet_format");
    return NULL;
}

bool
carenet_table_export_arrow(carenet_table *table,
                           struct ArrowArrayStream *out,
                           carenet_error **error)
{
    CN_REQUIRE_GIVEN(table, error, false);
    CN_REQUIRE_GIVEN(out, error, false);
    cn_table_to_arrow(table, CN_ARROW_BYTES_MOST, out);
    return true;
}

carenet_table *
carenet_table_import_arrow(struct ArrowArrayStream *stream, carenet_error **error)
{
    CN_REQUIRE_GIVEN(stream, error, NULL);
    CN_REQUIRE(stream->release != NULL, "the stream was released already", error, NULL);
    return cn_table_from_arrow(stream, error);
}
