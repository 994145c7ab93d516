/* Writing region files: what is written is read back as it was, and of a place that must not be
 * found not one byte depends on where it is. */
#include "../support/network-dump.h"
#include "../support/random-network.h"
#include "../support/random-world.h"
#include "../support/tame-network.h"
#include "format/region-file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static CnReference *reference;

static int
open_reference(void **state)
{
    (void)state;
    reference = test_reference();
    return 0;
}

static int
close_reference(void **state)
{
    (void)state;
    carenet_reference_unref(reference);
    return 0;
}

/* The texts of the network's own records and of every region. (element-type utf8) */
static GPtrArray *
write_all(const CnNetwork *network)
{
    GPtrArray *texts = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(texts, cn_region_write(network, reference, NULL));
    for (guint i = 0; i < network->regions->len; i++)
        g_ptr_array_add(texts, cn_region_write(network, reference,
                                               g_array_index(network->regions, CnRegion, i).id));
    return texts;
}

/* Reads texts without one error. (transfer full) */
static CnNetwork *
read_all(const GPtrArray *texts)
{
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    CnNetwork *network = cn_network_new();
    for (guint i = 0; i < texts->len; i++) {
        const char *text = g_ptr_array_index(texts, i);
        cn_region_text_read(text, strlen(text), "written", network, reference, issues);
    }
    for (guint i = 0; i < cn_issue_list_len(issues); i++) {
        const CnIssue *issue = cn_issue_list_get(issues, i);
        if (issue->severity == CN_SEVERITY_ERROR)
            fail_msg("%u:%u %s", issue->pos.line, issue->pos.column, issue->message);
    }
    cn_network_sort(network);
    return network;
}

static void
assert_same_texts(const GPtrArray *a, const GPtrArray *b)
{
    assert_int_equal(a->len, b->len);
    for (guint i = 0; i < a->len; i++)
        assert_string_equal(g_ptr_array_index(a, i), g_ptr_array_index(b, i));
}

/* ---- The form of the text. */

static void
the_text_is_the_manual_s(void **state)
{
    (void)state;
    static const char text[] =
        "region:\n"
        "  id: caraga\n"
        "  name: Caraga\n"
        "  area: \"1600000000\"\n"
        "  languages: [fil, ceb]\n"
        "organizations:\n"
        "- id: ex-org\n"
        "  example: true\n"
        "  name: EXAMPLE Org\n"
        "  kind: ngo\n"
        "  data_sharing_agreement: 2026-01-10\n"
        "providers:\n"
        "- id: ex-1\n"
        "  example: true\n"
        "  organization: ex-org\n"
        "  name: EXAMPLE Desk\n"
        "  place: {area: \"1630400000\", disclosure: public, address: \"12 Main Street\", "
        "point: [8.4801, 124.6418]}\n"
        "  remote: true\n"
        "  serves: [\"1600000000\"]\n"
        "  contact: {role: intake desk, phone: \"1383\"}\n"
        "  languages: [fil]\n"
        "  access: [wheelchair]\n"
        "  status: active\n"
        "  verified: {on: 2026-10, by: phone}\n"
        "  source:\n"
        "    url: https://example.org/?a=b#c\n"
        "    title: 'Page: one'\n"
        "  accreditation: {body: DSWD, level: 2, expires: 2028-03-31}\n"
        "  capabilities:\n"
        "  - {course: trauma-informed-care, staff: 12, on: 2022-05-01}\n"
        "  offerings:\n"
        "  - service: trauma-therapy\n"
        "    variant: girls\n"
        "    all_below: true\n"
        "    capacity: {unit: slot, total: 12, occupied: 7, as_of: 2026-10-01, source: phone, "
        "wait_days: 4}\n"
        "    eligibility: {age: [7, null], sex: female, groups: [deaf], siblings_up_to: 3}\n"
        "    hours: \"Mo-Fr 08:00-17:00\"\n"
        "    intake: {hours: \"24/7\", on_call: true}\n";
    g_autoptr(GPtrArray) texts = g_ptr_array_new();
    g_ptr_array_add(texts, (gpointer)text);
    g_autoptr(CnNetwork) network = read_all(texts);
    g_autofree char *written = cn_region_write(network, reference, "caraga");
    assert_string_equal(written, text);
}

static void
a_network_without_records_is_written(void **state)
{
    (void)state;
    g_autoptr(CnNetwork) network = cn_network_new();
    g_autofree char *nothing = cn_region_write(network, reference, NULL);
    assert_string_equal(nothing, "organizations: []\nproviders: []\n");
    network->id = "net";
    network->name = "Net";
    network->demonstration_now = (CnInstant){.s = 1794790800, .is_set = TRUE};
    g_autofree char *named = cn_region_write(network, reference, NULL);
    assert_string_equal(named, "network:\n"
                               "  id: net\n"
                               "  name: Net\n"
                               "  demonstration_now: \"2026-11-16T09:00:00+08:00\"\n"
                               "organizations: []\n"
                               "providers: []\n");
}

/* Text that YAML would take for something else. */
static void
any_text_is_read_back(void **state)
{
    (void)state;
    static const char *const names[] = {
        "null", "~",          "true",        "No",        "1383",   "0x1F", "1e5", "2026-01-01",
        "- a",  "a: b",       "a # b",       "#a",        "&a",     "*a",   "!a",  "[a",
        "{a}",  "a, b",       "'a'",         "\"a\"",     "%a",     "@a",   "`a`", "?",
        "a ",   " a",         "a  b",        "Parañaque", "\u2603", "😀",    "---", "...",
        "a\\b", "https://a?", "|",           ">",         "-",      ":",    "a:",  "\u00a0a",
        "=",    "<<",         "it's \"so\"", "y"};
    g_autoptr(CnNetwork) network = cn_network_new();
    CnProvider *provider = cn_network_add_provider(network);
    provider->id = "p";
    provider->organization = "o";
    provider->site.area = 0;
    provider->contact_role = "desk";
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        provider->name = provider->site.address = provider->source_title = names[i];
        g_autoptr(GPtrArray) texts = write_all(network);
        g_autoptr(CnNetwork) back = read_all(texts);
        const CnProvider *same = cn_network_provider(back, "p");
        assert_string_equal(same->name, names[i]);
        assert_string_equal(same->site.address, names[i]);
        assert_string_equal(same->source_title, names[i]);
    }
}

static void
damaged_text_is_written_as_text(void **state)
{
    (void)state;
    g_autoptr(CnNetwork) network = cn_network_new();
    network->id = "n";
    network->name = "a\xC3(";
    g_autofree char *text = cn_region_write(network, reference, NULL);
    assert_true(g_utf8_validate(text, -1, NULL));
}

/* ---- There and back. */

static void
shipped_files_are_read_back(void **state)
{
    (void)state;
    static const char *const files[] = {
        "network.yaml",     "regions/caraga.yaml",          "regions/central-luzon.yaml",
        "regions/ncr.yaml", "regions/central-visayas.yaml", "regions/northern-mindanao.yaml"};
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    for (guint i = 0; i < G_N_ELEMENTS(files); i++)
        g_ptr_array_add(paths, g_build_filename(reference->data_dir, files[i], NULL));
    g_autoptr(CnNetwork) network = cn_region_files_read((const char *const *)paths->pdata,
                                                        paths->len, reference, issues, NULL);
    assert_non_null(network);
    g_autoptr(GPtrArray) once = write_all(network);
    assert_int_equal(once->len, G_N_ELEMENTS(files));
    g_autoptr(CnNetwork) back = read_all(once);
    g_autoptr(GPtrArray) twice = write_all(back);
    assert_same_texts(once, twice);
    assert_int_equal(back->providers->len, network->providers->len);
}

static void
read_back(GRand *rand, gpointer data)
{
    (void)data;
    g_autoptr(CnNetwork) network =
        random_network(rand, (guint)g_rand_int_range(rand, 0, 20), reference);
    tame_network(network, reference, FALSE);
    g_autofree char *before = network_dump(network, reference);
    g_autoptr(GPtrArray) texts = write_all(network);
    g_autoptr(CnNetwork) back = read_all(texts);
    g_autofree char *after = network_dump(back, reference);
    assert_string_equal(after, before);
}

static void
random_networks_are_read_back(void **state)
{
    (void)state;
    world_rounds(150, read_back, NULL);
}

/* ---- Places that must not be found. */

static void
move_secrets(GRand *rand, gpointer data)
{
    guint *guarded = data;
    g_autoptr(CnNetwork) network = world_network(rand, reference, 12);
    g_autoptr(GPtrArray) before = write_all(network);
    g_autoptr(GPtrArray) secrets = world_secrets(network);
    *guarded += secrets->len;
    for (guint i = 0; i < before->len; i++) {
        const char *text = g_ptr_array_index(before, i);
        assert_null(strstr(text, "CANARY"));
        for (guint k = 0; k < secrets->len; k++)
            assert_null(strstr(text, g_ptr_array_index(secrets, k)));
    }
    world_move_secrets(rand, network, reference);
    g_autoptr(GPtrArray) after = write_all(network);
    assert_same_texts(before, after);
}

static void
moving_a_site_changes_no_byte(void **state)
{
    (void)state;
    guint guarded = 0;
    world_rounds(150, move_secrets, &guarded);
    assert_true(guarded > 0);
}

/* A shelter whose every secret is known, or none. */
static void
make_shelter(CnNetwork *network, gboolean known)
{
    CnProvider *provider = cn_network_add_provider(network);
    CnOffering offering = cn_offering_blank();
    provider->id = "ex-shelter";
    provider->organization = "ex-org";
    provider->display_name = "EXAMPLE Shelter N-1";
    provider->disclosure = CN_DISCLOSE_NETWORK;
    provider->show_area = cn_area_by_code(reference->gazetteer, "1000000000");
    provider->site.area = provider->show_area;
    provider->contact_role = "desk";
    provider->contact_gateway = "ex-office";
    offering.service = cn_service_by_id(reference->taxonomy, "emergency-shelter");
    offering.id = "ex-shelter/emergency-shelter";
    if (known) {
        provider->name = "EXAMPLE Santa Clara House";
        provider->site = (CnSite){.area = cn_area_by_code(reference->gazetteer, "1030500000"),
                                  .has_point = TRUE,
                                  .lat_deg = 8.48,
                                  .lon_deg = 124.64,
                                  .address = "Main Street",
                                  .phone = "0917",
                                  .email = "a@b"};
        offering.capacity = (CnCapacity){.known = TRUE, .total = 10, .occupied = 4};
    }
    g_array_append_val(provider->offerings, offering);
}

static void
what_is_known_of_a_site_is_not_told(void **state)
{
    (void)state;
    static const char expected[] =
        "organizations: []\n"
        "providers:\n"
        "- id: ex-shelter\n"
        "  organization: ex-org\n"
        "  display_name: EXAMPLE Shelter N-1\n"
        "  place: {area: \"1000000000\", disclosure: network, show_area: \"1000000000\"}\n"
        "  contact: {role: desk, gateway: ex-office}\n"
        "  status: active\n"
        "  withheld: [area, point, address, phone, email, name, capacity]\n"
        "  offerings:\n"
        "  - service: emergency-shelter\n";
    for (guint known = 0; known < 2; known++) {
        g_autoptr(CnNetwork) network = cn_network_new();
        make_shelter(network, known == 1);
        g_autoptr(GPtrArray) texts = write_all(network);
        assert_string_equal(g_ptr_array_index(texts, 0), expected);
        g_autoptr(CnNetwork) back = read_all(texts);
        const CnProvider *provider = cn_network_provider(back, "ex-shelter");
        assert_int_equal(provider->withheld->len, 7);
        assert_null(provider->name);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_text_is_the_manual_s),
        cmocka_unit_test(a_network_without_records_is_written),
        cmocka_unit_test(any_text_is_read_back),
        cmocka_unit_test(damaged_text_is_written_as_text),
        cmocka_unit_test(shipped_files_are_read_back),
        cmocka_unit_test_teardown(random_networks_are_read_back, world_print_seed),
        cmocka_unit_test_teardown(moving_a_site_changes_no_byte, world_print_seed),
        cmocka_unit_test(what_is_known_of_a_site_is_not_told),
    };
    return cmocka_run_group_tests(tests, open_reference, close_reference);
}
