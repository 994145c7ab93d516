/* Signals that ask the program to end (Ctrl-C, a closed terminal, kill) while a store is copied: a copy that
 * was begun is taken away before it ends, since it holds all that is in the store. */
#pragma once

#include "common.h"

/* From now on such a signal stops what is done with @options; one that is ignored stays so. */
void cli_stopping_begin(carenet_copy_options *options);
/* Signals do what they did before. */
void cli_stopping_end(void);
/* Ends the program by the signal that stopped something, if one did: who started it sees why. */
void cli_stopping_obey(void);
