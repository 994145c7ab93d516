/* See power-disk.h. */
#include "power-disk.h"

#include <string.h>

/* A write, or where bytes is NULL a truncation to offset. */
typedef struct {
    guint64 offset;
    gsize len;
    guint8 *bytes;
} Change;

struct PowerFile {
    guint refs; /* names and openers */
    guint openers;
    GByteArray *now;     /* what programs read */
    GByteArray *platter; /* what is there for certain */
    GArray *changes;     /* (element-type Change) since the last sync */
    gpointer shared;
};

static struct {
    PowerDisk kind;
    GRand *rand;
    GHashTable *names;      /* (element-type utf8 PowerFile) what programs see */
    GHashTable *names_kept; /* the same on the platter */
    guint64 changes;
    guint64 dies_at; /* 0: never */
    gboolean dead;
} disk;

static void
clear_change(gpointer data)
{
    g_free(((Change *)data)->bytes);
}

static PowerFile *
new_file(void)
{
    PowerFile *file = g_new0(PowerFile, 1);
    file->refs = 1;
    file->now = g_byte_array_new();
    file->platter = g_byte_array_new();
    file->changes = g_array_new(FALSE, FALSE, sizeof(Change));
    g_array_set_clear_func(file->changes, clear_change);
    return file;
}

static void
unref_file(gpointer data)
{
    PowerFile *file = data;
    if (--file->refs > 0)
        return;
    g_byte_array_unref(file->now);
    g_byte_array_unref(file->platter);
    g_array_unref(file->changes);
    g_free(file);
}

static PowerFile *
ref_file(PowerFile *file)
{
    file->refs++;
    return file;
}

static GHashTable *
new_names(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, unref_file);
}

static void
copy_names(GHashTable *from, GHashTable *to)
{
    GHashTableIter iter;
    gpointer name, file;
    g_hash_table_remove_all(to);
    g_hash_table_iter_init(&iter, from);
    while (g_hash_table_iter_next(&iter, &name, &file))
        g_hash_table_insert(to, g_strdup(name), ref_file(file));
}

void
power_disk_reset(const PowerDisk *kind, guint32 seed)
{
    g_clear_pointer(&disk.rand, g_rand_free);
    g_clear_pointer(&disk.names, g_hash_table_unref);
    g_clear_pointer(&disk.names_kept, g_hash_table_unref);
    disk.kind = *kind;
    disk.rand = g_rand_new_with_seed(seed);
    disk.names = new_names();
    disk.names_kept = new_names();
    disk.changes = disk.dies_at = 0;
    disk.dead = FALSE;
}

const PowerDisk *
power_disk_kind(void)
{
    return &disk.kind;
}

void
power_disk_load(const char *name, gconstpointer bytes, gsize len)
{
    PowerFile *file = new_file();
    g_byte_array_append(file->now, bytes, (guint)len);
    g_byte_array_append(file->platter, bytes, (guint)len);
    g_hash_table_insert(disk.names, g_strdup(name), ref_file(file));
    g_hash_table_insert(disk.names_kept, g_strdup(name), file);
}

void
power_disk_arm(guint64 k)
{
    disk.dies_at = k > 0 ? disk.changes + k : 0;
}

guint64
power_disk_changes(void)
{
    return disk.changes;
}

gboolean
power_disk_is_dead(void)
{
    return disk.dead;
}

void
power_disk_cut(void)
{
    disk.dead = TRUE;
}

/* One more change; FALSE where the power goes in its midst, so that it is on its way only. */
static gboolean
count_change(void)
{
    disk.changes++;
    if (disk.dies_at != 0 && disk.changes >= disk.dies_at)
        disk.dead = TRUE;
    return !disk.dead;
}

/* ---- Contents. */

static void
resize(GByteArray *bytes, guint64 size)
{
    guint before = bytes->len;
    g_byte_array_set_size(bytes, (guint)size);
    if (size > before)
        memset(bytes->data + before, 0, (gsize)size - before);
}

static void
put(GByteArray *bytes, guint64 offset, const guint8 *from, gsize len)
{
    if (len == 0)
        return;
    if (offset + len > bytes->len)
        resize(bytes, offset + len);
    memcpy(bytes->data + offset, from, len);
}

static void
apply(GByteArray *bytes, const Change *change)
{
    if (change->bytes != NULL)
        put(bytes, change->offset, change->bytes, change->len);
    else if (change->offset < bytes->len)
        resize(bytes, change->offset);
}

/* ---- The cut: what arrives. */

static guint
draw(guint n)
{
    return (guint)g_rand_int_range(disk.rand, 0, (gint32)n);
}

/* The head arrived; a careless disk has spoilt the sector around it. */
static void
tear(GByteArray *bytes, const Change *change, gsize from, gsize len)
{
    guint64 sector = disk.kind.sector, at = change->offset + from;
    put(bytes, at, change->bytes + from, draw((guint)len + 1));
    if (!disk.kind.careless)
        return;
    guint64 first = at / sector * sector;
    for (guint64 i = first; i < first + sector && i < bytes->len; i++)
        bytes->data[i] = (guint8)draw(256);
}

/* Each sector of a write for itself; @likely in percent. */
static void
arrive_in_parts(GByteArray *bytes, const Change *change, guint likely)
{
    guint64 sector = disk.kind.sector;
    for (gsize from = 0; from < change->len;) {
        gsize left = (gsize)(sector - (change->offset + from) % sector);
        gsize len = MIN(left, change->len - from);
        guint luck = draw(100);
        if (luck < likely)
            put(bytes, change->offset + from, change->bytes + from, len);
        else if (luck % 8 == 0)
            tear(bytes, change, from, len);
        from += len;
    }
}

static void
arrive(GByteArray *bytes, const Change *change, guint likely)
{
    if (change->bytes != NULL)
        arrive_in_parts(bytes, change, likely);
    else if (draw(100) < likely)
        apply(bytes, change);
}

/* Either the changes up to one of them, in order, or each by its luck. */
static void
settle(PowerFile *file)
{
    static const guint luck[] = {0, 10, 50, 90, 100};
    gboolean ordered = draw(2) == 0;
    guint likely = luck[draw(G_N_ELEMENTS(luck))], last = draw(file->changes->len + 1);
    for (guint i = 0; i < file->changes->len; i++) {
        const Change *change = &g_array_index(file->changes, Change, i);
        if (!ordered)
            arrive(file->platter, change, likely);
        else if (i < last)
            apply(file->platter, change);
        else if (i == last)
            arrive(file->platter, change, 50);
    }
    g_array_set_size(file->changes, 0);
    g_byte_array_set_size(file->now, 0);
    g_byte_array_append(file->now, file->platter->data, file->platter->len);
}

/* Of a name that was made or removed since the last sync either state may have arrived. */
static void
settle_names(void)
{
    GHashTableIter iter;
    gpointer name, file;
    g_autoptr(GHashTable) kept = new_names();
    g_hash_table_iter_init(&iter, disk.names_kept);
    while (g_hash_table_iter_next(&iter, &name, &file))
        if (g_hash_table_lookup(disk.names, name) == file || draw(2) == 0)
            g_hash_table_insert(kept, g_strdup(name), ref_file(file));
    g_hash_table_iter_init(&iter, disk.names);
    while (g_hash_table_iter_next(&iter, &name, &file))
        if (g_hash_table_lookup(disk.names_kept, name) != file && draw(2) == 0)
            g_hash_table_insert(kept, g_strdup(name), ref_file(file));
    copy_names(kept, disk.names);
    copy_names(kept, disk.names_kept);
}

void
power_disk_start(void)
{
    GHashTableIter iter;
    gpointer file;
    disk.dies_at = 0;
    disk.dead = FALSE;
    settle_names();
    g_hash_table_iter_init(&iter, disk.names);
    while (g_hash_table_iter_next(&iter, NULL, &file)) {
        g_assert(((PowerFile *)file)->openers == 0);
        settle(file);
    }
}

/* ---- What a program does. */

PowerFile *
power_file_open(const char *name, gboolean create)
{
    PowerFile *file = name != NULL ? g_hash_table_lookup(disk.names, name) : NULL;
    if (disk.dead || (file == NULL && !create))
        return NULL;
    if (file != NULL) {
        file->openers++;
        return ref_file(file);
    }
    file = new_file();
    file->openers = 1;
    if (name != NULL) {
        g_hash_table_insert(disk.names, g_strdup(name), ref_file(file));
        if (!count_change()) {
            power_file_close(file);
            return NULL;
        }
    }
    return file;
}

void
power_file_close(PowerFile *file)
{
    file->openers--;
    unref_file(file);
}

gboolean
power_file_exists(const char *name)
{
    return g_hash_table_contains(disk.names, name);
}

gboolean
power_file_remove(const char *name, gboolean sync)
{
    if (disk.dead)
        return FALSE;
    g_hash_table_remove(disk.names, name);
    if (!count_change())
        return FALSE;
    if (sync && !disk.kind.lying)
        copy_names(disk.names, disk.names_kept);
    return TRUE;
}

/* Keeps the change, on its way, and shows it to programs. */
static gboolean
change_file(PowerFile *file, Change change)
{
    g_array_append_val(file->changes, change);
    if (!count_change())
        return FALSE;
    apply(file->now, &change);
    return TRUE;
}

gboolean
power_file_write(PowerFile *file, guint64 offset, gconstpointer bytes, gsize len)
{
    g_assert(len > 0);
    if (disk.dead)
        return FALSE;
    return change_file(file, (Change){offset, len, g_memdup2(bytes, len)});
}

gboolean
power_file_truncate(PowerFile *file, guint64 size)
{
    return !disk.dead && change_file(file, (Change){size, 0, NULL});
}

/* A sync of a file also keeps the names, as SQLite's own layer syncs the folder of a new file. */
gboolean
power_file_sync(PowerFile *file)
{
    if (disk.dead || !count_change())
        return FALSE;
    if (disk.kind.lying)
        return TRUE;
    for (guint i = 0; i < file->changes->len; i++)
        apply(file->platter, &g_array_index(file->changes, Change, i));
    g_array_set_size(file->changes, 0);
    copy_names(disk.names, disk.names_kept);
    return TRUE;
}

gboolean
power_file_read(PowerFile *file, guint64 offset, gpointer to, gsize len, gsize *out_read)
{
    gsize there = 0;
    if (disk.dead)
        return FALSE;
    if (offset < file->now->len) {
        there = MIN(len, (gsize)(file->now->len - offset));
        memcpy(to, file->now->data + offset, there);
    }
    memset((guint8 *)to + there, 0, len - there);
    if (out_read != NULL)
        *out_read = there;
    return TRUE;
}

guint64
power_file_size(const PowerFile *file)
{
    return file->now->len;
}

gpointer *
power_file_shared(PowerFile *file)
{
    return &file->shared;
}

guint
power_file_openers(const PowerFile *file)
{
    return file->openers;
}
