"""Plans from Python: files and tables, what is different, what is refused; and what-if directories."""

from __future__ import annotations

import copy
import json
import pathlib
import pickle
from collections.abc import Callable
from typing import Any

import pytest

import carenet as cn

DIGEST = "0123456789abcdef" * 4


def facts(cost: int = 65) -> dict[str, Any]:
    """A plan of two needs placed and one not, as its file says it."""
    value = {"unmet": {"emergency": 0, "urgent": 1, "routine": 0}, "cost": cost + 12}
    return {
        "schema": "carenet.plan/1",
        "status": "optimal",
        "stopped_by": None,
        "objective": value,
        "bound": value,
        "gap": 0,
        "gap_level": None,
        "as_of": "2026-11-16T09:00:00+08:00",
        "at": "2026-11-16T09:00:00+08:00",
        "include_unconfirmed": False,
        "include_unknown_capacity": False,
        "directory": {"revision": 0, "digest": DIGEST, "demonstration": True},
        "policy": {"id": "ph-default", "digest": DIGEST},
        "cases": DIGEST,
        "cases_len": 2,
        "penalties": {"emergency": 3000, "urgent": 2000, "routine": 1000},
        "assignments": [
            {
                "case": "C-1",
                "need": 1,
                "service": "trauma-therapy",
                "provider": "ex-a",
                "offering": "ex-a/trauma-therapy",
                "units": 1,
                "cost": cost,
                "pinned": False,
            },
            {
                "case": "C-2",
                "need": 2,
                "service": "emergency-shelter",
                "provider": "ex-b",
                "offering": "ex-b/emergency-shelter",
                "units": 2,
                "cost": 12,
                "pinned": True,
            },
        ],
        "unmet": [
            {
                "case": "C-2",
                "need": 1,
                "service": "trauma-therapy",
                "urgency": "urgent",
                "units": 1,
                "reason": "full",
                "detail": "2 offered; both full",
                "change": [
                    {
                        "kind": "add-places",
                        "offering": "ex-a/trauma-therapy",
                        "field": "capacity.total",
                        "from": "3",
                        "to": "4",
                    }
                ],
            }
        ],
        "funnel": [
            {
                "service": "trauma-therapy",
                "needed": 2,
                "offered": 2,
                "eligible": 2,
                "reachable": 2,
                "free": 2,
                "placed": 1,
            }
        ],
        "prices": [{"offering": "ex-a/trauma-therapy", "price": 40}],
    }


@pytest.fixture
def plan() -> cn.Plan:
    return cn.Plan.parse(json.dumps(facts()))


def test_what_it_says(plan: cn.Plan) -> None:
    assert (plan.status, plan.stopped_by, plan.gap, plan.gap_level) == ("optimal", None, 0.0, None)
    assert plan.objective == plan.bound == cn.PlanValue(0, 1, 0, 77)
    assert plan.assignments["offering"] == ["ex-a/trauma-therapy", "ex-b/emergency-shelter"]
    assert plan.assignments["pinned"] == [False, True]
    assert plan.unmet["reason"] == ["full"] and plan.changes["to"] == ["4"]
    assert plan.funnel["placed"] == [1] and plan.prices["price"] == [40]
    assert plan.policy_id == "ph-default" and plan.directory_digest == DIGEST
    assert plan.now is not None and plan.now.isoformat() == "2026-11-16T09:00:00+08:00"
    assert repr(plan) == "Plan(2 assignments, 1 unmet, optimal, gap 0)"
    assert list(plan.assignments.to_pandas()["units"]) == [1, 2]


def test_what_quotas_save() -> None:
    row = {
        "kind": "provider",
        "id": "ex-a",
        "name": "provider ex-a (at most 1 of a list)",
        "places": 1,
        "used": 1,
        "saves": {"unmet": {"emergency": 0, "urgent": 1, "routine": 0}, "cost": -65},
    }
    other = {**row, "id": "ex-b", "places": 0, "used": 0, "saves": None}
    plan = cn.Plan.parse(json.dumps({**facts(), "quotas": [row, other]}))
    quotas = plan.quotas
    assert quotas["id"] == ["ex-a", "ex-b"] and quotas["told"] == [True, False]
    assert (quotas["urgent"], quotas["cost"]) == ([1, None], [-65, None])
    assert quotas["worth"] == ["1 urgent unit, for cost 65", None]
    assert plan.to_dict()["quotas"] == [row, other]
    assert len(cn.Plan.parse(json.dumps(facts())).quotas) == 0


def test_to_a_file_and_back(plan: cn.Plan, tmp_path: pathlib.Path) -> None:
    path = tmp_path / "plan.json"
    plan.save(path)
    assert path.stat().st_mode & 0o077 == 0
    again = cn.Plan.load(path)
    assert again.to_json() == plan.to_json() == path.read_text(encoding="utf-8")
    assert pickle.loads(pickle.dumps(plan)).to_json() == plan.to_json()
    assert plan.to_dict()["assignments"] == facts()["assignments"]
    with pytest.raises(cn.ConflictError):
        plan.save(path)
    plan.save(path, replace=True)
    with pytest.raises(OSError):
        cn.Plan.load(tmp_path / "nothing.json")


def test_damage_is_refused_at_its_place(plan: cn.Plan) -> None:
    with pytest.raises(cn.ParseError, match="plan"):
        cn.Plan.parse("{")
    with pytest.raises(cn.InvalidArgumentError, match="json_text is not Unicode: half a character"):
        cn.Plan.parse('{"schema": "\ud800"}')
    with pytest.raises(cn.InvalidArgumentError, match="a path is not Unicode"):
        cn.Plan.load("plan-\ud800.json")
    with pytest.raises(TypeError, match="json_text is a text, not bytes"):
        cn.Plan.parse(b"{}")  # type: ignore[arg-type]
    wrong = facts()
    wrong["assignments"][0]["cost"] = -1
    with pytest.raises(ValueError, match="cost"):
        cn.Plan.parse(json.dumps(wrong))
    newer = {**facts(), "schema": "carenet.plan/2"}
    with pytest.raises(cn.VersionError):
        cn.Plan.parse(json.dumps(newer))


def test_what_is_different(plan: cn.Plan) -> None:
    assert len(cn.compare(plan, plan)) == 0
    other = cn.Plan.parse(json.dumps(facts(cost=70)))
    changed = cn.compare(plan, other)
    assert (changed["change"], changed["cost_from"], changed["cost_to"]) == (["cost"], [65], [70])


def test_a_plan_of_something_else(
    plan: cn.Plan, directory: cn.Directory, girl: cn.Case
) -> None:
    found = plan.check(directory, girl)
    assert found.columns[:3] == ("check", "ok", "detail") and found["ok"][-1] is False
    with pytest.raises(cn.ConflictError):
        plan.explain("C-1", directory, girl)
    with pytest.raises(cn.ConflictError):
        plan.explain_text("C-1", directory, girl)


def test_more_places(directory: cn.Directory) -> None:
    offering = "ex-nmn-014/trauma-therapy"

    def total(of: cn.Directory) -> int:
        rows = of.find(service="trauma-therapy")
        return int(rows["total"][rows["offering"].index(offering)])

    more = directory.with_capacity({offering: +5})
    assert total(more) == total(directory) + 5
    assert total(more.with_capacity({offering: -5})) == total(directory)
    assert total(pickle.loads(pickle.dumps(more))) == total(more)
    with pytest.raises(LookupError, match="did you mean"):
        directory.with_capacity({"ex-nmn-014/trauma-therap": 1})


def test_closed(directory: cn.Directory, girl: cn.Case) -> None:
    before = directory.route(girl).choice["trauma-therapy"]
    assert before is not None and before.provider == "ex-nmn-014"
    closed = directory.with_closed("ex-nmn-014")
    after = closed.route(girl).choice["trauma-therapy"]
    assert after is not None and after.provider != "ex-nmn-014"
    assert directory.route(girl).choice["trauma-therapy"] == before
    with pytest.raises(LookupError):
        directory.with_closed(["nobody"])


def test_route_with_the_prices_of_a_plan(directory: cn.Directory) -> None:
    intake = [
        {"ref": f"C-{i}", "area": "Cagayan de Oro", "age": 15, "needs": "trauma-therapy"}
        for i in range(9)
    ]
    plan = directory.route_batch(cn.Table(intake))
    prices = dict(zip(plan.prices["offering"], plan.prices["price"], strict=True))
    assert prices
    case = cn.Case("C-1", needs=["trauma-therapy"], area="Iligan", age=15)
    ranked = directory.route(case, prices=plan, top=0).ranked
    sums = [cost + price for cost, price in zip(ranked["cost"], ranked["price"], strict=True)]
    assert sums == sorted(sums)
    assert [prices.get(offering, 0) for offering in ranked["offering"]] == ranked["price"]
    assert "price" not in directory.route(case).ranked.columns


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy])
def test_a_copy_knows_what_it_was_made_from(
    directory: cn.Directory, girl: cn.Case, again: Callable[[cn.Plan], cn.Plan]
) -> None:
    plan = again(directory.route_batch([girl]))
    assert plan.check()["ok"][-1] is True and len(plan.explain("C-1")) > 0


def test_a_pickle_says_what_it_must_be_given(directory: cn.Directory, girl: cn.Case) -> None:
    plan = pickle.loads(pickle.dumps(directory.route_batch([girl])))
    ask: list[Callable[[], object]] = [plan.check, plan.gaps, lambda: plan.explain("C-1")]
    for question in ask:
        with pytest.raises(cn.InvalidArgumentError, match="pickled.*directory=, cases="):
            question()
    with pytest.raises(cn.InvalidArgumentError, match="pickled.*cases="):
        plan.check(directory)
    with pytest.raises(cn.InvalidArgumentError, match=r"pickled.*plan\.plots\(directory, cases\)"):
        plan.plot  # noqa: B018
    assert plan.check(directory, girl)["ok"][-1] is True
