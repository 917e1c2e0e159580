"""The `docker compose` commands that a project's documents and scripts tell people to type."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keyhop import patterns
from keyhop.records import dataclass
from keyhop.span import Source, Span, Undecodable
from keyhop.text.assignments import words
from keyhop.text.sealed import Sealed
from keyhop.tree import Tree

_DOCUMENTS = (
    *("*.md", "*.rst", "*.txt", "*.sh", "*.bash", "*.ps1", "*.bat", "*.mk", "*.yml", "*.yaml"),
    *("Makefile", "makefile", "GNUmakefile", "justfile", "Justfile", "package.json", "pyproject.toml"),
    *("Procfile*", "tox.ini", "noxfile.py", "tasks.py"),
)
_DEEPEST = 4
"""Directories deep; what lies deeper is no guide to the project as a whole."""
_COMMAND = patterns.compile(
    r"\b(?:docker[ \t]+compose|docker-compose|podman-compose|podman[ \t]+compose)[ \t]+"
    r"(?P<rest>(?:\\\r?\n|[^\n`|;&<>])*)"
)
_ENTERED = patterns.compile(r"\bcd[ \t]+([\w./-]+)")
_LOOK_BACK = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """One command, from its options on."""

    arguments: tuple[str, ...]
    directories: tuple[str, ...]
    """Where it may be typed, the likeliest first: after the last ``cd``, where its document is, the root."""
    span: Span


def commands(tree: Tree) -> Iterator[Typed]:
    """Every command, in the order of the project's files."""
    for path in tree.matching(*_DOCUMENTS):
        if path.count("/") <= _DEEPEST:
            source = tree.source(path)
            if source is not None and b"compose" in source.data:
                yield from _commands(source)


def _commands(source: Source) -> Iterator[Typed]:
    try:
        text = source.text
    except Undecodable:
        return
    directory = source.path.rpartition("/")[0]
    for match in _COMMAND.finditer(text):
        rest = re.sub(r"\\\r?\n", " ", match["rest"]).split(" #")[0]
        arguments = words(Sealed(rest.rstrip("\\\"',)]} ")))
        if not arguments or any("$" in each for each in arguments):
            continue
        entered = _ENTERED.findall(text, max(0, match.start() - _LOOK_BACK), match.start())
        inside = [d.strip("/").removeprefix("./") for d in entered[-1:]]
        near = [f"{directory}/{d}" if directory else d for d in inside]
        yield Typed(
            arguments=arguments,
            directories=tuple(dict.fromkeys((*near, *inside, directory, ""))),
            span=source.span(match.start(), match.start() + len(match[0].rstrip())),
        )
