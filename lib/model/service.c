/* The service taxonomy: checks, the order of terms, and finding a term by what people call it. */
#include "model/service.h"

#include "base/error.h"
#include "base/text.h"

#include <string.h>

#define LEVELS_MOST          3
#define RESTRICTIVENESS_MOST 6

/* One more way to name a service, folded. */
typedef struct {
    char *key;
    CnServiceId service;
    gboolean is_id;
} ServiceName;

struct CnTaxonomy {
    GStringChunk *strings;
    GArray *services;     /* (element-type CnService) */
    const char **aliases; /* pool of NULL-terminated lists */
    GHashTable *by_id;    /* (element-type utf8 CnServiceId), stored + 1 */
    GArray *names;        /* (element-type ServiceName) */
};

static const char *const unit_names[] = {"bed", "place", "caseload", "slot",
                                         "kit", "grant", "team",     "none"};

gboolean
cn_unit_parse(const char *text, CnUnit *out_unit)
{
    for (guint i = 0; i < G_N_ELEMENTS(unit_names); i++) {
        if (strcmp(text, unit_names[i]) == 0) {
            *out_unit = (CnUnit)i;
            return TRUE;
        }
    }
    return FALSE;
}

const char *
cn_unit_name(CnUnit unit)
{
    return unit_names[unit];
}

/* ---- Building. */

/* Where a row hangs: numbers of rows + 1, 0 for none. */
typedef struct {
    guint parent, first_child, last_child, next_sibling;
} Link;

typedef struct {
    const CnServiceRow *rows;
    guint len;
    Link *links;       /* one a row */
    GHashTable *by_id; /* (element-type utf8 guint), row number + 1 */
    guint first_root, last_root;
    CnIssueList *issues;
} Build;

static void
clear_build(Build *build)
{
    g_free(build->links);
    g_clear_pointer(&build->by_id, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Build, clear_build)

static void
check_row(const CnServiceRow *row, CnIssueList *issues)
{
    if (!cn_text_is_slug(row->id))
        cn_issue_add(issues, CN_SEVERITY_ERROR, "wrong-id", row->pos,
                     "use a-z, 0-9 and single hyphens", "\"%s\" is no service id", row->id);
    if (row->name[0] == '\0')
        cn_issue_add(issues, CN_SEVERITY_ERROR, "missing-value", row->pos, NULL,
                     "service %s has no name", row->id);
    if (row->restrictiveness < 0 || row->restrictiveness > RESTRICTIVENESS_MOST)
        cn_issue_add(issues, CN_SEVERITY_ERROR, "impossible-value", row->pos,
                     "restrictiveness is 1 (a family) to 6 (an institution)",
                     "the restrictiveness of service %s is impossible", row->id);
}

static void
register_rows(Build *build)
{
    for (guint i = 0; i < build->len; i++) {
        const CnServiceRow *row = &build->rows[i];
        check_row(row, build->issues);
        if (g_hash_table_contains(build->by_id, row->id))
            cn_issue_add(build->issues, CN_SEVERITY_ERROR, "duplicate-id", row->pos, NULL,
                         "service %s stands there already", row->id);
        else
            g_hash_table_insert(build->by_id, (gpointer)row->id, GUINT_TO_POINTER(i + 1));
    }
}

static void
append_child(Build *build, guint number, guint *first, guint *last)
{
    if (*last != 0)
        build->links[*last - 1].next_sibling = number;
    else
        *first = number;
    *last = number;
}

static char *
suggest_id(const Build *build, const char *id)
{
    g_autofree const char **ids = g_new(const char *, build->len + 1);
    for (guint i = 0; i < build->len; i++)
        ids[i] = build->rows[i].id;
    return cn_text_did_you_mean(id, ids, build->len);
}

/* Siblings keep the order of the rows. */
static void
hang_rows(Build *build)
{
    for (guint i = 0; i < build->len; i++) {
        const CnServiceRow *row = &build->rows[i];
        if (row->parent == NULL) {
            append_child(build, i + 1, &build->first_root, &build->last_root);
            continue;
        }
        guint parent = GPOINTER_TO_UINT(g_hash_table_lookup(build->by_id, row->parent));
        if (parent == 0) {
            g_autofree char *suggestion = suggest_id(build, row->parent);
            cn_issue_add(build->issues, CN_SEVERITY_ERROR, "unknown-service", row->pos, suggestion,
                         "the parent \"%s\" of service %s is unknown", row->parent, row->id);
            continue;
        }
        Link *above = &build->links[parent - 1];
        build->links[i].parent = parent;
        append_child(build, i + 1, &above->first_child, &above->last_child);
    }
}

/* A chain of parents that does not end within the levels is too deep or runs in a circle. */
static void
check_depths(const Build *build)
{
    for (guint i = 0; i < build->len; i++) {
        guint depth = 1;
        for (guint at = build->links[i].parent; at != 0 && depth <= LEVELS_MOST; depth++)
            at = build->links[at - 1].parent;
        if (depth > LEVELS_MOST)
            cn_issue_add(build->issues, CN_SEVERITY_ERROR, "too-deep", build->rows[i].pos, NULL,
                         "service %s has more than %d levels above it, or lies in a circle",
                         build->rows[i].id, LEVELS_MOST - 1);
    }
}

static void
add_name(CnTaxonomy *taxonomy, CnServiceId service, const char *text, gboolean is_id)
{
    ServiceName name = {.key = cn_text_fold(text), .service = service, .is_id = is_id};
    g_array_append_val(taxonomy->names, name);
}

static void
clear_name(gpointer data)
{
    g_free(((ServiceName *)data)->key);
}

static const char *
keep_text(CnTaxonomy *taxonomy, const char *text)
{
    return text != NULL ? g_string_chunk_insert(taxonomy->strings, text) : NULL;
}

/* Appends the term and all below it; check_depths() has bounded the depth. */
static void
place_row(const Build *build, CnTaxonomy *taxonomy, guint number, CnServiceId parent)
{
    const CnServiceRow *row = &build->rows[number - 1];
    const CnServiceId id = (CnServiceId)taxonomy->services->len;
    CnService service = {.id = keep_text(taxonomy, row->id),
                         .name = keep_text(taxonomy, row->name),
                         .parent = parent,
                         .unit = row->unit,
                         .sensitive = row->sensitive,
                         .restrictiveness = row->restrictiveness,
                         .gate = row->gate,
                         .routable = row->routable,
                         .primero = keep_text(taxonomy, row->primero)};
    g_array_append_val(taxonomy->services, service);
    g_hash_table_insert(taxonomy->by_id, (gpointer)service.id, GINT_TO_POINTER(id + 1));
    add_name(taxonomy, id, row->id, TRUE);
    add_name(taxonomy, id, row->name, FALSE);
    for (guint i = 0; row->aliases != NULL && row->aliases[i] != NULL; i++)
        add_name(taxonomy, id, row->aliases[i], FALSE);
    for (guint child = build->links[number - 1].first_child; child != 0;
         child = build->links[child - 1].next_sibling)
        place_row(build, taxonomy, child, id);
    g_array_index(taxonomy->services, CnService, id).end = (CnServiceId)taxonomy->services->len;
}

/* The pool moves while it grows, so services get their lists in a second pass. */
static void
place_aliases(const Build *build, CnTaxonomy *taxonomy)
{
    GPtrArray *pool = g_ptr_array_new();
    g_autofree guint *starts = g_new0(guint, build->len + 1);
    for (guint i = 0; i < build->len; i++) {
        const char *const *aliases = build->rows[i].aliases;
        starts[cn_service_by_id(taxonomy, build->rows[i].id)] = pool->len;
        for (guint k = 0; aliases != NULL && aliases[k] != NULL; k++)
            g_ptr_array_add(pool, (gpointer)keep_text(taxonomy, aliases[k]));
        g_ptr_array_add(pool, NULL);
    }
    taxonomy->aliases = (const char **)g_ptr_array_free(pool, FALSE);
    for (guint i = 0; i < build->len; i++)
        g_array_index(taxonomy->services, CnService, i).aliases = taxonomy->aliases + starts[i];
}

static CnTaxonomy *
new_taxonomy(guint len)
{
    CnTaxonomy *taxonomy = g_new0(CnTaxonomy, 1);
    taxonomy->strings = g_string_chunk_new(8192);
    taxonomy->services = g_array_sized_new(FALSE, FALSE, sizeof(CnService), len);
    taxonomy->by_id = g_hash_table_new(g_str_hash, g_str_equal);
    taxonomy->names = g_array_new(FALSE, FALSE, sizeof(ServiceName));
    g_array_set_clear_func(taxonomy->names, clear_name);
    return taxonomy;
}

CnTaxonomy *
cn_taxonomy_new(const CnServiceRow *rows, guint len, CnIssueList *issues)
{
    guint errors_before = cn_issue_list_errors(issues);
    g_auto(Build) build = {.rows = rows,
                           .len = len,
                           .links = g_new0(Link, len + 1),
                           .by_id = g_hash_table_new(g_str_hash, g_str_equal),
                           .issues = issues};
    register_rows(&build);
    hang_rows(&build);
    check_depths(&build);
    if (cn_issue_list_errors(issues) > errors_before)
        return NULL;

    CnTaxonomy *taxonomy = new_taxonomy(len);
    for (guint root = build.first_root; root != 0; root = build.links[root - 1].next_sibling)
        place_row(&build, taxonomy, root, CN_SERVICE_NONE);
    place_aliases(&build, taxonomy);
    return taxonomy;
}

void
cn_taxonomy_free(CnTaxonomy *taxonomy)
{
    if (taxonomy == NULL)
        return;
    g_array_unref(taxonomy->services);
    g_free(taxonomy->aliases);
    g_hash_table_unref(taxonomy->by_id);
    g_array_unref(taxonomy->names);
    g_string_chunk_free(taxonomy->strings);
    g_free(taxonomy);
}

/* ---- Questions. */

guint
cn_taxonomy_len(const CnTaxonomy *taxonomy)
{
    return taxonomy->services->len;
}

const CnService *
cn_service(const CnTaxonomy *taxonomy, CnServiceId service)
{
    g_assert(service >= 0 && (guint)service < taxonomy->services->len);
    return &g_array_index(taxonomy->services, CnService, service);
}

CnServiceId
cn_service_by_id(const CnTaxonomy *taxonomy, const char *id)
{
    return GPOINTER_TO_INT(g_hash_table_lookup(taxonomy->by_id, id)) - 1;
}

gboolean
cn_service_contains(const CnTaxonomy *taxonomy, CnServiceId outer, CnServiceId inner)
{
    return outer >= 0 && inner >= outer && inner < cn_service(taxonomy, outer)->end;
}

/* The services that go by the folded @key. (transfer full) (element-type CnServiceId) */
static GArray *
find_by_key(const CnTaxonomy *taxonomy, const char *key, gboolean is_id)
{
    GArray *found = g_array_new(FALSE, FALSE, sizeof(CnServiceId));
    for (guint i = 0; i < taxonomy->names->len; i++) {
        const ServiceName *name = &g_array_index(taxonomy->names, ServiceName, i);
        if (name->is_id != is_id || strcmp(name->key, key) != 0)
            continue;
        /* Names stand in the order of the services: one service, neighbouring names. */
        if (found->len == 0 || g_array_index(found, CnServiceId, found->len - 1) != name->service)
            g_array_append_val(found, name->service);
    }
    return found;
}

static void
set_conflict(const CnTaxonomy *taxonomy, const char *text, const GArray *found, GError **error)
{
    g_autofree char *quoted = cn_text_quote(text);
    GString *ids = g_string_new(NULL);
    for (guint i = 0; i < found->len; i++) {
        CnServiceId id = g_array_index(found, CnServiceId, i);
        g_string_append_printf(ids, "%s%s", i > 0 ? ", " : "", cn_service(taxonomy, id)->id);
    }
    cn_error_set(error, CARENET_ERROR_INVALID_ARGUMENT, "\"%s\" names %u services", quoted,
                 found->len);
    cn_error_hint(error, "write one of: %s", ids->str);
    g_string_free(ids, TRUE);
}

/* "did you mean ...?" with the ids of the services whose id, name or alias is near. */
static char *
suggest_service(const CnTaxonomy *taxonomy, const char *text)
{
    const char *shown[4] = {NULL};
    guint len = 0;
    g_autofree const char **keys = g_new(const char *, taxonomy->names->len + 1);
    for (guint i = 0; i < taxonomy->names->len; i++)
        keys[i] = g_array_index(taxonomy->names, ServiceName, i).key;
    g_autofree const char **misses = cn_text_near_misses(text, keys, taxonomy->names->len, 8);
    for (guint i = 0; misses[i] != NULL && len < 3; i++) {
        guint at = 0;
        while (keys[at] != misses[i])
            at++;
        CnServiceId id = g_array_index(taxonomy->names, ServiceName, at).service;
        if (!g_strv_contains(shown, cn_service(taxonomy, id)->id))
            shown[len++] = cn_service(taxonomy, id)->id;
    }
    return cn_text_did_you_mean_names(shown, len);
}

static void
set_not_found(const CnTaxonomy *taxonomy, const char *text, gboolean hint, GError **error)
{
    g_autofree char *quoted = cn_text_quote(text);
    g_autofree char *suggestion = hint ? suggest_service(taxonomy, text) : NULL;
    cn_error_set(error, CARENET_ERROR_NOT_FOUND, "no service is called \"%s\"", quoted);
    cn_error_hint(error, "%s",
                  suggestion != NULL ? suggestion
                                     : "give an id of the taxonomy, such as mental-health");
}

gboolean
cn_service_resolve(const CnTaxonomy *taxonomy,
                   const char *name,
                   CnServiceId *out_service,
                   GError **error)
{
    return cn_service_resolve_hint(taxonomy, name, TRUE, out_service, error);
}

gboolean
cn_service_resolve_hint(const CnTaxonomy *taxonomy,
                        const char *name,
                        gboolean hint,
                        CnServiceId *out_service,
                        GError **error)
{
    CnServiceId by_id = cn_service_by_id(taxonomy, name);
    if (by_id >= 0) {
        *out_service = by_id;
        return TRUE;
    }
    g_autofree char *key = cn_text_fold(name);
    g_autoptr(GArray) found = find_by_key(taxonomy, key, TRUE);
    if (found->len == 0) {
        g_array_unref(found);
        found = find_by_key(taxonomy, key, FALSE);
    }
    if (found->len == 1 && key[0] != '\0') {
        *out_service = g_array_index(found, CnServiceId, 0);
        return TRUE;
    }
    if (found->len == 0 || key[0] == '\0')
        set_not_found(taxonomy, name, hint, error);
    else
        set_conflict(taxonomy, name, found, error);
    return FALSE;
}

/* ---- In an image. */

static void
pack_service(GByteArray *out, const CnService *service)
{
    cn_pack_text(out, service->id);
    cn_pack_text(out, service->name);
    cn_pack_text(out, service->primero);
    cn_pack_int(out, service->parent);
    cn_pack_int(out, service->end);
    cn_pack_int(out, service->unit);
    cn_pack_int(out, service->sensitive);
    cn_pack_int(out, service->restrictiveness);
    cn_pack_int(out, service->gate);
    cn_pack_int(out, service->routable);
    for (guint i = 0; service->aliases[i] != NULL; i++)
        cn_pack_text(out, service->aliases[i]);
    cn_pack_text(out, NULL);
}

void
cn_taxonomy_pack(GByteArray *out, const CnTaxonomy *taxonomy)
{
    cn_pack_int(out, taxonomy->services->len);
    for (guint i = 0; i < taxonomy->services->len; i++)
        pack_service(out, cn_service(taxonomy, (CnServiceId)i));
    cn_pack_int(out, taxonomy->names->len);
    for (guint i = 0; i < taxonomy->names->len; i++) {
        const ServiceName *name = &g_array_index(taxonomy->names, ServiceName, i);
        cn_pack_text(out, name->key);
        cn_pack_int(out, name->service);
        cn_pack_int(out, name->is_id);
    }
}

/* Parents stand before their children, so that every way up ends. */
static CnService
unpack_service(CnUnpack *in, guint i, guint len, guint assessments_len)
{
    CnService service = {.id = cn_unpack_text(in),
                         .name = cn_unpack_text(in),
                         .primero = cn_unpack_text_or_null(in)};
    service.parent = (CnServiceId)cn_unpack_int_in(in, CN_SERVICE_NONE, (gint64)i - 1);
    service.end = (CnServiceId)cn_unpack_int_in(in, (gint64)i + 1, len);
    service.unit = (CnUnit)cn_unpack_int_in(in, CN_UNIT_BED, CN_UNIT_NONE);
    service.sensitive = (gboolean)cn_unpack_int_in(in, FALSE, TRUE);
    service.restrictiveness = (gint)cn_unpack_int_in(in, 0, RESTRICTIVENESS_MOST);
    service.gate = (gint)cn_unpack_int_in(in, -1, (gint64)assessments_len - 1);
    service.routable = (gboolean)cn_unpack_int_in(in, FALSE, TRUE);
    return service;
}

/* The pool moves while it grows: positions first, pointers when it is complete. */
static void
unpack_services(CnUnpack *in, CnTaxonomy *taxonomy, guint len, guint assessments_len)
{
    GPtrArray *pool = g_ptr_array_new();
    g_autofree guint *starts = g_new0(guint, (gsize)len + 1);
    for (guint i = 0; i < len && !in->broken; i++) {
        CnService service = unpack_service(in, i, len, assessments_len);
        starts[i] = pool->len;
        for (const char *alias = cn_unpack_text_or_null(in); alias != NULL;
             alias = cn_unpack_text_or_null(in))
            g_ptr_array_add(pool, (gpointer)alias);
        g_ptr_array_add(pool, NULL);
        g_array_append_val(taxonomy->services, service);
        g_hash_table_insert(taxonomy->by_id, (gpointer)service.id, GINT_TO_POINTER((gint)i + 1));
    }
    taxonomy->aliases = (const char **)g_ptr_array_free(pool, FALSE);
    for (guint i = 0; i < taxonomy->services->len; i++)
        g_array_index(taxonomy->services, CnService, i).aliases = taxonomy->aliases + starts[i];
}

CnTaxonomy *
cn_taxonomy_unpack(CnUnpack *in, guint assessments_len)
{
    guint len = (guint)cn_unpack_int_in(in, 0, (in->end - in->at) / 80);
    g_autoptr(CnTaxonomy) taxonomy = new_taxonomy(len);
    unpack_services(in, taxonomy, len, assessments_len);
    guint names = (guint)cn_unpack_int_in(in, 0, (in->end - in->at) / 24);
    for (guint i = 0; i < names && !in->broken; i++) {
        const char *key = cn_unpack_text(in);
        CnServiceId service = (CnServiceId)cn_unpack_int_in(in, 0, (gint64)len - 1);
        gboolean is_id = (gboolean)cn_unpack_int_in(in, FALSE, TRUE);
        ServiceName name = {.key = g_strdup(key), .service = service, .is_id = is_id};
        g_array_append_val(taxonomy->names, name);
    }
    return in->broken ? NULL : g_steal_pointer(&taxonomy);
}
