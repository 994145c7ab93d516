/* Commented starts for files that people write. */
#pragma once

/* "region", "case" or "policy"; NULL for anything else. (static) */
const char *cn_template(const char *kind);
