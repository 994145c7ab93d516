/* What the fuzz targets share. A target is one function that must return for any bytes; what must
 * hold for what it computed is asserted in it. The same sources run under libFuzzer and, as
 * ordinary tests, under driver.c. */
#pragma once

#include "base/issue.h"
#include "model/reference.h"

#include <stddef.h>
#include <stdint.h>

/* Always 0, as libFuzzer asks. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Read once from the folder of CARENET_TEST_DATA, kept until the process ends. */
carenet_reference *fuzz_reference(void);
carenet_directory *fuzz_directory(void); /* the shipped one */
carenet_policy *fuzz_policy(void);       /* the default one */

/* The input as a text that ends with NUL. (transfer full) */
char *fuzz_text(const uint8_t *data, size_t size);

/* An input that is read as a series of choices; past its end every choice is 0. */
typedef struct {
    const uint8_t *at;
    size_t left;
} FuzzChoices;

guint8 fuzz_byte(FuzzChoices *choices);
gint64 fuzz_int64(FuzzChoices *choices);
guint fuzz_pick(FuzzChoices *choices, guint len); /* 0 to len - 1 */
/* The bytes up to the next line end, which is passed over. (transfer full) */
char *fuzz_line(FuzzChoices *choices);

/* One line of valid UTF-8 without control characters: what a terminal can be given. */
gboolean fuzz_is_line(const char *text);
/* Every issue has a tag, a one-line message and a place; they are as many as were counted. */
void fuzz_check_issues(const CnIssueList *issues);
/* An error is set exactly where a call failed, with a one-line message and hint. */
void fuzz_check_error(gboolean done, const GError *error);
/* Each format of the table can be written; JSON is read back by an independent reader. */
void fuzz_check_table(const carenet_table *table);
/* @text is one JSON document without a duplicate key. */
void fuzz_check_json(const char *text);
