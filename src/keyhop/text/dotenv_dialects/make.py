"""``include .env`` and ``export`` in a Makefile: the file is a makefile, in which quotes mean nothing."""

from __future__ import annotations

import re

from keyhop.text.dotenv import Dialect, File, Outside
from keyhop.text.dotenv_draft import Content, Draft

_SETTING = re.compile(
    r"[ \t]*(?P<words>(?:(?:export|override|private)[ \t]+)*)(?P<name>[^\s:#=?+!$]+)[ \t]*"
    r"(?P<operator>:{0,3}=|\?=|\+=|!=)[ \t]*"
)
_COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)#.*", re.S)
_CONTINUED = re.compile(r"[ \t]*\\\n[ \t]*")
_REFERENCE = re.compile(r"\$(?:\$|\((?P<round>[^()$ ]+)\)|\{(?P<curly>[^{}$ ]+)\}|(?P<open>[({])|(?P<letter>.)|$)", re.S)
_RULE = re.compile(r"[^=#]*[^=#:\s]\s*:(?!=)")
_EXPORTED = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_DEEPEST = 20


class _Unclosed(Exception):
    """``$(`` without its end: make stops."""


def _read(data: bytes, outside: Outside) -> File:
    content = Content(data)
    draft = Draft(content, outside)
    variables: dict[str, str] = {}
    spans: dict[str, tuple[int, int, int]] = {}
    for start, line in _logical_lines(content.text):
        end = start + len(line)
        match = _SETTING.match(line)
        if match is None:
            bare = _COMMENT.sub("", line).strip()
            if bare and not _RULE.match(bare) and bare != "export":
                return draft.refused("make finds no separator in a line", start)
            continue
        name, value = match["name"], _value(line[match.end() :])
        operator = match["operator"]
        if operator == "!=":
            variables.pop(name, None)
            draft.add(name, None, start, start + match.end(), end)
            continue
        if operator == "?=" and (name in variables or outside.get(name) is not None):
            continue
        if operator == "+=":
            before = variables.get(name, outside.get(name))
            value = value if before is None else f"{before} {value}"
        variables[name] = value
        spans[name] = (start, start + match.end(), end)
    try:
        for name, (start, value_start, end) in spans.items():
            if _EXPORTED.fullmatch(name):
                draft.add(name, _expanded(variables[name], variables, outside), start, value_start, end)
    except _Unclosed:
        return draft.refused("a reference is not closed", 0)
    return draft.file()


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
    text = _COMMENT.sub(lambda match: match[1], text).replace("\\#", "#")
    return _CONTINUED.sub(" ", text).lstrip(" \t")


def _expanded(text: str, variables: dict[str, str], outside: Outside, depth: int = 0) -> str:
    def replace(match: re.Match[str]) -> str:
        if match.group() == "$$":
            return "$"
        if match["open"]:
            raise _Unclosed
        name = match["round"] or match["curly"] or match["letter"] or ""
        value = variables.get(name)
        if value is None:
            return outside.get(name) or ""
        return _expanded(value, variables, outside, depth + 1) if depth < _DEEPEST else ""

    return _REFERENCE.sub(replace, text)


DIALECTS = (Dialect(id="make", title="include and export in a Makefile", measured="GNU Make 4.3", parse=_read),)
