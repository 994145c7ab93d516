"""must-fail.py FINDING PROGRAM: runs a test that was linked with a mutant. It must fail and say its FINDING,
not crash; a finding that is a failed assertion of the code itself may stop it."""

import os
import signal
import subprocess
import sys


def main() -> int:
    finding = sys.argv[1]
    # A test that fails leaves its memory behind; that is no crash.
    options = os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0"
    done = subprocess.run(sys.argv[2:], capture_output=True, text=True, errors="replace",
                          env={**os.environ, "ASAN_OPTIONS": options}, check=False)
    said = done.stdout + done.stderr
    if done.returncode == 0:
        print("the mutant lives: the test has found nothing")
        return 1
    stopped = done.returncode == -signal.SIGABRT and "assertion failed" in finding
    if (done.returncode < 0 and not stopped) or finding not in said or "Sanitizer" in said:
        print(f"the test crashed instead of failing (status {done.returncode}):\n{said[-4000:]}")
        return 1
    # One line: what follows is the count of a test that should fail, and would be counted as one.
    print("found: " + said[said.index(finding):].splitlines()[0])
    return 0


if __name__ == "__main__":
    sys.exit(main())
