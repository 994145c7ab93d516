#include "screen.h"

#include "message.h"
#include "output.h"

#include <errno.h>
#include <libsmartcols.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct CliScreen {
    struct libscols_table *table; /* NULL in the layout of lines */
    const CliHeading *headings;
    GString *lines;
    gsize len;
};

/* A terminal that knows more than letters, and nobody has said NO_COLOR. */
static gboolean
wants_bold(void)
{
    const char *no_color = g_getenv("NO_COLOR"), *term = g_getenv("TERM");
    return isatty(STDOUT_FILENO) && (no_color == NULL || *no_color == '\0') && term != NULL &&
           strcmp(term, "dumb") != 0;
}

/* libsmartcols leaves out what it has no memory for; a table that lacks something is no answer. */
static void
check(gboolean done)
{
    if (!done)
        g_error("out of memory");
}

static void
add_column(CliScreen *screen, const CliHeading *heading, gboolean on_terminal, gboolean bold)
{
    int flags = 0;
    if (heading->flags & CLI_RIGHT)
        flags |= SCOLS_FL_RIGHT;
    if ((heading->flags & CLI_WRAP) != 0 && on_terminal)
        flags |= SCOLS_FL_WRAP;
    struct libscols_column *column =
        scols_table_new_column(screen->table, cli_translate(heading->heading), 0, flags);
    check(column != NULL);
    if (bold)
        check(scols_cell_set_color(scols_column_get_header(column), "bold") == 0);
}

CliScreen *
cli_screen_new(const Cli *cli, const CliHeading *headings, gsize len)
{
    const gboolean on_terminal = isatty(STDOUT_FILENO), bold = wants_bold();
    CliScreen *screen = g_new0(CliScreen, 1);
    screen->len = len;
    if (cli->layout == CLI_LAYOUT_LINES) {
        screen->headings = g_memdup2(headings, len * sizeof *headings);
        screen->lines = g_string_new(NULL);
        return screen;
    }
    screen->table = scols_new_table();
    check(screen->table != NULL);
    check(scols_table_set_column_separator(screen->table, "  ") == 0);
    scols_table_set_termforce(screen->table,
                              on_terminal ? SCOLS_TERMFORCE_AUTO : SCOLS_TERMFORCE_NEVER);
    scols_table_enable_colors(screen->table, bold);
    for (gsize i = 0; i < len; i++)
        add_column(screen, &headings[i], on_terminal, bold);
    return screen;
}

/* libsmartcols prints control characters as \x1b; line breaks in data become blanks before. */
static char *
flatten(const char *text)
{
    return g_strdelimit(g_utf8_make_valid(text, -1), "\r\n\t", ' ');
}

/* "AS OF" would be spelt out letter by letter. */
static void
add_label(GString *lines, const char *heading)
{
    const char *second = g_utf8_next_char(heading);
    g_autofree char *rest = g_utf8_strdown(second, -1);
    g_string_append_len(lines, heading, second - heading);
    g_string_append_printf(lines, "%s: ", rest);
}

static void
add_lines(CliScreen *screen, const char *const *cells)
{
    for (gsize i = 0; i < screen->len; i++) {
        if (cells[i] == NULL || *cells[i] == '\0' || strcmp(cells[i], "-") == 0)
            continue;
        g_autoptr(GString) said = g_string_new(NULL);
        g_autofree char *text = flatten(cells[i]);
        g_string_append(said, g_strchug(text));
        if (screen->headings[i].flags & CLI_PLACES)
            g_string_replace(said, "/", " of ", 0);
        if (screen->headings[i].flags & CLI_BAND)
            g_string_replace(said, "*", ", a rough band, since the location is protected", 0);
        add_label(screen->lines, cli_translate(screen->headings[i].heading));
        g_string_append_printf(screen->lines, "%s\n", said->str);
    }
    g_string_append_c(screen->lines, '\n');
}

void
cli_screen_add(CliScreen *screen, const char *const *cells)
{
    if (screen->table == NULL) {
        add_lines(screen, cells);
        return;
    }
    struct libscols_line *line = scols_table_new_line(screen->table, NULL);
    check(line != NULL);
    for (gsize i = 0; i < screen->len; i++) {
        g_autofree char *text = flatten(cells[i] != NULL && *cells[i] != '\0' ? cells[i] : "-");
        check(scols_line_set_data(line, i, text) == 0);
    }
}

void
cli_screen_print(CliScreen *screen)
{
    char *text = NULL;
    if (screen->table == NULL) {
        cli_print("%s", screen->lines->str);
        g_string_free(screen->lines, TRUE);
        g_free((gpointer)screen->headings);
        g_free(screen);
        return;
    }
    errno = 0; /* that its stream had no room is told by the C library alone */
    check(scols_print_table_to_string(screen->table, &text) == 0 && errno != ENOMEM);
    /* libsmartcols fills the last column of a line with blanks; nobody wants to copy them. */
    g_auto(GStrv) lines = g_strsplit(text != NULL ? text : "", "\n", -1);
    for (gsize i = 0; lines[i] != NULL; i++)
        if (*g_strchomp(lines[i]) != '\0')
            puts(lines[i]);
    free(text);
    scols_unref_table(screen->table);
    g_free(screen);
}

/* A cell as plain text. (transfer full), NULL for a null cell */
static char *
format_cell(const carenet_table *table, gsize row, const char *name)
{
    ptrdiff_t at = carenet_table_column_index(table, name);
    if (at < 0 || carenet_table_is_null(table, row, (gsize)at))
        return NULL;
    switch (carenet_table_column_type(table, (gsize)at)) {
    case CARENET_COLUMN_INT64:
        return g_strdup_printf("%" G_GINT64_FORMAT, carenet_table_get_int64(table, row, (gsize)at));
    case CARENET_COLUMN_BOOL:
        return g_strdup(carenet_table_get_bool(table, row, (gsize)at) ? "yes" : "no");
    case CARENET_COLUMN_LIST:
        return cli_cell_join(table, row, name, ", ");
    case CARENET_COLUMN_DOUBLE:
        return g_strdup_printf("%.5g", carenet_table_get_double(table, row, (gsize)at));
    default:
        return g_strdup(carenet_table_get_text(table, row, (gsize)at));
    }
}

void
cli_screen_table(const Cli *cli,
                 const carenet_table *table,
                 const CliColumn *columns,
                 gsize columns_len,
                 gint64 now_s)
{
    g_autofree CliHeading *headings = g_new0(CliHeading, columns_len);
    g_autofree const CliColumn **shown = g_new0(const CliColumn *, columns_len);
    gsize len = 0;
    for (gsize i = 0; i < columns_len; i++) {
        if (columns[i].heading.heading == NULL)
            continue;
        headings[len] = columns[i].heading;
        shown[len++] = &columns[i];
    }
    CliScreen *screen = cli_screen_new(cli, headings, len);
    for (gsize row = 0; row < carenet_table_rows_len(table); row++) {
        g_auto(GStrv) cells = g_new0(char *, len + 1);
        for (gsize i = 0; i < len; i++) {
            cells[i] = shown[i]->format != NULL ? shown[i]->format(table, row, now_s)
                                                : format_cell(table, row, shown[i]->column);
            if (cells[i] == NULL)
                cells[i] = g_strdup("-");
        }
        cli_screen_add(screen, (const char *const *)cells);
    }
    cli_screen_print(screen);
}
