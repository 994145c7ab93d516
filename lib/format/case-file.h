/* Case files: YAML or JSON, one case or a list. Issues never quote a fact of a case. */
#pragma once

#include "model/case.h"

/* Appends the cases of the text to @cases (element-type CnCase). Duplicates and the like are checked
 * over the whole list by the caller with cn_cases_check(). @text NULL (a file that was too large to
 * be read): nothing. A text is bounded by cn_yaml_limits, which is room for some 5,000 cases of
 * twenty values; a list has at most CN_CASES_MOST, however it was filled. */
void cn_cases_text_read(const char *text,
                        gsize len,
                        const char *name,
                        const CnReference *reference,
                        carenet_cases_flags flags,
                        GPtrArray *cases,
                        CnIssueList *issues);
