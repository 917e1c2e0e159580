"""From the objects of a deployment to facts: a process for each container that starts code of the project."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from keyhop.facts import Blindspot, Hop, Nothing, Phase, Place, PlaceId, Position
from keyhop.kubernetes.cluster import Cluster
from keyhop.kubernetes.environment import Environment
from keyhop.kubernetes.images import container_image
from keyhop.kubernetes.resource import Resource
from keyhop.kubernetes.volumes import volume_facts
from keyhop.kubernetes.workloads import Container, containers
from keyhop.readers.reader import Reading
from keyhop.text.expansion import discreet
from keyhop.text.yaml_nodes import entry_span, text_of, texts_of

_LAST = Position(Phase.HOST, 1_000_000)
_VIA = "env: of the container"
Named = Callable[[Container], str]


def cluster_readings(cluster: Cluster, named: Named) -> Iterator[Reading]:
    """All that is to be said of one deployment.

    Args:
        named: the id of a container's process.
    """
    for resource in cluster.resources:
        yield from _workload(resource, cluster, named)
    yield from cluster.facts()


def _workload(resource: Resource, cluster: Cluster, named: Named) -> Iterator[Reading]:
    held_up: list[str] = []
    for container in containers(resource):
        process = PlaceId(named(container))
        refusals = list(held_up)
        yield from _container(container, process, cluster, refusals)
        if container.init and refusals:
            held_up.append(f"{container.title} does not start: {refusals[0]}")


def _container(container: Container, process: PlaceId, cluster: Cluster, refusals: list[str]) -> Iterator[Reading]:
    node, workload = container.node, container.workload
    span = entry_span(node, "name") or node.span
    yield Place(
        id=process,
        kind="process",
        title=f"{container.title}{cluster.label}",
        span=span,
        deployment=cluster.deployment,
    )
    env = node.get("env")
    yield Hop(
        source=cluster.stores,
        target=process,
        passage=Nothing(),
        via=_VIA,
        at=Position(Phase.HOST),
        span=entry_span(node, "env") if env is not None else span,
    )
    hints = (container.name, workload.name)
    command, args = node.get("command"), node.get("args")
    words = (*texts_of(command), *texts_of(args))
    place = PlaceId(f"{process}:image")
    image = container_image(text_of(node.get("image")), hints, words, cluster.tree, cluster.desk, place)
    yield from image.facts
    yield from image.handed_to(process)
    environment = Environment(container, process, workload.namespace, cluster)
    yield from environment.writes()
    yield from volume_facts(environment)
    for why, where in environment.refusals:
        refusals.append(why)
        yield Blindspot(place=process, why=f"Kubernetes refuses it: {discreet(why)}", at=_LAST, span=where)
    if len(refusals) > len(environment.refusals):
        yield Blindspot(place=process, why=discreet(refusals[0]), at=_LAST, span=span)
    own = entry_span(node, "command") or entry_span(node, "args")
    yield image.launch(
        process,
        entrypoint=texts_of(command) if command is not None else None,
        command=texts_of(args) if args is not None else None,
        workdir=text_of(node.get("workingDir")) or None,
        span=own or span,
    )
