/* Functions called wrongly, one mistake at a time: what they are called with, and what each call must end
 * with. For the tests of wrong calls. */
#pragma once

#include <carenet/carenet.h>
#include <glib.h>

#define SITE   "sec-shelter/emergency-shelter/girls"
#define OFFICE "ex-sec-office/case-management"
#define BYTES  "\xff\xfe\xc0" /* no UTF-8 */

/* Numbers that are none of an enumeration, however they are cast. */
#define WRONG_NUMBERS_LEN 4
extern const gint wrong_numbers[WRONG_NUMBERS_LEN];

typedef struct {
    carenet_reference *reference, *foreign; /* foreign: one more service than the other */
    char *folder, *path, *region;
    carenet_store *store, *other, *reader; /* other: a store with a key of its own */
    carenet_key *key, *other_key;
    carenet_signing_key *signer;
    carenet_directory *directory;
    carenet_policy *policy, *foreign_policy;
    carenet_cases *cases, *foreign_cases;
    carenet_programme *programme;
    carenet_plan *plan;
    carenet_acting acting;
    gint64 records;
    char *long_word;
} Calls;

/* Each call ends with an error of this code that says something in one line, and counts as a mistake if not. */
void wrong_look(gboolean done,
                const carenet_error *error,
                carenet_error_code code,
                const char *call);

/* @call fills in E, which is an error to be filled in, then none. */
#define FAILS(code, call)                                        \
    do {                                                         \
        carenet_error *error = NULL, **E = &error;               \
        const gboolean done = (call) ? TRUE : FALSE;             \
        wrong_look(done, error, CARENET_ERROR_##code, #call);    \
        carenet_error_clear(&error);                             \
        E = NULL;                                                \
        if (call)                                                \
            wrong_look(TRUE, NULL, CARENET_ERROR_##code, #call); \
    } while (0)

#define WRONG(call) FAILS(INVALID_ARGUMENT, call)

/* The records of the audit chain, which holds. */
gint64 wrong_count_records(const Calls *c);
/* No mistake was found, and not even a record says that there was something. */
void wrong_check_all(const Calls *c);

/* (transfer full) */
char *wrong_in_folder(const Calls *c, const char *name);
/* The shipped reference data with one service more, so that numbers of one are none of the other. (transfer full) */
carenet_reference *wrong_open_foreign(const Calls *c);
carenet_cases *wrong_read_cases(carenet_reference *reference, const char *text);

/* Set up and torn down around each test; the state is a Calls. */
int wrong_set_up(void **state);
int wrong_tear_down(void **state);
