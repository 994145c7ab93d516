"""The public headers compile as C99, C11 and C++ without a warning, a part refuses to be included
alone, and the examples in their comments compile."""

import pathlib
import re
import subprocess
import tempfile

import lint

UMBRELLA = "carenet.h"
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only"]
LANGUAGES = [("c", "c99"), ("c", "c11"), ("c++", "c++98"), ("c++", "c++17")]

# What the examples find around them, as a caller would have it.
CONTEXT = """
#include <stdio.h>
carenet_error *error;
carenet_store *store;
carenet_store_options options;
carenet_reference *reference;
carenet_directory *directory;
carenet_policy *policy;
carenet_cases *cases;
carenet_table *rows;
"""

EXAMPLE = re.compile(r"^ \*     (.*)$", re.MULTILINE)


def compiles(arguments, root, code, language, standard, extra=()):
    """(compiles, first line of the complaint)"""
    compiler = arguments.cxx if language == "c++" else arguments.cc
    flags = list(WARNINGS)
    if standard == "c++98":
        flags.append("-Wno-long-long")
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / ("probe.cc" if language == "c++" else "probe.c")
        source.write_text(code, encoding="utf-8")
        run = subprocess.run(
            [compiler, "-x", language, f"-std={standard}", *flags, *extra,
             f"-I{root / 'include'}", str(source)], capture_output=True, text=True, check=False)
    complaints = [line for line in run.stderr.splitlines() if "error" in line]
    return run.returncode == 0, (complaints or [run.stderr.strip() or "?"])[0]


def usage_example(text):
    """The indented code of the comment that a header begins with."""
    comment = text[:text.find("*/")] if text.lstrip().startswith("/**") else ""
    return "\n".join(EXAMPLE.findall(comment))


def inspect_headers(report, root, arguments, context=CONTEXT):
    headers = lint.sources(root, "include/carenet", suffixes=(".h",))
    report.check(any(path.name == UMBRELLA for path in headers), "include/carenet",
                 f"no {UMBRELLA}")
    for path in headers:
        code = f"#include <carenet/{path.name}>\n"
        if path.name != UMBRELLA:
            good, complaint = compiles(arguments, root, code, "c", "c99")
            report.check(not good and "carenet/carenet.h" in complaint, path,
                         "may be included without the umbrella")
            report.check(code in (root / "include/carenet" / UMBRELLA).read_text("utf-8"), path,
                         f"not in {UMBRELLA}")
            continue
        for language, standard in LANGUAGES:
            good, complaint = compiles(arguments, root, code + code, language, standard)
            report.check(good, f"{path} ({standard})", complaint)

    for path in headers:
        example = usage_example((root / path).read_text(encoding="utf-8"))
        report.check(example != "", path, "does not begin with a usage example")
        code = (f"#include <carenet/{UMBRELLA}>\n{context}\nvoid example(void);\n"
                f"void example(void)\n{{\n{example}\n}}\n")
        good, complaint = compiles(arguments, root, code, "c", "c99", ["-Wno-unused"])
        report.check(good, f"{path} (example)", complaint)


def inspect(report, arguments):
    inspect_headers(report, arguments.root, arguments)


def self_test(report, arguments):
    example = "/** Opens.\n *\n *     int opened = carenet_open();\n *     (void)opened;\n */\n"
    guard = "#ifndef CARENET_H_INSIDE\n#error \"include <carenet/carenet.h> instead\"\n#endif\n"
    once = "#ifndef CARENET_STORE_H\n#define CARENET_STORE_H\n"
    umbrella = (example + "#ifndef CARENET_H\n#define CARENET_H\n#define CARENET_H_INSIDE\n"
                "#include <carenet/store.h>\n#undef CARENET_H_INSIDE\n#endif\n")
    part = example + once + guard + "int carenet_open(void);\n#endif\n"
    cases = [
        ("clean", umbrella, part, []),
        ("no guard", umbrella, part.replace(guard, ""), ["without the umbrella"]),
        ("C11 only", umbrella, part.replace("int carenet_open(void);",
                                            "typedef int t; typedef int t; int carenet_open(void);"),
         ["(c99)", "carenet.h (example)", "store.h (example)"]),
        ("keyword of C++", umbrella, part.replace("carenet_open(void);",
                                                  "carenet_open(void); int carenet_x(int class);"),
         ["(c++98)", "(c++17)"]),
        ("left out", umbrella.replace("#include <carenet/store.h>\n", "int carenet_open(void);\n"),
         part, ["not in carenet.h"]),
        ("stale example", umbrella, part.replace("opened = carenet_open", "opened = carenet_opn"),
         ["(example)"]),
        ("no example", umbrella, part.replace(example, "/** Opens. */\n"), ["does not begin with"]),
    ]
    for name, umbrella_text, part_text, expected in cases:
        files = {"include/carenet/carenet.h": umbrella_text, "include/carenet/store.h": part_text}
        with lint.planted(files) as root:
            inner = lint.Report()
            inspect_headers(inner, pathlib.Path(root), arguments, context="")
            lint.prove(report, name, inner.findings, expected)


def options(parser):
    parser.add_argument("--cc", default="cc")
    parser.add_argument("--cxx", default="c++")


if __name__ == "__main__":
    lint.main(__doc__, inspect, self_test, options)
