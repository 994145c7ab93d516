"""Plug-ins: travel times, costs and refusals of your own, asked once an origin with numpy arrays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from carenet._call import NULL, encoded, here, text
from carenet._errors import InvalidDataError
from carenet._native import ffi, lib

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Answer = Callable[["Origin", "Destinations"], npt.ArrayLike]


@dataclass(frozen=True)
class Origin:
    """Where the survivors are about whom a plug-in is asked: the code and the name of the place (None
    where the cases name none) and its point in WGS 84 degrees (NaN where nobody knows it)."""

    area: str | None
    name: str | None
    lat_deg: float
    lon_deg: float


@dataclass(frozen=True, eq=False)
class Destinations:
    """The offerings that a plug-in is asked about: numpy arrays of one length, the same ones for every
    origin of a call but for ``travel_min``, and not to be written to. A restricted provider stands at the
    point of the area where it is shown. ``len(destinations)`` is how many.

    Attributes:
        offering, provider, service, area: ids, and the code of the place as it is shown (None where
            nobody knows it): shape (n,), dtype object.
        lat_deg, lon_deg: WGS 84 degrees, NaN where nobody knows: shape (n,), dtype float64.
        remote: by phone or online; ``travel`` is not asked about those: shape (n,), dtype bool.
        travel_min: whole minutes from the origin, by the plug-in for travel where there is one; 0 where
            remote, -1 where no way is known: shape (n,), dtype int32. None for ``travel``.
    """

    offering: npt.NDArray[np.object_]
    provider: npt.NDArray[np.object_]
    service: npt.NDArray[np.object_]
    area: npt.NDArray[np.object_]
    lat_deg: Floats
    lon_deg: Floats
    remote: npt.NDArray[np.bool_]
    travel_min: npt.NDArray[np.int32] | None = None

    def __len__(self) -> int:
        return len(self.offering)


@dataclass(frozen=True)
class Plugin:
    """One to three functions under one name, for :meth:`Policy.with_plugins`.

    Each is called with an :class:`Origin` and :class:`Destinations` once for each place where a case of
    the call lives, in the thread that asks, before the search, never once a pair, and must give the same
    answer to the same question. It returns one entry a destination:

    - ``travel``: minutes, 0 to 1,000,000, rounded up to whole ones; ``inf``: no way is known. Replaces
      the model's minutes. Not asked about remote offerings, nor where cases name no place.
    - ``score``: whole numbers, 0 to 1,000,000, which are added to the cost as a line named ``name``.
    - ``filter``: booleans; True removes the offering, with the reason ``plug-in``.

    An answer of another shape, below 0 or NaN raises :class:`InvalidDataError`, which names the plug-in.
    An exception in a function ends the call and comes out of it as it is.

    Args:
        name: 1 to 64 of a-z, 0-9, ``-`` and ``.``, first a letter. A plan remembers it: what answers
            differently should have another name (``osrm-2026-10``).
        reason: why ``filter`` removes an offering, in words for people.
    """

    name: str
    travel: Answer | None = None
    score: Answer | None = None
    filter: Answer | None = None
    reason: str | None = None

    def __post_init__(self) -> None:
        for what in ("travel", "score", "filter"):
            function = getattr(self, what)
            if function is not None and not callable(function):
                raise TypeError(f"{what} of plug-in {self.name} is not callable")

    def __reduce__(self) -> tuple[object, ...]:
        return Plugin, (self.name, self.travel, self.score, self.filter, self.reason)

    def _wrong(self, origin: Origin, what: str) -> InvalidDataError:
        return InvalidDataError(
            f"plug-in {self.name}, from {origin.name or 'nowhere'}: {what}",
            hint="mend the plug-in, or take it out of the policy",
        )

    def _ask(self, what: str, origin: Origin, to: Destinations) -> Any:
        """The answer as an array of the right shape."""
        import numpy as np

        answer = np.asarray(getattr(self, what)(origin, to))
        if answer.shape != (len(to),):
            raise self._wrong(
                origin, f"{what} has the shape {answer.shape} and should have {(len(to),)}"
            )
        return answer

    def _numbers(self, what: str, origin: Origin, to: Destinations) -> Any:
        answer = self._ask(what, origin, to)
        if answer.dtype.kind not in "iuf":
            raise self._wrong(origin, f"{what} is of {answer.dtype}, not of numbers")
        return answer


# ---- What C calls.


def _texts(chars: Any, length: int) -> Any:
    import numpy as np

    found = np.empty(length, dtype=object)
    found[:] = [text(chars[i]) for i in range(length)]
    return _frozen(found)


def _frozen(array: Any) -> Any:
    array.flags.writeable = False
    return array


def _copied(pointer: Any, length: int, dtype: str) -> Any:
    import numpy as np

    size = length * np.dtype(dtype).itemsize
    return _frozen(np.frombuffer(ffi.buffer(pointer, size), dtype=dtype).copy())


def _destinations(to: Any) -> Destinations:
    """Ids and points are converted once a call: they are the same from every origin."""
    length = int(to.len)
    key = (int(ffi.cast("uintptr_t", to.offering)), length)
    if key not in here.known:
        here.known[key] = {
            "offering": _texts(to.offering, length),
            "provider": _texts(to.provider, length),
            "service": _texts(to.service, length),
            "area": _texts(to.area, length),
            "lat_deg": _copied(to.lat_deg, length, "float64"),
            "lon_deg": _copied(to.lon_deg, length, "float64"),
            "remote": _frozen(_copied(to.remote, length, "uint8").astype(bool)),
        }
    travel = None if to.travel_min == NULL else _copied(to.travel_min, length, "int32")
    return Destinations(**here.known[key], travel_min=travel)


def _origin(origin: Any) -> Origin:
    return Origin(text(origin.area), text(origin.name), origin.lat_deg, origin.lon_deg)


def _answer(
    origin: Any, to: Any, user: Any, fill: Callable[[Plugin, Origin, Destinations], None]
) -> bool:
    try:
        fill(ffi.from_handle(user), _origin(origin), _destinations(to))
    except BaseException as failure:  # raised again where the caller is
        here.failure = failure
        return False
    return True


def _into(pointer: Any, length: int, dtype: str) -> Any:
    import numpy as np

    return np.frombuffer(ffi.buffer(pointer, length * np.dtype(dtype).itemsize), dtype=dtype)


@ffi.def_extern()  # type: ignore[untyped-decorator, unused-ignore, misc]
def on_travel(origin: Any, destinations: Any, minutes: Any, user: Any) -> bool:
    def fill(plugin: Plugin, at: Origin, to: Destinations) -> None:
        _into(minutes, len(to), "float64")[:] = plugin._numbers("travel", at, to)

    return _answer(origin, destinations, user, fill)


@ffi.def_extern()  # type: ignore[untyped-decorator, unused-ignore, misc]
def on_score(origin: Any, destinations: Any, costs: Any, user: Any) -> bool:
    def fill(plugin: Plugin, at: Origin, to: Destinations) -> None:
        import numpy as np

        answer = plugin._numbers("score", at, to)
        if answer.dtype.kind == "f" and not np.array_equal(answer, np.trunc(answer)):
            raise plugin._wrong(at, "score has entries that are no whole numbers")
        # What does not fit is out of range anyway.
        _into(costs, len(to), "int64")[:] = np.clip(
            answer.astype("float64"), -1, 2**31
        ).astype("int64")

    return _answer(origin, destinations, user, fill)


@ffi.def_extern()  # type: ignore[untyped-decorator, unused-ignore, misc]
def on_filter(origin: Any, destinations: Any, removed: Any, user: Any) -> bool:
    def fill(plugin: Plugin, at: Origin, to: Destinations) -> None:
        answer = plugin._ask("filter", at, to)
        if answer.dtype.kind != "b":
            raise plugin._wrong(at, f"filter is of {answer.dtype}, not of bool")
        _into(removed, len(to), "uint8")[:] |= answer.astype("uint8")

    return _answer(origin, destinations, user, fill)


def fill_plugin(out: Any, plugin: Plugin) -> tuple[Any, ...]:
    """Fills a C plug-in; what is returned must live as long as the policy that has it."""
    name = ffi.new("char[]", encoded(plugin.name, "the name of a plug-in"))
    reason = NULL
    if plugin.reason is not None:
        reason = ffi.new("char[]", encoded(plugin.reason, f"the reason of plug-in {plugin.name}"))
    user = ffi.new_handle(plugin)
    lib.carenet_plugin_init(ffi.addressof(out))
    out.name, out.reason, out.user = name, reason, user
    if plugin.travel is not None:
        out.travel = lib.on_travel
    if plugin.score is not None:
        out.score = lib.on_score
    if plugin.filter is not None:
        out.filter = lib.on_filter
    return name, reason, user
