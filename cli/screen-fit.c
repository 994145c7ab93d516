/* What is too wide for a terminal. */
#include "message.h"
#include "screen-private.h"

#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Less room than this for a long text makes a column of single words. */
#define TEXT_LEAST  36
#define WIDTH_ELSE  80 /* where nobody knows */
#define WIDTH_LEAST 20

gsize
cli_terminal_width(void)
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

static gsize
column_width(const CliScreen *screen, gsize column)
{
    gsize width = width_of(cli_translate(screen->headings[column].heading));
    for (gsize row = 0; row < scols_table_get_nlines(screen->table); row++)
        width = MAX(width, width_of(cli_screen_text(screen, row, column)));
    return width;
}

char *
cli_text_fold(const char *text, gsize width)
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
    cli_screen_check(scols_column_set_flags(hidden, SCOLS_FL_HIDDEN) == 0);
}

static void
fold_column(CliScreen *screen, gsize column, gsize width)
{
    struct libscols_column *folded = scols_table_get_column(screen->table, column);
    for (gsize row = 0; row < scols_table_get_nlines(screen->table); row++) {
        g_autofree char *text = cli_text_fold(cli_screen_text(screen, row, column), width);
        struct libscols_line *line = scols_table_get_line(screen->table, row);
        cli_screen_check(scols_line_set_data(line, column, text) == 0);
    }
    cli_screen_check(scols_column_set_safechars(folded, "\n") == 0);
    cli_screen_check(scols_column_set_wrapfunc(folded, scols_wrapnl_chunksize,
                                               scols_wrapnl_nextchunk, NULL) == 0);
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
        g_auto(GStrv) words = g_strsplit(cli_screen_text(screen, row, column), " ", -1);
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
void
cli_screen_fit(CliScreen *screen)
{
    const gsize most = cli_terminal_width();
    gsize sum = 0;
    g_autofree gsize *widths = g_new0(gsize, screen->len);
    for (gsize i = 0; i < screen->len; i++) {
        widths[i] = column_width(screen, i);
        sum += widths[i] + (i > 0 ? strlen(CLI_SCREEN_SEPARATOR) : 0);
    }
    for (gsize i = 0; i < screen->len && sum > most; i++)
        if ((screen->headings[i].flags & CLI_SPARE) != 0) {
            hide(screen, i);
            sum -= widths[i] + strlen(CLI_SCREEN_SEPARATOR);
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
        others -= strlen(CLI_SCREEN_SEPARATOR);
        sum -= widths[column] + strlen(CLI_SCREEN_SEPARATOR);
    }
}
