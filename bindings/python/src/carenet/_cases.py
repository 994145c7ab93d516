"""Cases: pseudonymous references with the facts that routing needs; never a name."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from carenet._call import Reference, StrPath, call_with_issues, path_bytes, taken, text, whole
from carenet._errors import CarenetError, InvalidArgumentError, InvalidDataError, NotFoundError
from carenet._frames import refuse_lazy
from carenet._native import ffi, lib
from carenet._table import Table, table_of

if TYPE_CHECKING:
    from carenet._directory import Directory

__all__ = ["Case", "Cases", "Need"]


def _texts(value: str | Iterable[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


@dataclass(frozen=True)
class Need:
    """One service that a case asks for.

    Args:
        service: id, name or alias of a service; an offering of it or of any service below it meets it.
        urgency: ``"emergency"``, ``"urgent"`` or ``"routine"``; None: that of the case.
        units: places, 1 to 1000.
        prefer: providers or offerings that the survivor would rather have.
        before: needed by the end of this day.
    """

    service: str
    urgency: str | None = None
    units: int = 1
    prefer: Sequence[str] = ()
    before: dt.date | str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "prefer", _texts(self.prefer))


@dataclass(frozen=True, kw_only=True)
class Case:
    """A case: an opaque reference and facts. Its repr shows no fact.

    Args:
        ref: opaque reference, 1 to 64 of ``A-Z a-z 0-9 . _ : -``; never a name.
        needs: services (texts or :class:`Need`); ``"trauma-therapy@urgent"`` carries its urgency.
        area: name or PSGC code of where the survivor is.
        age: years, 0 to 120; or ``age_band`` such as ``"13-17"`` or ``"18+"``.
        sex: ``"female"``, ``"male"`` or ``"unstated"``.
        languages, groups, access, documents: words of the vocabularies (:meth:`Network.terms`).
        urgency: of every need that has none of its own.
        siblings: ``{"group": ref, "keep": "require" | "prefer" | "apart"}``.
        bundle: ``"require"`` or ``"prefer"``: one provider for all needs; or ``{"keep": ..., "needs":
            [services]}`` for some of them.
        keep_apart: references of cases of the same list who must not meet this one.
        known_to: ids of providers who know the survivor.
        offender, avoid: ``{"areas": [...], "providers": [...], "organizations": [...]}``: never
            proposed; ``offender`` also has ``in_household`` and ``relation``.
        assessments: ``{"kind": ..., "on": date}`` each; they open gates such as kinship care.
        remote_safe: whether help by phone or online is safe.
        max_travel_min: minutes; None: no limit.
        responsible_office, court_area, custody_order: who holds the case.
        consent: ``"none"``, ``"minimum"`` or ``"full"``; or ``consents`` at length.

    >>> Case("C-1", needs=["trauma-therapy"], area="Cagayan de Oro", age=15)
    Case('C-1', 1 need)
    """

    ref: str = field(kw_only=False)
    needs: Sequence[str | Need]
    area: str
    age: int | None = None
    age_band: str | None = None
    sex: str | None = None
    languages: Sequence[str] = ()
    groups: Sequence[str] = ()
    access: Sequence[str] = ()
    urgency: str | None = None
    siblings: Mapping[str, str] | None = None
    bundle: str | Mapping[str, Any] | None = None
    keep_apart: Sequence[str] = ()
    known_to: Sequence[str] = ()
    offender: Mapping[str, Any] | None = None
    avoid: Mapping[str, Any] | None = None
    assessments: Sequence[Mapping[str, Any]] = ()
    documents: Sequence[str] = ()
    remote_safe: bool | None = None
    max_travel_min: int | None = None
    responsible_office: str | None = None
    court_area: str | None = None
    custody_order: bool | None = None
    consent: str | None = None
    consents: Sequence[Mapping[str, Any]] = ()

    def __post_init__(self) -> None:
        for name in ("languages", "groups", "access", "keep_apart", "known_to", "documents"):
            object.__setattr__(self, name, _texts(getattr(self, name)))
        needs = (self.needs,) if isinstance(self.needs, (str, Need)) else tuple(self.needs)
        object.__setattr__(self, "needs", needs)

    def __repr__(self) -> str:
        count = len(self.needs)
        return f"Case({self.ref!r}, {count} need{'' if count == 1 else 's'})"

    def to_dict(self) -> dict[str, Any]:
        """The case as a case file holds it: only what is known."""
        facts: dict[str, Any] = {}
        for item in dataclasses.fields(self):
            value = getattr(self, item.name)
            if _is_known(value):
                facts[item.name] = value
        facts["needs"] = [_need_dict(need) for need in self.needs]
        return facts


def _need_dict(need: str | Need) -> str | dict[str, Any]:
    if isinstance(need, str):
        return need
    return {key: value for key, value in vars(need).items() if _is_known(value)}


def _is_known(value: Any) -> bool:
    """Whether something is stated: a cell of a frame that is missing is NaN."""
    if value is None or (isinstance(value, float) and value != value):
        return False
    if type(value).__name__ in ("NAType", "NaTType"):  # pandas, which need not be there
        return False
    return not (isinstance(value, tuple) and not value)


def _json_default(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()[:10]
    if isinstance(value, (Case, Need)):
        return value.to_dict() if isinstance(value, Case) else _need_dict(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    if hasattr(value, "tolist"):  # numpy
        return value.tolist()
    if isinstance(value, Iterable):
        return list(value)
    raise InvalidDataError(
        f"a case cannot hold {type(value).__name__}", hint="write a whole number, a text or a list of them"
    )


# Stands for the file of what is none.
_NAME = "cases"

CasesLike = Any
"""A :class:`Case` or a list of them, dicts with the keys of a case file, :class:`Cases`, the path of a
case file, or a data frame (pandas, polars, pyarrow, DuckDB, anything with ``__arrow_c_stream__``)."""


class Cases:
    """A checked list of cases, ready to be routed; immutable, any thread may read it. ``len()`` is the
    number of cases, iterating gives their references. ``warnings`` is a :class:`Table` of what a
    person should look at: row (from 0), field, severity, tag, message, suggestion; of a file, its file,
    line and column instead of row and field.

    Whatever asks about cases reads them itself; :meth:`read` does it once for several questions, and can
    leave out what is wrong.

    Pickled it holds every fact, for another process: a pickle in a file is a case file."""

    __slots__ = ("_handle", "_head", "_reference", "_refused", "warnings")

    def __init__(
        self,
        handle: Any,
        warnings: Table,
        reference: Reference,
        refused: tuple[int, str | None] | None = None,
        head: int | None = 0,
    ) -> None:
        self._handle = ffi.gc(handle, lib.carenet_cases_unref)
        # The lines before the first row; None: of a file, whose lines the caller counts, too.
        self._head = head
        self._reference = reference
        self._refused = refused
        self.warnings = warnings

    @classmethod
    def read(
        cls,
        cases: CasesLike,
        *,
        keep_sound: bool = False,
        allow_personal_data: bool = False,
        threads: int = 1,
        directory: Directory | None = None,
        data_dir: StrPath | None = None,
    ) -> Cases:
        """Reads and checks a list of cases.

        Args:
            cases: a data frame, dicts, :class:`Case` objects, or the path of a list. Dicts are rows of a
                table (``"languages": "ceb;fil"``) or records of a case file (``"languages": ["ceb", "fil"]``);
                a list holds one kind.
            keep_sound: leave out the rows that have errors, and the siblings of their cases, instead of
                failing: ``warnings`` has the errors, ``refused`` the rows. Of files of NDJSON and CSV and
                of :class:`Case` objects and dicts that are records of a case file; a frame is better filtered
                by ``error.issues["row"]``.
            allow_personal_data: read cases that seem to hold names, birth dates, phone numbers.
            threads: 1 to 64, for NDJSON and :class:`Case` objects; what is read does not depend on it.
            directory: an id under ``avoid`` or ``offender`` that it does not know is an error of its row; without,
                whatever routes the list to a directory refuses all of it. Of files and of :class:`Case` objects.
            data_dir: places and services; None: those in this package.

        >>> import carenet as cn
        >>> rows = [cn.Case("C-1", needs=["trauma-therapy"], area="Butuan"),
        ...         cn.Case("C-2", needs=["trauma-therapy"], area="Ilogan")]
        >>> cases = cn.Cases.read(rows, keep_sound=True)
        >>> list(cases), cases.refused_len
        (['C-1'], 1)

        Raises:
            InvalidDataError: a case has errors, and ``keep_sound`` is not set; ``issues`` lists them.
            InvalidArgumentError: ``keep_sound`` or ``directory`` with a frame, or with dicts that are its rows.
        """
        return cases_of(
            Reference.open(data_dir),
            cases,
            allow_personal_data=allow_personal_data,
            keep_sound=keep_sound,
            threads=threads,
            directory=directory,
        )

    @property
    def refused_len(self) -> int:
        """How many rows were left out."""
        if self._refused is not None:
            return self._refused[0]
        return int(lib.carenet_cases_refused_len(self._handle))

    @property
    def refused(self) -> str | None:
        """The rows that were left out as they stood in the text, below its header: to be mended and read
        again; None where none were. It holds facts of cases."""
        if self._refused is not None:
            return self._refused[1]
        return text(lib.carenet_cases_refused(self._handle))

    def __len__(self) -> int:
        return int(lib.carenet_cases_len(self._handle))

    def __iter__(self) -> Iterator[str]:
        for i in range(len(self)):
            yield text(lib.carenet_cases_ref_at(self._handle, i)) or ""

    def __repr__(self) -> str:
        return f"Cases({len(self)})"

    def __reduce__(self) -> tuple[object, ...]:
        lines = taken(lib.carenet_cases_to_ndjson(self._handle))
        refused = (self.refused_len, self.refused)
        return _again, (lines, self.warnings, self._reference.folder, refused)


def _again(
    lines: str, warnings: Table, folder: str, refused: tuple[int, str | None]
) -> Cases:
    """A list that was pickled. What was let through then is so now."""
    reference = Reference.open(folder)
    if not lines:
        return Cases(lib.carenet_cases_new(reference.handle), warnings, reference, refused)
    options = ffi.new("carenet_cases_options *")
    lib.carenet_cases_options_init(options)
    options.format = lib.CARENET_CASES_NDJSON
    options.flags = lib.CARENET_CASES_ALLOW_PERSONAL_DATA
    data = lines.encode("utf-8")
    handle, _ = call_with_issues(
        lib.carenet_cases_read, reference.handle, data, len(data), _NAME.encode(), options
    )
    return Cases(handle, warnings, reference, refused)


def _is_record(value: Any) -> bool:
    return isinstance(value, (Case, Mapping))


# What a row of a table cannot say.
_DEEP = frozenset(["offender", "responsible_office", "court_area", "custody_order", "consents"])


def _is_flat(record: Any) -> bool:
    """Whether a record is a row of cells: words, numbers, truth values, lists of words."""
    return isinstance(record, Mapping) and all(
        key not in _DEEP
        and (
            value is None
            or isinstance(value, (str, bool, int, float))
            or (
                isinstance(value, (list, tuple)) and all(isinstance(word, str) for word in value)
            )
        )
        for key, value in record.items()
    )


# What a record of a case file never says in a text, and a row of a table may.
_NO_TEXT = frozenset(
    ["needs", "languages", "groups", "access", "documents", "keep_apart", "known_to", "siblings"]
    + ["avoid", "assessments", "age", "remote_safe", "max_travel_min"]
)


def _cell_of(record: Any) -> str | None:
    """The first key whose value is a cell, as only a row of a table has it; None where there is none."""
    for key, value in record.items():
        if isinstance(value, str):
            cell = key in _NO_TEXT or not value or (key == "bundle" and ":" in value)
        elif isinstance(value, (list, tuple)):
            cell = key in ("avoid", "assessments") and len(value) > 0
        else:
            cell = key == "remote_safe" and value is not None and not isinstance(value, bool)
        if cell or str(key).startswith("#"):
            return str(key)
    return None


def _first_row(records: Sequence[Any]) -> tuple[int, str] | None:
    """The first record that is written as a row of a table, and where that shows."""
    for i, record in enumerate(records):
        key = _cell_of(record) if _is_flat(record) else None
        if key is not None:
            return i, key
    return None


def _refuse_mixed(records: Sequence[Any]) -> None:
    """Rows of cells and records are read by other rules: neither is guessed from what stands beside it."""
    row = _first_row(records)
    if row is None:
        return
    i, key = row
    other = next(j for j, record in enumerate(records) if not _is_flat(record))
    raise InvalidDataError(
        f'case {i} (from 0) is written as a row of a table (see "{key}"), case {other} as a record of a '
        "case file: one kind a list",
        hint=f'write "{key}" as a case file does, or read the rows by themselves',
    )


def _refuse_rows(records: Sequence[Any]) -> None:
    row = _first_row(records)
    if row is not None and all(_is_flat(record) for record in records):
        raise InvalidArgumentError(
            "keep_sound and directory are for files, Case objects and records of a case file; "
            f'case {row[0]} (from 0) is written as a row of a table (see "{row[1]}")',
            hint=f'write "{row[1]}" as a case file does',
        )


def _is_frame(value: Any) -> bool:
    refuse_lazy(value)
    return isinstance(value, Table) or any(
        hasattr(value, name) for name in ("__arrow_c_stream__", "columns", "dtypes")
    )


def cases_of(
    reference: Reference,
    value: CasesLike,
    *,
    allow_personal_data: bool = False,
    keep_sound: bool = False,
    threads: int = 1,
    directory: Directory | None = None,
    known: Directory | None = None,
) -> Cases:
    """Whatever stands for cases, read and checked. ``known`` is ``directory`` for whatever can be asked about it
    while it is read; what is a table can not, and :func:`as_counted` places what is found later."""
    if isinstance(value, Cases):
        return value
    options = ffi.new("carenet_cases_options *")
    lib.carenet_cases_options_init(options)
    options.keep_sound = keep_sound
    options.threads = whole(threads, "threads", 1, 64)
    if directory is not None:
        options.directory = directory._handle
    if allow_personal_data:
        options.flags = lib.CARENET_CASES_ALLOW_PERSONAL_DATA
    if isinstance(value, (str, os.PathLike)):
        return _load(reference, value, _against(options, known))
    if _is_record(value):
        value = [value]
    if _is_frame(value):
        return _from_table(reference, Table(value), options)
    if not isinstance(value, Iterable):
        raise TypeError(f"cases are not {type(value).__name__}: give cases, dicts, a frame or a path")
    records = list(value)
    by_row = not keep_sound and directory is None
    if records and by_row and all(_is_flat(record) for record in records):
        return _from_table(reference, Table(records), options)
    for i, record in enumerate(records):
        if not _is_record(record):
            raise InvalidDataError(
                f"case {i} (from 0) is {type(record).__name__}, not a Case or dict",
                hint="write each case as a Case, or as a dict with the keys of a case file",
            )
    if by_row:
        _refuse_mixed(records)
    else:
        _refuse_rows(records)
    return _from_records(reference, records, _against(options, known))


def _against(options: Any, known: Directory | None) -> Any:
    if known is not None:
        options.directory = known._handle
    return options


def one_of(reference: Reference, value: CasesLike, ref: str | None) -> tuple[Cases, int]:
    """A list, and which of its cases is meant."""
    cases = cases_of(reference, value)
    if ref is not None:
        for at, found in enumerate(cases):
            if found == ref:
                return cases, at
        raise NotFoundError("the list has no case with the reference ref")
    if len(cases) != 1:
        raise InvalidArgumentError(
            f"there are {len(cases)} cases, and one is taken at a time", hint="say which: ref="
        )
    return cases, 0


def _load(reference: Reference, path: StrPath, options: Any) -> Cases:
    handle, issues = call_with_issues(
        lib.carenet_cases_read_file, reference.handle, path_bytes(path), options
    )
    return Cases(handle, issues, reference, head=None)


def _from_table(reference: Reference, table: Table, options: Any) -> Cases:
    if options.keep_sound or options.directory != ffi.NULL:
        raise InvalidArgumentError(
            "keep_sound and directory are for files and Case objects",
            hint="leave out the rows of the frame that error.issues names",
        )
    with _placed(table.columns):
        handle, issues = call_with_issues(
            lib.carenet_cases_from_table, reference.handle, table._handle, _NAME.encode(), options.flags
        )
    return Cases(handle, _by_row(issues, table.columns), reference, head=1)


def _from_records(reference: Reference, records: Sequence[Any], options: Any) -> Cases:
    # One case a line: the line of an issue, less one, is the position of its case.
    lines = []
    for i, record in enumerate(records):
        try:
            lines.append(json.dumps(record, default=_json_default, allow_nan=False))
        except CarenetError as error:  # it is a ValueError, too, and says what is wrong
            raise InvalidDataError(f"case {i} (from 0): {error.message}", hint=error.hint) from None
        except ValueError:
            raise InvalidDataError(
                f"case {i} (from 0) has a number that is none (NaN or infinite)",
                hint="leave out what is not known, or write None",
            ) from None
    data = "\n".join(lines).encode("utf-8")
    options.format = lib.CARENET_CASES_NDJSON
    with _placed(None):
        handle, issues = call_with_issues(
            lib.carenet_cases_read, reference.handle, data, len(data), _NAME.encode(), options
        )
    return Cases(handle, _by_row(issues, None), reference)


@contextlib.contextmanager
def _placed(columns: Sequence[str] | None) -> Iterator[None]:
    """Says where a case stands as the caller counts: by row, from 0, and the name of the column."""
    try:
        yield
    except CarenetError as error:
        if error.issues is None:
            raise
        error.issues = _by_row(error.issues, columns)
        error.file = error.line = error.column = None
        found = [row for row in error.issues if row["severity"] == "error"]
        error.message = _summary(found) if found else error.message
        raise error from None


@contextlib.contextmanager
def as_counted(cases: Cases) -> Iterator[None]:
    """The same for what is found about cases that were read."""
    try:
        yield
    except CarenetError as error:
        head = cases._head
        if head is None or error.file != _NAME or error.line is None or error.line <= head:
            raise
        error.message = f"row {error.line - 1 - head} (from 0): {error.message}"
        error.file = error.line = error.column = None
        raise error from None


def _summary(found: list[dict[str, Any]]) -> str:
    first = found[0]
    row = "" if first["row"] is None else f", row {first['row']} (from 0)"
    column = "" if first["field"] is None else f', column "{first["field"]}"'
    count = "1 error" if len(found) == 1 else f"{len(found)} errors"
    return f"the cases have {count}{row}{column}: {first['message']}"


def _by_row(issues: Table, columns: Sequence[str] | None) -> Table:
    """Issues with the row (from 0; null: the columns themselves) and the name of the column."""
    head = 0 if columns is None else 1
    rows = [line - 1 - head if line and line > head else None for line in issues["line"]]
    fields: list[str | None] = [None] * len(rows)
    if columns is not None:
        fields = [columns[at - 1] if at else None for at in issues["column"]]
    names = ("row", "field", "severity", "tag", "message", "suggestion")
    types = ("int64", *["text"] * 5)
    return table_of(names, types, [rows, fields, *(issues[name] for name in names[2:])])
