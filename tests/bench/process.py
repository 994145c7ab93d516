"""Measures whole processes with long lists: `carenet batch`, `check` and `explain`, from the store and the files
on disk to what they write. Writes a section of docs/benchmarks-batch.md.

    process.py --build build --data data [--smoke] [--large] [--write docs/benchmarks-batch.md]

The lists are those of make-list.c. Seconds are those of the clock on the wall, the least of three; memory is the peak of
the process. With --smoke a small list only, of which nothing is timed."""

import os
import pathlib
import subprocess
import tempfile
import time

import lists
import report

HEADING = "## Whole processes"
SIZES = ((100_000, 10_000, "2.5", 3), (100_000, 10_000, "1.0", 3))
LARGE = (1_000_000, 100_000, "2.5", 1)
SMOKE = (3000, 600, "2.5", 1)


def run(options, words):
    """Seconds by the clock, and MB of the process; it must succeed."""
    start = time.perf_counter()
    with subprocess.Popen([options.build.resolve() / "bin/carenet", *map(str, words)], stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE) as process:
        # The pipe is read to its end first, so that nobody waits for room in it.
        said = process.stderr.read().decode()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"process.py: {words[0]}: {process.returncode}: {said}")
    return time.perf_counter() - start, used.ru_maxrss / 1024


def commands(options, store, listed):
    plan, sources = store.with_name("plan.json"), ["--data", options.data.resolve(), "--db", store, "--cases", listed]
    yield "batch", ["batch", *sources, "-o", plan, "--force", "--limit", 1], True
    yield "check", ["check", plan, *sources], True
    yield "explain --ref", ["explain", plan, *sources, "--ref", "C-0000001"], False


def rows(options, cases, offerings, supply, runs):
    with tempfile.TemporaryDirectory() as folder:
        store, listed = lists.make(options, pathlib.Path(folder), (cases, offerings, supply))
        for command, words, has_threads in commands(options, store, listed):
            cells = []
            for threads in (["--threads", 1], ["--threads", 2]) if has_threads else ([],):
                best = min(run(options, [*words, *threads]) for _ in range(runs))
                cells += [report.number(best[0]), f"{best[1]:,.0f}"]
            cells += [""] * (4 - len(cells))
            row = f"| {cases:,} x {offerings:,}, {supply} | `{command}` | " + " | ".join(cells) + " |"
            print(row, flush=True)
            yield row


def section(options):
    lines = [HEADING, "", report.when_and_where(), "",
             "`tests/bench/process.py`: what somebody waits for who has a list (NDJSON), a store and a plan on disk: reading them,",
             "routing with reasons for all unmet, and writing the plan; for `check` also the proof over every pair. Seconds by the",
             "clock, the least of three (of a million cases one); memory is the peak of the process.", "",
             "| cases x offerings, supply | command | one thread, s | MB | two threads, s | MB |",
             "|---|---|--:|--:|--:|--:|"]
    for size in SIZES + ((LARGE,) if options.large else ()):
        lines += rows(options, *size)
    return "\n".join(lines) + "\n"


def main():
    options = lists.parse(__doc__)
    if options.smoke:
        print(f"process.py: {len(list(rows(options, *SMOKE)))} commands")
        return
    text = section(options)
    if options.write:
        report.put_section(options.write, HEADING, text)


if __name__ == "__main__":
    main()
