"""Static analysis of lib/ and cli/: gcc -fanalyzer, clang-tidy (the checks of .clang-tidy) and
cppcheck, each over what the build compiles. One case is one tool; it fails on any finding. A tool that is not installed is said and left out; without any the check is skipped.

Within the suite two budgets hold, which --thorough lifts: clang's analyser follows a third as many states of a
function as it would, and gcc looks at the solver in one of its three widths."""

import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

import lint

HERE = pathlib.Path(__file__).resolve().parents[2]
PLACE = re.compile(r"^(?P<file>[^:\s][^:]*):(?P<line>\d+):(?:\d+:)? (?:warning|error|style|"
                   r"performance|portability|information): (?P<what>.*\[[^\]]+\])$", re.MULTILINE)
# States of one function that clang's analyser follows; without a word of ours 225,000.
NODES_MOST = 75000
# gcc takes two minutes for the solver, and looks at the first of these, which compile one text.
SOLVER = ("lib/routing/assign-flow.c", "lib/routing/assign-flow-middle.c", "lib/routing/assign-flow-wide.c")
# Macros of GLib that cppcheck's own description of GLib does not have.
MACROS = ("G_DEFINE_EXTENDED_ERROR(a,b)=", "G_DEFINE_QUARK(a,b)=", "G_GNUC_FORMAT(a)=",
          "G_GNUC_PRINTF(a,b)=")


def units(root, build, folders):
    """The entries of the compilation database for sources of the tree, each source once: with which mutants
    of its headers a test compiles it as well is nothing to look at."""
    database = json.loads((build / "compile_commands.json").read_text())
    found = {}
    for entry in database:
        path = pathlib.Path(entry["directory"], entry["file"]).resolve()
        if path.is_relative_to(root) and path.relative_to(root).parts[0] in folders and \
                "/mutant-" not in entry.get("command", " ".join(entry.get("arguments", ()))):
            found.setdefault(path.relative_to(root), entry)
    return sorted(found.items())


def run(command, directory):
    return subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False)


def findings(output, root):
    """{(file, line, what)} of the places that a tool named within the tree."""
    found = set()
    for match in PLACE.finditer(output):
        path = pathlib.Path(match["file"])
        path = path.resolve() if path.is_absolute() else (root / path).resolve()
        if path.is_relative_to(root):
            found.add((str(path.relative_to(root)), int(match["line"]), match["what"]))
    return found


def gcc(root, program, chosen, options):
    left_out = () if options.thorough else SOLVER[1:]
    # What takes longest begins first.
    chosen = sorted((unit for unit in chosen if str(unit[0]) not in left_out),
                    key=lambda unit: str(unit[0]) not in SOLVER)

    def one(unit):
        path, entry = unit
        words = entry.get("arguments") or shlex.split(entry["command"])
        words = [program, *words[1:], "-fno-lto", "-fanalyzer"]
        words[words.index("-o") + 1] = os.devnull
        done = run(words, entry["directory"])
        return path, findings(done.stderr, root), done.returncode, done.stderr
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        return list(pool.map(one, chosen))


def clang_words(options):
    """Warnings that only gcc knows stand in the commands; the rest is the budget of clang's analyser."""
    words = ["-Wno-unknown-warning-option", "-Wno-unused-command-line-argument"]
    if not options.thorough:
        words += ["-Xclang", "-analyzer-config", "-Xclang", f"max-nodes={NODES_MOST}"]
    return [f"--extra-arg={word}" for word in words]


def tidy(root, program, chosen, options):
    with tempfile.TemporaryDirectory() as folder:
        write_database(folder, chosen)

        def one(unit):
            path, entry = unit
            done = run([program, "--quiet", "-p", folder, f"--config-file={HERE / '.clang-tidy'}",
                        *clang_words(options), str(root / path)], entry["directory"])
            return path, findings(done.stdout, root), done.returncode, done.stderr
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            return list(pool.map(one, chosen))


def cppcheck(root, program, chosen, options):
    with tempfile.TemporaryDirectory() as folder:
        database = write_database(folder, chosen)
        done = run([program, f"--project={database}", f"-j{options.jobs}", "--quiet", "--inconclusive",
                    "--enable=warning,style,performance,portability", "--inline-suppr",
                    "--library=gtk,posix,gnu", "--suppress=missingIncludeSystem",
                    # In C with the libraries of Linux NULL is a pointer, so it may end a list.
                    "--suppress=varFuncNullUB",
                    "--template={file}:{line}:{column}: {severity}: {message} [{id}]",
                    *[f"-D{macro}" for macro in MACROS]], root)
    found = findings(done.stderr, root)
    rest = [(path, {f for f in found if f[0] == str(path)}, done.returncode, done.stderr)
            for path, _ in chosen]
    elsewhere = {f for f in found if f[0] not in {str(path) for path, _ in chosen}}
    return rest + [(pathlib.Path("headers"), elsewhere, done.returncode, done.stderr)]


def write_database(folder, chosen):
    path = pathlib.Path(folder) / "compile_commands.json"
    path.write_text(json.dumps([entry for _, entry in chosen]))
    return path


TOOLS = {"gcc": (gcc, ("gcc",)), "clang-tidy": (tidy, ("clang-tidy-14", "clang-tidy")),
         "cppcheck": (cppcheck, ("cppcheck",))}


def analyse(report, root, chosen, names, options):
    """How many tools ran."""
    ran = 0
    for name in names:
        function, programs = TOOLS[name]
        program = next(filter(None, map(shutil.which, programs)), None)
        if program is None:
            print(f"{name} is not installed", file=sys.stderr)
            continue
        ran += 1
        results = function(root, program, chosen, options)
        for file, line, what in sorted(set().union(*(result[1] for result in results))):
            report.findings.append(f"{file}:{line}: {name}: {what}")
        for path, found, status, messages in results:
            if status != 0 and not found:
                report.findings.append(f"{path}: {name} could not run: {messages[-400:]}")
        report.passed += not any(found or status for _, found, status, _ in results)
    return ran


def inspect(report, arguments):
    chosen = units(arguments.root.resolve(), arguments.build, ("lib", "cli"))
    if not chosen:
        return report.check(False, arguments.build, "compile_commands.json names none of ours")
    if analyse(report, arguments.root.resolve(), chosen, arguments.tool or TOOLS, arguments) == 0:
        return lint.SKIPPED
    return None


PLANTED = {
    "gcc": ("#include <stdlib.h>\nint f(int *p);\nint f(int *p)\n{\n    free(p);\n    return *p;\n}\n",
            "use after"),
    "clang-tidy": ("int f(int i);\nint f(int i)\n{\n    if (i > 2)\n        return 1;\n    else\n"
                   "        return 1;\n}\n", "bugprone-branch-clone"),
    "cppcheck": ("int f(int i);\nint f(int i)\n{\n    int a[4] = {0};\n    a[i] = 1;\n"
                 "    return a[4];\n}\n", "arrayIndexOutOfBounds"),
}


def self_test(report, arguments):
    ran = 0
    for name, (text, expected) in PLANTED.items():
        for source, fragments in ((text, [expected]), ("int f(void);\nint f(void)\n{\n"
                                                       "    return 1;\n}\n", [])):
            with lint.planted({"lib/a.c": source}) as root:
                root = root.resolve()
                entry = {"directory": str(root), "file": str(root / "lib/a.c"),
                         "arguments": ["cc", "-O1", "-c", "-o", "a.o", str(root / "lib/a.c")]}
                (root / "compile_commands.json").write_text(json.dumps([entry]))
                inner = lint.Report()
                if analyse(inner, root, units(root, root, ("lib",)), [name], arguments) == 0:
                    continue
                ran += 1
                hits = [f for f in inner.findings if any(part in f for part in fragments)]
                report.check(bool(hits) == bool(fragments), name,
                             f"expected {fragments or 'nothing'}, got {inner.findings}")
                report.check(bool(fragments) or not inner.findings, name,
                             f"sound code has findings {inner.findings}")
    return lint.SKIPPED if ran == 0 else None


def options(parser):
    parser.add_argument("--build", type=pathlib.Path, default=HERE / "build",
                        help="the folder of compile_commands.json")
    parser.add_argument("--thorough", action="store_true", help="without the budgets")
    parser.add_argument("--tool", action="append", choices=sorted(TOOLS))
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)


if __name__ == "__main__":
    lint.main(__doc__, inspect, self_test, options)
