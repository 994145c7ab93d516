/* The public check of a store. */
#include "api/store-image.h"
#include "base/error.h"
#include "store/store.h"

carenet_table *
carenet_store_check(carenet_store *store, int64_t now_s, carenet_error **error)
{
    CN_REQUIRE_GIVEN(store, error, NULL);
    CN_REQUIRE(cn_instant_is_readable(now_s), "now_s must be an instant of the years 1900 to 2199",
               error, NULL);
    return cn_store_check(store, cn_image_state(store), now_s, error);
}
