/* What Python cannot write itself: the destructor of an Arrow capsule, and a stream of one batch whose
 * parts Python holds. Included by the C source that emit.py writes. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* cffi */
/* An empty stream on the heap, or NULL. */
struct ArrowArrayStream *helper_stream_new(void);
/* Releases what a stream holds, and frees it; NULL is ignored. */
void helper_stream_free(struct ArrowArrayStream *stream);
/* The address of the destructor of a capsule that owns such a stream. */
void *helper_capsule_destructor(void);
/* Fills `out` with a stream of one batch. Schema and batch are borrowed: they must stay until the
 * stream is released. */
void helper_stream_of(struct ArrowArrayStream *out,
                      struct ArrowSchema *schema,
                      struct ArrowArray *batch);
/* cffi */

struct ArrowArrayStream *
helper_stream_new(void)
{
    return calloc(1, sizeof(struct ArrowArrayStream));
}

void
helper_stream_free(struct ArrowArrayStream *stream)
{
    if (stream != NULL && stream->release != NULL)
        stream->release(stream);
    free(stream);
}

static void
destroy_capsule(PyObject *capsule)
{
    helper_stream_free(PyCapsule_GetPointer(capsule, "arrow_array_stream"));
}

void *
helper_capsule_destructor(void)
{
    return (void *)destroy_capsule;
}

/* ---- A stream of one borrowed batch. */

typedef struct {
    struct ArrowSchema *schema;
    struct ArrowArray *batch; /* NULL once it was handed out */
} OneBatch;

static void
forget_schema(struct ArrowSchema *schema)
{
    schema->release = NULL;
}

static void
forget_batch(struct ArrowArray *batch)
{
    batch->release = NULL;
}

static int
one_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    *out = *((OneBatch *)stream->private_data)->schema;
    out->release = forget_schema;
    return 0;
}

static int
one_batch(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    OneBatch *one = stream->private_data;
    memset(out, 0, sizeof *out);
    if (one->batch == NULL)
        return 0;
    *out = *one->batch;
    out->release = forget_batch;
    one->batch = NULL;
    return 0;
}

static const char *
one_last_error(struct ArrowArrayStream *stream)
{
    (void)stream;
    return NULL;
}

static void
one_release(struct ArrowArrayStream *stream)
{
    free(stream->private_data);
    stream->release = NULL;
}

void
helper_stream_of(struct ArrowArrayStream *out, struct ArrowSchema *schema, struct ArrowArray *batch)
{
    OneBatch *one = malloc(sizeof *one);
    memset(out, 0, sizeof *out);
    if (one == NULL)
        return;
    one->schema = schema;
    one->batch = batch;
    out->get_schema = one_schema;
    out->get_next = one_batch;
    out->get_last_error = one_last_error;
    out->release = one_release;
    out->private_data = one;
}
