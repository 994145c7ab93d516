"""Checks the model of a hold (hold.pml) in every order of its steps, and that each fault that can be
planted in it is found.

    model.py [--clients N] [--places N]
"""

import argparse
import pathlib
import re
import subprocess
import sys
import tempfile

MODEL = pathlib.Path(__file__).with_name("hold.pml")
FAULTS = ["COUNT_THEN_TAKE", "ACCEPT_LATE", "RETRY_WITHOUT_KEY", "CLOCK_AS_IT_IS",
          "KEEP_ON_CANCEL"]
MEGABYTES = 6000
DEPTH = 100000


def check(clients, places, fault):
    """How many errors and states there are; whatever is not exhaustive is no answer."""
    with tempfile.TemporaryDirectory() as folder:
        def run(*words):
            return subprocess.run(words, cwd=folder, capture_output=True, text=True, check=True)
        names = [f"-DCLIENTS={clients}", f"-DPLACES={places}"] + ([f"-D{fault}"] if fault else [])
        run("spin", *names, "-a", str(MODEL))
        run("cc", "-w", "-O2", "-DSAFETY", f"-DMEMLIM={MEGABYTES}", "-o", "pan", "pan.c")
        said = subprocess.run(["./pan", f"-m{DEPTH}"], cwd=folder, capture_output=True, text=True,
                              check=False).stdout
    errors = re.search(r"errors: (\d+)", said)
    states = re.search(r"([\d.e+]+) states, stored", said)
    if errors is None or states is None:
        sys.exit(f"the checker gave no answer:\n{said}")
    if not int(errors.group(1)) and re.search("bytes limit|max search depth|out of memory", said):
        sys.exit(f"the search was cut short:\n{said}")
    return int(errors.group(1)), int(float(states.group(1)))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--clients", type=int, default=2)
    parser.add_argument("--places", type=int, default=1)
    options = parser.parse_args()
    errors, states = check(options.clients, options.places, None)
    print(f"model: {options.clients} clients, {options.places} places, {states} states, "
          f"{errors} errors")
    failed = errors
    for fault in FAULTS:
        errors, states = check(options.clients, options.places, fault)
        print(f"model with {fault}: {'found' if errors else 'NOT FOUND'} ({states} states)")
        failed += not errors
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
