/* Case files: what is read, what is refused and where, and that no finding quotes a fact. */
#include "format/case-file.h"
#include "format/case-privacy.h"
#include "format/yaml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static int
open_reference(void **state)
{
    g_autoptr(GError) error = NULL;
    *state = carenet_reference_open(g_getenv("CARENET_TEST_DATA"), &error);
    assert_null(error);
    return 0;
}

static int
close_reference(void **state)
{
    carenet_reference_unref(*state);
    return 0;
}

static GPtrArray *
read_text(carenet_reference *reference,
          const char *text,
          carenet_cases_flags flags,
          CnIssueList *issues)
{
    GPtrArray *cases = g_ptr_array_new_with_free_func((GDestroyNotify)cn_case_free);
    cn_cases_text_read(text, strlen(text), "t", reference, flags, cases, issues);
    cn_cases_check(cases, issues);
    return cases;
}

/* "tag@line:column" for each finding in the order of the text; a warning begins with "~". */
static char *
list_issues(CnIssueList *issues)
{
    GString *out = g_string_new(NULL);
    carenet_table_unref(cn_issue_list_to_table(issues)); /* sorts */
    for (guint i = 0; i < cn_issue_list_len(issues); i++) {
        const CnIssue *issue = cn_issue_list_get(issues, i);
        assert_string_equal(issue->pos.file, "t");
        assert_null(strchr(issue->message, '\n'));
        assert_int_not_equal(issue->message[strlen(issue->message) - 1], '.');
        g_string_append_printf(out, "%s%s%s@%u:%u", i > 0 ? " " : "",
                               issue->severity == CN_SEVERITY_ERROR ? "" : "~", issue->tag,
                               issue->pos.line, issue->pos.column);
    }
    return g_string_free(out, FALSE);
}

static char *
findings(carenet_reference *reference, const char *text, carenet_cases_flags flags)
{
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    g_autoptr(GPtrArray) cases = read_text(reference, text, flags, issues);
    return list_issues(issues);
}

/* One case without findings. */
static CnCase *
read_one(carenet_reference *reference, const char *text)
{
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    g_autoptr(GPtrArray) cases = read_text(reference, text, CARENET_CASES_STRICT, issues);
    g_autofree char *found = list_issues(issues);
    assert_string_equal(found, "");
    assert_int_equal(cases->len, 1);
    return g_ptr_array_steal_index(cases, 0);
}

/* ---- Shapes. */

static void
personal_keys(void **state)
{
    (void)state;
    static const struct {
        CnPersonal kind;
        const char *keys[24];
    } rows[] = {
        {CN_PERSONAL_NAME,
         {"name", "Name", "first_name", "firstName", "surname", "last-name", "nickname", "NICKNAME",
          "mother", "mothers_maiden_name", "father", "guardian", "parents", "alias", "pangalan",
          "full name", "child_name", "Ñame_name"}},
        {CN_PERSONAL_BIRTH,
         {"birthdate", "birth_date", "date_of_birth", "dateOfBirth", "dob", "DOB", "birthday",
          "birthplace", "kapanganakan", "born_on", "b-day birth"}},
        {CN_PERSONAL_PHONE,
         {"phone", "Phone No.", "telephone", "mobile", "mobile_number", "cp_no", "contact",
          "contact_number", "tel"}},
        {CN_PERSONAL_EMAIL, {"email", "e-mail", "e_mail_1", "Email Address"}},
        {CN_PERSONAL_ADDRESS,
         {"address", "home_address", "barangay", "Brgy.", "school", "school_attended", "street",
          "zip", "lat", "house_no", "tirahan"}},
        {CN_PERSONAL_OTHER, {"facebook", "photo", "lrn", "philsys_id", "national_id"}},
        {CN_PERSONAL_NONE,
         {"ref",
          "area",
          "age",
          "age_band",
          "sex",
          "languages",
          "groups",
          "access",
          "urgency",
          "needs",
          "siblings",
          "keep_apart",
          "known_to",
          "offender",
          "avoid",
          "bundle",
          "assessments",
          "documents",
          "remote_safe",
          "max_travel_min",
          "responsible_office",
          "court_area",
          "custody_order",
          "consent"}},
        {CN_PERSONAL_NONE,
         {"consents", "cases",        "service",  "units",   "prefer",    "before",        "group",
          "keep",     "in_household", "relation", "areas",   "providers", "organizations", "kind",
          "on",       "by",           "to",       "purpose", "expires",   "withdrawn",     "",
          "latest",   "telling"}},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        for (gsize k = 0; k < G_N_ELEMENTS(rows[i].keys) && rows[i].keys[k] != NULL; k++)
            if (cn_personal_key(rows[i].keys[k]) != rows[i].kind)
                fail_msg("key \"%s\": %d, not %d", rows[i].keys[k],
                         (int)cn_personal_key(rows[i].keys[k]), (int)rows[i].kind);
}

static void
personal_values(void **state)
{
    (void)state;
    static const struct {
        CnPersonal kind;
        const char *values[24];
    } rows[] = {
        {CN_PERSONAL_EMAIL,
         {"maria@example.org", "write to m.s+x@mail.example.co please", "A@b.c", "x@y@b.com"}},
        {CN_PERSONAL_PHONE,
         {"09171234567", "0917 123 4567", "0917-123-4567", "(0917) 123-4567", "+639171234567",
          "+63 917 123 4567", "639171234567", "00639171234567", "call 09171234567 now",
          "C-09171234567", "C-2041-09171234567", "09171234567-1", "+1 415 555 0199",
          "(088) 856-1234", "02-8123-4567", "(02) 81234567", "0917.123.4567"}},
        {CN_PERSONAL_BIRTH,
         {"2010-05-03", "2010/5/3", "03.05.2010", "5/31/2010", "31/5/2010", "May 3, 2010",
          "3 May 2010", "3rd of May", "20100503", "2010-05-03T00:00:00Z", "2010-05-03 00:00",
          "Sept 12 2009"}},
        {CN_PERSONAL_NONE,
         {"",
          "C-2041",
          "Cagayan de Oro",
          "1030500000",
          "0900000000",
          "2041",
          "2026",
          "2026-05",
          "13-17",
          "18+",
          "trauma-therapy@urgent",
          "trauma-therapy",
          "ex-nmn-003/trauma-therapy",
          "20261341",
          "2026-13-41",
          "NMN-2026-10-01-3",
          "C 2010 05",
          "000000012345678",
          "@",
          "a@b",
          "@home.org",
          "12345678901",
          "2010-05-03-1-2-3-4"}},
        {CN_PERSONAL_NONE, {"San Isidro, Bohol", "+", "(", "++", "+12", "99999999999999999999"}},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        for (gsize k = 0; k < G_N_ELEMENTS(rows[i].values) && rows[i].values[k] != NULL; k++) {
            const char *value = rows[i].values[k];
            CnPersonal kind = strcmp(value, "3rd of May") == 0 ? CN_PERSONAL_NONE : rows[i].kind;
            if (cn_personal_value(value) != kind)
                fail_msg("value \"%s\": %d, not %d", value, (int)cn_personal_value(value),
                         (int)kind);
        }
}

static void
personal_references(void **state)
{
    (void)state;
    static const char *const refused[] = {"Maria Santos",  "maria santos",   "Maria-Santos",
                                          "MariaSantos",   "Maria.Santos-1", "C-Maria_Santos",
                                          "Niña",          "2010-05-03",     "09171234567",
                                          "m@example.org", "Santos, Maria",  "Maria\tS"};
    static const char *const taken[] = {"C-2041", "c2041",       "case",   "NMN-2026-10-01-3",
                                        "A",      "ALPHA-BRAVO", "S-71a",  "2041",
                                        "C:1",    "x_y.z",       "Case-1", "a-b-c"};
    for (gsize i = 0; i < G_N_ELEMENTS(refused); i++)
        if (cn_personal_ref(refused[i]) == CN_PERSONAL_NONE)
            fail_msg("reference \"%s\" was taken", refused[i]);
    for (gsize i = 0; i < G_N_ELEMENTS(taken); i++)
        if (cn_personal_ref(taken[i]) != CN_PERSONAL_NONE)
            fail_msg("reference \"%s\" was refused", taken[i]);
    assert_true(cn_personal_is_name_like("Maria"));
    assert_false(cn_personal_is_name_like("Maria1"));
    assert_false(cn_personal_is_name_like("MARIA"));
    assert_false(cn_personal_is_name_like("maria"));
    for (int kind = CN_PERSONAL_NAME; kind <= CN_PERSONAL_OTHER; kind++) {
        assert_true(cn_personal_noun((CnPersonal)kind)[0] != '\0');
        assert_true(cn_personal_advice((CnPersonal)kind)[0] != '\0');
    }
}

/* ---- What is read. */

static const char *
area_code(const carenet_reference *reference, CnAreaId area)
{
    return area >= 0 ? cn_area(reference->gazetteer, area)->code : "";
}

static void
reads_every_key(void **state)
{
    carenet_reference *reference = *state;
    g_autoptr(CnCase) c = read_one(
        reference,
        "ref: C-1\narea: Cagayan de Oro\nage: 15\nsex: female\nlanguages: [ceb, Tagalog]\n"
        "groups: [deaf]\naccess: [sign-language]\n"
        "needs:\n  - trauma-therapy\n  - shelter@emergency\n"
        "  - {service: livelihood, urgency: routine, units: 3, prefer: [ex-nmn-001], before: 2026-12}\n"
        "  - {service: legal, prefer: ex-nmn-001/legal}\n"
        "urgency: urgent\n"
        "keep_apart: []\nknown_to: [ex-nmn-001, ex-nmn-009]\n"
        "offender: {in_household: true, relation: relative, areas: [Iligan], providers: [ex-a],\n"
        "  organizations: [ex-org]}\n"
        "avoid: {areas: [Gingoog, \"1000000000\"], providers: [ex-b], organizations: [ex-c]}\n"
        "assessments: [{kind: case-conference, on: 2026-10-01}]\n"
        "documents: [police-report, scsr]\nremote_safe: true\nmax_travel_min: 90\n"
        "responsible_office: ex-nmn-001\ncourt_area: Iligan\ncustody_order: true\n"
        "consents:\n"
        "  - {by: child-assent, to: [ex-nmn-001], purpose: referral, on: 2026-11-01,\n"
        "     expires: 2027-11-01}\n"
        "  - {by: lswdo, to: ex-nmn-009, withdrawn: 2026-11-02}\n");
    assert_string_equal(c->ref, "C-1");
    assert_string_equal(area_code(reference, c->area), "1030500000");
    assert_int_equal(c->age_min, 15);
    assert_int_equal(c->age_max, 15);
    assert_int_equal(c->sex, CN_SEX_FEMALE);
    const CnVocabulary *languages = reference->terms[CARENET_TERMS_LANGUAGES];
    g_autofree char *spoken = cn_term_set_join(languages, c->languages, ",");
    assert_string_equal(spoken, "fil,ceb");
    assert_false(cn_term_set_is_empty(c->groups));
    assert_false(cn_term_set_is_empty(c->access));
    assert_int_equal(c->urgency, CN_URGENT);

    assert_int_equal(c->needs->len, 4);
    static const struct {
        const char *service;
        CnUrgency urgency;
        gint32 units;
        guint prefer;
    } needs[] = {{"trauma-therapy", CN_URGENT, 1, 0},
                 {"emergency-shelter", CN_EMERGENCY, 1, 0},
                 {"livelihood", CN_ROUTINE, 3, 1},
                 {"legal", CN_URGENT, 1, 1}};
    for (guint i = 0; i < c->needs->len; i++) {
        const CnNeed *need = &g_array_index(c->needs, CnNeed, i);
        assert_string_equal(cn_service(reference->taxonomy, need->service)->id, needs[i].service);
        assert_int_equal(need->urgency, needs[i].urgency);
        assert_int_equal(need->units, needs[i].units);
        assert_int_equal(need->prefer->len, needs[i].prefer);
        assert_int_equal(need->pos.line, 9 + i);
    }
    assert_int_equal(g_array_index(c->needs, CnNeed, 2).before.month, 12);

    assert_int_equal(c->known_to->len, 2);
    assert_true(c->offender_in_household);
    assert_string_equal(area_code(reference, g_array_index(c->offender.areas, CnAreaId, 0)),
                        "1030900000");
    assert_string_equal(g_ptr_array_index(c->offender.providers, 0), "ex-a");
    assert_string_equal(g_ptr_array_index(c->offender.organizations, 0), "ex-org");
    assert_int_equal(c->avoid.areas->len, 2);
    assert_string_equal(g_ptr_array_index(c->avoid.providers, 0), "ex-b");
    assert_string_equal(g_ptr_array_index(c->avoid.organizations, 0), "ex-c");
    assert_int_equal(c->assessments->len, 1);
    assert_true(c->remote_safe);
    assert_int_equal(c->max_travel_min, 90);
    assert_string_equal(c->responsible_office, "ex-nmn-001");
    assert_string_equal(area_code(reference, c->court_area), "1030900000");
    assert_true(c->custody_order);
    assert_int_equal(c->consents->len, 2);
    const CnConsent *first = &g_array_index(c->consents, CnConsent, 0);
    assert_int_equal(first->by, CN_BY_CHILD_ASSENT);
    assert_false(first->offending_guardian);
    assert_string_equal(g_ptr_array_index(first->to, 0), "ex-nmn-001");
    assert_int_equal(first->expires.year, 2027);
    assert_true(cn_date_is_set(g_array_index(c->consents, CnConsent, 1).withdrawn));
}

static void
reads_defaults(void **state)
{
    g_autoptr(CnCase) c = read_one(*state, "{ref: 2041, area: 1030500000, needs: [counseling], "
                                           "sex: null, age: ~, max_travel_min: }");
    assert_string_equal(c->ref, "2041");
    assert_int_equal(c->age_min, -1);
    assert_int_equal(c->age_max, -1);
    assert_int_equal(c->sex, CN_SEX_UNSTATED);
    assert_int_equal(c->urgency, CN_ROUTINE);
    assert_int_equal(c->siblings, CN_SIBLINGS_NONE);
    assert_int_equal(c->court_area, CN_AREA_NONE);
    assert_int_equal(c->consent, CN_CONSENT_UNSTATED);
    assert_int_equal(c->max_travel_min, 0);
    assert_false(c->remote_safe);
    assert_false(c->offender_in_household);
}

static void
reads_words(void **state)
{
    static const struct {
        const char *text;
        int age_min, age_max;
        CnConsentLevel consent;
    } rows[] = {
        {"age_band: \"13-17\"\nconsent: none", 13, 17, CN_CONSENT_NONE},
        {"age_band: 0-5\nconsent: minimum", 0, 5, CN_CONSENT_MINIMUM},
        {"age_band: 18+\nconsent: full", 18, 99, CN_CONSENT_FULL},
        {"age_band: 100+", 100, 100, CN_CONSENT_UNSTATED},
        {"age: 0", 0, 0, CN_CONSENT_UNSTATED},
        {"age: 120", 120, 120, CN_CONSENT_UNSTATED},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *text =
            g_strdup_printf("ref: C-1\narea: Cebu City\nneeds: [legal]\n%s\n", rows[i].text);
        g_autoptr(CnCase) c = read_one(*state, text);
        assert_int_equal(c->age_min, rows[i].age_min);
        assert_int_equal(c->age_max, rows[i].age_max);
        assert_int_equal(c->consent, rows[i].consent);
    }
}

/* The same list in all its shapes. */
static void
reads_lists_and_json(void **state)
{
    static const char *const texts[] = {
        "- {ref: A-1, area: Iligan, needs: [legal]}\n- {ref: A-2, area: Iligan, needs: [legal]}\n",
        "cases:\n  - {ref: A-1, area: Iligan, needs: [legal]}\n"
        "  - {ref: A-2, area: Iligan, needs: [legal]}\n",
        "[{\"ref\": \"A-1\", \"area\": \"Iligan\", \"needs\": [\"legal\"]},"
        " {\"ref\": \"A-2\", \"area\": \"Iligan\", \"needs\": [{\"service\": \"legal\"}]}]",
        "{\"cases\": [{\"ref\": \"A-1\", \"area\": \"Iligan\", \"age\": null, \"needs\": [\"legal\"]},"
        " {\"ref\": \"A-2\", \"area\": \"Iligan\", \"needs\": [\"legal\"]}]}",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(CnIssueList) issues = cn_issue_list_new();
        g_autoptr(GPtrArray) cases = read_text(*state, texts[i], CARENET_CASES_STRICT, issues);
        assert_int_equal(cn_issue_list_len(issues), 0);
        assert_int_equal(cases->len, 2);
        assert_string_equal(((CnCase *)g_ptr_array_index(cases, 1))->ref, "A-2");
    }
}

/* ---- What is refused. @text follows three good lines: ref, area, needs. */

static void
refuses_bad_values(void **state)
{
    static const struct {
        const char *text, *expected;
    } rows[] = {
        {"age: 121", "impossible-value@4:6"},
        {"age: -1", "impossible-value@4:6"},
        {"age: fifteen", "wrong-type@4:6"},
        {"age: 2010-05-03", "personal-data@4:6"},
        {"age: 15.5", "wrong-type@4:6"},
        {"age: \"15\"", "wrong-type@4:6"},
        {"age: 15\nage_band: 13-17", "contradiction@5:11"},
        {"age: 15\nage: 16", "duplicate-key@5:1"},
        {"age_band: 17-13", "impossible-value@4:11"},
        {"age_band: 13-", "impossible-value@4:11"},
        {"age_band: -13", "impossible-value@4:11"},
        {"age_band: minor", "impossible-value@4:11"},
        {"age_band: 13-121", "impossible-value@4:11"},
        {"age_band: 1000+", "impossible-value@4:11"},
        {"age_band: 13+x", "impossible-value@4:11"},
        {"sex: girl", "unknown-word@4:6"},
        {"urgency: now", "unknown-word@4:10"},
        {"urgency: [urgent]", "wrong-type@4:10"},
        {"languages: ceb", "wrong-type@4:12"},
        {"languages: [ceb, klingon]", "unknown-term@4:18"},
        {"groups: [deaff]\naccess: [lift]\ndocuments: [passports]",
         "unknown-term@4:10 unknown-term@5:10 unknown-term@6:13"},
        {"siblings: {group: S-1}", "missing-key@4:11 ~sibling-alone@4:11"},
        {"siblings: {group: S-1, keep: together}", "~sibling-alone@4:11 unknown-word@4:30"},
        {"siblings: {keep: apart}", "missing-key@4:11"},
        {"siblings: {group: The Santos Family, keep: prefer}", "personal-data@4:19"},
        {"siblings: S-1", "wrong-type@4:11"},
        {"bundle: require", "~bundle-alone@4:9"},
        {"bundle: always", "unknown-word@4:9"},
        {"bundle: {needs: [legal]}", "missing-key@4:9"},
        {"bundle: {keep: prefer, needs: [emergency-shelter]}",
         "~bundle-alone@4:9 contradiction@4:9"},
        {"bundle: {keep: prefer, needs: [nothing-known]}",
         "~bundle-alone@4:9 unknown-service@4:32"},
        {"bundle: [require]", "wrong-type@4:9"},
        {"keep_apart: [C-1]", "contradiction@4:13"},
        {"keep_apart: [C-9]", "~unknown-ref@4:13"},
        {"keep_apart: [\"a b\"]", "personal-data@4:14"},
        {"keep_apart: [a/b]", "impossible-value@4:14"},
        {"known_to: [Dr. Cruz]", "impossible-value@4:12"},
        {"known_to: [a//b]\nresponsible_office: Office X", "impossible-value@4:12 "
                                                           "impossible-value@5:21"},
        {"known_to: [a/b/c/d]", "impossible-value@4:12"},
        {"offender: {in_household: maybe, relation: uncle}", "wrong-type@4:26 unknown-word@4:43"},
        {"offender: {areas: [Atlantis]}", "unknown-area@4:20"},
        {"avoid: {areas: [San Isidro]}", "ambiguous-area@4:17"},
        {"avoid: {area: Iligan}", "unknown-key@4:9"},
        {"avoid: {providers: [ex-a/trauma-therapy], organizations: [ex-b/c]}",
         "impossible-value@4:21 impossible-value@4:59"},
        {"offender: {providers: [ex-a, ex-b/c/d]}", "impossible-value@4:30"},
        {"known_to: [ex-a/trauma-therapy]", "impossible-value@4:12"},
        {"consents: [{by: lswdo, to: ex-a/trauma-therapy}]", "impossible-value@4:28"},
        {"assessments: [{kind: case-conference}]", "missing-key@4:15"},
        {"assessments: [{kind: iq-test, on: soon}]", "unknown-term@4:22 impossible-value@4:35"},
        {"assessments: {kind: case-conference}", "wrong-type@4:14"},
        {"remote_safe: perhaps", "wrong-type@4:14"},
        {"max_travel_min: 0", "impossible-value@4:17"},
        {"max_travel_min: 100001", "impossible-value@4:17"},
        {"court_area: Atlantis\ncustody_order: 1", "unknown-area@4:13 wrong-type@5:16"},
        {"consent: yes", "unknown-word@4:10"},
        {"consents: [{by: mayor}]", "unknown-word@4:17"},
        {"consents: [{to: ex-nmn-001}]", "missing-key@4:12"},
        {"consents: [{by: lswdo, purpose: research}]", "unknown-word@4:33"},
        {"consents: [{by: lswdo, on: 2026-02, expires: 2026-01-01}]", "impossible-value@4:12"},
        {"consents: [{by: lswdo, on: 2026-02-02, withdrawn: 2026-02-01}]", "impossible-value@4:12"},
        {"consents: [lswdo]", "wrong-type@4:12"},
        {"consents: [{by: guardian}]", "~consent-void@4:17"},
        {"consents: [{by: offending-guardian}]", "~consent-void@4:17"},
        {"age: 15\nconsents: [{by: adult-self}]", "contradiction@5:12"},
        {"age_band: 15-20\nconsents: [{by: adult-self}]", "contradiction@5:12"},
        {"consent: full\nconsents: [{by: lswdo}]", "~contradiction@4:10"},
        {"notes: she likes music", "unknown-key@4:1"},
        {"urgncy: urgent", "unknown-key@4:1"},
        {"ages: &a 15", "yaml-alias@4:7"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *text =
            g_strdup_printf("ref: C-1\narea: Cebu City\nneeds: [legal]\n%s\n", rows[i].text);
        g_autofree char *found = findings(*state, text, CARENET_CASES_STRICT);
        if (strcmp(found, rows[i].expected) != 0)
            fail_msg("%s\n  found:    %s\n  expected: %s", rows[i].text, found, rows[i].expected);
    }
}

static void
refuses_bad_needs(void **state)
{
    static const struct {
        const char *needs, *expected;
    } rows[] = {
        {"[]", "no-need@3:8"},
        {"", "no-need@1:1"},
        {"legal", "no-need@3:8 wrong-type@3:8"},
        {"[legal-aid, legal-aid@urgent]", "duplicate-need@3:8"},
        {"[moon-landing]", "unknown-service@3:9"},
        {"[~]", "wrong-type@3:9"},
        {"[[legal]]", "wrong-type@3:9"},
        {"[{}]", "missing-key@3:9"},
        {"[{service: moon-landing}]", "unknown-service@3:19"},
        {"[{service: legal, units: 0}]", "impossible-value@3:33"},
        {"[{service: legal, units: 1001}]", "impossible-value@3:33"},
        {"[{service: legal, urgency: soon}]", "unknown-word@3:35"},
        {"[{service: legal, before: soon}]", "impossible-value@3:34"},
        {"[{service: legal, before: me@x.org}]", "personal-data@3:34"},
        {"[{service: legal, prefer: Ana Cruz}]", "impossible-value@3:34"},
        {"[legal@soon]", "unknown-word@3:9"},
        {"[moon@landing]", "unknown-service@3:9 unknown-word@3:9"},
        {"[@urgent]", "yaml-syntax@3:9"},
        {"[\"@urgent\"]", "unknown-service@3:9"},
        /* routing says why these are not assigned */
        {"[adoption]", ""},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *text =
            g_strdup_printf("ref: C-1\narea: Cebu City\nneeds: %s\n", rows[i].needs);
        g_autofree char *found = findings(*state, text, CARENET_CASES_STRICT);
        if (strcmp(found, rows[i].expected) != 0)
            fail_msg("%s\n  found:    %s\n  expected: %s", rows[i].needs, found, rows[i].expected);
    }
}

static void
refuses_bad_documents(void **state)
{
    static const struct {
        const char *text, *expected;
    } rows[] = {
        {"", "no-case@1:1"},
        {"# nothing\n", "no-case@1:1"},
        {"[]", "no-case@1:1"},
        {"cases: []", "no-case@1:8"},
        {"cases: {ref: C-1}", "wrong-type@1:8"},
        {"cases:\n  - legal\n", "wrong-type@2:5"},
        {"cases: [{ref: C-1, area: Iligan, needs: [legal]}]\nname: x\n", "personal-data@2:1"},
        {"just text", "wrong-type@1:1"},
        {"{}", "missing-key@1:1 missing-key@1:1 no-need@1:1"},
        {"ref: [C-1\n", "yaml-syntax@2:1"},
        {"\xFF", "bad-encoding@1:1"},
        {"- {ref: A, area: Iligan, needs: [legal]}\n- {ref: B, area: Iligan, needs: [legal]}\n"
         "- {ref: A, area: Iligan, needs: [legal]}\n- {ref: A, area: Iligan, needs: [legal]}\n",
         "duplicate-ref@1:9 duplicate-ref@3:9 duplicate-ref@4:9"},
        {"- {ref: A, area: Atlantis, needs: []}\n- {area: San Isidro, age: x}\n",
         "unknown-area@1:18 no-need@1:35 missing-key@2:3 no-need@2:3 ambiguous-area@2:10 "
         "wrong-type@2:27"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *found = findings(*state, rows[i].text, CARENET_CASES_STRICT);
        if (strcmp(found, rows[i].expected) != 0)
            fail_msg("%s\n  found:    %s\n  expected: %s", rows[i].text, found, rows[i].expected);
    }
}

/* A list of nothing but wrong areas stops when no more findings are kept. */
static void
bounds_hostile_lists(void **state)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < 3000; i++)
        g_string_append_printf(text, "- {ref: C-%u, area: Qwxz, needs: [legal]}\n", i);
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    g_autoptr(GPtrArray) cases = read_text(*state, text->str, CARENET_CASES_STRICT, issues);
    assert_int_equal(cn_issue_list_errors(issues), CN_ISSUES_MOST);
}

static void
suggests_our_words(void **state)
{
    static const struct {
        const char *text, *part;
    } rows[] = {
        {"ref: C-1\narea: Cagayan de Orro\nneeds: [legal]", "Cagayan de Oro"},
        {"ref: C-1\narea: San Isidro\nneeds: [legal]", "San Isidro, Bohol"},
        {"ref: C-1\narea: Iligan\nneeds: [trauma-terapy]", "trauma-therapy"},
        {"ref: C-1\narea: Iligan\nneeds: [legal]\nlanguages: [cebb]", "ceb"},
        {"ref: C-1\narea: Iligan\nneeds: [legal]\nsex: femal", "female"},
        {"ref: C-1\narea: Iligan\nneeds: [legal]\nurgncy: urgent", "urgency"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(CnIssueList) issues = cn_issue_list_new();
        g_autoptr(GPtrArray) cases = read_text(*state, rows[i].text, CARENET_CASES_STRICT, issues);
        assert_int_equal(cn_issue_list_len(issues), 1);
        const char *suggestion = cn_issue_list_get(issues, 0)->suggestion;
        if (suggestion == NULL || strstr(suggestion, rows[i].part) == NULL)
            fail_msg("%s: suggested %s", rows[i].text, suggestion);
    }
}

/* ---- Personal data. */

static void
refuses_personal_data(void **state)
{
    static const struct {
        const char *text, *strict, *allowed;
    } rows[] = {
        {"name: Ana", "personal-data@1:1", "~personal-data@1:1"},
        {"Date of Birth: 2010-05-03", "personal-data@1:1", "~personal-data@1:1"},
        {"school: {name: X, phone: 1}", "personal-data@1:1", "~personal-data@1:1"},
        {"barangay: null", "personal-data@1:1", "~personal-data@1:1"},
        {"offender: {name: Jose, in_household: true}", "personal-data@1:12", "~personal-data@1:12"},
        {"consents: [{by: lswdo, guardian: Jose}]", "personal-data@1:24", "~personal-data@1:24"},
        {"known_to: [0917-123-4567]", "personal-data@1:12",
         "~personal-data@1:12"}, /* the shape of an id, too */
        {"keep_apart: [Maria Santos]", "personal-data@1:14",
         "~unknown-ref@1:13 ~personal-data@1:14"},
        {"sex: a@b.org", "personal-data@1:6", "~personal-data@1:6 unknown-word@1:6"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *text =
            g_strdup_printf("%s\nref: C-1\narea: Cebu City\nneeds: [legal]\n", rows[i].text);
        g_autofree char *strict = findings(*state, text, CARENET_CASES_STRICT);
        g_autofree char *allowed = findings(*state, text, CARENET_CASES_ALLOW_PERSONAL_DATA);
        if (strcmp(strict, rows[i].strict) != 0)
            fail_msg("%s\n  strict: %s", rows[i].text, strict);
        if (strcmp(allowed, rows[i].allowed) != 0)
            fail_msg("%s\n  allowed: %s", rows[i].text, allowed);
    }
}

static void
refuses_references(void **state)
{
    static const struct {
        const char *ref, *strict, *allowed;
    } rows[] = {
        {"Maria Santos", "personal-data@1:6", "~personal-data@1:6"},
        {"Maria-Santos", "personal-data@1:6", "~personal-data@1:6"},
        {"the girl", "personal-data@1:6", "~personal-data@1:6"},
        {"09171234567", "personal-data@1:6", "~personal-data@1:6"},
        {"2010-05-03", "personal-data@1:6", "~personal-data@1:6"},
        {"Maria", "~personal-data@1:6", "~personal-data@1:6"},
        {"C/1", "impossible-value@1:6", "impossible-value@1:6"},
        {"[C-1]", "wrong-type@1:6", "wrong-type@1:6"},
        {"0123456789012345678901234567890123456789012345678901234567890123", "", ""},
        {"01234567890123456789012345678901234567890123456789012345678901234", "too-long@1:6",
         "too-long@1:6"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *text =
            g_strdup_printf("ref: %s\narea: Cebu City\nneeds: [legal]\n", rows[i].ref);
        g_autofree char *strict = findings(*state, text, CARENET_CASES_STRICT);
        g_autofree char *allowed = findings(*state, text, CARENET_CASES_ALLOW_PERSONAL_DATA);
        if (strcmp(strict, rows[i].strict) != 0)
            fail_msg("%s\n  strict: %s", rows[i].ref, strict);
        if (strcmp(allowed, rows[i].allowed) != 0)
            fail_msg("%s\n  allowed: %s", rows[i].ref, allowed);
    }
}

/* What is let through is kept, what a key asks for is not. */
static void
keeps_what_is_allowed(void **state)
{
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    g_autoptr(GPtrArray) cases =
        read_text(*state, "ref: Maria Santos\narea: Iligan\nneeds: [legal]\nphone: 0917\n",
                  CARENET_CASES_ALLOW_PERSONAL_DATA, issues);
    assert_int_equal(cn_issue_list_errors(issues), 0);
    assert_int_equal(cn_issue_list_len(issues), 2);
    assert_string_equal(((CnCase *)g_ptr_array_index(cases, 0))->ref, "Maria Santos");
}

/* ---- Nothing is quoted. */

#define CANARY "canary"

static void
assert_no_canary(CnIssueList *issues, const char *text)
{
    g_autoptr(carenet_table) table = cn_issue_list_to_table(issues);
    g_autofree char *json = carenet_table_to_string(table, CARENET_FORMAT_JSON, NULL);
    g_autofree char *lower = g_ascii_strdown(json, -1);
    if (strstr(lower, CANARY) != NULL)
        fail_msg("%s\n  is quoted in: %s", text, json);
    assert_true(cn_issue_list_len(issues) > 0);
}

/* Each text has findings, and each hides the bird in another way. */
static void
quotes_no_fact(void **state)
{
    static const char *const birds[] = {
        "canary",       "Canary Canary",        "canary@example.org", "CANARY 09171234567",
        "canary-1",     "+639171234567 canary", "canary@urgent",      "San Isidro canary",
        "canary/canary"};
    static const char *const places[] = {
        "ref: \"!\"",
        "area: \"!\"",
        "area: \"!, Bohol\"",
        "area: \"San Isidro, !\"",
        "age: \"!\"",
        "age: ! ",
        "age_band: \"!\"",
        "sex: \"!\"",
        "languages: [\"!\"]",
        "languages: \"!\"",
        "groups: [\"!\"]",
        "access: [\"!\"]",
        "urgency: \"!\"",
        "needs: [\"!\"]",
        "needs: [{service: \"!\"}]",
        "needs: [\"legal@!\"]",
        "needs: [{service: legal, units: \"!\", prefer: \"! !\", before: \"!\", urgency: \"!\"}]",
        "siblings: {group: \"! !\", keep: \"!\"}",
        "siblings: \"!\"",
        "keep_apart: [\"! !\"]",
        "known_to: [\"! !\"]",
        ("offender: {in_household: \"!\", relation: \"!\", areas: [\"!\"], providers: [\"! !\"],"
         " organizations: [\"! !\"]}"),
        "avoid: {areas: [\"!\"], providers: [\"! !\"], organizations: [\"! !\"]}",
        "assessments: [{kind: \"!\", on: \"!\"}]",
        "documents: [\"!\"]",
        "remote_safe: \"!\"",
        "max_travel_min: \"!\"",
        "responsible_office: \"! !\"",
        "court_area: \"!\"",
        "custody_order: \"!\"",
        "consent: \"!\"",
        "consents: [{by: \"!\", to: \"! !\", purpose: \"!\", on: \"!\", expires: \"!\"}]",
        "\"!\": 1",
        "offender: {\"!\": 1}",
        "name: \"!\"",
        "mother: {\"!\": [\"!\"]}",
        "\"!\": {\"!\": \"!\"}\n\"!\": 2",
        "area: !!str \"!\"",
        "area: &canary x",
        "area: *canary",
        "area: \"!",
        "area: [\"!\"",
        "area: {\"!\": \"!\"}",
        "area: \"!\\q\"",
        "needs: \"!\"\n\tcanary",
        "- \"!\"",
        "%canary\n---\narea: 1",
        "\"!\"",
        "[\"!\"]",
        "cases: \"!\"",
        "cases: [{ref: \"! !\"}, {ref: \"!\"}, {ref: \"!\"}]",
    };
    for (gsize p = 0; p < G_N_ELEMENTS(places); p++) {
        for (gsize b = 0; b < G_N_ELEMENTS(birds); b++) {
            g_auto(GStrv) parts = g_strsplit(places[p], "!", -1);
            g_autofree char *text = g_strjoinv(birds[b], parts);
            g_autoptr(CnIssueList) issues = cn_issue_list_new();
            g_autoptr(GPtrArray) cases = read_text(*state, text, CARENET_CASES_STRICT, issues);
            assert_no_canary(issues, text);
            g_autoptr(CnIssueList) more = cn_issue_list_new();
            g_autoptr(GPtrArray) again =
                read_text(*state, text, CARENET_CASES_ALLOW_PERSONAL_DATA, more);
            assert_no_canary(more, text);
        }
    }
}

/* Any text at all is read or refused, and the whole of a good file is never needed. */
static void
survives_damage(void **state)
{
    guint32 seed = g_random_int();
    const char *given = g_getenv("CARENET_TEST_SEED");
    if (given != NULL)
        seed = (guint32)g_ascii_strtoull(given, NULL, 10);
    print_message("seed %u\n", seed);
    g_autoptr(GRand) random = g_rand_new_with_seed(seed);
    g_autofree char *path = g_build_filename(g_getenv("CARENET_TEST_SRC"), "..", "examples",
                                             "cases", "cagayan-de-oro-girl.yaml", NULL);
    g_autofree char *good = NULL;
    gsize len = 0;
    assert_true(g_file_get_contents(path, &good, &len, NULL));
    for (guint i = 0; i < 300; i++) {
        g_autofree char *bad = g_memdup2(good, len + 1);
        gsize cut = i % 3 == 0 ? (gsize)g_rand_int_range(random, 0, (gint32)len) : len;
        for (guint k = 0; k < i % 4; k++)
            bad[g_rand_int_range(random, 0, (gint32)len)] = (char)g_rand_int_range(random, 0, 256);
        g_autoptr(CnIssueList) issues = cn_issue_list_new();
        g_autoptr(GPtrArray) cases = g_ptr_array_new_with_free_func((GDestroyNotify)cn_case_free);
        cn_cases_text_read(bad, cut, "t", *state, CARENET_CASES_STRICT, cases, issues);
        cn_cases_check(cases, issues);
        assert_true(cases->len <= 1);
    }
}

/* ---- The examples that ship. */

static void
reads_examples(void **state)
{
    static const struct {
        const char *file;
        guint cases;
    } rows[] = {
        {"cagayan-de-oro-girl.yaml", 1},
        {"siblings-together.yaml", 3},
        {"emergency-at-night.yaml", 1},
        {"adult-survivor.yaml", 1},
        {"deaf-boy.yaml", 1},
        {"kinship-care.yaml", 1},
        {"co-victims.yaml", 2},
        {"surigao-boy.json", 1},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(carenet_table) issues = NULL;
        g_autoptr(GError) error = NULL;
        g_autofree char *path = g_build_filename(g_getenv("CARENET_TEST_SRC"), "..", "examples",
                                                 "cases", rows[i].file, NULL);
        g_autoptr(carenet_cases) cases =
            carenet_cases_load(*state, path, CARENET_CASES_STRICT, &issues, &error);
        if (cases == NULL || carenet_table_rows_len(issues) > 0) {
            g_autofree char *text = carenet_table_to_string(issues, CARENET_FORMAT_CSV, NULL);
            fail_msg("%s: %s", rows[i].file, text);
        }
        assert_int_equal(carenet_cases_len(cases), rows[i].cases);
    }
}

/* The page of keys must not fall behind the reader, which lists all keys where one is unknown. */
static void
documents_every_key(void **state)
{
    static const char *const texts[] = {
        "qqqqqqqq: 1",
        "needs: [{qqqqqqqq: 1}]",
        "siblings: {qqqqqqqq: 1}",
        "offender: {qqqqqqqq: 1}",
        "avoid: {qqqqqqqq: 1}",
        "assessments: [{qqqqqqqq: 1}]",
        "consents: [{qqqqqqqq: 1}]",
    };
    g_autofree char *path =
        g_build_filename(g_getenv("CARENET_TEST_SRC"), "..", "docs", "case-file.md", NULL);
    g_autofree char *page = NULL;
    assert_true(g_file_get_contents(path, &page, NULL, NULL));
    guint keys_len = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(CnIssueList) issues = cn_issue_list_new();
        g_autoptr(GPtrArray) cases = read_text(*state, texts[i], CARENET_CASES_STRICT, issues);
        for (guint k = 0; k < cn_issue_list_len(issues); k++) {
            const CnIssue *issue = cn_issue_list_get(issues, k);
            if (strcmp(issue->tag, "unknown-key") != 0)
                continue;
            assert_true(g_str_has_prefix(issue->suggestion, "use one of: "));
            g_auto(GStrv) keys = g_strsplit(issue->suggestion + 12, ", ", -1);
            for (guint n = 0; keys[n] != NULL; n++, keys_len++) {
                g_autofree char *pattern = g_strdup_printf("[`{ ]%s[`,}]", keys[n]);
                if (!g_regex_match_simple(pattern, page, 0, 0))
                    fail_msg("docs/case-file.md does not tell %s", keys[n]);
            }
        }
    }
    assert_true(keys_len >= 24 + 5 + 2 + 5 + 3 + 2 + 6);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(personal_keys),         cmocka_unit_test(personal_values),
        cmocka_unit_test(personal_references),   cmocka_unit_test(reads_every_key),
        cmocka_unit_test(reads_defaults),        cmocka_unit_test(reads_words),
        cmocka_unit_test(reads_lists_and_json),  cmocka_unit_test(refuses_bad_values),
        cmocka_unit_test(refuses_bad_needs),     cmocka_unit_test(refuses_bad_documents),
        cmocka_unit_test(bounds_hostile_lists),  cmocka_unit_test(suggests_our_words),
        cmocka_unit_test(refuses_personal_data), cmocka_unit_test(refuses_references),
        cmocka_unit_test(keeps_what_is_allowed), cmocka_unit_test(quotes_no_fact),
        cmocka_unit_test(survives_damage),       cmocka_unit_test(reads_examples),
        cmocka_unit_test(documents_every_key),
    };
    return cmocka_run_group_tests(tests, open_reference, close_reference);
}
