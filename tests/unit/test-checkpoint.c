/* Checkpoints: what they hold against (edits, deletions, a cut-off end, a chain written anew), and that no
 * change of their own text passes. */
#include "../support/referral-world.h"
#include "base/error.h"
#include "base/key-file.h"
#include "base/sign.h"
#include "referral/referral.h"

#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define RECORDS 8

/* A store with some records, a key, and a checkpoint in the middle of them. */
typedef struct {
    World *world;
    carenet_store *store;
    char *key_path;
    carenet_signing_key *key;
    char *early; /* signed, after half of the records */
} Desk;

/* One record each. */
static void
work(Desk *desk, guint times)
{
    const carenet_acting acting = world_acting();
    for (guint i = 0; i < times; i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(carenet_table) row =
            carenet_verify(desk->store, "ex-one", "phone", &acting, &error);
        if (row == NULL)
            fail_msg("%s", error->message);
        desk->world->wall_s += 100;
        desk->world->boot_s += 100;
    }
}

static char *
make(Desk *desk, const carenet_signing_key *key)
{
    g_autoptr(GError) error = NULL;
    char *text = carenet_checkpoint_make(desk->store, key, &error);
    if (text == NULL)
        fail_msg("%s", error->message);
    return text;
}

static int
set_up(void **state)
{
    Desk *desk = g_new0(Desk, 1);
    desk->world = world_new();
    desk->store = world_make(desk->world);
    desk->key_path = g_build_filename(desk->world->folder, "audit.key", NULL);
    desk->key = carenet_signing_key_create(desk->key_path, NULL);
    assert_non_null(desk->key);
    work(desk, RECORDS / 2);
    desk->early = make(desk, desk->key);
    work(desk, RECORDS / 2);
    *state = desk;
    return 0;
}

static int
tear_down(void **state)
{
    Desk *desk = *state;
    carenet_free(desk->early);
    carenet_signing_key_free(desk->key);
    carenet_store_close(desk->store);
    world_free(desk->world);
    g_free(desk->key_path);
    g_free(desk);
    return 0;
}

static gint64
broken_at(const Desk *desk, const char *checkpoint)
{
    g_autoptr(GError) error = NULL;
    carenet_chain chain;
    carenet_chain_init(&chain);
    if (!carenet_audit_verify(desk->store, checkpoint, &chain, &error))
        fail_msg("%s", error->message);
    return chain.broken_at;
}

static void
run_sql(const Desk *desk, const char *sql)
{
    assert_int_equal(sqlite3_exec(desk->store->db, sql, NULL, NULL, NULL), SQLITE_OK);
}

/* ---- Keys and signatures. */

/* RFC 8032, 7.1, test 2. */
static void
signatures_are_those_of_the_standard(void **state)
{
    (void)state;
    static const char seed_hex[] =
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";
    static const char public_hex[] =
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
    static const char signature_hex[] =
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";
    guint8 seed[CN_KEY_LEN], signature[CN_SIGNATURE_LEN];
    g_auto(CnSigner) signer;
    assert_true(cn_hex_parse(seed_hex, seed, sizeof seed));
    cn_signer_from_seed(&signer, seed);
    cn_sign(&signer, "\x72", 1, signature);
    g_autofree char *is_public = cn_hex(signer.public_key, CN_KEY_LEN);
    g_autofree char *is_signature = cn_hex(signature, sizeof signature);
    assert_string_equal(is_public, public_hex);
    assert_string_equal(is_signature, signature_hex);
    assert_true(cn_signature_fits(signer.public_key, "\x72", 1, signature));
    assert_false(cn_signature_fits(signer.public_key, "\x73", 1, signature));
}

static void
expect_key_error(carenet_signing_key *key, const GError *error, carenet_error_code code)
{
    assert_null(key);
    assert_int_equal(carenet_error_get_code(error), code);
}

static void
keys_come_from_private_files_only(void **state)
{
    const Desk *desk = *state;
    g_autoptr(GError) error = NULL;
    static const guint8 secret[CN_KEY_LEN] = {1};
    g_autofree char *other = g_build_filename(desk->world->folder, "network.key", NULL);
    carenet_signing_key *again = carenet_signing_key_read(desk->key_path, &error);
    assert_string_equal(carenet_signing_key_public(again), carenet_signing_key_public(desk->key));
    carenet_signing_key_free(again);
    /* A key for something else is none. */
    assert_true(cn_key_file_make(other, CN_KEY_FILE_NETWORK, "", secret, NULL));
    carenet_signing_key *none = carenet_signing_key_read(other, &error);
    expect_key_error(none, error, CARENET_ERROR_INVALID_DATA);
    g_clear_error(&error);
    none = carenet_signing_key_create(desk->key_path, &error);
    expect_key_error(none, error, CARENET_ERROR_CONFLICT);
    g_clear_error(&error);
    assert_int_equal(g_chmod(desk->key_path, 0644), 0);
    none = carenet_signing_key_read(desk->key_path, &error);
    expect_key_error(none, error, CARENET_ERROR_REFUSED);
    g_clear_error(&error);
    none = carenet_signing_key_read_fd(-1, &error);
    expect_key_error(none, error, CARENET_ERROR_INVALID_ARGUMENT);
    carenet_signing_key_free(NULL);
    assert_null(carenet_signing_key_public(NULL));
}

static void
a_key_is_handed_over_by_a_descriptor(void **state)
{
    const Desk *desk = *state;
    g_autofree char *text = NULL;
    gsize len = 0;
    int ends[2];
    assert_true(g_file_get_contents(desk->key_path, &text, &len, NULL));
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], text, len), (gssize)len);
    close(ends[1]);
    carenet_signing_key *key = carenet_signing_key_read_fd(ends[0], NULL);
    close(ends[0]);
    assert_string_equal(carenet_signing_key_public(key), carenet_signing_key_public(desk->key));
    carenet_signing_key_free(key);
}

/* ---- Texts. */

static void
a_checkpoint_tells_who_signed_it(void **state)
{
    Desk *desk = *state;
    g_autoptr(GError) error = NULL;
    char *signer = carenet_checkpoint_signer(desk->early, &error);
    assert_string_equal(signer, carenet_signing_key_public(desk->key));
    carenet_free(signer);
    char *plain = make(desk, NULL);
    signer = carenet_checkpoint_signer(plain, &error);
    assert_string_equal(signer, "");
    carenet_free(signer);
    assert_int_equal(broken_at(desk, plain), 0);
    assert_int_equal(broken_at(desk, desk->early), 0);
    assert_true(g_str_has_prefix(desk->early, "carenet-checkpoint-1\nrecords 5\nhead "));
    carenet_free(plain);
}

/* Whatever byte of a signed checkpoint is changed, taken out or added: it is none any more. */
static void
no_change_of_a_signed_text_passes(void **state)
{
    const Desk *desk = *state;
    const gsize len = strlen(desk->early);
    guint tried = 0;
    for (gsize i = 0; i <= len; i++)
        for (guint kind = 0; kind < 3; kind++) {
            g_autoptr(GString) text = g_string_new(desk->early);
            if (kind == 0 && i < len)
                text->str[i] ^= 1;
            else if (kind == 1 && i < len)
                g_string_erase(text, (gssize)i, 1);
            else
                g_string_insert_c(text, (gssize)i, '0');
            if (strcmp(text->str, desk->early) == 0)
                continue;
            char *signer = carenet_checkpoint_signer(text->str, NULL);
            /* Letters of hexadecimal mean the same in either case; no signed byte may differ. */
            if (signer != NULL)
                fail_msg("byte %zu, change %u: %s", i, kind, text->str);
            tried++;
        }
    for (gsize cut = 0; cut < len; cut++) {
        g_autofree char *text = g_strndup(desk->early, cut);
        char *signer = carenet_checkpoint_signer(text, NULL);
        /* Cut off before the name of the signer it is one that is not signed. */
        if (signer != NULL)
            assert_string_equal(signer, "");
        carenet_free(signer);
        tried++;
    }
    print_message("%u changes of a checkpoint\n", tried);
}

static void
another_ones_signature_tells(void **state)
{
    Desk *desk = *state;
    g_autofree char *path = g_build_filename(desk->world->folder, "other.key", NULL);
    carenet_signing_key *other = carenet_signing_key_create(path, NULL);
    char *forged = make(desk, other);
    char *signer = carenet_checkpoint_signer(forged, NULL);
    assert_string_equal(signer, carenet_signing_key_public(other));
    assert_string_not_equal(signer, carenet_signing_key_public(desk->key));
    carenet_free(signer);
    carenet_free(forged);
    carenet_signing_key_free(other);
}

/* ---- Tampering. */

typedef struct {
    guint8 bytes[4096];
    gsize len;
} Buffer;

static void
put(Buffer *buffer, const void *bytes, gsize len)
{
    const guint32 be = GUINT32_TO_BE((guint32)len);
    memcpy(buffer->bytes + buffer->len, &be, 4);
    memcpy(buffer->bytes + buffer->len + 4, bytes, len);
    buffer->len += 4 + len;
}

/* What somebody does who knows how the chain is made: every hash anew, and the journal to match. */
static void
write_chain_anew(const Desk *desk)
{
    sqlite3_stmt *select = NULL, *update = NULL;
    sqlite3 *db = desk->store->db;
    guint8 head[32] = {0};
    gint64 records = 0;
    assert_int_equal(sqlite3_prepare_v2(db,
                                        "SELECT number, at_s, actor, action, subject, detail"
                                        " FROM audit_record ORDER BY number",
                                        -1, &select, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, "UPDATE audit_record SET hash = ?1 WHERE number = ?2",
                                        -1, &update, NULL),
                     SQLITE_OK);
    while (sqlite3_step(select) == SQLITE_ROW) {
        Buffer buffer = {.len = 32};
        memcpy(buffer.bytes, head, 32);
        records = sqlite3_column_int64(select, 0);
        for (int i = 0; i < 2; i++) {
            const gint64 be = GINT64_TO_BE(sqlite3_column_int64(select, i));
            put(&buffer, &be, 8);
        }
        for (int i = 2; i < 6; i++)
            put(&buffer, sqlite3_column_text(select, i), (gsize)sqlite3_column_bytes(select, i));
        cn_hash(buffer.bytes, buffer.len, head);
        sqlite3_reset(update);
        sqlite3_bind_blob(update, 1, head, 32, SQLITE_STATIC);
        sqlite3_bind_int64(update, 2, records);
        assert_int_equal(sqlite3_step(update), SQLITE_DONE);
    }
    sqlite3_finalize(select);
    sqlite3_finalize(update);
    g_autofree char *hex = cn_hex(head, 32);
    g_autofree char *sql = g_strdup_printf(
        "UPDATE journal SET records = %" G_GINT64_FORMAT ", head = x'%s'", records, hex);
    run_sql(desk, sql);
}

/* The chain as it is, written anew, is the same: the forger above knows what he does. */
static void
a_chain_that_is_written_anew_is_found(void **state)
{
    const Desk *desk = *state;
    write_chain_anew(desk);
    assert_int_equal(broken_at(desk, desk->early), 0);
    run_sql(desk, "UPDATE audit_record SET actor = 'nobody' WHERE number = 3");
    assert_int_equal(broken_at(desk, NULL), 3);
    write_chain_anew(desk);
    /* It fits in itself, and not to what was kept elsewhere. */
    assert_int_equal(broken_at(desk, NULL), 0);
    assert_int_equal(broken_at(desk, desk->early), 5);
}

static void
what_was_taken_out_is_found(void **state)
{
    Desk *desk = *state;
    char *late = make(desk, desk->key);
    /* The end, with a journal that agrees. */
    run_sql(desk, "PRAGMA foreign_keys = OFF");
    run_sql(desk, "DELETE FROM audit_record WHERE number > 6");
    write_chain_anew(desk);
    assert_int_equal(broken_at(desk, NULL), 0);
    assert_int_equal(broken_at(desk, desk->early), 0);
    assert_int_equal(broken_at(desk, late), 7);
    /* One in the middle, and those behind it moved up. */
    run_sql(desk, "DELETE FROM audit_record WHERE number = 2");
    run_sql(desk, "UPDATE audit_record SET number = number - 1 WHERE number > 2");
    write_chain_anew(desk);
    assert_int_equal(broken_at(desk, NULL), 0);
    assert_int_equal(broken_at(desk, desk->early), 5);
    carenet_free(late);
}

static void
no_checkpoint_of_a_broken_chain_is_made(void **state)
{
    const Desk *desk = *state;
    g_autoptr(GError) error = NULL;
    run_sql(desk, "UPDATE audit_record SET detail = detail || 'x' WHERE number = 2");
    assert_null(carenet_checkpoint_make(desk->store, desk->key, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_CORRUPT);
    g_clear_error(&error);
    assert_null(carenet_checkpoint_make(NULL, NULL, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_INVALID_ARGUMENT);
    g_clear_error(&error);
    assert_null(carenet_checkpoint_signer(NULL, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_INVALID_ARGUMENT);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signatures_are_those_of_the_standard),
        T(keys_come_from_private_files_only),
        T(a_key_is_handed_over_by_a_descriptor),
        T(a_checkpoint_tells_who_signed_it),
        T(no_change_of_a_signed_text_passes),
        T(another_ones_signature_tells),
        T(a_chain_that_is_written_anew_is_found),
        T(what_was_taken_out_is_found),
        T(no_checkpoint_of_a_broken_chain_is_made),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
