"""Batch routing from Python: frames in, frames out, proven, the same whatever the threads and the order;
stopped by hand, by a limit, by the caller's own function."""

from __future__ import annotations

import itertools
import random
import signal
import threading
import time
import types

import pandas
import polars
import pytest

import carenet as cn
from carenet import _batch


def intake(rows: int, seed: int = 3) -> pandas.DataFrame:
    rng = random.Random(seed)
    towns = ["Cagayan de Oro", "Iligan", "Butuan", "Surigao", "Manila", "Quezon City", "Cebu City"]
    needs = ["trauma-therapy", "emergency-shelter;trauma-therapy@urgent", "individual-counseling"]
    return pandas.DataFrame(
        {
            "ref": [f"C-{i}" for i in range(rows)],
            "area": rng.choices(towns, k=rows),
            "age": rng.choices(range(5, 18), k=rows),
            "sex": rng.choices(["female", "male"], k=rows),
            "languages": rng.choices(["ceb", "fil;ceb", "fil"], k=rows),
            "urgency": rng.choices(["emergency", "urgent", "routine"], k=rows),
            "needs": rng.choices(needs, k=rows),
        }
    )


@pytest.fixture(scope="module")
def plan() -> cn.Plan:
    return cn.open().directory().route_batch(intake(120))


def test_a_plan_is_proven(plan: cn.Plan) -> None:
    assert plan.status == "optimal" and plan.gap == 0 and plan.objective == plan.bound
    found = plan.check()
    assert all(found["ok"]) and len(found) > 3
    assert len(plan.needs) == len(plan.assignments) + len(plan.unmet)
    assert plan.objective.cost == sum(plan.assignments["cost"])
    assert len(plan.unmet) > 0 and all(plan.unmet["reason"])


def test_costs_are_those_of_route(plan: cn.Plan, directory: cn.Directory) -> None:
    first = plan.assignments[0]
    frame = intake(120)
    alone = directory.route(frame[frame["ref"] == first["case"]], top=0).ranked
    costs = dict(zip(zip(alone["need"], alone["offering"], strict=True), alone["cost"], strict=True))
    assert costs[(first["need"], first["offering"])] == first["cost"]


def test_the_same_whatever_the_order_the_threads_and_the_frame(
    plan: cn.Plan, directory: cn.Directory
) -> None:
    frame = intake(120)
    expected = plan.to_json()
    shuffled = frame.sample(frac=1, random_state=1)
    assert directory.route_batch(shuffled, threads=2).to_json() == expected
    assert directory.route_batch(polars.from_pandas(frame)).to_json() == expected
    assert directory.route_batch(frame.to_dict("records")).to_json() == expected
    again = directory.route_batch(frame, former=plan)
    assert again.objective == plan.objective


def test_places_that_matter(plan: cn.Plan, directory: cn.Directory) -> None:
    dearest = max(plan.prices, key=lambda row: row["price"])["offering"]
    more = directory.with_capacity({dearest: +1}).route_batch(intake(120))
    assert more.objective < plan.objective
    changed = cn.compare(plan, more)
    assert len(changed) > 0 and set(changed["change"]) <= {"moved", "placed", "lost", "cost"}
    gaps = plan.gaps(by="service", top=2)
    assert gaps["service"] and sum(gaps["unmet"]) == sum(plan.unmet["units"])
    assert {"service", "region"} <= set(plan.gaps(top=0).columns)
    with pytest.raises(ValueError):
        plan.gaps(by="colour")


def test_explanations(plan: cn.Plan) -> None:
    ref = plan.assignments["case"][0]
    assert "chosen" in plan.explain(ref)["state"]
    assert plan.assignments["provider"][0] in plan.explain_text(ref)
    with pytest.raises(LookupError):
        plan.explain("C-99999")


def test_a_plan_of_a_file_must_be_told(plan: cn.Plan, directory: cn.Directory) -> None:
    alone = cn.Plan.parse(plan.to_json())
    with pytest.raises(ValueError, match="directory"):
        alone.check()
    assert all(alone.check(directory, intake(120))["ok"])
    assert alone.gaps(directory, intake(120), top=0) == plan.gaps(top=0)


def test_pins(plan: cn.Plan, directory: cn.Directory) -> None:
    row = plan.assignments[0]
    pinned = directory.route_batch(intake(120), pins={(row["case"], row["need"]): row["offering"]})
    kept = pinned.assignments.where(lambda other: other["pinned"])
    assert (kept["case"], kept["offering"]) == ([row["case"]], [row["offering"]])
    rows = [{"ref": row["case"], "need": row["need"], "offering": row["offering"]}]
    assert directory.route_batch(intake(120), pins=rows).to_json() == pinned.to_json()
    with pytest.raises(cn.CarenetError):
        directory.route_batch(intake(3), pins={("C-99", 1): row["offering"]})


def test_limits_are_an_answer(directory: cn.Directory) -> None:
    short = directory.route_batch(intake(120), work_limit=1)
    assert short.stopped_by == "work" and short.status == "feasible"
    assert short.bound <= short.objective


def test_progress_is_told_and_may_stop(directory: cn.Directory) -> None:
    seen: list[cn.Progress] = []
    plan = directory.route_batch(intake(120), progress=seen.append)
    assert plan.status == "optimal"
    assert seen and all(0 <= now.done <= 1 and now.needs_len > 0 for now in seen)
    stopped = directory.route_batch(intake(120), progress=lambda now: False)
    assert stopped.stopped_by == "user" and stopped.status == "feasible"
    assert 0 < stopped.unexplained_len == len(stopped.unmet)
    assert directory.route_batch(intake(120)).unexplained_len == 0

    def fail(now: cn.Progress) -> None:
        raise RuntimeError("mine")

    with pytest.raises(RuntimeError, match="mine"):
        directory.route_batch(intake(120), progress=fail)


@pytest.mark.parametrize("pause_s", [0.3, 0.004, 0.002])
def test_ctrl_c_leaves_the_best_so_far(directory: cn.Directory, pause_s: float) -> None:
    main = threading.main_thread().ident
    assert main is not None
    # Whoever starts tests in the background has them ignore it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    pressed: list[cn.Progress] = []

    def press(now: cn.Progress) -> None:
        # Once, to the thread that waits: the run must be waited for all the same.
        if not pressed:
            signal.pthread_kill(main, signal.SIGINT)
        pressed.append(now)
        time.sleep(pause_s)

    with pytest.raises(KeyboardInterrupt) as caught:
        directory.route_batch(intake(120), progress=press)
    assert isinstance(caught.value, cn.Interrupted)
    plan = caught.value.plan
    assert plan is not None and plan.bound <= plan.objective
    assert directory.route_batch(intake(10)).status == "optimal"


def test_ctrl_c_takes_the_line_of_progress_away(
    directory: cn.Directory, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    main = threading.main_thread().ident
    assert main is not None
    signal.signal(signal.SIGINT, signal.default_int_handler)

    def press(stage: str, done: float, needs_len: int) -> cn.Progress:
        signal.pthread_kill(main, signal.SIGINT)
        time.sleep(0.05)
        return cn.Progress(stage, done, needs_len)

    # A clock on which every run is long.
    clock = types.SimpleNamespace(monotonic=itertools.count().__next__)
    monkeypatch.setattr(_batch, "Progress", press)
    monkeypatch.setattr(_batch, "time", clock)
    with pytest.raises(cn.Interrupted):
        directory.route_batch(intake(10), progress=True)
    said = capsys.readouterr().err
    assert "%" in said and said.endswith("\r" + " " * 30 + "\r")


def test_faults_of_a_frame(directory: cn.Directory) -> None:
    frame = intake(5)
    frame.loc[3, "area"] = "Nowhere"
    with pytest.raises(cn.InvalidDataError) as caught:
        directory.route_batch(frame)
    issues = caught.value.issues
    assert issues is not None and (issues["row"], issues["field"]) == ([3], ["area"])


def test_people_keep_their_places(plan: cn.Plan, directory: cn.Directory) -> None:
    newer = pandas.concat([intake(120), intake(30, seed=9).assign(ref=[f"N-{i}" for i in range(30)])])
    stable = directory.route_batch(newer, keep=plan)
    assert set(stable.kept["state"]) <= {"stays", "released"}
    assert len(stable.kept) == len(plan.assignments)
    was = dict(zip(zip(plan.assignments["case"], plan.assignments["need"], strict=True),
                   plan.assignments["offering"], strict=True))
    for row in stable.kept:
        assert was[(row["case"], row["need"])] == row["offering"]
        assert row["state"] != "stays" or row["to"] == row["offering"]
    assert all(stable.check(keep=plan)["ok"])
    moving = directory.route_batch(newer, keep=plan, max_moves=5)
    assert sum(state == "moved" for state in moving.kept["state"]) <= 5
    assert moving.objective <= stable.objective and moving.bound <= moving.objective
    assert all(moving.check(keep=plan)["ok"])
    assert cn.Plan.parse(moving.to_json()).kept == moving.kept
    refused = moving.check(keep=moving)
    assert not refused["ok"][-1] and refused["check"][-1] == "kept"


def test_moves_need_a_plan_to_keep(plan: cn.Plan, directory: cn.Directory) -> None:
    with pytest.raises(cn.InvalidArgumentError):
        directory.route_batch(intake(3), max_moves=1)
    with pytest.raises(cn.InvalidArgumentError):
        directory.route_batch(intake(3), keep=plan, max_moves=-1)
