/* Errors inside the library: one GError domain whose codes are the public carenet_error_code.
 *
 * An error says "could not run". Bad data is a list of issues (issue.h), and "nobody found" is an
 * answer. The extended error carries the place in an input file and the caller's next step. */
#pragma once

#include <carenet/carenet.h>
#include <glib.h>

#define CN_ERROR (cn_error_quark())
GQuark cn_error_quark(void);

/* Sets @error to @code with a printf-style one-line message without a trailing full stop. */
void cn_error_set(GError **error, carenet_error_code code, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

/* As cn_error_set() for a place in an input file; @line and @column count from 1, 0 is unknown. */
void cn_error_set_at(GError **error,
                     carenet_error_code code,
                     const char *file,
                     guint line,
                     guint column,
                     const char *format,
                     ...) G_GNUC_PRINTF(6, 7);

/* Adds the next step to an error that is already set; does nothing when @error holds none. */
void cn_error_hint(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Hands @cause on: as g_propagate_error(), which would print where @error holds one already.
 * @cause (transfer full) */
void cn_error_pass(GError **error, GError *cause);

/* Translates a file error of GLib (G_FILE_ERROR) met while doing something with @path. */
void cn_error_from_file(GError **error, const GError *cause, const char *path);

/* The caller's mistake: sets invalid-argument and returns FALSE, without printing. @call is the public
 * function, @what says what is wrong with which argument of it. */
gboolean cn_error_argument(GError **error, const char *call, const char *what);
/* The same for an argument that is NULL. Where @error holds one already it stays: what the caller did not
 * look at is why the argument is missing. */
gboolean cn_error_missing(GError **error, const char *call, const char *argument);

/* Whether a caller's list of @len texts is there, every one of them. */
gboolean cn_texts_are_given(const char *const *texts, gsize len);

/* Takes over what the caller gave in a struct that begins with its size; NULL gives nothing. Whoever was compiled
 * against an older header knows fewer members: @own, of @size bytes, has defaults, and keeps them for the rest. */
gboolean cn_adopt(gconstpointer given, gpointer own, gsize size, const char *call, GError **error);

#define CN_ADOPT_FOR(call, given, own, error, result)                  \
    do {                                                               \
        (void)((given) == (own)); /* the same type */                  \
        if (!cn_adopt((given), (own), sizeof *(own), (call), (error))) \
            return (result);                                           \
    } while (0)
#define CN_ADOPT(given, own, error, result) \
    CN_ADOPT_FOR(G_STRFUNC, (given), (own), (error), (result))

/* The guards of a public function. What a program gives wrongly is told in the words of the program: the
 * function that it called and the name of the argument. A helper is told for whom it looks, its @call. */
#define CN_REQUIRE_GIVEN_FOR(call, argument, error, result) \
    do {                                                    \
        if ((argument) == NULL) {                           \
            cn_error_missing((error), (call), #argument);   \
            return (result);                                \
        }                                                   \
    } while (0)
#define CN_REQUIRE_FOR(call, condition, what, error, result) \
    do {                                                     \
        if (!(condition)) {                                  \
            cn_error_argument((error), (call), (what));      \
            return (result);                                 \
        }                                                    \
    } while (0)
#define CN_REQUIRE_GIVEN(argument, error, result) \
    CN_REQUIRE_GIVEN_FOR(G_STRFUNC, argument, error, result)
#define CN_REQUIRE(condition, what, error, result) \
    CN_REQUIRE_FOR(G_STRFUNC, condition, what, error, result)
