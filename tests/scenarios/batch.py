"""Runs the stories about whole lists (*.batch of this folder) against `carenet batch`.

    batch.py --cli PATH
    batch.py --cli PATH --self-test

A story has a title, a sentence, the `Cases:` as in a case file, and lines that are checked. `Quotas:` and
`Fairness:` before the cases are those of a policy file, added to the default policy:

    Expect REF: PROVIDER or OFFERING              who takes the case's first need
    Expect REF: nobody because REASON; change OFFERING: KIND
    Price OFFERING: worth N                       what one more place there would be worth; 0: no price
    Cost: N                                       of all assignments together
    Unmet: 0 emergency, 1 urgent, 2 routine
    Together: REF, REF                            one and the same provider

Every plan must be optimal, or say by how much it may not be, and `carenet check` must prove it.
--self-test expects of every story what is not so, line by line, and proves that each line can fail.
"""

import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import textwrap

HERE = pathlib.Path(__file__).resolve().parent
LINE = re.compile(r"(Expect|Price|Unmet|Together|Cost)\b([^:]*):\s*(.+)")
SETTING = re.compile(r"^  (Quotas|Fairness):\n((?:    .*\n)+)", re.M)


def read(path):
    """(title, cases, what is added to the policy, lines) of every story of a file."""
    stories = []
    for part in re.split(r"^Scenario: ", path.read_text(encoding="utf-8"), flags=re.M)[1:]:
        title, _, rest = part.partition("\n")
        before, _, after = rest.partition("  Cases:\n")
        added = "".join(f"\n{name.lower()}:\n{textwrap.dedent(entries)}"
                        for name, entries in SETTING.findall(before))
        before = SETTING.sub("", before)
        cases = re.match(r"(?:    .*\n|\n)*", after).group()
        lines = [line.strip() for line in after[len(cases):].split("\n")
                 if line.strip() and not line.startswith("#")]
        if not before.strip() or not cases.strip() or not lines:
            sys.exit(f"{path.name}: {title}: a sentence, cases and lines are needed")
        for line in lines:
            if not LINE.fullmatch(line):
                sys.exit(f"{path.name}: {title}: not a line that can be checked: {line}")
        stories.append((title, textwrap.dedent(cases), added, lines))
    return stories


class Answer:
    def __init__(self, cli, cases, added):
        with tempfile.TemporaryDirectory() as folder:
            place = pathlib.Path(folder)
            (place / "cases.yaml").write_text(cases, encoding="utf-8")
            environment = {"HOME": folder, "LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"]}
            if "CARENET_TEST_DATA" in os.environ:
                environment["CARENET_DATA"] = os.environ["CARENET_TEST_DATA"]
            policy = []
            if added:
                default = subprocess.run([cli, "template", "policy"], env=environment, text=True,
                                         capture_output=True, timeout=120, check=True).stdout
                (place / "policy.yaml").write_text(default + added, encoding="utf-8")
                policy = ["--policy", "policy.yaml"]
            for command in (["batch", "-o", "plan.json"], ["check", "plan.json"]):
                run = subprocess.run([cli, *command, *policy, "--cases", "cases.yaml"], cwd=folder,
                                     env=environment, capture_output=True, text=True, timeout=120,
                                     check=False)
                if run.returncode != 0:
                    sys.exit(f"carenet {command[0]}: exit {run.returncode}\n{run.stdout}{run.stderr}")
            self.plan = json.loads((place / "plan.json").read_text(encoding="utf-8"))
        self.taken = {row["case"]: row for row in reversed(self.plan["assignments"])}
        self.left = {row["case"]: row for row in reversed(self.plan["unmet"])}

    def proven(self):
        return self.plan["status"] == "optimal" or self.plan["gap"] > 0

    def holds(self, line):
        keyword, about, text = (part.strip() for part in LINE.fullmatch(line).groups())
        return getattr(self, keyword.lower())(about, text)

    def expect(self, ref, text):
        if not text.startswith("nobody"):
            row = self.taken.get(ref, {})
            return text in (row.get("provider"), row.get("offering"))
        match = re.fullmatch(r"nobody because ([\w-]+)(?:; change (\S+): ([\w-]+))?", text)
        row = self.left.get(ref, {"reason": None, "change": []})
        changes = [(change["offering"], change["kind"]) for change in row["change"]]
        return match[1] == row["reason"] and (not match[2] or (match[2], match[3]) in changes)

    def price(self, offering, text):
        prices = {row["offering"]: row["price"] for row in self.plan["prices"]}
        return text == f"worth {prices.get(offering, 0)}"

    def unmet(self, _, text):
        unmet = self.plan["objective"]["unmet"]
        return text == ", ".join(f"{unmet[tier]} {tier}" for tier in ("emergency", "urgent", "routine"))

    def cost(self, _, text):
        return text == str(self.plan["objective"]["cost"])

    def together(self, _, text):
        refs = [ref.strip() for ref in text.split(",")]
        return len(refs) > 1 and len({self.taken.get(ref, {}).get("provider", ref) for ref in refs}) == 1


def planted(line):
    """The same line, saying what is not so."""
    keyword, about, text = (part.strip() for part in LINE.fullmatch(line).groups())
    wrong = {"Expect": "nobody because age" if not text.startswith("nobody") else "ex-nmn-001",
             "Price": text + "1", "Cost": text + "1", "Unmet": "9 emergency, 9 urgent, 9 routine",
             "Together": text + ", nobody-else"}[keyword]
    return f"{keyword} {about}: {wrong}"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cli", required=True)
    parser.add_argument("--self-test", action="store_true")
    options = parser.parse_args()
    passed = failed = 0
    for path in sorted(HERE.glob("*.batch")):
        for title, cases, added, lines in read(path):
            answer = Answer(os.path.abspath(options.cli), cases, added)
            wrong = [line for line in lines
                     if answer.holds(planted(line) if options.self_test else line) == options.self_test]
            if not answer.proven():
                wrong.append("the plan says nothing of how good it is")
            passed, failed = passed + (not wrong), failed + bool(wrong)
            for line in wrong:
                print(f"{path.name}: {title}: not so: {line}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
