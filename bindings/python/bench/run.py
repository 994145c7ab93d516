"""Measures the Python binding and writes the section "Python" of docs/benchmarks.md.

    python run.py [--rows N] [--write FILE]

Every figure is the median over several runs. Nothing here is a test: what the answers are is
asserted, how long they take is printed beside the goal.
"""

from __future__ import annotations

import argparse
import datetime
import pathlib
import random
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

import pandas
import polars
import pyarrow

import carenet as cn
from carenet._call import Reference
from carenet._cases import cases_of
from carenet._native import ffi, lib

BEGIN, END = "<!-- python: begin -->\n", "<!-- python: end -->\n"

HEAD = """## Python

Written by `scripts/bench` from `bindings/python/bench/run.py`: medians over {runs} runs, {rows:,} rows or cases,
{date}, Python {python}, pandas {pandas}, polars {polars}, pyarrow {pyarrow}. Do not edit: run it again.

"""


def median_s(runs: int, work: Callable[[], Any]) -> float:
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        result = work()
        times.append(time.perf_counter() - start)
        del result
    return statistics.median(times)


def towns() -> list[str]:
    with cn.open() as net:
        areas = net.areas()
    pairs = zip(areas["area"], areas["level"], strict=True)
    return [area for area, level in pairs if level in ("city", "municipality")]


def draw_cases(rows: int, seed: int = 7) -> pandas.DataFrame:
    """Cases as a register would hold them, on the towns of the gazetteer."""
    rng = random.Random(seed)
    needs = ["trauma-therapy", "emergency-shelter;trauma-therapy", "legal-assistance@urgent"]
    return pandas.DataFrame(
        {
            "ref": [f"C-{i:07d}" for i in range(rows)],
            "area": rng.choices(towns(), k=rows),
            "age": rng.choices(range(3, 18), k=rows),
            "sex": rng.choices(["female", "male"], k=rows),
            "languages": rng.choices(["ceb", "fil;ceb", "fil"], k=rows),
            "urgency": rng.choices(["emergency", "urgent", "routine"], k=rows),
            "needs": rng.choices(needs, k=rows),
        }
    )


def draw_assignments(rows: int, seed: int = 7) -> cn.Table:
    """A table with the columns and the spread of a plan's assignments."""
    rng = random.Random(seed)
    providers = [f"ex-nmn-{i:04d}" for i in range(2000)]
    chosen = rng.choices(providers, k=rows)
    return cn.Table(
        pandas.DataFrame(
            {
                "case": [f"C-{i:07d}" for i in range(rows)],
                "need": rng.choices([1, 2, 3], k=rows),
                "service": rng.choices(["trauma-therapy", "emergency-shelter"], k=rows),
                "provider": chosen,
                "offering": [f"{provider}/trauma-therapy" for provider in chosen],
                "units": [1] * rows,
                "cost": rng.choices(range(5000), k=rows),
                "pinned": rng.choices([True, False], k=rows),
            }
        )
    )


def is_shared(table: cn.Table) -> bool:
    """Whether polars and pyarrow read the numbers where the table holds them."""
    there = pyarrow.table(table)["cost"].chunk(0).buffers()[1].address
    polars_at = table.to_polars()["cost"].to_numpy(allow_copy=False).__array_interface__["data"][0]
    return bool(there == polars_at)


def measure_find(runs: int) -> tuple[float, float]:
    """(seconds of the call in C, of find() in Python) for one question."""
    directory = cn.open().directory()
    place = "Cagayan de Oro"
    count = 400

    def in_python() -> None:
        for _ in range(count):
            directory.find(region="mindanao", service="mental-health", near=place, age=15)

    query = ffi.new("carenet_find_query *")
    lib.carenet_find_query_init(query)
    kept = [ffi.new("char[]", text) for text in (b"mindanao", b"mental-health", place.encode())]
    regions, services = ffi.new("char *[]", [kept[0]]), ffi.new("char *[]", [kept[1]])
    query.regions, query.regions_len = ffi.cast("const char *const *", regions), 1
    query.services, query.services_len = ffi.cast("const char *const *", services), 1
    query.near, query.age, query.sort = kept[2], 15, ffi.NULL
    query.now_s = lib.carenet_directory_demonstration_now(directory._handle)
    query.policy = directory._policy._handle

    def in_c() -> None:
        for _ in range(count):
            lib.carenet_table_unref(lib.carenet_find(directory._handle, query, ffi.NULL))

    in_c()
    return median_s(runs, in_c) / count, median_s(runs, in_python) / count


COMMAND = pathlib.Path(__file__).resolve().parents[3] / "build" / "bin" / "carenet"


def measure_batch(runs: int, rows: int = 20_000) -> tuple[float, float]:
    """(processor seconds of `carenet batch`, of route_batch()) for the same cases."""
    directory = cn.open().directory()
    frame = draw_cases(rows)

    def children_s() -> float:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime

    by_command, by_python = [], []
    with tempfile.TemporaryDirectory() as folder:
        cases = pathlib.Path(folder) / "cases.csv"
        frame.to_csv(cases, index=False)
        words = [str(COMMAND), "batch", "--cases", str(cases), "--format", "json"]
        surroundings = {"HOME": folder, "LC_ALL": "C.UTF-8"}
        for _ in range(runs):
            start = children_s()
            subprocess.run(words, env=surroundings, capture_output=True, check=True)
            by_command.append(children_s() - start)
            start = time.process_time()
            assert directory.route_batch(frame).status == "optimal"
            by_python.append(time.process_time() - start)
    return statistics.median(by_command), statistics.median(by_python)


def figures(rows: int, runs: int) -> list[tuple[str, str, str, bool]]:
    """(what, measured, goal, reached)"""
    found = []

    def add(what: str, value: float, unit: str, goal: float) -> None:
        shown = f"{value:.2f} {unit}".strip()
        found.append((what, shown, f"<= {goal:g} {unit}".strip(), value <= goal))

    table = draw_assignments(rows)
    assert is_shared(table)
    add(f"{rows:,} rows to pandas", median_s(runs, table.to_pandas), "s", 0.3)
    add(f"{rows:,} rows to polars", median_s(runs, table.to_polars), "s", 0.3)
    add(f"{rows:,} rows to pyarrow", median_s(runs, table.to_arrow), "s", 0.3)
    found.append(("numbers shared with polars and pyarrow", "yes", "yes", True))
    del table

    reference = Reference.open()
    frame = draw_cases(rows)
    assert len(cases_of(reference, frame)) == rows
    add(f"{rows:,} cases from pandas", median_s(runs, lambda: cases_of(reference, frame)), "s", 1)
    lazy = polars.from_pandas(frame)
    add(f"{rows:,} cases from polars", median_s(runs, lambda: cases_of(reference, lazy)), "s", 1)
    del frame, lazy

    in_c, in_python = measure_find(max(runs, 5))
    add("find from Python, against the call in C", in_python / in_c, "x", 3)
    if COMMAND.is_file():
        in_command, in_python = measure_batch(runs)
        what = "20,000 cases routed together, processor time against the whole command"
        add(what, in_python / in_command, "x", 1.1)
    return found


def section(rows: int, runs: int) -> str:
    head = HEAD.format(
        runs=runs,
        rows=rows,
        date=datetime.date.today().isoformat(),
        python=".".join(map(str, sys.version_info[:3])),
        pandas=pandas.__version__,
        polars=polars.__version__,
        pyarrow=pyarrow.__version__,
    )
    lines = ["| figure | measured | goal | reached |", "| - | -: | -: | - |"]
    for what, measured, goal, reached in figures(rows, runs):
        lines.append(f"| {what} | {measured} | {goal} | {'yes' if reached else 'no'} |")
    return BEGIN + head + "\n".join(lines) + "\n" + END


def write(path: pathlib.Path, text: str) -> None:
    """Puts the section where it stands, or at the end."""
    old = path.read_text(encoding="utf-8") if path.is_file() else "# Benchmarks\n"
    pattern = re.compile(re.escape(BEGIN) + ".*?" + re.escape(END), re.DOTALL)
    new = pattern.sub(lambda _: text, old) if pattern.search(old) else old.rstrip() + "\n\n" + text
    path.write_text(new, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--write", type=pathlib.Path, help="the file whose section is replaced")
    arguments = parser.parse_args()
    text = section(arguments.rows, arguments.runs)
    print(text)
    if arguments.write:
        write(arguments.write, text)


if __name__ == "__main__":
    main()
