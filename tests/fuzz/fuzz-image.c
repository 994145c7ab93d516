/* Images of a directory: whatever the file holds, it is not an image, or what it says can be asked, or
 * the answer is known to stand on damage. Byte 0 of the input chooses what the file is:
 *   0  the rest
 *   1  a sound image with bytes changed, and perhaps cut off
 *   2  a sound image with numbers changed and every sum made anew, as somebody would who wants harm
 * A sound image is made once, in a folder of its own. */
#include "fuzz.h"

#include "base/image-private.h"
#include "directory/directory-image.h"
#include "directory/partial.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#define EDITS_MOST 12
#define NOW_S      G_GINT64_CONSTANT(1794792600) /* 2026-11-16 09:30 local time */

typedef struct {
    char *folder;
    char *path;
    char *sound;
    gsize sound_len;
} Place;

static Place place;

static void
remove_place(void)
{
    g_unlink(place.path);
    g_rmdir(place.folder);
    g_free(place.folder);
    g_free(place.path);
    g_free(place.sound);
}

static void
make_place(void)
{
    const char *const keys[CN_IMAGE_KEYS] = {"places", "1 key"};
    g_autoptr(GError) error = NULL;
    if (place.folder != NULL)
        return;
    place.folder = g_dir_make_tmp("carenet-fuzz-XXXXXX", &error);
    g_assert_no_error(error);
    place.path = g_build_filename(place.folder, "image", NULL);
    g_assert_true(cn_directory_write_image(fuzz_directory(), place.path, keys, &error));
    g_assert_true(g_file_get_contents(place.path, &place.sound, &place.sound_len, &error));
    atexit(remove_place);
}

/* ---- The file. */

static void
write_file(const char *bytes, gsize len)
{
    g_assert_true(g_file_set_contents_full(place.path, bytes, (gssize)len, G_FILE_SET_CONTENTS_NONE,
                                           0600, NULL));
}

static gsize
pick_place(FuzzChoices *choices, gsize len)
{
    return (gsize)((guint64)fuzz_int64(choices) % len);
}

static void
write_changed(FuzzChoices *choices)
{
    g_autofree char *bytes = g_memdup2(place.sound, place.sound_len);
    gsize len = place.sound_len;
    for (guint edits = fuzz_pick(choices, EDITS_MOST); edits > 0; edits--)
        bytes[pick_place(choices, len)] ^= (char)(1 + fuzz_pick(choices, 255));
    if (fuzz_pick(choices, 4) == 3)
        len = pick_place(choices, len);
    write_file(bytes, len);
}

static void
sum_anew(char *bytes, gsize len)
{
    CnImageHead *head = (CnImageHead *)(gpointer)bytes;
    gsize first = cn_image_first_block(head->sections_len, head->blocks_len);
    guint64 *sums =
        (guint64 *)(gpointer)(bytes + sizeof *head + head->sections_len * sizeof(CnImagePlace));
    for (guint32 block = 0; block < head->blocks_len; block++) {
        gsize at = first + (gsize)block * CN_IMAGE_BLOCK;
        sums[block] = cn_image_sum(bytes + at, MIN(CN_IMAGE_BLOCK, len - at), block);
    }
    head->sum = 0;
    guint64 sum = cn_image_sum(head, sizeof *head, 0);
    head->sum = cn_image_sum(head + 1, first - sizeof *head, sum);
}

static void
write_harmful(FuzzChoices *choices)
{
    g_autofree char *bytes = g_memdup2(place.sound, place.sound_len);
    const CnImageHead *head = (const CnImageHead *)(gconstpointer)place.sound;
    CnImagePlace *places = (CnImagePlace *)(gpointer)(bytes + sizeof *head);
    for (guint edits = 1 + fuzz_pick(choices, EDITS_MOST); edits > 0; edits--) {
        CnImagePlace *section = &places[fuzz_pick(choices, head->sections_len)];
        const CnImagePlace *sound =
            (const CnImagePlace *)(gconstpointer)(place.sound + sizeof *head) + (section - places);
        gsize words = (gsize)(sound->len * sound->record) / 4;
        gint32 value = (gint32)fuzz_int64(choices);
        if (fuzz_pick(choices, 8) == 0)
            section->len = (guint64)fuzz_int64(choices) % (2 * sound->len + 2);
        else if (words > 0)
            memcpy(bytes + sound->at + 4 * pick_place(choices, words), &value, sizeof value);
    }
    sum_anew(bytes, place.sound_len);
    write_file(bytes, place.sound_len);
}

/* ---- What is asked of it. */

static gboolean
read_no_capacity(gpointer data,
                 CnListing *listing,
                 const guint *offerings,
                 guint len,
                 GError **error)
{
    (void)data, (void)error;
    for (guint i = 0; i < len && offerings != NULL; i++)
        g_assert_cmpuint(offerings[i], <, listing->offerings_len);
    return TRUE;
}

static CnDirectory *
read_sound(gpointer data, GError **error)
{
    (void)data, (void)error;
    return cn_directory_from_listing(cn_listing_copy(fuzz_directory()->listing), 1);
}

static void
free_nothing(gpointer data)
{
    (void)data;
}

static void
ask(const CnDirectory *directory, guint question)
{
    static const char *const regions[] = {"mindanao", "1300000000", "Cebu"};
    static const char *const services[] = {"mental-health", "shelter", "medical"};
    static const char *const sorts[] = {"default", "name", "free", "distance"};
    g_autoptr(GError) error = NULL;
    carenet_find_query query;
    carenet_find_query_init(&query);
    query.now_s = NOW_S;
    query.near = question % 4 == 3 ? "Cagayan de Oro" : NULL;
    query.within_m = query.near != NULL ? 200000 : 0;
    query.sort = sorts[question % 4];
    query.regions = &regions[question / 2 % 3];
    query.regions_len = question % 2;
    query.services = &services[question / 3 % 3];
    query.services_len = question / 4 % 2;
    query.limit = question % 3 == 2 ? 5 : 0;
    query.age = question % 5 == 4 ? 12 : -1;
    g_autoptr(carenet_table) rows = carenet_find(directory, &query, &error);
    fuzz_check_error(rows != NULL, error);
    g_assert_nonnull(rows);
}

static void
ask_all(CnDirectory *directory, FuzzChoices *choices)
{
    guint first = fuzz_byte(choices);
    g_autoptr(GError) error = NULL;
    for (guint i = 0; i < 3; i++)
        ask(directory, first + 5 * i);
    g_autoptr(carenet_table) lines = carenet_directory_reporting_lines(directory, NULL, &error);
    g_assert_nonnull(lines);
    if (!cn_directory_complete(directory, &error))
        g_assert_not_reached();
    ask(directory, first);
    g_autofree char *digest = cn_listing_digest(directory->listing);
    g_assert_cmpuint(strlen(digest), ==, 64);
}

static void
ask_image(FuzzChoices *choices)
{
    static const CnPartialSource source = {
        .read_capacity = read_no_capacity, .read_all = read_sound, .free = free_nothing};
    g_autoptr(CnImage) image = cn_directory_image(place.path);
    if (image == NULL)
        return;
    g_autoptr(carenet_reference) reference = cn_image_reference(image, "data");
    if (reference == NULL)
        return;
    g_autoptr(carenet_directory) directory = cn_directory_map(image, reference, 1);
    if (directory == NULL)
        return;
    cn_directory_set_partial(directory, image, &source, NULL);
    ask_all(directory, choices);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    FuzzChoices choices = {data, size};
    make_place();
    switch (fuzz_byte(&choices) % 3) {
    case 0:
        write_file((const char *)choices.at, choices.left);
        choices.left = 0;
        break;
    case 1:
        write_changed(&choices);
        break;
    default:
        write_harmful(&choices);
        break;
    }
    ask_image(&choices);
    return 0;
}
