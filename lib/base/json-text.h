/* Text of JSON documents that are written by hand, row by row. */
#pragma once

#include <glib.h>

/* Appends @text in quotes; NULL as null. A byte that is not UTF-8 becomes U+FFFD. */
void cn_json_text_append(GString *out, const char *text);
