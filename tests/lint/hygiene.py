"""Small cleanliness of every tracked text file: no unfinished business, no paths of somebody's
machine, no tabs in C, no stray white space."""

import pathlib
import re

import lint

# Written in pieces, so that this file passes its own check.
UNFINISHED = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X")) + r")\b")
MACHINE = re.compile(r"(?<![\w.:/~$}-])(/" + "root|/" + "home|/" + "work|/" + "Users|/"
                     + r"mnt)(/[\w.-]+|(?=[\s\"']))" + r"|\b[A-Z]:\\\\?" + "Users")

C = {".c", ".h"}
# Broken on purpose, or taken over word by word.
EXEMPT = ("tests/fuzz/corpus/", "LICENSE")


def inspect_file(report, root, path):
    name = path.as_posix()
    data = (root / path).read_bytes()
    if name.startswith(EXEMPT) or b"\0" in data:
        return
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        report.check(name.startswith("tests/"), path, "not UTF-8")
        return

    source = path.suffix in C or name.startswith(("lib/", "cli/", "include/", "scripts/", "cmake/"))
    clean = True
    for number, line in enumerate(text.split("\n"), start=1):
        place = f"{name}:{number}"
        word = UNFINISHED.search(line)
        if word:
            clean = report.check(False, place, f"{word.group(0)}: finish it or open an issue")
        where = MACHINE.search(line)
        if where:
            clean = report.check(False, place, f"a path of one machine: {where.group(0)}")
        if path.suffix in C and "\t" in line:
            clean = report.check(False, place, "a tab")
        if source and line != line.rstrip():
            clean = report.check(False, place, "white space at the end of the line")
    if source and text and not text.endswith("\n"):
        clean = report.check(False, path, "no newline at the end of the file")
    if clean:
        report.check(True, path, "")


def inspect(report, arguments):
    for path in lint.tracked(arguments.root):
        inspect_file(report, arguments.root, path)


def self_test(report, arguments):
    del arguments
    word, machine = "TO" + "DO", "/" + "home/ana/carenet"
    cases = [
        ("clean", "lib/base/a.c", "int a; /* https://example.org/home/x ${x}/work/y */\n", []),
        ("unfinished", "lib/base/a.c", f"/* {word} */\n", [word]),
        ("unfinished prose", "docs/guide.md", f"{word}: more\n", [word]),
        ("part of a word", "docs/guide.md", f"{word}S\n", []),
        ("machine path", "scripts/build", f"cd {machine}\n", ["a path of one machine"]),
        ("machine path in quotes", "lib/base/a.c", f'"{machine}"\n', ["a path of one machine"]),
        ("tab", "cli/a.c", "\tint a;\n", ["a tab"]),
        ("white space", "cli/a.c", "int a; \n", ["white space"]),
        ("last line", "cli/a.c", "int a;", ["no newline"]),
        ("encoding", "cli/a.c", b"/* \xff */\n", ["not UTF-8"]),
        ("binary", "docs/a.png", b"\0" + word.encode(), []),
    ]
    for name, path, text, expected in cases:
        with lint.planted({path: text}) as root:
            inner = lint.Report()
            inspect_file(inner, root, pathlib.Path(path))
            lint.prove(report, name, inner.findings, expected)


if __name__ == "__main__":
    lint.main(__doc__, inspect, self_test)
