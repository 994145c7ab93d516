/* What only the key of the network opens, and who was told: the site of a provider that is not public,
 * and whether it lies where a case must not go. */
#pragma once

#include "model/case.h"
#include "store/ledger.h"
#include "store/referrals.h"
#include "store/seal.h"

/* How many true safety checks of one provider are answered in a day and night. */
#define CN_SAFETY_CHECKS_MOST 5

/* The site of the provider that has accepted the referral @id, for the worker @worker; written down
 * before it is given out. One row: referral, provider, to, name, area, area_name, lat_deg, lon_deg,
 * address, phone, email, dry_run; a dry run checks everything and gives none of them. Errors: not-found,
 * state, refused, corrupt. (transfer full) */
carenet_table *cn_disclose(carenet_store *store,
                           const char *id,
                           const char *worker,
                           const CnKeyPair *key,
                           const CnActing *acting,
                           GError **error);

/* Whether the site of @offering lies outside every area that @person must avoid, and nothing else. One
 * row: offering, provider, safe (null in a dry run), reason ("safety" or null), asked (whether the site
 * was looked at), dry_run. Errors: not-found, state, refused (asked too often), corrupt.
 * (transfer full) */
carenet_table *cn_safety_check(carenet_store *store,
                               const CnCase *person,
                               const char *offering,
                               const CnKeyPair *key,
                               const CnActing *acting,
                               GError **error);

/* The same within a transaction: *out_safe, and *out_asked whether the site was looked at for it, which is
 * written down then. What a dry run finds is told to nobody. Errors: as cn_safety_check(), and
 * invalid-argument (the provider is public). */
gboolean cn_site_look(CnWork *work,
                      const CnCase *person,
                      const CnPlaces *places,
                      const CnKeyPair *key,
                      gboolean *out_asked,
                      gboolean *out_safe,
                      GError **error);
