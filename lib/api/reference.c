/* The public reference data: opening it, finding areas and services, and its lists as tables. */
#include "model/reference.h"

#include "base/error.h"
#include "base/text.h"
#include "format/reference-files.h"
#include "model/rules.h"

carenet_reference *
carenet_reference_open(const char *data_dir, carenet_error **error)
{
    const char *usual = carenet_default_data_dir();
    carenet_reference *reference = cn_reference_read(data_dir != NULL ? data_dir : usual, error);
    if (reference == NULL && (data_dir == NULL || data_dir == usual))
        cn_error_hint(error, "name the folder of the data that was installed with carenet: "
                             "pkg-config --variable=datadir carenet prints it");
    return reference;
}

bool
carenet_reference_find_area(const carenet_reference *reference,
                            const char *name,
                            const char **out_code,
                            carenet_error **error)
{
    CnAreaId area;
    CN_REQUIRE_GIVEN(reference, error, false);
    CN_REQUIRE_GIVEN(name, error, false);
    CN_REQUIRE_GIVEN(out_code, error, false);
    if (!cn_area_resolve(reference->gazetteer, name, &area, error))
        return false;
    *out_code = cn_area(reference->gazetteer, area)->code;
    return true;
}

bool
carenet_reference_find_service(const carenet_reference *reference,
                               const char *name,
                               const char **out_id,
                               carenet_error **error)
{
    CnServiceId service;
    CN_REQUIRE_GIVEN(reference, error, false);
    CN_REQUIRE_GIVEN(name, error, false);
    CN_REQUIRE_GIVEN(out_id, error, false);
    if (!cn_service_resolve(reference->taxonomy, name, &service, error))
        return false;
    *out_id = cn_service(reference->taxonomy, service)->id;
    return true;
}

/* ---- Tables. */

static void
add_names(CnTableBuilder *builder, const char *const *names)
{
    cn_table_add_list(builder, names, g_strv_length((char **)names));
}

static const char *
area_code(const CnGazetteer *gazetteer, CnAreaId area)
{
    return area >= 0 ? cn_area(gazetteer, area)->code : NULL;
}

static void
add_area(CnTableBuilder *builder, const CnGazetteer *gazetteer, CnAreaId id)
{
    const CnArea *area = cn_area(gazetteer, id);
    gint64 depth = 0;
    for (CnAreaId above = area->parent; above >= 0; above = cn_area(gazetteer, above)->parent)
        depth++;
    cn_table_add_text(builder, area->code);
    cn_table_add_text(builder, area->name);
    cn_table_add_text(builder, cn_level_name(area->level));
    cn_table_add_text(builder, area_code(gazetteer, area->parent));
    cn_table_add_text(builder,
                      area_code(gazetteer, cn_area_at_level(gazetteer, id, CN_LEVEL_REGION)));
    cn_table_add_text(builder, cn_island_name(gazetteer, area->island));
    cn_table_add_double(builder, area->lat_deg);
    cn_table_add_double(builder, area->lon_deg);
    cn_table_add_int64(builder, area->population);
    cn_table_add_int64(builder, depth);
    add_names(builder, area->aliases);
}

carenet_table *
carenet_reference_areas(const carenet_reference *reference,
                        const char *within,
                        carenet_error **error)
{
    static const CnColumn columns[] = {
        {"area", CARENET_COLUMN_TEXT},        {"name", CARENET_COLUMN_TEXT},
        {"level", CARENET_COLUMN_TEXT},       {"parent", CARENET_COLUMN_TEXT},
        {"region", CARENET_COLUMN_TEXT},      {"island", CARENET_COLUMN_TEXT},
        {"lat_deg", CARENET_COLUMN_DOUBLE},   {"lon_deg", CARENET_COLUMN_DOUBLE},
        {"population", CARENET_COLUMN_INT64}, {"depth", CARENET_COLUMN_INT64},
        {"aliases", CARENET_COLUMN_LIST}};
    CN_REQUIRE_GIVEN(reference, error, NULL);
    const CnGazetteer *gazetteer = reference->gazetteer;
    CnAreaId outer = within != NULL ? cn_area_by_code(gazetteer, within) : CN_AREA_NONE;
    if (within != NULL && outer < 0) {
        g_autofree char *quoted = cn_text_quote(within);
        cn_error_set(error, CARENET_ERROR_NOT_FOUND, "no area has the code \"%s\"", quoted);
        cn_error_hint(error, "find the code of a name with carenet_reference_find_area()");
        return NULL;
    }
    CnTableBuilder *builder = cn_table_builder_new(columns, G_N_ELEMENTS(columns));
    for (guint i = 0; i < cn_gazetteer_len(gazetteer); i++)
        if (within == NULL || cn_area_contains(gazetteer, outer, (CnAreaId)i))
            add_area(builder, gazetteer, (CnAreaId)i);
    return cn_table_builder_finish(builder);
}

static void
add_service(CnTableBuilder *builder, const CnReference *reference, CnServiceId id)
{
    const CnTaxonomy *taxonomy = reference->taxonomy;
    const CnService *service = cn_service(taxonomy, id);
    gint64 depth = 0;
    for (CnServiceId above = service->parent; above >= 0;
         above = cn_service(taxonomy, above)->parent)
        depth++;
    cn_table_add_text(builder, service->id);
    cn_table_add_text(builder, service->name);
    cn_table_add_text(builder,
                      service->parent >= 0 ? cn_service(taxonomy, service->parent)->id : NULL);
    cn_table_add_int64(builder, depth);
    cn_table_add_text(builder, cn_unit_name(service->unit));
    cn_table_add_bool(builder, service->sensitive);
    if (service->restrictiveness > 0)
        cn_table_add_int64(builder, service->restrictiveness);
    else
        cn_table_add_null(builder);
    cn_table_add_text(builder,
                      service->gate >= 0
                          ? cn_term(reference->terms[CARENET_TERMS_ASSESSMENTS], service->gate)->id
                          : NULL);
    cn_table_add_bool(builder, service->routable);
    add_names(builder, service->aliases);
    cn_table_add_text(builder, service->primero);
}

carenet_table *
carenet_reference_services(const carenet_reference *reference)
{
    static const CnColumn columns[] = {{"service", CARENET_COLUMN_TEXT},
                                       {"name", CARENET_COLUMN_TEXT},
                                       {"parent", CARENET_COLUMN_TEXT},
                                       {"depth", CARENET_COLUMN_INT64},
                                       {"unit", CARENET_COLUMN_TEXT},
                                       {"sensitive", CARENET_COLUMN_BOOL},
                                       {"restrictiveness", CARENET_COLUMN_INT64},
                                       {"gate", CARENET_COLUMN_TEXT},
                                       {"routable", CARENET_COLUMN_BOOL},
                                       {"aliases", CARENET_COLUMN_LIST},
                                       {"primero", CARENET_COLUMN_TEXT}};
    CnTableBuilder *builder = cn_table_builder_new(columns, G_N_ELEMENTS(columns));
    guint len = reference != NULL ? cn_taxonomy_len(reference->taxonomy) : 0;
    for (guint i = 0; i < len; i++)
        add_service(builder, reference, (CnServiceId)i);
    return cn_table_builder_finish(builder);
}

static void
add_terms(CnTableBuilder *builder, const CnVocabulary *vocabulary)
{
    for (guint i = 0; i < cn_vocabulary_len(vocabulary); i++) {
        const CnTerm *term = cn_term(vocabulary, (gint)i);
        cn_table_add_text(builder, term->id);
        cn_table_add_text(builder, term->name);
        add_names(builder, term->aliases);
        cn_table_add_text(builder, term->detail);
    }
}

static void
add_reasons(CnTableBuilder *builder)
{
    for (guint i = 0; i < cn_rules_len(); i++) {
        cn_table_add_text(builder, cn_rule_reason(i));
        cn_table_add_text(builder, cn_rule_meaning(i));
        cn_table_add_list(builder, NULL, 0);
        cn_table_add_null(builder);
    }
}

carenet_table *
carenet_reference_terms(const carenet_reference *reference,
                        carenet_terms_kind kind,
                        carenet_error **error)
{
    static const CnColumn columns[] = {{"id", CARENET_COLUMN_TEXT},
                                       {"name", CARENET_COLUMN_TEXT},
                                       {"aliases", CARENET_COLUMN_LIST},
                                       {"detail", CARENET_COLUMN_TEXT}};
    CN_REQUIRE_GIVEN(reference, error, NULL);
    /* A binding may pass any number. */
    CN_REQUIRE((guint)kind <= CARENET_TERMS_REASONS, "kind is none of carenet_terms_kind", error,
               NULL);
    CnTableBuilder *builder = cn_table_builder_new(columns, G_N_ELEMENTS(columns));
    if (kind == CARENET_TERMS_REASONS)
        add_reasons(builder);
    else
        add_terms(builder, reference->terms[kind]);
    return cn_table_builder_finish(builder);
}
