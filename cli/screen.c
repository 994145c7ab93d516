#include "screen.h"

#include "message.h"
#include "output.h"

#include <errno.h>
#include <libsmartcols.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

struct CliScreen {
    struct libscols_table *table; /* NULL in the layout of lines */
    CliHeading *headings;
    GString *lines;
    gsize len;
    gboolean on_terminal;
    GArray *below; /* (element-type gsize) columns whose texts stand below each row */
};

/* Less room than this for a long text makes a column of single words. */
#define TEXT_LEAST  36
#define SEPARATOR   "  "
#define INDENT      "    "
#define BETWEEN     " \xc2\xb7 " /* of texts that stand below a row together */
#define WIDTH_ELSE  80           /* where nobody knows */
#define WIDTH_LEAST 20

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
    screen->headings = g_memdup2(headings, len * sizeof *headings);
    screen->on_terminal = on_terminal;
    screen->below = g_array_new(FALSE, FALSE, sizeof(gsize));
    if (cli->layout == CLI_LAYOUT_LINES) {
        screen->lines = g_string_new(NULL);
        return screen;
    }
    screen->table = scols_new_table();
    check(screen->table != NULL);
    check(scols_table_set_column_separator(screen->table, SEPARATOR) == 0);
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

/* ---- What is too wide for a terminal. */

static gsize
terminal_width(void)
{
    struct winsize size;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return MAX(size.ws_col, WIDTH_LEAST);
    return WIDTH_ELSE;
}

static gsize
width_of(const char *text)
{
    gsize width = 0;
    for (; *text != '\0'; text = g_utf8_next_char(text)) {
        const gunichar c = g_utf8_get_char(text);
        width += g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
    }
    return width;
}

static const char *
text_at(const CliScreen *screen, gsize row, gsize column)
{
    struct libscols_line *line = scols_table_get_line(screen->table, row);
    return scols_cell_get_data(scols_line_get_cell(line, column));
}

static gsize
column_width(const CliScreen *screen, gsize column)
{
    gsize width = width_of(cli_translate(screen->headings[column].heading));
    for (gsize row = 0; row < scols_table_get_nlines(screen->table); row++)
        width = MAX(width, width_of(text_at(screen, row, column)));
    return width;
}

/* Lines of so many columns, broken between words. (transfer full) */
static char *
fold(const char *text, gsize width)
{
    g_auto(GStrv) words = g_strsplit(text, " ", -1);
    GString *folded = g_string_new(NULL);
    gsize at = 0;
    for (gsize i = 0; words[i] != NULL; i++) {
        const gsize word = width_of(words[i]);
        const gboolean fits = at + 1 + word <= width;
        if (i > 0)
            g_string_append_c(folded, fits ? ' ' : '\n');
        g_string_append(folded, words[i]);
        at = i > 0 && fits ? at + 1 + word : word;
    }
    return g_string_free(folded, FALSE);
}

static void
hide(CliScreen *screen, gsize column)
{
    struct libscols_column *hidden = scols_table_get_column(screen->table, column);
    check(scols_column_set_flags(hidden, SCOLS_FL_HIDDEN) == 0);
}

static void
fold_column(CliScreen *screen, gsize column, gsize width)
{
    struct libscols_column *folded = scols_table_get_column(screen->table, column);
    for (gsize row = 0; row < scols_table_get_nlines(screen->table); row++) {
        g_autofree char *text = fold(text_at(screen, row, column), width);
        struct libscols_line *line = scols_table_get_line(screen->table, row);
        check(scols_line_set_data(line, column, text) == 0);
    }
    check(scols_column_set_safechars(folded, "\n") == 0);
    check(scols_column_set_wrapfunc(folded, scols_wrapnl_chunksize, scols_wrapnl_nextchunk, NULL) ==
          0);
}

/* ---- Several texts that share the room. */

typedef struct {
    gsize column;
    gsize natural, least; /* as wide as all of it, as its longest word */
    gsize width;          /* what it gets */
} Text;

static gsize
longest_word(const CliScreen *screen, gsize column)
{
    gsize longest = width_of(cli_translate(screen->headings[column].heading));
    for (gsize row = 0; row < scols_table_get_nlines(screen->table); row++) {
        g_auto(GStrv) words = g_strsplit(text_at(screen, row, column), " ", -1);
        for (gsize i = 0; words[i] != NULL; i++)
            longest = MAX(longest, width_of(words[i]));
    }
    return longest;
}

/* (element-type Text) (transfer full) */
static GArray *
list_texts(const CliScreen *screen, const gsize *widths)
{
    GArray *texts = g_array_new(FALSE, FALSE, sizeof(Text));
    for (gsize i = 0; i < screen->len; i++) {
        const Text text = {i, widths[i], longest_word(screen, i), 0};
        if ((screen->headings[i].flags & CLI_WRAP) != 0 &&
            !scols_column_is_hidden(scols_table_get_column(screen->table, i)))
            g_array_append_val(texts, text);
    }
    return texts;
}

/* Each its longest word, and of what is left the same for all who can use it. FALSE where that does not suffice. */
static gboolean
share_room(GArray *texts, gsize room)
{
    guint wanting = texts->len;
    for (guint i = 0; i < texts->len; i++) {
        Text *text = &g_array_index(texts, Text, i);
        if (text->least > room)
            return FALSE;
        text->width = text->least;
        room -= text->least;
    }
    while (room > 0 && wanting > 0) {
        const gsize share = MAX(room / wanting, 1);
        wanting = 0;
        for (guint i = 0; i < texts->len; i++) {
            Text *text = &g_array_index(texts, Text, i);
            const gsize more = MIN(MIN(share, text->natural - text->width), room);
            text->width += more;
            room -= more;
            wanting += text->width < text->natural;
        }
    }
    return TRUE;
}

/* Those that stand below are in the order of the columns. */
static void
put_below(CliScreen *screen, gsize column)
{
    guint at = 0;
    while (at < screen->below->len && g_array_index(screen->below, gsize, at) < column)
        at++;
    hide(screen, column);
    g_array_insert_val(screen->below, at, column);
}

/* A long one first, else the last. */
static guint
first_to_go(const GArray *texts)
{
    guint widest = 0;
    for (guint i = 1; i < texts->len; i++)
        if (g_array_index(texts, Text, i).natural >= g_array_index(texts, Text, widest).natural)
            widest = i;
    return g_array_index(texts, Text, widest).natural >= TEXT_LEAST ? widest : texts->len - 1;
}

/* The one long text has to have room for more than a word. */
static gboolean
fold_texts(CliScreen *screen, GArray *texts, gsize room)
{
    if (screen->below->len == 0 && texts->len == 1 && room < TEXT_LEAST)
        return FALSE;
    if (!share_room(texts, room))
        return FALSE;
    for (guint i = 0; i < texts->len; i++)
        fold_column(screen, g_array_index(texts, Text, i).column,
                    g_array_index(texts, Text, i).width);
    return TRUE;
}

/* Columns that others stand for go first. Then texts are folded between words; long ones, then the last, go below their rows until
 * the others have room for that. */
static void
fit_terminal(CliScreen *screen)
{
    const gsize most = terminal_width();
    gsize sum = 0;
    g_autofree gsize *widths = g_new0(gsize, screen->len);
    for (gsize i = 0; i < screen->len; i++) {
        widths[i] = column_width(screen, i);
        sum += widths[i] + (i > 0 ? strlen(SEPARATOR) : 0);
    }
    for (gsize i = 0; i < screen->len && sum > most; i++)
        if ((screen->headings[i].flags & CLI_SPARE) != 0) {
            hide(screen, i);
            sum -= widths[i] + strlen(SEPARATOR);
        }
    g_autoptr(GArray) texts = list_texts(screen, widths);
    gsize others = sum;
    for (guint i = 0; i < texts->len; i++)
        others -= g_array_index(texts, Text, i).natural;
    while (sum > most && texts->len > 0) {
        const guint next = first_to_go(texts);
        const gsize column = g_array_index(texts, Text, next).column;
        if (others <= most && fold_texts(screen, texts, most - others))
            return;
        put_below(screen, column);
        g_array_remove_index(texts, next);
        others -= strlen(SEPARATOR);
        sum -= widths[column] + strlen(SEPARATOR);
    }
}

static void
print_below(const CliScreen *screen, gsize row)
{
    g_autoptr(GString) all = g_string_new(NULL);
    for (guint i = 0; i < screen->below->len; i++) {
        const char *text = text_at(screen, row, g_array_index(screen->below, gsize, i));
        if (strcmp(text, "-") != 0)
            g_string_append_printf(all, "%s%s", all->len > 0 ? BETWEEN : "", text);
    }
    g_autofree char *folded = fold(all->str, terminal_width() - strlen(INDENT));
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
        for (const char *text = text_at(screen, row, i); *text != '\0'; text++)
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
    check(scols_print_table_to_string(screen->table, &text) == 0 && errno != ENOMEM);
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
        fit_terminal(screen);
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
