"""What kustomize builds from a directory: its resources, bases, components, generators and patches, in its order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import field, replace

from keyhop.kubernetes.resource import HASH, Resource, resources
from keyhop.kustomize.generators import combined, generated
from keyhop.kustomize.kustomization import Kustomization, inline, kustomization_in
from keyhop.kustomize.merging import CORE, Unpatchable, merged, patched
from keyhop.records import dataclass
from keyhop.span import Span
from keyhop.text.yaml import Mapping, Node, Scalar, Sequence, YamlError, parse
from keyhop.text.yaml_nodes import inside, items, mapping, text_of
from keyhop.tree import Tree

_UNSCOPED = frozenset({"Namespace", "ClusterRole", "ClusterRoleBinding", "PersistentVolume", "StorageClass"})
_DEEPEST = 30


@dataclass(slots=True)
class Built:
    """The objects of a build, and why kustomize would stop."""

    resources: list[Resource] = field(default_factory=list)
    problems: list[tuple[str, Span]] = field(default_factory=list)
    unseen: list[tuple[str, Span]] = field(default_factory=list)
    """What takes part in the build and is not in view."""


def build(directory: str, tree: Tree) -> Built:
    """The objects that ``kustomize build`` prints for a directory, their names settled."""
    built = Built()
    _accumulate(directory, tree, built, 0)
    built.resources = [
        replace(each, name=each.name + HASH, former=(*each.former, each.name)) if each.generated else each
        for each in built.resources
    ]
    return built


def _accumulate(directory: str, tree: Tree, built: Built, depth: int) -> None:
    """Adds what a directory gives; a component changes what is already there."""
    each = kustomization_in(directory, tree)
    if each is None or depth > _DEEPEST:
        return
    own = built if each.is_component else Built(problems=built.problems, unseen=built.unseen)
    for scalar in each.named("resources", "bases"):
        _add(scalar, each, tree, own, depth)
    _generate(each, tree, own)
    for scalar in each.named("components"):
        path = each.path(scalar.text)
        if path is None:
            own.unseen.append((f"the component {scalar.text} is not in view", scalar.span))
        else:
            _accumulate(path, tree, own, depth + 1)
    _transform(each, tree, own)
    for field_name in ("helmCharts", "replacements", "vars", "transformers", "generators"):
        node = each.node.get(field_name)
        if node is not None:
            own.unseen.append((f"{field_name} of {each.source.path} are not followed", node.span))
    if own is not built:
        built.resources += own.resources


def _add(scalar: Scalar, each: Kustomization, tree: Tree, own: Built, depth: int) -> None:
    path = each.path(scalar.text)
    if path is None:
        own.unseen.append((f"{scalar.text} is not in view", scalar.span))
    elif tree.has_directory(path):
        if kustomization_in(path, tree) is None:
            own.problems.append((f"{path} has no kustomization.yaml", scalar.span))
        _accumulate(path, tree, own, depth + 1)
    elif (source := tree.source(path)) is None:
        own.problems.append((f"{path} is not there", scalar.span))
    else:
        try:
            own.resources += [found for node in parse(source) for found in resources(node, path)]
        except YamlError as error:
            own.problems.append((f"{path}: {error}", scalar.span))


def _generate(each: Kustomization, tree: Tree, own: Built) -> None:
    made = generated(each, tree)
    own.problems += made.problems
    for resource, behavior, hashed in made.resources:
        at = next((n for n, old in enumerate(own.resources) if _is_same(old, resource)), None)
        if at is None:
            own.resources.append(replace(resource, generated=hashed))
            if behavior != "create":
                own.problems.append((f"nothing has {resource.kind} {resource.name} to merge into", resource.span))
        else:
            own.resources[at] = replace(combined(own.resources[at], resource, behavior), generated=hashed)


def _is_same(old: Resource, new: Resource) -> bool:
    return old.kind == new.kind and new.name in (old.name, *old.former) and _same_space(old, new)


def _same_space(old: Resource, new: Resource) -> bool:
    return (old.namespace or "default") == (new.namespace or "default") or not new.namespace


def _transform(each: Kustomization, tree: Tree, own: Built) -> None:
    for patch, target, span in _patches(each, tree, own, "patchesStrategicMerge", "patches"):
        _apply(patch, target, span, own)
    namespace = text_of(each.node.get("namespace"))
    if namespace:
        own.resources = [r if r.kind in _UNSCOPED else replace(r, namespace=namespace) for r in own.resources]
    prefix, suffix = text_of(each.node.get("namePrefix")), text_of(each.node.get("nameSuffix"))
    if prefix or suffix:
        own.resources = [
            r
            if r.kind in ("Namespace", "CustomResourceDefinition")
            else replace(r, name=f"{prefix}{r.name}{suffix}", former=(*r.former, r.name))
            for r in own.resources
        ]
    for patch, target, span in _patches(each, tree, own, "patchesJson6902"):
        _apply(patch, target, span, own)


def _patches(
    each: Kustomization, tree: Tree, own: Built, *fields: str
) -> Iterator[tuple[Node, Mapping | None, Span]]:
    for field_name in fields:
        for item in items(each.node.get(field_name)):
            target = mapping(inside(item, "target"))
            written = inside(item, "path") if isinstance(item, Mapping) else item
            text = inside(item, "patch") if isinstance(item, Mapping) else None
            if isinstance(item, Scalar) and "\n" in item.text:
                written, text = None, item
            try:
                for node in _documents(each, tree, written, text):
                    yield node, target, item.span
            except YamlError as error:
                own.problems.append((f"a patch cannot be read: {error}", item.span))


def _documents(each: Kustomization, tree: Tree, written: Node | None, text: Node | None) -> tuple[Node, ...]:
    if isinstance(text, Scalar):
        return inline(each.source, text)
    path = each.path(text_of(written))
    source = tree.source(path) if path else None
    if source is None:
        raise YamlError(f"{text_of(written)} is not there")
    return parse(source)


def _apply(patch: Node, target: Mapping | None, span: Span, own: Built) -> None:
    """A patch without a target names its object itself."""
    asked = target if target is not None else _target_of(patch)
    if asked is None:
        own.problems.append(("a patch names no object", span))
        return
    fits = _chosen(asked, exact=target is None)
    found: list[Resource] = []
    any_fits = False
    for resource in own.resources:
        if not fits(resource):
            found.append(resource)
            continue
        any_fits = True
        try:
            node = _after(patch, resource)
        except Unpatchable as error:
            own.problems.append((str(error), span))
            node = resource.node
        if node is not None:
            found.append(replace(resource, node=node))
    if not any_fits and target is None:
        own.problems.append(("a patch is for an object that is not there", span))
    own.resources = found


def _after(patch: Node, resource: Resource) -> Mapping | None:
    if isinstance(patch, Sequence):
        return mapping(patched(resource.node, patch)) or resource.node
    if isinstance(patch, Mapping):
        return merged(resource.node, patch, core=resource.kind in CORE)
    return resource.node


def _target_of(patch: Node) -> Mapping | None:
    found = mapping(patch)
    name = mapping(inside(found, "metadata"))
    if found is None or name is None:
        return None
    kept = tuple(e for e in found.entries if e.key.text == "kind")
    spaced = tuple(e for e in name.entries if e.key.text in ("name", "namespace"))
    return replace(found, entries=(*kept, *spaced))


def _chosen(target: Mapping, *, exact: bool) -> _Selector:
    return _Selector(target, exact)


@dataclass(frozen=True, slots=True)
class _Selector:
    """Which objects a patch is for. Every text is a whole regular expression, unless the patch names its object."""

    target: Mapping
    exact: bool

    def __call__(self, resource: Resource) -> bool:
        group, _, version = resource.api.rpartition("/")
        names = (resource.name, *resource.former)
        return (
            self._fits("kind", resource.kind)
            and self._fits("group", group)
            and self._fits("version", version)
            and any(self._fits("name", name) for name in names)
            and (self._fits("namespace", resource.namespace) or (self.exact and not resource.namespace))
            and self._labelled("labelSelector", resource, "labels")
            and self._labelled("annotationSelector", resource, "annotations")
        )

    def _fits(self, key: str, text: str) -> bool:
        wanted = text_of(self.target.get(key))
        if not wanted or self.exact:
            return wanted in ("", text)
        try:
            return re.fullmatch(wanted, text) is not None
        except re.error:
            return wanted == text

    def _labelled(self, key: str, resource: Resource, where: str) -> bool:
        for part in text_of(self.target.get(key)).split(","):
            name, sign, value = part.strip().replace("==", "=").partition("=")
            if name and sign and text_of(inside(resource.node, "metadata", where, name)) != value:
                return False
        return True
