"""Where a fact stands in the project's text.

Lines and columns start at 1 and count code points; offsets start at 0 and are half-open, in code
points of the decoded text. Paths are relative to the project's root and use ``/``.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Span:
    """A stretch of one file. Line 0 means the file as a whole."""

    path: str
    line: int = 0
    column: int = 1
    start: int = 0
    end: int = 0

    def __str__(self) -> str:
        return f"{self.path}:{self.line}" if self.line else self.path


class Undecodable(ValueError):
    """The bytes of a source are no text. ``str()`` names the reason and never quotes the bytes."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Source:
    """A file of the project, as bytes, with its text decoded on demand."""

    path: str
    data: bytes

    def __repr__(self) -> str:
        return f"Source({self.path!r}, {len(self.data)} bytes)"

    @cached_property
    def text(self) -> str:
        """The text without a byte order mark, line ends untouched.

        Raises:
            Undecodable: the bytes are UTF-16, binary or not UTF-8.
        """
        if self.data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise Undecodable("it is UTF-16 text")
        if b"\0" in self.data[:4096]:
            raise Undecodable("it is a binary file")
        try:
            return self.data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise Undecodable(f"it is not UTF-8 at byte {error.start}") from None

    @cached_property
    def _line_starts(self) -> list[int]:
        starts = [0]
        at = self.text.find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = self.text.find("\n", at + 1)
        return starts

    def span(self, start: int, end: int | None = None) -> Span:
        """The span from offset `start` to `end`, or to the same place."""
        line = bisect_right(self._line_starts, start)
        column = start - self._line_starts[line - 1] + 1
        return Span(path=self.path, line=line, column=column, start=start, end=start if end is None else end)

    def span_of_line(self, line: int) -> Span:
        """The whole of a line, without its line end; of bytes that are no text, the line alone is known."""
        try:
            _ = self.text
        except Undecodable:
            return Span(path=self.path, line=line)
        start = self._line_starts[min(line, len(self._line_starts)) - 1]
        stop = self.text.find("\n", start)
        return self.span(start, len(self.text) if stop < 0 else stop)
