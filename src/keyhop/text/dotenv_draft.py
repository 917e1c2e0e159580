"""What the dotenv dialects share: decoding with a way back to the source, and gathering lines."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from keyhop.text.dotenv import Blind, File, Line, Outside
from keyhop.text.sealed import Sealed

BLANKS = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
"""White space of Unicode, as Go and Rust have it; ``str.isspace`` knows four more."""

NUL_REFUSED = "a NUL byte cannot be in an environment"
NOT_UTF8 = "it is not UTF-8"


class Content:
    """A file's text as a consumer sees it, and the way from there to offsets of the source.

    Offsets of the source are those of ``keyhop.span.Source.text``, which has no byte order mark.
    Bytes that are not UTF-8 are single lone surrogates, in both.
    """

    def __init__(self, data: bytes, *, bom: bool = False, universal: bool = False, drop: str = "") -> None:
        """`bom` keeps a byte order mark in the text, `universal` makes every line end ``\\n``, `drop`
        takes one character out."""
        text = data.decode("utf-8", "surrogateescape")
        marked = text.startswith("\ufeff")
        self._source = text[1:] if marked else text
        self._shift = 1 if marked and bom else 0
        self._removed: list[int] = []
        self.text = text if bom else self._source
        if universal:
            self._remove("\r\n", "\n")
            self.text = self.text.replace("\r", "\n")
        elif drop:
            self._remove(drop, "")
        self._ends = [i for i, c in enumerate(self._source) if c == "\n"]

    def _remove(self, old: str, new: str) -> None:
        pieces = self.text.split(old)
        at = 0
        for piece in pieces[:-1]:
            at += len(piece)
            self._removed.append(at)
            at += len(new)
        self.text = new.join(pieces)

    def offset(self, at: int) -> int:
        """The source's offset of an offset in `text`."""
        return max(at + bisect_left(self._removed, at) - self._shift, 0)

    def line(self, offset: int) -> int:
        """The line of an offset in the source."""
        return bisect_right(self._ends, offset - 1) + 1

    @property
    def broken(self) -> int | None:
        """The offset in `text` of the first byte that is not UTF-8."""
        return next((i for i, c in enumerate(self.text) if "\udc80" <= c <= "\udcff"), None)

    def replaced(self) -> str:
        """`text` with U+FFFD for every byte that is not UTF-8, as Go prints it."""
        return "".join("\ufffd" if "\udc80" <= c <= "\udcff" else c for c in self.text)

    def lines(self, ends: str = "\n") -> list[tuple[int, str]]:
        """Each line with its start, without its end; no empty last line."""
        found: list[tuple[int, str]] = []
        start = 0
        for i, char in enumerate(self.text):
            if char in ends:
                found.append((start, self.text[start:i]))
                start = i + 1
        if start < len(self.text):
            found.append((start, self.text[start:]))
        return found


class Draft:
    """A `File` in the making; offsets are those of the content's text."""

    def __init__(self, content: Content, outside: Outside, *, first_wins: bool = False) -> None:
        self._content = content
        self._first_wins = first_wins
        self._outside = outside
        self._lines: list[Line] = []
        self._blind: list[Blind] = []
        self._nuls: dict[str, int] = {}
        """Where names whose value counts get one with a NUL byte."""

    def add(
        self,
        name: str,
        value: str | None,
        start: int,
        value_start: int,
        end: int,
        *,
        inherits: bool = False,
        unknown: str = "",
    ) -> None:
        if not (self._first_wins and any(line.name == name for line in self._lines)):
            self._nuls.pop(name, None)
            if "\0" in name + (value or ""):
                self._nuls[name] = start
        begin = self._content.offset(start)
        self._lines.append(
            Line(
                name=name,
                value=None if value is None else Sealed(value),
                line=self._content.line(begin),
                start=begin,
                end=self._content.offset(end),
                value_start=self._content.offset(value_start),
                inherits=inherits,
                uses=self._outside.asked(),
                unknown=unknown,
            )
        )

    def blind(self, start: int, end: int, why: str) -> None:
        begin = self._content.offset(start)
        stop = self._content.offset(end)
        self._blind.append(Blind(line=self._content.line(begin), start=begin, end=stop, why=why))

    def refused(self, why: str, at: int | None = None) -> File:
        """The consumer stops with an error at an offset."""
        return self._file(error=why, at=at)

    def cut(self, why: str, at: int) -> File:
        """The consumer reads no further than an offset, without an error."""
        return self._file(cut=why, at=at)

    def file(self) -> File:
        """A reading whose values may hold anything."""
        return self._file()

    def environment(self, cut: str | None = None, at: int | None = None) -> File:
        """A reading that goes into a process: no value there can hold a NUL byte."""
        if self._nuls:
            return self.refused(NUL_REFUSED, min(self._nuls.values()))
        return self._file(cut=cut, at=at)

    def _file(self, error: str | None = None, cut: str | None = None, at: int | None = None) -> File:
        return File(
            lines=tuple(self._lines),
            error=error,
            cut=cut,
            at=0 if at is None else self._content.line(self._content.offset(at)),
            first_wins=self._first_wins,
            blind=tuple(self._blind),
        )
