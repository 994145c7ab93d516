"""Disks and memory that fail under the command, from outside: every file that an input's size decides the
reading of, and every file that is written, with the k-th call failing (tests/support/fault-shim.c).

What must hold of each run: an error of one line that says what could not be done, exit status 2 for what
cannot be read and 5 for what cannot be written; or the answer of a sound disk. The file of before is kept or
there is none, and no draft is left behind. Where memory ends, the answer, an error, or the end of the process
that GLib brings for what is small; never another answer, and never the blame on a sound row.

    faults.py --cli build/bin/carenet --shim build/tests/reliability/fault-shim.so --files|--memory

--self-test runs commands that are wrong on purpose (one writes in place, one passes over errors, ...): each
must be found out; with --memory also one that goes on without."""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

OLD = "what stood here before\n"
LARGE = 32 * 1024  # bytes of an allocation that an input decides
SMALL = 2048        # below, GLib has no room to say that memory has ended

READS = ("read", "short-read", "interrupt")
WRITES = ("write", "full", "short-write", "sync", "close", "name", "interrupt")
HARMLESS = ("short-read", "interrupt")


class Finding(Exception):
    """Something that must not happen."""


class Task:
    """A command, the file that it reads under faults, and the file that it writes."""

    def __init__(self, name, words, reads=None, writes=None, lack=None):
        self.name, self.words, self.reads, self.writes = name, words, reads, writes
        self.lack = lack  # what it says where it does without a part


class Desk:
    """A store, lists and region files in a folder; outputs in another."""

    def __init__(self, cli, shim, home):
        self.cli, self.shim = cli, shim
        self.inputs, self.out = home / "in", home / "out"
        self.told, self.home = home / "told", home / "home"
        for folder in (self.inputs, self.out, self.home):
            folder.mkdir()
        self.runs = self.faults = self.refused = self.ended = 0

    def run(self, words, fault=None, once=False, stdin=subprocess.DEVNULL, stdout=None):
        environment = {name: value for name, value in os.environ.items()
                       if name.startswith(("ASAN_", "UBSAN_", "LSAN_"))}
        environment.update(PATH=os.environ["PATH"], HOME=str(self.home), LC_ALL="C.UTF-8")
        if fault is not None:
            environment.update(LD_PRELOAD=str(self.shim), CARENET_FAULT=fault,
                               CARENET_FAULT_TOLD=str(self.told))
            environment["ASAN_OPTIONS"] = (environment.get("ASAN_OPTIONS", "") +
                                           ":verify_asan_link_order=0")
            if once:
                environment["CARENET_FAULT_ONCE"] = "1"
        self.told.unlink(missing_ok=True)
        self.runs += 1
        done = subprocess.run([*self.cli, *[str(word) for word in words]], env=environment,
                              stdin=stdin, stdout=stdout or subprocess.PIPE,
                              stderr=subprocess.PIPE, check=False, timeout=60)
        self.faults += self.told.exists()
        return done

    def sound(self, words):
        done = self.run(words)
        if done.returncode not in (0, 1):
            raise SystemExit(f"{words}: {done.returncode} {done.stderr.decode()}")
        return done


# ---- What the commands work on.


def case_row(number):
    """A sound row; every 40th is not."""
    area = ("Cagayan de Oro", "Iligan", "Cebu City")[number % 3] if number % 40 != 7 else "Nowhere"
    return f"C-{number},{area},{9 + number % 8},female,ceb,routine,individual-counseling"


def make_inputs(desk, rows):
    header = "ref,area,age,sex,languages,urgency,needs"
    table = [case_row(i).split(",") for i in range(rows)]
    sound = [row for row in table if row[1] != "Nowhere"]
    (desk.inputs / "rows.csv").write_text("\n".join([header, *map(",".join, table)]) + "\n")

    def record(row):
        return (f'{{"ref": "{row[0]}", "area": "{row[1]}", "age": {row[2]}, "sex": "female", '
                f'"languages": ["ceb"], "urgency": "routine", "needs": ["{row[6]}"]}}\n')

    (desk.inputs / "rows.ndjson").write_text("".join(map(record, table)))
    (desk.inputs / "rows.yaml").write_text("".join("- " + record(row) for row in sound[:400]))
    desk.sound(["init", "--demo"])
    desk.sound(["export", "--format", "csv", "-o", desk.inputs / "region.csv"])
    desk.sound(["export", "--region", "ncr", "-o", desk.inputs / "region.yaml"])
    desk.sound(["batch", "--cases", desk.inputs / "rows.csv", "--reject", desk.out / "r",
                "-o", desk.inputs / "plan.json"])
    (desk.out / "r").unlink()


def make_tasks(desk):
    inputs, out = desk.inputs, desk.out / "out"
    csv, ndjson, yaml = (inputs / f"rows.{kind}" for kind in ("csv", "ndjson", "yaml"))
    batch = ["batch", "--format", "csv", "--at", "2026-11-16T08:00+08:00", "--cases"]
    return [
        Task("list-csv", [*batch, csv, "--reject", out, "--force"], csv, out),
        Task("list-ndjson", [*batch, ndjson, "--reject", out, "--force"], ndjson, out),
        Task("list-yaml", [*batch, yaml], yaml),
        Task("plan", [*batch, yaml, "-o", out, "--force"], None, out),
        Task("former-plan", [*batch, yaml, "--prices", inputs / "plan.json"], inputs / "plan.json"),
        Task("region-csv", ["validate", inputs / "region.csv"], inputs / "region.csv"),
        Task("region-yaml", ["validate", inputs / "region.yaml"], inputs / "region.yaml"),
        Task("import-csv", ["import", "--dry-run", inputs / "region.csv"], inputs / "region.csv"),
        Task("export-yaml", ["export", "--region", "ncr", "-o", out, "--force"], None, out),
        Task("export-csv", ["export", "--format", "csv", "-o", out, "--force"], None, out),
        Task("report", ["report", "full", "-o", out, "--force"], None, out,
             "There are no outlines of regions to draw a map from."),
        Task("find", ["find", "--region", "ncr"]),
        Task("find-json", ["find", "--region", "ncr", "--format", "json"]),
        Task("route", ["route", "--case", yaml, "--format", "json", "--at", "2026-11-16T08:00+08:00"]),
    ]


# ---- What must hold.


def written(task):
    return task.writes.read_text() if task.writes is not None and task.writes.exists() else None


def check_left(desk, task):
    left = sorted(path.name for path in desk.out.iterdir() if path != task.writes)
    if left:
        raise Finding(f"{', '.join(left)} left behind")


def check_error(task, done, kind, fault_at_reading):
    said = done.stderr.decode()
    first = said.splitlines()[0] if said else ""
    if done.returncode < 0 or done.returncode == 70 or "Sanitizer" in said:
        raise Finding(f"the command crashed ({done.returncode}): {said[-800:]}")
    status = 2 if fault_at_reading else 5
    if done.returncode != status:
        raise Finding(f"exit status {done.returncode} instead of {status}: {said[:400]}")
    path = task.reads if fault_at_reading else task.writes
    if not any(line.startswith("carenet: ") and str(path) in line for line in said.splitlines()):
        raise Finding(f"the error does not name {path}: {first}")


def answer(done, task):
    return done.returncode, done.stdout, written(task)


def prepare(task, old):
    if task.writes is None:
        return
    task.writes.unlink(missing_ok=True)
    if old:
        task.writes.write_text(OLD)


def run_once(desk, task, kind, k, where, once, good, old):
    """Whether a fault happened."""
    prepare(task, old)
    done = desk.run(task.words, f"{kind}:{k}:{where}", once)
    happened = desk.told.exists()
    check_left(desk, task)
    if answer(done, task) == good:
        if happened and kind not in HARMLESS:
            raise Finding("a failed call went by unnoticed")
        return happened
    if not happened or kind in HARMLESS:
        raise Finding(f"another answer ({done.returncode}): {done.stderr.decode()[:400]}")
    check_error(task, done, kind, where == task.reads)
    desk.refused += 1
    if where != task.reads and written(task) != (OLD if old else None):
        raise Finding("the file of before is not kept")
    return True


def sweep(desk, task, kind, where, good, findings):
    """The k-th call fails, for every k up to the one that there is not."""
    k, points = 1, 0
    while k <= 4000:
        once = kind == "interrupt"  # without end it would be a process that never gets further
        try:
            happened = run_once(desk, task, kind, k, where, once, good, k % 2 == 1)
        except Finding as finding:
            findings.append(f"{task.name}, {kind} {k}: {finding}")
            return points
        if not happened:
            return points
        points += 1
        k += 1 + k // 6
    return points


def begin(desk, task):
    """Removes what the task before has written; gives the answer of a sound disk."""
    (desk.out / "out").unlink(missing_ok=True)
    prepare(task, True)
    return answer(desk.sound(task.words), task)


def sweep_files(desk, tasks, findings):
    for task in tasks:
        good = begin(desk, task)
        for path, kinds in ((task.reads, READS), (task.writes, WRITES)):
            points = [f"{kind} {sweep(desk, task, kind, path, good, findings)}"
                      for kind in kinds] if path is not None else []
            if points:
                print(f"{task.name}, {'reading' if path == task.reads else 'writing'}: {', '.join(points)}")
            if points and all(point.endswith(" 0") for point in points):
                findings.append(f"{task.name}: no call has failed")


# ---- Standard input and output, which the C library reads and writes by itself.


def check_streams(desk, tasks, findings):
    folder = os.open(desk.home, os.O_RDONLY)
    listing = desk.run(["batch", "--cases", "-"], stdin=folder)
    os.close(folder)
    if listing.returncode != 2 or b"standard input cannot be read" not in listing.stderr:
        findings.append(f"standard input that cannot be read: {listing.returncode} {listing.stderr.decode()}")
    full = 0
    for task in tasks:
        prepare(task, True)
        with open("/dev/full", "wb") as sink:
            done = desk.run(task.words, stdout=sink)
        if written(task) is not None and done.returncode == 0:
            continue  # all that it says goes to a file
        if done.returncode != 5 or b"the output cannot be written" not in done.stderr:
            findings.append(f"{task.name} to a full disk: {done.returncode} {done.stderr.decode()[:200]}")
        full += 1
    print(f"standard output that is full: {full} commands refused")


# ---- Memory.


def check_starved(task, done, good, old):
    said = (done.stderr + done.stdout).decode(errors="replace")
    if answer(done, task) == good or (task.lack is not None and task.lack in (written(task) or "")):
        return "answered"
    if written(task) not in (OLD if old else None, good[2]):
        raise Finding("the file of before is not kept")
    if done.returncode < 0:
        if not any(words in said.lower() for words in ("failed to allocate", "memory")):
            raise Finding(f"the command crashed ({done.returncode}): {said[-400:]}")
        return "ended"
    if done.returncode not in (1, 2, 5) or "memory" not in said:
        raise Finding(f"memory is not what is blamed ({done.returncode}): {said[:400]}")
    return "refused"


def starve(desk, task, k, least, good):
    """What came of it; None where no allocation failed."""
    old = k % 2 == 1
    prepare(task, old)
    done = desk.run(task.words, f"memory:{k}:{least}", k % 3 == 0)
    what = check_starved(task, done, good, old) if desk.told.exists() else None
    if done.returncode >= 0:
        check_left(desk, task)
    for draft in desk.out.iterdir():
        draft.unlink()  # a process that GLib ends cannot
    return what


def sweep_memory(desk, tasks, findings):
    """Every allocation of some size, and some of all."""
    for task in tasks:
        counts = {"answered": 0, "refused": 0, "ended": 0}
        good = begin(desk, task)
        for least, step in ((LARGE, 8), (SMALL, 2)):
            k, what = 1, "begun"
            while what is not None:
                try:
                    what = starve(desk, task, k, least, good)
                    if what is not None:
                        counts[what] += 1
                except Finding as finding:
                    findings.append(f"{task.name}, memory {k} of {least} bytes: {finding}")
                k += 1 + k // step
        if sum(counts.values()) == 0:
            findings.append(f"{task.name}: no allocation has failed")
        print(f"{task.name}, memory: " + ", ".join(f"{n} {what}" for what, n in counts.items()))


# ---- Commands that are wrong on purpose.

WRONG = {"in-place": "the file of before is not kept",
         "silent": "exit status 0 instead of 5",
         "draft": "left behind",
         "status": "exit status 9",
         "nameless": "the error does not name",
         "short": "another answer",
         "starved": "memory is not what is blamed"}


def be_wrong(way, source, target):
    """Copies a file, in a way that must be found out."""
    draft = target if way == "in-place" else target + ".draft"
    try:
        fd, text = os.open(source, os.O_RDONLY), b""
        while piece := os.read(fd, 65536):
            text += piece
            if way == "short":
                break
        if way == "starved":
            try:
                print(len(bytearray(1 << 20)))
            except MemoryError:
                print("nobody")
        fd = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        while text:
            text = text[os.write(fd, text):]
        os.close(fd)
        if draft != target:
            os.rename(draft, target)
    except OSError as error:
        if way not in ("in-place", "draft") and os.path.exists(draft):
            os.unlink(draft)
        if way == "silent":
            return 0
        print("carenet: " + (f"{error}" if way == "nameless" else f"{source} {target} {error}"),
              file=sys.stderr)
        return 9 if way == "status" else 5
    return 0


def self_test(shim, memory):
    lost = 0
    for way, words in WRONG.items():
        if way == "starved" and not memory:
            continue
        findings = []
        with tempfile.TemporaryDirectory() as home:
            desk = Desk([sys.executable, "-B", __file__, "--wrong"], shim, pathlib.Path(home).resolve())
            source, target = desk.inputs / "source", desk.out / "out"
            source.write_text("what is copied\n" * 20000)
            task = Task(way, [way, source, target], None, target)
            if way == "starved":
                sweep_memory(desk, [task], findings)
            else:
                task.reads = source if way == "short" else None
                sweep_files(desk, [task], findings)
        found = any(words in finding for finding in findings)
        lost += not found
        print(f"{way}: {'found' if found else f'NOT FOUND {findings}'}")
    return 1 if lost else 0


def main():
    if sys.argv[1:2] == ["--wrong"]:
        return be_wrong(*sys.argv[2:5])
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cli")
    parser.add_argument("--shim", required=True, type=pathlib.Path)
    parser.add_argument("--files", action="store_true")
    parser.add_argument("--memory", action="store_true")
    parser.add_argument("--self-test", action="store_true")
    parser.add_argument("--rows", type=int, default=1500)
    options = parser.parse_args()
    if options.self_test:
        return self_test(options.shim.resolve(), options.memory)
    findings = []
    with tempfile.TemporaryDirectory() as home:
        desk = Desk([options.cli], options.shim.resolve(), pathlib.Path(home).resolve())
        make_inputs(desk, options.rows)
        tasks = make_tasks(desk)
        if options.memory:
            sweep_memory(desk, tasks, findings)
        else:
            sweep_files(desk, tasks, findings)
            check_streams(desk, tasks, findings)
        print(f"{desk.runs} runs, {desk.faults} with a fault, {desk.refused} refused")
    for finding in findings:
        print(f"FOUND {finding}")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
