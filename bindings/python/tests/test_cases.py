"""Lists of cases: which kinds of records stand side by side."""

from __future__ import annotations

from typing import Any

import pandas
import pytest

import carenet as cn

ROW = {"ref": "C-1", "area": "Butuan", "needs": "trauma-therapy;legal-aid"}
RECORD = {"ref": "C-2", "area": "Butuan", "needs": [{"service": "trauma-therapy", "units": 2}]}
EITHER = {"ref": "C-3", "area": "Butuan", "needs": ["trauma-therapy"], "age": 15}
CASE = cn.Case("C-4", needs=["trauma-therapy"], area="Butuan")


@pytest.mark.parametrize(
    ("records", "places"),
    [
        ([ROW, RECORD], ("case 0 ", 'see "needs"', "case 1 as")),
        ([EITHER, CASE, ROW], ("case 2 ", 'see "needs"', "case 1 as")),
        ([RECORD, {**EITHER, "age": "15"}], ("case 1 ", 'see "age"', "case 0 as")),
        ([CASE, {**EITHER, "avoid": ["area:Iligan"]}], ("case 1 ", 'see "avoid"', "case 0 as")),
        ([CASE, {**EITHER, "remote_safe": 1}], ("case 1 ", 'see "remote_safe"', "case 0 as")),
        ([CASE, {**EITHER, "bundle": "prefer:trauma-therapy"}], ("case 1 ", 'see "bundle"', "case 0 as")),
        ([CASE, {**EITHER, "#note": "mine"}], ("case 1 ", 'see "#note"', "case 0 as")),
    ],
)
def test_rows_and_records_are_not_mixed(records: list[Any], places: tuple[str, ...]) -> None:
    with pytest.raises(cn.InvalidDataError, match="one kind a list") as caught:
        cn.Cases.read(records)
    assert all(place in caught.value.message for place in places)
    assert "as a case file does" in (caught.value.hint or "")
    # What fits both kinds stands beside either.
    assert len(cn.Cases.read([EITHER, {**EITHER, "ref": "C-5", "languages": "ceb;fil"}])) == 2
    assert len(cn.Cases.read([EITHER, RECORD, CASE])) == 3


def test_rows_are_not_left_out_by_the_rules_of_records(directory: cn.Directory) -> None:
    options: list[dict[str, Any]] = [{"keep_sound": True}, {"directory": directory}]
    for more in options:
        with pytest.raises(cn.InvalidArgumentError, match=r'case 1 \(from 0\).*see "needs"'):
            cn.Cases.read([EITHER, ROW], **more)
        assert len(cn.Cases.read([EITHER, RECORD], **more)) == 2


AVOIDS = {"ref": "C-9", "area": "Butuan", "needs": ["legal-aid"]}
FRAME = [EITHER, {**AVOIDS, "avoid": ["provider:nobody-9"]}]
LISTS = [FRAME, pandas.DataFrame(FRAME), [CASE, {**AVOIDS, "avoid": {"providers": ["nobody-9"]}}]]


@pytest.mark.parametrize("cases", LISTS)
def test_what_the_directory_finds_has_its_row(directory: cn.Directory, cases: Any) -> None:
    ask: list[Any] = [directory.route, directory.route_batch]
    for question in ask:
        for given in (cases, cn.Cases.read(cases)):
            with pytest.raises(cn.InvalidDataError, match=r"row 1 \(from 0\).*avoid: providers") as caught:
                question(given)
            assert caught.value.file is None and caught.value.line is None
