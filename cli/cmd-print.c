/* carenet print: sheets of one page for a desk without a computer. */
#include "commands.h"
#include "message.h"
#include "output.h"

#include <string.h>

/* An A4 page in a plain typeface. */
#define COLUMNS_MOST      78
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
print_feedback(const Options *options)
{
    cli_print("\nFeedback and complaints about any service named here:\n");
    if (options->feedback != NULL)
        cli_print("  %s\n", options->feedback);
    else
        cli_print("  (office and phone) __________________________________________________\n");
    cli_print("  A complaint never costs anybody a service.\n");
}

/* ---- The pathway card: who to call for what. */

/* Names may be long, and the page is not wide; what is needed to call is never cut. */
static void
print_cut(const char *text)
{
    if (g_utf8_strlen(text, -1) <= COLUMNS_MOST) {
        cli_print("%s\n", text);
        return;
    }
    g_autofree char *begin = g_utf8_substring(text, 0, COLUMNS_MOST - 3);
    cli_print("%s...\n", begin);
}

static void
print_reporting(const carenet_table *lines)
{
    gsize printed = 0;
    cli_print("\nTo report abuse, at any hour\n");
    for (gsize row = 0; row < carenet_table_rows_len(lines) && printed < REPORTING_MOST; row++) {
        const char *phone = cli_cell_text(lines, row, "phone");
        if (phone == NULL)
            continue;
        g_autofree char *head = g_strdup_printf("  %s", cli_cell_text(lines, row, "name"));
        print_cut(head);
        cli_print("    %s%s\n", phone,
                  cli_cell_bool(lines, row, "unconfirmed") ? " (unconfirmed)" : "");
        printed++;
    }
}

static void
print_provider(const carenet_table *rows, gsize row)
{
    const char *contact = cli_cell_text(rows, row, "contact");
    const char *phone = cli_cell_text(rows, row, "phone");
    g_autofree char *head = g_strdup_printf("  %s, %s", cli_cell_text(rows, row, "name"),
                                            cli_cell_text(rows, row, "place"));
    print_cut(head);
    cli_print("    ask for: %s", contact != NULL ? contact : "the office");
    if (phone != NULL)
        cli_print(", %s", phone);
    if (cli_cell_bool(rows, row, "unconfirmed"))
        cli_print(" (unconfirmed)");
    cli_print("\n");
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

/* The first providers of a group of services in the order of find: open ones before full ones,
 * confirmed ones before others. */
static gboolean
print_group(const Cli *cli, const char *region, const char *id, const char *name, GError **error)
{
    carenet_find_query query;
    carenet_find_query_init(&query);
    query.services = &id, query.services_len = 1;
    query.regions = &region, query.regions_len = 1;
    query.now_s = cli_now(cli);
    carenet_table *rows = carenet_find(cli->directory, &query, error);
    if (rows == NULL)
        return FALSE;
    gsize printed = 0;
    cli_print("%s\n", name);
    for (gsize row = 0; row < carenet_table_rows_len(rows) && printed < PROVIDERS_A_GROUP; row++) {
        if (was_printed(rows, row))
            continue;
        print_provider(rows, row);
        printed++;
    }
    if (printed == 0)
        cli_print("  nobody in this region: ask the social welfare office\n");
    carenet_table_unref(rows);
    return TRUE;
}

static gboolean
print_groups(const Cli *cli, const char *region, GError **error)
{
    carenet_table *services = carenet_reference_services(cli->reference);
    gboolean done = TRUE;
    for (gsize row = 0; done && row < carenet_table_rows_len(services); row++)
        if (cli_cell_int(services, row, "depth") == 0)
            done = print_group(cli, region, cli_cell_text(services, row, "service"),
                               cli_cell_text(services, row, "name"), error);
    carenet_table_unref(services);
    return done;
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
    if (lines == NULL)
        return FALSE;
    g_autofree char *today = cli_instant_format(cli_now(cli));
    cli_print("PATHWAY CARD: who to call for what, %s\n", options->region);
    cli_print("As of %.10s. Call before you send a child.\n", today);
    if (carenet_directory_is_demonstration(cli->directory))
        cli_print("DEMONSTRATION: the providers that begin with EXAMPLE are invented.\n");
    print_reporting(lines);
    carenet_table_unref(lines);
    cli_print("\n");
    if (!print_groups(cli, options->region, error))
        return FALSE;
    print_feedback(options);
    cli_print("\nDirectory %.12s\n", carenet_directory_digest(cli->directory));
    return TRUE;
}

/* ---- The referral sheet: filled in by hand. */

static gboolean
print_referral_sheet(Cli *cli, const Options *options, GError **error)
{
    (void)cli, (void)error;
    cli_print("REFERRAL SHEET\n"
              "No name, birth date, phone number or address of the survivor on this sheet.\n\n");
    cli_print("Reference of the case     __________________   Date and time ________________\n"
              "Responsible office        ___________________________________________________\n"
              "Worker who refers         ___________________   Phone _______________________\n\n");
    cli_print("To (provider, offering)   ___________________________________________________\n"
              "Need (service)            ___________________________________________________\n"
              "Urgency                   [ ] emergency   [ ] urgent   [ ] routine\n"
              "Age in years ____         Sex [ ] female  [ ] male     Language _____________\n"
              "Access needs              ___________________________________________________\n"
              "Siblings to keep together [ ] yes, how many ____   [ ] no\n\n");
    cli_print("Consent to refer          [ ] child assents   [ ] non-offending guardian\n"
              "                          [ ] social welfare office   [ ] adult survivor\n"
              "Given on                  __________________   To tell: [ ] minimum  [ ] full\n"
              "Assessments and documents ___________________________________________________\n\n");
    cli_print("Safety: who must not know, where not to go\n"
              "  ____________________________________________________________________________\n"
              "  ____________________________________________________________________________\n\n");
    cli_print("Answer of the provider    [ ] accepted   [ ] waiting list   [ ] declined\n"
              "Reason, if declined       [ ] client refused   [ ] no place   [ ] not eligible\n"
              "                          [ ] cannot reach client   [ ] safety   [ ] other\n"
              "Place held until          __________________   Answered by (office) __________\n"
              "Service started on        __________________\n");
    print_feedback(options);
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
    if (!cli_operands_check(words, 1, 1, error))
        return 2;
    gint sheet = cli_choice_parse("a sheet", words[0], sheets, error);
    if (sheet < 0)
        return 2;
    gboolean done = sheet == 0 ? print_pathway_card(cli, &options, error)
                               : print_referral_sheet(cli, &options, error);
    return done ? 0 : 2;
}
