"""Runs the scenarios of this folder against the carenet command; README.md says how to write one.

    run.py [--cli PATH] [--show] [WORD...]

With words, only scenarios whose title or file holds one of them. --show prints each answer. The last
line is `N passed, M failed`. --self-test proves on planted mistakes that a scenario can fail.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading

import check
import scenario
from scenario import Mistake

HERE = pathlib.Path(__file__).resolve().parent
ASKED = {"unconfirmed": "--include-unconfirmed", "unknown places": "--include-unknown-capacity"}
USAGE = 2


class Program:
    """The command, a home without any store, and one demonstration store for each fixture."""

    def __init__(self, cli, folder):
        self.cli = cli
        self.folder = pathlib.Path(folder)
        self.lock = threading.Lock()
        self.stores = {}

    def run(self, *arguments, text=None):
        # The answer must not depend on where somebody sits: not on a store, a zone or a language.
        environment = {name: value for name, value in os.environ.items()
                       if not name.startswith(("CARENET_", "XDG_", "LC_", "LANG"))}
        environment.update(HOME=str(self.folder), TZ="America/Lima", LC_ALL="C")
        if "CARENET_TEST_DATA" in os.environ:
            environment["CARENET_DATA"] = os.environ["CARENET_TEST_DATA"]
        return subprocess.run([self.cli, *arguments], input=text, capture_output=True,
                              encoding="utf-8", env=environment, timeout=120, check=False)

    def must(self, *arguments):
        run = self.run(*arguments)
        if run.returncode != 0:
            raise Mistake(f"carenet {' '.join(arguments)}: exit {run.returncode}\n{run.stderr}")

    def store(self, fixture, moved):
        """The path of a store with a fixture in it, where some words stand for others."""
        with self.lock:
            key = (fixture, tuple(moved))
            if key not in self.stores:
                self.stores[key] = self.make_store(fixture, moved, len(self.stores))
            return self.stores[key]

    def make_store(self, fixture, moved, number):
        text = (HERE / "fixtures" / fixture).read_text(encoding="utf-8")
        for old, new in moved:
            if old not in text:
                raise Mistake(f"fixtures/{fixture}: \"{old}\" does not stand there")
            text = text.replace(old, new)
        folder = self.folder / f"store-{number}"
        folder.mkdir()
        # The same file name, so that messages are the same too.
        (folder / fixture).write_text(text, encoding="utf-8")
        path = str(folder / "network.db")
        self.must("init", "--demo", "--db", path)
        self.must("import", "--db", path, str(folder / fixture))
        return path

    def route(self, story, moved=()):
        clock = story.one("When", scenario.CLOCK).replace(" ", "T")
        arguments = ["route", "--case", "-", "--format", "json", "--top", "0", "--as-of", clock,
                     "--at", clock]
        for line in story.all("Asked for"):
            if line.text not in ASKED:
                raise Mistake(f"{line.place}: write one of {', '.join(ASKED)}")
            arguments.append(ASKED[line.text])
        if story.one("Fixture"):
            arguments += ["--db", self.store(story.one("Fixture"), moved)]
        return self.run(*arguments, text=scenario.case_text(story))


def moves(story):
    for line in story.all("Moved"):
        old, arrow, new = (part.strip() for part in line.text.partition("->"))
        if not (old and arrow and new):
            raise Mistake(f"{line.place}: write \"Moved: one -> another\"")
        yield old, new


def check_said(story, run):
    for line in story.all("Never said"):
        if line.text.lower() in (run.stdout + run.stderr).lower():
            yield f"{line.place}: it is said"


def check_rejection(story, run):
    line = story.all("Rejected")[0]
    if run.returncode != USAGE:
        yield f"{line.place}: exit status {run.returncode}, expected {USAGE}"
    if line.text.lower() not in run.stderr.lower():
        yield f"{line.place}: the message does not say \"{line.text}\": {run.stderr}"
    if run.stdout:
        yield f"{line.place}: there is an answer all the same"


def check_answer(story, run):
    if run.returncode != 0:
        yield f"{story.place}: exit status {run.returncode}\n{run.stderr}"
        return
    answer = json.loads(run.stdout)
    if "DEMONSTRATION" not in run.stderr:
        yield f"{story.place}: it does not say that it is a demonstration"
    for case in answer["cases"]:
        if case["ref"] in run.stderr:
            yield f"{story.place}: a reference of a case is on stderr"
    yield from check.check(story, answer)


def check_moved(program, story, run):
    """Where a restricted provider really is changes no byte."""
    moved = list(moves(story))
    if not moved:
        return
    other = program.route(story, moved)
    if (other.returncode, other.stdout, other.stderr) != (run.returncode, run.stdout, run.stderr):
        yield f"{story.place}: the answer tells that something was moved"


def play(program, story, show):
    """What is wrong with one scenario."""
    try:
        run = program.route(story)
        problems = list(check_said(story, run))
        if story.all("Rejected"):
            problems += check_rejection(story, run)
        else:
            problems += check_answer(story, run)
        problems += check_moved(program, story, run)
    except (Mistake, ValueError, KeyError, TypeError, subprocess.TimeoutExpired) as error:
        return [f"{story.place}: {type(error).__name__}: {error}"]
    if show:
        text = json.dumps(json.loads(run.stdout), indent=1) if run.stdout else ""
        problems.append(f"{text}\n{run.stderr}")
    return problems


def read_all(words):
    found = []
    for path in sorted(HERE.glob("*.scenario")):
        for story in scenario.read_file(path):
            where = f"{path.stem} {story.title}".lower()
            if not words or any(word.lower() in where for word in words):
                found.append(story)
    titles = [story.title for story in found]
    for title in sorted({title for title in titles if titles.count(title) > 1}):
        raise Mistake(f"two scenarios are called \"{title}\"")
    return found


def run_all(arguments):
    if not arguments.cli:
        sys.exit("run.py: name the command with --cli or CARENET_TEST_CLI")
    stories = read_all(arguments.words)
    failed = 0
    with tempfile.TemporaryDirectory() as folder, \
            concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as workers:
        program = Program(arguments.cli, folder)
        results = workers.map(lambda story: play(program, story, arguments.show), stories)
        for story, problems in zip(stories, results):
            failed += bool(problems)
            if problems:
                print(f"{story.place}: {story.title}")
            for problem in problems:
                print(f"    {problem}")
    print(f"{len(stories) - failed} passed, {failed} failed")
    return 1 if failed or not stories else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--cli", default=os.environ.get("CARENET_TEST_CLI"))
    parser.add_argument("--show", action="store_true", help="print each answer")
    parser.add_argument("--self-test", action="store_true",
                        help="prove on planted mistakes that a scenario can fail")
    parser.add_argument("words", nargs="*")
    arguments = parser.parse_args()
    if arguments.self_test:
        import selftest  # only here: it reads this module
        sys.exit(selftest.main())
    try:
        sys.exit(run_all(arguments))
    except Mistake as mistake:
        print(mistake)
        print("0 passed, 1 failed")
        sys.exit(1)


if __name__ == "__main__":
    main()
