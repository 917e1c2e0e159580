"""``include .env`` and ``export`` in a Makefile: the file is a makefile, in which quotes mean nothing."""

from __future__ import annotations

import re

from keyhop.text.dotenv import Dialect, File, Outside
from keyhop.text.dotenv_draft import Content, Draft

_SETTING = re.compile(
    r"[ \t\r]*(?P<words>(?:(?:export|override|private)[ \t]+)*)(?P<name>[^ \t\n:#=?+!$]+)[ \t]*"
    r"(?P<operator>:{0,2}=|\?=|\+=)[ \t]*"
)
_HASH = re.compile(r"\$(?:\([^()]*\)|\{[^{}]*\}|.)|(\\*)#", re.S)
"""A reference, in which a ``#`` is text, or a ``#`` with the backslashes before it."""
_AUTOMATIC = frozenset("@<*^+?%|")
_CONTINUED = re.compile(r"(?:[ \t]*\\\n[ \t]*)+")
_EXPORT = re.compile(r"[ \t]*export[ \t]+(?P<names>[^:=#]*)(?:#.*)?", re.S)
_CALL = re.compile(r"[a-z-]+[ \t]|[^=]*:[^=]*=")
"""A function, or a reference that rewrites what it finds."""
_RULE = re.compile(r"[^=#]*[^=#:\s]\s*:(?!=)")
_PATTERN = re.compile(r"(?<=.):(?!=)")
"""A second colon: what comes before it would be the pattern of a rule."""
_EXPORTED = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class _Stop(Exception):
    """make gives up; the reason."""


class _Unknown(Exception):
    """What only make itself would make of it."""


def _read(data: bytes, outside: Outside) -> File:
    content = Content(data)
    draft = Draft(content, outside)
    variables: dict[str, str] = {}
    immediate: set[str] = set()
    places: dict[str, tuple[int, int, int]] = {}
    text, nul, rest = content.text.partition("\0")
    if nul:
        draft.blind(len(text), len(text) + 1 + len(rest), "make does not read on behind a NUL byte as it stands")
    in_rule = False
    for start, line in _logical_lines(text):
        if in_rule and line.startswith("\t"):
            continue
        match = _SETTING.match(line)
        try:
            exported = _EXPORT.fullmatch(line)
            if match is None and exported:
                for name in exported["names"].split():
                    if name not in variables and outside.get(name) is None:
                        variables[name], places[name] = "", (start, start + len(line), start + len(line))
                continue
            if match is None:
                in_rule = _pass_over(line) or in_rule
                continue
            in_rule = False
            name, operator = match["name"], match["operator"]
            value = _value(line[match.end() :])
            if operator == "?=" and (name in variables or outside.get(name) is not None):
                continue
            if operator in (":=", "::=") or (operator == "+=" and name in immediate):
                value = _expanded(value, variables, outside).replace("$", "$$")
        except _Stop as stop:
            return draft.refused(str(stop), start)
        except _Unknown:
            if match is None:
                draft.blind(start, start + len(line), "make takes it for a rule")
                continue
        if operator == "+=":
            before = variables.get(name, outside.get(name))
            value = " ".join(filter(None, (before, value)))
        elif operator in (":=", "::="):
            immediate.add(name)
        else:
            immediate.discard(name)
        variables[name] = value
        places[name] = (start, start + match.end(), start + len(line))
    for name, place in places.items():
        try:
            value = _expanded(variables[name], variables, outside, (name,))
        except _Stop as stop:
            return draft.refused(str(stop), place[0])
        except _Unknown:
            draft.add(name, None, *place, unknown="a function of make would have to run")
            continue
        if _EXPORTED.fullmatch(name):
            draft.add(name, value, place[0], place[1], place[2])
    return draft.file()


def _pass_over(line: str) -> bool:
    """A line that sets nothing: a comment, a plain rule, or one that make does not take. True for a rule."""
    bare = _CONTINUED.sub(" ", _without_comment(line)).strip()
    rule = _RULE.match(bare)
    if rule and (line.startswith("\t") or "$" in bare or "=" in bare or _PATTERN.search(bare.partition(":")[2])):
        raise _Unknown
    if bare and not rule and bare != "export":
        raise _Stop("make finds no separator in a line")
    return rule is not None


def _logical_lines(text: str) -> list[tuple[int, str]]:
    """Lines with those that a backslash continues, without the line ends of Windows."""
    found: list[tuple[int, str]] = []
    start = 0
    for match in re.finditer(r"(?:\\\r?.|[^\\\n])*(?:\n|\Z)", text, re.S):
        if match.group():
            line = match.group().replace("\r\n", "\n")
            slashes = len(line[:-1]) - len(line[:-1].rstrip("\\"))
            ends = line.endswith("\n") and slashes % 2 == 0
            found.append((start, line[:-1] if ends else line))
            start = match.end()
    return found


def _value(text: str) -> str:
    """Blanks in front and the comment are gone, blanks behind stay."""
    return _CONTINUED.sub(" ", _without_comment(text)).lstrip(" \t\r\v\f")


def _without_comment(text: str) -> str:
    """A ``#`` begins a comment unless a backslash is before it; backslashes in front of it count half."""
    out, at = "", 0
    for match in _HASH.finditer(text):
        if match[1] is None:
            continue
        slashes = len(match[1])
        out += text[at : match.start()] + "\\" * (slashes // 2)
        if slashes % 2 == 0:
            return out
        out += "#"
        at = match.end()
    return out + text[at:]


def _expanded(text: str, variables: dict[str, str], outside: Outside, within: tuple[str, ...] = ()) -> str:
    out, at = "", 0
    while (dollar := text.find("$", at)) >= 0:
        out += text[at:dollar]
        following = text[dollar + 1 : dollar + 2]
        if following in ("$", ""):
            out, at = out + "$", dollar + 2
            continue
        at = dollar + 2
        name = following
        if following in ("(", "{"):
            close = _closing(text, dollar + 1)
            inner, at = text[at:close], close + 1
            if _CALL.match(inner):
                raise _Unknown
            name = _expanded(inner, variables, outside, within)
        elif not following.isascii():
            name, rest = "", following.encode("utf-8", "surrogateescape")[1:]  # make takes one byte
            out += rest.decode("utf-8", "surrogateescape")
        if name in _AUTOMATIC:
            raise _Unknown
        if name in within:
            raise _Stop("a variable refers to itself")
        if name in variables:
            out += _expanded(variables[name], variables, outside, (*within, name))
        elif name:
            out += outside.get(name) or ""
    return out + text[at:]


def _closing(text: str, at: int) -> int:
    """The offset of the bracket that closes the one at an offset: the next one, unless a ``$`` comes before it."""
    opening, depth = text[at], 0
    closing = {"(": ")", "{": "}"}[opening]
    first = text.find(closing, at)
    if first >= 0 and "$" not in text[at:first]:
        return first
    for i in range(at, len(text)):
        depth += (text[i] == opening) - (text[i] == closing)
        if depth == 0:
            return i
    if first < 0:
        raise _Stop("a reference is not closed")
    raise _Unknown


DIALECTS = (Dialect(id="make", title="include and export in a Makefile", measured="GNU Make 4.3", parse=_read),)
