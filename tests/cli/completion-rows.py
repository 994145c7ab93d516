"""Every row of the two tables of values in cli/describe.c is reached: a command has that option, it takes a
value, and no other row stands before it.

Self-test: a row of no option, a row twice and a row that others hide must be noticed."""

import argparse
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def read_rows(text):
    """[(command or None, option)] of the options, and the commands of the operands."""
    options, operands = text.split("cli_operand_values(", 1)
    pairs = re.findall(r'^    \{(NULL|"([\w-]+)"), "([\w-]+)",', options, re.MULTILINE)
    return ([(command or None, option) for _, command, option in pairs],
            re.findall(r'^        \{"([\w-]+)",', operands, re.MULTILINE))


def faults(rows, operands, taking):
    """What is wrong; taking is {command: options with a value}."""
    found = [f"{row} stands twice" for row in sorted(set(rows), key=str) if rows.count(row) > 1]
    own = set(rows)
    for command, option in rows:
        takers = [name for name, taken in taking.items() if option in taken]
        if command is None:
            takers = [name for name in takers if (name, option) not in own]
        elif command in takers:
            takers = [command]
        else:
            takers = []
        if not takers:
            found.append(f"nothing reaches the row {command or 'of all'} --{option}")
    found += [f"operands of {name} stand twice" for name in operands if operands.count(name) > 1]
    found += [f"there is no command {name}" for name in operands if name not in taking]
    return found


def self_test():
    taking = {"find": {"by"}, "route": {"by"}}
    assert not faults([(None, "by"), ("find", "by")], ["route"], taking)
    assert faults([(None, "to")], [], taking)
    assert faults([("find", "to")], [], taking)
    assert faults([(None, "by"), (None, "by")], [], taking)
    assert faults([(None, "by"), ("find", "by"), ("route", "by")], [], taking)
    assert faults([], ["fly"], taking)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cli", type=pathlib.Path, required=True, help="the carenet command")
    cli = parser.parse_args().cli.resolve()
    self_test()

    def run(*words):
        return subprocess.run([cli, *words], capture_output=True, text=True, check=True).stdout

    commands = re.findall(r"^  (\w+) ", run("help").split("\n\n")[1], re.MULTILINE)
    taking = {}
    for command in commands:
        # "--option VALUE", not "--option  what it does".
        taking[command] = set(re.findall(r"^  (?:-\w, )?--([\w-]+) \S", run(command, "--help"),
                                         re.MULTILINE))
    rows, operands = read_rows((ROOT / "cli/describe.c").read_text(encoding="utf-8"))
    if not rows or not operands:
        raise SystemExit("cli/describe.c is laid out otherwise: mend this test")
    found = faults(rows, operands, taking)
    for fault in found:
        print(f"failed: {fault}")
    print(f"{len(rows) + len(operands) - len(found)} passed, {len(found)} failed")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
