"""A node of YAML written once more: as a block in the style that it has, or between brackets."""

from __future__ import annotations

from keyhop.span import Source
from keyhop.text.yaml import Mapping, Node, Scalar
from keyhop.text.yaml_edits import is_flow

_STEP = "  "


def as_block(source: Source, node: Node) -> tuple[str, ...]:
    """Its lines without comments; what is written between brackets stays so."""
    if not isinstance(node, Mapping) or is_flow(source, node):
        return (as_flow(source, node),)
    lines: list[str] = []
    for entry in node.entries:
        key, value = _text(source, entry.key), entry.value
        inner = as_block(source, value)
        if isinstance(value, Mapping) and not is_flow(source, value):
            lines += [f"{key}:", *(f"{_STEP}{line}" for line in inner)]
        else:
            lines.append(f"{key}: {inner[0]}")
    return tuple(lines)


def as_flow(source: Source, node: Node) -> str:
    """On one line."""
    if isinstance(node, Scalar):
        return _text(source, node)
    if isinstance(node, Mapping):
        pairs = (f"{_text(source, entry.key)}: {as_flow(source, entry.value)}" for entry in node.entries)
        return f"{{{', '.join(pairs)}}}"
    return f"[{', '.join(as_flow(source, item) for item in node.items)}]"


def _text(source: Source, scalar: Scalar) -> str:
    return source.text[scalar.span.start : scalar.span.end]
