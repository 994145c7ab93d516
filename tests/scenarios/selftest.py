"""Proves that a scenario can fail: an answer made by hand, and lines that are right or wrong about it."""

import copy

import check
import scenario

CASE = """Scenario: planted
  It is planted.
  Case:
    ref: C-1
    needs: [trauma-therapy, kinship-care]
  Expect trauma-therapy: ex-a
"""

ANSWER = {"schema": "carenet.route/1", "cases": [{"ref": "C-1", "needs": [
    {"need": 1, "service": "trauma-therapy", "urgency": "routine",
     "ranked": [
         {"rank": 1, "provider": "ex-a", "offering": "ex-a/trauma-therapy", "name": "EXAMPLE A",
          "cost": 65, "travel_min": 12, "travel_band": "0-30min", "free": 5, "availability": "yes",
          "lines": [{"name": "travel", "value": 12}, {"name": "wait", "value": 48},
                    {"name": "new-provider", "value": 5}],
          "notes": ["record consent before a referral"]},
         {"rank": 2, "provider": "ex-b", "offering": "ex-b/trauma-therapy",
          "name": "EXAMPLE Restricted B", "cost": 300, "travel_min": None,
          "travel_band": "240-480min", "free": None, "availability": "yes",
          "lines": [{"name": "travel", "value": 300}], "notes": []}],
     "funnel": {"offered": 3, "eligible": 2, "reachable": 2, "free": 2},
     "refused": [{"provider": "ex-c", "offering": "ex-c/trauma-therapy", "reason": "age",
                  "detail": "takes ages 18 to 99"}],
     "unmet": None},
    {"need": 2, "service": "kinship-care", "urgency": "routine", "ranked": [],
     "funnel": {"offered": 1, "eligible": 1, "reachable": 1, "free": 0},
     "refused": [{"provider": "ex-d", "offering": "ex-d/kinship-care", "reason": "full",
                  "detail": "full"}],
     "unmet": {"reason": "full", "detail": "1 offered; 1 full (full)", "advice": "call it",
               "change": [{"kind": "add-places", "offering": "ex-d/kinship-care",
                           "field": "capacity.total", "from": "4", "to": "5"}]}}]}]}

RIGHT = """
Expect trauma-therapy: ex-a
Expect trauma-therapy: ex-a/trauma-therapy because travel, wait 48; cost 65; free 5; minutes 12
Expect C-1 trauma-therapy: ex-a; without leave-region; band 0-30min; availability yes; then ex-b
Expect kinship-care: nobody because full; change ex-d: add-places to 5; advice CALL
Refused: ex-c because age (18 to 99)
Refused C-1 kinship-care: ex-d because full
Note trauma-therapy: record consent
No note: CALL FIRST
Funnel trauma-therapy: 3 offered, 2 eligible, 2 reachable, 2 free
Never: ex-c, ex-d
""".strip().split("\n")

WRONG = """
Expect trauma-therapy: ex-b
Expect trauma-therapy: ex-a because stale
Expect trauma-therapy: ex-a because wait 36
Expect trauma-therapy: ex-a; without wait
Expect trauma-therapy: ex-a; cost 64
Expect trauma-therapy: ex-a; band 30-60min
Expect trauma-therapy: ex-a; then ex-c
Expect trauma-therapy: ex-a; then ex-b, ex-c
Expect trauma-therapy: nobody because full
Expect kinship-care: ex-d
Expect kinship-care: nobody because age
Expect kinship-care: nobody because full; no change
Expect kinship-care: nobody because full; change ex-a: add-places
Expect kinship-care: nobody because full; change ex-d: reopen
Expect kinship-care: nobody because full; change ex-d: add-places to 6
Expect kinship-care: nobody because full; advice write to it
Refused: ex-c because sex
Refused: ex-c because age (5 to 9)
Refused: ex-a because full
Note kinship-care: record consent
Note: CALL FIRST
No note: record consent
Funnel trauma-therapy: 4 offered
Never: ex-b
""".strip().split("\n")

# What nobody could check; it must not pass for right.
UNREADABLE = """
Expect: ex-a
Expect housing: ex-a
Expect trauma-therapy: ex-a because travle
Expect trauma-therapy: ex-a, cost 65
Expect kinship-care: nobody because busy
Expect kinship-care: nobody; change ex-d add-places
Refused: ex-c
Refused: ex-c because busy
Funnel trauma-therapy: 3 asked
Together trauma-therapy: C-1
Expct trauma-therapy: ex-a
Never housing: ex-a
""".strip().split("\n")


def spoil(change):
    answer = copy.deepcopy(ANSWER)
    change(answer["cases"][0]["needs"])
    return answer


def set_at(*path):
    """A change that sets the value at a path."""
    *before, last, value = path

    def change(needs):
        target = needs
        for step in before:
            target = target[step]
        target[last] = value
    return change


# An answer that contradicts itself, whatever was expected of it.
SPOILT = {
    "lines that do not add up": set_at(0, "ranked", 0, "lines", 0, "value", 11),
    "an unknown line": set_at(0, "ranked", 1, "lines", 0, "name", "luck"),
    "a wrong rank": set_at(0, "ranked", 1, "rank", 3),
    "a wrong order": lambda needs: needs[0]["ranked"].reverse(),
    "a restricted number": set_at(0, "ranked", 1, "free", 2),
    "restricted minutes": set_at(0, "ranked", 1, "travel_min", 300),
    "a funnel that widens": set_at(0, "funnel", "reachable", 3),
    "a funnel that lies": set_at(0, "funnel", "free", 1),
    "a vanished offering": set_at(0, "refused", []),
    "an unknown reason": set_at(0, "refused", 0, "reason", "mood"),
    "no detail": set_at(0, "refused", 0, "detail", ""),
    "unmet without saying so": set_at(1, "unmet", None),
    "unmet and met": set_at(0, "unmet", ANSWER["cases"][0]["needs"][1]["unmet"]),
    "a strange change": set_at(1, "unmet", "change", 0, "kind", "close-eyes"),
    "a change of the survivor": set_at(1, "refused", 0, "reason", "sex"),
}


def problems(line, answer):
    story = scenario.read_text("planted", CASE + (f"  {line}\n" if line else ""))[0]
    return list(check.check(story, answer))


def is_unreadable(line):
    try:
        problems(line, ANSWER)
    except scenario.Mistake:
        return True
    return False


def findings():
    for line in RIGHT:
        yield line, not problems(line, ANSWER)
    for line in WRONG:
        yield line, bool(problems(line, ANSWER))
    for line in UNREADABLE:
        yield line, is_unreadable(line)
    for name, change in SPOILT.items():
        yield name, bool(problems("", spoil(change)))


def main():
    results = list(findings())
    for name, good in results:
        if not good:
            print(f"not told: {name}")
    failed = sum(not good for _, good in results)
    print(f"{len(results) - failed} passed, {failed} failed")
    return 1 if failed else 0
