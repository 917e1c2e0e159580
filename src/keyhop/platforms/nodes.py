"""Nodes of a platform's YAML or JSON, as what they are expected to be; anything else counts as not there."""

from __future__ import annotations

from keyhop.span import Span
from keyhop.text.yaml import Mapping, Node, Scalar, Sequence


def mapping(node: Node | None) -> Mapping | None:
    return node if isinstance(node, Mapping) else None


def scalar(node: Node | None) -> Scalar | None:
    return node if isinstance(node, Scalar) else None


def items(node: Node | None) -> tuple[Node, ...]:
    return node.items if isinstance(node, Sequence) else ()


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
