/* Key files: only their owner may read them, only the right kind is taken, and nothing is quoted. */
#include "base/key-file.h"

#include "base/error.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define KIND CN_KEY_FILE_NETWORK
#define HEX  "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

typedef struct {
    char *folder, *path;
    guint8 secret[CN_KEY_LEN];
} World;

static int
set_up(void **state)
{
    World *world = g_new0(World, 1);
    world->folder = g_dir_make_tmp("carenet-XXXXXX", NULL);
    world->path = g_build_filename(world->folder, "network.key", NULL);
    for (guint8 i = 0; i < CN_KEY_LEN; i++)
        world->secret[i] = i;
    *state = world;
    return world->folder != NULL ? 0 : -1;
}

static int
tear_down(void **state)
{
    World *world = *state;
    g_unlink(world->path);
    g_rmdir(world->folder);
    g_free(world->path);
    g_free(world->folder);
    g_free(world);
    return 0;
}

static void
expect(GError **error, carenet_error_code code)
{
    assert_non_null(*error);
    assert_int_equal(carenet_error_get_code(*error), code);
    assert_null(strstr((*error)->message, "0001020304"));
    g_clear_error(error);
}

static void
test_made_and_read(void **state)
{
    World *world = *state;
    guint8 key[CN_KEY_LEN];
    struct stat info;
    GError *error = NULL;
    assert_true(cn_key_file_make(world->path, KIND, "# keep it\n", world->secret, &error));
    assert_int_equal(stat(world->path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_true(cn_key_file_read(world->path, KIND, key, &error));
    assert_memory_equal(key, world->secret, CN_KEY_LEN);
    assert_false(cn_key_file_read(world->path, "carenet-other-key-1", key, &error));
    expect(&error, CARENET_ERROR_INVALID_DATA);
    /* It is never overwritten. */
    assert_false(cn_key_file_make(world->path, KIND, "", world->secret, &error));
    expect(&error, CARENET_ERROR_CONFLICT);
}

static void
test_readable_by_others(void **state)
{
    static const mode_t open_to[] = {0640, 0604, 0660, 0622, 0644, 0777};
    World *world = *state;
    guint8 key[CN_KEY_LEN];
    GError *error = NULL;
    assert_true(cn_key_file_make(world->path, KIND, "", world->secret, &error));
    for (gsize i = 0; i < G_N_ELEMENTS(open_to); i++) {
        assert_int_equal(g_chmod(world->path, (int)open_to[i]), 0);
        assert_false(cn_key_file_read(world->path, KIND, key, &error));
        assert_non_null(strstr(carenet_error_get_hint(error), "chmod 600"));
        expect(&error, CARENET_ERROR_REFUSED);
        const int fd = g_open(world->path, O_RDONLY, 0);
        assert_false(cn_key_fd_read(fd, KIND, key, &error));
        close(fd);
        expect(&error, CARENET_ERROR_REFUSED);
    }
    assert_int_equal(g_chmod(world->path, 0400), 0);
    assert_true(cn_key_file_read(world->path, KIND, key, &error));
}

static void
test_texts(void **state)
{
    static const struct {
        const char *text;
        gboolean good;
    } texts[] = {
        {KIND " " HEX "\n", TRUE},
        {KIND " " HEX, TRUE},
        {"# about\n\n  " KIND " " HEX "  \n# after\n", TRUE},
        {"# about\r\n" KIND " " HEX "\r\n", TRUE},
        {"", FALSE},
        {"# nothing\n", FALSE},
        {HEX "\n", FALSE},
        {KIND "\n", FALSE},
        {KIND HEX "\n", FALSE},
        {KIND " " HEX "00\n", FALSE},
        {KIND " 0001020304\n", FALSE},
        {KIND " " HEX "\n" KIND " " HEX "\n", FALSE},
        {KIND " " HEX "\nmore\n", FALSE},
        {"carenet-network-key-2 " HEX "\n", FALSE},
    };
    World *world = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        guint8 key[CN_KEY_LEN];
        GError *error = NULL;
        g_unlink(world->path); /* GLib does not shorten a file to nothing */
        assert_true(g_file_set_contents_full(world->path, texts[i].text, -1,
                                             G_FILE_SET_CONTENTS_NONE, 0600, NULL));
        const gboolean read = cn_key_file_read(world->path, KIND, key, &error);
        if (read != texts[i].good)
            fail_msg("text %zu", i);
        if (read)
            assert_memory_equal(key, world->secret, CN_KEY_LEN);
        else
            expect(&error, CARENET_ERROR_INVALID_DATA);
    }
    /* A NUL, and more than any key file holds. */
    GError *error = NULL;
    guint8 key[CN_KEY_LEN];
    g_autofree char *long_text = g_strnfill(5000, '#');
    g_file_set_contents_full(world->path, KIND " " HEX "\n\0x", strlen(KIND) + 68,
                             G_FILE_SET_CONTENTS_NONE, 0600, NULL);
    assert_false(cn_key_file_read(world->path, KIND, key, &error));
    expect(&error, CARENET_ERROR_INVALID_DATA);
    g_file_set_contents_full(world->path, long_text, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL);
    assert_false(cn_key_file_read(world->path, KIND, key, &error));
    expect(&error, CARENET_ERROR_INVALID_DATA);
}

static void
test_descriptors_and_places(void **state)
{
    World *world = *state;
    guint8 key[CN_KEY_LEN];
    GError *error = NULL;
    int ends[2];
    const char text[] = "# from a safe\n" KIND " " HEX "\n";
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], text, strlen(text)), strlen(text));
    close(ends[1]);
    assert_true(cn_key_fd_read(ends[0], KIND, key, &error));
    assert_memory_equal(key, world->secret, CN_KEY_LEN);
    close(ends[0]);
    assert_false(cn_key_fd_read(ends[0], KIND, key, &error));
    expect(&error, CARENET_ERROR_IO);
    assert_false(cn_key_file_read(world->path, KIND, key, &error));
    expect(&error, CARENET_ERROR_NOT_FOUND);
    assert_false(cn_key_file_read(world->folder, KIND, key, &error));
    g_clear_error(&error);
    g_autofree char *nowhere = g_build_filename(world->folder, "none", "a.key", NULL);
    assert_false(cn_key_file_make(nowhere, KIND, "", world->secret, &error));
    expect(&error, CARENET_ERROR_NOT_FOUND);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_made_and_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_readable_by_others, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_texts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_descriptors_and_places, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
