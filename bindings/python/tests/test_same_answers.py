"""The command, which is a program in C against the public headers, and Python give the same answers: plans
byte for byte, tables row by row."""

from __future__ import annotations

import csv
import inspect
import json
import os
import pathlib
import re
import subprocess
from collections.abc import Callable, Sequence
from typing import Any

import pytest

import carenet as cn

ROOT = pathlib.Path(__file__).resolve().parents[3]
COMMAND = pathlib.Path(os.environ.get("CARENET_TEST_CLI", ROOT / "build/bin/carenet"))
pytestmark = pytest.mark.skipif(not COMMAND.exists(), reason="the package alone has no command")

AREAS = ("Cagayan de Oro", "Iligan", "Butuan", "Surigao City", "Cebu City")
SERVICES = ("trauma-therapy", "emergency-shelter", "individual-counseling", "legal-aid")

Run = Callable[..., Any]


@pytest.fixture
def done(tmp_path: pathlib.Path) -> Run:
    """What a command did that was to print JSON."""

    def call(*words: object) -> subprocess.CompletedProcess[str]:
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "LC_ALL": "C.UTF-8",
            "CARENET_DATA": str(pathlib.Path(cn.__file__).parent / "data"),
        }
        command = [str(COMMAND), *map(str, words), "--format", "json"]
        return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=tmp_path)

    return call


@pytest.fixture
def run(done: Run) -> Run:
    """The JSON that a command prints; it must have answered: yes, no, or as far as it came."""

    def call(*words: object, statuses: Sequence[int] = (0, 1, 6)) -> Any:
        ended = done(*words)
        assert ended.returncode in statuses, ended.stderr
        return json.loads(ended.stdout) if ended.stdout else None

    return call


@pytest.fixture
def intake(tmp_path: pathlib.Path) -> pathlib.Path:
    """More needs than places, families and several needs among them."""
    path = tmp_path / "list.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["ref", "area", "age", "sex", "languages", "siblings", "urgency", "needs", "consent"])
        for i in range(60):
            family = f"F-{i // 8}:require" if i % 8 in (0, 1) else ""
            needs = SERVICES[i % 3] if i % 7 else f"{SERVICES[i % 3]};legal-aid@routine"
            urgency = ("emergency", "urgent", "routine")[i % 3]
            sex = "female" if i % 4 else "male"
            rows.writerow(
                [f"L-{i:02}", AREAS[i % 5], 8 + i % 9, sex, "ceb;fil", family, urgency, needs, "full"]
            )
    return path


# What Python has not as a keyword, because it is how to print, where to look, or a thing of its own: a
# store, an instant of a Case, a Key, a Table.
ELSEWHERE = {"format", "layout", "lang", "db", "data", "key-file", "key-fd", "as-of", "output", "force"}

# A command: the functions that do it, the options that have another name there, and those that Python has
# in another place.
COMMANDS: dict[str, tuple[list[Callable[..., Any]], dict[str, str], set[str]]] = {
    "find": ([cn.Directory.find], {"at": "open_at"}, {"why-not"}),
    "route": (
        [cn.Directory.route, cn.Case],
        {"case": "cases", "from": "area", "max-travel": "max_travel_min", "language": "languages",
         "group": "groups"},
        {"explain", "strict"},
    ),
    "batch": (
        [cn.Directory.route_batch, cn.Network.apply, cn.Cases.read],
        {"pin": "pins", "prices": "former", "time-limit": "time_limit_s", "reject": "keep_sound",
         "sound-only": "keep_sound"},
        {"strict", "apply", "lost", "limit"},
    ),
    "check": ([cn.Plan.check, cn.Cases.read], {"sound-only": "keep_sound"}, {"cases", "policy"}),
    "explain": ([cn.Plan.explain, cn.Cases.read], {"sound-only": "keep_sound"}, {"cases", "policy"}),
    "compare": ([cn.compare], {}, set()),
    "whatif": (
        [cn.Directory.with_capacity, cn.Directory.with_closed, cn.Directory.route_batch, cn.Cases.read],
        {"add": "places", "close": "ids", "sound-only": "keep_sound"},
        set(),
    ),
    "gaps": (
        [cn.Plan.gaps, cn.Directory.report, cn.Directory.unmet_cases, cn.Directory.route_batch,
         cn.Cases.read],
        {"from": "from_", "sound-only": "keep_sound"},
        set(),
    ),
    "refer": (
        [cn.Network.send, cn.Network.send_draft],
        {"send": "id", "override-consent": "ground", "by": "by_phone"},
        set(),
    ),
    "receive": ([cn.Network.receive], {"override-consent": "ground", "by": "by_phone"}, set()),
    "accept": ([cn.Network.accept], {"override-consent": "ground", "by": "by_phone"}, set()),
    "start": ([cn.Network.start], {"by": "by_phone"}, set()),
    "decline": ([cn.Network.decline], {"by": "by_phone"}, set()),
    "redirect": ([cn.Network.redirect], {"override-consent": "ground", "by": "by_phone"}, set()),
    "waitlist": ([cn.Network.waitlist], {"override-consent": "ground", "by": "by_phone"}, set()),
    "complete": ([cn.Network.complete], {"by": "by_phone"}, set()),
    "cancel": ([cn.Network.cancel], {"by": "by_phone"}, set()),
    "status": ([cn.Network.referrals], {"all": "open"}, set()),
    "due": ([cn.Network.due], {}, set()),
    "capacity": (
        [cn.Network.set_capacity, cn.Network.hold, cn.Network.release],
        {"wait": "wait_days", "for": "hold"},
        set(),
    ),
    "verify": ([cn.Network.verify], {}, set()),
    "disclose": ([cn.Network.disclose], {}, set()),
    "safety": ([cn.Network.check_safety], {}, set()),
    "purge": ([cn.Network.erase_case, cn.Network.purge], {"case": "ref"}, set()),
    "key": (
        [cn.Key.create, cn.Network.seal, cn.Network.change_key, cn.Network.lose_key],
        {"new-key-file": "next"},
        {"lost"},
    ),
    "audit": (
        [cn.Network.audit, cn.Network.verify_audit, cn.Network.audit_checkpoint, cn.SigningKey.create],
        {},
        {"signer", "sign-fd"},
    ),
    "report": ([cn.Directory.report, cn.Programme.indicators], {"from": "from_"},
               {"allow-personal-data"}),
    "init": ([cn.init], {}, set()),
    "import": ([cn.Network.import_files], {}, set()),
    "export": ([cn.Network.export, cn.Network.export_csv], {}, set()),
    "migrate": ([cn.migrate], {}, set()),
    "backup": ([cn.Network.backup], {}, set()),
    "restore": ([cn.restore], {}, set()),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_is_a_keyword(command: str) -> None:
    functions, renamed, elsewhere = COMMANDS[command]
    told = subprocess.run([str(COMMAND), "help", command], capture_output=True, text=True, check=True)
    options = re.findall(r"^ +(?:-\w, )?--([a-z-]+)", told.stdout, re.MULTILINE)
    assert "help" in told.args and options
    known = {name for function in functions for name in inspect.signature(function).parameters}
    missing = [
        option
        for option in options
        if option not in ELSEWHERE | elsewhere
        and renamed.get(option, option.replace("-", "_")) not in known
    ]
    assert not missing


def rows_of(table: cn.Table) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(table.to_json())
    return found


def plan_of(run: Run, cases: pathlib.Path, to: pathlib.Path, *words: object) -> str:
    run("batch", "--cases", cases, "-o", to, "--force", *words)
    return to.read_text(encoding="utf-8").strip()


@pytest.mark.parametrize(
    ("words", "options"),
    [
        ((), {}),
        (("--threads", 2), {"threads": 2}),
        (("--work-limit", 1), {"work_limit": 1}),
        (
            ("--include-unconfirmed", "--include-unknown-capacity"),
            {"include_unconfirmed": True, "include_unknown_capacity": True},
        ),
        (("--at", "2026-11-16T22:30"), {"at": "2026-11-16T22:30"}),
    ],
)
def test_batch(
    run: Run,
    directory: cn.Directory,
    intake: pathlib.Path,
    tmp_path: pathlib.Path,
    words: tuple[object, ...],
    options: dict[str, Any],
) -> None:
    plan = directory.route_batch(intake, **options)
    assert plan_of(run, intake, tmp_path / "plan.json", *words) == plan.to_json().strip()
    assert len(plan.unmet) > 0 and len(plan.assignments) > 0


def test_route(run: Run, directory: cn.Directory, intake: pathlib.Path, tmp_path: pathlib.Path) -> None:
    nobody = tmp_path / "one.yaml"
    nobody.write_text("ref: C-1\narea: Butuan\nneeds: [adoption]\n", encoding="utf-8")
    for cases in (intake, nobody):
        routes = directory.route(cases)
        told = run("route", "--case", cases)
        assert set(told) == set(routes.to_dict())
        assert told == routes.to_dict() == json.loads(routes.to_json())


def test_pins_former_and_kept_places(
    run: Run, directory: cn.Directory, intake: pathlib.Path, tmp_path: pathlib.Path
) -> None:
    first = directory.route_batch(intake)
    first.save(tmp_path / "first.json")
    chosen = first.assignments[0]
    pins = tmp_path / "pins.csv"
    pins.write_text(f"ref,need,offering\n{chosen['case']},{chosen['need']},{chosen['offering']}\n")
    to = tmp_path / "plan.json"

    pinned = directory.route_batch(intake, pins=pins)
    by_hand = {(chosen["case"], chosen["need"]): chosen["offering"]}
    assert pinned.to_json() == directory.route_batch(intake, pins=by_hand).to_json()
    assert plan_of(run, intake, to, "--pin", pins) == pinned.to_json().strip()
    assert any(pinned.assignments["pinned"])

    former = directory.route_batch(intake, former=first)
    assert plan_of(run, intake, to, "--prices", tmp_path / "first.json") == former.to_json().strip()

    kept = directory.route_batch(intake, keep=first, max_moves=2)
    words = ("--keep", tmp_path / "first.json", "--max-moves", 2)
    assert plan_of(run, intake, to, *words) == kept.to_json().strip()


def test_wrong_pins_are_listed(directory: cn.Directory, intake: pathlib.Path, tmp_path: pathlib.Path) -> None:
    pins = tmp_path / "pins.csv"
    pins.write_text("ref,need,offering\nL-01,first,ex-nmn-014/trauma-therapy\n")
    with pytest.raises(cn.CarenetError) as caught:
        directory.route_batch(intake, pins=pins)
    assert caught.value.issues is not None and len(caught.value.issues) == 1
    with pytest.raises(cn.FileError):
        directory.route_batch(intake, pins=tmp_path / "none.csv")


def test_what_is_refused_of_a_list(
    run: Run, directory: cn.Directory, intake: pathlib.Path, tmp_path: pathlib.Path
) -> None:
    with intake.open("a", encoding="utf-8") as file:
        file.write("L-99,Ilogan,12,female,ceb,,urgent,trauma-therapy,full\n")
    rejected = tmp_path / "rejected.csv"
    cases = cn.Cases.read(intake, keep_sound=True)
    plan = directory.route_batch(cases)
    printed = plan_of(run, intake, tmp_path / "plan.json", "--reject", rejected)
    assert printed == plan.to_json().strip()
    assert (len(cases), cases.refused_len) == (60, 1)
    assert (cases.refused or "").splitlines() == rejected.read_text(encoding="utf-8").splitlines()
    assert [row["tag"] for row in cases.warnings if row["severity"] == "error"] == ["unknown-area"]
    with pytest.raises(cn.InvalidDataError):
        directory.route_batch(intake)
    with pytest.raises(cn.InvalidArgumentError):
        cn.Cases.read(cn.Table([{"ref": "C-1"}]), keep_sound=True)


FAULTS = {
    "id.csv": "ref,area,needs,avoid\nC-1,Butuan,legal-aid,provider:nobody-8\nC-2,Butuan,legal-aid,provider:nobody-9\n",
    "id.yaml": "- ref: C-1\n  area: Butuan\n  needs: [legal-aid]\n  avoid:\n    providers: [nobody-9]\n",
    "id.ndjson": '{"ref": "C-1", "area": "Butuan", "needs": ["legal-aid"], "avoid": {"providers": ["nobody-9"]}}\n',
}


@pytest.mark.parametrize("name", FAULTS)
def test_faults_have_one_place(done: Run, directory: cn.Directory, tmp_path: pathlib.Path, name: str) -> None:
    cases = tmp_path / name
    cases.write_text(FAULTS[name], encoding="utf-8")
    ended = done("batch", "--cases", cases, "-o", tmp_path / "plan.json")
    told = [json.loads(line) for line in ended.stderr.splitlines() if line.startswith("{")]
    with pytest.raises(cn.InvalidDataError) as caught:
        directory.route_batch(cases)
    error = caught.value
    assert error.issues is not None and rows_of(error.issues) == told[:-1]
    found = {"file": error.file, "line": error.line, "column": error.column, "message": error.message}
    assert found == {key: told[-1]["error"][key] for key in found}


def test_check_and_explain(
    run: Run, directory: cn.Directory, intake: pathlib.Path, tmp_path: pathlib.Path
) -> None:
    plan, file = directory.route_batch(intake), tmp_path / "plan.json"
    plan.save(file)
    assert run("check", file, "--cases", intake)["rows"] == rows_of(plan.check())
    for row in (plan.assignments[0], plan.unmet[0]):
        told = run("explain", file, "--cases", intake, "--ref", row["case"])
        assert told["rows"] == rows_of(plan.explain(row["case"]))
    asked = run("explain", file, "--cases", intake, "--ref", "L-01", "--why-not", "ex-nmn-015")
    assert asked["rows"] == rows_of(plan.explain("L-01", why_not="ex-nmn-015"))


def test_whatif_and_compare(
    run: Run, directory: cn.Directory, intake: pathlib.Path, tmp_path: pathlib.Path
) -> None:
    now = directory.route_batch(intake)
    more, gone = now.assignments["offering"][0], "ex-nmn-022"
    told = run("whatif", "--cases", intake, "--add", more, "+2", "--close", gone)
    then = directory.with_capacity({more: 2}).with_closed(gone).route_batch(intake, former=now)
    changed = cn.compare(now, then)
    assert len(changed) > 0
    assert told["rows"] == rows_of(changed)
    now.save(tmp_path / "a.json")
    then.save(tmp_path / "b.json")
    compared = run("compare", tmp_path / "a.json", tmp_path / "b.json")
    assert compared["rows"] == rows_of(changed)
    assert compared["warnings"] == list(changed.warnings)


def test_gaps(run: Run, directory: cn.Directory, intake: pathlib.Path) -> None:
    plan = directory.route_batch(intake)
    assert run("gaps", "--cases", intake)["rows"] == rows_of(plan.gaps())
    words = ("gaps", "--cases", intake, "--by", "service", "--top", 2)
    assert run(*words)["rows"] == rows_of(plan.gaps(by="service", top=2))
    reached = run("gaps", "--region", "caraga", "--service", "trauma-therapy")
    rows = directory.report("gaps", region="caraga", service="trauma-therapy")
    assert reached["rows"] == rows_of(rows)


def test_gaps_of_referrals(run: Run, demo_path: pathlib.Path) -> None:
    with cn.open(demo_path) as net:
        for i in range(3):
            case = cn.Case(
                f"R-{i}", needs=["trauma-therapy"], area="Butuan", age=12 + i, sex="female", consent="full"
            )
            sent = net.send(case, to="ex-car-016/trauma-therapy", actor="desk", waitlist=True, despite=True)
            if sent.state == "sent":
                net.decline(sent.id, reason="lack-of-capacity", actor="desk")
        d, referrals = net.directory(), net.referrals()
    cases = d.unmet_cases(referrals, from_="2000", to="2100")
    assert len(cases) == 3 and sorted(cases) == sorted(referrals["id"])
    assert len(d.unmet_cases(referrals, to="2000")) == 0
    told = run("gaps", "--db", demo_path, "--from", "2000", "--to", "2100")
    assert told["rows"] == rows_of(d.route_batch(cases).gaps())
    with pytest.raises(cn.InvalidArgumentError):
        d.unmet_cases(cn.Table([{"id": "R-1"}]))
