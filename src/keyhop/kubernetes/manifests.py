"""The manifests that are applied as they stand, one deployment a directory."""

from __future__ import annotations

from collections.abc import Iterator
from weakref import WeakKeyDictionary

from keyhop.kubernetes.cluster import Cluster
from keyhop.kubernetes.emission import cluster_readings
from keyhop.kubernetes.resource import Resource, resources
from keyhop.kubernetes.workloads import Container, is_workload
from keyhop.kustomize.roots import used_by_kustomize
from keyhop.readers.reader import Desk, Reading, unreadable
from keyhop.span import Source
from keyhop.text.yaml import YamlError, parse
from keyhop.tree import Tree

PATTERNS = ("*.yaml", "*.yml")
_MARKS = (b"apiVersion",)
_found: WeakKeyDictionary[Tree, dict[str, tuple[Resource, ...]]] = WeakKeyDictionary()


def read(source: Source, tree: Tree, desk: Desk) -> Iterator[Reading]:
    """The deployment of a directory, told once: with the first of its files that starts something."""
    manifests = _manifests(tree)
    if source.path not in manifests:
        error = _problem(source)
        if error is not None and b"containers:" in source.data and not _is_template(source.path, tree):
            yield unreadable(source.path, str(error))
        return
    directory = source.path.rpartition("/")[0]
    beside = [path for path in manifests if path.rpartition("/")[0] == directory]
    started = [path for path in beside if any(map(is_workload, manifests[path]))]
    if not started or started[0] != source.path:
        return
    mine = [each for path in beside for each in manifests[path]]
    others = [each for path, found in manifests.items() if path not in beside for each in found]
    stores = [each for each in others if not is_workload(each) and each.kind != "Service"]
    name = f"kubectl apply -f {directory}/" if len(beside) > 1 else f"kubectl apply -f {source.path}"
    cluster = Cluster(name, (*mine, *stores), tree, desk)
    yield from cluster_readings(cluster, _named)


def _named(container: Container) -> str:
    return f"k8s:{container.workload.path}#{container.id}"


def _manifests(tree: Tree) -> dict[str, tuple[Resource, ...]]:
    """The objects of every manifest that neither kustomize nor Helm takes."""
    known = _found.get(tree)
    if known is None:
        used = used_by_kustomize(tree)
        known = {}
        for path in tree.holding(_MARKS, *PATTERNS):
            source = tree.source(path) if path not in used and not _is_template(path, tree) else None
            if source is None or _problem(source) is not None:
                continue
            found = tuple(each for node in parse(source) for each in resources(node, path))
            if found:
                known[path] = found
        _found[tree] = known
    return known


def _problem(source: Source) -> YamlError | None:
    try:
        parse(source)
    except YamlError as error:
        return error
    return None


def _is_template(path: str, tree: Tree) -> bool:
    """Whether a file is part of a Helm chart."""
    directory = path.rpartition("/")[0]
    while directory:
        if tree.has(f"{directory}/Chart.yaml"):
            return True
        directory = directory.rpartition("/")[0]
    return tree.has("Chart.yaml") and path.startswith("templates/")
