"""What a template is made of. Offsets are those of the template's text."""

from __future__ import annotations

from dataclasses import field
from typing import TypeAlias

from keyhop.records import dataclass


class TemplateError(ValueError):
    """The template cannot be read or carried out. ``str()`` quotes no value."""

    def __init__(self, why: str, at: int = 0) -> None:
        super().__init__(why)
        self.at = at


@dataclass(frozen=True, slots=True)
class Constant:
    """A text, a number, true, false or nil."""

    value: object = field(repr=False)


@dataclass(frozen=True, slots=True)
class Field:
    """``.a.b`` of the dot, ``$x.a`` of a variable, or ``(…).a`` of an expression."""

    of: Operand | None
    """None: the dot."""
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Variable:
    """``$x``; ``$`` is the data that the template was given."""

    name: str


@dataclass(frozen=True, slots=True)
class Function:
    name: str


Operand: TypeAlias = "Constant | Field | Variable | Function | Pipeline"


@dataclass(frozen=True, slots=True)
class Command:
    """An operand with arguments."""

    operands: tuple[Operand, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Commands, each with the result of the one before as its last argument, and variables that take the result."""

    commands: tuple[Command, ...]
    variables: tuple[str, ...] = ()
    declares: bool = True


@dataclass(frozen=True, slots=True)
class Literal:
    """Text that stays as it is."""

    text: str = field(repr=False)
    at: int


@dataclass(frozen=True, slots=True)
class Action:
    """``{{ pipeline }}``."""

    pipeline: Pipeline
    at: int


@dataclass(frozen=True, slots=True)
class Branch:
    """``if``, ``with`` and ``range``."""

    word: str
    pipeline: Pipeline
    body: tuple[Node, ...]
    otherwise: tuple[Node, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Call:
    """``{{ template "name" pipeline }}``."""

    name: str
    pipeline: Pipeline | None
    at: int


@dataclass(frozen=True, slots=True)
class Leave:
    """``break`` or ``continue``."""

    word: str


Node: TypeAlias = "Literal | Action | Branch | Call | Leave"


@dataclass(frozen=True, slots=True)
class Template:
    """One file: what it prints, and the templates that it defines by name."""

    body: tuple[Node, ...]
    defined: tuple[tuple[str, tuple[Node, ...]], ...]
