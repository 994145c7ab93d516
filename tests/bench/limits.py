"""Measures whether `carenet batch --time-limit` holds: whole processes, from the store and the list on disk to the plan on
disk. Writes a section of docs/benchmarks-batch.md.

    limits.py --build build --data data [--smoke] [--large] [--write docs/benchmarks-batch.md]

The lists are those of make-list.c, scarce on purpose, so that the search would go on for long. The processes are given
the clock of own-clock.c, which counts the time that they work: on a machine that does nothing else it is the clock on the
wall. With --smoke a small list only, of which the plan is checked and nothing timed."""

import os
import pathlib
import subprocess
import tempfile

import lists
import report

HEADING = "## Limits of time"
MOST_OVER_PERCENT = 10
LIMITS_S = (2, 5, 10, 20)
LISTS = (("single needs", None), ("siblings `require`", "require"), ("siblings `prefer`", "prefer"))
LARGE = (1_000_000, 100_000, (20, 60))
STOPPED = 6


def make(options, folder, cases, offerings, keep):
    for old in folder.iterdir():
        old.unlink()
    return lists.make(options, folder, (cases, offerings, "1.0"), *(["--keep", keep] if keep else []))


def carenet(options, *words):
    """The exit status, and seconds of its own clock."""
    clock = {} if options.smoke else {"LD_PRELOAD": str(options.build.resolve() / "tests/bench/libown-clock.so")}
    before = os.times()
    run = subprocess.run([options.build.resolve() / "bin/carenet", *map(str, words)], stdout=subprocess.DEVNULL,
                         stderr=subprocess.PIPE, text=True, check=False, env=os.environ | clock)
    after = os.times()
    if run.returncode not in (0, STOPPED):
        raise SystemExit(f"limits.py: {run.returncode}: {run.stderr}")
    return run.returncode, (after.children_user + after.children_system
                            - before.children_user - before.children_system)


def batch(options, store, listed, limit):
    plan = store.with_name("plan.json")
    return carenet(options, "batch", "--data", options.data.resolve(), "--db", store, "--cases", listed, "-o", plan,
                   "--force", "--limit", 1, "--threads", 1, *(["--time-limit", limit] if limit is not None else []))


def least(options, store, listed):
    """What reading the list, any plan at all and writing it take: no limit can be held that is shorter."""
    return min(batch(options, store, listed, 0.001)[1] for _ in range(3))


def rows(options, folder, cases, offerings, limits):
    for name, keep in LISTS if cases < LARGE[0] else LISTS[:1]:
        store, listed = make(options, folder, cases, offerings, keep)
        floor = least(options, store, listed)
        for limit in limits:
            status, took = batch(options, store, listed, limit)
            over = 100 * (took - limit) / limit
            kept = "-" if limit < floor else "yes" if over <= MOST_OVER_PERCENT else "no"
            row = (f"| {cases:,} x {offerings:,} | {name} | {limit} | {took:.2f} | {over:+.1f} | {floor:.1f} "
                   f"| {'stopped' if status == STOPPED else 'done before'} | {kept} |")
            print(row, flush=True)
            yield row


def section(options):
    lines = [HEADING, "", report.when_and_where(), "",
             "`tests/bench/limits.py`: whole processes of `carenet batch --time-limit`, from the store and the list (NDJSON) on",
             "disk to the plan on disk, one thread, supply 1.0. Seconds are those in which the process works, by which it is given",
             f"its clock, so that others on the machine count for nothing. *Over*: in % of the limit; the goal is at most {MOST_OVER_PERCENT} %.",
             "*Least*: the best of three runs that are told to stop at once: reading, any plan at all, and writing it, which no",
             "limit makes shorter.", "",
             "| cases x offerings | list | limit s | took s | over % | least s | search | goal |",
             "|---|---|--:|--:|--:|--:|---|---|"]
    with tempfile.TemporaryDirectory() as folder:
        lines += rows(options, pathlib.Path(folder), 100_000, 10_000, LIMITS_S)
        if options.large:
            lines += rows(options, pathlib.Path(folder), *LARGE)
    return "\n".join(lines) + "\n"


def smoke(options):
    """A limit that is over before anything begins gives a plan that is sound, and says that it was stopped."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for _, keep in LISTS:
            store, listed = make(options, folder, 3000, 600, keep)
            status, _ = batch(options, store, listed, 0.001)
            if status != STOPPED:
                raise SystemExit(f"limits.py: {keep}: exit status {status}, not {STOPPED}")
            carenet(options, "check", folder / "plan.json", "--data", options.data.resolve(), "--db", store, "--cases",
                    listed)
    print(f"limits.py: {len(LISTS)} stopped plans checked")


def main():
    options = lists.parse(__doc__)
    if options.smoke:
        smoke(options)
        return
    text = section(options)
    if options.write:
        report.put_section(options.write, HEADING, text)


if __name__ == "__main__":
    main()
