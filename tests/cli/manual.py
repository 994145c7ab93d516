"""The manual pages tell what --help tells: the same options, for the same commands, up to date.

Self-test: a page with an option too many and one too few must be noticed."""

import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]


def help_options(text):
    return sorted(re.findall(r"^  (?:-\w, )?(--[\w-]+)", text, re.MULTILINE))


def page_options(text):
    """The options of the section OPTIONS of a page: lines that begin with one in bold."""
    section = re.search(r"^\.SH OPTIONS$(.*?)^\.SH ", text, re.MULTILINE | re.DOTALL)
    heads = re.findall(r"^\\fB-.*$", section.group(1) if section else "", re.MULTILINE)
    return sorted(re.search(r"\\fB(--[\w-]+)", head).group(1) for head in heads)


def finish(passed, failures):
    for failure in failures:
        print(f"failed: {failure}")
    print(f"{passed} passed, {len(failures)} failed")
    return 1 if failures else 0


def compare(cli):
    passed, failures = 0, []
    with tempfile.TemporaryDirectory() as home:
        def run(*words):
            return subprocess.run([cli, *words], capture_output=True, text=True, check=True,
                                  env={**os.environ, "HOME": home}).stdout

        listing = run("help").split("\n\n")[1]
        commands = re.findall(r"^  (\w+) ", listing, re.MULTILINE)
        pages = {path.name for path in (ROOT / "docs/man").glob("*.1")}
        for command in commands:
            name = f"carenet-{command}.1"
            page = (ROOT / "docs/man" / name).read_text(encoding="utf-8") if name in pages else ""
            wanted, found = help_options(run(command, "--help")), page_options(page)
            if wanted and wanted == found:
                passed += 1
            else:
                failures.append(f"{name}: {set(wanted) ^ set(found) or 'no options'}")
        extra = pages - {f"carenet-{command}.1" for command in commands} - {"carenet.1"}
        failures += [f"{name} belongs to no command" for name in sorted(extra)]
    return passed, failures


def self_test():
    page = ".SH OPTIONS\n.P\n\\fB-o\\fR, \\fB--output\\fR \\fIFILE\\fR\n.P\n\\fB--odd\\fR\n.SH END\n"
    wanted = help_options("  -o, --output FILE   x\n  --force   y\n")
    assert wanted == ["--force", "--output"], wanted
    assert page_options(page) == ["--odd", "--output"], page_options(page)
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cli", type=pathlib.Path, required=True, help="the carenet command")
    parser.add_argument("--remake", action="store_true", help="compare with what scdoc makes now")
    options = parser.parse_args()
    self_test()
    if options.remake:
        return subprocess.run([ROOT / "scripts/man", "--check", options.cli.resolve()],
                              check=False).returncode
    return finish(*compare(options.cli.resolve()))


if __name__ == "__main__":
    sys.exit(main())
