"""What README.md and the manual say is true: their commands run, their C compiles, and the manual
names every command (its options: manual.py)."""

import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]


def blocks(text, language):
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


class Documents:
    def __init__(self, options):
        self.cli = options.cli.resolve()
        self.cc = options.cc
        self.passed, self.failures = 0, []
        self.readme = (ROOT / "README.md").read_text(encoding="utf-8")
        self.manual = (ROOT / "docs/man/carenet.1").read_text(encoding="utf-8")

    def check(self, good, what):
        if good:
            self.passed += 1
        else:
            self.failures.append(what)
            print(f"failed: {what}")

    def run(self, command, folder):
        kept = {name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")}
        return subprocess.run(["bash", "-c", command], cwd=folder, capture_output=True, check=False,
                              text=True, env={**kept, "HOME": folder, "LC_ALL": "C.UTF-8", "PATH":
                                              f"{self.cli.parent}:{os.environ['PATH']}"})

    def readme_commands_run(self):
        with tempfile.TemporaryDirectory() as folder:
            os.symlink(ROOT / "examples", pathlib.Path(folder) / "examples")
            printed = ""
            for block in blocks(self.readme, "console"):
                for line in block.splitlines():
                    run = self.run(line.removeprefix("$ "), folder)
                    self.check(run.returncode == 0, f"README: {line}\n{run.stderr}")
                    printed += run.stdout
            for block in blocks(self.readme, ""):
                if block.startswith("NEED"):
                    self.check(block in printed, "README: what route prints")

    def readme_c_compiles(self):
        for block in blocks(self.readme, "c"):
            run = subprocess.run([self.cc, "-std=c99", "-Wall", "-Wextra", "-Werror", "-xc", "-",
                                  "-fsyntax-only", f"-I{ROOT / 'include'}"], input=block, text=True,
                                 capture_output=True, check=False)
            self.check(run.returncode == 0, f"README: the C example\n{run.stderr}")

    def readme_links_exist(self):
        for target in re.findall(r"\]\(([^)]+)\)", self.readme):
            self.check((ROOT / target).exists(), f"README: {target}")

    def manual_is_complete(self):
        with tempfile.TemporaryDirectory() as folder:
            listing = self.run("carenet help", folder).stdout.split("\n\n")[1]
            for command in re.findall(r"^  (\w+) ", listing, re.MULTILINE):
                self.check(f"\\fBcarenet-{command}\\fR(1)" in self.manual,
                           f"manual: the command {command}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cli", type=pathlib.Path, required=True, help="the carenet command")
    parser.add_argument("--cc", default="cc", help="the C compiler")
    documents = Documents(parser.parse_args())
    documents.readme_commands_run()
    documents.readme_c_compiles()
    documents.readme_links_exist()
    documents.manual_is_complete()
    print(f"{documents.passed} passed, {len(documents.failures)} failed")
    return 1 if documents.failures else 0


if __name__ == "__main__":
    sys.exit(main())
