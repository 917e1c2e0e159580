"""The programs that read through godotenv: act and Task."""

from __future__ import annotations

import re

from keyhop.text.dotenv import Dialect, File, Outside
from keyhop.text.dotenv_draft import BLANKS, Content, Draft

_INNER = "\t\v\f\r \x85\xa0"
_ESCAPE = re.compile(r"\\.")
_ESCAPED = re.compile(r"\\([^$])")
_VARIABLE = re.compile(r"(?P<back>\\)?\$\(?\{?(?P<name>[A-Z0-9_]+)?\}?")


def _read(data: bytes, outside: Outside) -> File:
    """Statement by statement; a name is checked byte by byte, so a byte order mark is refused."""
    content = Content(data, bom=True)
    draft = Draft(content, outside)
    text = content.replaced()
    found: dict[str, str] = {}
    at = 0
    while True:
        at = _statement(text, at)
        if at == len(text):
            return draft.environment()
        start = at
        if text.startswith("export", at) and text[at + 6 : at + 7] in tuple(_INNER):
            at = _skip(text, at + 6, _INNER)
        if at == len(text):
            return draft.refused("a line has no name", start)
        begin = at
        while at < len(text) and text[at] not in "=:":
            if not _allowed(content.text[at]) and text[at] not in _INNER:
                return draft.refused("a name has a character that is not allowed", at)
            at += 1
        if at == len(text):
            return draft.environment()
        name = text[begin:at].rstrip(BLANKS)
        written = _skip(text, at + 1, _INNER)
        if text[written : written + 1] in ("'", '"'):
            end = _closing(text, written)
            if end is None:
                return draft.refused("a quoted value is not closed", written)
            quote = text[written]
            value = text[written:end].strip(quote)
            if quote == '"':
                value = _expanded(_ESCAPED.sub(r"\1", _ESCAPE.sub(_control, value)), found)
            at = end = end + 1
        else:
            at = _line_end(text, written)
            end = written + len(text[written:at].rstrip(_INNER))
            value = _expanded(_uncommented(text[written:at]), found)
        if name:
            found[name] = value
            draft.add(name, value, start, written, max(end, written))


def _statement(text: str, at: int) -> int:
    at = _skip(text, at, BLANKS)
    while text.startswith("#", at):
        stop = text.find("\n", at)
        at = len(text) if stop < 0 else _skip(text, stop, BLANKS)
    return at


def _skip(text: str, at: int, chars: str) -> int:
    while at < len(text) and text[at] in chars:
        at += 1
    return at


def _allowed(char: str) -> bool:
    """Whether every byte, taken as a character of its own, may be in a name."""
    codes = char.encode("utf-8", "surrogateescape").decode("latin-1")
    return all(c in "_." or c.isalpha() or c.isnumeric() or c in _INNER for c in codes)


def _closing(text: str, at: int) -> int | None:
    """The offset of the closing quote: the next one without a backslash right before it."""
    quote = text[at]
    stop = text.find(quote, at + 1)
    while stop >= 0 and text[stop - 1] == "\\":
        stop = text.find(quote, stop + 1)
    return None if stop < 0 else stop


def _line_end(text: str, at: int) -> int:
    while at < len(text) and text[at] not in "\r\n":
        at += 1
    return at


def _uncommented(line: str) -> str:
    """The line up to the last ``#`` that follows a blank, without blanks around it."""
    comment = re.match(rf".*[{_INNER}](?=#)", line, re.DOTALL)
    return (comment[0] if comment else line).strip(_INNER)


def _control(match: re.Match[str]) -> str:
    return {r"\n": "\n", r"\r": "\r"}.get(match[0], match[0])


def _expanded(text: str, found: dict[str, str]) -> str:
    """Variables in capitals, looked up in the file alone."""

    def look(match: re.Match[str]) -> str:
        if match["back"]:
            return match[0][1:]
        return match[0] if match["name"] is None else found.get(match["name"], "")

    return _VARIABLE.sub(look, text)


DIALECTS = (
    Dialect(id="act", title="act --env-file and --secret-file", measured="act 0.2.89", parse=_read),
    Dialect(id="task", title="dotenv: of a Taskfile", measured="Task 3.54.0", parse=_read),
)
