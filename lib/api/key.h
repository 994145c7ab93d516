/* The public carenet_key. */
#pragma once

#include "base/seal.h"

#include <carenet/carenet.h>

struct carenet_key {
    CnKeyPair pair;
};
