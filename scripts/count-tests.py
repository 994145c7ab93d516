"""Sums up a folder of test reports: prints what failed, then `N passed, M failed` as the last line.

*.xml are JUnit reports of ctest and pytest. A ctest entry stands for the cases that its program
counted: cmocka's summary, or a last line `N passed, M failed`; otherwise it is one case. `verdicts`
holds lines `passed NAME` and `failed NAME`; passed ones only say that a step ran and are not
counted. Exits with 1 when anything failed, or nothing ran.
"""

import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree

OWN = re.compile(r"^(\d+) passed, (\d+) failed$")
CMOCKA_PASSED = re.compile(r"^\[  PASSED  \] (\d+) test\(s\)\.", re.MULTILINE)
CMOCKA_SKIPPED = re.compile(r"^\[  SKIPPED \] (\d+) test\(s\), listed below", re.MULTILINE)
CMOCKA_FAILED = re.compile(r"^\[  FAILED  \] (?:\w+: )?(\d+) test\(s\), listed below", re.MULTILINE)


def counted(output):
    """(passed, failed, skipped) as the program itself counted, or None."""
    lines = [line.strip() for line in output.strip().splitlines()]
    own = OWN.match(lines[-1]) if lines else None
    if own:
        return int(own.group(1)), int(own.group(2)), 0
    passed = [int(number) for number in CMOCKA_PASSED.findall(output)]
    failed = [int(number) for number in CMOCKA_FAILED.findall(output)]
    if passed or failed:
        skipped = [int(number) for number in CMOCKA_SKIPPED.findall(output)]
        return sum(passed), sum(failed), sum(skipped)
    return None


def is_skipped(case):
    """Left out on purpose; a test whose program is missing is not (ctest calls that skipped too)."""
    if case.get("status") == "disabled":
        return True
    mark = case.find("skipped")
    if mark is None:
        return False
    return case.get("status") != "notrun" or (mark.get("message") or "").startswith("SKIP_")


def sum_report(path, failures):
    """(passed, failed, skipped) of one JUnit report; names of failures are appended."""
    passed = failed = skipped = 0
    for case in ElementTree.parse(path).getroot().iter("testcase"):
        name = f"{path.stem}: {case.get('name')}"
        if is_skipped(case):
            skipped += 1
            continue
        broken = case.find("failure") is not None or case.find("error") is not None
        broken = broken or case.get("status") in ("fail", "notrun")
        output = case.findtext("system-out") or ""
        good, bad, left = counted(output) or ((0, 1, 0) if broken else (1, 0, 0))
        skipped += left
        # A program that died after, or between, its cases still failed.
        if broken and bad == 0:
            bad = 1
        if bad:
            failures.append(name)
        passed += good
        failed += bad
    return passed, failed, skipped


def main():
    folder = pathlib.Path(sys.argv[1])
    passed = failed = skipped = 0
    failures = []
    for path in sorted(folder.glob("*.xml")):
        good, bad, left = sum_report(path, failures)
        passed, failed, skipped = passed + good, failed + bad, skipped + left
    verdicts = folder / "verdicts"
    for line in verdicts.read_text().splitlines() if verdicts.is_file() else []:
        verdict, name = line.split(" ", 1)
        if verdict == "failed":
            failed += 1
            failures.append(name)
    if passed + failed == 0:
        failed = 1
        failures.append("nothing ran")
    for name in failures:
        print(f"failed: {name}")
    if skipped:
        print(f"{skipped} skipped")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
