"""Names that objects ask for, once the objects they mean have got other ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from keyhop.kubernetes.resource import Resource
from keyhop.kustomize.merging import CORE, made_scalar, with_value
from keyhop.text.yaml import Entry, Mapping, Node, Sequence
from keyhop.text.yaml_nodes import text_of

_FIELDS = {
    "secretKeyRef": ("Secret", "name"),
    "secretRef": ("Secret", "name"),
    "secret": ("Secret", "secretName"),
    "configMapKeyRef": ("ConfigMap", "name"),
    "configMapRef": ("ConfigMap", "name"),
    "configMap": ("ConfigMap", "name"),
}
Lookup = Callable[[str, str], str | None]


def settled(resources: list[Resource]) -> list[Resource]:
    """The objects with the references of Kubernetes' own kinds rewritten; those of custom kinds stay."""
    return [each if each.kind not in CORE else _settled(each, resources) for each in resources]


def _settled(resource: Resource, every: list[Resource]) -> Resource:
    def lookup(kind: str, name: str) -> str | None:
        """The new name of what is called so, in the same namespace."""
        found = [
            other
            for other in every
            if other.kind == kind
            and name in (other.name, *other.former)
            and (other.namespace or "default") == (resource.namespace or "default")
        ]
        return min(found, key=lambda other: len(other.former)).name if found else None

    node = _rewritten(resource.node, lookup)
    return replace(resource, node=node) if isinstance(node, Mapping) else resource


def _rewritten(node: Node, lookup: Lookup) -> Node:
    if isinstance(node, Sequence):
        return replace(node, items=tuple(_rewritten(item, lookup) for item in node.items))
    if not isinstance(node, Mapping):
        return node
    return replace(
        node,
        entries=tuple(
            Entry(key=entry.key, value=_renamed(entry.key.text, entry.value, lookup), merged=entry.merged)
            for entry in node.entries
        ),
    )


def _renamed(key: str, value: Node, lookup: Lookup) -> Node:
    if key in _FIELDS and isinstance(value, Mapping):
        kind, field = _FIELDS[key]
        field = field if value.get(field) is not None else "name"
        written = value.get(field)
        name = lookup(kind, text_of(written)) if written is not None else None
        if name is not None and written is not None:
            return with_value(value, field, made_scalar(name, written))
    return _rewritten(value, lookup)
