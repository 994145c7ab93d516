/* A target with a mistake in it: a text that nests three deep aborts. The test that uses it proves
 * that the driver finds a mistake and says by which input. */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = fuzz_text(data, size);
    if (strstr(text, "[[[") != NULL)
        abort();
    return 0;
}
