/* The public functions of disclosure and erasure. */
#include "referral/disclose.h"
#include "referral/erase.h"

#include "api/acting.h"
#include "api/key.h"
#include "base/error.h"

carenet_table *
carenet_site_disclose(carenet_store *store,
                      const char *id,
                      const char *worker,
                      const carenet_key *key,
                      const carenet_acting *acting,
                      carenet_error **error)
{
    CnActing who;
    CN_REQUIRE_GIVEN(store, error, NULL);
    CN_REQUIRE_GIVEN(id, error, NULL);
    CN_REQUIRE_GIVEN(worker, error, NULL);
    CN_REQUIRE_GIVEN(key, error, NULL);
    return cn_acting_adopt(G_STRFUNC, acting, &who, error)
               ? cn_disclose(store, id, worker, &key->pair, &who, error)
               : NULL;
}

carenet_table *
carenet_site_check_safety(carenet_store *store,
                          const carenet_cases *cases,
                          size_t i,
                          const char *offering,
                          const carenet_key *key,
                          const carenet_acting *acting,
                          carenet_error **error)
{
    CnActing who;
    CN_REQUIRE_GIVEN(store, error, NULL);
    CN_REQUIRE_GIVEN(cases, error, NULL);
    CN_REQUIRE_GIVEN(offering, error, NULL);
    CN_REQUIRE_GIVEN(key, error, NULL);
    CN_REQUIRE(i < carenet_cases_len(cases), "the list has no case i", error, NULL);
    CN_REQUIRE(g_strcmp0(cn_store_reference(store)->digest, cases->reference->digest) == 0,
               "the list of cases was made with other reference data than the store", error, NULL);
    if (!cn_acting_adopt(G_STRFUNC, acting, &who, error) ||
        !cn_store_knows_avoided(store, cases, i, error))
        return NULL;
    return cn_safety_check(store, g_ptr_array_index(cases->cases, i), offering, &key->pair, &who,
                           error);
}

carenet_table *
carenet_referral_facts(carenet_store *store,
                       const char *id,
                       const carenet_key *key,
                       const carenet_acting *acting,
                       carenet_error **error)
{
    CnActing who;
    CN_REQUIRE_GIVEN(store, error, NULL);
    CN_REQUIRE_GIVEN(id, error, NULL);
    CN_REQUIRE_GIVEN(key, error, NULL);
    return cn_acting_adopt(G_STRFUNC, acting, &who, error)
               ? cn_facts_read(store, id, &key->pair, &who, error)
               : NULL;
}

carenet_table *
carenet_case_erase(carenet_store *store,
                   const char *ref,
                   const carenet_acting *acting,
                   carenet_error **error)
{
    CnActing who;
    CN_REQUIRE_GIVEN(store, error, NULL);
    CN_REQUIRE_GIVEN(ref, error, NULL);
    return cn_acting_adopt(G_STRFUNC, acting, &who, error) ? cn_erase_case(store, ref, &who, error)
                                                           : NULL;
}

carenet_table *
carenet_store_purge(carenet_store *store,
                    int64_t before_s,
                    const carenet_acting *acting,
                    carenet_error **error)
{
    CnActing who;
    CN_REQUIRE_GIVEN(store, error, NULL);
    CN_REQUIRE(cn_instant_is_readable(before_s),
               "before_s must be an instant of the years 1900 to 2199", error, NULL);
    return cn_acting_adopt(G_STRFUNC, acting, &who, error) ? cn_purge(store, before_s, &who, error)
                                                           : NULL;
}
