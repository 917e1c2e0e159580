"""Blueprints of Render and task definitions of ECS: an entry that names a value which the platform keeps."""

from __future__ import annotations

from keyhop.mending.mender import Change, Mender, Proposal
from keyhop.remedy import HandOn, Remedy
from keyhop.span import Source
from keyhop.text import yaml_edits
from keyhop.text.yaml import Mapping, Sequence
from keyhop.text.yaml_copies import as_block, as_flow
from keyhop.text.yaml_nodes import items, mappings, text_of, top_of
from keyhop.tree import Tree

_LISTS = {"render:": "envVars", "ecs:": "secrets"}
"""The list of a process, by what its id begins with."""
_Item = tuple[tuple[str, ...], str]
"""The lines of an item, and the item between brackets."""


def _propose(remedy: Remedy, tree: Tree) -> Proposal | None:
    if not isinstance(remedy, HandOn):
        return None
    key = next((key for head, key in _LISTS.items() if remedy.process.startswith(head)), "")
    source = tree.source(remedy.span.path) if key else None
    top = top_of(source)
    if source is None or top is None:
        return None
    process = next((n for n in mappings((top,)) if _named_at(n, remedy.span.start)), None)
    item = _copied(remedy, key, top, source) if remedy.like else _asked_of_the_dashboard(remedy, key)
    stretch = _added(source, process, key, item, top) if process is not None and item is not None else None
    return Proposal(source, (Change(*stretch),)) if stretch else None


def _named_at(node: Mapping, start: int) -> bool:
    name = node.entry("name")
    return name is not None and name.key.span.start == start


def _asked_of_the_dashboard(remedy: HandOn, key: str) -> _Item | None:
    """Render asks for the value of such an entry when the blueprint is synced."""
    if key != "envVars":
        return None
    return (f"key: {remedy.name}", "sync: false"), f"{{key: {remedy.name}, sync: false}}"


def _copied(remedy: HandOn, key: str, top: Mapping, source: Source) -> _Item | None:
    """The sibling's entry, unless it holds a value; of a group, the line that takes in the whole group."""
    if remedy.like is None or remedy.like.path != source.path:
        return None
    for node in mappings((top,)):
        for each in items(node.get(key)):
            if isinstance(each, Mapping) and each.span.start == remedy.like.start:
                if node.get("services") is None and _is_group(node, top):
                    group = text_of(node.get("name"))
                    return (f"fromGroup: {group}",), f"{{fromGroup: {group}}}"
                if each.get("value") is not None or each.get("generateValue") is not None:
                    return None
                return as_block(source, each), as_flow(source, each)
    return None


def _is_group(node: Mapping, top: Mapping) -> bool:
    return any(node is group for part in mappings((top,)) for group in items(part.get("envVarGroups")))


def _added(source: Source, process: Mapping, key: str, item: _Item, top: Mapping) -> yaml_edits.Stretch | None:
    lines, flow = item
    entry = process.entry(key)
    dashed = tuple(f"{'  ' if n else '- '}{line}" for n, line in enumerate(lines))
    if entry is None and yaml_edits.is_flow(source, process):
        quote = '"' if source.text[process.entries[0].key.span.start] == '"' else ""
        return yaml_edits.add_entry(source, process, f"{quote}{key}{quote}", "", flow=f"[{flow}]")
    if entry is None:
        return yaml_edits.add_block(source, process, key, dashed, like=top)
    if isinstance(entry.value, Sequence):
        last = entry.value.items[-1] if entry.value.items else None
        brackets = isinstance(last, Mapping) and yaml_edits.is_flow(source, last)
        return yaml_edits.add_item(source, entry.value, *((flow,) if brackets else lines), flow=flow)
    return yaml_edits.fill(source, process, entry, dashed, like=top)


MENDER = Mender(
    id="platforms",
    title="Render and ECS",
    mends="an entry in `envVars:`, or in `secrets` of a container, that names what the platform keeps",
    propose=_propose,
)
