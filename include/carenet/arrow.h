/**
 * Arrow: tables to and from data frames without a copy where the layout allows it.
 *
 *     struct ArrowArrayStream stream;
 *     if (carenet_table_export_arrow(rows, &stream, &error)) {
 *         struct ArrowArray batch;
 *         while (stream.get_next(&stream, &batch) == 0 && batch.release != NULL)
 *             batch.release(&batch);
 *         stream.release(&stream);
 *     }
 *
 * The three structs are the Arrow C data and C stream interfaces, as their specification defines
 * them; a program that has them already includes its own first. A stream is a unique handle; what
 * comes out of it may be read and released by any thread.
 */
#ifndef CARENET_ARROW_H
#define CARENET_ARROW_H

#ifndef CARENET_H_INSIDE
#error "include <carenet/carenet.h> instead"
#endif

#include <stdbool.h>
#include <stdint.h>

#include <carenet/error.h>
#include <carenet/table.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE           2
#define ARROW_FLAG_MAP_KEYS_SORTED    4

struct ArrowSchema {
    const char *format;
    const char *name;
    const char *metadata;
    int64_t flags;
    int64_t n_children;
    struct ArrowSchema **children;
    struct ArrowSchema *dictionary;
    void (*release)(struct ArrowSchema *);
    void *private_data;
};

struct ArrowArray {
    int64_t length;
    int64_t null_count;
    int64_t offset;
    int64_t n_buffers;
    int64_t n_children;
    const void **buffers;
    struct ArrowArray **children;
    struct ArrowArray *dictionary;
    void (*release)(struct ArrowArray *);
    void *private_data;
};

#endif

#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE

struct ArrowArrayStream {
    int (*get_schema)(struct ArrowArrayStream *, struct ArrowSchema *out);
    int (*get_next)(struct ArrowArrayStream *, struct ArrowArray *out);
    const char *(*get_last_error)(struct ArrowArrayStream *);
    void (*release)(struct ArrowArrayStream *);
    void *private_data;
};

#endif

/** Fills `*out` with a stream of the table: a struct of its columns, every one nullable, as int64,
 *  double, bool, utf8 or list<utf8>. The stream and every batch keep the table alive and outlive
 *  what it came from. Numbers, truth values and the marks of null cells are not copied; texts are,
 *  once. One batch, or several where a column has 2 GiB of text. get_next() answers ENOMEM where
 *  there is no memory for the texts. The caller releases the stream. Errors: invalid-argument.
 *  Since: 0.1 */
CARENET_API bool carenet_table_export_arrow(carenet_table *table,
                                            struct ArrowArrayStream *out,
                                            carenet_error **error);

/** A table of what comes out of an Arrow stream of structs (record batches): integers of every width,
 *  floats, bool, utf8, large utf8, utf8 views, null, lists of texts, dictionaries of texts. Everything is copied, and the stream is released,
 *  whether it succeeds or not. The producer is trusted to describe its buffers truly, as always with
 *  this interface; what it says about lengths, offsets, types and encoding is checked. Errors:
 *  unsupported (a column of another type, named), invalid-data (not UTF-8, two columns of one name,
 *  a text with a NUL, what contradicts itself), too-large (a number beyond int64), io (the producer
 *  reported an error, which is quoted). (transfer full) Since: 0.1 */
CARENET_API carenet_table *carenet_table_import_arrow(struct ArrowArrayStream *stream,
                                                      carenet_error **error);

#ifdef __cplusplus
}
#endif

#endif
