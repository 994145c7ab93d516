/* The public check of a store. */
#include "api/store-image.h"
#include "base/error.h"
#include "store/store.h"

carenet_table *
carenet_store_check(carenet_store *store, int64_t now_s, carenet_error **error)
{
    CN_REQUIRE_GIVEN(store, error, NULL);
    return cn_store_check(store, cn_image_state(store), now_s, error);
}
