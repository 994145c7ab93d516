/* See questions.h. */
#include "questions.h"

#include "invented.h"

const Question questions[] = {
    {.name = "town",
     .meaning = "one service in a town",
     .service = "trauma-therapy",
     .in_town = TRUE,
     .age = -1,
     .sort = "default",
     .limit = 20,
     .is_goal = TRUE},
    {.name = "region",
     .meaning = "one service in a region",
     .service = "trauma-therapy",
     .in_region = TRUE,
     .age = -1,
     .sort = "default",
     .limit = 20,
     .is_goal = TRUE},
    {.name = "group",
     .meaning = "a group of ten services in a region",
     .service = "mental-health",
     .in_region = TRUE,
     .age = -1,
     .sort = "wait",
     .limit = 20,
     .is_goal = TRUE},
    {.name = "facts",
     .meaning = "that group in a region, for a girl of 14 who speaks its language",
     .service = "mental-health",
     .in_region = TRUE,
     .age = 14,
     .sex = "female",
     .in_language = TRUE,
     .sort = "default",
     .limit = 20,
     .is_goal = TRUE},
    {.name = "near",
     .meaning = "one service within 40 km of a town, nearest first",
     .service = "individual-counseling",
     .near_town = TRUE,
     .within_m = 40000,
     .age = -1,
     .sort = "distance",
     .limit = 20,
     .is_goal = TRUE},
    {.name = "all filters",
     .meaning = "a group of four services within 60 km, for a boy of 12 who speaks the language; "
                "confirmed, in person, with a free place; nearest first",
     .service = "medical",
     .near_town = TRUE,
     .within_m = 60000,
     .age = 12,
     .sex = "male",
     .in_language = TRUE,
     .free = 1,
     .confirmed_only = TRUE,
     .in_person = TRUE,
     .sort = "distance",
     .limit = 20,
     .is_goal = TRUE},
    {.name = "country",
     .meaning = "one service in the whole country",
     .service = "trauma-therapy",
     .age = -1,
     .sort = "default",
     .limit = 20},
    {.name = "everything", .meaning = "every offering, every row", .age = -1, .sort = "default"},
};

const gsize questions_len = G_N_ELEMENTS(questions);

const QuestionPlace question_places[QUESTION_PLACES] = {
    {"1381300000", "1300000000", "fil"}, /* Quezon City */
    {"1130700000", "1100000000", "ceb"}, /* Davao */
    {"0730600000", "0700000000", "ceb"}, /* Cebu */
    {"1030500000", "1000000000", "ceb"}, /* Cagayan de Oro */
    {"0500506000", "0500000000", "bcl"}, /* Legazpi */
    {"0631000000", "0600000000", "hil"}, /* Iloilo */
    {"0831600000", "0800000000", "war"}, /* Tacloban */
    {"0102812000", "0100000000", "ilo"}, /* Laoag */
};

void
question_ask(AskedQuery *asked, const Question *question, const QuestionPlace *place)
{
    carenet_find_query *query = &asked->query;
    carenet_find_query_init(query);
    asked->region = question->in_town ? place->town : place->region;
    asked->service = question->service;
    asked->language = place->language;
    query->regions = &asked->region;
    query->regions_len = question->in_town || question->in_region;
    query->services = &asked->service;
    query->services_len = question->service != NULL;
    query->languages = &asked->language;
    query->languages_len = question->in_language;
    query->near = question->near_town ? place->town : NULL;
    query->within_m = question->within_m;
    query->age = question->age;
    query->sex = question->sex;
    query->free = question->free;
    query->confirmed_only = question->confirmed_only;
    query->remote = question->in_person ? CARENET_REMOTE_NO : CARENET_REMOTE_ANY;
    query->sort = question->sort;
    query->limit = question->limit;
    query->now_s = INVENTED_NOW_S;
}
