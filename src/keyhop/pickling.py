"""Exceptions that survive the way to another process.

Errors of openai 2.x, anthropic 0.7x and litellm 1.x pickle, but do not unpickle: their constructors want keyword
arguments that ``BaseException.__reduce__`` does not keep. Where they cross a process boundary a pool hangs or breaks
(CPython 3.10 to 3.13), and the provider's answer is lost.
"""

from __future__ import annotations

import copyreg
import traceback
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from importlib import import_module
from types import new_class
from typing import Any, TypeAlias, cast

from keyhop.exception_attributes import body_of, code_of, getattr_or, header_of, request_id_of, status_of
from keyhop.records import dataclass
from keyhop.text.own_values import hide

_Named: TypeAlias = tuple[str, str]
"""A class: its module and its qualified name."""
_LONGEST = 20_000
"""Characters of a chain's text that travel."""
_DEEPEST = 6
_SECRET = ("key", "token", "secret", "password", "headers", "auth")
"""Attributes with one of these words in their name stay behind."""
_HEADERS = ("x-request-id", "request-id", "retry-after", "retry-after-ms")


@dataclass(frozen=True, slots=True)
class Answer:
    """What is left of the HTTP answer that a carried exception reports."""

    status_code: int | None
    text: str
    headers: dict[str, str]


class EarlierError(Exception):
    """What led to a carried exception, as the text of a traceback."""

    def __str__(self) -> str:
        return f'\n"""\n{self.args[0]}"""' if self.args else ""


class Carried:
    """What every carried exception also is. It keeps its class's name, its message and its plain attributes."""

    _keyhop_lineage: tuple[_Named, ...]
    _keyhop_state: dict[str, Any]

    def __reduce__(self) -> tuple[Any, ...]:
        return _revive, (self._keyhop_lineage, self._keyhop_state)

    def __str__(self) -> str:
        return str(self._keyhop_state["message"])

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"

    def __copy__(self) -> Carried:
        return self


class _CarriedType(type):
    """The type of their classes; these pickle too, as Celery pickles an error's class beside the error."""


def picklable(error: BaseException) -> BaseException:
    """An exception of the same class as `error` that pickles, and unpickles in any process that has keyhop.

    It keeps the message, status, code, request id, body, notes and every other plain attribute, and what led to it as
    text. Keys are masked in all of these; requests, clients and headers stay behind. Where the other process cannot
    import the class, it becomes the nearest class above it that can be had::

        except Exception as error:
            raise keyhop.picklable(error)
    """
    if isinstance(error, Carried):
        return error
    state: dict[str, Any] = {
        "message": hide(_message(error)),
        "notes": [hide(note) for note in getattr(error, "__notes__", ()) if isinstance(note, str)],
        "earlier": hide(_earlier(error)),
        "attributes": dict(_attributes(error)),
        "answer": _answer(error),
        "members": [picklable(each) for each in _members(error)],
    }
    carried = _revive(_lineage(type(error)), state)
    carried.__cause__ = error
    return carried


def _revive(lineage: tuple[_Named, ...], state: dict[str, Any]) -> BaseException:
    """The exception again, without its constructor."""
    carried = _new(lineage, state)
    for name, value in state["attributes"].items():
        _set(carried, name, value)
    if state["answer"] is not None:
        _set(carried, "response", Answer(*state["answer"]))
    if state["notes"]:
        _set(carried, "__notes__", list(state["notes"]))
    if state["earlier"]:
        carried.__cause__ = EarlierError(state["earlier"])
    _set(carried, "_keyhop_state", state)
    return carried


def _new(lineage: tuple[_Named, ...], state: Mapping[str, Any]) -> BaseException:
    """An instance of the first class that allows it, made by the built-in class that it rests on."""
    arguments = (state["message"], state["members"]) if state["members"] else (state["message"],)
    for start in range(len(lineage)):
        kind = _carried_class(lineage, start)
        rest = next((each for each in kind.__mro__ if each.__module__ == "builtins"), Exception) if kind else None
        try:
            made = cast("BaseException", cast("Any", rest).__new__(kind, *arguments))
        except (TypeError, AttributeError):
            continue
        _set(made, "args", arguments)
        return made
    raise AssertionError("every exception rests on BaseException")


def _set(error: BaseException, name: str, value: object) -> None:
    """Sets what can be set: a class may have made an attribute read-only."""
    try:
        setattr(error, name, value)
    except Exception:
        error.__dict__[name] = value


def _lineage(kind: type) -> tuple[_Named, ...]:
    """The classes that a carried error may become, the nearest first."""
    return tuple((each.__module__, each.__qualname__) for each in kind.__mro__ if issubclass(each, BaseException))


@lru_cache(maxsize=256)
def _carried_class(lineage: tuple[_Named, ...], start: int) -> type[BaseException] | None:
    """A class called like the first, under the one at `start`; None where that cannot be had or inherited from."""
    above = _imported(*lineage[start])
    if above is None:
        return None
    module, qualified = lineage[0]
    own = {"__module__": module, "__qualname__": qualified, "_keyhop_lineage": lineage, "_keyhop_start": start}
    bases, more = (Carried, above), {"metaclass": _metaclass(type(above))}
    try:
        made: type[BaseException] = new_class(
            qualified.rpartition(".")[2], bases, more, lambda names: names.update(own)
        )
    except TypeError:
        return None
    return made


def _imported(module: str, qualified: str) -> type | None:
    try:
        found: Any = import_module(module)
        for name in qualified.split("."):
            found = getattr(found, name)
    except Exception:
        return None
    return found if isinstance(found, type) and issubclass(found, BaseException) else None


@lru_cache(maxsize=32)
def _metaclass(above: type) -> type:
    made = _CarriedType if above is type else type(f"Carried{above.__name__}", (_CarriedType, above), {})
    copyreg.pickle(made, _reduced)
    return made


def _reduced(kind: Any) -> tuple[Any, ...]:
    return _carried_class, (kind._keyhop_lineage, kind._keyhop_start)


def _message(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:
        return ", ".join(each for each in error.args if isinstance(each, str))


def _earlier(error: BaseException) -> str:
    """The traceback of what led to it, and its own; the end of it where that is long."""
    return "".join(traceback.format_exception(type(error), error, error.__traceback__))[-_LONGEST:]


def _members(error: BaseException) -> tuple[BaseException, ...]:
    """Of an exception group."""
    found = getattr_or(error, "exceptions")
    return found if isinstance(found, tuple) and all(isinstance(each, BaseException) for each in found) else ()


def _answer(error: BaseException) -> tuple[int | None, str, dict[str, str]] | None:
    answer = getattr_or(error, "response")
    if answer is None or isinstance(answer, (Mapping, str)):
        return None
    headers = {name: found for name in _HEADERS if (found := header_of(answer, name))}
    return status_of(error), hide(body_of(error)), headers


def _attributes(error: BaseException) -> Iterator[tuple[str, object]]:
    """What is plain data, masked; then status, code, request id and body where no attribute is called so."""
    kept = getattr_or(error, "__dict__")
    own = kept if isinstance(kept, dict) else {}
    found = {"status_code": status_of(error), "code": code_of(error), "request_id": request_id_of(error)}
    for name, value in {
        **own,
        **{name: value for name, value in found.items() if value and not own.get(name)},
    }.items():
        if name.startswith("__") or any(word in name.lower() for word in _SECRET):
            continue
        with suppress(TypeError):
            yield name, _plain(value)


def _plain(value: object, depth: int = 0) -> object:
    """The value without a key in it; TypeError where it is no plain data."""
    match value:
        case None | bool() | int() | float():
            return value
        case str():
            return hide(str(value))
        case bytes():
            return hide(value.decode("utf-8", "replace")).encode()
        case Mapping() if depth < _DEEPEST:
            return {
                hide(str(name)): _plain(each, depth + 1)
                for name, each in value.items()
                if not any(word in str(name).lower() for word in _SECRET[:4])
            }
        case list() | tuple() | set() | frozenset() if depth < _DEEPEST:
            return [_plain(each, depth + 1) for each in value]
        case _:
            raise TypeError(type(value).__name__)
