/* measure-yaml [RUNS]: what hostile YAML costs before it is refused. One line of JSON a kind: bytes of the
 * text, milliseconds of the processor (median over RUNS, 5 by default), memory that the reader held at most, and the tag
 * of the first issue. Each kind uses the budget of bytes or of values up to the end, where the last
 * line makes it wrong; or is small and would grow. */
#include "base/issue.h"
#include "format/yaml.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

typedef struct {
    const char *name;
    void (*write)(GString *text);
} Kind;

static void
fill(GString *text, const char *line, gsize bytes)
{
    while (text->len + strlen(line) < bytes)
        g_string_append(text, line);
}

#define FULL (cn_yaml_limits.bytes - 64)

static void
write_values(GString *text)
{
    g_string_append_c(text, '[');
    for (guint i = 0; i <= cn_yaml_limits.nodes; i++)
        g_string_append(text, "1,");
}

static void
write_lines(GString *text)
{
    for (guint i = 0; i <= cn_yaml_limits.nodes; i++)
        g_string_append(text, "- 1\n");
}

static void
write_pairs(GString *text)
{
    for (guint i = 0; i <= cn_yaml_limits.nodes / 2; i++)
        g_string_append_printf(text, "k%u: 1\n", i);
}

static void
write_same_keys(GString *text)
{
    for (guint i = 0; i < cn_yaml_limits.nodes / 2 - 2; i++)
        g_string_append_printf(text, "k%u: 1\n", i);
    g_string_append(text, "k0: 1\n");
}

static void
write_long_values(GString *text)
{
    fill(text, "- aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n", FULL);
    g_string_append(text, "&a");
}

static void
write_quoted(GString *text)
{
    fill(text, "- \"\\u0041\\u0041\\u0041\\u0041\\u0041\\u0041\\u0041\\u0041\"\n", FULL);
    g_string_append(text, "&a");
}

/* Both budgets at once. */
static void
write_pairs_to_the_end(GString *text)
{
    for (guint i = 0; text->len < FULL - 96; i++)
        g_string_append_printf(text,
                               "k%06u: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                               "aaaaaaaaaaaaaaaaaaaaaa\n",
                               i);
    g_string_append(text, "z: &a\n");
}

static void
write_like_keys(GString *text)
{
    for (guint i = 0; text->len < FULL - 96; i++)
        g_string_append_printf(text,
                               "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                               "aaaaaa%06u: 1\n",
                               (i * 7919) % 1000000);
    g_string_append(text, "z: &a\n");
}

static void
write_wide_letters(GString *text)
{
    fill(text,
         "- \xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac"
         "\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\n",
         FULL);
    g_string_append(text, "- &a\n");
}

static void
write_flow_to_the_end(GString *text)
{
    g_string_append_c(text, '[');
    fill(text, "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',", FULL);
    g_string_append(text, "&a]");
}

static void
write_folded(GString *text)
{
    g_string_append(text, "- >\n");
    for (guint i = 0; text->len < FULL - 32; i++)
        g_string_append(text, i % 2000 == 1999 ? "- >\n" : "  a\n  b\n\n  cccccccccccccccccc\n");
    g_string_append(text, "- &a\n");
}

static void
write_comments(GString *text)
{
    for (guint i = 0; text->len < FULL - 80; i++)
        g_string_append(text, i % 1000 == 0 ? "- 1\n" : "# comment comment comment comment\n");
    g_string_append(text, "- &a\n");
}

static void
write_nested(GString *text)
{
    for (guint i = 0; i < 3000; i++) {
        for (guint k = 0; k < 30; k++)
            g_string_append_c(text, '[');
        for (guint k = 0; k < 30; k++)
            g_string_append_c(text, ']');
        g_string_append(text, "\n- ");
        if (i == 0)
            g_string_prepend(text, "- ");
    }
    g_string_append(text, "&a");
}

static void
write_open(GString *text)
{
    for (guint i = 0; i < 1000000; i++)
        g_string_append_c(text, '[');
}

static void
write_aliases(GString *text)
{
    g_string_append(text, "a: &a [x,x,x,x,x,x,x,x,x]\n");
    for (char c = 'b'; c < 'k'; c++)
        g_string_append_printf(text, "%c: &%c [*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c]\n", c, c, c - 1,
                               c - 1, c - 1, c - 1, c - 1, c - 1, c - 1, c - 1, c - 1);
}

static void
write_endless(GString *text)
{
    g_string_append_c(text, '"');
    fill(text, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", FULL);
}

static const Kind kinds[] = {
    {"too many values, one line", write_values},
    {"too many values, one a line", write_lines},
    {"too many pairs", write_pairs},
    {"the last key twice", write_same_keys},
    {"long values up to the end", write_long_values},
    {"escapes up to the end", write_quoted},
    {"pairs up to the end", write_pairs_to_the_end},
    {"long keys that begin alike", write_like_keys},
    {"wide letters up to the end", write_wide_letters},
    {"one list up to the end", write_flow_to_the_end},
    {"folded texts up to the end", write_folded},
    {"comments up to the end", write_comments},
    {"nested lists up to the end", write_nested},
    {"a million open brackets", write_open},
    {"a thousand million laughs", write_aliases},
    {"a text that does not end", write_endless},
};

static gint
compare_times(gconstpointer a, gconstpointer b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Of this process alone: others on the machine do not count. */
static double
processor_ms(void)
{
    return (double)clock() * 1000.0 / CLOCKS_PER_SEC;
}

/* *out_tag (nullable): what it was refused as. */
static double
read_once(const GString *text, const char **out_tag)
{
    double start_ms = processor_ms();
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    g_autoptr(CnYaml) yaml =
        cn_yaml_parse(text->str, text->len, "hostile.yaml", NULL, FALSE, issues);
    double took_ms = processor_ms() - start_ms;
    if (yaml != NULL || cn_issue_list_errors(issues) == 0) {
        g_printerr("measure-yaml: a hostile text was not refused\n");
        exit(EXIT_FAILURE);
    }
    if (out_tag != NULL)
        *out_tag = cn_issue_list_get(issues, 0)->tag;
    return took_ms;
}

static double
peak_mb(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss / 1024.0;
}

static void
measure(const Kind *kind, guint runs)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(GArray) times = g_array_new(FALSE, FALSE, sizeof(double));
    const char *tag = NULL;
    kind->write(text);
    double before_mb = peak_mb();
    read_once(text, &tag);
    double held_mb = peak_mb() - before_mb;
    for (guint run = 0; run < runs; run++) {
        double took_ms = read_once(text, NULL);
        g_array_append_val(times, took_ms);
    }
    g_array_sort(times, compare_times);
    printf("{\"name\": \"%s\", \"bytes\": %zu, \"ms\": %.2f, \"mb\": %.1f, \"tag\": \"%s\"}\n",
           kind->name, text->len, g_array_index(times, double, times->len / 2), held_mb, tag);
}

int
main(int argc, char **argv)
{
    guint64 runs = 5;
    if (argc > 2 || (argc == 2 && !g_ascii_string_to_unsigned(argv[1], 10, 1, 1000, &runs, NULL))) {
        g_printerr("usage: measure-yaml [RUNS]\n");
        return 2;
    }
    /* Each in a process of its own, so that the peak is its own. */
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        int status = -1;
        pid_t child = fork();
        if (child == 0) {
            measure(&kinds[i], (guint)runs);
            return EXIT_SUCCESS;
        }
        if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
            return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
