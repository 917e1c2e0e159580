"""The standard library's dataclasses, made in a fraction of the time.

``dataclasses.dataclass`` compiles six functions for every frozen class (Python 3.11): with hundreds of classes, most
of the start of a short command. Here ``__init__`` alone is compiled, at the first instance; the others are shared.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

_Class = TypeVar("_Class", bound=type)
_UNSET: Any = object()

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:

    def dataclass(
        *,
        frozen: bool = False,
        slots: bool = False,
        kw_only: bool = False,
        eq: bool = True,
        repr: bool = True,
    ) -> Callable[[_Class], _Class]:
        """As ``dataclasses.dataclass``, of which these are all the choices."""

        def made(cls: _Class) -> _Class:
            made = dataclasses.dataclass(init=False, repr=False, eq=False, slots=slots, kw_only=kw_only)(cls)
            fields = dataclasses.fields(made)
            methods = {"__init__": _at_first(made, fields, frozen)}
            if repr:
                methods["__repr__"] = _shown
            if eq:
                methods |= _compared(fields, frozen)
            if frozen:
                methods |= _FROZEN
            if frozen and slots:
                methods |= _PICKLED
            for name in methods.keys() - cls.__dict__.keys():
                setattr(made, name, methods[name])
            return made

        return made


def _at_first(cls: type, fields: tuple[dataclasses.Field[Any], ...], frozen: bool) -> Callable[..., None]:
    def __init__(self: Any, *positional: Any, **named: Any) -> None:
        made = _initialiser(cls, fields, frozen)
        cls.__init__ = made  # type: ignore[misc]
        made(self, *positional, **named)

    return __init__


def _initialiser(cls: type, fields: tuple[dataclasses.Field[Any], ...], frozen: bool) -> Callable[..., None]:
    named = [f for f in fields if f.init and f.kw_only]
    given = [*(f for f in fields if f.init and not f.kw_only), *named]
    values: dict[str, Any] = {"_assign": object.__setattr__, "_UNSET": _UNSET}
    parameters, lines = ["self"], []
    for field in given:
        if named and field is named[0]:
            parameters.append("*")
        if field.default is not dataclasses.MISSING:
            values[f"_default_{field.name}"] = field.default
            parameters.append(f"{field.name}=_default_{field.name}")
        elif field.default_factory is not dataclasses.MISSING:
            parameters.append(f"{field.name}=_UNSET")
        else:
            parameters.append(field.name)
    for field in fields:
        value = field.name
        if field.default_factory is not dataclasses.MISSING:
            made = f"_default_{field.name}"
            values[made] = field.default_factory
            value = f"{made}() if {value} is _UNSET else {value}" if field.init else f"{made}()"
        elif not field.init:
            continue
        lines.append(f'_assign(self, "{field.name}", {value})' if frozen else f"self.{field.name} = {value}")
    if hasattr(cls, "__post_init__"):
        lines.append("self.__post_init__()")
    exec(f"def __init__({', '.join(parameters)}):\n " + "\n ".join(lines or ["pass"]), values)
    initialiser: Callable[..., None] = values["__init__"]
    initialiser.__qualname__ = f"{cls.__qualname__}.__init__"
    initialiser.__annotations__ = {**{f.name: f.type for f in given}, "return": None}
    return initialiser


def _shown(self: Any) -> str:
    shown = (f"{f.name}={getattr(self, f.name)!r}" for f in dataclasses.fields(self) if f.repr)
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _compared(fields: tuple[dataclasses.Field[Any], ...], hashable: bool) -> dict[str, Any]:
    names = [f.name for f in fields if f.compare]
    key: Callable[[Any], Any] = attrgetter(*names) if names else lambda _self: ()

    def equals(self: Any, other: Any) -> Any:
        return key(self) == key(other) if other.__class__ is self.__class__ else NotImplemented

    return {"__eq__": equals, "__hash__": (lambda self: hash(key(self))) if hashable else None}


def _kept(self: Any, name: str, *_value: Any) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot assign to or delete field {name!r}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, f.name) for f in dataclasses.fields(self)]


def _restored(self: Any, state: list[Any]) -> None:
    for field, value in zip(dataclasses.fields(self), state, strict=True):
        object.__setattr__(self, field.name, value)


_FROZEN = {"__setattr__": _kept, "__delattr__": _kept}
_PICKLED = {"__getstate__": _state, "__setstate__": _restored}
