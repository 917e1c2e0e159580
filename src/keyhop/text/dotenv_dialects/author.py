"""What the author of a file meant, as far as a line has one sensible reading.

It is nobody's parser: the reading to compare a consumer's with. Quotes, blanks, comments and ``export``
around a value are not meant; a ``$`` is a reference only where it can be one.
"""

from __future__ import annotations

import re

from keyhop.text import interpolation
from keyhop.text.dotenv import Dialect, File, Outside
from keyhop.text.dotenv_draft import BLANKS, NOT_UTF8, Content, Draft
from keyhop.text.sealed import Sealed

_HEAD = re.compile(
    r"[ \t]*(?:export[ \t]+)?(?P<quote>[\"']?)(?P<name>[A-Za-z0-9_][A-Za-z0-9_.-]*)(?P=quote)[\s\u200b\ufeff]*?"
    r"(?:=|:(?=[ \t\"'A-Za-z0-9]))(?P<gap>[ \t]*)"
)
_BARE = re.compile(r"[ \t]*(?:export[ \t]+)?(?P<name>[A-Za-z_][A-Za-z0-9_.-]*)[ \t]*(?:#.*)?")
_COMMENT = re.compile(r"\s#.*", re.DOTALL)
_PLAIN = re.compile(r"\$(?:(?P<name>[A-Za-z_][A-Za-z0-9_]*)|(?P<braced>\{)|(?P<command>\())")
_CLOSES = {'"': '"', "'": "'", "`": "`", "\u201c": "\u201d", "\u2018": "\u2019"}
_EDGES = BLANKS + "\u200b\u200c\u200d\ufeff"
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}


class _Runs(Exception):
    """A command would have to run."""


def _read(data: bytes, outside: Outside) -> File:
    content = Content(data)
    draft = Draft(content, outside)
    if content.broken is not None:
        return draft.refused(NOT_UTF8, content.broken)
    text = content.text
    found: dict[str, str] = {}
    at = 0
    while at < len(text):
        stop = text.find("\n", at)
        stop = len(text) if stop < 0 else stop
        head = _HEAD.match(text, at, stop)
        if head is None:
            bare = _BARE.fullmatch(text[at:stop].rstrip("\r"))
            if bare:
                name, end = bare["name"], at + len(text[at:stop].rstrip())
                draft.add(name, outside.get(name), at, end, end, inherits=True)
            at = stop + 1
            continue
        raw, quote, end = _written(text, head.end(), stop, gap=bool(head["gap"]))
        try:
            value = raw if quote == "'" else _resolved(raw, found, outside)
            found[head["name"]] = value
            draft.add(head["name"], value, at, min(head.end(), end), end)
        except _Runs:
            outside.asked()
            why = "a command would have to run"
            draft.add(head["name"], None, at, min(head.end(), end), end, unknown=why)
        at = max(text.find("\n", end), end) + 1 if "\n" in text[end:] else len(text)
    return draft.file()


def _written(text: str, at: int, stop: int, *, gap: bool) -> tuple[str, str, int]:
    """The value without what surrounds it, the quote it stood in, and where it ends as written.

    Escapes that remain in it are those of ``$``.
    """
    quote = text[at : at + 1]
    if quote in _CLOSES and at < stop:
        closed = _closing(text, at, stop)
        if closed is not None:
            inner = _cleaned(text[at + 1 : closed], quote)
            rest = text[closed + 1 : text.find("\n", closed) if "\n" in text[closed:] else len(text)]
            tail = rest.strip()
            if not tail or tail.startswith("#"):
                return _unwrapped(inner), quote, closed + 1
            joined = "".join(p.strip("'\"") for p in re.findall(r"'[^']*'|\"[^\"]*\"|[^'\"]+", _uncommented(rest)))
            return inner + joined.strip(_EDGES), quote, closed + 1 + len(rest.rstrip())
        at += 1
    line = text[at:stop]
    end = at + len(line.rstrip())
    while line.endswith("\\") and stop < len(text):
        following = text.find("\n", stop + 1)
        following = len(text) if following < 0 else following
        line = line[:-1] + text[stop + 1 : following]
        stop = end = following
    if gap and line.startswith("#"):
        return "", "", end
    bare = _unwrapped(_uncommented(line))
    return bare.removesuffix('"') if bare.count('"') == 1 else bare, "", end


def _closing(text: str, at: int, stop: int) -> int | None:
    """The closing quote; on a later line only if no other assignment begins before it."""
    close = _CLOSES[text[at]]
    i = at + 1
    while i < len(text) and text[i] != close:
        if text[i] == "\\" and i + 1 < len(text):
            i += 1
        elif text[i] == "\n" and re.compile(r"[ \t]*(?:export )?[A-Za-z_][A-Za-z0-9_]*=").match(text, i + 1):
            return None
        i += 1
    return i if i < len(text) else None


def _cleaned(inner: str, quote: str) -> str:
    if quote == "'":
        return inner.replace("\\'", "'")
    if quote != '"':
        return inner
    return re.sub(r"\\(.)", lambda m: _ESCAPES.get(m[1], m[0] if m[1] == "$" else m[1]), inner)


def _uncommented(line: str) -> str:
    return _COMMENT.sub("", line)


def _unwrapped(value: str) -> str:
    """Without blanks and quotes around it, however often."""
    while True:
        bare = value.strip(_EDGES)
        if len(bare) >= 2 and _CLOSES.get(bare[0]) == bare[-1] and bare[0] not in bare[1:-1]:
            bare = bare[1:-1]
        if bare == value:
            return bare
        value = bare


def _resolved(raw: str, found: dict[str, str], outside: Outside) -> str:
    out: list[str] = []
    at = 0

    def look(name: str) -> Sealed | None:
        known = outside.get(name)
        known = found.get(name) if known is None else known
        return None if known is None else Sealed(known)

    while (match := _PLAIN.search(raw, at)) is not None:
        if match.start() and raw[match.start() - 1] == "\\":
            out.append(raw[at : match.start() - 1] + "$")
            at = match.start() + 1
            continue
        out.append(raw[at : match.start()])
        at = match.end()
        if match["command"]:
            raise _Runs
        if match["name"]:
            known = look(match["name"]) if match["name"].isupper() or match["name"] in found else None
            out.append(match[0] if known is None else known.reveal())
            continue
        part = interpolation.parse(raw[match.start() :]).parts[0]
        if isinstance(part, interpolation.Reference):
            at = match.start() + part.end
            try:
                template = interpolation.Template((part,))
                out.append(interpolation.evaluate(template, look).reveal())
            except interpolation.Refused:
                out.append(raw[match.start() : at])
        else:
            out.append(match[0])
    return "".join(out) + raw[at:]


DIALECTS = (Dialect(id="author", title="what the author meant", measured="the intent of 133 files", parse=_read),)
