"""The benchmark runs, and what it measures is true; how long it takes is not looked at."""

from __future__ import annotations

import importlib.util
import pathlib

FILE = pathlib.Path(__file__).parent.parent / "bench" / "run.py"


def test_the_benchmark_runs(tmp_path: pathlib.Path) -> None:
    spec = importlib.util.spec_from_file_location("bench_run", FILE)
    assert spec is not None and spec.loader is not None
    bench = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bench)
    target = tmp_path / "benchmarks.md"
    target.write_text("# Benchmarks\n\nOthers.\n")
    for rows in (500, 1000):
        bench.write(target, bench.section(rows, 1))
    text = target.read_text()
    assert text.count(bench.BEGIN) == text.count(bench.END) == 1
    assert "Others." in text and "1,000 rows to pandas" in text and "500 rows" not in text
