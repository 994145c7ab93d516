/* Tables to and from Arrow. */
#pragma once

#include <carenet/carenet.h>
#include <glib.h>

/* Of one column in one batch: the offsets are 32 bits wide. */
#define CN_ARROW_BYTES_MOST ((gsize)G_MAXINT32 - 65536)

/* As carenet_table_export_arrow(), in batches of at most @bytes_most bytes of text a column (more only
 * where eight rows have more). */
void cn_table_to_arrow(carenet_table *table, gsize bytes_most, struct ArrowArrayStream *out);

/* carenet_table_import_arrow(): takes the stream. */
carenet_table *cn_table_from_arrow(struct ArrowArrayStream *stream, GError **error);
