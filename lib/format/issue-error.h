/* From the findings of one text to the error of the call that read it. */
#pragma once

#include "base/issue.h"

/* Sets parse, too-large or invalid-data at the place of the first error among @issues, of which at
 * least one must be there, and says how many there are. @what names the text: "the case file". */
void cn_error_from_issues(GError **error, const CnIssueList *issues, const char *what);
