"""What the checks of this folder share: counting, finding files, proving that a check can fail."""

import argparse
import contextlib
import io
import pathlib
import subprocess
import sys
import tempfile

SKIPPED = 77


class Report:
    """Counts what was looked at; a finding is one line `place: what is wrong`."""

    def __init__(self):
        self.passed = 0
        self.findings = []

    def check(self, good, place, message):
        if good:
            self.passed += 1
        else:
            self.findings.append(f"{place}: {message}")
        return good

    def finish(self):
        for finding in self.findings:
            print(finding)
        print(f"{self.passed} passed, {len(self.findings)} failed")
        return 1 if self.findings else 0


def sources(root, *folders, suffixes=(".c", ".h")):
    """The files below some folders of a tree, as sorted paths relative to it."""
    found = []
    for folder in folders:
        for path in (root / folder).rglob("*"):
            if path.suffix in suffixes and path.is_file():
                found.append(path.relative_to(root))
    return sorted(found)


def tracked(root, *patterns):
    """The files that git knows (all files where there is no git), relative to the root."""
    run = subprocess.run(["git", "-C", str(root), "ls-files", "-z", "--", *patterns],
                         capture_output=True, check=False)
    if run.returncode == 0:
        names = [name for name in run.stdout.decode().split("\0") if name]
        return sorted(pathlib.Path(n) for n in names if (root / n).is_file())
    found = [p.relative_to(root) for p in root.rglob("*") if p.is_file()]
    found = [p for p in found if not p.parts[0].startswith(("build", "."))]
    return sorted(p for p in found if not patterns or any(p.match(x) for x in patterns))


@contextlib.contextmanager
def planted(files):
    """A temporary tree with the given {path: text}."""
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for name, text in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        yield root


def prove(report, name, findings, expected):
    """Part of a self-test: the findings are exactly one for each expected fragment, in any order."""
    left = list(findings)
    for fragment in expected:
        hit = next((finding for finding in left if fragment in finding), None)
        report.check(hit is not None, name, f"expected a finding with '{fragment}', got {findings}")
        if hit is not None:
            left.remove(hit)
    report.check(not left, name, f"unexpected findings {left}")


def main(description, inspect, self_test, options=None):
    """Runs `inspect(report, arguments)`, or with --self-test `self_test(report, arguments)`."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--root", type=pathlib.Path,
                        default=pathlib.Path(__file__).resolve().parents[2])
    parser.add_argument("--self-test", action="store_true",
                        help="prove on planted mistakes that this check can fail")
    if options:
        options(parser)
    arguments = parser.parse_args()
    report = Report()
    status = (self_test if arguments.self_test else inspect)(report, arguments)
    if status == SKIPPED:
        sys.exit(SKIPPED)
    sys.exit(report.finish())


def quietly(function, *arguments):
    """Calls a function with its prints thrown away."""
    with contextlib.redirect_stdout(io.StringIO()):
        return function(*arguments)
