"""What would mend a fault, before it is known which bytes that changes; and the bytes.

Rules name a remedy by what they see in the topology. `keyhop.mending` finds the stretches of text that carry it out.
"""

from __future__ import annotations

from typing import TypeAlias

from keyhop.catalogue import VarName
from keyhop.facts import PlaceId
from keyhop.records import dataclass
from keyhop.sighting import Change
from keyhop.span import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """New text for a stretch of a file: bytes from `start` to `end`, of a file whose SHA-256 was `basis`."""

    path: str
    start: int
    end: int
    basis: str
    text: str = ""
    """Never a part of a value."""
    moved: tuple[int, int] | None = None
    """A stretch of the same file, in bytes, that is put before `text`; what it holds is not told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOn:
    """Give a process a variable, in the way that its host has for it."""

    process: PlaceId
    name: VarName
    span: Span
    """Where the process is defined."""
    sibling: PlaceId | None = None
    """A process that gets it, and in whose way it is to be given."""
    env_file: str = ""
    """The path, from the project's root, of a file that the sibling is given as a whole."""
    like: Span | None = None
    """Where the sibling is given it."""
    at: Span | None = None
    """The line that does not hand it on."""
    store: str = ""
    """What the store is called that has it under this name, where no sibling is given it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delete:
    """Take away the line that writes a variable."""

    name: VarName
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Rename:
    """Write another name in a line."""

    old: str
    new: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Clean:
    """Write the value of a line so that every reader takes it as its author meant it."""

    name: VarName
    change: Change
    """What a reader does to it as it stands."""
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """Make a shell variable one of the environment."""

    name: VarName
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Hoist:
    """Run a statement before all that its module imports and does."""

    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Inherit:
    """Start a program with its parent's environment beneath its own."""

    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """Call a keyword argument by another name."""

    old: str
    new: str
    span: Span
    """The call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """Pass one more keyword argument to a call."""

    argument: str
    span: Span
    """The call; for a decorator, anything in the function below it."""
    text: str = ""
    """Python that says it; empty for what other calls of the module pass."""
    decorator: str = ""
    """The name of the decorator that it is for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PassField:
    """Pass a field of a settings object to a call."""

    argument: str
    name: VarName
    """The variable that the field holds."""
    settings: Span
    """The object's class."""
    span: Span
    """The call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Configure:
    """Put variables into the ``config`` of a dict that is passed to a call."""

    argument: str
    variables: tuple[tuple[str, VarName], ...]
    """The entries, each with the variable that it is read from."""
    span: Span
    """The call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """Give another variable the value that a line gives to one."""

    name: VarName
    other: VarName
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportSourced:
    """Make variables of the environment of all that a line of a shell script sources."""

    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Attach:
    """Put workers behind `keyhop.attach`, so that each loads its own keys."""

    what: str
    """A provider, or a variable."""
    host: str
    """``Celery`` for an application of it, ``ray`` for that module; empty for the pool that is made at `span`."""
    span: Span


Remedy: TypeAlias = (
    HandOn
    | Delete
    | Rename
    | Clean
    | Export
    | Hoist
    | Inherit
    | Argument
    | Pass
    | PassField
    | Configure
    | Repeat
    | ExportSourced
    | Attach
)
