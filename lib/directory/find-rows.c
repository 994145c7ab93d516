/* The rows of find: what an answer shows of an offering. */
#include "directory/find-private.h"

#include <string.h>

typedef struct {
    CnTableBuilder *table;
    const CnFind *find;
    guint open_min; /* the minute of the week at which it is open or not */
    GString *note;  /* of the row in the making */
    char
        *bands[CN_BANDS_MOST + 2]; /* those that were written, by their number; the last: unknown */
} Rows;

static const CnColumn columns[] = {
    {"provider", CARENET_COLUMN_TEXT},     {"name", CARENET_COLUMN_TEXT},
    {"organization", CARENET_COLUMN_TEXT}, {"offering", CARENET_COLUMN_TEXT},
    {"service", CARENET_COLUMN_TEXT},      {"place", CARENET_COLUMN_TEXT},
    {"area", CARENET_COLUMN_TEXT},         {"via", CARENET_COLUMN_TEXT},
    {"free", CARENET_COLUMN_INT64},        {"total", CARENET_COLUMN_INT64},
    {"unit", CARENET_COLUMN_TEXT},         {"as_of", CARENET_COLUMN_TEXT},
    {"availability", CARENET_COLUMN_TEXT}, {"wait_days", CARENET_COLUMN_INT64},
    {"languages", CARENET_COLUMN_LIST},    {"contact", CARENET_COLUMN_TEXT},
    {"phone", CARENET_COLUMN_TEXT},        {"email", CARENET_COLUMN_TEXT},
    {"verified_on", CARENET_COLUMN_TEXT},  {"unconfirmed", CARENET_COLUMN_BOOL},
    {"stale", CARENET_COLUMN_BOOL},        {"example", CARENET_COLUMN_BOOL},
    {"disclosure", CARENET_COLUMN_TEXT},   {"remote", CARENET_COLUMN_BOOL},
    {"travel_min", CARENET_COLUMN_INT64},  {"travel_band", CARENET_COLUMN_TEXT},
    {"distance_m", CARENET_COLUMN_INT64},  {"open", CARENET_COLUMN_BOOL},
    {"only_for", CARENET_COLUMN_LIST},     {"note", CARENET_COLUMN_TEXT},
    {"ordinance", CARENET_COLUMN_TEXT},    {"network", CARENET_COLUMN_TEXT},
};

gboolean
cn_capacity_is_stale(const CnLiveCapacity *capacity, CnUnit unit, gint64 now_s, gint32 after_days)
{
    return unit != CN_UNIT_NONE &&
           (!capacity->known || cn_report_is_stale(capacity->as_of, now_s, after_days));
}

static void
add_known(CnTableBuilder *table, gboolean known, gint64 value)
{
    if (known)
        cn_table_add_int64(table, value);
    else
        cn_table_add_null(table);
}

static void
add_terms(CnTableBuilder *table, const CnVocabulary *vocabulary, CnTermSet set)
{
    const gint len = (gint)cn_vocabulary_len(vocabulary);
    for (gint term = cn_term_set_next(set, 0); term >= 0 && term < len;
         term = cn_term_set_next(set, term + 1)) {
        const char *id = cn_term(vocabulary, term)->id;
        cn_table_add_member(table, id, strlen(id));
    }
    cn_table_add_members(table);
}

static void
add_capacity(CnTableBuilder *table, const CnCandidate *candidate)
{
    const CnLiveCapacity *capacity = candidate->capacity;
    CnUnit unit = candidate->service->unit;
    gboolean counted = capacity->known && unit != CN_UNIT_NONE && !candidate->provider->restricted;
    add_known(table, counted, cn_capacity_free(capacity, unit));
    add_known(table, counted, capacity->total);
    cn_table_add_text(table, cn_unit_name(unit));
    g_autofree char *as_of = capacity->as_of.is_set ? cn_instant_format(capacity->as_of) : NULL;
    cn_table_add_text(table, as_of);
    cn_table_add_text(table, cn_availability_name(cn_capacity_availability(capacity, unit)));
    add_known(table, capacity->wait_days >= 0, capacity->wait_days);
}

/* Many rows, few bands. */
static const char *
band_of(Rows *rows, gint32 travel_min)
{
    const CnFind *find = rows->find;
    guint band = 0;
    while (band < find->bands_len && travel_min >= find->bands_min[band])
        band++;
    if (travel_min < 0)
        band = G_N_ELEMENTS(rows->bands) - 1;
    if (rows->bands[band] == NULL)
        rows->bands[band] = cn_travel_band(travel_min, find->bands_min, find->bands_len);
    return rows->bands[band];
}

static void
add_travel(Rows *rows, const CnCandidate *candidate)
{
    CnTableBuilder *table = rows->table;
    gboolean shown = candidate->has_travel && !candidate->provider->restricted;
    add_known(table, shown && candidate->travel.travel_min >= 0, candidate->travel.travel_min);
    cn_table_add_text(table,
                      candidate->has_travel ? band_of(rows, candidate->travel.travel_min) : NULL);
    add_known(table, shown, candidate->travel.distance_m);
}

static void
note(GString *notes, gboolean holds, const char *text)
{
    if (!holds)
        return;
    if (notes->len > 0)
        g_string_append(notes, "; ");
    g_string_append(notes, text);
}

static void
add_note(Rows *rows, const CnCandidate *candidate, gboolean stale)
{
    const CnReference *reference = rows->find->directory->listing->reference;
    const CnListedProvider *provider = candidate->provider;
    CnTermSet only_for = candidate->offered->eligibility.groups;
    GString *notes = g_string_truncate(rows->note, 0);
    note(notes, provider->unconfirmed, "unconfirmed - call");
    note(notes, stale && candidate->capacity->known, "stale - call");
    note(notes, candidate->service->unit != CN_UNIT_NONE && !candidate->capacity->known,
         "free places unknown - call");
    note(notes, provider->restricted, "location withheld");
    note(notes, !candidate->service->routable, "decided by an authority");
    if (!cn_term_set_is_empty(only_for)) {
        g_autofree char *groups =
            cn_term_set_join(reference->terms[CARENET_TERMS_GROUPS], only_for, ", ");
        note(notes, TRUE, "only for ");
        g_string_append(notes, groups);
    }
    cn_table_add_text(rows->table, notes->len > 0 ? notes->str : NULL);
}

static void
add_open(Rows *rows, const CnCandidate *candidate)
{
    if (candidate->offered->hours_known)
        cn_table_add_bool(
            rows->table,
            cn_listed_is_open(candidate->listing, candidate->offered->hours, rows->open_min));
    else
        cn_table_add_null(rows->table);
}

static void
add_coverage(Rows *rows, const CnCandidate *candidate)
{
    const CnListedProvider *provider = candidate->provider;
    const CnDate today = rows->find->question.today;
    cn_table_add_text(rows->table, cn_listed_ordinance_name(provider, today));
    cn_table_add_text(rows->table, cn_listed_has_network(provider, today)
                                       ? cn_listed_text(candidate->listing, provider->network)
                                       : NULL);
}

static void
add_row(Rows *rows, const CnCandidate *candidate)
{
    static const char *const via[] = {"wider", "place", "serves", "remote"};
    const CnFind *find = rows->find;
    const CnReference *reference = find->directory->listing->reference;
    const CnListedProvider *provider = candidate->provider;
    CnTableBuilder *table = rows->table;
    gboolean stale = cn_capacity_is_stale(candidate->capacity, candidate->service->unit,
                                          find->now_s, find->stale_after_days);
    char day[11];
    cn_table_add_text(table, cn_listed_text(candidate->listing, provider->id));
    cn_table_add_text(table, cn_listed_text(candidate->listing, provider->name));
    cn_table_add_text(table, cn_listed_text(candidate->listing, provider->organization_name));
    cn_table_add_text(table, cn_listed_text(candidate->listing, candidate->offered->id));
    cn_table_add_text(table, candidate->service->id);
    cn_table_add_text(table, cn_area_short_name(reference->gazetteer, provider->area));
    cn_table_add_text(table, cn_area(reference->gazetteer, provider->area)->code);
    cn_table_add_text(table, via[cn_find_via(find, provider)]);
    add_capacity(table, candidate);
    add_terms(table, reference->terms[CARENET_TERMS_LANGUAGES], provider->languages);
    cn_table_add_text(table, cn_listed_text(candidate->listing, provider->contact));
    cn_table_add_text(table, cn_listed_text(candidate->listing, provider->phone));
    cn_table_add_text(table, cn_listed_text(candidate->listing, provider->email));
    cn_table_add_text(table,
                      provider->unconfirmed ? NULL : cn_date_format(provider->verified_on, day));
    cn_table_add_bool(table, provider->unconfirmed);
    cn_table_add_bool(table, stale);
    cn_table_add_bool(table, provider->example);
    cn_table_add_text(table, cn_disclosure_name((CnDisclosure)provider->disclosure));
    cn_table_add_bool(table, provider->remote);
    add_travel(rows, candidate);
    add_open(rows, candidate);
    add_terms(table, reference->terms[CARENET_TERMS_GROUPS],
              candidate->offered->eligibility.groups);
    add_note(rows, candidate, stale);
    add_coverage(rows, candidate);
}

CnTableBuilder *
cn_find_table(void)
{
    return cn_table_builder_new(columns, G_N_ELEMENTS(columns));
}

void
cn_find_add_rows(CnTableBuilder *table, const CnFind *find, const CnMatches *matches)
{
    const gint64 open_at_s = find->query->open_at_set ? find->query->open_at_s : find->now_s;
    Rows rows = {.table = table,
                 .find = find,
                 .open_min = cn_minute_of_week(open_at_s),
                 .note = g_string_new(NULL)};
    for (gsize i = 0; i < matches->len; i++) {
        const CnMatch *match = &matches->list[i];
        CnCandidate candidate;
        cn_candidate_look(&candidate, &find->question, match->offering);
        candidate.travel =
            (CnTravel){.distance_m = match->distance_m, .travel_min = match->travel_min};
        add_row(&rows, &candidate);
    }
    for (gsize band = 0; band < G_N_ELEMENTS(rows.bands); band++)
        g_free(rows.bands[band]);
    g_string_free(rows.note, TRUE);
}
