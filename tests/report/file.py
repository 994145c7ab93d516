"""The report file as its readers get it: is it one whole page without requests, and can an outsider find
out what is suppressed?

    file.py --cli build/bin/carenet --data data

Every page is parsed as XML, which forgives nothing. Then an auditor who has the whole file, tables and
pictures alike, writes down every sum that its figures must obey and narrows what each hidden count can be,
until nothing gets narrower. No hidden count may come out as from 1 to 4 for certain, and none exactly."""

import argparse
import math
import re
import sys
import tempfile
import xml.etree.ElementTree as etree

import world as worlds

SMALL = 4
PERSON_TABLES = {  # caption: the column that counts persons
    "Referrals by regions and outcome": "Referrals",
    "Referrals by days of waiting": "Referrals",
    "Unmet needs by service and region": "Unmet",
    "Units of needs by stage": "Units",
}
checked = 0


def check(is_so, what):
    global checked
    checked += 1
    if not is_so:
        raise SystemExit(f"failed: {what}")


# ---- The page.


def parse(text):
    check(text.startswith("<!DOCTYPE html>\n<html"), "it begins as HTML")
    return etree.fromstring(text.split("\n", 1)[1])


def text_of(element):
    return re.sub(r"\s+", " ", "".join(element.itertext())).strip()


def check_page(text, page):
    for forbidden in ("<script", "javascript:", "http://", "https://", " src=", " href=", "@import",
                      "url(http", "<iframe", "<img", "<link", " on"):
        # An attribute that runs something begins with "on"; words of the text may, too.
        found = re.search(r"<[a-z]+[^>]* on[a-z]+=", text) if forbidden == " on" else forbidden in text
        check(not found, f"the page holds {forbidden!r}")
    check(set(re.findall(r"url\(([^)]*)\)", text)) <= {"#grey", "#hatch"}, "patterns only")
    ids = [one.get("id") for one in page.iter() if one.get("id")]
    check(len(ids) == len(set(ids)), "every id stands once")
    check(page.get("lang") == "en", "the language is said")
    for one in page.iter():
        for ref in (one.get("aria-labelledby") or "").split():
            check(ref in ids, f"{ref} names nothing")
    for figure in page.iter("figure"):
        check(figure.find(".//table") is not None, "each picture has its table")
        for picture in figure.iter("svg"):
            check(picture.get("role") == "img", "a picture is called one")
            check(text_of(picture.find("title")) and text_of(picture.find("desc")),
                  "a picture says what it shows")
            check(not list(picture.iter("circle")), "no picture has a point")
    for table in page.iter("table"):
        check(table.find("caption") is not None, "a table has a caption")
        for cell in table.iter("th"):
            check(cell.get("scope") in ("col", "row"), "a heading says of what")
    footer = text_of(page.find(".//footer"))
    for fact in ("Directory", "Policy", "Profile", "Suppression", "As of"):
        check(fact in footer, f"the footer names {fact}")


def tables_of(page):
    """{caption: [{heading: text}]}"""
    found = {}
    for table in page.iter("table"):
        heads = [text_of(cell) for cell in table.find("thead").iter("th")]
        rows = [[text_of(cell) for cell in row] for row in table.find("tbody").iter("tr")]
        found[text_of(table.find("caption"))] = [dict(zip(heads, row)) for row in rows]
    return found


def number(text):
    return int(text.replace(",", "")) if re.fullmatch(r"-?[\d,]+", text) else None


# ---- The auditor.


class Auditor:
    """Bounds of counts and the sums that they must obey."""

    def __init__(self):
        self.least, self.most, self.sums, self.hidden = {}, {}, [], set()

    def know(self, name, least, most):
        self.least[name] = max(self.least.get(name, 0), least)
        self.most[name] = min(self.most.get(name, math.inf), most)

    def see(self, name, text):
        """A cell as it stands there. A hidden one may be empty only where all of them are hidden."""
        value = number(text)
        if value is None:
            self.hidden.add(name)
            self.know(name, 0, math.inf)
        else:
            self.know(name, value, value)

    def add_sum(self, total, parts):
        self.sums.append((total, parts))
        for name in [total, *parts]:
            self.know(name, 0, math.inf)

    def rule_of_tables(self, parts):
        """What the rule says of them: where some are shown, those that are hidden are not empty."""
        if any(part not in self.hidden for part in parts):
            for part in parts:
                if part in self.hidden:
                    self.know(part, 1, math.inf)

    def narrow(self):
        before = None
        while before != (self.least, self.most):
            before = (dict(self.least), dict(self.most))
            for total, parts in self.sums:
                self.know(total, sum(self.least[part] for part in parts),
                          sum(self.most[part] for part in parts))
                for part in parts:
                    others = [other for other in parts if other != part]
                    self.know(part, self.least[total] - sum(self.most[other] for other in others),
                              self.most[total] - sum(self.least[other] for other in others))

    def judge(self, profile):
        self.narrow()
        for name in sorted(self.hidden):
            least, most = self.least[name], self.most[name]
            check(least < most, f"{profile}: {name} is found: {least}")
            check(most > SMALL, f"{profile}: {name} is known to be from {least} to {most}")
        for name, value in self.least.items():
            if name not in self.hidden and name.startswith("person"):
                check(value == 0 or value > SMALL, f"{profile}: {name} is shown: {value}")
        return len(self.hidden)


def see_key(auditor, page):
    """The totals above: referrals, and how many needs are placed."""
    key = {text_of(one.find("dt")): text_of(one.find("dd"))
           for one in page.find(".//dl").iter("div")}
    if "Referrals" in key:
        auditor.see("total referrals", key["Referrals"].replace("under 5", "suppressed"))
    if "Needs placed" in key:
        placed, needed = key["Needs placed"].split(" of ")
        auditor.see("person placed", placed)
        auditor.see("total needed", needed)


def see_tables(auditor, tables):
    for caption, column in PERSON_TABLES.items():
        rows = tables.get(caption, [])
        names = [f"person, {caption}, row {i}" for i in range(len(rows))]
        for name, row in zip(names, rows):
            auditor.see(name, row[column])
        if not names:
            continue
        if caption.startswith("Referrals"):
            auditor.add_sum("total referrals", names)
            auditor.rule_of_tables(names)
        elif caption.startswith("Unmet"):
            auditor.add_sum("unmet", names)
            auditor.rule_of_tables(names)
        else:
            auditor.add_sum("total needed", ["person placed", "unmet"])
            auditor.add_sum(names[0], names[1:])
            auditor.add_sum("total needed", [names[0]])
            auditor.add_sum("person placed", [names[-1]])
            auditor.add_sum("unmet", names[1:-1])
            auditor.rule_of_tables(names[1:-1])


def see_indicators(auditor, tables):
    """The total of an indicator is that of its regions and of what lies in none of them."""
    rows = [row for row in tables.get("Indicators of the programme", [])
            if row["Unit"] == "person" and row["Origin"] == "computed"]
    for label in {row["Indicator"] for row in rows}:
        own = [row for row in rows if row["Indicator"] == label]
        total, *parts = [f"person, {label}, {row['Area']}, {i}" for i, row in enumerate(own)]
        for name, row in zip([total, *parts], own):
            auditor.see(name, row["Value"])
        if parts and own[0]["Area"] == "Philippines":
            elsewhere = f"{label}, elsewhere"
            auditor.know(elsewhere, 0, math.inf)
            auditor.add_sum(total, [*parts, elsewhere])


def see_capacity(auditor, tables):
    for i, row in enumerate(tables.get("Places by service", [])):
        places = number(row["Places"])
        if places is None:
            check(number(row["Taken"]) is None, "no number of a restricted site")
            continue
        taken, free = f"taken, row {i}", f"free, row {i}"
        value = number(row["Taken"])
        check(value is None or value == 0 or value > SMALL, f"taken places are shown: {row}")
        if value is None:
            check(number(row["Free"]) is None, "free places give taken ones back")
            auditor.know(taken, 0, math.inf)
            auditor.know(free, 0, math.inf)
            auditor.know(f"places {i}", places, places)
            auditor.add_sum(f"places {i}", [taken, free])


def check_pictures(page, tables):
    """A picture says no number that its table does not, or a sum of numbers that are all there."""
    for figure in page.iter("figure"):
        rows = tables[text_of(figure.find(".//caption"))]
        told = {number(text) for row in rows for text in row.values()} - {None}
        counts = PERSON_TABLES.get(text_of(figure.find(".//caption")))
        if counts is None:
            continue
        whole = sum(number(row[counts]) or 0 for row in rows)
        nodes = {sum(number(row[counts]) or 0 for row in rows if row[head] == row_of)
                 for head in rows[0] for row_of in {row[head] for row in rows}
                 if not any(number(row[counts]) is None for row in rows if row[head] == row_of)}
        for label in figure.iter("text"):
            value = number(text_of(label))
            check(value is None or value in told | nodes | {whole},
                  f"a picture says {value}, and its table does not")
        sizes = {(one.get("width"), one.get("height")) for one in figure.iter("rect")
                 if one.get("class") in ("hide", "hx")} - {("12.0", "12.0")}
        check(len(sizes) <= 1, f"hidden counts are drawn in different sizes: {sizes}")


def audit(text, profile):
    page = parse(text)
    check_page(text, page)
    tables = tables_of(page)
    check(not re.search(r"\bW-\d{3}\b", text), "no case is named")
    if profile == "internal":
        return 0
    auditor = Auditor()
    see_key(auditor, page)
    see_tables(auditor, tables)
    see_indicators(auditor, tables)
    see_capacity(auditor, tables)
    check_pictures(page, tables)
    return auditor.judge(profile)


def prove_that_it_can_fail(text):
    """One hidden count given away must be found out, and with it what it was hidden for."""
    at = text.index("suppressed</span>")
    begin = text.rindex("<span", 0, at)
    end = at + len("suppressed</span>")
    for spoilt in (text[:begin] + "3" + text[end:], text.replace("<p", "<p><b", 1),
                   text.replace("<main>", "<main><script>1</script>", 1)):
        try:
            audit(spoilt, "spoilt")
        except (SystemExit, etree.ParseError):
            continue
        raise SystemExit("failed: this test cannot fail")


def check_homes(world):
    """The store knows the home regions by itself, and hides them as well as with the list of cases."""
    flow = world.report("flow", "--format", "csv")
    check(flow == world.run("report", "flow", "--as-of", f"{worlds.LAST_DAY}T17:00", "--format",
                            "csv").stdout, "the flow is the same without the list of cases")
    check(len({line.split(",")[0] for line in flow.splitlines()}) > 3, "survivors live in regions")
    for profile in ("partner", "funder"):
        audit(world.run("report", "full", "--as-of", f"{worlds.LAST_DAY}T17:00", "--profile",
                        profile).stdout, profile)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--cli", required=True)
    parser.add_argument("--data", required=True)
    parser.add_argument("--keep", help="also write the pages into this folder")
    options = parser.parse_args()
    hidden = 0
    with tempfile.TemporaryDirectory() as folder:
        world = worlds.World(options.cli, options.data, folder)
        made = worlds.fill(world, cases=90, referred=36)
        check(made > 20, f"{made} referrals are too few")
        for profile in ("internal", "partner", "funder"):
            text = world.report("full", "--profile", profile)
            hidden += audit(text, profile)
            if options.keep:
                with open(f"{options.keep}/{profile}.html", "w", encoding="utf-8") as file:
                    file.write(text)
        prove_that_it_can_fail(text)
        for kind in ("coverage", "gaps", "capacity", "flow", "waiting", "unmet", "funnel"):
            audit(world.report(kind, "--format", "html", "--profile", "funder"), "funder")
        check_homes(world)
    check(hidden > 10, f"{hidden} hidden counts prove nothing")
    print(f"{checked} checks, {made} referrals, {hidden} hidden counts: none was found")
    return 0


if __name__ == "__main__":
    sys.exit(main())
