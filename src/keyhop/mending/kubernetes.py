"""Manifests, kustomize and templates of Helm: references to Secrets, and line ends that were encoded with a value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from keyhop import sighting
from keyhop.mending.mender import Change, Mender, Proposal
from keyhop.remedy import Clean, HandOn, Remedy, Rename
from keyhop.span import Source, Span, Undecodable
from keyhop.text import yaml, yaml_edits
from keyhop.text.kubernetes_values import without_line_end
from keyhop.text.lines import line_start
from keyhop.text.template_yaml import has_actions, is_even, scope, skeleton
from keyhop.text.yaml import Mapping, Node, Scalar, Sequence
from keyhop.text.yaml_copies import as_block, as_flow
from keyhop.text.yaml_nodes import inside, mapping, mappings, text_of
from keyhop.tree import Tree

_HOSTS = ("k8s:", "kustomize:", "helm:")
_REFERENCES = {"secretKeyRef": "env", "configMapKeyRef": "env", "secretRef": "envFrom", "configMapRef": "envFrom"}
"""What an item without a value refers with, and the list of a container that it is for."""


class _File(NamedTuple):
    """A manifest; of a template, beside its text, the YAML around its actions."""

    source: Source
    yaml: Source
    documents: tuple[Node, ...]


class _Item(NamedTuple):
    """An item of ``env`` or ``envFrom`` that refers to a store."""

    key: str
    lines: tuple[str, ...]
    flow: str


def _propose(remedy: Remedy, tree: Tree) -> Proposal | None:
    file = _opened(remedy.span.path, tree)
    if file is None:
        return None
    match remedy:
        case HandOn() if remedy.process.startswith(_HOSTS):
            stretch = _hand_on(remedy, file, tree)
        case Rename():
            stretch = _rename(remedy, file)
        case Clean(change=sighting.Change.NEWLINE):
            stretch = _unended(remedy, file)
        case _:
            return None
    return Proposal(file.source, (Change(*stretch),)) if stretch else None


def _opened(path: str, tree: Tree) -> _File | None:
    source = tree.source(path) if path.endswith((".yaml", ".yml")) else None
    try:
        read = source if source is None or not has_actions(source) else skeleton(source)
        return None if source is None or read is None else _File(source, read, yaml.parse(read))
    except (yaml.YamlError, Undecodable):
        return None


def _hand_on(remedy: HandOn, file: _File, tree: Tree) -> yaml_edits.Stretch | None:
    container = _at(file, remedy.span)
    item = _copied(remedy.like, file, container, tree) if remedy.like else _referring(remedy)
    if container is None or item is None:
        return None
    for known in _shorter(file, container, item.key):
        stretch = _added(file, known, item)
        if stretch is not None and _is_certain(file, container, stretch[0]):
            return stretch
    return None


def _shorter(file: _File, container: Mapping, key: str) -> Iterator[Mapping]:
    """The container; of a template, where its last entries may hang on a condition, also its first ones alone."""
    yield container
    if file.yaml is not file.source and container.entry(key) is None:
        for count in range(len(container.entries) - 1, 0, -1):
            yield replace(container, entries=container.entries[:count])


def _is_certain(file: _File, container: Mapping, at: int) -> bool:
    """Whether what is added there is printed just where the container is, and comes between no key and its value."""
    if file.yaml is file.source:
        return True
    line = file.yaml.text[line_start(file.yaml.text, at) : at].partition(" #")[0].rstrip()
    return not line.endswith(":") and is_even(file.source.text, container.span.start, at)


def _added(file: _File, container: Mapping, item: _Item) -> yaml_edits.Stretch | None:
    source, entry = file.yaml, container.entry(item.key)
    if entry is None:
        if yaml_edits.is_flow(source, container):
            return yaml_edits.add_entry(source, container, item.key, "", flow=f"[{item.flow}]")
        return yaml_edits.add_block(source, container, item.key, _dashed(item.lines), like=_document(file, container))
    match entry.value:
        case Sequence() as items if yaml_edits.is_own(items, container):
            last = items.items[-1] if items.items else None
            brackets = isinstance(last, Mapping) and yaml_edits.is_flow(source, last)
            return yaml_edits.add_item(source, items, *((item.flow,) if brackets else item.lines), flow=item.flow)
        case Scalar() if source is file.source:  # what fills it in a template may have another indent
            return yaml_edits.fill(source, container, entry, _dashed(item.lines), like=_document(file, container))
    return None


def _dashed(lines: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{'  ' if n else '- '}{line}" for n, line in enumerate(lines))


def _copied(like: Span, file: _File, container: Mapping | None, tree: Tree) -> _Item | None:
    """The sibling's item; None where it may hold a value, or would mean another thing where the container is."""
    other = _opened(like.path, tree)
    node = _at(other, like) if other is not None else None
    reference = _reference(node)
    if other is None or node is None or container is None or not reference:
        return None
    start, end = node.span.start, yaml_edits.end_of(other.yaml, node)
    if "{{" in other.source.text[start:end]:
        here, there = scope(file.source.text, container.span.start), scope(other.source.text, start)
        alike = here == there and not (here and other.source is not file.source)
        if not alike or "#" in other.yaml.text[start:end]:
            return None
    return _Item(_REFERENCES[reference], as_block(other.source, node), as_flow(other.source, node))


def _referring(remedy: HandOn) -> _Item | None:
    """A reference to the Secret that has the key under the variable's very name."""
    kind, _, secret = remedy.store.partition(" ")
    if kind != "Secret" or remedy.process.startswith("helm:"):
        return None
    lines = (
        f"name: {remedy.name}",
        "valueFrom:",
        "  secretKeyRef:",
        f"    name: {secret}",
        f"    key: {remedy.name}",
    )
    flow = f"{{name: {remedy.name}, valueFrom: {{secretKeyRef: {{name: {secret}, key: {remedy.name}}}}}}}"
    return _Item("env", lines, flow)


def _reference(node: Mapping | None) -> str:
    """What an item refers with, if that is all it does."""
    if node is None:
        return ""
    inner = mapping(node.get("valueFrom")) or node
    names = {entry.key.text for entry in (*node.entries, *inner.entries)}
    found = [key for key in _REFERENCES if inner.get(key) is not None]
    return found[0] if len(found) == 1 and names <= {"name", "valueFrom", "prefix", found[0]} else ""


def _rename(remedy: Rename, file: _File) -> yaml_edits.Stretch | None:
    """Another key of the Secret that an item refers to."""
    item = _at(file, remedy.span)
    reference = _reference(item)
    key = inside(item, "valueFrom", reference, "key") if reference else None
    if not isinstance(key, Scalar) or key.text != remedy.old:
        return None
    written = file.source.text[key.span.start : key.span.end]
    return yaml_edits.replace(key, written.replace(remedy.old, remedy.new))


def _unended(remedy: Clean, file: _File) -> yaml_edits.Stretch | None:
    """The end of base64 as it is without the line end that was encoded, too; nothing of the value is written."""
    for node in mappings(file.documents):
        data = mapping(node.get("data")) if text_of(node.get("kind")) == "Secret" else None
        value = data.get(remedy.name) if data is not None else None
        if isinstance(value, Scalar) and value.span.line == remedy.span.line:
            text = file.source.text[value.span.start : value.span.end]
            inner = text.rstrip("\"'")
            cut = without_line_end(inner.lstrip("\"'"))
            if cut is not None:
                end = value.span.start + len(inner)
                return end - cut[0], end, cut[1]
    return None


def _document(file: _File, node: Mapping) -> Mapping:
    whole = (d for d in file.documents if d.span.start <= node.span.start and node.span.end <= d.span.end)
    return next((d for d in whole if isinstance(d, Mapping)), node)


def _at(file: _File, span: Span) -> Mapping | None:
    """The mapping that begins at a place, or has its name there."""
    for node in mappings(file.documents):
        name = node.entry("name")
        if node.span.start == span.start or (name is not None and name.key.span.start == span.start):
            return node
    return None


MENDER = Mender(
    id="kubernetes",
    title="Kubernetes, kustomize and Helm",
    mends="a reference to a Secret in `env:` or `envFrom:`; the key of the Secret; base64 with a line end in it",
    propose=_propose,
)
