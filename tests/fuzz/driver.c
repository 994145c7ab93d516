/* Replays a fuzz target as an ordinary test, without libFuzzer: every file of a corpus folder, the
 * beginnings of each, seeded mutations of each, and generated texts that are too large or too deep
 * to be committed.
 *
 *   fuzz-region [--variants N] FOLDER    all of it, with about N variants of the files; with
 *                                        none, the files alone
 *   fuzz-region FILE...                  only these inputs
 *
 * A child process does the work, so that the input that ends it is known and can be saved whatever
 * happens: a failed assertion, a sanitizer's finding, a signal, or more than SECONDS_MOST. */
#include "fuzz.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define SECONDS_MOST    60 /* for one input, under sanitizers on a busy machine */
#define VARIANTS        4000
#define MUTATION_SEED   20230427
#define INPUT_BYTES     (1 << 20)
#define BOMB_LEVELS     100000
#define MUTATED_BYTES   4096 /* of longer files only the beginning is mutated */
#define EDITS_AT_ONCE   4
#define NAME_BYTES_MOST 512

/* What the parent knows when the child is gone. */
typedef struct {
    char name[NAME_BYTES_MOST];
    size_t len;
    uint64_t done;
    uint8_t bytes[INPUT_BYTES];
} Progress;

static void
run(Progress *progress, const char *name, const void *bytes, size_t len)
{
    len = MIN(len, (size_t)INPUT_BYTES);
    g_strlcpy(progress->name, name, sizeof progress->name);
    if (len > 0)
        memcpy(progress->bytes, bytes, len);
    progress->len = len;
    /* A copy of exactly this size: one byte too far is one that a sanitizer sees. */
    uint8_t *exact = g_malloc(MAX(len, 1));
    memcpy(exact, progress->bytes, len);
    alarm(SECONDS_MOST);
    LLVMFuzzerTestOneInput(exact, len);
    alarm(0);
    g_free(exact);
    progress->done++;
}

/* ---- Variants of a file. */

static void
run_prefixes(Progress *progress, const char *name, const char *bytes, size_t len, size_t want)
{
    for (size_t i = 0; i < MIN(want, len); i++) {
        size_t cut = len <= want ? i : len * i / want;
        g_autofree char *what = g_strdup_printf("%s cut to %zu bytes", name, cut);
        run(progress, what, bytes, cut);
    }
}

static void
mutate(GRand *rand, GByteArray *bytes)
{
    static const char *const pieces[] = {
        "\"", "'",  "[", "]",    "{",   "}",  ": ",
        ", ", "\n", "-", "\xff", "&a ", "*a", "99999999999999999999",
        "!",  "|",  ">", "%",    "#",   "\t"};
    for (gint i = g_rand_int_range(rand, 1, EDITS_AT_ONCE + 1); i > 0; i--) {
        guint at = bytes->len > 0 ? (guint)g_rand_int_range(rand, 0, (gint32)bytes->len) : 0;
        guint len = (guint)g_rand_int_range(rand, 1, 17);
        const char *piece = pieces[g_rand_int_range(rand, 0, G_N_ELEMENTS(pieces))];
        switch (g_rand_int_range(rand, 0, 4)) {
        case 0: /* another byte */
            if (bytes->len > 0)
                bytes->data[at] = (guint8)g_rand_int_range(rand, 0, 256);
            break;
        case 1: /* less */
            if (bytes->len > 0)
                g_byte_array_remove_range(bytes, at, MIN(len, bytes->len - at));
            break;
        case 2: /* a piece of syntax in place of what is there */
            if (at + strlen(piece) <= bytes->len)
                memcpy(bytes->data + at, piece, strlen(piece));
            break;
        default: { /* the same once more at the end */
            g_autofree guint8 *copy = g_memdup2(bytes->data + at, MIN(len, bytes->len - at));
            g_byte_array_append(bytes, copy, MIN(len, bytes->len - at));
        }
        }
    }
}

static void
run_mutations(Progress *progress, const char *name, const char *bytes, size_t len, size_t want)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(MUTATION_SEED);
    for (size_t i = 0; i < want; i++) {
        g_autoptr(GByteArray) mutated = g_byte_array_new();
        g_byte_array_append(mutated, (const guint8 *)bytes, (guint)MIN(len, MUTATED_BYTES));
        mutate(rand, mutated);
        g_autofree char *what =
            g_strdup_printf("%s mutated, seed %d number %zu", name, MUTATION_SEED, i);
        run(progress, what, mutated->data, mutated->len);
    }
}

/* ---- Texts that would be too large to commit. */

static void
run_repeated(Progress *progress, const char *head, const char *piece, const char *tail)
{
    GString *text = g_string_new(head);
    for (guint i = 0; i < BOMB_LEVELS && text->len < INPUT_BYTES; i++)
        g_string_append(text, piece);
    g_string_append(text, tail);
    g_autofree char *escaped = g_strescape(piece, NULL);
    g_autofree char *what = g_strdup_printf("\"%s\" %d times", escaped, BOMB_LEVELS);
    run(progress, what, text->str, text->len);
    g_string_free(text, TRUE);
}

/* Each level one space deeper: the size grows with the square of the depth. */
static void
run_staircase(Progress *progress)
{
    GString *text = g_string_new(NULL);
    for (guint level = 0; text->len < INPUT_BYTES / 2; level++)
        g_string_append_printf(text, "%*s-\n", (int)level, "");
    run(progress, "a staircase of list items", text->str, text->len);
    g_string_free(text, TRUE);
}

static void
run_bombs(Progress *progress)
{
    static const char *const bombs[][3] = {
        {"", "[", ""},
        {"", "[", "]"},
        {"", "{", ""},
        {"", "{a: ", ""},
        {"", "{\"a\":[", ""},
        {"", "- ", "a"},
        {"", "- - ", "a"},
        {"", "? ", "a"},
        {"", "a: ", ""},
        {"a: &a [x]\nb: [", "*a,", "]"},
        {"[", "a,", "]"},
        {"", "a: 1\n", ""},
        {"", "- a\n", ""},
        {"\"", "\\u00e9", "\""},
        {"\"", "\\ud83d\\ude00", "\""},
        {"\"", "\\\n", "\""},
        {"", "a", ""},
        {"", "\xc3\xa9", ""},
        {"", "\xff", ""},
        {"", "\n", ""},
        {"", " ", "a"},
        {"", "\t", "a"},
        {"", "# a\n", "a"},
        {"", "%YAML 1.1\n", "--- a"},
        {"", "---\n", "a"},
        {"", "!!map ", "a"},
        {"", "|\n a\n", ""},
        {"", "Mo-Su 00:00-24:00,", ""},
        {"a,b\n", "1,2\n", ""},
        {"a,b\n\"", "\"\"", "\",1\n"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(bombs); i++)
        run_repeated(progress, bombs[i][0], bombs[i][1], bombs[i][2]);
    run_staircase(progress);
    run(progress, "nothing", "", 0);
}

/* ---- Files and folders. */

static int
compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static GPtrArray *
list_folder(const char *folder)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GDir) dir = g_dir_open(folder, 0, &error);
    if (dir == NULL)
        g_error("%s", error->message);
    GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
    for (const char *name = g_dir_read_name(dir); name != NULL; name = g_dir_read_name(dir))
        g_ptr_array_add(paths, g_build_filename(folder, name, NULL));
    g_ptr_array_sort(paths, compare_names);
    return paths;
}

static void
run_file(Progress *progress, const char *path, size_t variants)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *bytes = NULL;
    gsize len = 0;
    if (!g_file_get_contents(path, &bytes, &len, &error))
        g_error("%s", error->message);
    g_autofree char *name = g_path_get_basename(path);
    run(progress, name, bytes, len);
    run_prefixes(progress, name, bytes, len, variants / 2);
    run_mutations(progress, name, bytes, len, variants / 2);
}

static void
run_all(Progress *progress, char **arguments, size_t variants)
{
    if (!g_file_test(arguments[0], G_FILE_TEST_IS_DIR)) {
        for (char **path = arguments; *path != NULL; path++)
            run_file(progress, *path, 0);
        return;
    }
    g_autoptr(GPtrArray) paths = list_folder(arguments[0]);
    if (paths->len == 0)
        g_error("%s holds no input", arguments[0]);
    for (guint i = 0; i < paths->len; i++)
        run_file(progress, g_ptr_array_index(paths, i), variants / paths->len);
    if (variants > 0)
        run_bombs(progress);
}

static int
report(const Progress *progress, const char *program, int status)
{
    g_autofree char *name = g_path_get_basename(program);
    g_autofree char *path = g_strconcat(name, "-finding.bin", NULL);
    g_autoptr(GError) error = NULL;
    if (WIFSIGNALED(status))
        printf("ended by signal %d (%s)\n", WTERMSIG(status), strsignal(WTERMSIG(status)));
    printf("finding after %" G_GUINT64_FORMAT " inputs: %s\n", progress->done, progress->name);
    if (g_file_set_contents(path, (const char *)progress->bytes, (gssize)progress->len, &error))
        printf("the input of %zu bytes is in %s\n", progress->len, path);
    return 1;
}

int
main(int argc, char **argv)
{
    size_t variants = VARIANTS;
    char **arguments = argv + 1;
    if (argc > 2 && strcmp(argv[1], "--variants") == 0) {
        variants = (size_t)g_ascii_strtoull(argv[2], NULL, 10);
        arguments += 2;
    }
    if (*arguments == NULL) {
        fprintf(stderr, "usage: %s [--variants N] FOLDER | FILE...\n", argv[0]);
        return 2;
    }
    Progress *progress =
        mmap(NULL, sizeof *progress, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (progress == MAP_FAILED)
        g_error("mmap: %s", g_strerror(errno));
    pid_t child = fork();
    if (child < 0)
        g_error("fork: %s", g_strerror(errno));
    if (child == 0) {
        run_all(progress, arguments, variants);
        exit(0);
    }
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    if (status != 0)
        return report(progress, argv[0], status);
    printf("%" G_GUINT64_FORMAT " inputs replayed\n", progress->done);
    return 0;
}
