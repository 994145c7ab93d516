"""Runs the transcripts of tests/cli against the carenet command.

A transcript is a text file, tests/cli/<command>/<what>.txt:

    # What it shows, in a sentence.
    $ carenet find --region mindanoa
    ! carenet: no area is called "mindanoa"
    !   did you mean Mindanao?
    = 2

`$ ` is a command (bash); what follows is what it must print: plain lines on stdout, lines after
`! ` on stderr, and after `= ` its exit status where that is not 0. The commands of a transcript run
one after the other in an empty folder of their own, which is also $HOME. `%` before a command hides
what it prints: `% carenet init --demo`. A line of stdout that begins with one of `$%!=#\\` has a
backslash before it.

    run.py --cli build/bin/carenet [--update] [NAME...]

--update writes what the commands print now into the transcripts: read the difference with the eyes
of a social worker before you commit it."""

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
MARKS = ("$", "%", "!", "=", "#", "\\")


def read_steps(text):
    """The transcript as [(line, its answer)]: answers belong to commands only."""
    steps = []
    for line in text.splitlines():
        if line.startswith(("# ", "$ ", "% ")):
            steps.append((line, []))
        elif not steps or steps[-1][0].startswith("# "):
            if line:
                raise SystemExit(f"a line before any command: {line!r}")
            steps.append(("", []))
        else:
            steps[-1][1].append(line)
    return steps


def write_answer(run, places):
    def tidy(text):
        for place, name in places:
            text = text.replace(place, name)
        return text

    lines = [("\\" if line.startswith(MARKS) else "") + line
             for line in tidy(run.stdout).splitlines()]
    lines += [f"! {line}" for line in tidy(run.stderr).splitlines()]
    if run.returncode != 0:
        lines.append(f"= {run.returncode}")
    return lines


class Runner:
    def __init__(self, cli):
        self.cli = cli.resolve()
        version = subprocess.run([self.cli, "--version"], capture_output=True, text=True,
                                 check=True).stdout
        self.version = version.split()[1]

    def surroundings(self, folder):
        kept = {name: value for name, value in os.environ.items()
                if name.startswith(("ASAN_", "UBSAN_", "LSAN_", "GCOV_", "G_DEBUG"))}
        return {**kept, "PATH": f"{self.cli.parent}:{os.environ['PATH']}", "HOME": folder,
                "LC_ALL": "C.UTF-8", "TZ": "UTC", "TERM": "dumb",
                "SRC": str(HERE.parents[1]), "CLI": str(HERE)}

    def answer(self, text):
        """The transcript with what the commands print now."""
        output = []
        with tempfile.TemporaryDirectory() as folder:
            folder = os.path.realpath(folder)
            # The longer path first: the build may lie within the sources.
            places = [(folder, "HOME"), (str(self.cli.parent.parent / "share/carenet"), "DATA"),
                      (str(HERE), "CLI"), (str(HERE.parents[1]), "SRC"),
                      (f"carenet {self.version}", "carenet VERSION")]
            for line, _ in read_steps(text):
                output.append(line)
                if not line.startswith(("$ ", "% ")):
                    continue
                run = subprocess.run(["bash", "-c", line[2:]], cwd=folder, text=True, check=False,
                                     encoding="utf-8", errors="backslashreplace",
                                     stdin=subprocess.DEVNULL, capture_output=True,
                                     env=self.surroundings(folder), timeout=120)
                if line.startswith("$ "):
                    output += write_answer(run, places)
                elif run.returncode != 0:
                    output += write_answer(run, places)
        return "".join(f"{line}\n" for line in output)


def show_difference(wanted, got):
    wanted, got = wanted.splitlines(), got.splitlines()
    for number in range(max(len(wanted), len(got))):
        left = wanted[number] if number < len(wanted) else "(nothing)"
        right = got[number] if number < len(got) else "(nothing)"
        if left != right:
            print(f"    line {number + 1}\n    wanted: {left}\n    got:    {right}")
            return


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cli", type=pathlib.Path, required=True, help="the carenet command")
    parser.add_argument("--update", action="store_true", help="write what is printed now")
    parser.add_argument("names", nargs="*", help="only transcripts whose path has one of these")
    options = parser.parse_args()
    runner = Runner(options.cli)
    passed = failed = 0
    for path in sorted(HERE.glob("*/*.txt")):
        name = path.relative_to(HERE).as_posix()
        if options.names and not any(part in name for part in options.names):
            continue
        text = path.read_text(encoding="utf-8")
        got = runner.answer(text)
        if got == text:
            passed += 1
        elif options.update:
            path.write_text(got, encoding="utf-8")
            print(f"updated: {name}")
            passed += 1
        else:
            failed += 1
            print(f"failed: {name}")
            show_difference(text, got)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
