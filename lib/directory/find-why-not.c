/* Why a provider or an offering is not among the rows of a find: every filter and rule it misses. */
#include "directory/find.h"

#include "base/error.h"
#include "directory/partial.h"

static const CnColumn columns[] = {
    {"provider", CARENET_COLUMN_TEXT}, {"offering", CARENET_COLUMN_TEXT},
    {"service", CARENET_COLUMN_TEXT},  {"listed", CARENET_COLUMN_BOOL},
    {"reason", CARENET_COLUMN_TEXT},   {"detail", CARENET_COLUMN_TEXT},
};

static void
add_row(CnTableBuilder *table,
        const CnCandidate *candidate,
        gboolean listed,
        const char *reason,
        const char *detail)
{
    cn_table_add_text(table, cn_listed_text(candidate->listing, candidate->provider->id));
    cn_table_add_text(table, cn_listed_text(candidate->listing, candidate->offered->id));
    cn_table_add_text(table, candidate->service->id);
    cn_table_add_bool(table, listed);
    cn_table_add_text(table, reason);
    cn_table_add_text(table, detail);
}

static void
explain_offering(CnTableBuilder *table, const CnFind *find, guint offering)
{
    CnCandidate candidate;
    cn_candidate_init(&candidate, &find->question, offering);
    if (cn_find_lists(find, &candidate)) {
        add_row(table, &candidate, TRUE, "listed", "it is among the rows");
        return;
    }
    for (guint filter = 0; filter < CN_FILTERS_LEN; filter++) {
        if (cn_find_passes(find, (CnFilter)filter, &candidate))
            continue;
        g_autofree char *detail = cn_filter_detail(find, (CnFilter)filter, &candidate);
        add_row(table, &candidate, FALSE, cn_filter_reason((CnFilter)filter), detail);
    }
    CnRuleMask broken = cn_rules_broken(&find->question, &candidate, cn_find_rules(find));
    for (guint rule = 0; rule < CN_RULES_LEN; rule++) {
        if ((broken & CN_RULE_BIT(rule)) == 0)
            continue;
        g_autofree char *detail = cn_rule_detail(&find->question, &candidate, (CnRule)rule);
        add_row(table, &candidate, FALSE, cn_rule_reason(rule), detail);
    }
}

carenet_table *
cn_find_why_not(const CnFind *find, const char *id, GError **error)
{
    const CnListing *listing = find->directory->listing;
    gint provider = cn_listing_provider(listing, id), offering = cn_listing_offering(listing, id);
    if (provider < 0 && offering < 0) {
        cn_directory_fail_unknown(find->directory, id, error);
        return NULL;
    }
    CnTableBuilder *table = cn_table_builder_new(columns, G_N_ELEMENTS(columns));
    if (offering >= 0) {
        explain_offering(table, find, (guint)offering);
    } else {
        const CnListedProvider *listed = &listing->providers[provider];
        CnSpan offerings = cn_span_within(listed->offerings, listing->offerings_len);
        for (guint i = 0; i < offerings.len; i++)
            explain_offering(table, find, offerings.first + i);
    }
    return cn_table_builder_finish(table);
}

carenet_table *
carenet_find_why_not(const carenet_directory *directory,
                     const carenet_find_query *query,
                     const char *id,
                     carenet_error **error)
{
    carenet_find_query own;
    CN_REQUIRE_GIVEN(directory, error, NULL);
    CN_REQUIRE_GIVEN(id, error, NULL);
    carenet_find_query_init(&own);
    CN_REQUIRE_GIVEN(query, error, NULL);
    CN_ADOPT(query, &own, error, NULL);
    if (!cn_directory_complete(directory, error))
        return NULL;
    CnFind find;
    carenet_table *reasons = cn_find_init(&find, G_STRFUNC, directory, &own, error)
                                 ? cn_find_why_not(&find, id, error)
                                 : NULL;
    cn_find_clear(&find);
    return reasons;
}
