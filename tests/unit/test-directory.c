/* Directories: what their digest covers, what a query may ask and what it is told when it may not,
 * show, reporting lines and regions. */
#include "../support/random-world.h"
#include "../support/small-world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static CnReference *reference;

static char *
digest_of(const SmallWorld *world)
{
    g_autoptr(carenet_directory) directory = cn_directory_new(world->network, reference, 0);
    return g_strdup(carenet_directory_digest(directory));
}

/* ---- The digest. */

typedef void (*Edit)(SmallWorld *world);

/* One small function a field that is disclosed. */
#define EDIT(name, statement)              \
    static void edit_##name(SmallWorld *w) \
    {                                      \
        statement;                         \
    }
EDIT(name, w->open->name = "EXAMPLE Other Desk")
EDIT(display_name, w->shelter->display_name = "EXAMPLE Restricted Other")
EDIT(organization, w->open->organization = "ex-none")
EDIT(organization_name,
     g_array_index(w->network->organizations, CnOrganization, 0).name = "EXAMPLE Other")
EDIT(region, w->open->region = "northern-mindanao")
EDIT(contact, w->open->contact_role = "front desk")
EDIT(gateway, w->shelter->contact_gateway = NULL)
EDIT(phone, w->open->site.phone = "(088) 850-0001")
EDIT(email, w->open->site.email = "a@example.org")
EDIT(address, w->open->site.address = "1 Street")
EDIT(source_url, w->open->source_url = "https://example.org")
EDIT(source_title, w->open->source_title = "page")
EDIT(source_on, w->open->source_on = small_world_day(0))
EDIT(disclosure, w->shelter->disclosure = CN_DISCLOSE_NETWORK)
EDIT(example, w->open->example = FALSE)
EDIT(remote, w->open->remote = TRUE)
EDIT(status, w->open->status = CN_PAUSED)
EDIT(area, w->open->site.area = small_world_area(w, "Iligan"))
EDIT(show_area, w->shelter->show_area = small_world_area(w, "Caraga"))
EDIT(point, w->open->site.has_point = TRUE)
EDIT(serves, {
    CnAreaId area = w->open->site.area;
    g_array_append_val(w->open->serves, area);
})
EDIT(languages, cn_term_set_add(&w->open->languages, 40))
EDIT(access, cn_term_set_add(&w->open->access, 1))
EDIT(listing_consent, w->open->listing_consent = small_world_day(0))
EDIT(verified_on, w->open->verified_on = small_world_day(0))
EDIT(verified_month, w->open->verified_on.day = 0)
EDIT(verified_by, w->open->verified_by = CN_VERIFIED_VISIT)
EDIT(accreditation_body, w->open->accreditation_body = "CHED")
EDIT(accreditation_level, w->open->accreditation_level = 3)
EDIT(accreditation_expires, w->open->accreditation_expires = small_world_day(0))
EDIT(course, g_array_index(w->open->capabilities, CnCapability, 0).course++)
EDIT(course_staff, g_array_index(w->open->capabilities, CnCapability, 0).staff++)
EDIT(course_on, g_array_index(w->open->capabilities, CnCapability, 0).on = small_world_day(0))
EDIT(course_until, g_array_index(w->open->capabilities, CnCapability, 0).expires = CN_DATE_NONE)
EDIT(no_courses, g_array_set_size(w->open->capabilities, 0))
EDIT(offering_id, w->therapy->id = "ex-open/trauma-therapy/girls")
EDIT(service, w->therapy->service = small_world_service(w, "counseling"))
EDIT(variant, w->therapy->variant = "girls")
EDIT(all_below, w->therapy->all_below = TRUE)
EDIT(age_min, w->therapy->eligibility.age_min = 0)
EDIT(age_max, w->therapy->eligibility.age_max = 17)
EDIT(sex, w->therapy->eligibility.sex = CN_SEX_FEMALE)
EDIT(groups, cn_term_set_add(&w->therapy->eligibility.groups, 0))
EDIT(not_for, cn_term_set_add(&w->therapy->eligibility.not_for, 0))
EDIT(documents, cn_term_set_add(&w->therapy->eligibility.documents, 0))
EDIT(siblings, w->therapy->eligibility.siblings_up_to = 0)
EDIT(hours, w->therapy->hours = "Mo-Fr 08:00-17:00")
EDIT(intake, w->therapy->intake_hours = "24/7")
EDIT(on_call, w->therapy->intake_on_call = TRUE)
EDIT(no_offerings, g_array_set_size(w->open->offerings, 0))
EDIT(network_id, w->network->id = "ex-other")
EDIT(network_name, w->network->name = "EXAMPLE other")
EDIT(region_id, g_array_index(w->network->regions, CnRegion, 0).id = "other")
EDIT(region_name, g_array_index(w->network->regions, CnRegion, 0).name = "Other")
EDIT(region_area, g_array_index(w->network->regions, CnRegion, 0).area = 0)
EDIT(region_languages,
     cn_term_set_add(&g_array_index(w->network->regions, CnRegion, 0).languages, 0))

/* What is secret, and what moves while the directory stays. */
EDIT(secret_name, w->shelter->name = "EXAMPLE Other Secret House")
EDIT(secret_area, w->shelter->site.area = small_world_area(w, "Malaybalay"))
EDIT(secret_point, w->shelter->site.has_point = TRUE; w->shelter->site.lat_deg = 8)
EDIT(secret_phone, w->shelter->site.phone = "0917-000-0000")
EDIT(secret_email, w->shelter->site.email = "secret@example.org")
EDIT(secret_address, w->shelter->site.address = "1 Street")
EDIT(own_role, w->shelter->contact_role = "house mother")
EDIT(total, w->therapy->capacity.total = 99)
EDIT(occupied, w->therapy->capacity.occupied = 0)
EDIT(held, w->therapy->capacity.held = 1)
EDIT(as_of, w->therapy->capacity.as_of.s++)
EDIT(wait, w->therapy->capacity.wait_days = 9)
EDIT(no_capacity, w->therapy->capacity = cn_offering_blank().capacity)
EDIT(file, w->open->pos.line = 7)
#undef EDIT

static const struct {
    const char *what;
    Edit edit;
    gboolean differs;
} edits[] = {
#define SEEN(name)               \
    {                            \
#name, edit_##name, TRUE \
    }
#define UNSEEN(name)              \
    {                             \
#name, edit_##name, FALSE \
    }
    SEEN(name),
    SEEN(display_name),
    SEEN(organization),
    SEEN(organization_name),
    SEEN(region),
    SEEN(contact),
    SEEN(gateway),
    SEEN(phone),
    SEEN(email),
    SEEN(address),
    SEEN(source_url),
    SEEN(source_title),
    SEEN(source_on),
    SEEN(disclosure),
    SEEN(example),
    SEEN(remote),
    SEEN(status),
    SEEN(area),
    SEEN(show_area),
    SEEN(point),
    SEEN(serves),
    SEEN(languages),
    SEEN(access),
    SEEN(listing_consent),
    SEEN(verified_on),
    SEEN(verified_month),
    SEEN(verified_by),
    SEEN(accreditation_body),
    SEEN(accreditation_level),
    SEEN(accreditation_expires),
    SEEN(course),
    SEEN(course_staff),
    SEEN(course_on),
    SEEN(course_until),
    SEEN(no_courses),
    SEEN(offering_id),
    SEEN(service),
    SEEN(variant),
    SEEN(all_below),
    SEEN(age_min),
    SEEN(age_max),
    SEEN(sex),
    SEEN(groups),
    SEEN(not_for),
    SEEN(documents),
    SEEN(siblings),
    SEEN(hours),
    SEEN(intake),
    SEEN(on_call),
    SEEN(no_offerings),
    SEEN(network_id),
    SEEN(network_name),
    SEEN(region_id),
    SEEN(region_name),
    SEEN(region_area),
    SEEN(region_languages),
    UNSEEN(secret_name),
    UNSEEN(secret_area),
    UNSEEN(secret_point),
    UNSEEN(secret_phone),
    UNSEEN(secret_email),
    UNSEEN(secret_address),
    UNSEEN(own_role),
    UNSEEN(total),
    UNSEEN(occupied),
    UNSEEN(held),
    UNSEEN(as_of),
    UNSEEN(wait),
    UNSEEN(no_capacity),
    UNSEEN(file),
#undef SEEN
#undef UNSEEN
};

static void
the_digest_covers_what_is_disclosed(void **state)
{
    (void)state;
    g_autoptr(SmallWorld) plain = small_world_new(reference);
    g_autofree char *before = digest_of(plain);
    g_autoptr(GHashTable) all = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(edits); i++) {
        g_autoptr(SmallWorld) world = small_world_new(reference);
        edits[i].edit(world);
        char *after = digest_of(world);
        if ((strcmp(before, after) != 0) != edits[i].differs)
            print_error("%s\n", edits[i].what);
        assert_int_equal(strcmp(before, after) != 0, edits[i].differs);
        if (!edits[i].differs)
            g_free(after);
        else /* and no two edits come out alike */
            assert_true(g_hash_table_add(all, after));
    }
    assert_int_equal(strlen(before), 64);
}

static void
shuffle(GRand *rand, GPtrArray *array)
{
    for (guint i = array->len; i > 1; i--) {
        guint k = world_pick(rand, i);
        gpointer other = array->pdata[k];
        array->pdata[k] = array->pdata[i - 1];
        array->pdata[i - 1] = other;
    }
}

static void
order_round(GRand *rand, gpointer data)
{
    (void)data;
    g_autoptr(CnNetwork) network = world_network(rand, reference, 20);
    g_autoptr(carenet_directory) first = cn_directory_new(network, reference, 1);
    shuffle(rand, network->providers);
    for (guint i = 0; i < network->providers->len; i++) {
        GArray *offerings = ((CnProvider *)network->providers->pdata[i])->offerings;
        CnOffering last = g_array_index(offerings, CnOffering, offerings->len - 1);
        g_array_set_size(offerings, offerings->len - 1);
        g_array_prepend_val(offerings, last);
    }
    CnOrganization last = g_array_index(network->organizations, CnOrganization, 1);
    g_array_remove_index(network->organizations, 1);
    g_array_prepend_val(network->organizations, last);
    cn_network_sort(network);
    g_autoptr(carenet_directory) second = cn_directory_new(network, reference, 2);
    assert_string_equal(carenet_directory_digest(first), carenet_directory_digest(second));
    assert_int_equal(carenet_directory_revision(first), 1);
    assert_int_equal(carenet_directory_revision(second), 2);
}

static void
the_order_of_writing_does_not_matter(void **state)
{
    (void)state;
    world_rounds(50, order_round, NULL);
}

/* ---- Queries that cannot be answered. */

static void
ask_nothing(carenet_find_query *query)
{
    (void)query;
}

static const char *const bad_region[] = {"mindanoa"};
static const char *const ambiguous_region[] = {"San Isidro"};
static const char *const bad_service[] = {"trauma-terapy"};
static const char *const bad_language[] = {"cebu-ano"};
static const char *const bad_group[] = {"deef"};
static const char *const bad_access[] = {"weelchair"};
static const char *const no_word[] = {NULL};

static void
ask_region(carenet_find_query *query)
{
    query->regions = bad_region;
    query->regions_len = 1;
}

static void
ask_ambiguous(carenet_find_query *query)
{
    query->regions = ambiguous_region;
    query->regions_len = 1;
}

static void
ask_serving(carenet_find_query *query)
{
    query->serving = "Mindanoa";
}

static void
ask_near(carenet_find_query *query)
{
    query->near = "Cagayn de Oro";
}

static void
ask_service(carenet_find_query *query)
{
    query->services = bad_service;
    query->services_len = 1;
}

static void
ask_language(carenet_find_query *query)
{
    query->languages = bad_language;
    query->languages_len = 1;
}

static void
ask_group(carenet_find_query *query)
{
    query->groups = bad_group;
    query->groups_len = 1;
}

static void
ask_access(carenet_find_query *query)
{
    query->access = bad_access;
    query->access_len = 1;
}

static void
ask_no_word(carenet_find_query *query)
{
    query->access = no_word;
    query->access_len = 1;
}

static void
ask_age(carenet_find_query *query)
{
    query->age = 121;
}

static void
ask_negative_age(carenet_find_query *query)
{
    query->age = -2;
}

static void
ask_sex(carenet_find_query *query)
{
    query->sex = "girl";
}

static void
ask_sort(carenet_find_query *query)
{
    query->sort = "price";
}

static void
ask_distance_from_nowhere(carenet_find_query *query)
{
    query->within_m = 10;
}

static void
ask_time_from_nowhere(carenet_find_query *query)
{
    query->within_min = 10;
}

static void
ask_order_from_nowhere(carenet_find_query *query)
{
    query->sort = "distance";
}

static void
ask_negative_distance(carenet_find_query *query)
{
    query->near = "Iligan";
    query->within_m = -1;
}

static void
ask_no_such_ordinance(carenet_find_query *query)
{
    query->ordinance = (carenet_covered)3;
}

static void
ask_no_such_network(carenet_find_query *query)
{
    query->network = (carenet_covered)-1;
}

static void
ask_negative_free(carenet_find_query *query)
{
    query->free = -1;
}

static void
ask_other_size(carenet_find_query *query)
{
    query->size++;
}

static const struct {
    void (*ask)(carenet_find_query *query);
    carenet_error_code code; /* 0: it can be answered */
    const char *hint;        /* stands in the hint or in the message */
} queries[] = {
    {ask_nothing, 0, NULL},
    {ask_region, CARENET_ERROR_NOT_FOUND, "Mindanao"},
    {ask_serving, CARENET_ERROR_NOT_FOUND, "Mindanao"},
    {ask_near, CARENET_ERROR_NOT_FOUND, "Cagayan de Oro"},
    {ask_service, CARENET_ERROR_NOT_FOUND, "trauma-therapy"},
    {ask_language, CARENET_ERROR_NOT_FOUND, "carenet terms"},
    {ask_group, CARENET_ERROR_NOT_FOUND, "deaf"},
    {ask_access, CARENET_ERROR_NOT_FOUND, "wheelchair"},
    {ask_no_word, CARENET_ERROR_NOT_FOUND, "carenet terms"},
    {ask_age, CARENET_ERROR_INVALID_ARGUMENT, "age 121"},
    {ask_negative_age, CARENET_ERROR_INVALID_ARGUMENT, "age -2"},
    {ask_sex, CARENET_ERROR_INVALID_ARGUMENT, "girl"},
    {ask_sort, CARENET_ERROR_INVALID_ARGUMENT, "distance"},
    {ask_distance_from_nowhere, CARENET_ERROR_INVALID_ARGUMENT, "near"},
    {ask_time_from_nowhere, CARENET_ERROR_INVALID_ARGUMENT, "near"},
    {ask_order_from_nowhere, CARENET_ERROR_INVALID_ARGUMENT, "near"},
    {ask_negative_distance, CARENET_ERROR_INVALID_ARGUMENT, "negative"},
    {ask_negative_free, CARENET_ERROR_INVALID_ARGUMENT, "negative"},
    {ask_no_such_ordinance, CARENET_ERROR_INVALID_ARGUMENT, "ordinance"},
    {ask_no_such_network, CARENET_ERROR_INVALID_ARGUMENT, "network"},
    {ask_other_size, CARENET_ERROR_INVALID_ARGUMENT, "size"},
};

static gboolean
says(const carenet_error *error, const char *text)
{
    const char *hint = carenet_error_get_hint(error);
    return strstr(carenet_error_get_message(error), text) != NULL ||
           (hint != NULL && strstr(hint, text) != NULL);
}

static void
what_cannot_be_asked_is_told(void **state)
{
    (void)state;
    g_autoptr(SmallWorld) world = small_world_new(reference);
    small_world_route(world);
    for (gsize i = 0; i < G_N_ELEMENTS(queries); i++) {
        carenet_find_query query;
        g_autoptr(GError) error = NULL;
        carenet_find_query_init(&query);
        queries[i].ask(&query);
        g_autoptr(carenet_table) rows = carenet_find(world->directory, &query, &error);
        assert_int_equal(rows == NULL, queries[i].code != 0);
        assert_int_equal(error != NULL, queries[i].code != 0);
        if (error == NULL)
            continue;
        if (!says(error, queries[i].hint))
            print_error("%zu: %s (%s)\n", i, error->message, carenet_error_get_hint(error));
        assert_int_equal(carenet_error_get_code(error), queries[i].code);
        assert_true(says(error, queries[i].hint));
        if (strcmp(queries[i].hint, "distance") == 0) /* why-not does not sort */
            continue;
        g_autoptr(carenet_table) why =
            carenet_find_why_not(world->directory, &query, "ex-open", NULL);
        assert_null(why);
    }
}

static void
an_ambiguous_region_names_its_candidates(void **state)
{
    (void)state;
    g_autoptr(SmallWorld) world = small_world_new(reference);
    carenet_find_query query;
    g_autoptr(GError) error = NULL;
    small_world_route(world);
    carenet_find_query_init(&query);
    ask_ambiguous(&query);
    assert_null(carenet_find(world->directory, &query, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_INVALID_ARGUMENT);
    assert_true(says(error, "San Isidro, "));
}

static void
why_not_knows_whom_it_is_asked_about(void **state)
{
    (void)state;
    g_autoptr(SmallWorld) world = small_world_new(reference);
    carenet_find_query query;
    g_autoptr(GError) error = NULL;
    small_world_route(world);
    carenet_find_query_init(&query);
    assert_null(carenet_find_why_not(world->directory, &query, "ex-opem", &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_NOT_FOUND);
    assert_true(says(error, "ex-open"));
    g_autoptr(carenet_table) one =
        carenet_find_why_not(world->directory, &query, "ex-open/trauma-therapy", NULL);
    assert_int_equal(carenet_table_rows_len(one), 1);
}

/* ---- Show. */

static gboolean
table_says(const carenet_table *table, const char *field, const char *value)
{
    for (size_t row = 0; row < carenet_table_rows_len(table); row++)
        if (strcmp(carenet_table_get_text(table, row, 0), field) == 0 &&
            strcmp(carenet_table_get_text(table, row, 1), value) == 0)
            return TRUE;
    return FALSE;
}

static void
things_are_shown(void **state)
{
    (void)state;
    static const struct {
        const char *id, *field, *value;
    } cases[] = {
        {"ex-open", "name", "EXAMPLE Open Desk"},
        {"ex-open", "place", "City of Cagayan De Oro (1030500000)"},
        {"ex-open", "free", "2 of 3"},
        {"ex-open", "status", "active"},
        {"ex-open", "verified", "2026-11-06 by phone"},
        {"ex-open", "capability",
         "trauma-informed-care, 3 trained, on 2025-10-12, until 2027-12-21"},
        {"ex-open/trauma-therapy", "offering", "ex-open/trauma-therapy"},
        {"ex-open/trauma-therapy", "sex", "any"},
        {"ex-open/trauma-therapy", "waiting time", "2 days"},
        {"ex-shelter", "name", "EXAMPLE Restricted Shelter"},
        {"ex-shelter", "contact", "EXAMPLE Open Desk (intake desk)"},
        {"ex-shelter", "availability", "yes"},
        {"ex-org", "organization", "ex-org"},
        {"ex-org", "provider", "ex-open EXAMPLE Open Desk"},
        {"ex-org", "provider", "ex-shelter EXAMPLE Restricted Shelter"},
        {"trauma-therapy", "below", "mental-health"},
        {"trauma-therapy", "offerings", "1 at or below it"},
        {"mental-health", "offerings", "1 at or below it"},
        {"kinship-care", "needs first", "kinship-assessment"},
        {"adoption", "routable", "no: decided by an authority, never proposed"},
        {"Northern Mindanao", "providers", "2 at or below it"},
        {"Misamis Oriental", "providers", "1 at or below it"},
        {"Cagayan de Oro", "people look under", "Misamis Oriental"},
    };
    g_autoptr(SmallWorld) world = small_world_new(reference);
    small_world_route(world);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(carenet_table) table =
            carenet_directory_show(world->directory, cases[i].id, &error);
        assert_null(error);
        if (!table_says(table, cases[i].field, cases[i].value)) {
            g_autofree char *text = carenet_table_to_string(table, CARENET_FORMAT_CSV, NULL);
            print_error("no %s: %s in\n%s", cases[i].field, cases[i].value, text);
        }
        assert_true(table_says(table, cases[i].field, cases[i].value));
    }
}

static void
what_is_withheld_is_not_shown(void **state)
{
    (void)state;
    g_autoptr(SmallWorld) world = small_world_new(reference);
    world->shelter->site.address = "1 Street";
    small_world_route(world);
    g_autoptr(carenet_table) table = carenet_directory_show(world->directory, "ex-shelter", NULL);
    for (size_t row = 0; row < carenet_table_rows_len(table); row++) {
        assert_string_not_equal(carenet_table_get_text(table, row, 0), "free");
        assert_string_not_equal(carenet_table_get_text(table, row, 0), "address");
    }
}

static void
what_nobody_knows_is_not_shown(void **state)
{
    (void)state;
    static const struct {
        const char *id;
        carenet_error_code code;
        const char *hint;
    } cases[] = {
        {"ex-opem", CARENET_ERROR_NOT_FOUND, "ex-open"},
        {"zzzzzzzz", CARENET_ERROR_NOT_FOUND, "carenet find"},
        {"San Isidro", CARENET_ERROR_INVALID_ARGUMENT, "San Isidro, "},
    };
    g_autoptr(SmallWorld) world = small_world_new(reference);
    small_world_route(world);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        assert_null(carenet_directory_show(world->directory, cases[i].id, &error));
        assert_int_equal(carenet_error_get_code(error), cases[i].code);
        assert_true(says(error, cases[i].hint));
    }
}

/* ---- Reporting lines and regions. */

static void
lines_reach_the_area(void **state)
{
    (void)state;
    static const struct {
        const char *serves, *asked;
        CnStatus status;
        gsize len;
    } cases[] = {
        {NULL, NULL, CN_ACTIVE, 1},
        {NULL, "Butuan", CN_ACTIVE, 1},
        {"Northern Mindanao", "Iligan", CN_ACTIVE, 1},
        {"Northern Mindanao", "Butuan", CN_ACTIVE, 0},
        {"Northern Mindanao", NULL, CN_ACTIVE, 1},
        {NULL, NULL, CN_PAUSED, 0},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(SmallWorld) world = small_world_new(reference);
        world->therapy->service = small_world_service(world, "reporting-hotline");
        world->open->status = cases[i].status;
        if (cases[i].serves != NULL) {
            CnAreaId area = small_world_area(world, cases[i].serves);
            g_array_append_val(world->open->serves, area);
        }
        small_world_route(world);
        g_autoptr(carenet_table) lines =
            carenet_directory_reporting_lines(world->directory, cases[i].asked, NULL);
        assert_int_equal(carenet_table_rows_len(lines), cases[i].len);
        if (cases[i].len > 0)
            assert_string_equal(carenet_table_get_text(lines, 0, 2), "(088) 850-0000");
    }
    g_autoptr(SmallWorld) world = small_world_new(reference);
    g_autoptr(GError) error = NULL;
    small_world_route(world);
    assert_null(carenet_directory_reporting_lines(world->directory, "Butuam", &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_NOT_FOUND);
}

static void
a_region_outside_names_the_nearest(void **state)
{
    (void)state;
    static const char *const outside[] = {"Davao City"};
    static const char *const around[] = {"Mindanao"};
    static const char *const inside[] = {"Iligan"};
    g_autoptr(SmallWorld) world = small_world_new(reference);
    carenet_find_query query;
    small_world_route(world);
    carenet_find_query_init(&query);
    query.regions_len = 1;
    query.regions = outside;
    g_autoptr(carenet_table) none = carenet_find(world->directory, &query, NULL);
    assert_int_equal(carenet_table_rows_len(none), 0);
    assert_non_null(strstr(carenet_table_warning(none, 0), "outside the network"));
    assert_non_null(strstr(carenet_table_warning(none, 0), "northern-mindanao"));
    query.regions = around;
    g_autoptr(carenet_table) both = carenet_find(world->directory, &query, NULL);
    assert_int_equal(carenet_table_rows_len(both), 2);
    assert_int_equal(carenet_table_warnings_len(both), 0);
    query.regions = inside;
    g_autoptr(carenet_table) wider = carenet_find(world->directory, &query, NULL);
    assert_int_equal(carenet_table_rows_len(wider), 0);
    assert_non_null(strstr(carenet_table_warning(wider, 0), "1 more may be there"));
}

static void
regions_count_what_stands_in_their_file(void **state)
{
    (void)state;
    g_autoptr(SmallWorld) world = small_world_new(reference);
    world->open->region = "northern-mindanao";
    small_world_route(world);
    g_autoptr(carenet_table) regions = carenet_directory_regions(world->directory);
    assert_int_equal(carenet_table_rows_len(regions), 1);
    assert_string_equal(carenet_table_get_text(regions, 0, 0), "northern-mindanao");
    assert_int_equal(carenet_table_get_int64(regions, 0, 3), 1);
    assert_int_equal(carenet_table_get_int64(regions, 0, 4), 1);
    assert_int_equal(carenet_directory_providers_len(world->directory), 2);
    assert_int_equal(carenet_directory_offerings_len(world->directory), 2);
    assert_true(carenet_directory_is_demonstration(world->directory));
}

static void
nothing_is_asked_of_nothing(void **state)
{
    (void)state;
    g_autoptr(GError) error = NULL;
    carenet_find_query query;
    carenet_find_query_init(&query);
    carenet_find_query_init(NULL);
    assert_null(carenet_find(NULL, &query, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_INVALID_ARGUMENT);
    assert_null(carenet_find_why_not(NULL, &query, "ex-open", NULL));
    assert_null(carenet_directory_show(NULL, "ex-open", NULL));
    assert_null(carenet_directory_reporting_lines(NULL, NULL, NULL));
    assert_null(carenet_directory_digest(NULL));
    assert_null(carenet_directory_ref(NULL));
    assert_int_equal(carenet_directory_providers_len(NULL), 0);
    assert_int_equal(carenet_directory_offerings_len(NULL), 0);
    assert_int_equal(carenet_directory_revision(NULL), 0);
    assert_true(carenet_directory_demonstration_now(NULL) == INT64_MIN);
    assert_false(carenet_directory_is_demonstration(NULL));
    carenet_directory_unref(NULL);
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
        cmocka_unit_test(the_digest_covers_what_is_disclosed),
        cmocka_unit_test_teardown(the_order_of_writing_does_not_matter, world_print_seed),
        cmocka_unit_test(what_cannot_be_asked_is_told),
        cmocka_unit_test(an_ambiguous_region_names_its_candidates),
        cmocka_unit_test(why_not_knows_whom_it_is_asked_about),
        cmocka_unit_test(things_are_shown),
        cmocka_unit_test(what_is_withheld_is_not_shown),
        cmocka_unit_test(what_nobody_knows_is_not_shown),
        cmocka_unit_test(lines_reach_the_area),
        cmocka_unit_test(a_region_outside_names_the_nearest),
        cmocka_unit_test(regions_count_what_stands_in_their_file),
        cmocka_unit_test(nothing_is_asked_of_nothing),
    };
    return cmocka_run_group_tests(tests, open_reference, close_reference);
}
