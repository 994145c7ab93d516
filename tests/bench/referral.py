"""Measures reservations with their audit records, and writes their section of docs/benchmarks.md.

    referral.py --build build --data data [--seconds 10] [--folder DIR] [--write docs/benchmarks.md]

The store is made in a folder of --folder (default: beside the build, so on its disk), since what is
measured is above all how fast that disk makes a commit durable; that rate stands beside the figures."""

import argparse
import json
import pathlib
import subprocess
import tempfile

import report

PROCESSES = (1, 16)
HEADING = "## Reservations and the audit chain"


def measure(build, data, folder, seconds, processes):
    with tempfile.TemporaryDirectory(dir=folder) as place:
        run = subprocess.run([build / "tests/bench/measure-referral", data, place, str(seconds),
                              str(processes)], check=True, capture_output=True, text=True)
    return json.loads(run.stdout)


def section(rows, seconds):
    lines = [HEADING, "",
             f"`tests/bench/referral.py`, {seconds} s each: processes that hold places of four "
             "offerings, each hold a transaction",
             "with its event and audit record, on the disk; beside it how often that disk makes a "
             "page durable in a second.", "",
             "| processes | reservations/s | p50 ms | p99 ms | most ms | syncs/s | records verified/s |",
             "|--:|--:|--:|--:|--:|--:|--:|"]
    for row in rows:
        lines.append(f"| {row['processes']} | {row['per_second']:,} | {row['p50_ms']:.1f} "
                     f"| {row['p99_ms']:.1f} | {row['max_ms']:.1f} | {row['fsyncs_per_second']:,} "
                     f"| {row['verified_per_second']:,} |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--folder", type=pathlib.Path)
    parser.add_argument("--write", type=pathlib.Path)
    options = parser.parse_args()
    folder = options.folder or options.build
    rows = [measure(options.build.resolve(), options.data.resolve(), folder, options.seconds, count)
            for count in PROCESSES]
    text = section(rows, options.seconds)
    print(text, end="")
    if options.write:
        report.put_section(options.write, HEADING, text)


if __name__ == "__main__":
    main()
