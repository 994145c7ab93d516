"""A demonstration store in which people were referred, and a list of cases: what the tests of the report
file look at. Everything is drawn from a seed.

The command is asked as a user would ask it, on one day after the other."""

import datetime
import os
import pathlib
import random
import subprocess

HOMES = [("Cagayan de Oro", 9), ("Butuan", 6), ("Cebu City", 5), ("Quezon City", 3), ("Baliwag", 2),
         ("Zamboanga City", 1)]
OFFERINGS = {
    "trauma-therapy": ["ex-nmn-014/trauma-therapy", "ex-car-016/trauma-therapy",
                       "ex-cvi-012/trauma-therapy", "ex-ncr-016/trauma-therapy"],
    "counseling": ["ex-nmn-003/individual-counseling"],
}
FIRST_DAY = datetime.date(2026, 11, 17)  # a store never goes back before the last day that it saw
LAST_DAY = datetime.date(2027, 2, 26)
OF_CASES = ("flow", "unmet", "funnel", "full")


class World:
    def __init__(self, cli, data, folder):
        self.cli, self.data = str(pathlib.Path(cli).resolve()), str(pathlib.Path(data).resolve())
        self.folder = pathlib.Path(folder)
        self.cases = self.folder / "cases.csv"

    def run(self, *words, check=True, stdin=None):
        kept = {name: value for name, value in os.environ.items() if not name.startswith("CARENET_")}
        done = subprocess.run([self.cli, *words], cwd=self.folder, capture_output=True, check=False,
                              text=True, timeout=120, input=stdin,
                              env={**kept, "HOME": str(self.folder), "CARENET_DATA": self.data,
                                   "CARENET_DB": str(self.folder / "net.db"), "LC_ALL": "C.UTF-8"})
        if check and done.returncode != 0:
            raise SystemExit(f"carenet {' '.join(words)}: {done.returncode}\n{done.stderr}")
        return done

    def report(self, kind, *words):
        """Of the list, where the report is of one."""
        cases = ("--cases", str(self.cases)) if kind in OF_CASES else ()
        return self.run("report", kind, *cases, "--as-of", f"{LAST_DAY}T17:00", *words).stdout


def draw_cases(world, draw, count):
    """A list of cases; most ask for therapy, of which there is little."""
    places = [name for name, weight in HOMES for _ in range(weight)]
    rows = ["ref,area,age,sex,urgency,needs,remote_safe,consent"]
    for number in range(count):
        needs = draw.choice(["trauma-therapy"] * 4 + ["counseling", "emergency-shelter",
                                                      "psychiatric-care", "interpretation"])
        rows.append(f"W-{number:03d},{draw.choice(places)},{draw.randrange(6, 18)},"
                    f"{draw.choice(['female', 'female', 'male'])},"
                    f"{draw.choice(['emergency', 'urgent', 'routine'])},{needs},"
                    f"{draw.choice(['true', 'false'])},full")
    world.cases.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return rows[1:]


def refer(world, draw, row, day):
    ref, area, age, sex, urgency, need, *_ = row.split(",")
    case = world.folder / "one.yaml"
    case.write_text(f"ref: {ref}\narea: {area}\nage: {age}\nsex: {sex}\nconsent: full\n"
                    f"needs: [{{service: {need}, urgency: {urgency}}}]\n", encoding="utf-8")
    to = draw.choice(OFFERINGS[need])
    done = world.run("refer", "--case", str(case), "--to", to, "--despite", "--waitlist", "--hold",
                     "2000h", "--actor", "desk-1", "--as-of", f"{day}T09:00", "--format", "csv",
                     check=False)
    return done.stdout.splitlines()[1].split(",")[0] if done.returncode == 0 else None


def go_on(world, draw, referral, day):
    """What becomes of it: most are helped after some days."""
    fate = draw.choice(["start"] * 6 + ["accept", "decline", "nothing", "nothing"])
    when = ["--actor", "desk-2", "--as-of", f"{day}T10:00"]
    if fate == "decline":
        world.run("decline", referral, "--reason", "not-eligible", *when, check=False)
    if fate in ("accept", "start"):
        world.run("receive", referral, *when, check=False)
        world.run("accept", referral, *when, check=False)
    if fate == "start":
        world.run("start", referral, *when, check=False)


def fill(world, seed=7, cases=40, referred=40):
    """Returns how many referrals were made."""
    draw = random.Random(seed)
    world.run("init", "--demo")
    first = f"{FIRST_DAY}T08:00"
    for offering in (name for names in OFFERINGS.values() for name in names):
        world.run("capacity", "set", offering, "--total", "30", "--occupied", "4", "--actor", "desk-1",
                  "--as-of", first, check=False)
    rows = [row for row in draw_cases(world, draw, cases) if row.split(",")[5] in OFFERINGS]
    days = (LAST_DAY - FIRST_DAY).days
    events = sorted((draw.randrange(days), row) for row in rows[:referred])
    open_ones, made = [], 0
    for after, row in events:
        day = FIRST_DAY + datetime.timedelta(days=after)
        for due, referral in [one for one in open_ones if one[0] <= day]:
            go_on(world, draw, referral, due if due == day else day)
            open_ones.remove((due, referral))
        referral = refer(world, draw, row, day)
        if referral is not None:
            made += 1
            open_ones.append((day + datetime.timedelta(days=draw.choice([1, 3, 6, 10, 20, 40])),
                              referral))
    return made
