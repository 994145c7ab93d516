"""Nothing lies about that no list names: sources, tests, checks, migrations."""

import re

import lint

# (folder, pattern, suffix): every such file is named in the CMakeLists.txt of its folder.
LISTED = [
    ("lib/*", "*.c"),
    ("cli", "*.c"),
    ("tests/unit", "*.c"),
    ("tests/fuzz", "*.c"),
    ("tests/bench", "*.c"),
    ("tests/reliability", "*.c"),
    ("tests/lint", "*.py"),
]

# Shared by the checks, not a check.
HELPERS = {"lint.py"}


def inspect_tree(report, root):
    for folders, pattern in LISTED:
        for folder in sorted(root.glob(folders)):
            if not folder.is_dir():
                continue
            lists = folder / "CMakeLists.txt"
            text = lists.read_text(encoding="utf-8") if lists.is_file() else ""
            named = set(re.findall(r"[\w.+/-]+", re.sub(r"#.*", "", text)))
            for path in sorted(folder.glob(pattern)):
                # A check is listed without its suffix.
                name = path.stem if path.suffix == ".py" else path.name
                if path.name not in HELPERS:
                    report.check(name in named, path.relative_to(root),
                                 f"not listed in {lists.relative_to(root)}")

    for number, path in enumerate(sorted((root / "lib/store/migrations").glob("*")), start=1):
        report.check(re.fullmatch(rf"{number:04d}-[a-z0-9-]+\.sql", path.name),
                     path.relative_to(root), f"expected {number:04d}-name.sql")

    top = root / "CMakeLists.txt"
    text = top.read_text(encoding="utf-8") if top.is_file() else ""
    floors = re.search(r"set\(CARENET_FLOORS ([^)]*)\)", text)
    floors = floors.group(1).split() if floors else []
    for folder in sorted((root / "lib").glob("*/CMakeLists.txt")):
        report.check(folder.parent.name in floors, folder.parent.relative_to(root),
                     "not one of CARENET_FLOORS in CMakeLists.txt")

    for path in sorted((root / "scripts").glob("*")):
        if path.is_file() and path.suffix == "":
            report.check(path.stat().st_mode & 0o111, path.relative_to(root), "not executable")


def inspect(report, arguments):
    inspect_tree(report, arguments.root)


def self_test(report, arguments):
    del arguments
    files = {
        "CMakeLists.txt": "set(CARENET_FLOORS base store)\n",
        "lib/base/CMakeLists.txt": "cn_add_floor(base SOURCES text.c) # old.c\n",
        "lib/base/text.c": "",
        "lib/store/migrations/0001-start.sql": "",
        "tests/unit/CMakeLists.txt": "cn_add_test(test-text SOURCES test-text.c)\n",
        "tests/unit/test-text.c": "",
        "tests/lint/CMakeLists.txt": "cn_add_check(floors)\n",
        "tests/lint/floors.py": "",
        "tests/lint/lint.py": "",
    }
    cases = [
        ("clean", {}, []),
        ("a source", {"lib/base/old.c": ""}, ["old.c: not listed in lib/base/CMakeLists.txt"]),
        ("the name of the floor", {"lib/base/base.c": ""}, ["base.c: not listed"]),
        ("part of a name", {"lib/base/ext.c": ""}, ["ext.c: not listed"]),
        ("a command", {"cli/main.c": ""}, ["main.c: not listed in cli/CMakeLists.txt"]),
        ("a test", {"tests/unit/test-geo.c": ""}, ["test-geo.c: not listed"]),
        ("a check", {"tests/lint/style.py": ""}, ["style.py: not listed"]),
        ("a gap", {"lib/store/migrations/0003-more.sql": ""}, ["expected 0002"]),
        ("a floor", {"lib/attic/CMakeLists.txt": ""}, ["not one of CARENET_FLOORS"]),
        ("a script", {"scripts/build": ""}, ["not executable"]),
    ]
    for name, more, expected in cases:
        with lint.planted({**files, **more}) as root:
            inner = lint.Report()
            inspect_tree(inner, root)
            lint.prove(report, name, inner.findings, expected)


if __name__ == "__main__":
    lint.main(__doc__, inspect, self_test)
