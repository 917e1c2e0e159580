"""Answers that are remembered: what an expression came to, and what of its case that rested on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from keyhop.python.scopes import Scope
from keyhop.python.values import (
    Case,
    Class,
    Const,
    Env,
    External,
    Function,
    Imported,
    Items,
    Key,
    Made,
    Method,
    Object,
    Outcome,
    Table,
    Test,
    Text,
    Unknown,
    Value,
)

MOST_ANSWERS = 2
"""Of one expression, that are remembered: one for each kind of case that it was asked in."""


class Asked:
    """What an evaluation asked of the case it began in, and of what else is going on."""

    __slots__ = ("callers", "follows", "heirs", "open", "picked", "spoiled", "stack", "tests")

    def __init__(self) -> None:
        self.callers: set[Scope] = set()
        self.picked: set[Key] = set()
        self.stack: set[Scope] = set()
        self.tests: set[Test] = set()
        self.open: set[object] = set()
        """Tests and imports that must not be followed while they are being followed already."""
        self.heirs = False
        """The classes that derive from another counted: those of the modules that are known by then."""
        self.follows = False
        """Whether callers and branches are followed counted."""
        self.spoiled = False
        """It was cut short: another time it may get further."""

    def add(self, inner: Asked) -> None:
        """A part of the evaluation asked that."""
        if inner.callers:
            self.callers |= inner.callers
        if inner.picked:
            self.picked |= inner.picked
        if inner.stack:
            self.stack |= inner.stack
        if inner.tests:
            self.tests |= inner.tests
        if inner.open:
            self.open |= inner.open
        self.heirs = self.heirs or inner.heirs
        self.follows = self.follows or inner.follows
        self.spoiled = self.spoiled or inner.spoiled


class Moment:
    """What is the same for every question of a moment."""

    __slots__ = ("follows", "loaded", "open")

    def __init__(self) -> None:
        self.open: set[object] = set()
        """Tests that are being decided and imports that are being followed: not to be entered once more."""
        self.follows = False
        """Whether parameters are looked up at the calls, and branches decided: only once all calls are known."""
        self.loaded = 0
        """How many modules are known."""


class Answer:
    """What an expression came to in one case, for all cases that do not differ in what was asked."""

    __slots__ = ("_case", "_follows", "_found", "_loaded", "_open", "asked")

    def __init__(self, asked: Asked, case: Case, found: list[Outcome], now: Moment) -> None:
        self.asked = asked
        self._case = case
        self._found = found
        self._open = asked.open & now.open
        self._loaded = now.loaded
        self._follows = now.follows

    def fits(self, case: Case, now: Moment) -> bool:
        """Whether the evaluation would go the same way in another case, now."""
        own, asked = self._case, self.asked
        if asked.follows and self._follows is not now.follows:
            return False
        if asked.heirs and self._loaded != now.loaded:
            return False
        if asked.open and asked.open & now.open != self._open:
            return False
        if case is not own:
            if asked.callers and not _same_callers(own, case, asked.callers):
                return False
            if asked.picked and not _same_picks(own.picked, case.picked, asked.picked):
                return False
            if asked.stack and any((s in own.stack) is not (s in case.stack) for s in asked.stack):
                return False
            if asked.tests and any((t in own.tests) is not (t in case.tests) for t in asked.tests):
                return False
        return True

    def within(self, case: Case) -> list[Outcome]:
        """The outcomes, as if they had been found in `case`."""
        if case is self._case:
            return list(self._found)
        move = _Move(self._case, case)
        return [(move.value(value), move.case(after)) for value, after in self._found]


def _same_callers(own: Case, case: Case, functions: Iterable[Scope]) -> bool:
    get, other = own.callers.get, case.callers.get
    for function in functions:
        a, b = get(function), other(function)
        if a is not b and (a is None or b is None or a[0] is not b[0] or not _alike(a[1], b[1])):
            return False
    return True


def _same_picks(own: dict[Key, object], other: dict[Key, object], asked: set[Key]) -> bool:
    if own is other:
        return True
    for key, held in own.items():
        if key in asked and not _alike(held, other.get(key)):
            return False
    return not any(key in asked and key not in own for key in other)


def _alike(a: object, b: object) -> bool:
    """Whether two values are of one making, so that one may stand for the other."""
    if a is b:
        return True
    if isinstance(a, Object) and isinstance(b, Object):
        return a.type is b.type and a.site is b.site and _same_origin(a.case, b.case)
    return isinstance(a, Const | External | Unknown) and a == b


def _same_origin(a: Case | None, b: Case | None) -> bool:
    """Whether two objects were made in the same calls: that decides what their constructor was given."""
    if a is b or a is None or b is None:
        return a is b
    return a.callers.keys() == b.callers.keys() and _same_callers(a, b, a.callers)


_Held = TypeVar("_Held")
_Under = TypeVar("_Under")


def _moved(found: dict[_Under, _Held], start: dict[_Under, _Held], to: dict[_Under, _Held]) -> dict[_Under, _Held]:
    """What `found` has made of `start`, made of `to`."""
    if found is start:
        return to
    new = {**to, **{key: held for key, held in found.items() if start.get(key) is not held}}
    for key in start.keys() - found.keys():
        new.pop(key, None)
    return new


class _Move:
    """Outcomes of one case, moved into another: what was assumed on the way is assumed there, too."""

    def __init__(self, start: Case, to: Case) -> None:
        self._start = start
        self._to = to
        self._cases: dict[int, Case] = {id(start): to}
        self._values: dict[int, Value] = {}

    def case(self, case: Case) -> Case:
        found = self._cases.get(id(case))
        if found is None:
            start, to = self._start, self._to
            found = self._cases[id(case)] = Case(
                _moved(case.callers, start.callers, to.callers),
                _moved(case.picked, start.picked, to.picked),
                (*to.tests, *case.tests[len(start.tests) :]),
                to.stack,
            )
        return found

    def value(self, value: Value) -> Value:
        """A copy of its own, as each evaluation makes one."""
        found = self._values.get(id(value))
        if found is None:
            found = self._values[id(value)] = self._copy(value)
        return found

    def _copy(self, value: Value) -> Value:
        match value:
            case Const() | External() | Unknown():
                return value
            case Env():
                default = None if value.default is None else self.value(value.default)
                return Env(
                    value.names, value.site, default, value.strict, value.settings, value.empty_is_unset, value.moment
                )
            case Text(parts=parts):
                return Text(tuple(map(self.value, parts)))
            case Items(values=values):
                return Items(tuple(map(self.value, values)), value.complete)
            case Table():
                return Table(
                    value.node,
                    value.scope,
                    self.case(value.case),
                    tuple(self.value(t) for t in value.over),  # type: ignore[misc]
                )
            case Object():
                return Object(value.type, value.site, None if value.case is None else self.case(value.case))
            case Function():
                return Function(value.scope, None if value.receiver is None else self.value(value.receiver))
            case Class():
                return Class(value.scope)
            case Imported():
                return Imported(value.module)
            case Made():
                return Made(value.by, value.site, self.case(value.case))
            case Method():
                return Method(self.value(value.on), value.name)
