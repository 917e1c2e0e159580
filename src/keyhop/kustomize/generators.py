"""Secrets and ConfigMaps that a kustomization generates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field, replace

from keyhop.kubernetes.resource import EnvFile, Resource
from keyhop.kustomize.kustomization import Kustomization
from keyhop.kustomize.merging import made_scalar, merged
from keyhop.records import dataclass
from keyhop.span import Span
from keyhop.text.kustomize_values import content, literal
from keyhop.text.sealed import Sealed
from keyhop.text.yaml import Entry, Mapping, Node, Scalar
from keyhop.text.yaml_nodes import inside, items, mapping, text_of
from keyhop.tree import Tree

_GENERATORS = (("configMapGenerator", "ConfigMap", "data"), ("secretGenerator", "Secret", "stringData"))


@dataclass(slots=True)
class Generated:
    """What the generators of one kustomization make, and what keeps kustomize from it."""

    resources: list[tuple[Resource, str, bool]] = field(default_factory=list)
    """Each with its ``behavior`` and whether its name gets a hash."""
    problems: list[tuple[str, Span]] = field(default_factory=list)


def generated(each: Kustomization, tree: Tree) -> Generated:
    """The results of every generator."""
    found = Generated()
    hashed = not _is_true(inside(each.node, "generatorOptions", "disableNameSuffixHash"))
    for field_name, kind, data in _GENERATORS:
        for node in map(mapping, items(each.node.get(field_name))):
            if node is None:
                continue
            made = _made(node, kind, data, each, tree, found)
            own = inside(node, "options", "disableNameSuffixHash")
            behavior = text_of(node.get("behavior")) or "create"
            found.resources.append((made, behavior, hashed if own is None else not _is_true(own)))
    return found


def combined(old: Resource, new: Resource, behavior: str) -> Resource:
    """An object of a base with what a generator of the same name merges into it, or puts in its place."""
    if behavior == "replace":
        return replace(old, node=new.node, env_files=new.env_files, generated=True)
    both = merged(old.node, new.node, core=True) or new.node
    return replace(old, node=both, env_files=(*old.env_files, *new.env_files), generated=True)


def _made(node: Mapping, kind: str, data: str, each: Kustomization, tree: Tree, found: Generated) -> Resource:
    keys = [*_literals(node, found), *_files(node, each, tree, found)]
    name = node.get("name")
    top: dict[str, Node] = {"kind": made_scalar(kind, node), data: Mapping(span=node.span, entries=tuple(keys))}
    return Resource(
        kind=kind,
        api="v1",
        name=text_of(name),
        namespace=text_of(node.get("namespace")),
        node=Mapping(span=node.span, entries=tuple(_entry(k, v) for k, v in top.items())),
        path=each.source.path,
        span=(name or node).span,
        env_files=tuple(_env_files(node, each)),
        generated=True,
    )


def _entry(key: str, value: Node) -> Entry:
    return Entry(key=made_scalar(key, value), value=value)


def _value(key: str, value: Sealed, span: Span) -> Entry:
    return _entry(key, Scalar(span=span, sealed=value, plain=False))


def _literals(node: Mapping, found: Generated) -> Iterator[Entry]:
    for item in items(node.get("literals")):
        pair = literal(item) if isinstance(item, Scalar) else None
        if pair is None:
            found.problems.append(("an entry of `literals` is no NAME=value", item.span))
        else:
            yield _value(*pair, item.span)


def _files(node: Mapping, each: Kustomization, tree: Tree, found: Generated) -> Iterator[Entry]:
    for item in items(node.get("files")):
        key, sign, written = text_of(item).partition("=")
        path = each.path(written if sign else key)
        source = tree.source(path) if path else None
        if source is not None:
            yield _value(key if sign else key.rpartition("/")[2], content(source), item.span)
        else:
            found.problems.append((f"the file {written or key} is not there", item.span))


def _env_files(node: Mapping, each: Kustomization) -> Iterator[EnvFile]:
    for item in (node.get("env"), *items(node.get("envs"))):
        path = each.path(text_of(item)) if item is not None else None
        if path and item is not None:
            yield EnvFile(path=path, dialect="kustomize", span=item.span)


def _is_true(node: Node | None) -> bool:
    return text_of(node).lower() == "true"
