"""Keywords that several functions share: said once, in a TypedDict, and shown by each of them."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

F = TypeVar("F", bound=Callable[..., Any])


def defaults_of(function: Callable[..., Any]) -> dict[str, Any]:
    """The keywords of a function that have a default, and which."""
    parameters = inspect.signature(function).parameters.values()
    return {
        one.name: one.default
        for one in parameters
        if one.kind is one.KEYWORD_ONLY and one.default is not one.empty
    }


def spelled_out(options: type, defaults: Mapping[str, Any]) -> Callable[[F], F]:
    """For a function that takes the keywords ``options`` as ``**options: Unpack[...]``: it gets every one
    of them, ``help()`` and notebooks show them one by one, and another one is a TypeError, as ever."""
    shared = {name: getattr(hint, "__forward_arg__", hint) for name, hint in options.__annotations__.items()}

    mine = {name: defaults[name] for name in shared}

    def spell(function: F) -> F:
        own = inspect.signature(function)
        plain = [one for one in own.parameters.values() if one.kind is not one.VAR_KEYWORD]
        known = {*shared, *(one.name for one in plain)}

        @functools.wraps(function)
        def called(*arguments: Any, **keywords: Any) -> Any:
            for name in keywords:
                if name not in known:
                    raise TypeError(
                        f"{function.__qualname__}() got an unexpected keyword argument {name!r}"
                    )
            return function(*arguments, **{**mine, **keywords})

        spelled = [
            inspect.Parameter(
                name, inspect.Parameter.KEYWORD_ONLY, default=defaults[name], annotation=hint
            )
            for name, hint in shared.items()
        ]
        called.__signature__ = own.replace(parameters=[*plain, *spelled])  # type: ignore[attr-defined]
        return cast(F, called)

    return spell
