/* Looking up the ids of avoid and offender. */
#include "directory/avoided.h"

#include "base/error.h"
#include "base/text.h"

/* A list of ids of a case, as the person who wrote it calls it. */
typedef struct {
    const CnCase *person;
    const CnAvoid *avoid;
    const char *key; /* avoid, offender */
    gboolean organizations;
    guint at; /* position in the list */
} CnUnknown;

typedef struct {
    const CnListing *listing;
    GHashTable *organizations; /* (element-type utf8) borrowed; NULL: nobody asked yet */
    CnUnknown first;           /* person NULL: none */
    guint unknown;             /* ids that nobody knows */
    CnIssueList *issues;       /* where each of them is told; NULL: nowhere */
} CnLookUp;

static const char *
id_of(const CnUnknown *unknown)
{
    const CnAvoid *avoid = unknown->avoid;
    return g_ptr_array_index(unknown->organizations ? avoid->organizations : avoid->providers,
                             unknown->at);
}

static void
clear_look_up(CnLookUp *look)
{
    g_clear_pointer(&look->organizations, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CnLookUp, clear_look_up)

/* ---- What the directory knows. */

/* Closed providers stay in a directory, and their organizations with them. */
static GHashTable *
gather_organizations(const CnListing *listing)
{
    GHashTable *ids = g_hash_table_new(g_str_hash, g_str_equal);
    for (gsize i = 0; i < listing->providers_len; i++) {
        const char *id = cn_listed_text(listing, listing->providers[i].organization);
        if (id != NULL)
            g_hash_table_add(ids, (gpointer)id);
    }
    return ids;
}

static gboolean
is_organization(CnLookUp *look, const char *id)
{
    if (look->organizations == NULL)
        look->organizations = gather_organizations(look->listing);
    return g_hash_table_contains(look->organizations, id);
}

static gboolean
is_provider(const CnLookUp *look, const char *id)
{
    return cn_listing_provider(look->listing, id) >= 0;
}

/* A bare id of a sheet stands in both lists, since nobody said which it is: one of them must know it. */
static gboolean
is_known(CnLookUp *look, const CnAvoid *avoid, const char *id, gboolean organizations)
{
    if (organizations ? is_organization(look, id) : is_provider(look, id))
        return TRUE;
    const GPtrArray *others = organizations ? avoid->providers : avoid->organizations;
    return cn_text_is_among(others, id) &&
           (organizations ? is_provider(look, id) : is_organization(look, id));
}

/* ---- Looking. */

static void report(CnLookUp *look, const CnUnknown *unknown);

static void
look_at_list(CnLookUp *look, CnUnknown list)
{
    const GPtrArray *ids = list.organizations ? list.avoid->organizations : list.avoid->providers;
    for (guint i = 0; i < ids->len; i++) {
        const char *id = g_ptr_array_index(ids, i);
        if (is_known(look, list.avoid, id, list.organizations))
            continue;
        /* What stands in both lists was counted with the providers. */
        if (list.organizations && cn_text_is_among(list.avoid->providers, id))
            continue;
        list.at = i;
        if (look->unknown++ == 0)
            look->first = list;
        if (look->issues != NULL)
            report(look, &list);
    }
}

static void
look_at_avoid(CnLookUp *look, const CnCase *person, const CnAvoid *avoid, const char *key)
{
    if (avoid->providers->len > 0)
        look_at_list(look, (CnUnknown){.person = person, .avoid = avoid, .key = key});
    if (avoid->organizations->len > 0)
        look_at_list(look, (CnUnknown){person, avoid, key, TRUE, 0});
}

static void
look_at_person(CnLookUp *look, const CnCase *person)
{
    look_at_avoid(look, person, &person->offender, "offender");
    look_at_avoid(look, person, &person->avoid, "avoid");
}

/* ---- Saying it. */

/* Names of the directory only. (transfer full) (nullable) */
static char *
find_near(CnLookUp *look, const char *id, gboolean organizations)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new(); /* (element-type utf8) borrowed */
    if (organizations) {
        GHashTableIter iter;
        gpointer name = NULL;
        is_organization(look, id);
        g_hash_table_iter_init(&iter, look->organizations);
        while (g_hash_table_iter_next(&iter, &name, NULL))
            g_ptr_array_add(names, name);
    } else {
        for (gsize i = 0; i < look->listing->providers_len; i++)
            g_ptr_array_add(
                names, (gpointer)cn_listed_text(look->listing, look->listing->providers[i].id));
    }
    return cn_text_did_you_mean(id, (const char *const *)names->pdata, names->len);
}

/* (transfer full) */
static char *
next_step(CnLookUp *look, const CnUnknown *unknown)
{
    const char *id = id_of(unknown);
    if (unknown->organizations ? is_provider(look, id) : is_organization(look, id))
        return g_strdup_printf("it is the id of %s: write it under %s",
                               unknown->organizations ? "a provider" : "an organization",
                               unknown->organizations ? "providers" : "organizations");
    char *near_miss = find_near(look, id, unknown->organizations);
    /* A bare id of a sheet may be meant as either. */
    if (near_miss == NULL && !unknown->organizations &&
        cn_text_is_among(unknown->avoid->organizations, id))
        near_miss = find_near(look, id, TRUE);
    /* Whoever mistyped an id must not be told to leave it out. */
    return near_miss != NULL
               ? near_miss
               : g_strdup("carenet find lists the ids; who is not in the directory is proposed to "
                          "nobody, and may be left out");
}

/* (transfer full) */
static char *
tell(const CnUnknown *unknown)
{
    return g_strdup_printf("id %u of %s: %s is not one that the directory knows", unknown->at + 1,
                           unknown->key, unknown->organizations ? "organizations" : "providers");
}

static gboolean
conclude(CnLookUp *look, GError **error)
{
    const CnUnknown *first = &look->first;
    if (look->unknown == 0)
        return TRUE;
    const CnPos *pos = &first->person->pos;
    g_autofree char *what = tell(first), *hint = next_step(look, first);
    g_autofree char *others =
        look->unknown > 1 ? g_strdup_printf(" (and %u more)", look->unknown - 1) : g_strdup("");
    cn_error_set_at(error, CARENET_ERROR_INVALID_DATA, pos->file, pos->line, pos->column,
                    "case %s: %s%s", first->person->ref, what, others);
    cn_error_hint(error, "%s", hint);
    return FALSE;
}

static void
report(CnLookUp *look, const CnUnknown *unknown)
{
    g_autofree char *what = tell(unknown), *hint = next_step(look, unknown);
    cn_issue_add(look->issues, CN_SEVERITY_ERROR, "unknown-id", unknown->person->pos, hint, "%s",
                 what);
}

/* ---- Lists. */

void
cn_directory_check_avoided(const CnDirectory *directory,
                           const GPtrArray *cases,
                           CnIssueList *issues,
                           gboolean *unsound)
{
    g_auto(CnLookUp) look = {.listing = directory->listing, .issues = issues};
    for (guint i = 0; i < cases->len; i++) {
        const guint before = look.unknown;
        look_at_person(&look, g_ptr_array_index(cases, i));
        if (unsound != NULL && look.unknown > before)
            unsound[i] = TRUE;
    }
}

gboolean
cn_directory_knows_avoided(const CnDirectory *directory, const carenet_cases *cases, GError **error)
{
    g_auto(CnLookUp) look = {.listing = directory->listing};
    for (guint i = 0; i < cases->cases->len; i++)
        look_at_person(&look, g_ptr_array_index(cases->cases, i));
    return conclude(&look, error);
}

/* ---- One case. */

static gboolean
goes_along(const CnCase *person, const CnCase *other)
{
    return other == person || (person->siblings_group != NULL &&
                               g_strcmp0(person->siblings_group, other->siblings_group) == 0);
}

gboolean
cn_directory_knows_avoided_of(const CnDirectory *directory,
                              const carenet_cases *cases,
                              guint i,
                              GError **error)
{
    g_auto(CnLookUp) look = {.listing = directory->listing};
    const CnCase *person = g_ptr_array_index(cases->cases, i);
    for (guint k = 0; k < cases->cases->len; k++) {
        const CnCase *other = g_ptr_array_index(cases->cases, k);
        if (goes_along(person, other))
            look_at_person(&look, other);
    }
    return conclude(&look, error);
}

static gboolean
names_any(const CnAvoid *avoid)
{
    return avoid->providers->len > 0 || avoid->organizations->len > 0;
}

gboolean
cn_case_names_avoided(const carenet_cases *cases, guint i)
{
    const CnCase *person = g_ptr_array_index(cases->cases, i);
    for (guint k = 0; k < cases->cases->len; k++) {
        const CnCase *other = g_ptr_array_index(cases->cases, k);
        if (goes_along(person, other) && (names_any(&other->avoid) || names_any(&other->offender)))
            return TRUE;
    }
    return FALSE;
}
