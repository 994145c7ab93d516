/* The directory as it would be: places more or fewer, somebody closed. */
#include "directory/directory.h"

#include "base/error.h"
#include "base/text.h"
#include "directory/partial.h"

#define PLACES_MOST 1000000 /* of one change */

static gboolean
is_counted(const CnListing *listing, guint offering)
{
    return cn_service(listing->reference->taxonomy, listing->offerings[offering].service)->unit !=
           CN_UNIT_NONE;
}

/* The only counted offering of a provider; -1 where there are none or several. */
static gint
only_offering(const CnListing *listing, guint provider)
{
    const CnSpan span =
        cn_span_within(listing->providers[provider].offerings, listing->offerings_len);
    gint found = -1;
    for (guint i = span.first; i < span.first + span.len; i++) {
        if (!is_counted(listing, i))
            continue;
        if (found >= 0)
            return -1;
        found = (gint)i;
    }
    return found;
}

/* An offering whose service is not counted, or a provider that has not one counted offering but none or several. */
static gboolean
refuse_uncounted(const char *id, gboolean offering, GError **error)
{
    g_autofree char *quoted = cn_text_quote(id);
    g_autofree char *provider = g_strndup(quoted, strcspn(quoted, "/"));
    cn_error_set(error, CARENET_ERROR_INVALID_ARGUMENT,
                 offering
                     ? "the places of \"%s\" are not counted: nobody is turned away for want of one"
                     : "\"%s\" is not one counted offering",
                 quoted);
    cn_error_hint(error, "name an offering whose places are counted; carenet show %s lists them",
                  provider);
    return FALSE;
}

static gboolean
find_offering(const CnDirectory *directory, const char *id, guint *out, GError **error)
{
    const CnListing *listing = directory->listing;
    gint offering = cn_listing_offering(listing, id);
    const gint provider = cn_listing_provider(listing, id);
    const gboolean named = offering >= 0;
    if (offering < 0 && provider < 0)
        return cn_directory_fail_unknown(directory, id, error);
    if (offering < 0)
        offering = only_offering(listing, (guint)provider);
    if (offering < 0 || !is_counted(listing, (guint)offering))
        return refuse_uncounted(id, named, error);
    *out = (guint)offering;
    return TRUE;
}

/* A report of more occupied than total (beds lost) is made good first. */
static void
add_places(CnLiveCapacity *capacity, gint64 places)
{
    const gint64 taken = capacity->occupied + capacity->held;
    const gint64 total = capacity->known ? MAX(capacity->total, taken) : taken;
    capacity->total = MAX(total + places, taken);
    capacity->known = TRUE;
}

static void
close_offering(CnLiveCapacity *capacity)
{
    *capacity =
        (CnLiveCapacity){.as_of = capacity->as_of, .wait_days = capacity->wait_days, .known = TRUE};
}

static gboolean
apply(const CnDirectory *directory,
      CnListing *listing,
      const carenet_change *change,
      GError **error)
{
    guint offering = 0;
    const gint provider = cn_listing_provider(listing, change->id);
    if (change->close && provider >= 0) {
        listing->providers[provider].status = CN_CLOSED;
        return TRUE;
    }
    if (!find_offering(directory, change->id, &offering, error))
        return FALSE;
    if (change->close)
        close_offering(&listing->capacity[offering]);
    else
        add_places(&listing->capacity[offering], change->places);
    return TRUE;
}

carenet_directory *
carenet_directory_with(const carenet_directory *directory,
                       const carenet_change *changes,
                       size_t changes_len,
                       carenet_error **error)
{
    CN_REQUIRE_GIVEN(directory, error, NULL);
    CN_REQUIRE(changes != NULL || changes_len == 0, "changes is NULL, and changes_len is not 0",
               error, NULL);
    if (!cn_directory_complete(directory, error))
        return NULL;
    g_autoptr(CnListing) listing = cn_listing_copy(directory->listing);
    for (size_t i = 0; i < changes_len; i++) {
        CN_REQUIRE(changes[i].id != NULL, "a change has no id", error, NULL);
        CN_REQUIRE(changes[i].places >= -PLACES_MOST && changes[i].places <= PLACES_MOST,
                   "places of a change must be at most " G_STRINGIFY(PLACES_MOST) " more or less",
                   error, NULL);
        if (!apply(directory, listing, &changes[i], error))
            return NULL;
    }
    return cn_directory_from_listing(g_steal_pointer(&listing), directory->revision);
}
