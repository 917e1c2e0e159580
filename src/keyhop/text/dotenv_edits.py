"""Changes to a line of an env file that make every reader take its value as its author meant it."""

from __future__ import annotations

import re

from keyhop.sighting import Change
from keyhop.span import Source, Undecodable
from keyhop.text import dotenv
from keyhop.text.dotenv import Line
from keyhop.text.lines import line_end, line_start, line_stop

_PLAIN = re.compile(r"[A-Za-z0-9_./:+=@,%~^*!?-]+")
"""What every reader takes literally without quotes."""

Stretch = tuple[int, int, str, tuple[int, int] | None]
"""Start and end in code points, the new text, and a stretch of the file that is moved before it."""


def cleaned(source: Source, name: str, line: int, change: Change) -> tuple[Stretch, ...]:
    """The line as ``NAME=value``, its comment above it; nothing where no form is right for every reader."""
    try:
        text = source.text
    except Undecodable:
        return ()
    if change is Change.CARRIAGE_RETURN:
        return tuple((m.start(), m.end(), "", None) for m in re.finditer(r"\r(?=\n|\Z)", text))
    if change is Change.BYTE_ORDER_MARK:
        return ((-1, 0, "", None),)
    found = _line(source, name, line)
    if found is None or found.value is None:
        return ()
    value = found.value.reveal()
    if change is Change.DOLLAR:
        return _in_single_quotes(text, found, value)
    return _bare(text, found, value)


def _line(source: Source, name: str, line: int) -> Line | None:
    lines = dotenv.read(source.data, "author").lines
    return next((each for each in lines if each.name == name and each.line == line), None)


def _bare(text: str, line: Line, value: str) -> tuple[Stretch, ...]:
    if _PLAIN.fullmatch(value) is None:
        return ()
    stop = line_stop(text, line.value_start)
    at = text.find(value, line.value_start, stop)
    sign = max(text.rfind("=", line.start, line.value_start), text.rfind(":", line.start, line.value_start))
    if at < 0 or sign < 0:
        return ()
    rest = text[at + len(value) : stop]
    comment = rest.find("#")
    found: list[Stretch] = []
    if comment >= 0:
        start = line_start(text, line.start)
        end = at + len(value) + len(rest.rstrip())
        found.append((start, start, line_end(text), (at + len(value) + comment, end)))
    found += [(sign + 1, at, "", None), (at + len(value), stop, "", None)]
    return tuple(each for each in found if each[0] != each[1] or each[2])


def _in_single_quotes(text: str, line: Line, value: str) -> tuple[Stretch, ...]:
    stop = line_stop(text, line.value_start)
    at = text.find(value, line.value_start, stop)
    if "'" in value or at < 0 or text[line.value_start : at].strip('" ') or "\\" in value:
        return ()
    after = at + len(value) + (text[at + len(value) : at + len(value) + 1] == '"')
    return (line.value_start, at, "'", None), (at + len(value), after, "'", None)
