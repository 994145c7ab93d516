/* The flow in 32-bit sums and 16-bit minutes, with the scans of the processor. */
#include "routing/assign-private.h"
#include "routing/assign-scan.h"

#include <string.h>

typedef gint32 Sum;
typedef guint16 Minutes;
typedef CnViewNarrow View;
typedef CnRowNarrow Row;
typedef CnPieceNarrow Piece;
typedef CnNearNarrow NearList;
#define FAR             CN_FAR_NARROW
#define MINUTES_NO_LINK CN_NARROW_NO_LINK
#define WORDS_BEHIND    CN_WORDS_BEHIND

#define NARROW(flow, minutes, row) \
    cn_scan_table((flow)->solve->cpu)->narrow((minutes), (row), (flow)->len)
#define LEAST_MINUTES(flow, row, no_link, least) \
    cn_scan_table((flow)->solve->cpu)->least_minutes((row), (flow)->len, (no_link), (least))
#define SCAN_BOUNDS(flow, view, word_price, bounds_out) \
    cn_scan_table((flow)->solve->cpu)->bounds((view), (flow)->len, (word_price), (bounds_out))
#define SCAN_BEST(flow, view, price, bounds, out_column, out_words) \
    cn_scan_table((flow)->solve->cpu)->best((view), (price), (bounds), (out_column), (out_words))
#define SCAN_NEAR(flow, view, price, bounds, list) \
    cn_scan_table((flow)->solve->cpu)->near((view), (price), (bounds), (list))
#define KEEP_NEAR(list, column, value) cn_keep_near((list), (column), (value))
#define SCAN_WITHIN(flow, view, price, bounds, most, columns, sums, out_words) \
    cn_scan_table((flow)->solve->cpu)                                          \
        ->within((view), (price), (bounds), (most), (columns), (sums), (out_words))
#define SCAN_LOWER(flow, view, word, own, tie, row, name) \
    cn_scan_table((flow)->solve->cpu)->lower((view), (word), (own), (tie), (row), (name))
#define SCAN_LEAST(flow, a, b, len, out) \
    cn_scan_table((flow)->solve->cpu)->least((a), (b), (len), (out))
#define SCAN_NEXT_WORD(flow, out_word)                                                           \
    cn_scan_table((flow)->solve->cpu)                                                            \
        ->next_word((flow)->word_key, (flow)->word_reach, (flow)->word_hold, (flow)->words_room, \
                    (out_word))
#define SCAN_RELAX_PIECES(flow, pieces, len, start, node)                                   \
    cn_scan_table((flow)->solve->cpu)                                                       \
        ->relax_pieces((pieces), (len), (start), (flow)->reach, (flow)->hold, (flow)->from, \
                       (gint32)(node), (flow)->word_key)

#include "routing/assign-flow-body.h"

/* CN_WEIGHTS_MOST steps and a sum of costs must stay below FAR / 2; costs far below a step. */
#define STEP_MOST  ((gint64)1 << 26)
#define STEP_LEAST 64

gboolean
cn_flow_solve_narrow(CnSolve *solve)
{
    const CnComponent *component = cn_market_component(solve->market, solve->component);
    gint64 cost = component->cost_most + 1;
    gint64 exact = 2 * ((gint64)component->len + 1) * cost + 1;
    if (component->minutes_most >= CN_NARROW_NO_LINK || cost * STEP_LEAST > STEP_MOST)
        return FALSE;
    return flow_solve(solve, (Sum)MIN(exact, STEP_MOST));
}
