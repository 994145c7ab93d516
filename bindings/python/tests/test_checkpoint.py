"""Checkpoints of the audit chain."""

from __future__ import annotations

import pathlib
import pickle

import pytest

import carenet as cn

# As `carenet audit new-key` writes one; it signs nothing but this test.
KEY = "carenet-signing-key-1 " + "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb\n"
PUBLIC = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"


def test_signing_keys(demo_path: pathlib.Path, tmp_path: pathlib.Path) -> None:
    path = tmp_path / "audit.key"
    with cn.open(demo_path) as net, cn.SigningKey.create(path) as key:
        assert path.stat().st_mode & 0o777 == 0o600
        checkpoint = net.audit_checkpoint(sign=key)
        assert cn.checkpoint_signer(checkpoint) == key.public
        assert cn.checkpoint_signer(net.audit_checkpoint(sign=path)) == key.public
        assert net.verify_audit(checkpoint).ok
        assert key.public in path.read_text() and key.public not in repr(key)
        with pytest.raises(cn.ConflictError):
            cn.SigningKey.create(path)
        with pytest.raises(TypeError):
            pickle.dumps(key)
        with path.open("rb") as file, cn.SigningKey.read_fd(file.fileno()) as again:
            assert again.public == key.public
        key.close()
        with pytest.raises(cn.StateError):
            key.public  # noqa: B018
        with pytest.raises(cn.StateError):
            net.audit_checkpoint(sign=key)
    cn.Key.create(tmp_path / "network.key").close()
    with pytest.raises(cn.InvalidDataError):
        cn.SigningKey.read(tmp_path / "network.key")


def test_checkpoints(demo_path: pathlib.Path, tmp_path: pathlib.Path) -> None:
    key = tmp_path / "audit.key"
    key.write_text(KEY)
    key.chmod(0o600)
    with cn.open(demo_path) as net:
        early = net.audit_checkpoint(sign=key)
        assert cn.checkpoint_signer(early) == PUBLIC
        assert cn.checkpoint_signer(net.audit_checkpoint()) is None
        net.verify("ex-nmn-014", by="phone", actor="desk-1")
        assert net.verify_audit(early).ok
        with pytest.raises(cn.InvalidDataError):
            net.verify_audit(early.replace("records 1", "records 2"))
        key.chmod(0o644)
        with pytest.raises(cn.RefusedError):
            net.audit_checkpoint(sign=key)
