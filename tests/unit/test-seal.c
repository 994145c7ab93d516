/* Sealed boxes: what is sealed opens with its key and its label only, and tells nothing by its length. */
#include "base/seal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

static void
test_round_trip(void **state)
{
    (void)state;
    g_auto(CnKeyPair) pair, other;
    cn_key_pair_make(&pair);
    cn_key_pair_make(&other);
    for (gsize len = 0; len < 300; len += 7) {
        g_autofree char *text = g_strnfill(len, 'x');
        g_autoptr(GBytes) box = cn_seal(pair.public_key, "site/address", text, len);
        gsize box_len = 0, got_len = 0;
        gconstpointer bytes = g_bytes_get_data(box, &box_len);
        g_autoptr(GBytes) got = cn_unseal(&pair, "site/address", bytes, box_len);
        assert_non_null(got);
        gconstpointer opened = g_bytes_get_data(got, &got_len);
        assert_int_equal(got_len, len);
        if (len > 0)
            assert_memory_equal(opened, text, len);
        assert_null(cn_unseal(&other, "site/address", bytes, box_len));
        assert_null(cn_unseal(&pair, "site/phone", bytes, box_len));
        assert_null(cn_unseal(&pair, "site", bytes, box_len));
    }
}

/* One bit changed anywhere, or the end cut off. */
static void
test_changed_box(void **state)
{
    (void)state;
    g_auto(CnKeyPair) pair;
    cn_key_pair_make(&pair);
    g_autoptr(GBytes) box = cn_seal(pair.public_key, "a", "secret", 6);
    gsize len = 0;
    const guint8 *bytes = g_bytes_get_data(box, &len);
    g_autofree guint8 *copy = g_memdup2(bytes, len);
    for (gsize i = 0; i < len * 8; i++) {
        copy[i / 8] ^= (guint8)(1 << (i % 8));
        assert_null(cn_unseal(&pair, "a", copy, len));
        copy[i / 8] ^= (guint8)(1 << (i % 8));
    }
    for (gsize i = 0; i < len; i++)
        assert_null(cn_unseal(&pair, "a", copy, i));
}

static void
test_length_tells_little(void **state)
{
    (void)state;
    g_auto(CnKeyPair) pair;
    cn_key_pair_make(&pair);
    g_autoptr(GBytes) nothing = cn_seal(pair.public_key, "x/phone", "", 0);
    g_autoptr(GBytes) phone = cn_seal(pair.public_key, "x/phone", "0917-000-0000", 13);
    assert_int_equal(g_bytes_get_size(nothing), g_bytes_get_size(phone));
    g_autoptr(GBytes) again = cn_seal(pair.public_key, "x/phone", "0917-000-0000", 13);
    assert_false(g_bytes_equal(phone, again));
}

static void
test_hex_and_secret(void **state)
{
    (void)state;
    guint8 hash[CN_HASH_LEN], back[CN_HASH_LEN];
    g_auto(CnKeyPair) pair, same;
    cn_hash("abc", 3, hash);
    g_autofree char *text = cn_hex(hash, sizeof hash);
    assert_string_equal(text, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_true(cn_hex_parse(text, back, sizeof back));
    assert_memory_equal(hash, back, sizeof hash);
    assert_false(cn_hex_parse("ba78", back, sizeof back));
    assert_false(cn_hex_parse(NULL, back, sizeof back));
    text[3] = 'g';
    assert_false(cn_hex_parse(text, back, sizeof back));
    cn_key_pair_make(&pair);
    cn_key_pair_from_secret(&same, pair.secret_key);
    assert_memory_equal(pair.public_key, same.public_key, CN_KEY_LEN);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_changed_box),
        cmocka_unit_test(test_length_tells_little),
        cmocka_unit_test(test_hex_and_secret),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
