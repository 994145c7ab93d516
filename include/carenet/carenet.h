/**
 * carenet: a network-of-care referral directory and routing library.
 *
 * This is the umbrella; include it and nothing else. A program in six lines:
 *
 *     carenet_error *error = NULL;
 *     carenet_reference *places = carenet_reference_open(NULL, &error);
 *     carenet_directory *directory = carenet_directory_demonstration(places, &error);
 *     carenet_find_query query;
 *     carenet_find_query_init(&query);
 *     carenet_table *rows = carenet_find(directory, &query, &error);
 *
 * Conventions, which hold for every function:
 * - A fallible function returns `bool`, or a pointer that is NULL exactly on error, and takes
 *   `carenet_error **error` last (nullable; it points to NULL, or to an error, which is replaced).
 *   Outputs are untouched on failure. Calls may be chained and the error looked at once, at the
 *   end: what gets NULL because a call before it failed leaves the first error as it is.
 * - A non-const pointer that is returned or written to an `out_` argument is yours (transfer full):
 *   give it back with the matching `_unref`, `_free`, `_close` or carenet_free(). A const pointer
 *   is borrowed and lives as long as the thing that it came from.
 * - Text is UTF-8. Points are WGS 84 degrees. Instants are seconds since 1970-01-01 UTC. Days and
 *   opening hours are those of Asia/Manila (UTC+8, no daylight saving time).
 * - Query and option structs are filled by their `_init` function first.
 * - There are three kinds of type: value structs; immutable reference-counted records (any thread
 *   may read them at once); unique handles (carenet_store: one thread at a time).
 * - "Nobody found" and "nobody can take this need" are answers, never errors. What is wrong with
 *   data that a person wrote is a table of issues.
 * - The library prints nothing, reads no environment variable, keeps no global mutable state and
 *   never exits. A caller's mistake is the error `invalid-argument`, whose message names the function
 *   and the argument.
 */
#ifndef CARENET_H
#define CARENET_H

#if defined(_WIN32)
#define CARENET_API
#elif defined(__GNUC__)
#define CARENET_API __attribute__((visibility("default")))
#else
#define CARENET_API
#endif

#define CARENET_H_INSIDE
#include <carenet/error.h>
#include <carenet/table.h>
#include <carenet/arrow.h>
#include <carenet/reference.h>
#include <carenet/policy.h>
#include <carenet/plugin.h>
#include <carenet/case.h>
#include <carenet/store.h>
#include <carenet/directory.h>
#include <carenet/ledger.h>
#include <carenet/key.h>
#include <carenet/referral.h>
#include <carenet/disclosure.h>
#include <carenet/audit.h>
#include <carenet/checkpoint.h>
#include <carenet/programme.h>
#include <carenet/route.h>
#include <carenet/plan.h>
#include <carenet/batch.h>
#include <carenet/report.h>
#include <carenet/apply.h>
#include <carenet/version.h>
#undef CARENET_H_INSIDE

#endif
