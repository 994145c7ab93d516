/* Who of a list has a say in where whom may go: siblings, and those who must not meet. */
#pragma once

#include "model/case.h"

/* Of each case those whom it is connected with, itself among them, in the order of the list; NULL where it is alone. */
typedef struct {
    GPtrArray **of; /* (element-type CnCase) borrowed cases; NULL: all are alone */
    GPtrArray *all; /* (element-type GPtrArray) */
} CnCircles;

/* O(cases). Clear it. */
void cn_circles_init(CnCircles *circles, const GPtrArray *cases);
void cn_circles_clear(CnCircles *circles);

static inline const GPtrArray *
cn_circle_of(const CnCircles *circles, guint person)
{
    return circles->of != NULL ? circles->of[person] : NULL;
}
