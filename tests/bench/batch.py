"""Measures batch routing beside LEMON, OR-Tools, HiGHS and POT, and writes docs/benchmarks-batch.md.

    batch.py --build FOLDER --data FOLDER [--write FILE] [--large]
    batch.py --build FOLDER --data FOLDER --smoke

Every solver gets the same problem, from the same rules and costs, and must find the same objective
before a time is written. Times of the others are processor seconds, since they have one thread; carenet is
measured with one thread by processor seconds and with two by the clock. Of several runs the least counts, the
others' too, so the machine should have nothing else to do. Memory is what the solver needs beyond the problem.
--smoke only compares objectives, on many small and middling instances, and ends with 77 where LEMON is not here.
--large adds a million cases, which the others cannot hold."""
import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import batch_report

SKIPPED = 77  # what ctest takes for neither passed nor failed
LIMIT_S = 600  # nobody waits longer for one answer
RUNS, RUNS_LARGE = 60, 11  # of carenet's, of which the least counts
RUNS_OTHERS, AGAIN_S = 3, 30  # of another's, as long as they took less than that together
SUPPLIES = ("2.5", "1.5", "1.0")
LEMON = [(solver, nodes) for nodes in ("CASES", "CLASSES")
         for solver in ("network-simplex", "cost-scaling")]


# What the small process routes, again and again.
SMALL_CASES = """ref,area,age,sex,languages,urgency,needs
Cagayan de Oro,15,female,ceb,urgent,trauma-therapy
Iligan,12,female,ceb;fil,emergency,emergency-shelter
Butuan,9,male,ceb,routine,individual-counseling
Cebu City,16,female,ceb,urgent,survivor-legal-representation
Manila,13,male,fil,routine,case-management
Angeles,17,female,fil,urgent,emergency-shelter;trauma-therapy
Surigao,11,female,ceb,routine,trauma-therapy
"""


def least_of_runs(run):
    """The quickest answer of one of the others; None where it has none."""
    answers = [run()]
    while (len(answers) < RUNS_OTHERS and answers[-1] is not None and answers[-1]["cpu_s"] is not None
           and sum(one["cpu_s"] for one in answers) < AGAIN_S):
        answers.append(run())
    return min(answers, key=lambda one: one["cpu_s"]) if len(answers) > 1 else answers[0]


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
        try:
            out = subprocess.run([sys.executable, "-B", script, solver, self.problem],
                                 stdout=subprocess.PIPE, check=False, timeout=LIMIT_S)
        except subprocess.TimeoutExpired:
            return {"solver": solver, "nodes": "CLASSES", "cpu_s": None, "limit_s": LIMIT_S}
        # Some print a banner first; the answer is the last line.
        return json.loads(out.stdout.splitlines()[-1]) if out.returncode == 0 else None


def compare(ours, theirs):
    if theirs["objective"] != ours["objective"]:
        raise Disagreement(f"{ours['cases']} x {ours['offerings']} at {ours['supply']}: carenet "
                           f"{ours['objective']}, {theirs['solver']} {theirs['objective']}")


def smoke(bench):
    if not bench.has_lemon():
        print("LEMON is not here: nothing to compare with")
        return SKIPPED
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
    runs = str(RUNS if cases < 100000 else RUNS_LARGE)
    ours = bench.ours(cases, offerings, supply, "--runs", runs, "--warm", "--write",
                      str(bench.problem))
    two = bench.ours(cases, offerings, supply, "--runs", runs, "--threads", "2")
    if two["objective"] != ours["objective"]:
        raise Disagreement(f"{cases} x {offerings} at {supply}: two threads find another optimum")
    theirs = [least_of_runs(lambda one=one: bench.lemon(*one)) for one in LEMON] if bench.has_lemon() else []
    for solver in others:
        answer = least_of_runs(lambda solver=solver: bench.other(solver))
        theirs += [answer] if answer is not None else []
    for one in theirs:
        if one.get("cpu_s") is not None:
            compare(ours, one)
    print(f"measured {cases} x {offerings} at {supply}", file=sys.stderr)
    return {"ours": ours, "two": two, "theirs": theirs}


def small_process_ms(options):
    """carenet batch on the shipped directory, as a process: the median of 15, in milliseconds."""
    header, *rows = SMALL_CASES.splitlines()
    with tempfile.TemporaryDirectory() as folder:
        cases = pathlib.Path(folder) / "cases.csv"
        lines = [f"C-{number:03d},{rows[number % len(rows)]}" for number in range(300)]
        cases.write_text("\n".join([header, *lines, ""]), encoding="utf-8")
        plan = pathlib.Path(folder) / "plan.json"
        command = [options.build / "bin" / "carenet", "batch", "--cases", cases, "-o", plan]
        took = []
        for _ in range(15):
            plan.unlink(missing_ok=True)
            start = time.perf_counter()
            subprocess.run(command, check=True, env={"HOME": folder, "LC_ALL": "C.UTF-8"},
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            took.append(1000 * (time.perf_counter() - start))
    return statistics.median(took)


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
            rows += [{"ours": bench.ours(1000000, 100000, supply),
                      "two": bench.ours(1000000, 100000, supply, "--threads", "2"), "theirs": []}
                     for supply in SUPPLIES]
        small_ms = small_process_ms(options)
        if options.write:
            batch_report.write(options.write, rows, small_ms)
        else:
            print(batch_report.goals(rows, small_ms))
            print(batch_report.everything(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
