"""Measures lists by policies in which use costs something, with quotas, and with both, beside the same list without.
Writes a section of docs/benchmarks-batch.md.

    use.py --build build --data data [--smoke] [--write docs/benchmarks-batch.md]

Every plan must be proven (gap 0). What an independent solver can hold is given to it as well, each step of use as an
arc and each quota as a node, and must cost the same there. With --smoke only that, on small lists;
it ends with 77 where no solver is here."""
import argparse
import importlib.util
import json
import pathlib
import subprocess
import sys
import tempfile

import report

SKIPPED = 77  # what ctest takes for neither passed nor failed
HEADING = "## Use that costs, and quotas"
SUPPLIES = ("2.5", "1.5", "1.0")
SIZES = ((10_000, 2_000, 9), (100_000, 10_000, 3))
RUNS_LONG = 1  # of the larger size under quotas, where a run takes seconds
POLICIES = (("use costs", ("--fair",)), ("quotas", ("--quota",)), ("both", ("--fair", "--quota")))
# The others store every arc: what they hold of the larger size takes gigabytes and minutes.
PEERS_MOST = 10_000


class Bench:
    def __init__(self, options, folder):
        self.programs = options.build.resolve() / "tests" / "bench"
        self.data = options.data.resolve()
        self.problem = pathlib.Path(folder) / "problem"

    def ours(self, cases, offerings, supply, *words):
        out = subprocess.run([self.programs / "measure-batch", self.data, str(cases), str(offerings), supply, *words],
                             check=True, stdout=subprocess.PIPE)
        answer = json.loads(out.stdout)
        if answer["gap"] != 0:
            raise SystemExit(f"use.py: {cases} x {offerings} at {supply} {words}: a gap of {answer['gap']}")
        return answer

    def solvers(self):
        """Those that are here: name and command, for the problem written last."""
        lemon = self.programs / "batch-peers"
        if lemon.exists():
            yield "LEMON network simplex", [lemon, self.problem, "network-simplex", "CLASSES"]
        if all(importlib.util.find_spec(module) for module in ("numpy", "ortools")):
            script = pathlib.Path(__file__).with_name("batch_solvers.py")
            yield "OR-Tools", [sys.executable, "-B", script, "or-tools", self.problem]

    def peers(self):
        """What each of them finds. One that is here and has no answer is a failure: it would compare nothing."""
        for name, command in self.solvers():
            out = subprocess.run(command, check=True, stdout=subprocess.PIPE)
            yield name, json.loads(out.stdout.splitlines()[-1])


def compare(ours, name, theirs):
    if theirs["objective"] != ours["objective"]:
        raise SystemExit(f"use.py: {ours['cases']} x {ours['offerings']} at {ours['supply']}: carenet "
                         f"{ours['objective']}, {name} {theirs['objective']}")


def took(answer):
    return answer["compile_cpu_s"] + answer["solve_cpu_s"]


def again(answer):
    return f"| {100 * answer['warm_cpu_s'] / answer['cold_cpu_s']:.0f} %" if "warm_cpu_s" in answer else "|"


def peers_text(bench, answer):
    found = []
    for name, theirs in bench.peers():
        compare(answer, name, theirs)
        found.append(f"{name} {theirs['cpu_s']:.2f} s, {theirs['peak_mb']:.0f} MB")
    return "; ".join(found) if found else "-"


def rows(bench, cases, offerings, runs, supply):
    size = f"{cases:,} x {offerings:,}"
    plain = bench.ours(cases, offerings, supply, "--runs", str(runs), "--warm")
    yield f"| {size} | {supply} | neither | {took(plain):.3f} | {again(plain)} | {plain['peak_mb']:.0f} | |"
    for name, words in POLICIES:
        held = cases <= PEERS_MOST
        write = ("--write", str(bench.problem)) if held else ()
        is_long = not held and "--quota" in words
        answer = bench.ours(cases, offerings, supply, *words, "--runs", str(RUNS_LONG if is_long else runs),
                            *(() if is_long else ("--warm",)), *write)
        yield (f"| {size} | {supply} | {name} | {took(answer):.3f} | {took(answer) / took(plain):.1f}x {again(answer)} "
               f"| {answer['peak_mb']:.0f} | {peers_text(bench, answer) if held else ''} |")


def section(bench):
    lines = [HEADING, "", report.when_and_where(), "",
             "`tests/bench/use.py`: the same lists as above by policies with `fairness` (three steps: above 50, 75 and 90 %), "
             "with",
             "`quotas` (three quarters of the places of each region, two thirds of every second province, half of one provider "
             "in ten",
             "and of one offering in twenty: all services together are one problem then), and with both. All proven, gap 0. "
             "Processor seconds of one thread with",
             "compiling, the least of several runs, and as a ratio to the list with neither. The others get each step as an arc "
             "and each quota as a node, and find the same objective. *Again*: solving after one case in a hundred changed, from the "
             "former plan, in % of from nothing.", "",
             "| cases x offerings | supply | policy | s | to neither | again | MB | others: the same objective |",
             "|---|--:|---|--:|--:|--:|--:|---|"]
    for cases, offerings, runs in SIZES:
        for supply in SUPPLIES:
            for line in rows(bench, cases, offerings, runs, supply):
                lines.append(line)
                print(line, flush=True)
    return "\n".join(lines) + "\n"


def smoke(bench):
    solvers = [name for name, _ in bench.solvers()]
    if not solvers:
        print("use.py: no other solver is here: nothing to compare with")
        return SKIPPED
    compared = 0
    for cases, offerings, seeds in ((60, 40, 5), (400, 120, 5), (2500, 400, 1)):
        for supply in SUPPLIES:
            for seed in range(1, seeds + 1):
                for _, words in POLICIES:
                    ours = bench.ours(cases, offerings, supply, *words, "--seed", str(seed), "--write", str(bench.problem))
                    for name, theirs in bench.peers():
                        compare(ours, name, theirs)
                        compared += 1
    print(f"use.py: {compared} times the same objective ({', '.join(solvers)})")
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--smoke", action="store_true")
    parser.add_argument("--write", type=pathlib.Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(options, folder)
        if options.smoke:
            return smoke(bench)
        text = section(bench)
        if options.write:
            report.put_section(options.write, HEADING, text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
