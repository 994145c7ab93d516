/* What every page of a report shares: head and style, sections, figures with their data tables, the
 * footer. One file, without script and without any request. */
#pragma once

#include "base/table.h"
#include "report/html.h"

/* @lead is a sentence below the title. */
void cn_page_begin(CnHtml *html, const char *title, const char *lead, gboolean demonstration);
void cn_page_end(CnHtml *html);

/* A part with a heading; @text explains it, nullable. */
void cn_page_section_begin(CnHtml *html, const char *id, const char *heading, const char *text);
void cn_page_section_end(CnHtml *html);
/* A sentence that stands where there is nothing to show. */
void cn_page_note(CnHtml *html, const char *text);

/* One column of a data table. */
typedef struct {
    const char *column;
    const char *heading;
    const char *null_text; /* what an empty cell says; NULL: a dash */
} CnPageColumn;

/* The rows of @table under @caption. A number that is suppressed says so. */
void cn_page_table(CnHtml *html,
                   const carenet_table *table,
                   const char *caption,
                   const CnPageColumn *columns,
                   gsize columns_len);

/* A list of names and values: figures at the top, facts in the footer. */
typedef struct {
    char *name;
    char *value;
} CnPageFact;
void cn_page_facts(CnHtml *html, const char *class_name, const GArray *facts);
/* Appends to a list of facts (element-type CnPageFact). */
GArray *cn_page_facts_new(void);
void cn_page_fact_add(GArray *facts, const char *name, const char *format, ...) G_GNUC_PRINTF(3, 4);
void cn_page_footer(CnHtml *html, const GArray *facts);

/* 1234567 as "1,234,567". (transfer full) */
char *cn_page_number(gint64 number);

/* ---- Cells by name: 0 or NULL where there is none. */
gint64 cn_page_int(const carenet_table *table, gsize row, const char *column);
const char *cn_page_text(const carenet_table *table, gsize row, const char *column);
gboolean cn_page_bool(const carenet_table *table, gsize row, const char *column);
gboolean cn_page_is_null(const carenet_table *table, gsize row, const char *column);
