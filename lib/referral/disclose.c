/* Disclosure: nothing leaves before its record is stored. */
#include "referral/disclose.h"

#include "base/error.h"
#include "base/table.h"
#include "referral/life-cycle.h"
#include "referral/referral.h"

#include <string.h>

/* ---- The site of an accepted referral. */

static gboolean
check_worker(const char *worker, GError **error)
{
    const CnActing named = {.actor = worker};
    if (worker != NULL && cn_acting_check(&named, NULL))
        return TRUE;
    if (worker != NULL && !cn_actor_check_impersonal(worker, error))
        return FALSE;
    cn_error_set(error, CARENET_ERROR_INVALID_ARGUMENT,
                 "an address is given to one named worker: a word of 1 to 64 letters, digits and "
                 "._@:+-");
    cn_error_hint(error, "name the login of the worker who brings the survivor there");
    return FALSE;
}

static gboolean
check_accepted(const CnWork *work, const CnReferral *referral, GError **error)
{
    const gboolean late = (referral->state == CN_SENT || referral->state == CN_RECEIVED) &&
                          referral->hold_until_s <= work->now_s;
    const CnState state = late ? CN_EXPIRED : referral->state;
    const char *next = cn_state_next(state);
    if (state == CN_ACCEPTED || state == CN_STARTED)
        return TRUE;
    cn_error_set(error, CARENET_ERROR_STATE,
                 "R-%" G_GINT64_FORMAT " is %s: an address is given out once the provider has "
                 "accepted, and until help has ended",
                 referral->number, cn_state_name(state));
    if (next != NULL) {
        g_autofree char *id = cn_referral_id(referral->number);
        g_autoptr(GString) text = g_string_new(next);
        g_string_replace(text, "ID", id, 0);
        cn_error_hint(error, "%s", text->str);
    }
    return FALSE;
}

static gboolean
check_guarded(CnWork *work, const CnReferral *referral, GError **error)
{
    g_auto(CnPlaces) places = {0};
    if (!cn_ledger_look(work, referral->offering, &places, error))
        return FALSE;
    if (!places.is_public)
        return TRUE;
    cn_error_set(error, CARENET_ERROR_INVALID_ARGUMENT, "%s is public: nothing of it is sealed",
                 referral->provider);
    cn_error_hint(error, "carenet show %s", referral->provider);
    return FALSE;
}

static gboolean
open_site(CnWork *work,
          const CnKeyPair *key,
          const char *provider,
          CnOpenedSite *site,
          GError **error)
{
    gboolean known = FALSE;
    if (!cn_seal_check_key(work->store, key, error) ||
        !cn_site_open(work, key, provider, site, &known, error))
        return FALSE;
    if (known && (site->area != NULL || site->address != NULL || site->has_point ||
                  site->phone != NULL || site->name != NULL || site->email != NULL))
        return TRUE;
    cn_error_set(error, CARENET_ERROR_NOT_FOUND, "the store keeps nothing of the site of %s",
                 provider);
    cn_error_hint(error,
                  "carenet import the region file that states it; or ask its gateway: "
                  "carenet show %s",
                  provider);
    return FALSE;
}

static void
add_degrees(CnTableBuilder *table, gboolean shown, double degrees)
{
    if (shown)
        cn_table_add_double(table, degrees);
    else
        cn_table_add_null(table);
}

static const char *
area_name(const CnWork *work, const char *code)
{
    const CnGazetteer *gazetteer = cn_store_reference(work->store)->gazetteer;
    const CnAreaId area = code != NULL ? cn_area_by_code(gazetteer, code) : CN_AREA_NONE;
    return area != CN_AREA_NONE ? cn_area(gazetteer, area)->name : NULL;
}

static carenet_table *
tabulate_site(const CnWork *work,
              const CnReferral *referral,
              const char *worker,
              const CnOpenedSite *opened)
{
    static const CnColumn columns[] = {
        {"referral", CARENET_COLUMN_TEXT},  {"provider", CARENET_COLUMN_TEXT},
        {"to", CARENET_COLUMN_TEXT},        {"name", CARENET_COLUMN_TEXT},
        {"area", CARENET_COLUMN_TEXT},      {"area_name", CARENET_COLUMN_TEXT},
        {"lat_deg", CARENET_COLUMN_DOUBLE}, {"lon_deg", CARENET_COLUMN_DOUBLE},
        {"address", CARENET_COLUMN_TEXT},   {"phone", CARENET_COLUMN_TEXT},
        {"email", CARENET_COLUMN_TEXT},     {"dry_run", CARENET_COLUMN_BOOL}};
    static const CnOpenedSite nothing = {0};
    const CnOpenedSite *site = work->acting->dry_run ? &nothing : opened;
    CnTableBuilder *table = cn_table_builder_new(columns, G_N_ELEMENTS(columns));
    g_autofree char *id = cn_referral_id(referral->number);
    cn_table_add_text(table, id);
    cn_table_add_text(table, referral->provider);
    cn_table_add_text(table, worker);
    cn_table_add_text(table, site->name);
    cn_table_add_text(table, site->area);
    cn_table_add_text(table, area_name(work, site->area));
    add_degrees(table, site->has_point, site->lat_deg);
    add_degrees(table, site->has_point, site->lon_deg);
    cn_table_add_text(table, site->address);
    cn_table_add_text(table, site->phone);
    cn_table_add_text(table, site->email);
    cn_table_add_bool(table, work->acting->dry_run);
    return cn_table_builder_finish(table);
}

carenet_table *
cn_disclose(carenet_store *store,
            const char *id,
            const char *worker,
            const CnKeyPair *key,
            const CnActing *acting,
            GError **error)
{
    g_auto(CnWork) work = {0};
    g_auto(CnReferral) referral = {0};
    g_auto(CnOpenedSite) site = {0};
    gint64 number = 0;
    if (!cn_referral_id_read(id, &number, error) || !cn_acting_check(acting, error) ||
        !check_worker(worker, error) || !cn_work_begin(&work, store, acting, error) ||
        !cn_referral_load(&work, number, &referral, error) ||
        !check_guarded(&work, &referral, error) || !check_accepted(&work, &referral, error) ||
        !open_site(&work, key, referral.provider, &site, error))
        return NULL;
    g_autofree char *subject = cn_referral_id(number);
    g_autofree char *detail = g_strdup_printf("%s to %s", referral.provider, worker);
    g_autoptr(carenet_table) row = tabulate_site(&work, &referral, worker, &site);
    if (!cn_audit_append(&work, "disclose", subject, detail, NULL, error) ||
        !cn_work_commit(&work, error))
        return NULL;
    return g_steal_pointer(&row);
}

/* ---- Whether it is safe. */

/* The site is in a town, or nobody has said so exactly: then all that it may be in is looked at. */
static gboolean
meets(const CnGazetteer *gazetteer, const GArray *areas, CnAreaId site)
{
    for (guint i = 0; i < areas->len; i++) {
        const CnAreaId avoided = g_array_index(areas, CnAreaId, i);
        if (cn_area_contains(gazetteer, avoided, site) ||
            cn_area_contains(gazetteer, site, avoided))
            return TRUE;
    }
    return FALSE;
}

static carenet_table *
tabulate_safety(const CnWork *work,
                const CnPlaces *places,
                const char *offering,
                gboolean asked,
                gboolean safe)
{
    static const CnColumn columns[] = {
        {"offering", CARENET_COLUMN_TEXT}, {"provider", CARENET_COLUMN_TEXT},
        {"safe", CARENET_COLUMN_BOOL},     {"reason", CARENET_COLUMN_TEXT},
        {"asked", CARENET_COLUMN_BOOL},    {"dry_run", CARENET_COLUMN_BOOL}};
    CnTableBuilder *table = cn_table_builder_new(columns, G_N_ELEMENTS(columns));
    const gboolean told = !asked || !work->acting->dry_run;
    cn_table_add_text(table, offering);
    cn_table_add_text(table, places->provider);
    if (told)
        cn_table_add_bool(table, safe);
    else
        cn_table_add_null(table);
    cn_table_add_text(table, told && !safe ? "safety" : NULL);
    cn_table_add_bool(table, asked);
    cn_table_add_bool(table, work->acting->dry_run);
    return cn_table_builder_finish(table);
}

/* Enough answers about different areas would draw a map. Who has the key and the file needs none of
 * them; who works here leaves a record of each, and gets a few a day. */
static gboolean
check_not_too_often(CnWork *work, const char *provider, GError **error)
{
    gint64 count = 0;
    if (!cn_audit_count(work, "safety-check", provider, work->now_s - CN_DAY_S, &count, error))
        return FALSE;
    if (count < CN_SAFETY_CHECKS_MOST)
        return TRUE;
    cn_error_set(
        error, CARENET_ERROR_REFUSED,
        "the site of %s was looked at %d times within a day: more answers would tell where "
        "it is",
        provider, CN_SAFETY_CHECKS_MOST);
    cn_error_hint(error,
                  "ask its gateway: carenet show %s; carenet audit list --subject %s tells "
                  "who asked",
                  provider, provider);
    return FALSE;
}

static gboolean
ask_site(CnWork *work,
         const CnCase *person,
         const char *provider,
         const CnKeyPair *key,
         gboolean *out_safe,
         GError **error)
{
    g_auto(CnOpenedSite) site = {0};
    const CnGazetteer *gazetteer = cn_store_reference(work->store)->gazetteer;
    if (!cn_seal_check_key(work->store, key, error) ||
        !check_not_too_often(work, provider, error) ||
        !open_site(work, key, provider, &site, error))
        return FALSE;
    const CnAreaId area = site.area != NULL ? cn_area_by_code(gazetteer, site.area) : CN_AREA_NONE;
    if (area == CN_AREA_NONE) {
        cn_error_set(error, CARENET_ERROR_NOT_FOUND, "the store does not know in which town %s is",
                     provider);
        cn_error_hint(error,
                      "carenet import the region file that states its area; or ask its "
                      "gateway: carenet show %s",
                      provider);
        return FALSE;
    }
    *out_safe = !meets(gazetteer, person->avoid.areas, area) &&
                !meets(gazetteer, person->offender.areas, area);
    /* The answer stays out of the record: who reads it may know the areas of the case. */
    return cn_audit_append(work, "safety-check", provider, "answered", NULL, error);
}

gboolean
cn_site_look(CnWork *work,
             const CnCase *person,
             const CnPlaces *places,
             const CnKeyPair *key,
             gboolean *out_asked,
             gboolean *out_safe,
             GError **error)
{
    if (places->is_public) {
        cn_error_set(error, CARENET_ERROR_INVALID_ARGUMENT,
                     "%s is public: routing knows where it is", places->provider);
        cn_error_hint(error, "carenet route --case FILE");
        return FALSE;
    }
    *out_safe = TRUE;
    *out_asked = person->avoid.areas->len > 0 || person->offender.areas->len > 0;
    return !*out_asked || ask_site(work, person, places->provider, key, out_safe, error);
}

carenet_table *
cn_safety_check(carenet_store *store,
                const CnCase *person,
                const char *offering,
                const CnKeyPair *key,
                const CnActing *acting,
                GError **error)
{
    g_auto(CnWork) work = {0};
    g_auto(CnPlaces) places = {0};
    gboolean asked = FALSE, safe = FALSE;
    if (!cn_acting_check(acting, error) || !cn_work_begin(&work, store, acting, error) ||
        !cn_ledger_look(&work, offering, &places, error) ||
        !cn_site_look(&work, person, &places, key, &asked, &safe, error))
        return NULL;
    g_autoptr(carenet_table) row = tabulate_safety(&work, &places, offering, asked, safe);
    return cn_work_commit(&work, error) ? g_steal_pointer(&row) : NULL;
}
