/* Which template is which. */
#include "format/template.h"

#include "format/template-private.h"

#include <glib.h>
#include <string.h>

const char *
cn_template(const char *kind)
{
    static const struct {
        const char *kind, *text;
    } templates[] = {
        {"region", cn_template_region}, {"case", cn_template_case}, {"policy", cn_template_policy}};
    for (gsize i = 0; i < G_N_ELEMENTS(templates); i++)
        if (strcmp(templates[i].kind, kind) == 0)
            return templates[i].text;
    return NULL;
}
