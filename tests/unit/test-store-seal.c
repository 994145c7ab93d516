/* What is sealed in a store: nothing of a restricted site stands in any of its files, boxes open with
 * their own key in their own place only, and nothing is lost that an import or another key must keep. */
#include "../support/network-dump.h"
#include "../support/random-network.h"
#include "../support/store-key.h"
#include "base/error.h"
#include "store/store-private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <glib/gstdio.h>
#include <string.h>

#define PROVIDERS 40
#define CANARIES  (5 * PROVIDERS)

static const CnActing desk = {.actor = "desk-1", .now_s = G_MININT64};

typedef struct {
    CnReference *reference;
    char *folder, *path, *file;
    carenet_store *store;
    CnKeyPair pair, other;
} Fixture;

static carenet_store *
open_store(Fixture *fixture)
{
    g_autoptr(GError) error = NULL;
    carenet_store *store = cn_store_open(fixture->path, fixture->reference, FALSE, 1000, &error);
    if (store == NULL)
        fail_msg("%s", error->message);
    return store;
}

static int
set_up(void **state)
{
    Fixture *fixture = g_new0(Fixture, 1);
    fixture->reference = test_reference();
    fixture->folder = test_folder();
    fixture->path = g_build_filename(fixture->folder, "store.db", NULL);
    fixture->file = g_build_filename(fixture->folder, "region.yaml", NULL);
    fixture->store =
        cn_store_init(fixture->path, CARENET_STORE_LIVE, fixture->reference, 1000, NULL);
    test_key_pair(&fixture->pair, 1);
    test_key_pair(&fixture->other, 2);
    *state = fixture;
    return fixture->store != NULL ? 0 : -1;
}

static int
tear_down(void **state)
{
    Fixture *fixture = *state;
    cn_store_close(fixture->store);
    test_folder_remove(fixture->folder);
    carenet_reference_unref(fixture->reference);
    g_free(fixture->path);
    g_free(fixture->file);
    g_free(fixture);
    return 0;
}

static void
reopen(Fixture *fixture)
{
    cn_store_close(fixture->store);
    fixture->store = open_store(fixture);
}

/* ---- A region full of canaries: five of every provider. */

static double
lat_of(guint i)
{
    return 8.4 + (double)i / 977.0;
}

/* @house: what the name of a site begins with. */
static char *
region_text(const char *house, gboolean is_public)
{
    GString *text = g_string_new(
        "region: {id: secret-region, name: Secret Region, area: \"1000000000\"}\n"
        "organizations: [{id: body, name: Body, kind: government}]\n"
        "providers:\n"
        "  - id: office\n    organization: body\n    name: Office\n"
        "    place: {area: \"1030500000\", disclosure: public}\n    contact: {role: desk}\n"
        "    verified: {on: 2026-10-01, by: phone}\n"
        "    offerings: [{service: case-management}]\n");
    for (guint i = 0; i < PROVIDERS; i++)
        g_string_append_printf(
            text,
            "  - id: site-%u\n    organization: body\n    name: %s NAMECANARY%04u\n%s"
            "    place: {area: \"1030500000\", disclosure: %s, %saddress: \"%u STREETCANARY%04u\","
            " point: [%.9f, 124.65]}\n"
            "    contact: {role: desk, gateway: office, phone: \"0917-555-%04u\","
            " email: mailcanary%04u@example.org}\n"
            "    verified: {on: 2026-10-02, by: visit}\n"
            "    offerings: [{service: case-management}]\n",
            i, house, i, is_public ? "" : "    display_name: Site S\n",
            is_public ? "public" : "restricted", is_public ? "" : "show_area: \"1000000000\", ", i,
            i, lat_of(i), i, i);
    return g_string_free(text, FALSE);
}

/* Imports the text; the tags of errors and of what is about sealing, and how many sites were sealed
 * anew, as the record says. (transfer full) */
static char *
import_text(Fixture *fixture, const char *text)
{
    g_autoptr(GError) error = NULL;
    carenet_table *issues = NULL;
    GString *tags = g_string_new(NULL);
    assert_true(g_file_set_contents(fixture->file, text, -1, NULL));
    if (!carenet_store_import(fixture->store, (const char *const[]){fixture->file}, 1, NULL,
                              &issues, NULL, &error))
        g_string_append_printf(tags, "%s;", carenet_error_code_name(carenet_error_get_code(error)));
    for (size_t i = 0; i < carenet_table_rows_len(issues); i++) {
        const char *tag = carenet_table_get_text(issues, i, 4);
        assert_null(strstr(carenet_table_get_text(issues, i, 5), "CANARY"));
        if (strcmp(tag, "restricted-not-kept") == 0 || strcmp(tag, "sealed-place") == 0)
            g_string_append_printf(tags, "%s;", tag);
    }
    carenet_table_unref(issues);
    return g_string_free(tags, FALSE);
}

static void
import_ok(Fixture *fixture, const char *text, const char *expected)
{
    g_autofree char *tags = import_text(fixture, text);
    assert_string_equal(tags, expected);
}

static char *
dump(Fixture *fixture)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CnNetwork) network = cn_store_network(fixture->store, NULL, &error);
    if (network == NULL)
        fail_msg("%s", error->message);
    return network_dump(network, fixture->reference);
}

static void
seal_with(Fixture *fixture, const CnKeyPair *pair, gint64 sites)
{
    g_autoptr(GError) error = NULL;
    CnSealed sealed;
    if (!cn_store_seal(fixture->store, pair, &desk, &sealed, &error))
        fail_msg("%s", error->message);
    assert_int_equal(sealed.sites, sites);
}

static void
expect(GError **error, carenet_error_code code)
{
    assert_non_null(*error);
    assert_int_equal(carenet_error_get_code(*error), code);
    assert_null(strstr((*error)->message, "CANARY"));
    g_clear_error(error);
}

static void
exec(Fixture *fixture, const char *sql)
{
    g_autoptr(GError) error = NULL;
    if (!cn_store_exec(fixture->store, sql, &error))
        fail_msg("%s: %s", sql, error->message);
}

/* ---- Raw files. */

static gboolean
holds(const char *bytes, gsize len, gconstpointer wanted, gsize wanted_len)
{
    const guint8 first = *(const guint8 *)wanted;
    const char *at = bytes, *last = bytes + len - wanted_len;
    for (; len >= wanted_len && at <= last; at++) {
        at = memchr(at, first, (gsize)(last - at) + 1);
        if (at == NULL || memcmp(at, wanted, wanted_len) == 0)
            return at != NULL;
    }
    return FALSE;
}

/* How many canaries are in the bytes; points as SQLite writes them. */
static guint
count_in(const char *bytes, gsize len)
{
    guint count = 0;
    for (guint i = 0; i < PROVIDERS; i++) {
        g_autofree char *texts = g_strdup_printf("NAMECANARY%04u|STREETCANARY%04u|0917-555-%04u|"
                                                 "mailcanary%04u",
                                                 i, i, i, i);
        g_auto(GStrv) all = g_strsplit(texts, "|", -1);
        g_autofree char *point_text = g_strdup_printf("%.9f", lat_of(i));
        const double lat = g_ascii_strtod(point_text, NULL);
        guint64 bits;
        memcpy(&bits, &lat, sizeof bits);
        bits = GUINT64_TO_BE(bits);
        count += holds(bytes, len, &bits, sizeof bits);
        for (guint k = 0; all[k] != NULL; k++)
            count += holds(bytes, len, all[k], strlen(all[k]));
    }
    return count;
}

/* Every file of the folder but the region file; *out_files of them. */
static guint
count_on_disk(Fixture *fixture, guint *out_files)
{
    g_autoptr(GDir) dir = g_dir_open(fixture->folder, 0, NULL);
    guint count = 0;
    *out_files = 0;
    for (const char *name = g_dir_read_name(dir); name != NULL; name = g_dir_read_name(dir)) {
        g_autofree char *path = g_build_filename(fixture->folder, name, NULL);
        g_autofree char *bytes = NULL;
        gsize len = 0;
        if (strcmp(path, fixture->file) == 0 || !g_file_get_contents(path, &bytes, &len, NULL))
            continue;
        count += count_in(bytes, len);
        *out_files += 1;
    }
    return count;
}

/* The store and its log while it is open, its image, its backup, its exports. */
static void
test_no_canary_in_any_file(void **state)
{
    Fixture *fixture = *state;
    guint files = 0;
    g_autofree char *text = region_text("House", FALSE);
    g_autofree char *open_text = region_text("House", TRUE);
    g_autofree char *copy = g_build_filename(fixture->folder, "copy.db", NULL);
    g_autofree char *clear = g_strdup_printf("%s/clear.db", fixture->folder);
    /* Were they public, all of them would be found. */
    carenet_store *sealed = fixture->store;
    fixture->store = cn_store_init(clear, CARENET_STORE_LIVE, fixture->reference, 1000, NULL);
    import_ok(fixture, open_text, "");
    assert_int_equal(count_on_disk(fixture, &files), CANARIES);
    cn_store_close(fixture->store);
    g_unlink(clear);
    fixture->store = sealed;
    seal_with(fixture, &fixture->pair, 0);
    import_ok(fixture, text, "");
    cn_store_keep_image(fixture->store, NULL);
    g_autoptr(GError) error = NULL;
    carenet_directory *directory = carenet_directory_open(fixture->store, &error);
    assert_non_null(directory);
    carenet_directory_unref(directory);
    assert_true(carenet_store_backup(fixture->store, copy, NULL, &error));
    char *yaml = carenet_store_export(fixture->store, "secret-region", &error);
    char *csv = carenet_store_export_csv(fixture->store, NULL, &error);
    assert_int_equal(count_in(yaml, strlen(yaml)) + count_in(csv, strlen(csv)), 0);
    carenet_free(yaml);
    carenet_free(csv);
    const guint found = count_on_disk(fixture, &files);
    print_message("%u of %d canaries in %u files\n", found, CANARIES, files);
    assert_int_equal(found, 0);
    assert_true(files >= 4);
}

/* Without a key nothing is kept, and who imported is told. */
static void
test_no_key_keeps_nothing(void **state)
{
    Fixture *fixture = *state;
    guint files = 0;
    g_autofree char *text = region_text("House", FALSE);
    import_ok(fixture, text, "restricted-not-kept;");
    assert_int_equal(count_on_disk(fixture, &files), 0);
    gint64 records = 0, again = 0;
    assert_true(
        cn_store_ask_int(fixture->store, "SELECT count(*) FROM audit_record", &records, NULL));
    import_ok(fixture, text, "restricted-not-kept;");
    assert_true(
        cn_store_ask_int(fixture->store, "SELECT count(*) FROM audit_record", &again, NULL));
    assert_int_equal(again, records);
    g_autoptr(GError) error = NULL;
    assert_false(cn_store_unlock(fixture->store, &fixture->pair, &error));
    expect(&error, CARENET_ERROR_STATE);
}

/* A store of before this rule: everything stands in the clear. */
static void
fill_clear(Fixture *fixture)
{
    g_autofree char *text = region_text("House", FALSE);
    import_ok(fixture, text, "restricted-not-kept;");
    for (guint i = 0; i < PROVIDERS; i++) {
        g_autofree char *sql = g_strdup_printf(
            "UPDATE provider_site SET name = 'House NAMECANARY%04u', area = '1030500000',"
            " lat_deg = %.9f, lon_deg = 124.65, address = '%u STREETCANARY%04u',"
            " phone = '0917-555-%04u', email = 'mailcanary%04u@example.org'"
            " WHERE provider_id = 'site-%u'",
            i, lat_of(i), i, i, i, i, i);
        exec(fixture, sql);
    }
}

static void
test_a_clear_store_is_sealed(void **state)
{
    Fixture *fixture = *state;
    guint files = 0;
    fill_clear(fixture);
    g_autofree char *text = region_text("House", FALSE);
    assert_int_equal(count_on_disk(fixture, &files), CANARIES);
    g_autofree char *before = dump(fixture);
    /* What stands there stays until there is a key, whatever is imported. */
    import_ok(fixture, text, "restricted-not-kept;");
    g_autofree char *still = dump(fixture);
    assert_string_equal(still, before);
    seal_with(fixture, &fixture->pair, PROVIDERS);
    assert_int_equal(count_on_disk(fixture, &files), 0);
    seal_with(fixture, &fixture->pair, 0);
    g_autofree char *closed = dump(fixture);
    assert_null(strstr(closed, "CANARY"));
    assert_true(cn_store_unlock(fixture->store, &fixture->pair, NULL));
    g_autofree char *opened = dump(fixture);
    assert_string_equal(opened, before);
    CnChainState chain;
    assert_true(cn_audit_verify(fixture->store, NULL, &chain, NULL));
    assert_int_equal(chain.broken_at, 0);
}

/* A reader of the old state keeps its pages: the answer says so, and once more does it. */
static void
test_a_reader_keeps_the_old_state(void **state)
{
    Fixture *fixture = *state;
    guint files = 0;
    CnSealed sealed;
    g_autoptr(GError) error = NULL;
    fill_clear(fixture);
    g_autoptr(carenet_store) reader =
        cn_store_open(fixture->path, fixture->reference, TRUE, 10, NULL);
    fixture->store->busy_ms = 10;
    gint64 count = 0;
    assert_true(cn_store_exec(reader, "BEGIN", NULL));
    assert_true(cn_store_ask_int(reader, "SELECT count(*) FROM provider_site", &count, NULL));
    assert_false(cn_store_seal(fixture->store, &fixture->pair, &desk, &sealed, &error));
    assert_non_null(strstr(error->message, "it is done"));
    expect(&error, CARENET_ERROR_BUSY);
    assert_true(cn_store_exec(reader, "COMMIT", NULL));
    seal_with(fixture, &fixture->pair, 0);
    assert_int_equal(count_on_disk(fixture, &files), 0);
}

/* ---- Imports of what is sealed. */

static const char moved_head[] =
    "region: {id: secret-region, name: Secret Region, area: \"1000000000\"}\n"
    "organizations: [{id: body, name: Body, kind: government}]\n"
    "providers:\n  - id: site-3\n    organization: body\n    display_name: Site S\n"
    "    verified: {on: 2026-10-02, by: visit}\n    contact: {role: desk, gateway: office}\n"
    "    offerings: [{service: case-management}]\n";

static const CnProvider *
find(const CnNetwork *network, guint i)
{
    g_autofree char *id = g_strdup_printf("site-%u", i);
    return cn_network_provider(network, id);
}

static void
test_withheld_fields_stay_sealed(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *text = region_text("House", FALSE);
    seal_with(fixture, &fixture->pair, 0);
    import_ok(fixture, text, "");
    char *exported = carenet_store_export(fixture->store, "secret-region", NULL);
    import_ok(fixture, exported, "");
    carenet_free(exported);
    /* A new phone number, without the key; everything else stays. */
    g_autofree char *phone = g_strconcat(
        moved_head,
        "    place: {area: \"1000000000\", disclosure: restricted, show_area: \"1000000000\"}\n"
        "    withheld: [name, area, point, address, email]\n",
        NULL);
    char *at = strstr(phone, "gateway: office}");
    g_autofree char *with_phone =
        g_strdup_printf("%.*sgateway: office, phone: \"0999\"%s", (int)(at - phone), phone,
                        at + strlen("gateway: office"));
    import_ok(fixture, with_phone, "");
    assert_true(cn_store_unlock(fixture->store, &fixture->pair, NULL));
    g_autoptr(CnNetwork) network = cn_store_network(fixture->store, NULL, NULL);
    const CnProvider *site = find(network, 3);
    assert_string_equal(site->name, "House NAMECANARY0003");
    assert_string_equal(site->site.phone, "0999");
    assert_string_equal(site->site.address, "3 STREETCANARY0003");
    assert_string_equal(site->site.email, "mailcanary0003@example.org");
    assert_true(site->site.has_point);
    /* With the key an import knows that nothing changed. */
    gint64 records = 0, again = 0;
    cn_store_ask_int(fixture->store, "SELECT count(*) FROM audit_record", &records, NULL);
    import_ok(fixture, with_phone, "");
    cn_store_ask_int(fixture->store, "SELECT count(*) FROM audit_record", &again, NULL);
    assert_int_equal(again, records);
}

/* An area without address and point: whether those are of the old place only the key tells. */
static void
test_a_half_stated_move(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *text = region_text("House", FALSE);
    seal_with(fixture, &fixture->pair, 0);
    import_ok(fixture, text, "");
    g_autofree char *moved = g_strconcat(
        moved_head,
        "    place: {area: \"1030900000\", disclosure: restricted, show_area: \"1000000000\"}\n"
        "    withheld: [name, point, address, phone, email]\n",
        NULL);
    import_ok(fixture, moved, "invalid-data;sealed-place;");
    assert_true(cn_store_unlock(fixture->store, &fixture->pair, NULL));
    import_ok(fixture, moved, "");
    g_autoptr(CnNetwork) network = cn_store_network(fixture->store, NULL, NULL);
    const CnProvider *site = find(network, 3);
    assert_null(site->site.address);
    assert_false(site->site.has_point);
    assert_string_equal(site->site.phone, "0917-555-0003");
}

/* Closed and open again: no box is left of a public site, and no fact of one that is public no more. */
static void
test_disclosure_changes(void **state)
{
    Fixture *fixture = *state;
    guint files = 0;
    gint64 boxes = 0;
    g_autofree char *closed = region_text("House", FALSE);
    g_autofree char *open = region_text("House", TRUE);
    seal_with(fixture, &fixture->pair, 0);
    import_ok(fixture, open, "");
    assert_int_equal(count_on_disk(fixture, &files), CANARIES);
    import_ok(fixture, closed, "");
    assert_true(cn_store_scrub(fixture->store, CN_ONCE_MORE, NULL));
    assert_int_equal(count_on_disk(fixture, &files), 0);
    import_ok(fixture, open, "");
    assert_true(
        cn_store_ask_int(fixture->store, "SELECT count(*) FROM provider_seal", &boxes, NULL));
    assert_int_equal(boxes, 0);
}

/* ---- Boxes that were tampered with. */

static const char *const tampered[] = {
    "UPDATE provider_seal SET box = substr(box, 1, length(box) - 1) WHERE provider_id = 'site-5'"
    " AND field = 'address'",
    "UPDATE provider_seal SET box = zeroblob(48) WHERE provider_id = 'site-5' AND field = 'point'",
    "UPDATE provider_seal SET box = (SELECT box FROM provider_seal WHERE provider_id = 'site-6'"
    " AND field = 'address') WHERE provider_id = 'site-5' AND field = 'address'",
    "UPDATE provider_seal SET box = (SELECT box FROM provider_seal WHERE provider_id = 'site-5'"
    " AND field = 'phone') WHERE provider_id = 'site-5' AND field = 'email'",
    "DELETE FROM provider_seal WHERE provider_id = 'site-5' AND field = 'name'",
};

/* One bit of a box, a random one. */
static void
flip_bit(Fixture *fixture, GRand *rand)
{
    CnWork work = {.store = fixture->store};
    static const CnSql select = {
        "a-box",
        "SELECT box FROM provider_seal WHERE network_id = :network_id AND provider_id = 'site-5'"
        " AND field = 'address'",
        NULL};
    static const CnSql update = {
        "change-a-box",
        "UPDATE provider_seal SET box = :box WHERE network_id = :network_id"
        " AND provider_id = 'site-5' AND field = 'address'",
        NULL};
    gboolean row = FALSE;
    CnStatement *statement = cn_statement(work.store, &select, NULL);
    assert_true(cn_statement_step(statement, &row, NULL));
    const gsize len = (gsize)sqlite3_column_bytes(statement->stmt, 0);
    g_autofree guint8 *box = g_memdup2(sqlite3_column_blob(statement->stmt, 0), len);
    sqlite3_reset(statement->stmt);
    const guint32 bit = (guint32)g_rand_int_range(rand, 0, (gint32)len * 8);
    box[bit / 8] ^= (guint8)(1u << (bit % 8));
    statement = cn_statement(work.store, &update, NULL);
    cn_bind_blob(statement, ":box", box, len);
    assert_true(cn_statement_run(statement, NULL));
}

static void
check_is_found(Fixture *fixture)
{
    g_autoptr(GError) error = NULL;
    GPtrArray *broken = NULL;
    CnSealed sealed;
    assert_null(cn_store_network(fixture->store, NULL, &error));
    expect(&error, CARENET_ERROR_CORRUPT);
    assert_true(cn_store_try_key(fixture->store, &fixture->pair, &sealed, &broken, &error));
    assert_int_equal(broken->len, 1);
    assert_string_equal(g_ptr_array_index(broken, 0), "site-5");
    g_ptr_array_unref(broken);
    /* Another key must not throw away what one may still mend, nor half of it take the new one. */
    assert_false(
        cn_store_rekey(fixture->store, &fixture->pair, &fixture->other, &desk, &sealed, &error));
    expect(&error, CARENET_ERROR_CORRUPT);
    assert_true(cn_store_unlock(fixture->store, &fixture->pair, NULL));
}

static void
test_tampered_boxes(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *text = region_text("House", FALSE);
    g_autofree char *backup = g_build_filename(fixture->folder, "copy.db", NULL);
    g_autoptr(GRand) rand = g_rand_new_with_seed(7);
    const guint flips = 30;
    seal_with(fixture, &fixture->pair, 0);
    import_ok(fixture, text, "");
    assert_true(cn_store_unlock(fixture->store, &fixture->pair, NULL));
    g_autofree char *good = dump(fixture);
    assert_true(carenet_store_backup(fixture->store, backup, NULL, NULL));
    for (guint i = 0; i < G_N_ELEMENTS(tampered) + flips; i++) {
        exec(fixture, "SAVEPOINT whole");
        if (i < G_N_ELEMENTS(tampered))
            exec(fixture, tampered[i]);
        else
            flip_bit(fixture, rand);
        exec(fixture, "RELEASE whole");
        check_is_found(fixture);
        /* Every other file of the region, and a restatement of the site, mend it. */
        cn_store_lock_again(fixture->store);
        import_ok(fixture, text, "");
        assert_true(cn_store_unlock(fixture->store, &fixture->pair, NULL));
        g_autofree char *mended = dump(fixture);
        assert_string_equal(mended, good);
    }
    print_message("%zu changes of boxes and %u flipped bits found\n", G_N_ELEMENTS(tampered),
                  flips);
}

/* ---- Keys. */

static void
test_another_key(void **state)
{
    Fixture *fixture = *state;
    CnSealed sealed;
    GError *error = NULL;
    g_autofree char *text = region_text("House", FALSE);
    seal_with(fixture, &fixture->pair, 0);
    import_ok(fixture, text, "");
    assert_false(cn_store_unlock(fixture->store, &fixture->other, &error));
    expect(&error, CARENET_ERROR_REFUSED);
    assert_false(cn_store_seal(fixture->store, &fixture->other, &desk, &sealed, &error));
    expect(&error, CARENET_ERROR_CONFLICT);
    assert_false(
        cn_store_rekey(fixture->store, &fixture->other, &fixture->pair, &desk, &sealed, &error));
    expect(&error, CARENET_ERROR_REFUSED);
    assert_true(cn_store_unlock(fixture->store, &fixture->pair, NULL));
    g_autofree char *before = dump(fixture);
    assert_true(
        cn_store_rekey(fixture->store, &fixture->pair, &fixture->other, &desk, &sealed, &error));
    assert_int_equal(sealed.sites, PROVIDERS);
    assert_false(cn_store_unlock(fixture->store, &fixture->pair, &error));
    expect(&error, CARENET_ERROR_REFUSED);
    reopen(fixture);
    assert_true(cn_store_unlock(fixture->store, &fixture->other, NULL));
    g_autofree char *after = dump(fixture);
    assert_string_equal(after, before);
}

static void
test_a_lost_key(void **state)
{
    Fixture *fixture = *state;
    CnSealed sealed;
    GError *error = NULL;
    g_autofree char *text = region_text("House", FALSE);
    seal_with(fixture, &fixture->pair, 0);
    import_ok(fixture, text, "");
    assert_true(cn_store_unlock(fixture->store, &fixture->pair, NULL));
    g_autofree char *before = dump(fixture);
    reopen(fixture);
    assert_true(cn_store_lose_key(fixture->store, &fixture->other, &desk, &sealed, &error));
    assert_int_equal(sealed.lost, PROVIDERS);
    assert_false(cn_store_unlock(fixture->store, &fixture->pair, &error));
    expect(&error, CARENET_ERROR_REFUSED);
    assert_true(cn_store_unlock(fixture->store, &fixture->other, NULL));
    g_autofree char *empty = dump(fixture);
    assert_null(strstr(empty, "CANARY"));
    reopen(fixture);
    import_ok(fixture, text, "");
    assert_true(cn_store_unlock(fixture->store, &fixture->other, NULL));
    g_autofree char *after = dump(fixture);
    assert_string_equal(after, before);
}

/* A dry run changes nothing, and a store that is read-only is not sealed. */
static void
test_dry_run(void **state)
{
    Fixture *fixture = *state;
    const CnActing dry = {.actor = "desk-1", .now_s = G_MININT64, .dry_run = TRUE};
    CnSealed sealed;
    GError *error = NULL;
    guint files = 0;
    fill_clear(fixture);
    assert_true(cn_store_seal(fixture->store, &fixture->pair, &dry, &sealed, &error));
    assert_int_equal(sealed.sites, PROVIDERS);
    assert_int_equal(count_on_disk(fixture, &files), CANARIES);
    assert_false(cn_store_unlock(fixture->store, &fixture->pair, &error));
    expect(&error, CARENET_ERROR_STATE);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_no_canary_in_any_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_no_key_keeps_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_clear_store_is_sealed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_reader_keeps_the_old_state, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_withheld_fields_stay_sealed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_half_stated_move, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_disclosure_changes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_tampered_boxes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_another_key, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_lost_key, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_dry_run, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
