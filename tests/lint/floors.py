"""The house rule: a folder is a floor, and code includes downwards only."""

import pathlib
import re

import lint

FLOORS = ["base", "model", "format", "store", "directory", "routing", "referral", "report", "api"]

# A foreign header and the only place that may see it.
ROOMS = {
    "yaml.h": "lib/format",
    "csv.h": "lib/format",
    "sqlite3.h": "lib/store",
    "libpq-fe.h": "lib/store",
    "sodium.h": "lib/base",
    "libsmartcols.h": "cli",
    "libsmartcols/libsmartcols.h": "cli",
}

C99 = {f"{name}.h" for name in (
    "assert complex ctype errno fenv float inttypes iso646 limits locale math setjmp signal "
    "stdarg stdbool stddef stdint stdio stdlib string tgmath time wchar wctype").split()}

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)


def includes(path):
    text = path.read_text(encoding="utf-8")
    for match in INCLUDE.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        yield line, match.group(1) == '"', match.group(2)


def wrong_in_library(root, path, quoted, target):
    """Why a file of lib/ may not include something, or None."""
    floor = path.parts[1]
    if not quoted:
        if target.startswith("carenet/"):
            return None if target == "carenet/carenet.h" else "include <carenet/carenet.h>"
        if target.split("/")[0] in FLOORS:
            return f'write "{target}" in quotes'
        return None
    other = target.split("/")[0]
    if "/" not in target or other not in FLOORS:
        return f'write "floor/header.h" relative to lib/, not "{target}"'
    if not (root / "lib" / target).is_file():
        return f'no such header "{target}"'
    if FLOORS.index(other) > FLOORS.index(floor):
        return f"{floor} may not include {other}, which is a higher floor"
    if target.endswith("-private.h") and other != floor:
        return f'"{target}" is private to {other}'
    return None


def wrong_in_command(root, path, quoted, target):
    """Why a file of cli/ may not include something, or None."""
    if quoted:
        if not (root / path.parent / target).is_file() and not (root / "cli" / target).is_file():
            return f'the command includes <carenet/carenet.h> and its own headers, not "{target}"'
    elif target.startswith("carenet/") and target != "carenet/carenet.h":
        return "include <carenet/carenet.h>"
    return None


def wrong_in_public_header(root, path, quoted, target):
    """Why a public header may not include something, or None."""
    if quoted:
        return f"write <carenet/...>, not \"{target}\""
    if target in C99:
        return None
    if target.startswith("carenet/") and (root / "include" / target).is_file():
        return None
    return f"a public header includes C99 headers and <carenet/...> only, not <{target}>"


def wrong_in_example(root, path, quoted, target):
    """Why an example may not include something, or None."""
    if not quoted and (target in C99 or target == "carenet/carenet.h"):
        return None
    return "an example includes <carenet/carenet.h> and C99 headers only"


PLACES = [("lib", wrong_in_library), ("cli", wrong_in_command),
          ("include", wrong_in_public_header), ("examples", wrong_in_example)]


def inspect_tree(report, root):
    for place, wrong in PLACES:
        for path in lint.sources(root, place):
            if place == "lib" and (len(path.parts) != 3 or path.parts[1] not in FLOORS):
                report.check(False, path, "a file of lib/ lies in lib/<floor>/")
                continue
            for line, quoted, target in includes(root / path):
                room = None if quoted else ROOMS.get(target)
                if room and not str(path).startswith(room + "/"):
                    reason = f"<{target}> is for {room} only"
                else:
                    reason = wrong(root, path, quoted, target)
                report.check(reason is None, f"{path}:{line}", reason)


def inspect(report, arguments):
    inspect_tree(report, arguments.root)


def self_test(report, arguments):
    del arguments
    files = {
        "lib/base/text.h": "#include <glib.h>\n",
        "lib/store/store.h": "",
        "lib/store/store-private.h": "#include <sqlite3.h>\n",
        "lib/store/store.c": '#include "store/store-private.h"\n#include "base/text.h"\n',
        "cli/common.h": "",
        "cli/main.c": '#include "common.h"\n#include <carenet/carenet.h>\n',
        "include/carenet/carenet.h": "#include <stdint.h>\n#include <carenet/store.h>\n",
        "include/carenet/store.h": "",
    }
    cases = [
        ("upward", "lib/base/text.c", '#include "store/store.h"\n', "higher floor"),
        ("private", "lib/directory/find.c", '#include "store/store-private.h"\n', "is private to"),
        ("bare name", "lib/store/more.c", '#include "store.h"\n', "relative to lib/"),
        ("missing", "lib/store/more.c", '#include "store/none.h"\n', "no such header"),
        ("angle", "lib/store/more.c", "#include <store/store.h>\n", "in quotes"),
        ("sub-header", "lib/api/store.c", "#include <carenet/store.h>\n", "carenet/carenet.h"),
        ("yaml room", "lib/model/read.c", "#  include <yaml.h>\n", "<yaml.h> is for lib/format"),
        ("sqlite room", "lib/directory/load.c", "#include <sqlite3.h>\n", "for lib/store only"),
        ("smartcols room", "lib/report/text.c", "#include <libsmartcols.h>\n", "for cli only"),
        ("stray floor", "lib/attic/old.c", "", "lies in lib/<floor>/"),
        ("inner header", "cli/cmd-find.c", '#include "base/text.h"\n', "its own headers"),
        ("GLib in public", "include/carenet/find.h", "#include <glib.h>\n", "C99 headers"),
        ("GLib in example", "examples/find.c", "#include <glib.h>\n", "an example includes"),
    ]
    for name, path, text, fragment in [("clean", "lib/base/ok.c", "", None)] + cases:
        with lint.planted({**files, path: text}) as root:
            inner = lint.Report()
            inspect_tree(inner, pathlib.Path(root))
            lint.prove(report, name, inner.findings, [fragment] if fragment else [])


if __name__ == "__main__":
    lint.main(__doc__, inspect, self_test)
