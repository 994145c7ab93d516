/* Finding against a brute force over the plain records: which offerings, in which order, through
 * what, with which numbers; and why-not, which must agree with the rows about every offering. */
#include "../support/random-world.h"
#include "../support/route-oracle.h"

#include "base/geo.h"
#include "directory/find.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define ROUNDS  150
#define QUERIES 12

static CnReference *reference;

/* A query with the arrays that it borrows, and what its words mean. */
typedef struct {
    carenet_find_query query;
    const char *region_words[2], *service_words[2], *language_words[1], *group_words[2],
        *access_words[1];
    CnAreaId regions[2], serving, near;
    CnServiceId services[2];
    CnTermSet languages, groups, access;
    CnOrigin origin;
    const CnNetwork *network;
} Asked;

/* One offering as the brute force sees it. */
typedef struct {
    const CnProvider *provider;
    const CnOffering *offering;
    gboolean filtered; /* a filter or a fact holds it back, besides the region */
    const char *via;
    const char *ordinance, *network;
    CnTravel travel;
    gboolean has_travel;
    gint64 free;
    gboolean is_restricted;
    guint at; /* by id */
} Seat;

/* ---- Drawing a query. */

static const char *
draw_area(GRand *rand, CnAreaId *out)
{
    *out = world_area(rand, reference->gazetteer);
    return cn_area(reference->gazetteer, *out)->code;
}

static const char *
draw_term(GRand *rand, carenet_terms_kind kind, CnTermSet *set)
{
    gint term = (gint)world_pick(rand, 4);
    cn_term_set_add(set, term);
    return cn_term(reference->terms[kind], term)->id;
}

static void
draw_places(GRand *rand, Asked *asked)
{
    carenet_find_query *query = &asked->query;
    while (query->regions_len < 2 && world_chance(rand, 30)) {
        asked->region_words[query->regions_len] =
            draw_area(rand, &asked->regions[query->regions_len]);
        query->regions_len++;
    }
    while (query->services_len < 2 && world_chance(rand, 35)) {
        CnServiceId service = world_service(rand, reference->taxonomy);
        asked->services[query->services_len] = service;
        asked->service_words[query->services_len++] = cn_service(reference->taxonomy, service)->id;
    }
    if (world_chance(rand, 25))
        query->serving = draw_area(rand, &asked->serving);
    if (world_chance(rand, 60))
        query->near = draw_area(rand, &asked->near);
    if (query->near != NULL && world_chance(rand, 40))
        query->within_min = g_rand_int_range(rand, 1, 900);
    if (query->near != NULL && world_chance(rand, 40))
        query->within_m = g_rand_int_range(rand, 1, 400000);
}

static void
draw_facts(GRand *rand, Asked *asked)
{
    carenet_find_query *query = &asked->query;
    query->age = world_chance(rand, 30) ? g_rand_int_range(rand, 10, 20) : -1;
    query->sex = world_chance(rand, 30) ? (world_chance(rand, 50) ? "female" : "male") : NULL;
    if (world_chance(rand, 15))
        asked->language_words[query->languages_len++] =
            draw_term(rand, CARENET_TERMS_LANGUAGES, &asked->languages);
    while (query->groups_len < 2 && world_chance(rand, 15))
        asked->group_words[query->groups_len++] =
            draw_term(rand, CARENET_TERMS_GROUPS, &asked->groups);
    if (world_chance(rand, 15))
        asked->access_words[query->access_len++] =
            draw_term(rand, CARENET_TERMS_ACCESS, &asked->access);
}

static void
draw_query(GRand *rand, Asked *asked)
{
    static const char *const sorts[] = {NULL,   "default", "distance", "wait",
                                        "free", "name",    "provider", "verified"};
    carenet_find_query *query = &asked->query;
    carenet_find_query_init(query);
    query->now_s = WORLD_NOW_S;
    query->regions = asked->region_words;
    query->services = asked->service_words;
    query->languages = asked->language_words;
    query->groups = asked->group_words;
    query->access = asked->access_words;
    asked->serving = asked->near = CN_AREA_NONE;
    draw_places(rand, asked);
    draw_facts(rand, asked);
    query->free = world_chance(rand, 25) ? g_rand_int_range(rand, 0, 4) : 0;
    query->remote =
        world_chance(rand, 60) ? CARENET_REMOTE_ANY : (carenet_remote)world_pick(rand, 3);
    query->ordinance =
        world_chance(rand, 70) ? CARENET_COVERED_ANY : (carenet_covered)world_pick(rand, 3);
    query->network =
        world_chance(rand, 70) ? CARENET_COVERED_ANY : (carenet_covered)world_pick(rand, 3);
    query->open_at_set = world_chance(rand, 15);
    query->open_at_s = WORLD_NOW_S + g_rand_int_range(rand, 0, 7 * CN_DAY_S);
    query->confirmed_only = world_chance(rand, 15);
    query->verified_within_days = world_chance(rand, 15) ? 31 : 0;
    query->sort = sorts[world_pick(rand, G_N_ELEMENTS(sorts))];
    if (query->near == NULL && g_strcmp0(query->sort, "distance") == 0)
        query->sort = NULL;
    CnTravelSpeeds speeds = CN_SPEEDS_DEFAULT;
    cn_origin_init(&asked->origin, reference->gazetteer, &speeds, asked->near);
}

/* ---- The brute force. */

static gboolean
lies_in(CnAreaId inner, CnAreaId outer)
{
    return oracle_lies_in(reference->gazetteer, inner, outer);
}

static gboolean
serves(const CnProvider *provider, CnAreaId area)
{
    for (guint i = 0; i < provider->serves->len; i++)
        if (lies_in(area, g_array_index(provider->serves, CnAreaId, i)))
            return TRUE;
    return FALSE;
}

static const char *
via_of(const Asked *asked, const CnProvider *provider)
{
    CnAreaId shown = oracle_shown_area(provider);
    if (asked->query.regions_len == 0 && asked->serving < 0)
        return "place";
    for (guint i = 0; i < asked->query.regions_len; i++)
        if (lies_in(shown, asked->regions[i]))
            return "place";
    if (asked->serving < 0)
        return NULL;
    if (lies_in(shown, asked->serving))
        return "place";
    if (serves(provider, asked->serving))
        return provider->remote ? "remote" : "serves";
    return provider->remote && provider->serves->len == 0 ? "remote" : NULL;
}

static gboolean
is_asked_service(const Asked *asked, CnServiceId service)
{
    for (guint i = 0; i < asked->query.services_len; i++)
        for (CnServiceId id = service; id >= 0; id = cn_service(reference->taxonomy, id)->parent)
            if (id == asked->services[i])
                return TRUE;
    return asked->query.services_len == 0;
}

static gboolean
lacks(CnTermSet wanted, CnTermSet there)
{
    for (gint term = 0; term < CN_TERMS_MOST; term++)
        if (cn_term_set_has(wanted, term) && !cn_term_set_has(there, term))
            return TRUE;
    return FALSE;
}

static gboolean
shares(CnTermSet a, CnTermSet b)
{
    for (gint term = 0; term < CN_TERMS_MOST; term++)
        if (cn_term_set_has(a, term) && cn_term_set_has(b, term))
            return TRUE;
    return FALSE;
}

static gboolean
is_of_no_use(const Asked *asked, const Seat *seat)
{
    const carenet_find_query *query = &asked->query;
    const CnEligibility *takes = &seat->offering->eligibility;
    const CnTermSet none = {{0, 0}};
    return seat->provider->status != CN_ACTIVE ||
           (query->age >= 0 && ((takes->age_min >= 0 && query->age < takes->age_min) ||
                                (takes->age_max >= 0 && query->age > takes->age_max))) ||
           (query->sex != NULL && takes->sex != CN_SEX_UNSTATED &&
            strcmp(query->sex, cn_sex_name(takes->sex)) != 0) ||
           (query->groups_len > 0 && lacks(takes->groups, none) &&
            !shares(takes->groups, asked->groups)) ||
           shares(takes->not_for, asked->groups) || lacks(asked->access, seat->provider->access);
}

static gboolean
is_too_far(const Asked *asked, const Seat *seat)
{
    const carenet_find_query *query = &asked->query;
    if (query->within_m > 0 && (!seat->has_travel || seat->travel.distance_m > query->within_m))
        return TRUE;
    return query->within_min > 0 && (!seat->has_travel || seat->travel.travel_min < 0 ||
                                     seat->travel.travel_min > query->within_min);
}

static gboolean
is_too_old(const Asked *asked, const CnProvider *provider)
{
    const carenet_find_query *query = &asked->query;
    CnDate on = provider->verified_on;
    if (query->confirmed_only && on.year == 0)
        return TRUE;
    return query->verified_within_days > 0 &&
           (on.year == 0 ||
            cn_date_last_s(on) + (query->verified_within_days + (gint64)1) * CN_DAY_S <=
                WORLD_NOW_S ||
            cn_date_first_s(on) > WORLD_NOW_S + CN_CLOCKS_DIFFER_S);
}

static gboolean
is_not_open(const Asked *asked, const Seat *seat)
{
    CnHours hours = {0};
    guint offset = 0;
    const char *reason = NULL;
    if (!asked->query.open_at_set)
        return FALSE;
    if (seat->offering->hours == NULL)
        return TRUE;
    assert_true(cn_hours_parse(seat->offering->hours, &hours, &offset, &reason));
    gboolean open = cn_hours_is_open(&hours, cn_minute_of_week(asked->query.open_at_s));
    cn_hours_clear(&hours);
    return !open;
}

/* A restricted provider says whether it has a place, never how many. */
static gboolean
has_too_few(const Asked *asked, const Seat *seat)
{
    if (asked->query.free <= 0)
        return FALSE;
    return seat->is_restricted ? asked->query.free > 1 || seat->free < 1
                               : seat->free < asked->query.free;
}

/* ---- What the programme gives a place. */

/* Of the tree alone: a city that is independent of its province stands under its region. */
static gboolean
is_part_of(CnAreaId inner, CnAreaId outer)
{
    while (inner >= 0 && inner != outer)
        inner = cn_area(reference->gazetteer, inner)->parent;
    return inner >= 0;
}

static gboolean
has_begun(CnDate date)
{
    return date.year != 0 && cn_date_first_s(date) <= cn_date_first_s(cn_date_of(WORLD_NOW_S));
}

static const char *
ordinance_of(const Asked *asked, const CnProvider *provider)
{
    const CnProgramme *programme = g_ptr_array_index(asked->network->programmes, 0);
    const char *best = NULL;
    for (guint i = 0; i < programme->records[CN_PROGRAMME_ORDINANCES]->len; i++) {
        const CnOrdinance *ordinance = cn_programme_get(programme, CN_PROGRAMME_ORDINANCES, i);
        if (ordinance->passed_on.year == 0 ||
            !is_part_of(oracle_shown_area(provider), ordinance->area))
            continue;
        if (has_begun(ordinance->implemented_on))
            return "implemented";
        if (has_begun(ordinance->passed_on))
            best = "passed";
    }
    return best;
}

static const char *
network_of(const Asked *asked, const CnProvider *provider)
{
    const CnProgramme *programme = g_ptr_array_index(asked->network->programmes, 0);
    const CnRegion *region = &g_array_index(asked->network->regions, CnRegion, 0);
    return programme->region != NULL && has_begun(programme->network_formed_on) &&
                   is_part_of(oracle_shown_area(provider), region->area)
               ? region->id
               : NULL;
}

static gboolean
is_refused(carenet_covered wanted, gboolean there)
{
    return (wanted == CARENET_COVERED_YES && !there) || (wanted == CARENET_COVERED_NO && there);
}

static void
judge(const Asked *asked, Seat *seat)
{
    const CnProvider *provider = seat->provider;
    const CnCapacity *capacity = &seat->offering->capacity;
    const CnArea *area = cn_area(reference->gazetteer, oracle_shown_area(provider));
    seat->is_restricted = provider->disclosure != CN_DISCLOSE_PUBLIC;
    gboolean own_point = !seat->is_restricted && provider->site.has_point;
    seat->free = capacity->total - capacity->occupied - capacity->held;
    seat->free = !capacity->known ? -1 : MAX(0, seat->free);
    if (cn_service(reference->taxonomy, seat->offering->service)->unit == CN_UNIT_NONE)
        seat->free = G_MAXINT64;
    seat->has_travel = asked->near >= 0 && !provider->remote;
    if (seat->has_travel)
        seat->travel =
            cn_origin_travel(&asked->origin, own_point ? provider->site.lat_deg : area->lat_deg,
                             own_point ? provider->site.lon_deg : area->lon_deg, area->island);
    seat->via = via_of(asked, provider);
    seat->ordinance = ordinance_of(asked, provider);
    seat->network = network_of(asked, provider);
    seat->filtered =
        is_refused(asked->query.ordinance, g_strcmp0(seat->ordinance, "implemented") == 0) ||
        is_refused(asked->query.network, seat->network != NULL) ||
        !is_asked_service(asked, seat->offering->service) ||
        lacks(asked->languages, provider->languages) ||
        (asked->query.remote == CARENET_REMOTE_YES && !provider->remote) ||
        (asked->query.remote == CARENET_REMOTE_NO && provider->remote) || is_too_far(asked, seat) ||
        has_too_few(asked, seat) || is_not_open(asked, seat) || is_too_old(asked, provider) ||
        is_of_no_use(asked, seat);
}

/* ---- Order. */

static gint64
unknown_last(gint64 value)
{
    return value < 0 ? G_MAXINT64 : value;
}

/* What the key compares, smaller first. */
static gint64
key_of(const char *sort, const Seat *seat)
{
    if (strcmp(sort, "distance") == 0)
        return seat->has_travel ? unknown_last(seat->travel.distance_m) : G_MAXINT64;
    if (strcmp(sort, "wait") == 0)
        return unknown_last(seat->offering->capacity.wait_days);
    if (strcmp(sort, "free") == 0)
        return -(seat->is_restricted ? MIN(1, seat->free) : seat->free);
    if (strcmp(sort, "verified") == 0)
        return seat->provider->verified_on.year == 0
                   ? G_MAXINT64
                   : -(cn_date_first_s(seat->provider->verified_on) * 4 +
                       (seat->provider->verified_on.month != 0) +
                       (seat->provider->verified_on.day != 0));
    return 0;
}

static const char *
shown_name(const Seat *seat)
{
    return seat->is_restricted ? seat->provider->display_name : seat->provider->name;
}

static gint
compare(gint64 a, gint64 b)
{
    return a < b ? -1 : a > b;
}

static gint
compare_seats(gconstpointer x, gconstpointer y, gpointer data)
{
    const Seat *a = x, *b = y;
    const char *sort = data;
    gint order = compare(a->provider->verified_on.year == 0, b->provider->verified_on.year == 0);
    if (order == 0 && strcmp(sort, "name") == 0)
        order = strcmp(shown_name(a), shown_name(b));
    if (order == 0 && strcmp(sort, "default") == 0) {
        /* Who has a place, then who must be asked, then who is full. */
        order = compare(a->free > 0   ? 0
                        : a->free < 0 ? 1
                                      : 2,
                        b->free > 0   ? 0
                        : b->free < 0 ? 1
                                      : 2);
        if (order == 0)
            order = compare(a->has_travel ? unknown_last(a->travel.travel_min) : G_MAXINT64,
                            b->has_travel ? unknown_last(b->travel.travel_min) : G_MAXINT64);
        if (order == 0)
            order = compare(unknown_last(a->offering->capacity.wait_days),
                            unknown_last(b->offering->capacity.wait_days));
    } else if (order == 0) {
        order = compare(key_of(sort, a), key_of(sort, b));
    }
    return order != 0 ? order : compare(a->at, b->at);
}

/* Shown for an area around one that was asked for: nobody can tell whether it is there. */
static gboolean
may_be_there(const Asked *asked, const Seat *seat)
{
    for (guint i = 0; i < asked->query.regions_len; i++)
        if (lies_in(asked->regions[i], oracle_shown_area(seat->provider)))
            return !seat->provider->remote;
    return FALSE;
}

/* (element-type Seat) what is listed, in order. */
static GArray *
find_by_force(const Asked *asked, guint *out_wider)
{
    GArray *seats = g_array_new(FALSE, TRUE, sizeof(Seat));
    guint at = 0;
    for (guint i = 0; i < asked->network->providers->len; i++) {
        const CnProvider *provider = asked->network->providers->pdata[i];
        for (guint k = 0; k < provider->offerings->len; k++) {
            Seat seat = {.provider = provider,
                         .offering = &g_array_index(provider->offerings, CnOffering, k),
                         .at = at++};
            judge(asked, &seat);
            if (!seat.filtered && seat.via != NULL)
                g_array_append_val(seats, seat);
            else if (!seat.filtered)
                *out_wider += may_be_there(asked, &seat);
        }
    }
    g_array_sort_with_data(seats, compare_seats,
                           (gpointer)(asked->query.sort != NULL ? asked->query.sort : "default"));
    return seats;
}

/* ---- Comparison. */

static size_t
column(const carenet_table *table, const char *name)
{
    ptrdiff_t index = carenet_table_column_index(table, name);
    assert_true(index >= 0);
    return (size_t)index;
}

static void
compare_number(const carenet_table *rows,
               size_t row,
               const char *name,
               gboolean known,
               gint64 value)
{
    assert_int_equal(carenet_table_is_null(rows, row, column(rows, name)), !known);
    if (known)
        assert_int_equal(carenet_table_get_int64(rows, row, column(rows, name)), value);
}

static void
compare_row(const carenet_table *rows, size_t row, const Seat *seat)
{
    const CnService *service = cn_service(reference->taxonomy, seat->offering->service);
    gboolean counted = seat->offering->capacity.known && !seat->is_restricted;
    gboolean shown = seat->has_travel && !seat->is_restricted;
    assert_string_equal(carenet_table_get_text(rows, row, column(rows, "offering")),
                        seat->offering->id);
    assert_string_equal(carenet_table_get_text(rows, row, column(rows, "name")), shown_name(seat));
    assert_string_equal(carenet_table_get_text(rows, row, column(rows, "via")), seat->via);
    assert_string_equal(carenet_table_get_text(rows, row, column(rows, "area")),
                        cn_area(reference->gazetteer, oracle_shown_area(seat->provider))->code);
    assert_string_equal(carenet_table_get_text(rows, row, column(rows, "availability")),
                        seat->free > 0    ? "yes"
                        : seat->free == 0 ? "full"
                                          : "call");
    compare_number(rows, row, "free", counted && service->unit != CN_UNIT_NONE, seat->free);
    compare_number(rows, row, "total", counted && service->unit != CN_UNIT_NONE,
                   seat->offering->capacity.total);
    compare_number(rows, row, "travel_min", shown && seat->travel.travel_min >= 0,
                   seat->travel.travel_min);
    compare_number(rows, row, "distance_m", shown, seat->travel.distance_m);
    assert_int_equal(carenet_table_is_null(rows, row, column(rows, "travel_band")),
                     !seat->has_travel);
    assert_int_equal(carenet_table_get_bool(rows, row, column(rows, "unconfirmed")),
                     seat->provider->verified_on.year == 0);
    assert_string_equal(carenet_table_get_text(rows, row, column(rows, "disclosure")),
                        cn_disclosure_name(seat->provider->disclosure));
    const char *ordinance = carenet_table_get_text(rows, row, column(rows, "ordinance"));
    const char *network = carenet_table_get_text(rows, row, column(rows, "network"));
    assert_int_equal(g_strcmp0(ordinance, seat->ordinance), 0);
    assert_int_equal(g_strcmp0(network, seat->network), 0);
}

static void
compare_wider(const carenet_table *rows, guint wider)
{
    g_autofree char *expected = g_strdup_printf("%u more may be there ", wider);
    guint said = 0;
    for (size_t i = 0; i < carenet_table_warnings_len(rows); i++) {
        if (strstr(carenet_table_warning(rows, i), " may be there ") == NULL)
            continue;
        said++;
        assert_true(g_str_has_prefix(carenet_table_warning(rows, i), expected));
    }
    assert_int_equal(said, wider > 0);
}

static void
compare_limited(const CnDirectory *directory, const Asked *asked, const GArray *seats)
{
    carenet_find_query query = asked->query;
    query.limit = 3;
    g_autoptr(carenet_table) rows = carenet_find(directory, &query, NULL);
    assert_int_equal(carenet_table_rows_len(rows), MIN(3, seats->len));
    for (guint i = 0; i < carenet_table_rows_len(rows); i++)
        compare_row(rows, i, &g_array_index(seats, Seat, i));
    if (seats->len > 3) {
        g_autofree char *more = g_strdup_printf("%u more rows match", seats->len - 3);
        assert_string_equal(carenet_table_warning(rows, 0), more);
    }
}

/* An offering is listed if and only if why-not says so; else it says at least one reason. */
static void
compare_why_not(const CnDirectory *directory, const Asked *asked, const GArray *seats)
{
    for (guint i = 0; i < asked->network->providers->len; i++) {
        const CnProvider *provider = asked->network->providers->pdata[i];
        g_autoptr(carenet_table) why =
            carenet_find_why_not(directory, &asked->query, provider->id, NULL);
        assert_non_null(why);
        for (guint k = 0; k < provider->offerings->len; k++) {
            const char *id = g_array_index(provider->offerings, CnOffering, k).id;
            gboolean listed = FALSE;
            guint reasons = 0, says_listed = 0;
            for (guint s = 0; s < seats->len; s++)
                listed |= strcmp(g_array_index(seats, Seat, s).offering->id, id) == 0;
            for (size_t row = 0; row < carenet_table_rows_len(why); row++) {
                if (strcmp(carenet_table_get_text(why, row, column(why, "offering")), id) != 0)
                    continue;
                reasons++;
                says_listed += carenet_table_get_bool(why, row, column(why, "listed"));
                assert_non_null(carenet_table_get_text(why, row, column(why, "reason")));
                assert_non_null(carenet_table_get_text(why, row, column(why, "detail")));
            }
            assert_int_equal(says_listed, listed);
            assert_true(reasons > 0);
            assert_true(!listed || reasons == 1);
        }
    }
}

typedef struct {
    guint rows, empty, by_distance;
} Seen;

static void
find_round(GRand *rand, gpointer data)
{
    Seen *seen = data;
    g_autoptr(CnNetwork) network = world_network(rand, reference, 60);
    world_programmes(rand, network, reference);
    g_autoptr(carenet_directory) directory = cn_directory_new(network, reference, 0);
    for (guint i = 0; i < QUERIES; i++) {
        Asked asked = {.network = network};
        draw_query(rand, &asked);
        guint wider = 0;
        g_autoptr(GArray) seats = find_by_force(&asked, &wider);
        g_autoptr(GError) error = NULL;
        g_autoptr(carenet_table) rows = carenet_find(directory, &asked.query, &error);
        assert_null(error);
        for (guint k = 0; k < MIN(seats->len, carenet_table_rows_len(rows)); k++)
            compare_row(rows, k, &g_array_index(seats, Seat, k));
        assert_int_equal(carenet_table_rows_len(rows), seats->len);
        compare_wider(rows, wider);
        compare_limited(directory, &asked, seats);
        compare_why_not(directory, &asked, seats);
        seen->rows += seats->len;
        seen->empty += seats->len == 0;
        seen->by_distance += seats->len > 0 && asked.query.within_m + asked.query.within_min > 0;
    }
}

static void
finds_as_brute_force_does(void **state)
{
    (void)state;
    Seen seen = {0};
    world_rounds(ROUNDS, find_round, &seen);
    if (g_getenv("CARENET_TEST_SEED") != NULL)
        return;
    print_message("%u rows, %u empty answers, %u within a distance\n", seen.rows, seen.empty,
                  seen.by_distance);
    assert_true(seen.rows > ROUNDS * QUERIES);
    assert_true(seen.empty > ROUNDS);
    assert_true(seen.by_distance > ROUNDS / 2);
}

static int
open_reference(void **state)
{
    (void)state;
    reference = carenet_reference_open(g_getenv("CARENET_TEST_DATA"), NULL);
    return reference == NULL;
}

static int
close_reference(void **state)
{
    (void)state;
    g_clear_pointer(&reference, carenet_reference_unref);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(finds_as_brute_force_does, world_print_seed),
    };
    return cmocka_run_group_tests(tests, open_reference, close_reference);
}
