"""Values in YAML: quotes around a number, a dollar sign for Compose, a block without its last line end."""

from __future__ import annotations

from collections.abc import Iterator

from keyhop import sighting
from keyhop.mending.mender import Change, Mender, Proposal
from keyhop.remedy import Clean, Remedy
from keyhop.span import Source
from keyhop.text import yaml
from keyhop.text.yaml import Mapping, Node, Scalar, Sequence
from keyhop.text.yaml_edits import quoted, undoubled, unended, unquoted
from keyhop.tree import Tree

_HOW = {
    sighting.Change.NUMBER: quoted,
    sighting.Change.QUOTES: unquoted,
    sighting.Change.DOLLAR: undoubled,
    sighting.Change.NEWLINE: unended,
}


def _propose(remedy: Remedy, tree: Tree) -> Proposal | None:
    if not isinstance(remedy, Clean) or not remedy.span.path.endswith((".yml", ".yaml")):
        return None
    source, how = tree.source(remedy.span.path), _HOW.get(remedy.change)
    for name, scalar in _values(source, remedy.span.line) if source and how else ():
        if source is not None and how is not None and name == remedy.name:
            changes = tuple(Change(*each) for each in how(source, scalar, name))
            return Proposal(source, changes) if changes else None
    return None


def _values(source: Source, line: int) -> Iterator[tuple[str, Scalar]]:
    """The names and scalars of ``NAME: value``, ``- NAME=value`` and ``name: NAME`` with a ``value:`` on a line."""
    try:
        waiting: list[Node] = [*yaml.parse(source)]
    except yaml.YamlError:
        return
    seen: set[int] = set()
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        match node:
            case Mapping(entries=entries):
                named = node.get("name")
                for entry in entries:
                    if isinstance(entry.value, Scalar) and line in (entry.key.span.line, entry.value.span.line):
                        yield entry.key.text, entry.value
                        if entry.key.text == "value" and isinstance(named, Scalar):
                            yield named.text, entry.value
                    waiting.append(entry.value)
            case Sequence(items=items):
                for item in items:
                    if isinstance(item, Scalar) and item.span.line == line:
                        yield yaml.name_of(item), item
                waiting += items


MENDER = Mender(
    id="yaml-value",
    title="values in YAML",
    mends="quotes around a number; a `$` for Compose; a block without its line end",
    propose=_propose,
)
