"""What a text tells of an HTTP answer: its status, its body, and whom was asked."""

from __future__ import annotations

import ast
import json
import re
import warnings
from itertools import islice
from typing import Any

_STATUS = re.compile(
    r"\bError code: (?P<a>\d{3})\b|\bstatus(?:[ _]?code)?[\"']?\s*[=:]?\s*(?:is )?(?P<b>[1-5]\d\d)\b"
    r"|\bHTTP(?:/[\d.]+)?\"? (?:Error |status )?(?P<c>[1-5]\d\d)\b|^\(?(?P<d>[45]\d\d)\)?(?=[ .:,-]|$)"
    r"|\b(?P<e>[45]\d\d) (?:Client|Server) Error\b"
    r"|\b(?P<f>[45]\d\d)[ :,-]+(?:Unauthorized|Forbidden|Not Found|Bad Request|Too Many Requests|Payment Required"
    r"|INVALID_ARGUMENT|PERMISSION_DENIED|UNAUTHENTICATED|RESOURCE_EXHAUSTED|NOT_FOUND|FAILED_PRECONDITION)",
    re.IGNORECASE,
)
_URL = re.compile(r"https?://[^\s\"'<>|\\^`\])},]+")
_LONGEST_BODY = 20_000


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
        for form in (body, _unfolded(body)) if "\n" in body else (body,):
            if form and _is_data(form):
                return form
    return ""


def _unfolded(text: str) -> str:
    """The text in one line, where a terminal or a frame has folded it, or somebody has wrapped it at words."""
    *lines, last = text.split("\n")
    width = max(map(len, lines))
    hard = len(lines) > 1 and all(len(line) == width for line in lines[1:])
    return "".join(line if hard or line.endswith(" ") else f"{line} " for line in lines) + last


def _balanced(text: str, start: int) -> str:
    depth, quote, escaped = 0, "", False
    for at in range(start, min(len(text), start + _LONGEST_BODY)):
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
    except (ValueError, RecursionError):
        return literal(text) is not None
    return True


def literal(text: str) -> Any:
    """The value of a Python literal; None where it is none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of escapes that a later Python will not know
            return ast.literal_eval(text)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None
