"""Exported symbols of the library = lib/carenet.symbols = functions declared in the public headers,
and every declaration has a documentation comment with Since:.

--update rewrites lib/carenet.symbols from the headers."""

import pathlib
import re
import subprocess

import lint

LIST = "lib/carenet.symbols"
HEAD = "# The exported functions, sorted. Written by tests/lint/symbols.py --update; reviewed by eye.\n"

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
DECLARATION = re.compile(r"^CARENET_API\b([^;{]*?)\b(carenet_\w+)\s*\(", re.MULTILINE)
MARK = re.compile(r"^CARENET_API\b", re.MULTILINE)
UNMARKED = re.compile(r"^(?!typedef\b|CARENET_API\b)[A-Za-z_][\w \t*]*\b(carenet_\w+)\s*\(",
                      re.MULTILINE)


def blank(match):
    return re.sub(r"[^\n]", " ", match.group(0))


def last_comment(text):
    """The documentation comment that ends right before the end of the text, or None."""
    text = text.rstrip()
    if not text.endswith("*/"):
        return None
    start = text.rfind("/*")
    return text[start:] if text.startswith("/**", start) else None


def declared(report, root):
    """{function: place} of the public headers; complains about undocumented ones."""
    functions = {}
    for path in lint.sources(root, "include", suffixes=(".h",)):
        text = (root / path).read_text(encoding="utf-8")
        code = COMMENT.sub(blank, text)
        matches = list(DECLARATION.finditer(code))
        report.check(len(matches) == len(MARK.findall(code)), path,
                     "a line that begins with CARENET_API is not a carenet_ function")
        for match in matches:
            name = match.group(2)
            place = f"{path}:{code.count(chr(10), 0, match.start()) + 1}"
            report.check(name not in functions, place, f"{name} is declared twice")
            comment = last_comment(text[:match.start()])
            report.check(comment is not None, place, f"{name} has no /** comment before it")
            if comment is not None:
                report.check("Since:" in comment, place, f"the comment of {name} has no Since:")
            functions[name] = place
        for match in UNMARKED.finditer(code):
            place = f"{path}:{code.count(chr(10), 0, match.start()) + 1}"
            report.check(False, place, f"{match.group(1)} is not marked CARENET_API")
    return functions


def listed(report, root):
    path = root / LIST
    if not path.is_file():
        report.check(False, LIST, "missing; run tests/lint/symbols.py --update")
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    names = [line for line in lines if line and not line.startswith("#")]
    report.check(names == sorted(set(names)), LIST, "not sorted or with duplicates")
    return names


def exported(library, nm):
    run = subprocess.run([nm, "-D", "--defined-only", "--format=posix", str(library)],
                         capture_output=True, text=True, check=True)
    # Section symbols of old linkers and versions ("name@@V") are cut off.
    return {line.split()[0].split("@")[0] for line in run.stdout.splitlines() if line.strip()}


def compare(report, left, left_name, right, right_name):
    for name in sorted(set(left) | set(right)):
        report.check(name in left, name, f"in {right_name} but not in {left_name}")
        report.check(name in right, name, f"in {left_name} but not in {right_name}")


def inspect_tree(report, root, symbols):
    functions = declared(report, root)
    names = listed(report, root)
    compare(report, names, LIST, functions, "the public headers")
    if symbols is not None:
        compare(report, names, LIST, symbols, "the shared library")


def inspect(report, arguments):
    if arguments.update:
        functions = declared(report, arguments.root)
        text = HEAD + "".join(f"{name}\n" for name in sorted(functions))
        (arguments.root / LIST).write_text(text, encoding="utf-8")
        return
    symbols = exported(arguments.library, arguments.nm) if arguments.library else None
    inspect_tree(report, arguments.root, symbols)


def self_test(report, arguments):
    good = "/** Opens. Since: 0.1 */\nCARENET_API int\n *carenet_open(const char *path);\n"
    header = "include/carenet/store.h"
    cases = [
        ("clean", {header: good, LIST: "# head\ncarenet_open\n"}, ["carenet_open"], []),
        ("not listed", {header: good, LIST: ""}, None, [f"not in {LIST}"]),
        ("listed only", {header: good, LIST: "carenet_close\ncarenet_open\n"}, None,
         ["carenet_close: in"]),
        ("not exported", {header: good, LIST: "carenet_open\n"}, [],
         ["not in the shared library"]),
        ("leaked", {header: good, LIST: "carenet_open\n"}, ["carenet_open", "cn_open"],
         ["cn_open: in the shared library"]),
        ("no comment", {header: "CARENET_API int carenet_open(void);\n", LIST: "carenet_open\n"},
         None, ["no /** comment"]),
        ("plain comment", {header: good.replace("/**", "/*"), LIST: "carenet_open\n"}, None,
         ["no /** comment"]),
        ("no since", {header: good.replace("Since", "From"), LIST: "carenet_open\n"}, None,
         ["no Since:"]),
        ("unmarked", {header: good + "int carenet_close(void);\n", LIST: "carenet_open\n"}, None,
         ["not marked CARENET_API"]),
        ("a variable", {header: good + "CARENET_API int carenet_count;\n",
                        LIST: "carenet_open\n"}, None, ["not a carenet_ function"]),
        ("unsorted", {header: good + good.replace("open", "close"),
                      LIST: "carenet_open\ncarenet_close\n"}, None, ["not sorted"]),
        ("no list", {header: good}, None, ["missing", f"not in {LIST}"]),
    ]
    for name, files, symbols, expected in cases:
        with lint.planted(files) as root:
            inner = lint.Report()
            inspect_tree(inner, pathlib.Path(root), symbols)
            lint.prove(report, name, inner.findings, expected)
    if arguments.library:
        report.check("cn_error_quark" not in exported(arguments.library, arguments.nm),
                     arguments.library, "an internal function is exported")


def options(parser):
    parser.add_argument("--library", type=pathlib.Path, help="the shared library to look into")
    parser.add_argument("--nm", default="nm")
    parser.add_argument("--update", action="store_true", help=f"rewrite {LIST}")


if __name__ == "__main__":
    lint.main(__doc__, inspect, self_test, options)
