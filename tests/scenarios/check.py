"""Compares what a scenario expects with the answer of `carenet route --format json`."""

import re

from scenario import Mistake

REASONS = """not-offered not-routable suspended closed offender avoided safety-check co-victim
    sibling-apart consent age sex group not-for assessment remote-unsafe siblings-fit siblings-size
    access paused unconfirmed accreditation capability documents not-served intake-closed
    plug-in no-known-link too-far too-late capacity-unknown full""".split()
COSTS = """travel no-known-link wait restrictiveness language capability stale leave-region
    new-provider not-preferred siblings-apart""".split()
CHANGES = """take-more-siblings provide-access reopen confirm renew-accreditation train
    waive-documents serve-area open-intake shorten-wait report-places add-places""".split()
# What would only be true of another survivor, or would trade safety away.
NEVER_CHANGED = ("age", "sex", "consent", "safety-check", "offender", "co-victim")


def known(place, word, words, what):
    if word not in words:
        raise Mistake(f"{place}: there is no {what} \"{word}\"")
    return word


def items(text):
    return [part.strip() for part in text.split(",") if part.strip()]


def is_named(identifier, row):
    """Whether a row is of the provider, or is the offering, that a scenario names."""
    return identifier in (row["provider"], row["offering"])


def pick(line, answer):
    """The needs that a line is about: (ref, need). All of them where it does not say."""
    found = []
    for case in answer["cases"]:
        for need in case["needs"]:
            if line.ref in (None, case["ref"]) and line.service in (None, need["service"]):
                found.append((case["ref"], need))
    if not found:
        raise Mistake(f"{line.place}: no such need in the case")
    return found


def pick_one(line, answer):
    found = pick(line, answer)
    if len(found) != 1:
        raise Mistake(f"{line.place}: say which of the {len(found)} needs is meant")
    return found[0][1]


# ---- Expect: somebody.

def check_lines(place, named, ranked):
    """because travel, wait 48"""
    have = {row["name"]: row["value"] for row in ranked["lines"]}
    for item in items(named):
        name, _, value = item.partition(" ")
        known(place, name, COSTS, "cost line")
        if name not in have:
            yield f"no cost line \"{name}\", only {have}"
        elif value and int(value) != have[name]:
            yield f"{name} is {have[name]}, not {value}"


def check_without(place, named, ranked):
    """without leave-region"""
    have = [row["name"] for row in ranked["lines"]]
    for name in items(named):
        if known(place, name, COSTS, "cost line") in have:
            yield f"there is a cost line \"{name}\""


def check_number(field):
    def check(place, text, ranked):
        del place
        if ranked[field] != int(text):
            yield f"{field} is {ranked[field]}, not {text}"
    return check


def check_word(field):
    def check(place, text, ranked):
        del place
        if ranked[field] != text:
            yield f"{field} is {ranked[field]}, not {text}"
    return check


CLAUSES = {"because": check_lines, "without": check_without, "cost": check_number("cost"),
           "free": check_number("free"), "minutes": check_number("travel_min"),
           "band": check_word("travel_band"), "availability": check_word("availability")}


def clauses(place, text, names):
    """The parts of a line between ";": (name, rest)."""
    for part in text.split(";"):
        part = part.strip()
        name = next((name for name in names if part == name or part.startswith(name + " ")), None)
        if name is None:
            raise Mistake(f"{place}: \"{part}\" begins with none of {', '.join(names)}")
        yield name, part[len(name):].strip()


def check_followers(text, ranked):
    for row, name in zip(ranked[1:] + [None] * 99, items(text)):
        if row is None or not is_named(name, row):
            yield f"{name} does not follow, but {row['offering'] if row else 'nobody'}"
            return


def expect_somebody(line, need, identifier, rest):
    if not need["ranked"]:
        unmet = need["unmet"]
        yield f"nobody was found ({unmet['reason']}: {unmet['detail']}), expected {identifier}"
        return
    first = need["ranked"][0]
    if not is_named(identifier, first):
        yield f"{first['offering']} is first ({first['cost']}), expected {identifier}"
        return
    for name, text in clauses(line.place, rest, [*CLAUSES, "then"]) if rest else ():
        if name == "then":
            yield from check_followers(text, need["ranked"])
        else:
            yield from CLAUSES[name](line.place, text, first)


# ---- Expect: nobody.

CHANGE = re.compile(r"(\S+): (.+)")


def check_change(place, text, changes):
    """change ex-nmn-018: waive-documents, add-places to 12"""
    match = CHANGE.fullmatch(text)
    if match is None:
        raise Mistake(f"{place}: write \"change PROVIDER: KIND to VALUE, KIND\"")
    identifier, named = match.groups()
    expected = []
    for item in items(named):
        kind, _, value = item.partition(" to ")
        expected.append((known(place, kind, CHANGES, "kind of change"), value or None))
    for row in changes:
        if identifier not in (row["offering"], row["offering"].split("/")[0]):
            yield f"the change is of {row['offering']}, not of {identifier}"
            return
    have = [(row["kind"], row["to"]) for row in changes]
    if [kind for kind, _ in have] != [kind for kind, _ in expected]:
        yield f"the change is {have}, expected {expected}"
        return
    for (kind, to), (_, value) in zip(have, expected):
        if value is not None and to != value:
            yield f"{kind} is to {to}, not to {value}"


def expect_nobody(line, need, rest):
    if need["ranked"]:
        yield f"{need['ranked'][0]['offering']} was found, expected nobody"
        return
    unmet = need["unmet"]
    allowed = ["because", "change", "no change", "advice"]
    for name, text in clauses(line.place, rest, allowed) if rest else ():
        if name == "because" and unmet["reason"] != known(
                line.place, text, [*REASONS, "not-offered"], "reason"):
            yield f"the reason is {unmet['reason']} ({unmet['detail']}), not {text}"
        elif name == "change":
            yield from check_change(line.place, text, unmet["change"])
        elif name == "no change" and unmet["change"]:
            yield f"a change is proposed: {unmet['change']}"
        elif name == "advice" and text.lower() not in (unmet["advice"] or "").lower():
            yield f"the advice is \"{unmet['advice']}\""


CHOICE = re.compile(r"([a-z0-9/-]+)(?:\s*[;\s]\s*(.+))?")


def expect(line, answer):
    need = pick_one(line, answer)
    match = CHOICE.fullmatch(line.text)
    if match is None:
        raise Mistake(f"{line.place}: write \"PROVIDER because COST, COST; ...\" or \"nobody ...\"")
    identifier, rest = match.groups()
    if identifier == "nobody":
        return expect_nobody(line, need, rest or "")
    return expect_somebody(line, need, identifier, rest)


# ---- The other lines.

REFUSAL = re.compile(r"(\S+) because (\S+)(?: \((.+)\))?")


def refused(line, answer):
    match = REFUSAL.fullmatch(line.text)
    if match is None:
        raise Mistake(f"{line.place}: write \"PROVIDER because REASON (words)\"")
    identifier, reason, words = match.groups()
    known(line.place, reason, REASONS, "reason")
    needs = [need for _, need in pick(line, answer)]
    rows = [row for need in needs for row in need["refused"] if is_named(identifier, row)]
    for row in rows:
        if row["reason"] == reason and (words or "").lower() in row["detail"].lower():
            return
    ranked = any(is_named(identifier, row) for need in needs for row in need["ranked"])
    said = [(row["reason"], row["detail"]) for row in rows]
    yield f"{identifier} is {'ranked' if ranked else f'refused for {said}'}, not for {reason}"


def noted(line, answer):
    for ref, need in pick(line, answer):
        if need["ranked"] and any(line.text.lower() in note.lower()
                                  for note in need["ranked"][0]["notes"]):
            return
        if line.service is not None:
            notes = need["ranked"][0]["notes"] if need["ranked"] else "nobody was found"
            yield f"{ref} {need['service']}: no note \"{line.text}\": {notes}"
            return
    yield f"no note \"{line.text}\""


def not_noted(line, answer):
    for ref, need in pick(line, answer):
        for note in need["ranked"][0]["notes"] if need["ranked"] else ():
            if line.text.lower() in note.lower():
                yield f"{ref} {need['service']}: there is a note \"{note}\""


def funnel(line, answer):
    have = pick_one(line, answer)["funnel"]
    for item in items(line.text):
        number, _, stage = item.partition(" ")
        if have[known(line.place, stage, have, "stage")] != int(number):
            yield f"{stage} is {have[stage]}, not {number}"


def never(line, answer):
    for ref, need in pick(line, answer):
        for row in need["ranked"]:
            for identifier in items(line.text):
                if is_named(identifier, row):
                    yield f"{identifier} is proposed to {ref} for {need['service']}"


def first_choices(line, answer):
    """{ref: provider} for the named cases."""
    refs = items(line.text)
    found = {ref: (need["ranked"] or [{"provider": None}])[0]["provider"]
             for ref, need in pick(line, answer) if ref in refs}
    if len(refs) < 2 or set(found) != set(refs):
        raise Mistake(f"{line.place}: name two or more cases that ask for it")
    return found


def together(line, answer):
    found = first_choices(line, answer)
    if None in found.values() or len(set(found.values())) != 1:
        yield f"they are not together: {found}"


def apart(line, answer):
    found = first_choices(line, answer)
    if len(set(found.values())) != len(found):
        yield f"they are not apart: {found}"


CHECKS = {"Expect": expect, "Refused": refused, "Note": noted, "No note": not_noted,
          "Funnel": funnel, "Never": never, "Together": together, "Apart": apart}


# ---- What holds in every answer, whatever the scenario says.

def check_ranked(need):
    before = None
    for rank, row in enumerate(need["ranked"], start=1):
        name = row["offering"]
        if row["rank"] != rank:
            yield f"{name} has rank {row['rank']}, not {rank}"
        if row["cost"] != sum(line["value"] for line in row["lines"]):
            yield f"the lines of {name} do not add up to {row['cost']}"
        for line in row["lines"]:
            if line["name"] not in COSTS or line["value"] <= 0:
                yield f"{name} has a strange line {line}"
        # Siblings who stay together are ranked by the sum of their costs.
        alone = not any("together with" in note for note in row["notes"])
        if alone and before is not None and (row["cost"], name) <= before:
            yield f"{name} stands behind a dearer one"
        before = (row["cost"], name)
        if "Restricted" in row["name"] and not (row["travel_min"] is None and row["free"] is None):
            yield f"{name} is restricted, but minutes or free places are told"


def check_counts(need):
    stages = need["funnel"]
    if not stages["offered"] >= stages["eligible"] >= stages["reachable"] >= stages["free"]:
        yield f"the funnel widens: {stages}"
    if stages["free"] != len(need["ranked"]):
        yield f"{stages['free']} are free, but {len(need['ranked'])} are ranked"
    if stages["offered"] != len(need["ranked"]) + len(need["refused"]):
        yield f"{stages['offered']} are offered, but not all are ranked or refused"


def check_refusals(need):
    ranked = {row["offering"] for row in need["ranked"]}
    for row in need["refused"]:
        if row["reason"] not in REASONS or not row["detail"]:
            yield f"{row['offering']} is refused without a known reason: {row}"
        if row["offering"] in ranked:
            yield f"{row['offering']} is both ranked and refused"


def check_unmet(need):
    unmet = need["unmet"]
    if (unmet is None) != bool(need["ranked"]):
        yield "unmet, and yet somebody is found" if unmet else "nobody is found, and nobody says so"
    if unmet is None:
        return
    reasons = {row["offering"]: row["reason"] for row in need["refused"]}
    for change in unmet["change"]:
        if change["kind"] not in CHANGES:
            yield f"a strange change: {change}"
        if reasons.get(change["offering"]) in NEVER_CHANGED:
            yield f"a change to {change['offering']}, which is refused for the survivor's sake"


def check_always(answer):
    if answer.get("schema") != "carenet.route/1":
        yield f"the schema is {answer.get('schema')}"
    for case in answer["cases"]:
        for need in case["needs"]:
            for check in (check_ranked, check_counts, check_refusals, check_unmet):
                for problem in check(need):
                    yield f"{case['ref']} {need['service']}: {problem}"


def check(scenario, answer):
    """Everything that differs, as `file:line: what`."""
    for line in scenario.lines:
        for problem in CHECKS[line.keyword](line, answer) if line.keyword in CHECKS else ():
            yield f"{line.place}: {problem}"
    for problem in check_always(answer):
        yield f"{scenario.place}: {problem}"
