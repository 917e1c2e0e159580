"""What is known of a host of workers in the process at hand."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, NamedTuple, TypeAlias, TypeVar

from keyhop.guard import Guard
from keyhop.records import dataclass
from keyhop.roll import Called

_Member = TypeVar("_Member")


class Attached(NamedTuple):
    """A host behind a guard."""

    host: Any
    """What the user goes on with: mostly the very object that was given."""
    undo: Callable[[], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """One host."""

    id: str
    title: str
    module: str
    """The host's own module. Where nobody has imported it, nothing of this host can be at hand."""
    supports: tuple[str, ...]
    """Releases that have what it rests on."""
    line: str
    """The line that a user writes."""
    stops: str
    """Where a worker that lacks a key is stopped, and what its user reads."""
    is_host: Callable[[object], bool]
    attach: Callable[[Any, Guard], Attached]
    """Called once for each host; never imports it."""


Question: TypeAlias = Mapping[str, Any]
"""As `keyhop.answering.answer` takes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calling:
    """One roll call."""

    target: str
    """Which host, as the user names it."""
    question: Question
    seconds: float
    """How long answers are waited for."""
    expected: int | None = None
    """How many workers there should be, where the user says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """A host whose live workers can be asked."""

    id: str
    """Also the option of ``keyhop workers``."""
    title: str
    metavar: str
    """What the option takes."""
    help: str
    call: Callable[[Calling], Iterable[Called]]
    """Imports the host, and the user's application where it takes one.

    Raises:
        UsageError: there is no such host.
    """


@cache
def every() -> tuple[Live, ...]:
    """Every host: each module of ``keyhop.live`` that has a ``LIVE``; functions and classes, which many are, last."""
    return tuple(sorted(_members("LIVE", Live), key=lambda live: (live.module == "builtins", live.id)))


@cache
def rosters() -> tuple[Roster, ...]:
    """Every host that can be asked: each module of ``keyhop.live`` that has a ``ROSTER``."""
    return tuple(_members("ROSTER", Roster))


def _members(constant: str, kind: type[_Member]) -> Iterator[_Member]:
    from keyhop import live as family

    modules = (import_module(f"keyhop.live.{each.name}") for each in iter_modules(family.__path__))
    found = (getattr(module, constant, None) for module in modules)
    return (each for each in found if isinstance(each, kind))


def host_of(thing: object) -> Iterator[Live]:
    """The hosts that know the thing, the more particular first."""
    return (live for live in every() if live.module in sys.modules and live.is_host(thing))


def is_instance(thing: object, module: str, name: str) -> bool:
    """Whether it is an instance of that class, or of one under it; the module is not imported to tell."""
    return any((each.__module__, each.__qualname__) == (module, name) for each in type(thing).__mro__)
