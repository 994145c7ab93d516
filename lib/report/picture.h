/* The pictures of the reports. Each is drawn from a table of figures and from nothing else, so that it
 * cannot show what the table hides; docs/report.md shows them. */
#pragma once

#include "model/listing.h"
#include "report/page.h"

/* Regions by how much of the package they cover, from coverage (routing/reach.h); outlines of areas
 * only. Says so where there are no outlines to draw. */
void cn_picture_map(CnHtml *html, const carenet_table *coverage, const CnListing *listing);
/* Services by state in each area, from coverage. */
void cn_picture_coverage(CnHtml *html, const carenet_table *coverage);
/* Taken and free places by service, stale ones grey, from cn_figure_capacity(). */
void cn_picture_capacity(CnHtml *html, const carenet_table *capacity);
/* From home region to serving region, and to the outcome where it is told, from cn_figure_flow(). */
void cn_picture_flow(CnHtml *html, const carenet_table *flow);
/* Days of waiting, those who still wait apart, from cn_figure_waiting(). */
void cn_picture_waiting(CnHtml *html, const carenet_table *waiting);
/* Services by regions, from cn_figure_unmet(). */
void cn_picture_unmet(CnHtml *html, const carenet_table *unmet);
/* Where needs are lost, from cn_figure_funnel(). */
void cn_picture_funnel(CnHtml *html, const carenet_table *funnel);

/* ---- What pictures share. */

#define CN_PICTURE_WIDTH 760.0

/* A square of a legend with its words; returns where the next one begins. */
double cn_picture_key(CnHtml *html, const char *class_name, double x, double y, const char *text);
/* The different texts of a column in the order in which they come; NULL cells as @null_text.
 * (element-type utf8) borrowed. (transfer container) */
GPtrArray *cn_picture_values(const carenet_table *table, const char *column, const char *null_text);
/* The position of @text among them; the length where it is none. */
guint cn_picture_find(const GPtrArray *values, const char *text);
/* The text with at most @most characters, an ellipsis where it is cut. (transfer full) */
char *cn_picture_fit(const char *text, guint most);
/* The least of 1, 2 or 5 times a power of ten by which at most @most steps reach @value; at least 1. */
gint64 cn_picture_step(gint64 value, guint most);
