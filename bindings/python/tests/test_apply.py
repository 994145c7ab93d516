"""Plans that become referrals, and those who lost."""

from __future__ import annotations

import pathlib
import pickle

import pytest

import carenet as cn

OFFERING = "ex-nmn-014/trauma-therapy"


def girls(count: int) -> list[cn.Case]:
    return [
        cn.Case(
            f"C-{i}",
            needs=["trauma-therapy"],
            area="Cagayan de Oro",
            age=15,
            sex="female",
            languages=["ceb"],
            consent="full",
        )
        for i in range(count)
    ]


def test_a_plan_becomes_referrals_once(demo_path: pathlib.Path) -> None:
    with cn.open(demo_path) as net:
        cases = girls(3)
        plan = net.directory_to_apply().route_batch(cases)
        tried = net.apply(plan, cases, actor="desk-1", dry_run=True)
        assert tried.count("drafted") == 3 and len(net.referrals()) == 0
        applied = net.apply(plan, cases, actor="desk-1")
        assert applied.count("drafted") == 3 and applied.lost_cases == []
        assert len(net.referrals()) == 3
        again = net.apply(plan, cases, actor="desk-1", send=True, hold="24h")
        assert again.count("already") == 3
        assert again.rows["referral"] == applied.rows["referral"]
        sent = net.send_draft(applied.rows["referral"][0], actor="desk-1")
        assert sent.state == "sent"
        assert net.verify_audit().ok


def test_who_lost_is_routed_again(demo_path: pathlib.Path) -> None:
    with cn.open(demo_path) as net:
        cases = girls(4)
        plan = net.directory_to_apply().route_batch(cases)
        assert {row["offering"] for row in plan.assignments} == {OFFERING}
        net.set_capacity(OFFERING, total=12, occupied=10, actor="desk-1")
        applied = net.apply(plan, cases, actor="desk-1", send=True)
        assert applied.count("sent") == 2 and applied.count("lost") == 2
        assert set(applied.rows["reason"]) == {None, "full"}
        assert len(applied.lost_cases) == 2 and "female" not in repr(applied)
        directory = net.directory_to_apply()
        next_plan = directory.route_batch(applied.lost_cases)
        assert OFFERING not in {row["offering"] for row in next_plan.assignments}
        assert pickle.loads(pickle.dumps(directory)).digest == directory.digest


def test_a_plan_stays_in_its_kind_of_store(tmp_path: pathlib.Path, girl: cn.Case) -> None:
    plan = cn.open().directory().route_batch([girl])
    with cn.init(tmp_path / "live.db") as net, pytest.raises(cn.RefusedError):
        net.apply(plan, [girl], actor="desk-1")
    with pytest.raises(cn.StateError):
        cn.open().apply(plan, [girl], actor="desk-1")
