"""Reads scenario files. README.md says how one is written."""

import re

CLOCK = "2026-11-16 09:00"

# Keyword -> whether it may be followed by "REF SERVICE" before the colon.
KEYWORDS = {"When": False, "Fixture": False, "Asked for": False, "Case": False, "Expect": True,
            "Refused": True, "Note": True, "No note": True, "Funnel": True, "Never": False,
            "Together": True, "Apart": True, "Never said": False, "Moved": False,
            "Rejected": False}
ONCE = ("When", "Fixture", "Case", "Rejected")
KEYWORD = re.compile(r"(" + "|".join(sorted(KEYWORDS, key=len, reverse=True)) + r")\b([^:]*):(.*)")


class Mistake(Exception):
    """A scenario that cannot be understood; the text says where and why."""


class Line:
    """One keyword line: what it is about, and what it says."""

    def __init__(self, place, keyword, subject, text):
        self.place = place
        self.keyword = keyword
        self.text = text
        self.ref, self.service = split_subject(place, keyword, subject)


class Scenario:
    def __init__(self, place, title):
        self.place = place
        self.title = title
        self.prose = []
        self.case = None
        self.lines = []

    def all(self, *keywords):
        return [line for line in self.lines if line.keyword in keywords]

    def one(self, keyword, otherwise=None):
        found = self.all(keyword)
        return found[0].text if found else otherwise


def split_subject(place, keyword, subject):
    words = subject.split()
    if words and not KEYWORDS[keyword]:
        raise Mistake(f"{place}: nothing may stand between \"{keyword}\" and the colon")
    if len(words) > 2:
        raise Mistake(f"{place}: write \"{keyword} SERVICE:\" or \"{keyword} REF SERVICE:\"")
    service = words[-1] if words else None
    return (words[0] if len(words) == 2 else None), service


def indent(line):
    return len(line) - len(line.lstrip(" "))


class Reader:
    """Line by line: a title, prose, then keyword lines; the case is an indented block."""

    def __init__(self, name):
        self.name = name
        self.found = []
        self.block = None

    def read(self, text):
        for number, line in enumerate(text.split("\n"), start=1):
            self.take(f"{self.name}:{number}", line.rstrip())
        for scenario in self.found:
            inspect_whole(scenario)
        return self.found

    def take(self, place, line):
        if self.block is not None and (not line or indent(line) > 2):
            self.block.append(line)
            return
        self.block = None
        if not line or line.startswith("#"):
            return
        if line.startswith("Scenario:"):
            self.found.append(Scenario(place, line[len("Scenario:"):].strip()))
        elif not self.found or indent(line) != 2:
            raise Mistake(f"{place}: begin with \"Scenario: title\" and indent what follows by two")
        else:
            self.take_inner(place, line.strip(), self.found[-1])

    def take_inner(self, place, line, scenario):
        match = KEYWORD.fullmatch(line)
        if match is None:
            if scenario.lines or scenario.case is not None:
                raise Mistake(f"{place}: not a line that can be checked: {line}")
            scenario.prose.append(line)
            return
        keyword, subject, text = (part.strip() for part in match.groups())
        if keyword in ONCE and scenario.all(keyword):
            raise Mistake(f"{place}: \"{keyword}\" stands here twice")
        if keyword != "Case" and not text:
            raise Mistake(f"{place}: say something behind the colon")
        scenario.lines.append(Line(place, keyword, subject, text))
        if keyword == "Case":
            scenario.case = self.block = [text] if text else []


def inspect_whole(scenario):
    if not scenario.case:
        raise Mistake(f"{scenario.place}: no case")
    if not scenario.prose:
        raise Mistake(f"{scenario.place}: say in a sentence what this scenario shows")
    told = scenario.all("Expect", "Rejected", "Together", "Apart")
    if not told:
        raise Mistake(f"{scenario.place}: nothing is expected")
    if scenario.all("Moved") and not scenario.one("Fixture"):
        raise Mistake(f"{scenario.place}: only what a fixture says can be moved")


def case_text(scenario):
    """The case as it goes to the program: without the indentation of the scenario."""
    least = min(indent(line) for line in scenario.case if line)
    return "\n".join(line[least:] for line in scenario.case).rstrip("\n") + "\n"


def read_text(name, text):
    return Reader(name).read(text)


def read_file(path):
    return read_text(path.name, path.read_text(encoding="utf-8"))
