/* The statements of programme records: how each kind is read, put and deleted. What a record is never
 * changes under its id, so that a put of a known one changes the rest only. What a record points at is
 * joined from the left: where it is missing, a field that must be there is not, and that is damage. */
#include "store/store-programme.h"

#define RECORDS cn_map_programme_records

const CnSql cn_programme_selects[CN_PROGRAMME_KINDS] = {
    [CN_PROGRAMME_ACTORS] = {"programme_actor",
                             "SELECT programme_id, id, name, role FROM programme_actor"
                             " WHERE network_id = :network_id",
                             &RECORDS[CN_PROGRAMME_ACTORS]},
    [CN_PROGRAMME_BODIES] = {"body",
                             "SELECT programme_id, id, kind, name, area, formed_on FROM body"
                             " WHERE network_id = :network_id",
                             &RECORDS[CN_PROGRAMME_BODIES]},
    [CN_PROGRAMME_MEETINGS] = {"meeting",
                               "SELECT b.programme_id, m.id, m.body_id, m.held_on, m.kind"
                               " FROM meeting AS m LEFT JOIN body AS b"
                               " ON b.network_id = m.network_id AND b.id = m.body_id"
                               " WHERE m.network_id = :network_id",
                               &RECORDS[CN_PROGRAMME_MEETINGS]},
    [CN_PROGRAMME_PLANS] = {"strategic_plan",
                            "SELECT programme_id, id, area, conducted_on, adopted_on, until_on"
                            " FROM strategic_plan WHERE network_id = :network_id",
                            &RECORDS[CN_PROGRAMME_PLANS]},
    [CN_PROGRAMME_ORDINANCES] = {"ordinance",
                                 "SELECT programme_id, id, area, title, passed_on, implemented_on"
                                 " FROM ordinance WHERE network_id = :network_id",
                                 &RECORDS[CN_PROGRAMME_ORDINANCES]},
    [CN_PROGRAMME_PROTOCOLS] = {"protocol",
                                "SELECT programme_id, id, title, area, adopted_on, policy"
                                " FROM protocol WHERE network_id = :network_id",
                                &RECORDS[CN_PROGRAMME_PROTOCOLS]},
    [CN_PROGRAMME_TRAININGS] = {"training",
                                "SELECT programme_id, id, course, title, held_on, area, audience,"
                                " participants, organization FROM training"
                                " WHERE network_id = :network_id",
                                &RECORDS[CN_PROGRAMME_TRAININGS]},
    [CN_PROGRAMME_TALLIES] = {"tally",
                              "SELECT programme_id, id, indicator, area, value, reported_on, source"
                              " FROM tally WHERE network_id = :network_id",
                              &RECORDS[CN_PROGRAMME_TALLIES]},
    [CN_PROGRAMME_STARTS] = {"service_start",
                             "SELECT s.programme_id, s.id,"
                             " coalesce(c.ref, 'erased case ' || c.id) AS case_ref,"
                             " s.service_id, s.area, s.started_on"
                             " FROM service_start AS s LEFT JOIN case_record AS c"
                             " ON c.network_id = s.network_id AND c.id = s.case_id"
                             " WHERE s.network_id = :network_id",
                             &RECORDS[CN_PROGRAMME_STARTS]},
    [CN_PROGRAMME_CARE_PLANS] = {"care_plan",
                                 "SELECT p.programme_id, p.id,"
                                 " coalesce(c.ref, 'erased case ' || c.id) AS case_ref,"
                                 " p.area, p.made_on, p.review_on, p.status"
                                 " FROM care_plan AS p LEFT JOIN case_record AS c"
                                 " ON c.network_id = p.network_id AND c.id = p.case_id"
                                 " WHERE p.network_id = :network_id",
                                 &RECORDS[CN_PROGRAMME_CARE_PLANS]},
};

const CnSql cn_programme_puts[CN_PROGRAMME_KINDS] = {
    [CN_PROGRAMME_ACTORS] =
        {"put-programme-actor",
         "INSERT INTO programme_actor (network_id, id, programme_id, name, role)"
         " VALUES (:network_id, :id, :programme_id, :name, :role)",
         &RECORDS[CN_PROGRAMME_ACTORS]},
    [CN_PROGRAMME_BODIES] = {"put-body",
                             "INSERT INTO body (network_id, id, programme_id, kind, name, area,"
                             " formed_on) VALUES (:network_id, :id, :programme_id, :kind, :name,"
                             " :area, :formed_on) ON CONFLICT (network_id, id) DO UPDATE SET"
                             " programme_id = excluded.programme_id, kind = excluded.kind,"
                             " name = excluded.name, area = excluded.area,"
                             " formed_on = excluded.formed_on",
                             &RECORDS[CN_PROGRAMME_BODIES]},
    /* The programme of a meeting is that of its body. */
    [CN_PROGRAMME_MEETINGS] = {"put-meeting",
                               "INSERT INTO meeting (network_id, id, body_id, held_on, kind)"
                               " SELECT :network_id, :id, id, :held_on, :kind FROM body"
                               " WHERE network_id = :network_id AND id = :body_id"
                               " AND programme_id = :programme_id"
                               " ON CONFLICT (network_id, id) DO NOTHING",
                               &RECORDS[CN_PROGRAMME_MEETINGS]},
    [CN_PROGRAMME_PLANS] = {"put-strategic-plan",
                            "INSERT INTO strategic_plan (network_id, id, programme_id, area,"
                            " conducted_on, adopted_on, until_on) VALUES (:network_id, :id,"
                            " :programme_id, :area, :conducted_on, :adopted_on, :until_on)"
                            " ON CONFLICT (network_id, id) DO UPDATE SET"
                            " adopted_on = excluded.adopted_on, until_on = excluded.until_on",
                            &RECORDS[CN_PROGRAMME_PLANS]},
    [CN_PROGRAMME_ORDINANCES] = {"put-ordinance",
                                 "INSERT INTO ordinance (network_id, id, programme_id, area, title,"
                                 " passed_on, implemented_on) VALUES (:network_id, :id,"
                                 " :programme_id, :area, :title, :passed_on, :implemented_on)"
                                 " ON CONFLICT (network_id, id) DO UPDATE SET"
                                 " passed_on = excluded.passed_on,"
                                 " implemented_on = excluded.implemented_on",
                                 &RECORDS[CN_PROGRAMME_ORDINANCES]},
    [CN_PROGRAMME_PROTOCOLS] = {"put-protocol",
                                "INSERT INTO protocol (network_id, id, programme_id, title, area,"
                                " adopted_on, policy) VALUES (:network_id, :id, :programme_id,"
                                " :title, :area, :adopted_on, :policy)"
                                " ON CONFLICT (network_id, id) DO UPDATE SET"
                                " adopted_on = excluded.adopted_on, policy = excluded.policy",
                                &RECORDS[CN_PROGRAMME_PROTOCOLS]},
    [CN_PROGRAMME_TRAININGS] = {"put-training",
                                "INSERT INTO training (network_id, id, programme_id, course, title,"
                                " held_on, area, audience, participants, organization) VALUES"
                                " (:network_id, :id, :programme_id, :course, :title, :held_on,"
                                " :area, :audience, :participants, :organization)"
                                " ON CONFLICT (network_id, id) DO UPDATE SET"
                                " participants = excluded.participants",
                                &RECORDS[CN_PROGRAMME_TRAININGS]},
    [CN_PROGRAMME_TALLIES] =
        {"put-tally",
         "INSERT INTO tally (network_id, id, programme_id, indicator, area,"
         " value, reported_on, source) VALUES (:network_id, :id, :programme_id,"
         " :indicator, :area, :value, :reported_on, :source)"
         " ON CONFLICT (network_id, id) DO UPDATE SET value = excluded.value",
         &RECORDS[CN_PROGRAMME_TALLIES]},
    [CN_PROGRAMME_STARTS] = {"put-service-start",
                             "INSERT INTO service_start (network_id, id, programme_id, case_id,"
                             " service_id, area, started_on)"
                             " SELECT :network_id, :id, :programme_id, id, :service_id, :area,"
                             " :started_on FROM case_record"
                             " WHERE network_id = :network_id AND ref = :case_ref"
                             " ON CONFLICT (network_id, id) DO UPDATE SET area = excluded.area",
                             &RECORDS[CN_PROGRAMME_STARTS]},
    [CN_PROGRAMME_CARE_PLANS] = {"put-care-plan",
                                 "INSERT INTO care_plan (network_id, id, programme_id, case_id,"
                                 " area, made_on, review_on, status)"
                                 " SELECT :network_id, :id, :programme_id, id, :area, :made_on,"
                                 " :review_on, :status FROM case_record"
                                 " WHERE network_id = :network_id AND ref = :case_ref"
                                 " ON CONFLICT (network_id, id) DO UPDATE SET area = excluded.area,"
                                 " review_on = excluded.review_on, status = excluded.status",
                                 &RECORDS[CN_PROGRAMME_CARE_PLANS]},
};

#define DELETE(name, table)                                                             \
    {                                                                                   \
        name, "DELETE FROM " table " WHERE network_id = :network_id AND id = :id", NULL \
    }

const CnSql cn_programme_deletes[CN_PROGRAMME_KINDS] = {
    [CN_PROGRAMME_ACTORS] = DELETE("delete-programme-actor", "programme_actor"),
    [CN_PROGRAMME_BODIES] = DELETE("delete-body", "body"),
    [CN_PROGRAMME_MEETINGS] = DELETE("delete-meeting", "meeting"),
    [CN_PROGRAMME_PLANS] = DELETE("delete-strategic-plan", "strategic_plan"),
    [CN_PROGRAMME_ORDINANCES] = DELETE("delete-ordinance", "ordinance"),
    [CN_PROGRAMME_PROTOCOLS] = DELETE("delete-protocol", "protocol"),
    [CN_PROGRAMME_TRAININGS] = DELETE("delete-training", "training"),
    [CN_PROGRAMME_TALLIES] = DELETE("delete-tally", "tally"),
    [CN_PROGRAMME_STARTS] = DELETE("delete-service-start", "service_start"),
    [CN_PROGRAMME_CARE_PLANS] = DELETE("delete-care-plan", "care_plan"),
};

const CnProgrammeList cn_programme_lists[CN_PROGRAMME_LISTS] = {
    {CN_PROGRAMME_BODIES,
     G_STRUCT_OFFSET(CnBody, members),
     {"body_member",
      "SELECT body_id, member FROM body_member WHERE network_id = :network_id"
      " ORDER BY body_id, position",
      NULL},
     {"insert-body-member",
      "INSERT INTO body_member (network_id, body_id, position, member)"
      " VALUES (:network_id, :id, :position, :text)",
      NULL},
     {"clear-body-members",
      "DELETE FROM body_member WHERE network_id = :network_id AND body_id = :id", NULL}},
    {CN_PROGRAMME_CARE_PLANS,
     G_STRUCT_OFFSET(CnCarePlan, goals),
     {"care_plan_goal",
      "SELECT care_plan_id, goal FROM care_plan_goal WHERE network_id = :network_id"
      " ORDER BY care_plan_id, position",
      NULL},
     {"insert-care-plan-goal",
      "INSERT INTO care_plan_goal (network_id, care_plan_id, position, goal)"
      " VALUES (:network_id, :id, :position, :text)",
      NULL},
     {"clear-care-plan-goals",
      "DELETE FROM care_plan_goal WHERE network_id = :network_id AND care_plan_id = :id", NULL}},
    {CN_PROGRAMME_CARE_PLANS,
     G_STRUCT_OFFSET(CnCarePlan, needs),
     {"care_plan_need",
      "SELECT care_plan_id, service_id FROM care_plan_need WHERE network_id = :network_id"
      " ORDER BY care_plan_id, position",
      NULL},
     {"insert-care-plan-need",
      "INSERT INTO care_plan_need (network_id, care_plan_id, position, service_id)"
      " VALUES (:network_id, :id, :position, :text)",
      NULL},
     {"clear-care-plan-needs",
      "DELETE FROM care_plan_need WHERE network_id = :network_id AND care_plan_id = :id", NULL}},
};
