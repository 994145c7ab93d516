/* The report file: sections of pictures and tables, and the footer that says what it was made from. */
#pragma once

#include "report/figures.h"

/* What the file is made from. Tables are as their makers give them for the profile; NULL leaves the
 * section out, or says that there is nothing. */
typedef struct {
    CnFigureQuestion figures;
    const carenet_table *coverage;   /* routing/reach.h */
    const carenet_table *gaps;       /* routing/reach.h */
    const carenet_table *indicators; /* model/indicator.h */
    const char *profile;             /* "internal", "partner", "funder" */
    const char *from, *to;           /* the period as it was asked for; nullable */
} CnReportPage;

typedef enum {
    CN_SECTION_COVERAGE = 1 << 0,
    CN_SECTION_GAPS = 1 << 1,
    CN_SECTION_CAPACITY = 1 << 2,
    CN_SECTION_FLOW = 1 << 3,
    CN_SECTION_WAITING = 1 << 4,
    CN_SECTION_UNMET = 1 << 5,
    CN_SECTION_FUNNEL = 1 << 6,
    CN_SECTION_INDICATORS = 1 << 7,
    CN_SECTIONS_ALL = (1 << 8) - 1,
} CnSection;

/* One self-contained HTML file with those sections (CnSection). (transfer full) */
char *cn_report_page(const CnReportPage *page, guint sections);
