"""Runs a guide of docs/guide as a reader would, from top to bottom, in an empty folder.

A fenced block whose info string has a second word is a file: "```yaml case.yaml" is written as it
stands. A block "console" holds commands after "$ " and, below each, what the terminal shows; a line
"..." stands for any lines, and the exit status must then be 0 or 1. `export NAME=VALUE` holds for what
follows. Blocks of other kinds are there to be read.

    guide.py --path FOLDER_OF_carenet [--update] GUIDE.md

--update writes what the commands print now into the guide, where no "..." stands."""

import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```(\S*)[ ]?(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def steps_of(block):
    """[(command, lines that it must print)]"""
    steps = []
    for line in block.splitlines():
        if line.startswith("$ "):
            steps.append((line[2:], []))
        elif steps:
            steps[-1][1].append(line)
        else:
            raise SystemExit(f"a line before any command: {line!r}")
    return steps


def matches(wanted, got):
    """Whether the lines are those; "..." is any number of lines."""
    if not wanted:
        return not got
    if wanted[0] == "...":
        return any(matches(wanted[1:], got[skip:]) for skip in range(len(got) + 1))
    return bool(got) and wanted[0] == got[0] and matches(wanted[1:], got[1:])


class Guide:
    def __init__(self, path, folder, environment):
        self.path, self.folder, self.environment = path, folder, environment
        self.text = path.read_text(encoding="utf-8")
        self.passed, self.failures = 0, []

    def shown_by(self, command):
        """(lines, whether it gave an answer)"""
        exported = re.fullmatch(r"export (\w+)=(\S*)", command)
        if exported:
            self.environment[exported[1]] = exported[2]
            return [], True
        run = subprocess.run(["bash", "-c", command], cwd=self.folder, env=self.environment,
                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, timeout=300, check=False)
        lines = [line.rstrip() for line in run.stdout.decode("utf-8").splitlines()]
        return lines, run.returncode <= 1

    def run_block(self, block):
        """The block as it is now."""
        lines = []
        for command, wanted in steps_of(block):
            got, answered = self.shown_by(command)
            if matches(wanted, got) and (answered or "..." not in wanted):
                self.passed += 1
            else:
                self.failures.append(command)
                print(f"failed: {self.path.name}: {command}")
                print("\n".join(f"    {line}" for line in got))
            lines += [f"$ {command}", *(wanted if "..." in wanted else got)]
        return "".join(f"{line}\n" for line in lines)

    def run(self):
        """The text of the guide as it is now."""
        pieces, end = [], 0
        for found in BLOCK.finditer(self.text):
            kind, name, block = found.groups()
            pieces.append(self.text[end:found.start(3)])
            if name:
                (pathlib.Path(self.folder) / name).write_text(block, encoding="utf-8")
            pieces.append(self.run_block(block) if kind == "console" else block)
            end = found.end(3)
        return "".join(pieces) + self.text[end:]


def surroundings(path, folder):
    kept = {name: value for name, value in os.environ.items()
            if name.startswith(("ASAN_", "UBSAN_", "LSAN_", "GCOV_", "PKG_CONFIG", "LD_LIBRARY",
                                "CMAKE_", "CC"))}
    return {**kept, "PATH": f"{path}:{os.environ['PATH']}", "HOME": folder, "LC_ALL": "C.UTF-8",
            "TZ": "UTC", "TERM": "dumb", "USER": "desk", "LOGNAME": "desk"}


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--path", type=pathlib.Path, required=True,
                        help="the folder of the carenet command")
    parser.add_argument("--update", action="store_true", help="write what is printed now")
    parser.add_argument("guide", type=pathlib.Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.symlink(ROOT / "examples", pathlib.Path(folder) / "examples")
        guide = Guide(options.guide, folder, surroundings(options.path.resolve(), folder))
        now = guide.run()
    if options.update:
        options.guide.write_text(now, encoding="utf-8")
        print(f"updated: {options.guide.name}")
        return 0
    print(f"{guide.passed} passed, {len(guide.failures)} failed")
    return 1 if guide.failures or not guide.passed else 0


if __name__ == "__main__":
    sys.exit(main())
