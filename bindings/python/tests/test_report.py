"""Reports from Python: tables, and one page for whom they are meant."""

from __future__ import annotations

import pathlib
import stat

import pytest

import carenet as cn

CASES = [
    {"ref": f"C-{i}", "area": "Butuan", "age": 9 + i % 8, "sex": "female", "needs": "trauma-therapy"}
    for i in range(12)
]


def test_what_the_directory_alone_tells(directory: cn.Directory) -> None:
    rows = directory.report("coverage", region="caraga")
    assert {"area", "service", "state", "population", "detail"} <= set(rows.columns)
    assert len(rows) > 0 and set(rows["area"]) <= {"Caraga", "caraga", "1600000000"}
    gaps = directory.report("gaps", region=["caraga", "ncr"], service="trauma-therapy")
    assert len(gaps) >= 2


def test_tables_of_a_plan_and_of_the_programme(directory: cn.Directory) -> None:
    plan = directory.route_batch(CASES)
    unmet = directory.report("unmet", plan=plan, cases=CASES)
    funnel = directory.report("funnel", plan=plan, cases=CASES)
    assert sum(unmet["unmet"]) == sum(plan.unmet["units"])
    assert dict(zip(funnel["stage"], funnel["units"]))["needed"] == len(CASES)
    programme = cn.open().programme()
    indicators = directory.report("indicators", programme=programme)
    assert indicators == programme.indicators(by="region")


def test_one_page_for_a_funder(tmp_path: pathlib.Path, directory: cn.Directory) -> None:
    path = tmp_path / "q1.html"
    plan = directory.route_batch(CASES)
    plan.report(path, profile="funder", programme=cn.open().programme())
    page = path.read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>") and page.rstrip().endswith("</html>")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert directory.digest[:12] in page and "funder" in page
    assert not any(case["ref"] in page for case in CASES)
    with pytest.raises(cn.ConflictError):
        plan.report(path)
    plan.report(path, replace=True)
    assert list(tmp_path.iterdir()) == [path]
    assert path.read_text(encoding="utf-8") != page
    (tmp_path / "link.html").symlink_to("later.html")
    with pytest.raises(cn.FileError, match="is there and is no file"):
        plan.report(tmp_path / "link.html", replace=True)
    assert (tmp_path / "link.html").is_symlink()


def test_a_page_of_a_store(demo_path: pathlib.Path, tmp_path: pathlib.Path) -> None:
    with cn.open(demo_path) as net:
        net.report(tmp_path / "all.html", from_="2021-08-01", to="2023-04-30")
        net.report(tmp_path / "indicators.html", kind="indicators")
    assert "236" in (tmp_path / "all.html").read_text(encoding="utf-8")
    assert "Reintegration plans made" in (tmp_path / "indicators.html").read_text(encoding="utf-8")


def test_flow_by_the_home_region_that_a_referral_keeps(demo_path: pathlib.Path) -> None:
    offering = "ex-nmn-014/trauma-therapy"
    with cn.open(demo_path) as net:
        for ref, area in (("C-1", "Butuan"), ("C-2", "PH-MIN")):
            person = cn.Case(ref, needs=["trauma-therapy"], area=area, age=15, consent="full")
            net.send(person, to=offering, actor="desk-1")
        referrals = net.referrals()
        assert referrals["home"] == [None, "1600000000"]
        flow = net.directory().report("flow", referrals=referrals)
        assert sorted(zip(flow["home"], flow["referrals"], strict=True), key=str) == [
            ("Caraga", 1),
            (None, 1),
        ]
        net.cancel("R-1", "other", actor="desk-1")
        net.erase_case("C-1", actor="desk-1")
        assert net.referrals()["home"] == [None, None]


def test_mistakes(tmp_path: pathlib.Path, directory: cn.Directory) -> None:
    with pytest.raises(cn.InvalidArgumentError, match="one of"):
        directory.report("weather")
    with pytest.raises(cn.InvalidArgumentError, match="profile"):
        directory.report("coverage", profile="everybody")
    with pytest.raises(cn.InvalidArgumentError):
        directory.report("funnel")
    with pytest.raises(cn.InvalidArgumentError):
        directory.report("flow", from_="2023", to="2021", referrals=None)
    with pytest.raises(cn.NotFoundError):
        directory.report("coverage", region="Atlantis")
    with pytest.raises(cn.NotFoundError):
        directory.write_report(tmp_path / "x.html", kind="coverage", region="Atlantis")
    assert list(tmp_path.iterdir()) == []
