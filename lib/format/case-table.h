/* Case lists as tables: what comes from data frames. Issues never quote a fact. */
#pragma once

#include "model/case.h"

/* Appends the rows of @table to @cases, which is empty, checked as a whole; the list is of use only
 * where there is no error among the issues. Line 1 of issues is the names of the
 * columns, line 2 the first row;
 * @name stands for the file. */
void cn_case_table_read(const carenet_table *table,
                        const char *name,
                        carenet_cases_flags flags,
                        carenet_cases *cases,
                        CnIssueList *issues);
