/* The questions that are put to a directory and to everything that it is compared with. */
#pragma once

#include <carenet/carenet.h>
#include <glib.h>

/* Each sort of question is asked at several places, so that nobody answers from a warm cache line. */
#define QUESTION_PLACES 8

typedef struct {
    const char *name;
    const char *meaning;
    const char *service;
    gboolean in_region; /* at or below the region of the place */
    gboolean in_town;
    gboolean near_town;
    gint64 within_m;
    gint32 age;
    const char *sex;
    gboolean in_language; /* spoken at the place */
    gint64 free;
    gboolean confirmed_only;
    gboolean in_person;
    const char *sort;
    gsize limit;
    gboolean is_goal; /* it has filters, an order and a limit: the figure of the goal */
} Question;

extern const Question questions[];
extern const gsize questions_len;

typedef struct {
    const char *town;   /* code */
    const char *region; /* code */
    const char *language;
} QuestionPlace;

extern const QuestionPlace question_places[QUESTION_PLACES];

/* A query with the arrays that it borrows. */
typedef struct {
    carenet_find_query query;
    const char *region, *service, *language;
} AskedQuery;

void question_ask(AskedQuery *asked, const Question *question, const QuestionPlace *place);
