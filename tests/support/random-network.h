/* Random networks with every field used, and a store in a folder of its own. For tests only. */
#pragma once

#include "model/network.h"

/* Reads the reference data of the environment's CARENET_TEST_DATA; aborts where it cannot. */
CnReference *test_reference(void);

/* A folder of its own below the temporary one, removed by test_folder_remove(). (transfer full) */
char *test_folder(void);
void test_folder_remove(char *folder);

/* @providers providers with 0 to 4 offerings each. The same @rand state gives the same network.
 * Restricted providers carry secrets: texts that hold the word CANARY. */
CnNetwork *random_network(GRand *rand, guint providers, const CnReference *reference);
