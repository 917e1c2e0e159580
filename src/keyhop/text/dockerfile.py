"""A Dockerfile's instructions, with the place of each, as BuildKit's frontend splits them (docker/dockerfile 1.7)."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import field

from keyhop.records import dataclass
from keyhop.text.expansion import Pieces, pieces

_DIRECTIVE = re.compile(r"#\s*(\w+)\s*=\s*(.+?)\s*$")
_FLAG = re.compile(r"--([\w-]+)(?:=(\S*))?(?=\s|$)")
_HEREDOC = re.compile(r"<<(-?)\s*([\"']?)([A-Za-z_][A-Za-z0-9_]*)\2")
_WITH_HEREDOCS = frozenset({"RUN", "COPY", "ADD"})
_KEYWORD = re.compile(r"\s*([A-Za-z]+)(?=\s|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heredoc:
    """A file written in place: what follows ``<<EOF``."""

    name: str
    text: str = field(repr=False)
    start: int
    end: int
    expands: bool
    """Variables in it are replaced: its name is not quoted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One word of an instruction, quotes and all."""

    raw: str = field(repr=False)
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Instruction:
    """One instruction; its continuation lines are joined and its comments gone. Offsets are the file's."""

    keyword: str
    """Upper case."""
    flags: tuple[tuple[str, str], ...]
    """``--from=builder`` as ``("from", "builder")``, in order."""
    text: str = field(repr=False)
    """What follows the keyword and the flags."""
    heredocs: tuple[Heredoc, ...]
    start: int
    end: int
    escape: str = "\\"
    pins: tuple[tuple[int, int], ...] = field(default=(), repr=False)
    """(index in `text`, offset in the file) where a line of the file begins in `text`."""

    def flag(self, name: str) -> str | None:
        return dict(self.flags).get(name)

    def offset(self, index: int) -> int:
        """The offset in the file of the character at `index` of `text`."""
        pin = max(bisect_right(self.pins, (index, 1 << 62)) - 1, 0)
        return self.pins[pin][1] + index - self.pins[pin][0] if self.pins else self.start

    def words(self) -> Iterator[Word]:
        """The words between blanks; quotes and escapes keep a word together."""
        at = 0
        while at < len(self.text):
            if self.text[at].isspace():
                at += 1
                continue
            end = _word_end(self.text, at, self.escape)
            yield Word(raw=self.text[at:end], start=self.offset(at), end=self.offset(end - 1) + 1)
            at = end

    def array(self) -> tuple[str, ...] | None:
        """The words of the exec form, ``["python", "main.py"]``; None where it is the shell form."""
        if not self.text.lstrip().startswith("["):
            return None
        try:
            found = json.loads(self.text)
        except ValueError:
            return None
        if not isinstance(found, list) or not all(isinstance(word, str) for word in found):
            return None
        return tuple(found)

    @property
    def script(self) -> str:
        """What the shell of a RUN gets: the text, and the here-documents after it."""
        if self.heredocs and _HEREDOC.fullmatch(self.text):
            return self.heredocs[0].text
        return "".join((f"{self.text}\n", *(f"{each.text}{each.name}\n" for each in self.heredocs)))

    def pieces(self, raw: str) -> Pieces:
        """The parts of a word of this file."""
        return pieces(raw, shell=False, escape=self.escape)

    def assignments(self) -> Iterator[tuple[str, str, int, int]]:
        """(name, raw value, start, end) of an ENV, ARG or LABEL.

        The old ``ENV NAME the rest`` has one; a lone ``ARG NAME`` has none.
        """
        words = list(self.words())
        if self.keyword == "ENV" and words and "=" not in words[0].raw:
            rest = self.text.lstrip().removeprefix(words[0].raw).strip()
            if rest:
                yield words[0].raw, rest, words[0].start, words[-1].end
            return
        for word in words:
            name, equals, value = word.raw.partition("=")
            if equals:
                yield name.strip("\"'"), value, word.start, word.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Dockerfile:
    """The instructions of a file, in order."""

    instructions: tuple[Instruction, ...]


def parse(text: str) -> Dockerfile:
    """Any text has instructions: a line that is none of Docker's is one with an odd keyword."""
    return Dockerfile(instructions=tuple(_Reader(text).instructions()))


class _Reader:
    def __init__(self, text: str) -> None:
        self._lines = re.findall(r"[^\n]*\n|[^\n]+", text)
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line))
        self._next = 0
        self._escape = self._directives().get("escape", "\\")[:1] or "\\"

    def _directives(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for line in self._lines:
            match = _DIRECTIVE.match(line.strip())
            if match is None or match[1].lower() not in ("escape", "syntax", "check"):
                break
            found.setdefault(match[1].lower(), match[2])
        return found

    def instructions(self) -> Iterator[Instruction]:
        while self._next < len(self._lines):
            line = self._lines[self._next]
            if not line.strip() or line.lstrip().startswith("#"):
                self._next += 1
                continue
            yield self._instruction()

    def _instruction(self) -> Instruction:
        start = self._starts[self._next] + len(self._lines[self._next]) - len(self._lines[self._next].lstrip())
        text, pins, end = self._joined()
        match = _KEYWORD.match(text)
        keyword, at = (match[1].upper(), match.end()) if match else ("", 0)
        flags = []
        while True:
            at += len(text[at:]) - len(text[at:].lstrip())
            flag = _FLAG.match(text, at)
            if flag is None:
                break
            flags.append((flag[1].lower(), (flag[2] or "").strip("\"'")))
            at = flag.end()
        heredocs = tuple(self._heredocs(text)) if keyword in _WITH_HEREDOCS else ()
        return Instruction(
            keyword=keyword,
            flags=tuple(flags),
            text=text[at:].rstrip(),
            heredocs=heredocs,
            start=start,
            end=heredocs[-1].end if heredocs else end,
            escape=self._escape,
            pins=_shifted(pins, at),
        )

    def _joined(self) -> tuple[str, list[tuple[int, int]], int]:
        """One logical line, where its parts stand in the file, and where it ends."""
        text = ""
        pins: list[tuple[int, int]] = []
        end = self._starts[self._next]
        while self._next < len(self._lines):
            line = self._lines[self._next].rstrip("\r\n")
            start = self._starts[self._next]
            self._next += 1
            if pins and (not line.strip() or line.lstrip().startswith("#")):
                continue
            pins.append((len(text), start))
            bare = line.rstrip(" \t")
            slashes = len(bare) - len(bare.rstrip(self._escape))
            end = start + len(line.rstrip())
            if slashes % 2 == 0:
                return text + line, pins, end
            text += bare[:-1]
        return text, pins, end

    def _heredocs(self, text: str) -> Iterator[Heredoc]:
        for match in _HEREDOC.finditer(text):
            tabs, quote, name = match.groups()
            first = self._next
            while self._next < len(self._lines):
                line = self._lines[self._next].rstrip("\r\n")
                self._next += 1
                if (line.lstrip("\t") if tabs else line) == name:
                    break
            else:
                self._next = first
                return
            body = self._lines[first : self._next - 1]
            yield Heredoc(
                name=name,
                text="".join(line.lstrip("\t") if tabs else line for line in body),
                start=self._starts[first],
                end=self._starts[self._next],
                expands=not quote,
            )


def _shifted(pins: list[tuple[int, int]], at: int) -> tuple[tuple[int, int], ...]:
    """Where lines begin in the text from `at` on."""
    found = [(0, offset + at - index) for index, offset in pins if index <= at][-1:]
    found += [(index - at, offset) for index, offset in pins if index > at]
    return tuple(found)


def _word_end(text: str, at: int, escape: str) -> int:
    quote = ""
    while at < len(text):
        char = text[at]
        if char == escape and quote != "'":
            at += 2
            continue
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        elif char.isspace():
            break
        at += 1
    return min(at, len(text))
