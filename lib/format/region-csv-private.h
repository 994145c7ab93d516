/* Reading and writing CSV of a network, split by task: the columns, what the parts of the reader
 * share. */
#pragma once

#include "format/region-csv.h"
#include "format/region-private.h"
#include "format/sheet.h"

/* The order of export. Columns of one record need not stand together. */
typedef enum {
    CN_CSV_REGION,
    CN_CSV_REGION_NAME,
    CN_CSV_REGION_AREA,
    CN_CSV_REGION_LANGUAGES,
    CN_CSV_ORGANIZATION,
    CN_CSV_ORGANIZATION_REGION,
    CN_CSV_ORGANIZATION_NAME,
    CN_CSV_ORGANIZATION_KIND,
    CN_CSV_ORGANIZATION_WEBSITE,
    CN_CSV_ORGANIZATION_AGREEMENT,
    CN_CSV_PROVIDER,
    CN_CSV_EXAMPLE,
    CN_CSV_NAME,
    CN_CSV_DISPLAY_NAME,
    CN_CSV_AREA,
    CN_CSV_AREA_NAME,
    CN_CSV_DISCLOSURE,
    CN_CSV_SHOW_AREA,
    CN_CSV_REMOTE,
    CN_CSV_SERVES,
    CN_CSV_CONTACT_ROLE,
    CN_CSV_PHONE,
    CN_CSV_EMAIL,
    CN_CSV_GATEWAY,
    CN_CSV_LANGUAGES,
    CN_CSV_ACCESS,
    CN_CSV_STATUS,
    CN_CSV_LISTING_CONSENT,
    CN_CSV_VERIFIED_ON,
    CN_CSV_VERIFIED_BY,
    CN_CSV_SOURCE_URL,
    CN_CSV_SOURCE_TITLE,
    CN_CSV_SOURCE_ON,
    CN_CSV_ACCREDITATION_BODY,
    CN_CSV_ACCREDITATION_LEVEL,
    CN_CSV_ACCREDITATION_EXPIRES,
    CN_CSV_CAPABILITIES,
    CN_CSV_SERVICE,
    CN_CSV_VARIANT,
    CN_CSV_ALL_BELOW,
    CN_CSV_UNIT,
    CN_CSV_TOTAL,
    CN_CSV_OCCUPIED,
    CN_CSV_AS_OF,
    CN_CSV_SOURCE,
    CN_CSV_WAIT_DAYS,
    CN_CSV_AGE_MIN,
    CN_CSV_AGE_MAX,
    CN_CSV_SEX,
    CN_CSV_GROUPS,
    CN_CSV_NOT_FOR,
    CN_CSV_DOCUMENTS,
    CN_CSV_SIBLINGS_UP_TO,
    CN_CSV_HOURS,
    CN_CSV_INTAKE_HOURS,
    CN_CSV_INTAKE_ON_CALL,
    CN_CSV_COLUMNS
} CnCsvColumn;

/* The records of a row, as region files nest them: a record stands in its parent under its key. */
typedef enum {
    CN_CSV_NO_RECORD,
    CN_CSV_OF_REGION,
    CN_CSV_OF_ORGANIZATION,
    CN_CSV_OF_PROVIDER,
    CN_CSV_OF_PLACE,
    CN_CSV_OF_CONTACT,
    CN_CSV_OF_VERIFIED,
    CN_CSV_OF_SOURCE,
    CN_CSV_OF_ACCREDITATION,
    CN_CSV_OF_OFFERING,
    CN_CSV_OF_CAPACITY,
    CN_CSV_OF_ELIGIBILITY,
    CN_CSV_OF_INTAKE,
    CN_CSV_RECORDS
} CnCsvRecord;

typedef struct {
    CnCsvRecord parent;
    const char *key;
    gboolean always; /* also where every cell is empty */
    CnCsvColumn at;  /* the cell where it stands, for messages about it as a whole */
} CnCsvRecordInfo;
extern const CnCsvRecordInfo cn_csv_records[CN_CSV_RECORDS];

typedef enum {
    CN_CSV_TEXT, /* as it is; everything else loses spaces at its ends */
    CN_CSV_WORD,
    CN_CSV_NUMBER,
    CN_CSV_BOOL,
    CN_CSV_DATE,
    CN_CSV_AREA_CODE,
    CN_CSV_WORDS, /* a list */
    CN_CSV_AREA_CODES,
    CN_CSV_COURSES /* course:staff:on:expires, a list */
} CnCsvKind;

typedef struct {
    const char *name;
    CnCsvRecord record;
    const char *key; /* in the record; NULL: read by itself */
    CnCsvKind kind;
    gboolean required; /* the column; what a cell must hold is the record's rule */
    gboolean secret;   /* of a provider that is not public */
    gboolean kept;     /* where the column is missing an import keeps what is stored */
} CnCsvColumnInfo;
extern const CnCsvColumnInfo cn_csv_columns[CN_CSV_COLUMNS];

/* What parts the words of a list; export writes the first one. */
#define CN_CSV_LIST_SEPARATORS "|;"

/* The region, organization, provider or offering that a column says something of. All rows of one of
 * the first three say the same. */
CnCsvRecord cn_csv_owner(CnCsvColumn column);

typedef struct {
    CnNetwork *network;
    const CnReference *reference;
    CnIssueList *issues;
    const CnSheet *sheet;
    gint place[CN_CSV_COLUMNS]; /* the column of the sheet; -1: missing */
    /* The row that is being read. */
    guint row;
    gboolean guarded; /* its provider is not public, or may not be */
    GArray *where;    /* (element-type CnPos) of each cell; empty: not asked for yet */
    GPtrArray *texts; /* (element-type utf8) cells without the spaces at their ends */
} CnRegionCsv;

/* Finds the columns by the header. FALSE where rows cannot be understood by it; issues say why. */
gboolean cn_region_csv_header(CnRegionCsv *csv);

/* Turns to a row. */
void cn_region_csv_turn_to(CnRegionCsv *csv, guint row);
/* A cell of the row without what only a spreadsheet needs; "" where the column is missing. */
const char *cn_region_csv_cell(CnRegionCsv *csv, CnCsvColumn column);
/* Where it begins; where the column is missing, the row. */
CnPos cn_region_csv_pos(CnRegionCsv *csv, CnCsvColumn column);
/* A cell that a spreadsheet has damaged, or that would damage one. It is reported by itself, and read
 * as if it were empty. */
gboolean cn_region_csv_is_refused(CnRegionCsv *csv, CnCsvColumn column);

/* An issue at a cell of the row, printf-style; row, column and value are added to the message. The
 * value is left out where it may be a secret. */
void cn_region_csv_report(CnRegionCsv *csv,
                          CnSeverity severity,
                          const char *tag,
                          CnCsvColumn column,
                          const char *suggestion,
                          const char *format,
                          ...) G_GNUC_PRINTF(6, 7);
/* Reports what is wrong with single cells of the row whatever record they belong to. */
void cn_region_csv_check_cells(CnRegionCsv *csv);
/* Hands on what the readers of region files found in the row, in the words of a spreadsheet. */
void cn_region_csv_hand_on(CnRegionCsv *csv, const CnIssueList *found);
