"""Every tracked C file looks as .clang-format says (clang-format 14; others lay out differently)."""

import pathlib
import re
import shutil
import subprocess

import lint

VERSION = "14"


def formatter():
    """The clang-format of the house, or None."""
    for name in (f"clang-format-{VERSION}", "clang-format"):
        path = shutil.which(name)
        if path:
            run = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
            if re.search(rf"version {VERSION}\.", run.stdout):
                return path
    return None


def inspect_files(report, root, files, program):
    """Many files to a run: starting the program takes longer than what it does with one."""
    for first in range(0, len(files), 100):
        some = [str(root / path) for path in files[first:first + 100]]
        run = subprocess.run([program, "--dry-run", "-Werror", f"--style=file:{root}/.clang-format", *some],
                             capture_output=True, text=True, check=False)
        lines = {}
        for path, line in re.findall(r"^(.+?):(\d+):\d+: error", run.stderr, re.MULTILINE):
            lines.setdefault(path, []).append(line)
        for path in some:
            report.check(path not in lines, pathlib.Path(path).relative_to(root),
                         f"not as scripts/format makes it, line {', '.join(lines.get(path, [])[:5])}")
        if run.returncode != 0 and not lines:
            report.check(False, root, f"{program} fails: {run.stderr[-400:]}")


def inspect(report, arguments):
    program = formatter()
    if program is None:
        print(f"skipped: no clang-format {VERSION}")
        return lint.SKIPPED
    inspect_files(report, arguments.root, lint.tracked(arguments.root, "*.c", "*.h"), program)
    return None


def self_test(report, arguments):
    program = formatter()
    if program is None:
        print(f"skipped: no clang-format {VERSION}")
        return lint.SKIPPED
    style = (arguments.root / ".clang-format").read_text(encoding="utf-8")
    good = "int\nanswer(void)\n{\n    return 42;\n}\n"
    cases = [
        ("clean", good, []),
        ("type on the line of the name", good.replace("int\n", "int "), ["line 1"]),
        ("two spaces", good.replace("    ", "  "), ["as scripts/format makes it"]),
        ("brace", good.replace("(void)\n{", "(void) {"), ["as scripts/format makes it"]),
    ]
    for name, text, expected in cases:
        with lint.planted({".clang-format": style, "answer.c": text}) as root:
            inner = lint.Report()
            inspect_files(inner, root, [pathlib.Path("answer.c")], program)
            lint.prove(report, name, inner.findings, expected)
    return None


if __name__ == "__main__":
    lint.main(__doc__, inspect, self_test)
