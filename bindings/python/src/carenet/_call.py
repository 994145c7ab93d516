"""Calling C: texts and lists across, errors as exceptions, handles that close themselves."""

from __future__ import annotations

import operator
import os
import re
import threading
import weakref
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from carenet._errors import BY_CODE, CarenetError, InternalError, InvalidArgumentError
from carenet._native import ffi, lib

if TYPE_CHECKING:
    from carenet._table import Table

NULL = ffi.NULL
INT64_MIN = -(2**63)

StrPath = str | os.PathLike[str]
Names = str | Iterable[str] | None


def text(chars: Any) -> str | None:
    """A borrowed C text, or None."""
    return None if chars == NULL else str(ffi.string(chars).decode("utf-8", "replace"))


def taken(chars: Any) -> str:
    """A C text that is ours, and is given back."""
    try:
        return str(ffi.string(chars).decode("utf-8", "replace"))
    finally:
        lib.carenet_free(chars)


def _half_a_character(what: str) -> InvalidArgumentError:
    return InvalidArgumentError(
        f"{what} is not Unicode: half a character stands alone", hint="write it anew"
    )


def utf8(value: str, what: str) -> bytes:
    """The bytes of a text, whatever is in it."""
    if not isinstance(value, str):
        raise TypeError(f"{what} is a text, not {type(value).__name__}")
    try:
        return value.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        raise _half_a_character(what) from None


def encoded(value: str, what: str) -> bytes:
    """A text on its way to C."""
    data = utf8(value, what)
    if b"\0" in data:  # what is behind it would be lost in C
        raise InvalidArgumentError(f"{what} has a NUL in it", hint="leave it out")
    return data


def whole(value: object, what: str, least: int = 0, most: int = 2**63 - 1) -> int:
    """A whole number on its way to C, in a range that C can hold and takes."""
    try:
        number = operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        raise TypeError(f"{what} is a whole number, not {type(value).__name__}") from None
    if not least <= number <= most:
        bound = "or more" if most == 2**63 - 1 else f"to {most}"
        raise InvalidArgumentError(f"{what} is {least} {bound}")
    return number


def handle_of(thing: Any, kind: type, what: str) -> Any:
    """The handle of one of ours."""
    if not isinstance(thing, kind):
        raise TypeError(f"{what} is a {kind.__name__}, not {type(thing).__name__}")
    return thing._handle  # type: ignore[attr-defined]


def path_bytes(path: StrPath) -> bytes:
    try:
        data = os.fsencode(path)
    except UnicodeEncodeError:
        raise _half_a_character("a path") from None
    if b"\0" in data:
        raise InvalidArgumentError("a path has a NUL in it", hint="leave it out")
    return data


def names(value: Names, what: str) -> list[str]:
    """One name, or several, as a list."""
    if value is None:
        return []
    if isinstance(value, str):
        return [value]
    return [_name(member, what) for member in value]


def _name(member: object, what: str) -> str:
    if not isinstance(member, str):
        raise TypeError(f"{what} is a text or a list of texts, with {type(member).__name__} in it")
    return member


class Keep:
    """Holds what a C struct points to, as long as the struct is used."""

    def __init__(self) -> None:
        self._held: list[Any] = []

    def thing(self, value: object) -> None:
        self._held.append(value)

    def text(self, value: str | None, what: str) -> Any:
        return NULL if value is None else self._chars(encoded(value, what))

    def path(self, value: StrPath | None) -> Any:
        return NULL if value is None else self._chars(path_bytes(value))

    def _chars(self, data: bytes) -> Any:
        chars = ffi.new("char[]", data)
        self._held.append(chars)
        return chars

    def array(self, items: list[Any]) -> Any:
        array = ffi.new("char *[]", items) if items else NULL
        self._held.append(array)
        return array if array == NULL else ffi.cast("const char *const *", array)

    def texts(self, value: Names, what: str) -> tuple[Any, int]:
        items = [self.text(item, what) for item in names(value, what)]
        return self.array(items), len(items)

    def paths(self, value: StrPath | Iterable[StrPath]) -> tuple[Any, int]:
        paths = [value] if isinstance(value, (str, os.PathLike)) else list(value)
        items = [self.path(item) for item in paths]
        return self.array(items), len(items)


# What C says to people at a command line, as a caller says it.
_SAID_HERE = (
    ("--override-consent GROUND", "ground=GROUND"),
    ("--despite", "despite=True"),
    ("--need SERVICE", "need=SERVICE"),
    ("carenet refer --waitlist", "waitlist=True"),
    ("carenet_store_regions()", "Network.regions()"),
)


def _next_step(pointer: Any) -> str | None:
    hint = text(lib.carenet_error_get_hint(pointer))
    if hint is None:
        return None
    for there, here in _SAID_HERE:
        hint = hint.replace(there, here)
    return hint


def error_of(pointer: Any, issues: Table | None = None) -> CarenetError:
    """The exception for a C error, which is given back."""
    try:
        kind = BY_CODE.get(int(lib.carenet_error_get_code(pointer)), InternalError)
        message = text(lib.carenet_error_get_message(pointer)) or ""
        return kind(
            # Which function of C it was says nothing here.
            re.sub(r"^carenet_\w+\(\): ", "", message),
            hint=_next_step(pointer),
            file=text(lib.carenet_error_get_file(pointer)),
            line=int(lib.carenet_error_get_line(pointer)) or None,
            column=int(lib.carenet_error_get_column(pointer)) or None,
            issues=issues,
        )
    finally:
        lib.carenet_error_free(pointer)


# Of each thread: what plug-ins of the call that it is in were asked about, converted once, and what one of
# them raised.
here = threading.local()


def begin() -> None:
    """A call begins that may ask plug-ins: what an earlier one was asked about is another thing."""
    here.known = {}
    here.failure = None


def take_failure() -> BaseException | None:
    """What a plug-in raised during the call of this thread that has just failed."""
    failure: BaseException | None = here.failure
    here.failure = None
    return failure


def call(function: Callable[..., Any], *arguments: Any) -> Any:
    """Calls a fallible function, which takes the error last; the GIL is released meanwhile. Where a
    plug-in raised an exception, that one is raised."""
    begin()
    error = ffi.new("carenet_error **")
    result = function(*arguments, error)
    if error[0] != NULL:
        failed = error_of(error[0])
        raise take_failure() or failed
    return result


def call_with_issues(function: Callable[..., Any], *arguments: Any) -> tuple[Any, Table]:
    """The same for one that takes out_issues before the error."""
    from carenet._table import Table

    out = ffi.new("carenet_table **")
    error = ffi.new("carenet_error **")
    result = function(*arguments, out, error)
    issues = Table._take(out[0]) if out[0] != NULL else None
    if error[0] != NULL:
        raise error_of(error[0], issues)
    assert issues is not None
    return result, issues


class Turns:
    """A lock that is free after a fork: a thread that held it is not there any more to give it back."""

    _all: weakref.WeakSet[Turns] = weakref.WeakSet()

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._all.add(self)

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    @classmethod
    def _after_a_fork(cls) -> None:
        for turns in cls._all:
            # What the thread that forked holds it gives back itself.
            if turns._lock.acquire(blocking=False):
                turns._lock.release()
            else:
                turns._lock = threading.RLock()


os.register_at_fork(after_in_child=Turns._after_a_fork)


class Reference:
    """Places, services and vocabularies of one folder of data; immutable, shared by all."""

    _opened: dict[str, Reference] = {}
    _lock = Turns()

    def __init__(self, handle: Any, folder: str) -> None:
        self.handle = handle
        self.folder = folder

    @classmethod
    def open(cls, data_dir: StrPath | None = None) -> Reference:
        folder = os.path.abspath(os.fspath(data_dir) if data_dir is not None else DATA)
        with cls._lock:
            if folder not in cls._opened:
                handle = call(lib.carenet_reference_open, path_bytes(folder))
                cls._opened[folder] = cls(ffi.gc(handle, lib.carenet_reference_unref), folder)
            return cls._opened[folder]


# The shipped data lies in the package.
DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")
