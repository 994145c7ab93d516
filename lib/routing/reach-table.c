/* People within reach of help, as tables: what gaps and coverage say. */
#include "routing/reach.h"

#include <string.h>

static const CnGazetteer *
gazetteer_of(const CnReach *reach)
{
    return reach->asked.directory->listing->reference->gazetteer;
}

static const CnPackageItem *
item_at(const CnReach *reach, guint i)
{
    return &g_array_index(reach->asked.services, CnPackageItem, i);
}

static const char *
service_id(const CnReach *reach, guint i)
{
    return cn_service(reach->asked.directory->listing->reference->taxonomy,
                      item_at(reach, i)->service)
        ->id;
}

static const char *
area_name(const CnReach *reach, guint i)
{
    return cn_area_short_name(gazetteer_of(reach), g_array_index(reach->asked.areas, CnAreaId, i));
}

static void
add_nobody(CnTableBuilder *table, const CnReach *reach, const CnReachCell *cell)
{
    const CnReference *reference = reach->asked.directory->listing->reference;
    g_autoptr(GPtrArray) names = cn_reach_nobody(cell, reference->terms[CARENET_TERMS_GROUPS]);
    cn_table_add_list(table, (const char *const *)names->pdata, names->len);
}

/* ---- Gaps. */

static CnTableBuilder *
begin_gaps(const CnPolicy *policy)
{
    static const CnColumn before[] = {
        {"service", CARENET_COLUMN_TEXT},     {"area", CARENET_COLUMN_TEXT},
        {"population", CARENET_COLUMN_INT64}, {"offerings", CARENET_COLUMN_INT64},
        {"available", CARENET_COLUMN_INT64},  {"remote", CARENET_COLUMN_INT64}};
    CnColumn columns[G_N_ELEMENTS(before) + CN_BANDS_MOST + 2];
    char names[CN_BANDS_MOST][32];
    guint len = G_N_ELEMENTS(before);
    memcpy(columns, before, sizeof before);
    for (guint band = 0; band < policy->bands_len; band++) {
        g_snprintf(names[band], sizeof names[band], "within_%dmin", policy->bands_min[band]);
        columns[len++] = (CnColumn){names[band], CARENET_COLUMN_INT64};
    }
    columns[len++] = (CnColumn){"beyond", CARENET_COLUMN_INT64};
    columns[len++] = (CnColumn){"nobody", CARENET_COLUMN_LIST};
    CnTableBuilder *table = cn_table_builder_new(columns, len);
    cn_table_own_names(table);
    return table;
}

static void
add_gap(CnTableBuilder *table, const CnReach *reach, guint service, guint area)
{
    const CnReachCell *cell = cn_reach_cell(reach, service, area);
    gint64 within = 0;
    cn_table_add_text(table, service_id(reach, service));
    cn_table_add_text(table, area_name(reach, area));
    cn_table_add_int64(table, cell->population);
    cn_table_add_int64(table, cell->offerings);
    cn_table_add_int64(table, cell->available);
    cn_table_add_int64(table, cell->remote);
    for (guint band = 0; band < reach->asked.policy->bands_len; band++) {
        within += cell->in_band[band];
        cn_table_add_int64(table, within);
    }
    cn_table_add_int64(table, cell->population - within);
    add_nobody(table, reach, cell);
}

carenet_table *
cn_reach_gaps_table(const CnReach *reach)
{
    CnTableBuilder *table = begin_gaps(reach->asked.policy);
    for (guint service = 0; service < reach->asked.services->len; service++)
        for (guint area = 0; area < reach->asked.areas->len; area++)
            add_gap(table, reach, service, area);
    return cn_table_builder_finish(table);
}

/* ---- Coverage. */

static const char *
plural(guint count)
{
    return count == 1 ? "" : "s";
}

/* What stands in the way, or NULL; and where the nearest is. (transfer full) */
static char *
describe_state(const CnReach *reach, const CnReachCell *cell)
{
    switch (cn_reach_state(cell)) {
    case CN_REACH_COVERED:
        return NULL;
    case CN_REACH_FULL:
        return g_strdup_printf("%u offering%s, no free place", cell->full, plural(cell->full));
    case CN_REACH_CALL:
        return g_strdup_printf("%u offering%s whose free places nobody knows: call", cell->call,
                               plural(cell->call));
    case CN_REACH_REMOTE:
        return g_strdup("only by phone or online");
    case CN_REACH_UNCONFIRMED:
        return g_strdup_printf("%u offering%s that nobody has confirmed: call and verify",
                               cell->unconfirmed, plural(cell->unconfirmed));
    case CN_REACH_PAUSED:
        return g_strdup_printf("%u offering%s, paused", cell->paused, plural(cell->paused));
    case CN_REACH_UNQUALIFIED:
        return g_strdup_printf(
            "%u offering%s without an accreditation or training that the policy asks for",
            cell->unqualified, plural(cell->unqualified));
    case CN_REACH_MISSING:
        break;
    }
    if (cell->nearest == CN_AREA_NONE)
        return g_strdup("nobody of the network offers it");
    return g_strdup_printf("nobody offers it; the nearest is in %s",
                           cn_area_short_name(gazetteer_of(reach), cell->nearest));
}

/* Also where it is covered: somebody may be left out. (transfer full), nullable */
static char *
describe(const CnReach *reach, const CnReachCell *cell)
{
    const CnReference *reference = reach->asked.directory->listing->reference;
    g_autofree char *state = describe_state(reach, cell);
    g_autoptr(GString) text = g_string_new(state);
    if (cell->offerings > 0) {
        g_autoptr(GPtrArray) names = cn_reach_nobody(cell, reference->terms[CARENET_TERMS_GROUPS]);
        for (guint i = 0; i < names->len; i++)
            g_string_append_printf(text, "%s%s",
                                   i > 0            ? ", "
                                   : text->len == 0 ? "no offering accepts "
                                                    : "; no offering accepts ",
                                   (const char *)g_ptr_array_index(names, i));
    }
    return text->len > 0 ? g_strdup(text->str) : NULL;
}

static gint32
within_min_of(const CnReach *reach, guint service)
{
    const CnPolicy *policy = reach->asked.policy;
    const gint32 asked_min = item_at(reach, service)->within_min;
    if (asked_min > 0)
        return asked_min;
    return policy->bands_len > 0 ? policy->bands_min[policy->bands_len - 1] : 0;
}

static void
add_coverage(CnTableBuilder *table, const CnReach *reach, guint service, guint area)
{
    const CnReachCell *cell = cn_reach_cell(reach, service, area);
    g_autofree char *detail = describe(reach, cell);
    cn_table_add_text(table, area_name(reach, area));
    cn_table_add_text(table, service_id(reach, service));
    cn_table_add_text(table, cn_reach_state_name(cn_reach_state(cell)));
    cn_table_add_int64(table, cell->offerings);
    cn_table_add_int64(table, cell->available);
    cn_table_add_int64(table, cell->remote);
    cn_table_add_int64(table, cell->unconfirmed);
    cn_table_add_int64(table, cell->paused);
    cn_table_add_int64(table, cell->unqualified);
    cn_table_add_int64(table, within_min_of(reach, service));
    cn_table_add_int64(table, cell->population);
    cn_table_add_int64(table, cell->within);
    if (cell->population > 0)
        cn_table_add_int64(table, cell->within * 100 / cell->population);
    else
        cn_table_add_null(table);
    add_nobody(table, reach, cell);
    cn_table_add_text(table, detail);
}

carenet_table *
cn_reach_coverage_table(const CnReach *reach)
{
    static const CnColumn columns[] = {{"area", CARENET_COLUMN_TEXT},
                                       {"service", CARENET_COLUMN_TEXT},
                                       {"state", CARENET_COLUMN_TEXT},
                                       {"offerings", CARENET_COLUMN_INT64},
                                       {"available", CARENET_COLUMN_INT64},
                                       {"remote", CARENET_COLUMN_INT64},
                                       {"unconfirmed", CARENET_COLUMN_INT64},
                                       {"paused", CARENET_COLUMN_INT64},
                                       {"unqualified", CARENET_COLUMN_INT64},
                                       {"within_min", CARENET_COLUMN_INT64},
                                       {"population", CARENET_COLUMN_INT64},
                                       {"within", CARENET_COLUMN_INT64},
                                       {"within_percent", CARENET_COLUMN_INT64},
                                       {"nobody", CARENET_COLUMN_LIST},
                                       {"detail", CARENET_COLUMN_TEXT}};
    CnTableBuilder *table = cn_table_builder_new(columns, G_N_ELEMENTS(columns));
    for (guint area = 0; area < reach->asked.areas->len; area++)
        for (guint service = 0; service < reach->asked.services->len; service++)
            add_coverage(table, reach, service, area);
    return cn_table_builder_finish(table);
}
