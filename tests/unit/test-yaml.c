/* The YAML reader: trees with places, what is refused and where, decoding, files and pipes. */
#include "format/yaml.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* Plain scalars as they are, others in quotes: {a: [1, "b"]}. */
static void
dump(const CnNode *node, GString *out)
{
    guint items = node->kind == CN_NODE_MAPPING ? 2 * node->len : node->len;
    if (node->kind == CN_NODE_SCALAR) {
        g_string_append_printf(out, node->plain ? "%s" : "\"%s\"", node->text);
        return;
    }
    g_string_append_c(out, node->kind == CN_NODE_MAPPING ? '{' : '[');
    for (guint i = 0; i < items; i++) {
        if (i > 0)
            g_string_append(out, node->kind == CN_NODE_MAPPING && i % 2 == 1 ? ": " : ", ");
        dump(node->items[i], out);
    }
    g_string_append_c(out, node->kind == CN_NODE_MAPPING ? '}' : ']');
}

/* The tree, or the issues as "tag@line:column". (transfer full) */
static char *
read_text(const char *text, gsize len, const CnYamlLimits *limits)
{
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    g_autoptr(CnYaml) yaml = cn_yaml_parse(text, len, "t", limits, FALSE, issues);
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < cn_issue_list_len(issues); i++) {
        const CnIssue *issue = cn_issue_list_get(issues, i);
        assert_string_equal(issue->pos.file, "t");
        assert_true(issue->message[0] != '\0');
        g_string_append_printf(out, "%s@%u:%u", issue->tag, issue->pos.line, issue->pos.column);
    }
    assert_int_equal(yaml == NULL, cn_issue_list_len(issues) > 0);
    if (yaml != NULL && cn_yaml_root(yaml) != NULL)
        dump(cn_yaml_root(yaml), out);
    return g_string_free(out, FALSE);
}

static void
trees_and_refusals(void **state)
{
    (void)state;
    static const struct {
        const char *text, *expected;
    } cases[] = {
        {"", ""},
        {"# nothing\n", ""},
        {"---\n...\n", ""},
        {"a: 1\nb: [x, 'y', \"z\"]\n", "{a: 1, b: [x, \"y\", \"z\"]}"},
        {"- a\n- b: c\n  d:\n", "[a, {b: c, d: }]"},
        {"\xEF\xBB\xBF"
         "a: \xC3\xB1",
         "{a: \xC3\xB1}"},
        {"a: >\n  b\n  c\n", "{a: \"b c\n\"}"},
        {"{\"a\":[1,true,null,\"x\\/y\"]}", "{\"a\": [1, true, null, \"x/y\"]}"},
        {"{}", "{}"},
        {"a: https://x.org/?q=1#f", "{a: https://x.org/?q=1#f}"},
        /* surrogate pairs */
        {"{\"a\": \"\\ud83d\\ude00!\"}", "{\"a\": \"\xF0\x9F\x98\x80!\"}"},
        {" [\"\\uD834\\uDD1E\", \"\\u00f1\"]", "[\"\xF0\x9D\x84\x9E\", \"\xC3\xB1\"]"},
        {"[\"\\\\ud83d\\\\ude00\"]", "[\"\\ud83d\\ude00\"]"},
        {"[\"\\ud83d\"]", "yaml-syntax@1:5"},
        {"[\"\\ude00\\ud83d\"]", "yaml-syntax@1:5"},
        {"[\"\\ud83dx\\ude00\"]", "yaml-syntax@1:5"},
        {"[\"\\ud8", "yaml-syntax@1:5"},
        {"[\"\\", "yaml-syntax@1:3"},
        {"[\"\\ud83d\\ude00\", \"\\ud83d\\ude00\", &a b]", "yaml-alias@1:34"},
        {"[\"\\ud83d\\ude00\",\n \"\\ud83d\\ude00\",\n &a b]", "yaml-alias@3:2"},
        {"[&a b, \"\\ud83d\\ude00\"]", "yaml-alias@1:2"},
        /* what is refused */
        {"a: &x 1", "yaml-alias@1:4"},
        {"a: &x [1]", "yaml-alias@1:4"},
        {"a: &x {b: 1}", "yaml-alias@1:4"},
        {"b: 1\na: *x", "yaml-alias@2:4"},
        {"a: !!str 1", "yaml-tag@1:4"},
        {"a: !x [1]", "yaml-tag@1:4"},
        {"a: !x {b: c}", "yaml-tag@1:4"},
        {"%YAML 1.1\n---\na: 1", "yaml-directive@1:1"},
        {"%TAG ! tag:x,2000:\n---\na: 1", "yaml-directive@1:1"},
        {"a: 1\n---\nb: 2\n", "yaml-documents@2:1"},
        {"a: 1\nb: 2\na: 3\n", "duplicate-key@3:1"},
        {"a: 1\nb: {c: 1, d: 2, c: 3}\n", "duplicate-key@2:17"},
        {"? [a]\n: b\n", "yaml-key@1:3"},
        {"{a: b}: c", "yaml-key@1:1"},
        {"a: [1", "yaml-syntax@2:1"},
        {"a: b: c", "yaml-syntax@1:5"},
        {"a:\n\tb: 1", "yaml-syntax@2:1"},
        {"a: 1\n b: 2\n", "yaml-syntax@2:3"},
        {"a: @b", "yaml-syntax@1:4"},
        {"a: \"b", "yaml-syntax@1:6"},
        {"\xFF\xFE"
         "a\0",
         "bad-encoding@1:1"},
        {"\xFE\xFF"
         "ab",
         "bad-encoding@1:1"},
        {"a: 1\n\xC3\xB1: \xC3\x28", "bad-encoding@2:4"},
        {"a: 1\nb: \x01", "bad-encoding@2:4"},
        {"a: \"\\0\"", "bad-encoding@1:4"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *got = read_text(cases[i].text, strlen(cases[i].text), NULL);
        assert_string_equal(got, cases[i].expected);
    }
    g_autofree char *nul = read_text("a: b\0c", 6, NULL);
    assert_string_equal(nul, "bad-encoding@1:5");
    g_autofree char *wide = read_text("\xFF\xFE"
                                      "a\0",
                                      4, NULL);
    assert_string_equal(wide, "bad-encoding@1:1");
}

static void
limits_hold(void **state)
{
    (void)state;
    static const CnYamlLimits small = {.bytes = 40, .nodes = 6, .depth = 3};
    static const struct {
        const char *text, *expected;
    } cases[] = {
        {"[[[a]]]", "[[[a]]]"},
        {"[[[[a]]]]", "yaml-depth@1:4"},
        {"a: {b: {c: {}}}", "yaml-depth@1:12"},
        {"[1, 2, 3, 4, 5]", "[1, 2, 3, 4, 5]"},
        {"[1, 2, 3, 4, 5, 6]", "too-many-nodes@1:17"},
        {"a234567890123456789012345678901234567890", "a234567890123456789012345678901234567890"},
        {"a2345678901234567890123456789012345678901", "too-large@0:0"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *got = read_text(cases[i].text, strlen(cases[i].text), &small);
        assert_string_equal(got, cases[i].expected);
    }
}

/* (transfer full) */
static char *
repeat(const char *before, const char *part, guint times, const char *after)
{
    GString *out = g_string_new(before);
    for (guint i = 0; i < times; i++)
        g_string_append(out, part);
    g_string_append(out, after);
    return g_string_free(out, FALSE);
}

/* Each of these costs a careless reader minutes or gigabytes. */
static void
hostile_text_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *before, *part;
        guint times;
        const char *after, *tag;
    } cases[] = {
        {"", "[", 100000, "", "yaml-depth"},
        {"", "{", 100000, "", "yaml-key"},
        {"", "[\n", 100000, "", "yaml-depth"},
        {"", "{a: ", 100000, "", "yaml-depth"},
        {"", "- ", 100000, "x", "yaml-depth"},
        {"", "? ", 100000, "x", "yaml-key"},
        {"a: ", "x", 4 * 1024 * 1024 - 3, "", "too-large"},
        {"a: \"", "x", 4 * 1024 * 1024 - 4, "", "too-large"},
        {"a: |\n", " x\n", 1024 * 1024, "", "too-large"},
        {"", "#", 1024 * 1024, "", "too-large"},
        {"a:", " ", 1024 * 1024, "b", "too-large"},
        {"a:", "\n", 1024 * 1024, " b", "too-large"},
        {"[", "1,", 200000, "1]", "too-many-nodes"},
        {"", "a: 1\n", 40000, "", "duplicate-key"},
        {"a: &a [x,x]\nb: &b [*a,*a]\n", "c: [*b,*b]\n", 1000, "", "yaml-alias"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text =
            repeat(cases[i].before, cases[i].part, cases[i].times, cases[i].after);
        g_autofree char *got = read_text(text, strlen(text), NULL);
        char *at = strchr(got, '@');
        assert_non_null(at);
        *at = '\0';
        assert_string_equal(got, cases[i].tag);
    }
}

/* Long, but honest: a value just under the limit of one value, and many values in one line. */
static void
long_lines_are_read(void **state)
{
    (void)state;
    g_autofree char *value = repeat("a: \"", "x", 200000, "\"");
    g_autofree char *tree = read_text(value, strlen(value), NULL);
    assert_true(g_str_has_prefix(tree, "{a: \"xxx"));
    g_autofree char *list = repeat("[", "{\"ref\":\"C-1234567890\",\"age\":15},", 15000, "{}]");
    g_autofree char *items = read_text(list, strlen(list), NULL);
    assert_true(g_str_has_prefix(items, "[{\"ref\": "));
}

static void
messages_hide_values(void **state)
{
    (void)state;
    static const char *const texts[] = {"secret: 1\nsecret: 2\n", "a: \"secret",  "a: *secret",
                                        "a: !secret 1",           "a: secret: 2", "secret: [1"};
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(CnIssueList) issues = cn_issue_list_new();
        g_autoptr(CnYaml) yaml = cn_yaml_parse(texts[i], strlen(texts[i]), "t", NULL, TRUE, issues);
        assert_null(yaml);
        assert_int_equal(cn_issue_list_len(issues), 1);
        assert_null(strstr(cn_issue_list_get(issues, 0)->message, "secret"));
    }
}

/* Random damage to a good text never crashes and always leaves a tree or an issue. */
static void
damaged_text_is_survived(void **state)
{
    (void)state;
    static const char good[] =
        "region: {id: x, name: \"X \\u00f1\", area: \"1000000000\"}\n"
        "providers:\n  - id: ex-1\n    point: [8.1, 124.5] # here\n    hours: 'Mo-Fr 08:00-17:00'\n"
        "    text: |\n      a\n      b\n";
    static const char alphabet[] = "[]{}:,-?&*!|>'\"%@`#\n\t \\u0\xC3\xFF";
    guint32 seed = g_random_int();
    print_message("seed %u\n", seed);
    g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
    for (guint round = 0; round < 3000; round++) {
        g_autofree char *text = g_memdup2(good, sizeof good);
        gsize len = (gsize)g_rand_int_range(rand, 0, sizeof good);
        for (guint i = 0; i < 3 && len > 0; i++)
            text[g_rand_int_range(rand, 0, (gint32)len)] =
                alphabet[g_rand_int_range(rand, 0, sizeof alphabet - 1)];
        g_autofree char *exact = g_memdup2(text, len); /* so that a read past the end is seen */
        g_autofree char *got = read_text(exact != NULL ? exact : "", len, NULL);
        assert_non_null(got);
    }
}

/* ---- Decoding. */

typedef struct {
    const char *name;
    gint64 total;
    double lat;
    gboolean remote;
    guint items;
} Record;

static void
handle_name(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_decode_text(decode, value, "name", 12, &((Record *)target)->name);
}

static void
handle_total(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_decode_int(decode, value, "total", 0, 100, &((Record *)target)->total);
}

static void
handle_lat(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_decode_double(decode, value, "lat", -90, 90, &((Record *)target)->lat);
}

static void
handle_remote(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_decode_bool(decode, value, "remote", &((Record *)target)->remote);
}

static void
handle_item(CnDecode *decode, const CnNode *item, gpointer target)
{
    const char *text = NULL;
    if (cn_decode_text(decode, item, "an item", 5, &text))
        ((Record *)target)->items++;
}

static void
handle_items(CnDecode *decode, const CnNode *value, gpointer target)
{
    cn_decode_sequence(decode, value, "items", handle_item, target);
}

static const CnField fields[] = {
    {"name", TRUE, handle_name},      {"total", FALSE, handle_total}, {"lat", FALSE, handle_lat},
    {"remote", FALSE, handle_remote}, {"items", FALSE, handle_items}, {"programme", FALSE, NULL},
};

/* "name/total/lat/remote/items", then every issue as " tag@line:column". (transfer full) */
static char *
decode_text(const char *text, gboolean hide, GString *messages)
{
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    g_autoptr(CnYaml) yaml = cn_yaml_parse(text, strlen(text), "t", NULL, hide, issues);
    assert_non_null(yaml);
    Record record = {.name = "-"};
    CnDecode decode = {.issues = issues, .hide_values = hide};
    cn_decode_mapping(&decode, cn_yaml_root(yaml), "the record", fields, G_N_ELEMENTS(fields),
                      &record);
    GString *out = g_string_new(NULL);
    g_string_append_printf(out, "%s/%d/%g/%d/%u", record.name, (int)record.total, record.lat,
                           record.remote, record.items);
    for (guint i = 0; i < cn_issue_list_len(issues); i++) {
        const CnIssue *issue = cn_issue_list_get(issues, i);
        g_string_append_printf(out, " %s@%u:%u", issue->tag, issue->pos.line, issue->pos.column);
        g_string_append_printf(messages, "%s; %s\n", issue->message, issue->suggestion);
    }
    return g_string_free(out, FALSE);
}

static void
records_are_decoded(void **state)
{
    (void)state;
    static const struct {
        const char *text, *expected;
    } cases[] = {
        {"{name: a, total: 3, lat: -8.5, remote: true, items: [x, y]}", "a/3/-8.5/1/2"},
        {"{name: 1383, total: 100, lat: 9e1, remote: false}", "1383/100/90/0/0"},
        {"{name: \"null\", total: +0, lat: 0}", "null/0/0/0/0"},
        {"{name: a, total: ~, lat: null, remote: , items: NULL}", "a/0/0/0/0"},
        {"{name: a, programme: {anything: [1, 2]}}", "a/0/0/0/0"},
        {"{total: 3}", "-/3/0/0/0 missing-key@1:1"},
        {"{name: ~}", "-/0/0/0/0 missing-key@1:8"},
        {"[name]", "-/0/0/0/0 wrong-type@1:1"},
        {"name", "-/0/0/0/0 wrong-type@1:1"},
        {"{name: a, nam: b, zzz: c}", "a/0/0/0/0 unknown-key@1:11 unknown-key@1:19"},
        {"{name: [a]}", "-/0/0/0/0 wrong-type@1:8"},
        {"{name: {a: b}}", "-/0/0/0/0 wrong-type@1:8"},
        {"{name: ''}", "-/0/0/0/0 impossible-value@1:8"},
        {"{name: '   '}", "-/0/0/0/0 impossible-value@1:8"},
        {"{name: \"a\\nb\"}", "-/0/0/0/0 impossible-value@1:8"},
        {"{name: \"\\e[31m\"}", "-/0/0/0/0 impossible-value@1:8"},
        {"{name: \"\\u202Ea\"}", "-/0/0/0/0 impossible-value@1:8"},
        {"{name: \"\\x9bm\"}", "-/0/0/0/0 impossible-value@1:8"},
        {"{name: \xC3\xB1\xC3\xB1\xC3\xB1\xC3\xB1\xC3\xB1\xC3\xB1\xC3\xB1\xC3\xB1}",
         "\xC3\xB1\xC3\xB1\xC3\xB1\xC3\xB1\xC3\xB1\xC3\xB1\xC3\xB1\xC3\xB1/0/0/0/0"},
        {"{name: abcdefghijklm}", "-/0/0/0/0 too-long@1:8"},
        {"{name: a, total: 101}", "a/0/0/0/0 impossible-value@1:18"},
        {"{name: a, total: -1}", "a/0/0/0/0 impossible-value@1:18"},
        {"{name: a, total: 99999999999999999999999}", "a/0/0/0/0 impossible-value@1:18"},
        {"{name: a, total: \"3\"}", "a/0/0/0/0 wrong-type@1:18"},
        {"{name: a, total: 3.0}", "a/0/0/0/0 wrong-type@1:18"},
        {"{name: a, total: 012}", "a/0/0/0/0 wrong-type@1:18"},
        {"{name: a, total: 0x1}", "a/0/0/0/0 wrong-type@1:18"},
        {"{name: a, total: [3]}", "a/0/0/0/0 wrong-type@1:18"},
        {"{name: a, total: -}", "a/0/0/0/0 wrong-type@1:18"},
        {"{name: a, lat: 91}", "a/0/0/0/0 impossible-value@1:16"},
        {"{name: a, lat: .inf}", "a/0/0/0/0 wrong-type@1:16"},
        {"{name: a, lat: nan}", "a/0/0/0/0 wrong-type@1:16"},
        {"{name: a, lat: 1e999}", "a/0/0/0/0 impossible-value@1:16"},
        {"{name: a, lat: 1.}", "a/0/0/0/0 wrong-type@1:16"},
        {"{name: a, lat: 1e}", "a/0/0/0/0 wrong-type@1:16"},
        {"{name: a, lat: '1'}", "a/0/0/0/0 wrong-type@1:16"},
        {"{name: a, remote: yes}", "a/0/0/0/0 wrong-type@1:19"},
        {"{name: a, remote: 'true'}", "a/0/0/0/0 wrong-type@1:19"},
        {"{name: a, remote: [true]}", "a/0/0/0/0 wrong-type@1:19"},
        {"{name: a, items: x}", "a/0/0/0/0 wrong-type@1:18"},
        {"{name: a, items: [x, [y], toolong, ~]}",
         "a/0/0/0/1 wrong-type@1:22 too-long@1:27 wrong-type@1:36"},
    };
    g_autoptr(GString) messages = g_string_new(NULL);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *got = decode_text(cases[i].text, FALSE, messages);
        assert_string_equal(got, cases[i].expected);
    }
    assert_non_null(strstr(messages->str, "the record has no key \"nam\"; did you mean name?\n"));
    assert_non_null(strstr(messages->str, "use one of: name, total"));
    assert_non_null(
        strstr(messages->str, "total must be a whole number, not \"3\"; remove the quo"));
}

static void
decoding_hides_values(void **state)
{
    (void)state;
    g_autoptr(GString) messages = g_string_new(NULL);
    g_autofree char *got = decode_text("{name: [Juana], total: Juana, lat: 'Juana', remote: Juana, "
                                       "items: Juana, Juana: 1}",
                                       TRUE, messages);
    assert_string_equal(got, "-/0/0/0/0 wrong-type@1:8 wrong-type@1:24 wrong-type@1:36 "
                             "wrong-type@1:53 wrong-type@1:67 unknown-key@1:74");
    assert_null(strstr(messages->str, "Juana"));
}

static void
keys_are_found(void **state)
{
    (void)state;
    static const char text[] = "{a: 1, b: [2]}";
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    g_autoptr(CnYaml) yaml = cn_yaml_parse(text, strlen(text), "t", NULL, FALSE, issues);
    const CnNode *root = cn_yaml_root(yaml);
    assert_string_equal(cn_node_get(root, "a")->text, "1");
    assert_null(cn_node_get(root, "c"));
    assert_null(cn_node_get(cn_node_get(root, "b"), "a"));
    assert_null(cn_node_get(NULL, "a"));
    assert_true(cn_node_is_null(NULL));
}

/* ---- Files. */

/* Reads @path with room for 10 bytes: "text", "issue" or "error". (transfer full) */
static char *
read_path(const char *path)
{
    static const CnYamlLimits ten = {.bytes = 10, .nodes = 100, .depth = 3};
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;
    gsize len = 7;
    if (!cn_yaml_read_file(path, &ten, &text, &len, issues, &error)) {
        assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_IO);
        assert_int_equal(len, 7);
        return g_strdup("error");
    }
    if (text == NULL) {
        assert_string_equal(cn_issue_list_get(issues, 0)->tag, "too-large");
        assert_null(cn_yaml_parse(text, len, path, &ten, FALSE, issues));
        assert_int_equal(cn_issue_list_len(issues), 1);
        return g_strdup("issue");
    }
    assert_int_equal(strlen(text), len);
    return g_steal_pointer(&text);
}

static gpointer
write_pipe(gpointer data)
{
    int fd = open(data, O_WRONLY);
    for (guint i = 0; i < 20; i++)
        if (write(fd, "x", 1) != 1)
            break;
    close(fd);
    return NULL;
}

static void
files_are_read_within_the_limit(void **state)
{
    (void)state;
    g_autofree char *folder = g_dir_make_tmp("carenet-yaml-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "a.yaml", NULL);
    static const struct {
        const char *content, *expected;
    } cases[] = {{"", ""}, {"1234567890", "1234567890"}, {"12345678901", "issue"}};
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        assert_true(g_file_set_contents(path, cases[i].content, -1, NULL));
        g_autofree char *got = read_path(path);
        assert_string_equal(got, cases[i].expected);
    }
    assert_int_equal(truncate(path, (off_t)1 << 30), 0);
    g_autofree char *huge = read_path(path);
    assert_string_equal(huge, "issue");
    g_autofree char *as_folder = read_path(folder);
    assert_string_equal(as_folder, "error");
    g_unlink(path);
    g_autofree char *missing = read_path(path);
    assert_string_equal(missing, "error");
    g_rmdir(folder);
}

static void
a_pipe_is_read_within_the_limit(void **state)
{
    (void)state;
    signal(SIGPIPE, SIG_IGN);
    g_autofree char *folder = g_dir_make_tmp("carenet-yaml-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "pipe", NULL);
    assert_int_equal(mkfifo(path, 0600), 0);
    GThread *writer = g_thread_new("writer", write_pipe, path);
    g_autofree char *got = read_path(path);
    g_thread_join(writer);
    assert_string_equal(got, "issue");
    g_unlink(path);
    g_rmdir(folder);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trees_and_refusals),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(hostile_text_is_refused),
        cmocka_unit_test(long_lines_are_read),
        cmocka_unit_test(messages_hide_values),
        cmocka_unit_test(damaged_text_is_survived),
        cmocka_unit_test(records_are_decoded),
        cmocka_unit_test(decoding_hides_values),
        cmocka_unit_test(keys_are_found),
        cmocka_unit_test(files_are_read_within_the_limit),
        cmocka_unit_test(a_pipe_is_read_within_the_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
