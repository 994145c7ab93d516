"""Data frames of other libraries, which are only imported when they are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from carenet._arrow import typed_column
from carenet._errors import InvalidDataError

if TYPE_CHECKING:
    import pandas  # type: ignore[import-untyped, unused-ignore]

    from carenet._table import Table


def _string_dtype(pd: Any) -> Any:
    """The type that pandas itself gives to texts: "str" from version 3 on."""
    if int(pd.__version__.split(".")[0]) >= 3:
        import numpy

        return pd.StringDtype(na_value=numpy.nan)
    return pd.StringDtype()


def _plain_series(pd: Any, kind: str, values: list[Any]) -> Any:
    types = {"int64": "Int64", "double": "float64", "bool": "boolean", "text": _string_dtype(pd)}
    return pd.array(values, dtype=types[kind])


def table_to_pandas(table: Table) -> pandas.DataFrame:
    import pandas as pd

    try:
        import pyarrow as pa  # type: ignore[import-untyped, unused-ignore]
    except ImportError:
        pa = None
    schema = table.schema
    lists = {name for name, kind in schema.items() if kind == "list"}
    columns: dict[str, Any] = {}
    if pa is not None:
        mapper = {pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()}
        mapper[pa.string()] = _string_dtype(pd)
        arrow = pa.table(table).drop_columns(sorted(lists))
        frame = arrow.to_pandas(types_mapper=mapper.get)
        if not lists:
            return frame  # type: ignore[no-any-return, unused-ignore]
        columns = {name: frame[name] for name in frame.columns}
    for name, kind in schema.items():
        if name not in columns:
            values = table[name]
            dtype = object if kind == "list" else None
            columns[name] = (
                pd.Series(values, dtype=dtype) if dtype else _plain_series(pd, kind, values)
            )
    return pd.DataFrame({name: columns[name] for name in schema})


def _records_to_columns(records: list[Mapping[str, Any]]) -> dict[str, list[Any]]:
    names: dict[str, None] = {}
    for row, record in enumerate(records):
        if not isinstance(record, Mapping):
            raise InvalidDataError(f"row {row} (from 0) is not a dict")
        names.update(dict.fromkeys(record))
    return {name: [record.get(name) for record in records] for name in names}


def refuse_lazy(data: Any) -> None:
    """A frame that is only planned has no rows; reading them may be long work, which is the caller's to begin."""
    if type(data).__name__ == "LazyFrame":
        raise TypeError("a LazyFrame has no rows yet: collect() it first")


def _is_pandas(data: Any) -> bool:
    return any(kind.__module__.split(".")[0] == "pandas" for kind in type(data).__mro__)


def without_index(data: Any) -> Any:
    """A frame of pandas hands its index on as a column, unless it is told not to. None where a column of it is
    none of Arrow's: it mixes lists and texts, or is numbers only as pandas stores it."""
    if not _is_pandas(data):
        return data
    import pyarrow as pa  # type: ignore[import-untyped, unused-ignore]

    check_frame(data)
    try:
        table = pa.Table.from_pandas(data, preserve_index=False)
    except (pa.ArrowException, ValueError, TypeError, OverflowError):
        return None
    return None if any(isinstance(kind, pa.BaseExtensionType) for kind in table.schema.types) else table


def check_frame(data: Any) -> None:
    """That a frame of pandas has columns, each with a name of its own: other libraries allow nothing else."""
    if not hasattr(data, "columns"):
        raise TypeError(f"{type(data).__name__} is no frame: to_frame() makes one of it")
    if data.columns.nlevels > 1:
        raise InvalidDataError(
            f"the columns have {data.columns.nlevels} levels of names",
            hint='give each one name: frame.columns = [" ".join(map(str, name)) for name in frame.columns]',
        )
    seen: set[str] = set()
    for at, name in enumerate(data.columns):
        check_name(at, name)
        if name in seen:
            raise InvalidDataError(
                f'column {at} (from 0): two columns are called "{name}"',
                hint="rename one of them, or leave it out",
            )
        seen.add(name)


def check_name(at: int, name: object) -> None:
    """That the name of a column is one for Arrow, too."""
    wrong = None
    if not isinstance(name, str):
        wrong = f"is {type(name).__name__}, not a text"
    elif "\0" in name:
        wrong = "has a NUL in it"
    elif not name.isascii() and any("\ud800" <= char <= "\udfff" for char in name):
        wrong = "is not Unicode"
    if wrong is not None:
        raise InvalidDataError(f"column {at} (from 0): the name of a column {wrong}", hint="rename it")


def frame_columns(data: Any) -> dict[str, tuple[str, list[Any]]]:
    """The columns of a list of dicts, of a dict of columns, or of a frame without Arrow."""
    columns: Mapping[Any, Iterable[Any]]
    if isinstance(data, Mapping):
        columns = data
    elif hasattr(data, "columns") and hasattr(data, "__getitem__"):
        if _is_pandas(data):
            check_frame(data)
        columns = {name: data[name] for name in data.columns}
    elif isinstance(data, (str, bytes)) or not isinstance(data, Iterable):
        raise TypeError(f"{type(data).__name__} is not a frame, a list of dicts or a dict of columns")
    else:
        columns = _records_to_columns(list(data))
    found = {}
    for at, (name, values) in enumerate(columns.items()):
        check_name(at, name)
        found[name] = typed_column(name, values)
    return found
