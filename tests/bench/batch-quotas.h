/* Quotas for the instances of the benchmark: laminar, of all three kinds, and many of them binding. */
#pragma once

#include "batch-instance.h"

/* Adds to the policy: each region and every second province that lies in one no more than three quarters and two thirds
 * of the places there, one provider in ten (at most 500) half of its own, and one offering in twenty (at most 300) half.
 * They follow from the directory alone. */
void batch_quotas_add(CnPolicy *policy, const CnDirectory *directory);
