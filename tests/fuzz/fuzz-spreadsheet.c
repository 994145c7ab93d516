/* CSV of providers and offerings: read, check. What has no error is written by the exporter, read
 * again without an error and written again to the same bytes. Bytes are a table of their own, or
 * ("+" first) rows below a sound header. */
#include "fuzz.h"

#include "format/region-csv.h"
#include "format/sheet-date.h"

#include <string.h>

static CnNetwork *
read_text(const char *text, gsize len, CnIssueList *issues)
{
    const CnReference *reference = fuzz_reference();
    CnNetwork *network = cn_network_new();
    cn_region_csv_read(text, len, "providers.csv", network, reference, issues);
    cn_network_sort(network);
    return network;
}

static void
check_round_trip(const CnNetwork *network)
{
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    g_autofree char *text = cn_region_csv_write(network, fuzz_reference(), NULL);
    g_autoptr(CnNetwork) again = read_text(text, strlen(text), issues);
    g_assert_cmpuint(cn_issue_list_errors(issues), ==, network->providers->len == 0 ? 1 : 0);
    g_autofree char *text_again = cn_region_csv_write(again, fuzz_reference(), NULL);
    g_assert_cmpstr(text, ==, text_again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    if (size > 0 && data[0] == '+') {
        g_autoptr(CnNetwork) nobody = cn_network_new();
        g_autofree char *header = cn_region_csv_write(nobody, fuzz_reference(), NULL);
        g_string_append(text, header);
        data++;
        size--;
    }
    g_string_append_len(text, (const char *)data, (gssize)size);
    g_autoptr(CnNetwork) network = read_text(text->str, text->len, issues);
    const guint errors = cn_issue_list_errors(issues);
    cn_network_check(network, fuzz_reference(), issues);
    fuzz_check_issues(issues);
    if (errors == 0)
        check_round_trip(network);
    g_free(cn_sheet_date_guess(text->str));
    return 0;
}
