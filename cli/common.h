/* What every command shares: the row of the table of commands, the shared options, the parse step,
 * and how a command comes to its data. */
#pragma once

#include <carenet/carenet.h>
#include <glib.h>

typedef enum {
    CLI_TABLE,
    CLI_JSON,
    CLI_NDJSON,
    CLI_CSV,
    CLI_MARKDOWN,
    CLI_HTML, /* of commands with CLI_TAKES_HTML or CLI_TAKES_SHEETS only */
} CliFormat;

/* How a table is laid out for people. */
typedef enum {
    CLI_LAYOUT_TABLE,
    CLI_LAYOUT_LINES, /* one field a line, for screen readers */
} CliLayout;

/* The clock of the network, Asia/Manila, which knows no daylight saving time. */
#define CLI_LOCAL_OFFSET "+08:00"

/* Shared options that a command takes. --data and --help are everybody's. */
typedef enum {
    CLI_TAKES_DB = 1 << 0,
    CLI_TAKES_FORMAT = 1 << 1,
    CLI_TAKES_AS_OF = 1 << 2,
    CLI_TAKES_LIMIT = 1 << 3,
    CLI_TAKES_LAYOUT = 1 << 4, /* so does every command that takes --format */
    CLI_TAKES_HTML = 1 << 6,   /* --format html, too */
    CLI_TAKES_SHEETS = 1 << 7, /* --format table and html only */
    CLI_TAKES_RECORD = 1 << 8, /* --format table, json and ndjson only: there are no rows */
    /* Not an option: the command is for programs, and no list names it. */
    CLI_IS_HIDDEN = 1 << 5,
} CliShared;

typedef struct CliCommand CliCommand;

/* One run of the program. */
typedef struct Cli {
    const CliCommand *command;
    /* Where it is set, parsing hands the entries to it instead, and the command does nothing. */
    void (*describe)(struct Cli *cli, const GOptionEntry *own, const GOptionEntry *shared);
    gpointer describe_data;
    /* The shared options, as given. */
    char *db;
    char *data;
    char *format_text;
    char *layout_text;
    char *lang; /* already chosen; see message.h */
    char *as_of_text;
    gint limit;
    /* The same, understood. */
    CliFormat format;
    CliLayout layout;
    gint64 as_of_s;         /* INT64_MIN: not given */
    GPtrArray *named_files; /* nullable; see cli_file_note() */
    /* What has been opened; closed by cli_clear(). */
    char *data_dir;
    carenet_reference *reference;
    carenet_store *store;
    carenet_directory *directory;
} Cli;

/* A row of the table of commands in main.c. */
struct CliCommand {
    const char *name;
    /* Gets what follows the name of the command (NULL-terminated; it may take words out) and gives
     * the exit status; where it sets @error the status is that of the error. */
    int (*run)(Cli *cli, char **words, GError **error);
    const char *operands; /* for the usage line */
    const char *summary;  /* half a sentence */
    guint shared;         /* CliShared */
    const char *examples; /* lines for the end of --help */
};

/* The table of commands, ended by a row without a name. */
extern const CliCommand cli_commands[];
const CliCommand *cli_command_find(const char *name);
/* "did you mean ...?" for a word that is not the name of a command, or NULL. (transfer full) */
char *cli_command_suggest(const char *word);

/* ---- The caller's mistakes and what goes wrong with output. Everything else comes from libcarenet. */

#define CLI_ERROR (cli_error_quark())
GQuark cli_error_quark(void);
/* Sets @error to a message and a nullable next step. */
void cli_fail(GError **error, carenet_error_code code, const char *hint, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

/* ---- Parsing. No I/O but the text of --help. */

/* Parses @words by the command's own @entries and the shared options; what remains are operands.
 * FALSE: @error is set, or the help was asked for and is printed. */
gboolean cli_parse(Cli *cli, const GOptionEntry *entries, char **words, GError **error);
/* FALSE sets @error where there are more operands than @most, or fewer than @least: which one is missing
 * is read off the usage line of the command. */
gboolean cli_operands_check(const Cli *cli, char **words, guint least, guint most, GError **error);

/* "60d", "2w": days. */
gboolean cli_days_parse(const char *option, const char *text, gint32 *out_days, GError **error);
/* "90min", "2h": minutes. "40km", "500m": metres. One of both is set, the other one is 0. */
gboolean cli_reach_parse(const char *option,
                         const char *text,
                         gint32 *out_min,
                         gint64 *out_m,
                         GError **error);
/* "2026-11-16T14:30" (local time, other offsets as in ISO 8601), "2026-11-16" (its first second),
 * "now". */
gboolean cli_instant_parse(const char *option, const char *text, gint64 *out_s, GError **error);
/* Whether errors and issues are told as JSON. */
static inline gboolean
cli_speaks_json(const Cli *cli)
{
    return cli->format == CLI_JSON || cli->format == CLI_NDJSON;
}

/* The number of an open file descriptor; @file is what the example of a wrong use reads from it. */
gboolean cli_fd_parse(const char *option,
                      const char *text,
                      const char *file,
                      int *out_fd,
                      GError **error);

/* What was given as --age; -1 where nothing was. */
gboolean cli_age_parse(const char *text, gint *out_age, GError **error);
/* Which of @names (NULL-terminated) @text is; -1 sets @error with what was meant. */
gint cli_choice_parse(const char *option,
                      const char *text,
                      const char *const *names,
                      GError **error);

/* Borrowed view of a list option for the structs of the library. */
static inline const char *const *
cli_strings(char **list)
{
    return (const char *const *)list;
}
gsize cli_strings_len(char **list);

/* ---- Data. */

/* The folder with the shipped data: --data, CARENET_DATA, beside the executable, as installed. */
const char *cli_data_dir(Cli *cli);
/* The path of the store: --db, CARENET_DB, the user's data folder. *out_named tells whether somebody
 * named it. NULL: there is no home. (transfer full) */
char *cli_store_path(const Cli *cli, gboolean *out_named);

/* A variable of the environment that is set to something, or NULL. */
const char *cli_variable(const char *name);
gboolean cli_reference_open(Cli *cli, GError **error);
/* The store; it must exist. */
gboolean cli_store_open(Cli *cli, gboolean read_only, GError **error);
/* Says DEMONSTRATION, and its day, on stderr where the open store is one. */
void cli_store_tell(Cli *cli);
/* Both: for what holds or changes something of the store without a directory. */
gboolean cli_store_open_and_tell(Cli *cli, gboolean read_only, GError **error);
/* The directory of the store, or the shipped one where there is no store and none was named. Says
 * DEMONSTRATION on stderr where it is one. */
gboolean cli_directory_open(Cli *cli, GError **error);
/* The same, and no more of it is read than an answer needs. */
gboolean cli_directory_open_for_find(Cli *cli, GError **error);
/* The policy of the store, or the shipped one where there is no store. (transfer full), NULL sets
 * @error */
carenet_policy *cli_policy_load(const Cli *cli, GError **error);
/* The present instant: --as-of, the clock of the demonstration, the system's. */
gint64 cli_now(const Cli *cli);

void cli_clear(Cli *cli);
