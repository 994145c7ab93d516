/* Part of assign-flow-body.h: ways and names, as they are kept.
 *
 * What somebody pays more elsewhere is kept for every node and column that searches come to, and whose it is: of these
 * there are many more than of all else, so they take less room than sums and positions do. A name that does not fit is
 * not known, and asked for whenever it is needed. */

static Way
way_of(Sum extra)
{
    if (extra >= FAR)
        return WAY_FAR;
    return (Way)extra;
}

static Sum
extra_of(Way way)
{
    return way == WAY_FAR ? FAR : (Sum)way;
}

/* Of a word a bound may be more than any way; less is not more than it holds. */
static Way
bound_of(Sum least)
{
    if (least >= FAR)
        return WAY_FAR;
    if (least >= WAY_FAR)
        return WAY_FAR - 1;
    return (Way)least;
}

static Name
name_of(const Flow *flow, gint at)
{
    if (at < 0 || (guint)at >= flow->names_most)
        return NAME_NONE;
    return (Name)at;
}

static gint
position_of(Name name)
{
    return name == NAME_NONE ? -1 : (gint)name;
}
