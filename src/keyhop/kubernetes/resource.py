"""One object of a manifest."""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.records import dataclass
from keyhop.span import Span
from keyhop.text.yaml import Mapping, Node
from keyhop.text.yaml_nodes import inside, items, mapping, text_of

HASH = "-#"
"""Stands for the hash that kustomize puts at the end of a generated name; no real name can end so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvFile:
    """An env file whose lines become keys of a Secret or a ConfigMap."""

    path: str
    """Relative to the project's root."""
    dialect: str
    span: Span | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Resource:
    """An object, with the place where it is written."""

    kind: str
    api: str
    """``apps/v1``."""
    name: str
    namespace: str
    """Empty where the object does not say."""
    node: Mapping
    path: str
    """The file that users know it by, relative to the project's root."""
    span: Span
    env_files: tuple[EnvFile, ...] = ()
    """What a generator puts into it beside what stands in the node."""
    former: tuple[str, ...] = ()
    """Names under which others still ask for it."""
    generated: bool = False


def resources(node: Node, path: str) -> Iterator[Resource]:
    """The objects of a document; a ``List`` is many."""
    found = mapping(node)
    if found is None:
        return
    kind, api = text_of(found.get("kind")), text_of(found.get("apiVersion"))
    if not kind or not api:
        return
    if kind.endswith("List") and found.get("items") is not None:
        for item in items(found.get("items")):
            yield from resources(item, path)
        return
    entry = found.entry("kind")
    name = inside(found, "metadata", "name")
    yield Resource(
        kind=kind,
        api=api,
        name=text_of(name),
        namespace=text_of(inside(found, "metadata", "namespace")),
        node=found,
        path=path,
        span=name.span if name else entry.key.span if entry else found.span,
    )
