/* The texts, embedded at build time from data/templates/ and data/policy.yaml. */
#pragma once

extern const char cn_template_region[];
extern const char cn_template_case[];
extern const char cn_template_policy[];
