/* What routing would refuse is refused when it is sent: every hard rule by itself, reasons of safety whatever
 * the options say, those who must not meet by the list and by the store, and what was changed meanwhile. */
#include "../support/random-network.h"
#include "../support/referral-world.h"
#include "routing/route.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#define OPEN "ex-open/individual-counseling"

static const char region[] =
    "region: {id: rules, name: Rules, area: \"1000000000\", languages: [ceb]}\n"
    "organizations:\n"
    "  - {id: ex-rules, example: true, name: EXAMPLE Rules, kind: ngo, data_sharing_agreement: 2026-01-10}\n"
    "  - {id: ex-others, example: true, name: EXAMPLE Others, kind: ngo, data_sharing_agreement: 2026-01-10}\n"
    "providers:\n";

/* @more: lines of the provider; @offerings: lines of its list. */
static const struct {
    const char *id, *place, *more, *offerings;
} providers[] = {
    {"ex-open", "area: \"1030500000\", disclosure: public", "",
     "      - {service: individual-counseling, variant: teens, eligibility: {age: [7, 17]}, CAPACITY}\n"
     "      - {service: individual-counseling, variant: girls, eligibility: {sex: female}, CAPACITY}\n"
     "      - {service: individual-counseling, variant: deaf, eligibility: {groups: [deaf]}, CAPACITY}\n"
     "      - {service: individual-counseling, variant: others,"
     "         eligibility: {not_for: [pregnant-or-parenting]}, CAPACITY}\n"
     "      - {service: individual-counseling, variant: papers,"
     "         eligibility: {documents: [referral-letter]}, CAPACITY}\n"
     "      - {service: individual-counseling, variant: alone, eligibility: {siblings_up_to: 1}, CAPACITY}\n"
     "      - {service: individual-counseling, variant: slow,"
     "         capacity: {total: 9, occupied: 0, as_of: 2026-11-20, source: phone, wait_days: 20}}\n"
     "      - {service: individual-counseling, hours: \"Mo-Fr 08:00-17:00\", CAPACITY}\n"
     "      - {service: trauma-therapy, CAPACITY}\n"
     "      - {service: kinship-care, CAPACITY}\n"
     "      - {service: supported-family-care, CAPACITY}\n"
     "      - {service: protective-custody}\n"},
    {"ex-served", "area: \"1030500000\", disclosure: public", "    serves: [\"1030500000\"]\n",
     "      - {service: individual-counseling, CAPACITY}\n"},
    {"ex-line", "area: \"1030500000\", disclosure: public", "    remote: true\n",
     "      - {service: individual-counseling, CAPACITY}\n"},
    {"ex-paused", "area: \"1030500000\", disclosure: public", "    status: paused\n",
     "      - {service: individual-counseling, CAPACITY}\n"},
    {"ex-closed", "area: \"1030500000\", disclosure: public", "    status: closed\n",
     "      - {service: individual-counseling, CAPACITY}\n"},
    {"ex-stopped", "area: \"1030500000\", disclosure: public", "    status: suspended\n",
     "      - {service: individual-counseling, CAPACITY}\n"},
    {"ex-restricted-1", "area: \"1000000000\", disclosure: restricted, show_area: \"1000000000\"",
     "    display_name: EXAMPLE Restricted\n",
     "      - {service: individual-counseling, CAPACITY}\n"
     "      - {service: emergency-shelter, CAPACITY}\n"},
};

typedef struct {
    World *world;
    carenet_store *store;
} Desk;

static void
import_region(Desk *desk)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) text = g_string_new(region);
    g_autofree char *path = g_build_filename(desk->world->folder, "rules.yaml", NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(providers); i++)
        g_string_append_printf(
            text,
            "  - id: %s\n    example: true\n    organization: ex-rules\n    name: EXAMPLE House %zu\n"
            "    place: {%s}\n    contact: {role: intake desk%s}\n    languages: [ceb]\n"
            "    listing_consent: 2026-01-10\n    verified: {on: 2026-10-01, by: phone}\n%s"
            "    offerings:\n%s",
            providers[i].id, i, providers[i].place,
            strcmp(providers[i].id, "ex-restricted-1") == 0 ? ", gateway: ex-open" : "",
            providers[i].more, providers[i].offerings);
    g_string_replace(text, "CAPACITY",
                     "capacity: {total: 9, occupied: 0, as_of: 2026-11-20, source: phone}", 0);
    assert_true(g_file_set_contents(path, text->str, -1, NULL));
    if (!carenet_store_import(desk->store, (const char *const[]){path}, 1, NULL, NULL, NULL,
                              &error))
        fail_msg("%s", error->message);
}

static int
set_up(void **state)
{
    Desk *desk = g_new0(Desk, 1);
    desk->world = world_new();
    desk->store = world_make(desk->world);
    import_region(desk);
    *state = desk;
    return 0;
}

static int
tear_down(void **state)
{
    Desk *desk = *state;
    carenet_store_close(desk->store);
    world_free(desk->world);
    g_free(desk);
    return 0;
}

/* ---- Sending. */

/* "age: 9" and the like take the place of what is usual. */
static char *
describe(const char *ref, const char *facts)
{
    static const struct {
        const char *key, *usual;
    } usual[] = {{"area:", "area: \"1030500000\""},
                 {"age:", "age: 15"},
                 {"consent:", "consent: full"},
                 {"needs:", "needs: [individual-counseling]"}};
    g_autoptr(GString) text = g_string_new(NULL);
    g_string_append_printf(text, "{ref: %s", ref);
    for (gsize i = 0; i < G_N_ELEMENTS(usual); i++)
        if (strstr(facts, usual[i].key) == NULL)
            g_string_append_printf(text, ", %s", usual[i].usual);
    g_string_append_printf(text, "%s%s}", *facts != '\0' ? ", " : "", facts);
    return g_strdup(text->str);
}

/* (transfer full) */
static carenet_cases *
read_cases(Desk *desk, const char *text)
{
    g_autoptr(GError) error = NULL;
    carenet_cases *cases =
        carenet_cases_parse(desk->world->reference, text, strlen(text), "cases", 0, NULL, &error);
    if (cases == NULL)
        fail_msg("%s: %s", text, error->message);
    return cases;
}

typedef struct {
    gboolean despite, draft, waitlist, dry_run;
    const char *key;
} How;

static carenet_table *
send_case(Desk *desk,
          const carenet_cases *cases,
          gsize i,
          const char *offering,
          How how,
          GError **error)
{
    carenet_acting acting = world_acting();
    carenet_referral_options to;
    carenet_referral_options_init(&to);
    to.offering = offering;
    to.despite = how.despite;
    to.draft = how.draft;
    to.waitlist = how.waitlist;
    acting.dry_run = how.dry_run;
    acting.key = how.key;
    return carenet_referral_send(desk->store, cases, i, &to, &acting, error);
}

static carenet_table *
send_one(Desk *desk, const char *facts, const char *offering, How how, GError **error)
{
    g_autofree char *text = describe("C-1", facts);
    g_autoptr(carenet_cases) cases = read_cases(desk, text);
    return send_case(desk, cases, 0, offering, how, error);
}

/* Everything that a referral could leave behind. */
static gint64
count_all(Desk *desk)
{
    return world_ask(desk->store,
                     "SELECT records + cases + referrals + holds"
                     " + (SELECT count(*) FROM referral) + (SELECT count(*) FROM audit_record)"
                     " + (SELECT count(*) FROM case_record) + (SELECT count(*) FROM hold)"
                     " + (SELECT count(*) FROM request) FROM journal");
}

/* The error says the reason at its end, and nothing was written. */
static void
expect_refused(Desk *desk,
               const carenet_cases *cases,
               gsize i,
               const char *offering,
               How how,
               carenet_error_code code,
               const char *reason)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *ending = g_strdup_printf("[%s]", reason);
    const gint64 before = count_all(desk);
    g_autoptr(carenet_table) row = send_case(desk, cases, i, offering, how, &error);
    if (row != NULL)
        fail_msg("%s was sent to: %s", offering, reason);
    if (carenet_error_get_code(error) != code || !g_str_has_suffix(error->message, ending) ||
        !g_str_has_prefix(error->message, offering))
        fail_msg("%s, not %s: %s", carenet_error_code_name(carenet_error_get_code(error)), reason,
                 error->message);
    assert_non_null(carenet_error_get_hint(error));
    assert_int_equal(count_all(desk), before);
}

static size_t
despite_len(const carenet_table *row)
{
    return carenet_table_list_len(row, 0, (size_t)carenet_table_column_index(row, "despite"));
}

static const char *
despite_at(const carenet_table *row, size_t i)
{
    return carenet_table_list_get(row, 0, (size_t)carenet_table_column_index(row, "despite"), i);
}

static void
call_off(Desk *desk, const carenet_table *row)
{
    const carenet_acting acting = world_acting();
    g_autoptr(GError) error = NULL;
    g_autoptr(carenet_table) gone =
        carenet_referral_cancel(desk->store, world_text(row, "id"), "other", &acting, &error);
    if (gone == NULL)
        fail_msg("%s", error->message);
}

static void
expect_sent(Desk *desk, const carenet_cases *cases, gsize i, const char *offering)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(carenet_table) row = send_case(desk, cases, i, offering, (How){0}, &error);
    if (row == NULL)
        fail_msg("%s", error->message);
    assert_string_equal(world_text(row, "state"), "sent");
    assert_int_equal(despite_len(row), 0);
}

/* ---- One rule after the other. */

static const struct {
    const char *facts, *offering, *reason;
    gboolean passed_by_despite;
} misfits[] = {
    {"age: 19", OPEN "/teens", "age", TRUE},
    {"sex: male", OPEN "/girls", "sex", TRUE},
    {"", OPEN "/deaf", "group", TRUE},
    {"groups: [pregnant-or-parenting]", OPEN "/others", "not-for", TRUE},
    {"", OPEN "/papers", "documents", TRUE},
    {"access: [wheelchair]", OPEN, "access", TRUE},
    {"urgency: emergency", OPEN, "intake-closed", TRUE}, /* at midnight */
    {"needs: [{service: individual-counseling, before: 2026-12-01}]", OPEN "/slow", "too-late",
     TRUE},
    {"area: Butuan", "ex-served/individual-counseling", "not-served", TRUE},
    {"area: Butuan, max_travel_min: 60", OPEN, "too-far", TRUE},
    {"", "ex-line/individual-counseling", "remote-unsafe", TRUE},
    {"needs: [trauma-therapy]", "ex-open/trauma-therapy", "capability", TRUE},
    {"needs: [emergency-shelter]", "ex-restricted-1/emergency-shelter", "accreditation", TRUE},
    {"needs: [kinship-care]", "ex-open/kinship-care", "assessment", TRUE},
    {"needs: [protective-custody]", "ex-open/protective-custody", "not-routable", TRUE},
    {"needs: [trauma-therapy]", OPEN, "not-offered", FALSE},
    {"", "ex-paused/individual-counseling", "paused", FALSE},
    {"", "ex-closed/individual-counseling", "closed", FALSE},
};

static void
what_does_not_fit(void **state)
{
    Desk *desk = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(misfits); i++) {
        g_autofree char *text = describe("C-1", misfits[i].facts);
        g_autofree char *words = g_strdup_printf("[%s]", misfits[i].reason);
        g_autoptr(carenet_cases) cases = read_cases(desk, text);
        g_autoptr(GError) error = NULL;
        const How hows[] = {{0}, {.draft = TRUE}, {.waitlist = TRUE}, {.dry_run = TRUE}};
        for (gsize k = 0; k < G_N_ELEMENTS(hows); k++)
            expect_refused(desk, cases, 0, misfits[i].offering, hows[k], CARENET_ERROR_STATE,
                           misfits[i].reason);
        g_autoptr(carenet_table) row =
            send_case(desk, cases, 0, misfits[i].offering, (How){.despite = TRUE}, &error);
        if ((row != NULL) != misfits[i].passed_by_despite)
            fail_msg("%s: %s", misfits[i].reason, error != NULL ? error->message : "sent");
        if (row == NULL)
            continue;
        assert_int_equal(despite_len(row), 1);
        assert_true(g_str_has_suffix(despite_at(row, 0), words));
        call_off(desk, row);
    }
}

static const struct {
    const char *facts, *offering, *reason;
} dangers[] = {
    {"", "ex-stopped/individual-counseling", "suspended"},
    {"offender: {areas: [\"1030500000\"]}", OPEN, "offender"},
    {"offender: {providers: [ex-open]}", OPEN, "offender"},
    {"offender: {organizations: [ex-rules]}", OPEN, "offender"},
    {"offender: {in_household: true}, needs: [supported-family-care]",
     "ex-open/supported-family-care", "offender"},
    {"avoid: {providers: [ex-open]}", OPEN, "avoided"},
    {"avoid: {areas: [\"1000000000\"]}", OPEN, "avoided"},
    {"avoid: {organizations: [ex-rules]}", OPEN, "avoided"},
    {"avoid: {areas: [\"1030500000\"]}", "ex-restricted-1/individual-counseling", "safety-check"},
    {"offender: {areas: [\"1030500000\"]}", "ex-restricted-1/individual-counseling",
     "safety-check"},
    /* Neither urgency nor anything else that does not fit changes that. */
    {"avoid: {providers: [ex-open]}, urgency: emergency", OPEN, "avoided"},
    {"avoid: {providers: [ex-open]}, age: 30", OPEN "/teens", "avoided"},
    {"avoid: {providers: [ex-paused]}", "ex-paused/individual-counseling", "avoided"},
};

static void
what_is_not_safe(void **state)
{
    Desk *desk = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(dangers); i++) {
        g_autofree char *text = describe("C-1", dangers[i].facts);
        g_autoptr(carenet_cases) cases = read_cases(desk, text);
        const How hows[] = {{0},
                            {.despite = TRUE},
                            {.despite = TRUE, .draft = TRUE},
                            {.despite = TRUE, .waitlist = TRUE},
                            {.despite = TRUE, .dry_run = TRUE}};
        for (gsize k = 0; k < G_N_ELEMENTS(hows); k++)
            expect_refused(desk, cases, 0, dangers[i].offering, hows[k], CARENET_ERROR_REFUSED,
                           dangers[i].reason);
    }
}

/* All that it was sent despite is told, once. */
static void
several_at_once(void **state)
{
    Desk *desk = *state;
    g_autoptr(GError) error = NULL;
    const How how = {.despite = TRUE, .key = "k-1"};
    g_autoptr(carenet_table) row =
        send_one(desk, "age: 19, access: [wheelchair]", OPEN "/teens", how, &error);
    assert_non_null(row);
    assert_int_equal(despite_len(row), 2);
    assert_string_equal(despite_at(row, 0), "takes ages 7 to 17 [age]");
    assert_string_equal(despite_at(row, 1), "lacks wheelchair [access]");
    assert_null(strstr(world_text(row, "basis"), "age"));
    g_autoptr(carenet_table) again =
        send_one(desk, "age: 19, access: [wheelchair]", OPEN "/teens", how, &error);
    assert_true(
        carenet_table_get_bool(again, 0, (size_t)carenet_table_column_index(again, "replayed")));
    assert_int_equal(despite_len(again), 0);
    /* Without it, that is another request. */
    assert_null(send_one(desk, "age: 19, access: [wheelchair]", OPEN "/teens", (How){.key = "k-1"},
                         &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_CONFLICT);
    /* Nothing of the case stands in the chain. */
    assert_int_equal(world_ask(desk->store, "SELECT count(*) FROM audit_record"
                                            " WHERE detail LIKE '%age%' OR detail LIKE '%wheel%'"),
                     0);
}

/* Places and consent are looked at as ever, and have the last word. */
static void
what_the_store_looks_at_itself(void **state)
{
    static const struct {
        const char *facts, *offering;
        carenet_error_code code; /* 0: sent */
    } cases[] = {
        {"consent: none", OPEN, CARENET_ERROR_REFUSED},
        {"consents: [{by: lswdo, to: ex-served}]", OPEN, CARENET_ERROR_REFUSED},
        {"needs: [{service: individual-counseling, units: 10}]", OPEN, CARENET_ERROR_CAPACITY},
        {"needs: [trauma-therapy]", "ex-three/trauma-therapy", CARENET_ERROR_CAPACITY},
        {"", "nowhere/trauma-therapy", CARENET_ERROR_NOT_FOUND},
        {"", OPEN, 0},
    };
    Desk *desk = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(carenet_table) row =
            send_one(desk, cases[i].facts, cases[i].offering, (How){0}, &error);
        assert_int_equal(error != NULL ? carenet_error_get_code(error) : 0, cases[i].code);
    }
}

static void
an_unknown_name(void **state)
{
    Desk *desk = *state;
    g_autoptr(GError) error = NULL;
    assert_null(send_one(desk, "", "ex-open/individual-counselling", (How){0}, &error));
    assert_string_equal(error->message,
                        "there is no provider or offering \"ex-open/individual-counselling\"");
    assert_non_null(strstr(carenet_error_get_hint(error), "ex-open/individual-counseling"));
    assert_null(send_one(desk, "", "nobody", (How){0}, NULL));
}

/* ---- Others. */

/* (transfer full) */
static carenet_cases *
read_list(Desk *desk, const char *const *facts, gsize len)
{
    g_autoptr(GString) text = g_string_new("cases:\n");
    for (gsize i = 0; i < len; i++) {
        g_autofree char *ref = g_strdup_printf("C-%zu", i + 1);
        g_autofree char *one = describe(ref, facts[i]);
        g_string_append_printf(text, "- %s\n", one);
    }
    return read_cases(desk, text->str);
}
#define READ_LIST(desk, ...)                              \
    read_list((desk), (const char *const[]){__VA_ARGS__}, \
              sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static void
who_must_not_meet(void **state)
{
    static const struct {
        const char *one, *other, *reason;
    } pairs[] = {
        {"keep_apart: [C-2]", "known_to: [ex-open]", "co-victim"},
        {"age: 15", "keep_apart: [C-1], known_to: [ex-open]", "co-victim"},
        {"siblings: {group: S-1, keep: apart}",
         "siblings: {group: S-1, keep: prefer}, known_to: [ex-open]", "sibling-apart"},
        {"siblings: {group: S-1, keep: prefer}",
         "siblings: {group: S-1, keep: apart}, known_to: [ex-open]", "sibling-apart"},
    };
    Desk *desk = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(pairs); i++) {
        g_autoptr(carenet_cases) cases = READ_LIST(desk, pairs[i].one, pairs[i].other);
        expect_refused(desk, cases, 0, OPEN, (How){.despite = TRUE}, CARENET_ERROR_REFUSED,
                       pairs[i].reason);
        g_autoptr(carenet_table) row =
            send_case(desk, cases, 0, "ex-served/individual-counseling", (How){0}, NULL);
        assert_non_null(row);
        call_off(desk, row);
    }
    /* A sibling who must come along must not meet them either. */
    g_autoptr(carenet_cases) three = READ_LIST(
        desk, "siblings: {group: S-1, keep: require}",
        "siblings: {group: S-1, keep: require}, keep_apart: [C-3]", "known_to: [ex-open]");
    expect_refused(desk, three, 0, OPEN, (How){.despite = TRUE}, CARENET_ERROR_REFUSED,
                   "co-victim");
}

/* Where somebody was referred before the store knows, whatever the list says: drafts too, and not once it
 * has ended. */
static void
whom_the_store_knows(void **state)
{
    Desk *desk = *state;
    const carenet_acting acting = world_acting();
    const How hows[] = {{0}, {.draft = TRUE}};
    for (gsize i = 0; i < G_N_ELEMENTS(hows); i++) {
        g_autoptr(carenet_cases) both = READ_LIST(desk, "age: 15", "keep_apart: [C-1]");
        g_autoptr(carenet_cases) alone =
            read_cases(desk, "{ref: C-3, area: \"1030500000\", consent: full, keep_apart: [C-1],"
                             " needs: [individual-counseling]}");
        g_autoptr(carenet_table) first = send_case(desk, both, 0, OPEN "/girls", hows[i], NULL);
        assert_non_null(first);
        expect_refused(desk, both, 1, OPEN, (How){.despite = TRUE}, CARENET_ERROR_REFUSED,
                       "co-victim");
        expect_refused(desk, alone, 0, OPEN, (How){.despite = TRUE}, CARENET_ERROR_REFUSED,
                       "co-victim");
        expect_sent(desk, alone, 0, "ex-served/individual-counseling");
        g_autoptr(carenet_table) listed = carenet_referral_list(desk->store, NULL, NULL);
        call_off(desk, listed);
        call_off(desk, first);
        expect_sent(desk, both, 1, OPEN);
        g_autoptr(carenet_table) last = carenet_referral_list(desk->store, NULL, NULL);
        call_off(desk, last);
    }
    /* Nobody answered in time: the place is free again, and nobody is there. */
    g_autoptr(carenet_cases) both = READ_LIST(desk, "age: 15", "keep_apart: [C-1]");
    expect_sent(desk, both, 0, OPEN);
    expect_refused(desk, both, 1, OPEN, (How){0}, CARENET_ERROR_REFUSED, "co-victim");
    desk->world->wall_s += 3 * CN_DAY_S;
    desk->world->boot_s += 3 * CN_DAY_S;
    expect_sent(desk, both, 1, OPEN);
    (void)acting;
}

/* Services that are not counted are no place where anybody meets. */
static void
who_does_not_meet(void **state)
{
    Desk *desk = *state;
    g_autoptr(carenet_cases) cases =
        READ_LIST(desk, "keep_apart: [C-2], needs: [protective-custody]", "known_to: [ex-open]");
    g_autoptr(GError) error = NULL;
    g_autoptr(carenet_table) row =
        send_case(desk, cases, 0, "ex-open/protective-custody", (How){.despite = TRUE}, &error);
    if (row == NULL)
        fail_msg("%s", error->message);
}

static void
siblings_who_go_along(void **state)
{
    static const struct {
        const char *facts, *offering, *reason; /* of the sibling; NULL: sent */
    } siblings[] = {
        {"age: 20", OPEN "/teens", "siblings-fit"},
        {"sex: male", OPEN "/girls", "siblings-fit"},
        {"avoid: {providers: [ex-open]}", OPEN, "siblings-fit"},
        {"needs: [{service: individual-counseling, before: 2026-12-01}]", OPEN "/slow",
         "siblings-fit"},
        {"age: 9", OPEN "/alone", "siblings-size"},
        {"age: 9", OPEN "/teens", NULL},
        {"age: 20, needs: [trauma-therapy]", OPEN "/teens", NULL},
    };
    Desk *desk = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(siblings); i++) {
        g_autofree char *sibling =
            g_strdup_printf("%s, siblings: {group: S-1, keep: require}", siblings[i].facts);
        g_autoptr(carenet_cases) cases =
            READ_LIST(desk, "siblings: {group: S-1, keep: require}", sibling);
        if (siblings[i].reason != NULL) {
            expect_refused(desk, cases, 0, siblings[i].offering, (How){0}, CARENET_ERROR_STATE,
                           siblings[i].reason);
            continue;
        }
        g_autoptr(carenet_table) row =
            send_case(desk, cases, 0, siblings[i].offering, (How){0}, NULL);
        assert_non_null(row);
        call_off(desk, row);
    }
}

/* ---- Time. */

/* Another process changes it between the directory that somebody looked at and the sending. */
static void
what_was_changed_meanwhile(void **state)
{
    static const struct {
        const char *sql, *reason;
        carenet_error_code code;
    } changes[] = {
        {"UPDATE offering SET age_min = 16, age_max = 17 WHERE id = '" OPEN "'", "age",
         CARENET_ERROR_STATE},
        {"UPDATE offering SET age_min = NULL, age_max = NULL, sex = 'male' WHERE id = '" OPEN "'",
         "sex", CARENET_ERROR_STATE},
        {"UPDATE offering SET sex = 'unstated' WHERE id = '" OPEN "'", NULL, 0},
        {"INSERT INTO provider_serves (network_id, provider_id, position, area)"
         " VALUES (1, 'ex-open', 0, '1630400000')",
         "not-served", CARENET_ERROR_STATE},
        {"UPDATE provider SET status = 'suspended' WHERE id = 'ex-open'", "suspended",
         CARENET_ERROR_REFUSED},
    };
    Desk *desk = *state;
    g_autoptr(GError) error = NULL;
    g_autoptr(carenet_store) other = world_open(desk->world, 200);
    g_autoptr(carenet_directory) directory = carenet_directory_load(desk->store, &error);
    g_autoptr(carenet_policy) policy = carenet_store_policy(desk->store, &error);
    g_autoptr(carenet_cases) cases =
        read_cases(desk, "{ref: C-1, area: \"1030500000\", age: 15, sex: female, consent: full,"
                         " needs: [individual-counseling]}");
    g_autoptr(carenet_routes) routes = carenet_route(directory, policy, cases, NULL, &error);
    assert_int_equal(carenet_routes_unmet_len(routes), 0);
    for (gsize i = 0; i < G_N_ELEMENTS(changes); i++) {
        if (!cn_store_exec(other, changes[i].sql, &error))
            fail_msg("%s: %s", changes[i].sql, error->message);
        if (changes[i].reason != NULL) {
            expect_refused(desk, cases, 0, OPEN, (How){0}, changes[i].code, changes[i].reason);
            continue;
        }
        g_autoptr(carenet_table) row = send_case(desk, cases, 0, OPEN, (How){0}, NULL);
        assert_non_null(row);
        call_off(desk, row);
    }
}

/* How long people wait, referrals tell where there are enough of them, as in the directory. */
static void
waiting_times_of_referrals(void **state)
{
    static const char before[] = "needs: [{service: individual-counseling, before: 2026-12-01}]";
    Desk *desk = *state;
    const carenet_acting acting = world_acting();
    for (gint i = 0; i < 5; i++) {
        g_autofree char *ref = g_strdup_printf("W-%d", i);
        g_autofree char *text = describe(ref, "");
        g_autoptr(carenet_cases) cases = read_cases(desk, text);
        g_autoptr(carenet_table) row = send_case(desk, cases, 0, OPEN "/slow", (How){0}, NULL);
        const char *id = world_text(row, "id");
        g_autoptr(carenet_table) accepted = carenet_referral_accept(desk->store, id, &acting, NULL);
        g_autoptr(carenet_table) started = carenet_referral_start(desk->store, id, &acting, NULL);
        assert_non_null(started);
        if (i == 3) {
            g_autofree char *late = describe("C-1", before);
            g_autoptr(carenet_cases) person = read_cases(desk, late);
            expect_refused(desk, person, 0, OPEN "/slow", (How){0}, CARENET_ERROR_STATE,
                           "too-late");
        }
    }
    g_autoptr(GError) error = NULL;
    g_autoptr(carenet_table) row = send_one(desk, before, OPEN "/slow", (How){0}, &error);
    if (row == NULL)
        fail_msg("%s", error->message);
}

/* The same request again is answered, though the rules speak against it by now. */
static void
a_request_that_comes_again(void **state)
{
    Desk *desk = *state;
    g_autoptr(GError) error = NULL;
    const How how = {.key = "k-1"};
    g_autoptr(carenet_table) first = send_one(desk, "", OPEN, how, &error);
    assert_non_null(first);
    assert_true(cn_store_exec(
        desk->store, "UPDATE provider SET status = 'suspended' WHERE id = 'ex-open'", NULL));
    g_autoptr(carenet_table) again = send_one(desk, "", OPEN, how, &error);
    assert_non_null(again);
    assert_string_equal(world_text(again, "id"), world_text(first, "id"));
}

/* Whoever was compiled against an older header knows neither `site_key` nor `despite`; what stands in the
 * bytes between the members that it knows counts for nothing. */
static void
older_options(void **state)
{
    Desk *desk = *state;
    const carenet_acting acting = world_acting();
    carenet_referral_options to;
    carenet_referral_options_init(&to);
    const size_t known = offsetof(carenet_referral_options, draft) + sizeof to.draft;
    memset((char *)&to + known, 0xff, sizeof to - known);
    to.size = offsetof(carenet_referral_options, site_key);
    to.offering = OPEN "/teens";
    g_autoptr(GError) error = NULL;
    g_autofree char *old = describe("C-1", "age: 19"), *young = describe("C-2", "age: 9");
    g_autoptr(carenet_cases) nineteen = read_cases(desk, old), nine = read_cases(desk, young);
    assert_null(carenet_referral_send(desk->store, nineteen, 0, &to, &acting, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_STATE);
    g_autoptr(carenet_table) row = carenet_referral_send(desk->store, nine, 0, &to, &acting, NULL);
    assert_non_null(row);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(what_does_not_fit),
        TEST(what_is_not_safe),
        TEST(several_at_once),
        TEST(what_the_store_looks_at_itself),
        TEST(an_unknown_name),
        TEST(who_must_not_meet),
        TEST(whom_the_store_knows),
        TEST(who_does_not_meet),
        TEST(siblings_who_go_along),
        TEST(what_was_changed_meanwhile),
        TEST(waiting_times_of_referrals),
        TEST(a_request_that_comes_again),
        TEST(older_options),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
