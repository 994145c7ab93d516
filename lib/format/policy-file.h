/* Policy files: the rules and weights of routing. data/policy.yaml is the commented default. */
#pragma once

#include "model/policy.h"

/* NULL where an error stands in @issues, as after a file that was too large (@text NULL).
 * (transfer full) */
CnPolicy *cn_policy_text_read(const char *text,
                              gsize len,
                              const char *name,
                              CnReference *reference,
                              CnIssueList *issues);
