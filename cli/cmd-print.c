/* carenet print: sheets of one page for a desk without a computer. */
#include "commands.h"
#include "message.h"
#include "output.h"
#include "sheet.h"

#include <string.h>

#define PROVIDERS_A_GROUP 2
#define REPORTING_MOST    4

typedef struct {
    char *region;
    char *feedback;
} Options;

static void
free_options(Options *options)
{
    g_free(options->region);
    g_free(options->feedback);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, free_options)

/* ---- What both sheets end with. */

static void
print_feedback(CliSheet *sheet, const Options *options)
{
    cli_sheet_group(
        sheet, cli_translate(N_("Feedback and complaints about any service named here")), TRUE);
    if (options->feedback != NULL)
        cli_sheet_note(sheet, options->feedback);
    else
        cli_sheet_field(sheet, N_("Office and phone"), NULL);
    cli_sheet_note(sheet, cli_translate(N_("A complaint never costs anybody a service.")));
}

/* ---- The pathway card: who to call for what. */

static char *
mark_unconfirmed(const carenet_table *rows, gsize row, const char *text)
{
    return cli_cell_bool(rows, row, "unconfirmed")
               ? g_strdup_printf(cli_translate(N_("%s (unconfirmed)")), text)
               : g_strdup(text);
}

static void
print_reporting(CliSheet *sheet, const carenet_table *lines)
{
    gsize printed = 0;
    cli_sheet_group(sheet, cli_translate(N_("To report abuse, at any hour")), TRUE);
    for (gsize row = 0; row < carenet_table_rows_len(lines) && printed < REPORTING_MOST; row++) {
        const char *phone = cli_cell_text(lines, row, "phone");
        if (phone == NULL)
            continue;
        g_autofree char *how = mark_unconfirmed(lines, row, phone);
        cli_sheet_entry(sheet, cli_cell_text(lines, row, "name"), how);
        printed++;
    }
}

static void
print_provider(CliSheet *sheet, const carenet_table *rows, gsize row)
{
    const char *contact = cli_cell_text(rows, row, "contact");
    const char *phone = cli_cell_text(rows, row, "phone");
    g_autofree char *head = g_strdup_printf("%s, %s", cli_cell_text(rows, row, "name"),
                                            cli_cell_text(rows, row, "place"));
    if (contact == NULL)
        contact = cli_translate(N_("the office"));
    g_autofree char *ask =
        phone != NULL ? g_strdup_printf(cli_translate(N_("ask for: %s, %s")), contact, phone)
                      : g_strdup_printf(cli_translate(N_("ask for: %s")), contact);
    g_autofree char *how = mark_unconfirmed(rows, row, ask);
    cli_sheet_entry(sheet, head, how);
}

static gboolean
was_printed(const carenet_table *rows, gsize row)
{
    for (gsize i = 0; i < row; i++)
        if (g_strcmp0(cli_cell_text(rows, i, "provider"), cli_cell_text(rows, row, "provider")) ==
            0)
            return TRUE;
    return FALSE;
}

/* Prints of the answer to @query what is @wider, or what is not, until so many of the group stand there. */
static gboolean
print_found(const Cli *cli,
            CliSheet *sheet,
            const carenet_find_query *query,
            gsize *printed,
            GError **error)
{
    carenet_table *rows = carenet_find(cli->directory, query, error);
    if (rows == NULL)
        return FALSE;
    for (gsize row = 0; row < carenet_table_rows_len(rows) && *printed < PROVIDERS_A_GROUP; row++) {
        const gboolean is_wider = g_strcmp0(cli_cell_text(rows, row, "via"), "wider") == 0;
        if (is_wider != query->wider || was_printed(rows, row))
            continue;
        print_provider(sheet, rows, row);
        (*printed)++;
    }
    carenet_table_unref(rows);
    return TRUE;
}

/* The first providers of a group of services in the order of find: open ones before full ones, confirmed ones before
 * others. Where a town has too few, those follow that are shown for a wider area only, as a restricted shelter is: it may
 * be there or not, and the card is the same either way. */
static gboolean
print_group(const Cli *cli,
            CliSheet *sheet,
            const char *region,
            const char *id,
            const char *name,
            gboolean is_first,
            GError **error)
{
    carenet_find_query query;
    carenet_find_query_init(&query);
    query.services = &id, query.services_len = 1;
    query.regions = &region, query.regions_len = 1;
    query.now_s = cli_now(cli);
    gsize printed = 0;
    cli_sheet_group(sheet, name, is_first);
    if (!print_found(cli, sheet, &query, &printed, error))
        return FALSE;
    query.wider = true;
    if (printed < PROVIDERS_A_GROUP && !print_found(cli, sheet, &query, &printed, error))
        return FALSE;
    if (printed == 0)
        cli_sheet_note(sheet, cli_translate(N_("  nobody in this region: ask the social welfare "
                                               "office")));
    return TRUE;
}

static gboolean
print_groups(const Cli *cli, CliSheet *sheet, const char *region, GError **error)
{
    carenet_table *services = carenet_reference_services(cli->reference);
    gboolean done = TRUE;
    for (gsize row = 0; done && row < carenet_table_rows_len(services); row++)
        if (cli_cell_int(services, row, "depth") == 0)
            done = print_group(cli, sheet, region, cli_cell_text(services, row, "service"),
                               cli_cell_text(services, row, "name"), row == 0, error);
    carenet_table_unref(services);
    return done;
}

static gboolean
print_card(const Cli *cli, const Options *options, const carenet_table *lines, GError **error)
{
    CliSheet sheet;
    g_autofree char *today = cli_instant_format(cli_now(cli));
    g_autofree char *title = g_strdup_printf(
        cli_translate(N_("PATHWAY CARD: who to call for what, %s")), options->region);
    g_autofree char *as_of =
        g_strdup_printf(cli_translate(N_("As of %.10s. Call before you send a child.")), today);
    g_autofree char *made_from = g_strdup_printf(cli_translate(N_("Directory %.12s")),
                                                 carenet_directory_digest(cli->directory));
    cli_sheet_begin(&sheet, cli->format == CLI_HTML, title, TRUE);
    cli_sheet_note(&sheet, as_of);
    if (carenet_directory_is_demonstration(cli->directory))
        cli_sheet_note(&sheet,
                       cli_translate(N_("DEMONSTRATION: the providers that begin with EXAMPLE are "
                                        "invented.")));
    print_reporting(&sheet, lines);
    if (!print_groups(cli, &sheet, options->region, error))
        return FALSE;
    print_feedback(&sheet, options);
    if (!sheet.html)
        cli_print("\n");
    cli_sheet_note(&sheet, made_from);
    cli_sheet_end(&sheet);
    return TRUE;
}

static gboolean
print_pathway_card(Cli *cli, const Options *options, GError **error)
{
    if (options->region == NULL) {
        cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT,
                 "add --region, such as --region caraga; \"carenet terms regions\" lists them",
                 "a pathway card is for a region");
        return FALSE;
    }
    if (!cli_directory_open(cli, error) || !cli_reference_open(cli, error))
        return FALSE;
    carenet_table *lines =
        carenet_directory_reporting_lines(cli->directory, options->region, error);
    const gboolean done = lines != NULL && print_card(cli, options, lines, error);
    carenet_table_unref(lines);
    return done;
}

/* ---- The referral sheet: filled in by hand. */

/* A heading stands above the fields that follow it. */
static const struct {
    const char *heading, *label;
    const char *choices[8];
} fields[] = {
    {N_("The referral"), N_("Reference of the case"), {NULL}},
    {NULL, N_("Date and time"), {NULL}},
    {NULL, N_("Responsible office"), {NULL}},
    {NULL, N_("Worker who refers, phone"), {NULL}},
    {NULL, N_("To (provider, offering)"), {NULL}},
    {NULL, N_("Need (service)"), {NULL}},
    {NULL, N_("Urgency"), {N_("emergency"), N_("urgent"), N_("routine")}},
    {N_("The survivor"), N_("Age in years"), {NULL}},
    {NULL, N_("Sex"), {N_("female"), N_("male")}},
    {NULL, N_("Language"), {NULL}},
    {NULL, N_("Access needs"), {NULL}},
    {NULL, N_("Siblings to keep together"), {N_("no"), N_("yes, how many: ____")}},
    {NULL,
     N_("Consent to refer"),
     {N_("child assents"), N_("non-offending guardian"), N_("social welfare office"),
      N_("adult survivor")}},
    {NULL, N_("Consent given on"), {NULL}},
    {NULL, N_("What may be told"), {N_("the minimum"), N_("everything on this sheet")}},
    {NULL, N_("Assessments, documents"), {NULL}},
    {N_("Safety"), N_("Who must not know"), {NULL}},
    {NULL, N_("Where not to go"), {NULL}},
    {N_("Answer of the provider"),
     N_("Answer"),
     {N_("accepted"), N_("waiting list"), N_("declined")}},
    {NULL,
     N_("Reason, if declined"),
     {N_("client refused"), N_("no place"), N_("not eligible"), N_("cannot reach client"),
      N_("safety"), N_("other")}},
    {NULL, N_("Place held until"), {NULL}},
    {NULL, N_("Answered by (office)"), {NULL}},
    {NULL, N_("Service started on"), {NULL}},
};

static gboolean
print_referral_sheet(Cli *cli, const Options *options, GError **error)
{
    CliSheet sheet;
    (void)error;
    cli_sheet_begin(&sheet, cli->format == CLI_HTML, cli_translate(N_("REFERRAL SHEET")), FALSE);
    cli_sheet_note(&sheet, cli_translate(N_("No name, birth date, phone number or address of the "
                                            "survivor on this sheet.")));
    for (gsize i = 0; i < G_N_ELEMENTS(fields); i++) {
        if (fields[i].heading != NULL)
            cli_sheet_group(&sheet, cli_translate(fields[i].heading), TRUE);
        cli_sheet_field(&sheet, fields[i].label,
                        fields[i].choices[0] != NULL ? fields[i].choices : NULL);
    }
    print_feedback(&sheet, options);
    cli_sheet_end(&sheet);
    return TRUE;
}

int
cli_sheet(Cli *cli, char **words, GError **error)
{
    static const char *const sheets[] = {"pathway-card", "referral-sheet", NULL};
    g_auto(Options) options = {0};
    const GOptionEntry entries[] = {
        {"region", 0, 0, G_OPTION_ARG_STRING, &options.region,
         N_("of a pathway card: an area and all below it"), "AREA"},
        {"feedback", 0, 0, G_OPTION_ARG_STRING, &options.feedback,
         N_("office and phone for feedback and complaints; without it there is a line to fill in"),
         "CONTACT"},
        {0},
    };
    if (!cli_parse(cli, entries, words, error))
        return 0;
    if (!cli_operands_check(cli, words, 1, 1, error))
        return 2;
    gint sheet = cli_choice_parse("a sheet", words[0], sheets, error);
    if (sheet < 0)
        return 2;
    gboolean done = sheet == 0 ? print_pathway_card(cli, &options, error)
                               : print_referral_sheet(cli, &options, error);
    return done ? 0 : 2;
}
