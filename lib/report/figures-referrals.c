/* Figures of referrals: where they go, what becomes of them, and how long people wait. */
#include "report/figures.h"

#include <string.h>

typedef enum {
    OUTCOME_HELPED,   /* help has begun */
    OUTCOME_UNDERWAY, /* sent, received or accepted */
    OUTCOME_WAITING,  /* on a waiting list */
    OUTCOME_REFUSED,  /* declined, expired, called off before help began */
    OUTCOMES,
} Outcome;

static const char *const outcome_names[] = {"helped", "underway", "waiting", "refused"};

/* One referral that counts. */
typedef struct {
    guint home, serving; /* regions of the listing; their number: elsewhere, or not known */
    Outcome outcome;
    gint64 days; /* from sending it to the start of help, or until now */
} Referral;

typedef struct {
    const CnFigureQuestion *asked;
    const CnListing *listing;
    GArray *referrals;  /* (element-type Referral) */
    GHashTable *by_ref; /* (element-type utf8 CnCase) */
} Flow;

/* ---- Reading the list. */

static const char *
cell(const carenet_table *rows, gsize row, const char *name)
{
    const ptrdiff_t column = carenet_table_column_index(rows, name);
    return column >= 0 ? carenet_table_get_text(rows, row, (size_t)column) : NULL;
}

static gboolean
instant(const carenet_table *rows, gsize row, const char *name, gint64 *out_s)
{
    const char *text = cell(rows, row, name);
    CnInstant at = {0};
    if (text == NULL || !cn_instant_parse(text, &at))
        return FALSE;
    *out_s = at.s;
    return TRUE;
}

/* A referral keeps the region of its day; of those from before it did, and where a network is cut finer
 * than regions, the list of cases tells. */
static guint
home_of(const Flow *flow, const char *code, const char *ref)
{
    const CnGazetteer *gazetteer = flow->listing->reference->gazetteer;
    const CnAreaId kept = code != NULL ? cn_area_by_code(gazetteer, code) : CN_AREA_NONE;
    const guint region = cn_figure_region(flow->listing, kept);
    const CnCase *person = ref != NULL ? g_hash_table_lookup(flow->by_ref, ref) : NULL;
    return region < flow->listing->regions_len || person == NULL
               ? region
               : cn_figure_region(flow->listing, person->area);
}

static guint
serving_region(const Flow *flow, const char *provider)
{
    const gint i = provider != NULL ? cn_listing_provider(flow->listing, provider) : -1;
    return cn_figure_region(flow->listing,
                            i >= 0 ? flow->listing->providers[i].area : CN_AREA_NONE);
}

/* FALSE: it does not count. A draft was never sent; one that was redirected goes on as another. */
static gboolean
outcome_of(const carenet_table *rows, gsize row, Outcome *out)
{
    static const struct {
        const char *state;
        Outcome outcome;
    } states[] = {
        {"sent", OUTCOME_UNDERWAY},      {"received", OUTCOME_UNDERWAY},
        {"accepted", OUTCOME_UNDERWAY},  {"started", OUTCOME_HELPED},
        {"completed", OUTCOME_HELPED},   {"not-completed", OUTCOME_REFUSED},
        {"waitlisted", OUTCOME_WAITING}, {"declined", OUTCOME_REFUSED},
        {"expired", OUTCOME_REFUSED},    {"cancelled", OUTCOME_REFUSED},
    };
    const char *state = cell(rows, row, "state");
    for (gsize i = 0; state != NULL && i < G_N_ELEMENTS(states); i++)
        if (strcmp(states[i].state, state) == 0) {
            *out = cell(rows, row, "started") != NULL ? OUTCOME_HELPED : states[i].outcome;
            return TRUE;
        }
    return FALSE;
}

/* Of the first of the referrals that were redirected to this one. */
static gboolean
find_begin(const carenet_table *rows, GHashTable *by_id, gsize row, gint64 *out_s)
{
    gboolean found = instant(rows, row, "sent", out_s);
    /* A chain has no more links than the list has rows. */
    for (gsize i = 0; i < carenet_table_rows_len(rows); i++) {
        const char *from = cell(rows, row, "redirected_from");
        gconstpointer before = from != NULL ? g_hash_table_lookup(by_id, from) : NULL;
        if (before == NULL)
            return found;
        row = GPOINTER_TO_SIZE(before) - 1;
        found = instant(rows, row, "sent", out_s) || found;
    }
    return found;
}

static gboolean
is_in_period(const CnFigureQuestion *asked, gint64 at_s)
{
    return (!cn_date_is_set(asked->from) || at_s >= cn_date_first_s(asked->from)) &&
           (!cn_date_is_set(asked->to) || at_s <= cn_date_last_s(asked->to));
}

static void
read_referral(Flow *flow, GHashTable *by_id, gsize row)
{
    const carenet_table *rows = flow->asked->referrals;
    Referral referral = {.home = home_of(flow, cell(rows, row, "home"), cell(rows, row, "case")),
                         .serving = serving_region(flow, cell(rows, row, "provider"))};
    gint64 made_s = 0, begin_s = 0, end_s = flow->asked->now_s;
    if (!outcome_of(rows, row, &referral.outcome) || !instant(rows, row, "created", &made_s) ||
        !is_in_period(flow->asked, made_s))
        return;
    if (!find_begin(rows, by_id, row, &begin_s))
        begin_s = made_s;
    if (referral.outcome == OUTCOME_HELPED)
        (void)instant(rows, row, "started", &end_s);
    referral.days = MAX(0, cn_days_between(begin_s, end_s));
    g_array_append_val(flow->referrals, referral);
}

static GArray *
read_referrals(const CnFigureQuestion *asked)
{
    g_autoptr(GHashTable) by_ref = cn_figure_cases(asked);
    Flow flow = {asked, asked->directory->listing, g_array_new(FALSE, FALSE, sizeof(Referral)),
                 by_ref};
    g_autoptr(GHashTable) by_id = g_hash_table_new(g_str_hash, g_str_equal);
    const gsize len = asked->referrals != NULL ? carenet_table_rows_len(asked->referrals) : 0;
    for (gsize row = 0; row < len; row++) {
        const char *id = cell(asked->referrals, row, "id");
        if (id != NULL)
            g_hash_table_insert(by_id, (gpointer)id, GSIZE_TO_POINTER(row + 1));
    }
    for (gsize row = 0; row < len; row++)
        read_referral(&flow, by_id, row);
    return flow.referrals;
}

/* ---- Where they go. */

static const char *
name_region(const CnListing *listing, gsize region)
{
    return region < listing->regions_len
               ? cn_area_short_name(listing->reference->gazetteer, listing->regions[region].area)
               : NULL;
}

/* Outsiders see from where to where; what became of it is another table. */
carenet_table *
cn_figure_flow(const CnFigureQuestion *asked, gint64 *out_total)
{
    static const CnColumn columns[] = {{"home", CARENET_COLUMN_TEXT},
                                       {"serving", CARENET_COLUMN_TEXT},
                                       {"outcome", CARENET_COLUMN_TEXT},
                                       {"referrals", CARENET_COLUMN_INT64},
                                       {"suppressed", CARENET_COLUMN_BOOL}};
    const CnListing *listing = asked->directory->listing;
    const gsize regions = listing->regions_len + 1, outcomes = asked->suppress ? 1 : OUTCOMES;
    const gsize cells_len = regions * regions * outcomes;
    g_autoptr(GArray) referrals = read_referrals(asked);
    g_autofree gint64 *cells = g_new0(gint64, cells_len);
    g_autofree gboolean *hidden = g_new0(gboolean, cells_len);
    CnTableBuilder *table = cn_table_builder_new(columns, G_N_ELEMENTS(columns));
    for (guint i = 0; i < referrals->len; i++) {
        const Referral *of = &g_array_index(referrals, Referral, i);
        cells[(of->home * regions + of->serving) * outcomes +
              (asked->suppress ? 0 : (gsize)of->outcome)]++;
    }
    if (asked->suppress)
        cn_figure_hide(cells, cells_len, hidden);
    for (gsize i = 0; i < cells_len; i++) {
        if (cells[i] == 0 && !hidden[i])
            continue;
        cn_table_add_text(table, name_region(listing, i / outcomes / regions));
        cn_table_add_text(table, name_region(listing, i / outcomes % regions));
        cn_table_add_text(table, asked->suppress ? NULL : outcome_names[i % outcomes]);
        cn_figure_add(table, cells[i], hidden[i]);
    }
    if (out_total != NULL)
        *out_total = cn_figure_total(asked, referrals->len);
    return cn_table_builder_finish(table);
}

/* ---- How long people wait. */

static const gint32 bins_days[] = {0, 4, 8, 15, 31, 61, 91};
#define BINS G_N_ELEMENTS(bins_days)

/* Those whose help has begun by bin, those who wait by bin, then those who got none. */
#define ENDED (2 * BINS)

static gsize
bin_of(gint64 days)
{
    gsize bin = 0;
    while (bin + 1 < BINS && days >= bins_days[bin + 1])
        bin++;
    return bin;
}

static void
add_days(CnTableBuilder *table, gsize bin)
{
    cn_table_add_int64(table, bins_days[bin]);
    if (bin + 1 < BINS)
        cn_table_add_int64(table, bins_days[bin + 1] - 1);
    else
        cn_table_add_null(table);
}

carenet_table *
cn_figure_waiting(const CnFigureQuestion *asked)
{
    static const CnColumn columns[] = {{"state", CARENET_COLUMN_TEXT},
                                       {"from_days", CARENET_COLUMN_INT64},
                                       {"to_days", CARENET_COLUMN_INT64},
                                       {"referrals", CARENET_COLUMN_INT64},
                                       {"suppressed", CARENET_COLUMN_BOOL}};
    gint64 cells[ENDED + 1] = {0};
    gboolean hidden[G_N_ELEMENTS(cells)] = {FALSE};
    g_autoptr(GArray) referrals = read_referrals(asked);
    for (guint i = 0; i < referrals->len; i++) {
        const Referral *of = &g_array_index(referrals, Referral, i);
        if (of->outcome == OUTCOME_REFUSED)
            cells[ENDED]++;
        else
            cells[(of->outcome == OUTCOME_HELPED ? 0 : BINS) + bin_of(of->days)]++;
    }
    if (asked->suppress)
        cn_figure_hide(cells, G_N_ELEMENTS(cells), hidden);
    CnTableBuilder *table = cn_table_builder_new(columns, G_N_ELEMENTS(columns));
    for (gsize i = 0; i < ENDED; i++) {
        cn_table_add_text(table, i < BINS ? "started" : "waiting");
        add_days(table, i % BINS);
        cn_figure_add(table, cells[i], hidden[i]);
    }
    cn_table_add_text(table, "ended");
    cn_table_add_null(table);
    cn_table_add_null(table);
    cn_figure_add(table, cells[ENDED], hidden[ENDED]);
    return cn_table_builder_finish(table);
}
