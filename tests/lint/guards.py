"""Errors about arguments speak of the public function that a program called: a guard stands in one, or is
told for which one it looks (CN_..._FOR)."""

import re

import lint

GUARD = re.compile(r'\b(CN_(?:REQUIRE|REQUIRE_GIVEN|ADOPT)(_FOR)?)\(\s*(?:"(\w*)")?')
FUNCTION = re.compile(r"^(\w+)\(")


def inspect_text(report, name, text, exported):
    function = ""
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        begins = FUNCTION.match(line)
        function = begins[1] if begins else function
        for guard in GUARD.finditer("\n".join(lines[number - 1:number + 1])):
            if guard.start() >= len(line):
                continue
            whose = guard[3] if guard[2] else function
            # What is no text was handed down, from one that says G_STRFUNC.
            if whose is not None:
                report.check(whose in exported, f"{name}:{number}",
                             f"{guard[1]} speaks of {whose}(), which no program can call")


def inspect(report, arguments):
    exported = set((arguments.root / "lib/carenet.symbols").read_text(encoding="utf-8").split())
    for path in lint.sources(arguments.root, "lib", suffixes=(".c",)):
        text = (arguments.root / path).read_text(encoding="utf-8")
        inspect_text(report, path, text, exported)


PLANTED = {
    "inner": "static int\nadopt(int *a)\n{\n    CN_REQUIRE_GIVEN(a, error, 0);\n}\n",
    "unknown": 'static int\nadopt(int *a)\n{\n    CN_REQUIRE_FOR(\n        "cn_find", a, "x", 0);\n}\n',
    "good": "int\ncarenet_find(int *a)\n{\n    CN_ADOPT(a, b, error, 0);\n}\n"
            "static int\nadopt(int *a)\n{\n    CN_REQUIRE_GIVEN_FOR(call, a, error, 0);\n"
            '    CN_ADOPT_FOR("carenet_find", a, b, error, 0);\n}\n',
}
EXPECTED = {"inner": ["speaks of adopt()"], "unknown": ["speaks of cn_find()"], "good": []}


def self_test(report, _arguments):
    for name, text in PLANTED.items():
        inner = lint.Report()
        inspect_text(inner, name, text, {"carenet_find"})
        lint.prove(report, name, inner.findings, EXPECTED[name])


if __name__ == "__main__":
    lint.main(__doc__, inspect, self_test)
