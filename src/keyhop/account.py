"""A failure as symptoms look at it: what each exception says, and the text as a whole with its lines."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from itertools import islice

from keyhop.failure import Failure, Link, Quote, Raised
from keyhop.records import dataclass

_LONGEST_LINE = 8_000
_LONGEST_TEXT = 64_000
_MOST_EVIDENCE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What one exception, or the text as a whole, says."""

    type: str = ""
    text: str
    """White space is folded."""
    status: int | None = None
    strand: int = 0
    """Exceptions that are tied to each other share one."""
    depth: int = 0
    """0 for what was raised first."""
    line: int = 0


class Account:
    """One failure."""

    def __init__(self, failure: Failure) -> None:
        self.failure = failure
        self._lines, self._starts, self.text = _joined(failure.quotes)

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """The exceptions, the first that was raised first; the text as a whole comes last."""
        return (*self._raised(), self.whole)

    @cached_property
    def whole(self) -> Statement:
        status = self.failure.status or next((each.status for each in self.failure.chain if each.status), None)
        return Statement(text=self.text, status=status, strand=-1, depth=len(self.failure.chain))

    @cached_property
    def paths(self) -> str:
        """The files of all frames."""
        return "\n".join(frame.path.replace("\\", "/") for raised in self.failure.chain for frame in raised.frames)

    @cached_property
    def strands(self) -> int:
        return len({each.strand for each in self._raised()})

    def evidence(self, statement: Statement, pattern: re.Pattern[str]) -> tuple[Quote, ...]:
        """The lines that bear a symptom out."""
        matches = list(islice(pattern.finditer(self.text), 50)) if pattern.pattern else []
        if matches:
            named = f"{statement.type.rpartition('.')[2]}:"
            by_name = (each for each in matches if named in self._lines[self._line_at(each.start())].text)
            found = next(by_name, matches[0])
            first, last = self._line_at(found.start()), self._line_at(max(found.start(), found.end() - 1))
            return self._lines[first : last + 1][:_MOST_EVIDENCE]
        if statement.line:
            return tuple(quote for quote in self.failure.quotes if quote.line == statement.line)[:1]
        named = statement.type.rpartition(".")[2]
        telling = [quote for quote in self._lines if named and named in quote.text]
        return tuple((telling or list(self._lines))[-1:])

    def _line_at(self, offset: int) -> int:
        return bisect_right(self._starts, offset) - 1

    def _raised(self) -> Iterator[Statement]:
        strand = 0
        for depth, raised in enumerate(self.failure.chain):
            yield Statement(
                type=raised.type,
                text=_folded(_told(raised)),
                status=raised.status,
                strand=strand,
                depth=depth,
                line=_last_line(raised),
            )
            strand += raised.link in (None, Link.QUOTED)


def _told(raised: Raised) -> str:
    parts = [raised.message, *raised.notes, raised.code, "" if raised.body in raised.message else raised.body]
    return f"{raised.type}: " + "\n".join(filter(None, parts))[:_LONGEST_TEXT]


def _last_line(raised: Raised) -> int:
    return 0 if raised.frames else raised.line


def _folded(text: str) -> str:
    return " ".join(text.split())


def _joined(quotes: tuple[Quote, ...]) -> tuple[tuple[Quote, ...], list[int], str]:
    """The lines that hold something, where each begins in the folded text, and that text."""
    lines, starts, parts, at = [], [], [], 0
    for quote in quotes:
        words = _folded(quote.text[:_LONGEST_LINE])
        if words and at < _LONGEST_TEXT:
            lines.append(quote)
            starts.append(at)
            parts.append(words)
            at += len(words) + 1
    return tuple(lines), starts or [0], " ".join(parts)
