"""What an expression may amount to, without running it."""

from __future__ import annotations

import ast
from collections.abc import Hashable
from dataclasses import field
from typing import TypeAlias

from keyhop.python.modules import Module
from keyhop.python.scopes import Scope, Site
from keyhop.records import dataclass


@dataclass(frozen=True, slots=True)
class Const:
    """A literal."""

    value: str | bytes | int | float | complex | bool | None


@dataclass(frozen=True, slots=True)
class Library:
    """A library that looks into a file of its own where the process does not have a variable."""

    name: str
    dialect: str
    file: str | None
    """Its absolute path; None where there is none."""
    process_first: bool = True
    """Whether it asks the process before the file, or never."""


@dataclass(frozen=True, slots=True, eq=False)
class Env:
    """A read of a variable, or of the first of several that is set."""

    names: tuple[str, ...]
    site: Site
    """Where it is read, in words of the project."""
    default: Value | None = None
    strict: bool = False
    """It raises where the variable is not set."""
    settings: Scope | Library | None = None
    """The settings class or library whose own sources are read, instead of the process's environment."""
    empty_is_unset: bool = False
    moment: Site | None = None
    """When it is read, where that is not when `site` runs."""

    @property
    def read_at(self) -> Site:
        return self.moment or self.site


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """A text of known and unknown parts."""

    parts: tuple[Value, ...]

    @property
    def prefix(self) -> str:
        """The known beginning."""
        found = ""
        for part in self.parts:
            if not isinstance(part, Const):
                break
            found += str(part.value)
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Items:
    """A list, tuple or set."""

    values: tuple[Value, ...]
    complete: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A dictionary whose keys and values are evaluated on demand."""

    node: ast.Dict | ast.Call
    scope: Scope
    case: Case
    over: tuple[Table, ...] = ()
    """Tables that win over this one."""


@dataclass(frozen=True, slots=True, eq=False)
class Object:
    """An instance of a class of the project; `site` is where it is made, if that is known."""

    type: Scope
    site: Site | None = None
    case: Case | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function of the project, perhaps bound to an object or a class."""

    scope: Scope
    receiver: Value | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Class:
    """A class of the project."""

    scope: Scope


@dataclass(frozen=True, slots=True, eq=False)
class Imported:
    """A module of the project."""

    module: Module


@dataclass(frozen=True, slots=True)
class External:
    """Something of a library, by its dotted name."""

    name: str

    @property
    def root(self) -> str:
        return self.name.partition(".")[0]

    @property
    def last(self) -> str:
        return self.name.rpartition(".")[2]


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """What a library's function or class returned."""

    by: External
    site: Site
    case: Case


@dataclass(frozen=True, slots=True, eq=False)
class Method:
    """A method of a text, a variable or a table, before it is called."""

    on: Value
    name: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """Something that only a run could tell."""

    why: str


Value: TypeAlias = (
    Const | Env | Text | Items | Table | Object | Function | Class | Imported | External | Made | Method | Unknown
)


def text(parts: tuple[Value, ...]) -> Value:
    """Parts joined; a constant where all of them are."""
    flat: list[Value] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, Text) else (part,))
    if all(isinstance(p, Const) for p in flat):
        return Const("".join(str(p.value) for p in flat if isinstance(p, Const)))
    return Text(tuple(flat))


@dataclass(frozen=True, slots=True)
class Atom:
    """A fact about a variable that a branch rests on."""

    names: tuple[str, ...]
    set: bool = True
    """It is set and not empty; or it is not."""
    equals: str | None = None
    """It has that text; or, with `set` false, it has not."""
    default: str | None = None
    """The text that the code takes where it is unset."""


@dataclass(frozen=True, slots=True)
class Test:
    """A branch that was taken without knowing."""

    atoms: tuple[Atom, ...] = ()
    """Empty: nothing is known about what decides."""
    early: bool = False
    """The other branch leaves the function quietly."""
    handler: bool = False
    """The branch is the handler of an exception."""


Key: TypeAlias = tuple[Scope, Hashable]
"""A decision within a case, with the scope whose names it is about."""


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """One way the program may go: which caller, which binding, which branch."""

    callers: dict[Scope, tuple[Site | None, Value | None]] = field(default_factory=dict)
    """The call that a function is looked at from, and the object that it is called on."""
    picked: dict[Key, object] = field(default_factory=dict)
    """Which binding a use was taken to see, and what a binding was taken to be."""
    tests: tuple[Test, ...] = ()
    stack: tuple[Scope, ...] = ()
    """Functions that are being evaluated."""

    def taking(self, key: Key, answer: object) -> Case:
        """With what a use was taken to see, or a binding to be."""
        return Case(self.callers, {**self.picked, key: answer}, self.tests, self.stack)

    def called_from(self, function: Scope, site: Site | None, on: Value | None) -> Case:
        """With the call that a function is looked at from."""
        return Case({**self.callers, function: (site, on)}, self.picked, self.tests, self.stack)

    def under(self, callers: dict[Scope, tuple[Site | None, Value | None]]) -> Case:
        return Case(callers, self.picked, self.tests, self.stack)

    def assuming(self, *tests: Test) -> Case:
        return Case(self.callers, self.picked, tests, self.stack)

    def inside(self, stack: tuple[Scope, ...]) -> Case:
        return Case(self.callers, self.picked, self.tests, stack)


EVERY_CASE = Case()


Outcome: TypeAlias = tuple[Value, Case]
"""A value, and what had to be assumed for it."""
