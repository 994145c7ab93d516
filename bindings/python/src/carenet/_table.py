"""Tables: every list that leaves the library."""

from __future__ import annotations

import html
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, overload

from carenet import _arrow
from carenet._call import call, taken, text
from carenet._errors import NotFoundError, UnsupportedError
from carenet._native import ffi, lib

if TYPE_CHECKING:
    import pandas  # type: ignore[import-untyped, unused-ignore]
    import polars
    import pyarrow  # type: ignore[import-untyped, unused-ignore]

_TYPES = {1: "int64", 2: "double", 3: "bool", 4: "text", 5: "list"}
_SHOWN = 12  # rows in a repr
_SHOWN_HTML = 50
_WIDTH = 32  # characters of a cell in a repr

Row = dict[str, Any]


class Table:
    """An immutable table of typed columns: any thread may read it.

    A column is of type ``int64``, ``double``, ``bool``, ``text`` or ``list`` (of texts); any cell may
    be null (None). Columns are only ever added in later releases: name them, don't count them.

    ``len(t)`` is the number of rows; iterating gives each as a dict; ``t["name"]`` is a column as a
    list, ``t[3]`` a row, ``t[2:10]`` a table of these rows. :meth:`to_pandas` and
    :meth:`to_polars` make data frames; every library that speaks the Arrow PyCapsule interface takes a
    table as it is (``pyarrow.table(t)``, ``polars.DataFrame(t)``, DuckDB by name).

    >>> import carenet as cn
    >>> t = cn.open().directory().find(region="caraga", service="trauma-therapy")
    >>> t.schema["wait_days"], t.schema["languages"]
    ('int64', 'list')
    >>> t[0]["provider"] == t["provider"][0]
    True
    """

    __slots__ = ("_handle", "_described", "__weakref__")

    def __init__(self, data: Any) -> None:
        """A table of ``data``: whatever has ``__arrow_c_stream__`` (pandas, polars, pyarrow, DuckDB),
        a list of dicts, or a dict of columns. The values are copied.

        >>> Table([{"ref": "C-1", "age": 15}, {"ref": "C-2", "age": None}]).schema
        {'ref': 'text', 'age': 'int64'}
        """
        self._set(_import(data))

    def _set(self, handle: Any) -> None:
        self._handle = handle
        self._described: tuple[tuple[str, ...], tuple[str, ...]] | None = None

    def _describe(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Names and types, when somebody asks: a table that is only handed on need not have them."""
        if self._described is None:
            handle = self._handle
            columns = range(int(lib.carenet_table_columns_len(handle)))
            self._described = (
                tuple(text(lib.carenet_table_column_name(handle, i)) or "" for i in columns),
                tuple(_TYPES[lib.carenet_table_column_type(handle, i)] for i in columns),
            )
        return self._described

    @property
    def _names(self) -> tuple[str, ...]:
        return self._describe()[0]

    @property
    def _types(self) -> tuple[str, ...]:
        return self._describe()[1]

    @classmethod
    def _take(cls, pointer: Any) -> Table:
        """Takes a table that C handed out."""
        table = cls.__new__(cls)
        table._set(ffi.gc(pointer, lib.carenet_table_unref))
        return table

    @classmethod
    def from_columns(cls, columns: Mapping[str, Sequence[Any]]) -> Table:
        """A table of columns of Python values, all of one length."""
        return cls(columns)

    # ---- Shape.

    def __len__(self) -> int:
        return int(lib.carenet_table_rows_len(self._handle))

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return self._names

    @property
    def schema(self) -> dict[str, str]:
        """Name -> type (``int64``, ``double``, ``bool``, ``text``, ``list``)."""
        return dict(zip(self._names, self._types, strict=True))

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the reader of the whole table must know, one sentence each."""
        count = int(lib.carenet_table_warnings_len(self._handle))
        return tuple(text(lib.carenet_table_warning(self._handle, i)) or "" for i in range(count))

    # ---- Cells.

    @overload
    def __getitem__(self, key: str) -> list[Any]: ...
    @overload
    def __getitem__(self, key: int) -> Row: ...
    @overload
    def __getitem__(self, key: slice) -> Table: ...
    def __getitem__(self, key: str | int | slice) -> list[Any] | Row | Table:
        if isinstance(key, str):
            return self._column(key)
        if isinstance(key, slice):
            return self._select(range(*key.indices(len(self))))
        key = operator.index(key)
        row = key + len(self) if key < 0 else key
        if not 0 <= row < len(self):
            raise IndexError(f"row {key} of a table of {len(self)}")
        return next(iter(self._select([row])))

    def _select(self, rows: Sequence[int]) -> Table:
        """A table of these rows, in that order."""
        positions = ffi.new("size_t[]", list(rows))
        return Table._take(call(lib.carenet_table_select, self._handle, positions, len(rows)))

    def where(self, keep: Callable[[Row], bool]) -> Table:
        """The rows for which ``keep(row)`` is true.

        >>> t = Table([{"n": 1}, {"n": 2}])
        >>> t.where(lambda row: row["n"] > 1).to_dicts()
        [{'n': 2}]
        """
        return self._select([i for i, row in enumerate(self) if keep(row)])

    def _column(self, name: str) -> list[Any]:
        if name not in self._names:
            raise NotFoundError(
                f'there is no column "{name}"', hint="the columns are " + ", ".join(self._names)
            )
        return self._lists()[self._names.index(name)]

    def _lists(self) -> list[list[Any]]:
        stream = self._stream()
        try:
            return _arrow.read_columns(stream, self._types)
        finally:
            lib.helper_stream_free(stream)

    def __iter__(self) -> Iterator[Row]:
        names = self._names
        for values in zip(*self._lists(), strict=True):
            yield dict(zip(names, values, strict=True))

    def to_dicts(self) -> list[Row]:
        """The rows as dicts: int, float, bool, str, list of str, or None."""
        return list(self)

    # ---- Frames.

    def _stream(self) -> Any:
        stream = _arrow.new_stream()
        try:
            call(lib.carenet_table_export_arrow, self._handle, stream)
        except BaseException:
            lib.helper_stream_free(stream)
            raise
        return stream

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The Arrow PyCapsule interface: int64, double and bool columns are not copied. The stream
        lives on after the table. A requested schema is not looked at, as the interface allows."""
        del requested_schema
        return _arrow.capsule_of(self._stream())

    def to_pandas(self) -> pandas.DataFrame:
        """A ``pandas.DataFrame`` of ``len(t)`` rows. The types depend on the columns, never on what is
        in them: ``Int64``, ``float64``, ``boolean``, ``str`` (``string`` before pandas 3), and lists
        as objects. With pyarrow numbers are not copied."""
        from carenet._frames import table_to_pandas

        return table_to_pandas(self)

    def to_polars(self) -> polars.DataFrame:
        """A ``polars.DataFrame``: Int64, Float64, Boolean, String, List(String)."""
        import polars

        return polars.DataFrame(self)

    def to_arrow(self) -> pyarrow.Table:
        """A ``pyarrow.Table``: int64, double, bool, string, list<string>."""
        import pyarrow

        return pyarrow.table(self)

    # ---- Texts.

    def _text(self, format: int) -> str:
        return taken(call(lib.carenet_table_to_string, self._handle, format))

    def to_json(self) -> str:
        """An array of objects."""
        return self._text(lib.CARENET_FORMAT_JSON)

    def to_ndjson(self) -> str:
        """One object a line."""
        return self._text(lib.CARENET_FORMAT_NDJSON)

    def to_csv(self) -> str:
        """RFC 4180, header first, lists joined by ";"."""
        return self._text(lib.CARENET_FORMAT_CSV)

    def to_markdown(self) -> str:
        """A pipe table."""
        return self._text(lib.CARENET_FORMAT_MARKDOWN)

    def __repr__(self) -> str:
        shown = self[:_SHOWN]
        rows = [[_short(value) for value in row.values()] for row in shown]
        used = [i for i in range(len(self._names)) if any(row[i] for row in rows)]
        head = f"Table: {len(self)} rows x {len(self._names)} columns"
        if not used:
            return f"{head} ({', '.join(self._names)})"
        lines = [[self._names[i] for i in used], *([row[i] for i in used] for row in rows)]
        widths = [max(len(line[i]) for line in lines) for i in range(len(used))]
        text_of = [
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
            for line in lines
        ]
        more = [f"... {len(self) - len(shown)} more"] if len(self) > len(shown) else []
        return "\n".join([head, *text_of, *more])

    def _repr_html_(self) -> str:
        shown = self[:_SHOWN_HTML]
        head = "".join(f"<th>{html.escape(name)}</th>" for name in self._names)
        body = "".join(
            "<tr>"
            + "".join(f"<td>{html.escape(_short(value, 200))}</td>" for value in row.values())
            + "</tr>"
            for row in shown
        )
        caption = f"{len(self)} rows"
        if len(self) > len(shown):
            caption += f", the first {len(shown)} shown"
        return (
            f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead>"
            f"<tbody>{body}</tbody></table>"
        )

    # ---- As a value.

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Table):
            return NotImplemented
        return self.schema == other.schema and self._lists() == other._lists()

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> tuple[object, ...]:
        return table_of, (self._names, self._types, self._lists())


def _short(value: object, width: int = _WIDTH) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        shown = f"{value:.6g}"
    elif isinstance(value, list):
        shown = ",".join(value)
    else:
        shown = str(value)
    shown = " ".join(shown.split())
    return shown if len(shown) <= width else shown[: width - 1] + "…"


def table_of(names: Sequence[str], types: Sequence[str], lists: Sequence[list[Any]]) -> Table:
    """A table of columns whose types are declared."""
    columns = {name: (kind, values) for name, kind, values in zip(names, types, lists, strict=True)}
    table = Table.__new__(Table)
    table._set(_import_columns(columns))
    return table


def _import_columns(columns: Mapping[str, tuple[str, Sequence[Any]]]) -> Any:
    stream, held = _arrow.write_columns(columns)
    handle = call(lib.carenet_table_import_arrow, stream)
    del held  # until here
    return ffi.gc(handle, lib.carenet_table_unref)


def _import_stream(frame: Any) -> Any:
    capsule = frame.__arrow_c_stream__()
    handle = call(lib.carenet_table_import_arrow, _arrow.stream_in(capsule))
    return ffi.gc(handle, lib.carenet_table_unref)


def _import(data: Any) -> Any:
    from carenet._frames import frame_columns, refuse_lazy, without_index

    if isinstance(data, Table):
        return data._handle
    refuse_lazy(data)
    if hasattr(data, "__arrow_c_stream__"):
        try:
            frame = without_index(data)
        except ImportError:  # pandas without pyarrow
            frame = None
        if frame is not None:
            try:
                return _import_stream(frame)
            except UnsupportedError:
                if frame is data:
                    raise
    # Read cell by cell, which also says where something is that no column takes.
    return _import_columns(frame_columns(data))
