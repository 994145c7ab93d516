/* The lines to report abuse: what every answer ends with. */
#include "directory/partial.h"

#include "base/error.h"

static const CnColumn columns[] = {
    {"provider", CARENET_COLUMN_TEXT},    {"name", CARENET_COLUMN_TEXT},
    {"phone", CARENET_COLUMN_TEXT},       {"contact", CARENET_COLUMN_TEXT},
    {"unconfirmed", CARENET_COLUMN_BOOL}, {"source_on", CARENET_COLUMN_TEXT},
    {"area", CARENET_COLUMN_TEXT},
};

typedef struct {
    const CnListing *listing;
    CnAreaId area; /* -1: the whole network */
    GArray *found; /* (element-type guint) providers */
} Lines;

/* It serves the area, says no area at all, or is seated at or above it. */
static gboolean
reaches(const Lines *lines, const CnListedProvider *provider)
{
    return lines->area == CN_AREA_NONE || provider->serves.len == 0 ||
           cn_listed_serves(lines->listing, provider, lines->area) ||
           cn_area_contains(lines->listing->reference->gazetteer, provider->area, lines->area);
}

static void
look_at(guint offering, gpointer data)
{
    Lines *lines = data;
    if (!cn_listing_check_offering(lines->listing, offering))
        return;
    guint at = lines->listing->offerings[offering].provider;
    const CnListedProvider *provider = &lines->listing->providers[at];
    if (provider->status != CN_ACTIVE || !reaches(lines, provider))
        return;
    for (guint i = 0; i < lines->found->len; i++)
        if (g_array_index(lines->found, guint, i) == at)
            return;
    g_array_append_val(lines->found, at);
}

/* Lines with a number before those without; then real before invented; then by id. */
static gint
compare_lines(gconstpointer x, gconstpointer y, gpointer data)
{
    const CnListing *listing = data;
    const guint a = *(const guint *)x, b = *(const guint *)y;
    const CnListedProvider *p = &listing->providers[a], *q = &listing->providers[b];
    if ((p->phone != 0) != (q->phone != 0))
        return p->phone != 0 ? -1 : 1;
    if (p->example != q->example)
        return p->example ? 1 : -1;
    return (a > b) - (a < b);
}

static carenet_table *
find_lines(const CnDirectory *directory, const char *area, GError **error)
{
    const CnListing *listing = directory->listing;
    const CnReference *reference = listing->reference;
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(guint));
    Lines lines = {.listing = listing, .area = CN_AREA_NONE, .found = found};
    if (area != NULL && !cn_directory_area_resolve(listing, area, &lines.area, error))
        return NULL;
    CnServiceId service = cn_service_by_id(reference->taxonomy, "reporting-hotline");
    if (service != CN_SERVICE_NONE)
        cn_index_visit_meeting(&directory->index, service, look_at, &lines);
    g_array_sort_with_data(found, compare_lines, (gpointer)listing);

    CnTableBuilder *table = cn_table_builder_new(columns, G_N_ELEMENTS(columns));
    for (guint i = 0; i < found->len; i++) {
        const CnListedProvider *provider = &listing->providers[g_array_index(found, guint, i)];
        char day[11];
        cn_table_add_text(table, cn_listed_text(listing, provider->id));
        cn_table_add_text(table, cn_listed_text(listing, provider->name));
        cn_table_add_text(table, cn_listed_text(listing, provider->phone));
        cn_table_add_text(table, cn_listed_text(listing, provider->contact));
        cn_table_add_bool(table, provider->unconfirmed);
        cn_table_add_text(table, cn_date_is_set(provider->source_on)
                                     ? cn_date_format(provider->source_on, day)
                                     : NULL);
        cn_table_add_text(table, cn_area(reference->gazetteer, provider->area)->code);
    }
    return cn_table_builder_finish(table);
}

carenet_table *
carenet_directory_reporting_lines(const carenet_directory *directory,
                                  const char *area,
                                  carenet_error **error)
{
    CN_REQUIRE_GIVEN(directory, error, NULL);
    cn_partial_lock(directory);
    gboolean again = FALSE;
    carenet_table *lines = find_lines(directory, area, error);
    if (lines != NULL && !cn_partial_mend(directory, &again, error))
        g_clear_pointer(&lines, carenet_table_unref);
    if (again && lines != NULL) {
        carenet_table_unref(lines);
        lines = find_lines(directory, area, error);
    }
    cn_partial_unlock(directory);
    return lines;
}
