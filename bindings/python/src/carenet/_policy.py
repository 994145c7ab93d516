"""Policies: the rules and weights of routing."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Any

from carenet._call import NULL, Reference, StrPath, call, call_with_issues, path_bytes, text
from carenet._errors import InvalidArgumentError
from carenet._native import ffi, lib
from carenet._plugin import Plugin, fill_plugin
from carenet._table import Table


@dataclass(frozen=True)
class Policy:
    """A routing policy; immutable. Its ``id`` stands in every explanation.

    >>> Policy.load().id
    'ph-default'
    """

    id: str
    path: str | None = None
    warnings: Table | None = field(default=None, repr=False, compare=False)
    _handle: Any = field(default=None, repr=False, compare=False)
    plugins: tuple[Plugin, ...] = ()
    _base: Policy | None = field(default=None, repr=False, compare=False)
    _held: Any = field(default=None, repr=False, compare=False)
    _origin: tuple[Any, ...] = field(default=(), repr=False, compare=False)

    @classmethod
    def load(cls, path: StrPath | None = None, *, data_dir: StrPath | None = None) -> Policy:
        """Reads a policy file; None: the default policy.

        Raises:
            InvalidDataError: the file has errors; ``issues`` lists them all.
            FileError: it cannot be read.
        """
        reference = Reference.open(data_dir)
        chars = NULL if path is None else path_bytes(path)
        handle, issues = call_with_issues(lib.carenet_policy_load, reference.handle, chars)
        origin = ("file", path, reference.folder)
        return cls._take(handle, None if path is None else os.fspath(path), issues, origin)

    @classmethod
    def _take(
        cls, handle: Any, path: str | None, issues: Table | None, origin: tuple[Any, ...]
    ) -> Policy:
        owned = ffi.gc(handle, lib.carenet_policy_unref)
        id = text(lib.carenet_policy_id(handle)) or ""
        return cls(id, path, issues, owned, _origin=origin)

    def with_plugins(self, *plugins: Plugin) -> Policy:
        """This policy with 1 to 8 plug-ins, asked in this order: whatever takes the policy then honours
        them. Its ``id`` ends with their names; a plan that was made with it can only be checked and
        explained with it.

        >>> import numpy as np
        >>> def road(origin, to):
        ...     return np.hypot(to.lat_deg - origin.lat_deg, to.lon_deg - origin.lon_deg) * 180
        >>> Policy.load().with_plugins(Plugin("road", travel=road)).id
        'ph-default+road'

        Raises:
            InvalidArgumentError: a name that is none or is taken, two plug-ins for travel, one without a
                function, a policy that has plug-ins already.
        """
        if not plugins:
            raise InvalidArgumentError("give at least one plug-in")
        array = ffi.new("carenet_plugin[]", len(plugins))
        held = [fill_plugin(array[i], plugin) for i, plugin in enumerate(plugins)]
        handle = call(lib.carenet_policy_with_plugins, self._handle, array, len(plugins))
        owned = ffi.gc(handle, lib.carenet_policy_unref)
        return Policy(
            text(lib.carenet_policy_id(handle)) or "",
            self.path,
            self.warnings,
            owned,
            plugins,
            self,
            held,
        )

    def __reduce__(self) -> tuple[object, ...]:
        if self._base is not None:
            return Policy.with_plugins, (self._base, *self.plugins)
        return _again, (self._origin,)


def _again(origin: tuple[Any, ...]) -> Policy:
    """A policy that was pickled, read again from where it came from."""
    from carenet._network import open as open_network

    kind, path, folder = origin
    if kind == "file":
        return Policy.load(path, data_dir=folder)
    with open_network(path, read_only=True, data_dir=folder) as network:
        return network.policy()
