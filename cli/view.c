#include "view.h"

#include "output.h"

#include <string.h>

#define DAY_S  86400
#define HOUR_S 3600
/* Reporting lines come with numbers first; more than a few would hide the answer. */
#define LINES_MOST 4

char *
cli_view_free(const carenet_table *rows, gsize row, gint64 now_s)
{
    (void)now_s;
    const char *availability = cli_cell_text(rows, row, "availability");
    gboolean counted = g_strcmp0(cli_cell_text(rows, row, "unit"), "none") != 0;
    /* What nobody has confirmed is never shown as there for the taking. */
    if (!counted && g_strcmp0(availability, "yes") == 0)
        return g_strdup(cli_cell_bool(rows, row, "unconfirmed") ? "call" : "free");
    if (g_strcmp0(availability, "yes") != 0 || cli_cell_is_null(rows, row, "free"))
        return g_strdup(availability);
    return g_strdup_printf("%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT,
                           cli_cell_int(rows, row, "free"), cli_cell_int(rows, row, "total"));
}

/* The instant of "2026-10-01" or an ISO 8601 instant; FALSE for a month, a year or nothing. */
static gboolean
read_instant(const char *text, gint64 *out_s)
{
    if (text == NULL || strlen(text) < 10)
        return FALSE;
    return cli_instant_parse("", text, out_s, NULL);
}

/* "12d", within a day "3h". A month or a year stands as it is. */
static char *
format_age(const char *text, gint64 now_s)
{
    gint64 then_s = 0;
    if (!read_instant(text, &then_s) || then_s > now_s)
        return g_strdup(text);
    gint64 age_s = now_s - then_s;
    if (age_s < DAY_S && strlen(text) > 10)
        return g_strdup_printf("%dh", (int)(age_s / HOUR_S));
    return g_strdup_printf("%" G_GINT64_FORMAT "d", age_s / DAY_S);
}

char *
cli_view_place(const carenet_table *rows, gsize row, gint64 now_s)
{
    (void)now_s;
    const char *place = cli_cell_text(rows, row, "place");
    return cli_cell_bool(rows, row, "remote") && place != NULL
               ? g_strconcat(place, " (remote)", NULL)
               : g_strdup(place);
}

char *
cli_view_as_of(const carenet_table *rows, gsize row, gint64 now_s)
{
    const char *as_of = cli_cell_text(rows, row, "as_of");
    g_autofree char *age = format_age(as_of, now_s);
    if (age != NULL && cli_cell_bool(rows, row, "stale"))
        return g_strconcat(age, " stale", NULL);
    return g_steal_pointer(&age);
}

char *
cli_view_wait(const carenet_table *rows, gsize row, gint64 now_s)
{
    (void)now_s;
    if (cli_cell_is_null(rows, row, "wait_days"))
        return NULL;
    return g_strdup_printf("%" G_GINT64_FORMAT "d", cli_cell_int(rows, row, "wait_days"));
}

char *
cli_view_languages(const carenet_table *rows, gsize row, gint64 now_s)
{
    (void)now_s;
    return cli_cell_join(rows, row, "languages", ",");
}

char *
cli_view_only_for(const carenet_table *rows, gsize row, gint64 now_s)
{
    (void)now_s;
    return cli_cell_join(rows, row, "only_for", ",");
}

char *
cli_view_contact(const carenet_table *rows, gsize row, gint64 now_s)
{
    (void)now_s;
    const char *contact = cli_cell_text(rows, row, "contact");
    const char *phone = cli_cell_text(rows, row, "phone");
    if (contact == NULL || phone == NULL || strstr(contact, phone) != NULL)
        return g_strdup(contact != NULL ? contact : phone);
    return g_strdup_printf("%s %s", contact, phone);
}

char *
cli_view_verified(const carenet_table *rows, gsize row, gint64 now_s)
{
    if (cli_cell_bool(rows, row, "unconfirmed"))
        return g_strdup("unconfirmed - call");
    return format_age(cli_cell_text(rows, row, "verified_on"), now_s);
}

gboolean
cli_view_is_band(const carenet_table *rows, gsize row)
{
    return cli_cell_is_null(rows, row, "travel_min") &&
           !cli_cell_is_null(rows, row, "travel_band") && !cli_cell_bool(rows, row, "remote");
}

char *
cli_view_travel(const carenet_table *rows, gsize row, gint64 now_s)
{
    (void)now_s;
    if (cli_cell_bool(rows, row, "remote"))
        return g_strdup("remote");
    if (cli_view_is_band(rows, row))
        return g_strdup_printf("%s*", cli_cell_text(rows, row, "travel_band"));
    if (cli_cell_is_null(rows, row, "travel_min"))
        return NULL;
    gint64 minutes = cli_cell_int(rows, row, "travel_min");
    if (minutes < 120)
        return g_strdup_printf("%dmin", (int)minutes);
    return g_strdup_printf("%" G_GINT64_FORMAT "h%02d", minutes / 60, (int)(minutes % 60));
}

static void
print_line(const Cli *cli, const carenet_table *lines, gsize row)
{
    const char *since = cli_cell_text(lines, row, "source_on");
    const char *name = cli_cell_text(lines, row, "name");
    const char *phone = cli_cell_text(lines, row, "phone");
    cli_note(cli, "Report abuse: %s", name);
    /* Short numbers are often part of the name: "Makabata Helpline 1383". */
    if (!g_str_has_suffix(name, phone))
        cli_print(" %s", phone);
    if (cli_cell_bool(lines, row, "unconfirmed")) {
        cli_print(" (unconfirmed");
        if (since != NULL)
            cli_print(", %.4s", since);
        cli_print(")");
    }
    cli_print("\n");
}

void
cli_view_lines_print(const Cli *cli, const carenet_table *lines)
{
    gsize printed = 0;
    for (gsize row = 0; row < carenet_table_rows_len(lines) && printed < LINES_MOST; row++) {
        if (cli_cell_is_null(lines, row, "phone"))
            continue;
        print_line(cli, lines, row);
        printed++;
    }
}
