"""Exceptions: one to one with the codes of the C library."""

from __future__ import annotations

import pickle

import pytest

import carenet as cn
from carenet._native import ffi, lib


def c_codes() -> dict[str, int]:
    kind = ffi.typeof("carenet_error_code")
    return {name: code for code, name in kind.elements.items()}


def test_the_table_is_that_of_c() -> None:
    codes = c_codes()
    assert sorted(codes.values()) == [code for code, *_ in cn.ERRORS]
    for code, name, status, kind in cn.ERRORS:
        assert ffi.string(lib.carenet_error_code_name(code)).decode() == name
        assert lib.carenet_error_code_exit_status(code) == status
        assert codes["CARENET_ERROR_" + name.upper().replace("-", "_")] == code
        assert (kind.code, kind.name, kind.exit_status) == (code, name, status)


def test_each_has_a_class_of_its_own_and_a_built_in() -> None:
    classes = [kind for *_, kind in cn.ERRORS]
    assert len(set(classes)) == len(classes)
    for kind in classes:
        assert issubclass(kind, cn.CarenetError)
        bases = [base for base in kind.__bases__ if base is not cn.CarenetError]
        assert len(bases) == 1 and bases[0].__module__ == "builtins"
        assert getattr(cn, kind.__name__) is kind


@pytest.mark.parametrize("kind", [kind for *_, kind in cn.ERRORS])
def test_they_can_be_raised_and_pickled(kind: type[cn.CarenetError]) -> None:
    error = kind("it is wrong", hint="mend it", file="a.yaml", line=3, column=7)
    assert str(error) == "a.yaml:3:7: it is wrong (mend it)"
    back = pickle.loads(pickle.dumps(error))
    assert type(back) is kind and str(back) == str(error)
    assert (back.file, back.line, back.column) == ("a.yaml", 3, 7)


def test_a_near_miss_is_named(directory: cn.Directory) -> None:
    with pytest.raises(LookupError) as caught:
        directory.find(service="trauma-terapy")
    assert isinstance(caught.value, cn.NotFoundError)
    assert "trauma-therapy" in (caught.value.hint or "")
    assert caught.value.exit_status == 2


def test_texts_that_c_cannot_take(directory: cn.Directory) -> None:
    with pytest.raises(cn.InvalidArgumentError):
        directory.find(service="a\0b")
    with pytest.raises(TypeError):
        directory.find(service=[3])  # type: ignore[list-item]
    with pytest.raises(TypeError):
        directory.show(3)  # type: ignore[arg-type]
