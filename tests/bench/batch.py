"""Measures batch routing beside LEMON, OR-Tools, HiGHS and POT, and writes docs/benchmarks-batch.md.

    batch.py --build FOLDER --data FOLDER [--write FILE] [--large]
    batch.py --build FOLDER --data FOLDER --smoke

Every solver gets the same problem, from the same rules and costs, and must find the same objective
before a time is written. Times are processor seconds of one run, taken one after the other; memory is
what the solver needs beyond the problem. --smoke only compares objectives, on many small and middling
instances. --large adds a million cases, which the others cannot hold."""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

SUPPLIES = ("2.5", "1.5", "1.0")
LEMON = [(solver, nodes) for nodes in ("CASES", "CLASSES")
         for solver in ("network-simplex", "cost-scaling")]


class Disagreement(Exception):
    """Somebody found another optimum."""


class Bench:
    def __init__(self, options, folder):
        self.programs = options.build / "tests" / "bench"
        self.data = options.data
        self.problem = folder / "problem"

    def ours(self, cases, offerings, supply, *words):
        out = subprocess.run([self.programs / "measure-batch", self.data, str(cases),
                              str(offerings), supply, *words], check=True, stdout=subprocess.PIPE)
        answer = json.loads(out.stdout)
        if answer["gap"] != 0:
            raise Disagreement(f"{cases} x {offerings} at {supply}: a gap of {answer['gap']}")
        return answer

    def lemon(self, solver, nodes):
        out = subprocess.run([self.programs / "batch-peers", self.problem, solver, nodes],
                             check=True, stdout=subprocess.PIPE)
        return json.loads(out.stdout)

    def has_lemon(self):
        return (self.programs / "batch-peers").exists()

    def other(self, solver):
        """One of batch_solvers.py, in a process of its own; None where it is not installed."""
        script = pathlib.Path(__file__).with_name("batch_solvers.py")
        out = subprocess.run([sys.executable, "-B", script, solver, self.problem],
                             stdout=subprocess.PIPE, check=False)
        return json.loads(out.stdout) if out.returncode == 0 else None


def compare(ours, theirs):
    if theirs["objective"] != ours["objective"]:
        raise Disagreement(f"{ours['cases']} x {ours['offerings']} at {ours['supply']}: carenet "
                           f"{ours['objective']}, {theirs['solver']} {theirs['objective']}")


def smoke(bench):
    if not bench.has_lemon():
        print("LEMON is not here: nothing to compare with")
        return 0
    compared = 0
    for cases, offerings, seeds in ((60, 40, 10), (400, 120, 10), (2500, 400, 3)):
        for supply in SUPPLIES:
            for seed in range(1, seeds + 1):
                ours = bench.ours(cases, offerings, supply, "--seed", str(seed),
                                  "--write", str(bench.problem))
                compare(ours, bench.lemon("network-simplex", "CLASSES"))
                compared += 1
    print(f"{compared} instances: the same objective as LEMON")
    return 0


def measure(bench, cases, offerings, supply, others):
    ours = bench.ours(cases, offerings, supply, "--runs", "2", "--warm", "--write",
                      str(bench.problem))
    theirs = [bench.lemon(*one) for one in LEMON] if bench.has_lemon() else []
    for solver in others:
        answer = bench.other(solver)
        theirs += [answer] if answer is not None else []
    for one in theirs:
        compare(ours, one)
    return {"ours": ours, "theirs": theirs}


def ratio(ours, theirs):
    return f"{theirs / ours:.1f}x" if ours > 0 else "-"


def describe(rows):
    lines = ["| cases x offerings, supply | arcs | solver | cpu s | to carenet | MB | to carenet |",
             "|---|---|---|---|---|---|---|"]
    for row in rows:
        ours = row["ours"]
        name = f"{ours['cases']:,} x {ours['offerings']:,}, {ours['supply']}"
        took = ours["compile_cpu_s"] + ours["solve_cpu_s"]
        lines.append(f"| {name} | {ours.get('arcs', 0):,} | **carenet**, compile {ours['compile_cpu_s']:.3f} + "
                     f"solve {ours['solve_cpu_s']:.3f} | {took:.3f} | | {ours['peak_mb']:.0f} | |")
        for one in row["theirs"]:
            lines.append(f"| | | {one['solver']}, {one['nodes'].lower()} | {one['cpu_s']:.3f} | "
                         f"{ratio(took, one['cpu_s'])} | {one['peak_mb']:.0f} | "
                         f"{ratio(ours['peak_mb'], one['peak_mb'])} |")
    return lines


def describe_warm(rows):
    lines = ["| cases x offerings, supply | warm to cold |", "|---|---|"]
    for row in rows:
        ours = row["ours"]
        if "warm_cpu_s" in ours:
            lines.append(f"| {ours['cases']:,} x {ours['offerings']:,}, {ours['supply']} | "
                         f"{100 * ours['warm_cpu_s'] / ours['cold_cpu_s']:.0f} % |")
    return lines


def write(path, rows):
    text = ["# Batch routing, measured", "",
            "Written by `scripts/bench batch`; do not edit. Every row is one problem, drawn on the",
            "real gazetteer by `tests/bench/batch-instance.c` (seed 1), given to all solvers with the",
            "same rules and costs; all of them found the same objective, and carenet's certificate has",
            "gap 0. Processor seconds (all threads), one run after the other; carenet's include compiling",
            "the cases, the others' only building their graph from arcs that stand ready. Memory is what",
            "is needed beyond the problem. *cases*: one node a case; *classes*: one node for all who",
            "are alike.", ""]
    text += describe(rows)
    text += ["", "Solving again from the former prices after one case in a hundred changed, against",
             "solving anew:", ""]
    text += describe_warm(rows)
    path.write_text("\n".join(text) + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--write", type=pathlib.Path)
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--smoke", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(options, pathlib.Path(folder))
        if options.smoke:
            return smoke(bench)
        rows = [measure(bench, 10000, 2000, supply, ("or-tools", "highs", "pot"))
                for supply in SUPPLIES]
        rows += [measure(bench, 100000, 10000, supply, ()) for supply in SUPPLIES]
        if options.large:
            rows += [{"ours": bench.ours(1000000, 100000, supply, "--threads", "2"), "theirs": []}
                     for supply in SUPPLIES]
        if options.write:
            write(options.write, rows)
        else:
            print("\n".join(describe(rows) + describe_warm(rows)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
