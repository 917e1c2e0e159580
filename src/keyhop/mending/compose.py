"""Compose: one more line in ``environment:`` or ``env_file:`` of a service, and lines taken out of them."""

from __future__ import annotations

from posixpath import dirname, relpath

from keyhop.mending.mender import Change, Mender, Proposal
from keyhop.remedy import Delete, HandOn, Remedy
from keyhop.span import Source
from keyhop.text import yaml, yaml_edits
from keyhop.text.assignments import cut, template
from keyhop.text.go_scalars import Kind, resolve
from keyhop.text.yaml import Entry, Mapping, Node, Scalar, Sequence
from keyhop.tree import Tree


def _propose(remedy: Remedy, tree: Tree) -> Proposal | None:
    match remedy:
        case HandOn() if remedy.process.startswith("compose:"):
            return _hand_on(remedy, tree)
        case Delete(span=span) if span.path.endswith((".yml", ".yaml")):
            return _delete(remedy, tree)
    return None


def _hand_on(remedy: HandOn, tree: Tree) -> Proposal | None:
    source = tree.source(remedy.span.path)
    services = _services(source) if source else None
    if source is None or services is None:
        return None
    entry = next((e for e in services.entries if e.key.span.line == remedy.span.line), None)
    if entry is None or not isinstance(entry.value, Mapping) or not yaml_edits.is_own(entry.value, services):
        return None
    service = entry.value
    beside = services.get((remedy.sibling or "").rpartition("#")[2])
    if remedy.env_file:
        stretch = _add_env_file(source, service, remedy.env_file)
    else:
        stretch = _add_variable(source, service, remedy.name, beside if isinstance(beside, Mapping) else None)
    return Proposal(source, (Change(*stretch),)) if stretch else None


def _services(source: Source) -> Mapping | None:
    try:
        documents = yaml.parse(source)
    except yaml.YamlError:
        return None
    found = documents[0].get("services") if len(documents) == 1 and isinstance(documents[0], Mapping) else None
    return found if isinstance(found, Mapping) else None


def _add_variable(source: Source, service: Mapping, name: str, beside: Mapping | None) -> yaml_edits.Stretch | None:
    """The variable as the sibling's line has it, where that holds no value, else passed through by its name."""
    entry = service.entry("environment")
    written = _reference(beside, name)
    if entry is None or _is_null(entry.value):
        other = beside.get("environment") if beside is not None else None
        line = f"{name}: {written}".rstrip() if isinstance(other, Mapping) else f"- {_item(name, written)}"
        if entry is None:
            return yaml_edits.add_block(source, service, "environment", (line,))
        return yaml_edits.fill(source, service, entry, (line,))
    match entry.value:
        case Mapping() as mapping:
            return yaml_edits.add_entry(source, mapping, name, written or _style(mapping, name))
        case Sequence() as sequence:
            return yaml_edits.add_item(source, sequence, _item(name, written))
    return None


def _item(name: str, written: str) -> str:
    return f"{name}={written}" if written else name


def _style(mapping: Mapping, name: str) -> str:
    """How the other entries pass a variable on: ``${NAME}``, or nothing."""
    others = ((e.key.text, template(e.value.sealed).sole) for e in mapping.entries if isinstance(e.value, Scalar))
    return f"${{{name}}}" if any(sole is not None and sole.name == key for key, sole in others) else ""


def _reference(service: Mapping | None, name: str) -> str:
    """What a service sets the variable to, where that is nothing but a reference without a default."""
    environment = service.get("environment") if service is not None else None
    match environment:
        case Mapping(entries=entries):
            found = [template(e.value.sealed) for e in entries if e.key.text == name and isinstance(e.value, Scalar)]
        case Sequence(items=items):
            halves = [cut(template(item.sealed)) for item in items if isinstance(item, Scalar)]
            found = [half[1] for half in halves if half is not None and half[0] == name and half[1] is not None]
        case _:
            return ""
    sole = next((each.sole for each in found), None)
    return f"${{{sole.name}}}" if sole is not None and not sole.operator else ""


def _add_env_file(source: Source, service: Mapping, path: str) -> yaml_edits.Stretch | None:
    written = relpath(path, dirname(source.path) or ".")
    entry = service.entry("env_file")
    if entry is None or _is_null(entry.value):
        lines = (f"- {written}",)
        if entry is None:
            return yaml_edits.add_block(source, service, "env_file", lines)
        return yaml_edits.fill(source, service, entry, lines)
    match entry.value:
        case Sequence() as sequence:
            return yaml_edits.add_item(source, sequence, written)
        case Scalar() as scalar if yaml_edits.is_own(scalar, service):
            old = source.text[scalar.span.start : scalar.span.end]
            return yaml_edits.replace(scalar, f"[{old}, {written}]")
    return None


def _delete(remedy: Delete, tree: Tree) -> Proposal | None:
    source = tree.source(remedy.span.path)
    services = _services(source) if source else None
    for entry in services.entries if services else ():
        block = entry.value.entry("environment") if isinstance(entry.value, Mapping) else None
        stretch = _without(source, entry.value, block, remedy) if source and block else None
        if source is not None and stretch is not None:
            return Proposal(source, (Change(*stretch),))
    return None


def _without(source: Source, service: Node, block: Entry, remedy: Delete) -> yaml_edits.Stretch | None:
    """Takes the line away, and the block with it where nothing else is in it."""
    line = remedy.span.line
    match block.value:
        case Mapping() as mapping:
            found = next((e for e in mapping.entries if e.key.text == remedy.name and e.key.span.line == line), None)
            if found is not None and len(mapping.entries) > 1:
                return yaml_edits.remove_entry(source, mapping, found)
        case Sequence() as sequence:
            item = next((i for i in sequence.items if i.span.line == line and _is_of(i, remedy.name)), None)
            if item is not None and len(sequence.items) > 1:
                return yaml_edits.remove_item(source, sequence, item)
            found = None if item is None else block
        case _:
            return None
    if found is None or not isinstance(service, Mapping) or not yaml_edits.is_own(block.key, service):
        return None
    return yaml_edits.remove_entry(source, service, block)


def _is_of(item: Node, name: str) -> bool:
    half = cut(template(item.sealed)) if isinstance(item, Scalar) else None
    return half is not None and half[0] == name


def _is_null(node: Node) -> bool:
    return isinstance(node, Scalar) and resolve(node)[0] is Kind.NULL


MENDER = Mender(
    id="compose",
    title="Compose files",
    mends="a variable or an env file that a service lacks; a line that empties or removes one",
    propose=_propose,
)
