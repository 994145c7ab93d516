"""scripts/count-tests.py, on whose last line everybody relies, counts right."""

import subprocess
import sys

import lint

CMOCKA = """[==========] 3 test(s) run.
[  PASSED  ] 2 test(s).
{}"""
CMOCKA_BAD = "[  FAILED  ] tests: 1 test(s), listed below:\n[  FAILED  ] opens\n\n 1 FAILED TEST(S)\n"

# (name, {file: text}, expected last line)
CASES = [
    ("plain", {"a.xml": [("run", "", "hello")]}, "1 passed, 0 failed"),
    ("plain failure", {"a.xml": [("fail", "<failure/>", "hello")]}, "0 passed, 1 failed"),
    ("cmocka", {"a.xml": [("run", "", CMOCKA.format(""))]}, "2 passed, 0 failed"),
    ("cmocka failure", {"a.xml": [("fail", "<failure/>", CMOCKA.format(CMOCKA_BAD))]},
     "2 passed, 1 failed"),
    ("failure that ctest missed", {"a.xml": [("run", "", CMOCKA.format(CMOCKA_BAD))]},
     "2 passed, 1 failed"),
    ("died after its cases", {"a.xml": [("fail", "<failure/>", CMOCKA.format(""))]},
     "2 passed, 1 failed"),
    ("two groups", {"a.xml": [("run", "", CMOCKA.format("") * 2)]}, "4 passed, 0 failed"),
    ("own count", {"a.xml": [("fail", "<failure/>", "x\n7 passed, 2 failed\n")]},
     "7 passed, 2 failed"),
    ("own count is the last line", {"a.xml": [("run", "", "7 passed, 2 failed\nx\n")]},
     "1 passed, 0 failed"),
    ("skipped", {"a.xml": [("notrun", '<skipped message="SKIP_RETURN_CODE=77"/>', ""),
                           ("run", "", "")]}, "1 passed, 0 failed"),
    ("disabled", {"a.xml": [("disabled", "", "Disabled"), ("run", "", "")]}, "1 passed, 0 failed"),
    ("missing", {"a.xml": [("notrun", '<skipped message="Unable to find executable"/>', "")]},
     "0 passed, 1 failed"),
    ("two reports", {"a.xml": [("run", "", "")], "b.xml": [("run", "", "")]}, "2 passed, 0 failed"),
    ("a broken build", {"a.xml": [("run", "", "")], "verdicts": "passed x\nfailed build of x\n"},
     "1 passed, 1 failed"),
    ("nothing", {}, "0 passed, 1 failed"),
]


def junit(entries):
    rows = "".join(f'<testcase name="t" status="{status}">{mark}<system-out>{output}</system-out>'
                   "</testcase>" for status, mark, output in entries)
    return f'<?xml version="1.0"?><testsuite>{rows}</testsuite>'


def count(root, files):
    texts = {name: text if isinstance(text, str) else junit(text) for name, text in files.items()}
    with lint.planted({**texts, "keep": ""}) as folder:
        return subprocess.run([sys.executable, "-B", str(root / "scripts/count-tests.py"),
                               str(folder)], capture_output=True, text=True, check=False)


def inspect_cases(report, root, cases):
    for name, files, expected in cases:
        run = count(root, files)
        last = (run.stdout.splitlines() or [run.stderr])[-1]
        report.check(last == expected, name, f"expected '{expected}', got '{last}'")
        status = 0 if expected.endswith(" 0 failed") else 1
        report.check(run.returncode == status, name, f"exit status {run.returncode}")


def inspect(report, arguments):
    inspect_cases(report, arguments.root, CASES)


def self_test(report, arguments):
    inner = lint.Report()
    inspect_cases(inner, arguments.root,
                  [("wrong", {"a.xml": [("run", "", "")]}, "2 passed, 0 failed")])
    lint.prove(report, "wrong", inner.findings, ["expected '2 passed, 0 failed'"])


if __name__ == "__main__":
    lint.main(__doc__, inspect, self_test)
