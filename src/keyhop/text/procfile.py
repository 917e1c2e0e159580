"""A Procfile's lines, as honcho 2.0 and Heroku read them: ``name: command``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import field

from keyhop.records import dataclass

_LINE = re.compile(r"^[ \t]*([A-Za-z0-9_-]+):[ \t]*(\S.*?)[ \t\r]*$", re.M)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessLine:
    """One process type."""

    name: str
    command: str = field(repr=False)
    start: int
    end: int


def parse(text: str) -> tuple[ProcessLine, ...]:
    """The process types, in order; the later of two with one name counts."""
    found = {each.name: each for each in _lines(text)}
    return tuple(found.values())


def _lines(text: str) -> Iterator[ProcessLine]:
    for match in _LINE.finditer(text):
        yield ProcessLine(name=match[1], command=match[2], start=match.start(1), end=match.end(2))
