"""Calls of the wrong type or out of range: an error that names the argument; and keywords said once."""

from __future__ import annotations

import copy
import datetime as dt
import inspect
import pathlib
import pickle
from collections.abc import Callable
from typing import Any

import polars
import pytest

import carenet as cn

CASE = cn.Case("C-1", needs=["trauma-therapy"], area="Cagayan de Oro", age=15, sex="female")

WRONG: list[tuple[str, type[Exception], Callable[[Any, Any], object]]] = [
    ("age", TypeError, lambda d, p: d.find(age="15")),
    ("age", cn.InvalidArgumentError, lambda d, p: d.find(age=-1)),
    ("limit", cn.InvalidArgumentError, lambda d, p: d.find(limit=-1)),
    ("free", TypeError, lambda d, p: d.find(free=None)),
    ("within", cn.InvalidArgumentError, lambda d, p: d.find(near="Cebu", within=2**40)),
    ("within", cn.InvalidArgumentError, lambda d, p: d.find(near="Cebu", within=-5)),
    ("within", cn.InvalidArgumentError, lambda d, p: d.find(near="Cebu", within=0)),
    ("within", cn.InvalidArgumentError, lambda d, p: d.find(near="Cebu", within="0km")),
    ("within", cn.InvalidArgumentError, lambda d, p: d.find(near="Cebu", within=dt.timedelta(seconds=59))),
    ("verified_within", cn.InvalidArgumentError, lambda d, p: d.find(verified_within=0)),
    ("verified_within", cn.InvalidArgumentError, lambda d, p: d.find(verified_within=dt.timedelta(hours=12))),
    ("verified_within", cn.InvalidArgumentError, lambda d, p: d.find(verified_within="12h")),
    ("now", cn.InvalidArgumentError, lambda d, p: d.find(now=float("nan"))),
    ("now", cn.InvalidArgumentError, lambda d, p: d.find(now=1e30)),
    ("policy", TypeError, lambda d, p: d.find(policy="ph-default")),
    ("policy", TypeError, lambda d, p: d.route(CASE, policy="ph-default")),
    ("prices", TypeError, lambda d, p: d.route(CASE, prices="plan.json")),
    ("top", TypeError, lambda d, p: d.route(CASE, top="3")),
    ("top", cn.InvalidArgumentError, lambda d, p: d.route(CASE, top=-1)),
    ("cases", TypeError, lambda d, p: d.route(None)),
    ("threads", cn.InvalidArgumentError, lambda d, p: d.route_batch([CASE], threads=0)),
    ("threads", TypeError, lambda d, p: d.route_batch([CASE], threads="2")),
    ("work_limit", cn.InvalidArgumentError, lambda d, p: d.route_batch([CASE], work_limit=-1)),
    ("keep", TypeError, lambda d, p: d.route_batch([CASE], keep="plan.json")),
    ("former", TypeError, lambda d, p: d.route_batch([CASE], former=d)),
    ("max_moves", cn.InvalidArgumentError, lambda d, p: d.route_batch([CASE], max_moves=3)),
    ("number of a need", TypeError, lambda d, p: d.route_batch([CASE], pins={("C-1", "1"): "x"})),
    ("directory", TypeError, lambda d, p: p.check("x")),
    ("threads", cn.InvalidArgumentError, lambda d, p: p.check(threads=65)),
    ("top", cn.InvalidArgumentError, lambda d, p: p.gaps(top=-1)),
    ("b is", TypeError, lambda d, p: cn.compare(p, "x")),
    ("places", TypeError, lambda d, p: d.with_capacity({"ex-nmn-014": "5"})),
    ("referrals", TypeError, lambda d, p: d.report("flow", referrals=[{}])),
    ("referrals", cn.InvalidArgumentError, lambda d, p: d.report("flow", referrals=d.regions())),
    ("plan", cn.InvalidArgumentError, lambda d, p: d.report("unmet")),
    ("programme", cn.InvalidArgumentError, lambda d, p: d.report("indicators")),
    ("region", cn.InvalidArgumentError, lambda d, p: d.report("capacity", region="caraga")),
    ("service", cn.InvalidArgumentError, lambda d, p: d.report("unmet", plan=p, service="peer-support")),
    ("from_", cn.InvalidArgumentError, lambda d, p: d.report("coverage", from_="2026")),
    ("include_unconfirmed", cn.InvalidArgumentError, lambda d, p: d.report("flow", include_unconfirmed=True)),
    ("indicators", cn.InvalidArgumentError, lambda d, p: d.report("gaps", indicators="own.yaml")),
    ("regoin", TypeError, lambda d, p: d.report("gaps", regoin="caraga")),
    ("regoin", TypeError, lambda d, p: d.why_not("ex-nmn-014", regoin="caraga")),
]


@pytest.fixture(scope="module")
def plan(directory: cn.Directory) -> cn.Plan:
    return directory.route_batch([CASE])


@pytest.mark.parametrize(("name", "kind", "ask"), WRONG)
def test_what_is_wrong_is_named(
    directory: cn.Directory,
    plan: cn.Plan,
    name: str,
    kind: type[Exception],
    ask: Callable[[Any, Any], object],
) -> None:
    with pytest.raises(kind, match=name) as caught:
        ask(directory, plan)
    assert "_handle" not in str(caught.value) and "must satisfy" not in str(caught.value)


def test_a_number_that_is_missing_is_not_known(directory: cn.Directory) -> None:
    case = cn.Case("C-1", needs=["trauma-therapy"], area="Butuan", age=float("nan"))  # type: ignore[arg-type]
    assert "age" not in case.to_dict()
    assert len(directory.route(case)) == 1
    with pytest.raises(cn.InvalidDataError, match=r"case 0 \(from 0\)"):
        directory.route(cn.Case("C-1", needs=["trauma-therapy"], area="Butuan", avoid={"areas": float("inf")}))


BEYOND: list[tuple[str, Callable[[Any], object]]] = [
    ("limit", lambda net: net.referrals(limit=-1)),
    ("limit", lambda net: net.referrals(limit=2**70)),
    ("limit", lambda net: net.audit(limit=-1)),
    ("days", lambda net: net.due(2**40)),
    ("days", lambda net: net.due(-1)),
    ("units", lambda net: net.hold("ex-nmn-014/trauma-therapy", 2**70, actor="desk")),
    *(
        (name, lambda net, name=name, value=value: net.set_capacity(
            "ex-nmn-014/trauma-therapy", actor="desk", **{name: value}))
        for name in ("total", "occupied", "wait_days")
        for value in (-1, 2**70)
    ),
    ("busy_ms", lambda net: cn.restore("x", "y", busy_ms=2**40)),
    ("busy_ms", lambda net: cn.open(net.path, busy_ms=-1)),
    ("busy_ms", lambda net: cn.init("x", busy_ms=2**40)),
]


@pytest.mark.parametrize(("name", "ask"), BEYOND)
def test_a_number_of_no_range_is_named(
    demo_path: pathlib.Path, name: str, ask: Callable[[Any], object]
) -> None:
    with cn.open(demo_path) as net, pytest.raises(cn.InvalidArgumentError, match=name):
        ask(net)


REPORTS = (cn.Directory.report, cn.Directory.write_report, cn.Network.report, cn.Plan.report)


def test_reports_show_their_keywords() -> None:
    shown = [inspect.signature(function).parameters for function in REPORTS]
    for parameters in shown:
        assert parameters["profile"].default == "internal"
        assert parameters["include_unconfirmed"].default is False
        assert parameters["policy"].annotation == "Policy | None"
        assert all(one.kind is not one.VAR_KEYWORD for one in parameters.values())
    find = inspect.signature(cn.Directory.find).parameters
    why_not = inspect.signature(cn.Directory.why_not).parameters
    assert [*why_not][2:] == [*find][1:]
    assert all(why_not[name].default == find[name].default for name in [*find][1:])


def test_a_plan_knows_its_cases_in_reports(directory: cn.Directory, plan: cn.Plan) -> None:
    assert directory.report("funnel", plan=plan) == directory.report("funnel", plan=plan, cases=[CASE])


def test_every_keyword_reaches_a_page(directory: cn.Directory, plan: cn.Plan, tmp_path: pathlib.Path) -> None:
    page = tmp_path / "caraga.html"
    plan.report(page, region="caraga", service="trauma-therapy", include_unconfirmed=True)
    with cn.open() as net:
        net.report(tmp_path / "ncr.html", region="ncr", plan=plan)
    assert "Caraga" in page.read_text(encoding="utf-8")


def test_a_policy_is_pickled_with_where_it_came_from(demo_path: pathlib.Path, tmp_path: pathlib.Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(cn.template("policy").replace("id: my-policy", "id: council"), encoding="utf-8")
    policy = cn.Policy.load(own)
    assert pickle.loads(pickle.dumps(policy)).id == policy.id
    with cn.open(demo_path) as net:
        stored = net.policy()
    assert stored._origin[:2] == ("store", str(demo_path))
    assert pickle.loads(pickle.dumps(stored)).id == stored.id
    demo_path.unlink()
    with pytest.raises(cn.NotFoundError):
        pickle.loads(pickle.dumps(stored))


def test_the_importer_stands_in_the_record(demo_path: pathlib.Path, tmp_path: pathlib.Path) -> None:
    region = tmp_path / "caraga.yaml"
    with cn.open(demo_path) as net:
        region.write_text(net.export("caraga").replace("EXAMPLE ", "EXAMPLE NEW "), encoding="utf-8")
        net.import_files(region, actor="council-desk")
        actors = set(net.audit()["actor"])
    assert "council-desk" in actors


@pytest.mark.parametrize("take", [copy.copy, copy.deepcopy, pickle.dumps])
def test_a_network_is_not_copied(demo_path: pathlib.Path, take: Callable[[Any], object]) -> None:
    with cn.open(demo_path) as net:
        with pytest.raises(TypeError, match=r"open it again with carenet\.open\(\)"):
            take(net)
        assert not net.closed and len(net.directory().find()) > 0


def test_copies_of_what_lives_on_outlive_their_network(demo_path: pathlib.Path) -> None:
    with cn.open(demo_path) as net:
        directory, policy, programme = net.directory(), net.policy(), net.programme()
    plan, routes = directory.route_batch([CASE]), directory.route(CASE)
    one = [copy.copy(thing) for thing in (directory, policy, programme, plan, routes)]
    del directory, policy, programme, plan, routes
    assert len(one[0].find()) > 0 and one[1].id and repr(one[2])
    assert one[3].to_json() and one[4].explain()


def test_a_lazy_frame_is_to_be_collected(directory: cn.Directory) -> None:
    lazy = polars.DataFrame({"ref": ["C-1"], "needs": ["trauma-therapy"], "area": ["Butuan"]}).lazy()
    with pytest.raises(TypeError, match=r"collect\(\) it first"):
        directory.route_batch(lazy)


def test_errors_name_keywords(demo_path: pathlib.Path) -> None:
    several = cn.Case("C-2", needs=["trauma-therapy", "emergency-shelter"], area="Butuan", age=15, sex="female")
    with cn.open(demo_path) as net:
        with pytest.raises(cn.RefusedError, match="ground=GROUND"):
            net.send(CASE, to="ex-nmn-014/trauma-therapy", actor="desk-1")
        with pytest.raises(cn.InvalidArgumentError, match="need=SERVICE"):
            net.send(several, to="ex-nmn-014/trauma-therapy", actor="desk-1")
        with pytest.raises(cn.NotFoundError, match=r"Network\.regions\(\)"):
            net.export("nowhere")
