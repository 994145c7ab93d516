"""Exceptions: one class a code of the C library, each also the built-in that fits."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from carenet._table import Table


class CarenetError(Exception):
    """Why a call could not run, and what to do about it.

    "Nobody found" and "nobody can take this need" are results, never exceptions.

    Attributes:
        code: the number of the code in C (``carenet_error_code``); it never changes meaning.
        name: its name, such as ``"not-found"``.
        exit_status: what the command ``carenet`` exits with for it.
        message: one line without a full stop; it quotes no fact of a case.
        hint: the next step, or None.
        file, line, column: the place in an input file (line and column from 1), or None.
        issues: what was found in the data, a :class:`Table` with the columns file, line, column,
            severity, tag, message and suggestion; or None.
    """

    code: ClassVar[int] = 0
    name: ClassVar[str] = ""
    exit_status: ClassVar[int] = 70

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        file: str | None = None,
        line: int | None = None,
        column: int | None = None,
        issues: Table | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.file = file
        self.line = line
        self.column = column
        self.issues = issues

    def __str__(self) -> str:
        place = ""
        if self.file is not None:
            numbers = [str(n) for n in (self.line, self.column) if n is not None]
            place = ":".join([self.file, *numbers]) + ": "
        if place and self.message.startswith(place):
            place = ""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{place}{self.message}{hint}"

    def __reduce__(self) -> tuple[object, ...]:
        place = (self.hint, self.file, self.line, self.column, self.issues)
        return _rebuild, (type(self), self.message, place)


def _rebuild(kind: type[CarenetError], message: str, place: tuple[object, ...]) -> CarenetError:
    error = kind(message)
    error.hint, error.file, error.line, error.column, error.issues = place  # type: ignore[assignment]
    return error


class InvalidArgumentError(CarenetError, ValueError):
    """The caller's mistake, an ambiguous name among them."""


class NotFoundError(CarenetError, LookupError):
    """An id, a name or a service that nobody knows."""


class InvalidDataError(CarenetError, ValueError):
    """The data has errors; ``issues`` lists them all."""


class ParseError(CarenetError, ValueError):
    """A text that cannot be read at all."""


class ConflictError(CarenetError, ValueError):
    """It is there already, or differs from what is there."""


class StateError(CarenetError, RuntimeError):
    """Not possible in the present state; also: the network is closed."""


class RefusedError(CarenetError, PermissionError):
    """Consent, disclosure or the kind of store forbid it."""


class CapacityError(CarenetError, RuntimeError):
    """No free place."""


class BusyError(CarenetError, TimeoutError):
    """Somebody else holds the store; try again."""


class FileError(CarenetError, OSError):
    """A file cannot be read or written."""


class StorageError(CarenetError, OSError):
    """The database failed (disk full, read-only, ...)."""


class CorruptError(CarenetError, OSError):
    """The database is damaged, or not a carenet store."""


class VersionError(CarenetError, OSError):
    """Written by a newer carenet."""


class TooLargeError(CarenetError, OverflowError):
    """Over a documented limit."""


class UnsupportedError(CarenetError, NotImplementedError):
    """This build or this data cannot do it."""


class InternalError(CarenetError, RuntimeError):
    """A bug in carenet: please report it."""


# The committed table: code, name and exit status as in the C library, and the class.
ERRORS: tuple[tuple[int, str, int, type[CarenetError]], ...] = (
    (1, "invalid-argument", 2, InvalidArgumentError),
    (2, "not-found", 2, NotFoundError),
    (3, "invalid-data", 2, InvalidDataError),
    (4, "parse", 2, ParseError),
    (5, "conflict", 3, ConflictError),
    (6, "state", 3, StateError),
    (7, "refused", 4, RefusedError),
    (8, "capacity", 3, CapacityError),
    (9, "busy", 5, BusyError),
    (10, "io", 2, FileError),
    (11, "storage", 5, StorageError),
    (12, "corrupt", 5, CorruptError),
    (13, "version", 5, VersionError),
    (14, "too-large", 2, TooLargeError),
    (15, "unsupported", 2, UnsupportedError),
    (16, "internal", 70, InternalError),
)

BY_CODE: dict[int, type[CarenetError]] = {}
for _code, _name, _status, _class in ERRORS:
    _class.code, _class.name, _class.exit_status = _code, _name, _status
    BY_CODE[_code] = _class
