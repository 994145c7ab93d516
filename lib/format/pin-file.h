/* Pins: needs that have their place already, as CSV with the columns ref, need and offering. */
#pragma once

#include "base/issue.h"

#include <carenet/carenet.h>
#include <glib.h>

#define CN_PINS_MOST 1000000u

/* The public carenet_pins. */
struct carenet_pins {
    GStringChunk *text;
    GArray *pins; /* (element-type carenet_pin) */
};
G_DEFINE_AUTOPTR_CLEANUP_FUNC(carenet_pins, carenet_pins_free)

/* What is wrong becomes issues, which quote nothing. (transfer full) */
struct carenet_pins *cn_pins_read(const char *text,
                                  gsize len,
                                  const char *name,
                                  CnIssueList *issues);
