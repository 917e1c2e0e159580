"""Compose: the .env beside compose.yaml, and ``env_file:`` of a service, are one dialect."""

from __future__ import annotations

import re

from keyhop.records import dataclass
from keyhop.text import interpolation
from keyhop.text.dotenv import Dialect, File, Outside
from keyhop.text.dotenv_draft import BLANKS, Content, Draft
from keyhop.text.sealed import Sealed

_INNER = "\t\v\f\r \x85\xa0"
_EXPORT = re.compile(r"export[\t\n\f\r ]+")
_ESCAPE = re.compile(r"\\(?:[abcfnrtv$\"\\]|0[0-9]{0,3})")
_CONTROLS = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


class _Problem(Exception):
    def __init__(self, why: str, at: int) -> None:
        super().__init__(why)
        self.at = at


@dataclass(frozen=True)
class _Compose:
    """Statements need no line of their own; a value may go on over several lines in quotes."""

    environment: bool = False
    """The values go into the process of Compose itself."""

    def __call__(self, data: bytes, outside: Outside) -> File:
        content = Content(data)
        reading = _Reading(content.replaced(), Draft(content, outside), outside)
        try:
            reading.run()
        except _Problem as problem:
            return reading.draft.refused(str(problem), problem.at)
        return reading.draft.environment() if self.environment else reading.draft.file()


class _Reading:
    def __init__(self, text: str, draft: Draft, outside: Outside) -> None:
        self.text = text
        self.draft = draft
        self._outside = outside
        self._set: dict[str, Sealed] = {}

    def run(self) -> None:
        at = self._statement(0)
        while at < len(self.text):
            at = self._statement(self._assignment(at))

    def _skip(self, at: int, chars: str) -> int:
        while at < len(self.text) and self.text[at] in chars:
            at += 1
        return at

    def _statement(self, at: int) -> int:
        """The next offset that is neither blank nor in a comment."""
        at = self._skip(at, BLANKS)
        while self.text.startswith("#", at):
            end = self.text.find("\n", at)
            at = len(self.text) if end < 0 else self._skip(end, BLANKS)
        return at

    def _assignment(self, start: int) -> int:
        exported = _EXPORT.match(self.text, start)
        begin = self._skip(start + len("export"), _INNER) if exported else start
        if begin == len(self.text):
            raise _Problem("a line has no name", start)
        stop = begin
        while stop < len(self.text) and self.text[stop] not in "=:\n":
            char = self.text[stop]
            if not (char in _INNER or char in "_.-[]" or char.isalpha() or char.isnumeric()):
                raise _Problem("a name has a character that is not allowed", stop)
            stop += 1
        if stop == len(self.text):
            return stop
        name = self.text[begin:stop].rstrip(BLANKS)
        if " " in name:
            raise _Problem("a name has a space in it", begin)
        if self.text[stop] == "\n":
            if name:
                self._inherit(name, begin, stop)
            return stop + 1
        written = self._skip(stop + 1, _INNER)
        value, end, after = self._value(written)
        if name:
            self._set[name] = Sealed(value)
            self.draft.add(name, value, start, written, end)
        return after

    def _inherit(self, name: str, begin: int, stop: int) -> None:
        value = self._outside.get(name)
        if value is not None:
            self._set[name] = Sealed(value)
        self.draft.add(name, value, begin, begin + len(name), begin + len(name), inherits=True)

    def _value(self, at: int) -> tuple[str, int, int]:
        """The value that begins here, its end as written, and where the next statement may begin."""
        quote = self.text[at : at + 1]
        if quote not in ("'", '"') or not quote:
            stop = self.text.find("\n", at)
            stop = len(self.text) if stop < 0 else stop
            bare = self.text[at:stop].split(" #", 1)[0].rstrip(BLANKS)
            end = at + len(self.text[at:stop].rstrip(BLANKS))
            return self._expanded(bare, at), end, stop + 1
        stop, chars = at + 1, []
        while stop < len(self.text) and self.text[stop] != quote:
            if self.text[stop] == "\\" and stop + 1 < len(self.text):
                pair = self.text[stop : stop + 2]
                chars.append(quote if pair[1] == quote else pair)
                stop += 2
            else:
                chars.append(self.text[stop])
                stop += 1
        if stop >= len(self.text):
            raise _Problem("a quoted value is not closed", at)
        value = "".join(chars)
        if quote == '"':
            value = self._expanded(_ESCAPE.sub(_unescaped, value), at)
        return value, stop + 1, stop + 1

    def _expanded(self, text: str, at: int) -> str:
        try:
            return interpolation.evaluate(interpolation.parse(text), self._look).reveal()
        except interpolation.Refused as refused:
            raise _Problem(str(refused), at) from None

    def _look(self, name: str) -> Sealed | None:
        found = self._outside.get(name)
        if found is not None:
            return Sealed(found)
        return self._set.get(name) or self._outside.beneath.get(name)


def _unescaped(match: re.Match[str]) -> str:
    code = match[0][1:]
    if code == "$":
        return "$$"
    if code.startswith("0"):
        octal = code[1:]
        whole = re.fullmatch(r"[0-3][0-7]{2}", octal)
        return chr(int(octal, 8)) if whole else "\\" + octal
    return _CONTROLS.get(code, code if code in '"\\' else match[0])


DIALECTS = (
    Dialect(
        id="compose",
        title="Compose .env and env_file",
        measured="docker-compose 2.40.3, 5.6.1",
        parse=_Compose(),
    ),
    Dialect(
        id="compose-2.26",
        title="the .env of Compose 2.26",
        measured="docker-compose 2.26.1",
        parse=_Compose(environment=True),
    ),
)
