/* What the records of programmes count for an indicator. */
#include "model/indicator-private.h"

static gboolean
is_within(const CnCount *count, CnAreaId area)
{
    const CnGazetteer *gazetteer = count->reference->gazetteer;
    const CnAreaId outer[] = {count->indicator->area, count->within};
    for (gsize i = 0; i < G_N_ELEMENTS(outer); i++)
        if (outer[i] >= 0 && (area < 0 || !cn_area_contains(gazetteer, outer[i], area)))
            return FALSE;
    return TRUE;
}

gboolean
cn_count_is_in_period(const CnCount *count, CnDate date)
{
    if (!cn_date_is_set(date))
        return FALSE;
    gint64 first_s = cn_date_first_s(date);
    return first_s >= count->from_s && first_s <= count->to_s;
}

static gboolean
has_service(const CnCount *count, CnServiceId service)
{
    const GArray *services = count->indicator->services;
    for (guint i = 0; i < services->len; i++)
        if (cn_service_contains(count->reference->taxonomy, g_array_index(services, CnServiceId, i),
                                service))
            return TRUE;
    return services->len == 0;
}

static gint64
count_area_once(const CnCount *count, CnAreaId area)
{
    return g_hash_table_add(count->seen, GINT_TO_POINTER(area + 1)) ? 1 : 0;
}

static void
tell(const CnCount *count, const char *what, CnDate on)
{
    char day[11];
    if (count->detail == NULL)
        return;
    g_string_append_printf(count->detail, "%s%s %s", count->detail->len > 0 ? "; " : "", what,
                           cn_date_format(on, day));
}

static gint64
count_training(const CnCount *count, gconstpointer record)
{
    const CnTraining *training = record;
    const CnIndicator *indicator = count->indicator;
    gboolean audience = indicator->audiences->len == 0;
    for (guint i = 0; i < indicator->audiences->len; i++)
        audience |= g_strcmp0(training->audience, g_ptr_array_index(indicator->audiences, i)) == 0;
    if (!audience || (indicator->course >= 0 && training->course != indicator->course) ||
        (indicator->title != NULL && g_strcmp0(training->title, indicator->title) != 0))
        return 0;
    return cn_count_is_in_period(count, training->on) && is_within(count, training->area)
               ? training->participants
               : 0;
}

static gint64
count_start(const CnCount *count, gconstpointer record)
{
    const CnStart *start = record;
    if (start->ref == NULL || !has_service(count, start->service) ||
        !cn_count_is_in_period(count, start->on) || !is_within(count, start->area))
        return 0;
    return g_hash_table_add(count->seen, (gpointer)start->ref) ? 1 : 0;
}

static gint64
count_care_plan(const CnCount *count, gconstpointer record)
{
    const CnCarePlan *plan = record;
    if (plan->ref == NULL || !cn_count_is_in_period(count, plan->on) ||
        !is_within(count, plan->area))
        return 0;
    return g_hash_table_add(count->seen, (gpointer)plan->ref) ? 1 : 0;
}

/* An ordinance counts from when it is carried out. */
static gint64
count_ordinance(const CnCount *count, gconstpointer record)
{
    const CnOrdinance *ordinance = record;
    if (!cn_date_is_set(ordinance->passed_on) ||
        !cn_count_is_in_period(count, ordinance->implemented_on) ||
        !is_within(count, ordinance->area))
        return 0;
    return count_area_once(count, ordinance->area);
}

static gint64
count_body(const CnCount *count, gconstpointer record)
{
    const CnBody *body = record;
    const char *kind = count->indicator->kind;
    if ((kind != NULL && g_strcmp0(body->kind, kind) != 0) ||
        !cn_count_is_in_period(count, body->formed_on) || !is_within(count, body->area))
        return 0;
    tell(count, "formed", body->formed_on);
    return 1;
}

static gint64
count_plan(const CnCount *count, gconstpointer record)
{
    const CnStrategicPlan *plan = record;
    if (!cn_count_is_in_period(count, plan->conducted_on) || !is_within(count, plan->area))
        return 0;
    return count_area_once(count, plan->area);
}

static const CnBody *
find_body(const CnProgramme *programme, const char *id)
{
    for (guint i = 0; i < programme->records[CN_PROGRAMME_BODIES]->len; i++) {
        const CnBody *body = cn_programme_get(programme, CN_PROGRAMME_BODIES, i);
        if (id != NULL && g_strcmp0(body->id, id) == 0)
            return body;
    }
    return NULL;
}

static gint64
count_meetings(const CnCount *count, const CnProgramme *programme)
{
    const CnIndicator *indicator = count->indicator;
    gint64 meetings = 0;
    for (guint i = 0; i < programme->records[CN_PROGRAMME_MEETINGS]->len; i++) {
        const CnMeeting *meeting = cn_programme_get(programme, CN_PROGRAMME_MEETINGS, i);
        const CnBody *body = find_body(programme, meeting->body);
        if (body == NULL || !is_within(count, body->area) ||
            !cn_count_is_in_period(count, meeting->on) ||
            (indicator->kind != NULL && g_strcmp0(body->kind, indicator->kind) != 0) ||
            (indicator->meeting != NULL && g_strcmp0(meeting->kind, indicator->meeting) != 0))
            continue;
        tell(count, meeting->kind, meeting->on);
        meetings++;
    }
    return meetings;
}

static CnAreaId
area_of(const CnNetwork *network, const CnProgramme *programme)
{
    for (guint i = 0; i < network->regions->len; i++) {
        const CnRegion *region = &g_array_index(network->regions, CnRegion, i);
        if (g_strcmp0(region->id, programme->region) == 0)
            return region->area;
    }
    return CN_AREA_NONE;
}

static gint64
count_network(const CnCount *count, const CnProgramme *programme)
{
    CnAreaId area = area_of(count->network, programme);
    if (!cn_count_is_in_period(count, programme->network_formed_on) || !is_within(count, area))
        return 0;
    if (count->indicator->measure == CN_MEASURE_NETWORKS)
        return count_area_once(count, area);
    return MAX(programme->network_members, 0);
}

static gint64
count_records(const CnCount *count,
              const CnProgramme *programme,
              CnProgrammeKind kind,
              gint64 (*one)(const CnCount *count, gconstpointer record))
{
    gint64 sum = 0;
    for (guint i = 0; i < programme->records[kind]->len; i++)
        sum += one(count, cn_programme_get(programme, kind, i));
    return sum;
}

static gint64
count_programme(const CnCount *count, const CnProgramme *programme)
{
    switch (count->indicator->measure) {
    case CN_MEASURE_PARTICIPANTS:
        return count_records(count, programme, CN_PROGRAMME_TRAININGS, count_training);
    case CN_MEASURE_CASES_STARTED:
        return count_records(count, programme, CN_PROGRAMME_STARTS, count_start);
    case CN_MEASURE_CARE_PLANS:
        return count_records(count, programme, CN_PROGRAMME_CARE_PLANS, count_care_plan);
    case CN_MEASURE_ORDINANCE_AREAS:
        return count_records(count, programme, CN_PROGRAMME_ORDINANCES, count_ordinance);
    case CN_MEASURE_NETWORKS:
    case CN_MEASURE_NETWORK_MEMBERS:
        return count_network(count, programme);
    case CN_MEASURE_BODIES:
        return count_records(count, programme, CN_PROGRAMME_BODIES, count_body);
    case CN_MEASURE_MEETINGS:
        return count_meetings(count, programme);
    case CN_MEASURE_PLANNED_AREAS:
        return count_records(count, programme, CN_PROGRAMME_PLANS, count_plan);
    case CN_MEASURES:
        break;
    }
    return 0;
}

gint64
cn_count_within(CnCount *count, CnAreaId within, GString *detail)
{
    const gboolean cases = count->indicator->measure == CN_MEASURE_CASES_STARTED ||
                           count->indicator->measure == CN_MEASURE_CARE_PLANS;
    g_autoptr(GHashTable) seen =
        cases ? g_hash_table_new(g_str_hash, g_str_equal) : g_hash_table_new(NULL, NULL);
    gint64 sum = 0;
    count->within = within;
    count->seen = seen;
    count->detail = detail;
    for (guint i = 0; i < count->network->programmes->len; i++)
        sum += count_programme(count, g_ptr_array_index(count->network->programmes, i));
    return sum;
}
