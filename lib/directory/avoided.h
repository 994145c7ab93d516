/* Whether the directory knows whom a case keeps away from. A misspelt id matches nobody, so the very place to be
 * avoided would be proposed: where cases meet a directory, such an id refuses the question. */
#pragma once

#include "directory/directory.h"

/* FALSE where an id under avoid or offender is none of a provider, or of a provider's organization: invalid-data, at the
 * place of the first such case. The id itself is not quoted, as nothing of a case is. The directory must be complete.
 * O(ids log providers); organizations are gathered once, where one is asked for. */
gboolean cn_directory_knows_avoided(const CnDirectory *directory,
                                    const carenet_cases *cases,
                                    GError **error);

/* The same where the list is read: an issue for each such id, at the place of its case, and @unsound (nullable) of that case
 * set. @cases has CnCase. */
void cn_directory_check_avoided(const CnDirectory *directory,
                                const GPtrArray *cases,
                                CnIssueList *issues,
                                gboolean *unsound);

/* The same for those of the list who go where case @i goes: itself and its siblings. */
gboolean cn_directory_knows_avoided_of(const CnDirectory *directory,
                                       const carenet_cases *cases,
                                       guint i,
                                       GError **error);

/* Whether case @i, or a sibling of it, names any id there: else nobody needs the directory. */
gboolean cn_case_names_avoided(const carenet_cases *cases, guint i);
