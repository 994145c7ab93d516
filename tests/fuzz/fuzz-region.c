/* Region files and the network file: read, check, disclose, digest. What has no error is written by
 * the exporter, read again without an error, written again to the same bytes, and disclosed as the
 * same directory. */
#include "fuzz.h"

#include "format/region-file.h"
#include "model/listing.h"

#include <string.h>

static CnNetwork *
read_texts(const GPtrArray *texts, const CnReference *reference, CnIssueList *issues)
{
    CnNetwork *network = cn_network_new();
    for (guint i = 0; i < texts->len; i++) {
        const GString *text = g_ptr_array_index(texts, i);
        cn_region_text_read(text->str, text->len, "region.yaml", network, reference, issues);
    }
    cn_network_sort(network);
    cn_network_check(network, reference, issues);
    return network;
}

static void
free_text(gpointer text)
{
    g_string_free(text, TRUE);
}

static void
add_text(GPtrArray *texts, char *text)
{
    g_ptr_array_add(texts, g_string_new(text));
    g_free(text);
}

/* What spans the regions first, then each region. */
static GPtrArray *
write_texts(const CnNetwork *network, const CnReference *reference)
{
    GPtrArray *texts = g_ptr_array_new_with_free_func(free_text);
    add_text(texts, cn_region_write(network, reference, NULL));
    for (guint i = 0; i < network->regions->len; i++) {
        const CnRegion *region = &g_array_index(network->regions, CnRegion, i);
        add_text(texts, cn_region_write(network, reference, region->id));
    }
    return texts;
}

static char *
digest(const CnNetwork *network)
{
    g_autoptr(CnListing) listing = cn_listing_new(network, fuzz_reference());
    return cn_listing_digest(listing);
}

static void
check_round_trip(const CnNetwork *network, const CnReference *reference)
{
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    g_autoptr(GPtrArray) texts = write_texts(network, reference);
    g_autoptr(CnNetwork) again = read_texts(texts, reference, issues);
    if (cn_issue_list_errors(issues) > 0)
        for (guint i = 0; i < cn_issue_list_len(issues); i++) {
            const CnIssue *issue = cn_issue_list_get(issues, i);
            g_printerr("%u:%u %s: %s\n", issue->pos.line, issue->pos.column, issue->tag,
                       issue->message);
        }
    g_assert_cmpuint(cn_issue_list_errors(issues), ==, 0);
    g_autoptr(GPtrArray) texts_again = write_texts(again, reference);
    g_assert_cmpuint(texts->len, ==, texts_again->len);
    for (guint i = 0; i < texts->len; i++) {
        const GString *a = g_ptr_array_index(texts, i), *b = g_ptr_array_index(texts_again, i);
        g_assert_cmpstr(a->str, ==, b->str);
    }
    g_autofree char *before = digest(network);
    g_autofree char *after = digest(again);
    g_assert_cmpstr(before, ==, after);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(free_text);
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    g_ptr_array_add(texts, g_string_new_len((const char *)data, (gssize)size));
    g_autoptr(CnNetwork) network = read_texts(texts, fuzz_reference(), issues);
    fuzz_check_issues(issues);
    if (cn_issue_list_errors(issues) == 0)
        check_round_trip(network, fuzz_reference());
    return 0;
}
