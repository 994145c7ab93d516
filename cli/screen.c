#include "screen-private.h"

#include "message.h"
#include "output.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define INDENT  "    "
#define BETWEEN " \xc2\xb7 " /* of texts that stand below a row together */

/* A terminal that knows more than letters, and nobody has said NO_COLOR. */
static gboolean
wants_bold(void)
{
    const char *no_color = g_getenv("NO_COLOR"), *term = g_getenv("TERM");
    return isatty(STDOUT_FILENO) && (no_color == NULL || *no_color == '\0') && term != NULL &&
           strcmp(term, "dumb") != 0;
}

void
cli_screen_check(gboolean done)
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
    cli_screen_check(column != NULL);
    if (bold)
        cli_screen_check(scols_cell_set_color(scols_column_get_header(column), "bold") == 0);
}

CliScreen *
cli_screen_new(const Cli *cli, const CliHeading *headings, gsize len)
{
    const gboolean on_terminal = isatty(STDOUT_FILENO), bold = wants_bold();
    CliScreen *screen = g_new0(CliScreen, 1);
    screen->len = len;
    screen->headings = g_memdup2(headings, len * sizeof *headings);
    screen->on_terminal = on_terminal;
    screen->below = g_array_new(FALSE, FALSE, sizeof(gsize));
    if (cli->layout == CLI_LAYOUT_LINES) {
        screen->lines = g_string_new(NULL);
        return screen;
    }
    screen->table = scols_new_table();
    cli_screen_check(screen->table != NULL);
    cli_screen_check(scols_table_set_column_separator(screen->table, CLI_SCREEN_SEPARATOR) == 0);
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
    cli_screen_check(line != NULL);
    for (gsize i = 0; i < screen->len; i++) {
        g_autofree char *text = flatten(cells[i] != NULL && *cells[i] != '\0' ? cells[i] : "-");
        cli_screen_check(scols_line_set_data(line, i, text) == 0);
    }
}

/* ---- Printing. */

const char *
cli_screen_text(const CliScreen *screen, gsize row, gsize column)
{
    struct libscols_line *line = scols_table_get_line(screen->table, row);
    return scols_cell_get_data(scols_line_get_cell(line, column));
}

static void
print_below(const CliScreen *screen, gsize row)
{
    g_autoptr(GString) all = g_string_new(NULL);
    for (guint i = 0; i < screen->below->len; i++) {
        const char *text = cli_screen_text(screen, row, g_array_index(screen->below, gsize, i));
        if (strcmp(text, "-") != 0)
            g_string_append_printf(all, "%s%s", all->len > 0 ? BETWEEN : "", text);
    }
    g_autofree char *folded = cli_text_fold(all->str, cli_terminal_width() - strlen(INDENT));
    g_auto(GStrv) lines = g_strsplit(folded, "\n", -1);
    for (gsize i = 0; all->len > 0 && lines[i] != NULL; i++)
        printf(INDENT "%s\n", lines[i]);
}

static void
free_screen(CliScreen *screen)
{
    if (screen->table != NULL)
        scols_unref_table(screen->table);
    if (screen->lines != NULL)
        g_string_free(screen->lines, TRUE);
    g_free(screen->headings);
    g_array_unref(screen->below);
    g_free(screen);
}

/* How many lines a row has, whose folded texts break where they have a line break and nowhere else. */
static gsize
row_lines(const CliScreen *screen, gsize row)
{
    gsize most = 0;
    for (gsize i = 0; i < screen->len; i++) {
        gsize breaks = 0;
        if (scols_column_is_hidden(scols_table_get_column(screen->table, i)))
            continue;
        for (const char *text = cli_screen_text(screen, row, i); *text != '\0'; text++)
            breaks += *text == '\n';
        most = MAX(most, breaks);
    }
    return most + 1;
}

/* libsmartcols fills the last column of a line with blanks; nobody wants to copy them. (element-type utf8)
 * (transfer full) */
static GPtrArray *
list_lines(const CliScreen *screen)
{
    GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
    char *text = NULL;
    errno = 0; /* that its stream had no room is told by the C library alone */
    cli_screen_check(scols_print_table_to_string(screen->table, &text) == 0 && errno != ENOMEM);
    g_auto(GStrv) all = g_strsplit(text != NULL ? text : "", "\n", -1);
    for (gsize i = 0; all[i] != NULL; i++)
        if (*g_strchomp(all[i]) != '\0')
            g_ptr_array_add(lines, g_strdup(all[i]));
    free(text);
    return lines;
}

/* What stands below a row must be below no other: where libsmartcols broke lines elsewhere, too, all of it stands below them
 * all. */
static void
print_rows(const CliScreen *screen)
{
    const gsize rows = scols_table_get_nlines(screen->table);
    g_autoptr(GPtrArray) lines = list_lines(screen);
    gsize expected = 1, at = 0;
    for (gsize row = 0; row < rows; row++)
        expected += row_lines(screen, row);
    if (screen->below->len == 0 || lines->len != expected) {
        for (guint i = 0; i < lines->len; i++)
            puts(g_ptr_array_index(lines, i));
        for (gsize row = 0; screen->below->len > 0 && row < rows; row++)
            print_below(screen, row);
        return;
    }
    for (gsize row = 0; row < rows; row++) {
        const gsize end = at + row_lines(screen, row) + (row == 0 ? 1 : 0);
        for (; at < end; at++)
            puts(g_ptr_array_index(lines, (guint)at));
        print_below(screen, row);
    }
}

void
cli_screen_print(CliScreen *screen)
{
    if (screen->table == NULL) {
        cli_print("%s", screen->lines->str);
        free_screen(screen);
        return;
    }
    if (screen->on_terminal)
        cli_screen_fit(screen);
    print_rows(screen);
    free_screen(screen);
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
