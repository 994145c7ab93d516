/* Who picks when: those who have no choice first, then the most urgent, then families before single needs. */
#include "routing/parties-private.h"

#include "base/error.h"

static gboolean
refuse_pins(GError **error)
{
    cn_error_set(error, CARENET_ERROR_CONFLICT,
                 "a pin parts siblings who must stay together, leaves no place for all of them, "
                 "brings persons together who must be kept apart, or takes a case to two "
                 "providers that asks for one");
    cn_error_hint(error, "pin all of them to one offering that can take them, or none");
    return FALSE;
}

/* Those of the parties that are pinned, are several needs, or are one. */
typedef enum {
    PINNED,
    SEVERAL,
    SINGLE
} PartyKind;

static PartyKind
kind_of(const CnParty *party)
{
    if (party->pinned >= 0)
        return PINNED;
    return party->needs->len > 1 ? SEVERAL : SINGLE;
}

/* The first tier in which somebody goes without if the party does. */
static guint
tier_of(const CnParty *party)
{
    guint tier = 0;
    while (tier < CN_ROUTINE && party->weight.unmet[tier] == 0)
        tier++;
    return tier;
}

/* Who is more urgent does not wait until all families have picked. A bundle takes along whom it holds (-pack). */
static void
pick_before(CnSearch *search, guint tier)
{
    for (guint i = 0; i < search->parties->len; i++) {
        CnParty *party = cn_search_party(search, cn_search_at(search, CN_ORDER_PARTIES, i));
        const PartyKind kind = kind_of(party);
        if (!party->held && tier_of(party) == tier &&
            (kind == SEVERAL || (kind == SINGLE && !party->packed)))
            cn_party_pick(search, party);
    }
}

static gboolean
pick_parties(CnSearch *search, PartyKind kind, GError **error)
{
    for (guint i = 0; i < search->parties->len; i++) {
        CnParty *party = cn_search_party(search, cn_search_at(search, CN_ORDER_PARTIES, i));
        if (party->held || kind_of(party) != kind)
            continue;
        cn_party_pick(search, party);
        if (party->pinned >= 0 && party->at < 0)
            return refuse_pins(error);
    }
    return TRUE;
}

gboolean
cn_search_pick_open(CnSearch *search, GError **error)
{
    return pick_parties(search, SEVERAL, error) && pick_parties(search, SINGLE, error);
}

gboolean
cn_search_pick_all(CnSearch *search, CnFlockMode mode, GError **error)
{
    for (guint i = 0; i < search->packs->len; i++)
        cn_pack_leave(search, cn_search_pack(search, i));
    if (!pick_parties(search, PINNED, error))
        return FALSE;
    for (guint i = 0; i < search->flocks->len; i++)
        cn_flock_pick(search, cn_search_flock(search, cn_search_at(search, CN_ORDER_FLOCKS, i)),
                      mode);
    for (guint tier = 0; tier < CN_ROUTINE; tier++)
        pick_before(search, tier);
    if (!pick_parties(search, SEVERAL, error))
        return FALSE;
    for (guint i = 0; i < search->packs->len; i++)
        if (!cn_pack_pick(search, cn_search_pack(search, cn_search_at(search, CN_ORDER_PACKS, i)),
                          mode))
            return refuse_pins(error);
    return pick_parties(search, SINGLE, error);
}
