/* Places and services as tables, so that foreign keys hold and the sqlite3 shell can join. The
 * library itself reads them from the reference data, never from here. */
#include "store/store-private.h"

#include "base/error.h"

static const CnSql insert_area = {
    "insert-area",
    "INSERT INTO area (network_id, code, name, level, parent, geographic_province, island, lat_deg,"
    " lon_deg, population, first_below, end_below) VALUES (:network_id, :code, :name, :level,"
    " :parent, :geographic_province, :island, :lat_deg, :lon_deg, :population, :first_below,"
    " :end_below)",
    NULL,
};

static const CnSql insert_service = {
    "insert-service",
    "INSERT INTO service (network_id, id, name, parent, unit, sensitive, routable, first_below,"
    " end_below) VALUES (:network_id, :id, :name, :parent, :unit, :sensitive, :routable,"
    " :first_below, :end_below)",
    NULL,
};

static const CnSql update_digest = {
    "update-reference-digest",
    "UPDATE network SET reference_digest = :digest, revision = revision + 1 WHERE id = :network_id",
    NULL,
};

static const CnSql select_digest = {
    "select-reference-digest",
    "SELECT reference_digest = :digest FROM network WHERE id = :network_id",
    NULL,
};

static const char *
code_of(const CnGazetteer *gazetteer, CnAreaId area)
{
    return area >= 0 ? cn_area(gazetteer, area)->code : NULL;
}

static gboolean
fill_areas(carenet_store *store, GError **error)
{
    const CnGazetteer *gazetteer = store->reference->gazetteer;
    for (CnAreaId i = 0; i < (CnAreaId)cn_gazetteer_len(gazetteer); i++) {
        const CnArea *area = cn_area(gazetteer, i);
        CnStatement *insert = cn_statement(store, &insert_area, error);
        if (insert == NULL)
            return FALSE;
        cn_bind_text(insert, ":code", area->code);
        cn_bind_text(insert, ":name", area->name);
        cn_bind_text(insert, ":level", cn_level_name(area->level));
        cn_bind_text(insert, ":parent", code_of(gazetteer, area->parent));
        cn_bind_text(insert, ":geographic_province", code_of(gazetteer, area->geographic_province));
        cn_bind_text(insert, ":island", cn_island_name(gazetteer, area->island));
        cn_bind_double(insert, ":lat_deg", area->lat_deg);
        cn_bind_double(insert, ":lon_deg", area->lon_deg);
        cn_bind_int(insert, ":population", area->population);
        cn_bind_int(insert, ":first_below", i);
        cn_bind_int(insert, ":end_below", area->end);
        if (!cn_statement_run(insert, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
fill_services(carenet_store *store, GError **error)
{
    const CnTaxonomy *taxonomy = store->reference->taxonomy;
    for (CnServiceId i = 0; i < (CnServiceId)cn_taxonomy_len(taxonomy); i++) {
        const CnService *service = cn_service(taxonomy, i);
        CnStatement *insert = cn_statement(store, &insert_service, error);
        if (insert == NULL)
            return FALSE;
        cn_bind_text(insert, ":id", service->id);
        cn_bind_text(insert, ":name", service->name);
        cn_bind_text(insert, ":parent",
                     service->parent >= 0 ? cn_service(taxonomy, service->parent)->id : NULL);
        cn_bind_text(insert, ":unit", cn_unit_name(service->unit));
        cn_bind_int(insert, ":sensitive", service->sensitive);
        cn_bind_int(insert, ":routable", service->routable);
        cn_bind_int(insert, ":first_below", i);
        cn_bind_int(insert, ":end_below", service->end);
        if (!cn_statement_run(insert, error))
            return FALSE;
    }
    return TRUE;
}

gboolean
cn_store_fill_reference(carenet_store *store, GError **error)
{
    return fill_areas(store, error) && fill_services(store, error);
}

static gboolean
digest_is_current(carenet_store *store, gboolean *out_current, GError **error)
{
    CnStatement *select = cn_statement(store, &select_digest, error);
    gboolean row;
    if (select == NULL)
        return FALSE;
    cn_bind_text(select, ":digest", store->reference->digest);
    if (!cn_statement_step(select, &row, error))
        return FALSE;
    *out_current = row && sqlite3_column_int(select->stmt, 0);
    sqlite3_reset(select->stmt);
    return TRUE;
}

static gboolean
record_digest(carenet_store *store, GError **error)
{
    CnStatement *update = cn_statement(store, &update_digest, error);
    if (update == NULL)
        return FALSE;
    cn_bind_text(update, ":digest", store->reference->digest);
    return cn_statement_run(update, error) && cn_store_renew_key(store, error);
}

/* A commit that breaks a foreign key means that a record uses a place or a service that is gone. */
static void
explain_missing(carenet_store *store, GError **error)
{
    if (error == NULL || !g_error_matches(*error, CN_ERROR, CARENET_ERROR_INVALID_DATA))
        return;
    g_clear_error(error);
    cn_error_set(error, CARENET_ERROR_CONFLICT,
                 "%s uses a place or a service that the reference data no longer holds",
                 store->path);
    cn_error_hint(error, "open it with the data folder that it was made with, or read-only");
}

gboolean
cn_store_refresh_reference(carenet_store *store, GError **error)
{
    gboolean current;
    if (!digest_is_current(store, &current, error))
        return FALSE;
    if (current)
        return TRUE;
    g_auto(CnTransaction) transaction = {0};
    /* The tables are replaced as a whole; records keep pointing at the codes and ids, and whether
     * all of them are still there is known at the end. */
    if (!cn_transaction_begin(&transaction, store, CN_WRITE, error) ||
        !digest_is_current(store, &current, error))
        return FALSE;
    if (current) /* another process was faster */
        return TRUE;
    if (!cn_store_exec(store,
                       "PRAGMA defer_foreign_keys = ON; DELETE FROM area;"
                       " DELETE FROM service;",
                       error) ||
        !cn_store_fill_reference(store, error) || !record_digest(store, error))
        return FALSE;
    if (cn_transaction_commit(&transaction, error))
        return TRUE;
    explain_missing(store, error);
    return FALSE;
}
