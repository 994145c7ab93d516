/* What must hold of every answer of carenet_route(), whatever was asked. */
#pragma once

#include <carenet/carenet.h>

/* Routes, checks all parts of the answer, and routes once more for the same bytes. */
void fuzz_check_routes(const carenet_directory *directory,
                       const carenet_policy *policy,
                       const carenet_cases *cases,
                       const carenet_route_options *options);
