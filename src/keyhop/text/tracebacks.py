"""Exceptions in a text: CPython's tracebacks of 3.10 to 3.14, chained and grouped, and those of rich and loguru."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from keyhop.failure import Frame, Link, Raised

_HEADER = re.compile(r"^(?P<margin>[ |+-]*)(?:Exception Group )?Traceback \(most recent call last\):?")
_FRAME = re.compile(r'^(?P<margin>[\s|+>]*)File "(?P<path>[^"]*)", line (?P<line>\d+)(?:, in (?P<function>.*))?$')
_RICH = re.compile(r"^\s*(?P<path>/?[\w./<>@~+-]+\.py):(?P<line>\d+) in (?P<function>[\w<>.]+)\s*$")
_MARGIN = re.compile(r"^[ ]*(?:[|+]-*(?:\+---------------- \d+ ----------------)?[ ]?|\+-[+-]*.*$)")
_DIRECT = "The above exception was the direct cause of the following exception"
_DURING = "During handling of the above exception, another exception occurred"
_KIND = r"(?:[A-Za-z_]\w*\.)*[A-Z_]\w*"
_ERROR = re.compile(
    r"^(?:\S+ )??(?P<type>(?:[A-Za-z_]\w*\.)+[A-Z]\w*|[A-Z]\w*(?:Error|Exception|Warning|Exit|Interrupt|Failed"
    r"|Failure|Refused|Denied|Expired|Timeout|NotFound|Aborted|Group|Pool|Fault|Rejected|Unauthorized|Required|Lost"
    r"|Iteration)\w*)"
    r"(?::\s?(?P<message>.*))?$"
)
_AFTER_TRACE = re.compile(rf"^(?P<type>{_KIND}|[a-z_]\w*(?:\.\w+)+)(?::\s?(?P<message>.*))?$")
_INLINE = re.compile(
    r"(?P<type>(?:[A-Za-z_]\w*\.)*[A-Z]\w*(?:Error|Exception|Denied|Timeout|Expired|NotFound|Rejected|Pool))"
    r"(?:'>)?(?:\((?P<args>.*)\)|:\s(?P<message>.*))"
)
_STATUS = re.compile(
    r"\bError code: (?P<a>\d{3})\b|\bstatus(?:[ _]?code)?[\"']?\s*[=:]?\s*(?:is )?(?P<b>[1-5]\d\d)\b"
    r"|\bHTTP(?:/[\d.]+)?\"? (?:Error |status )?(?P<c>[1-5]\d\d)\b|^\(?(?P<d>[45]\d\d)\)?(?=[ .:,-]|$)"
    r"|\b(?P<e>[45]\d\d) (?:Client|Server) Error\b"
    r"|\b(?P<f>[45]\d\d)[ :,-]+(?:Unauthorized|Forbidden|Not Found|Bad Request|Too Many Requests|Payment Required"
    r"|INVALID_ARGUMENT|PERMISSION_DENIED|UNAUTHENTICATED|RESOURCE_EXHAUSTED|NOT_FOUND|FAILED_PRECONDITION)",
    re.IGNORECASE,
)
_URL = re.compile(r"https?://[^\s\"'<>|\\^`\])},]+")
_MOST_FRAMES = 100
_LONGEST_MESSAGE = 20_000


@dataclass(slots=True)
class _Open:
    """An exception whose lines are still being read."""

    line: int
    frames: list[Frame] = field(default_factory=list)
    type: str = ""
    message: list[str] = field(default_factory=list)
    link: Link | None = None
    margin: str = ""


def starts_trace(text: str) -> bool:
    return _HEADER.match(text) is not None


def is_traced(text: str) -> bool:
    """Whether a line goes on with a traceback, or with what links two."""
    return _FRAME.match(text) is not None or _DIRECT in text or _DURING in text


def exceptions(lines: Sequence[tuple[int, str]]) -> tuple[Raised, ...]:
    """Every exception of numbered lines, in the order in which they were raised."""
    found: list[Raised] = []
    current: _Open | None = None
    for number, text in lines:
        header = _HEADER.match(text)
        if header is not None:
            if current is not None and not current.type and current.frames == []:
                current.line = number
                continue
            found += _closed(current)
            grouped = "|" in header["margin"] and bool(found)
            current = _Open(number, margin=header["margin"])
            if grouped and found[-1].link is None:
                found[-1] = replace(found[-1], link=Link.GROUP)
            continue
        frame = _FRAME.match(text) or _RICH.match(text)
        if frame is not None:
            if current is None or current.type:
                found += _closed(current)
                current = _Open(number)
            if len(current.frames) < _MOST_FRAMES:
                where = frame.groupdict()
                function = (where.get("function") or "").strip()
                current.frames.append(Frame(path=frame["path"], line=int(frame["line"][-9:]), function=function))
            continue
        plain = _without_margin(text) if "|" in text[:12] else text
        if _DIRECT in text or _DURING in text:
            if current is not None and current.type:
                current.link = Link.CAUSE if _DIRECT in text else Link.CONTEXT
            found += _closed(current)
            current = None
            continue
        if current is not None and current.frames and not current.type:
            error = None if text[:1] in (" ", "\t") and "|" not in text[:12] else _AFTER_TRACE.match(plain)
            if error is not None:
                current.type, current.message = error["type"], [error["message"] or ""]
            continue
        error = _ERROR.match(plain.strip())
        if error is not None:
            if current is None or current.type:
                found += _closed(current)
                current = _Open(number)
            current.type, current.message = error["type"], [error["message"] or ""]
            continue
        if current is not None and current.type and not _ends_message(plain, current):
            current.message.append(plain)
            continue
        found += _closed(current)
        current = None
        inline = _INLINE.search(plain)
        if inline is not None and len(plain) < _LONGEST_MESSAGE:
            message = inline["message"] if inline["args"] is None else _argument(inline["args"])
            found += _closed(_Open(number, type=inline["type"], message=[message], link=Link.QUOTED))
    found += _closed(current)
    return tuple(found)


def _ends_message(text: str, current: _Open) -> bool:
    """A message may have blank lines; it ends where it has grown out of proportion."""
    if text.strip() in ('"""', "'''", "```"):
        return True
    return len(current.message) > 60 or sum(map(len, current.message)) > _LONGEST_MESSAGE


def _closed(current: _Open | None) -> Iterator[Raised]:
    if current is None or not (current.type or current.frames):
        return
    message = "\n".join(current.message).rstrip()
    status = status_in(message)
    yield Raised(
        type=current.type,
        message=message,
        status=status,
        body=body_in(message),
        frames=tuple(current.frames),
        link=current.link,
        line=current.line,
    )


def _without_margin(text: str) -> str:
    before = None
    while text != before:
        before, text = text, _MARGIN.sub("", text, count=1)
    return text


def _argument(text: str) -> str:
    """The first argument of ``Error('…')`` as it reads."""
    try:
        value = ast.literal_eval(f"({text},)")
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return text.strip("'\"")
    return str(value[0]) if value else ""


def status_in(text: str) -> int | None:
    """The HTTP status that a text tells of."""
    found = _STATUS.search(text)
    digits = next((each for each in found.groups() if each), None) if found else None
    return int(digits) if digits else None


def url_in(text: str) -> str:
    """The first address, without user, query and fragment."""
    found = _URL.search(text)
    if found is None:
        return ""
    scheme, _, rest = found[0].partition("://")
    host, slash, path = re.split(r"[?#]", rest, maxsplit=1)[0].partition("/")
    return f"{scheme}://{host.rpartition('@')[2]}{slash}{path}".rstrip(".:;")


def body_in(text: str) -> str:
    """The JSON object, the Python dictionary or the HTML page of an answer, as text."""
    page = re.search(r"<(?:!doctype html|html)\b.*", text, re.IGNORECASE | re.DOTALL)
    if page is not None:
        return page[0]
    for opening in islice(re.finditer(r"[{\[]\s*[{\"']", text), 5):
        body = _balanced(text, opening.start())
        if body and _is_data(body):
            return body
    return ""


def _balanced(text: str, start: int) -> str:
    depth, quote, escaped = 0, "", False
    for at in range(start, min(len(text), start + _LONGEST_MESSAGE)):
        char = text[at]
        if escaped:
            escaped = False
        elif quote:
            escaped = char == "\\"
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        elif char in "{[":
            depth += 1
        elif char in "}]":
            depth -= 1
            if not depth:
                return text[start : at + 1]
    return ""


def _is_data(text: str) -> bool:
    try:
        json.loads(text)
        return True
    except (ValueError, RecursionError):
        pass
    try:
        ast.literal_eval(text)
        return True
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return False
