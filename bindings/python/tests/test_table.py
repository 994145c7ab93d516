"""Tables: what goes through pandas, polars, pyarrow and DuckDB comes back; cells as Python values."""

from __future__ import annotations

import math
import pickle
from typing import Any

import duckdb
import hypothesis
import pandas
import polars
import pyarrow
import pytest
from hypothesis import strategies as st

import carenet as cn

hypothesis.settings.register_profile("quick", max_examples=60, deadline=None, derandomize=True)
hypothesis.settings.load_profile("quick")

# What any text may hold but NUL and lone surrogates.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
CELLS = {
    "int64": st.integers(-(2**63), 2**63 - 1),
    "double": st.floats(allow_nan=False),
    "bool": st.booleans(),
    "text": TEXTS,
    "list": st.lists(TEXTS, max_size=4),
}
COLUMN_NAMES = st.lists(
    st.text("abcdefgh_ñ", min_size=1, max_size=6), min_size=1, max_size=5, unique_by=str.lower
)


@st.composite
def tables(draw: st.DrawFn) -> cn.Table:
    """Any table, with every column holding at least one value, so that its type shows."""
    rows = draw(st.integers(1, 12))
    columns: dict[str, list[Any]] = {}
    for name in draw(COLUMN_NAMES):
        cell = CELLS[draw(st.sampled_from(sorted(CELLS)))]
        columns[name] = [draw(cell)] + [draw(st.none() | cell) for _ in range(rows - 1)]
    return cn.Table(columns)


def assert_same(a: cn.Table, b: cn.Table) -> None:
    assert a.schema == b.schema
    assert a.to_dicts() == b.to_dicts()
    assert a == b


@hypothesis.given(tables())
def test_through_pyarrow(table: cn.Table) -> None:
    arrow = pyarrow.table(table)
    arrow.validate(full=True)
    assert_same(cn.Table(arrow), table)
    # Cut, so that arrays have offsets, and in several batches.
    assert_same(cn.Table(arrow[1:]), table[1:])
    twice = pyarrow.concat_tables([arrow, arrow[1:]])
    assert cn.Table(twice).to_dicts() == table.to_dicts() + table[1:].to_dicts()


@hypothesis.given(tables())
def test_through_polars(table: cn.Table) -> None:
    frame = table.to_polars()
    assert frame.shape == (len(table), len(table.columns))
    assert_same(cn.Table(frame), table)
    assert_same(cn.Table(frame[1:]), table[1:])


@hypothesis.given(tables())
def test_through_pandas(table: cn.Table) -> None:
    frame = table.to_pandas()
    assert frame.shape == (len(table), len(table.columns))
    assert_same(cn.Table(frame), table)


@hypothesis.given(tables())
def test_through_duckdb(table: cn.Table) -> None:
    given = pyarrow.table(table)
    with duckdb.connect() as connection:
        names = ", ".join(f'"{name}"' for name in table.columns)
        back = connection.sql(f"select {names} from given")
        assert_same(cn.Table(back), table)
    assert given.num_rows == len(table)


@hypothesis.given(tables())
def test_through_pickle_and_dicts(table: cn.Table) -> None:
    assert_same(pickle.loads(pickle.dumps(table)), table)
    assert_same(cn.Table({name: table[name] for name in table.columns}), table)


def test_pandas_without_pyarrow(monkeypatch: pytest.MonkeyPatch, directory: cn.Directory) -> None:
    import builtins

    table = directory.find(region="caraga")
    with_pyarrow = table.to_pandas()
    real = builtins.__import__

    def refuse(name: str, *rest: Any, **more: Any) -> Any:
        if name.split(".")[0] == "pyarrow":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", refuse)
    frame = table.to_pandas()
    monkeypatch.undo()
    assert list(frame.dtypes.astype(str)) == list(with_pyarrow.dtypes.astype(str))
    pandas.testing.assert_frame_equal(frame, with_pyarrow, check_dtype=False)


def test_types_do_not_depend_on_what_is_there(directory: cn.Directory) -> None:
    full = directory.find(region="caraga")
    none = directory.find(region="caraga", service="psychiatric-care")
    assert len(none) == 0
    assert none.schema == full.schema
    assert none.to_polars().schema == full.to_polars().schema
    assert pyarrow.table(none).schema == pyarrow.table(full).schema
    assert list(none.to_pandas().dtypes) == list(full.to_pandas().dtypes)


def test_numbers_are_not_copied() -> None:
    arrow = pyarrow.table(cn.Table({"n": list(range(1000)), "x": [0.5] * 1000}))
    first, second = pyarrow.table(cn.Table(arrow)), pyarrow.table(cn.Table(arrow))
    assert first["n"].chunk(0).buffers()[1].address != second["n"].chunk(0).buffers()[1].address
    table = cn.Table(arrow)
    addresses = {pyarrow.table(table)["n"].chunk(0).buffers()[1].address for _ in range(3)}
    assert len(addresses) == 1
    in_polars = table.to_polars()["n"].to_numpy(allow_copy=False)
    assert in_polars.__array_interface__["data"][0] in addresses


def test_a_stream_outlives_its_table() -> None:
    def stream() -> object:
        return cn.Table({"n": [1, 2, None]}).__arrow_c_stream__()

    capsules = [stream() for _ in range(3)]
    del capsules[0]  # never consumed

    class Owner:
        def __arrow_c_stream__(self, requested_schema: object = None) -> object:
            return capsules.pop()

    assert pyarrow.table(Owner())["n"].to_pylist() == [1, 2, None]


def test_getting_at_cells(directory: cn.Directory) -> None:
    table = directory.find(region="caraga")
    assert table[0] == table.to_dicts()[0] == next(iter(table))
    assert table[-1] == table.to_dicts()[-1]
    assert table[2:5].to_dicts() == table.to_dicts()[2:5]
    assert table[::-1]["offering"] == table["offering"][::-1]
    assert len(table[5:5]) == 0
    with pytest.raises(IndexError):
        table[len(table)]
    with pytest.raises(LookupError, match="provider"):
        table["nobody"]
    free = table.where(lambda row: (row["free"] or 0) > 2)
    assert all(count > 2 for count in free["free"])


def test_texts(directory: cn.Directory) -> None:
    table = directory.find(region="caraga", limit=3)
    assert table.to_csv().count("\r\n") == 4
    assert table.to_ndjson().count("\n") == 3
    assert table.to_json().startswith("[")
    assert table.to_markdown().startswith("|")
    assert repr(table).startswith("Table: 3 rows")


def test_html_is_escaped() -> None:
    shown = cn.Table({"a<b": ["<script>", None, "&"]})._repr_html_()
    assert "<script>" not in shown and "&lt;script&gt;" in shown and "a&lt;b" in shown


@pytest.mark.parametrize(
    ("data", "where"),
    [
        ([{"a": 1}, {"a": "x"}], 'column "a", row 1'),
        ([{"a": object()}], 'column "a", row 0'),
        ([{"a": 2**63}], 'column "a", row 0'),
        ([{"a": [1]}], 'column "a", row 0'),
        ([{"a": "x"}, {"a": "a\0b"}], 'column "a", row 1'),
        ([{"a": 1}, 3], "row 1"),
        ({"a": [1], "b": []}, "length"),
        ({3: [1]}, "name of a column"),
    ],
)
def test_bad_data_names_row_and_column(data: Any, where: str) -> None:
    with pytest.raises(ValueError, match=where):
        cn.Table(data)


def test_what_arrow_has_and_a_table_has_not() -> None:
    with pytest.raises(cn.UnsupportedError, match='column "when"'):
        cn.Table(polars.DataFrame({"when": [None]}, schema={"when": polars.Date}))
    with pytest.raises(cn.TooLargeError, match='column "n", row 1'):
        cn.Table(polars.DataFrame({"n": [1, 2**63]}, schema={"n": polars.UInt64}))
    with pytest.raises(TypeError):
        cn.Table("text")


def test_kinds_of_arrow_arrays() -> None:
    words = pyarrow.array(["ceb", None, "fil"])
    arrow = pyarrow.table(
        {
            "small": pyarrow.array([1, None, 3], pyarrow.int8()),
            "unsigned": pyarrow.array([1, None, 3], pyarrow.uint32()),
            "single": pyarrow.array([0.5, None, 2.0], pyarrow.float32()),
            "large": words.cast(pyarrow.large_string()),
            "view": words.cast(pyarrow.string_view()),
            "dictionary": words.dictionary_encode(),
            "nothing": pyarrow.nulls(3),
            "lists": pyarrow.array([["a", "b"], None, []], pyarrow.large_list(pyarrow.string())),
        }
    )
    table = cn.Table(arrow)
    assert table["small"] == table["unsigned"] == [1, None, 3]
    assert table["single"] == [0.5, None, 2.0]
    assert table["large"] == table["view"] == table["dictionary"] == ["ceb", None, "fil"]
    assert table["nothing"] == [None] * 3
    assert table["lists"] == [["a", "b"], None, []]


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ([["legal"], "trauma-therapy"], "text below list"),
        (["legal", None, ["trauma-therapy"]], "list below text"),
        (["legal", 3], "int64 below text"),
        (["legal", object()], "object is not a text"),
    ],
)
def test_columns_of_pandas_that_mix_kinds(cells: list[Any], problem: str) -> None:
    frame = pandas.DataFrame({"ref": [f"C-{i}" for i in range(len(cells))], "needs": cells})
    frame.index = frame.index + 7
    with pytest.raises(cn.InvalidDataError, match=rf'column "needs", row {len(cells) - 1} .*{problem}'):
        cn.Table(frame)
    with pytest.raises(cn.InvalidDataError, match='column "needs"'):
        cn.Cases.read(frame)


def a_frame(names: Any = ("ref", "area", "needs"), **more: Any) -> pandas.DataFrame:
    frame = pandas.DataFrame({"ref": ["C-1"], "area": ["Butuan"], "needs": ["trauma-therapy"]})
    frame.columns = pandas.Index(names, dtype=object) if isinstance(names, tuple) else names
    return frame.assign(**more)


DAYS = pandas.to_datetime(["2026-01-31"])
ODD: list[tuple[str, str, pandas.DataFrame]] = [
    ('column 1 .*two columns are called "ref"', "rename one", a_frame(("ref", "ref", "needs"))),
    ("2 levels of names", "frame.columns =", a_frame(pandas.MultiIndex.from_product([["a"], ["ref", "b", "c"]]))),
    ("column 1 .*is int, not a text", "rename", a_frame(("ref", 7, "needs"))),
    ("column 2 .*is Timestamp, not a text", "rename", a_frame(("ref", "area", DAYS[0]))),
    ("column 1 .*has a NUL", "rename", a_frame(("ref", "area\0", "needs"))),
    ("column 1 .*is not Unicode", "rename", a_frame(("ref", "\ud800", "needs"))),
    ('column "age", row 0 .*Timestamp', "day as a text", a_frame(age=DAYS)),
    ('column "age", row 0 .*date is', "day as a text", a_frame(age=pandas.Categorical(DAYS.date))),
    ('column "age", row 0 .*Period', "day as a text", a_frame(age=DAYS.to_period("D"))),
    ('column "age", row 0 .*Timedelta', "leave the column out", a_frame(age=DAYS - DAYS)),
    ('column "age", row 0 .*beyond 64 bits', "check the number", a_frame(age=[2**70])),
    ('column "age", row 0 .*list', "as texts", a_frame(age=[[["x"]]])),
    ('column "sex", row 0 .*not Unicode', "encoding", a_frame(sex=pandas.Series(["\ud800"], dtype=object))),
]


@pytest.mark.parametrize(("where", "next_step", "frame"), ODD)
def test_odd_frames_of_pandas(where: str, next_step: str, frame: pandas.DataFrame) -> None:
    with pytest.raises(cn.InvalidDataError, match=where) as caught:
        cn.Cases.read(frame)
    assert next_step in (caught.value.hint or "")


@pytest.mark.parametrize(
    "ages",
    [pandas.Categorical([12]), pandas.arrays.SparseArray([12]), pandas.Series([12.0], dtype="float16")],
)
def test_numbers_as_pandas_stores_them(ages: Any) -> None:
    frame = a_frame(age=ages)
    assert cn.Table(frame)["age"] == [12] and list(cn.Cases.read(frame)) == ["C-1"]


def test_a_column_is_no_frame() -> None:
    with pytest.raises(TypeError, match=r"to_frame\(\)"):
        cn.Cases.read(pandas.Series(["C-1"]))


def test_missing_values_of_pandas() -> None:
    frame = pandas.DataFrame({"age": [15.0, math.nan], "word": pandas.Categorical(["a", None])})
    assert cn.Table(frame)["word"] == ["a", None]
    plain = cn.Table({"age": [15, pandas.NA, math.nan, None]})
    assert plain["age"] == [15, None, None, None]
