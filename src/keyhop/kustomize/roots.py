"""Which directories kustomize builds, and which files these take in."""

from __future__ import annotations

from collections.abc import Iterator
from weakref import WeakKeyDictionary

from keyhop.kustomize.kustomization import NAMES, Kustomization, kustomization_in
from keyhop.text.yaml_nodes import inside, items, text_of
from keyhop.tree import Tree

_LISTS = ("resources", "bases", "components")
_found: WeakKeyDictionary[Tree, dict[str, Kustomization]] = WeakKeyDictionary()


def kustomizations(tree: Tree) -> dict[str, Kustomization]:
    """Every kustomization of the project, by directory."""
    known = _found.get(tree)
    if known is None:
        directories = sorted({path.rpartition("/")[0] for name in NAMES for path in tree.named(name)})
        every = ((directory, kustomization_in(directory, tree)) for directory in directories)
        known = _found[tree] = {directory: each for directory, each in every if each is not None}
    return known


def roots(tree: Tree) -> tuple[str, ...]:
    """The directories that no other kustomization uses: each is deployed by itself."""
    every = kustomizations(tree)
    used = {path for each in every.values() for path in _used(each)}
    return tuple(d for d, each in every.items() if d not in used and not each.is_component)


def used_by_kustomize(tree: Tree) -> frozenset[str]:
    """The files that some kustomization takes in, its own file among them."""
    every = kustomizations(tree)
    files = {path for each in every.values() for path in _used(each)}
    return frozenset(files | {each.source.path for each in every.values()})


def users(path: str, tree: Tree) -> tuple[str, ...]:
    """The roots whose build takes in a file."""
    return tuple(root for root in roots(tree) if path in _below(root, tree, frozenset()))


def _below(directory: str, tree: Tree, above: frozenset[str]) -> frozenset[str]:
    each = kustomizations(tree).get(directory)
    if each is None or directory in above:
        return frozenset()
    found = set(_used(each))
    for path in tuple(found):
        found |= _below(path, tree, above | {directory})
    return frozenset(found)


def _used(each: Kustomization) -> Iterator[str]:
    """The files and directories that a kustomization names."""
    names = [scalar.text for scalar in each.named(*_LISTS, "patchesStrategicMerge")]
    for field in ("patches", "patchesJson6902"):
        names += [text_of(inside(item, "path")) for item in items(each.node.get(field))]
    for name in names:
        path = each.path(name) if name and "\n" not in name else None
        if path is not None:
            yield path
