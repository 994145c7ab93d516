/* Part of assign-flow-body.h: minutes from all towns to where a column is.
 *
 * Rows of minutes are by town. Whoever looks at those of many towns who may go to one column reads them across, and would
 * wait for memory each time: so here they stand by place, then town. Columns of one area are mostly in one place. */

/* Whether nothing of travel tells the columns apart, of which no provider says whom it serves. */
static gboolean
is_same_place(const Flow *flow, guint a, guint b)
{
    const CnComponent *component = flow->component;
    const CnListing *listing = flow->market->directory->listing;
    return component->lat_deg[a] == component->lat_deg[b] &&
           component->lon_deg[a] == component->lon_deg[b] &&
           cn_listed_provider_of(listing, component->offering[a])->remote ==
               cn_listed_provider_of(listing, component->offering[b])->remote;
}

/* The place of the first column of an area that may share it; else columns are each in a place of their own, as all
 * are where plug-ins know of each. */
static void
place_columns(Flow *flow)
{
    const CnComponent *component = flow->component;
    const guint areas = cn_gazetteer_len(flow->market->policy->reference->gazetteer);
    g_autofree guint *first = g_new(guint, areas + 1); /* by area, and of none: that column */
    for (guint i = 0; i <= areas; i++)
        first[i] = NOWHERE;
    for (guint i = 0; i < component->len; i++) {
        const CnListedProvider *provider =
            cn_listed_provider_of(flow->market->directory->listing, component->offering[i]);
        const guint area = provider->area == CN_AREA_NONE ? areas : (guint)provider->area;
        const gboolean is_own = flow->places_apart || provider->serves.len > 0;
        if (!is_own && first[area] == NOWHERE)
            first[area] = i;
        if (!is_own && first[area] != i && is_same_place(flow, first[area], i))
            flow->place_of_column[i] = flow->place_of_column[first[area]];
        else
            flow->place_of_column[i] = flow->places_len++;
    }
}

/* Towns in a row, and the one that is none, in whole blocks. */
static guint
places_row_len(const Flow *flow)
{
    return (flow->towns->len + CN_TURNED) / CN_TURNED * CN_TURNED;
}

/* Rows by town of a block of towns; behind the last town once more the last one. Where rows come and go one that was
 * there may be gone by the end; but what was made for the block stays. */
static void
rows_of_towns(Flow *flow, guint first_town, const Minutes **rows)
{
    gboolean moved = TRUE;
    for (guint i = 0; i < CN_TURNED; i++)
        rows[i] = NULL;
    while (moved) {
        moved = FALSE;
        for (guint i = 0; i < CN_TURNED; i++) {
            const Minutes *row = minutes_of(flow, MIN(first_town + i, flow->towns->len - 1));
            moved = moved || row != rows[i];
            rows[i] = row;
        }
    }
}

/* The first columns at places in these words that have no row yet, to which they give one. (element-type guint)
 * (transfer full) */
static GArray *
make_rows_of_places(Flow *flow, guint first_word, guint end_word)
{
    const guint end = MIN(end_word * CN_WORD, flow->component->len);
    GArray *columns = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = first_word * CN_WORD; i < end; i++) {
        Minutes **row = &flow->minutes_to_place[flow->place_of_column[i]];
        if (*row != NULL)
            continue;
        *row = g_new(Minutes, places_row_len(flow));
        g_array_append_val(columns, i);
    }
    return columns;
}

/* Of all places in these words. */
static void
make_minutes_to(Flow *flow, guint first_word, guint end_word)
{
    g_autoptr(GArray) columns = make_rows_of_places(flow, first_word, end_word);
    const Minutes *rows[CN_TURNED];
    Minutes turned[CN_WORD * CN_TURNED];
    for (guint town = 0; town < flow->towns->len; town += CN_TURNED) {
        guint word = G_MAXUINT;
        rows_of_towns(flow, town, rows);
        for (guint i = 0; i < columns->len; i++) {
            const guint column = g_array_index(columns, guint, i);
            if (column / CN_WORD != word)
                SCAN_TURN(flow, rows, column / CN_WORD * CN_WORD, turned);
            word = column / CN_WORD;
            memcpy(flow->minutes_to_place[flow->place_of_column[column]] + town,
                   turned + (gsize)(column % CN_WORD) * CN_TURNED, CN_TURNED * sizeof *turned);
        }
    }
    for (guint i = 0; i < columns->len; i++) {
        const guint column = g_array_index(columns, guint, i);
        flow->minutes_to_place[flow->place_of_column[column]][flow->towns->len] = 0;
    }
}

/* By town, and from no town. Of columns, not of backs. NULL: they would take too much room. */
static const Minutes *
minutes_to(Flow *flow, guint column)
{
    Minutes **row = &flow->minutes_to_place[flow->place_of_column[column]];
    const guint word = column / CN_WORD;
    if (*row != NULL)
        return *row;
    if (flow->views != NULL)
        make_minutes_to(flow, word, word + 1);
    else if (!flow->places_apart) /* rows come and go, and are made once for all words */
        make_minutes_to(flow, 0, flow->words);
    return *row;
}

static void
make_places(Flow *flow)
{
    const CnPlugged *plugged = flow->market->options.plugged;
    flow->places_apart = cn_plugged_travels(plugged) || cn_plugged_filters(plugged);
    flow->place_of_column = g_new(guint, flow->component->len + 1);
    place_columns(flow);
    flow->minutes_to_place = g_new0(Minutes *, flow->places_len + 1);
}

static void
clear_places(Flow *flow)
{
    for (guint i = 0; i < flow->places_len; i++)
        g_free(flow->minutes_to_place[i]);
    g_free(flow->minutes_to_place);
    g_free(flow->place_of_column);
}
