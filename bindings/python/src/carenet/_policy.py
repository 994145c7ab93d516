"""Policies: the rules and weights of routing."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Any

from carenet._call import NULL, Reference, StrPath, call_with_issues, path_bytes, text
from carenet._native import ffi, lib
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
        return cls._take(handle, None if path is None else os.fspath(path), issues)

    @classmethod
    def _take(cls, handle: Any, path: str | None, issues: Table | None) -> Policy:
        owned = ffi.gc(handle, lib.carenet_policy_unref)
        return cls(text(lib.carenet_policy_id(handle)) or "", path, issues, owned)

    def __reduce__(self) -> tuple[object, ...]:
        return Policy.load, (self.path,)
