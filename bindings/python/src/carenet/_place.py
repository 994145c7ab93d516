"""Places of the gazetteer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from carenet._call import NULL, Names, Reference, StrPath, call, encoded, text
from carenet._native import ffi, lib
from carenet._table import Table


@dataclass(frozen=True)
class Place:
    """An area of the PSGC tree: island group > region > province > city or municipality.

    ``area`` is its ten-digit code; ``lat_deg`` and ``lon_deg`` are WGS 84 degrees; ``population`` is in
    persons. :meth:`find` resolves a name as the command does.
    """

    area: str
    name: str
    level: str
    parent: str | None
    region: str | None
    island: str | None
    lat_deg: float | None
    lon_deg: float | None
    population: int | None

    @classmethod
    def find(cls, name: str, *, data_dir: StrPath | None = None) -> Place:
        """The place of that name, alias or code; "Name, Province" picks the lower one.

        >>> Place.find("cagayan de oro").area
        '1030500000'

        Raises:
            NotFoundError: nothing is called that; the hint names near misses.
            InvalidArgumentError: several places are; the hint lists them.
        """
        reference = Reference.open(data_dir)
        code = ffi.new("const char **")
        call(lib.carenet_reference_find_area, reference.handle, encoded(name, "name"), code)
        row = areas_of(reference, text(code[0]))[0]
        return cls(**{key: row[key] for key in cls.__dataclass_fields__})


Places = str | Place | Iterable[str | Place] | None


def areas_of(reference: Reference, within: str | None) -> Table:
    chars = NULL if within is None else encoded(within, "within")
    return Table._take(call(lib.carenet_reference_areas, reference.handle, chars))


def place_name(value: str | Place | None) -> str | None:
    """What C is told of a place."""
    return value.area if isinstance(value, Place) else value


def areas_named(value: Places) -> Names:
    """The names of areas, of whichever kind they are given."""
    if value is None or isinstance(value, (str, Place)):
        return place_name(value)
    return [place_name(member) or "" for member in value]
