"""Templates of Helm charts as the YAML that surrounds their actions, so that places in it are places in the file."""

from __future__ import annotations

import re

from keyhop.span import Source

_ACTION = re.compile(
    r"\{\{-?\s*/\*.*?\*/\s*-?\}\}|\{\{(?:\"(?:\\.|[^\"\\])*\"|`[^`]*`|[^\"`}]|\}(?!\}))*\}\}", re.DOTALL
)
_WORD = re.compile(r"\{\{-?\s*(\w+)")
_OPENS = frozenset({"if", "with", "range", "define", "block"})
_REBINDS = _OPENS - {"if"}
"""Actions in which ``.`` is another thing than around them."""


def has_actions(source: Source) -> bool:
    return "{{" in source.text


def skeleton(source: Source) -> Source | None:
    """The text with its actions as comments, or as words of the same length; None where one is neither."""
    text = source.text
    parts, done = [], 0
    for action in _ACTION.finditer(text):
        start, end = action.span()
        parts.append(text[done:start])
        before = text[text.rfind("\n", 0, start) + 1 : start]
        stop = text.find("\n", end)
        behind = text[end : len(text) if stop < 0 else stop]
        alone = not _ACTION.sub("", before).strip() and not _ACTION.sub("", behind).strip()
        if alone:
            parts.append(re.sub(r"[^\r\n]", "#", action.group()))
        elif "\n" in action.group():
            return None
        else:
            parts.append("x" * (end - start))
        done = end
    return Source(path=source.path, data="".join((*parts, text[done:])).encode())


def is_even(text: str, start: int, end: int) -> bool:
    """Whether what is at both ends of a stretch is printed under the same conditions, and equally often."""
    depth = 0
    for action in _ACTION.finditer(text, start, end):
        word = _WORD.match(action.group())
        if word and word[1] in _OPENS:
            depth += 1
        elif word and word[1] == "end":
            depth -= 1
        if depth < 0 or (depth == 0 and word and word[1] == "else"):
            return False
    return depth == 0


def scope(text: str, at: int) -> tuple[int, ...]:
    """The actions around a place that say what ``.`` is in it, by where they stand."""
    around: list[tuple[str, int]] = []
    for action in _ACTION.finditer(text, 0, at):
        word = _WORD.match(action.group())
        if word and word[1] in _OPENS:
            around.append((word[1], action.start()))
        elif word and word[1] == "end" and around:
            around.pop()
    return tuple(start for kind, start in around if kind in _REBINDS)
