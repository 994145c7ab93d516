"""Plug-ins: numpy arrays once an origin, answers that are none, exceptions as they are."""

from __future__ import annotations

import pickle
import threading
from typing import Any

import numpy as np
import pandas as pd
import pytest

import carenet as cn

INTAKE = pd.DataFrame(
    {
        "ref": [f"L-{i}" for i in range(40)],
        "area": ["Iligan", "Cagayan de Oro", "Butuan", "Valencia", "Surigao"] * 8,
        "age": [15, 12, 9, 16] * 10,
        "sex": ["female", "male"] * 20,
        "needs": ["trauma-therapy", "emergency-shelter@emergency;trauma-therapy"] * 20,
    }
)


def flat(origin: cn.Origin, to: cn.Destinations) -> Any:
    """Far is near: no bound by distance holds."""
    return 400 - 50 * np.hypot(to.lat_deg - origin.lat_deg, to.lon_deg - origin.lon_deg).clip(0, 7)


def by_name(_: cn.Origin, to: cn.Destinations) -> Any:
    return np.array([len(offering) for offering in to.offering])


def odd(_: cn.Origin, to: cn.Destinations) -> Any:
    return np.array([ord(provider[-1]) % 2 == 1 for provider in to.provider])


def no_travel(_: cn.Origin, to: cn.Destinations) -> Any:
    return np.zeros(len(to))


def plugged(**functions: Any) -> cn.Policy:
    return cn.Policy.load().with_plugins(cn.Plugin("own", reason="odd ones are closed", **functions))


def test_arrays_once_an_origin(directory: cn.Directory) -> None:
    asked: list[tuple[str | None, int, int]] = []

    def travel(origin: cn.Origin, to: cn.Destinations) -> Any:
        asked.append((origin.area, len(to), threading.get_ident()))
        assert origin.area is not None and origin.name is not None
        assert to.travel_min is None and not to.remote.any()
        return no_travel(origin, to)

    def score(origin: cn.Origin, to: cn.Destinations) -> Any:
        assert to.travel_min is not None and to.travel_min.dtype == np.int32
        for array in (to.offering, to.provider, to.service, to.area, to.lat_deg, to.lon_deg):
            assert isinstance(array, np.ndarray) and array.shape == (len(to),)
        assert to.lat_deg.dtype == np.float64 and to.remote.dtype == np.bool_
        with pytest.raises(ValueError):
            to.lat_deg[0] = 0.0
        assert not to.travel_min.any()
        scored.append(origin.area)
        return np.zeros(len(to), dtype=np.int8)

    scored: list[str | None] = []
    policy = plugged(travel=travel, score=score)
    plan = directory.route_batch(INTAKE, policy=policy, threads=2)
    assert len(asked) == 5 and len(scored) == 5
    assert len({area for area, _, _ in asked}) == 5
    assert len({thread for _, _, thread in asked}) == 1
    asked.clear()
    directory.route(INTAKE, policy=policy)
    assert len(asked) == 5
    assert asked[0][2] == threading.get_ident()
    assert plan.status in ("optimal", "feasible")


def test_one_case_as_by_hand(directory: cn.Directory, girl: cn.Case) -> None:
    policy = plugged(travel=flat, score=by_name, filter=odd)
    routes = directory.route(girl, policy=policy, top=0)
    plain = directory.route(girl, top=0)
    costs = {
        (row["need"], row["offering"]): row["cost"] for row in plain.ranked
    }
    travel = {
        (row["need"], row["offering"]): row["value"]
        for row in plain.lines
        if row["name"] in ("travel", "no-known-link")
    }
    own = {
        (row["need"], row["offering"]): row["value"] for row in routes.lines if row["name"] == "travel"
    }
    assert len(routes.ranked) > 0
    for row in routes.ranked:
        key = row["need"], row["offering"]
        assert ord(row["provider"][-1]) % 2 == 0
        assert row["cost"] == costs[key] - travel.get(key, 0) + own.get(key, 0) + len(key[1])
    removed = [row for row in routes.refused if row["reason"] == "plug-in"]
    assert removed and all(ord(row["provider"][-1]) % 2 == 1 for row in removed)
    assert removed[0]["detail"] == "own: odd ones are closed"
    assert "+ own " in routes.explain()
    assert policy.id == "ph-default+own"


def test_a_plan_needs_its_plugins(directory: cn.Directory) -> None:
    policy = plugged(travel=flat, score=by_name, filter=odd)
    plan = directory.route_batch(INTAKE, policy=policy)
    assert all(plan.check()["ok"])
    assert plan.to_dict()["policy"]["plugins"] == ["own"]
    assert plan.explain("L-1")["case"][0] == "L-1"
    assert len(plan.gaps(top=1)) > 0
    again = cn.Plan.parse(plan.to_json())
    assert all(again.check(directory, INTAKE, policy=policy)["ok"])
    refused = again.check(directory, INTAKE)
    assert not refused["ok"][-1] and "own" in refused["detail"][-1]
    with pytest.raises(cn.ConflictError, match="own"):
        again.explain("L-1", directory, INTAKE)


def test_find_honours_them(directory: cn.Directory) -> None:
    policy = plugged(travel=flat, filter=odd)
    rows = directory.find(near="Iligan", within="100min", service="trauma-therapy", policy=policy)
    assert len(rows) > 0
    assert all(ord(provider[-1]) % 2 == 0 for provider in rows["provider"])
    reasons = directory.why_not("ex-nmn-015", near="Iligan", policy=policy)
    assert "plug-in" in reasons["reason"]


class Odd(Exception):
    pass


@pytest.mark.parametrize("what", ["travel", "score", "filter"])
def test_exceptions_come_out_as_they_are(
    directory: cn.Directory, girl: cn.Case, what: str
) -> None:
    failure = Odd("the roads are not there")

    def broken(_: cn.Origin, to: cn.Destinations) -> Any:
        raise failure

    policy = plugged(**{what: broken})
    for call in (
        lambda: directory.route(girl, policy=policy),
        lambda: directory.route_batch(INTAKE, policy=policy),
        lambda: directory.find(near="Iligan", policy=policy),
        lambda: directory.why_not("ex-nmn-014", near="Iligan", policy=policy),
    ):
        with pytest.raises(Odd) as caught:
            call()
        assert caught.value is failure
    # Nothing of it stays behind.
    assert len(directory.route(girl).ranked) > 0


BAD: list[tuple[str, Any, str]] = [
    ("travel", lambda n: np.zeros(n + 1), "shape"),
    ("travel", lambda n: np.zeros(n)[:-1], "shape"),
    ("travel", lambda n: np.zeros((n, 1)), "shape"),
    ("travel", lambda n: 5.0, "shape"),
    ("travel", lambda n: np.full(n, -1.0), "below 0"),
    ("travel", lambda n: np.full(n, np.nan), "not a number"),
    ("travel", lambda n: np.full(n, 1e9), "above 1000000"),
    ("travel", lambda n: ["far"] * n, "not of numbers"),
    ("travel", lambda n: [None] * n, "not of numbers"),
    ("score", lambda n: np.full(n, -3), "below 0"),
    ("score", lambda n: np.full(n, 0.5), "whole"),
    ("score", lambda n: np.full(n, np.nan), "whole"),
    ("score", lambda n: np.full(n, np.inf), "above 1000000"),
    ("score", lambda n: np.full(n, 2**63, dtype=np.uint64), "above 1000000"),
    ("score", lambda n: np.zeros(n, dtype=bool), "not of numbers"),
    ("filter", lambda n: np.zeros(n), "not of bool"),
    ("filter", lambda n: np.zeros(n - 1, dtype=bool), "shape"),
]


@pytest.mark.parametrize(("what", "answer", "words"), BAD)
def test_what_is_no_answer(
    directory: cn.Directory, girl: cn.Case, what: str, answer: Any, words: str
) -> None:
    policy = plugged(**{what: lambda _, to: answer(len(to))})
    for call in (
        lambda: directory.route(girl, policy=policy),
        lambda: directory.route_batch(INTAKE, policy=policy),
    ):
        with pytest.raises(cn.InvalidDataError, match="plug-in own") as caught:
            call()
        assert words in str(caught.value)


@pytest.mark.parametrize(
    "plugins",
    [
        [],
        [cn.Plugin("own")],
        [cn.Plugin("Own", travel=flat)],
        [cn.Plugin("wait", score=by_name)],
        [cn.Plugin("a", travel=flat), cn.Plugin("b", travel=flat)],
        [cn.Plugin("a", score=by_name), cn.Plugin("a", filter=odd)],
        [cn.Plugin(f"p{i}", score=by_name) for i in range(9)],
    ],
)
def test_what_is_no_plugin(plugins: list[cn.Plugin]) -> None:
    with pytest.raises(cn.InvalidArgumentError):
        cn.Policy.load().with_plugins(*plugins)
    with pytest.raises(TypeError):
        cn.Plugin("own", travel=5)  # type: ignore[arg-type]
    with pytest.raises(cn.InvalidArgumentError, match="already"):
        plugged(score=by_name).with_plugins(cn.Plugin("more", score=by_name))


def test_pickled_with_functions_of_a_module(directory: cn.Directory, girl: cn.Case) -> None:
    policy = plugged(travel=flat, score=by_name)
    again = pickle.loads(pickle.dumps(policy))
    assert again.id == policy.id
    a, b = (directory.route(girl, policy=p).ranked.to_dicts() for p in (policy, again))
    assert a == b


def test_many_threads_with_one_policy(directory: cn.Directory, girl: cn.Case) -> None:
    policy = plugged(travel=flat, score=by_name, filter=odd)
    expected = directory.route(girl, policy=policy).ranked.to_dicts()
    found: list[Any] = []

    def ask() -> None:
        for _ in range(5):
            found.append(directory.route(girl, policy=policy).ranked.to_dicts())

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 20


def test_ctrl_c_in_a_plugin(directory: cn.Directory, girl: cn.Case) -> None:
    def interrupted(_: cn.Origin, to: cn.Destinations) -> Any:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        directory.route(girl, policy=plugged(travel=interrupted))


@pytest.mark.parametrize("function", [{"score": by_name}, {"filter": odd}])
@pytest.mark.parametrize(
    ("words", "kind", "problem"),
    [
        ({"name": "own\0er"}, cn.InvalidArgumentError, r"the name of a plug-in has a NUL .*\(leave it out\)"),
        ({"name": "own", "reason": "no\0!"}, cn.InvalidArgumentError, "the reason of plug-in own has a NUL"),
        ({"name": "own", "reason": "\ud800"}, cn.InvalidArgumentError, "the reason of plug-in own is not Unicode"),
        ({"name": 5}, TypeError, "the name of a plug-in is a text, not int"),
    ],
)
def test_words_of_a_plugin(
    function: dict[str, Any], words: dict[str, Any], kind: type[Exception], problem: str
) -> None:
    with pytest.raises(kind, match=problem):
        cn.Policy.load().with_plugins(cn.Plugin(**words, **function))
