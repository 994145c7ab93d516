/* What must not stand in a case: names, birth dates, phone numbers, addresses. These are guesses by
 * shape, made to catch the honest mistake of copying a register into a case file. */
#pragma once

#include <glib.h>

typedef enum {
    CN_PERSONAL_NONE,
    CN_PERSONAL_NAME,
    CN_PERSONAL_BIRTH,
    CN_PERSONAL_PHONE,
    CN_PERSONAL_EMAIL,
    CN_PERSONAL_ADDRESS,
    CN_PERSONAL_OTHER, /* photos, accounts, numbers of identity cards */
} CnPersonal;

/* What a key asks for: "mother_name", "dateOfBirth", "CP No.". */
CnPersonal cn_personal_key(const char *key);
/* What a value looks like wherever it stands: an email address, a phone number, a full date. */
CnPersonal cn_personal_value(const char *text);
/* The same for a reference, which must not look like a name either: with spaces, or capitalised
 * words ("Maria-Santos", "MariaSantos"). */
CnPersonal cn_personal_ref(const char *text);
/* Whether a reference may be a first name: one capitalised word without a digit. */
gboolean cn_personal_is_name_like(const char *text);

/* "a name", "a birth date", ...; "" for none. (static) */
const char *cn_personal_noun(CnPersonal kind);
/* What to do instead, one sentence. (static) */
const char *cn_personal_advice(CnPersonal kind);
