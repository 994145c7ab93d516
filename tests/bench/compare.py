"""Measures carenet beside what a user would pick instead, and writes docs/benchmarks.md.

    compare.py --build FOLDER --data FOLDER [--runs N] [--write FILE]
    compare.py --build FOLDER --data FOLDER --smoke

Nothing is timed before the answers of all agree: the same offerings in the same order. Then
everything is measured in one run, and figures are medians over the runs. --smoke only checks, on a
small directory, that everything runs and that the answers agree."""
import argparse
import json
import os
import pathlib
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

import peers
import report

SEED = 1
SIZES = (1000, 10000, 100000)
# Asked of a whole process: one after the other, the peer in between.
AS_PROCESS = ("town", "region", "facts", "near")


class Disagreement(Exception):
    """Somebody gave another answer."""


class Bench:
    """One directory in a store, and the programs that measure it."""

    def __init__(self, options, offerings, folder):
        self.programs = options.build / "tests" / "bench"
        self.cli = options.build / "bin" / "carenet"
        self.data = options.data
        self.store = folder / f"{offerings}.db"
        subprocess.run([self.programs / "make-directory", str(SEED), str(offerings), self.data,
                        self.store], check=True)
        self.places = peers.Places(self.store)

    def run(self, *words):
        return subprocess.run([self.programs / "measure-directory", self.data, self.store, *words],
                              check=True, stdout=subprocess.PIPE).stdout

    def questions(self):
        return [json.loads(line) for line in self.run("answers").splitlines()]

    def measure(self, runs):
        return json.loads(self.run("measure", str(runs)))

    # ---- Whole processes.

    def command(self, question):
        """The question as a command line."""
        words = [str(self.cli), "find", "--db", str(self.store), "--data", str(self.data),
                 "--format", "csv", "--limit", str(question["limit"]), "--sort", question["sort"]]
        for name in ("region", "service", "near", "sex", "language"):
            if question[name]:
                words += [f"--{name}", question[name]]
        if question["within_m"]:
            words += ["--within", f"{question['within_m'] // 1000}km"]
        if question["age"] >= 0:
            words += ["--age", str(question["age"])]
        return words

    def shell_commands(self, question):
        """One for each way into the store: by service and, where a region is asked for, by place."""
        ways = (False, True) if question["region"] and question["service"] else (False,)
        return [["sqlite3", "-readonly", "-csv", "-header", str(self.store),
                 peers.ask_store(question, self.places, by_place)] for by_place in ways]


def offerings_of_csv(text):
    import csv
    return [row["offering"] for row in csv.DictReader(text.decode().splitlines())]


def same(who, question, offerings):
    if offerings != question["offerings"]:
        where = question["near"] or question["region"]
        raise Disagreement(f"{who} answers \"{question['name']}\" ({where}) with {len(offerings)} "
                           f"rows that are not the {len(question['offerings'])} of carenet")


def check_store(bench, questions):
    """Against hand-written SQL over the same store."""
    with sqlite3.connect(f"file:{bench.store}?mode=ro", uri=True) as db:
        for question in questions:
            same("SQL", question, [row[0] for row in
                                   db.execute(peers.ask_store(question, bench.places))])


def check_processes(bench, questions):
    for question in questions:
        shells = [("the sqlite3 shell", words) for words in bench.shell_commands(question)]
        for who, words in [("carenet find", bench.command(question)), *shells]:
            done = subprocess.run(words, check=False, stdout=subprocess.PIPE,
                                  stderr=subprocess.DEVNULL)
            # carenet says with 1 that nobody was found.
            if done.returncode > 1:
                raise subprocess.CalledProcessError(done.returncode, words)
            same(who, question, offerings_of_csv(done.stdout))


# ---- Time.

def time_process(words):
    """Seconds of one process."""
    out = os.open(os.devnull, os.O_WRONLY)
    start = time.perf_counter()
    pid = os.posix_spawnp(words[0], words, os.environ,
                          file_actions=[(os.POSIX_SPAWN_DUP2, out, 1),
                                        (os.POSIX_SPAWN_DUP2, out, 2)])
    _, status = os.waitpid(pid, 0)
    took_s = time.perf_counter() - start
    os.close(out)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        raise subprocess.CalledProcessError(status, words)
    return took_s


def time_processes(bench, questions, runs):
    """{question: median seconds of carenet, and of the shell by the faster of its ways}"""
    figures = {}
    for name in AS_PROCESS:
        asked = [question for question in questions if question["name"] == name]
        carenet, shells = [], [[] for _ in bench.shell_commands(asked[0])]
        for run in range(runs * 2):
            question = asked[run % len(asked)]
            carenet.append(time_process(bench.command(question)))
            for times, words in zip(shells, bench.shell_commands(question)):
                times.append(time_process(words))
        figures[name] = {"carenet_s": statistics.median(carenet),
                         "shell_s": min(statistics.median(times) for times in shells)}
    return figures


def time_peer(peer, questions, runs):
    """{question: p50 in microseconds}, after every answer was found to be the same."""
    prepared = [(question, peer.prepare(question)) for question in questions]
    for question, statement in prepared:
        same(peer.name, question, [row[0] for row in peer.ask(statement)])
    figures = {}
    for name in dict.fromkeys(question["name"] for question in questions):
        medians = []
        statements = [statement for question, statement in prepared if question["name"] == name]
        start = time.perf_counter()
        peer.ask(statements[0])
        calls = 2 if time.perf_counter() - start > 0.05 else 25
        for _ in range(runs):
            times = []
            for call in range(calls * len(statements) if calls > 2 else calls):
                start = time.perf_counter()
                peer.ask(statements[call % len(statements)])
                times.append(time.perf_counter() - start)
            medians.append(statistics.median(times) * 1e6)
        figures[name] = statistics.median(medians)
    return figures


def time_peers(bench, questions, runs):
    figures = []
    for kind in (peers.Duckdb, peers.Postgres):
        say(f"{kind.name}: filling, checking, asking")
        try:
            peer = kind(bench.store, bench.places)
        except (ImportError, OSError) as missing:
            figures.append({"name": kind.name, "missing": str(missing)})
            continue
        try:
            figures.append({"name": kind.name, "version": peer.version,
                            "p50_us": time_peer(peer, questions, runs)})
        finally:
            peer.close()
    return figures


# What is imported, children last; the rest (network, places, services, regions, organizations) stays.
IMPORTED = ("provider", "provider_site", "provider_serves", "provider_term", "capability", "offering",
            "offering_term", "capacity")


def processor_s(words):
    """Processor time of one process: what the disk and other processes do is left out."""
    before = os.times()
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = os.times()
    return (after.children_user - before.children_user
            + after.children_system - before.children_system)


def time_import(bench, folder, runs):
    """All providers and offerings from CSV into a store without any, beside the shell copying rows."""
    sheet, bare, filled = folder / "all.csv", folder / "bare.db", folder / "filled.db"
    subprocess.run([bench.cli, "export", "--db", bench.store, "--data", bench.data, "--format", "csv",
                    "-o", sheet], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    shutil.copyfile(bench.store, bare)
    with sqlite3.connect(bare) as db:
        for name in reversed(IMPORTED):
            db.execute(f"DELETE FROM {name}")
    db.execute("VACUUM")
    db.close()
    copies = ";".join(f"INSERT INTO main.{name} SELECT * FROM s.{name}" for name in IMPORTED)
    shell = ("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; "
             f"ATTACH '{bench.store}' AS s; BEGIN IMMEDIATE; {copies}; COMMIT")
    times = {"carenet_s": [], "shell_s": []}
    for _ in range(min(runs, 3)):
        for who, words in (("carenet_s", [bench.cli, "import", "--db", filled, "--data", bench.data,
                                          "--format", "csv", sheet]),
                           ("shell_s", ["sqlite3", filled, shell])):
            for ending in ("", "-wal", "-shm", "-image"):
                pathlib.Path(f"{filled}{ending}").unlink(missing_ok=True)
            shutil.copyfile(bare, filled)
            times[who].append(processor_s(words))
    return {who: statistics.median(taken) for who, taken in times.items()}


def measure_yaml(bench):
    lines = subprocess.run([bench.programs / "measure-yaml"], check=True, stdout=subprocess.PIPE)
    return [json.loads(line) for line in lines.stdout.splitlines()]


def say(text):
    print(text, file=sys.stderr, flush=True)


def measure_all(options, folder):
    results = {"runs": options.runs, "sizes": {}}
    for size in SIZES:
        say(f"{size} offerings: making, checking, asking in memory")
        bench = Bench(options, size, folder)
        questions = bench.questions()
        check_store(bench, questions)
        results["sizes"][size] = bench.measure(options.runs)
    results["questions"] = {question["name"]: question for question in questions}
    say("whole processes")
    check_processes(bench, [q for q in questions if q["name"] in AS_PROCESS])
    results["processes"] = time_processes(bench, questions, options.runs)
    say("import, hostile YAML")
    results["import"] = time_import(bench, folder, options.runs)
    results["yaml"] = measure_yaml(bench)
    results["store_mb"] = bench.store.stat().st_size / 1e6
    results["peers"] = time_peers(bench, questions, options.runs)
    return results


def smoke(options, folder):
    """Runs all that needs nothing but SQLite, on a small directory."""
    bench = Bench(options, 400, folder)
    questions = bench.questions()
    check_store(bench, questions)
    wrong = dict(questions[-1], offerings=questions[-1]["offerings"][1:])
    try:
        check_store(bench, [wrong])
    except Disagreement:
        pass
    else:
        raise SystemExit("a wrong answer was not noticed")
    if bench.cli.exists() and shutil.which("sqlite3"):
        check_processes(bench, [q for q in questions if q["name"] in AS_PROCESS])
    figures = bench.measure(1)
    assert all(kind["tag"] for kind in measure_yaml(bench))
    assert figures["image"]["opened_s"] > 0
    assert figures["offerings"] == 400 and figures["find"] and figures["route"]
    print(f"{len(questions)} answers agree")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--write", type=pathlib.Path)
    parser.add_argument("--smoke", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="carenet-bench-") as folder:
        try:
            if options.smoke:
                smoke(options, pathlib.Path(folder))
                return
            text = report.write(measure_all(options, pathlib.Path(folder)), options.build)
        except Disagreement as disagreement:
            raise SystemExit(f"compare.py: {disagreement}") from None
    if options.write:
        options.write.write_text(text, encoding="utf-8")
    else:
        print(text, end="")


if __name__ == "__main__":
    main()
