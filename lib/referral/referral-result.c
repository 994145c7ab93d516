/* What a call did, as a table of one row. */
#include "referral/referral-private.h"

#include "base/table.h"

void
cn_outcome_clear(CnOutcome *outcome)
{
    cn_referral_clear(&outcome->referral);
    g_clear_pointer(&outcome->offered, g_ptr_array_unref);
    g_clear_pointer(&outcome->despite, g_ptr_array_unref);
}

static void
add_instant(CnTableBuilder *table, gint64 instant_s)
{
    g_autofree char *text = instant_s != G_MININT64 ? cn_instant_format_s(instant_s) : NULL;
    cn_table_add_text(table, text);
}

static void
add_id(CnTableBuilder *table, gint64 number)
{
    g_autofree char *id = number > 0 ? cn_referral_id(number) : NULL;
    cn_table_add_text(table, id);
}

static void
add_next(CnTableBuilder *table, const CnReferral *referral)
{
    const char *next = cn_state_next(referral->state);
    g_autofree char *id = cn_referral_id(referral->number);
    g_autoptr(GString) text = g_string_new(next);
    g_string_replace(text, "ID", id, 0);
    cn_table_add_text(table, next != NULL ? text->str : NULL);
}

static void
add_texts(CnTableBuilder *table, const GPtrArray *texts)
{
    const guint len = texts != NULL ? texts->len : 0;
    cn_table_add_list(table, len > 0 ? (const char *const *)texts->pdata : NULL, len);
}

carenet_table *
cn_outcome_to_table(const CnOutcome *outcome)
{
    static const CnColumn columns[] = {{"id", CARENET_COLUMN_TEXT},
                                       {"case", CARENET_COLUMN_TEXT},
                                       {"need", CARENET_COLUMN_TEXT},
                                       {"service", CARENET_COLUMN_TEXT},
                                       {"offering", CARENET_COLUMN_TEXT},
                                       {"provider", CARENET_COLUMN_TEXT},
                                       {"urgency", CARENET_COLUMN_TEXT},
                                       {"units", CARENET_COLUMN_INT64},
                                       {"state", CARENET_COLUMN_TEXT},
                                       {"hold_until", CARENET_COLUMN_TEXT},
                                       {"position", CARENET_COLUMN_INT64},
                                       {"reason", CARENET_COLUMN_TEXT},
                                       {"basis", CARENET_COLUMN_TEXT},
                                       {"from", CARENET_COLUMN_TEXT},
                                       {"redirected_to", CARENET_COLUMN_TEXT},
                                       {"redirected_from", CARENET_COLUMN_TEXT},
                                       {"offered", CARENET_COLUMN_LIST},
                                       {"replayed", CARENET_COLUMN_BOOL},
                                       {"dry_run", CARENET_COLUMN_BOOL},
                                       {"next", CARENET_COLUMN_TEXT},
                                       {"despite", CARENET_COLUMN_LIST}};
    const CnReferral *referral = &outcome->referral;
    CnTableBuilder *table = cn_table_builder_new(columns, G_N_ELEMENTS(columns));
    add_id(table, referral->number);
    cn_table_add_text(table, referral->ref);
    cn_table_add_text(table, referral->need);
    cn_table_add_text(table, referral->service);
    cn_table_add_text(table, referral->offering);
    cn_table_add_text(table, referral->provider);
    cn_table_add_text(table, cn_urgency_name(referral->urgency));
    cn_table_add_int64(table, referral->units);
    cn_table_add_text(table, cn_state_name(referral->state));
    add_instant(table, referral->hold_until_s);
    if (outcome->position > 0)
        cn_table_add_int64(table, outcome->position);
    else
        cn_table_add_null(table);
    cn_table_add_text(table, referral->reason);
    cn_table_add_text(table, referral->basis);
    cn_table_add_text(table, outcome->from >= 0 ? cn_state_name((CnState)outcome->from) : NULL);
    add_id(table, outcome->redirected_to);
    add_id(table, referral->from_number);
    add_texts(table, outcome->offered);
    cn_table_add_bool(table, outcome->replayed);
    cn_table_add_bool(table, outcome->dry_run);
    add_next(table, referral);
    add_texts(table, outcome->despite);
    return cn_table_builder_finish(table);
}
