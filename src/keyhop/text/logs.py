"""Failures in logs of any length: the lines that tell of trouble are found, all others pass by unread.

A short text is one failure as a whole, so that nothing that is said around the error is lost, unless it tells of
several exceptions that have nothing to do with each other, or comes from several processes.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import field, replace
from hashlib import blake2b

from keyhop.failure import NOBODY, Failure, Link, Quote, Raised, Speaker
from keyhop.records import dataclass
from keyhop.text.answers import body_in, status_in, url_in
from keyhop.text.log_blocks import blocks
from keyhop.text.log_lines import Told, told
from keyhop.text.masking import mask, mask_lines
from keyhop.text.stack_dumps import stacks
from keyhop.text.tracebacks import exceptions, is_traced, starts_trace

SHORT = 64_000
"""Characters; a text up to this length is looked through as a whole."""
_LONGEST_LINE = 16_000
_LINE_END = re.compile(r"\r\n?|\n")
_ANCHORS = (
    b"error", b"exception", b"traceback", b"fail", b"denied", b"invalid", b"unauthori", b"forbidden", b"expired",
    b"api key", b"api_key", b"credential", b"abruptly", b"quota", b"killed", b"too many", b" not set", b"timed out",
    b"recent call",
)  # fmt: skip
_ANCHOR_WORDS = tuple(map(bytes.decode, _ANCHORS))
_TROUBLE = re.compile(
    r"error|exception|traceback|fail|denied|invalid|unauthori|forbidden|expired|api[ _-]?key|credential|quota|killed"
    r"|abruptly|refused|not (?:found|set|allowed|authori)|missing|required|too many|timed out|recent call"
    r"|\b(?:40[0-9]|429|50[0-4])\b",
    re.IGNORECASE,
)
_RAY = re.compile(r"\bray::(?P<role>\w+)[\w.()]* \((?P<instance>pid=\d+, ip=[^,)\s]+)")
_BEFORE, _AFTER = 12, 30
_MOST_LINES = 400
_VARYING = re.compile(
    r"0x[0-9a-f]+|\b[0-9a-f]{8,}(?:-[0-9a-f]{4,})*\b|\d{4,}|(?<![\w.-])(?![45]\d\d\b)\d+(?![\w-])", re.IGNORECASE
)
"""What differs between two tellings of one failure: addresses, ids and numbers, but no status and no model."""
_REMEMBERED = 2_000


def read_failures(lines: Iterable[str] | Iterable[bytes]) -> Iterator[Failure]:
    """The failures of a log, in its order, with every value masked.

    Args:
        lines: lines of text, with or without their ends; or blocks of bytes as a stream gives them, cut anywhere.
    """
    whole = blocks(lines)
    head: list[bytes] = []
    size = 0
    for block in whole:
        head.append(block)
        size += len(block)
        if size > SHORT:
            break
    if size <= SHORT:
        yield from _short(b"".join(head))
        return
    yield from _long(_chained(head, whole))


def _chained(head: list[bytes], rest: Iterator[bytes]) -> Iterator[bytes]:
    yield from head
    yield from rest


def _text(data: bytes) -> str:
    return data.decode("utf-8-sig", "replace")


def _short(data: bytes) -> Iterator[Failure]:
    """All lines are quoted, prose too."""
    text = mask(_text(data))
    numbered = [(n, each) for n, line in enumerate(_LINE_END.split(text), 1) for each in told(line[:_LONGEST_LINE])]
    numbered = [(n, each) for n, each in numbered if not each.text.strip().startswith("```")]
    streams = {each.stream for _, each in numbered if each.text.strip()}
    if len(streams) > 1 and any(stream != NOBODY for stream in streams):
        yield from _of_speakers(numbered)
        return
    events = list(_events(numbered))
    traced = [event for event in events if any(starts_trace(each.text) for _, each in event)]
    if len(traced) < 2:
        if numbered:
            yield from _failure(numbered, whole=True)
        return
    for event in events:
        yield from _failure(event)


def _of_speakers(numbered: list[tuple[int, Told]]) -> Iterator[Failure]:
    """Each speaker's lines by themselves, in the order of their first trouble."""
    lines: dict[Speaker, list[tuple[int, Told]]] = {}
    for number, each in numbered:
        lines.setdefault(each.stream, []).append((number, each))
    found = [failure for own in lines.values() for event in _events(own) for failure in _failure(event)]
    yield from sorted(found, key=lambda failure: failure.quotes[0].line if failure.quotes else 0)


def _events(numbered: Iterable[tuple[int, Told]]) -> Iterator[list[tuple[int, Told]]]:
    """Lines that belong together: a message with what follows it, a traceback with those that it is chained to."""
    event: list[tuple[int, Told]] = []
    linked = tracing = False
    for number, each in numbered:
        new_trace = starts_trace(each.text) and not linked and any(starts_trace(t.text) for _, t in event)
        if event and (len(event) >= _MOST_LINES or new_trace or (each.fresh and not tracing)):
            yield event
            event = []
        event.append((number, each))
        tracing = starts_trace(each.text) or (tracing and (each.text[:1] in (" ", "\t") or is_traced(each.text)))
        if each.text.strip():
            linked = is_traced(each.text) or each.text.strip() == '"""' or (starts_trace(each.text) and linked)
    if event:
        yield event


def _failure(event: list[tuple[int, Told]], *, whole: bool = False) -> Iterator[Failure]:
    """The event as a failure, if it tells of one."""
    texts = mask_lines([each.text for _, each in event])
    chain = exceptions([(number, text, each.fresh) for (number, each), text in zip(event, texts, strict=True)])
    dump = stacks(texts)
    if not whole and not chain and not dump and not any(map(_TROUBLE.search, texts)):
        return
    lines = [(number, text) for (number, _), text in zip(event, texts, strict=True)]
    text = "\n".join(texts)
    outside = text if not chain else _outside(lines, chain)
    _, first = event[0]
    yield Failure(
        chain=_linked(chain),
        quotes=tuple(Quote(line=number, text=each) for number, each in lines[:_MOST_LINES]),
        status=status_in(outside),
        body=body_in(outside) or ("" if chain else body_in(text)),
        url=url_in(text),
        speaker=first.speaker if first.speaker != NOBODY else _remote(text),
        stacks=dump,
        time=first.time,
    )


def _remote(text: str) -> Speaker:
    """The process of Ray whose traceback was brought over."""
    found = _RAY.search(text)
    if found is None:
        return NOBODY
    return Speaker(role=found["role"], instance=found["instance"])


def _outside(lines: list[tuple[int, str]], chain: tuple[Raised, ...]) -> str:
    """What stands before the first exception."""
    first = min(raised.line for raised in chain)
    return "\n".join(text for number, text in lines if number < first)


def _linked(chain: tuple[Raised, ...]) -> tuple[Raised, ...]:
    """Exceptions that follow each other without a word about it are quoted by the later one."""
    last = len(chain) - 1
    return tuple(
        replace(raised, link=raised.link or Link.QUOTED) if n < last else replace(raised, link=None)
        for n, raised in enumerate(chain)
    )


@dataclass(slots=True)
class _Stream:
    """What one speaker said since its last failure was handed on."""

    lines: list[tuple[int, Told]] = field(default_factory=list)
    last: int = 0
    """The number of the last line of it that was looked at."""


class _Known:
    """Failures that were told before, so that the same words need not be understood again.

    They are told with the lines that told them first.
    """

    def __init__(self) -> None:
        self._found: OrderedDict[bytes, tuple[Failure, ...]] = OrderedDict()

    def failures(self, event: list[tuple[int, Told]]) -> Iterator[Failure]:
        words = "\n".join(each.text for _, each in event)
        key = blake2b(_VARYING.sub("0", words).encode("utf-8", "replace"), digest_size=16).digest()
        known = self._found.get(key)
        if known is None:
            known = self._found[key] = tuple(_failure(event))
            if len(self._found) > _REMEMBERED:
                self._found.popitem(last=False)
            yield from known
            return
        _, first = event[0]
        for failure in known:
            speaker = failure.speaker if first.speaker == NOBODY else first.speaker
            yield replace(failure, speaker=speaker, time=first.time)


def _long(whole: Iterator[bytes]) -> Iterator[Failure]:
    """Only the neighbourhood of lines that hold an anchor is looked at."""
    known, streams = _Known(), dict[Speaker, _Stream]()
    number = 0
    for first, lines in _regions(whole):
        for number, line in enumerate(lines, first):
            for each in told(_text(line[:_LONGEST_LINE])):
                stream = streams.setdefault(each.stream, _Stream())
                if stream.lines and number - stream.last > _AFTER + _BEFORE:
                    yield from _flushed(stream, known)
                stream.lines.append((number, each))
                stream.last = number
                if each.fresh and len(stream.lines) > 1 and not starts_trace(stream.lines[-2][1].text):
                    last = stream.lines.pop()
                    yield from _flushed(stream, known)
                    stream.lines.append(last)
                elif len(stream.lines) >= _MOST_LINES:
                    yield from _flushed(stream, known)
        if len(streams) > _REMEMBERED:
            for stream in streams.values():
                yield from _flushed(stream, known)
            streams.clear()
    for stream in streams.values():
        yield from _flushed(stream, known)


def _flushed(stream: _Stream, known: _Known) -> Iterator[Failure]:
    lines, stream.lines = stream.lines, []
    words = "\n".join(each.text for _, each in lines).lower()
    if any(anchor in words for anchor in _ANCHOR_WORDS):
        for event in _events(lines):
            yield from known.failures(event)


def _regions(whole: Iterator[bytes]) -> Iterator[tuple[int, list[bytes]]]:
    """Stretches of lines around anchors, each with the number of its first line."""
    before = b""
    first, wanted = 1, 0
    for block in whole:
        done, number = 0, first
        if wanted:
            done = _forward(block, 0, wanted)
            yield first, block[:done].splitlines(keepends=True)
            number, wanted = first + block.count(b"\n", 0, done), wanted - block.count(b"\n", 0, done)
        for start, stop, missing in _stretches(_hits(block), block):
            start = max(start, done)
            if stop <= start:
                continue
            if start == 0 and before:
                yield first - before.count(b"\n"), before.splitlines(keepends=True)
            number += block.count(b"\n", done, start)
            yield number, block[start:stop].splitlines(keepends=True)
            number, done, wanted = number + block.count(b"\n", start, stop), stop, missing
        first = number + block.count(b"\n", done)
        at = _back(block, len(block), _BEFORE)
        before = block[max(at, done) :]


def _stretches(hits: list[int], block: bytes) -> Iterator[tuple[int, int, int]]:
    """Where the lines around each hit begin and end, and how many of them are in the next block."""
    first = last = -1
    for hit in sorted(hits):
        if last >= 0 and block.count(b"\n", last, hit) > _BEFORE + _AFTER:
            yield _around(first, last, block)
            first = -1
        first, last = (hit if first < 0 else first), hit
    if last >= 0:
        yield _around(first, last, block)


def _around(first: int, last: int, block: bytes) -> tuple[int, int, int]:
    start, stop = _back(block, first, _BEFORE), _forward(block, last, _AFTER + 1)
    return start, stop, _AFTER + 1 - block.count(b"\n", last, stop) if stop == len(block) else 0


def _back(block: bytes, at: int, lines: int) -> int:
    """The start of the line that many lines above the one of an offset."""
    for _ in range(lines + 1):
        at = block.rfind(b"\n", 0, at)
        if at < 0:
            return 0
    return at + 1


def _forward(block: bytes, at: int, lines: int) -> int:
    """The end of that many lines, the one of an offset being the first."""
    for _ in range(lines):
        at = block.find(b"\n", at) + 1
        if not at:
            return len(block)
    return at


def _hits(block: bytes) -> list[int]:
    """Where anchors stand, at most one for a line or so."""
    lower = block.lower()
    found: list[int] = []
    for anchor in _ANCHORS:
        at = lower.find(anchor)
        while at >= 0:
            found.append(at)
            after = lower.find(b"\n", at)
            at = lower.find(anchor, after) if after >= 0 else -1
    return found
