"""Exceptions in a text: CPython's tracebacks of 3.10 to 3.14, chained and grouped, and those of rich and loguru."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import field

from keyhop.failure import Frame, Link, Raised
from keyhop.records import dataclass
from keyhop.text.answers import body_in, literal, status_in
from keyhop.text.log_lines import DIRECT, DURING
from keyhop.text.stack_dumps import is_dumped

_HEADER = re.compile(r"^(?P<margin>[ |+-]*)(?:Exception Group )?Traceback \(most recent call last\):?")
_FRAME = re.compile(r'^[\s|+>]*(?:\u2502 +)*File "(?P<path>[^"]*)", line (?P<line>\d+)(?:, in (?P<function>.*))?$')
_RICH = re.compile(r"^\s*(?P<path>/?[\w./<>@~+-]+\.py):(?P<line>\d+) in (?P<function>[\w<>.]+)\s*$")
_RAY = re.compile(r"^ray::[\w.<>()-]+ \(pid=\d+")
_MARGIN = re.compile(r"^[ ]*(?:[|+]-*(?:\+---------------- \d+ ----------------)?[ ]?|\+-[+-]*.*$)")
_RULE = re.compile(r"^\s*(?:\+-)?\+?-{8,}(?: \d+ -+)?$")
"""What is drawn between the members of a group."""
_KIND = r"(?:[A-Za-z_]\w*\.)*[A-Z_]\w*"
_ERROR = re.compile(
    r"^(?:\S+ )??(?P<type>(?:[A-Za-z_]\w*\.)+_?[A-Z]\w*|[A-Z]\w*(?:Error|Exception|Warning|Exit|Interrupt|Failed"
    r"|Failure|Refused|Denied|Expired|Timeout|NotFound|Aborted|Group|Pool|Fault|Rejected|Unauthorized|Required|Lost"
    r"|Iteration)\w*)"
    r"(?:\(\w+\))?(?::\s?(?P<message>.*))?$"
)
_AFTER_TRACE = re.compile(rf"^(?P<type>{_KIND}|[a-z_]\w*(?:\.\w+)+)(?:\(\w+\))?(?::\s?(?P<message>.*))?$")
_INLINE = re.compile(
    r"(?P<type>(?:[A-Za-z_]\w*\.)*[A-Z]\w*(?:Error|Exception|Denied|Timeout|Expired|NotFound|Rejected|Pool))"
    r"(?:'>)?(?:\((?P<args>.*)\)|:\s(?P<message>.*))"
)
_CARRIER = re.compile(r"(?:RemoteTraceback|ExceptionWithTraceback)\Z")
"""Exceptions that are nothing but another process's traceback as text."""
_CARRIED = re.compile(r"ray::|Original exception:|\(pid=\d+")
"""What a message says that has another process's traceback in it."""
_UNDERLINE = re.compile(r"\s*[\^~]+[\^~ ]*\Z")
_FENCES = ('"""', "'''", "```")
_OPENERS, _CLOSERS = "{[(", "}])"
_MOST_FRAMES = 100
_MOST_LINES = 60
_LONGEST_MESSAGE = 20_000

Line = tuple[int, str, bool]
"""Its number, its text, and whether a program began a new message with it."""


@dataclass(slots=True)
class _Open:
    """An exception whose lines are still being read."""

    line: int
    frames: list[Frame] = field(default_factory=list)
    type: str = ""
    message: list[str] = field(default_factory=list)
    link: Link | None = None
    depth: int = 0
    """Of the margin: members of a group stand deeper than the group."""
    rich: bool = False

    @property
    def told(self) -> bool:
        return bool(self.type or self.frames)

    @property
    def open(self) -> bool:
        """Whether the message has brackets that are not closed yet."""
        text = "".join(self.message)
        return sum(map(text.count, _OPENERS)) > sum(map(text.count, _CLOSERS))

    def announces(self, later: _Open) -> bool:
        """Whether it is the other one, named in a line above its traceback."""
        kind = self.type.rpartition(".")[2]
        return (
            self.link is Link.QUOTED
            and later.link is not Link.QUOTED
            and later.type.rpartition(".")[2] == kind
            and "".join(self.message).strip("'\" ") == "".join(later.message).strip("'\" ")
        )

    @property
    def carries(self) -> bool:
        """Whether another process's traceback may follow as a part of the message."""
        return bool(self.type and any(map(_CARRIED.search, self.message)))

    @property
    def full(self) -> bool:
        return len(self.message) > _MOST_LINES or sum(map(len, self.message)) > _LONGEST_MESSAGE


def starts_trace(text: str) -> bool:
    """Whether a line begins a traceback of its own, and not that of a member of a group."""
    found = _HEADER.match(text)
    return found is not None and "|" not in found["margin"]


def is_traced(text: str) -> bool:
    """Whether a line goes on with a traceback, or with what links two."""
    return _FRAME.match(text) is not None or DIRECT in text or DURING in text


def exceptions(lines: Sequence[Line]) -> tuple[Raised, ...]:
    """Every exception of the lines, in the order in which they were raised."""
    reading = _Reading()
    for number, text, fresh in lines:
        reading.read(number, text, fresh)
    return tuple(_closed(each) for each in _members_first(reading.ended()))


class _Reading:
    """Where one is in the lines of tracebacks."""

    def __init__(self) -> None:
        self._found: list[_Open] = []
        self._current: _Open | None = None
        self._carriers: list[_Open] = []
        """Exceptions whose messages hold the tracebacks that are being read."""

    def read(self, number: int, text: str, fresh: bool) -> None:
        current = self._current
        if fresh and current is not None and current.type:
            self._close()
        header = _HEADER.match(text)
        if header is not None:
            self._header(number)
        elif _RAY.match(text):
            self._next(number, carried=True)
        elif (frame := _FRAME.match(text) or _RICH.match(text)) is not None:
            self._frame(number, frame)
        elif DIRECT in text or DURING in text:
            self._link(Link.CAUSE if DIRECT in text else Link.CONTEXT)
        elif _RULE.match(text) or is_dumped(text):
            self._close()
        else:
            self._words(number, text)

    def ended(self) -> list[_Open]:
        self._close()
        self._deliver()
        found = self._found
        return [each for n, each in enumerate(found) if not any(map(each.announces, found[n + 1 : n + 6]))]

    def _header(self, number: int) -> None:
        if self._current is not None and not self._current.told:
            self._current.line = number
            return
        self._close()
        if not self._carriers or not _CARRIER.search(self._carriers[-1].type):
            self._deliver()
        self._current = _Open(number)

    def _frame(self, number: int, frame: re.Match[str]) -> None:
        current = self._current
        if current is None or current.type:
            current = self._next(number, carried=current is not None and current.carries)
        if len(current.frames) < _MOST_FRAMES:
            where = frame.groupdict()
            function = (where.get("function") or "").strip()
            current.frames.append(Frame(path=frame["path"], line=int(frame["line"][-9:]), function=function))
            current.rich = frame.re is _RICH

    def _next(self, number: int, *, carried: bool) -> _Open:
        """Another exception begins; the message of the one before may hold it."""
        current = self._current
        if carried and current is not None and current.type:
            self._carriers.append(current)
        else:
            self._close()
        self._current = _Open(number)
        return self._current

    def _link(self, link: Link) -> None:
        self._close()
        if self._found and self._found[-1].link in (None, Link.REMOTE):
            self._found[-1].link = self._found[-1].link or link

    def _words(self, number: int, text: str) -> None:
        current = self._current
        depth = len(text) - len(text.lstrip(" ")) if text.lstrip(" ")[:1] in ("|", "+") else 0
        plain = _without_margin(text) if "|" in text[:12] else text
        if _UNDERLINE.match(plain):
            return
        if plain.strip() in _FENCES:
            self._fence(plain.strip())
            return
        if current is not None and current.frames and not current.type:
            self._names(current, text, plain, depth)
            return
        error = _ERROR.match(plain.strip())
        if error is not None:
            if current is None or current.type:
                current = self._next(number, carried=current is not None and current.carries)
            current.type, current.message, current.depth = error["type"], [error["message"] or ""], depth
            return
        if current is not None and current.type and not current.full and (plain.strip() or current.open):
            current.message.append(plain.strip() if current.rich else plain)
            return
        if current is not None and not plain.strip() and current.carries:
            return
        self._close()
        self._inline(number, plain)

    def _names(self, current: _Open, text: str, plain: str, depth: int) -> None:
        """The line names the exception whose frames were read, if it is not one of their source lines."""
        indented = text[:1] in (" ", "\t") and "|" not in text[:12]
        if indented and not current.rich:
            return
        error = (_ERROR if indented else _AFTER_TRACE).match(plain.strip() if indented else plain)
        if error is not None:
            current.type, current.message, current.depth = error["type"], [(error["message"] or "").rstrip()], depth

    def _inline(self, number: int, plain: str) -> None:
        found = _INLINE.search(plain) if len(plain) < _LONGEST_MESSAGE else None
        if found is not None:
            message = found["message"] if found["args"] is None else _argument(found["args"])
            self._found.append(_Open(number, type=found["type"], message=[message], link=Link.QUOTED))

    def _fence(self, fence: str) -> None:
        """Three quotes stand around another process's traceback."""
        current = self._current
        if current is not None and _CARRIER.search(current.type) and not "".join(current.message).strip():
            self._carriers.append(current)
            self._current = None
            return
        self._close()
        if fence != "```":
            self._deliver()

    def _close(self) -> None:
        if self._current is not None and self._current.told:
            self._found.append(self._current)
        self._current = None

    def _deliver(self) -> None:
        """Carriers come after what they carry; those that are nothing else are left out."""
        while self._carriers:
            carrier = self._carriers.pop()
            last = self._found[-1] if self._found and self._found[-1].line > carrier.line else None
            if last is not None:
                carrier.link, last.link = last.link, Link.REMOTE
            if last is None or not _CARRIER.search(carrier.type):
                self._found.append(carrier)


def _members_first(found: list[_Open]) -> Iterator[_Open]:
    """Groups after their members, which stand deeper and are printed below them."""
    at = 0
    while at < len(found):
        group = found[at]
        end = at + 1
        while end < len(found) and found[end].depth > group.depth > 0:
            end += 1
        for member in _members_first(found[at + 1 : end]):
            member.link = member.link or Link.GROUP
            yield member
        yield group
        at = end


def _closed(read: _Open) -> Raised:
    message = "\n".join(read.message).rstrip()
    return Raised(
        type=read.type,
        message=message,
        status=status_in(message),
        body=body_in(message),
        frames=tuple(read.frames),
        link=read.link,
        line=read.line,
    )


def _without_margin(text: str) -> str:
    before = None
    while text != before:
        before, text = text, _MARGIN.sub("", text, count=1)
    return text


def _argument(text: str) -> str:
    """The first argument of ``Error('…')`` as it reads."""
    value = literal(f"({text},)")
    return text.strip("'\"") if value is None else str(value[0])
