/* Random networks, policies and cases on the real gazetteer, for oracles and metamorphic tests.
 *
 * Everything is drawn from a seeded GRand, so that a printed seed gives the same records again.
 * Values crowd around what rules look at: the present day, the edges of ages and capacities, areas
 * that contain each other. Records are made directly, not from text. */
#pragma once

#include "model/case.h"
#include "model/listing.h"
#include "model/network.h"
#include "model/policy.h"

/* Monday 2026-11-16, 09:30 local time. */
#define WORLD_NOW_S G_GINT64_CONSTANT(1794792600)

/* How many of @all random worlds a long test looks at: with sanitizers, where each takes four to six times as long, a
 * third of them. The build that users get is put to all. */
#ifdef __SANITIZE_ADDRESS__
#define WORLD_ROUNDS(all) ((all) / 3)
#else
#define WORLD_ROUNDS(all) (all)
#endif

/* Calls @run with seeds from 1 to @rounds, or with the one in CARENET_TEST_SEED only. */
typedef void (*WorldRound)(GRand *rand, gpointer data);
void world_rounds(guint32 rounds, WorldRound run, gpointer data);
/* A teardown for cmocka that prints the seed of the round that failed. */
int world_print_seed(void **state);

/* A yes with a chance of @percent. */
gboolean world_chance(GRand *rand, guint percent);
/* 0 to @len - 1. */
guint world_pick(GRand *rand, guint len);
/* An area at or below @area; any level is likely. */
CnAreaId world_area_below(GRand *rand, const CnGazetteer *gazetteer, CnAreaId area);
/* An area out of few neighbouring regions, mostly, so that areas meet. */
CnAreaId world_area(GRand *rand, const CnGazetteer *gazetteer);
/* A service out of a dozen that rules tell apart, mostly. */
CnServiceId world_service(GRand *rand, const CnTaxonomy *taxonomy);

/* A sorted network of 1 to @providers_most providers. Those that are not public hold secrets: name,
 * exact area, point, address, phone and email, each text marked CANARY. (transfer full) */
CnNetwork *world_network(GRand *rand, const CnReference *reference, guint providers_most);
/* Leaves every offering of known capacity at most two free places. */
void world_crowd(GRand *rand, CnNetwork *network);
/* Gives it a programme: a network in its region or none, and ordinances here and there, of which some are
 * not carried out yet. */
void world_programmes(GRand *rand, CnNetwork *network, const CnReference *reference);
/* Gives every provider that is not public another secret: name, area below the same show_area,
 * point, address, phone, email. */
void world_move_secrets(GRand *rand, CnNetwork *network, const CnReference *reference);
/* The secret texts and points of a network as they would be printed. (element-type utf8)
 * (transfer full) */
GPtrArray *world_secrets(const CnNetwork *network);

/* Weights small enough to tie. (transfer full) */
CnPolicy *world_policy(GRand *rand, CnReference *reference);
/* One to three quotas of 0 to 3 places, or of as many as may be, of offerings, providers and areas of the network. */
void world_quotas(GRand *rand, CnPolicy *policy, const CnNetwork *network);
/* One to three steps of what use costs. */
void world_fairness(GRand *rand, CnPolicy *policy);
/* What the first @places that are newly taken at an offering cost for their use, one by one. */
gint64 world_use(const CnPolicy *policy, const CnListing *listing, guint offering, gint64 places);
/* 1 to @cases_most cases that know providers of @network, some of them siblings or co-victims.
 * (transfer full) */
carenet_cases *world_cases(GRand *rand,
                           CnReference *reference,
                           const CnNetwork *network,
                           guint cases_most);
