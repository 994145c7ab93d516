/* The taxonomy: building and its findings, order, finding a service by what people call it. */
#include "base/error.h"
#include "model/service.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

static const char *const shelter_aliases[] = {"safe house", "Tahanan", "MHPSS", NULL};
static const char *const health_aliases[] = {"MHPSS", "psychosocial", NULL};

static const CnServiceRow rows[] = {
    {.id = "therapy",
     .name = "Trauma therapy",
     .parent = "mental-health",
     .unit = CN_UNIT_SLOT,
     .gate = -1,
     .routable = TRUE},
    {.id = "mental-health",
     .name = "Mental health",
     .aliases = health_aliases,
     .unit = CN_UNIT_SLOT,
     .gate = -1,
     .routable = TRUE,
     .primero = "psychosocial_service"},
    {.id = "shelter",
     .name = "Emergency shelter",
     .aliases = shelter_aliases,
     .unit = CN_UNIT_BED,
     .gate = 2,
     .restrictiveness = 5,
     .sensitive = TRUE},
    {.id = "group-therapy",
     .name = "Group therapy",
     .parent = "therapy",
     .unit = CN_UNIT_SLOT,
     .gate = -1},
    {.id = "counseling",
     .name = "Counselling",
     .parent = "mental-health",
     .unit = CN_UNIT_SLOT,
     .gate = -1},
};

static CnTaxonomy *
build(void)
{
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    CnTaxonomy *taxonomy = cn_taxonomy_new(rows, G_N_ELEMENTS(rows), issues);
    assert_int_equal(cn_issue_list_len(issues), 0);
    return taxonomy;
}

static void
orders_terms(void **state)
{
    static const char *const ids[] = {"mental-health", "therapy", "group-therapy", "counseling",
                                      "shelter"};
    static const CnServiceId ends[] = {4, 3, 3, 4, 5}, parents[] = {-1, 0, 1, 0, -1};
    g_autoptr(CnTaxonomy) taxonomy = build();
    (void)state;
    assert_int_equal(cn_taxonomy_len(taxonomy), G_N_ELEMENTS(ids));
    for (CnServiceId i = 0; i < (CnServiceId)G_N_ELEMENTS(ids); i++) {
        assert_string_equal(cn_service(taxonomy, i)->id, ids[i]);
        assert_int_equal(cn_service(taxonomy, i)->end, ends[i]);
        assert_int_equal(cn_service(taxonomy, i)->parent, parents[i]);
        assert_int_equal(cn_service_by_id(taxonomy, ids[i]), i);
        for (CnServiceId outer = 0; outer < (CnServiceId)G_N_ELEMENTS(ids); outer++) {
            gboolean below = FALSE;
            for (CnServiceId at = i; at >= 0; at = cn_service(taxonomy, at)->parent)
                below = below || at == outer;
            assert_int_equal(cn_service_contains(taxonomy, outer, i), below);
        }
    }
    assert_false(cn_service_contains(taxonomy, CN_SERVICE_NONE, 0));
    assert_false(cn_service_contains(taxonomy, 0, CN_SERVICE_NONE));
    assert_int_equal(cn_service_by_id(taxonomy, "Therapy"), CN_SERVICE_NONE);
}

static void
keeps_what_rows_say(void **state)
{
    g_autoptr(CnTaxonomy) taxonomy = build();
    const CnService *shelter = cn_service(taxonomy, 4), *health = cn_service(taxonomy, 0);
    (void)state;
    assert_string_equal(shelter->name, "Emergency shelter");
    assert_true(shelter->sensitive && !shelter->routable && health->routable);
    assert_int_equal(shelter->restrictiveness, 5);
    assert_int_equal(shelter->gate, 2);
    assert_int_equal(shelter->unit, CN_UNIT_BED);
    assert_null(shelter->primero);
    assert_string_equal(health->primero, "psychosocial_service");
    assert_string_equal(shelter->aliases[1], "Tahanan");
    assert_null(shelter->aliases[3]);
    assert_null(cn_service(taxonomy, 1)->aliases[0]);
    assert_ptr_not_equal(shelter->aliases[1], shelter_aliases[1]);
}

static void
resolves_names(void **state)
{
    static const struct {
        const char *name, *id; /* NULL: refused */
        carenet_error_code code;
        const char *hint;
    } cases[] = {
        {"mental-health", "mental-health", 0, NULL},
        {"Mental  Health", "mental-health", 0, NULL},
        {"THERAPY", "therapy", 0, NULL},
        {"trauma therapy", "therapy", 0, NULL},
        {"Safe-House", "shelter", 0, NULL},
        {"counselling", "counseling", 0, NULL},
        {"mhpss", NULL, CARENET_ERROR_INVALID_ARGUMENT, "mental-health, shelter"},
        {"terapy", NULL, CARENET_ERROR_NOT_FOUND, "did you mean therapy?"},
        {"tahanam", NULL, CARENET_ERROR_NOT_FOUND, "did you mean shelter?"},
        {"nothing of the kind", NULL, CARENET_ERROR_NOT_FOUND, "give an id"},
        {"", NULL, CARENET_ERROR_NOT_FOUND, "give an id"},
        {"--", NULL, CARENET_ERROR_NOT_FOUND, "give an id"},
        {"\xFF", NULL, CARENET_ERROR_NOT_FOUND, "give an id"},
    };
    g_autoptr(CnTaxonomy) taxonomy = build();
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        CnServiceId service = 77;
        g_autoptr(GError) error = NULL;
        gboolean ok = cn_service_resolve(taxonomy, cases[i].name, &service, &error);
        if (ok != (cases[i].id != NULL))
            fail_msg("\"%s\": %d", cases[i].name, service);
        if (ok) {
            assert_string_equal(cn_service(taxonomy, service)->id, cases[i].id);
            continue;
        }
        assert_int_equal(service, 77);
        assert_int_equal(carenet_error_get_code(error), cases[i].code);
        assert_non_null(strstr(carenet_error_get_hint(error), cases[i].hint));
        assert_false(cn_service_resolve(taxonomy, cases[i].name, &service, NULL));
    }
}

static void
finds_what_is_wrong(void **state)
{
    static const struct {
        CnServiceRow rows[5];
        guint len;
        const char *findings;
    } cases[] = {
        {{{.id = "A b", .name = "x"}}, 1, "wrong-id@1"},
        {{{.id = "a", .name = ""}}, 1, "missing-value@1"},
        {{{.id = "a", .name = "x", .restrictiveness = 7}}, 1, "impossible-value@1"},
        {{{.id = "a", .name = "x", .restrictiveness = -1}}, 1, "impossible-value@1"},
        {{{.id = "a", .name = "x"}, {.id = "a", .name = "y"}}, 2, "duplicate-id@2"},
        {{{.id = "abcd", .name = "x"}, {.id = "b", .name = "y", .parent = "abce"}},
         2,
         "unknown-service@2"},
        {{{.id = "a", .name = "x", .parent = "a"}}, 1, "too-deep@1"},
        {{{.id = "a", .name = "x", .parent = "b"}, {.id = "b", .name = "y", .parent = "a"}},
         2,
         "too-deep@1 too-deep@2"},
        {{{.id = "a", .name = "x"},
          {.id = "b", .name = "x", .parent = "a"},
          {.id = "c", .name = "x", .parent = "b"},
          {.id = "d", .name = "x", .parent = "c"},
          {.id = "e", .name = "x", .parent = "d"}},
         5,
         "too-deep@4 too-deep@5"},
    };
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(CnIssueList) issues = cn_issue_list_new();
        CnServiceRow placed[5];
        GString *findings = g_string_new(NULL);
        for (guint k = 0; k < cases[i].len; k++) {
            placed[k] = cases[i].rows[k];
            placed[k].pos = (CnPos){"t", k + 1, 1};
        }
        assert_null(cn_taxonomy_new(placed, cases[i].len, issues));
        for (guint k = 0; k < cn_issue_list_len(issues); k++) {
            const CnIssue *issue = cn_issue_list_get(issues, k);
            g_string_append_printf(findings, "%s%s@%u", k > 0 ? " " : "", issue->tag,
                                   issue->pos.line);
        }
        assert_string_equal(findings->str, cases[i].findings);
        g_string_free(findings, TRUE);
    }
}

static void
names_units(void **state)
{
    static const char *const names[] = {"bed", "place", "caseload", "slot",
                                        "kit", "grant", "team",     "none"};
    CnUnit unit;
    (void)state;
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        assert_true(cn_unit_parse(names[i], &unit));
        assert_int_equal(unit, i);
        assert_string_equal(cn_unit_name(unit), names[i]);
    }
    assert_false(cn_unit_parse("beds", &unit));
    assert_int_equal(unit, CN_UNIT_NONE);
}

static void
an_empty_taxonomy_is_one(void **state)
{
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    g_autoptr(CnTaxonomy) taxonomy = cn_taxonomy_new(NULL, 0, issues);
    CnServiceId service;
    (void)state;
    assert_int_equal(cn_taxonomy_len(taxonomy), 0);
    assert_false(cn_service_resolve(taxonomy, "x", &service, NULL));
    cn_taxonomy_free(NULL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(orders_terms),   cmocka_unit_test(keeps_what_rows_say),
        cmocka_unit_test(resolves_names), cmocka_unit_test(finds_what_is_wrong),
        cmocka_unit_test(names_units),    cmocka_unit_test(an_empty_taxonomy_is_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
