/* The public functions of the audit chain. */
#include "base/error.h"
#include "base/seal.h"
#include "format/checkpoint-file.h"
#include "store/work.h"

#include <errno.h>
#include <string.h>

void
carenet_chain_init(carenet_chain *chain)
{
    if (chain != NULL)
        *chain = (carenet_chain){.size = sizeof *chain};
}

static gboolean
read_text(const char *text, CnCheckpoint *out, GError **error)
{
    CnCheckpointText read;
    if (!cn_checkpoint_text_read(text, &read, error))
        return FALSE;
    out->records = read.records;
    memcpy(out->head, read.head, sizeof out->head);
    return TRUE;
}

/* "RECORDS:HEAD", or a whole text. */
static gboolean
parse_checkpoint(const char *text, CnCheckpoint *out, GError **error)
{
    if (cn_checkpoint_text_looks_like(text))
        return read_text(text, out, error);
    char *end = NULL;
    errno = 0;
    out->records = g_ascii_isdigit(text[0]) ? g_ascii_strtoll(text, &end, 10) : -1;
    if (errno == 0 && out->records >= 0 && end != NULL && *end == ':' &&
        cn_hex_parse(end + 1, out->head, sizeof out->head))
        return TRUE;
    cn_error_set(error, CARENET_ERROR_INVALID_ARGUMENT, "that is no checkpoint");
    cn_error_hint(error, "it is RECORDS:HEAD, as carenet audit verify prints it, or a file of "
                         "carenet audit checkpoint");
    return FALSE;
}

bool
carenet_audit_verify(carenet_store *store,
                     const char *checkpoint,
                     carenet_chain *chain,
                     carenet_error **error)
{
    CnCheckpoint kept;
    CnChainState state;
    carenet_chain own;
    CN_REQUIRE_GIVEN(store, error, false);
    CN_REQUIRE_GIVEN(chain, error, false);
    carenet_chain_init(&own);
    CN_ADOPT(chain, &own, error, false);
    own.size = chain->size;
    if ((checkpoint != NULL && !parse_checkpoint(checkpoint, &kept, error)) ||
        !cn_audit_verify(store, checkpoint != NULL ? &kept : NULL, &state, error))
        return false;
    g_autofree char *head = cn_hex(state.end.head, sizeof state.end.head);
    own.records = state.records;
    own.broken_at = state.broken_at;
    own.what = state.what;
    g_strlcpy(own.head, head, sizeof own.head);
    memcpy(chain, &own, own.size);
    return true;
}

carenet_table *
carenet_audit_list(carenet_store *store, const char *subject, size_t limit, carenet_error **error)
{
    CN_REQUIRE_GIVEN(store, error, NULL);
    return cn_audit_list(store, subject, limit, error);
}
