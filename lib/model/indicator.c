/* The measures of indicators, and what of them may be shown. */
#include "model/indicator-private.h"

#include "base/text.h"

#include <string.h>

/* ---- The measures. */

static const struct {
    const char *name, *unit;
    gboolean persons;
} measures[CN_MEASURES] = {
    [CN_MEASURE_PARTICIPANTS] = {"training-participants", "person", TRUE},
    [CN_MEASURE_CASES_STARTED] = {"cases-started", "person", TRUE},
    [CN_MEASURE_CARE_PLANS] = {"care-plans", "plan", TRUE},
    [CN_MEASURE_ORDINANCE_AREAS] = {"ordinance-areas", "area", FALSE},
    [CN_MEASURE_NETWORKS] = {"networks", "area", FALSE},
    [CN_MEASURE_NETWORK_MEMBERS] = {"network-members", "member", TRUE},
    [CN_MEASURE_BODIES] = {"bodies", "body", FALSE},
    [CN_MEASURE_MEETINGS] = {"meetings", "meeting", FALSE},
    [CN_MEASURE_PLANNED_AREAS] = {"planned-areas", "area", FALSE},
};

gboolean
cn_measure_parse(const char *text, CnMeasure *out)
{
    for (guint i = 0; i < CN_MEASURES; i++)
        if (strcmp(measures[i].name, text) == 0) {
            *out = (CnMeasure)i;
            return TRUE;
        }
    return FALSE;
}

char *
cn_measure_suggest(const char *text)
{
    const char *names[CN_MEASURES + 1] = {NULL};
    for (guint i = 0; i < CN_MEASURES; i++)
        names[i] = measures[i].name;
    char *near_miss = cn_text_did_you_mean(text, names, CN_MEASURES);
    if (near_miss != NULL)
        return near_miss;
    g_autofree char *all = g_strjoinv(", ", (char **)names);
    return g_strdup_printf("use %s", all);
}

const char *
cn_measure_unit(CnMeasure measure)
{
    return measures[measure].unit;
}

gboolean
cn_measure_counts_persons(CnMeasure measure)
{
    return measures[measure].persons;
}

CnIndicator *
cn_indicator_new(void)
{
    CnIndicator *indicator = g_new0(CnIndicator, 1);
    indicator->area = CN_AREA_NONE;
    indicator->course = -1;
    indicator->additive = TRUE;
    indicator->audiences = g_ptr_array_new();
    indicator->services = g_array_new(FALSE, TRUE, sizeof(CnServiceId));
    return indicator;
}

void
cn_indicator_free(CnIndicator *indicator)
{
    if (indicator == NULL)
        return;
    g_free(indicator->id);
    g_free(indicator->label);
    g_free(indicator->title);
    g_ptr_array_unref(indicator->audiences);
    g_array_unref(indicator->services);
    g_free(indicator);
}

/* ---- What may be shown. */

static gssize
find_least_shown(const gint64 *cells, gsize cells_len, const gboolean *hidden)
{
    gssize least = -1;
    for (gsize i = 0; i < cells_len; i++)
        if (!hidden[i] && cells[i] > 0 && (least < 0 || cells[i] < cells[least]))
            least = (gssize)i;
    return least;
}

gboolean
cn_suppress(const gint64 *cells, gsize cells_len, gboolean *out_hidden)
{
    gint64 hidden = 0, sum = 0;
    for (gsize i = 0; i < cells_len; i++) {
        out_hidden[i] = cells[i] >= 1 && cells[i] <= CN_SMALL_COUNT;
        hidden += out_hidden[i];
        sum += out_hidden[i] ? cells[i] : 0;
    }
    /* Everybody can subtract what is shown from the total, and knows that a hidden cell is not 0:
     * one cell may be anything from 1 to what the others leave of the sum. */
    while (hidden > 0 && (hidden == 1 || sum - (hidden - 1) <= CN_SMALL_COUNT)) {
        gssize least = find_least_shown(cells, cells_len, out_hidden);
        if (least < 0)
            return TRUE;
        out_hidden[least] = TRUE;
        hidden++;
        sum += cells[least];
    }
    return FALSE;
}

/* ---- The table. */

typedef struct {
    CnTableBuilder *table;
    const CnReference *reference;
    const CnIndicatorQuery *query;
    CnDate from, to;
} Answer;

static void
add_date(CnTableBuilder *table, CnDate date)
{
    char text[11];
    cn_table_add_text(table, cn_date_is_set(date) ? cn_date_format(date, text) : NULL);
}

static void
add_row(const Answer *answer,
        const CnIndicator *indicator,
        const char *area,
        gint64 value,
        gboolean hidden,
        const char *origin,
        const char *detail)
{
    CnTableBuilder *table = answer->table;
    cn_table_add_text(table, indicator->id);
    cn_table_add_text(table, indicator->label);
    cn_table_add_text(table, area);
    if (hidden)
        cn_table_add_null(table);
    else
        cn_table_add_int64(table, value);
    cn_table_add_text(table, cn_measure_unit(indicator->measure));
    cn_table_add_text(table, origin);
    cn_table_add_bool(table, indicator->additive);
    add_date(table, answer->from);
    add_date(table, answer->to);
    cn_table_add_text(table, detail);
    cn_table_add_bool(table, hidden);
}

static const char *
name_area(const CnReference *reference, CnAreaId area)
{
    return area >= 0 ? cn_area_short_name(reference->gazetteer, area) : "Philippines";
}

/* The regions, and last what lies in none of them. */
static void
count_cells(CnCount *count, gint64 total, gint64 *cells)
{
    const GArray *regions = count->network->regions;
    gint64 elsewhere = total;
    for (guint i = 0; i < regions->len; i++) {
        cells[i] = cn_count_within(count, g_array_index(regions, CnRegion, i).area, NULL);
        elsewhere -= cells[i];
    }
    cells[regions->len] = MAX(elsewhere, 0);
}

static void
add_computed(const Answer *answer, CnCount *count)
{
    const CnIndicator *indicator = count->indicator;
    const GArray *regions = count->network->regions;
    const gsize cells_len = (gsize)regions->len + 1;
    g_autofree gint64 *cells = g_new0(gint64, cells_len);
    g_autofree gboolean *hidden = g_new0(gboolean, cells_len);
    g_autoptr(GString) detail = g_string_new(NULL);
    gint64 total = cn_count_within(count, CN_AREA_NONE, detail);
    gboolean hide_total = FALSE;
    count_cells(count, total, cells);
    /* Also where the regions are not asked for: somebody may have both answers. */
    if (answer->query->suppress && cn_measure_counts_persons(indicator->measure))
        hide_total =
            cn_suppress(cells, cells_len, hidden) || (total >= 1 && total <= CN_SMALL_COUNT);
    add_row(answer, indicator, name_area(answer->reference, indicator->area), total, hide_total,
            "computed", detail->len > 0 ? detail->str : NULL);
    if (!answer->query->by_region)
        return;
    for (guint i = 0; i < regions->len; i++) {
        const CnAreaId area = g_array_index(regions, CnRegion, i).area;
        add_row(answer, indicator, name_area(answer->reference, area), cells[i], hidden[i],
                "computed", NULL);
    }
}

static void
add_tallies(const Answer *answer, const CnCount *count)
{
    const CnIndicator *indicator = count->indicator;
    const gboolean persons =
        answer->query->suppress && cn_measure_counts_persons(indicator->measure);
    for (guint i = 0; i < count->network->programmes->len; i++) {
        const CnProgramme *programme = g_ptr_array_index(count->network->programmes, i);
        for (guint k = 0; k < programme->records[CN_PROGRAMME_TALLIES]->len; k++) {
            const CnTally *tally = cn_programme_get(programme, CN_PROGRAMME_TALLIES, k);
            if (g_strcmp0(tally->indicator, indicator->id) != 0 ||
                !cn_count_is_in_period(count, tally->on))
                continue;
            CnAreaId area = tally->area >= 0 ? tally->area : indicator->area;
            add_row(answer, indicator, name_area(answer->reference, area), tally->value,
                    persons && tally->value >= 1 && tally->value <= CN_SMALL_COUNT, "reported",
                    tally->source);
        }
    }
}

static gboolean
is_claimed(const GPtrArray *indicators, const char *id)
{
    for (guint i = 0; i < indicators->len; i++)
        if (g_strcmp0(((const CnIndicator *)g_ptr_array_index(indicators, i))->id, id) == 0)
            return TRUE;
    return FALSE;
}

static void
warn_of_unclaimed(const Answer *answer, const GPtrArray *indicators, const CnNetwork *network)
{
    for (guint i = 0; i < network->programmes->len; i++) {
        const CnProgramme *programme = g_ptr_array_index(network->programmes, i);
        for (guint k = 0; k < programme->records[CN_PROGRAMME_TALLIES]->len; k++) {
            const CnTally *tally = cn_programme_get(programme, CN_PROGRAMME_TALLIES, k);
            if (tally->indicator == NULL || is_claimed(indicators, tally->indicator))
                continue;
            g_autofree char *quote = cn_text_quote(tally->indicator);
            cn_table_warn(answer->table,
                          "a tally reports \"%s\", and no indicator is called so: it is left out",
                          quote);
        }
    }
}

/* From the first day of a programme to the last one of a programme. */
static void
find_period(const CnNetwork *network, CnDate *from, CnDate *to)
{
    const gboolean given_from = cn_date_is_set(*from), given_to = cn_date_is_set(*to);
    for (guint i = 0; i < network->programmes->len; i++) {
        const CnProgramme *programme = g_ptr_array_index(network->programmes, i);
        if (!given_from && cn_date_is_set(programme->from) &&
            (!cn_date_is_set(*from) || cn_date_first_s(programme->from) < cn_date_first_s(*from)))
            *from = programme->from;
        if (!given_to && cn_date_is_set(programme->until) &&
            (!cn_date_is_set(*to) || cn_date_last_s(programme->until) > cn_date_last_s(*to)))
            *to = programme->until;
    }
}

carenet_table *
cn_indicators_compute(const GPtrArray *indicators,
                      const CnNetwork *network,
                      const CnReference *reference,
                      const CnIndicatorQuery *query)
{
    static const CnColumn columns[] = {
        {"indicator", CARENET_COLUMN_TEXT}, {"label", CARENET_COLUMN_TEXT},
        {"area", CARENET_COLUMN_TEXT},      {"value", CARENET_COLUMN_INT64},
        {"unit", CARENET_COLUMN_TEXT},      {"origin", CARENET_COLUMN_TEXT},
        {"additive", CARENET_COLUMN_BOOL},  {"from", CARENET_COLUMN_TEXT},
        {"to", CARENET_COLUMN_TEXT},        {"detail", CARENET_COLUMN_TEXT},
        {"suppressed", CARENET_COLUMN_BOOL}};
    Answer answer = {.table = cn_table_builder_new(columns, G_N_ELEMENTS(columns)),
                     .reference = reference,
                     .query = query,
                     .from = query->from,
                     .to = query->to};
    find_period(network, &answer.from, &answer.to);
    for (guint i = 0; i < indicators->len; i++) {
        CnCount count = {
            .indicator = g_ptr_array_index(indicators, i),
            .network = network,
            .reference = reference,
            .from_s = cn_date_is_set(answer.from) ? cn_date_first_s(answer.from) : G_MININT64,
            .to_s = cn_date_is_set(answer.to) ? cn_date_last_s(answer.to) : G_MAXINT64};
        add_computed(&answer, &count);
        add_tallies(&answer, &count);
    }
    warn_of_unclaimed(&answer, indicators, network);
    return cn_table_builder_finish(answer.table);
}
