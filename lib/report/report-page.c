#include "report/report-page.h"

#include "report/page.h"
#include "report/picture.h"

#include <string.h>

#define DIGEST_SHOWN 16

static const char rule_of_suppression[] =
    "Counts of persons from 1 to 4 are suppressed, and as many others as are needed so that nobody can "
    "find them by subtraction. Places, services, areas and people of the census are no counts of "
    "persons in care.";
static const char no_suppression[] =
    "None: this file is for the network only. Do not hand it on; partners and funders get a file of "
    "their own (--profile partner, --profile funder).";

static void
write_figure(CnHtml *html,
             void (*draw)(CnHtml *, const carenet_table *),
             const carenet_table *table,
             const char *caption,
             const CnPageColumn *columns,
             gsize columns_len)
{
    cn_html_open(html, "figure", NULL);
    if (draw != NULL)
        draw(html, table);
    cn_page_table(html, table, caption, columns, columns_len);
    cn_html_close(html, "figure");
}

/* Whether there is a number that may be seen. */
static gboolean
shows_any(const carenet_table *table, const char *column)
{
    for (gsize row = 0; row < carenet_table_rows_len(table); row++)
        if (!cn_page_is_null(table, row, column))
            return TRUE;
    return FALSE;
}

/* Whether every number is there, and 0. */
static gboolean
is_nothing(const carenet_table *table, const char *column)
{
    for (gsize row = 0; row < carenet_table_rows_len(table); row++)
        if (cn_page_is_null(table, row, column) || cn_page_int(table, row, column) != 0)
            return FALSE;
    return TRUE;
}

/* ---- Sections. */

static void
write_coverage(CnHtml *html, const CnReportPage *page)
{
    static const CnPageColumn columns[] = {{"area", "Region", NULL},
                                           {"service", "Service", NULL},
                                           {"state", "State", NULL},
                                           {"offerings", "Offerings", NULL},
                                           {"available", "With a free place", NULL},
                                           {"within_min", "Within, min", NULL},
                                           {"within_percent", "People within, %", NULL},
                                           {"detail", "What is missing", NULL}};
    cn_page_section_begin(
        html, "coverage", "Coverage",
        "Each region against the minimum package of the policy. A service is covered where a "
        "provider of the region, or one who serves it, has a free place now. People within are "
        "those whose nearest offering is at most so many minutes away, wherever it is.");
    cn_html_open(html, "figure", NULL);
    cn_picture_map(html, page->coverage, page->figures.directory->listing);
    cn_picture_coverage(html, page->coverage);
    cn_page_table(html, page->coverage, "Services of the minimum package by region", columns,
                  G_N_ELEMENTS(columns));
    cn_html_close(html, "figure");
    cn_page_section_end(html);
}

static void
write_gaps(CnHtml *html, const CnReportPage *page)
{
    CnPageColumn columns[CN_BANDS_MOST + 8] = {
        {"service", "Service", NULL},
        {"area", "Area", NULL},
        {"population", "People", NULL},
    };
    g_autoptr(GPtrArray) headings = g_ptr_array_new_with_free_func(g_free);
    gsize len = 3;
    for (gsize i = 0; i < carenet_table_columns_len(page->gaps); i++) {
        const char *name = carenet_table_column_name(page->gaps, i);
        if (!g_str_has_prefix(name, "within_"))
            continue;
        char *heading = g_strdup_printf("≤ %s", name + strlen("within_"));
        g_ptr_array_add(headings, heading);
        columns[len++] = (CnPageColumn){name, heading, NULL};
    }
    columns[len++] = (CnPageColumn){"beyond", "Beyond", NULL};
    columns[len++] = (CnPageColumn){"nobody", "No offering accepts", NULL};
    cn_page_section_begin(
        html, "gaps", "People within reach",
        "How many people of each area have their nearest offering within each band of travel, "
        "wherever it is, and whom no offering of the area accepts.");
    write_figure(html, NULL, page->gaps, "People by travel to the nearest offering", columns, len);
    cn_page_section_end(html);
}

static void
write_capacity(CnHtml *html, const CnReportPage *page)
{
    static const CnPageColumn columns[] = {
        {"service", "Service", NULL},     {"area", "Region", "all"},
        {"stale", "Stale report", "–"},   {"unit", "Unit", NULL},
        {"offerings", "Offerings", NULL}, {"total", "Places", "not shown"},
        {"taken", "Taken", "not shown"},  {"free", "Free", "not shown"}};
    g_autoptr(carenet_table) capacity = cn_figure_capacity(&page->figures);
    cn_page_section_begin(
        html, "capacity", "Capacity",
        "Places of the services that are counted, as last reported; held places count as taken. "
        "Grey places were last reported longer ago than the policy takes for fresh. Restricted "
        "sites, and offerings that nobody reported on, show no number.");
    if (!shows_any(capacity, "total"))
        cn_page_note(html, "No place is known.");
    else
        write_figure(html, cn_picture_capacity, capacity, "Places by service", columns,
                     G_N_ELEMENTS(columns));
    cn_page_section_end(html);
}

static void
write_flow(CnHtml *html, const CnReportPage *page)
{
    static const CnPageColumn columns[] = {{"home", "Home region", "not stated"},
                                           {"serving", "Serving region", "not known"},
                                           {"referrals", "Referrals", NULL},
                                           {"outcome", "Outcome", NULL}};
    g_autoptr(carenet_table) flow = cn_figure_flow(&page->figures, NULL);
    cn_page_section_begin(
        html, "flow", "Flow of referrals",
        "Referrals that were sent in the period, by the region where the survivor is at home, the "
        "region that serves, and what became of them: helped (help has begun), underway, waiting "
        "(on a list), refused (declined, expired, called off). Redirected ones count where they "
        "went. A referral keeps the region of a home until its case is erased; where it has none, "
        "the list of cases tells it.");
    if (carenet_table_rows_len(flow) == 0)
        cn_page_note(html, "No referral was sent in this period.");
    else if (!shows_any(flow, "referrals"))
        cn_page_note(html, "There are too few referrals to show any.");
    else
        write_figure(html, cn_picture_flow, flow, "Referrals by regions and outcome", columns,
                     page->figures.suppress ? 3 : G_N_ELEMENTS(columns));
    cn_page_section_end(html);
}

static void
write_waiting(CnHtml *html, const CnReportPage *page)
{
    static const CnPageColumn columns[] = {{"state", "State", NULL},
                                           {"from_days", "From day", NULL},
                                           {"to_days", "To day", "no end"},
                                           {"referrals", "Referrals", NULL}};
    g_autoptr(carenet_table) waiting = cn_figure_waiting(&page->figures);
    cn_page_section_begin(
        html, "waiting", "Waiting",
        "Days from sending a referral to the start of help. Those who still wait are not among "
        "them: they stand apart, by days until now. Ended: referrals that ended without help.");
    if (is_nothing(waiting, "referrals"))
        cn_page_note(html, "Nobody was referred in this period.");
    else if (!shows_any(waiting, "referrals"))
        cn_page_note(html, "There are too few referrals to show any.");
    else
        write_figure(html, cn_picture_waiting, waiting, "Referrals by days of waiting", columns,
                     G_N_ELEMENTS(columns));
    cn_page_section_end(html);
}

static void
write_unmet(CnHtml *html, const CnReportPage *page)
{
    static const CnPageColumn columns[] = {{"service", "Service", NULL},
                                           {"area", "Region of the survivor", "elsewhere"},
                                           {"unmet", "Unmet", NULL},
                                           {"needed", "Needed", NULL}};
    g_autoptr(carenet_table) unmet = cn_figure_unmet(&page->figures);
    cn_page_section_begin(html, "unmet", "Unmet needs",
                          "Units of needs that nobody can take in the best plan for everybody of "
                          "the list of cases, by service and region.");
    if (unmet == NULL)
        cn_page_note(html, "No list of cases was given.");
    else if (!shows_any(unmet, "unmet"))
        cn_page_note(html, "There are too few unmet needs to show any.");
    else
        write_figure(html, cn_picture_unmet, unmet, "Unmet needs by service and region", columns,
                     page->figures.suppress ? 3 : G_N_ELEMENTS(columns));
    cn_page_section_end(html);
}

static void
write_funnel(CnHtml *html, const CnReportPage *page)
{
    static const CnPageColumn columns[] = {{"stage", "Stage", NULL}, {"units", "Units", NULL}};
    g_autoptr(carenet_table) funnel = cn_figure_funnel(&page->figures);
    cn_page_section_begin(html, "funnel", "Where needs are lost",
                          "Every unit that is needed is lost at exactly one stage, or placed.");
    if (funnel == NULL)
        cn_page_note(html, "No list of cases was given.");
    else if (!shows_any(funnel, "units"))
        cn_page_note(html, "There are too few needs to show any.");
    else
        write_figure(html, cn_picture_funnel, funnel, "Units of needs by stage", columns,
                     G_N_ELEMENTS(columns));
    cn_page_section_end(html);
}

static void
write_indicators(CnHtml *html, const CnReportPage *page)
{
    static const CnPageColumn columns[] = {
        {"label", "Indicator", NULL}, {"area", "Area", NULL},
        {"value", "Value", NULL},     {"unit", "Unit", NULL},
        {"origin", "Origin", NULL},   {"additive", "May be added up", NULL},
        {"detail", "Detail", NULL}};
    cn_page_section_begin(
        html, "indicators", "Indicators",
        "What the programme achieved in the period: computed from its records, or "
        "reported from elsewhere. Figures that may not be added up overlap with "
        "others.");
    if (page->indicators == NULL || carenet_table_rows_len(page->indicators) == 0)
        cn_page_note(html, "There are no programme records.");
    else
        write_figure(html, NULL, page->indicators, "Indicators of the programme", columns,
                     G_N_ELEMENTS(columns));
    cn_page_section_end(html);
}

/* ---- Head and foot. */

static void
add_count(GArray *facts, const char *name, gint64 count)
{
    g_autofree char *number = cn_page_number(count);
    cn_page_fact_add(facts, name, "%s", count == CN_TOTAL_HIDDEN ? "under 5" : number);
}

static void
add_network(GArray *facts, const CnReportPage *page)
{
    const CnListing *listing = page->figures.directory->listing;
    guint covered = 0;
    add_count(facts, "Regions", (gint64)listing->regions_len);
    add_count(facts, "Providers", (gint64)listing->providers_len);
    add_count(facts, "Offerings", (gint64)listing->offerings_len);
    if (page->coverage == NULL)
        return;
    for (gsize row = 0; row < carenet_table_rows_len(page->coverage); row++)
        covered += strcmp(cn_page_text(page->coverage, row, "state"), "covered") == 0;
    cn_page_fact_add(facts, "Covered", "%u of %" G_GSIZE_FORMAT, covered,
                     carenet_table_rows_len(page->coverage));
}

static void
add_people(GArray *facts, const CnReportPage *page)
{
    gint64 referrals = 0;
    g_autoptr(carenet_table) flow = cn_figure_flow(&page->figures, &referrals);
    g_autoptr(carenet_table) funnel = cn_figure_funnel(&page->figures);
    if (page->figures.referrals != NULL)
        add_count(facts, "Referrals", referrals);
    if (funnel == NULL)
        return;
    const gsize last = carenet_table_rows_len(funnel) - 1;
    if (cn_page_bool(funnel, 0, "suppressed"))
        add_count(facts, "Units needed", CN_TOTAL_HIDDEN);
    else if (cn_page_bool(funnel, last, "suppressed"))
        add_count(facts, "Units needed", cn_page_int(funnel, 0, "units"));
    else
        cn_page_fact_add(facts, "Needs placed", "%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT,
                         cn_page_int(funnel, last, "units"), cn_page_int(funnel, 0, "units"));
}

static char *
name_period(const CnReportPage *page)
{
    if (page->from == NULL && page->to == NULL)
        return g_strdup("everything that is on record");
    return g_strdup_printf("%s to %s", page->from != NULL ? page->from : "the beginning",
                           page->to != NULL ? page->to : "the end");
}

static void
write_footer(CnHtml *html, const CnReportPage *page)
{
    const CnFigureQuestion *asked = &page->figures;
    g_autoptr(GArray) facts = cn_page_facts_new();
    g_autofree char *period = name_period(page);
    g_autofree char *as_of = cn_instant_format_s(asked->now_s);
    cn_page_fact_add(facts, "Directory", "%s, revision %" G_GINT64_FORMAT,
                     cn_directory_digest(asked->directory), asked->directory->revision);
    cn_page_fact_add(facts, "Policy", "%s, %.*s",
                     asked->policy->id != NULL ? asked->policy->id : "", DIGEST_SHOWN,
                     cn_policy_digest(asked->policy));
    cn_page_fact_add(facts, "Profile", "%s", page->profile);
    cn_page_fact_add(facts, "Period", "%s", period);
    cn_page_fact_add(facts, "As of", "%s", as_of);
    cn_page_fact_add(facts, "Suppression", "%s",
                     asked->suppress ? rule_of_suppression : no_suppression);
    cn_page_fact_add(facts, "Restricted sites", "%s",
                     "Shown by region only; no point is drawn and no distance is measured to where "
                     "they are.");
    cn_page_fact_add(facts, "Made by", "carenet %s", carenet_version());
    cn_page_footer(html, facts);
}

static const struct {
    CnSection section;
    void (*write)(CnHtml *html, const CnReportPage *page);
} sections_in_order[] = {
    {CN_SECTION_COVERAGE, write_coverage}, {CN_SECTION_CAPACITY, write_capacity},
    {CN_SECTION_FLOW, write_flow},         {CN_SECTION_WAITING, write_waiting},
    {CN_SECTION_UNMET, write_unmet},       {CN_SECTION_FUNNEL, write_funnel},
    {CN_SECTION_GAPS, write_gaps},         {CN_SECTION_INDICATORS, write_indicators},
};

char *
cn_report_page(const CnReportPage *page, guint sections)
{
    CnHtml *html = cn_html_new();
    const CnListing *listing = page->figures.directory->listing;
    const char *network = cn_listed_text(listing, listing->network.name);
    g_autoptr(GArray) key = cn_page_facts_new();
    g_autofree char *as_of = cn_instant_format_s(page->figures.now_s);
    g_autofree char *lead = g_strdup_printf(
        "What it covers, what it does and where it falls short, as of %.10s.", as_of);
    cn_page_begin(html, network != NULL ? network : "Network of care", lead,
                  listing->network.demonstration != 0);
    add_network(key, page);
    if (sections == CN_SECTIONS_ALL)
        add_people(key, page);
    cn_page_facts(html, "key", key);
    for (gsize i = 0; i < G_N_ELEMENTS(sections_in_order); i++)
        if ((sections & sections_in_order[i].section) != 0)
            sections_in_order[i].write(html, page);
    write_footer(html, page);
    cn_page_end(html);
    return cn_html_finish(html);
}
