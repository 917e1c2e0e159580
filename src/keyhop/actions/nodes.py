"""Nodes of a workflow's YAML, as what they are expected to be; anything else counts as not there."""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.span import Span
from keyhop.text.yaml import Mapping, Node, Scalar, Sequence


def mapping(node: Node | None) -> Mapping | None:
    return node if isinstance(node, Mapping) else None


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
