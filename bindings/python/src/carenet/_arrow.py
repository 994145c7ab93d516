"""Arrow streams: capsules out and in, columns of Python values both ways. Needs no pyarrow."""

from __future__ import annotations

import array
import ctypes
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from carenet._errors import InvalidDataError
from carenet._native import ffi, lib

_NAME = b"arrow_array_stream"

_new_capsule = ctypes.pythonapi.PyCapsule_New
_new_capsule.restype = ctypes.py_object
_new_capsule.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
_get_pointer = ctypes.pythonapi.PyCapsule_GetPointer
_get_pointer.restype = ctypes.c_void_p
_get_pointer.argtypes = [ctypes.py_object, ctypes.c_char_p]

_DESTRUCTOR = int(ffi.cast("uintptr_t", lib.helper_capsule_destructor()))


def new_stream() -> Any:
    stream = lib.helper_stream_new()
    if stream == ffi.NULL:
        raise MemoryError
    return stream


def capsule_of(stream: Any) -> object:
    """A capsule that owns the stream."""
    return _new_capsule(int(ffi.cast("uintptr_t", stream)), _NAME, _DESTRUCTOR)


def stream_in(capsule: object) -> Any:
    """The stream that a capsule owns; what takes it out leaves it released."""
    return ffi.cast("struct ArrowArrayStream *", _get_pointer(capsule, _NAME))


# ---- Out: columns of Python values.


def read_columns(stream: Any, types: Sequence[str]) -> list[list[Any]]:
    """The columns of a stream of ours, whose types are known, as lists."""
    columns: list[list[Any]] = [[] for _ in types]
    while True:
        batch = ffi.new("struct ArrowArray *")
        code = stream.get_next(stream, batch)
        if code != 0:
            raise MemoryError(ffi.string(stream.get_last_error(stream)).decode())
        if batch.release == ffi.NULL:
            return columns
        try:
            for i, kind in enumerate(types):
                columns[i] += _read_array(batch.children[i], kind)
        finally:
            batch.release(batch)


def numbers_of(pointer: Any, code: str, length: int) -> list[Any]:
    numbers = array.array(code)
    numbers.frombytes(ffi.buffer(ffi.cast("char *", pointer), numbers.itemsize * length))
    return numbers.tolist()


def _read_bits(pointer: Any, length: int) -> list[bool]:
    bits = bytes(ffi.buffer(ffi.cast("char *", pointer), (length + 7) // 8))
    return [bool(bits[i >> 3] >> (i & 7) & 1) for i in range(length)]


def _read_texts(column: Any) -> list[str]:
    length = column.length
    ends = numbers_of(column.buffers[1], "i", length + 1)
    data = bytes(ffi.buffer(ffi.cast("char *", column.buffers[2]), ends[-1]))
    whole = data.decode("utf-8")
    if len(whole) == len(data):
        return [whole[ends[i] : ends[i + 1]] for i in range(length)]
    return [data[ends[i] : ends[i + 1]].decode("utf-8") for i in range(length)]


def _read_array(column: Any, kind: str) -> list[Any]:
    length = column.length
    if length == 0:
        return []
    values: list[Any]
    if kind == "int64":
        values = numbers_of(column.buffers[1], "q", length)
    elif kind == "double":
        values = numbers_of(column.buffers[1], "d", length)
    elif kind == "bool":
        values = _read_bits(column.buffers[1], length)
    elif kind == "text":
        values = _read_texts(column)
    else:
        ends = numbers_of(column.buffers[1], "i", length + 1)
        members = _read_texts(column.children[0]) if ends[-1] else []
        values = [members[ends[i] : ends[i + 1]] for i in range(length)]
    if column.null_count == 0:
        return values
    valid = _read_bits(column.buffers[0], length)
    return [value if there else None for value, there in zip(values, valid, strict=True)]


# ---- In: columns of Python values.

_FORMATS = {"int64": b"l", "double": b"g", "bool": b"b", "text": b"u", "list": b"+l"}


class Held:
    """Arrow structs over memory that this object keeps."""

    def __init__(self) -> None:
        self._kept: list[Any] = []

    def keep(self, value: Any) -> Any:
        self._kept.append(value)
        return value

    def memory(self, data: bytes) -> Any:
        return ffi.cast("const void *", self.keep(ffi.from_buffer(self.keep(data or b"\0"))))

    def numbers(self, code: str, values: Iterable[Any]) -> Any:
        return self.memory(array.array(code, values).tobytes())

    def bits(self, values: Sequence[bool]) -> Any:
        data = bytearray((len(values) + 7) // 8)
        for i, value in enumerate(values):
            if value:
                data[i >> 3] |= 1 << (i & 7)
        return self.memory(bytes(data))

    def schema(self, format: bytes, name: str, children: list[Any]) -> Any:
        schema = self.keep(ffi.new("struct ArrowSchema *"))
        schema.format = self.keep(ffi.new("char[]", format))
        schema.name = self.keep(ffi.new("char[]", name.encode("utf-8")))
        schema.flags = 2
        schema.n_children = len(children)
        if children:
            schema.children = self.keep(ffi.new("struct ArrowSchema *[]", children))
        return schema

    def array(self, length: int, buffers: list[Any], children: list[Any]) -> Any:
        column = self.keep(ffi.new("struct ArrowArray *"))
        column.length = length
        column.null_count = -1
        column.n_buffers = len(buffers)
        column.buffers = self.keep(ffi.new("const void *[]", buffers))
        column.n_children = len(children)
        if children:
            column.children = self.keep(ffi.new("struct ArrowArray *[]", children))
        return column

    def texts(self, values: Sequence[str | None]) -> tuple[Any, Any]:
        parts = [b"" if value is None else value.encode("utf-8") for value in values]
        ends, end = [0], 0
        for part in parts:
            end += len(part)
            ends.append(end)
        return self.numbers("q", ends), self.memory(b"".join(parts))

    def column(self, kind: str, values: Sequence[Any]) -> Any:
        length = len(values)
        there = [value is not None for value in values]
        valid = ffi.NULL if all(there) else self.bits(there)
        if kind == "text":
            return self.array(length, [valid, *self.texts(values)], [])
        if kind == "bool":
            return self.array(length, [valid, self.bits([bool(value) for value in values])], [])
        if kind == "list":
            members = [member for value in values for member in value or ()]
            ends, end = [0], 0
            for value in values:
                end += len(value or ())
                ends.append(end)
            inner = self.array(len(members), [ffi.NULL, *self.texts(members)], [])
            return self.array(length, [valid, self.numbers("i", ends)], [inner])
        code, zero = ("q", 0) if kind == "int64" else ("d", 0.0)
        numbers = (zero if value is None else value for value in values)
        return self.array(length, [valid, self.numbers(code, numbers)], [])


def _no_unicode(column: str, values: Sequence[Any]) -> InvalidDataError:
    row = next(row for row, value in enumerate(values) if not _is_unicode(value))
    return InvalidDataError(
        f'column "{column}", row {row} (from 0): the text is not Unicode: half a character stands alone',
        hint="read the file that it came from with its own encoding",
    )


def _is_unicode(value: Any) -> bool:
    try:
        "".join(value or "").encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def write_columns(columns: Mapping[str, tuple[str, Sequence[Any]]]) -> tuple[Any, Held]:
    """A stream of one batch, and what must be kept until it is released."""
    held = Held()
    schemas, arrays = [], []
    rows = {len(values) for _, values in columns.values()}
    if len(rows) > 1:
        raise InvalidDataError("the columns are not of one length")
    for name, (kind, values) in columns.items():
        inner = [held.schema(b"U", "item", [])] if kind == "list" else []
        format = b"U" if kind == "text" else _FORMATS[kind]
        schemas.append(held.schema(format, name, inner))
        try:
            arrays.append(held.column(kind, values))
        except UnicodeEncodeError:
            raise _no_unicode(name, values) from None
    root = held.schema(b"+s", "", schemas)
    batch = held.array(rows.pop() if rows else 0, [ffi.NULL], arrays)
    stream = held.keep(ffi.new("struct ArrowArrayStream *"))
    lib.helper_stream_of(stream, root, batch)
    if stream.release == ffi.NULL:
        raise MemoryError
    return stream, held


# ---- What a column of Python values is.


def _is_missing(value: object) -> bool:
    if value is None:
        return True
    if isinstance(value, float):
        return math.isnan(value)
    # pandas.NA and NaT, without importing pandas.
    return type(value).__name__ in ("NAType", "NaTType")


def _plain(value: Any) -> Any:
    """numpy scalars and arrays as Python values."""
    if hasattr(value, "tolist") and not isinstance(value, (str, bytes)):
        return value.tolist()
    return value


def _kind_of(value: object, column: str, row: int) -> str:
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int):
        if not -(2**63) <= value < 2**63:
            raise InvalidDataError(
                f'column "{column}", row {row} (from 0): beyond 64 bits',
                hint="check the number, or write it as a text",
            )
        return "int64"
    if isinstance(value, float):
        return "double"
    if isinstance(value, str):
        return "text"
    if isinstance(value, (list, tuple)) and all(isinstance(member, str) for member in value):
        return "list"
    raise InvalidDataError(
        f'column "{column}", row {row} (from 0): {type(value).__name__} is not a text, a number, '
        "a truth value or a list of texts",
        hint=_write(value),
    )


def _write(value: object) -> str:
    """What to write instead of a cell of another kind."""
    if hasattr(value, "year"):
        return 'write a day as a text, such as "2026-01-31", or leave the column out'
    if isinstance(value, (list, tuple)):
        return "write the members of the list as texts"
    return "write it as one of them, or leave the column out"


def typed_column(column: str, values: Iterable[Any]) -> tuple[str, list[Any]]:
    """The type of a column of Python values, and the values with None for what is missing."""
    kind: str | None = None
    out: list[Any] = []
    for row, raw in enumerate(values):
        value = _plain(raw)
        if _is_missing(value):
            out.append(None)
            continue
        this = _kind_of(value, column, row)
        if kind is None or kind == this:
            kind = this
        elif {kind, this} == {"int64", "double"}:
            kind = "double"
        else:
            raise InvalidDataError(
                f'column "{column}", row {row} (from 0): {this} below {kind}: one type a column',
                hint=f"write every cell of the column as {kind}, or none",
            )
        out.append(value)
    return kind or "text", out
