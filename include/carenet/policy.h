/**
 * Policies: the rules and weights of routing, a YAML file.
 *
 *     carenet_policy *policy = carenet_policy_load(reference, NULL, NULL, &error);
 *     printf("routing by %s\n", carenet_policy_id(policy));
 *     carenet_policy_unref(policy);
 *
 * Immutable: any number of threads may use it.
 */
#ifndef CARENET_POLICY_H
#define CARENET_POLICY_H

#ifndef CARENET_H_INSIDE
#error "include <carenet/carenet.h> instead"
#endif

#include <carenet/error.h>
#include <carenet/reference.h>
#include <carenet/table.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A routing policy; immutable, reference-counted. Since: 0.1 */
typedef struct carenet_policy carenet_policy;

/** Reads the policy file at `path`; NULL reads the default policy of the reference data. Where the
 *  file has errors the call fails with invalid-data and `*out_issues` (nullable) lists them all;
 *  on success it lists what remains to be looked at. Errors: io, parse, invalid-data, too-large.
 *  (transfer full) Since: 0.1 */
CARENET_API carenet_policy *carenet_policy_load(carenet_reference *reference,
                                                const char *path,
                                                carenet_table **out_issues,
                                                carenet_error **error);

/** One more reference. (transfer full) Since: 0.1 */
CARENET_API carenet_policy *carenet_policy_ref(carenet_policy *policy);

/** Gives a reference back; NULL is ignored. Since: 0.1 */
CARENET_API void carenet_policy_unref(carenet_policy *policy);

/** The policy's id, which every explanation names. Since: 0.1 */
CARENET_API const char *carenet_policy_id(const carenet_policy *policy);

#ifdef __cplusplus
}
#endif

#endif
