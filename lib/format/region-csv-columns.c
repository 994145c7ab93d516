/* The columns of CSV of a network, and the header. */
#include "base/text.h"
#include "format/region-csv-private.h"

#include <string.h>

const CnCsvRecordInfo cn_csv_records[CN_CSV_RECORDS] = {
    [CN_CSV_OF_REGION] = {.at = CN_CSV_REGION},
    [CN_CSV_OF_ORGANIZATION] = {.at = CN_CSV_ORGANIZATION},
    [CN_CSV_OF_PROVIDER] = {.at = CN_CSV_PROVIDER},
    [CN_CSV_OF_PLACE] = {CN_CSV_OF_PROVIDER, "place", TRUE, CN_CSV_AREA},
    [CN_CSV_OF_CONTACT] = {CN_CSV_OF_PROVIDER, "contact", TRUE, CN_CSV_CONTACT_ROLE},
    [CN_CSV_OF_VERIFIED] = {CN_CSV_OF_PROVIDER, "verified", FALSE, CN_CSV_VERIFIED_ON},
    [CN_CSV_OF_SOURCE] = {CN_CSV_OF_PROVIDER, "source", FALSE, CN_CSV_SOURCE_URL},
    [CN_CSV_OF_ACCREDITATION] = {CN_CSV_OF_PROVIDER, "accreditation", FALSE,
                                 CN_CSV_ACCREDITATION_BODY},
    [CN_CSV_OF_OFFERING] = {.at = CN_CSV_SERVICE},
    [CN_CSV_OF_CAPACITY] = {CN_CSV_OF_OFFERING, "capacity", FALSE, CN_CSV_TOTAL},
    [CN_CSV_OF_ELIGIBILITY] = {CN_CSV_OF_OFFERING, "eligibility", FALSE, CN_CSV_AGE_MIN},
    [CN_CSV_OF_INTAKE] = {CN_CSV_OF_OFFERING, "intake", FALSE, CN_CSV_INTAKE_HOURS},
};

#define REQUIRED .required = TRUE
#define SECRET   .secret = TRUE
#define KEPT     .kept = TRUE

const CnCsvColumnInfo cn_csv_columns[CN_CSV_COLUMNS] = {
    [CN_CSV_REGION] = {"region", CN_CSV_OF_REGION, "id", CN_CSV_WORD, REQUIRED},
    [CN_CSV_REGION_NAME] = {"region_name", CN_CSV_OF_REGION, "name", CN_CSV_TEXT},
    [CN_CSV_REGION_AREA] = {"region_area", CN_CSV_OF_REGION, "area", CN_CSV_AREA_CODE},
    [CN_CSV_REGION_LANGUAGES] = {"region_languages", CN_CSV_OF_REGION, "languages", CN_CSV_WORDS},
    [CN_CSV_ORGANIZATION] = {"organization", CN_CSV_OF_ORGANIZATION, "id", CN_CSV_WORD, REQUIRED},
    [CN_CSV_ORGANIZATION_REGION] = {"organization_region", CN_CSV_OF_ORGANIZATION, NULL,
                                    CN_CSV_WORD},
    [CN_CSV_ORGANIZATION_NAME] = {"organization_name", CN_CSV_OF_ORGANIZATION, "name", CN_CSV_TEXT},
    [CN_CSV_ORGANIZATION_KIND] = {"organization_kind", CN_CSV_OF_ORGANIZATION, "kind", CN_CSV_WORD},
    [CN_CSV_ORGANIZATION_WEBSITE] = {"organization_website", CN_CSV_OF_ORGANIZATION, "website",
                                     CN_CSV_TEXT},
    [CN_CSV_ORGANIZATION_AGREEMENT] = {"organization_agreement", CN_CSV_OF_ORGANIZATION,
                                       "data_sharing_agreement", CN_CSV_DATE},
    [CN_CSV_PROVIDER] = {"provider", CN_CSV_OF_PROVIDER, "id", CN_CSV_WORD, REQUIRED},
    [CN_CSV_EXAMPLE] = {"example", CN_CSV_OF_PROVIDER, "example", CN_CSV_BOOL, KEPT},
    [CN_CSV_NAME] = {"name", CN_CSV_OF_PROVIDER, "name", CN_CSV_TEXT, REQUIRED, SECRET},
    [CN_CSV_DISPLAY_NAME] = {"display_name", CN_CSV_OF_PROVIDER, "display_name", CN_CSV_TEXT, KEPT},
    [CN_CSV_AREA] = {"area", CN_CSV_OF_PLACE, "area", CN_CSV_AREA_CODE, REQUIRED, SECRET},
    [CN_CSV_AREA_NAME] = {"area_name", CN_CSV_OF_PLACE, NULL, CN_CSV_WORD, SECRET},
    [CN_CSV_DISCLOSURE] = {"disclosure", CN_CSV_OF_PLACE, "disclosure", CN_CSV_WORD, REQUIRED},
    [CN_CSV_SHOW_AREA] = {"show_area", CN_CSV_OF_PLACE, "show_area", CN_CSV_AREA_CODE, KEPT},
    [CN_CSV_REMOTE] = {"remote", CN_CSV_OF_PROVIDER, "remote", CN_CSV_BOOL, KEPT},
    [CN_CSV_SERVES] = {"serves", CN_CSV_OF_PROVIDER, "serves", CN_CSV_AREA_CODES, KEPT},
    [CN_CSV_CONTACT_ROLE] = {"contact_role", CN_CSV_OF_CONTACT, "role", CN_CSV_TEXT, KEPT},
    [CN_CSV_PHONE] = {"phone", CN_CSV_OF_CONTACT, "phone", CN_CSV_TEXT, SECRET, KEPT},
    [CN_CSV_EMAIL] = {"email", CN_CSV_OF_CONTACT, "email", CN_CSV_WORD, SECRET, KEPT},
    [CN_CSV_GATEWAY] = {"gateway", CN_CSV_OF_CONTACT, "gateway", CN_CSV_WORD, KEPT},
    [CN_CSV_LANGUAGES] = {"languages", CN_CSV_OF_PROVIDER, "languages", CN_CSV_WORDS, KEPT},
    [CN_CSV_ACCESS] = {"access", CN_CSV_OF_PROVIDER, "access", CN_CSV_WORDS, KEPT},
    [CN_CSV_STATUS] = {"status", CN_CSV_OF_PROVIDER, "status", CN_CSV_WORD, KEPT},
    [CN_CSV_LISTING_CONSENT] = {"listing_consent", CN_CSV_OF_PROVIDER, "listing_consent",
                                CN_CSV_DATE, KEPT},
    [CN_CSV_VERIFIED_ON] = {"verified_on", CN_CSV_OF_VERIFIED, "on", CN_CSV_DATE, KEPT},
    [CN_CSV_VERIFIED_BY] = {"verified_by", CN_CSV_OF_VERIFIED, "by", CN_CSV_WORD, KEPT},
    [CN_CSV_SOURCE_URL] = {"source_url", CN_CSV_OF_SOURCE, "url", CN_CSV_TEXT, KEPT},
    [CN_CSV_SOURCE_TITLE] = {"source_title", CN_CSV_OF_SOURCE, "title", CN_CSV_TEXT, KEPT},
    [CN_CSV_SOURCE_ON] = {"source_on", CN_CSV_OF_SOURCE, "on", CN_CSV_DATE, KEPT},
    [CN_CSV_ACCREDITATION_BODY] = {"accreditation_body", CN_CSV_OF_ACCREDITATION, "body",
                                   CN_CSV_TEXT, KEPT},
    [CN_CSV_ACCREDITATION_LEVEL] = {"accreditation_level", CN_CSV_OF_ACCREDITATION, "level",
                                    CN_CSV_NUMBER, KEPT},
    [CN_CSV_ACCREDITATION_EXPIRES] = {"accreditation_expires", CN_CSV_OF_ACCREDITATION, "expires",
                                      CN_CSV_DATE, KEPT},
    [CN_CSV_CAPABILITIES] = {"capabilities", CN_CSV_OF_PROVIDER, "capabilities", CN_CSV_COURSES,
                             KEPT},
    [CN_CSV_SERVICE] = {"service", CN_CSV_OF_OFFERING, "service", CN_CSV_WORD, REQUIRED},
    [CN_CSV_VARIANT] = {"variant", CN_CSV_OF_OFFERING, "variant", CN_CSV_WORD},
    [CN_CSV_ALL_BELOW] = {"all_below", CN_CSV_OF_OFFERING, "all_below", CN_CSV_BOOL, KEPT},
    [CN_CSV_UNIT] = {"unit", CN_CSV_OF_CAPACITY, "unit", CN_CSV_WORD},
    [CN_CSV_TOTAL] = {"total", CN_CSV_OF_CAPACITY, "total", CN_CSV_NUMBER, SECRET},
    [CN_CSV_OCCUPIED] = {"occupied", CN_CSV_OF_CAPACITY, "occupied", CN_CSV_NUMBER, SECRET},
    [CN_CSV_AS_OF] = {"as_of", CN_CSV_OF_CAPACITY, "as_of", CN_CSV_DATE},
    [CN_CSV_SOURCE] = {"source", CN_CSV_OF_CAPACITY, "source", CN_CSV_WORD, KEPT},
    [CN_CSV_WAIT_DAYS] = {"wait_days", CN_CSV_OF_CAPACITY, "wait_days", CN_CSV_NUMBER, SECRET,
                          KEPT},
    [CN_CSV_AGE_MIN] = {"age_min", CN_CSV_OF_ELIGIBILITY, NULL, CN_CSV_NUMBER, KEPT},
    [CN_CSV_AGE_MAX] = {"age_max", CN_CSV_OF_ELIGIBILITY, NULL, CN_CSV_NUMBER, KEPT},
    [CN_CSV_SEX] = {"sex", CN_CSV_OF_ELIGIBILITY, "sex", CN_CSV_WORD, KEPT},
    [CN_CSV_GROUPS] = {"groups", CN_CSV_OF_ELIGIBILITY, "groups", CN_CSV_WORDS, KEPT},
    [CN_CSV_NOT_FOR] = {"not_for", CN_CSV_OF_ELIGIBILITY, "not_for", CN_CSV_WORDS, KEPT},
    [CN_CSV_DOCUMENTS] = {"documents", CN_CSV_OF_ELIGIBILITY, "documents", CN_CSV_WORDS, KEPT},
    [CN_CSV_SIBLINGS_UP_TO] = {"siblings_up_to", CN_CSV_OF_ELIGIBILITY, "siblings_up_to",
                               CN_CSV_NUMBER, KEPT},
    [CN_CSV_HOURS] = {"hours", CN_CSV_OF_OFFERING, "hours", CN_CSV_TEXT, KEPT},
    [CN_CSV_INTAKE_HOURS] = {"intake_hours", CN_CSV_OF_INTAKE, "hours", CN_CSV_TEXT, KEPT},
    [CN_CSV_INTAKE_ON_CALL] = {"intake_on_call", CN_CSV_OF_INTAKE, "on_call", CN_CSV_BOOL, KEPT},
};

/* Columns that mean something only together: what is missing could not be kept beside what is there.
 * Where one is there the first @needed must be. */
#define GROUP_MOST 6
typedef struct {
    guint needed, len;
    CnCsvColumn columns[GROUP_MOST];
} Group;

static const Group groups[] = {
    {3, 3, {CN_CSV_REGION_NAME, CN_CSV_REGION_AREA, CN_CSV_REGION_LANGUAGES}},
    {5,
     5,
     {CN_CSV_ORGANIZATION_REGION, CN_CSV_ORGANIZATION_NAME, CN_CSV_ORGANIZATION_KIND,
      CN_CSV_ORGANIZATION_WEBSITE, CN_CSV_ORGANIZATION_AGREEMENT}},
    {2, 2, {CN_CSV_VERIFIED_ON, CN_CSV_VERIFIED_BY}},
    {3, 3, {CN_CSV_SOURCE_URL, CN_CSV_SOURCE_TITLE, CN_CSV_SOURCE_ON}},
    {3, 3, {CN_CSV_ACCREDITATION_BODY, CN_CSV_ACCREDITATION_LEVEL, CN_CSV_ACCREDITATION_EXPIRES}},
    {3,
     6,
     {CN_CSV_TOTAL, CN_CSV_OCCUPIED, CN_CSV_AS_OF, CN_CSV_UNIT, CN_CSV_SOURCE, CN_CSV_WAIT_DAYS}},
    {2, 2, {CN_CSV_AGE_MIN, CN_CSV_AGE_MAX}},
    {2, 2, {CN_CSV_GROUPS, CN_CSV_NOT_FOR}},
};

CnCsvRecord
cn_csv_owner(CnCsvColumn column)
{
    CnCsvRecord record = cn_csv_columns[column].record;
    while (cn_csv_records[record].parent != CN_CSV_NO_RECORD)
        record = cn_csv_records[record].parent;
    return record;
}

/* ---- The header. */

/* "Display Name" is display_name. (transfer full) */
static char *
fold_header(const char *text)
{
    char *folded = cn_text_fold(text);
    return g_strdelimit(folded, " ", '_');
}

static gint
find_column(const char *folded)
{
    for (guint i = 0; i < CN_CSV_COLUMNS; i++)
        if (strcmp(cn_csv_columns[i].name, folded) == 0)
            return (gint)i;
    return -1;
}

static void
report_unknown(CnRegionCsv *csv, guint at, const char *text)
{
    const char *names[CN_CSV_COLUMNS];
    for (guint i = 0; i < CN_CSV_COLUMNS; i++)
        names[i] = cn_csv_columns[i].name;
    g_autofree char *meant = cn_text_did_you_mean(text, names, CN_CSV_COLUMNS);
    g_autofree char *quote = cn_text_quote(text);
    cn_issue_add(csv->issues, CN_SEVERITY_ERROR, "unknown-column",
                 cn_sheet_header_pos(csv->sheet, at),
                 meant != NULL ? meant : "remove it, or begin its name with # to keep notes in it",
                 "there is no column \"%s\"", quote);
}

static void
take_header(CnRegionCsv *csv, guint at)
{
    const char *text = cn_sheet_header(csv->sheet, at);
    g_autofree char *folded = fold_header(text);
    gint column = find_column(folded);
    if (*text == '#' || *text == '\0')
        return;
    if (column < 0) {
        report_unknown(csv, at, text);
    } else if (csv->place[column] >= 0) {
        const CnPos first = cn_sheet_header_pos(csv->sheet, (guint)csv->place[column]);
        cn_issue_add(csv->issues, CN_SEVERITY_ERROR, "duplicate-column",
                     cn_sheet_header_pos(csv->sheet, at), "keep one of them",
                     "the column \"%s\" is there twice (first in line %u at %u)", folded,
                     first.line, first.column);
    } else {
        csv->place[column] = (gint)at;
    }
}

static void
report_missing(CnRegionCsv *csv, CnCsvColumn column, const char *why)
{
    g_autofree char *suggestion =
        g_strdup_printf("add a column with the name %s", cn_csv_columns[column].name);
    cn_issue_add(csv->issues, CN_SEVERITY_ERROR, "missing-column",
                 cn_sheet_header_pos(csv->sheet, 0), suggestion, "there is no column \"%s\"%s",
                 cn_csv_columns[column].name, why);
}

static void
check_group(CnRegionCsv *csv, const Group *group)
{
    gint present = -1;
    for (guint i = 0; i < group->len; i++)
        if (csv->place[group->columns[i]] >= 0)
            present = (gint)group->columns[i];
    if (present < 0)
        return;
    g_autofree char *why = g_strdup_printf(", which %s needs", cn_csv_columns[present].name);
    for (guint i = 0; i < group->needed; i++)
        if (csv->place[group->columns[i]] < 0)
            report_missing(csv, group->columns[i], why);
}

gboolean
cn_region_csv_header(CnRegionCsv *csv)
{
    const guint errors = cn_issue_list_errors(csv->issues);
    for (guint i = 0; i < CN_CSV_COLUMNS; i++)
        csv->place[i] = -1;
    for (guint at = 0; at < cn_sheet_columns_len(csv->sheet); at++)
        take_header(csv, at);
    for (guint i = 0; i < CN_CSV_COLUMNS; i++)
        if (cn_csv_columns[i].required && csv->place[i] < 0)
            report_missing(csv, (CnCsvColumn)i, "");
    for (guint i = 0; i < G_N_ELEMENTS(groups); i++)
        check_group(csv, &groups[i]);
    return cn_issue_list_errors(csv->issues) == errors;
}
