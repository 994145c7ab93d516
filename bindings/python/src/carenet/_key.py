"""Keys: of a network, and of who signs checkpoints. Both are secrets in memory that is wiped."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from carenet._call import StrPath, Turns, call, path_bytes, text
from carenet._errors import StateError
from carenet._native import ffi, lib


class _Secret:
    """A handle that is wiped when it is closed."""

    def __init__(self, handle: Any, free: Callable[..., Any]) -> None:
        self._handle = ffi.gc(handle, free)
        self._lock = Turns()
        self._open = True

    def _use(self) -> Any:
        if not self._open:
            name = type(self).__name__
            raise StateError("the key is closed", hint=f"read it again with carenet.{name}.read()")
        return self._handle

    def close(self) -> None:
        """Wipes it; a second time does nothing."""
        with self._lock:
            if self._open:
                ffi.release(self._handle)
            self._open = False

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({'' if self._open else 'closed'})"

    def __reduce__(self) -> Any:
        raise TypeError("a key is not copied or pickled")


class Key(_Secret):
    """The secret key of a network, in memory that is wiped when it is closed. It comes from a file that
    only its owner may read, or from a file descriptor. Its repr shows nothing of it.

    >>> with Key.read("network.key") as key:             # doctest: +SKIP
    ...     site = net.disclose("R-12", to="worker-7", key=key, actor="council")
    """

    def __init__(self, handle: Any) -> None:
        super().__init__(handle, lib.carenet_key_free)

    @classmethod
    def read(cls, path: StrPath) -> Key:
        """The key in a file.

        Raises:
            RefusedError: others than its owner may read the file.
            InvalidDataError: it holds no key of a network.
        """
        return cls(call(lib.carenet_key_read, path_bytes(path)))

    @classmethod
    def read_fd(cls, fd: int) -> Key:
        """The key that comes from an open file descriptor, which stays open."""
        return cls(call(lib.carenet_key_read_fd, fd))

    @classmethod
    def create(cls, path: StrPath) -> Key:
        """A new key, written into a new file. There is no other copy.

        Raises:
            ConflictError: the file exists.
        """
        return cls(call(lib.carenet_key_create, path_bytes(path)))

    def __enter__(self) -> Key:
        self._use()
        return self


class SigningKey(_Secret):
    """The secret of who signs checkpoints of the audit chain, in memory that is wiped when it is closed.
    Keep its file away from the store. Its repr shows nothing of it.

    >>> with SigningKey.create("audit.key") as key:      # doctest: +SKIP
    ...     checkpoint = net.audit_checkpoint(sign=key)
    """

    def __init__(self, handle: Any) -> None:
        super().__init__(handle, lib.carenet_signing_key_free)

    @classmethod
    def read(cls, path: StrPath) -> SigningKey:
        """The key in a file.

        Raises:
            RefusedError: others than its owner may read the file.
            InvalidDataError: it holds no signing key.
        """
        return cls(call(lib.carenet_signing_key_read, path_bytes(path)))

    @classmethod
    def read_fd(cls, fd: int) -> SigningKey:
        """The key that comes from an open file descriptor, which stays open."""
        return cls(call(lib.carenet_signing_key_read_fd, fd))

    @classmethod
    def create(cls, path: StrPath) -> SigningKey:
        """A new key, written into a new file that only its owner may read, as ``carenet audit new-key``
        makes one.

        Raises:
            ConflictError: the file exists.
        """
        return cls(call(lib.carenet_signing_key_create, path_bytes(path)))

    @property
    def public(self) -> str:
        """The public key, 64 hexadecimal digits: what :func:`checkpoint_signer` tells of what this key
        has signed."""
        return text(lib.carenet_signing_key_public(self._use())) or ""

    def __enter__(self) -> SigningKey:
        self._use()
        return self
