/* Asking the plug-ins of a policy at the beginning of a call. */
#pragma once

#include "directory/directory.h"

/* What they say from every place where one of @cases lives about every offering that could meet a need of
 * theirs; NULL in *@out where the policy has none. FALSE sets @error. (transfer full) */
gboolean cn_plug_cases(const CnDirectory *directory,
                       const CnPolicy *policy,
                       const struct carenet_cases *cases,
                       CnPlugged **out,
                       GError **error);
/* What they say from one place about every offering. */
gboolean cn_plug_all(const CnDirectory *directory,
                     const CnPolicy *policy,
                     CnAreaId area,
                     CnPlugged **out,
                     GError **error);
