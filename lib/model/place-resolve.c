/* From what a person typed to an area: the index of names and the search in it.
 *
 * All names are folded when the gazetteer is built. That costs under a millisecond and leaves
 * nothing to be made later, so that a gazetteer never changes and any thread may read it. */
#include "model/place-private.h"

#include "base/error.h"
#include "base/text.h"

#include <string.h>

#define PARTS_MOST            4
#define CANDIDATES_SHOWN      12
#define NEAR_MISSES_LOOKED_AT 12
#define NEAR_MISSES_SHOWN     3

/* The gazetteer itself writes "Sto. Tomas" in one province and "Santo Tomas" in the next. */
static const char *
write_out(const char *word)
{
    static const struct {
        const char *brief, *full;
    } words[] = {{"sto", "santo"},      {"sta", "santa"},      {"gen", "general"},
                 {"pres", "president"}, {"sen", "senator"},    {"dr", "doctor"},
                 {"mt", "mountain"},    {"occ", "occidental"}, {"or", "oriental"}};
    for (guint i = 0; i < G_N_ELEMENTS(words); i++)
        if (strcmp(word, words[i].brief) == 0)
            return words[i].full;
    return word;
}

/* Whether the folded text has a word that write_out() may know: cheap, since most have none. */
static gboolean
has_short_word(const char *folded)
{
    gsize len;
    for (const char *p = folded; *p != '\0'; p += len + (p[len] == ' ')) {
        len = strcspn(p, " ");
        if (len >= 2 && len <= 4)
            return TRUE;
    }
    return FALSE;
}

char *
cn_place_key(const char *text)
{
    g_autofree char *folded = cn_text_fold(text);
    if (!has_short_word(folded))
        return g_steal_pointer(&folded);
    g_auto(GStrv) words = g_strsplit(folded, " ", -1);
    GString *key = g_string_new(NULL);
    for (guint i = 0; words[i] != NULL; i++) {
        if (i > 0)
            g_string_append_c(key, ' ');
        g_string_append(key, write_out(words[i]));
    }
    return g_string_free(key, FALSE);
}

static void
add_name(CnGazetteer *gazetteer, CnAreaId area, const char *text)
{
    g_autofree char *key = cn_place_key(text);
    CnPlaceName name = {.text = text,
                        .key = g_string_chunk_insert(gazetteer->strings, key),
                        .area = area,
                        .next_text = -1,
                        .next_key = -1};
    g_array_append_val(gazetteer->names, name);
}

static const char *
text_of_name(gconstpointer gazetteer, guint32 name)
{
    return cn_gazetteer_name(gazetteer, (gint32)name)->text;
}

static const char *
key_of_name(gconstpointer gazetteer, guint32 name)
{
    return cn_gazetteer_name(gazetteer, (gint32)name)->key;
}

void
cn_gazetteer_index_names(CnGazetteer *gazetteer)
{
    gazetteer->names = g_array_sized_new(FALSE, FALSE, sizeof(CnPlaceName), 2 * gazetteer->len);
    for (guint i = 0; i < gazetteer->len; i++) {
        const CnArea *area = &gazetteer->areas[i];
        g_autofree char *plain = cn_area_plain_name(area);
        add_name(gazetteer, (CnAreaId)i, area->name);
        if (strcmp(plain, area->name) != 0)
            add_name(gazetteer, (CnAreaId)i, g_string_chunk_insert(gazetteer->strings, plain));
        for (guint k = 0; area->aliases[k] != NULL; k++)
            add_name(gazetteer, (CnAreaId)i, area->aliases[k]);
    }
    cn_text_index_init(&gazetteer->by_text, gazetteer->names->len);
    cn_text_index_init(&gazetteer->by_key, gazetteer->names->len);
    /* Backwards, each name goes before the chain so far: chains ascend. */
    for (guint i = gazetteer->names->len; i-- > 0;) {
        CnPlaceName *name = &g_array_index(gazetteer->names, CnPlaceName, i);
        name->next_text = cn_gazetteer_first_text(gazetteer, name->text);
        name->next_key = cn_gazetteer_first_key(gazetteer, name->key);
        cn_text_index_put(&gazetteer->by_text, text_of_name, gazetteer, i);
        cn_text_index_put(&gazetteer->by_key, key_of_name, gazetteer, i);
    }
}

gint32
cn_gazetteer_first_text(const CnGazetteer *gazetteer, const char *text)
{
    return cn_text_index_find(&gazetteer->by_text, text_of_name, gazetteer, text);
}

gint32
cn_gazetteer_first_key(const CnGazetteer *gazetteer, const char *key)
{
    return cn_text_index_find(&gazetteer->by_key, key_of_name, gazetteer, key);
}

/* ---- Searching. A stage is a way to match; the first stage that finds anything decides. */

typedef enum {
    STAGE_EXACT,
    STAGE_FOLDED,
    STAGE_LEVEL,
    STAGES
} Stage;

static GArray *
new_areas(void)
{
    return g_array_new(FALSE, FALSE, sizeof(CnAreaId));
}

static CnAreaId
area_in(const GArray *areas, guint i)
{
    return g_array_index(areas, CnAreaId, i);
}

/* Chains ascend, so an area that bears a name twice is met twice in a row. */
static void
add_area(GArray *areas, CnAreaId area)
{
    if (areas->len == 0 || area_in(areas, areas->len - 1) != area)
        g_array_append_val(areas, area);
}

static void
match_exact(const CnGazetteer *gazetteer, const char *text, GArray *areas)
{
    CnAreaId by_code = cn_area_by_code(gazetteer, text);
    if (by_code >= 0) {
        add_area(areas, by_code);
        return;
    }
    gint32 i = cn_gazetteer_first_text(gazetteer, text);
    for (; i >= 0; i = cn_gazetteer_name(gazetteer, i)->next_text)
        add_area(areas, cn_gazetteer_name(gazetteer, i)->area);
}

/* @level -1: any. */
static void
match_key(const CnGazetteer *gazetteer, const char *key, gint level, GArray *areas)
{
    gint32 i = cn_gazetteer_first_key(gazetteer, key);
    for (; i >= 0; i = cn_gazetteer_name(gazetteer, i)->next_key) {
        CnAreaId area = cn_gazetteer_name(gazetteer, i)->area;
        if (level < 0 || (gint)cn_area(gazetteer, area)->level == level)
            add_area(areas, area);
    }
}

/* "city of x", "x province": the word names the level. Returns x in a fresh string, or NULL. */
static char *
strip_level_word(const char *key, const char *word)
{
    g_autofree char *before = g_strconcat(word, " of ", NULL);
    g_autofree char *behind = g_strconcat(" ", word, NULL);
    if (g_str_has_prefix(key, before))
        return g_strdup(key + strlen(before));
    if (g_str_has_suffix(key, behind))
        return g_strndup(key, strlen(key) - strlen(behind));
    return NULL;
}

static void
match_level(const CnGazetteer *gazetteer, const char *key, GArray *areas)
{
    static const struct {
        const char *word;
        CnLevel level;
    } words[] = {{"city", CN_LEVEL_CITY},
                 {"province", CN_LEVEL_PROVINCE},
                 {"municipality", CN_LEVEL_MUNICIPALITY},
                 {"town", CN_LEVEL_MUNICIPALITY},
                 {"region", CN_LEVEL_REGION},
                 {"island group", CN_LEVEL_ISLAND_GROUP}};
    for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
        g_autofree char *name = strip_level_word(key, words[i].word);
        if (name != NULL)
            match_key(gazetteer, name, (gint)words[i].level, areas);
    }
}

/* (transfer full) (element-type CnAreaId) */
static GArray *
match(const CnGazetteer *gazetteer, const char *text, Stage stage)
{
    GArray *areas = new_areas();
    g_autofree char *key = cn_place_key(text);
    switch (stage) {
    case STAGE_EXACT:
        match_exact(gazetteer, text, areas);
        break;
    case STAGE_FOLDED:
        match_key(gazetteer, key, -1, areas);
        break;
    default:
        match_level(gazetteer, key, areas);
        break;
    }
    return areas;
}

/* All areas that @text may mean, by any stage. (transfer full) (element-type CnAreaId) */
static GArray *
match_any(const CnGazetteer *gazetteer, const char *text)
{
    GArray *areas = new_areas();
    for (Stage stage = STAGE_EXACT; stage < STAGES; stage++) {
        g_autoptr(GArray) found = match(gazetteer, text, stage);
        g_array_append_vals(areas, found->data, found->len);
    }
    return areas;
}

static gboolean
lies_in_any(const CnGazetteer *gazetteer, CnAreaId area, const GArray *outers, gboolean strictly)
{
    for (guint i = 0; i < outers->len; i++) {
        CnAreaId outer = area_in(outers, i);
        if (cn_area_contains(gazetteer, outer, area) && (!strictly || outer != area))
            return TRUE;
    }
    return FALSE;
}

/* The areas of @areas that lie in one of @outers: below it if there are any ("Cebu, Cebu" is the
 * city), else at it. (transfer full) */
static GArray *
keep_inner(const CnGazetteer *gazetteer, const GArray *areas, const GArray *outers)
{
    GArray *kept = new_areas();
    for (gint strictly = TRUE; strictly >= FALSE && kept->len == 0; strictly--)
        for (guint i = 0; i < areas->len; i++)
            if (lies_in_any(gazetteer, area_in(areas, i), outers, strictly))
                add_area(kept, area_in(areas, i));
    return kept;
}

/* Leaves the areas of the highest level. */
static GArray *
keep_highest(const CnGazetteer *gazetteer, const GArray *areas)
{
    GArray *kept = new_areas();
    CnLevel highest = CN_LEVEL_MUNICIPALITY;
    for (guint i = 0; i < areas->len; i++)
        highest = MIN(highest, cn_area(gazetteer, area_in(areas, i))->level);
    for (guint i = 0; i < areas->len; i++)
        if (cn_area(gazetteer, area_in(areas, i))->level == highest)
            add_area(kept, area_in(areas, i));
    return kept;
}

/* Leaves the areas that are called @text themselves, not only by an alias. */
static GArray *
keep_own_names(const CnGazetteer *gazetteer, const GArray *areas, const char *text)
{
    GArray *kept = new_areas();
    g_autofree char *key = cn_place_key(text);
    for (guint i = 0; i < areas->len; i++) {
        g_autofree char *own = cn_place_key(cn_area(gazetteer, area_in(areas, i))->name);
        if (strcmp(own, key) == 0)
            add_area(kept, area_in(areas, i));
    }
    return kept;
}

/* ---- What to say when it is not one area. */

static char *
list_short_names(const CnGazetteer *gazetteer, const GArray *areas)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < areas->len && i < CANDIDATES_SHOWN; i++) {
        if (i > 0)
            g_string_append(out, "; ");
        g_string_append(out, cn_area_short_name(gazetteer, area_in(areas, i)));
    }
    if (areas->len > CANDIDATES_SHOWN)
        g_string_append_printf(out, "; and %u more", areas->len - CANDIDATES_SHOWN);
    return g_string_free(out, FALSE);
}

static void
set_conflict(const CnGazetteer *gazetteer, const char *text, const GArray *areas, GError **error)
{
    g_autofree char *quoted = cn_text_quote(text);
    g_autofree char *names = list_short_names(gazetteer, areas);
    cn_error_set(error, CARENET_ERROR_INVALID_ARGUMENT, "\"%s\" is the name of %u areas", quoted,
                 areas->len);
    cn_error_hint(error, "write one of: %s", names);
}

/* A near miss as a person would write it; a name of several areas stays as it is. */
static const char *
show_name(const CnGazetteer *gazetteer, const char *text)
{
    g_autoptr(GArray) areas = match(gazetteer, text, STAGE_EXACT);
    return areas->len == 1 ? cn_area_short_name(gazetteer, area_in(areas, 0)) : text;
}

/* "did you mean ...?" over all names and aliases, or NULL. */
static char *
suggest(const CnGazetteer *gazetteer, const char *text)
{
    const GArray *names = gazetteer->names;
    g_autofree const char **candidates = g_new(const char *, names->len + 1);
    for (guint i = 0; i < names->len; i++)
        candidates[i] = g_array_index(names, CnPlaceName, i).text;
    g_autofree const char **misses =
        cn_text_near_misses(text, candidates, names->len, NEAR_MISSES_LOOKED_AT);
    const char *shown[NEAR_MISSES_SHOWN + 1] = {NULL};
    guint len = 0;
    for (guint i = 0; misses[i] != NULL && len < NEAR_MISSES_SHOWN; i++) {
        const char *name = show_name(gazetteer, misses[i]);
        if (!g_strv_contains(shown, name))
            shown[len++] = name;
    }
    return cn_text_did_you_mean_names(shown, len);
}

static void
set_not_found(const CnGazetteer *gazetteer, const char *text, gboolean hint, GError **error)
{
    g_autofree char *quoted = cn_text_quote(text);
    g_autofree char *suggestion = hint ? suggest(gazetteer, text) : NULL;
    cn_error_set(error, CARENET_ERROR_NOT_FOUND, "no area is called \"%s\"", quoted);
    cn_error_hint(error, "%s",
                  suggestion != NULL ? suggestion : "give a name or a PSGC code, such as Cebu");
}

/* ---- "Name", "Name, Province", "Name, Province, Region". */

typedef struct {
    char *parts[PARTS_MOST]; /* the name first */
    guint len;
    gboolean hint;
} Request;

static void
clear_request(Request *request)
{
    for (guint i = 0; i < request->len; i++)
        g_free(request->parts[i]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Request, clear_request)

static void
split_request(const char *text, Request *request)
{
    g_auto(GStrv) parts = g_strsplit(text, ",", PARTS_MOST);
    for (guint i = 0; parts[i] != NULL; i++) {
        const char *part = g_strstrip(parts[i]);
        if (part[0] != '\0')
            request->parts[request->len++] = g_strdup(part);
    }
}

/* The areas that the parts behind the name leave of @areas. (transfer full) */
static GArray *
apply_qualifiers(const CnGazetteer *gazetteer, const Request *request, GArray *areas)
{
    GArray *left = g_array_ref(areas);
    for (guint i = 1; i < request->len; i++) {
        g_autoptr(GArray) outers = match_any(gazetteer, request->parts[i]);
        GArray *inner = keep_inner(gazetteer, left, outers);
        g_array_unref(left);
        left = inner;
    }
    return left;
}

static void
explain_failure(const CnGazetteer *gazetteer, const Request *request, GError **error)
{
    for (guint i = 0; i < request->len; i++) {
        g_autoptr(GArray) areas = match_any(gazetteer, request->parts[i]);
        if (areas->len == 0) {
            set_not_found(gazetteer, request->parts[i], request->hint, error);
            return;
        }
    }
    g_autofree char *name = cn_text_quote(request->parts[0]);
    g_autofree char *where = cn_text_quote(request->parts[request->len - 1]);
    g_autoptr(GArray) areas = match(gazetteer, request->parts[0], STAGE_FOLDED);
    g_autofree char *names = list_short_names(gazetteer, areas);
    cn_error_set(error, CARENET_ERROR_NOT_FOUND, "no area called \"%s\" lies in \"%s\"", name,
                 where);
    if (areas->len > 0)
        cn_error_hint(error, "the areas of that name are: %s", names);
}

/* One area of those that match: the highest. Many towns bear the former name of another one; alone
 * such a name is a conflict, but within a province the town that bears it now is meant. */
static gboolean
choose(const CnGazetteer *gazetteer,
       const char *text,
       const Request *request,
       const GArray *areas,
       CnAreaId *out_area,
       GError **error)
{
    g_autoptr(GArray) highest = keep_highest(gazetteer, areas);
    if (highest->len > 1 && request->len > 1) {
        g_autoptr(GArray) own = keep_own_names(gazetteer, highest, request->parts[0]);
        if (own->len == 1) {
            *out_area = area_in(own, 0);
            return TRUE;
        }
    }
    if (highest->len == 1) {
        *out_area = area_in(highest, 0);
        return TRUE;
    }
    /* A lower one may have been meant just as well: show all. */
    set_conflict(gazetteer, text, areas, error);
    return FALSE;
}

static gboolean
resolve_request(const CnGazetteer *gazetteer,
                const char *text,
                const Request *request,
                CnAreaId *out_area,
                GError **error)
{
    for (Stage stage = STAGE_EXACT; stage < STAGES; stage++) {
        g_autoptr(GArray) all = match(gazetteer, request->parts[0], stage);
        g_autoptr(GArray) left = apply_qualifiers(gazetteer, request, all);
        if (left->len == 0)
            continue;
        return choose(gazetteer, text, request, left, out_area, error);
    }
    explain_failure(gazetteer, request, error);
    return FALSE;
}

gboolean
cn_area_resolve(const CnGazetteer *gazetteer, const char *name, CnAreaId *out_area, GError **error)
{
    return cn_area_resolve_hint(gazetteer, name, TRUE, out_area, error);
}

gboolean
cn_area_resolve_hint(const CnGazetteer *gazetteer,
                     const char *name,
                     gboolean hint,
                     CnAreaId *out_area,
                     GError **error)
{
    g_auto(Request) request = {.len = 0, .hint = hint};
    split_request(name, &request);
    if (request.len == 0) {
        set_not_found(gazetteer, name, hint, error);
        return FALSE;
    }
    return resolve_request(gazetteer, name, &request, out_area, error);
}
