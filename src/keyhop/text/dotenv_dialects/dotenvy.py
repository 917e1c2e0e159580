"""The programs that read through dotenvy: uv and just."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keyhop.records import dataclass
from keyhop.text.dotenv import Dialect, File, Outside
from keyhop.text.dotenv_draft import BLANKS, NOT_UTF8, Content, Draft

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*")
_BAD_LINE = "a line is not an assignment"


class _BadLine(Exception):
    pass


@dataclass(frozen=True)
class _Dotenvy:
    stops: bool
    """A bad line is an error; else the reading quietly ends there."""
    first_wins: bool = False

    def __call__(self, data: bytes, outside: Outside) -> File:
        content = Content(data, bom=True)
        draft = Draft(content, outside, first_wins=self.first_wins)
        broken = content.broken
        text = content.text if broken is None else content.text[: content.text.rfind("\n", 0, broken) + 1]
        found: dict[str, str] = {}
        for start, line in _logical(text, whole=broken is None):
            at = _skip(line, 0)
            if at == len(line):
                continue
            try:
                name, begin, written = _head(line, at)
                value = _value(line[written:], found, outside)
            except _BadLine:
                outside.asked()
                return draft.refused(_BAD_LINE, start) if self.stops else draft.environment(_BAD_LINE, start)
            found[name] = value
            draft.add(name, value, start + begin, start + written, start + len(line))
        return draft.environment() if broken is None else draft.refused(NOT_UTF8, broken)


def _logical(text: str, *, whole: bool) -> Iterator[tuple[int, str]]:
    """Lines with those joined that an open quote or a blank at the end holds together; the last may be open."""
    at, start, state = 0, 0, "complete"
    while at < len(text):
        stop = text.find("\n", at) + 1 or len(text)
        if text[start:stop].lstrip(BLANKS).startswith("#"):
            yield start, ""
            at = start = stop
            state = "complete"
            continue
        comment = None
        for i in range(at, stop):
            if state == "white" and text[i] == "#":
                comment = i
                break
            state = _next(state, text[i])
        if comment is not None or state == "complete":
            line = text[start : stop if comment is None else comment]
            yield start, line.rstrip(BLANKS)
            start, state = stop, "complete"
        at = stop
    if whole and state != "complete":
        yield start, "="


def _next(state: str, char: str) -> str:
    match state:
        case "complete" if char in BLANKS and char not in "\r\n":
            return "white"
        case "complete" | "white":
            return {"\\": "escape", '"': "weak", "'": "strong"}.get(char, "complete")
        case "weak" if char == "\\":
            return "weak escape"
        case "strong" if char == "\\":
            return "strong escape"
        case "weak" if char == '"':
            return "complete"
        case "strong" if char == "'":
            return "complete"
        case "escape":
            return "complete"
        case _:
            return state.removesuffix(" escape")


def _skip(line: str, at: int) -> int:
    while at < len(line) and line[at] in BLANKS:
        at += 1
    return at


def _head(line: str, at: int) -> tuple[str, int, int]:
    """The name, where the assignment begins, and where its value does."""
    match = _NAME.match(line, at)
    if match is None:
        raise _BadLine
    after = _skip(line, match.end())
    if match[0] == "export" and not line.startswith("=", after):
        match = _NAME.match(line, after)
        if match is None:
            raise _BadLine
        after = _skip(line, match.end())
    if not line.startswith("=", after):
        raise _BadLine
    return match[0], at, _skip(line, after + 1)


def _value(text: str, found: dict[str, str], outside: Outside) -> str:
    """Quotes and escapes as in a shell; ``$`` takes letters and digits, or everything in braces.

    The character after a name without braces is taken as it is, even a quote.
    """
    if text.startswith("#"):
        return ""
    out: list[str] = []
    quote, at = "", 0
    while at < len(text):
        char = text[at]
        if char == "$" and quote != "'":
            name, at = _name(text, at + 1)
            known = outside.get(name) if name else None
            out.append(found.get(name, "") if known is None else known)
            if text[at - 1] != "}" and text[at : at + 1] != "$":
                out.append(text[at : at + 1])
                at += 1
            continue
        if char == "\\" and quote != "'":
            following = text[at + 1 : at + 2]
            if following and following not in "\\'\"$ n":
                raise _BadLine
            out.append("\n" if following == "n" else following)
            at += 2
            continue
        at += 1
        if char == quote or (not quote and char in "'\""):
            quote = "" if quote else char
        elif not quote and char in " \t":
            rest = text[at:].lstrip(" \t")
            if rest and not rest.startswith("#"):
                raise _BadLine
            return "".join(out)
        else:
            out.append(char)
    if quote:
        raise _BadLine
    return "".join(out)


def _name(text: str, at: int) -> tuple[str, int]:
    """The name after a ``$`` and where it ends."""
    if text.startswith("{", at):
        stop = text.find("}", at)
        if stop < 0:
            raise _BadLine
        return text[at + 1 : stop], stop + 1
    stop = at
    while stop < len(text) and text[stop].isalnum():
        stop += 1
    return text[at:stop], stop


DIALECTS = (
    Dialect(
        id="uv",
        title="uv run --env-file",
        measured="uv 0.13.9",
        parse=_Dotenvy(stops=False, first_wins=True),
    ),
    Dialect(id="just", title="set dotenv-load of a justfile", measured="just 1.59.0", parse=_Dotenvy(stops=True)),
)
