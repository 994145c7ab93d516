/* The index of a directory: offerings by service, within a service by area, so that "this service at
 * or below this area" is a few binary searches. Made once, never changed. */
#pragma once

#include "model/listing.h"

typedef struct {
    const CnListing *listing; /* borrowed */
    /* Those of term t are offerings[first[t] .. first[t + 1]), by area, then by id. Terms are in
     * pre-order, so those at or below t are offerings[first[t] .. first[end of t]). */
    const guint *offerings;
    const CnAreaId *areas; /* of each of them */
    const guint *first;
    gboolean is_mapped; /* the arrays are an image's */
    /* Areas that people look for under another province than the code says. */
    GArray *joined; /* (element-type CnAreaId) */
} CnIndex;

/* O(n + areas). */
void cn_index_init(CnIndex *index, const CnListing *listing);
/* The index of a mapped listing in place; FALSE where it cannot be one. What is visited of it is
 * checked then, or all of it by cn_index_check_all(). */
gboolean cn_index_map(CnIndex *index, const CnImage *image, const CnListing *listing);
gboolean cn_index_check_all(const CnIndex *index);
/* Appends its sections to @sections (element-type CnImageSection). */
void cn_index_sections(const CnIndex *index, GArray *sections);
void cn_index_clear(CnIndex *index);

typedef void (*CnVisitOffering)(guint offering, gpointer data);

/* Calls @visit for each offering of the terms [from, to) that is seated at or below @area
 * (CN_AREA_NONE: anywhere). O(terms * log n + found). */
void cn_index_visit(const CnIndex *index,
                    CnServiceId from,
                    CnServiceId to,
                    CnAreaId area,
                    CnVisitOffering visit,
                    gpointer data);

/* Calls @visit for each offering of the terms [from, to) that is seated in an area above @area, so
 * that nobody can tell from it whether it is at or below @area. */
void cn_index_visit_above(const CnIndex *index,
                          CnServiceId from,
                          CnServiceId to,
                          CnAreaId area,
                          CnVisitOffering visit,
                          gpointer data);

/* Calls @visit for each offering that meets a need for @service: those at or below it, then those of
 * terms above it that cover all below. */
void cn_index_visit_meeting(const CnIndex *index,
                            CnServiceId service,
                            CnVisitOffering visit,
                            gpointer data);

/* How many offerings are at or below @service. */
guint cn_index_count(const CnIndex *index, CnServiceId service);
