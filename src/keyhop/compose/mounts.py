"""What a service sees as files: bind mounts, volumes, secrets and configs."""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.catalogue import VarName
from keyhop.compose.loading import Model
from keyhop.compose.problem import Problem
from keyhop.compose.service import Content, Grant, Service
from keyhop.compose.variables import Variable
from keyhop.compose.writes import Writer
from keyhop.facts import (
    Blindspot,
    Everything,
    Fact,
    Hop,
    IfUnset,
    Layer,
    One,
    Phase,
    Place,
    PlaceId,
    Position,
    Supply,
    World,
)
from keyhop.readers.reader import Desk
from keyhop.span import Span, Undecodable
from keyhop.text.sealed import Sealed
from keyhop.tree import Tree

CONTENT = VarName("@content")
"""The name under which a file that is one value holds it."""


def mounted(service: Service, image: tuple[Layer, ...]) -> tuple[Layer, ...]:
    """What the host mounts over the image's files, lowest first.

    A volume starts as a copy of what the image has at its place, and so hides a bind mount under it.
    """
    found: list[Layer] = []
    for mount in sorted(service.mounts, key=lambda m: m.target.count("/")):
        if mount.source is not None:
            source = mount.source or "."
            found.append(Layer(target=mount.target, source=source, via="compose volumes:", span=mount.span))
        else:
            found += [part for layer in image for part in _inside(layer, mount.target)]
    return tuple(found)


def _inside(layer: Layer, target: str) -> Iterator[Layer]:
    """The part of an image's layer that lies at `target` or under it."""
    base = layer.target.rstrip("/")
    if layer.target == target or layer.target.startswith(f"{target}/"):
        yield layer
    elif target.startswith(f"{base}/"):
        rest = target[len(base) + 1 :]
        source = rest if layer.source == "." else f"{layer.source}/{rest}"
        yield Layer(
            target=target,
            source=source,
            via=layer.via,
            span=layer.span,
            but=layer.but,
            ignore=layer.ignore,
            root=layer.root,
        )


def granted(service: Service, model: Model) -> Iterator[tuple[Grant, Content, str]]:
    """The secrets and configs of a service, with what declares each and the key it is granted by."""
    for grants, declared, via in (
        (service.secrets, model.secrets, "compose secrets:"),
        (service.configs, model.configs, "compose configs:"),
    ):
        for grant in grants:
            content = declared.get(grant.source)
            if content is not None:
                yield grant, content, via


def undeclared(service: Service, model: Model) -> Iterator[Problem]:
    """Grants of secrets and configs that no file declares; Compose refuses them."""
    for grants, declared, what in (
        (service.secrets, model.secrets, "secret"),
        (service.configs, model.configs, "config"),
    ):
        for grant in grants:
            if grant.source not in declared:
                why = f"no file declares the {what} {grant.source}"
                yield Problem(why=why, span=grant.span, service=service.name)


def file_layers(service: Service, model: Model) -> tuple[Layer, ...]:
    """The secrets and configs that are files of the project."""
    return tuple(
        Layer(target=grant.target, source=content.file, via=via, span=grant.span)
        for grant, content, via in granted(service, model)
        if content.file
    )


def content_facts(
    process: PlaceId, service: Service, model: Model, deployment: str, tree: Tree, desk: Desk
) -> Iterator[Fact]:
    """Each secret and config as a file in the container that holds one value."""
    for grant, content, via in granted(service, model):
        place = PlaceId(f"{process}:{grant.target}")
        kept = content.file or content.environment or content.content is not None
        yield Place(
            id=place,
            kind="file",
            title=grant.target,
            span=grant.span,
            world=World.CLOSED if kept else World.OPEN,
            why="" if kept else f"{grant.source} is kept outside of the project",
            deployment=deployment,
        )
        at = Position(Phase.HOST)
        if content.file:
            yield from _project_file(PlaceId(content.file), content, deployment, tree, desk)
            yield Hop(
                source=PlaceId(content.file), target=place, passage=Everything(), via=via, at=at, span=grant.span
            )
        elif content.environment:
            one = One(name=CONTENT, source_name=VarName(content.environment), if_unset=IfUnset.REFUSE)
            yield Hop(source=content.scope.place, target=place, passage=one, via=via, at=at, span=content.span)
        elif content.content is not None:
            variable = Variable(name=CONTENT, value=content.content, scope=content.scope, span=content.span)
            yield from Writer(target=place, via=via, desk=desk).write(variable, at)


def _project_file(place: PlaceId, content: Content, deployment: str, tree: Tree, desk: Desk) -> Iterator[Fact]:
    source = tree.source(place)
    if source is None:
        promised = desk.promises.promised(place)
        why = f"{place} is not in the repository"
        yield Place(id=place, kind="file", title=place, world=World.OPEN, why=why, deployment=deployment)
        if not promised:
            yield Blindspot(place=None, why=f"{why}: docker refuses to mount it", writes=False, span=content.span)
        return
    yield Place(id=place, kind="file", title=place, span=Span(path=place), deployment=deployment)
    try:
        text = Sealed(source.text)
    except Undecodable:
        return
    yield Supply(place=place, name=CONTENT, seen=desk.see(text, CONTENT), via=place, span=Span(path=place))
