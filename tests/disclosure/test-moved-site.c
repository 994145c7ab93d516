/* A restricted site cannot be found by asking.
 *
 * The whole of a restricted site is moved: other town under the same show_area, other point,
 * address, phone, email and name. Then everything that the library says must stay the same, byte for byte;
 * and no secret may stand in it. The same program is linked with mutants of the disclosure rule
 * (see CMakeLists.txt), for which it must fail. */
#include "../support/random-world.h"
#include "answers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define ROUNDS    30
#define PROVIDERS 14
#define CANARIES  200

static CnReference *reference;

/* Two networks from one seed that differ in the secrets of restricted sites only. */
typedef struct {
    CnNetwork *before, *after;
} Pair;

static Pair
make_pair(guint32 seed)
{
    g_autoptr(GRand) a = g_rand_new_with_seed(seed), b = g_rand_new_with_seed(seed);
    Pair pair = {.before = world_network(a, reference, PROVIDERS),
                 .after = world_network(b, reference, PROVIDERS)};
    world_programmes(a, pair.before, reference);
    world_programmes(b, pair.after, reference);
    world_move_secrets(b, pair.after, reference);
    return pair;
}

static void
clear_pair(Pair *pair)
{
    cn_network_free(pair->before);
    cn_network_free(pair->after);
}

static guint
count_moved(const Pair *pair)
{
    guint moved = 0;
    for (guint i = 0; i < pair->before->providers->len; i++) {
        const CnProvider *x = pair->before->providers->pdata[i];
        const CnProvider *y = pair->after->providers->pdata[i];
        assert_string_equal(x->id, y->id);
        moved += x->site.area != y->site.area;
    }
    return moved;
}

/* The line around the first difference; the mutants' wrapper looks for the first words. */
static void
show_difference(const char *before, const char *after)
{
    gsize at = 0, from;
    while (before[at] == after[at] && before[at] != '\0')
        at++;
    for (from = at; from > 0 && before[from - 1] != '\n' && at - from < 200;)
        from--;
    print_error("a moved site shows\n- %.300s\n+ %.300s\n", before + from, after + from);
}

static void
move_round(GRand *rand, gpointer data)
{
    guint *moved = data;
    guint32 seed = g_rand_int(rand), questions = g_rand_int(rand);
    Pair pair = make_pair(seed);
    g_autoptr(GString) before = g_string_new(NULL), after = g_string_new(NULL);
    answers_append(before, pair.before, reference, questions, pair.before);
    answers_append(after, pair.after, reference, questions, pair.before);
    if (strcmp(before->str, after->str) != 0)
        show_difference(before->str, after->str);
    assert_true(strcmp(before->str, after->str) == 0);
    *moved += count_moved(&pair);
    clear_pair(&pair);
}

static void
moving_a_site_changes_nothing(void **state)
{
    (void)state;
    guint moved = 0;
    world_rounds(ROUNDS, move_round, &moved);
    assert_true(g_getenv("CARENET_TEST_SEED") != NULL || moved > ROUNDS);
}

/* What is asked must not name a secret here, since an error quotes what was asked. */
static void
no_canary_is_seen(void **state)
{
    (void)state;
    guint canaries = 0;
    for (guint32 seed = 1; canaries < CANARIES; seed++) {
        Pair pair = make_pair(seed);
        g_autoptr(GPtrArray) secrets = world_secrets(pair.before);
        g_autoptr(GString) said = g_string_new(NULL);
        answers_append(said, pair.before, reference, seed, pair.after);
        for (guint i = 0; i < secrets->len; i++) {
            if (strstr(said->str, secrets->pdata[i]) != NULL)
                print_error("a moved site shows: %s\n", (const char *)secrets->pdata[i]);
            assert_null(strstr(said->str, secrets->pdata[i]));
        }
        canaries += secrets->len;
        clear_pair(&pair);
    }
}

/* The checks read whole records, and name the fields but never what stands in them. */
static void
no_issue_quotes_a_secret(void **state)
{
    (void)state;
    guint issues_len = 0;
    for (guint32 seed = 1; seed <= ROUNDS; seed++) {
        Pair pair = make_pair(seed);
        g_autoptr(GPtrArray) secrets = world_secrets(pair.before);
        g_autoptr(CnIssueList) issues = cn_issue_list_new();
        cn_network_check(pair.before, reference, issues);
        g_autoptr(carenet_table) table = cn_issue_list_to_table(issues);
        g_autofree char *said = carenet_table_to_string(table, CARENET_FORMAT_JSON, NULL);
        for (guint i = 0; i < secrets->len; i++)
            assert_null(strstr(said, secrets->pdata[i]));
        assert_null(strstr(said, "CANARY"));
        issues_len += cn_issue_list_len(issues);
        clear_pair(&pair);
    }
    assert_true(issues_len > 0);
}

/* How full a restricted site is, nobody is told by name: who has its file is told the line. */
static void
no_issue_names_who_is_overfull(void **state)
{
    (void)state;
    g_autoptr(GRand) rand = g_rand_new_with_seed(11);
    g_autoptr(CnNetwork) network = world_network(rand, reference, PROVIDERS);
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    guint restricted = 0, named = 0, line = 0;
    for (guint i = 0; i < network->providers->len; i++) {
        CnProvider *provider = network->providers->pdata[i];
        for (guint k = 0; k < provider->offerings->len; k++) {
            CnOffering *offering = &g_array_index(provider->offerings, CnOffering, k);
            offering->capacity.known = TRUE;
            offering->capacity.occupied = offering->capacity.total + 1;
            offering->capacity_pos = (CnPos){"region.yaml", ++line, 1};
            restricted += provider->disclosure != CN_DISCLOSE_PUBLIC;
        }
    }
    assert_true(restricted > 0 && restricted < line);
    cn_network_check(network, reference, issues);
    g_autofree gboolean *told = g_new0(gboolean, line + 1);
    for (guint i = 0; i < cn_issue_list_len(issues); i++) {
        const CnIssue *issue = cn_issue_list_get(issues, i);
        if (strcmp(issue->tag, "overfull") != 0)
            continue;
        named += strchr(issue->message, '"') != NULL;
        told[issue->pos.line] = TRUE;
    }
    assert_int_equal(named, line - restricted);
    for (guint i = 1; i <= line; i++)
        assert_true(told[i]);
}

/* The other way round: what may be seen of a public site is seen, so that the test can fail. */
static void
moving_a_public_site_is_seen(void **state)
{
    (void)state;
    g_autoptr(GRand) rand = g_rand_new_with_seed(7);
    g_autoptr(CnNetwork) network = world_network(rand, reference, PROVIDERS);
    g_autoptr(GString) before = g_string_new(NULL), after = g_string_new(NULL);
    answers_append(before, network, reference, 7, network);
    for (guint i = 0; i < network->providers->len; i++) {
        CnProvider *provider = network->providers->pdata[i];
        if (provider->disclosure == CN_DISCLOSE_PUBLIC)
            provider->site.phone = "(02) 8000-0000";
    }
    answers_append(after, network, reference, 7, network);
    assert_string_not_equal(before->str, after->str);
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
        cmocka_unit_test_teardown(moving_a_site_changes_nothing, world_print_seed),
        cmocka_unit_test(no_canary_is_seen),
        cmocka_unit_test(no_issue_quotes_a_secret),
        cmocka_unit_test(no_issue_names_who_is_overfull),
        cmocka_unit_test(moving_a_public_site_is_seen),
    };
    return cmocka_run_group_tests(tests, open_reference, close_reference);
}
