/* carenet(1): the table of commands, and how one of them is chosen and run. */
#include "commands.h"
#include "message.h"
#include "near.h"
#include "output.h"
#include "stopping.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define ASK (CLI_TAKES_DB | CLI_TAKES_FORMAT | CLI_TAKES_AS_OF)

const CliCommand cli_commands[] = {
    {"find", cli_find, "[OPTION...]", N_("who can help: search the directory"),
     ASK | CLI_TAKES_LIMIT,
     "  carenet find --region mindanao --service mental-health\n"
     "  carenet find --service emergency-shelter --near \"Cagayan de Oro\" --within 2h --age 9 --sex "
     "male\n"
     "  carenet find --service trauma-therapy --serving \"Surigao City\" --open-now --format csv\n"},
    {"show", cli_show, "ID", N_("everything that is known about a provider, a service or an area"),
     ASK,
     "  carenet show ex-nmn-003\n"
     "  carenet show trauma-therapy\n"
     "  carenet show \"Cagayan de Oro\"\n"
     "  carenet show trainings\n"},
    {"route", cli_route, "--case FILE | --needs SERVICE... --from PLACE [OPTION...]",
     N_("who can really take a case, and why"), ASK,
     "  carenet route --needs trauma-therapy --from \"Cagayan de Oro\" --age 15 --sex female\n"
     "  carenet route --case case.yaml --explain\n"
     "  carenet route --case - --format json < case.yaml\n"},
    {"batch", cli_batch, "--cases FILE [-o PLAN] [OPTION...]",
     N_("route everybody of a list at once, with a proof"), ASK | CLI_TAKES_LIMIT,
     "  carenet batch --cases cases.csv -o plan.json --threads 2\n"
     "  carenet batch --cases cases.ndjson --reject refused.ndjson --strict\n"
     "  carenet batch --cases - --format csv < cases.csv\n"},
    {"check", cli_check, "PLAN --cases FILE [OPTION...]",
     N_("prove a plan anew, or say what is wrong with it"), ASK,
     "  carenet check plan.json --cases cases.csv\n"},
    {"explain", cli_explain, "PLAN --cases FILE --ref REF [--why-not ID]",
     N_("why a case of a plan goes where it goes"), ASK,
     "  carenet explain plan.json --cases cases.csv --ref C-2041\n"},
    {"compare", cli_compare, "PLAN PLAN", N_("what is different in another plan"), CLI_TAKES_FORMAT,
     "  carenet compare monday.json tuesday.json\n"},
    {"whatif", cli_whatif, "--cases FILE --add ID +N... | --close ID...",
     N_("what would change with more places, or with somebody closed"), ASK,
     "  carenet whatif --cases cases.csv --add ex-nmn-014/trauma-therapy +5\n"
     "  carenet whatif --cases cases.csv --close ex-nmn-022\n"},
    {"gaps", cli_gaps,
     "[--cases FILE | --from DAY --to DAY] [--by service] [--by region] [OPTION...]",
     N_("where places are missing, and where one more helps most"), ASK,
     "  carenet gaps --region caraga\n"
     "  carenet gaps --from 2026-07 --to 2026-09\n"
     "  carenet gaps --cases cases.csv\n"
     "  carenet gaps --cases cases.csv --by region --top 0\n"},
    {"refer", cli_refer, "--case FILE [--need SERVICE] --to OFFERING [OPTION...] | --send ID",
     N_("send a need of a case to an offering; a place is held"), ASK,
     "  carenet refer --case case.yaml --need trauma-therapy --to ex-nmn-014/trauma-therapy\n"
     "  carenet refer --case case.yaml --to ex-nmn-014/trauma-therapy --waitlist\n"},
    {"receive", cli_transition, "ID", N_("the provider has the referral"), ASK,
     "  carenet receive R-12 --by phone\n"},
    {"accept", cli_transition, "ID", N_("the provider takes the survivor: the place is occupied"),
     ASK, "  carenet accept R-12 --by phone\n"},
    {"start", cli_transition, "ID", N_("help has begun"), ASK, "  carenet start R-12\n"},
    {"decline", cli_transition, "ID --reason REASON",
     N_("the provider says no: the place is given back"), ASK,
     "  carenet decline R-12 --reason lack-of-capacity --by phone\n"},
    {"redirect", cli_transition, "ID --to OFFERING", N_("send the need to another offering"), ASK,
     "  carenet redirect R-12 --to ex-nmn-015/trauma-therapy\n"},
    {"waitlist", cli_transition, "ID", N_("wait for a place: by urgency, then time"), ASK,
     "  carenet waitlist R-12 --by phone\n"},
    {"complete", cli_transition, "ID [--outcome OUTCOME | --reason REASON]",
     N_("help has ended: the place is free"), ASK,
     "  carenet complete R-12 --outcome met\n"
     "  carenet complete R-12 --reason unable-to-contact-client\n"},
    {"cancel", cli_transition, "ID --reason REASON", N_("call an open referral off"), ASK,
     "  carenet cancel R-12 --reason client-refused\n"},
    {"status", cli_status, "[ID]", N_("referrals, and how they stand"), ASK | CLI_TAKES_LIMIT,
     "  carenet status\n"
     "  carenet status R-12\n"
     "  carenet status --provider ex-nmn-014 --all\n"},
    {"due", cli_due, "",
     N_("whom to call: answers, drafts, accreditations, ages and places that are due"), ASK,
     "  carenet due\n"
     "  carenet due --days 30 --format csv\n"},
    {"capacity", cli_capacity, "list | get OFFERING | set OFFERING | hold OFFERING | release HOLD",
     N_("the places of offerings: look, report, hold"), ASK,
     "  carenet capacity get ex-nmn-014/trauma-therapy\n"
     "  carenet capacity set ex-nmn-014/trauma-therapy --occupied 8\n"
     "  carenet capacity hold ex-nmn-014/trauma-therapy --for 24h\n"},
    {"verify", cli_verify, "ID --by WAY",
     N_("write down that a provider, or the places of an offering, were verified"), ASK,
     "  carenet verify ex-nmn-014 --by phone\n"},
    {"disclose", cli_disclose, "ID --to WORKER --key-file FILE",
     N_("where the restricted site is that has accepted a referral, for one named worker"), ASK,
     "  carenet disclose R-12 --to worker-7 --key-file network.key\n"
     "  carenet disclose R-12 --to worker-7 --key-file network.key --dry-run\n"},
    {"safety", cli_safety, "--case FILE --to OFFERING --key-file FILE",
     N_("whether a restricted site lies where a case must not go"), ASK,
     "  carenet safety --case case.yaml --to ex-nmn-022/emergency-shelter --key-file network.key\n"},
    {"purge", cli_purge, "--case REF | --before DAY",
     N_("erase a case, or all whose last referral ended before a day"), ASK,
     "  carenet purge --case C-2041\n"
     "  carenet purge --before 2021-11-16 --dry-run\n"},
    {"key", cli_key, "create | seal | change | check",
     N_("the key that restricted sites and cases are sealed with"), CLI_TAKES_DB | CLI_TAKES_FORMAT,
     "  carenet key create --key-file /media/safe/network.key\n"
     "  carenet key check --key-file /media/safe/network.key\n"
     "  carenet key change --key-file old.key --new-key-file new.key\n"},
    {"audit", cli_audit, "list | verify | checkpoint | new-key",
     N_("who did what, and whether the records are whole"), ASK | CLI_TAKES_LIMIT,
     "  carenet audit list --subject R-12\n"
     "  carenet audit verify\n"
     "  carenet audit checkpoint --sign /media/safe/audit.key -o /media/safe/monday.checkpoint\n"
     "  carenet audit verify --checkpoint /media/safe/monday.checkpoint\n"},
    {"report", cli_report,
     "coverage | gaps | capacity | flow | waiting | unmet | funnel | indicators [FILE...] | full "
     "[FILE...]",
     N_("what the network covers and what its programme achieved: figures and pages"),
     ASK | CLI_TAKES_HTML,
     "  carenet report coverage --region caraga\n"
     "  carenet report full -o network.html --profile funder\n"
     "  carenet report indicators --from 2021-08-01 --to 2023-04-30\n"
     "  carenet report indicators --by region --profile funder --format csv\n"
     "  carenet report indicators network.yaml regions/*.yaml\n"},
    {"print", cli_sheet, "pathway-card --region AREA | referral-sheet [--feedback CONTACT]",
     N_("sheets of one page for a desk without a computer"),
     CLI_TAKES_DB | CLI_TAKES_AS_OF | CLI_TAKES_FORMAT | CLI_TAKES_SHEETS,
     "  carenet print pathway-card --region caraga --feedback \"Regional council, 085 000 0000\"\n"
     "  carenet print referral-sheet\n"},
    {"init", cli_init, "[--demo]", N_("make a store"), CLI_TAKES_DB | CLI_TAKES_FORMAT,
     "  carenet init\n"
     "  carenet init --demo --db try.db\n"},
    {"import", cli_import, "[--replace] [--dry-run] FILE...",
     N_("bring region files or spreadsheets (CSV) into the store"), CLI_TAKES_DB | CLI_TAKES_LAYOUT,
     "  carenet import northern-mindanao.yaml --dry-run\n"
     "  carenet import northern-mindanao.yaml\n"
     "  carenet import providers.csv\n"},
    {"export", cli_export, "--region REGION [-o FILE] | -o DIR | --format csv [-o FILE]",
     N_("write region files or a spreadsheet (CSV) without any restricted field"), CLI_TAKES_DB,
     "  carenet export --region northern-mindanao\n"
     "  carenet export -o regions/\n"
     "  carenet export --format csv -o providers.csv\n"},
    {"validate", cli_validate, "FILE...", N_("check region files and spreadsheets (CSV)"),
     CLI_TAKES_FORMAT, "  carenet validate data/regions/*.yaml\n"},
    {"doctor", cli_doctor, "", N_("check the store, the directory and privacy; say what mends it"),
     ASK,
     "  carenet doctor\n"
     "  carenet doctor --format json\n"},
    {"migrate", cli_migrate, "[--dry-run]",
     N_("bring the store of an older carenet to this one's layout"),
     CLI_TAKES_DB | CLI_TAKES_FORMAT,
     "  carenet migrate --dry-run\n"
     "  carenet migrate\n"},
    {"backup", cli_backup, "[-o FILE] [--force]",
     N_("copy the whole store, restricted sites included"),
     CLI_TAKES_DB | CLI_TAKES_FORMAT | CLI_TAKES_RECORD,
     "  carenet backup\n"
     "  carenet backup -o /media/safe/network.backup\n"},
    {"restore", cli_restore, "FILE [--force]", N_("put a backup in the place of the store"),
     CLI_TAKES_DB | CLI_TAKES_FORMAT | CLI_TAKES_RECORD,
     "  carenet restore /media/safe/network.backup --force\n"},
    {"template", cli_template, "region | case | policy", N_("print a commented start for a file"),
     0, "  carenet template case > case.yaml\n"},
    {"terms", cli_terms,
     "regions | services | groups | access | documents | assessments | courses | languages | "
     "reasons",
     N_("the words that carenet understands"), CLI_TAKES_DB | CLI_TAKES_FORMAT,
     "  carenet terms services --tree\n"},
    {"completion", cli_completion, "bash | zsh | fish",
     N_("print what makes a shell complete names"), 0,
     "  source <(carenet completion bash)\n"
     "  carenet completion fish | source\n"},
    {"names", cli_names, "KIND [PREFIX]", N_("the names that a shell may complete"),
     CLI_TAKES_DB | CLI_IS_HIDDEN, NULL},
    {"help", cli_help, "[COMMAND | TOPIC]",
     N_("how to use carenet, one of its commands, or a topic"), 0,
     "  carenet help route\n  carenet help privacy\n"},
    {"version", cli_version, "", N_("the version of carenet and of what it stands on"),
     CLI_TAKES_FORMAT | CLI_TAKES_RECORD, NULL},
    {0},
};

const CliCommand *
cli_command_find(const char *name)
{
    for (const CliCommand *command = cli_commands; command->name != NULL; command++)
        if (strcmp(command->name, name) == 0)
            return command;
    return NULL;
}

char *
cli_command_suggest(const char *word)
{
    const char *names[G_N_ELEMENTS(cli_commands)] = {NULL};
    gsize len = 0;
    for (gsize i = 0; cli_commands[i].name != NULL; i++)
        if ((cli_commands[i].shared & CLI_IS_HIDDEN) == 0)
            names[len++] = cli_commands[i].name;
    return cli_near_suggest(word, names);
}

/* Names of places are UTF-8 whatever the locale; a POSIX locale would print "Para\xc3\xb1aque".
 * Messages and numbers stay as they are. */
static void
choose_locale(void)
{
    static const char *const utf8[] = {"C.UTF-8", "C.utf8", "en_US.UTF-8"};
    setlocale(LC_CTYPE, "");
    for (gsize i = 0; i < G_N_ELEMENTS(utf8) && strcmp(nl_langinfo(CODESET), "UTF-8") != 0; i++)
        setlocale(LC_CTYPE, utf8[i]);
}

/* A program started with a closed stdout must not get the store's file under that number. */
static void
occupy_standard_files(void)
{
    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) == -1 && errno == EBADF)
            /* Reading from the first one and writing to the others fails, as it should. */
            /* cppcheck-suppress leakReturnValNotUsed ; the number is to stay taken */
            (void)!open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY);
}

/* Errors are JSON wherever --format json stands, also where the rest cannot be understood. */
static gboolean
wants_json(char **words)
{
    gboolean wants = FALSE;
    for (gsize i = 0; words[i] != NULL && strcmp(words[i], "--") != 0; i++) {
        const char *value = NULL;
        if (g_str_has_prefix(words[i], "--format="))
            value = words[i] + strlen("--format=");
        else if (strcmp(words[i], "--format") == 0 && words[i + 1] != NULL)
            value = words[i + 1];
        if (value != NULL)
            wants = strcmp(value, "json") == 0 || strcmp(value, "ndjson") == 0;
    }
    return wants;
}

static int
run_command(const char *name, char **words, GError **error)
{
    Cli cli = {.command = cli_command_find(name), .as_of_s = G_MININT64};
    if (cli.command == NULL) {
        g_autofree char *meant = cli_command_suggest(name);
        cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT,
                 meant != NULL ? meant : "carenet help lists the commands",
                 "there is no command \"%s\"", name);
        return 2;
    }
    int status = cli.command->run(&cli, words, error);
    cli_clear(&cli);
    return status;
}

static int
run(char **words, GError **error)
{
    if (words[0] == NULL) {
        cli_first_page_print();
        return 0;
    }
    if (strcmp(words[0], "--help") == 0 || strcmp(words[0], "-h") == 0)
        return run_command("help", words + 1, error);
    if (strcmp(words[0], "--version") == 0)
        return run_command("version", words + 1, error);
    if (words[0][0] == '-') {
        cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT, "carenet COMMAND [OPTION...]",
                 "the command comes before its options, not %s", words[0]);
        return 2;
    }
    return run_command(words[0], words + 1, error);
}

int
main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GError) output_error = NULL;
    occupy_standard_files();
    /* A reader that goes away (head) ends the output, not the program: stores are closed properly. */
    signal(SIGPIPE, SIG_IGN);
    /* A limit on the size of files is a failed write, which we tell, not a crash. */
    signal(SIGXFSZ, SIG_IGN);
    choose_locale();
    cli_json_begin();

    g_autofree char **words = g_new0(char *, (gsize)argc + 1);
    for (int i = 1; i < argc; i++)
        words[i - 1] = argv[i];
    const gboolean as_json = wants_json(words);
    cli_language_choose(words);
    int status = run(words, &error);
    if (error != NULL)
        status = cli_error_report(error, as_json);
    if (!cli_output_finish(&output_error))
        status = cli_error_report(output_error, as_json);
    cli_stopping_obey();
    return status;
}
