"""Moves the restricted sites of a region file and compares what the carenet command prints.

Two files differ in the secrets of restricted sites only: name, town, point, address, phone, email.
Each is imported into a demonstration store of its own, and then every command is asked the same of
both. Standard output, standard error and exit status must be equal byte for byte, and no secret may
stand in them. This file itself is not looked at where it is the input of a command: validate and
import may say on which line of the file something is, and never what stands there.

Every command that there is must be asked. No file that is left behind may hold a secret: not the
image of the directory, not the store itself, its backup and what a restore kept, since they hold
restricted sites sealed with a key that lies elsewhere. A point is looked for as a text and as the eight
bytes that a database makes of it.

    moved-site.py --cli build/bin/carenet --data data
"""

import argparse
import os
import pathlib
import random
import re
import sqlite3
import struct
import subprocess
import sys
import tempfile

STORES = 2
SITES = 6  # made of each restricted provider
CANARIES = 200
NOW = "2026-11-16T09:00"
# Towns of Caraga by code: everything that is restricted there shows the region.
TOWNS = ["1630400000", "1600201000", "1606701000", "1606724000", "1608501000", "1606812000"]
FORMATS = ["table", "json", "ndjson", "csv", "md"]
# What may hold secrets: the file that they came from.
SECRET_FILES = {"caraga.yaml"}
STORE_FILES = {"net.db", "net.backup", "net.db.before-restore"}
KEY = ["--key-file", "network.key"]


class Secrets:
    """One set of secrets for every restricted provider, drawn from a seed."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.texts = []
        self.bytes = []

    def word(self, kind):
        text = f"CANARY{kind}{self.random.randrange(10**8):08d}"
        self.texts.append(text)
        return text

    def degrees(self, least, most):
        text = f"{self.random.uniform(least, most):.6f}"
        self.texts.append(text)
        self.bytes += [struct.pack(order + "d", float(text)) for order in "<>"]
        return text

    def place(self):
        return (f'place: {{area: "{self.random.choice(TOWNS)}", disclosure: restricted, '
                f'show_area: "1600000000", address: "{self.word("street")}", '
                f"point: [{self.degrees(8.2, 10.2)}, {self.degrees(125.4, 126.2)}]}}")

    def contact(self):
        number = f"0917-{self.random.randrange(1000):03d}-{self.random.randrange(10**4):04d}"
        self.texts.append(number)
        return f'phone: "{number}", email: {self.word("mail")}@example.org, '


def hide_block(block, number, real, secrets):
    """One provider. Invented ones have no phone; this one has, so it is not called invented."""
    block = re.sub(r"(?m)^    example: true\n", "", block)
    block = re.sub(r"^  - id: ex-(\S+)", rf"  - id: \1-{number}", block)
    block = re.sub(r"(?m)^    organization: .*$", f"    organization: {real}", block)
    block = re.sub(r"display_name: EXAMPLE (.*)", rf"display_name: \1, {number}", block)
    block = re.sub(r"(?m)^    name: .*$", f"    name: {secrets.word('name')} House", block)
    block = re.sub(r"place: \{[^}]*\}", lambda _: secrets.place(), block)
    return re.sub(r"contact: \{", lambda _: "contact: {" + secrets.contact(), block)


def hide(text, secrets):
    """The region file with every restricted provider several times, each with its secrets."""
    blocks = re.split(r"(?m)^(?=  - id: )", text)
    real = re.search(r"id: (pub-org-[a-z0-9-]+)", text).group(1)
    for i, block in enumerate(blocks):
        if "disclosure: restricted" in block:
            blocks[i] = "".join(hide_block(block, k, real, secrets) for k in range(SITES))
    return "".join(blocks)


def ids_of(text):
    return [line.split()[2] for line in text.splitlines() if line.startswith("  - id: ")]


def finds(draw):
    places = ["caraga", "mindanao", "Butuan", "Surigao City", "Bislig", "Agusan del Norte",
              "Dinagat Islands", "Tandag", "northern-mindanao"]
    services = ["emergency-shelter", "residential-care", "alternative-care", "mental-health"]
    for _ in range(40):
        words = ["find", "--format", draw.choice(FORMATS)]
        if draw.random() < .5:
            words += ["--region", draw.choice(places)]
        if draw.random() < .6:
            words += ["--service", draw.choice(services)]
        if draw.random() < .3:
            words += ["--serving", draw.choice(places)]
        if draw.random() < .7:
            words += ["--near", draw.choice(places[2:])]
            if draw.random() < .6:
                words += ["--within", draw.choice(["60min", "3h", "40km", "120km"])]
            if draw.random() < .5:
                words += ["--sort", "distance"]
        if draw.random() < .3:
            words += ["--free", draw.choice(["1", "2"])]
        if draw.random() < .2:
            words += [draw.choice(["--ordinance", "--network"]), draw.choice(["yes", "no"])]
        if draw.random() < .3:
            words += ["--sort", draw.choice(["wait", "free", "name", "provider", "verified"])]
        yield words


def routes(draw, folder):
    for number in range(12):
        avoided = draw.sample(TOWNS + ["1600000000", "1600200000"], draw.randrange(3))
        case = folder / f"case-{number}.yaml"
        case.write_text(f"""\
- ref: C-{number}
  area: "{draw.choice(TOWNS)}"
  age: {draw.randrange(5, 18)}
  sex: {draw.choice(["female", "male"])}
  languages: [ceb]
  urgency: {draw.choice(["emergency", "urgent", "routine"])}
  needs: [emergency-shelter, residential-care, trauma-therapy]
  assessments: [{{kind: case-conference, on: 2026-11-01}}]
  avoid: {{areas: [{", ".join(f'"{area}"' for area in avoided)}]}}
  max_travel_min: {draw.choice([60, 240, 600, 2000])}
  consent: full
""", encoding="utf-8")
        words = ["route", "--case", str(case), "--top", draw.choice(["0", "3"])]
        if draw.random() < .5:
            words += ["--format", draw.choice(FORMATS)]
        yield words + (["--explain"] if draw.random() < .5 and "--format" not in words else [])


def referrals(draw, folder):
    """A referral to each restricted site, from the first word to the last, and every look at them."""
    who = ["--actor", "desk-1"]
    sites = [f"car-007-{k}/emergency-shelter" for k in range(SITES)]
    number = 0
    for k, site in enumerate(sites):
        case = folder / f"referred-{k}.yaml"
        case.write_text(f"""\
ref: R-{k}
area: "{draw.choice(TOWNS)}"
age: {draw.randrange(7, 17)}
sex: female
needs: [{{service: emergency-shelter, urgency: urgent}}]
assessments: [{{kind: case-conference, on: 2026-11-01}}]
consent: full
""", encoding="utf-8")
        yield ["capacity", "get", site]
        yield ["refer", "--case", str(case), "--to", site, "--despite", "--waitlist", *who]
        yield ["capacity", "hold", site, *who]
        yield ["capacity", "hold", site, "--units", "500", *who]
        yield ["capacity", "set", site, "--occupied", "1", "--format", draw.choice(FORMATS), *who]
        yield ["verify", site, "--by", "phone", *who]
        number += 1
        yield ["receive", f"R-{number}", "--by", "phone", *who]
        yield ["accept", f"R-{number}", "--format", draw.choice(FORMATS), *who]
        yield ["redirect", f"R-{number}", "--to", sites[0], *who]
        yield ["start", f"R-{number}", *who]
        yield ["show", f"R-{number}", "--format", draw.choice(["table", "json"])]
        yield ["complete", f"R-{number}", *who]
    for verb in ["waitlist", "decline", "cancel"]:
        case = folder / "referred-0.yaml"
        yield ["refer", "--case", str(case), "--to", sites[1], "--despite", "--waitlist", *who]
        number += 1
        reason = [] if verb == "waitlist" else ["--reason", "no-longer-needed"]
        yield [verb, f"R-{number}", *reason, "--by", "phone", *who]
    for words in (["capacity", "list"], ["status", "--all"], ["due"], ["audit", "list"],
                  ["audit", "verify"], ["audit", "checkpoint"], ["capacity", "release", "H-1"]):
        yield words + (["--format", draw.choice(FORMATS[1:])] if draw.random() < .5 else [])
    for list_of in ["programme", "started", "care-plans", "ordinances", "bodies"]:
        yield ["show", list_of, "--format", draw.choice(FORMATS)]
    yield ["report", "indicators", "--by", "region", "--format", draw.choice(FORMATS)]
    yield ["audit", "list", "--format", "json"]
    yield ["doctor"]


def questions_of_safety(draw, folder):
    """An answer tells whether the site is near, so only what stops before the answer is equal."""
    case = folder / "safety.yaml"
    case.write_text(f"""\
ref: S-1
area: "{TOWNS[0]}"
needs: [emergency-shelter]
offender: {{areas: ["{draw.choice(TOWNS)}"]}}
consent: full
""", encoding="utf-8")
    ask = ["safety", "--case", str(case), "--to", "car-007-0/emergency-shelter", "--actor", "desk-1"]
    yield ask
    yield [*ask, *KEY, "--dry-run"]
    yield [*ask, "--key-file", "caraga.yaml"]
    yield ["refer", *ask[1:], *KEY, "--dry-run", "--despite"]


def keys():
    """With the key, too, nothing is shown but what the commands for it are asked for."""
    yield ["key", "check", *KEY]
    yield ["key", "check", *KEY, "--format", "csv"]
    yield ["key", "seal", *KEY]
    yield ["key", "create", *KEY]
    yield ["key", "check"]
    yield ["key", "check", "--key-file", "caraga.yaml"]
    for state in ["R-1", f"R-{SITES + 1}", "R-999", "car-007-0"]:
        yield ["disclose", state, "--to", "worker-7"]
        yield ["disclose", state, "--to", "worker-7", *KEY, "--dry-run"]
        yield ["disclose", state, "--to", "worker-7", "--key-file", "caraga.yaml"]
    yield ["show", "R-1", *KEY]
    yield ["key", "change", *KEY, "--new-key-file", "next.key"]
    yield ["key", "check", *KEY]
    yield ["key", "change", "--key-file", "next.key", "--new-key-file", "third.key"]
    yield ["doctor", "--key-file", "third.key"]


def plans(draw, folder):
    """Everybody at once, and every look at the plan. Restricted sites are among what is offered."""
    cases = folder / "list.csv"
    rows = [f'B-{k},"{draw.choice(TOWNS)}",{draw.randrange(5, 18)},{draw.choice(["female", "male"])},'
            f'{draw.choice(["emergency", "urgent", "routine"])},'
            f'{draw.choice(["emergency-shelter", "emergency-shelter;trauma-therapy"])}'
            for k in range(30)]
    cases.write_text("ref,area,age,sex,urgency,needs\n" + "\n".join(rows) + "\n", encoding="utf-8")
    of = ["--cases", str(cases)]
    for name in ["one.json", "two.json"]:
        yield ["batch", *of, "-o", name, "--format", draw.choice(FORMATS)]
    yield ["batch", *of]
    yield ["check", "one.json", *of]
    yield ["compare", "one.json", "two.json"]
    for k in range(4):
        yield ["explain", "one.json", *of, "--ref", f"B-{k}", "--format", draw.choice(FORMATS)]
    yield ["explain", "one.json", *of, "--ref", "B-5", "--why-not", "car-007-0"]
    yield ["whatif", *of, "--add", "car-007-0/emergency-shelter", "+5"]
    yield ["whatif", *of, "--close", "car-007-0"]
    yield ["gaps", *of]
    for kind in [["gaps"], ["report", "gaps"], ["report", "coverage"]]:
        for area in ["caraga", draw.choice(TOWNS), "Agusan del Norte", "mindanao"]:
            yield [*kind, "--region", area, "--format", draw.choice(FORMATS)]
        yield [*kind, "--service", "emergency-shelter", "--service", "residential-care"]
    yield ["gaps", *of, "--by", "region", "--format", "json"]
    yield ["gaps", "--from", "2026-01", *of]
    yield ["gaps", "--to", "2027", "--format", "json"]
    for kind in ["capacity", "flow", "waiting", "unmet", "funnel"]:
        yield ["report", kind, *of, "--profile", draw.choice(["internal", "funder"])]
        yield ["report", kind, *of, "--format", draw.choice(FORMATS + ["html"])]
    for profile in ["internal", "partner", "funder"]:
        yield ["report", "full", *of, "--profile", profile]
    yield ["report", "full", *of, "-o", "full.html"]
    yield ["report", "coverage", "--region", "caraga", "--format", "html"]
    yield ["report", "indicators", "--format", draw.choice(FORMATS)]
    yield ["print", "pathway-card", "--region", "caraga"]
    yield ["print", "referral-sheet"]
    for sheet in [["pathway-card", "--region", "caraga"], ["referral-sheet"]]:
        yield ["print", *sheet, "--format", "html"]


def applied(draw, folder):
    """Plans as referrals: what would be, drafts with those who lost, and sent at once."""
    of = ["--cases", str(folder / "list.csv"), "--apply", "--actor", "desk-2"]
    yield ["batch", *of, "--dry-run", "--format", draw.choice(FORMATS)]
    yield ["batch", *of, "--plan", "one.json", "--lost", "lost.ndjson", "--format",
           draw.choice(FORMATS)]
    yield ["batch", *of, "--plan", "two.json", "--send", "--strict"]
    yield ["batch", *of]
    yield ["audit", "list", "--limit", "40"]


def questions(ids, secrets, folder):
    """The same commands for every store. What is asked for by name is the secret of none."""
    draw = random.Random(5)
    yield from finds(draw)
    yield from routes(draw, folder)
    for provider in draw.sample(ids, 12) + [name for name in ids if name.endswith("-0")]:
        yield ["show", provider]
        yield ["show", provider, "--format", "json"]
        yield ["find", "--region", "caraga", "--service", "legal", "--near", "Butuan", "--within",
               "30min", "--why-not", provider]
    for text in [secrets.word('name'), "CANARY", "0917-000-0000"]:
        yield ["show", text]
        yield ["find", "--region", text]
        yield ["find", "--why-not", text]
    for town in TOWNS:
        yield ["show", town]
    for list_of in ["regions", "services", "groups", "reasons"]:
        yield ["terms", list_of]
    yield from plans(draw, folder)
    yield from referrals(draw, folder)
    yield from applied(draw, folder)
    yield from questions_of_safety(draw, folder)
    yield from keys()
    yield ["purge", "--case", "R-0", "--actor", "desk-1"]
    yield ["purge", "--case", "R-1", "--actor", "desk-1", "--dry-run"]
    yield ["purge", "--before", "2026-11-16", "--format", "json"]
    yield ["export", "--region", "caraga"]
    yield ["export", "--region", "caraga", "-o", "-"]
    yield ["export", "--format", "csv", "--region", "caraga"]
    yield ["export", "-o", "exported"]
    yield ["doctor"]
    yield ["doctor", "--format", "json"]
    yield ["migrate", "--dry-run"]
    yield ["migrate"]
    yield ["backup", "-o", "net.backup"]
    yield ["restore", "net.backup", "--force"]
    for name in ["region", "case", "policy"]:
        yield ["template", name]
    yield ["completion", "bash"]
    yield ["help", "privacy"]
    yield ["version"]
    yield ["nothing"]


class Command:
    def __init__(self, cli, data, folder):
        self.cli, self.data, self.folder = cli, data, folder

    def run(self, words):
        names = {k: v for k, v in os.environ.items() if not k.startswith("CARENET_")}
        home = {"HOME": str(self.folder), "CARENET_DATA": self.data, "LC_ALL": "C.UTF-8",
                "CARENET_DB": str(self.folder / "net.db"),
                "ASAN_OPTIONS": names.get("ASAN_OPTIONS", "")}
        done = subprocess.run([self.cli, *words], capture_output=True, cwd=self.folder,
                              env={**names, **home}, check=False, timeout=120)
        return done.returncode, done.stdout.decode(), done.stderr.decode()


def fail(why, words, *outputs):
    print(f"{why}: carenet {' '.join(words)}")
    for output in outputs:
        print("---\n" + output[:3000])
    sys.exit(1)


def refuse_secrets(secrets, words, said):
    for secret in secrets.texts:
        if secret in said:
            fail(f"a secret is seen ({secret})", words, said)


def make_store(command, text, secrets):
    file = command.folder / "caraga.yaml"
    file.write_text(text, encoding="utf-8")
    key = command.folder / "network.key"
    key.write_text("carenet-network-key-1 " + "0123456789abcdef" * 4 + "\n", encoding="utf-8")
    key.chmod(0o600)
    for words in (["init", "--demo"], ["key", "seal", *KEY], ["validate", str(file)], ["import", "--replace", str(file)]):
        status, out, err = command.run(words)
        refuse_secrets(secrets, words, out + err)
        if status != 0:
            fail(f"status {status}", words, out, err)


def compare(stores, words, secrets):
    answers = [store.run(words) for store in stores]
    first = (answers[0][0], *(said.replace(str(stores[0].folder), "HOME") for said in answers[0][1:]))
    for store, store_secrets, answer in zip(stores, secrets, answers):
        refuse_secrets(store_secrets, words, answer[1] + answer[2])
        tidy = (answer[0], *(said.replace(str(store.folder), "HOME") for said in answer[1:]))
        if tidy != first:
            fail("a moved site shows", words, *first[1:], *tidy[1:])
        if answer[0] == 70 or answer[0] < 0:
            fail("it crashed", words, answer[2])


def import_again(stores, secrets):
    """What is said about the file may tell of the file; what was changed by it is equal."""
    for words in (["import", "caraga.yaml"], ["import", "caraga.yaml", *KEY]):
        answers = [store.run(words) for store in stores]
        for own, answer in zip(secrets, answers):
            refuse_secrets(own, words, answer[1] + answer[2])
        if any(answer[:2] != answers[0][:2] or answer[0] != 0 for answer in answers):
            fail("a moved site shows", words, *(answer[1] for answer in answers))


def refuse_secret_files(store, secrets):
    """Returns how many files were looked at."""
    looked = 0
    for file in sorted(store.folder.rglob("*")):
        if file.is_file() and file.name not in SECRET_FILES:
            content = file.read_bytes()
            looked += 1
            for secret in [text.encode() for text in secrets.texts] + secrets.bytes:
                if secret in content:
                    fail(f"a secret is in {file.name} ({secret})", ["all commands"])
    return looked


def refuse_clear_rows(store, ids):
    """What a person with the sqlite3 shell sees; the area is in every store, as the name of a town."""
    for name in STORE_FILES:
        with sqlite3.connect(f"file:{store.folder / name}?mode=ro", uri=True) as db:
            rows = db.execute(
                "SELECT count(*), count(s.name), count(s.area), count(s.lat_deg), count(s.lon_deg),"
                " count(s.address), count(s.phone), count(s.email) FROM provider AS p JOIN"
                " provider_site AS s ON s.provider_id = p.id WHERE p.disclosure <> 'public'")
            number, *clear = rows.fetchone()
            sealed = db.execute("SELECT count(*) FROM provider_seal").fetchone()[0]
        if number < len(ids) or any(clear) or sealed != 6 * number:
            fail(f"{name}: {number} restricted sites, {clear} clear, {sealed} boxes", ["sqlite3"])


def commands_of(store):
    said = store.run(["help"])[1]
    return set(re.findall(r"(?m)^  ([a-z]+) ", said.split("Topics")[0]))


def prove_that_it_can_fail(options, text, folder):
    """Were the sites public, their secrets would be seen."""
    folder.mkdir()
    command = Command(options.cli, options.data, folder)
    secrets = Secrets(STORES)
    file = folder / "caraga.yaml"
    public = hide(text, secrets).replace("disclosure: restricted", "disclosure: public")
    file.write_text(re.sub(r"gateway: [^}]*", "role: desk", re.sub(r"role: [^,}]*, gateway",
                    "gateway", public)), encoding="utf-8")
    command.run(["init", "--demo"])
    command.run(["import", "--replace", str(file)])
    said = command.run(["show", "car-007-0"])[1]
    if not any(secret in said for secret in secrets.texts):
        fail("this test cannot fail", ["show", "car-007-0"], said)
    content = (folder / "net.db").read_bytes()
    if not all(any(secret in content for secret in found) for found in
               ([text.encode() for text in secrets.texts], secrets.bytes)):
        fail("this test cannot find a secret in a store", ["show", "car-007-0"], said)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cli", required=True)
    parser.add_argument("--data", required=True)
    options = parser.parse_args()
    plain = (pathlib.Path(options.data) / "regions" / "caraga.yaml").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as top:
        stores, secrets = [], []
        for seed in range(STORES):
            secrets.append(Secrets(seed))
            text = hide(plain, secrets[-1])
            folder = pathlib.Path(top) / f"store-{seed}"
            folder.mkdir()
            stores.append(Command(options.cli, options.data, folder))
            make_store(stores[-1], text, secrets[-1])
        count = sum(len(one.texts) for one in secrets)
        if count < CANARIES:
            sys.exit(f"{count} secrets are too few")
        import_again(stores, secrets)
        asked = 0
        unasked = commands_of(stores[0]) - {"init", "validate", "import"}
        for words in questions(ids_of(text), Secrets("of nobody"), pathlib.Path(top)):
            compare(stores, words, secrets)
            unasked.discard(words[0])
            asked += 1
        referred = stores[0].run(["status", "--all", "--format", "csv"])[1].splitlines()
        if len(referred) <= SITES:
            fail("too few referrals were made", ["status", "--all"], "\n".join(referred))
        if unasked:
            sys.exit(f"nobody has asked: {', '.join(sorted(unasked))}")
        if not (stores[0].folder / "one.json").is_file():
            sys.exit("there is no plan to look into")
        if not all((store.folder / "net.db-image").is_file() for store in stores):
            sys.exit("there is no image to look into")
        files = sum(refuse_secret_files(store, own) for store, own in zip(stores, secrets))
        for store in stores:
            refuse_clear_rows(store, [name for name in ids_of(text) if name.startswith("car-007-")])
        prove_that_it_can_fail(options, plain, pathlib.Path(top) / "public")
    print(f"{asked} commands on {len(stores)} stores, {files} files, {count} secrets: nothing moved")
    return 0


if __name__ == "__main__":
    sys.exit(main())
