"""What a shell script consists of. Offsets are those of the script's text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from typing import TypeAlias

from keyhop.records import dataclass
from keyhop.text.expansion import Pieces, Plain, pieces


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One word as it stands in the script, or the body of a here-document."""

    raw: str = field(repr=False)
    start: int
    end: int
    here: bool = False
    """A here-document's body, in which variables are replaced and quotes stand for themselves."""
    verbatim: bool = False
    """The body of a here-document whose name is quoted."""

    @property
    def pieces(self) -> Pieces:
        if self.verbatim:
            return (Plain(self.raw, True),)
        return pieces(self.raw, quoted=self.here)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """``NAME=value`` before a command, or alone."""

    name: str
    value: Word
    appends: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirect:
    """``> file``, ``< file``, ``<<EOF``."""

    operator: str
    target: Word
    """The file, or the body of the here-document."""
    descriptor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Simple:
    """A command with its words. ``[[ … ]]`` is one, too."""

    settings: tuple[Setting, ...]
    words: tuple[Word, ...]
    redirects: tuple[Redirect, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """``a | b``."""

    parts: tuple[Node, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AndOr:
    """``a && b || c``: each further command with the operator before it."""

    first: Node
    rest: tuple[tuple[str, Node], ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """``{ … }``, or ``( … )`` in a shell of its own."""

    body: Script
    subshell: bool
    redirects: tuple[Redirect, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class If:
    """Each branch with its condition, and what is done where none holds."""

    branches: tuple[tuple[Script, Script], ...]
    otherwise: Script | None
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Each arm: the patterns and what is done."""

    subject: Word
    arms: tuple[tuple[tuple[Word, ...], Script], ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop:
    """``for``, ``while`` or ``until``."""

    kind: str
    name: str
    words: tuple[Word, ...]
    """What a ``for`` goes over; empty: the positional parameters, or not known."""
    condition: Script | None
    body: Script
    redirects: tuple[Redirect, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A function's definition."""

    name: str
    body: Node
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unparsed:
    """Text that is no shell command that keyhop understands."""

    why: str
    start: int
    end: int


Node: TypeAlias = Simple | Pipeline | AndOr | Group | If | Case | Loop | Function | Unparsed


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A command of a list, and whether the script goes on without waiting for it."""

    node: Node
    background: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """Commands, one after another."""

    items: tuple[Item, ...]


def commands(script: Script | Node) -> Iterator[Simple]:
    """Every simple command in it, in the order of the text."""
    match script:
        case Script(items=items):
            for item in items:
                yield from commands(item.node)
        case Simple():
            yield script
        case Pipeline(parts=parts):
            for part in parts:
                yield from commands(part)
        case AndOr(first=first, rest=rest):
            yield from commands(first)
            for _, node in rest:
                yield from commands(node)
        case If(branches=branches, otherwise=otherwise):
            for condition, body in branches:
                yield from commands(condition)
                yield from commands(body)
            if otherwise is not None:
                yield from commands(otherwise)
        case Case(arms=arms):
            for _, body in arms:
                yield from commands(body)
        case Loop(condition=condition, body=body):
            if condition is not None:
                yield from commands(condition)
            yield from commands(body)
        case Group(body=body):
            yield from commands(body)
        case Function(body=node):
            yield from commands(node)
