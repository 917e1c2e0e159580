"""Secrets and ConfigMaps that a container has as files."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import normpath

from keyhop.catalogue import VarName
from keyhop.facts import Fact, Hop, One, Phase, Place, PlaceId, Position, World
from keyhop.kubernetes.cluster import Cluster
from keyhop.kubernetes.environment import Environment
from keyhop.kubernetes.store import Store
from keyhop.records import dataclass
from keyhop.span import Span
from keyhop.text.yaml import Mapping, Node
from keyhop.text.yaml_nodes import inside, items, mapping, text_of

CONTENT = VarName("@content")
"""The name under which a file that is one value holds it."""
_SOURCES = (("secret", "Secret", "secretName"), ("configMap", "ConfigMap", "name"))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """One Secret or ConfigMap of a volume."""

    store: Store
    files: tuple[tuple[str, str], ...]
    """Each key with the path of its file in the volume."""
    whole: bool
    """Every key is a file, also those that are not in view."""
    optional: bool
    span: Span


def volume_facts(environment: Environment) -> Iterator[Fact]:
    """Each mounted value as a file of the process. What keeps the pod from starting is added to its refusals."""
    container, cluster = environment.container, environment.cluster
    volumes = {text_of(inside(each, "name")): each for each in items(container.pod.get("volumes"))}
    for mount in items(container.node.get("volumeMounts")):
        volume = volumes.get(text_of(inside(mount, "name")))
        if volume is None:
            continue
        for part in _parts(volume, environment):
            known = part.store.known(cluster.tree)
            if not part.optional and part.store.refused:
                environment.refusals.append((part.store.refused, part.store.span))
            for key, path in part.files:
                if key not in known and not part.store.is_open(cluster.tree):
                    if not part.optional:
                        why = f"{part.store.title} has no key {key} for the volume"
                        environment.refusals.append((why, part.span))
                    continue
                target = _target(mount, path)
                if target is not None:
                    yield from _file(environment.process, target, part, key, mount.span, cluster)


def _target(mount: Node, path: str) -> str | None:
    """Where a file of a volume is in the container; None where the mount leaves it out."""
    base, sub = text_of(inside(mount, "mountPath")), text_of(inside(mount, "subPath"))
    if not sub:
        return normpath(f"{base}/{path}")
    if path == sub:
        return normpath(base)
    return normpath(f"{base}/{path.removeprefix(sub + '/')}") if path.startswith(f"{sub}/") else None


def _file(process: PlaceId, path: str, part: _Part, key: str, span: Span, cluster: Cluster) -> Iterator[Place | Hop]:
    place = PlaceId(f"{process}:{path}")
    cluster.ask(part.store, key, key)
    yield Place(id=place, kind="file", title=path, span=span, world=World.CLOSED, deployment=cluster.deployment)
    yield Hop(
        source=part.store.place,
        target=place,
        passage=One(name=CONTENT, source_name=VarName(key)),
        via=f"{part.store.kind} volume:",
        at=Position(Phase.HOST),
        span=span,
    )


def _parts(volume: Node, environment: Environment) -> Iterator[_Part]:
    for source in (volume, *items(inside(volume, "projected", "sources"))):
        for field, kind, name_key in _SOURCES:
            found = mapping(inside(source, field))
            if found is None:
                continue
            name = text_of(found.get(name_key)) or text_of(found.get("name"))
            store = environment.cluster.find(kind, name, environment.namespace, environment.container.workload.path)
            yield _part(store, found, environment)


def _part(store: Store, found: Mapping, environment: Environment) -> _Part:
    listed = items(found.get("items"))
    files = tuple((text_of(inside(each, "key")), text_of(inside(each, "path"))) for each in listed)
    if not listed:
        files = tuple((key, key) for key in store.known(environment.cluster.tree))
    return _Part(
        store=store,
        files=files,
        whole=not listed,
        optional=text_of(found.get("optional")).lower() == "true",
        span=found.span,
    )
