"""Finding and routing from Python, and what must never show."""

from __future__ import annotations

import concurrent.futures
import copy
import datetime as dt
import decimal
import json
import pathlib
import pickle

import pandas
import polars
import pytest

import carenet as cn


def test_filters(directory: cn.Directory) -> None:
    everything = directory.find()
    assert len(everything) > 100
    boys = directory.find(service="emergency-shelter", age=9, sex="male")
    assert 0 < len(boys) < len(directory.find(service="emergency-shelter"))
    near = directory.find(near="Cagayan de Oro", within="90min", remote="no", sort="distance")
    assert all(m is None or m <= 90 for m in near["travel_min"])
    km = directory.find(near=cn.Place.find("Cagayan de Oro"), within="40km", remote="no")
    assert all(m is None or m <= 40_000 for m in km["distance_m"])
    assert set(directory.find(remote="yes")["remote"]) == {True}
    assert len(directory.find(region=["caraga", "northern-mindanao"])) == len(
        directory.find(region="caraga")
    ) + len(directory.find(region="northern-mindanao"))
    assert len(directory.find(limit=3)) == 3
    assert all(directory.find(free=3)["free"][i] >= 3 for i in range(3))
    assert not any(directory.find(confirmed_only=True)["unconfirmed"])
    recent = directory.find(verified_within=dt.timedelta(days=20))
    assert 0 < len(recent) < len(everything)
    assert recent == directory.find(verified_within="20d") == directory.find(verified_within=20)


def test_nobody_found_is_a_result(directory: cn.Directory) -> None:
    nobody = directory.find(region="caraga", service="psychiatric-care")
    assert len(nobody) == 0 and "offering" in nobody.columns


def test_instants(directory: cn.Directory) -> None:
    at = dt.datetime(2026, 11, 14, 3, 0)  # a Saturday night, local time
    utc = dt.datetime(2026, 11, 13, 19, 0, tzinfo=dt.timezone.utc)
    night = directory.find(open_at=at)
    assert 0 < len(night) < len(directory.find())
    for same in (utc, "2026-11-14T03:00", "2026-11-13T19:00Z", utc.timestamp()):
        assert directory.find(open_at=same) == night
    assert directory.demonstration_now is not None
    assert directory.find() == directory.find(now=directory.demonstration_now)
    for wrong in ("yesterday", [2026]):
        with pytest.raises((ValueError, TypeError)):
            directory.find(open_at=wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "wrong",
    [{"remote": "maybe"}, {"within": "far"}, {"sort": "colour"}, {"sex": "x"}, {"age": 500}],
)
def test_wrong_words(directory: cn.Directory, wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        directory.find(**wrong)  # type: ignore[arg-type]


def test_why_not(directory: cn.Directory) -> None:
    rows = directory.why_not("ex-nmn-014", region="caraga", sex="male")
    assert rows["offering"] and not any(rows["listed"])
    with pytest.raises(LookupError):
        directory.why_not("ex-nmn-999")
    with pytest.raises(TypeError):
        directory.why_not("ex-nmn-014", colour="red")


def test_show_and_lines(directory: cn.Directory) -> None:
    assert directory.show("ex-nmn-014")["field"]
    assert directory.reporting_lines("caraga")["phone"]
    assert len(directory.reporting_lines()) >= len(directory.reporting_lines("caraga"))


def test_route(directory: cn.Directory, girl: cn.Case) -> None:
    routes = directory.route(girl, top=3)
    assert len(routes) == 2 and routes.unmet_len == 0
    choice = routes.choice["trauma-therapy"]
    assert choice is not None and choice.cost == sum(choice.lines.values())
    assert choice.provider == "ex-nmn-014" and choice.travel_min == 12
    shelter = routes.choice["emergency-shelter"]
    assert shelter is not None and shelter.travel_min is None and shelter.free is None
    assert set(routes.choice) == {"emergency-shelter", "trauma-therapy"}
    assert "ex-nmn-014" in routes.explain()
    assert routes.to_dict()["schema"] == "carenet.route/1"
    assert json.loads(routes.to_json()) == routes.to_dict()
    with pytest.raises(KeyError):
        routes.choice["kinship-care"]


def test_nobody_can_take_it_is_a_result(directory: cn.Directory) -> None:
    case = cn.Case("C-2", needs=["psychiatric-care", "adoption"], area="Butuan", age=8, sex="male")
    routes = directory.route(case)
    assert routes.unmet_len == 2
    assert routes.choice["adoption"] is None
    assert all(routes.needs["unmet"]) and all(routes.needs["reason"])


def test_several_cases(directory: cn.Directory, girl: cn.Case) -> None:
    twice = cn.Case("C-2", needs=["trauma-therapy"], area="Butuan", age=12, sex="male")
    routes = directory.route([girl, twice])
    assert ("C-1", "trauma-therapy") in routes.choice
    assert "emergency-shelter" in set(routes.choice)
    with pytest.raises(KeyError, match="2 times"):
        routes.choice["trauma-therapy"]


def test_why_not_a_choice(directory: cn.Directory, girl: cn.Case) -> None:
    routes = directory.route(girl, top=1)
    rows = routes.why_not("ex-cvi-012/trauma-therapy").where(lambda row: row["need"] == 2)
    assert rows.columns[:2] == ("case", "need")
    assert rows["rank"] == [2] and rows["reason"] == [None] and rows["cost"][0] > 65
    refused = routes.why_not("ex-nmn-015")
    assert all(refused["reason"]) and "capability" in refused["reason"]
    with pytest.raises(LookupError):
        routes.why_not("ex-nmn-999")


def test_what_cases_may_be(
    directory: cn.Directory, girl: cn.Case, tmp_path: pathlib.Path
) -> None:
    facts = girl.to_dict()
    path = tmp_path / "case.json"
    path.write_text(json.dumps(facts))
    answers = [
        directory.route(cases).to_json()
        for cases in (girl, [girl], facts, [facts], path, str(path))
    ]
    flat = {**facts, "needs": facts["needs"], "languages": ["ceb"]}
    answers += [
        directory.route(frame).to_json()
        for frame in (pandas.DataFrame([flat]), polars.DataFrame([flat]), cn.Table([flat]))
    ]
    assert len(set(answers)) == 1


def test_every_fault_of_every_case_is_listed(directory: cn.Directory) -> None:
    cases = [
        {"ref": "C-1", "area": "Butuan", "needs": ["trauma-therapy"], "age": 300},
        {"ref": "C-2", "area": "Butuan", "needs": ["trauma-therapy"]},
        {"ref": "C-3", "area": "Nowhere", "needs": ["trauma-terapy"]},
    ]
    with pytest.raises(cn.InvalidDataError) as caught:
        directory.route(cases)
    issues = caught.value.issues
    assert issues is not None
    assert sorted(issues["row"]) == [0, 2, 2]
    assert "Nowhere" not in str(caught.value) + repr(issues["message"])
    for frame in (pandas.DataFrame(cases), polars.DataFrame(cases), cn.Table(cases)):
        with pytest.raises(cn.InvalidDataError, match=r'3 errors, row 0 \(from 0\), column "age"') as caught:
            directory.route(frame)
        issues = caught.value.issues
        assert issues is not None
        assert [(row["row"], row["field"]) for row in issues] == [
            (0, "age"),
            (2, "area"),
            (2, "needs"),
        ]


def test_columns_that_no_case_has(directory: cn.Directory) -> None:
    rows = [{"ref": "C-1", "area": "Butuan", "needs": "trauma-therapy", "agee": 3}]
    with pytest.raises(cn.InvalidDataError) as caught:
        directory.route(pandas.DataFrame(rows))
    issues = caught.value.issues
    assert issues is not None and issues["suggestion"] == ["did you mean age?"]
    assert (issues["row"], issues["field"]) == ([None], ["agee"])
    with pytest.raises(cn.InvalidDataError, match="the column needs is missing"):
        directory.route(pandas.DataFrame([{"area": "Butuan"}]))


def test_the_index_of_a_frame_is_no_fact(directory: cn.Directory) -> None:
    frame = pandas.DataFrame(
        {"ref": ["C-1", "C-2", "C-3"], "area": "Butuan", "needs": "trauma-therapy"}
    )
    for some in (frame[frame["ref"] != "C-2"], frame.set_index("ref", drop=False), frame[::-1]):
        assert set(directory.route(some).needs["case"]) == set(some["ref"])


def test_frames_say_what_dicts_say(directory: cn.Directory) -> None:
    cases = [
        {"ref": "C-1", "area": "Cagayan de Oro", "age": 15, "needs": ["shelter", "trauma-therapy@urgent"]},
        {"ref": "C-2", "area": "Iligan", "age": None, "needs": ["shelter"], "remote_safe": True},
    ]
    expected = directory.route(cases).to_json()
    wide = [{**case, "needs": ";".join(case["needs"])} for case in cases]
    assert directory.route(wide).to_json() == expected
    frames = [pandas.DataFrame(cases), polars.DataFrame(cases), pandas.DataFrame(wide)]
    frames += [polars.DataFrame(wide), polars.DataFrame(wide).to_arrow(), cn.Table(cases)]
    for frame in frames:
        assert directory.route(frame).to_json() == expected


def test_personal_data_is_refused(directory: cn.Directory, girl: cn.Case) -> None:
    named = {**girl.to_dict(), "name": "Maria"}
    with pytest.raises(cn.InvalidDataError) as caught:
        directory.route(named)
    assert caught.value.issues is not None and caught.value.issues["tag"] == ["personal-data"]
    assert len(directory.route(named, allow_personal_data=True)) == 2
    with pytest.raises(ValueError):
        directory.route(cn.Case("Maria Santos", needs=["trauma-therapy"], area="Butuan"))


def test_a_case_shows_no_fact(girl: cn.Case) -> None:
    shown = repr(girl) + str(girl) + repr([girl]) + f"{girl}"
    for fact in ("Cagayan", "15", "female", "ceb", "trauma", "shelter"):
        assert fact not in shown


def test_records_are_frozen(girl: cn.Case) -> None:
    for record in (girl, cn.Need("trauma-therapy"), cn.Policy.load(), cn.Place.find("Butuan")):
        with pytest.raises(AttributeError):
            record.ref = "x"  # type: ignore[union-attr, misc]
    need = cn.Need("trauma-therapy", urgency="urgent", units=2, prefer="ex-nmn-014")
    assert need.prefer == ("ex-nmn-014",)


def test_needs_at_length(directory: cn.Directory) -> None:
    case = cn.Case(
        "C-1",
        needs=[cn.Need("trauma-therapy", urgency="urgent", before=dt.date(2026, 12, 1)), "shelter"],
        area="Cagayan de Oro",
        age_band="13-17",
        sex="female",
    )
    assert directory.route(case).needs["urgency"] == ["urgent", "routine"]


def test_own_policy(directory: cn.Directory, girl: cn.Case, tmp_path: pathlib.Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(cn.template("policy").replace("ph-default", "mine"), encoding="utf-8")
    policy = cn.Policy.load(path)
    assert policy.id == "mine" and pickle.loads(pickle.dumps(policy)).id == "mine"
    assert "policy mine" in directory.route(girl, policy=policy).explain()
    path.write_text("nonsense: 1\n")
    with pytest.raises(cn.InvalidDataError) as caught:
        cn.Policy.load(path)
    assert caught.value.issues


def test_many_threads_ask_one_directory(directory: cn.Directory, girl: cn.Case) -> None:
    expected = directory.route(girl).to_json(), directory.find(region="caraga").to_csv()

    def ask(_: int) -> tuple[str, str]:
        return directory.route(girl).to_json(), directory.find(region="caraga").to_csv()

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        assert set(pool.map(ask, range(40))) == {expected}


def test_pickling_a_directory(directory: cn.Directory, demo_path: pathlib.Path) -> None:
    assert pickle.loads(pickle.dumps(directory)).digest == directory.digest
    with cn.open(demo_path) as net:
        packed = pickle.dumps(net.directory())
        assert pickle.loads(packed).digest == directory.digest
        text = net.export("caraga").replace("EXAMPLE Butuan", "EXAMPLE New Butuan")
        changed = demo_path.parent / "caraga.yaml"
        changed.write_text(text, encoding="utf-8")
        net.import_files(changed)
    with pytest.raises(cn.ConflictError, match="changed"):
        pickle.loads(packed)


def test_from_files(directory: cn.Directory) -> None:
    data = pathlib.Path(cn.__file__).parent / "data"
    files = [data / "network.yaml", *sorted((data / "regions").glob("*.yaml"))]
    again = cn.Directory.from_files(*files)
    assert again.digest == directory.digest
    assert pickle.loads(pickle.dumps(again)).digest == again.digest


def test_restricted_sites_never_show(directory: cn.Directory, girl: cn.Case) -> None:
    source = (pathlib.Path(cn.__file__).parent / "data" / "regions").glob("*.yaml")
    rows = directory.find().where(lambda row: row["disclosure"] == "restricted")
    assert len(rows) > 0
    for name in ("free", "total", "travel_min", "distance_m"):
        assert set(rows[name]) == {None}
    routes = directory.route(girl, top=0)
    shown = "".join(
        [repr(directory), repr(rows), rows._repr_html_(), repr(routes), routes.explain()]
        + [repr(routes.choice), repr(routes.ranked), repr(dict(routes.choice))]
    )
    import re

    for text in (path.read_text(encoding="utf-8") for path in source):
        for block in re.split(r"\n  - id: ", text):
            if "disclosure: restricted" not in block:
                continue
            for secret in re.findall(r"^    name: \"?(.*?)\"?$", block, re.MULTILINE):
                assert secret not in shown


def test_cases_are_pickled_with_their_facts(directory: cn.Directory) -> None:
    rows = [
        cn.Case("C-1", needs=["trauma-therapy@urgent", "legal-aid"], area="Butuan", age_band="13-17",
                siblings={"group": "F-1", "keep": "require"}, languages=["ceb"], consent="full",
                avoid={"areas": ["Surigao City"]}, responsible_office="nmn-014"),
        cn.Case("C-2", needs=["trauma-therapy"], area="Iligan", age=9, remote_safe=True,
                siblings={"group": "F-1", "keep": "require"}),
        cn.Case("C-3", needs=["trauma-therapy"], area="Nowhere at all"),
    ]
    rows.append(cn.Case("0917-555-0100", needs=["trauma-therapy"], area="Butuan"))
    cases = cn.Cases.read(rows, keep_sound=True, allow_personal_data=True)
    again = pickle.loads(pickle.dumps(cases))
    assert list(again) == list(cases) == ["C-1", "C-2", "0917-555-0100"]
    assert (again.refused_len, again.refused) == (cases.refused_len, cases.refused) == (1, cases.refused)
    assert again.warnings == cases.warnings
    assert directory.route(again, top=0).to_dict() == directory.route(cases, top=0).to_dict()
    assert directory.route_batch(again).to_json() == directory.route_batch(cases).to_json()
    assert pickle.loads(pickle.dumps(again)).refused == cases.refused
    nobody = cn.Cases.read(rows[2:3], keep_sound=True)
    assert len(pickle.loads(pickle.dumps(nobody))) == len(nobody) == 0


def test_routes_are_pickled_with_their_question(
    directory: cn.Directory, girl: cn.Case, demo_path: pathlib.Path
) -> None:
    plan = directory.route_batch([girl])
    routes = directory.route([girl], top=2, include_unconfirmed=True, prices=plan)
    again = pickle.loads(pickle.dumps(routes))
    assert again.to_json() == routes.to_json()
    assert again.why_not("ex-nmn-014") == routes.why_not("ex-nmn-014")
    with cn.open(demo_path) as net:
        packed = pickle.dumps(net.directory().route(girl))
        net.set_capacity("ex-nmn-014/trauma-therapy", total=1, occupied=1, actor="desk-1")
    with pytest.raises(cn.ConflictError):
        pickle.loads(packed)


def test_rows_are_left_out_for_a_directory(directory: cn.Directory, tmp_path: pathlib.Path) -> None:
    rows = "ref,area,needs,avoid\nC-1,Iligan,trauma-therapy,\nC-2,Iligan,trauma-therapy,ex-nmn-14\n"
    sheet = tmp_path / "list.csv"
    sheet.write_text(rows)
    cases = cn.Cases.read(sheet, keep_sound=True, directory=directory)
    assert list(cases) == ["C-1"]
    assert cases.refused == "ref,area,needs,avoid\nC-2,Iligan,trauma-therapy,ex-nmn-14\n"
    assert [issue["tag"] for issue in cases.warnings] == ["unknown-id"]
    with pytest.raises(cn.InvalidDataError):
        cn.Cases.read(sheet, directory=directory)
    # Records are read one by one for a directory, however flat they are.
    record = {"ref": "C-3", "area": "Iligan", "needs": ["trauma-therapy"], "avoid": {"providers": ["ex-nmn-14"]}}
    with pytest.raises(cn.InvalidDataError):
        cn.Cases.read([record], directory=directory)
    frame = pytest.importorskip("pandas").DataFrame({"ref": ["C-4"], "area": ["Iligan"], "needs": ["trauma-therapy"]})
    with pytest.raises(cn.InvalidArgumentError):
        cn.Cases.read(frame, directory=directory)


def test_numbers_of_numpy_are_numbers() -> None:
    numpy = pytest.importorskip("numpy")
    case = cn.Case("C-1", needs=[cn.Need("trauma-therapy", units=numpy.int64(2))], area="Iligan",
                   age=numpy.int64(15), remote_safe=numpy.bool_(True))
    plain = cn.Case("C-1", needs=[cn.Need("trauma-therapy", units=2)], area="Iligan", age=15, remote_safe=True)
    assert list(cn.Cases.read(case)) == ["C-1"]
    assert pickle.dumps(cn.Cases.read(case)) == pickle.dumps(cn.Cases.read(plain))
    assert case.to_dict()["age"] == 15
    pandas = pytest.importorskip("pandas")
    assert "age" not in cn.Case("C-1", needs=["trauma-therapy"], area="Iligan", age=pandas.NA).to_dict()
    with pytest.raises(cn.InvalidDataError, match="case 0 .from 0.: a case cannot hold Decimal"):
        cn.Cases.read([cn.Case("C-1", needs=["trauma-therapy"], area="Iligan", age=decimal.Decimal(15))])


def test_a_programme_says_that_it_is_not_pickled() -> None:
    programme = cn.open().programme()
    assert copy.deepcopy(programme) is copy.copy(programme) is programme
    with pytest.raises(TypeError, match="read it again"):
        pickle.dumps(programme)
