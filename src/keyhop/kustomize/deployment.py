"""Each directory that no other kustomization uses, as one deployment."""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.facts import Blindspot, Phase, Place, PlaceId, Position
from keyhop.kubernetes.cluster import Cluster
from keyhop.kubernetes.emission import cluster_readings
from keyhop.kubernetes.workloads import Container, is_workload
from keyhop.kustomize.build import build
from keyhop.kustomize.references import settled
from keyhop.kustomize.roots import roots, users
from keyhop.readers.reader import Desk, Reading
from keyhop.span import Source
from keyhop.text.expansion import discreet
from keyhop.tree import Tree

_LAST = Position(Phase.HOST, 1_000_001)


def read(source: Source, tree: Tree, desk: Desk) -> Iterator[Reading]:
    """What `kubectl apply -k` starts."""
    directory = source.path.rpartition("/")[0]
    if directory not in roots(tree):
        return
    built = build(directory, tree)
    resources = settled(built.resources)
    shared = any(len(users(each.path, tree)) > 1 for each in resources if is_workload(each))
    label = f" ({directory})" if shared else ""
    cluster = Cluster(f"kubectl apply -k {directory or '.'}", resources, tree, desk, label=label)
    problems = list(built.problems)
    for resource in resources:
        for file in resource.env_files:
            promises = desk.promises
            if not (tree.has(file.path) or promises.promised(file.path) or promises.possible(file.path)):
                problems.append((f"the env file {file.path} is not there", file.span or resource.span))

    def named(container: Container) -> str:
        """After the file that has it, unless several deployments take that file in."""
        path = container.workload.path
        if len(users(path, tree)) > 1:
            return f"kustomize:{directory}#{container.id}"
        return f"k8s:{path}#{container.id}"

    processes: list[PlaceId] = []
    for reading in cluster_readings(cluster, named):
        if isinstance(reading, Place) and reading.kind == "process":
            processes.append(reading.id)
        yield reading
    for why, span in dict.fromkeys(problems):
        for process in processes:
            yield Blindspot(place=process, why=f"kustomize refuses it: {discreet(why)}", at=_LAST, span=span)
    for why, span in dict.fromkeys(built.unseen):
        yield Blindspot(place=None, why=discreet(why), writes=False, span=span)
