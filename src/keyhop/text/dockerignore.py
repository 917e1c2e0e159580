"""The rules of a ``.dockerignore``, as Docker reads them (moby/patternmatcher, used by BuildKit too; read 2026-11).

They are not those of git: a pattern is anchored at the root of the build context, the last match wins, and
``!`` brings a path back even out of an excluded directory.
"""

from __future__ import annotations

import re
from functools import lru_cache
from posixpath import normpath

from keyhop.records import dataclass

_CLASS = re.compile(r"\[\^?(?:\\.|[^\]\\])+\]")
_WILD = frozenset("*?[]\\")


@dataclass(frozen=True, slots=True)
class _Rule:
    line: int
    brings_back: bool
    pattern: re.Pattern[str]


def excluding_line(lines: tuple[str, ...], path: str) -> int | None:
    """The index of the line that keeps `path` out of the build context; None if it stays in.

    Args:
        lines: the lines of the file, comments and empty ones too.
        path: relative to the root of the build context.
    """
    path = normpath(path)
    if path == ".":
        return None
    parts = path.split("/")
    with_parents = ["/".join(parts[:n]) for n in range(len(parts), 0, -1)]
    excluded: int | None = None
    for rule in _rules(lines):
        if rule.brings_back is (excluded is not None) and any(map(rule.pattern.fullmatch, with_parents)):
            excluded = None if rule.brings_back else rule.line
    return excluded


@lru_cache(maxsize=64)
def _rules(lines: tuple[str, ...]) -> tuple[_Rule, ...]:
    found = []
    for index, line in enumerate(lines):
        text = line.removeprefix("\ufeff") if index == 0 else line
        if text.startswith("#"):
            continue
        text = text.strip()
        brings_back = text.startswith("!")
        glob = text.removeprefix("!").strip()
        pattern = _pattern(_clean(glob)) if glob else None
        if pattern is not None:
            found.append(_Rule(index, brings_back, pattern))
    return tuple(found)


def _clean(glob: str) -> str:
    """Go's ``filepath.Clean``, and without the leading slash."""
    cleaned = normpath(re.sub("/+", "/", glob))
    return cleaned.removeprefix("/") or "/"


def _pattern(glob: str) -> re.Pattern[str] | None:
    """None where the pattern is malformed; a build stops at it."""
    out = ""
    at = 0
    while at < len(glob):
        char = glob[at]
        bracket = _CLASS.match(glob, at)
        if glob.startswith("**", at):
            rest = glob[at + 2 :].removeprefix("/")
            directories = glob.startswith("**/", at) or at > 0 or not _WILD.isdisjoint(rest)
            out += "(?:.*/)?" if directories and rest else ".*"
            at = len(glob) - len(rest)
            continue
        if char == "*":
            out += "[^/]*"
        elif char == "?":
            out += "[^/]"
        elif char == "\\" and at + 1 < len(glob):
            at += 1
            out += re.escape(glob[at])
        elif bracket is not None:
            out += bracket.group()
            at = bracket.end() - 1
        elif char == "[":
            return None
        else:
            out += re.escape(char)
        at += 1
    try:
        return re.compile(out, re.DOTALL)
    except re.error:
        return None
