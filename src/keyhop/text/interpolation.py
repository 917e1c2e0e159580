"""The ``$NAME`` and ``${NAME:-default}`` language of Compose files, as docker-compose 5.6.1 has it.

It is used in compose.yaml, and in the double quoted and the bare values of the .env files that Compose
reads. A ``$`` that begins no reference (``$1``, ``$`` at the end) is text. What follows an operator is a
template of its own, and is looked at only when it is needed: a mistake in a default that is not used is
no mistake.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Literal as OneOf

from keyhop.records import dataclass
from keyhop.text.sealed import Sealed

Operator = OneOf["", ":-", "-", ":?", "?", ":+", "+"]

_MARK = re.compile(r"\$(?:(?P<escaped>\$)|(?P<named>[_a-zA-Z][_a-zA-Z0-9]*)|(?P<open>\{))")
_BRACED = re.compile(r"\$\{(?P<name>[_a-zA-Z][_a-zA-Z0-9]*)(?:(?P<operator>:?[-+?])(?P<operand>.*))?\}")
_DEEPEST = 50


class Refused(ValueError):
    """Compose stops at this template. ``str()`` says why and never quotes a value."""


@dataclass(frozen=True, slots=True)
class Literal:
    """Text that stays as it is; of ``$$`` one ``$``."""

    text: Sealed
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Invalid:
    """A ``${`` that begins no reference; Compose refuses the whole text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reference:
    """One use of a variable; ``[start, end)`` takes in the ``$`` and the closing brace."""

    name: str
    operator: Operator
    operand: Template
    """Without parts where there is no operator."""
    start: int
    end: int


Part = Literal | Reference | Invalid


@dataclass(frozen=True, slots=True)
class Template:
    """A text in the language. Offsets are those of the text that was parsed."""

    parts: tuple[Part, ...] = ()

    def references(self) -> Iterator[Reference]:
        """Every reference, those inside operands right after the one they belong to."""
        for part in self.parts:
            if isinstance(part, Reference):
                yield part
                yield from part.operand.references()

    @property
    def sole(self) -> Reference | None:
        """The reference, where the text is nothing but one."""
        only = self.parts[0] if len(self.parts) == 1 else None
        return only if isinstance(only, Reference) else None

    @property
    def invalid(self) -> Invalid | None:
        """The first mistake that Compose cannot pass by."""
        return next((p for p in self.parts if isinstance(p, Invalid)), None)


def parse(text: str) -> Template:
    """The template of a text. Never raises: a mistake is a part of it."""
    return _parse(text, 0, 0)


def evaluate(template: Template, lookup: Callable[[str], Sealed | None]) -> Sealed:
    """The text with its variables resolved; an unset one is empty.

    Raises:
        Refused: the template is invalid, or lacks a variable that it requires.
    """
    return Sealed("".join(_pieces(template, lookup)))


def _pieces(template: Template, lookup: Callable[[str], Sealed | None]) -> Iterator[str]:
    for part in template.parts:
        match part:
            case Literal(text=text):
                yield text.reveal()
            case Invalid():
                raise Refused("invalid interpolation format")
            case Reference():
                yield from _resolved(part, lookup)


def _resolved(reference: Reference, lookup: Callable[[str], Sealed | None]) -> Iterator[str]:
    found = lookup(reference.name)
    text = "" if found is None else found.reveal()
    counts = bool(text) if reference.operator.startswith(":") else found is not None
    match reference.operator[-1:]:
        case "-" if not counts:
            yield from _pieces(reference.operand, lookup)
        case "+" if counts:
            yield from _pieces(reference.operand, lookup)
        case "?" if not counts:
            raise Refused(f"required variable {reference.name} is missing a value")
        case _:
            yield text


def _parse(text: str, base: int, depth: int) -> Template:
    parts: list[Part] = []
    at = 0

    def literal(end: int, value: str) -> None:
        if end > at:
            parts.append(Literal(Sealed(value), base + at, base + end))

    while (mark := _MARK.search(text, at)) is not None:
        literal(mark.start(), text[at : mark.start()])
        at, start = mark.start(), mark.start()
        if mark["escaped"]:
            literal(mark.end(), "$")
            at = mark.end()
        elif mark["named"]:
            at = mark.end()
            parts.append(Reference(mark["named"], "", Template(), base + start, base + at))
        else:
            braced = _braced(text, start) if depth < _DEEPEST else None
            if braced is None:
                at = mark.end()
                parts.append(Invalid(base + start, base + at))
                continue
            at = braced.end()
            operand = Template()
            if braced["operand"] is not None:
                operand = _parse(braced["operand"], base + braced.start("operand"), depth + 1)
            operator: Operator = braced["operator"] or ""  # type: ignore[assignment]
            parts.append(Reference(braced["name"], operator, operand, base + start, base + at))
    literal(len(text), text[at:])
    return Template(tuple(parts))


def _braced(text: str, start: int) -> re.Match[str] | None:
    """The reference at a ``${``: up to the brace that closes it, else to the last one of its line."""
    widest = _BRACED.match(text, start)
    if widest is None:
        return None
    depth, at = 0, start
    while at < widest.end():
        if text[at] == "}":
            depth -= 1
            if depth == 0:
                return _BRACED.match(text, start, at + 1)
        elif text[at] == "{":
            depth += 1
            at += 1
        at += 1
    return widest
