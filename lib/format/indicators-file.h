/* Indicator files: which measures are asked of a programme. data/indicators.yaml is the shipped one. */
#pragma once

#include "model/indicator.h"

/* (element-type CnIndicator), NULL where an error stands in @issues. @text NULL: nothing to say.
 * (transfer full) */
GPtrArray *cn_indicators_text_read(const char *text,
                                   gsize len,
                                   const char *name,
                                   const CnReference *reference,
                                   CnIssueList *issues);
