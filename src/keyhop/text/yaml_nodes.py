"""Nodes of YAML or JSON, as what they are expected to be; anything else counts as not there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from keyhop.span import Source, Span
from keyhop.text.yaml import Mapping, Node, Scalar, Sequence, YamlError, parse


def top_of(source: Source | None) -> Mapping | None:
    """The mapping that a file's first document is; None where it is another thing, or no YAML."""
    try:
        documents = parse(source) if source is not None else ()
    except YamlError:
        return None
    return mapping(documents[0]) if documents else None


def mapping(node: Node | None) -> Mapping | None:
    return node if isinstance(node, Mapping) else None


def scalar(node: Node | None) -> Scalar | None:
    return node if isinstance(node, Scalar) else None


def items(node: Node | None) -> tuple[Node, ...]:
    return node.items if isinstance(node, Sequence) else ()


def entries(node: Node | None) -> Iterator[tuple[str, Node, Span]]:
    """The name, the value and the place of each entry."""
    if isinstance(node, Mapping):
        for entry in node.entries:
            yield entry.key.text, entry.value, entry.key.span


def text_of(node: Node | None) -> str:
    """The text of a scalar that holds no value of a variable."""
    return node.text if isinstance(node, Scalar) else ""


def texts_of(node: Node | None) -> tuple[str, ...]:
    return tuple(each.text for each in items(node) if isinstance(each, Scalar))


def inside(node: Node | None, *path: str) -> Node | None:
    """The node at a path of keys."""
    for key in path:
        node = node.get(key) if isinstance(node, Mapping) else None
    return node


def entry_span(node: Mapping, key: str) -> Span | None:
    """Where a key stands."""
    entry = node.entry(key)
    return entry.key.span if entry else None


def mappings(documents: Iterable[Node]) -> Iterator[Mapping]:
    """Every mapping, outermost first."""
    waiting, seen = [*documents], set[int]()
    while waiting:
        node = waiting.pop(0)
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, Mapping):
            yield node
            waiting += [entry.value for entry in node.entries]
        waiting += items(node)
