"""Values of Helm charts: one more item of a list that a template prints as a container's ``env``."""

from __future__ import annotations

import re

from keyhop.mending.mender import Change, Mender, Proposal
from keyhop.remedy import HandOn, Remedy
from keyhop.span import Source, Span, Undecodable
from keyhop.text import yaml_edits
from keyhop.text.yaml import Mapping, Node, Scalar, Sequence
from keyhop.text.yaml_copies import as_block, as_flow
from keyhop.text.yaml_nodes import inside, items, mapping, text_of, top_of
from keyhop.tree import Tree

_LIST = re.compile(r"\{\{-?\s*toYaml\s+\.Values\.(?P<path>\w+(?:\.\w+)*)\s*\|\s*n?indent\s+\d+\s*-?\}\}")
_ENV = re.compile(r"[ \t]*env:[ \t]*\r?\n\s*(?=\{\{)")
_REFERENCES = frozenset({"secretKeyRef", "configMapKeyRef"})


def _propose(remedy: Remedy, tree: Tree) -> Proposal | None:
    if not isinstance(remedy, HandOn) or not remedy.process.startswith("helm:") or remedy.like is None:
        return None
    own, other = _printed(remedy.span, tree, below=True), _printed(remedy.like, tree, below=False)
    values = tree.source(_values(remedy.span.path))
    top = top_of(values)
    if not own or not other or own == other or values is None or top is None:
        return None
    item = next((each for each in items(inside(top, *other)) if text_of(inside(each, "name")) == remedy.name), None)
    stretch = _added(values, top, own, item) if item is not None and _refers(item) else None
    return Proposal(values, (Change(*stretch),)) if stretch else None


def _values(template: str) -> str:
    """The chart's own values; a chart inside another has none that count."""
    chart, _, _ = f"/{template}".partition("/templates/")
    return f"{chart}/values.yaml".lstrip("/")


def _printed(span: Span, tree: Tree, *, below: bool) -> tuple[str, ...]:
    """The values that an action prints which stands at a place, or as the first ``env:`` below one."""
    source = tree.source(span.path)
    try:
        text = source.text if source is not None else ""
    except Undecodable:
        return ()
    start = span.start
    if below:
        key = _ENV.search(text, start)
        following = re.compile(r"(?m)^[ \t]*- +(?:name|image):").search(text, text.find("\n", start) + 1)
        if key is None or (following is not None and following.start() < key.start()):
            return ()
        start = key.end()
    found = _LIST.match(text, start)
    return tuple(found["path"].split(".")) if found else ()


def _refers(item: Node) -> bool:
    node, source = mapping(item), mapping(inside(item, "valueFrom"))
    return (
        node is not None
        and source is not None
        and {entry.key.text for entry in node.entries} == {"name", "valueFrom"}
        and {entry.key.text for entry in source.entries} <= _REFERENCES
    )


def _added(values: Source, top: Mapping, path: tuple[str, ...], item: Node) -> yaml_edits.Stretch | None:
    parent = mapping(inside(top, *path[:-1])) if len(path) > 1 else top
    entry = parent.entry(path[-1]) if parent is not None else None
    lines, flow = as_block(values, item), as_flow(values, item)
    match entry.value if entry is not None else None:
        case Sequence() as listed:
            return yaml_edits.add_item(values, listed, *lines, flow=flow)
        case Scalar() if parent is not None and entry is not None:
            dashed = tuple(f"{'  ' if n else '- '}{line}" for n, line in enumerate(lines))
            return yaml_edits.fill(values, parent, entry, dashed, like=top)
    return None


MENDER = Mender(
    id="chart-values",
    title="values of Helm charts",
    mends="a reference to a Secret in the list that a template prints as `env:`",
    propose=_propose,
)
